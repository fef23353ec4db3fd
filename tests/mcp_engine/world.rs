//! A small registry, a client, and ways to look at what the engine answers.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use serde_json::{Value, json};
use zscaler_mcp::auth::{Deed, Grant, Principal};
use zscaler_mcp::base::{Exhausted, Millis, Random};
use zscaler_mcp::guard::{FieldValue, McpFields, Refusal, Route, Verb};
use zscaler_mcp::json::{Bounds, Json, Object, object, read};
use zscaler_mcp::mcp::registry::{
    CallResult, Change, Content, Context, Hints, Offers, Outcome, PromptArgument, PromptCard,
    PromptResult, Question, Registry, ResourceCard, ResourceText, ServerInfo, ToolCard, Weight,
};
use zscaler_mcp::mcp::{
    Answer, Engine, EngineConfig, Exchange, Incoming, Job, Next, Now, Polled, Reply, Stream, Wake,
};
use zscaler_mcp::sanitize::{CleanJson, CleanText, Scrubber};

pub(crate) const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
pub(crate) const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
pub(crate) const LOG_LEVEL: &str = "io.modelcontextprotocol/logLevel";
pub(crate) const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";
pub(crate) const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// Bytes that never repeat, and are the same in every run.
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) const fn new() -> Self {
        Self(AtomicU64::new(1))
    }
}

impl Random for Counter {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        for (slot, byte) in out.iter_mut().zip(n.to_le_bytes().into_iter().cycle()) {
            *slot = byte;
        }
        Ok(())
    }
}

struct Deaf;
impl Wake for Deaf {
    fn wake(&self) {}
}

pub(crate) struct Fixture {
    pub(crate) extra_tools: AtomicUsize,
}

fn clean(value: Json) -> CleanJson {
    Scrubber::new(true).value(value).unwrap()
}

fn parsed(text: &str) -> Json {
    read(text.as_bytes(), Bounds { depth: 32, nodes: 9999 }).unwrap()
}

fn text(text: &str) -> Outcome<CallResult> {
    Outcome::Done(CallResult {
        content: vec![Content::Text(Scrubber::new(true).text(text))],
        structured: None,
        is_error: false,
    })
}

fn form(key: &str) -> Question {
    let params = parsed(
        r#"{"message":"Name?","requestedSchema":{"type":"object",
            "properties":{"name":{"type":"string","minLength":1}},"required":["name"]}}"#,
    );
    Question { key: key.to_owned(), method: "elicitation/create", params: clean(params) }
}

fn sampling(key: &str) -> Question {
    let params = parsed(
        r#"{"messages":[{"role":"user","content":{"type":"text","text":"?"}}],"maxTokens":9}"#,
    );
    Question { key: key.to_owned(), method: "sampling/createMessage", params: clean(params) }
}

fn named(context: &dyn Context, key: &str) -> Option<String> {
    let answer = context.answer(key)?;
    let action = answer.get("action")?.as_str()?;
    if action != "accept" {
        return Some(format!("({action})"));
    }
    Some(answer.get("content")?.get("name")?.as_str()?.to_owned())
}

fn asking(questions: Vec<Question>) -> Outcome<CallResult> {
    Outcome::Ask { questions, state: None }
}

fn greet(context: &dyn Context) -> Outcome<CallResult> {
    match named(context, "user_name") {
        Some(name) => text(&format!("Hello, {name}!")),
        None => asking(vec![form("user_name")]),
    }
}

fn noisy(context: &dyn Context) -> Outcome<CallResult> {
    context.log("debug", clean(Json::from("quiet")));
    context.log("warning", clean(Json::from("loud")));
    context.progress(1, Some(2), Some(CleanText::fixed("half")));
    context.progress(1, Some(2), None);
    context.progress(2, Some(2), None);
    text("done")
}

fn two(context: &dyn Context) -> Outcome<CallResult> {
    match (named(context, "a"), named(context, "b")) {
        (Some(a), Some(b)) => text(&format!("{a} and {b}")),
        (a, b) => {
            let open = [("a", a), ("b", b)].into_iter().filter(|(_, answer)| answer.is_none());
            asking(open.map(|(key, _)| form(key)).collect())
        }
    }
}

fn sealed(context: &dyn Context) -> Outcome<CallResult> {
    match (context.state(), context.answered()) {
        (Some("sealed"), _) => greet_or_ask(context),
        (Some(_), _) => Outcome::BadParams("The state is not valid.".to_owned()),
        (None, _) => {
            Outcome::Ask { questions: vec![form("user_name")], state: Some("sealed".to_owned()) }
        }
    }
}

