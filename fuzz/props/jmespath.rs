//! A query ends within its budget, gives the same again, is not changed by parentheses or by a pipe
//! to itself, and says what is wrong with a place and words of its own.

use zscaler_mcp::json::{Bounds, Json, read, write};
use zscaler_mcp::limits::{QUERY_MADE_BYTES_MAX, RESULT_DEPTH_MAX};
use zscaler_mcp::query::{QueryError, QueryFault, compile};
use zscaler_mcp::sanitize::Scrubber;

/// A value of many kinds for expressions that come without one.
const VALUE: &[u8] = br#"{"a":[{"name":"x","id":1,"on":true,"tags":["p","q"]},{"name":"y","id":2},
    {"name":null,"id":2.5,"tags":[]},{"id":12345678901234567890,"b":{"c":{"d":[1,[2,[3]]]}}}],
    "s":"<b>text</b>","n":-3.5e1,"b":{"foo":"bar","e":{}},"l":["b","a","c"],"m":[3,1,2],"z":null}"#;

/// Panics when the property does not hold for `data`: the expression, then perhaps a line end and
/// a value.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (expression, value) = text.split_once('\n').unwrap_or((&text, ""));
    let bounds = Bounds { depth: RESULT_DEPTH_MAX, nodes: 10_000 };
    let value = read(value.as_bytes(), bounds).ok();
    let value = value.unwrap_or_else(|| read(VALUE, bounds).unwrap());
    let found = search(expression, &value);
    match &found {
        Err(error) if is_bound(error.fault) => return refused(expression, error),
        Err(error) => refused(expression, error),
        Ok(result) => {
            let bytes = u64::try_from(write::to_text(result).len()).unwrap();
            // Control characters are six bytes in JSON text and one in memory.
            assert!(bytes <= 8 * QUERY_MADE_BYTES_MAX, "{expression:?}");
            let owned = depth(result) <= RESULT_DEPTH_MAX;
            assert!(owned, "{expression:?}");
        }
    }
    assert_eq!(search(expression, &value), found, "{expression:?}");
    same_meaning(expression, &value, &found);
}

fn search(expression: &str, value: &Json) -> Result<Json, QueryError> {
    compile(expression)?.search(value, &Scrubber::new(true))
}

fn refused(expression: &str, error: &QueryError) {
    assert!(error.at <= expression.len(), "{error:?} {expression:?}");
    assert!(expression.is_char_boundary(error.at), "{error:?} {expression:?}");
    let told = error.to_string();
    let good = |c: char| c == ' ' || c.is_ascii_graphic();
    assert!(told.starts_with("at byte ") && told.chars().all(good), "{told:?}");
}

/// Other spellings of the same query; a bound may be reached one step earlier.
fn same_meaning(expression: &str, value: &Json, found: &Result<Json, QueryError>) {
    for other in
        [format!("({expression})"), format!("{expression} | @"), format!("@ | {expression}")]
    {
        match (search(&other, value), found) {
            (Ok(again), Ok(found)) => assert_eq!(&again, found, "{other:?}"),
            (Err(error), Ok(_)) => assert!(is_bound(error.fault), "{other:?}: {error:?}"),
            (Ok(_), Err(error)) => {
                // What is left open in the expression may be closed by what was added.
                let syntax = compile(expression).is_err();
                assert!(syntax && search_is_other(expression, &other), "{other:?}: {error:?}");
            }
            (Err(_), Err(_)) => {}
        }
    }
}

const fn is_bound(fault: QueryFault) -> bool {
    matches!(
        fault,
        QueryFault::Length
            | QueryFault::Depth
            | QueryFault::Steps
            | QueryFault::Bytes
            | QueryFault::ResultDepth
    )
}

/// True when the broken expression ends or begins in the middle of something, so that the other
/// spelling is another query: `a) || (b` or an open quote.
fn search_is_other(expression: &str, other: &str) -> bool {
    let signs = ['(', ')', '\'', '"', '`', '|', '\\'];
    other.len() > expression.len() && expression.contains(signs)
}

fn depth(value: &Json) -> u32 {
    match value {
        Json::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.iter().map(|(_, v)| depth(v)).max().unwrap_or(0),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 0,
    }
}
