//! Zone: pre-admission. The name in a client's certificate that says who is calling.
//!
//! The certificate has been verified against the operator's authorities before anything is read
//! here. One name or none: where several could be meant, nobody is named.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::der::{
    CONTEXT_0, INTEGER, Malformed, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE,
};
use crate::limits::CERTIFICATE_NAME_BYTES_MAX;

const SET: u8 = 0x31;
const BOOLEAN: u8 = 0x01;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
/// Unique identifiers of issuer and subject, and the extensions (RFC 5280 s4.1).
const ISSUER_ID: u8 = 0x81;
const SUBJECT_ID: u8 = 0x82;
const EXTENSIONS: u8 = 0xa3;
/// Subject alternative name (RFC 5280 s4.2.1.6).
const ALTERNATIVE: &[u8] = &[0x55, 0x1d, 0x11];
/// Kinds of attributes with a short name (RFC 4514 s3).
const SHORT: [(&[u8], &str); 8] = [
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
];

/// Which name of a certificate says who is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// The subject, as RFC 4514 writes it.
    Subject,
    /// The only DNS name among the alternative names.
    Dns,
    /// The only URI among them.
    Uri,
    /// The only mail address among them.
    Email,
}

/// Returns the name of `kind` in the DER `certificate`; `None` when there is none, more than one,
/// or one that cannot be shown in a line.
#[must_use]
pub fn name(certificate: &[u8], kind: NameKind) -> Option<String> {
    let name = find(certificate, kind).ok().flatten()?;
    let fits = !name.is_empty() && name.len() <= CERTIFICATE_NAME_BYTES_MAX;
    (fits && !name.chars().any(char::is_control)).then_some(name)
}

fn find(certificate: &[u8], kind: NameKind) -> Result<Option<String>, Malformed> {
    let mut file = Reader::new(certificate);
    let mut signed = file.enter(SEQUENCE)?.enter(SEQUENCE)?;
    signed.take_optional(CONTEXT_0)?; // version
    signed.take(INTEGER)?; // serial number
    for _ in ["signature", "issuer", "validity"] {
        signed.take(SEQUENCE)?;
    }
    let subject = signed.enter(SEQUENCE)?;
    let tag = match kind {
        NameKind::Subject => return written(subject),
        NameKind::Email => 0x81,
        NameKind::Dns => 0x82,
        NameKind::Uri => 0x86,
    };
    signed.take(SEQUENCE)?; // key
    signed.take_optional(ISSUER_ID)?;
    signed.take_optional(SUBJECT_ID)?;
    let Some(extensions) = signed.take_optional(EXTENSIONS)? else { return Ok(None) };
    let mut extensions = Reader::new(extensions).enter(SEQUENCE)?;
    while !extensions.is_empty() {
        let mut extension = extensions.enter(SEQUENCE)?;
        let identifier = extension.take(OBJECT_IDENTIFIER)?;
        extension.take_optional(BOOLEAN)?; // critical
        let value = extension.take(OCTET_STRING)?;
        if identifier == ALTERNATIVE {
            return only(Reader::new(value).enter(SEQUENCE)?, tag);
        }
    }
    Ok(None)
}

/// Returns the only one of `names` that has `tag`.
fn only(mut names: Reader<'_>, tag: u8) -> Result<Option<String>, Malformed> {
    let mut found = None;
    while !names.is_empty() {
        let (kind, value) = names.any()?;
        if kind != tag {
            continue;
        }
        if found.is_some() || !value.is_ascii() {
            return Ok(None);
        }
        found = Some(core::str::from_utf8(value).or(Err(Malformed))?.to_owned());
    }
    Ok(found)
}

