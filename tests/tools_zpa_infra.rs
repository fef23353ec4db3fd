//! The tools of private access for servers, certificates, keys, providers, portals and service
//! edges: what they find in the demo, what they send, what they refuse and what stays hidden.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::{Arc, Mutex};

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::consent::question::is_hidden;
use zscaler_mcp::json::{Json, object, write};
use zscaler_mcp::mcp::registry::CallResult;
use zscaler_mcp::tools::Product;

use kit::{
    call, call_allowed, call_on, id, invented, json, product, record, record_of, refused, rows,
    rows_of, text, texts, working_for,
};

fn member<'a>(row: &'a Json, name: &str) -> &'a str {
    row.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// List, get, the argument that names a record, and arguments that both need.
const FOUND: [(&str, &str, &str, &str); 8] = [
    ("zpa_list_application_servers", "zpa_get_application_server", "server_id", ""),
    ("zpa_list_ba_certificates", "zpa_get_ba_certificate", "certificate_id", ""),
    ("zpa_list_pra_credentials", "zpa_get_pra_credential", "credential_id", ""),
    ("zpa_list_pra_portals", "zpa_get_pra_portal", "portal_id", ""),
    (
        "zpa_list_provisioning_keys",
        "zpa_get_provisioning_key",
        "key_id",
        r#","key_type":"connector""#,
    ),
    (
        "zpa_list_provisioning_keys",
        "zpa_get_provisioning_key",
        "key_id",
        r#","key_type":"service_edge""#,
    ),
    ("zpa_list_service_edge_groups", "zpa_get_service_edge_group", "group_id", ""),
    ("zpa_list_service_edges", "zpa_get_service_edge", "service_edge_id", ""),
];

