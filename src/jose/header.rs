//! Zone: pre-admission. The three parts of a token, and what its header may say.
//!
//! A header chooses among what the operator allows: an algorithm of the list and a key of the set.
//! Keys and addresses of keys inside of it (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.

use super::{Algorithm, BOUNDS, Refused, base64url, name_of};
use crate::json::read;
use crate::limits::{JWT_BYTES_MAX, JWT_HEADER_BYTES_MAX, JWT_PAYLOAD_BYTES_MAX};

/// The parts of a compact JWS (RFC 7515 s7.1), still encoded.
pub(super) struct Parts<'a> {
    pub(super) header: &'a [u8],
    pub(super) payload: &'a [u8],
    pub(super) signature: &'a [u8],
    /// Header, dot and payload: what is signed.
    pub(super) signed: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Returns the parts of `token` when there are three, each within its bound.
    pub(super) fn of(token: &'a [u8]) -> Option<Self> {
        if token.len() > JWT_BYTES_MAX {
            return None;
        }
        let mut parts = token.split(|byte| *byte == b'.');
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let fits = header.len() <= JWT_HEADER_BYTES_MAX && payload.len() <= JWT_PAYLOAD_BYTES_MAX;
        if !fits || parts.next().is_some() {
            return None;
        }
        let end = header.len().checked_add(payload.len())?.checked_add(1)?;
        Some(Self { header, payload, signature, signed: token.get(..end)? })
    }
}

/// What is taken from a protected header.
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: String,
}

impl Header {
    /// Returns what the encoded header `part` says.
    ///
    /// Any `crit` is refused, since no extension is understood (RFC 7515 s4.1.11), and so is any
    /// `b64`, which changes what is signed (RFC 7797 s3). A token has to name its key: to try
    /// each key of the set would cost one verification a key.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::Critical`], [`Refused::Kind`], [`Refused::Algorithm`],
    /// [`Refused::Key`], in this order.
    pub(super) fn read(part: &[u8], allowed: &[Algorithm]) -> Result<Self, Refused> {
        let text = base64url::decode(part).ok_or(Refused::Malformed)?;
        let json = read(&text, BOUNDS).map_err(|_unreadable| Refused::Malformed)?;
        let members = json.as_object().ok_or(Refused::Malformed)?;
        if members.get("crit").is_some() || members.get("b64").is_some() {
            return Err(Refused::Critical);
        }
        if members.get("typ").is_some_and(|kind| !kind.as_str().is_some_and(is_access_token)) {
            return Err(Refused::Kind);
        }
        let algorithm = members.get("alg").and_then(|name| Algorithm::parse(name.as_str()?));
        let algorithm = algorithm.filter(|found| allowed.contains(found));
        Ok(Self {
            algorithm: algorithm.ok_or(Refused::Algorithm)?,
            key_id: members.get("kid").and_then(name_of).ok_or(Refused::Key)?.to_owned(),
        })
    }
}

/// True for the types of an access token (RFC 7519 s5.1, RFC 9068 s2.1), in any case and with or
/// without the prefix that media types may leave out (RFC 7515 s4.1.9).
fn is_access_token(kind: &str) -> bool {
    const PREFIX: &str = "application/";
    let split = kind.split_at_checked(PREFIX.len());
    let tail = split.filter(|(prefix, _)| prefix.eq_ignore_ascii_case(PREFIX));
    let name = tail.map_or(kind, |(_, tail)| tail);
    ["JWT", "at+jwt"].iter().any(|known| name.eq_ignore_ascii_case(known))
}
