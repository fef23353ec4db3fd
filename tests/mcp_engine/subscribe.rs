//! News of changes: to sessions, and to listeners of 2026-07-28.

use serde_json::{Value, json};
use zscaler_mcp::guard::{Route, Verb};
use zscaler_mcp::mcp::Answer;

use crate::world::{Reader, SUBSCRIPTION, World, described};

fn listen(world: &World, id: i64, notifications: Value) -> (Reader, Answer) {
    let params = json!({"notifications":notifications});
    let (pairs, body) = described(id, "subscriptions/listen", params, json!({}));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let reply = world.raw("anna", (Route::Mcp, Verb::Post), &pairs, None, &body.to_string());
    let Answer::Stream { stream, after, .. } = &reply.answer else { panic!("no stream") };
    (Reader::new(std::sync::Arc::clone(stream), *after), reply.answer)
}

fn change(world: &World) {
    assert_eq!(world.stateless(1, "tools/call", json!({"name":"change"})).status(), 200);
}

#[test]
fn a_listener_gets_what_it_asked_for_and_nothing_else() {
    let world = World::new();
    let (mut tools, _) = listen(&world, 1, json!({"toolsListChanged":true}));
    let (mut prompts, _) = listen(&world, 2, json!({"promptsListChanged":true}));
    let (mut uris, _) = listen(&world, 3, json!({"resourceSubscriptions":["test://a","test://b"]}));
    for (reader, id, honoured) in [
        (&mut tools, 1, json!({"toolsListChanged":true})),
        (&mut prompts, 2, json!({"promptsListChanged":true})),
        (&mut uris, 3, json!({"resourceSubscriptions":["test://a","test://b"]})),
    ] {
        let first = reader.read();
        assert_eq!(first.len(), 1);
        assert_eq!(first[0]["method"], "notifications/subscriptions/acknowledged");
        assert_eq!(first[0]["params"]["notifications"], honoured);
        assert_eq!(first[0]["params"]["_meta"][SUBSCRIPTION], id);
    }
    change(&world);
    let news = tools.read();
    assert_eq!(news.len(), 1);
    assert_eq!(news[0]["method"], "notifications/tools/list_changed");
    assert_eq!(news[0]["params"]["_meta"][SUBSCRIPTION], 1);
    assert_eq!(prompts.read(), Vec::<Value>::new());
    let news = uris.read();
    assert_eq!(news.len(), 1);
    assert_eq!(news[0]["params"]["uri"], "test://a");
}

#[test]
fn the_list_is_new_when_the_news_arrives() {
    let world = World::new();
    change(&world);
    let (_, answer) = world.stateless(1, "tools/list", json!({})).json();
    let names: Vec<&str> = answer["result"]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"extra_0"));
}

#[test]
fn a_closed_connection_ends_its_listener_and_shutting_ends_all_with_a_result() {
    let world = World::new();
    let (mut gone, answer) = listen(&world, 1, json!({"toolsListChanged":true}));
    let Answer::Stream { tie: Some(tie), .. } = answer else { panic!("no tie") };
    tie.closed();
    change(&world);
    assert_eq!(gone.read().len(), 2);
    let (mut kept, _) = listen(&world, 5, json!({}));
    world.engine.shut();
    let events = kept.read();
    assert_eq!(events[1]["id"], 5);
    assert_eq!(events[1]["result"]["resultType"], "complete");
    assert_eq!(events[1]["result"]["_meta"][SUBSCRIPTION], 5);
    assert_eq!(events[2], "ended");
}

#[test]
fn a_filter_of_the_wrong_shape_is_refused() {
    let world = World::new();
    for params in [
        json!({}),
        json!({"notifications":[]}),
        json!({"notifications":{"toolsListChanged":1}}),
        json!({"notifications":{"resourceSubscriptions":"test://a"}}),
        json!({"notifications":{"resourceSubscriptions":[5]}}),
        json!({"notifications":{"resourceSubscriptions":vec!["test://a"; 1000]}}),
    ] {
        let seen = world.stateless(1, "subscriptions/listen", params);
        assert_eq!((seen.status(), seen.code()), (400, Some(-32602)));
    }
}

#[test]
fn a_session_hears_of_lists_and_of_resources_it_watches() {
    let world = World::new();
    let session = world.open("2025-06-18", json!({}));
    let mut main = world.verb("anna", Verb::Get, &[("session", &session)]).stream();
    change(&world);
    assert_eq!(main.read().len(), 1);
    let uri = json!({"uri":"test://a"});
    let (_, answer) = world.ask(&session, 1, "resources/subscribe", uri.clone()).json();
    assert_eq!(answer["result"], json!({}));
    change(&world);
    let news = main.read();
    assert_eq!(news[1]["method"], "notifications/resources/updated");
    assert_eq!(news[1]["params"], uri);
    let (_, answer) = world.ask(&session, 2, "resources/unsubscribe", uri).json();
    assert_eq!(answer["result"], json!({}));
    change(&world);
    assert_eq!(main.read().len(), 1);
    let many = (0..300).map(|n| {
        let params = json!({"uri":format!("test://{n}")});
        world.ask(&session, n, "resources/subscribe", params).code()
    });
    assert!(many.last().unwrap() == Some(-32602));
}
