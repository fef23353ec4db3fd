//! Zone: post-admission. Resources: the catalogue as it is served, and the posture of the server.
//!
//! Made of constants and of what the operator's settings come to. A URI is compared, never taken
//! apart into paths. A caller sees the tools that it may use, and of the posture the states and
//! fixed sentences: no value of a setting is in it.

use crate::json::{Json, Object, object};
use crate::mcp::registry::{ResourceCard, ResourceText};
use crate::sanitize::{CleanText, Scrubber, TooDeep};
use crate::tools::row::Row;
use crate::tools::schema;

const CATALOGUE: &str = "zscaler://catalogue";
const OF_TOOLSET: &str = "zscaler://catalogue/";
/// The template of the resources of single toolsets.
pub(super) const TEMPLATE: &str = "zscaler://catalogue/{toolset}";
const POSTURE: &str = "zscaler://posture";
const MIME: &str = "application/json";

/// Returns what `resources/list` shows; the posture only when it `has` one.
pub(super) fn cards(has_posture: bool) -> Vec<ResourceCard> {
    let catalogue = card(
        CATALOGUE,
        "Catalogue",
        "The tools that are served to you, by service and toolset, each with what it does.",
    );
    let posture = card(
        POSTURE,
        "Posture",
        "How this server is protected: every defence, whether it is on, and how.",
    );
    let posture = has_posture.then_some(posture);
    [catalogue].into_iter().chain(posture).collect()
}

/// Returns what `resources/templates/list` shows.
pub(super) fn templates() -> Vec<ResourceCard> {
    vec![card(
        TEMPLATE,
        "Toolset",
        "The tools of one toolset with whole descriptions and arguments; zscaler://catalogue names \
         the toolsets.",
    )]
}

fn card(uri: &str, name: &str, description: &str) -> ResourceCard {
    ResourceCard {
        uri: uri.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        mime: MIME.to_owned(),
    }
}

/// Returns the resource `uri` of a server that serves `rows`, sorted by name, to the caller;
/// `None` when there is none.
pub(super) fn read(
    uri: &str,
    rows: &[&'static Row],
    posture: Option<&Json>,
    scrubber: &Scrubber,
) -> Option<Result<ResourceText, TooDeep>> {
    let (uri, value) = match uri {
        CATALOGUE => (CleanText::fixed(CATALOGUE), catalogue(rows)),
        POSTURE => (CleanText::fixed(POSTURE), posture?.clone()),
        _ => {
            let wanted = uri.strip_prefix(OF_TOOLSET)?;
            let id = toolsets(rows).into_iter().find(|id| *id == wanted)?;
            let parts = [&CleanText::fixed(OF_TOOLSET), &CleanText::fixed(id)];
            (CleanText::join(&parts, ""), toolset(id, rows))
        }
    };
    let mime = CleanText::fixed(MIME);
    let text = scrubber.value(value).map(|clean| clean.pretty());
    Some(text.map(|data| ResourceText { uri, mime, data, blob: false }))
}

/// Returns the ids of the toolsets that have tools among `rows`, sorted.
pub(super) fn toolsets(rows: &[&'static Row]) -> Vec<&'static str> {
    let mut ids: Vec<&'static str> = rows.iter().map(|row| row.toolset).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn catalogue(rows: &[&'static Row]) -> Json {
    let mut services: Vec<&str> = rows.iter().map(|row| row.service()).collect();
    services.sort_unstable();
    services.dedup();
    let ids = toolsets(rows);
    let service = |service: &str| {
        let of_service =
            |id: &&&str| rows.iter().any(|row| row.toolset == **id && row.service() == service);
        let sets: Vec<Json> = ids.iter().filter(of_service).map(|id| brief(id, rows)).collect();
        object([("service", service.into()), ("toolsets", sets.into())])
    };
    let services: Vec<Json> = services.into_iter().map(service).collect();
    object([("tools", count(rows.len())), ("services", services.into())])
}

fn brief(id: &str, rows: &[&'static Row]) -> Json {
    let tool = |row: &&'static Row| {
        let description = row.doc.lines().next().unwrap_or_default();
        object([
            ("name", row.name.into()),
            ("verb", row.verb.word().into()),
            ("description", description.into()),
        ])
    };
    let tools: Vec<Json> = rows.iter().filter(|row| row.toolset == id).map(tool).collect();
    object([
        ("toolset", id.into()),
        ("uri", format!("{OF_TOOLSET}{id}").into()),
        ("tools", tools.into()),
    ])
}

fn toolset(id: &str, rows: &[&'static Row]) -> Json {
    let tool = |row: &&'static Row| {
        let card = schema::card(row);
        let mut out = Object::new();
        out.set("name", row.name.into());
        out.set("title", row.title.into());
        out.set("verb", row.verb.word().into());
        out.set("asks_a_person", (!row.asks.is_empty()).into());
        out.set("description", row.doc.into());
        out.set("arguments", card.input);
        Json::Object(out)
    };
    let tools: Vec<Json> = rows.iter().filter(|row| row.toolset == id).map(tool).collect();
    object([("toolset", id.into()), ("tools", tools.into())])
}

fn count(number: usize) -> Json {
    u64::try_from(number).unwrap_or(u64::MAX).into()
}
