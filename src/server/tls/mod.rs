//! Zone: operator. TLS files to a server configuration, with every fault named at start.
//!
//! Reads certificate, key and client authorities from files that the operator named and trusts
//! none of their content. Holds no socket; the handshake is `rustls`. Never falls back: a fault
//! in a file stops the start or the reload, and client certificates are required once an
//! authority file is set.

mod der;
pub(in crate::server) mod pem;
mod pkcs8;
mod problem;
mod validity;
pub mod who;

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs::{self, Ticketer};
use rustls::crypto::{CryptoProvider, SupportedKxGroup};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoClientAuth, NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{
    Error, InconsistentKeys, NamedGroup, ProtocolVersion, RootCertStore, ServerConfig,
    SupportedProtocolVersion,
};

use self::pem::KeySection;
use self::pkcs8::Sealed;
use self::validity::Validity;
use crate::base::Secret;
use crate::limits::TLS_FILE_BYTES_MAX;

pub use self::problem::{Fault, Scheme, TlsProblem, Variable};

/// Days before the end of the certificate from which on each start warns.
const RENEWAL_DAYS: u64 = 30;
const DAY_SECONDS: u64 = 86_400;

/// Key exchange groups, the hybrid of X25519 and ML-KEM-768 first.
const GROUPS: [NamedGroup; 4] =
    [NamedGroup::X25519MLKEM768, NamedGroup::X25519, NamedGroup::secp256r1, NamedGroup::secp384r1];

/// The oldest protocol version a client may negotiate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MinVersion {
    /// TLS 1.3 only.
    V13,
    /// TLS 1.3, and TLS 1.2 with ECDHE, AEAD and extended master secret.
    V12,
}

/// Where the TLS material is; paths and password come from the settings.
#[derive(Clone, Copy)]
pub struct TlsFiles<'a> {
    /// PEM file with the server certificate first, then its chain.
    pub certfile: &'a Path,
    /// PEM file with exactly one private key.
    pub keyfile: &'a Path,
    /// Password of an encrypted key; an empty one counts as none.
    pub password: Option<&'a [u8]>,
    /// PEM file with the authorities for client certificates, which are then required.
    pub ca_certs: Option<&'a Path>,
    /// Oldest protocol version.
    pub min_version: MinVersion,
}

/// A configuration that is ready for connections.
#[derive(Debug)]
pub struct Loaded {
    /// What every connection shares.
    pub config: Arc<ServerConfig>,
    /// One line for each thing the operator should look at.
    pub warnings: Vec<String>,
    /// Last second of the server certificate, counted from 1970.
    pub not_after_unix: u64,
}

/// Returns the configuration that `files` describe at the time `now_unix`.
///
/// Each call makes its own ticket keys, so a reload ends the resumption of older sessions.
///
/// # Errors
/// [`TlsProblem`] with the variable, the file and the [`Fault`]; nothing is partly applied.
pub fn load(files: &TlsFiles<'_>, now_unix: u64) -> Result<Loaded, TlsProblem> {
    let provider = Arc::new(provider(files.min_version));
    let mut warnings = Vec::new();
    let (chain, not_after_unix) = load_chain(files, now_unix, &mut warnings)?;
    let key = load_key(files, &mut warnings)?;
    let identity = certify(files, &provider, chain, key)?;
    let verifier = load_verifier(files, &provider, now_unix, &mut warnings)?;
    let config = assemble(files, provider, verifier, identity)
        .map_err(|_library| problem(Variable::Certificate, files.certfile, Fault::Library))?;
    Ok(Loaded { config: Arc::new(config), warnings, not_after_unix })
}

/// Returns the algorithms: the defaults of `aws-lc-rs`, narrowed to the versions and groups used.
fn provider(min_version: MinVersion) -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    let offered = std::mem::take(&mut provider.kx_groups);
    provider.kx_groups = GROUPS.iter().filter_map(|name| group(&offered, *name)).collect();
    if min_version == MinVersion::V13 {
        provider.cipher_suites.retain(|suite| suite.version().version == ProtocolVersion::TLSv1_3);
    }
    provider
}

