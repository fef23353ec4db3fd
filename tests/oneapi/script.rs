//! A cloud on loopback whose answers are a script, and a proxy in front of it.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

use crate::common::{Folder, PATIENCE, request_of};

/// What the cloud does with a request.
#[derive(Clone)]
pub(crate) enum Step {
    /// Sends these bytes and waits for the next request.
    Say(String),
    /// Sends these bytes one by one.
    Drip(String),
    /// Sends these bytes and ends the TLS stream in order.
    SayAndEnd(String),
    /// Sends these bytes and ends the connection without a word of TLS.
    SayAndCut(String),
    /// Sends nothing and waits for the other end to give up.
    Silence,
    /// Sends these bytes once the cloud lets go of all it holds.
    Hold(String),
    /// Resets a kept connection as soon as the next request arrives on it.
    Reset,
}

/// A server, its certificate authority and what it was asked.
pub(crate) struct Cloud {
    pub(crate) port: u16,
    tls: bool,
    pub(crate) folder: Folder,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    steps: Mutex<VecDeque<Step>>,
    tokens: Mutex<VecDeque<Step>>,
    seen: Mutex<Vec<String>>,
    connections: Mutex<usize>,
    resumed: Mutex<usize>,
    gate: Mutex<Gate>,
    moved: Condvar,
}

#[derive(Default)]
struct Gate {
    held: usize,
    open: bool,
}

/// One connection.
enum Line {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// A JSON answer of this status with more head lines.
pub(crate) fn json(status: u16, fields: &str, body: &str) -> Step {
    let len = body.len();
    Step::Say(format!(
        "HTTP/1.1 {status} Word\r\nContent-Type: application/json\r\n{fields}\
         Content-Length: {len}\r\n\r\n{body}"
    ))
}

/// An answer that names no length and no type of its own.
pub(crate) fn raw(text: &str) -> Step {
    Step::Say(text.to_owned())
}

pub(crate) fn labels() -> Step {
    json(200, "", r#"[{"id":7,"name":"Red"}]"#)
}

impl Cloud {
    /// Starts a cloud that speaks TLS.
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::start(true, steps)
    }

    /// Starts a cloud that speaks plain HTTP.
    pub(crate) fn plain(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::start(false, steps)
    }

    fn start(tls: bool, steps: impl IntoIterator<Item = Step>) -> Self {
        let folder = Folder::new("cloud");
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap();
        std::fs::write(folder.0.join("ca.pem"), authority.pem()).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        shared.steps.lock().unwrap().extend(steps);
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let config = tls.then(|| Arc::clone(&config));
                let shared = Arc::clone(&accepting);
                std::thread::spawn(move || serve(socket, config, &shared));
            }
        });
        Self { port, tls, folder, shared }
    }

    /// Answers of the token address, in place of the usual ones.
    pub(crate) fn tokens(self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.shared.tokens.lock().unwrap().extend(steps);
        self
    }

    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.0.join("ca.pem")
    }

    pub(crate) fn base(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://localhost:{}", self.port)
    }

    /// Adds steps behind those that are left.
    pub(crate) fn then(&self, steps: impl IntoIterator<Item = Step>) {
        self.shared.steps.lock().unwrap().extend(steps);
    }

    /// Waits until `count` answers are held.
    pub(crate) fn wait_until_held(&self, count: usize) {
        let gate = self.shared.gate.lock().unwrap();
        let fewer = |gate: &mut Gate| gate.held < count;
        let (gate, _) = self.shared.moved.wait_timeout_while(gate, PATIENCE, fewer).unwrap();
        assert_eq!(gate.held, count);
    }

    /// Lets go of all answers that are held.
    pub(crate) fn release(&self) {
        self.shared.gate.lock().unwrap().open = true;
        self.shared.moved.notify_all();
    }

    /// Connections that went on with an earlier TLS session.
    pub(crate) fn resumed(&self) -> usize {
        *self.shared.resumed.lock().unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap()
    }

    /// Requests other than for a token.
    pub(crate) fn asked(&self) -> usize {
        self.seen().iter().filter(|request| !request.starts_with("POST /oauth2")).count()
    }

    /// Requests for a token.
    pub(crate) fn tokens_asked(&self) -> usize {
        self.seen().iter().filter(|request| request.starts_with("POST /oauth2")).count()
    }
}

