//! Zone: post-admission. The stages on one string, repeated until nothing changes.
//!
//! Trusts nothing. The result is a fixed point: either a whole pass left it as it was, or it was
//! made inert, and then it has no character that a stage looks for.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::lookalikes::ascii;
use super::{entities, fence, invisible, links, markup};
use crate::json::write::needs_escape;
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
    classes_of(text) & ODD == 0 || text.chars().all(invisible::is_inert)
}

/// A byte that a stage may look for, or a part of a character that is not ASCII.
pub(super) const ODD: u8 = 1;
/// A byte that a JSON string writes with a backslash.
pub(super) const ESCAPED: u8 = 2;

/// Returns the classes of all bytes of `text` together: one look-up a byte, nothing else.
pub(super) fn classes_of(text: &str) -> u8 {
    text.bytes().fold(0, |all, byte| all | CLASSES.get(usize::from(byte)).unwrap_or(&ODD))
}

const CLASSES: [u8; 256] = classes();

#[cfg_attr(
    not(test),
    expect(
        clippy::as_conversions,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "evaluated by the compiler, where a fault stops the build"
    )
)]
const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        let plain = match byte {
            b'<' | b'&' | b'[' | b']' | b'`' | b'~' => false,
            b' '..=b'}' | b'\t' | b'\n' => true,
            _ => false,
        };
        table[byte as usize] =
            if plain { 0 } else { ODD } | if needs_escape(byte) { ESCAPED } else { 0 };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
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
    use super::{CLASSES, ODD, classes, disarm, scrub, settle};
    use crate::sanitize::invisible;
    use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};

    /// The way without short cuts.
    fn slow(text: &str) -> String {
        let chars = invisible::strip(&text.chars().collect::<Vec<_>>());
        settle(chars).into_iter().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_short_cuts_lead_to_the_same_text(
            any in any::<String>(),
            ascii in "[ -~\t\n\r\x7f]{0,40}",
        ) {
            for text in [any, ascii] {
                prop_assert_eq!(scrub(&text).unwrap_or_else(|| text.clone()), slow(&text));
            }
        }
    }

    #[test]
    fn a_byte_that_is_not_odd_is_a_character_no_stage_looks_at() {
        for byte in 0..=u8::MAX {
            let c = char::from(byte);
            let expected = byte.is_ascii() && invisible::is_inert(c);
            assert_eq!(CLASSES[usize::from(byte)] & ODD == 0, expected, "{byte:#x}");
        }
        assert_eq!(classes(), CLASSES, "run by the program as by the compiler");
    }

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

    #[test]
    fn a_disarmed_character_is_none_that_a_stage_looks_for() {
        for (text, expected) in [("<[]&`~", "(()+'-"), ("\u{ff1c}\u{fe60}\u{1fef}", "(+'")] {
            assert_eq!(text.chars().map(disarm).collect::<String>(), expected);
        }
        for c in (0..0x1_0000_u32).filter_map(char::from_u32).filter(|c| invisible::is_syntax(*c)) {
            assert!(!invisible::is_syntax(disarm(c)), "{c:?}");
        }
    }
}
