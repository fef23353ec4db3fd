//! Changes of internet access: what is sent for what was given, and what is refused before
//! anything is sent or, where only the record tells, before anything is changed.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::{Arc, Mutex};

use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::json::write;
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::param::Kind;
use zscaler_mcp::tools::row::{Row, Verb};

use kit::{call_on, json, product, texts, working_for};

/// A service with one answer after the other; the last one again and again.
struct Script {
    answers: &'static [(u16, &'static str)],
    seen: Mutex<Vec<ApiRequest>>,
}

impl Backend for Script {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let mut seen = self.seen.lock().unwrap();
        let (status, body) = self.answers[seen.len().min(self.answers.len() - 1)];
        seen.push(request.clone());
        Ok(ApiResponse { status, body: ApiBody::Json(json(body)) })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

/// What a call said, whether it failed, and its requests, one text each.
fn tried(
    tool: &str,
    arguments: &str,
    answers: &'static [(u16, &'static str)],
) -> (String, bool, Vec<String>) {
    let script = Arc::new(Script { answers, seen: Mutex::default() });
    let product = product(Arc::clone(&script) as Arc<dyn Backend>, working_for(None));
    let result = call_on(&product, tool, arguments);
    let shown = |asked: &ApiRequest| {
        let query = asked.query.iter().map(|(key, value)| format!(" {key}={value}"));
        let body = asked.body.as_ref().map(|body| format!(" {}", write::to_text(body)));
        let path = asked.path.as_str().trim_start_matches("/zia/api/v1/");
        let query: String = query.collect();
        format!("{} {path}{query}{}", asked.method.as_str(), body.unwrap_or_default())
    };
    let asked = script.seen.lock().unwrap().iter().map(shown).collect();
    (texts(&result)[0].to_owned(), result.is_error, asked)
}

