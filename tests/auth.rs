//! The gate: what the Python server answered to each credential and what this one does, keys and
//! pairs over time, bounds against guessing and floods, certificates, grants.
//!
//! A row says where the answer differs from that of the Python server.

#[path = "../fuzz/props/kit/heads.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees this file as part of a library")]
mod heads;

use core::net::IpAddr;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use zscaler_mcp::auth::{
    ApiKeys, At, BadGrant, Deed, Denial, Fault, Gate, Grant, Grants, Heard, Limits, Method,
    PairTold, Pairs, Question, Setup, TokenUse, Tokens, Told, Verdict,
};
use zscaler_mcp::base::Millis;
use zscaler_mcp::base::encode::base64;
use zscaler_mcp::guard::{
    Admitted, Decision, Document, Hosts, Origins, Policy, Proxies, Refusal, Sources, decide,
};
use zscaler_mcp::jose::{Algorithm, Rules};
use zscaler_mcp::matching::{HostPattern, Network};

const KEY: &str = "sk-0123456789abcdef0123456789abcdef";
const OTHER_KEY: &str = "sk-fedcba9876543210fedcba9876543210";
const PEER: &str = "192.0.2.7";
const UNIX: u64 = 1_800_000_000;
const ISSUER: &str = "https://idp.example/";
const AUDIENCE: &str = "zscaler-mcp-server";
const KEYS: &str = include_str!("data/jose/keys.json");
const ROTATED: &str = include_str!("data/jose/rotated.json");
const VECTORS: &str = include_str!("data/jose/vectors.txt");

// The world around a gate.

/// What the provider does when it is asked.
struct Provider {
    keys: Result<Vec<u8>, &'static str>,
    pair: fn(&str, &[u8]) -> PairTold,
}

struct World {
    gate: Gate,
    policy: Policy,
    provider: Provider,
    certificate: Option<&'static str>,
    peer: &'static str,
    now: u64,
    asked: usize,
}

/// What became of a request.
#[derive(Debug)]
enum Outcome {
    Accepted(String, Grant),
    Denied(Denial),
    /// The guard answered or refused with this status.
    Front(u16),
}

impl Outcome {
    fn status(&self) -> u16 {
        match self {
            Self::Accepted(..) => 200,
            Self::Denied(denial) => denial.refusal.row().status.0,
            Self::Front(status) => *status,
        }
    }

    fn name(&self) -> &str {
        let Self::Accepted(name, _) = self else { panic!("{self:?}") };
        name
    }

    fn denial(&self) -> &Denial {
        let Self::Denied(denial) = self else { panic!("{self:?}") };
        denial
    }

    fn challenge(&self) -> &str {
        self.denial().challenge.as_deref().unwrap_or("none")
    }
}

fn setup(method: Method) -> Setup {
    let (grants, limits) = (Grants::open(), Limits::default());
    Setup { method, certificate: false, grants, limits, key: [7; 32] }
}

fn keys(text: &str) -> Method {
    Method::Keys(ApiKeys::parse(text, false).unwrap())
}

fn trusting(text: &str) -> Method {
    Method::Keys(ApiKeys::parse(text, true).unwrap())
}

fn rules(scopes: &[&str]) -> Rules {
    Rules {
        algorithms: vec![Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa],
        issuer: ISSUER.to_owned(),
        audience: vec![AUDIENCE.to_owned()],
        leeway_seconds: 30,
        scopes: scopes.iter().copied().map(str::to_owned).collect(),
    }
}

fn jwt(rules: Rules) -> Method {
    Method::Tokens(Tokens::new(rules, TokenUse::Jwt))
}

fn oidc(resource: &str, scopes: &[&str]) -> Method {
    let usage = TokenUse::Oidc { resource: resource.to_owned(), issuer: ISSUER.to_owned() };
    Method::Tokens(Tokens::new(rules(scopes), usage))
}

fn pairs(clients: &[&str], platform: Option<&str>) -> Method {
    let clients = clients.iter().copied().map(str::to_owned).collect();
    Method::Pairs(Pairs::new(clients, platform.map(str::to_owned)))
}

/// Accepts three pairs.
fn tenant(id: &str, secret: &[u8]) -> PairTold {
    match (id, secret) {
        ("id1", b"good") | ("id2", b"other") | ("a", b"b:c") => {
            PairTold::Accepted { expires_in: 3_600 }
        }
        _ => PairTold::Refused,
    }
}

impl World {
    fn new(setup: Setup) -> Self {
        let gate = Gate::new(setup);
        let documents = gate.metadata().map(|metadata| {
            let body: std::sync::Arc<[u8]> = metadata.body.clone().into();
            let document = |path: &String| Document {
                path: path.as_bytes().into(),
                body: std::sync::Arc::clone(&body),
            };
            metadata.paths.iter().map(document).collect()
        });
        let network = |text| Network::parse(text).unwrap();
        let policy = Policy {
            hosts: Hosts::list(vec![HostPattern::parse("mcp.acme.com").unwrap()]),
            sources: Sources::list(vec![network("0.0.0.0/0"), network("::/0")]),
            proxies: Proxies::list(Vec::new()),
            origins: Origins::list(Vec::new()),
            tls: true,
            sse: false,
            body_max: 1024,
            documents: documents.unwrap_or_default(),
        };
        let provider = Provider { keys: Ok(KEYS.into()), pair: tenant };
        Self { gate, policy, provider, certificate: None, peer: PEER, now: 0, asked: 0 }
    }

    fn of(method: Method) -> Self {
        Self::new(setup(method))
    }

    fn at(&self) -> At {
        At { now: Millis(self.now), unix_seconds: UNIX + self.now / 1_000 }
    }

    fn answer(&mut self, question: Question) -> Heard {
        self.asked += 1;
        let told = match question {
            Question::Keys => Told::Keys(self.provider.keys.clone()),
            Question::Pair(pair) => {
                let told = (self.provider.pair)(pair.client_id(), pair.client_secret().expose());
                Told::Pair(pair, told)
            }
        };
        self.gate.told(told, self.at())
    }

    fn judge(&self, admitted: Admitted) -> Verdict {
        self.gate.judge(admitted, self.certificate, self.at())
    }

    /// What becomes of a request with this first line, on a connection that waits for answers.
    fn send(&mut self, line: &str, fields: &str) -> Outcome {
        let text = format!(
            "{line}\nHost: mcp.acme.com\nContent-Type: application/json\n\
             Accept: application/json, text/event-stream\n{fields}"
        );
        self.raw(text.as_bytes())
    }

