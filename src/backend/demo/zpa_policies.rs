//! Zone: post-admission. The demo's policy sets of private access and the rules in them.

use super::{Style, Tenant, answers, by_id, zpa};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::Json;

/// Answers a request below `policySet/`: a set by type, the rules of a type, or one rule of a set.
pub(super) fn answer(tenant: &Tenant, below: &str, request: &ApiRequest) -> ApiResponse {
    let missing = || answers::not_found(Style::Zpa);
    let pieces: Vec<&str> = below.split('/').collect();
    match pieces.as_slice() {
        ["policyType", kind] => {
            let set = sets(tenant).find(|row| text(row, "type") == Some(kind));
            let set = set.and_then(|row| row.get("set"));
            set.map_or_else(missing, |set| answers::ok(set.clone()))
        }
        ["rules", "policyType", kind] => {
            tenant.collection(Style::Zpa, &format!("rules/{kind}"), request)
        }
        [set, "rule", id] => {
            rule(tenant, set, id).map_or_else(missing, |rule| answers::ok(rule.clone()))
        }
        _ => missing(),
    }
}

fn rule<'a>(tenant: &'a Tenant, set: &str, id: &str) -> Option<&'a Json> {
    let (kind, _) = set_of(tenant, set)?;
    by_id(zpa::records(tenant, &format!("rules/{kind}")), id)
}

/// Returns the type of the policy set whose id is `set`, and the set itself.
pub(super) fn set_of<'a>(tenant: &'a Tenant, set: &str) -> Option<(&'a str, &'a Json)> {
    let owner = |row: &&Json| row.get("set").and_then(|own| text(own, "id")) == Some(set);
    let row = sets(tenant).find(owner)?;
    Some((text(row, "type")?, row.get("set")?))
}

fn sets(tenant: &Tenant) -> impl Iterator<Item = &Json> {
    tenant.table(Style::Zpa, "policy_sets").iter()
}

fn text<'a>(row: &'a Json, member: &str) -> Option<&'a str> {
    row.get(member).and_then(Json::as_str)
}
