//! Firewall, URL filtering and people of internet access, through the product over the demo
//! tenant; and the requests of those tools that choose among several.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::Arc;

use zscaler_mcp::json::{Json, write};

use kit::{Service, call, call_on, id, invented, product, record, refused, rows, text};

/// Lists, how many records they have, the tool for one of them and its argument.
const LISTS: [(&str, usize, &str, &str); 11] = [
    ("zia_list_cloud_firewall_dns_rules", 11, "zia_get_cloud_firewall_dns_rule", "rule_id"),
    ("zia_list_cloud_firewall_ips_rules", 8, "zia_get_cloud_firewall_ips_rule", "rule_id"),
    ("zia_list_cloud_firewall_rules", 18, "zia_get_cloud_firewall_rule", "rule_id"),
    ("zia_list_ip_destination_groups", 12, "zia_get_ip_destination_group", "group_id"),
    ("zia_list_ip_source_groups", 9, "zia_get_ip_source_group", "group_id"),
    ("zia_list_ips_signature_rules", 7, "zia_get_ips_signature_rule", "rule_id"),
    ("zia_list_network_app_groups", 6, "zia_get_network_app_group", "group_id"),
    ("zia_list_network_apps", 26, "zia_get_network_app", "app_id"),
    ("zia_list_network_services", 27, "zia_get_network_service", "service_id"),
    ("zia_list_network_svc_groups", 7, "zia_get_network_svc_group", "group_id"),
    ("zia_list_url_filtering_rules", 19, "zia_get_url_filtering_rule", "rule_id"),
];

/// Tools that list records or, by id, return a list of one.
const PEOPLE: [(&str, usize, &str); 3] = [
    ("get_zia_users", 46, "user_id"),
    ("get_zia_user_groups", 16, "group_id"),
    ("get_zia_user_departments", 14, "department_id"),
];

fn name_of(row: &Json) -> &str {
    row.get("name").unwrap().as_str().unwrap()
}

#[test]
fn every_list_gives_records_and_every_get_gives_one_of_them() {
    for (list, count, get, argument) in LISTS {
        let all = rows(list, "{}");
        assert_eq!(all.len(), count, "{list}");
        for row in all {
            let one = record(get, &format!("{{\"{argument}\":\"{}\"}}", id(&row)));
            assert_eq!(one, row, "{get}");
        }
        let told = refused(get, &format!("{{\"{argument}\":\"999\"}}"));
        assert!(told.starts_with(&format!("{get} failed: HTTP 404, ")), "{told}");
        assert!(told.contains("returns the ids that exist"), "{told}");
    }
}

