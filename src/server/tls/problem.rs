//! Zone: operator. What can be wrong with the TLS files, in one line for the operator.
//!
//! Each line names the variable, the path, the fault and the way out. Never holds key bytes,
//! certificate bytes or the password; a path is written quoted and escaped, so it stays one line.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::http::response;
use crate::limits::{TLS_FILE_BYTES_MAX, TLS_KEY_ITERATIONS_MAX};

/// The variable that a problem or a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// `ZSCALER_MCP_TLS_CERTFILE`
    Certificate,
    /// `ZSCALER_MCP_TLS_KEYFILE`
    Key,
    /// `ZSCALER_MCP_TLS_KEYFILE_PASSWORD`
    Password,
    /// `ZSCALER_MCP_TLS_CA_CERTS`
    Authorities,
}

impl Variable {
    /// Returns the name of the environment variable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "ZSCALER_MCP_TLS_CERTFILE",
            Self::Key => "ZSCALER_MCP_TLS_KEYFILE",
            Self::Password => "ZSCALER_MCP_TLS_KEYFILE_PASSWORD",
            Self::Authorities => "ZSCALER_MCP_TLS_CA_CERTS",
        }
    }
}

/// A reason why TLS cannot be set up, for one line on the operator's screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsProblem {
    /// The variable to change.
    pub variable: Variable,
    /// The file that was read.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

impl TlsProblem {
    pub(super) fn new(variable: Variable, path: &Path, fault: Fault) -> Self {
        // A password fault is found in the key file, but another variable has to change.
        let is_password = matches!(fault, Fault::PasswordMissing | Fault::PasswordWrong);
        let variable = if is_password { Variable::Password } else { variable };
        Self { variable, path: path.to_owned(), fault }
    }
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} {}", self.variable.name(), self.path, self.fault)
    }
}

impl std::error::Error for TlsProblem {}

/// What is wrong with a TLS file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no such file.
    Missing,
    /// The path names a directory, a device or a pipe.
    NotAFile,
    /// The system refuses to open or read the file.
    Unreadable(ErrorKind),
    /// The file is over [`TLS_FILE_BYTES_MAX`].
    TooLarge,
    /// The file has no PEM section.
    NotPem,
    /// A PEM section has no end, or its base64 is damaged.
    PemDamaged,
    /// The file has no certificate section.
    NoCertificate,
    /// The first certificate is not one that this server can read.
    CertificateDamaged,
    /// The certificate's time is over; seconds since 1970.
    Expired {
        /// Last second in which the certificate was valid.
        not_after: u64,
    },
    /// The certificate's time has not begun; seconds since 1970.
    NotYetValid {
        /// First second in which the certificate is valid.
        not_before: u64,
    },
    /// The file has no private key section.
    NoKey,
    /// The file has more than one private key section.
    SeveralKeys,
    /// The private key is damaged, or of a kind or size that is not supported.
    KeyUnusable,
    /// The private key is encrypted and there is no password.
    PasswordMissing,
    /// The password does not open the private key.
    PasswordWrong,
    /// The private key is encrypted in a way that is not supported.
    Encryption(Scheme),
    /// The private key does not belong to the first certificate.
    Mismatch,
    /// The client authority file has no certificate section.
    NoAuthority,
    /// A certificate of the client authority file cannot be read; counted from one.
    AuthorityUnusable(usize),
    /// No certificate of the client authority file is valid at this time.
    AuthoritiesExpired,
    /// The TLS library refused the assembled configuration.
    Library,
}

