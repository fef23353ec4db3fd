//! Zone: post-admission. The demo's settings of internet access: one object at each path.
//!
//! What an update leaves out falls back: a switch is off and a list is empty afterwards. Members
//! that the setting does not have are not kept.

use super::changes::{self, RECORD_BYTES_MAX, Refusal};
use super::tenant::Tenant;
use super::zia_changes::{adds, joined};
use super::{Style, answers};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, Object, object, write};

/// The objects, and how the service takes changes of them.
const SINGLES: &[(&str, ApiMethod)] = &[
    ("advancedSettings", ApiMethod::Put),
    ("authSettings/exemptedUrls", ApiMethod::Post),
    ("cyberThreatProtection/advancedThreatSettings", ApiMethod::Put),
    ("cyberThreatProtection/atpMalwareInspection", ApiMethod::Put),
    ("cyberThreatProtection/atpMalwareProtocols", ApiMethod::Put),
    ("cyberThreatProtection/maliciousUrls", ApiMethod::Put),
    ("cyberThreatProtection/malwarePolicy", ApiMethod::Put),
    ("cyberThreatProtection/malwareSettings", ApiMethod::Put),
    ("cyberThreatProtection/securityExceptions", ApiMethod::Put),
    (HASHES, ApiMethod::Put),
];
const HASHES: &str = "behavioralAnalysisAdvancedSettings";
/// The hashes that the service takes in all.
const HASHES_MAX: usize = 10_000;

/// Answers with a setting, or with what is counted from one; `None` for every other path.
pub(super) fn answer(tenant: &Tenant, rest: &str) -> Option<ApiResponse> {
    let one = |path| tenant.records(Style::Zia, path).first().cloned().unwrap_or_default();
    if rest.strip_prefix(HASHES) == Some("/fileHashCount") {
        let held = one(HASHES);
        let held = held.get("md5HashValueList").and_then(Json::as_array).map_or(0, <[Json]>::len);
        return Some(answers::ok(object([
            ("blockedFileHashesCount", answers::count(held)),
            ("remainingFileHashes", answers::count(HASHES_MAX.saturating_sub(held))),
        ])));
    }
    let (path, _) = SINGLES.iter().find(|(path, _)| *path == rest)?;
    Some(answers::ok(one(path)))
}

/// Carries out a change of a setting; `None` when the request is none.
pub(super) fn change(
    tenant: &mut Tenant,
    rest: &str,
    request: &ApiRequest,
) -> Option<Result<ApiResponse, Refusal>> {
    let method = request.method;
    let (path, _) = SINGLES.iter().find(|single| **single == (rest, method))?;
    Some(changed(tenant, path, request).map(answers::ok))
}

fn changed(tenant: &mut Tenant, path: &str, request: &ApiRequest) -> Result<Json, Refusal> {
    let sent = changes::members(request.body.as_ref())?;
    let records = tenant.records_mut(Style::Zia, path).ok_or(Refusal::Unknown)?;
    let Some(Json::Object(own)) = records.first_mut() else { return Err(Refusal::Unknown) };
    let mut next = Object::new();
    for (name, value) in own.iter() {
        next.set(name, member(value, sent.get(name), request)?);
    }
    let bytes = write::to_text(&Json::Object(next.clone())).len();
    if bytes > RECORD_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    *own = next.clone();
    Ok(next.into())
}

/// Returns what becomes of the value `own` when `sent` is sent in its place.
fn member(own: &Json, sent: Option<&Json>, request: &ApiRequest) -> Result<Json, Refusal> {
    match (own, sent) {
        (Json::Array(list), Some(Json::Array(entries))) => {
            let is_entry = |entry: &Json| match entry {
                Json::String(text) => !text.trim().is_empty(),
                Json::Object(_) => list.first().is_none_or(|first| first.as_object().is_some()),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => false,
            };
            if !entries.iter().all(is_entry) {
                return Err(Refusal::NoList);
            }
            Ok(match request.query_value("action") {
                Some(action) => joined(list, entries, adds(action)?).into(),
                None => entries.clone().into(),
            })
        }
        (Json::Array(_), None) if request.query_value("action").is_none() => Ok(Vec::new().into()),
        (Json::Bool(_), None) => Ok(false.into()),
        (_, None) => Ok(own.clone()),
        (Json::Bool(_), Some(Json::Bool(_)))
        | (Json::Number(_), Some(Json::Number(_)))
        | (Json::String(_), Some(Json::String(_))) => Ok(sent.cloned().unwrap_or_default()),
        (Json::Array(_), Some(_)) => Err(Refusal::NoList),
        (_, Some(_)) => Err(Refusal::Kind),
    }
}
