//! Zone: post-admission. What the shell gets back for a message.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use crate::guard::Refusal;
use crate::http::response::Status;
use crate::mcp::call::Call;
use crate::mcp::engine::Now;
use crate::mcp::halt::Halt;
use crate::mcp::lock;
use crate::mcp::round::Round;
use crate::mcp::session::Session;
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

    /// Returns the bytes in one piece.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Around(mut before, shared, after) => {
                before.reserve_exact(shared.len().saturating_add(after.len()));
                before.extend_from_slice(&shared);
                before.extend_from_slice(&after);
                before
            }
        }
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
/// an event stream (HTTP-10).
pub struct Exchange {
    stream: Arc<Stream>,
    form: Mutex<Form>,
    kind: Kind,
}

enum Form {
    Waiting,
    Answered(Status, Body),
    Streaming,
    Done,
}

enum Kind {
    /// Ends with its connection (MH-4).
    Stateless(Arc<Halt>),
    /// Goes on without its connection and can be resumed (SH-15, SH-23).
    Resumable { session: Arc<Session>, number: u64, primes: bool },
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
    /// Returns the exchange of one request of 2026-07-28.
    pub(super) fn stateless(halt: Arc<Halt>) -> Arc<Self> {
        let stream = Arc::new(Stream::new(None));
        Arc::new(Self { stream, form: Mutex::new(Form::Waiting), kind: Kind::Stateless(halt) })
    }

    /// Returns the exchange of one request in `session`, whose stream is its number `number`.
    pub(super) fn resumable(session: Arc<Session>, number: u64, primes: bool) -> Arc<Self> {
        let stream = Arc::new(Stream::new(Some(number.to_string())));
        let kind = Kind::Resumable { session, number, primes };
        Arc::new(Self { stream, form: Mutex::new(Form::Waiting), kind })
    }

    /// Makes `wake` the one to be told of news, and returns its reader number.
    pub fn attach(&self, wake: Arc<dyn Wake>) -> u64 {
        self.stream.attach(wake)
    }

    /// Returns what to do now.
    #[must_use]
    pub fn poll(&self) -> Polled {
        match self.take_answer() {
            Some((status, body)) => Polled::Answer { status, body },
            None if matches!(*lock(&self.form), Form::Streaming) => {
                Polled::Stream(Arc::clone(&self.stream))
            }
            None => Polled::Pending,
        }
    }

    /// Makes it a stream although nothing was emitted, so that comments can keep it alive.
    #[must_use]
    pub fn promote(&self) -> Arc<Stream> {
        let mut form = lock(&self.form);
        match core::mem::replace(&mut *form, Form::Streaming) {
            Form::Waiting => self.begin(),
            Form::Answered(_, body) => {
                self.begin();
                self.stream.push(body.into_bytes().into());
                self.stream.end();
            }
            Form::Streaming => {}
            Form::Done => *form = Form::Done,
        }
        Arc::clone(&self.stream)
    }

    /// The connection is gone: 2026-07-28 cancels, older revisions keep working.
    pub fn closed(&self) {
        if let Kind::Stateless(halt) = &self.kind {
            *lock(&self.form) = Form::Done;
            self.stream.end();
            halt.stop();
        }
    }

    /// Returns the answer when there is one and no stream was begun.
    pub(super) fn take_answer(&self) -> Option<(Status, Body)> {
        let mut form = lock(&self.form);
        match core::mem::replace(&mut *form, Form::Done) {
            Form::Answered(status, body) => Some((status, body)),
            other @ (Form::Waiting | Form::Streaming | Form::Done) => {
                *form = other;
                None
            }
        }
    }

    /// Sends a message that is not the answer.
    pub(super) fn note(&self, message: Arc<[u8]>) {
        if self.streaming() {
            self.stream.push(message);
        }
    }

    /// Returns how many events wait for a reader.
    pub(super) fn waiting(&self) -> u64 {
        self.stream.waiting()
    }

