//! 2026-07-28: the ladder of checks, results, and what a broken connection does.

use serde_json::{Value, json};

use crate::world::{CAPABILITIES, LOG_LEVEL, SERVER_INFO, Seen, VERSION, World, text_of};

const M: &str = "2026-07-28";

fn meta() -> Value {
    json!({VERSION: M, CAPABILITIES: {}})
}

fn body(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": "x", "method": method, "params": params})
}

fn call(name: &str, arguments: Value) -> Value {
    body("tools/call", json!({"name": name, "arguments": arguments, "_meta": meta()}))
}

/// A request and what it is answered with.
struct Row {
    name: &'static str,
    pairs: Vec<(&'static str, &'static str)>,
    body: Value,
    expected: (u16, Option<i64>),
}

fn row(
    name: &'static str,
    pairs: Vec<(&'static str, &'static str)>,
    body: Value,
    status: u16,
    code: Option<i64>,
) -> Row {
    Row { name, pairs, body, expected: (status, code) }
}

fn check(rows: Vec<Row>) {
    let world = World::new();
    for Row { name, pairs, body, expected } in rows {
        let seen = world.post(&pairs, &body);
        assert_eq!((seen.status(), seen.code()), expected, "{name}: {seen:?}");
        let (_, answer) = seen.json();
        assert_eq!(answer["id"], "x", "{name}");
    }
}

fn list() -> Value {
    body("tools/list", json!({"_meta": meta()}))
}

fn other(version: &str) -> Value {
    body("tools/list", json!({"_meta": {VERSION: version, CAPABILITIES: {}}}))
}

fn with(
    base: &[(&'static str, &'static str)],
    more: &[(&'static str, &'static str)],
) -> Vec<(&'static str, &'static str)> {
    [base, more].concat()
}

#[test]
fn the_first_check_that_fails_answers_about_metadata_and_version() {
    let list = list();
    let good = [("version", M), ("method", "tools/list")];
    #[rustfmt::skip]
    check(vec![
        row("all is well", good.to_vec(), list.clone(), 200, None),
        row("no params", good.to_vec(), json!({"jsonrpc":"2.0","id":"x","method":"tools/list"}), 400, Some(-32602)),
        row("params an array", good.to_vec(), json!({"jsonrpc":"2.0","id":"x","method":"tools/list","params":[]}), 400, Some(-32602)),
        row("no version in meta", good.to_vec(), body("tools/list", json!({"_meta":{CAPABILITIES:{}}})), 400, Some(-32602)),
        row("version no string", good.to_vec(), body("tools/list", json!({"_meta":{VERSION:5,CAPABILITIES:{}}})), 400, Some(-32602)),
        row("version no string, no field", vec![], body("tools/list", json!({"_meta":{VERSION:5,CAPABILITIES:{}}})), 400, Some(-32602)),
        row("no capabilities", good.to_vec(), body("tools/list", json!({"_meta":{VERSION:M}})), 400, Some(-32602)),
        row("capabilities no object", good.to_vec(), body("tools/list", json!({"_meta":{VERSION:M,CAPABILITIES:[]}})), 400, Some(-32602)),
        row("meta before the version field", vec![("version", "1999-01-01")], body("tools/list", json!({})), 400, Some(-32602)),
        row("unknown version field, no meta", vec![("version", "v999")], body("tools/list", json!({})), 400, Some(-32602)),
        row("no version field", vec![("method", "tools/list")], list.clone(), 400, Some(-32020)),
        row("older version field", vec![("version", "2025-11-25"), ("method", "tools/list")], list.clone(), 400, Some(-32020)),
        row("two version fields", with(&good, &[("version", M)]), list.clone(), 400, Some(-32020)),
        row("version field against unknown meta", good.to_vec(), other("v999"), 400, Some(-32020)),
        row("unknown version in both", vec![("version", "v999"), ("method", "tools/list")], other("v999"), 400, Some(-32022)),
        row("older version in both", vec![("version", "2025-11-25"), ("method", "tools/list")], other("2025-11-25"), 400, Some(-32022)),
        row("mismatch before unknown version", vec![("version", "v999")], other("v999"), 400, Some(-32020)),
    ]);
}

