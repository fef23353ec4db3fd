//! Zone: post-admission. What a call knows while it runs, and what conditions and values mean.
//!
//! Arguments, earlier answers, the ids of the tenant and the time of the call: everything that a
//! condition or a value of a row can speak of. Reads only; never sends.

use crate::backend::Upstream;
use crate::json::Json;
use crate::tools::arguments::Arguments;
use crate::tools::failure::Failure;
use crate::tools::forms;
use crate::tools::plan::{Cond, Find, Test, Value};

const CUSTOMER_SETTING: &str = "ZSCALER_CUSTOMER_ID";
const CELL_CUSTOMER_SETTING: &str = "ZCELL_CUSTOMER_ID";

/// For whom the tools work. Blank ids count as none.
#[derive(Debug, Clone, Default)]
pub struct Tenant {
    /// Customer id of private access.
    pub customer_id: Option<String>,
    /// Customer id of cellular.
    pub cell_customer_id: Option<String>,
}

/// What became of a step.
#[derive(Debug)]
pub(super) enum Reply {
    /// It was not sent.
    Skipped,
    /// It was answered with an error.
    Failed,
    /// It was answered with this body.
    Body(Json),
}

/// What a call knows while it runs.
#[derive(Debug)]
pub struct Frame<'a> {
    arguments: &'a Arguments,
    tenant: &'a Tenant,
    now: u64,
    replies: Vec<Reply>,
}

impl<'a> Frame<'a> {
    /// Returns what a call knows before its first request, at `now` in epoch seconds.
    pub(super) const fn new(arguments: &'a Arguments, tenant: &'a Tenant, now: u64) -> Self {
        Self { arguments, tenant, now, replies: Vec::new() }
    }

