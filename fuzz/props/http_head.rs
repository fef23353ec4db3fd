//! A head that is accepted means the same to a second parser and after it is written again; what
//! the second parser accepts and we do not is on the list in [`may_refuse`].

use httparse::{EMPTY_HEADER, Request, Status};
use zscaler_mcp::http::fault::Fault;
use zscaler_mcp::http::head::{Head, Scan, Scanner, Target, Version, parse};
use zscaler_mcp::limits::{
    FIELD_BYTES_MAX, FIELDS_MAX, HEAD_BYTES_MAX, METHOD_BYTES_MAX, TARGET_BYTES_MAX,
};
use zscaler_mcp::matching::HostName;

use super::kit::heads::METHODS;
use super::kit::wire::known_version;

/// Panics when the property does not hold for the bytes `data`.
pub fn check(data: &[u8]) {
    let scan = Scanner::default().scan(data);
    assert_eq!(in_single_bytes(data), scan, "a split changes where a head ends");
    if parse(data).is_ok() {
        assert_eq!(scan, Scan::Complete(data.len()), "parsed, but not scanned to its end");
    }
    match scan {
        Scan::Complete(end) => match parse(&data[..end]) {
            Ok(head) => {
                is_strict(&data[..end], &head);
                reads_alike(&data[..end], &head);
                survives_writing(&head);
            }
            Err(fault) => second(data, |request, size| may_refuse(fault, data, request, size)),
        },
        Scan::Fault(fault) => second(data, |request, size| may_refuse(fault, data, request, size)),
        Scan::More => second(data, |_, size| panic!("a second parser ends at {size}")),
    }
}

fn in_single_bytes(data: &[u8]) -> Scan {
    let mut scanner = Scanner::default();
    for end in 0..data.len() {
        match scanner.scan(&data[..end]) {
            Scan::More => assert_eq!(scanner.scanned, end, "a byte was skipped"),
            end @ (Scan::Complete(_) | Scan::Fault(_)) => return end,
        }
    }
    scanner.scan(data)
}

/// Calls `judge` when the second parser accepts a head at the front of `data`.
fn second(data: &[u8], judge: impl Fn(&Request<'_, '_>, usize)) {
    let mut room = [EMPTY_HEADER; 2 * FIELDS_MAX];
    let mut request = Request::new(&mut room);
    if let Ok(Status::Complete(size)) = request.parse(data) {
        judge(&request, size);
    }
}

/// The written list of what a second parser accepts and we refuse, and for which fault.
fn may_refuse(fault: Fault, data: &[u8], request: &Request<'_, '_>, size: usize) {
    let (method, target) = (request.method.unwrap(), request.path.unwrap());
    let head = &data[..size];
    let allowed = match fault {
        // Methods nobody here knows.
        Fault::UnknownMethod => METHODS.iter().all(|(name, _)| *name != method),
        // Limits.
        Fault::TargetTooLong => target.len() > TARGET_BYTES_MAX,
        Fault::HeadTooLarge => {
            let mut lines = head.split(|byte| *byte == b'\n').skip(1);
            size > HEAD_BYTES_MAX
                || request.headers.len() > FIELDS_MAX
                || lines.any(|line| line.len() > FIELD_BYTES_MAX)
        }
        Fault::Malformed => {
            method.len() > METHOD_BYTES_MAX
                // Lines that end in LF alone.
                || head.iter().zip([b' '].iter().chain(head)).any(|(b, a)| *b == b'\n' && *a != b'\r')
                // More than one empty line in front.
                || head.starts_with(b"\r\n\r\n")
                // Targets outside RFC 3986, in a form that the method does not have, or with a host
                // that no Host field could name.
                || !is_target(method, target)
        }
        // Of these the second parser accepts none, or they come later.
        Fault::Version
        | Fault::Framing
        | Fault::Coding
        | Fault::BodyTooLarge
        | Fault::Chunk
        | Fault::Expectation
        | Fault::Host => false,
    };
    assert!(allowed, "refused alone for {fault:?}: {}", head.escape_ascii());
}

fn is_target(method: &str, target: &str) -> bool {
    if target == "*" || method == "CONNECT" {
        return target == "*" && method == "OPTIONS";
    }
    let rest = match target.split_once("://") {
        Some((scheme, rest)) if !target.starts_with('/') => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            if !known || HostName::parse(&rest.as_bytes()[..end]).is_none() {
                return false;
            }
            &rest[end..]
        }
        _ if target.starts_with('/') => target,
        _ => return false,
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    is_written(path, "/:@") && is_written(query, "/?:@")
}

