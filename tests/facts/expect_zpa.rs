//! A second reading of what changes private access: tables of conditions and of free-form members
//! with what goes out for them, and the differences from the other product that are on purpose.

use serde_json::{Map, Value, json};

use crate::expect::{Reading, Told, Untold, camel, each, truthy};
use crate::samples::Dice;

/// Applications that the service knows: id, segment and domain.
pub(crate) const APPS: [(&str, &str, &str); 6] = [
    ("app1", "7", "a.test"),
    ("app2", "7", "b.test"),
    ("app3", "fr", "a.test"),
    ("app4", "a@b.test", "gone.test"),
    ("app5", "elsewhere", "new.test"),
    ("app6", "name+CONTAINS+led", "b.test"),
];

/// Toolsets whose changes are here.
const SETS: [&str; 6] = [
    "zpa_access_policies",
    "zpa_app_connector_groups",
    "zpa_app_segments",
    "zpa_connectors",
    "zpa_segment_groups",
    "zpa_server_groups",
];

/// True for a tool whose requests have to be compared.
pub(crate) fn is_change(fact: &Value) -> bool {
    fact["action"] != "read" && SETS.iter().any(|set| fact["toolset"] == *set)
}

/// Writes into `fact` what this server does otherwise on purpose.
pub(crate) fn mend(fact: &mut Value) {
    let name = fact["name"].as_str().unwrap().to_owned();
    let refuse = |fact: &mut Value, conditions: Value| {
        fact["refuse_if"].as_array_mut().unwrap().push(conditions);
    };
    if fact["toolset"] == "zpa_access_policies" && fact["action"] == "update" {
        // Without conditions the rule would fit everything.
        refuse(fact, json!([["not_given", "conditions"]]));
    }
    if name.ends_with("timeout_policy_rule") && fact.get("refuse_if").is_some() {
        // The only action there is; another one would be ignored.
        refuse(
            fact,
            json!([["given", "action_type"], ["upper_not_in", "action_type", ["RE_AUTH"]]]),
        );
    }
    match name.as_str() {
        "zpa_create_app_protection_rule" | "zpa_update_app_protection_rule" => {
            // A rule for a microtenant must not land in the default one.
            let microtenant = json!({"param": "microtenant_id", "send": "if_truthy"});
            fact["calls"][1]["query"] = json!({ "microtenantId": microtenant });
            fact["refuse_if"][0][0][0] = "lower_equals".into();
            if fact["action"] == "update" {
                refuse(fact, json!([["falsy", "action_type"]]));
            }
        }
        "zpa_update_isolation_policy_rule" => {
            fact["refuse_if"][0][0][0] = "lower_equals".into();
        }
        "zpa_create_application_segment_ba" | "zpa_update_application_segment_ba" => {
            // The service knows the list by this name only.
            let calls = fact["calls"].as_array_mut().unwrap();
            let body = calls.last_mut().unwrap()["body"].as_object_mut().unwrap();
            let rule = body.remove("clientlessAppIds").unwrap();
            body.insert("clientlessApps".to_owned(), rule);
        }
        "zpa_create_app_connector_group" | "zpa_update_app_connector_group" => {
            for variant in fact["variants"].as_array_mut().unwrap() {
                let calls = variant["calls"].as_array_mut().unwrap();
                connector_group(calls.last_mut().unwrap()["body"].as_object_mut().unwrap());
            }
        }
        _ => {}
    }
}

/// The service knows these lists as objects only, and one that is left out must not be emptied; a
/// certificate that is not found must not be left out.
fn connector_group(body: &mut Map<String, Value>) {
    for (theirs, ours, param) in [
        ("serverGroupIds", "serverGroups", "server_group_ids"),
        ("connectorIds", "connectors", "connector_ids"),
    ] {
        body.remove(theirs).unwrap();
        let rule = json!({"param": param, "as": "ids", "send": "if_given"});
        body.insert(ours.to_owned(), rule);
    }
    if let Some(select) = body["enrollmentCertId"].get_mut("select") {
        select["none_fails"] = true.into();
    }
}

