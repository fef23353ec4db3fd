//! Zone: pre-admission. The checks on a request head, in the order they run.
//!
//! Each reads the head and the policy, notes what it found, and may end the request. None depends
//! on a later one, so a refusal tells a stranger no more than the checks before it allow.

use super::refusal::{ALLOW_GET, ALLOW_HEALTH, ALLOW_MCP, ALLOW_POST};
use super::{
    Admitted, Constant, Credentials, Document, McpFields, Policy, Refusal, Route, Verb, cors,
    forwarded, media,
};
use crate::http::body::{Length, length};
use crate::http::fault::Fault;
use crate::http::head::{Head, Method, One, Target, Version};
use crate::matching::{HostName, Origin};
use core::net::IpAddr;
use std::sync::Arc;

/// One check and its name.
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) run: fn(&mut Context<'_>) -> Result<(), Stop>,
}

/// The order. The first check that stops decides.
pub(super) const CHECKS: [Check; 9] = [
    Check { name: "health route", run: health },
    Check { name: "source address", run: source },
    Check { name: "host", run: host },
    Check { name: "origin and preflight", run: origin },
    Check { name: "route and method", run: route },
    Check { name: "media types", run: media_types },
    Check { name: "protocol version", run: protocol_version },
    Check { name: "length", run: body_length },
    Check { name: "one credential", run: one_credential },
];

const HEALTH: [&[u8]; 3] = [b"/health", b"/healthz", b"/ready"];

/// Why a request ends at a check.
pub(super) enum Stop {
    Answer(Constant),
    Refuse(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refuse(refusal)
    }
}

/// The request, and what the checks have found so far.
pub(super) struct Context<'a> {
    policy: &'a Policy,
    head: &'a Head<'a>,
    source: IpAddr,
    host: Option<HostName<'a>>,
    origin: Option<Box<[u8]>>,
    call: Option<(Route, Verb)>,
    length: Length,
    expects_continue: bool,
    credentials: Credentials,
}

impl<'a> Context<'a> {
    pub(super) fn new(policy: &'a Policy, peer: IpAddr, head: &'a Head<'a>) -> Self {
        Self {
            policy,
            head,
            source: peer,
            host: None,
            origin: None,
            call: None,
            length: Length::Exact(0),
            expects_continue: false,
            credentials: Credentials::default(),
        }
    }

    /// Returns the proof. [`Refusal::Internal`] when the route check did not run.
    pub(super) fn admit(self) -> Result<Admitted, Refusal> {
        let (route, verb) = self.call.ok_or(Refusal::Internal)?;
        Ok(Admitted {
            route,
            verb,
            source: self.source,
            length: self.length,
            expects_continue: self.expects_continue,
            keep_alive: self.keeps_alive(),
            version: self.head.version,
            origin: self.origin,
            session_query: match route {
                Route::Messages => session_query(self.head.query()),
                Route::Mcp | Route::Sse => None,
            },
            mcp: McpFields::of(self.head),
            credentials: Box::new(self.credentials),
        })
    }

    pub(super) fn into_origin(self) -> Option<Box<[u8]>> {
        self.origin
    }

    /// True when the connection may go on after an answer that leaves the body unread: only when
    /// there is none, or its bytes would be taken for the next request.
    pub(super) fn keeps_alive_unread(&self) -> bool {
        self.keeps_alive() && length(self.head, self.policy.body_max) == Ok(Length::Exact(0))
    }

    fn keeps_alive(&self) -> bool {
        self.head.version == Version::V11 && !self.head.lists(b"connection", b"close")
    }
}

fn health(context: &mut Context<'_>) -> Result<(), Stop> {
    let head_only = match context.head.method {
        Method::Get => false,
        Method::Head => true,
        Method::Post
        | Method::Delete
        | Method::Options
        | Method::Put
        | Method::Patch
        | Method::Trace
        | Method::Connect => return Ok(()),
    };
    if HEALTH.contains(&context.head.path()) {
        return Err(Stop::Answer(Constant::Health { head_only }));
    }
    Ok(())
}

fn source(context: &mut Context<'_>) -> Result<(), Stop> {
    context.source = forwarded::source(context.policy, context.source, context.head)?;
    if context.policy.sources.allows(context.source) {
        return Ok(());
    }
    Err(Refusal::Source.into())
}

