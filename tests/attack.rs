//! Attacks that once worked, each as a test that fails without its defence.

mod common;

#[path = "../fuzz/props/kit/open.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees this file as part of a library")]
mod open;

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::Arc;

use common::wire::Wire;
use common::{Server, binary, run};
use open::let_in;
use serde_json::{Value, json};
use zscaler_mcp::auth::{Grant, Principal};
use zscaler_mcp::base::{Exhausted, Millis, Random};
use zscaler_mcp::conn::{Conn, Event, Front, Payload, Stamp};
use zscaler_mcp::guard::{
    FieldValue, Hosts, McpFields, Origins, Policy, Proxies, Route, Sources, Verb,
};
use zscaler_mcp::http::response::Status;
use zscaler_mcp::json::Object;
use zscaler_mcp::limits::{
    BATCH_BYTES_MAX, BATCH_MAX, BODY_BYTES_MAX, DRAIN_MS, IDLE_MS, OUTPUT_HIGH_WATER,
    WRITE_STALL_MS,
};
use zscaler_mcp::mcp::registry::{
    CallResult, Content, Context, Offers, Outcome, Registry, ServerInfo, ToolCard, Weight,
};
use zscaler_mcp::mcp::{Answer, Engine, EngineConfig, Incoming, Now, Polled};
use zscaler_mcp::sanitize::Scrubber;

// ---- connections ---------------------------------------------------------------------------

const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\n\r\n";

fn policy() -> Policy {
    Policy {
        hosts: Hosts::default_for("127.0.0.1", 8000).unwrap(),
        sources: Sources::any(),
        proxies: Proxies::list(Vec::new()),
        origins: Origins::list(Vec::new()),
        tls: false,
        sse: false,
        body_max: BODY_BYTES_MAX,
        documents: Vec::new(),
    }
}

