//! The catalogue against the recorded facts of the product it replaces: names, arguments and
//! requests; and the golden file of what agents see.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use zscaler_mcp::backend::oneapi::request::reads;
use zscaler_mcp::backend::{ApiPath, ApiRequest, PathSegment};
use zscaler_mcp::json::{Json, object, write};
use zscaler_mcp::mcp::registry::Registry;
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::param::{Kind, Preset};
use zscaler_mcp::tools::row::{Row, Verb};

use kit::{Service, call_on, product, working_for};

const CUSTOMER: &str = "216196257331200000";

/// The tools of the product that this one replaces, of the toolsets that are here.
fn facts() -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("data/tools/facts.json")).unwrap();
    let is_here = |fact: &&Value| catalogue::rows().any(|row| fact["name"] == row.name);
    all["tools"].as_array().unwrap().iter().filter(is_here).cloned().collect()
}

fn row(name: &str) -> &'static Row {
    catalogue::rows().find(|row| row.name == name).unwrap()
}

fn params(fact: &Value) -> impl Iterator<Item = &Value> {
    fact["params"].as_array().unwrap().iter()
}

/// The requests of a call whose service answers each alike: an error is there to try a second way.
fn requests(name: &str, arguments: &Value, status: u16) -> Vec<ApiRequest> {
    let body = if status == 200 { Json::Array(Vec::new()) } else { object([]) };
    let service = Service::saying(status, body);
    let product = product(Arc::<Service>::clone(&service), working_for(Some(CUSTOMER)));
    call_on(&product, name, &arguments.to_string());
    service.seen.lock().unwrap().clone()
}

#[test]
fn every_tool_of_these_toolsets_is_there_and_nothing_else() {
    let all: Value = serde_json::from_str(include_str!("data/tools/facts.json")).unwrap();
    let sets = catalogue::toolsets();
    let is_here = |fact: &&Value| sets.contains(&fact["toolset"].as_str().unwrap());
    let here = all["tools"].as_array().unwrap().iter().filter(is_here);
    let known: BTreeSet<String> =
        here.map(|fact| fact["name"].as_str().unwrap().to_owned()).collect();
    let ours: BTreeSet<String> = catalogue::rows().map(|row| row.name.to_owned()).collect();
    assert_eq!(ours, known);
    assert_eq!(ours.len(), catalogue::rows().count());
}

/// Tools that remove or publish although they are not called delete.
const ALSO_ASKS: [(&str, &str); 2] =
    [("zia_activate_configuration", "activate"), ("zia_remove_urls_from_category", "remove")];

#[test]
fn what_deletes_removes_or_publishes_asks_a_person() {
    for fact in facts() {
        let row = row(fact["name"].as_str().unwrap());
        let also = ALSO_ASKS.iter().find(|(name, _)| *name == row.name).map(|(_, word)| *word);
        let deletes = fact["action"] == "delete";
        let expected = also.unwrap_or(if deletes { "delete" } else { "" });
        assert_eq!(row.asks, expected, "{}", row.name);
        assert_eq!(row.verb == Verb::Delete, deletes, "{}", row.name);
        let Some(subject) = row.subject else {
            assert_eq!(row.verb, Verb::Read, "{} speaks of no record", row.name);
            continue;
        };
        let key = row.param(subject.key);
        assert!(key.is_some() || subject.key.is_empty(), "{}", row.name);
        assert!(!deletes || key.is_some_and(|key| key.required), "{}", row.name);
        let name = subject.kind;
        assert!(!name.is_empty() && name.starts_with(|c: char| c.is_ascii()), "{}", row.name);
        if let Some(read) = catalogue::rows().find(|other| other.name == subject.read) {
            assert_eq!(read.verb, Verb::Read, "{}", row.name);
            let missing = read.params.iter().filter(|p| p.required && row.param(p.name).is_none());
            assert_eq!(missing.count(), 0, "{} cannot be read for {}", read.name, row.name);
        } else {
            assert_eq!(subject.read, "", "{}", row.name);
        }
    }
}

#[test]
fn no_preview_sends_a_change() {
    let record = serde_json::json!({"id": "1", "name": "n", "list": [], "customCategory": true});
    let mut previews = 0;
    for row in catalogue::rows().filter(|row| row.verb != Verb::Read) {
        let mut arguments = serde_json::Map::new();
        for param in row.params {
            arguments.insert(param.name.to_owned(), sample(param));
        }
        arguments.insert("dry_run".to_owned(), true.into());
        let service = Service::saying(200, kit::json(&record.to_string()));
        let product = product(Arc::<Service>::clone(&service), working_for(Some(CUSTOMER)));
        let result = call_on(&product, row.name, &Value::Object(arguments).to_string());
        previews += usize::from(!result.is_error);
        for request in service.seen.lock().unwrap().iter() {
            let place = format!("{}: {}", row.name, request.path.as_str());
            assert!(reads(request), "{place}");
        }
    }
    let changes = catalogue::rows().filter(|row| row.verb != Verb::Read).count();
    assert!(previews * 10 >= changes * 6, "{previews} of {changes}");
}

