//! SSL, file type, sandbox, DLP and cloud application rules, threat protection and settings of
//! internet access, through the product over the demo tenant; and the requests of their changes.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::Arc;

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::mcp::registry::CallResult;
use zscaler_mcp::tools::Product;

use kit::{
    Service, call, call_allowed, call_on, id, invented, json, product, record, record_of, refused,
    rows, rows_of, text, texts,
};

/// Lists, how many records they have, the tool for one of them and its argument.
const LISTS: [(&str, usize, &str); 4] = [
    ("zia_list_file_type_control_rules", 9, "zia_get_file_type_control_rule"),
    ("zia_list_sandbox_rules", 8, "zia_get_sandbox_rule"),
    ("zia_list_ssl_inspection_rules", 12, "zia_get_ssl_inspection_rule"),
    ("zia_list_web_dlp_rules", 9, "zia_get_web_dlp_rule"),
];

/// Classes of applications and how many rules they have.
const CLASSES: [(&str, usize); 7] = [
    ("AI_ML", 4),
    ("FILE_SHARE", 3),
    ("INSTANT_MESSAGING", 1),
    ("LEGAL", 0),
    ("SOCIAL_NETWORKING", 2),
    ("STREAMING_MEDIA", 2),
    ("WEBMAIL", 3),
];

/// Tools that return one object, and a member with its value.
const SINGLES: [(&str, &str, &str); 10] = [
    ("zia_get_advanced_settings", "ui_session_timeout", "1800"),
    ("zia_get_advanced_settings", "enable_ipv6_dns_resolution_on_transparent_proxy", "true"),
    ("zia_get_atp_malware_inspection", "inspect_inbound", "true"),
    ("zia_get_atp_malware_policy", "block_password_protected_archive_files", "false"),
    ("zia_get_atp_malware_protocols", "inspect_ftp", "false"),
    ("zia_get_malware_settings", "ransomware_capture", "true"),
    ("zia_get_atp_settings", "risk_tolerance", "35"),
    ("zia_get_atp_settings", "cookie_stealing_pcap_enabled", "false"),
    ("zia_get_sandbox_file_hash_count", "blockedFileHashesCount", "3"),
    ("zia_get_sandbox_file_hash_count", "remainingFileHashes", "9997"),
];

const HASH: &str = "5F2A9C0E7D1B48364EA2C97B10D3F865";

fn shown(value: Option<&Json>) -> String {
    value.map_or_else(|| "nothing".to_owned(), write::to_text)
}

