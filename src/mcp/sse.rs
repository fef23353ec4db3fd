//! Zone: post-admission. HTTP+SSE of 2024-11-05 (section 8): a stream by GET, messages by POST.
//!
//! The stream is the session: it begins with the place to post to and ends with its connection.
//! Only the principal that opened the stream may post to it (HS-7).

use std::sync::{Arc, Weak};

use crate::guard::Refusal;
use crate::json::Json;
use crate::limits::BACKLOG_MAX;
use crate::mcp::channel;
use crate::mcp::engine::{Engine, Incoming, Now, not_request};
use crate::mcp::envelope::parse;
use crate::mcp::reply::{Answer, Closed, Reply};
use crate::mcp::session::{Session, Transport};

/// Ends a session when the connection of its stream is gone (HS-5).
#[derive(Debug)]
struct Tie {
    engine: Weak<Engine>,
    session: Arc<Session>,
}

impl Closed for Tie {
    fn closed(&self) {
        if let Some(engine) = self.engine.upgrade() {
            engine.end_session(&self.session);
        }
    }
}

/// Answers the GET that opens a stream.
pub(super) fn open(engine: &Arc<Engine>, incoming: &Incoming<'_>, now: Now<'_>) -> Reply {
    let principal = incoming.principal.clone();
    let opened = engine
        .sessions()
        .open(now.random, |id| Session::new(id, principal, Transport::Shared, None, now.at));
    let session = match opened {
        Ok(session) => session,
        Err(refusal) => return Reply::refused(refusal),
    };
    let place = format!("/messages/?session_id={}", session.id);
    session.main.add(Some("endpoint"), None, place.into_bytes().into());
    let stream = Arc::clone(&session.main);
    let tie: Arc<dyn Closed> = Arc::new(Tie { engine: Arc::downgrade(engine), session });
    Reply::of(Answer::Stream { stream, after: 0, session: None, tie: Some(tie) })
}

/// Answers a POST to the place that the stream named (HS-3, HS-4).
pub(super) fn post(engine: &Arc<Engine>, incoming: &Incoming<'_>, now: Now<'_>) -> Reply {
    let Some(id) = incoming.session_query else { return Reply::refused(Refusal::SessionMissing) };
    let found = engine.sessions().find(id, incoming.principal, now.at);
    let Some(session) = found.filter(|session| session.is_shared()) else {
        return Reply::refused(Refusal::SessionUnknown);
    };
    if session.main.waiting() > BACKLOG_MAX {
        // A client that does not read its stream gets nothing more to read.
        return Reply::refused(Refusal::Overloaded);
    }
    let Ok(value) = parse(incoming.body) else { return Reply::refused(Refusal::NotJson) };
    if !matches!(value, Json::Array(_) | Json::Object(_)) {
        return not_request(None);
    }
    let job = channel::take(engine, &session, (value, incoming.sender()), now);
    Reply { answer: Answer::Accepted, job }
}
