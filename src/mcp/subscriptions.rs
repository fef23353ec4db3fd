//! Zone: post-admission. `subscriptions/listen` of 2026-07-28: streams of changes (10.5).
//!
//! Each listener gets its own copy of what it asked for, marked with the id of its request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, Weak};

use crate::guard::Refusal;
use crate::json::{Json, Object, object, write};
use crate::limits::{LISTENERS_MAX, WATCHED_BYTES_MAX, WATCHED_MAX};
use crate::mcp::engine::Engine;
use crate::mcp::envelope::{Id, notify, open as open_answer};
use crate::mcp::failure::Failure;
use crate::mcp::identity::Identity;
use crate::mcp::lock;
use crate::mcp::registry::{Change, Offers};
use crate::mcp::reply::{Answer, Closed, Reply};
use crate::mcp::stream::Stream;

const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// What a listener wants and gets.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    tools: bool,
    prompts: bool,
    resources: bool,
    uris: BTreeSet<String>,
}

#[derive(Debug)]
struct Listener {
    id: Id,
    filter: Filter,
    stream: Arc<Stream>,
    /// True when the stream is not the listener's alone.
    shared: bool,
}

/// The table of listeners.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    open: BTreeMap<u64, Listener>,
}

/// Ends a listener when its connection is gone (SUB-6).
#[derive(Debug)]
struct Tie {
    engine: Weak<Engine>,
    number: u64,
}

impl Closed for Tie {
    fn closed(&self) {
        if let Some(engine) = self.engine.upgrade() {
            engine.listeners().remove(self.number);
        }
    }
}

/// Answers a request for a stream of changes that came by HTTP.
///
/// # Errors
/// A [`Failure`] when there are too many listeners.
pub(super) fn open(engine: &Arc<Engine>, id: &Id, filter: Filter) -> Result<Reply, Failure> {
    let stream = Arc::new(Stream::new(None));
    let number = engine.listeners().add(id.clone(), filter, &stream, false)?;
    let tie: Arc<dyn Closed> = Arc::new(Tie { engine: Arc::downgrade(engine), number });
    Ok(Reply::of(Answer::Stream { stream, after: 0, session: None, tie: Some(tie) }))
}

impl Filter {
    /// Reads the filter and leaves out what is not offered (SUB-1, SUB-2).
    ///
    /// # Errors
    /// -32602 when it is missing, has other types, or watches too much.
    pub(super) fn read(params: &mut Object, offers: &Offers) -> Result<Self, Failure> {
        const BAD: Failure = Failure::params("the notifications to listen for are not valid");
        let Some(Json::Object(wanted)) = params.remove("notifications") else { return Err(BAD) };
        let flag = |name: &str| match wanted.get(name) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or(BAD),
        };
        let mut filter = Self {
            tools: flag("toolsListChanged")? && offers.tools && offers.list_changed,
            prompts: flag("promptsListChanged")? && offers.prompts && offers.list_changed,
            resources: flag("resourcesListChanged")? && offers.resources && offers.list_changed,
            uris: BTreeSet::new(),
        };
        let Some(uris) = wanted.get("resourceSubscriptions") else { return Ok(filter) };
        let uris = uris.as_array().filter(|uris| uris.len() <= WATCHED_MAX).ok_or(BAD)?;
        for uri in uris {
            let uri = uri.as_str().filter(|uri| uri.len() <= WATCHED_BYTES_MAX).ok_or(BAD)?;
            if offers.resources && offers.subscribe {
                filter.uris.insert(uri.to_owned());
            }
        }
        Ok(filter)
    }

    fn passes(&self, change: &Change) -> bool {
        match change {
            Change::Tools => self.tools,
            Change::Prompts => self.prompts,
            Change::Resources => self.resources,
            Change::Updated(uri) => self.uris.contains(uri),
        }
    }

    fn to_json(&self) -> Json {
        let mut out = Object::new();
        for (name, wanted) in [
            ("toolsListChanged", self.tools),
            ("promptsListChanged", self.prompts),
            ("resourcesListChanged", self.resources),
        ] {
            if wanted {
                out.set(name, true.into());
            }
        }
        if !self.uris.is_empty() {
            let uris = self.uris.iter().map(|uri| uri.as_str().into()).collect();
            out.set("resourceSubscriptions", Json::Array(uris));
        }
        Json::Object(out)
    }
}

impl Listeners {
    /// Adds a listener and acknowledges it as the first thing on its stream (SUB-2).
    ///
    /// # Errors
    /// A [`Failure`] when there are too many.
    pub(super) fn add(
        &self,
        id: Id,
        filter: Filter,
        stream: &Arc<Stream>,
        shared: bool,
    ) -> Result<u64, Failure> {
        let mut inner = lock(&self.inner);
        if inner.open.len() >= LISTENERS_MAX {
            return Err(Failure::refused(Refusal::ListenersFull));
        }
        let accepted = object([("notifications", filter.to_json())]);
        let method = "notifications/subscriptions/acknowledged";
        stream.push(marked(method, accepted, &id));
        inner.last = inner.last.saturating_add(1);
        let number = inner.last;
        inner.open.insert(number, Listener { id, filter, stream: Arc::clone(stream), shared });
        Ok(number)
    }

    /// Removes a listener without a word.
    pub(super) fn remove(&self, number: u64) {
        let listener = lock(&self.inner).open.remove(&number);
        if let Some(listener) = listener.filter(|listener| !listener.shared) {
            listener.stream.end();
        }
    }

    /// Sends `change` to those who asked for it (SUB-3, SUB-7).
    pub(super) fn notify(&self, change: &Change, method: &str) {
        let inner = lock(&self.inner);
        for listener in inner.open.values().filter(|listener| listener.filter.passes(change)) {
            let params = match change {
                Change::Updated(uri) => object([("uri", uri.as_str().into())]),
                Change::Tools | Change::Prompts | Change::Resources => object([]),
            };
            listener.stream.push(marked(method, params, &listener.id));
        }
    }

    /// Ends every listener with its result (SUB-5).
    pub(super) fn end_all(&self, identity: &Identity) {
        let open = core::mem::take(&mut lock(&self.inner).open);
        for listener in open.into_values() {
            let mut meta = mark(&listener.id);
            meta.push(b',');
            let mut out = Vec::with_capacity(256);
            open_answer(&mut out, &listener.id);
            out.push(b'{');
            identity.tail(&mut out, "complete", &meta);
            out.extend_from_slice(b"}}");
            listener.stream.push(out.into());
            if !listener.shared {
                listener.stream.end();
            }
        }
    }
}

/// Returns a notification that carries the id of its listener, of the same type (SUB-4).
fn marked(method: &str, params: Json, id: &Id) -> Arc<[u8]> {
    let mut out = Vec::with_capacity(256);
    notify(&mut out, method);
    out.push(b'{');
    for (name, value) in params.as_object().into_iter().flat_map(Object::iter) {
        write::string(name, &mut out);
        out.push(b':');
        write::compact(value, &mut out);
        out.push(b',');
    }
    out.extend_from_slice(b"\"_meta\":{");
    out.extend_from_slice(&mark(id));
    out.extend_from_slice(b"}}}");
    out.into()
}

fn mark(id: &Id) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    write::string(SUBSCRIPTION, &mut out);
    out.push(b':');
    out.extend_from_slice(id.text().as_bytes());
    out
}