#[test]
fn the_first_check_that_fails_answers_about_the_method() {
    let list = list();
    let good = [("version", M), ("method", "tools/list")];
    #[rustfmt::skip]
    check(vec![
        row("no method field", vec![("version", M)], list.clone(), 400, Some(-32020)),
        row("method field in capitals", vec![("version", M), ("method", "TOOLS/LIST")], list.clone(), 400, Some(-32020)),
        row("two method fields", with(&good, &[("method", "tools/list")]), list.clone(), 400, Some(-32020)),
        row("blanks around the method field", vec![("version", M), ("method", " tools/list\t")], list.clone(), 200, None),
        row("a name field where none belongs", with(&good, &[("name", "x")]), list, 200, None),
        row("unknown method", vec![("version", M), ("method", "no/such")], body("no/such", json!({"_meta":meta()})), 404, Some(-32601)),
        row("removed: initialize", vec![("version", M), ("method", "initialize")], body("initialize", json!({"_meta":meta()})), 404, Some(-32601)),
        row("removed: ping", vec![("version", M), ("method", "ping")], body("ping", json!({"_meta":meta()})), 404, Some(-32601)),
        row("a cursor nobody gave out", good.to_vec(), body("tools/list", json!({"_meta":meta(),"cursor":""})), 400, Some(-32602)),
        row("unknown log level", good.to_vec(), body("tools/list", json!({"_meta":{VERSION:M,CAPABILITIES:{},LOG_LEVEL:"loud"}})), 400, Some(-32602)),
        row("unknown method before the log level", vec![("version", M), ("method", "no/such")], body("no/such", json!({"_meta":{VERSION:M,CAPABILITIES:{},LOG_LEVEL:"loud"}})), 404, Some(-32601)),
    ]);
}

#[test]
fn the_first_check_that_fails_answers_about_a_call() {
    let echo = [("version", M), ("method", "tools/call"), ("name", "echo")];
    let parts = [("version", M), ("method", "tools/call"), ("name", "parts")];
    #[rustfmt::skip]
    check(vec![
        row("a call", echo.to_vec(), call("echo", json!({})), 200, None),
        row("a coded name", vec![("version", M), ("method", "tools/call"), ("name", "=?base64?ZWNobw==?=")], call("echo", json!({})), 200, None),
        row("a badly coded name", vec![("version", M), ("method", "tools/call"), ("name", "=?base64?ZWNobw=?=")], call("echo", json!({})), 400, Some(-32020)),
        row("no name field", vec![("version", M), ("method", "tools/call")], call("echo", json!({})), 400, Some(-32020)),
        row("another name", vec![("version", M), ("method", "tools/call"), ("name", "Echo")], call("echo", json!({})), 400, Some(-32020)),
        row("two name fields", with(&echo, &[("name", "echo")]), call("echo", json!({})), 400, Some(-32020)),
        row("no name in the body", echo.to_vec(), body("tools/call", json!({"_meta":meta()})), 400, Some(-32602)),
        row("arguments no object", echo.to_vec(), call("echo", json!([])), 400, Some(-32602)),
        row("unknown tool", vec![("version", M), ("method", "tools/call"), ("name", "nope")], call("nope", json!({})), 400, Some(-32602)),
        row("annotated argument", with(&parts, &[("region", "eu")]), call("parts", json!({"region":"eu"})), 200, None),
        row("annotated argument without field", parts.to_vec(), call("parts", json!({"region":"eu"})), 400, Some(-32020)),
        row("annotated argument, other field", with(&parts, &[("region", "us")]), call("parts", json!({"region":"eu"})), 400, Some(-32020)),
        row("field without its argument", with(&parts, &[("region", "eu")]), call("parts", json!({})), 400, Some(-32020)),
        row("field nobody asked for", with(&echo, &[("region", "eu")]), call("echo", json!({})), 200, None),
        row("answers no object", echo.to_vec(), body("tools/call", json!({"name":"echo","inputResponses":null,"_meta":meta()})), 400, Some(-32602)),
        row("an answer no object", echo.to_vec(), body("tools/call", json!({"name":"echo","inputResponses":{"a":12345},"_meta":meta()})), 400, Some(-32602)),
        row("an answer with an unknown action", echo.to_vec(), body("tools/call", json!({"name":"echo","inputResponses":{"a":{"action":"yes"}},"_meta":meta()})), 400, Some(-32602)),
        row("a state no string", echo.to_vec(), body("tools/call", json!({"name":"echo","requestState":5,"_meta":meta()})), 400, Some(-32602)),
        row("a state too long", echo.to_vec(), body("tools/call", json!({"name":"echo","requestState":"x".repeat(9000),"_meta":meta()})), 400, Some(-32602)),
        row("capability missing", vec![("version", M), ("method", "tools/call"), ("name", "missing")], call("missing", json!({})), 400, Some(-32021)),
        row("gone after all", vec![("version", M), ("method", "tools/call"), ("name", "vanished")], call("vanished", json!({})), 400, Some(-32602)),
    ]);
}

