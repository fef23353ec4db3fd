//! Zone: post-admission. Which requests ask for the same collection.
//!
//! A request without what turns its pages. Of the time window that it was made in only the length
//! counts, so that "the last seven days" of the export are found by those who ask for seven days,
//! and by nobody else.

use crate::backend::{ApiMethod, ApiRequest};
use crate::json::{Json, Object, write};

/// Members that turn pages.
const PAGING: [&str; 8] =
    ["page", "pageSize", "pagesize", "pageNum", "pageNumber", "size", "limit", "offset"];
/// Members that say from when and until when, in whole units since 1970.
const WINDOWS: [(&str, &str); 4] = [
    ("from", "to"),
    ("startTime", "endTime"),
    ("startDate", "endDate"),
    ("startDateTime", "endDateTime"),
];

/// Returns the key of the collection that `request` asks for.
#[must_use]
pub fn key(request: &ApiRequest) -> String {
    let own = request.query.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
    let mut key = format!("{} {}", request.method.as_str(), request.path.as_str());
    for (place, (name, value)) in settled(own.collect()).iter().enumerate() {
        let value = value.as_str().map_or_else(|| write::to_text(value), str::to_owned);
        key.push_str(&format!("{}{name}={value}", if place == 0 { '?' } else { '&' }));
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

/// True for a member that only chooses a page.
pub(super) fn is_page(name: &str) -> bool {
    PAGING.contains(&name)
}

/// Returns the members without pages and with the length of each window for its ends, sorted.
fn settled(members: Vec<(String, Json)>) -> Vec<(String, Json)> {
    let mut out = members.clone();
    out.retain(|(name, _)| !is_page(name));
    let number = |wanted: &str| {
        let (_, value) = members.iter().find(|(name, _)| name == wanted)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    for (start, end) in WINDOWS {
        let ends = number(end).zip(number(start));
        let Some(length) = ends.and_then(|(end, start)| end.checked_sub(start)) else { continue };
        out.retain(|(name, _)| name != start && name != end);
        out.push((format!("{start}..{end}"), length.into()));
    }
    out.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    out
}

/// Returns `body` settled at every depth; of a GraphQL document the name of the operation stands
/// for the whole.
fn plain(body: &Json) -> Json {
    let Some(object) = body.as_object() else { return body.clone() };
    let named = object.get("operationName").is_some_and(|name| !name.is_null());
    let own = object.iter().filter(|(name, _)| !(named && *name == "query"));
    let own = own.map(|(name, value)| (name.to_owned(), plain(value)));
    settled(own.collect()).into_iter().collect::<Object>().into()
}
