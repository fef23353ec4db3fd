//! The catalogue against the recorded facts of the product it replaces: names, arguments and
//! requests; and the golden file of what agents see.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use zscaler_mcp::backend::oneapi::request::reads;
use zscaler_mcp::backend::{ApiMethod, ApiPath, ApiRequest, PathSegment};
use zscaler_mcp::json::{Json, object, write};
use zscaler_mcp::mcp::registry::Registry;
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::param::{Kind, Param, Preset};
use zscaler_mcp::tools::plan::Step;
use zscaler_mcp::tools::row::{Row, Verb};

use kit::{Service, call_on, product, text, working_for};

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
const ALSO_ASKS: [(&str, &str); 3] = [
    ("zia_activate_configuration", "activate"),
    ("zia_bulk_update_shadow_it_apps", "change"),
    ("zia_remove_urls_from_category", "remove"),
];

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

fn sample(param: &Param) -> Value {
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
        assert!((2..=4).contains(&row.title.split(' ').count()), "{} {}", row.name, row.title);
        assert!(row.title.starts_with(|c: char| c.is_ascii_uppercase()), "{}", row.name);
        assert!(row.title.len() <= 60 && !row.title.ends_with('.'), "{}", row.name);
        assert!(row.doc.lines().next().unwrap().ends_with('.'), "{}", row.name);
        assert!(row.inputs().all(|param| !param.doc.is_empty()), "{}", row.name);
        assert!(row.next.is_empty() || row.param("offset").is_some(), "{}", row.name);
    }
    assert!(catalogue::TOOLSETS.is_sorted());
    assert!(catalogue::SERVICES.is_sorted());
}

/// The argument for the token, which has to say when it may be given.
const TOKEN: &str = "kwargs";

#[test]
fn descriptions_are_short() {
    for row in catalogue::rows() {
        let most = if row.verb == Verb::Read { 400 } else { 600 };
        assert!(row.doc.len() <= most, "{}: {} bytes", row.name, row.doc.len());
        for param in row.inputs().filter(|param| param.name != TOKEN) {
            let len = param.doc.len();
            assert!(len <= 110, "{} {}: {len} bytes", row.name, param.name);
        }
    }
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
        // Its pages stand inside one object.
        && fact["name"] != "zcell_list_sims"
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
        for step in steps(row) {
            assert!(only_reads(step), "{}: {} {}", row.name, step.method.as_str(), step.path);
            let document = step.document.map_or("query", |document| document.text.trim_start());
            assert!(document.starts_with("query"), "{}: {document}", row.name);
        }
    }
}

