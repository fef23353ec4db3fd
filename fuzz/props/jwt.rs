//! Claims under a good signature are accepted, refused and read exactly as a plain reading of them
//! says, at any time and with any leeway.

use zscaler_mcp::jose::{Claims, Refused, Rules, verify};
use zscaler_mcp::json::{Json, Number};

use super::input::Input;
use super::jose::{NOW, is_name, json, keys, rules, signed};

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let far = input.pick(&[0, 1, 29, 30, 31, 600, NOW, u64::MAX]);
    let now = if input.flag() { NOW.saturating_add(far) } else { NOW.saturating_sub(far) };
    let rules = Rules { leeway_seconds: input.pick(&[30, 0, 1, u64::MAX]), ..rules() };
    let payload = input.rest();
    let token = signed(br#"{"alg":"EdDSA","kid":"ours"}"#, payload);
    let found = verify(token.as_bytes(), keys(), &rules, now);
    let shown = payload.escape_ascii();
    match (found, plain(payload, &rules, now)) {
        (Ok(claims), Ok(plain)) => {
            assert_eq!(Plain::of(&claims), plain, "{shown} at {now}");
            let missing = (!plain.scopes.iter().any(|scope| scope == "r")).then(|| vec!["r"]);
            assert_eq!(claims.lacks(&rules), missing, "{shown}");
        }
        (found, plain) => assert_eq!(found.err(), plain.err(), "{shown} at {now}"),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Plain {
    subject: Option<String>,
    client: String,
    scopes: Vec<String>,
    expires: u64,
}

impl Plain {
    fn of(claims: &Claims) -> Self {
        assert_eq!(claims.issuer(), "i");
        Self {
            subject: claims.subject().map(str::to_owned),
            client: claims.client().to_owned(),
            scopes: claims.scopes().to_vec(),
            expires: claims.expires(),
        }
    }
}

fn plain(payload: &[u8], rules: &Rules, now: u64) -> Result<Plain, Refused> {
    let json = json(payload).filter(|json| json.as_object().is_some());
    let json = json.ok_or(Refused::Malformed)?;
    let (now, leeway) = (u128::from(now), u128::from(rules.leeway_seconds));
    let expires = time(&json, "exp")?.ok_or(Refused::Claims)?;
    // The end of all times does not move with the leeway.
    if now >= (u128::from(expires) + leeway).min(u128::from(u64::MAX)) {
        return Err(Refused::Expired);
    }
    for claim in ["nbf", "iat"] {
        if time(&json, claim)?.is_some_and(|from| u128::from(from) > now + leeway) {
            return Err(Refused::NotYet);
        }
    }
    if name(&json, "iss")?.as_deref() != Some("i") {
        return Err(Refused::Issuer);
    }
    let audience = json.get("aud").ok_or(Refused::Audience)?;
    let audience = audience.as_array().unwrap_or_else(|| core::slice::from_ref(audience));
    if !audience.iter().all(|item| item.as_str().is_some_and(is_name)) {
        return Err(Refused::Claims);
    }
    let ours = ["a", "b"].into_iter().find(|ours| audience.contains(&Json::from(*ours)));
    let ours = ours.ok_or(Refused::Audience)?;
    let subject = name(&json, "sub")?;
    let clients = [name(&json, "azp")?, name(&json, "appid")?, name(&json, "client_id")?];
    let client = clients.into_iter().flatten().next().unwrap_or_else(|| ours.to_owned());
    Ok(Plain { subject, client, scopes: scopes(&json)?, expires })
}

fn name(json: &Json, claim: &str) -> Result<Option<String>, Refused> {
    match json.get(claim) {
        None => Ok(None),
        Some(Json::String(text)) if is_name(text) => Ok(Some(text.clone())),
        Some(_) => Err(Refused::Claims),
    }
}

fn time(json: &Json, claim: &str) -> Result<Option<u64>, Refused> {
    match json.get(claim) {
        None => Ok(None),
        Some(Json::Number(number)) => seconds(number).map(Some).ok_or(Refused::Claims),
        Some(_) => Err(Refused::Claims),
    }
}

fn seconds(number: &Number) -> Option<u64> {
    /// The first number behind 64 bits.
    const END: f64 = 18_446_744_073_709_551_616.0;
    if number.text().starts_with('-') {
        return None;
    }
    if number.text().bytes().all(|byte| byte.is_ascii_digit()) {
        return number.text().parse().ok();
    }
    number.as_f64().filter(|value| *value < END).map(|value| value as u64)
}

fn scopes(json: &Json) -> Result<Vec<String>, Refused> {
    let mut all = std::collections::BTreeSet::new();
    for claim in ["scope", "scp"] {
        match json.get(claim) {
            None => {}
            Some(Json::String(text)) => {
                all.extend(text.split(' ').map(str::to_owned).filter(|scope| !scope.is_empty()));
            }
            Some(Json::Array(items)) => {
                for item in items {
                    all.insert(item.as_str().ok_or(Refused::Claims)?.to_owned());
                }
            }
            Some(_) => return Err(Refused::Claims),
        }
    }
    if all.iter().all(|scope| is_name(scope)) {
        return Ok(all.into_iter().collect());
    }
    Err(Refused::Claims)
}
