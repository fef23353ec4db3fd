//! The built binary over real sockets, plaintext: defences, transports, BOTH eras, stopping.
#![expect(clippy::disallowed_methods, reason = "a test is its own shell")]

mod common;

use std::io::{Read, Write};
use std::time::Instant;

use common::{ACCEPT, PATIENCE, Response, Server, initialize, read_chunk, request, run};
use serde_json::{Value, json};

#[test]
fn the_demo_serves_a_handshake_client() {
    let server = Server::demo(&[], &[]);
    let session = server.handshake("2025-11-25");
    let fields = [("Mcp-Session-Id", session.as_str()), ("MCP-Protocol-Version", "2025-11-25")];
    let list = server.post(&fields, &json!({"jsonrpc":"2.0","id":"a","method":"tools/list"}));
    let list = list.message();
    assert_eq!(list["id"], "a");
    assert_eq!(
        list["result"]["tools"].as_array().unwrap().len(),
        zscaler_mcp::tools::catalogue::reads().count()
    );
    let call = json!({"jsonrpc":"2.0","id":2,"method":"tools/call",
        "params":{"name":"zia_list_rule_labels","arguments":{}}});
    let result = server.post(&fields, &call).message()["result"].clone();
    assert!(result["structuredContent"]["result"].as_array().unwrap().len() > 5, "{result}");
    let ended = server.send("DELETE /mcp HTTP/1.1", &fields, "");
    assert!(matches!(ended.status, 200 | 204));
    assert_eq!(server.post(&fields, &call).status, 404);
}

