//! The shell against hostile peers, through the built binary: back-pressure, half-closes, clean
//! ends of TLS, stops over several loops, readers that stand still; and how client authentication
//! starts.
#![expect(clippy::disallowed_methods, reason = "a test is its own shell")]

mod common;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::wire::Wire;
use common::{
    ACCEPT, Folder, PATIENCE, Response, Server, binary, initialize, read_until, request, run, wait,
};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;

const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n";

/// A server whose log nobody reads once it listens; ended when dropped.
struct Process {
    child: Child,
    address: String,
    _log: ChildStdout,
}

impl Process {
    fn start(env: &[(&str, &str)]) -> Self {
        let args = ["--demo", "--transport", "streamable-http", "--port", "0"];
        let mut child = binary(&args, env).stderr(Stdio::null()).spawn().unwrap();
        let mut log = child.stdout.take().unwrap();
        drop(read_until(&mut log, b"address="));
        let address = String::from_utf8(read_until(&mut log, b" ")).unwrap();
        let address = address.trim_matches([' ', '"']).to_owned();
        Self { child, address, _log: log }
    }

    fn connect(&self) -> Wire {
        Wire::to(&self.address)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn ping(server: &Server, session: &str, id: u32) -> Vec<u8> {
    let fields = [ACCEPT[0], ACCEPT[1], ("Mcp-Session-Id", session)];
    let body = json!({"jsonrpc":"2.0","id":id,"method":"ping"}).to_string();
    request("POST /mcp HTTP/1.1", &server.host(), &fields, &body)
}

/// Returns the key in the line that sets it.
fn offered(text: &str) -> &str {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("ZSCALER_MCP_AUTH_API_KEY="));
    let key = line.expect("a line to paste");
    let good = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    assert!(key.len() == 43 && key.chars().all(good), "{key}");
    key
}

#[test]
fn a_start_without_authentication_offers_a_fresh_key_that_works() {
    let refused = || run(&["--demo", "--transport", "streamable-http", "--host", "::1"], ON);
    const ON: &[(&str, &str)] = &[("ZSCALER_MCP_AUTH_ENABLED", "true")];
    let (first, second) = (refused(), refused());
    assert_eq!((first.code, second.code), (Some(1), Some(1)));
    let key = offered(&first.text);
    assert_ne!(key, offered(&second.text));
    for way in ["ZSCALER_MCP_AUTH_MODE=", "ZSCALER_MCP_AUTH_ENABLED=false", "--demo", "stdio"] {
        assert!(first.text.contains(way), "no {way} in {}", first.text);
    }
    let server = Server::demo(&[], &[("ZSCALER_MCP_AUTH_API_KEY", key)]);
    let hello = initialize("2025-11-25");
    assert_eq!(server.post(&[], &hello).status, 401);
    assert_eq!(server.post(&[("X-Api-Key", offered(&second.text))], &hello).status, 401);
    assert_eq!(server.post(&[("X-Api-Key", key)], &hello).status, 200);
    let field = format!("bearer {key}");
    assert_eq!(server.post(&[("Authorization", &field)], &hello).status, 200);
    assert!(!server.head.concat().contains(key), "a key is no matter for the log");
}

#[test]
fn generated_keys_are_fresh_and_nothing_of_the_tenant_is_printed() {
    let env = [("ZSCALER_CLIENT_ID", "ident-hunter2"), ("ZSCALER_CLIENT_SECRET", "secret-hunter2")];
    let generate = |args: &[&str]| {
        let ended = run(&[&["--generate-auth-token"], args].concat(), &env);
        assert_eq!(ended.code, Some(0), "{}", ended.text);
        assert!(!ended.text.contains("hunter2"), "{}", ended.text);
        ended.text
    };
    let (first, second) = (generate(&[]), generate(&["bearer"]));
    let key = offered(&first).to_owned();
    assert_ne!(key, offered(&second));
    for place in [
        format!("Authorization: Bearer {key}"),
        format!("X-Api-Key: {key}"),
        "curl -s http://127.0.0.1:8000/mcp".to_owned(),
        "mcp-remote".to_owned(),
        "\"type\": \"http\"".to_owned(),
    ] {
        assert!(first.contains(&place), "no {place} in {first}");
    }
    let basic = generate(&["basic", "--port", "9000", "--transport", "sse"]);
    assert!(basic.contains("X-Zscaler-Client-Secret: CLIENT_SECRET"), "{basic}");
    assert!(basic.contains("http://127.0.0.1:9000/sse"), "{basic}");
    assert_eq!(run(&["--generate-auth-token", "magic"], &env).code, Some(2));
    let open = generate(&["--host", "0.0.0.0"]);
    assert!(open.contains("ZSCALER_MCP_ALLOWED_HOSTS=localhost:8000\n"), "{open}");
    for (hosts, url) in [
        ("*.acme.com,mcp.acme.com", "http://mcp.acme.com:8000/mcp"),
        ("mcp.acme.com:443", "http://mcp.acme.com:443/mcp"),
        ("[2001:db8::1]", "http://[2001:db8::1]:8000/mcp"),
    ] {
        let listed = run(&["--generate-auth-token"], &[("ZSCALER_MCP_ALLOWED_HOSTS", hosts)]);
        assert!(listed.text.contains(url), "{hosts}: {}", listed.text);
        assert!(!listed.text.contains("answers only to"), "{hosts}");
    }
}

#[test]
fn toolsets_are_listed_for_people_and_for_scripts() {
    let plain = run(&["--list-toolsets"], &[]);
    assert_eq!(plain.code, Some(0), "{}", plain.text);
    assert!(plain.text.starts_with("Zscaler MCP Server v"), "{}", plain.text);
    assert!(plain.text.contains("\n  zia_rule_labels - 2 that read, 3 that change\n"));
    let all = ["--enable-write-tools", "--write-tools", "all-write-tools"];
    let chosen = ["--list-toolsets", "--json", "--toolsets", "zia_rule_labels"];
    let json = run(&[chosen.as_slice(), &all].concat(), &[]);
    assert_eq!(json.code, Some(0), "{}", json.text);
    let json: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    let expected = json!([{"toolset":"zia_rule_labels","service":"zia","reads":2,"changes":3}]);
    assert_eq!(json["toolsets"], expected);
    let bad = run(&["--list-toolsets", "--toolsets", "zia_rule_label"], &[]);
    assert_eq!(bad.code, Some(2));
    assert!(bad.text.contains("did you mean 'zia_rule_labels'?"), "{}", bad.text);
    let misspelt = run(&["--list-tools", "--serivces", "zia"], &[]);
    assert_eq!(misspelt.code, Some(2), "{}", misspelt.text);
    assert!(misspelt.text.contains("did you mean --services?"), "{}", misspelt.text);
    let idle = run(&["--list-tools", "--disabled-tools", "zia_list_rule_lables"], &[]);
    assert_eq!(idle.code, Some(2), "{}", idle.text);
    assert!(idle.text.contains("did you mean 'zia_list_rule_labels'?"), "{}", idle.text);
}

#[test]
fn the_log_of_a_start_counts_tools_prompts_and_resources() {
    for (toolsets, tools, prompts) in
        [("zia_rule_labels", "tools=2", "prompts=0"), ("zdx_alerts", "tools=4", "prompts=1")]
    {
        let server = Server::demo(&["--toolsets", toolsets], &[]);
        let line = server.head.iter().find(|line| line.contains("offers"));
        let line = line.unwrap_or_else(|| panic!("{:#?}", server.head));
        for part in [tools, prompts, "resources=3"] {
            assert!(line.contains(part), "{line}");
        }
    }
}

type Judged = (&'static str, &'static [(&'static str, &'static str)], i32, &'static str);

const KEYS: (&str, &str) = ("ZSCALER_MCP_AUTH_JWKS_URI", "http://127.0.0.1:9/keys");
const ISSUER: (&str, &str) = ("ZSCALER_MCP_AUTH_ISSUER", "i");
const OIDC: (&str, &str) = ("ZSCALER_MCP_AUTH_MODE", "oidc");
const CONFIG: (&str, &str) = ("OIDCPROXY_CONFIG_URL", "http://127.0.0.1:9/c");
const BASE: (&str, &str) = ("OIDCPROXY_BASE_URL", "http://localhost:8000/mcp");
const APP: (&str, &str) = ("OIDCPROXY_AUDIENCE", "a");
const ZSCALER: (&str, &str) = ("ZSCALER_MCP_AUTH_MODE", "zscaler");

#[rustfmt::skip]
const JUDGED: &[Judged] = &[
    ("a short key", &[("ZSCALER_MCP_AUTH_API_KEY", "hunter2")], 1, "AUTH_API_KEY: the key of entry 1 has fewer than 16 bytes"),
    ("a key twice", &[("ZSCALER_MCP_AUTH_API_KEY", "a=hunter2hunter2hunter2,b=hunter2hunter2hunter2")], 1, "AUTH_API_KEY: the key or the name of entry 2"),
    ("a key that could be longer", &[("ZSCALER_MCP_AUTH_API_KEY", "hunter2hunter2hunter2")], 0, "AUTH_API_KEY: a key has fewer than 32 bytes"),
    ("two long keys", &[("ZSCALER_MCP_AUTH_API_KEY", "a=hunter2hunter2hunter2hunter2hunter2,hunter2-hunter2-hunter2-hunter2-hunter2")], 0, "mode api-key"),
    ("tokens", &[KEYS, ISSUER], 0, "mode jwt"),
    ("tokens that anybody can make", &[KEYS, ISSUER, ("ZSCALER_MCP_AUTH_ALGORITHMS", "RS256,HS256")], 1, "AUTH_ALGORITHMS: \"HS256\" is not accepted"),
    ("tokens without a signature", &[KEYS, ISSUER, ("ZSCALER_MCP_AUTH_ALGORITHMS", "nOnE")], 1, "AUTH_ALGORITHMS: \"nOnE\" is not accepted"),
    ("an unknown algorithm", &[KEYS, ISSUER, ("ZSCALER_MCP_AUTH_ALGORITHMS", "rs256")], 2, "AUTH_ALGORITHMS: \"rs256\" is none of RS256"),
    ("algorithms without entries", &[KEYS, ISSUER, ("ZSCALER_MCP_AUTH_ALGORITHMS", " , ")], 0, "\"RS256\", \"ES256\""),
    ("keys over plaintext", &[ISSUER, ("ZSCALER_MCP_AUTH_JWKS_URI", "http://idp.example/keys")], 1, "AUTH_JWKS_URI: is http to another machine"),
    ("keys at no address", &[ISSUER, ("ZSCALER_MCP_AUTH_JWKS_URI", "idp.example/keys")], 2, "AUTH_JWKS_URI: is not https://"),
    ("keys at somebody's address", &[ISSUER, ("ZSCALER_MCP_AUTH_JWKS_URI", "http://a@127.0.0.1/keys")], 2, "AUTH_JWKS_URI: is not https://"),
    ("no authorities", &[ISSUER, KEYS, ("ZSCALER_MCP_AUTH_CA_BUNDLE", "/nonexistent.pem")], 1, "AUTH_CA_BUNDLE: \"/nonexistent.pem\""),
    ("a provider", &[OIDC, CONFIG, BASE, APP, ("OIDCPROXY_REQUIRED_SCOPES", "mcp.read,mcp:write")], 0, "2 scopes required"),
    ("a scope that is none", &[OIDC, CONFIG, BASE, APP, ("OIDCPROXY_REQUIRED_SCOPES", "a b")], 2, "REQUIRED_SCOPES: \"a b\" is no scope"),
    ("a configuration over plaintext", &[OIDC, BASE, APP, ("OIDCPROXY_CONFIG_URL", "http://idp.example/c")], 1, "CONFIG_URL: is http to another machine"),
    ("a server over plaintext", &[OIDC, CONFIG, APP, ("OIDCPROXY_BASE_URL", "http://mcp.example/mcp")], 1, "BASE_URL: is http to another machine"),
    ("a server with a query", &[OIDC, CONFIG, APP, ("OIDCPROXY_BASE_URL", "https://mcp.example/mcp?x")], 2, "BASE_URL: has a path with"),
    ("a tenant", &[ZSCALER, ("ZSCALER_MCP_TOKEN_URL", "http://127.0.0.1:9/token")], 0, "every API client of the tenant"),
    ("a tenant over plaintext", &[ZSCALER, ("ZSCALER_MCP_TOKEN_URL", "http://t.example/token")], 2, "TOKEN_URL: is http to another machine"),
    ("a tenant that leads elsewhere", &[ZSCALER, ("ZSCALER_VANITY_DOMAIN", "acme.evil/")], 2, "VANITY_DOMAIN: expected one host name label"),
    ("grants", &[KEYS, ISSUER, ("ZSCALER_MCP_AUTHORIZE", "scope:a=zia_*:read;*=zdx_*")], 0, "Tool grants           on"),
    ("grants that are none", &[KEYS, ISSUER, ("ZSCALER_MCP_AUTHORIZE", "scope:a=zia_*:read;zdx_*")], 2, "AUTHORIZE: entry 2"),
    ("grants with authentication off", &[("ZSCALER_MCP_AUTH_MODE", "none"), ("ZSCALER_MCP_AUTHORIZE", "x")], 2, "AUTHORIZE: entry 1"),
];

#[test]
fn values_of_client_authentication_are_judged_before_anything_listens() {
    for (name, env, code, said) in JUDGED {
        let ended = run(&["check", "--demo", "--transport", "streamable-http"], env);
        assert_eq!(ended.code, Some(*code), "{name}: {}", ended.text);
        assert!(ended.text.contains(said), "{name}: {}", ended.text);
        assert!(!ended.text.contains("hunter2"), "{name}: {}", ended.text);
    }
}

#[test]
fn a_provider_that_does_not_answer_at_start_stops_it() {
    // A port that was free a moment ago, and where nobody listens.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let config = format!("http://{free}/c");
    let env = [OIDC, BASE, APP, ("OIDCPROXY_CONFIG_URL", config.as_str())];
    let ended = run(&["--demo", "--transport", "streamable-http", "--port", "0"], &env);
    assert_eq!(ended.code, Some(1), "{}", ended.text);
    assert!(ended.text.contains("OIDCPROXY_CONFIG_URL: "), "{}", ended.text);
}

#[test]
fn health_requests_in_one_packet_are_all_answered() {
    let server = Server::demo(&[], &[]);
    let mut stream = server.connect();
    stream.write_all(&HEALTH.repeat(5)).unwrap();
    for _ in 0..5 {
        assert_eq!(Response::read(&mut stream).status, 200);
    }
}

#[test]
fn requests_before_a_half_close_are_all_answered() {
    let server = Server::demo(&[], &[]);
    let session = server.handshake("2025-11-25");
    let mut bytes = HEALTH.to_vec();
    for id in 1..4 {
        bytes.extend(ping(&server, &session, id));
    }
    bytes.extend_from_slice(&HEALTH[..10]);
    let mut stream = server.connect();
    stream.write_all(&bytes).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(Response::read(&mut stream).status, 200);
    for id in 1..4 {
        assert_eq!(Response::read(&mut stream).message()["id"], id);
    }
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty(), "half a request is not answered");
}

#[test]
fn a_peer_that_reads_nothing_is_not_read_from_and_loses_nothing() {
    const REQUESTS: usize = 400_000;
    let server = Server::demo(&[], &[("ZSCALER_MCP_LOOPS", "1")]);
    let mut stream = server.connect();
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let bytes = HEALTH.repeat(REQUESTS);
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..bytes.len().min(sent + 100_000)]) {
            Ok(count) => sent += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(sent < bytes.len(), "the server takes requests whose answers nobody reads");
    assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200, "others are served");
    let size = {
        let mut first = server.connect();
        first.write_all(HEALTH).unwrap();
        let head = read_until(&mut first, b"\r\n\r\n").len();
        head + br#"{"status":"ok"}"#.len()
    };
    // Nothing more is sent: what waits is served because its answers are read at last.
    let expected = sent / HEALTH.len() * size;
    let (mut total, mut buffer) = (0, vec![0; 1 << 16]);
    while total < expected {
        total += stream.read(&mut buffer).unwrap();
    }
    assert_eq!(total, expected);
}