#[test]
fn an_unsupported_version_is_told_what_would_be_supported() {
    let world = World::new();
    let body = json!({"jsonrpc":"2.0","id":1,"method":"server/discover","params":
        {"_meta":{VERSION:"v999.0.0",CAPABILITIES:{}}}});
    let pairs = [("version", "v999.0.0"), ("method", "server/discover")];
    let (_, answer) = world.post(&pairs, &body).json();
    let data = &answer["error"]["data"];
    assert_eq!(*data, json!({"supported":["2026-07-28"],"requested":"v999.0.0"}));
}

#[test]
fn bodies_that_are_no_request_are_refused_without_or_with_their_id() {
    let world = World::new();
    let fields = [("version", M), ("method", "ping")];
    for (name, text, code, id) in [
        ("not JSON", "{", -32700, Value::Null),
        ("an array", "[]", -32600, Value::Null),
        (
            "an id that is null",
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            -32600,
            Value::Null,
        ),
        ("no version of JSON-RPC", r#"{"id":3,"method":"ping"}"#, -32600, json!(3)),
        ("a response", r#"{"jsonrpc":"2.0","id":3,"result":{}}"#, -32600, Value::Null),
    ] {
        let seen = world.post_text("anna", &fields, text);
        assert_eq!((seen.status(), seen.code()), (400, Some(code)), "{name}");
        if !id.is_null() {
            assert_eq!(seen.json().1["id"], id, "{name}");
        }
    }
}

#[test]
fn results_say_what_they_are_and_who_made_them() {
    let world = World::new();
    for (method, params, member) in [
        ("server/discover", json!({}), "supportedVersions"),
        ("tools/list", json!({}), "tools"),
        ("prompts/list", json!({}), "prompts"),
        ("resources/list", json!({}), "resources"),
        ("resources/templates/list", json!({}), "resourceTemplates"),
        ("resources/read", json!({"uri":"test://a"}), "contents"),
        ("prompts/get", json!({"name":"hello","arguments":{"who":"me"}}), "messages"),
        ("tools/call", json!({"name":"echo"}), "content"),
        (
            "completion/complete",
            json!({"ref":{"type":"ref/prompt","name":"hello"},"argument":{"name":"who","value":"x"}}),
            "completion",
        ),
    ] {
        let (status, answer) = world.stateless(7, method, params).json();
        assert_eq!(status, 200, "{method}: {answer}");
        let result = &answer["result"];
        assert!(result[member].is_array() || result[member].is_object(), "{method}: {answer}");
        assert_eq!(result["resultType"], "complete", "{method}");
        assert_eq!(result["_meta"][SERVER_INFO]["name"], "fixture", "{method}");
        let caches = !matches!(member, "messages" | "content" | "completion");
        assert_eq!(result["ttlMs"].is_u64(), caches, "{method}");
        assert_eq!(result["cacheScope"].is_string(), caches, "{method}");
    }
}

#[test]
fn a_missing_resource_is_named_in_the_error() {
    let world = World::new();
    let seen = world.stateless(1, "resources/read", json!({"uri":"test://none"}));
    let (status, answer) = seen.json();
    assert_eq!(status, 400);
    assert_eq!(answer["error"]["code"], -32602);
    assert_eq!(answer["error"]["data"], json!({"uri":"test://none"}));
}

#[test]
fn messages_come_only_when_asked_for_and_before_the_answer() {
    let world = World::new();
    let (status, answer) = world.stateless(1, "tools/call", json!({"name":"noisy"})).json();
    assert_eq!((status, text_of(&answer)), (200, "done"));

    let params = json!({"name":"noisy","_meta":{LOG_LEVEL:"info","progressToken":"1"}});
    let mut reader = world.stateless(1, "tools/call", params).stream();
    let events = reader.read();
    let methods: Vec<&str> =
        events.iter().map(|event| event["method"].as_str().unwrap_or("-")).collect();
    assert_eq!(
        methods,
        ["notifications/message", "notifications/progress", "notifications/progress", "-", "-"]
    );
    assert_eq!(events[0]["params"], json!({"level":"warning","data":"loud"}));
    assert_eq!(
        events[1]["params"],
        json!({"progressToken":"1","progress":1,"total":2,"message":"half"})
    );
    assert_eq!(text_of(&events[3]), "done");
    assert_eq!(events[4], "ended");
    assert!(reader.ids.is_empty());
}

#[test]
fn a_slow_reader_loses_news_but_not_its_answer() {
    let world = World::new();
    let params = json!({"name":"chatter","_meta":{"progressToken":1}});
    let events = world.stateless(1, "tools/call", params).stream().read();
    assert_eq!(text_of(&events[events.len() - 2]), "said");
    assert!(events.len() < 200);
}

#[test]
fn notifications_are_accepted_and_dropped() {
    let world = World::new();
    let cancel =
        json!({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}});
    let stranger = json!({"jsonrpc":"2.0","method":"x","params":{"_meta":{VERSION:"v9"}}});
    for (name, pairs, body, status, code) in [
        ("by field", vec![("version", M)], &cancel, 202, None),
        ("unknown version in both", vec![("version", "v9")], &stranger, 400, Some(-32022)),
        ("field and meta differ", vec![("version", M)], &stranger, 400, Some(-32020)),
        ("unknown field alone", vec![("version", "v9")], &cancel, 400, Some(-32600)),
    ] {
        let seen = world.post(&pairs, body);
        assert_eq!((seen.status(), seen.code()), (status, code), "{name}");
    }
}

#[test]
fn a_closed_connection_ends_its_call() {
    let world = World::new();
    let (pairs, body) = crate::world::described(1, "tools/call", json!({"name":"slow"}), json!({}));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let route = (zscaler_mcp::guard::Route::Mcp, zscaler_mcp::guard::Verb::Post);
    let reply = world.raw("anna", route, &pairs, None, &body.to_string());
    let Seen::Pending(exchange) = World::look(reply.answer) else { panic!("not pending") };
    exchange.closed();
    // The handler pauses for as long as it can; it returns because nobody waits any more.
    world.run(reply.job);
    assert!(matches!(exchange.poll(), zscaler_mcp::mcp::Polled::Pending));
}

#[test]
fn a_call_that_cannot_be_queued_is_answered() {
    let world = World::new();
    let (pairs, body) = crate::world::described(1, "tools/call", json!({"name":"slow"}), json!({}));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let route = (zscaler_mcp::guard::Route::Mcp, zscaler_mcp::guard::Verb::Post);
    let reply = world.raw("anna", route, &pairs, None, &body.to_string());
    reply.job.unwrap().refuse();
    let (status, answer) = World::look(reply.answer).json();
    assert_eq!((status, &answer["id"]), (503, &json!(1)));
    assert!(answer["error"]["code"].is_i64());
}

#[test]
fn a_handler_that_panics_is_answered() {
    let world = World::new();
    let (pairs, body) =
        crate::world::described(1, "tools/call", json!({"name":"explode"}), json!({}));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let route = (zscaler_mcp::guard::Route::Mcp, zscaler_mcp::guard::Verb::Post);
    let reply = world.raw("anna", route, &pairs, None, &body.to_string());
    let job = reply.job.unwrap();
    let fell = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job.run(world.now())));
    assert!(fell.is_err());
    let (status, answer) = World::look(reply.answer).json();
    assert_eq!((status, &answer["error"]["code"]), (200, &json!(-32603)));
}

#[test]
fn a_call_that_takes_too_long_is_ended() {
    let world = World::new();
    let (pairs, body) = crate::world::described(1, "tools/call", json!({"name":"slow"}), json!({}));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let route = (zscaler_mcp::guard::Route::Mcp, zscaler_mcp::guard::Verb::Post);
    let reply = world.raw("anna", route, &pairs, None, &body.to_string());
    world.wait(zscaler_mcp::limits::CALL_MS);
    world.tick();
    world.run(reply.job);
    assert_eq!(World::look(reply.answer).code(), Some(-32603));
}

#[test]
fn structured_content_may_be_anything() {
    let world = World::new();
    let (_, answer) = world.stateless(1, "tools/call", json!({"name":"list"})).json();
    assert_eq!(answer["result"]["structuredContent"], json!([1]));
    let (_, answer) = world.stateless(1, "tools/list", json!({})).json();
    assert_eq!(answer["result"]["tools"][2]["outputSchema"], json!({"type":"array"}));
    assert_eq!(
        answer["result"]["tools"][1]["inputSchema"]["properties"]["region"]["x-mcp-header"],
        "Region"
    );
}
