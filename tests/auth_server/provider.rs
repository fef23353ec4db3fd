//! An identity provider and a cloud on loopback that answer as a test says, or not at all.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use crate::common::{PATIENCE, request_of};

/// What the provider does with a request.
pub(crate) enum Said {
    /// Answers with this status and body.
    Json(u16, String),
    /// Says nothing and waits for the other end to give up.
    Silence,
    /// Answers with this body once it is let go.
    Held(String),
    /// Answers with these bytes and ends the connection.
    Raw(Vec<u8>),
}

type Answer = dyn Fn(&str) -> Said + Send + Sync;

/// A server whose answers are made by a test.
pub(crate) struct Provider {
    pub(crate) base: String,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Box<Answer>,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    seen: Vec<String>,
    held: usize,
    open: bool,
}

impl Provider {
    /// Starts a provider that answers each request by `answer`.
    pub(crate) fn start(answer: impl Fn(&str) -> Said + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (state, moved) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { answer: Box::new(answer), state, moved });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&accepting);
                std::thread::spawn(move || shared.serve(socket));
            }
        });
        Self { base, shared }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Waits until `count` requests were left without an answer.
    pub(crate) fn wait_held(&self, count: usize) {
        let state = self.shared.state.lock().unwrap();
        let fewer = |state: &mut State| state.held < count;
        let (state, _) = self.shared.moved.wait_timeout_while(state, PATIENCE, fewer).unwrap();
        assert!(state.held >= count, "{} of {count} held", state.held);
    }

    /// Answers everything that is held.
    pub(crate) fn release(&self) {
        self.shared.state.lock().unwrap().open = true;
        self.shared.moved.notify_all();
    }

    /// Requests whose first line begins with `start`.
    pub(crate) fn asked(&self, start: &str) -> usize {
        let state = self.shared.state.lock().unwrap();
        state.seen.iter().filter(|request| request.starts_with(start)).count()
    }
}

impl Shared {
    fn serve(&self, mut socket: TcpStream) -> Option<()> {
        socket.set_read_timeout(Some(PATIENCE)).ok()?;
        loop {
            let request = request_of(&mut socket)?;
            self.state.lock().unwrap().seen.push(request.clone());
            match (self.answer)(&request) {
                Said::Json(status, body) => say(&mut socket, status, &body)?,
                Said::Raw(bytes) => return socket.write_all(&bytes).ok(),
                Said::Silence => {
                    drop(self.hold());
                    drop(socket.read(&mut [0]));
                    return None;
                }
                Said::Held(body) => {
                    let shut = |state: &mut State| !state.open;
                    let state = self.hold();
                    drop(self.moved.wait_timeout_while(state, PATIENCE, shut).unwrap());
                    say(&mut socket, 200, &body)?;
                }
            }
        }
    }

    fn hold(&self) -> std::sync::MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap();
        state.held += 1;
        self.moved.notify_all();
        state
    }
}

fn say(socket: &mut TcpStream, status: u16, body: &str) -> Option<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Word\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    socket.write_all((head + body).as_bytes()).ok()
}
