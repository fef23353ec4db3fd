//! Zone: post-admission. What a person is asked, and what the answer means.
//!
//! Every text that is not ours is cleaned, put on one line, cut and quoted before it stands in a
//! question, whatever the operator set for results. The answer allows only by the exact word.

use crate::consent::canonical::{canonical, hash};
use crate::consent::claims::{self, Short};
use crate::json::{Json, Object, object, write};
use crate::limits::{ASKED_ITEMS_MAX, ASKED_TEXT_CHARS_MAX};
use crate::sanitize::{CleanJson, CleanText, Scrubber, TooDeep};

/// The key of the question, and of its answer.
pub const KEY: &str = "confirm";
/// The other choice.
pub const CANCEL: &str = "cancel";

/// Words in the names of arguments and members whose values are shown to nobody. Names of keys and
/// tokens that are no secrets are common, so these are fewer than a log line hides.
const SECRETS: [&str; 6] =
    ["presharedkey", "privatekey", "password", "passphrase", "clientsecret", "certblob"];
/// Whole names of the same kind: a longer one tells which key it is.
const SECRET_NAMES: [&str; 1] = ["provisioningkey"];

/// What stands in place of a secret.
pub const HIDDEN: &str = "(a secret)";

/// True for the name of an argument or member whose value is a secret.
#[must_use]
pub fn is_hidden(name: &str) -> bool {
    let name: String = name.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    SECRETS.iter().any(|word| name.contains(word)) || SECRET_NAMES.contains(&name.as_str())
}

/// What is to be confirmed, as the tool says it.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// Name of the tool.
    pub tool: &'static str,
    /// The word that allows it, such as `delete`.
    pub word: &'static str,
    /// What kind of record it is about.
    pub kind: &'static str,
    /// The argument that identifies the record, and its value; absent when there is only one.
    pub id: Option<(&'static str, &'a Json)>,
    /// The name of the record as the service has it now.
    pub name: Option<&'a str>,
    /// Every argument.
    pub arguments: &'a Object,
}

/// A question to a person.
#[derive(Debug, Clone)]
pub struct Question {
    text: CleanText,
    params: CleanJson,
    digest: Short,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The person allows it.
    Allows,
    /// The person does not.
    Declines,
    /// The person made no choice.
    Cancels,
    /// It is none of these.
    Unclear,
}

impl Question {
    /// Returns the question about `matter`.
    ///
    /// # Errors
    /// [`TooDeep`], never for texts.
    pub fn new(matter: &Matter<'_>) -> Result<Self, TooDeep> {
        let text = text(matter);
        let choice = object([
            ("type", "string".into()),
            ("title", "Your choice".into()),
            ("enum", vec![matter.word.into(), CANCEL.into()].into()),
        ]);
        let form = object([
            ("type", "object".into()),
            ("properties", object([("choice", choice)])),
            ("required", vec!["choice".into()].into()),
        ]);
        let mut params = Object::new();
        params.set("message", text.as_str().into());
        params.set("requestedSchema", form);
        let digest = claims::short(&hash(&canonical(&params)));
        let params = Scrubber::new(true).object(params)?;
        Ok(Self { text, params, digest })
    }

    /// Returns the message.
    #[must_use]
    pub const fn text(&self) -> &CleanText {
        &self.text
    }

    /// Returns the parameters of `elicitation/create`.
    #[must_use]
    pub const fn params(&self) -> &CleanJson {
        &self.params
    }

    /// Returns what tells this question from any other.
    pub(super) const fn digest(&self) -> Short {
        self.digest
    }
}

impl Reply {
    /// Returns what `answer`, the result of an elicitation, means for a question whose word is
    /// `word`.
    #[must_use]
    pub fn of(answer: &Json, word: &str) -> Self {
        match answer.get("action").and_then(Json::as_str) {
            Some("decline") => Self::Declines,
            Some("cancel") => Self::Cancels,
            Some("accept") => {
                let choice = answer.get("content").and_then(|content| content.get("choice"));
                match choice.and_then(Json::as_str) {
                    Some(choice) if choice == word => Self::Allows,
                    Some(CANCEL) => Self::Cancels,
                    Some(_) | None => Self::Unclear,
                }
            }
            Some(_) | None => Self::Unclear,
        }
    }
}

