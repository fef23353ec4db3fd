//! Zone: operator. The env file: `NAME=value` lines with quotes, comments and `${NAME}`.
//!
//! Text in, entries and faults out; a fault has a line number. What other readers of this format
//! guess at or skip with a warning is a fault here, so that no setting is lost without notice.

use core::fmt;
use std::collections::BTreeMap;
use std::str::Lines;

use crate::limits::SETTING_BYTES_MAX;

/// Most bytes of all values together: references can make a small file large.
const TOTAL_BYTES_MAX: usize = 16 * SETTING_BYTES_MAX;

/// One definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// Value, unquoted and expanded.
    pub value: String,
    /// Line it begins on, counted from 1.
    pub line: usize,
}

/// Why a line cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No name, or a name with other characters than letters, digits, `_`, `.` and `-`.
    Name,
    /// A quote without its partner.
    Unclosed,
    /// Text after the closing quote that is not a comment.
    Trailing,
    /// A control character.
    Control,
    /// `${` without `}`.
    Reference,
    /// `${NAME}` of a name that has no value.
    Undefined,
    /// A value above the bound.
    TooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "expected NAME=value, with a name of letters, digits, '_', '.' and '-'",
            Self::Unclosed => "a quote is opened and never closed",
            Self::Trailing => "only a comment may follow the closing quote",
            Self::Control => "a control character; write \\n or \\t inside double quotes",
            Self::Reference => "'${' without '}'; use single quotes for a literal '$'",
            Self::Undefined => "'${...}' names something without a value",
            Self::TooLong => "the value is longer than a setting may be",
        })
    }
}

/// An env file, taken apart.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Definitions, in order.
    pub entries: Vec<Entry>,
    /// Lines that cannot be read.
    pub faults: Vec<(usize, Fault)>,
}

/// Returns what `text` defines. A reference finds the environment first, then earlier entries.
#[must_use]
pub fn parse(text: &str, environment: &BTreeMap<String, String>) -> Parsed {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        Reader { lines: text.lines(), at: 0, bytes: 0, environment, out: Parsed::default() };
    while let Some(line) = reader.next_line() {
        let began = reader.at;
        if let Err(fault) = reader.take(line) {
            reader.out.faults.push((began, fault));
        }
    }
    reader.out
}

struct Reader<'a> {
    lines: Lines<'a>,
    at: usize,
    bytes: usize,
    environment: &'a BTreeMap<String, String>,
    out: Parsed,
}

impl<'a> Reader<'a> {
    fn next_line(&mut self) -> Option<&'a str> {
        let line = self.lines.next()?;
        self.at = self.at.saturating_add(1);
        Some(line)
    }

    fn take(&mut self, line: &'a str) -> Result<(), Fault> {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let began = self.at;
        let exported = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
        let line = exported.map_or(line, str::trim_start);
        let Some((name, rest)) = line.split_once('=') else {
            // A bare name defines nothing.
            return if is_name(line.trim_end()) { Ok(()) } else { Err(Fault::Name) };
        };
        let name = name.trim_end();
        let blank = rest.starts_with([' ', '\t']);
        let rest = rest.trim_start();
        let value = match rest.strip_prefix('"') {
            Some(inside) => self.quoted(inside, '"')?,
            None => match rest.strip_prefix('\'') {
                Some(inside) => self.quoted(inside, '\'')?,
                None if blank && rest.starts_with('#') => String::new(),
                None => self.unquoted(rest)?,
            },
        };
        if !is_name(name) {
            return Err(Fault::Name);
        }
        self.bytes = self.bytes.saturating_add(value.len());
        if self.bytes > TOTAL_BYTES_MAX {
            return Err(Fault::TooLong);
        }
        self.out.entries.push(Entry { name: name.to_owned(), value, line: began });
        Ok(())
    }

    fn unquoted(&self, text: &str) -> Result<String, Fault> {
        let comment = text.match_indices('#').find(|(at, _)| {
            let before = text.split_at_checked(*at).map(|(before, _)| before);
            before.is_some_and(|before| before.ends_with([' ', '\t']))
        });
        let end = comment.map_or(text.len(), |(at, _)| at);
        let mut rest = text.split_at_checked(end).map_or(text, |(before, _)| before).trim_end();
        let mut out = String::new();
        while let Some(next) = rest.chars().next() {
            rest = self.step(next, rest, &mut out)?;
        }
        Ok(out)
    }

    /// Reads to the closing quote, over line ends where needed, and checks what follows it.
    fn quoted(&mut self, inside: &'a str, quote: char) -> Result<String, Fault> {
        let mut out = String::new();
        let mut rest = inside;
        loop {
            let Some(next) = rest.chars().next() else {
                push(&mut out, "\n")?;
                rest = self.next_line().ok_or(Fault::Unclosed)?;
                continue;
            };
            let after = rest.strip_prefix(next).unwrap_or_default();
            if next == quote {
                let tail = after.trim_start();
                let ends = tail.is_empty() || (tail.starts_with('#') && tail.len() < after.len());
                return if ends { Ok(out) } else { Err(Fault::Trailing) };
            }
            if quote == '\'' {
                push_shown(&mut out, next)?;
                rest = after;
            } else if let (true, Some(escaped)) = (next == '\\', after.chars().next()) {
                match unescape(escaped) {
                    Some(meant) => push(&mut out, meant.encode_utf8(&mut [0; 4]))?,
                    None => {
                        push(&mut out, "\\")?;
                        push_shown(&mut out, escaped)?;
                    }
                }
                rest = after.strip_prefix(escaped).unwrap_or_default();
            } else {
                rest = self.step(next, rest, &mut out)?;
            }
        }
    }

    /// Takes `next`, the first character of `rest`, or the reference that begins with it.
    fn step<'t>(&self, next: char, rest: &'t str, out: &mut String) -> Result<&'t str, Fault> {
        let Some(inside) = rest.strip_prefix("${") else {
            push_shown(out, next)?;
            return Ok(rest.strip_prefix(next).unwrap_or_default());
        };
        let (reference, after) = inside.split_once('}').ok_or(Fault::Reference)?;
        let (name, fallback) = match reference.split_once(":-") {
            Some((name, fallback)) => (name, Some(fallback)),
            None => (reference, None),
        };
        if !is_name(name) {
            return Err(Fault::Reference);
        }
        let earlier = || self.out.entries.iter().rev().find(|entry| entry.name == name);
        let value = self.environment.get(name).or_else(|| earlier().map(|entry| &entry.value));
        let value = value.map(String::as_str).filter(|v| !v.is_empty() || fallback.is_none());
        match (value, fallback) {
            (Some(value), _) => push(out, value)?,
            (None, Some(fallback)) => fallback.chars().try_for_each(|c| push_shown(out, c))?,
            (None, None) => return Err(Fault::Undefined),
        }
        Ok(after)
    }
}

