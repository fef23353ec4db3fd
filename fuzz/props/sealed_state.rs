//! A state opens for an act exactly when its bytes are those that were sealed for it, with claims
//! that a plain reading finds right for the act and the moment, and it is spent once.

use std::sync::OnceLock;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zscaler_mcp::consent::question::Matter;
use zscaler_mcp::consent::{Question, Refused};
use zscaler_mcp::jose::base64url::decode;
use zscaler_mcp::json::{Bounds, Json, Object, read};

use super::base64url::encode;
use super::confirm_token::{DEEDS, Deed, NOW, SKEW, TTL, consent, derived, edited, moment, sha256};
use super::input::Input;

/// The parameters of the one question of this property, in canonical form.
const ASKED: &str = concat!(
    r#"{"message":"Confirm: delete thing\nAsked for by the agent through the tool t_delete.","#,
    r#""requestedSchema":{"properties":{"choice":{"enum":["delete","cancel"],"#,
    r#""title":"Your choice","type":"string"}},"required":["choice"],"type":"object"}}"#
);
/// Members in place of the right ones; an empty value takes the member away.
const EDITS: [(&str, &str); 34] = [
    ("v", "1.0"),
    ("v", "2"),
    ("v", "\"1\""),
    ("v", ""),
    ("m", "\"tools/list\""),
    ("m", ""),
    ("aud", "\"zscaler-mcp-2\""),
    ("aud", "null"),
    ("t", "\"t_delete_\""),
    ("t", "\"T_delete\""),
    ("t", "[\"t_delete\"]"),
    ("iat", "1799999400"),
    ("iat", "1800000060"),
    ("iat", "1800000061"),
    ("iat", "1799999940"),
    ("iat", "-1"),
    ("iat", "-0"),
    ("iat", "18e8"),
    ("exp", "1800000000"),
    ("exp", "1800000001"),
    ("exp", "1800000600"),
    ("exp", "1800000601"),
    ("exp", "9223372036854775808"),
    ("exp", "\"1800000300\""),
    ("exp", ""),
    ("a", "\"AAAAAAAAAAAAAAAAAAAAAA\""),
    ("a", "\"AAAAAAAAAAAAAAAAAAAAAB\""),
    ("p", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""),
    ("p", ""),
    ("jti", "\"AAAA\""),
    ("jti", ""),
    ("s", r#""{\"v\":3,\"asked\":{\"confirm\":\"AAAAAAAAAAAAAAAAAAAAAA\"}}""#),
    ("s", r#""{\"v\":2,\"asked\":{\"confirm\":\"AAAAAAAAAAAAAAAAAAAAAA\"}}""#),
    ("s", "{}"),
];

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let (mode, number, now) = (input.below(4), input.below(DEEDS.len()), moment(&mut input));
    let (deed, consent, question) = (DEEDS[number], consent(), question());
    let issued = DEEDS.map(|deed| deed.run(|act| consent.seal(act, question, NOW)).expect("bytes"));
    let (text, expected) = match mode {
        0 | 1 => {
            let text = if mode == 0 {
                String::from_utf8_lossy(input.rest()).into_owned()
            } else {
                edited(&issued, &mut input)
            };
            let timely = now < NOW + TTL && NOW <= now.saturating_add(SKEW);
            let good = timely && text == issued[number];
            (text, good.then(|| short(ASKED.as_bytes())))
        }
        _ => {
            let plain = if mode == 2 { input.rest().to_vec() } else { claims(deed, &mut input) };
            let expected = right(&plain, deed, now);
            (sealed(&plain), expected)
        }
    };
    let opened = deed.run(|act| consent.open(act, &text, now));
    assert_eq!(opened.is_ok(), expected.is_some(), "{text:?} at {now}: {opened:?}");
    if let (Ok(opened), Some(asked)) = (opened, expected) {
        assert_eq!(opened.was(question), asked == short(ASKED.as_bytes()));
        assert!(consent.spend(&opened, now).is_ok());
        assert_eq!(consent.spend(&opened, now).err(), Some(Refused::Spent));
        for other in DEEDS.into_iter().filter(|other| *other != deed) {
            let found = other.run(|act| consent.open(act, &text, now).err());
            assert_eq!(found, Some(Refused::Other), "{text:?}");
        }
    }
    for (deed, state) in DEEDS.into_iter().zip(&issued).filter(|(_, state)| **state != text) {
        let own = deed.run(|act| consent.open(act, state, NOW)).expect("what was issued");
        assert!(consent.spend(&own, NOW).is_ok(), "{state:?} after {text:?}");
    }
}

fn question() -> &'static Question {
    static QUESTION: OnceLock<Question> = OnceLock::new();
    QUESTION.get_or_init(|| {
        let (tool, word, kind, arguments) = ("t_delete", "delete", "thing", &Object::new());
        let matter = Matter { tool, word, kind, id: None, name: None, arguments };
        Question::new(&matter).expect("texts")
    })
}

