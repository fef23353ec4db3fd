//! Zone: post-admission. From a row and checked arguments to the request.
//!
//! Trusts the row. Values reach the path only as encoded segments and the query only as values;
//! the backend encodes the query.

use crate::backend::{ApiMethod, ApiPath, ApiRequest, PathSegment, Upstream};
use crate::json::{Json, Number};
use crate::tools::arguments::Arguments;
use crate::tools::failure::Failure;
use crate::tools::row::{Form, Param, Place, Row};

const CUSTOMER: &str = "customerId";
const CUSTOMER_SETTING: &str = "ZSCALER_CUSTOMER_ID";
const OPERATORS: [&str; 9] =
    ["EQ", "NE", "GT", "LT", "GE", "LE", "CONTAINS", "STARTSWITH", "ENDSWITH"];
const ENCODED_OPERATORS: [&str; 6] = ["EQ", "NE", "GT", "LT", "GE", "LE"];

/// Returns the request of `row`.
///
/// # Errors
/// [`Failure::Argument`] for a value that cannot stand in a path, [`Upstream::NotConfigured`]
/// without a usable customer id where one is needed.
pub(super) fn build(
    row: &Row,
    arguments: &Arguments,
    customer: Option<&str>,
) -> Result<ApiRequest, Failure> {
    let mut holes = Vec::new();
    for (param, value) in arguments.iter().filter(|(param, _)| param.place == Place::Path) {
        let text = value.as_str().unwrap_or_default();
        let segment = PathSegment::new(text);
        let bad = |fault| Failure::Argument(format!("{} {fault}", param.name));
        holes.push((param.name, segment.map_err(bad)?));
    }
    if row.request.path.contains("{customerId}") {
        holes.push((CUSTOMER, customer_segment(customer)?));
    }
    let path = ApiPath::fill(row.request.path, &holes).map_err(|_unfilled| Failure::Bug)?;
    Ok(ApiRequest { method: row.request.method, path, query: query(arguments), body: None })
}

/// Returns a GET request for `template`, whose hole `hole` has this value.
///
/// # Errors
/// As [`build`].
pub(super) fn get(
    template: &'static str,
    hole: Option<(&'static str, &str)>,
    query: Vec<(String, String)>,
) -> Result<ApiRequest, Failure> {
    let mut holes = Vec::new();
    if let Some((name, value)) = hole {
        let bad = |fault| Failure::Argument(format!("{name} {fault}"));
        holes.push((name, PathSegment::new(value).map_err(bad)?));
    }
    let path = ApiPath::fill(template, &holes).map_err(|_unfilled| Failure::Bug)?;
    Ok(ApiRequest { method: ApiMethod::Get, path, query, body: None })
}

fn customer_segment(customer: Option<&str>) -> Result<PathSegment, Failure> {
    let segment = customer.and_then(|id| PathSegment::new(id).ok());
    segment.ok_or(Failure::Upstream(Upstream::NotConfigured(CUSTOMER_SETTING)))
}

fn query(arguments: &Arguments) -> Vec<(String, String)> {
    let mut query = Vec::new();
    for (param, value) in arguments.iter() {
        members(param, value, &mut query);
    }
    query
}

fn members(param: &Param, value: &Json, query: &mut Vec<(String, String)>) {
    let Place::Query { key, form, empty } = param.place else { return };
    if !empty && is_nothing(value) {
        return;
    }
    for item in value.as_array().unwrap_or_else(|| core::slice::from_ref(value)) {
        if let Some(text) = written(form, item) {
            query.push((key.to_owned(), text));
        }
    }
}

/// True for what the services are not told: empty text, an empty list, zero and false.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(value) => !value,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
    }
}

fn written(form: Form, value: &Json) -> Option<String> {
    let plain = value.as_number().map(Number::text).or_else(|| value.as_str());
    Some(match (form, plain, value.as_bool()) {
        (Form::Expression, Some(text), _) => expression(text),
        (_, Some(text), _) => text.to_owned(),
        (_, None, Some(value)) => value.to_string(),
        (_, None, None) => return None,
    })
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
    let upper = wanted.to_uppercase();
    let plain = OPERATORS.iter().any(|operator| upper.contains(&format!("+{operator}+")));
    let encoded =
        ENCODED_OPERATORS.iter().any(|operator| upper.contains(&format!("%2B{operator}%2B")));
    if plain || encoded { wanted.to_owned() } else { format!("name+EQ+{wanted}") }
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn plain_text_becomes_an_exact_name() {
        for (text, expected) in [
            ("Ledger", "name+EQ+Ledger"),
            (" \"R&D apps\" ", "name+EQ+R&D apps"),
            ("name+CONTAINS+led", "name+CONTAINS+led"),
            ("name+contains+led", "name+contains+led"),
            ("\"domainNames+EQ+a.test\"", "domainNames+EQ+a.test"),
            ("name%2beq%2bLedger", "name%2beq%2bLedger"),
            ("name%2BCONTAINS%2Bx", "name+EQ+name%2BCONTAINS%2Bx"),
            ("a+b", "name+EQ+a+b"),
            ("\"", "name+EQ+\""),
            ("  ", "  "),
        ] {
            assert_eq!(expression(text), expected, "{text}");
        }
    }
}
