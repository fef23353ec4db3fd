//! Zone: post-admission. The fixture prompts, resources and completions.

use zscaler_mcp::json::{Json, object, write};
use zscaler_mcp::mcp::registry::{
    Content, Outcome, PromptArgument, PromptCard, PromptResult, ResourceCard, ResourceText,
};
use zscaler_mcp::sanitize::{CleanText, Scrubber};

use crate::call::{Call, Heard, form, resource};
use crate::plain::{PNG, image};

/// The resource that subscribers are told about.
pub(crate) const WATCHED: &str = "test://watched-resource";
const TEMPLATE: &str = "test://template/{id}/data";
const STATIC_TEXT: &str = "test://static-text";
const STATIC_BINARY: &str = "test://static-binary";
const CONTEXT: &str =
    r#"{"type":"object","properties":{"context":{"type":"string"}},"required":["context"]}"#;

/// A prompt: its required arguments are pairs of name and description.
struct Row {
    name: &'static str,
    description: &'static str,
    arguments: &'static [(&'static str, &'static str)],
}

const PROMPTS: &[Row] = &[
    Row { name: "test_simple_prompt", description: "One text.", arguments: &[] },
    Row {
        name: "test_prompt_with_arguments",
        description: "One text with two arguments in it.",
        arguments: &[("arg1", "First argument"), ("arg2", "Second argument")],
    },
    Row {
        name: "test_prompt_with_embedded_resource",
        description: "A resource and a text.",
        arguments: &[("resourceUri", "URI of the resource")],
    },
    Row { name: "test_prompt_with_image", description: "An image and a text.", arguments: &[] },
    Row {
        name: "test_input_required_result_prompt",
        description: "Asks the user for a context first.",
        arguments: &[],
    },
];

/// Returns the prompts in the order they are listed.
pub(crate) fn prompts() -> Vec<PromptCard> {
    let argument = |(name, about): &(&str, &str)| PromptArgument {
        name: (*name).to_owned(),
        title: None,
        description: (*about).to_owned(),
        required: true,
    };
    PROMPTS
        .iter()
        .map(|row| PromptCard {
            name: row.name.to_owned(),
            title: None,
            description: row.description.to_owned(),
            arguments: row.arguments.iter().map(argument).collect(),
        })
        .collect()
}

/// Returns the resources in the order they are listed.
pub(crate) fn resources() -> Vec<ResourceCard> {
    [
        (STATIC_TEXT, "Static text", "A text that never changes.", "text/plain"),
        (STATIC_BINARY, "Static image", "An image that never changes.", "image/png"),
        (WATCHED, "Watched text", "A text to subscribe to.", "text/plain"),
    ]
    .into_iter()
    .map(card)
    .collect()
}

/// Returns the resource templates.
pub(crate) fn templates() -> Vec<ResourceCard> {
    vec![card((TEMPLATE, "Numbered data", "A record for every id.", "application/json"))]
}

fn card((uri, name, description, mime): (&str, &str, &str, &str)) -> ResourceCard {
    ResourceCard {
        uri: uri.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        mime: mime.to_owned(),
    }
}

/// Returns the prompt that `call` names.
pub(crate) fn prompt(call: &Call<'_>) -> Outcome<PromptResult> {
    let Some(row) = PROMPTS.iter().find(|row| row.name == call.name) else {
        return Outcome::Unknown;
    };
    let missing = row.arguments.iter().find(|(name, _)| call.argument(name).is_none());
    if let Some((name, _)) = missing {
        return Outcome::BadParams(format!("{name} is required and must be a string"));
    }
    let given = |name: &str| call.argument(name).unwrap_or_default();
    let contents = match call.name {
        "test_simple_prompt" => vec![fixed("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => {
            let (first, second) = (given("arg1"), given("arg2"));
            let text = format!("Prompt with arguments: arg1='{first}', arg2='{second}'");
            vec![Content::Text(call.scrubber.text(&text))]
        }
        "test_prompt_with_embedded_resource" => {
            let uri = call.scrubber.text(given("resourceUri"));
            let text = "Embedded resource content for testing.";
            vec![
                Content::Resource(ResourceText { uri, ..resource("", "text/plain", text) }),
                fixed("Please process the embedded resource above."),
            ]
        }
        "test_prompt_with_image" => vec![image(), fixed("Please analyze the image above.")],
        _ => return asked(call),
    };
    messages(row.description, contents)
}

fn asked(call: &Call<'_>) -> Outcome<PromptResult> {
    let context = match call.heard("user_context") {
        Heard::No(_) => Some("none"),
        Heard::Yes(content) => content.get("context").and_then(Json::as_str),
        Heard::Nothing => None,
    };
    let Some(context) = context else {
        let question = form("user_context", "What context should the prompt use?", CONTEXT);
        return call.ask(vec![question], None);
    };
    let text = call.scrubber.text(&format!("Use this context: {context}"));
    messages("A prompt in a context.", vec![Content::Text(text)])
}

fn messages(description: &'static str, contents: Vec<Content>) -> Outcome<PromptResult> {
    let messages = contents.into_iter().map(|content| (false, content)).collect();
    Outcome::Done(PromptResult { description: CleanText::fixed(description), messages })
}

fn fixed(text: &'static str) -> Content {
    Content::Text(CleanText::fixed(text))
}

/// Returns what is behind `uri`.
pub(crate) fn read(scrubber: &Scrubber, uri: &str) -> Outcome<Vec<ResourceText>> {
    let found = match uri {
        STATIC_TEXT => {
            resource(STATIC_TEXT, "text/plain", "This is the content of the static text resource.")
        }
        STATIC_BINARY => ResourceText { blob: true, ..resource(STATIC_BINARY, "image/png", PNG) },
        WATCHED => resource(WATCHED, "text/plain", "This resource can be subscribed to."),
        _ => match templated(scrubber, uri) {
            Some(found) => found,
            None => return Outcome::Unknown,
        },
    };
    Outcome::Done(vec![found])
}

fn templated(scrubber: &Scrubber, uri: &str) -> Option<ResourceText> {
    let id = uri.strip_prefix("test://template/")?.strip_suffix("/data")?;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return None;
    }
    let record = object([
        ("id", id.into()),
        ("templateTest", true.into()),
        ("data", format!("Data for ID: {id}").into()),
    ]);
    Some(ResourceText {
        uri: scrubber.text(uri),
        mime: CleanText::fixed("application/json"),
        data: scrubber.text(&write::to_text(&record)),
        blob: false,
    })
}

/// Returns completions for one argument of a prompt or of the template.
pub(crate) fn complete(reference: &str, argument: (&str, &str)) -> Outcome<Vec<CleanText>> {
    let (name, begun) = argument;
    let known: &[&'static str] = match (reference, name) {
        ("test_prompt_with_arguments", "arg1") => &["testValue1"],
        ("test_prompt_with_arguments", "arg2") => &["testValue2"],
        (TEMPLATE, "id") => &["123"],
        _ if reference == TEMPLATE || PROMPTS.iter().any(|row| row.name == reference) => &[],
        _ => return Outcome::Unknown,
    };
    let fitting = known.iter().filter(|value| value.starts_with(begun));
    Outcome::Done(fitting.map(|value| CleanText::fixed(value)).collect())
}
