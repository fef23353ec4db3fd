//! Zone: pre-admission. Entries of the Host allowlist: a host or glob, and perhaps a port.
//!
//! A bare host means any port. A glob covers names only, never an address in any spelling; the
//! one exception is `*` as the whole host, which covers everything and says so.

use super::glob::{Case, Glob, GlobError};
use super::host::{Host, HostName, ends_in_number, is_name_byte, port};
use crate::limits::PATTERN_BYTES_MAX;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One entry of the Host allowlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    rule: Rule,
    port: Option<u16>,
    text: Box<str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    Everything,
    Name(Glob),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

/// Why an entry is not a host pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostError {
    /// Nothing there.
    Blank,
    /// Longer than [`PATTERN_BYTES_MAX`].
    TooLong,
    /// A scheme stands in front.
    Scheme,
    /// A path stands behind.
    Path,
    /// User information stands in front.
    UserInfo,
    /// A blank or control character inside.
    Blanks,
    /// Two dots in a row, a dot in front, or no host at all.
    EmptyLabel,
    /// Behind the colon stands neither `*` nor a port.
    Port,
    /// A byte that no host holds.
    Byte,
    /// A number that is not an address in its usual spelling.
    Address,
    /// A bracket expression that does not parse.
    Glob(GlobError),
}

impl HostPattern {
    /// Returns the pattern that `entry` spells; blanks around it are ignored.
    ///
    /// # Errors
    /// [`HostError`], one variant for each part that can be wrong.
    pub fn parse(entry: &str) -> Result<Self, HostError> {
        let text = entry.trim_matches([' ', '\t']);
        refuse_foreign(text)?;
        let (rule, port) = if let Ok(address) = text.parse() {
            (Rule::V6(address), None)
        } else if let Some((address, rest)) = bracketed(text) {
            (Rule::V6(address.parse().or(Err(HostError::Address))?), port_rule(rest)?)
        } else {
            let end = text.find(':').unwrap_or(text.len());
            let (host, rest) = text.split_at_checked(end).ok_or(HostError::Byte)?;
            (name_rule(host)?, port_rule(rest)?)
        };
        Ok(Self { rule, port, text: text.into() })
    }

    /// Returns the pattern for exactly this host and port; `host` is a name or an address, with
    /// or without brackets, and never read as a glob.
    ///
    /// # Errors
    /// [`HostError::Byte`] when it is neither.
    pub fn literal(host: &str, port: u16) -> Result<Self, HostError> {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let host = match bare.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => Host::V4(address),
            Ok(IpAddr::V6(address)) => Host::V6(address),
            Err(_) => match HostName::parse(bare.as_bytes()) {
                Some(name) if name.port().is_none() => name.host(),
                Some(_) | None => return Err(HostError::Byte),
            },
        };
        let rule = match host {
            Host::Name(name) => Rule::Name(Glob::literal(name, Case::Ignore)),
            Host::V4(address) => Rule::V4(address),
            Host::V6(address) => Rule::V6(address),
            Host::Numeric(_) => return Err(HostError::Address),
        };
        Ok(Self { rule, port: Some(port), text: format!("{host}:{port}").into() })
    }

    /// True when `name` is covered; `default_port` is meant where `name` has no port.
    #[must_use]
    pub fn matches(&self, name: &HostName<'_>, default_port: u16) -> bool {
        let host = match (&self.rule, name.host()) {
            (Rule::Everything, _) => true,
            (Rule::Name(glob), Host::Name(name)) => glob.matches(name),
            (Rule::V4(own), Host::V4(address)) => *own == address,
            (Rule::V6(own), Host::V6(address)) => *own == address,
            (Rule::Name(_) | Rule::V4(_) | Rule::V6(_), _) => false,
        };
        host && self.port.is_none_or(|port| port == name.port_or(default_port))
    }

    /// True when names of strangers are covered, on some port at least: `*`, `?*`, `*.*`.
    #[must_use]
    pub fn matches_everything(&self) -> bool {
        match &self.rule {
            Rule::Everything => true,
            Rule::Name(glob) => glob.is_unspecific(),
            Rule::V4(_) | Rule::V6(_) => false,
        }
    }
}

