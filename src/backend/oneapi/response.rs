//! Zone: post-admission. The response reader (RFC 9112 s4, s6.3), as strict as the request parser.
//!
//! Takes an answer apart in pieces of any size, with the scanner, the field grammar and the body
//! decoder of the server. Trusts no length beyond a little room: memory grows with the bytes that
//! arrived, up to the bound of the caller. A doubt about where an answer ends is a fault.

use crate::backend::oneapi::retry::{Hint, hint, is_spent, span};
use crate::backend::{ApiBody, ApiResponse};
use crate::base::bytes::list_items;
use crate::http::body::{Decoder, Length, Step, exact, is_chunked};
use crate::http::fault::Fault;
use crate::http::head::{Field, Scan, Scanner, fields};
use crate::json::{self, Bounds};
use crate::limits::{JSON_DEPTH_MAX, UPSTREAM_INTERIM_MAX, UPSTREAM_NODES_MAX};

/// Largest body in which a time to wait is looked for.
const HINT_BYTES_MAX: usize = 1_024;

/// Most bytes kept free for a body because its length was announced.
const ROOM_BYTES_MAX: usize = 64 * 1024;

/// A complete answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// When the service says a repetition makes sense.
    pub hint: Option<Hint>,
    /// True when the service says that it will refuse requests until then.
    pub spent: bool,
    /// True when the connection can carry another request.
    pub keeps: bool,
    /// True when the body is said to be JSON.
    pub is_json: bool,
    /// Body as sent.
    pub body: Vec<u8>,
}

/// Reads one answer.
#[derive(Debug)]
pub struct Reader {
    state: State,
    max: usize,
    interim: u32,
    tunnel: bool,
}

#[derive(Debug)]
enum State {
    Head(Scanner, Vec<u8>),
    Body(Answer, Decoder),
    UntilClose(Answer),
    Done(Answer),
    Failed(Fault),
}

/// What stands in a head.
struct Head {
    answer: Answer,
    length: Extent,
}

enum Extent {
    Nothing,
    Framed(Length),
    UntilClose,
}

impl Reader {
    /// Returns the reader of an answer whose body has at most `max` bytes.
    #[must_use]
    pub fn new(max: usize) -> Self {
        let state = State::Head(Scanner::response(), Vec::new());
        Self { state, max, interim: 0, tunnel: false }
    }

    /// Returns the reader of the answer to CONNECT: it ends with its head.
    #[must_use]
    pub fn tunnel() -> Self {
        Self { tunnel: true, ..Self::new(0) }
    }

    /// Takes the next bytes; true when the answer is complete.
    ///
    /// # Errors
    /// [`Fault`] when it never will be; the reader then answers the same for ever.
    pub fn feed(&mut self, input: &[u8]) -> Result<bool, Fault> {
        let state = core::mem::replace(&mut self.state, State::Failed(Fault::Malformed));
        self.state = self.step(state, input).unwrap_or_else(State::Failed);
        match &self.state {
            State::Failed(fault) => Err(*fault),
            State::Done(_) => Ok(true),
            State::Head(..) | State::Body(..) | State::UntilClose(_) => Ok(false),
        }
    }

    /// Returns the answer when the other end has closed in order; `None` when it is cut off.
    #[must_use]
    pub fn finish(self) -> Option<Answer> {
        match self.state {
            State::Done(answer) | State::UntilClose(answer) => Some(answer),
            State::Head(..) | State::Body(..) | State::Failed(_) => None,
        }
    }

    /// True before the first byte of an answer.
    #[must_use]
    pub const fn is_untouched(&self) -> bool {
        match &self.state {
            State::Head(scanner, _) => scanner.scanned == 0 && self.interim == 0,
            State::Body(..) | State::UntilClose(_) | State::Done(_) | State::Failed(_) => false,
        }
    }

    fn step(&mut self, state: State, input: &[u8]) -> Result<State, Fault> {
        match state {
            State::Head(scanner, mut seen) => {
                seen.extend_from_slice(input);
                self.head(scanner, seen)
            }
            State::Body(answer, decoder) => body(answer, decoder, input),
            State::UntilClose(mut answer) => {
                if answer.body.len().saturating_add(input.len()) > self.max {
                    return Err(Fault::BodyTooLarge);
                }
                answer.body.extend_from_slice(input);
                Ok(State::UntilClose(answer))
            }
            State::Done(answer) if self.opens(&answer) && !input.is_empty() => Err(Fault::Framing),
            // What follows an answer that nobody asked for spoils the connection.
            State::Done(answer) => {
                let keeps = answer.keeps && input.is_empty();
                Ok(State::Done(Answer { keeps, ..answer }))
            }
            State::Failed(fault) => Err(fault),
        }
    }