    fn raw(&mut self, text: &[u8]) -> Outcome {
        let peer: IpAddr = self.peer.parse().unwrap();
        let mut admitted = match decide(&self.policy, peer, &heads::head(text)) {
            Decision::Admitted(admitted) => admitted,
            Decision::Answer(..) => return Outcome::Front(200),
            Decision::Refused(refusal, _) => return Outcome::Front(refusal.row().status.0),
        };
        for _ in 0..3 {
            match self.judge(admitted) {
                Verdict::Accepted(authorized) => {
                    let name = authorized.principal().name().to_owned();
                    return Outcome::Accepted(name, authorized.grant().clone());
                }
                Verdict::Refused(denial) => return Outcome::Denied(denial),
                Verdict::Undecided(again, question) => {
                    admitted = again;
                    self.answer(question.expect("nobody else asks here"));
                }
            }
        }
        panic!("asked again and again");
    }

    fn post(&mut self, fields: &str) -> Outcome {
        self.send("POST /mcp", fields)
    }

    fn bearer(&mut self, token: &str) -> Outcome {
        self.post(&format!("Authorization: Bearer {token}"))
    }

    fn basic(&mut self, id: &str, secret: &str) -> Outcome {
        let pair = base64(format!("{id}:{secret}").as_bytes());
        self.post(&format!("Authorization: Basic {pair}"))
    }

    /// The verdict on a request that nobody answers for.
    fn verdict(&self, fields: &str) -> Verdict {
        let peer: IpAddr = self.peer.parse().unwrap();
        let text = format!(
            "POST /mcp\nHost: mcp.acme.com\nContent-Type: application/json\nAccept: */*\n{fields}"
        );
        match decide(&self.policy, peer, &heads::head(text.as_bytes())) {
            Decision::Admitted(admitted) => self.judge(admitted),
            other @ (Decision::Answer(..) | Decision::Refused(..)) => panic!("{other:?}"),
        }
    }

    /// Checks rows of name, first line, fields, expected status.
    fn check(&mut self, table: &[(&str, &str, &str, u16)]) {
        for (name, line, fields, status) in table {
            let found = self.send(line, fields);
            assert_eq!(found.status(), *status, "{name}: {found:?}");
        }
    }
}

const POST: &str = "POST /mcp";

// API keys.

#[test]
fn api_keys_are_accepted_as_in_the_python_server() {
    let bearer = |rest: &str| format!("Authorization: Bearer{rest}");
    let field = |key: &str| format!("X-Api-Key: {key}");
    let (good, upper) = (bearer(&format!(" {KEY}")), KEY.to_uppercase());
    let basic = format!("Authorization: Basic {}", base64(KEY.as_bytes()));
    World::of(keys(KEY)).check(&[
        ("no credential", POST, "", 401),
        ("Bearer ok", POST, &good, 200),
        ("bearer lower ok", POST, &good.replace("Bearer", "bearer"), 200),
        ("Bearer two spaces", POST, &bearer(&format!("  {KEY}")), 200),
        ("Bearer TAB", POST, &bearer(&format!("\t{KEY}")), 401),
        ("wrong key", POST, &bearer(" wrong"), 401),
        ("Basic", POST, &basic, 401),
        ("bare key", POST, &format!("Authorization: {KEY}"), 401),
        ("X-Api-Key ok", POST, &field(KEY), 200),
        ("x-api-key wrong", POST, &field("wrong"), 401),
        ("Basic + X-Api-Key ok", POST, &format!("{basic}\n{}", field(KEY)), 401),
        ("wrong Bearer + right X-Api-Key", POST, &format!("{}\n{}", bearer(" x"), field(KEY)), 401),
        // Python: 200, the first one counts.
        ("two Authorization good,bad", POST, &format!("{good}\n{}", bearer(" x")), 400),
        // Python: 401.
        ("two Authorization bad,good", POST, &format!("{}\n{good}", bearer(" x")), 400),
        // Python: 500.
        ("non-ascii key", POST, &bearer(" \u{e9}\u{e9}"), 401),
        // Python: 500.
        ("X-Api-Key non-ascii", POST, &field("\u{e9}"), 401),
        ("query ?api_key", &format!("POST /mcp?api_key={KEY}"), "", 401),
        ("Bearer empty", POST, "Authorization: Bearer", 401),
        ("case-changed key", POST, &bearer(&format!(" {upper}")), 401),
        ("key w/ trailing junk", POST, &bearer(&format!(" {KEY}x")), 401),
        ("key without its end", POST, &bearer(&format!(" {}", &KEY[..34])), 401),
        ("no cred GET /health", "GET /health", "", 200),
        // Python: 404.
        ("no cred GET /healthz", "GET /healthz", "", 200),
        // Python: 404.
        ("no cred GET /ready", "GET /ready", "", 200),
        ("metadata", "GET /.well-known/oauth-protected-resource", "", 404),
        ("metadata of mcp", "GET /.well-known/oauth-protected-resource/mcp", "", 404),
        ("server", "GET /.well-known/oauth-authorization-server", "", 404),
        ("openid", "GET /.well-known/openid-configuration", "", 404),
        ("no cred POST /register", "POST /register", "", 404),
        // Python: 401. The route is decided first, and tells nothing that is not written down.
        ("no cred GET /nope", "GET /nope", "", 404),
        ("no cred POST /mcp/", "POST /mcp/", "", 401),
        ("metadata, slash", "GET /.well-known/oauth-protected-resource/", "", 404),
        // Python: 401. The answer is a constant.
        ("no cred OPTIONS /mcp", "OPTIONS /mcp", "", 200),
    ]);
}

#[test]
fn with_a_trusted_platform_only_a_request_without_any_credential_passes() {
    let mut world = World::of(trusting(&format!("main={KEY},ci={OTHER_KEY}")));
    world.check(&[
        ("none", POST, "", 200),
        ("wrong bearer", POST, "Authorization: Bearer wrong", 401),
        ("basic", POST, "Authorization: Basic eDp5", 401),
        ("X-Api-Key wrong", POST, "X-Api-Key: wrong", 401),
        ("X-Api-Key blank", POST, "X-Api-Key:", 200),
        // Python: 200 for these, since it does not look at them.
        ("a client id", POST, "X-Zscaler-Client-ID: id1", 401),
        ("a client secret", POST, "X-Zscaler-Client-Secret:", 401),
        ("Authorization blank", POST, "Authorization:", 401),
        ("the other key", POST, &format!("X-Api-Key: {OTHER_KEY}"), 200),
    ]);
    assert_eq!(world.post("").name(), "api-key:main");
    assert_eq!(World::of(keys(KEY)).post("X-Api-Key:").status(), 401);
}

