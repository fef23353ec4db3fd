//! Zone: pre-admission. Small pieces of the field grammar that heads and bodies share.
//!
//! Trusts nothing. Each function returns what it accepted and what is left; nothing is copied.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::base::bytes::{is_field_value, is_token};

/// Returns the longest prefix whose bytes all pass `accept`, and the rest.
pub(crate) fn split_while(bytes: &[u8], accept: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| !accept(*byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

/// Returns what follows the spaces and tabs at the front of `bytes`.
pub(crate) fn skip_blanks(bytes: &[u8]) -> &[u8] {
    split_while(bytes, |byte| matches!(byte, b' ' | b'\t')).1
}

/// Returns what follows one `; name = value` at the front of `bytes`; the value is a token or a
/// quoted string, and may be missing when `bare` (RFC 9112 s7, s7.1.1).
pub(crate) fn parameter(bytes: &[u8], bare: bool) -> Option<&[u8]> {
    let rest = skip_blanks(bytes).strip_prefix(b";")?;
    let (name, rest) = split_while(skip_blanks(rest), is_token);
    if name.is_empty() {
        return None;
    }
    let Some(value) = skip_blanks(rest).strip_prefix(b"=") else {
        return bare.then_some(rest);
    };
    let value = skip_blanks(value);
    if let Some(text) = value.strip_prefix(b"\"") {
        return quoted_end(text);
    }
    let (token, rest) = split_while(value, is_token);
    (!token.is_empty()).then_some(rest)
}

/// Returns what follows the closing quote (RFC 9110 s5.6.4).
fn quoted_end(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [b'"', rest @ ..] => return Some(rest),
            [b'\\', byte, rest @ ..] if is_field_value(*byte) => rest,
            [b'\\', ..] => return None,
            [byte, rest @ ..] if is_field_value(*byte) => rest,
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_parameter_ends_where_its_grammar_ends() {
        let rows = [
            ("token value", &b";a=b;c"[..], Some(&b";c"[..])),
            ("bad whitespace around it", b" ;\ta = b", Some(b"")),
            ("quoted comma and quote", br#";a="x,\"y";b"#, Some(b";b")),
            ("bare name", b";a ;b", Some(b" ;b")),
            ("no name", b";=b", None),
            ("no value", b";a=", None),
            ("open quote", b";a=\"b", None),
            ("open escape", b";a=\"b\\", None),
            ("no semicolon", b"a=b", None),
        ];
        for (name, input, expected) in rows {
            assert_eq!(parameter(input, true), expected, "{name}");
        }
        assert_eq!(parameter(b";a", false), None);
    }
}
