//! Zone: operator. The inner loops by themselves: nanoseconds an operation, no network, no disk.
//!
//! `cargo bench --bench micro` runs all cases, `cargo bench --bench micro -- json` those whose
//! name contains the word. The median of many batches is printed; a case that does not do what
//! it should is marked, so that a fast refusal is not taken for fast work.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use zscaler_mcp::auth::{Grant, Principal};
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::base::{Exhausted, Millis, Random};
use zscaler_mcp::guard::{FieldValue, McpFields, Route, Verb};
use zscaler_mcp::http::head::{Scan, Scanner, parse};
use zscaler_mcp::json::{Bounds, Json, Object, object, read, scan, write};
use zscaler_mcp::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX};
use zscaler_mcp::mcp::registry::{
    CallResult, Content, Context, Hints, Offers, Outcome, Registry, ServerInfo, ToolCard, Weight,
};
use zscaler_mcp::mcp::{Answer, Engine, EngineConfig, Incoming, Now};
use zscaler_mcp::query;
use zscaler_mcp::sanitize::{CleanEncoded, CleanText, Naming, Scrubber};
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

/// Shortest batch that is worth timing.
const BATCH: Duration = Duration::from_millis(5);
const BATCHES: usize = 31;
const CONFIG: EngineConfig = EngineConfig {
    sse: false,
    sessions_max: 16,
    session_idle_ms: u64::MAX,
    calls_per_principal: 0,
};
const TOOLS: usize = 300;
const RECORDS: usize = 200;
/// Records of a page of the cloud.
const PAGE: usize = 50;
const LABELS: &str = include_str!("../src/backend/demo/data/rule_labels.json");
const LOCATIONS: &str = include_str!("../src/backend/demo/data/locations.json");

const HEAD: &[u8] = b"POST /mcp HTTP/1.1\r\n\
    Host: 127.0.0.1:8000\r\n\
    User-Agent: agent/1.0 (linux; x86_64)\r\n\
    Accept: application/json, text/event-stream\r\n\
    Accept-Encoding: gzip, deflate, br\r\n\
    Content-Type: application/json\r\n\
    MCP-Protocol-Version: 2026-07-28\r\n\
    Mcp-Method: tools/list\r\n\
    Authorization: Bearer 0123456789abcdef0123456789abcdef0123456789abcdef\r\n\
    Content-Length: 210\r\n\
    Connection: keep-alive\r\n\r\n";

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}"#;
const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
const PLAIN: &str = "Rule 42: allow finance to reach the ledger from managed devices only. ";
const HOSTILE: &str =
    "<b>hi</b> &lt;script&gt;a\u{200b}\u{202e}b <scr<i></i>ipt> ```sh\nrm\n``` R&D [x](y) ~~~ ";

/// Runs cases and prints a line for each.
struct Bench {
    filter: Option<String>,
}

fn main() {
    #[expect(clippy::disallowed_methods, reason = "a program of its own reads its command line")]
    let filter = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let bench = Bench { filter };
    println!("{:<28}{:>12}{:>12}", "case", "ns/op", "MB/s");
    http(&bench);
    json(&bench);
    sanitize(&bench);
    results(&bench);
    engine(&bench);
}

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a measuring program reads a clock")]
    Instant::now()
}

impl Bench {
    /// Times `work` over `bytes` bytes; it says whether it did what it should.
    fn case(&self, name: &str, bytes: usize, mut work: impl FnMut() -> bool) {
        if self.filter.as_ref().is_some_and(|word| !name.contains(word.as_str())) {
            return;
        }
        let worked = work();
        let mut count = 1_u32;
        // Doubling until a batch is long enough also warms caches and allocator.
        while batch(count, &mut work) < BATCH && count < 1 << 24 {
            count *= 2;
        }
        let mut times: Vec<Duration> = (0..BATCHES).map(|_| batch(count, &mut work)).collect();
        times.sort_unstable();
        let median = times.get(BATCHES / 2).copied().unwrap_or_default();
        let nanos = median.as_secs_f64() * 1e9 / f64::from(count);
        let bytes = f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
        let mark = if worked { "" } else { "  (refused)" };
        println!("{name:<28}{nanos:>12.1}{:>12.1}{mark}", bytes * 1e3 / nanos);
    }
}

