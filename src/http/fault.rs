//! Zone: pre-admission. What can be wrong with a request before any policy is asked.
//!
//! A fault names a kind and holds no byte of the peer.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use core::fmt;

/// A defect of the message itself. Each has one row in the refusal table of `guard`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Request line or field line outside the grammar, bare CR or LF, control byte, folded line.
    Malformed,
    /// Target longer than [`crate::limits::TARGET_BYTES_MAX`].
    TargetTooLong,
    /// Head, field line or field count over its limit.
    HeadTooLarge,
    /// Well-formed method token that the server does not know.
    UnknownMethod,
    /// A version other than HTTP/1.x.
    Version,
    /// Length fields that contradict each other, repeat, or do not parse.
    Framing,
    /// A transfer coding other than `chunked` alone.
    Coding,
    /// Announced or received body over the limit.
    BodyTooLarge,
    /// Chunk line, chunk data end or trailer outside the grammar or over its limit.
    Chunk,
    /// `Expect` with something other than `100-continue`.
    Expectation,
    /// Host missing, repeated, or outside the grammar; or unequal to an absolute target.
    Host,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "request head outside the grammar",
            Self::TargetTooLong => "request target too long",
            Self::HeadTooLarge => "request head too large",
            Self::UnknownMethod => "unknown method",
            Self::Version => "unsupported HTTP version",
            Self::Framing => "body length unclear",
            Self::Coding => "unsupported transfer coding",
            Self::BodyTooLarge => "body too large",
            Self::Chunk => "chunked body outside the grammar",
            Self::Expectation => "unsupported expectation",
            Self::Host => "host missing, repeated or outside the grammar",
        })
    }
}

impl core::error::Error for Fault {}
