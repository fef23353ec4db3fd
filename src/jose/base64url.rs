//! Zone: pre-admission. Base64 with the URL alphabet and without padding, in its one form.

use crate::base::encode::{base64, base64_decode};

/// Returns `bytes` as text (RFC 4648 s5).
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    base64(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// Returns the bytes behind `text` (RFC 4648 s5, RFC 7515 s2); `None` for padding, blanks, the
/// other alphabet, a length that no bytes have, and bits at the end that are not zero.
///
/// Two texts never give the same bytes, so a token has one spelling.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok().filter(|text| !text.contains(['+', '/', '=']))?;
    let mut padded = text.replace('-', "+").replace('_', "/").into_bytes();
    padded.resize(padded.len().next_multiple_of(4), b'=');
    base64_decode(&padded)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn one_text_for_each_value() {
        for (text, bytes) in
            [("", &b""[..]), ("Zg", b"f"), ("Zm8", b"fo"), ("Zm9v", b"foo"), ("-_8", b"\xfb\xff")]
        {
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes), "{text}");
            assert_eq!(encode(bytes), text);
        }
        for (name, text) in [
            ("padding", "Zg=="),
            ("some padding", "Zg="),
            ("a plus of the other alphabet", "Zm+v"),
            ("a slash of the other alphabet", "Zm/v"),
            ("a length of one", "Z"),
            ("a length of five", "Zm9vZ"),
            ("bits behind one byte", "Zh"),
            ("bits behind two bytes", "Zm9"),
            ("a line end", "Zm9v\n"),
            ("a blank", "Zm 9v"),
            ("a dot", "Zm9v."),
            ("padding alone", "===="),
            ("not ASCII", "Zm\u{f6}"),
        ] {
            assert_eq!(decode(text.as_bytes()), None, "{name}");
        }
    }
}
