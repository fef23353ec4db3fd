//! Whatever arguments a tool gets and whatever the service answers, every request is one that its row
//! tells of, a change is sent only once after a clear yes where a person is asked, and what is
//! returned is a bounded, clean result.

use std::sync::{Arc, LazyLock};

use zscaler_mcp::backend::oneapi::address::Base;
use zscaler_mcp::backend::oneapi::request::service;
use zscaler_mcp::backend::{ApiMethod, ApiRequest, Backend};
use zscaler_mcp::base::Secret;
use zscaler_mcp::consent::Consent;
use zscaler_mcp::json::{Bounds, Json, Object, object, read};
use zscaler_mcp::limits::{PAGES_READ_MAX, RESULT_BYTES_MAX};
use zscaler_mcp::mcp::registry::{CallResult, Content, Outcome, Registry};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::plan::Step;
use zscaler_mcp::tools::row::{Row, Verb};
use zscaler_mcp::tools::{Product, Selection, ServerIdentity, Tenant, catalogue};

use super::input::Input;
use super::kit::clean::{faults, is_hidden};
use super::kit::engine::Counter;
use super::kit::given::arguments;
use super::kit::person::Person;
use super::kit::service::Service;
use super::kit::templates::fits;
use super::kit::trees::strings;

/// Paths to which a POST only reads.
const READING_POSTS: [&str; 9] = [
    "/zcell/config/api/v1/audit/customers/{id}/search",
    "/zcell/config/api/v1/customers/{id}/sim/analytics/map",
    "/zcell/config/api/v1/customers/{id}/sims/search",
    "/zcell/config/api/v1/network-events/{id}/search/startTime/{from}/endTime/{to}",
    "/zia/api/v1/ipsSignatureRules/validateRuleText",
    "/zia/api/v1/urlLookup",
    "/zia/api/v1/webApplicationRules/{type}/availableActions",
    "/zins/graphql",
    "/zms/graphql",
];
/// What functions of rows ask for beside the requests of the row; all of it only reads.
const MORE: [(&str, &str); 2] = [
    ("zia_get_url_category_predefined", "/zia/api/v1/urlCategories"),
    (
        "zpa_delete_provisioning_key",
        "/zpa/mgmtconfig/v1/admin/customers/{customer}/associationType/{type}/provisioningKey/{id}",
    ),
];
/// Requests of the steps of one page, and around them.
const STEPS_MAX: usize = 12;
const DEEP: Bounds = Bounds { depth: 80, nodes: 1_000_000 };

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    static ROWS: LazyLock<Vec<&'static Row>> =
        LazyLock::new(|| Selection::everything().rows().to_vec());
    let mut input = Input::new(data);
    let row = input.pick(&ROWS);
    let manner = input.byte();
    let count = input.below(12);
    let service = Arc::new(Service::new(row, input.take(count)));
    let Some(given) = arguments(row, &mut input) else { return };
    let called = Called { row, product: product(&service), service };
    let mut person = Person::new(manner & 1 == 0, manner & 2 == 0);
    let (outcome, changes) = called.call(&given, &person);
    let dry = given.get("dry_run") == Some(&Json::Bool(true));
    assert!(!changes || (row.asks.is_empty() && !dry), "{} {given:?}", row.name);
    let (answer, proof, clear) = answered(row, manner);
    match outcome {
        Outcome::Ask { questions, state } => {
            assert!(!row.asks.is_empty() && questions.len() == 1, "{}", row.name);
            let state = bent(&state.expect("a state"), proof);
            person.brings = Some((answer, state));
            called.once(&given, &person, clear && proof);
        }
        Outcome::Done(result) => {
            let Some(token) = token(&result).filter(|_| !row.asks.is_empty()) else { return };
            let kwargs = object([("confirmation_token", bent(&token, proof).into())]);
            let mut given = given;
            given.set("kwargs", kwargs);
            called.once(&given, &person, proof);
        }
        other @ (Outcome::BadParams(_)
        | Outcome::BadState
        | Outcome::Missing(_)
        | Outcome::Unknown
        | Outcome::Reconnect { .. }) => panic!("{}: {other:?}", row.name),
    }
}

fn product(service: &Arc<Service>) -> Product {
    let tenant = Tenant {
        customer_id: Some("72057594037927936".into()),
        cell_customer_id: Some("7".into()),
    };
    let identity = ServerIdentity { version: "1".into(), tenant, ..ServerIdentity::default() };
    let backend = Arc::clone(service) as Arc<dyn Backend>;
    let consent = Consent::new(&[], 300, Box::new(Counter::new())).expect("a ring");
    let scrubber = Arc::new(Scrubber::new(true));
    Product::new(backend, scrubber, Selection::everything(), identity).confirmed(consent)
}

/// Returns the answer of a person, whether its proof is left as it was, and whether it is a yes.
fn answered(row: &Row, manner: u8) -> (Json, bool, bool) {
    let said = |action: &str, word: &str| {
        object([("action", action.into()), ("content", object([("choice", word.into())]))])
    };
    let answer = match manner >> 2 & 7 {
        0..=3 => said("accept", row.asks),
        4 => said("decline", row.asks),
        5 => said("accept", "cancel"),
        6 => object([("action", "accept".into())]),
        _ => said("ACCEPT", row.asks),
    };
    (answer, manner & 0xe0 != 0xe0, manner >> 2 & 7 <= 3)
}

/// Returns what came with a question, as it was when `kept`, else with another letter at its end.
fn bent(text: &str, kept: bool) -> String {
    if kept {
        return text.to_owned();
    }
    let last = if text.ends_with('0') { '1' } else { '0' };
    text[..text.len() - 1].chars().chain([last]).collect()
}

