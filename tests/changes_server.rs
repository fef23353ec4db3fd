//! Changes through the built server, over every way a client can be asked: what a person allows is
//! done in the demo tenant, and nothing else is.

mod common;

use std::io::{Read, Write};

use common::pipe::Process;
use common::{ACCEPT, PATIENCE, Response, Server, request};
use serde_json::{Value, json};

const WRITES: [(&str, &str); 2] =
    [("ZSCALER_MCP_WRITE_ENABLED", "true"), ("ZSCALER_MCP_WRITE_TOOLS", "zia_*")];
const TOOL: &str = "zia_delete_rule_label";

fn writing(env: &[(&str, &str)]) -> Server {
    Server::demo(&[], &[&WRITES, env].concat())
}

/// A call of 2026-07-28 by a client that can show a form.
fn stateless(server: &Server, key: Option<&str>, mut params: Value) -> Response {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}}
    });
    let name = params["name"].as_str().unwrap().to_owned();
    let bearer = key.map(|key| format!("Bearer {key}"));
    let mut fields = vec![
        ("MCP-Protocol-Version", "2026-07-28"),
        ("Mcp-Method", "tools/call"),
        ("Mcp-Name", name.as_str()),
    ];
    fields.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
    server.post(&fields, &json!({"jsonrpc":"2.0","id":1,"method":"tools/call","params":params}))
}

fn ask(server: &Server, key: Option<&str>, tool: &str, arguments: &Value) -> Value {
    let answer = stateless(server, key, json!({"name": tool, "arguments": arguments}));
    let result = answer.message()["result"].clone();
    assert_eq!(result["resultType"], "input_required", "{answer:?}");
    assert_eq!(result["inputRequests"]["confirm"]["method"], "elicitation/create");
    result
}

fn answer(
    server: &Server,
    key: Option<&str>,
    tool: &str,
    arguments: &Value,
    asked: &Value,
    choice: &Value,
) -> Response {
    let params = json!({"name": tool, "arguments": arguments,
        "inputResponses": {"confirm": choice}, "requestState": asked["requestState"]});
    stateless(server, key, params)
}

fn yes(word: &str) -> Value {
    json!({"action": "accept", "content": {"choice": word}})
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{result}"))
}

