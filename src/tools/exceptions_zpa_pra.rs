//! Zone: post-admission. The functions of changes of privileged remote access and of keys.
//!
//! They see arguments and wire records. What the type of a credential does not go with is refused
//! before the first request; a key counts as gone only when the service says it is not there.

use crate::backend::ApiMethod;
use crate::json::{Json, object};
use crate::tools::call::Call;
use crate::tools::change;
use crate::tools::failure::Failure;
use crate::tools::frame::{Frame, is_nothing};
use crate::tools::plan::{Maker, Step, Takes, Value};
use crate::tools::row::Custom;
use crate::tools::zpa::provisioning_keys::{ASSOCIATION, ONE};

/// What makes up a credential of each type, beside which nothing is taken.
const SECRETS: [&str; 3] = ["username", "password", "private_key"];
const KINDS: [(&str, [bool; 3]); 3] = [
    ("USERNAME_PASSWORD", [true, true, false]),
    ("PASSWORD", [false, true, false]),
    ("SSH_KEY", [true, false, true]),
];
const HEADERS: [&str; 3] = [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY-----",
];

/// True when a credential lacks what its type needs or has what its type does not take.
pub(super) const OTHER_SECRETS: Maker =
    Maker { name: "pra_credential_kind", make: |frame, _| Ok(has_other_secrets(frame).into()) };

/// True when the private key is not one of the forms that the service reads.
pub(super) const NO_SSH_KEY: Maker = Maker {
    name: "pra_credential_kind",
    make: |frame, _| Ok((!frame.arguments().text("private_key").is_some_and(is_ssh_key)).into()),
};

/// The type of the credential that was read first, which has to be the one that is given.
pub(super) const KIND_KEPT: Maker = Maker { name: "pra_credential_kind", make: kind_kept };

/// Deletes a key; one that is not there is no error.
pub(super) const KEY_GONE: Custom = Custom { name: "key_already_gone", answer: key_already_gone };

fn has_other_secrets(frame: &Frame<'_>) -> bool {
    let kind = frame.arguments().text("credential_type");
    let needs = KINDS.iter().find(|(own, _)| kind == Some(own)).map(|(_, needs)| needs);
    let is_given = |name: &str| !frame.arguments().value(name).is_none_or(is_nothing);
    needs.is_none_or(|needs| {
        SECRETS.iter().zip(needs).any(|(name, is_needed)| is_given(name) != *is_needed)
    })
}

fn is_ssh_key(text: &str) -> bool {
    text.lines().any(|line| HEADERS.contains(&line.trim()))
}

fn kind_kept(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let stored = frame.value(&Value::Answer(0, "/credentialType"))?;
    let given = frame.arguments().value("credential_type").cloned().unwrap_or_default();
    if stored.is_some_and(|stored| !is_nothing(&stored) && stored != given) {
        return Err(Failure::Argument(
            "credential_type is not the type of this credential, which cannot be changed, so \
             nothing was changed; give the one that zpa_get_pra_credential shows, or create \
             another credential"
                .to_owned(),
        ));
    }
    Ok(given)
}

fn key_already_gone(call: &Call<'_>) -> Result<Json, Failure> {
    const READ: Step = Step::get(ONE).binds(ASSOCIATION);
    const DELETE: Step = Step::new(ApiMethod::Delete, ONE)
        .takes(Takes::Only(&["microtenant_id"]))
        .binds(ASSOCIATION);
    let message = match call.ask(&READ).and_then(|_key| call.carry_out(&DELETE)) {
        Ok(()) => {
            let row = call.row();
            let key = change::resource(row.subject, |name| call.arguments().value(name));
            format!("{}: {key}", row.deed())
        }
        Err(Failure::Answered(complaint)) if complaint.status == 404 => {
            "Nothing was deleted: there is no key of this key_type with this id. It is gone \
             already, or it is of the other type."
                .to_owned()
        }
        Err(other) => return Err(other),
    };
    Ok(object([("success", true.into()), ("message", message.into())]))
}

#[cfg(test)]
mod tests {
    use super::is_ssh_key;

    #[test]
    fn a_key_has_a_header_line_of_a_known_form() {
        for (text, expected) in [
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----", true),
            ("\r\n  -----BEGIN RSA PRIVATE KEY-----  \r\nx", true),
            ("-----BEGIN EC PRIVATE KEY-----\nx", true),
            ("-----BEGIN PRIVATE KEY-----\nx", false),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nx", false),
            ("-----BEGIN RSA PUBLIC KEY-----\nx", false),
            ("-----BEGIN RSA PRIVATE KEY----- x", false),
            ("-----BEGIN RSA PRIVATE KEY-----\\nx", false),
            ("ssh-rsa AAAA", false),
            ("", false),
        ] {
            assert_eq!(is_ssh_key(text), expected, "{text:?}");
        }
    }
}