fn text(matter: &Matter<'_>) -> CleanText {
    let Matter { tool, word, kind, id, name, arguments } = *matter;
    let mut lines = vec![line(|_| format!("Confirm: {word} {kind}"))];
    if let Some((key, value)) = id {
        lines.push(line(|sign| format!("  {key}: {}", shown(value, sign))));
        lines.push(line(|sign| match name {
            Some(name) => format!("  name there now: {}", text_shown(name, sign)),
            None => "  name there now: could not be read".to_owned(),
        }));
    }
    let others = arguments.iter().filter(|(name, _)| id.is_none_or(|(key, _)| key != *name));
    for (name, value) in others {
        lines.push(line(|sign| {
            let hides = is_hidden(name) && !matches!(value, Json::Bool(_));
            let value = if hides { HIDDEN.to_owned() } else { shown(value, sign) };
            format!("  {}: {value}", plain(name))
        }));
    }
    lines.push(line(|_| format!("Asked for by the agent through the tool {tool}.")));
    CleanText::join(&lines.iter().collect::<Vec<_>>(), "\n")
}

/// How a character of a text that is not ours stands in a question.
type Sign = fn(char) -> char;

/// Returns the line that `write` makes. Clean texts can be syntax together: a fence in one would
/// take out the next. Then no sign of theirs stays, so that no word is lost.
fn line(write: impl Fn(Sign) -> String) -> CleanText {
    let scrubber = Scrubber::new(true);
    let line = write(core::convert::identity);
    let clean = scrubber.text(&line);
    if clean.as_str() == line { clean } else { scrubber.text(&write(inert)) }
}

const fn is_quote(c: char) -> bool {
    matches!(c,
        '"' | '\u{2ba}' | '\u{2dd}' | '\u{2ee}' | '\u{2f6}' | '\u{5f4}' | '\u{201c}'..='\u{201f}'
        | '\u{2033}' | '\u{2036}' | '\u{275d}' | '\u{275e}' | '\u{301d}'..='\u{301f}' | '\u{ff02}')
}

fn inert(c: char) -> char {
    let syntax = matches!(c, '<' | '>' | '&' | '[' | ']' | '`' | '~');
    if c.is_alphanumeric() || (c.is_ascii() && !syntax) { c } else { '?' }
}

/// Returns a value as one line: a list as its length and its first items.
fn shown(value: &Json, sign: Sign) -> String {
    match value {
        Json::Array(items) => {
            let first = items.iter().take(ASKED_ITEMS_MAX).map(|item| shown_item(item, sign));
            let first = first.collect::<Vec<_>>().join(", ");
            let more = if items.len() > ASKED_ITEMS_MAX { ", ..." } else { "" };
            let word = if items.len() == 1 { "item" } else { "items" };
            format!("{} {word}: {first}{more}", items.len())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            shown_item(value, sign)
        }
    }
}

fn shown_item(value: &Json, sign: Sign) -> String {
    match value {
        Json::String(text) => text_shown(text, sign),
        Json::Null | Json::Bool(_) => write::to_text(value),
        Json::Number(number) if number.text().len() <= ASKED_TEXT_CHARS_MAX => {
            number.text().to_owned()
        }
        Json::Number(number) => framed(number.text(), sign),
        // Cleaned text by text: what begins in one of them does not end in another.
        Json::Array(_) | Json::Object(_) => match Scrubber::new(true).value(value.clone()) {
            Ok(clean) => framed(&write::to_text(clean.as_json()), sign),
            Err(TooDeep) => framed(&write::to_text(value), inert),
        },
    }
}

fn text_shown(text: &str, sign: Sign) -> String {
    framed(Scrubber::new(true).text(text).as_str(), sign)
}

/// Returns `text` on one line, within the bound, between quotes that it cannot close.
fn framed(text: &str, sign: Sign) -> String {
    let flat = |c: char| if c.is_whitespace() || c.is_control() { ' ' } else { c };
    let flat: String = text.chars().map(flat).collect();
    let words = flat.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let count = words.chars().count();
    let kept = words.chars().take(ASKED_TEXT_CHARS_MAX);
    let kept: String = kept.map(|c| if is_quote(c) { '\'' } else { sign(c) }).collect();
    if count > ASKED_TEXT_CHARS_MAX {
        return format!("\"{kept}...\" (cut, {count} characters)");
    }
    format!("\"{kept}\"")
}

/// Names of arguments are ours, but for those inside of free objects, which stand in values.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}
