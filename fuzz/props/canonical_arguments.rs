//! Two objects have one canonical form exactly when they are equal up to the order of members; the
//! form is JSON that two readers take, reads back equal, and its digest is the SHA-256 of its bytes.

use zscaler_mcp::consent::canonical::{canonical, digest};
use zscaler_mcp::json::{Bounds, Json, Object, read};

use super::confirm_token::sha256;
use super::input::Input;
use super::kit::trees::{WIDE, value};

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let (one, other) = match input.below(3) {
        0 => {
            let rest = input.rest();
            let at = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let (one, other) = rest.split_at(at);
            (object(one), object(other))
        }
        1 => (tree(&mut input), tree(&mut input)),
        _ => {
            let one = tree(&mut input);
            let other = nearly(&one.clone().into(), &mut input);
            (one, other.as_object().cloned().unwrap_or_default())
        }
    };
    for object in [&one, &other] {
        well_formed(object);
    }
    let same = is_same(&one.clone().into(), &other.clone().into());
    assert_eq!(canonical(&one) == canonical(&other), same, "{one:?} {other:?}");
    assert_eq!(digest(&one) == digest(&other), same, "{one:?} {other:?}");
}

fn object(text: &[u8]) -> Object {
    let value = read(text, Bounds { depth: 24, nodes: 300 }).unwrap_or_default();
    value.as_object().cloned().unwrap_or_default()
}

fn tree(input: &mut Input<'_>) -> Object {
    let mut object = Object::new();
    for name in ["b", "a", "a.b", "\u{e9}", "ab"].iter().take(input.below(6)) {
        object.set(name, value(input, 3));
    }
    object
}

/// Returns `value` with members moved, and perhaps with one difference.
fn nearly(value: &Json, input: &mut Input<'_>) -> Json {
    match value {
        Json::Object(members) => {
            let mut members: Vec<(&str, &Json)> = members.iter().collect();
            let by = input.below(members.len() + 1);
            members.rotate_left(by);
            if input.below(16) == 1 {
                members.pop();
            }
            let members = members.into_iter();
            members
                .map(|(name, item)| (name.to_owned(), nearly(item, input)))
                .collect::<Object>()
                .into()
        }
        Json::Array(items) => {
            let mut items: Vec<Json> = items.iter().map(|item| nearly(item, input)).collect();
            if input.below(16) == 1 {
                items.reverse();
            }
            items.into()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
            if input.below(16) == 1 {
                Json::Null
            } else {
                value.clone()
            }
        }
    }
}

fn well_formed(object: &Object) {
    let form = canonical(object);
    assert_eq!(digest(object), sha256(&form));
    let back = read(&form, WIDE).expect("JSON");
    assert!(is_same(&back, &object.clone().into()), "{object:?}");
    assert!(is_sorted(&back), "{back:?}");
    let back = back.as_object().expect("an object");
    assert_eq!(canonical(back), form, "{object:?}");
    let text = core::str::from_utf8(&form).expect("UTF-8");
    // The second reader has no numbers of this size.
    let known =
        text.contains("e999") || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    assert!(known && !text.contains(|c: char| c.is_ascii_control()), "{text:?}");
}

fn is_sorted(value: &Json) -> bool {
    match value {
        Json::Object(members) => {
            let names: Vec<&[u8]> = members.iter().map(|(name, _)| name.as_bytes()).collect();
            names.windows(2).all(|pair| pair[0] < pair[1])
                && members.iter().all(|(_, item)| is_sorted(item))
        }
        Json::Array(items) => items.iter().all(is_sorted),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
    }
}

/// Compares by looking each member up.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            let found = |(name, item)| other.get(name).is_some_and(|own| is_same(item, own));
            one.len() == other.len() && one.iter().all(found)
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Json::Number(one), Json::Number(other)) => one.text() == other.text(),
        (Json::String(one), Json::String(other)) => one.as_bytes() == other.as_bytes(),
        (Json::Bool(one), Json::Bool(other)) => one == other,
        (one, other) => one.is_null() && other.is_null(),
    }
}
