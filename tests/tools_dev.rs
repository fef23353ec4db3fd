//! The tools of digital experience, client connector and identity, over the demo tenant.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::{Arc, Mutex};

use zscaler_mcp::backend::{ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::json::Json;
use zscaler_mcp::mcp::registry::{CallResult, Context};

use kit::quiet::Quiet;
use kit::{call_on, demo, id, invented, product, record_of, rows_of, texts};

/// The demo tenant, with a note of every request.
#[derive(Default)]
struct Noting(Mutex<Vec<String>>);

impl Backend for Noting {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        assert!(request.method.as_str() == "GET" && request.body.is_none());
        let query = request.query.iter().map(|(key, value)| format!("{key}={value}"));
        let query = query.collect::<Vec<_>>().join("&");
        self.0.lock().unwrap().push(format!("{}?{query}", request.path.as_str()));
        demo().send(request, patience)
    }
    fn is_local(&self) -> bool {
        true
    }
    fn describe(&self) -> String {
        String::new()
    }
}

/// The result of a call, and the requests it took.
fn noted(name: &str, arguments: &str) -> (CallResult, Vec<String>) {
    let backend = Arc::new(Noting::default());
    let result = call_on(&product(Arc::<Noting>::clone(&backend), invented()), name, arguments);
    let requests = backend.0.lock().unwrap().clone();
    (result, requests)
}

/// What stands before the hint at the next page.
fn text(result: &CallResult) -> &str {
    texts(result)[0]
}

fn rows(name: &str, arguments: &str) -> Vec<Json> {
    rows_of(name, &noted(name, arguments).0)
}

fn record(name: &str, arguments: &str) -> Json {
    record_of(name, &noted(name, arguments).0)
}

fn names(row: &Json) -> Vec<&str> {
    row.as_object().unwrap().iter().map(|(name, _)| name).collect()
}

#[test]
fn every_list_gives_records_and_every_get_finds_them() {
    for (list, get, argument) in [
        ("zdx_list_devices", "zdx_get_device", "device_id"),
        ("zdx_list_applications", "zdx_get_application", "app_id"),
        ("zdx_list_alerts", "zdx_get_alert", "alert_id"),
        ("zdx_list_historical_alerts", "zdx_get_alert", "alert_id"),
        ("zid_list_users", "zid_get_user", "user_id"),
        ("zid_list_groups", "zid_get_group", "group_id"),
    ] {
        let all = rows(list, "{}");
        assert!(all.len() >= 6, "{list}");
        for row in &all {
            let one = record(get, &format!("{{\"{argument}\":\"{}\"}}", id(row)));
            assert_eq!(one.get("id"), row.get("id"), "{get}");
        }
        let (missing, _) = noted(get, &format!("{{\"{argument}\":\"999\"}}"));
        let told = text(&missing);
        assert!(missing.is_error && told.contains("HTTP 404"), "{told}");
        assert!(told.contains("returns the ids that exist"), "{told}");
    }
}

#[test]
fn lists_below_a_record_follow_from_the_lists_above() {
    for app in rows("zdx_list_applications", "{}") {
        let app = id(&app);
        let users = rows("zdx_list_application_users", &format!("{{\"app_id\":{app}}}"));
        assert!(!users.is_empty(), "{app}");
        for user in &users {
            let arguments = format!("{{\"app_id\":{app},\"user_id\":{},\"since\":5}}", id(user));
            let one = record("zdx_get_application_user", &arguments);
            assert_eq!(one.get("score"), user.get("score"));
        }
        let trend = record("zdx_get_application_score_trend", &format!("{{\"app_id\":\"{app}\"}}"));
        assert_eq!(trend.get("datapoints").unwrap().as_array().unwrap().len(), 12);
        assert_eq!(rows("zdx_get_application_metric", &format!("{{\"app_id\":{app}}}")).len(), 3);
    }
    for alert in rows("zdx_list_historical_alerts", r#"{"limit":99,"since":336}"#) {
        let arguments = format!("{{\"alert_id\":{},\"limit\":99}}", id(&alert));
        let devices = rows("zdx_list_alert_affected_devices", &arguments);
        let counted: i64 = alert
            .get("locations")
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .map(|at| at.get("num_devices").unwrap().as_i64().unwrap())
            .sum();
        assert_eq!(i64::try_from(devices.len()).unwrap(), counted);
    }
    for group in rows("zid_list_groups", "{}") {
        let group = id(&group);
        for user in rows("zid_get_group_users", &format!("{{\"group_id\":\"{group}\"}}")) {
            let arguments = format!("{{\"user_id\":\"{}\"}}", id(&user));
            let around = rows("zid_get_user_groups", &arguments);
            assert!(around.iter().any(|one| id(one) == group), "{group}");
        }
    }
}