    /// Returns the arguments.
    pub(super) const fn arguments(&self) -> &'a Arguments {
        self.arguments
    }

    /// Returns the time in epoch seconds.
    pub(super) const fn now(&self) -> u64 {
        self.now
    }

    /// Adds what became of the next step.
    pub(super) fn push(&mut self, reply: Reply) {
        self.replies.push(reply);
    }

    /// Takes back the last step that was answered.
    pub(super) fn last_body(&mut self) -> Option<Json> {
        self.replies.iter_mut().rev().find_map(|reply| match reply {
            Reply::Body(body) => Some(core::mem::take(body)),
            Reply::Skipped | Reply::Failed => None,
        })
    }

    fn body(&self, step: usize) -> Option<&Json> {
        match self.replies.get(step) {
            Some(Reply::Body(body)) => Some(body),
            Some(Reply::Skipped | Reply::Failed) | None => None,
        }
    }

    /// True when all of `conditions` hold.
    ///
    /// # Errors
    /// What a function among them says.
    pub(super) fn all(&self, conditions: &[Cond]) -> Result<bool, Failure> {
        for condition in conditions {
            if !self.holds(condition)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&self, condition: &Cond) -> Result<bool, Failure> {
        let value = |name| self.arguments.value(name);
        let text = |name| value(name).and_then(Json::as_str);
        Ok(match *condition {
            Cond::Truthy(name) => value(name).is_some_and(|value| !is_nothing(value)),
            Cond::Falsy(name) => value(name).is_none_or(is_nothing),
            Cond::Given(name) => value(name).is_some(),
            Cond::Absent(name) => value(name).is_none(),
            Cond::Equals(name, other) => text(name) == Some(other),
            Cond::Differs(name, other) => text(name) != Some(other),
            Cond::LowerEquals(name, other) => {
                text(name).is_some_and(|text| text.to_lowercase() == other)
            }
            Cond::IsFalse(name) => value(name).and_then(Json::as_bool) == Some(false),
            Cond::Contains(name, part) => text(name).is_some_and(|text| text.contains(part)),
            Cond::HasMember(name, member) => value(name).is_some_and(|v| v.get(member).is_some()),
            Cond::NotIn(name, choices) => text(name).is_none_or(|text| !choices.contains(&text)),
            Cond::UpperNotIn(name, choices) => {
                text(name).is_none_or(|text| !choices.contains(&text.to_uppercase().as_str()))
            }
            Cond::Outside(name, least, most) => {
                value(name).and_then(Json::as_i64).is_some_and(|n| n < least || n > most)
            }
            Cond::Blank(name) => text(name).is_some_and(|text| text.trim().is_empty()),
            Cond::EmptyList(name) => {
                value(name).and_then(Json::as_array).is_some_and(<[Json]>::is_empty)
            }
            Cond::NoRecords(step) => self.body(step).is_some_and(has_no_records),
            Cond::Failed(step) => matches!(self.replies.get(step), Some(Reply::Failed)),
            Cond::Made(maker) => (maker.make)(self, &Json::Null)?.as_bool() == Some(true),
        })
    }

    /// Returns what `value` is now; `None` when it is to be left out.
    ///
    /// # Errors
    /// [`Failure::Argument`] for an argument that does not fit its form or for something needed
    /// that is not there, [`Upstream::NotConfigured`] for an id that the operator has not set.
    pub(super) fn value(&self, value: &Value) -> Result<Option<Json>, Failure> {
        Ok(Some(match *value {
            Value::Nothing | Value::Result => return Ok(None),
            Value::Null => Json::Null,
            Value::Bool(value) => value.into(),
            Value::Integer(value) => value.into(),
            Value::Text(text) => text.into(),
            Value::Texts(texts) => {
                texts.iter().map(|text| Json::from(*text)).collect::<Vec<_>>().into()
            }
            Value::Argument(name, form) => match self.arguments.value(name) {
                Some(given) => forms::written(self, name, form, given)?,
                None => return Ok(None),
            },
            Value::Customer => self.customer()?.into(),
            Value::CellCustomer => self.cell_customer()?.into(),
            Value::Now => self.now.into(),
            Value::Answer(step, at) => match self.body(step).and_then(|body| pointed(body, at)) {
                None | Some(Json::Null) => return Ok(None),
                Some(found) => found.clone(),
            },
            Value::First(values) => return self.first(values),
            Value::Found(find) => return self.found(&find),
            Value::Made(maker) => (maker.make)(self, &Json::Null)?,
        }))
    }

    fn first(&self, values: &[Value]) -> Result<Option<Json>, Failure> {
        for value in values {
            if let Some(found) = self.value(value)?.filter(|found| !found.is_null()) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn found(&self, find: &Find) -> Result<Option<Json>, Failure> {
        let list = self.body(find.step).and_then(|body| pointed(body, find.list));
        let Some(wanted) = self.value(find.with)? else { return Ok(None) };
        let wanted = wanted.as_str().unwrap_or_default();
        let found = list.and_then(Json::as_array).unwrap_or(&[]).iter().find(|record| {
            fits(
                find.test,
                record.get(find.member).and_then(Json::as_str).unwrap_or_default(),
                wanted,
            )
        });
        let taken = found.and_then(|record| pointed(record, find.take));
        Ok(taken.filter(|taken| !is_nothing(taken)).cloned())
    }

    /// Returns the customer id of private access.
    ///
    /// # Errors
    /// [`Upstream::NotConfigured`].
    pub(super) fn customer(&self) -> Result<&'a str, Failure> {
        set(self.tenant.customer_id.as_deref(), CUSTOMER_SETTING)
    }

    /// Returns the customer id of cellular.
    ///
    /// # Errors
    /// [`Upstream::NotConfigured`].
    pub(super) fn cell_customer(&self) -> Result<&'a str, Failure> {
        set(self.tenant.cell_customer_id.as_deref(), CELL_CUSTOMER_SETTING)
    }
}

fn set<'a>(id: Option<&'a str>, setting: &'static str) -> Result<&'a str, Failure> {
    let id = id.filter(|id| !id.trim().is_empty());
    id.ok_or(Failure::Upstream(Upstream::NotConfigured(setting)))
}

/// True for what the services are not told: empty text, an empty list, zero and false.
pub(super) fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(value) => !value,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
    }
}

/// Compares the text of a record with what is wanted.
pub(super) fn fits(test: Test, own: &str, wanted: &str) -> bool {
    match test {
        Test::Same => own == wanted,
        Test::Other => own != wanted,
        Test::SameName => own.to_lowercase() == wanted.to_lowercase(),
        Test::Contains => own.to_lowercase().contains(&wanted.to_lowercase()),
    }
}

/// Returns what stands at the JSON pointer `at` (RFC 6901, without escapes).
pub(super) fn pointed<'a>(value: &'a Json, at: &str) -> Option<&'a Json> {
    at.split('/').skip(1).try_fold(value, |value, name| match value.as_array() {
        Some(items) => items.get(name.parse::<usize>().ok()?),
        None => value.get(name),
    })
}

fn has_no_records(body: &Json) -> bool {
    let list = body.get("records").unwrap_or(body);
    list.is_null() || list.as_array().is_some_and(<[Json]>::is_empty)
}