fn greet_or_ask(context: &dyn Context) -> Outcome<CallResult> {
    named(context, "user_name").map_or_else(
        || Outcome::Ask { questions: vec![form("user_name")], state: Some("sealed".to_owned()) },
        |name| text(&format!("sealed {name}")),
    )
}

fn sampled(context: &dyn Context) -> Outcome<CallResult> {
    if context.answered() {
        let answer = context.answer("s").and_then(|answer| answer.get("model")?.as_str());
        return text(answer.unwrap_or("nothing"));
    }
    asking(vec![sampling("s")])
}

const PARTS: &str = r#"{"type":"object","properties":
    {"region":{"type":"string","x-mcp-header":"Region"}},"required":["region"]}"#;

impl Registry for Fixture {
    fn server(&self) -> ServerInfo {
        ServerInfo {
            name: "fixture".into(),
            title: "Fixture".into(),
            version: "1".into(),
            description: "For tests.".into(),
            website: String::new(),
            instructions: "Be kind.".into(),
        }
    }

    fn offers(&self) -> Offers {
        Offers {
            tools: true,
            prompts: true,
            resources: true,
            subscribe: true,
            completions: true,
            logging: true,
            list_changed: true,
            tasks: true,
        }
    }

    fn tools(&self) -> Vec<ToolCard> {
        let card = |name: &str, input: &str| ToolCard {
            name: name.to_owned(),
            title: Some(format!("The {name}")),
            description: "A tool.".into(),
            input: parsed(input),
            output: None,
            hints: Some(Hints {
                read_only: true,
                destructive: false,
                idempotent: true,
                open_world: false,
            }),
        };
        let plain = r#"{"type":"object","additionalProperties":false}"#;
        let mut list = card("list", plain);
        list.output = Some(parsed(r#"{"type":"array"}"#));
        let mut record = card("record", plain);
        record.output = Some(parsed(r#"{"type":"object"}"#));
        let mut all = vec![card("echo", plain), card("parts", PARTS), list, record];
        for n in 0..self.extra_tools.load(Ordering::Relaxed) {
            all.push(card(&format!("extra_{n}"), plain));
        }
        all
    }

    fn prompts(&self) -> Vec<PromptCard> {
        vec![PromptCard {
            name: "hello".into(),
            title: None,
            description: "Greets.".into(),
            arguments: vec![PromptArgument {
                name: "who".into(),
                title: Some("Who".into()),
                description: "Whom.".into(),
                required: true,
            }],
        }]
    }

    fn resources(&self) -> Vec<ResourceCard> {
        vec![ResourceCard {
            uri: "test://a".into(),
            name: "a".into(),
            description: "A.".into(),
            mime: "text/plain".into(),
        }]
    }

    fn templates(&self) -> Vec<ResourceCard> {
        Vec::new()
    }

    fn weight(&self, name: &str, grant: &Grant) -> Option<Weight> {
        if !grant.allows(name, Deed::Read) {
            return None;
        }
        Some(match name {
            "echo" | "parts" | "list" | "record" | "audio" | "light_ask" => Weight::Light,
            "slow" | "chatter" | "noisy" | "ask" | "two" | "sealed" | "sample" | "either"
            | "reconnect" | "bad" | "missing" | "vanished" | "change" | "explode"
            | "state_only" => Weight::Heavy,
            "job" | "job_ask" | "job_fail" | "job_error" => Weight::Task,
            "later_job" => Weight::TaskOnceAnswered,
            _ => return None,
        })
    }

    fn call(&self, name: &str, arguments: &Object, context: &dyn Context) -> Outcome<CallResult> {
        match name {
            "echo" => text(arguments.get("text").and_then(Json::as_str).unwrap_or("none")),
            "parts" | "job" => text("ok"),
            "list" => Outcome::Done(CallResult {
                content: Vec::new(),
                structured: Some(clean(Json::Array(vec![1_i64.into()])).into()),
                is_error: false,
            }),
            "record" => Outcome::Done(CallResult {
                content: Vec::new(),
                structured: Some(clean(object([("n", 1_i64.into())])).into()),
                is_error: false,
            }),
            "audio" => Outcome::Done(CallResult {
                content: vec![Content::Audio(
                    CleanText::fixed("AAAA"),
                    CleanText::fixed("audio/wav"),
                )],
                structured: None,
                is_error: false,
            }),
            "chatter" => {
                for step in 0..1_000 {
                    context.progress(step, None, None);
                }
                text("said")
            }
            "slow" => {
                context.pause(u64::MAX);
                text(if context.cancelled() { "cancelled" } else { "slept" })
            }
            "noisy" => noisy(context),
            "ask" | "light_ask" | "job_ask" | "later_job" => greet(context),
            "two" => two(context),
            "sealed" => sealed(context),
            "sample" => sampled(context),
            "either" if !context.answered() => asking(vec![form("f"), sampling("s")]),
            "either" => text("either way"),
            "reconnect" if context.resumed() => text("resumed"),
            "reconnect" => Outcome::Reconnect { retry_ms: 250 },
            "missing" => Outcome::Missing(object([("sampling", object([]))])),
            "vanished" => Outcome::Unknown,
            "change" => {
                self.extra_tools.fetch_add(1, Ordering::Relaxed);
                context.changed(Change::Tools);
                context.changed(Change::Updated("test://a".into()));
                text("changed")
            }
            "explode" => panic!("a handler with a fault"),
            "state_only" if context.state().is_none() => {
                Outcome::Ask { questions: Vec::new(), state: Some("s".to_owned()) }
            }
            "state_only" => text("with state"),
            "job_fail" => Outcome::Done(CallResult {
                content: vec![Content::Text(CleanText::fixed("failed"))],
                structured: None,
                is_error: true,
            }),
            _ => Outcome::BadParams("That will not do.".to_owned()),
        }
    }

    fn prompt(
        &self,
        name: &str,
        arguments: &Object,
        context: &dyn Context,
    ) -> Outcome<PromptResult> {
        if name != "hello" {
            return Outcome::Unknown;
        }
        let Some(who) = arguments.get("who").and_then(Json::as_str) else {
            if context.client_can("elicitation") {
                return Outcome::Ask { questions: vec![form("who")], state: None };
            }
            return Outcome::BadParams("who is required".to_owned());
        };
        Outcome::Done(PromptResult {
            description: CleanText::fixed("Greets."),
            messages: vec![(false, Content::Text(Scrubber::new(true).text(who)))],
        })
    }

    fn resource(&self, uri: &str, _: &dyn Context) -> Outcome<Vec<ResourceText>> {
        if uri != "test://a" {
            return Outcome::Unknown;
        }
        Outcome::Done(vec![ResourceText {
            uri: CleanText::fixed("test://a"),
            mime: CleanText::fixed("text/plain"),
            data: CleanText::fixed("A"),
            blob: false,
        }])
    }

    fn complete(
        &self,
        reference: &str,
        argument: (&str, &str),
        _: &Grant,
    ) -> Outcome<Vec<CleanText>> {
        if reference != "hello" {
            return Outcome::Unknown;
        }
        let many = if argument.1 == "many" { 101 } else { 1 };
        Outcome::Done(vec![CleanText::fixed("one"); many])
    }
}

/// An engine, a clock and a source of bytes.
pub(crate) struct World {
    pub(crate) engine: Arc<Engine>,
    random: Counter,
    at: Cell<u64>,
}

/// What a client sees of an answer.
#[derive(Debug)]
pub(crate) enum Seen {
    Json { status: u16, body: Value, session: Option<String> },
    Refused { status: u16, refusal: Refusal },
    Accepted,
    NoContent,
    Stream(Reader),
    Pending(Arc<Exchange>),
}

/// A client that reads an event stream.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) stream: Arc<Stream>,
    number: u64,
    after: u64,
    pub(crate) ids: Vec<String>,
    pub(crate) retry: Option<u64>,
}

impl Reader {
    pub(crate) fn new(stream: Arc<Stream>, after: u64) -> Self {
        let number = stream.attach(Arc::new(Deaf));
        Self { stream, number, after, ids: Vec::new(), retry: None }
    }

    /// Returns the reader of a call that has not said anything yet.
    pub(crate) fn waiting(exchange: &Exchange) -> Self {
        let number = exchange.attach(Arc::new(Deaf));
        let stream = exchange.promote();
        Self { stream, number, after: 0, ids: Vec::new(), retry: None }
    }

    /// Returns the messages that have come; empty events show as null, named ones as text, and
    /// the end of the stream or the connection as its word.
    pub(crate) fn read(&mut self) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            match self.stream.next(self.after, self.number) {
                Next::Event(event) => {
                    self.after = event.seq;
                    self.ids.extend(event.id);
                    self.retry = event.retry_ms.or(self.retry);
                    let data = String::from_utf8(event.data.to_vec()).unwrap();
                    assert!(!data.contains('\n'));
                    seen.push(match event.name {
                        Some(name) => json!(format!("{name}: {data}")),
                        None if data.is_empty() => Value::Null,
                        None => serde_json::from_str(&data).unwrap(),
                    });
                }
                Next::Pending => return seen,
                Next::Ended => {
                    seen.push(json!("ended"));
                    return seen;
                }
                Next::Detached => {
                    seen.push(json!("detached"));
                    return seen;
                }
                Next::Lost => {
                    seen.push(json!("lost"));
                    return seen;
                }
            }
        }
    }

    /// The connection of this reader breaks.
    pub(crate) fn hang_up(&self) {
        self.stream.leave(self.number);
    }
}

impl Seen {
    pub(crate) fn json(self) -> (u16, Value) {
        let Self::Json { status, body, .. } = self else { panic!("not JSON: {self:?}") };
        (status, body)
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Json { status, .. } | Self::Refused { status, .. } => *status,
            Self::Accepted => 202,
            Self::NoContent => 204,
            Self::Stream(_) => 200,
            Self::Pending(_) => 0,
        }
    }

