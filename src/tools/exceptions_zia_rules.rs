//! Zone: post-admission. The free-form part of the rules of internet access.
//!
//! From names with underscores and plain ids to what the service reads. Trusts nothing in it: what
//! cannot be sent as it was meant, or would take the place of another argument, is refused by name.

use crate::json::{self, Bounds, Json, Object, Taken, object};
use crate::limits::JSON_NODES_MAX;
use crate::tools::arguments::is_plain;
use crate::tools::failure::Failure;
use crate::tools::forms::{camel_names, numbered, twice};
use crate::tools::frame::Frame;
use crate::tools::id_lists::id_list;
use crate::tools::names::camel;
use crate::tools::plan::Maker;

const NAME: &str = "zia_rule_advanced";
const TEXT_DEPTH_MAX: u32 = 16;
const CATEGORIES: &str = "url_categories";

/// More members that are no text: one of them in quotes is read as JSON.
const PARTS: [&str; 15] = [
    "applications",
    "categories",
    "cbi_profile",
    "cloud_applications",
    "dest_addresses",
    "dest_countries",
    "dest_ip_categories",
    "device_trust_levels",
    "file_types",
    "nw_applications",
    "protocols",
    "request_methods",
    "source_countries",
    "src_ips",
    "user_agent_types",
];

/// What has an argument of its own, and the state that one of them becomes.
const OWN: [&str; 7] = ["action", "description", "enabled", "name", "order", "rank", "state"];

/// What the kinds of rules differ in.
#[derive(Debug, Clone, Copy)]
struct Family {
    categories_are_ids: bool,
    /// True where the action is an object, which the argument cannot be.
    holds_action: bool,
}

const PLAIN: Family = Family { categories_are_ids: true, holds_action: false };
const PAGES: Family = Family { categories_are_ids: false, holds_action: false };
const SSL: Family = Family { categories_are_ids: false, holds_action: true };

/// The free-form part of a rule; categories are ids.
pub(super) const RULE_ADVANCED: Maker = Maker { name: NAME, make: |_, given| rule(given, PLAIN) };

/// The same for rules about web pages, which name their categories by text.
pub(super) const URL_RULE_ADVANCED: Maker =
    Maker { name: NAME, make: |_, given| rule(given, PAGES) };

/// The same for SSL rules, whose action is an object.
pub(super) const SSL_RULE_ADVANCED: Maker = Maker { name: NAME, make: ssl_rule };

fn ssl_rule(frame: &Frame<'_>, given: &Json) -> Result<Json, Failure> {
    let inside = given.get("action").is_some_and(|action| !action.is_null());
    if inside && frame.arguments().value("action").is_some() {
        return Err(bad("action", "stands beside the argument action; give one of them"));
    }
    rule(given, SSL)
}

fn rule(given: &Json, family: Family) -> Result<Json, Failure> {
    let (mut body, mut taken) = (Object::new(), Taken::default());
    let members = given.as_object().into_iter().flat_map(Object::iter);
    for (name, value) in members.filter(|(_, value)| !value.is_null()) {
        if OWN.contains(&name) && !(family.holds_action && name == "action") {
            let own = if name == "state" { "enabled" } else { name };
            return Err(bad(name, &format!("has no place there; use the argument {own}")));
        }
        let (wire, value) = member(name, value, family.categories_are_ids)?;
        if !taken.take(&wire) {
            return Err(twice("advanced", name));
        }
        body.push(wire, value);
    }
    Ok(body.into())
}

fn member(name: &str, value: &Json, categories_are_ids: bool) -> Result<(String, Json), Failure> {
    let wire = id_list(name);
    let unquoted =
        if wire.is_some() || PARTS.contains(&name) { unquoted(name, value)? } else { None };
    let value = unquoted.as_ref().unwrap_or(value);
    match wire.filter(|_| categories_are_ids || name != CATEGORIES) {
        Some(wire) => Ok((wire.to_owned(), camel_names("advanced", &ids(name, value)?)?)),
        None => Ok((camel(name), camel_names("advanced", value)?)),
    }
}

/// Returns the list or object that stands as JSON in a text; `None` when `value` is no text.
pub(super) fn unquoted(name: &str, value: &Json) -> Result<Option<Json>, Failure> {
    let Some(text) = value.as_str() else { return Ok(None) };
    let bounds = Bounds { depth: TEXT_DEPTH_MAX, nodes: JSON_NODES_MAX };
    let inner = json::read(text.trim().as_bytes(), bounds).ok();
    let inner = inner.filter(|inner| inner.as_array().is_some() || inner.as_object().is_some());
    inner.map(Some).ok_or_else(|| bad(name, "must be a list, such as [\"one\", \"two\"]"))
}

/// Returns references to what `value` holds the ids of.
fn ids(name: &str, value: &Json) -> Result<Json, Failure> {
    let wrong = || bad(name, "must be a list of ids, such as [\"41001\", \"41002\"]");
    match value {
        Json::Array(items) => {
            let items = items.iter().map(|item| reference(item).ok_or_else(wrong));
            items.collect::<Result<Vec<_>, _>>().map(Json::Array)
        }
        Json::Object(members) if members.get("id").is_some() => Ok(identified(members)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            Err(wrong())
        }
    }
}

fn reference(item: &Json) -> Option<Json> {
    match item {
        Json::String(_) => Some(object([("id", numbered(item))])),
        Json::Number(number) => number.is_integer().then(|| object([("id", item.clone())])),
        Json::Object(members) => Some(identified(members)),
        Json::Null | Json::Bool(_) | Json::Array(_) => None,
    }
}

fn identified(members: &Object) -> Json {
    let mut members = members.clone();
    if let Some(id) = members.get_mut("id") {
        *id = numbered(id);
    }
    members.into()
}

/// Says what is wrong with member `name` of the argument.
pub(super) fn bad(name: &str, sentence: &str) -> Failure {
    let name = if is_plain(name) { name } else { "with an unusual name" };
    Failure::Argument(format!("the member {name} of advanced {sentence}"))
}

#[cfg(test)]
mod tests {
    use super::PARTS;
    use crate::tools::id_lists::id_list;

    #[test]
    fn the_table_is_sorted_and_names_no_list_of_ids() {
        assert!(PARTS.is_sorted());
        assert!(PARTS.iter().all(|name| id_list(name).is_none()));
    }
}
