//! Zone: operator. Where the cloud is: base and token address from the names of cloud and tenant.
//!
//! Trusts neither name: each must be one label of a host name, so it cannot lead anywhere else.
//! An address that an operator gives in full is https anywhere and http on loopback only.

use core::fmt;

use crate::base::bytes::is_path;
use crate::matching::{Host, HostName};

/// Scheme, host, port and the front of the path; nothing else can stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    https: bool,
    /// Lower case, an IPv6 address without its brackets.
    host: String,
    port: u16,
    /// Begins with a slash and does not end with one, or is empty.
    path: String,
}

/// Why a text is no address of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadAddress {
    /// Not `https://host[:port][/path]`.
    Form,
    /// http to another machine.
    Plaintext,
    /// A path with something other than plain segments.
    Path,
    /// Cloud or tenant is not one label of a host name.
    Label,
}

impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "is not https://host[:port][/path]",
            Self::Plaintext => "is http to another machine; use https (http is for loopback only)",
            Self::Path => "has a path with dot segments, a query or escaped characters",
            Self::Label => "is not one label of a host name",
        })
    }
}

impl Base {
    /// Returns the address that `text` names.
    ///
    /// # Errors
    /// [`BadAddress`] with the first rule that is broken.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(BadAddress::Form)?;
        let https = scheme.eq_ignore_ascii_case("https");
        if !https && !scheme.eq_ignore_ascii_case("http") {
            return Err(BadAddress::Form);
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let name = HostName::parse(authority.as_bytes()).ok_or(BadAddress::Form)?;
        let host = match name.host() {
            // Readers disagree about what such a name stands for.
            Host::Numeric(_) => return Err(BadAddress::Form),
            Host::V6(address) => address.to_string(),
            plain @ (Host::Name(_) | Host::V4(_)) => plain.to_string(),
        };
        let port = name.port_or(if https { 443 } else { 80 });
        if port == 0 || host.contains(['\'', '(', ')', '*', '!', '$', '&', ';', '=', '+', '~']) {
            return Err(BadAddress::Form);
        }
        let base = Self { https, host, port, path: plain_path(path)? };
        if !https && !base.is_loopback() {
            return Err(BadAddress::Plaintext);
        }
        Ok(base)
    }

    /// Returns the address of the services in `cloud`.
    ///
    /// # Errors
    /// [`BadAddress::Label`].
    pub fn of_services(cloud: &str) -> Result<Self, BadAddress> {
        let host = match label(cloud)?.as_str() {
            "production" => "api.zsapi.net".to_owned(),
            "gov" => "api.zscalergov.net".to_owned(),
            "govus" => "api.zscalergov.us".to_owned(),
            other => format!("api.{other}.zsapi.net"),
        };
        Ok(Self { https: true, host, port: 443, path: String::new() })
    }

    /// Returns the address that gives tokens for the tenant `vanity` in `cloud`.
    ///
    /// # Errors
    /// [`BadAddress::Label`].
    pub fn of_tokens(cloud: &str, vanity: &str) -> Result<Self, BadAddress> {
        let vanity = label(vanity)?;
        let host = match label(cloud)?.as_str() {
            "production" => format!("{vanity}.zslogin.net"),
            "gov" => format!("{vanity}.zidentitygov.net"),
            "govus" => format!("{vanity}.zidentitygov.us"),
            other => format!("{vanity}.zslogin{other}.net"),
        };
        Ok(Self { https: true, host, port: 443, path: "/oauth2/v1/token".to_owned() })
    }

    /// True when TLS is spoken there.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Returns the host, an IPv6 address without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the front of every path, without a slash at its end.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns host and port for a Host field; the port of the scheme is left out.
    #[must_use]
    pub fn authority(&self) -> String {
        let standard = if self.https { 443 } else { 80 };
        if self.port == standard { bracketed(&self.host) } else { self.host_and_port() }
    }

    /// Returns host and port, for a tunnel.
    #[must_use]
    pub fn host_and_port(&self) -> String {
        format!("{}:{}", bracketed(&self.host), self.port)
    }

