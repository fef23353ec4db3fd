//! Zone: pre-admission. Server-sent events: one frame a message, data always on one line.
//!
//! Trusts no byte of its arguments: what could end a line is left out, so that neither a field
//! nor a frame can be added by content.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::http::response::number;

/// A comment that keeps a quiet stream alive.
pub const COMMENT: &[u8] = b":\n\n";

/// Appends one event frame: optional `id`, optional `event` name, one `data` line, empty line.
/// Line ends inside `id`, `event` or `data` are left out, so no field can be injected.
pub fn event(out: &mut Vec<u8>, id: Option<&str>, event: Option<&str>, data: &[u8]) {
    if let Some(id) = id {
        field(out, b"id: ", id.as_bytes());
    }
    if let Some(event) = event {
        field(out, b"event: ", event.as_bytes());
    }
    field(out, b"data: ", data);
    out.push(b'\n');
}

/// Appends a `retry:` field of `ms` milliseconds and an empty line.
pub fn retry(out: &mut Vec<u8>, ms: u64) {
    out.extend_from_slice(b"retry: ");
    number(out, ms, 10);
    out.extend_from_slice(b"\n\n");
}

fn field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.extend_from_slice(name);
    for part in value.split(|byte| matches!(byte, b'\r' | b'\n')) {
        out.extend_from_slice(part);
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::{event, retry};

    #[test]
    fn an_event_is_one_frame_whatever_its_content() {
        let mut out = Vec::new();
        event(&mut out, Some("7\n"), Some("mes\r\nsage"), b"{\"a\":\n\ndata: 1\r}");
        event(&mut out, None, None, b"");
        retry(&mut out, 1_500);
        let expected = b"id: 7\nevent: message\ndata: {\"a\":data: 1}\n\ndata: \n\nretry: 1500\n\n";
        assert_eq!(out, expected);
    }
}
