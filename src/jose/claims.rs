//! Zone: pre-admission. The claims of a token whose signature holds (RFC 7519 s4.1, RFC 9068).
//!
//! Trusts that the issuer wrote them, but not that they are for this server, for now, or in order.

use super::{BOUNDS, Refused, Rules, is_name, name_of};
use crate::json::{Json, Object, read};

/// What a token that was accepted says of its caller.
///
/// [`super::verify`] is the only maker, so to hold one is to know that signature, times, issuer
/// and audience were right.
///
/// ```compile_fail
/// use zscaler_mcp::jose::Claims;
/// let (issuer, client) = (String::new(), String::new());
/// let forged = Claims { issuer, subject: None, client, scopes: Vec::new(), expires: 0 };
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Claims {
    issuer: String,
    subject: Option<String>,
    client: String,
    scopes: Vec<String>,
    expires: u64,
}

impl Claims {
    /// Returns the claims in the decoded `payload` when they satisfy `rules` at `now`.
    ///
    /// # Errors
    /// As [`super::verify`] says of the payload.
    pub(super) fn read(payload: &[u8], rules: &Rules, now: u64) -> Result<Self, Refused> {
        let json = read(payload, BOUNDS).map_err(|_unreadable| Refused::Malformed)?;
        let members = json.as_object().ok_or(Refused::Malformed)?;
        let expires = time(members, "exp")?.ok_or(Refused::Claims)?;
        if now >= expires.saturating_add(rules.leeway_seconds) {
            return Err(Refused::Expired);
        }
        for name in ["nbf", "iat"] {
            let latest = now.saturating_add(rules.leeway_seconds);
            if time(members, name)?.is_some_and(|time| time > latest) {
                return Err(Refused::NotYet);
            }
        }
        let issuer = name(members, "iss")?.filter(|issuer| *issuer == rules.issuer);
        let issuer = issuer.ok_or(Refused::Issuer)?.to_owned();
        let audience = audience(members, rules)?;
        let subject = name(members, "sub")?.map(str::to_owned);
        let mut client = None;
        for claim in ["azp", "appid", "client_id"] {
            client = client.or(name(members, claim)?);
        }
        let client = client.unwrap_or(audience).to_owned();
        Ok(Self { issuer, subject, client, scopes: scopes(members)?, expires })
    }

    /// Returns the issuer: the one of the rules.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns who the token is about, unique at its issuer (`sub`).
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Returns the client that the token was given to: `azp`, else `appid`, else `client_id`,
    /// else the name of this server that stands in `aud`.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// Returns the scopes of `scope` and `scp` together, sorted, each once.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Returns the second since 1970 at which the token ends, without leeway.
    #[must_use]
    pub const fn expires(&self) -> u64 {
        self.expires
    }

    /// Returns the scopes that `rules` ask for and the token does not have, unless it has all.
    #[must_use]
    pub fn lacks<'a>(&self, rules: &'a Rules) -> Option<Vec<&'a str>> {
        let missing = rules.scopes.iter().filter(|scope| !self.scopes.contains(scope));
        let missing: Vec<&str> = missing.map(String::as_str).collect();
        (!missing.is_empty()).then_some(missing)
    }
}

/// Returns the claim `name` when it is there.
///
/// # Errors
/// [`Refused::Claims`] when it is no name.
fn name<'a>(members: &'a Object, name: &str) -> Result<Option<&'a str>, Refused> {
    let value = members.get(name);
    value.map(|value| name_of(value).ok_or(Refused::Claims)).transpose()
}

/// Returns the claim `name` as seconds since 1970 (RFC 7519 s2), a fraction dropped.
///
/// # Errors
/// [`Refused::Claims`] when it is no number, negative, or over 64 bits.
fn time(members: &Object, name: &str) -> Result<Option<u64>, Refused> {
    members.get(name).map(|value| seconds(value).ok_or(Refused::Claims)).transpose()
}

fn seconds(value: &Json) -> Option<u64> {
    let number = value.as_number()?;
    if number.is_integer() {
        return number.text().parse().ok();
    }
    format!("{:.0}", number.as_f64()?.floor()).parse().ok()
}

/// Returns the name of this server that the token is for.
///
/// # Errors
/// [`Refused::Audience`] when it is for none, [`Refused::Claims`] when `aud` is neither a name nor
/// an array of names.
fn audience<'a>(members: &Object, rules: &'a Rules) -> Result<&'a str, Refused> {
    let named = members.get("aud").map(|value| match value.as_array() {
        Some(items) => items.iter().map(name_of).collect(),
        None => name_of(value).map(|one| vec![one]),
    });
    let named: Vec<&str> = named.ok_or(Refused::Audience)?.ok_or(Refused::Claims)?;
    let own = rules.audience.iter().find(|own| named.contains(&own.as_str()));
    own.map(String::as_str).ok_or(Refused::Audience)
}

/// Returns what `scope` (RFC 8693 s4.2) and `scp` grant.
///
/// # Errors
/// [`Refused::Claims`] when one is neither a text with blanks between names nor an array of names.
fn scopes(members: &Object) -> Result<Vec<String>, Refused> {
    let mut all = Vec::new();
    for value in ["scope", "scp"].iter().filter_map(|name| members.get(name)) {
        let named: Option<Vec<&str>> = match (value.as_str(), value.as_array()) {
            (Some(text), _) => Some(text.split(' ').filter(|part| !part.is_empty()).collect()),
            (None, Some(items)) => items.iter().map(Json::as_str).collect(),
            (None, None) => None,
        };
        let named = named.filter(|named| named.iter().all(|name| is_name(name)));
        all.extend(named.ok_or(Refused::Claims)?.into_iter().map(str::to_owned));
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