    pub(crate) fn stream(self) -> Reader {
        let Self::Stream(reader) = self else { panic!("not a stream: {self:?}") };
        reader
    }

    /// Returns the error code, of the body or of the refusal.
    pub(crate) fn code(&self) -> Option<i64> {
        match self {
            Self::Json { body, .. } => body["error"]["code"].as_i64(),
            Self::Refused { refusal, .. } => Some(refusal.row().code),
            Self::Accepted | Self::NoContent | Self::Stream(_) | Self::Pending(_) => None,
        }
    }
}

pub(crate) fn fields(pairs: &[(&str, &str)]) -> McpFields {
    let mut out = McpFields::default();
    for (name, value) in pairs {
        let slot = match *name {
            "version" => &mut out.protocol_version,
            "session" => &mut out.session_id,
            "last" => &mut out.last_event_id,
            "method" => &mut out.method,
            "name" => &mut out.name,
            other => {
                out.params.push((other.to_owned(), value.as_bytes().into()));
                continue;
            }
        };
        *slot = match slot {
            FieldValue::Absent => FieldValue::One(value.as_bytes().into()),
            FieldValue::One(_) | FieldValue::Repeated => FieldValue::Repeated,
        };
    }
    out
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(false, 100)
    }

    pub(crate) fn with(sse: bool, sessions_max: usize) -> Self {
        Self::of(EngineConfig {
            sse,
            sessions_max,
            session_idle_ms: 60_000,
            calls_per_principal: 0,
        })
    }

    pub(crate) fn of(config: EngineConfig) -> Self {
        Self::serving(Arc::new(Fixture { extra_tools: AtomicUsize::new(0) }), config)
    }

    pub(crate) fn serving(registry: Arc<dyn Registry>, config: EngineConfig) -> Self {
        Self { engine: Engine::new(registry, config), random: Counter::new(), at: Cell::new(1_000) }
    }

    pub(crate) fn now(&self) -> Now<'_> {
        Now { at: Millis(self.at.get()), unix_seconds: 784_111_777, random: &self.random }
    }

    pub(crate) fn wait(&self, ms: u64) {
        self.at.set(self.at.get() + ms);
    }

    pub(crate) fn tick(&self) {
        for job in self.engine.tick(self.now()) {
            self.run(Some(job));
        }
    }

    /// Runs `job` and all that follows.
    pub(crate) fn run(&self, mut job: Option<Job>) {
        while let Some(next) = job {
            job = next.run(self.now());
        }
    }

    pub(crate) fn raw(
        &self,
        who: &str,
        (route, verb): (Route, Verb),
        pairs: &[(&str, &str)],
        query: Option<&str>,
        body: &str,
    ) -> Reply {
        self.granted(who, &Grant::everything(), (route, verb), pairs, (query, body))
    }

    /// As [`World::raw`], by a caller with `grant`.
    pub(crate) fn granted(
        &self,
        who: &str,
        grant: &Grant,
        (route, verb): (Route, Verb),
        pairs: &[(&str, &str)],
        (query, body): (Option<&str>, &str),
    ) -> Reply {
        let incoming = Incoming {
            route,
            verb,
            fields: &fields(pairs),
            session_query: query.map(str::as_bytes),
            principal: &Principal::named(who),
            grant,
            peer: std::net::Ipv4Addr::LOCALHOST.into(),
            body: body.as_bytes(),
        };
        self.engine.http(&incoming, self.now())
    }

    /// Returns what the client of `reply` sees before any job was run.
    pub(crate) fn look(reply: Answer) -> Seen {
        match reply {
            Answer::Json { status, body, session } => {
                let bytes = body.into_bytes();
                let body = serde_json::from_slice(&bytes).unwrap();
                Seen::Json { status: status.0, body, session }
            }
            Answer::Accepted => Seen::Accepted,
            Answer::NoContent => Seen::NoContent,
            Answer::Refused(refusal) => Seen::Refused { status: refusal.row().status.0, refusal },
            Answer::Stream { stream, after, .. } => Seen::Stream(Reader::new(stream, after)),
            Answer::Call(exchange) => match exchange.poll() {
                Polled::Pending => Seen::Pending(exchange),
                Polled::Answer { status, body } => {
                    Self::look(Answer::Json { status, body, session: None })
                }
                Polled::Stream(stream) => Seen::Stream(Reader::new(stream, 0)),
            },
        }
    }

    /// Posts `body` to the one endpoint and runs what follows.
    pub(crate) fn post(&self, pairs: &[(&str, &str)], body: &Value) -> Seen {
        self.post_text("anna", pairs, &body.to_string())
    }

    pub(crate) fn post_text(&self, who: &str, pairs: &[(&str, &str)], body: &str) -> Seen {
        let reply = self.raw(who, (Route::Mcp, Verb::Post), pairs, None, body);
        self.run(reply.job);
        Self::look(reply.answer)
    }

    pub(crate) fn verb(&self, who: &str, verb: Verb, pairs: &[(&str, &str)]) -> Seen {
        let reply = self.raw(who, (Route::Mcp, verb), pairs, None, "");
        Self::look(reply.answer)
    }

    /// Opens a session under `revision` with `capabilities` and returns its id.
    pub(crate) fn open(&self, revision: &str, capabilities: Value) -> String {
        let seen = self.post(&[], &initialize(0, revision, capabilities));
        let Seen::Json { status: 200, body, session: Some(id) } = seen else {
            panic!("no session: {seen:?}")
        };
        assert_eq!(body["result"]["protocolVersion"], revision);
        id
    }

    /// Posts a request in `session`.
    pub(crate) fn ask(&self, session: &str, id: i64, method: &str, params: Value) -> Seen {
        self.post(&[("session", session)], &request(id, method, params))
    }

    /// Posts a request of 2026-07-28 with the fields that belong to it.
    pub(crate) fn stateless(&self, id: i64, method: &str, params: Value) -> Seen {
        self.stateless_as(id, method, params, json!({}))
    }

    pub(crate) fn stateless_as(&self, id: i64, method: &str, params: Value, can: Value) -> Seen {
        let (pairs, body) = described(id, method, params, can);
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post(&pairs, &body)
    }
}

pub(crate) fn request(id: i64, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

pub(crate) fn initialize(id: i64, revision: &str, capabilities: Value) -> Value {
    let params = json!({
        "protocolVersion": revision,
        "capabilities": capabilities,
        "clientInfo": {"name": "c", "version": "1"},
    });
    request(id, "initialize", params)
}

/// Returns the fields and the body of a request of 2026-07-28.
pub(crate) fn described(
    id: i64,
    method: &str,
    mut params: Value,
    can: Value,
) -> (Vec<(&'static str, String)>, Value) {
    if params.get("_meta").is_none() {
        params["_meta"] = json!({});
    }
    params["_meta"][VERSION] = json!("2026-07-28");
    params["_meta"][CAPABILITIES] = can;
    let mut pairs = vec![("version", "2026-07-28".to_owned()), ("method", method.to_owned())];
    for member in ["name", "uri", "taskId"] {
        if let Some(name) = params[member].as_str() {
            pairs.push(("name", name.to_owned()));
        }
    }
    (pairs, request(id, method, params))
}

pub(crate) fn text_of(body: &Value) -> &str {
    body["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("no text: {body}"))
}
