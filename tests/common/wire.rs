//! A connection of a test. Whoever reads from it, every message that passes is judged against
//! what was asked on it or in its session.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::ops::{Deref, DerefMut};
use std::sync::{LazyLock, Mutex};

use serde_json::Value;

use super::PATIENCE;
use super::valid::{Asked, revision};

/// What was asked in each session, by its id; an answer may come by another connection.
static SESSIONS: LazyLock<Mutex<BTreeMap<String, Asked>>> = LazyLock::new(Mutex::default);

type Judged = Result<(), String>;

/// A stream whose two directions are followed as HTTP. It panics on what is not valid.
pub(crate) struct Wire<S = TcpStream> {
    stream: S,
    requests: Requests,
    heard: Bytes,
    /// The response under way, behind its head.
    response: Option<Response>,
}

impl Wire {
    /// Connects.
    pub(crate) fn to(address: impl ToSocketAddrs) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self::new(stream)
    }
}

impl<S> Wire<S> {
    /// Follows `stream`, on which nothing was said yet.
    pub(crate) fn new(stream: S) -> Self {
        let (requests, heard) = (Requests::default(), Bytes::default());
        Self { stream, requests, heard, response: None }
    }
}

impl<S: Write> Write for Wire<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.stream.write(bytes)?;
        self.requests.push(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl<S: Read> Read for Wire<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(out)?;
        let end = count == 0 && !out.is_empty();
        self.hear(&out[..count], end).unwrap_or_else(|fault| panic!("{fault}"));
        Ok(count)
    }
}

impl<S> Deref for Wire<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.stream
    }
}

impl<S> DerefMut for Wire<S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.stream
    }
}

impl<S> Wire<S> {
    fn hear(&mut self, bytes: &[u8], end: bool) -> Judged {
        self.heard.push(bytes);
        loop {
            if self.response.is_none() {
                let Some(head) = self.heard.head() else { break };
                self.response = self.begin(&head)?;
                continue;
            }
            let Some(response) = &mut self.response else { break };
            let complete = response.rest.take(&mut self.heard, &mut response.body);
            response.events()?;
            if !complete && !end {
                break;
            }
            if let Some(response) = self.response.take() {
                response.judge()?;
            }
            if end {
                break;
            }
        }
        Ok(())
    }

    /// Returns the response that `head` begins, if it is more than a head.
    fn begin(&mut self, head: &Head) -> Result<Option<Response>, String> {
        let status = head.first.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        let status = status.ok_or_else(|| format!("not HTTP: {:?}", head.first))?;
        if status == "100" {
            return Ok(None);
        }
        let asked = self.requests.next();
        let kind = head.field("content-type").unwrap_or_default().to_owned();
        if asked.first.starts_with("HEAD ") || ["204", "304"].contains(&status) {
            return Ok(None);
        }
        let rest = Rest::of(head).unwrap_or(Rest::End);
        let opened = head.field("mcp-session-id").map(str::to_owned);
        Ok(Some(Response { asked, kind, rest, opened, body: Vec::new() }))
    }
}

/// Bytes of which the front has been used.
#[derive(Default)]
struct Bytes {
    all: Vec<u8>,
    used: usize,
    /// What has been looked through for the end of a head or line.
    searched: usize,
}

impl Bytes {
    fn push(&mut self, bytes: &[u8]) {
        self.all.drain(..self.used);
        self.searched = self.searched.saturating_sub(self.used);
        self.used = 0;
        self.all.extend_from_slice(bytes);
    }

    fn head(&mut self) -> Option<Head> {
        while self.all[self.used..].starts_with(b"\r\n") {
            self.used += 2;
        }
        self.through(b"\r\n\r\n").map(|text| Head::of(&text))
    }

