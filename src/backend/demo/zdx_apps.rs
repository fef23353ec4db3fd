//! Zone: post-admission. The demo's applications, with scores counted from the users in scope.

use super::zdx::{self, APPS, DEVICES, PEOPLE, PLACES};
use super::{Tenant, answers};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

/// The hour of the first value of every trend: 2026-01-12 00:00 UTC, in seconds.
const TREND_START: i64 = 1_768_176_000;
const HOUR: i64 = 3_600;
const METRICS: [(&str, &str); 3] = [("pft", "ms"), ("dns", "ms"), ("availability", "percent")];
/// The lowest scores of the middle and the upper third.
const OKAY: i64 = 34;
const GOOD: i64 = 66;

/// A user of an application, with those of the user's devices that the request is about.
struct Use<'a> {
    person: &'a Json,
    score: i64,
    devices: Vec<&'a Json>,
}

/// Answers a request whose path segments below `apps` are these.
pub(super) fn answer(tenant: &Tenant, below: &[&str], request: &ApiRequest) -> Option<ApiResponse> {
    let apps = zdx::rows(tenant, APPS);
    let Some((id, rest)) = below.split_first() else {
        let rows = apps.iter().filter_map(|app| summary(tenant, app, request));
        return Some(answers::ok(Json::Array(rows.collect())));
    };
    let app = super::by_id(apps, id)?;
    let uses = uses(tenant, app, request);
    match *rest {
        [] => Some(answers::ok(single(tenant, app, &uses))),
        ["score"] => Some(answers::ok(trend(app, "score", "", &uses))),
        ["metrics"] => Some(metrics(app, &uses, request)),
        ["users"] => Some(users(&uses, request)),
        ["users", user] => one_user(tenant, &uses, user),
        _ => None,
    }
}

fn uses<'a>(tenant: &'a Tenant, app: &'a Json, request: &ApiRequest) -> Vec<Use<'a>> {
    let scores = app.get("scores").and_then(Json::as_array).unwrap_or(&[]);
    let one = |row: &'a Json| {
        let id = row.get("user")?;
        let person =
            zdx::rows(tenant, PEOPLE).iter().find(|person| person.get("id") == Some(id))?;
        let devices = zdx::rows(tenant, DEVICES)
            .iter()
            .filter(|device| device.get("userid") == Some(id) && zdx::in_scope(device, request));
        let devices: Vec<&Json> = devices.collect();
        let score = row.get("score")?.as_i64()?;
        (!devices.is_empty()).then_some(Use { person, score, devices })
    };
    scores.iter().filter_map(one).collect()
}

/// Returns the application as lists show it; an application nobody in scope uses is not shown.
fn summary(tenant: &Tenant, app: &Json, request: &ApiRequest) -> Option<Json> {
    let uses = uses(tenant, app, request);
    let mut row = common(tenant, app, &uses);
    row.set("total_users", answers::count(uses.len()));
    (!uses.is_empty()).then_some(row.into())
}

fn single(tenant: &Tenant, app: &Json, uses: &[Use<'_>]) -> Json {
    let number =
        |fits: fn(i64) -> bool| answers::count(uses.iter().filter(|one| fits(one.score)).count());
    let mut row = common(tenant, app, uses);
    let devices = uses.iter().map(|one| one.devices.len()).sum();
    let stats = object([
        ("active_users", answers::count(uses.len())),
        ("active_devices", answers::count(devices)),
        ("num_poor", number(|score| score < OKAY)),
        ("num_okay", number(|score| (OKAY..GOOD).contains(&score))),
        ("num_good", number(|score| score >= GOOD)),
    ]);
    row.set("stats", stats);
    row.into()
}

fn common(tenant: &Tenant, app: &Json, uses: &[Use<'_>]) -> Object {
    let mut row = Object::new();
    for member in ["id", "name"] {
        row.set(member, app.get(member).cloned().unwrap_or_default());
    }
    let total: i64 = uses.iter().map(|one| one.score).sum();
    if let Ok(count) = i64::try_from(uses.len())
        && let Some(mean) = total.checked_div(count)
    {
        row.set("score", mean.into());
    }
    if let Some(place) = worst_place(tenant, uses) {
        row.set("most_impacted_region", zdx::picked(place, &["id", "country"]));
    }
    row
}

/// Returns where the user with the lowest score is.
fn worst_place<'a>(tenant: &'a Tenant, uses: &[Use<'_>]) -> Option<&'a Json> {
    let worst = uses.iter().min_by_key(|one| one.score)?;
    place(tenant, worst.devices.first()?)
}

fn place<'a>(tenant: &'a Tenant, device: &Json) -> Option<&'a Json> {
    zdx::rows(tenant, PLACES).iter().find(|place| place.get("id") == device.get("geo"))
}

fn metrics(app: &Json, uses: &[Use<'_>], request: &ApiRequest) -> ApiResponse {
    let wanted = request.query_value("metric_name");
    let kept = METRICS.iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
    answers::ok(Json::Array(kept.map(|(name, unit)| trend(app, name, unit, uses)).collect()))
}

/// Returns one value an hour, or none when nobody in scope uses the application.
fn trend(app: &Json, name: &str, unit: &str, uses: &[Use<'_>]) -> Json {
    let values = app.get("trend").and_then(|trend| trend.get(name)).and_then(Json::as_array);
    let values = values.filter(|_| !uses.is_empty()).unwrap_or(&[]);
    let hours = (0..).map(|hour: i64| TREND_START + hour * HOUR);
    let points = hours
        .zip(values)
        .map(|(time, value)| object([("timestamp", time.into()), ("value", value.clone())]));
    object([
        ("metric", name.into()),
        ("unit", unit.into()),
        ("datapoints", Json::Array(points.collect())),
    ])
}

fn users(uses: &[Use<'_>], request: &ApiRequest) -> ApiResponse {
    let kept = uses.iter().filter(|one| match request.query_value("score_bucket") {
        None => true,
        Some("poor") => one.score < OKAY,
        Some("okay") => (OKAY..GOOD).contains(&one.score),
        Some(_) => one.score >= GOOD,
    });
    zdx::listed(PEOPLE, &kept.map(|one| user(one).into()).collect::<Vec<_>>(), request)
}

fn user(one: &Use<'_>) -> Object {
    let mut row = one.person.as_object().cloned().unwrap_or_default();
    row.set("score", one.score.into());
    row
}

fn one_user(tenant: &Tenant, uses: &[Use<'_>], id: &str) -> Option<ApiResponse> {
    let one = uses.iter().find(|one| answers::id_of(one.person) == id)?;
    let devices = one.devices.iter().map(|device| {
        let site = device.get("location").and_then(|id| zdx::site(tenant, id));
        let site = site.map(|site| zdx::picked(site, &["id", "name"]));
        object([
            ("devices", vec![zdx::picked(device, &["id", "name"])].into()),
            ("zs_loc", Json::Array(site.into_iter().collect())),
            ("geo_loc", Json::Array(place(tenant, device).cloned().into_iter().collect())),
        ])
    });
    let mut row = user(one);
    row.set("devices", Json::Array(devices.collect()));
    Some(answers::ok(row.into()))
}
