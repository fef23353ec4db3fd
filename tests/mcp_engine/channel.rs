//! Standard input and HTTP+SSE: one client on one stream.

use serde_json::{Value, json};
use zscaler_mcp::guard::{Route, Verb};
use zscaler_mcp::mcp::{Answer, Stdio};

use crate::world::{
    CAPABILITIES, Reader, SERVER_INFO, SUBSCRIPTION, Seen, VERSION, World, initialize, request,
    text_of,
};

struct Pipe<'a> {
    world: &'a World,
    stdio: Stdio,
    reader: Reader,
}

impl<'a> Pipe<'a> {
    fn open(world: &'a World) -> Self {
        let (stdio, stream) = world.engine.open_stdio(world.now());
        Self { world, stdio, reader: Reader::new(stream, 0) }
    }

    fn line(&mut self, line: &str) -> Vec<Value> {
        self.world.run(self.stdio.line(line.as_bytes(), self.world.now()));
        self.reader.read()
    }

    fn send(&mut self, message: &Value) -> Vec<Value> {
        self.line(&message.to_string())
    }

    fn initialized(world: &'a World, revision: &str) -> Self {
        let mut pipe = Self::open(world);
        let answer = pipe.send(&initialize(0, revision, json!({"elicitation":{},"sampling":{}})));
        assert_eq!(answer[0]["result"]["protocolVersion"], revision);
        pipe
    }
}

fn described(id: i64, method: &str, mut params: Value) -> Value {
    params["_meta"] = json!({VERSION:"2026-07-28",CAPABILITIES:{"elicitation":{}}});
    request(id, method, params)
}

