//! Zone: post-admission. The words that speak to a model, and the schemes that run code.
//!
//! Trusts nothing. Words are compared as a reader sees them: without case, marks, separators,
//! look-alike letters or digits that stand for letters.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::lookalikes::{ascii, is_compound, letter};
use super::tables::is_mark;

/// What stands where a blocked scheme stood.
pub(super) const BLOCKED: &str = "blocked:";
/// What stands for an image without a description.
pub(super) const IMAGE: &str = "[image]";

/// Parts that no fence may name, anywhere in its words.
const PARTS: [&str; 11] = [
    "system",
    "user",
    "assistant",
    "tool",
    "function",
    "developer",
    "ignore",
    "override",
    "instruction",
    "prompt",
    "role",
];

/// Whole words that no fence may name.
const WORDS: [&str; 30] = [
    "admin",
    "administrator",
    "agent",
    "ai",
    "bot",
    "bypass",
    "command",
    "commands",
    "context",
    "directive",
    "directives",
    "disregard",
    "forget",
    "human",
    "inst",
    "instruct",
    "jailbreak",
    "memory",
    "message",
    "model",
    "moderator",
    "operator",
    "persona",
    "policy",
    "root",
    "rules",
    "sudo",
    "sys",
    "sysadmin",
    "superuser",
];

/// More whole words that are tags of chat templates and tool calls.
const TAG_WORDS: [&str; 25] = [
    "analysis",
    "bos",
    "calls",
    "channel",
    "document",
    "documents",
    "endoftext",
    "eos",
    "functions",
    "im",
    "important",
    "instructions",
    "invoke",
    "pad",
    "reminder",
    "response",
    "result",
    "results",
    "scratchpad",
    "think",
    "thinking",
    "tools",
    "turn",
    "unk",
    "users",
];

/// Control tokens in square brackets.
const BRACKETED: [&str; 7] = [
    "INST",
    "SYS",
    "SYSTEM_PROMPT",
    "AVAILABLE_TOOLS",
    "TOOL_CALLS",
    "TOOL_RESULTS",
    "TOOL_CONTENT",
];

/// Schemes whose target runs code, carries a document, or reads a local file.
const SCHEMES: [&str; 12] = [
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "jar",
    "javascript",
    "livescript",
    "mhtml",
    "mocha",
    "vbscript",
    "view-source",
];

/// Longest token or scheme that is looked for.
const TOKEN_MAX: usize = 24;

/// One way to read letters.
#[derive(Clone, Copy)]
enum Reading {
    /// Look-alikes are letters.
    Seen,
    /// So are digits and signs; `1` is this letter.
    Digits(char),
    /// Only ASCII letters count: what else stands between them is overlooked.
    Ascii,
}

const READINGS: [Reading; 4] =
    [Reading::Seen, Reading::Digits('i'), Reading::Digits('l'), Reading::Ascii];

/// True when the words after a fence name a speaker or an order to a model.
pub(super) fn instructs(info: &[char]) -> bool {
    has_reference(info)
        || info.iter().any(|c| is_compound(*c))
        || READINGS.iter().any(|reading| reads_so(info, *reading))
}

fn reads_so(info: &[char], reading: Reading) -> bool {
    let words = words(info, reading);
    let whole = words.concat();
    PARTS.iter().any(|part| whole.contains(part))
        || words.iter().chain([&whole]).any(|word| WORDS.contains(&word.as_str()))
}

/// True when a tag name is a speaker, an order, or a token of a chat template.
pub(super) fn is_role(name: &str) -> bool {
    let chars: Vec<char> = name.chars().collect();
    let words = words(&chars, Reading::Seen);
    let whole = words.concat();
    words.iter().chain([&whole]).any(|word| {
        let word = word.as_str();
        PARTS.contains(&word) || WORDS.contains(&word) || TAG_WORDS.contains(&word)
    })
}

