//! Zone: post-admission. The demo's answers about sandbox, DLP and file types that are no plain
//! collection.

use super::{Style, Tenant, answers};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

/// Lists of which a short form is served, and the members it has.
const LITE: [&str; 3] = ["dlpDictionaries", "dlpEngines", "webDlpRules"];
const LITE_MEMBERS: [&str; 3] = ["id", "name", "predefinedEngineName"];

/// Answers a GET request; `None` for every other path.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> Option<ApiResponse> {
    let table = |name| tenant.table(Style::Zia, name);
    match rest {
        "fileTypeCategories" => return Some(file_types(table("file_type_categories"), request)),
        "sandbox/report/quota" => return Some(answers::ok(table("sandbox_quota").to_vec().into())),
        _ => {}
    }
    if let Some(hash) = rest.strip_prefix("sandbox/report/") {
        return Some(report(table("sandbox_reports"), hash, request));
    }
    let whole = rest.strip_suffix("/lite").filter(|path| LITE.contains(path))?;
    let rows = tenant.records(Style::Zia, whole).iter().map(|row| part(row, &LITE_MEMBERS));
    let rows: Vec<Json> = rows.collect();
    Some(answers::zia_page(&rows.iter().collect::<Vec<_>>(), request))
}

fn part(row: &Json, members: &[&str]) -> Json {
    let own = row.as_object().into_iter().flat_map(Object::iter);
    let kept = own.filter(|(name, _)| members.contains(name));
    Json::Object(kept.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}

fn file_types(table: &[Json], request: &ApiRequest) -> ApiResponse {
    let is_set = |key| request.query_value(key) == Some("true");
    let is_custom = |row: &&Json| row.get("custom").and_then(Json::as_bool) == Some(true);
    let kept = table.iter().filter(|row| !(is_set("excludeCustomFileTypes") && is_custom(row)));
    let members: &[&str] =
        if is_set("enums") { &["id"] } else { &["id", "name", "parent", "custom"] };
    answers::ok(kept.map(|row| part(row, members)).collect::<Vec<_>>().into())
}

fn report(table: &[Json], hash: &str, request: &ApiRequest) -> ApiResponse {
    let found = table.iter().find(|row| answers::id_of(row).eq_ignore_ascii_case(hash));
    let Some(found) = found else { return answers::not_found(Style::Zia) };
    let (title, member) = match request.query_value("details") {
        Some("full") => ("Full Details", "full"),
        _ => ("Summary", "summary"),
    };
    answers::ok(object([(title, found.get(member).cloned().unwrap_or_default())]))
}
