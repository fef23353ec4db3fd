//! What the tools about policies and settings of internet access do differently from the facts on
//! purpose: calls without a change, and those that would lose something, are refused.
//!
//! Written from the description of the algorithms; shares no code with the product.

use serde_json::{Map, Value, json};

use crate::expect::truthy;

/// Kinds of rules that name categories by text.
const NAMED: [&str; 4] =
    ["zia_url_filtering", "zia_file_type_control", "zia_ssl_inspection", "zia_sandbox"];
/// Tools whose only argument is a whole list.
const LISTS: [&str; 3] = [
    "zia_add_auth_exempt_urls",
    "zia_delete_auth_exempt_urls",
    "zia_update_atp_security_exceptions",
];
/// Arguments that are a change of a rule.
const OWN: [&str; 6] = ["name", "action", "description", "enabled", "order", "rank"];

/// True when the rules of `fact` name categories by text and not by id.
pub(crate) fn names_categories(fact: &Value) -> bool {
    NAMED.iter().any(|toolset| fact["toolset"] == *toolset)
}

/// Returns the objects to try as the free-form argument of `fact`; none for any.
pub(crate) fn objects(fact: &Value) -> Vec<Value> {
    if fact["toolset"] == "zia_ssl_inspection" {
        return vec![
            json!({}),
            json!({"action": {"type": "DECRYPT", "decrypt_sub_actions": {"is_on": true}}}),
            json!({"action": null, "labels": ["41001", "a1"]}),
            json!({"url_categories": ["FINANCE", "12"], "cloud_applications": "[\"A\"]"}),
            json!({"platforms": ["SCAN_IOS"], "groups": [{"id": "8301"}], "new_member": [1]}),
        ];
    }
    Vec::new()
}

/// True when the call is refused, false when it follows the facts; `None` for tools of others.
pub(crate) fn refuses(fact: &Value, given: &Map<String, Value>) -> Option<bool> {
    let name = fact["name"].as_str().unwrap();
    let value = |name: &str| given.get(name).unwrap_or(&Value::Null);
    let has = |name: &str| !value(name).is_null();
    match name {
        "get_zia_dlp_dictionaries" => Some(excludes(value, "dict_id")),
        "get_zia_dlp_engines" => Some(excludes(value, "engine_id")),
        _ if fact["toolset"] == "zia_ssl_inspection" && has("advanced") => {
            let twice = has("action") && !value("advanced")["action"].is_null();
            let empty = name.contains("_update_") && !OWN.iter().any(|own| has(own));
            let outside = value("rank").as_i64().is_some_and(|rank| !(0..=7).contains(&rank))
                || value("order").as_i64().is_some_and(|order| order < 1);
            Some(twice || outside || empty && !truthy(value("advanced")))
        }
        "zia_update_cloud_app_control_rule" if !OWN.iter().any(|own| has(own)) => {
            (!truthy(value("advanced"))).then_some(true)
        }
        _ if LISTS.contains(&name) => Some(false),
        _ if each_param(fact, "settings") => Some(!truthy(value("settings"))),
        _ => None,
    }
}

fn each_param(fact: &Value, name: &str) -> bool {
    crate::expect::each(&fact["params"]).any(|param| param["name"] == name)
}

/// One record is asked for by its id alone.
fn excludes<'a>(value: impl Fn(&str) -> &'a Value, id: &str) -> bool {
    truthy(value(id)) && (value("action") == "read_lite" || truthy(value("search")))
}