#[test]
fn a_busy_peer_does_not_starve_the_others() {
    let server = Server::demo(&[], &[("ZSCALER_MCP_LOOPS", "1")]);
    // Two threads share this one, and its answers are thrown away.
    let mut busy = server.dial();
    let mut reader = busy.try_clone().unwrap();
    let reading = std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while matches!(reader.read(&mut buffer), Ok(count) if count > 0) {}
    });
    let writing = std::thread::spawn(move || {
        let bytes = HEALTH.repeat(1_000);
        for _ in 0..200 {
            busy.write_all(&bytes).unwrap();
        }
        busy.shutdown(std::net::Shutdown::Write).unwrap();
    });
    let mut answered = 0;
    while !writing.is_finished() || answered == 0 {
        let started = Instant::now();
        assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
        assert!(started.elapsed() < PATIENCE / 4, "one request took {:?}", started.elapsed());
        answered += 1;
    }
    writing.join().unwrap();
    reading.join().unwrap();
}

#[test]
fn connections_that_come_and_go_leave_no_descriptor_behind() {
    let process = Process::start(&[("ZSCALER_MCP_MAX_CONNECTIONS", "64")]);
    for round in 0..600 {
        let mut stream = process.connect();
        match round % 4 {
            0 => drop(stream.write_all(b"GET /hea")),
            1 => drop(stream.write_all(b"\n")),
            2 => drop(stream.write_all(HEALTH)),
            _ => {}
        }
    }
    let list = format!("/proc/{}/fd", process.child.id());
    let started = Instant::now();
    loop {
        let open = std::fs::read_dir(&list).unwrap().count();
        if open < 64 {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "{open} descriptors are open");
        let mut stream = process.connect();
        stream.write_all(HEALTH).unwrap();
        assert_eq!(Response::read(&mut stream).status, 200);
    }
}

