//! Zone: post-admission. Arrays of messages (2024-11-05 and 2025-03-26, SH-17).
//!
//! The answers are collected and sent as one array when the last of them is there. Together they
//! are bounded: a small request must not become an answer without end.

use std::sync::{Arc, Mutex};

use crate::http::response::Status;
use crate::limits::BATCH_BYTES_MAX;
use crate::mcp::envelope::Id;
use crate::mcp::failure::{Failure, INTERNAL};
use crate::mcp::lock;
use crate::mcp::reply::{Body, Exchange};

const TOO_MUCH: Failure = Failure::new(
    INTERNAL,
    "the answers of this batch are too large together: ask for less at once",
);

/// The answers of one array of messages.
#[derive(Debug)]
pub(super) struct Batch {
    exchange: Arc<Exchange>,
    parts: Mutex<Parts>,
}

#[derive(Debug)]
struct Parts {
    /// `[` and the answers so far.
    text: Vec<u8>,
    /// Answers that are still to come.
    left: usize,
}

impl Batch {
    /// Returns a batch of `left` answers that goes out by `exchange`.
    pub(super) fn new(exchange: Arc<Exchange>, left: usize) -> Arc<Self> {
        let parts = Parts { text: vec![b'['], left };
        Arc::new(Self { exchange, parts: Mutex::new(parts) })
    }

    /// Sends a message that is not an answer.
    pub(super) fn note(&self, message: Arc<[u8]>) {
        self.exchange.note(message);
    }

    /// Returns how many events wait for a reader.
    pub(super) fn waiting(&self) -> u64 {
        self.exchange.waiting()
    }

    /// Adds the answer to request `id`, or none for a call that was cancelled.
    pub(super) fn part(&self, id: Option<&Id>, body: Option<Body>) {
        let mut parts = lock(&self.parts);
        if let Some(body) = body {
            let others = parts.text.len() > 1;
            let fits = parts.text.len().saturating_add(body.len()) <= BATCH_BYTES_MAX;
            if others {
                parts.text.push(b',');
            }
            if fits || !others {
                parts.text.extend_from_slice(&body.into_bytes());
            } else {
                parts.text.extend_from_slice(&TOO_MUCH.body(id));
            }
        }
        parts.left = parts.left.saturating_sub(1);
        if parts.left > 0 {
            return;
        }
        let mut text = core::mem::take(&mut parts.text);
        drop(parts);
        if text.len() > 1 {
            text.push(b']');
            self.exchange.finish(Status(200), Body::Whole(text));
        } else {
            self.exchange.quit();
        }
    }
}