#[test]
fn each_key_is_a_caller_of_its_own() {
    let mut world = World::of(keys(&format!("ci={KEY},{OTHER_KEY}")));
    assert_eq!(world.bearer(KEY).name(), "api-key:ci");
    let name = world.bearer(OTHER_KEY).name().to_owned();
    assert_eq!((name.len(), &name[..8]), (40, "api-key:"));
    // The same in a process with another key of its own.
    let mut other = World::new(Setup { key: [9; 32], ..setup(keys(OTHER_KEY)) });
    assert_eq!(other.bearer(OTHER_KEY).name(), name);
    assert_eq!(world.asked + other.asked, 0);
    for text in [format!("{:?}", world.gate), format!("{:?}", other.gate)] {
        assert!(!text.contains(KEY) && !text.contains(OTHER_KEY), "{text}");
    }
}

// Tokens.

/// A key that signs for these tests.
fn signer() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn base64url(bytes: &[u8]) -> String {
    base64(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn own_set(ids: &[&str]) -> Vec<u8> {
    let x = base64url(signer().public_key().as_ref());
    let entry = |id: &&str| json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "x": x});
    json!({ "keys": ids.iter().map(entry).collect::<Vec<_>>() }).to_string().into_bytes()
}

/// Returns a token of key `id` with these claims besides the necessary ones.
fn token(id: &str, claims: &Value) -> String {
    let mut all =
        json!({"iss": ISSUER, "aud": AUDIENCE, "exp": UNIX + 100_000, "azp": "app", "sub": "u1"});
    for (name, value) in claims.as_object().unwrap() {
        all[name] = value.clone();
    }
    let header = json!({"alg": "EdDSA", "kid": id}).to_string();
    let signed =
        format!("{}.{}", base64url(header.as_bytes()), base64url(all.to_string().as_bytes()));
    let signature = signer().sign(signed.as_bytes());
    format!("{signed}.{}", base64url(signature.as_ref()))
}

fn with_own(method: Method) -> World {
    let mut world = World::of(method);
    world.provider.keys = Ok(own_set(&["k1"]));
    world
}

/// The token of a row in the vectors.
fn vector(name: &str) -> &'static str {
    let row = VECTORS.lines().find(|line| line.split(' ').next() == Some(name)).unwrap();
    row.rsplit(' ').next().unwrap()
}

/// The rows hold the cases of the Python server and say where its answer differs.
#[test]
fn tokens_are_accepted_and_refused_as_the_vectors_say() {
    let mut count = 0;
    for row in VECTORS.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = row.split(' ').collect();
        let [name, under, _, expected, token] = words[..] else { panic!("{row}") };
        let allowed =
            |algorithms: &[Algorithm]| Rules { algorithms: algorithms.to_vec(), ..rules(&[]) };
        let rules = match under {
            "all" => allowed(&Algorithm::ALL),
            "ps256" => allowed(&[Algorithm::Ps256]),
            "no-audience" => Rules { audience: vec![String::new()], ..rules(&[]) },
            _ => allowed(&[Algorithm::Rs256, Algorithm::Es256]),
        };
        let mut world = World::of(jwt(rules));
        if under == "rotated" {
            world.provider.keys = Ok(ROTATED.into());
        }
        let found = world.bearer(token);
        if expected == "ok" {
            assert_eq!(found.status(), 200, "{name}: {found:?}");
        } else {
            assert_eq!(found.status(), 401, "{name}");
            assert_eq!(
                (found.denial().why, found.denial().refusal),
                (expected, Refusal::Unauthorized)
            );
        }
        // Keys are asked for once at the start, and once more for a key that is not there.
        assert_eq!(world.asked, if expected == "unknown-key" { 2 } else { 1 }, "{name}");
        count += 1;
    }
    assert!(count > 100);
}

#[test]
fn tokens_are_sent_as_bearer_only() {
    let good = token("k1", &json!({}));
    let bearer = format!("Authorization: Bearer {good}");
    with_own(jwt(rules(&[]))).check(&[
        ("no header", POST, "", 401),
        ("valid", POST, &bearer, 200),
        ("valid again", POST, &bearer, 200),
        ("lowercase bearer", POST, &bearer.replace("Bearer", "bearer"), 200),
        ("api key while jwt detected", POST, &format!("Authorization: Bearer {KEY}"), 401),
        ("Basic scheme", POST, "Authorization: Basic eDp5", 401),
        ("another field", POST, &format!("X-Api-Key: {good}"), 401),
        // Python: 200, the first one counts.
        ("two auth headers good first", POST, &format!("{bearer}\nAuthorization: Bearer x"), 400),
        // Python: 200; bounded in size only by what its server reads.
        ("over the size", POST, &format!("{bearer}{}", "x".repeat(16 * 1024)), 401),
    ]);
}

#[test]
fn a_token_names_issuer_client_and_subject() {
    let mut world = with_own(jwt(rules(&[])));
    for (claims, expected) in [
        (json!({}), "https://idp.example/ app u1"),
        (json!({"azp": "a%20b"}), "https://idp.example/ a%2520b u1"),
        (json!({"azp": "a", "sub": "b c"}), "https://idp.example/ a b%20c"),
        (json!({"azp": "a b", "sub": "c"}), "https://idp.example/ a%20b c"),
    ] {
        assert_eq!(world.bearer(&token("k1", &claims)).name(), expected);
    }
    let without = World::of(jwt(rules(&[]))).bearer(vector("no-sub")).name().to_owned();
    assert_eq!(without, "https://idp.example/ client-1 ", "an empty subject, in its place");
}

#[test]
fn a_removed_key_is_refused_at_once_and_a_new_one_accepted_after_one_fetch() {
    let mut world = World::of(jwt(rules(&[])));
    let question = world.gate.due(world.at()).expect("keys are fetched at the start");
    assert!(world.gate.due(world.at()).is_none(), "once");
    assert!(matches!(world.answer(question), Heard::Keys { kept: 1.., .. }));
    world.now = 5_000;
    assert_eq!(world.bearer(vector("valid-rs256")).status(), 200);
    assert_eq!(world.asked, 1);
    world.provider.keys = Ok(ROTATED.into());
    // Python: 401 for the new key within 30 s of the first fetch, and 200 for ever for the old one.
    assert_eq!(world.bearer(vector("new-kid")).status(), 200);
    assert_eq!(world.asked, 2);
    assert_eq!(world.bearer(vector("valid-rs256")).denial().why, "a key that the issuer took away");
    assert_eq!(world.asked, 2, "and nobody is asked for it within the interval");
}

