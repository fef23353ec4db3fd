//! Zone: post-admission. Streamable HTTP of the handshake revisions (section 6).
//!
//! A session is found by its id and its principal together. A dropped connection cancels
//! nothing; what was begun as a stream can be resumed.

use std::sync::Arc;

use crate::base::bytes::trim_ows;
use crate::guard::{FieldValue, Refusal};
use crate::http::response::Status;
use crate::json::{Json, Object};
use crate::limits::BATCH_MAX;
use crate::mcp::batch::Batch;
use crate::mcp::call::{Caller, Sender};
use crate::mcp::client::Client;
use crate::mcp::dispatch::{Asked, Step};
use crate::mcp::engine::{Engine, Incoming, Now};
use crate::mcp::envelope::{Id, Message, Notice, Request, open};
use crate::mcp::era::{Sent, sent};
use crate::mcp::failure::{Failure, INVALID_REQUEST};
use crate::mcp::halt::Halt;
use crate::mcp::methods::find;
use crate::mcp::port::Port;
use crate::mcp::reply::{Answer, Body, Exchange, Job, Reply};
use crate::mcp::revision::Revision;
use crate::mcp::session::{Handshake, Session, Transport};

/// Answers a POST of one message.
pub(super) fn post(
    engine: &Arc<Engine>,
    incoming: &Incoming<'_>,
    message: Message,
    now: Now<'_>,
) -> Reply {
    let request = match message {
        Message::Request(request) if request.method == "initialize" => {
            return initialize(engine, incoming, request, now);
        }
        Message::Request(request) => request,
        Message::Notice(notice) => {
            return match find_session(engine, incoming, now) {
                Ok((session, _)) => {
                    noticed(engine, &session, &notice);
                    Reply::of(Answer::Accepted)
                }
                Err(refusal) => Reply::refused(refusal),
            };
        }
        Message::Returned(returned) => {
            return match find_session(engine, incoming, now) {
                Ok((session, _)) => {
                    let wait = session.returned(returned);
                    let job = wait.map(|wait| Job::new(wait.call, wait.round));
                    Reply { answer: Answer::Accepted, job }
                }
                Err(refusal) => Reply::refused(refusal),
            };
        }
    };
    let (session, handshake) = match find_session(engine, incoming, now) {
        Ok(found) => found,
        Err(refusal) => return refused(&request.id, refusal),
    };
    let id = request.id.clone();
    let revision = handshake.revision;
    let answer = answer(engine, &session, handshake, (request, incoming.sender()), now);
    answer.unwrap_or_else(|failure| {
        Reply::json(failure.status(revision), Body::Whole(failure.body(Some(&id))))
    })
}

/// Answers a GET: the one stream of the session, or the rest of one that broke (6.4, 6.5).
pub(super) fn listen(engine: &Engine, incoming: &Incoming<'_>, now: Now<'_>) -> Reply {
    let (session, handshake) = match versioned_session(engine, incoming, now) {
        Ok(found) => found,
        Err(refusal) => return Reply::refused(refusal),
    };
    let (stream, after) = match &incoming.fields.last_event_id {
        FieldValue::Absent => {
            if session.main.has_reader() {
                return Reply::refused(Refusal::SecondStream);
            }
            let after = session.main.resume_place();
            if handshake.revision.primes() && session.main.newest() == after {
                session.main.add(None, None, Arc::new([]));
            }
            (Arc::clone(&session.main), after)
        }
        FieldValue::One(event) => match session.resume(trim_ows(event)) {
            Some(found) => found,
            None => return Reply::refused(Refusal::EventUnknown),
        },
        FieldValue::Repeated => return Reply::refused(Refusal::EventUnknown),
    };
    Reply::of(Answer::Stream { stream, after, session: None, tie: None })
}

/// Answers a DELETE: ends the session (SH-5).
pub(super) fn delete(engine: &Engine, incoming: &Incoming<'_>, now: Now<'_>) -> Reply {
    match versioned_session(engine, incoming, now) {
        Ok((session, _)) => {
            engine.end_session(&session);
            Reply::of(Answer::NoContent)
        }
        Err(refusal) => Reply::refused(refusal),
    }
}

