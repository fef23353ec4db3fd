//! The connection state machine against a hostile peer: any cut of the input, any time, any call
//! out of turn. A small shell plays the server and a virtual clock replaces time.

#[path = "../fuzz/props/kit/open.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees this file as part of a library")]
mod open;

use core::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use open::let_in;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof};
use proptest::proptest;
use zscaler_mcp::auth::Authorized;
use zscaler_mcp::base::Millis;
use zscaler_mcp::conn::{Conn, Event, Front, Payload, Stamp};
use zscaler_mcp::guard::{Admitted, Hosts, Origins, Policy, Proxies, Refusal, Sources, Verb};
use zscaler_mcp::http::response::{Status, date};
use zscaler_mcp::limits::{
    BODY_BYTES_PER_SECOND_MIN, BODY_STALL_MS, DRAIN_BYTES_MAX, DRAIN_MS, HEAD_BYTES_MAX, HEAD_MS,
    IDLE_MS, OUTPUT_HIGH_WATER, PIPELINE_BYTES_MAX, READ_BYTES, WRITE_BYTES_PER_SECOND_MIN,
    WRITE_STALL_MS,
};
use zscaler_mcp::matching::{HostPattern, Origin};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
const LISTED: &str = "https://app.example.com";
const START: u64 = 1_000_000;
const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n";

fn policy() -> Policy {
    Policy {
        hosts: Hosts::list(vec![HostPattern::parse("h").unwrap()]),
        sources: Sources::any(),
        proxies: Proxies::list(Vec::new()),
        origins: Origins::list(vec![Origin::parse(LISTED.as_bytes()).unwrap()]),
        tls: false,
        sse: false,
        body_max: 300_000,
        documents: Vec::new(),
    }
}

/// What the shell does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// Answers at once; a GET gets a stream of two events.
    Answer,
    /// Leaves it unanswered.
    Hold,
    /// Leaves the credential unjudged.
    Judge,
}

/// A connection, its shell and its clock.
struct Shell {
    conn: Conn,
    policy: Policy,
    now: u64,
    does: Does,
    /// True when the peer takes what is written.
    reads: bool,
    admitted: Option<Admitted>,
    events: Vec<String>,
    output: Vec<u8>,
    number: usize,
}

impl Shell {
    fn new(does: Does) -> Self {
        let front = Front { tls: false, cors: true };
        Self {
            conn: Conn::new(PEER, front, Millis(START)),
            policy: policy(),
            now: START,
            does,
            reads: true,
            admitted: None,
            events: Vec::new(),
            output: Vec::new(),
            number: 0,
        }
    }

    /// Sends `bytes` as far as there is room, and returns how many were taken.
    fn send(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        loop {
            self.go_on();
            let room = self.conn.room().min(bytes.len() - taken);
            if room == 0 {
                return taken;
            }
            let part = &bytes[taken..taken + room];
            taken += room;
            let date = date(0);
            let stamp = Stamp { now: Millis(self.now), date: &date };
            let event = self.conn.feed(part, &self.policy, &stamp);
            self.handle(event);
        }
    }

    fn go_on(&mut self) {
        let date = date(0);
        let stamp = Stamp { now: Millis(self.now), date: &date };
        let event = self.conn.advance(&self.policy, &stamp);
        self.handle(event);
    }

    fn handle(&mut self, first: Option<Event>) {
        let date = date(0);
        let stamp = Stamp { now: Millis(self.now), date: &date };
        let mut next = first;
        loop {
            match next {
                None if self.reads && !self.conn.output().is_empty() => self.write(usize::MAX),
                None => return,
                Some(Event::Admitted(admitted)) if self.does == Does::Judge => {
                    self.events.push("admitted".into());
                    self.admitted = Some(admitted);
                }
                Some(Event::Admitted(admitted)) => {
                    let authorized = let_in(admitted);
                    self.conn.authorize(authorized, &self.policy, &stamp);
                }
                Some(Event::Refused(refusal)) => self.events.push(format!("{refusal:?}")),
                Some(Event::Request(request)) => self.request(&request.authorized, &request.body),
            }
            next = self.conn.advance(&self.policy, &stamp);
        }
    }

    fn request(&mut self, authorized: &Authorized, body: &[u8]) {
        let verb = authorized.admitted().verb();
        self.number += 1;
        self.events.push(format!("{verb:?} {}", String::from_utf8_lossy(body)));
        if self.does != Does::Answer {
            return;
        }
        if verb == Verb::Get {
            self.stream(&["one", "two"]);
        } else {
            let text = [format!("#{} ", self.number).as_bytes(), body].concat();
            self.respond(Status::OK, text);
        }
    }

    fn respond(&mut self, status: Status, body: Vec<u8>) {
        self.with(|conn, stamp| conn.respond(status, Payload::Whole(body), &[], stamp));
    }

    fn stream(&mut self, parts: &[&str]) {
        self.with(|conn, stamp| {
            conn.start_stream(&[], stamp);
            for part in parts {
                conn.stream(part.as_bytes(), stamp.now);
            }
            conn.end_stream(stamp);
        });
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Conn, &Stamp<'_>) -> T) -> T {
        let date = date(0);
        act(&mut self.conn, &Stamp { now: Millis(self.now), date: &date })
    }

    /// The peer takes at most `most` bytes.
    fn write(&mut self, most: usize) {
        let (slices, used) = self.conn.output().slices::<8>();
        let mut bytes: Vec<u8> = slices[..used].iter().flat_map(|part| part.to_vec()).collect();
        bytes.truncate(most);
        self.conn.written(bytes.len(), Millis(self.now));
        self.output.extend_from_slice(&bytes);
    }

    fn write_all(&mut self) {
        while !self.conn.output().is_empty() {
            self.write(usize::MAX);
        }
    }

