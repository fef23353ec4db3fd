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
    /// Place up to which a reader has asked.
    taken: u64,
    ended: bool,
    /// Place at which the present reader has to close its connection.
    detach_at: Option<u64>,
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
            inner.drop_oldest();
        }
        Self::wake(inner);
    }

    /// Wakes the reader although nothing was added.
    pub fn nudge(&self) {
        Self::wake(self.lock());
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
        inner.detach_at = Some(inner.next_seq);
        Self::wake(inner);
    }

    /// Makes `wake` the reader, in place of an older one, and returns the reader's number.
    pub fn attach(&self, wake: Arc<dyn Wake>) -> u64 {
        let mut inner = self.lock();
        inner.detach_at = None;
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
        let mut inner = self.lock();
        if inner.reader_number != number {
            return Next::Detached;
        }
        inner.taken = inner.taken.max(after);
        if self.prefix.is_none() {
            inner.forget(after);
        }
        if inner.detach_at.is_some_and(|place| after >= place) {
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
            None => Next::Pending,
        }
    }

    /// Returns the place of the newest event, 0 before the first.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.lock().next_seq
    }

    /// Returns the place after which a new reader begins: behind what was read, and where events
    /// are still kept.
    #[must_use]
    pub fn resume_place(&self) -> u64 {
        let inner = self.lock();
        inner.taken.max(oldest_place(&inner))
    }

    /// True when everything after place `after` is still kept.
    #[must_use]
    pub fn holds(&self, after: u64) -> bool {
        let inner = self.lock();
        (oldest_place(&inner)..=inner.next_seq).contains(&after)
    }

    /// Returns the bytes of the events that are kept; without resumption, of those not yet read.
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Returns how many events no reader has taken yet.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        let inner = self.lock();
        inner.next_seq.saturating_sub(inner.taken)
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

impl Inner {
    /// Gives up the events up to place `after`; nobody can ask for them again.
    fn forget(&mut self, after: u64) {
        while self.events.front().is_some_and(|event| event.seq <= after) {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(old) = self.events.pop_front() {
            self.bytes = self.bytes.saturating_sub(old.data.len());
        }
    }
}

fn oldest_place(inner: &Inner) -> u64 {
    inner.events.front().map_or(inner.next_seq, |event| event.seq.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Next, Stream, Wake};
    use crate::limits::STREAM_EVENTS_MAX;

    struct Deaf;
    impl Wake for Deaf {
        fn wake(&self) {}
    }

    fn data(next: &Next) -> &str {
        match next {
            Next::Event(event) => std::str::from_utf8(&event.data).unwrap(),
            Next::Pending => "pending",
            Next::Ended => "ended",
            Next::Detached => "detached",
            Next::Lost => "lost",
        }
    }

    #[test]
    fn a_reader_gets_what_was_added_in_order() {
        let stream = Stream::new(Some("7".to_owned()));
        let number = stream.attach(Arc::new(Deaf));
        stream.push(b"a"[..].into());
        stream.push(b"b"[..].into());
        assert_eq!(data(&stream.next(0, number)), "a");
        assert_eq!(data(&stream.next(1, number)), "b");
        assert_eq!(data(&stream.next(2, number)), "pending");
        stream.end();
        stream.push(b"c"[..].into());
        assert_eq!(data(&stream.next(2, number)), "ended");
        let Next::Event(event) = stream.next(0, number) else { panic!("no event") };
        assert_eq!(event.id.as_deref(), Some("7-1"));
    }

    #[test]
    fn a_detached_reader_gets_nothing_added_later_and_the_next_reader_all_of_it() {
        let stream = Stream::new(None);
        let number = stream.attach(Arc::new(Deaf));
        stream.push(b"a"[..].into());
        stream.detach_reader();
        stream.push(b"b"[..].into());
        assert_eq!(data(&stream.next(0, number)), "a");
        assert_eq!(data(&stream.next(1, number)), "detached");
        let second = stream.attach(Arc::new(Deaf));
        assert_eq!(data(&stream.next(1, second)), "b");
        assert_eq!(data(&stream.next(1, number)), "detached");
    }

    #[test]
    fn events_beyond_the_bound_are_lost_and_said_to_be() {
        let stream = Stream::new(None);
        for _ in 0..=STREAM_EVENTS_MAX {
            stream.push(b"x"[..].into());
        }
        let number = stream.attach(Arc::new(Deaf));
        assert_eq!(data(&stream.next(0, number)), "lost");
        assert!(!stream.holds(0));
        assert_eq!(stream.resume_place(), 1);
        assert_eq!(data(&stream.next(1, number)), "x");
        assert!(!stream.holds(1000));
    }
}
