//! Zone: pre-admission. HTTP/1.1 messages: bytes in, values out, and back.
//!
//! Pure functions and small state machines over byte slices. Where RFC 9110 and RFC 9112 leave a
//! choice, always the strict one. Never sizes a buffer from a number the peer sent.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod syntax;
pub mod fault;
pub mod target;
pub mod scan;
pub mod head;
pub mod body;
pub mod response;
pub mod sse;