fn batch(count: u32, work: &mut impl FnMut() -> bool) -> Duration {
    let began = now();
    for _ in 0..count {
        black_box(work());
    }
    began.elapsed()
}

fn http(bench: &Bench) {
    bench.case("http/scan", HEAD.len(), || {
        Scanner::default().scan(black_box(HEAD)) == Scan::Complete(HEAD.len())
    });
    bench.case("http/head", HEAD.len(), || {
        let head = parse(black_box(HEAD));
        black_box(&head).is_ok()
    });
}

fn bounds() -> Bounds {
    Bounds { depth: JSON_DEPTH_MAX, nodes: JSON_NODES_MAX }
}

/// Returns a list of records the way the cloud answers one.
fn records(description: &str) -> Json {
    let record = |index: usize| {
        let id = u64::try_from(index).unwrap_or(0);
        object([
            ("id", (10_000_000_000 + id).into()),
            ("name", format!("label-{index}").into()),
            ("description", description.into()),
            ("enabled", index.is_multiple_of(2).into()),
            ("lastModifiedBy", object([("id", id.into()), ("name", "admin@example.com".into())])),
            ("tags", vec!["finance".into(), "emea".into()].into()),
        ])
    };
    (0..RECORDS).map(record).collect::<Vec<_>>().into()
}

fn json(bench: &Bench) {
    let message = format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"zia_list_rule_labels","arguments":{{"search":"fin"}},{META}}}}}"#
    );
    bench.case("json/read message", message.len(), || {
        black_box(read(black_box(message.as_bytes()), bounds())).is_ok()
    });
    let value = records(PLAIN);
    let text = write::to_text(&value);
    bench.case("json/read records", text.len(), || {
        black_box(read(black_box(text.as_bytes()), bounds())).is_ok()
    });
    let mut out = Vec::with_capacity(text.len());
    bench.case("json/write records", text.len(), || {
        out.clear();
        write::compact(black_box(&value), &mut out);
        out.len() == text.len()
    });
    let pretty = write::pretty(&value);
    bench.case("json/pretty records", pretty.len(), || {
        write::pretty(black_box(&value)).len() == pretty.len()
    });
}

fn sanitize(bench: &Bench) {
    let scrubber = Scrubber::new(true);
    let plain = PLAIN.repeat(15);
    let hostile = HOSTILE.repeat(12);
    bench.case("sanitize/plain text", plain.len(), || {
        scrubber.text(black_box(&plain)).as_str().len() == plain.len()
    });
    bench.case("sanitize/hostile text", hostile.len(), || {
        !scrubber.text(black_box(&hostile)).as_str().contains("<b>")
    });
    for (name, description) in
        [("sanitize/plain records", PLAIN), ("sanitize/hostile records", HOSTILE)]
    {
        let value = records(description);
        // The copy is part of the figure: the sanitizer owns what it cleans.
        bench.case(name, write::to_text(&value).len(), || {
            black_box(scrubber.value(black_box(&value).clone())).is_ok()
        });
    }
}

/// A service that answers every request with the same bytes.
struct Cloud(Vec<u8>);

impl Backend for Cloud {
    fn send(&self, _: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        Ok(ApiResponse { status: 200, body: ApiBody::Encoded(self.0.clone()) })
    }

    fn is_local(&self) -> bool {
        true
    }

    fn describe(&self) -> String {
        String::new()
    }
}