/// Conditions, and how they go out.
fn condition_table() -> Vec<(Value, Value)> {
    let pair = |left: &str, right: &str| json!({"lhs": left, "rhs": right});
    let group = json!({"operator": "OR", "operands": [
        {"objectType": "SCIM_GROUP", "entryValues": [pair("i", "g")]}]});
    let client = json!({"operator": "OR", "operands": [
        {"objectType": "CLIENT_TYPE", "values": ["zpn_client_type_zapp"]}]});
    vec![
        (json!([]), json!([])),
        (
            json!([
                ["scim_group", [["i", "g"]]],
                ["client_type", ["zpn_client_type_zapp"]],
                ["app", ["1", "2"]],
                ["app_group", "3"]
            ]),
            json!([{"operands": [{"objectType": "APP", "values": ["1", "2"]},
                {"objectType": "APP_GROUP", "values": ["3"]}]}, client, group]),
        ),
        (
            json!([
                ["AND", ["posture", [["p", "true"], ["q", "false"]]]],
                ["OR", ["app", ["1"]]],
                ["posture", "r", "true"],
                ["chrome_enterprise", "managed", "true"]
            ]),
            json!([{"operands": [{"objectType": "CHROME_ENTERPRISE",
                    "entryValues": [pair("managed", "true")]}]},
                {"operands": [{"objectType": "APP", "values": ["1"]}]},
                {"operator": "AND", "operands": [{"objectType": "POSTURE",
                    "entryValues": [pair("p", "true"), pair("q", "false")]}]},
                {"operator": "OR", "operands": [{"objectType": "POSTURE",
                    "entryValues": [pair("r", "true")]}]}]),
        ),
        (
            json!([
                ["AND", ["platform", [[["ios", "true"]]]]],
                ["edge_connector_group", ["e"]],
                ["edge_connector_group", ["f"]]
            ]),
            json!([{"operator": "OR", "operands": [{"objectType": "PLATFORM",
                    "entryValues": [pair("ios", "true")]}]},
                {"operator": "OR", "operands": [{"objectType": "EDGE_CONNECTOR_GROUP",
                    "values": ["e", "f"]}]}]),
        ),
        (
            json!([{"operands": [{"objectType": "SCIM_GROUP", "entryValues": pair("i", "g")}]},
                {"operator": "or", "operands": [{"object_type": "app", "values": ["1"]},
                    {"object_type": "app_group", "values": ["2"]}]},
                {"operands": [{"object_type": "client_type", "values": "zpn_client_type_zapp"}]}]),
            json!([{"operands": [{"objectType": "APP", "values": ["1"]},
                    {"objectType": "APP_GROUP", "values": ["2"]}]}, client, group]),
        ),
        (
            json!([{"operator": "AND", "operands": [{"object_type": "SAML",
                "entry_values": [pair("a", "x"), pair("b", "y")]}]}]),
            json!([{"operator": "AND", "operands": [{"objectType": "SAML",
                "entryValues": [pair("a", "x"), pair("b", "y")]}]}]),
        ),
    ]
}

/// Conditions that are refused.
fn unreadable_table() -> [Value; 3] {
    [
        json!([{"operands": []}]),
        json!([["posture", ["p"]]]),
        json!({"operands": [{"object_type": "APP", "values": ["1"]}]}),
    ]
}

/// Returns the conditions that go out for `given`.
pub(crate) fn conditions(given: &Value, for_isolation: bool) -> Told<Value> {
    if unreadable_table().contains(given) {
        return Err(Untold::Refused);
    }
    let none = (Value::Null, json!([]));
    let table = condition_table().into_iter().chain([none]);
    let found = table.into_iter().find(|(own, _)| own == given).map(|(_, sent)| sent);
    let mut sent = found.ok_or(Untold::Facts)?;
    let list = sent.as_array_mut().unwrap();
    let is_client = |one: &Value| one["operands"][0]["objectType"] == "CLIENT_TYPE";
    if for_isolation && !list.iter().any(is_client) {
        list.push(json!({"operator": "OR", "operands": [{"objectType": "CLIENT_TYPE",
            "values": ["zpn_client_type_exporter"]}]}));
    }
    Ok(sent)
}

