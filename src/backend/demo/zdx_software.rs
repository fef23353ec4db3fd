//! Zone: post-admission. The demo's software inventory, counted from the devices in scope.
//!
//! The table says for which system a software is made and on how many of those devices it stands.

use super::zdx::{self, DEVICES, PEOPLE};
use super::{Style, Tenant, answers, by_id};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

const SOFTWARE: &[&str] = &["software_name", "vendor", "software_group", "software_install_type"];

/// Answers with the software that is on a device in scope.
pub(super) fn list(tenant: &Tenant, request: &ApiRequest) -> ApiResponse {
    let rows = tenant.table(Style::Zdx, "software").iter().filter_map(|software| {
        let devices = devices(tenant, software, request);
        let mut users: Vec<&Json> = devices.iter().filter_map(|one| one.get("userid")).collect();
        users.sort_by_key(|user| user.as_i64());
        users.dedup();
        let mut row = common(software).as_object().cloned()?;
        row.set("user_total", answers::count(users.len()));
        row.set("device_total", answers::count(devices.len()));
        (!devices.is_empty()).then_some(Json::Object(row))
    });
    envelope(rows.collect())
}

/// Answers with the devices in scope that have the software `key`.
pub(super) fn details(tenant: &Tenant, key: &str, request: &ApiRequest) -> Option<ApiResponse> {
    let software = by_id(tenant.table(Style::Zdx, "software"), key)?;
    let rows = devices(tenant, software, request).into_iter().filter_map(|device| {
        let people = zdx::rows(tenant, PEOPLE);
        let person = people.iter().find(|person| person.get("id") == device.get("userid"));
        let of = |member| device.get("software").and_then(|own| own.get(member)).cloned();
        let mut row = common(software).as_object().cloned()?;
        row.set("software_version", software.get("version").cloned().unwrap_or_default());
        row.set("os", of("os_name").unwrap_or_default());
        row.set("device_id", answers::id_of(device).into());
        row.set("hostname", of("hostname").unwrap_or_default());
        row.set("user_id", person.map(answers::id_of).unwrap_or_default().into());
        row.set("username", person.and_then(|one| one.get("name")).cloned().unwrap_or_default());
        Some(Json::Object(row))
    });
    Some(envelope(rows.collect()))
}

fn common(software: &Json) -> Json {
    let mut row = Object::new();
    row.set("software_key", answers::id_of(software).into());
    for name in SOFTWARE {
        row.set(name, software.get(name).cloned().unwrap_or_default());
    }
    row.into()
}

fn envelope(rows: Vec<Json>) -> ApiResponse {
    answers::ok(object([("software", rows.into()), ("next_offset", Json::Null)]))
}

fn devices<'a>(tenant: &'a Tenant, software: &Json, request: &ApiRequest) -> Vec<&'a Json> {
    let system = software.get("os").and_then(Json::as_str).unwrap_or("");
    let every = software.get("every").and_then(Json::as_i64);
    let every = every.and_then(|every| usize::try_from(every).ok()).unwrap_or(1).max(1);
    let has = |device: &&Json| {
        let own = device.get("software").and_then(|own| own.get("os_name"));
        own.and_then(Json::as_str).is_some_and(|own| own.starts_with(system))
    };
    let wanted = |device: &&Json| {
        let user = device.get("userid").map(answers::text_of).unwrap_or_default();
        zdx::in_scope(device, request)
            && zdx::among(request, "userids", &user)
            && zdx::among(request, "deviceids", &answers::id_of(device))
    };
    let all = zdx::rows(tenant, DEVICES).iter().filter(has).step_by(every);
    all.filter(wanted).collect()
}