/// Returns as many records as a page has, as bytes: those of the demo tenant that nobody wrote to
/// attack, without their lists and objects when `flat`.
fn page(records: &str, flat: bool) -> Vec<u8> {
    let value = read(records.as_bytes(), bounds()).unwrap_or_default();
    let is_plain = |record: &&Json| {
        let scrubber = Scrubber::new(true);
        scrubber.value((*record).clone()).is_ok() && scrubber.changed() == 0
    };
    let kept = value.as_array().unwrap_or(&[]).iter().filter(is_plain).map(|record| {
        let members = record.clone().as_object().cloned().unwrap_or_default().into_iter();
        let nested = |value: &Json| matches!(value, Json::Array(_) | Json::Object(_));
        Json::Object(members.filter(|(_, value)| !flat || !nested(value)).collect())
    });
    let kept: Vec<Json> = kept.collect();
    let mut out = Vec::new();
    write::compact(&kept.into_iter().cycle().take(PAGE).collect::<Vec<_>>().into(), &mut out);
    out
}

/// From the bytes of the cloud to the bytes of the answer, and the steps on the way.
fn results(bench: &Bench) {
    for (name, tool, text, flat) in [
        ("labels", "zia_list_rule_labels", LABELS, false),
        ("flat labels", "zia_list_rule_labels", LABELS, true),
        ("locations", "zia_list_locations", LOCATIONS, false),
    ] {
        let body = page(text, flat);
        steps(bench, name, &body);
        let identity =
            ServerIdentity { version: String::new(), demo: true, ..ServerIdentity::default() };
        let bytes = body.len();
        let (cloud, scrubber) = (Arc::new(Cloud(body)), Arc::new(Scrubber::new(true)));
        let product = Product::new(cloud, scrubber, Selection::everything(), identity);
        let engine = Engine::new(Arc::new(product), CONFIG);
        let one = |text: &str| FieldValue::One(text.as_bytes().into());
        let fields = McpFields {
            protocol_version: one("2026-07-28"),
            method: one("tools/call"),
            name: one(tool),
            ..McpFields::default()
        };
        let message = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","arguments":{{}},{META}}}}}"#
        );
        bench.case(&format!("call 50 {name}"), bytes, || {
            post(&engine, &fields, black_box(&message)).is_some()
        });
    }
    let labels = page(LABELS, false);
    let value = read(&labels, bounds()).unwrap_or_default();
    let expression = query::compile("[?referencedRuleCount > `2`].{id: id, name: name}");
    let scrubber = Scrubber::new(true);
    bench.case("jmespath 50 labels", labels.len(), || {
        expression.as_ref().is_ok_and(|e| e.search(black_box(&value), &scrubber).is_ok())
    });
}

/// The bytes of a service to structure and text, streamed and by way of a tree.
fn steps(bench: &Bench, name: &str, body: &[u8]) {
    let scrubber = Scrubber::new(true);
    let streamed = |body: &[u8]| {
        let mut encoder = scrubber.encoder(Naming::Renamed(str::to_ascii_lowercase));
        scan(body, bounds(), &mut encoder).ok()?;
        encoder.finish().ok()
    };
    // The tree is not even renamed here.
    let by_tree = |body: &[u8]| {
        let value = read(body, bounds()).ok()?;
        scrubber.value(value).map(CleanEncoded::from).ok()
    };
    let text = |clean: &CleanEncoded| clean.csv().unwrap_or_else(|| clean.pretty());
    let size = body.len();
    bench.case(&format!("transcode 50 {name}"), size, || {
        streamed(black_box(body)).is_some_and(|clean| !text(&clean).as_str().is_empty())
    });
    bench.case(&format!("tree 50 {name}"), size, || {
        by_tree(black_box(body)).is_some_and(|clean| !text(&clean).as_str().is_empty())
    });
    bench.case(&format!("encode 50 {name}"), size, || streamed(black_box(body)).is_some());
    let Some(clean) = streamed(body) else { return };
    let form = if clean.csv().is_some() { "csv" } else { "pretty" };
    bench.case(&format!("{form} 50 {name}"), size, || !text(black_box(&clean)).as_str().is_empty());
}