    fn head(&mut self, mut scanner: Scanner, mut seen: Vec<u8>) -> Result<State, Fault> {
        loop {
            let end = match scanner.scan(&seen) {
                Scan::More => return Ok(State::Head(scanner, seen)),
                Scan::Fault(fault) => return Err(fault),
                Scan::Complete(end) => end,
            };
            let (head, rest) = seen.split_at_checked(end).ok_or(Fault::Malformed)?;
            let Head { answer, length } = parse(head, self.max, self.tunnel)?;
            if answer.status >= 200 {
                return self.begin(answer, length, rest);
            }
            self.interim = self.interim.saturating_add(1);
            if self.interim > UPSTREAM_INTERIM_MAX || answer.status == 101 {
                return Err(Fault::Malformed);
            }
            seen = rest.to_vec();
            scanner = Scanner::response();
        }
    }

    fn begin(&self, answer: Answer, length: Extent, rest: &[u8]) -> Result<State, Fault> {
        match length {
            Extent::Nothing if self.opens(&answer) && !rest.is_empty() => Err(Fault::Framing),
            Extent::Nothing => {
                let keeps = answer.keeps && rest.is_empty();
                Ok(State::Done(Answer { keeps, ..answer }))
            }
            Extent::Framed(length) => {
                let answer = Answer { body: room_for(length), ..answer };
                body(answer, Decoder::new(length, self.max), rest)
            }
            Extent::UntilClose if rest.len() > self.max => Err(Fault::BodyTooLarge),
            Extent::UntilClose => Ok(State::UntilClose(Answer { body: rest.to_vec(), ..answer })),
        }
    }

    /// True when a tunnel begins behind `answer`: bytes of its other end that come before anything
    /// was asked through it are a fault, whether or not they come with the head.
    const fn opens(&self, answer: &Answer) -> bool {
        self.tunnel && matches!(answer.status, 200..=299)
    }
}

impl Answer {
    /// Returns the answer as the tools see it. The JSON of a success stays as it was sent for the
    /// one pass that makes the result; that of an error, which is short, is read here.
    #[must_use]
    pub fn read(self) -> ApiResponse {
        let status = self.status;
        let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: UPSTREAM_NODES_MAX };
        let text = |bytes: &[u8]| ApiBody::Text(String::from_utf8_lossy(bytes).into_owned());
        let body = if self.body.iter().all(u8::is_ascii_whitespace) {
            ApiBody::Empty
        } else if !self.is_json {
            text(&self.body)
        } else if matches!(status, 200..=299) {
            ApiBody::Encoded(self.body)
        } else {
            json::read(&self.body, bounds).map_or_else(|_no_json| text(&self.body), ApiBody::Json)
        };
        ApiResponse { status, body }
    }

    /// Returns when the service says that a repetition makes sense; ZIA may say it in the body of
    /// a 429 only.
    #[must_use]
    pub fn when(&self) -> Option<Hint> {
        if self.hint.is_some() || self.status != 429 || self.body.len() > HINT_BYTES_MAX {
            return self.hint;
        }
        let bounds = Bounds { depth: 8, nodes: 64 };
        let body = json::read(&self.body, bounds).ok()?;
        span(body.get("Retry-After")?.as_str()?.as_bytes())
    }

    /// True when the answer says that another session holds the configuration of ZIA.
    #[must_use]
    pub fn is_edit_lock(&self) -> bool {
        const WORD: &[u8] = b"EDIT_LOCK_NOT_AVAILABLE";
        self.status == 409 && self.body.windows(WORD.len()).any(|window| window == WORD)
    }
}

/// Returns a buffer that a common body fits into, so that it need not grow.
fn room_for(length: Length) -> Vec<u8> {
    match length {
        Length::Exact(bytes) => Vec::with_capacity(bytes.min(ROOM_BYTES_MAX)),
        Length::Chunked => Vec::new(),
    }
}

fn body(mut answer: Answer, mut decoder: Decoder, input: &[u8]) -> Result<State, Fault> {
    match decoder.feed(input, &mut answer.body)? {
        Step::More(_) => Ok(State::Body(answer, decoder)),
        Step::Done(used) => {
            let keeps = answer.keeps && used == input.len();
            Ok(State::Done(Answer { keeps, ..answer }))
        }
    }
}