fn group(
    offered: &[&'static dyn SupportedKxGroup],
    name: NamedGroup,
) -> Option<&'static dyn SupportedKxGroup> {
    offered.iter().find(|group| group.name() == name).copied()
}

fn assemble(
    files: &TlsFiles<'_>,
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ClientCertVerifier>,
    identity: CertifiedKey,
) -> Result<ServerConfig, Error> {
    let versions: &[&SupportedProtocolVersion] = match files.min_version {
        MinVersion::V13 => &[&TLS13],
        MinVersion::V12 => &[&TLS13, &TLS12],
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.max_early_data_size = 0;
    config.require_ems = true;
    // State of resumable sessions travels in the ticket, so it costs no memory here.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    if files.ca_certs.is_some() {
        // A resumed session is not verified again; an expired client certificate would live on.
        config.send_tls13_tickets = 0;
    } else {
        config.send_tls13_tickets = 1;
        config.ticketer = Ticketer::new()?;
    }
    Ok(config)
}

/// Returns the certificate chain and the last second of its first certificate.
fn load_chain(
    files: &TlsFiles<'_>,
    now_unix: u64,
    warnings: &mut Vec<String>,
) -> Result<(Vec<CertificateDer<'static>>, u64), TlsProblem> {
    let path = files.certfile;
    let refuse = |fault| problem(Variable::Certificate, path, fault);
    let (text, _) = read(path).map_err(refuse)?;
    let chain = pem::items(text.expose()).map_err(refuse)?.certificates;
    let leaf = chain.first().ok_or_else(|| refuse(Fault::NoCertificate))?;
    let Validity { not_before, not_after } =
        Validity::read(leaf).map_err(|der::Malformed| refuse(Fault::CertificateDamaged))?;
    if now_unix > not_after {
        return Err(refuse(Fault::Expired { not_after }));
    }
    if now_unix < not_before {
        return Err(refuse(Fault::NotYetValid { not_before }));
    }
    let days = not_after.saturating_sub(now_unix) / DAY_SECONDS;
    if days < RENEWAL_DAYS {
        let end = problem::date(not_after);
        let what = format!("holds a certificate that expires on {end}, in {days} days; renew it");
        warnings.push(warning(Variable::Certificate, path, &what));
    }
    Ok((chain, not_after))
}

/// Returns the one private key of the key file, decrypted.
fn load_key(
    files: &TlsFiles<'_>,
    warnings: &mut Vec<String>,
) -> Result<PrivateKeyDer<'static>, TlsProblem> {
    let path = files.keyfile;
    let refuse = |fault| problem(Variable::Key, path, fault);
    let (text, metadata) = read(path).map_err(refuse)?;
    if is_open_to_others(&metadata) {
        let what = "can be read or written by other users; set its mode to 0600";
        warnings.push(warning(Variable::Key, path, what));
    }
    let mut keys = pem::items(text.expose()).map_err(refuse)?.keys;
    let key = keys.pop().ok_or_else(|| refuse(Fault::NoKey))?;
    if !keys.is_empty() {
        return Err(refuse(Fault::SeveralKeys));
    }
    let password = files.password.filter(|password| !password.is_empty());
    match (key, password) {
        (KeySection::Plain(key), None) => Ok(key),
        (KeySection::Plain(key), Some(_)) => {
            let what = "is not encrypted; remove the password or encrypt the key";
            warnings.push(warning(Variable::Password, path, what));
            Ok(key)
        }
        (KeySection::Encrypted(der), password) => open(&der, password).map_err(refuse),
    }
}

