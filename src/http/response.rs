//! Zone: pre-admission. The response head and chunked framing (RFC 9112 s4, s7.1).
//!
//! Field values come from fixed text or checked types; a value with a byte that could end the
//! line is left out whole, so nothing can be injected.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::base::bytes::{is_field_value, is_token};

/// The interim answer to `Expect: 100-continue` (RFC 9110 s15.2.1).
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
/// The end of a chunked body.
pub const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Room made at once for a head; more than most need.
const HEAD_BYTES_EXPECTED: usize = 512;
/// Seconds from 1970 to the last second of the year 9999, the last that has a date.
const SECONDS_MAX: u64 = 253_402_300_799;

/// A status code of three digits, and with it a reason phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16);

impl Status {
    /// 200
    pub const OK: Self = Self(200);
    /// 202
    pub const ACCEPTED: Self = Self(202);
    /// 204
    pub const NO_CONTENT: Self = Self(204);

    /// True when the same request may succeed later (RFC 9110 s10.2.3, RFC 6585 s4).
    #[must_use]
    pub const fn asks_to_retry(self) -> bool {
        matches!(self.0, 429 | 503)
    }

    /// Returns the reason phrase, empty for a code this server does not send (RFC 9110 s15).
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self.0 {
            100 => "Continue",
            200 => "OK",
            202 => "Accepted",
            204 => "No Content",
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            406 => "Not Acceptable",
            408 => "Request Timeout",
            409 => "Conflict",
            413 => "Content Too Large",
            414 => "URI Too Long",
            415 => "Unsupported Media Type",
            417 => "Expectation Failed",
            421 => "Misdirected Request",
            429 => "Too Many Requests",
            431 => "Request Header Fields Too Large",
            500 => "Internal Server Error",
            501 => "Not Implemented",
            503 => "Service Unavailable",
            505 => "HTTP Version Not Supported",
            _ => "",
        }
    }
}

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
///
/// Left out whole: a field whose name or value is outside the grammar, `Server`, and what only
/// this function may say about the connection. [`Framing::Close`] always closes.
pub fn head(
    out: &mut Vec<u8>,
    status: Status,
    common: &Common<'_>,
    framing: Framing,
    fields: &[(&str, &[u8])],
) {
    out.reserve(HEAD_BYTES_EXPECTED);
    out.extend_from_slice(b"HTTP/1.1 ");
    number(out, u64::from(status.0.clamp(100, 999)), 10);
    out.push(b' ');
    out.extend_from_slice(status.reason().as_bytes());
    out.extend_from_slice(b"\r\n");
    field(out, "Date", common.date);
    out.extend_from_slice(b"X-Content-Type-Options: nosniff\r\n");
    if !fields.iter().any(|(name, value)| sets_caching(name, value)) {
        out.extend_from_slice(b"Cache-Control: no-store\r\n");
    }
    if common.tls {
        out.extend_from_slice(b"Strict-Transport-Security: max-age=31536000\r\n");
    }
    if common.close || framing == Framing::Close {
        out.extend_from_slice(b"Connection: close\r\n");
    }
    match framing {
        Framing::Length(bytes) => {
            out.extend_from_slice(b"Content-Length: ");
            size(out, bytes, 10);
            out.extend_from_slice(b"\r\n");
        }
        Framing::Chunked => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
        Framing::Close | Framing::None => {}
    }
    for (name, value) in fields.iter().filter(|(name, _)| !is_reserved(name)) {
        field(out, name, value);
    }
    out.extend_from_slice(b"\r\n");
}

/// Appends one chunk holding `data` to `out`; nothing for empty data, which would end the body.
pub fn chunk(out: &mut Vec<u8>, data: &[u8]) {
    if data.is_empty() {
        return;
    }
    size(out, data.len(), 16);
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(data);
    out.extend_from_slice(b"\r\n");
}

/// Returns the IMF-fixdate of `seconds` since 1970 (29 bytes, `Sun, 06 Nov 1994 08:49:37 GMT`).
#[must_use]
pub fn date(seconds: u64) -> [u8; 29] {
    let seconds = seconds.min(SECONDS_MAX);
    let days = seconds / 86_400;
    let (year, month, day) = civil(days);
    let [w1, w2, w3] = name_of(days % 7, b"ThuFriSatSunMonTueWed");
    let [m1, m2, m3] = name_of(month, b"JanFebMarAprMayJunJulAugSepOctNovDec");
    let [d1, d2] = two_digits(day);
    let [c1, c2] = two_digits(year / 100);
    let [y1, y2] = two_digits(year % 100);
    let [h1, h2] = two_digits(seconds / 3_600 % 24);
    let [n1, n2] = two_digits(seconds / 60 % 60);
    let [s1, s2] = two_digits(seconds % 60);
    [
        w1, w2, w3, b',', b' ', d1, d2, b' ', m1, m2, m3, b' ', c1, c2, y1, y2, b' ', h1, h2, b':',
        n1, n2, b':', s1, s2, b' ', b'G', b'M', b'T',
    ]
}