    /// True while nobody reads the stream.
    pub(super) fn is_unread(&self) -> bool {
        !self.stream.has_reader()
    }

    /// Sends the answer, the last thing that is sent.
    pub(super) fn finish(&self, status: Status, body: Body) {
        let mut form = lock(&self.form);
        match &*form {
            Form::Waiting => {
                *form = Form::Answered(status, body);
                drop(form);
                self.stream.nudge();
            }
            Form::Streaming => {
                drop(form);
                self.stream.push(body.into_bytes().into());
                self.stream.end();
            }
            Form::Answered(..) | Form::Done => {}
        }
    }

    /// Ends without an answer: the call was cancelled.
    pub(super) fn quit(&self) {
        let mut form = lock(&self.form);
        if matches!(*form, Form::Waiting) {
            *form = Form::Streaming;
        }
        drop(form);
        self.stream.end();
    }

    /// Closes the connection early with a reconnection time; true when this client can resume.
    pub(super) fn reconnect(&self, retry_ms: u64) -> bool {
        let Kind::Resumable { primes: true, .. } = self.kind else { return false };
        if !self.streaming() {
            return false;
        }
        self.stream.add(None, Some(retry_ms), Arc::new([]));
        self.stream.detach_reader();
        true
    }

    /// Begins the stream if that has not happened; false when there is none any more.
    fn streaming(&self) -> bool {
        let mut form = lock(&self.form);
        if matches!(*form, Form::Waiting) {
            *form = Form::Streaming;
            self.begin();
        }
        matches!(*form, Form::Streaming)
    }

    fn begin(&self) {
        if let Kind::Resumable { session, number, primes } = &self.kind {
            if *primes {
                self.stream.add(None, None, Arc::new([]));
            }
            session.keep_stream(*number, &self.stream);
        }
        self.stream.nudge();
    }
}

impl core::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Exchange")
    }
}

/// Work for a worker thread.
///
/// A job that is dropped without being run ends its calls as [`Job::refuse`] does, so nobody
/// waits for an answer that will not come.
pub struct Job {
    work: VecDeque<(Arc<Call>, Round)>,
}

impl Job {
    pub(super) fn new(call: Arc<Call>, round: Round) -> Self {
        Self { work: VecDeque::from([(call, round)]) }
    }

    /// Returns the call that is run first.
    pub(super) fn first(&self) -> Option<Arc<Call>> {
        self.work.front().map(|(call, _)| Arc::clone(call))
    }

    /// Adds the work of `other` behind this.
    pub(super) fn join(first: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (first, other) {
            (Some(mut first), Some(mut other)) => {
                first.work.append(&mut other.work);
                Some(first)
            }
            (first, other) => first.or(other),
        }
    }

    /// Runs the call; what it emits goes to its exchange. Returns work that follows at once.
    #[must_use]
    pub fn run(mut self, now: Now<'_>) -> Option<Self> {
        let (call, round) = self.work.pop_front()?;
        let follows = call.run(round, now);
        let rest = core::mem::take(&mut self.work);
        let rest = (!rest.is_empty()).then_some(Self { work: rest });
        Self::join(rest, follows)
    }

    /// Ends the call without running it, with the error for a full queue.
    pub fn refuse(self) {
        drop(self);
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        for (call, _) in core::mem::take(&mut self.work) {
            call.refuse(Refusal::Overloaded);
        }
    }
}

impl core::fmt::Debug for Job {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Job").field("calls", &self.work.len()).finish()
    }
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

impl Reply {
    pub(super) const fn of(answer: Answer) -> Self {
        Self { answer, job: None }
    }

    pub(super) const fn refused(refusal: Refusal) -> Self {
        Self::of(Answer::Refused(refusal))
    }

    pub(super) const fn json(status: Status, body: Body) -> Self {
        Self::of(Answer::Json { status, body, session: None })
    }
}
