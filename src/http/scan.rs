//! Zone: pre-admission. Finds the end of a request head while it arrives (RFC 9112 s2.2).
//!
//! Looks at each byte once and refuses at the first one that no accepted head can hold, or when
//! a limit is passed. Keeps counters only, never bytes. Leaves the grammar to `head::parse`.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::base::bytes::{is_field_value, is_token};
use crate::http::fault::Fault;
use crate::http::syntax::split_while;
use crate::limits::{
    FIELD_BYTES_MAX, FIELDS_MAX, HEAD_BYTES_MAX, METHOD_BYTES_MAX, TARGET_BYTES_MAX,
};

/// Bytes of `HTTP/1.1`.
const VERSION_BYTES: usize = 8;

/// Finds the end of a head in input that arrives in pieces, each byte looked at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scanner {
    /// Bytes already looked at.
    pub scanned: usize,
    at: At,
    /// Bytes so far of the method, target, version or field line that is being read.
    part: usize,
    fields: usize,
}

/// What a scan found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// The head is not complete.
    More,
    /// The head is the first so many bytes.
    Complete(usize),
    /// It can no longer become a head that is accepted.
    Fault(Fault),
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    /// The first byte of all; one empty line may stand here.
    #[default]
    Start,
    /// LF of the empty line.
    BlankLf,
    /// The first byte of the method, behind the empty line.
    Request,
    Method,
    Target,
    Version,
    /// LF of the request line or a field line.
    LineLf,
    /// First byte of a field line, or CR of the empty line that ends the head.
    LineStart,
    Line,
    /// LF of the empty line that ends the head.
    EndLf,
    /// Nothing more is looked at.
    Over(Scan),
}

impl Scanner {
    /// Returns the scanner of a response, whose status line is bounded like a field line.
    pub(crate) fn response() -> Self {
        Self { at: At::Line, ..Self::default() }
    }

    /// Looks at the bytes of `input` not seen before. `input` is all bytes since the head began,
    /// and grows from call to call.
    pub fn scan(&mut self, input: &[u8]) -> Scan {
        let input = input.get(..HEAD_BYTES_MAX).unwrap_or(input);
        loop {
            if let At::Over(result) = self.at {
                return result;
            }
            let rest = input.get(self.scanned..).unwrap_or_default();
            let next = match rest.first() {
                Some(_) if self.at == At::Line => self.line(rest),
                Some(byte) => self.byte(*byte),
                None if input.len() < HEAD_BYTES_MAX => return Scan::More,
                None => Err(Fault::HeadTooLarge),
            };
            self.at = next.unwrap_or_else(|fault| At::Over(Scan::Fault(fault)));
        }
    }

    /// Takes as much of a field line as is here.
    fn line(&mut self, rest: &[u8]) -> Result<At, Fault> {
        let (run, tail) = split_while(rest, is_field_value);
        self.scanned = self.scanned.saturating_add(run.len());
        self.part = self.part.saturating_add(run.len());
        if self.part > FIELD_BYTES_MAX {
            return Err(Fault::HeadTooLarge);
        }
        match tail.first() {
            None => Ok(At::Line),
            Some(b'\r') => {
                self.scanned = self.scanned.saturating_add(1);
                Ok(At::LineLf)
            }
            Some(_) => Err(Fault::Malformed),
        }
    }

    fn byte(&mut self, byte: u8) -> Result<At, Fault> {
        self.scanned = self.scanned.saturating_add(1);
        match (self.at, byte) {
            (At::Start, b'\r') => Ok(At::BlankLf),
            (At::BlankLf, b'\n') => Ok(At::Request),
            (At::LineLf, b'\n') => Ok(At::LineStart),
            (At::LineStart, b'\r') => Ok(At::EndLf),
            (At::EndLf, b'\n') => Ok(At::Over(Scan::Complete(self.scanned))),
            (At::LineStart, _) if is_token(byte) => self.field(),
            _ => self.request(byte),
        }
    }

    /// Takes one byte of the request line.
    fn request(&mut self, byte: u8) -> Result<At, Fault> {
        let visible = matches!(byte, 0x21..=0x7e);
        match (self.at, byte) {
            (At::Start | At::Request | At::Method, _) if is_token(byte) => {
                self.count(METHOD_BYTES_MAX, Fault::Malformed, At::Method)
            }
            (At::Method, b' ') => Ok(self.part(At::Target)),
            (At::Target, _) if visible => {
                self.count(TARGET_BYTES_MAX, Fault::TargetTooLong, At::Target)
            }
            (At::Target, b' ') if self.part > 0 => Ok(self.part(At::Version)),
            (At::Version, _) if visible => self.count(VERSION_BYTES, Fault::Malformed, At::Version),
            (At::Version, b'\r') => Ok(At::LineLf),
            _ => Err(Fault::Malformed),
        }
    }

    /// Begins a field line with its first byte.
    fn field(&mut self) -> Result<At, Fault> {
        self.fields = self.fields.saturating_add(1);
        if self.fields > FIELDS_MAX {
            return Err(Fault::HeadTooLarge);
        }
        self.part = 1;
        Ok(At::Line)
    }

    const fn part(&mut self, next: At) -> At {
        self.part = 0;
        next
    }

    fn count(&mut self, max: usize, fault: Fault, next: At) -> Result<At, Fault> {
        self.part = self.part.saturating_add(1);
        if self.part > max { Err(fault) } else { Ok(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Scan, Scanner};
    use crate::http::fault::Fault;

    #[test]
    fn a_head_in_single_bytes_ends_where_the_whole_does() {
        let head = b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let mut scanner = Scanner::default();
        for seen in 1..head.len() {
            assert_eq!(scanner.scan(&head[..seen]), Scan::More);
            assert_eq!(scanner.scanned, seen);
        }
        assert_eq!(scanner.scan(head), Scan::Complete(head.len()));
        assert_eq!(scanner.scan(head), Scan::Complete(head.len()));
    }

    #[test]
    fn a_bad_byte_is_refused_before_the_head_ends() {
        for bad in [&b"\x16\x03"[..], b"GET / HTTP/1.1\n", b"GET / HTTP/1.1\r\nA: \0", b"\r\n\r"] {
            let mut scanner = Scanner::default();
            assert_eq!(scanner.scan(bad), Scan::Fault(Fault::Malformed), "{bad:?}");
        }
    }
}
