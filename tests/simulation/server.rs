//! The server: what the shell of the program does with connections, in the order chance wants.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};

use serde_json::{Value, json};
use zscaler_mcp::base::Millis;
use zscaler_mcp::conn::{Conn, Event, Payload, Request};
use zscaler_mcp::guard::Policy;
use zscaler_mcp::http::response::Status;
use zscaler_mcp::http::sse;
use zscaler_mcp::limits::{CALL_MS, KEEP_ALIVE_MS, OUTPUT_HIGH_WATER, STREAM_AFTER_MS};
use zscaler_mcp::mcp::{
    Answer, Body, Closed, Engine, Exchange, Incoming, Job, Next, Now, Polled, Reply, Stream, Wake,
};

use crate::client::{Client, Kind};
use crate::kit::engine::{Counter, engine};
use crate::kit::open::let_in;
use crate::kit::shell::{connection, policy, stamp, waiting};
use crate::numbers::Numbers;

/// Connections at once; one more evicts who has waited longest.
const CONNECTIONS_MAX: usize = 5;
/// Sessions at once.
pub(crate) const SESSIONS_MAX: usize = 3;
/// Calls that wait for a worker.
pub(crate) const QUEUE_MAX: usize = 4;
const TOOLS: [&str; 5] = ["noisy", "ask", "noisy", "ask", "zia_list_rule_labels"];

/// What the answer of a connection comes from.
pub(crate) enum Task {
    None,
    Call {
        exchange: Arc<Exchange>,
        number: u64,
        since: u64,
    },
    Stream {
        stream: Arc<Stream>,
        number: u64,
        after: u64,
        tie: Option<Arc<dyn Closed>>,
        exchange: Option<Arc<Exchange>>,
    },
}

/// The server's end of one connection.
pub(crate) struct Peer {
    pub(crate) conn: Conn,
    pub(crate) task: Task,
    pub(crate) client: usize,
    /// Messages that came out as requests, and the bytes of all messages up to the last of them.
    pub(crate) served: usize,
    pub(crate) served_bytes: usize,
    /// True while a request has no answer.
    pub(crate) owes: bool,
    /// When something happened here: deadlines count from one of these.
    pub(crate) times: Vec<u64>,
    quiet_since: u64,
    input_ended: bool,
}

#[derive(Default)]
pub(crate) struct Slot {
    pub(crate) generation: u64,
    pub(crate) peer: Option<Peer>,
}

type News = Arc<Mutex<Vec<(usize, u64)>>>;

struct Bell {
    news: News,
    slot: usize,
    generation: u64,
}

impl Wake for Bell {
    fn wake(&self) {
        self.news.lock().unwrap().push((self.slot, self.generation));
    }
}

pub(crate) struct World {
    pub(crate) now: u64,
    pub(crate) numbers: Numbers,
    pub(crate) clients: Vec<Client>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) queue: VecDeque<Job>,
    pub(crate) sessions: Vec<String>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) exchanges: Vec<Weak<Exchange>>,
    pub(crate) streams: Vec<Weak<Stream>>,
    /// True when calls may have ended without an answer.
    pub(crate) cancels: bool,
    random: Counter,
    policy: Policy,
    news: News,
    questions: Vec<(String, String)>,
    calls: Vec<(String, String)>,
    graves: Vec<Conn>,
    next_tick: u64,
    last_id: usize,
    stopping: bool,
}

impl World {
    pub(crate) fn new(numbers: Numbers) -> Self {
        Self {
            now: 1_000,
            numbers,
            clients: Vec::new(),
            slots: Vec::new(),
            queue: VecDeque::new(),
            sessions: Vec::new(),
            engine: engine(false, SESSIONS_MAX),
            exchanges: Vec::new(),
            streams: Vec::new(),
            cancels: false,
            random: Counter::new(),
            policy: policy(),
            news: News::default(),
            questions: Vec::new(),
            calls: Vec::new(),
            graves: Vec::new(),
            next_tick: 0,
            last_id: 0,
            stopping: false,
        }
    }

    /// Returns a slot with a connection, if there is any.
    pub(crate) fn somebody(&mut self) -> usize {
        let open: Vec<usize> =
            (0..self.slots.len()).filter(|slot| self.slots[*slot].peer.is_some()).collect();
        if open.is_empty() { usize::MAX } else { self.numbers.pick(&open) }
    }

    fn peer(&self, slot: usize) -> Option<&Peer> {
        self.slots.get(slot)?.peer.as_ref()
    }

