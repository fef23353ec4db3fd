//! Zone: pre-admission. From the fields of a head to what one way of authentication wants.
//!
//! Reads bytes and judges their form only. Where two fields could both say who is calling, one of
//! them decides alone, so that two readers never take different ones.

use crate::base::Secret;
use crate::base::bytes::trim_ows;
use crate::base::encode::base64_decode;
use crate::guard::Credentials;
use crate::limits::FIELD_BYTES_MAX;

/// What a caller sent.
#[derive(Debug)]
pub(super) enum Sent<T> {
    /// Nothing.
    Nothing,
    /// Something for another way of authentication.
    Other,
    /// Something that cannot be a credential.
    Malformed,
    /// A credential.
    Credential(T),
}

/// A client id and its secret.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) id: String,
    pub(super) secret: Secret,
}

/// Returns the API key: `Authorization` decides alone when it is there, then `X-Api-Key`.
pub(super) fn api_key(fields: &Credentials) -> Sent<&[u8]> {
    if fields.authorization.is_some() {
        return bearer(fields);
    }
    match fields.api_key.as_ref().map(|value| trim_ows(value.expose())) {
        None | Some([]) => Sent::Nothing,
        Some(key) if key.len() > FIELD_BYTES_MAX => Sent::Malformed,
        Some(key) => Sent::Credential(key),
    }
}

/// Returns what follows `Bearer` (RFC 6750 s2.1).
pub(super) fn bearer(fields: &Credentials) -> Sent<&[u8]> {
    scheme(fields.authorization.as_ref(), b"bearer")
}

/// Returns the pair: the two fields of the service decide alone when one is there, then `Basic`
/// (RFC 7617 s2).
pub(super) fn pair(fields: &Credentials) -> Sent<Pair> {
    let made = match (&fields.client_id, &fields.client_secret) {
        (None, None) => match scheme(fields.authorization.as_ref(), b"basic") {
            Sent::Credential(text) => basic(text),
            Sent::Malformed => None,
            Sent::Other => return Sent::Other,
            Sent::Nothing if fields.api_key.is_none() => return Sent::Nothing,
            Sent::Nothing => return Sent::Other,
        },
        (Some(id), Some(secret)) => checked(trim_ows(id.expose()), trim_ows(secret.expose())),
        _ => None,
    };
    made.map_or(Sent::Malformed, Sent::Credential)
}

/// Returns what follows `name` and exactly one space, in any case, without blanks around it.
fn scheme<'a>(field: Option<&'a Secret>, name: &[u8]) -> Sent<&'a [u8]> {
    let Some(value) = field.map(Secret::expose) else { return Sent::Nothing };
    let mut parts = value.splitn(2, |byte| *byte == b' ');
    let sent = parts.next().unwrap_or_default();
    if !sent.eq_ignore_ascii_case(name) {
        return Sent::Other;
    }
    match trim_ows(parts.next().unwrap_or_default()) {
        [] => Sent::Malformed,
        credential if credential.len() > FIELD_BYTES_MAX => Sent::Malformed,
        credential => Sent::Credential(credential),
    }
}

/// Returns the pair in the canonical base64 `text`, parted at the first colon.
fn basic(text: &[u8]) -> Option<Pair> {
    let bytes = Secret::new(base64_decode(text)?);
    let mut parts = bytes.expose().splitn(2, |byte| *byte == b':');
    checked(parts.next()?, parts.next()?)
}

/// Returns the pair when both are texts, not empty, and free of controls (RFC 7617 s2).
fn checked(id: &[u8], secret: &[u8]) -> Option<Pair> {
    let is_text = |bytes: &[u8]| {
        let text = core::str::from_utf8(bytes).unwrap_or_default();
        !text.is_empty() && bytes.len() <= FIELD_BYTES_MAX && !text.contains(char::is_control)
    };
    if !is_text(id) || !is_text(secret) {
        return None;
    }
    let id = core::str::from_utf8(id).ok()?.to_owned();
    Some(Pair { id, secret: Secret::new(secret.to_vec()) })
}