/// Returns an argument worth trying, null or not, for those that no type tells how to make.
pub(crate) fn sample(fact: &Value, name: &str, dice: &mut Dice) -> Option<Value> {
    if !is_change(fact) {
        return None;
    }
    let from: Vec<Value> = match name {
        "conditions" if dice.below(6) == 0 => {
            unreadable_table().into_iter().chain([Value::Null]).collect()
        }
        "conditions" => condition_table().into_iter().map(|(given, _)| given).collect(),
        "action_type" => {
            let tool = fact["name"].as_str().unwrap();
            let word =
                ["inspect", "isolat", "timeout"].into_iter().find(|word| tool.contains(word));
            match word {
                Some("timeout") => vec![json!("re_auth"), json!("RE_AUTH"), Value::Null],
                Some("isolat") => vec![json!("bypass_isolate"), json!("Isolate")],
                _ => {
                    vec![json!("allow"), json!("BYPASS"), json!("inspect"), json!("bypass_inspect")]
                }
            }
        }
        "advanced" => vec![
            Value::Null,
            json!({}),
            json!({"health_reporting": "ON_ACCESS", "inner_list": [{"is_on": true}]}),
            json!({"tcp_port_range": [{"from": "22", "to": "23"}]}),
            json!({"udp_port_range": [{"from": "53", "to": "53"}], "enabled": false}),
            json!({"tcp_port_range": [{"from": "22", "to": "23", "protocol": "x"}]}),
            json!({"connector_ids": ["1", "x"], "app_services": [{"id": "7", "is_on": "n"}]}),
            json!({"description": "elsewhere", "server_group_ids": ["s1"]}),
            json!({"microtenant_id": "9"}),
            json!({"clientless_app_ids": [{"domain": "a.test", "certificate_id": "c"}]}),
            json!({"common_apps_dto": {"apps_config": [{"domain": "b.test"}]}}),
        ],
        "clientless_app_ids" => vec![
            Value::Null,
            Value::Null,
            json!([]),
            json!([{"domain": "a.test", "application_port": "443"}]),
            json!([{"domain": "b.test"}]),
        ],
        "common_apps_dto" => vec![
            Value::Null,
            json!({}),
            json!({"a_note": 1}),
            json!({"apps_config": [{"domain": "a.test", "application_port": "22"}]}),
            json!({"apps_config": [{"domain": "b.test", "app_types": ["X"]}, {"domain": "n.test"}],
                "deleted_pra_apps": ["d0"]}),
            json!({"apps_config": [{"name": "no domain"}]}),
            json!({"apps_config": "none"}),
        ],
        // Mostly those of whose applications the service knows.
        "segment_id" => ["7", "7", "fr", "a@b.test", "x/y?z#"].map(Value::from).to_vec(),
        _ => return None,
    };
    Some(from[dice.below(from.len())].clone())
}

fn is_new(reading: &Reading<'_>) -> bool {
    reading.fact["action"] == "create"
}

fn is_for(reading: &Reading<'_>, end: &str) -> bool {
    let is_segment = reading.fact["toolset"] == "zpa_app_segments";
    is_segment && reading.fact["name"].as_str().unwrap().ends_with(end)
}

pub(crate) fn has_no_port(reading: &Reading<'_>) -> bool {
    let advanced = reading.value("advanced");
    !truthy(&reading.value("tcp_port_ranges"))
        && !truthy(&reading.value("udp_port_ranges"))
        && advanced.get("tcp_port_range").is_none()
        && advanced.get("udp_port_range").is_none()
}

