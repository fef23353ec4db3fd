//! A product with tools of the test, a service that remembers, and callers of every kind.

use std::sync::{Arc, Mutex};

use zscaler_mcp::audit::{Log, Record, line};
use zscaler_mcp::auth::{Grant, Principal};
use zscaler_mcp::backend::{ApiBody, ApiMethod, ApiRequest, ApiResponse};
use zscaler_mcp::backend::{Backend, Patience, Upstream};
use zscaler_mcp::base::{Exhausted, Millis, Random, Secret};
use zscaler_mcp::consent::Consent;
use zscaler_mcp::json::{Bounds, Json, Object, object, read};
use zscaler_mcp::mcp::registry::{CallResult, Change, Content, Context, Outcome, Registry};
use zscaler_mcp::sanitize::{CleanJson, CleanText, Scrubber};
use zscaler_mcp::tools::param::{Kind, Param};
use zscaler_mcp::tools::row::{Row, delete, update};
use zscaler_mcp::tools::{Product, Selection, ServerIdentity, Tenant, Trail, Watch};

pub(crate) const YES: &str = r#"{"action":"accept","content":{"choice":"delete"}}"#;
const NOW: u64 = 1_795_000_000;

const PARAMS: &[Param] = &[
    Param::path("label_id").doc("Id."),
    Param::query("note", Kind::Text, "note").doc("Anything."),
];

static ROWS: [Row; 3] = [
    delete("test_delete_label", "zia_test", "/zia/api/v1/ruleLabels/{label_id}")
        .title("Delete")
        .doc("Deletes.")
        .params(PARAMS)
        .subject("rule label", "label_id", "zia_get_rule_label"),
    delete("test_delete_other", "zia_test", "/zia/api/v1/others/{label_id}")
        .title("Delete")
        .doc("Deletes.")
        .params(PARAMS)
        .subject("rule label", "label_id", "zia_get_rule_label"),
    update("test_update_label", "zia_test", "/zia/api/v1/ruleLabels/{label_id}")
        .title("Update")
        .doc("Updates.")
        .params(&[
            Param::path("label_id").doc("Id."),
            Param::body("name", Kind::Text, "name").doc("Name."),
            Param::body("pre_shared_key", Kind::Text, "preSharedKey").doc("Key."),
        ])
        .subject("rule label", "label_id", "zia_get_rule_label"),
];

/// A service with one record that everybody may rename.
#[derive(Default)]
pub(crate) struct Service {
    name: Mutex<Option<String>>,
    seen: Mutex<Vec<ApiRequest>>,
}

impl Backend for Service {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        self.seen.lock().unwrap().push(request.clone());
        let name = self.name.lock().unwrap().clone();
        Ok(match (request.method, name) {
            (ApiMethod::Get, Some(name)) => {
                let record = object([
                    ("id", 41_001_i64.into()),
                    ("name", name.into()),
                    ("description", "kept".into()),
                ]);
                ApiResponse { status: 200, body: ApiBody::Json(record) }
            }
            (ApiMethod::Get, None) => ApiResponse { status: 500, body: ApiBody::Empty },
            _ => ApiResponse { status: 204, body: ApiBody::Empty },
        })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Log for Lines {
    fn write(&self, record: &Record) {
        self.0.lock().unwrap().push(line(record, ""));
    }
}

struct Still;

impl Watch for Still {
    fn now(&self) -> Millis {
        Millis(0)
    }
}

/// Numbers that never repeat and that anybody could guess.
#[derive(Default)]
struct Counted(Mutex<u64>);

impl Random for Counted {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        for (to, from) in out.iter_mut().rev().zip(count.to_le_bytes()) {
            *to = from;
        }
        Ok(())
    }
}

/// Starts where no other world of this process starts, as a random key would.
fn random() -> Box<dyn Random> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Box::new(Counted(Mutex::new(NEXT.fetch_add(1_000_000, Ordering::Relaxed))))
}

