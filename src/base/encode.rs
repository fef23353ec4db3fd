//! Zone: pre-admission. Base64, hexadecimal and percent encoding, strict both ways.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const HEX: &[u8; 16] = b"0123456789abcdef";
const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";

fn digit(table: &[u8], index: u32) -> char {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    char::from(table.get(index).copied().unwrap_or(b'?'))
}

/// Returns `bytes` in padded standard base64 (RFC 4648 s4).
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for (place, shift) in [18_u32, 12, 6, 0].into_iter().enumerate() {
            let padded = place > chunk.len();
            out.push(if padded { '=' } else { digit(ALPHABET, (bits >> shift) & 63) });
        }
    }
    out
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte.wrapping_sub(b'A'),
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// Returns the bytes of padded standard base64; nothing but the canonical form is accepted.
#[must_use]
pub fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(groups.len().saturating_mul(3));
    for (index, group) in groups.iter().enumerate() {
        let last = index.saturating_add(1) == groups.len();
        let kept = match group {
            [_, _, b'=', b'='] if last => 1,
            [_, _, _, b'='] if last => 2,
            _ => 3,
        };
        let mut bits = 0_u32;
        for (place, byte) in group.iter().enumerate() {
            bits = (bits << 6) | if place > kept { 0 } else { sextet(*byte)? };
        }
        let [_, bytes @ ..] = bits.to_be_bytes();
        let (data, zero) = bytes.split_at_checked(kept)?;
        if zero.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend_from_slice(data);
    }
    Some(out)
}

/// Returns `bytes` in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        out.push(digit(HEX, u32::from(byte >> 4)));
        out.push(digit(HEX, u32::from(byte & 15)));
    }
    out
}

/// Appends `bytes` to `out` with everything but RFC 3986 unreserved characters percent-encoded.
pub fn percent(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        if crate::base::bytes::is_unreserved(*byte) {
            out.push(char::from(*byte));
        } else {
            out.push('%');
            out.push(digit(HEX_UPPER, u32::from(byte >> 4)));
            out.push(digit(HEX_UPPER, u32::from(byte & 15)));
        }
    }
}

/// Returns the bytes behind percent-encoded `text`; `None` for a percent sign without two digits.
#[must_use]
pub fn percent_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let ([high, low], tail) = rest.split_first_chunk::<2>()?;
        let high = char::from(*high).to_digit(16)?;
        let low = char::from(*low).to_digit(16)?;
        out.push(u8::try_from((high << 4) | low).ok()?);
        rest = tail;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{base64, base64_decode, hex, percent, percent_decode};

    #[test]
    fn base64_round_trips_and_refuses_other_forms() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg=="),
            (&[0xfb, 0xff, 0xbf], "+/+/"),
        ] {
            assert_eq!(base64(bytes), text);
            assert_eq!(base64_decode(text.as_bytes()).as_deref(), Some(bytes));
        }
        for bad in ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "Zg==Zg==", "Zm-v", "Zm9v\n", "===="] {
            assert_eq!(base64_decode(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn percent_round_trips() {
        let mut out = String::new();
        percent("a/b \u{e9}?~".as_bytes(), &mut out);
        assert_eq!(out, "a%2Fb%20%C3%A9%3F~");
        assert_eq!(percent_decode(out.as_bytes()).as_deref(), Some("a/b \u{e9}?~".as_bytes()));
        for bad in [&b"%4"[..], b"%", b"%4g", b"%g4", b"a%%41"] {
            assert_eq!(percent_decode(bad), None, "{}", bad.escape_ascii());
        }
        assert_eq!(hex(&[0, 255, 16]), "00ff10");
    }
}
