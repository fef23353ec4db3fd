//! Zone: operator. The way out through a proxy: who is asked, and what is said.
//!
//! Trusts the operator's variables to be texts only. A proxy is spoken to in plain HTTP and asked
//! for a tunnel; TLS runs through it to the service, so it sees a host name and no request.

use core::fmt;
use core::net::IpAddr;

use crate::backend::oneapi::address::Base;
use crate::backend::oneapi::request::join;
use crate::base::{Secret, encode};
use crate::matching::{Host, HostName, Network};

/// A proxy.
pub struct Proxy {
    host: String,
    port: u16,
    /// `user:password` in base64.
    credentials: Option<Secret>,
}

/// Why a text is no proxy that can be used. Holds no part of it: there may be a password inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadProxy {
    /// Not `http://[user:password@]host[:port]`.
    Form,
    /// A scheme other than http.
    Scheme,
}

impl fmt::Display for BadProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "the value, not shown, is not http://[user:password@]host[:port]",
            Self::Scheme => "only http:// proxies can be asked for a tunnel",
        })
    }
}

impl Proxy {
    /// Returns the proxy that `text` names.
    ///
    /// # Errors
    /// [`BadProxy`] with the rule that is broken.
    pub fn parse(text: &str) -> Result<Self, BadProxy> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(BadProxy::Scheme);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, authority) = match rest.rsplit_once('@') {
            None => (None, rest),
            Some((user, authority)) => (Some(user), authority),
        };
        let name = HostName::parse(authority.as_bytes()).ok_or(BadProxy::Form)?;
        let host = match name.host() {
            Host::Numeric(_) => return Err(BadProxy::Form),
            Host::V6(address) => address.to_string(),
            plain @ (Host::Name(_) | Host::V4(_)) => plain.to_string(),
        };
        let credentials = match user {
            None => None,
            Some(user) => {
                let plain = encode::percent_decode(user.as_bytes()).ok_or(BadProxy::Form)?;
                let plain = Secret::new(plain);
                Some(Secret::new(encode::base64(plain.expose()).into_bytes()))
            }
        };
        Ok(Self { host, port: name.port_or(80), credentials })
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

    /// Returns the request for a tunnel to `base` (RFC 9110 s9.3.6).
    #[must_use]
    pub fn tunnel(&self, base: &Base, agent: &str) -> Secret {
        let place = base.host_and_port();
        let head = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\nUser-Agent: {agent}\r\n");
        match &self.credentials {
            None => join(&head, &[b"\r\n"]),
            Some(credentials) => {
                join(&head, &[b"Proxy-Authorization: Basic ", credentials.expose(), b"\r\n\r\n"])
            }
        }
    }
}

/// Hosts that are reached without the proxy.
#[derive(Debug, Default)]
pub struct Direct(Vec<Rule>);

#[derive(Debug)]
enum Rule {
    Everything,
    Network(Network),
    /// A host and every name below it, with a port when one was written.
    Host(String, Option<u16>),
}

impl Direct {
    /// Returns the rules in the entries of `NO_PROXY`. An entry that is no host is a host that
    /// nobody has.
    #[must_use]
    pub fn parse(entries: &[String]) -> Self {
        Self(entries.iter().map(|entry| rule(entry)).collect())
    }

    /// True when `base` is reached without the proxy.
    #[must_use]
    pub fn covers(&self, base: &Base) -> bool {
        let address: Option<IpAddr> = base.host().parse().ok();
        self.0.iter().any(|rule| match rule {
            Rule::Everything => true,
            Rule::Network(network) => address.is_some_and(|address| network.contains(address)),
            Rule::Host(host, port) => {
                let below = base.host().strip_suffix(host.as_str());
                let same = below.is_some_and(|front| front.is_empty() || front.ends_with('.'));
                same && port.is_none_or(|port| port == base.port())
            }
        })
    }
}

fn rule(entry: &str) -> Rule {
    let entry = entry.trim().to_ascii_lowercase();
    if entry == "*" {
        return Rule::Everything;
    }
    if let Ok(network) = Network::parse(&entry) {
        return Rule::Network(network);
    }
    let bare = entry.strip_prefix("*.").or_else(|| entry.strip_prefix('.')).unwrap_or(&entry);
    match bare.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?))) {
        Some((host, port)) => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            Rule::Host(host.to_owned(), Some(port))
        }
        None => Rule::Host(bare.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::{BadProxy, Direct, Proxy};
    use crate::backend::oneapi::address::Base;

    #[test]
    fn a_proxy_is_asked_for_a_tunnel() {
        let base = Base::of_services("production").unwrap();
        let proxy = Proxy::parse("http://us%40er:p:w@Proxy.example.com:3128/").unwrap();
        assert_eq!((proxy.host(), proxy.port()), ("proxy.example.com", 3128));
        assert_eq!(
            String::from_utf8(proxy.tunnel(&base, "a").expose().to_vec()).unwrap(),
            "CONNECT api.zsapi.net:443 HTTP/1.1\r\nHost: api.zsapi.net:443\r\nUser-Agent: a\r\n\
             Proxy-Authorization: Basic dXNAZXI6cDp3\r\n\r\n"
        );
        let plain = Proxy::parse("proxy:8080").unwrap();
        assert!(plain.tunnel(&base, "a").expose().ends_with(b"User-Agent: a\r\n\r\n"));
        for (text, fault) in [
            ("https://proxy", BadProxy::Scheme),
            ("socks5://proxy", BadProxy::Scheme),
            ("http://", BadProxy::Form),
            ("http://proxy/path", BadProxy::Form),
            ("http://a:%zz@proxy", BadProxy::Form),
            ("http://127.1", BadProxy::Form),
        ] {
            assert_eq!(Proxy::parse(text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn some_hosts_are_reached_directly() {
        for (entries, base, expected) in [
            ("zsapi.net", "https://api.zsapi.net", true),
            (".zsapi.net", "https://api.zsapi.net", true),
            ("*.zsapi.net", "https://api.zsapi.net", true),
            ("API.zsapi.net", "https://api.zsapi.net", true),
            ("sapi.net", "https://api.zsapi.net", false),
            ("api.zsapi.net:443", "https://api.zsapi.net", true),
            ("api.zsapi.net:444", "https://api.zsapi.net", false),
            ("*", "https://api.zsapi.net", true),
            ("10.0.0.0/8", "https://10.1.2.3", true),
            ("10.0.0.0/8", "https://11.1.2.3", false),
            ("::1", "https://[::1]", true),
            ("", "https://api.zsapi.net", false),
        ] {
            let list: Vec<String> =
                entries.split(',').filter(|e| !e.is_empty()).map(str::to_owned).collect();
            let direct = Direct::parse(&list);
            assert_eq!(direct.covers(&Base::parse(base).unwrap()), expected, "{entries} {base}");
        }
    }
}