/// Returns what the head in `bytes` says.
fn parse(bytes: &[u8], max: usize, tunnel: bool) -> Result<Head, Fault> {
    let end = bytes.iter().position(|byte| *byte == b'\r').ok_or(Fault::Malformed)?;
    let (line, rest) = bytes.split_at_checked(end).ok_or(Fault::Malformed)?;
    let (minor, status) = status_line(line)?;
    let fields = fields(rest.strip_prefix(b"\r\n").ok_or(Fault::Malformed)?)?;
    let named = |name: &'static [u8]| {
        let found = fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
        found.map(|field| field.value)
    };
    let identity = |value: &[u8]| value.eq_ignore_ascii_case(b"identity");
    if !named(b"content-encoding").flat_map(list_items).all(identity) {
        return Err(Fault::Coding);
    }
    let close = |value: &[u8]| value.eq_ignore_ascii_case(b"close");
    let closes = minor == b'0' || named(b"connection").flat_map(list_items).any(close);
    let bare = matches!(status, 100..=199 | 204 | 304) || tunnel;
    let length = if bare { Extent::Nothing } else { extent(&fields, minor, max)? };
    // A body that may not be there is not looked for, and the connection is not used again.
    let announced = named(b"content-length").any(|value| value != b"0")
        || named(b"transfer-encoding").next().is_some();
    let open_ended = matches!(length, Extent::UntilClose) || (bare && announced);
    let keeps = !closes && !open_ended;
    let is_json = named(b"content-type").any(is_json);
    let (hint, spent) = (hint(&fields), is_spent(&fields));
    let answer = Answer { status, hint, spent, keeps, is_json, body: Vec::new() };
    Ok(Head { answer, length })
}

/// Returns minor version digit and status.
fn status_line(line: &[u8]) -> Result<(u8, u16), Fault> {
    let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor, b' ', a, b, c, rest @ ..] = line else {
        return Err(Fault::Malformed);
    };
    // The blank before the reason is part of the grammar even when there is no reason.
    if !matches!(minor, b'0' | b'1') || rest.first() != Some(&b' ') {
        return Err(Fault::Malformed);
    }
    let digits = core::str::from_utf8(&[*a, *b, *c]).ok().and_then(|text| text.parse().ok());
    match digits {
        Some(status @ 100..=599) => Ok((*minor, status)),
        Some(_) | None => Err(Fault::Malformed),
    }
}

