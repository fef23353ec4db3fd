//! Who called, in the lines that a call leaves in the log.

use std::sync::Arc;

use serde_json::json;
use zscaler_mcp::audit::Mark;
use zscaler_mcp::auth::Grant;
use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::guard::{Route, Verb};
use zscaler_mcp::mcp::EngineConfig;
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity, Trail};

use crate::lines::Lines;
use crate::world::{Seen, World, described, initialize, request};

fn world(lines: &Arc<Lines>) -> World {
    let identity = ServerIdentity { version: "1".into(), demo: true, ..ServerIdentity::default() };
    let demo = Arc::new(Demo::new().unwrap());
    let trail = Trail::new(Arc::<Lines>::clone(lines), Arc::<Lines>::clone(lines), true);
    let product =
        Product::new(demo, Arc::new(Scrubber::new(true)), Selection::everything(), identity);
    let config = EngineConfig {
        sse: false,
        sessions_max: 9,
        session_idle_ms: 60_000,
        calls_per_principal: 0,
    };
    World::serving(Arc::new(product.recorded(trail)), config)
}

#[test]
fn every_line_of_a_call_names_caller_address_and_session_but_never_its_id() {
    let lines = Arc::new(Lines::default());
    let world = world(&lines);
    let route = (Route::Mcp, Verb::Post);
    let long = "n".repeat(5_000);
    for (name, principal, shown) in [
        ("a plain name", "api-key:ci", "api-key:ci".to_owned()),
        ("blanks", "https://idp x y", "\"https://idp x y\"".to_owned()),
        (
            "a forged line",
            "x\n now - zscaler_mcp.audit - peer=1",
            "\"x\\n now - zscaler_mcp.audit - peer=1\"".to_owned(),
        ),
        ("hidden characters", "a\u{202e}b\u{200b}", "\"a\\u{202e}b\\u{200b}\"".to_owned()),
        ("longer than a line", &long, format!("\"{}...[3976 more bytes]\"", "n".repeat(1_024))),
    ] {
        let opened = initialize(0, "2025-11-25", json!({})).to_string();
        let opened = world.raw(principal, route, &[], None, &opened);
        let Seen::Json { session: Some(session), .. } = World::look(opened.answer) else {
            panic!("no session")
        };
        let params = json!({"name": "zia_list_rule_labels", "arguments": {"query": "[0]"}});
        let body = request(1, "tools/call", params.clone()).to_string();
        let reply = world.raw(principal, route, &[("session", &session)], None, &body);
        world.run(reply.job);
        let mark = Mark::of(session.as_bytes());
        let end = format!(" principal={shown} peer=127.0.0.1 session={mark}");
        let said = core::mem::take(&mut *lines.0.lock().unwrap());
        assert_eq!(said.len(), 3, "{name}: {said:#?}");
        for line in said {
            assert!(line.ends_with(&end), "{name}: {line}");
            assert!(!line.contains(&session[..12]), "{name}: {line}");
        }
        // The newest revision has no sessions to name.
        let (pairs, body) = described(1, "tools/call", params, json!({}));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        world.run(world.raw(principal, route, &pairs, None, &body.to_string()).job);
        for line in core::mem::take(&mut *lines.0.lock().unwrap()) {
            assert!(
                line.ends_with(&format!(" principal={shown} peer=127.0.0.1")),
                "{name}: {line}"
            );
        }
    }
}

#[test]
fn on_standard_input_there_is_neither_address_nor_session_to_name() {
    let lines = Arc::new(Lines::default());
    let world = world(&lines);
    let (stdio, _stream) = world.engine.open_stdio(world.now());
    let call = json!({"name": "zia_list_rule_labels", "arguments": {"query": "[0]"}});
    for message in [initialize(0, "2025-06-18", json!({})), request(1, "tools/call", call)] {
        world.run(stdio.line(message.to_string().as_bytes(), world.now()));
    }
    let lines = lines.0.lock().unwrap();
    assert!(lines.len() == 3 && lines.iter().all(|line| line.ends_with(" principal=anonymous")));
}

#[test]
fn a_call_that_a_caller_may_not_make_leaves_no_line_of_a_call() {
    let lines = Arc::new(Lines::default());
    let world = world(&lines);
    let nothing: Grant = zscaler_mcp::auth::Grants::parse("*=zpa_*").unwrap().of("x", &[]);
    let (pairs, body) =
        described(1, "tools/call", json!({"name": "zia_list_rule_labels"}), json!({}));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let route = (Route::Mcp, Verb::Post);
    let reply = world.granted("x", &nothing, route, &pairs, (None, &body.to_string()));
    assert!(reply.job.is_none() && lines.0.lock().unwrap().is_empty());
}
