//! Zone: post-admission. The demo's digital experience: devices, alerts, names.
//!
//! Knows no time: every window of a request shows the same fixed records. Applications, whose
//! scores are counted from their users, are in `zdx_apps`.

use super::{Shelf, Style, Tenant, answers, zdx_apps, zdx_software, zdx_traces};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

pub(super) const APPS: &str = "apps";
pub(super) const DEVICES: &str = "devices";
pub(super) const PEOPLE: &str = "users";
pub(super) const PLACES: &str = "geos";
pub(super) const TRACES: &str = "deeptraces";
pub(super) const ANALYSES: &str = "analysis";
const ALERTS: &str = "alerts";
const DEPARTMENTS: &str = "administration/departments";
const PAGE_DEFAULT: usize = 10;

pub(super) const SHELVES: &[Shelf] = &[
    shelf(DEVICES, include_str!("data/zdx_devices.json")),
    shelf(ALERTS, include_str!("data/zdx_alerts.json")),
    shelf(APPS, include_str!("data/zdx_apps.json")),
    shelf(PEOPLE, include_str!("data/zdx_users.json")),
    shelf(PLACES, include_str!("data/zdx_geos.json")),
    shelf(DEPARTMENTS, include_str!("data/zdx_departments.json")),
    shelf(TRACES, include_str!("data/zdx_traces.json")),
    shelf(ANALYSES, include_str!("data/zdx_analyses.json")),
    table("measurements", include_str!("data/zdx_measurements.json")),
    table("probes", include_str!("data/zdx_probes.json")),
    table("software", include_str!("data/zdx_software.json")),
];

const fn shelf(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zdx, path, searched: &["name"], served: true, text }
}

const fn table(path: &'static str, text: &'static str) -> Shelf {
    Shelf { served: false, ..shelf(path, text) }
}

/// Answers a request below `/zdx/v1/`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    if request.method != ApiMethod::Get {
        return answers::read_only(Style::Zdx);
    }
    let parts: Vec<&str> = rest.split('/').collect();
    let answered = match *parts.as_slice() {
        [DEVICES] => Some(devices(tenant, request)),
        [DEVICES, id] => device(tenant, id, request),
        [DEVICES, id, TRACES, ref below @ ..] => zdx_traces::answer(tenant, id, below),
        [DEVICES, id, APPS, app, "web-probes"] => zdx_traces::probes(tenant, id, app, "web"),
        [DEVICES, id, APPS, app, "cloudpath-probes"] => {
            zdx_traces::probes(tenant, id, app, "cloudpath")
        }
        [ANALYSES, id] => zdx_traces::analysis(tenant, id),
        ["inventory", "software"] => Some(zdx_software::list(tenant, request)),
        ["inventory", "software", key] => zdx_software::details(tenant, key, request),
        ["administration", "departments"] => Some(names(rows(tenant, DEPARTMENTS), request)),
        ["administration", "locations"] => Some(names(sites(tenant, "locations"), request)),
        [ALERTS, "ongoing"] => Some(alerts(tenant, "ONGOING", request)),
        [ALERTS, "historical"] => Some(alerts(tenant, "CLOSED", request)),
        [ALERTS, id] => super::by_id(rows(tenant, ALERTS), id).map(|row| answers::ok(alert(row))),
        [ALERTS, id, "affected_devices"] => affected(tenant, id, request),
        [APPS, ref below @ ..] => zdx_apps::answer(tenant, below, request),
        _ => None,
    };
    answered.unwrap_or_else(|| answers::not_found(Style::Zdx))
}

/// Returns the records on the shelf `path`.
pub(super) fn rows<'a>(tenant: &'a Tenant, path: &str) -> &'a [Json] {
    tenant.records(Style::Zdx, path)
}

/// Returns the sites of the tenant, which are those of internet access.
fn sites<'a>(tenant: &'a Tenant, path: &str) -> &'a [Json] {
    tenant.records(Style::Zia, path)
}

/// Returns the site whose id is this.
pub(super) fn site<'a>(tenant: &'a Tenant, id: &Json) -> Option<&'a Json> {
    sites(tenant, "locations").iter().find(|site| site.get("id") == Some(id))
}

fn names(rows: &[Json], request: &ApiRequest) -> ApiResponse {
    let text = request.query_value("q").unwrap_or("");
    let kept = rows.iter().filter(|row| super::search::contains(row, &["name"], text));
    answers::ok(Json::Array(kept.map(|row| picked(row, &["id", "name"])).collect()))
}

fn devices(tenant: &Tenant, request: &ApiRequest) -> ApiResponse {
    let kept = rows(tenant, DEVICES).iter().filter(|device| {
        let person = person(tenant, device);
        let email = person.and_then(|person| person.get("email")).and_then(Json::as_str);
        let address = |member| address(device, member).unwrap_or("");
        in_scope(device, request)
            && among(request, "userids", &text(device, "userid"))
            && among(request, "emails", email.unwrap_or(""))
            && among(request, "mac_address", address("mac"))
            && among(request, "private_ipv4", address("ipv4"))
    });
    let shown = kept.map(|device| picked(device, &["id", "name", "userid"]));
    listed(DEVICES, &shown.collect::<Vec<_>>(), request)
}

