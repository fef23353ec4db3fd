//! The demo tenant as a service sees it: digital experience, client connector and identity.

use std::sync::OnceLock;

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiBody, ApiMethod, ApiPath, ApiRequest, Backend, Patience};
use zscaler_mcp::json::{Json, write};

struct Patient;

impl Patience for Patient {
    fn cancelled(&self) -> bool {
        false
    }
}

fn send(method: ApiMethod, path: &'static str, query: &[(&str, &str)]) -> (u16, Json) {
    let query = query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let path = ApiPath::fill(path, &[]).unwrap();
    let request = ApiRequest { method, path, query: query.collect(), body: None };
    static DEMO: OnceLock<Demo> = OnceLock::new();
    let demo = DEMO.get_or_init(|| Demo::new().unwrap());
    let response = demo.send(&request, &Patient).unwrap();
    let ApiBody::Json(body) = response.body else { panic!("{}", request.path.as_str()) };
    (response.status, body)
}

fn get(path: &'static str, query: &[(&str, &str)]) -> Json {
    let (status, body) = send(ApiMethod::Get, path, query);
    assert_eq!(status, 200, "{path} {query:?}: {}", write::to_text(&body));
    body
}

fn rows(path: &'static str, member: &str, query: &[(&str, &str)]) -> Vec<Json> {
    let body = get(path, query);
    let found = if member.is_empty() { &body } else { body.get(member).unwrap() };
    found.as_array().unwrap().to_vec()
}

fn number(record: &Json, member: &str) -> i64 {
    record.get(member).and_then(Json::as_i64).unwrap_or_else(|| panic!("{member}"))
}

const ZDX: &str = "/zdx/v1/devices";
const USERS: &str = "/ziam/admin/api/v1/users";
const GROUPS: &str = "/ziam/admin/api/v1/groups";
const CLIENTS: &str = "/zcc/papi/public/v1/getDevices";

#[test]
fn filters_keep_what_they_name() {
    for (path, member, query, expected) in [
        (ZDX, "devices", &[][..], 10),
        (ZDX, "devices", &[("emails", "Emeka.Obidike@quillfen.example.com")], 2),
        (ZDX, "devices", &[("emails", "a@b.test")], 0),
        (ZDX, "devices", &[("userids", "76676011"), ("userids", "76676022")], 3),
        (ZDX, "devices", &[("mac_address", "00:00:5e:00:53:11")], 1),
        (ZDX, "devices", &[("private_ipv4", "192.0.2.11")], 1),
        (ZDX, "devices", &[("loc", "52319")], 3),
        (ZDX, "devices", &[("loc", "52319"), ("loc", "52264")], 4),
        (ZDX, "devices", &[("loc", "52319"), ("dept", "8101")], 0),
        (ZDX, "devices", &[("geo", "0.1861060.900544"), ("from", "1"), ("to", "2")], 2),
        ("/zdx/v1/administration/departments", "", &[], 13),
        ("/zdx/v1/administration/departments", "", &[("q", "FIN")], 1),
        ("/zdx/v1/administration/locations", "", &[], 26),
        ("/zdx/v1/administration/locations", "", &[("q", "lyon")], 3),
        ("/zdx/v1/alerts/ongoing", "alerts", &[], 6),
        ("/zdx/v1/alerts/ongoing", "alerts", &[("loc", "52319")], 3),
        ("/zdx/v1/alerts/ongoing", "alerts", &[("limit", "2")], 2),
        ("/zdx/v1/alerts/historical", "alerts", &[("limit", "99")], 14),
        ("/zdx/v1/alerts/historical", "alerts", &[("dept", "8110"), ("limit", "99")], 3),
        ("/zdx/v1/alerts/7000158/affected_devices", "devices", &[("limit", "99")], 29),
        ("/zdx/v1/alerts/7000158/affected_devices", "devices", &[("location_groups", "52945")], 1),
        ("/zdx/v1/alerts/7000123/affected_devices", "devices", &[("loc", "52110")], 0),
        ("/zdx/v1/apps", "", &[], 10),
        ("/zdx/v1/apps", "", &[("dept", "8107")], 7),
        ("/zdx/v1/apps", "", &[("loc", "1")], 0),
        ("/zdx/v1/apps/1/metrics", "", &[], 3),
        ("/zdx/v1/apps/1/metrics", "", &[("metric_name", "dns")], 1),
        ("/zdx/v1/apps/1/users", "users", &[("limit", "99")], 26),
        ("/zdx/v1/apps/1006/users", "users", &[("score_bucket", "poor")], 3),
        ("/zdx/v1/apps/1006/users", "users", &[("score_bucket", "good")], 0),
        (CLIENTS, "", &[], 29),
        (CLIENTS, "", &[("username", "emeka.obidike@quillfen.example.com")], 2),
        (CLIENTS, "", &[("osType", "1")], 1),
        (CLIENTS, "", &[("page", "3"), ("pageSize", "10")], 9),
        (CLIENTS, "", &[("page", "4"), ("pageSize", "10")], 0),
        (USERS, "records", &[], 52),
        (USERS, "records", &[("loginName[like]", "ESKE")], 0),
        (USERS, "records", &[("loginName[like]", "Vendor.")], 2),
        (USERS, "records", &[("displayName[like]", "break-glass")], 2),
        (USERS, "records", &[("primaryEmail[like]", "zoe.")], 1),
        (USERS, "records", &[("domainName", "admin.quillfen.example.com")], 2),
        (USERS, "records", &[("idpName", "brackwater sso")], 2),
        (USERS, "records", &[("offset", "50"), ("limit", "10")], 2),
        (GROUPS, "records", &[], 18),
        (GROUPS, "records", &[("excludeDynamicGroups", "true")], 16),
        (GROUPS, "records", &[("excludeDynamicGroups", "false")], 18),
        (GROUPS, "records", &[("name[like]", "sales")], 2),
    ] {
        assert_eq!(rows(path, member, query).len(), expected, "{path} {query:?}");
    }
}

