//! Zone: post-admission. The cloud: addresses, requests, answers, tokens, when to repeat.
//!
//! Pure: bytes in, values out. The shell owns sockets and clocks and asks here for every
//! decision. Trusts nothing that the cloud or a proxy sends; an address is validated before a
//! secret can be sent to it, and no error holds a byte of an answer or of a secret.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod address;
pub mod pace;
pub mod proxy;
pub mod request;
pub mod response;
pub mod retry;
pub mod token;
mod trouble;

pub use trouble::{Certificate, Trouble};
