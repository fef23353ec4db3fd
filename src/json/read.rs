//! Zone: post-admission. Values from text, and the events of a value that is there already.
//!
//! The tree is one more sink of the scanner, which holds grammar and bounds.

use super::scan::{Bounds, Event, ReadError, Sink, scan};
use super::value::{Json, Number, Object};

/// Returns the value that is the whole of `text`.
///
/// # Errors
/// As [`scan()`].
pub fn read(text: &[u8], bounds: Bounds) -> Result<Json, ReadError> {
    let mut tree = Tree::default();
    scan(text, bounds, &mut tree)?;
    Ok(tree.into_value())
}

/// Tells `sink` everything in `value`.
pub fn feed<S: Sink>(value: &Json, sink: &mut S) {
    match value {
        Json::Null => sink.take(Event::Null),
        Json::Bool(value) => sink.take(Event::Bool(*value)),
        Json::Number(number) => sink.take(Event::Number(number.numeral())),
        Json::String(text) => sink.take(Event::String(text)),
        Json::Array(items) => {
            sink.take(Event::Array);
            for item in items {
                feed(item, sink);
            }
            sink.take(Event::ArrayEnd);
        }
        Json::Object(members) => {
            sink.take(Event::Object);
            for (name, item) in members.iter() {
                sink.take(Event::Name(name));
                feed(item, sink);
            }
            sink.take(Event::ObjectEnd);
        }
    }
}

/// Makes a value of the events that tell it; null while there are none.
#[derive(Debug, Default)]
pub struct Tree {
    open: Vec<Branch>,
    value: Json,
}

#[derive(Debug)]
enum Branch {
    Array(Vec<Json>),
    /// With the name of the member under way.
    Object(Object, String),
}

impl Sink for Tree {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Object => self.open.push(Branch::Object(Object::new(), String::new())),
            Event::Array => self.open.push(Branch::Array(Vec::new())),
            Event::ObjectEnd | Event::ArrayEnd => match self.open.pop() {
                Some(Branch::Array(items)) => self.add(Json::Array(items)),
                Some(Branch::Object(members, _)) => self.add(Json::Object(members)),
                None => {}
            },
            Event::Name(text) => {
                if let Some(Branch::Object(_, name)) = self.open.last_mut() {
                    text.clone_into(name);
                }
            }
            Event::String(text) => self.add(Json::String(text.to_owned())),
            Event::Number(number) => self.add(Json::Number(Number::from(number))),
            Event::Bool(value) => self.add(Json::Bool(value)),
            Event::Null => self.add(Json::Null),
        }
    }
}

impl Tree {
    /// Returns the value.
    #[must_use]
    pub fn into_value(self) -> Json {
        self.value
    }

    fn add(&mut self, value: Json) {
        match self.open.last_mut() {
            Some(Branch::Array(items)) => items.push(value),
            Some(Branch::Object(members, name)) => members.push(core::mem::take(name), value),
            None => self.value = value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Json, feed, read};
    use crate::json::Fault;

    const BOUNDS: Bounds = Bounds { depth: 4, nodes: 20 };

    fn fault(text: &str) -> Option<Fault> {
        read(text.as_bytes(), BOUNDS).err().map(|error| error.fault)
    }

    #[test]
    fn the_grammar_is_strict() {
        for good in
            ["0", "-0.0e+1", "\"\"", "[]", "{}", " [1 , 2] ", "{\"a\":{\"b\":null}}", "true"]
        {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "nul",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":1,}",
            "[1 2]",
            "\"\t\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\\u+123\"",
            "\"",
            "1 1",
            "NaN",
            "'a'",
            "\u{feff}1",
            "[",
            "-",
        ] {
            assert_eq!(fault(bad), Some(Fault::Syntax), "{bad}");
        }
        assert!(read(b"\"\xff\"", BOUNDS).is_err());
    }

    #[test]
    fn the_bounds_hold() {
        assert_eq!(fault("[[[[]]]]"), None);
        assert_eq!(fault("[[[[[]]]]]"), Some(Fault::Depth));
        assert_eq!(fault("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"), Some(Fault::Nodes));
        assert_eq!(fault("{\"a\":1,\"\\u0061\":2}"), Some(Fault::Duplicate));
    }

    #[test]
    fn numbers_and_order_are_kept() {
        let value = read(b"{\"z\":12345678901234567890.10,\"a\":1}", BOUNDS).unwrap();
        let names: Vec<&str> = value.as_object().unwrap().iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["z", "a"]);
        assert_eq!(value.get("z").unwrap().as_number().unwrap().text(), "12345678901234567890.10");
    }

    #[test]
    fn escapes_are_decoded_and_lone_surrogates_replaced() {
        let text = r#""\ud83d\ude00\ud800x\udc00\ud800\u0041\/\n""#;
        assert_eq!(
            read(text.as_bytes(), BOUNDS).unwrap(),
            Json::from("\u{1f600}\u{fffd}x\u{fffd}\u{fffd}A/\n")
        );
    }

    #[test]
    fn a_value_tells_what_its_text_tells() {
        let text = r#"{"a":[1,{"b":null}],"c":"d","e":[],"f":{},"g":true}"#;
        let value = read(text.as_bytes(), Bounds { depth: 4, nodes: 99 }).unwrap();
        let mut tree = super::Tree::default();
        feed(&value, &mut tree);
        assert_eq!(tree.into_value(), value);
    }
}
