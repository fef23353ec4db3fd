//! The demo tenant's answers to GraphQL operations.

use std::sync::OnceLock;

use serde_json::{Value, json};
use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiBody, ApiMethod, ApiPath, ApiRequest, Backend, Patience};
use zscaler_mcp::json::{Bounds, Json, read, write};

struct Forever;

impl Patience for Forever {
    fn cancelled(&self) -> bool {
        false
    }
}

fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| Demo::new().unwrap())
}

fn body(value: &Value) -> Json {
    read(value.to_string().as_bytes(), Bounds { depth: 9, nodes: 999 }).unwrap()
}

fn send(method: ApiMethod, path: &'static str, body: Option<Json>) -> (u16, Value) {
    let path = ApiPath::fill(path, &[]).unwrap();
    let request = ApiRequest { method, path, query: Vec::new(), body };
    let response = demo().send(&request, &Forever).unwrap();
    let ApiBody::Json(answer) = response.body else { panic!("{response:?}") };
    (response.status, serde_json::from_str(&write::to_text(&answer)).unwrap())
}

fn ask(path: &'static str, name: &str, variables: Value) -> Value {
    let query = format!("query {name}($customerId: ID!) {{ x }}");
    let body = body(&json!({"query": query, "variables": variables, "operationName": name}));
    let (status, answer) = send(ApiMethod::Post, path, Some(body));
    assert_eq!(status, 200);
    answer
}

fn zms(name: &str, mut variables: Value) -> Value {
    variables["customerId"] = "1".into();
    ask("/zms/graphql", name, variables)
}

fn zins(name: &str, mut variables: Value) -> Value {
    for (key, value) in [
        ("startTime", json!(1_768_000_000_000_i64)),
        ("endTime", json!(1_768_604_800_000_i64)),
        ("trafficUnit", json!("TRANSACTIONS")),
    ] {
        if variables.get(key).is_none() {
            variables[key] = value;
        }
    }
    ask("/zins/graphql", name, variables)
}

fn root(answer: &Value) -> &Value {
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].as_object().unwrap().values().next().unwrap()
}

fn nodes(answer: &Value) -> &Vec<Value> {
    root(answer)["nodes"].as_array().unwrap()
}

fn classification(answer: &Value) -> &str {
    assert!(answer["data"].is_null(), "{answer}");
    assert!(answer["errors"][0]["message"].is_string() && answer["errors"][0]["path"].is_array());
    answer["errors"][0]["extensions"]["classification"].as_str().unwrap()
}

#[test]
fn every_list_has_pages_that_cover_it_once() {
    for (name, number) in [
        ("ListAgents", "page"),
        ("ListAgentGroups", "page"),
        ("ListNonces", "page"),
        ("ListAppCatalog", "pageNum"),
        ("ListAppZones", "pageNum"),
        ("ListPolicyRules", "pageNum"),
        ("ListDefaultPolicyRules", "pageNum"),
        ("ListResourceGroups", "pageNum"),
        ("ListResources", "pageNum"),
        ("ListTagNamespaces", "pageNum"),
    ] {
        let whole = zms(name, json!({"pageSize": 100}));
        let all = nodes(&whole);
        let least = if name == "ListDefaultPolicyRules" { 2 } else { 6 };
        assert!(all.len() >= least, "{name}");
        let mut seen = Vec::new();
        for page in 1..=all.len().div_ceil(5) {
            let answer = zms(name, json!({number: page, "pageSize": 5}));
            seen.extend(nodes(&answer).clone());
            let info = &root(&answer)["pageInfo"];
            assert_eq!(info["totalCount"], all.len(), "{name}");
            assert_eq!((&info["pageNumber"], &info["pageSize"]), (&json!(page), &json!(5)));
        }
        assert_eq!(&seen, all, "{name}");
        assert!(nodes(&zms(name, json!({number: 99}))).is_empty(), "{name}");
        let text = whole.to_string();
        assert!(!text.contains("\"_"), "{name} shows what belongs to the demo");
    }
}

