//! What changes of internet access send where the facts name an algorithm, and where the rows
//! differ from the facts on purpose.
//!
//! Written from the description of the algorithms; shares no code with the product.

use serde_json::{Map, Value, json};

use crate::expect::{Expected, camel, digits, each, truthy};
use crate::world::{Asked, Mood, answer};

/// Lists of ids by their names for people and for the service, from the facts.
const REFERENCES: &[(&str, &str)] = &[
    ("app_services", "appServices"),
    ("app_service_groups", "appServiceGroups"),
    ("devices", "devices"),
    ("device_groups", "deviceGroups"),
    ("departments", "departments"),
    ("ec_groups", "ecGroups"),
    ("auditor", "auditor"),
    ("dlp_engines", "dlpEngines"),
    ("excluded_departments", "excludedDepartments"),
    ("excluded_groups", "excludedGroups"),
    ("excluded_users", "excludedUsers"),
    ("dest_ip_groups", "destIpGroups"),
    ("dest_ipv6_groups", "destIpv6Groups"),
    ("groups", "groups"),
    ("users", "users"),
    ("labels", "labels"),
    ("notification_template", "notificationTemplate"),
    ("locations", "locations"),
    ("location_groups", "locationGroups"),
    ("nw_application_groups", "nwApplicationGroups"),
    ("nw_service_groups", "nwServiceGroups"),
    ("nw_services", "nwServices"),
    ("source_ip_groups", "sourceIpGroups"),
    ("src_ip_groups", "srcIpGroups"),
    ("src_ipv6_groups", "srcIpv6Groups"),
    ("proxy_gateway", "proxyGateway"),
    ("time_windows", "timeWindows"),
    ("tenancy_profile_ids", "tenancyProfileIds"),
    ("sharing_domain_profiles", "sharingDomainProfiles"),
    ("form_sharing_domain_profiles", "formSharingDomainProfiles"),
    ("url_categories", "urlCategories"),
    ("zpa_app_segments", "zpaAppSegments"),
    ("zpa_application_segments", "zpaApplicationSegments"),
    ("zpa_application_segment_groups", "zpaApplicationSegmentGroups"),
    ("workload_groups", "workloadGroups"),
    ("service_ids", "services"),
    ("bandwidth_class_ids", "bandwidthClasses"),
    ("virtual_zen_node_ids", "virtualZenNodes"),
    ("smart_isolation_user_ids", "smartIsolationUsers"),
    ("smart_isolation_group_ids", "smartIsolationGroups"),
    ("cloud_app_tenant_ids", "cloudAppTenants"),
    ("object_type_ids", "objectTypes"),
    ("bucket_ids", "buckets"),
    ("included_domain_profile_ids", "includedDomainProfiles"),
    ("excluded_domain_profile_ids", "excludedDomainProfiles"),
    ("criteria_domain_profile_ids", "criteriaDomainProfiles"),
    ("email_recipient_profile_ids", "emailRecipientProfiles"),
    ("entity_group_ids", "entityGroups"),
    ("http_header_action_profile_ids", "httpHeaderActionProfiles"),
    ("http_header_profile_ids", "httpHeaderProfiles"),
    ("scope_entity_ids", "adminScopeScopeEntities"),
    ("supported_region_ids", "supportedRegions"),
    ("src_workload_groups_ids", "srcWorkloadGroups"),
    ("dest_workload_groups_ids", "destWorkloadGroups"),
    ("application_ids", "applications"),
    ("server_group_ids", "serverGroups"),
    ("connector_ids", "connectors"),
    ("user_portal_ids", "userPortals"),
];
/// Members that are read as JSON when they are text, from the facts.
const QUOTED: &[&str] = &[
    "app_service_groups",
    "app_services",
    "applications",
    "categories",
    "cbi_profile",
    "cloud_applications",
    "departments",
    "dest_addresses",
    "dest_countries",
    "dest_ip_categories",
    "dest_ip_groups",
    "dest_ipv6_groups",
    "device_groups",
    "device_trust_levels",
    "devices",
    "dlp_engines",
    "file_types",
    "groups",
    "labels",
    "location_groups",
    "locations",
    "nw_application_groups",
    "nw_applications",
    "nw_service_groups",
    "nw_services",
    "protocols",
    "request_methods",
    "source_countries",
    "src_ips",
    "tenancy_profile_ids",
    "time_windows",
    "url_categories",
    "user_agent_types",
    "users",
    "workload_groups",
    "zpa_app_segments",
];
const CATEGORY: &[&str] = &[
    "db_categorized_urls",
    "keywords_retaining_parent_category",
    "ip_ranges_retaining_parent_category",
];

fn rule_of(fact: &Value) -> &str {
    let calls = each(&fact["calls"]).flat_map(|call| each(&call["body_spread"]));
    calls.filter_map(|spread| spread["rule"].as_str()).next().unwrap_or_default()
}

