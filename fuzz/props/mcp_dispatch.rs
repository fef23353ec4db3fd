//! Whatever is posted, in either era and on standard input: each request comes to exactly one
//! outcome, each message we send is valid under the schema of its revision, and no request that
//! changes something reaches the tenant.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use zscaler_mcp::auth::{Grant, Principal};
use zscaler_mcp::base::Millis;
use zscaler_mcp::guard::{FieldValue, McpFields, Refusal, Route, Verb};
use zscaler_mcp::mcp::{Answer, Engine, Exchange, Incoming, Job, Next, Now, Polled, Stream};

use super::input::Input;
use super::kit::engine::{Counter, Deaf, engine};
use super::kit::json::repeats_a_name;
use super::kit::schema::{Schema, result_of};

const REVISIONS: [&str; 5] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];
/// The revision in which every request describes itself.
const NEWEST: usize = 4;
/// Ways to connect: in a session of a revision, without one, on standard input.
const MODES: usize = 7;
/// Stands between two messages; JSON never holds it.
const SEPARATOR: u8 = 0x1e;

static SCHEMAS: LazyLock<[Schema; 5]> = LazyLock::new(|| REVISIONS.map(Schema::of));

/// A stream of events and our place in it.
struct Reader {
    stream: Arc<Stream>,
    number: u64,
    after: u64,
}

/// A request under way, and what was sent.
struct Open {
    exchange: Arc<Exchange>,
    sent: Value,
}

struct World {
    engine: Arc<Engine>,
    random: Counter,
    revision: usize,
    session: Option<String>,
    hold: bool,
    refuse: bool,
    held: Vec<Job>,
    open: Vec<Open>,
    readers: Vec<Reader>,
    /// True once something was sent that may take an answer away.
    cancels: bool,
}

/// Panics when the property does not hold. Two bytes choose how the client is connected and how
/// its calls are run; messages follow.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let (mode, flags) = (input.below(MODES), input.byte());
    let mut world = World {
        engine: engine(flags & 1 == 0, 4),
        random: Counter::new(),
        revision: mode.min(NEWEST),
        session: None,
        hold: flags & 2 != 0,
        refuse: flags & 4 != 0,
        held: Vec::new(),
        open: Vec::new(),
        readers: Vec::new(),
        cancels: false,
    };
    let messages = input.rest().split(|byte| *byte == SEPARATOR);
    if mode == MODES - 1 {
        return world.talk_on_lines(messages);
    }
    if mode < NEWEST {
        world.open_session(REVISIONS[mode]);
    }
    for message in messages {
        world.cancels |= contains(message, b"cancelled");
        match message {
            b"GET" => world.listen(FieldValue::Absent),
            b"DELETE" => world.delete(),
            [b'G', b'E', b'T', b' ', last @ ..] => world.listen(FieldValue::One(last.into())),
            body => world.post(body, mode == NEWEST),
        }
    }
    world.finish();
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word)
}

fn parsed(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}

/// The written list of what the second parser refuses and we read: numbers that no double holds,
/// escapes of half a character, and one level of depth more.
fn is_read_alone(body: &[u8]) -> bool {
    let Err(fault) = serde_json::from_slice::<Value>(body) else { return false };
    let fault = fault.to_string();
    let known = ["number out of range", "lone leading surrogate", "hex escape", "recursion limit"];
    known.iter().any(|known| fault.contains(known))
}

/// True for a notification, which nobody answers.
fn is_notice(value: &Value) -> bool {
    let has = |name| value.get(name).is_some();
    value["jsonrpc"] == "2.0"
        && value["method"].is_string()
        && !has("id")
        && !has("result")
        && !has("error")
}

/// True for a message that is answered only when it is not well-formed: an answer of the client.
fn is_answer(value: &Value) -> bool {
    let has = |name| value.get(name).is_some();
    value["jsonrpc"] == "2.0" && !has("method") && (has("result") || has("error"))
}

fn may_be_silent(value: &Value) -> bool {
    is_notice(value) || is_answer(value)
}

