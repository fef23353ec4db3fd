//! Zone: post-admission. The tasks extension of 2026-07-28: calls whose result is fetched later.
//!
//! A task belongs to the principal that made it; to others it does not exist. Tasks are bounded
//! in number and age, and their ids cannot be guessed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::auth::Principal;
use crate::base::Millis;
use crate::guard::Refusal;
use crate::json::{Json, Object, object, write};
use crate::limits::{TASK_POLL_MS, TASK_TTL_MS, TASKS_MAX};
use crate::mcp::ask::input_requests;
use crate::mcp::call::{Call, Plan};
use crate::mcp::dispatch::{Asked, Step};
use crate::mcp::engine::{Engine, Now};
use crate::mcp::envelope::{Id, open};
use crate::mcp::failure::Failure;
use crate::mcp::identity::TASKS;
use crate::mcp::lock;
use crate::mcp::params;
use crate::mcp::port::Port;
use crate::mcp::questions::form_fits;
use crate::mcp::registry::Question;
use crate::mcp::reply::{Body, Job};
use crate::mcp::round::Round;
use crate::mcp::sessions::fresh_id;
use crate::mcp::time::rfc3339;

/// One task.
#[derive(Debug)]
pub(super) struct Task {
    id: String,
    principal: Principal,
    created: u64,
    drop_at: Millis,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    updated: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Working(Option<Arc<Call>>),
    Parked { call: Arc<Call>, questions: Vec<Question>, round: Round },
    Completed(Vec<u8>),
    Failed(Vec<u8>),
    Cancelled,
}

impl State {
    const fn name(&self) -> &'static str {
        match self {
            Self::Working(_) => "working",
            Self::Parked { .. } => "input_required",
            Self::Completed(_) => "completed",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    const fn is_final(&self) -> bool {
        matches!(self, Self::Completed(_) | Self::Failed(_) | Self::Cancelled)
    }
}

/// The table of tasks.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    all: Mutex<BTreeMap<String, Arc<Task>>>,
}

impl Tasks {
    /// Drops tasks whose time is up.
    pub(super) fn tick(&self, now: Millis) {
        let mut late = Vec::new();
        lock(&self.all).retain(|_, task| {
            let keep = task.drop_at > now;
            if !keep {
                late.push(Arc::clone(task));
            }
            keep
        });
        for task in late {
            task.cancel();
        }
    }

    /// Drops every task.
    pub(super) fn clear(&self) {
        let all = core::mem::take(&mut *lock(&self.all));
        for task in all.into_values() {
            task.cancel();
        }
    }

    /// Returns task `id` of `principal`.
    fn find(&self, id: &str, principal: &Principal) -> Option<Arc<Task>> {
        lock(&self.all).get(id).filter(|task| task.principal == *principal).cloned()
    }

    /// Adds `task`; at the bound a finished one gives way, the oldest first.
    fn add(&self, task: &Arc<Task>) -> Result<(), Failure> {
        let mut all = lock(&self.all);
        if all.len() >= TASKS_MAX {
            let finished = all.values().filter(|task| lock(&task.inner).state.is_final());
            let oldest = finished.min_by_key(|task| task.drop_at).map(|task| task.id.clone());
            let oldest = oldest.ok_or_else(|| Failure::refused(Refusal::Overloaded))?;
            all.remove(&oldest);
        }
        all.insert(task.id.clone(), Arc::clone(task));
        Ok(())
    }
}

/// Starts the call of `plan` as a task and returns the answer that names it (TASK-2).
pub(super) fn start(
    engine: &Arc<Engine>,
    id: &Id,
    plan: Plan,
    now: Now<'_>,
) -> Result<Step, Failure> {
    let task = Arc::new(Task {
        id: fresh_id(now.random).map_err(Failure::refused)?,
        principal: plan.caller.principal.clone(),
        created: now.unix_seconds,
        drop_at: now.at.plus(TASK_TTL_MS),
        inner: Mutex::new(Inner { updated: now.unix_seconds, state: State::Working(None) }),
    });
    engine.tasks().add(&task)?;
    let mut out = Vec::with_capacity(384);
    open(&mut out, id);
    task.describe(&mut out, &lock(&task.inner));
    engine.identity().close(&mut out, plan.caller.revision, "task");
    out.push(b'}');
    // The call outlives its request, so it must not count as an open call of a client.
    let caller = crate::mcp::call::Caller { session: None, ..plan.caller };
    let plan = Plan { caller, ..plan };
    let port = Port::Task(Arc::clone(&task));
    let job = engine.launch(id.clone(), plan, port, Arc::default(), now)?;
    let body = Body::Whole(out);
    Ok(match job {
        Some(job) => {
            task.runs(job.first());
            Step::Queued(body, job)
        }
        None => Step::Answer(body),
    })
}

/// Answers `tasks/get`.
///
/// # Errors
/// -32021 without the extension, -32602 for an unknown task.
pub(super) fn show(mut asked: Asked<'_>) -> Result<Step, Failure> {
    let task = named(&mut asked)?;
    Ok(asked.answer(|engine, out, revision| {
        task.show(out);
        engine.identity().close(out, revision, "complete");
    }))
}

