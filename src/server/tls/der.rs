//! Zone: operator. A strict reader of DER: definite lengths in shortest form, one-byte tags.
//!
//! Reads the operator's own key and certificate files at start. Trusts nothing in them: every
//! step is bounds-checked, borrows from its input and can only fail with [`Malformed`].
//! Never decodes a value it was not asked for, and never recurses.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

/// Tag of an INTEGER.
pub(super) const INTEGER: u8 = 0x02;
/// Tag of an OCTET STRING.
pub(super) const OCTET_STRING: u8 = 0x04;
/// Tag of NULL.
pub(super) const NULL: u8 = 0x05;
/// Tag of an OBJECT IDENTIFIER.
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of a UTCTime.
pub(super) const UTC_TIME: u8 = 0x17;
/// Tag of a GeneralizedTime.
pub(super) const GENERALIZED_TIME: u8 = 0x18;
/// Tag of a SEQUENCE.
pub(super) const SEQUENCE: u8 = 0x30;
/// Tag of an explicit element with context number zero.
pub(super) const CONTEXT_0: u8 = 0xa0;

/// The bytes are not the DER that was expected here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// The elements that have not been read yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    left: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes }
    }

    /// Returns the content of the next element, which must carry `tag`.
    pub(super) fn take(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        let (found, rest) = self.left.split_first().ok_or(Malformed)?;
        if *found != tag {
            return Err(Malformed);
        }
        let (len, rest) = length(rest)?;
        let (content, rest) = rest.split_at_checked(len).ok_or(Malformed)?;
        self.left = rest;
        Ok(content)
    }

    /// Returns a reader over the elements inside the next one, which must carry `tag`.
    pub(super) fn enter(&mut self, tag: u8) -> Result<Self, Malformed> {
        self.take(tag).map(Self::new)
    }

    /// Returns the content of the next element when it carries `tag`.
    pub(super) fn take_optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Malformed> {
        if self.left.first() == Some(&tag) {
            return self.take(tag).map(Some);
        }
        Ok(None)
    }

    /// Returns the value of the next element, an INTEGER that is neither negative nor over 63 bits.
    pub(super) fn unsigned(&mut self) -> Result<u64, Malformed> {
        let digits = self.take(INTEGER)?;
        let shortest = match digits {
            [0, second, ..] => *second >= 0x80,
            [first, ..] => *first < 0x80,
            [] => false,
        };
        if !shortest || digits.len() > 8 {
            return Err(Malformed);
        }
        Ok(digits.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte)))
    }

    /// Returns tag and content of the next element, whatever it is.
    pub(super) fn any(&mut self) -> Result<(u8, &'a [u8]), Malformed> {
        let tag = *self.left.first().ok_or(Malformed)?;
        self.take(tag).map(|content| (tag, content))
    }

    /// True when nothing is left.
    pub(super) const fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Checks that nothing follows.
    pub(super) const fn finish(self) -> Result<(), Malformed> {
        if self.left.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

/// Returns the length at the front of `bytes` and what follows it (X.690 s8.1.3, s10.1).
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    let (first, rest) = bytes.split_first().ok_or(Malformed)?;
    if *first < 0x80 {
        return Ok((usize::from(*first), rest));
    }
    let count = usize::from(*first & 0x7f);
    if !(1..=4).contains(&count) {
        return Err(Malformed);
    }
    let (digits, rest) = rest.split_at_checked(count).ok_or(Malformed)?;
    let len = digits.iter().fold(0_u32, |len, byte| (len << 8) | u32::from(*byte));
    if len < 0x80 || digits.first() == Some(&0) {
        return Err(Malformed);
    }
    usize::try_from(len).map(|len| (len, rest)).or(Err(Malformed))
}

#[cfg(test)]
mod tests {
    use super::{INTEGER, Malformed, OCTET_STRING, Reader, SEQUENCE};

    #[test]
    fn only_the_shortest_definite_length_is_read() {
        let long = [&[OCTET_STRING, 0x81, 0x80][..], &[7; 0x80]].concat();
        for (name, bytes, expected) in [
            ("short form", &[OCTET_STRING, 1, 7][..], Some(1)),
            ("empty", &[OCTET_STRING, 0], Some(0)),
            ("long form", &long, Some(0x80)),
            ("long form of a short length", &[OCTET_STRING, 0x81, 1, 7], None),
            ("leading zero", &[OCTET_STRING, 0x82, 0, 0x80, 7], None),
            ("indefinite", &[OCTET_STRING, 0x80, 7, 0, 0], None),
            ("too many digits", &[OCTET_STRING, 0x85, 1, 0, 0, 0, 0], None),
            ("past the end", &[OCTET_STRING, 2, 7], None),
            ("huge", &[OCTET_STRING, 0x84, 0xff, 0xff, 0xff, 0xff, 7], None),
            ("no length", &[OCTET_STRING], None),
            ("nothing", &[], None),
            ("another tag", &[INTEGER, 1, 7], None),
        ] {
            let read = Reader::new(bytes).take(OCTET_STRING).map(<[u8]>::len);
            assert_eq!(read.ok(), expected, "{name}");
        }
    }

    #[test]
    fn integers_are_positive_and_minimal() {
        for (name, bytes, expected) in [
            ("zero", &[INTEGER, 1, 0][..], Some(0)),
            ("sign byte", &[INTEGER, 2, 0, 0x80], Some(0x80)),
            ("two bytes", &[INTEGER, 2, 8, 0], Some(2048)),
            ("negative", &[INTEGER, 1, 0x80], None),
            ("padded", &[INTEGER, 2, 0, 0x7f], None),
            ("empty", &[INTEGER, 0], None),
            ("nine bytes", &[INTEGER, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0], None),
        ] {
            assert_eq!(Reader::new(bytes).unsigned().ok(), expected, "{name}");
        }
    }

    #[test]
    fn elements_nest_and_must_end() {
        let mut outer = Reader::new(&[SEQUENCE, 3, INTEGER, 1, 5, 9]);
        let mut inner = outer.enter(SEQUENCE).unwrap();
        assert_eq!(inner.take_optional(OCTET_STRING), Ok(None));
        assert_eq!(inner.unsigned(), Ok(5));
        assert_eq!(inner.finish(), Ok(()));
        assert_eq!(outer.finish(), Err(Malformed));
    }
}
