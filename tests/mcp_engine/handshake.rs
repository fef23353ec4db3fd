//! The handshake, what each older revision may see, and the statuses of Streamable HTTP.

use serde_json::{Value, json};
use zscaler_mcp::guard::Verb;

use crate::world::{Seen, World, initialize, request, text_of};

const OLDER: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

#[test]
fn a_supported_version_is_given_back_and_another_becomes_the_newest() {
    let world = World::new();
    for (asked, given) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
        ("", "2025-11-25"),
    ] {
        let (status, answer) = world.post(&[], &initialize(1, asked, json!({}))).json();
        assert_eq!(status, 200, "{asked}");
        assert_eq!(answer["result"]["protocolVersion"], given, "{asked}");
    }
}

#[test]
fn each_revision_hears_only_what_it_knows_about_the_server() {
    let world = World::new();
    for (index, revision) in OLDER.into_iter().enumerate() {
        let (_, body) = world.post(&[], &initialize(1, revision, json!({}))).json();
        let result = &body["result"];
        assert_eq!(result["instructions"], "Be kind.");
        for (part, name, since) in [
            (result, "resultType", 9),
            (&result["serverInfo"], "title", 2),
            (&result["serverInfo"], "description", 3),
            (&result["capabilities"], "completions", 1),
            (&result["capabilities"], "extensions", 9),
        ] {
            assert_eq!(part.get(name).is_some(), index >= since, "{revision}: {name}");
        }
    }
}

#[test]
fn each_revision_sees_only_the_tools_and_results_it_knows() {
    let world = World::new();
    for (index, revision) in OLDER.into_iter().enumerate() {
        let session = world.open(revision, json!({}));
        let result = |method: &str, params: Value| {
            world.ask(&session, 2, method, params).json().1["result"].clone()
        };
        let list = result("tools/list", json!({}));
        let record = result("tools/call", json!({"name":"record"}));
        let array = result("tools/call", json!({"name":"list"}));
        for (part, name, since) in [
            (&list, "resultType", 9),
            (&list, "ttlMs", 9),
            (&list["tools"][0], "title", 2),
            (&list["tools"][0], "annotations", 1),
            (&list["tools"][2], "outputSchema", 9),
            (&list["tools"][3], "outputSchema", 2),
            (&record, "structuredContent", 2),
            (&array, "structuredContent", 9),
        ] {
            assert_eq!(part.get(name).is_some(), index >= since, "{revision}: {name}");
        }
        let audio = result("tools/call", json!({"name":"audio"}));
        let kind = if index >= 1 { "audio" } else { "text" };
        assert_eq!(audio["content"][0]["type"], kind, "{revision}");
    }
}

#[test]
fn an_incomplete_handshake_opens_no_session() {
    let world = World::new();
    for missing in ["protocolVersion", "capabilities", "clientInfo"] {
        let mut body = initialize(1, "2025-11-25", json!({}));
        body["params"].as_object_mut().unwrap().remove(missing);
        let seen = world.post(&[], &body);
        let Seen::Json { status: 200, body, session: None } = seen else { panic!("{missing}") };
        assert_eq!(body["error"]["code"], -32602, "{missing}");
    }
}

