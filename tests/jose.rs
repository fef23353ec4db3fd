//! Signed tokens: those of other libraries, forgeries of every known kind, headers, claims, key
//! sets, and the bounds of each.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use zscaler_mcp::base::encode::base64;
use zscaler_mcp::jose::{Algorithm, BadKeys, Claims, KeySet, Refused, Rules, verify};
use zscaler_mcp::limits::{
    JOSE_DEPTH_MAX, JOSE_NODES_MAX, JOSE_TEXT_BYTES_MAX, JWKS_BYTES_MAX, JWKS_KEYS_MAX,
    JWT_BYTES_MAX, JWT_HEADER_BYTES_MAX, JWT_PAYLOAD_BYTES_MAX,
};

/// Made once by PyJWT 2.15.1, jwcrypto 1.6.1 and by hand over `cryptography` 50.0.2.
const VECTORS: &str = include_str!("data/jose/vectors.txt");
const KEYS: &str = include_str!("data/jose/keys.json");
/// The set after the key `r1` was replaced by `r9`.
const ROTATED: &str = include_str!("data/jose/rotated.json");

const NOW: u64 = 1_800_000_000;
const ISSUER: &str = "https://idp.example/";
const AUDIENCE: &str = "zscaler-mcp-server";
const HEADER: &str = r#"{"alg":"EdDSA","kid":"ours"}"#;
const PAYLOAD: &str =
    r#"{"iss":"https://idp.example/","aud":"zscaler-mcp-server","exp":1800000600}"#;

fn base64url(bytes: &[u8]) -> String {
    base64(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn rules(algorithms: &[Algorithm]) -> Rules {
    Rules {
        algorithms: algorithms.to_vec(),
        issuer: ISSUER.to_owned(),
        audience: vec![AUDIENCE.to_owned()],
        leeway_seconds: 30,
        scopes: Vec::new(),
    }
}

fn all() -> Rules {
    rules(&Algorithm::ALL)
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn our_entry() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "kid": "ours", "x": base64url(pair().public_key().as_ref())})
}

fn set(entries: &[Value]) -> Result<KeySet, BadKeys> {
    KeySet::parse(json!({ "keys": entries }).to_string().as_bytes())
}

/// Returns a token of our own key with these texts in it.
fn signed(header: &str, payload: &str) -> String {
    let signed = [base64url(header.as_bytes()), base64url(payload.as_bytes())].join(".");
    let signature = pair().sign(signed.as_bytes());
    format!("{signed}.{}", base64url(signature.as_ref()))
}

/// Returns what becomes of a token under the key `ours`.
fn outcome(token: &[u8]) -> Result<Claims, Refused> {
    verify(token, &set(&[our_entry()]).unwrap(), &all(), NOW)
}

fn word(outcome: &Result<Claims, Refused>) -> &'static str {
    outcome.as_ref().map_or_else(|refused| refused.as_str(), |_| "ok")
}

/// Returns `object` with some members set, or taken away where the value is null.
fn changed(mut object: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            drop(object.as_object_mut().unwrap().remove(name));
        } else {
            object[name] = value.clone();
        }
    }
    object
}

fn payload(changes: &Value) -> String {
    changed(serde_json::from_str(PAYLOAD).unwrap(), changes).to_string()
}

fn claims(changes: &Value) -> Result<Claims, Refused> {
    outcome(signed(HEADER, &payload(changes)).as_bytes())
}

struct Vector {
    name: &'static str,
    rules: &'static str,
    now: u64,
    expected: &'static str,
    token: &'static str,
}

fn vectors() -> Vec<Vector> {
    let rows = VECTORS.lines().filter(|line| !line.starts_with('#'));
    let read = |row: &'static str| {
        let words: Vec<&str> = row.split(' ').collect();
        let [name, rules, now, expected, token] = words[..] else { panic!("{row}") };
        Vector { name, rules, now: now.parse().unwrap(), expected, token }
    };
    rows.map(read).collect()
}

#[test]
fn tokens_of_other_libraries_have_the_outcome_of_their_row() {
    let (keys, rotated) = (KeySet::parse(KEYS.as_bytes()), KeySet::parse(ROTATED.as_bytes()));
    let (keys, rotated) = (keys.unwrap(), rotated.unwrap());
    let default = rules(&[Algorithm::Rs256, Algorithm::Es256]);
    let vectors = vectors();
    for Vector { name, rules: under, now, expected, token } in &vectors {
        let (keys, rules) = match *under {
            "default" => (&keys, default.clone()),
            "all" => (&keys, all()),
            "ps256" => (&keys, rules(&[Algorithm::Ps256])),
            "rotated" => (&rotated, default.clone()),
            "no-audience" => (&keys, Rules { audience: vec![String::new()], ..default.clone() }),
            other => panic!("{name}: {other}"),
        };
        let found = verify(token.as_bytes(), keys, &rules, *now);
        assert_eq!(word(&found), *expected, "{name}");
        if let Ok(claims) = found {
            assert_eq!((claims.issuer(), claims.client()), (ISSUER, "client-1"), "{name}");
        }
    }
    assert!(vectors.len() > 100);
}

