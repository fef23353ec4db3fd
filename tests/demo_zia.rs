//! The demo's internet access as the service would answer: lists, filters, pages, single records.

#[path = "common/demo.rs"]
mod requests;

use std::sync::OnceLock;

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiBody, ApiMethod, ApiResponse};
use zscaler_mcp::json::Json;

static DEMO: OnceLock<Demo> = OnceLock::new();

fn send(path: &str, query: &[(&str, &str)]) -> ApiResponse {
    let demo = DEMO.get_or_init(|| Demo::new().unwrap());
    requests::send(demo, ApiMethod::Get, &format!("/zia/api/v1/{path}"), query, None)
}

fn list(path: &str, query: &[(&str, &str)]) -> Vec<Json> {
    match send(path, query) {
        ApiResponse { status: 200, body: ApiBody::Json(Json::Array(rows)) } => rows,
        other => panic!("{path}: {other:?}"),
    }
}

fn text<'a>(record: &'a Json, member: &str) -> &'a str {
    record.get(member).unwrap().as_str().unwrap()
}

fn id(record: &Json) -> String {
    let id = record.get("id").unwrap();
    id.as_str().map_or_else(|| id.as_i64().unwrap().to_string(), str::to_owned)
}

const COLLECTIONS: [(&str, usize); 14] = [
    ("urlFilteringRules", 19),
    ("firewallFilteringRules", 18),
    ("firewallDnsRules", 11),
    ("firewallIpsRules", 8),
    ("ipsSignatureRules", 7),
    ("ipSourceGroups", 9),
    ("ipDestinationGroups", 12),
    ("networkServices", 27),
    ("networkServiceGroups", 7),
    ("networkApplications", 26),
    ("networkApplicationGroups", 6),
    ("users", 46),
    ("groups", 16),
    ("departments", 14),
];

#[test]
fn every_collection_answers_with_its_records_and_each_of_them() {
    for (path, expected) in COLLECTIONS {
        let rows = list(path, &[]);
        assert_eq!(rows.len(), expected, "{path}");
        for row in rows {
            let one = send(&format!("{path}/{}", id(&row)), &[]);
            assert_eq!(one, ApiResponse { status: 200, body: ApiBody::Json(row) }, "{path}");
        }
        let ApiResponse { status, body: ApiBody::Json(body) } = send(&format!("{path}/1"), &[])
        else {
            panic!("{path}")
        };
        assert_eq!((status, text(&body, "code")), (404, "RESOURCE_NOT_FOUND"), "{path}");
    }
}

#[test]
fn filters_keep_what_they_name() {
    for (path, query, expected) in [
        ("urlFilteringRules", &[("search", "social")][..], 2),
        ("firewallFilteringRules", &[("search", "GUEST")], 1),
        ("ipSourceGroups", &[("search", "card data")], 1),
        ("ipDestinationGroups", &[("search", "zzz")], 0),
        ("networkServices", &[("search", "floor")], 1),
        ("networkServices", &[("protocol", "UDP")], 12),
        ("networkServices", &[("protocol", "TCP"), ("search", "bank")], 1),
        ("networkServices", &[("protocol", "UDP"), ("search", "bank")], 0),
        ("networkServices", &[("protocol", "ICMP")], 1),
        ("networkServices", &[("protocol", "GRE")], 1),
        ("networkServices", &[("protocol", "OTHER")], 0),
        ("networkServiceGroups", &[("search", "sign in")], 1),
        ("networkApplications", &[("search", "ssh")], 1),
        ("networkApplicationGroups", &[("search", "factory")], 1),
        ("users", &[("name", "vendor")], 2),
        ("users", &[("dept", "finance")], 3),
        ("users", &[("dept", "finance"), ("group", "finance approvers")], 2),
        ("users", &[("group", "it admin"), ("name", "niko")], 1),
        ("users", &[("group", "zzz")], 0),
        ("users", &[("name", "NIKO S")], 1),
        ("users", &[("name", "saarelma")], 0),
        ("users", &[("dept", "resources")], 0),
        ("users", &[("group", "approvers")], 0),
        ("groups", &[("search", "sales")], 2),
        ("groups", &[("definedBy", "service")], 1),
        ("departments", &[("search", "finance")], 2),
        ("departments", &[("search", "finance"), ("limitSearch", "true")], 1),
        ("departments", &[("search", "finance"), ("limitSearch", "false")], 2),
    ] {
        assert_eq!(list(path, query).len(), expected, "{path} {query:?}");
    }
}

