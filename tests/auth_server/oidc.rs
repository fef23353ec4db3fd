//! Callers that come as OAuth clients: where they are sent, and what their tokens need.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use crate::client::{Client, ISSUER, base64url};
use crate::common::{Response, request};
use crate::demo;
use crate::provider::{Provider, Said};

const RESOURCE: &str = "https://mcp.example/mcp";

fn signer() -> EcdsaKeyPair {
    let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let file = EcdsaKeyPair::generate_pkcs8(kind, &SystemRandom::new()).unwrap();
    EcdsaKeyPair::from_pkcs8(kind, file.as_ref()).unwrap()
}

/// Returns a token with these changes, as a value of `Authorization`.
fn bearer(signer: &EcdsaKeyPair, changes: &[(&str, Value)]) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let exp = since.as_secs() + 600;
    let mut payload =
        json!({"iss":ISSUER,"aud":"tools","exp":exp,"sub":"someone","scope":"email tools.read"});
    for (name, value) in changes {
        payload[*name] = value.clone();
    }
    let header = json!({"alg":"ES256","kid":"e"}).to_string();
    let signed =
        [base64url(header.as_bytes()), base64url(payload.to_string().as_bytes())].join(".");
    let signature = signer.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    format!("Bearer {signed}.{}", base64url(signature.as_ref()))
}

#[test]
fn a_client_finds_the_issuer_and_its_token_is_judged_by_what_the_issuer_says() {
    let signer = signer();
    let point = signer.public_key().as_ref();
    let (x, y) = (base64url(&point[1..33]), base64url(&point[33..]));
    let keys = json!({"keys":[{"kty":"EC","crv":"P-256","kid":"e","x":x,"y":y}]}).to_string();
    let provider = Provider::start(move |request| {
        let host = request.lines().find_map(|line| line.strip_prefix("Host: ")).unwrap();
        let place = format!("http://{host}/keys");
        let config = json!({"issuer":ISSUER,"jwks_uri":place,"token_endpoint":"x"}).to_string();
        let is_keys = request.starts_with("GET /keys ");
        Said::Json(200, if is_keys { keys.clone() } else { config })
    });
    let config = provider.at("/.well-known/openid-configuration");
    let server = demo(&[
        ("ZSCALER_MCP_AUTH_MODE", "oidc"),
        ("OIDCPROXY_CONFIG_URL", &config),
        ("OIDCPROXY_BASE_URL", RESOURCE),
        ("OIDCPROXY_AUDIENCE", "tools"),
        ("OIDCPROXY_REQUIRED_SCOPES", "tools.read"),
    ]);
    let place = "/.well-known/oauth-protected-resource/mcp";
    // No message of the protocol, so nothing follows what passes.
    let mut stream = server.dial();
    let line = format!("GET {place} HTTP/1.1");
    stream.write_all(&request(&line, &server.host(), &[], "")).unwrap();
    let answer = Response::read(&mut stream);
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, &document["resource"]), (200, &json!(RESOURCE)));
    assert_eq!(document["authorization_servers"], json!([ISSUER]));
    let answer = Client::to(server.address).call(&[], "server/discover", json!({}));
    let challenge = answer.field("www-authenticate").unwrap();
    let named = format!("resource_metadata=\"https://mcp.example{place}\"");
    assert!(answer.status == 401 && challenge.contains(&named), "{answer:?}");
    for (name, changes, status) in [
        ("good", vec![], 200),
        ("several audiences", vec![("aud", json!(["x", "tools"]))], 200),
        ("another audience", vec![("aud", json!("other"))], 401),
        ("another issuer", vec![("iss", json!("https://idp.example"))], 401),
        ("over", vec![("exp", json!(1_700_000_000))], 401),
        ("another scope", vec![("scope", json!("tools.readonly"))], 403),
        ("no scope", vec![("scope", json!(""))], 403),
    ] {
        let value = bearer(&signer, &changes);
        let fields = [("Authorization", value.as_str())];
        let answer = Client::to(server.address).call(&fields, "server/discover", json!({}));
        assert_eq!(answer.status, status, "{name}: {answer:?}");
        let challenge = answer.field("www-authenticate").unwrap_or_default();
        assert_eq!(challenge.contains("insufficient_scope"), status == 403, "{name}: {challenge}");
        assert_eq!(challenge.contains("invalid_token"), status == 401, "{name}: {challenge}");
    }
    assert_eq!(provider.asked("GET /keys"), 1);
}