#[test]
fn people_are_listed_or_found_by_id_as_a_list_of_one() {
    for (tool, count, argument) in PEOPLE {
        let all = rows(tool, "{}");
        assert_eq!(all.len(), count, "{tool}");
        for row in all {
            let one = rows(tool, &format!("{{\"{argument}\":\"{}\"}}", id(&row)));
            assert_eq!(one, [row], "{tool}");
        }
        let missing = call(tool, &format!("{{\"{argument}\":\"999\"}}"));
        assert!(missing.is_error && text(&missing).contains("HTTP 404"), "{}", text(&missing));
        let advice = format!("{tool} without it returns the records that exist");
        assert!(text(&missing).contains(&advice), "{}", text(&missing));
    }
    let short = rows("get_zia_user_departments", r#"{"department_id":8107,"action":"read_lite"}"#);
    assert_eq!(write::to_text(&Json::Array(short)), r#"[{"id":8107,"name":"Finance"}]"#);
}

#[test]
fn filters_keep_what_they_name() {
    for (name, arguments, expected) in [
        ("zia_list_cloud_firewall_dns_rules", r#"{"search":"GUEST"}"#, 1),
        ("zia_list_cloud_firewall_dns_rules", r#"{"search":" guest"}"#, 0),
        ("zia_list_cloud_firewall_dns_rules", r#"{"search":""}"#, 11),
        ("zia_list_cloud_firewall_dns_rules", r#"{"search":null}"#, 11),
        ("zia_list_cloud_firewall_ips_rules", r#"{"search":"scanners"}"#, 2),
        ("zia_list_cloud_firewall_ips_rules", r#"{"search":"zzz"}"#, 0),
        ("zia_list_cloud_firewall_rules", r#"{"search":"payment"}"#, 2),
        ("zia_list_ip_destination_groups", r#"{"search":"treasury"}"#, 1),
        ("zia_list_ip_source_groups", r#"{"search":"plant"}"#, 2),
        ("zia_list_ips_signature_rules", r#"{"search":"vendor"}"#, 1),
        ("zia_list_network_app_groups", r#"{"search":"chat"}"#, 1),
        ("zia_list_network_apps", r#"{"search":"ssh"}"#, 1),
        ("zia_list_network_services", r#"{"name":" dns "}"#, 1),
        ("zia_list_network_services", r#"{"name":"opc","search":"zzz"}"#, 1),
        ("zia_list_network_services", r#"{"name":"","search":"zzz"}"#, 27),
        ("zia_list_network_services", r#"{"name":"dns","protocol":"icmp"}"#, 0),
        ("zia_list_network_services", r#"{"search":"zzz"}"#, 0),
        ("zia_list_network_services", r#"{"protocol":"icmp"}"#, 1),
        ("zia_list_network_svc_groups", r#"{"search":"mail"}"#, 1),
        ("zia_list_url_filtering_rules", r#"{"search":"social"}"#, 2),
        ("zia_list_url_filtering_rules", r#"{"query":"[?state == 'DISABLED']"}"#, 1),
        ("get_zia_users", r#"{"dept":"finance","group":"finance appr"}"#, 2),
        ("get_zia_users", r#"{"name":"saarelma"}"#, 0),
        ("get_zia_users", r#"{"name":"nobody"}"#, 0),
        ("get_zia_users", r#"{"user_id":"","page_size":10,"page":5}"#, 6),
        ("get_zia_users", r#"{"user_id":"120003","name":"nobody","page_size":0}"#, 1),
        ("get_zia_users", r#"{"query":"[?admin_user]"}"#, 2),
        ("get_zia_user_groups", r#"{"name":" SALES "}"#, 2),
        ("get_zia_user_groups", r#"{"name":"sales","search":"zzz","page_size":0}"#, 2),
        ("get_zia_user_groups", r#"{"group_id":"8301","name":" "}"#, 1),
        ("get_zia_user_groups", r#"{"search":"synced"}"#, 8),
        ("get_zia_user_departments", r#"{"search":"finance"}"#, 2),
        ("get_zia_user_departments", r#"{"search":"finance","limit_search":true}"#, 1),
        ("get_zia_user_departments", r#"{"action":"read_lite"}"#, 14),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
}

#[test]
fn people_come_in_the_order_that_is_asked_for() {
    for (arguments, expected) in [
        (r#"{"sort_by":"name","sort_order":"desc","page_size":1}"#, "Works Council"),
        (r#"{"sort_by":"id","sort_order":"desc","page_size":1}"#, "Service Admin"),
        (r#"{"sort_by":"name"}"#, "All Employees"),
    ] {
        assert_eq!(name_of(&rows("get_zia_user_groups", arguments)[0]), expected, "{arguments}");
    }
}

#[test]
fn descriptions_of_applications_follow_the_locale() {
    for (arguments, expected) in [
        (r#"{"search":"ssh"}"#, "SSH_DESC"),
        (r#"{"search":"ssh","locale":""}"#, "SSH_DESC"),
        (r#"{"search":"ssh","locale":"en-US"}"#, "Remote shells"),
    ] {
        let found = rows("zia_list_network_apps", arguments);
        assert_eq!(found[0].get("description").unwrap().as_str(), Some(expected), "{arguments}");
    }
}

/// Members that get lost, or make the call fail, in the product this one replaces.
#[test]
fn nested_records_of_a_rule_are_all_there() {
    for (list, rule, member, expected) in [
        ("zia_list_cloud_firewall_rules", "Corporate resolvers", "nw_services", "DNS"),
        ("zia_list_cloud_firewall_rules", "Drop incident 0417", "labels", "Incident 0417"),
        (
            "zia_list_cloud_firewall_rules",
            "Vendor support",
            "time_windows",
            "Plant maintenance window",
        ),
        ("zia_list_cloud_firewall_rules", "Video meetings", "app_services", "VIDEO_MEETINGS"),
        ("zia_list_cloud_firewall_rules", "Guest internet", "location_groups", "Guest Wi-Fi"),
        ("zia_list_cloud_firewall_ips_rules", "Plant protocols", "nw_services", "OPC UA"),
        ("zia_list_cloud_firewall_ips_rules", "Command and control", "labels", "Incident 0417"),
        ("zia_list_url_filtering_rules", "Malware and phishing", "labels", "Quarantine"),
    ] {
        let all = rows(list, "{}");
        let found = all.iter().find(|row| name_of(row) == rule).unwrap();
        let nested = found.get(member).unwrap().as_array().unwrap();
        assert_eq!(nested.first().map(name_of), Some(expected), "{rule} {member}");
    }
    let departments = rows("get_zia_user_departments", r#"{"search":"unit"}"#);
    assert_eq!(departments[0].get("deleted").unwrap().as_bool(), Some(true));
    assert!(departments[0].get("idp_id").is_some());
}

#[test]
fn a_wrong_call_says_what_to_change() {
    for (name, arguments, expected) in [
        ("zia_get_cloud_firewall_rule", "{}", "zia_list_cloud_firewall_rules returns the values"),
        ("zia_get_network_app", r#"{"app_id":"../x"}"#, "dot segment"),
        ("zia_get_ip_source_group", r#"{"group_id":""}"#, "must not be empty"),
        ("zia_list_network_services", r#"{"protokol":"tcp"}"#, "did you mean protocol?"),
        ("get_zia_users", r#"{"page_size":0}"#, "page_size must be from 1 to 1000"),
        ("get_zia_users", r#"{"page_size":1001}"#, "page_size must be from 1 to 1000"),
        ("get_zia_users", r#"{"user_id":"../1"}"#, "dot segment"),
        ("get_zia_users", r#"{"user_id":" "}"#, "must not be empty"),
        ("get_zia_user_departments", r#"{"page_size":-1}"#, "page_size must be from 1 to 1000"),
        ("get_zia_user_departments", r#"{"action":"write"}"#, "read, read_lite"),
        ("get_zia_user_departments", r#"{"sort_by":"mod_time"}"#, "external_id, rank"),
        ("get_zia_user_groups", r#"{"name":" "}"#, "name must hold a part of a name"),
        ("get_zia_user_groups", r#"{"name":""}"#, "name must hold a part of a name"),
        ("get_zia_user_groups", r#"{"page_size":1001}"#, "page_size must be from 1 to 1000"),
        ("get_zia_user_groups", r#"{"sort_order":"up"}"#, "asc, desc, rule_execution"),
    ] {
        let told = refused(name, arguments);
        assert!(told.contains(expected) && told.starts_with(name), "{told}");
    }
}

fn asks(name: &str, arguments: &str, expected: &str) {
    let service = Service::saying(200, Json::Array(Vec::new()));
    let product = product(Arc::<Service>::clone(&service), invented());
    let result = call_on(&product, name, arguments);
    assert_eq!((text(&result), result.is_error), ("[]", false), "{name} {arguments}");
    let seen = service.seen.lock().unwrap();
    let asked = seen.iter().map(|request| {
        assert!(request.method.as_str() == "GET" && request.body.is_none());
        let query = request.query.iter().map(|(key, value)| format!(" {key}={value}"));
        request.path.as_str().to_owned() + &query.collect::<String>()
    });
    let expected = format!("/zia/api/v1/{expected}");
    assert_eq!(asked.collect::<Vec<_>>(), [expected], "{name} {arguments}");
}

#[test]
fn a_filter_of_our_own_is_not_sent() {
    for (name, arguments, expected) in [
        ("zia_list_network_services", "{}", "networkServices"),
        (
            "zia_list_network_services",
            r#"{"search":"R&D +","protocol":"tcp"}"#,
            "networkServices search=R&D + protocol=TCP",
        ),
        ("zia_list_network_services", r#"{"search":"","protocol":""}"#, "networkServices"),
        (
            "zia_list_network_services",
            r#"{"name":"","search":"x","protocol":"Udp"}"#,
            "networkServices protocol=UDP",
        ),
        ("zia_list_cloud_firewall_dns_rules", r#"{"search":"x"}"#, "firewallDnsRules"),
        ("zia_list_cloud_firewall_ips_rules", r#"{"search":"x"}"#, "firewallIpsRules"),
        ("zia_list_cloud_firewall_rules", r#"{"search":"x"}"#, "firewallFilteringRules search=x"),
    ] {
        asks(name, arguments, expected);
    }
}

#[test]
fn the_arguments_choose_what_is_asked_about_people() {
    let all = r#""page":2,"page_size":50,"sort_by":"rank","sort_order":"rule_execution""#;
    let paged = "page=2 pageSize=50 sortBy=rank sortOrder=rule_execution";
    for (kind, arguments, expected) in [
        (
            "departments",
            r#"{"limit_search":false,"search":"",ALL}"#,
            "departments limitSearch=false search= PAGED",
        ),
        ("departments", r#"{"department_id":"a/b","search":"x",ALL}"#, "departments/a%2Fb"),
        (
            "departments",
            r#"{"department_id":8107,"action":"read_lite","search":"x"}"#,
            "departments/lite/8107",
        ),
        ("departments", r#"{"department_id":"","action":"read_lite"}"#, "departments"),
        ("groups", r#"{"search":"","defined_by":"x y",ALL}"#, "groups search= definedBy=x y PAGED"),
        ("groups", r#"{"name":" x ","search":"y","defined_by":"z",ALL}"#, "groups pageSize=1000"),
        ("groups", r#"{"group_id":"7","name":"x",ALL}"#, "groups/7"),
    ] {
        let arguments = arguments.replace("ALL", all);
        asks(&format!("get_zia_user_{kind}"), &arguments, &expected.replace("PAGED", paged));
    }
    for (arguments, expected) in [
        (
            r#"{"name":"","dept":"R&D","group":"x","page":0,"page_size":1000}"#,
            "users name= dept=R&D group=x page=0 pageSize=1000",
        ),
        (r#"{"user_id":"7","name":"x","page":1}"#, "users/7"),
        (r#"{"page":null}"#, "users"),
    ] {
        asks("get_zia_users", arguments, expected);
    }
}

#[test]
fn no_injection_in_these_records_reaches_the_agent() {
    let hostile = [
        "<!--",
        "<script",
        "&lt;script",
        "<img",
        "<b>",
        "<a href",
        "<details",
        "](",
        "javascript:",
        "```system",
        "<|",
        "|>",
        "\u{200b}",
        "\u{202e}",
    ];
    let tools = LISTS.iter().map(|list| list.0).chain(PEOPLE.iter().map(|list| list.0));
    let mut seen = String::new();
    for tool in tools {
        let result = call(tool, "{}");
        seen.push_str(text(&result));
        seen.push_str(result.structured.unwrap().as_str());
    }
    for text in hostile {
        assert!(!seen.contains(text), "{text:?}");
    }
    for plain in
        ["Runners & caches, a < b && c > d", "Datasets & papers where n < 100", "Caf\u{e9}"]
    {
        assert!(seen.contains(plain), "{plain}");
    }
}
