//! Zone: post-admission. Stage two, first part: character references (HTML s13.5) become what
//! they stand for, so that no later reader finds markup that this one did not see.
//!
//! Trusts nothing. Works from the right, so that a reference built from references is seen in the
//! same scan, however deep. References to ordinary symbols by name (`&copy;`) stay as written.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::invisible::visible;
use super::lookalikes::ascii;
use super::names::{REFERENCES, UNTERMINATED};

/// Most characters of a name that are looked at.
const NAME_MAX: usize = 32;

/// A reference after its ampersand: how many characters, and what it stands for when visible.
struct Reference {
    len: usize,
    stands_for: Option<char>,
}

/// Returns `text` without references to ASCII, spaces or invisible characters, and without
/// numeric references.
pub(super) fn decode(text: &[char]) -> Vec<char> {
    let mut settled: Vec<char> = Vec::with_capacity(text.len());
    for c in text.iter().rev() {
        settled.push(*c);
        while let Some(found) = reference(&settled) {
            let kept = settled.len().saturating_sub(found.len).saturating_sub(1);
            settled.truncate(kept);
            settled.extend(found.stands_for);
        }
    }
    settled.reverse();
    settled
}

/// Returns the reference that begins with the last character of `settled`, which is backwards.
fn reference(settled: &[char]) -> Option<Reference> {
    let mut ahead = settled.iter().rev().map(|c| ascii(*c));
    if ahead.next() != Some('&') {
        return None;
    }
    let name = ahead.clone();
    if ahead.next() == Some('#') { numeric(ahead) } else { named(name) }
}

fn numeric(ahead: impl Iterator<Item = char>) -> Option<Reference> {
    let mut ahead = ahead.peekable();
    let mut len = 1_usize;
    let mut radix = 10;
    if ahead.next_if(|c| matches!(c, 'x' | 'X')).is_some() {
        len = 2;
        radix = 16;
    }
    let prefix = len;
    let mut code = 0_u32;
    while let Some(digit) = ahead.peek().and_then(|c| c.to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        len = len.saturating_add(1);
        ahead.next();
    }
    if len == prefix {
        return None;
    }
    if ahead.next() == Some(';') {
        len = len.saturating_add(1);
    }
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(Reference { len, stands_for: visible(c) })
}

fn named(ahead: impl Iterator<Item = char>) -> Option<Reference> {
    let mut ahead = ahead.peekable();
    let mut name = String::new();
    while name.len() < NAME_MAX
        && let Some(c) = ahead.next_if(char::is_ascii_alphanumeric)
    {
        name.push(c);
    }
    let after = ahead.next();
    if after == Some(';')
        && let Ok(index) = REFERENCES.binary_search_by(|(known, _)| known.cmp(&name.as_str()))
    {
        let (_, c) = REFERENCES.get(index)?;
        return Some(Reference { len: name.len().saturating_add(1), stands_for: visible(*c) });
    }
    // `&lt=` is how a query string writes a parameter; HTML leaves it alone too.
    if after == Some('=') {
        return None;
    }
    let (prefix, c) = UNTERMINATED.iter().find(|(known, _)| name.starts_with(known))?;
    Some(Reference { len: prefix.len(), stands_for: visible(*c) })
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn decoded(text: &str) -> String {
        decode(&text.chars().collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn references_are_resolved_however_deep() {
        for (text, expected) in [
            ("&lt;b&gt;", "<b>"),
            ("&#60;&#x3C;&#0000060;&#X3c&#60b", "<<<<<b"),
            ("&amp;amp;amp;lt;", "<"),
            ("&#38;#38;lt&semi;", "<"),
            ("&#&#54;0;", "<"),
            ("&ltb&gt", "<b>"),
            ("&ampampamplt;x", "<x"),
            ("a&#8203;b&ZeroWidthSpace;c&nbsp;d&#13;e", "abc d\ne"),
            ("\u{ff06}\u{ff4c}\u{ff54}\u{ff1b}", "<"),
            ("&#99999999999;&#xd800;", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["R&D", "&copy;&foo;", "&#;&#x;", "?a=1&lt=2&copy=3&amp=4", "a && b;", "&"] {
            assert_eq!(decoded(text), text);
        }
    }
}
