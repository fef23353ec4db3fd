//! Zone: post-admission. Truth, order and equality of values.
//!
//! Every comparison is paid for before it is made.

use core::cmp::Ordering;

use crate::json::Json;
use crate::query::fault::QueryError;
use crate::query::number;
use crate::query::run::{Run, units};
use crate::query::tree::Comparison;

/// Texts and objects cost one step for so many bytes or members.
pub(super) const PER_STEP: usize = 16;

/// False for null, false, and what is empty.
pub(super) fn is_true(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(_) => true,
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
    }
}

impl Run<'_> {
    /// Compares two values; null where order has no meaning. Texts are in order of their
    /// characters, which the standard leaves open and other implementations do.
    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        a: &Json,
        b: &Json,
    ) -> Result<Json, QueryError> {
        match comparison {
            Comparison::Equal => return self.equal(a, b).map(Json::Bool),
            Comparison::Unequal => return self.equal(a, b).map(|same| Json::Bool(!same)),
            Comparison::Less
            | Comparison::LessOrEqual
            | Comparison::Greater
            | Comparison::GreaterOrEqual => {}
        }
        let Some(order) = self.order(a, b)? else { return Ok(Json::Null) };
        Ok(Json::Bool(match comparison {
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
            Comparison::Equal => order.is_eq(),
            Comparison::Unequal => order.is_ne(),
        }))
    }

    /// Returns the order of two numbers or two texts; `None` for anything else.
    pub(super) fn order(&mut self, a: &Json, b: &Json) -> Result<Option<Ordering>, QueryError> {
        self.step(1)?;
        Ok(match (a, b) {
            (Json::Number(a), Json::Number(b)) => {
                self.pay(a.text().len().saturating_add(b.text().len()))?;
                Some(number::compare(a, b))
            }
            (Json::String(a), Json::String(b)) => {
                self.pay(a.len().min(b.len()))?;
                Some(a.cmp(b))
            }
            _ => None,
        })
    }

    /// True when two values are the same; numbers by value, objects in any order.
    pub(super) fn equal(&mut self, a: &Json, b: &Json) -> Result<bool, QueryError> {
        match (a, b) {
            (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
                self.step(1)?;
                for (a, b) in a.iter().zip(b) {
                    if !self.equal(a, b)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Json::Object(a), Json::Object(b)) if a.len() == b.len() => {
                self.step(1)?;
                for (name, a) in a.iter() {
                    self.pay(b.len())?;
                    match b.get(name) {
                        Some(b) if self.equal(a, b)? => {}
                        Some(_) | None => return Ok(false),
                    }
                }
                Ok(true)
            }
            (Json::Null, Json::Null) => Ok(true),
            (Json::Bool(a), Json::Bool(b)) => Ok(a == b),
            (a, b) => Ok(self.order(a, b)?.is_some_and(Ordering::is_eq)),
        }
    }

    /// Pays for looking at `size` bytes or members.
    pub(super) fn pay(&mut self, size: usize) -> Result<(), QueryError> {
        self.step(units(size.checked_div(PER_STEP).unwrap_or(size)))
    }
}
