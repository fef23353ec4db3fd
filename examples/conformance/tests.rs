//! Zone: operator. What the fixtures answer, without an engine around them.

use std::collections::{BTreeSet, HashSet};
use std::sync::Mutex;

use zscaler_mcp::auth::{Grant, Principal};
use zscaler_mcp::json::{Bounds, Json, Object, read, write};
use zscaler_mcp::mcp::registry::{CallResult, Change, Content, Context, Outcome, Registry, Weight};
use zscaler_mcp::sanitize::{CleanJson, CleanText};

use crate::fixture::{Fixture, rows};
use crate::tasks::EXTENSION;

/// A client that declared `can`, said `answers` and holds `state`.
struct Client {
    can: Vec<&'static str>,
    answers: Json,
    state: Option<String>,
    resumed: bool,
    stateless: bool,
    heard: Mutex<Vec<String>>,
    principal: Principal,
    grant: Grant,
}

impl Client {
    fn new() -> Self {
        Self {
            can: ALL.to_vec(),
            answers: Json::Null,
            state: None,
            resumed: false,
            stateless: false,
            heard: Mutex::default(),
            principal: Principal::anonymous(),
            grant: Grant::everything(),
        }
    }

    fn can(names: &[&'static str]) -> Self {
        Self { can: names.to_vec(), ..Self::new() }
    }

    fn says(answers: &str, state: Option<String>) -> Self {
        Self { answers: value(answers), state, ..Self::new() }
    }

    fn note(&self, line: String) {
        self.heard.lock().unwrap().push(line);
    }

    fn noted(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Context for Client {
    fn principal(&self) -> &Principal {
        &self.principal
    }
    fn grant(&self) -> &Grant {
        &self.grant
    }
    fn unix_seconds(&self) -> u64 {
        0
    }
    fn client_can(&self, name: &str) -> bool {
        self.can.contains(&name)
    }
    fn answer(&self, key: &str) -> Option<&Json> {
        self.answers.get(key)
    }
    fn answered(&self) -> bool {
        !self.answers.is_null()
    }
    fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
    fn resumed(&self) -> bool {
        self.resumed
    }
    fn stateless(&self) -> bool {
        self.stateless
    }
    fn cancelled(&self) -> bool {
        false
    }
    fn log(&self, level: &'static str, data: CleanJson) {
        self.note(format!("log {level} {}", write::to_text(data.as_json())));
    }
    fn progress(&self, progress: u64, total: Option<u64>, _message: Option<CleanText>) {
        self.note(format!("progress {progress} of {total:?}"));
    }
    fn changed(&self, change: Change) {
        self.note(format!("changed {change:?}"));
    }
    fn pause(&self, ms: u64) {
        self.note(format!("pause {ms}"));
    }
}

fn value(text: &str) -> Json {
    read(text.as_bytes(), Bounds { depth: 32, nodes: 1_000 }).unwrap()
}

fn members(text: &str) -> Object {
    value(text).as_object().unwrap().clone()
}

fn call(fixture: &Fixture, tool: &str, arguments: &str, client: &Client) -> Outcome<CallResult> {
    fixture.call(tool, &members(arguments), client)
}

/// Returns what an outcome is, in one line.
fn told(outcome: Outcome<CallResult>) -> String {
    match outcome {
        Outcome::Done(result) => {
            let mark = if result.is_error { "error" } else { "done" };
            format!("{mark}: {}", result.content.iter().map(block).collect::<Vec<_>>().join(" + "))
        }
        Outcome::Ask { questions, state } => {
            for form in questions.iter().filter(|q| q.method == "elicitation/create") {
                let schema = form.params.as_json().get("requestedSchema");
                let kind = schema.and_then(|schema| schema.get("type")).and_then(Json::as_str);
                assert_eq!(kind, Some("object"), "{}", form.key);
            }
            let keys: Vec<_> =
                questions.iter().map(|q| format!("{} {}", q.method, q.key)).collect();
            format!("ask{}: {}", if state.is_some() { " with state" } else { "" }, keys.join(", "))
        }
        Outcome::BadParams(_) => "bad params".to_owned(),
        Outcome::BadState => "bad state".to_owned(),
        Outcome::Missing(needed) => format!("missing {}", write::to_text(&needed)),
        Outcome::Unknown => "unknown".to_owned(),
        Outcome::Reconnect { .. } => "reconnect".to_owned(),
    }
}

fn block(content: &Content) -> String {
    match content {
        Content::Text(text) => text.as_str().to_owned(),
        Content::Image(_, mime) | Content::Audio(_, mime) => mime.as_str().to_owned(),
        Content::Resource(resource) => {
            format!("{} {}", resource.uri.as_str(), resource.data.as_str())
        }
    }
}

fn state_of(outcome: Outcome<CallResult>) -> String {
    match outcome {
        Outcome::Ask { state, .. } => state.unwrap(),
        Outcome::Done(_)
        | Outcome::BadParams(_)
        | Outcome::BadState
        | Outcome::Missing(_)
        | Outcome::Unknown
        | Outcome::Reconnect { .. } => String::new(),
    }
}

#[test]
fn every_tool_is_listed_once_with_an_object_schema() {
    let fixture = Fixture::fresh().unwrap();
    let tools = fixture.tools();
    assert_eq!(tools.first().unwrap().name, "test_simple_text");
    let names: HashSet<_> = tools.iter().map(|tool| tool.name.clone()).collect();
    assert_eq!(names.len(), tools.len());
    for tool in &tools {
        let name = &tool.name;
        assert!(!tool.description.is_empty(), "{name}");
        assert_eq!(tool.input.get("type").and_then(Json::as_str), Some("object"), "{name}");
        assert!((1..=64).contains(&name.len()), "{name}");
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'), "{name}");
        assert_eq!(
            fixture.weight(name, &Grant::everything()),
            rows().find(|r| r.name == name).map(|r| r.weight)
        );
    }
    assert_eq!(fixture.weight("nothing", &Grant::everything()), None);
}

#[test]
fn a_tool_that_answers_where_the_request_was_read_emits_nothing() {
    let fixture = Fixture::fresh().unwrap();
    for row in rows().filter(|row| row.weight == Weight::Light) {
        let client = Client::new();
        let outcome = call(&fixture, row.name, "{}", &client);
        assert!(matches!(outcome, Outcome::Done(_)), "{}", row.name);
        assert_eq!(client.noted(), Vec::<String>::new(), "{}", row.name);
    }
}

/// Tool, arguments, what the client can, expected outcome.
struct First(&'static str, &'static str, &'static [&'static str], &'static str);

const ALL: &[&str] = &["elicitation", "sampling", "roots", EXTENSION];
const NEEDS_TASKS: &str = r#"missing {"extensions":{"io.modelcontextprotocol/tasks":{}}}"#;
const FIRST_ROUNDS: &[First] = &[
    First("test_simple_text", "{}", &[], "done: This is a simple text response for testing."),
    First("test_image_content", "{}", &[], "done: image/png"),
    First("test_audio_content", "{}", &[], "done: audio/wav"),
    First(
        "test_embedded_resource",
        "{}",
        &[],
        "done: test://embedded-resource This is an embedded resource content.",
    ),
    First(
        "test_multiple_content_types",
        "{}",
        &[],
        "done: Multiple content types test: + image/png + \
             test://mixed-content-resource {\"test\":\"data\",\"value\":123}",
    ),
    First(
        "test_error_handling",
        "{}",
        &[],
        "error: This tool intentionally returns an error for testing",
    ),
    First("test_sampling", r#"{"prompt":"p"}"#, ALL, "ask: sampling/createMessage sample"),
    First("test_sampling", r#"{"prompt":"p"}"#, &[], r#"missing {"sampling":{}}"#),
    First("test_sampling", "{}", ALL, "bad params"),
    First("test_elicitation", r#"{"message":"m"}"#, &[], r#"missing {"elicitation":{}}"#),
    First("test_elicitation_sep1034_defaults", "{}", ALL, "ask: elicitation/create form"),
    First("test_elicitation_sep1330_enums", "{}", ALL, "ask: elicitation/create form"),
    First("test_missing_capability", "{}", &[], r#"missing {"sampling":{}}"#),
    First("test_missing_capability", "{}", &["sampling"], "done: The client can sample."),
    First("test_streaming_elicitation", "{}", ALL, "ask: elicitation/create user_name"),
    First("test_input_required_result_list_roots", "{}", ALL, "ask: roots/list client_roots"),
    First(
        "test_input_required_result_multiple_inputs",
        "{}",
        ALL,
        "ask with state: elicitation/create user_name, sampling/createMessage greeting, \
             roots/list client_roots",
    ),
    First(
        "test_input_required_result_capabilities",
        "{}",
        &["sampling"],
        "ask: sampling/createMessage capital_question",
    ),
    First(
        "test_input_required_result_capabilities",
        "{}",
        &[],
        r#"missing {"elicitation":{},"sampling":{}}"#,
    ),
    First("test_reconnection", "{}", ALL, "reconnect"),
    First("test_x_mcp_header", r#"{"region":"eu"}"#, &[], "done: Looked in region eu."),
    First("greet", r#"{"name":"World"}"#, &[], "done: Hello, World!"),
    First("slow_compute", r#"{"seconds":0.5}"#, &[], "done: Computation unnamed took 500 ms."),
    First("slow_compute", r#"{"seconds":-1}"#, &[], "error: seconds must not be negative"),
    First("failing_job", "{}", &[], NEEDS_TASKS),
    First("failing_job", "{}", ALL, "error: The job failed, as it always does."),
    First("protocol_error_job", "{}", ALL, "bad params"),
    First("multi_input", "{}", ALL, "ask: elicitation/create name, elicitation/create confirm"),
    First("test_tool_with_task", "{}", &[], NEEDS_TASKS),
    First("test_tool_with_task", "{}", ALL, "ask: elicitation/create user_name"),
    First("no_such_tool", "{}", ALL, "unknown"),
];

#[test]
fn a_first_round_is_answered_as_the_suite_expects() {
    let fixture = Fixture::fresh().unwrap();
    for First(tool, arguments, can, expected) in FIRST_ROUNDS {
        let outcome = call(&fixture, tool, arguments, &Client::can(can));
        assert_eq!(told(outcome), *expected, "{tool}");
    }
}

#[test]
fn an_answer_completes_a_call_and_a_wrong_one_asks_again() {
    let alice = r#"{"user_name":{"action":"accept","content":{"name":"Alice"}}}"#;
    let extra = r#"{"user_name":{"action":"accept","content":{"name":"Alice"}},"other":{}}"#;
    let again = "ask: elicitation/create user_name";
    let paris = r#"{"capital_question":{"role":"assistant","content":{"type":"text","text":"Paris"},"model":"m"}}"#;
    let roots = r#"{"client_roots":{"roots":[{"uri":"file:///test/root","name":"Root"}]}}"#;
    let account = r#"{"account":{"action":"accept","content":{"username":"u"}}}"#;
    let fixture = Fixture::fresh().unwrap();
    let tool = "test_input_required_result_elicitation";
    for (name, tool, answers, expected) in [
        ("the right form", tool, alice, "done: Hello, Alice!"),
        ("extra keys", tool, extra, "done: Hello, Alice!"),
        ("another key", tool, r#"{"wrong_key":{"action":"accept","content":{}}}"#, again),
        ("a number", tool, r#"{"user_name":12345}"#, again),
        ("an unknown action", tool, r#"{"user_name":{"action":"maybe"}}"#, again),
        (
            "a form of another type",
            tool,
            r#"{"user_name":{"action":"accept","content":{"name":1}}}"#,
            again,
        ),
        ("a refusal", tool, r#"{"user_name":{"action":"decline"}}"#, "done: No name was given."),
        ("a model", "test_input_required_result_sampling", paris, "done: Paris"),
        (
            "roots",
            "test_input_required_result_list_roots",
            roots,
            "done: The client's roots: file:///test/root",
        ),
        ("a name for a task", "test_tool_with_task", alice, "done: The task for Alice is done."),
    ] {
        let client = Client::says(answers, None);
        assert_eq!(told(call(&fixture, tool, "{}", &client)), expected, "{name}");
    }
    let client = Client::says(account, None);
    assert_eq!(
        told(call(&fixture, "test_elicitation", r#"{"message":"m"}"#, &client)),
        r#"done: User response: action=accept, content={"username":"u"}"#
    );
}

#[test]
fn state_must_come_back_as_it_was_given() {
    let fixture = Fixture::fresh().unwrap();
    let tool = "test_input_required_result_tampered_state";
    let ok = r#"{"confirm":{"action":"accept","content":{"ok":true}}}"#;
    let state = state_of(call(&fixture, tool, "{}", &Client::new()));
    let foreign = "test_input_required_result_request_state";
    for (name, tool, state, expected) in [
        ("untouched", tool, Some(state.clone()), "done: Confirmed: state-ok"),
        ("with text behind", tool, Some(format!("{state}-TAMPERED")), "bad state"),
        ("of another tool", foreign, Some(state), "bad state"),
        ("left out", tool, None, "bad state"),
    ] {
        assert_eq!(told(call(&fixture, tool, "{}", &Client::says(ok, state))), expected, "{name}");
    }
}

#[test]
fn a_second_question_carries_what_the_first_one_gave() {
    let fixture = Fixture::fresh().unwrap();
    let tool = "test_input_required_result_multi_round";
    let first = state_of(call(&fixture, tool, "{}", &Client::new()));
    let name = r#"{"step1":{"action":"accept","content":{"name":"Alice"}}}"#;
    let color = r#"{"step2":{"action":"accept","content":{"color":"blue"}}}"#;
    let second = state_of(call(&fixture, tool, "{}", &Client::says(name, Some(first.clone()))));
    assert_ne!(first, second);
    let client = Client::says(color, Some(second));
    assert_eq!(told(call(&fixture, tool, "{}", &client)), "done: Alice likes blue.");
    let early = Client::says(color, Some(first));
    assert_eq!(
        told(call(&fixture, tool, "{}", &early)),
        "ask with state: elicitation/create step1"
    );
    let stateless = Client::says(name, None);
    assert_eq!(told(call(&fixture, tool, "{}", &stateless)), "bad state");
}

#[test]
fn three_answers_are_needed_together() {
    let fixture = Fixture::fresh().unwrap();
    let tool = "test_input_required_result_multiple_inputs";
    let state = state_of(call(&fixture, tool, "{}", &Client::new()));
    let all = r#"{"user_name":{"action":"accept","content":{"name":"Alice"}},"greeting":{"content":{"type":"text","text":"Hi"}},"client_roots":{"roots":[]}}"#;
    let two = r#"{"user_name":{"action":"accept","content":{"name":"Alice"}},"client_roots":{"roots":[]}}"#;
    let done = told(call(&fixture, tool, "{}", &Client::says(all, Some(state.clone()))));
    assert!(done.starts_with("done: Hi Alice"), "{done}");
    let asked = told(call(&fixture, tool, "{}", &Client::says(two, Some(state))));
    assert!(asked.starts_with("ask with state"), "{asked}");
}

#[test]
fn tools_that_report_do_it_in_order() {
    let fixture = Fixture::fresh().unwrap();
    for (tool, expected) in [
        (
            "test_tool_with_progress",
            "progress 0 of Some(100)|pause 50|progress 50 of Some(100)|pause 50|\
             progress 100 of Some(100)",
        ),
        (
            "test_tool_with_logging",
            "log info \"Tool execution started\"|pause 50|log info \"Tool processing data\"|\
             pause 50|log info \"Tool execution completed\"",
        ),
        ("test_trigger_tool_change", "changed Tools"),
        ("test_trigger_prompt_change", "changed Prompts"),
    ] {
        let client = Client::new();
        assert!(matches!(call(&fixture, tool, "{}", &client), Outcome::Done(_)), "{tool}");
        assert_eq!(client.noted().join("|"), expected, "{tool}");
    }
}

#[test]
fn a_stream_is_closed_early_only_where_it_can_be_resumed() {
    let fixture = Fixture::fresh().unwrap();
    for (name, resumed, stateless, reconnects) in [
        ("first run", false, false, true),
        ("second run", true, false, false),
        ("a revision without resumption", false, true, false),
    ] {
        let client = Client { resumed, stateless, ..Client::new() };
        let outcome = call(&fixture, "test_reconnection", "{}", &client);
        assert_eq!(matches!(outcome, Outcome::Reconnect { .. }), reconnects, "{name}");
    }
}

#[test]
fn prompts_are_filled_and_their_arguments_are_required() {
    let fixture = Fixture::fresh().unwrap();
    let get = |name: &str, arguments: &str, client: &Client| match fixture.prompt(
        name,
        &members(arguments),
        client,
    ) {
        Outcome::Done(result) => {
            result.messages.iter().map(|(_, content)| block(content)).collect::<Vec<_>>().join("+")
        }
        Outcome::Ask { questions, .. } => format!("ask {}", questions.first().unwrap().key),
        Outcome::BadParams(text) => text,
        Outcome::BadState | Outcome::Missing(_) | Outcome::Unknown | Outcome::Reconnect { .. } => {
            "other".to_owned()
        }
    };
    let context = r#"{"user_context":{"action":"accept","content":{"context":"here"}}}"#;
    let client = Client::new();
    for (name, arguments, client, expected) in [
        ("test_simple_prompt", "{}", &client, "This is a simple prompt for testing."),
        (
            "test_prompt_with_arguments",
            r#"{"arg1":"a","arg2":"b"}"#,
            &client,
            "Prompt with arguments: arg1='a', arg2='b'",
        ),
        (
            "test_prompt_with_arguments",
            r#"{"arg1":"a"}"#,
            &client,
            "arg2 is required and must be a string",
        ),
        (
            "test_prompt_with_embedded_resource",
            r#"{"resourceUri":"test://example-resource"}"#,
            &client,
            "test://example-resource Embedded resource content for testing.\
             +Please process the embedded resource above.",
        ),
        ("test_prompt_with_image", "{}", &client, "image/png+Please analyze the image above."),
        ("test_input_required_result_prompt", "{}", &client, "ask user_context"),
        (
            "test_input_required_result_prompt",
            "{}",
            &Client::says(context, None),
            "Use this context: here",
        ),
        ("no_such_prompt", "{}", &client, "other"),
    ] {
        assert_eq!(get(name, arguments, client), expected, "{name}");
    }
    assert!(fixture.prompts().iter().all(|prompt| !prompt.description.is_empty()));
}

#[test]
fn resources_that_do_not_exist_are_unknown() {
    let fixture = Fixture::fresh().unwrap();
    let client = Client::new();
    let read = |uri: &str| match fixture.resource(uri, &client) {
        Outcome::Done(found) => found.first().map(|found| found.data.as_str().to_owned()),
        Outcome::Ask { .. }
        | Outcome::BadParams(_)
        | Outcome::BadState
        | Outcome::Missing(_)
        | Outcome::Unknown
        | Outcome::Reconnect { .. } => None,
    };
    let listed: BTreeSet<_> = fixture.resources().into_iter().map(|card| card.uri).collect();
    assert_eq!(fixture.resources().first().unwrap().uri, "test://static-text");
    assert!(listed.iter().all(|uri| read(uri).is_some()));
    let record = r#"{"id":"123","templateTest":true,"data":"Data for ID: 123"}"#;
    assert_eq!(read("test://template/123/data").as_deref(), Some(record));
    for uri in [
        "test://nonexistent-resource-for-conformance-testing",
        "test://template//data",
        "test://template/1/2/data",
        "test://template/../data",
        "test://static-text/",
    ] {
        assert_eq!(read(uri), None, "{uri}");
    }
}

#[test]
fn completion_knows_its_references() {
    let fixture = Fixture::fresh().unwrap();
    let count = |reference: &str, name: &str, begun: &str| match fixture.complete(
        reference,
        (name, begun),
        &Grant::everything(),
    ) {
        Outcome::Done(values) => Some(values.len()),
        Outcome::Ask { .. }
        | Outcome::BadParams(_)
        | Outcome::BadState
        | Outcome::Missing(_)
        | Outcome::Unknown
        | Outcome::Reconnect { .. } => None,
    };
    assert_eq!(count("test_prompt_with_arguments", "arg1", "test"), Some(1));
    assert_eq!(count("test_prompt_with_arguments", "arg1", "x"), Some(0));
    assert_eq!(count("test_simple_prompt", "any", ""), Some(0));
    assert_eq!(count("no_such_prompt", "any", ""), None);
}

#[test]
fn the_command_line_takes_a_port_and_nothing_else() {
    for (line, expected) in [
        (vec![], Some(8011)),
        (vec!["--port", "0"], Some(0)),
        (vec!["--port=9"], Some(9)),
        (vec!["--port"], None),
        (vec!["--port", "65536"], None),
        (vec!["--port", "1", "2"], None),
        (vec!["8011"], None),
    ] {
        let given = line.iter().map(|word| (*word).to_owned());
        assert_eq!(crate::port(given), expected, "{line:?}");
    }
}
