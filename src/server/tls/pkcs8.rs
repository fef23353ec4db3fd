//! Zone: operator. Opens an encrypted PKCS#8 key: PBES2 with PBKDF2 and AES-CBC (RFC 8018 s6.2).
//!
//! Trusts nothing in the file: the DER is read strictly and the iteration count is bounded. The
//! derivation and the cipher are `aws-lc-rs`. Derived keys are wiped; the decrypted key stays in
//! one buffer, which `rustls` wipes. Never tries a scheme that the file does not name.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use std::num::NonZeroU32;

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptionContext, PaddedBlockDecryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use rustls::pki_types::PrivateKeyDer;

use super::der::{INTEGER, Malformed, NULL, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE};
use super::problem::{Fault, Scheme};
use crate::base::Secret;
use crate::limits::TLS_KEY_ITERATIONS_MAX;

/// 1.2.840.113549.1.5, the arc of PKCS#5; the last byte of a scheme follows.
const PKCS5: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
/// 1.2.840.113549.1.12.1, the arc of PKCS#12 encryption.
const PKCS12: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
/// 1.2.840.113549.2, the arc of the HMAC functions.
const DIGEST: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02];
/// 1.2.840.113549.3.7, triple DES in CBC mode.
const TRIPLE_DES: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07];
/// 2.16.840.1.101.3.4.1, the arc of AES.
const AES: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01];
/// 1.3.6.1.4.1.11591.4.11, scrypt.
const SCRYPT: [u8; 9] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

const PBES2: u8 = 13;
const PBKDF2: u8 = 12;
const AES_BLOCK_BYTES: usize = 16;

/// An encrypted key that names a scheme this server reads.
pub(super) struct Sealed<'a> {
    derivation: Derivation<'a>,
    cipher: Cipher,
    data: &'a [u8],
}

/// AES in CBC mode (RFC 8018 appendix B.2.5).
struct Cipher {
    algorithm: &'static Algorithm,
    key_bytes: usize,
    iv: [u8; AES_BLOCK_BYTES],
}

/// The parameters of PBKDF2 (RFC 8018 appendix A.2).
struct Derivation<'a> {
    prf: pbkdf2::Algorithm,
    salt: &'a [u8],
    iterations: NonZeroU32,
    key_bytes: Option<usize>,
}

impl<'a> Sealed<'a> {
    /// Returns the parts of an `EncryptedPrivateKeyInfo` (RFC 5958 s3).
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut file = Reader::new(der);
        let mut info = file.enter(SEQUENCE)?;
        file.finish()?;
        let mut scheme = info.enter(SEQUENCE)?;
        let data = info.take(OCTET_STRING)?;
        info.finish()?;
        let name = scheme.take(OBJECT_IDENTIFIER)?;
        if arc(name, &PKCS5) != Some(PBES2) {
            let known = arc(name, &PKCS5).is_some() || arc(name, &PKCS12).is_some();
            return Err(Fault::Encryption(if known { Scheme::Pbes1 } else { Scheme::Other }));
        }
        let mut parameters = scheme.enter(SEQUENCE)?;
        scheme.finish()?;
        let derivation = Derivation::read(parameters.enter(SEQUENCE)?)?;
        let cipher = Cipher::read(parameters.enter(SEQUENCE)?)?;
        parameters.finish()?;
        if derivation.key_bytes.is_some_and(|len| len != cipher.key_bytes) {
            return Err(Malformed.into());
        }
        Ok(Self { derivation, cipher, data })
    }

    /// Returns the private key that `password` opens.
    pub(super) fn open(&self, password: &[u8]) -> Result<PrivateKeyDer<'static>, Fault> {
        let mut key = vec![0; self.cipher.key_bytes];
        let Derivation { prf, salt, iterations, .. } = self.derivation;
        pbkdf2::derive(prf, iterations, salt, password, &mut key);
        let key = Secret::new(key);
        let mut data = self.data.to_vec();
        let len =
            self.cipher.decrypt(&key, &mut data).map_err(|Unspecified| Fault::PasswordWrong)?;
        data.truncate(len);
        // One wrong password in 256 leaves valid padding, so the content has to be a key too.
        check_plain(&data).map_err(|Malformed| Fault::PasswordWrong)?;
        Ok(PrivateKeyDer::Pkcs8(data.into()))
    }
}

