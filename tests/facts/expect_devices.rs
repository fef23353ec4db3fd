//! What the tools of devices, troubleshooting, discovered applications and settings refuse on
//! purpose where the facts do not.

use serde_json::{Map, Value};

use crate::expect::{Expected, truthy};

/// Arguments of which at least one must say something: nothing would be changed, or nothing chosen.
const NEEDED: &[(&str, &[&str])] = &[
    ("zia_bulk_update_shadow_it_apps", &["application_ids", "custom_tag_ids"]),
    ("zia_update_mobile_advanced_settings", &["settings"]),
];

/// Returns what is expected of a row that follows the facts but for what is safer otherwise.
pub(crate) fn on_purpose(fact: &Value, given: &Map<String, Value>, expected: Expected) -> Expected {
    let rule = NEEDED.iter().find(|(name, _)| fact["name"] == *name);
    let says = |name: &&str| given.get(*name).is_some_and(truthy);
    match rule {
        Some((_, names)) if !names.iter().any(says) => Expected::Refused,
        _ => expected,
    }
}
