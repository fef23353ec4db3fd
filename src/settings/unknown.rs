//! Zone: operator. Names that look like ours and are not.
//!
//! A misspelt variable is a setting that silently does not hold. It is told by name, and when it
//! looks like one that protects something, the start stops.

use crate::settings::kind::shown;
use crate::settings::nearest::nearest;
use crate::settings::problem::{Origin, Problem};
use crate::settings::table::{GROUPS, PREFIX, rows};

/// Parts of names that protect something.
const SECURITY_WORDS: [&str; 33] = [
    "ACL",
    "ALLOW",
    "AUTH",
    "BLOCK",
    "CERT",
    "CONFIRM",
    "CORS",
    "DENY",
    "DISABLE",
    "FILTER",
    "HOST",
    "HTTP",
    "_IP",
    "INSECURE",
    "JWKS",
    "JWT",
    "KEY",
    "OIDC",
    "ORIGIN",
    "PASSW",
    "PROX",
    "READONLY",
    "READ_ONLY",
    "SANITI",
    "SECRET",
    "SECUR",
    "SOURCE",
    "SSL",
    "TLS",
    "TRUST",
    "VALIDAT",
    "VERIF",
    "WRITE",
];

/// Returns what is to be said about the variable `name`, when no row knows it and it looks like
/// one of ours.
#[must_use]
pub(super) fn unknown(name: &str, origin: &Origin) -> Option<Problem> {
    if rows().any(|row| row.env == Some(name)) {
        return None;
    }
    let near = nearest(name, rows().filter_map(|row| row.env)).map(|(near, _)| near);
    let ours = name.starts_with(PREFIX);
    let related = ["ZSCALER_", "ZCELL_", "OIDCPROXY_"].iter().any(|p| name.starts_with(p));
    if !(ours || related && near.is_some()) {
        return None;
    }
    let setting = shown(name).trim_matches('"').to_owned();
    if ours && is_service_link(name) {
        let text =
            format!("set by Kubernetes for a service of that name; it is ignored ({origin})");
        return Some(Problem::warn(setting, text));
    }
    let hint = near.map_or_else(
        || "no known setting has a name like it".to_owned(),
        |near| format!("did you mean {near}?"),
    );
    if ours && (protects(name) || near.is_some_and(in_security_group)) {
        let text = format!(
            "unknown, and it looks like a setting that protects something; {hint} ({origin})"
        );
        return Some(Problem::refuse(setting, text));
    }
    Some(Problem::warn(setting, format!("unknown; it has no effect; {hint} ({origin})")))
}

fn protects(name: &str) -> bool {
    SECURITY_WORDS.iter().any(|word| name.contains(word))
}

fn in_security_group(name: &str) -> bool {
    let groups = GROUPS.iter().filter(|group| group.security);
    groups.flat_map(|group| group.rows).any(|row| row.env == Some(name))
}

/// Kubernetes gives every container variables named after the services around it.
fn is_service_link(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    let is_port = |text: &str| {
        let (number, protocol) = text.split_once('_').unwrap_or((text, ""));
        number.bytes().all(|byte| byte.is_ascii_digit())
            && ["TCP", "UDP", "SCTP"].iter().any(|known| protocol.starts_with(known))
    };
    rest == "SERVICE_HOST"
        || rest.strip_prefix("SERVICE_PORT").is_some_and(|t| t.is_empty() || t.starts_with('_'))
        || rest.strip_prefix("PORT_").is_some_and(is_port)
}

#[cfg(test)]
mod tests {
    use super::unknown;
    use crate::settings::problem::{Origin, Severity};

    #[test]
    fn names_near_ours_are_told_and_protecting_ones_stop_the_start() {
        for (name, severity, said) in [
            ("ZSCALER_MCP_TLS_CERT_FILE", Some(Severity::Refuse), "ZSCALER_MCP_TLS_CERTFILE?"),
            ("ZSCALER_MCP_TLS_KEY_FILE", Some(Severity::Refuse), "ZSCALER_MCP_TLS_KEYFILE?"),
            ("ZSCALER_MCP_ALLOWED_HOST", Some(Severity::Refuse), "ZSCALER_MCP_ALLOWED_HOSTS?"),
            ("ZSCALER_MCP_AUTH_JWT_ISSUER", Some(Severity::Refuse), "AUTH_ISSUER?"),
            ("ZSCALER_MCP_FIREWALL_DENY", Some(Severity::Refuse), "no known setting"),
            ("ZSCALER_MCP_DEBUGG", Some(Severity::Warn), "ZSCALER_MCP_DEBUG?"),
            ("ZSCALER_MCP_COLOUR", Some(Severity::Warn), "no known setting"),
            ("ZSCALER_CLIENTID", Some(Severity::Warn), "ZSCALER_CLIENT_ID?"),
            ("ZSCALER_MCP_SERVICE_HOST", Some(Severity::Warn), "Kubernetes"),
            ("ZSCALER_MCP_PORT_8000_TCP_ADDR", Some(Severity::Warn), "Kubernetes"),
            ("ZSCALER_MCP_PORT", None, ""),
            ("ZSCALER_SDK_LOG", None, ""),
            ("PATH", None, ""),
        ] {
            let problem = unknown(name, &Origin::Environment);
            assert_eq!(problem.as_ref().map(|p| p.severity), severity, "{name}");
            assert!(problem.is_none_or(|p| p.text.contains(said)), "{name}");
        }
    }
}
