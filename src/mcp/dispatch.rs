//! Zone: post-admission. From a request to what it comes to, for every era and transport.

use std::sync::Arc;

use crate::guard::McpFields;
use crate::json::Object;
use crate::mcp::call::{Caller, Plan, Target};
use crate::mcp::engine::{Engine, Now};
use crate::mcp::envelope::{Id, open};
use crate::mcp::failure::Failure;
use crate::mcp::identity::TASKS;
use crate::mcp::methods::Method;
use crate::mcp::mirror;
use crate::mcp::params;
use crate::mcp::registry::{Outcome, Weight};
use crate::mcp::render;
use crate::mcp::reply::{Body, Job};
use crate::mcp::revision::Revision;
use crate::mcp::round::Round;
use crate::mcp::subscriptions::Filter;
use crate::mcp::tasks;

/// What a request comes to.
#[derive(Debug)]
pub(super) enum Step {
    /// A whole response.
    Answer(Body),
    /// A call to be run.
    Call(Plan),
    /// A stream of changes.
    Listen(Filter),
    /// A whole response, and work behind it.
    Queued(Body, Job),
}

/// A request whose method is known.
pub(super) struct Asked<'a> {
    /// Engine.
    pub(super) engine: &'a Arc<Engine>,
    /// Id.
    pub(super) id: &'a Id,
    /// Who.
    pub(super) caller: Caller,
    /// Parameters.
    pub(super) params: Object,
    /// Fields of HTTP, in 2026-07-28.
    pub(super) fields: Option<&'a McpFields>,
    /// Now.
    pub(super) now: Now<'a>,
}

impl Asked<'_> {
    /// Returns what the request comes to.
    ///
    /// # Errors
    /// The failure to be answered.
    pub(super) fn step(mut self, method: Method) -> Result<Step, Failure> {
        match method {
            Method::Ping => Ok(self.empty()),
            Method::Discover => Ok(self.answer(|engine, out, _| engine.identity().discover(out))),
            Method::List(listing) => {
                params::no_cursor(&self.params)?;
                let lists = self.engine.lists();
                Ok(Step::Answer(lists.answer(listing, self.engine, self.id, &self.caller)))
            }
            Method::CallTool => self.tool(),
            Method::FetchPrompt => {
                let (name, arguments) = params::prompt(&mut self.params)?;
                self.call(Target::Prompt(name, arguments))
            }
            Method::ReadResource => {
                let uri = params::uri(&mut self.params)?;
                self.call(Target::Resource(uri))
            }
            Method::Complete => self.complete(),
            Method::SetLevel | Method::Subscribe | Method::Unsubscribe => self.in_session(method),
            Method::Listen => {
                let filter = Filter::read(&mut self.params, self.engine.identity().offers())?;
                Ok(Step::Listen(filter))
            }
            Method::ShowTask => tasks::show(self),
            Method::UpdateTask => tasks::update(self),
            Method::CancelTask => tasks::cancel(self),
        }
    }

    /// Returns a response whose result object `write` appends whole.
    pub(super) fn answer(&self, write: impl FnOnce(&Engine, &mut Vec<u8>, Revision)) -> Step {
        let mut out = Vec::with_capacity(256);
        open(&mut out, self.id);
        write(self.engine, &mut out, self.caller.revision);
        out.push(b'}');
        Step::Answer(Body::Whole(out))
    }

    /// Returns a response without members of its own.
    pub(super) fn empty(&self) -> Step {
        self.answer(|engine, out, revision| engine.identity().empty(out, revision))
    }

    fn tool(mut self) -> Result<Step, Failure> {
        let (name, arguments) = params::call(&mut self.params)?;
        let weight = self.engine.registry().weight(&name, &self.caller.grant);
        let weight = weight.ok_or(Failure::params("there is no tool of that name"))?;
        let round = self.round()?;
        if let Some(fields) = self.fields {
            let lists = self.engine.lists();
            mirror::check(lists.mirrors(&name), fields, &arguments).map_err(
                |mirror::Mismatch| Failure::header("Mcp-Param does not agree with the arguments"),
            )?;
        }
        let task = match weight {
            Weight::Task => true,
            Weight::TaskOnceAnswered => round.answered,
            Weight::Light | Weight::Heavy => false,
        };
        let target = Target::Tool(name, arguments);
        let id = self.id;
        let (engine, now) = (self.engine, self.now);
        let offered = engine.identity().offers().tasks && self.caller.client.can(TASKS);
        let place = engine.places().take(&self.caller.principal)?;
        let plan = Plan { caller: self.with_progress(), target, weight, round, place };
        if task && offered {
            return tasks::start(engine, id, plan, now);
        }
        Ok(Step::Call(plan))
    }

    fn call(mut self, target: Target) -> Result<Step, Failure> {
        let round = self.round()?;
        let place = self.engine.places().take(&self.caller.principal)?;
        let caller = self.with_progress();
        Ok(Step::Call(Plan { caller, target, weight: Weight::Heavy, round, place }))
    }

    /// Only 2026-07-28 repeats a request with answers; elsewhere the members mean nothing.
    fn round(&mut self) -> Result<Round, Failure> {
        if self.caller.revision.stateless() {
            params::round(&mut self.params)
        } else {
            Ok(Round::default())
        }
    }

    fn with_progress(self) -> Caller {
        Caller { progress: params::progress_token(&self.params), ..self.caller }
    }

    fn complete(mut self) -> Result<Step, Failure> {
        let asked = params::completion(&mut self.params)?;
        let argument = (asked.name.as_str(), asked.value.as_str());
        let grant = &self.caller.grant;
        match self.engine.registry().complete(&asked.reference, argument, grant) {
            Outcome::Done(values) => Ok(self.answer(|engine, out, revision| {
                render::completion(out, &values);
                engine.identity().close(out, revision, "complete");
            })),
            Outcome::BadParams(sentence) => Err(Failure::bad_params(sentence)),
            Outcome::Unknown => Err(Failure::params("there is nothing of that name")),
            Outcome::Ask { .. }
            | Outcome::BadState
            | Outcome::Missing(_)
            | Outcome::Reconnect { .. } => Err(Failure::internal()),
        }
    }

    fn in_session(mut self, method: Method) -> Result<Step, Failure> {
        let session = self.caller.session.clone().ok_or(Failure::method())?;
        if method == Method::SetLevel {
            session.set_level(params::level(&self.params)?);
            return Ok(self.empty());
        }
        let uri = params::watched(&mut self.params)?;
        if method == Method::Subscribe {
            session.watch(uri)?;
        } else {
            session.unwatch(&uri);
        }
        Ok(self.empty())
    }
}