/// Refuses what belongs to a URL and not to a host, by name.
fn refuse_foreign(text: &str) -> Result<(), HostError> {
    if text.is_empty() {
        return Err(HostError::Blank);
    }
    if text.len() > PATTERN_BYTES_MAX {
        return Err(HostError::TooLong);
    }
    if text.contains("://") {
        return Err(HostError::Scheme);
    }
    if text.contains('/') {
        return Err(HostError::Path);
    }
    if text.contains('@') {
        return Err(HostError::UserInfo);
    }
    if text.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) {
        return Err(HostError::Blanks);
    }
    Ok(())
}

/// Returns the address in brackets and what follows. A bracket expression holds no colon, since
/// no name does.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    inside.contains(':').then_some((inside, rest))
}

fn port_rule(rest: &str) -> Result<Option<u16>, HostError> {
    match rest.strip_prefix(':') {
        Some("*") => Ok(None),
        Some(digits) => port(digits.as_bytes()).map(Some).ok_or(HostError::Port),
        None if rest.is_empty() => Ok(None),
        None => Err(HostError::Port),
    }
}

fn name_rule(host: &str) -> Result<Rule, HostError> {
    if let Ok(address) = host.parse() {
        return Ok(Rule::V4(address));
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.split('.').any(str::is_empty) {
        return Err(HostError::EmptyLabel);
    }
    let known = |byte: u8| is_name_byte(byte) || matches!(byte, b'?' | b'[' | b']' | b'^');
    if !host.bytes().all(known) {
        return Err(HostError::Byte);
    }
    let glob = Glob::parse(host.as_bytes(), Case::Ignore).map_err(HostError::Glob)?;
    if glob.is_star() {
        return Ok(Rule::Everything);
    }
    if !glob.is_wild() && ends_in_number(host.as_bytes()) {
        return Err(HostError::Address);
    }
    Ok(Rule::Name(glob))
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "empty entry",
            Self::TooLong => return write!(f, "longer than {PATTERN_BYTES_MAX} bytes"),
            Self::Scheme => "a host is wanted, without a scheme such as https://",
            Self::Path => "a host is wanted, without a path",
            Self::UserInfo => "a host is wanted, without user information before an @",
            Self::Blanks => "blank or control character inside the entry",
            Self::EmptyLabel => "an empty part between two dots or in front",
            Self::Port => "behind the colon a port (1 to 5 digits, at most 65535) or * is wanted",
            Self::Byte => "a character that no host name holds",
            Self::Address => "an address is wanted as four decimal parts, or IPv6 in brackets",
            Self::Glob(error) => return error.fmt(f),
        })
    }
}

impl core::error::Error for HostError {}

#[cfg(test)]
mod tests {
    use super::{HostError, HostPattern};
    use crate::matching::HostName;

    #[test]
    fn globs_cover_names_and_never_addresses() {
        let table = [
            ("*.run.app", "a.b.run.app", true),
            ("1*", "10.0.0.1", false),
            ("1*", "1password.example", true),
            ("*", "10.0.0.1", true),
            ("[::1]:80", "[0:0::1]", true),
        ];
        for (entry, host, expected) in table {
            let name = HostName::parse(host.as_bytes()).unwrap();
            let pattern = HostPattern::parse(entry).unwrap();
            assert_eq!(pattern.matches(&name, 80), expected, "{entry} {host}");
        }
    }

    #[test]
    fn a_url_is_not_a_host() {
        assert_eq!(HostPattern::parse("https://a.b"), Err(HostError::Scheme));
        assert_eq!(HostPattern::parse("a.b:99999"), Err(HostError::Port));
    }
}
