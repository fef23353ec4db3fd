//! Zone: post-admission. What a sealed state says, and for which call it counts (writes 5).
//!
//! JSON with fixed names. What is read back was sealed by this program, and is still checked
//! against the call as if it were not.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::auth::Principal;
use crate::consent::canonical::{digest, hash};
use crate::consent::{Act, Refused};
use crate::jose::base64url;
use crate::json::{self, Bounds, Json, object, write};
use crate::limits::SEALED_STATE_SECONDS_MAX;

const VERSION: u64 = 1;
const METHOD: &str = "tools/call";
const AUDIENCE: &str = "zscaler-mcp";
const PRINCIPAL: &[u8] = b"mcp/request-state/principal:";
const INNER: u64 = 3;
/// Seconds by which the clock of the replica that sealed may be ahead.
const SKEW: u64 = 60;

/// The bytes of a digest that are kept.
pub(super) type Short = [u8; 16];

/// What a state says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) issued: u64,
    pub(super) expires: u64,
    pub(super) tool: String,
    pub(super) arguments: Short,
    pub(super) question: Short,
    pub(super) principal: [u8; 24],
    pub(super) id: [u8; 16],
}

/// Returns the first half of `digest`.
pub(super) fn short(digest: &[u8; 32]) -> Short {
    digest.first_chunk().copied().unwrap_or_default()
}

/// Returns what stands for `principal` under `salt`: it cannot be looked up, only compared.
pub(super) fn principal(principal: &Principal, salt: [u8; 8]) -> [u8; 24] {
    let digest = hash(&[PRINCIPAL, &salt, principal.name().as_bytes()].concat());
    let mut out = [0; 24];
    for (to, from) in out.iter_mut().zip(salt.iter().chain(&short(&digest))) {
        *to = *from;
    }
    out
}

impl Claims {
    /// Returns the claims as JSON.
    pub(super) fn write(&self) -> Vec<u8> {
        let asked = object([("confirm", base64url::encode(&self.question).into())]);
        let inner = object([("v", INNER.into()), ("outcomes", object([])), ("asked", asked)]);
        let all = object([
            ("v", VERSION.into()),
            ("iat", self.issued.into()),
            ("exp", self.expires.into()),
            ("m", METHOD.into()),
            ("t", self.tool.as_str().into()),
            ("a", base64url::encode(&self.arguments).into()),
            ("s", write::to_text(&inner).into()),
            ("aud", AUDIENCE.into()),
            ("p", base64url::encode(&self.principal).into()),
            ("jti", base64url::encode(&self.id).into()),
        ]);
        write::to_text(&all).into_bytes()
    }

    /// Returns the claims that `plain` says; `None` when one is missing or of another form.
    pub(super) fn read(plain: &[u8]) -> Option<Self> {
        let all = json::read(plain, Bounds { depth: 4, nodes: 64 }).ok()?;
        let text = |name: &str| all.get(name).and_then(Json::as_str);
        let number = |value: &Json, name: &str| {
            value.get(name).and_then(Json::as_i64).and_then(|number| u64::try_from(number).ok())
        };
        let is_known = number(&all, "v") == Some(VERSION)
            && text("m") == Some(METHOD)
            && text("aud") == Some(AUDIENCE);
        let inner = json::read(text("s")?.as_bytes(), Bounds { depth: 4, nodes: 32 }).ok()?;
        if !is_known || number(&inner, "v") != Some(INNER) {
            return None;
        }
        Some(Self {
            issued: number(&all, "iat")?,
            expires: number(&all, "exp")?,
            tool: text("t")?.to_owned(),
            arguments: bytes(text("a")?)?,
            question: bytes(inner.get("asked")?.get("confirm")?.as_str()?)?,
            principal: bytes(text("p")?)?,
            id: bytes(text("jti")?)?,
        })
    }

    /// Refuses claims that were made for something else than `act` at `now`.
    ///
    /// # Errors
    /// [`Refused::Forged`] for times that are never given, [`Refused::Expired`],
    /// [`Refused::Other`].
    pub(super) fn check(&self, act: &Act<'_>, now: u64) -> Result<(), Refused> {
        let life = self.expires.checked_sub(self.issued).ok_or(Refused::Forged)?;
        if life > SEALED_STATE_SECONDS_MAX || self.issued > now.saturating_add(SKEW) {
            return Err(Refused::Forged);
        }
        if now >= self.expires {
            return Err(Refused::Expired);
        }
        let salt = self.principal.first_chunk().copied().unwrap_or_default();
        let theirs = principal(act.principal, salt);
        let arguments = short(&digest(act.arguments));
        let same = |ours: &[u8], told: &[u8]| verify_slices_are_equal(ours, told).is_ok();
        let fits = same(&theirs, &self.principal) & same(&arguments, &self.arguments);
        if fits && self.tool == act.tool { Ok(()) } else { Err(Refused::Other) }
    }
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    base64url::decode(text.as_bytes())?.try_into().ok()
}