fn sample(param: &zscaler_mcp::tools::param::Param) -> Value {
    match param.kind {
        _ if !param.choices.is_empty() => param.choices[0].into(),
        Kind::Id | Kind::Text | Kind::Any => "1".into(),
        Kind::Integer | Kind::Number => param.min.unwrap_or(1).into(),
        Kind::Boolean => true.into(),
        Kind::Texts => serde_json::json!(["1"]),
        Kind::Integers => serde_json::json!([1]),
        Kind::TextLists => serde_json::json!([["app", "id", "1"]]),
        Kind::Object => serde_json::json!({}),
        Kind::Objects => serde_json::json!([{}]),
    }
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
        assert!(row.next.is_empty() || row.param("offset").is_some(), "{}", row.name);
        assert!(row.see.is_empty() || catalogue::rows().any(|other| other.name == row.see));
    }
    assert!(catalogue::TOOLSETS.is_sorted());
    assert!(catalogue::SERVICES.is_sorted());
}

#[test]
fn the_rows_of_a_toolset_stand_by_name_those_that_change_something_apart() {
    for set in catalogue::toolsets() {
        let rows = || catalogue::rows().filter(|row| row.toolset == set);
        let reads = |row: &&Row| row.verb == Verb::Read;
        assert!(rows().filter(reads).map(|row| row.name).is_sorted(), "{set}");
        assert!(rows().filter(|row| !reads(row)).map(|row| row.name).is_sorted(), "{set}");
    }
}

/// True for a list whose service turns pages.
fn turns_pages(fact: &Value) -> bool {
    let names: Vec<&str> = params(fact).map(|p| p["name"].as_str().unwrap()).collect();
    let has = |any: &[&str]| any.iter().any(|name| names.contains(name));
    let sized = has(&["page_size", "size", "limit"]);
    fact["supports_query"] == true
        && match fact["service"].as_str().unwrap() {
            "zdx" => has(&["offset"]),
            // Those that look a name up first cannot go on where a page ended.
            "zid" => sized && fact["calls"].as_array().is_some_and(|calls| calls.len() == 1),
            _ => sized && has(&["page", "page_num", "page_number"]),
        }
}

#[test]
fn arguments_have_the_known_names_types_and_bounds() {
    for fact in facts() {
        let name = fact["name"].as_str().unwrap();
        let row = row(name);
        assert_eq!(row.toolset, fact["toolset"], "{name}");
        assert_eq!(row.service(), fact["service"], "{name}");
        assert_eq!(Value::from(row.queried), fact["supports_query"], "{name}");
        let pages = turns_pages(&fact).then_some("all_pages");
        let query = row.queried.then_some("query");
        let preview = (fact["action"] != "read").then_some("dry_run");
        let token = (!row.asks.is_empty()).then_some("kwargs");
        let theirs = params(&fact).map(|p| p["name"].as_str().unwrap());
        let theirs = theirs.chain(pages).chain(query).chain(preview).chain(token);
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
    let cards = product(Service::saying(200, Json::Null), working_for(None)).tools();
    for fact in facts() {
        let card = cards.iter().find(|card| card.name == fact["name"].as_str().unwrap()).unwrap();
        let hints = card.hints.unwrap();
        assert_eq!(Value::from(hints.read_only), fact["read_only"]);
        assert_eq!(Value::from(hints.destructive), fact["destructive"]);
        assert_eq!(Value::from(hints.idempotent), fact["idempotent"]);
        assert!(hints.open_world);
        assert_eq!(card.output.is_some(), fact["has_output_schema"] == true, "{}", card.name);
    }
}

#[test]
fn a_climbing_value_makes_no_request() {
    let holes = |row: &'static Row| row.params.iter().filter(|p| p.is_path() && p.required);
    for (row, hole) in catalogue::rows().flat_map(|row| holes(row).map(move |hole| (row, hole))) {
        let hole = hole.name;
        for value in ["..", ".", "", "../../x", "a/../b", "x\ny"] {
            let arguments = serde_json::json!({ hole: value });
            assert_eq!(requests(row.name, &arguments, 200), [], "{} {value:?}", row.name);
        }
    }
}

#[test]
fn what_agents_see_changes_only_on_purpose() {
    let cards = product(Service::saying(200, Json::Null), working_for(None)).tools();
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

#[test]
fn no_row_that_reads_can_ask_for_a_change() {
    for row in catalogue::rows().filter(|row| row.verb == Verb::Read) {
        let main = [&row.main].into_iter().filter(|step| !step.path.is_empty());
        let planned = row.plans.iter().flat_map(|plan| plan.steps);
        for step in row.before.iter().chain(main).chain(planned) {
            let holes = step.holes().map(|hole| (hole, PathSegment::new("1").unwrap()));
            let path = ApiPath::fill(step.path, &holes.collect::<Vec<_>>()).unwrap();
            let request = ApiRequest { method: step.method, path, query: Vec::new(), body: None };
            assert!(reads(&request), "{}: {} {}", row.name, step.method.as_str(), step.path);
            let document = step.document.map_or("query", |document| document.text.trim_start());
            assert!(document.starts_with("query"), "{}: {document}", row.name);
        }
    }
}
