//! The tools of private access for policies, connectors, profiles and log streaming.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::Arc;

use zscaler_mcp::backend::ApiRequest;
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::mcp::registry::CallResult;

use kit::{Service, call, call_on, json, product, record, refused, rows, text, working_for};

const CUSTOMER: &str = "72058304855015424";

fn member<'a>(row: &'a Json, name: &str) -> &'a str {
    row.get(name).and_then(Json::as_str).unwrap_or_default()
}

const RULES: [(&str, &str, &str); 5] = [
    ("zpa_list_access_policy_rules", "zpa_get_access_policy_rule", "ACCESS_POLICY"),
    ("zpa_list_timeout_policy_rules", "zpa_get_timeout_policy_rule", "TIMEOUT_POLICY"),
    (
        "zpa_list_forwarding_policy_rules",
        "zpa_get_forwarding_policy_rule",
        "CLIENT_FORWARDING_POLICY",
    ),
    ("zpa_list_isolation_policy_rules", "zpa_get_isolation_policy_rule", "ISOLATION_POLICY"),
    ("zpa_list_app_protection_rules", "zpa_get_app_protection_rule", "INSPECTION_POLICY"),
];

#[test]
fn every_list_gives_records_and_every_get_gives_one_of_them() {
    for (list, get, argument) in [
        ("zpa_list_app_connector_groups", "zpa_get_app_connector_group", "group_id"),
        ("zpa_list_app_connectors", "zpa_get_app_connector", "connector_id"),
        ("zpa_list_lss_configs", "zpa_get_lss_config", "lss_config_id"),
    ] {
        let all = rows(list, "{\"page_size\":500}");
        assert!(all.len() >= 6, "{list}");
        for row in all {
            let one = record(get, &format!("{{\"{argument}\":\"{}\"}}", member(&row, "id")));
            assert_eq!(one, row, "{get}");
        }
        let missing = refused(get, &format!("{{\"{argument}\":\"999\"}}"));
        assert!(missing.starts_with(&format!("{get} failed: HTTP 404, ")), "{missing}");
        assert!(missing.contains(&format!("{list} returns the ids that exist")), "{missing}");
    }
}

#[test]
fn a_rule_is_the_listed_one_with_its_conditions_grouped() {
    for (list, get, _) in RULES {
        let all = rows(list, "{\"page_size\":500}");
        assert!(all.len() >= 6, "{list}");
        for row in all {
            let one = record(get, &format!("{{\"rule_id\":\"{}\"}}", member(&row, "id")));
            for (name, value) in row.as_object().unwrap().iter() {
                if name != "conditions" {
                    assert_eq!(one.get(name), Some(value), "{get} {name}");
                }
            }
            assert_eq!(one.get("conditions_not_grouped"), None, "{get}");
            let count = |rule: &Json| rule.get("conditions").unwrap().as_array().unwrap().len();
            assert_eq!(count(&one), count(&row), "{get}");
            for condition in one.get("conditions").unwrap().as_array().unwrap() {
                let operands = condition.get("operands").unwrap().as_array().unwrap();
                let grouped = |operand: &Json| {
                    !member(operand, "object_type").is_empty()
                        && operand.get("values").is_some() != operand.get("entry_values").is_some()
                };
                assert!(!operands.is_empty() && operands.iter().all(grouped), "{get}");
            }
        }
        let missing = refused(get, "{\"rule_id\":\"999\"}");
        assert!(missing.contains(&format!("{list} returns the ids that exist")), "{missing}");
    }
}