#[test]
fn what_is_not_there_is_refused_in_the_form_of_the_service() {
    for (path, code) in [
        ("/zdx/v1/devices/1", "code"),
        ("/zdx/v1/alerts/1", "code"),
        ("/zdx/v1/alerts/1/affected_devices", "code"),
        ("/zdx/v1/apps/9", "code"),
        ("/zdx/v1/apps/9/score", "code"),
        ("/zdx/v1/apps/1/nothing", "code"),
        ("/zdx/v1/apps/1/users/1", "code"),
        ("/zdx/v1/nothing", "code"),
        ("/zcc/papi/public/v1/getOtp", "errorCode"),
        ("/zcc/papi/public/v1/nothing", "errorCode"),
        ("/ziam/admin/api/v1/users/x", "code"),
        ("/ziam/admin/api/v1/users/x/groups", "code"),
        ("/ziam/admin/api/v1/groups/x/users", "code"),
        ("/ziam/admin/api/v1/nothing", "code"),
    ] {
        let (status, body) = send(ApiMethod::Get, path, &[]);
        assert_eq!((status, body.get(code).is_some()), (404, true), "{path}");
    }
    for path in [ZDX, USERS, CLIENTS] {
        assert_eq!(send(ApiMethod::Post, path, &[]).0, 405, "{path}");
    }
    assert_eq!(send(ApiMethod::Get, ZDX, &[("offset", "30")]).0, 400);
}

#[test]
fn tokens_lead_through_every_page_once() {
    for (path, member, expected) in [
        (ZDX, "devices", 29),
        ("/zdx/v1/alerts/historical", "alerts", 14),
        ("/zdx/v1/apps/2/users", "users", 26),
    ] {
        let mut seen = Vec::new();
        let mut token = String::new();
        loop {
            let body = get(path, &[("offset", token.as_str())]);
            let page = body.get(member).unwrap().as_array().unwrap();
            assert!((1..=10).contains(&page.len()), "{path}");
            seen.extend(page.iter().map(|row| number(row, "id")));
            match body.get("next_offset").and_then(Json::as_str) {
                Some(next) => token = next.to_owned(),
                None => break,
            }
        }
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!((seen.len(), count), (expected, expected), "{path}");
    }
    let first = get(USERS, &[("limit", "20")]);
    assert_eq!(number(&first, "results_total"), 52);
    let link = first.get("next_link").and_then(Json::as_str);
    assert_eq!(link, Some("/users?offset=20&limit=20"));
    assert!(get(USERS, &[("offset", "40"), ("limit", "20")]).get("next_link").unwrap().is_null());
}

