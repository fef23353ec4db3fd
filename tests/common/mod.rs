//! A built server on loopback and a client that shows every byte. Used by the end-to-end tests.
//!
//! What the server says is judged where it is read: in `wire` and `pipe`.
#![expect(dead_code, reason = "each test file uses its own part")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test is its own shell: it has clocks and threads"
)]

#[path = "../../fuzz/props/kit/schema.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees this file as part of a library")]
mod checker;
pub(crate) mod pipe;
pub(crate) mod valid;
pub(crate) mod wire;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use serde_json::{Value, json};

use wire::Wire;

/// Nothing in these tests takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server process; ended when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) log: Receiver<String>,
    pub(crate) head: Vec<String>,
}

/// What a process that ended said.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

/// A fresh directory, removed when dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let id = std::process::id();
        let path = std::env::temp_dir().join(format!("zscaler-mcp-{name}-{id}-{number}"));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The binary with nothing of our own environment that could change it.
pub(crate) fn binary(args: &[&str], env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zscaler-mcp"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if ["ZSCALER", "OIDC", "ZCELL", "FORWARDED"].iter().any(|start| name.starts_with(start)) {
            command.env_remove(name);
        }
    }
    command.current_dir(std::env::temp_dir()).args(args).envs(env.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Server {
    /// Starts the demo tenant on streamable HTTP and a free port.
    pub(crate) fn demo(args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut all = vec!["--demo", "--transport", "streamable-http", "--port", "0"];
        all.extend_from_slice(args);
        Self::start(&all, env)
    }

    /// Starts the binary and waits until it listens.
    pub(crate) fn start(args: &[&str], env: &[(&str, &str)]) -> Self {
        let (sender, log) = sync_channel(1_000);
        let child = binary(args, env).stderr(Stdio::inherit()).spawn().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { child, address, log, head: Vec::new() };
        let stdout = server.child.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Nobody may be reading the log any more.
                drop(sender.try_send(line));
            }
        });
        loop {
            let line = server.log.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("the server does not listen: {:#?}", server.head);
            });
            server.head.push(line.clone());
            if let Some((_, rest)) = line.split_once("address=") {
                let text = rest.split_whitespace().next().unwrap().trim_matches('"');
                server.address = text.parse().unwrap();
                return server;
            }
        }
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        self.signal("TERM");
        self.wait()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    pub(crate) fn wait(&mut self) -> Option<i32> {
        wait(&mut self.child)
    }

    pub(crate) fn connect(&self) -> Wire {
        Wire::to(self.address)
    }

    /// Connects for something other than plain HTTP.
    pub(crate) fn dial(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The Host value the default allowlist accepts.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Sends one raw request on its own connection.
    pub(crate) fn raw(&self, request: &[u8]) -> Response {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        Response::read(&mut stream)
    }

    /// Sends a head made of `line` and `fields`, with Host added unless it is among them.
    pub(crate) fn send(&self, line: &str, fields: &[(&str, &str)], body: &str) -> Response {
        self.raw(&request(line, &self.host(), fields, body))
    }

    /// Posts a message as a client of a handshake revision.
    pub(crate) fn post(&self, fields: &[(&str, &str)], message: &Value) -> Response {
        let mut all = ACCEPT.to_vec();
        all.extend_from_slice(fields);
        self.send("POST /mcp HTTP/1.1", &all, &message.to_string())
    }

    /// Makes a handshake and returns the session id.
    pub(crate) fn handshake(&self, revision: &str) -> String {
        let answer = self.post(&[], &initialize(revision));
        assert_eq!(answer.status, 200, "{answer:?}");
        let session = answer.field("mcp-session-id").unwrap();
        let ready = json!({"jsonrpc":"2.0","method":"notifications/initialized"});
        assert_eq!(self.post(&[("Mcp-Session-Id", &session)], &ready).status, 202);
        session
    }

    /// Calls `method` without a session, as a client of 2026-07-28.
    pub(crate) fn stateless(&self, method: &str, mut params: Value) -> Response {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {}
        });
        let name = params.get("name").or_else(|| params.get("uri"));
        let name = name.and_then(Value::as_str).map(str::to_owned);
        let mut fields = vec![("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method)];
        if let Some(name) = &name {
            fields.push(("Mcp-Name", name));
        }
        self.post(&fields, &json!({"jsonrpc":"2.0","id":1,"method":method,"params":params}))
    }

    /// Calls a tool without a session and returns its result.
    pub(crate) fn tool(&self, name: &str, arguments: Value) -> Value {
        let answer = self.stateless("tools/call", json!({"name":name,"arguments":arguments}));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.message()["result"].clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What every POST of a client carries.
pub(crate) const ACCEPT: [(&str, &str); 2] =
    [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")];

pub(crate) fn initialize(revision: &str) -> Value {
    json!({"jsonrpc":"2.0","id":0,"method":"initialize","params":{
        "protocolVersion":revision,"capabilities":{},"clientInfo":{"name":"t","version":"1"}}})
}

pub(crate) fn request(line: &str, host: &str, fields: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{line}\r\n");
    if !fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        text.push_str(&format!("Host: {host}\r\n"));
    }
    for (name, value) in fields {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// Runs the binary until it ends by itself.
pub(crate) fn run(args: &[&str], env: &[(&str, &str)]) -> Ended {
    let mut child = binary(args, env).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let out = std::thread::spawn(move || {
        let mut text = String::new();
        drop(stdout.read_to_string(&mut text));
        text
    });
    let mut text = String::new();
    let code = wait(&mut child);
    drop(stderr.read_to_string(&mut text));
    Ended { code, text: out.join().unwrap() + &text }
}

/// Waits for the end of a process, at most the patience of the tests.
pub(crate) fn wait(child: &mut Child) -> Option<i32> {
    let started = std::time::Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if started.elapsed() > PATIENCE {
            drop(child.kill());
            panic!("the process does not end");
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// An HTTP response with its body decoded.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Reads one response; a body without length ends with the connection.
    pub(crate) fn read(stream: &mut impl Read) -> Self {
        let mut response = Self::head(stream);
        response.body = response.rest(stream);
        response
    }

    /// Reads a head only.
    pub(crate) fn head(stream: &mut impl Read) -> Self {
        let head = read_until(stream, b"\r\n\r\n");
        let text = String::from_utf8(head).unwrap();
        let mut lines = text.split("\r\n");
        let line = lines.next().unwrap();
        let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("{text:?}")).parse().unwrap();
        let mut fields = BTreeMap::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").unwrap();
            let old = fields.insert(name.to_ascii_lowercase(), value.to_owned());
            assert!(old.is_none() || name.eq_ignore_ascii_case("vary"), "repeated {name}");
        }
        Self { status, fields, body: Vec::new() }
    }

    fn rest(&self, stream: &mut impl Read) -> Vec<u8> {
        if self.status == 204 || self.status == 100 {
            return Vec::new();
        }
        if self.fields.get("transfer-encoding").is_some_and(|value| value == "chunked") {
            let mut body = Vec::new();
            while let Some(chunk) = read_chunk(stream) {
                body.extend_from_slice(&chunk);
            }
            return body;
        }
        let mut body = Vec::new();
        match self.fields.get("content-length") {
            Some(length) => {
                body.resize(length.parse().unwrap(), 0);
                stream.read_exact(&mut body).unwrap();
            }
            None => {
                stream.read_to_end(&mut body).unwrap();
            }
        }
        body
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        self.fields.get(name).cloned()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The JSON body, or the last message of an event stream.
    pub(crate) fn message(&self) -> Value {
        let text = self.text();
        if self.field("content-type").as_deref() == Some("text/event-stream") {
            let last = text.lines().rfind(|line| line.starts_with("data: {")).unwrap();
            return serde_json::from_str(&last[6..]).unwrap();
        }
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
    }
}

/// Reads one chunk; `None` for the last.
pub(crate) fn read_chunk(stream: &mut impl Read) -> Option<Vec<u8>> {
    let line = String::from_utf8(read_until(stream, b"\r\n")).unwrap();
    let size = usize::from_str_radix(line.trim_end(), 16).unwrap();
    let mut chunk = vec![0; size + 2];
    stream.read_exact(&mut chunk).unwrap();
    chunk.truncate(size);
    (size > 0).then_some(chunk)
}

/// Reads up to and including `end`.
pub(crate) fn read_until(stream: &mut impl Read, end: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(end) {
        match stream.read(&mut byte) {
            Ok(0) => break,
            Ok(_) => bytes.push(byte[0]),
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&bytes)),
        }
    }
    bytes
}

/// Reads one request with its body; `None` at the end.
pub(crate) fn request_of(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.map_or(0, |digits| digits.parse().unwrap())];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).ok()?)
}