fn device(tenant: &Tenant, id: &str, request: &ApiRequest) -> Option<ApiResponse> {
    let found = super::by_id(rows(tenant, DEVICES), id).filter(|row| in_scope(row, request))?;
    Some(answers::ok(picked(found, &["id", "name", "hardware", "network", "software"])))
}

fn address<'a>(device: &'a Json, member: &str) -> Option<&'a str> {
    device.get("network")?.as_array()?.first()?.get(member)?.as_str()
}

fn alerts(tenant: &Tenant, status: &str, request: &ApiRequest) -> ApiResponse {
    let kept = rows(tenant, ALERTS).iter().filter(|row| {
        let at = [("loc", "locations"), ("dept", "departments"), ("geo", "geolocations")];
        let touched = |(key, member): &(&str, &str)| {
            let items = row.get(member).and_then(Json::as_array).unwrap_or(&[]);
            items.iter().any(|item| among(request, key, &answers::id_of(item)))
        };
        row.get("alert_status").and_then(Json::as_str) == Some(status) && at.iter().all(touched)
    });
    listed(ALERTS, &kept.map(alert).collect::<Vec<_>>(), request)
}

fn alert(row: &Json) -> Json {
    let members = row.as_object().into_iter().flat_map(Object::iter);
    let shown = members.filter(|(name, _)| *name != DEVICES);
    Json::Object(shown.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}

fn affected(tenant: &Tenant, id: &str, request: &ApiRequest) -> Option<ApiResponse> {
    let alert = super::by_id(rows(tenant, ALERTS), id)?;
    let ids = alert.get(DEVICES).and_then(Json::as_array).unwrap_or(&[]);
    let kept = rows(tenant, DEVICES).iter().filter(|device| {
        let hit = ids.iter().any(|id| Some(id) == device.get("id"));
        hit && in_scope(device, request) && in_groups(tenant, device, request)
    });
    let shown = kept.map(|device| {
        let person = |member| {
            let found = person(tenant, device).and_then(|person| person.get(member));
            found.cloned().unwrap_or_default()
        };
        let own = |member| device.get(member).cloned().unwrap_or_default();
        object([
            ("id", own("id")),
            ("name", own("name")),
            ("userid", own("userid")),
            ("userName", person("name")),
            ("userEmail", person("email")),
        ])
    });
    Some(listed(DEVICES, &shown.collect::<Vec<_>>(), request))
}

fn in_groups(tenant: &Tenant, device: &Json, request: &ApiRequest) -> bool {
    let wanted = |group: &&Json| among(request, "location_groups", &answers::id_of(group));
    let inside = |group: &Json| {
        let members = group.get("locations").and_then(Json::as_array).unwrap_or(&[]);
        members.iter().any(|site| site.get("id") == device.get("location"))
    };
    request.query_value("location_groups").is_none()
        || sites(tenant, "locations/groups").iter().filter(wanted).any(inside)
}

fn person<'a>(tenant: &'a Tenant, device: &Json) -> Option<&'a Json> {
    rows(tenant, PEOPLE).iter().find(|person| person.get("id") == device.get("userid"))
}

/// True when the device is at the locations, departments and places the request names.
pub(super) fn in_scope(device: &Json, request: &ApiRequest) -> bool {
    let at = [("loc", "location"), ("dept", "department"), ("geo", "geo")];
    at.iter().all(|(key, member)| among(request, key, &text(device, member)))
}

/// True when `own` is one of the values of query member `key`, or there is none.
pub(super) fn among(request: &ApiRequest, key: &str, own: &str) -> bool {
    let mut values = request.query.iter().filter(|(name, _)| name == key).peekable();
    values.peek().is_none() || values.any(|(_, value)| value.eq_ignore_ascii_case(own))
}

fn text(record: &Json, member: &str) -> String {
    record.get(member).map_or_else(String::new, answers::text_of)
}

/// Returns `record` with only these members.
pub(super) fn picked(record: &Json, members: &[&str]) -> Json {
    let found = members.iter().filter_map(|name| Some((*name, record.get(name)?)));
    Json::Object(found.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}

/// Answers with one page of `rows` under `member`; the token of the next page is its first place.
pub(super) fn listed(member: &str, rows: &[Json], request: &ApiRequest) -> ApiResponse {
    let limit = answers::number(request, "limit").unwrap_or(PAGE_DEFAULT).max(1);
    let start = match request.query_value("offset") {
        None | Some("") => Some(0),
        Some(token) => token.strip_prefix("from-").and_then(|place| place.parse().ok()),
    };
    let Some(start) = start else {
        return answers::bad_input(Style::Zdx, "The offset is not one that was given out.");
    };
    let next = limit.saturating_add(start);
    let token = (next < rows.len()).then(|| Json::from(format!("from-{next}")));
    let page: Vec<Json> = rows.iter().skip(start).take(limit).cloned().collect();
    answers::ok(object([(member, page.into()), ("next_offset", token.unwrap_or_default())]))
}
