//! What callers with and without credentials are told; failures, rates, grants, sessions.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Client, Fields};
use crate::common::{ACCEPT, Response, Server};
use crate::provider::{Provider, Said};
use crate::{DIRECT, demo};

const ALICE: &str = "Bearer alice-has-a-key-of-many-letters";
const BOB: &str = "Bearer bob-has-another-key-of-letters";
const KEYS: (&str, &str) = (
    "ZSCALER_MCP_AUTH_API_KEY",
    "alice=alice-has-a-key-of-many-letters,bob=bob-has-another-key-of-letters",
);
const WRONG: &str = "Bearer nobody-has-this-key-of-letters";

fn by(value: &str) -> [(&str, &str); 1] {
    [("Authorization", value)]
}

#[track_caller]
fn retry_after(answer: &Response) -> u32 {
    answer.field("retry-after").unwrap_or_else(|| panic!("{answer:?}")).parse().unwrap()
}

#[test]
fn without_a_credential_only_health_is_served_and_the_guard_answers_first() {
    let server = demo(&[KEYS]);
    let session = ("Mcp-Session-Id", "0123456789abcdef0123456789abcdef");
    let rows: &[(&str, &str, &Fields<'_>, u16)] = &[
        ("health", "GET /health HTTP/1.1", &[], 200),
        ("health of another name", "GET /healthz HTTP/1.1", &[], 200),
        ("a call", "POST /mcp HTTP/1.1", &ACCEPT, 401),
        ("a session nobody has", "DELETE /mcp HTTP/1.1", &[session], 401),
        ("another path", "GET /nope HTTP/1.1", &[], 404),
        ("the path with more", "POST /mcp/x HTTP/1.1", &ACCEPT, 404),
        (
            "the document of another mode",
            "GET /.well-known/oauth-protected-resource HTTP/1.1",
            &[],
            404,
        ),
        ("another method", "PUT /mcp HTTP/1.1", &[], 405),
        ("an unknown method", "BREW /mcp HTTP/1.1", &[], 501),
        ("a foreign host", "POST /mcp HTTP/1.1", &[("Host", "evil.example")], 421),
        ("a foreign origin", "POST /mcp HTTP/1.1", &[("Origin", "https://evil.example")], 403),
    ];
    for (name, line, fields, status) in rows {
        let answer = server.send(line, fields, "");
        assert_eq!(answer.status, *status, "{name}: {answer:?}");
        assert_eq!(
            answer.field("www-authenticate").is_some(),
            *status == 401,
            "{name}: {answer:?}"
        );
    }
    let answer = server.post(&[], &json!({"jsonrpc":"2.0","id":1,"method":"ping"}));
    assert_eq!((answer.status, &answer.message()["error"]["code"]), (401, &json!(-32001)));
    assert!(!answer.text().contains("alice"), "{answer:?}");
}

#[test]
fn repeated_credentials_are_a_bad_request_even_when_both_are_good() {
    let server = demo(&[KEYS]);
    let key = "alice-has-a-key-of-many-letters";
    for fields in [
        [("Authorization", ALICE), ("Authorization", ALICE)],
        [("Authorization", ALICE), ("authorization", WRONG)],
        [("X-Api-Key", key), ("x-api-key", key)],
    ] {
        assert_eq!(Client::to(server.address).discover(&fields), 400, "{fields:?}");
    }
    for (fields, status) in [
        ([("Authorization", ALICE), ("X-Api-Key", key)], 200),
        ([("Authorization", WRONG), ("X-Api-Key", key)], 401),
        ([("X-Other", "x"), ("X-Api-Key", key)], 200),
    ] {
        assert_eq!(Client::to(server.address).discover(&fields), status, "{fields:?}");
    }
}

#[test]
fn a_session_of_another_caller_is_not_there() {
    let server = demo(&[KEYS]);
    let mut client = Client::to(server.address);
    let session = client.session(&by(ALICE));
    assert_eq!(client.list(&by(ALICE), &session), 200);
    assert_eq!(client.list(&by(BOB), &session), 404);
    assert_eq!(Client::to(server.address).list(&[], &session), 401);
    let fields = [("Authorization", BOB), ("Mcp-Session-Id", session.as_str())];
    assert_eq!(server.send("DELETE /mcp HTTP/1.1", &fields, "").status, 404);
    let listen = [fields[0], fields[1], ("Accept", "text/event-stream")];
    assert_eq!(server.send("GET /mcp HTTP/1.1", &listen, "").status, 404);
    assert_eq!(client.list(&by(ALICE), &session), 200, "nobody else ended it");
}

#[test]
fn after_ten_failures_an_address_is_refused_and_the_right_key_still_passes() {
    let server = demo(&[KEYS]);
    // At once, so that what is held back is held back together.
    let mut failing: Vec<_> = (0..10).map(|_| Client::to(server.address)).collect();
    for client in &mut failing {
        client.send(&by(WRONG), "server/discover", json!({}));
    }
    for client in &mut failing {
        let answer = client.hear();
        assert_eq!(answer.status, 401, "{answer:?}");
    }
    for _ in 0..3 {
        let answer = Client::to(server.address).call(&by(WRONG), "server/discover", json!({}));
        assert_eq!(answer.status, 429, "{answer:?}");
        assert!((1..=60).contains(&retry_after(&answer)), "{answer:?}");
        assert_eq!(Client::to(server.address).discover(&by(ALICE)), 200);
        assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
    }
    assert_eq!(Client::to(server.address).discover(&[]), 401, "that is no attempt");
}

#[test]
fn one_caller_over_its_rate_is_told_when_to_come_back_and_others_are_not_touched() {
    let server = demo(&[KEYS, ("ZSCALER_MCP_RATE_LIMIT", "1")]);
    // A refusal ends its connection, so each request has its own.
    let mut alice: Vec<_> = (0..10).map(|_| Client::to(server.address)).collect();
    for client in &mut alice {
        client.send(&by(ALICE), "server/discover", json!({}));
    }
    let answers: Vec<Response> = alice.iter_mut().map(Client::hear).collect();
    assert!(answers.iter().any(|answer| answer.status == 200));
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!(!refused.is_empty());
    for answer in refused {
        assert_eq!((answer.status, retry_after(answer)), (429, 1), "{answer:?}");
    }
    assert_eq!(Client::to(server.address).discover(&by(BOB)), 200);
}

#[test]
fn one_caller_over_its_running_calls_is_refused_and_others_are_served() {
    let cloud = Provider::start(|request| {
        if request.starts_with("POST /oauth2") {
            return Said::Json(200, r#"{"access_token":"t","expires_in":3600}"#.to_owned());
        }
        Said::Held(r#"[{"id":7,"name":"Red"}]"#.to_owned())
    });
    let token = cloud.at("/oauth2/v1/token");
    let mut env = DIRECT.to_vec();
    env.extend([
        KEYS,
        ("ZSCALER_MCP_CALLS_PER_CALLER", "1"),
        ("ZSCALER_MCP_API_BASE_URL", &cloud.base),
        ("ZSCALER_MCP_TOKEN_URL", &token),
        ("ZSCALER_CLIENT_ID", "id-1"),
        ("ZSCALER_CLIENT_SECRET", "some-secret-of-a-client"),
    ]);
    let server = Server::start(&["--transport", "streamable-http", "--port", "0"], &env);
    let call = || json!({"name":"zia_list_rule_labels","arguments":{}});
    let (mut alice, mut bob) = (Client::to(server.address), Client::to(server.address));
    alice.send(&by(ALICE), "tools/call", call());
    cloud.wait_held(1);
    let answer = Client::to(server.address).call(&by(ALICE), "tools/call", call());
    assert_eq!(answer.status, 429, "{answer:?}");
    assert!(retry_after(&answer) > 0);
    bob.send(&by(BOB), "tools/call", call());
    cloud.wait_held(2);
    cloud.release();
    for client in [&mut alice, &mut bob] {
        let answer = client.hear();
        assert_eq!(answer.message()["result"]["structuredContent"]["result"][0]["id"], 7);
    }
    let again = Client::to(server.address).call(&by(ALICE), "tools/call", call());
    assert_eq!(again.status, 200, "{again:?}");
}

fn tools(server: &Server, fields: &[(&str, &str)]) -> BTreeSet<String> {
    let answer = Client::to(server.address).call(fields, "tools/list", json!({}));
    let result = answer.message()["result"].clone();
    assert_eq!(result["cacheScope"], "private", "{fields:?}");
    let tools = result["tools"].as_array().unwrap().clone();
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_caller_sees_the_tools_it_is_granted_and_others_are_unknown_to_it() {
    let server = demo(&[
        KEYS,
        (
            "ZSCALER_MCP_AUTHORIZE",
            "principal:api-key:alice=*:all;principal:api-key:bob=zia_*_rule_label*:read",
        ),
    ]);
    let (alice, bob) = (tools(&server, &by(ALICE)), tools(&server, &by(BOB)));
    assert!(bob.is_subset(&alice) && bob.len() < alice.len());
    assert!(bob.contains("zia_list_rule_labels"), "{bob:?}");
    assert!(bob.iter().all(|tool| tool.starts_with("zia_") && tool.contains("_rule_label")));
    let call = |fields: &[(&str, &str)], name: &str| -> Value {
        let params = json!({"name":name,"arguments":{}});
        let answer = Client::to(server.address).call(fields, "tools/call", params);
        let mut message = answer.message();
        message["status"] = answer.status.into();
        message
    };
    assert_ne!(call(&by(BOB), "zia_list_rule_labels")["result"]["isError"], true);
    assert_ne!(call(&by(ALICE), "zpa_list_segment_groups")["result"]["isError"], true);
    let other = call(&by(BOB), "zpa_list_segment_groups");
    assert!(other["error"].is_object(), "{other}");
    let nothing = call(&by(BOB), "zpa_list_nothing_at_all");
    let text = |message: &Value| message.to_string();
    assert_eq!(
        text(&other).replace("zpa_list_segment_groups", "NAME"),
        text(&nothing).replace("zpa_list_nothing_at_all", "NAME"),
        "a tool that is not granted is one that does not exist"
    );
}