#[test]
fn variables_choose_among_the_records() {
    for (name, variables, expected) in [
        ("ListAgents", json!({}), 20),
        ("ListAgents", json!({"search": "LEDGER"}), 3),
        ("ListAgents", json!({"search": "zzz"}), 0),
        ("ListAgents", json!({"search": null, "pageSize": 100}), 25),
        ("ListAgentGroups", json!({"search": "factory"}), 2),
        ("ListNonces", json!({"search": "lyon"}), 3),
        ("ListResources", json!({"filter": {"name": {"contains": "LEDGER"}}}), 3),
        ("ListResources", json!({"filter": {"cloudProvider": {"equals": "AWS"}}}), 5),
        ("ListResources", json!({"filter": {"cloudProvider": {"equals": "aws"}}}), 0),
        ("ListResources", json!({"filter": {"name": {"contains": "dwh"}}}), 2),
        (
            "ListResources",
            json!({"includeDeleted": true, "filter": {"name": {"contains": "dwh"}}}),
            3,
        ),
        (
            "ListResources",
            json!({"filter": {"name": {"contains": "1"}, "platformOs": {"contains": "win"},
                "status": {"equals": "INACTIVE"}}}),
            3,
        ),
        ("ListResourceGroups", json!({"filter": {"resourceHostname": {"contains": "mes-"}}}), 2),
        ("ListAppZones", json!({"filter": {"appZoneName": {"contains": "office"}}}), 1),
        ("ListAppCatalog", json!({"filter": {"category": {"contains": "data"}}}), 4),
        ("ListPolicyRules", json!({"filter": {"action": {"equals": "BLOCK"}}}), 4),
        ("ListPolicyRules", json!({}), 20),
        ("ListPolicyRules", json!({"fetchAll": true, "pageNum": 1, "pageSize": 5}), 22),
        ("ListTagNamespaces", json!({"filter": {"origin": {"equals": "EXTERNAL"}}}), 2),
        ("ListTagKeys", json!({"namespaceId": "ns-9001"}), 2),
        (
            "ListTagKeys",
            json!({"namespaceId": "ns-9001", "filter": {"keyName": {"contains": "st"}}}),
            1,
        ),
        ("ListTagValues", json!({"tagId": "tk-9103", "namespaceOrigin": "CUSTOM"}), 5),
        ("ListTagValues", json!({"tagId": "tk-9103", "namespaceOrigin": "ML"}), 0),
        ("GetResourceGroupMembers", json!({"id": "rg-5001"}), 3),
        ("GetResourceGroupMembers", json!({"id": "rg-5061"}), 0),
    ] {
        let answer = zms(name, variables.clone());
        assert_eq!(nodes(&answer).len(), expected, "{name} {variables}");
    }
}

#[test]
fn order_is_as_asked() {
    for (name, variables, member, first) in [
        ("ListAgents", json!({"sort": "name", "sortDir": "DESC"}), "name", "wiki-01"),
        ("ListAgents", json!({"sort": "name"}), "name", "ci-01"),
        (
            "ListAppZones",
            json!({"orderBy": {"appZoneName": "ASC"}}),
            "appZoneName",
            "Administration",
        ),
        ("ListAppCatalog", json!({"orderBy": {"name": "DESC"}}), "name", "VNC"),
        ("ListAppCatalog", json!({"orderBy": {"category": "ASC"}}), "category", "DATABASE"),
        ("ListResources", json!({"orderBy": {"name": "ASC"}}), "name", "card-gw-01"),
        ("ListTagNamespaces", json!({"orderBy": {"name": "DESC"}}), "name", "Ownership"),
    ] {
        assert_eq!(nodes(&zms(name, variables))[0][member], first, "{name}");
    }
    let most = zms("ListAgentGroups", json!({"sort": "agentCount", "sortDir": "DESC"}));
    let counts: Vec<i64> = nodes(&most).iter().map(|n| n["agentCount"].as_i64().unwrap()).collect();
    assert!(counts.is_sorted_by(|one, next| one >= next), "{counts:?}");
}

#[test]
fn single_records_are_those_of_the_lists() {
    for node in nodes(&zms("ListNonces", json!({}))) {
        let one = zms("GetNonce", json!({"eyezId": node["eyezId"]}));
        assert_eq!(&root(&one)["nonce"], node);
    }
    for node in nodes(&zms("ListAgentGroups", json!({}))) {
        let one = zms("GetAgentGroupTotpSecrets", json!({"eyezId": node["eyezId"]}));
        assert_eq!(root(&one)["eyezId"], node["eyezId"]);
        let agents = zms("ListAgents", json!({"pageSize": 100}));
        let own = nodes(&agents).iter().filter(|agent| agent["agentGroupName"] == node["name"]);
        assert_eq!(node["agentCount"], own.count());
    }
    for (name, list) in
        [("AgentConnectionStatusStats", "agentStatuses"), ("AgentVersionStats", "agentVersions")]
    {
        for (search, total) in [(json!(null), 25), (json!("ledger"), 3), (json!("zzz"), 0)] {
            let answer = zms(name, json!({"search": search}));
            let counts = root(&answer)[list].as_array().unwrap();
            let sum: i64 = counts.iter().map(|row| row["count"].as_i64().unwrap()).sum();
            assert_eq!((&root(&answer)["totalCount"], sum), (&json!(total), total), "{name}");
        }
    }
}

