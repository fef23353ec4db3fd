//! Cloud and branch connectors through the product over the demo tenant: lists, groups that are
//! made and removed, and what is sent for countries.

#[path = "common/tools.rs"]
mod kit;

use std::sync::Arc;

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::tools::Product;

use kit::{
    Service, call, call_allowed, call_on, id, invented, json, product, record, record_of, refused,
    rows, rows_of, text, texts, working_for,
};

const LISTS: &[(&str, usize)] = &[
    ("ztw_list_admins", 6),
    ("ztw_list_ip_destination_groups", 8),
    ("ztw_list_ip_destination_groups_lite", 8),
    ("ztw_list_ip_groups", 6),
    ("ztw_list_ip_groups_lite", 6),
    ("ztw_list_ip_source_groups", 8),
    ("ztw_list_ip_source_groups_lite", 8),
    ("ztw_list_network_service_groups", 4),
    ("ztw_list_network_services", 11),
    ("ztw_list_public_account_details", 6),
    ("ztw_list_public_cloud_info", 6),
    ("ztw_list_roles", 4),
];

/// Makers of groups, the lists that show them, what removes them, and arguments of a group.
const GROUPS: &[(&str, &str, &str, &str)] = &[
    (
        "ztw_create_ip_destination_group",
        "ztw_list_ip_destination_groups",
        "ztw_delete_ip_destination_group",
        r#"{"name":"Trial","type":"DSTN_IP","addresses":["203.0.113.7"]}"#,
    ),
    (
        "ztw_create_ip_group",
        "ztw_list_ip_groups",
        "ztw_delete_ip_group",
        r#"{"name":"Trial","ip_addresses":["203.0.113.7"],"description":"x"}"#,
    ),
    (
        "ztw_create_ip_source_group",
        "ztw_list_ip_source_groups",
        "ztw_delete_ip_source_group",
        r#"{"name":"Trial","ip_addresses":["203.0.113.7"]}"#,
    ),
];

fn own() -> Product {
    product(Arc::new(Demo::new().unwrap()), invented())
}

#[test]
fn every_list_gives_its_records_and_short_ones_only_names() {
    for (list, count) in LISTS {
        assert_eq!(rows(list, "{}").len(), *count, "{list}");
    }
    for list in ["ztw_list_ip_groups_lite", "ztw_list_ip_source_groups_lite"] {
        for row in rows(list, "{}") {
            let names: Vec<&str> = row.as_object().unwrap().iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["id", "name"], "{list}");
        }
    }
    assert_eq!(
        write::to_text(&record("ztw_get_discovery_settings", "{}")),
        r#"{"settings":{"trusted_account_id":"000000000999","trusted_role_name":"discovery-trust"}}"#
    );
}

