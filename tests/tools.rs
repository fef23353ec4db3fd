//! The tools through the product, over the demo tenant.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;
#[path = "common/lines.rs"]
mod lines;

use std::sync::Arc;

use zscaler_mcp::auth::Grant;
use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiBody, ApiResponse, Upstream};
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::mcp::registry::{Outcome, Registry, Weight};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::{Product, Selection, Trail, Wanted, catalogue, listing};

use kit::quiet::Quiet;
use kit::{
    Service, call, call_on, call_with, demo, id, invented, product, record, refused, rows, text,
    working_for,
};
use lines::Lines;

#[test]
fn every_list_gives_records_and_every_get_gives_one_of_them() {
    for (list, get, argument) in [
        ("zia_list_rule_labels", "zia_get_rule_label", "label_id"),
        ("zia_list_locations", "zia_get_location", "location_id"),
        ("zia_list_location_groups", "zia_get_location_group", "group_id"),
        ("zia_list_static_ips", "zia_get_static_ip", "static_ip_id"),
        ("zia_list_gre_tunnels", "zia_get_gre_tunnel", "tunnel_id"),
        ("zia_list_vpn_credentials", "zia_get_vpn_credential", "credential_id"),
        ("zia_list_url_categories", "zia_get_url_category", "category_id"),
        ("zpa_list_segment_groups", "zpa_get_segment_group", "group_id"),
        ("zpa_list_server_groups", "zpa_get_server_group", "group_id"),
        ("zpa_list_application_segments", "zpa_get_application_segment", "segment_id"),
        ("zpa_list_application_segments_ba", "zpa_get_application_segment_ba", "segment_id"),
        ("zpa_list_application_segments_pra", "zpa_get_application_segment_pra", "segment_id"),
    ] {
        let all = rows(list, "{}");
        assert!(all.len() >= 6, "{list}");
        for row in all {
            let one = record(get, &format!("{{\"{argument}\":\"{}\"}}", id(&row)));
            assert_eq!(one, row, "{get}");
        }
        let missing = refused(get, &format!("{{\"{argument}\":\"999\"}}"));
        assert!(missing.starts_with(&format!("{get} failed: HTTP 404, ")), "{missing}");
        assert!(missing.contains("returns the ids that exist"), "{missing}");
    }
}

#[test]
fn an_id_may_be_given_as_a_number() {
    let label = record("zia_get_rule_label", "{\"label_id\":41001}");
    assert_eq!(label.get("name").unwrap().as_str(), Some("Branch rollout"));
    assert!(
        label.get("referenced_rule_count").is_some() && label.get("id").unwrap().as_i64().is_some()
    );
}

