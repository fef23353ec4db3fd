//! What the demo tenant answers for private access.

#[path = "common/demo.rs"]
mod requests;

use std::sync::OnceLock;

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiBody, ApiMethod};
use zscaler_mcp::json::Json;

const V1: &str = "/zpa/mgmtconfig/v1/admin/customers/demo/";
const V2: &str = "/zpa/mgmtconfig/v2/admin/customers/demo/";

fn send(path: &str, query: &[(&str, &str)]) -> (u16, Json) {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    let demo = DEMO.get_or_init(|| Demo::new().unwrap());
    let response = requests::send(demo, ApiMethod::Get, path, query, None);
    let ApiBody::Json(body) = response.body else { panic!("no JSON") };
    (response.status, body)
}

fn found(path: &str, query: &[(&str, &str)]) -> Json {
    let (status, body) = send(path, query);
    assert_eq!(status, 200, "{path}");
    body
}

fn list(path: &str, query: &[(&str, &str)]) -> Vec<Json> {
    let body = found(path, query);
    let rows = body.get("list").and_then(Json::as_array).unwrap_or(&[]).to_vec();
    assert!(body.get("totalPages").is_some_and(|pages| pages.as_str().is_some()), "{path}");
    rows
}

fn text<'a>(row: &'a Json, member: &str) -> &'a str {
    row.get(member).and_then(Json::as_str).unwrap_or_default()
}

#[test]
fn every_collection_lists_records_that_can_be_fetched_one_by_one() {
    for (at, list_at, least) in [
        (V1, "appConnectorGroup", 6),
        (V1, "connector", 10),
        (V1, "server", 10),
        (V1, "certificate", 6),
        (V1, "enrollmentCert", 4),
        (V1, "associationType/CONNECTOR_GRP/provisioningKey", 6),
        (V1, "associationType/SERVICE_EDGE_GRP/provisioningKey", 6),
        (V1, "serviceEdge", 10),
        (V1, "serviceEdgeGroup", 6),
        (V1, "credential", 6),
        (V1, "praPortal", 6),
        (V1, "idp/216196257331273001/scimattribute", 6),
        (V1, "inspectionProfile", 6),
        (V2, "lssConfig", 6),
        (V2, "posture", 8),
        (V2, "network", 8),
    ] {
        let rows = list(&format!("{at}{list_at}"), &[("pagesize", "500")]);
        assert!(rows.len() >= least, "{list_at}");
        let one = if matches!(list_at, "posture" | "network") { V1 } else { at };
        for row in rows {
            assert_eq!(found(&format!("{one}{list_at}/{}", text(&row, "id")), &[]), row);
        }
        let (status, error) = send(&format!("{at}{list_at}/999"), &[]);
        assert_eq!((status, text(&error, "id")), (404, "resource.not.found"), "{list_at}");
        assert!(!text(&error, "reason").is_empty());
    }
}

#[test]
fn a_rule_is_found_through_the_set_of_its_type() {
    for kind in [
        "ACCESS_POLICY",
        "TIMEOUT_POLICY",
        "CLIENT_FORWARDING_POLICY",
        "ISOLATION_POLICY",
        "INSPECTION_POLICY",
    ] {
        let set = found(&format!("{V1}policySet/policyType/{kind}"), &[]);
        let rules = list(&format!("{V1}policySet/rules/policyType/{kind}"), &[("pagesize", "99")]);
        assert!(rules.len() >= 6, "{kind}");
        for rule in rules {
            assert_eq!(text(&rule, "policySetId"), text(&set, "id"), "{kind}");
            assert_eq!(text(&rule, "policyType"), text(&set, "policyType"), "{kind}");
            let path = format!("{V1}policySet/{}/rule/{}", text(&set, "id"), text(&rule, "id"));
            assert_eq!(found(&path, &[]), rule);
            assert_eq!(send(&format!("{V1}policySet/1/rule/{}", text(&rule, "id")), &[]).0, 404);
        }
    }
    assert_eq!(send(&format!("{V1}policySet/policyType/NO_POLICY"), &[]).0, 404);
    assert_eq!(send(&format!("{V1}policySet/rules/policyType/NO_POLICY"), &[]).0, 404);
    assert_eq!(send(&format!("{V1}rules/ACCESS_POLICY"), &[]).0, 404);
}

