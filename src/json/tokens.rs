//! Zone: post-admission. The tokens of JSON text that this program wrote without blanks.
//!
//! Looks at brackets and quotes only. Text of another kind gives senseless tokens, never a fault.

use super::read::read;
use super::runs::stop;
use super::scan::Bounds;
use super::value::Json;

/// The tokens in order: a bracket, a comma, a colon, or a whole scalar.
#[derive(Debug, Clone)]
pub struct Tokens<'a>(&'a str);

impl<'a> Tokens<'a> {
    /// Returns the tokens of `text`.
    #[must_use]
    pub const fn of(text: &'a str) -> Self {
        Self(text)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.0.as_bytes();
        let len = match bytes.first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => string(bytes),
            _ => {
                let end = bytes.iter().position(|byte| matches!(byte, b',' | b']' | b'}'));
                end.unwrap_or(bytes.len())
            }
        };
        let (token, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(token)
    }
}

/// Returns the length of the string that `text` begins with, quotes included.
fn string(text: &[u8]) -> usize {
    let mut at = 1_usize;
    while let Some(found) = text.get(at..).and_then(|rest| stop(rest, b'"')) {
        at = at.saturating_add(found).saturating_add(1);
        if text.get(at.saturating_sub(1)) == Some(&b'"') {
            return at;
        }
        at = at.saturating_add(1);
    }
    text.len()
}

/// Returns what the string token `token` says.
#[must_use]
pub fn text_of(token: &str) -> Option<String> {
    match read(token.as_bytes(), Bounds { depth: 0, nodes: 1 }) {
        Ok(Json::String(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Tokens, text_of};

    #[test]
    fn tokens_are_brackets_signs_and_whole_scalars() {
        let text = r#"{"a\"]\\":[-1.5e3,true,null,"",[]],"{":{}}"#;
        let tokens: Vec<&str> = Tokens::of(text).collect();
        let expected = r#"{ "a\"]\\" : [ -1.5e3 , true , null , "" , [ ] ] , "{" : { } }"#;
        assert_eq!(tokens.join(" "), expected);
        assert_eq!(text_of(tokens[1]).as_deref(), Some("a\"]\\"));
        assert_eq!(text_of("1"), None);
        assert_eq!(Tokens::of("1.5").collect::<Vec<_>>(), ["1.5"]);
        for open in ["\"a", "\"a\\", "\"a\\\""] {
            assert_eq!(Tokens::of(open).collect::<Vec<_>>(), [open], "senseless, yet it ends");
        }
    }
}