/// Returns how many lines answer this one, at least and at most. An array is answered message by
/// message, or refused as a whole.
fn owed(line: &[u8]) -> (usize, usize) {
    match parsed(line) {
        _ if line.trim_ascii().is_empty() => (0, 0),
        None if is_read_alone(line) => (0, line.len()),
        None => (1, 1),
        Some(_) if repeats_a_name(line) => (1, 1),
        Some(Value::Array(items)) => {
            let count = |test: fn(&Value) -> bool| items.iter().filter(|item| !test(item)).count();
            (count(may_be_silent).min(1), count(is_notice).max(1))
        }
        Some(value) => (usize::from(!may_be_silent(&value)), usize::from(!is_notice(&value))),
    }
}

/// The messages of a body: of an array each, else the one.
fn messages(sent: &Value) -> Vec<&Value> {
    sent.as_array().map_or_else(|| vec![sent], |items| items.iter().collect())
}

impl World {
    fn now(&self) -> Now<'_> {
        Now { at: Millis(1_000), unix_seconds: 784_111_777, random: &self.random }
    }

    fn open_session(&mut self, revision: &str) {
        let params = json!({"protocolVersion": revision, "capabilities": {"elicitation": {}},
            "clientInfo": {"name": "c", "version": "1"}});
        let first = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params});
        self.post(first.to_string().as_bytes(), false);
        assert!(self.session.is_some(), "no session was opened");
    }

    fn http(&self, verb: Verb, fields: &McpFields, body: &[u8]) -> (Answer, Option<Job>) {
        let principal = Principal::named("anna");
        let incoming = Incoming {
            route: Route::Mcp,
            verb,
            fields,
            session_query: None,
            principal: &principal,
            grant: &Grant::everything(),
            peer: std::net::Ipv4Addr::LOCALHOST.into(),
            body,
        };
        let reply = self.engine.http(&incoming, self.now());
        (reply.answer, reply.job)
    }

    fn session_fields(&self) -> McpFields {
        let session = self.session.as_ref().map(|id| FieldValue::One(id.as_bytes().into()));
        McpFields { session_id: session.unwrap_or_default(), ..McpFields::default() }
    }

    fn post(&mut self, body: &[u8], describes: bool) {
        let sent = parsed(body);
        let fields = match &sent {
            Some(value) if describes => described(value),
            _ => self.session_fields(),
        };
        let (answer, job) = self.http(Verb::Post, &fields, body);
        let Some(sent) = sent else {
            let refused = matches!(answer, Answer::Refused(Refusal::NotJson)) && job.is_none();
            assert!(refused || is_read_alone(body), "read what is no JSON: {answer:?}");
            return self.run(job);
        };
        match answer {
            Answer::Refused(refusal) => {
                assert!(job.is_none(), "refused and run");
                let unread = refusal == Refusal::NotJson;
                assert!(!unread || repeats_a_name(body), "refused as JSON: {sent}");
            }
            Answer::Accepted => {
                assert!(messages(&sent).into_iter().all(may_be_silent), "no answer to {sent}");
            }
            Answer::Json { body, session, .. } => {
                let said = serde_json::from_slice(&body.into_bytes()).expect("JSON");
                if session.is_some() {
                    self.session = session;
                    self.settled(&said);
                }
                self.answers(&sent, &said);
            }
            Answer::Call(exchange) => {
                exchange.attach(Arc::new(Deaf));
                self.open.push(Open { exchange, sent });
            }
            Answer::Stream { stream, after, .. } => {
                assert_eq!(sent["method"], "subscriptions/listen");
                let number = stream.attach(Arc::new(Deaf));
                self.readers.push(Reader { stream, number, after });
            }
            Answer::NoContent => panic!("the answer to DELETE"),
        }
        match job {
            Some(job) if self.hold => self.held.push(job),
            job => self.run(job),
        }
    }

    /// Takes the revision that an answer to `initialize` settles.
    fn settled(&mut self, response: &Value) {
        let named = &response["result"]["protocolVersion"];
        let known = REVISIONS.iter().position(|revision| named == revision);
        self.revision = known.expect("a revision");
    }

    fn listen(&mut self, last_event_id: FieldValue) {
        let fields = McpFields { last_event_id, ..self.session_fields() };
        match self.http(Verb::Get, &fields, b"") {
            (Answer::Stream { stream, after, .. }, None) => {
                let number = stream.attach(Arc::new(Deaf));
                self.readers.push(Reader { stream, number, after });
            }
            (Answer::Refused(_), None) => {}
            (answer, job) => panic!("GET came to {answer:?} {job:?}"),
        }
    }

    fn delete(&mut self) {
        self.cancels = true;
        let (answer, job) = self.http(Verb::Delete, &self.session_fields(), b"");
        let expected = matches!(answer, Answer::NoContent | Answer::Refused(_));
        assert!(expected && job.is_none(), "DELETE came to {answer:?}");
    }

    fn run(&self, job: Option<Job>) {
        let mut next = job;
        while let Some(job) = next {
            if self.refuse {
                return job.refuse();
            }
            next = job.run(self.now());
        }
    }

    /// Lets every call end, and looks at what came of it.
    fn finish(&mut self) {
        for job in core::mem::take(&mut self.held) {
            self.run(Some(job));
        }
        assert!(self.engine.tick(self.now()).is_empty(), "nothing is late yet");
        self.engine.shut();
        for open in core::mem::take(&mut self.open) {
            match open.exchange.poll() {
                Polled::Answer { body, .. } => {
                    let said = serde_json::from_slice(&body.into_bytes()).expect("JSON");
                    self.answers(&open.sent, &said);
                    assert!(matches!(open.exchange.poll(), Polled::Pending), "two answers");
                }
                Polled::Stream(stream) => {
                    // Another reader may have taken the place of this one; all is still kept.
                    let number = stream.attach(Arc::new(Deaf));
                    let mut reader = Reader { stream, number, after: 0 };
                    let (said, ended) = self.read(&mut reader);
                    assert!(ended || self.cancels, "a call without an end: {}", open.sent);
                    assert!(said.len() <= 1, "{} outcomes of {}", said.len(), open.sent);
                    assert!(!said.is_empty() || self.cancels, "no outcome of {}", open.sent);
                    said.iter().for_each(|said| self.answers(&open.sent, said));
                }
                Polled::Pending => panic!("no outcome of {}", open.sent),
            }
        }
        for mut reader in core::mem::take(&mut self.readers) {
            let (_, ended) = self.read(&mut reader);
            assert!(ended, "a stream goes on after the end");
        }
    }

    /// Returns the answers among the events that are there, and whether the stream is over.
    fn read(&self, reader: &mut Reader) -> (Vec<Value>, bool) {
        let mut said = Vec::new();
        loop {
            match reader.stream.next(reader.after, reader.number) {
                Next::Event(event) => {
                    assert!(event.seq > reader.after, "events go backwards");
                    reader.after = event.seq;
                    if event.data.is_empty() {
                        continue;
                    }
                    assert!(!event.data.contains(&b'\n'), "an event of two lines");
                    let message: Value = serde_json::from_slice(&event.data).expect("JSON");
                    if message.get("method").is_none() {
                        said.push(message);
                    } else {
                        self.is_ours(&message);
                    }
                }
                Next::Pending => return (said, false),
                Next::Ended | Next::Detached | Next::Lost => return (said, true),
            }
        }
    }

    /// What we send without being asked is valid in the revision of the client.
    fn is_ours(&self, message: &Value) {
        let newest = contains(message.to_string().as_bytes(), b"io.modelcontextprotocol/");
        let schema = &SCHEMAS[if newest { NEWEST } else { self.revision }];
        if message.get("id").is_none() {
            schema.check("ServerNotification", message);
        } else if self.revision >= 2 {
            schema.check("ServerRequest", message);
        }
    }

    /// `said` answers what was `sent`: one response for each message that waits for one.
    fn answers(&self, sent: &Value, said: &Value) {
        if is_notice(sent) {
            // HTTP has an answer to everything; one that nobody asked for is an error for nobody.
            assert!(said.get("id").is_none() && said.get("error").is_some(), "{said} to {sent}");
            return;
        }
        let waiting: Vec<&Value> =
            messages(sent).into_iter().filter(|message| !is_notice(message)).collect();
        let said = messages(said);
        let most = waiting.len();
        let least = waiting.iter().filter(|message| !is_answer(message)).count();
        let all = (least..=most).contains(&said.len()) || (self.cancels && said.len() <= most);
        assert!(all, "{} answers to {sent}", said.len());
        for response in said {
            let id = response.get("id").unwrap_or(&Value::Null);
            let asked = waiting.iter().filter(|message| message["id"] == *id);
            let methods: Vec<&str> =
                asked.filter_map(|message| message["method"].as_str()).collect();
            self.is_response(&methods, response);
        }
    }

    /// `response` is valid, and its result is one of a method that was asked for.
    fn is_response(&self, methods: &[&str], response: &Value) {
        let result = response.get("result");
        let error = response.get("error");
        assert!(result.is_some() != error.is_some(), "neither or both: {response}");
        assert_eq!(response["jsonrpc"], "2.0");
        let revision = match result {
            Some(result) if result.get("resultType").is_some() => NEWEST,
            Some(_) | None => self.revision,
        };
        let schema = &SCHEMAS[revision];
        let id = response.get("id").filter(|id| !id.is_null());
        if id.is_some() {
            schema.check("JSONRPCMessage", response);
        }
        let Some(result) = result else {
            let (code, text) = (&response["error"]["code"], &response["error"]["message"]);
            return assert!(code.is_i64() && text.is_string(), "{response}");
        };
        assert!(id.is_some(), "a result for nobody: {response}");
        let fits = |definition: &&str| schema.fits(schema.definition(definition), result).is_ok();
        if result["resultType"] == "input_required" {
            return assert!(fits(&"InputRequiredResult"), "{response}");
        }
        let mut definitions = methods.iter().filter_map(|method| result_of(method));
        assert!(definitions.any(|name| fits(&name)), "no result of {methods:?}: {response}");
    }

    fn talk_on_lines<'a>(&mut self, lines: impl Iterator<Item = &'a [u8]>) {
        let (stdio, stream) = self.engine.open_stdio(self.now());
        let number = stream.attach(Arc::new(Deaf));
        let mut reader = Reader { stream, number, after: 0 };
        let (mut least, mut most, mut answered) = (0, 0, 0);
        for line in lines {
            self.cancels |= contains(line, b"cancelled");
            let (fewest, maximum) = owed(line);
            (least, most) = (least + fewest, most + maximum);
            let job = stdio.line(line, self.now());
            match job {
                Some(job) if self.hold => self.held.push(job),
                job => self.run(job),
            }
            answered += self.on_line(&mut reader);
        }
        for job in core::mem::take(&mut self.held) {
            self.run(Some(job));
        }
        answered += self.on_line(&mut reader);
        self.engine.shut();
        answered += self.on_line(&mut reader);
        let all = (least..=most).contains(&answered) || (self.cancels && answered <= most);
        assert!(all, "{answered} answers to {least} to {most} messages");
    }

    /// Reads what is there and returns how many answers it holds; an array is one.
    fn on_line(&mut self, reader: &mut Reader) -> usize {
        let (said, _) = self.read(reader);
        for response in said.iter().flat_map(messages) {
            assert!(response.get("result").is_some() != response.get("error").is_some());
            if response["result"]["protocolVersion"].is_string() {
                self.settled(response);
            }
        }
        said.len()
    }
}

/// Returns fields that say what the body says, as the newest revision asks for.
fn described(value: &Value) -> McpFields {
    let one = |value: &Value| {
        let text = value.as_str().map(|text| FieldValue::One(text.as_bytes().into()));
        text.unwrap_or_default()
    };
    let params = &value["params"];
    let named = ["name", "uri", "taskId"].iter().find(|name| params[**name].is_string());
    McpFields {
        protocol_version: FieldValue::One(REVISIONS[NEWEST].as_bytes().into()),
        method: one(&value["method"]),
        name: named.map(|name| one(&params[*name])).unwrap_or_default(),
        ..McpFields::default()
    }
}
