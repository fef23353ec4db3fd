//! Zone: post-admission. The demo's SIMs: search, places and data use, all counted out of the SIMs.

use std::collections::BTreeMap;

use super::answers;
use super::zcell::{fits, page, text, whole};
use crate::backend::ApiMethod::{Get, Post};
use crate::backend::ApiRequest;
use crate::json::{Json, Number, object};

const USAGE: &str = "usageVal";
const RENAMED: &[(&str, &str)] = &[("tag", "tags"), ("iccIds", "iccid")];
/// Days in epoch milliseconds and the part of the data that was used then, in percent.
const DAYS: [(u64, i64); 7] = [
    (1_767_571_200_000, 18),
    (1_767_657_600_000, 16),
    (1_767_744_000_000, 15),
    (1_767_830_400_000, 14),
    (1_767_916_800_000, 17),
    (1_768_003_200_000, 8),
    (1_768_089_600_000, 12),
];

/// Answers what stands below `sims` and `sim` of a customer.
pub(super) fn answer(sims: &[Json], below: &[&str], request: &ApiRequest) -> Option<Json> {
    Some(match (request.method, below) {
        (Get, ["details"]) => one(sims, request)?.clone(),
        (Post, ["search"]) => {
            let kept: Vec<Json> =
                sims.iter().filter(|sim| fits(sim, request, RENAMED, &[])).cloned().collect();
            let usage = total(&kept);
            object([("pageDetails", page(kept, request)), ("totalUsage", usage.into())])
        }
        (Post, ["analytics", "map"]) => map(sims, request),
        (Get, ["analytics", "summary"]) => whole(vec![summary(sims)]),
        (Get, ["analytics", "usage", "countries"]) => {
            let mut sums: BTreeMap<String, i64> = BTreeMap::new();
            for sim in sims.iter().filter(|sim| used(sim) > 0) {
                let sum = sums.entry(text(sim, "locationCountry")).or_default();
                *sum = sum.saturating_add(used(sim));
            }
            most("country", sums.into_iter().collect(), request)
        }
        (Get, ["analytics", "usage", "day"]) => by_day(sims, request)?,
        (Get, ["analytics", "usage", "sims"]) => {
            let sims = sims.iter().filter(|sim| used(sim) > 0);
            most("iccid", sims.map(|sim| (text(sim, "iccid"), used(sim))).collect(), request)
        }
        _ => return None,
    })
}

/// Returns the data that all of `sims` used, for people.
pub(super) fn total(sims: &[Json]) -> String {
    let megabytes = sims.iter().map(used).fold(0_i64, i64::saturating_add) / 1_000_000;
    format!("{}.{:02} GB", megabytes / 1_000, megabytes % 1_000 / 10)
}

fn one<'a>(sims: &'a [Json], request: &ApiRequest) -> Option<&'a Json> {
    let wanted = request.query_value("iccId");
    sims.iter().find(|sim| sim.get("iccid").and_then(Json::as_str) == wanted)
}

fn used(sim: &Json) -> i64 {
    sim.get(USAGE).and_then(Json::as_i64).unwrap_or(0)
}

fn most(member: &'static str, mut sums: Vec<(String, i64)>, request: &ApiRequest) -> Json {
    sums.sort_by_key(|(_, sum)| core::cmp::Reverse(*sum));
    let limit = answers::number(request, "limit").unwrap_or(usize::MAX);
    let rows = sums.into_iter().take(limit);
    whole(rows.map(|(own, sum)| object([(member, own.into()), ("usage", sum.into())])).collect())
}

fn by_day(sims: &[Json], request: &ApiRequest) -> Option<Json> {
    let sum = match request.query_value("iccId") {
        Some(_) => used(one(sims, request)?),
        None => sims.iter().map(used).fold(0, i64::saturating_add),
    };
    let row = |(day, part): (u64, i64)| {
        object([("creationTime", day.into()), ("usage", (sum / 100).saturating_mul(part).into())])
    };
    Some(whole(DAYS.into_iter().filter(|_| sum > 0).map(row).collect()))
}

fn summary(sims: &[Json]) -> Json {
    let count = |wanted: &dyn Fn(&Json) -> bool| {
        answers::count(sims.iter().filter(|sim| wanted(sim)).count())
    };
    let is_active = |sim: &Json| text(sim, "status") == "ACTIVE";
    object([
        ("total", answers::count(sims.len())),
        ("used", count(&|sim| used(sim) > 0)),
        ("active", count(&is_active)),
        ("inactive", count(&|sim| !is_active(sim))),
    ])
}

/// Returns the places with the SIMs at each.
fn map(sims: &[Json], request: &ApiRequest) -> Json {
    let mut places: BTreeMap<(String, String), Vec<&Json>> = BTreeMap::new();
    let located = sims.iter().filter(|sim| sim.get("simLat").is_some());
    for sim in located.filter(|sim| fits(sim, request, RENAMED, &[])) {
        places.entry((text(sim, "simLat"), text(sim, "simLng"))).or_default().push(sim);
    }
    let row = |((lat, lng), sims): ((String, String), Vec<&Json>)| {
        let each = |member: &str| {
            sims.iter().filter_map(|sim| sim.get(member)).cloned().collect::<Vec<_>>()
        };
        let mut tags: Vec<Json> = Vec::new();
        for tag in each("tags").iter().filter_map(Json::as_array).flatten() {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        object([
            ("lat", degrees(&lat)),
            ("lng", degrees(&lng)),
            ("iccid", each("iccid").into()),
            ("imsi", each("imsi").into()),
            ("tags", tags.into()),
        ])
    };
    whole(places.into_iter().map(row).collect())
}

fn degrees(text: &str) -> Json {
    text.parse().ok().and_then(Number::from_f64).map_or(Json::Null, Json::Number)
}