#[test]
fn keys_are_renewed_before_anybody_waits_and_outlast_a_provider_that_is_down() {
    let mut world = with_own(jwt(rules(&[])));
    let good = token("k1", &json!({}));
    assert_eq!(world.bearer(&good).status(), 200);
    world.provider.keys = Err("down");
    let hour = 3_600_000;
    for (now, due) in
        [(hour - 1, false), (hour, true), (hour + 29_999, false), (hour + 30_000, true)]
    {
        world.now = now;
        let question = world.gate.due(world.at());
        assert_eq!(question.is_some(), due, "{now}");
        question.map(|question| world.answer(question));
        assert_eq!(world.bearer(&good).status(), 200, "{now}");
    }
    world.now = 4 * hour;
    // Python: 401.
    let found = world.bearer(&good);
    assert_eq!((found.status(), found.denial().why), (503, "no keys of the issuer"));
    assert_eq!(found.challenge(), "none");
    world.provider.keys = Ok(own_set(&["k1"]));
    assert_eq!(world.bearer(&good).status(), 503, "the failure is remembered");
    world.now += 30_000;
    assert_eq!(world.bearer(&good).status(), 200);
}

#[test]
fn a_bad_document_is_no_reason_to_forget_the_keys_but_an_empty_one_is() {
    let mut world = with_own(jwt(rules(&[])));
    let good = token("k1", &json!({}));
    for (now, document, heard, status) in [
        (0, own_set(&["k1"]), Heard::Keys { kept: 1, skipped: 0, secrets: 0 }, 200),
        (3_600_000, b"<html>".to_vec(), Heard::NoKeys("not JSON within the bounds"), 200),
        (3_630_000, own_set(&["k2"]), Heard::Keys { kept: 1, skipped: 0, secrets: 0 }, 401),
        (7_230_000, own_set(&["k1"]), Heard::Keys { kept: 1, skipped: 0, secrets: 0 }, 200),
        (10_830_000, b"{\"keys\":[]}".to_vec(), Heard::NoKeys("no key that can be used"), 503),
    ] {
        world.now = now;
        world.provider.keys = Ok(document);
        let question = world.gate.due(world.at()).unwrap_or_else(|| panic!("due at {now}"));
        assert_eq!(world.answer(question), heard, "{now}");
        // The token of an unknown key may have the keys asked for once more.
        assert_eq!(world.bearer(&good).status(), status, "{now}");
    }
}

#[test]
fn ten_thousand_unknown_keys_cause_two_questions() {
    let mut world = with_own(jwt(rules(&[])));
    let question = world.gate.due(world.at()).unwrap();
    world.answer(question);
    for n in 0..10_000 {
        world.now = n * 3 - n % 2;
        let found = world.bearer(&token(&format!("no{n}"), &json!({})));
        // Later the key may be one that the issuer made meanwhile.
        assert_eq!(found.status(), if world.now < 5_000 { 401 } else { 503 }, "{}", world.now);
        assert!(world.gate.due(world.at()).is_none());
    }
    assert_eq!(world.asked, 2, "within 30 seconds");
    world.now = 30_000;
    assert_eq!(world.bearer(&token("no", &json!({}))).status(), 401);
    assert_eq!(world.asked, 3);
}

#[test]
fn a_stranger_cannot_have_a_new_key_refused() {
    let mut world = with_own(jwt(rules(&[])));
    let question = world.gate.due(world.at()).unwrap();
    world.answer(question);
    world.now = 60_000;
    assert_eq!(world.bearer(&token("made-up", &json!({}))).status(), 401);
    world.provider.keys = Ok(own_set(&["k2"]));
    let renewed = token("k2", &json!({}));
    for (now, status) in [(70_000, 503), (89_999, 503), (90_000, 200), (90_001, 200)] {
        world.now = now;
        let found = world.bearer(&renewed);
        assert_eq!(found.status(), status, "{now}");
    }
}

#[test]
fn a_token_of_a_key_that_was_taken_away_is_renewed_at_once() {
    let mut world = with_own(jwt(rules(&[])));
    let old = token("k1", &json!({}));
    assert_eq!(world.bearer(&old).status(), 200);
    world.provider.keys = Ok(own_set(&["k2"]));
    world.now = 60_000;
    assert_eq!(world.bearer(&token("k2", &json!({}))).status(), 200);
    for now in [60_001, 66_000, 89_000, 200_000] {
        world.now = now;
        let found = world.bearer(&old);
        assert_eq!((found.status(), found.denial().delay_ms), (401, 0), "{now}");
    }
    assert_eq!(world.asked, 2);
    // Whoever only names that key is guessing.
    let forged = format!("{}A", &old[..old.len() - 1]);
    let delays: Vec<u64> = (0..4).map(|_| world.bearer(&forged).denial().delay_ms).collect();
    assert_eq!(delays, [0, 0, 250, 500]);
}

#[test]
fn tokens_that_the_issuer_did_sign_are_no_attempts() {
    let mut world = limited(jwt(rules(&[])), 0, 3);
    world.provider.keys = Ok(own_set(&["k1"]));
    assert_eq!(world.bearer(&token("k1", &json!({}))).status(), 200);
    for claims in [json!({"exp": UNIX - 60}), json!({"aud": "else"}), json!({"iss": "else"})] {
        for _ in 0..30 {
            let found = world.bearer(&token("k1", &claims));
            let denial = found.denial();
            assert_eq!((found.status(), denial.delay_ms), (401, 0), "{claims}");
        }
    }
}

#[test]
fn one_question_is_out_and_the_others_wait_for_it() {
    let mut world = with_own(jwt(rules(&[])));
    let field = format!("Authorization: Bearer {}", token("k1", &json!({})));
    let Verdict::Undecided(first, Some(Question::Keys)) = world.verdict(&field) else { panic!() };
    let Verdict::Undecided(second, None) = world.verdict(&field) else { panic!() };
    assert!(world.gate.due(world.at()).is_none());
    world.answer(Question::Keys);
    for admitted in [first, second] {
        assert!(matches!(world.judge(admitted), Verdict::Accepted(_)));
    }
    // Callers whose keys are there do not wait while somebody asks for others.
    let unknown = format!("Authorization: Bearer {}", token("k2", &json!({})));
    assert!(matches!(world.verdict(&unknown), Verdict::Undecided(_, Some(_))));
    assert!(matches!(world.verdict(&unknown), Verdict::Undecided(_, None)));
    assert!(matches!(world.verdict(&field), Verdict::Accepted(_)));
}

// OAuth clients.

const REALM: &str = r#"Bearer realm="zscaler-mcp""#;

