//! Zone: post-admission. The fixture tools that ask the client: for a form, for its model, for
//! its roots; in one round or several, with state that must come back unchanged.

use zscaler_mcp::json::Json;
use zscaler_mcp::mcp::registry::{CallResult, Outcome, Weight};

use crate::call::{Call, Heard, Row, forged, form, report, roots, sample, say};
use crate::plain::heavy;

const PROMPT: &str = r#"{"type":"object","properties":{"prompt":{"type":"string","description":"What to ask the model"}},"required":["prompt"],"additionalProperties":false}"#;
const MESSAGE: &str = r#"{"type":"object","properties":{"message":{"type":"string","description":"What to show the user"}},"required":["message"],"additionalProperties":false}"#;

/// A form with one required string.
pub(crate) const NAME: &str =
    r#"{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}"#;
const COLOR: &str =
    r#"{"type":"object","properties":{"color":{"type":"string"}},"required":["color"]}"#;
const OK: &str = r#"{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]}"#;
const ACCOUNT: &str = r#"{"type":"object","properties":{"username":{"type":"string","description":"Name of the account"},"email":{"type":"string","description":"Address of the account"}},"required":["username","email"]}"#;
const DEFAULTS: &str = r#"{"type":"object","properties":{"name":{"type":"string","default":"John Doe"},"age":{"type":"integer","default":30},"score":{"type":"number","default":95.5},"status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},"verified":{"type":"boolean","default":true}}}"#;
const ENUMS: &str = r#"{"type":"object","properties":{"untitledSingle":{"type":"string","enum":["option1","option2","option3"]},"titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},"legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],"enumNames":["Option One","Option Two","Option Three"]},"untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2","option3"]}},"titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Choice"},{"const":"value2","title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}}}"#;

pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "test_sampling",
        weight: Weight::Heavy,
        description: "Asks the client's model.",
        schema: PROMPT,
        run: sampling,
    },
    Row {
        name: "test_elicitation",
        weight: Weight::Heavy,
        description: "Asks the user for an account.",
        schema: MESSAGE,
        run: elicitation,
    },
    heavy("test_elicitation_sep1034_defaults", "Asks with default values.", |call| {
        completed(call, "Check the values", DEFAULTS)
    }),
    heavy("test_elicitation_sep1330_enums", "Asks with every kind of choice.", |call| {
        completed(call, "Choose", ENUMS)
    }),
    heavy("test_streaming_elicitation", "Asks the user for a name.", name),
    heavy("test_input_required_result_elicitation", "Asks the user for a name.", name),
    heavy("test_input_required_result_sampling", "Asks the client's model.", capital),
    heavy("test_input_required_result_list_roots", "Asks for the roots.", client_roots),
    heavy("test_input_required_result_request_state", "Asks with state.", confirmed),
    heavy("test_input_required_result_tampered_state", "Asks with state.", confirmed),
    heavy("test_input_required_result_multiple_inputs", "Asks three things at once.", three),
    heavy("test_input_required_result_multi_round", "Asks twice.", rounds),
    heavy("test_input_required_result_capabilities", "Asks what the client can answer.", able),
];

fn sampling(call: &Call<'_>) -> Outcome<CallResult> {
    let Some(prompt) = call.argument("prompt") else {
        return Outcome::BadParams("prompt is required and must be a string".to_owned());
    };
    match call.spoken("sample") {
        Some(text) => call.text(&format!("LLM response: {text}")),
        None => call.ask(vec![sample("sample", prompt, 100)], None),
    }
}

fn elicitation(call: &Call<'_>) -> Outcome<CallResult> {
    let Some(message) = call.argument("message") else {
        return Outcome::BadParams("message is required and must be a string".to_owned());
    };
    match report(&call.heard("account")) {
        Some((action, content)) => {
            call.text(&format!("User response: action={action}, content={content}"))
        }
        None => call.ask(vec![form("account", message, ACCOUNT)], None),
    }
}

fn completed(call: &Call<'_>, message: &str, schema: &'static str) -> Outcome<CallResult> {
    match report(&call.heard("form")) {
        Some((action, content)) => {
            call.text(&format!("Elicitation completed: action={action}, content={content}"))
        }
        None => call.ask(vec![form("form", message, schema)], None),
    }
}

