//! Zone: post-admission. From a row to what `tools/list` says about the tool.
//!
//! JSON Schema 2020-12, closed objects; annotations follow from the verb alone.

use crate::json::{Json, Object, object};
use crate::mcp::registry::{Hints, ToolCard};
use crate::tools::param::{Kind, Param, Preset};
use crate::tools::plan::{Member, Value};
use crate::tools::row::{Row, Verb};

/// Returns the card of `row`.
pub(super) fn card(row: &Row) -> ToolCard {
    ToolCard {
        name: row.name.to_owned(),
        title: Some(row.title.to_owned()),
        description: row.doc.to_owned(),
        input: input(row),
        output: output(row),
        hints: Some(hints(row.verb)),
    }
}

const fn hints(verb: Verb) -> Hints {
    let changes = matches!(verb, Verb::Update | Verb::Delete);
    Hints {
        read_only: matches!(verb, Verb::Read),
        destructive: changes,
        idempotent: changes,
        open_world: true,
    }
}

fn input(row: &Row) -> Json {
    let mut schema = Object::new();
    schema.set("type", "object".into());
    if row.inputs().next().is_some() {
        let members = row.inputs().map(|param| (param.name.to_owned(), property(param)));
        schema.set("properties", Json::Object(members.collect()));
    }
    let required: Vec<Json> =
        row.inputs().filter(|param| param.required).map(|param| param.name.into()).collect();
    if !required.is_empty() {
        schema.set("required", required.into());
    }
    schema.set("additionalProperties", false.into());
    schema.into()
}

fn property(param: &Param) -> Json {
    let mut schema = Object::new();
    let kind = match param.kind {
        Kind::Id | Kind::Text => "string",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Texts | Kind::Integers | Kind::TextLists | Kind::Objects => "array",
        Kind::Object => "object",
        Kind::Any => "",
    };
    if !kind.is_empty() {
        schema.set("type", kind.into());
    }
    if let Some(items) = items(param.kind) {
        schema.set("items", items);
    }
    if param.filled {
        let bound = if kind == "array" { "minItems" } else { "minLength" };
        schema.set(bound, 1_i64.into());
    }
    if !param.choices.is_empty() {
        schema.set(
            "enum",
            param.choices.iter().map(|text| Json::from(*text)).collect::<Vec<_>>().into(),
        );
    }
    if let Some(min) = param.min {
        schema.set("minimum", min.into());
    }
    if let Some(max) = param.max {
        schema.set("maximum", max.into());
    }
    match param.preset {
        Some(Preset::Bool(value)) => schema.set("default", value.into()),
        Some(Preset::Integer(value)) => schema.set("default", value.into()),
        Some(Preset::Text(text)) => schema.set("default", text.into()),
        None => {}
    }
    schema.set("description", param.doc.into());
    schema.into()
}

fn items(kind: Kind) -> Option<Json> {
    let of = |kind: &str| object([("type", kind.into())]);
    match kind {
        Kind::Texts => Some(of("string")),
        Kind::Integers => Some(of("integer")),
        Kind::Objects => Some(of("object")),
        Kind::TextLists => Some(object([("type", "array".into()), ("items", of("string"))])),
        Kind::Id
        | Kind::Text
        | Kind::Integer
        | Kind::Number
        | Kind::Boolean
        | Kind::Object
        | Kind::Any => None,
    }
}

/// Returns the schema of the result where its form is ours; records are the service's.
fn output(row: &Row) -> Option<Json> {
    if row.wrap.is_empty() {
        return None;
    }
    let mut members = Object::new();
    for member in row.wrap {
        members.set(member.key, Json::Object(member_schema(&member.value)));
    }
    // The preview of a change has other members.
    let fixed = |member: &&Member| row.verb == Verb::Read && is_always_there(member);
    let required = row.wrap.iter().filter(fixed);
    let required: Vec<Json> = required.map(|member| member.key.into()).collect();
    Some(object([
        ("type", "object".into()),
        ("properties", members.into()),
        ("required", required.into()),
    ]))
}

fn member_schema(value: &Value) -> Object {
    let kind = match value {
        Value::Text(_) | Value::Argument(_, _) => "string",
        Value::Bool(_) => "boolean",
        Value::Integer(_) | Value::Now => "integer",
        Value::Texts(_) => "array",
        Value::Nothing
        | Value::Null
        | Value::Customer
        | Value::CellCustomer
        | Value::Answer(_, _)
        | Value::First(_)
        | Value::Found(_)
        | Value::Made(_)
        | Value::Result => return Object::new(),
    };
    let mut schema = Object::new();
    schema.set("type", kind.into());
    schema
}

const fn is_always_there(member: &Member) -> bool {
    member.when.is_empty()
        && matches!(
            member.value,
            Value::Text(_) | Value::Bool(_) | Value::Integer(_) | Value::Texts(_) | Value::Result
        )
}
