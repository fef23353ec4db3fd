//! Questions to the client, in both eras.

use serde_json::{Value, json};
use zscaler_mcp::limits::{QUESTION_MS, QUESTIONS_MAX, RESUME_MS, SESSION_QUESTIONS_MAX};

use crate::world::{Seen, World, text_of};

fn form() -> Value {
    json!({"elicitation":{}})
}

fn accept(name: &str) -> Value {
    json!({"action":"accept","content":{"name":name}})
}

fn answered(id: &Value, result: &Value) -> Value {
    json!({"jsonrpc":"2.0","id":id,"result":result})
}

#[test]
fn in_results_the_client_repeats_its_request_with_the_answers() {
    let world = World::new();
    let ask = |more: Value| {
        let mut params = json!({"name":"ask","arguments":{}});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.stateless_as(1, "tools/call", params, form()).json()
    };
    let (status, first) = ask(json!({}));
    assert_eq!((status, &first["result"]["resultType"]), (200, &json!("input_required")));
    let request = &first["result"]["inputRequests"]["user_name"];
    assert_eq!(request["method"], "elicitation/create");
    assert_eq!(request["params"]["message"], "Name?");
    assert!(first["result"].get("requestState").is_none());
    assert!(first["result"].get("ttlMs").is_none());
    for (name, responses, text) in [
        ("an answer", json!({"user_name":accept("Eve")}), Some("Hello, Eve!")),
        (
            "more than was asked",
            json!({"user_name":accept("Eve"),"x":{"ok":true}}),
            Some("Hello, Eve!"),
        ),
        ("declined", json!({"user_name":{"action":"decline"}}), Some("Hello, (decline)!")),
        ("another key", json!({"who":accept("Eve")}), None),
        ("nothing", json!({}), None),
    ] {
        let (status, answer) = ask(json!({"inputResponses":responses}));
        assert_eq!(status, 200, "{name}");
        match text {
            Some(text) => assert_eq!(text_of(&answer), text, "{name}"),
            None => assert_eq!(answer["result"]["resultType"], "input_required", "{name}"),
        }
    }
}

#[test]
fn a_state_travels_and_comes_back() {
    let world = World::new();
    let ask = |params: Value| world.stateless_as(1, "tools/call", params, form());
    let (_, first) = ask(json!({"name":"sealed"})).json();
    assert_eq!(first["result"]["requestState"], "sealed");
    let responses = json!({"user_name":accept("Eve")});
    let (_, second) =
        ask(json!({"name":"sealed","requestState":"sealed","inputResponses":responses})).json();
    assert_eq!(text_of(&second), "sealed Eve");
    let forged = ask(json!({"name":"sealed","requestState":"sealed-TAMPERED",
        "inputResponses":responses}));
    assert_eq!((forged.status(), forged.code()), (400, Some(-32602)));
    let (_, alone) = ask(json!({"name":"state_only"})).json();
    assert_eq!(alone["result"]["resultType"], "input_required");
    assert!(alone["result"].get("inputRequests").is_none());
    let (_, then) = ask(json!({"name":"state_only","requestState":"s"})).json();
    assert_eq!(text_of(&then), "with state");
}

#[test]
fn prompts_may_ask_and_lists_never_do() {
    let world = World::new();
    let (_, answer) = world.stateless_as(1, "prompts/get", json!({"name":"hello"}), form()).json();
    assert_eq!(answer["result"]["resultType"], "input_required");
    let (_, answer) = world.stateless_as(1, "prompts/list", json!({}), form()).json();
    assert_eq!(answer["result"]["resultType"], "complete");
}

#[test]
fn only_what_was_declared_is_asked() {
    let world = World::new();
    for (name, tool, can, expected) in [
        ("nothing", "ask", json!({}), Err(json!({"elicitation":{}}))),
        (
            "another mode",
            "ask",
            json!({"elicitation":{"url":{}}}),
            Err(json!({"elicitation":{"form":{}}})),
        ),
        ("forms", "ask", json!({"elicitation":{"form":{}}}), Ok(vec!["user_name"])),
        ("one of two", "either", json!({"sampling":{}}), Ok(vec!["s"])),
        ("the other", "either", json!({"elicitation":{}}), Ok(vec!["f"])),
        ("both", "either", json!({"elicitation":{},"sampling":{}}), Ok(vec!["f", "s"])),
        ("neither", "either", json!({"roots":{}}), Err(json!({"elicitation":{},"sampling":{}}))),
    ] {
        let seen = world.stateless_as(1, "tools/call", json!({"name":tool}), can);
        let (status, answer) = seen.json();
        match expected {
            Ok(keys) => {
                let asked = answer["result"]["inputRequests"].as_object().unwrap();
                assert_eq!(asked.keys().collect::<Vec<_>>(), keys, "{name}");
            }
            Err(required) => {
                assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32021)), "{name}");
                assert_eq!(answer["error"]["data"]["requiredCapabilities"], required, "{name}");
            }
        }
    }
}

