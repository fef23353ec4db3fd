//! Zone: post-admission. One call under way: refusals, plan, requests in order, the result.
//!
//! Trusts the row. Every refusal comes before the first request; an answer with an error ends the
//! call unless the step says otherwise; a caller that has gone ends it before the next request.

use crate::backend::{ApiBody, ApiRequest, Backend, Patience};
use crate::json::{Json, Object};
use crate::mcp::registry::Context;
use crate::tools::arguments::Arguments;
use crate::tools::encode;
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

/// What a call returns.
#[derive(Debug)]
pub(super) enum Answer {
    /// The last answer as it came, and where the result is in it.
    Body(ApiBody, Shape),
    /// The result itself.
    Value(Json),
}

impl Answer {
    /// Returns the result, and the token of the next page when `row` says where it is.
    ///
    /// # Errors
    /// As [`read`] and [`shaped`].
    pub(super) fn into_value(self, row: &Row) -> Result<(Json, Option<String>), Failure> {
        match self {
            Self::Value(value) => Ok((value, None)),
            Self::Body(body, shape) => {
                let body = read(body)?;
                encode::no_errors(&body, shape)?;
                let next = encode::next_of(&body, row.next);
                shaped(shape, body).map(|value| (value, next))
            }
        }
    }
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
    pub(super) fn answer(&self) -> Result<Answer, Failure> {
        let mut frame = self.frame();
        self.refuse(&frame)?;
        if let Some(custom) = self.row.custom {
            return (custom.answer)(self).map(Answer::Value);
        }
        let chosen = self.choose(&frame)?;
        let last = self.sent(&chosen, &mut frame)?;
        if self.row.after.is_none() && self.row.wrap.is_empty() && !self.keeps(chosen.keep) {
            return Ok(Answer::Body(last, chosen.shape));
        }
        let (body, _) = Answer::Body(last, chosen.shape).into_value(self.row)?;
        let mut result = self.kept(chosen.keep, body)?;
        if let Some(maker) = self.row.after {
            result = (maker.make)(&frame, &result)?;
        }
        if !self.row.wrap.is_empty() {
            result = wrapped(self.row.wrap, &frame, result)?;
        }
        Ok(Answer::Value(result))
    }

    /// Sends the steps in order and returns the last answer.
    fn sent(&self, chosen: &Chosen, frame: &mut Frame<'_>) -> Result<ApiBody, Failure> {
        let steps = || chosen.before.iter().chain(&chosen.last);
        request::rehearse(self.row, steps(), frame)?;
        let mut last = None;
        let mut steps = steps().peekable();
        while let Some(step) = steps.next() {
            if !frame.all(step.when)? {
                frame.push(Reply::Skipped);
                continue;
            }
            match self.send(&request::build(self.row, step, frame)?) {
                // The last answer stays as it came: mostly nothing has to look into it.
                Ok(body) if steps.peek().is_none() => last = Some(body),
                Ok(body) => frame.push(Reply::Body(read(body)?)),
                Err(Failure::Answered(complaint))
                    if step.may_fail && complaint.is_about_the_request() =>
                {
                    frame.push(Reply::Failed);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(last.unwrap_or_else(|| frame.last_body().map_or(ApiBody::Empty, ApiBody::Json)))
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
        read(self.send(&request)?)
    }

    /// Returns the body of the answer to `step`.
    ///
    /// # Errors
    /// As [`request::build`] and [`Self::send`].
    pub(super) fn ask(&self, step: &Step) -> Result<Json, Failure> {
        read(self.send(&request::build(self.row, step, &self.frame())?)?)
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

    /// Returns the body of the answer to `request`.
    fn send(&self, request: &ApiRequest) -> Result<ApiBody, Failure> {
        let response = self.backend.send(request, &Waiting(self.context))?;
        if response.is_success() {
            Ok(response.body)
        } else {
            Err(Failure::Answered(Complaint::of(&response)))
        }
    }

    /// True when one of `filters` has its argument.
    fn keeps(&self, filters: &[Keep]) -> bool {
        filters.iter().any(|filter| self.arguments.value(filter.argument).is_some())
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

/// Returns the value that is the whole of `body`; nothing is null.
///
/// # Errors
/// [`Failure::Unexpected`] for other text, [`Failure::Upstream`] when it is not JSON within the
/// bounds, [`Failure::Answered`] when a GraphQL service says that it failed.
pub(super) fn read(body: ApiBody) -> Result<Json, Failure> {
    match body.into_json() {
        Ok(Some(body)) => Ok(body),
        Ok(None) => Err(Failure::Unexpected),
        Err(error) => Err(encode::unreadable(error.fault)),
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