/// True when the free-form members of a segment cannot be sent as they are meant.
pub(crate) fn refuses(reading: &Reading<'_>) -> Told<bool> {
    if !is_change(reading.fact) || reading.fact["toolset"] != "zpa_app_segments" {
        return Ok(false);
    }
    let advanced = reading.value("advanced");
    let twice = ["description", "server_group_ids", "clientless_app_ids", "common_apps_dto"];
    let twice =
        twice.iter().any(|name| advanced.get(name).is_some() && !reading.value(name).is_null());
    let ranges = advanced["tcp_port_range"][0].get("protocol").is_some();
    let of_others = is_for(reading, "_pra")
        && ["clientless_app_ids", "common_apps_dto"].iter().any(|own| advanced.get(own).is_some());
    let configs = &reading.value("common_apps_dto")["apps_config"];
    let unreadable = configs.is_string();
    let unnamed = !is_new(reading) && each(configs).any(|app| app.get("domain").is_none());
    let elsewhere = advanced.get("microtenant_id").is_some();
    Ok(twice || ranges || of_others || unreadable || unnamed || elsewhere)
}

/// True when the applications of a type are asked for; none for other requests.
pub(crate) fn asks_for_apps(reading: &Reading<'_>, call: &Value) -> Option<bool> {
    if !is_change(reading.fact) || !call["path"].as_str().unwrap().ends_with("/getAppsByType") {
        return None;
    }
    let advanced = reading.value("advanced");
    let has = |name: &str| advanced.get(name).is_some();
    Some(if is_for(reading, "_pra") {
        reading.value("common_apps_dto").get("apps_config").is_some()
    } else if is_for(reading, "_ba") {
        has("clientless_app_ids")
            || has("common_apps_dto")
            || truthy(&reading.value("clientless_app_ids"))
    } else {
        has("clientless_app_ids")
    })
}

/// Returns the ids and domains of the applications that the segment has.
fn stored(reading: &Reading<'_>) -> Vec<(Value, Value)> {
    let Some(Some((_, answer))) = reading.answers.first() else { return Vec::new() };
    let segment = reading.value("segment_id");
    let own = each(&answer["list"]).filter(|row| row["appId"] == segment);
    own.map(|row| (row["id"].clone(), row["domain"].clone())).collect()
}

/// Returns `dto` in the names of the service, each application with a type.
pub(crate) fn typed(dto: &Value, kind: &str) -> Value {
    let mut dto = camel(dto);
    for app in dto.get_mut("appsConfig").and_then(Value::as_array_mut).into_iter().flatten() {
        let members = app.as_object_mut().unwrap();
        members.entry("appTypes").or_insert(json!([kind]));
    }
    dto
}

fn merged(reading: &Reading<'_>, dto: &Value, (kind, own, gone): (&str, &str, &str)) -> Value {
    let mut dto = typed(dto, kind);
    if dto.get("appsConfig").is_none() {
        return dto;
    }
    let stored = stored(reading);
    let mut kept = Vec::new();
    for app in dto["appsConfig"].as_array_mut().unwrap() {
        let found = stored.iter().find(|(_, domain)| *domain == app["domain"]);
        app[own] = found.map_or_else(|| "".into(), |(id, _)| id.clone());
        app["appId"] = reading.value("segment_id");
        kept.push(app["domain"].clone());
    }
    let lost = stored.iter().filter(|(_, domain)| !kept.contains(domain)).map(|(id, _)| id.clone());
    let lost: Vec<Value> = each(&dto[gone]).cloned().chain(lost).collect();
    if !lost.is_empty() {
        dto[gone] = lost.into();
    }
    dto
}

/// Returns the applications for remote access of a stored segment.
pub(crate) fn pra_apps(reading: &Reading<'_>) -> Told<Value> {
    let names = ("SECURE_REMOTE_ACCESS", "praAppId", "deletedPraApps");
    Ok(merged(reading, &reading.value("common_apps_dto"), names))
}

