//! Zone: post-admission. One session of a handshake revision, or one client on a shared stream.
//!
//! Bound to the principal that opened it. Everything it holds is bounded; it never outlives its
//! stream (HTTP+SSE), its process (standard input) or its idle time (HTTP).

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use crate::audit::Mark;
use crate::auth::Principal;
use crate::base::Millis;
use crate::guard::Refusal;
use crate::limits::{RESUME_MS, SESSION_CALLS_MAX, SESSION_STREAMS_MAX, WATCHED_MAX};
use crate::mcp::call::Call;
use crate::mcp::client::{Client, Level};
use crate::mcp::envelope::{Id, Returned};
use crate::mcp::failure::Failure;
use crate::mcp::lock;
use crate::mcp::questions::{Late, Questions, Seat, Wait};
use crate::mcp::registry::Question;
use crate::mcp::revision::Revision;
use crate::mcp::stream::Stream;

/// How the client is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// Streamable HTTP: one request, one answer; ends when idle.
    Http,
    /// HTTP+SSE or standard input: one stream for all; ends with it.
    Shared,
}

/// What a handshake settled.
#[derive(Debug, Clone)]
pub(super) struct Handshake {
    /// Revision that governs.
    pub(super) revision: Revision,
    /// What the client declared.
    pub(super) client: Arc<Client>,
}

/// One client.
#[derive(Debug)]
pub(super) struct Session {
    /// Id; unguessable.
    pub(super) id: String,
    /// What names it in logs.
    pub(super) mark: Mark,
    /// Who opened it.
    pub(super) principal: Principal,
    transport: Transport,
    /// Messages that belong to no call; on a shared stream everything.
    pub(super) main: Arc<Stream>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    used: Millis,
    handshake: Option<Handshake>,
    level: Level,
    calls: Vec<Arc<Call>>,
    listens: Vec<(Id, u64)>,
    streams: VecDeque<Kept>,
    last_stream: u64,
    questions: Questions,
    watched: BTreeSet<String>,
    ended: bool,
}

#[derive(Debug)]
struct Kept {
    number: u64,
    stream: Arc<Stream>,
    drop_at: Option<Millis>,
}

impl Session {
    pub(super) fn new(
        id: String,
        principal: Principal,
        transport: Transport,
        handshake: Option<Handshake>,
        now: Millis,
    ) -> Self {
        // Only streams of Streamable HTTP can be resumed, so only they have event ids (SH-22).
        let prefix = (transport == Transport::Http).then(|| "0".to_owned());
        Self {
            mark: Mark::of(id.as_bytes()),
            id,
            principal,
            transport,
            main: Arc::new(Stream::new(prefix)),
            inner: Mutex::new(Inner {
                used: now,
                handshake,
                level: Level::Info,
                calls: Vec::new(),
                listens: Vec::new(),
                streams: VecDeque::new(),
                last_stream: 0,
                questions: Questions::default(),
                watched: BTreeSet::new(),
                ended: false,
            }),
        }
    }

    /// Returns what the handshake settled, once there was one.
    pub(super) fn handshake(&self) -> Option<Handshake> {
        lock(&self.inner).handshake.clone()
    }

    /// Returns what the handshake settled, for a session of Streamable HTTP.
    pub(super) fn http_handshake(&self) -> Option<Handshake> {
        self.handshake().filter(|_| self.transport == Transport::Http)
    }

    /// True for a client on a shared stream.
    pub(super) fn is_shared(&self) -> bool {
        self.transport == Transport::Shared
    }

    /// Settles the handshake; false when there was one (HSK-5).
    pub(super) fn settle(&self, handshake: Handshake) -> bool {
        let mut inner = lock(&self.inner);
        let first = inner.handshake.is_none();
        if first {
            inner.handshake = Some(handshake);
        }
        first
    }

    /// Notes that the session is in use; false when it has ended.
    pub(super) fn touch(&self, now: Millis) -> bool {
        let mut inner = lock(&self.inner);
        inner.used = inner.used.max(now);
        !inner.ended
    }

    /// Returns when an idle session was last used; `None` while something is under way.
    pub(super) fn idle_since(&self) -> Option<Millis> {
        let inner = lock(&self.inner);
        let idle = self.transport == Transport::Http
            && inner.calls.is_empty()
            && !self.main.has_reader()
            && !inner.streams.iter().any(|kept| kept.stream.has_reader());
        idle.then_some(inner.used)
    }

    /// Returns the number of a new stream.
    pub(super) fn stream_number(&self) -> u64 {
        let mut inner = lock(&self.inner);
        inner.last_stream = inner.last_stream.saturating_add(1);
        inner.last_stream
    }

    /// Keeps the stream `number` for resumption; the oldest gives way (SH-26).
    pub(super) fn keep_stream(&self, number: u64, stream: &Arc<Stream>) {
        let mut inner = lock(&self.inner);
        while inner.streams.len() >= SESSION_STREAMS_MAX {
            let finished = inner.streams.iter().position(|kept| kept.stream.is_ended());
            inner.streams.remove(finished.unwrap_or(0));
        }
        inner.streams.push_back(Kept { number, stream: Arc::clone(stream), drop_at: None });
    }

    /// Returns the stream and place that an event id names (SH-23).
    pub(super) fn resume(&self, event: &[u8]) -> Option<(Arc<Stream>, u64)> {
        let (number, place) = core::str::from_utf8(event).ok()?.split_once('-')?;
        let number = crate::base::bytes::decimal(number.as_bytes())?;
        let place = crate::base::bytes::decimal(place.as_bytes())?;
        let stream = if number == 0 {
            Arc::clone(&self.main)
        } else {
            let inner = lock(&self.inner);
            let kept = inner.streams.iter().find(|kept| kept.number == number)?;
            Arc::clone(&kept.stream)
        };
        stream.holds(place).then_some((stream, place))
    }

