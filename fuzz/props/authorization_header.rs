//! A caller is accepted exactly when its fields spell a right credential in a way that a plain
//! reading knows, under the name of that credential; a denial holds constants of the server only.

use super::input::Input;
use super::jose::{NOW, document, rules, signed};
use super::kit::heads;
use zscaler_mcp::auth::{
    ApiKeys, At, Denial, Gate, Grants, Limits, Method, PairTold, Pairs, Question, Setup, TokenUse,
    Tokens, Told, Verdict,
};
use zscaler_mcp::base::Millis;
use zscaler_mcp::guard::{Decision, Hosts, Origins, Policy, Proxies, Refusal, Sources, decide};
use zscaler_mcp::http::head::{Head, One};
use zscaler_mcp::jose::Rules;
use zscaler_mcp::matching::HostPattern;

const KEY: &str = "key-0123456789abcdef";
const OTHER: &str = "other/0123456789abcdef==";
const ID: &str = "id:1";
const SECRET: &str = "s:\u{e9}cret";
/// Base64 of id and secret as one text, which cannot say an id with a colon.
const BASIC: &str = "aWQ6MTpzOsOpY3JldA==";
const RESOURCE: &str = "https://h.example/mcp";

/// Ways of authentication, and the name of a caller without any credential.
const MODES: [(&str, Option<&str>); 7] = [
    ("keys", None),
    ("keys", Some("api-key:one")),
    ("jwt", None),
    ("oidc", None),
    ("pairs", None),
    ("pairs", Some("zscaler:own")),
    ("open", Some("anonymous")),
];

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let (mode, nobody) = input.pick(&MODES);
    let certificate = input.pick(&[None, Some("CN=a b")]);
    let token = signed(br#"{"alg":"EdDSA","kid":"ours"}"#, PAYLOAD.as_bytes());
    let text = filled(input.rest(), &token);
    let head = heads::head(&text);
    let gate = gate(mode, nobody.is_some(), certificate.is_some());
    let expected = plain(mode, nobody, &head, &token);
    let expected = expected.map(|name| match (certificate, name.as_str()) {
        (None, _) => name,
        (Some(_), "anonymous") => "certificate:CN=a%20b".to_owned(),
        (Some(_), _) => format!("certificate:CN=a%20b {name}"),
    });
    match outcome(&gate, certificate, &head) {
        None => assert!(repeats(&head), "{head:?}"),
        Some(Ok(name)) => assert_eq!(Some(name), expected, "{head:?}"),
        Some(Err(denial)) => {
            assert_eq!(None, expected, "{denial:?} for {head:?}");
            of_constants(mode, &denial);
        }
    }
}

const PAYLOAD: &str = r#"{"iss":"i","aud":"a","exp":1800000600,"sub":"u","scope":"r"}"#;

/// Returns a good head with the lines of `data` as its last fields, `$T` in them a good token.
fn filled(data: &[u8], token: &str) -> Vec<u8> {
    let mut text = b"POST /mcp\nHost: h\nContent-Type: application/json\nAccept: */*\n".to_vec();
    let mut rest = data;
    while let Some((byte, tail)) = rest.split_first() {
        if let Some(tail) = rest.strip_prefix(b"$T") {
            text.extend_from_slice(token.as_bytes());
            rest = tail;
            continue;
        }
        text.push(*byte);
        rest = tail;
    }
    text
}

fn gate(mode: &str, platform: bool, certificate: bool) -> Gate {
    let usage = match mode {
        "oidc" => TokenUse::Oidc { resource: RESOURCE.to_owned(), issuer: "i".to_owned() },
        _ => TokenUse::Jwt,
    };
    let keys = ApiKeys::parse(&format!("one={KEY},two={OTHER}"), platform).expect("two keys");
    let method = match mode {
        "keys" => Method::Keys(keys),
        "pairs" => Method::Pairs(Pairs::new(Vec::new(), platform.then(|| "own".to_owned()))),
        "open" => Method::Open,
        _ => Method::Tokens(Tokens::new(Rules { leeway_seconds: 0, ..rules() }, usage)),
    };
    let (grants, limits) = (Grants::open(), Limits { requests_per_second: 1, failures: 1 });
    let gate = Gate::new(Setup { method, certificate, grants, limits, key: [3; 32] });
    if mode == "jwt" || mode == "oidc" {
        gate.told(Told::Keys(Ok(document().into_bytes())), at());
    }
    let shown = format!("{gate:?}");
    assert!(!shown.contains(KEY) && !shown.contains(OTHER));
    gate
}

fn at() -> At {
    At { now: Millis(0), unix_seconds: NOW }
}

