//! Clean text has no class of fault, is a fixed point and not longer than twice the input; plain
//! text comes out as it went in; the count of changed strings tells the truth.

use super::kit::clean::{faults, is_hidden};
use zscaler_mcp::sanitize::Scrubber;

/// An input that begins so is repeated: a scan that costs more than its length runs into the time
/// limit of the search.
const REPEAT: &[u8] = b"repeat ";
const REPEATED_BYTES: usize = 32 * 1024;

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    if let Some(piece) = data.strip_prefix(REPEAT).filter(|piece| !piece.is_empty()) {
        let piece = String::from_utf8_lossy(piece);
        let text = piece.repeat(REPEATED_BYTES / piece.len());
        let clean = Scrubber::new(true).text(&text).into_string();
        return assert!(clean.len() <= 2 * text.len() + 16, "{piece:?}");
    }
    let text = String::from_utf8_lossy(data);
    let scrubber = Scrubber::new(true);
    let clean = scrubber.text(&text).into_string();
    let found = faults(&text, &clean);
    assert!(found.is_empty(), "{text:?} -> {clean:?}: {found:?}");
    assert_eq!(scrubber.changed(), u64::from(clean != text), "{text:?}");
    if is_plain(&text) {
        assert_eq!(clean, text);
    }
    assert_eq!(Scrubber::new(false).text(&text).as_str(), text);
}

/// True for text that holds nothing a stage could look for.
fn is_plain(text: &str) -> bool {
    let syntax = |c: char| "<&[]`~".contains(c) || !c.is_ascii();
    !text.chars().any(|c| syntax(c) || is_hidden(c))
}
