//! Zone: pre-admission. The connection state machine: plaintext in, requests out, answers back.
//!
//! Sans-I/O: no socket and no clock inside. Any split of the same bytes gives the same events
//! and the same output. The state owns exactly its data and is taken by value; a path that
//! forgets to put one back leaves the connection closed.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod answer;
mod output;
mod time;

pub use answer::{Payload, Stamp};
pub use output::Output;

use core::net::IpAddr;

use crate::auth::Authorized;
use crate::base::Millis;
use crate::guard::{self, Admitted, Decision, Policy, Refusal};
use crate::http::body::{Decoder, Step};
use crate::http::head::{self, Scan, Scanner, Version};
use crate::limits::{
    DRAIN_BYTES_MAX, HEAD_BYTES_MAX, OUTPUT_HIGH_WATER, PIPELINE_BYTES_MAX, READ_BYTES,
};

/// A complete request of an accepted caller.
#[derive(Debug)]
pub struct Request {
    /// Proof of every check, and what the head said.
    pub authorized: Authorized,
    /// The decoded body.
    pub body: Vec<u8>,
}

/// What the answers of a listener depend on besides the request.
#[derive(Debug, Clone, Copy)]
pub struct Front {
    /// True over TLS.
    pub tls: bool,
    /// True when origins are listed, so that answers vary by origin.
    pub cors: bool,
}

/// What happened on a connection.
#[derive(Debug)]
pub enum Event {
    /// A head passed the guard; [`Conn::authorize`] or [`Conn::refuse`] must follow.
    Admitted(Admitted),
    /// A request is complete; exactly one answer must follow.
    Request(Request),
    /// A request was refused; the answer is already in the output.
    Refused(Refusal),
}

/// What the answer to the present request has to know of it.
#[derive(Debug)]
struct Asked {
    version: Version,
    keep_alive: bool,
    origin: Option<Box<[u8]>>,
}

/// A body on its way in.
#[derive(Debug)]
struct Receiving {
    since: Millis,
    moved: Millis,
    decoder: Decoder,
    body: Vec<u8>,
    authorized: Authorized,
}

/// How the peer takes what waits to be written.
#[derive(Debug, Clone, Copy)]
struct Writing {
    /// Since when something has waited without a break.
    since: Millis,
    /// When bytes were last taken.
    moved: Millis,
    /// Bytes taken since `since`.
    bytes: usize,
}

#[derive(Debug)]
enum State {
    /// Between requests; nothing received, and nothing left to write, since `since`.
    Idle { since: Millis },
    /// Part of a head was received.
    Head { since: Millis, scanner: Scanner },
    /// The credential is being judged; the body stays unread.
    Judging { origin: Option<Box<[u8]>> },
    /// Body bytes are being received.
    Body(Box<Receiving>),
    /// The request is being worked on.
    Busy { asked: Asked },
    /// The answer is an event stream under way.
    Streaming { chunked: bool, keep_alive: bool },
    /// A refusal or last answer is being written, input is thrown away.
    Draining { since: Millis, left: usize },
    /// Over.
    Closed,
}

/// One connection.
#[derive(Debug)]
pub struct Conn {
    peer: IpAddr,
    front: Front,
    state: State,
    input: Vec<u8>,
    output: Output,
    writing: Writing,
    ended: bool,
    stopping: bool,
}

impl Conn {
    /// Returns a fresh connection from `peer` to a listener that is as `front` says.
    #[must_use]
    pub fn new(peer: IpAddr, front: Front, now: Millis) -> Self {
        Self {
            peer,
            front,
            state: State::Idle { since: now },
            input: Vec::new(),
            output: Output::default(),
            writing: Writing { since: now, moved: now, bytes: 0 },
            ended: false,
            stopping: false,
        }
    }

    /// Takes `bytes` from the peer, at most [`Conn::room`] of them, and returns the event they
    /// complete. Call [`Conn::advance`] afterwards until it returns `None`.
    pub fn feed(&mut self, bytes: &[u8], policy: &Policy, stamp: &Stamp<'_>) -> Option<Event> {
        if self.input.is_empty() {
            let (used, event) = self.steps(bytes, policy, stamp);
            self.input.extend_from_slice(bytes.get(used..).unwrap_or_default());
            return event;
        }
        self.input.extend_from_slice(bytes);
        self.advance(policy, stamp)
    }

