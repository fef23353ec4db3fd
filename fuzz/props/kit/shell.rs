//! A small server around one connection: it answers at once, and time stands still.

use core::net::{IpAddr, Ipv4Addr};

use zscaler_mcp::base::Millis;
use zscaler_mcp::conn::{Conn, Event, Front, Payload, Request, Stamp};
use zscaler_mcp::guard::{Hosts, Origins, Policy, Proxies, Refusal, Sources, Verb};
use zscaler_mcp::http::response::Status;
use zscaler_mcp::matching::{HostPattern, Origin};

use super::open::let_in;

/// Where the peer is.
pub const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
/// An origin that is listed.
pub const LISTED: &str = "https://app.example.com";
/// What the answers say for `Date`.
pub const DATE: &[u8] = b"Thu, 01 Jan 1970 00:00:00 GMT";
/// The largest body that is taken.
pub const BODY_MAX: usize = 100_000;

/// Returns a policy that admits Host `h` from everywhere and one origin.
pub fn policy() -> Policy {
    Policy {
        hosts: Hosts::list(vec![HostPattern::parse("h").unwrap()]),
        sources: Sources::any(),
        proxies: Proxies::list(Vec::new()),
        origins: Origins::list(vec![Origin::parse(LISTED.as_bytes()).unwrap()]),
        tls: false,
        sse: false,
        body_max: BODY_MAX,
        documents: Vec::new(),
    }
}

/// Returns the time `now` with the one date.
pub const fn stamp(now: u64) -> Stamp<'static> {
    Stamp { now: Millis(now), date: DATE }
}

/// Returns a fresh connection that says what origins may see.
pub fn connection(now: u64) -> Conn {
    Conn::new(PEER, Front { tls: false, cors: true }, Millis(now))
}

/// Returns the bytes that wait to be written, at most `most`.
pub fn waiting(conn: &Conn, most: usize) -> Vec<u8> {
    let (slices, used) = conn.output().slices::<8>();
    let mut all = Vec::new();
    for slice in &slices[..used] {
        let left = most - all.len();
        all.extend_from_slice(&slice[..slice.len().min(left)]);
    }
    all
}

/// What the server saw of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A request with this body.
    Request(&'static str, Vec<u8>),
    /// A message that was refused.
    Refused(Refusal),
}

/// A connection and its server.
pub struct Shell {
    /// The connection.
    pub conn: Conn,
    /// What it was sent, each with the number of answers before it.
    pub seen: Vec<Seen>,
    /// What it sent.
    pub output: Vec<u8>,
    policy: Policy,
}

impl Shell {
    /// Returns a server with a fresh connection.
    pub fn new() -> Self {
        Self { conn: connection(1), seen: Vec::new(), output: Vec::new(), policy: policy() }
    }

    /// Sends `bytes` as far as there is room, and returns how many were taken.
    pub fn send(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        loop {
            let event = self.conn.advance(&self.policy, &stamp(1));
            self.handle(event);
            let room = self.conn.room().min(bytes.len() - taken);
            if room == 0 {
                return taken;
            }
            let part = &bytes[taken..taken + room];
            taken += room;
            let event = self.conn.feed(part, &self.policy, &stamp(1));
            self.handle(event);
        }
    }

    fn handle(&mut self, first: Option<Event>) {
        let mut next = first;
        loop {
            match next {
                None if self.conn.output().is_empty() => return,
                None => self.write(),
                Some(Event::Admitted(admitted)) => {
                    let authorized = let_in(admitted);
                    self.conn.authorize(authorized, &self.policy, &stamp(1));
                }
                Some(Event::Refused(refusal)) => self.seen.push(Seen::Refused(refusal)),
                Some(Event::Request(request)) => self.answer(request),
            }
            next = self.conn.advance(&self.policy, &stamp(1));
        }
    }

    fn answer(&mut self, request: Request) {
        let Request { authorized, body } = request;
        let stamp = stamp(1);
        let method = match authorized.admitted().verb() {
            Verb::Get => {
                self.conn.start_stream(&[], &stamp);
                self.conn.stream(b"data: one\n\n", stamp.now);
                self.conn.stream(b"data: two\n\n", stamp.now);
                self.conn.end_stream(&stamp);
                "GET"
            }
            Verb::Post => {
                let text = [b"you said ".as_slice(), &body].concat();
                self.conn.respond(Status::OK, Payload::Whole(text), &[], &stamp);
                "POST"
            }
            Verb::Delete => {
                let nothing = Payload::Whole(Vec::new());
                self.conn.respond(Status::ACCEPTED, nothing, &[], &stamp);
                "DELETE"
            }
        };
        self.seen.push(Seen::Request(method, body));
    }

    fn write(&mut self) {
        let bytes = waiting(&self.conn, usize::MAX);
        self.conn.written(bytes.len(), Millis(1));
        self.output.extend_from_slice(&bytes);
    }
}