    /// The peer has finished sending.
    fn end(&mut self) {
        self.conn.end_input();
        self.go_on();
    }

    fn pass(&mut self, ms: u64) {
        self.now += ms;
    }

    /// Milliseconds until the deadline.
    fn left(&self) -> u64 {
        self.conn.deadline().since(Millis(self.now))
    }

    fn expire(&mut self) {
        let event = self.with(Conn::expire);
        self.handle(event);
    }

    fn statuses(&self) -> Vec<u16> {
        answers(&self.output, &[]).iter().map(|answer| answer.status).collect()
    }

    fn is_empty(&self) -> bool {
        let text = format!("{:?}", self.conn);
        text.contains("input: [], output: Output { pieces: [], sent: 0, len: 0 }")
    }
}

/// An answer as a client reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Read {
    status: u16,
    close: bool,
    body: Vec<u8>,
}

/// Reads every answer in `bytes`; those whose places are in `heads` answer HEAD.
fn answers(mut bytes: &[u8], heads: &[usize]) -> Vec<Read> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let mut fields = [httparse::EMPTY_HEADER; 32];
        let mut response = httparse::Response::new(&mut fields);
        let httparse::Status::Complete(size) = response.parse(bytes).unwrap() else {
            panic!("a head is cut off: {:?}", String::from_utf8_lossy(bytes));
        };
        let field = |name: &str| {
            let mut all = response.headers.iter().filter(|f| f.name.eq_ignore_ascii_case(name));
            let value = all.next().map(|f| String::from_utf8(f.value.to_vec()).unwrap());
            assert!(all.next().is_none(), "{name} twice");
            value
        };
        let status = response.code.unwrap();
        let close = field("connection").as_deref() == Some("close");
        let (length, coding) = (field("content-length"), field("transfer-encoding"));
        assert!(length.is_none() || coding.is_none());
        let rest = &bytes[size..];
        let (body, used) = if status == 204 || status == 100 {
            assert!(length.is_none() && coding.is_none(), "{status} has no length");
            (Vec::new(), 0)
        } else if heads.contains(&found.len()) {
            assert!(length.is_some());
            (Vec::new(), 0)
        } else if coding.is_some() {
            dechunk(rest)
        } else if let Some(length) = length {
            let length: usize = length.parse().unwrap();
            (rest[..length].to_vec(), length)
        } else {
            assert!(close, "a body without length ends with the connection");
            (rest.to_vec(), rest.len())
        };
        found.push(Read { status, close, body });
        bytes = &rest[used..];
    }
    found
}

fn dechunk(bytes: &[u8]) -> (Vec<u8>, usize) {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let status = httparse::parse_chunk_size(&bytes[at..]).unwrap();
        let httparse::Status::Complete((line, size)) = status else { panic!("cut off") };
        let (start, size) = (at + line, usize::try_from(size).unwrap());
        body.extend_from_slice(&bytes[start..start + size]);
        assert_eq!(&bytes[start + size..start + size + 2], b"\r\n");
        at = start + size + 2;
        if size == 0 {
            return (body, at);
        }
    }
}

/// One message of a peer, and what has to come of it.
#[derive(Debug, Clone)]
struct Message {
    wire: Vec<u8>,
    event: Option<String>,
    statuses: Vec<u16>,
    head: bool,
    closes: bool,
}

fn message(wire: impl Into<Vec<u8>>, event: &str, statuses: &[u16]) -> Message {
    let event = (!event.is_empty()).then(|| event.to_owned());
    let (wire, statuses) = (wire.into(), statuses.to_vec());
    Message { wire, event, statuses, head: false, closes: false }
}

impl Message {
    fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    fn head(mut self) -> Self {
        self.head = true;
        self
    }
}

fn post(version: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /mcp HTTP/{version}\r\nHost: h\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\n{fields}\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn sized(version: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    post(version, &format!("{fields}Content-Length: {}\r\n", body.len()), body)
}

fn chunked(fields: &str, body: &[u8], size: usize) -> Vec<u8> {
    let mut coded = Vec::new();
    for part in body.chunks(size) {
        let extension = if body.len() < 1_000 { ";x=\"\\\"y\"" } else { "" };
        coded.extend_from_slice(format!("{:X}{extension}\r\n", part.len()).as_bytes());
        coded.extend_from_slice(part);
        coded.extend_from_slice(b"\r\n");
    }
    coded.extend_from_slice(b"0\r\nTrailer: GET / HTTP/1.1\r\n\r\n");
    post("1.1", &format!("{fields}Transfer-Encoding: chunked\r\n"), &coded)
}

fn get(fields: &str) -> Vec<u8> {
    format!("GET /mcp HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n{fields}\r\n").into()
}

/// A body that looks like requests to whoever loses count.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(HEALTH.to_vec()),
        Just(b"0\r\n\r\nGET /mcp HTTP/1.1\r\n\r\n".to_vec()),
        prop::collection::vec(32_u8..127, 1..80),
    ]
}

fn posted(body: &[u8]) -> String {
    format!("Post {}", String::from_utf8_lossy(body))
}

