//! Zone: post-admission. The lists of tools, prompts, resources and templates, rendered once.
//!
//! Each revision sees only the members it knows (section 16); revisions that see the same bytes
//! share them. An answer is spliced around the shared bytes and never copies them, except for a
//! caller that may not use every tool: its lists are made of the pieces that are for it.

use core::ops::Range;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::auth::Grant;
use crate::json::{Json, Object, write};
use crate::mcp::call::Caller;
use crate::mcp::engine::Engine;
use crate::mcp::envelope::{Id, open};
use crate::mcp::mirror::{Mirror, mirrors};
use crate::mcp::registry::{Hints, PromptArgument, PromptCard, Registry, ResourceCard, ToolCard};
use crate::mcp::reply::Body;
use crate::mcp::revision::Revision;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    /// `tools/list`
    Tools,
    /// `prompts/list`
    Prompts,
    /// `resources/list`
    Resources,
    /// `resources/templates/list`
    Templates,
}

/// All lists, rendered, and what was learnt from the schemas on the way.
#[derive(Debug)]
pub(super) struct Lists {
    tools: Shapes,
    prompts: Shapes,
    resources: Shapes,
    templates: Shapes,
    /// Names of the tools in the order of the list.
    tool_names: Vec<String>,
    /// Names of the prompts in the order of the list.
    prompt_names: Vec<String>,
    mirrors: BTreeMap<String, Vec<Mirror>>,
    lasting: bool,
}

/// One list in the forms that the revisions see.
#[derive(Debug)]
struct Shapes {
    november_2024: Arc<List>,
    march_2025: Arc<List>,
    june_2025: Arc<List>,
    july_2026: Arc<List>,
}

/// A rendered array and where its items are.
#[derive(Debug)]
struct List {
    text: Arc<[u8]>,
    items: Vec<Range<usize>>,
}

impl List {
    fn render(cards: impl Iterator<Item = Json>) -> Self {
        let mut items = Vec::new();
        let mut text = vec![b'['];
        for card in cards {
            if !items.is_empty() {
                text.push(b',');
            }
            let start = text.len();
            write::compact(&card, &mut text);
            items.push(start..text.len());
        }
        text.push(b']');
        Self { text: text.into(), items }
    }

    /// Appends the array of the items whose place `keeps` accepts.
    fn only(&self, keeps: impl Fn(usize) -> bool, out: &mut Vec<u8>) {
        out.push(b'[');
        let kept = self.items.iter().enumerate().filter(|(place, _)| keeps(*place));
        for (index, (_, item)) in kept.enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(self.text.get(item.clone()).unwrap_or_default());
        }
        out.push(b']');
    }
}

impl Shapes {
    fn render<T>(cards: &[T], card: fn(&T, Revision) -> Json) -> Self {
        let list = |revision| Arc::new(List::render(cards.iter().map(|item| card(item, revision))));
        let share = |older: &Arc<List>, newer: Arc<List>| {
            if older.text == newer.text { Arc::clone(older) } else { newer }
        };
        let november_2024 = list(Revision::November2024);
        let march_2025 = share(&november_2024, list(Revision::March2025));
        let june_2025 = share(&march_2025, list(Revision::June2025));
        let july_2026 = share(&june_2025, list(Revision::July2026));
        Self { november_2024, march_2025, june_2025, july_2026 }
    }

    fn of(&self, revision: Revision) -> &List {
        match revision {
            Revision::November2024 => &self.november_2024,
            Revision::March2025 => &self.march_2025,
            Revision::June2025 | Revision::November2025 => &self.june_2025,
            Revision::July2026 => &self.july_2026,
        }
    }
}

impl Lists {
    /// Renders what `registry` has now.
    pub(super) fn render(registry: &dyn Registry) -> Self {
        let (tools, prompts) = (registry.tools(), registry.prompts());
        let mirrored = tools.iter().filter_map(|card| {
            let mirrors = mirrors(&card.input);
            (!mirrors.is_empty()).then(|| (card.name.clone(), mirrors))
        });
        Self {
            mirrors: mirrored.collect(),
            tool_names: tools.iter().map(|card| card.name.clone()).collect(),
            tools: Shapes::render(&tools, tool),
            prompt_names: prompts.iter().map(|card| card.name.clone()).collect(),
            prompts: Shapes::render(&prompts, prompt),
            resources: Shapes::render(&registry.resources(), |card, _| resource(card, "uri")),
            templates: Shapes::render(&registry.templates(), |card, _| {
                resource(card, "uriTemplate")
            }),
            lasting: !registry.offers().list_changed,
        }
    }

