//! Zone: post-admission. A bounded, replayable sequence of messages with one reader.
//!
//! Writers are calls and notifications; the reader is a connection, a line writer or nobody. It
//! pulls, so a slow reader holds nothing but its place. Events that fall off the far end are
//! gone: a reader whose place is lost is told so and closed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::{STREAM_BYTES_MAX, STREAM_EVENTS_MAX};

/// Tells a reader that its stream has something new. Must not block and not call back.
pub trait Wake: Send + Sync {
    /// Wakes the reader.
    fn wake(&self);
}

/// One event as its reader sees it.
#[derive(Debug, Clone)]
pub struct Event {
    /// Place in the stream, from 1.
    pub seq: u64,
    /// Event id for resumption; absent on streams that cannot be resumed.
    pub id: Option<String>,
    /// Event name when it is not `message`.
    pub name: Option<&'static str>,
    /// Reconnection time in milliseconds to send with the event.
    pub retry_ms: Option<u64>,
    /// One line of JSON, or other text for a named event; empty for a priming event.
    pub data: Arc<[u8]>,
}

/// What a reader gets.
#[derive(Debug, Clone)]
pub enum Next {
    /// The next event.
    Event(Event),
    /// Nothing yet.
    Pending,
    /// No further events, ever.
    Ended,
    /// The connection should close although the stream goes on (the client will resume).
    Detached,
    /// The place asked for is no longer kept.
    Lost,
}

#[derive(Default)]
struct Inner {
    events: VecDeque<Event>,
    bytes: usize,
    next_seq: u64,
    ended: bool,
    detach: bool,
    reader: Option<Arc<dyn Wake>>,
    reader_number: u64,
}

/// The sequence. Shared by its writers and its reader.
#[derive(Default)]
pub struct Stream {
    prefix: Option<String>,
    inner: Mutex<Inner>,
}

impl core::fmt::Debug for Stream {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Stream").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Stream {
    /// Returns an empty stream; with `prefix`, events carry ids `<prefix>-<seq>`.
    #[must_use]
    pub fn new(prefix: Option<String>) -> Self {
        Self { prefix, inner: Mutex::default() }
    }

    /// Adds a message. Nothing happens after the end.
    pub fn push(&self, data: Arc<[u8]>) {
        self.add(None, None, data);
    }

    /// Adds an event with a name or a reconnection time.
    pub fn add(&self, name: Option<&'static str>, retry_ms: Option<u64>, data: Arc<[u8]>) {
        let mut inner = self.lock();
        if inner.ended {
            return;
        }
        inner.next_seq = inner.next_seq.saturating_add(1);
        let seq = inner.next_seq;
        let id = self.prefix.as_ref().map(|prefix| format!("{prefix}-{seq}"));
        inner.bytes = inner.bytes.saturating_add(data.len());
        inner.events.push_back(Event { seq, id, name, retry_ms, data });
        while inner.events.len() > STREAM_EVENTS_MAX
            || (inner.bytes > STREAM_BYTES_MAX && inner.events.len() > 1)
        {
            let Some(old) = inner.events.pop_front() else { break };
            inner.bytes = inner.bytes.saturating_sub(old.data.len());
        }
        Self::wake(inner);
    }

    /// Ends the stream; events already added are still read.
    pub fn end(&self) {
        let mut inner = self.lock();
        inner.ended = true;
        Self::wake(inner);
    }

    /// Makes the present reader close its connection; the stream goes on.
    pub fn detach_reader(&self) {
        let mut inner = self.lock();
        inner.detach = true;
        Self::wake(inner);
    }

    /// Makes `wake` the reader, in place of an older one, and returns the reader's number.
    pub fn attach(&self, wake: Arc<dyn Wake>) -> u64 {
        let mut inner = self.lock();
        inner.detach = false;
        inner.reader_number = inner.reader_number.saturating_add(1);
        let number = inner.reader_number;
        let old = inner.reader.replace(wake);
        drop(inner);
        if let Some(old) = old {
            old.wake();
        }
        number
    }

    /// Takes reader `number` away, unless another has taken its place.
    pub fn leave(&self, number: u64) {
        let mut inner = self.lock();
        if inner.reader_number == number {
            inner.reader = None;
        }
    }

    /// True while a reader is attached.
    #[must_use]
    pub fn has_reader(&self) -> bool {
        self.lock().reader.is_some()
    }

    /// True after [`Stream::end`].
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.lock().ended
    }

    /// Returns what follows the event at place `after` (0 for the start) for reader `number`.
    /// An older reader is [`Next::Detached`].
    #[must_use]
    pub fn next(&self, after: u64, number: u64) -> Next {
        let inner = self.lock();
        if inner.reader_number != number {
            return Next::Detached;
        }
        let wanted = after.saturating_add(1);
        match inner.events.front() {
            Some(first) if first.seq > wanted => return Next::Lost,
            None if after < inner.next_seq => return Next::Lost,
            Some(_) | None => {}
        }
        let first = inner.events.front().map_or(wanted, |event| event.seq);
        let index = usize::try_from(wanted.saturating_sub(first)).unwrap_or(usize::MAX);
        match inner.events.get(index) {
            Some(event) => Next::Event(event.clone()),
            None if inner.ended => Next::Ended,
            None if inner.detach => Next::Detached,
            None => Next::Pending,
        }
    }

    /// Returns the place of the newest event, 0 before the first.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.lock().next_seq
    }

    fn wake(inner: MutexGuard<'_, Inner>) {
        let reader = inner.reader.clone();
        drop(inner);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
