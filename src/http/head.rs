//! Zone: pre-admission. The request head: request line and field lines (RFC 9112 s3, s5).
//!
//! Borrows the input; keeps nothing. A head is parsed only when it is complete, and is checked
//! here again from its first byte: the limits hold without the scanner.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::base::bytes::{is_field_value, is_token, list_items, trim_ows};
use crate::http::fault::Fault;
use crate::http::syntax::split_while;
use crate::limits::{
    FIELD_BYTES_MAX, FIELDS_MAX, HEAD_BYTES_MAX, METHOD_BYTES_MAX, TARGET_BYTES_MAX,
};

pub use crate::http::scan::{Scan, Scanner};
pub use crate::http::target::Target;

/// Field lines for which room is made at once; browsers and MCP clients send fewer.
const FIELDS_EXPECTED: usize = 16;

/// A method this server knows. Others are [`Fault::UnknownMethod`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// HEAD
    Head,
    /// POST
    Post,
    /// DELETE
    Delete,
    /// OPTIONS
    Options,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// TRACE
    Trace,
    /// CONNECT
    Connect,
}

/// HTTP/1.0, or HTTP/1.1 and later minor versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.0
    V10,
    /// HTTP/1.1
    V11,
}

/// One field line: name as sent, value without surrounding blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// Name as sent.
    pub name: &'a [u8],
    /// Value, trimmed of spaces and tabs.
    pub value: &'a [u8],
}

/// How often a field stands in a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum One<'a> {
    /// Not at all.
    Absent,
    /// Once, with this value.
    Value(&'a [u8]),
    /// More than once.
    Repeated,
}

/// A complete, well-formed request head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head<'a> {
    /// Method.
    pub method: Method,
    /// Target.
    pub target: Target<'a>,
    /// Version.
    pub version: Version,
    /// Field lines in order.
    pub fields: Vec<Field<'a>>,
}

/// Returns the head that is exactly `bytes`, up to and including the empty line; one empty line
/// before the request line is skipped.
///
/// # Errors
/// The first [`Fault`] met.
pub fn parse(bytes: &[u8]) -> Result<Head<'_>, Fault> {
    if bytes.len() > HEAD_BYTES_MAX {
        return Err(Fault::HeadTooLarge);
    }
    let bytes = bytes.strip_prefix(b"\r\n").unwrap_or(bytes);
    let (method, target, version, rest) = request_line(bytes)?;
    Ok(Head { method, target, version, fields: fields(rest)? })
}

/// Returns the field lines that are all of `rest` but the empty line at its end.
pub(crate) fn fields(mut rest: &[u8]) -> Result<Vec<Field<'_>>, Fault> {
    let mut fields = Vec::with_capacity(FIELDS_EXPECTED);
    while rest != b"\r\n" {
        let (field, tail) = field(rest)?;
        rest = tail.strip_prefix(b"\r\n").ok_or(Fault::Malformed)?;
        if fields.len() >= FIELDS_MAX {
            return Err(Fault::HeadTooLarge);
        }
        fields.push(field);
    }
    Ok(fields)
}

impl<'a> Head<'a> {
    /// Returns how often field `name` (lower case) stands here.
    #[must_use]
    pub fn one(&self, name: &[u8]) -> One<'a> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (None, _) => One::Absent,
            (Some(value), None) => One::Value(value),
            (Some(_), Some(_)) => One::Repeated,
        }
    }

    /// Returns the values of every field line called `name` (lower case), in order.
    pub fn all(&self, name: &[u8]) -> impl Iterator<Item = &'a [u8]> {
        self.fields.iter().filter(|f| f.name.eq_ignore_ascii_case(name)).map(|f| f.value)
    }

    /// True when a field line called `name` holds `item` in a comma-separated list, any case.
    #[must_use]
    pub fn lists(&self, name: &[u8], item: &[u8]) -> bool {
        self.all(name).flat_map(list_items).any(|found| found.eq_ignore_ascii_case(item))
    }

    /// Returns the path, `*` for the asterisk form.
    #[must_use]
    pub const fn path(&self) -> &'a [u8] {
        match self.target {
            Target::Origin { path, .. } | Target::Absolute { path, .. } => path,
            Target::Asterisk => b"*",
        }
    }

    /// Returns the query.
    #[must_use]
    pub const fn query(&self) -> Option<&'a [u8]> {
        match self.target {
            Target::Origin { query, .. } | Target::Absolute { query, .. } => query,
            Target::Asterisk => None,
        }
    }
}

