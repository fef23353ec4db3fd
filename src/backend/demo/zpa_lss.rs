//! Zone: post-admission. The demo's log streaming: receivers, and the words their settings use.

use super::{Style, Tenant, answers, search};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::Json;

/// Answers with the one object of the table `name`.
pub(super) fn table(tenant: &Tenant, name: &str) -> ApiResponse {
    let found = tenant.table(Style::Zpa, name).first();
    found.map_or_else(|| answers::not_found(Style::Zpa), |words| answers::ok(words.clone()))
}

/// Answers with the templates of one kind of log, or of every kind when none is asked for.
pub(super) fn formats(tenant: &Tenant, request: &ApiRequest) -> ApiResponse {
    let Some(kind) = request.query_value("logType") else { return table(tenant, "lss_formats") };
    let found = tenant.table(Style::Zpa, "lss_formats").first().and_then(|words| words.get(kind));
    let unknown = || answers::bad_input(Style::Zpa, "This log type does not exist.");
    found.map_or_else(unknown, |templates| answers::ok(templates.clone()))
}

/// Answers with one page of the receivers; a search looks at their settings.
pub(super) fn configs(rows: &[Json], request: &ApiRequest) -> ApiResponse {
    let search = request.query_value("search");
    let fits = |row: &&Json| {
        let settings = row.get("config");
        search.is_none_or(|text| settings.is_some_and(|own| search::expression(own, text)))
    };
    let kept: Vec<&Json> = rows.iter().filter(fits).collect();
    answers::zpa_page(&kept, request)
}
