//! Zone: pre-admission. Answers: constants, refusals, whole bodies and event streams.

use std::sync::Arc;

use crate::base::Millis;
use crate::conn::{Conn, State};
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

const JSON: (&str, &[u8]) = ("Content-Type", b"application/json");
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
        let State::Busy { asked } = core::mem::replace(&mut self.state, State::Closed) else {
            return self.refusal_after_misuse(stamp);
        };
        let close = !self.may_continue(asked.keep_alive);
        let framing = if status == Status::NO_CONTENT {
            Framing::None
        } else {
            Framing::Length(payload.len())
        };
        let mut all = fields.to_vec();
        if payload.len() > 0 {
            all.push(JSON);
        }
        let mut head = Vec::with_capacity(payload.len().min(4096).saturating_add(320));
        self.head_of(&mut head, status, framing, close, asked.origin.as_deref(), &all, stamp);
        self.put(head, payload, stamp.now);
        self.after_answer(close, stamp.now);
    }

    /// Refuses the present request; the connection goes on when the request was complete.
    pub fn refuse(&mut self, refusal: Refusal, stamp: &Stamp<'_>) {
        let state = core::mem::replace(&mut self.state, State::Closed);
        let (origin, keep) = match state {
            State::Busy { asked } => (asked.origin, asked.keep_alive),
            State::Judging | State::Idle { .. } | State::Head { .. } | State::Body(_) => {
                (None, false)
            }
            State::Streaming { .. } | State::Draining { .. } | State::Closed => return,
        };
        let close = !self.may_continue(keep);
        self.refusal_bytes(refusal, origin.as_deref(), close, stamp);
        self.after_answer(close, stamp.now);
    }

    /// Begins an event stream as the answer to the present request.
    pub fn start_stream(&mut self, fields: &Fields<'_>, stamp: &Stamp<'_>) {
        let State::Busy { asked } = core::mem::replace(&mut self.state, State::Closed) else {
            return self.refusal_after_misuse(stamp);
        };
        let chunked = asked.version == Version::V11;
        let keep_alive = asked.keep_alive && chunked;
        let mut all = EVENT_STREAM.to_vec();
        all.extend_from_slice(fields);
        let mut head = Vec::with_capacity(512);
        let framing = if chunked { Framing::Chunked } else { Framing::Close };
        let close = !keep_alive;
        self.head_of(&mut head, Status::OK, framing, close, asked.origin.as_deref(), &all, stamp);
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
        let close = !self.may_continue(keep && version == Version::V11);
        let mut head = Vec::with_capacity(512);
        let body: &[u8] = br#"{"status":"ok"}"#;
        match constant {
            Constant::Health { head_only } => {
                let framing = Framing::Length(body.len());
                self.head_of(&mut head, Status::OK, framing, close, None, &[JSON], stamp);
                if !head_only {
                    head.extend_from_slice(body);
                }
            }
            Constant::Preflight(fields) => {
                let fields: Vec<(&str, &[u8])> =
                    fields.iter().map(|(name, value)| (*name, value.as_slice())).collect();
                let common = Common { date: stamp.date, tls: self.front.tls, close };
                response::head(&mut head, Status::NO_CONTENT, &common, Framing::None, &fields);
            }
            Constant::Options(allow) => {
                let fields = [("Allow", allow.as_bytes())];
                self.head_of(
                    &mut head,
                    Status::NO_CONTENT,
                    Framing::None,
                    close,
                    None,
                    &fields,
                    stamp,
                );
            }
        }
        self.put(head, Payload::Whole(Vec::new()), stamp.now);
        self.after_answer(close, stamp.now);
    }

    pub(super) fn refusal(&mut self, refusal: Refusal, origin: Option<&[u8]>, stamp: &Stamp<'_>) {
        self.refusal_bytes(refusal, origin, true, stamp);
    }

    fn refusal_bytes(
        &mut self,
        refusal: Refusal,
        origin: Option<&[u8]>,
        close: bool,
        stamp: &Stamp<'_>,
    ) {
        let row = refusal.row();
        let body = refusal.body();
        let seconds = row.retry_after.map(|seconds| seconds.to_string());
        let mut fields = vec![JSON];
        if let Some(allow) = row.allow {
            fields.push(("Allow", allow.as_bytes()));
        }
        if let Some(seconds) = &seconds {
            fields.push(("Retry-After", seconds.as_bytes()));
        }
        let mut head = Vec::with_capacity(body.len().saturating_add(384));
        let framing = Framing::Length(body.len());
        self.head_of(&mut head, row.status, framing, close, origin, &fields, stamp);
        self.put(head, Payload::Whole(body), stamp.now);
    }

    /// An answer without a request is our own fault: the connection ends, no byte is invented.
    fn refusal_after_misuse(&mut self, stamp: &Stamp<'_>) {
        self.after_answer(true, stamp.now);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one response head")]
    fn head_of(
        &self,
        out: &mut Vec<u8>,
        status: Status,
        framing: Framing,
        close: bool,
        origin: Option<&[u8]>,
        fields: &Fields<'_>,
        stamp: &Stamp<'_>,
    ) {
        let common = Common { date: stamp.date, tls: self.front.tls, close };
        if origin.is_none() && !self.front.cors {
            return response::head(out, status, &common, framing, fields);
        }
        let mut all = fields.to_vec();
        all.extend(cors_fields(origin, self.front.cors));
        response::head(out, status, &common, framing, &all);
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
    const fn touch(&mut self, now: Millis) {
        if self.output.is_empty() {
            self.moved = now;
        }
    }

    const fn may_continue(&self, keep_alive: bool) -> bool {
        keep_alive && !self.stopping && !self.ended
    }

    fn after_answer(&mut self, close: bool, now: Millis) {
        if close {
            self.drain(now);
        } else {
            self.state = State::Idle { since: now };
        }
    }
}
