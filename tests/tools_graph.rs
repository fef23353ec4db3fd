//! The tools that speak GraphQL, over the demo tenant and over a recorder.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use zscaler_mcp::backend::Backend;
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::mcp::registry::CallResult;
use zscaler_mcp::sanitize::CleanEncoded;
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::row::Row;

use kit::{Service, call_on, product, text, working_for};

const DAY: i64 = 86_400_000;
/// The time that the tests' caller tells, in milliseconds.
const NOW: i64 = 1_795_000_000_000;

/// Calls `name` with an argument list in JSON.
fn called(
    backend: Arc<dyn Backend>,
    customer: Option<&str>,
    name: &str,
    given: &Value,
) -> CallResult {
    call_on(&product(backend, working_for(customer)), name, &given.to_string())
}

fn demo(name: &str, given: &Value) -> CallResult {
    called(kit::demo(), Some("1"), name, given)
}

fn record(name: &str, given: &Value) -> Value {
    let result = demo(name, given);
    assert!(!result.is_error, "{name} {given}: {}", text(&result));
    serde_json::from_str(result.structured.unwrap().as_str()).unwrap()
}

fn rows(name: &str, given: &Value) -> Vec<Value> {
    record(name, given)["result"].as_array().unwrap().clone()
}

/// Returns the bodies of the requests that a call makes, and what it says.
fn made(name: &str, given: &Value) -> (Vec<Value>, String) {
    let service = Service::saying(200, kit::json("{\"data\":{}}"));
    let result = called(Arc::<Service>::clone(&service), Some("77"), name, given);
    let seen = service.seen.lock().unwrap();
    let bodies = seen.iter().map(|request| {
        assert_eq!(request.method.as_str(), "POST", "{name}");
        assert!(request.query.is_empty(), "{name}");
        serde_json::from_str(&write::to_text(request.body.as_ref().unwrap())).unwrap()
    });
    (bodies.collect(), text(&result).to_owned())
}

fn variables(name: &str, given: &Value) -> Value {
    let (bodies, said) = made(name, given);
    assert_eq!(bodies.len(), 1, "{name}: {said}");
    bodies[0]["variables"].clone()
}

fn refused(name: &str, given: &Value) -> String {
    let (bodies, said) = made(name, given);
    assert!(bodies.is_empty() && said.starts_with(name), "{name} {given}: {said}");
    said
}

fn graph_rows() -> impl Iterator<Item = &'static Row> {
    catalogue::rows().filter(|row| row.main.document.is_some())
}

/// The least that a call of this tool must give, with ids of the demo tenant.
fn least(name: &str) -> Value {
    match name {
        "zms_get_agent_group_totp_secrets" => json!({"eyez_id": "ag-2001"}),
        "zms_get_nonce" => json!({"eyez_id": "nc-3001"}),
        "zms_get_resource_group_members" => json!({"group_id": "rg-5001"}),
        "zms_list_tag_keys" => json!({"namespace_id": "ns-9001"}),
        "zms_list_tag_values" => json!({"tag_id": "tk-9103", "namespace_origin": "CUSTOM"}),
        _ => json!({}),
    }
}

#[test]
fn every_tool_returns_records() {
    for row in graph_rows() {
        let answer = record(row.name, &least(row.name));
        match answer.get("result") {
            Some(found) => assert!(!found.as_array().unwrap().is_empty(), "{}", row.name),
            None => assert!(!answer.as_object().unwrap().is_empty(), "{}", row.name),
        }
    }
    assert!(graph_rows().filter(|row| row.service() == "zms").count() == 20);
    assert!(graph_rows().filter(|row| row.toolset == "zins_web_traffic").count() == 5);
}

