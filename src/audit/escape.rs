//! Zone: pre-admission. Text made safe for one line of a log.
//!
//! Trusts nothing. Output holds no control character, no bidirectional control and nothing
//! invisible; what stood there is spelled out. Output is bounded and says how much is missing.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

/// Returns `text` with what must not reach a log line spelled out; quotes stay.
#[must_use]
pub fn neutral(text: &str, max: usize) -> String {
    escape(text, max, false)
}

/// Returns `text` in double quotes, with quotes and backslashes inside escaped as well.
#[must_use]
pub fn quoted(text: &str, max: usize) -> String {
    format!("\"{}\"", escape(text, max, true))
}

/// Returns `text` as it is when it is one plain word that fits, else [`quoted`].
#[must_use]
pub fn bare_or_quoted(text: &str, max: usize) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@+,*%[]-".contains(&byte);
    if !text.is_empty() && text.len() <= max && text.bytes().all(plain) {
        return text.to_owned();
    }
    quoted(text, max)
}

fn escape(text: &str, max: usize, quotes: bool) -> String {
    let mut out = String::with_capacity(text.len().min(max));
    let mut rest = text.chars();
    loop {
        let left = rest.as_str().len();
        let Some(next) = rest.next() else { return out };
        let before = out.len();
        match next {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' if quotes => out.extend(['\\', next]),
            shown if is_shown(shown) => out.push(shown),
            hidden => out.extend(hidden.escape_unicode()),
        }
        if out.len() > max {
            out.truncate(before);
            out.push_str(&format!("...[{left} more bytes]"));
            return out;
        }
    }
}

/// True for a character that a reader of a log can see and that moves nothing around it.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{bare_or_quoted, neutral, quoted};

    #[test]
    fn what_could_forge_or_hide_is_spelled_out() {
        for (name, text, expected) in [
            ("line end", "a\r\nb", "a\\r\\nb"),
            ("escape sequence", "\u{1b}[2J", "\\u{1b}[2J"),
            ("right-to-left override", "a\u{202e}b", "a\\u{202e}b"),
            ("isolate", "\u{2066}", "\\u{2066}"),
            ("tag character", "\u{e0041}", "\\u{e0041}"),
            ("next line", "\u{85}", "\\u{85}"),
            ("letters of any script stay", "\u{e9}\u{4e2d}\u{5d0}", "\u{e9}\u{4e2d}\u{5d0}"),
        ] {
            assert_eq!(neutral(text, 99), expected, "{name}");
        }
    }

    #[test]
    fn a_long_text_says_how_much_is_missing() {
        assert_eq!(neutral("abcdef", 6), "abcdef");
        assert_eq!(neutral("abcdefg", 6), "abcdef...[1 more bytes]");
        assert_eq!(neutral("ab\n\u{e9}", 3), "ab...[3 more bytes]");
    }

    #[test]
    fn quotes_cannot_be_closed_from_inside() {
        assert_eq!(quoted("a\" b=\"\\", 99), "\"a\\\" b=\\\"\\\\\"");
        assert_eq!(bare_or_quoted("10.0.0.1:80", 99), "10.0.0.1:80");
        assert_eq!(bare_or_quoted("a=b", 99), "\"a=b\"");
        assert_eq!(bare_or_quoted("", 99), "\"\"");
    }
}