#[test]
fn lines_that_are_no_messages_are_answered_and_the_session_goes_on() {
    let world = World::new();
    let mut pipe = Pipe::open(&world);
    for (name, line, code, id) in [
        ("not JSON", "{nonsense", -32700, Value::Null),
        ("no message", "5", -32600, Value::Null),
        ("wrong version", r#"{"jsonrpc":"1.0","id":4,"method":"ping"}"#, -32600, json!(4)),
        ("an array too early", "[]", -32600, Value::Null),
        ("too early", r#"{"jsonrpc":"2.0","id":4,"method":"tools/list"}"#, -32602, json!(4)),
    ] {
        let answers = pipe.line(line);
        assert_eq!(answers.len(), 1, "{name}");
        assert_eq!(answers[0]["error"]["code"], code, "{name}");
        assert_eq!(answers[0].get("id").cloned().unwrap_or_default(), id, "{name}");
    }
    assert_eq!(pipe.line("\r\n"), Vec::<Value>::new());
    assert_eq!(
        pipe.line("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r\n"),
        [json!({"jsonrpc":"2.0","id":1,"result":{}})]
    );
}

#[test]
fn both_eras_share_the_stream_and_the_message_decides() {
    let world = World::new();
    let mut pipe = Pipe::open(&world);
    let answer = pipe.send(&described(1, "server/discover", json!({})));
    assert_eq!(answer[0]["result"]["supportedVersions"], json!(["2026-07-28"]));
    assert_eq!(answer[0]["result"]["_meta"][SERVER_INFO]["name"], "fixture");
    let answer = pipe.send(&described(2, "ping", json!({})));
    assert_eq!(answer[0]["error"]["code"], -32601);
    let answer = pipe.send(&described(3, "initialize", json!({})));
    assert_eq!(answer[0]["error"]["code"], -32601);
    let answer = pipe.send(&initialize(4, "2025-06-18", json!({})));
    assert_eq!(answer[0]["result"]["protocolVersion"], "2025-06-18");
    let answer = pipe.send(&initialize(5, "2025-06-18", json!({})));
    assert_eq!(answer[0]["error"]["code"], -32600);
    let answer = pipe.send(&request(6, "tools/call", json!({"name":"echo"})));
    assert!(answer[0]["result"].get("resultType").is_none());
    let answer = pipe.send(&described(7, "tools/call", json!({"name":"echo"})));
    assert_eq!(answer[0]["result"]["resultType"], "complete");
}

#[test]
fn questions_travel_on_the_one_stream_except_in_the_newest_revision() {
    let world = World::new();
    let mut pipe = Pipe::initialized(&world, "2025-11-25");
    let asked = pipe.send(&request(1, "tools/call", json!({"name":"ask"})));
    assert_eq!(asked[0]["method"], "elicitation/create");
    let result = json!({"action":"accept","content":{"name":"Eve"}});
    let done = pipe.send(&json!({"jsonrpc":"2.0","id":asked[0]["id"],"result":result}));
    assert_eq!(text_of(&done[0]), "Hello, Eve!");
    let asked = pipe.send(&described(2, "tools/call", json!({"name":"ask"})));
    assert_eq!(asked[0]["result"]["resultType"], "input_required");
}

#[test]
fn a_long_call_blocks_nothing_and_can_be_cancelled_in_both_eras() {
    let world = World::new();
    let mut pipe = Pipe::initialized(&world, "2025-11-25");
    for slow in [
        request(1, "tools/call", json!({"name":"slow"})),
        described(1, "tools/call", json!({"name":"slow"})),
    ] {
        let job = pipe.stdio.line(slow.to_string().as_bytes(), world.now());
        let twice = pipe.send(&slow);
        assert_eq!(twice[0]["error"]["code"], -32600);
        assert_eq!(pipe.send(&request(2, "ping", json!({})))[0]["result"], json!({}));
        let cancel = json!({"jsonrpc":"2.0","method":"notifications/cancelled",
            "params":{"requestId":1}});
        assert_eq!(pipe.send(&cancel), Vec::<Value>::new());
        world.run(job);
        assert_eq!(pipe.reader.read(), Vec::<Value>::new());
    }
}

#[test]
fn arrays_are_taken_where_the_revision_has_them() {
    let world = World::new();
    let batch = json!([request(1, "ping", json!({})), request(2, "ping", json!({}))]);
    let mut pipe = Pipe::initialized(&world, "2025-03-26");
    assert_eq!(pipe.send(&batch).len(), 2);
    for revision in ["2025-06-18", "2025-11-25"] {
        let mut pipe = Pipe::initialized(&world, revision);
        let answers = pipe.send(&batch);
        assert_eq!(answers[0]["error"]["code"], -32600, "{revision}");
    }
}

#[test]
fn listening_shares_the_stream_and_ends_by_notification() {
    let world = World::new();
    let mut pipe = Pipe::open(&world);
    let listen =
        described(9, "subscriptions/listen", json!({"notifications":{"toolsListChanged":true}}));
    let answers = pipe.send(&listen);
    assert_eq!(answers[0]["method"], "notifications/subscriptions/acknowledged");
    assert_eq!(answers[0]["params"]["_meta"][SUBSCRIPTION], 9);
    assert_eq!(pipe.send(&listen)[0]["error"]["code"], -32600);
    world.stateless(1, "tools/call", json!({"name":"change"}));
    let news = pipe.reader.read();
    assert_eq!(news.len(), 1);
    assert_eq!(news[0]["params"]["_meta"][SUBSCRIPTION], 9);
    pipe.send(
        &json!({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}),
    );
    world.stateless(1, "tools/call", json!({"name":"change"}));
    assert_eq!(pipe.reader.read(), Vec::<Value>::new());
    pipe.stdio.close();
    assert_eq!(pipe.reader.read(), ["ended"]);
}

#[test]
fn a_reader_that_does_not_keep_up_is_noticed() {
    let world = World::new();
    let mut pipe = Pipe::open(&world);
    let ping = request(1, "ping", json!({})).to_string();
    assert!(pipe.stdio.keeps_up());
    for _ in 0..200 {
        assert!(pipe.stdio.line(ping.as_bytes(), world.now()).is_none());
    }
    assert!(!pipe.stdio.keeps_up());
    assert_eq!(pipe.reader.read().len(), 200);
    assert!(pipe.stdio.keeps_up());
}

struct Sse {
    reader: Reader,
    session: String,
    tie: std::sync::Arc<dyn zscaler_mcp::mcp::Closed>,
}

fn open_sse(world: &World, route: Route) -> Sse {
    let reply = world.raw("anna", (route, Verb::Get), &[], None, "");
    let Answer::Stream { stream, after, session: None, tie: Some(tie) } = reply.answer else {
        panic!("no stream")
    };
    let mut reader = Reader::new(stream, after);
    let first = reader.read();
    let place = first[0].as_str().unwrap();
    let session = place.strip_prefix("endpoint: /messages/?session_id=").unwrap().to_owned();
    assert_eq!(first.len(), 1);
    assert!(reader.ids.is_empty());
    Sse { reader, session, tie }
}

fn post_sse(world: &World, who: &str, query: Option<&str>, body: &str) -> Seen {
    let reply = world.raw(who, (Route::Messages, Verb::Post), &[], query, body);
    world.run(reply.job);
    World::look(reply.answer)
}

#[test]
fn over_sse_every_answer_comes_by_the_stream() {
    let world = World::with(true, 10);
    let mut sse = open_sse(&world, Route::Sse);
    let id = sse.session.clone();
    let mut send = |message: Value| {
        let seen = post_sse(&world, "anna", Some(&id), &message.to_string());
        assert_eq!(seen.status(), 202);
        sse.reader.read()
    };
    let answers = send(initialize(1, "2025-11-25", json!({"elicitation":{}})));
    assert_eq!(answers[0]["result"]["protocolVersion"], "2025-11-25");
    let answers = send(request(2, "tools/call", json!({"name":"ask"})));
    assert_eq!(answers[0]["method"], "elicitation/create");
    let result = json!({"action":"accept","content":{"name":"Eve"}});
    let answers = send(json!({"jsonrpc":"2.0","id":answers[0]["id"],"result":result}));
    assert_eq!(text_of(&answers[0]), "Hello, Eve!");
    let answers = send(described(3, "server/discover", json!({})));
    assert_eq!(answers[0]["result"]["resultType"], "complete");
}

#[test]
fn over_sse_the_session_is_checked_and_ends_with_its_stream() {
    let world = World::with(true, 10);
    let mut sse = open_sse(&world, Route::Mcp);
    let ping = request(1, "ping", json!({})).to_string();
    let id = sse.session.clone();
    for (name, who, query, body, status) in [
        ("no session", "anna", None, ping.as_str(), 400),
        ("unknown session", "anna", Some("f00d"), ping.as_str(), 404),
        ("somebody else", "boris", Some(id.as_str()), ping.as_str(), 404),
        ("not JSON", "anna", Some(id.as_str()), "{", 400),
        ("no message", "anna", Some(id.as_str()), "5", 400),
        ("a message", "anna", Some(id.as_str()), ping.as_str(), 202),
    ] {
        assert_eq!(post_sse(&world, who, query, body).status(), status, "{name}");
    }
    assert_eq!(sse.reader.read().len(), 1);
    let reply = world.raw(
        "anna",
        (Route::Messages, Verb::Post),
        &[],
        Some(&id),
        &described(7, "tools/call", json!({"name":"slow"})).to_string(),
    );
    sse.tie.closed();
    world.run(reply.job);
    assert_eq!(sse.reader.read(), ["ended"]);
    assert_eq!(post_sse(&world, "anna", Some(&id), &ping).status(), 404);
}

#[test]
fn over_sse_a_client_that_does_not_read_is_refused() {
    let world = World::with(true, 10);
    let mut sse = open_sse(&world, Route::Sse);
    let ping = request(1, "ping", json!({})).to_string();
    let mut refused = 0;
    for _ in 0..300 {
        if post_sse(&world, "anna", Some(&sse.session), &ping).status() == 503 {
            refused += 1;
        }
    }
    assert!(refused > 100);
    assert!(!sse.reader.read().contains(&json!("lost")));
}
