//! Zone: post-admission. Header fields that repeat parts of a message: their coding (7.3) and the
//! `x-mcp-header` annotations of tool schemas (7.4).
//!
//! An intermediary may have routed on the field, so a field and a body that disagree are refused.

use crate::base::bytes::{is_token, trim_ows};
use crate::base::encode::base64_decode;
use crate::guard::{FieldValue, McpFields};
use crate::json::{Json, Object};

/// The largest whole number every JSON reader agrees on.
const SAFE_INTEGER_MAX: i64 = 9_007_199_254_740_991;

/// One annotated property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mirror {
    /// Part of the field name behind `Mcp-Param-`, in lower case.
    field: String,
    /// Names from the root of the arguments to the property.
    path: Vec<String>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Boolean,
}

/// The field and the message disagree, or the field cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mismatch;

/// Returns what a header value stands for (MH-13, MH-14).
pub(super) fn decode(value: &[u8]) -> Option<String> {
    let value = trim_ows(value);
    if !value.iter().all(|byte| matches!(byte, b'\t' | 0x20..=0x7e)) {
        return None;
    }
    let coded = value.strip_prefix(b"=?base64?").and_then(|rest| rest.strip_suffix(b"?="));
    let bytes = match coded {
        Some(coded) => base64_decode(coded)?,
        None => value.to_vec(),
    };
    String::from_utf8(bytes).ok()
}

/// Checks a field that has to be there and equal to `wanted`.
///
/// # Errors
/// [`Mismatch`] when it is absent, repeated, unreadable or different.
pub(super) fn same(field: &FieldValue, wanted: &str) -> Result<(), Mismatch> {
    let value = field.one().and_then(decode).ok_or(Mismatch)?;
    if value == wanted { Ok(()) } else { Err(Mismatch) }
}

/// Returns the annotated properties of a tool; none when one of the annotations is bad, because
/// conforming clients then do not see the tool at all (MH-16).
pub(super) fn mirrors(schema: &Json) -> Vec<Mirror> {
    let mut found = Vec::new();
    let sound = collect(schema, &mut Vec::new(), &mut found).is_some();
    if sound && unique(&found) { found } else { Vec::new() }
}

fn unique(mirrors: &[Mirror]) -> bool {
    let mut fields: Vec<&str> = mirrors.iter().map(|mirror| mirror.field.as_str()).collect();
    fields.sort_unstable();
    fields.windows(2).all(|pair| !matches!(pair, [a, b] if a == b))
}

fn collect(schema: &Json, path: &mut Vec<String>, found: &mut Vec<Mirror>) -> Option<()> {
    let Some(Json::Object(properties)) = schema.get("properties") else { return Some(()) };
    for (name, property) in properties.iter() {
        path.push(name.to_owned());
        if let Some(annotation) = property.get("x-mcp-header") {
            found.push(mirror(annotation, property, path)?);
        }
        collect(property, path, found)?;
        path.pop();
    }
    Some(())
}

fn mirror(annotation: &Json, property: &Json, path: &[String]) -> Option<Mirror> {
    let name = annotation.as_str()?;
    let kind = match property.get("type")?.as_str()? {
        "string" => Kind::Text,
        "integer" => Kind::Integer,
        "boolean" => Kind::Boolean,
        _ => return None,
    };
    let token = !name.is_empty() && name.bytes().all(is_token);
    token.then(|| Mirror { field: name.to_ascii_lowercase(), path: path.to_vec(), kind })
}

/// Checks the fields against the arguments (MH-17). Fields that no annotation names are ignored.
///
/// # Errors
/// [`Mismatch`] for the first property whose field is wrong.
pub(super) fn check(
    mirrors: &[Mirror],
    fields: &McpFields,
    arguments: &Object,
) -> Result<(), Mismatch> {
    for mirror in mirrors {
        let mut sent = fields.params.iter().filter(|(name, _)| *name == mirror.field);
        let argument = find(arguments, &mirror.path).filter(|value| !value.is_null());
        match (argument, sent.next(), sent.next()) {
            (None, None, _) => {}
            (Some(argument), Some((_, value)), None) => {
                let text = decode(value).ok_or(Mismatch)?;
                if !equal(mirror.kind, argument, &text) {
                    return Err(Mismatch);
                }
            }
            _ => return Err(Mismatch),
        }
    }
    Ok(())
}

fn find<'a>(arguments: &'a Object, path: &[String]) -> Option<&'a Json> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(arguments.get(first)?, |value, name| value.get(name))
}

