//! Zone: post-admission. The single applications inside a segment, for browsers and for
//! privileged remote access: matched by domain with those that the segment has.
//!
//! Trusts neither what is given nor the list of the service: an application that cannot be told
//! apart is refused, and a list that is not whole is never taken for one that is.

use crate::json::{Json, Object};
use crate::tools::failure::Failure;
use crate::tools::forms::{text_of, written};
use crate::tools::frame::{Frame, is_nothing};
use crate::tools::param::Form;
use crate::tools::plan::{Cond, Maker, Member, Step, Value};

/// The applications of a new segment, with the type that they lack.
pub(super) const PRA_APPS: Maker = Maker { name: "zpa_pra_apps", make: pra_apps };

/// The applications that the segment shall have, matched with those that it has.
pub(super) const PRA_APPS_MERGED: Maker = Maker { name: "zpa_pra_apps", make: pra_apps_merged };

/// True when the applications that are given need those that there are.
pub(super) const PRA_APPS_GIVEN: Maker = Maker { name: "zpa_pra_apps", make: pra_apps_given };

/// True when `common_apps_dto` cannot be read.
pub(super) const PRA_APPS_CHECKED: Maker = Maker { name: "zpa_pra_apps", make: pra_apps_checked };

/// True when the first answer has more applications than one page shows.
const MORE: Maker = Maker { name: "zpa_pra_apps", make: more };

const ARGUMENT: &str = "common_apps_dto";
const CONFIGS: &str = "appsConfig";
const APP_ID: &str = "appId";

/// A kind of application inside a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct AppKind {
    word: &'static str,
    own_id: &'static str,
    deleted: &'static str,
}

/// Applications for browsers.
pub(super) const BROWSER: AppKind =
    AppKind { word: "BROWSER_ACCESS", own_id: "baAppId", deleted: "deletedBaApps" };

/// Applications for privileged remote access.
const REMOTE: AppKind =
    AppKind { word: "SECURE_REMOTE_ACCESS", own_id: "praAppId", deleted: "deletedPraApps" };

/// One application that a segment has.
#[derive(Debug)]
struct App {
    domain: String,
    id: String,
}

/// Returns `step`, which asks for the applications of a type, for a longer page: sent when the
/// first answer did not show all.
pub(super) const fn longer(step: Step, query: &'static [Member]) -> Step {
    step.query(query).when(&[Cond::Made(MORE)])
}

fn more(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    Ok(is_cut(frame, 0)?.into())
}

/// True when the answer of `step` is not the last page.
fn is_cut(frame: &Frame<'_>, step: usize) -> Result<bool, Failure> {
    let pages = frame.value(&Value::Answer(step, "/totalPages"))?.as_ref().map(text_of);
    Ok(pages.is_some_and(|pages| !matches!(pages.as_str(), "0" | "1")))
}

/// Returns the applications that the segment has.
fn stored(frame: &Frame<'_>) -> Result<Vec<App>, Failure> {
    const LISTS: [Value; 2] = [Value::Answer(1, "/list"), Value::Answer(0, "/list")];
    const FIRST: Value = Value::First(&LISTS);
    if is_cut(frame, 1)? {
        return Err(Failure::Argument(
            "the tenant has more applications of this type than can be compared, so nothing was \
             changed; change this segment in the console"
                .to_owned(),
        ));
    }
    let rows = frame.value(&FIRST)?.unwrap_or(Json::Null);
    let segment = frame.arguments().text("segment_id").unwrap_or_default();
    let own = |row: &&Json| row.get(APP_ID).map(text_of).as_deref() == Some(segment);
    let app = |row: &Json| {
        let text = |name| row.get(name).filter(|value| !value.is_null()).map(text_of);
        Some(App { domain: text("domain")?, id: text("id")? })
    };
    Ok(rows.as_array().unwrap_or(&[]).iter().filter(own).filter_map(app).collect())
}

fn pra_apps(frame: &Frame<'_>, given: &Json) -> Result<Json, Failure> {
    typed(frame, given, REMOTE).map(Json::from)
}

fn pra_apps_checked(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let given = frame.arguments().value(ARGUMENT).filter(|given| !is_nothing(given));
    given.map_or(Ok(()), |given| checked(frame, given, REMOTE))?;
    Ok(false.into())
}

fn pra_apps_given(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let given = frame.arguments().value(ARGUMENT);
    given
        .map_or(Ok(false), |given| typed(frame, given, REMOTE).map(|dto| has_configs(&dto)))
        .map(Json::from)
}

fn pra_apps_merged(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    merged(frame, frame.arguments().value(ARGUMENT).unwrap_or(&Json::Null), REMOTE)
}

fn has_configs(dto: &Object) -> bool {
    dto.get(CONFIGS).is_some()
}