impl<'a> Derivation<'a> {
    fn read(mut algorithm: Reader<'a>) -> Result<Self, Fault> {
        let name = algorithm.take(OBJECT_IDENTIFIER)?;
        if name == SCRYPT {
            return Err(Fault::Encryption(Scheme::Scrypt));
        }
        if arc(name, &PKCS5) != Some(PBKDF2) {
            return Err(Fault::Encryption(Scheme::Other));
        }
        let mut parameters = algorithm.enter(SEQUENCE)?;
        algorithm.finish()?;
        let salt = parameters.take(OCTET_STRING)?;
        let iterations = parameters.unsigned()?;
        let key_bytes = parameters.take_optional(INTEGER)?.map(short_integer).transpose()?;
        let prf = match parameters.take_optional(SEQUENCE)? {
            Some(algorithm) => read_prf(Reader::new(algorithm))?,
            None => pbkdf2::PBKDF2_HMAC_SHA1,
        };
        parameters.finish()?;
        let iterations = u32::try_from(iterations)
            .ok()
            .filter(|count| *count <= TLS_KEY_ITERATIONS_MAX)
            .and_then(NonZeroU32::new)
            .ok_or(Fault::Encryption(Scheme::Iterations))?;
        Ok(Self { prf, salt, iterations, key_bytes })
    }
}

impl Cipher {
    fn read(mut algorithm: Reader<'_>) -> Result<Self, Fault> {
        let name = algorithm.take(OBJECT_IDENTIFIER)?;
        if name == TRIPLE_DES {
            return Err(Fault::Encryption(Scheme::TripleDes));
        }
        let (cipher, key_bytes) = match arc(name, &AES) {
            Some(2) => (&AES_128, 16),
            Some(22) => (&AES_192, 24),
            Some(42) => (&AES_256, 32),
            _ => return Err(Fault::Encryption(Scheme::Other)),
        };
        let iv = algorithm.take(OCTET_STRING)?.try_into().or(Err(Malformed))?;
        algorithm.finish()?;
        Ok(Self { algorithm: cipher, key_bytes, iv })
    }

    /// Decrypts `data` in place and returns its length without padding.
    fn decrypt(&self, key: &Secret, data: &mut [u8]) -> Result<usize, Unspecified> {
        let key = UnboundCipherKey::new(self.algorithm, key.expose())?;
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key)?;
        let context = DecryptionContext::Iv128(FixedLength::from(self.iv));
        key.decrypt(data, context).map(|plain| plain.len())
    }
}

fn read_prf(mut algorithm: Reader<'_>) -> Result<pbkdf2::Algorithm, Fault> {
    let name = algorithm.take(OBJECT_IDENTIFIER)?;
    algorithm.take_optional(NULL)?;
    algorithm.finish()?;
    match arc(name, &DIGEST) {
        Some(7) => Ok(pbkdf2::PBKDF2_HMAC_SHA1),
        Some(9) => Ok(pbkdf2::PBKDF2_HMAC_SHA256),
        Some(10) => Ok(pbkdf2::PBKDF2_HMAC_SHA384),
        Some(11) => Ok(pbkdf2::PBKDF2_HMAC_SHA512),
        _ => Err(Fault::Encryption(Scheme::Prf)),
    }
}

/// Checks that `der` begins like a `PrivateKeyInfo`: version, algorithm, key (RFC 5958 s2).
fn check_plain(der: &[u8]) -> Result<(), Malformed> {
    let mut file = Reader::new(der);
    let mut info = file.enter(SEQUENCE)?;
    file.finish()?;
    info.unsigned()?;
    info.enter(SEQUENCE)?.take(OBJECT_IDENTIFIER)?;
    info.take(OCTET_STRING).map(drop)
}

/// Returns the last byte of `name` when everything before it is `prefix`.
fn arc(name: &[u8], prefix: &[u8]) -> Option<u8> {
    match name.strip_prefix(prefix) {
        Some([last]) => Some(*last),
        _ => None,
    }
}

fn short_integer(content: &[u8]) -> Result<usize, Malformed> {
    match content {
        [value] if *value < 0x80 => Ok(usize::from(*value)),
        _ => Err(Malformed),
    }
}

impl From<Malformed> for Fault {
    fn from(Malformed: Malformed) -> Self {
        Self::KeyUnusable
    }
}

