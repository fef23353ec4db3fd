//! A pattern covers a text exactly when a table of all their prefixes says so, and a host entry a
//! host exactly when its parts do; a pattern that is no literal address covers no address.

use super::input::Input;
use zscaler_mcp::matching::{Case, Glob, Host, HostName, HostPattern};

/// The longest text that a hostile pattern is tried on: work that grows faster than pattern times
/// text runs into the time limit of the search.
const LONG_TEXT_BYTES: usize = 16 * 1024;

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let shape = input.byte();
    let lines: Vec<&[u8]> = input.rest().splitn(2, |byte| *byte == b'\n').collect();
    let (pattern, text) = (lines[0], lines.get(1).copied().unwrap_or_default());
    globs(pattern, text);
    if shape & 7 == 0 {
        long(pattern, text);
    }
    if let (Ok(entry), Some(name)) = (core::str::from_utf8(pattern), HostName::parse(text)) {
        let default_port = if shape & 8 == 0 { 80 } else { 443 };
        hosts(entry, &name, default_port);
    }
}

/// Tries `pattern` on `text` over and over: a star in front or behind can only cover more.
fn long(pattern: &[u8], text: &[u8]) {
    let text = text.repeat(LONG_TEXT_BYTES / text.len().max(1));
    let covers = |pattern: &[u8]| Glob::parse(pattern, Case::Ignore).map(|g| g.matches(&text));
    let open = [b"*", pattern, b"*"].concat();
    assert!(covers(pattern) != Ok(true) || covers(&open) == Ok(true), "{pattern:?}");
}

/// One step of a pattern, as the table reads it.
#[derive(Debug)]
enum Piece {
    Star,
    One,
    Byte(u8),
    Set { negated: bool, members: Vec<u8> },
}

fn globs(pattern: &[u8], text: &[u8]) {
    for case in [Case::Exact, Case::Ignore] {
        let (found, pieces) = (Glob::parse(pattern, case), pieces(pattern));
        assert_eq!(found.is_ok(), pieces.is_some(), "{pattern:?}: {found:?}");
        let (Ok(glob), Some(pieces)) = (found, pieces) else { continue };
        let expected = covers(&pieces, text, case);
        assert_eq!(glob.matches(text), expected, "{pattern:?} {text:?} {case:?}");
        assert_eq!(Glob::literal(pattern, case).matches(text), same(pattern, text, case));
    }
}

fn same(one: &[u8], other: &[u8], case: Case) -> bool {
    match case {
        Case::Exact => one == other,
        Case::Ignore => one.eq_ignore_ascii_case(other),
    }
}

/// Returns the pieces of a pattern; `None` for a bracket that never closes or runs backwards.
fn pieces(pattern: &[u8]) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < pattern.len() {
        let byte = pattern[at];
        at += 1;
        if byte != b'[' {
            out.push(match byte {
                b'*' => Piece::Star,
                b'?' => Piece::One,
                byte => Piece::Byte(byte),
            });
            continue;
        }
        let negated = matches!(pattern.get(at), Some(b'!' | b'^'));
        at += usize::from(negated);
        let mut members = Vec::new();
        // A bracket right at the start stands for itself, so the end is looked for behind it.
        let first = at;
        while at == first || *pattern.get(at)? != b']' {
            let from = *pattern.get(at)?;
            let range = pattern.get(at + 1) == Some(&b'-');
            match pattern.get(at + 2).filter(|to| range && **to != b']') {
                Some(to) if *to < from => return None,
                Some(to) => {
                    members.extend(from..=*to);
                    at += 3;
                }
                None => {
                    members.push(from);
                    at += 1;
                }
            }
        }
        at += 1;
        out.push(Piece::Set { negated, members });
    }
    Some(out)
}

/// Fills the table: which prefixes of the text the pieces so far cover.
fn covers(pieces: &[Piece], text: &[u8], case: Case) -> bool {
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for piece in pieces {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match piece {
                Piece::Star => row[at] || (at > 0 && next[at - 1]),
                Piece::One | Piece::Byte(_) | Piece::Set { .. } => {
                    at > 0 && row[at - 1] && takes(piece, text[at - 1], case)
                }
            };
        }
        row = next;
    }
    row[text.len()]
}

fn takes(piece: &Piece, byte: u8, case: Case) -> bool {
    let fits = |own: u8| same(&[own], &[byte], case);
    match piece {
        Piece::Star => false,
        Piece::One => true,
        Piece::Byte(own) => fits(*own),
        Piece::Set { negated, members } => members.iter().any(|own| fits(*own)) != *negated,
    }
}

fn hosts(entry: &str, name: &HostName<'_>, default_port: u16) {
    let Ok(pattern) = HostPattern::parse(entry) else { return };
    let again = HostPattern::parse(&pattern.to_string());
    assert_eq!(again.as_ref(), Ok(&pattern), "{entry:?}");
    let expected = entry_covers(entry.trim_matches([' ', '\t']), name, default_port);
    let found = pattern.matches(name, default_port);
    assert_eq!(found, expected, "{entry:?} {name:?} {default_port}");
}

/// Says what an entry covers: host and port apart, addresses by value, names by the table.
fn entry_covers(entry: &str, name: &HostName<'_>, default_port: u16) -> bool {
    let port = name.port().unwrap_or(default_port);
    let inside = entry.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let bracketed = inside.filter(|(inside, _)| inside.contains(':'));
    let (host, rest) = match (entry.parse::<core::net::Ipv6Addr>(), bracketed) {
        (Ok(address), _) => (Ok(address), ""),
        (Err(_), Some((inside, rest))) => (Ok(inside.parse().unwrap()), rest),
        (Err(_), None) => {
            let end = entry.find(':').unwrap_or(entry.len());
            (Err(&entry[..end]), &entry[end..])
        }
    };
    let port_fits = match rest.strip_prefix(':') {
        None | Some("*") => true,
        Some(digits) => digits.parse::<u16>().unwrap() == port,
    };
    let host_fits = match (host, name.host()) {
        (Ok(own), Host::V6(address)) => own == address,
        (Ok(_), _) => false,
        (Err(own), found) => name_covers(own, found),
    };
    port_fits && host_fits
}

fn name_covers(own: &str, host: Host<'_>) -> bool {
    let bare = own.strip_suffix('.').unwrap_or(own);
    if !bare.is_empty() && bare.bytes().all(|byte| byte == b'*') {
        return true;
    }
    let literal: Option<core::net::Ipv4Addr> = own.parse().ok();
    match (literal, host) {
        (Some(own), Host::V4(address)) => own == address,
        (None, Host::Name(name)) => covers(&pieces(bare.as_bytes()).unwrap(), name, Case::Ignore),
        (_, Host::Name(_) | Host::Numeric(_) | Host::V4(_) | Host::V6(_)) => false,
    }
}