fn good() -> impl Strategy<Value = Message> {
    prop_oneof![
        body().prop_map(|b| message(sized("1.1", "", &b), &posted(&b), &[200])),
        body().prop_map(|b| message(
            [b"\r\n".as_slice(), &sized("1.1", "X: y\r\n", &b)].concat(),
            &posted(&b),
            &[200]
        )),
        (body(), 1..40_usize).prop_map(|(b, size)| message(
            chunked("", &b, size),
            &posted(&b),
            &[200]
        )),
        body().prop_map(|b| message(
            sized("1.1", "Expect: 100-Continue\r\n", &b),
            &posted(&b),
            &[100, 200]
        )),
        Just(message(post("1.1", "", b""), "Post ", &[200])),
        Just(message(get(""), "Get ", &[200])),
        Just(message(HEALTH, "", &[200])),
        Just(message("HEAD /health HTTP/1.1\r\nHost: h\r\n\r\n", "", &[200]).head()),
        Just(message("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "", &[204])),
        Just(message("OPTIONS /mcp HTTP/1.1\r\nHost: h\r\n\r\n", "", &[204])),
        Just(message(
            format!(
                "OPTIONS /mcp HTTP/1.1\r\nHost: h\r\nOrigin: {LISTED}\r\n\
                 Access-Control-Request-Method: POST\r\n\r\n"
            ),
            "",
            &[204]
        )),
    ]
}

/// Messages after which nothing is served, refusals with a body on its way among them.
fn last() -> Vec<Message> {
    let refused = |wire: Vec<u8>, event: &str, status| message(wire, event, &[status]).closing();
    let line = |line: &str| format!("{line}\r\nHost: h\r\n\r\n").into_bytes();
    vec![
        message(sized("1.1", "Connection: close\r\n", b"a"), "Post a", &[200]).closing(),
        message(sized("1.0", "", b"a"), "Post a", &[200]).closing(),
        message(sized("1.0", "Connection: keep-alive\r\n", b"a"), "Post a", &[200]).closing(),
        message(get("Connection: x, Close\r\n"), "Get ", &[200]).closing(),
        message("GET /health HTTP/1.0\r\n\r\n", "", &[200]).closing(),
        message("GET /health HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "", &[200]).closing(),
        refused(line("GET /none HTTP/1.1"), "Path", 404),
        refused(line("HEAD /mcp HTTP/1.1"), "McpMethod", 405).head(),
        refused(line("\r\nHEAD /none HTTP/1.1"), "Path", 404).head(),
        refused(line("HEAD /mcp HTTP/2.0"), "HttpVersion", 505).head(),
        refused(b"HEAD /mcp HTTP/1.1\r\nA : b\r\n\r\n".to_vec(), "Malformed", 400).head(),
        refused(b"HEAD /mcp HTTP/1.1\n".to_vec(), "Malformed", 400).head(),
        refused(b"HEADS /mcp HTTP/1.1\r\n\r\n".to_vec(), "UnknownMethod", 501),
        refused(b"GET / HTTP/1.1\n".to_vec(), "Malformed", 400),
        refused(b"\x16\x03\x01".to_vec(), "Malformed", 400),
        refused(post("1.1", "Content-Length: 1\r\nContent-Length: 1\r\n", b"a"), "Framing", 400),
        refused(chunked("Content-Length: 3\r\n", b"abc", 2), "Framing", 400),
        refused(post("1.1", "Transfer-Encoding: gzip\r\n", b""), "Coding", 501),
        refused(
            post("1.1", "Transfer-Encoding: chunked\r\n", b"1\r\nab\r\n0\r\n\r\n"),
            "Chunk",
            400,
        ),
        refused(post("1.1", "Content-Length: 300001\r\n", b"abc"), "BodyTooLarge", 413),
        refused(sized("1.1", "Expect: more\r\n", b"abc"), "Expectation", 417),
        refused(get("Content-Length: 3\r\n"), "BodyUnexpected", 400),
    ]
}

/// The messages, and what has to come of them up to the first that closes.
fn expected(messages: &[Message]) -> (Vec<u8>, Vec<String>, Vec<u16>, Vec<usize>, bool) {
    let wire = messages.iter().flat_map(|message| message.wire.clone()).collect();
    let (mut events, mut statuses, mut heads, mut closes) = (vec![], vec![], vec![], false);
    for message in messages {
        events.extend(message.event.clone());
        statuses.extend_from_slice(&message.statuses);
        if message.head {
            heads.push(statuses.len() - 1);
        }
        closes = message.closes;
        if closes {
            break;
        }
    }
    (wire, events, statuses, heads, closes)
}

fn run(wire: &[u8], cuts: &[usize]) -> Shell {
    let mut shell = Shell::new(Does::Answer);
    let mut left = wire;
    for cut in cuts.iter().cycle() {
        if left.is_empty() {
            break;
        }
        let (part, rest) = left.split_at((*cut).clamp(1, left.len()));
        shell.send(part);
        left = rest;
    }
    shell
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_cut_gives_the_same_events_and_bytes(
        mut messages in prop::collection::vec(good(), 1..7),
        bad in prop::option::of((any::<prop::sample::Index>(), prop::sample::select(last()))),
        cuts in prop::collection::vec(1_usize..200, 1..12),
    ) {
        if let Some((place, bad)) = bad {
            messages.insert(place.index(messages.len() + 1), bad);
        }
        let (wire, events, statuses, heads, closes) = expected(&messages);
        let whole = run(&wire, &[usize::MAX]);
        prop_assert_eq!(&whole.events, &events);
        let read = answers(&whole.output, &heads);
        prop_assert_eq!(read.iter().map(|answer| answer.status).collect::<Vec<_>>(), statuses);
        for (place, answer) in read.iter().enumerate() {
            let last = place + 1 == read.len();
            prop_assert_eq!(answer.close, closes && last, "answer {}", place);
        }
        prop_assert_eq!(whole.conn.is_draining(), closes);
        prop_assert_eq!(whole.conn.is_idle(), !closes);
        for cuts in [&[1][..], &cuts] {
            let other = run(&wire, cuts);
            prop_assert_eq!(&other.events, &whole.events);
            prop_assert_eq!(&other.output, &whole.output);
            prop_assert_eq!(other.conn.is_idle(), whole.conn.is_idle());
            proptest::prop_assert!(other.is_empty(), "{:?}", other.conn);
        }
    }

    #[test]
    fn bytes_at_random_never_break_a_promise(
        bytes in prop::collection::vec(prop_oneof![
            prop::sample::select(b"GETPOS /mcp:HTTP/1.0\r\n\r\n;".to_vec()), any::<u8>()], 0..400),
        cuts in prop::collection::vec(1_usize..50, 1..6),
    ) {
        let (whole, other) = (run(&bytes, &[usize::MAX]), run(&bytes, &cuts));
        prop_assert_eq!(&whole.events, &other.events);
        prop_assert_eq!(&whole.output, &other.output);
        proptest::prop_assert!(whole.number == 0);
    }

    #[test]
    fn a_slow_reader_gets_the_same_bytes(
        messages in prop::collection::vec(good(), 1..20),
        sizes in prop::collection::vec(1_usize..300, 1..8),
    ) {
        let (wire, ..) = expected(&messages);
        let whole = run(&wire, &[usize::MAX]);
        let mut slow = Shell::new(Does::Answer);
        slow.reads = false;
        let mut sent = slow.send(&wire);
        for size in sizes.iter().cycle() {
            if slow.conn.output().is_empty() && sent == wire.len() {
                break;
            }
            slow.write(*size);
            sent += slow.send(&wire[sent..]);
        }
        prop_assert_eq!(slow.output, whole.output);
        prop_assert_eq!(slow.events, whole.events);
    }
}

#[test]
fn large_bodies_arrive_whole_at_any_cut() {
    let body: Vec<u8> = (0..250_000_u32).map(|i| b"0123456789\r\n"[(i % 12) as usize]).collect();
    for wire in [sized("1.1", "", &body), chunked("", &body, 70_000), chunked("", &body, 9)] {
        let twice = [wire.clone(), wire, HEALTH.to_vec()].concat();
        for cut in [1_000, READ_BYTES - 1, READ_BYTES, READ_BYTES + 1, usize::MAX] {
            let shell = run(&twice, &[cut]);
            assert!(shell.events == [posted(&body), posted(&body)], "cut {cut}");
            assert_eq!(shell.statuses(), [200, 200, 200], "cut {cut}");
        }
    }
}

#[test]
fn constant_answers_follow_each_other_without_further_input() {
    let mut shell = Shell::new(Does::Answer);
    shell.send(&[HEALTH, HEALTH, b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", HEALTH].concat());
    assert_eq!(shell.statuses(), [200, 200, 204, 200]);
    assert!(shell.is_empty() && shell.conn.is_idle());
}

#[test]
fn after_a_refusal_nothing_further_is_served_and_input_is_drained_within_a_bound() {
    for bad in last() {
        let name = String::from_utf8_lossy(&bad.wire).into_owned();
        let mut shell = Shell::new(Does::Answer);
        shell.send(&bad.wire);
        let (events, output) = (shell.events.clone(), shell.output.clone());
        assert!(shell.conn.is_draining(), "{name}");
        let heads = if bad.head { vec![0] } else { vec![] };
        assert!(answers(&output, &heads).last().unwrap().close, "{name}");
        let good = sized("1.1", "", b"x");
        let mut taken = 0;
        while !shell.conn.is_closed() {
            taken += shell.send(&good);
            assert!(taken <= DRAIN_BYTES_MAX + good.len(), "{name}: drains without end");
            assert_eq!(
                shell.conn.waiting_since(),
                (!shell.conn.is_closed()).then_some(Millis(START))
            );
        }
        assert_eq!((shell.events, shell.output), (events, output), "{name}");
    }
}

#[test]
fn a_drained_peer_that_sends_too_much_still_gets_the_answer_it_reads() {
    let mut shell = Shell::new(Does::Answer);
    shell.reads = false;
    shell.send(
        &[sized("1.1", "", b"x"), b"GET /none HTTP/1.1\r\nHost: h\r\n\r\n".to_vec()].concat(),
    );
    let junk = vec![b'x'; READ_BYTES];
    let mut taken = 0;
    while shell.conn.room() > 0 {
        taken += shell.send(&junk);
        assert!(taken <= 2 * DRAIN_BYTES_MAX);
    }
    assert!(!shell.conn.is_closed(), "answers wait");
    shell.write_all();
    assert_eq!(shell.statuses(), [200, 404]);
    assert!(shell.conn.is_closed());
}

/// Calls everything that could bring a connection to life.
fn poke(shell: &mut Shell) {
    shell.respond(Status::OK, b"x".to_vec());
    shell.with(|conn, stamp| conn.refuse(Refusal::Overloaded, stamp));
    shell.stream(&["x"]);
    shell.with(|conn, stamp| conn.stream(b"x", stamp.now));
    shell.with(Conn::end_stream);
    shell.with(|conn, stamp| conn.written(7, stamp.now));
}

#[test]
fn closed_is_final() {
    let mut shell = Shell::new(Does::Answer);
    shell.end();
    assert!(shell.conn.is_closed());
    poke(&mut shell);
    shell.conn.stop();
    shell.conn.end_input();
    shell.expire();
    assert_eq!(shell.send(HEALTH), 0);
    let event = shell.with(|conn, stamp| conn.feed(HEALTH, &policy(), stamp).is_some());
    assert!(!event && shell.conn.is_closed() && shell.conn.output().is_empty());
    assert_eq!(shell.conn.peer(), PEER, "the log still wants to know who it was");
    assert_eq!((shell.conn.room(), shell.conn.deadline()), (0, Millis(0)));
}

#[test]
fn calls_out_of_turn_invent_nothing() {
    let half = &sized("1.1", "", b"abc")[..20];
    let most = &sized("1.1", "", b"abc")[..sized("1.1", "", b"abc").len() - 1];
    for (name, input) in [("idle", &b""[..]), ("head", half), ("body", most)] {
        for call in 0..3 {
            let mut shell = Shell::new(Does::Answer);
            shell.send(input);
            match call {
                0 => shell.respond(Status::OK, b"x".to_vec()),
                1 => shell.with(|conn, stamp| conn.refuse(Refusal::Overloaded, stamp)),
                _ => shell.stream(&["x"]),
            }
            assert!(shell.conn.output().is_empty(), "{name} {call}");
            assert!(shell.conn.is_draining(), "{name} {call}: the connection ends");
            shell.send(&sized("1.1", "", b"abc"));
            assert!(shell.events.is_empty() && shell.output.is_empty(), "{name} {call}");
        }
        let mut shell = Shell::new(Does::Answer);
        shell.send(input);
        shell.with(|conn, stamp| conn.stream(b"x", stamp.now));
        shell.with(Conn::end_stream);
        assert!(shell.conn.output().is_empty() && !shell.conn.is_closed(), "{name}");
    }
}

#[test]
fn calls_out_of_turn_do_not_move_the_end_of_a_connection() {
    let mut shell = Shell::new(Does::Answer);
    shell.send(b"GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
    let deadline = shell.conn.deadline();
    let output = shell.output.clone();
    shell.pass(500);
    poke(&mut shell);
    shell.write_all();
    assert_eq!((shell.conn.deadline(), shell.output), (deadline, output));
    let mut waits = Shell::new(Does::Answer);
    waits.reads = false;
    waits.send(b"GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
    waits.with(|conn, stamp| conn.refuse(Refusal::Overloaded, stamp));
    waits.write_all();
    assert_eq!(waits.statuses(), [404], "what waits is still written");
}

#[test]
fn a_second_authorization_and_a_second_answer_change_nothing() {
    let mut shell = Shell::new(Does::Judge);
    shell.send(&sized("1.1", "Expect: 100-continue\r\n", b"abc"));
    let first = let_in(shell.admitted.take().unwrap());
    let mut other = Shell::new(Does::Judge);
    other.send(&sized("1.1", "Expect: 100-continue\r\n", b"zzzzzz"));
    let second = let_in(other.admitted.take().unwrap());
    shell.does = Does::Answer;
    shell.with(|conn, stamp| {
        conn.authorize(first, &policy(), stamp);
        conn.authorize(second, &policy(), stamp);
    });
    shell.go_on();
    assert_eq!(shell.events, ["admitted", "Post abc"]);
    assert_eq!(shell.statuses(), [100, 200]);
    shell.respond(Status::OK, b"again".to_vec());
    assert!(shell.conn.is_draining() && shell.conn.output().is_empty());
}

#[test]
fn a_refused_credential_is_said_to_the_listed_origin() {
    let mut shell = Shell::new(Does::Judge);
    shell.send(&sized("1.1", &format!("Origin: {LISTED}\r\n"), b"abc"));
    shell.with(|conn, stamp| conn.refuse(Refusal::Source, stamp));
    shell.go_on();
    let text = String::from_utf8(shell.output.clone()).unwrap();
    assert!(text.contains(&format!("Access-Control-Allow-Origin: {LISTED}\r\n")), "{text}");
    assert!(answers(&shell.output, &[])[0].close && shell.conn.is_draining());
}

#[test]
fn a_refusal_of_a_complete_request_keeps_the_connection() {
    let mut shell = Shell::new(Does::Hold);
    shell.send(&[sized("1.1", "", b"a"), sized("1.1", "Connection: close\r\n", b"b")].concat());
    for close in [false, true] {
        shell.with(|conn, stamp| conn.refuse(Refusal::TooManyCalls, stamp));
        shell.go_on();
        assert_eq!(answers(&shell.output, &[]).last().unwrap().close, close);
    }
    assert_eq!(shell.events, ["Post a", "Post b"]);
}

#[test]
fn an_answer_without_content_has_no_body_whatever_it_was_given() {
    let mut shell = Shell::new(Does::Hold);
    shell.send(&sized("1.1", "", b"a"));
    shell.respond(Status::NO_CONTENT, b"HTTP/1.1 200 OK\r\n\r\n".to_vec());
    shell.send(HEALTH);
    assert_eq!(shell.statuses(), [204, 200]);
}

#[test]
fn room_is_bounded_in_every_state() {
    let endless_head =
        [b"GET / HTTP/1.1\r\n".as_slice(), &b"X: aaaaaaaa\r\n".repeat(9_000)].concat();
    let flood = sized("1.1", "", b"abc").repeat(4_000);
    let states: [(&str, Does, Vec<u8>, usize); 4] = [
        ("head", Does::Answer, endless_head, HEAD_BYTES_MAX + 1),
        ("judging", Does::Judge, flood.clone(), READ_BYTES + PIPELINE_BYTES_MAX),
        ("busy", Does::Hold, flood.clone(), READ_BYTES + PIPELINE_BYTES_MAX),
        ("busy", Does::Hold, [sized("1.1", "", b"abc"), b"x".repeat(900_000)].concat(), READ_BYTES),
    ];
    for (name, does, bytes, most) in states {
        for cut in [1, 1_000, usize::MAX] {
            let mut shell = Shell::new(does);
            let mut taken = 0;
            for part in bytes.chunks(cut.min(bytes.len())).take(200_000) {
                let now = shell.send(part);
                taken += now;
                if now < part.len() {
                    break;
                }
            }
            if name == "head" {
                assert_eq!(shell.events, ["HeadTooLarge"], "the head is refused in time");
            } else {
                assert!(taken <= most, "{name}: {taken} at {cut}");
                assert_eq!((shell.conn.room(), shell.events.len()), (0, 1), "{name}");
            }
        }
    }
    let mut body = Shell::new(Does::Answer);
    body.send(&post("1.1", "Content-Length: 300000\r\n", b""));
    assert_eq!(body.conn.room(), READ_BYTES);
    body.send(&[b'x'; 299_999]);
    assert!(body.events.is_empty());
    body.send(b"x");
    assert_eq!(body.events.len(), 1);
}

#[test]
fn a_peer_that_reads_nothing_is_not_read_from() {
    for request in [HEALTH.to_vec(), sized("1.1", "", &[b'x'; 2_000])] {
        let wire = request.repeat(3_000_000 / request.len());
        let mut shell = Shell::new(Does::Answer);
        shell.reads = false;
        let mut sent = shell.send(&wire);
        assert!(sent < wire.len() && shell.conn.room() == 0);
        assert!(shell.conn.output().len() < OUTPUT_HIGH_WATER + 16 * 1024);
        let mut rounds = 0;
        while sent < wire.len() || !shell.conn.output().is_empty() {
            shell.write(usize::MAX);
            sent += shell.send(&wire[sent..]);
            assert!(shell.conn.output().len() < OUTPUT_HIGH_WATER + 16 * 1024);
            rounds += 1;
            assert!(rounds < 20_000, "stands still at {sent}");
        }
        let read = answers(&shell.output, &[]);
        assert_eq!(read.len(), wire.len() / request.len());
        assert!(read.iter().all(|answer| answer.status == 200));
        assert!(shell.is_empty());
    }
}

#[test]
fn shared_pieces_leave_in_order_and_memory_is_given_back() {
    let shared: Arc<[u8]> = vec![b's'; 40_000].into();
    let mut shell = Shell::new(Does::Hold);
    shell.reads = false;
    shell.send(&sized("1.1", "", b"a").repeat(3));
    for round in 0..3 {
        let payload = Payload::Around(vec![b'0' + round], Arc::clone(&shared), vec![b'a' + round]);
        shell.with(|conn, stamp| conn.respond(Status::OK, payload, &[], stamp));
        shell.go_on();
    }
    assert_eq!(Arc::strong_count(&shared), 4, "shared, not copied");
    while !shell.conn.output().is_empty() {
        shell.write(7_777);
    }
    let read = answers(&shell.output, &[]);
    for (answer, (first, last)) in read.iter().zip([(b'0', b'a'), (b'1', b'b'), (b'2', b'c')]) {
        let expected = [&[first][..], &shared, &[last]].concat();
        assert!(answer.body == expected);
    }
    assert_eq!((read.len(), Arc::strong_count(&shared)), (3, 1));
    assert!(shell.is_empty() && shell.conn.is_idle());
}

#[test]
fn deadlines_are_those_of_the_state_and_begin_with_it() {
    let most = post("1.1", "Content-Length: 9\r\n", b"");
    let rows: [(&str, u64, &[u8], u64); 5] = [
        ("idle", 0, b"", IDLE_MS),
        ("idle again", 5_000, HEALTH, IDLE_MS),
        ("head", 5_000, b"G", HEAD_MS),
        ("body", 5_000, &most, BODY_STALL_MS),
        ("drain", 5_000, b"\n", DRAIN_MS),
    ];
    for (name, wait, input, ms) in rows {
        let mut shell = Shell::new(Does::Answer);
        shell.pass(wait);
        shell.send(input);
        assert_eq!(shell.left(), ms, "{name}");
        shell.pass(ms - 1);
        shell.expire();
        assert_eq!(shell.left(), 1, "{name}: one millisecond early changes nothing");
        shell.pass(1);
        shell.expire();
        let begun = name == "head" || name == "body";
        assert_eq!(shell.events.contains(&"RequestTimeout".to_owned()), begun, "{name}");
        assert_eq!(shell.conn.is_closed(), !begun, "{name}");
        if begun {
            assert_eq!((shell.statuses(), shell.left()), (vec![408], DRAIN_MS), "{name}");
            assert!(answers(&shell.output, &[])[0].close);
        }
    }
    for does in [Does::Hold, Does::Judge] {
        let mut shell = Shell::new(does);
        shell.send(&sized("1.1", "", b"a"));
        assert_eq!(shell.conn.deadline(), Millis::NEVER, "work has its own clock");
    }
}

#[test]
fn single_bytes_do_not_move_a_deadline() {
    let head = b"GET /health HTTP/1.1\r\nHost: h\r\nX: 0123456789\r\n\r\n";
    let mut shell = Shell::new(Does::Answer);
    shell.send(&head[..1]);
    let deadline = shell.conn.deadline();
    for byte in &head[1..10] {
        shell.pass(1_000);
        shell.send(&[*byte]);
        assert_eq!(shell.conn.deadline(), deadline);
        assert_eq!(shell.conn.waiting_since(), Some(Millis(START)));
    }
    shell.pass(1_000);
    shell.expire();
    assert_eq!(shell.events, ["RequestTimeout"]);

    let mut idle = Shell::new(Does::Answer);
    let deadline = idle.conn.deadline();
    idle.pass(1_000);
    idle.with(|conn, stamp| assert!(conn.feed(b"", &policy(), stamp).is_none()));
    idle.with(|conn, stamp| conn.written(0, stamp.now));
    assert_eq!(idle.conn.deadline(), deadline, "nothing is not a byte");

    let mut drain = Shell::new(Does::Answer);
    drain.send(b"\n");
    let deadline = drain.conn.deadline();
    drain.pass(1_000);
    drain.send(b"x");
    assert_eq!(drain.conn.deadline(), deadline);
}

#[test]
fn a_body_may_neither_stand_still_nor_trickle() {
    let mut still = Shell::new(Does::Answer);
    still.send(&post("1.1", "Content-Length: 300000\r\n", &[b'x'; 100_000]));
    assert_eq!(still.left(), BODY_STALL_MS, "what arrived does not pay for standing still");
    still.pass(BODY_STALL_MS);
    still.expire();
    assert_eq!(still.events, ["RequestTimeout"]);

    let mut slow = Shell::new(Does::Answer);
    slow.send(&post("1.1", "Content-Length: 300000\r\n", b""));
    let mut seconds = 0;
    while slow.events.is_empty() {
        slow.pass(1_000);
        slow.send(b"x");
        slow.expire();
        seconds += 1;
    }
    // What has arrived pays for a few milliseconds more.
    assert_eq!((slow.events[0].as_str(), seconds), ("RequestTimeout", BODY_STALL_MS / 1_000 + 1));

    let mut steady = Shell::new(Does::Answer);
    let rate = usize::try_from(BODY_BYTES_PER_SECOND_MIN).unwrap();
    steady.send(&post("1.1", &format!("Content-Length: {}\r\n", 60 * rate), b""));
    for _ in 0..60 {
        steady.pass(1_000);
        steady.expire();
        steady.send(&vec![b'x'; rate]);
    }
    assert!(steady.events[0].starts_with("Post x"), "at the least rate it arrives");
}

#[test]
fn a_timeout_is_told_to_the_origin_and_to_head_without_a_body() {
    let mut shell = Shell::new(Does::Answer);
    let fields = format!("Origin: {LISTED}\r\nContent-Length: 5\r\n");
    shell.send(&post("1.1", &fields, b"a"));
    shell.pass(BODY_STALL_MS);
    shell.expire();
    let text = String::from_utf8(shell.output.clone()).unwrap();
    assert!(text.contains(&format!("Access-Control-Allow-Origin: {LISTED}\r\n")), "{text}");
    let mut head = Shell::new(Does::Answer);
    head.send(b"HEAD /mcp HTTP/1.1\r\nHo");
    head.pass(HEAD_MS);
    head.expire();
    let read = answers(&head.output, &[0]);
    assert_eq!((read.len(), read[0].status), (1, 408));
    assert!(head.is_empty());
}

#[test]
fn an_answer_may_neither_stand_still_nor_be_sipped() {
    let large = vec![b'x'; 200_000];
    let ask = || {
        let mut shell = Shell::new(Does::Hold);
        shell.reads = false;
        shell.pass(40_000);
        shell.send(&sized("1.1", "", b"a"));
        shell.respond(Status::OK, large.clone());
        shell
    };
    let mut still = ask();
    assert_eq!(still.left(), WRITE_STALL_MS);
    still.pass(WRITE_STALL_MS - 1);
    still.write(1);
    assert_eq!(still.left(), 1, "one byte pays for nothing");
    still.pass(1);
    still.expire();
    assert!(still.conn.is_closed());

    let mut slow = ask();
    let rate = usize::try_from(WRITE_BYTES_PER_SECOND_MIN).unwrap();
    while !slow.conn.output().is_empty() {
        slow.pass(1_000);
        slow.expire();
        assert!(!slow.conn.is_closed(), "it is read at the least rate, for longer than idle");
        slow.write(rate);
    }
    assert_eq!(slow.left(), IDLE_MS, "idle begins when the answer is written");
    assert!(slow.now - START > 2 * IDLE_MS);
}

#[test]
fn the_write_clock_begins_with_the_interim_answer() {
    let mut shell = Shell::new(Does::Answer);
    shell.send(HEALTH);
    shell.pass(IDLE_MS - 1);
    shell.reads = false;
    shell.send(&post("1.1", "Content-Length: 5\r\nExpect: 100-continue\r\n", b""));
    assert!(!shell.conn.output().is_empty());
    assert_eq!(shell.left(), WRITE_STALL_MS);
}

#[test]
fn a_late_head_behind_an_answer_that_is_being_read_is_told_so() {
    let mut shell = Shell::new(Does::Answer);
    shell.reads = false;
    shell.send(&[&sized("1.1", "", b"a")[..], b"GET /mc"].concat());
    shell.pass(HEAD_MS);
    shell.expire();
    shell.write_all();
    assert_eq!(shell.statuses(), [200, 408]);
    assert_eq!(shell.left(), DRAIN_MS, "draining begins when the answer is written");
}

#[test]
fn who_owes_a_request_is_known() {
    let rows: [(&str, Does, &[u8], bool); 5] = [
        ("idle", Does::Answer, b"", true),
        ("head", Does::Answer, b"GET", true),
        ("body", Does::Answer, &post("1.1", "Content-Length: 5\r\n", b"a"), true),
        ("judging", Does::Judge, &sized("1.1", "", b"a"), false),
        ("busy", Does::Hold, &sized("1.1", "", b"a"), false),
    ];
    for (name, does, input, owes) in rows {
        let mut shell = Shell::new(does);
        shell.send(input);
        shell.pass(1_000);
        assert_eq!(shell.conn.waiting_since(), owes.then_some(Millis(START)), "{name}");
    }
    let mut stream = Shell::new(Does::Hold);
    stream.send(&get(""));
    stream.with(|conn, stamp| conn.start_stream(&[], stamp));
    assert_eq!(stream.conn.waiting_since(), None);
}

/// Name, input before the end, events, statuses.
type Closing = (&'static str, Vec<u8>, &'static [&'static str], &'static [u16]);

#[test]
fn behind_complete_requests_a_half_close_waits_for_the_answers() {
    let one = sized("1.1", "", b"a");
    let part = &one[..30];
    let rows: [Closing; 6] = [
        ("one", one.clone(), &["Post a"], &[200]),
        ("three", one.repeat(3), &["Post a", "Post a", "Post a"], &[200, 200, 200]),
        ("and half a head", [&one, part].concat(), &["Post a"], &[200]),
        ("and half a body", [&one, &one[..one.len() - 1]].concat(), &["Post a"], &[200]),
        ("and constants", [&one, HEALTH, HEALTH].concat(), &["Post a"], &[200, 200, 200]),
        ("and a fault", [&one, &b"\n"[..]].concat(), &["Post a", "Malformed"], &[200, 400]),
    ];
    for (name, wire, events, statuses) in rows {
        let mut shell = Shell::new(Does::Hold);
        shell.reads = false;
        shell.send(&wire);
        shell.end();
        assert!(!shell.conn.is_closed() && shell.conn.room() == 0, "{name}");
        let asked = events.iter().filter(|event| event.starts_with("Post")).count();
        for _ in 0..asked {
            shell.respond(Status::OK, b"yes".to_vec());
            shell.go_on();
        }
        assert_eq!(shell.events, events, "{name}");
        shell.write_all();
        assert_eq!(shell.statuses(), statuses, "{name}");
        assert!(shell.conn.is_closed(), "{name}");
        let whole = !name.contains("half");
        assert_eq!(answers(&shell.output, &[]).last().unwrap().close, whole, "{name}");
    }
}

#[test]
fn inside_a_message_a_half_close_serves_nothing() {
    let whole = chunked("", b"abcdef", 3);
    for cut in 0..whole.len() {
        let mut shell = Shell::new(Does::Answer);
        shell.send(&whole[..cut]);
        shell.end();
        assert!(shell.conn.is_closed(), "cut {cut}");
        assert!(shell.events.is_empty() && shell.output.is_empty(), "cut {cut}");
    }
    for cut in [0, 1, 2] {
        let mut judged = Shell::new(Does::Judge);
        let wire = sized("1.1", "", b"ab");
        judged.send(&wire[..wire.len() - cut]);
        judged.end();
        assert!(!judged.conn.is_closed(), "the credential is still being judged");
        judged.does = Does::Answer;
        let admitted = judged.admitted.take().unwrap();
        let authorized = let_in(admitted);
        judged.with(|conn, stamp| conn.authorize(authorized, &policy(), stamp));
        judged.go_on();
        assert_eq!(judged.events.len(), if cut == 0 { 2 } else { 1 }, "cut {cut}");
        assert!(judged.conn.is_closed(), "cut {cut}");
    }
}

#[test]
fn streams_are_framed_by_the_version_and_leave_a_usable_connection() {
    let events = ["data: 1\n\n", "", ": \n\n", "data: 2\n\n"];
    let old = String::from_utf8(get("")).unwrap().replace("1.1", "1.0");
    for (name, request, keeps) in [
        ("1.1", get(""), true),
        ("1.1 and close", get("Connection: close\r\n"), false),
        ("1.0", old.into_bytes(), false),
    ] {
        let mut shell = Shell::new(Does::Hold);
        shell.send(&request);
        shell.stream(&events);
        shell.go_on();
        shell.write_all();
        let text = String::from_utf8(shell.output.clone()).unwrap();
        assert_eq!(text.contains("chunked"), name != "1.0", "{name}");
        let read = answers(&shell.output, &[]);
        assert_eq!(read[0].body, events.concat().as_bytes(), "{name}");
        assert_eq!(read[0].close, !keeps, "{name}");
        assert_eq!(shell.conn.is_idle(), keeps, "{name}");
        let before = shell.output.len();
        shell.with(|conn, stamp| conn.stream(b"late", stamp.now));
        shell.with(Conn::end_stream);
        shell.write_all();
        assert_eq!(shell.output.len(), before, "{name}: nothing follows the end");
        shell.send(HEALTH);
        assert_eq!(answers(&shell.output, &[]).len(), if keeps { 2 } else { 1 }, "{name}");
    }
}

#[test]
fn an_answer_inside_a_stream_ends_the_connection_without_the_last_chunk() {
    let mut shell = Shell::new(Does::Hold);
    shell.send(&get(""));
    shell.with(|conn, stamp| conn.start_stream(&[], stamp));
    shell.with(|conn, stamp| conn.stream(b"data", stamp.now));
    shell.respond(Status::OK, b"x".to_vec());
    shell.write_all();
    assert!(shell.output.ends_with(b"4\r\ndata\r\n") && shell.conn.is_draining());
}

#[test]
fn a_stop_closes_what_waits_and_lets_the_present_request_finish() {
    let rows: [(&str, Vec<u8>, bool); 5] = [
        ("fresh", Vec::new(), true),
        ("idle", HEALTH.to_vec(), true),
        ("head", b"GET /hea".to_vec(), true),
        ("body", post("1.1", "Content-Length: 2\r\n", b"a"), false),
        ("busy", sized("1.1", "", b"a"), false),
    ];
    for (name, input, closes) in rows {
        let mut shell = Shell::new(Does::Hold);
        shell.send(&input);
        shell.conn.stop();
        assert_eq!(shell.conn.is_closed(), closes, "{name}");
        if closes {
            continue;
        }
        if name == "body" {
            shell.send(b"b");
        }
        shell.respond(Status::OK, b"done".to_vec());
        shell.write_all();
        let read = answers(&shell.output, &[]);
        assert_eq!((read.len(), read[0].close), (1, true), "{name}");
        shell.send(&sized("1.1", "", b"later"));
        assert_eq!(shell.events.len(), 1, "{name}");
        assert!(shell.conn.is_draining(), "{name}");
    }
    let mut answered = Shell::new(Does::Answer);
    answered.reads = false;
    answered.send(HEALTH);
    answered.conn.stop();
    assert!(!answered.conn.is_closed(), "an answer waits");
    answered.write_all();
    assert_eq!(answered.statuses(), [200]);
}