    /// Takes all before `mark`, and the mark.
    fn through(&mut self, mark: &[u8]) -> Option<String> {
        let from = self.searched.max(self.used);
        let found = self.all[from..].windows(mark.len()).position(|part| part == mark);
        let Some(at) = found else {
            self.searched = (self.all.len() + 1).saturating_sub(mark.len());
            return None;
        };
        let text = String::from_utf8_lossy(&self.all[self.used..from + at]).into_owned();
        self.used = from + at + mark.len();
        Some(text)
    }

    /// Moves at most `count` bytes to `out` and returns how many that were.
    fn take(&mut self, count: usize, out: &mut Vec<u8>) -> usize {
        let end = self.all.len().min(self.used.saturating_add(count));
        let taken = &self.all[self.used..end];
        out.extend_from_slice(taken);
        let count = taken.len();
        self.used = end;
        count
    }
}

/// A line and fields, of a request or of a response.
#[derive(Default)]
struct Head {
    first: String,
    fields: Vec<(String, String)>,
}

impl Head {
    fn of(text: &str) -> Self {
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let fields = lines.filter_map(|line| line.split_once(':'));
        let fields = fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        Self { first, fields: fields.collect() }
    }

    fn field(&self, name: &str) -> Option<&str> {
        let mut same = self.fields.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        same.next().map(|(_, value)| value.as_str())
    }
}

/// What is still to come of a body.
enum Rest {
    Length(usize),
    Chunks {
        left: usize,
    },
    Trailer,
    /// The body ends with the connection.
    End,
}

impl Rest {
    /// Returns what the fields of `head` promise, if they promise a body.
    fn of(head: &Head) -> Option<Self> {
        if head.field("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            return Some(Self::Chunks { left: 0 });
        }
        head.field("content-length")?.parse().ok().map(Self::Length)
    }

    /// Moves what has come to `body`; true when that is all of it.
    fn take(&mut self, bytes: &mut Bytes, body: &mut Vec<u8>) -> bool {
        loop {
            match self {
                Self::Length(left) => {
                    *left -= bytes.take(*left, body);
                    return *left == 0;
                }
                Self::Chunks { left: 0 } => {
                    let Some(line) = bytes.through(b"\r\n") else { return false };
                    let size = line.split(';').next().unwrap_or_default();
                    *self = match usize::from_str_radix(size, 16) {
                        // The end of the chunk before this one.
                        Err(_) => Self::Chunks { left: 0 },
                        Ok(0) => Self::Trailer,
                        Ok(left) => Self::Chunks { left },
                    };
                }
                Self::Chunks { left } => {
                    *left -= bytes.take(*left, body);
                    if *left > 0 {
                        return false;
                    }
                }
                Self::Trailer => match bytes.through(b"\r\n") {
                    Some(line) if line.is_empty() => return true,
                    Some(_) => {}
                    None => return false,
                },
                Self::End => {
                    bytes.take(usize::MAX, body);
                    return false;
                }
            }
        }
    }
}

/// A request as far as it was sent.
#[derive(Default)]
struct Request {
    first: String,
    version: Option<String>,
    session: Option<String>,
    asked: Asked,
}

impl Request {
    fn of(head: &Head) -> Self {
        let query = head.first.split(' ').nth(1).and_then(|target| session_of(target));
        let session = head.field("mcp-session-id").or(query).map(str::to_owned);
        let version = head.field("mcp-protocol-version").map(str::to_owned);
        Self { first: head.first.clone(), version, session, asked: Asked::default() }
    }

    fn asks(&mut self, body: &[u8]) {
        let Ok(message) = serde_json::from_slice(body) else { return };
        self.asked.note(&message);
        if let Some(session) = &self.session {
            let mut sessions = SESSIONS.lock().unwrap();
            sessions.entry(session.clone()).or_default().note(&message);
        }
    }

    /// Everything that an answer to this may be about.
    fn context(&self) -> Asked {
        let sessions = SESSIONS.lock().unwrap();
        let session = self.session.as_ref().and_then(|id| sessions.get(id));
        let sent = self.version.as_deref().map(revision);
        let mut all = session.cloned().unwrap_or_default();
        all.revision = match sent {
            // Not one of those with a handshake, and so not that of the session.
            Some(sent) if sent == revision("") => Some(sent),
            sent => all.revision.or(sent),
        };
        all.extend(&self.asked);
        all
    }
}

