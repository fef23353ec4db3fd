//! Zone: post-admission. What a server serves: the seam between protocol and content.
//!
//! The product and the conformance fixture are two implementations of [`Registry`].

use crate::audit;
use crate::auth::{Grant, Principal};
use crate::json::{Json, Object};
use crate::limits::QUESTION_MS;
use crate::sanitize::{CleanEncoded, CleanJson, CleanText};

/// Who this server says it is.
#[derive(Debug, Clone)]
pub struct ServerInfo {
    /// Machine name.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Version.
    pub version: String,
    /// One sentence on what it is.
    pub description: String,
    /// Home page; left out when empty.
    pub website: String,
    /// How to use it, for the model; left out when empty.
    pub instructions: String,
}

/// What is offered; `false` leaves the capability out and its methods are unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offers {
    /// `tools`
    pub tools: bool,
    /// `prompts`
    pub prompts: bool,
    /// `resources`
    pub resources: bool,
    /// `resources.subscribe`
    pub subscribe: bool,
    /// `completions`
    pub completions: bool,
    /// `logging`
    pub logging: bool,
    /// `listChanged` of tools, prompts and resources
    pub list_changed: bool,
    /// The tasks extension of 2026-07-28
    pub tasks: bool,
}

/// One tool of `tools/list`.
#[derive(Debug, Clone)]
pub struct ToolCard {
    /// Name, 1 to 64 of `[A-Za-z0-9_-]`.
    pub name: String,
    /// Name for people.
    pub title: Option<String>,
    /// What it does.
    pub description: String,
    /// Object schema of the arguments.
    pub input: Json,
    /// Schema of `structuredContent`, when the shape is ours.
    pub output: Option<Json>,
    /// Hints.
    pub hints: Option<Hints>,
}

/// Annotations of a tool.
#[derive(Debug, Clone, Copy)]
pub struct Hints {
    /// Changes nothing.
    pub read_only: bool,
    /// May destroy.
    pub destructive: bool,
    /// Twice is once.
    pub idempotent: bool,
    /// Reaches systems outside.
    pub open_world: bool,
}

/// One prompt of `prompts/list`.
#[derive(Debug, Clone)]
pub struct PromptCard {
    /// Name.
    pub name: String,
    /// Name for people.
    pub title: Option<String>,
    /// What it is for.
    pub description: String,
    /// Arguments in the order they are asked for.
    pub arguments: Vec<PromptArgument>,
}

/// One argument of a prompt.
#[derive(Debug, Clone)]
pub struct PromptArgument {
    /// Name.
    pub name: String,
    /// Name for people.
    pub title: Option<String>,
    /// What it is.
    pub description: String,
    /// True when there is no prompt without it.
    pub required: bool,
}

/// One resource of `resources/list`, or one template of `resources/templates/list`.
#[derive(Debug, Clone)]
pub struct ResourceCard {
    /// URI, or URI template.
    pub uri: String,
    /// Name.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// Media type.
    pub mime: String,
}

/// How a call is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Answers at once and never waits: runs where the request was read.
    Light,
    /// May wait or work: runs on a worker.
    Heavy,
    /// As heavy, and its answer is a task handle when the client declared the extension.
    Task,
    /// As heavy; becomes a task once the client has answered the questions of the first round.
    TaskOnceAnswered,
}

/// One content block.
#[derive(Debug, Clone)]
pub enum Content {
    /// `text`
    Text(CleanText),
    /// `image`: base64 data, media type
    Image(CleanText, CleanText),
    /// `audio`: base64 data, media type
    Audio(CleanText, CleanText),
    /// `resource`
    Resource(ResourceText),
}

/// The content of one resource.
#[derive(Debug, Clone)]
pub struct ResourceText {
    /// URI.
    pub uri: CleanText,
    /// Media type.
    pub mime: CleanText,
    /// Text, or base64 when `blob`.
    pub data: CleanText,
    /// True when `data` is base64 of bytes.
    pub blob: bool,
}

/// The result of a tool.
#[derive(Debug, Clone)]
pub struct CallResult {
    /// Content blocks.
    pub content: Vec<Content>,
    /// `structuredContent`; left out for revisions that do not know it.
    pub structured: Option<CleanEncoded>,
    /// True when the call failed and the text says why.
    pub is_error: bool,
}

/// The messages of a prompt: true for the assistant, false for the user.
#[derive(Debug, Clone)]
pub struct PromptResult {
    /// What the prompt is for.
    pub description: CleanText,
    /// The messages.
    pub messages: Vec<(bool, Content)>,
}

/// A question to the client: `elicitation/create`, `sampling/createMessage` or `roots/list`.
#[derive(Debug, Clone)]
pub struct Question {
    /// Key of the answer in [`Context::answer`].
    pub key: String,
    /// Method.
    pub method: &'static str,
    /// Parameters; every text inside must be clean.
    pub params: CleanJson,
}

