//! Whatever a caller types into a prompt, the text around the values is the one of harmless values,
//! each value is one JSON string of common signs on one line, and a refusal repeats none of it.

use zscaler_mcp::json::{Bounds, Json, Object, read};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::prompts::{self, Argument, Prompt, Takes};

use super::input::Input;
use super::kit::clean::scrub;
use super::kit::trees::text;

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let rows: Vec<&Prompt> = prompts::rows().collect();
    let prompt = input.pick(&rows);
    let everything = input.flag();
    let served = |tool: &str| everything || prompt.needs.contains(&tool);
    let (mut hostile, mut harmless) = (Object::new(), Object::new());
    let mut typed = Vec::new();
    for argument in prompt.arguments {
        let value = value(argument, &mut input);
        let is_text = argument.takes == Takes::Text;
        let blank = value.trim().is_empty();
        if is_text && !blank {
            typed.push(value.trim().to_owned());
        }
        let plain = if is_text && !blank { "Q" } else { value.as_str() };
        harmless.set(argument.name, plain.into());
        hostile.set(argument.name, value.as_str().into());
    }
    let scrubber = Scrubber::new(true);
    match prompt.fill(&hostile, &served, &scrubber) {
        Err(fault) => assert!(fault.is_ascii() && !fault.contains(['\n', '"', '<']), "{fault}"),
        Ok(found) => {
            let plain = prompt.fill(&harmless, &served, &scrubber).expect("harmless values");
            holds(found.as_str(), plain.as_str(), &typed);
        }
    }
}

/// Returns a value: one that fits, or any text.
fn value(argument: &Argument, input: &mut Input<'_>) -> String {
    match input.below(4) {
        0 if !argument.required => String::new(),
        0 | 1 => match argument.takes {
            Takes::Text => "files.example.org/a?b=c".to_owned(),
            Takes::Digits | Takes::Whole(..) => input.below(400).to_string(),
            Takes::OneOf(words) => input.pick(words).to_owned(),
        },
        2 => (0..1 + input.below(4)).map(|_| text(input)).collect(),
        _ => {
            let len = input.below(256);
            String::from_utf8_lossy(input.take(len)).into_owned()
        }
    }
}

fn holds(found: &str, plain: &str, typed: &[String]) {
    assert_eq!(scrub(found), found, "cleaning changes it");
    let (outside, inside) = parted(found);
    assert_eq!(outside, parted(plain).0, "{found}");
    let typed: Vec<String> = typed.iter().map(|value| scrub(value)).collect();
    for literal in inside {
        let fits = |c: char| c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric();
        assert!(literal.chars().all(fits) && !literal.contains(['`', '<', '>']), "{literal}");
        let value = read(literal.as_bytes(), Bounds { depth: 1, nodes: 1 }).expect("JSON");
        let Json::String(value) = value else { panic!("{literal}") };
        // What was left out has a value of the prompt itself.
        assert!(value == "443" || typed.contains(&value), "{literal} is not of {typed:?}");
    }
}

/// Returns what is outside of quotations, and the quotations with their quotes.
fn parted(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut outside, mut inside) = (vec![String::new()], Vec::<String>::new());
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if !quoted && c == '"' {
            inside.push(String::new());
        }
        let place = if quoted || c == '"' { inside.last_mut() } else { outside.last_mut() };
        place.expect("one is open").push(c);
        match (quoted, escaped, c) {
            (false, _, '"') => quoted = true,
            (true, false, '"') => {
                quoted = false;
                outside.push(String::new());
            }
            _ => {}
        }
        escaped = quoted && !escaped && c == '\\';
    }
    assert!(!quoted, "a quotation does not end: {text}");
    (outside, inside)
}