/// Returns `given` as the service names its members, each application with a type.
///
/// # Errors
/// [`Failure::Argument`] when the applications are no list of objects.
pub(super) fn typed(frame: &Frame<'_>, given: &Json, kind: AppKind) -> Result<Object, Failure> {
    let dto = written(frame, ARGUMENT, Form::CamelNames, given)?;
    let mut dto = dto.as_object().cloned().ok_or_else(unreadable)?;
    let Some(configs) = dto.get(CONFIGS) else { return Ok(dto) };
    let mut apps = Vec::new();
    for config in configs.as_array().ok_or_else(unreadable)? {
        let mut app = config.as_object().cloned().ok_or_else(unreadable)?;
        if app.get("appTypes").is_none() {
            app.set("appTypes", vec![Json::from(kind.word)].into());
        }
        apps.push(app.into());
    }
    dto.set(CONFIGS, Json::Array(apps));
    Ok(dto)
}

/// Refuses applications that [`merged`] could not match.
///
/// # Errors
/// [`Failure::Argument`].
pub(super) fn checked(frame: &Frame<'_>, given: &Json, kind: AppKind) -> Result<(), Failure> {
    let dto = typed(frame, given, kind)?;
    let mut domains = Vec::new();
    for app in dto.get(CONFIGS).and_then(Json::as_array).unwrap_or(&[]) {
        let domain = app.get("domain").and_then(Json::as_str).filter(|text| !text.is_empty());
        let domain = domain.ok_or_else(|| {
            Failure::Argument(format!(
                "every item of apps_config in {ARGUMENT} needs a domain; by it the applications \
                 are told apart"
            ))
        })?;
        if domains.contains(&domain) {
            return Err(Failure::Argument(format!(
                "two items of apps_config in {ARGUMENT} have one domain"
            )));
        }
        domains.push(domain);
    }
    let deleted = dto.get(kind.deleted);
    if deleted.is_some_and(|ids| ids.as_array().is_none()) { Err(unreadable()) } else { Ok(()) }
}

/// Returns `given` with the ids of the applications that the segment has, and with those it has
/// and `given` does not name as deleted.
///
/// # Errors
/// [`Failure::Argument`] when it cannot be read or names another id than the stored one.
pub(super) fn merged(frame: &Frame<'_>, given: &Json, kind: AppKind) -> Result<Json, Failure> {
    checked(frame, given, kind)?;
    let mut dto = typed(frame, given, kind)?;
    if !has_configs(&dto) {
        return Ok(dto.into());
    }
    let stored = stored(frame)?;
    let segment = frame.arguments().text("segment_id").unwrap_or_default();
    let mut named = Vec::new();
    let mut apps = Vec::new();
    for config in dto.get(CONFIGS).and_then(Json::as_array).unwrap_or(&[]) {
        let mut app = config.as_object().cloned().unwrap_or_else(Object::new);
        let domain = app.get("domain").map(text_of).unwrap_or_default();
        let own = stored.iter().find(|own| own.domain == domain);
        identify(&mut app, APP_ID, segment)?;
        identify(&mut app, kind.own_id, own.map_or("", |own| own.id.as_str()))?;
        named.push(domain);
        apps.push(Json::from(app));
    }
    let mut deleted = dto.get(kind.deleted).and_then(Json::as_array).unwrap_or(&[]).to_vec();
    for gone in stored.iter().filter(|own| !named.contains(&own.domain)) {
        let id = Json::from(gone.id.as_str());
        if !deleted.contains(&id) {
            deleted.push(id);
        }
    }
    dto.set(CONFIGS, Json::Array(apps));
    if !deleted.is_empty() {
        dto.set(kind.deleted, Json::Array(deleted));
    }
    Ok(dto.into())
}

/// Returns the applications of a stored segment that are `given`, with their ids.
///
/// # Errors
/// [`Failure::Argument`] when the segment has none of that domain.
pub(super) fn matched(frame: &Frame<'_>, given: &[Object]) -> Result<Json, Failure> {
    let stored = stored(frame)?;
    let segment = frame.arguments().text("segment_id").unwrap_or_default();
    let mut apps = Vec::new();
    for app in given {
        let mut app = app.clone();
        let domain = app.get("domain").map(text_of).unwrap_or_default();
        let own = stored.iter().find(|own| own.domain == domain).ok_or_else(|| {
            Failure::Argument(
                "the segment has no browser-access application with the domain of one in \
                 clientless_app_ids, so nothing was changed; get_zpa_app_segments_by_type with \
                 BROWSER_ACCESS lists them, and common_apps_dto in advanced of \
                 zpa_update_application_segment_ba adds one"
                    .to_owned(),
            )
        })?;
        identify(&mut app, "id", &own.id)?;
        identify(&mut app, APP_ID, segment)?;
        apps.push(Json::from(app));
    }
    Ok(Json::Array(apps))
}

/// Sets an id; one that is given must be the same.
fn identify(app: &mut Object, member: &str, id: &str) -> Result<(), Failure> {
    let given = app.get(member).filter(|given| !is_nothing(given)).map(text_of);
    if given.is_some_and(|given| given != id) {
        return Err(Failure::Argument(
            "an application names an id that is not its own in this segment, so nothing was \
             changed; leave the ids out, they are found by the domain"
                .to_owned(),
        ));
    }
    app.set(member, id.into());
    Ok(())
}

fn unreadable() -> Failure {
    Failure::Argument(format!(
        "{ARGUMENT} must be an object such as {{\"apps_config\": [{{\"domain\": \
         \"ssh.example.com\", \"application_protocol\": \"SSH\", \"application_port\": \"22\"}}]}}"
    ))
}
