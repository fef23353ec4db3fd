//! Zone: post-admission. From the text of a query to tokens, each with its place.
//!
//! Quoted names and literals are read by the bounded JSON reader.

use std::collections::VecDeque;

use crate::json::{self, Bounds, Json};
use crate::limits::{QUERY_DEPTH_MAX, QUERY_TEXT_BYTES_MAX};
use crate::query::fault::{QueryError, QueryFault};
use crate::query::tree::Comparison;

/// A literal has no more values than the text has bytes.
const LITERAL: Bounds = Bounds { depth: QUERY_DEPTH_MAX, nodes: 16 * 1024 };

/// The smallest part of a text that has a meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Quoted(String),
    Literal(Json),
    Number(i64),
    Dot,
    Star,
    Comma,
    Colon,
    Current,
    Reference,
    Not,
    Pipe,
    Or,
    And,
    Compare(Comparison),
    /// `[]`
    Flatten,
    /// `[?`
    Filter,
    OpenList,
    CloseList,
    OpenHash,
    CloseHash,
    OpenCall,
    CloseCall,
    End,
}

/// A token and the bytes before it.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) at: usize,
}

/// Returns the tokens of `text`, [`Token::End`] last.
///
/// # Errors
/// The first place that is no token.
pub(super) fn tokens(text: &str) -> Result<VecDeque<Placed>, QueryError> {
    if text.len() > QUERY_TEXT_BYTES_MAX {
        return Err(QueryError { at: QUERY_TEXT_BYTES_MAX, fault: QueryFault::Length });
    }
    let mut lexer = Lexer { rest: text };
    let mut found = VecDeque::new();
    loop {
        lexer.rest = lexer.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let at = text.len().saturating_sub(lexer.rest.len());
        let token = lexer.token().map_err(|fault| QueryError { at, fault })?;
        let ended = token == Token::End;
        found.push_back(Placed { token, at });
        if ended {
            return Ok(found);
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    fn token(&mut self) -> Result<Token, QueryFault> {
        let mut chars = self.rest.chars();
        let Some(first) = chars.next() else { return Ok(Token::End) };
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Token::Name(self.run(|byte| byte.is_ascii_alphanumeric() || byte == b'_')));
        }
        if first.is_ascii_digit() || first == '-' {
            return self.number();
        }
        self.rest = chars.as_str();
        Ok(match first {
            '"' => self.quoted()?,
            '\'' => self.raw()?,
            '`' => self.literal()?,
            '.' => Token::Dot,
            '*' => Token::Star,
            ',' => Token::Comma,
            ':' => Token::Colon,
            '@' => Token::Current,
            ']' => Token::CloseList,
            '{' => Token::OpenHash,
            '}' => Token::CloseHash,
            '(' => Token::OpenCall,
            ')' => Token::CloseCall,
            '[' if self.take(']') => Token::Flatten,
            '[' if self.take('?') => Token::Filter,
            '[' => Token::OpenList,
            '&' if self.take('&') => Token::And,
            '&' => Token::Reference,
            '|' if self.take('|') => Token::Or,
            '|' => Token::Pipe,
            other => return self.comparison(other),
        })
    }

    fn comparison(&mut self, first: char) -> Result<Token, QueryFault> {
        Ok(match (first, self.take('=')) {
            ('=', true) => Token::Compare(Comparison::Equal),
            ('=', false) => return Err(QueryFault::OneEquals),
            ('!', true) => Token::Compare(Comparison::Unequal),
            ('!', false) => Token::Not,
            ('<', true) => Token::Compare(Comparison::LessOrEqual),
            ('<', false) => Token::Compare(Comparison::Less),
            ('>', true) => Token::Compare(Comparison::GreaterOrEqual),
            ('>', false) => Token::Compare(Comparison::Greater),
            _ => return Err(QueryFault::Character),
        })
    }

    fn number(&mut self) -> Result<Token, QueryFault> {
        let minus = if self.take('-') { "-" } else { "" };
        let digits = self.run(|byte| byte.is_ascii_digit());
        if digits.is_empty() {
            return Err(QueryFault::Character);
        }
        let value = format!("{minus}{digits}").parse().map_err(|_long| QueryFault::Integer)?;
        Ok(Token::Number(value))
    }

    fn quoted(&mut self) -> Result<Token, QueryFault> {
        let inside = self.until('"').ok_or(QueryFault::Unclosed("a quoted name"))?;
        match string(inside) {
            Some(Json::String(name)) => Ok(Token::Quoted(name)),
            _ => Err(QueryFault::Name),
        }
    }

    /// Everything stands for itself, but for the quote behind a backslash.
    fn raw(&mut self) -> Result<Token, QueryFault> {
        let inside = self.until('\'').ok_or(QueryFault::Unclosed("a text in single quotes"))?;
        Ok(Token::Literal(inside.replace("\\'", "'").into()))
    }

    /// JSON; what is not JSON is the text itself, an older form that saved queries use.
    fn literal(&mut self) -> Result<Token, QueryFault> {
        let inside = self.until('`').ok_or(QueryFault::Unclosed("a literal in backticks"))?;
        let inside = inside.replace("\\`", "`");
        let value = json::read(inside.as_bytes(), LITERAL).ok();
        let value = value.or_else(|| string(inside.trim_start()));
        value.map(Token::Literal).ok_or(QueryFault::Literal)
    }

    /// Takes the text before `quote` and the quote; a backslash keeps the next character.
    fn until(&mut self, quote: char) -> Option<&'a str> {
        let mut escaped = false;
        for (at, next) in self.rest.char_indices() {
            if escaped {
                escaped = false;
            } else if next == '\\' {
                escaped = true;
            } else if next == quote {
                let (inside, rest) = self.rest.split_at_checked(at)?;
                self.rest = rest.strip_prefix(quote)?;
                return Some(inside);
            }
        }
        None
    }

    fn run(&mut self, belongs: fn(u8) -> bool) -> String {
        let end = self.rest.bytes().position(|byte| !belongs(byte)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        run.to_owned()
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

fn string(inside: &str) -> Option<Json> {
    json::read(format!("\"{inside}\"").as_bytes(), LITERAL).ok()
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};
    use crate::query::fault::QueryFault;

    #[test]
    fn quotes_and_escapes_are_told_apart() {
        for (text, expected) in [
            (r"'it\'s'", Token::Literal("it's".into())),
            (r"'\z\\'", Token::Literal(r"\z\\".into())),
            (r#"`"a\`b"`"#, Token::Literal("a`b".into())),
            ("`old form`", Token::Literal("old form".into())),
            ("` 5 `", Token::Literal(5_i64.into())),
            (r#""a\u0062""#, Token::Quoted("ab".to_owned())),
            ("-12", Token::Number(-12)),
        ] {
            let mut found = tokens(text).unwrap();
            assert_eq!(found.pop_front().unwrap().token, expected, "{text}");
        }
    }

    #[test]
    fn a_bad_token_has_its_place() {
        for (text, at, fault) in [
            ("a #", 2, QueryFault::Character),
            ("a = b", 2, QueryFault::OneEquals),
            ("a.'b", 2, QueryFault::Unclosed("a text in single quotes")),
            ("\"\\u\"", 0, QueryFault::Name),
            ("`\"`", 0, QueryFault::Literal),
            ("[-]", 1, QueryFault::Character),
            ("[9223372036854775808]", 1, QueryFault::Integer),
            ("\u{e9}", 0, QueryFault::Character),
        ] {
            let error = tokens(text).unwrap_err();
            assert_eq!((error.at, error.fault), (at, fault), "{text}");
        }
    }
}
