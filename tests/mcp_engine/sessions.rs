//! Sessions: whose they are, when they end, how many there are.

use serde_json::json;
use zscaler_mcp::guard::{Route, Verb};
use zscaler_mcp::limits::SESSION_CALLS_MAX;
use zscaler_mcp::mcp::Polled;

use crate::world::{Seen, World, initialize, request};

const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

#[test]
fn a_session_belongs_to_its_principal() {
    let world = World::new();
    let session = world.open("2025-11-25", json!({}));
    let pairs = [("session", session.as_str())];
    assert_eq!(world.post_text("anna", &pairs, PING).status(), 200);
    assert_eq!(world.post_text("boris", &pairs, PING).status(), 404);
    assert_eq!(world.verb("boris", Verb::Get, &pairs).status(), 404);
    assert_eq!(world.verb("boris", Verb::Delete, &pairs).status(), 404);
    assert_eq!(world.post_text("anna", &pairs, PING).status(), 200);
}

#[test]
fn ids_are_long_and_of_visible_ascii() {
    let world = World::new();
    let session = world.open("2025-11-25", json!({}));
    assert!(session.len() >= 32 && session.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(session, world.open("2025-11-25", json!({})));
}

#[test]
fn a_deleted_session_is_gone_with_its_streams_and_calls() {
    let world = World::new();
    let session = world.open("2025-11-25", json!({}));
    let pairs = [("session", session.as_str())];
    let mut main = world.verb("anna", Verb::Get, &pairs).stream();
    let body = request(5, "tools/call", json!({"name":"slow"})).to_string();
    let reply = world.raw("anna", (Route::Mcp, Verb::Post), &pairs, None, &body);
    assert_eq!(world.verb("anna", Verb::Delete, &pairs).status(), 204);
    world.run(reply.job);
    assert_eq!(World::look(reply.answer).stream().read(), ["ended"]);
    assert_eq!(main.read().last().unwrap(), "ended");
    assert_eq!(world.post_text("anna", &pairs, PING).status(), 404);
    assert_eq!(world.verb("anna", Verb::Delete, &pairs).status(), 404);
}

#[test]
fn an_idle_session_ends_and_a_used_one_does_not() {
    let world = World::new();
    let idle = world.open("2025-11-25", json!({}));
    let used = world.open("2025-11-25", json!({}));
    let read = world.open("2025-11-25", json!({}));
    let reader = world.verb("anna", Verb::Get, &[("session", &read)]).stream();
    world.wait(50_000);
    assert_eq!(world.post_text("anna", &[("session", &used)], PING).status(), 200);
    world.wait(20_000);
    world.tick();
    assert_eq!(world.post_text("anna", &[("session", &idle)], PING).status(), 404);
    assert_eq!(world.post_text("anna", &[("session", &used)], PING).status(), 200);
    assert_eq!(world.post_text("anna", &[("session", &read)], PING).status(), 200);
    reader.hang_up();
    world.wait(70_000);
    assert_eq!(world.post_text("anna", &[("session", &read)], PING).status(), 404);
}

#[test]
fn the_oldest_idle_session_gives_way_and_a_busy_one_never() {
    let world = World::with(false, 2);
    let first = world.open("2025-11-25", json!({}));
    world.wait(10);
    let second = world.open("2025-11-25", json!({}));
    world.wait(10);
    let third = world.open("2025-11-25", json!({}));
    assert_eq!(world.post_text("anna", &[("session", &first)], PING).status(), 404);
    let keep = [
        world.verb("anna", Verb::Get, &[("session", &second)]).stream(),
        world.verb("anna", Verb::Get, &[("session", &third)]).stream(),
    ];
    let seen = world.post(&[], &initialize(4, "2025-11-25", json!({})));
    assert_eq!(seen.status(), 503);
    assert_eq!(seen.json().1["id"], 4);
    keep[0].hang_up();
    world.open("2025-11-25", json!({}));
    assert_eq!(world.post_text("anna", &[("session", &second)], PING).status(), 404);
}

#[test]
fn an_id_that_is_still_open_is_refused_and_one_session_cannot_have_every_worker() {
    let world = World::new();
    let session = world.open("2025-11-25", json!({}));
    let other = world.open("2025-11-25", json!({}));
    let post = |session: &str, id: i64| {
        let body = request(id, "tools/call", json!({"name":"slow"})).to_string();
        world.raw("anna", (Route::Mcp, Verb::Post), &[("session", session)], None, &body)
    };
    let mut replies = vec![post(&session, 0)];
    let twice = World::look(post(&session, 0).answer);
    assert_eq!((twice.status(), twice.code()), (400, Some(-32600)));
    let light = world.ask(&session, 0, "ping", json!({}));
    assert_eq!(light.status(), 400);
    replies.push(post(&other, 0));
    for id in 1..SESSION_CALLS_MAX {
        replies.push(post(&session, i64::try_from(id).unwrap()));
    }
    let full = World::look(post(&session, 1_000).answer);
    assert_eq!(full.status(), 429);
    for reply in replies {
        reply.job.unwrap().refuse();
    }
    assert!(post(&session, 0).job.is_some());
}

#[test]
fn a_cancelled_call_sends_nothing_more() {
    let world = World::new();
    let session = world.open("2025-11-25", json!({}));
    let other = world.open("2025-11-25", json!({}));
    let body = request(5, "tools/call", json!({"name":"slow"})).to_string();
    let pairs = [("session", session.as_str())];
    let reply = world.raw("anna", (Route::Mcp, Verb::Post), &pairs, None, &body);
    let cancel = json!({"jsonrpc":"2.0","method":"notifications/cancelled",
        "params":{"requestId":5,"reason":"late"}});
    assert_eq!(world.post(&[("session", &other)], &cancel).status(), 202);
    let Seen::Pending(exchange) = World::look(reply.answer) else { panic!("not pending") };
    assert_eq!(world.post(&pairs, &cancel).status(), 202);
    world.run(reply.job);
    let Polled::Stream(stream) = exchange.poll() else { panic!("no stream") };
    assert_eq!(crate::world::Reader::new(stream, 0).read(), ["ended"]);
    // The id is free again, and cancelling what is finished changes nothing.
    assert_eq!(world.post(&pairs, &cancel).status(), 202);
    assert_eq!(world.ask(&session, 5, "ping", json!({})).status(), 200);
}

#[test]
fn after_shutting_every_stream_has_ended() {
    let world = World::new();
    let session = world.open("2025-11-25", json!({}));
    let mut main = world.verb("anna", Verb::Get, &[("session", &session)]).stream();
    world.engine.shut();
    assert_eq!(main.read().last().unwrap(), "ended");
}
