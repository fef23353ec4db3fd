//! Zone: operator. Files of the cloud client: authorities to trust, and the key that signs.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};

use crate::backend::oneapi::token::Signer;
use crate::base::Secret;
use crate::server::tls::{Fault, is_open_to_others, pem, read};

/// Where systems keep the authorities that they trust.
const USUAL: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// What is wrong with a file of the cloud client; holds nothing of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadTrust {
    /// The file cannot be read or is not PEM.
    File(PathBuf, Fault),
    /// The file has no certificate that can be used.
    NoAuthority(PathBuf),
    /// None of the usual files exists.
    NoBundle,
    /// The text or the file holds no RSA key of 2048 bits or more.
    Key,
    /// The TLS library refused the configuration.
    Library,
}

impl fmt::Display for BadTrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, fault) => write!(f, "{path:?} {fault}"),
            Self::NoAuthority(path) => write!(f, "{path:?} has no certificate that can be used"),
            Self::NoBundle => f.write_str(
                "this system has no bundle of authorities at a usual place; name a PEM file",
            ),
            Self::Key => f.write_str(
                "holds no private key that can be used (the value is not shown); it must be one \
                 RSA key of 2048 bits or more, not encrypted: PEM, a JSON Web Key, or the path of \
                 a PEM file",
            ),
            Self::Library => f.write_str("the TLS library refused the configuration"),
        }
    }
}

/// Returns TLS that trusts the authorities in `bundle`, or those of the system.
///
/// # Errors
/// [`BadTrust`]; nothing is trusted then.
pub fn trust(bundle: Option<&Path>) -> Result<Arc<ClientConfig>, BadTrust> {
    let path = match bundle {
        Some(path) => path,
        None => {
            let usual = USUAL.iter().map(Path::new).find(|path| path.exists());
            usual.ok_or(BadTrust::NoBundle)?
        }
    };
    let bad = |fault| BadTrust::File(path.to_owned(), fault);
    let (text, _) = read(path).map_err(bad)?;
    let certificates = pem::items(text.expose()).map_err(bad)?.certificates;
    let mut roots = RootCertStore::empty();
    // Bundles of systems hold certificates that the library does not take; they are not trusted.
    let (added, _ignored) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(BadTrust::NoAuthority(path.to_owned()));
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|_refused| BadTrust::Library)?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.require_ems = true;
    Ok(Arc::new(config))
}

/// Returns the signer with the key in `text`: PEM, a JSON Web Key, or the path of a PEM file; and
/// that path when other users can read or write the file.
///
/// # Errors
/// [`BadTrust::Key`], or [`BadTrust::File`] for a path.
pub fn key(text: &Secret) -> Result<(Signer, Option<PathBuf>), BadTrust> {
    if text.expose().trim_ascii_start().starts_with(b"{") {
        let signer = Signer::from_jwk(text.expose()).map_err(|_bad_key| BadTrust::Key)?;
        return Ok((signer, None));
    }
    if text.expose().windows(11).any(|window| window == b"-----BEGIN ") {
        return Ok((signer(text.expose())?, None));
    }
    let path = std::str::from_utf8(text.expose()).map_err(|_not_text| BadTrust::Key)?;
    // What is no path could be the key itself; it must not be shown.
    let path = Path::new(path.trim());
    if !path.is_file() {
        return Err(BadTrust::Key);
    }
    let (text, metadata) = read(path).map_err(|fault| BadTrust::File(path.to_owned(), fault))?;
    Ok((signer(text.expose())?, is_open_to_others(&metadata).then(|| path.to_owned())))
}

fn signer(text: &[u8]) -> Result<Signer, BadTrust> {
    let keys = pem::items(text).map_err(|_fault| BadTrust::Key)?.keys;
    let [pem::KeySection::Plain(key)] = keys.as_slice() else { return Err(BadTrust::Key) };
    let der = match key {
        PrivateKeyDer::Pkcs8(key) => key.secret_pkcs8_der(),
        PrivateKeyDer::Pkcs1(key) => key.secret_pkcs1_der(),
        PrivateKeyDer::Sec1(_) | _ => return Err(BadTrust::Key),
    };
    Signer::new(der).map_err(|_bad_key| BadTrust::Key)
}
