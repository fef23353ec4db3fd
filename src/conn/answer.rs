//! Zone: pre-admission. Answers: constants, refusals, whole bodies and event streams.

use std::sync::Arc;

use crate::auth::Denial;
use crate::base::Millis;
use crate::conn::{Conn, State, Writing};
use crate::guard::{Constant, Refusal, cors_fields};
use crate::http::head::Version;
use crate::http::response::{self, Common, Framing, LAST_CHUNK, Status};

/// The time of one step: monotonic, and as a `Date` field.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// Monotonic time.
    pub now: Millis,
    /// IMF-fixdate (RFC 9110 s5.6.7).
    pub date: &'a [u8],
}

/// A body: whole, or around a shared part that is not copied.
#[derive(Debug)]
pub enum Payload {
    /// The whole body.
    Whole(Vec<u8>),
    /// Before, shared, after.
    Around(Vec<u8>, Arc<[u8]>, Vec<u8>),
}

impl Payload {
    fn len(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Around(before, shared, after) => {
                before.len().saturating_add(shared.len()).saturating_add(after.len())
            }
        }
    }
}

type Fields<'a> = [(&'a str, &'a [u8])];

/// What a refusal says besides its row.
pub(super) struct Refused<'a> {
    refusal: Refusal,
    /// Seconds of `Retry-After`, in place of those of the row.
    seconds: Option<u32>,
    extra: &'a Fields<'a>,
}

impl From<Refusal> for Refused<'_> {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, seconds: None, extra: &[] }
    }
}

const CHALLENGE: &str = "WWW-Authenticate";

const JSON: (&str, &[u8]) = ("Content-Type", b"application/json");
const PUBLIC: &[u8] = b"public, max-age=3600";
const HEALTHY: &[u8] = br#"{"status":"ok"}"#;
const EVENT_STREAM: [(&str, &[u8]); 3] = [
    ("Content-Type", b"text/event-stream"),
    ("Cache-Control", b"no-cache, no-transform"),
    ("X-Accel-Buffering", b"no"),
];

impl Conn {
    /// Answers the present request with `status`, a JSON `payload` (empty for none) and further
    /// `fields`. Nothing happens when no request waits for an answer.
    pub fn respond(
        &mut self,
        status: Status,
        payload: Payload,
        fields: &Fields<'_>,
        stamp: &Stamp<'_>,
    ) {
        let state = core::mem::replace(&mut self.state, State::Closed);
        let State::Busy { asked } = state else {
            return self.misused(state, stamp.now);
        };
        let close = !self.may_continue(asked.keep_alive);
        // Bytes behind a head that has no body would be taken for the next answer.
        let (framing, payload) = if status == Status::NO_CONTENT {
            (Framing::None, Payload::Whole(Vec::new()))
        } else {
            (Framing::Length(payload.len()), payload)
        };
        let mut all = fields.to_vec();
        if payload.len() > 0 {
            all.push(JSON);
        }
        let head = self.answer_head(status, framing, close, asked.origin.as_deref(), &all, stamp);
        self.put(head, payload, stamp.now);
        self.after_answer(close, stamp.now);
    }

    /// Refuses the present request; the connection goes on when the request was complete.
    pub fn refuse(&mut self, refusal: Refusal, stamp: &Stamp<'_>) {
        let state = core::mem::replace(&mut self.state, State::Closed);
        let (origin, keep) = if let State::Busy { asked } = state {
            (asked.origin, asked.keep_alive)
        } else if let State::Judging { origin } = state {
            (origin, false)
        } else {
            return self.misused(state, stamp.now);
        };
        let close = !self.may_continue(keep);
        self.refusal(&refusal.into(), origin.as_deref(), close, false, stamp);
        self.after_answer(close, stamp.now);
    }

    /// Refuses the present request because of who asks. The connection ends: its body is unread.
    pub fn deny(&mut self, denial: &Denial, stamp: &Stamp<'_>) {
        let state = core::mem::replace(&mut self.state, State::Closed);
        let State::Judging { origin } = state else {
            return self.misused(state, stamp.now);
        };
        let challenge = denial.challenge.as_deref().map(|text| (CHALLENGE, text.as_bytes()));
        let extra: Vec<_> = challenge.into_iter().collect();
        let refused =
            Refused { refusal: denial.refusal, seconds: denial.retry_after, extra: &extra };
        self.refusal(&refused, origin.as_deref(), true, false, stamp);
        self.after_answer(true, stamp.now);
    }

    /// Begins an event stream as the answer to the present request.
    pub fn start_stream(&mut self, fields: &Fields<'_>, stamp: &Stamp<'_>) {
        let state = core::mem::replace(&mut self.state, State::Closed);
        let State::Busy { asked } = state else {
            return self.misused(state, stamp.now);
        };
        let chunked = asked.version == Version::V11;
        let keep_alive = asked.keep_alive && chunked;
        let mut all = EVENT_STREAM.to_vec();
        all.extend_from_slice(fields);
        let framing = if chunked { Framing::Chunked } else { Framing::Close };
        let close = !keep_alive;
        let head =
            self.answer_head(Status::OK, framing, close, asked.origin.as_deref(), &all, stamp);
        self.touch(stamp.now);
        self.output.push(head);
        self.state = State::Streaming { chunked, keep_alive };
    }