#[test]
fn a_token_with_any_bit_changed_is_refused() {
    let (theirs, ours) = (KeySet::parse(KEYS.as_bytes()), set(&[our_entry()]));
    let (theirs, ours) = (theirs.unwrap(), ours.unwrap());
    let own = signed(HEADER, PAYLOAD);
    let vectors = vectors();
    let named = |name| vectors.iter().find(|vector| vector.name == name).unwrap().token;
    for (token, keys) in [
        (&*own, &ours),
        (named("rs256"), &theirs),
        (named("es256"), &theirs),
        (named("ps512"), &theirs),
    ] {
        assert!(verify(token.as_bytes(), keys, &all(), NOW).is_ok());
        for bit in 0..token.len() * 8 {
            let mut changed = token.as_bytes().to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(verify(&changed, keys, &all(), NOW).is_err(), "bit {bit} of {token}");
        }
    }
}

#[test]
fn a_token_has_one_spelling() {
    let good = signed(HEADER, PAYLOAD);
    assert!(outcome(good.as_bytes()).is_ok());
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!() };
    // 86 characters say 516 bits, four more than a signature has: the last ones have to be zero.
    let (most, last) = signature.split_at(signature.len() - 1);
    let other = char::from(last.as_bytes()[0] + 1);
    for (name, token, expected) in [
        ("nothing", String::new(), "malformed"),
        ("one dot", ".".to_owned(), "malformed"),
        ("two dots", "..".to_owned(), "malformed"),
        ("two parts", format!("{header}.{payload}"), "malformed"),
        ("four parts", format!("{good}.{signature}"), "malformed"),
        ("a dot behind", format!("{good}."), "malformed"),
        ("a dot in front", format!(".{good}"), "malformed"),
        ("a line end", format!("{good}\n"), "malformed"),
        ("a blank in front", format!(" {good}"), "malformed"),
        ("a blank behind", format!("{good} "), "malformed"),
        ("padding", format!("{good}=="), "malformed"),
        ("padding of the header", format!("{header}=.{payload}.{signature}"), "malformed"),
        ("bits behind the signature", format!("{header}.{payload}.{most}{other}"), "malformed"),
        ("a zero byte", format!("{good}\0"), "malformed"),
        ("the name of the scheme", format!("Bearer {good}"), "malformed"),
        ("no header", format!(".{payload}.{signature}"), "malformed"),
        ("no payload", format!("{header}..{signature}"), "signature"),
        ("no signature", format!("{header}.{payload}."), "signature"),
        ("header and payload changed over", format!("{payload}.{header}.{signature}"), "algorithm"),
    ] {
        assert_eq!(word(&outcome(token.as_bytes())), expected, "{name}");
    }
    assert_eq!(outcome(b"\xff\xfe.\x80.\x80").unwrap_err(), Refused::Malformed);
}

/// The payload is signed as it stands, so its spelling has to be checked behind the signature.
#[test]
fn a_payload_in_another_spelling_is_refused_even_when_it_is_signed() {
    let (header, payload) = (base64url(HEADER.as_bytes()), base64url(PAYLOAD.as_bytes()));
    assert_eq!(payload.len() % 4, 3);
    for (name, payload) in [
        ("padding", format!("{payload}=")),
        ("a blank", format!("{payload} ")),
        ("bits behind the end", "e31".to_owned()),
        ("empty", String::new()),
        ("raw JSON", PAYLOAD.to_owned()),
    ] {
        let signed = format!("{header}.{payload}");
        let signature = base64url(pair().sign(signed.as_bytes()).as_ref());
        let found = outcome(format!("{signed}.{signature}").as_bytes());
        assert_eq!(word(&found), "malformed", "{name}");
    }
}

