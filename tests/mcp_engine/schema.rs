//! Every message the engine sends is valid under the published schema of its revision.

use serde_json::{Value, json};
use zscaler_mcp::guard::Verb;

use crate::checker::{Schema, result_of};
use crate::world::{LOG_LEVEL, Seen, World, initialize};

const CALLS: &[(&str, &str)] = &[
    ("tools/list", "{}"),
    ("prompts/list", "{}"),
    ("resources/list", "{}"),
    ("resources/templates/list", "{}"),
    ("resources/read", r#"{"uri":"test://a"}"#),
    ("prompts/get", r#"{"name":"hello","arguments":{"who":"x"}}"#),
    ("tools/call", r#"{"name":"echo"}"#),
    ("tools/call", r#"{"name":"audio"}"#),
    ("tools/call", r#"{"name":"record"}"#),
    ("tools/call", r#"{"name":"list"}"#),
    (
        "completion/complete",
        r#"{"ref":{"type":"ref/prompt","name":"hello"},"argument":{"name":"who","value":"x"}}"#,
    ),
];

#[test]
fn the_checker_sees_what_is_wrong() {
    let schema = Schema::of("2025-11-25");
    let tool = |input: Value| json!({"tools":[{"name":"a","inputSchema":input}]});
    for (value, good) in [
        (tool(json!({"type":"object"})), true),
        (tool(json!({"type":"string"})), false),
        (tool(json!(null)), false),
        (json!({"tools":[{"inputSchema":{"type":"object"}}]}), false),
        (json!({"tools":[],"nextCursor":null}), false),
        (json!({}), false),
    ] {
        let fits = schema.fits(schema.definition("ListToolsResult"), &value);
        assert_eq!(fits.is_ok(), good, "{value}: {fits:?}");
    }
}

#[test]
fn older_results_and_messages_are_valid() {
    for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let schema = Schema::of(revision);
        let world = World::new();
        let seen = world.post(&[], &initialize(1, revision, json!({"elicitation":{}})));
        let Seen::Json { body, session: Some(session), .. } = seen else { panic!("{revision}") };
        schema.check("JSONRPCMessage", &body);
        schema.check("InitializeResult", &body["result"]);
        for (method, params) in CALLS {
            let params = serde_json::from_str(params).unwrap();
            let (_, answer) = world.ask(&session, 2, method, params).json();
            schema.check("JSONRPCMessage", &answer);
            schema.check(result_of(method).unwrap(), &answer["result"]);
        }
        for (method, params) in
            [("ping", json!({})), ("logging/setLevel", json!({"level":"debug"}))]
        {
            schema.check("EmptyResult", &world.ask(&session, 3, method, params).json().1["result"]);
        }
        let (_, error) = world.ask(&session, 4, "no/such", json!({})).json();
        schema.check("JSONRPCMessage", &error);
        let params = json!({"name":"noisy","_meta":{"progressToken":"t"}});
        let mut events = world.ask(&session, 5, "tools/call", params).stream().read();
        world.ask(&session, 6, "resources/subscribe", json!({"uri":"test://a"}));
        world.ask(&session, 7, "tools/call", json!({"name":"change"}));
        let main = world.verb("anna", Verb::Get, &[("session", &session)]).stream().read();
        events.extend(main);
        for event in events.iter().filter(|event| event.get("method").is_some()) {
            schema.check("ServerNotification", event);
        }
        if revision >= "2025-06-18" {
            let asked = world.ask(&session, 8, "tools/call", json!({"name":"ask"}));
            let events = asked.stream().read();
            schema.check("ServerRequest", events.last().unwrap());
        }
    }
}

#[test]
fn newest_results_and_messages_are_valid() {
    let schema = Schema::of("2026-07-28");
    let world = World::new();
    let (_, answer) = world.stateless(1, "server/discover", json!({})).json();
    schema.check("DiscoverResult", &answer["result"]);
    for (method, params) in CALLS {
        let params = serde_json::from_str(params).unwrap();
        let (_, answer) = world.stateless(2, method, params).json();
        schema.check("JSONRPCMessage", &answer);
        schema.check(result_of(method).unwrap(), &answer["result"]);
    }
    let can = json!({"elicitation":{},"sampling":{}});
    for name in ["ask", "sealed", "either", "state_only"] {
        let seen = world.stateless_as(3, "tools/call", json!({"name":name}), can.clone());
        schema.check("InputRequiredResult", &seen.json().1["result"]);
    }
    for (name, seen, definition) in [
        ("no version", world.post(&[], &json!({"jsonrpc":"2.0","id":1,"method":"x"})), None),
        (
            "capability",
            world.stateless(4, "tools/call", json!({"name":"missing"})),
            Some("MissingRequiredClientCapabilityError"),
        ),
        ("method", world.stateless(4, "ping", json!({})), None),
    ] {
        let (_, error) = seen.json();
        schema.check("JSONRPCErrorResponse", &error);
        if let Some(definition) = definition {
            let fits = schema.fits(schema.definition(definition), &error);
            assert!(fits.is_ok(), "{name}: {fits:?}");
        }
    }
    let notifications = json!({"notifications":{"toolsListChanged":true,
        "resourceSubscriptions":["test://a"]}});
    let mut listener = world.stateless(5, "subscriptions/listen", notifications).stream();
    let params = json!({"name":"noisy","_meta":{LOG_LEVEL:"debug","progressToken":1}});
    let mut events = world.stateless(6, "tools/call", params).stream().read();
    world.stateless(7, "tools/call", json!({"name":"change"}));
    world.engine.shut();
    events.extend(listener.read());
    for event in &events {
        if event.get("method").is_some() {
            schema.check("ServerNotification", event);
        } else if event["id"] == 5 {
            schema.check("SubscriptionsListenResult", &event["result"]);
        }
    }
}