#[test]
fn every_document_declares_uses_and_balances() {
    for row in graph_rows() {
        let document = row.main.document.unwrap();
        let head = format!("query {}($", document.name);
        assert!(document.text.starts_with(&head), "{}", row.name);
        let count = |c: char| document.text.matches(c).count();
        assert_eq!(count('{'), count('}'), "{}", row.name);
        assert_eq!(count('('), count(')'), "{}", row.name);
        let (declared, used) = document.text.split_once('{').unwrap();
        let names = |text: &str| -> BTreeSet<String> {
            let ends = |c: char| !c.is_ascii_alphanumeric() && c != '_';
            let after = text.split('$').skip(1);
            after.map(|rest| rest.split(ends).next().unwrap().to_owned()).collect()
        };
        assert_eq!(names(declared), names(used), "{}", row.name);
        let sent = variables(row.name, &least(row.name));
        for name in sent.as_object().unwrap().keys() {
            assert!(names(declared).contains(name), "{} {name}", row.name);
        }
        for part in declared.split('$').skip(1).filter(|part| part.contains('!')) {
            let name = part.split(':').next().unwrap();
            assert!(sent.get(name).is_some_and(|value| !value.is_null()), "{} {name}", row.name);
        }
    }
}

#[test]
fn bodies_have_three_members() {
    for row in graph_rows() {
        let (bodies, _) = made(row.name, &least(row.name));
        let body = bodies[0].as_object().unwrap();
        let names: BTreeSet<&str> = body.keys().map(String::as_str).collect();
        assert_eq!(names, BTreeSet::from(["operationName", "query", "variables"]));
        assert_eq!(body["variables"].get("customerId").is_some(), row.service() == "zms");
    }
}

