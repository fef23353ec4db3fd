//! The other end: what it says, what it was told, and whether that fits.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::kit::wire::{Answer, answers};

/// Something a client says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Opens a session.
    Open,
    /// Calls a tool in a session.
    Call,
    /// Calls a tool in a request that describes itself.
    Stateless,
    /// Asks for health.
    Health,
    /// Asks for a path that is not there.
    Missing,
    /// Opens the stream of a session.
    Listen,
    /// Ends a session.
    Delete,
    /// Cancels a call.
    Cancel,
    /// Answers a question of the server.
    Answer,
}

/// A message that was said.
pub(crate) struct Said {
    pub(crate) kind: Kind,
    pub(crate) body: String,
    pub(crate) id: Value,
    /// Bytes up to its end, counted from the first byte of the connection.
    pub(crate) end: usize,
}

/// One client.
#[derive(Default)]
pub(crate) struct Client {
    pub(crate) said: Vec<Said>,
    /// Everything it sends, and how much of that has arrived.
    pub(crate) wire: Vec<u8>,
    pub(crate) arrived: usize,
    pub(crate) received: Vec<u8>,
    /// True when it sends nothing more.
    pub(crate) ended: bool,
    /// True when the connection did not come to a proper end.
    pub(crate) cut: bool,
}

const FIELDS: &str = "Host: h\r\nContent-Type: application/json\r\n\
    Accept: application/json, text/event-stream\r\n";
const META: &str = "io.modelcontextprotocol/";

fn posted(fields: &str, body: &str, chunked: bool) -> Vec<u8> {
    let head = format!("POST /mcp HTTP/1.1\r\n{FIELDS}{fields}");
    if !chunked {
        return format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into();
    }
    let (front, back) = body.split_at(body.len() / 2);
    let chunk = |part: &str| format!("{:x}\r\n{part}\r\n", part.len());
    format!("{head}Transfer-Encoding: chunked\r\n\r\n{}{}0\r\n\r\n", chunk(front), chunk(back))
        .into()
}

fn session_field(session: &str) -> String {
    if session.is_empty() { String::new() } else { format!("Mcp-Session-Id: {session}\r\n") }
}

impl Client {
    /// Says a message of `kind`; `of` names a tool, a call or a question.
    pub(crate) fn say(&mut self, kind: Kind, session: &str, of: &str, id: Value, chunked: bool) {
        let fields = session_field(session);
        let message = |method: &str, params: Value| {
            json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string()
        };
        let line = |method: &str, path: &str, more: &str| {
            format!("{method} {path} HTTP/1.1\r\nHost: h\r\n{fields}{more}\r\n").into_bytes()
        };
        let mut body = String::new();
        let wire = match kind {
            Kind::Open => {
                let params = json!({"protocolVersion": "2025-11-25", "clientInfo": {},
                    "capabilities": {"elicitation": {}}});
                body = message("initialize", params);
                posted("", &body, chunked)
            }
            Kind::Call => {
                body = message("tools/call", json!({"name": of, "_meta": {"progressToken": 1}}));
                posted(&fields, &body, chunked)
            }
            Kind::Stateless => {
                let version = "2026-07-28";
                let meta = json!({format!("{META}protocolVersion"): version,
                    format!("{META}clientCapabilities"): {"elicitation": {}}});
                body = message("tools/call", json!({"name": of, "_meta": meta}));
                let fields = format!(
                    "MCP-Protocol-Version: {version}\r\nMcp-Method: tools/call\r\nMcp-Name: {of}\r\n"
                );
                posted(&fields, &body, chunked)
            }
            Kind::Cancel => {
                let params = json!({"requestId": of});
                body = json!({"jsonrpc": "2.0", "method": "notifications/cancelled",
                    "params": params})
                .to_string();
                posted(&fields, &body, chunked)
            }
            Kind::Answer => {
                let result = json!({"action": "accept", "content": {"name": "x"}});
                let id: u64 = of.parse().unwrap_or(0);
                body = json!({"jsonrpc": "2.0", "id": id, "result": result}).to_string();
                posted(&fields, &body, chunked)
            }
            Kind::Health => line("GET", "/health", ""),
            Kind::Missing => line("GET", "/none", ""),
            Kind::Listen => line("GET", "/mcp", "Accept: text/event-stream\r\n"),
            Kind::Delete => line("DELETE", "/mcp", ""),
        };
        self.wire.extend_from_slice(&wire);
        self.said.push(Said { kind, body, id, end: self.wire.len() });
    }

