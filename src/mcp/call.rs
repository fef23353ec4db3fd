//! Zone: post-admission. One call of a tool, prompt or resource, from dispatch to answer.
//!
//! A call never blocks on the client: it ends its run with a question and is run again with the
//! answers. It is concluded exactly once, whoever comes first: result, cancellation or time.

use core::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::auth::{Grant, Principal};
use crate::guard::Refusal;
use crate::http::response::Status;
use crate::json::{Json, Object};
use crate::limits::RERUNS_MAX;
use crate::mcp::ask;
use crate::mcp::client::{Client, Level};
use crate::mcp::context::Running;
use crate::mcp::engine::{Engine, Now};
use crate::mcp::envelope::{Id, open};
use crate::mcp::failure::{Failure, RESOURCE_NOT_FOUND};
use crate::mcp::halt::Halt;
use crate::mcp::places::Held;
use crate::mcp::port::{Port, Rising};
use crate::mcp::registry::{Outcome, Weight};
use crate::mcp::render;
use crate::mcp::reply::{Body, Job};
use crate::mcp::revision::Revision;
use crate::mcp::round::Round;
use crate::mcp::session::Session;

/// What is called.
#[derive(Debug)]
pub(super) enum Target {
    /// `tools/call`: name, arguments.
    Tool(String, Object),
    /// `prompts/get`: name, arguments.
    Prompt(String, Object),
    /// `resources/read`: URI.
    Resource(String),
}

/// What a message brings with it that no session remembers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    /// Which tools its caller may use.
    pub(super) grant: &'a Grant,
    /// Where it came from, when that is an address.
    pub(super) peer: Option<IpAddr>,
}

/// Who calls, and what that client knows and wants.
#[derive(Debug)]
pub(super) struct Caller {
    /// Caller.
    pub(super) principal: Principal,
    /// Which tools it may use, by the credential of this very request.
    pub(super) grant: Grant,
    /// Where the request came from, when that is an address.
    pub(super) peer: Option<IpAddr>,
    /// Revision of the request.
    pub(super) revision: Revision,
    /// What the client declared.
    pub(super) client: Arc<Client>,
    /// Session, or client on a shared stream.
    pub(super) session: Option<Arc<Session>>,
    /// Log messages the request asked for (2026-07-28).
    pub(super) level: Option<Level>,
    /// Token for progress.
    pub(super) progress: Option<Id>,
}

/// A call that is ready to be run.
#[derive(Debug)]
pub(super) struct Plan {
    /// Who.
    pub(super) caller: Caller,
    /// What.
    pub(super) target: Target,
    /// How.
    pub(super) weight: Weight,
    /// With what.
    pub(super) round: Round,
    /// Its place among the calls of the caller.
    pub(super) place: Held,
}

/// A call under way.
pub(super) struct Call {
    pub(super) engine: Arc<Engine>,
    id: Id,
    pub(super) caller: Caller,
    target: Target,
    pub(super) port: Port,
    pub(super) halt: Arc<Halt>,
    pub(super) rising: Rising,
    /// Key in the table of running calls.
    pub(super) number: u64,
    light: bool,
    concluded: AtomicBool,
    place: Held,
}

impl core::fmt::Debug for Call {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Call").field("id", &self.id).field("number", &self.number).finish()
    }
}

/// Ends a call whose handler panicked, so that nobody waits for it, and its place with the run.
struct Guard<'a>(&'a Call, bool);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if self.1 {
            self.0.fail(&Failure::internal());
        }
        self.0.place.leave(self.0.concluded.load(Ordering::Acquire));
    }
}

impl Call {
    pub(super) fn new(
        engine: Arc<Engine>,
        id: Id,
        plan: (Caller, Target, Weight, Held),
        port: Port,
        halt: Arc<Halt>,
        number: u64,
    ) -> Self {
        let (caller, target, weight, place) = plan;
        let light = matches!(weight, Weight::Light);
        let concluded = AtomicBool::new(false);
        let rising = Rising::new();
        Self { engine, id, caller, target, port, halt, rising, number, light, concluded, place }
    }

    /// Runs the call once. Returns the next run when that follows at once.
    pub(super) fn run(self: Arc<Self>, round: Round, now: Now<'_>) -> Option<Job> {
        if self.halt.is_stopped() {
            self.cancel();
        }
        if self.concluded.load(Ordering::Acquire) {
            return None;
        }
        if round.silent {
            self.error_result("The client did not answer.");
            return None;
        }
        if !self.light {
            self.engine.watch_call(&self, now.at);
        }
        self.place.enter();
        let mut guard = Guard(&self, true);
        let engine = Arc::clone(&self.engine);
        let registry = engine.registry();
        let unix_seconds = now.unix_seconds;
        let context = Running { call: &self, round: &round, unix_seconds };
        let revision = self.caller.revision;
        let follows = match &self.target {
            Target::Tool(name, arguments) => {
                let outcome = registry.call(name, arguments, &context);
                self.settle(outcome, &round, now, |out, result| {
                    render::tool(out, result, revision);
                })
            }
            Target::Prompt(name, arguments) => {
                let outcome = registry.prompt(name, arguments, &context);
                self.settle(outcome, &round, now, |out, result| {
                    render::prompt(out, result, revision);
                })
            }
            Target::Resource(uri) => {
                let outcome = registry.resource(uri, &context);
                self.settle(outcome, &round, now, |out, result| {
                    render::contents(out, result, revision);
                })
            }
        };
        guard.1 = false;
        drop(guard);
        follows
    }

