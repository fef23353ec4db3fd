//! Whatever a record is called and an agent asks for, the question keeps its lines, its quotes and
//! its bounds, is clean, has one form, and is told from every question of another text.

use std::sync::OnceLock;

use zscaler_mcp::consent::question::Matter;
use zscaler_mcp::consent::{Consent, Question};
use zscaler_mcp::json::{Bounds, Json, Object, read, write};

use super::confirm_token::{DEEDS, NOW, consent};
use super::input::Input;
use super::kit::asked::holds;
use super::kit::trees::{text, value};

const FORM: &str = concat!(
    r#"{"type":"object","properties":{"choice":{"type":"string","title":"Your choice","#,
    r#""enum":["delete","cancel"]}},"required":["choice"]}"#
);

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let (mode, has_name) = (input.below(8), input.flag());
    let (name, arguments) = if mode & 1 == 0 { written(&mut input) } else { made(&mut input) };
    let own = Json::from(name.as_str());
    // The id is among the arguments, or beside them, or there is none.
    let id = match mode / 2 {
        0 => None,
        1 => Some(("other_id", &own)),
        _ => arguments.get("id").map(|id| ("id", id)),
    };
    let name = has_name.then_some(name.as_str());
    let (tool, word, kind) = ("t_delete", "delete", "thing");
    let matter = Matter { tool, word, kind, id, name, arguments: &arguments };
    let question = asked(&matter);
    let other = asked(&Matter { name: Some("other"), ..matter });
    static CONSENT: OnceLock<Consent> = OnceLock::new();
    let consent = CONSENT.get_or_init(consent);
    DEEDS[0].run(|act| {
        let state = consent.seal(act, &question, NOW).expect("random bytes");
        let opened = consent.open(act, &state, NOW).expect("what was sealed");
        assert!(opened.was(&question));
        assert_eq!(opened.was(&other), question.text() == other.text(), "{question:?}");
    });
}

fn asked(matter: &Matter<'_>) -> Question {
    let question = Question::new(matter).expect("texts");
    let message = question.text().as_str();
    holds(matter, message);
    let params = write::to_text(question.params().as_json());
    let message = write::quoted(message);
    assert_eq!(params, format!("{{\"message\":{message},\"requestedSchema\":{FORM}}}"));
    question
}

/// A name, and arguments as text; what is no object is the value of one argument.
fn written(input: &mut Input<'_>) -> (String, Object) {
    let len = input.below(256);
    let name = String::from_utf8_lossy(input.take(len)).into_owned();
    let rest = input.rest();
    let value = read(rest, Bounds { depth: 24, nodes: 300 });
    let value = value.unwrap_or_else(|_| String::from_utf8_lossy(rest).into_owned().into());
    let arguments = value.as_object().cloned().unwrap_or_else(|| {
        let mut arguments = Object::new();
        arguments.set("id", value.clone());
        arguments
    });
    (name, arguments)
}

/// A name and arguments of pieces that are dangerous next to each other.
fn made(input: &mut Input<'_>) -> (String, Object) {
    let name = text(input);
    let mut arguments = Object::new();
    for own in ["note", "id", "urls", "a b", "<b>"].iter().take(input.below(6)) {
        let made = if input.flag() {
            let times = input.pick(&[1, 1, 1, 40, 120]);
            Json::from(text(input).repeat(times))
        } else {
            value(input, 3)
        };
        arguments.set(own, made);
    }
    (name, arguments)
}
