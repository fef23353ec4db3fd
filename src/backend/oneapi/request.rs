//! Zone: post-admission. A request as the bytes that are sent.
//!
//! Trusts the path, which is encoded already. Encodes every query name and value; what is written
//! into a field is checked to be visible ASCII, so nothing can begin a line of its own.

use crate::backend::oneapi::address::Base;
use crate::backend::{ApiMethod, ApiRequest};
use crate::base::{Secret, encode};
use crate::json::write;

/// Paths of requests that read although they are not GET; a star stands for any one segment.
const READS: [&str; 9] = [
    "/zcell/config/api/v1/audit/customers/*/search",
    "/zcell/config/api/v1/customers/*/sim/analytics/map",
    "/zcell/config/api/v1/customers/*/sims/search",
    "/zcell/config/api/v1/network-events/*/search/startTime/*/endTime/*",
    "/zia/api/v1/ipsSignatureRules/validateRuleText",
    "/zia/api/v1/urlLookup",
    "/zia/api/v1/webApplicationRules/*/availableActions",
    "/zins/graphql",
    "/zms/graphql",
];

/// Returns `request` as bytes; they hold the token.
#[must_use]
pub fn service(base: &Base, request: &ApiRequest, token: &Secret, agent: &str) -> Secret {
    let mut target = format!("{}{}", base.path(), request.path.as_str());
    for (place, (name, value)) in request.query.iter().enumerate() {
        target.push(if place == 0 { '?' } else { '&' });
        form(name.as_bytes(), &mut target);
        target.push('=');
        form(value.as_bytes(), &mut target);
    }
    let mut body = Vec::new();
    if let Some(json) = &request.body {
        write::compact(json, &mut body);
    }
    let kind = request.body.as_ref().map(|_| "application/json");
    let has_length = kind.is_some() || matches!(request.method, ApiMethod::Post | ApiMethod::Put);
    let mut head = head(request.method.as_str(), &target, base, agent);
    if let Some(kind) = kind {
        head.push_str(&format!("Content-Type: {kind}\r\n"));
    }
    if has_length {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    join(&head, &[b"Authorization: Bearer ", token.expose(), b"\r\n\r\n", &body])
}

/// Returns the request for a token with `body` in form encoding; the bytes hold the secret.
#[must_use]
pub fn token(base: &Base, body: &Secret, agent: &str) -> Secret {
    let target = if base.path().is_empty() { "/" } else { base.path() };
    let mut head = head("POST", target, base, agent);
    let body = body.expose();
    head.push_str("Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n");
    head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    join(&head, &[b"\r\n", body])
}

/// Returns the request for the JSON document at `base`; nothing in it is secret.
#[must_use]
pub fn document(base: &Base, agent: &str) -> Secret {
    let target = if base.path().is_empty() { "/" } else { base.path() };
    join(&head("GET", target, base, agent), &[b"Connection: close\r\n\r\n"])
}

/// Returns the User-Agent value of `version` with the operator's comment.
#[must_use]
pub fn agent(version: &str, comment: Option<&str>) -> String {
    let good = |text: &&str| {
        text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) && !text.contains(['(', ')', '\\'])
    };
    match comment.filter(good) {
        Some(comment) => format!("zscaler-mcp/{version} ({comment})"),
        None => format!("zscaler-mcp/{version}"),
    }
}

/// True when sending `request` twice changes no more than sending it once.
#[must_use]
pub fn reads(request: &ApiRequest) -> bool {
    match request.method {
        ApiMethod::Get => true,
        ApiMethod::Post => READS.iter().any(|read| is_at(request.path.as_str(), read)),
        ApiMethod::Put | ApiMethod::Delete => false,
    }
}

/// True when `path` has the segments of `place`.
fn is_at(path: &str, place: &str) -> bool {
    path.split('/').count() == place.split('/').count()
        && path.split('/').zip(place.split('/')).all(|(own, read)| read == "*" || own == read)
}

/// Appends `text` in form encoding: a blank is `+`, the rest percent-encoded.
pub(super) fn form(text: &[u8], out: &mut String) {
    for (place, piece) in text.split(|byte| *byte == b' ').enumerate() {
        if place > 0 {
            out.push('+');
        }
        encode::percent(piece, out);
    }
}

/// Returns the pieces in one buffer that never grows, so no copy stays behind.
pub(super) fn join(head: &str, pieces: &[&[u8]]) -> Secret {
    let room = pieces.iter().fold(head.len(), |sum, piece| sum.saturating_add(piece.len()));
    let mut bytes = Vec::with_capacity(room);
    bytes.extend_from_slice(head.as_bytes());
    for piece in pieces {
        bytes.extend_from_slice(piece);
    }
    Secret::new(bytes)
}

fn head(method: &str, target: &str, base: &Base, agent: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n\
         Accept-Encoding: identity\r\nUser-Agent: {agent}\r\n",
        base.authority()
    )
}

