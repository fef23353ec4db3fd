//! Zone: post-admission. The demo's cloud and branch connectors, and what changes their groups.

use super::changes;
use super::collections::collection;
use super::zdx::picked;
use super::{Shelf, Style, Tenant, answers, search, zia_filters};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::Json;

const DISCOVERY: &str = "discoveryService/workloadDiscoverySettings";
const SERVICES: &str = "networkServices";
const SERVICE_GROUPS: &str = "networkServiceGroups";
const ADMINS: &str = "adminUsers";
const ROLES: &str = "adminRoles";
const ACCOUNTS: &str = "publicCloudAccountDetails";
const CLOUDS: &str = "publicCloudInfo";
const NAMED: &[&str] = &["name"];

pub(super) const SHELVES: &[Shelf] = &[
    shelf("ipDestinationGroups", NAMED, include_str!("data/ztw_ip_destination_groups.json")),
    shelf("ipGroups", NAMED, include_str!("data/ztw_ip_groups.json")),
    shelf("ipSourceGroups", NAMED, include_str!("data/ztw_ip_source_groups.json")),
    shelf(SERVICES, NAMED, include_str!("data/ztw_network_services.json")),
    shelf(SERVICE_GROUPS, NAMED, include_str!("data/ztw_network_service_groups.json")),
    shelf(ADMINS, &["loginName", "userName"], include_str!("data/ztw_admin_users.json")),
    shelf(ROLES, NAMED, include_str!("data/ztw_admin_roles.json")),
    shelf(ACCOUNTS, NAMED, include_str!("data/ztw_public_accounts.json")),
    shelf(CLOUDS, NAMED, include_str!("data/ztw_public_clouds.json")),
    Shelf { served: false, ..shelf(DISCOVERY, &[], include_str!("data/ztw_discovery.json")) },
];

const fn shelf(path: &'static str, searched: &'static [&'static str], text: &'static str) -> Shelf {
    Shelf { style: Style::Ztw, path, searched, served: true, text }
}

/// Answers a request below `/ztw/api/v1/` that changes nothing.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    if request.method != ApiMethod::Get {
        return answers::read_only(Style::Ztw);
    }
    if rest == DISCOVERY {
        let found = tenant.table(Style::Ztw, DISCOVERY).first().cloned();
        return found.map_or_else(|| answers::not_found(Style::Ztw), answers::ok);
    }
    let (path, is_short) = rest.strip_suffix("/lite").map_or((rest, false), |path| (path, true));
    let Some((shelf, records)) = tenant.shelf(Style::Ztw, path) else {
        return answers::not_found(Style::Ztw);
    };
    let kept = records.iter().filter(|record| {
        let part = request.query_value("search");
        part.is_none_or(|part| search::contains(record, shelf.searched, part))
            && wanted(path, record, request)
    });
    if is_short {
        return answers::ok(
            kept.map(|one| picked(one, &["id", "name"])).collect::<Vec<_>>().into(),
        );
    }
    let kept: Vec<&Json> = kept.collect();
    if path == ACCOUNTS || path == CLOUDS {
        return from_0(&kept, request);
    }
    answers::zia_page(&kept, request)
}

/// Carries out a change below `/ztw/api/v1/`.
pub(super) fn change(tenant: &mut Tenant, rest: &str, request: &ApiRequest) -> Option<ApiResponse> {
    let changed = match request.method {
        ApiMethod::Post => {
            let collection = collection(Style::Ztw, rest)?;
            changes::members(request.body.as_ref())
                .and_then(|sent| changes::create(tenant, collection, sent))
                .map(answers::ok)
        }
        ApiMethod::Delete => {
            let (path, id) = rest.rsplit_once('/')?;
            changes::remove(tenant, collection(Style::Ztw, path)?, id)
                .map(|()| answers::done(204, None))
        }
        ApiMethod::Get | ApiMethod::Put => return None,
    };
    Some(changed.unwrap_or_else(|refusal| answers::refused(Style::Ztw, refusal)))
}

/// True for the records that the filters of one list keep.
fn wanted(path: &str, record: &Json, request: &ApiRequest) -> bool {
    let asked = |key| request.query_value(key);
    let is = |key, word| asked(key) == Some(word);
    let own = |member| record.get(member).and_then(Json::as_str).unwrap_or("");
    let role = record.get("role").unwrap_or(record);
    match path {
        "ipDestinationGroups" => asked("excludeType").is_none_or(|kind| own("type") != kind),
        SERVICES => zia_filters::service(record, request),
        CLOUDS => asked("cloudType").is_none_or(|kind| own("cloudType").eq_ignore_ascii_case(kind)),
        ADMINS => match role.get("name").and_then(Json::as_str) {
            Some("Auditor") => is("includeAuditorUsers", "true"),
            Some("Automation") => is("includeApiRoles", "true"),
            _ => !is("includeAdminUsers", "false"),
        },
        ROLES => {
            let mut ids = request.query.iter().filter(|(key, _)| key == "id").peekable();
            let id = answers::id_of(record);
            let named = ids.peek().is_none() || ids.any(|(_, wanted)| *wanted == id);
            let auditor = record.get("isAuditor").and_then(Json::as_bool) == Some(true);
            named
                && match own("roleType") {
                    _ if auditor => is("includeAuditorRole", "true"),
                    "PARTNER" => is("includePartnerRole", "true"),
                    "PUBLIC_API" => is("includeApiRoles", "true"),
                    _ => true,
                }
        }
        _ => true,
    }
}

/// Answers with one page of a list whose pages count from 0.
fn from_0(kept: &[&Json], request: &ApiRequest) -> ApiResponse {
    let size = answers::number(request, "pageSize").unwrap_or(100).clamp(1, 1_000);
    let before = answers::number(request, "page").unwrap_or(0).saturating_mul(size);
    let page = kept.iter().skip(before).take(size).map(|record| (*record).clone());
    answers::ok(page.collect::<Vec<Json>>().into())
}