/// Returns the first half of the SHA-256 of `bytes`.
fn short(bytes: &[u8]) -> [u8; 16] {
    *sha256(bytes).first_chunk().expect("16 of 32 bytes")
}

fn hidden(deed: Deed, salt: &[u8]) -> Vec<u8> {
    let text = [b"mcp/request-state/principal:", salt, deed.caller.as_bytes()].concat();
    [salt, &short(&text)].concat()
}

/// Returns the right claims for `deed` after some edits.
fn claims(deed: Deed, input: &mut Input<'_>) -> Vec<u8> {
    let inner = format!(
        r#""{{\"v\":3,\"outcomes\":{{}},\"asked\":{{\"confirm\":\"{}\"}}}}""#,
        encode(&short(ASKED.as_bytes()))
    );
    let quoted = |text: &str| format!("\"{text}\"");
    let mut members = vec![
        ("v", "1".to_owned()),
        ("iat", NOW.to_string()),
        ("exp", (NOW + TTL).to_string()),
        ("m", quoted("tools/call")),
        ("t", quoted(deed.tool)),
        ("a", quoted(&encode(&short(deed.canonical.as_bytes())))),
        ("s", inner),
        ("aud", quoted("zscaler-mcp")),
        ("p", quoted(&encode(&hidden(deed, b"a salt 8")))),
        ("jti", quoted(&encode(b"one number of 16"))),
    ];
    for _ in 0..input.below(4) {
        let (name, value) = input.pick(&EDITS);
        members.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            members.push((name, value.to_owned()));
        }
    }
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(",")).into_bytes()
}

fn sealed(plain: &[u8]) -> String {
    let key = derived(b"mcp/request-state/v1/aes-256-gcm");
    let name = sha256(&[b"mcp/request-state/v1/kid:", &key[..]].concat());
    let bound = [b"v1.", &name[..4]].concat();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).expect("32 bytes"));
    let (nonce, mut out) = ([5; 12], plain.to_vec());
    let once = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(once, Aad::from(&bound), &mut out).expect("a short text");
    format!("v1.{}", encode(&[&name[..4], &nonce, &out].concat()))
}

/// Returns what was asked, by claims that are right for `deed` at `now`.
fn right(plain: &[u8], deed: Deed, now: u64) -> Option<[u8; 16]> {
    let all = read(plain, Bounds { depth: 4, nodes: 64 }).ok()?;
    let inner = all.get("s")?.as_str()?;
    let inner = read(inner.as_bytes(), Bounds { depth: 4, nodes: 32 }).ok()?;
    let asked = decoded::<16>(inner.get("asked")?.get("confirm")?)?;
    let caller = decoded::<24>(all.get("p")?)?;
    let arguments = decoded::<16>(all.get("a")?)?;
    decoded::<16>(all.get("jti")?)?;
    let (issued, expires) = (whole(all.get("iat")?)?, whole(all.get("exp")?)?);
    let now = i128::from(now);
    let life = expires - issued;
    let facts = [
        whole(all.get("v")?)? == 1,
        whole(inner.get("v")?)? == 3,
        all.get("m")?.as_str()? == "tools/call",
        all.get("aud")?.as_str()? == "zscaler-mcp",
        all.get("t")?.as_str()? == deed.tool,
        arguments == short(deed.canonical.as_bytes()),
        caller[..] == hidden(deed, &caller[..8]),
        (0..=600).contains(&life),
        issued <= now + i128::from(SKEW),
        now < expires,
    ];
    (!facts.contains(&false)).then_some(asked)
}

fn decoded<const N: usize>(value: &Json) -> Option<[u8; N]> {
    decode(value.as_str()?.as_bytes())?.try_into().ok()
}

/// Returns the number without sign, fraction and exponent, within 63 bits, that `value` is.
fn whole(value: &Json) -> Option<i128> {
    let number = value.as_number()?.text();
    let digits = if number == "-0" { "0" } else { number };
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|value: &i128| is_plain && *value <= i128::from(i64::MAX))
}
