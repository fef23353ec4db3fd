//! Zone: operator. One connection of a loop: socket, state machine, and what it waits for.

use std::sync::Arc;

use crate::auth::Denial;
use crate::base::Millis;
use crate::conn::Conn;
use crate::guard::Admitted;
use crate::limits::{HANDSHAKE_MS, KEEP_ALIVE_MS, STREAM_AFTER_MS, VERDICT_MS};
use crate::mcp::{Closed, Exchange, Stream};
use crate::server::mailbox::Bell;
use crate::server::shared::Asker;
use crate::server::socket::Socket;

/// What the answer of a connection comes from.
pub(super) enum Task {
    /// Nothing is under way.
    None,
    /// The caller is judged as soon as an answer about it has come.
    Judging {
        /// The request.
        admitted: Box<Admitted>,
        /// When it began to wait.
        since: Millis,
    },
    /// The caller is not let in and told so at this time.
    Denied {
        /// What it is told.
        denial: Box<Denial>,
        /// When.
        at: Millis,
    },
    /// A call that may become a body or a stream.
    Call {
        /// The call.
        exchange: Arc<Exchange>,
        /// Our number as its reader.
        number: u64,
        /// When it began.
        since: Millis,
    },
    /// An event stream.
    Stream {
        /// Where the events come from.
        stream: Arc<Stream>,
        /// Our number as its reader.
        number: u64,
        /// Place of the last event sent.
        after: u64,
        /// What ends with the connection.
        tie: Option<Arc<dyn Closed>>,
        /// The call behind it, to be told when the connection ends.
        exchange: Option<Arc<Exchange>>,
    },
}

/// One connection.
pub(super) struct Peer {
    pub(super) socket: Socket,
    pub(super) conn: Conn,
    pub(super) task: Task,
    /// Who waits for an answer, from admission on.
    pub(super) asker: Option<Asker>,
    pub(super) bell: Option<Arc<Bell>>,
    pub(super) opened: Millis,
    pub(super) quiet_since: Millis,
    pub(super) broken: bool,
    /// Name in the client's certificate, when that is asked for and it has one.
    pub(super) certificate: Option<Box<str>>,
    /// True while it stands in the line of those that could go on at once.
    pub(super) queued: bool,
}

impl Peer {
    pub(super) const fn new(socket: Socket, conn: Conn, now: Millis) -> Self {
        Self {
            socket,
            conn,
            task: Task::None,
            asker: None,
            bell: None,
            opened: now,
            quiet_since: now,
            broken: false,
            certificate: None,
            queued: false,
        }
    }

    /// True when the sweep has something to do here.
    pub(super) fn is_due(&self, now: Millis) -> bool {
        if self.socket.is_handshaking() && now >= self.opened.plus(HANDSHAKE_MS) {
            return true;
        }
        let quiet = now.since(self.quiet_since);
        let task = match &self.task {
            Task::None => false,
            Task::Judging { since, .. } => now.since(*since) >= VERDICT_MS,
            Task::Denied { at, .. } => now >= *at,
            Task::Call { since, .. } => now.since(*since) >= STREAM_AFTER_MS,
            Task::Stream { .. } => quiet >= KEEP_ALIVE_MS,
        };
        task || now >= self.conn.deadline()
    }

    /// Tells whoever works for this connection that it is gone, and the peer that nothing is
    /// missing when that is so. Over TLS an answer that was cut off must not look complete.
    pub(super) fn part(&mut self) {
        let whole = !self.broken && self.conn.output().is_empty() && !self.socket.owes();
        if whole && matches!(self.task, Task::None) && !self.socket.is_handshaking() {
            self.socket.shut();
        }
        match core::mem::replace(&mut self.task, Task::None) {
            Task::None | Task::Judging { .. } | Task::Denied { .. } => {}
            Task::Call { exchange, .. } => exchange.closed(),
            Task::Stream { stream, number, tie, exchange, .. } => {
                stream.leave(number);
                if let Some(exchange) = exchange {
                    exchange.closed();
                }
                if let Some(tie) = tie {
                    tie.closed();
                }
            }
        }
    }
}
