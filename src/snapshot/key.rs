//! Zone: post-admission. Which requests ask for the same collection.
//!
//! A request without what turns its pages, what searches in it, and the time window that it was
//! made in.

use crate::backend::{ApiMethod, ApiRequest};
use crate::json::{Json, Object, write};

/// Members that turn pages.
const PAGING: [&str; 8] =
    ["page", "pageSize", "pagesize", "pageNum", "pageNumber", "size", "limit", "offset"];
/// Members that say when.
const WINDOW: [&str; 8] =
    ["from", "to", "startTime", "endTime", "startDate", "endDate", "startDateTime", "endDateTime"];

/// Returns the key of the collection that `request` asks for, and the members of its query that
/// only choose among its records.
#[must_use]
pub fn key(request: &ApiRequest) -> String {
    let mut members: Vec<String> = request
        .query
        .iter()
        .filter(|(name, _)| !is_beside(name))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    members.sort_unstable();
    let mut key = format!("{} {}", request.method.as_str(), request.path.as_str());
    if !members.is_empty() {
        key.push('?');
        key.push_str(&members.join("&"));
    }
    if let Some(body) = request.body.as_ref().filter(|_| request.method == ApiMethod::Post) {
        let plain = plain(body);
        // A body of nothing but pages asks for the same as none.
        if plain.as_object().is_none_or(|members| members.iter().next().is_some()) {
            key.push(' ');
            key.push_str(&write::to_text(&plain));
        }
    }
    key
}

/// True for a member that says nothing about which collection is meant.
pub(super) fn is_beside(name: &str) -> bool {
    PAGING.contains(&name) || WINDOW.contains(&name)
}

/// Returns `body` without what turns pages and says when, its members sorted; of a GraphQL
/// document the name of the operation stands for the whole.
fn plain(body: &Json) -> Json {
    let Some(object) = body.as_object() else { return body.clone() };
    let named = object.get("operationName").is_some_and(|name| !name.is_null());
    let mut members: Vec<(&str, Json)> = object
        .iter()
        .filter(|(name, _)| !(is_beside(name) || named && *name == "query"))
        .map(|(name, value)| (name, plain(value)))
        .collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    let kept: Object = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    kept.into()
}
