//! The GET stream, event ids and resumption.

use serde_json::{Value, json};
use zscaler_mcp::guard::{Route, Verb};
use zscaler_mcp::limits::RESUME_MS;

use crate::world::{Reader, Seen, World, request, text_of};

const REVISION: &str = "2025-11-25";

fn get(world: &World, session: &str, last: &str) -> Seen {
    world.verb("anna", Verb::Get, &[("session", session), ("last", last)])
}

#[test]
fn only_the_newest_handshake_revision_is_primed() {
    for (revision, primed) in
        [("2024-11-05", false), ("2025-03-26", false), ("2025-06-18", false), ("2025-11-25", true)]
    {
        let world = World::new();
        let session = world.open(revision, json!({}));
        let pairs = [("session", session.as_str())];
        let mut main = world.verb("anna", Verb::Get, &pairs).stream();
        let expected: Vec<Value> = if primed { vec![Value::Null] } else { vec![] };
        assert_eq!(main.read(), expected, "{revision}");
        let params = json!({"name":"noisy","_meta":{"progressToken":1}});
        let mut reader = world.ask(&session, 1, "tools/call", params).stream();
        let events = reader.read();
        assert_eq!(events[0].is_null(), primed, "{revision}");
        assert_eq!(reader.ids.len(), events.len() - 1, "{revision}");
    }
}

#[test]
fn a_second_plain_stream_is_refused_and_the_place_is_kept() {
    let world = World::new();
    let session = world.open(REVISION, json!({}));
    let pairs = [("session", session.as_str())];
    let mut first = world.verb("anna", Verb::Get, &pairs).stream();
    assert_eq!(first.read(), [Value::Null]);
    assert_eq!(world.verb("anna", Verb::Get, &pairs).status(), 409);
    world.ask(&session, 1, "tools/call", json!({"name":"change"}));
    assert_eq!(first.read()[0]["method"], "notifications/tools/list_changed");
    first.hang_up();
    world.ask(&session, 2, "tools/call", json!({"name":"change"}));
    let mut second = world.verb("anna", Verb::Get, &pairs).stream();
    let events = second.read();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["method"], "notifications/tools/list_changed");
}

#[test]
fn a_broken_stream_is_resumed_from_its_last_event() {
    let world = World::new();
    let session = world.open(REVISION, json!({}));
    let params = json!({"name":"noisy","_meta":{"progressToken":1}});
    let mut reader = world.ask(&session, 1, "tools/call", params).stream();
    let all = reader.read();
    let ids = reader.ids.clone();
    for (index, id) in ids.iter().enumerate() {
        let rest = get(&world, &session, id).stream().read();
        assert_eq!(rest, all[index + 1..], "{id}");
    }
    for bad in ["", "x", "1", "1-", "-1", "1-99", "99-1", "1-1-1", "1-+1", "0-7"] {
        let seen = get(&world, &session, bad);
        assert_eq!(seen.status(), 400, "{bad}");
    }
    let other = world.open(REVISION, json!({}));
    assert_eq!(get(&world, &other, &ids[0]).status(), 400);
    world.tick();
    world.wait(RESUME_MS);
    world.tick();
    assert_eq!(get(&world, &session, &ids[0]).status(), 400);
}

#[test]
fn a_call_goes_on_without_its_connection() {
    let world = World::new();
    let session = world.open(REVISION, json!({}));
    let body = request(5, "tools/call", json!({"name":"noisy"})).to_string();
    let pairs = [("session", session.as_str())];
    let reply = world.raw("anna", (Route::Mcp, Verb::Post), &pairs, None, &body);
    let Seen::Pending(exchange) = World::look(reply.answer) else { panic!("not pending") };
    let mut reader = Reader::new(exchange.promote(), 0);
    assert_eq!(reader.read(), [Value::Null]);
    reader.hang_up();
    exchange.closed();
    world.run(reply.job);
    let last = reader.ids.last().unwrap();
    let events = get(&world, &session, last).stream().read();
    assert_eq!(text_of(&events[1]), "done");
    assert_eq!(events[2], "ended");
}

#[test]
fn a_call_may_close_its_stream_and_answer_on_the_next() {
    let world = World::new();
    let session = world.open(REVISION, json!({}));
    let body = request(1, "tools/call", json!({"name":"reconnect"})).to_string();
    let pairs = [("session", session.as_str())];
    let reply = world.raw("anna", (Route::Mcp, Verb::Post), &pairs, None, &body);
    let Seen::Pending(exchange) = World::look(reply.answer) else { panic!("not pending") };
    let mut reader = Reader::waiting(&exchange);
    world.run(reply.job);
    assert_eq!(reader.read(), [Value::Null, Value::Null, json!("detached")]);
    assert_eq!(reader.retry, Some(250));
    let events = get(&world, &session, reader.ids.last().unwrap()).stream().read();
    assert_eq!(text_of(&events[0]), "resumed");
    assert_eq!(events[1], "ended");

    let older = world.open("2025-06-18", json!({}));
    let (_, answer) = world.ask(&older, 1, "tools/call", json!({"name":"reconnect"})).json();
    assert_eq!(text_of(&answer), "resumed");
    let (_, answer) = world.stateless(1, "tools/call", json!({"name":"reconnect"})).json();
    assert_eq!(text_of(&answer), "resumed");
}

#[test]
fn an_answer_that_came_before_the_stream_is_its_only_event() {
    let world = World::new();
    let session = world.open(REVISION, json!({}));
    let body = request(5, "tools/call", json!({"name":"sample"})).to_string();
    let pairs = [("session", session.as_str())];
    let reply = world.raw("anna", (Route::Mcp, Verb::Post), &pairs, None, &body);
    let Seen::Pending(exchange) = World::look(reply.answer) else { panic!("not pending") };
    world.run(reply.job);
    let events = Reader::new(exchange.promote(), 0).read();
    assert_eq!(events[1]["id"], 5);
    assert_eq!(events[2], "ended");
}
