//! Zone: pre-admission. The document that says who gives tokens for this server (RFC 9728).

use crate::json::{Json, write};

const PLACE: &str = "/.well-known/oauth-protected-resource";

/// The document, and where it is.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// Paths under which it is served: that of the resource, and the one at the root.
    pub paths: Vec<String>,
    /// The document.
    pub body: Vec<u8>,
    /// Its URL, as a challenge names it.
    pub url: String,
}

impl Metadata {
    /// Returns the document of the server at base URL `resource`, whose tokens come from `issuer`
    /// and need `scopes`. Its place has the path of the resource behind it (RFC 9728 s3.1).
    pub(super) fn new(resource: &str, issuer: &str, scopes: &[String]) -> Self {
        let (origin, path) = parted(resource);
        let texts =
            |texts: &[&str]| Json::Array(texts.iter().map(|text| Json::from(*text)).collect());
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let members = [
            ("resource", Some(Json::from(resource))),
            ("authorization_servers", Some(texts(&[issuer]))),
            ("scopes_supported", (!scopes.is_empty()).then(|| texts(&scopes))),
            ("bearer_methods_supported", Some(texts(&["header"]))),
        ];
        let members = members.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
        let mut body = Vec::new();
        write::compact(&Json::Object(members.collect()), &mut body);
        let mut paths = vec![format!("{PLACE}{path}")];
        if !path.is_empty() {
            paths.push(PLACE.to_owned());
        }
        Self { paths, body, url: format!("{origin}{PLACE}{path}") }
    }
}

/// Returns origin and path of `url`, without a slash at the end, a query or a fragment.
fn parted(url: &str) -> (&str, &str) {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (url, _) = url.split_at_checked(end).unwrap_or((url, ""));
    let authority = url.find("://").map_or(0, |at| at.saturating_add(3));
    let slash = url.bytes().skip(authority).position(|byte| byte == b'/');
    let at = slash.map_or(url.len(), |slash| authority.saturating_add(slash));
    let (origin, path) = url.split_at_checked(at).unwrap_or((url, ""));
    (origin, path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::Metadata;

    #[test]
    fn the_place_follows_the_path_of_the_resource() {
        let root = "/.well-known/oauth-protected-resource";
        for (resource, origin, suffix) in [
            ("https://h.example", "https://h.example", ""),
            ("https://h.example/", "https://h.example", ""),
            ("https://h.example:8443/mcp", "https://h.example:8443", "/mcp"),
            ("https://h.example/a/mcp/", "https://h.example", "/a/mcp"),
            ("http://localhost:8000/mcp?x=/y", "http://localhost:8000", "/mcp"),
        ] {
            let found = Metadata::new(resource, "https://idp.example/", &[]);
            assert_eq!(found.url, format!("{origin}{root}{suffix}"), "{resource}");
            assert_eq!(found.paths[0], format!("{root}{suffix}"), "{resource}");
            let count = if suffix.is_empty() { 1 } else { 2 };
            assert_eq!((found.paths.len(), found.paths.last().unwrap().len()), (count, root.len()));
        }
    }

    #[test]
    fn scopes_are_named_when_they_are_required() {
        let text = |scopes: &[&str]| {
            let scopes: Vec<String> = scopes.iter().copied().map(str::to_owned).collect();
            String::from_utf8(Metadata::new("https://h/mcp", "https://i/", &scopes).body).unwrap()
        };
        let head = r#"{"resource":"https://h/mcp","authorization_servers":["https://i/"]"#;
        let tail = r#""bearer_methods_supported":["header"]}"#;
        assert_eq!(text(&[]), format!("{head},{tail}"));
        assert_eq!(text(&["a", "b"]), format!(r#"{head},"scopes_supported":["a","b"],{tail}"#));
    }
}
