//! Zone: post-admission. The functions of the language at work.
//!
//! An argument is taken out by the type it must have, so a wrong one is an error that names it.

use core::cmp::Ordering;
use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::json::{Json, Number, Object, write};
use crate::query::fault::{QueryError, QueryFault};
use crate::query::number;
use crate::query::run::{Run, units};
use crate::query::signature::Function;
use crate::query::tree::{Argument, Call, Node};

const NUMBER: &str = "a number";
const TEXT: &str = "text";
const LIST: &str = "a list";
const OBJECT: &str = "an object";
const NUMBERS: &str = "a list of numbers";
const TEXTS: &str = "a list of texts";
const SORTABLE: &str = "a list of numbers only or of texts only";
const TEXT_OR_LIST: &str = "text or a list";
const SIZED: &str = "text, a list or an object";
const KEY: &str = "an expression that gives a number for each record, or a text for each";

/// The arguments of a call.
struct Given<'v> {
    function: &'static str,
    at: usize,
    values: Vec<Cow<'v, Json>>,
    reference: &'v Node,
}

type Found<'v> = Result<Cow<'v, Json>, QueryError>;

impl Run<'_> {
    pub(super) fn call<'v>(&mut self, call: &'v Call, value: &'v Json) -> Found<'v> {
        let mut values = Vec::new();
        let mut reference = &Node::Current;
        for argument in &call.arguments {
            values.push(match argument {
                Argument::Value(node) => self.find(node, value)?,
                Argument::Reference(node) => {
                    reference = node;
                    Cow::Owned(Json::Null)
                }
            });
        }
        self.enter(call.at);
        for value in &values {
            self.pay(size(value))?;
        }
        let given = Given { function: call.signature.name, at: call.at, values, reference };
        self.apply(call.signature.function, given)
    }

    fn apply<'v>(&mut self, function: Function, mut given: Given<'v>) -> Found<'v> {
        let made = match function {
            Function::Abs => self.calculated(number::magnitude(given.number(0)?))?,
            Function::Ceil => self.calculated(number::whole(given.number(0)?, f64::ceil))?,
            Function::Floor => self.calculated(number::whole(given.number(0)?, f64::floor))?,
            Function::Sum => {
                let sum = number::sum(&self.numbers(&given)?);
                self.calculated(sum)?
            }
            Function::Avg => match self.numbers(&given)?.as_slice() {
                [] => Json::Null,
                numbers => self.calculated(number::average(numbers))?,
            },
            Function::Contains => Json::Bool(self.contains(&given)?),
            Function::StartsWith => Json::Bool(given.text(0)?.starts_with(given.text(1)?)),
            Function::EndsWith => Json::Bool(given.text(0)?.ends_with(given.text(1)?)),
            Function::Join => self.join(&given)?,
            Function::Keys => self.keys(given.object(0)?)?,
            Function::Values => {
                let items = given.object(0)?.iter().map(|(_, value)| value);
                self.copied(items)?
            }
            Function::Length => units(given.length(0)?).into(),
            Function::Map => self.map(&given)?,
            Function::Max => self.extreme(&given, Ordering::Greater)?,
            Function::Min => self.extreme(&given, Ordering::Less)?,
            Function::MaxBy => self.extreme_by(&given, Ordering::Greater)?,
            Function::MinBy => self.extreme_by(&given, Ordering::Less)?,
            Function::Sort => self.sort(&given)?,
            Function::SortBy => self.sort_by(&given)?,
            Function::Merge => self.merge(&given)?,
            Function::Reverse => self.reverse(&given)?,
            Function::Type => type_name(given.value(0)).into(),
            Function::ToNumber => given.value(0).as_str().map_or_else(
                || given.value(0).as_number().cloned().map(Json::Number).unwrap_or_default(),
                |text| number::parsed(text).unwrap_or_default(),
            ),
            Function::ToString => self.written(given.value(0))?,
            Function::ToArray if given.value(0).as_array().is_some() => return Ok(given.take(0)),
            Function::ToArray => {
                let one = self.own(given.take(0))?;
                Json::Array(vec![one])
            }
            Function::NotNull => {
                let found = given.values.into_iter().find(|value| !value.is_null());
                return Ok(found.unwrap_or_default());
            }
        };
        Ok(Cow::Owned(made))
    }

    fn calculated(&self, result: Option<Json>) -> Result<Json, QueryError> {
        result.ok_or_else(|| self.fail(QueryFault::Number))
    }

    fn numbers<'a>(&mut self, given: &'a Given<'_>) -> Result<Vec<&'a Number>, QueryError> {
        let numbers = given.items(0, NUMBERS)?.iter().map(|item| {
            let number = item.as_number().ok_or_else(|| given.kind(0, NUMBERS))?;
            self.pay(number.text().len())?;
            Ok(number)
        });
        numbers.collect()
    }

    fn contains(&mut self, given: &Given<'_>) -> Result<bool, QueryError> {
        let wanted = given.value(1);
        if let Some(text) = given.value(0).as_str() {
            return Ok(wanted.as_str().is_some_and(|wanted| text.contains(wanted)));
        }
        for item in given.value(0).as_array().ok_or_else(|| given.kind(0, TEXT_OR_LIST))? {
            self.step(1)?;
            if self.equal(item, wanted)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn join(&mut self, given: &Given<'_>) -> Result<Json, QueryError> {
        let (glue, items) = (given.text(0)?, given.items(1, TEXTS)?);
        let mut out = String::new();
        for (index, item) in items.iter().enumerate() {
            let text = item.as_str().ok_or_else(|| given.kind(1, TEXTS))?;
            let glue = if index > 0 { glue } else { "" };
            self.step(1)?;
            self.make(glue.len().saturating_add(text.len()))?;
            out.push_str(glue);
            out.push_str(text);
        }
        Ok(out.into())
    }

    fn keys(&mut self, members: &Object) -> Result<Json, QueryError> {
        let names = members.iter().map(|(name, _)| {
            let name = Json::from(name);
            self.charge(&name)?;
            Ok(name)
        });
        Ok(Json::Array(names.collect::<Result<_, _>>()?))
    }

    fn copied<'a>(&mut self, items: impl Iterator<Item = &'a Json>) -> Result<Json, QueryError> {
        let items = items.map(|item| {
            self.step(1)?;
            self.own(Cow::Borrowed(item))
        });
        Ok(Json::Array(items.collect::<Result<_, _>>()?))
    }

    fn map(&mut self, given: &Given<'_>) -> Result<Json, QueryError> {
        let items = given.items(1, LIST)?.iter();
        let items = items.map(|item| self.whole(given.reference, item));
        Ok(Json::Array(items.collect::<Result<_, _>>()?))
    }

    fn extreme(&mut self, given: &Given<'_>, wanted: Ordering) -> Result<Json, QueryError> {
        let items: Vec<&Json> = given.items(0, SORTABLE)?.iter().collect();
        let best = self.best(&items, wanted, given.kind(0, SORTABLE))?;
        self.picked(items.get(best).copied())
    }

    fn extreme_by(&mut self, given: &Given<'_>, wanted: Ordering) -> Result<Json, QueryError> {
        let items = given.items(0, LIST)?;
        let keys = self.sort_keys(items, given)?;
        let keys: Vec<&Json> = keys.iter().map(Cow::as_ref).collect();
        let best = self.best(&keys, wanted, given.kind(1, KEY))?;
        self.picked(items.get(best))
    }

    /// Returns the place of the first of the greatest or least `items`, 0 when there are none.
    fn best(
        &mut self,
        items: &[&Json],
        wanted: Ordering,
        unordered: QueryError,
    ) -> Result<usize, QueryError> {
        let (mut place, mut best) = (0, items.first().copied());
        for (index, item) in items.iter().copied().enumerate() {
            let order = self.order(item, best.unwrap_or(item))?.ok_or(unordered)?;
            if order == wanted {
                (place, best) = (index, Some(item));
            }
        }
        Ok(place)
    }

    fn picked(&mut self, item: Option<&Json>) -> Result<Json, QueryError> {
        item.map_or(Ok(Json::Null), |item| self.own(Cow::Borrowed(item)))
    }

    fn sort(&mut self, given: &Given<'_>) -> Result<Json, QueryError> {
        let items = given.items(0, SORTABLE)?;
        let keys = items.iter().collect();
        let order = self.sorted(keys)?.ok_or_else(|| given.kind(0, SORTABLE))?;
        self.copied(order.into_iter().filter_map(|index| items.get(index)))
    }

    fn sort_by(&mut self, given: &Given<'_>) -> Result<Json, QueryError> {
        let items = given.items(0, LIST)?;
        let keys = self.sort_keys(items, given)?;
        let keys = keys.iter().map(Cow::as_ref).collect();
        let order = self.sorted(keys)?.ok_or_else(|| given.kind(1, KEY))?;
        self.copied(order.into_iter().filter_map(|index| items.get(index)))
    }

    fn sort_keys<'a>(
        &mut self,
        items: &'a [Json],
        given: &Given<'a>,
    ) -> Result<Vec<Cow<'a, Json>>, QueryError> {
        let keys = items.iter().map(|item| self.find(given.reference, item)).collect();
        self.enter(given.at);
        keys
    }

    /// Returns the places of `keys` in their order; `None` when they have none. The longest key
    /// is paid for as often as a sort may look at keys.
    fn sorted(&mut self, keys: Vec<&Json>) -> Result<Option<Vec<usize>>, QueryError> {
        let mut longest = 0;
        for key in &keys {
            let against = keys.first().unwrap_or(key);
            if self.order(key, against)?.is_none() {
                return Ok(None);
            }
            let text = key.as_str().or_else(|| key.as_number().map(Number::text));
            longest = text.map_or(0, str::len).max(longest);
        }
        let rounds = units(keys.len()).checked_ilog2().unwrap_or(0).saturating_add(1);
        let looks = units(keys.len()).saturating_mul(u64::from(rounds));
        self.step(looks)?;
        self.pay(keys.len().saturating_mul(longest))?;
        let mut places: Vec<(usize, &Json)> = keys.into_iter().enumerate().collect();
        places.sort_by(|(_, a), (_, b)| order(a, b));
        Ok(Some(places.into_iter().map(|(index, _)| index).collect()))
    }

    fn merge(&mut self, given: &Given<'_>) -> Result<Json, QueryError> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for index in 0..given.values.len() {
            for (name, value) in given.object(index)?.iter() {
                self.step(1)?;
                self.make(name.len())?;
                let value = self.own(Cow::Borrowed(value))?;
                match places.get(name).and_then(|place| members.get_mut(*place)) {
                    Some((_, old)) => *old = value,
                    None => {
                        places.insert(name, members.len());
                        members.push((name.to_owned(), value));
                    }
                }
            }
        }
        Ok(Json::Object(members.into_iter().collect()))
    }

    fn reverse(&mut self, given: &Given<'_>) -> Result<Json, QueryError> {
        if let Some(text) = given.value(0).as_str() {
            self.make(text.len())?;
            return Ok(text.chars().rev().collect::<String>().into());
        }
        self.copied(given.items(0, TEXT_OR_LIST)?.iter().rev())
    }

    /// Returns the JSON text of what is not text already. It is cleaned first: an escaped line
    /// break would hide from the sanitizer that a line begins. An escape makes six bytes of one.
    fn written(&mut self, value: &Json) -> Result<Json, QueryError> {
        self.charge(value)?;
        if value.as_str().is_some() {
            return Ok(value.clone());
        }
        let too_deep = self.fail(QueryFault::ResultDepth);
        let clean = self.scrubber.value(value.clone()).map_err(|_too_deep| too_deep)?;
        let text = write::to_text(clean.as_json());
        self.make(text.len())?;
        Ok(text.into())
    }
}