/// Returns a distinguished name as text, the last part first (RFC 4514 s2.1).
fn written(mut parts: Reader<'_>) -> Result<Option<String>, Malformed> {
    let mut texts = Vec::new();
    while !parts.is_empty() {
        let mut attributes = parts.enter(SET)?;
        let mut together = Vec::new();
        while !attributes.is_empty() {
            let mut attribute = attributes.enter(SEQUENCE)?;
            let identifier = attribute.take(OBJECT_IDENTIFIER)?;
            let (tag, value) = attribute.any()?;
            attribute.finish()?;
            let known = SHORT.iter().find(|(known, _)| *known == identifier);
            let readable = matches!(tag, UTF8_STRING | PRINTABLE_STRING | IA5_STRING);
            let (Some((_, short)), true, Ok(text)) = (known, readable, core::str::from_utf8(value))
            else {
                return Ok(None);
            };
            together.push(format!("{short}={}", escaped(text)));
        }
        texts.push(together.join("+"));
    }
    texts.reverse();
    Ok(Some(texts.join(",")))
}

/// Returns `text` so that no part of it can be taken for another attribute (RFC 4514 s2.4).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let last = at.saturating_add(letter.len_utf8()) == text.len();
        let special = matches!(letter, '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '=')
            || (letter == ' ' && (at == 0 || last))
            || (letter == '#' && at == 0);
        if special {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{NameKind, escaped, name};

    fn certificate(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        change(&mut params);
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn the_subject_is_written_whole_and_without_ambiguity() {
        use rcgen::DnType;
        let der = certificate(|params| {
            let subject = &mut params.distinguished_name;
            subject.push(DnType::OrganizationName, "Acme, Inc.");
            subject.push(DnType::CommonName, "alice+CN=bob");
        });
        let expected = "CN=alice\\+CN\\=bob,O=Acme\\, Inc.";
        assert_eq!(name(&der, NameKind::Subject).as_deref(), Some(expected));
        for kind in [NameKind::Dns, NameKind::Uri, NameKind::Email] {
            assert_eq!(name(&der, kind), None, "{kind:?}");
        }
        assert_eq!(name(&certificate(|_| {}), NameKind::Subject), None, "an empty subject");
        let line = certificate(|params| {
            params.distinguished_name.push(DnType::CommonName, "a\nb");
        });
        assert_eq!(name(&line, NameKind::Subject), None, "two lines");
        let long = "x".repeat(600);
        let long = certificate(|params| params.distinguished_name.push(DnType::CommonName, long));
        assert_eq!(name(&long, NameKind::Subject), None, "too long");
    }

    #[test]
    fn an_alternative_name_counts_when_it_is_the_only_one() {
        use rcgen::SanType;
        let dns = |text: &str| SanType::DnsName(text.try_into().unwrap());
        let uri = |text: &str| SanType::URI(text.try_into().unwrap());
        let email = |text: &str| SanType::Rfc822Name(text.try_into().unwrap());
        let der = certificate(|params| {
            params.subject_alt_names =
                vec![dns("a.example"), uri("spiffe://x/y"), email("a@b.example")];
        });
        assert_eq!(name(&der, NameKind::Dns).as_deref(), Some("a.example"));
        assert_eq!(name(&der, NameKind::Uri).as_deref(), Some("spiffe://x/y"));
        assert_eq!(name(&der, NameKind::Email).as_deref(), Some("a@b.example"));
        let two = certificate(|params| {
            params.subject_alt_names = vec![dns("a.example"), dns("b.example")]
        });
        assert_eq!(name(&two, NameKind::Dns), None);
    }

    #[test]
    fn what_is_no_certificate_names_nobody() {
        let der = certificate(|params| {
            params.distinguished_name.push(rcgen::DnType::CommonName, "alice");
        });
        for cut in 0..der.len().min(120) {
            assert_eq!(name(&der[..cut], NameKind::Subject), None, "{cut}");
        }
        assert_eq!(name(b"", NameKind::Dns), None);
    }

    #[test]
    fn signs_of_a_name_are_escaped() {
        for (text, expected) in
            [(" a ", "\\ a\\ "), ("#a#", "\\#a#"), ("a\\b", "a\\\\b"), ("a b", "a b")]
        {
            assert_eq!(escaped(text), expected);
        }
    }
}