#[test]
fn statuses_are_those_of_the_table() {
    let world = World::new();
    let session = world.open("2025-11-25", json!({}));
    let id = session.as_str();
    let blanks = format!(" {id}\t");
    let ping = json!({"jsonrpc":"2.0","id":9,"method":"ping"});
    let note = json!({"jsonrpc":"2.0","method":"notifications/initialized"});
    let answer = json!({"jsonrpc":"2.0","id":77,"result":{}});
    let with = |version: &'static str| vec![("session", id), ("version", version)];
    #[rustfmt::skip]
    let rows = vec![
        ("a request", vec![("session", id)], ping.clone(), 200, None),
        ("a notification", vec![("session", id)], note.clone(), 202, None),
        ("an answer nobody waits for", vec![("session", id)], answer.clone(), 202, None),
        ("the negotiated version", with("2025-11-25"), ping.clone(), 200, None),
        ("another supported version", with("2025-06-18"), ping.clone(), 200, None),
        ("blanks around the session", vec![("session", blanks.as_str())], ping.clone(), 200, None),
        ("no session", vec![], ping.clone(), 400, Some(-32600)),
        ("no session, notification", vec![], note.clone(), 400, Some(-32600)),
        ("no session, answer", vec![], answer, 400, Some(-32600)),
        ("two session fields", vec![("session", id), ("session", id)], ping.clone(), 400, Some(-32600)),
        ("unknown session", vec![("session", "f00d")], ping, 404, Some(-32600)),
        ("unknown session, notification", vec![("session", "zz")], note.clone(), 404, Some(-32600)),
        ("bad version", with("yesterday"), note, 400, Some(-32600)),
        ("unknown method", vec![("session", id)], request(9, "no/such", json!({})), 200, Some(-32601)),
        ("a method of the other era", vec![("session", id)], request(9, "server/discover", json!({})), 200, Some(-32601)),
        ("params an array", vec![("session", id)], request(9, "tools/list", json!([])), 200, Some(-32602)),
        ("a cursor", vec![("session", id)], request(9, "tools/list", json!({"cursor":"x"})), 200, Some(-32602)),
        ("unknown tool", vec![("session", id)], request(9, "tools/call", json!({"name":"nope"})), 200, Some(-32602)),
        ("unknown prompt", vec![("session", id)], request(9, "prompts/get", json!({"name":"nope"})), 200, Some(-32602)),
        ("a prompt argument that is no string", vec![("session", id)], request(9, "prompts/get", json!({"name":"hello","arguments":{"who":1}})), 200, Some(-32602)),
        ("unknown resource", vec![("session", id)], request(9, "resources/read", json!({"uri":"x:y"})), 200, Some(-32002)),
        ("unknown level", vec![("session", id)], request(9, "logging/setLevel", json!({"level":"loud"})), 200, Some(-32602)),
        ("unknown reference", vec![("session", id)], request(9, "completion/complete", json!({"ref":{"type":"ref/prompt","name":"x"},"argument":{"name":"a","value":"b"}})), 200, Some(-32602)),
        ("an array", vec![("session", id)], json!([]), 400, Some(-32600)),
        ("no message", vec![("session", id)], json!({"jsonrpc":"2.0","id":9}), 400, Some(-32600)),
        ("initialize in a session", vec![("session", id)], initialize(9, "2025-11-25", json!({})), 400, Some(-32600)),
        ("initialize in an unknown session", vec![("session", "f00d")], initialize(9, "2025-11-25", json!({})), 404, Some(-32600)),
    ];
    for (name, pairs, body, status, code) in rows {
        let seen = world.post(&pairs, &body);
        assert_eq!((seen.status(), seen.code()), (status, code), "{name}: {seen:?}");
        if let Seen::Json { body: answer, .. } = seen {
            assert_eq!(answer["id"], body["id"], "{name}");
        }
    }
    assert_eq!(world.post_text("anna", &[("session", id)], "{").code(), Some(-32700));
    assert_eq!(world.verb("anna", Verb::Get, &[]).status(), 400);
    assert_eq!(world.verb("anna", Verb::Get, &[("session", "f00d")]).status(), 404);
    assert_eq!(world.verb("anna", Verb::Get, &with("yesterday")).status(), 400);
    assert_eq!(world.verb("anna", Verb::Delete, &[]).status(), 400);
    assert_eq!(world.verb("anna", Verb::Delete, &[("session", "f00d")]).status(), 404);
}

#[test]
fn ids_come_back_exactly() {
    let world = World::new();
    let session = world.open("2025-06-18", json!({}));
    for id in ["1", "\"1\"", "1152921504606846975", "-5", "\"\\u00e9\\n\""] {
        let body = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"ping\"}}");
        let (_, answer) = world.post_text("anna", &[("session", &session)], &body).json();
        assert_eq!(answer["id"], serde_json::from_str::<Value>(id).unwrap());
        assert_eq!(answer["result"], json!({}));
    }
}