    fn listens(&self, slot: usize) -> bool {
        let task = self.peer(slot).map(|peer| &peer.task);
        matches!(task, Some(Task::Stream { exchange: None, .. }))
    }

    pub(crate) fn step_now(&self) -> Now<'_> {
        Now { at: Millis(self.now), unix_seconds: self.now / 1_000, random: &self.random }
    }

    // What clients and the network do.

    pub(crate) fn connect(&mut self) {
        if self.stopping {
            return;
        }
        let open = self.slots.iter().filter(|slot| slot.peer.is_some()).count();
        if open >= CONNECTIONS_MAX && !self.evict() {
            return;
        }
        let free = self.slots.iter().position(|slot| slot.peer.is_none());
        let index = free.unwrap_or_else(|| {
            self.slots.push(Slot::default());
            self.slots.len() - 1
        });
        self.slots[index].peer = Some(Peer {
            conn: connection(self.now),
            task: Task::None,
            client: self.clients.len(),
            served: 0,
            served_bytes: 0,
            owes: false,
            times: vec![self.now],
            quiet_since: self.now,
            input_ended: false,
        });
        self.clients.push(Client::default());
    }

    /// Closes the connection that has owed a complete request for the longest time.
    fn evict(&mut self) -> bool {
        let owing = |(index, slot): (usize, &Slot)| {
            slot.peer.as_ref()?.conn.waiting_since().map(|since| (since, index))
        };
        let Some((_, index)) = self.slots.iter().enumerate().filter_map(owing).min() else {
            return false;
        };
        self.close(index, true);
        true
    }

    pub(crate) fn says(&mut self, slot: usize, kind: Kind) {
        let Some(peer) = self.peer(slot) else { return };
        let client = peer.client;
        if self.clients[client].ended {
            return;
        }
        let (numbers, sessions) = (&mut self.numbers, &self.sessions);
        let some = |numbers: &mut Numbers, pairs: &[(String, String)]| {
            if pairs.is_empty() {
                Default::default()
            } else {
                pairs[numbers.below(pairs.len())].clone()
            }
        };
        let (mut session, of) = if kind == Kind::Cancel {
            some(numbers, &self.calls)
        } else if kind == Kind::Answer {
            some(numbers, &self.questions)
        } else {
            (String::new(), numbers.pick(&TOOLS).to_owned())
        };
        if session.is_empty() && !sessions.is_empty() {
            session.clone_from(&sessions[numbers.below(sessions.len())]);
        }
        self.last_id += 1;
        let id = format!("r{}", self.last_id);
        if kind == Kind::Call {
            self.calls.push((session.clone(), id.clone()));
        }
        self.cancels |= matches!(kind, Kind::Cancel | Kind::Delete);
        let chunked = self.numbers.one_in(3);
        self.clients[client].say(kind, &session, &of, json!(id), chunked);
    }

    /// Some bytes of the client reach the server.
    pub(crate) fn arrive(&mut self, slot: usize) {
        let most = self.numbers.pick(&[1, 20, 200, 5_000, usize::MAX]);
        let Some(peer) = self.slots.get_mut(slot).and_then(|slot| slot.peer.as_mut()) else {
            return;
        };
        let client = &mut self.clients[peer.client];
        let left = &client.wire[client.arrived..];
        let bytes = &left[..left.len().min(peer.conn.room()).min(most)];
        if bytes.is_empty() {
            if client.ended && left.is_empty() && !peer.input_ended {
                peer.input_ended = true;
                self.end_of_input(slot);
            }
            return;
        }
        client.arrived += bytes.len();
        peer.times.push(self.now);
        let event = peer.conn.feed(bytes, &self.policy, &stamp(self.now));
        self.events(slot, event);
        self.pump(slot);
    }

    /// The network takes some bytes of the server.
    pub(crate) fn take(&mut self, slot: usize) {
        let most = self.numbers.pick(&[1, 30, 1_000, usize::MAX]);
        self.pump(slot);
        let Some(peer) = self.slots.get_mut(slot).and_then(|slot| slot.peer.as_mut()) else {
            return;
        };
        let bytes = waiting(&peer.conn, most);
        if bytes.is_empty() {
            return;
        }
        peer.conn.written(bytes.len(), Millis(self.now));
        peer.times.push(self.now);
        self.clients[peer.client].received.extend_from_slice(&bytes);
        self.pump(slot);
    }

    pub(crate) fn half_close(&mut self, slot: usize) {
        if let Some(peer) = self.peer(slot) {
            let client = peer.client;
            self.clients[client].ended = true;
        }
    }

    fn end_of_input(&mut self, slot: usize) {
        let Some(peer) = self.slots[slot].peer.as_mut() else { return };
        peer.times.push(self.now);
        peer.conn.end_input();
        match &peer.task {
            Task::Call { .. } => self.promote(slot),
            Task::Stream { .. } => self.close(slot, true),
            Task::None => self.pump(slot),
        }
    }

    pub(crate) fn reset(&mut self, slot: usize) {
        if self.peer(slot).is_some() {
            self.close(slot, true);
        }
    }

    // What the shell of the server does.

    pub(crate) fn close(&mut self, index: usize, cut: bool) {
        let slot = &mut self.slots[index];
        slot.generation += 1;
        let Some(peer) = slot.peer.take() else { return };
        let client = &mut self.clients[peer.client];
        client.cut |= cut || !peer.conn.output().is_empty() || !matches!(peer.task, Task::None);
        client.ended = true;
        match peer.task {
            Task::None => {}
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
        self.graves.push(peer.conn);
    }

    fn events(&mut self, slot: usize, first: Option<Event>) {
        let mut next = first;
        while let Some(event) = next {
            let Some(peer) = self.slots[slot].peer.as_mut() else { return };
            match event {
                Event::Admitted(admitted) => {
                    let authorized = let_in(admitted);
                    peer.conn.authorize(authorized, &self.policy, &stamp(self.now));
                }
                Event::Refused(_) => {}
                Event::Request(request) => self.request(slot, &request),
            }
            let Some(peer) = self.slots[slot].peer.as_mut() else { return };
            next = peer.conn.advance(&self.policy, &stamp(self.now));
        }
    }

    fn request(&mut self, slot: usize, request: &Request) {
        let Some(peer) = self.slots[slot].peer.as_mut() else { return };
        assert!(!peer.owes, "a second request before the answer to the first");
        peer.owes = true;
        let asks = |kind: Kind| !matches!(kind, Kind::Health | Kind::Missing);
        let said = self.clients[peer.client].said.iter().filter(|said| asks(said.kind));
        let said = said.clone().nth(peer.served).expect("a request that nobody sent");
        assert_eq!(said.body.as_bytes(), request.body, "a request out of two");
        assert!(said.end <= self.clients[peer.client].arrived, "a request before its end");
        peer.served += 1;
        peer.served_bytes = said.end;
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
        let Reply { answer, job } = self.engine.http(&incoming, self.step_now());
        self.answer(slot, answer);
        if let Some(job) = job {
            self.submit(job);
        }
    }

    fn submit(&mut self, job: Job) {
        if self.queue.len() >= QUEUE_MAX {
            job.refuse();
        } else {
            self.queue.push_back(job);
        }
    }

    /// Gives the one answer that is owed.
    fn give(&mut self, slot: usize, act: impl FnOnce(&mut Conn, u64)) {
        let Some(peer) = self.slots[slot].peer.as_mut() else { return };
        assert!(peer.owes, "an answer that nobody waits for");
        assert!(!peer.conn.is_closed(), "an answer to a closed connection");
        peer.owes = false;
        peer.times.push(self.now);
        act(&mut peer.conn, self.now);
    }

    fn answer(&mut self, slot: usize, answer: Answer) {
        match answer {
            Answer::Json { status, body, session } => {
                self.sessions.extend(session);
                self.give(slot, |conn, now| conn.respond(status, payload(body), &[], &stamp(now)));
            }
            Answer::Accepted | Answer::NoContent => {
                let accepted = matches!(answer, Answer::Accepted);
                let status = if accepted { Status::ACCEPTED } else { Status::NO_CONTENT };
                let nothing = Payload::Whole(Vec::new());
                self.give(slot, |conn, now| conn.respond(status, nothing, &[], &stamp(now)));
            }
            Answer::Refused(refusal) => {
                self.give(slot, |conn, now| conn.refuse(refusal, &stamp(now)));
            }
            Answer::Stream { stream, after, tie, .. } => {
                let number = stream.attach(self.bell(slot));
                self.begin(slot, stream, number, after, tie, None);
            }
            Answer::Call(exchange) => {
                let number = exchange.attach(self.bell(slot));
                self.exchanges.push(Arc::downgrade(&exchange));
                let since = self.now;
                if let Some(peer) = self.slots[slot].peer.as_mut() {
                    peer.task = Task::Call { exchange, number, since };
                }
            }
        }
    }

    fn bell(&self, slot: usize) -> Arc<Bell> {
        let (news, generation) = (Arc::clone(&self.news), self.slots[slot].generation);
        Arc::new(Bell { news, slot, generation })
    }

    fn begin(
        &mut self,
        slot: usize,
        stream: Arc<Stream>,
        number: u64,
        after: u64,
        tie: Option<Arc<dyn Closed>>,
        exchange: Option<Arc<Exchange>>,
    ) {
        self.give(slot, |conn, now| conn.start_stream(&[], &stamp(now)));
        self.streams.push(Arc::downgrade(&stream));
        if let Some(peer) = self.slots[slot].peer.as_mut() {
            peer.quiet_since = self.now;
            peer.task = Task::Stream { stream, number, after, tie, exchange };
        }
    }

    /// Makes a silent call a stream, so that it can be kept alive. What has come meanwhile goes first:
    /// a look at an exchange takes its answer away.
    fn promote(&mut self, slot: usize) {
        self.exchange_news(slot);
        let Some(Task::Call { exchange, number, .. }) = self.peer(slot).map(|peer| &peer.task)
        else {
            return;
        };
        let (exchange, number) = (Arc::clone(exchange), *number);
        let stream = exchange.promote();
        self.begin(slot, stream, number, 0, None, Some(exchange));
    }

    /// Moves what has come for a connection into its output.
    pub(crate) fn pump(&mut self, slot: usize) {
        self.exchange_news(slot);
        self.stream_news(slot);
        let Some(peer) = self.slots.get_mut(slot).and_then(|slot| slot.peer.as_mut()) else {
            return;
        };
        if peer.conn.is_closed() {
            return self.close(slot, false);
        }
        let event = peer.conn.advance(&self.policy, &stamp(self.now));
        if event.is_some() {
            self.events(slot, event);
            self.pump(slot);
        }
    }

    fn exchange_news(&mut self, slot: usize) {
        let Some(Task::Call { exchange, number, .. }) = self.peer(slot).map(|peer| &peer.task)
        else {
            return;
        };
        let (exchange, number) = (Arc::clone(exchange), *number);
        match exchange.poll() {
            Polled::Pending => {}
            Polled::Answer { status, body } => {
                if let Some(peer) = self.slots[slot].peer.as_mut() {
                    peer.task = Task::None;
                }
                self.give(slot, |conn, now| conn.respond(status, payload(body), &[], &stamp(now)));
                assert!(matches!(exchange.poll(), Polled::Pending), "a second answer");
            }
            Polled::Stream(stream) => self.begin(slot, stream, number, 0, None, Some(exchange)),
        }
    }

    fn stream_news(&mut self, slot: usize) {
        loop {
            let Some(peer) = self.slots.get_mut(slot).and_then(|slot| slot.peer.as_mut()) else {
                return;
            };
            if peer.conn.output().len() >= OUTPUT_HIGH_WATER {
                return;
            }
            let Task::Stream { stream, number, after, .. } = &mut peer.task else { return };
            let next = stream.next(*after, *number);
            match next {
                Next::Event(event) => {
                    *after = event.seq;
                    let mut frame = Vec::new();
                    sse::event(&mut frame, event.id.as_deref(), event.name, &event.data);
                    peer.conn.stream(&frame, Millis(self.now));
                    peer.times.push(self.now);
                    peer.quiet_since = self.now;
                    self.remember_question(&event.data);
                }
                Next::Pending => return,
                Next::Ended | Next::Detached => {
                    stream.leave(*number);
                    peer.task = Task::None;
                    peer.times.push(self.now);
                    peer.conn.end_stream(&stamp(self.now));
                }
                Next::Lost => return self.close(slot, true),
            }
        }
    }

    fn remember_question(&mut self, data: &[u8]) {
        let Ok(message) = serde_json::from_slice::<Value>(data) else { return };
        if message.get("method").is_some() && message.get("id").is_some() {
            let session = self.numbers.below(self.sessions.len().max(1));
            let session = self.sessions.get(session).cloned().unwrap_or_default();
            self.questions.push((session, message["id"].to_string()));
        }
    }

    /// A worker runs a call, or finds it cancelled.
    pub(crate) fn work(&mut self) {
        if self.queue.is_empty() {
            return;
        }
        let place = self.numbers.below(self.queue.len());
        let job = self.queue.remove(place).unwrap();
        if self.numbers.one_in(10) {
            return job.refuse();
        }
        if let Some(follows) = job.run(self.step_now()) {
            self.submit(follows);
        }
        if !self.numbers.one_in(3) {
            self.hear();
        }
    }

    /// The loop reads its letters; those for earlier connections of a slot are thrown away.
    pub(crate) fn hear(&mut self) {
        let letters = core::mem::take(&mut *self.news.lock().unwrap());
        for (slot, generation) in letters {
            if self.slots.get(slot).is_some_and(|slot| slot.generation == generation) {
                self.pump(slot);
            }
        }
    }

    /// News arrive twice, or for nobody.
    pub(crate) fn stale_news(&mut self) {
        let slot = self.numbers.below(self.slots.len() + 1);
        let generation = u64::try_from(self.numbers.below(3)).unwrap();
        self.news.lock().unwrap().extend([(slot, generation), (slot, generation)]);
        self.hear();
    }

    /// Somebody answers a connection that is over.
    pub(crate) fn answer_the_dead(&mut self) {
        let now = stamp(self.now);
        for conn in &mut self.graves {
            let before = conn.output().len();
            let closed = conn.is_closed();
            if !closed {
                continue;
            }
            conn.respond(Status::OK, Payload::Whole(b"late".to_vec()), &[], &now);
            conn.start_stream(&[], &now);
            conn.stream(b"late", now.now);
            conn.end_stream(&now);
            let event = conn.feed(b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n", &self.policy, &now);
            assert!(event.is_none() && conn.is_closed() && conn.output().len() == before);
        }
        self.graves.clear();
    }

    pub(crate) fn pass(&mut self) {
        let ms = self.numbers.pick(&[1, 10, 400, 1_000, 6_000, 16_000, 31_000, 80_000]);
        self.advance(ms);
    }

    /// Time passes; the loop does what is due.
    pub(crate) fn advance(&mut self, ms: u64) {
        self.now += ms;
        self.hear();
        if self.now >= self.next_tick {
            self.next_tick = self.now + 1_000;
            for job in self.engine.tick(self.step_now()) {
                self.submit(job);
            }
        }
        for slot in 0..self.slots.len() {
            self.sweep(slot);
        }
    }

    fn sweep(&mut self, slot: usize) {
        let now = self.now;
        let Some(peer) = self.slots[slot].peer.as_mut() else { return };
        if Millis(now) >= peer.conn.deadline() {
            peer.times.push(now);
            let stalled = !peer.conn.output().is_empty();
            let event = peer.conn.expire(&stamp(now));
            assert!(event.is_some() || peer.conn.is_closed(), "time passed and nothing came of it");
            if peer.conn.is_closed() {
                return self.close(slot, stalled);
            }
        }
        let Some(peer) = self.slots[slot].peer.as_mut() else { return };
        match &peer.task {
            Task::Call { since, .. } if now - since >= STREAM_AFTER_MS => self.promote(slot),
            Task::Stream { .. } if now - peer.quiet_since >= KEEP_ALIVE_MS => {
                peer.conn.stream(sse::COMMENT, Millis(now));
                peer.times.push(now);
                peer.quiet_since = now;
            }
            Task::None | Task::Call { .. } | Task::Stream { .. } => {}
        }
        self.pump(slot);
    }

    pub(crate) fn stop_now_and_then(&mut self) {
        if self.numbers.one_in(6) {
            self.stop();
        }
    }

    fn stop(&mut self) {
        self.stopping = true;
        self.engine.quiesce();
        for slot in 0..self.slots.len() {
            let now = self.now;
            if let Some(peer) = self.slots[slot].peer.as_mut() {
                peer.conn.stop();
                peer.times.push(now);
                // What has arrived of a head that is not complete is dropped.
                self.clients[peer.client].cut = true;
                self.pump(slot);
            }
        }
    }

    /// Everybody finishes: clients read, workers work, time passes.
    pub(crate) fn wind_down(&mut self) {
        for client in &mut self.clients {
            client.ended = true;
        }
        let (late, end) = (self.now + 20 * CALL_MS, self.now + 30 * CALL_MS);
        while self.slots.iter().any(|slot| slot.peer.is_some()) || !self.queue.is_empty() {
            assert!(self.now < end, "somebody waits for ever");
            for slot in 0..self.slots.len() {
                self.arrive(slot);
                self.take(slot);
                // A client that only listens may do so for ever.
                if self.now > late && self.listens(slot) {
                    self.reset(slot);
                }
            }
            self.work();
            let ms = self.numbers.pick(&[1, 1_000, 5_000, 20_000]);
            self.advance(ms);
        }
    }
}

fn payload(body: Body) -> Payload {
    match body {
        Body::Whole(bytes) => Payload::Whole(bytes),
        Body::Around(before, shared, after) => Payload::Around(before, shared, after),
    }
}
