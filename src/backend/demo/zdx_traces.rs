//! Zone: post-admission. The demo's troubleshooting: deep traces, analyses and probes.
//!
//! A session shows one of two sets of measurements: of a device that is well and of one that is
//! not. What was just started is over at once, as the demo knows no time.

use super::zdx::{self, ANALYSES, APPS, DEVICES, PEOPLE, TRACES};
use super::{Style, Tenant, answers, by_id};
use crate::backend::ApiResponse;
use crate::json::{Json, Object, object};

/// Answers a request for `below` the deep traces of the device `device`.
pub(super) fn answer(tenant: &Tenant, device: &str, below: &[&str]) -> Option<ApiResponse> {
    let device = by_id(zdx::rows(tenant, DEVICES), device)?;
    let own = |trace: &&Json| trace.get("device") == device.get("id");
    let traces = zdx::rows(tenant, TRACES);
    let Some((id, part)) = below.split_first() else {
        let shown = traces.iter().filter(own).map(|trace| shown(tenant, trace, device));
        return Some(answers::ok(Json::Array(shown.collect())));
    };
    let trace = by_id(traces, id).filter(own)?;
    match *part {
        [] => Some(answers::ok(shown(tenant, trace, device))),
        [part] => measured(tenant, trace, part),
        _ => None,
    }
}

/// Answers with the probes of `kind` from the device to the application.
pub(super) fn probes(tenant: &Tenant, device: &str, app: &str, kind: &str) -> Option<ApiResponse> {
    let device = by_id(zdx::rows(tenant, DEVICES), device)?;
    let app = by_id(zdx::rows(tenant, APPS), app)?;
    let scores = app.get("scores").and_then(Json::as_array).unwrap_or(&[]);
    let used = scores.iter().find(|score| score.get("user") == device.get("userid"));
    let table = tenant.table(Style::Zdx, "probes").iter().filter(|probe| {
        used.is_some() && probe.get("app") == app.get("id") && is(probe, "kind", kind)
    });
    let score = used.and_then(|used| used.get("score"));
    let rows = table.map(|probe| {
        let members = zdx::picked(probe, &["id", "name", "num_probes", "avg_pft", "avg_latencies"]);
        let mut members = members.as_object().cloned().unwrap_or_default();
        if let (Some(score), "web") = (score, kind) {
            members.set("avg_score", score.clone());
        }
        members.into()
    });
    Some(answers::ok(Json::Array(rows.collect())))
}

/// Answers with one analysis.
pub(super) fn analysis(tenant: &Tenant, id: &str) -> Option<ApiResponse> {
    let found = by_id(zdx::rows(tenant, ANALYSES), id)?;
    let of = |member| found.get(member).cloned().unwrap_or_default();
    Some(answers::ok(object([
        ("analysis_id", answers::id_of(found).into()),
        ("status", of("status")),
        ("device_id", of("device")),
        ("app_id", of("app")),
        ("t0", of("t0")),
        ("t1", of("t1")),
        ("created_at", of("created_at")),
        ("started_at", of("started_at")),
        ("ended_at", of("ended_at")),
        ("findings", of("findings")),
    ])))
}

/// True when `member` of `record` is this text.
pub(super) fn is(record: &Json, member: &str, text: &str) -> bool {
    record.get(member).and_then(Json::as_str) == Some(text)
}

fn shown(tenant: &Tenant, trace: &Json, device: &Json) -> Json {
    let people = zdx::rows(tenant, PEOPLE);
    let person = people.iter().find(|person| person.get("id") == device.get("userid"));
    let of = |member| trace.get(member).cloned().unwrap_or_default();
    let text = |record: &Json| Json::from(answers::id_of(record));
    let details = object([
        ("session_name", of("session_name")),
        ("user_id", person.map(text).unwrap_or_default()),
        ("username", person.and_then(|person| person.get("name")).cloned().unwrap_or_default()),
        ("device_id", text(device)),
        ("device_name", device.get("name").cloned().unwrap_or_default()),
        ("session_length_minutes", of("session_length_minutes")),
        ("probe_device", of("probe_device")),
    ]);
    object([
        ("trace_id", text(trace)),
        ("trace_details", details),
        ("status", of("status")),
        ("expected_time_minutes", of("session_length_minutes")),
        ("created_at", of("created_at")),
        ("started_at", of("started_at")),
        ("ended_at", of("ended_at")),
    ])
}

/// Answers with a part of the measurements. There are none while the trace runs, and none of the
/// device itself when the trace leaves it out.
fn measured(tenant: &Tenant, trace: &Json, part: &str) -> Option<ApiResponse> {
    let set = trace.get("set").and_then(Json::as_str)?;
    let sets = tenant.table(Style::Zdx, "measurements");
    let found = sets.iter().find(|one| is(one, "set", set))?.get(part)?;
    let on_device = ["health-metrics", "top-processes"].contains(&part);
    let leaves_out = trace.get("probe_device").and_then(Json::as_bool) == Some(false);
    let is_there = is(trace, "status", "completed") && !(on_device && leaves_out);
    let empty = || Json::Array(Vec::new());
    found.as_array()?;
    Some(answers::ok(if is_there { found.clone() } else { empty() }))
}

/// Returns the members of a session that was just started on `device`: it is over already.
pub(super) fn started(device: &Json, app: &Json) -> Object {
    const CREATED: i64 = 1_768_208_400;
    let mut record = Object::new();
    record.set("device", device.get("id").cloned().unwrap_or_default());
    record.set("app", app.get("id").cloned().unwrap_or_default());
    record.set("status", "completed".into());
    for (name, later) in [("created_at", 0), ("started_at", 5), ("ended_at", 305)] {
        record.set(name, (CREATED + later).into());
    }
    record
}
