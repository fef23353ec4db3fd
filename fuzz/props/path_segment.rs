//! An accepted value fills exactly one path segment, decodes to itself and cannot climb; what is
//! refused breaks a rule that is written here a second time.

use zscaler_mcp::backend::{ApiPath, BadSegment, PathSegment};
use zscaler_mcp::limits::PATH_SEGMENT_BYTES_MAX;

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let segment = match PathSegment::new(&text) {
        Ok(segment) => segment,
        Err(refusal) => return assert!(breaks(refusal, &text), "{refusal:?} for {text:?}"),
    };
    let kinds = [BadSegment::Empty, BadSegment::Dots, BadSegment::Control, BadSegment::TooLong];
    for kind in kinds {
        assert!(!breaks(kind, &text), "{kind:?} was accepted: {text:?}");
    }
    let encoded = segment.as_str().as_bytes();
    assert_eq!(decode(encoded), text.as_bytes());
    let path = ApiPath::fill("/a/{hole}/b", &[("hole", segment.clone())]).unwrap();
    let pieces: Vec<&str> = path.as_str().split('/').collect();
    assert_eq!(pieces, ["", "a", segment.as_str(), "b"]);
}

fn breaks(rule: BadSegment, text: &str) -> bool {
    match rule {
        BadSegment::Empty => text.chars().all(char::is_whitespace),
        BadSegment::TooLong => text.len() > PATH_SEGMENT_BYTES_MAX,
        BadSegment::Control => text.chars().any(char::is_control),
        BadSegment::Dots => {
            text.replace('\\', "/").split('/').any(|piece| [".", ".."].contains(&piece.trim()))
        }
    }
}

/// Returns the bytes behind `encoded`, which holds unreserved characters and `%XX` only.
fn decode(mut encoded: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| b"0123456789ABCDEF".iter().position(|known| *known == byte);
    let mut out = Vec::new();
    while let [first, rest @ ..] = encoded {
        encoded = rest;
        if let (b'%', [high, low, rest @ ..]) = (first, rest) {
            let (high, low) = (digit(*high).unwrap(), digit(*low).unwrap());
            out.push(u8::try_from(high * 16 + low).unwrap());
            encoded = rest;
        } else {
            assert!(first.is_ascii_alphanumeric() || b"-._~".contains(first), "{first:#x}");
            out.push(*first);
        }
    }
    out
}