impl fmt::Display for Fault {
    #[expect(clippy::too_many_lines, reason = "a table: one text for each fault")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::Missing => "does not exist; correct the path or create the file",
            Self::NotAFile => "is not a regular file; name a PEM file",
            Self::Unreadable(kind) => {
                return write!(
                    f,
                    "cannot be read ({kind}); check owner and mode for the server's user"
                );
            }
            Self::TooLarge => {
                return write!(
                    f,
                    "is larger than {TLS_FILE_BYTES_MAX} bytes; name a smaller PEM file"
                );
            }
            Self::NotPem => {
                "is not PEM text; convert it: openssl x509 -inform der (certificate), \
                 openssl pkey -inform der (key)"
            }
            Self::PemDamaged => {
                "has a damaged PEM section (no END line, or bad base64); copy the file again"
            }
            Self::NoCertificate => {
                "has no BEGIN CERTIFICATE section; put the server certificate first, then its chain"
            }
            Self::CertificateDamaged => {
                "holds a first certificate that cannot be used; it must be an X.509 v3 certificate"
            }
            Self::Expired { not_after } => {
                return write!(
                    f,
                    "holds a certificate that expired on {}; renew it",
                    date(not_after)
                );
            }
            Self::NotYetValid { not_before } => {
                return write!(
                    f,
                    "holds a certificate that is not valid before {}; check the clock",
                    date(not_before)
                );
            }
            Self::NoKey => {
                "has no private key; it needs one BEGIN PRIVATE KEY, ENCRYPTED PRIVATE KEY, \
                 RSA PRIVATE KEY or EC PRIVATE KEY section"
            }
            Self::SeveralKeys => "has more than one private key; keep the one for the certificate",
            Self::KeyUnusable => {
                "holds a private key that cannot be used; use RSA from 2048 bits, \
                 ECDSA P-256, P-384, P-521 or Ed25519"
            }
            Self::PasswordMissing => "is an encrypted key and no password is set; set it",
            Self::PasswordWrong => {
                "is an encrypted key and the password does not open it; correct the password"
            }
            Self::Encryption(scheme) => {
                return write!(
                    f,
                    "is encrypted with {scheme}, which is not supported; convert it: openssl \
                     pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in OLD -out NEW"
                );
            }
            Self::Mismatch => {
                "does not belong to the first certificate in ZSCALER_MCP_TLS_CERTFILE; name the \
                 key it was issued for, and put the server certificate before its chain"
            }
            Self::NoAuthority => {
                "has no BEGIN CERTIFICATE section; put the CA that signs client certificates in it"
            }
            Self::AuthorityUnusable(position) => {
                return write!(
                    f,
                    "holds a certificate that cannot be used (number {position}); \
                     remove or replace it"
                );
            }
            Self::AuthoritiesExpired => {
                "holds no CA certificate that is valid now; renew the client CA or check the clock"
            }
            Self::Library => "was read, but the TLS library refused the configuration",
        })
    }
}

/// A way of encrypting private keys that this server knows by name and does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `Proc-Type: 4,ENCRYPTED` with an MD5 key derivation.
    Traditional,
    /// PBES1 or a PKCS#12 scheme (RFC 8018 s6.1, RFC 7292 appendix C).
    Pbes1,
    /// scrypt key derivation (RFC 7914).
    Scrypt,
    /// Triple DES.
    TripleDes,
    /// PBKDF2 over a function other than HMAC with SHA-1, SHA-256, SHA-384 or SHA-512.
    Prf,
    /// PBKDF2 with a count of zero or over [`TLS_KEY_ITERATIONS_MAX`].
    Iterations,
    /// Anything else.
    Other,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Traditional => "the traditional OpenSSL format (Proc-Type header)",
            Self::Pbes1 => "PBES1 or a PKCS#12 scheme",
            Self::Scrypt => "scrypt",
            Self::TripleDes => "triple DES",
            Self::Prf => "PBKDF2 over an uncommon hash",
            Self::Iterations => {
                return write!(
                    f,
                    "PBKDF2 with an iteration count outside 1 to {TLS_KEY_ITERATIONS_MAX}"
                );
            }
            Self::Other => "an unknown scheme",
        })
    }
}

/// Returns the IMF-fixdate of `seconds` since 1970, as text.
pub(super) fn date(seconds: u64) -> String {
    String::from_utf8_lossy(&response::date(seconds)).into_owned()
}
