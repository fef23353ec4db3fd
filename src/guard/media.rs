//! Zone: pre-admission. Media types of body and answer (RFC 9110 s8.3, s12.5.1).
//!
//! Reads lists by their commas and parameters by their semicolons; a quoted string that holds
//! either falls apart into pieces that match nothing, which can only refuse.

use super::Refusal;
use crate::base::bytes::{is_token, list_items, trim_ows};
use crate::http::head::{Head, One};

const EVENT_STREAM: &[u8] = b"text/event-stream";
const JSON: [&[u8]; 2] = [b"application/json", b"application/json-rpc"];
/// Ranges of Accept that cover a JSON answer, and those that cover a stream.
const TAKES_JSON: [&[u8]; 3] = [b"application/json", b"application/*", b"*/*"];
const TAKES_STREAM: [&[u8]; 3] = [EVENT_STREAM, b"text/*", b"*/*"];

/// Checks that the body is announced as JSON, in UTF-8 if a charset is named.
pub(super) fn check_content(head: &Head<'_>) -> Result<(), Refusal> {
    let One::Value(value) = head.one(b"content-type") else { return Err(Refusal::ContentType) };
    let mut parts = parts(value);
    let json = parts.next().is_some_and(|essence| is_one_of(essence, &JSON));
    let utf8 = parts.all(|parameter| {
        parameter.is_empty()
            || pair(parameter).is_some_and(|(name, value)| {
                !name.eq_ignore_ascii_case(b"charset") || is_utf8(value)
            })
    });
    if json && utf8 { Ok(()) } else { Err(Refusal::ContentType) }
}

/// Checks that the caller takes an answer in either form.
pub(super) fn check_accept(head: &Head<'_>) -> Result<(), Refusal> {
    if takes(head, &TAKES_JSON) && takes(head, &TAKES_STREAM) {
        return Ok(());
    }
    Err(Refusal::Accept)
}

/// Checks that the caller asks for a stream by name; a range with `*` is what every tool sends.
pub(super) fn check_stream(head: &Head<'_>) -> Result<(), Refusal> {
    if takes(head, &[EVENT_STREAM]) { Ok(()) } else { Err(Refusal::GetWithoutStream) }
}

fn takes(head: &Head<'_>, ranges: &[&[u8]]) -> bool {
    head.all(b"accept").flat_map(list_items).any(|item| {
        let mut parts = parts(item);
        parts.next().is_some_and(|essence| is_one_of(essence, ranges)) && !parts.any(is_refused)
    })
}

/// Returns the type, then each parameter.
fn parts(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b';').map(trim_ows)
}

fn is_one_of(essence: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|name| essence.eq_ignore_ascii_case(name))
}

/// Returns name and value of a parameter, quotes removed.
fn pair(parameter: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = parameter.iter().position(|byte| *byte == b'=')?;
    let (name, value) = parameter.split_at_checked(at)?;
    let value = value.strip_prefix(b"=")?;
    let inside = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    let value = match inside {
        Some(inside) if !inside.contains(&b'"') => inside,
        None if !value.is_empty() && value.iter().copied().all(is_token) => value,
        Some(_) | None => return None,
    };
    (!name.is_empty() && name.iter().copied().all(is_token)).then_some((name, value))
}

fn is_utf8(charset: &[u8]) -> bool {
    charset.eq_ignore_ascii_case(b"utf-8") || charset.eq_ignore_ascii_case(b"utf8")
}

/// True for a weight of zero and for one outside the grammar (RFC 9110 s12.4.2).
fn is_refused(parameter: &[u8]) -> bool {
    match parameter {
        [b'q' | b'Q', b'=', weight @ ..] => !is_positive(weight),
        _ => false,
    }
}

fn is_positive(weight: &[u8]) -> bool {
    let digits = match weight {
        [b'0' | b'1'] => &[][..],
        [b'0' | b'1', b'.', digits @ ..] => digits,
        _ => return false,
    };
    let decimal = digits.len() <= 3 && digits.iter().all(u8::is_ascii_digit);
    let zero = digits.iter().all(|digit| *digit == b'0');
    decimal && (weight.starts_with(b"1") == zero)
}

#[cfg(test)]
mod tests {
    use super::is_positive;

    #[test]
    fn a_weight_is_between_zero_and_one() {
        for good in ["1", "1.0", "1.000", "0.001", "0.5"] {
            assert!(is_positive(good.as_bytes()), "{good}");
        }
        for bad in ["", "0", "0.", "0.000", "1.1", "2", "0.0001", "-1", "0,5"] {
            assert!(!is_positive(bad.as_bytes()), "{bad}");
        }
    }
}
