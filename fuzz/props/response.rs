//! A response head holds the fields it was given and those it must have, each once, whatever their
//! bytes; an event is one frame with its id, name and data; and a second parser reads both back.

use zscaler_mcp::http::response::{Common, Framing, Status, head};
use zscaler_mcp::http::sse;

use super::input::Input;
use super::kit::shell::DATE;

const NAMES: [&str; 8] = [
    "Allow",
    "x-a",
    "Server",
    "Content-Length",
    "transfer-encoding",
    "Connection",
    "Cache-Control",
    "Date",
];

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    a_head_holds_what_was_given(&mut input);
    an_event_is_one_frame(&mut input);
}

fn a_head_holds_what_was_given(input: &mut Input<'_>) {
    let status = Status(input.pick(&[200, 204, 400, 405, 503, 7, 0, u16::MAX]));
    let bytes = input.below(65_536);
    let framing =
        input.pick(&[Framing::Length(bytes), Framing::Chunked, Framing::Close, Framing::None]);
    let common = Common { date: DATE, tls: input.flag(), close: input.flag() };
    let fields: Vec<(String, &[u8])> = (0..input.below(6))
        .map(|_| {
            let name = match input.below(16) {
                known if known < NAMES.len() => NAMES[known].to_owned(),
                len => String::from_utf8_lossy(input.take(len - NAMES.len())).into_owned(),
            };
            let len = input.below(40);
            (name, input.take(len))
        })
        .collect();
    let given: Vec<(&str, &[u8])> =
        fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let mut out = Vec::new();
    head(&mut out, status, &common, framing, &given);
    let mut room = [httparse::EMPTY_HEADER; 32];
    let mut second = httparse::Response::new(&mut room);
    assert_eq!(second.parse(&out), Ok(httparse::Status::Complete(out.len())));
    assert_eq!(second.code, Some(status.0.clamp(100, 999)));
    assert_eq!(second.reason, Some(status.reason()));
    let found: Vec<(&str, &[u8])> = second.headers.iter().map(|f| (f.name, f.value)).collect();
    let expected = expected(&common, framing, &given);
    let expected: Vec<(&str, &[u8])> =
        expected.iter().map(|(name, value)| (*name, trimmed(value))).collect();
    assert_eq!(found, expected, "{}", out.escape_ascii());
}

fn expected<'a>(
    common: &Common<'_>,
    framing: Framing,
    given: &[(&'a str, &[u8])],
) -> Vec<(&'a str, Vec<u8>)> {
    let sound = |(name, value): &&(&str, &[u8])| {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let control = |byte: &u8| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f;
        !name.is_empty() && name.chars().all(token) && !value.iter().any(control)
    };
    let mut all: Vec<(&str, Vec<u8>)> =
        vec![("Date", common.date.to_vec()), ("X-Content-Type-Options", b"nosniff".to_vec())];
    let caches = |(name, _): &(&str, &[u8])| name.eq_ignore_ascii_case("cache-control");
    if !given.iter().filter(sound).any(caches) {
        all.push(("Cache-Control", b"no-store".to_vec()));
    }
    if common.tls {
        all.push(("Strict-Transport-Security", b"max-age=31536000".to_vec()));
    }
    if common.close || framing == Framing::Close {
        all.push(("Connection", b"close".to_vec()));
    }
    match framing {
        Framing::Length(bytes) => all.push(("Content-Length", bytes.to_string().into_bytes())),
        Framing::Chunked => all.push(("Transfer-Encoding", b"chunked".to_vec())),
        Framing::Close | Framing::None => {}
    }
    let ours = ["server", "connection", "content-length", "transfer-encoding"];
    let free = |(name, _): &&(&str, &[u8])| !ours.contains(&name.to_ascii_lowercase().as_str());
    all.extend(
        given.iter().filter(sound).filter(free).map(|(name, value)| (*name, value.to_vec())),
    );
    all
}

fn trimmed(value: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let from = value.iter().position(|byte| !blank(byte)).unwrap_or(value.len());
    let to = value.iter().rposition(|byte| !blank(byte)).map_or(from, |last| last + 1);
    &value[from..to]
}

fn an_event_is_one_frame(input: &mut Input<'_>) {
    let texts: [Option<String>; 2] = core::array::from_fn(|_| {
        let len = input.below(20);
        let text = String::from_utf8_lossy(input.take(len)).into_owned();
        input.flag().then_some(text)
    });
    let [id, name] = &texts;
    let retry = u64::from(input.byte()) << (input.byte() % 57);
    let data = input.rest();
    let mut out = Vec::new();
    sse::retry(&mut out, retry);
    sse::event(&mut out, id.as_deref(), name.as_deref(), data);
    let clean = |bytes: &[u8]| {
        bytes.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect::<Vec<u8>>()
    };
    let expected = |field: &[u8], value: &[u8]| [field, b": ", &clean(value)].concat();
    let mut lines = vec![expected(b"retry", retry.to_string().as_bytes()), Vec::new()];
    lines.extend(id.as_ref().map(|id| expected(b"id", id.as_bytes())));
    lines.extend(name.as_ref().map(|name| expected(b"event", name.as_bytes())));
    lines.extend([expected(b"data", data), Vec::new(), Vec::new()]);
    // A reader of events ends a line at CR LF, LF or CR.
    let found: Vec<&[u8]> = out.split(|byte| matches!(byte, b'\r' | b'\n')).collect();
    assert_eq!(found, lines);
}
