//! Zone: post-admission. JSON values with member order and number text kept, reader and writer.
//!
//! Trusts nothing that is read. Numbers never pass through a float.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod read;
mod value;
pub mod write;

pub use read::{Bounds, Fault, ReadError, read};
pub use value::{Json, Number, Object, object};
