//! Zone: pre-admission. Web origins in their one canonical spelling (RFC 6454 s6.1).
//!
//! Lower case, default port left out, addresses in shortest form; equal origins are equal text,
//! so nothing a peer sent needs to be repeated to it.

use super::host::{Host, HostName};
use crate::limits::PATTERN_BYTES_MAX;
use core::fmt;

/// A scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(Box<str>);

/// Why a text is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginError {
    /// Nothing there.
    Blank,
    /// Longer than any origin.
    TooLong,
    /// `null`, which every sandboxed page sends.
    Null,
    /// A wildcard: origins are listed one by one.
    Wildcard,
    /// A scheme other than `http` or `https`, or none.
    Scheme,
    /// Something behind the port, a slash included.
    Path,
    /// User information before the host.
    UserInfo,
    /// Host or port outside the grammar.
    Host,
}

impl Origin {
    /// Returns the origin that `text` spells.
    ///
    /// # Errors
    /// [`OriginError`], one variant for each part that can be wrong.
    pub fn parse(text: &[u8]) -> Result<Self, OriginError> {
        if text.is_empty() {
            return Err(OriginError::Blank);
        }
        // Room for the longest pattern behind the longest scheme.
        if text.len() > PATTERN_BYTES_MAX.saturating_add("https://".len()) {
            return Err(OriginError::TooLong);
        }
        if text.eq_ignore_ascii_case(b"null") {
            return Err(OriginError::Null);
        }
        if text.contains(&b'*') {
            return Err(OriginError::Wildcard);
        }
        let (https, authority) = scheme(text).ok_or(OriginError::Scheme)?;
        if authority.iter().any(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\')) {
            return Err(OriginError::Path);
        }
        if authority.contains(&b'@') {
            return Err(OriginError::UserInfo);
        }
        // A browser keeps the trailing dot of a host, so with and without it are two origins.
        let rooted = authority.ends_with(b".") || authority.windows(2).any(|pair| pair == b".:");
        match HostName::parse(authority) {
            Some(name) if !rooted && !matches!(name.host(), Host::Numeric(_)) => {
                Ok(Self::of(https, &name))
            }
            Some(_) | None => Err(OriginError::Host),
        }
    }

    /// Returns the origin of pages served from `name` over `https` or `http`.
    #[must_use]
    pub fn of(https: bool, name: &HostName<'_>) -> Self {
        let (scheme, default) = if https { ("https", 443) } else { ("http", 80) };
        let (host, port) = (name.host(), name.port_or(default));
        Self(if port == default {
            format!("{scheme}://{host}").into()
        } else {
            format!("{scheme}://{host}:{port}").into()
        })
    }

    /// Returns the canonical text, fit for a field value.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns whether the scheme is `https`, and the authority behind it.
fn scheme(text: &[u8]) -> Option<(bool, &[u8])> {
    [(true, &b"https://"[..]), (false, b"http://")].into_iter().find_map(|(https, prefix)| {
        let (found, authority) = text.split_at_checked(prefix.len())?;
        found.eq_ignore_ascii_case(prefix).then_some((https, authority))
    })
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "empty entry",
            Self::TooLong => "too long for an origin",
            Self::Null => "null is never an allowed origin",
            Self::Wildcard => "origins are listed one by one, without *",
            Self::Scheme => "an origin begins with http:// or https://",
            Self::Path => "an origin ends with its host or port, without a path or slash",
            Self::UserInfo => "an origin holds no user information before an @",
            Self::Host => "the host or port of the origin is not valid",
        })
    }
}

impl core::error::Error for OriginError {}

#[cfg(test)]
mod tests {
    use super::{Origin, OriginError};

    #[test]
    fn one_origin_has_one_spelling() {
        let table = [
            ("HTTPS://App.Example.com:443", "https://app.example.com"),
            ("http://[0:0::1]:80", "http://[::1]"),
            ("http://localhost:3000", "http://localhost:3000"),
        ];
        for (text, expected) in table {
            assert_eq!(Origin::parse(text.as_bytes()).unwrap().as_str(), expected);
        }
        assert_eq!(Origin::parse(b"null"), Err(OriginError::Null));
        assert_eq!(Origin::parse(b"http://localhost:@evil.com"), Err(OriginError::UserInfo));
        assert_eq!(Origin::parse(b"http://localhost:1.evil.com"), Err(OriginError::Host));
    }
}
