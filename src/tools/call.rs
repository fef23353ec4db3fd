//! Zone: post-admission. One call under way: refusals, plan, requests in order, the result.
//!
//! Trusts the row. Every refusal comes before the first request; an answer with an error ends the
//! call unless the step says otherwise; a caller that has gone ends it before the next request.

use crate::backend::{ApiBody, ApiRequest, Backend, Patience};
use crate::json::{Json, Object};
use crate::mcp::registry::Context;
use crate::tools::arguments::Arguments;
use crate::tools::failure::{Complaint, Failure};
use crate::tools::forms::text_of;
use crate::tools::frame::{Frame, Reply, Tenant, fits, shaped};
use crate::tools::plan::{Keep, Member, Step, Test, Value};
use crate::tools::request;
use crate::tools::row::{Row, Shape};

/// One call under way, as the functions behind a row see it.
pub struct Call<'a> {
    row: &'static Row,
    arguments: &'a Arguments,
    backend: &'a dyn Backend,
    tenant: &'a Tenant,
    context: &'a dyn Context,
}

/// The steps of one call and what follows them.
struct Chosen {
    before: &'static [Step],
    last: Option<Step>,
    keep: &'static [Keep],
    shape: Shape,
}

struct Waiting<'a>(&'a dyn Context);

impl Patience for Waiting<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

impl<'a> Call<'a> {
    /// Returns a call to `row` that has sent nothing yet.
    pub(super) const fn new(
        row: &'static Row,
        arguments: &'a Arguments,
        (backend, tenant): (&'a dyn Backend, &'a Tenant),
        context: &'a dyn Context,
    ) -> Self {
        Self { row, arguments, backend, tenant, context }
    }

    /// Returns the result, its members named as the service names them.
    ///
    /// # Errors
    /// [`Failure`] says why there is none.
    pub(super) fn answer(&self) -> Result<Json, Failure> {
        let mut frame = self.frame();
        self.refuse(&frame)?;
        if let Some(custom) = self.row.custom {
            return (custom.answer)(self);
        }
        let chosen = self.choose(&frame)?;
        let steps = || chosen.before.iter().chain(&chosen.last);
        request::rehearse(self.row, steps(), &frame)?;
        for step in steps() {
            let reply = self.step(step, &frame)?;
            frame.push(reply);
        }
        let body = frame.last_body().unwrap_or_default();
        let result = self.kept(chosen.keep, shaped(chosen.shape, body)?)?;
        let result = match self.row.after {
            Some(maker) => (maker.make)(&frame, &result)?,
            None => result,
        };
        if self.row.wrap.is_empty() { Ok(result) } else { wrapped(self.row.wrap, &frame, result) }
    }

    /// Returns the arguments.
    pub(super) const fn arguments(&self) -> &'a Arguments {
        self.arguments
    }

    /// Returns the body of the answer to the main request of the row with `body`.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(super) fn main_with(&self, body: Json) -> Result<Json, Failure> {
        let mut request = request::build(self.row, &self.row.main, &self.frame())?;
        request.body = Some(body);
        self.send(&request)
    }

    /// Returns the body of the answer to `step`.
    ///
    /// # Errors
    /// As [`request::build`] and [`Self::send`].
    pub(super) fn ask(&self, step: &Step) -> Result<Json, Failure> {
        self.send(&request::build(self.row, step, &self.frame())?)
    }

    /// Returns the records in `body` where the row says they are; one object is one record.
    ///
    /// # Errors
    /// [`Failure::Unexpected`] when there is something else.
    pub(super) fn rows_of(&self, body: Json) -> Result<Vec<Json>, Failure> {
        let found = shaped(self.row.shape, body)?;
        if let Json::Array(rows) = found { Ok(rows) } else { Ok(vec![found]) }
    }

    fn frame(&self) -> Frame<'a> {
        Frame::new(self.arguments, self.tenant, self.context.unix_seconds())
    }

    fn refuse(&self, frame: &Frame<'_>) -> Result<(), Failure> {
        for refusal in self.row.refuse {
            if frame.all(refusal.when)? {
                return Err(Failure::Argument(refusal.say.to_owned()));
            }
        }
        Ok(())
    }

    fn choose(&self, frame: &Frame<'_>) -> Result<Chosen, Failure> {
        let row = self.row;
        if row.plans.is_empty() {
            let last = (!row.main.path.is_empty()).then_some(row.main);
            return Ok(Chosen { before: row.before, last, keep: row.keep, shape: row.shape });
        }
        for plan in row.plans {
            if frame.all(plan.when)? {
                let shape = plan.shape.unwrap_or(row.shape);
                return Ok(Chosen { before: plan.steps, last: None, keep: plan.keep, shape });
            }
        }
        Err(Failure::Bug)
    }

    fn step(&self, step: &Step, frame: &Frame<'_>) -> Result<Reply, Failure> {
        if !frame.all(step.when)? {
            return Ok(Reply::Skipped);
        }
        match self.send(&request::build(self.row, step, frame)?) {
            Ok(body) if step.document.is_some() => graph(body).map(Reply::Body),
            Ok(body) => Ok(Reply::Body(body)),
            Err(Failure::Answered(complaint))
                if step.may_fail && complaint.is_about_the_request() =>
            {
                Ok(Reply::Failed)
            }
            Err(other) => Err(other),
        }
    }

    /// Returns the body of the answer to `request`; an empty one is null.
    fn send(&self, request: &ApiRequest) -> Result<Json, Failure> {
        let response = self.backend.send(request, &Waiting(self.context))?;
        if !response.is_success() {
            return Err(Failure::Answered(Complaint::of(&response)));
        }
        match response.body {
            ApiBody::Json(body) => Ok(body),
            ApiBody::Empty => Ok(Json::Null),
            ApiBody::Text(_) => Err(Failure::Unexpected),
        }
    }

    fn kept(&self, filters: &[Keep], result: Json) -> Result<Json, Failure> {
        let Json::Array(mut rows) = result else { return Ok(result) };
        for filter in filters {
            let Some(wanted) = self.arguments.value(filter.argument) else { continue };
            let wanted = text_of(wanted);
            let wanted = if filter.trimmed { wanted.trim() } else { wanted.as_str() };
            if wanted.is_empty() && filter.test == Test::Contains {
                continue;
            }
            rows.retain(|row| {
                fits(
                    filter.test,
                    row.get(filter.member).and_then(Json::as_str).unwrap_or(""),
                    wanted,
                )
            });
            if filter.first {
                rows.truncate(1);
            }
            if rows.is_empty() && !filter.none.is_empty() {
                return Err(Failure::Argument(filter.none.to_owned()));
            }
        }
        Ok(Json::Array(rows))
    }
}

/// Returns the answer of a GraphQL operation that has no errors.
fn graph(body: Json) -> Result<Json, Failure> {
    match body.get("errors").and_then(Json::as_array) {
        Some(errors) if !errors.is_empty() => Err(Failure::Answered(Complaint::graph(errors))),
        _ => Ok(body),
    }
}

/// Returns the object of `members`, one of which may be `result`.
fn wrapped(members: &'static [Member], frame: &Frame<'_>, result: Json) -> Result<Json, Failure> {
    let mut object = Object::new();
    let mut result = Some(result);
    for member in members {
        let value = if matches!(member.value, Value::Result) {
            result.take()
        } else {
            frame.value(&member.value)?
        };
        if let Some(value) = value {
            object.set(member.key, value);
        }
    }
    Ok(object.into())
}
