//! Zone: pre-admission. What names a session in a log line.
//!
//! The id of a session opens it, so it is never logged: whoever reads a log must not be able to
//! speak in a session of another. Whoever knows the id can find its lines.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use aws_lc_rs::digest::{SHA256, digest};

use crate::base::encode::hex;

/// The first 32 bits of the SHA-256 of a session id. The id has 192 random bits, so its other 160
/// are still unknown; the mark opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark([u8; 4]);

impl Mark {
    /// Returns the mark of the session `id`.
    #[must_use]
    pub fn of(id: &[u8]) -> Self {
        let hash = digest(&SHA256, id);
        Self(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }
}

impl core::fmt::Display for Mark {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Mark;

    #[test]
    fn a_mark_is_the_beginning_of_the_hash_and_not_of_the_id() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(Mark::of(b"abc").to_string(), "ba7816bf");
        assert_ne!(Mark::of(b"abd"), Mark::of(b"abc"));
    }
}
