//! Zone: post-admission. How the value of an argument is written into a request.
//!
//! One function for each form of the vocabulary. Values come from the caller, checked for their
//! type only; what does not fit its form is refused by the name of the argument.

use crate::json::{Json, Object, Taken, object, write};
use crate::tools::arguments::is_plain;
use crate::tools::failure::Failure;
use crate::tools::frame::Frame;
use crate::tools::names::camel;
use crate::tools::param::Form;

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const OPERATORS: [&str; 9] =
    ["EQ", "NE", "GT", "LT", "GE", "LE", "CONTAINS", "STARTSWITH", "ENDSWITH"];
const ENCODED_OPERATORS: [&str; 6] = ["EQ", "NE", "GT", "LT", "GE", "LE"];

/// Returns `value` of argument `name` in `form`.
///
/// # Errors
/// [`Failure::Argument`] when it does not fit.
pub(super) fn written(
    frame: &Frame<'_>,
    name: &str,
    form: Form,
    value: &Json,
) -> Result<Json, Failure> {
    Ok(match form {
        Form::Plain => value.clone(),
        Form::Expression => value.as_str().map_or_else(|| value.clone(), |t| expression(t).into()),
        Form::Trimmed => value.as_str().map_or_else(|| value.clone(), |t| t.trim().into()),
        Form::Upper => value.as_str().map_or_else(|| value.clone(), |t| t.to_uppercase().into()),
        Form::Text => text_of(value).into(),
        Form::State => if value.as_bool() == Some(true) { "ENABLED" } else { "DISABLED" }.into(),
        Form::Ids(digits) => ids(value, digits),
        Form::CamelNames => camel_names(name, value)?,
        Form::Contains => object([("contains", value.clone())]),
        Form::Equals => object([("equals", value.clone())]),
        Form::Country => country(name, value)?,
        Form::Mapped(rows) => mapped(name, rows, value)?,
        Form::HoursAgo => ago(frame, value, HOUR),
        Form::DaysAgo => ago(frame, value, DAY),
        Form::Made(maker) => (maker.make)(frame, value)?,
    })
}

/// Returns a value of a query or path as text: texts as they are, others as JSON writes them.
pub(super) fn text_of(value: &Json) -> String {
    value.as_str().map_or_else(|| write::to_text(value), str::to_owned)
}

/// Returns `text` as a search expression of private access: an expression stays as it is, other
/// text is looked for as the exact name. The plus signs are characters, not blanks.
pub(super) fn expression(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return text.to_owned();
    }
    let inside = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let wanted = inside.unwrap_or(trimmed);
    if is_expression(wanted) { wanted.to_owned() } else { format!("name+EQ+{wanted}") }
}

fn is_expression(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    OPERATORS.iter().any(|operator| upper.contains(&format!("+{operator}+")))
        || ENCODED_OPERATORS.iter().any(|operator| upper.contains(&format!("%2B{operator}%2B")))
}

fn ids(value: &Json, digits: bool) -> Json {
    let items = value.as_array().unwrap_or_else(|| core::slice::from_ref(value));
    let id = |item: &Json| if digits { numbered(item) } else { item.clone() };
    Json::Array(items.iter().map(|item| object([("id", id(item))])).collect())
}

/// Returns an id of digits as the number, any other as it is.
pub(super) fn numbered(id: &Json) -> Json {
    let text = id.as_str().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = text.and_then(|text| text.parse::<i64>().ok());
    number.map_or_else(|| id.clone(), Json::from)
}

/// Returns `value` of argument `name` with every member inside renamed to lower camel case.
///
/// # Errors
/// [`Failure::Argument`] when two members would become one: neither may get lost.
pub(super) fn camel_names(name: &str, value: &Json) -> Result<Json, Failure> {
    match value {
        Json::Array(items) => {
            let items = items.iter().map(|item| camel_names(name, item));
            items.collect::<Result<Vec<_>, _>>().map(Json::Array)
        }
        Json::Object(members) => {
            let (mut renamed, mut taken) = (Object::new(), Taken::default());
            for (own, item) in members.iter() {
                let wire = camel(own);
                if !taken.take(&wire) {
                    return Err(twice(name, own));
                }
                renamed.push(wire, camel_names(name, item)?);
            }
            Ok(renamed.into())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Ok(value.clone()),
    }
}

/// Says that argument `name` has `member` in two spellings.
pub(super) fn twice(name: &str, member: &str) -> Failure {
    let member = if is_plain(member) { member } else { "one member" };
    Failure::Argument(format!("{name} gives {member} twice, in two spellings; give it once"))
}

fn country(name: &str, value: &Json) -> Result<Json, Failure> {
    let code = value.as_str().unwrap_or_default().trim().to_uppercase();
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(code.into());
    }
    Err(Failure::Argument(format!("{name} must be a country code of two letters, such as FR")))
}

fn mapped(
    name: &str,
    rows: &'static [(&'static str, &'static str)],
    value: &Json,
) -> Result<Json, Failure> {
    let wanted = text_of(value).to_lowercase();
    let found = rows.iter().find(|(from, _)| *from == wanted);
    found.map(|(_, to)| Json::from(*to)).ok_or_else(|| {
        let known: Vec<&str> = rows.iter().map(|(from, _)| *from).collect();
        Failure::Argument(format!("{name} must be one of: {}", known.join(", ")))
    })
}

fn ago(frame: &Frame<'_>, value: &Json, unit: u64) -> Json {
    let count = value.as_i64().and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
    frame.now().saturating_sub(count.saturating_mul(unit)).into()
}

#[cfg(test)]
mod tests {
    use super::{camel_names, expression, ids};
    use crate::json::{Bounds, Json, read, write};

    fn value(text: &str) -> Json {
        read(text.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap()
    }

    #[test]
    fn plain_text_becomes_an_exact_name() {
        for (text, expected) in [
            ("Finance", "name+EQ+Finance"),
            (" \"R&D + more\" ", "name+EQ+R&D + more"),
            ("name+contains+led", "name+contains+led"),
            ("domainNames%2BEQ%2Ba.test", "domainNames%2BEQ%2Ba.test"),
            ("a%2BCONTAINS%2Bb", "name+EQ+a%2BCONTAINS%2Bb"),
            ("\"", "name+EQ+\""),
            ("  ", "  "),
        ] {
            assert_eq!(expression(text), expected, "{text}");
        }
    }

    #[test]
    fn lists_of_ids_and_names_of_members_are_rewritten() {
        let given = value(r#"["12","a1","",7]"#);
        assert_eq!(
            write::to_text(&ids(&given, true)),
            r#"[{"id":12},{"id":"a1"},{"id":""},{"id":7}]"#
        );
        assert_eq!(write::to_text(&ids(&value(r#"["12"]"#), false)), r#"[{"id":"12"}]"#);
        let given = value(r#"{"a_b":[{"start_ip_address":1}],"cD":{"e_F_g":2}}"#);
        let expected = r#"{"aB":[{"startIPAddress":1}],"cD":{"eFG":2}}"#;
        assert_eq!(write::to_text(&camel_names("x", &given).unwrap()), expected);
        for same in [r#"{"a_b":1,"aB":2}"#, r#"[{"c":{"a__b":1,"a_b":1}}]"#] {
            assert!(camel_names("x", &value(same)).is_err(), "{same}");
        }
    }
}
