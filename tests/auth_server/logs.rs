//! Nothing of a credential, a token or a session id is in what the server writes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use serde_json::json;
use zscaler_mcp::base::encode::base64;

use crate::DIRECT;
use crate::client::{AUDIENCE, Client, ISSUER, Signer, base64url, basic, published};
use crate::common::{PATIENCE, binary, request, wait};
use crate::provider::{Provider, Said};

/// A server all of whose output is kept.
struct Told {
    child: Child,
    address: SocketAddr,
    text: Arc<Mutex<String>>,
    readers: Vec<std::thread::JoinHandle<()>>,
}

impl Told {
    fn start(env: &[(&str, &str)]) -> Self {
        let args = ["--demo", "--transport", "streamable-http", "--port", "0", "--debug"];
        let mut all = DIRECT.to_vec();
        all.extend_from_slice(env);
        let mut child = binary(&args, &all).arg("--log-tool-calls").spawn().unwrap();
        let text = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = channel();
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        let readers = streams.map(|stream| keep(stream, Arc::clone(&text), sender.clone())).into();
        let mut server =
            Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), text, readers };
        loop {
            let line = lines.recv_timeout(PATIENCE).expect("the server listens");
            if let Some((_, rest)) = line.split_once("address=") {
                let place = rest.split_whitespace().next().unwrap().trim_matches('"');
                server.address = place.parse().unwrap();
                return server;
            }
        }
    }

    /// Ends the server and returns all that it wrote.
    fn end(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        wait(&mut self.child);
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        self.text.lock().unwrap().clone()
    }

    /// Opens a session with a good credential, calls a tool in it, and leaves it.
    fn use_well(&self, fields: &[(&str, &str)], secrets: &mut Vec<String>) {
        let mut client = Client::to(self.address);
        let session = client.session(fields);
        assert_eq!(client.list(fields, &session), 200);
        let arguments = json!({"name":"zia_list_rule_labels","arguments":{"search":"x"}});
        assert_eq!(client.call(fields, "tools/call", arguments).status, 200);
        assert_eq!(client.list(fields, &format!("{session}0")), 404);
        secrets.push(session);
    }

    /// Sends a head that is refused, with these fields.
    fn use_badly(&self, fields: &[(&str, &str)], status: u16) {
        assert_eq!(Client::to(self.address).discover(fields), status, "{fields:?}");
        // The same where it may not stand, and in a head that is wrong.
        for line in ["PUT /mcp HTTP/1.1", "GET /nope HTTP/1.1", "POST /mcp HTTP/9.9"] {
            let mut client = Client::to(self.address);
            let bytes = request(line, &client.host, fields, "");
            client.wire.write_all(&bytes).unwrap();
            assert!(client.hear().status >= 400, "{line}");
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn keep(
    stream: impl Read + Send + 'static,
    text: Arc<Mutex<String>>,
    lines: Sender<String>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            *text.lock().unwrap() += &format!("{line}\n");
            drop(lines.send(line));
        }
    })
}

/// Every form in which a secret could have come into a text: any eight letters of it, and encoded.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let bytes: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
    let encoded = base64(secret.as_bytes());
    let parts = secret.as_bytes().windows(8).map(|part| str::from_utf8(part).unwrap().to_owned());
    let mut all: Vec<String> = parts.collect();
    all.push(encoded.trim_end_matches('=').to_owned());
    all.extend([base64url(secret.as_bytes()), hex.to_uppercase(), hex, bytes.join(", ")]);
    all
}

#[track_caller]
fn assert_silent(log: &str, secrets: &[String], words: &[&str]) {
    for word in words {
        assert!(log.contains(word), "no {word} in the log:\n{log}");
    }
    for secret in secrets {
        for form in forms(secret) {
            assert!(!log.contains(&form), "{secret} is in the log as {form}");
        }
    }
}

fn texts(secrets: &[&str]) -> Vec<String> {
    secrets.iter().map(|text| (*text).to_owned()).collect()
}

const WORDS: [&str; 3] = ["caller refused", "request answered", "zia_list_rule_labels"];

