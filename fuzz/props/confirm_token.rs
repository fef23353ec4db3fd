//! A token is taken for an act exactly when its bytes are those that the key signed for this act in
//! the one spelling there is, at a good time, and once; what is refused uses nothing up.

use core::sync::atomic::{AtomicU8, Ordering};
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use zscaler_mcp::auth::Principal;
use zscaler_mcp::base::encode::hex;
use zscaler_mcp::base::{Exhausted, Random, Secret};
use zscaler_mcp::consent::{Act, Consent, Refused};
use zscaler_mcp::json::{Bounds, read};

use super::input::Input;

/// The moment at which everything in these properties is issued.
pub(super) const NOW: u64 = 1_800_000_000;
pub(super) const TTL: u64 = 300;
pub(super) const SKEW: u64 = 60;
const SECRET: &[u8] = b"a secret that only properties use";
/// What takes the place of a character, or stands beside it.
const SIGNS: [&str; 16] =
    ["0", "1", "a", "f", "A", "F", ":", "+", "-", "_", ".", "=", " ", "\n", "\u{660}", ""];

/// An act, its arguments in canonical form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Deed {
    pub(super) tool: &'static str,
    pub(super) canonical: &'static str,
    pub(super) caller: &'static str,
}

const FIRST: Deed = Deed { tool: "t_delete", canonical: r#"{"id":7,"note":"x"}"#, caller: "alice" };
/// Acts that differ from the first in one thing each.
pub(super) const DEEDS: [Deed; 6] = [
    FIRST,
    Deed { tool: "t_delete_", ..FIRST },
    Deed { canonical: r#"{"id":"7","note":"x"}"#, ..FIRST },
    Deed { canonical: r#"{"id":7}"#, ..FIRST },
    Deed { canonical: r#"{"id":7,"more":null,"note":"x"}"#, ..FIRST },
    Deed { caller: "alic", ..FIRST },
];

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let (mode, number, now) = (input.below(3), input.below(DEEDS.len()), moment(&mut input));
    let (deed, consent) = (DEEDS[number], consent());
    let issued = DEEDS.map(|deed| deed.run(|act| consent.token(act, NOW)).expect("random bytes"));
    let (text, good) = match mode {
        0 => {
            let text = String::from_utf8_lossy(input.rest()).into_owned();
            let good = text == issued[number];
            (text, good)
        }
        1 => {
            let text = edited(&issued, &mut input);
            let good = text == issued[number];
            (text, good)
        }
        _ => signed(deed, &mut input),
    };
    let good = good && is_timely(&text, now);
    let redeem = |deed: Deed, text: &str, now| deed.run(|act| consent.redeem(act, text, now).err());
    let found = redeem(deed, &text, now);
    assert_eq!(found.is_none(), good, "{text:?} at {now}: {found:?}");
    if good {
        assert_eq!(redeem(deed, &text, now), Some(Refused::Spent), "{text:?}");
    }
    for (deed, token) in DEEDS.into_iter().zip(&issued) {
        let expected = (good && *token == text).then_some(Refused::Spent);
        assert_eq!(redeem(deed, token, NOW), expected, "{token:?} after {text:?}");
    }
}

impl Deed {
    pub(super) fn run<T>(self, run: impl FnOnce(&Act<'_>) -> T) -> T {
        let arguments = read(self.canonical.as_bytes(), Bounds { depth: 4, nodes: 64 });
        let arguments = arguments.expect("JSON").as_object().expect("an object").clone();
        let principal = Principal::named(self.caller);
        run(&Act { tool: self.tool, arguments: &arguments, principal: &principal })
    }
}

struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        out.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        Ok(())
    }
}

/// Returns what issues the same every time, and remembers nothing yet.
pub(super) fn consent() -> Consent {
    let ring = [Secret::new(SECRET.to_vec())];
    Consent::new(&ring, TTL, Box::new(Counting(AtomicU8::new(0)))).expect("a ring")
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// Returns the key that the secret has for one use.
pub(super) fn derived(info: &[u8]) -> [u8; 32] {
    let base = Salt::new(HKDF_SHA256, &[]).extract(SECRET);
    let mut out = [0; 32];
    base.expand(&[info], Bytes32).and_then(|key| key.fill(&mut out)).expect("32 bytes");
    out
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().expect("32 bytes")
}

/// Returns a moment at or near the bounds of what is issued.
pub(super) fn moment(input: &mut Input<'_>) -> u64 {
    let far = input.pick(&[0, 1, 59, 60, 61, 299, 300, 301, u64::MAX]);
    if input.flag() { NOW.saturating_add(far) } else { NOW.saturating_sub(far) }
}

/// Returns one of `issued` after some changes of single characters.
pub(super) fn edited(issued: &[String], input: &mut Input<'_>) -> String {
    let mut text: Vec<char> = issued[input.below(issued.len())].chars().collect();
    for _ in 0..input.below(4) {
        let at = input.below(600).min(text.len());
        let sign = input.pick(&SIGNS).chars();
        match input.below(4) {
            0 => text.truncate(at),
            1 => drop(text.splice(at..at, sign)),
            _ => drop(text.splice(at..(at + 1).min(text.len()), sign)),
        }
    }
    text.into_iter().collect()
}

/// Returns a token that is signed for what it says, and whether it says it in the right form.
fn signed(deed: Deed, input: &mut Input<'_>) -> (String, bool) {
    static KEY: OnceLock<hmac::Key> = OnceLock::new();
    let key = KEY.get_or_init(|| {
        let key = derived(b"zscaler-mcp/confirmation-token/v1/hmac-sha256");
        hmac::Key::new(hmac::HMAC_SHA256, &key)
    });
    let rest = String::from_utf8_lossy(input.rest());
    let (expires, nonce) = rest.split_once('|').unwrap_or((&rest, ""));
    let arguments = hex(&sha256(deed.canonical.as_bytes()));
    let caller = hex(&sha256(deed.caller.as_bytes()));
    let message = [deed.tool, &arguments, &caller, expires, nonce].join(":");
    let signature = hex(hmac::sign(key, message.as_bytes()).as_ref());
    let is_number = expires.parse::<u64>().is_ok_and(|number| number.to_string() == expires);
    let digits = nonce.bytes().filter(|byte| b"0123456789abcdef".contains(byte)).count();
    let good = is_number && digits == 16 && nonce.len() == 16;
    (format!("{expires}:{nonce}:{signature}"), good)
}

fn is_timely(text: &str, now: u64) -> bool {
    let expires = text.split(':').next().and_then(|expires| expires.parse::<u128>().ok());
    let now = u128::from(now);
    expires.is_some_and(|expires| now <= expires && expires <= now + u128::from(TTL + SKEW))
}
