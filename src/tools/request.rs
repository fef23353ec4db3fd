//! Zone: post-admission. From a step of a row and what the call knows to the request.
//!
//! Trusts the row. Values reach the path only as encoded segments, the query only as values that
//! the backend encodes, and the body only as JSON.

use crate::backend::{ApiPath, ApiRequest, PathSegment};
use crate::json::{Json, Object, Taken, object};
use crate::tools::failure::Failure;
use crate::tools::forms::{self, text_of};
use crate::tools::frame::{Frame, is_nothing};
use crate::tools::param::{Param, Part, Place, Slot};
use crate::tools::plan::{Document, Member, Step, Takes, Value};
use crate::tools::row::Row;

const CUSTOMER: &str = "customerId";
const CELL_CUSTOMER: &str = "zcellCustomerId";

/// Returns the request of `step` of `row`.
///
/// # Errors
/// [`Failure::Argument`] for a value that cannot stand where it is needed or that no earlier answer
/// has, [`crate::backend::Upstream::NotConfigured`] without a customer id where one is needed.
pub(super) fn build(row: &Row, step: &Step, frame: &Frame<'_>) -> Result<ApiRequest, Failure> {
    let path = ApiPath::fill(step.path, &holes(row, step, frame)?);
    let mut query = Vec::new();
    let mut body = Object::new();
    for param in taken(row, step) {
        let Place::Sent(slot) = param.place else { continue };
        if let Some(value) = sent(param, slot, frame)? {
            match slot.part {
                Part::Query => push(&mut query, slot.key, &value),
                Part::Body => put(&mut body, slot.key, value),
            }
        }
    }
    each(step.query, frame, |key, value| push(&mut query, key, &value))?;
    each(step.body, frame, |key, value| put(&mut body, key, value))?;
    for object in step.spread {
        if let Some(Json::Object(over)) = frame.value(object)? {
            lay(over, &mut body);
        }
    }
    Ok(ApiRequest {
        method: step.method,
        path: path.map_err(|_unfilled| Failure::Bug)?,
        query,
        body: whole(step, body, frame)?,
    })
}

/// Writes every given argument once, so that what does not fit is refused before any request.
///
/// # Errors
/// As [`build`].
pub(super) fn rehearse<'s>(
    row: &Row,
    steps: impl Iterator<Item = &'s Step>,
    frame: &Frame<'_>,
) -> Result<(), Failure> {
    for param in row.params {
        if let Place::Sent(slot) = param.place {
            sent(param, slot, frame)?;
        }
    }
    for step in steps {
        for member in step.query.iter().chain(step.body) {
            if matches!(member.value, Value::Argument(_, _)) && frame.all(member.when)? {
                frame.value(&member.value)?;
            }
        }
        for object in step.spread.iter().filter(|value| matches!(value, Value::Argument(_, _))) {
            frame.value(object)?;
        }
    }
    Ok(())
}

fn whole(step: &Step, body: Object, frame: &Frame<'_>) -> Result<Option<Json>, Failure> {
    if let Some(Document { name, text }) = step.document {
        return Ok(Some(object([
            ("query", text.into()),
            ("variables", body.into()),
            ("operationName", name.into()),
        ])));
    }
    if !matches!(step.whole, Value::Nothing) {
        return frame.value(&step.whole);
    }
    Ok(step.has_body().then(|| body.into()))
}

fn holes(
    row: &Row,
    step: &Step,
    frame: &Frame<'_>,
) -> Result<Vec<(&'static str, PathSegment)>, Failure> {
    let mut holes = Vec::new();
    for hole in step.holes() {
        let text = if hole == CUSTOMER {
            frame.customer()?.to_owned()
        } else if hole == CELL_CUSTOMER {
            frame.cell_customer()?.to_owned()
        } else if let Some(bind) =
            step.binds.iter().find(|bind| hole.strip_prefix('=') == Some(bind.name))
        {
            let missing = || Failure::Argument(bind.missing.to_owned());
            text_of(&frame.value(&bind.value)?.filter(|v| !is_nothing(v)).ok_or_else(missing)?)
        } else {
            let given = row.param(hole).and_then(|param| frame.arguments().value(param.name));
            text_of(given.unwrap_or(&Json::String(String::new())))
        };
        let bad = |fault| Failure::Argument(format!("{} {fault}", hole.trim_start_matches('=')));
        holes.push((hole, PathSegment::new(&text).map_err(bad)?));
    }
    Ok(holes)
}

fn taken(row: &Row, step: &Step) -> impl Iterator<Item = &'static Param> {
    let takes = step.takes;
    row.params.iter().filter(move |param| match takes {
        Takes::All => true,
        Takes::Nothing => false,
        Takes::Only(names) => names.contains(&param.name),
    })
}

fn sent(param: &Param, slot: Slot, frame: &Frame<'_>) -> Result<Option<Json>, Failure> {
    let given = frame.arguments().value(param.name);
    match given.filter(|value| slot.empty || !is_nothing(value)) {
        Some(value) => forms::written(frame, param.name, slot.form, value).map(Some),
        None => frame.value(&slot.absent),
    }
}

fn each(
    members: &'static [Member],
    frame: &Frame<'_>,
    mut take: impl FnMut(&'static str, Json),
) -> Result<(), Failure> {
    for member in members {
        if !frame.all(member.when)? {
            continue;
        }
        match frame.value(&member.value)? {
            Some(value) => take(member.key, value),
            None if member.missing.is_empty() => {}
            None => return Err(Failure::Argument(member.missing.to_owned())),
        }
    }
    Ok(())
}

/// Adds a member to a query: a list once for each item, null not at all.
fn push(query: &mut Vec<(String, String)>, key: &'static str, value: &Json) {
    for item in value.as_array().unwrap_or_else(|| core::slice::from_ref(value)) {
        if !item.is_null() {
            query.push((key.to_owned(), text_of(item)));
        }
    }
}

/// Lays the members of `over` over `body`.
fn lay(over: Object, body: &mut Object) {
    let mut taken: Taken = body.iter().map(|(name, _)| name).collect();
    for (name, value) in over {
        if taken.take(&name) {
            body.push(name, value);
        } else {
            body.set(&name, value);
        }
    }
}

/// Sets a member of a body; each dot in `key` goes one object deeper.
fn put(body: &mut Object, key: &str, value: Json) {
    let Some((outer, inner)) = key.split_once('.') else { return body.set(key, value) };
    if body.get(outer).and_then(Json::as_object).is_none() {
        body.set(outer, Object::new().into());
    }
    if let Some(Json::Object(object)) = body.get_mut(outer) {
        put(object, inner, value);
    }
}