fn engine(bench: &Bench) {
    let engine = Engine::new(Arc::new(Catalogue), CONFIG);
    for (name, method, params) in [
        ("engine/tools/list", "tools/list", String::new()),
        ("engine/tools/call light", "tools/call", r#""name":"tool_7","arguments":{},"#.to_owned()),
    ] {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{params}{META}}}}}"#
        );
        let one = |text: &str| FieldValue::One(text.as_bytes().into());
        let fields = McpFields {
            protocol_version: one("2026-07-28"),
            method: one(method),
            name: if params.is_empty() { FieldValue::Absent } else { one("tool_7") },
            ..McpFields::default()
        };
        let size = post(&engine, &fields, &body).map_or(0, |(size, _)| size);
        bench.case(name, size, || post(&engine, &fields, black_box(&body)).is_some());
    }
    let opened = post(&engine, &McpFields::default(), INITIALIZE);
    let session = opened.and_then(|(_, session)| session).unwrap_or_default();
    let fields = McpFields {
        session_id: FieldValue::One(session.as_bytes().into()),
        ..McpFields::default()
    };
    let size = post(&engine, &fields, PING).map_or(0, |(size, _)| size);
    bench.case("engine/ping in a session", size, || {
        post(&engine, &fields, black_box(PING)).is_some()
    });
}

/// Returns the size of the good answer to `body` and the session it opened.
fn post(engine: &Arc<Engine>, fields: &McpFields, body: &str) -> Option<(usize, Option<String>)> {
    let incoming = Incoming {
        route: Route::Mcp,
        verb: Verb::Post,
        fields,
        session_query: None,
        principal: &Principal::anonymous(),
        grant: &Grant::everything(),
        peer: core::net::Ipv4Addr::LOCALHOST.into(),
        body: body.as_bytes(),
    };
    let now = Now { at: Millis(1), unix_seconds: 1, random: &Same };
    let reply = engine.http(&incoming, now);
    if let Answer::Json { status, body, session } = reply.answer {
        return (status.0 == 200).then(|| (black_box(&body).len(), session));
    }
    None
}

/// Randomness without surprise: the run is the same every time.
struct Same;

impl Random for Same {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        out.fill(7);
        Ok(())
    }
}

/// As many tools as the product has, invented.
struct Catalogue;

impl Registry for Catalogue {
    fn server(&self) -> ServerInfo {
        ServerInfo {
            name: "bench".to_owned(),
            title: "Bench".to_owned(),
            version: "1".to_owned(),
            description: "Invented tools.".to_owned(),
            website: String::new(),
            instructions: String::new(),
        }
    }

    fn offers(&self) -> Offers {
        Offers { tools: true, ..Offers::default() }
    }

    fn tools(&self) -> Vec<ToolCard> {
        let text = |about: &str| object([("type", "string".into()), ("description", about.into())]);
        let properties = object([
            ("search", text("Only records whose name contains this text.")),
            ("page", text("Which page to return, from 1.")),
            ("query", text("JMESPath expression applied to the result.")),
        ]);
        let input = object([
            ("type", "object".into()),
            ("properties", properties),
            ("additionalProperties", false.into()),
        ]);
        let hints =
            Some(Hints { read_only: true, destructive: false, idempotent: true, open_world: true });
        let card = |index| ToolCard {
            name: format!("tool_{index}"),
            title: None,
            description: "Lists records of one kind. Empty when nothing matches.".to_owned(),
            input: input.clone(),
            output: None,
            hints,
        };
        (0..TOOLS).map(card).collect()
    }

    fn weight(&self, _name: &str, _grant: &Grant) -> Option<Weight> {
        Some(Weight::Light)
    }

    fn call(&self, _name: &str, _arguments: &Object, _: &dyn Context) -> Outcome<CallResult> {
        let content = vec![Content::Text(CleanText::fixed("[]"))];
        Outcome::Done(CallResult { content, structured: None, is_error: false })
    }
}