/// Every request that a row can say.
fn steps(row: &'static Row) -> impl Iterator<Item = &'static Step> {
    let main = [&row.main].into_iter().filter(|step| !step.path.is_empty());
    row.before.iter().chain(main).chain(row.plans.iter().flat_map(|plan| plan.steps))
}

fn only_reads(step: &Step) -> bool {
    let holes = step.holes().map(|hole| (hole, PathSegment::new("1").unwrap()));
    let path = ApiPath::fill(step.path, &holes.collect::<Vec<_>>()).unwrap();
    reads(&ApiRequest { method: step.method, path, query: Vec::new(), body: None })
}

#[test]
fn the_list_of_tools_changes_only_on_purpose() {
    let lines = catalogue::rows().map(|row| {
        let asks = if row.asks.is_empty() { String::new() } else { format!(" asks {}", row.asks) };
        let outside = if row.outside { " outside" } else { "" };
        let verb = row.verb.word();
        format!("{} {} {} {verb}{asks}{outside}\n", row.name, row.service(), row.toolset)
    });
    let text: String = lines.collect::<BTreeSet<_>>().into_iter().collect();
    let place = concat!(env!("CARGO_TARGET_TMPDIR"), "/catalogue.golden");
    std::fs::write(place, &text).unwrap();
    let golden = include_str!("catalogue.golden");
    assert!(text == golden, "tests/catalogue.golden differs from {place}");
}

/// Tools of each service that read, create, update and delete.
const COUNTS: [(&str, [usize; 4]); 10] = [
    ("zcc", [4, 0, 0, 0]),
    ("zcell", [20, 0, 0, 0]),
    ("zdx", [27, 2, 0, 2]),
    ("zeasm", [7, 0, 0, 0]),
    ("zia", [84, 24, 34, 24]),
    ("zid", [10, 0, 0, 0]),
    ("zins", [16, 0, 0, 0]),
    ("zms", [20, 0, 0, 0]),
    ("zpa", [53, 17, 18, 21]),
    ("ztw", [13, 3, 0, 3]),
];

/// Tools of each toolset.
const SIZES: [(&str, usize); 63] = [
    ("zcc_devices", 2),
    ("zcc_forwarding_profiles", 1),
    ("zcc_trusted_networks", 1),
    ("zcell_anomaly_policy", 4),
    ("zcell_audit_data_handling", 2),
    ("zcell_customer_data_handling", 1),
    ("zcell_customer_region_handling", 2),
    ("zcell_network_events", 1),
    ("zcell_sim_analytics", 5),
    ("zcell_sim_handling", 2),
    ("zcell_sim_location_groups", 2),
    ("zcell_tag_handling", 1),
    ("zdx_alerts", 4),
    ("zdx_reports", 10),
    ("zdx_software_inventory", 2),
    ("zdx_troubleshooting", 15),
    ("zeasm", 1),
    ("zeasm_findings", 4),
    ("zeasm_lookalike_domains", 2),
    ("zia_admin", 2),
    ("zia_advanced_settings", 2),
    ("zia_atp_malware", 8),
    ("zia_atp_policy", 7),
    ("zia_authentication_settings", 3),
    ("zia_cloud_app_control", 7),
    ("zia_cloud_firewall", 47),
    ("zia_devices", 3),
    ("zia_dlp", 8),
    ("zia_file_type_control", 6),
    ("zia_locations", 23),
    ("zia_misc", 2),
    ("zia_rule_labels", 5),
    ("zia_sandbox", 9),
    ("zia_shadow_it", 3),
    ("zia_ssl_inspection", 6),
    ("zia_time_intervals", 5),
    ("zia_url_categories", 10),
    ("zia_url_filtering", 5),
    ("zia_users", 3),
    ("zia_workload_groups", 2),
    ("zid_groups", 5),
    ("zid_users", 5),
    ("zins_cyber_security", 4),
    ("zins_firewall", 3),
    ("zins_iot", 1),
    ("zins_saas", 1),
    ("zins_shadow_it", 2),
    ("zins_web_traffic", 5),
    ("zms", 20),
    ("zpa_access_policies", 25),
    ("zpa_app_connector_groups", 5),
    ("zpa_app_segments", 16),
    ("zpa_application_servers", 5),
    ("zpa_ba_certificates", 4),
    ("zpa_connectors", 5),
    ("zpa_idp", 3),
    ("zpa_misc", 10),
    ("zpa_pra", 10),
    ("zpa_provisioning_keys", 6),
    ("zpa_segment_groups", 5),
    ("zpa_server_groups", 5),
    ("zpa_service_edge_groups", 10),
    ("ztw", 19),
];

#[test]
fn every_service_and_toolset_has_its_number_of_tools() {
    let verbs = [Verb::Read, Verb::Create, Verb::Update, Verb::Delete];
    let counted = catalogue::SERVICES.iter().map(|service| {
        let of = |verb: Verb| {
            let own = catalogue::rows().filter(|row| row.service() == *service);
            own.filter(|row| row.verb == verb).count()
        };
        (*service, verbs.map(of))
    });
    assert_eq!(counted.collect::<Vec<_>>(), COUNTS);
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for row in catalogue::rows() {
        *sizes.entry(row.toolset).or_default() += 1;
    }
    assert_eq!(sizes.into_iter().collect::<Vec<_>>(), SIZES);
    let all = [0, 1, 2, 3].map(|verb| COUNTS.iter().map(|(_, counts)| counts[verb]).sum::<usize>());
    assert_eq!(all, [254, 46, 52, 50]);
    assert_eq!(SIZES.iter().map(|(_, size)| size).sum::<usize>(), 402);
}

#[test]
fn every_hole_of_a_path_is_filled_and_every_path_argument_has_a_hole() {
    for row in catalogue::rows() {
        let mut used = BTreeSet::new();
        for step in steps(row) {
            for hole in step.holes() {
                let place = format!("{}: {{{hole}}} of {}", row.name, step.path);
                let Some(bound) = hole.strip_prefix('=') else {
                    used.insert(hole);
                    let known = ["customerId", "zcellCustomerId"].contains(&hole);
                    // A function may make the value of the hole from an argument.
                    let fills = |param: &Param| param.is_path() || row.custom.is_some();
                    assert!(known || row.param(hole).is_some_and(fills), "{place}");
                    continue;
                };
                assert!(step.binds.iter().any(|bind| bind.name == bound), "{place}");
            }
            for bind in step.binds {
                let is_used = step.holes().any(|hole| hole.strip_prefix('=') == Some(bind.name));
                assert!(is_used, "{}: {} is bound for nothing", row.name, bind.name);
            }
            assert!(!step.path.contains(['?', '#', ' ']), "{}: {}", row.name, step.path);
            assert!(step.path.starts_with('/') && !step.path.ends_with('/'), "{}", row.name);
        }
        for param in row.params.iter().filter(|param| param.is_path() && row.custom.is_none()) {
            assert!(used.contains(param.name), "{}: {} goes nowhere", row.name, param.name);
        }
    }
}

/// Changes whose method is another than that of their verb.
const OTHER_METHODS: [(&str, ApiMethod); 6] = [
    ("zia_activate_configuration", ApiMethod::Post),
    ("zia_add_atp_malicious_urls", ApiMethod::Put),
    ("zia_delete_atp_malicious_urls", ApiMethod::Put),
    ("zia_delete_auth_exempt_urls", ApiMethod::Post),
    ("zpa_bulk_delete_app_connectors", ApiMethod::Post),
    ("zpa_bulk_delete_service_edges", ApiMethod::Post),
];
/// It removes the tunnel and then the address that the tunnel came from.
const CHANGES_BEFORE: &str = "zia_delete_gre_tunnel";

#[test]
fn the_methods_of_a_tool_are_those_of_its_verb() {
    for row in catalogue::changes() {
        let reads_before = row.before.iter().all(only_reads);
        assert_eq!(reads_before, row.name != CHANGES_BEFORE, "{}", row.name);
        let changing: BTreeSet<&str> =
            steps(row).filter(|step| !only_reads(step)).map(|step| step.method.as_str()).collect();
        let usual = match row.verb {
            Verb::Read => continue,
            Verb::Create => ApiMethod::Post,
            Verb::Update => ApiMethod::Put,
            Verb::Delete => ApiMethod::Delete,
        };
        let other = OTHER_METHODS.iter().find(|(name, _)| *name == row.name);
        let expected = other.map_or(usual, |(_, method)| *method);
        let expected: BTreeSet<&str> = [expected.as_str()].into();
        if row.custom.is_none() || !changing.is_empty() {
            assert_eq!(changing, expected, "{}", row.name);
        }
    }
}

#[test]
fn a_tool_points_to_a_list_of_its_own_service() {
    for row in catalogue::rows().filter(|row| !row.see.is_empty()) {
        let seen = catalogue::rows().find(|other| other.name == row.see);
        let seen = seen.unwrap_or_else(|| panic!("{} points to {}", row.name, row.see));
        assert_eq!(seen.service(), row.service(), "{}", row.name);
        assert_eq!(seen.verb, Verb::Read, "{}", row.name);
        let lists = seen.name.contains("_list_") || seen.name.starts_with("get_");
        assert!(lists, "{} points to {}", row.name, row.see);
    }
}

#[test]
fn every_tool_that_a_text_names_exists() {
    let known: BTreeSet<&str> = catalogue::rows().map(|row| row.name).collect();
    let mut named = 0;
    let mut look = |name: &str, text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words {
            let word_of = |service: &str| {
                let rest = word.strip_prefix("get_").unwrap_or(word).strip_prefix(service);
                rest.is_some_and(|rest| rest.starts_with('_'))
            };
            if catalogue::SERVICES.iter().any(|service| word_of(service)) {
                assert!(known.contains(word), "{name} names {word}");
                named += 1;
            }
        }
    };
    for row in catalogue::rows() {
        look(row.name, row.doc);
        row.inputs().for_each(|param| look(row.name, param.doc));
        row.refuse.iter().for_each(|refusal| look(row.name, refusal.say));
        row.keep.iter().for_each(|keep| look(row.name, keep.none));
        row.plans.iter().flat_map(|plan| plan.keep).for_each(|keep| look(row.name, keep.none));
        for step in steps(row) {
            step.binds.iter().for_each(|bind| look(row.name, bind.missing));
            let members = step.query.iter().chain(step.body);
            members.for_each(|member| look(row.name, member.missing));
        }
        if let Some(subject) = row.subject {
            look(row.name, subject.read);
        }
    }
    let product = product(Service::saying(200, Json::Null), working_for(None));
    look("instructions", &product.server().instructions);
    assert!(named > 500, "{named}");
}

