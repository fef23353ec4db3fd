//! Zone: post-admission. What the shell gets back for a message.

use std::sync::Arc;

use crate::guard::Refusal;
use crate::http::response::Status;
use crate::mcp::engine::Now;
use crate::mcp::stream::{Stream, Wake};

/// A response body: whole, or around a shared part that is never copied.
#[derive(Debug, Clone)]
pub enum Body {
    /// The whole body.
    Whole(Vec<u8>),
    /// Before, shared, after.
    Around(Vec<u8>, Arc<[u8]>, Vec<u8>),
}

impl Body {
    /// Returns the length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Around(before, shared, after) => {
                before.len().saturating_add(shared.len()).saturating_add(after.len())
            }
        }
    }

    /// True without bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Told when the connection that carried an answer is gone.
pub trait Closed: Send + Sync + core::fmt::Debug {
    /// The peer can no longer be reached on that connection.
    fn closed(&self);
}

/// A call under way, as the connection that waits for it sees it.
///
/// The first thing a call emits decides its form: an answer becomes a JSON body, anything else
/// an event stream.
pub struct Exchange {
    stream: Arc<Stream>,
}

/// What a waiting connection should do.
#[derive(Debug)]
pub enum Polled {
    /// Nothing yet.
    Pending,
    /// Send this JSON body.
    Answer {
        /// Status, 200 or the one the error code maps to.
        status: Status,
        /// Body.
        body: Body,
    },
    /// Begin an event stream and read it from the start.
    Stream(Arc<Stream>),
}

impl Exchange {
    /// Makes `wake` the one to be told of news, and returns its reader number.
    pub fn attach(&self, wake: Arc<dyn Wake>) -> u64 {
        self.stream.attach(wake)
    }

    /// Returns what to do now.
    #[must_use]
    pub fn poll(&self) -> Polled {
        Polled::Pending
    }

    /// Makes it a stream although nothing was emitted, so that comments can keep it alive.
    #[must_use]
    pub fn promote(&self) -> Arc<Stream> {
        Arc::clone(&self.stream)
    }

    /// The connection is gone: 2026-07-28 cancels, older revisions keep working.
    pub fn closed(&self) {}
}

impl core::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Exchange")
    }
}

/// Work for a worker thread.
#[derive(Debug)]
pub struct Job {
    exchange: Arc<Exchange>,
}

impl Job {
    /// Runs the call; what it emits goes to its exchange. Returns work that follows at once.
    #[must_use]
    pub fn run(self, now: Now<'_>) -> Option<Self> {
        let _ = (now, self.exchange);
        None
    }

    /// Ends the call without running it, with the error for a full queue.
    pub fn refuse(self) {}
}

/// The answer to one HTTP request.
#[derive(Debug)]
pub enum Answer {
    /// A JSON body, with the session id field on a handshake.
    Json {
        /// Status, 200 or the one the error code maps to.
        status: Status,
        /// Body.
        body: Body,
        /// `Mcp-Session-Id`.
        session: Option<String>,
    },
    /// 202 without a body (HTTP+SSE: with the customary text).
    Accepted,
    /// 204: a session was ended.
    NoContent,
    /// A refusal by its row.
    Refused(Refusal),
    /// An event stream from now on: read `stream` after place `after`.
    Stream {
        /// The stream.
        stream: Arc<Stream>,
        /// Place after which to read.
        after: u64,
        /// `Mcp-Session-Id`.
        session: Option<String>,
        /// What to tell when the connection ends before the stream.
        tie: Option<Arc<dyn Closed>>,
    },
    /// A call that is under way.
    Call(Arc<Exchange>),
}

/// An answer, and the work that has to be queued for it.
#[derive(Debug)]
pub struct Reply {
    /// The answer.
    pub answer: Answer,
    /// Work for the pool.
    pub job: Option<Job>,
}