#[test]
fn every_list_gives_records_and_every_get_gives_one_of_them() {
    for (list, get, argument, more) in FOUND {
        let all = rows(list, &format!(r#"{{"page_size":500{more}}}"#));
        assert!(all.len() >= 6, "{list}");
        for row in all {
            let one = record(get, &format!(r#"{{"{argument}":"{}"{more}}}"#, id(&row)));
            assert_eq!(one, row, "{get}");
        }
        let missing = refused(get, &format!(r#"{{"{argument}":"999"{more}}}"#));
        assert!(missing.starts_with(&format!("{get} failed: HTTP 404, ")), "{missing}");
        assert!(missing.contains(&format!("{list} returns the ids that exist")), "{missing}");
    }
}

#[test]
fn searches_pages_and_names_narrow_the_lists() {
    for (name, arguments, expected) in [
        ("zpa_list_application_servers", r#"{"search":"name+STARTSWITH+ledger"}"#, 2),
        ("zpa_list_application_servers", r#"{"search":"ledger"}"#, 0),
        ("zpa_list_application_servers", r#"{"microtenant_id":"216196257331280001"}"#, 1),
        ("zpa_list_application_servers", r#"{"page_size":5,"page":3}"#, 3),
        ("zpa_list_ba_certificates", r#"{"search":"status+EQ+EXPIRED"}"#, 2),
        ("zpa_list_ba_certificates", r#"{"search":"robot portal"}"#, 1),
        ("zpa_list_pra_credentials", r#"{"search":"credentialType+EQ+SSH_KEY"}"#, 2),
        ("zpa_list_pra_credentials", r#"{"microtenant_id":"216196257331280001"}"#, 2),
        ("zpa_list_pra_portals", r#"{"query":"[?!enabled]"}"#, 1),
        ("zpa_list_provisioning_keys", r#"{"key_type":"connector"}"#, 9),
        ("zpa_list_provisioning_keys", r#"{"key_type":"service_edge"}"#, 7),
        ("zpa_list_provisioning_keys", r#"{"key_type":"service_edge","search":"lyon-dc-key"}"#, 0),
        ("zpa_list_service_edge_groups", r#"{"search":"countryCode+EQ+GB"}"#, 2),
        (
            "zpa_list_service_edges",
            r#"{"query":"[?control_channel_status!='ZPN_STATUS_AUTHENTICATED']"}"#,
            3,
        ),
        ("get_zpa_enrollment_certificate", "{}", 4),
        ("get_zpa_enrollment_certificate", r#"{"name":"service edge"}"#, 1),
        ("get_zpa_enrollment_certificate", r#"{"name":"CONNECTOR","certificate_id":"1"}"#, 1),
        ("get_zpa_enrollment_certificate", r#"{"certificate_id":"216196257331278003"}"#, 1),
        ("get_zpa_enrollment_certificate", r#"{"search":"name+CONTAINS+e","page_size":2}"#, 2),
        ("get_zpa_saml_attribute", "{}", 12),
        ("get_zpa_saml_attribute", r#"{"idp_name":"Brackwater SSO"}"#, 3),
        ("get_zpa_saml_attribute", r#"{"idp_name":"Brackwater SSO","search":"Email_BW"}"#, 1),
        ("get_zpa_saml_attribute", r#"{"idp_name":"Admin sign-in"}"#, 0),
        ("get_zpa_scim_attribute", r#"{"idp_name":"Quillfen sign-in"}"#, 9),
        (
            "get_zpa_scim_attribute",
            r#"{"idp_name":"Quillfen sign-in","attribute_id":"216196257331282002"}"#,
            1,
        ),
        ("get_zpa_scim_group", r#"{"idp_name":"Quillfen sign-in","page_size":10}"#, 10),
        ("get_zpa_scim_group", r#"{"idp_name":"Quillfen sign-in","search":"Finance"}"#, 1),
        ("get_zpa_scim_group", r#"{"scim_group_id":293441,"idp_name":"no such"}"#, 1),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
    let edge = rows("zpa_list_service_edges", r#"{"search":"pun-edge-2"}"#);
    assert_eq!(member(&edge[0], "service_edge_group_name"), "Pune edges");
    let one = rows("get_zpa_scim_group", r#"{"scim_group_id":"293401"}"#);
    assert_eq!(member(&one[0], "name"), "Finance");
}

#[test]
fn what_nothing_has_is_refused_with_the_way_on() {
    for (name, arguments, says) in [
        ("get_zpa_enrollment_certificate", r#"{"name":"Connectors"}"#, "without a name for all"),
        ("get_zpa_enrollment_certificate", r#"{"certificate_id":"9"}"#, "without it returns"),
        ("get_zpa_saml_attribute", r#"{"idp_name":"brackwater sso"}"#, "no identity provider"),
        ("get_zpa_scim_attribute", r#"{"idp_name":"Brackwater"}"#, "no identity provider"),
        (
            "get_zpa_scim_attribute",
            r#"{"idp_name":"Brackwater SSO","attribute_id":"216196257331282001"}"#,
            "HTTP 404",
        ),
        ("get_zpa_scim_attribute", r#"{"idp_name":""}"#, "idp_name must not be empty"),
        ("get_zpa_scim_group", "{}", "give idp_name"),
        ("get_zpa_scim_group", r#"{"scim_group_id":"","idp_name":""}"#, "give idp_name"),
        ("get_zpa_scim_group", r#"{"scim_group_id":"9"}"#, "without it returns"),
        ("get_zpa_scim_group", r#"{"idp_name":"Nobody"}"#, "get_zpa_saml_attribute without"),
        ("zpa_list_provisioning_keys", "{}", "key_type is required"),
        ("zpa_list_provisioning_keys", r#"{"key_type":"CONNECTOR_GRP"}"#, "must be one of"),
        ("zpa_get_provisioning_key", r#"{"key_id":"216196257331277001"}"#, "key_type is required"),
    ] {
        let said = refused(name, arguments);
        assert!(said.contains(says), "{name} {arguments}: {said}");
    }
}

#[test]
fn no_injection_of_these_records_reaches_the_agent() {
    for (name, arguments) in [
        ("zpa_list_application_servers", "{}"),
        ("zpa_list_ba_certificates", "{}"),
        ("zpa_list_pra_credentials", "{}"),
        ("zpa_list_pra_portals", "{}"),
        ("zpa_list_service_edge_groups", "{}"),
        ("zpa_list_service_edges", "{}"),
        ("get_zpa_saml_attribute", "{}"),
        ("get_zpa_scim_attribute", r#"{"idp_name":"Quillfen sign-in"}"#),
        ("get_zpa_scim_group", r#"{"idp_name":"Quillfen sign-in"}"#),
    ] {
        let shown = text(&call(name, arguments)).to_owned();
        for hostile in ["<script", "<!--", "<a href", "<b ", "<system", "](", "~~~ system"] {
            assert!(!shown.contains(hostile), "{name}: {hostile:?}");
        }
    }
}

/// A service that answers in order, then with an empty record, and keeps the requests.
struct Script {
    answers: Mutex<Vec<(u16, Json)>>,
    seen: Mutex<Vec<ApiRequest>>,
}

impl Backend for Script {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let mut answers = self.answers.lock().unwrap();
        self.seen.lock().unwrap().push(request.clone());
        let (status, body) = if answers.is_empty() { (200, json("{}")) } else { answers.remove(0) };
        Ok(ApiResponse { status, body: ApiBody::Json(body) })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

/// Calls `name` and allows it; returns the requests as lines, and the result.
fn run(name: &str, arguments: &str, answers: &[(u16, &str)]) -> (Vec<String>, CallResult) {
    let answers = answers.iter().map(|(status, body)| (*status, json(body))).collect();
    let script = Arc::new(Script { answers: Mutex::new(answers), seen: Mutex::default() });
    let product = product(Arc::<Script>::clone(&script), working_for(Some("1")));
    let result = call_allowed(&product, name, arguments);
    let at = "/zpa/mgmtconfig/v1/admin/customers/1/";
    let shown = |request: &ApiRequest| {
        let query: Vec<String> = request.query.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let body = request.body.as_ref().map(write::to_text).unwrap_or_default();
        let path = request.path.as_str().replace(at, "");
        let line = format!("{} {path} {} {body}", request.method.as_str(), query.join("&"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let seen = script.seen.lock().unwrap().iter().map(shown).collect();
    (seen, result)
}

/// What a call says that is refused before any request.
fn unsent(name: &str, arguments: &str) -> String {
    let (seen, result) = run(name, arguments, &[]);
    assert!(seen.is_empty() && result.is_error, "{name} {arguments}: {seen:?}");
    texts(&result)[0].to_owned()
}

const KEY: &str = "-----BEGIN OPENSSH PRIVATE KEY-----\\nZGVtbw==\\n-----END";

/// What goes with a type of credential, and what goes out for it.
const CREDENTIALS: [(&str, &str, &str); 4] = [
    (
        "USERNAME_PASSWORD",
        r#","username":"u","password":"p","private_key":"""#,
        r#""userName":"u","password":"p","#,
    ),
    ("PASSWORD", r#","password":"p","username":"""#, r#""password":"p","#),
    ("PASSWORD", r#","password":" ","private_key":null"#, r#""password":" ","#),
    ("SSH_KEY", r#","username":"u","private_key":"@""#, r#""userName":"u","privateKey":"@","#),
];

/// What does not go with it.
const UNFIT: [(&str, &str); 14] = [
    ("USERNAME_PASSWORD", ""),
    ("USERNAME_PASSWORD", r#","username":"u""#),
    ("USERNAME_PASSWORD", r#","password":"p""#),
    ("USERNAME_PASSWORD", r#","username":"","password":"p""#),
    ("USERNAME_PASSWORD", r#","username":"u","password":"p","private_key":"@""#),
    ("PASSWORD", ""),
    ("PASSWORD", r#","password":"""#),
    ("PASSWORD", r#","username":"u","password":"p""#),
    ("PASSWORD", r#","password":"p","private_key":"@""#),
    ("SSH_KEY", r#","username":"u""#),
    ("SSH_KEY", r#","private_key":"@""#),
    ("SSH_KEY", r#","username":"u","password":"p""#),
    ("SSH_KEY", r#","username":"u","password":"p","private_key":"@""#),
    ("SSH_KEY", r#","username":"u","private_key":"""#),
];

/// The tools that write a credential, with what else they need and the requests before.
const WRITES: [(&str, &str, &str); 2] = [
    ("zpa_create_pra_credential", r#""name":"n""#, "POST credential"),
    ("zpa_update_pra_credential", r#""credential_id":"7","name":"n""#, "PUT credential/7"),
];

#[test]
fn a_credential_is_sent_with_what_its_type_needs_and_nothing_else() {
    for (name, own, expected) in WRITES {
        for (kind, more, sent) in CREDENTIALS {
            let more = more.replace('@', KEY);
            let arguments = format!(r#"{{{own},"credential_type":"{kind}"{more}}}"#);
            let (seen, result) = run(name, &arguments, &[(200, "{}")]);
            assert!(!result.is_error, "{name} {arguments}: {:?}", texts(&result));
            let (method, body) = seen.last().unwrap().split_once(" {").unwrap();
            assert_eq!(method, expected);
            let body = json(&format!("{{{body}"));
            for part in sent.replace('@', KEY).trim_end_matches(',').split(',') {
                let part = json(&format!("{{{part}}}"));
                let (name, value) = part.as_object().unwrap().iter().next().unwrap();
                assert_eq!(body.get(name), Some(value), "{arguments}");
            }
            let secrets = ["userName", "password", "privateKey"];
            let count = secrets.iter().filter(|name| body.get(name).is_some()).count();
            assert_eq!(count, sent.matches(':').count(), "{arguments}");
            assert_eq!(member(&body, "credentialType"), kind);
            assert_eq!(body.get("microtenantId"), Some(&Json::Null));
            assert_eq!(seen.len(), 1 + usize::from(name.contains("update")));
        }
    }
}

#[test]
fn a_credential_that_does_not_fit_its_type_is_refused() {
    for (name, own, _) in WRITES {
        for (kind, more) in UNFIT {
            let more = more.replace('@', KEY);
            let said = unsent(name, &format!(r#"{{{own},"credential_type":"{kind}"{more}}}"#));
            assert!(said.contains("nothing else is taken"), "{kind} {more}: {said}");
        }
        for key in ["ssh-rsa AAAA", "-----BEGIN PRIVATE KEY-----\\nx", "x RSA PRIVATE KEY"] {
            let more = format!(r#","username":"u","private_key":"{key}""#);
            let said = unsent(name, &format!(r#"{{{own},"credential_type":"SSH_KEY"{more}}}"#));
            assert!(said.contains("private_key must be PEM text"), "{said}");
            assert!(!said.contains(key), "{said}");
        }
        let said = unsent(name, &format!(r#"{{{own},"credential_type":"password"}}"#));
        assert!(said.contains("must be one of: USERNAME_PASSWORD, PASSWORD, SSH_KEY"), "{said}");
    }
}

#[test]
fn a_credential_keeps_its_type() {
    let given = r#"{"credential_id":"7","credential_type":"PASSWORD","password":"p"}"#;
    for (stored, goes_on) in [
        (r#"{"credentialType":"PASSWORD"}"#, true),
        (r#"{"credentialType":""}"#, true),
        (r#"{"credentialType":null}"#, true),
        ("{}", true),
        (r#"{"credentialType":"SSH_KEY"}"#, false),
        (r#"{"credentialType":"password"}"#, false),
    ] {
        let (seen, result) = run("zpa_update_pra_credential", given, &[(200, stored)]);
        assert_eq!((seen.len() == 2, result.is_error), (goes_on, !goes_on), "{stored}");
        assert!(goes_on || texts(&result)[0].contains("nothing was changed"), "{stored}");
    }
    let (seen, result) = run("zpa_update_pra_credential", given, &[(404, "{}")]);
    assert!(seen.len() == 1 && result.is_error);
}

#[test]
fn a_key_that_is_not_there_is_reported_as_it_is() {
    let given = r#"{"key_id":"7","key_type":"service_edge","microtenant_id":"5"}"#;
    let at = "associationType/SERVICE_EDGE_GRP/provisioningKey/7";
    let (get, delete) = (format!("GET {at}"), format!("DELETE {at} microtenantId=5"));
    let there = (200, r#"{"id":"7"}"#);
    // The first request is that for the name of the record, before a person is asked.
    for (name, answers, says, sent) in [
        ("there", vec![there], "Deleted: provisioning key key_id=", 2),
        ("there in an odd way", vec![(200, "[]")], "Deleted:", 2),
        ("gone", vec![(404, "{}")], "Nothing was deleted", 1),
        ("gone meanwhile", vec![there, (404, "{}")], "Nothing was deleted", 2),
        ("forbidden", vec![(403, "{}")], "HTTP 403", 1),
        ("out of order", vec![(500, "{}")], "HTTP 500", 1),
        ("in use", vec![there, (400, "{}")], "HTTP 400", 2),
    ] {
        let answers: Vec<(u16, &str)> = [there].into_iter().chain(answers).collect();
        let (seen, result) = run("zpa_delete_provisioning_key", given, &answers);
        assert!(texts(&result)[0].contains(says), "{name}: {:?}", texts(&result));
        assert_eq!(result.is_error, says.starts_with("HTTP"), "{name}");
        let expected = [&get, &get, &delete];
        assert!(seen.iter().eq(expected.into_iter().take(1 + sent)), "{name}: {seen:?}");
        if !result.is_error {
            let structured = result.structured.unwrap().to_json();
            assert_eq!(structured.get("success"), Some(&Json::Bool(true)), "{name}");
        }
    }
}

#[test]
fn keys_are_sent_for_the_group_they_enroll_into() {
    let said = unsent(
        "zpa_create_provisioning_key",
        r#"{"name":"n","key_type":"connector","max_usage":2,"component_id":"9"}"#,
    );
    assert!(said.contains("needs enrollment_cert_id"), "{said}");
    for (arguments, says) in [
        (r#"{"name":"n","key_type":"connector","component_id":"9"}"#, "max_usage is required"),
        (r#"{"name":"n","key_type":"connector","component_id":"","max_usage":1}"#, "component_id"),
        (r#"{"name":"n","key_type":"x","component_id":"1","max_usage":1}"#, "must be one of"),
    ] {
        let said = unsent("zpa_create_provisioning_key", arguments);
        assert!(said.contains(says), "{said}");
    }
    for (name, arguments, expected) in [
        (
            "zpa_create_provisioning_key",
            r#"{"name":"n","key_type":"service_edge","max_usage":2,"component_id":9}"#,
            "POST associationType/SERVICE_EDGE_GRP/provisioningKey \
             {\"name\":\"n\",\"maxUsage\":2,\"componentId\":\"9\",\"description\":null,\
             \"zcomponentId\":\"9\"}",
        ),
        (
            "zpa_update_provisioning_key",
            r#"{"key_id":"7","key_type":"connector","max_usage":2,"microtenant_id":"5"}"#,
            "PUT associationType/CONNECTOR_GRP/provisioningKey/7 \
             {\"name\":null,\"description\":null,\"maxUsage\":2,\"componentId\":null,\
             \"enrollmentCertId\":null,\"microtenantId\":\"5\"}",
        ),
    ] {
        assert_eq!(run(name, arguments, &[]).0, [expected]);
    }
}

#[test]
fn a_portal_finds_the_certificate_of_its_name_or_is_not_made() {
    let issued = "GET /zpa/mgmtconfig/v2/admin/customers/1/clientlessCertificate/issued";
    let given = r#"{"name":"Robots","domain":"r.test"}"#;
    let found = r#"{"list":[{"id":"1","name":"Robots old"},{"id":"2","name":"ROBOTS"}]}"#;
    let (seen, _) = run("zpa_create_pra_portal", given, &[(200, found)]);
    assert_eq!(seen[0], format!("{issued} search=name+EQ+Robots"));
    assert!(seen[1].contains(r#""certificateId":"2""#), "{seen:?}");
    for none in [r#"{"list":[{"id":"1","name":"Robots old"}]}"#, "{}", r#"{"list":[]}"#] {
        let (seen, result) = run("zpa_create_pra_portal", given, &[(200, none)]);
        assert!(seen.len() == 1 && result.is_error, "{none}");
        assert!(texts(&result)[0].contains("nothing was created; give certificate_id"));
    }
    let given = r#"{"name":"Robots","domain":"r.test","certificate_id":"9"}"#;
    let (seen, _) = run("zpa_create_pra_portal", given, &[]);
    assert!(seen.len() == 1 && seen[0].contains(r#""certificateId":"9""#), "{seen:?}");
}

#[test]
fn a_group_of_service_edges_is_signed_by_its_certificate() {
    const NEW: &str = r#"{"name":"n","latitude":"1","longitude":"2","location":"l""#;
    const OLD: &str = r#"{"group_id":"7","name":"n""#;
    let enrollment = "GET /zpa/mgmtconfig/v2/admin/customers/1/enrollmentCert";
    let found = r#"{"list":[{"id":"e0","name":"Connector"},{"id":"e1","name":"SERVICE EDGE"}]}"#;
    for (name, given) in
        [("zpa_create_service_edge_group", NEW), ("zpa_update_service_edge_group", OLD)]
    {
        let lists = r#","service_edge_ids":[],"trusted_network_ids":["t1"],"country_code":" fr "}"#;
        let (seen, result) = run(name, &format!("{given}{lists}"), &[(200, found)]);
        assert!(!result.is_error, "{:?}", texts(&result));
        assert_eq!(seen[0], format!("{enrollment} search=name+EQ+Service Edge"));
        for part in [
            r#""enrollmentCertId":"e1""#,
            r#""serviceEdges":[]"#,
            r#""trustedNetworks":[{"id":"t1"}]"#,
            r#""countryCode":"FR""#,
            r#""isPublic":null"#,
        ] {
            assert!(seen[1].contains(part), "{part} {}", seen[1]);
        }
        let (seen, _) = run(name, &format!("{given}}}"), &[(200, found)]);
        assert!(!seen[1].contains("serviceEdges") && !seen[1].contains("trustedNetworks"));
        let (seen, result) = run(name, &format!("{given}}}"), &[(200, r#"{"list":[]}"#)]);
        assert!(seen.len() == 1 && texts(&result)[0].contains("nothing was changed"));
        let said = unsent(name, &format!(r#"{given},"country_code":"France"}}"#));
        assert!(said.contains("two letters"), "{said}");
    }
    let said = unsent("zpa_create_service_edge_group", r#"{"name":"n","location":""}"#);
    for missing in ["latitude is required", "longitude is required", "location must not be empty"] {
        assert!(said.contains(missing), "{said}");
    }
}

#[test]
fn servers_and_service_edges_send_what_is_given() {
    for (name, arguments, expected) in [
        (
            "zpa_create_application_server",
            r#"{"name":"n","address":"a.test","app_server_group_ids":["1"],"microtenant_id":"5"}"#,
            "POST server microtenantId=5 {\"name\":\"n\",\"address\":\"a.test\",\
             \"description\":null,\"enabled\":true,\"appServerGroupIds\":[\"1\"],\
             \"microtenantId\":\"5\"}",
        ),
        (
            "zpa_update_application_server",
            r#"{"server_id":"7","enabled":false,"microtenant_id":""}"#,
            "PUT server/7 {\"name\":null,\"address\":null,\"description\":null,\
             \"enabled\":false,\"appServerGroupIds\":null}",
        ),
        (
            "zpa_update_service_edge",
            r#"{"service_edge_id":"7","description":"","enabled":false}"#,
            "PUT serviceEdge/7 {\"description\":\"\",\"enabled\":false}",
        ),
        (
            "zpa_bulk_delete_service_edges",
            r#"{"service_edge_ids":["1","2"]}"#,
            "POST serviceEdge/bulkDelete {\"ids\":[\"1\",\"2\"]}",
        ),
        (
            "zpa_create_ba_certificate",
            r#"{"name":"n","cert_blob":"b"}"#,
            "POST certificate {\"name\":\"n\",\"certBlob\":\"b\"}",
        ),
    ] {
        assert_eq!(run(name, arguments, &[]).0, [expected], "{name}");
    }
}

#[test]
fn secrets_are_in_no_question_and_no_preview() {
    for name in ["password", "private_key", "privateKey", "passphrase", "cert_blob", "certBlob"] {
        assert!(is_hidden(name), "{name}");
    }
    assert!(is_hidden("provisioningKey") && is_hidden("provisioning_key"));
    for name in ["provisioningKeyId", "provisioning_key_name", "certificate_id", "key_id"] {
        assert!(!is_hidden(name), "{name}");
    }
    let id = "216196257331283008";
    let key = "216196257331277001";
    for (name, arguments) in [
        (
            "zpa_create_pra_credential",
            r#"{"name":"n","credential_type":"PASSWORD","password":"hush"}"#.to_owned(),
        ),
        (
            "zpa_update_pra_credential",
            format!(r#"{{"credential_id":"{id}","credential_type":"PASSWORD","password":"hush"}}"#),
        ),
        ("zpa_create_ba_certificate", r#"{"name":"n","cert_blob":"hush"}"#.to_owned()),
        ("zpa_update_provisioning_key", format!(r#"{{"key_id":"{key}","key_type":"connector"}}"#)),
        ("zpa_delete_provisioning_key", format!(r#"{{"key_id":"{key}","key_type":"connector"}}"#)),
    ] {
        let preview = arguments.replacen('{', r#"{"dry_run":true,"#, 1);
        let result = call(name, &preview);
        assert!(!result.is_error, "{name}: {:?}", texts(&result));
        let shown = format!("{:?}", texts(&result));
        assert!(!shown.contains("hush") && !shown.contains("NOT-REAL"), "{name}: {shown}");
        assert!(shown.contains("(a secret)") || name == "zpa_update_provisioning_key", "{name}");
    }
    let arguments = format!(r#"{{"key_id":"{key}","key_type":"connector"}}"#);
    let asked = call("zpa_delete_provisioning_key", &arguments);
    let shown = texts(&asked)[0];
    assert!(shown.contains("lyon-dc-key") && !shown.contains("NOT-REAL"), "{shown}");
}

fn fresh() -> Product {
    product(Arc::new(Demo::new().unwrap()), invented())
}

/// Creating tool, its arguments, updating tool with what differs, deleting tool, getting tool, the
/// argument that names the record, and what all but the first need.
const LIVES: [[&str; 7]; 6] = [
    [
        "zpa_create_application_server",
        r#"{"name":"pilot","address":"pilot.test","app_server_group_ids":[]}"#,
        "zpa_update_application_server",
        "zpa_delete_application_server",
        "zpa_get_application_server",
        "server_id",
        "",
    ],
    [
        "zpa_create_ba_certificate",
        r#"{"name":"pilot","cert_blob":"demo"}"#,
        "",
        "zpa_delete_ba_certificate",
        "zpa_get_ba_certificate",
        "certificate_id",
        "",
    ],
    [
        "zpa_create_pra_credential",
        r#"{"name":"pilot","credential_type":"PASSWORD","password":"demo"}"#,
        "zpa_update_pra_credential",
        "zpa_delete_pra_credential",
        "zpa_get_pra_credential",
        "credential_id",
        r#","credential_type":"PASSWORD","password":"demo""#,
    ],
    [
        "zpa_create_pra_portal",
        r#"{"name":"Brackwater ERP","domain":"p.test"}"#,
        "zpa_update_pra_portal",
        "zpa_delete_pra_portal",
        "zpa_get_pra_portal",
        "portal_id",
        "",
    ],
    [
        "zpa_create_provisioning_key",
        r#"{"name":"pilot","key_type":"connector","max_usage":2,"component_id":
            "216196257331250003","enrollment_cert_id":"216196257331278001"}"#,
        "zpa_update_provisioning_key",
        "zpa_delete_provisioning_key",
        "zpa_get_provisioning_key",
        "key_id",
        r#","key_type":"connector""#,
    ],
    [
        "zpa_create_service_edge_group",
        r#"{"name":"pilot","latitude":"1","longitude":"2","location":"x","trusted_network_ids":
            ["216196257331272001"]}"#,
        "zpa_update_service_edge_group",
        "zpa_delete_service_edge_group",
        "zpa_get_service_edge_group",
        "group_id",
        "",
    ],
];

#[test]
fn what_is_made_changed_and_deleted_in_the_demo_is_seen_by_the_reads() {
    let product = fresh();
    for [create, given, update, delete, get, argument, more] in LIVES {
        let made = record_of(create, &call_allowed(&product, create, given));
        let read_more = if more.contains("key_type") { more } else { "" };
        let named = format!(r#"{{"{argument}":"{}""#, id(&made));
        let read = |product: &Product| call_on(product, get, &format!("{named}{read_more}}}"));
        assert_eq!(record_of(get, &read(&product)), made, "{create}");
        if !update.is_empty() {
            let result = call_on(&product, update, &format!(r#"{named}{more},"name":"later"}}"#));
            assert!(!result.is_error, "{update}: {:?}", texts(&result));
            let changed = record_of(get, &read(&product));
            assert_eq!((member(&changed, "name"), id(&changed)), ("later", id(&made)), "{update}");
        }
        let result = call_allowed(&product, delete, &format!("{named}{read_more}}}"));
        assert!(!result.is_error, "{delete}: {:?}", texts(&result));
        assert!(read(&product).is_error, "{delete}");
    }
}

#[test]
fn records_made_in_the_demo_repeat_what_they_refer_to() {
    let product = fresh();
    let made = |name: &str, arguments: &str| record_of(name, &call_on(&product, name, arguments));
    let portal = made("zpa_create_pra_portal", LIVES[3][1]);
    assert_eq!(member(&portal, "certificate_name"), "Brackwater ERP");
    let key = made("zpa_create_provisioning_key", LIVES[4][1]);
    assert_eq!(member(&key, "zcomponent_name"), "Nagoya DC");
    assert_eq!(member(&key, "enrollment_cert_name"), "Connector");
    let group = made("zpa_create_service_edge_group", LIVES[5][1]);
    let networks = group.get("trusted_networks").unwrap().as_array().unwrap();
    assert_eq!(member(&networks[0], "name"), "Lyon Office LAN (zscalertwo.net)");
    assert_eq!(member(&group, "enrollment_cert_id"), "216196257331278002");
    let update = r#"{"service_edge_id":"216196257331242001","enabled":false}"#;
    assert!(!call_on(&product, "zpa_update_service_edge", update).is_error);
    let search = r#"{"search":"enabled+EQ+false"}"#;
    let off = rows_of("edges", &call_on(&product, "zpa_list_service_edges", search));
    assert_eq!(off.iter().map(|row| member(row, "name")).collect::<Vec<_>>().len(), 2);
    let both = r#"{"service_edge_ids":["216196257331242001","216196257331242002"]}"#;
    assert!(!call_allowed(&product, "zpa_bulk_delete_service_edges", both).is_error);
    assert_eq!(rows_of("edges", &call_on(&product, "zpa_list_service_edges", "{}")).len(), 8);
    let one = r#"{"service_edge_id":"216196257331242003"}"#;
    assert!(!call_allowed(&product, "zpa_delete_service_edge", one).is_error);
    assert_eq!(rows_of("edges", &call_on(&product, "zpa_list_service_edges", "{}")).len(), 7);
    let kept = call_allowed(&product, "zpa_delete_ba_certificate", USED);
    assert!(texts(&kept)[0].contains("HTTP 400"), "{:?}", texts(&kept));
}

const USED: &str = r#"{"certificate_id":"216196257331270001"}"#;

#[test]
fn a_wrong_type_of_key_deletes_nothing_and_says_so() {
    let product = fresh();
    let wrong = r#"{"key_id":"216196257331277001","key_type":"service_edge"}"#;
    let result = call_allowed(&product, "zpa_delete_provisioning_key", wrong);
    let expected = object([
        ("success", true.into()),
        (
            "message",
            "Nothing was deleted: there is no key of this key_type with this id. It is gone \
             already, or it is of the other type."
                .into(),
        ),
    ]);
    assert_eq!(record_of("delete", &result), expected);
    let right = wrong.replace("service_edge", "connector");
    assert!(!call_on(&product, "zpa_get_provisioning_key", &right).is_error);
}