impl<'v> Given<'v> {
    fn take(&mut self, index: usize) -> Cow<'v, Json> {
        self.values.get_mut(index).map(core::mem::take).unwrap_or_default()
    }

    fn value(&self, index: usize) -> &Json {
        self.values.get(index).map_or(&Json::Null, Cow::as_ref)
    }

    fn number(&self, index: usize) -> Result<&Number, QueryError> {
        self.value(index).as_number().ok_or_else(|| self.kind(index, NUMBER))
    }

    fn text(&self, index: usize) -> Result<&str, QueryError> {
        self.value(index).as_str().ok_or_else(|| self.kind(index, TEXT))
    }

    fn items(&self, index: usize, wanted: &'static str) -> Result<&[Json], QueryError> {
        self.value(index).as_array().ok_or_else(|| self.kind(index, wanted))
    }

    fn object(&self, index: usize) -> Result<&Object, QueryError> {
        self.value(index).as_object().ok_or_else(|| self.kind(index, OBJECT))
    }

    fn length(&self, index: usize) -> Result<usize, QueryError> {
        match self.value(index) {
            Json::String(text) => Ok(text.chars().count()),
            Json::Array(items) => Ok(items.len()),
            Json::Object(members) => Ok(members.len()),
            Json::Null | Json::Bool(_) | Json::Number(_) => Err(self.kind(index, SIZED)),
        }
    }

    fn kind(&self, index: usize, wanted: &'static str) -> QueryError {
        let argument = index.saturating_add(1);
        let fault = QueryFault::Kind { function: self.function, argument, wanted };
        QueryError { at: self.at, fault }
    }
}

/// Returns the order of two keys that were seen to have one.
fn order(a: &Json, b: &Json) -> Ordering {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => number::compare(a, b),
        (Json::String(a), Json::String(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// Returns the bytes or members of `value`, not those of what is in it.
fn size(value: &Json) -> usize {
    match value {
        Json::Null | Json::Bool(_) => 0,
        Json::Number(number) => number.text().len(),
        Json::String(text) => text.len(),
        Json::Array(items) => items.len(),
        Json::Object(members) => members.len(),
    }
}

const fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
