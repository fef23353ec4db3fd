//! Zone: post-admission. The Model Context Protocol, every revision, over any registry.
//!
//! Sans-I/O: messages in, answers and streams out; time and randomness are arguments. Trusts
//! that the caller was admitted; trusts nothing in the message.

mod engine;
pub mod registry;
mod reply;
mod stream;

pub use engine::{Engine, EngineConfig, Incoming, Now};
pub use reply::{Answer, Body, Closed, Exchange, Job, Polled, Reply};
pub use stream::{Event, Next, Stream, Wake};