#[test]
fn a_header_chooses_among_what_is_allowed() {
    for (name, header, expected) in [
        ("plain", HEADER, "ok"),
        ("blanks and order", " { \"kid\" : \"ours\" , \"alg\" : \"EdDSA\" } ", "ok"),
        ("an escape", r#"{"alg":"Ed\u0044SA","kid":"ours"}"#, "ok"),
        (
            "unknown members",
            r#"{"alg":"EdDSA","kid":"ours","x5t":"a","zip":"DEF","cty":"x"}"#,
            "ok",
        ),
        ("no algorithm", r#"{"kid":"ours"}"#, "algorithm"),
        ("algorithm null", r#"{"alg":null,"kid":"ours"}"#, "algorithm"),
        ("algorithm a number", r#"{"alg":256,"kid":"ours"}"#, "algorithm"),
        ("algorithm an array", r#"{"alg":["EdDSA"],"kid":"ours"}"#, "algorithm"),
        ("algorithm in small letters", r#"{"alg":"eddsa","kid":"ours"}"#, "algorithm"),
        ("algorithm with a blank", r#"{"alg":"EdDSA ","kid":"ours"}"#, "algorithm"),
        ("another curve", r#"{"alg":"ES512","kid":"ours"}"#, "algorithm"),
        ("the newer name", r#"{"alg":"Ed25519","kid":"ours"}"#, "algorithm"),
        ("encryption", r#"{"alg":"RSA-OAEP","enc":"A128GCM","kid":"ours"}"#, "algorithm"),
        ("an algorithm of another key", r#"{"alg":"ES256","kid":"ours"}"#, "key"),
        ("algorithm twice", r#"{"alg":"EdDSA","alg":"none","kid":"ours"}"#, "malformed"),
        (
            "algorithm twice, escaped",
            r#"{"alg":"none","kid":"ours","\u0061lg":"EdDSA"}"#,
            "malformed",
        ),
        ("key twice", r#"{"alg":"EdDSA","kid":"ours","kid":"ours"}"#, "malformed"),
        (
            "twice inside of a member",
            r#"{"alg":"EdDSA","kid":"ours","x":{"a":1,"a":1}}"#,
            "malformed",
        ),
        (
            "critical, understood by nobody",
            r#"{"alg":"EdDSA","kid":"ours","crit":["x"],"x":1}"#,
            "critical",
        ),
        ("critical, known", r#"{"alg":"EdDSA","kid":"ours","crit":["exp"],"exp":1}"#, "critical"),
        ("critical, empty", r#"{"alg":"EdDSA","kid":"ours","crit":[]}"#, "critical"),
        ("critical, null", r#"{"alg":"EdDSA","kid":"ours","crit":null}"#, "critical"),
        ("critical, text", r#"{"alg":"EdDSA","kid":"ours","crit":"x"}"#, "critical"),
        ("b64 false", r#"{"alg":"EdDSA","kid":"ours","b64":false}"#, "critical"),
        ("b64 true", r#"{"alg":"EdDSA","kid":"ours","b64":true}"#, "critical"),
        ("no object", r#"["EdDSA"]"#, "malformed"),
        ("a text", r#""EdDSA""#, "malformed"),
        ("two values", "{}{}", "malformed"),
        ("nothing", "", "malformed"),
        ("a zero byte behind", "{\"alg\":\"EdDSA\",\"kid\":\"ours\"}\u{0}", "malformed"),
    ] {
        assert_eq!(word(&outcome(signed(header, PAYLOAD).as_bytes())), expected, "{name}");
    }
}

#[test]
fn only_access_tokens_and_plain_ones_are_taken() {
    for (kind, expected) in [
        (json!("JWT"), "ok"),
        (json!("jwt"), "ok"),
        (json!("at+jwt"), "ok"),
        (json!("AT+JWT"), "ok"),
        (json!("application/at+jwt"), "ok"),
        (json!("Application/JWT"), "ok"),
        (json!("application/application/jwt"), "kind"),
        (json!("application/"), "kind"),
        (json!("logout+jwt"), "kind"),
        (json!("dpop+jwt"), "kind"),
        (json!("secevent+jwt"), "kind"),
        (json!("oauth-authz-req+jwt"), "kind"),
        (json!("JOSE"), "kind"),
        (json!("JWT "), "kind"),
        (json!(""), "kind"),
        (json!(null), "kind"),
        (json!(["JWT"]), "kind"),
    ] {
        let header = json!({"alg": "EdDSA", "kid": "ours", "typ": kind}).to_string();
        assert_eq!(word(&outcome(signed(&header, PAYLOAD).as_bytes())), expected, "{kind}");
    }
}

#[test]
fn the_name_of_a_key_is_compared_and_nothing_else() {
    let huge = "k".repeat(JOSE_TEXT_BYTES_MAX + 1);
    let long = "k".repeat(JOSE_TEXT_BYTES_MAX);
    for (id, expected) in [
        (json!("ours"), "ok"),
        (json!("Ours"), "unknown-key"),
        (json!("ours "), "unknown-key"),
        (json!("../../../../dev/null"), "unknown-key"),
        (json!("file:///etc/passwd"), "unknown-key"),
        (json!("x' UNION SELECT 'secret'; --"), "unknown-key"),
        (json!("$(id)"), "unknown-key"),
        (json!("*"), "unknown-key"),
        (json!("https://evil.example/keys#ours"), "unknown-key"),
        (json!(long), "unknown-key"),
        (json!(huge), "key"),
        (json!(""), "key"),
        (json!("ours\u{0}"), "key"),
        (json!("ours\n"), "key"),
        (json!(["ours"]), "key"),
        (json!({"kid": "ours"}), "key"),
        (json!(0), "key"),
        (json!(true), "key"),
        (json!(null), "key"),
    ] {
        let header = json!({"alg": "EdDSA", "kid": id}).to_string();
        assert_eq!(word(&outcome(signed(&header, PAYLOAD).as_bytes())), expected, "{id}");
    }
    let header = r#"{"alg":"EdDSA"}"#;
    let found = outcome(signed(header, PAYLOAD).as_bytes());
    assert_eq!(found.unwrap_err(), Refused::Key, "one key in the set does not stand in for a name");
}

/// The header offers the key that signed; the set has another one under that name.
#[test]
fn a_key_inside_of_a_token_is_never_looked_at() {
    let other = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
    let mut entry = our_entry();
    entry["x"] = json!(base64url(other.public_key().as_ref()));
    let keys = set(&[entry]).unwrap();
    for name in ["jwk", "jku", "x5u", "x5c"] {
        let header = json!({"alg": "EdDSA", "kid": "ours", name: our_entry()}).to_string();
        let token = signed(&header, PAYLOAD);
        assert_eq!(verify(token.as_bytes(), &keys, &all(), NOW), Err(Refused::Signature), "{name}");
        assert!(outcome(token.as_bytes()).is_ok(), "{name} does no harm either");
    }
}

#[test]
fn times_are_numbers_with_leeway_at_both_ends() {
    for (name, changes, expected) in [
        ("just before the end", json!({"exp": NOW - 29}), "ok"),
        ("the end", json!({"exp": NOW - 30}), "expired"),
        ("long ago", json!({"exp": 0}), "expired"),
        ("no end", json!({"exp": null}), "claims"),
        ("an end as text", json!({"exp": "1800000600"}), "claims"),
        ("an end as a truth", json!({"exp": true}), "claims"),
        ("an end in a list", json!({"exp": [NOW + 9]}), "claims"),
        ("a negative end", json!({"exp": -1}), "claims"),
        ("an end with a fraction", json!({"exp": 1_800_000_000.5}), "ok"),
        ("a fraction is dropped", json!({"exp": 1_799_999_970.9}), "expired"),
        ("the largest end", json!({"exp": u64::MAX}), "ok"),
        ("an end beyond", json!({"exp": 1e300}), "claims"),
        ("not before, at the leeway", json!({"nbf": NOW + 30}), "ok"),
        ("not before, over it", json!({"nbf": NOW + 31}), "not-yet"),
        ("not before nothing", json!({"nbf": 0}), "ok"),
        ("not before as text", json!({"nbf": "0"}), "claims"),
        ("issued at the leeway", json!({"iat": NOW + 30}), "ok"),
        ("issued over it", json!({"iat": NOW + 31}), "not-yet"),
        ("issued as text", json!({"iat": "1"}), "claims"),
        ("issued with a fraction", json!({"iat": 1_799_999_999.25}), "ok"),
    ] {
        assert_eq!(word(&claims(&changes)), expected, "{name}");
    }
    for (number, expected) in [
        ("1.8000006E9", "ok"),
        ("18000006e2", "ok"),
        ("1800000600.0", "ok"),
        ("1e999", "claims"),
        ("18446744073709551616", "claims"),
        ("-0", "claims"),
        ("1e-9", "expired"),
        ("null", "claims"),
    ] {
        let payload = PAYLOAD.replace("1800000600", number);
        assert_eq!(word(&outcome(signed(HEADER, &payload).as_bytes())), expected, "{number}");
    }
    let keys = set(&[our_entry()]).unwrap();
    let token = signed(HEADER, PAYLOAD);
    for now in [0, u64::MAX] {
        let rules = Rules { leeway_seconds: u64::MAX, ..all() };
        let found = verify(token.as_bytes(), &keys, &rules, now);
        assert_eq!(found.is_ok(), now == 0, "a leeway without end does not wrap at {now}");
    }
}

#[test]
fn issuer_audience_and_subject_are_exact() {
    for (name, changes, expected) in [
        ("no issuer", json!({"iss": null}), "issuer"),
        ("another issuer", json!({"iss": "https://idp.example"}), "issuer"),
        ("an issuer in capitals", json!({"iss": "HTTPS://idp.example/"}), "issuer"),
        ("an issuer with more behind", json!({"iss": "https://idp.example/x"}), "issuer"),
        ("an issuer in a list", json!({"iss": [ISSUER]}), "claims"),
        ("no audience", json!({"aud": null}), "audience"),
        ("another audience", json!({"aud": "Zscaler-MCP-Server"}), "audience"),
        ("an audience among others", json!({"aud": ["a", AUDIENCE, "b"]}), "ok"),
        ("others alone", json!({"aud": ["a", "b"]}), "audience"),
        ("nobody", json!({"aud": []}), "audience"),
        ("a list with a number", json!({"aud": [AUDIENCE, 7]}), "claims"),
        ("a list in a list", json!({"aud": [[AUDIENCE]]}), "claims"),
        ("a list with an empty name", json!({"aud": [AUDIENCE, ""]}), "claims"),
        ("an audience as an object", json!({"aud": {AUDIENCE: 1}}), "claims"),
        ("names with blanks between", json!({"aud": format!("{AUDIENCE} other")}), "audience"),
        ("a subject", json!({"sub": "u1"}), "ok"),
        ("a subject of any script", json!({"sub": "\u{4e2d}\u{5d0}"}), "ok"),
        ("a subject as a number", json!({"sub": 7}), "claims"),
        ("an empty subject", json!({"sub": ""}), "claims"),
        ("a subject with a line end", json!({"sub": "u1\nadmin"}), "claims"),
        ("a subject with a control", json!({"sub": "u1\u{85}"}), "claims"),
        ("a long subject", json!({"sub": "s".repeat(JOSE_TEXT_BYTES_MAX)}), "ok"),
        ("a longer subject", json!({"sub": "s".repeat(JOSE_TEXT_BYTES_MAX + 1)}), "claims"),
        ("a client as a number", json!({"azp": 7}), "claims"),
        ("an unused client as a number", json!({"azp": "a", "appid": 7}), "claims"),
        ("unknown claims", json!({"realm_access": {"roles": ["a"]}, "x": null}), "ok"),
    ] {
        assert_eq!(word(&claims(&changes)), expected, "{name}");
    }
    for (name, text, expected) in [
        ("a member twice", PAYLOAD.replacen('{', r#"{"exp":9999999999,"#, 1), "malformed"),
        ("a lone surrogate", PAYLOAD.replacen('{', r#"{"sub":"\ud800","#, 1), "claims"),
        ("a subject that is null", PAYLOAD.replacen('{', r#"{"sub":null,"#, 1), "claims"),
        ("a list", format!("[{PAYLOAD}]"), "malformed"),
        ("a text", "\"token\"".to_owned(), "malformed"),
        ("more behind", format!("{PAYLOAD}x"), "malformed"),
        ("a byte order mark", format!("\u{feff}{PAYLOAD}"), "malformed"),
        ("a nested token", signed(HEADER, PAYLOAD), "malformed"),
    ] {
        assert_eq!(word(&outcome(signed(HEADER, &text).as_bytes())), expected, "{name}");
    }
}

#[test]
fn what_is_taken_from_a_token_is_what_it_says() {
    for (name, changes, subject, client) in [
        ("nothing", json!({}), None, AUDIENCE),
        ("of a list, the one that is ours", json!({"aud": ["x", AUDIENCE]}), None, AUDIENCE),
        ("client_id", json!({"client_id": "c", "sub": "s"}), Some("s"), "c"),
        ("appid before it", json!({"client_id": "c", "appid": "b"}), None, "b"),
        ("azp before both", json!({"client_id": "c", "appid": "b", "azp": "a"}), None, "a"),
    ] {
        let found = claims(&changes).expect(name);
        assert_eq!((found.subject(), found.client()), (subject, client), "{name}");
        assert_eq!((found.issuer(), found.expires()), (ISSUER, NOW + 600), "{name}");
    }
    let keys = set(&[our_entry()]).unwrap();
    let audience = vec!["first".to_owned(), AUDIENCE.to_owned()];
    let rules = Rules { audience, ..all() };
    for (named, expected) in [
        (json!(AUDIENCE), AUDIENCE),
        (json!("first"), "first"),
        (json!([AUDIENCE, "first"]), "first"),
    ] {
        let token = signed(HEADER, &payload(&json!({"aud": named})));
        let found = verify(token.as_bytes(), &keys, &rules, NOW).unwrap();
        assert_eq!(found.client(), expected, "{named}");
    }
}

#[test]
fn scopes_are_whole_words_of_both_claims() {
    for (name, changes, expected) in [
        ("none", json!({}), Some(vec![])),
        ("text", json!({"scope": "mcp.write mcp.read"}), Some(vec!["mcp.read", "mcp.write"])),
        ("blanks", json!({"scope": "  mcp.read  "}), Some(vec!["mcp.read"])),
        ("empty text", json!({"scope": ""}), Some(vec![])),
        ("list", json!({"scp": ["mcp.read", "mcp.read"]}), Some(vec!["mcp.read"])),
        ("text in scp", json!({"scp": "a b"}), Some(vec!["a", "b"])),
        ("list in scope", json!({"scope": ["a"]}), Some(vec!["a"])),
        ("both", json!({"scope": "a", "scp": ["b"]}), Some(vec!["a", "b"])),
        ("an item is one name", json!({"scp": ["a b"]}), Some(vec!["a b"])),
        ("a number", json!({"scope": 7}), None),
        ("a list with a number", json!({"scp": ["a", 7]}), None),
        ("a list with an empty name", json!({"scp": [""]}), None),
        ("a tab", json!({"scope": "a\tb"}), None),
        ("an object", json!({"scope": {"a": true}}), None),
        ("a long name", json!({"scope": "s".repeat(JOSE_TEXT_BYTES_MAX + 1)}), None),
    ] {
        let found = claims(&changes);
        let scopes = found.as_ref().map(|claims| claims.scopes().to_vec());
        assert_eq!(
            scopes,
            expected.map_or(Err(&Refused::Claims), |list| {
                Ok(list.into_iter().map(str::to_owned).collect())
            }),
            "{name}"
        );
    }
    let rules = Rules { scopes: vec!["mcp.read".to_owned(), "mcp.write".to_owned()], ..all() };
    for (scope, missing) in [
        ("mcp.write other mcp.read", None),
        ("mcp.read", Some(vec!["mcp.write"])),
        ("mcp.rea mcp.read.all MCP.WRITE", Some(vec!["mcp.read", "mcp.write"])),
        ("", Some(vec!["mcp.read", "mcp.write"])),
    ] {
        assert_eq!(claims(&json!({"scope": scope})).unwrap().lacks(&rules), missing, "{scope}");
    }
    assert_eq!(claims(&json!({})).unwrap().lacks(&all()), None);
}

#[test]
fn a_token_is_bounded_in_every_part() {
    let header = |len: usize| {
        let text = json!({"alg": "EdDSA", "kid": "ours", "x": ""}).to_string();
        text.replacen("\"\"", &format!("\"{}\"", "x".repeat(len * 3 / 4 - text.len())), 1)
    };
    let body = |len: usize| payload(&json!({"x": "x".repeat(len * 3 / 4 - PAYLOAD.len() - 7)}));
    let nested = |depth: u32| {
        let depth = usize::try_from(depth).unwrap();
        let value = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        PAYLOAD.replacen('{', &format!("{{\"x\":{value},"), 1)
    };
    let values = |count: u64| {
        // The object, three members of two nodes, one more member, and the list.
        let inside = vec!["1"; usize::try_from(count - 9).unwrap()].join(",");
        PAYLOAD.replacen('{', &format!("{{\"x\":[{inside}],"), 1)
    };
    for (name, token, expected) in [
        ("header", signed(&header(JWT_HEADER_BYTES_MAX), PAYLOAD), "ok"),
        ("longer header", signed(&header(JWT_HEADER_BYTES_MAX + 4), PAYLOAD), "malformed"),
        ("payload", signed(HEADER, &body(JWT_PAYLOAD_BYTES_MAX)), "ok"),
        ("longer payload", signed(HEADER, &body(JWT_PAYLOAD_BYTES_MAX + 4)), "malformed"),
        ("depth", signed(HEADER, &nested(JOSE_DEPTH_MAX - 1)), "ok"),
        ("deeper", signed(HEADER, &nested(JOSE_DEPTH_MAX)), "malformed"),
        ("values", signed(HEADER, &values(JOSE_NODES_MAX)), "ok"),
        ("more values", signed(HEADER, &values(JOSE_NODES_MAX + 1)), "malformed"),
    ] {
        assert_eq!(word(&outcome(token.as_bytes())), expected, "{name}");
    }
    let (header, payload) = (base64url(HEADER.as_bytes()), base64url(PAYLOAD.as_bytes()));
    let room = JWT_BYTES_MAX - header.len() - payload.len() - 2;
    for (len, expected) in [(room / 4 * 4, "signature"), (room + 1, "malformed")] {
        let token = format!("{header}.{payload}.{}", "A".repeat(len));
        assert_eq!(word(&outcome(token.as_bytes())), expected, "{}", token.len());
    }
}

#[test]
fn an_empty_list_of_anything_allows_nothing() {
    let keys = set(&[our_entry()]).unwrap();
    let token = signed(HEADER, PAYLOAD);
    for (rules, expected) in [
        (rules(&[]), Refused::Algorithm),
        (Rules { audience: Vec::new(), ..all() }, Refused::Audience),
        (Rules { issuer: String::new(), ..all() }, Refused::Issuer),
    ] {
        assert_eq!(verify(token.as_bytes(), &keys, &rules, NOW), Err(expected));
    }
    for name in ["iss", "aud"] {
        let token = signed(HEADER, &payload(&json!({name: ""})));
        let rules = Rules { issuer: String::new(), audience: vec![String::new()], ..all() };
        assert!(verify(token.as_bytes(), &keys, &rules, NOW).is_err(), "empty {name}");
    }
}

#[test]
fn algorithms_have_exact_names_and_none_is_not_one() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::parse(algorithm.name()), Some(algorithm));
        assert_eq!(Algorithm::parse(&algorithm.name().to_lowercase()), None);
    }
    for name in ["none", "None", "", "HS256", "HS384", "HS512", "ES512", "ES256K", "RS1", "RS256 "]
    {
        assert_eq!(Algorithm::parse(name), None, "{name}");
    }
}

/// Returns an entry of the file of keys with some changes.
fn entry(id: &str, changes: &Value) -> Value {
    let keys: Value = serde_json::from_str(KEYS).unwrap();
    let named = |entry: &&Value| entry["kid"] == id;
    changed(keys["keys"].as_array().unwrap().iter().find(named).unwrap().clone(), changes)
}

/// Returns the bytes of a number of `bits` bits with an odd end.
fn modulus(bits: usize) -> String {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    bytes[0] >>= bytes.len() * 8 - bits;
    base64url(&bytes)
}

#[test]
fn keys_that_can_be_used_are_kept() {
    for (name, kept) in [
        ("RSA", entry("r1", &json!({}))),
        ("RSA of 2,048 bits", entry("r2", &json!({"n": modulus(2_048)}))),
        ("RSA of 8,192 bits", entry("r2", &json!({"n": modulus(8_192)}))),
        ("RSA with exponent 3", entry("r2", &json!({"e": "Aw"}))),
        ("P-256", entry("e1", &json!({}))),
        ("P-384", entry("e3", &json!({}))),
        ("Ed25519", entry("o1", &json!({}))),
        ("for signatures", entry("r2", &json!({"use": "sig"}))),
        ("to verify", entry("r2", &json!({"key_ops": ["sign", "verify"]}))),
        ("bound to one algorithm", entry("r2", &json!({"alg": "PS512"}))),
        ("with a certificate", entry("r2", &json!({"x5c": ["MII"], "x5t": "x"}))),
        ("with unknown members", entry("r2", &json!({"issuer": "x", "exp": 1}))),
    ] {
        let set = set(&[kept]).expect(name);
        assert_eq!((set.ids().len(), set.skipped(), set.secrets()), (1, 0, 0), "{name}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn keys_that_cannot_be_used_are_skipped_without_harm_to_others() {
    let shifted = |id: &str, name: &str| {
        let mut text = entry(id, &json!({}))[name].as_str().unwrap().to_owned();
        let first = if text.starts_with('B') { "C" } else { "B" };
        text.replace_range(..1, first);
        json!({ name: text })
    };
    let long = |id: &str, name: &str| {
        let text = entry(id, &json!({}))[name].as_str().unwrap().to_owned();
        json!({ name: format!("AAAA{text}") })
    };
    let e1 = entry("e1", &json!({}));
    let (x, y) = (&e1["x"], &e1["y"]);
    // Of a key that was made for this row with 1,024 bits.
    let small = "vm2BV7fe9dmuti3hoh0cYxOwPTqkLtS6VBntqLtacN5WnUuZB6GJBVA4-L3eBtJFBhGIZIQCf82ISAFUzpxK6K\
                 tl2nG0Z3lZbrsqEkoiG_674Sf81X51so6Ax5rfBT6lNKYOoZjEtHaRnH9PIr7TbFIn3qGdCRjiQFdwNfYXdy8";
    let (x521, y521) = (
        "AE8mkuV4slG-i2wiGDU2S3v276NYOSEUplSkbzmSXyBYbaPKl35qVdb0hc4rqv2mofpIsbqoqB3obihzBvejCBTv",
        "Aa78ov1GI67OrrVN2YOQSHEPOEL1NrPp-RYYpGmhYzkmRbXfBnsC7nAe_pgv6DeyG5RH-RbFFW30pbGsChib9ETE",
    );
    let (xk, yk) = (
        "aScCJPGQ2fYgwlbjNFKDh_JYJg5Eq0tNTe31Dr4zsCU",
        "lrZviFf7IDVexLMGu6hUdk_WFBhDRZO0tLpcCWmqHWI",
    );
    let even = base64url(&[0xfe; 256]);
    for (name, skipped) in [
        ("no object", json!("key")),
        ("nothing", json!({})),
        ("symmetric", json!({"kty": "oct", "kid": "k", "alg": "HS256"})),
        ("a type of another case", entry("r1", &json!({"kty": "rsa"}))),
        ("a type that is no text", entry("r1", &json!({"kty": ["RSA"]}))),
        ("for encryption", entry("r1", &json!({"use": "enc"}))),
        ("for nobody knows what", entry("r1", &json!({"use": "tls"}))),
        ("a use that is no text", entry("r1", &json!({"use": ["sig"]}))),
        ("to sign only", entry("r1", &json!({"key_ops": ["sign"]}))),
        ("to encrypt", entry("r1", &json!({"key_ops": ["encrypt", "wrapKey"]}))),
        ("for no operation", entry("r1", &json!({"key_ops": []}))),
        ("operations that are no list", entry("r1", &json!({"key_ops": "verify"}))),
        ("an unknown algorithm", entry("r1", &json!({"alg": "RSA-OAEP"}))),
        ("an algorithm of another kind", entry("r1", &json!({"alg": "ES256"}))),
        ("an algorithm of another curve", entry("e1", &json!({"alg": "ES384"}))),
        ("an algorithm that hides itself", entry("r1", &json!({"alg": "none"}))),
        ("an algorithm that is no text", entry("r1", &json!({"alg": 7}))),
        ("no name", entry("r1", &json!({"kid": null}))),
        ("an empty name", entry("r1", &json!({"kid": ""}))),
        ("a name that is no text", entry("r1", &json!({"kid": 1}))),
        ("a name with a line end", entry("r1", &json!({"kid": "r1\n"}))),
        ("a huge name", entry("r1", &json!({"kid": "k".repeat(JOSE_TEXT_BYTES_MAX + 1)}))),
        ("no modulus", entry("r1", &json!({"n": null}))),
        ("an empty modulus", entry("r1", &json!({"n": ""}))),
        ("a padded modulus", entry("r1", &json!({"n": base64(&[0xff; 256])}))),
        ("a modulus with zeros in front", entry("r1", &long("r1", "n"))),
        ("an even modulus", entry("r1", &json!({"n": even}))),
        ("1,024 bits", entry("r1", &json!({"n": small}))),
        ("2,047 bits", entry("r1", &json!({"n": modulus(2_047)}))),
        ("8,193 bits", entry("r1", &json!({"n": modulus(8_193)}))),
        ("65,536 bits", entry("r1", &json!({"n": modulus(65_536)}))),
        ("no exponent", entry("r1", &json!({"e": null}))),
        ("an empty exponent", entry("r1", &json!({"e": ""}))),
        ("exponent 0", entry("r1", &json!({"e": "AA"}))),
        ("exponent 1", entry("r1", &json!({"e": "AQ"}))),
        ("exponent 2", entry("r1", &json!({"e": "Ag"}))),
        ("an even exponent", entry("r1", &json!({"e": "AQAA"}))),
        ("an exponent with a zero in front", entry("r1", &json!({"e": "AAEAAQ"}))),
        ("an exponent of 34 bits", entry("r1", &json!({"e": "AgAAAAE"}))),
        ("an exponent as long as the modulus", entry("r1", &json!({"e": modulus(2_048)}))),
        ("an exponent as a number", entry("r1", &json!({"e": 65_537}))),
        ("a point off the curve", entry("e1", &shifted("e1", "x"))),
        ("another off the curve", entry("e3", &shifted("e3", "y"))),
        ("coordinates changed over", entry("e1", &json!({"x": y, "y": x}))),
        (
            "the point at infinity",
            entry("e1", &json!({"x": base64url(&[0; 32]), "y": base64url(&[0; 32])})),
        ),
        ("a coordinate over the field", entry("e1", &json!({"x": base64url(&[0xff; 32])}))),
        ("a short coordinate", entry("e1", &json!({"x": base64url(&[1; 31])}))),
        ("a long coordinate", entry("e1", &long("e1", "y"))),
        ("no second coordinate", entry("e1", &json!({"y": null}))),
        ("a point of another curve", entry("e1", &json!({"crv": "P-384", "alg": null}))),
        ("no curve", entry("e1", &json!({"crv": null}))),
        ("P-521", json!({"kty": "EC", "kid": "p", "crv": "P-521", "x": x521, "y": y521})),
        ("secp256k1", json!({"kty": "EC", "kid": "k1", "crv": "secp256k1", "x": xk, "y": yk})),
        (
            "secp256k1 called P-256",
            json!({"kty": "EC", "kid": "k1", "crv": "P-256", "x": xk, "y": yk}),
        ),
        ("X25519", entry("o1", &json!({"crv": "X25519"}))),
        ("Ed448", entry("o1", &json!({"crv": "Ed448"}))),
        ("an Edwards key of 31 bytes", entry("o1", &json!({"x": base64url(&[1; 31])}))),
        ("an Edwards key of 33 bytes", entry("o1", &json!({"x": base64url(&[1; 33])}))),
    ] {
        let set = set(&[skipped, our_entry()]).expect(name);
        assert_eq!(set.ids().collect::<Vec<_>>(), ["ours"], "{name}");
        assert_eq!((set.skipped(), set.secrets()), (1, 0), "{name}");
    }
}

#[test]
fn a_key_that_shows_a_private_member_is_skipped_and_told() {
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        for id in ["r1", "e1", "o1"] {
            let set = set(&[entry(id, &json!({name: "AQAB"})), our_entry()]).unwrap();
            assert_eq!(set.ids().collect::<Vec<_>>(), ["ours"], "{name} of {id}");
            assert_eq!((set.skipped(), set.secrets()), (1, 1), "{name} of {id}");
        }
    }
    let shared = json!({"kty": "oct", "kid": "k", "k": "AQAB"});
    assert_eq!(set(&[shared.clone(), our_entry()]).unwrap().secrets(), 1);
    assert_eq!(set(&[shared]).unwrap_err(), BadKeys::NothingUsable);
}

#[test]
fn a_name_that_means_two_keys_means_none() {
    let renamed = |id: &str, changes: Value| {
        let mut changes = changes;
        changes["kid"] = json!("same");
        entry(id, &changes)
    };
    for (name, entries, kept) in [
        ("two of a kind", vec![renamed("r1", json!({"alg": null})), renamed("r2", json!({}))], 0),
        ("one of them bound", vec![renamed("r1", json!({})), renamed("r2", json!({}))], 0),
        (
            "both bound to one algorithm",
            vec![renamed("r1", json!({})), renamed("r2", json!({"alg": "RS256"}))],
            0,
        ),
        (
            "each bound to its own",
            vec![renamed("r1", json!({})), renamed("r2", json!({"alg": "PS256"}))],
            2,
        ),
        ("two kinds", vec![renamed("r1", json!({})), renamed("e1", json!({}))], 2),
        (
            "one of them for encryption",
            vec![renamed("r1", json!({})), renamed("r2", json!({"use": "enc"}))],
            1,
        ),
        ("one that repeats the other", vec![renamed("r1", json!({})), renamed("r1", json!({}))], 1),
        (
            "three, two of them alike",
            vec![renamed("r1", json!({})), renamed("r1", json!({})), renamed("r2", json!({}))],
            0,
        ),
    ] {
        let all: Vec<Value> = entries.into_iter().chain([our_entry()]).collect();
        for entries in [all.clone(), all.iter().rev().cloned().collect()] {
            let set = set(&entries).expect(name);
            assert_eq!(set.ids().filter(|id| *id == "same").count(), kept, "{name}");
            assert_eq!(set.skipped(), entries.len() - kept - 1, "{name}");
            assert!(set.ids().any(|id| id == "ours"), "{name}");
        }
    }
}

#[test]
fn a_document_that_is_no_set_says_why() {
    let ours = our_entry().to_string();
    let many = |count: usize| format!("{{\"keys\":[{}]}}", vec![&*ours; count].join(","));
    let sized = |len: usize| {
        let text = format!("{{\"keys\":[{ours}]}}");
        format!("{text}{}", " ".repeat(len - text.len()))
    };
    let deep = format!("{{\"keys\":[{ours}],\"x\":{}{}}}", "[".repeat(16), "]".repeat(16));
    for (name, document, expected) in [
        ("as many keys as fit", many(JWKS_KEYS_MAX), None),
        ("one more", many(JWKS_KEYS_MAX + 1), Some(BadKeys::TooMany)),
        ("as long as fits", sized(JWKS_BYTES_MAX), None),
        ("longer", sized(JWKS_BYTES_MAX + 1), Some(BadKeys::Unreadable)),
        ("too deep", deep, Some(BadKeys::Unreadable)),
        ("empty", String::new(), Some(BadKeys::Unreadable)),
        ("a page", "<html></html>".to_owned(), Some(BadKeys::Unreadable)),
        ("cut off", many(1).replace("]}", ""), Some(BadKeys::Unreadable)),
        ("more behind", format!("{}x", many(1)), Some(BadKeys::Unreadable)),
        ("keys twice", format!("{{\"keys\":[{ours}],\"keys\":[]}}"), Some(BadKeys::Unreadable)),
        (
            "a member of a key twice",
            many(1).replace("{\"crv\"", "{\"kid\":\"x\",\"crv\""),
            Some(BadKeys::Unreadable),
        ),
        ("no keys", "{}".to_owned(), Some(BadKeys::NoKeys)),
        ("a list", format!("[{ours}]"), Some(BadKeys::NoKeys)),
        ("a single key", ours.clone(), Some(BadKeys::NoKeys)),
        ("keys as an object", format!("{{\"keys\":{{\"a\":{ours}}}}}"), Some(BadKeys::NoKeys)),
        (
            "a discovery document",
            "{\"issuer\":\"x\",\"jwks_uri\":\"y\"}".to_owned(),
            Some(BadKeys::NoKeys),
        ),
        ("an empty list", "{\"keys\":[]}".to_owned(), Some(BadKeys::NothingUsable)),
        ("nothing to use", "{\"keys\":[{},1,null]}".to_owned(), Some(BadKeys::NothingUsable)),
    ] {
        assert_eq!(KeySet::parse(document.as_bytes()).err(), expected, "{name}");
    }
    assert_eq!(KeySet::parse(b"{\"keys\":[\"\xff\"]}").err(), Some(BadKeys::Unreadable));
}
