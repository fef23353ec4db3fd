//! Zone: post-admission. The demo's sessions of troubleshooting are started and removed here.

use super::changes::{self, Refusal};
use super::collections::collection;
use super::tenant::{Tenant, by_id};
use super::zdx::{self, ANALYSES, APPS, DEVICES, TRACES};
use super::{Style, answers, zdx_traces};
use crate::backend::ApiMethod::{Delete, Post};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

/// Carries out a change below `/zdx/v1/`.
pub(super) fn answer(tenant: &mut Tenant, rest: &str, request: &ApiRequest) -> Option<ApiResponse> {
    let parts: Vec<&str> = rest.split('/').collect();
    let changed = match (request.method, parts.as_slice()) {
        (Post, [DEVICES, device, TRACES]) => trace(tenant, device, request),
        (Post, [ANALYSES]) => analysis(tenant, request),
        (Delete, [DEVICES, device, TRACES, id]) => untrace(tenant, device, id),
        (Delete, [ANALYSES, id]) => remove(tenant, ANALYSES, id),
        _ => return None,
    };
    Some(changed.unwrap_or_else(|refusal| answers::refused(Style::Zdx, refusal)))
}

fn trace(tenant: &mut Tenant, device: &str, request: &ApiRequest) -> Result<ApiResponse, Refusal> {
    let sent = changes::members(request.body.as_ref())?;
    let device = by_id(zdx::rows(tenant, DEVICES), device).ok_or(Refusal::Unknown)?;
    let app = app(tenant, &sent)?;
    for (member, kind) in [("web_probe_id", "web"), ("cloudpath_probe_id", "cloudpath")] {
        let fits = |probe: &&Json| {
            probe.get("id") == sent.get(member)
                && probe.get("app") == app.get("id")
                && zdx_traces::is(probe, "kind", kind)
        };
        let probes = tenant.table(Style::Zdx, "probes");
        probes.iter().find(fits).ok_or(Refusal::Dangling(member))?;
    }
    let mut record = zdx_traces::started(device, app);
    record.set("set", "busy".into());
    for member in ["session_name", "session_length_minutes", "probe_device"] {
        if let Some(value) = sent.get(member) {
            record.set(member, value.clone());
        }
    }
    let length = sent.get("session_length_minutes").cloned().unwrap_or_default();
    let made = create(tenant, TRACES, record)?;
    Ok(answers::ok(object([
        ("trace_id", answers::id_of(&made).into()),
        ("status", "not_started".into()),
        ("expected_time", length),
    ])))
}

fn analysis(tenant: &mut Tenant, request: &ApiRequest) -> Result<ApiResponse, Refusal> {
    let sent = changes::members(request.body.as_ref())?;
    let id = sent.get("device_id").map(answers::text_of).unwrap_or_default();
    let device = by_id(zdx::rows(tenant, DEVICES), &id).ok_or(Refusal::Dangling("device_id"))?;
    let mut record = zdx_traces::started(device, app(tenant, &sent)?);
    for member in ["t0", "t1"] {
        record.set(member, sent.get(member).cloned().unwrap_or_default());
    }
    let example = zdx::rows(tenant, ANALYSES).first().and_then(|first| first.get("findings"));
    record.set("findings", example.cloned().unwrap_or_default());
    let made = create(tenant, ANALYSES, record)?;
    Ok(answers::ok(object([("analysis_id", answers::id_of(&made).into())])))
}

fn app<'a>(tenant: &'a Tenant, sent: &Object) -> Result<&'a Json, Refusal> {
    let id = sent.get("app_id").map(answers::text_of).unwrap_or_default();
    by_id(zdx::rows(tenant, APPS), &id).ok_or(Refusal::Dangling("app_id"))
}

fn create(tenant: &mut Tenant, path: &str, record: Object) -> Result<Json, Refusal> {
    let collection = collection(Style::Zdx, path).ok_or(Refusal::Unknown)?;
    changes::create(tenant, collection, record)
}

/// Removes a trace, when it is one of this device.
fn untrace(tenant: &mut Tenant, device: &str, id: &str) -> Result<ApiResponse, Refusal> {
    let device = by_id(zdx::rows(tenant, DEVICES), device).ok_or(Refusal::Unknown)?;
    let trace = by_id(zdx::rows(tenant, TRACES), id).ok_or(Refusal::Unknown)?;
    if trace.get("device") != device.get("id") {
        return Err(Refusal::Unknown);
    }
    remove(tenant, TRACES, id)
}

fn remove(tenant: &mut Tenant, path: &str, id: &str) -> Result<ApiResponse, Refusal> {
    let collection = collection(Style::Zdx, path).ok_or(Refusal::Unknown)?;
    changes::remove(tenant, collection, id).map(|()| answers::done(204, None))
}
