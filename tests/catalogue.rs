//! The catalogue against the recorded facts of the product it replaces: names, arguments and
//! requests; and the golden file of what agents see.

#[path = "data/tools/quiet.rs"]
mod quiet;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::json::{Bounds, Json, Object, object, read, write};
use zscaler_mcp::mcp::registry::{Outcome, Registry};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::param::{Kind, Preset};
use zscaler_mcp::tools::row::Row;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity, Tenant};

const CUSTOMER: &str = "216196257331200000";

fn facts() -> Vec<Value> {
    let text = include_str!("data/tools/facts.json");
    serde_json::from_str(text).unwrap()
}

fn row(name: &str) -> &'static Row {
    catalogue::rows().find(|row| row.name == name).unwrap()
}

fn params(fact: &Value) -> impl Iterator<Item = &Value> {
    fact["params"].as_array().unwrap().iter()
}

/// Keeps requests and answers each with an error, so that a second way is tried too.
struct Recorder {
    status: u16,
    seen: Mutex<Vec<ApiRequest>>,
}

impl Backend for Recorder {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        self.seen.lock().unwrap().push(request.clone());
        let body = if self.status == 200 { Json::Array(Vec::new()) } else { object([]) };
        Ok(ApiResponse { status: self.status, body: ApiBody::Json(body) })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

fn product(backend: Arc<dyn Backend>) -> Product {
    let identity = ServerIdentity {
        version: "0.0.0".to_owned(),
        demo: false,
        tenant: Tenant { customer_id: Some(CUSTOMER.to_owned()), cell_customer_id: None },
    };
    Product::new(backend, Arc::new(Scrubber::new(true)), Selection::everything(), identity)
}

fn requests(name: &str, arguments: &Value, status: u16) -> Vec<ApiRequest> {
    let recorder = Arc::new(Recorder { status, seen: Mutex::new(Vec::new()) });
    let product = product(Arc::clone(&recorder) as Arc<dyn Backend>);
    let text = arguments.to_string();
    let value = read(text.as_bytes(), Bounds { depth: 9, nodes: 9999 }).unwrap();
    let arguments: &Object = value.as_object().unwrap();
    let outcome = product.call(name, arguments, &quiet::Quiet::new(false));
    assert!(matches!(outcome, Outcome::Done(_)));
    recorder.seen.lock().unwrap().clone()
}

#[test]
fn every_read_tool_of_six_toolsets_is_there_and_nothing_else() {
    let known: BTreeSet<String> =
        facts().iter().map(|fact| fact["name"].as_str().unwrap().to_owned()).collect();
    let ours: BTreeSet<String> = catalogue::rows().map(|row| row.name.to_owned()).collect();
    assert_eq!(ours, known);
    assert_eq!(ours.len(), catalogue::rows().count());
    assert_eq!(ours.len(), 29);
}

#[test]
fn three_rows_have_a_function() {
    let names: Vec<&str> =
        catalogue::rows().filter(|row| !row.functions().is_empty()).map(|row| row.name).collect();
    assert_eq!(
        names,
        ["zia_get_url_category_predefined", "zia_list_url_categories", "zia_url_lookup"]
    );
}

#[test]
fn names_sets_and_neighbours_are_in_order() {
    for row in catalogue::rows() {
        assert!(catalogue::TOOLSETS.contains(&row.toolset), "{}", row.name);
        assert!(catalogue::SERVICES.contains(&row.service()), "{}", row.name);
        assert!((1..=64).contains(&row.name.len()));
        assert!(row.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", row.name);
        assert!(row.doc.len() <= 600 && !row.title.is_empty(), "{}", row.name);
        assert!(row.doc.lines().next().unwrap().ends_with('.'), "{}", row.name);
        assert!(row.inputs().all(|param| !param.doc.is_empty()), "{}", row.name);
        assert!(row.see.is_empty() || catalogue::rows().any(|other| other.name == row.see));
    }
    for set in catalogue::toolsets() {
        let names: Vec<&str> =
            catalogue::rows().filter(|row| row.toolset == set).map(|row| row.name).collect();
        assert!(names.is_sorted(), "{set}");
    }
    assert!(catalogue::TOOLSETS.is_sorted());
    assert!(catalogue::SERVICES.is_sorted());
}

#[test]
fn arguments_have_the_known_names_types_and_bounds() {
    for fact in facts() {
        let name = fact["name"].as_str().unwrap();
        let row = row(name);
        assert_eq!(row.toolset, fact["toolset"], "{name}");
        assert_eq!(row.service(), fact["service"], "{name}");
        assert_eq!(Value::from(row.queried), fact["supports_query"], "{name}");
        let query = row.queried.then_some("query");
        let theirs = params(&fact).map(|p| p["name"].as_str().unwrap()).chain(query);
        let ours = row.inputs().map(|param| param.name);
        assert_eq!(ours.collect::<Vec<_>>(), theirs.collect::<Vec<_>>(), "{name}");
        for (param, known) in row.params.iter().zip(params(&fact)) {
            let place = format!("{name} {}", param.name);
            let kind = match param.kind {
                Kind::Id | Kind::Text => "string",
                Kind::Integer => "integer",
                Kind::Number => "number",
                Kind::Boolean => "boolean",
                Kind::Texts => "array<string>",
                Kind::Integers => "array<integer>",
                Kind::TextLists => "array<array<string>>",
                Kind::Object => "object",
                Kind::Objects => "array<object>",
                Kind::Any => "any",
            };
            assert_eq!(kind, known["type"], "{place}");
            assert_eq!(Value::from(param.required), known["required"], "{place}");
            assert_eq!(param.min, known["min"].as_i64(), "{place}");
            assert_eq!(param.max, known["max"].as_i64(), "{place}");
            assert!(param.filled || known["empty_refused"] != true, "{place}");
            let preset = param.preset.map_or(Value::Null, |preset| match preset {
                Preset::Bool(value) => value.into(),
                Preset::Integer(value) => value.into(),
                Preset::Text(text) => text.into(),
            });
            assert_eq!(preset, known.get("default").cloned().unwrap_or(Value::Null), "{place}");
            assert_eq!(param.choices.join("|"), choices(known), "{place}");
        }
    }
}

fn choices(known: &Value) -> String {
    match (known["enum"].as_array(), known["pattern"].as_str()) {
        (Some(texts), _) => {
            texts.iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join("|")
        }
        (None, Some(pattern)) => pattern.trim_start_matches("^(").trim_end_matches(")$").to_owned(),
        (None, None) => String::new(),
    }
}

#[test]
fn annotations_follow_from_the_facts() {
    let cards = product(Arc::new(Recorder { status: 200, seen: Mutex::default() })).tools();
    for fact in facts() {
        let card = cards.iter().find(|card| card.name == fact["name"].as_str().unwrap()).unwrap();
        let hints = card.hints.unwrap();
        assert_eq!(Value::from(hints.read_only), fact["read_only"]);
        assert_eq!(Value::from(hints.destructive), fact["destructive"]);
        assert_eq!(Value::from(hints.idempotent), fact["idempotent"]);
        assert!(hints.open_world && card.output.is_none());
    }
}

/// Arguments to try: only what is required, everything, everything empty, everything null.
fn samples(fact: &Value, action: Option<&str>) -> Vec<Value> {
    let value = |param: &Value| -> Value {
        let choice = choices(param);
        match (param["name"].as_str().unwrap(), param["type"].as_str().unwrap()) {
            ("action", _) => action.unwrap().into(),
            (_, "string") if !choice.is_empty() => choice.split('|').next_back().unwrap().into(),
            ("search", _) => " \"R&D + caf\u{e9}\" ".into(),
            (_, "integer") => 3.into(),
            (_, "number") => 45.76.into(),
            (_, "boolean") => true.into(),
            (_, "array<string>") => vec!["a.test", "b.test/x?y"].into(),
            (name, _) => format!("{name} 1/2").into(),
        }
    };
    let must = |param: &Value| param["required"] == true || action.is_some();
    let build = |optional: &dyn Fn(&Value) -> Option<Value>| -> Value {
        let all = params(fact).filter_map(|param| {
            let given = if must(param) { Some(value(param)) } else { optional(param) };
            Some((param["name"].as_str().unwrap().to_owned(), given?))
        });
        Value::Object(all.collect())
    };
    let empty = |param: &Value| match param["type"].as_str().unwrap() {
        "string" => Some("".into()),
        "integer" => Some(1.into()),
        _ => Some(false.into()),
    };
    let nullable = |param: &Value| (param["nullable"] == true).then_some(Value::Null);
    vec![build(&|_| None), build(&|param| Some(value(param))), build(&empty), build(&nullable)]
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// Builds the query that the facts prescribe, sorted.
fn expected_query(call: &Value, fact: &Value, arguments: &Value) -> Vec<(String, String)> {
    let mut query = Vec::new();
    for (key, rule) in call["query"].as_object().into_iter().flatten() {
        let name = rule["param"].as_str().unwrap();
        let default = params(fact).find(|param| param["name"] == name).unwrap()["default"].clone();
        let given = arguments.get(name).cloned().unwrap_or(default);
        let sent = match rule["send"].as_str() {
            Some("if_truthy") => truthy(&given),
            _ => !given.is_null(),
        };
        if !sent {
            continue;
        }
        let text = match (&given, rule["as"].as_str()) {
            // Truth values are lower case everywhere, on purpose.
            (Value::Bool(value), _) => value.to_string(),
            (Value::String(text), Some("zpa_search")) => {
                format!("name+EQ+{}", text.trim().trim_matches('"'))
            }
            (Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        };
        query.push((key.clone(), text));
    }
    query.sort();
    query
}

fn expected_path(call: &Value, arguments: &Value) -> String {
    let template = call["path"].as_str().unwrap().replace("{customerId}", CUSTOMER);
    let Some((before, rest)) = template.split_once('{') else { return template };
    let (hole, after) = rest.split_once('}').unwrap();
    let value = arguments[hole].as_str().unwrap().trim();
    let encoded = value.replace(' ', "%20").replace('/', "%2F");
    format!("{before}{encoded}{after}")
}

fn compare(fact: &Value, calls: &[Value], arguments: &Value) {
    let name = fact["name"].as_str().unwrap();
    let status = if calls.len() > 1 { 404 } else { 200 };
    let made = requests(name, arguments, status);
    assert_eq!(made.len(), calls.len(), "{name} {arguments}");
    for (request, call) in made.iter().zip(calls) {
        let place = format!("{name} {arguments}");
        assert_eq!(request.method.as_str(), call["method"], "{place}");
        assert_eq!(request.path.as_str(), expected_path(call, arguments), "{place}");
        let mut query = request.query.clone();
        query.sort();
        assert_eq!(query, expected_query(call, fact, arguments), "{place}");
        let body = call["body_whole"]["param"].as_str().map(|param| arguments[param].to_string());
        assert_eq!(request.body.as_ref().map(write::to_text), body, "{place}");
    }
}

#[test]
fn requests_are_the_known_ones() {
    for fact in facts() {
        let actions = fact["variants"].as_array().into_iter().flatten();
        for variant in actions {
            let action = variant["when"][0][2].as_str().unwrap();
            for arguments in samples(&fact, Some(action)) {
                compare(&fact, variant["calls"].as_array().unwrap(), &arguments);
            }
        }
        if let Some(calls) = fact["calls"].as_array() {
            for arguments in samples(&fact, None) {
                compare(&fact, calls, &arguments);
            }
        }
    }
}

#[test]
fn a_climbing_value_makes_no_request() {
    for row in catalogue::rows().filter(|row| row.main.path.contains("_id}")) {
        let hole = row.params[0].name;
        for value in ["..", ".", "", "../../x", "a/../b", "x\ny"] {
            let arguments = serde_json::json!({ hole: value });
            assert_eq!(requests(row.name, &arguments, 200), [], "{} {value:?}", row.name);
        }
    }
}

#[test]
fn what_agents_see_changes_only_on_purpose() {
    let cards = product(Arc::new(Recorder { status: 200, seen: Mutex::default() })).tools();
    let shown = cards.into_iter().map(|card| {
        let hints = card.hints.unwrap();
        object([
            ("name", card.name.into()),
            ("title", card.title.unwrap().into()),
            ("description", card.description.into()),
            ("inputSchema", card.input),
            (
                "annotations",
                object([
                    ("readOnlyHint", hints.read_only.into()),
                    ("destructiveHint", hints.destructive.into()),
                    ("idempotentHint", hints.idempotent.into()),
                    ("openWorldHint", hints.open_world.into()),
                ]),
            ),
        ])
    });
    let text = write::pretty(&Json::Array(shown.collect())) + "\n";
    let place = concat!(env!("CARGO_TARGET_TMPDIR"), "/cards.json");
    std::fs::write(place, &text).unwrap();
    let golden = include_str!("data/tools/cards.json");
    assert!(text == golden, "tests/data/tools/cards.json differs from {place}");
}