#[cfg(test)]
mod tests {
    use super::{AES, DIGEST, Fault, PBES2, PBKDF2, PKCS5, PKCS12, SCRYPT, Scheme, Sealed};
    use crate::limits::TLS_KEY_ITERATIONS_MAX;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let len = u8::try_from(content.len()).unwrap();
        let head = if len < 0x80 { vec![tag, len] } else { vec![tag, 0x81, len] };
        [&head, content].concat()
    }

    fn name(prefix: &[u8], last: u8) -> Vec<u8> {
        element(6, &[prefix, &[last]].concat())
    }

    /// The parts that the cases change.
    struct Parts {
        scheme: Vec<u8>,
        derivation: Vec<u8>,
        iterations: Vec<u8>,
        after_iterations: Vec<u8>,
        cipher: Vec<u8>,
        iv: usize,
        tail: Vec<u8>,
    }

    fn good() -> Parts {
        Parts {
            scheme: name(&PKCS5, PBES2),
            derivation: name(&PKCS5, PBKDF2),
            iterations: vec![1],
            after_iterations: Vec::new(),
            cipher: name(&AES, 2),
            iv: 16,
            tail: Vec::new(),
        }
    }

    fn fault(parts: &Parts) -> Option<Fault> {
        let pbkdf2 =
            [&element(4, b"saltsalt")[..], &element(2, &parts.iterations), &parts.after_iterations];
        let derivation = [&parts.derivation[..], &element(0x30, &pbkdf2.concat())].concat();
        let cipher = [&parts.cipher[..], &element(4, &vec![0; parts.iv])].concat();
        let both = [element(0x30, &derivation), element(0x30, &cipher)].concat();
        let scheme = [&parts.scheme[..], &element(0x30, &both)].concat();
        let info = [&element(0x30, &scheme)[..], &element(4, &[0; 16]), &parts.tail].concat();
        Sealed::read(&element(0x30, &info)).err()
    }

    #[test]
    fn only_known_schemes_within_bounds_are_read() {
        let most = TLS_KEY_ITERATIONS_MAX.to_be_bytes().to_vec();
        let more = (TLS_KEY_ITERATIONS_MAX + 1).to_be_bytes().to_vec();
        let prf = |last| element(0x30, &[name(&DIGEST, last), vec![5, 0]].concat());
        let unsupported = |scheme| Some(Fault::Encryption(scheme));
        let malformed = Some(Fault::KeyUnusable);
        for (case, parts, expected) in [
            ("good", good(), None),
            ("PBES1", Parts { scheme: name(&PKCS5, 3), ..good() }, unsupported(Scheme::Pbes1)),
            ("PKCS#12", Parts { scheme: name(&PKCS12, 3), ..good() }, unsupported(Scheme::Pbes1)),
            ("unknown", Parts { scheme: name(&DIGEST, 3), ..good() }, unsupported(Scheme::Other)),
            (
                "scrypt",
                Parts { derivation: element(6, &SCRYPT), ..good() },
                unsupported(Scheme::Scrypt),
            ),
            ("KDF", Parts { derivation: name(&PKCS5, 9), ..good() }, unsupported(Scheme::Other)),
            ("AES-CFB", Parts { cipher: name(&AES, 44), ..good() }, unsupported(Scheme::Other)),
            ("most iterations", Parts { iterations: most, ..good() }, None),
            ("zero", Parts { iterations: vec![0], ..good() }, unsupported(Scheme::Iterations)),
            ("too many", Parts { iterations: more, ..good() }, unsupported(Scheme::Iterations)),
            ("negative", Parts { iterations: vec![0x80], ..good() }, malformed),
            ("key length", Parts { after_iterations: vec![2, 1, 16], ..good() }, None),
            ("wrong key length", Parts { after_iterations: vec![2, 1, 32], ..good() }, malformed),
            ("SHA-512", Parts { after_iterations: prf(11), ..good() }, None),
            ("SHA-224", Parts { after_iterations: prf(8), ..good() }, unsupported(Scheme::Prf)),
            ("more parameters", Parts { after_iterations: vec![5, 0], ..good() }, malformed),
            ("short IV", Parts { iv: 15, ..good() }, malformed),
            ("trailing element", Parts { tail: vec![5, 0], ..good() }, malformed),
        ] {
            assert_eq!(fault(&parts), expected, "{case}");
        }
    }

    #[test]
    fn bytes_that_are_no_der_are_refused() {
        for bytes in [&b""[..], b"0", b"0\x00", b"0\x05\x30\x03\x06\x01\x2a", b"\x04\x00"] {
            assert_eq!(Sealed::read(bytes).err(), Some(Fault::KeyUnusable));
        }
    }
}