/// Returns the session that an address of HTTP+SSE names.
fn session_of(target: &str) -> Option<&str> {
    target.split_once("session_id=").map(|(_, id)| id)
}

/// The requests of a connection that are not answered yet.
#[derive(Default)]
struct Requests {
    sent: Bytes,
    complete: VecDeque<Request>,
    current: Option<(Request, Rest, Vec<u8>)>,
}

impl Requests {
    fn push(&mut self, bytes: &[u8]) {
        self.sent.push(bytes);
        loop {
            if self.current.is_none() {
                let Some(head) = self.sent.head() else { break };
                let rest = Rest::of(&head).unwrap_or(Rest::Length(0));
                self.current = Some((Request::of(&head), rest, Vec::new()));
            }
            let Some((_, rest, body)) = &mut self.current else { break };
            if !rest.take(&mut self.sent, body) {
                break;
            }
            if let Some((mut request, _, body)) = self.current.take() {
                request.asks(&body);
                self.complete.push_back(request);
            }
        }
    }

    /// Returns the one that is answered next; a server may answer before it has read all.
    fn next(&mut self) -> Request {
        let first = self.complete.pop_front();
        first.or_else(|| self.current.take().map(|(request, ..)| request)).unwrap_or_default()
    }
}

/// A response with what it answers.
struct Response {
    asked: Request,
    kind: String,
    rest: Rest,
    opened: Option<String>,
    body: Vec<u8>,
}

impl Response {
    /// Judges the whole body.
    fn judge(mut self) -> Judged {
        if self.kind == "text/event-stream" {
            return self.events();
        }
        let health = ["/health", "/healthz", "/ready"];
        let path = self.asked.first.split(' ').nth(1).unwrap_or_default();
        if self.body.is_empty() || (health.contains(&path) && self.body == br#"{"status":"ok"}"#) {
            return Ok(());
        }
        if self.kind != "application/json" {
            return Err(format!("a body of type {:?}", self.kind));
        }
        let body = std::mem::take(&mut self.body);
        self.message(&body)
    }

    /// Judges the events that are complete.
    fn events(&mut self) -> Judged {
        if self.kind != "text/event-stream" {
            return Ok(());
        }
        while let Some(end) = self.body.windows(2).position(|pair| pair == b"\n\n") {
            let event: Vec<u8> = self.body.drain(..end + 2).collect();
            self.event(&String::from_utf8_lossy(&event))?;
        }
        Ok(())
    }

    fn event(&mut self, event: &str) -> Judged {
        let (mut name, mut data) = ("message", String::new());
        for line in event.lines() {
            match line.split_once(": ").unwrap_or((line, "")) {
                ("event", value) => name = value,
                ("data", value) => data.push_str(value),
                ("id" | "retry", _) => {}
                _ if line.is_empty() || line.starts_with(':') => {}
                _ => return Err(format!("no line of an event: {line:?}")),
            }
        }
        match name {
            "message" if data.is_empty() => Ok(()),
            "message" => self.message(data.as_bytes()),
            "endpoint" => {
                self.asked.session = session_of(&data).map(str::to_owned);
                Ok(())
            }
            _ => Err(format!("no event of the protocol: {name:?}")),
        }
    }

    fn message(&self, text: &[u8]) -> Judged {
        let message: Value = serde_json::from_slice(text)
            .map_err(|fault| format!("{fault}: {}", text.escape_ascii()))?;
        let asked = self.asked.context();
        asked.judge(&message)?;
        let session = self.opened.as_ref().or(self.asked.session.as_ref());
        if let (Some(settled), Some(session)) = (asked.settled(&message), session) {
            let mut sessions = SESSIONS.lock().unwrap();
            sessions.entry(session.clone()).or_default().revision = Some(settled);
        }
        Ok(())
    }
}