#[test]
fn every_list_gives_records_and_every_get_gives_one_of_them() {
    for (list, count, get) in LISTS {
        let all = rows(list, "{}");
        assert_eq!(all.len(), count, "{list}");
        for row in all {
            assert_eq!(record(get, &format!("{{\"rule_id\":\"{}\"}}", id(&row))), row, "{get}");
        }
        let told = refused(get, r#"{"rule_id":"999"}"#);
        assert!(told.starts_with(&format!("{get} failed: HTTP 404, ")), "{told}");
        assert!(told.contains("returns the ids that exist"), "{told}");
    }
}

#[test]
fn rules_about_applications_belong_to_their_class() {
    const GET: &str = "zia_get_cloud_app_control_rule";
    for (class, count) in CLASSES {
        let rules =
            rows("zia_list_cloud_app_control_rules", &format!(r#"{{"rule_type":"{class}"}}"#));
        assert_eq!(rules.len(), count, "{class}");
        for (place, rule) in rules.iter().enumerate() {
            assert_eq!(shown(rule.get("order")), (place + 1).to_string(), "{class}");
            let at = |class: &str| format!(r#"{{"rule_type":"{class}","rule_id":"{}"}}"#, id(rule));
            assert_eq!(record(GET, &at(class)), *rule, "{class}");
            let told = refused(GET, &at("HEALTH_CARE"));
            assert!(told.contains("HTTP 404"), "{told}");
        }
    }
    let told = refused("zia_list_cloud_app_control_rules", r#"{"rule_type":"MAIL"}"#);
    assert!(told.contains("HTTP 400") && told.contains("No such class"), "{told}");
}

#[test]
fn settings_are_one_object_with_everything_in_it() {
    for (tool, member, expected) in SINGLES {
        assert_eq!(shown(record(tool, "{}").get(member)), expected, "{tool} {member}");
    }
    assert_eq!(record("zia_get_advanced_settings", "{}").as_object().unwrap().len(), 49);
    assert_eq!(record("zia_get_malware_settings", "{}").as_object().unwrap().len(), 16);
}

/// What the product this one replaces loses on the way.
#[test]
fn lists_of_texts_arrive_as_lists_of_texts() {
    let said = |tool: &str, arguments: &str| {
        write::to_text(record_of(tool, &call(tool, arguments)).get("result").unwrap())
    };
    let urls = said("zia_list_atp_malicious_urls", "{}");
    assert!(urls.starts_with(r#"["collect.example.net","paste.example.net/k/""#), "{urls}");
    let urls = said("zia_list_auth_exempt_urls", "{}");
    assert!(urls.starts_with(r#"["time.example.net",".updates.example.org""#), "{urls}");
    let found = said("zia_list_auth_exempt_urls", r#"{"query":"[?contains(@, 'crl')]"}"#);
    assert_eq!(found, r#"["crl.example.org"]"#);
    let actions = said("zia_list_cloud_app_control_actions", r#"{"rule_type":"WEBMAIL"}"#);
    assert!(actions.starts_with(r#"["ALLOW_WEBMAIL_VIEW","#), "{actions}");
    let exceptions = record("zia_get_atp_security_exceptions", "{}");
    assert_eq!(exceptions.get("bypass_urls").unwrap().as_array().unwrap().len(), 4);
    let quota = record("zia_get_sandbox_quota", "{}");
    let quota = quota.get("result").unwrap().as_array().unwrap();
    assert_eq!(shown(quota[0].get("unused")), "888");
}

#[test]
fn filters_keep_what_they_name() {
    for (name, arguments, expected) in [
        ("zia_list_sandbox_rules", r#"{"search":"FINANCE"}"#, 1),
        ("zia_list_sandbox_rules", r#"{"search":" finance"}"#, 0),
        ("zia_list_sandbox_rules", r#"{"search":""}"#, 8),
        ("zia_list_file_type_control_rules", r#"{"search":"programs"}"#, 2),
        ("zia_list_web_dlp_rules", r#"{"search":"uploads"}"#, 2),
        ("zia_list_web_dlp_rules", r#"{"query":"[?state == 'DISABLED']"}"#, 1),
        ("zia_list_web_dlp_rules_lite", r#"{"search":"card"}"#, 1),
        ("zia_list_web_dlp_rules_lite", "{}", 9),
        ("zia_list_cloud_app_policy", "{}", 22),
        ("zia_list_cloud_app_policy", r#"{"search":"mail"}"#, 2),
        ("zia_list_cloud_app_policy", r#"{"app_class":"WEBMAIL"}"#, 3),
        ("zia_list_cloud_app_policy", r#"{"app_class":"WEBMAIL","search":"reed"}"#, 1),
        ("zia_list_cloud_app_policy", r#"{"page":3,"page_size":10}"#, 2),
        ("zia_list_cloud_app_policy", r#"{"group_results":true}"#, 12),
        ("zia_list_cloud_app_policy", r#"{"group_results":false}"#, 22),
        ("zia_list_cloud_app_ssl_policy", r#"{"app_class":"AI_ML"}"#, 3),
        ("zia_list_file_type_categories", "{}", 16),
        ("zia_list_file_type_categories", r#"{"exclude_custom_file_types":true}"#, 14),
        ("get_zia_dlp_dictionaries", "{}", 12),
        ("get_zia_dlp_dictionaries", r#"{"search":"names"}"#, 2),
        ("get_zia_dlp_dictionaries", r#"{"action":"read_lite","search":"names"}"#, 2),
        ("get_zia_dlp_dictionaries", r#"{"dict_id":"402"}"#, 1),
        ("get_zia_dlp_engines", "{}", 8),
        ("get_zia_dlp_engines", r#"{"search":"P"}"#, 4),
        ("get_zia_dlp_engines", r#"{"action":"read_lite","search":"payroll"}"#, 1),
        ("get_zia_dlp_engines", r#"{"engine_id":905,"action":"read"}"#, 1),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
    let short = rows("get_zia_dlp_engines", r#"{"action":"read_lite"}"#);
    assert_eq!(write::to_text(&short[1]), r#"{"id":62,"predefined_engine_name":"HIPAA"}"#);
    let groups = rows("zia_list_cloud_app_policy", r#"{"group_results":true,"search":"mail"}"#);
    let expected = r#"{"parent":"WEBMAIL","parent_name":"Webmail","count":2}"#;
    assert_eq!(write::to_text(&groups[0]), expected);
    let values = rows("zia_list_file_type_categories", r#"{"enums":true}"#);
    assert_eq!(write::to_text(&values[0]), r#"{"id":"FTCATEGORY_WINDOWS_EXECUTABLES"}"#);
}

#[test]
fn actions_are_those_that_every_application_takes() {
    const TOOL: &str = "zia_list_cloud_app_control_actions";
    for (class, apps, expected) in [
        ("WEBMAIL", "null", 7),
        ("WEBMAIL", "[]", 7),
        ("WEBMAIL", r#"["LANTERN_MAIL"]"#, 7),
        ("WEBMAIL", r#"["LANTERN_MAIL","QUAYSIDE_MAIL"]"#, 2),
        ("HEALTH_CARE", "[]", 0),
    ] {
        let arguments = format!(r#"{{"rule_type":"{class}","cloud_apps":{apps}}}"#);
        assert_eq!(rows(TOOL, &arguments).len(), expected, "{arguments}");
    }
    let told = refused(TOOL, r#"{"rule_type":"WEBMAIL","cloud_apps":["DRIFTBOX"]}"#);
    assert!(told.contains("not of this class"), "{told}");
}

#[test]
fn a_report_is_short_unless_all_of_it_is_asked_for() {
    const TOOL: &str = "zia_get_sandbox_report";
    for (details, title, has_origin) in [
        ("", "Summary", false),
        (r#","report_details":"""#, "Summary", false),
        (r#","report_details":"summary""#, "Summary", false),
        (r#","report_details":"full""#, "Full Details", true),
    ] {
        let result = call(TOOL, &format!(r#"{{"md5_hash":"{HASH}"{details}}}"#));
        let report = record_of(TOOL, &result);
        let report = report.get(title).unwrap();
        assert!(shown(report.get("Classification")).contains("MALICIOUS"), "{details}");
        assert_eq!(report.get("Origin").is_some(), has_origin, "{details}");
        assert!(text(&result).starts_with('['), "a notice stands before what is from outside");
    }
    let told = refused(TOOL, r#"{"md5_hash":"00000000000000000000000000000000"}"#);
    assert!(told.contains("HTTP 404"), "{told}");
}

#[test]
fn a_wrong_call_says_what_to_change() {
    for (name, arguments, expected) in [
        ("zia_get_sandbox_rule", "{}", "zia_list_sandbox_rules returns the values"),
        ("zia_get_sandbox_report", r#"{"md5_hash":".."}"#, "dot segment"),
        ("zia_list_cloud_app_control_rules", "{}", "rule_type"),
        ("zia_list_cloud_app_control_rules", r#"{"rule_type":""}"#, "must not be empty"),
        ("zia_list_ssl_inspection_rules", r#"{"search":"x"}"#, "unknown argument search"),
        (
            "get_zia_dlp_dictionaries",
            r#"{"dict_id":"401","action":"read_lite"}"#,
            "leave the id out, or use action read",
        ),
        (
            "get_zia_dlp_dictionaries",
            r#"{"dict_id":"401","search":"x"}"#,
            "give the id of one or search, not both",
        ),
        (
            "get_zia_dlp_engines",
            r#"{"engine_id":"61","search":"x"}"#,
            "give the id of one or search, not both",
        ),
        ("get_zia_dlp_engines", r#"{"action":"write"}"#, "read, read_lite"),
    ] {
        let told = refused(name, arguments);
        assert!(told.contains(expected) && told.starts_with(name), "{told}");
    }
}

/// What a call said, whether it failed, and its requests, one text each.
fn tried(tool: &str, arguments: &str) -> (String, bool, Vec<String>) {
    let service = Service::saying(200, json(r#"{"id":7}"#));
    let product = product(Arc::<Service>::clone(&service), invented());
    let result = call_allowed(&product, tool, arguments);
    let seen = service.seen.lock().unwrap();
    let asked = seen.iter().map(|asked| {
        let query = asked.query.iter().map(|(key, value)| format!(" {key}={value}"));
        let body = asked.body.as_ref().map(|body| format!(" {}", write::to_text(body)));
        let path = asked.path.as_str().trim_start_matches("/zia/api/v1/");
        let query: String = query.collect();
        format!("{} {path}{query}{}", asked.method.as_str(), body.unwrap_or_default())
    });
    (texts(&result)[0].to_owned(), result.is_error, asked.collect())
}

const SENT: &[(&str, &str, &[&str])] = &[
    (
        "zia_create_ssl_inspection_rule",
        concat!(
            r#"{"name":"n","advanced":{"action":{"type":"DECRYPT","show_eun":false},"#,
            r#""url_categories":["FINANCE","12"],"groups":["8301"],"#,
            r#""cloud_applications":"[\"A\"]"}}"#
        ),
        &[concat!(
            r#"POST sslInspectionRules {"name":"n","state":"ENABLED","order":1,"rank":7,"#,
            r#""action":{"type":"DECRYPT","showEUN":false},"urlCategories":["FINANCE","12"],"#,
            r#""groups":[{"id":8301}],"cloudApplications":["A"]}"#
        )],
    ),
    (
        "zia_update_ssl_inspection_rule",
        r#"{"rule_id":"1","advanced":{"action":{"type":"BLOCK"}}}"#,
        &[r#"PUT sslInspectionRules/1 {"action":{"type":"BLOCK"}}"#],
    ),
    (
        "zia_update_ssl_inspection_rule",
        r#"{"rule_id":"1","action":"BLOCK","advanced":{"action":null}}"#,
        &[r#"PUT sslInspectionRules/1 {"action":"BLOCK"}"#],
    ),
    (
        "zia_update_file_type_control_rule",
        r#"{"rule_id":"1","order":2,"advanced":{"url_categories":["12"],"capture_pcap":true}}"#,
        &[r#"PUT fileTypeRules/1 {"order":2,"urlCategories":["12"],"capturePCAP":true}"#],
    ),
    (
        "zia_update_sandbox_rule",
        r#"{"rule_id":"1","enabled":false,"advanced":{"url_categories":["12"]}}"#,
        &[r#"PUT sandboxRules/1 {"state":"DISABLED","urlCategories":["12"]}"#],
    ),
    (
        "zia_update_web_dlp_rule",
        concat!(
            r#"{"rule_id":"1","advanced":{"url_categories":["12"],"dlp_engines":["61"],"#,
            r#""auditor":{"id":"7"}}}"#
        ),
        &[concat!(
            r#"PUT webDlpRules/1 {"urlCategories":[{"id":12}],"dlpEngines":[{"id":61}],"#,
            r#""auditor":{"id":7}}"#
        )],
    ),
    (
        "zia_update_cloud_app_control_rule",
        r#"{"rule_type":"A/B","rule_id":"1","rank":0,"advanced":{"applications":["X"]}}"#,
        &[r#"PUT webApplicationRules/A%2FB/1 {"rank":0,"applications":["X"]}"#],
    ),
    (
        "zia_delete_cloud_app_control_rule",
        r#"{"rule_type":"WEBMAIL","rule_id":"1"}"#,
        &["GET webApplicationRules/WEBMAIL/1", "DELETE webApplicationRules/WEBMAIL/1"],
    ),
    (
        "zia_update_advanced_settings",
        concat!(
            r#"{"settings":{"ui_session_timeout":300,"authBypassUrls":["a"],"new_one":null,"#,
            r#""enable_ipv6_dns_resolution_on_transparent_proxy":false}}"#
        ),
        &[concat!(
            r#"PUT advancedSettings {"uiSessionTimeout":300,"authBypassUrls":["a"],"#,
            r#""newOne":null,"enableIPv6DnsResolutionOnTransparentProxy":false}"#
        )],
    ),
    (
        "zia_update_atp_malware_policy",
        concat!(
            r#"{"block_unscannable_files":false,"#,
            r#""block_password_protected_archive_files":true}"#
        ),
        &[concat!(
            r#"PUT cyberThreatProtection/malwarePolicy {"blockUnscannableFiles":false,"#,
            r#""blockPasswordProtectedArchiveFiles":true}"#
        )],
    ),
    (
        "zia_update_atp_malware_protocols",
        r#"{"inspect_http":true,"inspect_ftp_over_http":false,"inspect_ftp":false}"#,
        &[
            concat!(
                r#"PUT cyberThreatProtection/atpMalwareProtocols {"inspectHttp":true,"#,
                r#""inspectFtpOverHttp":false,"inspectFtp":false}"#
            ),
            "GET cyberThreatProtection/atpMalwareProtocols",
        ],
    ),
    (
        "zia_update_malware_settings",
        r#"{"settings":{"virus_blocked":true}}"#,
        &[
            r#"PUT cyberThreatProtection/malwareSettings {"virusBlocked":true}"#,
            "GET cyberThreatProtection/malwareSettings",
        ],
    ),
    (
        "zia_update_atp_settings",
        r#"{"settings":{"cookie_stealing_pcap_enabled":true,"blocked_countries":[]}}"#,
        &[concat!(
            r#"PUT cyberThreatProtection/advancedThreatSettings "#,
            r#"{"cookieStealingPCAPEnabled":true,"blockedCountries":[]}"#
        )],
    ),
    (
        "zia_update_atp_security_exceptions",
        r#"{"bypass_urls":[]}"#,
        &[r#"PUT cyberThreatProtection/securityExceptions {"bypassUrls":[]}"#],
    ),
    (
        "zia_delete_atp_malicious_urls",
        r#"{"malicious_urls":["a.test"]}"#,
        &[
            concat!(
                "PUT cyberThreatProtection/maliciousUrls action=REMOVE_FROM_LIST ",
                r#"{"maliciousUrls":["a.test"]}"#
            ),
            "GET cyberThreatProtection/maliciousUrls",
        ],
    ),
    (
        "zia_add_auth_exempt_urls",
        r#"{"exempt_urls":["a.test","b.test"]}"#,
        &[
            r#"POST authSettings/exemptedUrls action=ADD_TO_LIST {"urls":["a.test","b.test"]}"#,
            "GET authSettings/exemptedUrls",
        ],
    ),
];

#[test]
fn changes_are_sent_as_the_service_reads_them() {
    for (tool, arguments, expected) in SENT {
        let (said, failed, asked) = tried(tool, arguments);
        assert!(!failed, "{tool} {arguments}: {said}");
        assert_eq!(asked, *expected, "{tool}");
    }
}

const REFUSED: &[(&str, &str, &str)] = &[
    (
        "zia_update_ssl_inspection_rule",
        r#"{"rule_id":"1","action":"BLOCK","advanced":{"action":{"type":"BLOCK"}}}"#,
        "stands beside the argument action; give one of them",
    ),
    (
        "zia_create_ssl_inspection_rule",
        r#"{"name":"n","advanced":{"state":"DISABLED"}}"#,
        "use the argument enabled",
    ),
    (
        "zia_create_web_dlp_rule",
        r#"{"name":"n","advanced":{"action":{"type":"BLOCK"}}}"#,
        "use the argument action",
    ),
    (
        "zia_create_web_dlp_rule",
        r#"{"name":"n","advanced":{"dlp_engines":"61"}}"#,
        "dlp_engines of advanced must be a list",
    ),
    (
        "zia_update_cloud_app_control_rule",
        r#"{"rule_type":"WEBMAIL","rule_id":"1"}"#,
        "nothing to change was given",
    ),
    ("zia_create_sandbox_rule", r#"{"name":"n"}"#, "action"),
    ("zia_create_sandbox_rule", r#"{"name":"n","action":"BLOCK","rank":8}"#, "rank must be"),
    ("zia_update_advanced_settings", "{}", "settings"),
    ("zia_update_advanced_settings", r#"{"settings":{}}"#, "give all members as they should be"),
    ("zia_update_atp_settings", r#"{"settings":[]}"#, "settings must be an object"),
    (
        "zia_update_malware_settings",
        r#"{"settings":{"virus_blocked":true,"virusBlocked":false}}"#,
        "settings gives virusBlocked twice",
    ),
    ("zia_update_atp_malware_inspection", r#"{"inspect_inbound":true}"#, "inspect_outbound"),
    ("zia_add_atp_malicious_urls", r#"{"malicious_urls":[]}"#, "must not be empty"),
    ("zia_add_atp_malicious_urls", r#"{"malicious_urls":[["a"]]}"#, "malicious_urls"),
    ("zia_update_atp_security_exceptions", "{}", "bypass_urls"),
];

#[test]
fn what_cannot_be_meant_is_refused_before_any_request() {
    for (tool, arguments, expected) in REFUSED {
        let (said, failed, asked) = tried(tool, arguments);
        assert!(failed && asked.is_empty(), "{tool} {arguments}: {said} {asked:?}");
        assert!(said.contains(expected), "{tool} {arguments}: {said}");
    }
}

fn own() -> Product {
    product(Arc::new(Demo::new().unwrap()), invented())
}

fn made(product: &Product, tool: &str, arguments: &str) -> CallResult {
    let result = call_allowed(product, tool, arguments);
    assert!(!result.is_error, "{tool} {arguments}: {:?}", texts(&result));
    result
}

fn status(product: &Product) -> String {
    let tool = "zia_get_activation_status";
    shown(record_of(tool, &call_on(product, tool, "{}")).get("status"))
}

/// Families of rules: the part of the name, what identifies the class, a new rule and the member
/// that a replacement loses.
const FAMILIES: [(&str, &str, &str, &str); 5] = [
    (
        "file_type_control",
        "",
        r#""action":"BLOCK","advanced":{"filtering_action":"BLOCK","labels":["41085"]}"#,
        "filtering_action",
    ),
    (
        "sandbox",
        "",
        r#""action":"BLOCK","advanced":{"ba_rule_action":"BLOCK","labels":["41085"]}"#,
        "ba_rule_action",
    ),
    (
        "ssl_inspection",
        "",
        r#""advanced":{"action":{"type":"DECRYPT"},"labels":["41085"]}"#,
        "action",
    ),
    (
        "web_dlp",
        "",
        r#""action":"BLOCK","advanced":{"dlp_engines":["61"],"labels":["41085"]}"#,
        "dlp_engines",
    ),
    (
        "cloud_app_control",
        r#""rule_type":"WEBMAIL","#,
        r#""advanced":{"actions":["BLOCK_WEBMAIL_VIEW"],"labels":["41085"]}"#,
        "actions",
    ),
];

#[test]
fn a_rule_lives_from_its_creation_to_its_removal() {
    for (family, class, more, lost) in FAMILIES {
        let product = own();
        let list = format!("zia_list_{family}_rules");
        let within = format!("{{{}}}", class.trim_end_matches(','));
        let all = || rows_of(&list, &call_on(&product, &list, &within));
        let before = all();
        let create = format!("zia_create_{family}_rule");
        let arguments = format!(r#"{{{class}"name":"Trial","order":2,{more}}}"#);
        let rule = record_of(&create, &made(&product, &create, &arguments));
        assert_eq!(status(&product), "\"PENDING\"", "{family}");
        let labels = shown(rule.get("labels"));
        assert_eq!(labels, r#"[{"id":41085,"name":"Quarantine"}]"#, "{family}");
        assert!(rule.get(lost).is_some(), "{family}");
        let after = all();
        assert_eq!(after.len(), before.len() + 1, "{family}");
        assert_eq!((id(&after[1]), shown(after[1].get("order"))), (id(&rule), "2".to_owned()));

        let update = format!("zia_update_{family}_rule");
        let one = format!(r#"{class}"rule_id":"{}""#, id(&rule));
        let arguments = format!(r#"{{{one},"name":"Trial 2","order":1,"enabled":false}}"#);
        let changed = record_of(&update, &made(&product, &update, &arguments));
        assert!(changed.get(lost).is_none() && changed.get("labels").is_none(), "{family}");
        let get = format!("zia_get_{family}_rule");
        let read = record_of(&get, &call_on(&product, &get, &format!("{{{one}}}")));
        assert_eq!(read, changed, "{family}");
        assert_eq!((id(&all()[0]), shown(read.get("state"))), (id(&rule), "\"DISABLED\"".into()));

        made(&product, &format!("zia_delete_{family}_rule"), &format!("{{{one}}}"));
        assert_eq!(all(), before, "{family}");
    }
}

#[test]
fn a_rule_of_another_class_is_neither_changed_nor_counted() {
    let product = own();
    let rules = |class: &str| {
        let list = "zia_list_cloud_app_control_rules";
        rows_of(list, &call_on(&product, list, &format!(r#"{{"rule_type":"{class}"}}"#)))
    };
    let shares = rules("FILE_SHARE");
    let webmail = id(&rules("WEBMAIL")[0]);
    for tool in ["zia_update_cloud_app_control_rule", "zia_delete_cloud_app_control_rule"] {
        let name = if tool.contains("update") { r#","name":"x""# } else { "" };
        let arguments = format!(r#"{{"rule_type":"FILE_SHARE","rule_id":"{webmail}"{name}}}"#);
        let result = call_allowed(&product, tool, &arguments);
        assert!(result.is_error && texts(&result)[0].contains("HTTP 404"), "{tool}");
    }
    made(
        &product,
        "zia_create_cloud_app_control_rule",
        r#"{"rule_type":"LEGAL","name":"First of its class","order":9}"#,
    );
    assert_eq!(shown(rules("LEGAL")[0].get("order")), "1");
    assert_eq!(rules("FILE_SHARE"), shares);
    let unknown = r#"{"rule_type":"MAIL","name":"x"}"#;
    let result = call_on(&product, "zia_create_cloud_app_control_rule", unknown);
    assert!(result.is_error && texts(&result)[0].contains("No such class"));
}

#[test]
fn the_last_rule_and_rules_in_use_stay() {
    let product = own();
    for (tool, arguments, expected) in [
        ("zia_delete_ssl_inspection_rule", r#"{"rule_id":"65999"}"#, "belongs to the service"),
        ("zia_delete_sandbox_rule", r#"{"rule_id":"68099"}"#, "belongs to the service"),
        (
            "zia_create_web_dlp_rule",
            r#"{"name":"n","advanced":{"dlp_engines":["999"]}}"#,
            "dlpEngines names a record",
        ),
        ("zia_create_web_dlp_rule", r#"{"name":"card numbers"}"#, "has the same name"),
    ] {
        let result = call_allowed(&product, tool, arguments);
        assert!(result.is_error && texts(&result)[0].contains(expected), "{:?}", texts(&result));
    }
    let label = r#"{"label_id":"41043"}"#;
    let result = call_allowed(&product, "zia_delete_rule_label", label);
    assert!(result.is_error && texts(&result)[0].contains("uses this one"), "{:?}", texts(&result));
}

#[test]
fn every_rule_that_is_put_back_as_it_was_read_stays_as_it_is() {
    let product = own();
    let lists = LISTS.iter().map(|list| (list.0, ""));
    let classes = CLASSES.iter().map(|class| ("zia_list_cloud_app_control_rules", class.0));
    for (list, class) in lists.chain(classes) {
        let within = |more: &str| match class {
            "" => format!("{{{}}}", more.trim_start_matches(',')),
            class => format!(r#"{{"rule_type":"{class}"{more}}}"#),
        };
        let before = rows_of(list, &call_on(&product, list, &within("")));
        let tool = list.replace("_list_", "_update_");
        let tool = tool.trim_end_matches('s');
        for row in &before {
            let mut more = row.as_object().unwrap().clone();
            let mut own = String::new();
            for name in ["name", "description", "order", "rank"] {
                let value = more.remove(name).filter(|value| write::to_text(value) != "-1");
                if let Some(value) = value {
                    own += &format!(r#","{name}":{}"#, write::to_text(&value));
                }
            }
            if more.get("action").is_some_and(|action| action.as_str().is_some()) {
                own += &format!(r#","action":{}"#, write::to_text(&more.remove("action").unwrap()));
            }
            more.remove("state");
            more.remove("id");
            let more = write::to_text(&more.into());
            let more = format!(r#","rule_id":"{}"{own},"advanced":{more}"#, id(row));
            made(&product, tool, &within(&more));
        }
        let after = rows_of(list, &call_on(&product, list, &within("")));
        assert_eq!(before.len(), after.len(), "{list} {class}");
        for (one, other) in before.iter().zip(&after) {
            assert_eq!(
                (id(one), shown(one.get("order")), shown(one.get("action"))),
                (id(other), shown(other.get("order")), shown(other.get("action"))),
                "{list} {class}"
            );
            assert_eq!(shown(one.get("labels")), shown(other.get("labels")), "{list} {class}");
        }
    }
}

/// Changes of settings, the tools that read them, and a member with its new value.
const SETTINGS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "zia_update_atp_malware_inspection",
        r#"{"inspect_inbound":true,"inspect_outbound":false}"#,
        "zia_get_atp_malware_inspection",
        "inspect_outbound",
        "false",
    ),
    (
        "zia_update_atp_malware_protocols",
        r#"{"inspect_http":true,"inspect_ftp_over_http":true,"inspect_ftp":true}"#,
        "zia_get_atp_malware_protocols",
        "inspect_ftp",
        "true",
    ),
    (
        "zia_update_atp_malware_policy",
        concat!(
            r#"{"block_unscannable_files":true,"#,
            r#""block_password_protected_archive_files":true}"#
        ),
        "zia_get_atp_malware_policy",
        "block_password_protected_archive_files",
        "true",
    ),
    (
        "zia_update_atp_settings",
        r#"{"settings":{"risk_tolerance":10,"blocked_countries":["COUNTRY_AQ"]}}"#,
        "zia_get_atp_settings",
        "blocked_countries",
        r#"["COUNTRY_AQ"]"#,
    ),
    (
        "zia_update_atp_security_exceptions",
        r#"{"bypass_urls":["a.test"]}"#,
        "zia_get_atp_security_exceptions",
        "bypass_urls",
        r#"["a.test"]"#,
    ),
];

#[test]
fn settings_take_what_is_given_and_drop_what_is_not() {
    let product = own();
    let said = |tool: &str, arguments: &str, member: &str| {
        shown(record_of(tool, &made(&product, tool, arguments)).get(member))
    };
    let all = record("zia_get_advanced_settings", "{}");
    let whole = format!(r#"{{"settings":{}}}"#, write::to_text(&all));
    let same = made(&product, "zia_update_advanced_settings", &whole);
    assert_eq!(record_of("x", &same), all, "what is given whole stays");
    let part = r#"{"settings":{"ui_session_timeout":600}}"#;
    assert_eq!(said("zia_update_advanced_settings", part, "ui_session_timeout"), "600");
    assert_eq!(said("zia_get_advanced_settings", "{}", "auth_bypass_urls"), "[]");
    assert_eq!(said("zia_get_advanced_settings", "{}", "log_internal_ip"), "false");
    let part = r#"{"settings":{"virus_blocked":true,"unheard_of":true}}"#;
    let settings = record_of("x", &made(&product, "zia_update_malware_settings", part));
    assert_eq!(shown(settings.get("virus_blocked")), "true");
    assert_eq!(shown(settings.get("trojan_blocked")), "false");
    assert!(settings.get("unheard_of").is_none());
    for (tool, arguments, read, member, expected) in SETTINGS {
        assert_eq!(said(tool, arguments, member), *expected, "{tool}");
        assert_eq!(said(read, "{}", member), *expected, "{read}");
    }
    for (arguments, expected) in [
        (r#"{"settings":{"virus_blocked":"yes"}}"#, "another kind"),
        (r#"{"settings":{"virus_blocked":[true]}}"#, "another kind"),
    ] {
        let result = call_on(&product, "zia_update_malware_settings", arguments);
        assert!(result.is_error && texts(&result)[0].contains(expected), "{:?}", texts(&result));
    }
    let long = format!(r#"{{"bypass_urls":["{}"]}}"#, "u".repeat(17_000));
    let result = call_on(&product, "zia_update_atp_security_exceptions", &long);
    assert!(result.is_error, "{:?}", texts(&result));
}

#[test]
fn entries_are_added_once_and_removed() {
    for (add, delete, list, argument, member) in [
        (
            "zia_add_atp_malicious_urls",
            "zia_delete_atp_malicious_urls",
            "zia_list_atp_malicious_urls",
            "malicious_urls",
            "malicious_urls",
        ),
        (
            "zia_add_auth_exempt_urls",
            "zia_delete_auth_exempt_urls",
            "zia_list_auth_exempt_urls",
            "exempt_urls",
            "urls",
        ),
    ] {
        let product = own();
        let all = || rows_of(list, &call_on(&product, list, "{}"));
        let before = all();
        let urls = format!(r#"{{"{argument}":["x.test","y.test"]}}"#);
        let told = record_of(add, &made(&product, add, &urls));
        assert_eq!(told.get(member).unwrap().as_array().unwrap().len(), before.len() + 2, "{add}");
        made(&product, add, &urls);
        assert_eq!(all().len(), before.len() + 2, "{add}");
        assert_eq!(status(&product), "\"PENDING\"");
        let question = call_on(&product, delete, &urls);
        assert!(texts(&question)[0].contains("x.test"), "{:?}", texts(&question));
        assert_eq!(all().len(), before.len() + 2, "nothing is removed before a person agrees");
        made(&product, delete, &urls);
        assert_eq!(all(), before, "{delete}");
        let blank = format!(r#"{{"{argument}":[" "]}}"#);
        assert!(call_on(&product, add, &blank).is_error, "{add}");
    }
}

#[test]
fn a_preview_of_a_setting_shows_what_would_differ() {
    let product = own();
    for (tool, arguments, expected) in [
        (
            "zia_update_malware_settings",
            r#"{"settings":{"virus_blocked":false},"dry_run":true}"#,
            r#"{"field":"virus_blocked","now":true,"then":false}"#,
        ),
        (
            "zia_update_advanced_settings",
            r#"{"settings":{"ui_session_timeout":60},"dry_run":true}"#,
            r#"{"field":"ui_session_timeout","now":1800,"then":60}"#,
        ),
        (
            "zia_update_atp_malware_inspection",
            r#"{"inspect_inbound":true,"inspect_outbound":false,"dry_run":true}"#,
            r#"{"field":"inspect_outbound","now":true,"then":false}"#,
        ),
    ] {
        let preview = record_of(tool, &call_on(&product, tool, arguments));
        let changes = preview.get("changes").unwrap().as_array().unwrap();
        let wanted = expected.replace('_', "");
        let same = |change: &Json| {
            write::to_text(change).replace('_', "").to_lowercase() == wanted.to_lowercase()
        };
        assert!(changes.len() == 1 && same(&changes[0]), "{tool}: {changes:?}");
    }
    assert_eq!(status(&product), "\"ACTIVE\"");
}

#[test]
fn no_injection_in_these_records_reaches_the_agent() {
    let hostile = [
        "<!--",
        "<script",
        "<img",
        "<b>",
        "<details",
        "<iframe",
        "](",
        "javascript:",
        "```system",
        "\u{200b}",
        "\u{2060}",
        "\u{202e}",
    ];
    let reads = LISTS.iter().map(|list| (list.0.to_owned(), "{}".to_owned()));
    let classes = CLASSES.iter().map(|(class, _)| {
        let list = "zia_list_cloud_app_control_rules".to_owned();
        (list, format!(r#"{{"rule_type":"{class}"}}"#))
    });
    let full = format!(r#"{{"md5_hash":"{HASH}","report_details":"full"}}"#);
    let others = [
        ("get_zia_dlp_dictionaries", "{}"),
        ("get_zia_dlp_engines", "{}"),
        ("zia_get_advanced_settings", "{}"),
        ("zia_get_atp_security_exceptions", "{}"),
        ("zia_get_sandbox_behavioral_analysis", "{}"),
        ("zia_get_sandbox_report", full.as_str()),
        ("zia_list_atp_malicious_urls", "{}"),
        ("zia_list_file_type_categories", "{}"),
    ];
    let others = others.map(|(tool, arguments)| (tool.to_owned(), arguments.to_owned()));
    let mut seen = String::new();
    for (tool, arguments) in reads.chain(classes).chain(others) {
        let result = call(&tool, &arguments);
        seen.push_str(text(&result));
        seen.push_str(result.structured.unwrap().as_str());
    }
    for text in hostile {
        assert!(!seen.contains(text), "{text:?}");
    }
    for plain in ["Datasets where n < 100 only", "a < b && c > d", "Press programs (qpf)"] {
        assert!(seen.contains(plain), "{plain}");
    }
}