/// The variables of a list with pages, and more.
fn paged(more: &Value) -> Value {
    let mut all = json!({"customerId": "77", "pageNum": 1, "pageSize": 20});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

#[test]
fn variables_follow_the_arguments() {
    for (name, given, expected) in [
        ("zms_list_agents", json!({}), json!({"customerId": "77", "page": 1, "pageSize": 20})),
        (
            "zms_list_agents",
            json!({"search": "", "sort": "name", "sort_dir": "desc", "page": "2"}),
            json!({"customerId": "77", "page": 2, "pageSize": 20, "search": "", "sort": "name",
                "sortDir": "desc"}),
        ),
        ("zms_get_agent_version_statistics", json!({}), json!({"customerId": "77"})),
        ("zms_get_nonce", json!({"eyez_id": 12}), json!({"customerId": "77", "eyezId": "12"})),
        ("zms_list_app_zones", json!({"name": "", "sort_order": ""}), paged(&json!({}))),
        (
            "zms_list_app_zones",
            json!({"name": "a", "sort_order": "asc"}),
            paged(&json!({"filter": {"appZoneName": {"contains": "a"}},
                "orderBy": {"appZoneName": "ASC"}})),
        ),
        (
            "zms_list_app_zones",
            json!({"sort_order": "sideways"}),
            paged(&json!({"orderBy": {"appZoneName": "SIDEWAYS"}})),
        ),
        ("zms_list_app_catalog", json!({"sort_by": "name"}), paged(&json!({}))),
        ("zms_list_app_catalog", json!({"sort_order": "up"}), paged(&json!({}))),
        (
            "zms_list_app_catalog",
            json!({"name": "n", "category": "c", "sort_by": "modified_time", "sort_order": "desc"}),
            paged(&json!({"filter": {"name": {"contains": "n"}, "category": {"contains": "c"}},
                "orderBy": {"modifiedTime": "DESC"}})),
        ),
        (
            "zms_list_policy_rules",
            json!({"action": "BLOCK"}),
            paged(&json!({"fetchAll": false, "filter": {"action": {"equals": "BLOCK"}}})),
        ),
        (
            "zms_list_resources",
            json!({"include_deleted": "yes", "name": "n", "status": "s", "resource_type": "t",
                "cloud_provider": "p", "cloud_region": "r", "platform_os": "o",
                "sort_order": "Desc"}),
            paged(&json!({"includeDeleted": true, "orderBy": {"name": "DESC"}, "filter": {
                "name": {"contains": "n"}, "status": {"equals": "s"},
                "resourceType": {"equals": "t"}, "cloudProvider": {"equals": "p"},
                "cloudRegion": {"contains": "r"}, "platformOs": {"contains": "o"}}})),
        ),
        (
            "zms_list_tag_values",
            json!({"tag_id": "t", "namespace_origin": "", "name": "v"}),
            paged(
                &json!({"tagId": "t", "namespaceOrigin": "", "filter": {"name": {"contains": "v"}}}),
            ),
        ),
    ] {
        assert_eq!(variables(name, &given), expected, "{name} {given}");
    }
}

#[test]
fn a_window_in_days_is_one_or_two_weeks() {
    for (given, start, end) in [
        (json!({}), NOW - 9 * DAY, NOW - 2 * DAY),
        (json!({"start_days_ago": 16}), NOW - 16 * DAY, NOW - 2 * DAY),
        (json!({"start_days_ago": 12}), NOW - 9 * DAY, NOW - 2 * DAY),
        (json!({"start_days_ago": 13}), NOW - 16 * DAY, NOW - 2 * DAY),
        (json!({"start_days_ago": 90, "end_days_ago": 30}), NOW - 44 * DAY, NOW - 30 * DAY),
        (json!({"start_days_ago": 1, "end_days_ago": 5}), NOW - 12 * DAY, NOW - 5 * DAY),
        (json!({"end_days_ago": 1}), NOW - 8 * DAY, NOW - DAY),
        (json!({"start_time": NOW - 4 * DAY}), NOW - 4 * DAY, NOW - 2 * DAY),
        (json!({"end_time": NOW - 3 * DAY}), NOW - 9 * DAY, NOW - 3 * DAY),
        (json!({"start_time": 0, "end_time": 5}), 0, 5),
        (
            json!({"start_days_ago": 4_000_000_000_000_000_i64, "end_days_ago": 1}),
            NOW - 15 * DAY,
            NOW - DAY,
        ),
    ] {
        for name in ["zins_get_web_protocols", "zins_get_web_traffic_by_location"] {
            let sent = variables(name, &given);
            assert_eq!((&sent["startTime"], &sent["endTime"]), (&json!(start), &json!(end)));
            assert_eq!(
                (&sent["trafficUnit"], &sent["limit"]),
                (&json!("TRANSACTIONS"), &json!(50))
            );
        }
    }
    for given in [
        json!({"start_time": NOW - 4 * DAY, "end_time": NOW - 4 * DAY}),
        json!({"start_time": NOW - 2 * DAY}),
        json!({"end_time": NOW - DAY + 1}),
        json!({"end_time": NOW + DAY}),
        json!({"end_time": NOW - 9 * DAY}),
    ] {
        let said = refused("zins_get_threat_class", &given);
        assert!(said.contains("the window must start before it ends"), "{said}");
    }
    let sent = variables("zins_get_web_traffic_no_grouping", &json!({"action_filter": ""}));
    assert_eq!(sent["includeTrend"], false);
    for absent in ["actionFilter", "dlpEngineFilter", "trendInterval", "start_days_ago"] {
        assert!(sent.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn a_wrong_call_says_what_to_change_and_sends_nothing() {
    for (name, given, expected) in [
        ("zms_list_resources", json!({"sort_order": "up"}), "sort_order must be ASC or DESC"),
        ("zms_list_tag_namespaces", json!({"sort_order": "up"}), "ASC or DESC"),
        ("zms_list_tag_keys", json!({"namespace_id": "n", "sort_order": "up"}), "ASC or DESC"),
        (
            "zms_list_app_catalog",
            json!({"sort_by": "name", "sort_order": "up"}),
            "sort_order must be ASC or DESC",
        ),
        (
            "zms_list_app_catalog",
            json!({"sort_by": "colour", "sort_order": "asc"}),
            "sort_by must be name, category, creation_time or modified_time",
        ),
        ("zms_list_agents", json!({"page": 0}), "of at least 1"),
        ("zms_list_agents", json!({"page_size": 101}), "from 1 to 100"),
        ("zms_get_nonce", json!({}), "eyez_id is required"),
        ("zms_get_nonce", json!({"eyez_id": " "}), "eyez_id must not be empty"),
        ("zms_list_tag_values", json!({"tag_id": "t"}), "namespace_origin is required"),
        ("zins_get_web_protocols", json!({"limit": 1001}), "from 1 to 1000"),
        ("zins_get_web_protocols", json!({"start_days_ago": 0}), "of at least 1"),
    ] {
        let said = refused(name, &given);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn without_a_customer_id_nothing_is_sent() {
    for (name, least) in graph_rows().map(|row| (row.name, least(row.name))) {
        let service = Service::saying(200, kit::json("{\"data\":{}}"));
        let result = called(Arc::<Service>::clone(&service), None, name, &least);
        let needs = name.starts_with("zms_");
        assert_eq!(service.seen.lock().unwrap().is_empty(), needs, "{name}");
        assert_eq!(text(&result).contains("ZSCALER_CUSTOMER_ID"), needs, "{name}");
    }
}

#[test]
fn filters_pages_and_order_reach_the_records() {
    for (name, given, expected) in [
        ("zms_list_agents", json!({}), 20),
        ("zms_list_agents", json!({"page": 2}), 5),
        ("zms_list_agents", json!({"search": "factory"}), 5),
        (
            "zms_list_agents",
            json!({"page_size": 100, "query": "[?connectionStatus == 'DISCONNECTED']"}),
            4,
        ),
        ("zms_list_app_catalog", json!({"name": "sql"}), 2),
        ("zms_list_app_catalog", json!({"category": "REMOTE", "name": "zzz"}), 0),
        ("zms_list_resources", json!({"status": "DELETED"}), 0),
        ("zms_list_resources", json!({"status": "DELETED", "include_deleted": true}), 2),
        ("zms_list_resources", json!({"cloud_region": "EU-", "resource_type": "K8S_NODE"}), 2),
        ("zms_list_policy_rules", json!({"fetch_all": true}), 22),
        ("zms_list_resource_groups", json!({"resource_hostname": "treasury"}), 2),
        ("zms_list_tag_keys", json!({"namespace_id": "ns-9007"}), 3),
        ("zms_list_tag_values", json!({"tag_id": "tk-9103", "namespace_origin": "ML"}), 0),
        ("zins_get_web_traffic_by_location", json!({"limit": 3}), 3),
        ("zins_get_web_traffic_no_grouping", json!({"action_filter": "BLOCK"}), 1),
    ] {
        assert_eq!(rows(name, &given).len(), expected, "{name} {given}");
    }
    let sorted = rows("zms_list_resources", &json!({"sort_order": "desc"}));
    assert_eq!(sorted[0]["name"], "wiki-01");
    let given = json!({"sort_by": "creation_time", "sort_order": "asc"});
    let times: Vec<String> = rows("zms_list_app_catalog", &given)
        .iter()
        .map(|row| row["creationTime"].as_str().unwrap().to_owned())
        .collect();
    assert!(times.is_sorted() && times.len() == 18, "{times:?}");
}

#[test]
fn single_objects_stand_under_data_and_statistics_by_themselves() {
    for row in rows("zms_list_nonces", &json!({})) {
        let one = record("zms_get_nonce", &json!({"eyez_id": row["eyezId"]}));
        assert_eq!(one, json!({"eyez_id": row["eyezId"], "data": {"nonce": row}}));
    }
    for row in rows("zms_list_agent_groups", &json!({})) {
        let one = record("zms_get_agent_group_totp_secrets", &json!({"eyez_id": row["eyezId"]}));
        assert_eq!(one["data"]["eyezId"], row["eyezId"]);
    }
    for row in rows("zms_list_resource_groups", &json!({})) {
        let members = rows("zms_get_resource_group_members", &json!({"group_id": row["id"]}));
        assert_eq!(row["resourceMemberCount"], members.len(), "{row}");
    }
    for row in rows("zms_list_tag_namespaces", &json!({})) {
        for key in rows("zms_list_tag_keys", &json!({"namespace_id": row["id"]})) {
            let given = json!({"tag_id": key["id"], "namespace_origin": row["origin"]});
            assert!(!rows("zms_list_tag_values", &given).is_empty(), "{key}");
        }
    }
    let counts = record("zms_get_agent_connection_status_statistics", &json!({}));
    assert_eq!((&counts["totalCount"], &counts["totalPercentage"]), (&json!(25), &json!(100.0)));
    let shares = record("zms_get_resource_protection_status", &json!({}));
    assert_eq!(shares["data"]["nodes"][0]["totalResources"], 28);
    assert!(record("zms_get_metadata", &json!({}))["data"].is_object());
}

#[test]
fn an_error_inside_the_answer_is_an_error() {
    for (name, given) in [
        ("zms_get_nonce", json!({"eyez_id": "nc-1"})),
        ("zms_get_agent_group_totp_secrets", json!({"eyez_id": "nc-3001"})),
        ("zms_get_resource_group_members", json!({"group_id": "x"})),
        ("zms_list_tag_keys", json!({"namespace_id": "x"})),
        ("zms_list_agents", json!({"sort_dir": "sideways"})),
        ("zins_get_web_protocols", json!({"traffic_unit": "PACKETS"})),
        ("zins_get_web_traffic_no_grouping", json!({"trend_interval": "WEEK"})),
    ] {
        let result = demo(name, &given);
        assert!(result.is_error && result.structured.is_none(), "{name}");
        assert!(text(&result).starts_with(&format!("{name} failed: the service answered")));
    }
    let empty = Service::saying(200, kit::json("{\"data\":null}"));
    for row in graph_rows() {
        let backend = Arc::<Service>::clone(&empty);
        let result = called(backend, Some("1"), row.name, &least(row.name));
        assert!(!result.is_error, "{}: {}", row.name, text(&result));
    }
}

#[test]
fn hostile_texts_of_the_demo_arrive_clean() {
    let mut seen = String::new();
    for row in graph_rows() {
        let mut given = least(row.name);
        if row.param("page_size").is_some() {
            given["page_size"] = 100.into();
        }
        let result = demo(row.name, &given);
        seen.push_str(text(&result));
        seen.push_str(&write::to_text(
            &result.structured.as_ref().map_or(Json::Null, CleanEncoded::to_json),
        ));
    }
    for hostile in [
        "<!--",
        "<script",
        "&lt;script",
        "<system",
        "](",
        "```system",
        "[INST]",
        "\u{200b}",
        "\u{202e}",
        "\u{e0061}",
    ] {
        assert!(!seen.contains(hostile), "{hostile:?}");
    }
    for plain in ["R&D <3 - developers & builds", "load < 10 %", "Git, builds & artefacts"] {
        assert!(seen.contains(plain), "{plain}");
    }
}

#[test]
fn flat_lists_are_tables_and_nested_ones_are_not() {
    assert!(text(&demo("zms_list_tag_namespaces", &json!({}))).starts_with("id,name,description,"));
    assert!(text(&demo("zins_get_web_protocols", &json!({}))).starts_with("name,total\n"));
    for name in ["zms_list_app_catalog", "zins_get_web_traffic_no_grouping", "zms_get_metadata"] {
        assert!(text(&demo(name, &json!({}))).starts_with(['[', '{']), "{name}");
    }
    let query = json!({"query": "[].{n: name}"});
    assert!(text(&demo("zms_list_app_catalog", &query)).starts_with('['));
}
