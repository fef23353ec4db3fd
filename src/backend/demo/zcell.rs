//! Zone: post-admission. The demo's cellular: customer, policies, places, tags, audit and events.

use core::cmp::Ordering;
use std::collections::BTreeSet;

use super::zdx::picked;
use super::{Shelf, Style, Tenant, answers, by_id, search, zcell_sims};
use crate::backend::ApiMethod::{Get, Post};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

pub(super) const SIMS: &str = "sims";
const CUSTOMER: &str = "customer";
const POLICIES: &str = "anomaly-policy";
const LOGS: &str = "logs";
const VIOLATIONS: &str = "violations";
const GROUPS: &str = "sim-location-groups";
const TAGS: &str = "tag";
const REGIONS: &str = "regions";
const STATES: &str = "operational-status";
const AUDIT: &str = "audit";
const EVENTS: &str = "network-events";

const PAGE_DEFAULT: usize = 20;
const PAGE_MAX: usize = 100;
/// Regions that the subscription has; the others are told only without that check.
const SUBSCRIBED: usize = 6;
const STATE: &[&str] = &["region", "operationalStatus", "bc", "ac", "mapBCStatus", "mapACStatus"];

pub(super) const SHELVES: &[Shelf] = &[
    table(SIMS, include_str!("data/zcell_sims.json")),
    table(CUSTOMER, include_str!("data/zcell_customer.json")),
    table(POLICIES, include_str!("data/zcell_policies.json")),
    table(LOGS, include_str!("data/zcell_policy_logs.json")),
    table(VIOLATIONS, include_str!("data/zcell_violations.json")),
    table(GROUPS, include_str!("data/zcell_location_groups.json")),
    table(TAGS, include_str!("data/zcell_tags.json")),
    table(REGIONS, include_str!("data/zcell_regions.json")),
    table(STATES, include_str!("data/zcell_region_status.json")),
    table(AUDIT, include_str!("data/zcell_audit.json")),
    table(EVENTS, include_str!("data/zcell_events.json")),
];

const fn table(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zcell, path, searched: &[], served: false, text }
}

/// Answers a request below `/zcell/config/api/v1/`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    let rows = |name| tenant.table(Style::Zcell, name);
    let parts: Vec<&str> = rest.split('/').collect();
    let found = match (request.method, parts.as_slice()) {
        (Get, ["audit", "metadata"]) => Some(words(rows(AUDIT))),
        (Post, ["audit", "customers", _, "search"]) => Some(audit(rows(AUDIT), request)),
        (Post, [EVENTS, _, "search", "startTime", _, "endTime", _]) => {
            Some(events(rows(EVENTS), request))
        }
        (Get, ["customers", _]) => customer(rows(CUSTOMER), rows(SIMS)),
        (Get | Post, ["customers", _, SIMS | "sim", below @ ..]) => {
            zcell_sims::answer(rows(SIMS), below, request)
        }
        (Get, ["customers", _, below @ ..]) => below_customer(tenant, below, request),
        (Get, _) => None,
        _ => return answers::read_only(Style::Zcell),
    };
    found.map_or_else(|| answers::not_found(Style::Zcell), answers::ok)
}

fn below_customer(tenant: &Tenant, below: &[&str], request: &ApiRequest) -> Option<Json> {
    let rows = |name| tenant.table(Style::Zcell, name);
    let asked = |key| request.query_value(key);
    Some(match *below {
        [POLICIES] => {
            let kind = asked("policyType");
            let kept = rows(POLICIES).iter().filter(|row| kind.is_none_or(|k| says(row, TYPE, k)));
            page(kept.cloned().collect(), request)
        }
        [POLICIES, id, ref below @ ..] => {
            let policy = by_id(rows(POLICIES), id)?;
            return about(policy, rows(LOGS), rows(VIOLATIONS), below, request);
        }
        [GROUPS] => {
            let short = |row: &Json| picked(row, &["id", "name", "trackedDevices"]);
            page(named(rows(GROUPS), request).map(short).collect(), request)
        }
        [GROUPS, id] => by_id(rows(GROUPS), id)?.clone(),
        [TAGS] => page(named(rows(TAGS), request).cloned().collect(), request),
        [REGIONS] => {
            let all = asked("skipSkuCheck") == Some("true");
            let count = if all { usize::MAX } else { SUBSCRIBED };
            whole(rows(REGIONS).iter().take(count).cloned().collect())
        }
        [REGIONS, STATES] => {
            let size = asked("bcSize");
            let kept = rows(STATES).iter().filter(|r| size.is_none_or(|s| says(r, "bcSize", s)));
            whole(kept.map(|row| picked(row, STATE)).collect())
        }
        _ => return None,
    })
}

