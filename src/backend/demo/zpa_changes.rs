//! Zone: post-admission. The demo's changes of private access, which take effect at once.

use std::collections::BTreeSet;

use super::changes::{self, Refusal};
use super::collections::{Collection, collection};
use super::tenant::Tenant;
use super::{Style, answers, relations, zpa, zpa_policies, zpa_servers};
use crate::backend::ApiMethod::{Delete, Post, Put};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, Object};

const V1: &str = "mgmtconfig/v1/admin/customers/";
const V2: &str = "mgmtconfig/v2/admin/customers/";

/// The address of the customer, a collection below it and what can be done there.
const PLACES: &[(&str, &str, &[ApiMethod])] = &[
    (V1, "appConnectorGroup", &[Post, Put, Delete]),
    (V1, zpa::SEGMENTS, &[Post, Put, Delete]),
    (V1, "associationType", &[Post, Put, Delete]),
    (V1, zpa::CERTIFICATES, &[Post, Delete]),
    (V1, "connector", &[Post, Put, Delete]),
    (V1, "credential", &[Post, Put, Delete]),
    (V1, "policySet", &[Post, Put, Delete]),
    (V1, "praPortal", &[Post, Put, Delete]),
    (V1, "segmentGroup", &[Post, Put, Delete]),
    (V1, "server", &[Post, Put, Delete]),
    (V1, "serverGroup", &[Post, Put, Delete]),
    (V1, "serviceEdge", &[Post, Put, Delete]),
    (V1, "serviceEdgeGroup", &[Post, Put, Delete]),
    (V2, "policySet", &[Post, Put]),
    (V2, "segmentGroup", &[Put]),
];

/// Carries out a change below `/zpa/`.
pub(super) fn answer(tenant: &mut Tenant, rest: &str, request: &ApiRequest) -> Option<ApiResponse> {
    let below = below_customer(rest, request.method)?;
    let pieces: Vec<&str> = below.split('/').collect();
    let changed = match pieces.as_slice() {
        ["policySet", set, "rule"] => rule(tenant, set, None, request),
        ["policySet", set, "rule", id] => rule(tenant, set, Some(id), request),
        ["associationType", kind, "provisioningKey"] => key(tenant, kind, None, request),
        ["associationType", kind, "provisioningKey", id] => key(tenant, kind, Some(id), request),
        [machines @ ("connector" | "serviceEdge"), "bulkDelete"] if request.method == Post => {
            Some(bulk(tenant, collection(Style::Zpa, machines)?, request))
        }
        ["connector" | "serviceEdge"] => None,
        [path @ "server"] => {
            zpa_servers::change(tenant, collection(Style::Zpa, path)?, None, request)
        }
        [path @ "server", id] => {
            zpa_servers::change(tenant, collection(Style::Zpa, path)?, Some(id), request)
        }
        [zpa::CERTIFICATES, id] if relations::is_certificate_of_an_application(tenant, id) => {
            Some(Err(Refusal::InUse(zpa::SEGMENTS)))
        }
        [path] => change(tenant, collection(Style::Zpa, path)?, None, request, |_| ()),
        [path, id] => change(tenant, collection(Style::Zpa, path)?, Some(id), request, |_| ()),
        _ => None,
    }?;
    Some(changed.unwrap_or_else(|refusal| answers::refused(Style::Zpa, refusal)))
}

/// Changes a rule of one policy set, whatever set the rule says it is of.
fn rule(
    tenant: &mut Tenant,
    set: &str,
    id: Option<&str>,
    request: &ApiRequest,
) -> Option<Result<ApiResponse, Refusal>> {
    let Some((kind, set)) = zpa_policies::set_of(tenant, set) else {
        return Some(Err(Refusal::Unknown));
    };
    let collection = collection(Style::Zpa, &format!("rules/{kind}"))?;
    let of = |member| set.get(member).cloned().unwrap_or_default();
    let (set, kind) = (of("id"), of("policyType"));
    change(tenant, collection, id, request, |sent| {
        sent.set("policySetId", set);
        sent.set("policyType", kind);
    })
}

/// Changes a key, which names its group and counts its uses in other words than it is shown in.
fn key(
    tenant: &mut Tenant,
    kind: &str,
    id: Option<&str>,
    request: &ApiRequest,
) -> Option<Result<ApiResponse, Refusal>> {
    let path = [zpa::CONNECTOR_KEYS, zpa::EDGE_KEYS]
        .into_iter()
        .find(|path| path.split('/').nth(1) == Some(kind))?;
    change(tenant, collection(Style::Zpa, path)?, id, request, |sent| {
        if let Some(group) = sent.remove("componentId") {
            sent.set("zcomponentId", group);
        }
        if let Some(most) = sent.get("maxUsage").map(answers::text_of) {
            sent.set("maxUsage", most.into());
        }
    })
}

/// Carries out the change of a record in the usual way, after `amend` has seen what was sent.
pub(super) fn change(
    tenant: &mut Tenant,
    collection: &Collection,
    id: Option<&str>,
    request: &ApiRequest,
    amend: impl FnOnce(&mut Object),
) -> Option<Result<ApiResponse, Refusal>> {
    let sent = || {
        let mut sent = members(request)?;
        amend(&mut sent);
        Ok(sent)
    };
    Some(match (request.method, id) {
        (Post, None) => sent()
            .and_then(|sent| changes::create(tenant, collection, sent))
            .map(|record| answers::done(201, Some(record))),
        (Put, Some(id)) => sent()
            .and_then(|sent| changes::replace(tenant, collection, id, sent))
            .map(|_| answers::done(204, None)),
        (Delete, Some(id)) => {
            changes::remove(tenant, collection, id).map(|()| answers::done(204, None))
        }
        _ => return None,
    })
}

/// Returns the members that were sent, with the microtenant that the query names.
fn members(request: &ApiRequest) -> Result<Object, Refusal> {
    let mut sent = changes::members(request.body.as_ref())?;
    let microtenant = request.query_value("microtenantId").filter(|id| !matches!(*id, "" | "0"));
    if let (Some(id), None) = (microtenant, sent.get("microtenantId")) {
        sent.set("microtenantId", id.into());
    }
    Ok(sent)
}

/// Removes all the machines that are named, or none when one of them has to stay.
fn bulk(
    tenant: &mut Tenant,
    machines: &Collection,
    request: &ApiRequest,
) -> Result<ApiResponse, Refusal> {
    let sent = changes::members(request.body.as_ref())?;
    let sent = sent.get("ids").and_then(Json::as_array).unwrap_or(&[]);
    let digits = |id: &&str| id.bytes().all(|byte| byte.is_ascii_digit());
    let ids: BTreeSet<&str> = sent.iter().filter_map(Json::as_str).filter(digits).collect();
    if ids.is_empty() || ids.len() != sent.len() {
        return Err(Refusal::NoList);
    }
    for id in &ids {
        changes::removable(tenant, machines, id)?;
    }
    for id in ids {
        changes::remove(tenant, machines, id)?;
    }
    Ok(answers::done(204, None))
}

/// Returns what follows the customer, where the address takes such changes.
fn below_customer(rest: &str, method: ApiMethod) -> Option<&str> {
    PLACES.iter().find_map(|(address, collection, methods)| {
        let (_customer, below) = rest.strip_prefix(address)?.split_once('/')?;
        let found = below.split('/').next() == Some(*collection) && methods.contains(&method);
        found.then_some(below)
    })
}
