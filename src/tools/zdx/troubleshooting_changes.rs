//! Zone: post-admission. Rows of the toolset `zdx_troubleshooting` that start and delete.

use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Member, Value};
use crate::tools::row::{Row, create, delete};

const SET: &str = "zdx_troubleshooting";

const APP_ID: Param = Param::body("app_id", Kind::Integer, "app_id").required().even_empty();
const TRACE: &str = "deep trace";
const ANALYSIS: &str = "score analysis";

/// The state that a session begins with, where the service does not say it.
const STATUS: Member =
    Member::new("status", Value::First(&[Value::Answer(0, "/status"), Value::Text("started")]));

/// Returns an optional time of the window to look at.
const fn time(name: &'static str) -> Param {
    Param::body(name, Kind::Integer, name).even_empty()
}

/// Returns a probe that a trace repeats.
const fn probe(name: &'static str) -> Param {
    Param::body(name, Kind::Integer, name).required().even_empty()
}

pub(in crate::tools) const ROWS: &[Row] = &[
    delete("zdx_delete_analysis", SET, "/zdx/v1/analysis/{analysis_id}")
        .title("Delete a score analysis")
        .doc(
            "Stops one analysis and deletes its findings, after the user has agreed.\nIt takes \
             effect at once and cannot be undone; what was measured on the device stays. Read \
             zdx_get_analysis first if the findings are still needed.",
        )
        .params(&[Param::path("analysis_id").doc("Id that zdx_start_analysis returned.")])
        .subject(ANALYSIS, "analysis_id", "zdx_get_analysis"),
    delete("zdx_delete_deeptrace", SET, "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}")
        .title("Delete a deep trace")
        .doc(
            "Stops one deep trace and deletes what it has measured, after the user has agreed.\nIt \
             takes effect at once and cannot be undone. Others may wait for the trace: \
             zdx_get_device_deep_trace shows its status.",
        )
        .params(&[
            Param::path("device_id").doc("Id from zdx_list_devices, digits."),
            Param::path("trace_id").doc("Id from zdx_list_device_deep_traces."),
        ])
        .see("zdx_list_device_deep_traces")
        .subject(TRACE, "trace_id", "zdx_get_device_deep_trace"),
    create("zdx_start_analysis", SET, "/zdx/v1/analysis")
        .title("Start a score analysis")
        .doc(
            "Starts an analysis of why one device has a low score for one application, and returns \
             its analysis_id.\nIt changes nothing on the device. Keep the id: no tool lists \
             analyses. Then ask zdx_get_analysis until its status says that it is done. Without t0 \
             and t1 the service chooses the time; zdx_get_application_score_trend shows when the \
             score was low.",
        )
        .params(&[
            Param::body("device_id", Kind::Text, "device_id")
                .required()
                .even_empty()
                .doc("Id from zdx_list_devices, digits."),
            APP_ID.doc("Id from zdx_list_applications."),
            time("t0").doc("Start of the time to look at, epoch seconds."),
            time("t1").doc("End of the time to look at, epoch seconds."),
        ])
        .wrap(&[
            Member::new(
                "analysis_id",
                Value::First(&[Value::Answer(0, "/analysis_id"), Value::Answer(0, "/id")]),
            ),
            STATUS,
        ])
        .see("zdx_list_devices")
        .subject(ANALYSIS, "", ""),
    create("zdx_start_deeptrace", SET, "/zdx/v1/devices/{device_id}/deeptraces")
        .title("Start a deep trace")
        .doc(
            "Starts a deep trace, which measures one device and its way to one application every \
             minute, and returns its trace_id.\nIt runs on the user's machine: take few and short \
             ones. Probe ids are those of this device and application: zdx_get_web_probes and \
             zdx_list_cloudpath_probes. Follow it with zdx_get_device_deep_trace; measurements are \
             there once it is completed.",
        )
        .params(&[
            Param::path("device_id").doc("Id from zdx_list_devices, digits."),
            Param::body("session_name", Kind::Text, "session_name")
                .required()
                .even_empty()
                .doc("Name by which people find it again."),
            APP_ID.doc("Id from zdx_list_applications."),
            probe("web_probe_id").doc("Id from zdx_get_web_probes."),
            probe("cloudpath_probe_id").doc("Id from zdx_list_cloudpath_probes."),
            Param::body("session_length_minutes", Kind::Integer, "session_length_minutes")
                .preset(Preset::Integer(5))
                .even_empty()
                .doc("How many minutes it measures."),
            Param::body("probe_device", Kind::Boolean, "probe_device")
                .preset(Preset::Bool(true))
                .even_empty()
                .doc("true: CPU, memory, disk and processes as well."),
        ])
        .wrap(&[
            Member::new(
                "trace_id",
                Value::First(&[Value::Answer(0, "/trace_id"), Value::Answer(0, "/id")]),
            ),
            STATUS,
            Member::new("session_name", Value::Argument("session_name", Form::Plain)),
        ])
        .see("zdx_list_devices")
        .subject(TRACE, "", ""),
];