/// Returns applications for browsers with the ids they have in the segment.
fn matched(reading: &Reading<'_>, apps: &Value) -> Told<Value> {
    let stored = stored(reading);
    let mut out = camel(apps);
    for app in out.as_array_mut().unwrap() {
        let found = stored.iter().find(|(_, domain)| *domain == app["domain"]);
        app["id"] = found.ok_or(Untold::Refused)?.0.clone();
        app["appId"] = reading.value("segment_id");
    }
    Ok(out)
}

/// Lays the free-form members of a segment over `body`.
pub(crate) fn segment(reading: &Reading<'_>, body: &mut Map<String, Value>) -> Told<()> {
    let as_ids = |list: &Value| -> Value {
        each(list).map(|id| if id.is_object() { camel(id) } else { json!({"id": id}) }).collect()
    };
    if !is_new(reading)
        && let Some(apps) = body.get("clientlessApps").cloned()
    {
        body.insert("clientlessApps".to_owned(), matched(reading, &apps)?);
    }
    for (name, value) in reading.value("advanced").as_object().into_iter().flatten() {
        let (name, value) = match name.as_str() {
            "connector_ids" => ("connectors", as_ids(value)),
            "server_group_ids" => ("serverGroups", as_ids(value)),
            "app_services" => ("appServices", as_ids(value)),
            "health_reporting" => ("healthReporting", value.clone()),
            "inner_list" => ("innerList", camel(value)),
            "tcp_port_range" => ("tcpPortRange", value.clone()),
            "udp_port_range" => ("udpPortRange", value.clone()),
            "description" | "enabled" => (name.as_str(), value.clone()),
            "clientless_app_ids" if is_new(reading) => ("clientlessApps", camel(value)),
            "clientless_app_ids" => ("clientlessApps", matched(reading, value)?),
            "common_apps_dto" if !is_for(reading, "_ba") => ("commonAppsDto", camel(value)),
            "common_apps_dto" if is_new(reading) => {
                ("commonAppsDto", typed(value, "BROWSER_ACCESS"))
            }
            "common_apps_dto" => {
                let names = ("BROWSER_ACCESS", "baAppId", "deletedBaApps");
                ("commonAppsDto", merged(reading, value, names))
            }
            _ => return Err(Untold::Facts),
        };
        body.insert(name.to_owned(), value);
    }
    Ok(())
}

/// Returns the new state of a server group that was read before.
pub(crate) fn server_group(reading: &Reading<'_>) -> Told<Value> {
    let (_, stored) = reading.answers[0].clone().unwrap();
    let mut group = stored;
    for name in [
        "id",
        "modifiedTime",
        "creationTime",
        "modifiedBy",
        "name",
        "description",
        "ipAnchored",
        "configSpace",
        "weight",
        "extranetEnabled",
        "microtenantName",
        "extranetDTO",
        "readOnly",
        "restrictionType",
        "zscalerManaged",
        "appConnectorGroups",
    ] {
        group[name] = group[name].clone();
    }
    group["enabled"] = true.into();
    group["dynamicDiscovery"] = true.into();
    for (name, member) in [
        ("name", "name"),
        ("description", "description"),
        ("enabled", "enabled"),
        ("ip_anchored", "ipAnchored"),
        ("dynamic_discovery", "dynamicDiscovery"),
    ] {
        if !reading.value(name).is_null() {
            group[member] = reading.value(name);
        }
    }
    for (name, member) in
        [("app_connector_group_ids", "appConnectorGroups"), ("server_ids", "servers")]
    {
        if !reading.value(name).is_null() {
            group[member] = each(&reading.value(name)).map(|id| json!({"id": id})).collect();
        }
    }
    if truthy(&reading.value("microtenant_id")) {
        group["microtenantId"] = reading.value("microtenant_id");
    }
    Ok(group)
}
