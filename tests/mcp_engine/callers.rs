//! What a caller may use: what is listed for it, and what answers it as if it were not there.

use std::sync::Arc;

use serde_json::{Value, json};
use zscaler_mcp::auth::{Grant, Grants};
use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::guard::{Route, Verb};
use zscaler_mcp::mcp::registry::Registry;
use zscaler_mcp::mcp::{Answer, EngineConfig, Reply};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

use crate::world::{Seen, World, described, initialize, request, text_of};

const LEGACY: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
const MCP: (Route, Verb) = (Route::Mcp, Verb::Post);

fn grant(text: &str) -> Grant {
    Grants::parse(text).unwrap().of("anna", &[])
}

/// Posts `body` as anna with `grant`; returns status and bytes of what comes at once.
fn post(world: &World, grant: &Grant, pairs: &[(&str, &str)], body: &str) -> (u16, Vec<u8>) {
    let Reply { answer, job } = world.granted("anna", grant, MCP, pairs, (None, body));
    world.run(job);
    match answer {
        Answer::Json { status, body, .. } => (status.0, body.into_bytes()),
        other @ (Answer::Accepted
        | Answer::NoContent
        | Answer::Refused(_)
        | Answer::Stream { .. }
        | Answer::Call(_)) => {
            let (status, body) = World::look(other).json();
            (status, body.to_string().into_bytes())
        }
    }
}

