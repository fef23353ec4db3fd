//! Zone: post-admission. What a change would send and what would differ, without sending it.
//!
//! The call runs as it would, over a backend that passes on what only reads and keeps the rest, so
//! a preview cannot change anything whatever the row says.

use std::sync::{Mutex, PoisonError};

use crate::backend::oneapi::request::reads;
use crate::backend::{ApiBody, ApiMethod, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use crate::consent::question::{HIDDEN, is_hidden};
use crate::json::{Json, Object, object};
use crate::mcp::registry::Context;
use crate::tools::arguments::Arguments;
use crate::tools::call::Call;
use crate::tools::failure::Failure;
use crate::tools::frame::Tenant;
use crate::tools::lookup::record;
use crate::tools::row::Row;

/// A backend that keeps what would change something.
struct Held<'a> {
    backend: &'a dyn Backend,
    kept: Mutex<Vec<ApiRequest>>,
    read: Mutex<Vec<(String, Json)>>,
}

impl<'a> Held<'a> {
    fn over(backend: &'a dyn Backend) -> Self {
        Self { backend, kept: Mutex::default(), read: Mutex::default() }
    }
}

impl Backend for Held<'_> {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        if !reads(request) {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            return Ok(ApiResponse { status: 204, body: ApiBody::Empty });
        }
        let response = self.backend.send(request, patience)?;
        if response.is_success()
            && let Ok(Some(body)) = response.body.clone().into_json()
        {
            let path = request.path.as_str().to_owned();
            self.read.lock().unwrap_or_else(PoisonError::into_inner).push((path, body));
        }
        Ok(response)
    }

    fn is_local(&self) -> bool {
        self.backend.is_local()
    }

    fn describe(&self) -> String {
        self.backend.describe()
    }
}

/// Returns what a call to `row` would send and change, members as the service names them.
///
/// # Errors
/// As the call itself, before anything that it would change.
pub(super) fn preview(
    row: &'static Row,
    arguments: &Arguments,
    (backend, tenant): (&dyn Backend, &Tenant),
    context: &dyn Context,
) -> Result<Json, Failure> {
    let held = Held::over(backend);
    let call = Call::new(row, arguments, (&held, tenant), context);
    let outcome = call.answer();
    let kept = held.kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    let read = held.read.into_inner().unwrap_or_else(PoisonError::into_inner);
    if kept.is_empty() {
        outcome?;
    }
    let mut result = Object::new();
    result.set("dry_run", true.into());
    result.set("requests", kept.iter().map(shown).collect::<Vec<_>>().into());
    let changing = kept.iter().rev().find(|request| request.body.is_some());
    let present = changing
        .and_then(|request| present(request, &read))
        .or_else(|| record(row.subject, arguments, (&Held::over(backend), tenant), context, None));
    match (changing.and_then(|request| request.body.as_ref()), present) {
        (Some(Json::Object(sent)), Some(Json::Object(now))) => differ(&mut result, sent, &now),
        (None, Some(now)) if !kept.is_empty() => result.set("present", now),
        _ => result.set("present", Json::Null),
    }
    result.set("note", note(row).into());
    let mut result = Json::Object(result);
    hide(&mut result);
    Ok(result)
}

/// Returns the record that the call itself read where `request` would write.
fn present(request: &ApiRequest, read: &[(String, Json)]) -> Option<Json> {
    let is_update = request.method == ApiMethod::Put;
    let at = |(path, _): &&(String, Json)| is_update && path == request.path.as_str();
    read.iter().rev().find(at).map(|(_, body)| body.clone())
}

fn shown(request: &ApiRequest) -> Json {
    let query = request.query.iter().map(|(name, value)| {
        object([("name", name.as_str().into()), ("value", value.as_str().into())])
    });
    let mut members = Object::new();
    members.set("method", request.method.as_str().into());
    members.set("path", request.path.as_str().into());
    members.set("query", query.collect::<Vec<_>>().into());
    if let Some(body) = &request.body {
        members.set("body", body.clone());
    }
    members.into()
}

/// Sets what differs between the record as it is `now` and as it is `sent`.
fn differ(result: &mut Object, sent: &Object, now: &Object) {
    let mut changes = Vec::new();
    let mut same = 0_u64;
    for (name, then) in sent.iter() {
        let before = now.get(name).cloned().unwrap_or(Json::Null);
        if before == *then {
            same = same.saturating_add(1);
        } else {
            let field = ("field", name.into());
            changes.push(object([field, ("now", before), ("then", then.clone())]));
        }
    }
    let unsent = now.iter().map(|(name, _)| name).filter(|name| sent.get(name).is_none());
    result.set("changes", changes.into());
    result.set("unchanged", same.into());
    result.set("not_sent", unsent.map(Json::from).collect::<Vec<_>>().into());
}

/// Replaces the values of members that are secrets, and of differences in them.
fn hide(value: &mut Json) {
    match value {
        Json::Object(members) => {
            let is_secret = members.get("field").and_then(Json::as_str).is_some_and(is_hidden);
            let names: Vec<String> = members.iter().map(|(name, _)| name.to_owned()).collect();
            for name in names {
                let Some(inner) = members.get_mut(&name) else { continue };
                let differs = is_secret && matches!(name.as_str(), "now" | "then");
                let tells = !matches!(inner, Json::Null | Json::Bool(_));
                if (differs || is_hidden(&name)) && tells {
                    *inner = HIDDEN.into();
                } else {
                    hide(inner);
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(hide),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn note(row: &Row) -> String {
    let mut text = String::from(
        "Nothing was changed. A change that an answer of the service decides about is not shown. ",
    );
    text.push_str(
        "not_sent names members of the present record that the request leaves out; whether the \
         service keeps them is up to it.",
    );
    if !row.asks.is_empty() {
        text.push_str(" Before it is sent, a person is asked.");
    }
    if row.is_staged() {
        text.push_str(" It takes effect only after zia_activate_configuration.");
    }
    text
}