fn name(call: &Call<'_>) -> Outcome<CallResult> {
    match call.heard("user_name") {
        Heard::No(_) => say("No name was given."),
        Heard::Yes(content) => match content.get("name").and_then(Json::as_str) {
            Some(name) => call.text(&format!("Hello, {name}!")),
            None => ask_name(call),
        },
        Heard::Nothing => ask_name(call),
    }
}

fn ask_name(call: &Call<'_>) -> Outcome<CallResult> {
    call.ask(vec![form("user_name", "What is your name?", NAME)], None)
}

fn capital(call: &Call<'_>) -> Outcome<CallResult> {
    match call.spoken("capital_question") {
        Some(text) => call.text(text),
        None => {
            call.ask(vec![sample("capital_question", "What is the capital of France?", 100)], None)
        }
    }
}

fn client_roots(call: &Call<'_>) -> Outcome<CallResult> {
    match call.named_roots("client_roots") {
        Some(named) => call.text(&format!("The client's roots: {named}")),
        None => call.ask(vec![roots("client_roots")], None),
    }
}

/// The answer counts only together with the state that was given with the question.
fn confirmed(call: &Call<'_>) -> Outcome<CallResult> {
    let Ok(state) = call.unsealed() else { return forged() };
    let heard = call.heard("confirm");
    match (state.as_deref(), heard) {
        (Some("confirm"), Heard::Yes(content))
            if content.get("ok").and_then(Json::as_bool).is_some() =>
        {
            say("Confirmed: state-ok")
        }
        (Some("confirm"), Heard::No(_)) => say("Not confirmed: state-ok"),
        (None, Heard::Yes(_) | Heard::No(_)) => forged(),
        _ => call.ask(vec![form("confirm", "Please confirm", OK)], call.seal("confirm")),
    }
}

fn three(call: &Call<'_>) -> Outcome<CallResult> {
    let Ok(state) = call.unsealed() else { return forged() };
    let name = match call.heard("user_name") {
        Heard::Yes(content) => content.get("name").and_then(Json::as_str),
        Heard::No(_) => Some("stranger"),
        Heard::Nothing => None,
    };
    let all = (name, call.spoken("greeting"), call.named_roots("client_roots"));
    if let (Some(name), Some(greeting), Some(named)) = all {
        if state.is_none() {
            return forged();
        }
        return call.text(&format!("{greeting} {name}, your roots are: {named}"));
    }
    let drafts = vec![
        form("user_name", "What is your name?", NAME),
        sample("greeting", "Generate a greeting", 50),
        roots("client_roots"),
    ];
    call.ask(drafts, call.seal("three"))
}

/// The name of the first round travels in the state of the second.
fn rounds(call: &Call<'_>) -> Outcome<CallResult> {
    let Ok(state) = call.unsealed() else { return forged() };
    let known = state.as_deref().and_then(|state| state.strip_prefix("second "));
    let given = match call.heard("step1") {
        Heard::No(_) => return say("No name was given."),
        Heard::Yes(content) => content.get("name").and_then(Json::as_str),
        Heard::Nothing => None,
    };
    match (state.as_deref(), known, given) {
        (_, Some(name), _) => match call.heard("step2") {
            Heard::No(_) => say("No color was given."),
            Heard::Yes(content) => match content.get("color").and_then(Json::as_str) {
                Some(color) => call.text(&format!("{name} likes {color}.")),
                None => second(call, name),
            },
            Heard::Nothing => second(call, name),
        },
        (Some("first"), None, Some(name)) => second(call, name),
        (None, _, Some(_)) => forged(),
        _ => call.ask(vec![form("step1", "Step 1: What is your name?", NAME)], call.seal("first")),
    }
}

fn second(call: &Call<'_>, name: &str) -> Outcome<CallResult> {
    let question = form("step2", "Step 2: What is your favorite color?", COLOR);
    call.ask(vec![question], call.seal(&format!("second {name}")))
}

fn able(call: &Call<'_>) -> Outcome<CallResult> {
    let named = matches!(call.heard("user_name"), Heard::Yes(_) | Heard::No(_));
    if named || call.spoken("capital_question").is_some() {
        return say("The client answered what it can.");
    }
    let drafts = vec![
        form("user_name", "What is your name?", NAME),
        sample("capital_question", "What is the capital of France?", 100),
    ];
    call.ask(drafts, None)
}
