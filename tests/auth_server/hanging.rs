//! Providers that accept connections and never answer, and keys that change under way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::client::{AUDIENCE, Client, ISSUER, Signer, basic, published};
use crate::common::PATIENCE;
use crate::demo;
use crate::provider::{Provider, Said};

/// A question to a provider that hangs takes ten seconds; whoever does not wait for it is faster.
const SOON: Duration = Duration::from_secs(2);
const STRANGERS: usize = 40;
const GOOD_CONNECTIONS: usize = 4;
const REQUESTS_EACH: usize = 250;
/// Questions that are out at once.
const OUT: usize = 4;

#[test]
fn pairs_whose_questions_hang_delay_no_known_pair() {
    let provider = Provider::start(|request| {
        if request.contains("client_id=good") {
            return Said::Json(200, r#"{"access_token":"t","expires_in":3600}"#.to_owned());
        }
        Said::Silence
    });
    let token = provider.at("/oauth2/v1/token");
    let server = demo(&[
        ("ZSCALER_MCP_AUTH_MODE", "zscaler"),
        ("ZSCALER_MCP_TOKEN_URL", &token),
        ("ZSCALER_MCP_RATE_LIMIT", "0"),
    ]);
    let address = server.address;
    let good = basic("good", "good-secret-of-a-client");
    let good = [("Authorization", good.as_str())];
    assert_eq!(Client::to(address).discover(&good), 200);
    let started = Instant::now();
    let strangers: Vec<_> = (0..STRANGERS)
        .map(|number| {
            let mut client = Client::to(address);
            let pair = basic(&format!("stranger-{number}"), "some-secret");
            client.send(&[("Authorization", &pair)], "server/discover", serde_json::json!({}));
            client
        })
        .collect();
    provider.wait_held(OUT);
    std::thread::scope(|scope| {
        for _ in 0..GOOD_CONNECTIONS {
            scope.spawn(|| {
                let mut client = Client::to(address);
                for number in 0..REQUESTS_EACH {
                    let asked = Instant::now();
                    assert_eq!(client.discover(&good), 200, "request {number}");
                    let took = asked.elapsed();
                    assert!(took < SOON, "request {number} took {took:?}");
                }
            });
        }
    });
    let asked = Instant::now();
    assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
    assert!(asked.elapsed() < SOON);
    for mut stranger in strangers {
        let answer = stranger.hear();
        assert!(matches!(answer.status, 503 | 429), "{answer:?}");
        assert!(answer.field("retry-after").is_some(), "{answer:?}");
    }
    assert!(started.elapsed() < PATIENCE);
    assert_eq!(Client::to(address).discover(&good), 200);
    assert!(provider.asked("POST /oauth2") <= STRANGERS + 1, "each pair is asked for once");
}

const FIRST: Signer = Signer("first", 1);
const STAYS: Signer = Signer("stays", 2);
const NEXT: Signer = Signer("next", 3);
const NEVER: Signer = Signer("never", 4);

fn bearer(signer: Signer) -> String {
    format!("Bearer {}", signer.token("someone"))
}

/// Lets callers of a known key ask as long as `during` runs; none is refused, each is answered
/// soon.
fn while_others_ask(address: std::net::SocketAddr, during: impl FnOnce()) {
    let value = bearer(STAYS);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..GOOD_CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::to(address);
                    let mut count = 0;
                    while !over.load(Ordering::Relaxed) || count == 0 {
                        let asked = Instant::now();
                        assert_eq!(client.discover(&[("Authorization", &value)]), 200);
                        assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
                        count += 1;
                    }
                })
            })
            .collect();
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(during));
        over.store(true, Ordering::Relaxed);
        for asking in asking {
            asking.join().unwrap();
        }
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// Starts a server whose issuer says what stands in the text, or nothing when there is none.
fn issuer(set: &Arc<Mutex<Option<String>>>) -> (Provider, crate::common::Server) {
    let said = Arc::clone(set);
    let provider = Provider::start(move |_request| match &*said.lock().unwrap() {
        Some(text) => Said::Json(200, text.clone()),
        None => Said::Silence,
    });
    let keys = provider.at("/keys");
    let server = demo(&[
        ("ZSCALER_MCP_AUTH_MODE", "jwt"),
        ("ZSCALER_MCP_AUTH_JWKS_URI", &keys),
        ("ZSCALER_MCP_AUTH_ISSUER", ISSUER),
        ("ZSCALER_MCP_AUTH_AUDIENCE", AUDIENCE),
        ("ZSCALER_MCP_AUTH_ALGORITHMS", "EdDSA"),
        ("ZSCALER_MCP_RATE_LIMIT", "0"),
    ]);
    (provider, server)
}

#[test]
fn keys_change_while_requests_go_on_and_a_removed_key_is_refused_at_once() {
    let set = Arc::new(Mutex::new(Some(published(&[FIRST, STAYS]))));
    let (provider, server) = issuer(&set);
    let address = server.address;
    let status = |signer| Client::to(address).discover(&[("Authorization", &bearer(signer))]);
    assert_eq!(status(FIRST), 200);
    while_others_ask(address, || {
        *set.lock().unwrap() = Some(published(&[STAYS, NEXT]));
        assert_eq!(status(FIRST), 200, "nobody has asked yet");
        assert_eq!(status(NEXT), 200, "a new key is asked for at once");
        for _ in 0..3 {
            assert_eq!(status(FIRST), 401, "the removed key");
            assert_eq!(status(NEXT), 200);
        }
    });
    assert_eq!(provider.asked("GET /keys"), 2);
}

#[test]
fn with_a_provider_that_hangs_known_keys_go_on_and_an_unknown_one_is_undecided() {
    let set = Arc::new(Mutex::new(Some(published(&[STAYS]))));
    let (provider, server) = issuer(&set);
    let address = server.address;
    let status = |signer| Client::to(address).discover(&[("Authorization", &bearer(signer))]);
    assert_eq!(status(STAYS), 200);
    *set.lock().unwrap() = None;
    while_others_ask(address, || {
        assert_eq!(status(NEVER), 503, "the question hung");
        assert_eq!(status(NEVER), 503, "no question so soon again");
    });
    provider.wait_held(1);
    assert_eq!(provider.asked("GET /keys"), 2);
}