#[test]
fn an_unknown_argument_is_refused_by_every_tool() {
    let service = Service::saying(200, Json::Array(Vec::new()));
    let product = product(Arc::<Service>::clone(&service), working_for(Some(CUSTOMER)));
    for row in catalogue::rows() {
        let mut arguments = serde_json::Map::new();
        for param in row.params {
            arguments.insert(param.name.to_owned(), sample(param));
        }
        arguments.insert("not_an_argument".to_owned(), 1.into());
        let result = call_on(&product, row.name, &Value::Object(arguments).to_string());
        let told = text(&result);
        assert!(result.is_error && told.contains("unknown argument not_an_argument"), "{told}");
    }
    assert_eq!(*service.seen.lock().unwrap(), []);
}

/// The words of JSON Schema 2020-12 that input and output schemas use.
const KEYWORDS: [&str; 12] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "minItems",
    "default",
    "description",
];

#[test]
fn every_schema_is_well_formed_and_says_what_the_row_says() {
    let cards = product(Service::saying(200, Json::Null), working_for(None)).tools();
    assert_eq!(cards.len(), catalogue::rows().count());
    for card in cards {
        let row = row(&card.name);
        let input: Value = serde_json::from_str(&write::to_text(&card.input)).unwrap();
        well_formed(&input, &card.name);
        assert_eq!(input["type"], "object", "{}", row.name);
        assert_eq!(input["additionalProperties"], false, "{}", row.name);
        for param in row.inputs() {
            let schema = &input["properties"][param.name];
            let place = format!("{} {}", row.name, param.name);
            assert_eq!(schema["description"], param.doc, "{place}");
            let listed = schema.get("enum").map_or(&[][..], |list| list.as_array().unwrap());
            assert_eq!(listed, param.choices, "{place}");
            let required = input["required"]
                .as_array()
                .is_some_and(|names| names.contains(&Value::from(param.name)));
            assert_eq!(required, param.required, "{place}");
            assert_eq!(schema.get("items").is_some(), schema["type"] == "array", "{place}");
        }
        if let Some(output) = &card.output {
            let output: Value = serde_json::from_str(&write::to_text(output)).unwrap();
            well_formed(&output, &card.name);
            assert_eq!(output["type"], "object", "{}", row.name);
        }
    }
}

