//! Zone: post-admission. The demo's application servers, which may say what groups they are in.
//!
//! The groups keep the lists; a server that names its groups is put on theirs and off all others.

use super::changes::Refusal;
use super::collections::{Collection, collection};
use super::tenant::{Tenant, by_id};
use super::{Style, answers, relations, zpa, zpa_changes};
use crate::backend::{ApiBody, ApiRequest, ApiResponse};
use crate::json::{Json, object};

const GROUPS: &str = "serverGroup";
const NAMED: &str = "appServerGroupIds";

/// Carries out a change of a server.
pub(super) fn change(
    tenant: &mut Tenant,
    servers: &Collection,
    id: Option<&str>,
    request: &ApiRequest,
) -> Option<Result<ApiResponse, Refusal>> {
    let named = request.body.as_ref().and_then(|body| body.get(NAMED)).and_then(Json::as_array);
    let named = named.map(|ids| ids.iter().map(answers::text_of).collect::<Vec<String>>());
    let known = |id: &String| by_id(zpa::records(tenant, GROUPS), id).is_some();
    if !named.iter().flatten().all(known) {
        return Some(Err(Refusal::Dangling(NAMED)));
    }
    let changed = zpa_changes::change(tenant, servers, id, request, |sent| {
        sent.remove(NAMED);
    })?;
    let (Ok(response), Some(named)) = (&changed, named) else { return Some(changed) };
    let made = if let ApiBody::Json(record) = &response.body { Some(record) } else { None };
    let stored = by_id(zpa::records(tenant, servers.path), id.unwrap_or_default());
    let Some(id) = made.or(stored).map(answers::id_of) else { return Some(changed) };
    let is_new = made.is_some();
    join(tenant, servers, &id, &named);
    let record = by_id(zpa::records(tenant, servers.path), &id).filter(|_| is_new).cloned();
    Some(record.map_or(changed, |record| Ok(answers::done(201, Some(record)))))
}

/// Puts the server `id` on the lists of the groups that are `named`, and off all others.
fn join(tenant: &mut Tenant, servers: &Collection, id: &str, named: &[String]) {
    for group in tenant.records_mut(Style::Zpa, GROUPS).into_iter().flatten() {
        let is_named = named.contains(&answers::id_of(group));
        let Json::Object(members) = group else { continue };
        if members.get("servers").is_none() {
            members.set("servers", Json::Array(Vec::new()));
        }
        let Some(Json::Array(list)) = members.get_mut("servers") else { continue };
        list.retain(|own| is_named || answers::id_of(own) != id);
        if is_named && !list.iter().any(|own| answers::id_of(own) == id) {
            list.push(object([("id", id.into())]));
        }
    }
    relations::follow(tenant, servers, id);
    if let Some(groups) = collection(Style::Zpa, GROUPS) {
        relations::mirror(tenant, groups);
    }
}
