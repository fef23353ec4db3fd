//! Zone: pre-admission. What stands for a credential wherever one would have to be kept.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{self, HMAC_SHA256};

/// Makes marks under a key that this process alone has, and only while it runs.
#[derive(Debug)]
pub(super) struct Marks(hmac::Key);

/// HMAC-SHA-256 of a credential (RFC 2104). Whoever reads it, or sees how long a comparison
/// takes, learns nothing of the credential without the key of the process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark(Box<[u8]>);

impl Marks {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(HMAC_SHA256, key))
    }

    /// Returns the mark of `parts`. Each goes in behind its length: two lists of parts whose bytes
    /// join to the same text have different marks.
    pub(super) fn of(&self, parts: &[&[u8]]) -> Mark {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            // No address space has more bytes than the number counts.
            let len = u64::try_from(part.len()).unwrap_or(u64::MAX);
            context.update(&len.to_be_bytes());
            context.update(part);
        }
        Mark(context.sign().as_ref().into())
    }
}

impl Mark {
    /// True for the same mark, in a time that does not tell how much of it is the same.
    pub(super) fn is(&self, other: &Self) -> bool {
        verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn a_mark_depends_on_every_part_and_on_the_key() {
        let (marks, others) = (Marks::new(&[1; 32]), Marks::new(&[2; 32]));
        let mark = marks.of(&[b"a:b", b"c"]);
        assert!(mark.is(&marks.of(&[b"a:b", b"c"])));
        for (name, other) in [
            ("the colon elsewhere", marks.of(&[b"a", b"b:c"])),
            ("one part", marks.of(&[b"a:bc"])),
            ("an empty part more", marks.of(&[b"a:b", b"c", b""])),
            ("another key", others.of(&[b"a:b", b"c"])),
        ] {
            assert!(!mark.is(&other) && mark != other, "{name}");
        }
    }
}
