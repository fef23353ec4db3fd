//! Zone: pre-admission. Base64 with the URL alphabet and without padding, in its one form.

use core::iter::repeat_n;

use crate::base::Secret;
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
    let standard = text.iter().map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        b'+' | b'/' | b'=' => b'?',
        other => *other,
    });
    let padding = text.len().next_multiple_of(4).saturating_sub(text.len());
    // One buffer of the right size, wiped: private keys come in this form as well.
    let padded = Secret::new(standard.chain(repeat_n(b'=', padding)).collect());
    base64_decode(padded.expose())
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