fn host(context: &mut Context<'_>) -> Result<(), Stop> {
    let policy = context.policy;
    let One::Value(value) = context.head.one(b"host") else { return Err(Refusal::Host.into()) };
    let name = HostName::parse(value).ok_or(Refusal::Host)?;
    if let Target::Absolute { https, authority, .. } = context.head.target {
        let same = HostName::parse(authority)
            .is_some_and(|target| target.is_same(&name, policy.default_port()));
        if https != policy.tls || !same {
            return Err(Refusal::TargetElsewhere.into());
        }
    }
    if !policy.hosts.allows(&name, policy.default_port()) {
        return Err(Refusal::HostNotAllowed.into());
    }
    context.host = Some(name);
    Ok(())
}

fn origin(context: &mut Context<'_>) -> Result<(), Stop> {
    let value = match context.head.one(b"origin") {
        One::Absent => return Ok(()),
        One::Repeated => return Err(Refusal::OriginRepeated.into()),
        One::Value(value) => value,
    };
    let origin = Origin::parse(value).or(Err(Refusal::Origin))?;
    if !context.policy.origins.contains(&origin) {
        return if is_own(context, &origin) { Ok(()) } else { Err(Refusal::Origin.into()) };
    }
    let asks = context.head.one(b"access-control-request-method") != One::Absent;
    if context.head.method == Method::Options && asks {
        return Err(Stop::Answer(cors::grant(context.head, &origin)?));
    }
    context.origin = Some(origin.as_str().as_bytes().into());
    Ok(())
}

/// True when the page comes from this server under a name the operator listed.
fn is_own(context: &Context<'_>, origin: &Origin) -> bool {
    let policy = context.policy;
    context.host.is_some_and(|name| {
        policy.hosts.vouches(&name, policy.default_port())
            && *origin == Origin::of(policy.tls, &name)
    })
}

/// What a route takes: methods, what `Allow` says, and the refusal of all others.
struct Offer {
    verbs: &'static [Verb],
    allow: &'static str,
    refusal: Refusal,
}

const MCP: Offer = Offer {
    verbs: &[Verb::Post, Verb::Get, Verb::Delete],
    allow: ALLOW_MCP,
    refusal: Refusal::McpMethod,
};
const STREAM: Offer =
    Offer { verbs: &[Verb::Get], allow: ALLOW_GET, refusal: Refusal::StreamMethod };
const MESSAGES: Offer =
    Offer { verbs: &[Verb::Post], allow: ALLOW_POST, refusal: Refusal::MessagesMethod };

fn route(context: &mut Context<'_>) -> Result<(), Stop> {
    let head = context.head;
    if head.target == Target::Asterisk && head.method == Method::Options {
        return Err(Stop::Answer(Constant::Options(ALLOW_MCP)));
    }
    let path = head.path();
    if HEALTH.contains(&path) {
        return Err(Refusal::HealthMethod.into());
    }
    if let Some(document) = context.policy.documents.iter().find(|known| *known.path == *path) {
        return Err(read_only(document, head.method, context.origin.take()));
    }
    let sse = context.policy.sse;
    let bare = path.strip_suffix(b"/").unwrap_or(path);
    let (route, offer) = match bare {
        b"/mcp" if sse => (Route::Mcp, STREAM),
        b"/mcp" => (Route::Mcp, MCP),
        b"/sse" if sse => (Route::Sse, STREAM),
        b"/messages" if sse => (Route::Messages, MESSAGES),
        _ => return Err(Refusal::Path.into()),
    };
    let verb = match head.method {
        Method::Get => Verb::Get,
        Method::Post => Verb::Post,
        Method::Delete => Verb::Delete,
        Method::Options => return Err(Stop::Answer(Constant::Options(offer.allow))),
        Method::Head | Method::Put | Method::Patch | Method::Trace | Method::Connect => {
            return Err(offer.refusal.into());
        }
    };
    if !offer.verbs.contains(&verb) {
        return Err(offer.refusal.into());
    }
    context.call = Some((route, verb));
    Ok(())
}

