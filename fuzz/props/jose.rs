//! A token is accepted only when its bytes are those that the holder of the key makes, and its
//! header is refused for the first reason that a plain reading of it finds.

use std::sync::OnceLock;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use zscaler_mcp::jose::{Algorithm, KeySet, Refused, Rules, verify};
use zscaler_mcp::json::{Bounds, Json, read};
use zscaler_mcp::limits::{JOSE_DEPTH_MAX, JOSE_NODES_MAX, JOSE_TEXT_BYTES_MAX};

use super::base64url::encode;
use super::input::Input;

/// A moment at which the payload of this property is good.
pub(super) const NOW: u64 = 1_800_000_000;
const PAYLOAD: &str = r#"{"iss":"i","aud":"a","exp":1800000600}"#;
/// The key of RFC 7515 A.3, which never signs here.
const OTHER: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","kid":"e1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","#,
    r#""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#
);
const ALLOWED: [Algorithm; 3] = [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256];

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    if input.flag() {
        only_what_was_signed(input.rest());
        return;
    }
    let (place, bit) = (input.below(65_536), input.below(8));
    let header = input.rest();
    let token = signed(header, PAYLOAD.as_bytes());
    let found = verify(token.as_bytes(), keys(), &rules(), NOW);
    let expected = expected(header);
    assert_eq!(found.as_ref().err(), expected.err().as_ref(), "{}", header.escape_ascii());
    if let Ok(claims) = found {
        assert_eq!((claims.issuer(), claims.client(), claims.subject()), ("i", "a", None));
        let mut changed = token.into_bytes();
        let place = place % changed.len();
        changed[place] ^= 1 << bit;
        let found = verify(&changed, keys(), &rules(), NOW);
        assert!(found.is_err(), "bit {bit} of byte {place} after {}", header.escape_ascii());
    }
}

/// Ed25519 makes one signature a text, so a token that is accepted can be made again.
fn only_what_was_signed(token: &[u8]) {
    if verify(token, keys(), &rules(), NOW).is_ok() {
        let text = core::str::from_utf8(token).expect("base64url");
        let (signed, signature) = text.rsplit_once('.').expect("three parts");
        assert_eq!(signature, encode(pair().sign(signed.as_bytes()).as_ref()), "{text}");
    }
}

pub(super) fn rules() -> Rules {
    Rules {
        algorithms: ALLOWED.to_vec(),
        issuer: "i".to_owned(),
        audience: vec!["a".to_owned(), "b".to_owned()],
        leeway_seconds: 30,
        scopes: vec!["r".to_owned()],
    }
}

fn pair() -> &'static Ed25519KeyPair {
    static PAIR: OnceLock<Ed25519KeyPair> = OnceLock::new();
    PAIR.get_or_init(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("32 bytes"))
}

/// Returns a set of the key that signs, called `ours`, and of another one.
pub(super) fn keys() -> &'static KeySet {
    static KEYS: OnceLock<KeySet> = OnceLock::new();
    KEYS.get_or_init(|| KeySet::parse(document().as_bytes()).expect("two keys"))
}

/// Returns that set as its issuer publishes it.
pub(super) fn document() -> String {
    let x = encode(pair().public_key().as_ref());
    let ours = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"ours","x":"{x}"}}"#);
    format!(r#"{{"keys":[{ours},{OTHER}]}}"#)
}

/// Returns a token of the key `ours` with these texts in it.
pub(super) fn signed(header: &[u8], payload: &[u8]) -> String {
    let signed = [encode(header), encode(payload)].join(".");
    let signature = encode(pair().sign(signed.as_bytes()).as_ref());
    format!("{signed}.{signature}")
}

/// Returns `text` as JSON within the bounds of a token.
pub(super) fn json(text: &[u8]) -> Option<Json> {
    read(text, Bounds { depth: JOSE_DEPTH_MAX, nodes: JOSE_NODES_MAX }).ok()
}

/// True for a text that may name something.
pub(super) fn is_name(text: &str) -> bool {
    let plain = text.chars().all(|c| c != '\u{fffd}' && !matches!(c, ..' ' | '\u{7f}'..='\u{9f}'));
    plain && (1..=JOSE_TEXT_BYTES_MAX).contains(&text.len())
}

fn expected(header: &[u8]) -> Result<(), Refused> {
    let json = json(header).filter(|json| json.as_object().is_some()).ok_or(Refused::Malformed)?;
    if ["crit", "b64"].iter().any(|name| json.get(name).is_some()) {
        return Err(Refused::Critical);
    }
    let kinds = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];
    if let Some(kind) = json.get("typ") {
        let kind = kind.as_str().unwrap_or_default().to_ascii_lowercase();
        if !kinds.contains(&&*kind) {
            return Err(Refused::Kind);
        }
    }
    let algorithm = json.get("alg").and_then(Json::as_str).unwrap_or_default();
    if !["EdDSA", "ES256", "RS256"].contains(&algorithm) {
        return Err(Refused::Algorithm);
    }
    match (json.get("kid").and_then(Json::as_str), algorithm) {
        (Some("ours"), "EdDSA") => Ok(()),
        (Some("e1"), "ES256") => Err(Refused::Signature),
        (Some("ours" | "e1"), _) => Err(Refused::Key),
        (Some(other), _) if is_name(other) => Err(Refused::UnknownKey),
        _ => Err(Refused::Key),
    }
}
