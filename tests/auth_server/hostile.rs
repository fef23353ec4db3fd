//! Providers that answer with what they should not, and stopping while one hangs.

use serde_json::json;

use crate::client::{Client, basic};
use crate::common::Server;
use crate::demo;
use crate::provider::{Provider, Said};

const GRANT: &str = r#"{"access_token":"t","expires_in":3600}"#;

fn server(provider: &Provider) -> Server {
    let token = provider.at("/oauth2/v1/token");
    demo(&[
        ("ZSCALER_MCP_AUTH_MODE", "zscaler"),
        ("ZSCALER_MCP_TOKEN_URL", &token),
        ("ZSCALER_MCP_AUTH_FAILURES", "0"),
    ])
}

fn status(server: &Server, id: &str) -> u16 {
    Client::to(server.address).discover(&[("Authorization", &basic(id, "some-secret"))])
}

/// What a provider says to one client id, and what that client is told.
fn answers(elsewhere: &str) -> Vec<(&'static str, Said, u16)> {
    let redirect =
        format!("HTTP/1.1 302 Found\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n");
    let head = |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    let huge = head(4_000_000_000) + &" ".repeat(1_000_000);
    let json = |status, text: &str| Said::Json(status, text.to_owned());
    vec![
        ("good", json(200, GRANT), 200),
        ("redirected", Said::Raw(redirect.into()), 503),
        ("huge", Said::Raw(huge.into()), 503),
        ("short", Said::Raw((head(100) + GRANT).into()), 503),
        ("not-http", Said::Raw(b"\0\xff\r\n\r\n".to_vec()), 503),
        ("nothing", Said::Raw(Vec::new()), 503),
        ("not-json", json(200, "yes"), 503),
        ("no-token", json(200, "{}"), 503),
        ("empty-token", json(200, r#"{"access_token":"","expires_in":60}"#), 503),
        ("over", json(200, r#"{"access_token":"t","expires_in":0}"#), 503),
        ("deep", json(200, &"[".repeat(100_000)), 503),
        ("bad", json(401, "{}"), 401),
        ("malformed", json(400, r#"{"error":"invalid_client"}"#), 401),
        ("busy", json(429, "{}"), 503),
        ("broken", json(500, GRANT), 503),
        ("created", json(201, GRANT), 503),
    ]
}

#[test]
fn nothing_that_a_provider_answers_lets_a_pair_in_but_a_grant() {
    let other = Provider::start(|_request| Said::Json(200, GRANT.to_owned()));
    let elsewhere = other.base.clone();
    let provider = Provider::start(move |request| {
        let asked = |id: &str| request.contains(&format!("client_id={id}&"));
        let asked = |id: &str| asked(id) || request.ends_with(&format!("client_id={id}"));
        let found = answers(&elsewhere).into_iter().find(|(id, ..)| asked(id));
        found.expect("a client of the table").1
    });
    let server = server(&provider);
    for (id, _, expected) in answers(&other.base) {
        assert_eq!(status(&server, id), expected, "{id}");
        assert_eq!(status(&server, "good"), 200, "after {id}");
    }
    assert_eq!(other.asked(""), 0, "a redirection is not followed");
}

#[test]
fn a_pair_is_asked_for_once_whether_it_is_good_or_not() {
    let provider = Provider::start(|request| {
        let good = request.contains("client_id=good");
        Said::Json(if good { 200 } else { 401 }, GRANT.to_owned())
    });
    let server = server(&provider);
    for (id, expected) in [("good", 200), ("bad", 401)] {
        let before = provider.asked("POST");
        // At once and one after the other.
        let value = basic(id, "some-secret");
        let mut clients: Vec<_> = (0..4).map(|_| Client::to(server.address)).collect();
        for client in &mut clients {
            client.send(&[("Authorization", &value)], "server/discover", json!({}));
        }
        for client in &mut clients {
            assert_eq!(client.hear().status, expected, "{id}");
        }
        assert_eq!(status(&server, id), expected);
        assert_eq!(provider.asked("POST") - before, 1, "{id}");
    }
    let value = basic("good", "another-secret");
    let provider_says = Client::to(server.address).discover(&[("Authorization", &value)]);
    assert_eq!((provider_says, provider.asked("POST")), (200, 3), "another secret, another pair");
}

#[test]
fn clients_not_on_the_list_are_refused_without_a_question() {
    let provider = Provider::start(|_request| Said::Json(200, GRANT.to_owned()));
    let token = provider.at("/oauth2/v1/token");
    let server = demo(&[
        ("ZSCALER_MCP_AUTH_MODE", "zscaler"),
        ("ZSCALER_MCP_TOKEN_URL", &token),
        ("ZSCALER_MCP_AUTH_CLIENTS", "one,two"),
    ]);
    for (id, expected) in [("one", 200), ("two", 200), ("tw", 401), ("One", 401)] {
        assert_eq!(status(&server, id), expected, "{id}");
    }
    assert_eq!(provider.asked("POST"), 2);
}

#[test]
fn the_server_ends_in_order_while_a_question_hangs() {
    let provider = Provider::start(|_request| Said::Silence);
    let server = server(&provider);
    let mut client = Client::to(server.address);
    let value = basic("stranger", "some-secret");
    client.send(&[("Authorization", &value)], "server/discover", json!({}));
    provider.wait_held(1);
    let mut server = server;
    server.signal("TERM");
    assert_eq!(client.hear().status, 503, "who waits is answered");
    assert_eq!(server.wait(), Some(0));
}
