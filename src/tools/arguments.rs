//! Zone: post-admission. Checking of arguments: what fits goes on, what does not is explained.
//!
//! Takes the slips that models make (digits for an id, numbers and lists inside text) and names
//! every fault of a call at once, with what to do next. Never repeats a value back.

use crate::backend::{BadSegment, PathSegment};
use crate::json::{self, Bounds, Json, Number, Object};
use crate::limits::JSON_NODES_MAX;
use crate::tools::change;
use crate::tools::nearest::nearest;
use crate::tools::param::{Kind, Param, Preset};
use crate::tools::row::Row;

const INNER_DEPTH_MAX: u32 = 16;
const UNKNOWN_NAMED_MAX: usize = 8;

/// The arguments of a call, each of the type of its parameter.
#[derive(Debug, Clone)]
pub(super) struct Arguments(Vec<(&'static Param, Json)>);

/// What is wrong with the value of one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Missing,
    Null,
    Kind,
    Empty,
    Range,
    Choice,
    Segment(BadSegment),
}

/// Returns the arguments of a call to `row`.
///
/// # Errors
/// A text for the model that names every fault.
pub(super) fn check(row: &'static Row, given: &Object) -> Result<Arguments, String> {
    let mut faults = unknown(row, given);
    let mut values = Vec::new();
    for param in row.inputs() {
        match argument(param, given.get(param.name)) {
            Ok(Some(value)) => values.push((param, value)),
            Ok(None) => {}
            Err(fault) => faults.push(sentence(row, param, fault)),
        }
    }
    if faults.is_empty() { Ok(Arguments(values)) } else { Err(report(row, &faults)) }
}

impl Arguments {
    /// Returns the value of argument `name`, or its preset.
    pub(super) fn value(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(param, _)| param.name == name).map(|(_, value)| value)
    }

    /// Gives argument `param` this value, whatever it had.
    pub(super) fn put(&mut self, param: &'static Param, value: Json) {
        self.0.retain(|(own, _)| own.name != param.name);
        self.0.push((param, value));
    }

    /// Returns every argument that says what the call does, by name: all but the token that
    /// allows it and the wish for a preview.
    pub(super) fn bound(&self) -> Object {
        let named = self.0.iter().filter(|(param, _)| !change::is_beside(param.name));
        named.map(|(param, value)| (param.name.to_owned(), value.clone())).collect()
    }

    /// Returns the text of argument `name` when it is given and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Json::as_str).filter(|text| !text.is_empty())
    }
}

fn unknown(row: &'static Row, given: &Object) -> Vec<String> {
    let names = || row.inputs().map(|param| param.name);
    let strangers = given.iter().map(|(name, _)| name).filter(|name| row.param(name).is_none());
    strangers
        .take(UNKNOWN_NAMED_MAX)
        .map(|name| {
            let shown = if is_plain(name) { name } else { "with an unusual name" };
            match nearest(name, names()) {
                Some(known) => format!("unknown argument {shown}; did you mean {known}?"),
                None => format!("unknown argument {shown}"),
            }
        })
        .collect()
}

/// True for a name that can be shown without changing what the text around it means.
pub(super) fn is_plain(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn report(row: &Row, faults: &[String]) -> String {
    let mut text = String::from("the call was not made, its arguments need a change.");
    for fault in faults {
        text.push_str("\n- ");
        text.push_str(fault);
    }
    text.push_str("\nKnown arguments: ");
    if row.inputs().next().is_none() {
        text.push_str("none");
    }
    for (index, param) in row.inputs().enumerate() {
        text.push_str(if index > 0 { ", " } else { "" });
        text.push_str(param.name);
        text.push_str(if param.required { " (required)" } else { "" });
    }
    text.push('.');
    text
}

fn sentence(row: &Row, param: &Param, fault: Fault) -> String {
    let name = param.name;
    let names_record = param.is_path() || (param.kind == Kind::Id && param.required);
    let source = if names_record && !row.see.is_empty() {
        format!("; {} returns the values that exist", row.see)
    } else {
        String::new()
    };
    match fault {
        Fault::Missing => format!("{name} is required and must be {}{source}", wanted(param)),
        Fault::Null => format!("{name} must not be null but {}{source}", wanted(param)),
        Fault::Kind => format!("{name} must be {}", wanted(param)),
        Fault::Empty => format!("{name} must not be empty{source}"),
        Fault::Range => format!("{name} is out of range: it must be {}", wanted(param)),
        Fault::Choice => format!("{name} must be one of: {}", param.choices.join(", ")),
        Fault::Segment(bad) => format!("{name} {bad}{source}"),
    }
}

fn wanted(param: &Param) -> String {
    if !param.choices.is_empty() {
        return format!("one of: {}", param.choices.join(", "));
    }
    let bounds = match (param.min, param.max) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" of at least {min}"),
        (None, Some(max)) => format!(" of at most {max}"),
        (None, None) => String::new(),
    };
    let kind = match param.kind {
        Kind::Id => "an id as text",
        Kind::Text => "text (in quotes)",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
        Kind::Texts => "a list of texts, such as [\"one\", \"two\"]",
        Kind::Integers => "a list of whole numbers, such as [1, 2]",
        Kind::TextLists => "a list of lists of texts, such as [[\"one\", \"two\"]]",
        Kind::Object => "an object, such as {\"member\": \"value\"}",
        Kind::Objects => "a list of objects, such as [{\"member\": \"value\"}]",
        Kind::Any => "a value",
    };
    format!("{kind}{bounds}")
}

