//! Zone: post-admission. A tenant in a file: its form, what serves it, and what differs in two.
//!
//! A snapshot is JSON lines: a manifest with a digest of every collection and of the whole, then
//! one line for each record. Trusts nothing in a file before its digests fit. Never holds a secret
//! of a record. The digests tell damage and edits by mistake, not a forger: who can write the file
//! can write digests.

mod answer;
pub mod compare;
pub mod form;
mod key;
pub mod redact;
mod secrets;

pub use answer::{Alias, Snapshot};
pub use form::{BadSnapshot, Collection, LeftOut, Manifest, Tenancy, read, write};
pub use key::key;
pub use secrets::without_secrets;

use std::collections::BTreeMap;

use crate::json::{Json, write as to};

/// Returns every collection once, sorted by name. One that several tools list has the name of the
/// first; what a tool lists wins over what another needed on its way.
#[must_use]
pub fn merged(collections: impl IntoIterator<Item = Collection>) -> Vec<Collection> {
    let mut by_key: BTreeMap<String, Collection> = BTreeMap::new();
    for mut new in collections {
        if let Some(known) = by_key.get_mut(&new.key) {
            if known.tools.is_empty() {
                core::mem::swap(known, &mut new);
            }
            known.tools.extend(new.tools);
        } else {
            let _ = by_key.insert(new.key.clone(), new);
        }
    }
    let mut out: Vec<Collection> = by_key.into_values().collect();
    out.sort_by(|one, other| one.name.cmp(&other.name));
    out
}

/// Members that tell one record of a collection from the others, the first that it has.
const IDS: [&str; 7] = ["id", "udid", "iccid", "device_id", "app_id", "software_key", "name"];

/// Returns what tells `record` from the others of its collection; `None` when nothing does.
#[must_use]
pub fn identity(record: &Json) -> Option<String> {
    let value = IDS.iter().find_map(|member| record.get(member).filter(|id| !id.is_null()))?;
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) => Some(to::to_text(value)),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}
