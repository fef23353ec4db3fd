//! Arguments to try: valid for their types, with the texts that conditions speak of.

use serde_json::{Map, Value, json};

use crate::expect::each;
use crate::{expect_zpa, expect_zpa_infra, expect_ztw};

/// A small generator (xorshift), so that every run tries the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(seed: &str) -> Self {
        let start = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(start | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// Returns arguments for the tool of `fact`.
pub(crate) fn arguments(fact: &Value, maps: &Value, dice: &mut Dice) -> Map<String, Value> {
    let whole = fact.to_string();
    let mut given = Map::new();
    for param in each(&fact["params"]) {
        let name = param["name"].as_str().unwrap();
        let required = param["required"] == true;
        let own = [expect_zpa::sample, expect_zpa_infra::sample, expect_ztw::sample];
        if let Some(value) = own.iter().find_map(|sample| sample(fact, name, dice)) {
            given.insert(name.to_owned(), value);
            continue;
        }
        if !required && dice.below(10) < 3 {
            continue;
        }
        if !required && dice.below(12) == 0 {
            given.insert(name.to_owned(), Value::Null);
            continue;
        }
        let mut texts = spoken_of(fact, name, maps);
        // Some of the time the value that the conditions and tables know of.
        if texts.is_empty() || dice.below(4) == 0 {
            texts =
                [" \"R&D + caf\u{e9}\" ", "name+CONTAINS+led", "a@b.test", "fr", "x/y?z#", "7", ""]
                    .map(str::to_owned)
                    .to_vec();
        }
        let in_path =
            whole.contains(&format!("{{{name}}}")) || whole.contains(&format!("{{{name}:"));
        if in_path || param["empty_refused"] == true {
            texts.retain(|text| !text.trim().is_empty());
        }
        if let Some(choices) = choices(param) {
            texts = choices;
        }
        let known = crate::expect_zia::objects(fact);
        let sample = if param["type"] == "object" && !known.is_empty() {
            dice.pick(&known)
        } else {
            value(param, &texts, dice)
        };
        given.insert(name.to_owned(), sample);
    }
    given
}

fn value(param: &Value, texts: &[String], dice: &mut Dice) -> Value {
    let filled = param["empty_refused"] == true;
    let least = usize::from(filled);
    let bounds = (param["min"].as_i64().unwrap_or(0), param["max"].as_i64().unwrap_or(2_000));
    let list = |dice: &mut Dice, of: &mut dyn FnMut(&mut Dice) -> Value| -> Value {
        let count = least + dice.below(3);
        (0..count).map(|_| of(dice)).collect()
    };
    let object = |dice: &mut Dice| {
        dice.pick(&[
            json!({}),
            json!({"display_name": "x", "inner_list": [{"is_on": true}]}),
            json!({"apps_config": [{"name": "a"}], "vpnCredentials": [{"id": 1}]}),
        ])
    };
    match param["type"].as_str().unwrap() {
        "string" => dice.pick(texts).into(),
        "integer" => {
            dice.pick(&[bounds.0, bounds.1, bounds.0 + 1, 3.clamp(bounds.0, bounds.1)]).into()
        }
        "number" => dice.pick(&[json!(45.76), json!(0), json!(-7.5)]),
        "boolean" => (dice.below(2) == 0).into(),
        "array<string>" => list(dice, &mut |dice| dice.pick(&["12", "a.test", "b/x?y"]).into()),
        "array<integer>" => list(dice, &mut |dice| dice.below(9).into()),
        "array<object>" => list(dice, &mut |dice| object(dice)),
        "object" => object(dice),
        "array<array<string>>" => dice.pick(&[
            json!([["src", "tcp", "80"], ["dest", "udp", "53", "54"]]),
            json!([["dest", "tcp", "443", "443"], ["src", "udp", "0"], ["dest", "tcp", "22"]]),
        ]),
        "any" => dice.pick(&[json!([]), json!({"a_b": 1})]),
        other => panic!("{other}"),
    }
}

fn choices(param: &Value) -> Option<Vec<String>> {
    let texts = |value: &Value| each(value).map(|v| v.as_str().unwrap().to_owned()).collect();
    match (param.get("enum"), param["pattern"].as_str()) {
        (Some(list), _) => Some(texts(list)),
        (None, Some(pattern)) => {
            let inner = pattern.trim_start_matches("^(").trim_end_matches(")$");
            Some(inner.split('|').map(str::to_owned).collect())
        }
        (None, None) => None,
    }
}

/// The texts that conditions and tables of `fact` name for argument `name`.
fn spoken_of(fact: &Value, name: &str, maps: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    look(fact, name, maps, &mut texts);
    texts
}

fn look(value: &Value, name: &str, maps: &Value, texts: &mut Vec<String>) {
    if value["param"] == name
        && let Some(map) = value["as"].as_str().and_then(|form| maps[form].as_object())
    {
        texts.extend(map.keys().cloned());
    }
    if let (Some(_), Some(wanted)) = (value[0].as_str(), value[1].as_str().filter(|n| *n == name)) {
        let _ = wanted;
        match &value[2] {
            Value::String(text) => match maps[text].as_object() {
                Some(map) => texts.extend(map.keys().cloned()),
                None => texts.push(text.clone()),
            },
            Value::Array(items) => {
                texts.extend(items.iter().filter_map(|item| item.as_str().map(str::to_owned)));
            }
            _ => {}
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| look(item, name, maps, texts)),
        Value::Object(members) => members.values().for_each(|item| look(item, name, maps, texts)),
        _ => {}
    }
    if let Some(path) = value["path"].as_str()
        && let Some((_, rest)) = path.split_once(&format!("{{{name}:"))
    {
        let map = rest.split_once('}').unwrap().0;
        texts.extend(maps[map].as_object().unwrap().keys().cloned());
    }
}