/// Returns the token in the text of an answer that asks for one.
fn token(result: &CallResult) -> Option<String> {
    let Some(Content::Text(text)) = result.content.first() else { return None };
    let (_, rest) = text.as_str().split_once("\"confirmation_token\": \"")?;
    rest.split('"').next().map(str::to_owned)
}

struct Called {
    row: &'static Row,
    product: Product,
    service: Arc<Service>,
}

impl Called {
    /// Calls with a person's word; what that allows is allowed once.
    fn once(&self, given: &Object, person: &Person, allowed: bool) {
        let (outcome, changes) = self.call(given, person);
        assert!(!changes || allowed, "{} without a yes: {given:?}", self.row.name);
        let (_, again) = self.call(given, person);
        assert!(!again, "{} twice with one yes: {given:?} {outcome:?}", self.row.name);
    }

    /// Returns what came of a call, and true when it sent what changes something.
    fn call(&self, given: &Object, person: &Person) -> (Outcome<CallResult>, bool) {
        let outcome = self.product.call(self.row.name, given, person);
        let seen = self.service.seen();
        let pages = usize::try_from(PAGES_READ_MAX).unwrap();
        assert!(seen.len() <= pages * STEPS_MAX, "{}: {} requests", self.row.name, seen.len());
        for request in &seen {
            self.tells_of(request);
            written(request);
        }
        if let Outcome::Done(result) = &outcome {
            is_clean(self.row, result);
        }
        (outcome, seen.iter().any(changes))
    }

    /// Panics unless the row, or the tool that reads its record, tells of `request`.
    fn tells_of(&self, request: &ApiRequest) {
        let (row, path) = (self.row, request.path.as_str());
        let told = |row: &Row| {
            steps(row).any(|step| step.method == request.method && fits(step.path, path))
        };
        let more = || {
            MORE.iter().any(|(name, template)| {
                *name == row.name && request.method == ApiMethod::Get && fits(template, path)
            })
        };
        let read = row.subject.and_then(|subject| {
            catalogue::reads().find(|row| row.name == subject.read && !subject.read.is_empty())
        });
        let by_reader = || read.is_some_and(told) && !changes(request);
        assert!(told(row) || more() || by_reader(), "{} sends {request:?}", row.name);
        let is_change = row.verb != Verb::Read;
        assert!(is_change || !changes(request), "{} changes by {request:?}", row.name);
        if matches!(request.method, ApiMethod::Get | ApiMethod::Delete) {
            assert_eq!(request.body, None, "{}", row.name);
        }
    }
}

/// Returns every request that a row describes.
fn steps(row: &Row) -> impl Iterator<Item = &Step> {
    let planned = row.plans.iter().flat_map(|plan| plan.steps);
    row.before.iter().chain([&row.main]).chain(planned)
}

fn changes(request: &ApiRequest) -> bool {
    let path = request.path.as_str();
    match request.method {
        ApiMethod::Get => false,
        ApiMethod::Post => !READING_POSTS.iter().any(|template| fits(template, path)),
        ApiMethod::Put | ApiMethod::Delete => true,
    }
}

/// Panics unless the bytes that would be sent have one request line, the usual fields and the body.
fn written(request: &ApiRequest) {
    static BASE: LazyLock<Base> = LazyLock::new(|| Base::parse("https://a.test").expect("a base"));
    let bytes = service(&BASE, request, &Secret::new(b"t".to_vec()), "x");
    let text = std::str::from_utf8(bytes.expose()).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let lines: Vec<&str> = head.split("\r\n").collect();
    assert!(head.bytes().all(|byte| b"\r\n".contains(&byte) || matches!(byte, 0x20..=0x7e)));
    assert_eq!(lines[0].split(' ').count(), 3, "{head}");
    let target = lines[0].split(' ').nth(1).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/?&=+".contains(&byte);
    assert!(target.starts_with('/') && target.bytes().all(plain), "{head}");
    let known = ["Host", "Accept", "Accept-Encoding", "User-Agent", "Authorization"];
    let name = |line: &&str| line.split(':').next().unwrap_or_default().to_owned();
    let fields: Vec<String> = lines[1..].iter().map(name).collect();
    for (index, field) in fields.iter().enumerate() {
        assert!(!fields[..index].contains(field), "{head}");
        let of_body = ["Content-Type", "Content-Length"].contains(&field.as_str());
        assert!(known.contains(&field.as_str()) || of_body, "{head}");
    }
    let length = format!("\r\nContent-Length: {}\r\n", body.len());
    assert!(body.is_empty() || head.contains(&length), "{head}");
}

/// Panics unless `result` is JSON within its bounds, and no text of it has a class of fault.
fn is_clean(row: &Row, result: &CallResult) {
    for content in &result.content {
        let Content::Text(text) = content else { panic!("{}: {content:?}", row.name) };
        let text = text.as_str();
        assert!(!text.contains(|c| c != '\n' && is_hidden(c)), "{}: {text:?}", row.name);
        assert!(!text.contains("a fault of this server"), "{}: {text:?}", row.name);
        if result.is_error {
            no_fault(row, text);
        }
    }
    assert!(!result.is_error || result.structured.is_none(), "{}: {result:?}", row.name);
    let Some(structured) = &result.structured else { return };
    assert!(structured.len() <= RESULT_BYTES_MAX, "{}: {} bytes", row.name, structured.len());
    let value = read(structured.as_str().as_bytes(), DEEP).expect("JSON");
    assert!(value.as_object().is_some(), "{}: {value:?}", row.name);
    strings(&value, &mut |text| no_fault(row, text));
}

fn no_fault(row: &Row, text: &str) {
    let mut found = faults(text, text);
    found.retain(|fault| *fault != "longer than twice the input");
    assert!(found.is_empty(), "{}: {text:?}: {found:?}", row.name);
}
