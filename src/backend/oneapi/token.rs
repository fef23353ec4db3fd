//! Zone: post-admission. What is sent for a token, and what comes back (RFC 6749 s4.4, RFC 7523).
//!
//! Holds the credentials and gives them to nobody but the request. Trusts no answer: a token is
//! visible ASCII within a bound, its life is capped. Never says what was in an answer.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

use crate::backend::oneapi::request::{form, join};
use crate::base::Secret;
use crate::base::bytes::decimal;
use crate::jose::base64url;
use crate::json::{self, Bounds, Json, Number, object, write};
use crate::limits::{TOKEN_BYTES_MAX, TOKEN_LIFE_MS, TOKEN_MARGIN_MS};

/// Audience that the cloud expects, whatever its address.
const AUDIENCE: &str = "https://api.zscaler.com";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Seconds for which an assertion holds.
const ASSERTION_SECONDS: u64 = 600;
/// Life of a token whose answer does not say, in seconds.
const LIFE_SECONDS: u64 = 3_600;
/// Room for a key of 8192 bits, so that the buffer does not grow and leave copies.
const JWK_BYTES: usize = 6 * 1024;
const BOUNDS: Bounds = Bounds { depth: 8, nodes: 256 };

/// A key that signs assertions.
pub struct Signer(RsaKeyPair);

/// The key is not RSA with 2048 to 8192 bits, or is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadKey;

/// What proves who the client is.
pub enum Proof {
    /// A secret.
    Secret(Secret),
    /// A key that signs an assertion.
    Key(Box<Signer>),
}

/// The client of the cloud.
pub struct Client {
    /// Client id.
    pub id: String,
    /// Proof.
    pub proof: Proof,
}

/// A token and how long it may be used.
#[derive(Debug)]
pub struct Grant {
    /// Token.
    pub token: Secret,
    /// Milliseconds, a margin before its end already taken off.
    pub use_ms: u64,
    /// Seconds that the answer names, within bounds.
    pub life_seconds: u64,
}

impl Signer {
    /// Returns the signer with the key in `der`, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn new(der: &[u8]) -> Result<Self, BadKey> {
        let key = RsaKeyPair::from_pkcs8(der).or_else(|_other| RsaKeyPair::from_der(der));
        let key = key.map_err(|_rejected| BadKey)?;
        if key.public_modulus_len() < 256 { Err(BadKey) } else { Ok(Self(key)) }
    }

    /// Returns the signer with the key in `text`, a JSON Web Key (RFC 7518 s6.3.2).
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn from_jwk(text: &[u8]) -> Result<Self, BadKey> {
        let key = json::read(text, BOUNDS).map_err(|_fault| BadKey)?;
        if key.get("kty").and_then(Json::as_str) != Some("RSA") {
            return Err(BadKey);
        }
        // RSAPrivateKey of two primes (RFC 8017 A.1.2): version, then the members in this order.
        let mut numbers = Vec::with_capacity(JWK_BYTES);
        integer(&[0], &mut numbers);
        for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
            let digits = key.get(name).and_then(Json::as_str).ok_or(BadKey)?;
            let bytes = Secret::new(base64url::decode(digits.as_bytes()).ok_or(BadKey)?);
            integer(bytes.expose(), &mut numbers);
        }
        let numbers = Secret::new(numbers);
        let mut der = Vec::with_capacity(numbers.expose().len().saturating_add(4));
        der.push(0x30);
        length(numbers.expose().len(), &mut der);
        der.extend_from_slice(numbers.expose());
        Self::new(Secret::new(der).expose())
    }

    /// Returns the assertion of client `id`, made at `now_unix`.
    ///
    /// # Errors
    /// [`BadKey`] when the library does not sign.
    pub fn assertion(&self, id: &str, now_unix: u64) -> Result<String, BadKey> {
        let expires = now_unix.saturating_add(ASSERTION_SECONDS);
        let header = object([("alg", "RS256".into()), ("typ", "JWT".into())]);
        let claims = object([
            ("iss", id.into()),
            ("sub", id.into()),
            ("aud", AUDIENCE.into()),
            ("exp", expires.into()),
        ]);
        let mut text = format!("{}.{}", base64_url(&header), base64_url(&claims));
        let mut signature = vec![0; self.0.public_modulus_len()];
        let random = SystemRandom::new();
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature);
        signed.map_err(|_unspecified| BadKey)?;
        text.push('.');
        text.push_str(&base64url::encode(&signature));
        Ok(text)
    }
}

impl Client {
    /// Returns the body of the request for a token.
    ///
    /// # Errors
    /// [`BadKey`] when the key does not sign.
    pub fn body(&self, now_unix: u64) -> Result<Secret, BadKey> {
        let mut head = String::from("grant_type=client_credentials&audience=");
        form(AUDIENCE.as_bytes(), &mut head);
        head.push_str("&client_id=");
        form(self.id.as_bytes(), &mut head);
        match &self.proof {
            Proof::Secret(secret) => {
                // Room for every byte escaped: a buffer that grows leaves copies behind.
                let room = secret.expose().len().saturating_mul(3);
                let mut encoded = String::with_capacity(room);
                form(secret.expose(), &mut encoded);
                let encoded = Secret::new(encoded.into_bytes());
                Ok(join(&head, &[b"&client_secret=", encoded.expose()]))
            }
            Proof::Key(signer) => {
                head.push_str("&client_assertion_type=");
                form(ASSERTION.as_bytes(), &mut head);
                let assertion = Secret::new(signer.assertion(&self.id, now_unix)?.into_bytes());
                Ok(join(&head, &[b"&client_assertion=", assertion.expose()]))
            }
        }
    }
}