fn serve(socket: TcpStream, config: Option<Arc<ServerConfig>>, shared: &Shared) -> Option<()> {
    let mut line = Line::open(socket, config, shared)?;
    *shared.connections.lock().unwrap() += 1;
    let mut served = false;
    loop {
        if served {
            line.socket().peek(&mut [0]).ok()?;
            let mut steps = shared.steps.lock().unwrap();
            if steps.pop_front_if(|step| matches!(step, Step::Reset)).is_some() {
                // What was not read makes the system reset the connection.
                return None;
            }
        }
        let request = request_of(&mut line)?;
        served = true;
        let is_token = request.starts_with("POST /oauth2");
        let count = {
            let mut seen = shared.seen.lock().unwrap();
            seen.push(request);
            seen.len()
        };
        let script = if is_token { &shared.tokens } else { &shared.steps };
        let step = script.lock().unwrap().pop_front();
        let usual = || {
            let token = format!(r#"{{"access_token":"tok-{count}","expires_in":3600}}"#);
            if is_token { json(200, "", &token) } else { json(500, "", "{}") }
        };
        line.perform(step.unwrap_or_else(usual), shared)?;
        line.flush().ok()?;
    }
}

impl Line {
    fn open(
        mut socket: TcpStream,
        config: Option<Arc<ServerConfig>>,
        shared: &Shared,
    ) -> Option<Self> {
        socket.set_read_timeout(Some(PATIENCE)).ok()?;
        socket.set_nodelay(true).ok()?;
        let Some(config) = config else { return Some(Self::Plain(socket)) };
        let mut tls = ServerConnection::new(config).ok()?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket).ok()?;
        }
        if tls.handshake_kind() == Some(HandshakeKind::Resumed) {
            *shared.resumed.lock().unwrap() += 1;
        }
        Some(Self::Tls(Box::new(StreamOwned::new(tls, socket))))
    }

    /// `None` when that ended the connection.
    fn perform(&mut self, step: Step, shared: &Shared) -> Option<()> {
        match step {
            Step::Say(text) => self.write_all(text.as_bytes()).ok(),
            Step::Drip(text) => {
                for byte in text.as_bytes() {
                    self.write_all(&[*byte]).and_then(|()| self.flush()).ok()?;
                }
                Some(())
            }
            Step::Hold(text) => {
                let mut gate = shared.gate.lock().unwrap();
                gate.held += 1;
                shared.moved.notify_all();
                let closed = |gate: &mut Gate| !gate.open;
                drop(shared.moved.wait_timeout_while(gate, PATIENCE, closed).unwrap());
                self.write_all(text.as_bytes()).ok()
            }
            Step::SayAndEnd(text) => {
                self.write_all(text.as_bytes()).ok()?;
                if let Self::Tls(stream) = self {
                    stream.conn.send_close_notify();
                }
                self.flush().ok()?;
                None
            }
            Step::SayAndCut(text) => {
                self.write_all(text.as_bytes()).and_then(|()| self.flush()).ok()?;
                self.socket().shutdown(Shutdown::Both).ok()?;
                None
            }
            Step::Silence => {
                drop(self.read(&mut [0]));
                None
            }
            Step::Reset => None,
        }
    }

    const fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

impl Read for Line {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(out),
            Self::Tls(stream) => stream.read(out),
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

/// Starts a proxy that gives `answer` to a tunnel and, when that is a success, joins both ends.
pub(crate) fn proxy(answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let Some(head) = request_of(&mut client) else { continue };
            let target = head.split(' ').nth(1).unwrap().to_owned();
            record.lock().unwrap().push(head);
            client.write_all(answer.as_bytes()).unwrap();
            if answer.starts_with("HTTP/1.1 200") {
                let service = TcpStream::connect(target).unwrap();
                join(client.try_clone().unwrap(), service.try_clone().unwrap());
                join(service, client);
            }
        }
    });
    (port, seen)
}

fn join(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        drop(std::io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Both));
    });
}