    /// Goes on with input that was kept, and returns the next event. `None` means that nothing
    /// more can be done before bytes arrive, an answer is given or output was written.
    pub fn advance(&mut self, policy: &Policy, stamp: &Stamp<'_>) -> Option<Event> {
        if self.input.is_empty() && !matches!(self.state, State::Body(_)) {
            return None;
        }
        let input = core::mem::take(&mut self.input);
        let (used, event) = self.steps(&input, policy, stamp);
        self.input = keep(input, used);
        self.close_if_cut_off();
        event
    }

    /// The peer sends nothing more. A message that is cut off is dropped unserved; complete
    /// requests are still answered.
    pub fn end_input(&mut self) {
        self.ended = true;
        self.close_if_cut_off();
    }

    /// Goes on to the body with the proof that the caller was accepted.
    pub fn authorize(&mut self, authorized: Authorized, policy: &Policy, stamp: &Stamp<'_>) {
        if !matches!(self.state, State::Judging { .. }) {
            return;
        }
        let admitted = authorized.admitted();
        let decoder = Decoder::new(admitted.length(), policy.body_max);
        if admitted.expects_continue() {
            self.touch(stamp.now);
            self.output.extend(crate::http::response::CONTINUE);
        }
        let (since, moved) = (stamp.now, stamp.now);
        let body = Vec::new();
        self.state = State::Body(Box::new(Receiving { since, moved, decoder, body, authorized }));
    }

    /// Returns how many bytes may be fed now.
    #[must_use]
    pub fn room(&self) -> usize {
        if self.ended {
            return 0;
        }
        match &self.state {
            State::Idle { .. } if self.is_behind() => 0,
            State::Idle { .. } => READ_BYTES.saturating_sub(self.input.len()),
            State::Head { .. } => HEAD_BYTES_MAX.saturating_add(1).saturating_sub(self.input.len()),
            State::Body(_) => READ_BYTES,
            State::Judging { .. } | State::Busy { .. } | State::Streaming { .. } => {
                PIPELINE_BYTES_MAX.saturating_sub(self.input.len())
            }
            State::Draining { left, .. } => (*left).min(READ_BYTES),
            State::Closed => 0,
        }
    }

    /// Returns the bytes to be written.
    #[must_use]
    pub const fn output(&self) -> &Output {
        &self.output
    }

    /// `count` bytes of the output were written.
    pub fn written(&mut self, count: usize, now: Millis) {
        let waited = self.output.len();
        self.output.advance(count);
        self.writing.moved = now;
        self.writing.bytes = self.writing.bytes.saturating_add(count);
        if waited == 0 || !self.output.is_empty() {
            return;
        }
        if matches!(self.state, State::Draining { left, .. } if self.ended || left == 0) {
            self.state = State::Closed;
        }
        if let State::Idle { since } | State::Draining { since, .. } = &mut self.state {
            *since = now;
        }
    }

    /// True when everything was written and only the peer's rest is being drained: the write
    /// side may be shut.
    #[must_use]
    pub const fn is_draining(&self) -> bool {
        matches!(self.state, State::Draining { .. }) && self.output.is_empty()
    }