#[test]
fn batches_belong_to_one_revision_only() {
    let world = World::new();
    let ping = |id: i64| json!({"jsonrpc":"2.0","id":id,"method":"ping"});
    let note = json!({"jsonrpc":"2.0","method":"notifications/initialized"});
    let call = request(3, "tools/call", json!({"name":"sample"}));
    for revision in ["2025-06-18", "2025-11-25"] {
        let session = world.open(revision, json!({}));
        let seen = world.post(&[("session", &session)], &json!([ping(1)]));
        assert_eq!((seen.status(), seen.code()), (400, Some(-32600)), "{revision}");
    }
    let session = world.open("2025-03-26", json!({}));
    let pairs = [("session", session.as_str())];
    assert_eq!(world.post(&pairs, &json!([])).status(), 400);
    assert_eq!(world.post(&pairs, &json!([note])).status(), 202);
    let crowd: Vec<Value> = (0..101).map(ping).collect();
    assert_eq!(world.post(&pairs, &json!(crowd)).status(), 400);
    let (status, answers) = world
        .post(&pairs, &json!([ping(1), note, 5, initialize(2, "2025-03-26", json!({})), call]))
        .json();
    assert_eq!(status, 200);
    let by_id = |id: i64| {
        answers.as_array().unwrap().iter().find(|answer| answer["id"] == id).unwrap().clone()
    };
    assert_eq!(answers.as_array().unwrap().len(), 4);
    assert_eq!(by_id(1)["result"], json!({}));
    assert_eq!(by_id(2)["error"]["code"], -32600);
    assert_eq!(by_id(3)["result"]["isError"], true);
    assert!(answers.as_array().unwrap().iter().any(|answer| answer.get("id").is_none()));
}

#[test]
fn a_batch_that_says_more_than_answers_becomes_a_stream() {
    let world = World::new();
    let session = world.open("2025-03-26", json!({}));
    let call = request(3, "tools/call", json!({"name":"noisy","_meta":{"progressToken":1}}));
    let ping = json!({"jsonrpc":"2.0","id":4,"method":"ping"});
    let mut reader = world.post(&[("session", &session)], &json!([call, ping])).stream();
    let events = reader.read();
    assert_eq!(events[0]["method"], "notifications/message");
    let answers = events[3].as_array().unwrap();
    assert_eq!(answers.len(), 2);
    assert_eq!(events[4], "ended");
}

#[test]
fn log_level_and_progress_follow_the_session() {
    let world = World::new();
    let session = world.open("2024-11-05", json!({}));
    let (_, set) = world.ask(&session, 1, "logging/setLevel", json!({"level":"error"})).json();
    assert_eq!(set["result"], json!({}));
    let (_, answer) = world.ask(&session, 2, "tools/call", json!({"name":"noisy"})).json();
    assert_eq!(text_of(&answer), "done");
    let params = json!({"name":"noisy","_meta":{"progressToken":1152921504606846975_i64}});
    let events = world.ask(&session, 3, "tools/call", params).stream().read();
    assert_eq!(
        events[0]["params"],
        json!({"progressToken":1152921504606846975_i64,"progress":1,"total":2})
    );
    assert_eq!(events[2]["id"], 3);
}

#[test]
fn completions_are_bounded() {
    let world = World::new();
    let session = world.open("2025-06-18", json!({}));
    let params = json!({"ref":{"type":"ref/prompt","name":"hello"},
        "argument":{"name":"who","value":"many"}});
    let (_, answer) = world.ask(&session, 1, "completion/complete", params).json();
    let completion = &answer["result"]["completion"];
    assert_eq!(completion["values"].as_array().unwrap().len(), 100);
    assert_eq!((&completion["total"], &completion["hasMore"]), (&json!(101), &json!(true)));
}
