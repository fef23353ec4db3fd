//! Zone: post-admission. The demo's discovered applications: those of internet access, with the
//! verdicts that they have now.

use super::graph::{Fault, whole};
use super::graph_traffic::{ENTRIES_DEFAULT, window};
use super::{Style, Tenant, answers, zia_devices};
use crate::json::{Json, Object, object};

/// Members of an entry and the members of the record that they show.
const SHOWN: [(&str, &str); 12] = [
    ("application", "name"),
    ("application_category", "category"),
    ("risk_index", "riskIndex"),
    ("computed_risk_index", "computedRiskIndex"),
    ("sanctioned_state", "sanctionedState"),
    ("integration", "integration"),
    ("data_uploaded", "uploaded"),
    ("data_downloaded", "downloaded"),
    ("authenticated_users", "users"),
    ("unAuthenticated_location_count", "unauthenticatedLocations"),
    ("last_access_time", "lastAccess"),
    ("vulnerability", "vulnerability"),
];

/// What an application adds to a sum.
type Amount = fn(&Json) -> i64;

/// What is summed, under its name in the summary, by category and inside it by application.
const BY_CATEGORY: [(&str, Amount); 5] = [
    ("group_by_app_cat_for_app", |_| 1),
    ("group_by_app_cat_for_user_count", |row| number(row, "users")),
    ("group_by_app_cat_for_upload_bytes", |row| number(row, "uploaded")),
    ("group_by_app_cat_for_download_bytes", |row| number(row, "downloaded")),
    ("group_by_app_cat_for_total_bytes", bytes),
];

/// What applications are counted by.
const BY_MEMBER: [(&str, &str); 3] = [
    ("group_by_risk_index_for_app", "riskIndex"),
    ("group_by_provisioning_status_for_app", "sanctionedState"),
    ("group_by_access_for_app", "integration"),
];

/// Returns the applications that were seen.
pub(super) fn apps(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    window(given)?;
    let limit = whole(given, "limit", ENTRIES_DEFAULT)?;
    let entries = seen(tenant).take(limit).map(entry).collect::<Vec<_>>();
    Ok(object([("apps", object([("entries", entries.into())]))]))
}

/// Returns sums over the applications that were seen.
pub(super) fn summary(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    window(given)?;
    let rows: Vec<&Json> = seen(tenant).collect();
    let sum = |of: Amount| Json::from(rows.iter().map(|row| of(row)).sum::<i64>());
    let mut members = Object::new();
    members.set("total_upload_bytes", sum(|row| number(row, "uploaded")));
    members.set("total_download_bytes", sum(|row| number(row, "downloaded")));
    members.set("total_apps", answers::count(rows.len()));
    members.set("total_bytes", sum(bytes));
    for (name, of) in BY_CATEGORY {
        members.set(name, group(&rows, "category", of, true));
    }
    for (name, member) in BY_MEMBER {
        members.set(name, group(&rows, member, |_| 1, false));
    }
    Ok(object([("shadow_it_summary", members.into())]))
}

fn seen(tenant: &Tenant) -> impl Iterator<Item = &Json> {
    let all = tenant.records(Style::Zia, zia_devices::APPLICATIONS).iter();
    all.filter(|row| number(row, "users") > 0)
}

fn number(row: &Json, member: &str) -> i64 {
    row.get(member).and_then(Json::as_i64).unwrap_or(0)
}

fn bytes(row: &Json) -> i64 {
    number(row, "uploaded").saturating_add(number(row, "downloaded"))
}

fn entry(row: &Json) -> Json {
    let mut members = Object::new();
    for (name, of) in SHOWN {
        members.set(name, row.get(of).cloned().unwrap_or_default());
    }
    members.set("data_consumed", bytes(row).into());
    members.set("undiscovered", false.into());
    members.set("custom_risk_index", row.get("customRiskIndex").cloned().unwrap_or_default());
    members.into()
}

/// Sums `rows` by `member`, and inside each by application when it `is_split`.
fn group(rows: &[&Json], member: &str, of: Amount, is_split: bool) -> Json {
    let mut names: Vec<String> =
        rows.iter().filter_map(|row| row.get(member)).map(answers::text_of).collect();
    names.sort_unstable();
    names.dedup();
    let entries = names.into_iter().map(|name| {
        let is_own = |row: &&&Json| row.get(member).map(answers::text_of).as_ref() == Some(&name);
        let own: Vec<&Json> = rows.iter().filter(is_own).copied().collect();
        let total: i64 = own.iter().map(|row| of(row)).sum();
        let mut entry = object([("name", name.into()), ("total", total.into())]);
        if let (true, Json::Object(members)) = (is_split, &mut entry) {
            let one = |row: &Json| {
                let name = row.get("name").cloned().unwrap_or_default();
                object([("name", name), ("total", of(row).into())])
            };
            members.set("entries", own.iter().map(|row| one(row)).collect::<Vec<_>>().into());
        }
        entry
    });
    let entries: Vec<Json> = entries.collect();
    object([("obfuscated", false.into()), ("entries", entries.into())])
}
