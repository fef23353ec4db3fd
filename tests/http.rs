//! HTTP messages: what is accepted, what is refused and why, with near misses; and the laws that
//! hold for every input: splits do not matter, a second parser agrees, nothing can be injected.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use zscaler_mcp::http::body::{Decoder, Length, Step, length};
use zscaler_mcp::http::fault::Fault;
use zscaler_mcp::http::head::{Head, Method, One, Scan, Scanner, Target, Version, parse};
use zscaler_mcp::http::response::{self, Common, Framing, Status};
use zscaler_mcp::http::sse;
use zscaler_mcp::limits::{
    BODY_BYTES_MAX, CHUNK_EXT_BODY_MAX, CHUNK_EXT_LINE_MAX, FIELD_BYTES_MAX, FIELDS_MAX,
    HEAD_BYTES_MAX, METHOD_BYTES_MAX, TARGET_BYTES_MAX, TRAILER_BYTES_MAX,
};

const MAX: usize = 1_000;

/// The verdict of scanner and parser together, as a connection uses them.
fn verdict(input: &[u8]) -> Option<Result<Head<'_>, Fault>> {
    match Scanner::default().scan(input) {
        Scan::More => None,
        Scan::Complete(end) => Some(parse(&input[..end])),
        Scan::Fault(fault) => Some(Err(fault)),
    }
}

fn scan_in_pieces(input: &[u8], cuts: &[usize]) -> Scan {
    let mut scanner = Scanner::default();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (input.len() + 1)).collect();
    cuts.sort_unstable();
    for cut in cuts {
        let before = scanner.scanned;
        match scanner.scan(&input[..cut]) {
            Scan::More => assert_eq!(scanner.scanned, cut.max(before), "a byte was skipped"),
            end @ (Scan::Complete(_) | Scan::Fault(_)) => return end,
        }
    }
    scanner.scan(input)
}

/// Outcome of a body: what was decoded, and how many bytes it had or why it was refused.
#[derive(Debug, PartialEq)]
struct Decoded {
    body: Vec<u8>,
    end: Result<Option<usize>, Fault>,
}

fn decode_in_pieces(rule: Length, max: usize, input: &[u8], cuts: &[usize]) -> Decoded {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (input.len() + 1)).collect();
    cuts.push(input.len());
    cuts.sort_unstable();
    let (mut decoder, mut body, mut from) = (Decoder::new(rule, max), Vec::new(), 0);
    for cut in cuts {
        match decoder.feed(&input[from..cut], &mut body) {
            Ok(Step::More(used)) => {
                assert_eq!(from + used, cut, "bytes were left while the body goes on");
                from = cut;
            }
            Ok(Step::Done(used)) => {
                let end = from + used;
                assert_eq!(decoder.feed(b"more", &mut body), Ok(Step::Done(0)));
                return Decoded { body, end: Ok(Some(end)) };
            }
            Err(fault) => {
                assert_eq!(decoder.feed(b"0\r\n\r\n", &mut body), Err(fault));
                return Decoded { body, end: Err(fault) };
            }
        }
    }
    Decoded { body, end: Ok(None) }
}

fn decode(input: &[u8]) -> Result<Option<usize>, Fault> {
    decode_in_pieces(Length::Chunked, MAX, input, &[]).end
}

// ---- heads ----

