//! Zone: pre-admission. CORS answers (Fetch standard), to listed origins only.
//!
//! Names of fields come from fixed text or from tokens of the request; credentials in the sense of
//! CORS are never granted.

use super::{Constant, Refusal};
use crate::base::bytes::{is_token, list_items};
use crate::http::head::{Head, One};
use crate::limits::{PREFLIGHT_PARAM_BYTES_MAX, PREFLIGHT_PARAMS_MAX, PREFLIGHT_SECONDS};
use crate::matching::Origin;

const METHODS: &str = "POST, GET, DELETE, OPTIONS";
const FIELDS: &str = "authorization, content-type, accept, mcp-protocol-version, mcp-session-id, \
    mcp-method, mcp-name, last-event-id, x-api-key, x-zscaler-client-id, x-zscaler-client-secret";
const EXPOSED: &[u8] = b"Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After";
const PREFLIGHT_VARY: &[u8] = b"Origin, Access-Control-Request-Method, \
    Access-Control-Request-Headers, Access-Control-Request-Private-Network";
const PARAM_PREFIX: &[u8] = b"mcp-param-";

/// Returns the CORS fields of an answer: `origin` when it is listed, and whether the list was
/// consulted, which it is on every request as soon as it holds an entry.
#[must_use]
pub fn cors_fields(origin: Option<&[u8]>, consulted: bool) -> Vec<(&'static str, &[u8])> {
    let mut fields = Vec::new();
    if let Some(origin) = origin {
        fields.push(("Access-Control-Allow-Origin", origin));
        fields.push(("Access-Control-Expose-Headers", EXPOSED));
    }
    if consulted || origin.is_some() {
        fields.push(("Vary", &b"Origin"[..]));
    }
    fields
}

/// Returns the answer to a preflight from a listed `origin`.
///
/// # Errors
/// [`Refusal::Preflight`] unless exactly one method is asked for and it is offered.
pub(super) fn grant(head: &Head<'_>, origin: &Origin) -> Result<Constant, Refusal> {
    let One::Value(method) = head.one(b"access-control-request-method") else {
        return Err(Refusal::Preflight);
    };
    if !list_items(METHODS.as_bytes()).any(|offered| offered == method) {
        return Err(Refusal::Preflight);
    }
    let mut fields = vec![
        ("Access-Control-Allow-Origin", origin.as_str().as_bytes().to_vec()),
        ("Access-Control-Allow-Methods", METHODS.as_bytes().to_vec()),
        ("Access-Control-Allow-Headers", request_fields(head)),
        ("Access-Control-Max-Age", PREFLIGHT_SECONDS.to_string().into_bytes()),
        ("Vary", PREFLIGHT_VARY.to_vec()),
    ];
    if head.one(b"access-control-request-private-network") == One::Value(b"true") {
        fields.push(("Access-Control-Allow-Private-Network", b"true".to_vec()));
    }
    Ok(Constant::Preflight(fields))
}

/// Returns the fixed names, and those asked for that tool parameters travel under.
fn request_fields(head: &Head<'_>) -> Vec<u8> {
    let mut names = FIELDS.as_bytes().to_vec();
    let asked = head.all(b"access-control-request-headers").flat_map(list_items);
    for name in asked.filter(|name| is_param(name)).take(PREFLIGHT_PARAMS_MAX) {
        names.extend_from_slice(b", ");
        names.extend(name.iter().map(u8::to_ascii_lowercase));
    }
    names
}

fn is_param(name: &[u8]) -> bool {
    let named = name.split_at_checked(PARAM_PREFIX.len()).is_some_and(|(prefix, rest)| {
        prefix.eq_ignore_ascii_case(PARAM_PREFIX) && !rest.is_empty()
    });
    named && name.len() <= PREFLIGHT_PARAM_BYTES_MAX && name.iter().copied().all(is_token)
}
