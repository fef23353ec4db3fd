//! Zone: operator. Moves one connection as far as it goes without waiting.

use std::sync::Arc;

use crate::auth::{At, Authorized, Denial, Question, Verdict};
use crate::base::Millis;
use crate::conn::{Event, Payload, Request, Stamp};
use crate::guard::{Admitted, Refusal};
use crate::http::response::Status;
use crate::http::sse;
use crate::limits::{KEEP_ALIVE_MS, OUTPUT_HIGH_WATER, STREAM_AFTER_MS, VERDICT_MS};
use crate::mcp::{Answer, Body, Closed, Exchange, Incoming, Next, Now, Polled, Reply, Stream};
use crate::server::clock::SystemRandom;
use crate::server::mailbox::{Bell, Mailbox};
use crate::server::peer::{Peer, Task};
use crate::server::shared::{Asker, Shared};
use crate::server::socket::Got;
use crate::server::tls::who;

/// Rounds one connection may take before the others have their turn.
const ROUNDS: usize = 16;

/// What a loop does with a connection after it was driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It waits for the system or for an answer.
    Keep,
    /// It could go on at once.
    Again,
    /// It is over.
    Close,
}

/// The hands that move connections: what they need of the loop.
pub(super) struct Driver<'a> {
    pub(super) shared: &'a Shared,
    pub(super) mailbox: &'a Arc<Mailbox>,
    pub(super) buffer: &'a mut [u8],
    pub(super) stamp: Stamp<'a>,
    pub(super) unix_seconds: u64,
    pub(super) slot: usize,
    pub(super) generation: u64,
}

