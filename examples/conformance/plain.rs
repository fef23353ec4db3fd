//! Zone: post-admission. The fixture tools that ask nothing: content kinds, progress, log,
//! changes, a stream closed early, schemas that must survive listing.

use zscaler_mcp::json::object;
use zscaler_mcp::mcp::registry::{CallResult, Change, Content, Outcome, Weight};
use zscaler_mcp::sanitize::CleanText;

use crate::call::{Call, NO_ARGUMENTS, Row, done, fail, resource, say};

/// One red pixel.
pub(crate) const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC";
/// One silent sample, 8 kHz, mono.
const WAV: &str = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA==";
/// Milliseconds between the steps of the tools that report.
const STEP_MS: u64 = 50;
/// Milliseconds the client waits before it resumes a stream closed early.
const RETRY_MS: u64 = 100;

const HEADER: &str = r#"{"type":"object","properties":{"region":{"type":"string","description":"Where to look","x-mcp-header":"Region"}},"required":["region"],"additionalProperties":false}"#;
const DIALECT: &str = r##"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},"properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},"allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],"if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}"##;

/// The first row is called with no arguments by header checks: keep it first.
pub(crate) const ROWS: &[Row] = &[
    light("test_simple_text", "Returns one text.", |_| {
        say("This is a simple text response for testing.")
    }),
    light("test_image_content", "Returns one image.", |_| done(vec![image()])),
    light("test_audio_content", "Returns one sound.", |_| {
        done(vec![Content::Audio(CleanText::fixed(WAV), CleanText::fixed("audio/wav"))])
    }),
    light("test_embedded_resource", "Returns one embedded resource.", |_| {
        done(vec![Content::Resource(resource(
            "test://embedded-resource",
            "text/plain",
            "This is an embedded resource content.",
        ))])
    }),
    light("test_multiple_content_types", "Returns a text, an image and a resource.", |_| mixed()),
    light("test_error_handling", "Always fails.", |_| {
        fail("This tool intentionally returns an error for testing")
    }),
    heavy("test_tool_with_progress", "Reports progress in three steps.", progress),
    heavy("test_tool_with_logging", "Writes three log messages.", logging),
    heavy("test_logging_tool", "Writes one log message.", |call| {
        call.context.log("info", CleanText::fixed("Logging tool called").into());
        say("Logged, if that was asked for.")
    }),
    heavy("test_reconnection", "Closes its stream before it answers.", reconnection),
    heavy("test_missing_capability", "Works only for clients that can sample.", |call| {
        if call.context.client_can("sampling") {
            return say("The client can sample.");
        }
        Outcome::Missing(object([("sampling", object([]))]))
    }),
    heavy("test_trigger_tool_change", "Tells subscribers of tools to list again.", |call| {
        change(call, Change::Tools)
    }),
    heavy("test_trigger_prompt_change", "Tells subscribers of prompts to list again.", |call| {
        change(call, Change::Prompts)
    }),
    heavy("test_trigger_resource_change", "Tells subscribers of one resource.", |call| {
        change(call, Change::Updated(crate::content::WATCHED.to_owned()))
    }),
    Row {
        name: "test_x_mcp_header",
        weight: Weight::Light,
        description: "Takes an argument that a header repeats.",
        schema: HEADER,
        run: |call| match call.argument("region") {
            Some(region) => call.text(&format!("Looked in region {region}.")),
            None => fail("region is required and must be a string"),
        },
    },
    Row {
        name: "json_schema_2020_12_tool",
        weight: Weight::Light,
        description: "Shows a schema with 2020-12 keywords.",
        schema: DIALECT,
        run: |_| say("The schema in the list is what matters."),
    },
];

const fn light(
    name: &'static str,
    description: &'static str,
    run: fn(&Call<'_>) -> Outcome<CallResult>,
) -> Row {
    Row { name, weight: Weight::Light, description, schema: NO_ARGUMENTS, run }
}

/// Returns the row of a tool without arguments that may emit, wait or ask.
pub(crate) const fn heavy(
    name: &'static str,
    description: &'static str,
    run: fn(&Call<'_>) -> Outcome<CallResult>,
) -> Row {
    Row { name, weight: Weight::Heavy, description, schema: NO_ARGUMENTS, run }
}

/// Returns the image block.
pub(crate) fn image() -> Content {
    Content::Image(CleanText::fixed(PNG), CleanText::fixed("image/png"))
}

fn mixed() -> Outcome<CallResult> {
    done(vec![
        Content::Text(CleanText::fixed("Multiple content types test:")),
        image(),
        Content::Resource(resource(
            "test://mixed-content-resource",
            "application/json",
            r#"{"test":"data","value":123}"#,
        )),
    ])
}

fn progress(call: &Call<'_>) -> Outcome<CallResult> {
    for (step, done) in [0, 50, 100].into_iter().enumerate() {
        if step > 0 {
            call.context.pause(STEP_MS);
        }
        call.context.progress(done, Some(100), None);
    }
    say("Progress is complete.")
}

fn logging(call: &Call<'_>) -> Outcome<CallResult> {
    let lines = ["Tool execution started", "Tool processing data", "Tool execution completed"];
    for (step, line) in lines.into_iter().enumerate() {
        if step > 0 {
            call.context.pause(STEP_MS);
        }
        call.context.log("info", CleanText::fixed(line).into());
    }
    say("Three messages were logged.")
}

fn reconnection(call: &Call<'_>) -> Outcome<CallResult> {
    if call.context.stateless() {
        return say("Streams of this revision cannot be resumed.");
    }
    if !call.context.resumed() {
        return Outcome::Reconnect { retry_ms: RETRY_MS };
    }
    // The answer must not overtake the end of the first connection.
    call.context.pause(STEP_MS);
    say("The stream was closed and the answer came after it.")
}

fn change(call: &Call<'_>, change: Change) -> Outcome<CallResult> {
    call.context.changed(change);
    say("Subscribers were told.")
}