fn argument(param: &'static Param, given: Option<&Json>) -> Result<Option<Json>, Fault> {
    let value = match given {
        None if param.required => return Err(Fault::Missing),
        Some(Json::Null) if param.required => return Err(Fault::Null),
        None | Some(Json::Null) => return Ok(param.preset.map(preset)),
        Some(value) => convert(param.kind, value).ok_or(Fault::Kind)?,
    };
    constrain(param, &value)?;
    Ok(Some(value))
}

fn preset(preset: Preset) -> Json {
    match preset {
        Preset::Bool(value) => value.into(),
        Preset::Integer(value) => value.into(),
        Preset::Text(text) => text.into(),
    }
}

fn constrain(param: &Param, value: &Json) -> Result<(), Fault> {
    let text = value.as_str();
    let is_empty = text.is_some_and(|text| text.trim().is_empty())
        || value.as_array().is_some_and(<[Json]>::is_empty);
    if param.filled && is_empty {
        return Err(Fault::Empty);
    }
    if let Some(text) = text.filter(|_| !param.choices.is_empty())
        && !param.choices.contains(&text)
    {
        return Err(Fault::Choice);
    }
    if let Some(number) = value.as_i64()
        && (param.min.is_some_and(|min| number < min) || param.max.is_some_and(|max| number > max))
    {
        return Err(Fault::Range);
    }
    match text.filter(|text| param.is_path() && !text.is_empty()) {
        Some(text) => PathSegment::new(text).map(|_fits| ()).map_err(Fault::Segment),
        None => Ok(()),
    }
}

fn convert(kind: Kind, value: &Json) -> Option<Json> {
    match kind {
        Kind::Id => id(value),
        Kind::Text => value.as_str().map(Json::from),
        Kind::Integer => integer(&number(value)?).map(Json::from),
        Kind::Number => number(value).map(Json::Number),
        Kind::Boolean => boolean(value).map(Json::Bool),
        Kind::Texts => list(value, id),
        Kind::Integers => list(value, |item| integer(&number(item)?).map(Json::from)),
        Kind::TextLists => list(value, |item| list(item, id)),
        Kind::Object => inside(value).filter(|object| object.as_object().is_some()),
        Kind::Objects => list(value, |item| item.as_object().map(|_| item.clone())),
        Kind::Any => inside(value),
    }
}

fn id(value: &Json) -> Option<Json> {
    match value.as_number() {
        Some(number) => number.is_integer().then(|| number.text().into()),
        None => value.as_str().map(Json::from),
    }
}

fn number(value: &Json) -> Option<Number> {
    match value.as_str() {
        Some(text) => parsed(text)?.as_number().cloned(),
        None => value.as_number().cloned(),
    }
}

fn integer(number: &Number) -> Option<i64> {
    let whole = |value: f64| value.fract() == 0.0 && value.abs() < 1e15;
    number.as_i64().or_else(|| {
        let value = number.as_f64().filter(|value| whole(*value))?;
        format!("{value:.0}").parse().ok()
    })
}

fn boolean(value: &Json) -> Option<bool> {
    if let Some(value) = value.as_bool() {
        return Some(value);
    }
    let number = value.as_number().map(Number::text);
    let text = number.or_else(|| value.as_str())?.to_ascii_lowercase();
    match text.as_str() {
        "true" | "1" | "yes" | "on" | "t" | "y" => Some(true),
        "false" | "0" | "no" | "off" | "f" | "n" => Some(false),
        _ => None,
    }
}

/// Returns a list whose items `one` accepts; it may stand as JSON inside a text.
fn list(value: &Json, one: impl Fn(&Json) -> Option<Json>) -> Option<Json> {
    let value = inside(value)?;
    value.as_array()?.iter().map(one).collect::<Option<Vec<_>>>().map(Json::from)
}