#[test]
fn searches_pages_and_microtenants_narrow_a_list() {
    let rules = format!("{V1}policySet/rules/policyType/ACCESS_POLICY");
    for (path, query, expected) in [
        (rules.clone(), vec![], 20),
        (rules.clone(), vec![("page", "2")], 4),
        (rules.clone(), vec![("page", "9")], 0),
        (rules.clone(), vec![("search", "name+EQ+robot vendor")], 1),
        (rules.clone(), vec![("search", "action+EQ+DENY"), ("pagesize", "3")], 3),
        (rules, vec![("microtenantId", "216196257331280001")], 3),
        (format!("{V1}connector"), vec![("search", "name+STARTSWITH+lyo")], 3),
        (format!("{V2}lssConfig"), vec![("search", "sourceLogType+EQ+zpn_auth_log")], 1),
        (format!("{V2}posture"), vec![("search", "name+CONTAINS+cert")], 2),
    ] {
        assert_eq!(list(&path, &query).len(), expected, "{path} {query:?}");
    }
}

#[test]
fn what_rules_refer_to_exists() {
    let names = |path: &str, member: &str| -> Vec<String> {
        let rows = list(path, &[("pagesize", "500")]);
        rows.iter().map(|row| text(row, member).to_owned()).collect()
    };
    let known = [
        ("APP", names(&format!("{V1}application"), "id")),
        ("APP_GROUP", names(&format!("{V1}segmentGroup"), "id")),
        ("POSTURE", names(&format!("{V2}posture"), "postureUdid")),
        ("TRUSTED_NETWORK", names(&format!("{V2}network"), "networkId")),
    ];
    let mut seen = 0;
    for kind in ["ACCESS_POLICY", "TIMEOUT_POLICY", "CLIENT_FORWARDING_POLICY", "ISOLATION_POLICY"]
    {
        let rules = list(&format!("{V1}policySet/rules/policyType/{kind}"), &[("pagesize", "99")]);
        let conditions = rules.iter().flat_map(|rule| rule.get("conditions").unwrap().as_array());
        let operands = conditions.flatten().flat_map(|one| one.get("operands").unwrap().as_array());
        for operand in operands.flatten() {
            let object = text(operand, "objectType");
            let value = if matches!(object, "APP" | "APP_GROUP") { "rhs" } else { "lhs" };
            if let Some((_, ids)) = known.iter().find(|(name, _)| *name == object) {
                assert!(ids.iter().any(|id| id == text(operand, value)), "{object} in {kind}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 40, "{seen}");
}

#[test]
fn isolation_profiles_are_a_bare_list() {
    let profiles = found("/zpa/cbiconfig/cbi/api/customers/demo/profiles", &[]);
    let ids: Vec<&str> = profiles.as_array().unwrap().iter().map(|row| text(row, "id")).collect();
    assert!(ids.len() >= 6);
    let rules = list(&format!("{V1}policySet/rules/policyType/ISOLATION_POLICY"), &[]);
    for rule in rules.iter().filter(|rule| text(rule, "action") == "ISOLATE") {
        assert!(ids.contains(&text(rule, "zpnIsolationProfileId")), "{}", text(rule, "name"));
    }
}

#[test]
fn log_streaming_has_templates_codes_and_client_types() {
    let formats = format!("{V2}lssConfig/logType/formats");
    for receiver in list(&format!("{V2}lssConfig"), &[]) {
        let settings = receiver.get("config").unwrap();
        let kind = text(settings, "sourceLogType");
        let templates = found(&formats, &[("logType", kind)]);
        assert_eq!(text(&templates, "json"), text(settings, "format"), "{kind}");
    }
    assert_eq!(send(&formats, &[("logType", "nothing")]).0, 400);
    let codes = found("/zpa/mgmtconfig/v2/admin/lssConfig/statusCodes", &[]);
    assert_eq!(codes.as_object().unwrap().len(), 4);
    let types = found("/zpa/mgmtconfig/v2/admin/lssConfig/customers/demo/clientTypes", &[]);
    assert_eq!(text(&types, "zpn_client_type_exporter"), "Web Browser");
}

#[test]
fn providers_have_their_own_attributes_and_groups() {
    let providers = list(&format!("{V2}idp"), &[]);
    let groups = "/zpa/userconfig/v1/customers/demo/scimgroup";
    let mut counted = [0; 3];
    for provider in &providers {
        let id = text(provider, "id");
        for (count, path) in counted.iter_mut().zip([
            format!("{V2}samlAttribute/idp/{id}"),
            format!("{V1}idp/{id}/scimattribute"),
            format!("{groups}/idpId/{id}"),
        ]) {
            let rows = list(&path, &[("pagesize", "500")]);
            let own = |row: &Json| {
                let own = row.get("idpId").unwrap();
                own.as_str().map_or_else(|| own.as_i64().unwrap().to_string(), str::to_owned) == id
            };
            assert!(rows.iter().all(own), "{path}");
            *count += rows.len();
        }
    }
    assert!(counted.iter().all(|count| *count >= 12), "{counted:?}");
    assert_eq!(list(&format!("{V2}samlAttribute"), &[]).len(), counted[0]);
    for path in [
        format!("{V2}samlAttribute/idp/1"),
        format!("{V1}idp/1/scimattribute"),
        format!("{V1}idp/216196257331273002/scimattribute/216196257331282001"),
        format!("{groups}/idpId/1"),
        format!("{groups}/1"),
        format!("{V1}scimattribute"),
    ] {
        assert_eq!(send(&path, &[]).0, 404, "{path}");
    }
    let one = found(&format!("{groups}/293401"), &[]);
    assert_eq!(text(&one, "name"), "Finance");
    let path = format!("{groups}/idpId/216196257331273001");
    assert_eq!(list(&path, &[("search", "name+CONTAINS+vendor")]).len(), 2);
    assert_eq!(list(&path, &[("pagesize", "10"), ("page", "2")]).len(), 4);
}

#[test]
fn rules_name_groups_and_attributes_that_exist() {
    let at = format!("{V2}samlAttribute");
    let attributes = list(&at, &[("pagesize", "500")]);
    let mut seen = 0;
    for kind in ["ACCESS_POLICY", "TIMEOUT_POLICY", "CLIENT_FORWARDING_POLICY", "ISOLATION_POLICY"]
    {
        let rules = list(&format!("{V1}policySet/rules/policyType/{kind}"), &[("pagesize", "99")]);
        let conditions = rules.iter().flat_map(|rule| rule.get("conditions").unwrap().as_array());
        let operands = conditions.flatten().flat_map(|one| one.get("operands").unwrap().as_array());
        for operand in operands.flatten() {
            let name = match text(operand, "objectType") {
                "SCIM_GROUP" => {
                    let id = text(operand, "rhs");
                    let path = format!("/zpa/userconfig/v1/customers/demo/scimgroup/{id}");
                    let group = found(&path, &[]);
                    text(&group, "name").to_owned()
                }
                "SAML" => {
                    let id = text(operand, "lhs");
                    let own = attributes.iter().find(|row| text(row, "id") == id);
                    text(own.unwrap(), "name").to_owned()
                }
                _ => continue,
            };
            assert_eq!(name, text(operand, "name"));
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn machines_name_keys_groups_and_certificates_that_exist() {
    let ids = |path: &str| -> Vec<String> {
        let rows = list(&format!("{V1}{path}"), &[("pagesize", "500")]);
        rows.iter().map(|row| text(row, "id").to_owned()).collect()
    };
    for (machines, kind) in [("connector", "CONNECTOR_GRP"), ("serviceEdge", "SERVICE_EDGE_GRP")] {
        let keys = ids(&format!("associationType/{kind}/provisioningKey"));
        for machine in list(&format!("{V1}{machines}"), &[]) {
            assert!(keys.iter().any(|key| key == text(&machine, "provisioningKeyId")), "{kind}");
        }
    }
    let certificates = ids("certificate");
    assert_eq!(certificates.len(), list(&format!("{V2}clientlessCertificate/issued"), &[]).len());
    for segment in list(&format!("{V1}application"), &[("pagesize", "500")]) {
        for app in segment.get("clientlessApps").and_then(Json::as_array).unwrap_or(&[]) {
            assert!(certificates.iter().any(|id| id == text(app, "certificateId")));
        }
    }
}

#[test]
fn another_version_or_address_has_nothing() {
    for path in [
        format!("{V1}lssConfig"),
        format!("{V2}connector"),
        format!("{V2}policySet/policyType/ACCESS_POLICY"),
        format!("{V1}profiles"),
        "/zpa/cbiconfig/cbi/api/customers/demo/posture".to_owned(),
        "/zpa/mgmtconfig/v2/admin/lssConfig/customers/demo/statusCodes".to_owned(),
        "/zpa/mgmtconfig/v1/admin/customers/connector".to_owned(),
    ] {
        let (status, error) = send(&path, &[]);
        assert_eq!((status, text(&error, "id")), (404, "resource.not.found"), "{path}");
    }
}
