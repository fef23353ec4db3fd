//! Zone: post-admission. From a row to what `tools/list` says about the tool.
//!
//! JSON Schema 2020-12, closed objects; annotations follow from the verb alone.

use crate::json::{Json, Object, object};
use crate::mcp::registry::{Hints, ToolCard};
use crate::tools::row::{Kind, Param, Preset, Row, Verb};

/// Returns the card of `row`.
pub(super) fn card(row: &Row) -> ToolCard {
    ToolCard {
        name: row.name.to_owned(),
        title: Some(row.title.to_owned()),
        description: row.doc.to_owned(),
        input: input(row),
        output: None,
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
        Kind::Texts => "array",
    };
    schema.set("type", kind.into());
    if param.kind == Kind::Texts {
        schema.set("items", object([("type", "string".into())]));
    }
    if param.filled {
        let bound = if param.kind == Kind::Texts { "minItems" } else { "minLength" };
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
        None => {}
    }
    schema.set("description", param.doc.into());
    schema.into()
}