/// Returns the token in the body of a successful answer; `None` when there is no usable one.
#[must_use]
pub fn grant(body: &[u8]) -> Option<Grant> {
    let Json::Object(mut members) = json::read(body, BOUNDS).ok()? else { return None };
    let token = match members.remove("access_token")? {
        Json::String(token) => Secret::new(token.into_bytes()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            return None;
        }
    };
    let bytes = token.expose();
    let visible = bytes.iter().all(|byte| matches!(byte, 0x21..=0x7e));
    if bytes.is_empty() || bytes.len() > TOKEN_BYTES_MAX || !visible {
        return None;
    }
    let bearer = members.get("token_type").and_then(Json::as_str);
    if bearer.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return None;
    }
    let seconds = match members.get("expires_in") {
        None | Some(Json::Null) => LIFE_SECONDS,
        Some(value) => {
            let text = value.as_number().map(Number::text).or_else(|| value.as_str())?;
            decimal(text.as_bytes())?
        }
    };
    let life = seconds.saturating_mul(1_000).min(TOKEN_LIFE_MS);
    let use_ms = life.saturating_sub(TOKEN_MARGIN_MS).max(life / 2);
    Some(Grant { token, use_ms, life_seconds: life / 1_000 })
}

fn base64_url(value: &Json) -> String {
    base64url::encode(write::to_text(value).as_bytes())
}

/// Appends the DER of the whole number in `bytes`, highest byte first (X.690 s8.3).
fn integer(bytes: &[u8], out: &mut Vec<u8>) {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    // A number whose highest bit is set would read as negative; zero has one digit.
    let padded = digits.first().is_none_or(|first| first & 0x80 != 0);
    out.push(0x02);
    length(digits.len().saturating_add(usize::from(padded)), out);
    if padded {
        out.push(0);
    }
    out.extend_from_slice(digits);
}

/// Appends the DER of a length (X.690 s8.1.3); a longer one than two bytes hold does not parse.
fn length(len: usize, out: &mut Vec<u8>) {
    let [high, low] = u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes();
    match (high, low) {
        (0, 0..=0x7f) => out.push(low),
        (0, _) => out.extend([0x81, low]),
        (_, _) => out.extend([0x82, high, low]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Client, Proof, Signer, grant};
    use crate::base::Secret;

    #[test]
    fn a_secret_is_sent_in_form_encoding() {
        let secret = Secret::new(b"p@ss w+rd&x=\xc3\xa9".to_vec());
        let client = Client { id: "id 1".to_owned(), proof: Proof::Secret(secret) };
        assert_eq!(
            String::from_utf8(client.body(0).unwrap().expose().to_vec()).unwrap(),
            "grant_type=client_credentials&audience=https%3A%2F%2Fapi.zscaler.com&client_id=id+1\
             &client_secret=p%40ss+w%2Brd%26x%3D%C3%A9"
        );
    }

    #[test]
    fn a_token_is_taken_when_it_is_one() {
        for (name, body, expected) in [
            (
                "common",
                r#"{"access_token":"abc","expires_in":3600,"token_type":"Bearer"}"#,
                Some(3_540_000),
            ),
            ("no life", r#"{"access_token":"abc"}"#, Some(3_540_000)),
            ("life as text", r#"{"access_token":"abc","expires_in":"120"}"#, Some(60_000)),
            ("short life", r#"{"access_token":"abc","expires_in":10}"#, Some(5_000)),
            (
                "endless life",
                r#"{"access_token":"abc","expires_in":99999999999}"#,
                Some(86_340_000),
            ),
            ("no token", r#"{"expires_in":3600}"#, None),
            ("empty", r#"{"access_token":""}"#, None),
            ("a line end", r#"{"access_token":"a\r\nX: y"}"#, None),
            ("a number", r#"{"access_token":7}"#, None),
            ("another type", r#"{"access_token":"abc","token_type":"mac"}"#, None),
            ("negative life", r#"{"access_token":"abc","expires_in":-1}"#, None),
            ("twice", r#"{"access_token":"abc","access_token":"abd"}"#, None),
            ("no object", r#"["abc"]"#, None),
            ("no JSON", "abc", None),
        ] {
            let found = grant(body.as_bytes()).map(|grant| grant.use_ms);
            assert_eq!(found, expected, "{name}");
        }
        let long = format!(r#"{{"access_token":"{}"}}"#, "a".repeat(12 * 1024 + 1));
        assert!(grant(long.as_bytes()).is_none());
    }

    #[test]
    fn a_text_that_is_no_key_does_not_sign() {
        assert!(Signer::new(b"").is_err() && Signer::new(b"0\x03\x02\x01\x05").is_err());
        for text in ["", "{}", r#"{"kty":"RSA"}"#, r#"{"kty":"EC","d":"AA"}"#] {
            assert!(Signer::from_jwk(text.as_bytes()).is_err(), "{text}");
        }
    }
}
