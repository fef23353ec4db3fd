//! What the tools that change private access send: conditions of rules, free-form members of
//! segments, applications inside them, and server groups, each with what is refused.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::{Arc, Mutex};

use zscaler_mcp::backend::oneapi::request::reads;
use zscaler_mcp::backend::{
    ApiBody, ApiMethod, ApiRequest, ApiResponse, Backend, Patience, Upstream,
};
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::row::Verb;

use kit::{call_allowed, json, product, texts, working_for};

/// A service that answers in order, then with an empty record, and keeps the requests.
struct Script {
    answers: Mutex<Vec<Json>>,
    seen: Mutex<Vec<ApiRequest>>,
}

impl Backend for Script {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        self.seen.lock().unwrap().push(request.clone());
        let mut answers = self.answers.lock().unwrap();
        let body = if answers.is_empty() { json("{}") } else { answers.remove(0) };
        Ok(ApiResponse { status: 200, body: ApiBody::Json(body) })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

/// Calls `name`; returns the requests, and the text when the call failed.
fn run(name: &str, arguments: &str, answers: &[&str]) -> (Vec<ApiRequest>, Option<String>) {
    let answers = Mutex::new(answers.iter().map(|answer| json(answer)).collect());
    let script = Arc::new(Script { answers, seen: Mutex::default() });
    let product = product(Arc::<Script>::clone(&script), working_for(Some("1")));
    let result = call_allowed(&product, name, arguments);
    let failed = result.is_error.then(|| texts(&result)[0].to_owned());
    let seen = script.seen.lock().unwrap().clone();
    (seen, failed)
}

/// The body of the last request of a call that succeeds.
fn sent(name: &str, arguments: &str, answers: &[&str]) -> Json {
    let (seen, failed) = run(name, arguments, answers);
    assert_eq!(failed, None, "{name} {arguments}");
    seen.last().unwrap().body.clone().unwrap()
}

/// What a call says that is refused before any request.
fn refused(name: &str, arguments: &str) -> String {
    let (seen, failed) = run(name, arguments, &[]);
    assert_eq!(seen, [], "{name} {arguments}");
    failed.unwrap_or_else(|| panic!("{name} {arguments}"))
}

const SET: &str = r#"{"id":"set"}"#;

fn rule(conditions: &str) -> String {
    format!(r#"{{"name":"n","action_type":"allow","conditions":{conditions}}}"#)
}

fn conditions_sent(conditions: &str) -> String {
    let body = sent("zpa_create_access_policy_rule", &rule(conditions), &[SET]);
    write::to_text(body.get("conditions").unwrap())
}

/// Conditions by what they show, and how they go out.
const BUILT: &[(&str, &str, &str)] = &[
    ("none", "[]", "[]"),
    ("nothing", "null", "[]"),
    (
        "lists of one kind are one condition",
        r#"[["scim_group",[["i","a"]]],["SCIM_GROUP",[["i","b"],["i","c"]]]]"#,
        r#"[{"operator":"OR","operands":[{"objectType":"SCIM_GROUP","entryValues":[
                {"lhs":"i","rhs":"a"},{"lhs":"i","rhs":"b"},{"lhs":"i","rhs":"c"}]}]}]"#,
    ),
    (
        "lists with AND stay apart from those with OR",
        r#"[["saml",[["a","x"]]],["and",["saml",[["a","y"]]]]]"#,
        r#"[{"operator":"OR","operands":[{"objectType":"SAML","entryValues":[
                {"lhs":"a","rhs":"x"}]}]},{"operator":"AND","operands":[{"objectType":"SAML",
                "entryValues":[{"lhs":"a","rhs":"y"}]}]}]"#,
    ),
    (
        "the order is chrome, applications, single kinds, others",
        r#"[["posture","p","true"],["console",["c"]],["app","1","2"],
                ["chrome_posture_profile",["q"]],["chrome_enterprise",[["a","b"],["c","d"]]]]"#,
        r#"[{"operands":[{"objectType":"CHROME_POSTURE_PROFILE","values":["q"]},
                {"objectType":"CHROME_ENTERPRISE","entryValues":[{"lhs":"a","rhs":"b"}]},
                {"objectType":"CHROME_ENTERPRISE","entryValues":[{"lhs":"c","rhs":"d"}]}]},
                {"operands":[{"objectType":"APP","values":["1","2"]}]},
                {"operator":"OR","operands":[{"objectType":"CONSOLE","values":["c"]}]},
                {"operator":"OR","operands":[{"objectType":"POSTURE","entryValues":[
                {"lhs":"p","rhs":"true"}]}]}]"#,
    ),
    (
        "what a rule shows is what it gets",
        r#"[{"operator":"OR","operands":[{"object_type":"SAML","entry_values":[{"lhs":"a",
                "rhs":"x"}]},{"object_type":"SCIM_GROUP","entry_values":[{"lhs":"i","rhs":"g"}]}]}]"#,
        r#"[{"operator":"OR","operands":[{"objectType":"SAML","entryValues":[{"lhs":"a",
                "rhs":"x"}]},{"objectType":"SCIM_GROUP","entryValues":[{"lhs":"i","rhs":"g"}]}]}]"#,
    ),
    (
        "two conditions of one kind are not joined",
        r#"[{"operands":[{"object_type":"SCIM_GROUP","entry_values":[{"lhs":"i","rhs":"a"}]}]},
                {"operands":[{"object_type":"SCIM_GROUP","entry_values":[{"lhs":"i","rhs":"b"}]}]}]"#,
        r#"[{"operator":"OR","operands":[{"objectType":"SCIM_GROUP","entryValues":[{"lhs":"i",
                "rhs":"a"}]}]},{"operator":"OR","operands":[{"objectType":"SCIM_GROUP",
                "entryValues":[{"lhs":"i","rhs":"b"}]}]}]"#,
    ),
    (
        "kinds under AND are apart, and AND stays where there is more than one value",
        r#"[{"operator":"AND","operands":[{"object_type":"APP","values":["1"]},
                {"object_type":"EDGE_CONNECTOR_GROUP","values":["e","f"]},
                {"object_type":"CLIENT_TYPE","values":["z"]}]}]"#,
        r#"[{"operands":[{"objectType":"APP","values":["1"]}]},
                {"operator":"OR","operands":[{"objectType":"CLIENT_TYPE","values":["z"]}]},
                {"operator":"AND","operands":[{"objectType":"EDGE_CONNECTOR_GROUP",
                "values":["e","f"]}]}]"#,
    ),
    (
        "stored operands with both sides are read",
        r#"[{"operator":"OR","negated":false,"id":"9","operands":[{"id":"8","name":"x",
                "objectType":"APP","lhs":"id","rhs":"7"},{"objectType":"APP","lhs":"id","rhs":"6"}]},
                {"operands":[{"object_type":"posture","lhs":"p","rhs":false}]}]"#,
        r#"[{"operands":[{"objectType":"APP","values":["7"]},{"objectType":"APP",
                "values":["6"]}]},{"operator":"OR","operands":[{"objectType":"POSTURE",
                "entryValues":[{"lhs":"p","rhs":false}]}]}]"#,
    ),
    (
        "a kind that is not known goes out as it is",
        r#"[{"operands":[{"object_type":"new_kind","values":["v"]}]}]"#,
        r#"[{"operator":"OR","operands":[{"objectType":"NEW_KIND","values":["v"]}]}]"#,
    ),
    (
        "as JSON inside a text",
        r#""[[\"app\", [\"1\"]]]""#,
        r#"[{"operands":[{"objectType":"APP","values":["1"]}]}]"#,
    ),
];

