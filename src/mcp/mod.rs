//! Zone: post-admission. The Model Context Protocol, every revision, over any registry.
//!
//! Sans-I/O: messages in, answers and streams out; time and randomness are arguments. Trusts
//! that the caller was admitted; trusts nothing in the message.

mod ask;
mod batch;
mod call;
mod channel;
mod client;
mod context;
mod dispatch;
mod engine;
mod envelope;
mod era;
mod failure;
mod halt;
mod identity;
mod legacy;
mod lists;
mod methods;
mod mirror;
mod params;
mod places;
mod port;
mod questions;
pub mod registry;
mod render;
mod reply;
mod revision;
mod round;
mod schema;
mod session;
mod sessions;
mod sse;
mod stateless;
mod stdio;
mod stream;
mod subscriptions;
mod tasks;
pub mod time;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use engine::{Engine, EngineConfig, Incoming, Now};
pub use reply::{Answer, Body, Closed, Exchange, Job, Polled, Reply};
pub use stdio::Stdio;
pub use stream::{Event, Next, Stream, Wake};

/// Returns the guard of `mutex`. A thread that panicked inside left whole values behind: every
/// critical section of this module only moves values.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
