//! Zone: post-admission. One engine a process: registry, sessions, listeners, rendered lists.

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::auth::{Grant, Principal};
use crate::base::{Millis, Random};
use crate::guard::{McpFields, Refusal, Route, Verb};
use crate::json::write;
use crate::limits::CALL_MS;
use crate::mcp::call::{Call, Plan, Sender};
use crate::mcp::envelope::{Id, Message, Misshapen, notify, parse};
use crate::mcp::era::{Sent, describes_itself, sent};
use crate::mcp::failure::{Failure, INTERNAL};
use crate::mcp::halt::Halt;
use crate::mcp::identity::Identity;
use crate::mcp::legacy;
use crate::mcp::lists::Lists;
use crate::mcp::lock;
use crate::mcp::places::Places;
use crate::mcp::port::Port;
use crate::mcp::questions::Seat;
use crate::mcp::registry::{Change, Registry, Weight};
use crate::mcp::reply::{Body, Job, Reply};
use crate::mcp::session::Session;
use crate::mcp::sessions::Sessions;
use crate::mcp::sse;
use crate::mcp::stateless;
use crate::mcp::stdio::{self, Stdio};
use crate::mcp::stream::Stream;
use crate::mcp::subscriptions::Listeners;
use crate::mcp::tasks::Tasks;

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
    /// Bound on the open calls of one caller, over all its sessions; 0 for none.
    pub calls_per_principal: usize,
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
    /// Which tools the caller may use.
    pub grant: &'a Grant,
    /// Where the request came from.
    pub peer: IpAddr,
    /// Body.
    pub body: &'a [u8],
}

impl Incoming<'_> {
    /// Returns what the request brings with it that no session remembers.
    pub(super) const fn sender(&self) -> Sender<'_> {
        Sender { grant: self.grant, peer: Some(self.peer) }
    }
}

/// The protocol engine. Shared by every loop and worker.
pub struct Engine {
    registry: Arc<dyn Registry>,
    config: EngineConfig,
    identity: Identity,
    lists: RwLock<Arc<Lists>>,
    sessions: Sessions,
    listeners: Listeners,
    tasks: Tasks,
    places: Arc<Places>,
    last_call: AtomicU64,
    /// Calls that wait for their clients, over all sessions.
    asking: Arc<AtomicUsize>,
    /// Calls under way and when their time is up.
    running: Mutex<BTreeMap<u64, (Millis, Arc<Call>)>>,
}

impl Engine {
    /// Returns an engine that serves `registry`.
    #[must_use]
    pub fn new(registry: Arc<dyn Registry>, config: EngineConfig) -> Arc<Self> {
        let identity = Identity::new(registry.server(), registry.offers());
        let lists = RwLock::new(Arc::new(Lists::render(&*registry)));
        Arc::new(Self {
            registry,
            config,
            identity,
            lists,
            sessions: Sessions::new(config.sessions_max, config.session_idle_ms),
            listeners: Listeners::default(),
            tasks: Tasks::default(),
            places: Places::new(config.calls_per_principal),
            last_call: AtomicU64::new(0),
            asking: Arc::default(),
            running: Mutex::default(),
        })
    }

    /// Answers one HTTP request.
    #[must_use]
    pub fn http(self: &Arc<Self>, incoming: &Incoming<'_>, now: Now<'_>) -> Reply {
        match (incoming.route, incoming.verb) {
            (Route::Messages, _) => sse::post(self, incoming, now),
            (Route::Sse, _) => sse::open(self, incoming, now),
            (Route::Mcp, Verb::Get) if self.config.sse => sse::open(self, incoming, now),
            (Route::Mcp, Verb::Get) => legacy::listen(self, incoming, now),
            (Route::Mcp, Verb::Delete) => legacy::delete(self, incoming, now),
            (Route::Mcp, Verb::Post) => self.post(incoming, now),
        }
    }

    /// Opens the one session of a standard-input server. Messages to the client are events of
    /// the returned stream.
    #[must_use]
    pub fn open_stdio(self: &Arc<Self>, now: Now<'_>) -> (Stdio, Arc<Stream>) {
        stdio::open(self, now)
    }

    /// Ends what has expired: sessions, questions, calls. Called about once a second.
    #[must_use]
    pub fn tick(&self, now: Now<'_>) -> Vec<Job> {
        let mut jobs = Vec::new();
        for session in self.sessions.all() {
            let late = session.tick(now.at);
            jobs.extend(late.into_iter().map(|wait| Job::new(wait.call, wait.round)));
            if self.sessions.expired(&session, now.at) {
                self.end_session(&session);
            }
        }
        for call in self.late_calls(now.at) {
            call.halt.stop();
            call.fail(&Failure::new(INTERNAL, "the call took too long and was ended"));
        }
        self.tasks.tick(now.at);
        jobs
    }

    /// Returns a place among the calls that wait for their clients, if one is free.
    pub(super) fn seat(&self) -> Option<Seat> {
        Seat::take(&self.asking)
    }

    /// Ends the streams that only wait for news; calls under way go on. Called when a stop was
    /// asked for, and again while calls finish.
    pub fn quiesce(&self) {
        self.listeners.end_all(&self.identity);
        for session in self.sessions.all() {
            session.quiesce();
        }
    }

    /// Ends every call, stream and session, before the process stops.
    pub fn shut(&self) {
        let running = core::mem::take(&mut *lock(&self.running));
        for (_, call) in running.into_values() {
            call.refuse(Refusal::Stopping);
        }
        self.listeners.end_all(&self.identity);
        for session in self.sessions.all() {
            // Those that wait for the client are not under way, but their answers are owed too.
            for call in session.calls() {
                call.refuse(Refusal::Stopping);
            }
            self.end_session(&session);
        }
        self.tasks.clear();
    }

