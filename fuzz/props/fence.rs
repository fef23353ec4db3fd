//! In ASCII text without other syntax, a fence loses its words exactly when they instruct, told by
//! a second, line-wise reading of the rules; everything else stays, line by line.

use super::kit::clean::scrub;

/// Words that a fence may not name when they stand anywhere in it.
const PARTS: &str = "system user assistant tool function developer ignore override instruction \
                     prompt role";
/// Words that it may not name as a whole.
const WORDS: &str = "admin administrator agent ai bot bypass command commands context directive \
                     directives disregard forget human inst instruct jailbreak memory message \
                     model moderator operator persona policy root rules sudo sys sysadmin \
                     superuser";

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let kept = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t') && !b"<&[]".contains(byte);
    let text: String = data.iter().filter(|byte| kept(byte)).map(|b| char::from(*b)).collect();
    let expected: Vec<String> = text.split('\n').map(retitled).collect();
    assert_eq!(scrub(&text), expected.join("\n"), "{text:?}");
}

/// Returns one line as it must come out.
fn retitled(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, fence, after)) = first_fence(rest) {
        out.push_str(before);
        out.push_str(fence);
        // Backticks that a later run of backticks closes hold code; their words are not read.
        let span = match first_fence(after) {
            Some((code, end, behind)) if fence.starts_with('`') && end.starts_with('`') => {
                Some((code, end, behind))
            }
            _ => None,
        };
        if let Some((code, end, behind)) = span {
            out.push_str(code);
            out.push_str(end);
            rest = behind;
        } else {
            out.push_str(if instructs(after) { "text" } else { after });
            rest = "";
        }
    }
    out + rest
}

/// Returns what stands before the first run of three or more backticks or tildes, the run, and
/// what follows it.
fn first_fence(line: &str) -> Option<(&str, &str, &str)> {
    let at = [line.find("```"), line.find("~~~")].into_iter().flatten().min()?;
    let sign = line[at..].chars().next()?;
    let rest = &line[at..];
    let len = rest.len() - rest.trim_start_matches(sign).len();
    Some((&line[..at], &rest[..len], &rest[len..]))
}

/// Every way to read the words: letters and digits, signs for letters (a 1 as i or as l), and
/// letters alone.
fn instructs(info: &str) -> bool {
    let small = info.to_ascii_lowercase();
    let as_signs = |one: char| small.chars().map(|c| sign(c, one)).collect::<String>();
    let letters: String =
        small.chars().map(|c| if c.is_ascii_alphabetic() { c } else { ' ' }).collect();
    [small.clone(), as_signs('i'), as_signs('l'), letters].iter().any(|text| {
        let words: Vec<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let whole = words.concat();
        PARTS.split_whitespace().any(|part| whole.contains(part))
            || WORDS.split_whitespace().any(|word| words.contains(&word) || whole == word)
    })
}

fn sign(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        _ => c,
    }
}
