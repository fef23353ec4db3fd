//! Zone: post-admission. The demo's answers that are not a list of one collection.

use core::net::IpAddr;

use super::{Style, answers};
use crate::backend::{ApiRequest, ApiResponse};
use crate::base::encode;
use crate::json::{Json, Object, object};
use crate::matching::Network;

const LOOKUP_MAX: usize = 100;
const RANGES_DEFAULT: usize = 10;

/// Answers a look-up of URLs with the classification of the first table row they end with.
pub(super) fn url_lookup(table: &[Json], request: &ApiRequest) -> ApiResponse {
    let urls = request.body.as_ref().and_then(Json::as_array).unwrap_or(&[]);
    if urls.is_empty() || urls.len() > LOOKUP_MAX {
        return answers::bad_input(Style::Zia, "Send a list of 1 to 100 URLs.");
    }
    let rows = urls.iter().filter_map(Json::as_str).map(|url| classify(table, url));
    answers::ok(Json::Array(rows.collect()))
}

fn classify(table: &[Json], url: &str) -> Json {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or("").to_ascii_lowercase();
    let row = table.iter().find(|row| {
        let suffix = row.get("suffix").and_then(Json::as_str);
        let before = suffix.and_then(|suffix| host.strip_suffix(suffix));
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    let of = |name| row.and_then(|row| row.get(name)).cloned();
    let unknown = || Json::Array(vec!["MISCELLANEOUS_OR_UNKNOWN".into()]);
    object([
        ("url", url.into()),
        ("urlClassifications", of("classifications").unwrap_or_else(unknown)),
        (
            "urlClassificationsWithSecurityAlert",
            of("alerts").unwrap_or_else(|| Json::Array(Vec::new())),
        ),
    ])
}

/// Answers whether a signature can be read: the demo looks for its end and its number only.
pub(super) fn rule_text(request: &ApiRequest) -> ApiResponse {
    let text = request.body.as_ref().and_then(|body| body.get("ruleText")).and_then(Json::as_str);
    let good = text.is_some_and(|text| text.trim_end().ends_with(')') && text.contains("sid:"));
    let (status, fault) = if good { (0_u64, "") } else { (1, "The rule lacks a sid or its end.") };
    answers::ok(object([("status", status.into()), ("errMsg", fault.into())]))
}

/// Answers with the internal ranges that no tunnel has.
pub(super) fn gre_ranges(ranges: &[Json], tunnels: &[Json], request: &ApiRequest) -> ApiResponse {
    let wanted = request.query_value("internalIpRange");
    let limit = answers::number(request, "limit").unwrap_or(RANGES_DEFAULT);
    let kept = ranges.iter().filter(|range| {
        let start = range.get("startIPAddress");
        wanted.is_none_or(|wanted| start.and_then(Json::as_str) == Some(wanted))
            && tunnels.iter().all(|tunnel| tunnel.get("internalIpRange") != start)
    });
    answers::ok(Json::Array(kept.take(limit).cloned().collect()))
}

/// Answers the three questions about regions.
pub(super) fn region(table: &[Json], kind: &str, request: &ApiRequest) -> ApiResponse {
    if kind == "search" {
        let prefix = request.query_value("prefix").unwrap_or("").to_lowercase();
        let rows = table.iter().filter_map(|row| row.get("region")).filter(|region| {
            let city = region.get("cityName").and_then(Json::as_str);
            city.is_some_and(|city| city.to_lowercase().starts_with(&prefix))
        });
        return answers::ok(Json::Array(rows.cloned().collect()));
    }
    let row = match kind.strip_prefix("byIPAddress/") {
        Some(address) => by_address(table, address),
        None if kind == "byGeoCoordinates" => nearest(table, request),
        None => None,
    };
    let region = row.and_then(|row| row.get("region")).cloned();
    region.map_or_else(|| answers::not_found(Style::Zia), answers::ok)
}

fn by_address<'a>(table: &'a [Json], address: &str) -> Option<&'a Json> {
    let address = encode::percent_decode(address.as_bytes())?;
    let address: IpAddr = core::str::from_utf8(&address).ok()?.parse().ok()?;
    table.iter().find(|row| {
        let prefix = row.get("prefix").and_then(Json::as_str).map(Network::parse);
        matches!(prefix, Some(Ok(network)) if network.contains(address))
    })
}

/// Compares plain squared degrees, which is enough for cities on different continents.
fn nearest<'a>(table: &'a [Json], request: &ApiRequest) -> Option<&'a Json> {
    let wanted = |key| request.query_value(key)?.parse::<f64>().ok();
    let (latitude, longitude) = (wanted("latitude")?, wanted("longitude")?);
    let distance = |row: &Json| {
        let own = |key| row.get("region")?.get(key)?.as_number()?.as_f64();
        let (x, y) = (own("latitude")? - latitude, own("longitude")? - longitude);
        Some(x.mul_add(x, y * y))
    };
    table
        .iter()
        .filter_map(|row| Some((distance(row)?, row)))
        .min_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, row)| row)
}

/// Answers with the applications of one type that are inside the segments.
pub(super) fn apps_by_type(segments: &[Json], request: &ApiRequest) -> ApiResponse {
    let member = match request.query_value("applicationType") {
        Some("BROWSER_ACCESS") => "clientlessApps",
        Some("INSPECT") => "inspectionApps",
        Some("SECURE_REMOTE_ACCESS") => "praApps",
        _ => return answers::bad_input(Style::Zpa, "This application type does not exist."),
    };
    let expand = request.query_value("expandAll") == Some("true");
    let mut rows = Vec::new();
    for segment in segments.iter().filter(|segment| super::in_microtenant(segment, request)) {
        for app in segment.get(member).and_then(Json::as_array).unwrap_or(&[]) {
            rows.push(application(app, segment, expand));
        }
    }
    let search = request.query_value("search");
    let fits = |row: &&Json| search.is_none_or(|text| super::search::expression(row, text));
    let kept: Vec<&Json> = rows.iter().filter(fits).collect();
    answers::zpa_page(&kept, request)
}

fn application(app: &Json, segment: &Json, expand: bool) -> Json {
    let mut row = app.as_object().cloned().unwrap_or_default();
    if expand {
        let resource: Object = segment
            .as_object()
            .into_iter()
            .flat_map(Object::iter)
            .filter(|(name, _)| !name.ends_with("Apps"))
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        row.set("appResource", resource.into());
    }
    row.into()
}
