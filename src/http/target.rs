//! Zone: pre-admission. The request target (RFC 9112 s3.2, RFC 3986).
//!
//! Borrows the input. Checks the grammar only: nothing is decoded, normalised or compared, so
//! what a route sees is what the peer sent.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::base::bytes::is_path;
use crate::http::syntax::split_while;
use crate::matching::HostName;

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
        HostName::parse(authority)?;
        let (path, query) = path_and_query(rest)?;
        let path = if path.is_empty() { b"/" } else { path };
        Some(Self::Absolute { https, authority, path, query })
    }
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
    use super::Target;

    #[test]
    fn an_empty_absolute_path_is_the_root() {
        let expected =
            Target::Absolute { https: true, authority: b"h:1", path: b"/", query: Some(b"q") };
        assert_eq!(Target::parse(b"HTTPS://h:1?q"), Some(expected));
    }
}
