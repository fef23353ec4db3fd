//! The facts, a service that gives canned answers, and a caller.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::consent::Consent;
use zscaler_mcp::json::{Bounds, Json, read, write};
use zscaler_mcp::mcp::registry::{Content, Outcome, Registry};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::row::Row;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity, Tenant};

use crate::asked::token;
use crate::expect_zpa;
use crate::expect_zpa_infra;
use crate::known::Known;
use crate::quiet::Quiet;

pub(crate) const CUSTOMER: &str = "216196257331200000";
pub(crate) const CELL_CUSTOMER: &str = "cell-7";

/// Query members that the other product spells in a way its service does not know, so that the
/// filters do nothing there.
const RESPELT: &[(&str, &str)] = &[
    ("deviceIds", "deviceids"),
    ("locationGroups", "location_groups"),
    ("macAddress", "mac_address"),
    ("metricName", "metric_name"),
    ("privateIpv4", "private_ipv4"),
    ("scoreBucket", "score_bucket"),
    ("userIds", "userids"),
];

/// Every tool of the product that this one replaces, and the tables their values refer to.
pub(crate) fn facts() -> (Vec<Value>, Value) {
    let text = include_str!("../data/tools/facts.json");
    let mut all: Value = serde_json::from_str(text).unwrap();
    let tools = all["tools"].as_array_mut().unwrap().iter_mut();
    let calls = tools.filter_map(|tool| tool.get_mut("calls")?.as_array_mut()).flatten();
    for call in calls.filter_map(Value::as_object_mut) {
        // What the product meant to send, had it not failed first.
        if let Some(Value::Object(intended)) = call.remove("variables_intended") {
            call["variables"].as_object_mut().unwrap().extend(intended);
        }
    }
    let tools = all["tools"].as_array_mut().unwrap().iter_mut();
    let zdx = tools.filter(|tool| tool["service"] == "zdx");
    let calls = zdx.filter_map(|tool| tool.get_mut("calls")?.as_array_mut()).flatten();
    for query in calls.filter_map(|call| call.get_mut("query")?.as_object_mut()) {
        for (theirs, ours) in RESPELT {
            if let Some(rule) = query.remove(*theirs) {
                query.insert((*ours).to_owned(), rule);
            }
        }
    }
    let tools = all["tools"].as_array_mut().unwrap();
    tools.iter_mut().for_each(expect_zpa::mend);
    tools.iter_mut().for_each(expect_zpa_infra::mend);
    (tools.clone(), all["maps"].clone())
}

/// How the service answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// With records.
    Full,
    /// Without records.
    Empty,
    /// Not at all at first.
    NotFoundFirst,
}

/// One request, comparable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
}

/// Returns the answer to request number `index`: status and body.
pub(crate) fn answer(asked: &Asked, index: usize, mood: Mood) -> (u16, Value) {
    if mood == Mood::NotFoundFirst && index == 0 {
        return (404, json!({"code": "NOT_FOUND", "message": "nothing here"}));
    }
    let search = asked.query.iter().find(|(key, _)| key == "search");
    let name = search.map_or("stored", |(_, text)| text.trim_start_matches("name+EQ+"));
    let rows = |rows: Value| if mood == Mood::Empty { json!([]) } else { rows };
    let body = if asked.path.ends_with("/staticIP") && asked.method == "GET" {
        rows(json!([{"id": 41, "ipAddress": "198.51.100.9"}]))
    } else if asked.path.ends_with("/vips/recommendedList") {
        json!([{"id": 1, "city": "A"}, {"id": 2, "city": "A"}, {"id": 3, "city": "B"}])
    } else if asked.path.ends_with("/validateRuleText") {
        json!({"status": if mood == Mood::Empty { 3 } else { 0 }, "errMsg": ""})
    } else if asked.path.ends_with("/urlCategories") && asked.method == "GET" {
        json!([
            {"id": "CUSTOM_01", "configuredName": "7", "customCategory": true},
            {"id": "FR", "configuredName": "France", "customCategory": false},
            {"id": "MAIL", "configuredName": "A@B.TEST"},
            {"id": "CAF\u{c9}", "configuredName": "\"R&d + CAF\u{c9}\""},
        ])
    } else if asked.path.ends_with("/availableInternalIpRanges") {
        json!([{"startIPAddress": "172.16.0.0"}])
    } else if asked.path.ends_with("/application/getAppsByType") {
        json!({"list": rows(expect_zpa::APPS.iter().map(|(id, segment, domain)| {
            json!({"id": id, "appId": segment, "domain": domain})
        }).collect())})
    } else if asked.path.ends_with("/graphql") {
        json!({"data": {}})
    } else {
        json!({
            "id": "p 1/2", "name": "stored", "ruleText": "alert", "startTime": 60, "endTime": null,
            "daysOfWeek": ["MON"], "ipAddress": "198.51.100.1",
            "configuredName": "Stored", "customCategory": asked.path.len().is_multiple_of(2),
            "records": rows(json!([{"id": "r1"}])),
            "list": rows(json!([
                {"id": "l0", "name": "other"}, {"id": "l1", "name": name},
                {"id": "l2", "name": "Connector"}, {"id": "l3", "name": "service edge"},
            ])),
        })
    };
    (200, body)
}