/// What a call came to.
#[derive(Debug)]
pub(crate) enum Said {
    /// The person is asked.
    Asked(Question),
    /// It was done.
    Done(String),
    /// A text that says that it was not; true for an error.
    Not(String, bool),
    /// The state was refused.
    BadState,
}

#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) text: String,
    /// The state or the token.
    pub(crate) proof: String,
}

impl Said {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Asked(question) => &question.text,
            Self::Done(text) | Self::Not(text, _) => text,
            Self::BadState => "bad state",
        }
    }
    pub(crate) fn is_error(&self) -> bool {
        matches!(self, Self::Not(_, true) | Self::BadState)
    }
}

/// True for an answer that says `why`; the protocol has no place for the reason, the log has.
pub(crate) fn refused(said: &Said, why: &str) -> bool {
    match said {
        Said::BadState => true,
        Said::Not(text, true) => text.contains(why),
        Said::Asked(question) => question.text.contains(why),
        Said::Not(_, false) | Said::Done(_) => false,
    }
}

/// Who calls, and what comes with the call.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    principal: Principal,
    grant: Grant,
    forms: bool,
    stateless: bool,
    now: u64,
    state: Option<String>,
    answers: Object,
}

impl Client {
    fn new(forms: bool, stateless: bool) -> Self {
        let (principal, grant) = (Principal::named("anonymous"), Grant::everything());
        Self { principal, grant, forms, stateless, now: NOW, state: None, answers: Object::new() }
    }
    pub(crate) fn stateless() -> Self {
        Self::new(true, true)
    }
    pub(crate) fn older() -> Self {
        Self::new(true, false)
    }
    /// One that cannot ask a person.
    pub(crate) fn plain() -> Self {
        Self::new(false, true)
    }
    pub(crate) fn named(self, name: &str) -> Self {
        Self { principal: Principal::named(name), ..self }
    }
    pub(crate) fn later(self, seconds: u64) -> Self {
        Self { now: self.now + seconds, ..self }
    }
    pub(crate) fn bringing(self, state: &str) -> Self {
        Self { state: Some(state.to_owned()), ..self }
    }
    pub(crate) fn answering(mut self, key: &str, answer: &str) -> Self {
        self.answers.set(key, json(answer));
        self
    }
}

impl Context for Client {
    fn principal(&self) -> &Principal {
        &self.principal
    }
    fn grant(&self) -> &Grant {
        &self.grant
    }
    fn unix_seconds(&self) -> u64 {
        self.now
    }
    fn client_can(&self, name: &str) -> bool {
        self.forms && (name == "elicitation" || name == "elicitation.form")
    }
    fn answer(&self, key: &str) -> Option<&Json> {
        self.answers.get(key)
    }
    fn answered(&self) -> bool {
        !self.answers.is_empty()
    }
    fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
    fn resumed(&self) -> bool {
        false
    }
    fn stateless(&self) -> bool {
        self.stateless
    }
    fn cancelled(&self) -> bool {
        false
    }
    fn log(&self, _: &'static str, _: CleanJson) {}
    fn progress(&self, _: u64, _: Option<u64>, _: Option<CleanText>) {}
    fn changed(&self, _: Change) {}
    fn pause(&self, _: u64) {}
}

pub(crate) struct World {
    service: Arc<Service>,
    lines: Arc<Lines>,
    product: Product,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::under(&[])
    }

    /// A server with this ring of keys.
    pub(crate) fn under(keys: &[&str]) -> Self {
        let keys: Vec<Secret> = keys.iter().map(|key| Secret::new((*key).into())).collect();
        Self::with(Some(Consent::new(&keys, 300, random()).unwrap()))
    }

    /// A server that nobody told how to confirm.
    pub(crate) fn unable() -> Self {
        Self::with(None)
    }

