//! Zone: pre-admission. Signed tokens: a compact JWS, the keys of its issuer, the claims inside.
//!
//! Trusts the rules and the key set of the operator, and nothing that a token says before its
//! signature holds. Never follows an address, never takes a key from a token, never asks a clock;
//! one token costs at most one verification of a signature.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod algorithm;
pub mod base64url;
mod claims;
mod header;
mod keys;

pub use algorithm::Algorithm;
pub use claims::Claims;
pub use keys::{BadKeys, KeySet};

use header::{Header, Parts};

use crate::json::{Bounds, Json};
use crate::limits::{JOSE_DEPTH_MAX, JOSE_NODES_MAX, JOSE_TEXT_BYTES_MAX};

const BOUNDS: Bounds = Bounds { depth: JOSE_DEPTH_MAX, nodes: JOSE_NODES_MAX };

/// What a token has to satisfy, as the operator set it.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Algorithms that are accepted (RFC 8725 s3.1).
    pub algorithms: Vec<Algorithm>,
    /// The issuer, compared byte by byte.
    pub issuer: String,
    /// Names of this server; a token has to be meant for one of them. Without any, none is.
    pub audience: Vec<String>,
    /// Seconds that the clocks of issuer and server may differ.
    pub leeway_seconds: u64,
    /// Scopes that a caller needs; [`verify`] leaves them to [`Claims::lacks`].
    pub scopes: Vec<String>,
}

/// Why a token was refused. No byte of the token is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not three parts of base64url with JSON objects in them, within the bounds.
    Malformed,
    /// Signed by an algorithm that is not accepted.
    Algorithm,
    /// It names no key, or one that is not for its algorithm.
    Key,
    /// It names a key that is not in the set: a newer set may have it.
    UnknownKey,
    /// The signature does not hold.
    Signature,
    /// Its time is over.
    Expired,
    /// Its time has not begun, or it was issued in the future.
    NotYet,
    /// From another issuer.
    Issuer,
    /// For another audience.
    Audience,
    /// A claim is missing, of the wrong type, too long, or not plain text.
    Claims,
    /// Another kind of token than an access token.
    Kind,
    /// It asks for an extension to be understood, and there is none that is.
    Critical,
}

impl Refused {
    /// Returns the word for log lines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Algorithm => "algorithm",
            Self::Key => "key",
            Self::UnknownKey => "unknown-key",
            Self::Signature => "signature",
            Self::Expired => "expired",
            Self::NotYet => "not-yet",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Claims => "claims",
            Self::Kind => "kind",
            Self::Critical => "critical",
        }
    }
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Returns the claims of `token`, a compact JWS (RFC 7515 s7.1, RFC 7519 s7.2), at `now`, in
/// seconds since 1970.
///
/// Sizes, shape, header and the look-up of the key come first, then the one verification of the
/// signature; the payload is decoded and read only when that holds. All of it is linear in the
/// length of the token.
///
/// # Errors
/// [`Refused`], in this order: [`Refused::Malformed`] for sizes, parts and header,
/// [`Refused::Critical`], [`Refused::Kind`], [`Refused::Algorithm`], [`Refused::Key`] or
/// [`Refused::UnknownKey`], [`Refused::Signature`], and of the payload [`Refused::Malformed`],
/// [`Refused::Claims`], [`Refused::Expired`], [`Refused::NotYet`], [`Refused::Issuer`],
/// [`Refused::Audience`].
pub fn verify(token: &[u8], keys: &KeySet, rules: &Rules, now: u64) -> Result<Claims, Refused> {
    let parts = Parts::of(token).ok_or(Refused::Malformed)?;
    let header = Header::read(parts.header, &rules.algorithms)?;
    let key = keys.find(&header.key_id, header.algorithm)?;
    let signature = base64url::decode(parts.signature).ok_or(Refused::Malformed)?;
    if !key.has_signed(header.algorithm, parts.signed, &signature) {
        return Err(Refused::Signature);
    }
    let payload = base64url::decode(parts.payload).ok_or(Refused::Malformed)?;
    Claims::read(&payload, rules, now)
}

/// Returns the string in `value` when it is fit to name something.
fn name_of(value: &Json) -> Option<&str> {
    value.as_str().filter(|text| is_name(text))
}

/// True for a text that is there, within the bound, and without control characters.
///
/// U+FFFD is refused as well: the reader puts it in place of what JSON cannot say, so two names
/// that differ there would be one.
fn is_name(text: &str) -> bool {
    let odd = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    !text.is_empty() && text.len() <= JOSE_TEXT_BYTES_MAX && !text.contains(odd)
}
