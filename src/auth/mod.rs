//! Zone: pre-admission. From credential to principal.
//!
//! This build knows one mode: none. Everything behind it takes the proof, so a mode added here
//! needs no change there.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::guard::Admitted;

/// Who is calling. Two callers with equal principals are the same caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal(Box<str>);

impl Principal {
    /// Returns the principal of a caller nobody asked for a credential.
    #[must_use]
    pub fn anonymous() -> Self {
        Self("anonymous".into())
    }

    /// Returns the principal called `name`; the caller has checked a credential for it.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.into())
    }

    /// Returns the name for log lines.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// Proof that the credential of an admitted request was accepted.
#[derive(Debug)]
pub struct Authorized {
    admitted: Admitted,
    principal: Principal,
}

/// How callers are authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nobody is asked: the operator turned authentication off, or this is the demo on loopback.
    Open,
}

/// Returns the proof for `admitted` under `mode`.
#[must_use]
pub fn authorize(mode: Mode, admitted: Admitted) -> Authorized {
    match mode {
        Mode::Open => Authorized { admitted, principal: Principal::anonymous() },
    }
}

impl Authorized {
    /// Returns the admitted request.
    #[must_use]
    pub const fn admitted(&self) -> &Admitted {
        &self.admitted
    }

    /// Returns the caller.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }
}

#[cfg(test)]
mod tests {
    use super::Principal;

    #[test]
    fn callers_are_the_same_when_their_names_are() {
        let one = Principal::named("api-key:0");
        assert_eq!((one.name(), Principal::anonymous().name()), ("api-key:0", "anonymous"));
        assert_eq!(one, Principal::named("api-key:0"));
        assert_ne!(one, Principal::named("api-key:1"));
        assert_ne!(one, Principal::anonymous());
    }
}