fn post(body: &str) -> Vec<u8> {
    let fields = "Host: 127.0.0.1:8000\r\nContent-Type: application/json\r\nAccept: */*\r\n";
    format!("POST /mcp HTTP/1.1\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// A connection, and the shell around it that answers nothing by itself.
struct Line {
    conn: Conn,
    policy: Policy,
    now: u64,
    /// Bodies of complete requests that wait for an answer.
    asked: Vec<Vec<u8>>,
    sent: Vec<u8>,
}

impl Line {
    fn new() -> Self {
        let front = Front { tls: false, cors: false };
        let conn = Conn::new("127.0.0.1".parse().unwrap(), front, Millis(0));
        Self { conn, policy: policy(), now: 0, asked: Vec::new(), sent: Vec::new() }
    }

    fn stamp(&self) -> Stamp<'static> {
        Stamp { now: Millis(self.now), date: b"Thu, 01 Jan 1970 00:00:00 GMT" }
    }

    fn follow(&mut self, mut next: Option<Event>) {
        let stamp = self.stamp();
        while let Some(event) = next {
            match event {
                Event::Admitted(admitted) => {
                    let authorized = let_in(admitted);
                    self.conn.authorize(authorized, &self.policy, &stamp);
                }
                Event::Request(request) => self.asked.push(request.body),
                Event::Refused(_) => {}
            }
            next = self.conn.advance(&self.policy, &stamp);
        }
    }

    /// Sends what the connection takes and returns how much that was.
    fn send(&mut self, bytes: &[u8]) -> usize {
        let taken = self.conn.room().min(bytes.len());
        if taken > 0 {
            let next = self.conn.feed(&bytes[..taken], &self.policy, &self.stamp());
            self.follow(next);
        }
        taken
    }

    fn answer(&mut self, body: &str) {
        let payload = Payload::Whole(body.as_bytes().to_vec());
        self.conn.respond(Status::OK, payload, &[], &self.stamp());
        let next = self.conn.advance(&self.policy, &self.stamp());
        self.follow(next);
    }

    /// Reads at most `count` bytes of what was answered.
    fn read(&mut self, count: usize) {
        let (slices, used) = self.conn.output().slices::<8>();
        let bytes: Vec<u8> = slices[..used].iter().flat_map(|slice| slice.to_vec()).collect();
        let count = count.min(bytes.len());
        self.sent.extend_from_slice(&bytes[..count]);
        self.conn.written(count, Millis(self.now));
        let next = self.conn.advance(&self.policy, &self.stamp());
        self.follow(next);
    }

    fn read_all(&mut self) {
        while !self.conn.output().is_empty() {
            self.read(usize::MAX);
        }
    }

    fn answers(&self) -> usize {
        String::from_utf8_lossy(&self.sent).matches("HTTP/1.1 200 ").count()
    }
}

#[test]
fn requests_behind_a_constant_answer_are_answered_at_any_cut() {
    let input = HEALTH.repeat(3);
    for cut in 0..=input.len() {
        let mut line = Line::new();
        assert_eq!(line.send(&input[..cut]), cut);
        assert_eq!(line.send(&input[cut..]), input.len() - cut);
        line.read_all();
        assert_eq!(line.answers(), 3, "cut at {cut}");
    }
    let mut line = Line::new();
    line.send(&[HEALTH, &post("{}"), HEALTH].concat());
    line.answer("x");
    line.read_all();
    assert_eq!((line.asked.len(), line.answers()), (1, 3));
}

#[test]
fn a_peer_that_reads_nothing_cannot_make_the_server_hold_more_and_more() {
    let input = HEALTH.repeat(100_000);
    let mut line = Line::new();
    let mut taken = 0;
    loop {
        match line.send(&input[taken..]) {
            0 => break,
            count => taken += count,
        }
        assert!(taken < 1_000_000, "still reading after {taken} bytes");
    }
    assert!(line.conn.output().len() < OUTPUT_HIGH_WATER + 1_000);
    // Once it reads, everything it sent is answered.
    while taken < input.len() {
        line.read_all();
        taken += line.send(&input[taken..]);
    }
    line.read_all();
    assert_eq!(line.answers(), 100_000);
}

#[test]
fn every_complete_request_before_the_end_of_input_is_answered() {
    let mut line = Line::new();
    line.send(&[post("1"), post("2"), HEALTH.to_vec(), post("3")].concat());
    line.conn.end_input();
    for body in ["a", "b", "c"] {
        line.answer(body);
    }
    line.read_all();
    assert_eq!(line.asked, [b"1", b"2", b"3"]);
    assert_eq!(line.answers(), 4);
    assert!(line.conn.is_closed());
}

#[test]
fn a_request_cut_off_by_the_end_of_input_is_not_served() {
    for cut in 1..post("3").len() {
        let mut line = Line::new();
        line.send(&[post("1"), post("3")[..cut].to_vec()].concat());
        line.conn.end_input();
        line.answer("a");
        line.read_all();
        assert_eq!((line.asked.len(), line.answers()), (1, 1), "{cut}");
        assert!(line.conn.is_closed(), "{cut}");
    }
}

#[test]
fn an_answer_that_is_read_slowly_is_not_cut_by_the_idle_or_drain_time() {
    for (close, patience) in [("", IDLE_MS), ("Connection: close\r\n", DRAIN_MS)] {
        let mut line = Line::new();
        let text = String::from_utf8(post("{}")).unwrap();
        line.send(text.replace("Accept", &format!("{close}Accept")).as_bytes());
        line.answer(&"x".repeat(1_000_000));
        for _ in 0..10 {
            line.now += WRITE_STALL_MS - 1;
            assert!(line.conn.deadline() > Millis(line.now), "{close}");
            line.read(50_000);
        }
        line.read_all();
        assert_eq!(line.conn.deadline(), Millis(line.now + patience), "{close}");
    }
}

#[test]
fn a_live_server_answers_and_bounds_what_is_pipelined_behind_health() {
    let server = Server::demo(&[], &[]);
    let mut peer = server.connect();
    peer.write_all(&HEALTH.repeat(3)).unwrap();
    let mut text = String::new();
    let mut bytes = [0; 4096];
    while text.matches("HTTP/1.1 200 OK").count() < 3 {
        let count = peer.read(&mut bytes).unwrap();
        assert!(count > 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    // Nothing is read of these: the sender is stopped by TCP long before the data ends.
    let mut deaf = server.connect();
    deaf.set_write_timeout(Some(std::time::Duration::from_millis(500))).unwrap();
    assert!(deaf.write_all(&HEALTH.repeat(2_000_000)).is_err());
    assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
}

#[test]
fn a_log_that_nobody_reads_does_not_keep_a_server_from_stopping() {
    let args = ["--demo", "--debug", "--transport", "streamable-http", "--port", "0"];
    let mut child = binary(&args, &[]).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let address = loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0);
        if let Some((_, rest)) = line.split_once("address=") {
            break rest.split_whitespace().next().unwrap().to_owned();
        }
    };
    let refused = format!("GET /nope HTTP/1.1\r\nHost: {address}\r\n\r\n");
    for _ in 0..2_500 {
        let mut peer = Wire::to(&address);
        peer.write_all(refused.as_bytes()).unwrap();
        assert!(peer.read(&mut [0; 512]).unwrap() > 0);
    }
    let id = child.id().to_string();
    let kill = std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(kill.success());
    assert_eq!(common::wait(&mut child), Some(0));
    drop(log);
}

#[test]
fn at_the_connection_bound_the_newcomer_is_served_every_time() {
    let server = Server::demo(&["--max-connections", "8"], &[("ZSCALER_MCP_LOOPS", "1")]);
    let mut kept = Vec::new();
    for round in 0..400 {
        kept.push(server.connect());
        if round % 50 == 0 {
            assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200, "{round}");
        }
    }
}