fn words(text: &[char], reading: Reading) -> Vec<String> {
    let read = |c: char| match reading {
        Reading::Seen => letter(c),
        Reading::Digits(one) => stands_for(c, one).or_else(|| letter(c)),
        Reading::Ascii => c.is_ascii_alphabetic().then(|| c.to_ascii_lowercase()),
    };
    let mut words = vec![String::new()];
    for c in text.iter().filter(|c| !is_mark(**c)) {
        match (read(*c), words.last_mut()) {
            (Some(letter), Some(word)) => word.push(letter),
            (None, Some(word)) if word.is_empty() => {}
            _ => words.push(String::new()),
        }
    }
    words
}

fn stands_for(c: char, one: char) -> Option<char> {
    Some(match letter(c).unwrap_or_else(|| ascii(c)) {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        _ => return None,
    })
}

/// A named reference may hide any letter, as a compound may hide several, so a fence that holds
/// one is not read further.
fn has_reference(info: &[char]) -> bool {
    info.split(|c| ascii(*c) == '&').skip(1).any(|after| {
        let name = after.iter().take_while(|c| ascii(**c).is_ascii_alphanumeric()).count();
        name > 0 && after.get(name).is_some_and(|c| ascii(*c) == ';')
    })
}

/// Returns the length of the control token that `text` begins with, brackets included.
pub(super) fn bracketed_token(text: &[char]) -> Option<usize> {
    let mut folded = text.iter().take(TOKEN_MAX).map(|c| ascii(*c)).skip(1).peekable();
    let slash = usize::from(folded.next_if_eq(&'/').is_some());
    let name: String = folded.take_while(|c| *c != ']').collect();
    let len = name.len().saturating_add(slash).saturating_add(1);
    let ends = text.get(len).is_some_and(|c| ascii(*c) == ']');
    let known = BRACKETED.iter().any(|token| token.eq_ignore_ascii_case(&name));
    (ends && known).then(|| len.saturating_add(1))
}

/// Returns the length of the blocked scheme that `text` begins with, colon included. Browsers
/// skip tabs and line ends inside a scheme (URL s4.4), so they are skipped here.
pub(super) fn blocked_scheme(text: &[char]) -> Option<usize> {
    let mut name = String::new();
    for (offset, c) in text.iter().enumerate().take(TOKEN_MAX) {
        match ascii(*c) {
            ':' => return SCHEMES.contains(&name.as_str()).then(|| offset.saturating_add(1)),
            '\t' | '\n' => {}
            ' ' | '<' if name.is_empty() => {}
            c if c.is_ascii_alphanumeric() || c == '-' => name.push(c.to_ascii_lowercase()),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{blocked_scheme, bracketed_token, instructs, is_role};

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn words_are_read_as_people_read_them() {
        for info in [
            "system",
            "S y-s_t.e\\m",
            "sy\u{301}stem",
            "\u{455}ystem",
            "5y5t3m",
            "too1",
            "ad-min",
            "text root",
            "s&ycy;stem",
            "ecosystem",
            "sys\u{455}tem",
            "sys7tem",
        ] {
            assert!(instructs(&chars(info)), "{info}");
        }
        for info in [
            "",
            "python",
            "json",
            "bash",
            "typescript",
            "javascript",
            "c++",
            "prometheus",
            "text",
            "yaml title=x.yml",
            "powershell",
            "mermaid",
            "administration",
            "x86asm",
            "html&css",
        ] {
            assert!(!instructs(&chars(info)), "{info}");
        }
    }

    #[test]
    fn tag_names_are_whole_words() {
        for name in ["system", "tool_call", "function-calls", "start_of_turn", "USER"] {
            assert!(is_role(name), "{name}");
        }
        for name in ["string", "username", "host", "k,"] {
            assert!(!is_role(name), "{name}");
        }
    }

    #[test]
    fn tokens_and_schemes_are_measured() {
        assert_eq!(bracketed_token(&chars("[/inst]x")), Some(7));
        assert_eq!(bracketed_token(&chars("[INSTALL]")), None);
        assert_eq!(blocked_scheme(&chars(" <Java\tScript:x")), Some(14));
        assert_eq!(blocked_scheme(&chars("https://h")), None);
        assert_eq!(blocked_scheme(&chars("database: x")), None);
    }
}
