//! Zone: pre-admission. The algorithms that may sign a token; all of them have a public key.

use aws_lc_rs::signature::{self, VerificationAlgorithm};

/// An algorithm of RFC 7518 s3.1 or RFC 8037 s3.1. There is no `none` and no `HS` among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256 and a salt of its length.
    Ps256,
    /// RSASSA-PSS with SHA-384 and a salt of its length.
    Ps384,
    /// RSASSA-PSS with SHA-512 and a salt of its length.
    Ps512,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// ECDSA over P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

/// What a key is: its type and, where it has one, its curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Algorithm {
    /// Every algorithm there is.
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// Returns the algorithm called `name`, byte for byte.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Returns the only kind of key it works with.
    pub(super) fn kind(self) -> KeyKind {
        self.row().1
    }

    /// Returns what verifies its signatures.
    pub(super) fn verifier(self) -> &'static dyn VerificationAlgorithm {
        self.row().2
    }

    fn row(self) -> (&'static str, KeyKind, &'static dyn VerificationAlgorithm) {
        match self {
            Self::Rs256 => ("RS256", KeyKind::Rsa, &signature::RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => ("RS384", KeyKind::Rsa, &signature::RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => ("RS512", KeyKind::Rsa, &signature::RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => ("PS256", KeyKind::Rsa, &signature::RSA_PSS_2048_8192_SHA256),
            Self::Ps384 => ("PS384", KeyKind::Rsa, &signature::RSA_PSS_2048_8192_SHA384),
            Self::Ps512 => ("PS512", KeyKind::Rsa, &signature::RSA_PSS_2048_8192_SHA512),
            Self::Es256 => ("ES256", KeyKind::P256, &signature::ECDSA_P256_SHA256_FIXED),
            Self::Es384 => ("ES384", KeyKind::P384, &signature::ECDSA_P384_SHA384_FIXED),
            Self::EdDsa => ("EdDSA", KeyKind::Ed25519, &signature::ED25519),
        }
    }
}
