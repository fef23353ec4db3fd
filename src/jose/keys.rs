//! Zone: pre-admission. The public keys of an issuer, from its JWK set (RFC 7517 s5).
//!
//! Trusts that the set came from the issuer, but not that it is in order: what is not surely a
//! public key for signatures is skipped and counted. Never keeps or looks at a private key.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents, UnparsedPublicKey};

use super::algorithm::KeyKind;
use super::{Algorithm, BOUNDS, Refused, base64url, name_of};
use crate::json::{Json, Object, read};
use crate::limits::{JWKS_BYTES_MAX, JWKS_KEYS_MAX, RSA_BITS_MAX, RSA_BITS_MIN};

/// Members that only a private or a shared key has (RFC 7518 s6.2.2, s6.3.2, s6.4.1).
const SECRETS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The keys of one issuer that a token may be signed with.
#[derive(Debug)]
pub struct KeySet {
    keys: Vec<Key>,
    skipped: usize,
    secrets: usize,
}

/// Why a document gives no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadKeys {
    /// Not JSON within the bounds, or with a member name that stands twice.
    Unreadable,
    /// No object with an array of `keys`.
    NoKeys,
    /// More keys than the bound.
    TooMany,
    /// Not one key that can be used.
    NothingUsable,
}

impl BadKeys {
    /// Returns the words for log lines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "not JSON within the bounds",
            Self::NoKeys => "no array of keys",
            Self::TooMany => "too many keys",
            Self::NothingUsable => "no key that can be used",
        }
    }
}

impl core::fmt::Display for BadKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl core::error::Error for BadKeys {}

impl KeySet {
    /// Returns the usable keys of `document`: RSA, EC on P-256 or P-384, and Ed25519.
    ///
    /// Skipped without harm to the others are keys of other kinds, without a `kid`, out of range,
    /// off their curve, for another `use` or other `key_ops`, of an `alg` that is unknown or of
    /// another kind, and every key that shows a private member. Keys of one kind under one `kid`
    /// are skipped together, unless each is bound to another `alg`; an entry that only repeats
    /// another is skipped alone. RFC 7517 s4.5 leaves the choice: to keep the first would let the
    /// order of a document decide, to try each would cost a verification a key, and to refuse the
    /// set would lock out everybody. So only tokens that name that `kid` are refused.
    ///
    /// # Errors
    /// [`BadKeys`], one variant for each way in which the document as a whole is of no use.
    pub fn parse(document: &[u8]) -> Result<Self, BadKeys> {
        if document.len() > JWKS_BYTES_MAX {
            return Err(BadKeys::Unreadable);
        }
        let json = read(document, BOUNDS).map_err(|_unreadable| BadKeys::Unreadable)?;
        let entries = json.get("keys").and_then(Json::as_array).ok_or(BadKeys::NoKeys)?;
        if entries.len() > JWKS_KEYS_MAX {
            return Err(BadKeys::TooMany);
        }
        let mut found: Vec<Key> = Vec::new();
        for key in entries.iter().filter_map(Key::read) {
            if !found.contains(&key) {
                found.push(key);
            }
        }
        let alone = |key: &&Key| found.iter().filter(|other| other.rivals(key)).count() == 1;
        let keys: Vec<Key> = found.iter().filter(alone).cloned().collect();
        if keys.is_empty() {
            return Err(BadKeys::NothingUsable);
        }
        let secrets = entries.iter().filter(|entry| shows_secret(entry)).count();
        Ok(Self { skipped: entries.len().saturating_sub(keys.len()), keys, secrets })
    }

    /// Returns the names of the keys, in the order of the document.
    #[must_use]
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.keys.iter().map(|key| key.id.as_str())
    }

    /// Returns how many keys of the document are not in the set.
    #[must_use]
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// Returns how many of the skipped ones show a private member: their issuer has to be told.
    #[must_use]
    pub const fn secrets(&self) -> usize {
        self.secrets
    }

    /// Returns the one key called `id` that `algorithm` may use.
    ///
    /// # Errors
    /// [`Refused::UnknownKey`] when no key has that name, [`Refused::Key`] when it is of another
    /// kind or bound to another algorithm.
    pub(super) fn find(&self, id: &str, algorithm: Algorithm) -> Result<&Key, Refused> {
        let mut named = self.keys.iter().filter(|key| key.id == id).peekable();
        if named.peek().is_none() {
            return Err(Refused::UnknownKey);
        }
        named.find(|key| key.serves(algorithm)).ok_or(Refused::Key)
    }
}

/// A public key, in the form that the verifiers of its kind take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    id: String,
    kind: KeyKind,
    /// The only algorithm it is for, when the set says so.
    own: Option<Algorithm>,
    bytes: Vec<u8>,
}

