//! Zone: post-admission. Prompts: what administrators do every week, as steps that name the tools.
//!
//! Plain constant data and what follows from it. A prompt is there only while every tool it needs
//! is served, a step with tools of its own only while those are, so no text sends an agent to a
//! tool that it cannot call. Nothing here confirms a change or tells an agent to.

mod fill;
mod tenant;
mod zcell;
mod zdx;
mod zia;
mod zpa;

use crate::json::Object;
use crate::mcp::registry::{PromptArgument, PromptCard};
use crate::sanitize::{CleanText, Scrubber};

/// One prompt.
#[derive(Debug, Clone, Copy)]
pub struct Prompt {
    /// Name.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Arguments in the order they are asked for.
    pub arguments: &'static [Argument],
    /// Without one of these tools there is no such prompt.
    pub needs: &'static [&'static str],
    /// The task, in one paragraph.
    pub task: &'static [Part],
    /// The steps; those that are shown are numbered.
    pub steps: &'static [Part],
}

/// One argument of a prompt.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// Name.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it is.
    pub description: &'static str,
    /// What may stand there.
    pub takes: Takes,
    /// True when there is no prompt without it.
    pub required: bool,
    /// What stands there when it is left out; empty for nothing.
    pub preset: &'static str,
}

/// What an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// One line of text.
    Text,
    /// Digits.
    Digits,
    /// A whole number from the first to the second.
    Whole(u32, u32),
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// A piece of text with holes `{argument}`.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// The text.
    pub text: &'static str,
    /// Tools it names besides those that the prompt needs; it is shown while all are served.
    pub needs: &'static [&'static str],
    /// Whether it depends on an argument.
    pub when: When,
    /// True when it names a tool that changes something.
    pub changes: bool,
}

/// Whether a part depends on an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It does not.
    Always,
    /// It is shown only with this argument.
    Given(&'static str),
    /// It is shown only without this argument.
    LeftOut(&'static str),
}

impl Part {
    /// Returns a part that is always shown.
    const fn new(text: &'static str) -> Self {
        Self { text, needs: &[], when: When::Always, changes: false }
    }

    /// Returns a part that is shown while `needs` are served.
    const fn with(needs: &'static [&'static str], text: &'static str) -> Self {
        Self { needs, ..Self::new(text) }
    }

    /// Returns a part about a change, shown while `needs` are served.
    const fn change(needs: &'static [&'static str], text: &'static str) -> Self {
        Self { changes: true, ..Self::with(needs, text) }
    }

    /// Shows it only with the argument `name`.
    const fn given(self, name: &'static str) -> Self {
        Self { when: When::Given(name), ..self }
    }

    /// Shows it only without the argument `name`.
    const fn left_out(self, name: &'static str) -> Self {
        Self { when: When::LeftOut(name), ..self }
    }
}

impl Argument {
    /// Returns a required argument.
    const fn required(name: &'static str, takes: Takes, title: &'static str) -> Self {
        Self { name, title, description: "", takes, required: true, preset: "" }
    }

    /// Returns an argument that may be left out.
    const fn optional(name: &'static str, takes: Takes, title: &'static str) -> Self {
        Self { required: false, ..Self::required(name, takes, title) }
    }

    /// Says what it is.
    const fn doc(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// Says what stands there when it is left out.
    const fn preset(self, preset: &'static str) -> Self {
        Self { preset, ..self }
    }
}

/// Returns every prompt, sorted by name.
pub fn rows() -> impl Iterator<Item = &'static Prompt> {
    [zcell::ROWS, zdx::ROWS, zia::ROWS, zpa::ROWS, tenant::ROWS].into_iter().flatten()
}

/// Returns the prompts all of whose tools are `served`.
pub fn offered(served: impl Fn(&str) -> bool) -> impl Iterator<Item = &'static Prompt> {
    rows().filter(move |prompt| prompt.needs.iter().all(|tool| served(tool)))
}

impl Prompt {
    /// Returns its text with the values of `given`, where what is `served` is told.
    ///
    /// # Errors
    /// A sentence that names the argument and says what is wrong with it.
    pub fn fill(
        &self,
        given: &Object,
        served: &dyn Fn(&str) -> bool,
        scrubber: &Scrubber,
    ) -> Result<CleanText, String> {
        fill::fill(self, given, served, scrubber)
    }

    /// Returns the words that its argument `name` takes and that begin with `begun`; `None` when it
    /// has no such argument.
    #[must_use]
    pub fn words(&self, name: &str, begun: &str) -> Option<Vec<CleanText>> {
        let argument = self.arguments.iter().find(|argument| argument.name == name)?;
        let words: &[&'static str] = match argument.takes {
            Takes::OneOf(words) => words,
            Takes::Text | Takes::Digits | Takes::Whole(..) => &[],
        };
        let fitting = words.iter().filter(|word| word.starts_with(begun));
        Some(fitting.map(|word| CleanText::fixed(word)).collect())
    }

    pub(super) fn card(&self) -> PromptCard {
        let argument = |argument: &Argument| PromptArgument {
            name: argument.name.to_owned(),
            title: Some(argument.title.to_owned()),
            description: argument.description.to_owned(),
            required: argument.required,
        };
        PromptCard {
            name: self.name.to_owned(),
            title: Some(self.title.to_owned()),
            description: self.description.to_owned(),
            arguments: self.arguments.iter().map(argument).collect(),
        }
    }
}

/// Returns the prompts with their arguments and tools, as a table for the README.
#[must_use]
pub fn markdown() -> String {
    let mut out = "| prompt | what it is for | arguments | needs |\n|---|---|---|---|".to_owned();
    for prompt in rows() {
        let mark = |argument: &Argument| {
            let optional = if argument.required { "" } else { "?" };
            format!("`{}`{optional}", argument.name)
        };
        let arguments: Vec<String> = prompt.arguments.iter().map(mark).collect();
        let needs: Vec<String> = prompt.needs.iter().map(|tool| format!("`{tool}`")).collect();
        out.push_str(&format!(
            "\n| `{}` | {} | {} | {} |",
            prompt.name,
            prompt.description,
            arguments.join(", "),
            needs.join(", ")
        ));
    }
    out
}