    /// Sets the mildest level of log messages (LOG-2).
    pub(super) fn set_level(&self, level: Level) {
        lock(&self.inner).level = level;
    }

    /// Returns the mildest level of log messages.
    pub(super) fn level(&self) -> Level {
        lock(&self.inner).level
    }

    /// Watches `uri`.
    ///
    /// # Errors
    /// A [`Failure`] when too many are watched.
    pub(super) fn watch(&self, uri: String) -> Result<(), Failure> {
        let mut inner = lock(&self.inner);
        if inner.watched.len() >= WATCHED_MAX && !inner.watched.contains(&uri) {
            return Err(Failure::params("too many resources are watched by this session"));
        }
        inner.watched.insert(uri);
        Ok(())
    }

    /// Watches `uri` no longer.
    pub(super) fn unwatch(&self, uri: &str) {
        lock(&self.inner).watched.remove(uri);
    }

    /// True when `uri` is watched.
    pub(super) fn watches(&self, uri: &str) -> bool {
        lock(&self.inner).watched.contains(uri)
    }

    /// Refuses an id that is still in use (ENV-10).
    pub(super) fn check_id(&self, id: &Id) -> Result<(), Failure> {
        lock(&self.inner).check_id(id)
    }

    /// Remembers a call that is under way.
    pub(super) fn begin(&self, call: &Arc<Call>) -> Result<(), Failure> {
        let mut inner = lock(&self.inner);
        inner.check_id(call.id())?;
        if inner.ended {
            return Err(Failure::refused(Refusal::SessionUnknown));
        }
        if inner.calls.len() >= SESSION_CALLS_MAX {
            return Err(Failure::refused(Refusal::TooManyCalls));
        }
        inner.calls.push(Arc::clone(call));
        Ok(())
    }

    /// Returns the calls that have no answer yet.
    pub(super) fn calls(&self) -> Vec<Arc<Call>> {
        lock(&self.inner).calls.clone()
    }

    /// Forgets a call that has ended.
    pub(super) fn finish(&self, call: &Call) {
        lock(&self.inner).calls.retain(|open| !core::ptr::eq(Arc::as_ptr(open), call));
    }

    /// Remembers that request `id` is listener `number` on the shared stream.
    pub(super) fn listen(&self, id: Id, number: u64) {
        lock(&self.inner).listens.push((id, number));
    }

    /// Cancels request `id` (CAN-1); returns the listener to be ended when it was one.
    pub(super) fn cancel(&self, id: &Id) -> Option<u64> {
        let mut inner = lock(&self.inner);
        let call = inner.calls.iter().find(|call| call.id() == id).cloned();
        if let Some(call) = &call {
            inner.questions.forget(call);
        }
        let place = inner.listens.iter().position(|(open, _)| open == id);
        let listener = place.map(|place| inner.listens.remove(place).1);
        drop(inner);
        if let Some(call) = call {
            call.cancel();
        }
        listener
    }

    /// Puts `call` aside for `questions`; returns their ids, `None` when too many are open or the
    /// session has ended.
    pub(super) fn ask(
        &self,
        call: &Arc<Call>,
        questions: &[Question],
        state: Option<String>,
        until: (Millis, Seat),
    ) -> Option<Vec<u64>> {
        let mut inner = lock(&self.inner);
        if inner.ended {
            return None;
        }
        inner.questions.ask(call, questions, state, until)
    }

    /// Takes the client's answer; returns the call that can go on.
    pub(super) fn returned(&self, returned: Returned) -> Option<Wait> {
        let id = crate::base::bytes::decimal(returned.id?.text().as_bytes())?;
        lock(&self.inner).questions.answer(id, returned.result)
    }

    /// Ends what has expired inside; returns calls whose questions were not answered in time.
    pub(super) fn tick(&self, now: Millis) -> Vec<Wait> {
        let mut inner = lock(&self.inner);
        for kept in &mut inner.streams {
            if kept.stream.is_ended() && kept.drop_at.is_none() {
                kept.drop_at = Some(now.plus(RESUME_MS));
            }
        }
        inner.streams.retain(|kept| kept.drop_at.is_none_or(|at| at > now));
        let unread = inner.questions.unread(now);
        let (waits, late) = inner.questions.expire(now);
        drop(inner);
        for call in unread {
            call.cancel();
        }
        late.iter().for_each(Late::withdraw);
        waits
    }

    /// Ends the stream that is open without a call, where no answer is still to come on it.
    pub(super) fn quiesce(&self) {
        let owed = self.transport != Transport::Http && !lock(&self.inner).calls.is_empty();
        if !owed {
            self.main.end();
        }
    }

    /// Ends the session: its calls, questions and streams. Returns its listeners.
    pub(super) fn end(&self) -> Vec<u64> {
        let mut inner = lock(&self.inner);
        inner.ended = true;
        inner.questions = Questions::default();
        let calls = core::mem::take(&mut inner.calls);
        let streams = core::mem::take(&mut inner.streams);
        let listens = core::mem::take(&mut inner.listens);
        drop(inner);
        for call in calls {
            call.cancel();
        }
        for kept in streams {
            kept.stream.end();
        }
        self.main.end();
        listens.into_iter().map(|(_, number)| number).collect()
    }
}

impl Inner {
    fn check_id(&self, id: &Id) -> Result<(), Failure> {
        let open = self.calls.iter().any(|call| call.id() == id)
            || self.listens.iter().any(|(listen, _)| listen == id);
        if open {
            return Err(Failure::refused(Refusal::DuplicateId));
        }
        Ok(())
    }
}
