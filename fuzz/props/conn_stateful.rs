//! Whatever a peer sends, however an application behaves and whenever time passes: each request
//! gets one outcome, nothing is invented, memory stays bounded, deadlines are those of the table,
//! and a connection that is closed stays closed.

use core::mem::replace;

use zscaler_mcp::base::Millis;
use zscaler_mcp::conn::{Conn, Event, Payload};
use zscaler_mcp::guard::{Admitted, Policy, Refusal};
use zscaler_mcp::http::response::Status;
use zscaler_mcp::limits::{
    BODY_BYTES_PER_SECOND_MIN, BODY_STALL_MS, DRAIN_BYTES_MAX, HEAD_BYTES_MAX, IDLE_MS,
    PIPELINE_BYTES_MAX, READ_BYTES, WRITE_BYTES_PER_SECOND_MIN,
};

use super::input::Input;
use super::kit::open::let_in;
use super::kit::shell::{BODY_MAX, connection, policy, stamp, waiting};
use super::kit::wire::answers;

/// Steps of one input; more would only repeat states.
const STEPS: usize = 200;

/// What a peer sends next, whole or in pieces.
const SENT: [&[u8]; 12] = [
    b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
    b"GET /mcp HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n",
    b"POST /mcp HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
      Accept: application/json, text/event-stream\r\nContent-Length: 4\r\n\r\n{\r\n}",
    b"POST /mcp HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
      Accept: application/json, text/event-stream\r\nTransfer-Encoding: chunked\r\n\
      Expect: 100-continue\r\n\r\n",
    b"2\r\n{}\r\n0\r\n\r\n",
    b"POST /mcp HTTP/1.0\r\nHost: h\r\nContent-Type: application/json\r\n\
      Accept: application/json, text/event-stream\r\nContent-Length: 2\r\n\r\n{}",
    b"GET /mcp HTTP/1.0\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n",
    b"POST /mcp HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
      Accept: application/json, text/event-stream\r\nContent-Length: 90000\r\n\r\n",
    b"DELETE /mcp HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    b"GET /none HTTP/1.1\r\nHost: h\r\n\r\n",
    b"\r\n",
];

/// Where the connection is, as its user knows it.
#[derive(Debug)]
enum Turn {
    /// Between requests, or inside a head.
    Ready,
    /// A head was admitted.
    Judging(Box<Admitted>),
    /// The body is on its way.
    Body,
    /// A request waits for its answer.
    Busy,
    /// An event stream is under way.
    Streaming,
    /// The last answer was given.
    Over,
}

struct World {
    conn: Conn,
    policy: Policy,
    now: u64,
    turn: Turn,
    /// Bytes fed since this turn began.
    fed: usize,
    /// Status and body of each answer that was given, streams as far as they went.
    given: Vec<(u16, Vec<u8>)>,
    written: Vec<u8>,
    requests: usize,
    /// Bytes that waited at the last look for the announcement of the end, and whether it was there.
    looked_at: usize,
    says_close: bool,
}

/// Panics when the property does not hold for the steps that `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let mut world = World {
        conn: connection(0),
        policy: policy(),
        now: 0,
        turn: Turn::Ready,
        fed: 0,
        given: Vec::new(),
        written: Vec::new(),
        requests: 0,
        looked_at: 0,
        says_close: false,
    };
    for _ in 0..STEPS {
        if input.is_over() {
            break;
        }
        world.step(&mut input);
        world.holds();
    }
    let cut_off = world.conn.is_closed();
    // Room for answers lets what was kept be looked at, which may make another answer.
    while !cut_off && !world.conn.output().is_empty() {
        world.write(usize::MAX);
    }
    world.settle(cut_off);
}