#[test]
fn in_a_session_the_question_goes_on_the_stream_of_its_call() {
    let world = World::new();
    for (name, answer, text) in [
        ("accepted", accept("Eve"), "Hello, Eve!"),
        ("declined", json!({"action":"decline"}), "Hello, (decline)!"),
        ("unknown action", json!({"action":"maybe"}), "Hello, (cancel)!"),
        ("no action", json!({}), "Hello, (cancel)!"),
    ] {
        let session = world.open("2025-06-18", form());
        let mut reader = world.ask(&session, 1, "tools/call", json!({"name":"ask"})).stream();
        let events = reader.read();
        assert_eq!(events.len(), 1, "{name}");
        assert_eq!(events[0]["method"], "elicitation/create", "{name}");
        let body = answered(&events[0]["id"], &answer);
        let pairs = [("session", session.as_str())];
        assert!(matches!(world.post(&pairs, &body), Seen::Accepted), "{name}");
        let events = reader.read();
        assert_eq!(text_of(&events[0]), text, "{name}");
        assert_eq!(events[1], "ended", "{name}");
        // A second answer finds no question.
        assert!(matches!(world.post(&pairs, &body), Seen::Accepted), "{name}");
    }
}

#[test]
fn a_form_that_does_not_fit_is_asked_again() {
    let world = World::new();
    let session = world.open("2025-11-25", form());
    let mut reader = world.ask(&session, 1, "tools/call", json!({"name":"ask"})).stream();
    let events = reader.read();
    world.post(&[("session", &session)], &answered(&events[1]["id"], &accept("")));
    let events = reader.read();
    assert_eq!(events[0]["method"], "elicitation/create");
    world.post(&[("session", &session)], &answered(&events[0]["id"], &accept("Eve")));
    assert_eq!(text_of(&reader.read()[0]), "Hello, Eve!");
}

#[test]
fn a_light_tool_may_ask_too() {
    let world = World::new();
    let session = world.open("2025-11-25", form());
    let mut reader = world.ask(&session, 1, "tools/call", json!({"name":"light_ask"})).stream();
    let events = reader.read();
    world.post(&[("session", &session)], &answered(&events[1]["id"], &accept("Eve")));
    assert_eq!(text_of(&reader.read()[0]), "Hello, Eve!");
}

#[test]
fn answers_of_another_session_change_nothing() {
    let world = World::new();
    let session = world.open("2025-11-25", form());
    let other = world.open("2025-11-25", form());
    let mut reader = world.ask(&session, 1, "tools/call", json!({"name":"ask"})).stream();
    let events = reader.read();
    let body = answered(&events[1]["id"], &accept("Mallory"));
    assert!(matches!(world.post(&[("session", &other)], &body), Seen::Accepted));
    assert_eq!(reader.read(), Vec::<Value>::new());
}

#[test]
fn several_questions_wait_for_the_last_answer() {
    let world = World::new();
    let session = world.open("2025-11-25", form());
    let mut reader = world.ask(&session, 1, "tools/call", json!({"name":"two"})).stream();
    let events = reader.read();
    assert_eq!(events.len(), 3);
    world.post(&[("session", &session)], &answered(&events[2]["id"], &accept("B")));
    assert_eq!(reader.read(), Vec::<Value>::new());
    world.post(&[("session", &session)], &answered(&events[1]["id"], &accept("A")));
    assert_eq!(text_of(&reader.read()[0]), "A and B");
}

