//! Troubleshooting, analytics, devices, discovered applications, time intervals: over the demo
//! tenant and over a recorder.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::Arc;

use zscaler_mcp::backend::Backend;
use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::mcp::registry::CallResult;
use zscaler_mcp::tools::Product;

use kit::{
    Service, call, call_allowed, call_on, id, invented, json, product, record, record_of, rows,
    rows_of, text, texts, working_for,
};

/// Lists and how many records they have; what they need are ids of the demo tenant.
const LISTS: [(&str, &str, usize); 28] = [
    ("zdx_get_deeptrace_cloudpath", BUSY, 5),
    ("zdx_get_deeptrace_cloudpath_metrics", BUSY, 3),
    ("zdx_get_deeptrace_events", BUSY, 2),
    ("zdx_get_deeptrace_health_metrics", BUSY, 4),
    ("zdx_get_deeptrace_webprobe_metrics", BUSY, 3),
    ("zdx_get_software_details", r#"{"software_key":"openlathe_cad"}"#, 6),
    ("zdx_get_web_probes", r#"{"device_id":132559207,"app_id":"1"}"#, 1),
    ("zdx_list_cloudpath_probes", r#"{"device_id":"132559207","app_id":1,"since":2}"#, 1),
    ("zdx_list_deeptrace_top_processes", BUSY, 5),
    ("zdx_list_device_deep_traces", r#"{"device_id":"132559228"}"#, 2),
    ("zdx_list_software", "{}", 19),
    ("zia_list_device_groups", "{}", 6),
    ("zia_list_devices", "{}", 23),
    ("zia_list_devices_lite", "{}", 25),
    ("zia_list_shadow_it_apps", "{}", 24),
    ("zia_list_shadow_it_custom_tags", "{}", 6),
    ("zia_list_time_intervals", "{}", 7),
    ("zia_list_workload_groups", "{}", 7),
    ("zins_get_casb_app_report", "{}", 6),
    ("zins_get_cyber_incidents", "{}", 6),
    ("zins_get_cyber_incidents_by_location", "{}", 18),
    ("zins_get_cyber_incidents_by_threat_and_app", "{}", 6),
    ("zins_get_cyber_incidents_daily", "{}", 7),
    ("zins_get_firewall_by_action", "{}", 4),
    ("zins_get_firewall_by_location", "{}", 27),
    ("zins_get_firewall_network_services", "{}", 10),
    ("zins_get_shadow_it_apps", "{}", 22),
    ("zins_get_web_protocols", "{}", 8),
];

/// A trace of a device in trouble.
const BUSY: &str = r#"{"device_id":"132559228","trace_id":"91010"}"#;

fn fresh() -> Product {
    product(Arc::new(Demo::new().unwrap()), invented())
}

fn on(product: &Product, name: &str, arguments: &str) -> CallResult {
    call_allowed(product, name, arguments)
}

fn of<'a>(row: &'a Json, member: &str) -> &'a Json {
    row.get(member).unwrap_or(&Json::Null)
}

fn word<'a>(row: &'a Json, member: &str) -> &'a str {
    of(row, member).as_str().unwrap_or_else(|| panic!("{member} of {row:?}"))
}

/// What a call says that finds nothing.
fn missing(name: &str, arguments: &str) -> String {
    let result = call(name, arguments);
    assert!(result.is_error, "{name} {arguments}");
    text(&result).to_owned()
}

fn total(rows: &[Json]) -> i64 {
    rows.iter().map(|row| of(row, "total").as_i64().unwrap()).sum()
}

/// Method, path, query and body of the only request of a call that works.
fn sent(name: &str, arguments: &str) -> String {
    let service = Service::saying(200, json("{}"));
    let backend = Arc::clone(&service) as Arc<dyn Backend>;
    let result = on(&product(backend, working_for(None)), name, arguments);
    assert!(!result.is_error, "{name}: {:?}", texts(&result));
    let seen = service.seen.lock().unwrap();
    let [asked] = &seen[..] else { panic!("{name}: {seen:?}") };
    let query = asked.query.iter().map(|(key, value)| format!(" {key}={value}"));
    let body = asked.body.as_ref().map(|body| format!(" {}", write::to_text(body)));
    let query: String = query.collect();
    let body = body.unwrap_or_default();
    format!("{} {}{query}{body}", asked.method.as_str(), asked.path.as_str())
}

