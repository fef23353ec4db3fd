//! Zone: operator. What is not safe about settings that can all be read.
//!
//! Pure. A rule refuses when a defence would be missing without the operator having said so, and
//! warns when the operator has said so. On standard input and output nothing listens, so the
//! rules of the network do not apply there.

use crate::matching::{HostPattern, Network};
use crate::settings::kind::shown;
use crate::settings::problem::{Problem, Severity};
use crate::settings::table::{Id, name};
use crate::settings::{Settings, TlsVersion};

/// Parsers of the entries of lists, given by whoever assembles the program; the error says what
/// is wrong with an entry.
#[derive(Debug, Clone, Copy)]
pub struct Parsers {
    /// Of a host pattern.
    pub host: fn(&str) -> Result<(), String>,
    /// Of an address or a network.
    pub network: fn(&str) -> Result<(), String>,
    /// Of an origin.
    pub origin: fn(&str) -> Result<(), String>,
}

impl Settings {
    /// Returns everything that is wrong or weaker than it could be, the worst first.
    #[must_use]
    pub fn problems(&self, parsers: &Parsers) -> Vec<Problem> {
        let mut out: Vec<Problem> = self.bad_values.iter().map(Problem::from).collect();
        out.extend(self.notes.iter().cloned());
        self.check_entries(parsers, &mut out);
        if self.is_http() {
            self.check_tls(&mut out);
            self.check_plaintext(&mut out);
            self.check_hosts(&mut out);
            self.check_networks(&mut out);
            self.check_auth(&mut out);
        }
        if !self.sanitize {
            let text = "tenant text reaches the model unchanged, with whatever it tells it to do";
            out.push(Problem::warn(name(Id::DisableOutputSanitization), text));
        }
        out.sort_by_key(|problem| core::cmp::Reverse(problem.severity));
        out
    }