#[test]
fn errors_and_silence_count_as_cancelled_or_end_the_call() {
    for (name, tool, can, wait, text) in [
        ("an error", "ask", form(), false, "Hello, (cancel)!"),
        ("silence", "ask", form(), true, "Hello, (cancel)!"),
        (
            "an error for a sample",
            "sample",
            json!({"sampling":{}}),
            false,
            "The client did not answer.",
        ),
        (
            "silence for a sample",
            "sample",
            json!({"sampling":{}}),
            true,
            "The client did not answer.",
        ),
    ] {
        let world = World::new();
        let session = world.open("2025-06-18", can);
        let mut reader = world.ask(&session, 1, "tools/call", json!({"name":tool})).stream();
        let events = reader.read();
        if wait {
            world.wait(QUESTION_MS);
            world.tick();
        } else {
            let error = json!({"jsonrpc":"2.0","id":events[0]["id"],
                "error":{"code":-1,"message":"no"}});
            world.post(&[("session", &session)], &error);
        }
        let mut said = reader.read();
        if wait {
            // So that the client can close what it shows.
            let told = said.remove(0);
            assert_eq!(told["method"], "notifications/cancelled", "{name}");
            assert_eq!(told["params"]["requestId"], events[0]["id"], "{name}");
        }
        assert_eq!(text_of(&said[0]), text, "{name}");
    }
}

#[test]
fn a_client_that_cannot_be_asked_is_told() {
    let world = World::new();
    for (revision, can) in [("2025-11-25", json!({})), ("2025-03-26", form())] {
        let session = world.open(revision, can);
        let (status, answer) = world.ask(&session, 1, "tools/call", json!({"name":"ask"})).json();
        assert_eq!((status, &answer["result"]["isError"]), (200, &json!(true)), "{revision}");
    }
    let session = world.open("2025-11-25", json!({}));
    let (_, answer) = world.ask(&session, 1, "tools/call", json!({"name":"missing"})).json();
    assert_eq!(answer["result"]["isError"], true);
}

#[test]
fn a_question_on_a_stream_that_nobody_came_back_to_is_forgotten() {
    for (name, waits, done) in
        [("gone for good", RESUME_MS, false), ("away for a moment", RESUME_MS - 1, true)]
    {
        let world = World::new();
        let session = world.open("2025-11-25", form());
        let mut reader = world.ask(&session, 1, "tools/call", json!({"name":"ask"})).stream();
        let events = reader.read();
        reader.hang_up();
        world.tick();
        world.wait(waits);
        world.tick();
        world.post(&[("session", &session)], &answered(&events[1]["id"], &accept("Eve")));
        let said = reader.read();
        assert_eq!(said.last(), Some(&json!("ended")), "{name}");
        assert_eq!(said[0]["result"]["content"][0]["text"] == "Hello, Eve!", done, "{name}");
    }
}

#[test]
fn only_so_many_calls_wait_for_their_clients() {
    let world = World::with(false, QUESTIONS_MAX);
    let mut asked = Vec::new();
    let fill = QUESTIONS_MAX / SESSION_QUESTIONS_MAX;
    for _ in 0..fill {
        let session = world.open("2025-06-18", form());
        for id in 1..=i64::try_from(SESSION_QUESTIONS_MAX).unwrap() {
            let seen = world.ask(&session, id, "tools/call", json!({"name":"ask"}));
            asked.push((session.clone(), seen.stream()));
        }
    }
    let session = world.open("2025-06-18", form());
    let (_, answer) = world.ask(&session, 1, "tools/call", json!({"name":"ask"})).json();
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    assert!(text_of(&answer).contains("Too many questions"), "{answer}");
    let (first, reader) = &mut asked[0];
    let question = reader.read().pop().unwrap();
    world.post(&[("session", first)], &answered(&question["id"], &accept("Eve")));
    world.ask(&session, 2, "tools/call", json!({"name":"ask"})).stream();
}

#[test]
fn a_cancelled_call_forgets_its_question() {
    let world = World::new();
    let session = world.open("2025-11-25", form());
    let mut reader = world.ask(&session, 1, "tools/call", json!({"name":"ask"})).stream();
    let events = reader.read();
    let cancel = json!({"jsonrpc":"2.0","method":"notifications/cancelled",
        "params":{"requestId":1}});
    world.post(&[("session", &session)], &cancel);
    assert_eq!(reader.read(), ["ended"]);
    world.post(&[("session", &session)], &answered(&events[1]["id"], &accept("Eve")));
    assert_eq!(reader.read(), ["ended"]);
}