#[test]
fn every_list_gives_its_records() {
    for (name, arguments, count) in LISTS {
        assert_eq!(rows(name, arguments).len(), count, "{name}");
    }
}

#[test]
fn every_get_finds_what_its_list_shows_and_nothing_else() {
    for (list, get, argument) in [
        ("zia_list_time_intervals", "zia_get_time_interval", "interval_id"),
        ("zia_list_workload_groups", "zia_get_workload_group", "group_id"),
    ] {
        for row in rows(list, "{}") {
            assert_eq!(record(get, &format!("{{\"{argument}\":{}}}", id(&row))), row);
        }
        let told = missing(get, &format!("{{\"{argument}\":\"999\"}}"));
        assert!(told.contains("HTTP 404") && told.contains("the ids that exist"), "{told}");
    }
    for row in rows("zdx_list_device_deep_traces", r#"{"device_id":"132559228"}"#) {
        let arguments =
            format!(r#"{{"device_id":"132559228","trace_id":"{}"}}"#, word(&row, "trace_id"));
        assert_eq!(record("zdx_get_device_deep_trace", &arguments), row);
        assert_eq!(word(of(&row, "trace_details"), "username"), "Benoit Carvelle");
    }
    for elsewhere in [
        r#"{"device_id":"132559207","trace_id":"91010"}"#,
        r#"{"device_id":"132559228","trace_id":"1"}"#,
        r#"{"device_id":"1","trace_id":"91010"}"#,
    ] {
        for tool in ["zdx_get_device_deep_trace", "zdx_get_deeptrace_events"] {
            assert!(missing(tool, elsewhere).contains("HTTP 404"), "{tool} {elsewhere}");
        }
    }
    for software in rows("zdx_list_software", "{}") {
        let arguments = format!(r#"{{"software_key":"{}"}}"#, word(&software, "software_key"));
        let devices = rows("zdx_get_software_details", &arguments);
        assert_eq!(of(&software, "device_total").as_i64().unwrap(), devices.len() as i64);
        assert!(devices.iter().all(|row| of(row, "vendor") == of(&software, "vendor")));
    }
}

#[test]
fn filters_and_pages_keep_what_they_name() {
    for (name, arguments, expected) in [
        ("zdx_list_software", r#"{"department_id":["8107"],"geo_id":["0.1.2"]}"#, 0),
        ("zdx_list_software", r#"{"device_ids":["132559207"]}"#, 6),
        ("zdx_list_software", r#"{"device_ids":[]}"#, 19),
        (
            "zdx_get_software_details",
            r#"{"software_key":"kestrel_browser","user_ids":["76676011"]}"#,
            2,
        ),
        (
            "zdx_get_software_details",
            r#"{"software_key":"kestrel_browser","location_id":["52319"]}"#,
            3,
        ),
        ("zdx_get_web_probes", r#"{"device_id":"132559207","app_id":"1006"}"#, 0),
        ("zdx_get_deeptrace_events", r#"{"device_id":"132559207","trace_id":"91001"}"#, 0),
        ("zdx_get_deeptrace_cloudpath", r#"{"device_id":"132559249","trace_id":"91022"}"#, 0),
        ("zia_list_device_groups", r#"{"include_pseudo_groups":true}"#, 8),
        ("zia_list_device_groups", r#"{"include_pseudo_groups":false}"#, 6),
        ("zia_list_devices", r#"{"include_all":true}"#, 25),
        ("zia_list_devices", r#"{"name":"qf-ws-1013"}"#, 1),
        ("zia_list_devices", r#"{"name":"qf-ws"}"#, 0),
        ("zia_list_devices", r#"{"user_ids":["120010","120003"]}"#, 3),
        ("zia_list_devices", r#"{"page":3,"page_size":10}"#, 3),
        ("zia_list_shadow_it_apps", r#"{"page_number":3,"limit":10}"#, 4),
        ("zia_list_shadow_it_apps", r#"{"page_number":4,"limit":10}"#, 0),
        ("zia_list_time_intervals", r#"{"search":"SHIFT"}"#, 1),
        ("zia_list_time_intervals", r#"{"page":2,"page_size":4}"#, 3),
        ("zia_list_workload_groups", r#"{"page":2,"page_size":5}"#, 2),
        ("zins_get_cyber_incidents", r#"{"categorize_by":["APP_ID"],"limit":3}"#, 3),
        ("zins_get_cyber_incidents", r#"{"categorize_by":[]}"#, 6),
        ("zins_get_cyber_incidents_by_location", r#"{"categorize_by":"DEPARTMENT_ID"}"#, 13),
        ("zins_get_firewall_by_location", r#"{"limit":5}"#, 5),
        ("zins_get_shadow_it_apps", r#"{"query":"[?risk_index == `5`]"}"#, 4),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
    let groups = rows("zia_list_device_groups", r#"{"include_device_info":true}"#);
    let names = of(&groups[0], "device_names").as_array().unwrap().len();
    assert_eq!(of(&groups[0], "device_count").as_i64().unwrap(), names as i64);
    assert!(names > 5 && of(&rows("zia_list_device_groups", "{}")[0], "device_names").is_null());
}

#[test]
fn numbers_of_analytics_agree_with_each_other() {
    let by_threat = rows("zins_get_cyber_incidents", "{}");
    assert_eq!(total(&by_threat), 753);
    for (name, arguments) in [
        ("zins_get_cyber_incidents", r#"{"categorize_by":["APP_ID"]}"#),
        ("zins_get_cyber_incidents_daily", "{}"),
        ("zins_get_cyber_incidents_by_location", "{}"),
        ("zins_get_cyber_incidents_by_location", r#"{"categorize_by":"DEPARTMENT_ID"}"#),
    ] {
        assert_eq!(total(&rows(name, arguments)), 753, "{name} {arguments}");
    }
    for row in rows("zins_get_cyber_incidents_by_threat_and_app", "{}") {
        let inside = of(&row, "entries").as_array().unwrap();
        assert_eq!(of(&row, "total").as_i64().unwrap(), total(inside));
    }
    let sessions = total(&rows("zins_get_firewall_by_action", "{}"));
    assert_eq!(sessions, total(&rows("zins_get_firewall_by_location", "{}")));
    assert_eq!(sessions, total(&rows("zins_get_firewall_network_services", "{}")));
    let things = record("zins_get_iot_device_stats", r#"{"limit":3}"#);
    assert_eq!(of(&things, "entries").as_array().unwrap().len(), 3);
    let whole = record("zins_get_iot_device_stats", "{}");
    let entries = of(&whole, "entries").as_array().unwrap();
    assert_eq!(of(&things, "devices_count").as_i64().unwrap(), total(entries));
    let apps = rows("zins_get_shadow_it_apps", "{}");
    let sums = record("zins_get_shadow_it_summary", "{}");
    let bytes: i64 = apps.iter().map(|app| of(app, "data_consumed").as_i64().unwrap()).sum();
    assert_eq!(of(&sums, "total_bytes").as_i64().unwrap(), bytes);
    for name in ["group_by_app_cat_for_app", "group_by_risk_index_for_app"] {
        let entries = of(of(&sums, name), "entries").as_array().unwrap();
        assert_eq!(total(entries), 22, "{name}");
    }
}

#[test]
fn a_wrong_call_is_refused_before_any_request_and_says_what_to_change() {
    for (name, arguments, expected) in [
        (
            "zia_bulk_update_shadow_it_apps",
            r#"{"sanction_state":"allowed","application_ids":["1"]}"#,
            "sanctioned, unsanctioned, any",
        ),
        (
            "zia_bulk_update_shadow_it_apps",
            r#"{"sanction_state":"","application_ids":["1"]}"#,
            "sanction_state",
        ),
        (
            "zia_bulk_update_shadow_it_apps",
            r#"{"sanction_state":"any"}"#,
            "zia_list_shadow_it_apps returns",
        ),
        (
            "zia_bulk_update_shadow_it_apps",
            r#"{"sanction_state":"any","application_ids":[],"custom_tag_ids":[]}"#,
            "no application was given",
        ),
        ("zia_update_mobile_advanced_settings", r#"{"settings":{}}"#, "give all flags"),
        ("zia_update_mobile_advanced_settings", r#"{"settings":{"a_b":1,"aB":2}}"#, "twice"),
        ("zia_update_mobile_advanced_settings", r#"{"settings":[]}"#, "settings must be an object"),
        ("zia_update_time_interval", r#"{"interval_id":"9101"}"#, "nothing to change was given"),
        ("zia_create_time_interval", r#"{"name":"x","start_time":1,"end_time":2}"#, "days_of_week"),
        (
            "zdx_start_deeptrace",
            r#"{"device_id":"1","session_name":"x","app_id":1}"#,
            "web_probe_id",
        ),
        ("zdx_get_web_probes", r#"{"device_id":"1","app_id":"1","since":0}"#, "at least 1"),
        ("zdx_get_analysis", "{}", "analysis_id"),
        ("zdx_get_software_details", r#"{"software_key":""}"#, "software_key"),
        (
            "zins_get_firewall_by_action",
            r#"{"start_time":2,"end_time":1}"#,
            "must start before it ends",
        ),
        ("zins_get_shadow_it_summary", r#"{"end_time":1795000000000}"#, "at least one day ago"),
        ("zins_get_iot_device_stats", r#"{"limit":1001}"#, "from 1 to 1000"),
    ] {
        let service = Service::saying(200, json("{}"));
        let backend = Arc::clone(&service) as Arc<dyn Backend>;
        let result = on(&product(backend, working_for(None)), name, arguments);
        assert!(result.is_error && service.seen.lock().unwrap().is_empty(), "{name} {arguments}");
        assert!(text(&result).contains(expected), "{name} {arguments}: {}", text(&result));
    }
}

#[test]
fn requests_carry_what_was_given() {
    for (name, arguments, expected) in [
        (
            "zdx_list_software",
            r#"{"user_ids":["7","8"],"device_ids":["9"],"geo_id":["1"]}"#,
            "GET /zdx/v1/inventory/software geo=1 userids=7 userids=8 deviceids=9",
        ),
        (
            "zdx_start_analysis",
            r#"{"device_id":"7","app_id":1,"t1":0}"#,
            r#"POST /zdx/v1/analysis {"device_id":"7","app_id":1,"t1":0}"#,
        ),
        (
            "zdx_start_deeptrace",
            r#"{"device_id":7,"session_name":"n","app_id":1,"web_probe_id":2,
                "cloudpath_probe_id":3,"probe_device":false}"#,
            concat!(
                r#"POST /zdx/v1/devices/7/deeptraces {"session_name":"n","app_id":1,"#,
                r#""web_probe_id":2,"cloudpath_probe_id":3,"session_length_minutes":5,"#,
                r#""probe_device":false}"#
            ),
        ),
        (
            "zia_bulk_update_shadow_it_apps",
            r#"{"sanction_state":"UnSanctioned","application_ids":["1","2"],"custom_tag_ids":["3"]}"#,
            concat!(
                r#"PUT /zia/api/v1/cloudApplications/bulkUpdate {"sanctionedState":"#,
                r#""UN_SANCTIONED","applicationIds":["1","2"],"customTags":[{"id":"3"}]}"#
            ),
        ),
        (
            "zia_update_time_interval",
            r#"{"interval_id":"5","name":"","start_time":0,"end_time":1,"days_of_week":[]}"#,
            concat!(
                r#"PUT /zia/api/v1/timeIntervals/5 {"name":"","startTime":0,"endTime":1,"#,
                r#""daysOfWeek":[]}"#
            ),
        ),
        (
            "zia_list_devices",
            r#"{"include_all":false,"page":0,"name":""}"#,
            "GET /zia/api/v1/deviceGroups/devices includeAll=false page=0",
        ),
        ("zia_list_workload_groups", r#"{"page":0}"#, "GET /zia/api/v1/workloadGroups"),
    ] {
        assert_eq!(sent(name, arguments), expected, "{name} {arguments}");
    }
}

#[test]
fn an_analysis_shows_state_findings_and_times_that_can_be_read() {
    let found = record("zdx_get_analysis", r#"{"analysis_id":73001}"#);
    assert_eq!((word(&found, "analysis_id"), word(&found, "status")), ("73001", "completed"));
    let data = of(&found, "data");
    assert_eq!(word(data, "created_at"), "2026-01-12T02:01:40Z");
    assert_eq!(of(data, "created_at_epoch").as_i64(), Some(1_768_183_300));
    let finding = &of(data, "findings").as_array().unwrap()[0];
    assert_eq!(of(finding, "timestamp_epoch").as_i64(), Some(1_768_177_800));
    assert_eq!(of(data, "t0").as_i64(), Some(1_768_176_000), "other members stay numbers");
    let service = Service::saying(200, json(r#"{"state":"x","Inner":[{"TIME":"0"}]}"#));
    let product = product(service, working_for(None));
    let found = record_of("", &call_on(&product, "zdx_get_analysis", r#"{"analysis_id":"a"}"#));
    let expected = concat!(
        r#"{"analysis_id":"a","data":{"state":"x","Inner":[{"TIME":"1970-01-01T00:00:00Z","#,
        r#""TIME_epoch":0}]}}"#
    );
    assert_eq!(write::to_text(&found), expected);
}

#[test]
fn a_session_tells_its_id_and_state_whatever_the_service_calls_them() {
    let deep = r#"{"device_id":"7","session_name":"n","app_id":1,"web_probe_id":2,
        "cloudpath_probe_id":3}"#;
    let score = r#"{"device_id":"7","app_id":1}"#;
    for (name, arguments, answer, expected) in [
        (
            "zdx_start_analysis",
            score,
            r#"{"analysis_id":"5"}"#,
            r#"{"analysis_id":"5","status":"started"}"#,
        ),
        (
            "zdx_start_analysis",
            score,
            r#"{"id":5,"status":"running"}"#,
            r#"{"analysis_id":5,"status":"running"}"#,
        ),
        (
            "zdx_start_analysis",
            score,
            r#"{"analysis_id":null,"status":null}"#,
            r#"{"status":"started"}"#,
        ),
        (
            "zdx_start_deeptrace",
            deep,
            r#"{"trace_id":"9","status":"not_started"}"#,
            r#"{"trace_id":"9","status":"not_started","session_name":"n"}"#,
        ),
        (
            "zdx_start_deeptrace",
            deep,
            r#"{"id":9}"#,
            r#"{"trace_id":9,"status":"started","session_name":"n"}"#,
        ),
    ] {
        let product = product(Service::saying(200, json(answer)), working_for(None));
        let made = record_of(name, &call_on(&product, name, arguments));
        assert_eq!(write::to_text(&made), expected, "{name} {answer}");
    }
}

#[test]
fn traces_are_started_read_and_deleted() {
    let tenant = fresh();
    let device = r#"{"device_id":"132559207"}"#;
    let count = || rows_of("", &call_on(&tenant, "zdx_list_device_deep_traces", device)).len();
    assert_eq!(count(), 2);
    let start = |app: &str, web: &str, path: &str| {
        let arguments = format!(
            r#"{{"device_id":"132559207","session_name":"Again","app_id":{app},
                "web_probe_id":{web},"cloudpath_probe_id":{path}}}"#
        );
        on(&tenant, "zdx_start_deeptrace", &arguments)
    };
    let made = record_of("", &start("1", "40101", "40102"));
    assert_eq!((word(&made, "status"), word(&made, "session_name")), ("not_started", "Again"));
    for (app, web, path, expected) in [
        ("1", "40102", "40102", "web_probe_id"),
        ("1", "40101", "40112", "cloudpath_probe_id"),
        ("99", "40101", "40102", "app_id"),
    ] {
        let result = start(app, web, path);
        assert!(result.is_error && text(&result).contains(expected), "{}", text(&result));
    }
    let one = format!(r#"{{"device_id":"132559207","trace_id":"{}"}}"#, word(&made, "trace_id"));
    let trace = record_of("", &call_on(&tenant, "zdx_get_device_deep_trace", &one));
    assert_eq!(word(&trace, "status"), "completed");
    let events = call_on(&tenant, "zdx_get_deeptrace_events", &one);
    assert_eq!((rows_of("", &events).len(), count()), (2, 3));
    assert!(
        texts(&call_on(&tenant, "zdx_delete_deeptrace", &one))[0].contains(word(&made, "trace_id"))
    );
    assert!(!on(&tenant, "zdx_delete_deeptrace", &one).is_error);
    assert_eq!(count(), 2);
}

#[test]
fn a_trace_that_leaves_the_device_out_measures_the_way_alone() {
    let tenant = fresh();
    let bare = r#"{"device_id":"132559207","session_name":"Bare","app_id":1,"web_probe_id":40101,
        "cloudpath_probe_id":40102,"probe_device":false}"#;
    let bare = record_of("", &on(&tenant, "zdx_start_deeptrace", bare));
    let bare = format!(r#"{{"device_id":"132559207","trace_id":"{}"}}"#, word(&bare, "trace_id"));
    for (tool, expected) in
        [("zdx_get_deeptrace_health_metrics", 0), ("zdx_get_deeptrace_webprobe_metrics", 3)]
    {
        assert_eq!(rows_of("", &call_on(&tenant, tool, &bare)).len(), expected, "{tool}");
    }
    assert!(!on(&tenant, "zdx_delete_deeptrace", &bare).is_error);
}

#[test]
fn analyses_are_started_read_and_deleted() {
    let tenant = fresh();
    let arguments = r#"{"device_id":"132559207","app_id":2,"t0":1768176000}"#;
    let made = record_of("", &on(&tenant, "zdx_start_analysis", arguments));
    let one = format!(r#"{{"analysis_id":"{}"}}"#, word(&made, "analysis_id"));
    let found = record_of("", &call_on(&tenant, "zdx_get_analysis", &one));
    assert_eq!(of(of(&found, "data"), "t0").as_i64(), Some(1_768_176_000));
    assert!(!on(&tenant, "zdx_delete_analysis", &one).is_error);
    let gone = call_on(&tenant, "zdx_get_analysis", &one);
    assert!(gone.is_error && text(&gone).contains("HTTP 404"), "{}", text(&gone));
    let unknown = r#"{"device_id":"1","app_id":2}"#;
    assert!(on(&tenant, "zdx_start_analysis", unknown).is_error);
}

#[test]
fn verdicts_are_seen_by_the_reports_once_a_person_has_agreed() {
    let tenant = fresh();
    let states = || {
        let rows = rows_of("", &call_on(&tenant, "zins_get_shadow_it_apps", "{}"));
        let state = |row: &Json| word(row, "sanctioned_state").to_owned();
        rows.iter().filter(|row| word(row, "application").starts_with("Ferrule")).map(state).next()
    };
    assert_eq!(states().unwrap(), "ANY");
    let change = r#"{"sanction_state":"Unsanctioned","application_ids":["120510"],
        "custom_tag_ids":["120904"]}"#;
    let asked = call_on(&tenant, "zia_bulk_update_shadow_it_apps", change);
    assert!(texts(&asked)[0].contains("120510"), "{:?}", texts(&asked));
    assert_eq!(states().unwrap(), "ANY", "nobody has agreed yet");
    let done = on(&tenant, "zia_bulk_update_shadow_it_apps", change);
    assert_eq!(of(&record_of("", &done), "success").as_bool(), Some(true));
    assert_eq!(states().unwrap(), "UN_SANCTIONED");
    for unknown in [
        r#"{"sanction_state":"any","application_ids":["120510","1"]}"#,
        r#"{"sanction_state":"any","application_ids":["120510"],"custom_tag_ids":["1"]}"#,
    ] {
        assert!(on(&tenant, "zia_bulk_update_shadow_it_apps", unknown).is_error);
    }
    assert_eq!(states().unwrap(), "UN_SANCTIONED", "all of them or none");
}

#[test]
fn intervals_and_settings_are_changed_and_what_is_used_stays() {
    let tenant = fresh();
    let new = r#"{"name":"Early shift","start_time":300,"end_time":780,"days_of_week":["MON"]}"#;
    let made = record_of("", &on(&tenant, "zia_create_time_interval", new));
    assert!(on(&tenant, "zia_create_time_interval", new).is_error, "names are unique");
    let one = id(&made);
    let change = format!(r#"{{"interval_id":"{one}","end_time":800}}"#);
    let changed = record_of("", &on(&tenant, "zia_update_time_interval", &change));
    assert_eq!(word(&changed, "name"), "Early shift");
    assert_eq!(of(&changed, "end_time").as_i64(), Some(800));
    assert_eq!(of(&changed, "days_of_week"), of(&made, "days_of_week"));
    let delete =
        |id: &str| on(&tenant, "zia_delete_time_interval", &format!(r#"{{"interval_id":"{id}"}}"#));
    assert!(!delete(&one).is_error && delete(&one).is_error);
    let used = delete("9104");
    assert!(used.is_error && text(&used).contains("uses this one"), "{}", text(&used));

    let settings = r#"{"settings":{"block_apps_sending_location_info":true}}"#;
    let after = record_of("", &on(&tenant, "zia_update_mobile_advanced_settings", settings));
    assert_eq!(of(&after, "block_apps_sending_location_info").as_bool(), Some(true));
    assert_eq!(of(&after, "block_apps_with_malicious_activity").as_bool(), Some(false));
    let read = record_of("", &call_on(&tenant, "zia_get_mobile_advanced_settings", "{}"));
    assert_eq!(read, after);
}

#[test]
fn members_that_other_servers_lose_are_there() {
    let trace = record("zdx_get_device_deep_trace", BUSY);
    for member in ["trace_id", "expected_time_minutes", "created_at", "started_at", "ended_at"] {
        assert!(trace.get(member).is_some(), "{member}");
    }
    for member in ["session_name", "user_id", "device_name", "probe_device"] {
        assert!(of(&trace, "trace_details").get(member).is_some(), "{member}");
    }
    let probe = &rows("zdx_get_web_probes", r#"{"device_id":"132559207","app_id":"1"}"#)[0];
    assert!(probe.get("avg_pft").is_some() && probe.get("avg_score").is_some());
    let leg = &rows("zdx_get_deeptrace_cloudpath_metrics", BUSY)[0];
    assert_eq!(word(leg, "leg_src"), "client");
    let processes = &rows("zdx_list_deeptrace_top_processes", BUSY)[0];
    let first = &of(processes, "top_processes").as_array().unwrap()[0];
    assert_eq!(word(first, "category"), "cpu");
    let software = &rows("zdx_list_software", "{}")[0];
    for member in ["software_key", "software_name", "software_install_type", "user_total"] {
        assert!(software.get(member).is_some(), "{member}");
    }
}

#[test]
fn hostile_texts_arrive_without_their_means() {
    for (name, arguments, kept) in [
        ("zdx_list_device_deep_traces", r#"{"device_id":"132559228"}"#, "MES again"),
        ("zdx_list_deeptrace_top_processes", BUSY, "updater"),
        ("zdx_get_deeptrace_events", BUSY, "ap-yard-7"),
        ("zdx_list_software", "{}", "Ossify PDF tools"),
        ("zdx_get_analysis", r#"{"analysis_id":"73007"}"#, "CPU above 90 percent"),
        ("zia_list_devices", "{}", "spare"),
        ("zia_list_device_groups", "{}", "Press line terminals"),
        ("zia_list_shadow_it_apps", "{}", "Ossify PDF tools"),
        ("zia_list_workload_groups", "{}", "To be moved"),
        ("zia_list_time_intervals", "{}", "Change freeze"),
        ("zins_get_casb_app_report", "{}", "Hedgerow Mail"),
        ("zins_get_iot_device_stats", "{}", "Unknown"),
    ] {
        let result = call(name, arguments);
        let shown = texts(&result).join("\n");
        assert!(shown.contains(kept), "{name}: {shown}");
        for hostile in ["<!--", "<script", "<img", "<a ", "<b>", "](", "\u{200b}", "\u{202e}"] {
            assert!(!shown.contains(hostile), "{name}: {hostile:?} in {shown}");
        }
    }
}
