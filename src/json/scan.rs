//! Zone: post-admission. The bounded JSON scanner (RFC 8259): one pass, a sink for what is met.
//!
//! Trusts nothing. Refuses duplicate member names, input that is not UTF-8, depth and node
//! counts over the bounds. A lone surrogate escape becomes U+FFFD, so that one bad record of an
//! upstream answer never loses the others. Text without escapes is handed on where it stands.

use super::runs::stop;
use super::value::Numeral;
use crate::base::Budget;
use std::borrow::Cow;

/// Objects of so many members are compared name by name; larger ones are sorted.
const PAIRS_MAX: usize = 8;

/// How deep and how large a value may be.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Levels of arrays and objects.
    pub depth: u32,
    /// Values and member names in all.
    pub nodes: u64,
}

/// What is wrong with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not the JSON grammar, or not UTF-8.
    Syntax,
    /// Deeper than [`Bounds::depth`].
    Depth,
    /// More values than [`Bounds::nodes`].
    Nodes,
    /// A member name stands twice in one object.
    Duplicate,
}

/// Why a text was refused and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong.
    pub fault: Fault,
    /// Bytes read before the fault was seen.
    pub at: usize,
}

impl core::fmt::Display for ReadError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let what = match self.fault {
            Fault::Syntax => "not valid JSON",
            Fault::Depth => "JSON nested too deep",
            Fault::Nodes => "JSON with too many values",
            Fault::Duplicate => "JSON object with a duplicate member name",
        };
        write!(f, "{what} (near byte {})", self.at)
    }
}

