//! Every answer of the built binary is valid in every revision; and the client that looks at the
//! answers in all end-to-end tests sees what is wrong.

mod common;

use std::io::{Cursor, Read, Result, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use common::pipe::Output;
use common::valid::{Asked, revision};
use common::wire::Wire;
use common::{ACCEPT, Response, Server, request};
use serde_json::{Value, json};
use zscaler_mcp::tools::catalogue;

const HANDSHAKES: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
const NEWEST: &str = "2026-07-28";

// ---- what is wrong is seen -------------------------------------------------------------------

/// A client of `name` that asked `method` with the id 1.
fn client(name: &str, method: &str) -> Asked {
    let mut asked = Asked::of(revision(name));
    asked.note(&json!({"jsonrpc":"2.0","id":1,"method":method}));
    asked
}

fn answer(result: Value) -> Value {
    json!({"jsonrpc":"2.0","id":1,"result":result})
}

fn error(error: Value) -> Value {
    json!({"jsonrpc":"2.0","id":1,"error":error})
}

fn unasked(method: &str, params: Value) -> Value {
    json!({"jsonrpc":"2.0","method":method,"params":params})
}

fn judge(rows: impl IntoIterator<Item = (&'static str, &'static str, &'static str, Value, bool)>) {
    for (name, revision, method, said, good) in rows {
        let judged = client(revision, method).judge(&said);
        assert_eq!(judged.is_ok(), good, "{name}, {revision}: {judged:?}");
    }
}

#[test]
fn results_that_are_malformed_or_of_another_method_are_refused() {
    let tools = || json!({"tools":[{"name":"a","inputSchema":{"type":"object"}}]});
    let described = || {
        let mut result = tools();
        result["resultType"] = "complete".into();
        (result["ttlMs"], result["cacheScope"]) = (0.into(), "public".into());
        result
    };
    let mut negative = described();
    negative["ttlMs"] = (-1).into();
    let first = |info: Value| {
        answer(json!({"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":info}))
    };
    let full = json!({"name":"n","version":"1"});
    judge([
        ("empty", "2025-11-25", "ping", answer(json!({})), true),
        ("no version", "2025-11-25", "ping", json!({"id":1,"result":{}}), false),
        ("version", "2025-11-25", "ping", json!({"jsonrpc":"1.0","id":1,"result":{}}), false),
        ("other id", "2025-11-25", "ping", json!({"jsonrpc":"2.0","id":2,"result":{}}), false),
        ("id as text", "2025-11-25", "ping", json!({"jsonrpc":"2.0","id":"1","result":{}}), false),
        ("no id", "2025-11-25", "ping", json!({"jsonrpc":"2.0","result":{}}), false),
        ("no object", "2025-11-25", "ping", answer(json!([])), false),
        ("neither", "2025-11-25", "ping", json!({"jsonrpc":"2.0","id":1}), false),
        (
            "both",
            "2025-11-25",
            "ping",
            json!({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}),
            false,
        ),
        ("unknown method", "2025-11-25", "no/such", answer(json!({})), false),
        ("list", "2025-11-25", "tools/list", answer(tools()), true),
        ("no list", "2025-11-25", "tools/list", answer(json!({})), false),
        ("another's", "2025-11-25", "tools/call", answer(tools()), false),
        ("null", "2025-11-25", "tools/list", answer(json!({"tools":[],"nextCursor":null})), false),
        ("list", NEWEST, "tools/list", answer(described()), true),
        ("no type", NEWEST, "tools/list", answer(tools()), false),
        ("below the minimum", NEWEST, "tools/list", answer(negative), false),
        ("a question", NEWEST, "tools/call", answer(json!({"resultType":"input_required"})), true),
        (
            "a question",
            "2025-11-25",
            "tools/call",
            answer(json!({"resultType":"input_required"})),
            false,
        ),
        ("no discovery", NEWEST, "server/discover", answer(described()), false),
        // The answer is read in the revision that it settles.
        ("handshake", "2024-11-05", "initialize", first(full), true),
        ("handshake", "2024-11-05", "initialize", first(json!({"name":"n"})), false),
    ]);
}

#[test]
fn errors_that_are_malformed_are_refused() {
    let plain = || json!({"code":-32601,"message":"m"});
    let data = |data: Value| error(json!({"code":-32022,"message":"m","data":data}));
    for name in [HANDSHAKES.as_slice(), &[NEWEST]].concat() {
        judge([
            ("plain", name, "x", error(plain()), true),
            ("for nobody", name, "x", json!({"jsonrpc":"2.0","error":plain()}), true),
            ("for null", name, "x", json!({"jsonrpc":"2.0","id":null,"error":plain()}), false),
            ("for another", name, "x", json!({"jsonrpc":"2.0","id":2,"error":plain()}), false),
            ("no version", name, "x", json!({"id":1,"error":plain()}), false),
            ("no code", name, "x", error(json!({"message":"m"})), false),
            ("a broken code", name, "x", error(json!({"code":1.5,"message":"m"})), false),
            ("no text", name, "x", error(json!({"code":-32601})), false),
            ("for nobody, no text", name, "x", json!({"jsonrpc":"2.0","error":{"code":1}}), false),
        ]);
    }
    judge([
        ("described", NEWEST, "x", data(json!({"supported":["a"],"requested":"b"})), true),
        ("half of it", NEWEST, "x", data(json!({"supported":["a"]})), false),
        ("nothing of it", NEWEST, "x", error(json!({"code":-32022,"message":"m"})), false),
        ("the same before", "2025-11-25", "x", error(json!({"code":-32022,"message":"m"})), true),
    ]);
}

#[test]
fn what_a_server_may_not_say_unasked_is_refused() {
    let log = |level: &str| unasked("notifications/message", json!({"level":level,"data":1}));
    let ask = |schema: Value| {
        let mut message =
            unasked("elicitation/create", json!({"message":"m","requestedSchema":schema}));
        message["id"] = "q".into();
        message
    };
    let form = || json!({"type":"object","properties":{}});
    for name in [HANDSHAKES.as_slice(), &[NEWEST]].concat() {
        judge([
            ("log", name, "x", log("debug"), true),
            ("level", name, "x", log("loud"), false),
            ("unknown", name, "x", unasked("notifications/new", json!({})), false),
            ("of a client", name, "x", unasked("notifications/initialized", json!({})), false),
            ("list", name, "x", unasked("notifications/tools/list_changed", json!([])), false),
        ]);
    }
    judge([
        ("question", "2025-03-26", "x", ask(form()), false),
        ("question", "2025-06-18", "x", ask(form()), true),
        ("no form", "2025-06-18", "x", ask(json!({"type":"object"})), false),
        ("question", "2025-11-25", "x", ask(form()), true),
        ("question", NEWEST, "x", ask(form()), false),
    ]);
}

#[test]
fn arrays_are_refused_where_the_revision_has_none_and_where_one_part_is_malformed() {
    let good = || json!([answer(json!({})), {"jsonrpc":"2.0","error":{"code":1,"message":"m"}}]);
    for (name, said, expected) in [
        ("2024-11-05", good(), true),
        ("2025-03-26", json!([answer(json!({}))]), true),
        ("2025-03-26", json!([error(json!({"code":1,"message":"m"}))]), true),
        ("2025-03-26", json!([answer(json!({})), error(json!({"code":1}))]), false),
        ("2025-03-26", json!([unasked("notifications/message", json!({}))]), false),
        ("2025-03-26", json!([]), false),
        ("2025-03-26", json!([[answer(json!({}))]]), false),
        ("2025-06-18", json!([answer(json!({}))]), false),
        ("2025-11-25", json!([answer(json!({}))]), false),
        (NEWEST, json!([answer(json!({}))]), false),
    ] {
        judge([("array", name, "ping", said, expected)]);
    }
}

/// A connection on which this is said, whatever is sent.
struct Script(Cursor<Vec<u8>>);

impl Read for Script {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        self.0.read(out)
    }
}

impl Write for Script {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

fn whole(kind: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn chunked(events: &[&str]) -> String {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    let chunks = events.iter().map(|event| format!("{:x}\r\n{event}\r\n", event.len()));
    format!("{head}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", chunks.collect::<String>())
}

/// True when the client of the tests accepts `said` after a `ping`, read in pieces of any size.
fn accepts(said: &str) -> bool {
    let ping = json!({"jsonrpc":"2.0","id":1,"method":"ping"}).to_string();
    let asked = request("POST /mcp HTTP/1.1", "h", &ACCEPT, &ping);
    let outcomes = [1, 7, 100_000].map(|size| {
        catch_unwind(AssertUnwindSafe(|| {
            let mut wire = Wire::new(Script(Cursor::new(said.as_bytes().to_vec())));
            wire.write_all(&asked).unwrap();
            let mut out = vec![0; size];
            while wire.read(&mut out).unwrap() > 0 {}
        }))
        .is_ok()
    });
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{said}");
    outcomes[0]
}

#[test]
fn whoever_reads_a_connection_sees_malformed_answers_and_events() {
    let (good, bad) = (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, r#"{"jsonrpc":"2.0","id":1}"#);
    let front = |error: &str| {
        whole("application/json", &format!(r#"{{"jsonrpc":"2.0","error":{error}}}"#))
            .replace("200 OK", "403 Forbidden")
    };
    let (event, wrong) = (format!("data: {good}\n\n"), format!("data: {bad}\n\n"));
    for (name, said, expected) in [
        ("whole", whole("application/json", good), true),
        ("malformed", whole("application/json", bad), false),
        ("cut", whole("application/json", &good[1..]), false),
        ("no JSON", whole("application/json", "pong"), false),
        ("another type", whole("text/plain", good), false),
        ("health for somebody else", whole("application/json", r#"{"status":"ok"}"#), false),
        ("refusal", front(r#"{"code":-32600,"message":"m"}"#), true),
        ("malformed refusal", front(r#"{"code":-32600}"#), false),
        ("no HTTP", "hello\r\n\r\n".to_owned(), false),
        ("behind a good one", whole("application/json", good) + &front("{}"), false),
        ("event", chunked(&[&event]), true),
        ("first event empty", chunked(&["id: 1\ndata: \n\n", ": \n\n", &event]), true),
        ("malformed event", chunked(&[&wrong]), false),
        ("second event malformed", chunked(&[&event, &wrong]), false),
        ("event over two chunks", chunked(&[&wrong[..9], &wrong[9..]]), false),
        ("event of another name", chunked(&["event: news\ndata: {}\n\n"]), false),
        ("line of another name", chunked(&["date: {}\n\n"]), false),
        (
            "event up to the end",
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{wrong}"),
            false,
        ),
    ] {
        assert_eq!(accepts(&said), expected, "{name}");
    }
}

#[test]
fn whoever_reads_standard_output_sees_malformed_lines() {
    for (line, good) in [
        (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, true),
        (r#"{"jsonrpc":"2.0","id":1}"#, false),
        (r#"{"jsonrpc":"2.0","id":2,"result":{}}"#, false),
        ("listening", false),
    ] {
        let asked = Arc::new(Mutex::new(client("2025-11-25", "ping")));
        let mut output = Output::new(Cursor::new(format!("{line}\n")), asked);
        let heard = catch_unwind(AssertUnwindSafe(|| output.hear()));
        assert_eq!(heard.is_ok(), good, "{line}");
    }
}

// ---- what the server says is right -----------------------------------------------------------

const LIST: &str = "zia_list_rule_labels";
const GET: &str = "zia_get_rule_label";

/// Posts in `session` and reads the answer, which is judged as every other.
fn ask(server: &Server, session: &str, id: u32, method: &str, params: Value) -> Response {
    let message = json!({"jsonrpc":"2.0","id":id,"method":method,"params":params});
    server.post(&[("Mcp-Session-Id", session)], &message)
}

/// The parameters of `prompts/get` for a prompt of the demo tenant.
fn asked(hours: &str) -> Value {
    json!({"name":"zdx_investigate_alert","arguments":{"alert_id":"1","since_hours":hours}})
}

/// The parameters of `completion/complete` behind the letters `begun`.
fn typed(begun: &str) -> Value {
    json!({"ref":{"type":"ref/prompt","name":"zia_review_unused_rules"},
        "argument":{"name":"policy","value":begun}})
}

#[test]
fn every_kind_of_answer_is_valid_in_every_revision_with_a_handshake() {
    let server = Server::demo(&[], &[]);
    for name in HANDSHAKES {
        let session = server.handshake(name);
        let tell = |method: &str, params: Value| {
            let answer = ask(&server, &session, 2, method, params);
            assert_eq!(answer.status, 200, "{name} {method}: {answer:?}");
            answer.message()
        };
        for (method, params, works) in [
            ("ping", json!({}), true),
            ("tools/list", json!({}), true),
            ("tools/list", json!({"cursor":"x"}), false),
            ("logging/setLevel", json!({"level":"debug"}), true),
            ("logging/setLevel", json!({"level":"loud"}), false),
            ("tools/call", json!({"name":LIST}), true),
            ("tools/call", json!({"name":LIST,"arguments":{"query":"["}}), true),
            ("tools/call", json!({"name":GET,"arguments":{"label_id":1}}), true),
            ("tools/call", json!({"name":"no_such_tool"}), false),
            ("prompts/list", json!({}), true),
            ("prompts/get", asked("7"), true),
            ("prompts/get", asked("0"), false),
            ("prompts/get", json!({"name":"no_such_prompt"}), false),
            ("resources/list", json!({}), true),
            ("resources/templates/list", json!({}), true),
            ("resources/read", json!({"uri":"zscaler://catalogue"}), true),
            ("resources/read", json!({"uri":"zscaler://catalogue/zia_rule_labels"}), true),
            ("resources/read", json!({"uri":"zscaler://posture"}), true),
            ("resources/read", json!({"uri":"zscaler://no/such"}), false),
            ("completion/complete", typed("f"), true),
            ("no/such", json!({}), false),
        ] {
            let said = tell(method, params.clone());
            assert_eq!(said.get("result").is_some(), works, "{name} {method} {params}: {said}");
        }
    }
}

#[test]
fn every_kind_of_answer_is_valid_in_the_newest_revision() {
    let server = Server::demo(&[], &[]);
    for (method, params, status) in [
        ("server/discover", json!({}), 200),
        ("tools/list", json!({}), 200),
        ("tools/call", json!({"name":LIST}), 200),
        ("tools/call", json!({"name":GET,"arguments":{"label_id":1}}), 200),
        ("tools/call", json!({"name":"no_such_tool"}), 400),
        ("prompts/list", json!({}), 200),
        ("prompts/get", asked("7"), 200),
        ("prompts/get", asked("0"), 400),
        ("resources/list", json!({}), 200),
        ("resources/templates/list", json!({}), 200),
        ("resources/read", json!({"uri":"zscaler://catalogue"}), 200),
        ("resources/read", json!({"uri":"zscaler://posture"}), 200),
        ("resources/read", json!({"uri":"zscaler://no/such"}), 400),
        ("completion/complete", typed("f"), 200),
        ("ping", json!({}), 404),
    ] {
        let answer = server.stateless(method, params);
        assert_eq!(answer.status, status, "{method}: {answer:?}");
    }
    let message = |version: &str| {
        json!({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{
            "io.modelcontextprotocol/protocolVersion":version,
            "io.modelcontextprotocol/clientCapabilities":{}}}})
    };
    for (field, version, code) in [
        ("2030-01-01", "2030-01-01", -32022),
        (NEWEST, "2025-11-25", -32020),
        ("2025-11-25", NEWEST, -32020),
    ] {
        let fields = [("MCP-Protocol-Version", field), ("Mcp-Method", "tools/list")];
        let answer = server.post(&fields, &message(version));
        assert_eq!(answer.status, 400, "{field} {version}");
        assert_eq!(answer.message()["error"]["code"], code, "{field} {version}");
    }
}

#[test]
fn notices_in_front_of_an_answer_are_valid_in_every_revision() {
    let server = Server::demo(&[], &[]);
    let missing = || json!({"name":GET,"arguments":{"label_id":1}});
    let mut answers = Vec::new();
    for name in HANDSHAKES {
        let session = server.handshake(name);
        ask(&server, &session, 1, "logging/setLevel", json!({"level":"debug"}));
        answers.push(ask(&server, &session, 2, "tools/call", missing()));
    }
    let mut params = missing();
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion":NEWEST,
        "io.modelcontextprotocol/clientCapabilities":{},
        "io.modelcontextprotocol/logLevel":"debug"});
    let fields =
        [("MCP-Protocol-Version", NEWEST), ("Mcp-Method", "tools/call"), ("Mcp-Name", GET)];
    let message = json!({"jsonrpc":"2.0","id":2,"method":"tools/call","params":params});
    answers.push(server.post(&fields, &message));
    for answer in answers {
        assert_eq!(answer.field("content-type").as_deref(), Some("text/event-stream"));
        assert!(answer.text().contains("notifications/message"), "{answer:?}");
        assert_eq!(answer.message()["result"]["isError"], true);
    }
}

#[test]
fn an_array_of_answers_is_valid_where_the_revision_has_arrays() {
    let server = Server::demo(&[], &[]);
    let batch = json!([
        {"jsonrpc":"2.0","id":1,"method":"ping"},
        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":LIST}},
        {"jsonrpc":"2.0","id":3,"method":"no/such"},
    ]);
    for (name, count) in [("2024-11-05", Some(3)), ("2025-03-26", Some(3)), ("2025-06-18", None)] {
        let session = server.handshake(name);
        let said = server.post(&[("Mcp-Session-Id", &session)], &batch).message();
        assert_eq!(said.as_array().map(Vec::len), count, "{name}: {said}");
    }
}

/// What a model reads before it does anything.
const LIST_BYTES_MAX: usize = 200_000;

#[test]
fn the_list_of_all_reading_tools_is_short() {
    let server = Server::demo(&[], &[]);
    let session = server.handshake("2025-11-25");
    let (mut bytes, mut tools, mut params) = (0, 0, json!({}));
    loop {
        let answer = ask(&server, &session, 2, "tools/list", params);
        bytes += answer.text().len();
        let result = answer.message()["result"].take();
        tools += result["tools"].as_array().unwrap().len();
        let Some(cursor) = result.get("nextCursor") else { break };
        params = json!({ "cursor": cursor });
    }
    assert_eq!(tools, catalogue::reads().count());
    assert!(bytes < LIST_BYTES_MAX, "{bytes} bytes");
}