    /// True when the connection is over.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    /// True between requests.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle { .. }) && self.output.is_empty()
    }

    /// Returns the address at the other end.
    #[must_use]
    pub const fn peer(&self) -> IpAddr {
        self.peer
    }

    /// No further request is taken after the present one; one whose head is not complete was
    /// not yet begun and is dropped.
    pub fn stop(&mut self) {
        self.stopping = true;
        if matches!(self.state, State::Idle { .. } | State::Head { .. }) {
            self.close_when_written();
        }
    }

    /// Takes steps until one makes an event or uses nothing. Every step before that uses bytes.
    fn steps(
        &mut self,
        input: &[u8],
        policy: &Policy,
        stamp: &Stamp<'_>,
    ) -> (usize, Option<Event>) {
        let mut rest = input;
        loop {
            let (used, event) = self.step(rest, policy, stamp);
            rest = rest.get(used..).unwrap_or_default();
            if event.is_some() || used == 0 || rest.is_empty() {
                return (input.len().saturating_sub(rest.len()), event);
            }
        }
    }

    fn step(&mut self, input: &[u8], policy: &Policy, stamp: &Stamp<'_>) -> (usize, Option<Event>) {
        match core::mem::replace(&mut self.state, State::Closed) {
            State::Idle { since } if input.is_empty() || self.is_behind() => {
                self.state = State::Idle { since };
                (0, None)
            }
            State::Idle { .. } => self.head(input, stamp.now, Scanner::default(), policy, stamp),
            State::Head { since, scanner } => self.head(input, since, scanner, policy, stamp),
            State::Body(receiving) => self.body(input, receiving, stamp),
            State::Draining { since, left } => {
                let left = left.saturating_sub(input.len());
                let over = left == 0 && self.output.is_empty();
                self.state = if over { State::Closed } else { State::Draining { since, left } };
                (input.len(), None)
            }
            state @ (State::Judging { .. } | State::Busy { .. } | State::Streaming { .. }) => {
                self.state = state;
                (0, None)
            }
            State::Closed => (input.len(), None),
        }
    }

    fn head(
        &mut self,
        input: &[u8],
        since: Millis,
        mut scanner: Scanner,
        policy: &Policy,
        stamp: &Stamp<'_>,
    ) -> (usize, Option<Event>) {
        let head_only = wants_head_only(input);
        let size = match scanner.scan(input) {
            Scan::More => {
                self.state = State::Head { since, scanner };
                return (0, None);
            }
            Scan::Complete(size) => size,
            Scan::Fault(fault) => {
                return (input.len(), self.reject(fault.into(), None, head_only, stamp));
            }
        };
        let bytes = input.get(..size).unwrap_or_default();
        let event = match head::parse(bytes) {
            Err(fault) => self.reject(fault.into(), None, head_only, stamp),
            Ok(head) => match guard::decide(policy, self.peer, &head) {
                Decision::Admitted(admitted) => {
                    self.state = State::Judging { origin: admitted.origin().map(Into::into) };
                    Some(Event::Admitted(admitted))
                }
                Decision::Answer(constant, keep) => {
                    let last = self.ended && size >= input.len();
                    self.constant(&constant, keep && !last, head.version, stamp);
                    None
                }
                Decision::Refused(refusal, origin) => {
                    self.reject(refusal, origin, head_only, stamp)
                }
            },
        };
        (size, event)
    }

    fn body(
        &mut self,
        input: &[u8],
        mut receiving: Box<Receiving>,
        stamp: &Stamp<'_>,
    ) -> (usize, Option<Event>) {
        match receiving.decoder.feed(input, &mut receiving.body) {
            Ok(Step::More(used)) => {
                if used > 0 {
                    receiving.moved = stamp.now;
                }
                self.state = State::Body(receiving);
                (used, None)
            }
            Ok(Step::Done(used)) => {
                let Receiving { authorized, body, .. } = *receiving;
                let admitted = authorized.admitted();
                let asked = Asked {
                    version: admitted.version(),
                    keep_alive: admitted.keep_alive(),
                    origin: admitted.origin().map(Into::into),
                };
                self.state = State::Busy { asked };
                (used, Some(Event::Request(Request { authorized, body })))
            }
            Err(fault) => {
                let origin = receiving.authorized.admitted().origin().map(Into::into);
                (input.len(), self.reject(fault.into(), origin, false, stamp))
            }
        }
    }

    fn reject(
        &mut self,
        refusal: Refusal,
        origin: Option<Box<[u8]>>,
        head_only: bool,
        stamp: &Stamp<'_>,
    ) -> Option<Event> {
        self.refusal(&refusal.into(), origin.as_deref(), true, head_only, stamp);
        self.drain(stamp.now);
        Some(Event::Refused(refusal))
    }

    fn drain(&mut self, now: Millis) {
        self.state = if self.ended && self.output.is_empty() {
            State::Closed
        } else {
            State::Draining { since: now, left: DRAIN_BYTES_MAX }
        };
    }

    /// Closes when the peer has finished sending and nothing it sent can become a request.
    fn close_if_cut_off(&mut self) {
        let between = matches!(self.state, State::Idle { .. }) && self.input.is_empty();
        let inside = matches!(self.state, State::Head { .. } | State::Body(_));
        if self.ended && (between || inside || matches!(self.state, State::Draining { .. })) {
            self.close_when_written();
        }
    }

    fn close_when_written(&mut self) {
        self.state = if self.output.is_empty() {
            State::Closed
        } else {
            State::Draining { since: self.writing.moved, left: DRAIN_BYTES_MAX }
        };
    }

    /// True while the peer leaves so much unread that nothing further is begun for it.
    const fn is_behind(&self) -> bool {
        self.output.len() >= OUTPUT_HIGH_WATER
    }
}

/// Returns the bytes behind the first `used`, without holding on to a buffer that is done.
fn keep(mut input: Vec<u8>, used: usize) -> Vec<u8> {
    if used == 0 { input } else { input.split_off(used.min(input.len())) }
}

/// True when `input` begins a HEAD request, well-formed or not: a client that sent one takes what
/// follows the head of the answer for another answer.
fn wants_head_only(input: &[u8]) -> bool {
    input.strip_prefix(b"\r\n").unwrap_or(input).starts_with(b"HEAD ")
}