/// True when `text` holds unreserved characters, sub-delimiters, `more` and percent triples.
fn is_written(text: &str, more: &str) -> bool {
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default();
    let plain = |piece: &str| {
        let known = |c: char| "-._~!$&'()*+,;=".contains(c) || more.contains(c);
        piece.chars().all(|c| c.is_ascii_alphanumeric() || known(c))
    };
    plain(first)
        && pieces.all(|piece| {
            let digits = piece.as_bytes().iter().take(2).filter(|b| b.is_ascii_hexdigit());
            digits.count() == 2 && plain(&piece[2..])
        })
}

/// The second parser is lenient about line ends and blanks; here each byte has one reading.
fn is_strict(bytes: &[u8], head: &Head<'_>) {
    let text = bytes.strip_prefix(b"\r\n").unwrap_or(bytes);
    let text = text.strip_suffix(b"\r\n\r\n").expect("one empty line at the end");
    let control = |byte: &u8| matches!(byte, 0..=8 | 10..=31 | 127);
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        lines.push(&rest[..end]);
        rest = &rest[end + 2..];
    }
    lines.push(rest);
    assert!(!lines.iter().any(|line| line.iter().any(control)), "{}", bytes.escape_ascii());
    let [first, fields @ ..] = lines.as_slice() else { return };
    let parts: Vec<&[u8]> = first.split(|byte| *byte == b' ').collect();
    assert!(matches!(parts.as_slice(), [_, _, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', _]]));
    assert_eq!(fields.len(), head.fields.len());
    for (line, field) in fields.iter().zip(&head.fields) {
        let value = line.strip_prefix(field.name).and_then(|rest| rest.strip_prefix(b":"));
        let value = value.unwrap_or_else(|| panic!("{}", line.escape_ascii())).trim_ascii();
        assert_eq!(value, field.value.trim_ascii());
    }
}

fn reads_alike(bytes: &[u8], head: &Head<'_>) {
    let normal = known_version(bytes);
    let mut room = [EMPTY_HEADER; FIELDS_MAX];
    let mut request = Request::new(&mut room);
    assert_eq!(request.parse(&normal), Ok(Status::Complete(bytes.len())));
    assert_eq!(request.version, Some(u8::from(head.version == Version::V11)));
    let named = METHODS.iter().find(|(name, _)| Some(*name) == request.method);
    assert_eq!(named.map(|(_, method)| *method), Some(head.method));
    let ours: Vec<_> = head.fields.iter().map(|field| (field.name, field.value)).collect();
    let theirs: Vec<_> =
        request.headers.iter().map(|field| (field.name.as_bytes(), field.value)).collect();
    assert_eq!(ours, theirs);
    let target = request.path.unwrap();
    assert!(is_target(request.method.unwrap(), target), "accepted: {target}");
    if matches!(head.target, Target::Origin { .. } | Target::Asterisk) {
        assert_eq!(written_target(&head.target), target.as_bytes());
    }
}

fn survives_writing(head: &Head<'_>) {
    let (name, _) = METHODS.iter().find(|(_, method)| *method == head.method).unwrap();
    let target = written_target(&head.target);
    // An absolute form without a path gains one byte.
    if target.len() > TARGET_BYTES_MAX {
        return;
    }
    let version: &[u8] = if head.version == Version::V10 { b"1.0" } else { b"1.1" };
    let mut out = [name.as_bytes(), b" ", &target, b" HTTP/", version, b"\r\n"].concat();
    for field in &head.fields {
        out.extend_from_slice(&[field.name, b":", field.value, b"\r\n"].concat());
    }
    out.extend_from_slice(b"\r\n");
    assert_eq!(parse(&out).as_ref(), Ok(head), "{}", out.escape_ascii());
}

fn written_target(target: &Target<'_>) -> Vec<u8> {
    let (start, path, query): (Vec<u8>, &[u8], Option<&[u8]>) = match target {
        Target::Asterisk => return b"*".to_vec(),
        Target::Origin { path, query } => (Vec::new(), path, *query),
        Target::Absolute { https, authority, path, query } => {
            let scheme: &[u8] = if *https { b"https://" } else { b"http://" };
            ([scheme, authority].concat(), path, *query)
        }
    };
    let query = query.map_or_else(Vec::new, |query| [b"?", query].concat());
    [start, path.to_vec(), query].concat()
}
