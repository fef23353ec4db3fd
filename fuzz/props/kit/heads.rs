//! Request heads written as text, for the properties that begin behind the parser.

use zscaler_mcp::http::head::{Field, Head, Method, Target, Version};

/// Every method, as it is written.
pub const METHODS: [(&str, Method); 9] = [
    ("GET", Method::Get),
    ("HEAD", Method::Head),
    ("POST", Method::Post),
    ("DELETE", Method::Delete),
    ("OPTIONS", Method::Options),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("TRACE", Method::Trace),
    ("CONNECT", Method::Connect),
];

/// Returns the head that `text` spells: `METHOD path` on the first line, `1.0` behind it for the
/// old version, then one field a line. Lines that are neither are left out.
pub fn head(text: &[u8]) -> Head<'_> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let mut words = first.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let method = words.next().unwrap_or_default();
    let known = METHODS.iter().find(|(name, _)| name.as_bytes() == method);
    let target = words.next().unwrap_or_default();
    let version = if words.next() == Some(b"1.0") { Version::V10 } else { Version::V11 };
    let method = known.map_or(Method::Post, |(_, method)| *method);
    Head { method, target: target_of(target), version, fields: lines.filter_map(field).collect() }
}

fn target_of(text: &[u8]) -> Target<'_> {
    if text == b"*" {
        return Target::Asterisk;
    }
    let (https, rest) = match (text.strip_prefix(b"https://"), text.strip_prefix(b"http://")) {
        (Some(rest), _) => (Some(true), rest),
        (None, Some(rest)) => (Some(false), rest),
        (None, None) => (None, text),
    };
    let slash = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
    let (authority, path) = if https.is_some() { rest.split_at(slash) } else { (&rest[..0], rest) };
    let (path, query) = match path.iter().position(|byte| *byte == b'?') {
        Some(at) => (&path[..at], Some(&path[at + 1..])),
        None => (path, None),
    };
    match https {
        Some(https) => Target::Absolute { https, authority, path, query },
        None => Target::Origin { path, query },
    }
}

fn field(line: &[u8]) -> Option<Field<'_>> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let good = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    let shown = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
    let value = value.trim_ascii();
    (good && value.iter().all(shown)).then_some(Field { name, value })
}