impl Driver<'_> {
    /// Reads, answers and writes until nothing moves.
    pub(super) fn drive(&mut self, peer: &mut Peer) -> Fate {
        for _ in 0..ROUNDS {
            let mut moved = self.read(peer);
            moved |= self.pump(peer);
            moved |= self.write(peer);
            if peer.broken || peer.conn.is_closed() {
                return Fate::Close;
            }
            if !moved {
                return Fate::Keep;
            }
        }
        Fate::Again
    }

    /// Does what time asks for: deadlines, keep-alive comments, late streams.
    pub(super) fn sweep(&mut self, peer: &mut Peer) -> Fate {
        let now = self.stamp.now;
        if peer.socket.is_handshaking() && peer.is_due(now) {
            return Fate::Close;
        }
        if now >= peer.conn.deadline()
            && let Some(Event::Refused(refusal)) = peer.conn.expire(&self.stamp)
        {
            self.refused(peer, refusal);
        }
        match &peer.task {
            Task::Call { since, .. } if now.since(*since) >= STREAM_AFTER_MS => {
                self.promote(peer);
            }
            Task::Stream { .. } if now.since(peer.quiet_since) >= KEEP_ALIVE_MS => {
                peer.conn.stream(sse::COMMENT, now);
                peer.quiet_since = now;
            }
            Task::Judging { since, .. } if now.since(*since) >= VERDICT_MS => {
                self.deny(peer, &Denial::undecided("no answer about the caller in time"));
            }
            Task::Denied { denial, at } if now >= *at => {
                let denial = denial.clone();
                self.deny(peer, &denial);
            }
            Task::None
            | Task::Judging { .. }
            | Task::Denied { .. }
            | Task::Call { .. }
            | Task::Stream { .. } => {}
        }
        self.drive(peer)
    }

    /// Ends what only waits; a call that runs has its time.
    pub(super) fn stop(&mut self, peer: &mut Peer) -> Fate {
        peer.conn.stop();
        match &peer.task {
            Task::Judging { .. } => self.deny(peer, &Denial::undecided("the server stops")),
            Task::Denied { denial, .. } => {
                let denial = denial.clone();
                self.deny(peer, &denial);
            }
            Task::None | Task::Call { .. } | Task::Stream { .. } => {}
        }
        self.drive(peer)
    }

    fn read(&mut self, peer: &mut Peer) -> bool {
        let room = peer.conn.room().min(self.buffer.len());
        let Some(space) = self.buffer.get_mut(..room).filter(|space| !space.is_empty()) else {
            return false;
        };
        match peer.socket.read(space) {
            Got::Bytes(count) => {
                let bytes = self.buffer.get(..count).unwrap_or_default();
                let event = peer.conn.feed(bytes, &self.shared.policy, &self.stamp);
                self.events(peer, event);
                true
            }
            Got::Nothing => false,
            Got::End => {
                peer.conn.end_input();
                match &peer.task {
                    // Writing tells a closed peer from one that only finished sending.
                    Task::Call { .. } => self.promote(peer),
                    Task::Stream { .. } => peer.broken = true,
                    Task::None | Task::Judging { .. } | Task::Denied { .. } => {}
                }
                true
            }
            Got::Broken => {
                peer.broken = true;
                drop(peer.socket.flush_tls());
                if let Some(fault) = peer.socket.take_fault() {
                    self.shared.tls_refused(&fault, peer.conn.peer());
                }
                true
            }
        }
    }

    fn events(&self, peer: &mut Peer, first: Option<Event>) {
        let mut next = first;
        loop {
            match next {
                None => return,
                Some(Event::Admitted(admitted)) => {
                    self.judge(peer, admitted, self.stamp.now);
                }
                Some(Event::Refused(refusal)) => self.refused(peer, refusal),
                Some(Event::Request(request)) => self.request(peer, &request),
            }
            next = peer.conn.advance(&self.shared.policy, &self.stamp);
        }
    }

    /// Logs a refusal, with the caller where there was one already.
    fn refused(&self, peer: &mut Peer, refusal: Refusal) {
        let asker = peer.asker.take();
        self.shared.refused(refusal, peer.conn.peer(), asker.as_ref());
    }

    /// Judges who asks; it is known `since` when the request waits for that.
    fn judge(&self, peer: &mut Peer, admitted: Admitted, since: Millis) {
        peer.task = Task::None;
        if let (Some(kind), None) = (self.shared.certificate, &peer.certificate) {
            let name = peer.socket.certificate().and_then(|found| who::name(found, kind));
            peer.certificate = name.map(String::into_boxed_str);
        }
        match self.verdict(peer, admitted) {
            Verdict::Accepted(authorized) => self.let_in(peer, authorized),
            Verdict::Refused(denial) => self.turn_away(peer, denial),
            Verdict::Undecided(admitted, question) => self.hold(peer, admitted, question, since),
        }
    }

    fn verdict(&self, peer: &Peer, admitted: Admitted) -> Verdict {
        let at = At { now: self.stamp.now, unix_seconds: self.unix_seconds };
        self.shared.desk.gate().judge(admitted, peer.certificate.as_deref(), at)
    }

    fn let_in(&self, peer: &mut Peer, authorized: Authorized) {
        peer.asker = Some(Asker::of(&authorized));
        peer.conn.authorize(authorized, &self.shared.policy, &self.stamp);
    }

    fn turn_away(&self, peer: &mut Peer, denial: Denial) {
        if denial.delay_ms == 0 {
            return self.deny(peer, &denial);
        }
        let at = self.stamp.now.plus(denial.delay_ms);
        peer.task = Task::Denied { denial: Box::new(denial), at };
    }

    /// Lets a request wait until something is known about its caller.
    fn hold(&self, peer: &mut Peer, admitted: Admitted, question: Option<Question>, since: Millis) {
        let desk = &self.shared.desk;
        let bell = self.bell(peer);
        let waits = desk.wait(&bell);
        // Somebody else asks: the answer may have come before the bell hung there.
        let verdict = match question {
            Some(_) => Verdict::Undecided(admitted, question),
            None => self.verdict(peer, admitted),
        };
        match verdict {
            Verdict::Accepted(authorized) => self.let_in(peer, authorized),
            Verdict::Refused(denial) => self.turn_away(peer, denial),
            Verdict::Undecided(admitted, question) => {
                if waits {
                    peer.task = Task::Judging { admitted: Box::new(admitted), since };
                } else {
                    self.deny(peer, &Denial::undecided("too many wait for a verdict"));
                }
                if let Some(question) = question {
                    desk.ask(question);
                }
            }
        }
    }

    fn deny(&self, peer: &mut Peer, denial: &Denial) {
        peer.task = Task::None;
        self.shared.denied(denial, peer.conn.peer());
        peer.conn.deny(denial, &self.stamp);
    }

    fn request(&self, peer: &mut Peer, request: &Request) {
        let admitted = request.authorized.admitted();
        let incoming = Incoming {
            route: admitted.route(),
            verb: admitted.verb(),
            fields: admitted.mcp(),
            session_query: admitted.session_query(),
            principal: request.authorized.principal(),
            grant: request.authorized.grant(),
            peer: admitted.source(),
            body: &request.body,
        };
        let Reply { answer, job } = self.shared.engine.http(&incoming, self.now());
        self.answer(peer, answer);
        if let Some(Err(job)) = job.map(|job| self.shared.pool.submit(job)) {
            job.refuse();
        }
    }

    fn answer(&self, peer: &mut Peer, answer: Answer) {
        let stamp = self.stamp;
        match answer {
            Answer::Json { status, body, session } => {
                let asker = peer.asker.take().map(|asker| asker.opening(session.as_deref()));
                self.shared.answered(status, peer.conn.peer(), asker.as_ref());
                let mut fields = session_field(session.as_deref());
                fields.extend(later_field(status));
                peer.conn.respond(status, payload(body), &fields, &stamp);
            }
            Answer::Accepted => {
                peer.asker = None;
                peer.conn.respond(Status::ACCEPTED, Payload::Whole(Vec::new()), &[], &stamp);
            }
            Answer::NoContent => {
                peer.asker = None;
                peer.conn.respond(Status::NO_CONTENT, Payload::Whole(Vec::new()), &[], &stamp);
            }
            Answer::Refused(refusal) => {
                self.refused(peer, refusal);
                peer.conn.refuse(refusal, &stamp);
            }
            Answer::Stream { stream, after, session, tie } => {
                let number = stream.attach(self.bell(peer));
                let fields = session_field(session.as_deref());
                peer.conn.start_stream(fields.as_slice(), &stamp);
                self.begin(peer, stream, number, after, tie, None);
            }
            Answer::Call(exchange) => {
                let number = exchange.attach(self.bell(peer));
                peer.task = Task::Call { exchange, number, since: stamp.now };
            }
        }
    }

    fn begin(
        &self,
        peer: &mut Peer,
        stream: Arc<Stream>,
        number: u64,
        after: u64,
        tie: Option<Arc<dyn Closed>>,
        exchange: Option<Arc<Exchange>>,
    ) {
        peer.asker = None;
        peer.quiet_since = self.stamp.now;
        peer.task = Task::Stream { stream, number, after, tie, exchange };
    }

    /// Makes a silent call a stream. Whatever has come meanwhile is sent in its own form first: a
    /// look takes an answer away, so it must not be thrown away here.
    fn promote(&self, peer: &mut Peer) {
        if self.pump(peer) {
            return;
        }
        if let Task::Call { exchange, number, .. } = &peer.task {
            let (exchange, number) = (Arc::clone(exchange), *number);
            let stream = exchange.promote();
            peer.conn.start_stream(&[], &self.stamp);
            peer.conn.stream(sse::COMMENT, self.stamp.now);
            self.begin(peer, stream, number, 0, None, Some(exchange));
        }
    }

    fn pump(&self, peer: &mut Peer) -> bool {
        let rung = peer.bell.as_ref().is_some_and(|bell| bell.answer());
        match &peer.task {
            Task::Judging { .. } if rung => self.judge_again(peer),
            Task::Judging { .. } | Task::Denied { .. } => false,
            Task::None => {
                // Requests may wait for earlier answers to be written.
                self.go_on(peer);
                false
            }
            Task::Call { exchange, number, .. } => {
                let (exchange, number) = (Arc::clone(exchange), *number);
                match exchange.poll() {
                    Polled::Pending => return false,
                    Polled::Answer { status, body } => {
                        peer.task = Task::None;
                        peer.bell = None;
                        let asker = peer.asker.take();
                        self.shared.answered(status, peer.conn.peer(), asker.as_ref());
                        let fields: Vec<_> = later_field(status).into_iter().collect();
                        peer.conn.respond(status, payload(body), &fields, &self.stamp);
                        self.go_on(peer);
                    }
                    Polled::Stream(stream) => {
                        peer.conn.start_stream(&[], &self.stamp);
                        self.begin(peer, stream, number, 0, None, Some(exchange));
                    }
                }
                true
            }
            Task::Stream { .. } => self.pump_stream(peer),
        }
    }

    /// Judges a request that waited: an answer about somebody has come.
    fn judge_again(&self, peer: &mut Peer) -> bool {
        let task = core::mem::replace(&mut peer.task, Task::None);
        let Task::Judging { admitted, since } = task else {
            peer.task = task;
            return false;
        };
        self.judge(peer, *admitted, since);
        self.go_on(peer);
        true
    }

    fn pump_stream(&self, peer: &mut Peer) -> bool {
        let mut moved = false;
        while peer.conn.output().len() < OUTPUT_HIGH_WATER {
            let Task::Stream { stream, number, after, .. } = &mut peer.task else { break };
            match stream.next(*after, *number) {
                Next::Event(event) => {
                    *after = event.seq;
                    let mut frame = Vec::with_capacity(event.data.len().saturating_add(64));
                    if let Some(ms) = event.retry_ms {
                        sse::retry(&mut frame, ms);
                    }
                    sse::event(&mut frame, event.id.as_deref(), event.name, &event.data);
                    peer.conn.stream(&frame, self.stamp.now);
                    peer.quiet_since = self.stamp.now;
                }
                Next::Pending => break,
                Next::Ended | Next::Detached => {
                    stream.leave(*number);
                    peer.task = Task::None;
                    peer.bell = None;
                    peer.conn.end_stream(&self.stamp);
                    self.go_on(peer);
                }
                Next::Lost => {
                    peer.broken = true;
                    break;
                }
            }
            moved = true;
        }
        moved
    }

    /// Serves what the peer sent behind the requests that were answered.
    fn go_on(&self, peer: &mut Peer) {
        let next = peer.conn.advance(&self.shared.policy, &self.stamp);
        self.events(peer, next);
    }

    fn write(&self, peer: &mut Peer) -> bool {
        let mut moved = false;
        while peer.socket.is_writable() && (!peer.conn.output().is_empty() || peer.socket.owes()) {
            match peer.socket.write(peer.conn.output()) {
                // Nothing is left but records of TLS, or the system takes no more.
                Ok(0) if !peer.socket.is_writable() || peer.conn.output().is_empty() => break,
                Ok(0) => {
                    peer.broken = true;
                    return true;
                }
                Ok(count) => {
                    peer.conn.written(count, self.stamp.now);
                    moved = true;
                }
                Err(_broken) => {
                    peer.broken = true;
                    return true;
                }
            }
        }
        if peer.conn.is_draining() && !peer.socket.owes() {
            peer.socket.shut();
        }
        moved
    }

    fn bell(&self, peer: &mut Peer) -> Arc<Bell> {
        let bell = Arc::new(Bell::new(Arc::clone(self.mailbox), self.slot, self.generation));
        peer.bell = Some(Arc::clone(&bell));
        bell
    }

    const fn now(&self) -> Now<'static> {
        Now { at: self.stamp.now, unix_seconds: self.unix_seconds, random: &SystemRandom }
    }
}

/// Makes room at the connection bound: the refusal is for the log only.
pub(super) const AT_CAPACITY: Refusal = Refusal::Overloaded;

/// Returns since when `peer` has owed a complete request.
pub(super) fn owed_since(peer: &Peer) -> Option<Millis> {
    if peer.socket.is_handshaking() { Some(peer.opened) } else { peer.conn.waiting_since() }
}

fn payload(body: Body) -> Payload {
    match body {
        Body::Whole(bytes) => Payload::Whole(bytes),
        Body::Around(before, shared, after) => Payload::Around(before, shared, after),
    }
}

/// Returns `Retry-After` for the statuses that ask the caller to come back.
fn later_field(status: Status) -> Option<(&'static str, &'static [u8])> {
    status.asks_to_retry().then_some(("Retry-After", b"1"))
}

fn session_field(session: Option<&str>) -> Vec<(&'static str, &[u8])> {
    session.map(|id| ("Mcp-Session-Id", id.as_bytes())).into_iter().collect()
}