    /// Ends the call because nobody wants its answer any more.
    pub(super) fn cancel(&self) {
        // First the switch: a run that is under way keeps its place until it has seen it.
        self.halt.stop();
        if self.conclude() {
            self.port.quit();
        }
    }

    /// Ends the call with the error that `refusal` says.
    pub(super) fn refuse(&self, refusal: Refusal) {
        self.halt.stop();
        self.fail(&Failure::refused(refusal));
    }

    /// Returns the id of the request.
    pub(super) const fn id(&self) -> &Id {
        &self.id
    }

    /// Ends the call with `failure`.
    pub(super) fn fail(&self, failure: &Failure) {
        if !self.conclude() {
            return;
        }
        match &self.port {
            Port::Task(task) => task.failed(failure),
            Port::Own(_) | Port::Shared(_) | Port::Batch(..) => {
                let body = failure.body(Some(&self.id));
                self.port.finish(failure.status(self.caller.revision), Body::Whole(body));
            }
        }
    }

    /// Ends the call with a result that says it failed; only tools have such results.
    pub(super) fn error_result(&self, text: &'static str) {
        match self.target {
            Target::Tool(..) => self.succeed("complete", |out| render::tool_error(out, text)),
            Target::Prompt(..) | Target::Resource(_) => self.fail(&Failure::params(text)),
        }
    }

    /// Ends the call with the result that `write` begins.
    pub(super) fn succeed(&self, kind: &str, write: impl FnOnce(&mut Vec<u8>)) {
        if !self.conclude() {
            return;
        }
        let identity = self.engine.identity();
        let mut out = Vec::with_capacity(512);
        if let Port::Task(task) = &self.port {
            write(&mut out);
            identity.close(&mut out, self.caller.revision, kind);
            task.completed(out);
            return;
        }
        open(&mut out, &self.id);
        write(&mut out);
        identity.close(&mut out, self.caller.revision, kind);
        out.push(b'}');
        self.port.finish(Status(200), Body::Whole(out));
    }

    fn settle<T>(
        self: &Arc<Self>,
        outcome: Outcome<T>,
        round: &Round,
        now: Now<'_>,
        write: impl FnOnce(&mut Vec<u8>, &T),
    ) -> Option<Job> {
        match outcome {
            Outcome::Done(result) => self.succeed("complete", |out| write(out, &result)),
            Outcome::Ask { questions, state } => {
                return ask::ask(self, questions, state, round, now);
            }
            Outcome::BadParams(sentence) => self.fail(&Failure::bad_params(sentence)),
            Outcome::BadState => self.fail(&Failure::bad_state()),
            Outcome::Missing(required) => self.lacks(required),
            Outcome::Unknown => self.fail(&self.unknown()),
            Outcome::Reconnect { retry_ms } => return self.reconnect(retry_ms, round),
        }
        None
    }

    /// Ends the call for want of a capability; only 2026-07-28 has an error for that (ERA-9).
    pub(super) fn lacks(&self, required: Json) {
        if self.caller.revision.stateless() {
            self.fail(&Failure::missing(required));
        } else {
            self.error_result("The client did not declare a capability that this needs.");
        }
    }

    fn reconnect(self: &Arc<Self>, retry_ms: u64, round: &Round) -> Option<Job> {
        // Where the client cannot come back, the call simply goes on.
        let _resumable: bool = self.port.reconnect(retry_ms);
        let state = round.state.clone();
        let answers = round.answers.clone();
        self.again(Round {
            answers,
            answered: round.answered,
            state,
            resumed: true,
            silent: false,
            reruns: round.reruns.saturating_add(1),
        })
    }

    /// Returns the job that runs the call again, unless it has done so too often by itself.
    pub(super) fn again(self: &Arc<Self>, round: Round) -> Option<Job> {
        if round.reruns > RERUNS_MAX {
            self.fail(&Failure::internal());
            return None;
        }
        Some(Job::new(Arc::clone(self), round))
    }

    /// Returns the error for a name or URI that is not there (TOOL-9, PR-3, RES-3).
    fn unknown(&self) -> Failure {
        match &self.target {
            Target::Tool(..) => Failure::params("there is no tool of that name"),
            Target::Prompt(..) => Failure::params("there is no prompt of that name"),
            Target::Resource(uri) => {
                let failure = if self.caller.revision.stateless() {
                    Failure::params("there is no resource of that uri")
                } else {
                    Failure::new(RESOURCE_NOT_FOUND, "there is no resource of that uri")
                };
                failure.with("uri", uri.as_str().into())
            }
        }
    }

    /// True for the one caller that may send the end of the call.
    fn conclude(&self) -> bool {
        let first = !self.concluded.swap(true, Ordering::AcqRel);
        if first {
            self.place.end(self.halt.is_stopped());
            if !self.light {
                self.engine.forget_call(self);
            }
            if let Some(session) = &self.caller.session {
                session.finish(self);
            }
        }
        first
    }
}
