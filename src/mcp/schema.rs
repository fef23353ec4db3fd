//! Zone: post-admission. Answers to a form against the flat schema that was asked (ASK-1).
//!
//! Knows exactly the schemas a form may have. A keyword it does not know is not checked; the
//! tool that asked still decides.

use crate::json::{Json, Object};

/// True when `content` answers the form `schema`.
pub(super) fn answers(schema: &Json, content: &Object) -> bool {
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    let complete = required.iter().filter_map(Json::as_str).all(|name| content.get(name).is_some());
    let properties = schema.get("properties").and_then(Json::as_object);
    complete
        && content.iter().all(|(name, value)| {
            properties.and_then(|all| all.get(name)).is_none_or(|property| fits(property, value))
        })
}

fn fits(property: &Json, value: &Json) -> bool {
    let kind = property.get("type").and_then(Json::as_str);
    let of_kind = match (kind, value) {
        (Some("string"), Json::String(text)) => fits_text(property, text),
        (Some("integer"), Json::Number(number)) => {
            let whole = number.as_f64().is_some_and(|value| value.fract() == 0.0);
            whole && in_range(property, value)
        }
        (Some("number"), Json::Number(_)) => in_range(property, value),
        (Some("boolean"), Json::Bool(_)) => true,
        (Some("array"), Json::Array(items)) => fits_items(property, items),
        (Some(_), _) => false,
        (None, _) => true,
    };
    of_kind && is_choice(property, value)
}

fn fits_text(property: &Json, text: &str) -> bool {
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    between(property, "minLength", "maxLength", length)
}

fn fits_items(property: &Json, items: &[Json]) -> bool {
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let inner = property.get("items");
    between(property, "minItems", "maxItems", count)
        && items
            .iter()
            .all(|item| item.as_str().is_some() && inner.is_none_or(|inner| is_choice(inner, item)))
}

fn between(property: &Json, least: &str, most: &str, count: i64) -> bool {
    let bound = |name| property.get(name).and_then(Json::as_i64);
    bound(least).is_none_or(|least| count >= least) && bound(most).is_none_or(|most| count <= most)
}

fn in_range(property: &Json, value: &Json) -> bool {
    let double = |value: &Json| value.as_number().and_then(crate::json::Number::as_f64);
    let Some(value) = double(value) else { return false };
    let bound = |name| property.get(name).and_then(double);
    bound("minimum").is_none_or(|least| value >= least)
        && bound("maximum").is_none_or(|most| value <= most)
}

/// True when `value` is among the choices of `property`, or there are none.
fn is_choice(property: &Json, value: &Json) -> bool {
    if let Some(choices) = property.get("enum").and_then(Json::as_array) {
        return choices.contains(value);
    }
    let titled = property.get("oneOf").or_else(|| property.get("anyOf")).and_then(Json::as_array);
    titled.is_none_or(|choices| choices.iter().any(|choice| choice.get("const") == Some(value)))
}

#[cfg(test)]
mod tests {
    use super::answers;
    use crate::mcp::envelope::parse;

    #[test]
    fn a_form_takes_what_was_asked_and_nothing_else() {
        let schema = parse(
            br#"{"type":"object","required":["choice"],"properties":{
                "choice":{"type":"string","enum":["delete","cancel"]},
                "titled":{"type":"string","oneOf":[{"const":"a","title":"A"}]},
                "many":{"type":"array","maxItems":2,
                    "items":{"anyOf":[{"const":"x"},{"const":"y"}]}},
                "age":{"type":"integer","minimum":1,"maximum":9},
                "score":{"type":"number"},
                "name":{"type":"string","minLength":2},
                "ok":{"type":"boolean"}}}"#,
        )
        .unwrap();
        for (content, good) in [
            (r#"{"choice":"delete"}"#, true),
            (r#"{"choice":"Delete"}"#, false),
            ("{}", false),
            (r#"{"choice":"cancel","titled":"a","many":["x","y"],"age":9,"score":95.5}"#, true),
            (r#"{"choice":"cancel","titled":"A"}"#, false),
            (r#"{"choice":"cancel","many":["x","y","x"]}"#, false),
            (r#"{"choice":"cancel","many":["z"]}"#, false),
            (r#"{"choice":"cancel","age":10}"#, false),
            (r#"{"choice":"cancel","age":1.5}"#, false),
            (r#"{"choice":"cancel","age":"1"}"#, false),
            (r#"{"choice":"cancel","name":"x"}"#, false),
            (r#"{"choice":"cancel","ok":"true"}"#, false),
            (r#"{"choice":"cancel","unknown":{}}"#, true),
        ] {
            let content = parse(content.as_bytes()).unwrap();
            let members = content.as_object().unwrap();
            assert_eq!(answers(&schema, members), good, "{content:?}");
        }
    }
}