    /// Returns the header annotations of tool `name` (7.4).
    pub(super) fn mirrors(&self, name: &str) -> &[Mirror] {
        self.mirrors.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the answer to the request `id` of `caller` for `listing`.
    pub(super) fn answer(
        &self,
        listing: Listing,
        engine: &Engine,
        id: &Id,
        caller: &Caller,
    ) -> Body {
        let (revision, grant) = (caller.revision, &caller.grant);
        let (shapes, name) = match listing {
            Listing::Tools => (&self.tools, "tools"),
            Listing::Prompts => (&self.prompts, "prompts"),
            Listing::Resources => (&self.resources, "resources"),
            Listing::Templates => (&self.templates, "resourceTemplates"),
        };
        let mut before = Vec::with_capacity(80);
        open(&mut before, id);
        before.push(b'{');
        write::string(name, &mut before);
        before.push(b':');
        let mut after = Vec::with_capacity(240);
        let own = self.of_caller(listing, engine.registry(), grant);
        if revision.stateless() {
            // Public only where every caller sees the same tools (CACHE-2), which last unless they
            // may change. Other rights of the same caller show at once.
            after.extend_from_slice(
                if listing == Listing::Tools && self.lasting && own.is_none() {
                    b",\"ttlMs\":300000,\"cacheScope\":\"public\"".as_slice()
                } else {
                    b",\"ttlMs\":0,\"cacheScope\":\"private\"".as_slice()
                },
            );
        }
        engine.identity().close(&mut after, revision, "complete");
        after.push(b'}');
        let list = shapes.of(revision);
        let Some(own) = own else {
            return Body::Around(before, Arc::clone(&list.text), after);
        };
        list.only(|place| own.get(place) == Some(&true), &mut before);
        before.extend_from_slice(&after);
        Body::Whole(before)
    }

    /// Returns which items are for a caller with `grant`; `None` when its list is everybody's.
    fn of_caller(
        &self,
        listing: Listing,
        registry: &dyn Registry,
        grant: &Grant,
    ) -> Option<Vec<bool>> {
        if !grant.is_partial() {
            return None;
        }
        match listing {
            Listing::Tools => {
                let may = |name: &String| registry.weight(name, grant).is_some();
                Some(self.tool_names.iter().map(may).collect())
            }
            Listing::Prompts => {
                let may = |name: &String| registry.shows_prompt(name, grant);
                Some(self.prompt_names.iter().map(may).collect())
            }
            Listing::Resources | Listing::Templates => None,
        }
    }
}

fn tool(card: &ToolCard, revision: Revision) -> Json {
    let mut out = Object::new();
    out.set("name", card.name.as_str().into());
    if let Some(title) = card.title.as_ref().filter(|_| revision.has_titles()) {
        out.set("title", title.as_str().into());
    }
    out.set("description", card.description.as_str().into());
    out.set("inputSchema", card.input.clone());
    if let Some(output) = card.output.as_ref().filter(|schema| shows_output(schema, revision)) {
        out.set("outputSchema", output.clone());
    }
    if let Some(hints) = card.hints.filter(|_| revision.has_annotations()) {
        out.set("annotations", annotations(hints));
    }
    Json::Object(out)
}

/// True where the schema of the result may be shown: objects only before 2026-07-28 (TOOL-8).
fn shows_output(schema: &Json, revision: Revision) -> bool {
    let of_object = schema.get("type").and_then(Json::as_str) == Some("object");
    revision.stateless() || (revision.has_titles() && of_object)
}

/// Returns the hints; what reads only cannot destroy, so the others say nothing of it.
fn annotations(hints: Hints) -> Json {
    let mut out = Object::new();
    out.set("readOnlyHint", hints.read_only.into());
    if !hints.read_only {
        out.set("destructiveHint", hints.destructive.into());
        out.set("idempotentHint", hints.idempotent.into());
    }
    // Left out it is true.
    if !hints.open_world {
        out.set("openWorldHint", false.into());
    }
    out.into()
}

fn prompt(card: &PromptCard, revision: Revision) -> Json {
    let mut out = Object::new();
    out.set("name", card.name.as_str().into());
    if let Some(title) = card.title.as_ref().filter(|_| revision.has_titles()) {
        out.set("title", title.as_str().into());
    }
    out.set("description", card.description.as_str().into());
    let arguments = card.arguments.iter().map(|item| argument(item, revision));
    if !card.arguments.is_empty() {
        out.set("arguments", Json::Array(arguments.collect()));
    }
    Json::Object(out)
}

fn argument(argument: &PromptArgument, revision: Revision) -> Json {
    let mut out = Object::new();
    out.set("name", argument.name.as_str().into());
    if let Some(title) = argument.title.as_ref().filter(|_| revision.has_titles()) {
        out.set("title", title.as_str().into());
    }
    out.set("description", argument.description.as_str().into());
    out.set("required", argument.required.into());
    Json::Object(out)
}

fn resource(card: &ResourceCard, place: &str) -> Json {
    let mut out = Object::new();
    out.set(place, card.uri.as_str().into());
    out.set("name", card.name.as_str().into());
    out.set("description", card.description.as_str().into());
    out.set("mimeType", card.mime.as_str().into());
    Json::Object(out)
}