const TYPE: &str = "policyType";

/// Answers about one policy: its runs, the SIMs that broke it, or how one of them did.
fn about(
    policy: &Json,
    logs: &[Json],
    violations: &[Json],
    below: &[&str],
    request: &ApiRequest,
) -> Option<Json> {
    let id = answers::id_of(policy);
    let own = |row: &&Json| says(row, "policyId", &id);
    Some(match *below {
        [LOGS] => page(logs.iter().filter(own).cloned().collect(), request),
        [VIOLATIONS] => {
            let sims: BTreeSet<String> =
                violations.iter().filter(own).map(|row| text(row, "iccid")).collect();
            let row = |iccid: String| {
                let own = violations.iter().filter(own).filter(|row| says(row, "iccid", &iccid));
                let count = own.count().to_string();
                let Json::Object(mut row) = picked(policy, &["id", TYPE, "policyName"]) else {
                    return Json::Null;
                };
                row.set("iccid", iccid.into());
                row.set(VIOLATIONS, count.into());
                row.into()
            };
            page(sims.into_iter().map(row).collect(), request)
        }
        [VIOLATIONS, iccid] => {
            let of_sim = violations.iter().filter(own).filter(|row| says(row, "iccid", iccid));
            whole(of_sim.cloned().collect())
        }
        _ => return None,
    })
}

fn customer(rows: &[Json], sims: &[Json]) -> Option<Json> {
    let mut found = rows.first()?.as_object()?.clone();
    let active = sims.iter().filter(|sim| says(sim, "status", "ACTIVE")).count();
    let count = |count: usize| Json::from(count.to_string());
    found.set("totalSims", count(sims.len()));
    found.set("activeSims", count(active));
    found.set("inactiveSims", count(sims.len().saturating_sub(active)));
    found.set("currentUsage", zcell_sims::total(sims).into());
    Some(found.into())
}

fn words(rows: &[Json]) -> Json {
    let kinds: BTreeSet<String> = rows.iter().map(|row| text(row, "objectType")).collect();
    let operations = ["Create", "Update", "Delete", "Export"].map(Json::from);
    whole(vec![object([
        ("operations", operations.to_vec().into()),
        ("objectTypes", kinds.into_iter().map(Json::from).collect::<Vec<_>>().into()),
    ])])
}

fn audit(rows: &[Json], request: &ApiRequest) -> Json {
    const OWN: &[(&str, &str)] = &[("operationType", "auditOperationType")];
    const BESIDE: &[&str] = &["startDate", "endDate"];
    let kept = rows.iter().filter(|row| fits(row, request, OWN, BESIDE));
    page(kept.cloned().collect(), request)
}

fn events(rows: &[Json], request: &ApiRequest) -> Json {
    let body = request.body.as_ref().unwrap_or(&Json::Null);
    let filters = body.get("filterBy").and_then(Json::as_array).unwrap_or(&[]);
    let without_apn = body.get("excludeApnConfig").and_then(Json::as_bool) == Some(true);
    let kept = rows.iter().filter(|row| {
        !(without_apn && says(row, "eventName", "ApnConfig"))
            && filters.iter().all(|filter| passes(row, filter))
    });
    let mut kept: Vec<Json> = kept.cloned().collect();
    let sorting = body.get("sortBy").and_then(Json::as_object);
    for (member, way) in sorting.into_iter().flat_map(Object::iter) {
        kept.sort_by(|one, other| order(one, other, member));
        if way.as_str() == Some("DESC") {
            kept.reverse();
        }
    }
    page(kept, request)
}

