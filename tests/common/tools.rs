//! Calls of tools through the product, over the demo tenant or over a service of the test, and
//! what came of them.

#[path = "../data/tools/asked.rs"]
mod asked;
#[path = "../data/tools/known.rs"]
mod known;
#[path = "../data/tools/quiet.rs"]
pub(crate) mod quiet;

use std::sync::{Arc, Mutex, OnceLock};

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::consent::Consent;
use zscaler_mcp::json::{Bounds, Json, read};
use zscaler_mcp::mcp::registry::{CallResult, Content, Outcome, Registry};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity, Tenant};

use asked::token;
use known::Known;
use quiet::Quiet;

/// A service that answers every request alike and keeps the requests.
pub(crate) struct Service {
    answer: Result<ApiResponse, Upstream>,
    pub(crate) seen: Mutex<Vec<ApiRequest>>,
}

impl Service {
    pub(crate) fn new(answer: Result<ApiResponse, Upstream>) -> Arc<Self> {
        Arc::new(Self { answer, seen: Mutex::default() })
    }

    pub(crate) fn saying(status: u16, body: Json) -> Arc<Self> {
        Self::new(Ok(ApiResponse { status, body: ApiBody::Json(body) }))
    }
}

impl Backend for Service {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        self.seen.lock().unwrap().push(request.clone());
        self.answer.clone()
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

/// The demo tenant, made once.
pub(crate) fn demo() -> Arc<Demo> {
    static DEMO: OnceLock<Arc<Demo>> = OnceLock::new();
    Arc::clone(DEMO.get_or_init(|| Arc::new(Demo::new().unwrap())))
}

/// A server of invented records.
pub(crate) fn invented() -> ServerIdentity {
    ServerIdentity { version: "1.2.3".to_owned(), demo: true, ..ServerIdentity::default() }
}

/// A server that works for the tenant of `customer`, if there is one.
pub(crate) fn working_for(customer: Option<&str>) -> ServerIdentity {
    let tenant = Tenant { customer_id: customer.map(str::to_owned), ..Tenant::default() };
    ServerIdentity { version: "1.2.3".to_owned(), demo: false, tenant, ..ServerIdentity::default() }
}

/// Every tool over `backend`.
pub(crate) fn product(backend: Arc<dyn Backend>, identity: ServerIdentity) -> Product {
    let scrubber = Arc::new(Scrubber::new(true));
    Product::new(backend, scrubber, Selection::everything(), identity)
        .confirmed(Consent::new(&[], 300, Box::new(Known)).unwrap())
}

pub(crate) fn json(text: &str) -> Json {
    read(text.as_bytes(), Bounds { depth: 9, nodes: 9_999 }).unwrap()
}

pub(crate) fn call_with(
    product: &Product,
    name: &str,
    arguments: &str,
    context: &Quiet,
) -> CallResult {
    let outcome = product.call(name, json(arguments).as_object().unwrap(), context);
    let Outcome::Done(result) = outcome else { panic!("{name}: {outcome:?}") };
    result
}

/// Calls `name` for somebody who waits.
pub(crate) fn call_on(product: &Product, name: &str, arguments: &str) -> CallResult {
    call_with(product, name, arguments, &Quiet::new(false))
}

/// Calls `name`, and again with the token when a person is asked.
pub(crate) fn call_allowed(product: &Product, name: &str, arguments: &str) -> CallResult {
    let first = call_on(product, name, arguments);
    let Some(token) = token(texts(&first)[0]) else { return first };
    let inside = arguments.trim().strip_suffix('}').unwrap().trim_end();
    let comma = if inside.ends_with('{') { "" } else { "," };
    let kwargs = format!(r#"{inside}{comma}"kwargs":{{"confirmation_token":"{token}"}}}}"#);
    call_on(product, name, &kwargs)
}

/// Calls `name` over the demo tenant.
pub(crate) fn call(name: &str, arguments: &str) -> CallResult {
    call_on(&product(demo(), invented()), name, arguments)
}

/// The record that `name` finds in the demo tenant.
pub(crate) fn record(name: &str, arguments: &str) -> Json {
    record_of(name, &call(name, arguments))
}

/// The list that `name` finds in the demo tenant.
pub(crate) fn rows(name: &str, arguments: &str) -> Vec<Json> {
    rows_of(name, &call(name, arguments))
}

/// What `name` says over the demo tenant when it refuses.
pub(crate) fn refused(name: &str, arguments: &str) -> String {
    let result = call(name, arguments);
    assert!(result.is_error && result.structured.is_none(), "{name} {arguments}");
    text(&result).to_owned()
}

pub(crate) fn record_of(name: &str, result: &CallResult) -> Json {
    assert!(!result.is_error, "{name}: {}", text(result));
    result.structured.as_ref().unwrap().to_json()
}

pub(crate) fn rows_of(name: &str, result: &CallResult) -> Vec<Json> {
    record_of(name, result).get("result").unwrap().as_array().unwrap().to_vec()
}

/// The texts of a result, one for each part of its content.
pub(crate) fn texts(result: &CallResult) -> Vec<&str> {
    let mut texts = Vec::new();
    for content in &result.content {
        let Content::Text(text) = content else { panic!("{content:?}") };
        texts.push(text.as_str());
    }
    texts
}

/// The text of a result; where a page may not be the last, that is said behind it.
pub(crate) fn text(result: &CallResult) -> &str {
    match texts(result)[..] {
        [text] => text,
        [text, hint] if hint.starts_with("This page may be full") => text,
        _ => panic!("{} texts", result.content.len()),
    }
}

/// The id of a record, a text or a number.
pub(crate) fn id(row: &Json) -> String {
    let id = row.get("id").unwrap();
    id.as_str().map_or_else(|| id.as_i64().unwrap().to_string(), str::to_owned)
}