#[test]
fn each_condition_goes_out_as_it_is_meant() {
    for (name, given, expected) in BUILT {
        assert_eq!(conditions_sent(given), write::to_text(&json(expected)), "{name}");
    }
}

/// Conditions by what is wrong with them, and what the refusal says.
const UNBUILT: &[(&str, &str, &str)] = &[
    ("a text", r#""app""#, "conditions must be a list"),
    ("an empty text", r#""""#, "conditions must be a list"),
    ("one object", r#"{"operands":[]}"#, "conditions must be a list"),
    ("a list of one kind alone", r#"["app",["1"]]"#, "conditions must be a list"),
    ("both forms", r#"[["app",["1"]],{"operands":[]}]"#, "conditions must be a list"),
    ("an empty list", r"[[]]", "conditions[0]: object_type"),
    ("no operands", r#"[{"operator":"OR"}]"#, "conditions[0]: operands"),
    ("empty operands", r#"[{"operands":[]}]"#, "conditions[0]: operands"),
    ("a text as operand", r#"[{"operands":["app"]}]"#, "conditions[0]: operands"),
    ("no kind", r#"[{"operands":[{"values":["1"]}]}]"#, "operands[0]: object_type"),
    (
        "an odd kind",
        r#"[{"operands":[{"object_type":"app group","values":["1"]}]}]"#,
        "object_type",
    ),
    ("a bad operator", r#"[{"operator":"NOT","operands":[]}]"#, "AND or OR"),
    (
        "a negated one",
        r#"[{"negated":true,"operands":[{"object_type":"APP","values":["1"]}]}]"#,
        "conditions[0]: is negated",
    ),
    (
        "a strange member",
        r#"[{"except":1,"operands":[{"object_type":"APP","values":["1"]}]}]"#,
        "has a member",
    ),
    (
        "a strange member of an operand",
        r#"[{"operands":[{"object_type":"APP","value":["1"],"values":["1"]}]}]"#,
        "operands[0]: has a member",
    ),
    (
        "two spellings",
        r#"[{"operands":[{"object_type":"APP","objectType":"APP","values":["1"]}]}]"#,
        "twice",
    ),
    ("no values", r#"[{"operands":[{"object_type":"APP","values":[]}]}]"#, "needs values"),
    ("an empty value", r#"[{"operands":[{"object_type":"APP","values":[""]}]}]"#, "needs values"),
    (
        "one value of two is null",
        r#"[{"operands":[{"object_type":"APP","values":["1",null]}]}]"#,
        "needs values",
    ),
    (
        "values and pairs",
        r#"[{"operands":[{"object_type":"APP","values":["1"],"entry_values":[{"lhs":"a",
                "rhs":"b"}]}]}]"#,
        "needs values",
    ),
    (
        "values for pairs",
        r#"[{"operands":[{"object_type":"SCIM_GROUP","values":["g"]}]}]"#,
        "needs entry_values",
    ),
    (
        "pairs for values",
        r#"[{"operands":[{"object_type":"APP","entry_values":[{"lhs":"a","rhs":"b"}]}]}]"#,
        "needs values",
    ),
    (
        "one pair of two lacks a side",
        r#"[{"operands":[{"object_type":"SAML","entry_values":[{"lhs":"a","rhs":"b"},
                {"lhs":"c"}]}]}]"#,
        "needs entry_values",
    ),
    (
        "an application by another side",
        r#"[{"operands":[{"object_type":"APP","lhs":"name","rhs":"wiki"}]}]"#,
        "needs values",
    ),
    (
        "applications or groups of users",
        r#"[{"operator":"OR","operands":[{"object_type":"APP","values":["1"]},
                {"object_type":"SCIM_GROUP","entry_values":[{"lhs":"i","rhs":"g"}]}]}]"#,
        "conditions[0].operands[1]: is of a kind that OR cannot join",
    ),
    (
        "applications twice",
        r#"[{"operands":[{"object_type":"APP","values":["1"]}]},
                {"operands":[{"object_type":"APP_GROUP","values":["2"]}]}]"#,
        "APP and APP_GROUP stand more than once",
    ),
    (
        "two applications at once",
        r#"[{"operator":"AND","operands":[{"object_type":"APP","values":["1","2"]}]}]"#,
        "joins these by OR only",
    ),
    (
        "two applications at once, as lists",
        r#"[["app",["1"]],["AND",["app",["2"]]]]"#,
        "joins these by OR only",
    ),
    ("a flat pair that is one text", r#"[["posture",["p","true"]]]"#, "needs entry_values"),
    ("an operator alone", r#"[["AND"]]"#, "AND or OR must be followed"),
    (
        "an operator before two lists",
        r#"[["OR",["app",["1"]],["app",["2"]]]]"#,
        "AND or OR must be followed",
    ),
];

#[test]
fn a_condition_that_cannot_be_built_is_refused_with_its_place() {
    for (name, given, place) in UNBUILT {
        let said = refused("zpa_create_access_policy_rule", &rule(given));
        assert!(said.contains(place), "{name}: {said}");
    }
}

#[test]
fn an_update_of_a_rule_keeps_no_condition_that_is_not_given() {
    for (kind, more) in [
        ("access_policy", ""),
        ("app_protection", r#","action_type":"bypass_inspect""#),
        ("forwarding_policy", ""),
        ("isolation_policy", ""),
        ("timeout_policy", ""),
    ] {
        let name = format!("zpa_update_{kind}_rule");
        let said = refused(&name, &format!(r#"{{"rule_id":"1","name":"n"{more}}}"#));
        assert!(said.contains("conditions is needed"), "{said}");
        let body = sent(&name, &format!(r#"{{"rule_id":"1","conditions":[]{more}}}"#), &[SET]);
        let conditions = write::to_text(body.get("conditions").unwrap());
        let browser = r#"[{"operator":"OR","operands":[{"objectType":"CLIENT_TYPE","values":["zpn_client_type_exporter"]}]}]"#;
        let none = if kind == "isolation_policy" { browser } else { "[]" };
        assert_eq!(conditions, none, "{name}");
    }
    let own = r#"{"name":"n","action_type":"bypass_isolate","conditions":
        [{"operands":[{"object_type":"CLIENT_TYPE","values":["zpn_client_type_zapp"]}]}]}"#;
    let body = sent("zpa_create_isolation_policy_rule", own, &[SET]);
    assert_eq!(body.get("conditions").unwrap().as_array().unwrap().len(), 1);
}

#[test]
fn a_rule_without_what_its_action_needs_is_refused() {
    for (name, arguments, says) in [
        (
            "zpa_create_app_protection_rule",
            r#"{"name":"n","action_type":"Inspect"}"#,
            "zpn_inspection_profile_id",
        ),
        (
            "zpa_update_app_protection_rule",
            r#"{"rule_id":"1","action_type":"INSPECT","conditions":[]}"#,
            "zpn_inspection_profile_id",
        ),
        ("zpa_update_app_protection_rule", r#"{"rule_id":"1","conditions":[]}"#, "action_type"),
        (
            "zpa_update_isolation_policy_rule",
            r#"{"rule_id":"1","action_type":"ISOLATE","conditions":[]}"#,
            "zpn_isolation_profile_id",
        ),
        ("zpa_create_timeout_policy_rule", r#"{"name":"n","action_type":"DENY"}"#, "RE_AUTH"),
    ] {
        let said = refused(name, arguments);
        assert!(said.contains(says), "{name}: {said}");
    }
    let body =
        sent("zpa_create_timeout_policy_rule", r#"{"name":"n","reauth_timeout":-1}"#, &[SET]);
    assert_eq!(
        write::to_text(&body),
        r#"{"name":"n","description":null,"customMsg":null,"reauthTimeout":"-1","reauthIdleTimeout":"600","conditions":[],"action":"RE_AUTH"}"#
    );
}

#[test]
fn a_policy_without_an_id_stops_the_call() {
    let (seen, failed) = run("zpa_create_access_policy_rule", &rule("[]"), &["{}"]);
    assert_eq!(seen.len(), 1);
    assert!(failed.unwrap().contains("names no policy of this type"));
}

fn new_segment(more: &str) -> String {
    format!(r#"{{"name":"n","segment_group_id":"g","tcp_port_ranges":["1","1"]{more}}}"#)
}

/// Free-form members, and what they add to the body.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("nothing", "{}", ""),
    (
        "names and nested names",
        r#"{"health_reporting":"ON_ACCESS","zpnErId":{"er_name":1},"icmp_access_type":null}"#,
        r#","healthReporting":"ON_ACCESS","zpnErId":{"erName":1},"icmpAccessType":null"#,
    ),
    (
        "ids",
        r#"{"server_group_ids":["1",2,{"id":"3","some_name":"x"}],"labels":{"id":7}}"#,
        r#","serverGroups":[{"id":"1"},{"id":2},{"id":"3","someName":"x"}],"labels":{"id":7}"#,
    ),
    (
        "ports",
        r#"{"udp_port_range":[{"from":"53","to":"53"}]}"#,
        r#","udpPortRange":[{"from":"53","to":"53"}]"#,
    ),
    (
        "applications",
        r#"{"clientless_app_ids":[{"application_port":"443"}]}"#,
        r#","clientlessApps":[{"applicationPort":"443"}]"#,
    ),
];

/// Free-form members that are refused, and what the refusal says.
const NO_MEMBERS: &[(&str, &str, &str)] = &[
    ("what is an argument", r#"{"name":"m"}"#, "holds name"),
    ("an id for a new segment", r#"{"id":"7"}"#, "holds an id"),
    ("in another spelling", r#"{"segmentGroupId":"h"}"#, "holds segment_group_id"),
    ("ports in the same form", r#"{"tcp_port_ranges":["2","2"]}"#, "holds tcp_port_ranges"),
    (
        "ports in the other form",
        r#"{"tcpPortRange":[{"from":"2","to":"2"}]}"#,
        "tcp_port_ranges and its form",
    ),
    ("a microtenant", r#"{"microtenant_id":"5"}"#, "microtenant_id"),
    ("one member twice", r#"{"connector_ids":["1"],"connectors":[]}"#, "twice"),
    ("ids that are none", r#"{"connector_ids":"1"}"#, "list of ids"),
    ("an id that is none", r#"{"connector_ids":["1",null]}"#, "list of ids"),
    ("an object without an id", r#"{"connector_ids":[{"name":"x"}]}"#, "list of ids"),
    ("half a range", r#"{"udp_port_range":[{"from":"53"}]}"#, "needs ports"),
    ("more than a range", r#"{"udp_port_range":[{"from":"53","to":"53","x":1}]}"#, "needs ports"),
    (
        "a nested name in two spellings",
        r#"{"zpn_er_id":{"er_id":1,"erId":2}}"#,
        "twice, in two spellings",
    ),
    ("applications by id", r#"{"clientless_app_ids":["1"]}"#, "clientless_app_ids must be"),
];

#[test]
fn free_form_members_of_a_segment_go_out_or_are_refused() {
    let base = r#""name":"n","segmentGroupId":"g","tcpPortRanges":["1","1"],"enabled":true"#;
    for (name, advanced, expected) in MEMBERS {
        let arguments = new_segment(&format!(r#","advanced":{advanced}"#));
        let body = sent("zpa_create_application_segment", &arguments, &[]);
        assert_eq!(body, json(&format!("{{{base}{expected}}}")), "{name}");
    }
    let body = sent(
        "zpa_create_application_segment",
        &new_segment(r#","advanced":{"enabled":false}"#),
        &[],
    );
    assert_eq!(body.get("enabled"), Some(&Json::Bool(false)));
    for (name, advanced, says) in NO_MEMBERS {
        let arguments = new_segment(&format!(r#","advanced":{advanced}"#));
        let said = refused("zpa_create_application_segment", &arguments);
        assert!(said.contains(says), "{name}: {said}");
    }
    for arguments in [
        r#"{"name":"n","segment_group_id":"g"}"#,
        r#"{"name":"n","segment_group_id":"g","udp_port_ranges":[],"advanced":{"tcp_port_range":[]}}"#,
    ] {
        let said = refused("zpa_create_application_segment", arguments);
        assert!(said.contains("needs a port"), "{said}");
    }
}

#[test]
fn what_an_argument_says_is_not_written_over() {
    for (name, arguments, says) in [
        (
            "server groups as the service names them",
            r#"{"segment_id":"7","server_group_ids":["1"],"advanced":{"serverGroups":[]}}"#,
            "holds server_group_ids",
        ),
        (
            "the id of another segment",
            r#"{"segment_id":"7","advanced":{"id":"8"}}"#,
            "holds an id that is not",
        ),
    ] {
        let said = refused("zpa_update_application_segment", arguments);
        assert!(said.contains(says), "{name}: {said}");
    }
    let own = r#"{"segment_id":"7","advanced":{"id":7,"serverGroups":[{"id":"1"}]}}"#;
    let body = sent("zpa_update_application_segment", own, &[]);
    assert_eq!(body.get("serverGroups"), Some(&json(r#"[{"id":"1"}]"#)));
}

const APPS: &str = r#"{"totalPages":"1","list":[
    {"id":"a1","appId":"7","domain":"a.test"},{"id":"a2","appId":7,"domain":"b.test"},
    {"id":"a3","appId":"8","domain":"c.test"}]}"#;

#[test]
fn applications_of_a_segment_are_found_by_their_domain() {
    let wanted = r#"{"segment_id":"7","advanced":{"clientless_app_ids":[{"domain":"b.test"}]}}"#;
    let body = sent("zpa_update_application_segment", wanted, &[APPS]);
    let apps = json(r#"[{"domain":"b.test","id":"a2","appId":"7"}]"#);
    assert_eq!(body.get("clientlessApps"), Some(&apps));
    let wanted = r#"{"segment_id":"7","clientless_app_ids":[{"domain":"b.test","id":"a2"}]}"#;
    let body = sent("zpa_update_application_segment_ba", wanted, &[APPS]);
    let apps = json(r#"[{"domain":"b.test","id":"a2","appId":"7"}]"#);
    assert_eq!(body.get("clientlessApps"), Some(&apps));
    for (domain, more) in [("c.test", ""), ("b.tes", ""), ("b.test", r#","id":"a1""#)] {
        let wanted =
            format!(r#"{{"segment_id":"7","clientless_app_ids":[{{"domain":"{domain}"{more}}}]}}"#);
        let (seen, failed) = run("zpa_update_application_segment_ba", &wanted, &[APPS]);
        assert_eq!(seen.len(), 1, "{domain}");
        assert!(failed.unwrap().contains("nothing was changed"));
    }
}

#[test]
fn applications_that_are_not_named_any_more_are_removed_and_no_others() {
    let dto = r#"{"segment_id":"7","common_apps_dto":{"apps_config":[{"domain":"b.test"},
        {"domain":"new.test","app_types":["X"]}],"deleted_pra_apps":["a0"]}}"#;
    let body = sent("zpa_update_application_segment_pra", dto, &[APPS]);
    let expected = json(
        r#"{"appsConfig":[{"domain":"b.test","appTypes":["SECURE_REMOTE_ACCESS"],"appId":"7",
        "praAppId":"a2"},{"domain":"new.test","appTypes":["X"],"appId":"7","praAppId":""}],
        "deletedPraApps":["a0","a1"]}"#,
    );
    assert_eq!(body.get("commonAppsDto"), Some(&expected));
    let dto = r#"{"segment_id":"7","advanced":{"common_apps_dto":{"apps_config":
        [{"domain":"a.test"},{"domain":"b.test"}]}}}"#;
    let body = sent("zpa_update_application_segment_ba", dto, &[APPS]);
    let expected = json(
        r#"{"appsConfig":[{"domain":"a.test","appTypes":["BROWSER_ACCESS"],"appId":"7",
        "baAppId":"a1"},{"domain":"b.test","appTypes":["BROWSER_ACCESS"],"appId":"7",
        "baAppId":"a2"}]}"#,
    );
    assert_eq!(body.get("commonAppsDto"), Some(&expected));
    for (name, dto, says) in [
        ("no list", r#"{"apps_config":"x"}"#, "must be an object such as"),
        ("no objects", r#"{"apps_config":["x"]}"#, "must be an object such as"),
        ("no domain", r#"{"apps_config":[{"name":"x"}]}"#, "needs a domain"),
        ("one domain twice", r#"{"apps_config":[{"domain":"x"},{"domain":"x"}]}"#, "one domain"),
        (
            "no list of deleted",
            r#"{"apps_config":[],"deleted_pra_apps":"a1"}"#,
            "must be an object",
        ),
    ] {
        let arguments = format!(r#"{{"segment_id":"7","common_apps_dto":{dto}}}"#);
        let said = refused("zpa_update_application_segment_pra", &arguments);
        assert!(said.contains(says), "{name}: {said}");
    }
}

#[test]
fn a_list_of_applications_that_is_cut_is_not_taken_for_the_whole() {
    let cut = r#"{"totalPages":"2","list":[{"id":"a1","appId":"7","domain":"a.test"}]}"#;
    let dto = r#"{"segment_id":"7","microtenant_id":"5","common_apps_dto":{"apps_config":
        [{"domain":"b.test"}]}}"#;
    let (seen, failed) = run("zpa_update_application_segment_pra", dto, &[cut, APPS]);
    assert_eq!(failed, None);
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[1].query_value("pagesize"), Some("500"));
    assert_eq!(seen[1].query_value("microtenantId"), Some("5"));
    let dto = seen[2].body.as_ref().unwrap().get("commonAppsDto").unwrap();
    assert_eq!(dto.get("deletedPraApps"), Some(&json(r#"["a1"]"#)));
    let arguments = r#"{"segment_id":"7","common_apps_dto":{"apps_config":[{"domain":"b.test"}]}}"#;
    let (seen, failed) = run("zpa_update_application_segment_pra", arguments, &[cut, cut]);
    assert_eq!(seen.len(), 2);
    assert!(failed.unwrap().contains("nothing was changed"));
}

#[test]
fn an_update_of_a_segment_writes_the_ports_in_both_forms() {
    for (more, tcp, tcp_range) in [
        ("", "[]", "[]"),
        (r#","tcp_port_ranges":["1","2"]"#, r#"["1","2"]"#, "[]"),
        (
            r#","advanced":{"tcp_port_range":[{"from":"1","to":"2"}]}"#,
            "[]",
            r#"[{"from":"1","to":"2"}]"#,
        ),
    ] {
        let arguments = format!(r#"{{"segment_id":"7"{more}}}"#);
        let body = sent("zpa_update_application_segment", &arguments, &[]);
        assert_eq!(body.get("tcpPortRanges"), Some(&json(tcp)), "{more}");
        assert_eq!(body.get("tcpPortRange"), Some(&json(tcp_range)), "{more}");
        assert_eq!(body.get("udpPortRanges"), Some(&json("[]")), "{more}");
        assert_eq!(body.get("udpPortRange"), Some(&json("[]")), "{more}");
    }
}

const GROUP: &str = r#"{"id":"7","name":"old","enabled":false,"dynamicDiscovery":"false",
    "servers":[{"id":"s1","name":"x"}],"appConnectorGroups":[{"id":"c1","name":"y"}],
    "applications":[{"id":"a1"}],"aNewMember":[1]}"#;

#[test]
fn a_server_group_keeps_what_is_not_given() {
    let body = sent("zpa_update_server_group", r#"{"group_id":"7","name":"new"}"#, &[GROUP]);
    for (member, expected) in [
        ("name", r#""new""#),
        ("enabled", "false"),
        ("dynamicDiscovery", "false"),
        ("servers", r#"[{"id":"s1","name":"x"}]"#),
        ("appConnectorGroups", r#"[{"id":"c1","name":"y"}]"#),
        ("aNewMember", "[1]"),
        ("description", "null"),
    ] {
        assert_eq!(body.get(member), Some(&json(expected)), "{member}");
    }
    assert_eq!(body.get("applications"), None);
    let given = r#"{"group_id":"7","app_connector_group_ids":["c2"],"server_ids":["s2"]}"#;
    let body = sent("zpa_update_server_group", given, &[GROUP]);
    assert_eq!(body.get("appConnectorGroups"), Some(&json(r#"[{"id":"c2"}]"#)));
    assert_eq!(body.get("servers"), Some(&json(r#"[{"id":"s2"}]"#)));
}

#[test]
fn servers_of_a_group_follow_its_discovery() {
    let on = r#"{"group_id":"7","dynamic_discovery":true}"#;
    assert_eq!(sent("zpa_update_server_group", on, &[GROUP]).get("servers"), None);
    let off = r#"{"group_id":"7","dynamic_discovery":false}"#;
    let body = sent("zpa_update_server_group", off, &[GROUP]);
    assert_eq!(body.get("servers"), Some(&json(r#"[{"id":"s1","name":"x"}]"#)));
    let off_with_none = r#"{"group_id":"7","dynamic_discovery":false,"server_ids":[]}"#;
    for (arguments, stored) in
        [(off, r#"{"id":"7"}"#), (off, r#"{"id":"7","servers":[]}"#), (off_with_none, GROUP)]
    {
        let (seen, failed) = run("zpa_update_server_group", arguments, &[stored]);
        assert_eq!(seen.len(), 1, "{arguments} {stored}");
        assert!(failed.unwrap().contains("needs server_ids"));
    }
    let said =
        refused("zpa_update_server_group", r#"{"group_id":"7","app_connector_group_ids":[]}"#);
    assert!(said.contains("must not be empty"), "{said}");
    let (seen, failed) = run("zpa_update_server_group", on, &["[]"]);
    assert_eq!((seen.len(), failed.is_some()), (1, true));
}

#[test]
fn a_certificate_that_is_not_found_stops_a_connector_group() {
    let found = r#"{"list":[{"id":"e0","name":"Other"},{"id":"e1","name":"CONNECTOR"}]}"#;
    let body = sent("zpa_create_app_connector_group", r#"{"name":"n"}"#, &[found]);
    assert_eq!(body.get("enrollmentCertId"), Some(&json(r#""e1""#)));
    assert_eq!(body.get("serverGroups"), None);
    for (name, arguments) in [
        ("zpa_create_app_connector_group", r#"{"name":"n"}"#),
        ("zpa_create_app_connector_group", r#"{"name":"n","enrollment_cert_name":"Mine"}"#),
        ("zpa_update_app_connector_group", r#"{"group_id":"7"}"#),
    ] {
        let (seen, failed) = run(name, arguments, &[r#"{"list":[{"id":"e0","name":"Other"}]}"#]);
        assert_eq!(seen.len(), 1, "{name}");
        assert!(failed.unwrap().contains("nothing was changed"), "{name}");
    }
    let given = r#"{"group_id":"7","server_group_ids":["1"],"connector_ids":[]}"#;
    let body = sent("zpa_update_app_connector_group", given, &[found]);
    assert_eq!(body.get("serverGroups"), Some(&json(r#"[{"id":"1"}]"#)));
    assert_eq!(body.get("connectors"), Some(&json("[]")));
}

#[test]
fn every_change_names_its_record_and_every_deletion_asks() {
    let changes = catalogue::rows()
        .filter(|row| row.service() == "zpa" && row.verb != Verb::Read)
        .collect::<Vec<_>>();
    assert_eq!(changes.len(), 56);
    for row in changes {
        let subject = row.subject.unwrap();
        assert!(!subject.kind.is_empty() && subject.kind == subject.kind.to_lowercase());
        assert_eq!(subject.key.is_empty(), row.verb == Verb::Create, "{}", row.name);
        assert_eq!(row.asks, if row.verb == Verb::Delete { "delete" } else { "" }, "{}", row.name);
        // A key that is not there says so itself.
        let is_done = row.verb == Verb::Delete && row.name != "zpa_delete_provisioning_key";
        assert_eq!(row.done, is_done, "{}", row.name);
        if let Some(key) = Some(subject.key).filter(|key| !key.is_empty()) {
            assert!(row.param(key).is_some_and(|param| param.required), "{}", row.name);
            let read = catalogue::rows().find(|other| other.name == subject.read);
            assert_eq!(read.is_none(), row.name.starts_with("zpa_bulk_delete_"), "{}", row.name);
            assert!(read.is_none_or(|read| read.param(key).is_some()), "{}", row.name);
        }
    }
}

#[test]
fn connectors_are_deleted_together_by_a_request_that_is_sent_once() {
    let ids = r#"{"connector_ids":["1","2"]}"#;
    let (seen, failed) = run("zpa_bulk_delete_app_connectors", ids, &[]);
    assert_eq!(failed, None);
    assert_eq!(seen[0].method, ApiMethod::Post);
    assert_eq!(seen[0].body, Some(json(r#"{"ids":["1","2"]}"#)));
    assert!(!reads(&seen[0]));
}
