//! Zone: post-admission. One call of a fixture: its inputs, its ways to answer and to ask.
//!
//! Asking never waits: the call ends with its questions and runs again with the answers. What
//! the client said is checked here; nothing of it reaches a result without the sanitizer.

use zscaler_mcp::json::{Bounds, Json, Object, object, read, write};
use zscaler_mcp::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX};
use zscaler_mcp::mcp::registry::{
    CallResult, Content, Context, Outcome, Question, ResourceText, Weight,
};
use zscaler_mcp::sanitize::{CleanText, Scrubber};

use crate::seal::Seal;

/// A fixture tool: what is listed and what runs.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) weight: Weight,
    pub(crate) description: &'static str,
    /// JSON text of the input schema.
    pub(crate) schema: &'static str,
    pub(crate) run: fn(&Call<'_>) -> Outcome<CallResult>,
}

/// The schema of a tool without arguments.
pub(crate) const NO_ARGUMENTS: &str = r#"{"type":"object","additionalProperties":false}"#;

/// One question before the sanitizer saw it: key, method, parameters.
pub(crate) struct Draft {
    key: &'static str,
    method: &'static str,
    params: Json,
}

/// What the client said to an elicitation.
pub(crate) enum Heard<'a> {
    /// Nothing, or nothing that fits the question.
    Nothing,
    /// `decline` or `cancel`.
    No(&'a str),
    /// `accept`, with the form.
    Yes(&'a Object),
}

/// State that did not come from here.
pub(crate) struct Forged;

/// A call under way.
pub(crate) struct Call<'a> {
    pub(crate) name: &'a str,
    pub(crate) arguments: &'a Object,
    pub(crate) context: &'a dyn Context,
    pub(crate) scrubber: &'a Scrubber,
    pub(crate) seal: &'a Seal,
}

/// Returns the value of JSON `text` written in this program.
pub(crate) fn json(text: &'static str) -> Json {
    let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: JSON_NODES_MAX };
    read(text.as_bytes(), bounds).unwrap_or_default()
}

/// Returns a form question; `schema` is JSON text.
pub(crate) fn form(key: &'static str, message: &str, schema: &'static str) -> Draft {
    let params = object([("message", message.into()), ("requestedSchema", json(schema))]);
    Draft { key, method: "elicitation/create", params }
}

/// Returns a question to the client's model.
pub(crate) fn sample(key: &'static str, prompt: &str, tokens_max: u64) -> Draft {
    let content = object([("type", "text".into()), ("text", prompt.into())]);
    let message = object([("role", "user".into()), ("content", content)]);
    let params = object([("messages", vec![message].into()), ("maxTokens", tokens_max.into())]);
    Draft { key, method: "sampling/createMessage", params }
}

/// Returns the question for the client's roots.
pub(crate) fn roots(key: &'static str) -> Draft {
    Draft { key, method: "roots/list", params: object([]) }
}

/// Returns the client capability that `method` needs.
fn capability(method: &str) -> &'static str {
    match method {
        "elicitation/create" => "elicitation",
        "sampling/createMessage" => "sampling",
        _ => "roots",
    }
}

/// Returns a result with `content`.
pub(crate) const fn done(content: Vec<Content>) -> Outcome<CallResult> {
    Outcome::Done(CallResult { content, structured: None, is_error: false })
}

/// Returns a result with one sentence of this program.
pub(crate) fn say(text: &'static str) -> Outcome<CallResult> {
    done(vec![Content::Text(CleanText::fixed(text))])
}

/// Returns the result of a tool that failed.
pub(crate) fn fail(text: &'static str) -> Outcome<CallResult> {
    let content = vec![Content::Text(CleanText::fixed(text))];
    Outcome::Done(CallResult { content, structured: None, is_error: true })
}

