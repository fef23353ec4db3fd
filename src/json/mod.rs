//! Zone: post-admission. JSON values with member order and number text kept, scanner and writer.
//!
//! Trusts nothing that is read. Numbers never pass through a float.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod read;
mod runs;
mod scan;
mod taken;
mod tokens;
mod value;
pub mod write;

pub use read::{Tree, feed, read};
pub use scan::{Bounds, Event, Fault, ReadError, Sink, scan};
pub use taken::Taken;
pub use tokens::{Tokens, text_of};
pub use value::{Json, Number, Numeral, Object, object};
