//! Zone: pre-admission. The request target and the authority grammar (RFC 9112 s3.2, RFC 3986).
//!
//! Borrows the input. Checks the grammar only: nothing is decoded, normalised or compared, so
//! what a route sees is what the peer sent.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::base::bytes::{decimal, is_path, is_sub_delim, is_unreserved};
use crate::http::syntax::split_while;

/// The request target, checked against the grammar of RFC 3986, nothing decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// Path and query of origin form; the path begins with `/`.
    Origin {
        /// Path as sent.
        path: &'a [u8],
        /// Query as sent, without the question mark.
        query: Option<&'a [u8]>,
    },
    /// Absolute form: scheme, authority, then as origin form (an empty path is `/`).
    Absolute {
        /// True for `https`, false for `http`; other schemes are malformed.
        https: bool,
        /// Authority as sent, no userinfo.
        authority: &'a [u8],
        /// Path as sent.
        path: &'a [u8],
        /// Query as sent.
        query: Option<&'a [u8]>,
    },
    /// `*`, only with OPTIONS.
    Asterisk,
}

/// A host and its port, as in `Host` or an absolute target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority<'a> {
    /// Host as sent, without the brackets of an IPv6 address.
    pub host: &'a [u8],
    /// What kind of host it is.
    pub kind: HostKind,
    /// Port, when there is one.
    pub port: Option<u16>,
}

/// What a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// A name.
    RegName,
    /// Four decimal numbers.
    V4(Ipv4Addr),
    /// An address in brackets.
    V6(Ipv6Addr),
}

impl<'a> Target<'a> {
    /// Returns the origin or absolute form in `bytes`; `None` when outside the grammar.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        if bytes.first() == Some(&b'/') {
            let (path, query) = path_and_query(bytes)?;
            return Some(Self::Origin { path, query });
        }
        let (scheme, rest) = split_while(bytes, |byte| byte.is_ascii_alphabetic());
        let https = scheme.eq_ignore_ascii_case(b"https");
        if !https && !scheme.eq_ignore_ascii_case(b"http") {
            return None;
        }
        let rest = rest.strip_prefix(b"://")?;
        let (authority, rest) = split_while(rest, |byte| !matches!(byte, b'/' | b'?'));
        host_grammar(authority)?;
        let (path, query) = path_and_query(rest)?;
        let path = if path.is_empty() { b"/" } else { path };
        Some(Self::Absolute { https, authority, path, query })
    }
}

/// Returns the parts of `value` when it is `host[:port]` as `Host` allows it: a name of
/// unreserved and sub-delimiter bytes without percent-encoding or comma, an IPv4 address, or an
/// IPv6 address in brackets; a port of 1 to 5 digits up to 65535 (RFC 9110 s7.2).
#[must_use]
pub fn host_grammar(value: &[u8]) -> Option<Authority<'_>> {
    if let Some(inner) = value.strip_prefix(b"[") {
        let (host, rest) = split_while(inner, |byte| byte != b']');
        let address = core::str::from_utf8(host).ok()?.parse().ok()?;
        let port = port(rest.strip_prefix(b"]")?)?;
        return Some(Authority { host, kind: HostKind::V6(address), port });
    }
    // A comma is a sub-delimiter, but in a field it reads as a list of hosts.
    let (host, rest) =
        split_while(value, |byte| byte != b',' && (is_unreserved(byte) || is_sub_delim(byte)));
    if host.is_empty() {
        return None;
    }
    let address = core::str::from_utf8(host).ok().and_then(|text| text.parse().ok());
    let kind = address.map_or(HostKind::RegName, HostKind::V4);
    Some(Authority { host, kind, port: port(rest)? })
}

/// Returns the port in `:port`, or that there is none; `None` when outside the grammar.
fn port(bytes: &[u8]) -> Option<Option<u16>> {
    if bytes.is_empty() {
        return Some(None);
    }
    let digits = bytes.strip_prefix(b":").filter(|digits| digits.len() <= 5)?;
    let number = decimal(digits)?;
    Some(Some(u16::try_from(number).ok()?))
}

fn path_and_query(bytes: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let (path, rest) = split_while(bytes, |byte| byte != b'?');
    let query = rest.strip_prefix(b"?");
    let good = is_encoded(path, is_path)
        && query.is_none_or(|query| is_encoded(query, |byte| byte == b'?' || is_path(byte)));
    good.then_some((path, query))
}

/// True when every byte passes `accept` and two hexadecimal digits follow every percent sign.
fn is_encoded(mut bytes: &[u8], accept: impl Fn(u8) -> bool) -> bool {
    loop {
        bytes = match bytes {
            [] => return true,
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest
            }
            [b'%', ..] => return false,
            [byte, rest @ ..] if accept(*byte) => rest,
            _ => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{Authority, HostKind, Target, host_grammar};

    #[test]
    fn an_authority_is_split_without_changing_it() {
        let name = Authority { host: b"A.b", kind: HostKind::RegName, port: Some(0) };
        assert_eq!(host_grammar(b"A.b:00000"), Some(name));
        let v6 = Authority { host: b"::1", kind: HostKind::V6("::1".parse().unwrap()), port: None };
        assert_eq!(host_grammar(b"[::1]"), Some(v6));
        assert_eq!(host_grammar(b"::1"), None);
    }

    #[test]
    fn an_empty_absolute_path_is_the_root() {
        let expected =
            Target::Absolute { https: true, authority: b"h:1", path: b"/", query: Some(b"q") };
        assert_eq!(Target::parse(b"HTTPS://h:1?q"), Some(expected));
    }
}
