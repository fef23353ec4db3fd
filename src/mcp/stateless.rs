//! Zone: post-admission. 2026-07-28: every request describes itself (section 7).
//!
//! Nothing is remembered from one request to the next; session and resumption fields are not
//! even looked at (ERA-5, MH-2).

use std::sync::Arc;

use crate::auth::Principal;
use crate::guard::McpFields;
use crate::http::response::Status;
use crate::mcp::call::{Caller, Sender};
use crate::mcp::dispatch::{Asked, Step};
use crate::mcp::engine::{Engine, Incoming, Now};
use crate::mcp::envelope::{Id, Notice, Request};
use crate::mcp::era::{admit, admit_notice};
use crate::mcp::failure::Failure;
use crate::mcp::halt::Halt;
use crate::mcp::methods::find;
use crate::mcp::port::Port;
use crate::mcp::reply::{Answer, Body, Exchange, Reply};
use crate::mcp::revision::Revision;
use crate::mcp::session::Session;
use crate::mcp::subscriptions;

const REVISION: Revision = Revision::July2026;

/// Answers a request that came by HTTP.
pub(super) fn request(
    engine: &Arc<Engine>,
    incoming: &Incoming<'_>,
    request: Request,
    now: Now<'_>,
) -> Reply {
    let id = request.id.clone();
    let (principal, sender) = (incoming.principal, incoming.sender());
    let who = Who { principal, sender, session: None, fields: Some(incoming.fields) };
    let reply = match step(engine, request, &who, now) {
        Ok(Step::Answer(body)) => Ok(Reply::json(Status(200), body)),
        Ok(Step::Queued(body, job)) => {
            Ok(Reply { job: Some(job), ..Reply::json(Status(200), body) })
        }
        Ok(Step::Listen(filter)) => subscriptions::open(engine, &id, filter),
        Ok(Step::Call(plan)) => {
            let halt = Arc::new(Halt::default());
            let exchange = Exchange::stateless(Arc::clone(&halt));
            let port = Port::Own(Arc::clone(&exchange));
            let job = engine.launch(id.clone(), plan, port, halt, now);
            job.map(|job| match exchange.take_answer() {
                Some((status, body)) => Reply { job, ..Reply::json(status, body) },
                None => Reply { answer: Answer::Call(exchange), job },
            })
        }
        Err(failure) => Err(failure),
    };
    reply.unwrap_or_else(|failure| failed(Some(&id), &failure))
}

/// Answers a notification that came by HTTP: there is nothing to do (MH-5).
pub(super) fn notice(incoming: &Incoming<'_>, notice: &Notice) -> Reply {
    match admit_notice(notice, &incoming.fields.protocol_version) {
        Ok(()) => Reply::of(Answer::Accepted),
        Err(failure) => failed(None, &failure),
    }
}

/// Who sends a request, and by which way.
pub(super) struct Who<'a> {
    /// Caller.
    pub(super) principal: &'a Principal,
    /// What the request brings with it.
    pub(super) sender: Sender<'a>,
    /// Client on a shared stream.
    pub(super) session: Option<&'a Arc<Session>>,
    /// Fields of HTTP.
    pub(super) fields: Option<&'a McpFields>,
}

/// Takes a request up the ladder of 7.2 and returns what it comes to.
///
/// # Errors
/// The failure of the first step that does not hold.
pub(super) fn step(
    engine: &Arc<Engine>,
    request: Request,
    who: &Who<'_>,
    now: Now<'_>,
) -> Result<Step, Failure> {
    let described = admit(&request, who.fields)?;
    let method = find(&request.method, REVISION, engine.identity().offers());
    let method = method.ok_or(Failure::method())?;
    let caller = Caller {
        principal: who.principal.clone(),
        grant: who.sender.grant.clone(),
        peer: who.sender.peer,
        revision: REVISION,
        client: Arc::new(described.client),
        session: who.session.cloned(),
        level: described.level?,
        progress: None,
    };
    let params = request.params.unwrap_or_default();
    let fields = who.fields;
    Asked { engine, id: &request.id, caller, params, fields, now }.step(method)
}

fn failed(id: Option<&Id>, failure: &Failure) -> Reply {
    Reply::json(failure.status(REVISION), Body::Whole(failure.body(id)))
}