/// Returns how a document is answered to `method`.
fn read_only(document: &Document, method: Method, origin: Option<Box<[u8]>>) -> Stop {
    let head_only = method == Method::Head;
    if method == Method::Options {
        return Stop::Answer(Constant::Options(ALLOW_HEALTH));
    }
    if !head_only && method != Method::Get {
        return Stop::Refuse(Refusal::DocumentMethod);
    }
    let body = Arc::clone(&document.body);
    Stop::Answer(Constant::Document { body, head_only, origin })
}

fn media_types(context: &mut Context<'_>) -> Result<(), Stop> {
    let (route, verb) = context.call.ok_or(Refusal::Internal)?;
    let head = context.head;
    match (route, verb) {
        (Route::Mcp, Verb::Post) => {
            media::check_content(head)?;
            media::check_accept(head)?;
        }
        (Route::Messages | Route::Sse, Verb::Post) => media::check_content(head)?,
        (Route::Mcp, Verb::Get) if !context.policy.sse => media::check_stream(head)?,
        (_, Verb::Get | Verb::Delete) => {}
    }
    Ok(())
}

fn protocol_version(context: &mut Context<'_>) -> Result<(), Stop> {
    let (_, verb) = context.call.ok_or(Refusal::Internal)?;
    let stateless = context.head.all(b"mcp-protocol-version").any(|value| value == b"2026-07-28");
    match verb {
        Verb::Get | Verb::Delete if stateless => Err(Refusal::RevisionPostsOnly.into()),
        Verb::Get | Verb::Delete | Verb::Post => Ok(()),
    }
}

fn body_length(context: &mut Context<'_>) -> Result<(), Stop> {
    let (_, verb) = context.call.ok_or(Refusal::Internal)?;
    let found = length(context.head, context.policy.body_max);
    context.length = body_of(verb, found)?;
    let waits = expects_continue(context.head)?;
    context.expects_continue = waits && context.length != Length::Exact(0);
    Ok(())
}

fn one_credential(context: &mut Context<'_>) -> Result<(), Stop> {
    context.credentials = Credentials::of(context.head)?;
    Ok(())
}

/// Returns the length that `verb` may have.
fn body_of(verb: Verb, found: Result<Length, Fault>) -> Result<Length, Refusal> {
    match (verb, found?) {
        (Verb::Post, length) | (_, length @ Length::Exact(0)) => Ok(length),
        (Verb::Get | Verb::Delete, _) => Err(Refusal::BodyUnexpected),
    }
}

/// Returns whether the peer waits; a 1.0 peer cannot (RFC 9110 s10.1.1).
fn expects_continue(head: &Head<'_>) -> Result<bool, Refusal> {
    match head.one(b"expect") {
        One::Absent => Ok(false),
        One::Value(value) if value.eq_ignore_ascii_case(b"100-continue") => {
            Ok(head.version == Version::V11)
        }
        One::Value(_) | One::Repeated => Err(Refusal::Expectation),
    }
}

/// Returns the raw value of the one `session_id` in `query`.
fn session_query(query: Option<&[u8]>) -> Option<Box<[u8]>> {
    let pairs = query?.split(|byte| *byte == b'&');
    let mut values = pairs.filter_map(|pair| pair.strip_prefix(b"session_id="));
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{body_of, session_query};
    use crate::guard::{Refusal, Verb};
    use crate::http::body::Length;
    use crate::http::fault::Fault;

    #[test]
    fn only_post_has_a_body() {
        let table = [
            (Verb::Post, Ok(Length::Chunked), Ok(Length::Chunked)),
            (Verb::Post, Ok(Length::Exact(9)), Ok(Length::Exact(9))),
            (Verb::Get, Ok(Length::Exact(0)), Ok(Length::Exact(0))),
            (Verb::Get, Ok(Length::Exact(1)), Err(Refusal::BodyUnexpected)),
            (Verb::Delete, Ok(Length::Chunked), Err(Refusal::BodyUnexpected)),
            (Verb::Get, Err(Fault::Framing), Err(Refusal::Framing)),
        ];
        for (verb, found, expected) in table {
            assert_eq!(body_of(verb, found), expected, "{verb:?} {found:?}");
        }
    }

    #[test]
    fn one_session_id_counts() {
        assert_eq!(session_query(Some(b"a=b&session_id=1")).as_deref(), Some(&b"1"[..]));
        assert_eq!(session_query(Some(b"session_id=1&session_id=1")), None);
        assert_eq!(session_query(Some(b"xsession_id=1")), None);
    }
}