/// The ids of the labels that the tenant has.
fn labels(server: &Server) -> Vec<u64> {
    let result = server.tool("zia_list_rule_labels", json!({}));
    let rows = result["structuredContent"]["result"].as_array().unwrap().clone();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

/// A label that no rule carries.
fn free_label(server: &Server) -> u64 {
    let result = server.tool("zia_list_rule_labels", json!({}));
    let rows = result["structuredContent"]["result"].as_array().unwrap().clone();
    let free = rows.iter().find(|row| row["referenced_rule_count"] == 0);
    free.unwrap_or_else(|| panic!("{rows:?}"))["id"].as_u64().unwrap()
}

#[test]
fn nothing_can_be_changed_unless_both_switches_say_so() {
    for (name, env) in
        [("neither", &[][..]), ("only enabled", &WRITES[..1]), ("only a list", &WRITES[1..])]
    {
        let server = Server::demo(&[], env);
        let tools = server.stateless("tools/list", json!({})).message()["result"]["tools"].clone();
        for tool in tools.as_array().unwrap() {
            assert_eq!(tool["annotations"]["readOnlyHint"], true, "{name}: {tool}");
        }
        let id = labels(&server)[0];
        let call = |tool: &str| {
            let params = json!({"name": tool, "arguments": {"label_id": id.to_string()}});
            stateless(&server, None, params).message()["error"].clone()
        };
        assert_eq!(call(TOOL), call("zia_no_such_tool"), "{name}");
        assert_eq!(call(TOOL)["code"], -32602, "{name}");
        assert!(labels(&server).contains(&id), "{name}");
    }
}

#[test]
fn a_form_in_a_result_allows_one_deletion_once() {
    let server = writing(&[]);
    let id = free_label(&server);
    let arguments = json!({"label_id": id.to_string()});
    for choice in [json!({"action": "decline"}), json!({"action": "cancel"}), yes("cancel")] {
        let asked = ask(&server, None, TOOL, &arguments);
        let said = answer(&server, None, TOOL, &arguments, &asked, &choice).message();
        assert!(text(&said["result"]).contains("was not done"), "{said}");
        assert_ne!(said["result"]["isError"], true, "{said}");
    }
    let asked = ask(&server, None, TOOL, &arguments);
    let message = asked["inputRequests"]["confirm"]["params"]["message"].as_str().unwrap();
    assert!(message.contains(&id.to_string()) && message.contains("name there now: \""));

    let other =
        json!({"label_id": labels(&server).iter().find(|l| **l != id).unwrap().to_string()});
    let moved = answer(&server, None, TOOL, &other, &asked, &yes("delete"));
    assert_eq!(moved.status, 400, "{}", moved.text());
    assert_eq!(moved.message()["error"]["data"]["reason"], "invalid_request_state");
    let mut changed = asked.clone();
    let state = asked["requestState"].as_str().unwrap();
    changed["requestState"] = format!("{}A", &state[..state.len() - 1]).into();
    if changed != asked {
        let forged = answer(&server, None, TOOL, &arguments, &changed, &yes("delete"));
        assert_eq!(forged.status, 400, "{forged:?}");
    }
    assert!(labels(&server).contains(&id));

    let done = answer(&server, None, TOOL, &arguments, &asked, &yes("delete")).message();
    assert_eq!(done["result"]["structuredContent"]["success"], true, "{done}");
    assert!(!labels(&server).contains(&id));
    let again = answer(&server, None, TOOL, &arguments, &asked, &yes("delete"));
    assert_eq!(again.status, 400, "{again:?}");
}

#[test]
fn a_question_on_the_stream_of_the_call_waits_without_a_worker() {
    let env = [("ZSCALER_MCP_WORKERS", "1"), ("ZSCALER_MCP_LOOPS", "1")];
    let server = writing(&env);
    let id = free_label(&server);
    let open = json!({"jsonrpc":"2.0","id":0,"method":"initialize","params":{
        "protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},
        "clientInfo":{"name":"t","version":"1"}}});
    let opened = server.post(&[], &open);
    let session = opened.field("mcp-session-id").unwrap();
    let other = server.post(&[], &open).field("mcp-session-id").unwrap();
    let fields = [("Mcp-Session-Id", session.as_str())];
    let ready = json!({"jsonrpc":"2.0","method":"notifications/initialized"});
    assert_eq!(server.post(&fields, &ready).status, 202);

    let call = json!({"jsonrpc":"2.0","id":7,"method":"tools/call",
        "params":{"name":TOOL,"arguments":{"label_id":id.to_string()}}});
    let mut wire = server.connect();
    let all = [&ACCEPT[..], &fields].concat();
    wire.write_all(&request("POST /mcp HTTP/1.1", &server.host(), &all, &call.to_string()))
        .unwrap();
    let question = event(&mut wire, "elicitation/create");
    assert_eq!(question["method"], "elicitation/create");
    // Others are served meanwhile, and an answer from elsewhere is no answer.
    assert_eq!(labels(&server).iter().filter(|label| **label == id).count(), 1);
    let answer = json!({"jsonrpc":"2.0","id":question["id"],"result":yes("delete")});
    let stranger = [("Mcp-Session-Id", other.as_str())];
    assert_eq!(server.post(&stranger, &answer).status, 202);
    assert!(labels(&server).contains(&id));
    assert_eq!(server.post(&fields, &answer).status, 202);
    let done = event(&mut wire, "\"id\":7");
    assert_eq!(done["result"]["structuredContent"]["success"], true, "{done}");
    assert!(!labels(&server).contains(&id));
}

/// Reads the next message of an event stream that holds `part`.
fn event(wire: &mut impl Read, part: &str) -> Value {
    let mut text = String::new();
    let mut byte = [0];
    loop {
        wire.read_exact(&mut byte).unwrap_or_else(|error| panic!("{error}: {text}"));
        text.push(char::from(byte[0]));
        if byte[0] == b'\n' {
            let line = text.lines().last().unwrap_or_default();
            if line.starts_with("data: {") && line.contains(part) {
                return serde_json::from_str(&line[6..]).unwrap();
            }
        }
    }
}

#[test]
fn a_client_that_cannot_ask_carries_a_token() {
    let args =
        ["--demo", "--enable-write-tools", "--write-tools", "zia_delete_rule_label,zia_get_*"];
    let mut process = Process::with(&args);
    let open = json!({"jsonrpc":"2.0","id":0,"method":"initialize","params":{
        "protocolVersion":"2025-06-18","capabilities":{},
        "clientInfo":{"name":"t","version":"1"}}});
    process.say(&open);
    process.hear();
    process.say(&json!({"jsonrpc":"2.0","method":"notifications/initialized"}));
    let mut call = |id: u64, tool: &str, arguments: Value| {
        process.say(&json!({"jsonrpc":"2.0","id":id,"method":"tools/call",
            "params":{"name":tool,"arguments":arguments}}));
        process.hear()["result"].clone()
    };
    let rows = call(1, "zia_list_rule_labels", json!({}))["structuredContent"]["result"].clone();
    let row = rows.as_array().unwrap().iter().find(|row| row["referenced_rule_count"] == 0);
    let id = row.unwrap()["id"].to_string();
    let asked = call(2, TOOL, json!({"label_id": id}));
    let said = text(&asked).to_owned();
    assert!(said.contains("Nothing was done yet"), "{said}");
    let token = said.split("\"confirmation_token\": \"").nth(1).unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    let wrong =
        call(3, TOOL, json!({"label_id": "41999", "kwargs": {"confirmation_token": token}}));
    assert!(text(&wrong).contains("was not accepted"), "{wrong}");
    let kwargs = json!({"confirmation_token": token});
    let done = call(4, TOOL, json!({"label_id": id, "kwargs": kwargs}));
    assert_eq!(done["structuredContent"]["success"], true, "{done}");
    let again = call(5, TOOL, json!({"label_id": id, "kwargs": kwargs}));
    assert!(text(&again).contains("it was used before"), "{again}");
}

#[test]
fn a_yes_is_bound_to_the_caller_and_shared_among_replicas_with_one_key() {
    let ring = "one-key-for-all-replicas-of-32-bytes-or-more";
    let keys = [
        ("ZSCALER_MCP_AUTH_MODE", "api-key"),
        ("ZSCALER_MCP_AUTH_API_KEY", "alice=aaaaaaaaaaaaaaaaaaaa,bob=bbbbbbbbbbbbbbbbbbbb"),
        ("ZSCALER_MCP_REQUEST_STATE_KEYS", ring),
    ];
    let (alice, bob) = (Some("aaaaaaaaaaaaaaaaaaaa"), Some("bbbbbbbbbbbbbbbbbbbb"));
    let [here, there] = [writing(&keys), writing(&keys)];
    let lone = writing(&keys[..2]);
    let list = json!({"name": "zia_list_rule_labels", "arguments": {}});
    let rows = stateless(&here, alice, list).message()["result"]["structuredContent"].clone();
    let rows = rows["result"].as_array().unwrap().clone();
    let row = rows.iter().find(|row| row["referenced_rule_count"] == 0).unwrap();
    let arguments = json!({"label_id": row["id"].to_string()});
    let asked = ask(&here, alice, TOOL, &arguments);
    let stolen = answer(&here, bob, TOOL, &arguments, &asked, &yes("delete"));
    assert_eq!(stolen.status, 400, "{stolen:?}");
    let foreign = answer(&lone, alice, TOOL, &arguments, &asked, &yes("delete"));
    assert_eq!(foreign.status, 400, "{foreign:?}");
    let done = answer(&there, alice, TOOL, &arguments, &asked, &yes("delete")).message();
    assert_eq!(done["result"]["structuredContent"]["success"], true, "{done}");
    let log = lines(&there, "[TOOL DONE]");
    assert!(log.contains("principal=api-key:alice") && log.contains(TOOL), "{log}");
}

/// Waits for the log line that holds `part`.
fn lines(server: &Server, part: &str) -> String {
    loop {
        let line = server.log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {part}"));
        if line.contains(part) {
            return line;
        }
    }
}

#[test]
fn changes_of_internet_access_wait_until_they_are_activated() {
    let server = writing(&[]);
    let status =
        || server.tool("zia_get_activation_status", json!({}))["structuredContent"].clone();
    assert_eq!(status()["status"], "ACTIVE");
    let made = server.tool("zia_create_rule_label", json!({"name": "Q4 review"}));
    assert!(made["content"].to_string().contains("zia_activate_configuration"), "{made}");
    assert_eq!(status()["status"], "PENDING");
    let asked = ask(&server, None, "zia_activate_configuration", &json!({}));
    let activate = "zia_activate_configuration";
    let done = answer(&server, None, activate, &json!({}), &asked, &yes("activate")).message();
    assert!(done["result"]["content"].to_string().contains("1 change(s) of this server"), "{done}");
    assert_eq!(status()["status"], "ACTIVE");
}