    fn with(consent: Option<Consent>) -> Self {
        let service = Arc::new(Service::default());
        *service.name.lock().unwrap() = Some("Marketing".to_owned());
        let lines = Arc::new(Lines::default());
        let trail = Trail::new(Arc::clone(&lines) as Arc<dyn Log>, Arc::new(Still), false);
        let tenant = Tenant { customer_id: Some("1".to_owned()), ..Tenant::default() };
        let product = Product::new(
            Arc::clone(&service) as Arc<dyn Backend>,
            Arc::new(Scrubber::new(true)),
            Selection::only(ROWS.iter().collect()),
            ServerIdentity {
                version: String::new(),
                demo: false,
                tenant,
                ..ServerIdentity::default()
            },
        )
        .recorded(trail);
        let product = match consent {
            Some(consent) => product.confirmed(consent),
            None => product,
        };
        Self { service, lines, product }
    }

    pub(crate) fn rename(&self, name: &str) {
        *self.service.name.lock().unwrap() = Some(name.to_owned());
    }

    pub(crate) fn hide(&self) {
        *self.service.name.lock().unwrap() = None;
    }

    /// The requests so far: method and path.
    pub(crate) fn requests(&self) -> Vec<String> {
        let seen = self.service.seen.lock().unwrap();
        seen.iter().map(|r| format!("{} {}", r.method.as_str(), r.path.as_str())).collect()
    }

    /// The paths that were deleted.
    pub(crate) fn deleted(&self) -> Vec<String> {
        let strip = |text: String| text.strip_prefix("DELETE ").map(str::to_owned);
        self.requests().into_iter().filter_map(strip).collect()
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.lines.0.lock().unwrap().clone()
    }

    pub(crate) fn call(&self, tool: &str, arguments: &str, client: &Client) -> Said {
        match self.product.call(tool, json(arguments).as_object().unwrap(), client) {
            Outcome::Ask { questions, state } => {
                let [question] = &questions[..] else { panic!("{questions:?}") };
                let message = question.params.as_json().get("message").and_then(Json::as_str);
                let (text, proof) = (message.unwrap().to_owned(), state.unwrap());
                Said::Asked(Question { text, proof })
            }
            Outcome::BadState => Said::BadState,
            Outcome::Done(result) => done(&result),
            other @ (Outcome::BadParams(_)
            | Outcome::Missing(_)
            | Outcome::Unknown
            | Outcome::Reconnect { .. }) => panic!("{other:?}"),
        }
    }

    /// Calls and is asked.
    pub(crate) fn ask(&self, tool: &str, arguments: &str, client: &Client) -> Question {
        let said = self.call(tool, arguments, client);
        let Said::Asked(question) = said else { panic!("{said:?}") };
        question
    }

    /// Answers with `answer`; only for clients that can be asked.
    pub(crate) fn answer(
        &self,
        tool: &str,
        arguments: &str,
        client: &Client,
        asked: &Question,
        answer: &str,
    ) -> Said {
        let client = client.clone().bringing(&asked.proof).answering("confirm", answer);
        self.call(tool, arguments, &client)
    }

    /// Says yes in the way of the client.
    pub(crate) fn yes(
        &self,
        tool: &str,
        arguments: &str,
        client: &Client,
        asked: &Question,
    ) -> Said {
        if client.forms {
            return self.answer(tool, arguments, client, asked, YES);
        }
        self.call(tool, &with_token(arguments, &asked.proof), client)
    }
}

fn done(result: &CallResult) -> Said {
    let Some(Content::Text(text)) = result.content.first() else { panic!("{result:?}") };
    let text = text.as_str().to_owned();
    if let Some(proof) = crate::asked::token(&text).map(str::to_owned) {
        return Said::Asked(Question { text, proof });
    }
    match &result.structured {
        Some(value) => Said::Done(format!("{text}\n{}", value.as_str())),
        None => Said::Not(text, result.is_error),
    }
}

pub(crate) fn with_token(arguments: &str, token: &str) -> String {
    let inside = arguments.strip_suffix('}').unwrap();
    format!(r#"{inside},"kwargs":{{"confirmation_token":"{token}"}}}}"#)
}

pub(crate) fn json(text: &str) -> Json {
    read(text.as_bytes(), Bounds { depth: 9, nodes: 999 }).unwrap()
}