/// Returns a text resource of this program.
pub(crate) fn resource(uri: &'static str, mime: &'static str, text: &'static str) -> ResourceText {
    ResourceText {
        uri: CleanText::fixed(uri),
        mime: CleanText::fixed(mime),
        data: CleanText::fixed(text),
        blob: false,
    }
}

impl<'a> Call<'a> {
    /// Returns a result with `text` after the sanitizer.
    pub(crate) fn text(&self, text: &str) -> Outcome<CallResult> {
        done(vec![Content::Text(self.scrubber.text(text))])
    }

    /// Returns the string argument `name`.
    pub(crate) fn argument(&self, name: &str) -> Option<&'a str> {
        self.arguments.get(name)?.as_str()
    }

    /// Asks what the client can answer; an error when it can answer none of it.
    pub(crate) fn ask<T>(&self, drafts: Vec<Draft>, state: Option<String>) -> Outcome<T> {
        let mut missing = Object::new();
        let mut questions = Vec::new();
        for draft in drafts {
            if !self.context.client_can(capability(draft.method)) {
                missing.set(capability(draft.method), object([]));
                continue;
            }
            let Ok(params) = self.scrubber.value(draft.params) else {
                return Outcome::BadParams("a question is nested too deep".to_owned());
            };
            questions.push(Question { key: draft.key.to_owned(), method: draft.method, params });
        }
        if questions.is_empty() {
            return Outcome::Missing(Json::Object(missing));
        }
        Outcome::Ask { questions, state }
    }

    /// Returns what the client said to the form `key`.
    pub(crate) fn heard(&self, key: &str) -> Heard<'a> {
        let Some(answer) = self.context.answer(key) else { return Heard::Nothing };
        match answer.get("action").and_then(Json::as_str) {
            Some("accept") => match answer.get("content").and_then(Json::as_object) {
                Some(content) => Heard::Yes(content),
                None => Heard::Nothing,
            },
            Some(action @ ("decline" | "cancel")) => Heard::No(action),
            Some(_) | None => Heard::Nothing,
        }
    }

    /// Returns the text the client's model said to the question `key`.
    pub(crate) fn spoken(&self, key: &str) -> Option<&'a str> {
        let content = self.context.answer(key)?.get("content")?;
        let block = content.as_array().map_or(Some(content), <[Json]>::first)?;
        block.get("text")?.as_str()
    }

    /// Returns the roots the client named, as one line.
    pub(crate) fn named_roots(&self, key: &str) -> Option<String> {
        let roots = self.context.answer(key)?.get("roots")?.as_array()?;
        let uris = roots.iter().filter_map(|root| root.get("uri")?.as_str());
        Some(uris.collect::<Vec<_>>().join(", "))
    }

    /// Returns `data` sealed for this tool and this caller.
    pub(crate) fn seal(&self, data: &str) -> Option<String> {
        Some(self.seal.close(&self.purpose(), data))
    }

    /// Returns the data in the state that came back, `None` when there is no state.
    ///
    /// # Errors
    /// [`Forged`] when the state was not made here, for this tool and this caller.
    pub(crate) fn unsealed(&self) -> Result<Option<String>, Forged> {
        let Some(state) = self.context.state() else { return Ok(None) };
        self.seal.open(&self.purpose(), state).map(Some).ok_or(Forged)
    }

    fn purpose(&self) -> String {
        format!("{} {}", self.name, self.context.principal().name())
    }
}

/// Returns `action` and the form, the way the elicitation tools report them.
pub(crate) fn report(heard: &Heard<'_>) -> Option<(String, String)> {
    match heard {
        Heard::Nothing => None,
        Heard::No(action) => Some(((*action).to_owned(), "{}".to_owned())),
        Heard::Yes(content) => {
            Some(("accept".to_owned(), write::to_text(&Json::Object((*content).clone()))))
        }
    }
}

/// The error for state that is not ours.
pub(crate) const fn forged<T>() -> Outcome<T> {
    Outcome::BadState
}