#[test]
fn members_are_counted_where_they_are_listed() {
    let groups = zms("ResourceGroupProtectionStatus", json!({}));
    assert_eq!(nodes(&groups)[0]["totalResourceGroups"], 15);
    assert_eq!(nodes(&groups)[0]["protectedResourceGroupsCount"], 9);
    let resources = zms("ResourceProtectionStatus", json!({}));
    assert_eq!(nodes(&resources)[0]["protectedPercentage"], 89.29);
    assert!(root(&zms("GetMetadata", json!({})))["eventTypes"].is_array());
    for group in nodes(&zms("ListResourceGroups", json!({}))) {
        let members = zms("GetResourceGroupMembers", json!({"id": group["id"]}));
        assert_eq!(group["resourceMemberCount"], nodes(&members).len());
    }
    for zone in nodes(&zms("ListAppZones", json!({}))) {
        let resources = zms("ListResources", json!({"pageSize": 100}));
        let has = |row: &&Value| row["appZoneIds"].as_array().unwrap().contains(&zone["id"]);
        assert_eq!(zone["memberCount"], nodes(&resources).iter().filter(has).count());
    }
}

#[test]
fn a_wrong_variable_is_an_error_in_the_form_of_the_service() {
    let missing = ask("/zms/graphql", "ListAgents", json!({"page": 1}));
    assert_eq!(classification(&missing), "ValidationError");
    assert_eq!(missing["errors"][0]["path"], json!(["agents"]));
    for (name, variables, expected) in [
        ("ListAgents", json!({"page": 0}), "ValidationError"),
        ("ListAgents", json!({"page": "1"}), "ValidationError"),
        ("ListAgents", json!({"pageSize": 101}), "ValidationError"),
        ("ListAgents", json!({"sortDir": "up"}), "ValidationError"),
        ("ListAgents", json!({"sort": "colour"}), "ValidationError"),
        ("ListAppZones", json!({"orderBy": {"appZoneName": "UP"}}), "ValidationError"),
        ("ListResources", json!({"filter": {"colour": {"equals": "x"}}}), "ValidationError"),
        ("ListResources", json!({"filter": {"name": {"like": "x"}}}), "ValidationError"),
        ("ListTagKeys", json!({}), "ValidationError"),
        ("ListTagKeys", json!({"namespaceId": "ns-1"}), "NOT_FOUND"),
        ("ListTagValues", json!({"tagId": "tk-1", "namespaceOrigin": "ML"}), "NOT_FOUND"),
        ("ListTagValues", json!({"tagId": "tk-9103"}), "ValidationError"),
        ("GetResourceGroupMembers", json!({"id": "rg-1"}), "NOT_FOUND"),
        ("GetNonce", json!({"eyezId": "nc-1"}), "NOT_FOUND"),
        ("GetAgentGroupTotpSecrets", json!({}), "ValidationError"),
        ("WebProtocols", json!({}), "ValidationError"),
        ("DropEverything", json!({}), "ValidationError"),
    ] {
        assert_eq!(classification(&zms(name, variables.clone())), expected, "{name} {variables}");
    }
    for (variables, expected) in [
        (json!({"startTime": null}), "ValidationError"),
        (json!({"endTime": "x"}), "ValidationError"),
        (json!({"endTime": 1_768_000_000_000_i64}), "BAD_REQUEST"),
        (json!({"trafficUnit": "PACKETS"}), "ValidationError"),
        (json!({"trendInterval": "WEEK"}), "ValidationError"),
        (json!({"actionFilter": "DROP"}), "ValidationError"),
        (json!({"limit": 0}), "ValidationError"),
    ] {
        let answer = zins("WebTrafficNoGrouping", variables.clone());
        assert_eq!(classification(&answer), expected, "{variables}");
    }
}

