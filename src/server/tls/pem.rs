//! Zone: operator. PEM text to certificates and private keys.
//!
//! Reads the operator's own files at start. The only place that names `rustls_pemfile`, so that
//! replacing it changes one function. The section that package skips, the encrypted PKCS#8 key,
//! is decoded here. Never guesses: a damaged section fails the whole file. The decoder's own
//! line buffers are not wiped.

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_pemfile::Item;

use super::problem::{Fault, Scheme};
use crate::base::encode::base64_decode;

const BEGIN_ENCRYPTED: &[u8] = b"-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END_ENCRYPTED: &[u8] = b"-----END ENCRYPTED PRIVATE KEY-----";

/// A private key as the file holds it.
pub(in crate::server) enum KeySection {
    /// PKCS#8, PKCS#1 or SEC1, readable as it is.
    Plain(PrivateKeyDer<'static>),
    /// The DER of an `EncryptedPrivateKeyInfo` (RFC 5958 s3).
    Encrypted(Vec<u8>),
}

/// The sections of a file that matter here, in the order of the file.
#[derive(Default)]
pub(in crate::server) struct Sections {
    pub(in crate::server) certificates: Vec<CertificateDer<'static>>,
    pub(in crate::server) keys: Vec<KeySection>,
}

/// Returns the certificates and private keys in `text`; other sections are skipped.
pub(in crate::server) fn items(text: &[u8]) -> Result<Sections, Fault> {
    if !lines(text).any(|line| line.starts_with(b"-----BEGIN ")) {
        return Err(Fault::NotPem);
    }
    if lines(text).any(|line| line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED")) {
        return Err(Fault::Encryption(Scheme::Traditional));
    }
    let mut sections = Sections::default();
    for item in rustls_pemfile::read_all(&mut &*text) {
        match item.or(Err(Fault::PemDamaged))? {
            Item::X509Certificate(certificate) => sections.certificates.push(certificate),
            Item::Pkcs1Key(key) => sections.keys.push(KeySection::Plain(key.into())),
            Item::Pkcs8Key(key) => sections.keys.push(KeySection::Plain(key.into())),
            Item::Sec1Key(key) => sections.keys.push(KeySection::Plain(key.into())),
            Item::SubjectPublicKeyInfo(_) | Item::Crl(_) | Item::Csr(_) | _ => {}
        }
    }
    encrypted_keys(text, &mut sections.keys)?;
    Ok(sections)
}

/// Adds the encrypted PKCS#8 sections of `text` to `keys`.
fn encrypted_keys(text: &[u8], keys: &mut Vec<KeySection>) -> Result<(), Fault> {
    let mut body: Option<Vec<u8>> = None;
    for line in lines(text) {
        match &mut body {
            None if line == BEGIN_ENCRYPTED => body = Some(Vec::new()),
            None => {}
            Some(digits) if line == END_ENCRYPTED => {
                let der = base64_decode(digits).ok_or(Fault::PemDamaged)?;
                keys.push(KeySection::Encrypted(der));
                body = None;
            }
            Some(digits) => digits.extend_from_slice(line),
        }
    }
    if body.is_some() { Err(Fault::PemDamaged) } else { Ok(()) }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::{Fault, KeySection, Scheme, items};

    const SEALED: &str = concat!(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\r\nMAMC\r\nAQU=\r\n",
        "-----END ENCRYPTED PRIVATE KEY-----"
    );

    #[test]
    fn an_encrypted_section_is_decoded_across_lines() {
        let sections = items(SEALED.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?}"));
        let Some(KeySection::Encrypted(der)) = sections.keys.first() else { panic!("no key") };
        assert_eq!(der, b"0\x03\x02\x01\x05");
        assert_eq!(sections.keys.len(), 1);
        assert!(sections.certificates.is_empty());
    }

    #[test]
    fn text_that_is_not_whole_pem_is_refused() {
        for (name, text, expected) in [
            ("empty", "", Fault::NotPem),
            ("prose", "see -----BEGIN CERTIFICATE-----", Fault::NotPem),
            ("no end", "-----BEGIN CERTIFICATE-----\nMAMC\n", Fault::PemDamaged),
            (
                "bad base64",
                "-----BEGIN CERTIFICATE-----\nMA*C\n-----END CERTIFICATE-----",
                Fault::PemDamaged,
            ),
            (
                "no end of an encrypted key",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAMC",
                Fault::PemDamaged,
            ),
            (
                "bad base64 in an encrypted key",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA*C\n-----END ENCRYPTED PRIVATE KEY-----",
                Fault::PemDamaged,
            ),
            (
                "traditional encryption",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
                Fault::Encryption(Scheme::Traditional),
            ),
        ] {
            assert_eq!(items(text.as_bytes()).err(), Some(expected), "{name}");
        }
    }

    #[test]
    fn other_sections_are_skipped() {
        let text = "-----BEGIN EC PARAMETERS-----\nMAMC\n-----END EC PARAMETERS-----\n";
        let sections = items(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?}"));
        assert!(sections.keys.is_empty() && sections.certificates.is_empty());
    }
}
