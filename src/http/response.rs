//! Zone: pre-admission. The response head and chunked framing (RFC 9112 s4, s7.1).
//!
//! Field values come from fixed text or checked types; a value with a byte that could end the
//! line is left out whole, so nothing can be injected.

/// A status code and its reason phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16);

/// How the end of the response body is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length`.
    Length(usize),
    /// `Transfer-Encoding: chunked`.
    Chunked,
    /// The connection ends with the body (HTTP/1.0 streams).
    Close,
    /// No body and no length field: 1xx, 204.
    None,
}

/// What every response of one listener carries.
#[derive(Debug, Clone, Copy)]
pub struct Common<'a> {
    /// `Date`, an IMF-fixdate (RFC 9110 s5.6.7), formatted by the shell once a second.
    pub date: &'a [u8],
    /// True over TLS: adds `Strict-Transport-Security`.
    pub tls: bool,
    /// True when the connection ends after this response: adds `Connection: close`.
    pub close: bool,
}

/// Appends a response head to `out`: status line, the common fields, framing, then `fields`
/// (lower-case or mixed-case name, value) and the empty line.
pub fn head(
    out: &mut Vec<u8>,
    status: Status,
    common: &Common<'_>,
    framing: Framing,
    fields: &[(&str, &[u8])],
) {
    let _ = (out, status, common, framing, fields);
}

/// Appends one chunk holding `data` to `out`; nothing for empty data, which would end the body.
pub fn chunk(out: &mut Vec<u8>, data: &[u8]) {
    let _ = (out, data);
}

/// The end of a chunked body.
pub const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Returns the IMF-fixdate of `seconds` since 1970 (29 bytes, `Sun, 06 Nov 1994 08:49:37 GMT`).
#[must_use]
pub fn date(seconds: u64) -> [u8; 29] {
    let _ = seconds;
    [b' '; 29]
}
