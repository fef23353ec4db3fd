//! Zone: pre-admission. Message body length and decoding (RFC 9112 s6, s7).
//!
//! Decides from the head how long a body is, then takes it apart byte for byte. Trusts no
//! announced number: memory grows with the bytes that arrived. Errors are final.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use core::mem::take;

use crate::base::bytes::{decimal, is_field_value, is_token};
use crate::http::fault::Fault;
use crate::http::head::{self, Head, One, Version};
use crate::http::syntax::{parameter, skip_blanks, split_while};
use crate::limits::{
    CHUNK_EXT_BODY_MAX, CHUNK_EXT_LINE_MAX, CHUNK_SIZE_DIGITS_MAX, TRAILER_BYTES_MAX,
};

/// Most digits of a `Content-Length`, leading zeros included: those of the largest `u64`.
const LENGTH_DIGITS_MAX: usize = 20;
/// Most bytes of a chunk line without its CR LF.
const CHUNK_LINE_MAX: usize = CHUNK_SIZE_DIGITS_MAX + CHUNK_EXT_LINE_MAX;

/// The one length rule of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// No body, or a body of so many bytes.
    Exact(usize),
    /// Chunked.
    Chunked,
}

/// Returns the length rule of `head`; announced lengths over `max` bytes are refused.
///
/// # Errors
/// [`Fault::Framing`], [`Fault::Coding`] or [`Fault::BodyTooLarge`].
pub fn length(head: &Head<'_>, max: usize) -> Result<Length, Fault> {
    let mut chunked = None;
    for value in head.all(b"transfer-encoding") {
        let alone = is_chunked(value).ok_or(Fault::Framing)?;
        chunked = Some(alone && chunked.is_none());
    }
    match (chunked, head.one(b"content-length")) {
        (None, One::Absent) => Ok(Length::Exact(0)),
        (None, One::Value(digits)) => exact(digits, max),
        (Some(_), One::Absent) if head.version == Version::V10 => Err(Fault::Framing),
        (Some(true), One::Absent) => Ok(Length::Chunked),
        (Some(false), One::Absent) => Err(Fault::Coding),
        (None, One::Repeated) | (Some(_), One::Value(_) | One::Repeated) => Err(Fault::Framing),
    }
}

/// Returns the length that `Content-Length` announces in `digits`.
pub(crate) fn exact(digits: &[u8], max: usize) -> Result<Length, Fault> {
    if digits.len() > LENGTH_DIGITS_MAX {
        return Err(Fault::Framing);
    }
    let announced = decimal(digits).ok_or(Fault::Framing)?;
    match usize::try_from(announced) {
        Ok(bytes) if bytes <= max => Ok(Length::Exact(bytes)),
        _ => Err(Fault::BodyTooLarge),
    }
}

/// True when `value` is `chunked` and nothing else, false for other well-formed codings; `None`
/// outside the grammar, which here has no empty list items.
pub(crate) fn is_chunked(value: &[u8]) -> Option<bool> {
    if value.eq_ignore_ascii_case(b"chunked") {
        return Some(true);
    }
    let mut rest = value;
    loop {
        let (name, tail) = split_while(skip_blanks(rest), is_token);
        if name.is_empty() {
            return None;
        }
        rest = skip_blanks(tail);
        while rest.first() == Some(&b';') {
            rest = skip_blanks(parameter(rest, false)?);
        }
        if rest.is_empty() {
            return Some(false);
        }
        rest = rest.strip_prefix(b",")?;
    }
}

/// Decodes one body from input in any pieces.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    max: usize,
    /// Chunk data announced so far, at most `max`.
    announced: usize,
    /// The part of a chunk line or trailer line that has arrived, without CR LF.
    line: Vec<u8>,
    /// True between the CR and the LF of a line.
    cr: bool,
    extension_bytes: usize,
    trailer_bytes: usize,
}

