//! Zone: operator. A cloud on loopback that answers every request with the same list, late.
//!
//! One thread and one poll, so that it costs little beside what is measured. Plain HTTP: the
//! server takes that from loopback only.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use crate::clock;
use crate::report::CloudRow;

const LISTENER: Token = Token(0);
const TOKEN: &str =
    r#"{"access_token":"token-of-the-scripted-cloud","expires_in":3600,"token_type":"Bearer"}"#;

/// What the cloud was asked.
#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    tokens: AtomicUsize,
    lists: AtomicUsize,
}

/// A running cloud; its thread ends with the process.
pub(crate) struct Cloud {
    pub(crate) port: u16,
    /// Bytes of the list.
    bytes: usize,
    counts: Arc<Counts>,
}

struct Peer {
    socket: TcpStream,
    input: Vec<u8>,
    output: VecDeque<u8>,
}

struct Service {
    poll: Poll,
    listener: TcpListener,
    peers: BTreeMap<usize, Peer>,
    next: usize,
    /// Whom the list is owed, and when; the delay is the same for all, so they are in order.
    owed: VecDeque<(Instant, usize)>,
    delay: Duration,
    token: Vec<u8>,
    list: Vec<u8>,
    counts: Arc<Counts>,
}

impl Cloud {
    /// Starts a cloud on `port` (0: any) whose list has `records` records and comes after `delay`.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn start(port: u16, delay: Duration, records: usize) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut listener = TcpListener::bind(address)?;
        let port = listener.local_addr()?.port();
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let body = list(records);
        let counts = Arc::new(Counts::default());
        let service = Service {
            poll,
            listener,
            peers: BTreeMap::new(),
            next: LISTENER.0,
            owed: VecDeque::new(),
            delay,
            token: answer(TOKEN),
            list: answer(&body),
            counts: Arc::clone(&counts),
        };
        std::thread::Builder::new().name("cloud".to_owned()).spawn(move || {
            if let Err(error) = service.run() {
                eprintln!("load: the scripted cloud failed: {error}");
            }
        })?;
        Ok(Self { port, bytes: body.len(), counts })
    }

    /// Returns what was asked since the last look, on behalf of `target`.
    pub(crate) fn asked(&self, target: &str) -> CloudRow {
        let take = |count: &AtomicUsize| count.swap(0, Ordering::Relaxed);
        CloudRow {
            target: target.to_owned(),
            connections: take(&self.counts.connections),
            tokens: take(&self.counts.tokens),
            lists: take(&self.counts.lists),
            list_bytes: self.bytes,
        }
    }
}

impl Service {
    fn run(mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(1024);
        loop {
            let now = clock::now();
            let wait = self.owed.front().map(|(due, _)| due.saturating_duration_since(now));
            match self.poll.poll(&mut events, wait) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                Ok(()) | Err(_) => {}
            }
            for event in &events {
                if event.token() == LISTENER {
                    self.accept()?;
                } else {
                    self.serve(event.token().0);
                }
            }
            let now = clock::now();
            while let Some((_, id)) = self.owed.pop_front_if(|(due, _)| *due <= now) {
                let list = &self.list;
                let keep = self.peers.get_mut(&id).is_none_or(|peer| peer.send(list).is_ok());
                self.settle(id, keep);
            }
        }
    }

    fn accept(&mut self) -> io::Result<()> {
        loop {
            match self.listener.accept() {
                Ok((mut socket, _)) => {
                    self.next += 1;
                    let interest = Interest::READABLE | Interest::WRITABLE;
                    socket.set_nodelay(true)?;
                    self.poll.registry().register(&mut socket, Token(self.next), interest)?;
                    let peer = Peer { socket, input: Vec::new(), output: VecDeque::new() };
                    self.peers.insert(self.next, peer);
                    self.counts.connections.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn serve(&mut self, id: usize) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let open = peer.receive().is_ok() && peer.send(&[]).is_ok();
        while let Some(is_token) = peer.request() {
            if is_token {
                self.counts.tokens.fetch_add(1, Ordering::Relaxed);
                if peer.send(&self.token).is_err() {
                    break;
                }
            } else {
                self.counts.lists.fetch_add(1, Ordering::Relaxed);
                self.owed.push_back((clock::now() + self.delay, id));
            }
        }
        self.settle(id, open);
    }

    fn settle(&mut self, id: usize, keep: bool) {
        if !keep {
            self.peers.remove(&id);
        }
    }
}

impl Peer {
    /// Takes what has arrived; an error at the end.
    fn receive(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        loop {
            match self.socket.read(&mut buffer) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => self.input.extend_from_slice(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes one complete request off the input; true when it is for a token.
    fn request(&mut self) -> Option<bool> {
        let end = self.input.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(self.input.get(..end)?).into_owned();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let body = length.and_then(|digits| digits.parse().ok()).unwrap_or(0);
        if self.input.len() < end + body {
            return None;
        }
        self.input.drain(..end + body);
        Some(head.starts_with("POST /oauth2"))
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.output.extend(bytes);
        while !self.output.is_empty() {
            match self.socket.write(self.output.as_slices().0) {
                Ok(count) => drop(self.output.drain(..count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn answer(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Returns a list of locations of about 500 bytes each.
fn list(records: usize) -> String {
    let record = |number: usize| {
        format!(
            concat!(
                r#"{{"id":{id},"name":"Branch {number} - R&D","nonEditable":false,"parentId":0,"#,
                r#""upBandwidth":10000,"dnBandwidth":50000,"country":"FRANCE","language":"NONE","#,
                r#""tz":"EUROPE_PARIS","ipAddresses":["203.0.113.{last}"],"authRequired":true,"#,
                r#""sslScanEnabled":false,"xffForwardEnabled":false,"surrogateIP":true,"#,
                r#""idleTimeInMinutes":480,"displayTimeUnit":"HOUR","ofwEnabled":true,"#,
                r#""ipsControl":true,"profile":"CORPORATE","excludeFromDynamicGroups":false,"#,
                r#""description":"Second floor, two uplinks","managedBy":{{"id":{id},"#,
                r#""name":"Network team"}}}}"#
            ),
            id = 1_000_000 + number,
            number = number,
            last = number % 254 + 1
        )
    };
    format!("[{}]", (0..records).map(record).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::{Cloud, list};
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::atomic::Ordering;
    use std::time::Duration;
    use zscaler_mcp::json::{Bounds, read};

    #[test]
    fn the_list_is_json_of_the_size_that_was_asked_for() {
        let text = list(50);
        assert!((22_000..28_000).contains(&text.len()), "{}", text.len());
        assert!(read(text.as_bytes(), Bounds { depth: 8, nodes: 10_000 }).is_ok());
    }

    #[test]
    fn tokens_come_at_once_and_lists_come_later() {
        let cloud = Cloud::start(0, Duration::from_millis(1), 2).unwrap();
        let mut socket = TcpStream::connect(("127.0.0.1", cloud.port)).unwrap();
        let two =
            "POST /oauth2/v1/token HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET /x HTTP/1.1\r\n\r\n";
        socket.write_all(two.as_bytes()).unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"}]") {
            let mut byte = [0];
            socket.read_exact(&mut byte).unwrap();
            seen.push(byte[0]);
        }
        let seen = String::from_utf8(seen).unwrap();
        assert_eq!(seen.matches("HTTP/1.1 200").count(), 2);
        assert!(seen.contains("access_token"));
        assert_eq!(cloud.counts.lists.load(Ordering::Relaxed), 1);
    }
}