impl World {
    fn step(&mut self, input: &mut Input<'_>) {
        let was_closed = self.conn.is_closed();
        match input.below(16) {
            0..=3 => self.feed(input.pick(&SENT)),
            4 => self.feed_pieces(input.pick(&SENT), input.below(7) + 1),
            5 => {
                let len = input.below(64);
                self.feed(input.take(len));
            }
            6 => {
                let len = input.pick(&[1, 3_000, 30_000, READ_BYTES]);
                self.feed(&vec![b'x'; len]);
            }
            7 => self.authorize(),
            8 => self.refuse(input.pick(&[Refusal::Overloaded, Refusal::Source])),
            9 => self.respond(input),
            10 => self.stream(input.below(3), input.below(300)),
            11 => self.write(input.pick(&[1, 7, 100, 5_000, usize::MAX])),
            12 => self.write(usize::MAX),
            13 => self.pass(input),
            14 => self.expire(),
            _ => self.end(input.below(8)),
        }
        if was_closed {
            assert!(self.conn.is_closed(), "a closed connection came back");
        }
    }

    fn feed(&mut self, bytes: &[u8]) {
        let mut left = bytes;
        loop {
            let event = self.conn.advance(&self.policy, &stamp(self.now));
            self.event(event);
            let (part, rest) = left.split_at(self.conn.room().min(left.len()));
            if part.is_empty() {
                return;
            }
            left = rest;
            self.fed += part.len();
            let event = self.conn.feed(part, &self.policy, &stamp(self.now));
            self.event(event);
        }
    }

    fn feed_pieces(&mut self, bytes: &[u8], size: usize) {
        for part in bytes.chunks(size) {
            self.feed(part);
        }
    }

    /// Every event fits the turn, and there is none behind the last.
    fn event(&mut self, first: Option<Event>) {
        let mut next = first;
        while let Some(event) = next {
            assert!(!self.conn.is_closed() || matches!(event, Event::Refused(_)));
            let turn = replace(&mut self.turn, Turn::Over);
            self.fed = 0;
            self.turn = match (turn, event) {
                (Turn::Ready, Event::Admitted(admitted)) => Turn::Judging(Box::new(admitted)),
                (Turn::Body, Event::Request(request)) => {
                    assert!(request.body.len() <= BODY_MAX);
                    self.requests += 1;
                    Turn::Busy
                }
                (Turn::Ready | Turn::Body, Event::Refused(refusal)) => {
                    self.given.push((refusal.row().status.0, refusal.body()));
                    Turn::Over
                }
                (turn, event) => panic!("{event:?} during {turn:?}"),
            };
            next = self.conn.advance(&self.policy, &stamp(self.now));
        }
        if matches!(self.turn, Turn::Ready) && self.is_ending() {
            self.turn = Turn::Over;
            self.fed = 0;
        }
    }

    fn authorize(&mut self) {
        let turn = replace(&mut self.turn, Turn::Body);
        let Turn::Judging(admitted) = turn else {
            self.turn = turn;
            return;
        };
        let authorized = let_in(*admitted);
        self.conn.authorize(authorized, &self.policy, &stamp(self.now));
        self.fed = 0;
        let event = self.conn.advance(&self.policy, &stamp(self.now));
        self.event(event);
    }

    /// Gives an answer by `act`; without a request that waits, it must change no byte.
    fn answer(&mut self, waits: bool, given: (u16, Vec<u8>), act: impl FnOnce(&mut Conn, u64)) {
        let before = self.conn.output().len();
        act(&mut self.conn, self.now);
        if waits {
            self.given.push(given);
            self.after_answer();
        } else {
            assert_eq!(self.conn.output().len(), before, "an answer to nobody");
            if !matches!(self.turn, Turn::Over) {
                let shows = self.conn.output().is_empty();
                assert!(!shows || self.is_ending(), "goes on although its user is confused");
                self.turn = Turn::Over;
            }
        }
    }

    fn after_answer(&mut self) {
        self.fed = 0;
        self.turn = if self.is_ending() { Turn::Over } else { Turn::Ready };
        let event = self.conn.advance(&self.policy, &stamp(self.now));
        self.event(event);
    }

