//! Zone: post-admission. Questions to the client, in both eras (MRTR, section 12).
//!
//! 2026-07-28 puts them into the result and forgets the call. Older revisions send requests on
//! the call's own stream and put the call aside. Only what was declared is asked.

use std::sync::Arc;

use crate::json::{Json, Object, object, write};
use crate::limits::REQUEST_STATE_BYTES_MAX;
use crate::mcp::call::Call;
use crate::mcp::engine::Now;
use crate::mcp::failure::Failure;
use crate::mcp::port::Port;
use crate::mcp::registry::Question;
use crate::mcp::render::more;
use crate::mcp::reply::Job;
use crate::mcp::round::Round;

/// Asks the client `questions` on behalf of `call`.
pub(super) fn ask(
    call: &Arc<Call>,
    questions: Vec<Question>,
    state: Option<String>,
    round: &Round,
    now: Now<'_>,
) -> Option<Job> {
    if call.halt.is_stopped() {
        call.cancel();
        return None;
    }
    if state.as_ref().is_some_and(|state| state.len() > REQUEST_STATE_BYTES_MAX) {
        call.fail(&Failure::internal());
        return None;
    }
    let (allowed, refused): (Vec<Question>, Vec<Question>) =
        questions.into_iter().partition(|question| missing(call, question).is_none());
    if allowed.is_empty() && !refused.is_empty() {
        call.lacks(required(call, &refused));
        return None;
    }
    if let Port::Task(task) = &call.port {
        task.park(call, allowed, state, now);
        return None;
    }
    if call.caller.revision.stateless() {
        in_result(call, &allowed, state.as_deref());
        return None;
    }
    if allowed.is_empty() {
        let reruns = round.reruns.saturating_add(1);
        return call.again(Round { answered: true, state, reruns, ..Round::default() });
    }
    in_requests(call, &allowed, state, now);
    None
}

/// Returns `questions` as the value of `inputRequests` (MRTR-1).
pub(super) fn input_requests(questions: &[Question]) -> Json {
    let entry = |question: &Question| {
        let request = object([
            ("method", question.method.into()),
            ("params", question.params.as_json().clone()),
        ]);
        (question.key.clone(), request)
    };
    Json::Object(questions.iter().map(entry).collect())
}

fn in_result(call: &Call, questions: &[Question], state: Option<&str>) {
    if questions.is_empty() && state.is_none() {
        // A result with neither would be no answer at all (MRTR-1).
        call.fail(&Failure::internal());
        return;
    }
    call.succeed("input_required", |out| {
        out.push(b'{');
        let mut members = Object::new();
        if !questions.is_empty() {
            members.set("inputRequests", input_requests(questions));
        }
        if let Some(state) = state {
            members.set("requestState", state.into());
        }
        for (index, (name, value)) in members.iter().enumerate() {
            if index == 0 {
                write::string(name, out);
                out.push(b':');
                write::compact(value, out);
            } else {
                more(out, name, value);
            }
        }
    });
}

fn in_requests(call: &Arc<Call>, questions: &[Question], state: Option<String>, now: Now<'_>) {
    let Some(session) = &call.caller.session else {
        call.fail(&Failure::internal());
        return;
    };
    let until = now.at.plus(call.engine.registry().question_ms());
    let asked =
        call.engine.seat().and_then(|seat| session.ask(call, questions, state, (until, seat)));
    let Some(ids) = asked else {
        call.error_result("Too many questions are already waiting for the client.");
        return;
    };
    // A client may take its time; the questions have their own deadline.
    call.engine.forget_call(call);
    for (id, question) in ids.into_iter().zip(questions) {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"id\":");
        out.extend_from_slice(id.to_string().as_bytes());
        out.extend_from_slice(b",\"method\":");
        write::string(question.method, &mut out);
        out.extend_from_slice(b",\"params\":");
        write::compact(question.params.as_json(), &mut out);
        out.push(b'}');
        call.port.note(out);
    }
}

/// Returns the capability path that `question` needs and the client did not declare.
fn missing(call: &Call, question: &Question) -> Option<&'static [&'static str]> {
    let client = &call.caller.client;
    let params = question.params.as_json();
    let path: &[&str] = match question.method {
        "elicitation/create" => match params.get("mode").and_then(Json::as_str) {
            Some("url") => &["elicitation", "url"],
            _ if client.can("elicitation") => &["elicitation", "form"],
            _ => &["elicitation"],
        },
        "sampling/createMessage" if params.get("tools").is_some() => &["sampling", "tools"],
        "sampling/createMessage" => &["sampling"],
        "roots/list" => &["roots"],
        // Nobody can declare a method that is none of these, so it is never sent.
        _ => return Some(&["experimental"]),
    };
    (!client.can(&path.join("."))).then_some(path)
}

/// Returns the object that names what `questions` need (MRTR-2).
fn required(call: &Call, questions: &[Question]) -> Json {
    let mut all = Object::new();
    for path in questions.iter().filter_map(|question| missing(call, question)) {
        let [first, rest @ ..] = path else { continue };
        if all.get(first).is_none() {
            all.set(first, Json::Object(Object::new()));
        }
        if let (Some(Json::Object(inside)), [below, ..]) = (all.get_mut(first), rest) {
            inside.set(below, Json::Object(Object::new()));
        }
    }
    Json::Object(all)
}