#[test]
fn no_api_key_is_in_any_log() {
    const GOOD: &str = "Qx7hPz2mWc9vLk4tRb8nYd3s";
    const SECOND: &str = "Jf5gTe6uKa1oVi0pXw2qZr7y";
    const BAD: &str = "Mn3bUc8xHl6kSd9jFq4wEo1i";
    let mut secrets = texts(&[GOOD, SECOND, BAD]);
    let keys = format!("alice={GOOD},{SECOND}");
    let server =
        Told::start(&[("ZSCALER_MCP_AUTH_API_KEY", &keys), ("ZSCALER_MCP_AUTH_FAILURES", "0")]);
    for key in [GOOD, SECOND] {
        server.use_well(&[("Authorization", &format!("Bearer {key}"))], &mut secrets);
        server.use_well(&[("X-Api-Key", key)], &mut secrets);
    }
    server.use_badly(&[("Authorization", &format!("Bearer {BAD}"))], 401);
    server.use_badly(&[("X-Api-Key", BAD)], 401);
    server.use_badly(&[("Authorization", &format!("Bearer {BAD} {GOOD}"))], 401);
    server.use_badly(&[("Authorization", GOOD)], 401);
    server.use_badly(&[("Authorization", &basic("alice", GOOD))], 401);
    server.use_badly(&[("X-Api-Key", GOOD), ("X-Api-Key", BAD)], 400);
    secrets.push(base64(format!("alice:{GOOD}").as_bytes()));
    let log = server.end();
    assert_silent(&log, &secrets, &WORDS);
    assert!(log.contains("api-key:alice"), "{log}");
}

#[test]
fn no_secret_of_a_pair_and_nothing_of_the_providers_token_is_in_any_log() {
    const GOOD: &str = "Gw4yBq7zNc2kTx9mPf5hRv8d";
    const BAD: &str = "Lj6sDe3uXa0oCi1pZw8qHr2t";
    const DOWN: &str = "Vt1nKb5gYl7kQd4jMq9wUo6i";
    const TOKEN: &str = "Sa8eFh3rJp6cWz1xOm4vIn7b";
    let provider = Provider::start(|request| {
        if request.contains(GOOD) {
            return Said::Json(200, format!(r#"{{"access_token":"{TOKEN}","expires_in":3600}}"#));
        }
        // An answer that repeats what it was asked.
        let status = if request.contains(BAD) { 401 } else { 500 };
        Said::Json(status, json!({"error":"invalid_client","detail":request}).to_string())
    });
    let token = provider.at("/oauth2/v1/token");
    let server = Told::start(&[
        ("ZSCALER_MCP_AUTH_MODE", "zscaler"),
        ("ZSCALER_MCP_TOKEN_URL", &token),
        ("ZSCALER_MCP_AUTH_FAILURES", "0"),
    ]);
    let mut secrets = texts(&[GOOD, BAD, DOWN, TOKEN]);
    for (secret, status) in [(GOOD, 200), (BAD, 401), (DOWN, 503)] {
        let value = basic("client-1", secret);
        let forms: [&[(&str, &str)]; 2] = [
            &[("Authorization", &value)],
            &[("X-Zscaler-Client-ID", "client-1"), ("X-Zscaler-Client-Secret", secret)],
        ];
        for fields in forms {
            match status {
                200 => server.use_well(fields, &mut secrets),
                status => server.use_badly(fields, status),
            }
        }
        secrets.push(value.replace("Basic ", ""));
    }
    server.use_badly(&[("Authorization", &format!("Basic {GOOD}"))], 401);
    server.use_badly(&[("X-Zscaler-Client-Secret", GOOD)], 401);
    server.use_badly(&[("Authorization", &format!("Bearer {GOOD}"))], 401);
    let log = server.end();
    assert_silent(&log, &secrets, &WORDS);
    assert!(log.contains("zscaler:client-1"), "{log}");
}

#[test]
fn no_part_of_a_signed_token_is_in_any_log() {
    const OURS: Signer = Signer("ours", 21);
    // The same name, another key.
    const FORGER: Signer = Signer("ours", 22);
    let provider = Provider::start(|_request| Said::Json(200, published(&[OURS])));
    let keys = provider.at("/keys");
    let server = Told::start(&[
        ("ZSCALER_MCP_AUTH_MODE", "jwt"),
        ("ZSCALER_MCP_AUTH_JWKS_URI", &keys),
        ("ZSCALER_MCP_AUTH_ISSUER", ISSUER),
        ("ZSCALER_MCP_AUTH_AUDIENCE", AUDIENCE),
        ("ZSCALER_MCP_AUTH_ALGORITHMS", "EdDSA"),
        ("ZSCALER_MCP_AUTH_FAILURES", "0"),
    ]);
    let (good, forged) = (OURS.token("somebody"), FORGER.token("somebody"));
    let mut secrets = vec![good.clone(), forged.clone()];
    server.use_well(&[("Authorization", &format!("Bearer {good}"))], &mut secrets);
    server.use_badly(&[("Authorization", &format!("Bearer {forged}"))], 401);
    server.use_badly(&[("Authorization", &format!("Bearer {good}x"))], 401);
    server.use_badly(&[("Authorization", &good)], 401);
    server.use_badly(&[("X-Api-Key", &good)], 401);
    for token in [good, forged] {
        secrets.extend(token.split('.').map(str::to_owned));
    }
    let log = server.end();
    assert_silent(&log, &secrets, &WORDS);
    assert!(log.contains("somebody"), "{log}");
}
