//! Zone: operator. Stand-ins for names and addresses, the same for the same text in one file.
//!
//! Every text is replaced but ids, words of the services in capitals, and what has no letters, such
//! as counts and times. A stand-in is made with a key that ends with the export, so that nobody who
//! has the file can try out names. Relations and differences are still seen.

use core::net::IpAddr;
use std::collections::BTreeMap;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};

use crate::base::encode::hex;
use crate::json::{Bounds, Json, Object, read};
use crate::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX};
use crate::snapshot::form::{Collection, Manifest};

/// Parts of the names of members, in small letters, whose texts name somebody or something even
/// where they look like a word of the service.
const NAMING: [&str; 21] = [
    "accountid",
    "city",
    "comment",
    "description",
    "host",
    "keyword",
    "label",
    "latitude",
    "location",
    "longitude",
    "login",
    "lookalike",
    "message",
    "msisdn",
    "name",
    "owner",
    "phone",
    "ssid",
    "subject",
    "title",
    "vendor",
];
const SHOWN_BYTES: usize = 5;

/// Makes stand-ins.
pub struct Redactor(Key);

impl Redactor {
    /// Returns one whose stand-ins follow from `key`.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// Returns the collections with stand-ins in their records, and in their names and keys where
    /// an argument names somebody.
    #[must_use]
    pub fn collections(&self, collections: Vec<Collection>) -> Vec<Collection> {
        let told: BTreeMap<String, String> =
            collections.iter().flat_map(|one| self.arguments(&one.name)).collect();
        let plain = |text: &str| {
            told.iter().fold(text.to_owned(), |text, (name, hidden)| text.replace(name, hidden))
        };
        let one = |collection: Collection| Collection {
            name: plain(&collection.name),
            key: plain(&collection.key),
            records: collection.records.into_iter().map(|one| self.value("", one)).collect(),
            ..collection
        };
        collections.into_iter().map(one).collect()
    }

    /// Returns the texts among the arguments in the name of a collection that have stand-ins.
    fn arguments(&self, name: &str) -> Vec<(String, String)> {
        let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: JSON_NODES_MAX };
        let given = name.split_once(' ').map(|(_, given)| read(given.as_bytes(), bounds));
        let Some(Ok(Json::Object(given))) = given else { return Vec::new() };
        let hidden = given.iter().filter_map(|(name, value)| {
            let hidden = self.value(name, value.clone());
            Some((value.as_str()?.to_owned(), hidden.as_str()?.to_owned()))
        });
        hidden.filter(|(text, hidden)| text != hidden).collect()
    }

    /// Returns the manifest with a stand-in for the tenant, and without what services said.
    #[must_use]
    pub fn manifest(&self, mut manifest: Manifest) -> Manifest {
        if let Json::String(name) = self.stand_in("text", &manifest.tenant.name) {
            manifest.tenant.name = name;
        }
        for part in &mut manifest.left_out {
            if let Some((tool, _)) = part.name.split_once(' ') {
                part.name = tool.to_owned();
            }
            if part.reason.starts_with(&part.name) {
                part.reason = "the call brought nothing".to_owned();
            }
        }
        manifest.redacted = true;
        manifest
    }

    /// Returns `value`, found in member `name`, with stand-ins for what names or addresses.
    #[must_use]
    pub fn value(&self, name: &str, value: Json) -> Json {
        match value {
            Json::String(text) if is_kept(name, &text) => Json::String(text),
            Json::String(text) => self.stand_in("text", &text),
            Json::Number(number) if is_place(name) => self.stand_in("number", number.text()),
            Json::Array(items) => {
                Json::Array(items.into_iter().map(|item| self.value(name, item)).collect())
            }
            Json::Object(members) => {
                let mut out = Object::new();
                for (name, value) in members.iter() {
                    out.push(name.to_owned(), self.value(name, value.clone()));
                }
                out.into()
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => value,
        }
    }

    fn stand_in(&self, kind: &str, text: &str) -> Json {
        if text.is_empty() {
            return text.into();
        }
        let tag = sign(&self.0, text.as_bytes());
        let shown = tag.as_ref().get(..SHOWN_BYTES).unwrap_or_default();
        format!("{kind}-{}", hex(shown)).into()
    }
}

fn is_place(member: &str) -> bool {
    matches!(member.to_ascii_lowercase().as_str(), "latitude" | "longitude")
}

/// True for a text that names nobody.
fn is_kept(member: &str, text: &str) -> bool {
    if is_address(text) {
        return false;
    }
    let is_naming = NAMING.iter().any(|part| member.to_ascii_lowercase().contains(part));
    let of_ids = ["id", "Id", "ID", "Ids", "_ids"].iter().any(|end| member.ends_with(end));
    let is_word = |text: &str| {
        text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    !is_naming && (is_time(text) || of_ids || is_word(text))
}

/// True for a text without letters, those of a time in UTC aside.
fn is_time(text: &str) -> bool {
    text.bytes().all(|byte| !byte.is_ascii_alphabetic() || matches!(byte, b'T' | b'Z'))
        && text.is_ascii()
}

fn is_address(text: &str) -> bool {
    text.contains('@')
        || text.split(['/', '-', ',', ' ']).any(|part| part.parse::<IpAddr>().is_ok())
        || text.rsplit_once(':').is_some_and(|(host, _)| host.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::Redactor;
    use crate::json::Json;

    #[test]
    fn what_names_is_replaced_and_what_is_set_stays() {
        for (member, text, is_kept) in [
            ("name", "Lyon", false),
            ("ssids", "ACME-GUEST", false),
            ("san", "jump.acme.test", false),
            ("sandbox", "ON", true),
            ("phone", "+33 1 23 45", false),
            ("name", "PARIS_DC_01", false),
            ("issuedTo", "CN=acme", false),
            ("lookalike_raw", "acrne.test", false),
            ("software_key", "payroll_24", false),
            ("zia_list_auth_exempt_urls", "status.acme.test", false),
            ("objectNewValue", "{\"name\": \"Lyon\"}", false),
            ("state", "ENABLED", true),
            ("urlCategories", "CUSTOM_01", true),
            ("order", "7", true),
        ] {
            let out = Redactor::new(b"key").value(member, Json::from(text));
            assert_eq!(out == Json::from(text), is_kept, "{member} {text}");
        }
    }
}