#[test]
fn a_stop_waits_for_requests_of_every_loop_and_keeps_their_sessions() {
    for swapped in [false, true] {
        let server = Server::demo(&[], &[("ZSCALER_MCP_LOOPS", "2")]);
        let session = server.handshake("2025-11-25");
        let bytes = ping(&server, &session, 1);
        let (first, last) = bytes.split_at(bytes.len() - 1);
        let mut streams: Vec<Wire> = (0..2).map(|_| server.connect()).collect();
        for stream in &mut streams {
            stream.write_all(first).unwrap();
        }
        for _ in 0..2 {
            assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
        }
        let mut idle = [server.connect(), server.connect()];
        server.signal("TERM");
        for stream in &mut idle {
            assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0, "the stop has begun");
        }
        if swapped {
            streams.reverse();
        }
        for mut stream in streams {
            stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
            assert!(stream.read(&mut [0; 1]).is_err(), "it waits, and is waited for");
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.write_all(last).unwrap();
            let answer = Response::read(&mut stream);
            assert_eq!((answer.status, answer.message()["id"].as_u64()), (200, Some(1)));
            assert_eq!(answer.field("connection").as_deref(), Some("close"));
            assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
        }
        let mut server = server;
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn a_second_stop_ends_every_loop_at_once() {
    let mut server = Server::demo(&[], &[("ZSCALER_MCP_LOOPS", "2")]);
    let mut streams = [server.connect(), server.connect(), server.connect()];
    // One of the three stays idle, so that one loop has less to wait for than the other.
    for stream in &mut streams[1..2] {
        stream.write_all(b"POST /mcp HTTP/1.1\r\n").unwrap();
    }
    for _ in 0..2 {
        assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
    }
    server.signal("TERM");
    for place in [0, 2] {
        assert_eq!(streams[place].read(&mut [0; 1]).unwrap_or(0), 0, "the stop has begun");
    }
    let started = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn a_standing_reader_of_standard_output_does_not_keep_the_process() {
    let mut child =
        binary(&["--demo"], &[]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let _unread = child.stdout.take().unwrap();
    let mut lines = format!("{}\n", initialize("2025-06-18"));
    // More than a pipe holds, and less than the server lets a reader fall behind.
    for id in 1..3 {
        lines += &format!("{}\n", json!({"jsonrpc":"2.0","id":id,"method":"tools/list"}));
    }
    input.write_all(lines.as_bytes()).unwrap();
    drop(input);
    assert_eq!(wait(&mut child), Some(0));
}

#[test]
fn a_standing_reader_of_the_log_does_not_keep_the_process() {
    let mut process = Process::start(&[]);
    for _ in 0..3_000 {
        let mut stream = process.connect();
        stream.write_all(b"GET /none HTTP/1.1\r\nHost: none.example\r\n\r\n").unwrap();
        assert_eq!(Response::read(&mut stream).status, 421);
    }
    let id = process.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(wait(&mut process.child), Some(0));
}

/// A server with a certificate for localhost, and a client that trusts it.
fn secure(name: &str) -> (Folder, Server, Arc<ClientConfig>) {
    let folder = Folder::new(name);
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let path = |file: &str| folder.0.join(file).to_str().unwrap().to_owned();
    let (certificate, key) = (path("server.pem"), path("server.key"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let env = [
        ("ZSCALER_MCP_TLS_CERTFILE", certificate.as_str()),
        ("ZSCALER_MCP_TLS_KEYFILE", key.as_str()),
    ];
    let server = Server::demo(&[], &env);
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (folder, server, Arc::new(config))
}

fn connect(
    server: &Server,
    config: &Arc<ClientConfig>,
) -> Wire<StreamOwned<ClientConnection, TcpStream>> {
    let name = ServerName::try_from("localhost").unwrap();
    let tls = ClientConnection::new(Arc::clone(config), name).unwrap();
    Wire::new(StreamOwned::new(tls, server.dial()))
}

#[test]
fn every_orderly_end_over_tls_is_said() {
    let (_folder, server, config) = secure("goodbye");
    // A missing close_notify is an error of the last read.
    for (name, half_close, wire) in [
        ("close", false, &b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"[..]),
        ("refused", false, b"GET /none HTTP/1.1\r\nHost: none.example\r\n\r\n"),
        ("half-close", true, HEALTH),
        ("nothing", true, b""),
    ] {
        let mut stream = connect(&server, &config);
        stream.write_all(wire).unwrap();
        stream.flush().unwrap();
        if half_close {
            let StreamOwned { conn, sock } = &mut *stream;
            conn.send_close_notify();
            while conn.is_handshaking() || conn.wants_write() {
                conn.complete_io(sock).unwrap();
            }
        }
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(answer.starts_with(b"HTTP/1.1 "), !wire.is_empty(), "{name}");
    }
}

#[test]
fn many_answers_over_tls_reach_a_late_reader() {
    let (_folder, server, config) = secure("late");
    let mut stream = connect(&server, &config);
    // The client writes everything before it reads anything.
    let last = b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let requests = 3_000;
    stream.write_all(&[&HEALTH.repeat(requests - 1), &last[..]].concat()).unwrap();
    stream.flush().unwrap();
    for place in 0..requests {
        let answer = Response::read(&mut stream);
        assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"status":"ok"}"#), "{place}");
    }
    assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);
}