#[cfg(test)]
mod tests {
    use super::{agent, reads, service, token};
    use crate::backend::oneapi::address::Base;
    use crate::backend::{ApiMethod, ApiPath, ApiRequest};
    use crate::base::Secret;
    use crate::json::object;

    fn request(method: ApiMethod, path: &'static str) -> ApiRequest {
        let path = ApiPath::fill(path, &[]).unwrap();
        ApiRequest { method, path, query: Vec::new(), body: None }
    }

    fn text(secret: &Secret) -> String {
        String::from_utf8(secret.expose().to_vec()).unwrap()
    }

    #[test]
    fn a_request_is_written_byte_for_byte() {
        let base = Base::parse("https://api.example.com:8443/up").unwrap();
        let mut get = request(ApiMethod::Get, "/zia/api/v1/ruleLabels");
        get.query.push(("search".to_owned(), "R&D +1 \u{e9}".to_owned()));
        get.query.push(("page".to_owned(), "1".to_owned()));
        assert_eq!(
            text(&service(&base, &get, &Secret::new(b"t0k".to_vec()), "zscaler-mcp/1")),
            "GET /up/zia/api/v1/ruleLabels?search=R%26D+%2B1+%C3%A9&page=1 HTTP/1.1\r\n\
             Host: api.example.com:8443\r\nAccept: application/json\r\n\
             Accept-Encoding: identity\r\nUser-Agent: zscaler-mcp/1\r\n\
             Authorization: Bearer t0k\r\n\r\n"
        );
        let mut post = request(ApiMethod::Post, "/zia/api/v1/ruleLabels");
        post.body = Some(object([("name", "x".into())]));
        let post = text(&service(&base, &post, &Secret::new(b"t".to_vec()), "a"));
        assert!(
            post.ends_with("Content-Length: 12\r\nAuthorization: Bearer t\r\n\r\n{\"name\":\"x\"}")
        );
        assert!(post.contains("\r\nContent-Type: application/json\r\n"));
        let empty = text(&service(&base, &request(ApiMethod::Put, "/x"), &Secret::new(vec![]), ""));
        assert!(empty.contains("Content-Length: 0\r\n") && !empty.contains("Content-Type"));
    }

    #[test]
    fn a_document_is_asked_for_without_a_credential() {
        let base = Base::parse("https://id.example.com/keys").unwrap();
        assert_eq!(
            text(&super::document(&base, "a")),
            "GET /keys HTTP/1.1\r\nHost: id.example.com\r\nAccept: application/json\r\n\
             Accept-Encoding: identity\r\nUser-Agent: a\r\nConnection: close\r\n\r\n"
        );
    }

    #[test]
    fn a_token_request_is_a_form() {
        let base = Base::of_tokens("production", "acme").unwrap();
        let bytes = text(&token(&base, &Secret::new(b"a=b".to_vec()), "zscaler-mcp/1"));
        assert!(bytes.starts_with("POST /oauth2/v1/token HTTP/1.1\r\nHost: acme.zslogin.net\r\n"));
        assert!(bytes.ends_with("Content-Length: 3\r\n\r\na=b"));
    }

    #[test]
    fn a_comment_cannot_leave_its_parentheses() {
        assert_eq!(agent("1.2.3", Some("team red")), "zscaler-mcp/1.2.3 (team red)");
        for bad in ["a) b", "a\r\nX: y", "\u{e9}"] {
            assert_eq!(agent("1", Some(bad)), "zscaler-mcp/1");
        }
    }

    #[test]
    fn only_known_posts_read() {
        assert!(reads(&request(ApiMethod::Get, "/x")));
        assert!(reads(&request(ApiMethod::Post, "/zia/api/v1/urlLookup")));
        assert!(!reads(&request(ApiMethod::Post, "/zia/api/v1/ruleLabels")));
        assert!(!reads(&request(ApiMethod::Delete, "/zia/api/v1/urlLookup")));
        for (path, expected) in [
            ("/zcell/config/api/v1/customers/c7/sims/search", true),
            ("/zcell/config/api/v1/customers/c7/sims", false),
            ("/zcell/config/api/v1/customers/c7/sims/lock", false),
            ("/zcell/config/api/v1/customers/c7/x/sims/search", false),
            ("/zcell/config/api/v1/customers/c7/sims/search/", false),
            ("/zia/api/v1/webApplicationRules/WEBMAIL/availableActions", true),
            ("/zia/api/v1/webApplicationRules/WEBMAIL", false),
            ("/zia/api/v1/webApplicationRules/availableActions", false),
            ("/zia/api/v1/webApplicationRules/a/b/availableActions", false),
        ] {
            assert_eq!(reads(&request(ApiMethod::Post, path)), expected, "{path}");
        }
    }
}
