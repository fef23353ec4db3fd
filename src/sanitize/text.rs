//! Zone: post-admission. The stages on one string, repeated until nothing changes.
//!
//! Trusts nothing. The result is a fixed point: either a whole pass left it as it was, or it was
//! made inert, and then it has no character that a stage looks for.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::lookalikes::ascii;
use super::{entities, fence, invisible, links, markup};
use crate::limits::SANITIZE_PASSES_MAX;

/// One stage: a single forward scan that returns the text it wants.
type Stage = fn(&[char]) -> Vec<char>;

/// The stages of a pass, in order.
const STAGES: [Stage; 5] =
    [invisible::strip, entities::decode, markup::drop_tags, links::flatten, fence::retitle];

/// Returns the clean form of `text`, `None` when it is clean already.
pub(super) fn scrub(text: &str) -> Option<String> {
    if is_plain(text) {
        return None;
    }
    let mut chars = invisible::strip(&text.chars().collect::<Vec<_>>());
    if chars.iter().any(|c| invisible::is_syntax(*c)) {
        chars = settle(chars);
    }
    let clean: String = chars.into_iter().collect();
    (clean != text).then_some(clean)
}

/// True when no stage can find anything: the path of nearly every string.
fn is_plain(text: &str) -> bool {
    let plain_byte = |byte: u8| match byte {
        b'<' | b'&' | b'[' | b']' | b'`' | b'~' => false,
        b' '..=b'}' | b'\t' | b'\n' => true,
        _ => false,
    };
    text.bytes().all(plain_byte) || text.chars().all(invisible::is_inert)
}

fn settle(mut text: Vec<char>) -> Vec<char> {
    for _ in 0..SANITIZE_PASSES_MAX {
        let mut changed = false;
        for stage in STAGES {
            let next = stage(&text);
            changed |= next != text;
            text = next;
        }
        if !changed {
            return text;
        }
    }
    invisible::strip(&text).into_iter().map(disarm).collect()
}

/// Text that still changes after so many passes was built to; it loses its syntax, not its words.
fn disarm(c: char) -> char {
    match ascii(c) {
        '<' | '[' => '(',
        ']' => ')',
        '&' => '+',
        '`' => '\'',
        '~' => '-',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::scrub;

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in ["", "R&D", "a < b && c > d", "M\u{fc}nchen \u{2014} \u{6771}\u{4eac}", "x[0]"]
        {
            assert_eq!(scrub(text), None, "{text}");
        }
    }

    #[test]
    fn text_that_keeps_changing_is_disarmed() {
        let clean = scrub("[[[[[[[[[[a]]]]]]]]]]: u").unwrap();
        assert_eq!(clean, "((((((a)))))): u");
        assert_eq!(scrub(&clean), None);
    }
}
