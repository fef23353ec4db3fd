//! Every tool of the catalogue with example arguments, through the engine, over the demo tenant:
//! each reading tool finds records, each changing tool previews its change and sends nothing.
//!
//! The examples follow from the rows: an id is one of those that the tool which lists them
//! returns. What no row says stands in the tables below.

#[path = "../fuzz/props/kit/schema.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees this file as part of a library")]
#[expect(dead_code, reason = "each test file uses its own part")]
mod checker;
#[path = "data/tools/known.rs"]
mod known;
#[path = "mcp_engine/world.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::oneapi::request::reads;
use zscaler_mcp::backend::{ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::consent::Consent;
use zscaler_mcp::mcp::EngineConfig;
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::param::{Kind, Param, Preset};
use zscaler_mcp::tools::row::{Row, Verb};
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

use checker::Schema;
use known::Known;
use world::{Seen, World};

const REVISION: &str = "2025-11-25";
/// Examples that are tried until one finds a record; each of them has to be answered.
const EXAMPLES_MAX: usize = 40;

/// Where the values of an argument are: tool or service, argument, the tool that lists them, and
/// the JSON pointer of the value in its records. Without a row they are the ids of the list that
/// the tool itself points to.
const SOURCES: &[(&str, &str, &str, &str)] = &[
    ("get_zpa_scim_attribute", "idp_name", "get_zpa_saml_attribute", "/idp_name"),
    ("zcell", "icc_id", "zcell_list_sims", "/page_details/content/0/iccid"),
    ("zcell", "policy_id", "zcell_list_anomaly_policies", "/id"),
    ("zcell_list_iccid_violations", "iccid", "zcell_list_anomaly_policy_violations", "/iccid"),
    ("zdx", "app_id", "zdx_list_applications", "/id"),
    ("zdx", "cloudpath_probe_id", "zdx_list_cloudpath_probes", "/id"),
    ("zdx", "device_id", "zdx_list_devices", "/id"),
    ("zdx", "trace_id", "zdx_list_device_deep_traces", "/trace_id"),
    ("zdx", "user_id", "zdx_list_application_users", "/id"),
    ("zdx", "web_probe_id", "zdx_get_web_probes", "/id"),
    ("zdx_get_software_details", "software_key", "zdx_list_software", "/software_key"),
    ("zeasm", "org_id", "zeasm_list_organizations", "/id"),
    (
        "zeasm_get_lookalike_domain",
        "lookalike_raw",
        "zeasm_list_lookalike_domains",
        "/lookalike_raw",
    ),
    ("zia_delete_gre_tunnel", "static_ip_id", "zia_list_static_ips", "/id"),
    ("zms", "eyez_id", "", "/eyezId"),
    ("zms", "namespace_origin", "zms_list_tag_namespaces", "/origin"),
    ("zms_list_tag_keys", "namespace_id", "zms_list_tag_namespaces", "/id"),
    ("zpa", "segment_group_id", "zpa_list_segment_groups", "/id"),
    ("zpa_create_provisioning_key", "component_id", "zpa_list_app_connector_groups", "/id"),
    ("zpa_bulk_delete_app_connectors", "connector_ids", "zpa_list_app_connectors", "/id"),
    ("zpa_bulk_delete_service_edges", "service_edge_ids", "zpa_list_service_edges", "/id"),
    ("zpa_create_server_group", "app_connector_group_ids", "zpa_list_app_connector_groups", "/id"),
];

/// Values that no tool lists: tool or service, arguments as JSON. The first of a tool counts.
const VALUES: &[(&str, &str)] = &[
    ("get_zpa_scim_group", r#"{"idp_name": "Quillfen sign-in"}"#),
    ("zcc_get_device_otp", r#"{"udid": "AD986B6B-9394F2964001:L"}"#),
    ("zdx_delete_analysis", r#"{"analysis_id": "73001"}"#),
    ("zdx_get_analysis", r#"{"analysis_id": "73001"}"#),
    ("zia_add_atp_malicious_urls", r#"{"malicious_urls": ["a.test"]}"#),
    ("zia_add_auth_exempt_urls", r#"{"exempt_urls": ["a.test"]}"#),
    ("zia_add_urls_to_category", r#"{"category_id": "CUSTOM_01", "urls": ["a.test"]}"#),
    ("zia_bulk_update_shadow_it_apps", r#"{"sanction_state": "any", "application_ids": ["1"]}"#),
    ("zia_create_cloud_app_control_rule", r#"{"rule_type": "WEBMAIL"}"#),
    ("zia_create_cloud_firewall_dns_rule", r#"{"action": "BLOCK"}"#),
    ("zia_create_cloud_firewall_ips_rule", r#"{"action": "BLOCK_DROP"}"#),
    ("zia_create_cloud_firewall_rule", r#"{"action": "BLOCK_DROP"}"#),
    ("zia_create_file_type_control_rule", r#"{"action": "BLOCK"}"#),
    ("zia_create_gre_tunnel", r#"{"static_ip_address": "198.51.100.24"}"#),
    ("zia_create_ip_destination_group", r#"{"addresses": ["192.0.2.7"]}"#),
    ("zia_create_ip_source_group", r#"{"ip_addresses": ["192.0.2.7"]}"#),
    (
        "zia_create_ips_signature_rule",
        r#"{"rule_text": "alert tcp any any -> any 80 (msg:\"a\"; sid:1;)"}"#,
    ),
    ("zia_create_location", r#"{"ip_addresses": ["198.51.100.24"]}"#),
    ("zia_create_network_app_group", r#"{"network_applications": ["SSH"]}"#),
    ("zia_create_network_service", r#"{"ports": [["dest", "tcp", "8443"]]}"#),
    ("zia_create_network_svc_group", r#"{"service_ids": ["1"]}"#),
    ("zia_create_sandbox_rule", r#"{"action": "BLOCK"}"#),
    ("zia_create_static_ip", r#"{"ip_address": "198.51.100.250"}"#),
    (
        "zia_create_time_interval",
        r#"{"start_time": 480, "end_time": 1080, "days_of_week": ["MON"]}"#,
    ),
    ("zia_create_url_category", r#"{"super_category": "USER_DEFINED", "urls": ["a.test"]}"#),
    ("zia_create_url_filtering_rule", r#"{"action": "BLOCK"}"#),
    (
        "zia_create_vpn_credential",
        r#"{"credential_type": "UFQDN", "fqdn": "a@a.test", "pre_shared_key": "k"}"#,
    ),
    ("zia_delete_atp_malicious_urls", r#"{"malicious_urls": ["a.test"]}"#),
    ("zia_delete_auth_exempt_urls", r#"{"exempt_urls": ["a.test"]}"#),
    ("zia_delete_url_category", r#"{"category_id": "CUSTOM_01"}"#),
    ("zia_geo_search", r#"{"action": "city_prefix_search", "prefix": "p"}"#),
    ("zia_get_sandbox_report", r#"{"md5_hash": "5f2a9c0e7d1b48364ea2c97b10d3f865"}"#),
    ("zia_get_url_category_predefined", r#"{"name": "ADULT_THEMES"}"#),
    ("zia_remove_urls_from_category", r#"{"category_id": "CUSTOM_01", "urls": ["a.test"]}"#),
    ("zia_update_atp_security_exceptions", r#"{"bypass_urls": ["a.test"]}"#),
    ("zia_update_ip_source_group", r#"{"ip_addresses": ["192.0.2.7"]}"#),
    ("zia_update_network_app_group", r#"{"network_applications": ["SSH"]}"#),
    ("zia_update_network_svc_group", r#"{"service_ids": ["1"]}"#),
    ("zia_update_static_ip", r#"{"comment": "Example"}"#),
    ("zia_update_url_category", r#"{"category_id": "CUSTOM_01", "urls": ["a.test"]}"#),
    ("zia_update_url_category_predefined", r#"{"name": "ADULT_THEMES", "urls": ["a.test"]}"#),
    ("zia_update_vpn_credential", r#"{"comments": "Example"}"#),
    ("zia_url_lookup", r#"{"urls": ["a.test"]}"#),
    ("zid_get_group_users_by_name", r#"{"name": "a"}"#),
    ("zid_get_user_groups_by_name", r#"{"name": "a"}"#),
    ("zid_search_groups", r#"{"name": "a"}"#),
    ("zid_search_users", r#"{"name": "a"}"#),
    ("zpa_create_access_policy_rule", r#"{"action_type": "DENY"}"#),
    ("zpa_create_app_protection_rule", r#"{"action_type": "BYPASS_INSPECT"}"#),
    ("zpa_create_application_segment", r#"{"tcp_port_ranges": ["443", "443"]}"#),
    ("zpa_create_application_server", r#"{"address": "a.test"}"#),
    ("zpa_create_ba_certificate", r#"{"cert_blob": "PEM"}"#),
    ("zpa_create_forwarding_policy_rule", r#"{"action_type": "BYPASS"}"#),
    ("zpa_create_isolation_policy_rule", r#"{"action_type": "BYPASS_ISOLATION"}"#),
    ("zpa_create_pra_credential", r#"{"credential_type": "PASSWORD", "password": "k"}"#),
    ("zpa_create_pra_portal", r#"{"domain": "a.test", "certificate_id": "1"}"#),
    ("zpa_create_provisioning_key", r#"{"max_usage": 1, "enrollment_cert_id": "1"}"#),
    ("zpa_create_service_edge_group", r#"{"latitude": "1", "longitude": "1", "location": "A"}"#),
    ("zpa_get_lss_log_format", r#"{"log_type": "audit_logs"}"#),
    ("zpa_update_app_protection_rule", r#"{"action_type": "BYPASS_INSPECT"}"#),
    (
        "zpa_update_pra_credential",
        r#"{"credential_type": "USERNAME_PASSWORD", "username": "a", "password": "k"}"#,
    ),
    ("ztw_create_ip_group", r#"{"ip_addresses": ["192.0.2.7"]}"#),
    ("ztw_create_ip_source_group", r#"{"ip_addresses": ["192.0.2.7"]}"#),
    ("zia", r#"{"rule_type": "WEBMAIL"}"#),
];

/// Arguments of changes that are names and remarks, so that every value will do.
const NAMES: &[&str] = &["name", "configured_name", "session_name", "description"];

/// The demo tenant, with a note of each request that would change it.
struct Noting {
    demo: Demo,
    changes: Mutex<Vec<String>>,
}

impl Backend for Noting {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        if !reads(request) {
            let text = format!("{} {}", request.method.as_str(), request.path.as_str());
            self.changes.lock().unwrap().push(text);
        }
        self.demo.send(request, patience)
    }
    fn is_local(&self) -> bool {
        true
    }
    fn describe(&self) -> String {
        String::new()
    }
}

/// A client in a session with the server of the demo tenant.
struct Client {
    world: World,
    session: String,
    tenant: Arc<Noting>,
    cards: BTreeMap<String, Value>,
    schema: Schema,
    known: RefCell<BTreeMap<String, Vec<Value>>>,
}

fn row(name: &str) -> &'static Row {
    catalogue::rows().find(|row| row.name == name).unwrap_or_else(|| panic!("no tool {name}"))
}

fn config() -> EngineConfig {
    EngineConfig { sse: false, sessions_max: 1, session_idle_ms: 60_000, calls_per_principal: 0 }
}

impl Client {
    fn new() -> Self {
        let identity =
            ServerIdentity { version: "1".into(), demo: true, ..ServerIdentity::default() };
        let tenant = Arc::new(Noting { demo: Demo::new().unwrap(), changes: Mutex::default() });
        let backend: Arc<dyn Backend> = Arc::<Noting>::clone(&tenant);
        let scrubber = Arc::new(Scrubber::new(true));
        let product = Product::new(backend, scrubber, Selection::everything(), identity)
            .confirmed(Consent::new(&[], 300, Box::new(Known)).unwrap());
        let world = World::serving(Arc::new(product), config());
        let session = world.open(REVISION, json!({}));
        let mut cards = BTreeMap::new();
        let mut params = json!({});
        loop {
            let (_, answer) = world.ask(&session, 1, "tools/list", params).json();
            for card in answer["result"]["tools"].as_array().unwrap() {
                cards.insert(card["name"].as_str().unwrap().to_owned(), card.clone());
            }
            let Some(cursor) = answer["result"].get("nextCursor") else { break };
            params = json!({"cursor": cursor});
        }
        assert_eq!(cards.len(), catalogue::rows().count());
        let (schema, known) = (Schema::of(REVISION), RefCell::default());
        Self { world, session, tenant, cards, schema, known }
    }

    /// Calls `name` with arguments that are valid under its schema; returns a result that is too,
    /// or what is wrong with it.
    fn said(&self, name: &str, arguments: &Map<String, Value>) -> Result<Value, String> {
        let place = |fault: &str| format!("{name} {}: {fault}", json!(arguments));
        let card = &self.cards[name];
        let fits = self.schema.fits(&card["inputSchema"], &json!(arguments));
        fits.map_err(|fault| place(&format!("no valid example: {fault}")))?;
        let params = json!({"name": name, "arguments": arguments});
        let mut seen = self.world.ask(&self.session, 2, "tools/call", params);
        // One that tells of its progress answers at the end of a stream.
        let answer = if let Seen::Stream(reader) = &mut seen {
            reader.read().into_iter().find(|event| event["id"] == 2).unwrap_or_default()
        } else {
            seen.json().1
        };
        let result = &answer["result"];
        if !result.is_object() {
            return Err(place(&answer.to_string()));
        }
        self.schema.check("CallToolResult", result);
        let text = result["content"][0]["text"].as_str().unwrap_or_default();
        let failed = result.get("isError").is_some_and(|is_error| is_error != &json!(false));
        if failed || text.is_empty() {
            return Err(place(text));
        }
        if let (Some(output), Some(shown)) =
            (card.get("outputSchema"), result.get("structuredContent"))
        {
            let fits = self.schema.fits(output, shown);
            fits.map_err(|fault| place(&format!("not as announced: {fault}")))?;
        }
        Ok(result.clone())
    }

    /// Calls `name` and returns the object that it shows, or what is wrong.
    fn call(&self, name: &str, arguments: &Map<String, Value>) -> Result<Value, String> {
        let result = self.said(name, arguments)?;
        let shown = &result["structuredContent"];
        if shown.is_object() { Ok(shown.clone()) } else { Err(format!("{name}: {result}")) }
    }

    /// Returns the records that the tool `list` shows, with what it can take of `given`.
    fn records(&self, list: &str, given: &Map<String, Value>) -> Vec<Value> {
        let own = row(list);
        let mut taken = given.clone();
        taken.retain(|name, _| own.param(name).is_some());
        for (name, value) in &mut taken {
            if value.is_number() {
                *value = shaped(own.param(name).unwrap().kind, value);
            }
        }
        let key = format!("{list} {}", json!(taken));
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let calls = self.examples(own, &taken);
        let all = calls.iter().find_map(|arguments| {
            let shown = self.call(list, arguments).unwrap_or_else(|fault| panic!("{fault}"));
            let all = shown["result"].as_array().cloned().unwrap_or_else(|| vec![shown.clone()]);
            (!all.is_empty()).then_some(all)
        });
        let all = all.unwrap_or_default();
        self.known.borrow_mut().insert(key, all.clone());
        all
    }

    /// Returns the values that `param` of `row` can have beside those `given`.
    fn values(&self, row: &Row, param: &Param, given: &Map<String, Value>) -> Vec<Value> {
        if !param.choices.is_empty() {
            return param.choices.iter().map(|choice| (*choice).into()).collect();
        }
        if row.verb != Verb::Read && NAMES.contains(&param.name) {
            return vec!["Example".into()];
        }
        if param.name == "settings" {
            let read = row.subject.unwrap().read;
            return vec![self.call(read, &Map::new()).unwrap_or_else(|fault| panic!("{fault}"))];
        }
        if param.kind == Kind::Boolean {
            return vec![true.into()];
        }
        let own = |tool: &str| tool == row.name || tool == row.service();
        let source = SOURCES.iter().find(|(tool, name, _, _)| own(tool) && *name == param.name);
        let (list, at) = source.map_or((row.see, "/id"), |(_, _, list, at)| (*list, *at));
        let list = if list.is_empty() { row.see } else { list };
        let is_id = source.is_some() || param.is_path() || param.kind == Kind::Id;
        if list.is_empty() || list == row.name || !is_id {
            return Vec::new();
        }
        let records = self.records(list, given);
        let values = records.iter().filter_map(|record| record.pointer(at));
        values.map(|value| shaped(param.kind, value)).collect()
    }

    /// Returns calls with every required argument, beginning with those `given`.
    fn examples(&self, row: &Row, given: &Map<String, Value>) -> Vec<Map<String, Value>> {
        let own = |tool: &str| tool == row.name || tool == row.service();
        let mut first = given.clone();
        if let Some((_, values)) = VALUES.iter().find(|(tool, _)| own(tool)) {
            let values: Map<String, Value> = serde_json::from_str(values).unwrap();
            let known = values.into_iter().filter(|(name, _)| row.param(name).is_some());
            for (name, value) in known {
                first.entry(name).or_insert(value);
            }
        }
        let mut calls = vec![first.clone()];
        let mut params: Vec<&Param> = row.params.iter().filter(|param| param.required).collect();
        params.sort_by_key(|param| param.choices.is_empty());
        for param in params.into_iter().filter(|param| !first.contains_key(param.name)) {
            let mut longer = Vec::new();
            for call in &calls {
                for value in self.values(row, param, call) {
                    let mut call = call.clone();
                    call.insert(param.name.to_owned(), value);
                    longer.push(call);
                }
            }
            longer.truncate(EXAMPLES_MAX);
            calls = longer;
        }
        calls
    }
}

/// Returns an id of a record as the type that an argument has.
fn shaped(kind: Kind, id: &Value) -> Value {
    let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    match kind {
        Kind::Integer | Kind::Number => text.parse::<i64>().unwrap().into(),
        Kind::Texts => json!([text]),
        Kind::Integers => json!([text.parse::<i64>().unwrap()]),
        Kind::Id
        | Kind::Text
        | Kind::Any
        | Kind::Boolean
        | Kind::TextLists
        | Kind::Object
        | Kind::Objects => text.into(),
    }
}

/// True when `shown` holds a record, or an object that says more than the call did.
fn is_full(shown: &Value, arguments: &Map<String, Value>) -> bool {
    let is_news = |member: &Value| !is_nothing(member) && !arguments.values().any(|v| v == member);
    match shown.get("result") {
        Some(Value::Array(records)) => !records.is_empty(),
        _ => shown.as_object().unwrap().values().any(is_news),
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(|members| members.values().all(is_nothing))
}

/// Returns what makes an update change something.
fn more(row: &Row) -> Map<String, Value> {
    let mut more = Map::new();
    if row.verb == Verb::Update {
        let names = NAMES.iter().filter(|name| row.param(name).is_some());
        more.extend(names.map(|name| ((*name).to_owned(), "Example".into())));
        if row.param("conditions").is_some() {
            more.insert("conditions".to_owned(), json!([]));
        }
    }
    more
}

/// Returns the values of an argument that its row names: choices, truth values, bounds.
fn named(param: &Param) -> Vec<Value> {
    let bounds = [param.min, param.max].into_iter().flatten().map(Value::from);
    let choices = param.choices.iter().map(|choice| (*choice).into());
    let truths: &[bool] = if param.kind == Kind::Boolean { &[true, false] } else { &[] };
    let presets = param.preset.map(|preset| match preset {
        Preset::Bool(value) => value.into(),
        Preset::Integer(value) => value.into(),
        Preset::Text(text) => text.into(),
    });
    choices.chain(bounds).chain(truths.iter().map(|truth| (*truth).into())).chain(presets).collect()
}

/// Returns the first example of `row` for which it finds records.
fn example(client: &Client, row: &Row) -> Result<Map<String, Value>, String> {
    let mut tried = 0;
    for arguments in client.examples(row, &Map::new()) {
        tried += 1;
        if is_full(&client.call(row.name, &arguments)?, &arguments) {
            return Ok(arguments);
        }
    }
    Err(format!("{}: nothing in {tried} calls", row.name))
}

#[test]
fn every_reading_tool_finds_records_whatever_is_chosen_beside() {
    let client = Client::new();
    let (mut faults, mut found, mut calls) = (Vec::new(), 0, 0);
    for row in catalogue::reads() {
        let arguments = match example(&client, row) {
            Ok(arguments) => arguments,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        found += 1;
        let beside = row.inputs().filter(|param| !arguments.contains_key(param.name));
        for (param, value) in
            beside.flat_map(|param| named(param).into_iter().map(move |v| (param, v)))
        {
            let mut arguments = arguments.clone();
            arguments.insert(param.name.to_owned(), value);
            calls += 1;
            faults.extend(client.call(row.name, &arguments).err());
        }
        if row.queried {
            let mut arguments = arguments.clone();
            arguments.insert("query".to_owned(), "@ | [length(to_array(@))]".into());
            match client.call(row.name, &arguments) {
                Ok(shown) if shown["result"].as_array().is_some_and(|one| one.len() == 1) => {}
                Ok(shown) => faults.push(format!("{}: {shown}", row.name)),
                Err(fault) => faults.push(fault),
            }
        }
    }
    assert_eq!(*client.tenant.changes.lock().unwrap(), [""; 0]);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(found, 254);
    assert!(calls > 400, "{calls}");
}

#[test]
fn every_changing_tool_previews_its_change_and_sends_nothing() {
    let client = Client::new();
    let (mut faults, mut previews) = (Vec::new(), 0);
    for row in catalogue::changes() {
        let Some(mut arguments) = client.examples(row, &Map::new()).into_iter().next() else {
            faults.push(format!("{}: no example", row.name));
            continue;
        };
        for (name, value) in more(row) {
            arguments.entry(name).or_insert(value);
        }
        arguments.insert("dry_run".to_owned(), true.into());
        match client.call(row.name, &arguments) {
            Ok(shown) => {
                let requests = shown["requests"].as_array();
                let sends = requests.is_some_and(|requests| !requests.is_empty());
                previews += usize::from(shown["dry_run"] == true && sends);
                if shown["dry_run"] != true || !sends {
                    faults.push(format!("{}: {shown}", row.name));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    assert_eq!(*client.tenant.changes.lock().unwrap(), [""; 0]);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(previews, 148);
}

/// A client refuses an answer without structure from a tool that announces one.
#[test]
fn every_tool_that_asks_a_person_asks_first_and_sends_nothing() {
    let client = Client::new();
    let (mut faults, mut asked) = (Vec::new(), 0);
    for row in catalogue::changes().filter(|row| !row.asks.is_empty()) {
        let arguments = client.examples(row, &Map::new()).into_iter().next().unwrap();
        match client.said(row.name, &arguments) {
            Ok(result) => {
                let text = result["content"][0]["text"].as_str().unwrap();
                let asks = text.contains("Nothing was done yet") && text.contains(row.asks);
                asked += usize::from(asks);
                if !asks {
                    faults.push(format!("{}: {text}", row.name));
                }
                let announced = client.cards[row.name].get("outputSchema").is_some();
                if announced && result["structuredContent"]["success"] != false {
                    faults.push(format!("{}: {result}", row.name));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    assert_eq!(*client.tenant.changes.lock().unwrap(), [""; 0]);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(asked, 53);
}