/// Opens an encrypted key; a scheme that is not supported is named before a password is asked for.
fn open(der: &[u8], password: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, Fault> {
    let sealed = Sealed::read(der)?;
    sealed.open(password.ok_or(Fault::PasswordMissing)?)
}

/// Returns certificate and key as one identity, after checking that they belong together.
fn certify(
    files: &TlsFiles<'_>,
    provider: &CryptoProvider,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, TlsProblem> {
    let unusable = |_library| problem(Variable::Key, files.keyfile, Fault::KeyUnusable);
    let key = provider.key_provider.load_private_key(key).map_err(unusable)?;
    let identity = CertifiedKey::new(chain, key);
    match identity.keys_match() {
        Ok(()) => Ok(identity),
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(problem(Variable::Key, files.keyfile, Fault::Mismatch))
        }
        Err(_unreadable) => {
            Err(problem(Variable::Certificate, files.certfile, Fault::CertificateDamaged))
        }
    }
}

/// Returns what checks client certificates: nobody is asked, or everybody needs one.
fn load_verifier(
    files: &TlsFiles<'_>,
    provider: &Arc<CryptoProvider>,
    now_unix: u64,
    warnings: &mut Vec<String>,
) -> Result<Arc<dyn ClientCertVerifier>, TlsProblem> {
    let Some(path) = files.ca_certs else { return Ok(Arc::new(NoClientAuth)) };
    let refuse = |fault| problem(Variable::Authorities, path, fault);
    let (text, _) = read(path).map_err(refuse)?;
    let certificates = pem::items(text.expose()).map_err(refuse)?.certificates;
    if certificates.is_empty() {
        return Err(refuse(Fault::NoAuthority));
    }
    let mut roots = RootCertStore::empty();
    for (position, certificate) in (1..).zip(certificates) {
        let unusable = || refuse(Fault::AuthorityUnusable(position));
        let validity = Validity::read(&certificate).map_err(|der::Malformed| unusable())?;
        if (validity.not_before..=validity.not_after).contains(&now_unix) {
            roots.add(certificate).map_err(|_library| unusable())?;
        } else {
            // The verifier does not look at the dates of an authority.
            let what = format!(
                "holds a certificate outside its dates (number {position}); it is not used"
            );
            warnings.push(warning(Variable::Authorities, path, &what));
        }
    }
    if roots.is_empty() {
        return Err(refuse(Fault::AuthoritiesExpired));
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        // The names of the authorities would be sent to everybody who connects.
        .clear_root_hint_subjects()
        .build()
        .map_err(|_library| refuse(Fault::Library))
}

/// Returns the content of a regular file of at most [`TLS_FILE_BYTES_MAX`], wiped after use.
pub(in crate::server) fn read(path: &Path) -> Result<(Secret, Metadata), Fault> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !metadata.is_file() {
        return Err(Fault::NotAFile);
    }
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    // Room for all of it from the start: a buffer that grows leaves copies of the key behind.
    let expected = metadata.len().min(TLS_FILE_BYTES_MAX).saturating_add(1);
    let mut text = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    let bound = TLS_FILE_BYTES_MAX.saturating_add(1);
    let outcome = file.take(bound).read_to_end(&mut text);
    let text = Secret::new(text);
    let len = outcome.map_err(|error| unreadable(&error))?;
    if u64::try_from(len).unwrap_or(u64::MAX) > TLS_FILE_BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    Ok((text, metadata))
}

fn unreadable(error: &std::io::Error) -> Fault {
    let kind = error.kind();
    if kind == ErrorKind::NotFound { Fault::Missing } else { Fault::Unreadable(kind) }
}

#[cfg(unix)]
pub(in crate::server) fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.mode() & 0o077 != 0
}

#[cfg(not(unix))]
pub(in crate::server) const fn is_open_to_others(_metadata: &Metadata) -> bool {
    false
}

fn problem(variable: Variable, path: &Path, fault: Fault) -> TlsProblem {
    TlsProblem::new(variable, path, fault)
}

fn warning(variable: Variable, path: &Path, what: &str) -> String {
    format!("{}: {path:?} {what}", variable.name())
}
