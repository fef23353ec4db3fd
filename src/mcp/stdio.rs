//! Zone: post-admission. Standard input and output: one message a line (section 4).
//!
//! The shell reads lines and writes the events of the stream; nothing here waits.

use std::sync::Arc;

use crate::auth::{Grant, Principal};
use crate::guard::Refusal;
use crate::limits::{BACKLOG_BYTES_MAX, BACKLOG_MAX};
use crate::mcp::call::Sender;
use crate::mcp::channel;
use crate::mcp::engine::{Engine, Now};
use crate::mcp::envelope::parse;
use crate::mcp::failure::Failure;
use crate::mcp::reply::Job;
use crate::mcp::session::{Session, Transport};
use crate::mcp::stream::Stream;

/// The session of standard input and output.
#[derive(Debug)]
pub struct Stdio {
    engine: Arc<Engine>,
    session: Arc<Session>,
}

/// Opens the one session of a standard-input server.
pub(super) fn open(engine: &Arc<Engine>, now: Now<'_>) -> (Stdio, Arc<Stream>) {
    let make = |id| Session::new(id, Principal::anonymous(), Transport::Shared, None, now.at);
    // Without an entry in the table only news of changes does not arrive; that is better than
    // no session when there is no randomness for an id nobody uses.
    let session = engine.sessions().open(now.random, make);
    let session = session.unwrap_or_else(|_refusal| Arc::new(make(String::new())));
    let stream = Arc::clone(&session.main);
    (Stdio { engine: Arc::clone(engine), session }, stream)
}

impl Stdio {
    /// Takes one line and returns work for the pool; answers go to the stream.
    #[must_use]
    pub fn line(&self, line: &[u8], now: Now<'_>) -> Option<Job> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return None;
        }
        let Ok(value) = parse(line) else {
            let failure = Failure::refused(Refusal::NotJson);
            channel::say_failure(&self.session, None, &failure);
            return None;
        };
        // Whoever holds the two ends of the pipe has the rights of this process.
        let sender = Sender { grant: &Grant::everything(), peer: None };
        channel::take(&self.engine, &self.session, (value, sender), now)
    }

    /// Says on the stream that a line was longer than it may be (STD-11).
    pub fn oversized(&self) {
        channel::say_failure(&self.session, None, &Failure::refused(Refusal::NotJson));
    }

    /// True while the client reads what it is sent; the shell reads no further line until then.
    #[must_use]
    pub fn keeps_up(&self) -> bool {
        let stream = &self.session.main;
        stream.waiting() <= BACKLOG_MAX && stream.kept_bytes() <= BACKLOG_BYTES_MAX
    }

    /// Ends the session: input has ended.
    pub fn close(&self) {
        self.engine.end_session(&self.session);
    }
}
