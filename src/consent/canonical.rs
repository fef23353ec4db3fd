//! Zone: post-admission. The one way to write the arguments of a call, for digests.
//!
//! Members of every object are sorted by the bytes of their names; numbers stay as they were
//! written, so two spellings of a number are two values.

use aws_lc_rs::digest::{SHA256, digest as sha256};

use crate::json::{Json, Object, write};

/// Returns `arguments` as compact JSON with sorted members.
#[must_use]
pub fn canonical(arguments: &Object) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    object(arguments, &mut out);
    out
}

/// Returns the SHA-256 of the canonical form of `arguments`.
#[must_use]
pub fn digest(arguments: &Object) -> [u8; 32] {
    hash(&canonical(arguments))
}

/// Returns the SHA-256 of `bytes`.
#[must_use]
pub(super) fn hash(bytes: &[u8]) -> [u8; 32] {
    sha256(&SHA256, bytes).as_ref().first_chunk().copied().unwrap_or_default()
}

fn object(members: &Object, out: &mut Vec<u8>) {
    let mut sorted: Vec<(&str, &Json)> = members.iter().collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    out.push(b'{');
    for (index, (name, inner)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write::string(name, out);
        out.push(b':');
        value(inner, out);
    }
    out.push(b'}');
}

fn value(json: &Json, out: &mut Vec<u8>) {
    match json {
        Json::Object(members) => object(members, out),
        Json::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                value(item, out);
            }
            out.push(b']');
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => write::compact(json, out),
    }
}
