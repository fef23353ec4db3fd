//! Zone: pre-admission. Shell globs: `*`, `?`, `[a-z]`, `[!a-z]` (POSIX 1003.1 s2.14).
//!
//! A pattern covers the whole text; `*` crosses dots. Matching keeps one place to return to, so
//! its cost is at most pattern length times text length, and both are bounded by their callers.

use core::fmt;

/// Whether letters match the other case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// ASCII letters match both cases.
    Ignore,
    /// Bytes match themselves.
    Exact,
}

/// A parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    tokens: Box<[Token]>,
    case: Case,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Star,
    One,
    Byte(u8),
    Class { negated: bool, ranges: Box<[(u8, u8)]> },
}

/// Why a text is not a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobError {
    /// `[` without its `]`.
    Unclosed,
    /// A range whose end lies before its start.
    Range,
}

impl Case {
    const fn fold(self, byte: u8) -> u8 {
        match self {
            Self::Ignore => byte.to_ascii_lowercase(),
            Self::Exact => byte,
        }
    }
}

impl Glob {
    /// Returns the pattern written in `text`.
    ///
    /// # Errors
    /// [`GlobError::Unclosed`] and [`GlobError::Range`], for bracket expressions.
    pub fn parse(text: &[u8], case: Case) -> Result<Self, GlobError> {
        let mut tokens = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((byte, tail)) = rest.split_first() {
            rest = tail;
            match *byte {
                b'*' if tokens.last() == Some(&Token::Star) => {}
                b'*' => tokens.push(Token::Star),
                b'?' => tokens.push(Token::One),
                b'[' => {
                    let (token, tail) = class(tail)?;
                    tokens.push(token);
                    rest = tail;
                }
                byte => tokens.push(Token::Byte(case.fold(byte))),
            }
        }
        Ok(Self { tokens: tokens.into(), case })
    }

    /// Returns the pattern that matches `text` and nothing else, whatever bytes it holds.
    #[must_use]
    pub fn literal(text: &[u8], case: Case) -> Self {
        Self { tokens: text.iter().map(|byte| Token::Byte(case.fold(*byte))).collect(), case }
    }

    /// True when the pattern covers the whole of `text`.
    #[must_use]
    pub fn matches(&self, text: &[u8]) -> bool {
        let mut tokens: &[Token] = &self.tokens;
        let mut left = text;
        // The tokens behind the last star, and the text that star has not swallowed yet.
        let mut resume: Option<(&[Token], &[u8])> = None;
        loop {
            match (tokens.split_first(), left.split_first()) {
                (None, None) => return true,
                (Some((Token::Star, tail)), _) => {
                    resume = Some((tail, left));
                    tokens = tail;
                    continue;
                }
                (Some((token, tail)), Some((byte, more))) if self.takes(token, *byte) => {
                    tokens = tail;
                    left = more;
                    continue;
                }
                _ => {}
            }
            let Some((tail, kept)) = resume else { return false };
            let Some((_, more)) = kept.split_first() else { return false };
            resume = Some((tail, more));
            tokens = tail;
            left = more;
        }
    }

    /// True when the pattern is `*`.
    #[must_use]
    pub fn is_star(&self) -> bool {
        matches!(*self.tokens, [Token::Star])
    }

    /// True when the pattern has a wildcard but no byte of its own except dots, such as `*.*`.
    #[must_use]
    pub fn is_unspecific(&self) -> bool {
        self.is_wild()
            && !self.tokens.iter().any(|token| matches!(token, Token::Byte(byte) if *byte != b'.'))
    }

    /// True when the pattern has a wildcard.
    #[must_use]
    pub fn is_wild(&self) -> bool {
        self.tokens.iter().any(|token| !matches!(token, Token::Byte(_)))
    }

    fn takes(&self, token: &Token, byte: u8) -> bool {
        match token {
            Token::Star => false,
            Token::One => true,
            Token::Byte(own) => *own == self.case.fold(byte),
            Token::Class { negated, ranges } => {
                let within =
                    |byte: u8| ranges.iter().any(|(from, to)| (*from..=*to).contains(&byte));
                let found = match self.case {
                    Case::Ignore => {
                        within(byte.to_ascii_lowercase()) || within(byte.to_ascii_uppercase())
                    }
                    Case::Exact => within(byte),
                };
                found != *negated
            }
        }
    }
}

/// Reads a bracket expression behind its `[`; a `]` right at its start stands for itself.
fn class(text: &[u8]) -> Result<(Token, &[u8]), GlobError> {
    let (negated, mut rest) = match text {
        [b'!' | b'^', tail @ ..] => (true, tail),
        _ => (false, text),
    };
    let mut ranges = Vec::new();
    loop {
        let (range, tail) = match rest {
            [b']', tail @ ..] if !ranges.is_empty() => {
                return Ok((Token::Class { negated, ranges: ranges.into() }, tail));
            }
            [from, b'-', to, tail @ ..] if *to != b']' => ((*from, *to), tail),
            [one, tail @ ..] => ((*one, *one), tail),
            [] => return Err(GlobError::Unclosed),
        };
        if range.0 > range.1 {
            return Err(GlobError::Range);
        }
        ranges.push(range);
        rest = tail;
    }
}

impl fmt::Display for GlobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unclosed => "a bracket expression is not closed",
            Self::Range => "a bracket expression holds a range that runs backwards",
        })
    }
}

impl core::error::Error for GlobError {}

#[cfg(test)]
mod tests {
    use super::{Case, Glob, GlobError};

    #[test]
    fn a_pattern_covers_the_whole_text() {
        let table = [
            ("*.run.app", "a.b.run.app", true),
            ("*.run.app", "run.app", false),
            ("a?c", "aXc", true),
            ("a[!b-d]e", "ace", false),
            ("a[]x]e", "a]e", true),
            ("", "", true),
        ];
        for (pattern, text, expected) in table {
            let glob = Glob::parse(pattern.as_bytes(), Case::Ignore).unwrap();
            assert_eq!(glob.matches(text.as_bytes()), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn an_open_bracket_is_an_error() {
        assert_eq!(Glob::parse(b"a[b", Case::Exact), Err(GlobError::Unclosed));
        assert_eq!(Glob::parse(b"[z-a]", Case::Exact), Err(GlobError::Range));
    }
}