fn well_formed(schema: &Value, place: &str) {
    let members = schema.as_object().unwrap_or_else(|| panic!("{place}: {schema}"));
    for name in members.keys() {
        assert!(KEYWORDS.contains(&name.as_str()), "{place}: {name}");
    }
    let kind = schema["type"].as_str();
    let kinds = ["string", "integer", "number", "boolean", "array", "object"];
    assert!(kind.is_none_or(|kind| kinds.contains(&kind)), "{place}: {schema}");
    for (keyword, kinds) in [
        ("properties", &["object"][..]),
        ("required", &["object"]),
        ("additionalProperties", &["object"]),
        ("items", &["array"]),
        ("minItems", &["array"]),
        ("minLength", &["string"]),
        ("minimum", &["integer", "number"]),
        ("maximum", &["integer", "number"]),
    ] {
        let is_of_kind = kind.is_some_and(|kind| kinds.contains(&kind));
        assert!(schema.get(keyword).is_none() || is_of_kind, "{place}: {keyword}");
    }
    values_fit(schema, kind, place);
    let names = texts(&schema["required"]);
    for name in &names {
        assert!(schema["properties"].get(name).is_some(), "{place}: {name}");
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        well_formed(inner, &format!("{place} {name}"));
    }
    if let Some(items) = schema.get("items") {
        well_formed(items, place);
    }
}

/// What a schema says about values is possible, and a preset is one of them.
fn values_fit(schema: &Value, kind: Option<&str>, place: &str) {
    let bound = |name: &str, none: i64| schema.get(name).map_or(none, |n| n.as_i64().unwrap());
    let range = bound("minimum", i64::MIN)..=bound("maximum", i64::MAX);
    assert!(!range.is_empty(), "{place}: {schema}");
    let choices = texts(&schema["enum"]);
    assert!(schema.get("enum").is_none() || !choices.is_empty(), "{place}: {schema}");
    let Some(preset) = schema.get("default") else { return };
    let fits = match kind {
        Some("string") => {
            preset.as_str().is_some_and(|preset| choices.is_empty() || choices.contains(preset))
        }
        Some("integer") => preset.as_i64().is_some_and(|preset| range.contains(&preset)),
        Some("boolean") => preset.is_boolean(),
        Some(_) | None => false,
    };
    assert!(fits, "{place}: {schema}");
}

/// The texts of a list, none of them twice.
fn texts(list: &Value) -> BTreeSet<&str> {
    let all = list.as_array().into_iter().flatten();
    let all: Vec<&str> = all.map(|text| text.as_str().unwrap()).collect();
    let distinct: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(distinct.len(), all.len(), "{list}");
    distinct
}
