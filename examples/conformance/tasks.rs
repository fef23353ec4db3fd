//! Zone: post-admission. The fixture tools of the tasks extension.
//!
//! They run like other tools; the engine decides from their weight and from what the client
//! declared whether the answer is a task. The ones that are tasks or nothing check that.

use core::time::Duration;

use zscaler_mcp::json::{Json, object};
use zscaler_mcp::mcp::registry::{CallResult, Outcome, Weight};

use crate::asking::NAME;
use crate::call::{Call, Heard, NO_ARGUMENTS, Row, fail, form, say};

/// The extension, as [`zscaler_mcp::mcp::registry::Context::client_can`] knows it.
pub(crate) const EXTENSION: &str = "io.modelcontextprotocol/tasks";
/// Longest a computation may pretend to take, in seconds.
const COMPUTE_SECONDS_MAX: f64 = 120.0;

const PERSON: &str = r#"{"type":"object","properties":{"name":{"type":"string","description":"Whom to greet"}},"required":["name"],"additionalProperties":false}"#;
const COMPUTE: &str = r#"{"type":"object","properties":{"seconds":{"type":"number","minimum":0,"description":"How long it takes"},"label":{"type":"string","description":"What to call it"}},"required":["seconds"],"additionalProperties":false}"#;
const FILE: &str = r#"{"type":"object","properties":{"filename":{"type":"string","description":"What to delete"}},"required":["filename"],"additionalProperties":false}"#;
const CONFIRM: &str =
    r#"{"type":"object","properties":{"confirm":{"type":"boolean"}},"required":["confirm"]}"#;

pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "greet",
        weight: Weight::Light,
        description: "Greets at once.",
        schema: PERSON,
        run: |call| match call.argument("name") {
            Some(name) => call.text(&format!("Hello, {name}!")),
            None => fail("name is required and must be a string"),
        },
    },
    Row {
        name: "slow_compute",
        weight: Weight::Task,
        description: "Takes as long as it is told.",
        schema: COMPUTE,
        run: compute,
    },
    task("failing_job", "Fails after a second; only as a task.", |call| {
        if !declared(call) {
            return required();
        }
        call.context.pause(1_000);
        fail("The job failed, as it always does.")
    }),
    task("protocol_error_job", "Ends in a protocol error.", |call| {
        call.context.pause(100);
        Outcome::BadParams("this job always ends in a protocol error".to_owned())
    }),
    Row {
        name: "confirm_delete",
        weight: Weight::Task,
        description: "Pretends to delete a file once the user agrees.",
        schema: FILE,
        run: delete,
    },
    task("multi_input", "Asks two things at once.", both),
    Row {
        name: "test_tool_with_task",
        weight: Weight::TaskOnceAnswered,
        description: "Asks for a name, then works on it as a task.",
        schema: NO_ARGUMENTS,
        run: named,
    },
];

const fn task(
    name: &'static str,
    description: &'static str,
    run: fn(&Call<'_>) -> Outcome<CallResult>,
) -> Row {
    Row { name, weight: Weight::Task, description, schema: NO_ARGUMENTS, run }
}

fn declared(call: &Call<'_>) -> bool {
    call.context.client_can(EXTENSION)
}

fn required() -> Outcome<CallResult> {
    Outcome::Missing(object([("extensions", object([(EXTENSION, object([]))]))]))
}

fn compute(call: &Call<'_>) -> Outcome<CallResult> {
    let seconds = call.arguments.get("seconds").and_then(Json::as_number);
    let seconds = seconds.and_then(|number| number.as_f64()).unwrap_or(0.0);
    let time = Duration::try_from_secs_f64(seconds.min(COMPUTE_SECONDS_MAX));
    let Ok(time) = time else { return fail("seconds must not be negative") };
    call.context.pause(u64::try_from(time.as_millis()).unwrap_or(0));
    if call.context.cancelled() {
        return fail("The computation was cancelled.");
    }
    let label = call.argument("label").unwrap_or("unnamed");
    call.text(&format!("Computation {label} took {} ms.", time.as_millis()))
}

fn delete(call: &Call<'_>) -> Outcome<CallResult> {
    let Some(file) = call.argument("filename") else {
        return fail("filename is required and must be a string");
    };
    let agreed = match call.heard("confirm") {
        Heard::No(_) => Some(false),
        Heard::Yes(content) => content.get("confirm").and_then(Json::as_bool),
        Heard::Nothing => None,
    };
    match agreed {
        Some(true) => call.text(&format!("Deleted {file}.")),
        Some(false) => call.text(&format!("Kept {file}.")),
        None => call.ask(vec![form("confirm", &format!("Delete {file}?"), CONFIRM)], None),
    }
}

fn both(call: &Call<'_>) -> Outcome<CallResult> {
    let answers = (call.heard("name"), call.heard("confirm"));
    if matches!(answers, (Heard::Nothing, _) | (_, Heard::Nothing)) {
        let drafts = vec![
            form("name", "What is your name?", NAME),
            form("confirm", "Shall it go on?", CONFIRM),
        ];
        return call.ask(drafts, None);
    }
    say("Both questions were answered.")
}

fn named(call: &Call<'_>) -> Outcome<CallResult> {
    if !declared(call) {
        return required();
    }
    let name = match call.heard("user_name") {
        Heard::No(_) => return say("No name was given."),
        Heard::Yes(content) => content.get("name").and_then(Json::as_str),
        Heard::Nothing => None,
    };
    match name {
        Some(name) => call.text(&format!("The task for {name} is done.")),
        None => call.ask(vec![form("user_name", "What is your name?", NAME)], None),
    }
}