#[test]
fn the_records_of_the_services_fit_together() {
    let clients = rows(CLIENTS, "", &[]);
    let people = rows(USERS, "records", &[]);
    for client in &clients {
        let user = client.get("user").unwrap().as_str().unwrap();
        assert!(people.iter().any(|one| one.get("loginName") == client.get("user")), "{user}");
        let mac = client.get("macAddress").unwrap().as_str().unwrap();
        let found = rows(ZDX, "devices", &[("mac_address", mac), ("emails", user)]);
        assert_eq!(found.len(), 1, "{mac}");
        let udid = client.get("udid").unwrap().as_str().unwrap();
        let passwords = get("/zcc/papi/public/v1/getOtp", &[("udid", udid)]);
        assert_eq!(passwords.as_object().unwrap().len(), 11);
    }
    let members = |path| rows(path, "records", &[]);
    assert_eq!(members("/ziam/admin/api/v1/groups/ihlizz9j4ej2h/users").len(), 3);
    assert_eq!(members("/ziam/admin/api/v1/groups/ihlnrg0jir1vr/users").len(), 0);
    let around = members("/ziam/admin/api/v1/users/ihl7rbwufmfhi/groups");
    assert_eq!(around.len(), 3, "{around:?}");
}

#[test]
fn alerts_count_the_devices_they_list() {
    for kind in ["/zdx/v1/alerts/ongoing", "/zdx/v1/alerts/historical"] {
        for alert in rows(kind, "alerts", &[("limit", "99")]) {
            assert!(alert.get("devices").is_none());
            let sums = ["geolocations", "departments", "locations"].map(|member| {
                let items = alert.get(member).unwrap().as_array().unwrap();
                items.iter().map(|item| number(item, "num_devices")).sum::<i64>()
            });
            assert!(sums[0] > 0 && sums[0] == sums[1] && sums[1] == sums[2], "{sums:?}");
            let over = number(&alert, "ended_on") > number(&alert, "started_on");
            assert_eq!(over, kind.ends_with("historical"));
        }
    }
    let one = get("/zdx/v1/alerts/7000123", &[]);
    assert_eq!(one.get("rule_name").unwrap().as_str(), Some("Slow DNS in Pune"));
    let hit = rows("/zdx/v1/alerts/7000123/affected_devices", "devices", &[]);
    assert_eq!(hit.len(), 3);
    let email = hit[0].get("userEmail").unwrap().as_str().unwrap();
    assert!(email.ends_with("@quillfen.example.com"), "{email}");
}

#[test]
fn scores_are_counted_from_the_users_in_scope() {
    for app in rows("/zdx/v1/apps", "", &[]) {
        assert!((1..=100).contains(&number(&app, "score")) && number(&app, "total_users") > 0);
        assert!(app.get("most_impacted_region").unwrap().get("country").is_some());
    }
    let all = get("/zdx/v1/apps/2", &[]);
    let stats = all.get("stats").unwrap();
    let sum: i64 = ["num_poor", "num_okay", "num_good"].iter().map(|m| number(stats, m)).sum();
    assert_eq!((sum, number(stats, "active_users"), number(stats, "active_devices")), (26, 26, 29));
    let pune = get("/zdx/v1/apps/2", &[("loc", "52319")]);
    assert!(number(&pune, "score") < number(&all, "score"));
    let region = pune.get("most_impacted_region").unwrap();
    assert_eq!(region.get("country").unwrap().as_str(), Some("India"));
    let nobody = get("/zdx/v1/apps/2", &[("loc", "1")]);
    assert!(nobody.get("score").is_none() && nobody.get("name").is_some());
    let points = |query| {
        let trend = get("/zdx/v1/apps/2/score", query);
        trend.get("datapoints").unwrap().as_array().unwrap().len()
    };
    assert_eq!((points(&[][..]), points(&[("loc", "1")])), (12, 0));
    let user = get("/zdx/v1/apps/2/users/76676011", &[]);
    let devices = user.get("devices").unwrap().as_array().unwrap();
    assert_eq!(devices.len(), 2);
    for member in ["devices", "zs_loc", "geo_loc"] {
        assert_eq!(devices[0].get(member).unwrap().as_array().unwrap().len(), 1, "{member}");
    }
    let device = get("/zdx/v1/devices/132559207", &[]);
    for member in ["hardware", "network", "software"] {
        assert!(device.get(member).is_some(), "{member}");
    }
    assert!(device.get("location").is_none());
}