#[test]
fn searches_follow_each_service() {
    for (name, arguments, expected) in [
        ("zia_list_rule_labels", r#"{"search":"GUEST"}"#, 1),
        ("zia_list_rule_labels", r#"{"search":"zzz"}"#, 0),
        ("zia_list_rule_labels", r#"{"search":""}"#, 16),
        ("zia_list_rule_labels", r#"{"search":null}"#, 16),
        ("zia_list_locations", r#"{"search":"lyon"}"#, 3),
        ("zia_list_location_groups", r#"{"name":"EMEA offices"}"#, 1),
        ("zia_list_location_groups", r#"{"search":"offices"}"#, 3),
        ("zia_list_static_ips", r#"{"search":"198.51.100.24"}"#, 1),
        ("zia_list_vpn_credentials", r#"{"search":"pune"}"#, 1),
        ("zpa_list_segment_groups", r#"{"search":"finance apps"}"#, 1),
        ("zpa_list_segment_groups", r#"{"search":"finance"}"#, 0),
        ("zpa_list_segment_groups", r#"{"search":"name+STARTSWITH+f"}"#, 2),
        ("zpa_list_application_segments", r#"{"search":"domainNames+CONTAINS+lyon"}"#, 3),
        ("zpa_list_application_segments", r#"{"microtenant_id":"216196257331280001"}"#, 4),
        ("get_zpa_app_segments_by_type", r#"{"application_type":"BROWSER_ACCESS"}"#, 6),
        ("get_zpa_app_segments_by_type", r#"{"application_type":"INSPECT"}"#, 3),
        ("get_zpa_app_segments_by_type", r#"{"application_type":"SECURE_REMOTE_ACCESS"}"#, 3),
        ("zia_geo_search", r#"{"action":"city_prefix_search","prefix":"p"}"#, 2),
        ("zia_geo_search", r#"{"action":"geo_by_ip","ip":"198.51.100.32"}"#, 1),
        ("zia_geo_search", r#"{"action":"geo_by_ip","ip":"198.51.100.39"}"#, 1),
        ("zia_geo_search", r#"{"action":"geo_by_coordinates","latitude":"45","longitude":5}"#, 1),
        ("zia_list_gre_ranges", "{}", 10),
        ("zia_list_gre_ranges", r#"{"limit":"2"}"#, 2),
        ("zia_list_gre_ranges", r#"{"internal_ip_range":"172.17.8.16"}"#, 1),
        ("zia_list_url_categories", "{}", 41),
        ("zia_list_url_categories", r#"{"custom_only":true}"#, 14),
        ("zia_list_url_categories", r#"{"custom_only":"no"}"#, 41),
        ("zia_list_url_categories", r#"{"type":"TLD_CATEGORY"}"#, 1),
        ("zia_list_url_categories", r#"{"search":"finance"}"#, 2),
        ("zia_list_url_categories", r#"{"contains_url":"https://a.b.partner.example.org/x"}"#, 1),
        ("zia_list_url_categories", r#"{"contains_url":"notpartner.example.org"}"#, 0),
    ] {
        assert_eq!(rows(name, arguments).len(), expected, "{name} {arguments}");
    }
}

#[test]
fn pages_cover_everything_once() {
    let mut seen = Vec::new();
    for page in 1..=4 {
        let arguments = format!("{{\"page\":{page},\"page_size\":10}}");
        let rows = rows("zpa_list_application_segments", &arguments);
        assert_eq!(rows.len(), [10, 10, 6, 0][page - 1]);
        seen.extend(rows.iter().map(id));
    }
    let whole = rows("zpa_list_application_segments", "{\"page_size\":500}");
    assert_eq!(seen, whole.iter().map(id).collect::<Vec<_>>());
    assert_eq!(rows("zpa_list_application_segments", "{}").len(), 20);
    let empty = call("zpa_list_application_segments", "{\"page\":9}");
    assert_eq!((text(&empty), empty.is_error), ("[]", false));
}

#[test]
fn members_are_renamed_and_null_is_absent() {
    let location = record("zia_get_location", "{\"location_id\":\"52110\"}");
    let names: Vec<&str> = location.as_object().unwrap().iter().map(|(name, _)| name).collect();
    assert_eq!(&names[..6], ["id", "name", "parent_id", "up_bandwidth", "dn_bandwidth", "country"]);
    assert!(names.contains(&"surrogate_ip") && names.contains(&"ip_addresses"));
    let leeds = record("zia_get_location", "{\"location_id\":\"52121\"}");
    assert!(leeds.get("name").is_some() && leeds.get("state").is_none());
    let ranges = rows("zia_list_gre_ranges", "{\"limit\":1}");
    assert!(ranges[0].get("startIPAddress").is_some());
}

#[test]
fn a_matching_url_is_shown() {
    let found =
        rows("zia_list_url_categories", r#"{"contains_url":"FILES.brackwater.example.net"}"#);
    let shown = found[0].get("_url_match").unwrap();
    assert_eq!(shown.get("url").unwrap().as_str(), Some("FILES.brackwater.example.net"));
    let hit = &shown.get("matched").unwrap().as_array().unwrap()[0];
    assert_eq!(hit.get("field").unwrap().as_str(), Some("db_categorized_urls"));
    assert!(
        refused("zia_list_url_categories", r#"{"contains_url":"https://"}"#).contains("host name")
    );
}

#[test]
fn a_predefined_category_is_found_by_id_and_by_name() {
    for name in ["FINANCE", " finance ", "Finance"] {
        let found = record("zia_get_url_category_predefined", &format!("{{\"name\":\"{name}\"}}"));
        assert_eq!(id(&found), "FINANCE");
    }
    for name in ["CUSTOM_01", "Partner portals", "../x", "nothing"] {
        let told = refused("zia_get_url_category_predefined", &format!("{{\"name\":\"{name}\"}}"));
        assert!(told.contains("no predefined category"), "{told}");
    }
}

#[test]
fn look_ups_are_sent_in_slices_and_joined() {
    let urls: Vec<String> = (0..250).map(|n| format!("\"n{n}.partner.example.org\"")).collect();
    let found = rows("zia_url_lookup", &format!("{{\"urls\":[{}]}}", urls.join(",")));
    assert_eq!(found.len(), 250);
    assert_eq!(found[249].get("url").unwrap().as_str(), Some("n249.partner.example.org"));
    assert!(found[0].get("urlClassifications").unwrap().as_array().is_some());
    let many = format!("{{\"urls\":[{}]}}", vec!["\"a.test\""; 5_001].join(","));
    assert!(refused("zia_url_lookup", &many).contains("5000"));
}

#[test]
fn an_application_can_carry_its_segment() {
    let plain = rows("get_zpa_app_segments_by_type", r#"{"application_type":"INSPECT"}"#);
    assert!(plain[0].get("app_resource").is_none());
    let arguments = r#"{"application_type":"INSPECT","expand_all":true,"page_size":1}"#;
    let full = rows("get_zpa_app_segments_by_type", arguments);
    assert_eq!(full.len(), 1);
    let segment = full[0].get("app_resource").unwrap();
    assert_eq!(segment.get("id"), full[0].get("app_id"));
}

#[test]
fn references_between_records_hold() {
    let ids = |name: &str, arguments: &str| -> Vec<String> {
        rows(name, arguments).iter().map(id).collect()
    };
    let segments = rows("zpa_list_application_segments", "{\"page_size\":500}");
    let groups = ids("zpa_list_segment_groups", "{}");
    let servers = ids("zpa_list_server_groups", "{}");
    for segment in &segments {
        let group = segment.get("segment_group_id").unwrap().as_str().unwrap().to_owned();
        assert!(groups.contains(&group));
        let own = segment.get("server_groups").unwrap().as_array().unwrap();
        assert!(own.iter().all(|server| servers.contains(&id(server))));
    }
    let segments: Vec<String> = segments.iter().map(id).collect();
    for group in rows("zpa_list_segment_groups", "{}") {
        let own = group.get("applications").unwrap().as_array().unwrap();
        assert!(own.iter().all(|segment| segments.contains(&id(segment))));
    }
    let locations = ids("zia_list_locations", "{}");
    for group in rows("zia_list_location_groups", "{}") {
        let own = group.get("locations").unwrap().as_array().unwrap();
        assert!(own.iter().all(|location| locations.contains(&id(location))));
    }
    for credential in rows("zia_list_vpn_credentials", "{}") {
        assert!(locations.contains(&id(credential.get("location").unwrap())));
    }
    let addresses: Vec<Json> = rows("zia_list_static_ips", "{}")
        .iter()
        .map(|row| row.get("ip_address").unwrap().clone())
        .collect();
    for tunnel in rows("zia_list_gre_tunnels", "{}") {
        assert!(addresses.contains(tunnel.get("source_ip").unwrap()));
    }
}

#[test]
fn a_wrong_call_says_what_to_change() {
    for (name, arguments, expected) in [
        ("zia_list_rule_labels", r#"{"serach":"x"}"#, "serach; did you mean search?"),
        ("zia_get_rule_label", r#"{"label_id":"41001","query":"a"}"#, "unknown argument query"),
        ("zia_list_gre_tunnels", r#"{"search":"x"}"#, "Known arguments: query."),
        (
            "zia_list_rule_labels",
            r#"{"query":"[?name = 'x']"}"#,
            "query needs a change: at byte 7 ",
        ),
        ("zia_list_rule_labels", r#"{"query":"[].lower(name)"}"#, "at byte 3 stands an unknown"),
        ("zia_list_rule_labels", r#"{"query":"[0] | sum(@)"}"#, "at byte 6 argument 1 of sum()"),
        ("zia_list_rule_labels", r#"{"query":5}"#, "query must be text"),
        ("zia_get_rule_label", "{}", "label_id is required"),
        ("zia_get_rule_label", "{}", "zia_list_rule_labels returns the values"),
        ("zia_get_rule_label", r#"{"label_id":"../1"}"#, "dot segment"),
        ("zia_get_rule_label", r#"{"label_id":""}"#, "must not be empty"),
        ("zia_get_rule_label", r#"{"label_id":["1"]}"#, "an id as text"),
        ("zpa_list_server_groups", r#"{"page_size":501}"#, "from 1 to 500"),
        ("zpa_list_server_groups", r#"{"page":0}"#, "of at least 1"),
        ("get_zpa_app_segments_by_type", r#"{"application_type":"X"}"#, "BROWSER_ACCESS, INSPECT"),
        ("zia_geo_search", r#"{"action":"geo_by_ip"}"#, "needs ip"),
        ("zia_geo_search", r#"{"action":"geo_by_ip","ip":"../x"}"#, "dot segment"),
        ("zia_geo_search", r#"{"action":"geo_by_coordinates","latitude":1}"#, "needs longitude"),
        ("zia_url_lookup", r#"{"urls":[]}"#, "urls must not be empty"),
        ("zia_url_lookup", r#"{"urls":"a.test"}"#, "a list of texts"),
    ] {
        let told = refused(name, arguments);
        assert!(told.contains(expected) && told.starts_with(name), "{told}");
    }
}

#[test]
fn a_query_projects_the_records() {
    let all = rows("zia_list_rule_labels", "{}");
    for (query, expected) in [
        ("[?id == `41001`].{label: name, id: id}", r#"[{"label":"Branch rollout","id":41001}]"#),
        ("[?id == `41001`].name", r#"["Branch rollout"]"#),
        ("[?id == `41001`] | [0].name", r#"["Branch rollout"]"#),
        ("[?id == `41001`] | [0].{n: name}", r#"[{"n":"Branch rollout"}]"#),
        ("length(@)", "[16]"),
        ("[?id == `1`]", "[]"),
        ("nothing", "[]"),
        ("length(@) > `99`", "[false]"),
    ] {
        let found = rows("zia_list_rule_labels", &format!("{{\"query\":\"{query}\"}}"));
        assert_eq!(write::to_text(&Json::Array(found)), expected, "{query}");
    }
    for blank in [r#"{"query":""}"#, r#"{"query":" \n"}"#, r#"{"query":null}"#, r#"{"query":"@"}"#]
    {
        assert_eq!(rows("zia_list_rule_labels", blank), all, "{blank}");
    }
    let searched = r#"{"search":"guest","query":"[].name"}"#;
    assert_eq!(rows("zia_list_rule_labels", searched).len(), 1);
    let table =
        call("zia_list_rule_labels", r#"{"query":"[?id == `41001`].{label: name, id: id}"}"#);
    assert_eq!(text(&table), "label,id\nBranch rollout,41001");
}

#[test]
fn a_query_that_cannot_be_read_sends_nothing() {
    let product = product(Service::new(Err(Upstream::Timeout)), working_for(None));
    let context = Quiet::new(false);
    let result = call_with(&product, "zia_list_locations", r#"{"query":"[?"}"#, &context);
    assert!(
        result.is_error && text(&result).contains("at byte 2 is expected"),
        "{}",
        text(&result)
    );
    assert!(context.logged.lock().unwrap().is_empty());
}

#[test]
fn who_serves_is_said_plainly() {
    let product = product(demo(), invented());
    let server = product.server();
    assert_eq!((server.name.as_str(), server.version.as_str()), ("zscaler-mcp", "1.2.3"));
    assert!(server.instructions.starts_with("DEMO: every record of this server is invented"));
    let offers = product.offers();
    assert!(
        offers.tools && offers.logging && offers.prompts && offers.resources && !offers.subscribe
    );
    assert_eq!(product.weight("zia_list_locations", &Grant::everything()), Some(Weight::Light));
    assert_eq!(product.weight("zia_wipe", &Grant::everything()), None);
    let names: Vec<String> = product.tools().into_iter().map(|card| card.name).collect();
    assert!(names.is_sorted() && names.len() == catalogue::rows().count());
}

#[test]
fn a_tool_that_is_not_selected_does_not_exist() {
    let toolsets = ["zia_rule_labels".to_owned()];
    let wanted = Wanted { toolsets: &toolsets, ..Wanted::default() };
    let product = Product::new(
        Arc::new(Demo::new().unwrap()),
        Arc::new(Scrubber::new(true)),
        Selection::new(wanted).unwrap(),
        invented(),
    );
    let context = Quiet::new(false);
    for name in ["zia_list_locations", "zia_wipe", ""] {
        assert!(product.weight(name, &Grant::everything()).is_none());
        let outcome = product.call(name, &zscaler_mcp::json::Object::new(), &context);
        assert!(matches!(outcome, Outcome::Unknown));
    }
    assert_eq!(product.tools().len(), 2);
}

#[test]
fn a_failing_service_is_an_explained_error_and_is_logged() {
    let page = ApiBody::Text("not json".to_owned());
    for (answer, tool, expected) in [
        (Err(Upstream::Timeout), "zia_list_locations", "did not answer in time"),
        (Err(Upstream::Unreachable), "zpa_list_server_groups", "set ZSCALER_CUSTOMER_ID first"),
        (
            Ok(ApiResponse { status: 200, body: page.clone() }),
            "zia_list_locations",
            "unexpected form",
        ),
        (
            Ok(ApiResponse { status: 503, body: page }),
            "zia_list_locations",
            "HTTP 503: not json. The",
        ),
        (
            Ok(ApiResponse { status: 429, body: ApiBody::Empty }),
            "zia_list_locations",
            "wait a minute",
        ),
        (
            Ok(ApiResponse { status: 401, body: ApiBody::Empty }),
            "zia_list_locations",
            "operator has to",
        ),
    ] {
        let product = product(Service::new(answer), working_for(None));
        assert_eq!(product.weight(tool, &Grant::everything()), Some(Weight::Heavy));
        let context = Quiet::new(false);
        let result = call_with(&product, tool, "{}", &context);
        assert!(result.is_error && text(&result).contains(expected), "{}", text(&result));
        let logged = context.logged.lock().unwrap();
        assert!(
            matches!(logged.as_slice(), [line] if line.starts_with("warning") && line.contains(tool))
        );
    }
    let empty = Service::new(Ok(ApiResponse { status: 204, body: ApiBody::Empty }));
    let empty = product(empty, working_for(None));
    let result = call_on(&empty, "zia_list_locations", "{}");
    assert_eq!((text(&result), result.is_error), ("[]", false));
}

#[test]
fn nobody_waits_nobody_is_answered() {
    let result =
        call_with(&product(demo(), invented()), "zia_list_locations", "{}", &Quiet::new(true));
    assert!(text(&result).contains("was cancelled"));
}

#[test]
fn the_listing_names_every_tool() {
    let selection = Selection::everything();
    let listed = listing::text("1.2.3", &selection, &selection);
    let count = |service: &str| catalogue::rows().filter(|row| row.service() == service).count();
    let (all, zia) = (catalogue::rows().count(), count("zia"));
    assert!(listed.starts_with(&format!("Zscaler MCP Server v1.2.3 - {all} tool(s) across ")));
    assert!(listed.contains(&format!("\nzia ({zia}):\n  get_zia_")));
    assert!(listed.contains("\n  get_zpa_app_segments_by_type - Returns "));
    assert!(listed.is_ascii());
    let json: serde_json::Value =
        serde_json::from_str(&listing::json("1.2.3", &selection, &selection).unwrap()).unwrap();
    assert_eq!(
        json["tools"].as_array().unwrap().len(),
        zscaler_mcp::tools::catalogue::rows().count()
    );
    assert_eq!(json["tools"][0]["verb"], "read");
}

#[test]
fn a_recorded_call_leaves_its_arguments_its_query_and_its_outcome() {
    let lines = Arc::new(Lines::default());
    let trail = |calls| Trail::new(Arc::<Lines>::clone(&lines), Arc::<Lines>::clone(&lines), calls);
    let silent = product(demo(), invented()).recorded(trail(false));
    let quiet = Quiet::new(false);
    let arguments = r#"{"search":"branch","query":"[].name\n"}"#;
    call_with(&silent, "zia_list_rule_labels", arguments, &quiet);
    assert_eq!(lines.0.lock().unwrap().len(), 0, "calls are recorded only when asked for");
    let recorded = product(demo(), invented()).recorded(trail(true));
    call_with(&recorded, "zia_list_rule_labels", arguments, &quiet);
    call_with(&recorded, "zia_get_rule_label", r#"{"label_id":"0"}"#, &quiet);
    let lines = lines.0.lock().unwrap();
    for (line, parts) in lines.iter().zip([
        ["[TOOL CALL] zia_list_rule_labels | ", "branch"],
        ["[QUERY]     zia_list_rule_labels | \"[].name\\n\" | 1 -> 1 rows", "principal="],
        ["[TOOL OK]   zia_list_rule_labels | 0ms | 1 items", "principal="],
        ["[TOOL CALL] zia_get_rule_label | ", "label_id"],
        ["[TOOL ERR]  zia_get_rule_label | 0ms | ToolError: ", "404"],
    ]) {
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
    assert_eq!(lines.len(), 5, "{lines:#?}");
}
