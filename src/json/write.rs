//! Zone: pre-admission. The JSON writer: compact for the wire, indented for people.
//!
//! Writes what it is given; every string leaves escaped, so no text can end its own quotes.

use super::runs::stop;
use super::tokens::Tokens;
use super::value::Json;

/// Appends `value` to `out` without blanks.
pub fn compact(value: &Json, out: &mut Vec<u8>) {
    match value {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(true) => out.extend_from_slice(b"true"),
        Json::Bool(false) => out.extend_from_slice(b"false"),
        Json::Number(number) => out.extend_from_slice(number.text().as_bytes()),
        Json::String(text) => string(text, out),
        Json::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                compact(item, out);
            }
            out.push(b']');
        }
        Json::Object(members) => {
            out.push(b'{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(name, out);
                out.push(b':');
                compact(item, out);
            }
            out.push(b'}');
        }
    }
}

/// Returns `value` as compact text.
#[must_use]
pub fn to_text(value: &Json) -> String {
    let mut out = Vec::new();
    compact(value, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Returns `value` with two-space indentation, as people read it.
#[must_use]
pub fn pretty(value: &Json) -> String {
    indented(&to_text(value))
}

/// Returns `text`, JSON without blanks, with two-space indentation.
#[must_use]
pub fn indented(text: &str) -> String {
    laid_out(text, "\n", |token, out| out.push_str(token))
}

/// Returns `text`, JSON without blanks, with two-space indentation, as a JSON string with its
/// quotes: what [`string`] makes of [`indented`], in one pass.
#[must_use]
pub fn indented_literal(text: &str) -> String {
    let inside = laid_out(text, "\\n", |token, out| {
        let mut rest = token;
        while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')) {
            let (run, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.push_str(run);
            out.push('\\');
            let (mark, tail) = tail.split_at_checked(1).unwrap_or((tail, ""));
            out.push_str(mark);
            rest = tail;
        }
        out.push_str(rest);
    });
    ["\"", &inside, "\""].concat()
}

fn laid_out(text: &str, line_end: &str, write: impl Fn(&str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len().saturating_mul(2));
    let mut line = line_end.to_owned();
    let mut before = "";
    for token in Tokens::of(text) {
        let (opened, closes) = (matches!(before, "{" | "["), matches!(token, "}" | "]"));
        if opened {
            line.push_str("  ");
        }
        if closes {
            line.truncate(line.len().saturating_sub(2));
        }
        // Nothing stands between the brackets of an empty list or object.
        if opened != closes || before == "," {
            out.push_str(&line);
        }
        match token {
            "," => out.push(','),
            ":" => out.push_str(": "),
            _ => write(token, &mut out),
        }
        before = token;
    }
    out
}

/// Returns `text` as a JSON string with its quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len().saturating_add(2));
    string(text, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends `text` to `out` as a JSON string with its quotes.
pub fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = stop(rest, 0x7f) {
        let (run, tail) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(run);
        if let Some((byte, tail)) = tail.split_first() {
            escape(*byte, out);
            rest = tail;
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// True for a byte that does not stand in a string as it is.
#[must_use]
pub const fn needs_escape(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | b'"' | b'\\' | 0x7f)
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        8 => b'b',
        9 => b't',
        10 => b'n',
        12 => b'f',
        13 => b'r',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(crate::base::encode::hex(&[byte]).as_bytes());
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::{indented, indented_literal, needs_escape, pretty, quoted, to_text};
    use crate::json::{Bounds, read};

    #[test]
    fn what_is_written_reads_back() {
        let text = r#"{"a":[1,-2.50e3,"q\"\\\n\u0000\u007f"],"b":{},"c":[],"d":null,"e":true}"#;
        let value = read(text.as_bytes(), Bounds { depth: 8, nodes: 99 }).unwrap();
        assert_eq!(to_text(&value), text);
        let again = read(pretty(&value).as_bytes(), Bounds { depth: 8, nodes: 99 }).unwrap();
        assert_eq!(again, value);
    }

    #[test]
    fn the_bytes_that_need_an_escape_are_those_that_get_one() {
        for byte in 0..0x80_u8 {
            let text = char::from(byte).to_string();
            assert_eq!(needs_escape(byte), quoted(&text) != format!("\"{text}\""), "{byte:#x}");
        }
        assert!(!(0x80..=u8::MAX).any(needs_escape));
    }

    #[test]
    fn the_indented_form_is_exact() {
        let value = read(br#"{"a":[1,{"b":[]}]}"#, Bounds { depth: 8, nodes: 99 }).unwrap();
        assert_eq!(pretty(&value), "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ]\n}");
    }

    #[test]
    fn the_indented_form_is_quoted_in_one_pass() {
        for text in [
            "{}",
            "7",
            r#""a\"b\\""#,
            r#"[{"a\\":"\"\u0007\n"},[],{"b":[1,{"c\"":null}]}]"#,
            r#"{"q":"\\\\\"","\"":[{}]}"#,
        ] {
            assert_eq!(indented_literal(text), quoted(&indented(text)), "{text}");
        }
    }
}