#[test]
fn pages_cover_everything_once() {
    let whole = list("users", &[]);
    let mut seen = Vec::new();
    for (page, expected) in [("1", 20), ("2", 20), ("3", 6), ("4", 0)] {
        let rows = list("users", &[("page", page), ("pageSize", "20")]);
        assert_eq!(rows.len(), expected);
        seen.extend(rows);
    }
    assert_eq!(seen, whole);
    assert_eq!(list("groups", &[("pageSize", "5"), ("page", "4")]).len(), 1);
}

#[test]
fn lists_are_sorted_as_asked() {
    for (query, expected) in [
        (&[("sortBy", "name")][..], "All Employees"),
        (&[("sortBy", "name"), ("sortOrder", "desc")], "Works Council"),
        (&[("sortBy", "id"), ("sortOrder", "asc")], "All Employees"),
        (&[("sortBy", "id"), ("sortOrder", "desc")], "Service Admin"),
        (&[("sortBy", "rank"), ("sortOrder", "rule_execution")], "All Employees"),
    ] {
        assert_eq!(text(&list("groups", query)[0], "name"), expected, "{query:?}");
    }
}

#[test]
fn a_short_department_has_id_and_name() {
    let ApiBody::Json(Json::Object(short)) = send("departments/lite/8107", &[]).body else {
        panic!("no record")
    };
    let members: Vec<&str> = short.iter().map(|(name, _)| name).collect();
    assert_eq!(members, ["id", "name"]);
    assert_eq!(send("departments/lite/1", &[]).status, 404);
}

#[test]
fn applications_are_described_in_the_wanted_language() {
    for (query, expected) in [
        (&[][..], "SSH_DESC"),
        (&[("locale", "en-US")], "Remote shells"),
        (&[("locale", "fr-FR")], "Terminaux distants"),
        (&[("locale", "xx-XX")], "Remote shells"),
    ] {
        let query: Vec<_> = query.iter().copied().chain([("search", "ssh")]).collect();
        assert_eq!(text(&list("networkApplications", &query)[0], "description"), expected);
    }
}

/// Member of a rule, and the collection that its references point into.
const REFERENCES: [(&str, &str); 13] = [
    ("locations", "locations"),
    ("locationGroups", "locations/groups"),
    ("departments", "departments"),
    ("groups", "groups"),
    ("overrideGroups", "groups"),
    ("users", "users"),
    ("labels", "ruleLabels"),
    ("srcIpGroups", "ipSourceGroups"),
    ("sourceIpGroups", "ipSourceGroups"),
    ("destIpGroups", "ipDestinationGroups"),
    ("nwServices", "networkServices"),
    ("nwServiceGroups", "networkServiceGroups"),
    ("nwApplicationGroups", "networkApplicationGroups"),
];

#[test]
fn references_point_at_records_of_the_same_name() {
    let pair = |row: &Json| (id(row), text(row, "name").to_owned());
    for (member, collection) in REFERENCES {
        let known: Vec<_> = list(collection, &[("pageSize", "1000")]).iter().map(pair).collect();
        let mut seen = 0;
        for (path, _) in COLLECTIONS {
            for row in list(path, &[]) {
                let own = row.get(member).and_then(Json::as_array).unwrap_or(&[]).to_vec();
                seen += own.len();
                assert!(own.iter().all(|one| known.contains(&pair(one))), "{path} {row:?}");
            }
        }
        assert!(seen > 0, "{member}");
    }
}

#[test]
fn labels_are_used_no_more_often_than_they_say() {
    for label in list("ruleLabels", &[]) {
        let carries = |row: &Json| {
            let labels = row.get("labels").and_then(Json::as_array).unwrap_or(&[]);
            labels.iter().any(|one| id(one) == id(&label))
        };
        let used = COLLECTIONS.iter().flat_map(|(path, _)| list(path, &[])).filter(carries).count();
        let said = label.get("referencedRuleCount").unwrap().as_i64().unwrap();
        assert!(i64::try_from(used).unwrap() <= said, "{label:?}");
    }
}
