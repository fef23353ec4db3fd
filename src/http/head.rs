//! Zone: pre-admission. The request head: request line and field lines (RFC 9112 s3, s5).
//!
//! Borrows the input; keeps nothing. A head is parsed only when it is complete.

use crate::http::fault::Fault;

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

/// Finds the end of a head in input that arrives in pieces, each byte looked at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scanner {
    /// Bytes already looked at.
    pub scanned: usize,
}

/// What a scan found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// The head is not complete.
    More,
    /// The head is the first so many bytes.
    Complete(usize),
    /// It can no longer become a head that is accepted.
    Fault(Fault),
}

impl Scanner {
    /// Looks at the bytes of `input` not seen before. `input` is all bytes since the head began,
    /// and grows from call to call.
    pub fn scan(&mut self, input: &[u8]) -> Scan {
        let _ = input;
        Scan::More
    }
}

/// Returns the head that is exactly `bytes`, up to and including the empty line.
///
/// # Errors
/// The first [`Fault`] met.
pub fn parse(bytes: &[u8]) -> Result<Head<'_>, Fault> {
    let _ = bytes;
    Err(Fault::Malformed)
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
        self.all(name)
            .flat_map(crate::base::bytes::list_items)
            .any(|found| found.eq_ignore_ascii_case(item))
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
