//! Zone: post-admission. The demo's reports: incidents, firewall sessions, findings, devices.
//!
//! The demo has no clock: every window shows the same numbers.

use super::graph::{Fault, whole, word};
use super::graph_traffic::{ENTRIES_DEFAULT, window};
use super::{Style, Tenant};
use crate::json::{Json, Object, object};

const DAY_MS: i64 = 86_400_000;
/// How the incidents of a window, in hundredths, fall on its days.
const DAYS: [i64; 7] = [14, 17, 31, 12, 10, 5, 11];
/// What incidents are grouped by.
const GROUPS: [&str; 3] = ["THREAT_CATEGORY_ID", "APP_ID", "TIME"];
const PLACES: [&str; 2] = ["LOCATION_ID", "DEPARTMENT_ID"];

/// Returns the numbers of the table `of` as field `name`.
pub(super) fn counted(
    tenant: &Tenant,
    given: &Object,
    of: &str,
    name: &str,
) -> Result<Json, Fault> {
    window(given)?;
    let limit = whole(given, "limit", ENTRIES_DEFAULT)?;
    let rows = tenant.table(Style::Graph, "counts").iter().filter(|row| is(row, "_of", of));
    Ok(answer(name, rows.take(limit).map(shown).collect()))
}

/// Returns incidents by place.
pub(super) fn places(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    let by = word(given, "categorizeBy")?.ok_or(Fault::Missing("categorizeBy"))?;
    if !PLACES.contains(&by) {
        return Err(Fault::Value("categorizeBy"));
    }
    counted(tenant, given, by, "cyber_security_location")
}

/// Returns incidents by one or two groups.
pub(super) fn incidents(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    let (start, _) = window(given)?;
    let limit = whole(given, "limit", ENTRIES_DEFAULT)?;
    let by = given.get("categorizeBy").ok_or(Fault::Missing("categorizeBy"))?;
    let by: Vec<&str> = by.as_array().unwrap_or(&[]).iter().filter_map(Json::as_str).collect();
    if !(1..=2).contains(&by.len()) || by.iter().any(|group| !GROUPS.contains(group)) {
        return Err(Fault::Value("categorizeBy"));
    }
    let rows: Vec<&Json> = tenant.table(Style::Graph, "incidents").iter().collect();
    Ok(answer("incidents", grouped(&rows, &by, start, limit)))
}

/// Returns what discovery has seen; the numbers above the entries are those of all of them.
pub(super) fn devices(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    let limit = whole(given, "limit", ENTRIES_DEFAULT)?;
    let all = tenant.table(Style::Graph, "iot");
    let sum = |kind: &str| {
        let own = all.iter().filter(|row| kind.is_empty() || is(row, "category", kind));
        Json::from(own.map(total).sum::<i64>())
    };
    let stats = object([
        ("devices_count", sum("")),
        ("user_devices_count", sum("USER")),
        ("iot_devices_count", sum("IOT")),
        ("server_devices_count", sum("SERVER")),
        ("un_classified_devices_count", sum("UNCLASSIFIED")),
        ("entries", all.iter().take(limit).cloned().collect::<Vec<_>>().into()),
    ]);
    Ok(object([("device_stats", stats)]))
}

fn answer(name: &str, entries: Vec<Json>) -> Json {
    object([(name, object([("obfuscated", false.into()), ("entries", entries.into())]))])
}

fn is(row: &Json, member: &str, text: &str) -> bool {
    row.get(member).and_then(Json::as_str) == Some(text)
}

fn total(row: &Json) -> i64 {
    row.get("total").and_then(Json::as_i64).unwrap_or(0)
}

/// Returns a row without what belongs to the demo alone.
fn shown(row: &Json) -> Json {
    let members = row.as_object().into_iter().flat_map(Object::iter);
    let kept = members.filter(|(name, _)| !name.starts_with('_'));
    Json::Object(kept.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}

/// Sums `rows` by the first of `by`, each sum split by the second.
fn grouped(rows: &[&Json], by: &[&str], start: i64, limit: usize) -> Vec<Json> {
    let Some((first, rest)) = by.split_first() else { return Vec::new() };
    if *first == "TIME" {
        return days(rows, start).take(limit).collect();
    }
    let mut names: Vec<&Json> = Vec::new();
    for name in rows.iter().filter_map(|row| row.get(first)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let entries = names.into_iter().map(|name| {
        let own = rows.iter().filter(|row| row.get(first) == Some(name));
        let own: Vec<&Json> = own.copied().collect();
        let split = grouped(&own, rest, start, limit);
        entry(name.clone(), own.iter().map(|row| total(row)).sum(), split)
    });
    entries.take(limit).collect()
}

/// Returns the sum of `rows` day by day, from the midnight before `start`; what does not divide
/// falls on the last.
fn days(rows: &[&Json], start: i64) -> impl Iterator<Item = Json> {
    let sum: i64 = rows.iter().map(|row| total(row)).sum();
    let start = start.saturating_sub(start.rem_euclid(DAY_MS));
    let days = DAYS.iter().zip(0_i64..).scan(0, move |share, (day, index)| {
        let before = sum.saturating_mul(*share) / 100;
        *share += day;
        let own = sum.saturating_mul(*share) / 100 - before;
        Some((start.saturating_add(index.saturating_mul(DAY_MS)), own))
    });
    days.map(|(time, own)| entry(time.to_string().into(), own, Vec::new()))
}

fn entry(name: Json, total: i64, split: Vec<Json>) -> Json {
    object([("name", name), ("total", total.into()), ("entries", split.into())])
}