#[test]
fn the_demo_serves_a_stateless_client() {
    let server = Server::demo(&[], &[]);
    let discover = server.stateless("server/discover", json!({})).message();
    assert_eq!(discover["result"]["resultType"], "complete", "{discover}");
    let versions = discover["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!("2026-07-28")));
    let result = server.tool("zpa_list_segment_groups", json!({}));
    assert_eq!(result["resultType"], "complete");
    assert!(server.stateless("no/such", json!({})).status == 404);
}

#[test]
fn injected_records_arrive_clean_and_plain_text_unchanged() {
    let server = Server::demo(&[], &[]);
    let mut all = String::new();
    for tool in [
        "zia_list_rule_labels",
        "zia_list_locations",
        "zia_list_location_groups",
        "zia_list_url_categories",
        "zia_list_static_ips",
        "zia_list_vpn_credentials",
        "zia_list_gre_tunnels",
        "zpa_list_segment_groups",
        "zpa_list_server_groups",
        "zpa_list_application_segments",
    ] {
        let result = server.tool(tool, json!({}));
        assert_ne!(result["isError"], true, "{tool}: {result}");
        all.push_str(&result.to_string());
    }
    assert!(all.contains("R&D <3"), "plain text is unchanged");
    for bad in ["<!--", "<script", "<img", "](http", "![", "\u{200b}", "\u{202e}", "<|im_start|>"] {
        assert!(!all.contains(bad), "{bad:?} came through");
    }
    assert!(!all.contains("```system"), "a fence instruction came through");
}

/// Name, request line, fields, status, word of the text.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)], u16, &'static str);
/// Name, exit code, flags, environment, words of the report.
type Refused = (
    &'static str,
    i32,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[test]
fn every_refusal_of_the_front_has_its_status_and_a_clear_text() {
    const JSON: (&str, &str) = ACCEPT[0];
    const BOTH: (&str, &str) = ACCEPT[1];
    let server = Server::demo(&[], &[]);
    let host = server.host();
    let rows: &[Row] = &[
        ("foreign host", "POST /mcp HTTP/1.1", &[("Host", "evil.example")], 421, "Host"),
        ("no port in host", "POST /mcp HTTP/1.1", &[("Host", "127.0.0.1")], 421, "Host"),
        ("bad host", "POST /mcp HTTP/1.1", &[("Host", "a@b")], 400, "Host"),
        (
            "foreign origin",
            "POST /mcp HTTP/1.1",
            &[("Origin", "https://evil.example")],
            403,
            "ORIGINS",
        ),
        ("null origin", "POST /mcp HTTP/1.1", &[("Origin", "null")], 403, "ORIGINS"),
        ("unknown path", "GET /nope HTTP/1.1", &[], 404, ""),
        ("root", "GET / HTTP/1.1", &[], 404, ""),
        ("put", "PUT /mcp HTTP/1.1", &[], 405, ""),
        ("unknown method", "BREW /mcp HTTP/1.1", &[], 501, ""),
        (
            "get without event stream",
            "GET /mcp HTTP/1.1",
            &[("Accept", "application/json")],
            405,
            "",
        ),
        ("wrong type", "POST /mcp HTTP/1.1", &[("Content-Type", "text/plain"), BOTH], 415, ""),
        ("no accept", "POST /mcp HTTP/1.1", &[JSON], 406, ""),
        ("two versions ahead", "POST /mcp HTTP/2.0", &[], 505, ""),
        ("coding", "POST /mcp HTTP/1.1", &[JSON, BOTH, ("Transfer-Encoding", "gzip")], 501, ""),
        (
            "both lengths",
            "POST /mcp HTTP/1.1",
            &[JSON, BOTH, ("Transfer-Encoding", "chunked"), ("Content-Length", "3")],
            400,
            "",
        ),
        ("too large", "POST /mcp HTTP/1.1", &[JSON, BOTH, ("Content-Length", "99999999")], 413, ""),
        ("expectation", "POST /mcp HTTP/1.1", &[JSON, BOTH, ("Expect", "x")], 417, ""),
        ("space before colon", "POST /mcp HTTP/1.1", &[("A ", "x")], 400, ""),
    ];
    for (name, line, fields, status, word) in rows {
        let answer = server.raw(&request(line, &host, fields, ""));
        assert_eq!(answer.status, *status, "{name}: {answer:?}");
        let message = answer.message();
        let text = message["error"]["message"].as_str().unwrap().to_owned();
        assert!(text.len() > 10 && text.contains(word), "{name}: {text}");
        assert!(message.get("id").is_none(), "{name}");
        assert!(!text.contains("evil"), "{name} echoes the peer");
    }
    let long = format!("GET /{} HTTP/1.1", "a".repeat(9_000));
    assert_eq!(server.raw(&request(&long, &host, &[], "")).status, 414);
    let large = "a".repeat(20_000);
    assert_eq!(server.raw(&request("GET / HTTP/1.1", &host, &[("X", &large)], "")).status, 431);
    let chars = b"GET /mcp HTTP/1.1\nHost: x\n\n";
    assert_eq!(server.raw(chars).status, 400);
}

#[test]
fn health_answers_without_any_check() {
    let server = Server::demo(&[], &[("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "10.0.0.0/8")]);
    for path in ["/health", "/healthz", "/ready"] {
        let answer =
            server.send(&format!("GET {path} HTTP/1.1"), &[("Host", "anything.example")], "");
        assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"status":"ok"}"#));
    }
    let mut stream = server.connect();
    stream.write_all(b"HEAD /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let head = Response::head(&mut stream);
    assert_eq!(head.status, 200);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty(), "HEAD has no body");
    let refused = server.post(&[("Authorization", "Bearer wrong")], &initialize("2025-11-25"));
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("ZSCALER_MCP_ALLOWED_SOURCE_IPS"));
}

#[test]
fn the_compatibility_of_the_python_server_is_kept() {
    let server = Server::demo(&[], &[]);
    let body = initialize("2025-03-26").to_string();
    for (line, kind) in [
        ("POST /mcp/ HTTP/1.1", "application/json"),
        ("POST /mcp HTTP/1.1", "application/json-rpc"),
        ("POST /mcp?x=1 HTTP/1.1", "APPLICATION/JSON; charset=utf-8"),
    ] {
        let fields = [("Content-Type", kind), ACCEPT[1]];
        assert_eq!(server.send(line, &fields, &body).status, 200, "{line} {kind}");
    }
}

#[test]
fn a_listed_origin_gets_exact_answers() {
    let env = [("ZSCALER_MCP_ALLOWED_ORIGINS", "https://app.example.com")];
    let server = Server::demo(&[], &env);
    let origin = ("Origin", "https://app.example.com");
    let preflight = server.send(
        "OPTIONS /mcp HTTP/1.1",
        &[
            origin,
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type"),
            ("Access-Control-Request-Private-Network", "true"),
        ],
        "",
    );
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.field("access-control-allow-origin").as_deref(), Some(origin.1));
    assert_eq!(preflight.field("access-control-allow-private-network").as_deref(), Some("true"));
    assert!(preflight.field("access-control-allow-credentials").is_none());
    let answer = server.post(&[origin], &initialize("2025-11-25"));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.field("access-control-allow-origin").as_deref(), Some(origin.1));
    assert!(answer.field("access-control-expose-headers").unwrap().contains("Mcp-Session-Id"));
    let plain = server.post(&[], &initialize("2025-11-25"));
    assert_eq!(plain.field("vary").as_deref(), Some("Origin"), "the list was consulted");
    let foreign = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
    let refused = server.send("OPTIONS /mcp HTTP/1.1", &foreign, "");
    assert_eq!(refused.status, 403);
    assert!(refused.field("access-control-allow-origin").is_none());
}

#[test]
fn a_trusted_proxy_names_the_source_and_nobody_else_does() {
    let list = ("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "203.0.113.0/24");
    let forwarded = [("X-Forwarded-For", "198.51.100.1, 203.0.113.7")];
    let trusting = Server::demo(&[], &[list, ("ZSCALER_MCP_TRUSTED_PROXIES", "127.0.0.1")]);
    assert_eq!(trusting.post(&forwarded, &initialize("2025-11-25")).status, 200);
    let other = [("X-Forwarded-For", "203.0.113.7, 198.51.100.1")];
    assert_eq!(trusting.post(&other, &initialize("2025-11-25")).status, 403);
    let plain = Server::demo(&[], &[list]);
    assert_eq!(plain.post(&forwarded, &initialize("2025-11-25")).status, 403);
}

#[test]
fn requests_on_one_connection_are_answered_in_order_at_any_cut() {
    let server = Server::demo(&[], &[]);
    let session = server.handshake("2025-11-25");
    let mut bytes = Vec::new();
    for id in 0..3 {
        let ping = json!({"jsonrpc":"2.0","id":id,"method":"ping"}).to_string();
        let fields = [ACCEPT[0], ACCEPT[1], ("Mcp-Session-Id", session.as_str())];
        bytes.extend(request("POST /mcp HTTP/1.1", &server.host(), &fields, &ping));
    }
    for cut in [1, 17, bytes.len() / 2, bytes.len() - 1] {
        let mut stream = server.connect();
        stream.set_nodelay(true).unwrap();
        for part in bytes.chunks(cut) {
            stream.write_all(part).unwrap();
        }
        for id in 0..3 {
            assert_eq!(Response::read(&mut stream).message()["id"], id);
        }
    }
}

#[test]
fn a_chunked_body_and_an_expectation_are_served() {
    let server = Server::demo(&[], &[]);
    let body = initialize("2025-11-25").to_string();
    let mut stream = server.connect();
    let fields =
        [ACCEPT[0], ACCEPT[1], ("Transfer-Encoding", "chunked"), ("Expect", "100-continue")];
    stream.write_all(&request("POST /mcp HTTP/1.1", &server.host(), &fields, "")).unwrap();
    assert_eq!(Response::head(&mut stream).status, 100);
    for part in body.as_bytes().chunks(7) {
        write!(stream, "{:x};ext=1\r\n", part.len()).unwrap();
        stream.write_all(part).unwrap();
        stream.write_all(b"\r\n").unwrap();
    }
    stream.write_all(b"0\r\nTrailer: x\r\n\r\n").unwrap();
    assert_eq!(Response::read(&mut stream).status, 200);
}

#[test]
fn an_old_client_is_answered_and_closed() {
    let server = Server::demo(&[], &[]);
    let mut stream = server.connect();
    let body = initialize("2025-11-25").to_string();
    stream.write_all(&request("POST /mcp HTTP/1.0", &server.host(), &ACCEPT, &body)).unwrap();
    let answer = Response::read(&mut stream);
    assert_eq!((answer.status, answer.field("connection").as_deref()), (200, Some("close")));
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
}

#[test]
fn a_client_that_only_finished_sending_still_gets_its_answer() {
    let server = Server::demo(&[], &[]);
    let mut stream = server.connect();
    let body = initialize("2025-11-25").to_string();
    stream.write_all(&request("POST /mcp HTTP/1.1", &server.host(), &ACCEPT, &body)).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(Response::read(&mut stream).status, 200);
}

#[test]
fn slow_peers_do_not_lock_out_a_good_one() {
    let server = Server::demo(&[], &[("ZSCALER_MCP_MAX_CONNECTIONS", "64")]);
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut stream = server.connect();
        drop(stream.write_all(b"POST /mcp HTTP/1.1\r\nHost: "));
        slow.push(stream);
    }
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
    }
    assert!(started.elapsed() < PATIENCE / 2);
    let mut closed = 0;
    for stream in slow.iter_mut().take(100) {
        stream.set_nonblocking(true).unwrap();
        let open = matches!(stream.read(&mut [0; 64]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock);
        closed += usize::from(!open);
    }
    assert!(closed > 50, "the longest-waiting connections went first");
}

#[test]
fn http_and_sse_of_2024_works_at_both_addresses() {
    let server = Server::start(&["--demo", "--transport", "sse", "--port", "0"], &[]);
    for path in ["/sse", "/mcp"] {
        let mut stream = server.connect();
        let line = format!("GET {path} HTTP/1.1");
        stream.write_all(&request(&line, &server.host(), &[], "")).unwrap();
        let head = Response::head(&mut stream);
        assert_eq!(head.status, 200);
        assert_eq!(head.field("content-type").as_deref(), Some("text/event-stream"));
        let first = String::from_utf8(read_chunk(&mut stream).unwrap()).unwrap();
        let address = first
            .strip_prefix("event: endpoint\ndata: ")
            .and_then(|rest| rest.strip_suffix("\n\n"))
            .unwrap_or_else(|| panic!("{first:?}"));
        assert!(address.starts_with("/messages"), "{address}");
        let post = format!("POST {address} HTTP/1.1");
        let accepted = server.send(&post, &[ACCEPT[0]], &initialize("2024-11-05").to_string());
        assert_eq!(accepted.status, 202);
        let event = String::from_utf8(read_chunk(&mut stream).unwrap()).unwrap();
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        let message: Value = serde_json::from_str(data).unwrap();
        assert_eq!(message["result"]["protocolVersion"], "2024-11-05");
        drop(stream);
    }
    let lost = server.send(
        "POST /messages/?session_id=00000000000000000000000000000000 HTTP/1.1",
        &[ACCEPT[0]],
        "{}",
    );
    assert_eq!(lost.status, 404);
}

#[test]
fn a_listening_stream_is_kept_open_and_ends_with_the_server() {
    let server = Server::demo(&[], &[]);
    let session = server.handshake("2025-11-25");
    let mut stream = server.connect();
    let fields = [("Accept", "text/event-stream"), ("Mcp-Session-Id", session.as_str())];
    stream.write_all(&request("GET /mcp HTTP/1.1", &server.host(), &fields, "")).unwrap();
    assert_eq!(Response::head(&mut stream).status, 200);
    assert_eq!(server.send("GET /mcp HTTP/1.1", &fields, "").status, 409, "one such stream");
    assert_eq!(server.terminate(), Some(0));
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.ends_with(b"0\r\n\r\n"), "{:?}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_stop_ends_with_code_zero_at_once_when_nothing_is_in_flight() {
    let server = Server::demo(&[], &[]);
    let _idle = server.connect();
    let started = Instant::now();
    assert_eq!(server.terminate(), Some(0));
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn a_request_in_flight_is_finished_before_the_stop() {
    let mut server = Server::demo(&[], &[]);
    let mut stream = server.connect();
    let body = initialize("2025-11-25").to_string();
    let bytes = request("POST /mcp HTTP/1.1", &server.host(), &ACCEPT, &body);
    let (first, last) = bytes.split_at(bytes.len() - 1);
    stream.write_all(first).unwrap();
    assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
    let mut idle = server.connect();
    server.signal("TERM");
    let mut nothing = Vec::new();
    idle.read_to_end(&mut nothing).unwrap();
    assert!(nothing.is_empty(), "the stop has begun: idle connections are closed");
    stream.write_all(last).unwrap();
    let answer = Response::read(&mut stream);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.field("connection").as_deref(), Some("close"));
    drop(stream);
    assert_eq!(server.wait(), Some(0));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn starts_that_would_be_unsafe_are_refused_with_the_ways_out() {
    const HTTP: &[&str] = &["--transport", "streamable-http"];
    const PUBLIC: &[&str] = &["--transport", "streamable-http", "--host", "0.0.0.0"];
    const OPEN: (&str, &str) = ("ZSCALER_MCP_AUTH_ENABLED", "false");
    let rows: &[Refused] = &[
        (
            "plaintext off loopback",
            1,
            PUBLIC,
            &[OPEN],
            &["ZSCALER_MCP_ALLOW_HTTP", "ZSCALER_MCP_TLS_CERTFILE", "====", "127.0.0.1"],
        ),
        ("no authentication", 1, HTTP, &[], &["ZSCALER_MCP_AUTH_ENABLED", "--demo"]),
        (
            "demo off loopback",
            1,
            &["--demo", "--transport", "sse", "--host", "0.0.0.0"],
            &[("ZSCALER_MCP_ALLOW_HTTP", "true")],
            &["ZSCALER_MCP_AUTH_ENABLED"],
        ),
        (
            "certificate without key",
            1,
            HTTP,
            &[OPEN, ("ZSCALER_MCP_TLS_CERTFILE", "/nonexistent.pem")],
            &["ZSCALER_MCP_TLS_KEYFILE"],
        ),
        (
            "missing certificate",
            1,
            HTTP,
            &[
                OPEN,
                ("ZSCALER_MCP_TLS_CERTFILE", "/nonexistent.pem"),
                ("ZSCALER_MCP_TLS_KEYFILE", "/nonexistent.key"),
            ],
            &["ZSCALER_MCP_TLS_CERTFILE", "/nonexistent.pem"],
        ),
        (
            "ca alone",
            1,
            HTTP,
            &[OPEN, ("ZSCALER_MCP_TLS_CA_CERTS", "/nonexistent.pem")],
            &["ZSCALER_MCP_TLS_CA_CERTS"],
        ),
        (
            "bad network",
            2,
            HTTP,
            &[OPEN, ("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "10.0.0.0/33")],
            &["ZSCALER_MCP_ALLOWED_SOURCE_IPS"],
        ),
        (
            "bad host",
            2,
            HTTP,
            &[OPEN, ("ZSCALER_MCP_ALLOWED_HOSTS", "https://x")],
            &["ZSCALER_MCP_ALLOWED_HOSTS"],
        ),
        (
            "star origin",
            2,
            HTTP,
            &[OPEN, ("ZSCALER_MCP_ALLOWED_ORIGINS", "*")],
            &["ZSCALER_MCP_ALLOWED_ORIGINS"],
        ),
        (
            "bad port",
            2,
            HTTP,
            &[OPEN, ("ZSCALER_MCP_PORT", "99999")],
            &["ZSCALER_MCP_PORT", "65535"],
        ),
        (
            "bad boolean",
            2,
            HTTP,
            &[("ZSCALER_MCP_AUTH_ENABLED", "maybe")],
            &["ZSCALER_MCP_AUTH_ENABLED"],
        ),
        (
            "misspelt security setting",
            1,
            HTTP,
            &[OPEN, ("ZSCALER_MCP_TLS_CERT_FILE", "x")],
            &["ZSCALER_MCP_TLS_CERT_FILE", "ZSCALER_MCP_TLS_CERTFILE"],
        ),
        ("unknown flag", 2, &["--prot", "1"], &[], &["--prot"]),
        (
            "unknown transport",
            2,
            &["--transport", "http"],
            &[],
            &["--transport", "streamable-http"],
        ),
        ("unknown toolset", 2, &["--demo", "--toolsets", "zia_location"], &[], &["zia_locations"]),
    ];
    for (name, code, args, env, words) in rows {
        let ended = run(args, env);
        assert_eq!(ended.code, Some(*code), "{name}: {}", ended.text);
        for word in *words {
            assert!(ended.text.contains(word), "{name}: no {word} in {}", ended.text);
        }
        assert!(!ended.text.contains("panicked"), "{name}: {}", ended.text);
    }
}

#[test]
fn check_tells_the_posture_and_whether_the_server_would_start() {
    let good = run(&["check", "--demo", "--transport", "streamable-http"], &[]);
    assert_eq!(good.code, Some(0), "{}", good.text);
    for word in ["TLS", "Host", "ource", "CORS", "uthentication", "anitiz"] {
        assert!(good.text.contains(word), "no {word} in {}", good.text);
    }
    let bad = run(&["check", "--transport", "streamable-http", "--host", "0.0.0.0"], &[]);
    assert_ne!(bad.code, Some(0));
    assert!(bad.text.contains("ZSCALER_MCP_ALLOW_HTTP"), "{}", bad.text);
}

#[test]
fn version_help_and_the_tool_list_need_no_credentials() {
    let version = run(&["--version"], &[]);
    assert_eq!(version.code, Some(0));
    assert!(version.text.contains(env!("CARGO_PKG_VERSION")));
    let list = run(&["--list-tools"], &[]);
    assert_eq!(list.code, Some(0));
    assert!(list.text.contains(" - 402 tool(s) across 10 service(s)\n"), "{}", list.text);
    assert!(list.text.contains("\n  zia_delete_rule_label [delete] - "), "{}", list.text);
    assert!(list.text.contains("\n148 tool(s) that change something are not offered"));
    let every = ["--list-tools", "--enable-write-tools", "--write-tools", "all-write-tools"];
    assert!(!run(&every, &[]).text.contains("not offered"));
    let help = run(&["--help"], &[]);
    assert_eq!(help.code, Some(0));
    assert!(help.text.contains("ZSCALER_MCP_ALLOWED_HOSTS"));
}