/// Answers a POST of an array (SH-17).
pub(super) fn batch(
    engine: &Arc<Engine>,
    incoming: &Incoming<'_>,
    messages: Vec<Json>,
    now: Now<'_>,
) -> Reply {
    let (session, handshake) = match find_session(engine, incoming, now) {
        Ok(found) => found,
        Err(refusal) => return Reply::refused(refusal),
    };
    if !handshake.revision.batches() {
        return Reply::refused(Refusal::BatchForbidden);
    }
    if let Some(refusal) = batch_fault(messages.len()) {
        return Reply::refused(refusal);
    }
    let messages: Vec<_> = messages.into_iter().map(Message::of).collect();
    let silent = |message: &Result<Message, _>| {
        matches!(message, Ok(Message::Notice(_) | Message::Returned(_)))
    };
    let answers = messages.iter().filter(|message| !silent(message)).count();
    let exchange = Exchange::resumable(Arc::clone(&session), session.stream_number(), false);
    let batch = Batch::new(Arc::clone(&exchange), answers);
    let mut job = None;
    for message in messages {
        let more = match message {
            Ok(Message::Notice(notice)) => {
                noticed(engine, &session, &notice);
                None
            }
            Ok(Message::Returned(returned)) => {
                session.returned(returned).map(|wait| Job::new(wait.call, wait.round))
            }
            Ok(Message::Request(request)) => {
                let request = (request, incoming.sender());
                element(engine, &session, &handshake, request, &batch, now)
            }
            Err(bad) => {
                let body = Failure::refused(Refusal::NotRequest).body(bad.id.as_ref());
                batch.part(bad.id.as_ref(), Some(Body::Whole(body)));
                None
            }
        };
        job = Job::join(job, more);
    }
    if answers == 0 {
        return Reply { answer: Answer::Accepted, job };
    }
    match exchange.take_answer() {
        Some((status, body)) => Reply { job, ..Reply::json(status, body) },
        None => Reply { answer: Answer::Call(exchange), job },
    }
}

/// Returns why an array of `len` messages is refused.
pub(super) const fn batch_fault(len: usize) -> Option<Refusal> {
    match len {
        0 => Some(Refusal::BatchEmpty),
        1..=BATCH_MAX => None,
        _ => Some(Refusal::BatchTooLarge),
    }
}

/// Does what a notification asks for; an unknown one is dropped (ENV-6).
pub(super) fn noticed(engine: &Engine, session: &Session, notice: &Notice) {
    if notice.method != "notifications/cancelled" {
        return;
    }
    let id = notice.params.as_ref().and_then(|params| Id::of(params.get("requestId")?));
    if let Some(listener) = id.and_then(|id| session.cancel(&id)) {
        engine.listeners().remove(listener);
    }
}

/// Reads the parameters of `initialize` and returns what they settle (HSK-1 to HSK-3).
///
/// # Errors
/// -32602 when a required member is missing.
pub(super) fn handshake(request: &Request) -> Result<Handshake, Failure> {
    const INCOMPLETE: Failure =
        Failure::params("protocolVersion, capabilities and clientInfo are required");
    let params = request.params.as_ref().ok_or(INCOMPLETE)?;
    let version = params.get("protocolVersion").and_then(Json::as_str).ok_or(INCOMPLETE)?;
    let declared: &Object =
        params.get("capabilities").and_then(Json::as_object).ok_or(INCOMPLETE)?;
    params.get("clientInfo").and_then(Json::as_object).ok_or(INCOMPLETE)?;
    let revision = Revision::parse_legacy(version.as_bytes()).unwrap_or(Revision::NEWEST_LEGACY);
    Ok(Handshake { revision, client: Arc::new(Client::of(declared, revision)) })
}

/// Returns the response to `initialize`.
pub(super) fn initialized(engine: &Engine, id: &Id, revision: Revision) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    open(&mut out, id);
    engine.identity().initialize(&mut out, revision);
    out.push(b'}');
    out
}

