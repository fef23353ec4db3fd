//! Zone: post-admission. The demo's identity providers of private access, and what each brings.

use super::{Style, Tenant, answers, by_id, search, zpa};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::Json;

/// The attributes by SCIM, which only a path below a provider serves.
const SCIM: &str = "scimattribute";

/// Answers a request for providers, their attributes or their groups.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    let pieces: Vec<&str> = rest.split('/').collect();
    match pieces.as_slice() {
        ["samlAttribute", "idp", idp] => page(tenant, "samlAttribute", idp, request),
        ["scimgroup", "idpId", idp] => page(tenant, "scimgroup", idp, request),
        ["idp", idp, SCIM] => page(tenant, SCIM, idp, request),
        ["idp", idp, SCIM, id] => {
            let own: Vec<Json> = of(tenant, SCIM, idp).cloned().collect();
            let found = by_id(&own, id).cloned();
            found.map_or_else(|| answers::not_found(Style::Zpa), answers::ok)
        }
        _ => tenant.collection(Style::Zpa, rest, request),
    }
}

/// Answers with one page of the records of the provider `idp`.
fn page(tenant: &Tenant, path: &str, idp: &str, request: &ApiRequest) -> ApiResponse {
    if by_id(zpa::records(tenant, "idp"), idp).is_none() {
        return answers::not_found(Style::Zpa);
    }
    let wanted = request.query_value("search");
    let fits = |row: &&Json| wanted.is_none_or(|text| search::expression(row, text));
    let kept: Vec<&Json> = of(tenant, path, idp).filter(fits).collect();
    answers::zpa_page(&kept, request)
}

fn of<'a>(tenant: &'a Tenant, path: &str, idp: &str) -> impl Iterator<Item = &'a Json> {
    let records = zpa::records(tenant, path).iter();
    records.filter(move |row| row.get("idpId").is_some_and(|own| answers::text_of(own) == idp))
}
