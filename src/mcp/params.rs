//! Zone: post-admission. The parameters of each method, read once into checked values.

use crate::json::{Json, Object};
use crate::limits::{REQUEST_STATE_BYTES_MAX, WATCHED_BYTES_MAX};
use crate::mcp::client::Level;
use crate::mcp::envelope::Id;
use crate::mcp::failure::Failure;
use crate::mcp::round::Round;

/// What `completion/complete` asks about.
#[derive(Debug)]
pub(super) struct Completion {
    /// Name of a prompt, or URI.
    pub(super) reference: String,
    /// Name of the argument.
    pub(super) name: String,
    /// What was typed so far.
    pub(super) value: String,
}

/// Takes the string `name` out of `params`.
pub(super) fn text(params: &mut Object, name: &str) -> Option<String> {
    match params.remove(name) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    }
}

/// Takes `name` and `arguments` out of the parameters of `tools/call` (TOOL-5).
pub(super) fn call(params: &mut Object) -> Result<(String, Object), Failure> {
    let name = text(params, "name").ok_or(Failure::params("the name has to be a string"))?;
    let arguments = match params.remove("arguments") {
        None => Object::new(),
        Some(Json::Object(arguments)) => arguments,
        Some(_) => return Err(Failure::params("the arguments have to be an object")),
    };
    Ok((name, arguments))
}

/// Takes `name` and `arguments` out of the parameters of `prompts/get` (PR-2).
pub(super) fn prompt(params: &mut Object) -> Result<(String, Object), Failure> {
    let (name, arguments) = call(params)?;
    if arguments.iter().any(|(_, value)| value.as_str().is_none()) {
        return Err(Failure::params("the arguments of a prompt have to be strings"));
    }
    Ok((name, arguments))
}

/// Takes `uri` out of the parameters.
pub(super) fn uri(params: &mut Object) -> Result<String, Failure> {
    text(params, "uri").ok_or(Failure::params("the uri has to be a string"))
}

/// Takes `uri` out of the parameters of a subscription.
pub(super) fn watched(params: &mut Object) -> Result<String, Failure> {
    let uri = uri(params)?;
    if uri.len() > WATCHED_BYTES_MAX {
        return Err(Failure::params("the uri is too long"));
    }
    Ok(uri)
}

/// Takes `taskId` out of the parameters.
pub(super) fn task(params: &mut Object) -> Result<String, Failure> {
    text(params, "taskId").ok_or(Failure::params("the taskId has to be a string"))
}

/// Refuses a cursor: no list is paged, so none was ever given out (PAG-3).
pub(super) fn no_cursor(params: &Object) -> Result<(), Failure> {
    match params.get("cursor") {
        None => Ok(()),
        Some(_) => Err(Failure::params("the cursor is not valid")),
    }
}

/// Takes the level of `logging/setLevel` out of the parameters (LOG-2).
pub(super) fn level(params: &Object) -> Result<Level, Failure> {
    let level = params.get("level").and_then(Json::as_str).and_then(Level::parse);
    level.ok_or(Failure::params("the level is not known"))
}

/// Returns the progress token when one was sent (PROG-1).
pub(super) fn progress_token(params: &Object) -> Option<Id> {
    Id::of(params.get("_meta")?.get("progressToken")?)
}

/// Takes the parameters of `completion/complete` (COMP-1).
pub(super) fn completion(params: &mut Object) -> Result<Completion, Failure> {
    const BAD: Failure = Failure::params("the reference or the argument is not valid");
    let (Some(Json::Object(mut reference)), Some(Json::Object(mut argument))) =
        (params.remove("ref"), params.remove("argument"))
    else {
        return Err(BAD);
    };
    let member = match reference.get("type").and_then(Json::as_str) {
        Some("ref/prompt") => "name",
        Some("ref/resource") => "uri",
        _ => return Err(BAD),
    };
    let reference = text(&mut reference, member).ok_or(BAD)?;
    let name = text(&mut argument, "name").ok_or(BAD)?;
    let value = text(&mut argument, "value").ok_or(BAD)?;
    Ok(Completion { reference, name, value })
}

/// Takes what a client repeats a request with: answers and state (MRTR-3, MRTR-5).
pub(super) fn round(params: &mut Object) -> Result<Round, Failure> {
    let answers = params.remove("inputResponses").map(answers).transpose()?;
    let state = match params.remove("requestState") {
        None => None,
        Some(Json::String(state)) if state.len() <= REQUEST_STATE_BYTES_MAX => Some(state),
        Some(_) => return Err(Failure::params("the requestState is not valid")),
    };
    let answered = answers.is_some() || state.is_some();
    Ok(Round { answers: answers.unwrap_or_default(), answered, state, ..Round::default() })
}

/// Returns the members of `inputResponses` when each of them has the shape of an answer.
pub(super) fn answers(value: Json) -> Result<Object, Failure> {
    let Json::Object(answers) = value else {
        return Err(Failure::params("the inputResponses have to be an object"));
    };
    if answers.iter().all(|(_, answer)| is_answer(answer)) {
        Ok(answers)
    } else {
        Err(Failure::params("an input response is not valid"))
    }
}

/// True for an object that, if it is the answer to an elicitation, says so properly (ASK-2).
pub(super) fn is_answer(answer: &Json) -> bool {
    let Some(members) = answer.as_object() else { return false };
    let Some(action) = members.get("action") else { return true };
    let known = matches!(action.as_str(), Some("accept" | "decline" | "cancel"));
    known && members.get("content").is_none_or(|content| content.as_object().is_some())
}
