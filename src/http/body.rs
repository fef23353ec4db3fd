//! Zone: pre-admission. Message body length and decoding (RFC 9112 s6, s7).

use crate::http::fault::Fault;
use crate::http::head::Head;

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
    let _ = (head, max);
    Ok(Length::Exact(0))
}

/// Decodes one body from input in any pieces.
#[derive(Debug)]
pub struct Decoder {
    length: Length,
    max: usize,
}

/// What a decoder took from its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many input bytes were used; the body goes on.
    More(usize),
    /// So many input bytes were used; the body is complete.
    Done(usize),
}

impl Decoder {
    /// Returns the decoder for a body of `length`, at most `max` decoded bytes.
    #[must_use]
    pub const fn new(length: Length, max: usize) -> Self {
        Self { length, max }
    }

    /// Takes bytes from `input` and appends body bytes to `out`.
    ///
    /// # Errors
    /// [`Fault::Chunk`] or [`Fault::BodyTooLarge`]; the decoder then answers the same for ever.
    pub fn feed(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        let _ = (input, out, self.length, self.max);
        Ok(Step::Done(0))
    }
}
