//! Zone: post-admission. State that travels through the client and must come back unchanged.
//!
//! A keyed digest over the purpose and the data; the key lives as long as the process. What comes
//! back is trusted only after the digest was checked, in constant time.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;

use zscaler_mcp::base::encode::hex;

/// The key of this process.
pub(crate) struct Seal(hmac::Key);

impl Seal {
    /// Returns a seal with a fresh random key.
    ///
    /// # Errors
    /// [`Unspecified`] when the system has no randomness to give.
    pub(crate) fn fresh() -> Result<Self, Unspecified> {
        hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map(Self)
    }

    /// Returns `data` as text that only this process can have made, good for `purpose` only.
    pub(crate) fn close(&self, purpose: &str, data: &str) -> String {
        let tag = hmac::sign(&self.0, &message(purpose, data));
        format!("{}.{}", hex(data.as_bytes()), hex(tag.as_ref()))
    }

    /// Returns the data inside `state`, `None` unless it was made here for `purpose`.
    pub(crate) fn open(&self, purpose: &str, state: &str) -> Option<String> {
        let (data, tag) = state.split_once('.')?;
        let data = String::from_utf8(unhex(data)?).ok()?;
        hmac::verify(&self.0, &message(purpose, &data), &unhex(tag)?).ok()?;
        Some(data)
    }
}

/// The length in front keeps two pairs of purpose and data from sharing one message.
fn message(purpose: &str, data: &str) -> Vec<u8> {
    format!("{}:{purpose}{data}", purpose.len()).into_bytes()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a').map(|value| value + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Seal;

    #[test]
    fn only_what_was_sealed_for_the_purpose_opens() {
        let seal = Seal::fresh().unwrap();
        let state = seal.close("tool", "step 1");
        assert_eq!(seal.open("tool", &state).as_deref(), Some("step 1"));
        let other = seal.close("tool", "step 2");
        let (_, foreign_tag) = other.split_once('.').unwrap();
        let (data, tag) = state.split_once('.').unwrap();
        for (name, purpose, given) in [
            ("another purpose", "tools", state.clone()),
            ("text behind", "tool", format!("{state}-TAMPERED")),
            ("upper case", "tool", state.to_uppercase()),
            ("another tag", "tool", format!("{data}.{foreign_tag}")),
            ("a short tag", "tool", format!("{data}.{}", tag.get(..62).unwrap())),
            ("no tag", "tool", data.to_owned()),
            ("nothing", "tool", String::new()),
        ] {
            assert_eq!(seal.open(purpose, &given), None, "{name}");
        }
        assert_eq!(Seal::fresh().unwrap().open("tool", &state), None, "another process");
    }
}
