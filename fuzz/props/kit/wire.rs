//! HTTP as another program reads it, written with a second parser and as simply as possible.

use httparse::{EMPTY_HEADER, Request, Response, Status, parse_chunk_size};

/// Field lines for which there is room, more than any limit allows.
const FIELDS: usize = 256;

/// A request of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Method as sent.
    pub method: String,
    /// The body, when all of it is there.
    pub body: Option<Vec<u8>>,
}

/// Reads the requests in `wire` one behind the other. The last may be cut off or no request at all;
/// then it has no body.
pub fn requests(mut wire: &[u8]) -> Vec<Message> {
    let mut found = Vec::new();
    while !wire.is_empty() {
        let start = wire.strip_prefix(b"\r\n").unwrap_or(wire);
        let end = start.iter().position(|byte| *byte == b' ').unwrap_or(0);
        let method = String::from_utf8_lossy(&start[..end]).into_owned();
        let Some((body, used)) = request(wire) else {
            found.push(Message { method, body: None });
            return found;
        };
        found.push(Message { method, body: Some(body) });
        wire = &wire[used..];
    }
    found
}

/// Reads one request; returns its body and its length.
fn request(wire: &[u8]) -> Option<(Vec<u8>, usize)> {
    // The second parser knows two minor versions only; later ones are read as the last.
    let wire = &known_version(wire);
    let mut room = [EMPTY_HEADER; FIELDS];
    let mut head = Request::new(&mut room);
    let Ok(Status::Complete(size)) = head.parse(wire) else { return None };
    let values = |name: &str| {
        let of_name = head.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        of_name.map(|field| field.value.to_ascii_lowercase()).collect::<Vec<_>>()
    };
    let (lengths, codings) = (values("content-length"), values("transfer-encoding"));
    let (body, used) = match (lengths.as_slice(), codings.as_slice()) {
        ([], []) => (Vec::new(), 0),
        ([length], []) => {
            let length: usize = std::str::from_utf8(length).ok()?.parse().ok()?;
            (wire[size..].get(..length)?.to_vec(), length)
        }
        ([], [coding]) if coding == b"chunked" => dechunked(&wire[size..])?,
        _ => return None,
    };
    Some((body, size + used))
}

/// Returns `wire` with the minor version of its first line as 1 where it is 2 to 9.
pub fn known_version(wire: &[u8]) -> Vec<u8> {
    let mut out = wire.to_vec();
    let skip = if wire.starts_with(b"\r\n") { 2 } else { 0 };
    let line = wire[skip..].windows(2).position(|pair| pair == b"\r\n").unwrap_or(0) + skip;
    if let Some(digit) = line.checked_sub(1).and_then(|last| out.get_mut(last))
        && (b'2'..=b'9').contains(digit)
        && wire[..line].len() >= 8
        && wire[line - 8..].starts_with(b"HTTP/1.")
    {
        *digit = b'1';
    }
    out
}

/// Reads a chunked body with its trailer; returns it and the length of its form on the wire.
pub fn dechunked(wire: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (body, used, ended) = chunks(wire)?;
    if !ended {
        return None;
    }
    let mut end = used;
    loop {
        let line = wire[end..].windows(2).position(|pair| pair == b"\r\n")?;
        end += line + 2;
        if line == 0 {
            return Some((body, end));
        }
    }
}

/// Reads chunks as far as they are there: data, bytes used, and whether the last one was seen.
fn chunks(wire: &[u8]) -> Option<(Vec<u8>, usize, bool)> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let (line, size) = match parse_chunk_size(&wire[at..]) {
            Ok(Status::Complete(found)) => found,
            Ok(Status::Partial) => return Some((body, at, false)),
            Err(_) => return None,
        };
        let size = usize::try_from(size).ok()?;
        let data = &wire[at + line..];
        if size == 0 {
            return Some((body, at + line, true));
        }
        if data.len() < size + 2 {
            return Some((body, at, false));
        }
        body.extend_from_slice(&data[..size]);
        if &data[size..size + 2] != b"\r\n" {
            return None;
        }
        at += line + size + 2;
    }
}

/// An answer as a client reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// True when it says that the connection ends.
    pub close: bool,
    /// The body, without its framing; empty for an answer to HEAD.
    pub body: Vec<u8>,
    /// True when all of it is there.
    pub whole: bool,
}

/// Reads every answer in `bytes`, interim ones included. Only the last may be cut off. A body that
/// is not there although its length is named belongs to an answer to HEAD.
///
/// Panics when the bytes are no answers or frame one in two ways.
pub fn answers(mut bytes: &[u8]) -> Vec<Answer> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let mut room = [EMPTY_HEADER; FIELDS];
        let mut head = Response::new(&mut room);
        let size = match head.parse(bytes) {
            Ok(Status::Complete(size)) => size,
            Ok(Status::Partial) => {
                found.push(Answer { status: 0, close: false, body: Vec::new(), whole: false });
                return found;
            }
            Err(error) => panic!("no answer ({error}): {}", bytes.escape_ascii()),
        };
        let value = |name: &str| {
            let mut all = head.headers.iter().filter(|f| f.name.eq_ignore_ascii_case(name));
            let value = all.next().map(|f| String::from_utf8(f.value.to_vec()).unwrap());
            assert!(all.next().is_none(), "{name} stands twice");
            value
        };
        let status = head.code.unwrap();
        let close = value("connection").as_deref() == Some("close");
        let framing = (value("content-length"), value("transfer-encoding"));
        let rest = &bytes[size..];
        let (body, used, whole) = framed(status, close, framing, rest);
        found.push(Answer { status, close, body, whole });
        bytes = &rest[used..];
    }
    found
}

fn framed(
    status: u16,
    close: bool,
    framing: (Option<String>, Option<String>),
    rest: &[u8],
) -> (Vec<u8>, usize, bool) {
    match framing {
        (None, None) if matches!(status, 100 | 204) => (Vec::new(), 0, true),
        (Some(_), _) | (_, Some(_)) if matches!(status, 100 | 204) => {
            panic!("{status} names a length")
        }
        (Some(length), None) => {
            let length: usize = length.parse().unwrap();
            if length > 0 && (rest.is_empty() || rest.starts_with(b"HTTP/1.1 ")) {
                return (Vec::new(), 0, true);
            }
            let body = rest.get(..length).unwrap_or(rest);
            (body.to_vec(), body.len(), body.len() == length)
        }
        (None, Some(coding)) => {
            assert_eq!(coding, "chunked");
            let (body, used, ended) = chunks(rest).expect("chunks");
            if !ended {
                return (body, rest.len(), false);
            }
            let tail = &rest[used..];
            if tail.len() < 2 {
                return (body, rest.len(), false);
            }
            assert_eq!(&tail[..2], b"\r\n", "no trailer is written");
            (body, used + 2, true)
        }
        (None, None) => {
            assert!(close, "a body without a length ends with the connection");
            (rest.to_vec(), rest.len(), true)
        }
        (Some(_), Some(_)) => panic!("two length rules"),
    }
}
