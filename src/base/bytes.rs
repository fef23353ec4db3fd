//! Zone: pre-admission. Byte classes of the HTTP and URI grammars, as predicates.

const TOKEN: u8 = 1;
const FIELD_VALUE: u8 = 2;
const UNRESERVED: u8 = 4;

/// The classes of each byte, one bit a class, so that a question is one look-up.
const CLASSES: [u8; 256] = classes();

#[cfg_attr(
    not(test),
    expect(
        clippy::as_conversions,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "evaluated by the compiler, where a fault stops the build"
    )
)]
const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        let unreserved =
            matches!(byte, b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z');
        let token = unreserved
            || matches!(
                byte,
                b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'^' | b'`' | b'|'
            );
        let field_value = matches!(byte, b'\t' | 0x20..=0x7e | 0x80..=0xff);
        table[byte as usize] = if unreserved { UNRESERVED } else { 0 }
            | if token { TOKEN } else { 0 }
            | if field_value { FIELD_VALUE } else { 0 };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

#[inline]
fn is_of(byte: u8, class: u8) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|classes| classes & class != 0)
}

/// True for `tchar` (RFC 9110 s5.6.2).
#[must_use]
#[inline]
pub fn is_token(byte: u8) -> bool {
    is_of(byte, TOKEN)
}

/// True for a byte that may stand inside a field value: TAB, space, visible, 0x80-0xFF.
#[must_use]
#[inline]
pub fn is_field_value(byte: u8) -> bool {
    is_of(byte, FIELD_VALUE)
}

/// True for `unreserved` (RFC 3986 s2.3).
#[must_use]
#[inline]
pub fn is_unreserved(byte: u8) -> bool {
    is_of(byte, UNRESERVED)
}

/// True for `sub-delims` (RFC 3986 s2.2).
#[must_use]
pub const fn is_sub_delim(byte: u8) -> bool {
    matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=')
}

/// True for `pchar` or `/`; a percent sign is only accepted here, its digits are not checked.
#[must_use]
pub fn is_path(byte: u8) -> bool {
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
    use super::{
        CLASSES, classes, decimal, is_field_value, is_token, is_unreserved, list_items, trim_ows,
    };

    #[test]
    fn the_classes_are_those_of_the_grammars() {
        let visible = |byte: u8| (0x21..=0x7e).contains(&byte);
        for byte in 0..=u8::MAX {
            let delimiter = br#"(),/:;<=>?@[\]{}""#.contains(&byte);
            assert_eq!(is_token(byte), visible(byte) && !delimiter, "{byte:#x}");
            assert_eq!(
                is_field_value(byte),
                byte == 9 || byte >= 0x20 && byte != 0x7f,
                "{byte:#x}"
            );
            let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            assert_eq!(is_unreserved(byte), unreserved, "{byte:#x}");
        }
        assert_eq!(classes(), CLASSES, "run by the program as by the compiler");
    }

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