#[test]
fn challenges_say_what_is_needed_and_nothing_that_was_sent() {
    let (plain, scoped) = (token("k1", &json!({})), token("k1", &json!({"scope": "mcp.read x"})));
    let bad = format!("{plain}x");
    let place = r#"resource_metadata="https://h.example/.well-known/oauth-protected-resource/mcp""#;
    let (base, scope) = ("https://h.example/mcp", r#"scope="mcp.read""#);
    let invalid = format!(r#"{REALM}, error="invalid_token""#);
    let lacking = format!(r#"{REALM}, error="insufficient_scope", {scope}"#);
    let read = &["mcp.read"][..];
    for (name, method, sent, status, expected) in [
        ("jwt, none", jwt(rules(&[])), "", 401, REALM.to_owned()),
        ("jwt, bad", jwt(rules(&[])), &bad, 401, invalid.clone()),
        ("jwt, scope, none", jwt(rules(read)), "", 401, REALM.to_owned()),
        ("jwt, scope, lacking", jwt(rules(read)), &plain, 403, lacking.clone()),
        ("jwt, scope", jwt(rules(read)), &scoped, 200, String::new()),
        ("oidc, none", oidc(base, &[]), "", 401, format!("{REALM}, {place}")),
        ("oidc, bad", oidc(base, &[]), &bad, 401, format!("{invalid}, {place}")),
        ("oidc, scope, none", oidc(base, read), "", 401, format!("{REALM}, {scope}, {place}")),
        ("oidc, scope, bad", oidc(base, read), &bad, 401, format!("{invalid}, {scope}, {place}")),
        ("oidc, scope, lacking", oidc(base, read), &plain, 403, format!("{lacking}, {place}")),
        ("oidc, scope", oidc(base, read), &scoped, 200, String::new()),
        ("keys, none", keys(KEY), "", 401, REALM.to_owned()),
        ("keys, bad", keys(KEY), "x", 401, REALM.to_owned()),
    ] {
        let mut world = with_own(method);
        let found = if sent.is_empty() { world.post("") } else { world.bearer(sent) };
        assert_eq!(found.status(), status, "{name}: {found:?}");
        if status != 200 {
            assert_eq!(found.challenge(), expected, "{name}");
        }
    }
}

#[test]
fn a_caller_with_another_scheme_is_told_the_right_one_without_an_error() {
    let basic = r#"Basic realm="zscaler-mcp", charset="UTF-8""#;
    for (name, method, sent, expected) in [
        ("jwt", jwt(rules(&[])), "Basic eDp5", REALM),
        ("keys", keys(KEY), "Basic eDp5", REALM),
        ("pairs", pairs(&[], None), "Bearer x", basic),
        ("pairs, malformed", pairs(&[], None), "Basic x", basic),
    ] {
        let found = World::of(method).post(&format!("Authorization: {sent}"));
        assert_eq!((found.status(), found.challenge()), (401, expected), "{name}");
    }
}

#[test]
fn oauth_clients_find_the_issuer_and_send_its_tokens() {
    let text = |claims: Value| format!("Authorization: Bearer {}", token("k1", &claims));
    let root = "GET /.well-known/oauth-protected-resource";
    let mut world = with_own(oidc("http://localhost:8000", &[]));
    world.check(&[
        ("metadata", root, "", 200),
        ("metadata of mcp", &format!("{root}/mcp"), "", 404),
        // Python: 200; it drops the slash first.
        ("metadata, slash", &format!("{root}/"), "", 404),
        ("server", "GET /.well-known/oauth-authorization-server", "", 404),
        ("openid", "GET /.well-known/openid-configuration", "", 404),
        ("authorize", "GET /authorize", "", 404),
        ("token", "GET /token", "", 404),
        ("register", "GET /register", "", 404),
        // Python: 200.
        ("Origin evil", &root.replace("GET", "OPTIONS"), "Origin: https://evil.com", 403),
        ("no token", POST, "", 401),
        ("valid aud", POST, &text(json!({})), 200),
        ("another aud", POST, &text(json!({"aud": "app1"})), 401),
        ("expired", POST, &text(json!({"exp": UNIX - 60})), 401),
        ("scope present", POST, &text(json!({"scope": "mcp.read"})), 200),
        ("scope list", POST, &text(json!({"scp": ["mcp.read"]})), 200),
        ("garbage", POST, "Authorization: Bearer garbage", 401),
        // Python: 200, for ever.
        ("no exp", POST, &text(json!({"exp": null})), 401),
        // Python: 405, before it looks for a token.
        ("no token, GET /mcp", "GET /mcp", "", 401),
        ("no token, GET /nope", "GET /nope", "", 404),
    ]);
    // Python: 200.
    let evil = world.raw(b"GET /.well-known/oauth-protected-resource\nHost: evil.com\n");
    assert_eq!(evil.status(), 421);
    let mut world = with_own(oidc("https://mcp.acme.com/mcp", &["mcp.read"]));
    world.check(&[
        // Python: 404. Clients that do not look behind the path find it as well.
        ("metadata", root, "", 200),
        ("metadata of mcp", &format!("{root}/mcp"), "", 200),
        ("metadata, slash", &format!("{root}/"), "", 404),
        ("no token", POST, "", 401),
        ("valid aud", POST, &text(json!({})), 403),
        ("another aud", POST, &text(json!({"aud": "app1"})), 401),
        ("expired", POST, &text(json!({"exp": UNIX - 60})), 401),
        ("scope present", POST, &text(json!({"scope": "mcp.read"})), 200),
        ("scope list", POST, &text(json!({"scp": ["a", "mcp.read"]})), 200),
        ("a longer scope", POST, &text(json!({"scope": "mcp.readx"})), 403),
        ("garbage", POST, "Authorization: Bearer garbage", 401),
        // Python: 403.
        ("no exp", POST, &text(json!({"exp": null})), 401),
    ]);
    assert!(World::of(keys(KEY)).gate.metadata().is_none());
    assert!(World::of(jwt(rules(&[]))).gate.metadata().is_none());
}

// Client id and secret.

/// A row: name, fields, status, how many questions it caused.
type Row<'a> = (&'a str, String, u16, usize);

fn check_pairs(world: &mut World, table: &[Row<'_>]) {
    for (name, fields, status, asked) in table {
        let before = world.asked;
        let found = world.post(fields);
        assert_eq!(found.status(), *status, "{name}: {found:?}");
        assert_eq!(world.asked - before, *asked, "{name}");
    }
}

fn basic(pair: &str) -> String {
    format!("Authorization: Basic {}", base64(pair.as_bytes()))
}

fn both(id: &str, secret: &str) -> String {
    format!("X-Zscaler-Client-ID: {id}\nX-Zscaler-Client-Secret: {secret}")
}

#[test]
fn pairs_are_accepted_as_in_the_python_server() {
    let mut world = World::of(pairs(&[], None));
    check_pairs(
        &mut world,
        &[
            ("no credential", String::new(), 401, 0),
            ("Basic good", basic("id1:good"), 200, 1),
            ("Basic good again (cached)", basic("id1:good"), 200, 0),
            ("X-Zscaler headers good (same cache)", both("id1", "good"), 200, 0),
            ("X-Zscaler good, other id", both("id2", "other"), 200, 1),
            ("Basic bad", basic("id1:bad"), 401, 1),
            // Python: asks again each time.
            ("Basic bad again", basic("id1:bad"), 401, 0),
            ("secret with colon", basic("a:b:c"), 200, 1),
            ("basic lowercase", basic("id1:good").replace("Basic", "basic"), 200, 0),
            ("basic invalid b64", "Authorization: Basic !!!".to_owned(), 401, 0),
            ("basic no colon", basic("id1"), 401, 0),
            ("basic empty secret", basic("id1:"), 401, 0),
            ("basic empty id", basic(":good"), 401, 0),
            ("basic non-utf8", format!("Authorization: Basic {}", base64(b"\xff:good")), 401, 0),
            ("basic a control", basic("id1:go\nod"), 401, 0),
            // Python: 200; it skips them.
            ("basic b64 with junk chars", basic("id1:good").replace("aWQ", "aW!Q"), 401, 0),
            ("basic without padding", basic("id1:good2").trim_end_matches('=').into(), 401, 1),
            ("Bearer", "Authorization: Bearer x".to_owned(), 401, 0),
            ("only X-Zscaler-Client-ID", "X-Zscaler-Client-ID: id1".to_owned(), 401, 0),
            ("only the secret", "X-Zscaler-Client-Secret: good".to_owned(), 401, 0),
            (
                "half a pair + good Basic",
                format!("X-Zscaler-Client-ID: id1\n{}", basic("id1:good")),
                401,
                0,
            ),
            (
                "bad X-Zscaler + good Basic",
                format!("{}\n{}", both("id1", "bad2"), basic("id1:good")),
                401,
                1,
            ),
            ("an API key", format!("X-Api-Key: {KEY}"), 401, 0),
        ],
    );
    assert_eq!(world.basic("id1", "good").name(), "zscaler:id1");
}

#[test]
fn a_provider_that_cannot_say_is_no_refusal() {
    // Python: 401 for all of them.
    for why in ["status 500", "status 429", "no token", "not JSON"] {
        let mut world = World::of(pairs(&[], None));
        world.provider.pair = |_, _| PairTold::Unavailable("no");
        let found = world.basic("id1", "good");
        assert_eq!((found.status(), found.challenge()), (503, "none"), "{why}");
        world.provider.pair = tenant;
        assert_eq!((world.basic("id1", "good").status(), world.asked), (503, 1), "remembered");
        world.now = 2_000;
        assert_eq!((world.basic("id1", "good").status(), world.asked), (200, 2));
    }
}

#[test]
fn a_pair_is_good_no_longer_than_its_token() {
    let mut world = World::of(pairs(&[], None));
    world.provider.pair = |_, _| PairTold::Accepted { expires_in: 5 };
    for (now, asked) in [(0, 1), (2_499, 1), (2_500, 2), (5_000, 3)] {
        world.now = now;
        assert_eq!(world.basic("id1", "good").status(), 200);
        assert_eq!(world.asked, asked, "{now}");
    }
    // Python: 200 for an hour after the first.
    world.provider.pair = |_, _| PairTold::Refused;
    world.now = 7_500;
    assert_eq!(world.basic("id1", "good").status(), 401);
    // A token that has ended is no answer.
    world.provider.pair = |_, _| PairTold::Accepted { expires_in: 0 };
    assert_eq!(world.basic("id9", "good").status(), 503);
    // A refusal is forgotten soon.
    world.provider.pair = tenant;
    for (now, status) in [(37_499, 401), (37_500, 200)] {
        world.now = now;
        assert_eq!(world.basic("id1", "good").status(), status, "{now}");
    }
}

#[test]
fn with_a_trusted_platform_a_malformed_pair_is_still_refused() {
    let mut world = World::of(pairs(&[], Some("own")));
    check_pairs(
        &mut world,
        &[
            ("none", String::new(), 200, 0),
            // Python: 200 for the next four.
            ("Bearer junk", "Authorization: Bearer junk".to_owned(), 401, 0),
            ("Basic no colon", basic("id1"), 401, 0),
            ("Basic invalid b64", "Authorization: Basic !!".to_owned(), 401, 0),
            ("only client id header", "X-Zscaler-Client-ID: id1".to_owned(), 401, 0),
            ("Basic wrong creds", basic("id1:bad"), 401, 1),
            ("an empty field", "Authorization:".to_owned(), 401, 0),
            ("an API key", "X-Api-Key: x".to_owned(), 401, 0),
        ],
    );
    assert_eq!(world.post("").name(), "zscaler:own");
}

#[test]
fn the_colon_does_not_mix_up_two_pairs() {
    let mut world = World::of(pairs(&[], None));
    assert_eq!(world.basic("a", "b:c").name(), "zscaler:a");
    // Python: one entry of its cache for both.
    let found = world.post(&both("a:b", "c"));
    assert_eq!((found.status(), world.asked), (401, 2));
}

#[test]
fn clients_that_are_not_listed_are_not_asked_for() {
    let mut world = World::of(pairs(&["id2"], None));
    assert_eq!(world.basic("id1", "good").status(), 401);
    assert_eq!((world.basic("id2", "other").status(), world.asked), (200, 1));
}

#[test]
fn pairs_are_asked_for_once_at_a_time_and_so_many_together() {
    let mut world = World::of(pairs(&[], None));
    let mut waiting = Vec::new();
    for n in 0..64 {
        let Verdict::Undecided(admitted, Some(question)) =
            world.verdict(&both(&format!("i{n}"), "s"))
        else {
            panic!("{n}")
        };
        waiting.push((admitted, question));
    }
    let Verdict::Refused(denial) = world.verdict(&both("id1", "good")) else { panic!() };
    assert_eq!(denial.refusal, Refusal::Undecided);
    assert!(matches!(world.verdict(&both("i3", "s")), Verdict::Undecided(_, None)));
    let text = format!("{waiting:?}");
    assert!(!text.contains("good"), "{text}");
    let (admitted, question) = waiting.remove(0);
    world.answer(question);
    assert!(matches!(world.judge(admitted), Verdict::Refused(_)));
    assert_eq!(world.basic("id1", "good").status(), 200, "one place is free");
    // Questions whose answers never came do not fill it for ever.
    world.now = 60_000;
    assert!(matches!(world.verdict(&both("i3", "s")), Verdict::Undecided(_, Some(_))));
    drop(waiting);
}

#[test]
fn the_memory_of_pairs_is_bounded() {
    let mut world = World::of(pairs(&[], None));
    world.provider.pair = |_, _| PairTold::Accepted { expires_in: 3_600 };
    for n in 0..1_024 {
        assert_eq!(world.basic("id", &format!("s{n}")).status(), 200);
    }
    assert_eq!((world.basic("id", "s0").status(), world.asked), (200, 1_024));
    assert_eq!((world.basic("id", "one more").status(), world.asked), (200, 1_025));
    assert_eq!((world.basic("id", "s1").status(), world.asked), (200, 1_025));
    assert_eq!((world.basic("id", "s0").status(), world.asked), (200, 1_026), "forgotten");
}

// Bounds.

fn limited(method: Method, requests_per_second: u32, failures: u32) -> World {
    World::new(Setup { limits: Limits { requests_per_second, failures }, ..setup(method) })
}

#[test]
fn wrong_keys_of_one_address_become_slow_and_are_then_refused() {
    let mut world = limited(keys(KEY), 0, 10);
    let mut delays = Vec::new();
    for n in 0..10 {
        world.now = n * 1_000;
        let found = world.bearer("wrong");
        assert_eq!(found.status(), 401);
        delays.push(found.denial().delay_ms);
    }
    assert_eq!(delays, [0, 0, 250, 500, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
    world.now = 10_000;
    let found = world.bearer("wrong");
    assert_eq!((found.status(), found.denial().retry_after), (429, Some(50)));
    assert_eq!((found.denial().delay_ms, found.challenge()), (0, "none"));
    // Others at that address are not locked out, nor told more than before.
    assert_eq!(world.bearer(KEY).status(), 200);
    assert_eq!(world.post("").status(), 401);
    world.peer = "::ffff:192.0.2.7";
    assert_eq!(world.bearer("wrong").status(), 429, "the other spelling of the address");
    world.peer = "192.0.2.8";
    assert_eq!(world.bearer("wrong").status(), 401);
    world.peer = PEER;
    world.now = 60_000;
    assert_eq!(world.bearer("wrong").denial().delay_ms, 0, "the window is over");
}

#[test]
fn who_sends_no_credential_does_not_fail() {
    let mut world = limited(jwt(rules(&[])), 0, 1);
    for _ in 0..50 {
        let found = world.post("");
        assert_eq!((found.status(), found.denial().delay_ms), (401, 0));
        assert_eq!(world.post("Authorization: Basic eDp5").status(), 401);
    }
    assert_eq!(world.bearer("x").status(), 401);
    assert_eq!(world.bearer("x").status(), 429);
}

#[test]
fn nothing_is_asked_for_an_address_that_failed_too_often() {
    let mut world = limited(pairs(&[], None), 0, 2);
    assert_eq!(world.basic("id2", "other").status(), 200);
    for n in 0..2 {
        assert_eq!(world.basic("id1", &format!("guess{n}")).status(), 401);
    }
    assert_eq!(world.asked, 3);
    let found = world.basic("id1", "good");
    assert_eq!((found.status(), found.denial().retry_after), (429, Some(60)));
    assert_eq!(world.asked, 3);
    assert_eq!(world.basic("id2", "other").status(), 200, "known to be good");
    world.peer = "2001:db8:0:1::1";
    assert_eq!(world.basic("id1", "good").status(), 200);

    let mut world = limited(jwt(rules(&[])), 0, 1);
    world.provider.keys = Ok(own_set(&["k1"]));
    assert_eq!(world.bearer("junk").status(), 401);
    assert_eq!(world.bearer(&token("k2", &json!({}))).status(), 429);
    assert_eq!(world.asked, 1);
    assert_eq!(world.bearer(&token("k1", &json!({}))).status(), 200);
}

#[test]
fn the_table_of_addresses_is_bounded() {
    let mut world = limited(keys(KEY), 0, 1);
    assert_eq!(world.bearer("wrong").status(), 401);
    assert_eq!(world.bearer("wrong").status(), 429);
    let fail = |world: &World, n: u16| {
        let peer: IpAddr = format!("2001:db8:{n:x}::1").parse().unwrap();
        let head = format!(
            "POST /mcp\nHost: mcp.acme.com\nContent-Type: application/json\nAccept: */*\nX-Api-Key: x{n}"
        );
        let Decision::Admitted(admitted) =
            decide(&world.policy, peer, &heads::head(head.as_bytes()))
        else {
            panic!()
        };
        assert!(matches!(world.judge(admitted), Verdict::Refused(_)));
    };
    for n in 0..4_095 {
        fail(&world, n);
    }
    assert_eq!(world.bearer("wrong").status(), 429);
    fail(&world, 5_000);
    assert_eq!(world.bearer("wrong").status(), 401, "forgotten");
}

#[test]
fn requests_of_one_caller_have_a_rate() {
    let mut world = limited(keys(&format!("a={KEY},b={OTHER_KEY}")), 5, 0);
    for _ in 0..10 {
        assert_eq!(world.bearer(KEY).status(), 200);
    }
    let found = world.bearer(KEY);
    assert_eq!((found.status(), found.denial().retry_after), (429, Some(1)));
    assert_eq!((found.denial().refusal, found.challenge()), (Refusal::Rate, "none"));
    world.peer = "192.0.2.8";
    assert_eq!(world.bearer(KEY).status(), 429, "wherever it comes from");
    assert_eq!(world.bearer(OTHER_KEY).status(), 200);
    world.now = 200;
    assert_eq!((world.bearer(KEY).status(), world.bearer(KEY).status()), (200, 429));
    // Where nobody is asked for a name, one address does not use up what others have.
    let mut world = limited(Method::Open, 1, 0);
    assert_eq!(
        [world.post("").status(), world.post("").status(), world.post("").status()],
        [200, 200, 429]
    );
    world.peer = "192.0.2.8";
    assert_eq!(world.post("").name(), "anonymous");
}

#[test]
fn an_open_gate_asks_nobody() {
    let world = World { gate: Gate::open(), ..World::of(Method::Open) };
    for fields in ["", "Authorization: Bearer x", "X-Api-Key: \u{e9}"] {
        let Verdict::Accepted(authorized) = world.verdict(fields) else { panic!("{fields}") };
        assert_eq!(authorized.principal().name(), "anonymous");
        assert!(!authorized.grant().is_partial());
    }
    assert!(world.gate.due(world.at()).is_none() && world.gate.metadata().is_none());
    let heard = world.gate.told(Told::Keys(Err("x")), world.at());
    assert_eq!(heard, Heard::Unasked);
}

// Certificates.

#[test]
fn a_certificate_names_the_caller_alone_or_together_with_a_credential() {
    let mut world = World::of(Method::Certificate);
    for missing in [None, Some("")] {
        world.certificate = missing;
        let found = world.post("");
        assert_eq!((found.status(), found.challenge()), (403, "none"));
        assert_eq!(found.denial().refusal, Refusal::Certificate);
    }
    world.certificate = Some("CN=agent, O=Acme");
    assert_eq!(world.post("").name(), "certificate:CN=agent,%20O=Acme");

    let mut world = World::new(Setup { certificate: true, ..setup(keys(&format!("ci={KEY}"))) });
    assert_eq!(world.bearer(KEY).status(), 403);
    world.certificate = Some("agent");
    assert_eq!(world.post("").status(), 401);
    assert_eq!(world.bearer("wrong").status(), 401);
    assert_eq!(world.bearer(KEY).name(), "certificate:agent api-key:ci");

    let mut world = World::new(Setup { certificate: true, ..setup(jwt(rules(&[]))) });
    world.provider.keys = Ok(own_set(&["k1"]));
    world.certificate = Some("agent");
    let name = world.bearer(&token("k1", &json!({}))).name().to_owned();
    assert_eq!(name, "certificate:agent https://idp.example/ app u1");
    // A certificate that nobody asked for says nothing.
    let mut world = World::of(Method::Open);
    world.certificate = Some("agent");
    assert_eq!(world.post("").name(), "anonymous");
}

// Grants.

#[test]
fn grants_that_cannot_be_read_say_which_entry_and_why() {
    for (name, text, expected) in [
        ("nothing", "", (0, Fault::Empty)),
        ("separators", " ; ;", (0, Fault::Empty)),
        ("no tools", "*", (1, Fault::Form)),
        ("empty tools", "*=", (1, Fault::Tools)),
        ("an empty glob", "*=zia_*|", (1, Fault::Tools)),
        ("capitals", "*=ZIA_*", (1, Fault::Tools)),
        ("an open bracket", "*=zia_[a", (1, Fault::Tools)),
        ("a comma", "*=zia_a,zia_b", (1, Fault::Tools)),
        ("no verb", "*=*:", (1, Fault::Verb)),
        ("an unknown verb", "*=*:reads", (1, Fault::Verb)),
        ("one good, one bad verb", "*=*:read+x", (1, Fault::Verb)),
        ("nobody", "=*", (1, Fault::Who)),
        ("an unknown kind", "group:a=*", (1, Fault::Who)),
        ("no name", "scope:=*", (1, Fault::Who)),
        ("a blank in a name", "principal:a b=*", (1, Fault::Who)),
        ("an open bracket of a name", "principal:[a=*", (1, Fault::Who)),
        ("a kind in capitals", "Scope:a=*", (1, Fault::Who)),
        ("the second entry", "*=*;;scope:a", (2, Fault::Form)),
    ] {
        let found = Grants::parse(text).map(|_| ()).unwrap_err();
        let (entry, fault) = expected;
        assert_eq!(found, BadGrant { entry, fault }, "{name}");
        assert!(found.to_string().contains("entr"), "{found}");
    }
    let many = vec!["*=*"; 1_025].join(";");
    assert_eq!(Grants::parse(&many).unwrap_err().fault, Fault::TooMany);
    assert!(Grants::parse(&many[4..]).is_ok());
}

#[test]
fn a_caller_may_use_what_an_entry_that_fits_it_allows() {
    let text = "scope:zia = zia_list_* | zia_get_?[!x]* ; principal:api-key:c*=zpa_*:write; \
                principal:*CN=a=*_one:all; scope:none=*";
    let world = |text: &str| {
        let (grants, method) = (Grants::parse(text).unwrap(), jwt(rules(&[])));
        let mut world = World::new(Setup { grants, ..setup(method) });
        world.provider.keys = Ok(own_set(&["k1"]));
        world
    };
    let grant = |found: &Outcome| {
        let Outcome::Accepted(_, grant) = found else { panic!("{found:?}") };
        grant.clone()
    };
    let scoped = grant(&world(text).bearer(&token("k1", &json!({"scope": "a zia"}))));
    let nothing = grant(&world(text).bearer(&token("k1", &json!({}))));
    let everybody = grant(&world("*=*:read+update").bearer(&token("k1", &json!({}))));
    let (grants, method) = (Grants::parse(text).unwrap(), keys(&format!("ci={KEY}")));
    let keyed = grant(&World::new(Setup { grants, ..setup(method) }).bearer(KEY));
    let mut world =
        World::new(Setup { grants: Grants::parse(text).unwrap(), ..setup(Method::Certificate) });
    world.certificate = Some("O=b,CN=a");
    let certified = grant(&world.post(""));
    for (name, grant, tool, deed, expected) in [
        ("a glob", &scoped, "zia_list_rules", Deed::Read, true),
        ("the second glob", &scoped, "zia_get_ab", Deed::Read, true),
        ("a letter that it leaves out", &scoped, "zia_get_ax", Deed::Read, false),
        ("another tool", &scoped, "zpa_list_rules", Deed::Read, false),
        ("reading is not creating", &scoped, "zia_list_rules", Deed::Create, false),
        ("a glob covers the whole name", &scoped, "xzia_list_rules", Deed::Read, false),
        ("no entry fits", &nothing, "zia_list_rules", Deed::Read, false),
        ("write is create", &keyed, "zpa_add_rule", Deed::Create, true),
        ("write is update", &keyed, "zpa_add_rule", Deed::Update, true),
        ("write is delete", &keyed, "zpa_add_rule", Deed::Delete, true),
        ("write is not read", &keyed, "zpa_add_rule", Deed::Read, false),
        ("all", &certified, "zia_one", Deed::Delete, true),
        ("all, another tool", &certified, "zia_two", Deed::Read, false),
        ("everybody", &everybody, "any", Deed::Update, true),
        ("everybody, another deed", &everybody, "any", Deed::Delete, false),
        ("nothing is written", &Grant::everything(), "any", Deed::Delete, true),
    ] {
        assert_eq!(grant.allows(tool, deed), expected, "{name}");
        assert!(grant.is_partial() || name == "nothing is written", "{name}");
    }
}
