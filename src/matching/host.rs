//! Zone: pre-admission. The grammar of `host[:port]` in Host, targets and origins (RFC 3986 s3.2).
//!
//! Stricter than the RFC where readers differ: no percent-encoding, no comma, no empty label, no
//! empty port. A name that some readers take for an address in disguise is a kind of its own.

use crate::base::bytes::{decimal, is_sub_delim, is_unreserved};
use crate::limits::HOST_BYTES_MAX;
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

/// What stands before the port.
#[derive(Debug, Clone, Copy)]
pub enum Host<'a> {
    /// A registered name, one trailing dot removed; compared without regard to case.
    Name(&'a [u8]),
    /// A name whose last label is a number (`127.1`, `2130706433`, `127.0.0.1.`): URL parsers take
    /// it for an address, name servers do not.
    Numeric(&'a [u8]),
    /// Four decimal parts.
    V4(Ipv4Addr),
    /// An address in brackets.
    V6(Ipv6Addr),
}

/// A host and, when one was written, a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostName<'a> {
    host: Host<'a>,
    port: Option<u16>,
}

impl<'a> HostName<'a> {
    /// Returns the parts of `value`, or nothing when it is outside the grammar.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        if let Some(inside) = value.strip_prefix(b"[") {
            let end = inside.iter().position(|byte| *byte == b']')?;
            let (address, rest) = inside.split_at_checked(end)?;
            let host = Host::V6(core::str::from_utf8(address).ok()?.parse().ok()?);
            return Some(Self { host, port: port_behind(rest.strip_prefix(b"]")?)? });
        }
        let end = value.iter().position(|byte| *byte == b':').unwrap_or(value.len());
        let (name, rest) = value.split_at_checked(end)?;
        Some(Self { host: named(name)?, port: port_behind(rest)? })
    }

    /// Returns the host.
    #[must_use]
    pub const fn host(&self) -> Host<'a> {
        self.host
    }

    /// Returns the port as written.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the port that is meant when `default` is the one of the scheme.
    #[must_use]
    pub fn port_or(&self, default: u16) -> u16 {
        self.port.unwrap_or(default)
    }

    /// True when both mean the same place, where `default` is the port of the scheme.
    #[must_use]
    pub fn is_same(&self, other: &HostName<'_>, default: u16) -> bool {
        self.host == other.host && self.port_or(default) == other.port_or(default)
    }
}

impl<'b> PartialEq<Host<'b>> for Host<'_> {
    fn eq(&self, other: &Host<'b>) -> bool {
        match (self, other) {
            (Self::Name(one), Host::Name(two)) | (Self::Numeric(one), Host::Numeric(two)) => {
                one.eq_ignore_ascii_case(two)
            }
            (Self::V4(one), Host::V4(two)) => one == two,
            (Self::V6(one), Host::V6(two)) => one == two,
            (Self::Name(_) | Self::Numeric(_) | Self::V4(_) | Self::V6(_), _) => false,
        }
    }
}

impl Eq for Host<'_> {}

/// Writes the canonical form: lower case, addresses in their shortest spelling, v6 in brackets.
impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) | Self::Numeric(name) => name.iter().try_for_each(|byte| {
                fmt::Write::write_char(f, char::from(byte.to_ascii_lowercase()))
            }),
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => write!(f, "[{address}]"),
        }
    }
}

/// True for a byte of a registered name.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte != b',' && (is_unreserved(byte) || is_sub_delim(byte))
}

/// True when the last label of `name` is a number to a URL parser: decimal, or hexadecimal after
/// `0x` (WHATWG URL s3.5, "ends in a number").
pub(super) fn ends_in_number(name: &[u8]) -> bool {
    let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or(name);
    match last {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
    }
}

/// Returns the port in 1 to 5 digits.
pub(super) fn port(digits: &[u8]) -> Option<u16> {
    if digits.len() > 5 {
        return None;
    }
    decimal(digits).and_then(|port| u16::try_from(port).ok())
}

fn port_behind(rest: &[u8]) -> Option<Option<u16>> {
    match rest {
        [] => Some(None),
        [b':', digits @ ..] => port(digits).map(Some),
        _ => None,
    }
}

fn named(name: &[u8]) -> Option<Host<'_>> {
    if name.len() > HOST_BYTES_MAX || !name.iter().copied().all(is_name_byte) {
        return None;
    }
    if let Ok(address) = core::str::from_utf8(name).ok()?.parse() {
        return Some(Host::V4(address));
    }
    let name = name.strip_suffix(b".").unwrap_or(name);
    if name.split(|byte| *byte == b'.').any(<[u8]>::is_empty) {
        return None;
    }
    Some(if ends_in_number(name) { Host::Numeric(name) } else { Host::Name(name) })
}

#[cfg(test)]
mod tests {
    use super::{Host, HostName};

    #[test]
    fn hosts_are_read_by_kind() {
        let kind = |text: &str| match HostName::parse(text.as_bytes()).map(|name| name.host()) {
            Some(Host::Name(_)) => "name",
            Some(Host::Numeric(_)) => "numeric",
            Some(Host::V4(_)) => "v4",
            Some(Host::V6(_)) => "v6",
            None => "bad",
        };
        let table = [
            ("a.b:80", "name"),
            ("10.0.0.1", "v4"),
            ("10.0.0.1.", "numeric"),
            ("[::1]:80", "v6"),
            ("::1", "bad"),
            ("a:", "bad"),
            ("a,b", "bad"),
        ];
        for (text, expected) in table {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
