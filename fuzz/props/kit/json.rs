//! What another parser of JSON can say about a text.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// True when `text` is JSON in which an object has two members of one name.
pub fn repeats_a_name(text: &[u8]) -> bool {
    serde_json::from_slice::<Names>(text).is_ok_and(|names| names.repeat)
}

/// A value of which only the repetition of names is kept.
struct Names {
    repeat: bool,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Names;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Names, E> {
        Ok(Names { repeat: false })
    }
    fn visit_i64<E>(self, _: i64) -> Result<Names, E> {
        Ok(Names { repeat: false })
    }
    fn visit_u64<E>(self, _: u64) -> Result<Names, E> {
        Ok(Names { repeat: false })
    }
    fn visit_f64<E>(self, _: f64) -> Result<Names, E> {
        Ok(Names { repeat: false })
    }
    fn visit_str<E>(self, _: &str) -> Result<Names, E> {
        Ok(Names { repeat: false })
    }
    fn visit_unit<E>(self) -> Result<Names, E> {
        Ok(Names { repeat: false })
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Names, A::Error> {
        let mut repeat = false;
        while let Some(item) = items.next_element::<Names>()? {
            repeat |= item.repeat;
        }
        Ok(Names { repeat })
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Names, A::Error> {
        let (mut seen, mut repeat) = (BTreeSet::new(), false);
        while let Some((name, value)) = members.next_entry::<String, Names>()? {
            repeat |= value.repeat || !seen.insert(name);
        }
        Ok(Names { repeat })
    }
}
