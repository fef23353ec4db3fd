//! A text decodes exactly when a plain reading bit by bit takes it, to the same bytes, and those
//! encode to that text; any bytes survive being encoded and decoded.

use zscaler_mcp::base::encode::base64;
use zscaler_mcp::jose::base64url::decode;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let found = decode(data);
    assert_eq!(found, plain(data), "{}", data.escape_ascii());
    if let Some(bytes) = found {
        assert_eq!(encode(&bytes).as_bytes(), data);
    }
    assert_eq!(decode(encode(data).as_bytes()).as_deref(), Some(data));
}

/// Returns `bytes` as RFC 4648 s5 writes them, without padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    base64(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn plain(text: &[u8]) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    for byte in text {
        let value = ALPHABET.iter().position(|known| known == byte)?;
        bits.extend((0..6).rev().map(|place| u8::from(value >> place & 1 == 1)));
    }
    let (bytes, rest) = bits.as_chunks::<8>();
    if rest.len() > 4 || rest.contains(&1) {
        return None;
    }
    Some(bytes.iter().map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect())
}
