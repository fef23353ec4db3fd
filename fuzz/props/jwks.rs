//! A key set keeps only entries that a plain reading takes for public keys for signatures and that
//! no other entry can be mistaken for; it counts the others; and it keeps every such known key.

use zscaler_mcp::jose::base64url::decode;
use zscaler_mcp::jose::{Algorithm, BadKeys, KeySet};
use zscaler_mcp::json::{Json, Object};
use zscaler_mcp::limits::JWKS_KEYS_MAX;

use super::input::Input;
use super::jose::{is_name, json};

/// Good keys of every kind: `r1`, `r2`, `e1`, `e3` and `o1`.
const KNOWN: &str = include_str!("../../tests/data/jose/keys.json");
const SECRETS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// What is done to a known key. None of these makes a point that is not on its curve.
const EDITS: [(&str, &str); 26] = [
    ("kid", r#""r1""#),
    ("kid", r#""same""#),
    ("kid", r#""""#),
    ("kid", "7"),
    ("use", r#""sig""#),
    ("use", r#""enc""#),
    ("use", "null"),
    ("key_ops", r#"["verify"]"#),
    ("key_ops", r#"["sign"]"#),
    ("key_ops", "[]"),
    ("alg", r#""RS256""#),
    ("alg", r#""PS256""#),
    ("alg", r#""ES256""#),
    ("alg", r#""none""#),
    ("alg", "null"),
    ("d", r#""AQ""#),
    ("k", "null"),
    ("kty", r#""oct""#),
    ("kty", "[]"),
    ("e", r#""Aw""#),
    ("e", r#""AQ""#),
    ("e", r#""AAEAAQ""#),
    ("n", r#""_w""#),
    ("x", r#""AQ""#),
    ("crv", r#""P-521""#),
    ("y", "1"),
];

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    if input.flag() {
        let document = written(&mut input);
        agree(document.as_bytes(), true);
    } else {
        agree(input.rest(), false);
    }
}

/// Returns a set of known keys with some edits, at times one that is too large.
fn written(input: &mut Input<'_>) -> String {
    let known = json(KNOWN.as_bytes()).expect("the file of keys");
    let known = known.get("keys").and_then(Json::as_array).expect("the file of keys");
    let mut entries = Vec::new();
    for _ in 0..input.below(6) {
        let mut entry: Object = known[input.below(known.len())].as_object().expect("a key").clone();
        for _ in 0..input.below(4) {
            let (name, value) = input.pick(&EDITS);
            entry.set(name, json(value.as_bytes()).expect("an edit"));
        }
        entries.push(Json::Object(entry));
    }
    entries.resize(input.pick(&[entries.len(), 64, 65, 66]).max(entries.len()), Json::Null);
    zscaler_mcp::json::write::to_text(&zscaler_mcp::json::object([("keys", entries.into())]))
}

fn agree(document: &[u8], known: bool) {
    let found = KeySet::parse(document);
    let shown = document.escape_ascii();
    let Some(json) = json(document) else {
        assert_eq!(found.err(), Some(BadKeys::Unreadable), "{shown}");
        return;
    };
    let Some(entries) = json.get("keys").and_then(Json::as_array) else {
        assert_eq!(found.err(), Some(BadKeys::NoKeys), "{shown}");
        return;
    };
    if entries.len() > JWKS_KEYS_MAX {
        assert_eq!(found.err(), Some(BadKeys::TooMany), "{shown}");
        return;
    }
    let mut plain: Vec<Plain> = Vec::new();
    for entry in entries.iter().filter_map(Plain::of) {
        if !plain.contains(&entry) {
            plain.push(entry);
        }
    }
    let clear = |one: &&Plain| !plain.iter().any(|two| *one != two && one.could_be(two));
    let expected: Vec<&str> = plain.iter().filter(clear).map(|one| one.id.as_str()).collect();
    match found {
        Ok(set) => {
            let ids: Vec<&str> = set.ids().collect();
            assert_eq!(ids.len() + set.skipped(), entries.len(), "{shown}");
            assert!(set.secrets() <= set.skipped(), "{shown}");
            assert!(ids.iter().all(|id| plain.iter().any(|one| one.id == **id)), "{shown}");
            assert!(!known || ids == expected, "{ids:?}, {expected:?}: {shown}");
        }
        Err(fault) => {
            assert_eq!(fault, BadKeys::NothingUsable, "{shown}");
            assert!(!known || expected.is_empty(), "{expected:?}: {shown}");
        }
    }
}

/// What a plain reading sees in an entry. Whether a point is on its curve is not seen.
#[derive(Debug, PartialEq, Eq)]
struct Plain {
    id: String,
    kind: String,
    algorithm: Option<String>,
    /// The numbers of the key; a value has one spelling.
    numbers: Vec<String>,
}

impl Plain {
    fn of(entry: &Json) -> Option<Self> {
        let text = |name: &str| entry.get(name).and_then(Json::as_str);
        let bytes = |name: &str| decode(text(name)?.as_bytes());
        if SECRETS.iter().any(|name| entry.get(name).is_some()) {
            return None;
        }
        if entry.get("use").is_some() && text("use") != Some("sig") {
            return None;
        }
        if let Some(list) = entry.get("key_ops") {
            list.as_array()?.iter().find(|one| one.as_str() == Some("verify"))?;
        }
        let (kind, fits, names): (_, _, &[&str]) = match (text("kty")?, text("crv")) {
            ("RSA", _) => ("R", is_rsa(&bytes("n")?, &bytes("e")?), &["n", "e"]),
            ("EC", Some("P-256")) => {
                ("2", [bytes("x")?, bytes("y")?].iter().all(|n| n.len() == 32), &["x", "y"])
            }
            ("EC", Some("P-384")) => {
                ("3", [bytes("x")?, bytes("y")?].iter().all(|n| n.len() == 48), &["x", "y"])
            }
            ("OKP", Some("Ed25519")) => ("E", bytes("x")?.len() == 32, &["x"]),
            _ => return None,
        };
        let algorithm = match entry.get("alg") {
            None => None,
            Some(_) => Some(text("alg")?.to_owned()),
        };
        let own = match algorithm.as_deref() {
            None => kind,
            Some("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512") => "R",
            Some("ES256") => "2",
            Some("ES384") => "3",
            Some("EdDSA") => "E",
            Some(other) => {
                assert_eq!(Algorithm::parse(other), None);
                return None;
            }
        };
        let id = text("kid").filter(|id| is_name(id))?.to_owned();
        let numbers = names.iter().filter_map(|name| text(name)).map(str::to_owned).collect();
        (fits && own == kind).then(|| Self { id, kind: kind.to_owned(), algorithm, numbers })
    }

    fn could_be(&self, other: &Self) -> bool {
        let apart = matches!((&self.algorithm, &other.algorithm), (Some(a), Some(b)) if a != b);
        self.id == other.id && self.kind == other.kind && !apart
    }
}

fn is_rsa(n: &[u8], e: &[u8]) -> bool {
    let small = e.iter().take(9).fold(0_u128, |value, byte| value << 8 | u128::from(*byte));
    let n_fits = match n {
        [first, .., last] if *first != 0 => {
            let bits = n.len() * 8 - usize::try_from(first.leading_zeros()).unwrap();
            last % 2 == 1 && (2_048..=8_192).contains(&bits)
        }
        _ => false,
    };
    n_fits
        && e.first().is_some_and(|byte| *byte != 0)
        && small % 2 == 1
        && (3..1 << 33).contains(&small)
}
