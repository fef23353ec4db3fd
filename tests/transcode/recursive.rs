//! The recursive reader that the scanner replaced, kept as the other opinion: it builds a value
//! straight from the text and shares no code with the scanner.

use zscaler_mcp::base::Budget;
use zscaler_mcp::json::{Bounds, Fault, Json, Object, ReadError};

fn number_of(text: &str) -> Json {
    zscaler_mcp::json::read(text.as_bytes(), Bounds { depth: 0, nodes: 1 }).unwrap()
}

/// Returns the value that is the whole of `text`.
///
/// # Errors
/// [`ReadError`] with the first [`Fault`] and its place.
pub(crate) fn read(text: &[u8], bounds: Bounds) -> Result<Json, ReadError> {
    let whole = std::str::from_utf8(text)
        .map_err(|fault| ReadError { fault: Fault::Syntax, at: fault.valid_up_to() })?;
    let mut reader = Reader {
        rest: whole,
        whole: whole.len(),
        depth: bounds.depth,
        nodes: Budget::new(bounds.nodes),
    };
    let value = reader.document();
    value.map_err(|fault| ReadError { fault, at: reader.position() })
}

struct Reader<'a> {
    rest: &'a str,
    whole: usize,
    depth: u32,
    nodes: Budget,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Json, Fault> {
        let value = self.value()?;
        self.blank();
        if self.rest.is_empty() { Ok(value) } else { Err(Fault::Syntax) }
    }

    fn value(&mut self) -> Result<Json, Fault> {
        self.spend()?;
        self.blank();
        match self.peek() {
            Some(b'{') => self.nested(Self::members),
            Some(b'[') => self.nested(Self::elements),
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(Fault::Syntax),
        }
    }

    fn nested(&mut self, inside: fn(&mut Self) -> Result<Json, Fault>) -> Result<Json, Fault> {
        self.depth = self.depth.checked_sub(1).ok_or(Fault::Depth)?;
        self.step();
        let value = inside(self)?;
        self.depth = self.depth.saturating_add(1);
        Ok(value)
    }

    fn elements(&mut self) -> Result<Json, Fault> {
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.take(b']') {
                return Ok(Json::Array(items));
            }
            self.need(b',')?;
        }
    }

    fn members(&mut self) -> Result<Json, Fault> {
        let mut members = Vec::new();
        if self.take(b'}') {
            return Ok(Json::Object(Object::new()));
        }
        loop {
            self.spend()?;
            self.blank();
            let name = self.string()?;
            self.need(b':')?;
            let value = self.value()?;
            members.push((name, value));
            if self.take(b'}') {
                unique(&members)?;
                return Ok(Json::Object(members.into_iter().collect()));
            }
            self.need(b',')?;
        }
    }

    fn number(&mut self) -> Result<Json, Fault> {
        let start = self.rest;
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
        let len = start.len().saturating_sub(self.rest.len());
        let (text, _) = start.split_at_checked(len).ok_or(Fault::Syntax)?;
        Ok(number_of(text))
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

    fn word(&mut self, word: &str, value: Json) -> Result<Json, Fault> {
        self.rest = self.rest.strip_prefix(word).ok_or(Fault::Syntax)?;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.rest = self.rest.strip_prefix('"').ok_or(Fault::Syntax)?;
        let mut text = String::new();
        loop {
            let plain = self.rest.bytes().position(|b| b == b'"' || b == b'\\' || b < 0x20);
            let (run, rest) =
                plain.and_then(|at| self.rest.split_at_checked(at)).ok_or(Fault::Syntax)?;
            if text.is_empty() && rest.starts_with('"') {
                self.rest = rest;
                self.step();
                return Ok(run.to_owned());
            }
            text.push_str(run);
            self.rest = rest;
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(Fault::Syntax),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let mut chars = self.rest.chars();
        chars.next();
        let kind = chars.next();
        self.rest = chars.as_str();
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
        let after_first = self.rest;
        if let Some(rest) = self.rest.strip_prefix("\\u") {
            self.rest = rest;
            let second = self.unit()?;
            if (0xdc00..0xe000).contains(&second) {
                let high = first.saturating_sub(0xd800) << 10;
                let code = 0x1_0000_u32.saturating_add(high | second.saturating_sub(0xdc00));
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.rest = after_first;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(Fault::Syntax)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Fault::Syntax);
        }
        self.rest = rest;
        u32::from_str_radix(digits, 16).map_err(|_bad| Fault::Syntax)
    }

    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        let found = self.peek() == Some(byte);
        if found {
            self.step();
        }
        found
    }

    fn need(&mut self, byte: u8) -> Result<(), Fault> {
        if self.take(byte) { Ok(()) } else { Err(Fault::Syntax) }
    }

    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn step(&mut self) {
        let mut chars = self.rest.chars();
        chars.next();
        self.rest = chars.as_str();
    }

    fn spend(&mut self) -> Result<(), Fault> {
        self.nodes.spend(1).map_err(|_exhausted| Fault::Nodes)
    }

    fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    const fn position(&self) -> usize {
        self.whole.saturating_sub(self.rest.len())
    }
}

fn unique(members: &[(String, Json)]) -> Result<(), Fault> {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let twice = names.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
    if twice { Err(Fault::Duplicate) } else { Ok(()) }
}
