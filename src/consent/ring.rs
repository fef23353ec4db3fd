//! Zone: post-admission. The keys that seal and sign what travels through a client (writes 5).
//!
//! The first key seals and signs, all open and verify, so that keys can be rotated and replicas
//! can share them. Of a text that does not open nothing is said but that.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;

use crate::base::{Exhausted, Random, Secret};
use crate::consent::canonical::hash;
use crate::jose::base64url;

const VERSION: &str = "v1.";
const SEALING: &[u8] = b"mcp/request-state/v1/aes-256-gcm";
const NAMING: &[u8] = b"mcp/request-state/v1/kid:";
const SIGNING: &[u8] = b"zscaler-mcp/confirmation-token/v1/hmac-sha256";
const NAME_BYTES: usize = 4;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// There is no ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadRing {
    /// The system has no random bytes.
    NoRandomness,
    /// The cryptographic library refused a key.
    Key,
}

impl core::fmt::Display for BadRing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoRandomness => "the system has no random bytes",
            Self::Key => "a key cannot be used",
        })
    }
}

impl From<Exhausted> for BadRing {
    fn from(_: Exhausted) -> Self {
        Self::NoRandomness
    }
}

impl From<Unspecified> for BadRing {
    fn from(_: Unspecified) -> Self {
        Self::Key
    }
}

struct Key {
    name: [u8; NAME_BYTES],
    sealing: LessSafeKey,
    signing: hmac::Key,
}

/// The keys, the newest first.
pub struct Ring {
    newest: Key,
    older: Vec<Key>,
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

impl Key {
    fn of(secret: &Secret) -> Result<Self, BadRing> {
        let derive = |info: &[u8]| -> Result<Secret, Unspecified> {
            let mut out = vec![0; 32];
            let info = [info];
            let base = Salt::new(HKDF_SHA256, &[]).extract(secret.expose());
            base.expand(&info, Bytes32)?.fill(&mut out)?;
            Ok(Secret::new(out))
        };
        let sealing = derive(SEALING)?;
        let named = Secret::new([NAMING, sealing.expose()].concat());
        let name = hash(named.expose()).first_chunk().copied().ok_or(BadRing::Key)?;
        Ok(Self {
            name,
            sealing: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, sealing.expose())?),
            signing: hmac::Key::new(hmac::HMAC_SHA256, derive(SIGNING)?.expose()),
        })
    }
}

impl Ring {
    /// Returns the ring of `secrets`, of one random secret when there are none.
    ///
    /// # Errors
    /// [`BadRing`].
    pub fn new(secrets: &[Secret], random: &dyn Random) -> Result<Self, BadRing> {
        let Some((newest, older)) = secrets.split_first() else {
            let mut secret = vec![0; 32];
            random.fill(&mut secret)?;
            return Ok(Self { newest: Key::of(&Secret::new(secret))?, older: Vec::new() });
        };
        let older = older.iter().map(Key::of).collect::<Result<_, _>>()?;
        Ok(Self { newest: Key::of(newest)?, older })
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        [&self.newest].into_iter().chain(&self.older)
    }

    /// Returns `plain` sealed under the newest key; `None` when it is too long for the cipher.
    pub(super) fn seal(&self, plain: &[u8], nonce: [u8; NONCE_BYTES]) -> Option<String> {
        let Key { name, sealing, .. } = &self.newest;
        let mut sealed = plain.to_vec();
        let bound = Aad::from(bound(name));
        sealing
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
            .ok()?;
        let bytes = [&name[..], &nonce[..], &sealed].concat();
        Some(format!("{VERSION}{}", base64url::encode(&bytes)))
    }

    /// Returns what was sealed; `None` for anything that no key of the ring has sealed.
    pub(super) fn open(&self, text: &str) -> Option<Vec<u8>> {
        let bytes = base64url::decode(text.strip_prefix(VERSION)?.as_bytes())?;
        if bytes.len() < NAME_BYTES + NONCE_BYTES + TAG_BYTES {
            return None;
        }
        let (name, rest) = bytes.split_first_chunk::<NAME_BYTES>()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let key = self.keys().find(|key| key.name == *name)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = key.sealing.open_in_place(nonce, Aad::from(bound(name)), &mut sealed).ok()?;
        Some(plain.to_vec())
    }

    /// Returns the signature of `message` under the newest key.
    pub(super) fn sign(&self, message: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&self.newest.signing, message);
        tag.as_ref().first_chunk().copied().unwrap_or_default()
    }

    /// True when a key of the ring made `signature` of `message`; each is tried in constant
    /// time.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.keys().any(|key| hmac::verify(&key.signing, message, signature).is_ok())
    }
}

/// What is authenticated beside the sealed bytes.
fn bound(name: &[u8; NAME_BYTES]) -> Vec<u8> {
    [VERSION.as_bytes(), name].concat()
}