/// One thing met on the way through a value, in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// An object begins; names and values follow in turn.
    Object,
    /// The innermost object ends.
    ObjectEnd,
    /// An array begins.
    Array,
    /// The innermost array ends.
    ArrayEnd,
    /// The name of the next member.
    Name(&'a str),
    /// A string.
    String(&'a str),
    /// A number.
    Number(Numeral<'a>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`
    Null,
}

/// Takes the events of one value.
pub trait Sink {
    /// Takes the next event. What it makes of the events counts only when the scan succeeds.
    fn take(&mut self, event: Event<'_>);
}

/// Tells `sink` everything in the value that is the whole of `text`.
///
/// # Errors
/// [`ReadError`] with the first [`Fault`] and its place; the sink then holds a part.
pub fn scan<S: Sink>(text: &[u8], bounds: Bounds, sink: &mut S) -> Result<(), ReadError> {
    let text = core::str::from_utf8(text)
        .map_err(|fault| ReadError { fault: Fault::Syntax, at: fault.valid_up_to() })?;
    let mut scanner = Scanner {
        text,
        at: 0,
        depth: bounds.depth,
        nodes: Budget::new(bounds.nodes),
        names: Names { open: Vec::new(), known: Vec::new() },
        sink,
    };
    let end = scanner.document();
    end.map_err(|fault| ReadError { fault, at: scanner.at })
}

struct Scanner<'a, 's, S> {
    text: &'a str,
    at: usize,
    depth: u32,
    nodes: Budget,
    names: Names<'a>,
    sink: &'s mut S,
}

impl<'a, S: Sink> Scanner<'a, '_, S> {
    fn document(&mut self) -> Result<(), Fault> {
        self.value()?;
        self.blank();
        if self.at == self.text.len() { Ok(()) } else { Err(Fault::Syntax) }
    }

    fn value(&mut self) -> Result<(), Fault> {
        self.spend()?;
        self.blank();
        match self.peek() {
            Some(b'{') => self.nested(Event::Object, Self::members, Event::ObjectEnd),
            Some(b'[') => self.nested(Event::Array, Self::elements, Event::ArrayEnd),
            Some(b'"') => {
                let text = self.string()?;
                self.sink.take(Event::String(&text));
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Event::Bool(true)),
            Some(b'f') => self.word("false", Event::Bool(false)),
            Some(b'n') => self.word("null", Event::Null),
            _ => Err(Fault::Syntax),
        }
    }

    fn nested(
        &mut self,
        begin: Event<'_>,
        inside: fn(&mut Self) -> Result<(), Fault>,
        end: Event<'_>,
    ) -> Result<(), Fault> {
        self.depth = self.depth.checked_sub(1).ok_or(Fault::Depth)?;
        self.step();
        self.sink.take(begin);
        inside(self)?;
        self.sink.take(end);
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn elements(&mut self) -> Result<(), Fault> {
        if self.skip(b']') {
            return Ok(());
        }
        loop {
            self.value()?;
            if self.skip(b']') {
                return Ok(());
            }
            self.need(b',')?;
        }
    }

    fn members(&mut self) -> Result<(), Fault> {
        if self.skip(b'}') {
            return Ok(());
        }
        let first = self.names.open.len();
        loop {
            self.spend()?;
            self.blank();
            let name = self.string()?;
            self.need(b':')?;
            self.sink.take(Event::Name(&name));
            self.names.open.push(name);
            self.value()?;
            if self.skip(b'}') {
                return self.names.close(first);
            }
            self.need(b',')?;
        }
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.step();
        }
        match self.peek() {
            Some(b'0') => self.step(),
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(Fault::Syntax),
        }
        if self.peek() == Some(b'.') {
            self.step();
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step();
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).ok_or(Fault::Syntax)?;
        self.sink.take(Event::Number(Numeral::from_checked(text)));
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(Fault::Syntax);
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        Ok(())
    }

    fn word(&mut self, word: &str, event: Event<'_>) -> Result<(), Fault> {
        if !self.rest().starts_with(word) {
            return Err(Fault::Syntax);
        }
        self.at = self.at.saturating_add(word.len());
        self.sink.take(event);
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.need_here(b'"')?;
        let run = self.run()?;
        if self.peek() == Some(b'"') {
            self.step();
            return Ok(Cow::Borrowed(run));
        }
        let mut text = run.to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(Fault::Syntax),
            }
            text.push_str(self.run()?);
        }
    }

    /// Returns the text up to the next quote, backslash or control character.
    fn run(&mut self) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let len = stop(rest.as_bytes(), b'"').ok_or(Fault::Syntax)?;
        self.at = self.at.saturating_add(len);
        rest.get(..len).ok_or(Fault::Syntax)
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.step();
        let kind = self.rest().chars().next();
        self.at = self.at.saturating_add(kind.map_or(0, char::len_utf8));
        Ok(match kind {
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => self.unicode()?,
            _ => return Err(Fault::Syntax),
        })
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after_first = self.at;
        if self.rest().starts_with("\\u") {
            self.at = self.at.saturating_add(2);
            let second = self.unit()?;
            if (0xdc00..0xe000).contains(&second) {
                let high = first.saturating_sub(0xd800) << 10;
                let code = 0x1_0000_u32.saturating_add(high | second.saturating_sub(0xdc00));
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.at = after_first;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let (digits, _) = self.rest().split_at_checked(4).ok_or(Fault::Syntax)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Fault::Syntax);
        }
        self.at = self.at.saturating_add(4);
        u32::from_str_radix(digits, 16).map_err(|_bad| Fault::Syntax)
    }

    fn skip(&mut self, byte: u8) -> bool {
        self.blank();
        self.need_here(byte).is_ok()
    }

    fn need(&mut self, byte: u8) -> Result<(), Fault> {
        self.blank();
        self.need_here(byte)
    }

    fn need_here(&mut self, byte: u8) -> Result<(), Fault> {
        if self.peek() != Some(byte) {
            return Err(Fault::Syntax);
        }
        self.step();
        Ok(())
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    /// Goes on behind a byte that is a character by itself.
    const fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn spend(&mut self) -> Result<(), Fault> {
        self.nodes.spend(1).map_err(|_exhausted| Fault::Nodes)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// The member names of the open objects.
struct Names<'a> {
    open: Vec<Cow<'a, str>>,
    /// Names of the last larger object: records of a list have the same ones in the same order.
    known: Vec<Cow<'a, str>>,
}

impl Names<'_> {
    /// Forgets the names from `first` on, those of the innermost object, when no two are the same.
    fn close(&mut self, first: usize) -> Result<(), Fault> {
        let own = self.open.get(first..).unwrap_or_default();
        if own.len() <= PAIRS_MAX {
            let mut rest = own;
            while let Some((name, others)) = rest.split_first() {
                if others.contains(name) {
                    return Err(Fault::Duplicate);
                }
                rest = others;
            }
            self.open.truncate(first);
        } else if own == self.known {
            self.open.truncate(first);
        } else {
            let mut names: Vec<&str> = own.iter().map(AsRef::as_ref).collect();
            names.sort_unstable();
            if names.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
                return Err(Fault::Duplicate);
            }
            self.known.clear();
            self.known.extend(self.open.drain(first..));
        }
        Ok(())
    }
}
