//! The built binary with a scripted cloud: tools, trial of the credentials, refusals to start.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;
use zscaler_mcp::base::encode;

use crate::common::{Server, run};
use crate::script::{Cloud, Step, json, labels};

const SECRET: &str = "s3cret-value";

/// The environment of a program that uses `cloud`.
pub(crate) fn environment(cloud: &Cloud, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = cloud.base();
    let token = format!("{base}/oauth2/v1/token");
    let bundle = cloud.authority().to_str().unwrap().to_owned();
    let mut all: Vec<(String, String)> = [
        ("ZSCALER_MCP_API_BASE_URL", base.as_str()),
        ("ZSCALER_MCP_TOKEN_URL", &token),
        ("ZSCALER_MCP_CA_BUNDLE", &bundle),
        ("ZSCALER_CLIENT_ID", "id-1"),
        ("ZSCALER_MCP_AUTH_ENABLED", "false"),
        ("HTTPS_PROXY", ""),
        ("https_proxy", ""),
        ("NO_PROXY", ""),
        ("no_proxy", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    all.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    all
}

pub(crate) fn pairs(environment: &[(String, String)]) -> Vec<(&str, &str)> {
    environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

pub(crate) const HTTP: [&str; 4] = ["--transport", "streamable-http", "--port", "0"];

#[test]
fn a_tool_shows_the_records_of_the_cloud_cleaned() {
    let body = r#"[{"id":7,"name":"Red<script>x</script>","createdBy":{"id":1}}]"#;
    let cloud = Cloud::new([json(200, "", body), json(404, "", r#"{"code":"NOT_FOUND"}"#)]);
    let env = environment(&cloud, &[("ZSCALER_CLIENT_SECRET", SECRET)]);
    let server = Server::start(&HTTP, &pairs(&env));
    let result = server.tool("zia_list_rule_labels", serde_json::json!({"search":"R&D"}));
    let rows = result["structuredContent"]["result"].as_array().unwrap().clone();
    assert_eq!(rows[0]["id"], 7, "{result}");
    assert!(!result.to_string().contains("<script"), "{result}");
    assert!(cloud.seen()[1].starts_with("GET /zia/api/v1/ruleLabels?search=R%26D HTTP/1.1\r\n"));
    let missing = server.tool("zia_get_rule_label", serde_json::json!({"label_id":"9"}));
    assert!(missing.to_string().contains("NOT_FOUND"), "{missing}");
    let customer = server.tool("zpa_list_segment_groups", serde_json::json!({}));
    assert!(customer.to_string().contains("ZSCALER_CUSTOMER_ID"), "{customer}");
    assert!(server.head.iter().any(|line| line.contains(&cloud.base())), "{:?}", server.head);
    assert!(!server.head.concat().contains(SECRET));
}

/// Returns a new private key in PEM form.
pub(crate) fn private_key() -> String {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    pem(der.as_ref())
}

fn pem(pkcs8: &[u8]) -> String {
    let text = encode::base64(pkcs8);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

#[test]
fn a_private_key_signs_what_the_cloud_can_verify() {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let pem = pem(der.as_ref());
    let jwk = jwk(der.as_ref());
    let cloud = Cloud::new([labels(), labels(), labels()]);
    let file = cloud.folder.0.join("client.key");
    std::fs::write(&file, &pem).unwrap();
    for given in [pem.as_str(), file.to_str().unwrap(), &jwk] {
        let env = environment(&cloud, &[("ZSCALER_PRIVATE_KEY", given)]);
        let ended = run(&["check", "--online", "--services", "zia"], &pairs(&env));
        assert_eq!(ended.code, Some(0), "{}", ended.text);
        assert!(ended.text.contains("accepted") && ended.text.contains("answers"));
    }
    let asked: Vec<String> =
        cloud.seen().into_iter().filter(|request| request.starts_with("POST")).collect();
    assert_eq!(asked.len(), 3);
    for request in asked {
        let form = request.rsplit("\r\n\r\n").next().unwrap();
        assert!(form.contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth"), "{form}");
        assert!(!form.contains("client_secret"));
        let jwt = form.split("client_assertion=").nth(1).unwrap();
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        assert_eq!(read(header), serde_json::json!({"alg":"RS256","typ":"JWT"}));
        let claims = read(claims);
        assert_eq!((&claims["iss"], &claims["sub"]), (&"id-1".into(), &"id-1".into()));
        assert_eq!(claims["aud"], "https://api.zscaler.com");
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key());
        public.verify(signed.as_bytes(), &bytes(signature)).unwrap();
    }
}

/// Returns the key in PKCS#8 as a JSON Web Key.
fn jwk(pkcs8: &[u8]) -> String {
    let outer = elements(elements(pkcs8)[0]);
    let numbers = elements(elements(outer[2])[0]);
    let names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
    let mut key = serde_json::json!({"kty": "RSA"});
    for (name, number) in names.into_iter().zip(&numbers[1..]) {
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        let text = encode::base64(number).replace('+', "-").replace('/', "_");
        key[name] = text.trim_end_matches('=').into();
    }
    key.to_string()
}

/// Returns the contents of the DER elements that stand one after the other.
fn elements(mut der: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while der.len() > 1 {
        let (at, len) = match der[1] {
            0x82 => (4, usize::from(der[2]) * 256 + usize::from(der[3])),
            0x81 => (3, usize::from(der[2])),
            short => (2, usize::from(short)),
        };
        found.push(&der[at..at + len]);
        der = &der[at + len..];
    }
    found
}

fn bytes(text: &str) -> Vec<u8> {
    let mut text = text.replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    encode::base64_decode(text.as_bytes()).unwrap()
}

fn read(text: &str) -> Value {
    serde_json::from_slice(&bytes(text)).unwrap()
}

#[test]
fn check_online_says_what_answers() {
    let cloud = Cloud::new([labels(), json(403, "", "{}")]);
    let secret = ("ZSCALER_CLIENT_SECRET", SECRET);
    let env = environment(&cloud, &[secret, ("ZSCALER_CUSTOMER_ID", "123")]);
    let ended = run(&["check", "--online"], &pairs(&env));
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    for word in ["accepted", "answers", "HTTP 403"] {
        assert!(ended.text.contains(word), "no {word}: {}", ended.text);
    }
    assert!(
        cloud.seen()[2].starts_with("GET /zpa/mgmtconfig/v1/admin/customers/123/segmentGroup?")
    );
    let refusing = Cloud::new([]).tokens([json(401, "", "{}")]);
    let env = environment(&refusing, &[secret]);
    let ended = run(&["check", "--online", "--json"], &pairs(&env));
    assert_eq!(ended.code, Some(1), "{}", ended.text);
    let report: Value = serde_json::from_str(&ended.text).unwrap();
    assert_eq!(report["online"][0]["works"], false, "{report}");
    assert!(!ended.text.contains(SECRET));
    let offline = run(&["check"], &pairs(&env));
    assert_eq!((offline.code, refusing.seen().len()), (Some(0), 1), "only asked when told to");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn a_start_that_cannot_reach_the_cloud_is_refused_by_name() {
    let cloud = Cloud::new([Step::Silence]);
    let secret = ("ZSCALER_CLIENT_SECRET", SECRET);
    let all = ["ZSCALER_CLIENT_ID", "ZSCALER_CLIENT_SECRET", "ZSCALER_PRIVATE_KEY", "--demo"];
    for (name, more, code, words) in [
        ("no id", vec![("ZSCALER_CLIENT_ID", "")], 1, &all[..]),
        ("no secret", vec![], 1, &["ZSCALER_CLIENT_SECRET", "ZSCALER_PRIVATE_KEY"]),
        ("no tenant", vec![secret, ("ZSCALER_MCP_TOKEN_URL", "")], 1, &["ZSCALER_VANITY_DOMAIN"]),
        (
            "tenant that leads elsewhere",
            vec![secret, ("ZSCALER_VANITY_DOMAIN", "evil.example/x?")],
            2,
            &["ZSCALER_VANITY_DOMAIN"],
        ),
        (
            "plaintext to another machine",
            vec![secret, ("ZSCALER_MCP_API_BASE_URL", "http://api.example.com")],
            2,
            &["ZSCALER_MCP_API_BASE_URL", "https"],
        ),
        (
            "no bundle",
            vec![secret, ("ZSCALER_MCP_CA_BUNDLE", "/nonexistent.pem")],
            1,
            &["ZSCALER_MCP_CA_BUNDLE", "does not exist"],
        ),
        (
            "no bundle of the other name",
            vec![secret, ("ZSCALER_MCP_CA_BUNDLE", ""), ("SSL_CERT_FILE", "/nonexistent.pem")],
            1,
            &["SSL_CERT_FILE", "does not exist"],
        ),
        ("no key", vec![("ZSCALER_PRIVATE_KEY", SECRET)], 1, &["ZSCALER_PRIVATE_KEY", "RSA"]),
        (
            "damaged key",
            vec![("ZSCALER_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nczNjcmV0")],
            1,
            &["ZSCALER_PRIVATE_KEY"],
        ),
        (
            "proxy over TLS",
            vec![secret, ("HTTPS_PROXY", "https://u:s3cret-value@p")],
            2,
            &["HTTPS_PROXY", "http://"],
        ),
        (
            "proxy outside the grammar",
            vec![secret, ("https_proxy", "http://u:s3cret-value@p/x")],
            2,
            &["https_proxy"],
        ),
    ] {
        let env = environment(&cloud, &more);
        let ended = run(&["check"], &pairs(&env));
        assert_eq!(ended.code, Some(code), "{name}: {}", ended.text);
        for word in words {
            assert!(ended.text.contains(word), "{name}: no {word} in {}", ended.text);
        }
        assert!(!ended.text.contains(SECRET) && !ended.text.contains("czNj"), "{}", ended.text);
    }
    let demo = run(&["check", "--demo"], &pairs(&environment(&cloud, &[secret])));
    assert_eq!(demo.code, Some(0), "{}", demo.text);
    assert!(demo.text.contains("ZSCALER_CLIENT_SECRET has no effect"), "{}", demo.text);
    assert!(cloud.seen().is_empty());
}
