//! What must never be in clean text, and what cleaning may never invent. The checkers share no
//! code with the sanitizer: they are slow and literal on purpose.

use zscaler_mcp::limits::MARKS_MAX;
use zscaler_mcp::sanitize::Scrubber;

/// Returns the clean form of `text`.
pub fn scrub(text: &str) -> String {
    Scrubber::new(true).text(text).into_string()
}

/// Returns the classes of faults that `clean`, made from `input`, still has.
pub fn faults(input: &str, clean: &str) -> Vec<&'static str> {
    let folded: String = clean.chars().map(narrow).collect();
    let checks: [(&str, bool); 10] = [
        ("a second run changes the text", scrub(clean) != clean),
        ("a hidden character", clean.chars().any(is_hidden)),
        ("too many marks", has_mark_run(clean)),
        ("a tag can begin", can_begin_tag(&folded)),
        ("a link", folded.contains("](")),
        ("an image", folded.contains("![")),
        ("a definition", has_definition(&folded)),
        ("a reference", has_reference(&folded)),
        ("a fence that instructs", has_instructing_fence(&folded)),
        ("longer than twice the input", clean.len() > 2 * input.len() + 16),
    ];
    let tokens = ["[inst]", "[/inst]", "<<sys>>", "<|"];
    let small = folded.to_ascii_lowercase();
    let mut found: Vec<&str> =
        checks.iter().filter(|(_, bad)| *bad).map(|(name, _)| *name).collect();
    found.extend(tokens.iter().filter(|token| small.contains(**token)));
    found
}

/// Returns the ASCII character that a reader takes the wide or small form `c` for, else `c`.
pub fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap(),
        0xfe64 => '<',
        0xfe60 => '&',
        0xfe47 => '[',
        0xfe48 => ']',
        0xfe59 => '(',
        0xfe57 => '!',
        _ => c,
    }
}

/// True for a character that a person cannot see and that must not stay.
pub fn is_hidden(c: char) -> bool {
    let code = u32::from(c);
    match code {
        0x09 | 0x0a => false,
        0x00..=0x1f
        | 0x7f..=0xa0
        | 0xad
        | 0x34f
        | 0x600..=0x605
        | 0x61c
        | 0x6dd
        | 0x70f
        | 0x890
        | 0x891
        | 0x8e2
        | 0x115f
        | 0x1160
        | 0x1680
        | 0x17b4
        | 0x17b5
        | 0x180b..=0x180f
        | 0x2000..=0x200f
        | 0x2028..=0x202f
        | 0x205f..=0x206f
        | 0x2800
        | 0x3000
        | 0x3164
        | 0xe000..=0xf8ff
        | 0xfdd0..=0xfdef
        | 0xfe00..=0xfe0f
        | 0xfeff
        | 0xffa0
        | 0xfff0..=0xfffb
        | 0x110bd
        | 0x110cd
        | 0x13430..=0x1343f
        | 0x1bca0..=0x1bca3
        | 0x1d159
        | 0x1d173..=0x1d17a
        | 0x40000..=0x10_ffff => true,
        _ => code & 0xfffe == 0xfffe,
    }
}

fn has_mark_run(text: &str) -> bool {
    let marks: Vec<bool> = text.chars().map(|c| ('\u{300}'..='\u{36f}').contains(&c)).collect();
    marks.windows(MARKS_MAX + 1).any(|window| window.iter().all(|mark| *mark))
}

fn can_begin_tag(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let opens = |c: char| c.is_ascii_alphabetic() || "/!?|".contains(c);
    chars.windows(2).any(|pair| pair[0] == '<' && opens(pair[1]))
}

fn has_definition(text: &str) -> bool {
    let mut line_start = true;
    text.char_indices().any(|(at, c)| {
        let starts_line = line_start && c == '[';
        line_start = c == '\n' || (line_start && " \t>*+-.)0123456789".contains(c));
        starts_line && text[at..].split_once(']').is_some_and(|(_, after)| after.starts_with(':'))
    })
}

fn has_reference(text: &str) -> bool {
    let named = ["lt", "gt", "amp", "quot", "nbsp", "shy", "LT", "GT", "AMP", "zwnj", "lpar"];
    text.split('&').skip(1).any(|after| {
        let digits = after.strip_prefix('#').unwrap_or("");
        let hex = digits.strip_prefix(['x', 'X']).unwrap_or("");
        digits.starts_with(|c: char| c.is_ascii_digit())
            || hex.starts_with(|c: char| c.is_ascii_hexdigit())
            || named.iter().any(|n| after.strip_prefix(n).is_some_and(|rest| rest.starts_with(';')))
    })
}

fn has_instructing_fence(text: &str) -> bool {
    let bad = ["system", "user", "assistant", "tool", "instruction", "prompt", "override"];
    text.lines().any(|line| {
        let tilde = line.split_once("~~~").map(|(_, info)| info);
        let alone = line.split("```").count() == 2;
        let backtick = if alone { line.split_once("```").map(|(_, info)| info) } else { None };
        [tilde, backtick].into_iter().flatten().any(|info| {
            let kept = info.chars().filter(char::is_ascii_alphanumeric);
            let word: String = kept.map(|c| c.to_ascii_lowercase()).collect();
            bad.iter().any(|token| word.contains(token))
        })
    })
}
