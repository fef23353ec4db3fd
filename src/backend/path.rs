//! Zone: post-admission. The path of a request: a template of ours and encoded values.
//!
//! Trusts the template, which is part of the program. Trusts no value: each is percent-encoded
//! into exactly one segment, and one that could climb out of its place is refused.

use crate::base::encode;
use crate::limits::PATH_SEGMENT_BYTES_MAX;

/// A value that fits into one path segment, percent-encoded.
///
/// There is one constructor:
///
/// ```compile_fail
/// let forged = zscaler_mcp::backend::PathSegment("../..".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathSegment(String);

/// Why a value cannot stand in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSegment {
    /// Nothing, or nothing but blanks.
    Empty,
    /// `.` or `..`, alone or between separators.
    Dots,
    /// A control character.
    Control,
    /// More than [`PATH_SEGMENT_BYTES_MAX`] bytes.
    TooLong,
}

impl core::fmt::Display for BadSegment {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "must not be empty",
            Self::Dots => "must not be or contain a dot segment",
            Self::Control => "must not contain control characters",
            Self::TooLong => "is too long",
        })
    }
}

impl PathSegment {
    /// Returns `value` encoded. A separator inside is encoded too, so the value stays one
    /// segment; dot segments behind a separator are refused for servers that decode early.
    ///
    /// # Errors
    /// [`BadSegment`] with the first rule that is broken.
    pub fn new(value: &str) -> Result<Self, BadSegment> {
        if value.trim().is_empty() {
            return Err(BadSegment::Empty);
        }
        if value.len() > PATH_SEGMENT_BYTES_MAX {
            return Err(BadSegment::TooLong);
        }
        if value.chars().any(char::is_control) {
            return Err(BadSegment::Control);
        }
        if value.split(['/', '\\']).any(|piece| matches!(piece.trim(), "." | "..")) {
            return Err(BadSegment::Dots);
        }
        let mut encoded = String::with_capacity(value.len());
        encode::percent(value.as_bytes(), &mut encoded);
        Ok(Self(encoded))
    }

    /// Returns the encoded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The path of a request, built from a template.
///
/// There is one constructor:
///
/// ```compile_fail
/// let forged = zscaler_mcp::backend::ApiPath("/zia/api/v1/../v2".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiPath(String);

/// A hole of the template has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfilled(pub &'static str);

impl ApiPath {
    /// Returns `template` with each `{hole}` segment replaced by the value of that name.
    ///
    /// # Errors
    /// [`Unfilled`] with the first hole that `holes` does not name.
    pub fn fill(
        template: &'static str,
        holes: &[(&'static str, PathSegment)],
    ) -> Result<Self, Unfilled> {
        let mut path = String::with_capacity(template.len());
        for piece in template.split('/').skip(1) {
            path.push('/');
            match piece.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => path.push_str(piece),
                Some(hole) => {
                    let value = holes.iter().find(|(name, _)| *name == hole);
                    path.push_str(value.ok_or(Unfilled(hole))?.1.as_str());
                }
            }
        }
        Ok(Self(path))
    }

    /// Returns the encoded path, beginning with a slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{ApiPath, BadSegment, PathSegment, Unfilled};

    #[test]
    fn a_value_stays_one_segment() {
        for (value, expected) in [
            ("41001", Ok("41001")),
            ("a/b", Ok("a%2Fb")),
            ("a b?c#d", Ok("a%20b%3Fc%23d")),
            ("%2e%2e", Ok("%252e%252e")),
            ("2001:db8::1", Ok("2001%3Adb8%3A%3A1")),
            ("...", Ok("...")),
            ("v1.2", Ok("v1.2")),
            ("", Err(BadSegment::Empty)),
            ("  ", Err(BadSegment::Empty)),
            (".", Err(BadSegment::Dots)),
            ("..", Err(BadSegment::Dots)),
            ("../admin", Err(BadSegment::Dots)),
            ("a\\..", Err(BadSegment::Dots)),
            (" .. ", Err(BadSegment::Dots)),
            ("a\r\nb", Err(BadSegment::Control)),
        ] {
            let segment = PathSegment::new(value);
            assert_eq!(segment.as_ref().map(PathSegment::as_str).map_err(|e| *e), expected);
        }
        assert_eq!(PathSegment::new(&"x".repeat(2000)), Err(BadSegment::TooLong));
    }

    #[test]
    fn every_hole_needs_its_value() {
        let id = PathSegment::new("a/7").unwrap();
        let path = ApiPath::fill("/zia/api/v1/ruleLabels/{label_id}", &[("label_id", id)]);
        assert_eq!(path.unwrap().as_str(), "/zia/api/v1/ruleLabels/a%2F7");
        assert_eq!(ApiPath::fill("/x/{y}", &[]), Err(Unfilled("y")));
    }
}