/// How a registry answers.
#[derive(Debug)]
pub enum Outcome<T> {
    /// The result.
    Done(T),
    /// Ask the client, then call again with the answers and `state` in the context.
    Ask {
        /// Questions; may be empty in 2026-07-28 when there is a state.
        questions: Vec<Question>,
        /// State that comes back with the answers; sealed by the registry itself.
        state: Option<String>,
    },
    /// -32602 with this sentence.
    BadParams(String),
    /// -32602: the state that came back was not issued for this call, or its time is over.
    BadState,
    /// -32021 with these required capabilities.
    Missing(Json),
    /// Nothing of that name or URI.
    Unknown,
    /// Close this call's stream now; the client resumes for the answer (11 only), which the
    /// call gives when it is run again with `resumed` set.
    Reconnect {
        /// Milliseconds the client is told to wait.
        retry_ms: u64,
    },
}

/// What changed, for subscribers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// `notifications/tools/list_changed`
    Tools,
    /// `notifications/prompts/list_changed`
    Prompts,
    /// `notifications/resources/list_changed`
    Resources,
    /// `notifications/resources/updated`
    Updated(String),
}

/// What a call may know and do besides its arguments. The engine implements it.
pub trait Context {
    /// Returns the caller.
    fn principal(&self) -> &Principal;
    /// Returns which tools the caller may use.
    fn grant(&self) -> &Grant;
    /// Returns who calls, as log lines say it.
    fn caller(&self) -> audit::Caller<'_> {
        audit::Caller { principal: self.principal().name(), ..audit::Caller::default() }
    }
    /// True when the client declared capability `name`, such as `sampling` or `elicitation`.
    fn client_can(&self, name: &str) -> bool;
    /// Returns the time of this run in seconds since 1970.
    fn unix_seconds(&self) -> u64;
    /// Returns the client's answer to the question `key` of the round before.
    fn answer(&self, key: &str) -> Option<&Json>;
    /// True when this is a round after a question.
    fn answered(&self) -> bool;
    /// Returns the state given with the question.
    fn state(&self) -> Option<&str>;
    /// True when the call runs again after [`Outcome::Reconnect`].
    fn resumed(&self) -> bool;
    /// True in 2026-07-28.
    fn stateless(&self) -> bool;
    /// True when the caller no longer waits; the call should end soon.
    fn cancelled(&self) -> bool;
    /// Sends a log message if the caller asked for that level.
    fn log(&self, level: &'static str, data: CleanJson);
    /// Sends progress if the caller asked for it; whole numbers.
    fn progress(&self, progress: u64, total: Option<u64>, message: Option<CleanText>);
    /// Tells subscribers that something changed.
    fn changed(&self, change: Change);
    /// Waits until cancelled or `ms` have passed; the shell's clock, never a plain sleep.
    fn pause(&self, ms: u64);
}

/// A source of tools, prompts and resources. What is not offered need not be written.
pub trait Registry: Send + Sync {
    /// Returns who serves.
    fn server(&self) -> ServerInfo;
    /// Returns what is offered.
    fn offers(&self) -> Offers;
    /// Returns every tool in the order it is listed. A caller with a partial grant sees those of
    /// them that [`Registry::weight`] knows for it.
    fn tools(&self) -> Vec<ToolCard>;
    /// Returns the prompts in the order they are listed. A caller with a partial grant sees those
    /// of them that [`Registry::shows_prompt`] has for it.
    fn prompts(&self) -> Vec<PromptCard> {
        Vec::new()
    }
    /// True when the listed prompt `name` is there for a caller with `grant`.
    fn shows_prompt(&self, name: &str, grant: &Grant) -> bool {
        let _ = (name, grant);
        true
    }
    /// Returns the resources in the order they are listed.
    fn resources(&self) -> Vec<ResourceCard> {
        Vec::new()
    }
    /// Returns the resource templates in the order they are listed.
    fn templates(&self) -> Vec<ResourceCard> {
        Vec::new()
    }
    /// Returns how tool `name` runs, `None` when there is none for a caller with `grant` (a tool
    /// need not be listed). What is listed and what can be called follow from this alone.
    fn weight(&self, name: &str, grant: &Grant) -> Option<Weight>;
    /// Calls tool `name`, which there is for the caller.
    fn call(&self, name: &str, arguments: &Object, context: &dyn Context) -> Outcome<CallResult>;
    /// Returns for how many milliseconds a call waits for the answer to its questions.
    fn question_ms(&self) -> u64 {
        QUESTION_MS
    }
    /// Returns prompt `name`, with string arguments.
    fn prompt(
        &self,
        name: &str,
        arguments: &Object,
        context: &dyn Context,
    ) -> Outcome<PromptResult> {
        let _ = (name, arguments, context);
        Outcome::Unknown
    }
    /// Returns the contents of the resource `uri`.
    fn resource(&self, uri: &str, context: &dyn Context) -> Outcome<Vec<ResourceText>> {
        let _ = (uri, context);
        Outcome::Unknown
    }
    /// Returns completions for `argument` (name, value) of `reference` (a prompt name or a URI)
    /// for a caller with `grant`.
    fn complete(
        &self,
        reference: &str,
        argument: (&str, &str),
        grant: &Grant,
    ) -> Outcome<Vec<CleanText>> {
        let _ = (reference, argument, grant);
        Outcome::Unknown
    }
}