/// What a decoder took from its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many input bytes were used; the body goes on.
    More(usize),
    /// So many input bytes were used; the body is complete.
    Done(usize),
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy)]
enum State {
    /// A body of known length: bytes still to come.
    Exact(usize),
    ChunkLine,
    /// Chunk data: bytes still to come.
    ChunkData(usize),
    /// CR LF behind chunk data.
    ChunkEnd,
    Trailer,
    Done,
    Failed(Fault),
}

impl Decoder {
    /// Returns the decoder for a body of `length`, at most `max` decoded bytes.
    #[must_use]
    pub const fn new(length: Length, max: usize) -> Self {
        let state = match length {
            Length::Exact(0) => State::Done,
            Length::Exact(bytes) if bytes > max => State::Failed(Fault::BodyTooLarge),
            Length::Exact(bytes) => State::Exact(bytes),
            Length::Chunked => State::ChunkLine,
        };
        Self {
            state,
            max,
            announced: 0,
            line: Vec::new(),
            cr: false,
            extension_bytes: 0,
            trailer_bytes: 0,
        }
    }

    /// Takes bytes from `input` and appends body bytes to `out`.
    ///
    /// # Errors
    /// [`Fault::Chunk`] or [`Fault::BodyTooLarge`]; the decoder then answers the same for ever.
    pub fn feed(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        let mut rest = input;
        loop {
            let used = input.len().saturating_sub(rest.len());
            if let State::Failed(fault) = self.state {
                return Err(fault);
            }
            if matches!(self.state, State::Done) {
                return Ok(Step::Done(used));
            }
            if rest.is_empty() {
                return Ok(Step::More(used));
            }
            let next = self.advance(self.state, &mut rest, out);
            self.state = next.unwrap_or_else(State::Failed);
        }
    }

