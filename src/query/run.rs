//! Zone: post-admission. The tree at work on a value.
//!
//! Looks at the value in place and copies only what it keeps. Each node visited is a step; each
//! copy is paid for by its size before it is made, so the sum of all copies has a bound.

use std::borrow::Cow;

use crate::base::Budget;
use crate::json::{Json, Object};
use crate::limits::RESULT_DEPTH_MAX;
use crate::query::compare::is_true;
use crate::query::fault::{QueryError, QueryFault};
use crate::query::tree::{Node, Over, Projection, Slice};
use crate::sanitize::Scrubber;

/// Bytes that a value takes besides its text, and a member besides its value.
const VALUE_BYTES: usize = 32;

/// One search.
pub(super) struct Run<'s> {
    steps: Budget,
    made: Budget,
    /// Cleans what is about to be hidden behind escapes.
    pub(super) scrubber: &'s Scrubber,
    /// The projection or function last entered.
    at: usize,
}

/// Returns `size` as a cost.
pub(super) fn units(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

impl<'s> Run<'s> {
    pub(super) const fn new(steps: u64, made: u64, scrubber: &'s Scrubber) -> Self {
        Self { steps: Budget::new(steps), made: Budget::new(made), scrubber, at: 0 }
    }

    /// Returns what `node` finds in `value`.
    pub(super) fn whole(&mut self, node: &Node, value: &Json) -> Result<Json, QueryError> {
        let found = self.find(node, value)?;
        self.own(found)
    }

    pub(super) fn find<'v>(
        &mut self,
        node: &'v Node,
        value: &'v Json,
    ) -> Result<Cow<'v, Json>, QueryError> {
        self.step(1)?;
        Ok(match node {
            Node::Current => Cow::Borrowed(value),
            Node::Literal(literal) => Cow::Borrowed(literal),
            Node::Field(name) => {
                self.pay(value.as_object().map_or(0, Object::len))?;
                value.get(name).map_or(NOTHING, Cow::Borrowed)
            }
            Node::Index(index) => {
                let found = value.as_array().and_then(|items| nth(items, *index));
                found.map_or(NOTHING, Cow::Borrowed)
            }
            Node::Chain(nodes) => self.chain(nodes, value)?,
            Node::Project(projection) => self.project(projection, value)?,
            Node::First(wanted, nodes) => self.first(nodes, value, *wanted)?,
            Node::Not(node) => {
                let found = self.find(node, value)?;
                Cow::Owned(Json::Bool(!is_true(&found)))
            }
            Node::Compare(comparison, sides) => {
                let (left, right) = (self.find(&sides.0, value)?, self.find(&sides.1, value)?);
                Cow::Owned(self.compare(*comparison, &left, &right)?)
            }
            Node::List(_) | Node::Hash(_) if value.is_null() => NOTHING,
            Node::List(nodes) => {
                self.make(VALUE_BYTES)?;
                let items = nodes.iter().map(|node| self.whole(node, value));
                Cow::Owned(Json::Array(items.collect::<Result<_, _>>()?))
            }
            Node::Hash(members) => {
                self.make(VALUE_BYTES)?;
                let members = members.iter().map(|(name, node)| {
                    self.make(name.len().saturating_add(VALUE_BYTES))?;
                    Ok((name.clone(), self.whole(node, value)?))
                });
                Cow::Owned(Json::Object(members.collect::<Result<_, _>>()?))
            }
            Node::Call(call) => self.call(call, value)?,
        })
    }

    fn chain<'v>(
        &mut self,
        nodes: &'v [Node],
        value: &'v Json,
    ) -> Result<Cow<'v, Json>, QueryError> {
        let mut held = Cow::Borrowed(value);
        for node in nodes {
            held = match held {
                Cow::Borrowed(seen) => self.find(node, seen)?,
                Cow::Owned(made) => Cow::Owned(self.whole(node, &made)?),
            };
        }
        Ok(held)
    }

    /// Returns the first value whose truth is `wanted`, else the last.
    fn first<'v>(
        &mut self,
        nodes: &'v [Node],
        value: &'v Json,
        wanted: bool,
    ) -> Result<Cow<'v, Json>, QueryError> {
        let mut found = NOTHING;
        for node in nodes {
            found = self.find(node, value)?;
            if is_true(&found) == wanted {
                break;
            }
        }
        Ok(found)
    }

    fn project<'v>(
        &mut self,
        projection: &'v Projection,
        value: &'v Json,
    ) -> Result<Cow<'v, Json>, QueryError> {
        let source = self.find(&projection.source, value)?;
        self.enter(projection.at);
        let Some(items) = visited(&projection.over, &source) else { return Ok(NOTHING) };
        self.make(VALUE_BYTES)?;
        let mut kept = Vec::new();
        for item in items {
            self.step(1)?;
            if let Over::Filter(condition) = &projection.over
                && !is_true(self.find(condition, item)?.as_ref())
            {
                continue;
            }
            let found = self.find(&projection.right, item)?;
            if !found.is_null() {
                kept.push(self.own(found)?);
            }
        }
        Ok(Cow::Owned(Json::Array(kept)))
    }

    /// Returns the value itself; a copy is paid for.
    pub(super) fn own(&mut self, found: Cow<'_, Json>) -> Result<Json, QueryError> {
        if let Cow::Borrowed(value) = found {
            self.charge(value)?;
        }
        Ok(found.into_owned())
    }

    /// Pays for a copy of `value`.
    pub(super) fn charge(&mut self, value: &Json) -> Result<(), QueryError> {
        self.charge_levels(value, RESULT_DEPTH_MAX)
    }

    /// Pays for a copy of `value` and refuses one that is too deep: wrapped again and again, it
    /// would outgrow the stack of whoever walks over it.
    fn charge_levels(&mut self, value: &Json, levels: u32) -> Result<(), QueryError> {
        self.make(VALUE_BYTES)?;
        let too_deep = self.fail(QueryFault::ResultDepth);
        let deeper = || levels.checked_sub(1).ok_or(too_deep);
        match value {
            Json::Null | Json::Bool(_) => Ok(()),
            Json::Number(number) => self.make(number.text().len()),
            Json::String(text) => self.make(text.len()),
            Json::Array(items) => {
                let levels = deeper()?;
                items.iter().try_for_each(|item| self.charge_levels(item, levels))
            }
            Json::Object(members) => {
                let levels = deeper()?;
                members.iter().try_for_each(|(name, item)| {
                    self.make(name.len().saturating_add(VALUE_BYTES))?;
                    self.charge_levels(item, levels)
                })
            }
        }
    }

    /// Names the place that the next fault belongs to.
    pub(super) const fn enter(&mut self, at: usize) {
        self.at = at;
    }

    /// Pays for `bytes` of memory.
    pub(super) fn make(&mut self, bytes: usize) -> Result<(), QueryError> {
        let paid = self.made.spend(units(bytes));
        paid.map_err(|_spent| self.fail(QueryFault::Bytes))
    }

    /// Pays for `steps` steps.
    pub(super) fn step(&mut self, steps: u64) -> Result<(), QueryError> {
        let paid = self.steps.spend(steps);
        paid.map_err(|_spent| self.fail(QueryFault::Steps))
    }

    pub(super) const fn fail(&self, fault: QueryFault) -> QueryError {
        QueryError { at: self.at, fault }
    }
}