    /// True when no further request will be served, as far as that shows.
    fn is_ending(&mut self) -> bool {
        if self.conn.output().len() != self.looked_at {
            self.looked_at = self.conn.output().len();
            let bytes = waiting(&self.conn, usize::MAX);
            let mut lines = bytes.split(|byte| *byte == b'\n');
            self.says_close |= lines.any(|line| line == b"Connection: close\r");
        }
        self.says_close || self.conn.is_closed() || self.conn.is_draining()
    }

    fn refuse(&mut self, refusal: Refusal) {
        let waits = matches!(self.turn, Turn::Judging(_) | Turn::Busy);
        let given = (refusal.row().status.0, refusal.body());
        self.answer(waits, given, |conn, now| conn.refuse(refusal, &stamp(now)));
    }

    fn respond(&mut self, input: &mut Input<'_>) {
        let waits = matches!(self.turn, Turn::Busy);
        let len = input.pick(&[1, 40, 300, 20_000]);
        let body = [format!("#{} ", self.given.len()).as_bytes(), &vec![b'x'; len]].concat();
        let status = Status(input.pick(&[200, 404, 503]));
        let payload = if input.flag() {
            let (front, back) = body.split_at(len / 2);
            Payload::Around(front.to_vec(), back.into(), Vec::new())
        } else {
            Payload::Whole(body.clone())
        };
        self.answer(waits, (status.0, body), |conn, now| {
            conn.respond(status, payload, &[], &stamp(now));
        });
    }

    fn stream(&mut self, act: usize, len: usize) {
        let now = stamp(self.now);
        match (act, &self.turn) {
            (0, Turn::Busy) => {
                self.conn.start_stream(&[], &now);
                self.given.push((200, Vec::new()));
                self.turn = Turn::Streaming;
                self.fed = 0;
            }
            (0, _) => self.answer(false, (0, Vec::new()), |conn, now| {
                conn.start_stream(&[], &stamp(now));
            }),
            (1, turn) => {
                let during = matches!(turn, Turn::Streaming);
                let before = self.conn.output().len();
                let bytes = vec![b's'; len];
                self.conn.stream(&bytes, now.now);
                if let (true, Some((_, body))) = (during, self.given.last_mut()) {
                    body.extend_from_slice(&bytes);
                } else {
                    assert_eq!(self.conn.output().len(), before, "an event on no stream");
                }
            }
            (_, Turn::Streaming) => {
                self.conn.end_stream(&now);
                self.after_answer();
            }
            (_, _) => {
                let before = self.conn.output().len();
                self.conn.end_stream(&now);
                assert_eq!(self.conn.output().len(), before, "the end of no stream");
            }
        }
    }

    fn write(&mut self, most: usize) {
        while !self.conn.output().is_empty() {
            let bytes = waiting(&self.conn, most);
            assert!(!bytes.is_empty(), "output says more than it holds");
            self.conn.written(bytes.len(), Millis(self.now));
            self.written.extend_from_slice(&bytes);
            if most < usize::MAX {
                break;
            }
        }
        let event = self.conn.advance(&self.policy, &stamp(self.now));
        self.event(event);
    }

    fn pass(&mut self, input: &mut Input<'_>) {
        let left = self.conn.deadline().since(Millis(self.now));
        let ms = match input.below(6) {
            0 => 1,
            1 => 999,
            2 => 10_000,
            3 => 76_000,
            4 if left < 10_000_000 => left,
            _ if left < 10_000_000 => left.saturating_sub(1),
            _ => 5_000,
        };
        self.now += ms;
    }