/// Returns the objects to try as the free-form argument of `fact`; none for any.
pub(crate) fn objects(fact: &Value) -> Vec<Value> {
    let known = crate::expect_zia_policy::objects(fact);
    if !known.is_empty() {
        return known;
    }
    match rule_of(fact) {
        "zia_rule_advanced" => vec![
            json!({}),
            json!({"labels": ["41001", "a1", 7], "nw_services": "[\"12\"]", "time_windows": null}),
            json!({"dest_addresses": "[\"a.test\"]", "is_eun_enabled": true, "redirect_ip": ""}),
            json!({"url_categories": ["FINANCE", "12"], "cbi_profile": {"profile_seq": 0}}),
            json!({"source_ip_groups": [{"id": "12", "a_b": "x"}, {"id": "b"}], "groups": []}),
            json!({"service_ids": {"id": "9"}, "zpa_app_segments": [{"external_id": "7"}]}),
            json!({"nwServices": ["12"], "inner_list": [{"is_on": true}]}),
            REFERENCES.iter().map(|(name, _)| ((*name).to_owned(), json!(["1", "b"]))).collect(),
            QUOTED.iter().map(|name| ((*name).to_owned(), json!("[\"1\", \"b\"]"))).collect(),
            json!({"labels": "41001"}),
            json!({"enabled": false}),
            json!({"src_ips": ["a"], "srcIps": ["b"]}),
        ],
        "url_category_advanced" => vec![
            json!({}),
            json!({"db_categorized_urls": ["a.test"]}),
            json!({"ip_ranges_retaining_parent_category": "[\"192.0.2.0/24\"]"}),
            json!({"keywords_retaining_parent_category": [], "db_categorized_urls": null}),
            json!({"urls": ["a.test"]}),
            json!({"db_categorized_urls": "a.test"}),
        ],
        "camel_keys" if fact["toolset"] == "zia_locations" => vec![
            json!({}),
            json!({"auth_required": false, "caution_enabled": null, "vpnCredentials": [{"id": 1}]}),
            json!({"vpnCredentials": [], "display_time_unit": "HOUR"}),
            json!({"vpn_credentials": [{"id": 1}]}),
            json!({"ip_addresses": ["198.51.100.9"]}),
            json!({"country": "FRANCE"}),
            json!({"name": "x"}),
        ],
        _ => Vec::new(),
    }
}

/// Returns the members that `rule` makes of `given`; `None` for a rule of others.
pub(crate) fn spread(rule: &str, fact: &Value, given: &Value) -> Option<Value> {
    match rule {
        "zia_rule_advanced" => Some(advanced(fact, given)),
        "url_category_advanced" => Some(category(given)),
        "zia_service_ports" => Some(ports(given)),
        _ => None,
    }
}

fn category(given: &Value) -> Value {
    let mut left = given.as_object().cloned().unwrap_or_default();
    left.retain(|name, value| CATEGORY.contains(&name.as_str()) && !value.is_null());
    left.values_mut().for_each(|value| *value = unquoted(value));
    camel(&Value::Object(left))
}

fn unquoted(value: &Value) -> Value {
    let inner = value.as_str().and_then(|text| serde_json::from_str(text).ok());
    inner.unwrap_or_else(|| value.clone())
}

fn advanced(fact: &Value, given: &Value) -> Value {
    let mut left = given.as_object().cloned().unwrap_or_default();
    left.retain(|_, value| !value.is_null());
    for name in QUOTED {
        if let Some(value) = left.get_mut(*name) {
            *value = unquoted(value);
        }
    }
    let is_about_pages = crate::expect_zia_policy::names_categories(fact);
    for (name, wire) in REFERENCES {
        if is_about_pages && *name == "url_categories" {
            continue;
        }
        if let Some(value) = left.remove(*name) {
            let made = match &value {
                Value::Array(items) => items.iter().map(reference).collect(),
                one => reference(one),
            };
            left.insert((*wire).to_owned(), made);
        }
    }
    camel(&Value::Object(left))
}

fn reference(item: &Value) -> Value {
    let mut item = if item.is_object() { item.clone() } else { json!({ "id": item }) };
    if let Some(id) = item.get_mut("id") {
        *id = digits(id);
    }
    item
}

fn ports(given: &Value) -> Value {
    let mut body = Map::new();
    for entry in each(given) {
        let word = |n: usize| entry[n].as_str().unwrap();
        let number = |n: usize| word(n).parse::<u32>().unwrap();
        let key = match (word(0), word(1)) {
            ("src", "tcp") => "srcTcpPorts",
            ("src", "udp") => "srcUdpPorts",
            ("dest", "tcp") => "destTcpPorts",
            _ => "destUdpPorts",
        };
        let mut range = json!({"start": number(2)});
        if entry.get(3).is_some() {
            range["end"] = number(3).into();
        }
        let list = body.entry(key).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(range);
    }
    Value::Object(body)
}

/// True when a new location has neither addresses nor tunnels.
pub(crate) fn lacks_both(given: &Map<String, Value>) -> bool {
    let more = given.get("advanced").unwrap_or(&Value::Null);
    let addresses = more.get("ip_addresses").or_else(|| given.get("ip_addresses"));
    !truthy(addresses.unwrap_or(&Value::Null)) && !truthy(&more["vpnCredentials"])
}

