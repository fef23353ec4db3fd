//! Zone: post-admission. One engine a process: registry, sessions, listeners, rendered lists.

use std::sync::Arc;

use crate::auth::Principal;
use crate::base::{Millis, Random};
use crate::guard::{McpFields, Refusal, Route, Verb};
use crate::mcp::registry::Registry;
use crate::mcp::reply::{Answer, Job, Reply};
use crate::mcp::stream::Stream;

/// Time and randomness of one step.
#[derive(Clone, Copy)]
pub struct Now<'a> {
    /// Monotonic time.
    pub at: Millis,
    /// Wall-clock seconds since 1970, for timestamps in messages.
    pub unix_seconds: u64,
    /// Randomness.
    pub random: &'a dyn Random,
}

/// How the engine is set up.
#[derive(Debug, Clone, Copy)]
pub struct EngineConfig {
    /// True for HTTP+SSE of 2024-11-05: GET on `/sse` and `/mcp` opens the stream of a session.
    pub sse: bool,
    /// Bound on sessions.
    pub sessions_max: usize,
    /// Idle time of a session.
    pub session_idle_ms: u64,
}

/// One admitted HTTP request.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// What the path is for.
    pub route: Route,
    /// Method.
    pub verb: Verb,
    /// MCP fields.
    pub fields: &'a McpFields,
    /// Raw `session_id` of the query on the messages route.
    pub session_query: Option<&'a [u8]>,
    /// Caller.
    pub principal: &'a Principal,
    /// Body.
    pub body: &'a [u8],
}

/// The protocol engine. Shared by every loop and worker.
pub struct Engine {
    registry: Arc<dyn Registry>,
    config: EngineConfig,
}

impl Engine {
    /// Returns an engine that serves `registry`.
    #[must_use]
    pub fn new(registry: Arc<dyn Registry>, config: EngineConfig) -> Arc<Self> {
        Arc::new(Self { registry, config })
    }

    /// Answers one HTTP request.
    #[must_use]
    pub fn http(self: &Arc<Self>, incoming: &Incoming<'_>, now: Now<'_>) -> Reply {
        let _ = (&self.registry, self.config, incoming, now.at);
        Reply { answer: Answer::Refused(Refusal::Malformed), job: None }
    }

    /// Opens the one session of a standard-input server. Messages to the client are events of
    /// the returned stream.
    #[must_use]
    pub fn open_stdio(self: &Arc<Self>, now: Now<'_>) -> (Stdio, Arc<Stream>) {
        let _ = now;
        (Stdio {}, Arc::new(Stream::new(None)))
    }

    /// Ends what has expired: sessions, questions, calls. Called about once a second.
    #[must_use]
    pub fn tick(&self, now: Now<'_>) -> Vec<Job> {
        let _ = now;
        Vec::new()
    }

    /// Ends every stream and session, before the process stops.
    pub fn shut(&self) {}
}

/// The session of standard input and output.
#[derive(Debug)]
pub struct Stdio {}

impl Stdio {
    /// Takes one line and returns work for the pool; answers go to the stream.
    #[must_use]
    pub fn line(&self, line: &[u8], now: Now<'_>) -> Option<Job> {
        let _ = (line, now);
        None
    }
}