    /// Takes bytes off `rest` as far as `state` reaches, and returns the state behind them.
    fn advance(
        &mut self,
        state: State,
        rest: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Result<State, Fault> {
        match state {
            State::Exact(left) => {
                let left = copy(left, rest, out);
                Ok(if left == 0 { State::Done } else { State::Exact(left) })
            }
            State::ChunkData(left) => {
                let left = copy(left, rest, out);
                Ok(if left == 0 { State::ChunkEnd } else { State::ChunkData(left) })
            }
            State::ChunkLine if self.read_line(rest, CHUNK_LINE_MAX)? => self.begin_chunk(),
            State::ChunkEnd if self.read_line(rest, 0)? => Ok(State::ChunkLine),
            State::Trailer if self.read_line(rest, self.trailer_left())? => self.drop_trailer(),
            State::ChunkLine | State::ChunkEnd | State::Trailer => Ok(state),
            State::Done | State::Failed(_) => Ok(state),
        }
    }

    /// Moves one line of at most `max` bytes from `rest` to `self.line`; true when it is whole.
    fn read_line(&mut self, rest: &mut &[u8], max: usize) -> Result<bool, Fault> {
        if !self.cr {
            let (text, tail) = split_while(rest, is_field_value);
            if text.len() > max.saturating_sub(self.line.len()) {
                return Err(Fault::Chunk);
            }
            self.line.extend_from_slice(text);
            *rest = tail;
            self.cr = expect(b'\r', rest)?;
        }
        if !self.cr || !expect(b'\n', rest)? {
            return Ok(false);
        }
        self.cr = false;
        Ok(true)
    }

    /// Reads the chunk line that has arrived.
    fn begin_chunk(&mut self) -> Result<State, Fault> {
        let (digits, extensions) = split_while(&self.line, |byte| byte.is_ascii_hexdigit());
        self.extension_bytes = self.extension_bytes.saturating_add(extensions.len());
        if extensions.len() > CHUNK_EXT_LINE_MAX || self.extension_bytes > CHUNK_EXT_BODY_MAX {
            return Err(Fault::Chunk);
        }
        let mut rest = extensions;
        while !rest.is_empty() {
            rest = parameter(rest, true).ok_or(Fault::Chunk)?;
        }
        let size = chunk_size(digits).ok_or(Fault::Chunk)?;
        self.line.clear();
        if size == 0 {
            return Ok(State::Trailer);
        }
        let size = usize::try_from(size).ok().filter(|size| *size <= self.left());
        let size = size.ok_or(Fault::BodyTooLarge)?;
        self.announced = self.announced.saturating_add(size);
        Ok(State::ChunkData(size))
    }

    /// Checks the trailer line that has arrived and forgets it; an empty one ends the body.
    fn drop_trailer(&mut self) -> Result<State, Fault> {
        let line = take(&mut self.line);
        if line.is_empty() {
            return Ok(State::Done);
        }
        self.trailer_bytes = self.trailer_bytes.saturating_add(line.len()).saturating_add(2);
        match head::field(&line) {
            Ok((_, [])) if self.trailer_bytes <= TRAILER_BYTES_MAX => Ok(State::Trailer),
            _ => Err(Fault::Chunk),
        }
    }

    /// Bytes that the next trailer line may have.
    const fn trailer_left(&self) -> usize {
        TRAILER_BYTES_MAX.saturating_sub(self.trailer_bytes)
    }

    /// Bytes that chunks may still announce.
    const fn left(&self) -> usize {
        self.max.saturating_sub(self.announced)
    }
}

/// Returns the value of 1 to [`CHUNK_SIZE_DIGITS_MAX`] hexadecimal digits.
fn chunk_size(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > CHUNK_SIZE_DIGITS_MAX {
        return None;
    }
    digits.iter().try_fold(0_u64, |size, byte| {
        let digit = char::from(*byte).to_digit(16)?;
        size.checked_mul(16)?.checked_add(u64::from(digit))
    })
}

/// Moves up to `left` bytes from `rest` to `out`; returns how many are still to come.
fn copy(left: usize, rest: &mut &[u8], out: &mut Vec<u8>) -> usize {
    let (data, tail) = rest.split_at_checked(left).unwrap_or((rest, &[]));
    out.extend_from_slice(data);
    *rest = tail;
    left.saturating_sub(data.len())
}

/// Takes `byte` off `rest`; false when nothing is there yet.
fn expect(byte: u8, rest: &mut &[u8]) -> Result<bool, Fault> {
    match rest.split_first() {
        None => Ok(false),
        Some((first, tail)) if *first == byte => {
            *rest = tail;
            Ok(true)
        }
        Some(_) => Err(Fault::Chunk),
    }
}

#[cfg(test)]
mod tests {
    use super::{Decoder, Fault, Length, Step, is_chunked};

    #[test]
    fn a_chunked_body_ends_before_the_next_request() {
        let mut out = Vec::new();
        let mut decoder = Decoder::new(Length::Chunked, 8);
        let input = b"3;a=\"b\"\r\nabc\r\n05\r\ndefgh\r\n0\r\nX: y\r\n\r\nGET /";
        assert_eq!(decoder.feed(input, &mut out), Ok(Step::Done(input.len() - 5)));
        assert_eq!(out, b"abcdefgh");
        assert_eq!(decoder.feed(b"GET /", &mut out), Ok(Step::Done(0)));
    }

    #[test]
    fn an_error_is_final() {
        let mut decoder = Decoder::new(Length::Chunked, 8);
        assert_eq!(decoder.feed(b"1\n", &mut Vec::new()), Err(Fault::Chunk));
        assert_eq!(decoder.feed(b"1\r\n", &mut Vec::new()), Err(Fault::Chunk));
    }

    #[test]
    fn only_chunked_alone_is_chunked() {
        for (value, expected) in [
            (&b"Chunked"[..], Some(true)),
            (b"gzip , chunked", Some(false)),
            (b"x;a=\"chunked, \"", Some(false)),
            (b"chunked;a=b", Some(false)),
            (b"chunked;", None),
            (b"chunked,", None),
            (b"", None),
        ] {
            assert_eq!(is_chunked(value), expected, "{value:?}");
        }
    }
}
