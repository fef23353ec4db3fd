//! Zone: pre-admission. What the operator allows, parsed once at start.
//!
//! Every list fails closed: one that was set but is empty allows nothing. Each describes itself in
//! one line for the posture report.

use crate::matching::{HostError, HostName, HostPattern, Network, Origin};
use core::fmt;
use core::net::IpAddr;
use std::sync::Arc;

/// Names under which a loopback listener is reached.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// The Host allowlist.
#[derive(Debug)]
pub struct Hosts(Option<Vec<HostPattern>>);

/// The origin allowlist.
#[derive(Debug)]
pub struct Origins(Vec<Origin>);

/// The source address list.
#[derive(Debug)]
pub struct Sources(Option<Vec<Network>>);

/// The proxies whose forwarding field is believed.
#[derive(Debug)]
pub struct Proxies(Vec<Network>);

/// All of it.
#[derive(Debug)]
pub struct Policy {
    /// The Host allowlist.
    pub hosts: Hosts,
    /// The source address list.
    pub sources: Sources,
    /// The proxies whose forwarding field is believed.
    pub proxies: Proxies,
    /// The origin allowlist.
    pub origins: Origins,
    /// True when this listener speaks TLS.
    pub tls: bool,
    /// True for the HTTP+SSE transport, false for Streamable HTTP.
    pub sse: bool,
    /// Most bytes of a request body.
    pub body_max: usize,
    /// Documents that anyone may read.
    pub documents: Vec<Document>,
}

/// A constant JSON document at a path of its own.
#[derive(Debug, Clone)]
pub struct Document {
    /// Path, beginning with a slash.
    pub path: Box<[u8]>,
    /// The document.
    pub body: Arc<[u8]>,
}

impl Hosts {
    /// Returns the list that allows every well-formed Host.
    #[must_use]
    pub const fn disabled() -> Self {
        Self(None)
    }

    /// Returns the list for a listener on `bind` (an address or a name) and `port`: that pair, and
    /// on loopback also the other spellings of loopback.
    ///
    /// # Errors
    /// [`HostError`] when `bind` is neither a name nor an address.
    pub fn default_for(bind: &str, port: u16) -> Result<Self, HostError> {
        let mut list = vec![HostPattern::literal(bind, port)?];
        if is_loopback(bind) {
            for name in LOOPBACK {
                let pattern = HostPattern::literal(name, port)?;
                if !list.contains(&pattern) {
                    list.push(pattern);
                }
            }
        }
        Ok(Self(Some(list)))
    }

    /// Returns the list of these patterns.
    #[must_use]
    pub const fn list(patterns: Vec<HostPattern>) -> Self {
        Self(Some(patterns))
    }

    /// True when a request for `name` may pass; `default_port` is the one of the scheme.
    #[must_use]
    pub fn allows(&self, name: &HostName<'_>, default_port: u16) -> bool {
        self.0.as_ref().is_none_or(|list| list.iter().any(|p| p.matches(name, default_port)))
    }

    /// True when an entry covers `name` that does not cover the names of strangers. Only then is
    /// the Host field proof enough that a page from there is our own.
    #[must_use]
    pub fn vouches(&self, name: &HostName<'_>, default_port: u16) -> bool {
        self.0.as_ref().is_some_and(|list| {
            list.iter().any(|p| !p.matches_everything() && p.matches(name, default_port))
        })
    }

    /// Returns one line for the posture report.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.0 {
            None => "any (validation is off)".into(),
            Some(list) => joined(list),
        }
    }
}

impl Origins {
    /// Returns the list of these origins; an empty one allows no foreign origin.
    #[must_use]
    pub const fn list(origins: Vec<Origin>) -> Self {
        Self(origins)
    }

    /// True when nothing is listed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when `origin` is listed.
    #[must_use]
    pub fn contains(&self, origin: &Origin) -> bool {
        self.0.contains(origin)
    }

    /// Returns one line for the posture report.
    #[must_use]
    pub fn describe(&self) -> String {
        joined(&self.0)
    }
}

impl Sources {
    /// Returns the list that allows every address.
    #[must_use]
    pub const fn any() -> Self {
        Self(None)
    }

    /// Returns the list of these networks.
    #[must_use]
    pub const fn list(networks: Vec<Network>) -> Self {
        Self(Some(networks))
    }

    /// True when `source` may connect.
    #[must_use]
    pub fn allows(&self, source: IpAddr) -> bool {
        self.0.as_ref().is_none_or(|list| covered(list, source))
    }

    /// Returns one line for the posture report.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.0 {
            None => "any (no list is set)".into(),
            Some(list) => joined(list),
        }
    }
}

impl Proxies {
    /// Returns the list of these networks; an empty one believes nobody.
    #[must_use]
    pub const fn list(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// True when what `peer` says about earlier hops is believed.
    #[must_use]
    pub fn trusts(&self, peer: IpAddr) -> bool {
        covered(&self.0, peer)
    }

    /// Returns one line for the posture report.
    #[must_use]
    pub fn describe(&self) -> String {
        joined(&self.0)
    }
}

impl Policy {
    /// Returns the port that a Host without one means here (RFC 9110 s4.2).
    #[must_use]
    pub const fn default_port(&self) -> u16 {
        if self.tls { 443 } else { 80 }
    }
}

/// True for `localhost` in any case and for loopback addresses of both families.
fn is_loopback(bind: &str) -> bool {
    let bare = bind.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

fn covered(list: &[Network], address: IpAddr) -> bool {
    list.iter().any(|network| network.contains(address))
}

fn joined<T: fmt::Display>(list: &[T]) -> String {
    if list.is_empty() {
        return "none".into();
    }
    list.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::Hosts;
    use crate::matching::HostName;

    #[test]
    fn the_default_list_is_the_bind_address() {
        let table = [
            ("127.0.0.1", 8000, "localhost:8000", true),
            ("localhost", 8000, "[::1]:8000", true),
            ("127.0.0.1", 8000, "localhost", false),
            ("127.0.0.1", 80, "localhost", true),
            ("0.0.0.0", 8000, "0.0.0.0:8000", true),
            ("0.0.0.0", 8000, "127.0.0.1:8000", false),
        ];
        for (bind, port, host, expected) in table {
            let hosts = Hosts::default_for(bind, port).unwrap();
            let name = HostName::parse(host.as_bytes()).unwrap();
            assert_eq!(hosts.allows(&name, 80), expected, "{bind}:{port} {host}");
        }
    }
}
