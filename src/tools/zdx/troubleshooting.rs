//! Zone: post-admission. Rows of the toolset `zdx_troubleshooting`.

use crate::tools::exceptions_zdx::ANALYSIS_TIMES;
use crate::tools::param::{Form, Param};
use crate::tools::plan::{Member, Value};
use crate::tools::row::{Row, get, list};
use crate::tools::zdx::{SINCE, UNTIL_NOW};

const SET: &str = "zdx_troubleshooting";
const TRACES: &str = "zdx_list_device_deep_traces";

const DEVICE_ID: Param = Param::path("device_id").doc("Id from zdx_list_devices, digits.");
const APP_ID: Param = Param::path("app_id").doc("Id from zdx_list_applications, digits.");
const TRACE_ID: Param = Param::path("trace_id").doc("Id from zdx_list_device_deep_traces.");

/// Arguments that name one deep trace.
const TRACE: &[Param] = &[DEVICE_ID, TRACE_ID];
/// Arguments of the probes to one application.
const PROBES: &[Param] = &[DEVICE_ID, APP_ID, SINCE];

/// Returns a tool that lists what a deep trace has measured, found at `path`.
const fn measured(name: &'static str, path: &'static str) -> Row {
    list(name, SET, path).params(TRACE).plain_text().see(TRACES)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zdx_get_analysis", SET, "/zdx/v1/analysis/{analysis_id}")
        .title("Get a score analysis")
        .doc(
            "Returns state and findings of an analysis: under data, why the score was low.\nWhile \
             status says that it runs, ask again later. Times are in UTC, epoch seconds beside \
             them.",
        )
        .params(&[Param::path("analysis_id").doc("Id that zdx_start_analysis returned.")])
        .wire_names()
        .plain_text()
        .after(ANALYSIS_TIMES)
        .wrap(&[
            Member::new("analysis_id", Value::Argument("analysis_id", Form::Plain)),
            Member::new("status", Value::Answer(0, "/status")),
            Member::new("data", Value::Result),
        ]),
    measured(
        "zdx_get_deeptrace_cloudpath",
        "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}/cloudpath",
    )
    .title("Get a network path")
    .doc(
        "Returns the hops from the device to the application that a deep trace saw, over \
         time.\nLatency by leg: zdx_get_deeptrace_cloudpath_metrics. Empty: nothing measured yet.",
    ),
    measured(
        "zdx_get_deeptrace_cloudpath_metrics",
        "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}/cloudpath-metrics",
    )
    .title("Get path metrics")
    .doc(
        "Returns latency and loss of each leg of the path as series: shows which leg is \
         slow.\nHops: zdx_get_deeptrace_cloudpath. Empty: nothing measured yet.",
    ),
    measured(
        "zdx_get_deeptrace_events",
        "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}/events",
    )
    .title("Get trace events")
    .doc(
        "Returns what changed on the device during a deep trace, such as its network: value \
         before and after.\nCompare with the times of a drop. Empty: nothing changed.",
    ),
    measured(
        "zdx_get_deeptrace_health_metrics",
        "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}/health-metrics",
    )
    .title("Get device health")
    .doc(
        "Returns CPU, memory, disk and network load of the device during a deep trace as \
         series.\nWho caused it: zdx_list_deeptrace_top_processes. Empty: nothing measured yet.",
    ),
    measured(
        "zdx_get_deeptrace_webprobe_metrics",
        "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}/webprobe-metrics",
    )
    .title("Get web metrics")
    .doc(
        "Returns page fetch, DNS and server times of a deep trace as series.\nTells slow DNS or \
         server from slow network (zdx_get_deeptrace_cloudpath_metrics). Empty: nothing measured \
         yet.",
    ),
    get("zdx_get_device_deep_trace", SET, "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}")
        .title("Get a deep trace")
        .doc(
            "Returns one deep trace: status, expected length, times in epoch seconds and what it \
         probes.\nRead its measurements once it is completed.",
        )
        .params(TRACE)
        .see(TRACES),
    list("zdx_get_web_probes", SET, "/zdx/v1/devices/{device_id}/apps/{app_id}/web-probes")
        .title("List web probes")
        .doc(
            "Returns the web probes of one device to one application, with mean score and page \
             fetch time.\nEmpty: the device did not use the application in that time; widen since.",
        )
        .params(PROBES)
        .query(UNTIL_NOW)
        .see("zdx_list_devices"),
    list(
        "zdx_list_cloudpath_probes",
        SET,
        "/zdx/v1/devices/{device_id}/apps/{app_id}/cloudpath-probes",
    )
    .title("List path probes")
    .doc(
        "Returns the network path probes of one device to one application, with mean latency by \
         leg.\nEmpty: the device did not use the application in that time; widen since.",
    )
    .params(PROBES)
    .query(UNTIL_NOW)
    .see("zdx_list_devices"),
    measured(
        "zdx_list_deeptrace_top_processes",
        "/zdx/v1/devices/{device_id}/deeptraces/{trace_id}/top-processes",
    )
    .title("List trace processes")
    .doc(
        "Returns which processes used most CPU, memory, disk and network during a deep trace, over \
         time.\nEmpty: nothing measured yet.",
    )
    .outside(),
    list(TRACES, SET, "/zdx/v1/devices/{device_id}/deeptraces")
        .title("List deep traces")
        .doc(
            "Returns the deep traces of one device, with status and times in epoch \
             seconds.\nEmpty: none was started; zdx_start_deeptrace starts one.",
        )
        .params(&[DEVICE_ID])
        .see("zdx_list_devices"),
];