// ---- sanitizer -----------------------------------------------------------------------------

#[test]
fn the_sanitizer_is_not_passed_by() {
    for (name, dirty, expected) in [
        ("ligature in a fence", "```sy\u{fb06}em\nx", "```text\nx"),
        ("unit sign in a fence", "```\u{33da}ompt\nx", "```text\nx"),
        ("near miss: no letters inside", "```rust \u{2026}\nx", "```rust \u{2026}\nx"),
        ("ligature begins a tag", "<\u{fb01}gure onclick=x>y", "y"),
        ("sign begins a tag", "<\u{2100} onload=x>y", "y"),
        ("bracket of another width in a label", "[a\u{ff3d}]: https://h", "a\u{ff3d}] : https://h"),
        ("the same in a quote", "> [a\u{ff3d}]: https://h", "> a\u{ff3d}] : https://h"),
        ("near miss: brackets in pairs", "a[b[1]]: c", "a[b[1]]: c"),
    ] {
        let clean = Scrubber::new(true).text(dirty).into_string();
        let again = Scrubber::new(true).text(&clean).into_string();
        assert_eq!(again, clean, "{name}");
        if name.starts_with("bracket") || name.starts_with("the same") {
            assert!(!clean.contains("]:"), "{name}: {clean}");
        } else {
            assert_eq!(clean, expected, "{name}");
        }
    }
}

// ---- settings ------------------------------------------------------------------------------

#[test]
fn lists_that_hold_everything_are_named_in_every_spelling() {
    let check =
        |env: &[(&str, &str)]| run(&["check", "--demo", "--transport", "streamable-http"], env);
    for entry in ["*", "?*", "*.*", "*:8000", "[a-z]*"] {
        let report = check(&[("ZSCALER_MCP_ALLOWED_HOSTS", entry)]);
        assert!(report.text.contains("an entry accepts any Host"), "{entry}: {}", report.text);
    }
    for entry in ["*.example.com", "mcp?.example"] {
        let report = check(&[("ZSCALER_MCP_ALLOWED_HOSTS", entry)]);
        assert!(!report.text.contains("accepts any Host"), "{entry}: {}", report.text);
    }
    for (entry, code) in [
        ("*", Some(1)),
        ("0.0.0.0/0", Some(1)),
        ("1.2.3.4/0", Some(1)),
        ("::ffff:0.0.0.0/96", Some(1)),
        ("::ffff:9.9.9.9/96", Some(1)),
        ("10.0.0.0/8", Some(0)),
    ] {
        let report = check(&[("ZSCALER_MCP_TRUSTED_PROXIES", entry)]);
        assert_eq!(report.code, code, "{entry}: {}", report.text);
    }
}

// ---- protocol ------------------------------------------------------------------------------

/// A registry with one tool whose answer is large.
struct Large(Weight);

const LARGE: usize = 1_000_000;

impl Registry for Large {
    fn server(&self) -> ServerInfo {
        ServerInfo {
            name: "t".to_owned(),
            title: String::new(),
            version: "1".to_owned(),
            description: String::new(),
            website: String::new(),
            instructions: String::new(),
        }
    }

    fn offers(&self) -> Offers {
        Offers { tools: true, ..Offers::default() }
    }

    fn tools(&self) -> Vec<ToolCard> {
        Vec::new()
    }

    fn weight(&self, _: &str, _: &Grant) -> Option<Weight> {
        Some(self.0)
    }

    fn call(&self, _: &str, _: &Object, _: &dyn Context) -> Outcome<CallResult> {
        let text = Scrubber::new(true).text(&"x".repeat(LARGE));
        let content = vec![Content::Text(text)];
        Outcome::Done(CallResult { content, structured: None, is_error: false })
    }
}