/// Returns the list or object that stands as JSON inside a text, else the value itself.
fn inside(value: &Json) -> Option<Json> {
    let holds = |inner: &Json| inner.as_array().is_some() || inner.as_object().is_some();
    Some(value.as_str().and_then(parsed).filter(holds).unwrap_or_else(|| value.clone()))
}

fn parsed(text: &str) -> Option<Json> {
    let bounds = Bounds { depth: INNER_DEPTH_MAX, nodes: JSON_NODES_MAX };
    json::read(text.trim().as_bytes(), bounds).ok()
}

#[cfg(test)]
mod tests {
    use super::{Fault, argument, check};
    use crate::json::{Bounds, Json, read, write};
    use crate::tools::param::{Kind, Param, Preset};
    use crate::tools::row::{Row, list};

    const ID: Param = Param::path("id");
    const SIZE: Param = Param::query("page_size", Kind::Integer, "pagesize").min(1).max(500);
    const FLAG: Param = Param::query("all", Kind::Boolean, "all").preset(Preset::Bool(false));
    const WORD: Param = Param::local("word", Kind::Text).choices(&["ONE", "TWO"]);
    const URLS: Param = Param::local("urls", Kind::Texts).filled();
    const PLACE: Param = Param::local("latitude", Kind::Number);
    const ROW: Row = list("zia_list_x", "zia_x", "/x/{id}").params(&[ID, SIZE]).see("zia_list_y");

    fn value(text: &str) -> Json {
        read(text.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap()
    }

    #[test]
    fn values_are_converted_or_refused() {
        for (param, given, expected) in [
            (&ID, "\"41001\"", Ok("\"41001\"")),
            (&ID, "41001", Ok("\"41001\"")),
            (&ID, "216196257331210001", Ok("\"216196257331210001\"")),
            (&ID, "4.5", Err(Fault::Kind)),
            (&ID, "\" \"", Err(Fault::Empty)),
            (&ID, "null", Err(Fault::Null)),
            (&SIZE, "20", Ok("20")),
            (&SIZE, "\" 20 \"", Ok("20")),
            (&SIZE, "20.0", Ok("20")),
            (&SIZE, "2e1", Ok("20")),
            (&SIZE, "20.5", Err(Fault::Kind)),
            (&SIZE, "\"many\"", Err(Fault::Kind)),
            (&SIZE, "true", Err(Fault::Kind)),
            (&SIZE, "0", Err(Fault::Range)),
            (&SIZE, "500", Ok("500")),
            (&SIZE, "501", Err(Fault::Range)),
            (&FLAG, "\"Yes\"", Ok("true")),
            (&FLAG, "0", Ok("false")),
            (&FLAG, "null", Ok("false")),
            (&FLAG, "\"maybe\"", Err(Fault::Kind)),
            (&WORD, "\"TWO\"", Ok("\"TWO\"")),
            (&WORD, "\"two\"", Err(Fault::Choice)),
            (&WORD, "2", Err(Fault::Kind)),
            (&URLS, "[\"a\"]", Ok("[\"a\"]")),
            (&URLS, "\"[\\\"a\\\"]\"", Ok("[\"a\"]")),
            (&URLS, "\"a\"", Err(Fault::Kind)),
            (&URLS, "[1]", Ok("[\"1\"]")),
            (&URLS, "[1.5]", Err(Fault::Kind)),
            (&URLS, "[]", Err(Fault::Empty)),
            (&PLACE, "\"4.50\"", Ok("4.50")),
            (&PLACE, "4", Ok("4")),
            (&PLACE, "\"4,5\"", Err(Fault::Kind)),
        ] {
            let got = argument(param, Some(&value(given))).map(|value| value.unwrap());
            assert_eq!(got.map(|value| write::to_text(&value)), expected.map(str::to_owned));
        }
        assert_eq!(argument(&SIZE, Some(&Json::Null)), Ok(None));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        static X: Row = ROW;
        let given = value(r#"{"page_sise":5,"<b>":1,"page_size":900}"#);
        let text = check(&X, given.as_object().unwrap()).unwrap_err();
        assert_eq!(
            text,
            "the call was not made, its arguments need a change.\n\
             - unknown argument page_sise; did you mean page_size?\n\
             - unknown argument with an unusual name\n\
             - id is required and must be an id as text; zia_list_y returns the values that exist\n\
             - page_size is out of range: it must be a whole number from 1 to 500\n\
             Known arguments: id (required), page_size, query."
        );
    }
}
