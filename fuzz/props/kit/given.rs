//! Arguments for a tool of the catalogue: those that fit, slips, and anything else.

use super::super::input::Input;
use super::trees;
use zscaler_mcp::json::{Json, Object, read};
use zscaler_mcp::tools::param::{Form, Kind, Param, Place, Preset};
use zscaler_mcp::tools::plan::Cond;
use zscaler_mcp::tools::row::Row;

const TEXTS: [&str; 12] = [
    "A",
    "ENABLED",
    "name",
    "192.0.2.1",
    "192.0.2.0/24",
    "example.org",
    "https://example.org/a?b=c",
    "2026-01-01T00:00:00Z",
    "name+EQ+A",
    "US",
    "x@example.org",
    "-----BEGIN RSA PRIVATE KEY-----\nx",
];
const IDS: [&str; 4] = ["41001", "72057594000000001", "CUSTOM_01", "A"];
const HOSTILE: [&str; 16] = [
    "../..",
    "..",
    ".",
    "a/../b",
    "..\\..",
    "%2e%2e%2f",
    "a?b=c#d",
    "a/b",
    "\u{0}",
    "\r\nHost: x",
    " ",
    "",
    "{customerId}",
    "a&b=c",
    "\u{ff0e}\u{ff0e}",
    "\u{202e}\u{1f600}",
];
const MEMBERS: [&str; 12] = [
    "id",
    "name",
    "action",
    "state",
    "locations",
    "departments",
    "url_categories",
    "confirmation_token",
    "objectType",
    "operands",
    "lhs",
    "rhs",
];

/// Returns arguments for `row`: JSON as it stands, or a choice for each argument that it has.
pub fn arguments(row: &Row, input: &mut Input<'_>) -> Option<Object> {
    if input.below(4) == 3 {
        let Ok(Json::Object(members)) = read(input.rest(), trees::WIDE) else { return None };
        return Some(members);
    }
    let mut given = Object::new();
    for param in row.inputs() {
        let choice = input.below(8);
        let absent = if param.required { choice == 7 } else { choice < 3 };
        if absent {
            continue;
        }
        let value = match choice {
            5 => input.pick(&HOSTILE).into(),
            6 => trees::value(input, 3),
            _ => fitting(row, param, input),
        };
        given.set(param.name, value);
    }
    if input.below(16) == 15 {
        given.set(&trees::text(input), trees::value(input, 2));
    }
    Some(given)
}

fn fitting(row: &Row, param: &Param, input: &mut Input<'_>) -> Json {
    let items = |input: &mut Input<'_>, one: &dyn Fn(&mut Input<'_>) -> Json| -> Json {
        (0..1 + input.below(3)).map(|_| one(input)).collect::<Vec<_>>().into()
    };
    let number = |input: &mut Input<'_>| -> i64 {
        let (min, max) = (param.min.unwrap_or(0), param.max.unwrap_or(100));
        (min + i64::try_from(input.below(120)).unwrap()).min(max)
    };
    match param.kind {
        Kind::Id => input.pick(&IDS).into(),
        Kind::Text => text(row, param, input).into(),
        Kind::Integer | Kind::Number => number(input).into(),
        Kind::Boolean => (!input.flag()).into(),
        Kind::Texts => items(input, &|input| text(row, param, input).into()),
        Kind::Integers => items(input, &|input| number(input).into()),
        Kind::TextLists => {
            items(input, &|input| vec![text(row, param, input).into(), "A".into()].into())
        }
        Kind::Object => members(input, 2),
        Kind::Objects => items(input, &|input| members(input, 2)),
        Kind::Any => trees::value(input, 2),
    }
}

fn text(row: &Row, param: &Param, input: &mut Input<'_>) -> &'static str {
    let mut words = words(row, param);
    if words.is_empty() || input.below(8) == 7 {
        words.extend(TEXTS);
    }
    input.pick(&words)
}

/// Returns the texts that the row knows for an argument.
fn words(row: &Row, param: &Param) -> Vec<&'static str> {
    let mut words = param.choices.to_vec();
    if let Some(Preset::Text(text)) = param.preset {
        words.push(text);
    }
    if let Place::Sent(slot) = param.place
        && let Form::Mapped(pairs) = slot.form
    {
        words.extend(pairs.iter().map(|(left, _)| *left));
    }
    let steps = row.plans.iter().flat_map(|plan| plan.steps).chain(row.before);
    let conditions = row.refuse.iter().flat_map(|refusal| refusal.when);
    let conditions = conditions.chain(row.plans.iter().flat_map(|plan| plan.when));
    for condition in conditions.chain(steps.flat_map(|step| step.when)) {
        let (name, known) = match *condition {
            Cond::Equals(name, word)
            | Cond::Differs(name, word)
            | Cond::LowerEquals(name, word)
            | Cond::Contains(name, word) => (name, vec![word]),
            Cond::NotIn(name, list) | Cond::UpperNotIn(name, list) => (name, list.to_vec()),
            Cond::Truthy(_)
            | Cond::Falsy(_)
            | Cond::Given(_)
            | Cond::Absent(_)
            | Cond::IsFalse(_)
            | Cond::HasMember(..)
            | Cond::Outside(..)
            | Cond::Blank(_)
            | Cond::EmptyList(_)
            | Cond::NoRecords(_)
            | Cond::Failed(_)
            | Cond::Made(_) => continue,
        };
        if name == param.name {
            words.extend(known);
        }
    }
    words
}

fn members(input: &mut Input<'_>, levels: usize) -> Json {
    let mut out = Object::new();
    for _ in 0..input.below(4) {
        let name = input.pick(&MEMBERS);
        let value = match input.below(6) {
            0 => vec![input.pick(&IDS).into()].into(),
            1 if levels > 0 => members(input, levels - 1),
            2 if levels > 0 => vec![members(input, levels - 1)].into(),
            3 => trees::value(input, 2),
            4 => 7_i64.into(),
            _ => input.pick(&TEXTS).into(),
        };
        out.set(name, value);
    }
    out.into()
}