const NOTHING: Cow<'_, Json> = Cow::Owned(Json::Null);

fn visited<'v>(over: &Over, source: &'v Json) -> Option<Vec<&'v Json>> {
    match over {
        Over::Values => Some(source.as_object()?.iter().map(|(_, value)| value).collect()),
        Over::Items | Over::Filter(_) => Some(source.as_array()?.iter().collect()),
        Over::Slice(slice) => Some(cut(source.as_array()?, *slice)),
        Over::Flat => {
            let inner = |item: &'v Json| {
                item.as_array().unwrap_or_else(|| core::slice::from_ref(item)).iter()
            };
            Some(source.as_array()?.iter().flat_map(inner).collect())
        }
    }
}

fn nth(items: &[Json], index: i64) -> Option<&Json> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let place = if index < 0 { items.len().checked_sub(distance)? } else { distance };
    items.get(place)
}

fn cut(items: &[Json], slice: Slice) -> Vec<&Json> {
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let step = slice.step.unwrap_or(1);
    let (first, last) = if step < 0 { (-1, len.saturating_sub(1)) } else { (0, len) };
    let bound = |place: i64| {
        let place = if place < 0 { place.saturating_add(len) } else { place };
        place.clamp(first, last.max(first))
    };
    let (from, to) = if step < 0 { (last, first) } else { (first, last) };
    let mut place = slice.start.map_or(from, bound);
    let stop = slice.stop.map_or(to, bound);
    let mut found = Vec::new();
    while if step < 0 { place > stop } else { place < stop } {
        found.extend(usize::try_from(place).ok().and_then(|place| items.get(place)));
        place = place.saturating_add(step);
    }
    found
}
