//! Zone: post-admission. The demo's rules about cloud applications, and the applications.
//!
//! The rules of every class stand on one shelf; a path names the class, and what is of another
//! class is not there. Actions are those that all named applications take.

use super::changes::{self, Refusal};
use super::collections::collection;
use super::tenant::{Tenant, by_id};
use super::{Style, answers, search};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, object};

/// Where the rules are.
pub(super) const RULES: &str = "webApplicationRules";
/// The member with the class of a rule or of an action.
pub(super) const CLASS: &str = "type";

const ACTIONS: &str = "availableActions";
const CLASSES: [&str; 18] = [
    "AI_ML",
    "BUSINESS_PRODUCTIVITY",
    "CONSUMER",
    "DNS_OVER_HTTPS",
    "ENTERPRISE_COLLABORATION",
    "FILE_SHARE",
    "FINANCE",
    "HEALTH_CARE",
    "HOSTING_PROVIDER",
    "HUMAN_RESOURCES",
    "INSTANT_MESSAGING",
    "IT_SERVICES",
    "LEGAL",
    "SALES_AND_MARKETING",
    "SOCIAL_NETWORKING",
    "STREAMING_MEDIA",
    "SYSTEM_AND_DEVELOPMENT",
    "WEBMAIL",
];

/// Answers what is asked about rules and applications; `None` for every other path.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> Option<ApiResponse> {
    if let Some("policy" | "sslPolicy") = rest.strip_prefix("cloudApplications/") {
        return Some(applications(tenant.table(Style::Zia, "cloud_applications"), request));
    }
    let below = rest.strip_prefix(RULES)?;
    let mut pieces = below.split('/').skip(1);
    let class = pieces.next().unwrap_or_default();
    if !CLASSES.contains(&class) {
        return Some(answers::bad_input(Style::Zia, "No such class of applications."));
    }
    let records = tenant.records(Style::Zia, RULES);
    Some(match (request.method, pieces.next(), pieces.next()) {
        (ApiMethod::Post, Some(ACTIONS), None) => {
            actions(tenant.table(Style::Zia, "cloud_app_actions"), class, request)
        }
        (ApiMethod::Get, None, _) => {
            let kept: Vec<&Json> = records.iter().filter(|rule| is_of(rule, class)).collect();
            answers::zia_page(&kept, request)
        }
        (ApiMethod::Get, Some(id), None) => {
            let found = by_id(records, id).filter(|rule| is_of(rule, class));
            found.map_or_else(|| answers::not_found(Style::Zia), |rule| answers::ok(rule.clone()))
        }
        _ => answers::read_only(Style::Zia),
    })
}

/// Carries out a change of a rule; `None` when the request is none.
pub(super) fn change(
    tenant: &mut Tenant,
    rest: &str,
    request: &ApiRequest,
) -> Option<Result<ApiResponse, Refusal>> {
    let (class, id) = match rest.strip_prefix(RULES)?.strip_prefix('/')?.split_once('/') {
        Some((class, id)) => (class, Some(id)),
        None => (rest.strip_prefix(RULES)?.strip_prefix('/')?, None),
    };
    let class = CLASSES.into_iter().find(|known| *known == class)?;
    let rules = collection(Style::Zia, RULES)?;
    let sent = || {
        let mut sent = changes::members(request.body.as_ref())?;
        sent.set(CLASS, class.into());
        Ok(sent)
    };
    let known = |tenant: &Tenant, id| {
        let found = by_id(tenant.records(Style::Zia, RULES), id);
        found.filter(|rule| is_of(rule, class)).map(|_| ()).ok_or(Refusal::Unknown)
    };
    Some(match (request.method, id) {
        (ApiMethod::Post, None) => {
            sent().and_then(|sent| changes::create(tenant, rules, sent)).map(answers::ok)
        }
        (ApiMethod::Put, Some(id)) => known(tenant, id)
            .and_then(|()| sent())
            .and_then(|sent| changes::replace(tenant, rules, id, sent))
            .map(answers::ok),
        (ApiMethod::Delete, Some(id)) => known(tenant, id)
            .and_then(|()| changes::remove(tenant, rules, id))
            .map(|()| answers::done(204, None)),
        _ => return None,
    })
}

fn is_of(record: &Json, class: &str) -> bool {
    record.get(CLASS).and_then(Json::as_str) == Some(class)
}

/// Answers with the actions that every application named takes; all of the class without one.
fn actions(table: &[Json], class: &str, request: &ApiRequest) -> ApiResponse {
    let named = request.body.as_ref().and_then(|body| body.get("cloudApps"));
    let named = named.and_then(Json::as_array).unwrap_or(&[]);
    let rows = || table.iter().filter(|row| is_of(row, class));
    let of = |row: &Json| {
        row.get("actions").and_then(Json::as_array).map(<[Json]>::to_vec).unwrap_or_default()
    };
    let mut kept: Vec<Json> = Vec::new();
    for action in rows().flat_map(of) {
        if !kept.contains(&action) {
            kept.push(action);
        }
    }
    for app in named {
        let Some(row) = rows().find(|row| row.get("id") == Some(app)) else {
            return answers::bad_input(Style::Zia, "An application is not of this class.");
        };
        let own = of(row);
        kept.retain(|action| own.contains(action));
    }
    answers::ok(kept.into())
}

fn applications(table: &[Json], request: &ApiRequest) -> ApiResponse {
    let fits = |row: &&Json| {
        let text = |member| row.get(member).and_then(Json::as_str).unwrap_or_default();
        request.query_value("search").is_none_or(|t| search::contains(row, &["app", "appName"], t))
            && request
                .query_value("appClass")
                .is_none_or(|class| text("parent").eq_ignore_ascii_case(class))
    };
    let kept: Vec<&Json> = table.iter().filter(fits).collect();
    if request.query_value("groupResults") != Some("true") {
        return answers::zia_page(&kept, request);
    }
    let mut groups: Vec<(&Json, usize)> = Vec::new();
    for row in kept {
        match groups.iter_mut().find(|(first, _)| first.get("parent") == row.get("parent")) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => groups.push((row, 1)),
        }
    }
    let groups: Vec<Json> = groups.into_iter().map(|(row, count)| group(row, count)).collect();
    answers::zia_page(&groups.iter().collect::<Vec<_>>(), request)
}

fn group(row: &Json, count: usize) -> Json {
    let of = |member| row.get(member).cloned().unwrap_or_default();
    object([
        ("parent", of("parent")),
        ("parentName", of("parentName")),
        ("count", answers::count(count)),
    ])
}
