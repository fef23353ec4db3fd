//! Attack surface, cellular and the profiles of the client connector, through the product over the
//! demo tenant; and the requests of searches that send a body.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::Arc;

use zscaler_mcp::json::{Json, write};
use zscaler_mcp::tools::{ServerIdentity, Tenant};

use kit::{Service, call, call_on, json, product, record, refused, rows, text, working_for};

const VAN: &str = "8999900000000000001";

fn text_of<'a>(row: &'a Json, member: &str) -> &'a str {
    row.get(member).and_then(Json::as_str).unwrap_or_else(|| panic!("{member}"))
}

/// Lists of these services, arguments that give all of their records, and how many there are.
const LISTS: &[(&str, &str, usize)] = &[
    ("zcc_list_forwarding_profiles", "{}", 6),
    ("zcc_list_trusted_networks", "{}", 8),
    ("zcell_list_anomaly_policies", "{}", 6),
    ("zcell_list_anomaly_policy_logs", r#"{"policy_id":"208"}"#, 3),
    ("zcell_list_anomaly_policy_violations", r#"{"policy_id":"208"}"#, 2),
    ("zcell_list_audit_customers_search", "{}", 12),
    ("zcell_list_audit_metadata", "{}", 1),
    ("zcell_list_iccid_violations", r#"{"policy_id":"208","iccid":"8999900000000000004"}"#, 2),
    ("zcell_list_network_events", "{}", 20),
    ("zcell_list_region_operational_status", "{}", 5),
    ("zcell_list_regions", "{}", 6),
    ("zcell_list_sim_analytics_map", "{}", 8),
    ("zcell_list_sim_analytics_summary", "{}", 1),
    ("zcell_list_sim_location_groups", "{}", 6),
    ("zcell_list_sim_usage_by_country", "{}", 8),
    ("zcell_list_sim_usage_by_day", "{}", 7),
    ("zcell_list_sim_usage_by_sim", "{}", 15),
    ("zcell_list_tags", "{}", 7),
    ("zeasm_list_findings", r#"{"org_id":"5101"}"#, 9),
    ("zeasm_list_lookalike_domains", r#"{"org_id":"5101"}"#, 8),
    ("zeasm_list_organizations", "{}", 3),
];

#[test]
fn every_list_gives_its_records() {
    for (list, arguments, count) in LISTS {
        assert_eq!(rows(list, arguments).len(), *count, "{list}");
    }
}

#[test]
fn every_get_gives_a_record_of_its_list() {
    let mut seen = 0;
    for org in rows("zeasm_list_organizations", "{}") {
        let org = text_of(&org, "id").to_owned();
        let below = format!(r#"{{"org_id":"{org}"}}"#);
        for finding in rows("zeasm_list_findings", &below) {
            let one = format!(r#"{{"org_id":"{org}","finding_id":"{}"}}"#, text_of(&finding, "id"));
            assert_eq!(record("zeasm_get_finding_details", &one), finding);
            for tool in ["zeasm_get_finding_evidence", "zeasm_get_finding_scan_output"] {
                assert!(!text_of(&record(tool, &one), "content").is_empty(), "{tool} {one}");
            }
            seen += 1;
        }
        for domain in rows("zeasm_list_lookalike_domains", &below) {
            let raw = text_of(&domain, "lookalike_raw");
            let one = format!(r#"{{"org_id":"{org}","lookalike_raw":"{raw}"}}"#);
            assert_eq!(record("zeasm_get_lookalike_domain", &one), domain);
            seen += 1;
        }
    }
    let sims = record("zcell_list_sims", r#"{"size":100}"#);
    for sim in sims.get("page_details").unwrap().get("content").unwrap().as_array().unwrap() {
        let one = format!(r#"{{"icc_id":"{}"}}"#, text_of(sim, "iccid"));
        assert_eq!(record("zcell_get_sim_details", &one), *sim);
        seen += 1;
    }
    for group in rows("zcell_list_sim_location_groups", "{}") {
        let one = format!(r#"{{"group_id":"{}"}}"#, text_of(&group, "id"));
        let found = record("zcell_get_sim_location_group", &one);
        for member in ["id", "name", "tracked_devices"] {
            assert_eq!(found.get(member), group.get(member), "{one}");
        }
        seen += 1;
    }
    assert_eq!(seen, 13 + 11 + 18 + 6);
}

#[test]
fn what_is_not_there_is_an_error_that_says_where_to_look() {
    for (name, arguments, expected) in [
        ("zeasm_list_findings", r#"{"org_id":"9"}"#, "zeasm_list_organizations"),
        ("zeasm_get_finding_details", r#"{"org_id":"5101","finding_id":"x"}"#, "zeasm_list_"),
        (
            "zeasm_get_lookalike_domain",
            r#"{"org_id":"5102","lookalike_raw":"quilfen.test"}"#,
            "zeasm_list_lookalike_domains",
        ),
        ("zcell_get_sim_details", r#"{"icc_id":"1"}"#, "zcell_list_sims"),
        ("zcell_get_sim_location_group", r#"{"group_id":"1"}"#, "zcell_list_sim_location_groups"),
        ("zcell_list_anomaly_policy_logs", r#"{"policy_id":"1"}"#, "zcell_list_anomaly_policies"),
        (
            "zcell_list_anomaly_policy_violations",
            r#"{"policy_id":"1"}"#,
            "zcell_list_anomaly_policies",
        ),
    ] {
        let told = refused(name, arguments);
        assert!(told.contains("HTTP 404") && told.contains(expected), "{told}");
        assert!(told.contains("No such resource in the demo"), "{told}");
    }
}

#[test]
fn filters_keep_what_they_name() {
    for (name, arguments, expected) in [
        ("zcc_list_forwarding_profiles", r#"{"search":"PLANT"}"#, 1),
        ("zcc_list_forwarding_profiles", r#"{"search":""}"#, 6),
        ("zcc_list_forwarding_profiles", r#"{"page":2,"page_size":4}"#, 2),
        ("zcc_list_trusted_networks", r#"{"search":"lan"}"#, 7),
        ("zcc_list_trusted_networks", r#"{"search":"zzz"}"#, 0),
        ("zcc_list_trusted_networks", r#"{"page":3,"page_size":4}"#, 0),
        ("zcell_list_anomaly_policies", r#"{"policy_type":"GEOFENCING"}"#, 3),
        ("zcell_list_anomaly_policies", r#"{"page":1,"size":4}"#, 2),
        ("zcell_list_anomaly_policies", r#"{"query":"[?running_status == 'FAILED']"}"#, 1),
        ("zcell_list_anomaly_policy_logs", r#"{"policy_id":"208","page":1,"size":2}"#, 1),
        ("zcell_list_anomaly_policy_violations", r#"{"policy_id":"210"}"#, 0),
        ("zcell_list_iccid_violations", r#"{"policy_id":"209","iccid":"8999900000000000004"}"#, 0),
        ("zcell_list_audit_customers_search", r#"{"operation_type":"Update"}"#, 6),
        (
            "zcell_list_audit_customers_search",
            r#"{"operation_type":"Update","object_type":"tag"}"#,
            1,
        ),
        ("zcell_list_audit_customers_search", r#"{"visibility":"Root","days":365}"#, 2),
        ("zcell_list_audit_customers_search", r#"{"object_id":"210"}"#, 1),
        ("zcell_list_audit_customers_search", r#"{"modified_by_user_id":"u-31002"}"#, 2),
        ("zcell_list_audit_customers_search", r#"{"page":1,"size":10}"#, 2),
        ("zcell_list_regions", r#"{"skip_sku_check":true}"#, 8),
        ("zcell_list_regions", r#"{"skip_sku_check":false}"#, 6),
        ("zcell_list_region_operational_status", r#"{"bc_size":"medium"}"#, 2),
        ("zcell_list_network_events", r#"{"exclude_apn_config":true}"#, 18),
        ("zcell_list_network_events", &filter("country", "EQ", r#""JP""#), 4),
        ("zcell_list_network_events", &filter("country", "NE", r#""JP","NL""#), 10),
        ("zcell_list_network_events", &filter("eventName", "LIKE", r#""session""#), 14),
        ("zcell_list_network_events", &filter("eventName", "NOT_LIKE", r#""session""#), 6),
        ("zcell_list_network_events", r#"{"size":8,"page":2}"#, 4),
        ("zcell_list_sim_analytics_map", r#"{"icc_ids":["8999900000000000001"]}"#, 1),
        ("zcell_list_sim_analytics_map", r#"{"icc_ids":[]}"#, 8),
        ("zcell_list_sim_usage_by_country", r#"{"limit":3}"#, 3),
        ("zcell_list_sim_usage_by_sim", r#"{"limit":2,"days":30}"#, 2),
        ("zcell_list_sim_usage_by_day", r#"{"icc_id":"8999900000000000017"}"#, 0),
        ("zcell_list_sim_usage_by_day", r#"{"icc_id":"8999900000000000001"}"#, 7),
        ("zcell_list_sim_location_groups", r#"{"name":"plant"}"#, 2),
        ("zcell_list_tags", r#"{"name":"vans"}"#, 1),
        ("zcell_list_tags", r#"{"name":""}"#, 7),
        ("zcell_list_tags", r#"{"size":5,"page":1}"#, 2),
        ("zeasm_list_findings", r#"{"org_id":"5103"}"#, 0),
        ("zeasm_list_findings", r#"{"org_id":"5101","query":"[?is_stale]"}"#, 1),
        ("zeasm_list_lookalike_domains", r#"{"org_id":"5102","query":"[?is_registered]"}"#, 2),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
}

fn filter(name: &str, operator: &str, values: &str) -> String {
    format!(
        r#"{{"filter_by":[{{"filterName":"{name}","operator":"{operator}","values":[{values}]}}]}}"#
    )
}

#[test]
fn a_search_for_sims_gives_a_page_and_its_usage() {
    for (arguments, expected) in [
        ("{}", 18),
        (r#"{"status":"active"}"#, 14),
        (r#"{"status":"ACTIVE","network_status":"OFFLINE"}"#, 2),
        (r#"{"iccid":["8999900000000000001","8999900000000000002","1"]}"#, 2),
        (r#"{"iccid":[]}"#, 18),
        (r#"{"ip_address":["192.0.2.105"]}"#, 1),
        (r#"{"location_country":"NL"}"#, 6),
        (r#"{"tag":["delivery vans","kiosks"]}"#, 6),
        (r#"{"device_type":"Gateway","imei_status":"Locked"}"#, 3),
        (r#"{"brand_name":"Orchardline","model_name":"OT-8","form_factor":"eSIM"}"#, 3),
        (r#"{"marketing_name":"Corvid Scan"}"#, 3),
        (r#"{"marketing_name":"Corvid"}"#, 0),
        (r#"{"page":3,"size":5}"#, 3),
    ] {
        let found = record("zcell_list_sims", arguments);
        let page = found.get("page_details").unwrap();
        assert_eq!(page.get("content").unwrap().as_array().unwrap().len(), expected, "{arguments}");
        assert!(text_of(&found, "total_usage").ends_with(" GB"), "{arguments}");
    }
    let query = r#"{"size":100,"query":"page_details.content[?network_status == 'ONLINE'].iccid"}"#;
    assert_eq!(rows("zcell_list_sims", query).len(), 12);
}

#[test]
fn the_numbers_of_the_demo_agree_with_its_sims() {
    let customer = record("zcell_get_customer_data_handling", "{}");
    let counted = rows("zcell_list_sim_analytics_summary", "{}");
    assert_eq!(text_of(&customer, "total_sims"), "18");
    assert_eq!(text_of(&customer, "active_sims"), "14");
    let expected = r#"{"total":18,"used":15,"active":14,"inactive":4}"#;
    assert_eq!(write::to_text(&counted[0]), expected);
    let sum = |tool| -> i64 {
        let rows = rows(tool, "{}");
        rows.iter().map(|row| row.get("usage").and_then(Json::as_i64).unwrap()).sum()
    };
    let whole = sum("zcell_list_sim_usage_by_sim");
    assert_eq!(whole, sum("zcell_list_sim_usage_by_country"));
    assert_eq!(whole, sum("zcell_list_sim_usage_by_day"));
    let first = &rows("zcell_list_sim_usage_by_sim", r#"{"limit":1}"#)[0];
    assert_eq!(text_of(first, "iccid"), "8999900000000000005");
    let sorted = r#"{"sort_by":{"timestamp":"DESC"},"size":1}"#;
    assert_eq!(text_of(&rows("zcell_list_network_events", sorted)[0], "iccid"), VAN);
    let networks = rows("zcc_list_trusted_networks", "{}");
    for profile in rows("zcc_list_forwarding_profiles", "{}") {
        let ids = profile.get("trusted_network_ids").unwrap().as_array().unwrap();
        assert!(ids.iter().all(|id| networks.iter().any(|own| own.get("id") == Some(id))));
    }
}

/// What a call asks for: method, path, query and body.
fn asked(name: &str, arguments: &str) -> String {
    let service = Service::saying(200, json("[]"));
    let tenant =
        Tenant { cell_customer_id: Some("c 7".to_owned()), ..working_for(None).tenant.clone() };
    let identity = ServerIdentity { tenant, ..working_for(None) };
    let result = call_on(&product(Arc::<Service>::clone(&service), identity), name, arguments);
    assert!(!result.is_error, "{name}: {}", text(&result));
    let seen = service.seen.lock().unwrap();
    let [request] = &seen[..] else { panic!("{name}: {} requests", seen.len()) };
    let query = request.query.iter().map(|(key, value)| format!(" {key}={value}"));
    let body = request.body.as_ref().map_or_else(String::new, write::to_text);
    let path = request.path.as_str();
    format!("{} {path}{} {body}", request.method.as_str(), query.collect::<String>())
}

#[test]
fn the_window_ends_now_and_every_search_says_what_was_given() {
    const CUSTOMER: &str = "/zcell/config/api/v1/customers/c%207";
    for (name, arguments, expected) in [
        (
            "zcell_list_anomaly_policies",
            r#"{"days":1,"page":0}"#,
            format!(
                "GET {CUSTOMER}/anomaly-policy startDateTime=1794913600 page=0 \
                 endDateTime=1795000000 "
            ),
        ),
        (
            "zcell_list_sim_usage_by_day",
            r#"{"icc_id":"7"}"#,
            format!(
                "GET {CUSTOMER}/sim/analytics/usage/day startDate=1794395200 iccId=7 \
                 endDate=1795000000 "
            ),
        ),
        (
            "zcell_list_network_events",
            r#"{"days":1,"filter_by":[{"filter_name":"x","values":["a_b"]}],"size":5}"#,
            "POST /zcell/config/api/v1/network-events/c%207/search/startTime/1794913600/endTime/\
             1795000000 {\"filterBy\":[{\"filterName\":\"x\",\"values\":[\"a_b\"]}],\"size\":5}"
                .to_owned(),
        ),
        (
            "zcell_list_audit_customers_search",
            r#"{"days":1,"object_name":"","size":5}"#,
            "POST /zcell/config/api/v1/audit/customers/c%207/search size=5 \
             {\"startDate\":1794913600,\"objectName\":\"\",\"endDate\":1795000000}"
                .to_owned(),
        ),
        ("zcell_list_audit_metadata", "{}", "GET /zcell/config/api/v1/audit/metadata ".to_owned()),
        ("zcell_list_sim_analytics_map", "{}", format!("POST {CUSTOMER}/sim/analytics/map {{}}")),
        (
            "zcell_list_regions",
            r#"{"skip_sku_check":false}"#,
            format!("GET {CUSTOMER}/regions skipSkuCheck=false "),
        ),
        (
            "zcc_list_trusted_networks",
            r#"{"search":"","page":1}"#,
            "GET /zcc/papi/public/v1/webTrustedNetwork/listByCompany page=1 ".to_owned(),
        ),
        (
            "zeasm_get_lookalike_domain",
            r#"{"org_id":"5/1","lookalike_raw":"a b.test"}"#,
            "GET /easm/easm-ui/v1/organizations/5%2F1/lookalike-domains/a%20b.test/details "
                .to_owned(),
        ),
    ] {
        assert_eq!(asked(name, arguments), expected, "{name} {arguments}");
    }
}

#[test]
fn a_wrong_call_says_what_to_change() {
    for (name, arguments, expected) in [
        ("zeasm_list_findings", "{}", "org_id"),
        ("zeasm_list_findings", r#"{"org_id":""}"#, "must not be empty"),
        ("zeasm_get_finding_details", r#"{"org_id":"..","finding_id":"1"}"#, "dot segment"),
        ("zcell_get_sim_details", r#"{"icc_id":""}"#, "must not be empty"),
        ("zcell_list_tags", r#"{"size":101}"#, "size"),
        ("zcell_list_tags", r#"{"page":-1}"#, "page"),
        ("zcell_list_sim_usage_by_country", r#"{"limit":21}"#, "limit"),
        ("zcell_list_sim_usage_by_country", r#"{"days":366}"#, "days"),
        ("zcell_list_sims", r#"{"imsi":"1"}"#, "imsi"),
        ("zcc_list_trusted_networks", r#"{"page":0}"#, "page"),
    ] {
        let told = refused(name, arguments);
        assert!(told.contains(expected) && told.starts_with(name), "{told}");
    }
}

#[test]
fn without_the_id_of_the_customer_nothing_is_asked() {
    for (name, arguments) in [
        ("zcell_list_tags", "{}"),
        ("zcell_list_network_events", "{}"),
        ("zcell_list_audit_customers_search", "{}"),
    ] {
        let service = Service::saying(200, json("[]"));
        let product = product(Arc::<Service>::clone(&service), working_for(Some("1")));
        let result = call_on(&product, name, arguments);
        assert!(result.is_error && text(&result).contains("ZCELL_CUSTOMER_ID"), "{name}");
        assert!(service.seen.lock().unwrap().is_empty(), "{name}");
    }
}

#[test]
fn answers_of_every_form_that_cellular_has_are_lists() {
    for (body, expected) in [
        (r#"{"content":[{"id":"1"}],"totalElements":1}"#, 1),
        (r#"{"content":[]}"#, 0),
        (r#"[{"id":"1"},{"id":"2"}]"#, 2),
        (r#"{"operations":["Create"],"objectTypes":[]}"#, 1),
    ] {
        let service = Service::saying(200, json(body));
        let tenant = Tenant { cell_customer_id: Some("7".to_owned()), ..Tenant::default() };
        let product = product(service, ServerIdentity { tenant, ..working_for(None) });
        let result = call_on(&product, "zcell_list_audit_metadata", "{}");
        assert_eq!(kit::rows_of("audit", &result).len(), expected, "{body}");
    }
}

#[test]
fn texts_of_outsiders_are_announced_and_no_injection_reaches_the_agent() {
    let finding = rows("zeasm_list_findings", r#"{"org_id":"5101"}"#);
    let one = format!(r#"{{"org_id":"5101","finding_id":"{}"}}"#, text_of(&finding[1], "id"));
    let mut calls: Vec<(&str, String)> =
        LISTS.iter().map(|(name, given, _)| (*name, (*given).to_owned())).collect();
    calls.push(("zcell_list_sims", r#"{"size":100}"#.to_owned()));
    for row in &finding {
        let one = format!(r#"{{"org_id":"5101","finding_id":"{}"}}"#, text_of(row, "id"));
        calls.push(("zeasm_get_finding_evidence", one));
    }
    for row in rows("zeasm_list_findings", r#"{"org_id":"5102"}"#) {
        let one = format!(r#"{{"org_id":"5102","finding_id":"{}"}}"#, text_of(&row, "id"));
        calls.push(("zeasm_get_finding_evidence", one));
    }
    let mut seen = String::new();
    for (name, arguments) in &calls {
        let result = call(name, arguments);
        seen.push_str(text(&result));
        seen.push_str(result.structured.unwrap().as_str());
    }
    for hostile in [
        "<!--",
        "<script",
        "<img",
        "<b>",
        "<html",
        "](",
        "```system",
        "<|",
        "|>",
        "\u{200b}",
        "\u{202e}",
    ] {
        assert!(!seen.contains(hostile), "{hostile:?}");
    }
    for plain in ["Log in", "Van 04", "pilot 5G & more", "this (https://evil.example.org)"] {
        assert!(seen.contains(plain), "{plain}");
    }
    for (name, arguments, is_marked) in [
        ("zeasm_get_finding_evidence", one.as_str(), true),
        ("zeasm_get_finding_scan_output", &one, true),
        ("zeasm_get_finding_details", &one, false),
        ("zeasm_list_lookalike_domains", r#"{"org_id":"5101"}"#, true),
        ("zeasm_list_findings", r#"{"org_id":"5101"}"#, false),
    ] {
        let result = call(name, arguments);
        assert_eq!(
            text(&result).starts_with('['),
            is_marked || name.contains("list_look"),
            "{name}"
        );
    }
}