#[test]
fn conditions_are_grouped_by_kind() {
    let rule = rows("zpa_list_access_policy_rules", r#"{"search":"Treasury, office only"}"#);
    let id = member(&rule[0], "id");
    let rule = record("zpa_get_access_policy_rule", &format!("{{\"rule_id\":{id}}}"));
    let expected = json(
        r#"[{"operator":"OR","operands":[{"object_type":"APP","values":["216196257331230002"]}]},
        {"operator":"OR","operands":[{"object_type":"SCIM_GROUP","entry_values":
            [{"lhs":"216196257331273001","rhs":"293401"}]}]},
        {"operator":"OR","operands":[{"object_type":"TRUSTED_NETWORK","entry_values":[
            {"lhs":"5b6d0c6e-2f8a-4e9c-9b5f-1d0cdd6a1001","rhs":"true"},
            {"lhs":"5b6d0c6e-2f8a-4e9c-9b5f-1d0cdd6a1002","rhs":"true"}]}]}]"#,
    );
    assert_eq!(rule.get("conditions"), Some(&expected));
    assert_eq!(member(&rule, "description"), "4-eyes rule approve() applies");
    assert_eq!(member(&rule, "policy_set_id"), "216196257331269001");
}

#[test]
fn searches_and_pages_narrow_the_lists() {
    for (name, arguments, expected) in [
        ("zpa_list_access_policy_rules", "{}", 20),
        ("zpa_list_access_policy_rules", r#"{"page":2}"#, 4),
        ("zpa_list_access_policy_rules", r#"{"search":"robot vendor"}"#, 1),
        ("zpa_list_access_policy_rules", r#"{"search":"robot"}"#, 0),
        ("zpa_list_access_policy_rules", r#"{"microtenant_id":"216196257331280001"}"#, 3),
        ("zpa_list_access_policy_rules", r#"{"page_size":500,"query":"[?action=='DENY']"}"#, 5),
        ("zpa_list_app_connectors", r#"{"search":"controlChannelStatus+NE+X"}"#, 14),
        ("zpa_list_app_connectors", r#"{"page_size":3,"page":5}"#, 2),
        ("zpa_list_app_connector_groups", r#"{"search":"name+ENDSWITH+dc"}"#, 5),
        ("zpa_list_lss_configs", r#"{"search":"sourceLogType+EQ+zpn_audit_log"}"#, 1),
        ("get_zpa_app_protection_profile", "{}", 6),
        ("get_zpa_app_protection_profile", r#"{"name":"Finance strict"}"#, 1),
        ("get_zpa_app_protection_profile", r#"{"name":""}"#, 6),
        ("get_zpa_isolation_profile", "{}", 6),
        ("get_zpa_isolation_profile", r#"{"name":"Recruiting"}"#, 1),
        ("get_zpa_posture_profile", r#"{"page_size":4}"#, 4),
        ("get_zpa_posture_profile", r#"{"name":"Disk encrypted (zscalertwo.net)"}"#, 1),
        ("get_zpa_posture_profile", r#"{"profile_id":"216196257331271004"}"#, 1),
        ("get_zpa_trusted_network", "{}", 8),
        ("get_zpa_trusted_network", r#"{"network_id":216196257331272003,"name":"x"}"#, 1),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
}

#[test]
fn a_name_that_nothing_has_is_refused_with_the_way_on() {
    for (name, arguments) in [
        ("get_zpa_app_protection_profile", r#"{"name":"finance strict"}"#),
        ("get_zpa_isolation_profile", r#"{"name":"recruiting"}"#),
        ("get_zpa_posture_profile", r#"{"name":"Disk encrypted"}"#),
        ("get_zpa_trusted_network", r#"{"name":" "}"#),
    ] {
        let refusal = refused(name, arguments);
        assert!(refusal.contains("call it without a name for all"), "{refusal}");
    }
    for (name, arguments) in [
        ("get_zpa_posture_profile", r#"{"profile_id":"999"}"#),
        ("get_zpa_trusted_network", r#"{"network_id":"999"}"#),
    ] {
        let refusal = refused(name, arguments);
        assert!(refusal.contains("HTTP 404"), "{refusal}");
        assert!(
            refusal.contains(&format!("{name} without it returns the records that exist")),
            "{refusal}"
        );
    }
}

#[test]
fn members_that_once_were_lost_or_misspelt_are_there() {
    let posture = rows("get_zpa_posture_profile", r#"{"profile_id":"216196257331271004"}"#);
    assert_eq!(member(&posture[0], "root_cert"), "Quillfen Device Root 2");
    let connector = rows("zpa_list_app_connectors", r#"{"search":"lyo-conn-3"}"#);
    assert_eq!(member(&connector[0], "control_channel_status"), "ZPN_STATUS_DISCONNECTED");
    let group = rows("zpa_list_app_connector_groups", r#"{"search":"Lyon DC"}"#);
    let server_groups = group[0].get("server_groups").unwrap().as_array().unwrap();
    assert_eq!(server_groups[0].get("dynamic_discovery").unwrap().as_bool(), Some(false));
    let profile = rows("get_zpa_app_protection_profile", r#"{"name":"Directory services"}"#);
    assert!(profile[0].get("predefined_adp_controls").is_some());
}

#[test]
fn the_words_of_log_streaming_come_as_a_catalogue() {
    let types = record("zpa_list_lss_log_types", "{}");
    assert_eq!(member(&types, "kind"), "log_types");
    let names = types.get("items").unwrap().as_array().unwrap().to_vec();
    assert_eq!(names.len(), 8);
    for name in names.iter().filter_map(Json::as_str) {
        let format = record("zpa_get_lss_log_format", &format!("{{\"log_type\":\"{name}\"}}"));
        assert_eq!(member(&format, "kind"), "log_format");
        let templates = format.get("items").unwrap();
        for kind in ["csv", "tsv", "json"] {
            assert!(member(templates, kind).contains('{'), "{name} {kind}");
        }
        let codes = record("zpa_list_lss_status_codes", &format!("{{\"log_type\":\"{name}\"}}"));
        assert!(codes.get("items").unwrap().as_object().unwrap().len() <= 1, "{name}");
    }
    let codes = record("zpa_list_lss_status_codes", r#"{"log_type":"user_activity"}"#);
    assert_eq!(member(&codes, "kind"), "status_codes");
    let activity = codes.get("items").unwrap().get("zpn_trans_log").unwrap();
    assert!(activity.get("MT_CLOSED_TERMINATED").unwrap().get("adminAction").is_some());
    for everything in ["{}", r#"{"log_type":""}"#, r#"{"log_type":"all"}"#] {
        let codes = record("zpa_list_lss_status_codes", everything);
        assert_eq!(codes.get("items").unwrap().as_object().unwrap().len(), 4, "{everything}");
    }
    let clients = record("zpa_list_lss_client_types", "{}");
    assert_eq!(member(&clients, "kind"), "client_types");
    assert_eq!(member(clients.get("items").unwrap(), "web_browser"), "zpn_client_type_exporter");
}

#[test]
fn an_unknown_log_type_is_refused_with_the_known_ones() {
    for name in ["zpa_get_lss_log_format", "zpa_list_lss_status_codes"] {
        let refusal = refused(name, r#"{"log_type":"zpn_auth_log"}"#);
        assert!(refusal.contains("log_type must be one of: app_connector_metrics, "), "{refusal}");
    }
    let refusal = refused("zpa_get_lss_log_format", r#"{"log_type":""}"#);
    assert!(refusal.contains("log_type must not be empty"), "{refusal}");
}

fn over(body: &str, name: &str, arguments: &str) -> (CallResult, Vec<String>) {
    let service = Service::saying(200, json(body));
    let product = product(Arc::<Service>::clone(&service), working_for(Some(CUSTOMER)));
    let result = call_on(&product, name, arguments);
    let shown = |request: &ApiRequest| {
        assert_eq!(request.body, None);
        let query: Vec<String> = request.query.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let at = request.path.as_str().replace(CUSTOMER, "C");
        format!("{} {} {}", request.method.as_str(), at, query.join("&")).trim_end().to_owned()
    };
    let seen = service.seen.lock().unwrap().iter().map(shown).collect();
    (result, seen)
}

#[test]
fn a_rule_is_asked_for_below_the_set_of_its_type() {
    for (_, get, kind) in RULES {
        for (arguments, first, second) in [
            (r#"{"rule_id":"7"}"#, "", ""),
            (
                r#"{"rule_id":"7","microtenant_id":"m/1"}"#,
                " microtenantId=m/1",
                " microtenantId=m/1",
            ),
            (r#"{"rule_id":"7","microtenant_id":""}"#, "", " microtenantId="),
        ] {
            let (_, seen) = over(r#"{"id":"55"}"#, get, arguments);
            let at = "GET /zpa/mgmtconfig/v1/admin/customers/C/policySet";
            let expected =
                [format!("{at}/policyType/{kind}{first}"), format!("{at}/55/rule/7{second}")];
            assert_eq!(seen, expected, "{get} {arguments}");
        }
        let (result, seen) = over(r#"{"id":"5/.."}"#, get, r#"{"rule_id":"7"}"#);
        assert!(result.is_error && seen.len() == 1, "{get}: the id of a set climbs");
        let (result, seen) = over("{}", get, r#"{"rule_id":"7"}"#);
        assert!(result.is_error && seen.len() == 1, "{get}");
        assert!(text(&result).contains("no policy of this type"), "{}", text(&result));
    }
}

const V1: &str = "/zpa/mgmtconfig/v1/admin/customers/C";
const V2: &str = "/zpa/mgmtconfig/v2/admin/customers/C";
const PAGED: &str = r#"{"page":2,"page_size":9,"search":" \"R&D\" ","microtenant_id":"4"}"#;
const EMPTY: &str = r#"{"search":"","microtenant_id":""}"#;

fn assert_sent(name: &str, arguments: &str, (at, below): (&str, &str)) {
    let (_, seen) = over("{}", name, arguments);
    assert_eq!(seen, [format!("GET {at}{below}")], "{name} {arguments}");
}

#[test]
fn policies_and_connectors_send_what_their_arguments_say() {
    for (name, arguments, expected) in [
        (
            "zpa_list_timeout_policy_rules",
            PAGED,
            "/policySet/rules/policyType/TIMEOUT_POLICY \
             search=name+EQ+R&D&page=2&pagesize=9&microtenantId=4",
        ),
        ("zpa_list_access_policy_rules", EMPTY, "/policySet/rules/policyType/ACCESS_POLICY"),
        (
            "zpa_list_app_connectors",
            PAGED,
            "/connector search=name+EQ+R&D&microtenantId=4&page=2&pagesize=9",
        ),
        ("zpa_list_app_connectors", EMPTY, "/connector"),
        ("zpa_list_app_connector_groups", EMPTY, "/appConnectorGroup microtenantId="),
        (
            "zpa_get_app_connector",
            r#"{"connector_id":"a b/c","microtenant_id":""}"#,
            "/connector/a%20b%2Fc",
        ),
        (
            "zpa_get_app_connector_group",
            r#"{"group_id":"8","microtenant_id":""}"#,
            "/appConnectorGroup/8 microtenantId=",
        ),
    ] {
        assert_sent(name, arguments, (V1, expected));
    }
}

#[test]
fn profiles_and_log_streams_send_what_their_arguments_say() {
    let shared = "/zpa/mgmtconfig/v2/admin/lssConfig";
    for (name, arguments, expected) in [
        (
            "get_zpa_app_protection_profile",
            r#"{"name":"x","page":1}"#,
            (V1, "/inspectionProfile search=name+EQ+x&page=1"),
        ),
        (
            "get_zpa_isolation_profile",
            r#"{"name":"x"}"#,
            ("/zpa/cbiconfig/cbi/api/customers/C", "/profiles"),
        ),
        (
            "get_zpa_posture_profile",
            r#"{"name":"x","page_size":5}"#,
            (V2, "/posture search=name+EQ+x&pagesize=5"),
        ),
        (
            "get_zpa_posture_profile",
            r#"{"profile_id":"3","name":"x","page":4}"#,
            (V1, "/posture/3"),
        ),
        ("get_zpa_trusted_network", r#"{"network_id":"","page":4}"#, (V2, "/network page=4")),
        ("get_zpa_trusted_network", r#"{"network_id":"3"}"#, (V1, "/network/3")),
        ("zpa_list_lss_configs", r#"{"page":1}"#, (V2, "/lssConfig page=1")),
        ("zpa_get_lss_config", r#"{"lss_config_id":"3"}"#, (V2, "/lssConfig/3")),
        (
            "zpa_get_lss_log_format",
            r#"{"log_type":"web_inspection"}"#,
            (V2, "/lssConfig/logType/formats logType=zpn_waf_http_exchanges_log"),
        ),
        ("zpa_list_lss_status_codes", r#"{"log_type":"user_status"}"#, (shared, "/statusCodes")),
        ("zpa_list_lss_client_types", "{}", (shared, "/customers/C/clientTypes")),
    ] {
        assert_sent(name, arguments, expected);
    }
    assert_eq!(over("{}", "zpa_list_lss_log_types", "{}").1, Vec::<String>::new());
}

#[test]
fn a_condition_of_an_unknown_kind_is_shown_and_not_dropped() {
    let body = r#"{"id":"1","conditions":[
        {"id":"c1","operator":"AND","operands":[
            {"objectType":"APP","lhs":"id","rhs":"9"},{"objectType":"NEW_KIND","rhs":"x"}]},
        {"id":"c2","operands":[]}]}"#;
    let (result, _) = over(body, "zpa_get_access_policy_rule", r#"{"rule_id":"1"}"#);
    let expected = json(
        r#"{"id":"1","conditions":[{"operator":"AND","operands":[
            {"object_type":"APP","values":["9"]}]}],
        "conditions_not_grouped":[{"id":"c1","operator":"AND","operands":[
            {"object_type":"APP","lhs":"id","rhs":"9"},{"object_type":"NEW_KIND","rhs":"x"}]}]}"#,
    );
    assert_eq!(result.structured.unwrap().to_json(), expected);
}

#[test]
fn codes_that_name_their_log_types_are_found_too() {
    let body = r#"{"A":{"log_types":["zpn_auth_log"]},"B":{"log_types":["zpn_trans_log"]},
        "zpn_auth_log":{"C":{}}}"#;
    let (result, _) = over(body, "zpa_list_lss_status_codes", r#"{"log_type":"user_status"}"#);
    let structured = result.structured.unwrap();
    let kept = write::to_text(structured.to_json().get("items").unwrap());
    assert_eq!(kept, r#"{"A":{"log_types":["zpn_auth_log"]},"zpn_auth_log":{"C":{}}}"#);
}

#[test]
fn no_injection_of_these_records_reaches_the_agent() {
    for name in [
        "zpa_list_access_policy_rules",
        "zpa_list_timeout_policy_rules",
        "zpa_list_forwarding_policy_rules",
        "zpa_list_isolation_policy_rules",
        "zpa_list_app_protection_rules",
        "zpa_list_app_connector_groups",
        "zpa_list_app_connectors",
        "zpa_list_lss_configs",
        "get_zpa_app_protection_profile",
        "get_zpa_isolation_profile",
    ] {
        let shown = text(&call(name, "{}")).to_owned();
        for hostile in [
            "<script",
            "<!--",
            "&lt;!--",
            "<img",
            "<a href",
            "<b ",
            "](",
            "```developer",
            "~~~ system",
            "<|",
            "[INST]",
            "\u{e0061}",
        ] {
            assert!(!shown.contains(hostile), "{name}: {hostile:?}");
        }
    }
}