/// True when `row` passes a filter: a name, an operator and values of which one has to fit.
fn passes(row: &Json, filter: &Json) -> bool {
    let name = filter.get("filterName").and_then(Json::as_str).unwrap_or("");
    let values = filter.get("values").and_then(Json::as_array).unwrap_or(&[]);
    let any = |test: fn(&Json, &str, &str) -> bool| {
        values.iter().any(|value| test(row, name, &answers::text_of(value)))
    };
    let contains = |row: &Json, name: &str, part: &str| search::contains(row, &[name], part);
    match filter.get("operator").and_then(Json::as_str) {
        Some("NE") => !any(says),
        Some("LIKE") => any(contains),
        Some("NOT_LIKE") => !any(contains),
        _ => any(says),
    }
}

fn order(one: &Json, other: &Json, member: &str) -> Ordering {
    let number = |row: &Json| row.get(member).and_then(Json::as_i64);
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => text(one, member).cmp(&text(other, member)),
    }
}

/// True when every member of the body fits: one of its values is one of the row, in any case. The
/// names of some differ in the row; those `beside` say nothing about it.
pub(super) fn fits(
    row: &Json,
    request: &ApiRequest,
    names: &[(&str, &str)],
    beside: &[&str],
) -> bool {
    let body = request.body.as_ref().and_then(Json::as_object);
    let mut wanted = body.into_iter().flat_map(Object::iter);
    wanted.all(|(key, value)| {
        let renamed = names.iter().find(|(own, _)| *own == key).map(|(_, member)| *member);
        let values = value.as_array().unwrap_or_else(|| core::slice::from_ref(value));
        ["page", "size"].contains(&key)
            || beside.contains(&key)
            || values.is_empty()
            || values.iter().any(|v| says(row, renamed.unwrap_or(key), &answers::text_of(v)))
    })
}

/// True when `member`, or one of its items, is `wanted` in any case.
fn says(row: &Json, member: &str, wanted: &str) -> bool {
    let Some(own) = row.get(member) else { return false };
    let items = own.as_array().unwrap_or_else(|| core::slice::from_ref(own));
    items.iter().any(|item| answers::text_of(item).eq_ignore_ascii_case(wanted))
}

pub(super) fn text(row: &Json, member: &str) -> String {
    row.get(member).map_or_else(String::new, answers::text_of)
}

fn named<'a>(rows: &'a [Json], request: &'a ApiRequest) -> impl Iterator<Item = &'a Json> {
    let name = request.query_value("name").unwrap_or("");
    rows.iter().filter(move |row| search::contains(row, &["name"], name))
}

/// Returns all `rows` as the only page.
pub(super) fn whole(rows: Vec<Json>) -> Json {
    let count = rows.len();
    listed(rows, count, count)
}

/// Returns the page that the query or the body asks for, counted from 0.
pub(super) fn page(rows: Vec<Json>, request: &ApiRequest) -> Json {
    let number = |key| {
        let inside = request.body.as_ref().and_then(|body| body.get(key)).and_then(Json::as_i64);
        answers::number(request, key).or_else(|| usize::try_from(inside?).ok())
    };
    let size = number("size").unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let before = number("page").unwrap_or(0).saturating_mul(size);
    let count = rows.len();
    listed(rows.into_iter().skip(before).take(size).collect(), count, size)
}

fn listed(rows: Vec<Json>, count: usize, size: usize) -> Json {
    object([
        ("content", rows.into()),
        ("totalElements", answers::count(count)),
        ("totalPages", answers::count(count.div_ceil(size.max(1)))),
        ("size", answers::count(size)),
    ])
}