/// Returns name or denial, `None` when a field stands twice.
fn outcome(
    gate: &Gate,
    certificate: Option<&str>,
    head: &Head<'_>,
) -> Option<Result<String, Denial>> {
    let policy = Policy {
        hosts: Hosts::list(vec![HostPattern::parse("h").expect("a host")]),
        sources: Sources::any(),
        proxies: Proxies::list(Vec::new()),
        origins: Origins::list(Vec::new()),
        tls: true,
        sse: false,
        body_max: 64,
        documents: Vec::new(),
    };
    let peer = "192.0.2.7".parse().expect("an address");
    let mut admitted = match decide(&policy, peer, head) {
        Decision::Admitted(admitted) => admitted,
        Decision::Answer(..) | Decision::Refused(..) => return None,
    };
    for _ in 0..3 {
        let question = match gate.judge(admitted, certificate, at()) {
            Verdict::Accepted(authorized) => {
                return Some(Ok(authorized.principal().name().to_owned()));
            }
            Verdict::Refused(denial) => return Some(Err(denial)),
            Verdict::Undecided(again, question) => {
                admitted = again;
                question.expect("nobody else asks")
            }
        };
        gate.told(answer(question), at());
    }
    panic!("asked more than twice for {head:?}");
}

fn answer(question: Question) -> Told {
    match question {
        Question::Keys => Told::Keys(Ok(document().into_bytes())),
        Question::Pair(pair) => {
            let sent = (pair.client_id().to_owned(), pair.client_secret().expose().to_vec());
            let whole = [sent.0.as_bytes(), b":", &sent.1].concat();
            let right = whole == format!("{ID}:{SECRET}").as_bytes();
            let shown = format!("{pair:?}");
            // Whoever puts the secret into the id has shown it.
            assert!(sent.0.contains(SECRET) || !shown.contains(SECRET), "{shown}");
            let told =
                if right { PairTold::Accepted { expires_in: 3_600 } } else { PairTold::Refused };
            Told::Pair(pair, told)
        }
    }
}

const FIELDS: [&str; 4] =
    ["authorization", "x-api-key", "x-zscaler-client-id", "x-zscaler-client-secret"];

/// True when the guard does not let the head pass: a field twice, or one that other checks read.
fn repeats(head: &Head<'_>) -> bool {
    let ours = FIELDS.iter().any(|name| head.all(name.as_bytes()).count() > 1);
    // The lines of the input may bring other fields that the guard refuses.
    ours || head.fields.len() > 3
        && head.fields.iter().skip(3).any(|field| {
            let name = field.name.to_ascii_lowercase();
            !FIELDS.iter().any(|ours| name == ours.as_bytes())
        })
}

/// Returns the name of the caller as a plain reading of the fields has it.
fn plain(mode: &str, nobody: Option<&str>, head: &Head<'_>, token: &str) -> Option<String> {
    let value = |name: &str| match head.one(name.as_bytes()) {
        One::Value(value) => {
            Some(String::from_utf8_lossy(value).trim_matches([' ', '\t']).to_owned())
        }
        One::Absent | One::Repeated => None,
    };
    let [authorization, key, id, secret] = FIELDS.map(value);
    // What follows the scheme, when that is the one.
    let after = |scheme: &str| {
        let sent = authorization.as_deref()?;
        let (name, rest) = sent.split_once(' ')?;
        (name.to_ascii_lowercase() == scheme).then(|| rest.trim_matches([' ', '\t']).to_owned())
    };
    let none = authorization.is_none() && id.is_none() && secret.is_none();
    match mode {
        "keys" => {
            let sent = match &authorization {
                Some(_) => after("bearer")?,
                None => key.unwrap_or_default(),
            };
            match sent.as_str() {
                KEY => Some("api-key:one".to_owned()),
                OTHER => Some("api-key:two".to_owned()),
                "" if none => nobody.map(str::to_owned),
                _ => None,
            }
        }
        "pairs" => match (id, secret) {
            (None, None) if authorization.is_none() && key.is_none() => nobody.map(str::to_owned),
            // Whoever takes the first colon for the end of the id has the rest as the secret.
            (None, None) => (after("basic")? == BASIC).then(|| "zscaler:id".to_owned()),
            (Some(id), Some(secret)) => {
                let right = format!("{id}:{secret}") == format!("{ID}:{SECRET}");
                (right && !id.is_empty() && !secret.is_empty()).then(|| format!("zscaler:{id}"))
            }
            _ => None,
        },
        "open" => nobody.map(str::to_owned),
        _ => (after("bearer")? == token).then(|| "i a u".to_owned()),
    }
}

/// All that a denial may say in this mode.
fn of_constants(mode: &str, denial: &Denial) {
    let challenges: &[&str] = match mode {
        "keys" => &[r#"Bearer realm="zscaler-mcp""#],
        "pairs" => &[r#"Basic realm="zscaler-mcp", charset="UTF-8""#],
        "jwt" => &[
            r#"Bearer realm="zscaler-mcp""#,
            r#"Bearer realm="zscaler-mcp", error="invalid_token""#,
        ],
        _ => &[
            r#"Bearer realm="zscaler-mcp", scope="r", resource_metadata="https://h.example/.well-known/oauth-protected-resource/mcp""#,
            r#"Bearer realm="zscaler-mcp", error="invalid_token", scope="r", resource_metadata="https://h.example/.well-known/oauth-protected-resource/mcp""#,
        ],
    };
    let challenge = denial.challenge.as_deref().expect("a way in");
    assert!(challenges.contains(&challenge), "{denial:?}");
    assert_eq!((denial.refusal, denial.retry_after), (Refusal::Unauthorized, None), "{denial:?}");
    assert!(denial.delay_ms == 0 && denial.why.is_ascii(), "{denial:?}");
}