impl Method {
    /// Returns the method called `name`, which is case-sensitive.
    fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"GET" => Self::Get,
            b"HEAD" => Self::Head,
            b"POST" => Self::Post,
            b"DELETE" => Self::Delete,
            b"OPTIONS" => Self::Options,
            b"PUT" => Self::Put,
            b"PATCH" => Self::Patch,
            b"TRACE" => Self::Trace,
            b"CONNECT" => Self::Connect,
            _ => return None,
        })
    }

    /// Returns the target in `bytes`, in a form this method may have.
    fn target(self, bytes: &[u8]) -> Option<Target<'_>> {
        match self {
            Self::Options if bytes == b"*" => Some(Target::Asterisk),
            // Its only form is an authority, which names a tunnel and never a resource here.
            Self::Connect => None,
            Self::Get | Self::Head | Self::Post | Self::Delete => Target::parse(bytes),
            Self::Options | Self::Put | Self::Patch | Self::Trace => Target::parse(bytes),
        }
    }
}

/// Returns the parts of the request line and what follows it. The version is judged before the
/// method, so that the preface of HTTP/2 is named for what it is.
fn request_line(bytes: &[u8]) -> Result<(Method, Target<'_>, Version, &[u8]), Fault> {
    let (method, rest) = split_while(bytes, is_token);
    if method.is_empty() || method.len() > METHOD_BYTES_MAX {
        return Err(Fault::Malformed);
    }
    let rest = rest.strip_prefix(b" ").ok_or(Fault::Malformed)?;
    let (target, rest) = split_while(rest, |byte| matches!(byte, 0x21..=0x7e));
    if target.len() > TARGET_BYTES_MAX {
        return Err(Fault::TargetTooLong);
    }
    let rest = rest.strip_prefix(b" ").ok_or(Fault::Malformed)?;
    let [b'H', b'T', b'T', b'P', b'/', major, b'.', minor, b'\r', b'\n', rest @ ..] = rest else {
        return Err(Fault::Malformed);
    };
    let version = match (major, minor) {
        (b'1', b'0') => Version::V10,
        (b'1', b'1'..=b'9') => Version::V11,
        (b'0' | b'2' | b'3', b'0'..=b'9') => return Err(Fault::Version),
        _ => return Err(Fault::Malformed),
    };
    let method = Method::named(method).ok_or(Fault::UnknownMethod)?;
    let target = method.target(target).ok_or(Fault::Malformed)?;
    Ok((method, target, version, rest))
}

/// Returns the field line at the front of `bytes` and what follows its value. A line that begins
/// with a blank, folding included, has no name and is malformed.
pub(crate) fn field(bytes: &[u8]) -> Result<(Field<'_>, &[u8]), Fault> {
    let (name, rest) = split_while(bytes, is_token);
    let rest = rest.strip_prefix(b":").filter(|_| !name.is_empty()).ok_or(Fault::Malformed)?;
    let (value, rest) = split_while(rest, is_field_value);
    if name.len().saturating_add(1).saturating_add(value.len()) > FIELD_BYTES_MAX {
        return Err(Fault::HeadTooLarge);
    }
    Ok((Field { name, value: trim_ows(value) }, rest))
}

#[cfg(test)]
mod tests {
    use super::{Fault, Method, One, Target, Version, parse};

    #[test]
    fn a_head_is_taken_apart_as_sent() {
        let head =
            parse(b"\r\nPOST /mcp/?a=%2f HTTP/1.1\r\nHost:h\r\nX-A: \t1 2\t \r\nx-a:\r\n\r\n")
                .unwrap();
        assert_eq!((head.method, head.version), (Method::Post, Version::V11));
        assert_eq!(head.target, Target::Origin { path: b"/mcp/", query: Some(b"a=%2f") });
        assert_eq!(head.one(b"host"), One::Value(b"h"));
        assert_eq!(head.one(b"x-a"), One::Repeated);
        assert_eq!(head.one(b"x"), One::Absent);
        assert_eq!(head.all(b"x-a").collect::<Vec<_>>(), [&b"1 2"[..], b""]);
    }

    #[test]
    fn the_preface_of_http_2_is_a_version_fault() {
        assert_eq!(parse(b"PRI * HTTP/2.0\r\n\r\n"), Err(Fault::Version));
    }
}
