//! Zone: post-admission. The demo's client connector: enrolled devices and their passwords.

use super::{Shelf, Style, Tenant, answers, search};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, object, write};

const DEVICES: &str = "getDevices";
const PASSWORDS: &str = "getOtp";
const PROFILES: &str = "webForwardingProfile/listByCompany";
const NETWORKS: &str = "webTrustedNetwork/listByCompany";
const PAGE_DEFAULT: usize = 50;
const PAGE_MAX: usize = 5_000;

pub(super) const SHELVES: &[Shelf] = &[
    table(DEVICES, include_str!("data/zcc_devices.json")),
    table(PASSWORDS, include_str!("data/zcc_otps.json")),
    table(PROFILES, include_str!("data/zcc_forwarding_profiles.json")),
    table(NETWORKS, include_str!("data/zcc_trusted_networks.json")),
];

const fn table(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zcc, path, searched: &[], served: false, text }
}

/// Answers a request below `/zcc/papi/public/v1/`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    match (request.method, rest) {
        (ApiMethod::Get, DEVICES) => devices(tenant.table(Style::Zcc, DEVICES), request),
        (ApiMethod::Get, PASSWORDS) => passwords(tenant.table(Style::Zcc, PASSWORDS), request),
        (ApiMethod::Get, PROFILES) => {
            let (_, page) = named(tenant.table(Style::Zcc, PROFILES), "name", request);
            answers::ok(page.into())
        }
        (ApiMethod::Get, NETWORKS) => {
            let (all, page) = named(tenant.table(Style::Zcc, NETWORKS), "networkName", request);
            let counted = ("totalCount", answers::count(all));
            answers::ok(object([counted, ("trustedNetworkContracts", page.into())]))
        }
        (ApiMethod::Get, _) => answers::not_found(Style::Zcc),
        _ => answers::read_only(Style::Zcc),
    }
}

fn devices(rows: &[Json], request: &ApiRequest) -> ApiResponse {
    let size = answers::number(request, "pageSize").unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let user = request.query_value("username");
    let system = request.query_value("osType");
    let kept = rows.iter().filter(|row| {
        let own = row.get("user").and_then(Json::as_str).unwrap_or("");
        user.is_none_or(|user| own.eq_ignore_ascii_case(user))
            && system
                .is_none_or(|wanted| row.get("type").map(write::to_text) == Some(wanted.into()))
    });
    answers::ok(Json::Array(answers::page(&kept.collect::<Vec<_>>(), size, request)))
}

/// Returns how many rows have the name that is looked for, and one page of them.
fn named(rows: &[Json], member: &str, request: &ApiRequest) -> (usize, Vec<Json>) {
    let size = answers::number(request, "pageSize").unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let part = request.query_value("search").unwrap_or("");
    let kept = rows.iter().filter(|row| search::contains(row, &[member], part));
    let kept: Vec<&Json> = kept.collect();
    (kept.len(), answers::page(&kept, size, request))
}

fn passwords(rows: &[Json], request: &ApiRequest) -> ApiResponse {
    let wanted = request.query_value("udid");
    let row = rows.iter().find(|row| row.get("udid").and_then(Json::as_str) == wanted);
    let found = row.and_then(|row| row.get("answer")).cloned();
    found.map_or_else(|| answers::not_found(Style::Zcc), answers::ok)
}
