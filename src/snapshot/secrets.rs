//! Zone: post-admission. Records without their secrets.

use crate::consent::question::is_hidden;
use crate::json::{Json, Object};

/// What stands in place of a secret.
const REMOVED: &str = "(a secret, not exported)";

/// Names of members whose values let somebody in, in small letters and without underscores; those
/// that questions and previews hide come on top.
const NAMES: [&str; 9] = [
    "accesstoken",
    "apikey",
    "nonce",
    "otp",
    "provisioningkey",
    "secret",
    "token",
    "totp",
    "totpsecret",
];

/// Members about secrets that hold a choice and no secret.
const CHOICES: [&str; 2] = ["passwordprotected", "privatekeypresent"];

/// Returns `value` with a fixed text in place of every secret. That there is one, or may be, is
/// none.
#[must_use]
pub fn without_secrets(value: Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.into_iter().map(without_secrets).collect()),
        Json::Object(members) => {
            let mut out = Object::new();
            for (name, value) in members.iter() {
                let is_kept = matches!(value, Json::Null | Json::Bool(_)) || !is_secret(name);
                let value = if is_kept { without_secrets(value.clone()) } else { REMOVED.into() };
                out.push(name.to_owned(), value);
            }
            out.into()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value,
    }
}

fn is_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    let is_choice = CHOICES.contains(&plain.as_str());
    !is_choice && (NAMES.contains(&plain.as_str()) || is_hidden(name))
}

#[cfg(test)]
mod tests {
    use super::without_secrets;
    use crate::json::{Bounds, read, write};

    #[test]
    fn secrets_are_gone_wherever_they_stand() {
        for (text, expected) in [
            (r#"{"preSharedKey":"x"}"#, r#"{"preSharedKey":"(a secret, not exported)"}"#),
            (
                r#"[{"a":{"provisioning_key":"x"}}]"#,
                r#"[{"a":{"provisioning_key":"(a secret, not exported)"}}]"#,
            ),
            (r#"{"password":{"x":1}}"#, r#"{"password":"(a secret, not exported)"}"#),
            (
                r#"{"blockPasswordProtectedArchives":true}"#,
                r#"{"blockPasswordProtectedArchives":true}"#,
            ),
            (r#"{"password":null}"#, r#"{"password":null}"#),
            (r#"{"password":1}"#, r#"{"password":"(a secret, not exported)"}"#),
            (r#"{"privateKeyPresent":"true"}"#, r#"{"privateKeyPresent":"true"}"#),
            (r#"{"passwordExpired":true}"#, r#"{"passwordExpired":true}"#),
            (r#"{"passwordProtected":"BLOCK"}"#, r#"{"passwordProtected":"BLOCK"}"#),
            (r#"{"keyId":"x","tokenize":true}"#, r#"{"keyId":"x","tokenize":true}"#),
        ] {
            let value = read(text.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap();
            assert_eq!(write::to_text(&without_secrets(value)), expected, "{text}");
        }
    }
}
