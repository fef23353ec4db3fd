//! Zone: post-admission. One call under way: refusals, plan, requests in order, the result.
//!
//! Trusts the row. Every refusal comes before the first request; an answer with an error ends the
//! call unless the step says otherwise; a caller that has gone ends it before the next request.

use crate::backend::{ApiBody, ApiRequest, Backend, Patience, Upstream};
use crate::json::{Json, Object, Tree};
use crate::mcp::registry::Context;
use crate::sanitize::CleanText;
use crate::tools::arguments::Arguments;
use crate::tools::failure::{Complaint, Failure};
use crate::tools::find::{Answered, find, no_errors, read};
use crate::tools::forms::text_of;
use crate::tools::frame::{Frame, Reply, Tenant, fits};
use crate::tools::pages::{self, ALL_PAGES, Next, Rest, Walk};
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
    /// The last answer as it came: nothing had to look into it.
    Sent(Answered),
    /// The result itself, and what was read for it.
    Made(Json, Rest),
}

impl Answer {
    /// Returns the result, and what was read for it.
    ///
    /// # Errors
    /// As [`Answered::find`].
    pub(super) fn into_value(self) -> Result<(Json, Rest), Failure> {
        match self {
            Self::Made(value, rest) => Ok((value, rest)),
            Self::Sent(answered) => {
                let (value, token) = answered.value()?;
                let rest = Rest::of(&value, token.map(pages::by_token));
                Ok((value, rest))
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
            return (custom.answer)(self).map(|result| Answer::Made(result, Rest::default()));
        }
        let chosen = self.choose(&frame)?;
        let paging = self.row.paging().filter(|_| self.wants_all());
        if let Some(paging) = paging {
            let (records, next) = self.walk(&chosen, Walk::new(paging, self.arguments))?;
            return self.finished(&chosen, &mut frame, records.into(), next);
        }
        let answered = self.sent(&chosen, &mut frame)?;
        if self.row.after.is_none() && self.row.wrap.is_empty() && !self.keeps(chosen.keep) {
            return Ok(Answer::Sent(answered));
        }
        let (result, token) = answered.value()?;
        self.finished(&chosen, &mut frame, result, token.map(pages::by_token))
    }

    /// Filters and changes what the service returned.
    fn finished(
        &self,
        chosen: &Chosen,
        frame: &mut Frame<'_>,
        result: Json,
        next: Option<Next>,
    ) -> Result<Answer, Failure> {
        let rest = Rest::of(&result, next);
        let mut result = self.kept(chosen.keep, result)?;
        if !self.row.wrap.is_empty() {
            frame.push(Reply::Body(result.clone()));
        }
        if let Some(maker) = self.row.after {
            result = (maker.make)(frame, &result)?;
        }
        if !self.row.wrap.is_empty() {
            result = wrapped(self.row.wrap, frame, result)?;
        }
        Ok(Answer::Made(result, rest))
    }

    /// True when the caller asks for every page.
    pub(super) fn wants_all(&self) -> bool {
        self.arguments.value(ALL_PAGES.name).and_then(Json::as_bool) == Some(true)
    }

    /// Reads page after page. Between them the caller is told how far it is, and may end the call.
    fn walk(&self, chosen: &Chosen, mut walk: Walk) -> Result<(Vec<Json>, Option<Next>), Failure> {
        loop {
            if self.context.cancelled() {
                return Err(Upstream::Cancelled.into());
            }
            let arguments = walk.arguments(self.arguments);
            let call = Call { arguments: &arguments, ..*self };
            let answered = call.sent(chosen, &mut call.frame())?;
            let bytes = if let ApiBody::Encoded(bytes) = &answered.body { bytes.len() } else { 0 };
            let (value, token) = answered.value()?;
            // What is no list has no pages either.
            let Json::Array(page) = value else { return Ok((vec![value], None)) };
            let goes_on = walk.take(page, token, bytes);
            let told = CleanText::fixed("pages read");
            self.context.progress(walk.pages(), None, Some(told));
            if !goes_on {
                return Ok(walk.finish());
            }
        }
    }

    /// Refuses what would be refused before any request.
    ///
    /// # Errors
    /// [`Failure::Argument`], and [`Upstream::NotConfigured`](crate::backend::Upstream).
    pub(super) fn check(&self) -> Result<(), Failure> {
        let frame = self.frame();
        self.refuse(&frame)?;
        if self.row.custom.is_some() {
            return Ok(());
        }
        let chosen = self.choose(&frame)?;
        request::rehearse(self.row, chosen.before.iter().chain(&chosen.last), &frame)
    }

    /// Sends the steps in order and returns the last answer.
    fn sent(&self, chosen: &Chosen, frame: &mut Frame<'_>) -> Result<Answered, Failure> {
        let steps = || chosen.before.iter().chain(&chosen.last);
        let answered =
            |body, graph| Answered { body, shape: chosen.shape, next: self.row.next, graph };
        request::rehearse(self.row, steps(), frame)?;
        let mut steps = steps().peekable();
        while let Some(step) = steps.next() {
            if !frame.all(step.when)? {
                frame.push(Reply::Skipped);
                continue;
            }
            let graph = step.document.is_some();
            match self.send(&request::build(self.row, step, frame)?) {
                // The last answer stays as it came: mostly nothing has to look into it.
                Ok(body) if steps.peek().is_none() => return Ok(answered(body, graph)),
                Ok(body) => {
                    if graph {
                        no_errors(&body)?;
                    }
                    frame.push(Reply::Body(read(body)?));
                }
                Err(Failure::Answered(complaint))
                    if step.may_fail && complaint.is_about_the_request() =>
                {
                    frame.push(Reply::Failed);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(answered(frame.last_body().map_or(ApiBody::Empty, ApiBody::Json), false))
    }

    /// Returns the row.
    pub(super) const fn row(&self) -> &'static Row {
        self.row
    }

    /// Returns the arguments.
    pub(super) const fn arguments(&self) -> &'a Arguments {
        self.arguments
    }

    /// Returns the records in the answer to the main request of the row with `body`, where the row
    /// says they are; one object is one record.
    ///
    /// # Errors
    /// As [`Self::send`], and [`Failure::Unexpected`] when there is something else.
    pub(super) fn main_with(&self, body: Json) -> Result<Vec<Json>, Failure> {
        let mut request = request::build(self.row, &self.row.main, &self.frame())?;
        request.body = Some(body);
        let found = find(&self.send(&request)?, self.row.shape, "", Tree::default())?;
        let found = found.sink.into_value();
        if let Json::Array(rows) = found { Ok(rows) } else { Ok(vec![found]) }
    }

    /// Returns the body of the answer to `step`.
    ///
    /// # Errors
    /// As [`request::build`] and [`Self::send`].
    pub(super) fn ask(&self, step: &Step) -> Result<Json, Failure> {
        read(self.send(&request::build(self.row, step, &self.frame())?)?)
    }

    /// Sends `step`, whatever the answer holds.
    ///
    /// # Errors
    /// As [`request::build`] and [`Self::send`].
    pub(super) fn carry_out(&self, step: &Step) -> Result<(), Failure> {
        self.send(&request::build(self.row, step, &self.frame())?).map(drop)
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