/// The only request of a call that works.
fn sent(tool: &str, arguments: &str) -> String {
    let (said, failed, asked) = tried(tool, arguments, &[(200, r#"{"id":7}"#)]);
    assert!(!failed, "{tool} {arguments}: {said}");
    let [only] = &asked[..] else { panic!("{asked:?}") };
    only.clone()
}

fn is_refused(tool: &str, arguments: &str, expected: &str) {
    let (said, failed, asked) = tried(tool, arguments, &[(200, "{}")]);
    assert!(failed && asked.is_empty(), "{tool} {arguments}: {said} {asked:?}");
    assert!(said.contains(expected), "{tool} {arguments}: {said}");
}

/// The members that a free-form part becomes.
fn advanced(tool: &str, more: &str) -> String {
    let asked = sent(tool, &format!(r#"{{"rule_id":"1","order":2,"advanced":{more}}}"#));
    let (_, body) = asked.split_once("/1 {\"order\":2").unwrap();
    let body = body.strip_suffix('}').unwrap();
    body.strip_prefix(',').unwrap_or(body).to_owned()
}

const FIREWALL: &str = "zia_update_cloud_firewall_rule";
const PAGES: &str = "zia_update_url_filtering_rule";

/// Rule, tool, free-form part and the members that it becomes.
const PARTS: &[(&str, &str, &str, &str)] = &[
    ("nothing", FIREWALL, "{}", ""),
    ("null is nothing", FIREWALL, r#"{"labels":null}"#, ""),
    (
        "ids",
        FIREWALL,
        r#"{"labels":["41001",7,"a1"]}"#,
        r#""labels":[{"id":41001},{"id":7},{"id":"a1"}]"#,
    ),
    ("no ids", FIREWALL, r#"{"labels":[]}"#, r#""labels":[]"#),
    (
        "a long number stays text",
        FIREWALL,
        r#"{"users":["99999999999999999999"]}"#,
        r#""users":[{"id":"99999999999999999999"}]"#,
    ),
    (
        "a sign stays text",
        FIREWALL,
        r#"{"users":["+7","-7"]}"#,
        r#""users":[{"id":"+7"},{"id":"-7"}]"#,
    ),
    (
        "references",
        FIREWALL,
        r#"{"nw_services":[{"id":"12","display_name":"x"}]}"#,
        r#""nwServices":[{"id":12,"displayName":"x"}]"#,
    ),
    ("one reference", FIREWALL, r#"{"time_windows":{"id":"9"}}"#, r#""timeWindows":{"id":9}"#),
    (
        "without an id of ours",
        FIREWALL,
        r#"{"zpa_app_segments":[{"external_id":"7"}]}"#,
        r#""zpaAppSegments":[{"externalId":"7"}]"#,
    ),
    ("quoted ids", FIREWALL, r#"{"src_ip_groups":"[\"12\"]"}"#, r#""srcIpGroups":[{"id":12}]"#),
    ("quoted texts", FIREWALL, r#"{"src_ips":" [\"12\"] "}"#, r#""srcIps":["12"]"#),
    (
        "texts",
        FIREWALL,
        r#"{"dest_countries":["COUNTRY_FR"]}"#,
        r#""destCountries":["COUNTRY_FR"]"#,
    ),
    (
        "another name",
        FIREWALL,
        r#"{"service_ids":["1"],"bucket_ids":["2"]}"#,
        r#""services":[{"id":1}],"buckets":[{"id":2}]"#,
    ),
    (
        "one name, another family",
        FIREWALL,
        r#"{"source_ip_groups":["1"]}"#,
        r#""sourceIpGroups":[{"id":1}]"#,
    ),
    (
        "categories are ids",
        FIREWALL,
        r#"{"url_categories":["12","A"]}"#,
        r#""urlCategories":[{"id":12},{"id":"A"}]"#,
    ),
    (
        "categories are texts",
        PAGES,
        r#"{"url_categories":["12","A"]}"#,
        r#""urlCategories":["12","A"]"#,
    ),
    ("quoted categories", PAGES, r#"{"url_categories":"[\"12\"]"}"#, r#""urlCategories":["12"]"#),
    (
        "unknown members",
        FIREWALL,
        r#"{"new_member":{"in_side":[1]},"x":false}"#,
        r#""newMember":{"inSide":[1]},"x":false"#,
    ),
    (
        "names of their own",
        FIREWALL,
        r#"{"capture_pcap":true,"exclude_src_countries":0}"#,
        r#""capturePCAP":true,"excludeSrcCountries":0"#,
    ),
    (
        "the spelling of the service",
        FIREWALL,
        r#"{"nwServices":[{"id":1}]}"#,
        r#""nwServices":[{"id":1}]"#,
    ),
    ("all of it quoted", FIREWALL, r#""{\"labels\":[\"1\"]}""#, r#""labels":[{"id":1}]"#),
];

#[test]
fn the_free_form_part_of_a_rule_is_written_as_the_service_reads_it() {
    for (name, tool, more, expected) in PARTS {
        assert_eq!(advanced(tool, more), *expected, "{name}");
    }
}

#[test]
fn what_cannot_be_sent_as_it_was_meant_is_refused_by_name() {
    const RULE: &str = "zia_update_cloud_firewall_ips_rule";
    for (more, expected) in [
        (r#"{"labels":"41001"}"#, "labels of advanced must be a list"),
        (r#"{"labels":"Finance"}"#, "labels of advanced must be a list"),
        (r#"{"labels":41001}"#, "labels of advanced must be a list of ids"),
        (r#"{"labels":[null]}"#, "labels of advanced must be a list of ids"),
        (r#"{"labels":[["1"]]}"#, "labels of advanced must be a list of ids"),
        (r#"{"labels":[1.5]}"#, "labels of advanced must be a list of ids"),
        (r#"{"labels":{"name":"x"}}"#, "labels of advanced must be a list of ids"),
        (r#"{"src_ips":"192.0.2.1"}"#, "src_ips of advanced must be a list"),
        (r#"{"excluded_users":"12"}"#, "excluded_users of advanced must be a list"),
        (r#"{"src_ips":["a"],"srcIps":["b"]}"#, "advanced gives srcIps twice"),
        (r#"{"services":[],"service_ids":["1"]}"#, "advanced gives service_ids twice"),
        (r#"{"x":{"a_b":1,"aB":2}}"#, "advanced gives aB twice"),
        (r#"{"name":"x"}"#, "name of advanced has no place there; use the argument name"),
        (r#"{"enabled":false}"#, "use the argument enabled"),
        (r#"{"state":"DISABLED"}"#, "use the argument enabled"),
        (r#"{"order":0}"#, "use the argument order"),
        (r#"["labels"]"#, "advanced must be an object"),
    ] {
        is_refused(RULE, &format!(r#"{{"rule_id":"1","advanced":{more}}}"#), expected);
    }
    for (arguments, expected) in [
        (r#"{"rule_id":"1"}"#, "nothing to change was given"),
        (r#"{"rule_id":"1","advanced":{}}"#, "nothing to change was given"),
        (r#"{"rule_id":"1","rank":8}"#, "rank must be from 0 to 7"),
        (r#"{"rule_id":"1","rank":-1}"#, "rank must be from 0 to 7"),
        (r#"{"rule_id":"1","order":0}"#, "order must be 1 or more"),
    ] {
        is_refused(RULE, arguments, expected);
    }
    let asked = sent(RULE, r#"{"rule_id":"1","rank":0,"order":1,"enabled":false}"#);
    assert_eq!(asked, r#"PUT firewallIpsRules/1 {"state":"DISABLED","order":1,"rank":0}"#);
}

#[test]
fn a_new_rule_says_place_rank_and_state() {
    for (arguments, expected) in [
        (
            r#"{"name":"n","action":"ALLOW"}"#,
            r#"{"name":"n","action":"ALLOW","state":"ENABLED","order":1,"rank":7}"#,
        ),
        (
            r#"{"name":"n","action":"","description":"","enabled":false,"order":3,"rank":0,
                "advanced":{"protocols":["ANY_RULE"]}}"#,
            concat!(
                r#"{"name":"n","action":"","description":"","#,
                r#""state":"DISABLED","order":3,"rank":0,"protocols":["ANY_RULE"]}"#
            ),
        ),
    ] {
        let asked = sent("zia_create_url_filtering_rule", arguments);
        assert_eq!(asked, format!("POST urlFilteringRules {expected}"));
    }
}

#[test]
fn ports_are_grouped_by_direction_and_protocol() {
    for (ports, expected) in [
        (
            r#"[["dest","tcp","8443"],["src","udp","0","65535"],["dest","tcp","22","22"]]"#,
            concat!(
                r#"{"name":"n","destTcpPorts":[{"start":8443},{"start":22,"end":22}],"#,
                r#""srcUdpPorts":[{"start":0,"end":65535}]}"#
            ),
        ),
        (
            r#"[["dest","udp",53],["src","tcp",1]]"#,
            r#"{"name":"n","destUdpPorts":[{"start":53}],"srcTcpPorts":[{"start":1}]}"#,
        ),
    ] {
        let asked =
            sent("zia_create_network_service", &format!(r#"{{"name":"n","ports":{ports}}}"#));
        assert_eq!(asked, format!("POST networkServices {expected}"));
    }
    for ports in [
        r#"[["dest","tcp"]]"#,
        r#"[["dest","tcp","1","2","3"]]"#,
        r#"[["dst","tcp","1"]]"#,
        r#"[["dest","TCP","1"]]"#,
        r#"[["dest","tcp","65536"]]"#,
        r#"[["dest","tcp","-1"]]"#,
        r#"[["dest","tcp","+1"]]"#,
        r#"[["dest","tcp",""]]"#,
        r#"[["dest","tcp","http"]]"#,
        r#"[["dest","tcp","2","1"]]"#,
        r#"[["dest","tcp","1"],[]]"#,
    ] {
        let arguments = format!(r#"{{"service_id":"1","name":"n","ports":{ports}}}"#);
        is_refused("zia_update_network_service", &arguments, "every entry of ports must be");
    }
    let none = r#"{"service_id":"1","name":"n","ports":[]}"#;
    is_refused("zia_update_network_service", none, "ports must not be empty");
    let kept = sent("zia_update_network_service", r#"{"service_id":"1","name":"n"}"#);
    assert_eq!(kept, r#"PUT networkServices/1 {"name":"n"}"#);
}

#[test]
fn a_location_needs_an_address_and_gives_nothing_twice() {
    for (more, expected) in [
        (r#""ip_addresses":["198.51.100.9"]"#, r#","ipAddresses":["198.51.100.9"]"#),
        (r#""advanced":{"vpnCredentials":[{"id":1}]}"#, r#","vpnCredentials":[{"id":1}]"#),
        (
            r#""tz":"","advanced":{"vpn_credentials":[{"id":1}],"surrogate_ip":null}"#,
            r#","tz":"","vpnCredentials":[{"id":1}],"surrogateIP":null"#,
        ),
        (r#""advanced":{"ip_addresses":["192.0.2.1"]}"#, r#","ipAddresses":["192.0.2.1"]"#),
    ] {
        let asked = sent("zia_create_location", &format!(r#"{{"name":"n",{more}}}"#));
        assert_eq!(asked, format!(r#"POST locations {{"name":"n"{expected}}}"#));
    }
    for (more, expected) in [
        ("", "needs ip_addresses or"),
        (r#","ip_addresses":[]"#, "needs ip_addresses or"),
        (r#","advanced":{"vpn_credentials":[]}"#, "needs ip_addresses or"),
        (r#","advanced":{"vpn_credential":[1]}"#, "needs ip_addresses or"),
        (r#","ip_addresses":["a"],"advanced":{"ip_addresses":["b"]}"#, "give it once"),
        (r#","ip_addresses":["a"],"advanced":{"ipAddresses":["b"]}"#, "give it once"),
        (r#","ip_addresses":["a"],"tz":"x","advanced":{"tz":"y"}"#, "give it once"),
        (r#","ip_addresses":["a"],"country":"x","advanced":{"country":"y"}"#, "give it once"),
        (
            r#","ip_addresses":["a"],"description":"x","advanced":{"description":"y"}"#,
            "give it once",
        ),
        (r#","ip_addresses":["a"],"advanced":{"name":"m"}"#, "give it once"),
        (r#","ip_addresses":["a"],"advanced":{"aup_enabled":1,"aupEnabled":2}"#, "twice"),
    ] {
        is_refused("zia_create_location", &format!(r#"{{"name":"n"{more}}}"#), expected);
    }
    let nothing = r#"{"location_id":"1","name":"n","advanced":{"name":"m"}}"#;
    is_refused("zia_update_location", nothing, "give it once");
    let renamed = sent("zia_update_location", r#"{"location_id":"1","name":"n"}"#);
    assert_eq!(renamed, r#"PUT locations/1 {"name":"n"}"#);
}

#[test]
fn the_free_form_part_of_a_category_holds_three_lists_and_nothing_else() {
    const START: &str = r#"{"configured_name":"n","super_category":"s","advanced":"#;
    const BODY: &str =
        r#"POST urlCategories {"configuredName":"n","superCategory":"s","urls":null"#;
    const END: &str = r#","type":"URL_CATEGORY","customCategory":true"#;
    for (more, expected) in [
        ("{}", ""),
        (r#"{"db_categorized_urls":["a.test"]}"#, r#","dbCategorizedUrls":["a.test"]"#),
        (
            concat!(
                r#"{"ip_ranges_retaining_parent_category":"[\"192.0.2.0/24\"]","#,
                r#""db_categorized_urls":null}"#
            ),
            r#","ipRangesRetainingParentCategory":["192.0.2.0/24"]"#,
        ),
        (
            r#"{"keywords_retaining_parent_category":[]}"#,
            r#","keywordsRetainingParentCategory":[]"#,
        ),
    ] {
        let asked = sent("zia_create_url_category", &format!("{START}{more}}}"));
        assert_eq!(asked, format!("{BODY}{END}{expected}}}"));
    }
    for (more, expected) in [
        (r#"{"urls":["a.test"]}"#, "urls of advanced is not known for a category"),
        (r#"{"dbCategorizedUrls":["a"]}"#, "it takes: db_categorized_urls"),
        (r#"{"<b>":1}"#, "with an unusual name"),
        (r#"{"db_categorized_urls":"a.test"}"#, "must be a list"),
        (r#"{"db_categorized_urls":"{}"}"#, "must be a list of texts"),
        (r#"{"db_categorized_urls":[1]}"#, "must be a list of texts"),
    ] {
        is_refused("zia_create_url_category", &format!("{START}{more}}}"), expected);
        // Also where the category is read first.
        let arguments = format!(r#"{{"category_id":"C","configured_name":"n","advanced":{more}}}"#);
        is_refused("zia_update_url_category", &arguments, expected);
        let arguments = format!(r#"{{"name":"FINANCE","advanced":{more}}}"#);
        is_refused("zia_update_url_category_predefined", &arguments, expected);
    }
}

#[test]
fn only_a_category_of_the_tenant_is_replaced() {
    const CALL: &str = r#"{"category_id":"CUSTOM_01","configured_name":"n","urls":[]}"#;
    let read = "GET urlCategories/CUSTOM_01";
    let written = r#"PUT urlCategories/CUSTOM_01 {"configuredName":"n","urls":[]}"#;
    for (answers, works, expected) in [
        (&[(200, r#"{"customCategory":true}"#)][..], true, &[read, written][..]),
        (&[(200, r#"{"customCategory":false}"#)], false, &[read]),
        (&[(200, r#"{"customCategory":"true"}"#)], false, &[read]),
        (&[(200, r#"{"id":"CUSTOM_01"}"#)], false, &[read]),
        (&[(200, "null")], false, &[read]),
        (&[(404, "{}")], false, &[read]),
    ] {
        let (said, failed, asked) = tried("zia_update_url_category", CALL, answers);
        assert!(failed != works && asked == expected, "{said} {asked:?}");
        let is_told = failed && answers[0].0 == 200;
        assert_eq!(said.contains("zia_update_url_category_predefined"), is_told, "{said}");
    }
}

#[test]
fn a_predefined_category_is_found_by_id_or_name() {
    const ALL: &str = r#"[{"id":"CUSTOM_01","configuredName":"Finance","customCategory":true},
        {"id":"FINANCE","configuredName":null},{"id":"X","configuredName":"Caf\u00e9"}]"#;
    let call = |name: &str, answers| {
        let arguments = format!(r#"{{"name":"{name}","urls":["a.test"]}}"#);
        tried("zia_update_url_category_predefined", &arguments, answers)
    };
    let (_, failed, asked) =
        call(" FINANCE ", &[(200, r#"{"id":"FINANCE","configuredName":"F"}"#)]);
    let put = r#"PUT urlCategories/FINANCE {"urls":["a.test"],"configuredName":"F"}"#;
    assert_eq!((failed, asked), (false, vec!["GET urlCategories/FINANCE".into(), put.to_owned()]));

    for (name, expected) in [
        ("finance", Some(r#"PUT urlCategories/FINANCE {"urls":["a.test"]}"#)),
        (
            "CAF\u{c9}",
            Some("PUT urlCategories/X {\"urls\":[\"a.test\"],\"configuredName\":\"Caf\u{e9}\"}"),
        ),
        ("custom_01", None),
        ("financ", None),
    ] {
        let (said, failed, asked) = call(name, &[(404, "{}"), (200, ALL), (200, "{}")]);
        assert_eq!(failed, expected.is_none(), "{name}: {said}");
        assert_eq!(asked[1], "GET urlCategories", "{name}");
        assert_eq!(asked.get(2).map(String::as_str), expected, "{name}");
    }
    for (answers, requests) in [
        (&[(200, r#"{"id":"CUSTOM_01","customCategory":true}"#)][..], 1),
        (&[(403, "{}")], 1),
        (&[(404, "{}"), (500, "{}")], 2),
        (&[(404, "{}"), (200, "{}")], 2),
        (&[(200, r#"{"configuredName":"no id"}"#)], 1),
    ] {
        let (said, failed, asked) = call("FINANCE", answers);
        assert!(failed && asked.len() == requests, "{said} {asked:?}");
    }
    let nothing = r#"{"name":"FINANCE","configured_name":"","advanced":{}}"#;
    is_refused("zia_update_url_category_predefined", nothing, "nothing to change was given");
}

#[test]
fn urls_are_added_without_touching_the_rest() {
    let arguments = r#"{"category_id":"CUSTOM_01","configured_name":"n","urls":["a.test"]}"#;
    let asked = sent("zia_add_urls_to_category", arguments);
    let expected = concat!(
        r#"PUT urlCategories/CUSTOM_01 action=ADD_TO_LIST "#,
        r#"{"configuredName":"n","urls":["a.test"]}"#
    );
    assert_eq!(asked, expected);
}

#[test]
fn a_signature_is_stored_as_the_service_has_checked_it() {
    const GOOD: &[(u16, &str)] = &[(200, r#"{"status":0,"errMsg":""}"#), (200, r#"{"id":7}"#)];
    let call = |text: &str, answers| {
        let arguments = format!(r#"{{"name":"n","rule_text":"{text}"}}"#);
        tried("zia_create_ips_signature_rule", &arguments, answers)
    };
    for (text, expected) in [
        ("alert tcp", "alert tcp"),
        (r"\n\n  alert\n    tcp\n  udp\n", r"alert\n  tcp\nudp\n"),
        (r"\n  alert\n \n  udp", r"alert\n\nudp"),
        (r"  alert\n\tudp", r"  alert\n\tudp"),
        (r"\t alert\n\tudp", r" alert\nudp"),
        (r"alert\n  udp ", r"alert\n  udp "),
        ("  \u{e9}", "\u{e9}"),
        ("", ""),
    ] {
        let (said, failed, asked) = call(text, GOOD);
        assert!(!failed, "{said}");
        let checked =
            format!("POST ipsSignatureRules/validateRuleText {{\"ruleText\":\"{expected}\"}}");
        let stored =
            format!("POST ipsSignatureRules {{\"name\":\"n\",\"ruleText\":\"{expected}\"}}");
        assert_eq!(asked, [checked, stored], "{text}");
    }
    for (answers, expected) in [
        (&[(200, r#"{"status":3,"errMsg":"no <b>sid</b>"}"#)][..], "It says: no sid"),
        (&[(200, r#"{"status":0,"errMsg":"odd"}"#)], "It says: odd"),
        (&[(200, r#"{"status":1}"#)], "It says: no reason"),
        (&[(200, "{}")], "does not accept rule_text, and nothing was stored"),
        (&[(200, "null")], "does not accept rule_text, and nothing was stored"),
        (&[(400, r#"{"code":"INVALID","message":"bad"}"#)], "HTTP 400, INVALID: bad"),
    ] {
        let (said, failed, asked) = call("alert", answers);
        assert!(failed && asked.len() == 1 && said.contains(expected), "{said} {asked:?}");
    }
}

#[test]
fn a_changed_signature_keeps_the_name_and_text_that_are_left_out() {
    const STORED: &[(u16, &str)] = &[(200, r#"{"name":"old","ruleText":"alert"}"#)];
    let read = "GET ipsSignatureRules/1".to_owned();
    for (arguments, reads, body) in [
        (r#","name":"n","rule_text":"t""#, false, r#"{"name":"n","ruleText":"t"}"#),
        (r#","name":"","rule_text":"""#, false, r#"{"name":"","ruleText":""}"#),
        (r#","name":"n""#, true, r#"{"name":"n","ruleText":"alert"}"#),
        (r#","rule_text":"t""#, true, r#"{"name":"old","ruleText":"t"}"#),
        (r#","description":"""#, true, r#"{"description":"","name":"old","ruleText":"alert"}"#),
    ] {
        let arguments = format!(r#"{{"rule_id":"1"{arguments}}}"#);
        let (said, failed, asked) = tried("zia_update_ips_signature_rule", &arguments, STORED);
        assert!(!failed, "{said}");
        let mut expected = vec![format!("PUT ipsSignatureRules/1 {body}")];
        expected.splice(0..0, reads.then(|| read.clone()));
        assert_eq!(asked, expected, "{arguments}");
    }
    let half = r#"{"rule_id":"1","name":"n"}"#;
    let (said, failed, asked) = tried("zia_update_ips_signature_rule", half, &[(200, "{}")]);
    assert!(failed && asked.len() == 1 && said.contains("give rule_text"), "{said}");
    is_refused("zia_update_ips_signature_rule", r#"{"rule_id":"1"}"#, "nothing to change");
}

const KNOWN: (u16, &str) = (200, r#"[{"id":41,"ipAddress":"198.51.100.9"}]"#);
const FREE: (u16, &str) = (200, r#"[{"startIPAddress":"172.16.0.0"},{"startIPAddress":"x"}]"#);
const CENTRES: (u16, &str) =
    (200, r#"[{"id":1,"city":"A"},{"id":2,"city":"A"},{"id":3,"city":"B"},{"id":4,"city":"C"}]"#);
const DONE: (u16, &str) = (200, r#"{"id":9}"#);

fn tunnel(more: &str, answers: &'static [(u16, &'static str)]) -> (String, bool, Vec<String>) {
    let arguments = format!(r#"{{"static_ip_address":"198.51.100.9"{more}}}"#);
    tried("zia_create_gre_tunnel", &arguments, answers)
}

#[test]
fn a_tunnel_takes_two_cities_and_the_range_that_was_given() {
    const VIPS: &str = r#""primaryDestVip":{"id":1},"secondaryDestVip":{"id":3}"#;
    const SOURCE: &str = r#""sourceIp":"198.51.100.9""#;
    for (name, more, answers, body) in [
        (
            "any range",
            "",
            &[KNOWN, FREE, CENTRES, DONE][..],
            r#"{"ipUnnumbered":null,"comment":null,"internalIpRange":"172.16.0.0""#,
        ),
        (
            "no numbers wanted",
            r#","ip_unnumbered":true"#,
            &[KNOWN, CENTRES, DONE],
            r#"{"ipUnnumbered":true,"comment":null,"internalIpRange":null"#,
        ),
        (
            "a range of the caller",
            r#","ip_unnumbered":false,"internal_ip_range":"172.17.8.0","comment":"c""#,
            &[KNOWN, CENTRES, DONE],
            r#"{"ipUnnumbered":false,"internalIpRange":"172.17.8.0","comment":"c""#,
        ),
    ] {
        let (said, failed, asked) = tunnel(more, answers);
        assert!(!failed && asked.len() == answers.len(), "{name}: {said} {asked:?}");
        assert_eq!(asked[0], "GET staticIP ipAddress=198.51.100.9", "{name}");
        let expected = format!("POST greTunnels {body},{SOURCE},{VIPS}}}");
        assert_eq!(asked.last(), Some(&expected), "{name}");
    }
    let (_, failed, asked) = tunnel("", &[(200, "[]"), DONE, FREE, CENTRES, DONE]);
    assert!(!failed);
    assert_eq!(asked[1], r#"POST staticIP {"ipAddress":"198.51.100.9","comment":null}"#);
}

#[test]
fn no_tunnel_is_made_without_a_range_and_two_centres() {
    for (answers, expected) in [
        (&[KNOWN, (200, "[]")][..], "internal range"),
        (&[KNOWN, (200, r#"[{"start":"x"}]"#), CENTRES], "internal range"),
        (&[KNOWN, FREE, (200, "[]")], "no data centre"),
        (&[KNOWN, FREE, (200, r#"[{"id":1,"city":"A"},{"id":2,"city":"A"}]"#)], "another city"),
        (&[KNOWN, FREE, (200, r#"[{"id":1,"city":"A"}]"#)], "another city"),
        (&[(500, "{}")], "HTTP 500"),
        (&[(200, "[]"), (400, "{}")], "HTTP 400"),
    ] {
        let (said, failed, asked) = tunnel("", answers);
        assert!(failed && said.contains(expected), "{said}");
        assert!(asked.iter().all(|asked| !asked.starts_with("POST greTunnels")), "{asked:?}");
    }
    is_refused("zia_create_gre_tunnel", r#"{"static_ip_address":" "}"#, "must not be empty");
}

#[test]
fn what_is_read_before_a_change_is_used_or_stops_it() {
    let ip = r#"{"static_ip_id":"41","comment":"","geo_override":false,"latitude":0}"#;
    let (_, failed, asked) = tried("zia_update_static_ip", ip, &[(200, r#"{"ipAddress":"x"}"#)]);
    let put = r#"PUT staticIP/41 {"comment":"","geoOverride":false,"latitude":0,"ipAddress":"x"}"#;
    assert_eq!((failed, asked), (false, vec!["GET staticIP/41".to_owned(), put.to_owned()]));
    for answers in [&[(200, "{}")][..], &[(200, r#"{"ipAddress":null}"#)], &[(404, "{}")]] {
        let (said, failed, asked) = tried("zia_update_static_ip", ip, answers);
        assert!(failed && asked.len() == 1, "{said} {asked:?}");
    }
    let key = r#"{"credential_id":"7","pre_shared_key":"k"}"#;
    let (_, _, asked) = tried("zia_update_vpn_credential", key, &[DONE]);
    assert_eq!(asked[1], r#"PUT vpnCredentials/7 {"preSharedKey":"k","comments":null}"#);
    let (_, failed, asked) = tried("zia_update_vpn_credential", key, &[(404, "{}")]);
    assert!(failed && asked.len() == 1);
}

const REFUSED: &[(&str, &str, &str)] = &[
    ("zia_update_static_ip", r#"{"static_ip_id":"1"}"#, "nothing to change was given"),
    ("zia_update_vpn_credential", r#"{"credential_id":"1"}"#, "nothing to change was given"),
    ("zia_update_rule_label", r#"{"label_id":"1"}"#, "nothing to change was given"),
    ("zia_update_rule_label", r#"{"label_id":"1","name":""}"#, "nothing to change was given"),
    (
        "zia_create_vpn_credential",
        r#"{"credential_type":"IP","pre_shared_key":""}"#,
        "pre_shared_key must not be empty",
    ),
    (
        "zia_create_vpn_credential",
        r#"{"credential_type":"IP","pre_shared_key":"k","fqdn":"x"}"#,
        "IP needs ip_address",
    ),
    (
        "zia_create_vpn_credential",
        r#"{"credential_type":"UFQDN","pre_shared_key":"k","ip_address":"x"}"#,
        "UFQDN needs fqdn",
    ),
    (
        "zia_create_vpn_credential",
        r#"{"credential_type":"ip","pre_shared_key":"k"}"#,
        "must be one of: IP, UFQDN",
    ),
    ("zia_create_ip_destination_group", r#"{"name":"n","type":"DSTN"}"#, "must be one of: DSTN_IP"),
    (
        "zia_create_url_category",
        r#"{"configured_name":" ","super_category":"s"}"#,
        "must not be empty",
    ),
];

const SENT: &[(&str, &str, &str)] = &[
    (
        "zia_update_rule_label",
        r#"{"label_id":"1","description":""}"#,
        r#"PUT ruleLabels/1 {"description":""}"#,
    ),
    (
        "zia_create_rule_label",
        r#"{"name":"n","description":""}"#,
        r#"POST ruleLabels {"name":"n"}"#,
    ),
    (
        "zia_create_vpn_credential",
        r#"{"credential_type":"UFQDN","pre_shared_key":"k","fqdn":"x@y.test"}"#,
        r#"POST vpnCredentials {"type":"UFQDN","preSharedKey":"k","fqdn":"x@y.test"}"#,
    ),
    (
        "zia_update_network_svc_group",
        r#"{"group_id":"1","name":"n","service_ids":["12","x"]}"#,
        concat!(
            r#"PUT networkServiceGroups/1 "#,
            r#"{"name":"n","services":[{"id":12},{"id":"x"}],"description":null}"#
        ),
    ),
    (
        "zia_update_ip_destination_group",
        r#"{"group_id":"1","name":"n","type":"DSTN_IP","addresses":[]}"#,
        concat!(
            r#"PUT ipDestinationGroups/1 {"name":"n","type":"DSTN_IP","description":null,"#,
            r#""addresses":[],"countries":null,"ipCategories":null}"#
        ),
    ),
];

#[test]
fn a_change_that_cannot_be_meant_is_refused() {
    for (tool, arguments, expected) in REFUSED {
        is_refused(tool, arguments, expected);
    }
    for (tool, arguments, expected) in SENT {
        assert_eq!(sent(tool, arguments), *expected);
    }
}

fn changes() -> impl Iterator<Item = &'static Row> {
    catalogue::rows().filter(|row| row.service() == "zia" && row.verb != Verb::Read)
}

const WAITS: [&str; 2] = [
    "The change waits for zia_activate_configuration.",
    "Staged until zia_activate_configuration.",
];

#[test]
fn every_change_says_what_it_is_about_and_that_it_waits() {
    for row in changes() {
        let subject = row.subject.unwrap();
        let name = row.name;
        assert!(!subject.kind.is_empty() && subject.kind == subject.kind.to_lowercase(), "{name}");
        assert_eq!(row.verb == Verb::Delete, row.done, "{name}");
        assert!(row.verb != Verb::Delete || row.asks == "delete", "{name}");
        assert_eq!(row.doc.contains("after the user has agreed"), !row.asks.is_empty(), "{name}");
        let waits = WAITS.iter().any(|waits| row.doc.contains(waits));
        assert_ne!(waits, name == "zia_activate_configuration", "{name}");
        if let Some(read) = catalogue::rows().find(|row| row.name == subject.read) {
            assert_eq!(read.verb, Verb::Read, "{name}");
            assert!(read.params.iter().all(|param| row.param(param.name).is_some()), "{name}");
            let key = read.param(subject.key).is_some_and(|param| param.required);
            assert_eq!(key, !subject.key.is_empty(), "{name}");
        } else {
            // A list of entries is its own key.
            let key = row.param(subject.key).map(|param| param.kind);
            assert!(key.is_none_or(|kind| kind == Kind::Texts), "{name}");
        }
    }
    assert_eq!(changes().count(), 82);
    let asking = changes().filter(|row| row.verb != Verb::Delete && !row.asks.is_empty());
    let asking: Vec<&str> = asking.map(|row| row.name).collect();
    assert_eq!(
        asking,
        [
            "zia_activate_configuration",
            "zia_bulk_update_shadow_it_apps",
            "zia_remove_urls_from_category",
        ]
    );
}
