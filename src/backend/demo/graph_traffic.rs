//! Zone: post-admission. The demo's web traffic: sums by place, protocol and threat.
//!
//! The demo has no clock: the same seven days are in every window, and an hour is always the same
//! share of its day.

use super::graph::{Fault, whole, word};
use super::{Style, Tenant};
use crate::json::{Json, Object, object};

pub(super) const ENTRIES_DEFAULT: usize = 50;
const UNITS: [&str; 2] = ["TRANSACTIONS", "BYTES"];
const INTERVALS: [&str; 2] = ["DAY", "HOUR"];
const ACTIONS: [&str; 2] = ["ALLOW", "BLOCK"];
const ENGINES: [&str; 8] =
    ["ANY", "NONE", "HIPAA", "CYBER_BULLY_ENG", "GLBA", "PCI", "OFFENSIVE_LANGUAGE", "EXTERNAL"];

/// How the traffic of a day, in hundredths, falls on its hours.
const HOURS: [i64; 24] = [1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 7, 8, 8, 7, 6, 5, 4, 3, 2, 2, 1, 1];

/// What the variables ask for: the start of the window, in which unit, with a trend or not, and
/// that by the hour or by the day.
struct Asked {
    start: i64,
    in_bytes: bool,
    trend: bool,
    hourly: bool,
    limit: usize,
}

/// Returns the entries of `table` as field `name`.
pub(super) fn grouped(
    tenant: &Tenant,
    given: &Object,
    table: &str,
    name: &str,
) -> Result<Json, Fault> {
    let asked = read(given)?;
    let rows = tenant.table(Style::Graph, table).iter().take(asked.limit);
    let entries = rows.map(|row| {
        let label = row.get("name").cloned().unwrap_or_default();
        entry(label, member(row, "total", &asked), &days(row, &asked), &asked)
    });
    Ok(answer(name, entries.collect()))
}

/// Returns one entry that sums what the action and the engine of data protection leave.
pub(super) fn total(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    let asked = read(given)?;
    let action = choice(given, "actionFilter", &ACTIONS)?;
    let engine = choice(given, "dlpEngineFilter", &ENGINES)?;
    let kept = tenant.table(Style::Graph, "web_totals").iter().filter(|row| {
        let own = |name| row.get(name).and_then(Json::as_str);
        let by_engine = match engine {
            None => true,
            Some("ANY") => own("_engine") != Some("NONE"),
            engine => own("_engine") == engine,
        };
        by_engine && action.is_none_or(|action| own("_action") == Some(action))
    });
    let (mut sum, mut sums) = (0_i64, Vec::new());
    for row in kept {
        sum = sum.saturating_add(member(row, "total", &asked));
        let days = days(row, &asked);
        sums.resize(days.len(), 0_i64);
        for (all, day) in sums.iter_mut().zip(days) {
            *all = all.saturating_add(day);
        }
    }
    let entries =
        if sums.is_empty() { Vec::new() } else { vec![entry("Total".into(), sum, &sums, &asked)] };
    Ok(answer("no_grouping", entries))
}

/// Returns start and end of the window that the variables name.
pub(super) fn window(given: &Object) -> Result<(i64, i64), Fault> {
    let time = |name| {
        let value = given.get(name).filter(|value| !value.is_null()).ok_or(Fault::Missing(name))?;
        value.as_i64().ok_or(Fault::Value(name))
    };
    let (start, end) = (time("startTime")?, time("endTime")?);
    if start >= end {
        return Err(Fault::Window);
    }
    Ok((start, end))
}

fn read(given: &Object) -> Result<Asked, Fault> {
    let (start, _) = window(given)?;
    let unit = choice(given, "trafficUnit", &UNITS)?.ok_or(Fault::Missing("trafficUnit"))?;
    let interval = choice(given, "trendInterval", &INTERVALS)?;
    Ok(Asked {
        start,
        in_bytes: unit == "BYTES",
        trend: given.get("includeTrend").and_then(Json::as_bool) == Some(true),
        hourly: interval == Some("HOUR"),
        limit: whole(given, "limit", ENTRIES_DEFAULT)?,
    })
}

fn choice<'a>(
    given: &'a Object,
    name: &'static str,
    known: &[&str],
) -> Result<Option<&'a str>, Fault> {
    let value = word(given, name)?;
    if value.is_none_or(|value| known.contains(&value)) {
        Ok(value)
    } else {
        Err(Fault::Value(name))
    }
}

fn member(row: &Json, name: &str, asked: &Asked) -> i64 {
    scaled(row, row.get(name), asked)
}

fn days(row: &Json, asked: &Asked) -> Vec<i64> {
    let days = row.get("trend_values").and_then(Json::as_array).unwrap_or(&[]);
    days.iter().map(|day| scaled(row, Some(day), asked)).collect()
}

fn scaled(row: &Json, value: Option<&Json>, asked: &Asked) -> i64 {
    let value = value.and_then(Json::as_i64).unwrap_or(0);
    let each = row.get("_bytes_each").and_then(Json::as_i64).filter(|_| asked.in_bytes);
    value.saturating_mul(each.unwrap_or(1))
}

fn entry(name: Json, total: i64, days: &[i64], asked: &Asked) -> Json {
    let mut members = Object::new();
    members.set("name", name);
    members.set("total", total.into());
    if !days.is_empty() {
        let (interval, values) = if asked.hourly {
            ("HOUR", days.iter().flat_map(|day| hours(*day)).map(Json::from).collect())
        } else {
            ("DAY", days.iter().map(|day| Json::from(*day)).collect())
        };
        let trend = object([
            ("trend_start_time", asked.start.into()),
            ("trend_interval", interval.into()),
            ("trend_values", Json::Array(values)),
        ]);
        members.set("trend", if asked.trend { vec![trend].into() } else { Json::Null });
    }
    members.into()
}

/// Returns the hours of a day, which add up to it.
fn hours(day: i64) -> impl Iterator<Item = i64> {
    HOURS.iter().scan(0, move |share, hour| {
        let before = day.saturating_mul(*share) / 100;
        *share += hour;
        Some(day.saturating_mul(*share) / 100 - before)
    })
}

fn answer(name: &str, entries: Vec<Json>) -> Json {
    object([(name, object([("obfuscated", false.into()), ("entries", entries.into())]))])
}