    /// Tells everybody who asked that something changed.
    pub(super) fn changed(&self, change: &Change) {
        let offers = self.identity.offers();
        let (method, offered) = match change {
            Change::Tools => ("notifications/tools/list_changed", offers.list_changed),
            Change::Prompts => ("notifications/prompts/list_changed", offers.list_changed),
            Change::Resources => ("notifications/resources/list_changed", offers.list_changed),
            Change::Updated(_) => ("notifications/resources/updated", offers.subscribe),
        };
        let uri = if let Change::Updated(uri) = change { Some(uri.as_str()) } else { None };
        if uri.is_none() {
            let fresh = Arc::new(Lists::render(&*self.registry));
            *self.lists.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        if !offered {
            return;
        }
        let mut out = Vec::with_capacity(96);
        notify(&mut out, method);
        out.push(b'{');
        if let Some(uri) = uri {
            out.extend_from_slice(b"\"uri\":");
            write::string(uri, &mut out);
        }
        out.extend_from_slice(b"}}");
        let message: Arc<[u8]> = out.into();
        for session in self.sessions.all() {
            let wanted = uri.is_none_or(|uri| session.watches(uri));
            if wanted && session.handshake().is_some() {
                session.main.push(Arc::clone(&message));
            }
        }
        self.listeners.notify(change, method);
    }

    /// Starts the call of `plan`: a light one is run at once, another comes back as a job.
    ///
    /// # Errors
    /// The failure to be answered when the session cannot have this call.
    pub(super) fn launch(
        self: &Arc<Self>,
        id: Id,
        plan: Plan,
        port: Port,
        halt: Arc<Halt>,
        now: Now<'_>,
    ) -> Result<Option<Job>, Failure> {
        let Plan { caller, target, weight, round, place } = plan;
        let session = caller.session.clone();
        let number = self.last_call.fetch_add(1, Ordering::Relaxed);
        let plan = (caller, target, weight, place);
        let call = Arc::new(Call::new(Arc::clone(self), id, plan, port, halt, number));
        if let Some(session) = session {
            session.begin(&call)?;
        }
        if weight == Weight::Light {
            return Ok(call.run(round, now));
        }
        self.watch_call(&call, now.at);
        Ok(Some(Job::new(call, round)))
    }

    /// Limits the time of `call` from now on, unless it is limited already.
    pub(super) fn watch_call(&self, call: &Arc<Call>, now: Millis) {
        let entry = || (now.plus(CALL_MS), Arc::clone(call));
        lock(&self.running).entry(call.number).or_insert_with(entry);
    }

    /// Limits the time of `call` no longer.
    pub(super) fn forget_call(&self, call: &Call) {
        lock(&self.running).remove(&call.number);
    }

    /// Ends `session` with all it holds.
    pub(super) fn end_session(&self, session: &Session) {
        self.sessions.remove(&session.id);
        for listener in session.end() {
            self.listeners.remove(listener);
        }
    }

    /// Returns the registry.
    pub(super) fn registry(&self) -> &dyn Registry {
        &*self.registry
    }

    /// Returns who the server is.
    pub(super) const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the lists as they are now.
    pub(super) fn lists(&self) -> Arc<Lists> {
        Arc::clone(&self.lists.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the table of sessions.
    pub(super) const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Returns the listeners for changes.
    pub(super) const fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    /// Returns the table of tasks.
    pub(super) const fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// Returns the places for calls.
    pub(super) const fn places(&self) -> &Arc<Places> {
        &self.places
    }

    /// Takes the calls whose time is up out of the table.
    fn late_calls(&self, now: Millis) -> Vec<Arc<Call>> {
        let mut late = Vec::new();
        lock(&self.running).retain(|_, (deadline, call)| {
            let keep = *deadline > now;
            if !keep {
                late.push(Arc::clone(call));
            }
            keep
        });
        late
    }

    /// Answers a POST to the one endpoint: parse, then choose the era (ERA-1, ERA-6).
    fn post(self: &Arc<Self>, incoming: &Incoming<'_>, now: Now<'_>) -> Reply {
        let Ok(value) = parse(incoming.body) else { return Reply::refused(Refusal::NotJson) };
        let version = sent(&incoming.fields.protocol_version);
        let strange = matches!(version, Sent::Stateless | Sent::Unknown);
        if let crate::json::Json::Array(messages) = value {
            if strange {
                return Reply::refused(Refusal::NotRequest);
            }
            return legacy::batch(self, incoming, messages, now);
        }
        match Message::of(value) {
            Err(Misshapen { id: None }) => Reply::refused(Refusal::NotRequest),
            Err(Misshapen { id }) => not_request(id.as_ref()),
            Ok(Message::Request(request)) if strange || describes_itself(request.meta()) => {
                stateless::request(self, incoming, request, now)
            }
            Ok(Message::Notice(notice))
                if version == Sent::Stateless || describes_itself(notice.meta()) =>
            {
                stateless::notice(incoming, &notice)
            }
            Ok(Message::Returned(_)) if strange => Reply::refused(Refusal::NotRequest),
            Ok(_) if strange => Reply::refused(Refusal::VersionUnsupported),
            Ok(message) => legacy::post(self, incoming, message, now),
        }
    }
}

impl core::fmt::Debug for Engine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Engine")
    }
}

/// Returns the answer to JSON that is no message but has an id.
pub(super) fn not_request(id: Option<&Id>) -> Reply {
    let failure = Failure::refused(Refusal::NotRequest);
    Reply::json(Refusal::NotRequest.row().status, Body::Whole(failure.body(id)))
}
