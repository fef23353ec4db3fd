//! Zone: pre-admission. What a refused caller is told to send: `WWW-Authenticate`, made once.
//!
//! Holds texts of the operator only, quoted; nothing that a caller sent can be in it.

use crate::auth::metadata::Metadata;
use crate::jose::Rules;

/// Names the protection space (RFC 9110 s11.5). RFC 6750 s3 and RFC 7617 s2 want a parameter.
const REALM: &str = r#"realm="zscaler-mcp""#;

/// The challenges of one way of authentication.
#[derive(Debug)]
pub(super) struct Challenges {
    /// For a caller that sent nothing of use.
    pub(super) missing: Box<str>,
    /// For one whose credential is not accepted.
    pub(super) wrong: Box<str>,
    /// For one whose token lacks a scope.
    pub(super) lacking: Box<str>,
}

impl Challenges {
    /// Returns the challenges of a way in which all of them are the same.
    fn same(text: &str) -> Self {
        Self { missing: text.into(), wrong: text.into(), lacking: text.into() }
    }

    /// Returns those of API keys.
    pub(super) fn key() -> Self {
        Self::same(&format!("Bearer {REALM}"))
    }

    /// Returns those of client id and secret; both are read as UTF-8 (RFC 7617 s2.1).
    pub(super) fn pair() -> Self {
        Self::same(&format!(r#"Basic {REALM}, charset="UTF-8""#))
    }

    /// Returns those of tokens (RFC 6750 s3, RFC 9728 s5.1). Without a credential none has an
    /// `error` (RFC 6750 s3.1).
    pub(super) fn token(rules: &Rules, metadata: Option<&Metadata>) -> Self {
        let scope = format!("scope={}", quoted(&rules.scopes.join(" ")));
        let scopes = (!rules.scopes.is_empty()).then_some(&*scope);
        let place = metadata.map(|known| format!("resource_metadata={}", quoted(&known.url)));
        let place = place.as_deref();
        let text = |error: Option<&str>, scope: Option<&str>| {
            let parts = [Some(REALM), error, scope, place];
            format!("Bearer {}", parts.into_iter().flatten().collect::<Vec<_>>().join(", ")).into()
        };
        let known = if metadata.is_some() { scopes } else { None };
        Self {
            missing: text(None, known),
            wrong: text(Some(r#"error="invalid_token""#), known),
            lacking: text(Some(r#"error="insufficient_scope""#), scopes),
        }
    }
}

/// Returns `text` as a quoted string (RFC 9110 s5.6.4); what none may hold is left out.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for c in text.chars().filter(|c| matches!(c, ' '..='~')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_ends_a_quoted_string_early() {
        for (text, expected) in [
            ("", r#""""#),
            ("a b", r#""a b""#),
            (r#"a" b\"#, r#""a\" b\\""#),
            ("a\r\nSet-Cookie: b\u{e9}\u{7f}", r#""aSet-Cookie: b""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
