//! Zone: post-admission. Where the messages of one call go.

use std::sync::{Arc, Mutex};

use crate::http::response::Status;
use crate::limits::BACKLOG_MAX;
use crate::mcp::batch::Batch;
use crate::mcp::envelope::Id;
use crate::mcp::lock;
use crate::mcp::reply::{Body, Exchange};
use crate::mcp::stream::Stream;
use crate::mcp::tasks::Task;

/// The way out of one call. One message takes exactly one way (SH-16).
#[derive(Debug)]
pub(super) enum Port {
    /// The HTTP request that made the call.
    Own(Arc<Exchange>),
    /// The one stream of a client on standard output or HTTP+SSE.
    Shared(Arc<Stream>),
    /// One of several in an array of messages, and its id.
    Batch(Arc<Batch>, Id),
    /// A task that keeps the result until somebody asks.
    Task(Arc<Task>),
}

impl Port {
    /// Sends a message that is not the answer. A task has nowhere to send it.
    pub(super) fn note(&self, message: Vec<u8>) {
        match self {
            Self::Own(exchange) => exchange.note(message.into()),
            Self::Shared(stream) => stream.push(message.into()),
            Self::Batch(batch, _) => batch.note(message.into()),
            Self::Task(_) => {}
        }
    }

    /// True when the reader is so far behind that further news would push out older events.
    pub(super) fn is_behind(&self) -> bool {
        let waiting = match self {
            Self::Own(exchange) => exchange.waiting(),
            Self::Shared(stream) => stream.waiting(),
            Self::Batch(batch, _) => batch.waiting(),
            Self::Task(_) => 0,
        };
        waiting > BACKLOG_MAX
    }

    /// True while nobody reads what is sent, but somebody may come back for it.
    pub(super) fn is_unread(&self) -> bool {
        match self {
            Self::Own(exchange) => exchange.is_unread(),
            Self::Shared(_) | Self::Batch(..) | Self::Task(_) => false,
        }
    }

    /// Sends the answer; a task is told its result in another way.
    pub(super) fn finish(&self, status: Status, body: Body) {
        match self {
            Self::Own(exchange) => exchange.finish(status, body),
            Self::Shared(stream) => stream.push(body.into_bytes().into()),
            Self::Batch(batch, id) => batch.part(Some(id), Some(body)),
            Self::Task(_) => {}
        }
    }

    /// Ends without an answer.
    pub(super) fn quit(&self) {
        match self {
            Self::Own(exchange) => exchange.quit(),
            Self::Shared(_) => {}
            Self::Batch(batch, id) => batch.part(Some(id), None),
            Self::Task(task) => task.cancelled(),
        }
    }

    /// Closes the connection early; true when the client can come back for the answer.
    pub(super) fn reconnect(&self, retry_ms: u64) -> bool {
        match self {
            Self::Own(exchange) => exchange.reconnect(retry_ms),
            Self::Shared(_) | Self::Batch(..) | Self::Task(_) => false,
        }
    }
}

/// The last progress of a call: what is sent has to rise (PROG-1).
#[derive(Debug)]
pub(super) struct Rising(Mutex<Option<u64>>);

impl Rising {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// True when `progress` is more than every one before it.
    pub(super) fn accept(&self, progress: u64) -> bool {
        let mut last = lock(&self.0);
        let rises = last.is_none_or(|last| progress > last);
        if rises {
            *last = Some(progress);
        }
        rises
    }
}