    fn is_loopback(&self) -> bool {
        let address = self.host.parse::<core::net::IpAddr>();
        self.host == "localhost" || address.is_ok_and(|a| a.to_canonical().is_loopback())
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// Returns `path`, given without its first slash, as plain segments.
fn plain_path(path: &str) -> Result<String, BadAddress> {
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return Ok(String::new());
    }
    let plain = |segment: &str| {
        !matches!(segment, "" | "." | "..") && segment.bytes().all(|b| is_path(b) && b != b'%')
    };
    if path.split('/').all(plain) { Ok(format!("/{path}")) } else { Err(BadAddress::Path) }
}

/// Returns `text` in lower case when it is one label of a host name (RFC 1123 s2.1).
fn label(text: &str) -> Result<String, BadAddress> {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let good = (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-');
    if good { Ok(text.to_ascii_lowercase()) } else { Err(BadAddress::Label) }
}

#[cfg(test)]
mod tests {
    use super::{BadAddress, Base};

    #[test]
    fn clouds_have_their_addresses() {
        for (cloud, services, tokens) in [
            ("production", "https://api.zsapi.net", "https://acme.zslogin.net/oauth2/v1/token"),
            ("Production", "https://api.zsapi.net", "https://acme.zslogin.net/oauth2/v1/token"),
            ("beta", "https://api.beta.zsapi.net", "https://acme.zsloginbeta.net/oauth2/v1/token"),
            ("gov", "https://api.zscalergov.net", "https://acme.zidentitygov.net/oauth2/v1/token"),
            ("govus", "https://api.zscalergov.us", "https://acme.zidentitygov.us/oauth2/v1/token"),
        ] {
            assert_eq!(Base::of_services(cloud).unwrap().to_string(), services, "{cloud}");
            assert_eq!(Base::of_tokens(cloud, "Acme").unwrap().to_string(), tokens, "{cloud}");
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        let long = "a".repeat(64);
        for bad in ["", "a.b", "a/b", "a@b", "a:b", "a?b", "a#b", "-a", "a-", "a b", "a\n", &long] {
            assert_eq!(Base::of_tokens("production", bad), Err(BadAddress::Label), "{bad}");
            assert_eq!(Base::of_services(bad), Err(BadAddress::Label), "{bad}");
        }
    }

    #[test]
    fn an_address_in_full_is_https_or_loopback() {
        for (text, expected) in [
            ("https://API.example.com/", Ok("https://api.example.com")),
            ("https://api.example.com:8443/a/b/", Ok("https://api.example.com:8443/a/b")),
            ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080")),
            ("http://localhost", Ok("http://localhost")),
            ("http://[::1]:1", Ok("http://[::1]:1")),
            ("https://[2001:db8::1]:443/x", Ok("https://[2001:db8::1]/x")),
            ("http://api.example.com", Err(BadAddress::Plaintext)),
            ("http://localhost.example.com", Err(BadAddress::Plaintext)),
            ("http://10.0.0.1", Err(BadAddress::Plaintext)),
            ("ftp://localhost", Err(BadAddress::Form)),
            ("api.example.com", Err(BadAddress::Form)),
            ("https://", Err(BadAddress::Form)),
            ("https://user@api.example.com", Err(BadAddress::Form)),
            ("https://api.example.com:0", Err(BadAddress::Form)),
            ("https://127.1", Err(BadAddress::Form)),
            ("https://a,b", Err(BadAddress::Form)),
            ("https://api.example.com?x=1", Err(BadAddress::Form)),
            ("https://api.example.com/a?x=1", Err(BadAddress::Path)),
            ("https://api.example.com/a#x", Err(BadAddress::Path)),
            ("https://api.example.com/a/../b", Err(BadAddress::Path)),
            ("https://api.example.com/%2e%2e", Err(BadAddress::Path)),
            ("https://api.example.com/a//b", Err(BadAddress::Path)),
            ("https://api.example.com/a\r\nX: y", Err(BadAddress::Path)),
        ] {
            let found = Base::parse(text).map(|base| base.to_string());
            assert_eq!(found.as_deref(), expected.as_ref().copied(), "{text}");
        }
    }
}