    /// True when plaintext would be served where other machines can listen, unasked.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.is_http() && !self.has_tls() && !self.is_loopback() && !self.allow_http
    }

    fn check_entries(&self, parsers: &Parsers, out: &mut Vec<Problem>) {
        let empty = Vec::new();
        let hosts = self.allowed_hosts.as_ref().unwrap_or(&empty);
        let sources = self.allowed_sources.as_ref().unwrap_or(&empty);
        for (id, entries, parse) in [
            (Id::AllowedHosts, hosts, parsers.host),
            (Id::AllowedSourceIps, sources, parsers.network),
            (Id::TrustedProxies, &self.trusted_proxies, parsers.network),
            (Id::AllowedOrigins, &self.allowed_origins, parsers.origin),
        ] {
            for entry in entries {
                if let Err(why) = parse(entry) {
                    let text = format!("entry {}: {why}", shown(entry));
                    let setting = name(id).to_owned();
                    out.push(Problem { severity: Severity::Unreadable, setting, text });
                }
            }
        }
    }

    fn check_tls(&self, out: &mut Vec<Problem>) {
        let tls = &self.tls;
        let (cert, key) = (tls.certfile.is_some(), tls.keyfile.is_some());
        let (cert_name, key_name) = (name(Id::TlsCertfile), name(Id::TlsKeyfile));
        if cert && !key {
            let text = format!("a certificate without its key; set {key_name} as well");
            out.push(Problem::refuse(cert_name, text));
        }
        if key && !cert {
            let text = format!("a key without its certificate; set {cert_name} as well");
            out.push(Problem::refuse(key_name, text));
        }
        if tls.ca_certs.is_some() && !self.has_tls() {
            let text = format!(
                "client certificates need TLS; set {cert_name} and {key_name}, or take it out"
            );
            out.push(Problem::refuse(name(Id::TlsCaCerts), text));
        }
        if tls.password.is_some() && !key {
            let text = format!("has no effect without {key_name}");
            out.push(Problem::warn(name(Id::TlsKeyfilePassword), text));
        }
        if self.allow_http && self.has_tls() {
            let text = "has no effect: a certificate is configured, so TLS is served";
            out.push(Problem::warn(name(Id::AllowHttp), text));
        }
        if self.has_tls() && tls.min_version == TlsVersion::V12 {
            let text = "TLS 1.2 is spoken with clients that ask for it";
            out.push(Problem::warn(name(Id::TlsMinVersion), text));
        }
    }

    fn check_plaintext(&self, out: &mut Vec<Problem>) {
        if self.is_bare() {
            let (cert, key, allow) =
                (name(Id::TlsCertfile), name(Id::TlsKeyfile), name(Id::AllowHttp));
            let text = format!(
                "plaintext on {}, which other machines can reach; set {cert} and {key}, or \
                 {allow}=true if TLS ends in front of this server, or bind to 127.0.0.1",
                self.bind()
            );
            out.push(Problem::refuse(cert, text));
        } else if self.allow_http && !self.has_tls() && !self.is_loopback() {
            let text = format!(
                "plaintext on {}; make sure that it is reached only through what ends TLS",
                self.bind()
            );
            out.push(Problem::warn(name(Id::AllowHttp), text));
        }
    }

    fn check_hosts(&self, out: &mut Vec<Problem>) {
        let allowed = name(Id::AllowedHosts);
        if self.disable_host_validation {
            let text = "any Host is accepted; a web page can reach this server by DNS rebinding";
            out.push(Problem::warn(name(Id::DisableHostValidation), text));
            return;
        }
        if let Some(entry) = self.allowed_hosts.iter().flatten().find(|e| is_any_host(e)) {
            let text =
                format!("entry {} accepts any Host, as if it were not checked", shown(entry));
            out.push(Problem::warn(allowed, text));
        }
        if self.allowed_hosts.is_none() && self.is_wildcard() {
            let text = format!(
                "not set, so only the literal bind address {} is accepted as Host, which few \
                 clients send; name the hosts that clients use",
                self.bind()
            );
            out.push(Problem::warn(allowed, text));
        }
    }

    fn check_networks(&self, out: &mut Vec<Problem>) {
        if let Some(entry) = self.allowed_sources.iter().flatten().find(|e| is_any_source(e)) {
            let text = format!("entry {} accepts a whole address family", shown(entry));
            out.push(Problem::warn(name(Id::AllowedSourceIps), text));
        }
        if let Some(entry) = self.trusted_proxies.iter().find(|entry| is_any_source(entry)) {
            let text = format!(
                "entry {} lets every peer choose the address that is checked and logged",
                shown(entry)
            );
            out.push(Problem::refuse(name(Id::TrustedProxies), text));
        }
        if self.allowed_origins.iter().any(|entry| entry == "*") {
            let text = "\"*\" would let every web page in; name the origins";
            out.push(Problem::refuse(name(Id::AllowedOrigins), text));
        }
    }
}

/// True for a host entry that covers the names of strangers, such as `*`, `*:8000` or `*.*`.
pub(super) fn is_any_host(entry: &str) -> bool {
    HostPattern::parse(entry).is_ok_and(|pattern| pattern.matches_everything())
}

/// True for a network entry that holds every address of a family, in whatever spelling.
pub(super) fn is_any_source(entry: &str) -> bool {
    match Network::parse(entry) {
        Ok(Network::Any) => true,
        Ok(Network::V4 { bits, .. } | Network::V6 { bits, .. }) => bits == 0,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_any_host, is_any_source};

    #[test]
    fn entries_that_hold_everything_are_seen() {
        for (entry, expected) in
            [("*", true), ("?*:80", true), ("*.*", true), ("*.a", false), ("[::1]:*", false)]
        {
            assert_eq!(is_any_host(entry), expected, "{entry}");
        }
        for (entry, expected) in [
            ("0.0.0.0/0", true),
            ("::/0", true),
            ("*", true),
            ("::ffff:0.0.0.0/96", true),
            ("10.0.0.0/8", false),
            ("::", false),
        ] {
            assert_eq!(is_any_source(entry), expected, "{entry}");
        }
    }
}
