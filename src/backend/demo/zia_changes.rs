//! Zone: post-admission. The demo's changes of internet access: kept at once, live when activated.

use super::changes::{self, Refusal};
use super::collections::collection;
use super::tenant::{Tenant, by_id};
use super::{Style, answers, zia, zia_app_rules, zia_devices, zia_settings};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

/// The lists of a category that entries are added to and removed from.
const LISTS: &[&str] = &[
    "urls",
    "dbCategorizedUrls",
    "keywords",
    "keywordsRetainingParentCategory",
    "ipRanges",
    "ipRangesRetainingParentCategory",
];

/// Carries out a change below `/zia/api/v1/`.
pub(super) fn answer(tenant: &mut Tenant, rest: &str, request: &ApiRequest) -> Option<ApiResponse> {
    if (request.method, rest) == (ApiMethod::Post, "status/activate") {
        tenant.pending = false;
        return Some(status(tenant));
    }
    let changed = change(tenant, rest, request)?;
    tenant.pending |= changed.is_ok();
    Some(changed.unwrap_or_else(|refusal| answers::refused(Style::Zia, refusal)))
}

/// Answers whether everything that was changed is live.
pub(super) fn status(tenant: &Tenant) -> ApiResponse {
    let word = if tenant.pending { "PENDING" } else { "ACTIVE" };
    answers::ok(object([("status", word.into())]))
}

/// Counts the entries of a category, as the service does for its lists.
pub(super) fn count(_: &mut Tenant, record: &mut Object) {
    let len = |name| record.get(name).and_then(Json::as_array).map_or(0, <[Json]>::len);
    let (urls, retained, keywords) = (len("urls"), len("dbCategorizedUrls"), len("keywords"));
    let retained_words = len("keywordsRetainingParentCategory");
    let counts = object([
        ("totalUrlCount", answers::count(urls.saturating_add(retained))),
        ("retainParentUrlCount", answers::count(retained)),
        ("totalKeywordCount", answers::count(keywords.saturating_add(retained_words))),
        ("retainParentKeywordCount", answers::count(retained_words)),
    ]);
    record.set("customUrlsCount", answers::count(urls));
    record.set("urlsRetainingParentCategoryCount", answers::count(retained));
    record.set("urlKeywordCounts", counts);
}

fn change(
    tenant: &mut Tenant,
    rest: &str,
    request: &ApiRequest,
) -> Option<Result<ApiResponse, Refusal>> {
    if rest.split('/').next() == Some(zia_app_rules::RULES) {
        return zia_app_rules::change(tenant, rest, request);
    }
    if let Some(changed) = zia_settings::change(tenant, rest, request) {
        return Some(changed);
    }
    let body = || changes::members(request.body.as_ref());
    let one = || {
        let (path, id) = rest.rsplit_once('/')?;
        Some((collection(Style::Zia, path)?, id))
    };
    Some(match request.method {
        ApiMethod::Get => return None,
        ApiMethod::Post => {
            let collection = collection(Style::Zia, rest)?;
            body().and_then(|sent| changes::create(tenant, collection, sent)).map(answers::ok)
        }
        ApiMethod::Put if rest == "cloudApplications/bulkUpdate" => {
            body().and_then(|sent| zia_devices::verdict(tenant, &sent))
        }
        ApiMethod::Put if rest == zia_devices::SETTINGS => zia_devices::settle(tenant, request),
        ApiMethod::Put => {
            let (collection, id) = one()?;
            let sent = match request.query_value("action") {
                Some(action) if collection.path == zia::CATEGORIES => {
                    body().and_then(|sent| listed(tenant, id, action, &sent))
                }
                _ => body(),
            };
            sent.and_then(|sent| changes::replace(tenant, collection, id, sent)).map(answers::ok)
        }
        ApiMethod::Delete => {
            let (collection, id) = one()?;
            changes::remove(tenant, collection, id).map(|()| answers::done(204, None))
        }
    })
}

/// Returns the category with the entries that were sent added to its lists, or taken out of them.
fn listed(tenant: &Tenant, id: &str, action: &str, sent: &Object) -> Result<Object, Refusal> {
    let adds = adds(action)?;
    let found = by_id(tenant.records(Style::Zia, zia::CATEGORIES), id).ok_or(Refusal::Unknown)?;
    let mut record = changes::members(Some(found))?;
    for name in LISTS {
        let Some(entries) = sent.get(name) else { continue };
        let entries = entries.as_array().ok_or(Refusal::NoList)?;
        let own = record.get(name).and_then(Json::as_array).unwrap_or(&[]);
        record.set(name, joined(own, entries, adds).into());
    }
    Ok(record)
}

/// True for the action that adds to a list, false for the one that takes out of it.
pub(super) fn adds(action: &str) -> Result<bool, Refusal> {
    match action {
        "ADD_TO_LIST" => Ok(true),
        "REMOVE_FROM_LIST" => Ok(false),
        _ => Err(Refusal::Action),
    }
}

/// Returns `own` with `entries` added, each once, or without them.
pub(super) fn joined(own: &[Json], entries: &[Json], adds: bool) -> Vec<Json> {
    let stays = own.iter().filter(|entry| adds || !entries.contains(entry));
    let mut list: Vec<Json> = stays.cloned().collect();
    for entry in entries.iter().filter(|_| adds) {
        if !list.contains(entry) {
            list.push(entry.clone());
        }
    }
    list
}