/// Bytes that differ from call to call and are the same in every run.
struct Counter(std::sync::atomic::AtomicU64);

impl Random for Counter {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        let next = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        out.iter_mut().zip(next.to_be_bytes().iter().cycle()).for_each(|(a, b)| *a = *b);
        Ok(())
    }
}

struct World {
    engine: Arc<Engine>,
    random: Counter,
}

impl World {
    fn new(weight: Weight) -> Self {
        let config = EngineConfig {
            sse: false,
            sessions_max: 4,
            session_idle_ms: 60_000,
            calls_per_principal: 0,
        };
        let engine = Engine::new(Arc::new(Large(weight)), config);
        Self { engine, random: Counter(std::sync::atomic::AtomicU64::new(1)) }
    }

    fn send(&self, who: &str, verb: Verb, session: Option<&str>, body: &Value) -> Answer {
        let session_id =
            session.map_or(FieldValue::Absent, |id| FieldValue::One(id.as_bytes().into()));
        let fields = McpFields { session_id, ..McpFields::default() };
        let principal = Principal::named(who);
        let body = body.to_string();
        let incoming = Incoming {
            route: Route::Mcp,
            verb,
            fields: &fields,
            session_query: None,
            principal: &principal,
            grant: &Grant::everything(),
            peer: std::net::Ipv4Addr::LOCALHOST.into(),
            body: body.as_bytes(),
        };
        let now = || Now { at: Millis(0), unix_seconds: 0, random: &self.random };
        let reply = self.engine.http(&incoming, now());
        let mut job = reply.job;
        while let Some(next) = job {
            job = next.run(now());
        }
        reply.answer
    }

    fn open(&self, who: &str) -> Option<String> {
        let answer = self.send(who, Verb::Post, None, &common::initialize("2025-03-26"));
        if let Answer::Json { session, .. } = answer { session } else { None }
    }
}

fn whole(answer: Answer) -> Vec<u8> {
    let exchange = match answer {
        Answer::Json { body, .. } => return body.into_bytes(),
        Answer::Call(exchange) => exchange,
        Answer::Accepted | Answer::NoContent | Answer::Refused(_) | Answer::Stream { .. } => {
            panic!("{answer:?}")
        }
    };
    let Polled::Answer { body, .. } = exchange.poll() else { panic!("{exchange:?}") };
    body.into_bytes()
}

#[test]
fn a_small_batch_does_not_become_an_answer_without_end() {
    for weight in [Weight::Light, Weight::Heavy] {
        let world = World::new(weight);
        let session = world.open("a").unwrap();
        let calls: Vec<Value> = (0..BATCH_MAX)
            .map(|id| json!({"jsonrpc":"2.0","id":id,"method":"tools/call","params":{"name":"t"}}))
            .collect();
        let answer = whole(world.send("a", Verb::Post, Some(&session), &Value::Array(calls)));
        assert!(answer.len() < BATCH_BYTES_MAX + 100_000, "{}", answer.len());
        let answers: Vec<Value> = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answers.len(), BATCH_MAX);
        let ids: std::collections::BTreeSet<u64> =
            answers.iter().map(|answer| answer["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.len(), BATCH_MAX);
        let good = answers.iter().filter(|answer| answer.get("result").is_some()).count();
        assert_eq!(good, BATCH_BYTES_MAX / LARGE);
    }
    // One answer alone is never too large.
    let world = World::new(Weight::Light);
    let session = world.open("a").unwrap();
    let one = json!([{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}]);
    let answer = whole(world.send("a", Verb::Post, Some(&session), &one));
    assert!(answer.len() > LARGE);
}

#[test]
fn a_session_of_another_caller_is_as_unknown_as_none() {
    let world = World::new(Weight::Light);
    let session = world.open("a").unwrap();
    let ping = json!({"jsonrpc":"2.0","id":1,"method":"ping"});
    for (who, verb) in [("b", Verb::Post), ("b", Verb::Get), ("b", Verb::Delete), ("A", Verb::Post)]
    {
        let foreign = format!("{:?}", world.send(who, verb, Some(&session), &ping));
        let none = format!("{:?}", world.send(who, verb, Some("00"), &ping));
        assert_eq!(foreign, none, "{who} {verb:?}");
    }
    let own = whole(world.send("a", Verb::Post, Some(&session), &ping));
    assert_eq!(serde_json::from_slice::<Value>(&own).unwrap()["result"], json!({}));
}