/// Sends a request in a session of `revision`, or by itself in the newest one.
fn send(
    world: &World,
    grant: &Grant,
    revision: &str,
    method: &str,
    params: Value,
) -> (u16, Vec<u8>) {
    if revision == "2026-07-28" {
        let (pairs, body) = described(7, method, params, json!({}));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        return post(world, grant, &pairs, &body.to_string());
    }
    let session = world.open(revision, json!({}));
    post(world, grant, &[("session", &session)], &request(7, method, params).to_string())
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn names(bytes: &[u8]) -> Vec<String> {
    let answer = parsed(bytes);
    let tools = answer["result"]["tools"].as_array().unwrap_or_else(|| panic!("{answer}"));
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

fn revisions() -> impl Iterator<Item = &'static str> {
    LEGACY.into_iter().chain(["2026-07-28"])
}

fn product() -> World {
    let identity = ServerIdentity { version: "1".into(), demo: true, ..ServerIdentity::default() };
    let scrubber = Arc::new(Scrubber::new(true));
    let demo = Arc::new(Demo::new().unwrap());
    let product = Product::new(demo, scrubber, Selection::everything(), identity);
    let config = EngineConfig {
        sse: false,
        sessions_max: 100,
        session_idle_ms: 60_000,
        calls_per_principal: 0,
    };
    World::serving(Arc::new(product), config)
}

#[test]
fn each_caller_sees_its_own_tools_in_every_revision() {
    let world = World::new();
    for revision in revisions() {
        for (text, expected) in [
            ("*=*", &["echo", "parts", "list", "record"][..]),
            ("*=echo|record|job", &["echo", "record"]),
            ("*=[lp]*", &["parts", "list"]),
            ("*=record; *=echo", &["echo", "record"]),
            ("*=*:write", &[]),
            ("principal:boris=*", &[]),
        ] {
            let (status, body) = send(&world, &grant(text), revision, "tools/list", json!({}));
            assert_eq!(
                (status, names(&body)),
                (200, expected.iter().map(|n| (*n).into()).collect())
            );
        }
    }
}

#[test]
fn a_tool_of_another_caller_answers_like_a_name_that_nobody_knows() {
    let world = World::new();
    let few = grant("*=echo");
    for revision in revisions() {
        let call = |grant: &Grant, name: &str, arguments: Value| {
            let params = json!({"name": name, "arguments": arguments});
            send(&world, grant, revision, "tools/call", params)
        };
        let unknown = call(&few, "nope", json!({}));
        assert_eq!(parsed(&unknown.1)["error"]["code"], -32602, "{revision}");
        // Light and heavy ones, one that would become a task, one whose fields do not agree with
        // its arguments.
        for name in ["list", "ask", "bad", "job", "parts"] {
            let arguments = json!({"region": "eu"});
            assert_eq!(call(&few, name, arguments), unknown, "{revision} {name}");
        }
        assert_eq!(text_of(&parsed(&call(&few, "echo", json!({"text": "x"})).1)), "x");
        let all = call(&Grant::everything(), "list", json!({}));
        assert!(parsed(&all.1)["result"].is_object(), "{revision}");
        let params = json!({"name": 7});
        let malformed = send(&world, &few, revision, "tools/call", params);
        assert_ne!(malformed, unknown, "{revision}");
    }
}

#[test]
fn a_task_that_may_not_be_made_answers_like_an_unknown_name() {
    let world = World::new();
    let can = json!({"extensions": {"io.modelcontextprotocol/tasks": {}}});
    let call = |text: &str, name: &str| {
        let (pairs, body) = described(1, "tools/call", json!({"name": name}), can.clone());
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        post(&world, &grant(text), &pairs, &body.to_string())
    };
    assert_eq!(call("*=echo", "job"), call("*=echo", "nope"));
    assert_eq!(parsed(&call("*=job", "job").1)["result"]["resultType"], "task");
}

#[test]
fn the_grant_is_that_of_each_request_and_not_of_the_start_of_its_session() {
    let world = World::new();
    let session = world.open("2025-03-26", json!({}));
    let pairs = [("session", session.as_str())];
    let call = request(1, "tools/call", json!({"name": "list"}));
    let list = request(2, "tools/list", json!({}));
    for (text, may) in [("*=*", true), ("*=echo", false), ("*=list", true)] {
        let (_, answer) = post(&world, &grant(text), &pairs, &call.to_string());
        assert_eq!(parsed(&answer)["result"].is_object(), may, "{text}");
        let both = Value::from(vec![call.clone(), list.clone()]).to_string();
        let (_, answers) = post(&world, &grant(text), &pairs, &both);
        let answers = parsed(&answers);
        assert_eq!(answers[0]["result"].is_object(), may, "{text}, in a batch");
        let listed = answers[1]["result"]["tools"].as_array().unwrap();
        assert_eq!(listed.iter().any(|tool| tool["name"] == "list"), may, "{text}, in a batch");
    }
}

#[test]
fn over_sse_the_grant_of_each_message_counts() {
    let world = World::with(true, 9);
    let opened = world.granted("anna", &grant("*=*"), (Route::Sse, Verb::Get), &[], (None, ""));
    let Seen::Stream(mut reader) = World::look(opened.answer) else { panic!("no stream") };
    let place = reader.read()[0].as_str().unwrap().to_owned();
    let id = place.split_once("session_id=").unwrap().1;
    let mut say = |text: &str, body: &Value| {
        let (route, body) = ((Route::Messages, Verb::Post), body.to_string());
        let reply = world.granted("anna", &grant(text), route, &[], (Some(id), &body));
        world.run(reply.job);
        reader.read().pop().unwrap()
    };
    say("*=*", &initialize(0, "2024-11-05", json!({})));
    for (text, may) in [("*=*", true), ("*=echo", false), ("*=list", true)] {
        let answer = say(text, &request(1, "tools/call", json!({"name": "list"})));
        assert_eq!(answer["result"].is_object(), may, "{text}: {answer}");
        let answer = say(text, &request(2, "tools/list", json!({})));
        assert_eq!(answer.to_string().contains("\"list\""), may, "{text}");
    }
}

#[test]
fn on_standard_input_every_tool_is_there() {
    let world = World::new();
    let (stdio, stream) = world.engine.open_stdio(world.now());
    let mut reader = crate::world::Reader::new(stream, 0);
    for message in [initialize(0, "2025-06-18", json!({})), request(1, "tools/list", json!({}))] {
        world.run(stdio.line(message.to_string().as_bytes(), world.now()));
    }
    let answers = reader.read();
    assert_eq!(answers[1]["result"]["tools"].as_array().unwrap().len(), 4);
}

#[test]
fn a_list_for_some_is_kept_private() {
    let world = product();
    for (grant, scope, ttl) in [
        (Grant::everything(), "public", 300_000),
        (grant("*=*:all"), "private", 0),
        (grant("*=zia_*"), "private", 0),
    ] {
        let (_, body) = send(&world, &grant, "2026-07-28", "tools/list", json!({}));
        let result = &parsed(&body)["result"];
        assert_eq!((&result["cacheScope"], &result["ttlMs"]), (&json!(scope), &json!(ttl)));
    }
}

#[test]
fn the_tools_of_the_product_follow_name_and_verb() {
    let world = product();
    let all = names(&send(&world, &Grant::everything(), "2025-11-25", "tools/list", json!({})).1);
    for (text, fits) in [
        ("*=zpa_*", (|name, reads| reads && name.starts_with("zpa_")) as fn(&str, bool) -> bool),
        ("*=zpa_*:write", |name, reads| !reads && name.starts_with("zpa_")),
        ("*=zia_get_rule_label|zdx_*:read", |name, reads| {
            name == "zia_get_rule_label" || reads && name.starts_with("zdx_")
        }),
    ] {
        let fits = |name: &str| fits(name, catalogue::reads().any(|row| row.name == name));
        let expected: Vec<String> = all.iter().filter(|name| fits(name)).cloned().collect();
        let listed = names(&send(&world, &grant(text), "2025-11-25", "tools/list", json!({})).1);
        assert_eq!(listed, expected, "{text}");
        for name in ["zia_list_rule_labels", "zpa_list_segment_groups"] {
            let params = json!({"name": name, "arguments": {}});
            let (_, answer) = send(&world, &grant(text), "2025-11-25", "tools/call", params);
            assert_eq!(parsed(&answer)["result"].is_object(), fits(name), "{text} {name}");
        }
    }
}

#[test]
fn a_caller_with_every_tool_gets_the_bytes_of_the_shared_list() {
    for world in [World::new(), product()] {
        for revision in revisions() {
            let shared = send(&world, &Grant::everything(), revision, "tools/list", json!({}));
            let own = send(&world, &grant("*=*:all"), revision, "tools/list", json!({}));
            let public = "\"ttlMs\":300000,\"cacheScope\":\"public\"";
            let private = "\"ttlMs\":0,\"cacheScope\":\"private\"";
            let shared = String::from_utf8(shared.1).unwrap().replace(public, private);
            assert_eq!(shared.as_bytes(), own.1, "{revision}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn a_list_of_some_holds_the_same_tools_in_the_same_order(keep in 1_u8..16, at in 0..5_usize) {
        let world = World::new();
        let kept: Vec<&str> = ["echo", "parts", "list", "record"]
            .into_iter()
            .enumerate()
            .filter(|(n, _)| keep & (1 << n) != 0)
            .map(|(_, name)| name)
            .collect();
        let revision = revisions().nth(at).unwrap();
        let list = |grant| {
            let (_, answer) = send(&world, &grant, revision, "tools/list", json!({}));
            parsed(&answer)["result"]["tools"].as_array().unwrap().clone()
        };
        let mut expected = list(Grant::everything());
        expected.retain(|tool| kept.contains(&tool["name"].as_str().unwrap()));
        proptest::prop_assert_eq!(list(grant(&format!("*={}", kept.join("|")))), expected);
    }
}

#[test]
fn what_the_registry_is_asked_by_name_follows_the_grant() {
    let identity = ServerIdentity { version: "1".into(), demo: true, ..ServerIdentity::default() };
    let demo = Arc::new(Demo::new().unwrap());
    let product =
        Product::new(demo, Arc::new(Scrubber::new(true)), Selection::everything(), identity);
    let few = grant("*=zpa_*");
    assert!(product.weight("zpa_list_segment_groups", &few).is_some());
    assert!(product.weight("zia_list_rule_labels", &few).is_none());
    assert!(product.weight("zia_list_rule_labels", &Grant::everything()).is_some());
}

#[test]
fn each_caller_sees_and_gets_its_own_prompts_in_every_revision() {
    let world = product();
    let all = ["zdx_investigate_alert", "zia_check_url_access"];
    for (text, expected) in [
        ("*=*", &all[..]),
        ("*=zdx_*", &all[..1]),
        ("*=zia_*", &all[1..]),
        ("*=zdx_list_alerts", &[]),
        ("scope:none=*", &[]),
    ] {
        let grant = grant(text);
        for revision in revisions() {
            let (status, bytes) = send(&world, &grant, revision, "prompts/list", json!({}));
            assert_eq!(status, 200, "{text} {revision}");
            let answer = parsed(&bytes);
            let listed = answer["result"]["prompts"].as_array().unwrap();
            let names: Vec<&str> =
                listed.iter().map(|prompt| prompt["name"].as_str().unwrap()).collect();
            let has_titles = revision > "2025-06";
            for prompt in listed {
                assert_eq!(prompt.get("title").is_some(), has_titles, "{revision}");
                for argument in prompt["arguments"].as_array().unwrap_or(&Vec::new()) {
                    assert_eq!(argument.get("title").is_some(), has_titles, "{revision}");
                }
            }
            for name in all {
                let is_there = expected.contains(&name);
                assert_eq!(names.contains(&name), is_there, "{text} {revision}: {names:?}");
                let asked = json!({"name":name,"arguments":{"url":"a.example"}});
                let (_, got) = send(&world, &grant, revision, "prompts/get", asked);
                // The alert has no such argument, which only who has the prompt is told.
                let got = parsed(&got).to_string();
                let unknown = got.contains("there is no prompt of that name");
                assert_eq!(unknown, !is_there, "{text} {revision}: {got}");
            }
        }
    }
}
