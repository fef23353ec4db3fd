//! Zone: post-admission. One client on one stream: standard input and HTTP+SSE (sections 4, 8).
//!
//! Both eras at once, told apart by message; answers, notifications and questions share the
//! stream. There are no header fields to check.

use std::sync::Arc;

use crate::guard::Refusal;
use crate::json::Json;
use crate::mcp::call::Sender;
use crate::mcp::dispatch::Step;
use crate::mcp::engine::{Engine, Now};
use crate::mcp::envelope::{Id, Message, Request};
use crate::mcp::era::describes_itself;
use crate::mcp::failure::{Failure, INVALID_REQUEST};
use crate::mcp::legacy;
use crate::mcp::port::Port;
use crate::mcp::reply::Job;
use crate::mcp::session::Session;
use crate::mcp::stateless::{self, Who};

/// Takes one value from the client: a message, or an array where the revision has them.
/// Answers go to the stream of `session`.
pub(super) fn take(
    engine: &Arc<Engine>,
    session: &Arc<Session>,
    (value, sender): (Json, Sender<'_>),
    now: Now<'_>,
) -> Option<Job> {
    let Json::Array(messages) = value else { return one(engine, session, (value, sender), now) };
    let allowed = session.handshake().is_some_and(|settled| settled.revision.batches());
    let fault =
        if allowed { legacy::batch_fault(messages.len()) } else { Some(Refusal::BatchForbidden) };
    if let Some(refusal) = fault {
        say_failure(session, None, &Failure::refused(refusal));
        return None;
    }
    // Answers are single lines, which STD-8 leaves open.
    messages.into_iter().fold(None, |job, value| {
        let initialize = value.get("method").and_then(Json::as_str) == Some("initialize");
        if initialize {
            let id = value.get("id").and_then(Id::of);
            let failure = Failure::new(INVALID_REQUEST, "initialize does not belong into a batch");
            say_failure(session, id.as_ref(), &failure);
            return job;
        }
        Job::join(job, one(engine, session, (value, sender), now))
    })
}

/// Sends an error on the stream of `session`.
pub(super) fn say_failure(session: &Session, id: Option<&Id>, failure: &Failure) {
    session.main.push(failure.body(id).into());
}

fn one(
    engine: &Arc<Engine>,
    session: &Arc<Session>,
    (value, sender): (Json, Sender<'_>),
    now: Now<'_>,
) -> Option<Job> {
    match Message::of(value) {
        Ok(Message::Request(request)) => {
            let id = request.id.clone();
            ask(engine, session, (request, sender), now).unwrap_or_else(|failure| {
                say_failure(session, Some(&id), &failure);
                None
            })
        }
        Ok(Message::Notice(notice)) => {
            legacy::noticed(engine, session, &notice);
            None
        }
        Ok(Message::Returned(returned)) => {
            session.returned(returned).map(|wait| Job::new(wait.call, wait.round))
        }
        Err(bad) => {
            let failure = Failure::refused(Refusal::NotRequest);
            say_failure(session, bad.id.as_ref(), &failure);
            None
        }
    }
}

/// Answers a request, by the era its own words choose (ERA-7).
fn ask(
    engine: &Arc<Engine>,
    session: &Arc<Session>,
    (request, sender): (Request, Sender<'_>),
    now: Now<'_>,
) -> Result<Option<Job>, Failure> {
    let id = request.id.clone();
    let step = if describes_itself(request.meta()) {
        session.check_id(&id)?;
        let principal = &session.principal;
        let who = Who { principal, sender, session: Some(session), fields: None };
        stateless::step(engine, request, &who, now)?
    } else if request.method == "initialize" {
        let handshake = legacy::handshake(&request)?;
        let revision = handshake.revision;
        if !session.settle(handshake) {
            return Err(Failure::refused(Refusal::SessionStarted));
        }
        session.main.push(legacy::initialized(engine, &id, revision).into());
        return Ok(None);
    } else {
        match session.handshake() {
            Some(handshake) => legacy::step(engine, session, handshake, (request, sender), now)?,
            None if request.method == "ping" => return Ok(ping(session, &id)),
            None => return Err(Failure::params("the session has to begin with initialize")),
        }
    };
    match step {
        Step::Answer(body) => {
            session.main.push(body.into_bytes().into());
            Ok(None)
        }
        Step::Queued(body, job) => {
            session.main.push(body.into_bytes().into());
            Ok(Some(job))
        }
        Step::Listen(filter) => {
            let number = engine.listeners().add(id.clone(), filter, &session.main, true)?;
            session.listen(id, number);
            Ok(None)
        }
        Step::Call(plan) => {
            let port = Port::Shared(Arc::clone(&session.main));
            engine.launch(id, plan, port, Arc::default(), now)
        }
    }
}

/// Answers a ping before the handshake (HSK-5).
fn ping(session: &Session, id: &Id) -> Option<Job> {
    let mut out = Vec::with_capacity(64);
    crate::mcp::envelope::open(&mut out, id);
    out.extend_from_slice(b"{}}");
    session.main.push(out.into());
    None
}