#[test]
fn filters_keep_what_they_name() {
    for (name, arguments, expected) in [
        ("ztw_list_admins", r#"{"include_auditor_users":true}"#, 7),
        ("ztw_list_admins", r#"{"include_auditor_users":true,"include_admin_users":false}"#, 1),
        ("ztw_list_admins", r#"{"include_api_roles":true,"search":"PIPELINE"}"#, 1),
        ("ztw_list_admins", r#"{"page":2,"page_size":4}"#, 2),
        ("ztw_list_ip_destination_groups", r#"{"exclude_type":"DSTN_OTHER"}"#, 6),
        ("ztw_list_ip_destination_groups_lite", r#"{"exclude_type":"DSTN_IP"}"#, 6),
        ("ztw_list_ip_destination_groups", r#"{"exclude_type":""}"#, 8),
        ("ztw_list_ip_groups", r#"{"search":"RESOLV"}"#, 1),
        ("ztw_list_ip_groups_lite", r#"{"search":"RESOLV"}"#, 1),
        ("ztw_list_ip_groups_lite", r#"{"search":" resolv "}"#, 0),
        ("ztw_list_ip_source_groups", r#"{"search":"branch"}"#, 3),
        ("ztw_list_ip_source_groups_lite", r#"{"search":"plant"}"#, 2),
        ("ztw_list_network_service_groups", r#"{"search":"web"}"#, 1),
        ("ztw_list_network_services", r#"{"protocol":"UDP"}"#, 3),
        ("ztw_list_network_services", r#"{"search":"http","locale":"en-US"}"#, 2),
        ("ztw_list_public_account_details", r#"{"page":1,"page_size":4}"#, 2),
        ("ztw_list_public_account_details", r#"{"page":0,"page_size":4}"#, 4),
        ("ztw_list_public_cloud_info", r#"{"cloud_type":"AWS"}"#, 3),
        ("ztw_list_public_cloud_info", r#"{"cloud_type":"AWS","search":"backups"}"#, 1),
        ("ztw_list_public_cloud_info", r#"{"query":"[?permission_status != 'PERMISSION_OK']"}"#, 2),
        ("ztw_list_roles", r#"{"include_auditor_role":true,"include_partner_role":true}"#, 6),
        ("ztw_list_roles", r#"{"include_api_roles":true,"search":"auto"}"#, 1),
        ("ztw_list_roles", r#"{"role_ids":["501","504","9"]}"#, 2),
        ("ztw_list_roles", r#"{"search":"operations"}"#, 2),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
    let account = &rows("ztw_list_public_account_details", "{}")[0];
    assert!(account.get("accountName").is_some() && account.get("account_name").is_none());
}

#[test]
fn groups_are_made_seen_and_removed() {
    for (create, list, delete, arguments) in GROUPS {
        let product = own();
        let count = || rows_of(list, &call_on(&product, list, "{}")).len();
        let before = count();
        let made = record_of(create, &call_on(&product, create, arguments));
        assert_eq!(made.get("name").unwrap().as_str(), Some("Trial"), "{create}");
        assert_eq!(count(), before + 1, "{list}");
        let again = call_on(&product, create, arguments);
        assert!(again.is_error && text(&again).contains("same name"), "{}", text(&again));
        let group = format!(r#"{{"group_id":"{}"}}"#, id(&made));
        let first = call_on(&product, delete, &group);
        assert!(!first.is_error && count() == before + 1, "{delete} asks first");
        let gone = record_of(delete, &call_allowed(&product, delete, &group));
        assert_eq!(gone.get("success").unwrap().as_bool(), Some(true), "{delete}");
        assert_eq!(count(), before, "{delete}");
        let missing = call_allowed(&product, delete, r#"{"group_id":"999"}"#);
        assert!(missing.is_error && text(&missing).contains("HTTP 404"), "{delete}");
        assert!(text(&missing).contains(list), "{}", text(&missing));
    }
    let product = own();
    let kept = call_allowed(&product, "ztw_delete_ip_source_group", r#"{"group_id":"88022"}"#);
    assert!(kept.is_error && text(&kept).contains("belongs to the service"), "{}", text(&kept));
}

/// The body that a call sends, or what it says when it sends nothing.
fn sent(arguments: &str) -> Result<String, String> {
    let service = Service::saying(200, json(r#"{"id":7}"#));
    let product = product(Arc::<Service>::clone(&service), working_for(None));
    let result = call_on(&product, "ztw_create_ip_destination_group", arguments);
    let seen = service.seen.lock().unwrap();
    match &seen[..] {
        [] => Err(texts(&result)[0].to_owned()),
        [one] => Ok(write::to_text(one.body.as_ref().unwrap())),
        _ => panic!("{} requests", seen.len()),
    }
}

#[test]
fn countries_are_sent_as_the_service_words_them() {
    for (countries, expected) in [
        (r#"["FR"]"#, r#"["COUNTRY_FR"]"#),
        (
            r#"[" fr ","FRA","France","COUNTRY_FR","country_fr"]"#,
            r#"["COUNTRY_FR","COUNTRY_FR","COUNTRY_FR","COUNTRY_FR","COUNTRY_FR"]"#,
        ),
        (r#"["United States of America","UNITED_KINGDOM"]"#, r#"["COUNTRY_US","COUNTRY_GB"]"#),
        (r#"["North Korea","Korea, Republic of"]"#, r#"["COUNTRY_KP","COUNTRY_KR"]"#),
        ("[]", "null"),
        ("null", "null"),
    ] {
        let given = format!(r#"{{"name":"x","type":"DSTN_OTHER","countries":{countries}}}"#);
        let body = format!(
            r#"{{"name":"x","type":"DSTN_OTHER","description":null,"addresses":null,"countries":{expected}}}"#
        );
        assert_eq!(sent(&given), Ok(body), "{countries}");
    }
}

#[test]
fn what_is_no_country_is_refused_with_the_name_that_was_meant() {
    for (countries, expected) in [
        (r#"["FR","Frnace"]"#, "entry 2 of countries is no country; did you mean France?"),
        (r#"["Swizerland"]"#, "did you mean Switzerland?"),
        (r#"["XX"]"#, "entry 1 of countries is no country."),
        (r#"["UK"]"#, "entry 1 of countries is no country."),
        (r#"["COUNTRY_XX"]"#, "entry 1 of countries is no country."),
        (r#"["COUNTRY_FRA"]"#, "entry 1 of countries is no country."),
        (r#"[""]"#, "Give two letters such as FR"),
        (r#"["Korea"]"#, "entry 1 of countries"),
        (r#""FR""#, "countries must be"),
    ] {
        let given = format!(r#"{{"name":"x","type":"DSTN_OTHER","countries":{countries}}}"#);
        let told = sent(&given).unwrap_err();
        assert!(told.contains(expected), "{countries}: {told}");
    }
    let given = r#"{"name":"x","type":"DSTN_IP","countries":["FR"]}"#;
    assert!(sent(given).unwrap_err().contains("countries go with type DSTN_OTHER only"));
    let given = r#"{"name":"x","type":"DSTN_IP","countries":[],"addresses":["192.0.2.1"]}"#;
    assert!(sent(given).unwrap().contains(r#""countries":null"#));
}

#[test]
fn a_wrong_call_says_what_to_change() {
    for (name, arguments, expected) in [
        ("ztw_create_ip_group", r#"{"name":"x","ip_addresses":[]}"#, "ip_addresses"),
        ("ztw_create_ip_group", r#"{"name":"","ip_addresses":["192.0.2.1"]}"#, "name"),
        ("ztw_create_ip_source_group", r#"{"name":"x"}"#, "ip_addresses"),
        ("ztw_create_ip_destination_group", r#"{"name":"x","type":"IP"}"#, "DSTN_IP"),
        ("ztw_delete_ip_group", r#"{"group_id":"../x"}"#, "dot segment"),
        ("ztw_list_admins", r#"{"page":0}"#, "page"),
        ("ztw_list_public_cloud_info", r#"{"page":-1}"#, "page"),
        ("ztw_list_ip_groups", r#"{"name":"x"}"#, "name"),
    ] {
        let told = refused(name, arguments);
        assert!(told.contains(expected) && told.starts_with(name), "{told}");
    }
}

#[test]
fn no_injection_in_these_records_reaches_the_agent() {
    let mut seen = String::new();
    for (list, _) in LISTS {
        let result = call(list, "{}");
        seen.push_str(text(&result));
        seen.push_str(result.structured.unwrap().as_str());
    }
    for hostile in ["<!--", "<img", "<b>", "<details", "](", "```assistant", "\u{202e}"] {
        assert!(!seen.contains(hostile), "{hostile:?}");
    }
    for plain in ["See incident 0417", "the agent (https://evil.example.org)", "R&D notebooks"] {
        assert!(seen.contains(plain), "{plain}");
    }
}

#[test]
fn groups_of_services_hold_services_of_the_list() {
    let services = rows("ztw_list_network_services", "{}");
    for group in rows("ztw_list_network_service_groups", "{}") {
        for service in group.get("services").unwrap().as_array().unwrap() {
            assert!(services.contains(service), "{}", write::to_text(service));
        }
    }
    let roles = rows(
        "ztw_list_roles",
        r#"{"include_auditor_role":true,"include_partner_role":true,"include_api_roles":true}"#,
    );
    for admin in
        rows("ztw_list_admins", r#"{"include_auditor_users":true,"include_api_roles":true}"#)
    {
        let role = admin.get("role").and_then(|role| role.get("id"));
        assert!(
            roles.iter().any(|own| own.get("id") == role && role.and_then(Json::as_i64).is_some())
        );
    }
}