#[test]
fn traffic_adds_up() {
    let entries = |name: &str, field: &str, variables: Value| -> Vec<Value> {
        let answer = zins(name, variables);
        assert_eq!(root(&answer)[field]["obfuscated"], false);
        root(&answer)[field]["entries"].as_array().unwrap().clone()
    };
    let sum = |rows: &[Value]| rows.iter().map(|row| row["total"].as_i64().unwrap()).sum::<i64>();
    let places = entries("WebTrafficByLocation", "location", json!({}));
    let whole = entries("WebTrafficNoGrouping", "no_grouping", json!({}));
    assert_eq!((places.len(), whole.len()), (27, 1));
    assert_eq!(sum(&places), sum(&whole));
    assert_eq!(sum(&entries("WebProtocols", "protocols", json!({}))), sum(&whole));
    let allowed = entries("WebTrafficNoGrouping", "no_grouping", json!({"actionFilter": "ALLOW"}));
    let blocked = entries("WebTrafficNoGrouping", "no_grouping", json!({"actionFilter": "BLOCK"}));
    assert_eq!(sum(&allowed) + sum(&blocked), sum(&whole));
    let card = entries("WebTrafficNoGrouping", "no_grouping", json!({"dlpEngineFilter": "PCI"}));
    assert!(sum(&card) > 0 && sum(&card) < sum(&whole));
    let odd = json!({"dlpEngineFilter": "CYBER_BULLY_ENG"});
    assert!(entries("WebTrafficNoGrouping", "no_grouping", odd).is_empty());
    let bytes = entries("WebProtocols", "protocols", json!({"trafficUnit": "BYTES"}));
    assert!(sum(&bytes) > sum(&whole));
    for (name, field) in [
        ("WebThreatSuperCategories", "threat_super_categories"),
        ("WebThreatClass", "threat_class"),
    ] {
        assert_eq!(sum(&entries(name, field, json!({}))), 4127, "{name}");
        assert_eq!(entries(name, field, json!({"limit": 2})).len(), 2, "{name}");
    }
    for (name, field) in
        [("WebTrafficByLocation", "location"), ("WebTrafficNoGrouping", "no_grouping")]
    {
        assert_eq!(entries(name, field, json!({}))[0].get("trend"), Some(&Value::Null));
    }
}

#[test]
fn a_trend_by_the_day_or_the_hour_adds_up_to_its_total() {
    for (name, field) in
        [("WebTrafficByLocation", "location"), ("WebTrafficNoGrouping", "no_grouping")]
    {
        for (unit, interval, count) in [
            ("TRANSACTIONS", "DAY", 7),
            ("TRANSACTIONS", "HOUR", 7 * 24),
            ("BYTES", "HOUR", 7 * 24),
        ] {
            let given =
                json!({"includeTrend": true, "trendInterval": interval, "trafficUnit": unit});
            let answer = zins(name, given);
            let row = &root(&answer)[field]["entries"][0];
            let trend = &row["trend"][0];
            let values = trend["trend_values"].as_array().unwrap();
            assert_eq!((values.len(), trend["trend_interval"].as_str()), (count, Some(interval)));
            let sum: i64 = values.iter().map(|value| value.as_i64().unwrap()).sum();
            assert_eq!(row["total"], sum, "{name} {unit} {interval}");
        }
    }
}

#[test]
fn only_documents_of_the_operation_that_is_named_are_answered() {
    let good = json!({"query": "query ListAgents($customerId: ID!) {x}",
        "variables": {"customerId": "1"}, "operationName": "ListAgents"});
    assert_eq!(send(ApiMethod::Get, "/zms/graphql", None).0, 405);
    assert_eq!(send(ApiMethod::Post, "/zms/graphql", None).0, 405);
    assert_eq!(send(ApiMethod::Post, "/zms/graphql2", Some(body(&good))).0, 404);
    assert_eq!(send(ApiMethod::Post, "/zms/graphql/x", Some(body(&good))).0, 404);
    assert!(send(ApiMethod::Post, "/zms/graphql", Some(body(&good))).1["data"].is_object());
    for (name, value) in [
        ("query", json!("query ListAgentsX {x}")),
        ("query", json!(null)),
        ("operationName", json!("listAgents")),
        ("operationName", json!(null)),
        ("variables", json!([])),
    ] {
        let mut wrong = good.clone();
        wrong[name] = value;
        let answer = send(ApiMethod::Post, "/zms/graphql", Some(body(&wrong))).1;
        assert_eq!(classification(&answer), "ValidationError", "{name}");
    }
    let elsewhere = send(ApiMethod::Post, "/zins/graphql", Some(body(&good))).1;
    assert_eq!(classification(&elsewhere), "ValidationError");
}