    /// Adds bytes to the event stream; nothing happens without one.
    pub fn stream(&mut self, bytes: &[u8], now: Millis) {
        let State::Streaming { chunked, .. } = &self.state else { return };
        let chunked = *chunked;
        self.touch(now);
        if chunked {
            let mut framed = Vec::with_capacity(bytes.len().saturating_add(16));
            response::chunk(&mut framed, bytes);
            self.output.extend(&framed);
        } else {
            self.output.extend(bytes);
        }
    }

    /// Ends the event stream; the connection goes on where the framing allows it.
    pub fn end_stream(&mut self, stamp: &Stamp<'_>) {
        let State::Streaming { chunked, keep_alive } = &self.state else { return };
        let (chunked, keep_alive) = (*chunked, *keep_alive);
        if chunked {
            self.touch(stamp.now);
            self.output.extend(LAST_CHUNK);
        }
        let close = !self.may_continue(keep_alive);
        self.after_answer(close, stamp.now);
    }

    pub(super) fn constant(
        &mut self,
        constant: &Constant,
        keep: bool,
        version: Version,
        stamp: &Stamp<'_>,
    ) {
        let close = !keep || version != Version::V11 || self.stopping;
        let (empty, none) = (Status::NO_CONTENT, Framing::None);
        let head = match constant {
            Constant::Health { head_only } => {
                let length = Framing::Length(HEALTHY.len());
                let mut head = self.answer_head(Status::OK, length, close, None, &[JSON], stamp);
                head.extend_from_slice(if *head_only { b"" } else { HEALTHY });
                head
            }
            Constant::Document { body, head_only, origin } => {
                let fields = [JSON, ("Cache-Control", PUBLIC)];
                let (ok, length) = (Status::OK, Framing::Length(body.len()));
                let origin = origin.as_deref();
                let mut head = self.answer_head(ok, length, close, origin, &fields, stamp);
                head.extend_from_slice(if *head_only { b"" } else { body });
                head
            }
            Constant::Preflight(fields) => {
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
                let mut head = Vec::new();
                response::head(&mut head, empty, &self.common(close, stamp), none, &fields);
                head
            }
            Constant::Options(allow) => {
                self.answer_head(empty, none, close, None, &[("Allow", allow.as_bytes())], stamp)
            }
        };
        self.put(head, Payload::Whole(Vec::new()), stamp.now);
        self.after_answer(close, stamp.now);
    }

    /// Writes a refusal; an answer to HEAD has the length of its body, not the body
    /// (RFC 9110 s9.3.2).
    pub(super) fn refusal(
        &mut self,
        refused: &Refused<'_>,
        origin: Option<&[u8]>,
        close: bool,
        head_only: bool,
        stamp: &Stamp<'_>,
    ) {
        let row = refused.refusal.row();
        let body = refused.refusal.body();
        let seconds = refused.seconds.or(row.retry_after).map(|seconds| seconds.to_string());
        let mut fields = vec![JSON];
        if let Some(allow) = row.allow {
            fields.push(("Allow", allow.as_bytes()));
        }
        if let Some(seconds) = &seconds {
            fields.push(("Retry-After", seconds.as_bytes()));
        }
        fields.extend_from_slice(refused.extra);
        let framing = Framing::Length(body.len());
        let head = self.answer_head(row.status, framing, close, origin, &fields, stamp);
        let body = if head_only { Vec::new() } else { body };
        self.put(head, Payload::Whole(body), stamp.now);
    }

    /// An answer without a request is our own fault: the connection ends, no byte is invented.
    fn misused(&mut self, state: State, now: Millis) {
        if matches!(state, State::Closed | State::Draining { .. }) {
            self.state = state;
        } else {
            self.drain(now);
        }
    }

    fn answer_head(
        &self,
        status: Status,
        framing: Framing,
        close: bool,
        origin: Option<&[u8]>,
        fields: &Fields<'_>,
        stamp: &Stamp<'_>,
    ) -> Vec<u8> {
        let mut all = fields.to_vec();
        all.extend(cors_fields(origin, self.front.cors));
        let mut out = Vec::with_capacity(512);
        response::head(&mut out, status, &self.common(close, stamp), framing, &all);
        out
    }

    const fn common<'a>(&self, close: bool, stamp: &Stamp<'a>) -> Common<'a> {
        Common { date: stamp.date, tls: self.front.tls, close }
    }

    fn put(&mut self, mut head: Vec<u8>, payload: Payload, now: Millis) {
        self.touch(now);
        match payload {
            Payload::Whole(body) if body.len() <= 16 * 1024 => {
                head.extend_from_slice(&body);
                self.output.push(head);
            }
            Payload::Whole(body) => {
                self.output.push(head);
                self.output.push(body);
            }
            Payload::Around(before, shared, after) => {
                head.extend_from_slice(&before);
                self.output.push(head);
                self.output.share(shared);
                self.output.push(after);
            }
        }
    }

    /// The write clock starts when bytes begin to wait.
    pub(super) const fn touch(&mut self, now: Millis) {
        if self.output.is_empty() {
            self.writing = Writing { since: now, moved: now, bytes: 0 };
        }
    }

    /// True when another request may be taken. What was received before the peer finished sending
    /// is still served.
    const fn may_continue(&self, keep_alive: bool) -> bool {
        keep_alive && !self.stopping && !(self.ended && self.input.is_empty())
    }

    fn after_answer(&mut self, close: bool, now: Millis) {
        if close {
            self.drain(now);
        } else {
            self.state = State::Idle { since: now };
        }
    }
}