#[test]
fn request_lines() {
    let rows: &[(&str, &[u8], Result<(), Fault>)] = &[
        ("plain", b"GET / HTTP/1.1", Ok(())),
        ("one empty line before", b"\r\nGET / HTTP/1.1", Ok(())),
        ("two empty lines before", b"\r\n\r\nGET / HTTP/1.1", Err(Fault::Malformed)),
        ("bare LF before", b"\nGET / HTTP/1.1", Err(Fault::Malformed)),
        ("blank before", b" GET / HTTP/1.1", Err(Fault::Malformed)),
        ("TLS on a plain port", b"\x16\x03\x01\x02\x00\x01", Err(Fault::Malformed)),
        ("two spaces", b"GET  / HTTP/1.1", Err(Fault::Malformed)),
        ("two spaces before the version", b"GET /  HTTP/1.1", Err(Fault::Malformed)),
        ("tab between the parts", b"GET\t/ HTTP/1.1", Err(Fault::Malformed)),
        ("blank at the end", b"GET / HTTP/1.1 ", Err(Fault::Malformed)),
        ("space in the target", b"GET /a b HTTP/1.1", Err(Fault::Malformed)),
        ("no version", b"GET /", Err(Fault::Malformed)),
        ("no target", b"GET HTTP/1.1", Err(Fault::Malformed)),
        ("bare LF at the end", b"GET / HTTP/1.1\nHost: a", Err(Fault::Malformed)),
        ("bare CR at the end", b"GET / HTTP/1.1\rHost: a", Err(Fault::Malformed)),
        ("doubled CR at the end", b"GET / HTTP/1.1\r", Err(Fault::Malformed)),
        ("NUL in the target", b"GET /\0 HTTP/1.1", Err(Fault::Malformed)),
        ("unknown method", b"BREW / HTTP/1.1", Err(Fault::UnknownMethod)),
        ("methods are case-sensitive", b"get / HTTP/1.1", Err(Fault::UnknownMethod)),
        ("method outside the grammar", b"GE(T / HTTP/1.1", Err(Fault::Malformed)),
        ("no method", b" / HTTP/1.1", Err(Fault::Malformed)),
        ("later minor version", b"GET / HTTP/1.9", Ok(())),
        ("two-digit minor version", b"GET / HTTP/1.10", Err(Fault::Malformed)),
        ("HTTP/0.9", b"GET / HTTP/0.9", Err(Fault::Version)),
        ("HTTP/2.0", b"GET / HTTP/2.0", Err(Fault::Version)),
        ("HTTP/3.0", b"GET / HTTP/3.0", Err(Fault::Version)),
        ("HTTP/2 has no short form", b"GET / HTTP/2", Err(Fault::Malformed)),
        ("HTTP/4.0", b"GET / HTTP/4.0", Err(Fault::Malformed)),
        ("version in lower case", b"GET / http/1.1", Err(Fault::Malformed)),
        ("version with a letter", b"GET / HTTP/1.x", Err(Fault::Malformed)),
        ("another protocol", b"GET / RTSP/1.0", Err(Fault::Malformed)),
        ("preface of HTTP/2", b"PRI * HTTP/2.0", Err(Fault::Version)),
        ("PROXY protocol", b"PROXY TCP4 192.0.2.1 192.0.2.2 5 6", Err(Fault::Malformed)),
        ("PROXY protocol, binary", b"\r\n\r\n\0\r\nQUIT\n", Err(Fault::Malformed)),
    ];
    for (name, line, expected) in rows {
        let input = [line, &b"\r\n\r\n"[..]].concat();
        let found = verdict(&input).expect(name).map(|_| ());
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn versions_are_a_pair() {
    for (line, expected) in [
        (&b"GET / HTTP/1.0\r\n\r\n"[..], Version::V10),
        (b"GET / HTTP/1.1\r\n\r\n", Version::V11),
        (b"GET / HTTP/1.2\r\n\r\n", Version::V11),
    ] {
        assert_eq!(parse(line).expect("version").version, expected);
    }
    for major in 0..=9 {
        for minor in 0..=9 {
            let expected = match (major, minor) {
                (1, _) => None,
                (0 | 2 | 3, _) => Some(Fault::Version),
                _ => Some(Fault::Malformed),
            };
            let line = format!("GET / HTTP/{major}.{minor}\r\n\r\n");
            assert_eq!(parse(line.as_bytes()).err(), expected, "{line}");
        }
    }
}

#[test]
fn every_method_of_the_table_is_known() {
    for (name, expected) in [
        ("GET", Method::Get),
        ("HEAD", Method::Head),
        ("POST", Method::Post),
        ("DELETE", Method::Delete),
        ("OPTIONS", Method::Options),
        ("PUT", Method::Put),
        ("PATCH", Method::Patch),
        ("TRACE", Method::Trace),
    ] {
        let input = format!("{name} / HTTP/1.1\r\n\r\n");
        assert_eq!(parse(input.as_bytes()).expect(name).method, expected);
    }
}

fn origin<'a>(path: &'a str, query: Option<&'a str>) -> Option<Target<'a>> {
    Some(Target::Origin { path: path.as_bytes(), query: query.map(str::as_bytes) })
}

fn absolute<'a>(https: bool, authority: &'a str, path: &'a str) -> Option<Target<'a>> {
    let (authority, path) = (authority.as_bytes(), path.as_bytes());
    Some(Target::Absolute { https, authority, path, query: None })
}

#[test]
fn targets() {
    let rows: &[(&str, &str, Option<Target<'_>>)] = &[
        ("path", "GET /mcp", origin("/mcp", None)),
        ("path and query", "GET /mcp/?a=b?c/d", origin("/mcp/", Some("a=b?c/d"))),
        ("empty query", "GET /mcp?", origin("/mcp", Some(""))),
        ("nothing is decoded", "GET /%6dcp", origin("/%6dcp", None)),
        ("dot segments stay", "GET /x/../mcp;v=1", origin("/x/../mcp;v=1", None)),
        ("double slash", "GET //mcp", origin("//mcp", None)),
        ("encoded slash", "GET /mcp%2F", origin("/mcp%2F", None)),
        ("every path byte", "GET /-._~!$&'()*+,;=:@", origin("/-._~!$&'()*+,;=:@", None)),
        ("percent without digits", "GET /%", None),
        ("percent with one digit", "GET /%2", None),
        ("percent with a letter", "GET /%2g", None),
        ("percent in the query", "GET /?%zz", None),
        ("fragment", "GET /mcp#a", None),
        ("fragment in the query", "GET /mcp?a#b", None),
        ("backslash", "GET /a\\b", None),
        ("quote", "GET /a\"b", None),
        ("braces", "GET /{a}", None),
        ("pipe", "GET /a|b", None),
        ("brackets in the path", "GET /[a]", None),
        ("brackets in the query", "GET /?a[]=1", None),
        ("caret", "GET /^", None),
        ("byte above ASCII", "GET /\u{e9}", None),
        ("no slash", "GET mcp", None),
        ("query alone", "GET ?a", None),
        ("absolute http", "GET http://a.b:80/mcp", absolute(false, "a.b:80", "/mcp")),
        ("absolute https, any case", "GET HTTPS://a/", absolute(true, "a", "/")),
        ("absolute without a path", "GET http://[::1]:8000", absolute(false, "[::1]:8000", "/")),
        ("absolute with userinfo", "GET http://u@a/", None),
        ("absolute with a password", "GET http://u:p@a/", None),
        ("absolute without an authority", "GET http:///mcp", None),
        ("absolute with an empty port", "GET http://a:/", None),
        ("absolute with a percent sign in its host", "GET http://a%41/", None),
        ("absolute with one slash", "GET http:/a/mcp", None),
        ("absolute with a fragment", "GET http://a/mcp#b", None),
        ("absolute with a percent sign in its path", "GET http://a/%", None),
        ("absolute with another scheme", "GET ftp://a/", None),
        ("scheme that begins with http", "GET httpx://a/", None),
        ("asterisk", "OPTIONS *", Some(Target::Asterisk)),
        ("asterisk with another method", "GET *", None),
        ("asterisk and more", "OPTIONS */", None),
        ("authority form", "CONNECT a:443", None),
        ("CONNECT with a path", "CONNECT /mcp", None),
        ("authority form with another method", "GET a:443", None),
    ];
    for (name, line, expected) in rows {
        let input = format!("{line} HTTP/1.1\r\nHost: a\r\n\r\n");
        let found = verdict(input.as_bytes()).expect(name).map(|head| head.target);
        assert_eq!(found, expected.ok_or(Fault::Malformed), "{name}");
    }
}

#[test]
fn path_and_query_of_a_head_are_those_of_its_target() {
    for (line, path, query) in [
        ("GET /mcp", "/mcp", None),
        ("GET /messages/?session_id=a", "/messages/", Some("session_id=a")),
        ("GET http://a/mcp?", "/mcp", Some("")),
        ("GET http://a?b=/c", "/", Some("b=/c")),
        ("OPTIONS *", "*", None),
    ] {
        let input = format!("{line} HTTP/1.1\r\nHost: a\r\n\r\n");
        let head = parse(input.as_bytes()).expect(line);
        let expected = (path.as_bytes(), query.map(str::as_bytes));
        assert_eq!((head.path(), head.query()), expected, "{line}");
    }
}

#[test]
fn every_fault_is_one_line_in_words_of_its_own() {
    let faults = [
        Fault::Malformed,
        Fault::TargetTooLong,
        Fault::HeadTooLarge,
        Fault::UnknownMethod,
        Fault::Version,
        Fault::Framing,
        Fault::Coding,
        Fault::BodyTooLarge,
        Fault::Chunk,
        Fault::Expectation,
        Fault::Host,
    ];
    let texts: BTreeSet<String> = faults.iter().map(Fault::to_string).collect();
    assert_eq!(texts.len(), faults.len(), "{texts:?}");
    assert!(texts.iter().all(|text| text.contains(' ') && !text.contains(char::is_control)));
}

#[test]
fn field_lines() {
    let rows = [
        ("plain", &b"A: b"[..], Ok(Some(&b"b"[..]))),
        ("no blank", b"a:b", Ok(Some(b"b"))),
        ("blanks around", b"A: \t b c \t", Ok(Some(b"b c"))),
        ("empty value", b"A:", Ok(Some(b""))),
        ("blank value", b"A: \t ", Ok(Some(b""))),
        ("tab inside", b"A: b\tc", Ok(Some(b"b\tc"))),
        ("colon inside", b"A::b:", Ok(Some(b":b:"))),
        ("bytes above ASCII are opaque", b"A: \x80\xff", Ok(Some(b"\x80\xff"))),
        ("another field", b"B: b", Ok(None)),
        ("blank before the colon", b"A : b", Err(Fault::Malformed)),
        ("tab before the colon", b"A\t: b", Err(Fault::Malformed)),
        ("no colon", b"A", Err(Fault::Malformed)),
        ("no name", b": b", Err(Fault::Malformed)),
        ("name outside the grammar", b"A(b): c", Err(Fault::Malformed)),
        ("name above ASCII", b"A\xe9: c", Err(Fault::Malformed)),
        ("first line folded", b" A: b", Err(Fault::Malformed)),
        ("folded with a space", b"A: b\r\n c", Err(Fault::Malformed)),
        ("folded with a tab", b"A: b\r\n\tc", Err(Fault::Malformed)),
        ("not folded", b"A: b\r\nc: d", Ok(Some(b"b"))),
        ("bare LF", b"A: b\nC: d", Err(Fault::Malformed)),
        ("bare CR", b"A: b\rC: d", Err(Fault::Malformed)),
        ("NUL in the value", b"A: b\0", Err(Fault::Malformed)),
        ("NUL in the name", b"A\0: b", Err(Fault::Malformed)),
        ("vertical tab", b"A: b\x0bc", Err(Fault::Malformed)),
        ("escape", b"A: \x1b[0m", Err(Fault::Malformed)),
        ("DEL", b"A: \x7f", Err(Fault::Malformed)),
    ];
    for (name, lines, expected) in rows {
        let input = [b"GET / HTTP/1.1\r\n", lines, b"\r\n\r\n"].concat();
        let found = verdict(&input).expect(name).map(|head| match head.one(b"a") {
            One::Value(value) => Some(value.to_vec()),
            One::Absent | One::Repeated => None,
        });
        assert_eq!(found, expected.map(|value: Option<&[u8]>| value.map(<[u8]>::to_vec)), "{name}");
    }
}

#[test]
fn fields_are_found_by_name_in_any_case_and_never_merged() {
    let input = b"GET / HTTP/1.1\r\nConnection: a, Close\r\nX-A: 1\r\nx-a: 1\r\nX-AB: 2\r\n\r\n";
    let head = parse(input).expect("head");
    assert_eq!(head.one(b"x-a"), One::Repeated);
    assert_eq!(head.one(b"x-ab"), One::Value(b"2"));
    assert!(head.lists(b"connection", b"close"));
    assert!(!head.lists(b"connection", b"clos"));
    assert_eq!((head.path(), head.query()), (&b"/"[..], None));
}

fn request(line: &str, fields: &str) -> Vec<u8> {
    format!("{line} HTTP/1.1\r\n{fields}\r\n").into_bytes()
}

/// A head of exactly `bytes` bytes, each field line of which is within its limit.
fn head_of(bytes: usize) -> Vec<u8> {
    let mut input = b"GET / HTTP/1.1\r\n".to_vec();
    while bytes - input.len() > 2 {
        let room = bytes - input.len() - 2;
        let line = if room > 10_100 { 10_000 } else { room };
        input.extend_from_slice(b"A:");
        input.resize(input.len() + line - 4, b'a');
        input.extend_from_slice(b"\r\n");
    }
    input.extend_from_slice(b"\r\n");
    assert_eq!(input.len(), bytes);
    input
}

#[test]
fn limits_of_a_head() {
    let slash = |bytes: usize| format!("GET /{}", "a".repeat(bytes - 1));
    let field = |bytes: usize| format!("A:{}\r\n", "a".repeat(bytes - 2));
    let method = |bytes: usize| format!("{} /", "A".repeat(bytes));
    let absolute = format!("GET http://a/{}", "a".repeat(TARGET_BYTES_MAX - 8));
    let rows: Vec<(&str, Vec<u8>, Option<Fault>)> = vec![
        ("request line of 8000 bytes", request(&slash(8_000 - 13), ""), None),
        ("longest target", request(&slash(TARGET_BYTES_MAX), ""), None),
        ("target over", request(&slash(TARGET_BYTES_MAX + 1), ""), Some(Fault::TargetTooLong)),
        ("absolute target over", request(&absolute, ""), Some(Fault::TargetTooLong)),
        ("longest line", request("GET /", &field(FIELD_BYTES_MAX)), None),
        ("line over", request("GET /", &field(FIELD_BYTES_MAX + 1)), Some(Fault::HeadTooLarge)),
        ("most lines", request("GET /", &"A:\r\n".repeat(FIELDS_MAX)), None),
        (
            "lines over",
            request("GET /", &"A:\r\n".repeat(FIELDS_MAX + 1)),
            Some(Fault::HeadTooLarge),
        ),
        ("longest head", head_of(HEAD_BYTES_MAX), None),
        ("head over", head_of(HEAD_BYTES_MAX + 1), Some(Fault::HeadTooLarge)),
        ("longest method", request(&method(METHOD_BYTES_MAX), ""), Some(Fault::UnknownMethod)),
        ("method over", request(&method(METHOD_BYTES_MAX + 1), ""), Some(Fault::Malformed)),
    ];
    for (name, input, expected) in rows {
        assert_eq!(verdict(&input).expect(name).err(), expected, "{name}");
        // The parser holds the same limits when nobody scanned first.
        assert_eq!(parse(&input).err(), expected, "{name}, parsed alone");
    }
}

#[test]
fn a_head_that_cannot_be_accepted_is_refused_before_it_ends() {
    let long_target = [b"GET /", &[b'a'; TARGET_BYTES_MAX][..]].concat();
    let many_lines = ["GET / HTTP/1.1\r\n", &"A:\r\n".repeat(FIELDS_MAX), "A"].concat();
    let many_lines = many_lines.as_bytes();
    let long_line = [b"GET / HTTP/1.1\r\nA", &[b'a'; FIELD_BYTES_MAX][..]].concat();
    let rows: &[(&str, &[u8], Option<Fault>)] = &[
        ("handshake of TLS", b"\x16", Some(Fault::Malformed)),
        ("target", &long_target, Some(Fault::TargetTooLong)),
        ("target that may still end", &long_target[..long_target.len() - 1], None),
        ("target behind an endless method", &[b'a'; TARGET_BYTES_MAX], Some(Fault::Malformed)),
        ("field line", &long_line, Some(Fault::HeadTooLarge)),
        ("field line that may still end", &long_line[..long_line.len() - 1], None),
        ("folded line", b"GET / HTTP/1.1\r\nA: b\r\n ", Some(Fault::Malformed)),
        ("bare CR", b"GET / HTTP/1.1\r\nA: b\rc", Some(Fault::Malformed)),
        ("bare CR behind the request line", b"GET / HTTP/1.1\rx", Some(Fault::Malformed)),
        ("bare LF behind the request line", b"GET / HTTP/1.1\n", Some(Fault::Malformed)),
        ("bare LF", b"GET / HTTP/1.1\r\nA: b\n", Some(Fault::Malformed)),
        ("NUL", b"GET / HTTP/1.1\r\nA: b\0", Some(Fault::Malformed)),
        ("bare LF at the end", b"GET / HTTP/1.1\r\n\n", Some(Fault::Malformed)),
        ("second empty line before", b"\r\n\r", Some(Fault::Malformed)),
        ("field lines", many_lines, Some(Fault::HeadTooLarge)),
        ("field lines that may be the last", &many_lines[..many_lines.len() - 1], None),
        ("CR that may be a line end", b"GET / HTTP/1.1\r\nA: b\r", None),
    ];
    for (name, input, expected) in rows {
        let expected = expected.map_or(Scan::More, Scan::Fault);
        assert_eq!(Scanner::default().scan(input), expected, "{name}");
    }
    let endless = &head_of(HEAD_BYTES_MAX + 1)[..HEAD_BYTES_MAX];
    assert_eq!(Scanner::default().scan(endless), Scan::Fault(Fault::HeadTooLarge));
    assert_eq!(Scanner::default().scan(&endless[..HEAD_BYTES_MAX - 1]), Scan::More);
}

#[test]
fn the_parser_alone_refuses_what_no_line_may_hold() {
    for (name, input) in [
        ("good", &b"GET / HTTP/1.1\r\nA: b\r\n\r\n"[..]),
        ("LF", b"GET / HTTP/1.1\r\nA: b\n\r\n"),
        ("LF between fields", b"GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n"),
        ("LF behind the request line", b"GET / HTTP/1.1\nA: b\r\n\r\n"),
        ("LF at the end", b"GET / HTTP/1.1\r\nA: b\r\n\n"),
        ("CR", b"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n"),
        ("NUL", b"GET / HTTP/1.1\r\nA: \0\r\n\r\n"),
        ("folding", b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"),
        ("two empty lines before", b"\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
    ] {
        let expected = (name != "good").then_some(Fault::Malformed);
        assert_eq!(parse(input).err(), expected, "{name}");
    }
}

#[test]
fn a_scan_ends_at_the_empty_line_and_not_at_the_input() {
    let input = b"GET / HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n";
    assert_eq!(Scanner::default().scan(input), Scan::Complete(18));
    assert_eq!(parse(input).err(), Some(Fault::Malformed));
    assert_eq!(parse(&input[..17]).err(), Some(Fault::Malformed));
    assert_eq!(parse(b"").err(), Some(Fault::Malformed));
}

// ---- body length ----

fn assert_lengths(rows: &[(&str, &str, Result<Length, Fault>)]) {
    for (name, fields, expected) in rows {
        let input = request("POST /", fields);
        let head = parse(&input).expect(name);
        assert_eq!(length(&head, MAX), *expected, "{name}: {fields:?}");
    }
}

#[test]
fn content_lengths() {
    let exact = |bytes| Ok(Length::Exact(bytes));
    assert_lengths(&[
        ("no field", "", exact(0)),
        ("zero", "Content-Length: 0\r\n", exact(0)),
        ("digits", "content-length: 999\r\n", exact(999)),
        ("at the limit", "Content-Length: 1000\r\n", exact(1000)),
        ("over the limit", "Content-Length: 1001\r\n", Err(Fault::BodyTooLarge)),
        ("20 digits", "Content-Length: 00000000000000000007\r\n", exact(7)),
        ("21 digits", "Content-Length: 000000000000000000007\r\n", Err(Fault::Framing)),
        ("largest", "Content-Length: 18446744073709551615\r\n", Err(Fault::BodyTooLarge)),
        ("overflow", "Content-Length: 18446744073709551616\r\n", Err(Fault::Framing)),
        ("repeated, equal", "Content-Length: 5\r\nContent-Length: 5\r\n", Err(Fault::Framing)),
        ("repeated, different", "Content-Length: 5\r\ncontent-length: 6\r\n", Err(Fault::Framing)),
        ("list", "Content-Length: 5, 5\r\n", Err(Fault::Framing)),
        ("plus sign", "Content-Length: +5\r\n", Err(Fault::Framing)),
        ("minus sign", "Content-Length: -5\r\n", Err(Fault::Framing)),
        ("hexadecimal", "Content-Length: 0x5\r\n", Err(Fault::Framing)),
        ("blank inside", "Content-Length: 5 5\r\n", Err(Fault::Framing)),
        ("empty", "Content-Length:\r\n", Err(Fault::Framing)),
        ("quoted", "Content-Length: \"5\"\r\n", Err(Fault::Framing)),
        ("similar name", "Content-Lengths: 5\r\n", exact(0)),
    ]);
}

#[test]
fn transfer_codings() {
    assert_lengths(&[
        ("chunked", "Transfer-Encoding: chunked\r\n", Ok(Length::Chunked)),
        ("chunked, any case", "transfer-encoding: \tCHUNKED \r\n", Ok(Length::Chunked)),
        (
            "nominated in Connection",
            "Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n",
            Ok(Length::Chunked),
        ),
        (
            "length, then coding",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            Err(Fault::Framing),
        ),
        (
            "coding, then length",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            Err(Fault::Framing),
        ),
        (
            "other coding and length",
            "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n",
            Err(Fault::Framing),
        ),
        ("other coding", "Transfer-Encoding: gzip\r\n", Err(Fault::Coding)),
        ("identity", "Transfer-Encoding: identity\r\n", Err(Fault::Coding)),
        ("similar coding", "Transfer-Encoding: xchunked\r\n", Err(Fault::Coding)),
        ("list", "Transfer-Encoding: gzip, chunked\r\n", Err(Fault::Coding)),
        ("chunked first", "Transfer-Encoding: chunked, gzip\r\n", Err(Fault::Coding)),
        ("chunked in one list twice", "Transfer-Encoding: chunked,chunked\r\n", Err(Fault::Coding)),
        (
            "chunked on two lines",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            Err(Fault::Coding),
        ),
        (
            "two lines",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            Err(Fault::Coding),
        ),
        (
            "two lines, one empty",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n",
            Err(Fault::Framing),
        ),
        ("parameter", "Transfer-Encoding: chunked;a=b\r\n", Err(Fault::Coding)),
        ("empty", "Transfer-Encoding:\r\n", Err(Fault::Framing)),
        ("comma behind", "Transfer-Encoding: chunked,\r\n", Err(Fault::Framing)),
        ("comma before", "Transfer-Encoding: ,chunked\r\n", Err(Fault::Framing)),
        ("two words", "Transfer-Encoding: chunked x\r\n", Err(Fault::Framing)),
        ("quoted", "Transfer-Encoding: \"chunked\"\r\n", Err(Fault::Framing)),
        ("bytes above ASCII", "Transfer-Encoding: chunked\u{e9}\r\n", Err(Fault::Framing)),
        (
            "blank other than space and tab",
            "Transfer-Encoding: \u{a0}chunked\r\n",
            Err(Fault::Framing),
        ),
    ]);
}

#[test]
fn a_transfer_coding_on_http_1_0_is_refused() {
    let rows: &[(&str, Result<Length, Fault>)] = &[
        ("Content-Length: 5\r\n", Ok(Length::Exact(5))),
        ("Transfer-Encoding: chunked\r\n", Err(Fault::Framing)),
        ("Transfer-Encoding: gzip\r\n", Err(Fault::Framing)),
    ];
    for (fields, expected) in rows {
        let input = format!("POST / HTTP/1.0\r\n{fields}\r\n");
        let head = parse(input.as_bytes()).expect(fields);
        assert_eq!(length(&head, MAX), *expected, "{fields}");
    }
}

// ---- body decoding ----

#[test]
fn exact_bodies_end_at_their_length() {
    let rows = [
        (0, &b""[..], Ok(Some(0))),
        (0, b"GET", Ok(Some(0))),
        (3, b"ab", Ok(None)),
        (3, b"abc", Ok(Some(3))),
        (3, b"abcGET", Ok(Some(3))),
        (MAX + 1, b"abc", Err(Fault::BodyTooLarge)),
    ];
    for (bytes, input, expected) in rows {
        let found = decode_in_pieces(Length::Exact(bytes), MAX, input, &[]);
        assert_eq!(found.end, expected, "{bytes}");
    }
}

#[test]
fn chunked_bodies() {
    let bad = Err(Fault::Chunk);
    let rows: &[(&str, &[u8], Result<bool, Fault>)] = &[
        ("empty body", b"0\r\n\r\n", Ok(true)),
        ("one chunk", b"3\r\nabc\r\n0\r\n\r\n", Ok(true)),
        ("upper and lower case", b"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", Ok(true)),
        ("16 digits", b"0000000000000001\r\na\r\n0\r\n\r\n", Ok(true)),
        ("many zeros at the end", b"000\r\n\r\n", Ok(true)),
        ("line ends inside data", b"4\r\n\r\n\r\n\r\n0\r\n\r\n", Ok(true)),
        ("end missing", b"1\r\na\r\n0\r\n", Ok(false)),
        ("17 digits", b"00000000000000001\r\na\r\n0\r\n\r\n", bad),
        ("no digits", b"\r\n", bad),
        ("prefix", b"0x1\r\na\r\n", bad),
        ("sign", b"+1\r\na\r\n", bad),
        ("minus", b"-1\r\na\r\n", bad),
        ("underscore", b"1_0\r\n", bad),
        ("letter", b"g\r\n", bad),
        ("blank before the size", b" 1\r\na\r\n", bad),
        ("blank behind the size", b"1 \r\na\r\n", bad),
        ("bare LF behind the size", b"1\na\r\n0\r\n\r\n", bad),
        ("bare CR behind the size", b"1\ra\r\n0\r\n\r\n", bad),
        ("two CR behind the size", b"1\r\r\na\r\n0\r\n\r\n", bad),
        ("NUL behind the size", b"1\0\r\na\r\n", bad),
        ("bare LF behind the data", b"1\r\na\n0\r\n\r\n", bad),
        ("bare CR behind the data", b"1\r\na\r0\r\n\r\n", bad),
        ("data longer than announced", b"1\r\nab\r\n0\r\n\r\n", bad),
        ("data shorter than announced", b"3\r\na\r\n0\r\n\r\n", bad),
        ("bare LF at the end", b"0\r\n\n", bad),
        ("bare LF behind the last size", b"0\n\r\n", bad),
        ("bare CR at the end", b"0\r\n\rX", bad),
        ("name", b"0;a\r\n\r\n", Ok(true)),
        ("name and value", b"0;a=b;c=d\r\n\r\n", Ok(true)),
        ("bad whitespace", b"0 ; a = b ;c\r\n\r\n", Ok(true)),
        ("quoted value", b"0;a=\"b;\\\"\xff\t\"\r\n\r\n", Ok(true)),
        ("extension without a name", b"0;\r\n\r\n", bad),
        ("extension without a value", b"0;a=\r\n\r\n", bad),
        ("extension with an open quote", b"0;a=\"b\r\n\r\n", bad),
        ("line end in a quote", b"0;a=\"b\r\n\"\r\n\r\n", bad),
        ("bare LF in an extension", b"0;a\n\r\n\r\n", bad),
        ("control byte in a quote", b"0;a=\"\x01\"\r\n\r\n", bad),
        ("two values", b"0;a=b c\r\n\r\n", bad),
        ("comma for a semicolon", b"0,a=b\r\n\r\n", bad),
        ("trailer", b"0\r\nA: b\r\nContent-Length: 5\r\n\r\n", Ok(true)),
        ("trailer without a colon", b"0\r\nA\r\n\r\n", bad),
        ("trailer with a blank before the colon", b"0\r\nA : b\r\n\r\n", bad),
        ("folded trailer", b"0\r\nA: b\r\n c\r\n\r\n", bad),
        ("trailer with a bare LF", b"0\r\nA: b\n\r\n", bad),
        ("trailer with NUL", b"0\r\nA: \0\r\n\r\n", bad),
        ("request in place of a trailer", b"0\r\nGET / HTTP/1.1\r\n\r\n", bad),
    ];
    for (name, input, expected) in rows {
        let expected = expected.map(|whole| whole.then_some(input.len()));
        assert_eq!(decode(input), expected, "{name}");
    }
}

#[test]
fn limits_of_a_chunked_body() {
    let extension = |bytes: usize| format!(";{}", "a".repeat(bytes - 1));
    let line = format!("1{}\r\na\r\n", extension(CHUNK_EXT_LINE_MAX));
    let full_lines = line.repeat(CHUNK_EXT_BODY_MAX / CHUNK_EXT_LINE_MAX);
    let trailer = |bytes: usize| format!("0\r\nA:{}\r\n\r\n", "a".repeat(bytes - 4));
    let short = "A:b\r\n".repeat(TRAILER_BYTES_MAX / 5);
    let rows: Vec<(&str, String, Option<Fault>)> = vec![
        ("data at the limit", format!("3e8\r\n{}\r\n0\r\n\r\n", "a".repeat(MAX)), None),
        ("data over, announced", "3e9\r\n".into(), Some(Fault::BodyTooLarge)),
        (
            "data over, in two chunks",
            format!("3e8\r\n{}\r\n1\r\n", "a".repeat(MAX)),
            Some(Fault::BodyTooLarge),
        ),
        ("largest size", "ffffffffffffffff\r\n".into(), Some(Fault::BodyTooLarge)),
        ("longest extension", format!("0{}\r\n\r\n", extension(CHUNK_EXT_LINE_MAX)), None),
        (
            "extension over",
            format!("0{}\r\n\r\n", extension(CHUNK_EXT_LINE_MAX + 1)),
            Some(Fault::Chunk),
        ),
        ("most extensions", format!("{full_lines}0\r\n\r\n"), None),
        ("extensions over", format!("{full_lines}0;a\r\n\r\n"), Some(Fault::Chunk)),
        ("longest trailer", trailer(TRAILER_BYTES_MAX), None),
        ("trailer over", trailer(TRAILER_BYTES_MAX + 1), Some(Fault::Chunk)),
        ("most trailers", format!("0\r\n{short}\r\n"), None),
        ("trailers over", format!("0\r\n{short}A:b\r\n\r\n"), Some(Fault::Chunk)),
        ("endless size", "0".repeat(CHUNK_EXT_LINE_MAX + 17), Some(Fault::Chunk)),
        ("endless trailer", format!("0\r\n{}", "a".repeat(9_000)), Some(Fault::Chunk)),
    ];
    for (name, input, expected) in rows {
        let expected = expected.map_or(Ok(Some(input.len())), Err);
        assert_eq!(decode(input.as_bytes()), expected, "{name}");
    }
}

#[test]
fn an_announced_size_takes_no_memory() {
    let mut out = Vec::new();
    let mut decoder = Decoder::new(Length::Exact(BODY_BYTES_MAX), BODY_BYTES_MAX);
    assert_eq!(decoder.feed(b"a", &mut out), Ok(Step::More(1)));
    assert!(out.capacity() < 64);
    let mut out = Vec::new();
    let mut decoder = Decoder::new(Length::Chunked, BODY_BYTES_MAX);
    assert_eq!(decoder.feed(b"400000\r\na", &mut out), Ok(Step::More(9)));
    assert!(out.capacity() < 64);
}

// ---- responses ----

const DATE: &[u8] = b"Sun, 06 Nov 1994 08:49:37 GMT";

fn written(status: u16, common: Common<'_>, framing: Framing, fields: &[(&str, &[u8])]) -> String {
    let mut out = Vec::new();
    response::head(&mut out, Status(status), &common, framing, fields);
    String::from_utf8(out).expect("text")
}

#[test]
fn a_response_head_says_its_framing_once() {
    let open = Common { date: DATE, tls: false, close: false };
    let fixed = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Content-Type-Options: nosniff\r\n\
        Cache-Control: no-store\r\n";
    let rows = [
        (Framing::Length(0), false, "Content-Length: 0\r\n"),
        (Framing::Length(4_194_304), false, "Content-Length: 4194304\r\n"),
        (Framing::Chunked, false, "Transfer-Encoding: chunked\r\n"),
        (Framing::Chunked, true, "Connection: close\r\nTransfer-Encoding: chunked\r\n"),
        (Framing::Close, false, "Connection: close\r\n"),
        (Framing::Close, true, "Connection: close\r\n"),
        (Framing::None, false, ""),
    ];
    for (framing, close, expected) in rows {
        let found = written(200, Common { close, ..open }, framing, &[]);
        assert_eq!(found, format!("HTTP/1.1 200 OK\r\n{fixed}{expected}\r\n"));
    }
}

#[test]
fn a_field_that_could_change_the_message_is_left_out_whole() {
    let common = Common { date: DATE, tls: false, close: false };
    let plain = written(204, common, Framing::None, &[]);
    let rows: &[(&str, (&str, &[u8]))] = &[
        ("line end in the value", ("A", b"b\r\nC: d")),
        ("bare LF in the value", ("A", b"b\nC: d")),
        ("bare CR in the value", ("A", b"b\rC: d")),
        ("NUL in the value", ("A", b"b\0")),
        ("DEL in the value", ("A", b"b\x7f")),
        ("line end in the name", ("A\r\nB", b"c")),
        ("colon in the name", ("A:", b"c")),
        ("blank in the name", ("A ", b"c")),
        ("no name", ("", b"c")),
        ("name above ASCII", ("\u{e9}", b"c")),
        ("name of the software", ("Server", b"c")),
        ("second length", ("content-length", b"5")),
        ("second framing", ("Transfer-Encoding", b"chunked")),
        ("second connection", ("connection", b"keep-alive")),
        ("caching that is no field", ("Cache-Control", b"no-cache\n")),
    ];
    for (name, field) in rows {
        assert_eq!(written(204, common, Framing::None, &[*field]), plain, "{name}");
    }
    let kept = written(204, common, Framing::None, &[("Allow", b"GET, \tPOST")]);
    assert!(kept.ends_with("\r\nAllow: GET, \tPOST\r\n\r\n"));
    let bad_date = Common { date: b"now\r\nA: b", ..common };
    assert!(!written(204, bad_date, Framing::None, &[]).contains("Date"));
}

#[test]
fn own_caching_replaces_the_default_and_tls_adds_its_field() {
    let common = Common { date: DATE, tls: true, close: false };
    let found = written(200, common, Framing::Chunked, &[("cache-control", b"no-cache")]);
    assert!(found.contains("\r\ncache-control: no-cache\r\n"));
    assert!(!found.contains("no-store"));
    assert!(found.contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
}

#[test]
fn every_status_sent_has_a_reason() {
    for code in [
        100, 200, 202, 204, 400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 417, 421, 429,
        431, 500, 501, 503, 505,
    ] {
        assert!(!Status(code).reason().is_empty(), "{code}");
    }
    let common = Common { date: DATE, tls: false, close: false };
    assert!(written(299, common, Framing::None, &[]).starts_with("HTTP/1.1 299 \r\n"));
    assert!(response::CONTINUE.ends_with(b" Continue\r\n\r\n"));
}

#[test]
fn two_statuses_say_that_the_same_request_may_succeed_later() {
    let later: Vec<u16> = (100..600).filter(|code| Status(*code).asks_to_retry()).collect();
    assert_eq!(later, [429, 503]);
}

#[test]
fn dates_follow_the_calendar_day_by_day() {
    let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let names =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let mut days = 0_u64;
    for year in 1970..2420 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (month, name) in names.iter().enumerate() {
            for day in 1..=months[month] + u32::from(leap && month == 1) {
                let weekday = weekdays[(days % 7) as usize];
                let expected = format!("{weekday}, {day:02} {name} {year} 01:02:03 GMT");
                let found = response::date(days * 86_400 + 3_723);
                assert_eq!(std::str::from_utf8(&found), Ok(&*expected));
                days += 1;
            }
        }
    }
}

#[test]
fn an_empty_chunk_is_not_written() {
    let mut out = Vec::new();
    response::chunk(&mut out, b"");
    assert!(out.is_empty());
}

// ---- laws ----

/// Pieces that make a scanner and a parser change state, mixed with arbitrary bytes.
fn head_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"GET / HTTP/1.1\r\n".to_vec()),
        2 => Just(b"OPTIONS * HTTP/1.0\r\n".to_vec()),
        4 => Just(b"\r\n".to_vec()),
        2 => Just(b"Host: a\r\n".to_vec()),
        1 => Just(b"A:\tb \xff\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        1 => Just(b"\n".to_vec()),
        1 => Just(vec![b'a'; 700]),
        1 => vec(any::<u8>(), 0..6),
    ];
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Heads that are mostly well-formed.
fn likely_head() -> impl Strategy<Value = Vec<u8>> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("DELETE"), Just("BREW")];
    let target = prop_oneof![
        Just("/".to_owned()),
        "[-/a-z0-9._~%?&=:@!]{0,20}".prop_map(|text| format!("/{text}")),
        "https?://[a-z.]{1,8}(:[0-9]{1,6})?(/[a-z?]{0,4})?",
    ];
    let name = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}";
    let value = vec(prop_oneof![8 => 0x20_u8..0x7f, 1 => Just(b'\t'), 1 => 0x80_u8..], 0..20);
    let fields = vec((name, value), 0..12);
    (any::<bool>(), method, target, 0..3, fields).prop_map(
        |(blank, method, target, minor, fields)| {
            let start = if blank { "\r\n" } else { "" };
            let mut head = format!("{start}{method} {target} HTTP/1.{minor}\r\n").into_bytes();
            for (name, value) in fields {
                head.extend_from_slice(name.as_bytes());
                head.push(b':');
                head.extend_from_slice(&value);
                head.extend_from_slice(b"\r\n");
            }
            head.extend_from_slice(b"\r\n");
            head
        },
    )
}

/// Pieces that make a decoder change state.
fn chunked_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => vec(any::<u8>(), 1..20).prop_map(|data| {
            let mut out = Vec::new();
            response::chunk(&mut out, &data);
            out
        }),
        2 => Just(b"1;a=\"b\"\r\nx\r\n".to_vec()),
        2 => Just(b"0\r\n".to_vec()),
        2 => Just(b"\r\n".to_vec()),
        1 => Just(b"A: b\r\n".to_vec()),
        1 => Just(b"3e8\r\n".to_vec()),
        1 => Just(vec![b'0'; 200]),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn assert_second_parser_agrees(input: &[u8], head: &Head<'_>) {
    // The second parser knows two minor versions only; later ones are read as the last.
    let mut normal = input.to_vec();
    let line = normal.windows(2).skip(2).position(|pair| pair == b"\r\n").expect("line") + 2;
    if head.version == Version::V11 {
        normal[line - 1] = b'1';
    }
    let mut room = [httparse::EMPTY_HEADER; FIELDS_MAX];
    let mut second = httparse::Request::new(&mut room);
    assert_eq!(second.parse(&normal), Ok(httparse::Status::Complete(input.len())));
    assert_eq!(second.version, Some(u8::from(head.version == Version::V11)));
    let ours: Vec<_> = head.fields.iter().map(|field| (field.name, field.value)).collect();
    let theirs: Vec<_> =
        second.headers.iter().map(|field| (field.name.as_bytes(), field.value)).collect();
    assert_eq!(ours, theirs);
    let path = second.path.expect("target").as_bytes();
    match head.target {
        Target::Origin { .. } => assert!(path.starts_with(head.path())),
        Target::Absolute { authority, .. } => {
            let host = path.split(|byte| matches!(byte, b'/' | b'?')).nth(2);
            assert_eq!(host, Some(authority));
        }
        Target::Asterisk => assert_eq!(path, b"*"),
    }
}

proptest! {
    #[test]
    fn any_split_of_a_head_scans_the_same(input in head_bytes(), cuts in vec(any::<usize>(), 0..8)) {
        prop_assert_eq!(scan_in_pieces(&input, &cuts), Scanner::default().scan(&input));
    }

    #[test]
    fn what_is_parsed_was_scanned_to_its_end(
        input in prop_oneof![head_bytes(), likely_head()],
    ) {
        if parse(&input).is_ok() {
            prop_assert_eq!(Scanner::default().scan(&input), Scan::Complete(input.len()));
        }
    }

    #[test]
    fn a_second_parser_reads_every_accepted_head_alike(
        input in prop_oneof![head_bytes(), likely_head()],
    ) {
        if let Scan::Complete(end) = Scanner::default().scan(&input)
            && let Ok(head) = parse(&input[..end])
        {
            assert_second_parser_agrees(&input[..end], &head);
        }
    }

    #[test]
    fn any_split_of_a_chunked_body_decodes_the_same(
        input in chunked_bytes(),
        cuts in vec(any::<usize>(), 0..8),
    ) {
        let whole = decode_in_pieces(Length::Chunked, MAX, &input, &[]);
        let pieces = decode_in_pieces(Length::Chunked, MAX, &input, &cuts);
        prop_assert_eq!(&pieces.end, &whole.end);
        prop_assert_eq!(pieces.body, whole.body);
    }

    #[test]
    fn what_was_written_in_chunks_is_read_back(
        chunks in vec(vec(any::<u8>(), 0..300), 0..8),
        cuts in vec(any::<usize>(), 0..8),
        rest in vec(any::<u8>(), 0..8),
    ) {
        let mut wire = Vec::new();
        for data in &chunks {
            response::chunk(&mut wire, data);
        }
        wire.extend_from_slice(response::LAST_CHUNK);
        let end = wire.len();
        wire.extend_from_slice(&rest);
        let found = decode_in_pieces(Length::Chunked, 3_000, &wire, &cuts);
        prop_assert_eq!(found, Decoded { body: chunks.concat(), end: Ok(Some(end)) });
    }

    #[test]
    fn a_response_head_never_gains_a_field(
        fields in vec(("[-a-zA-Z: \r\n]{0,10}", vec(any::<u8>(), 0..12)), 0..6),
        bytes in any::<usize>(),
    ) {
        let fields: Vec<(&str, &[u8])> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let common = Common { date: DATE, tls: true, close: true };
        let mut out = Vec::new();
        response::head(&mut out, Status(200), &common, Framing::Length(bytes), &fields);
        let mut room = [httparse::EMPTY_HEADER; 16];
        let mut second = httparse::Response::new(&mut room);
        prop_assert_eq!(second.parse(&out), Ok(httparse::Status::Complete(out.len())));
        let length = bytes.to_string();
        let mut expected: Vec<(&str, &[u8])> = vec![
            ("Date", DATE),
            ("X-Content-Type-Options", b"nosniff"),
            ("Cache-Control", b"no-store"),
            ("Strict-Transport-Security", b"max-age=31536000"),
            ("Connection", b"close"),
            ("Content-Length", length.as_bytes()),
        ];
        let clean = |value: &[u8]| {
            !value.iter().any(|byte| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f)
        };
        expected.extend(fields.iter().filter(|(name, value)| {
            !name.is_empty() && !name.contains([':', ' ', '\r', '\n']) && clean(value)
        }));
        let found: Vec<(&str, Vec<u8>)> =
            second.headers.iter().map(|field| (field.name, field.value.to_vec())).collect();
        let expected: Vec<(&str, Vec<u8>)> = expected
            .iter()
            .map(|(name, value)| (*name, value.to_vec()))
            .map(|(name, value)| (name, trimmed(&value)))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn an_event_has_one_frame_and_one_data_line(
        id in "[a-z\r\n]{0,8}",
        name in "[a-z\r\n:]{0,8}",
        data in vec(any::<u8>(), 0..40),
    ) {
        let mut out = Vec::new();
        sse::event(&mut out, Some(&id), Some(&name), &data);
        let lines: Vec<&[u8]> = out.split(|byte| matches!(byte, b'\r' | b'\n')).collect();
        prop_assert_eq!(lines.len(), 5);
        prop_assert!(lines[0].starts_with(b"id: ") && lines[1].starts_with(b"event: "));
        prop_assert!(lines[2].starts_with(b"data: "));
        prop_assert!(lines[3].is_empty() && lines[4].is_empty());
    }
}

fn trimmed(value: &[u8]) -> Vec<u8> {
    zscaler_mcp::base::bytes::trim_ows(value).to_vec()
}
