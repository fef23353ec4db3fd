//! Counts in the unpacked sources of a package what a reviewer asks about first.

use std::fs;
use std::path::Path;

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Measured {
    /// Times the word `unsafe` stands in code under `src/`, for every system and feature.
    pub(crate) unsafe_words: usize,
    /// Files of C, C++ and assembly, tests of the package included.
    pub(crate) native: usize,
    /// Files that a compiler has made already.
    pub(crate) objects: usize,
}

pub(crate) fn measure(directory: &Path) -> Measured {
    let mut measured = Measured::default();
    walk(directory, directory, &mut measured);
    measured
}

fn walk(root: &Path, directory: &Path, measured: &mut Measured) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, measured);
            continue;
        }
        match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
            "rs" if path.starts_with(root.join("src")) => {
                measured.unsafe_words += unsafe_words(&fs::read(&path).unwrap());
            }
            "c" | "cc" | "cpp" | "h" | "S" | "s" | "asm" => measured.native += 1,
            "o" | "obj" | "a" | "lib" | "so" | "dll" | "dylib" | "exe" | "wasm" => {
                measured.objects += 1;
            }
            _ => (),
        }
    }
}

/// The commit that the package says it was made from, where it says so.
pub(crate) fn commit(directory: &Path) -> Option<String> {
    let text = fs::read_to_string(directory.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = text.split_once("\"sha1\": \"")?;
    rest.split('"').next().map(str::to_owned)
}

fn of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Counts the keyword and not what comments and literals say.
fn unsafe_words(source: &[u8]) -> usize {
    let (mut count, mut place) = (0, 0);
    while place < source.len() {
        let rest = &source[place..];
        let inside = place > 0 && of_word(source[place - 1]);
        place += match rest[0] {
            b'/' if rest.starts_with(b"//") => find(rest, b"\n"),
            b'/' if rest.starts_with(b"/*") => comment(rest),
            b'"' => literal(rest),
            b'\'' => quoted(rest),
            b'r' | b'b' | b'c' if !inside => raw(rest).unwrap_or(1),
            b'u' if !inside && rest.starts_with(b"unsafe") => {
                count += usize::from(!rest.get(6).copied().is_some_and(of_word));
                6
            }
            _ => 1,
        };
    }
    count
}

/// The place of `mark`, or the end.
fn find(text: &[u8], mark: &[u8]) -> usize {
    text.windows(mark.len()).position(|part| part == mark).unwrap_or(text.len())
}

/// The length of a block comment, which may hold others.
fn comment(text: &[u8]) -> usize {
    let (mut depth, mut place) = (0_usize, 0);
    while place < text.len() {
        let step = match &text[place..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        place += step;
        if depth == 0 {
            break;
        }
    }
    place
}

/// The length of a string literal with escapes.
fn literal(text: &[u8]) -> usize {
    let mut place = 1;
    while place < text.len() {
        match text[place] {
            b'\\' => place += 2,
            b'"' => return place + 1,
            _ => place += 1,
        }
    }
    text.len()
}

/// The length of a raw string literal, if one begins here.
fn raw(text: &[u8]) -> Option<usize> {
    let letters = if text.starts_with(b"br") || text.starts_with(b"cr") { 2 } else { 1 };
    if text[letters - 1] != b'r' {
        return None;
    }
    let body = &text[letters..];
    let hashes = body.iter().take_while(|byte| **byte == b'#').count();
    if body.get(hashes) != Some(&b'"') {
        return None;
    }
    let open = letters + hashes + 1;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(open + find(&text[open..], close.as_bytes()) + close.len())
}

/// The length of a character literal, or of the mark that begins a lifetime.
fn quoted(text: &[u8]) -> usize {
    match text {
        [_, b'\\', _, rest @ ..] => 3 + find(rest, b"'") + 1,
        [_, _, b'\'', ..] => 3,
        // A character of several bytes ends within four; a lifetime is ASCII.
        [_, first, ..] if !first.is_ascii() => 1 + find(&text[1..], b"'") + 1,
        _ => 1,
    }
}

#[test]
fn the_keyword_is_counted_and_its_mention_is_not() {
    for (source, expected) in [
        ("unsafe { f() }", 1),
        ("pub unsafe fn f() {} unsafe impl X for Y {}", 2),
        ("unsafe_code not_unsafe unsafely", 0),
        ("// unsafe\n/* unsafe /* unsafe */ unsafe */ unsafe {}", 1),
        ("\"unsafe \\\" unsafe\" r#\"unsafe \" unsafe\"# br\"unsafe\" unsafe {}", 1),
        ("'\"' unsafe '\\'' unsafe '\\u{22}' unsafe", 3),
        ("fn f<'a>(x: &'a str) { unsafe {} } // don't", 1),
        ("(unsafe) r#unsafe", 2),
    ] {
        assert_eq!(unsafe_words(source.as_bytes()), expected, "{source}");
    }
}
