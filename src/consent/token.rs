//! Zone: post-admission. The token of a confirmation that the agent carries (writes 4).
//!
//! `expiry:nonce:signature`, in one spelling only. It proves that this server showed what is to be
//! confirmed, not that a person has seen it.

use crate::base::bytes::decimal;
use crate::base::encode::hex;
use crate::consent::canonical::{digest, hash};
use crate::consent::{Act, Refused, Ring};

/// Seconds by which the clock of the replica that issued may be ahead.
pub(super) const SKEW: u64 = 60;
const NONCE_DIGITS: usize = 16;
const SIGNATURE_DIGITS: usize = 64;

/// A token whose form is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    expires: u64,
    nonce: String,
}

impl Token {
    pub(super) fn new(expires: u64, nonce: [u8; 8]) -> Self {
        Self { expires, nonce: hex(&nonce) }
    }

    pub(super) const fn expires(&self) -> u64 {
        self.expires
    }

    /// Returns the token as text, signed for `act`.
    pub(super) fn signed(&self, act: &Act<'_>, ring: &Ring) -> String {
        let signature = ring.sign(self.message(act).as_bytes());
        format!("{}:{}:{}", self.expires, self.nonce, hex(&signature))
    }

    /// Returns the token that `text` is.
    ///
    /// # Errors
    /// [`Refused::Forged`] for another form, [`Refused::Other`] when it was not signed for `act`.
    pub(super) fn verified(text: &str, act: &Act<'_>, ring: &Ring) -> Result<Self, Refused> {
        let (token, signature) = read(text).ok_or(Refused::Forged)?;
        if ring.verifies(token.message(act).as_bytes(), &signature) {
            Ok(token)
        } else {
            Err(Refused::Other)
        }
    }

    /// No part but the last three can hold a colon, so two tokens never sign the same text.
    fn message(&self, act: &Act<'_>) -> String {
        let caller = hex(&hash(act.principal.name().as_bytes()));
        let arguments = hex(&digest(act.arguments));
        format!("{}:{arguments}:{caller}:{}:{}", act.tool, self.expires, self.nonce)
    }
}

fn read(text: &str) -> Option<(Token, [u8; 32])> {
    let mut parts = text.split(':');
    let (expires, nonce, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (expires.starts_with('0') && expires.len() > 1) {
        return None;
    }
    let is_hex = |text: &str, digits: usize| {
        text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    if !is_hex(nonce, NONCE_DIGITS) || !is_hex(signature, SIGNATURE_DIGITS) {
        return None;
    }
    let token = Token { expires: decimal(expires.as_bytes())?, nonce: nonce.to_owned() };
    Some((token, unhex(signature)?))
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let (pairs, _) = text.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)?.checked_mul(16)? | digit(*low)?);
    pairs.iter().map(byte).collect::<Option<Vec<u8>>>()?.try_into().ok()
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a' - 10),
        _ => None,
    }
}