#[test]
fn filters_and_pages_reach_the_service() {
    for (name, arguments, expected) in [
        ("zdx_list_devices", r#"{"emails":["arto.lehvonen@quillfen.example.com"]}"#, 2),
        ("zdx_list_devices", r#"{"user_ids":["76676011","76676022"]}"#, 3),
        ("zdx_list_devices", r#"{"mac_address":"00:00:5E:00:53:11"}"#, 1),
        ("zdx_list_devices", r#"{"private_ipv4":"192.0.2.200"}"#, 0),
        ("zdx_list_devices", r#"{"location_id":["52319"],"since":24}"#, 3),
        ("zdx_list_devices", r#"{"offset":"from-20"}"#, 9),
        ("zdx_list_departments", r#"{"search":"fin"}"#, 1),
        ("zdx_list_departments", r#"{"search":""}"#, 13),
        ("zdx_list_locations", r#"{"search":"lyon"}"#, 3),
        ("zdx_list_applications", r#"{"department_id":["8107"]}"#, 7),
        ("zdx_list_applications", r#"{"geo_id":["0.1.2"]}"#, 0),
        ("zdx_get_application_metric", r#"{"app_id":"2","metric_name":"dns"}"#, 1),
        ("zdx_list_application_users", r#"{"app_id":"1006","score_bucket":"poor"}"#, 3),
        ("zdx_list_alerts", r#"{"limit":2}"#, 2),
        ("zdx_list_alerts", r#"{"location_id":["52319"]}"#, 3),
        ("zdx_list_historical_alerts", r#"{"offset":"from-10"}"#, 4),
        (
            "zdx_list_alert_affected_devices",
            r#"{"alert_id":"7000158","location_groups":[52945]}"#,
            1,
        ),
        ("zcc_list_devices", "{}", 29),
        ("zcc_list_devices", r#"{"os_type":"Windows"}"#, 17),
        ("zcc_list_devices", r#"{"os_type":"IOS"}"#, 1),
        ("zcc_list_devices", r#"{"os_type":""}"#, 29),
        ("zcc_list_devices", r#"{"username":"emeka.obidike@quillfen.example.com"}"#, 2),
        ("zcc_list_devices", r#"{"page":3,"page_size":10}"#, 9),
        ("zid_list_users", r#"{"limit":20,"offset":40}"#, 12),
        ("zid_list_users", r#"{"domain_name":"admin.quillfen.example.com"}"#, 2),
        ("zid_list_users", r#"{"idp_name":"Brackwater SSO"}"#, 2),
        ("zid_list_users", r#"{"login_name":"vendor","display_name":"press"}"#, 1),
        ("zid_list_users", r#"{"primary_email":"nobody@"}"#, 0),
        ("zid_list_groups", r#"{"exclude_dynamic_groups":true}"#, 16),
        ("zid_list_groups", r#"{"exclude_dynamic_groups":false}"#, 18),
        ("zid_list_groups", r#"{"name":"sales"}"#, 2),
        ("zid_search_groups", r#"{"name":"support"}"#, 1),
        ("zid_search_groups", r#"{"name":"zzz"}"#, 0),
        ("zid_search_users", r#"{"name":"kester"}"#, 1),
        ("zid_search_users", r#"{"name":"Break-glass"}"#, 2),
        ("zid_search_users", r#"{"name":"lund@quillfen"}"#, 1),
        ("zid_search_users", r#"{"name":"zzz"}"#, 0),
        ("zid_get_group_users_by_name", r#"{"name":"support pune"}"#, 3),
        ("zid_get_group_users_by_name", r#"{"name":"Robot line"}"#, 0),
        ("zid_get_user_groups_by_name", r#"{"name":"niko.saarelma"}"#, 3),
        ("zid_get_user_groups_by_name", r#"{"name":"saarelma@quillfen"}"#, 3),
        ("zid_get_user_groups_by_name", r#"{"name":"Break-glass"}"#, 0),
        ("zid_list_users", r#"{"query":"[?!status].login_name"}"#, 1),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
}

#[test]
fn requests_are_the_known_ones() {
    let now = Quiet::new(false).unix_seconds();
    let window = format!("from={}&to={now}", now.saturating_sub(7_200));
    for (name, arguments, expected) in [
        ("zdx_list_applications", r#"{"since":2}"#, vec![format!("/zdx/v1/apps?{window}")]),
        (
            "zdx_list_devices",
            r#"{"since":2,"emails":["a@b.test","c@d.test"],"user_ids":[],"mac_address":"",
                "location_id":["1","2"],"department_id":["3"],"geo_id":["4"]}"#,
            vec![format!(
                "/zdx/v1/devices?emails=a@b.test&emails=c@d.test&mac_address=&loc=1&loc=2&dept=3\
                 &geo=4&{window}"
            )],
        ),
        (
            "zdx_get_application_user",
            r#"{"app_id":1,"user_id":"76676011","since":2}"#,
            vec![format!("/zdx/v1/apps/1/users/76676011?{window}")],
        ),
        ("zdx_get_alert", r#"{"alert_id":"7000123"}"#, vec!["/zdx/v1/alerts/7000123?".into()]),
        (
            "zdx_list_alert_affected_devices",
            r#"{"alert_id":"7000123","location_groups":[1,2],"limit":5,"offset":""}"#,
            vec![
                "/zdx/v1/alerts/7000123/affected_devices?offset=&limit=5&location_groups=1\
                 &location_groups=2"
                    .into(),
            ],
        ),
        (
            "zcc_list_devices",
            r#"{"os_type":"MacOS","page":1}"#,
            vec!["/zcc/papi/public/v1/getDevices?osType=4&page=1".into()],
        ),
        (
            "zcc_get_device_otp",
            r#"{"udid":"a b","device_id":"c"}"#,
            vec!["/zcc/papi/public/v1/getOtp?udid=a b".into()],
        ),
        (
            "zcc_get_device_otp",
            r#"{"udid":"","device_id":"c"}"#,
            vec!["/zcc/papi/public/v1/getOtp?udid=c".into()],
        ),
        (
            "zid_list_groups",
            r#"{"name":"","exclude_dynamic_groups":false,"offset":0}"#,
            vec!["/ziam/admin/api/v1/groups?excludeDynamicGroups=false&offset=0".into()],
        ),
    ] {
        assert_eq!(noted(name, arguments).1, expected, "{name} {arguments}");
    }
}

#[test]
fn requests_of_several_steps_are_the_known_ones() {
    let lookup = "/ziam/admin/api/v1/users?";
    for (name, arguments, expected) in [
        (
            "zid_get_group_users_by_name",
            r#"{"name":"Support","limit":5}"#,
            vec![
                "/ziam/admin/api/v1/groups?name[like]=Support&limit=5".into(),
                "/ziam/admin/api/v1/groups/ihlizz9j4ej2h/users?limit=5".into(),
            ],
        ),
        (
            "zid_search_users",
            r#"{"name":"zzz","offset":1,"limit":5}"#,
            vec![
                format!("{lookup}offset=1&limit=5&loginName[like]=zzz"),
                format!("{lookup}offset=1&limit=5&displayName[like]=zzz"),
            ],
        ),
        (
            "zid_search_users",
            r#"{"name":"kester"}"#,
            vec![format!("{lookup}loginName[like]=kester")],
        ),
        ("zid_search_users", r#"{"name":"z@"}"#, vec![format!("{lookup}primaryEmail[like]=z@")]),
        (
            "zid_get_user_groups_by_name",
            r#"{"name":"niko.saarelma@"}"#,
            vec![
                format!("{lookup}primaryEmail[like]=niko.saarelma@"),
                "/ziam/admin/api/v1/users/ihl7rbwufmfhi/groups?".into(),
            ],
        ),
        (
            "zid_get_user_groups_by_name",
            r#"{"name":"Niko Saarelma","limit":2}"#,
            vec![
                format!("{lookup}limit=2&loginName[like]=Niko Saarelma"),
                format!("{lookup}limit=2&displayName[like]=Niko Saarelma"),
                "/ziam/admin/api/v1/users/ihl7rbwufmfhi/groups?limit=2".into(),
            ],
        ),
    ] {
        assert_eq!(noted(name, arguments).1, expected, "{name} {arguments}");
    }
}

#[test]
fn a_wrong_call_is_refused_before_any_request_and_says_what_to_change() {
    for (name, arguments, expected) in [
        ("zcc_get_device_otp", "{}", "zcc_list_devices returns the udids"),
        ("zcc_get_device_otp", r#"{"udid":"","device_id":""}"#, "give the udid"),
        ("zcc_list_devices", r#"{"os_type":"solaris"}"#, "ios, android, windows, macos, linux"),
        ("zcc_list_devices", r#"{"page_size":5001}"#, "from 1 to 5000"),
        ("zdx_list_alerts", r#"{"since":337}"#, "from 1 to 336"),
        ("zdx_list_devices", r#"{"since":0}"#, "at least 1"),
        ("zdx_get_device", "{}", "zdx_list_devices returns the values"),
        ("zdx_get_device", r#"{"device_id":".."}"#, "device_id"),
        ("zdx_get_application_metric", r#"{"app_id":"1","metric_name":"cpu"}"#, "pft, dns"),
        ("zdx_list_application_users", r#"{"app_id":"1","score_bucket":"bad"}"#, "poor, okay"),
        ("zid_search_users", r#"{"name":" "}"#, "name must not be empty"),
        ("zid_list_users", r#"{"limit":1001}"#, "from 1 to 1000"),
        ("zid_list_groups", r#"{"offset":-1}"#, "offset"),
    ] {
        let (result, requests) = noted(name, arguments);
        assert!(result.is_error && requests.is_empty(), "{name} {arguments}: {requests:?}");
        assert!(text(&result).contains(expected), "{name} {arguments}: {}", text(&result));
    }
    for (name, expected) in [
        ("zid_get_group_users_by_name", "zid_list_groups returns the groups"),
        ("zid_get_user_groups_by_name", "zid_search_users takes shorter parts"),
    ] {
        for arguments in [r#"{"name":"zzz"}"#, r#"{"name":"support","offset":9}"#] {
            let (result, _) = noted(name, arguments);
            assert!(result.is_error && text(&result).contains(expected), "{}", text(&result));
            assert!(text(&result).contains("leave offset out"), "{}", text(&result));
        }
    }
}

#[test]
fn members_of_several_words_are_not_lost() {
    let device = record("zdx_get_device", r#"{"device_id":"132559207"}"#);
    assert_eq!(names(&device), ["id", "name", "hardware", "network", "software"]);
    for (part, member) in [("hardware", "hw_model"), ("software", "client_conn_ver")] {
        assert!(device.get(part).unwrap().get(member).is_some(), "{member}");
    }
    let adapter = &device.get("network").unwrap().as_array().unwrap()[0];
    assert!(names(adapter).contains(&"net_type") && names(adapter).contains(&"dns_srvs"));
    let alert = record("zdx_get_alert", r#"{"alert_id":7000130}"#);
    for member in ["rule_name", "alert_type", "alert_status", "started_on", "ended_on"] {
        assert!(alert.get(member).is_some(), "{member}");
    }
    let app = record("zdx_get_application", r#"{"app_id":2}"#);
    assert!(app.get("most_impacted_region").unwrap().get("country").is_some());
    assert!(app.get("stats").unwrap().get("num_poor").is_some());
    let listed = &rows("zdx_list_applications", "{}")[0];
    assert!(listed.get("total_users").is_some());
    let user = record("zdx_get_application_user", r#"{"app_id":2,"user_id":76676011}"#);
    let place = &user.get("devices").unwrap().as_array().unwrap()[0];
    assert!(place.get("geo_loc").unwrap().as_array().unwrap()[0].get("geo_type").is_some());
}

#[test]
fn members_of_flat_records_are_renamed() {
    let affected = rows("zdx_list_alert_affected_devices", r#"{"alert_id":"7000123"}"#);
    assert_eq!(names(&affected[0]), ["id", "name", "userid", "user_name", "user_email"]);
    let client = &rows("zcc_list_devices", r#"{"page_size":1}"#)[0];
    for member in ["agent_version", "config_download_time", "zapp_arch", "vpn_state"] {
        assert!(client.get(member).is_some(), "{member}");
    }
    let udid = client.get("udid").unwrap().as_str().unwrap();
    let passwords = record("zcc_get_device_otp", &format!("{{\"device_id\":\"{udid}\"}}"));
    assert!(names(&passwords).contains(&"anti_tempering_disable_otp"), "{passwords:?}");
    let person = &rows("zid_search_users", r#"{"name":"kester"}"#)[0];
    assert!(person.get("login_name").is_some() && person.get("custom_attrs_info").is_none());
}

#[test]
fn series_are_json_and_flat_lists_a_table() {
    for (name, arguments, json) in [
        ("zdx_get_application", r#"{"app_id":1}"#, true),
        ("zdx_get_application_metric", r#"{"app_id":1,"query":"[].{m: metric}"}"#, true),
        ("zdx_get_application_score_trend", r#"{"app_id":1}"#, true),
        ("zdx_get_application_user", r#"{"app_id":1,"user_id":76676011}"#, true),
        ("zdx_list_devices", "{}", false),
        ("zcc_list_devices", "{}", false),
    ] {
        let (result, _) = noted(name, arguments);
        let shown = text(&result);
        assert_eq!(shown.starts_with(['{', '[']), json, "{name}: {shown}");
    }
}

#[test]
fn hostile_texts_arrive_without_their_means() {
    for (name, arguments, kept) in [
        ("zdx_list_devices", "{}", "tracking"),
        ("zdx_list_alerts", "{}", "MES page fetch over 2 s"),
        ("zdx_list_historical_alerts", r#"{"limit":99}"#, "login errors"),
        ("zcc_list_devices", "{}", "Loan device of the press maker"),
        ("zid_list_users", "{}", "Robot maker"),
        ("zid_list_groups", "{}", "Reviewed monthly."),
    ] {
        let (result, _) = noted(name, arguments);
        let shown = text(&result);
        assert!(shown.contains(kept), "{name}: {shown}");
        for hostile in ["<!--", "<script", "](", "[INST]", "<|", "\u{200b}", "\u{202e}"] {
            assert!(!shown.contains(hostile), "{name}: {hostile:?} in {shown}");
        }
    }
}

#[test]
fn pages_of_devices_follow_each_other_by_their_token() {
    let (mut seen, mut offset) = (0, None);
    for round in 0.. {
        assert!(round < 20);
        let arguments = offset.as_ref().map_or_else(String::new, |o| format!("\"offset\":\"{o}\""));
        let (result, _) = noted("zdx_list_devices", &format!("{{{arguments}}}"));
        let structured: serde_json::Value =
            serde_json::from_str(result.structured.unwrap().as_str()).unwrap();
        seen += structured["result"].as_array().unwrap().len();
        offset = structured["next_offset"].as_str().map(str::to_owned);
        assert_eq!(result.content.len(), 1 + usize::from(offset.is_some()));
        if offset.is_none() {
            break;
        }
    }
    let all: serde_json::Value =
        serde_json::from_str(include_str!("../src/backend/demo/data/zdx_devices.json")).unwrap();
    assert_eq!(seen, all.as_array().unwrap().len());
    let (counted, _) = noted("zdx_list_devices", r#"{"query":"length(@)"}"#);
    let structured = counted.structured.unwrap();
    assert!(structured.as_str().contains(r#","next_offset":""#), "{}", structured.as_str());
}

#[test]
fn a_page_that_cannot_be_followed_shows_no_token() {
    let (result, _) = noted("zdx_list_application_users", r#"{"app_id":"2"}"#);
    let shown: serde_json::Value =
        serde_json::from_str(result.structured.as_ref().unwrap().as_str()).unwrap();
    assert_eq!(shown["result"].as_array().unwrap().len(), 10);
    assert!(shown.get("next_offset").is_none() && result.content.len() == 1);
}
