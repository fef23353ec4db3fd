//! Zone: pre-admission. Byte classes of the HTTP and URI grammars, as predicates.

/// True for `tchar` (RFC 9110 s5.6.2).
#[must_use]
pub const fn is_token(byte: u8) -> bool {
    matches!(byte,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_'
        | b'`' | b'|' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
}

/// True for a byte that may stand inside a field value: TAB, space, visible, 0x80-0xFF.
#[must_use]
pub const fn is_field_value(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x20..=0x7e | 0x80..=0xff)
}

/// True for `unreserved` (RFC 3986 s2.3).
#[must_use]
pub const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
}

/// True for `sub-delims` (RFC 3986 s2.2).
#[must_use]
pub const fn is_sub_delim(byte: u8) -> bool {
    matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=')
}

/// True for `pchar` or `/`; a percent sign is only accepted here, its digits are not checked.
#[must_use]
pub const fn is_path(byte: u8) -> bool {
    is_unreserved(byte) || is_sub_delim(byte) || matches!(byte, b':' | b'@' | b'/' | b'%')
}

/// Returns `value` without spaces and tabs at both ends (OWS, RFC 9110 s5.6.3).
#[must_use]
pub const fn trim_ows(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Returns the decimal value of `digits`: one or more ASCII digits and nothing else.
#[must_use]
pub fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// Returns the items of a comma-separated list, trimmed, empty ones left out (RFC 9110 s5.6.1).
pub fn list_items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(trim_ows).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{decimal, list_items, trim_ows};

    #[test]
    fn decimal_takes_digits_only() {
        assert_eq!(decimal(b"0042"), Some(42));
        for bad in [&b""[..], b"+1", b"1 ", b"99999999999999999999"] {
            assert_eq!(decimal(bad), None);
        }
    }

    #[test]
    fn lists_are_trimmed_and_skip_empty_items() {
        let items: Vec<&[u8]> = list_items(b" a ,, b\t,").collect();
        assert_eq!(items, [b"a", b"b"]);
        assert_eq!(trim_ows(b" \t"), b"");
    }
}