/// Returns how far the body reaches (RFC 9112 s6.3), refusing what readers disagree about.
fn extent(fields: &[Field<'_>], minor: u8, max: usize) -> Result<Extent, Fault> {
    let (mut coding, mut length) = (None, None);
    for field in fields {
        let slot = if field.name.eq_ignore_ascii_case(b"transfer-encoding") {
            &mut coding
        } else if field.name.eq_ignore_ascii_case(b"content-length") {
            &mut length
        } else {
            continue;
        };
        if slot.replace(field.value).is_some() {
            return Err(Fault::Framing);
        }
    }
    match (coding, length) {
        (None, None) => Ok(Extent::UntilClose),
        (None, Some(digits)) => exact(digits, max).map(Extent::Framed),
        (Some(value), None) if minor == b'1' => match is_chunked(value) {
            Some(true) => Ok(Extent::Framed(Length::Chunked)),
            Some(false) => Err(Fault::Coding),
            None => Err(Fault::Framing),
        },
        (Some(_), _) => Err(Fault::Framing),
    }
}

/// True for `application/json` and types that end in `+json`, whatever the parameters.
fn is_json(value: &[u8]) -> bool {
    let kind = value.split(|byte| *byte == b';').next().unwrap_or(value).trim_ascii();
    let kind = kind.to_ascii_lowercase();
    kind == b"application/json" || kind.ends_with(b"+json")
}

#[cfg(test)]
mod tests {
    use super::{Answer, Fault, Hint, Reader};
    use crate::backend::ApiBody;

    fn read(bytes: &[u8]) -> Result<Option<Answer>, Fault> {
        let mut reader = Reader::new(100);
        reader.feed(bytes)?;
        Ok(reader.finish())
    }

    fn body(text: &str) -> Result<Option<String>, Fault> {
        let answer = read(text.as_bytes())?;
        Ok(answer.map(|answer| String::from_utf8(answer.body).unwrap()))
    }

    #[test]
    fn lengths_are_decided_by_one_rule() {
        for (name, text, expected) in [
            ("length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", Ok(Some("ab"))),
            ("until close", "HTTP/1.1 200 OK\r\n\r\nab", Ok(Some("ab"))),
            ("version 1.0", "HTTP/1.0 200 OK\r\n\r\nab", Ok(Some("ab"))),
            ("no reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", Ok(Some(""))),
            (
                "chunked",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
                Ok(Some("ab")),
            ),
            ("no content", "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", Ok(Some(""))),
            (
                "after an interim answer",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
                Ok(Some("x")),
            ),
            ("cut off", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", Ok(None)),
            ("half a head", "HTTP/1.1 200 OK\r\nContent-Le", Ok(None)),
            (
                "both",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
                Err(Fault::Framing),
            ),
            (
                "twice",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab",
                Err(Fault::Framing),
            ),
            ("gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Err(Fault::Coding)),
            ("coded", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", Err(Fault::Coding)),
            ("large", "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", Err(Fault::BodyTooLarge)),
            (
                "chunked 1.0",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                Err(Fault::Framing),
            ),
            ("no blank", "HTTP/1.1 200\r\n\r\n", Err(Fault::Malformed)),
            ("version 2", "HTTP/2.0 200 OK\r\n\r\n", Err(Fault::Malformed)),
            ("status", "HTTP/1.1 99 X\r\n\r\n", Err(Fault::Malformed)),
            ("large status", "HTTP/1.1 600 X\r\n\r\n", Err(Fault::Malformed)),
            ("bare LF", "HTTP/1.1 200 OK\n\n", Err(Fault::Malformed)),
            ("folded", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", Err(Fault::Malformed)),
            ("switching", "HTTP/1.1 101 X\r\n\r\n", Err(Fault::Malformed)),
            ("not HTTP", "<html>", Ok(None)),
        ] {
            let found = body(text);
            assert_eq!(
                found.as_ref().map(Option::as_deref),
                expected.as_ref().map(|e| *e),
                "{name}"
            );
        }
        assert_eq!(read(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(9)), Err(Fault::Malformed));
        let long = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(101));
        assert_eq!(read(long.as_bytes()), Err(Fault::BodyTooLarge));
    }

    #[test]
    fn any_split_gives_the_same_answer() {
        let text = b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 429 Slow\r\nRetry-After: 7\r\n\
            Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n\
            3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nT: u\r\n\r\n";
        let whole = read(text).unwrap().unwrap();
        assert!(whole.keeps && whole.is_json && whole.hint.is_some());
        for first in 0..text.len() {
            for second in first..text.len() {
                let mut reader = Reader::new(100);
                assert!(reader.is_untouched());
                for piece in [&text[..first], &text[first..second]] {
                    assert_eq!(reader.feed(piece), Ok(false));
                }
                assert_eq!(reader.feed(&text[second..]), Ok(true));
                assert_eq!(reader.finish().as_ref(), Some(&whole));
            }
        }
    }

    #[test]
    fn only_a_clear_end_keeps_the_connection() {
        for (name, text, expected) in [
            ("plain", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true),
            (
                "close",
                "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n",
                false,
            ),
            ("1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false),
            ("more bytes", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/", false),
            ("no content", "HTTP/1.1 204 X\r\n\r\n", true),
            ("no content with length", "HTTP/1.1 204 X\r\nContent-Length: 4\r\n\r\n", false),
            ("until close", "HTTP/1.1 200 OK\r\n\r\n", false),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap().unwrap().keeps, expected, "{name}");
        }
    }

    #[test]
    fn a_body_is_what_it_says() {
        let answer = |status, is_json, body: &str| Answer {
            status,
            hint: None,
            spent: false,
            keeps: true,
            is_json,
            body: body.into(),
        };
        let body = r#"{"message":"Rate Limit (1/SECOND) exceeded","Retry-After":"3 seconds"}"#;
        assert_eq!(answer(429, true, body).when(), Some(Hint::Seconds(3)));
        assert_eq!(answer(503, true, body).when(), None);
        assert_eq!(answer(429, true, "{}").when(), None);
        let of = |status, is_json, body| answer(status, is_json, body).read().body;
        assert_eq!(of(200, true, "[1]"), ApiBody::Encoded(b"[1]".into()));
        assert_eq!(of(200, true, " \r\n"), ApiBody::Empty);
        assert!(of(200, true, "<html>").into_json().is_err());
        assert!(of(200, true, r#"{"a":1,"a":2}"#).into_json().is_err());
        assert!(matches!(of(404, true, "{}"), ApiBody::Json(_)));
        assert!(matches!(of(502, true, "<html>"), ApiBody::Text(_)));
        assert!(matches!(of(200, false, "[1]"), ApiBody::Text(_)));
    }
}
