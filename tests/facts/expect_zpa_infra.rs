//! A second reading of the tools of private access for servers, certificates, keys, portals and
//! service edges: what their functions do, and the differences that are on purpose.

use serde_json::{Map, Value, json};

use crate::expect::{Expected, each};
use crate::samples::Dice;
use crate::world::Mood;

/// What goes with the type of a credential, and what does not.
const KINDS: [(&str, &[&str], &[&str]); 3] = [
    ("USERNAME_PASSWORD", &["username", "password"], &["private_key"]),
    ("PASSWORD", &["password"], &["username", "private_key"]),
    ("SSH_KEY", &["username"], &["password"]),
];

/// Private keys that are taken, and texts that are not.
const KEYS: [&str; 3] = [
    "-----BEGIN OPENSSH PRIVATE KEY-----\nZGVtbw==\n-----END OPENSSH PRIVATE KEY-----\n",
    "-----BEGIN RSA PRIVATE KEY-----\nZGVtbw==\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY-----\nZGVtbw==\n-----END EC PRIVATE KEY-----\n",
];
const NO_KEYS: [&str; 4] = [
    "",
    "-----BEGIN PRIVATE KEY-----\nZGVtbw==\n-----END PRIVATE KEY-----\n",
    "-----BEGIN RSA PUBLIC KEY-----\nZGVtbw==\n",
    "ssh-ed25519 AAAA",
];

/// True for a text of the samples that is no private key.
pub(crate) fn is_no_ssh_key(text: &str) -> bool {
    !KEYS.contains(&text)
}

/// Returns an argument worth trying.
pub(crate) fn sample(fact: &Value, name: &str, dice: &mut Dice) -> Option<Value> {
    if fact["toolset"] != "zpa_pra" || name != "private_key" {
        return None;
    }
    let from: Vec<Value> = match dice.below(6) {
        0 => NO_KEYS.map(Value::from).to_vec(),
        1..4 => KEYS.map(Value::from).to_vec(),
        _ => vec![Value::Null],
    };
    Some(from[dice.below(from.len())].clone())
}

/// Writes into `fact` what this server does otherwise on purpose.
pub(crate) fn mend(fact: &mut Value) {
    match fact["name"].as_str().unwrap() {
        "zpa_create_pra_credential" | "zpa_update_pra_credential" => {
            // Refused before the first request, and nothing that is given gets lost.
            fact["refuse_if"] = unfit();
        }
        "zpa_create_pra_portal" => {
            // The certificate with the name of the portal, not just any that a search finds.
            fact["variants"][1]["calls"][1]["body"]["certificateId"] = json!({"select": {
                "call": 0, "list": "/list", "where": ["name", "ieq", {"param": "name"}],
                "take": "/id", "none_fails": true}});
        }
        "zpa_create_service_edge_group" | "zpa_update_service_edge_group" => {
            // A list that is given empty is not lost; a group without a certificate is not made.
            let body = &mut fact["calls"][1]["body"];
            for list in ["serviceEdges", "trustedNetworks"] {
                assert_eq!(body[list]["send"], "if_truthy");
                body[list]["send"] = "if_given".into();
            }
            body["enrollmentCertId"]["select"]["none_fails"] = true.into();
        }
        _ => {}
    }
}

fn unfit() -> Value {
    let mut lists = Vec::new();
    for (kind, needed, others) in KINDS {
        let of = |condition: &str, name: &str| {
            json!([["equals", "credential_type", kind], [condition, name]])
        };
        lists.extend(needed.iter().map(|name| of("falsy", name)));
        lists.extend(others.iter().map(|name| of("truthy", name)));
    }
    lists.push(json!([
        ["equals", "credential_type", "SSH_KEY"],
        ["not_ssh_private_key", "private_key"]
    ]));
    lists.into()
}

/// Returns what is expected of a row that follows the facts but for their notes.
pub(crate) fn on_purpose(
    fact: &Value,
    _given: &Map<String, Value>,
    mood: Mood,
    expected: Expected,
) -> Expected {
    match expected {
        // A key that is not there needs no request to delete it.
        Expected::Stopped(asked)
            if fact["name"] == "zpa_delete_provisioning_key" && mood == Mood::NotFoundFirst =>
        {
            assert!(asked.len() == 1 && each(&fact["calls"]).count() == 2);
            Expected::Done(asked)
        }
        other => other,
    }
}