/// Returns what a request in a session comes to.
///
/// # Errors
/// The failure to be answered.
pub(super) fn step(
    engine: &Arc<Engine>,
    session: &Arc<Session>,
    handshake: Handshake,
    (request, sender): (Request, Sender<'_>),
    now: Now<'_>,
) -> Result<Step, Failure> {
    session.check_id(&request.id)?;
    let params = request.params.ok_or(Failure::params("the params have to be an object"))?;
    let Handshake { revision, client } = handshake;
    let method = find(&request.method, revision, engine.identity().offers());
    let method = method.ok_or(Failure::method())?;
    let caller = Caller {
        principal: session.principal.clone(),
        grant: sender.grant.clone(),
        peer: sender.peer,
        revision,
        client,
        session: Some(Arc::clone(session)),
        level: None,
        progress: None,
    };
    Asked { engine, id: &request.id, caller, params, fields: None, now }.step(method)
}

fn answer(
    engine: &Arc<Engine>,
    session: &Arc<Session>,
    handshake: Handshake,
    request: (Request, Sender<'_>),
    now: Now<'_>,
) -> Result<Reply, Failure> {
    let id = request.0.id.clone();
    let primes = handshake.revision.primes();
    let plan = match step(engine, session, handshake, request, now)? {
        Step::Answer(body) => return Ok(Reply::json(Status(200), body)),
        Step::Queued(body, job) => {
            return Ok(Reply { job: Some(job), ..Reply::json(Status(200), body) });
        }
        Step::Listen(_) => return Err(Failure::method()),
        Step::Call(plan) => plan,
    };
    let exchange = Exchange::resumable(Arc::clone(session), session.stream_number(), primes);
    let port = Port::Own(Arc::clone(&exchange));
    let job = engine.launch(id, plan, port, Arc::default(), now)?;
    Ok(match exchange.take_answer() {
        Some((status, body)) => Reply { job, ..Reply::json(status, body) },
        None => Reply { answer: Answer::Call(exchange), job },
    })
}

/// Runs one request of a batch; its answer becomes a part of `batch`.
fn element(
    engine: &Arc<Engine>,
    session: &Arc<Session>,
    handshake: &Handshake,
    request: (Request, Sender<'_>),
    batch: &Arc<Batch>,
    now: Now<'_>,
) -> Option<Job> {
    let id = request.0.id.clone();
    let step = if request.0.method == "initialize" {
        Err(Failure::new(INVALID_REQUEST, "initialize does not belong into a batch"))
    } else {
        step(engine, session, handshake.clone(), request, now)
    };
    let launched = step.and_then(|step| match step {
        Step::Answer(body) => {
            batch.part(Some(&id), Some(body));
            Ok(None)
        }
        Step::Queued(body, job) => {
            batch.part(Some(&id), Some(body));
            Ok(Some(job))
        }
        Step::Listen(_) => Err(Failure::method()),
        Step::Call(plan) => {
            let port = Port::Batch(Arc::clone(batch), id.clone());
            let halt = Arc::<Halt>::default();
            engine.launch(id.clone(), plan, port, halt, now)
        }
    });
    launched.unwrap_or_else(|failure| {
        batch.part(Some(&id), Some(Body::Whole(failure.body(Some(&id)))));
        None
    })
}

/// Answers `initialize`: the one request that opens a session (SH-6, SH-7).
fn initialize(
    engine: &Arc<Engine>,
    incoming: &Incoming<'_>,
    request: Request,
    now: Now<'_>,
) -> Reply {
    if incoming.fields.session_id != FieldValue::Absent {
        let refusal = match find_session(engine, incoming, now) {
            Ok(_) => Refusal::SessionStarted,
            Err(refusal) => refusal,
        };
        return refused(&request.id, refusal);
    }
    let handshake = match handshake(&request) {
        Ok(handshake) => handshake,
        Err(failure) => {
            return Reply::json(Status(200), Body::Whole(failure.body(Some(&request.id))));
        }
    };
    let revision = handshake.revision;
    let principal = incoming.principal.clone();
    let opened = engine.sessions().open(now.random, |id| {
        Session::new(id, principal, Transport::Http, Some(handshake), now.at)
    });
    match opened {
        Ok(session) => Reply::of(Answer::Json {
            status: Status(200),
            body: Body::Whole(initialized(engine, &request.id, revision)),
            session: Some(session.id.clone()),
        }),
        Err(refusal) => refused(&request.id, refusal),
    }
}

/// Returns the session that the request names (SH-3, SH-4).
fn find_session(
    engine: &Engine,
    incoming: &Incoming<'_>,
    now: Now<'_>,
) -> Result<(Arc<Session>, Handshake), Refusal> {
    let id = incoming.fields.session_id.one().map(trim_ows).ok_or(Refusal::SessionMissing)?;
    let session = engine.sessions().find(id, incoming.principal, now.at);
    let session = session.ok_or(Refusal::SessionUnknown)?;
    // A session of HTTP+SSE is not one of this endpoint.
    let handshake = session.http_handshake().ok_or(Refusal::SessionUnknown)?;
    Ok((session, handshake))
}

/// As [`find_session`], for methods whose version field no era rule has looked at (SH-10).
fn versioned_session(
    engine: &Engine,
    incoming: &Incoming<'_>,
    now: Now<'_>,
) -> Result<(Arc<Session>, Handshake), Refusal> {
    match sent(&incoming.fields.protocol_version) {
        Sent::Nothing | Sent::Legacy => find_session(engine, incoming, now),
        Sent::Stateless | Sent::Unknown => Err(Refusal::VersionUnsupported),
    }
}

/// Returns the answer to a request that was refused, with its id.
fn refused(id: &Id, refusal: Refusal) -> Reply {
    let failure = Failure::refused(refusal);
    Reply::json(refusal.row().status, Body::Whole(failure.body(Some(id))))
}
