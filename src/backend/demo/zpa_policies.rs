//! Zone: post-admission. The demo's policy sets of private access and the rules in them.

use super::{Demo, Style, answers, by_id, zpa};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::Json;

/// Answers a request below `policySet/`: a set by type, the rules of a type, or one rule of a set.
pub(super) fn answer(demo: &Demo, below: &str, request: &ApiRequest) -> ApiResponse {
    let missing = || answers::not_found(Style::Zpa);
    let pieces: Vec<&str> = below.split('/').collect();
    match pieces.as_slice() {
        ["policyType", kind] => {
            let set = sets(demo).find(|row| text(row, "type") == Some(kind));
            let set = set.and_then(|row| row.get("set"));
            set.map_or_else(missing, |set| answers::ok(set.clone()))
        }
        ["rules", "policyType", kind] => {
            demo.collection(Style::Zpa, &format!("rules/{kind}"), request)
        }
        [set, "rule", id] => {
            rule(demo, set, id).map_or_else(missing, |rule| answers::ok(rule.clone()))
        }
        _ => missing(),
    }
}

fn rule<'a>(demo: &'a Demo, set: &str, id: &str) -> Option<&'a Json> {
    let owner = sets(demo).find(|row| row.get("set").and_then(|own| text(own, "id")) == Some(set));
    let kind = text(owner?, "type")?;
    by_id(zpa::records(demo, &format!("rules/{kind}")), id)
}

fn sets(demo: &Demo) -> impl Iterator<Item = &Json> {
    demo.table(Style::Zpa, "policy_sets").iter()
}

fn text<'a>(row: &'a Json, member: &str) -> Option<&'a str> {
    row.get(member).and_then(Json::as_str)
}