    /// Adds what this client met to `reached`.
    pub(crate) fn note_outcomes(&self, reached: &mut BTreeSet<String>) {
        let read = answers(&self.received);
        let mut note = |outcome: &str| reached.insert(outcome.to_owned());
        for answer in &read {
            note(&answer.status.to_string());
            let text = String::from_utf8_lossy(&answer.body);
            for (outcome, mark) in [
                ("answer", "{\"jsonrpc\":\"2.0\",\"id\":\"r"),
                ("stream", "data: {"),
                ("comment", ":\n\n"),
                ("question", "elicitation/create"),
                ("progress", "notifications/progress"),
                ("answered", "thank you"),
            ] {
                if text.contains(mark) {
                    note(outcome);
                }
            }
            if !answer.whole {
                note("cut off");
            }
            if answer.close {
                note("last");
            }
        }
    }

    /// Every answer is the one to the message at its place. `calls_may_end` is true when a call can
    /// have ended without an answer: it was cancelled, or its session was ended.
    pub(crate) fn was_answered_well(&self, calls_may_end: bool) {
        let read: Vec<Answer> =
            answers(&self.received).into_iter().filter(|answer| answer.status != 100).collect();
        let mut said = self.said.iter();
        for (place, answer) in read.iter().enumerate() {
            let last = place + 1 == read.len();
            assert!(last || !answer.close, "an answer behind the last one");
            if !answer.whole || answer.status == 408 {
                assert!(last && (self.cut || answer.close), "cut off without a reason");
                return;
            }
            let said = said.next().expect("an answer that nobody asked for");
            fits(said, answer, calls_may_end || self.cut);
        }
        let complete = self.said.iter().filter(|said| said.end <= self.arrived).count();
        let closed = read.last().is_some_and(|answer| answer.close);
        assert!(
            read.len() == complete || (closed && read.len() < complete) || self.cut,
            "{} answers to {complete} messages",
            read.len()
        );
    }
}

fn fits(said: &Said, answer: &Answer, calls_may_end: bool) {
    let text = String::from_utf8(answer.body.clone()).expect("text");
    let expected: &[u16] = match said.kind {
        Kind::Health => &[200],
        Kind::Missing => &[404],
        Kind::Delete => &[204, 400, 404],
        Kind::Cancel | Kind::Answer => &[202, 400, 404],
        Kind::Listen => &[200, 400, 404, 409],
        Kind::Open | Kind::Call | Kind::Stateless => &[200, 400, 404, 429, 503],
    };
    assert!(expected.contains(&answer.status), "{} to {:?}", answer.status, said.kind);
    match said.kind {
        Kind::Health => assert_eq!(text, r#"{"status":"ok"}"#),
        Kind::Missing => assert!(answer.close),
        Kind::Listen => assert!(responses(&text).is_empty(), "answers on the main stream"),
        Kind::Open | Kind::Call | Kind::Stateless if answer.status == 200 => {
            is_the_answer(said, &text, calls_may_end);
        }
        Kind::Open | Kind::Call | Kind::Stateless | Kind::Delete | Kind::Cancel | Kind::Answer => {}
    }
}

/// The text, a body or a stream, holds one response, and it is that to this request.
fn is_the_answer(said: &Said, text: &str, calls_may_end: bool) {
    if text.starts_with('{') {
        let response: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(response["id"], said.id, "the answer to another request");
        return;
    }
    let responses = responses(text);
    assert!(responses.len() <= 1, "two answers to one request");
    assert!(!responses.is_empty() || calls_may_end, "a stream without its answer");
    assert!(responses.iter().all(|response| response["id"] == said.id));
}

/// Returns the responses among the events of a stream.
fn responses(text: &str) -> Vec<Value> {
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let messages = data.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    messages.filter(|message| message.get("method").is_none()).collect()
}