/// Returns the predefined category that the answers so far hold.
pub(crate) fn predefined(answers: &[Option<(u16, Value)>], name: &str) -> Option<Value> {
    let (status, first) = answers.first()?.as_ref()?;
    let ours = |row: &&Value| row["customCategory"] != true;
    if *status == 200 {
        return Some(first).filter(ours).cloned();
    }
    let named = |row: &&Value| {
        ["id", "configuredName"].iter().any(|member| {
            let own = row[*member].as_str().unwrap_or_default();
            own.to_lowercase() == name.trim().to_lowercase()
        })
    };
    each(&answers.get(1)?.as_ref()?.1).filter(ours).find(named).cloned()
}

/// Returns what is expected of a row that follows the facts but for what is safer otherwise.
pub(crate) fn on_purpose(
    fact: &Value,
    given: &Map<String, Value>,
    mood: Mood,
    expected: Expected,
) -> Expected {
    let name = fact["name"].as_str().unwrap();
    if let Some(refused) = crate::expect_zia_policy::refuses(fact, given) {
        return if refused { Expected::Refused } else { expected };
    }
    if refuses(fact, name, given) {
        return Expected::Refused;
    }
    if name == "zia_create_location" && expected == Expected::Refused && tunnels(given) {
        // The spelling with an underscore goes out as the same member.
        return Expected::Done(vec![location(given)]);
    }
    match expected {
        Expected::Refused => Expected::Refused,
        Expected::Done(asked) => done(name, given, mood, asked),
        Expected::Stopped(asked) => match done(name, given, mood, asked) {
            Expected::Done(asked) => Expected::Stopped(asked),
            other => other,
        },
    }
}

fn value<'a>(given: &'a Map<String, Value>, name: &str) -> &'a Value {
    given.get(name).unwrap_or(&Value::Null)
}

/// Calls without a change, and those whose free-form argument would lose something.
fn refuses(fact: &Value, name: &str, given: &Map<String, Value>) -> bool {
    let more = value(given, "advanced");
    let has = |member: &str| more.get(member).is_some();
    let lost = match rule_of(fact) {
        "zia_rule_advanced" => has("enabled") || has("srcIps") || more["labels"] == "41001",
        "url_category_advanced" => has("urls") || more["db_categorized_urls"].is_string(),
        "camel_keys" if name.ends_with("_location") => {
            let both = |name: &str| has(name) && !value(given, name).is_null();
            has("name") || both("country") || both("ip_addresses")
        }
        // Without an address the service would look through all of them.
        _ => name == "zia_create_gre_tunnel" && value(given, "static_ip_address") == "",
    };
    let settled = [
        "zia_update_location",
        "zia_update_mobile_advanced_settings",
        "zia_update_rule_label",
        "zia_update_url_category",
    ];
    let is_partial = name.starts_with("zia_update_")
        && !settled.contains(&name)
        && each(&fact["params"]).filter(|param| param["required"] == true).count() == 1;
    let changes = |param: &Value| {
        let own = value(given, param["name"].as_str().unwrap());
        let sent = ["advanced", "configured_name"].iter().any(|name| param["name"] == *name);
        param["required"] != true && if sent { truthy(own) } else { !own.is_null() }
    };
    lost || is_partial && !each(&fact["params"]).any(changes)
}

fn tunnels(given: &Map<String, Value>) -> bool {
    truthy(&value(given, "advanced")["vpn_credentials"])
}

fn location(given: &Map<String, Value>) -> Asked {
    let mut body = camel(&Value::Object(given.clone()));
    let members = body.as_object_mut().unwrap();
    members.retain(|_, value| !value.is_null());
    let more = members.remove("advanced").unwrap();
    members.extend(more.as_object().unwrap().clone());
    let path = "/zia/api/v1/locations".to_owned();
    Asked { method: "POST".to_owned(), path, query: Vec::new(), body: Some(body) }
}

fn done(name: &str, given: &Map<String, Value>, mood: Mood, mut asked: Vec<Asked>) -> Expected {
    match name {
        // Of the tenant, or nothing is written.
        "zia_update_url_category" | "zia_delete_url_category"
            if answer(&asked[0], 0, mood).1["customCategory"] != true =>
        {
            asked.truncate(1);
            return Expected::Stopped(asked);
        }
        "zia_create_ips_signature_rule" => {
            for asked in &mut asked {
                let body = asked.body.as_mut().unwrap();
                body["ruleText"] = body["ruleText"].as_str().unwrap().trim_start().into();
            }
            if answer(&asked[0], 0, mood).1["status"] != 0 {
                asked.truncate(1);
                return Expected::Stopped(asked);
            }
        }
        "zia_create_gre_tunnel" => {
            let range = value(given, "internal_ip_range");
            if truthy(range) {
                // The range that is asked for, in place of any.
                asked.retain(|asked| !asked.path.ends_with("/availableInternalIpRanges"));
                let tunnels = asked.iter_mut().filter(|asked| asked.path.ends_with("/greTunnels"));
                tunnels.for_each(|asked| {
                    asked.body.as_mut().unwrap()["internalIpRange"] = range.clone();
                });
            }
        }
        _ => {}
    }
    Expected::Done(asked)
}
