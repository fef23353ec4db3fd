//! Zone: post-admission. The demo's lists of internet access that have filters of their own.
//!
//! People, network services and applications, addresses; every other path is a plain collection.

use super::{Style, Tenant, answers, by_id, search};
use crate::backend::{ApiBody, ApiRequest, ApiResponse};
use crate::json::{Json, Object};

/// True for the records that a request wants.
type Keep = fn(&Json, &ApiRequest) -> bool;

/// Answers a GET request below `/zia/api/v1/`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    match rest {
        "users" => filtered(tenant, rest, request, user),
        "groups" => filtered(tenant, rest, request, group),
        "departments" => filtered(tenant, rest, request, department),
        "networkServices" => filtered(tenant, rest, request, service),
        "staticIP" => filtered(tenant, rest, request, address),
        _ => match (rest.strip_prefix("departments/lite/"), rest.split('/').next()) {
            (Some(id), _) => lite(tenant, id),
            (None, Some("networkApplications")) => applications(tenant, rest, request),
            (None, _) => tenant.collection(Style::Zia, rest, request),
        },
    }
}

fn filtered(tenant: &Tenant, path: &str, request: &ApiRequest, keep: Keep) -> ApiResponse {
    let records = tenant.records(Style::Zia, path);
    let mut kept: Vec<&Json> = records.iter().filter(|record| keep(record, request)).collect();
    match request.query_value("sortBy") {
        Some("id") => kept.sort_by_key(|record| record.get("id").and_then(Json::as_i64)),
        Some("name") => kept.sort_by_cached_key(|record| name_of(record).to_lowercase()),
        _ => {}
    }
    if request.query_value("sortOrder") == Some("desc") {
        kept.reverse();
    }
    answers::zia_page(&kept, request)
}

fn name_of(record: &Json) -> &str {
    record.get("name").and_then(Json::as_str).unwrap_or("")
}

/// True when the request has no `key`, or when one of `members` contains its value.
fn fits(record: &Json, members: &[&str], request: &ApiRequest, key: &str) -> bool {
    request.query_value(key).is_none_or(|text| search::contains(record, members, text))
}

fn user(record: &Json, request: &ApiRequest) -> bool {
    let department = record.get("department").unwrap_or(&Json::Null);
    let groups = record.get("groups").and_then(Json::as_array).unwrap_or(&[]);
    let named = |record: &Json, key| {
        request.query_value(key).is_none_or(|text| search::begins(record, "name", text))
    };
    named(record, "name")
        && named(department, "dept")
        && (request.query_value("group").is_none()
            || groups.iter().any(|group| named(group, "group")))
}

fn group(record: &Json, request: &ApiRequest) -> bool {
    let members = &["name", "comments"];
    fits(record, members, request, "search") && fits(record, members, request, "definedBy")
}

fn department(record: &Json, request: &ApiRequest) -> bool {
    let names_only = request.query_value("limitSearch") == Some("true");
    let members: &[&str] = if names_only { &["name"] } else { &["name", "comments"] };
    fits(record, members, request, "search")
}

pub(super) fn service(record: &Json, request: &ApiRequest) -> bool {
    fits(record, &["name", "description"], request, "search")
        && request.query_value("protocol").is_none_or(|protocol| speaks(record, protocol))
}

fn address(record: &Json, request: &ApiRequest) -> bool {
    fits(record, &["ipAddress", "comment"], request, "search")
        && request
            .query_value("ipAddress")
            .is_none_or(|address| record.get("ipAddress").and_then(Json::as_str) == Some(address))
}

fn speaks(record: &Json, protocol: &str) -> bool {
    let any = |members: [&str; 2]| {
        members.iter().any(|member| {
            record.get(member).and_then(Json::as_array).is_some_and(|ports| !ports.is_empty())
        })
    };
    let tag = record.get("tag").and_then(Json::as_str).unwrap_or("");
    match protocol {
        "TCP" => any(["srcTcpPorts", "destTcpPorts"]),
        "UDP" => any(["srcUdpPorts", "destUdpPorts"]),
        "ICMP" => tag.starts_with("ICMP"),
        _ => tag == protocol,
    }
}

fn lite(tenant: &Tenant, id: &str) -> ApiResponse {
    let departments = tenant.records(Style::Zia, "departments");
    let Some(Json::Object(whole)) = by_id(departments, id) else {
        return answers::not_found(Style::Zia);
    };
    let kept = whole.iter().filter(|(name, _)| matches!(*name, "id" | "name"));
    let kept: Object = kept.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    answers::ok(kept.into())
}

/// Answers with names of texts, or with the texts when a locale is asked for; of the languages
/// only French is there, any other locale reads English.
fn applications(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    let mut response = tenant.collection(Style::Zia, rest, request);
    let Some(locale) = request.query_value("locale") else { return response };
    let language = if locale.starts_with("fr") { "fr" } else { "en" };
    if let ApiBody::Json(Json::Array(records)) = &mut response.body {
        for record in records {
            let texts =
                by_id(tenant.table(Style::Zia, "application_texts"), &answers::id_of(record));
            let text = texts.and_then(|texts| texts.get(language)).cloned();
            if let (Json::Object(members), Some(text)) = (record, text) {
                members.set("description", text);
            }
        }
    }
    response
}