impl Key {
    /// Returns the key of one entry when it is surely one for signatures.
    fn read(entry: &Json) -> Option<Self> {
        let members = entry.as_object()?;
        if shows_secret(entry) || !is_for_signatures(members) {
            return None;
        }
        let (sample, bytes) = match members.get("kty")?.as_str()? {
            "RSA" => (Algorithm::Rs256, rsa(members)?),
            "EC" => ec(members)?,
            "OKP" => (Algorithm::EdDsa, ed25519(members)?),
            _ => return None,
        };
        let own = match members.get("alg") {
            Some(name) => Some(Algorithm::parse(name.as_str()?)?),
            None => None,
        };
        let kind = sample.kind();
        let bound = own.is_none_or(|own| own.kind() == kind);
        // The library checks what only it can: that a point is on its curve, that n and e are odd.
        let sound = ParsedPublicKey::new(sample.verifier(), &bytes).is_ok();
        let id = name_of(members.get("kid")?)?.to_owned();
        (bound && sound).then_some(Self { id, kind, own, bytes })
    }

    fn serves(&self, algorithm: Algorithm) -> bool {
        self.kind == algorithm.kind() && self.own.is_none_or(|own| own == algorithm)
    }

    /// True when a token could mean either of two keys; every key is its own rival.
    fn rivals(&self, other: &Self) -> bool {
        let bound = self.own.is_some() && other.own.is_some() && self.own != other.own;
        self.id == other.id && self.kind == other.kind && !bound
    }

    /// True when `signature` is one of this key over `signed`, by an algorithm it was found for.
    pub(super) fn has_signed(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(algorithm.verifier(), &self.bytes);
        key.verify(signed, signature).is_ok()
    }
}

fn shows_secret(entry: &Json) -> bool {
    SECRETS.iter().any(|name| entry.get(name).is_some())
}

/// True unless `use` or `key_ops` say that the key is for something else (RFC 7517 s4.2, s4.3).
fn is_for_signatures(members: &Object) -> bool {
    let verifies = |operations: &[Json]| operations.iter().any(|o| o.as_str() == Some("verify"));
    members.get("use").is_none_or(|kind| kind.as_str() == Some("sig"))
        && members.get("key_ops").is_none_or(|list| list.as_array().is_some_and(verifies))
}

fn bytes_of(members: &Object, name: &str) -> Option<Vec<u8>> {
    base64url::decode(members.get(name)?.as_str()?.as_bytes())
}

/// Returns an RSA key as `SubjectPublicKeyInfo` (RFC 7518 s6.3.1). Bytes of zero in front are
/// refused by the library.
fn rsa(members: &Object) -> Option<Vec<u8>> {
    let (n, e) = (bytes_of(members, "n")?, bytes_of(members, "e")?);
    let unused = usize::try_from(n.first()?.leading_zeros()).ok()?;
    let bits = n.len().checked_mul(8)?.checked_sub(unused)?;
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
        return None;
    }
    let der = RsaPublicKeyComponents { n, e }.as_der().ok()?;
    Some(der.as_ref().to_vec())
}

/// Returns a point as SEC 1 writes it uncompressed, and an algorithm of its curve (RFC 7518
/// s6.2.1): both coordinates have the full length of the field.
fn ec(members: &Object) -> Option<(Algorithm, Vec<u8>)> {
    let (sample, len) = match members.get("crv")?.as_str()? {
        "P-256" => (Algorithm::Es256, 32),
        "P-384" => (Algorithm::Es384, 48),
        _ => return None,
    };
    let (x, y) = (bytes_of(members, "x")?, bytes_of(members, "y")?);
    (x.len() == len && y.len() == len).then(|| (sample, [&[4], &*x, &*y].concat()))
}

/// Returns an Ed25519 key as RFC 8037 s2 and RFC 8032 s5.1.5 have it: 32 bytes.
fn ed25519(members: &Object) -> Option<Vec<u8>> {
    let x = bytes_of(members, "x")?;
    (members.get("crv")?.as_str()? == "Ed25519" && x.len() == 32).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Key, base64url};
    use crate::json::{Bounds, read};

    /// Examples of RFC 7515, 7520 and 8037: name, algorithm, token, key.
    const EXAMPLES: &str = include_str!("../../tests/data/jose/examples.txt");

    #[test]
    fn the_examples_of_the_standards_hold() {
        let rows = EXAMPLES.lines().filter(|line| !line.starts_with('#'));
        let mut count = 0;
        for row in rows {
            let words: Vec<&str> = row.split(' ').collect();
            let [name, algorithm, token, key] = words[..] else { panic!("{row}") };
            let algorithm = Algorithm::parse(algorithm).expect(name);
            let key = read(key.as_bytes(), Bounds { depth: 2, nodes: 99 }).expect(name);
            let key = Key::read(&key).expect(name);
            let (signed, signature) = token.rsplit_once('.').expect(name);
            let mut signature = base64url::decode(signature.as_bytes()).expect(name);
            assert!(key.has_signed(algorithm, signed.as_bytes(), &signature), "{name}");
            let other = format!("{signed}A");
            assert!(!key.has_signed(algorithm, other.as_bytes(), &signature), "{name}, longer");
            signature[9] ^= 1;
            assert!(!key.has_signed(algorithm, signed.as_bytes(), &signature), "{name}, flipped");
            count += 1;
        }
        assert_eq!(count, 5);
    }
}
