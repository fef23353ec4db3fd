//! The reader takes what a second reader takes and finds the same value; the only differences are
//! listed below. What it takes reads back equal from its compact and its indented text.
//!
//! Differences: a member name that stands twice, depth and number of values over the bounds are
//! refused here; a lone surrogate escape and a number beyond a double are taken here.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use zscaler_mcp::json::{Bounds, Fault, Json, read, write};

const BOUNDS: Bounds = Bounds { depth: 24, nodes: 300 };

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let found = read(data, BOUNDS);
    let text = core::str::from_utf8(data).ok();
    // Skipping a value looks at its grammar only: no depth, no range, no names.
    let grammar = text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    let second: Option<Second> = text.and_then(|text| serde_json::from_str(text).ok());
    match &found {
        Ok(value) => {
            assert!(grammar, "taken: {data:?}");
            if let Some(second) = &second {
                assert!(is_same(value, second), "{value:?} {second:?}");
                assert!(!second.repeats(), "a name twice: {value:?}");
            }
            again(value);
        }
        Err(error) => {
            assert!(error.at <= data.len(), "{error:?}");
            let message = error.to_string();
            assert!(message.is_ascii() && message.len() < 80, "{message}");
            if error.fault == Fault::Syntax {
                assert!(!grammar, "refused: {:?}", text);
            }
            if let Some(second) = &second {
                justified(error.fault, second);
            }
        }
    }
}

fn again(value: &Json) {
    for text in [write::to_text(value), write::pretty(value)] {
        assert_eq!(read(text.as_bytes(), BOUNDS).as_ref(), Ok(value), "{text:?}");
    }
}

/// A refusal of what is JSON has its reason in the value.
fn justified(fault: Fault, second: &Second) {
    match fault {
        Fault::Syntax => panic!("refused: {second:?}"),
        Fault::Depth => assert!(second.depth() > BOUNDS.depth, "{second:?}"),
        Fault::Nodes => assert!(second.nodes() > BOUNDS.nodes, "{second:?}"),
        Fault::Duplicate => assert!(second.repeats(), "{second:?}"),
    }
}

/// A value as the second reader finds it.
#[derive(Debug)]
enum Second {
    Null,
    Bool(bool),
    Whole(i128),
    Real(f64),
    Text(String),
    Items(Vec<Self>),
    Members(Vec<(String, Self)>),
}

impl Second {
    fn inside(&self) -> Vec<&Self> {
        match self {
            Self::Items(items) => items.iter().collect(),
            Self::Members(members) => members.iter().map(|(_, value)| value).collect(),
            Self::Null | Self::Bool(_) | Self::Whole(_) | Self::Real(_) | Self::Text(_) => {
                Vec::new()
            }
        }
    }

    fn depth(&self) -> u32 {
        let own = u32::from(matches!(self, Self::Items(_) | Self::Members(_)));
        own + self.inside().into_iter().map(Self::depth).max().unwrap_or(0)
    }

    fn nodes(&self) -> u64 {
        let names = if let Self::Members(members) = self { members.len() } else { 0 };
        let inside: u64 = self.inside().into_iter().map(Self::nodes).sum();
        1 + u64::try_from(names).unwrap() + inside
    }

    fn repeats(&self) -> bool {
        let own = match self {
            Self::Members(members) => {
                let names: BTreeSet<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                names.len() < members.len()
            }
            Self::Null
            | Self::Bool(_)
            | Self::Whole(_)
            | Self::Real(_)
            | Self::Text(_)
            | Self::Items(_) => false,
        };
        own || self.inside().into_iter().any(Self::repeats)
    }
}

fn is_same(value: &Json, second: &Second) -> bool {
    match (value, second) {
        (Json::Null, Second::Null) => true,
        (Json::Bool(one), Second::Bool(two)) => one == two,
        (Json::Number(one), Second::Whole(two)) => one.text().parse() == Ok(*two),
        (Json::Number(one), Second::Real(two)) => {
            one.as_f64().is_some_and(|one| is_near(one, *two))
        }
        (Json::String(one), Second::Text(two)) => one == two,
        (Json::Array(one), Second::Items(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| is_same(one, two))
        }
        (Json::Object(one), Second::Members(two)) => {
            let pair = |((one, a), (two, b)): ((&str, &Json), &(String, Second))| {
                one == two && is_same(a, b)
            };
            one.len() == two.len() && one.iter().zip(two).all(pair)
        }
        _ => false,
    }
}

/// The second reader may round the last digit of a double another way.
fn is_near(one: f64, two: f64) -> bool {
    (one - two).abs() <= one.abs() * 4.0 * f64::EPSILON
}

struct Finder;

impl<'de> Deserialize<'de> for Second {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Finder)
    }
}

impl<'de> Visitor<'de> for Finder {
    type Value = Second;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("any value")
    }
    fn visit_unit<E>(self) -> Result<Second, E> {
        Ok(Second::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Second, E> {
        Ok(Second::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Second, E> {
        Ok(Second::Whole(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Second, E> {
        Ok(Second::Whole(value.into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Second, E> {
        Ok(Second::Real(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Second, E> {
        Ok(Second::Text(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Second, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element()? {
            out.push(item);
        }
        Ok(Second::Items(out))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Second, A::Error> {
        let mut out = Vec::new();
        while let Some(member) = members.next_entry()? {
            out.push(member);
        }
        Ok(Second::Members(out))
    }
}