/// Returns the character that is meant by `escaped` behind a backslash, `None` when the backslash
/// stands for itself.
const fn unescape(escaped: char) -> Option<char> {
    match escaped {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '\\' | '"' | '\'' | '$' => Some(escaped),
        _ => None,
    }
}

fn push_shown(out: &mut String, next: char) -> Result<(), Fault> {
    if next.is_control() && next != '\t' {
        return Err(Fault::Control);
    }
    push(out, next.encode_utf8(&mut [0; 4]))
}

fn push(out: &mut String, text: &str) -> Result<(), Fault> {
    if out.len().saturating_add(text.len()) > SETTING_BYTES_MAX {
        return Err(Fault::TooLong);
    }
    out.push_str(text);
    Ok(())
}

fn is_name(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Fault, parse};

    #[test]
    fn values_are_read_as_the_format_says() {
        let environment = BTreeMap::from([("OUTER".to_owned(), "o".to_owned())]);
        for (name, text, expected) in [
            ("plain", "A=b", "b"),
            ("export and spaces", "  export  A = b c  ", "b c"),
            ("windows line end", "A=b\r\n", "b"),
            ("byte order mark", "\u{feff}A=b", "b"),
            ("comment after blank", "A=b # c", "b"),
            ("hash without blank", "A=b#c", "b#c"),
            ("leading hash", "A=#c", "#c"),
            ("only a comment", "A= # c", ""),
            ("empty", "A=", ""),
            ("equals sign in value", "A=b=c==", "b=c=="),
            ("single quotes are literal", "A='${X} \\n # \"'", "${X} \\n # \""),
            ("double quotes with escapes", "A=\"a\\n\\t\\\"\\\\\\q\"", "a\n\t\"\\\\q"),
            ("comment after quote", "A=\"b\" # c", "b"),
            ("over lines", "A='-----BEGIN\nx\n-----END' # k", "-----BEGIN\nx\n-----END"),
            ("reference to the environment", "A=${OUTER}x", "ox"),
            ("the environment wins", "OUTER=i\nA=${OUTER}", "o"),
            ("reference to an earlier line", "B=1\nB=2\nA=\"${B}\"", "2"),
            ("fallback", "A=${NONE:-d}", "d"),
            ("escaped reference", "A=\"\\${NONE}\"", "${NONE}"),
            ("lone dollar", "A=$OUTER$", "$OUTER$"),
            ("bare name defines nothing", "export C\nA=b", "b"),
        ] {
            let parsed = parse(text, &environment);
            assert_eq!(parsed.faults, [], "{name}");
            let last = parsed.entries.last().unwrap();
            assert_eq!((last.name.as_str(), last.value.as_str()), ("A", expected), "{name}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_by_number_and_the_rest_is_read() {
        for (name, text, line, fault) in [
            ("no name", "A=1\n=b\nZ=1", 2, Fault::Name),
            ("blank in name", "A b=c\nZ=1", 1, Fault::Name),
            ("words", "hello world\nZ=1", 1, Fault::Name),
            ("text after quote", "A='b' c\nZ=1", 1, Fault::Trailing),
            ("comment without blank", "A='b'#c\nZ=1", 1, Fault::Trailing),
            ("unset reference", "A=${NONE}\nZ=1", 1, Fault::Undefined),
            ("open reference", "A=${NONE\nZ=1", 1, Fault::Reference),
            ("odd reference", "A=${a b}\nZ=1", 1, Fault::Reference),
            ("control", "A=\u{1b}\nZ=1", 1, Fault::Control),
            ("control in a fallback", "A=${NONE:-\u{1b}}\nZ=1", 1, Fault::Control),
            ("control after a backslash", "A=\"\\\u{1b}\"\nZ=1", 1, Fault::Control),
            ("long", &format!("A={}\nZ=1", "x".repeat(70_000)), 1, Fault::TooLong),
        ] {
            let parsed = parse(text, &BTreeMap::new());
            assert_eq!(parsed.faults, [(line, fault)], "{name}");
            assert_eq!(parsed.entries.last().unwrap().name, "Z", "{name}");
        }
        assert_eq!(parse("A=\"b\nZ=1", &BTreeMap::new()).faults, [(1, Fault::Unclosed)]);
    }

    #[test]
    fn references_cannot_grow_a_value_without_end() {
        let mut text = "A=xxxxxxxxxxxxxxxx\n".to_owned();
        text.push_str(&"A=${A}${A}${A}${A}\n".repeat(60));
        assert!(parse(&text, &BTreeMap::new()).faults.iter().all(|(_, f)| *f == Fault::TooLong));
    }
}