fn equal(kind: Kind, argument: &Json, text: &str) -> bool {
    match (kind, argument) {
        (Kind::Text, Json::String(value)) => value == text,
        (Kind::Boolean, Json::Bool(value)) => text == if *value { "true" } else { "false" },
        (Kind::Integer, Json::Number(number)) => {
            whole(number.text()).is_some_and(|value| whole(text) == Some(value))
        }
        _ => false,
    }
}

/// Returns the whole number `text` writes, with or without a fraction of zeros.
fn whole(text: &str) -> Option<i64> {
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    let value: i64 = digits.strip_prefix('+').is_none().then(|| digits.parse().ok())??;
    (value.abs() <= SAFE_INTEGER_MAX).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{Mismatch, check, decode, mirrors};
    use crate::guard::McpFields;
    use crate::json::{Json, Object};
    use crate::mcp::envelope::parse;

    #[test]
    fn header_values_are_decoded_strictly() {
        for (value, expected) in [
            ("eu-1", Some("eu-1")),
            (" eu 1\t", Some("eu 1")),
            ("=?base64?WsO8cmljaA==?=", Some("Z\u{fc}rich")),
            ("=?base64?IHgg?=", Some(" x ")),
            ("=?base64?PT9iYXNlNjQ/ZUE9PT89?=", Some("=?base64?eA==?=")),
            ("=?base64?eA==", Some("=?base64?eA==")),
            ("=?BASE64?eA==?=", Some("=?BASE64?eA==?=")),
            ("=?base64??=", Some("")),
            ("=?base64?eA?=", None),
            ("=?base64?eA=?=", None),
            ("=?base64?e-==?=", None),
            ("=?base64?eB==?=", None),
            ("=?base64?/w==?=", None),
            ("Z\u{fc}rich", None),
        ] {
            assert_eq!(decode(value.as_bytes()).as_deref(), expected, "{value}");
        }
    }

    fn object(text: &str) -> Object {
        let Ok(Json::Object(members)) = parse(text.as_bytes()) else { panic!("{text}") };
        members
    }

    #[test]
    fn annotated_arguments_and_fields_have_to_agree() {
        let schema = parse(
            br#"{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
                "n":{"type":"integer","x-mcp-header":"N"},
                "in":{"type":"object","properties":{"b":{"type":"boolean","x-mcp-header":"B"}}}}}"#,
        )
        .unwrap();
        let mirrors = mirrors(&schema);
        assert_eq!(mirrors.len(), 3);
        for (arguments, sent, good) in [
            ("{}", vec![], true),
            ("{\"other\":1}", vec![("free", "x")], true),
            ("{\"region\":\"eu\"}", vec![("region", "eu")], true),
            ("{\"region\":\"eu\"}", vec![("region", "=?base64?ZXU=?=")], true),
            ("{\"region\":\"eu\"}", vec![("region", "EU")], false),
            ("{\"region\":\"eu\"}", vec![], false),
            ("{\"region\":\"eu\"}", vec![("region", "eu"), ("region", "eu")], false),
            ("{\"region\":null}", vec![], true),
            ("{\"region\":null}", vec![("region", "null")], false),
            ("{}", vec![("region", "eu")], false),
            ("{\"region\":5}", vec![("region", "5")], false),
            ("{\"n\":42}", vec![("n", "42.0")], true),
            ("{\"n\":42.0}", vec![("n", "42")], true),
            ("{\"n\":42}", vec![("n", "+42")], false),
            ("{\"n\":42}", vec![("n", "42.")], false),
            ("{\"n\":9007199254740992}", vec![("n", "9007199254740992")], false),
            ("{\"n\":9007199254740991}", vec![("n", "9007199254740991")], true),
            ("{\"in\":{\"b\":true}}", vec![("b", "true")], true),
            ("{\"in\":{\"b\":true}}", vec![("b", "True")], false),
        ] {
            let mut fields = McpFields::default();
            for (name, value) in sent {
                fields.params.push((name.to_owned(), value.as_bytes().into()));
            }
            let expected = if good { Ok(()) } else { Err(Mismatch) };
            assert_eq!(check(&mirrors, &fields, &object(arguments)), expected, "{arguments}");
        }
    }

    #[test]
    fn a_bad_annotation_voids_all_of_its_tool() {
        for schema in [
            r#"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
            r#"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
            r#"{"properties":{"a":{"type":"string","x-mcp-header":"a b"}}}"#,
            r#"{"properties":{"a":{"type":"string","x-mcp-header":5}}}"#,
            r#"{"properties":{"a":{"type":"string","x-mcp-header":"A"},
                              "b":{"type":"string","x-mcp-header":"a"}}}"#,
        ] {
            assert_eq!(mirrors(&parse(schema.as_bytes()).unwrap()), [], "{schema}");
        }
    }
}