struct Service {
    mood: Mood,
    seen: Mutex<Vec<Asked>>,
}

impl Backend for Service {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let mut query = request.query.clone();
        query.sort();
        let body = request.body.as_ref().map(plain);
        let asked = Asked {
            method: request.method.as_str().to_owned(),
            path: request.path.as_str().to_owned(),
            query,
            body,
        };
        let mut seen = self.seen.lock().unwrap();
        let (status, body) = answer(&asked, seen.len(), self.mood);
        seen.push(asked);
        Ok(ApiResponse { status, body: ApiBody::Json(ours(&body)) })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

fn plain(value: &Json) -> Value {
    serde_json::from_str(&write::to_text(value)).unwrap()
}

fn ours(value: &Value) -> Json {
    read(value.to_string().as_bytes(), Bounds { depth: 30, nodes: 99_999 }).unwrap()
}

/// What a call did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) asked: Vec<Asked>,
    pub(crate) failed: bool,
    pub(crate) text: String,
}

/// Calls `row` with `arguments`.
pub(crate) fn call(row: &'static Row, arguments: &Map<String, Value>, mood: Mood) -> Done {
    let service = Arc::new(Service { mood, seen: Mutex::default() });
    let tenant = Tenant {
        customer_id: Some(CUSTOMER.to_owned()),
        cell_customer_id: Some(CELL_CUSTOMER.to_owned()),
    };
    let product = Product::new(
        Arc::clone(&service) as Arc<dyn Backend>,
        Arc::new(Scrubber::new(true)),
        Selection::only(vec![row]),
        ServerIdentity { version: String::new(), demo: false, tenant, ..ServerIdentity::default() },
    )
    .confirmed(Consent::new(&[], 300, Box::new(Known)).unwrap());
    let mut arguments = arguments.clone();
    if !row.asks.is_empty() {
        let first = said(&product, row, &arguments);
        if let Some(token) = token(&first.text) {
            arguments.insert("kwargs".to_owned(), json!({"confirmation_token": token}));
        }
        // Before a person has said yes, names are read and nothing else.
        let seen = core::mem::take(&mut *service.seen.lock().unwrap());
        assert!(seen.iter().all(|asked| asked.method == "GET"), "{}: {seen:?}", row.name);
    }
    let done = said(&product, row, &arguments);
    Done { asked: service.seen.lock().unwrap().clone(), ..done }
}

fn said(product: &Product, row: &Row, arguments: &Map<String, Value>) -> Done {
    let arguments = ours(&Value::Object(arguments.clone()));
    let outcome = product.call(row.name, arguments.as_object().unwrap(), &Quiet::new(false));
    let Outcome::Done(result) = outcome else { panic!("{}: {outcome:?}", row.name) };
    let Some(Content::Text(text)) = result.content.first() else { panic!("{}", row.name) };
    Done { asked: Vec::new(), failed: result.is_error, text: text.as_str().to_owned() }
}