/// Answers `tasks/update`.
///
/// # Errors
/// As [`show`]; -32602 for answers of another shape.
pub(super) fn update(mut asked: Asked<'_>) -> Result<Step, Failure> {
    let task = named(&mut asked)?;
    let answers = asked.params.remove("inputResponses");
    let answers = answers.ok_or(Failure::params("the inputResponses have to be an object"))?;
    let job = task.answer(params::answers(answers)?, asked.now);
    Ok(match (asked.empty(), job) {
        (Step::Answer(body), Some(job)) => Step::Queued(body, job),
        (step, _) => step,
    })
}

/// Answers `tasks/cancel`, in the same way for a task that has ended.
///
/// # Errors
/// As [`show`].
pub(super) fn cancel(mut asked: Asked<'_>) -> Result<Step, Failure> {
    let task = named(&mut asked)?;
    task.touch(asked.now);
    task.cancel();
    Ok(asked.empty())
}

fn named(asked: &mut Asked<'_>) -> Result<Arc<Task>, Failure> {
    if !asked.caller.client.can(TASKS) {
        let nothing = Json::Object(Object::new());
        return Err(Failure::missing(object([("extensions", object([(TASKS, nothing)]))])));
    }
    let id = params::task(&mut asked.params)?;
    let found = asked.engine.tasks().find(&id, &asked.caller.principal);
    found.ok_or(Failure::params("there is no such task"))
}

impl Task {
    /// Sets the call aside until `questions` are answered by `tasks/update`.
    pub(super) fn park(
        &self,
        call: &Arc<Call>,
        questions: Vec<Question>,
        state: Option<String>,
        now: Now<'_>,
    ) {
        call.engine.forget_call(call);
        let round = Round { answered: true, state, ..Round::default() };
        let mut inner = lock(&self.inner);
        if !inner.state.is_final() {
            inner.updated = now.unix_seconds;
            inner.state = State::Parked { call: Arc::clone(call), questions, round };
        }
    }

    /// Ends the task with a result object.
    pub(super) fn completed(&self, result: Vec<u8>) {
        self.settle(State::Completed(result));
    }

    /// Ends the task with an error.
    pub(super) fn failed(&self, failure: &Failure) {
        let mut out = Vec::new();
        failure.write(&mut out);
        self.settle(State::Failed(out));
    }

    /// Ends the task without either.
    pub(super) fn cancelled(&self) {
        self.settle(State::Cancelled);
    }

    fn settle(&self, state: State) {
        let mut inner = lock(&self.inner);
        if !inner.state.is_final() {
            inner.state = state;
        }
    }

    fn runs(&self, call: Option<Arc<Call>>) {
        let mut inner = lock(&self.inner);
        if let State::Working(running) = &mut inner.state {
            *running = call;
        }
    }

    fn touch(&self, now: Now<'_>) {
        let mut inner = lock(&self.inner);
        if !inner.state.is_final() {
            inner.updated = now.unix_seconds;
        }
    }

    /// Cancels the call; without effect on a finished task.
    fn cancel(&self) {
        let call = match &lock(&self.inner).state {
            State::Working(call) => call.clone(),
            State::Parked { call, .. } => Some(Arc::clone(call)),
            State::Completed(_) | State::Failed(_) | State::Cancelled => None,
        };
        self.cancelled();
        if let Some(call) = call {
            call.cancel();
        }
    }

    /// Takes answers; returns the job when none is missing any more. Unknown keys and forms that
    /// do not fit are ignored, so the client sees them still asked (MRTR-5, MRTR-6).
    fn answer(&self, answers: Object, now: Now<'_>) -> Option<Job> {
        let mut inner = lock(&self.inner);
        let State::Parked { call, questions, round } = &mut inner.state else { return None };
        for (key, answer) in answers {
            let place = questions.iter().position(|question| question.key == key);
            let Some(place) = place else { continue };
            let fits = questions
                .get(place)
                .is_some_and(|question| form_fits(question.params.as_json(), &answer));
            if fits {
                questions.remove(place);
                round.answers.set(&key, answer);
            }
        }
        let ready = questions.is_empty().then(|| (Arc::clone(call), core::mem::take(round)));
        inner.updated = now.unix_seconds;
        let (call, round) = ready?;
        inner.state = State::Working(Some(Arc::clone(&call)));
        Some(Job::new(call, round))
    }

    /// Appends the task with its result, its error or its questions.
    fn show(&self, out: &mut Vec<u8>) {
        let inner = lock(&self.inner);
        self.describe(out, &inner);
        match &inner.state {
            State::Completed(result) => {
                out.extend_from_slice(b",\"result\":");
                out.extend_from_slice(result);
            }
            State::Failed(error) => {
                out.extend_from_slice(b",\"error\":");
                out.extend_from_slice(error);
            }
            State::Parked { questions, .. } => {
                out.extend_from_slice(b",\"inputRequests\":");
                write::compact(&input_requests(questions), out);
            }
            State::Working(_) | State::Cancelled => {}
        }
    }

    fn describe(&self, out: &mut Vec<u8>, inner: &Inner) {
        out.extend_from_slice(b"{\"taskId\":");
        write::string(&self.id, out);
        out.extend_from_slice(b",\"status\":");
        write::string(inner.state.name(), out);
        for (name, seconds) in [("createdAt", self.created), ("lastUpdatedAt", inner.updated)] {
            out.push(b',');
            write::string(name, out);
            out.push(b':');
            write::string(&rfc3339(seconds), out);
        }
        let times = format!(",\"ttlMs\":{TASK_TTL_MS},\"pollIntervalMs\":{TASK_POLL_MS}");
        out.extend_from_slice(times.as_bytes());
    }
}
