//! Zone: pre-admission. Server-sent events: one frame a message, data always on one line.

/// A comment that keeps a quiet stream alive.
pub const COMMENT: &[u8] = b":\n\n";

/// Appends one event frame: optional `id`, optional `event` name, one `data` line, empty line.
/// Line ends inside `id`, `event` or `data` are left out, so no field can be injected.
pub fn event(out: &mut Vec<u8>, id: Option<&str>, event: Option<&str>, data: &[u8]) {
    let _ = (out, id, event, data);
}

/// Appends a `retry:` field of `ms` milliseconds and an empty line.
pub fn retry(out: &mut Vec<u8>, ms: u64) {
    let _ = (out, ms);
}