    fn expire(&mut self) {
        let due = Millis(self.now) >= self.conn.deadline();
        let before = (self.conn.room(), self.conn.output().len(), self.conn.deadline());
        let event = self.conn.expire(&stamp(self.now));
        if !due {
            assert!(event.is_none());
            let after = (self.conn.room(), self.conn.output().len(), self.conn.deadline());
            assert_eq!(after, before, "an early look changes something");
            return;
        }
        self.event(event);
        assert!(self.conn.is_closed() || self.conn.deadline() > Millis(self.now), "no progress");
        // A peer that does not take its earlier answers gets none to this request.
        if matches!(self.turn, Turn::Busy) {
            assert!(self.conn.is_closed() && !self.conn.output().is_empty());
            self.requests -= 1;
        }
        self.turn = Turn::Over;
    }

    fn end(&mut self, act: usize) {
        match act {
            0 => self.conn.end_input(),
            1 => self.conn.stop(),
            _ => return,
        }
        let event = self.conn.advance(&self.policy, &stamp(self.now));
        self.event(event);
        // The head of a stream that ends with its connection says so from the start.
        if matches!(self.turn, Turn::Ready | Turn::Body) && self.is_ending() {
            self.turn = Turn::Over;
        }
    }

    /// What holds between any two steps.
    fn holds(&self) {
        let (conn, now) = (&self.conn, Millis(self.now));
        let deadline = conn.deadline();
        assert!(conn.room() <= READ_BYTES.max(HEAD_BYTES_MAX + 1));
        if conn.is_closed() {
            assert_eq!((conn.room(), deadline), (0, Millis(0)));
            return;
        }
        let works = matches!(self.turn, Turn::Judging(_) | Turn::Busy | Turn::Streaming);
        let none = deadline == Millis::NEVER;
        assert_eq!(none, works && conn.output().is_empty(), "{:?} {conn:?}", self.turn);
        let earned = |bytes: usize, rate: u64| u64::try_from(bytes).unwrap() * 1_000 / rate;
        let body = earned(BODY_MAX, BODY_BYTES_PER_SECOND_MIN) + BODY_STALL_MS;
        let sent = self.written.len();
        let write = earned(sent, WRITE_BYTES_PER_SECOND_MIN) + BODY_STALL_MS;
        assert!(none || deadline.since(now) <= IDLE_MS.max(body).max(write), "from no table");
        if works {
            assert!(self.fed <= PIPELINE_BYTES_MAX, "{} bytes kept", self.fed);
            assert!(conn.waiting_since().is_none());
        }
        if matches!(self.turn, Turn::Over) {
            assert!(self.fed <= DRAIN_BYTES_MAX + READ_BYTES, "{} bytes drained", self.fed);
        }
    }

    /// The answers on the wire are those that were given, in order, and constant ones.
    fn settle(&self, cut_off: bool) {
        let finals = |answer: &super::kit::wire::Answer| {
            let constant = answer.status == 204
                || (answer.status == 200
                    && (answer.body == br#"{"status":"ok"}"# || answer.body.is_empty()));
            answer.status != 100 && !constant
        };
        let read = answers(&self.written);
        let mut given =
            self.given.iter().filter(|(status, body)| *status != 200 || !body.is_empty());
        let (last, rest) =
            read.split_last().map_or((None, &[][..]), |(last, rest)| (Some(last), rest));
        for answer in rest.iter().filter(|answer| finals(answer)) {
            assert!(!answer.close || answer.status == 100, "something follows the last answer");
            let (status, body) = given.next().expect("an answer that was not given");
            assert_eq!(answer.status, *status);
            assert!(answer.body.is_empty() || answer.body == *body, "another body");
        }
        if let Some(last) = last.filter(|answer| finals(answer) && answer.whole) {
            let (status, body) = given.next().expect("an answer that was not given");
            assert_eq!(last.status, *status);
            assert!(last.body.is_empty() || body.starts_with(&last.body), "another body");
        }
        if !cut_off && read.iter().all(|answer| answer.whole) {
            assert!(given.next().is_none(), "an answer was lost");
        }
        let outcomes = self.given.len() + usize::from(matches!(self.turn, Turn::Busy));
        assert!(self.requests <= outcomes, "a request without an outcome");
    }
}
