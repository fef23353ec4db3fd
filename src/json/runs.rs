//! Zone: pre-admission. Where a run of plain text inside a JSON string ends.

/// Returns where the first quote, backslash, control character or `also` stands. Eight bytes are
/// looked at together: the least marked byte of a word is a true find.
pub(super) fn stop(text: &[u8], also: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let (words, tail) = text.as_chunks::<8>();
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let wanted = ONES.wrapping_mul(u64::from(also));
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quote = is_zero(word ^ 0x2222_2222_2222_2222);
        let backslash = is_zero(word ^ 0x5c5c_5c5c_5c5c_5c5c);
        let control = word.wrapping_sub(0x2020_2020_2020_2020) & !word;
        let found = (quote | backslash | control | is_zero(word ^ wanted)) & TOPS;
        if found != 0 {
            let byte = usize::try_from(found.trailing_zeros() >> 3).ok()?;
            return index.checked_mul(8)?.checked_add(byte);
        }
    }
    let at = tail.iter().position(|byte| *byte < 0x20 || [b'"', b'\\', also].contains(byte))?;
    words.len().checked_mul(8)?.checked_add(at)
}

#[cfg(test)]
mod tests {
    use super::stop;

    #[test]
    fn the_first_byte_that_ends_a_run_is_found_at_every_place() {
        for len in 0..40_usize {
            for at in 0..len {
                for (byte, del) in [(b'"', 0), (b'\\', 0), (0x1f, 0), (0, 0x7f), (0x7f, 0x7f)] {
                    let mut text = vec![b'\xff'; len];
                    text[at] = byte;
                    text[len - 1] = if at == len - 1 { byte } else { b'"' };
                    assert_eq!(stop(&text, del.max(b'"')), Some(at), "{len} {at} {byte}");
                }
            }
            assert_eq!(stop(&vec![b'!'; len], b'"'), None);
            assert_eq!(stop(&vec![0x7f; len], b'"'), None);
        }
    }
}