/// Appends `value` in lower-case digits of base `radix`, 10 or 16.
pub(crate) fn number(out: &mut Vec<u8>, value: u64, radix: u64) {
    let mut digits = [b'0'; 20];
    let mut left = value;
    let mut start = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        let index = usize::try_from(left.checked_rem(radix).unwrap_or(0)).unwrap_or(0);
        *digit = b"0123456789abcdef".get(index).copied().unwrap_or(b'0');
        start = place;
        left = left.checked_div(radix).unwrap_or(0);
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(start..).unwrap_or_default());
}

fn size(out: &mut Vec<u8>, bytes: usize, radix: u64) {
    number(out, u64::try_from(bytes).unwrap_or(u64::MAX), radix);
}

/// Appends a field line, or nothing when it would not be one.
fn field(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    if is_writable(name, value) {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.extend_from_slice(b"\r\n");
    }
}

fn is_writable(name: &str, value: &[u8]) -> bool {
    !name.is_empty() && name.bytes().all(is_token) && value.iter().all(|byte| is_field_value(*byte))
}

fn sets_caching(name: &str, value: &[u8]) -> bool {
    name.eq_ignore_ascii_case("cache-control") && is_writable(name, value)
}

/// True for the fields that frame the message, and for the one that names the software.
fn is_reserved(name: &str) -> bool {
    ["server", "connection", "content-length", "transfer-encoding"]
        .iter()
        .any(|reserved| name.eq_ignore_ascii_case(reserved))
}

/// Returns year, month from 0 and day from 1 of a day count since 1970-01-01. Years begin in
/// March here, so that the leap day is the last of its year; 400 years have 146,097 days.
#[must_use]
pub const fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let leaps_before = (day_of_era / 36_524).saturating_sub(day_of_era / 146_096);
    let year_of_era =
        day_of_era.saturating_add(leaps_before).saturating_sub(day_of_era / 1_460) / 365;
    let days_before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(days_before);
    let from_march = day_of_year.saturating_mul(5).saturating_add(2) / 153;
    let month_start = from_march.saturating_mul(153).saturating_add(2) / 5;
    let day = day_of_year.saturating_sub(month_start).saturating_add(1);
    let month = from_march.saturating_add(2) % 12;
    let year = era.saturating_mul(400).saturating_add(year_of_era);
    (if month < 2 { year.saturating_add(1) } else { year }, month, day)
}

/// Returns name number `index` of a table of names with three letters each.
fn name_of(index: u64, names: &[u8]) -> [u8; 3] {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    names.as_chunks::<3>().0.get(index).copied().unwrap_or(*b"???")
}

fn two_digits(value: u64) -> [u8; 2] {
    let digit = |value: u64| u8::try_from(value % 10).unwrap_or(0).saturating_add(b'0');
    [digit(value / 10), digit(value)]
}

#[cfg(test)]
mod tests {
    use super::{Common, Framing, Status, chunk, date, head, number};

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (u64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(std::str::from_utf8(&date(seconds)).unwrap(), expected);
        }
    }

    #[test]
    fn numbers_and_chunks_are_written_without_padding() {
        let mut out = Vec::new();
        for value in [0, 9, 10, u64::MAX] {
            number(&mut out, value, 10);
            out.push(b' ');
        }
        assert_eq!(out, b"0 9 10 18446744073709551615 ");
        out.clear();
        chunk(&mut out, b"");
        chunk(&mut out, b"0123456789abcdef");
        assert_eq!(out, b"10\r\n0123456789abcdef\r\n");
    }

    #[test]
    fn a_head_has_the_common_fields_first() {
        let mut out = Vec::new();
        let date = date(0);
        let common = Common { date: &date, tls: true, close: true };
        let fields: [(&str, &[u8]); 3] =
            [("Allow", b"GET"), ("X-Bad", b"a\r\nb"), ("Server", b"x")];
        head(&mut out, Status(405), &common, Framing::Length(12), &fields);
        let expected = "HTTP/1.1 405 Method Not Allowed\r\n\
            Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n\
            X-Content-Type-Options: nosniff\r\n\
            Cache-Control: no-store\r\n\
            Strict-Transport-Security: max-age=31536000\r\n\
            Connection: close\r\n\
            Content-Length: 12\r\n\
            Allow: GET\r\n\r\n";
        assert_eq!(std::str::from_utf8(&out).unwrap(), expected);
    }
}
