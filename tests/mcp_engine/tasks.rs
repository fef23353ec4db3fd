//! The tasks extension.

use serde_json::{Value, json};
use zscaler_mcp::guard::{Route, Verb};
use zscaler_mcp::limits::TASK_TTL_MS;

use crate::world::{Seen, World, described};

fn can() -> Value {
    json!({"elicitation":{},"extensions":{"io.modelcontextprotocol/tasks":{}}})
}

fn call(world: &World, params: Value) -> Value {
    world.stateless_as(1, "tools/call", params, can()).json().1["result"].clone()
}

fn task(world: &World, method: &str, params: Value) -> Seen {
    world.stateless_as(2, method, params, can())
}

fn show(world: &World, id: &Value) -> Value {
    task(world, "tasks/get", json!({"taskId":id})).json().1["result"].clone()
}

#[test]
fn a_task_is_named_at_once_and_shows_its_result_later() {
    let world = World::new();
    let made = call(&world, json!({"name":"job"}));
    assert_eq!((&made["resultType"], &made["status"]), (&json!("task"), &json!("working")));
    assert_eq!(made["createdAt"], "1994-11-06T08:49:37Z");
    assert!(made["ttlMs"].is_u64() && made["pollIntervalMs"].is_u64());
    for absent in ["result", "error", "inputRequests", "requestState", "task"] {
        assert!(made.get(absent).is_none(), "{absent}");
    }
    let shown = show(&world, &made["taskId"]);
    assert_eq!((&shown["resultType"], &shown["status"]), (&json!("complete"), &json!("completed")));
    assert_eq!(shown["result"]["content"][0]["text"], "ok");
    let failed = call(&world, json!({"name":"job_fail"}));
    let shown = show(&world, &failed["taskId"]);
    assert_eq!(
        (&shown["status"], &shown["result"]["isError"]),
        (&json!("completed"), &json!(true))
    );
    let broken = call(&world, json!({"name":"job_error"}));
    let shown = show(&world, &broken["taskId"]);
    assert_eq!((&shown["status"], &shown["error"]["code"]), (&json!("failed"), &json!(-32602)));
    assert!(shown.get("result").is_none());
}

#[test]
fn without_the_extension_there_are_no_tasks() {
    let world = World::new();
    let (_, answer) = world.stateless(1, "tools/call", json!({"name":"job"})).json();
    assert_eq!(answer["result"]["resultType"], "complete");
    let made = call(&world, json!({"name":"job"}));
    for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
        let params = json!({"taskId":made["taskId"],"inputResponses":{}});
        let seen = world.stateless(1, method, params);
        assert_eq!((seen.status(), seen.code()), (400, Some(-32021)), "{method}");
        let (_, answer) = seen.json();
        let required = &answer["error"]["data"]["requiredCapabilities"];
        assert!(required["extensions"]["io.modelcontextprotocol/tasks"].is_object(), "{method}");
    }
    let session = world.open("2025-11-25", json!({}));
    let (_, answer) = world.ask(&session, 1, "tools/call", json!({"name":"job"})).json();
    assert_eq!(answer["result"]["content"][0]["text"], "ok");
}

#[test]
fn a_task_that_asks_is_answered_piece_by_piece() {
    let world = World::new();
    let made = call(&world, json!({"name":"job_ask"}));
    let id = &made["taskId"];
    let shown = show(&world, id);
    assert_eq!(shown["status"], "input_required");
    assert_eq!(shown["inputRequests"]["user_name"]["method"], "elicitation/create");
    for (responses, status) in [
        (json!({"other":{"ok":true}}), "input_required"),
        (json!({"user_name":{"action":"accept","content":{"name":""}}}), "input_required"),
        (json!({"user_name":{"action":"accept","content":{"name":"Eve"}}}), "completed"),
        (json!({"user_name":{"action":"accept","content":{"name":"Eve"}}}), "completed"),
    ] {
        let seen = task(&world, "tasks/update", json!({"taskId":id,"inputResponses":responses}));
        let (status_code, ack) = seen.json();
        assert_eq!((status_code, &ack["result"]["resultType"]), (200, &json!("complete")));
        assert!(ack["result"].get("status").is_none());
        assert_eq!(show(&world, id)["status"], status);
    }
    assert_eq!(show(&world, id)["result"]["content"][0]["text"], "Hello, Eve!");
}

#[test]
fn questions_may_come_before_the_task() {
    let world = World::new();
    let first = call(&world, json!({"name":"later_job"}));
    assert_eq!(first["resultType"], "input_required");
    let responses = json!({"user_name":{"action":"accept","content":{"name":"Eve"}}});
    let made = call(&world, json!({"name":"later_job","inputResponses":responses}));
    assert_eq!(made["resultType"], "task");
    let shown = show(&world, &made["taskId"]);
    assert_eq!(shown["result"]["content"][0]["text"], "Hello, Eve!");
}

#[test]
fn a_cancelled_task_stays_cancelled() {
    let world = World::new();
    let (pairs, body) = described(1, "tools/call", json!({"name":"job"}), can());
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let reply = world.raw("anna", (Route::Mcp, Verb::Post), &pairs, None, &body.to_string());
    let (_, made) = World::look(reply.answer).json();
    let id = &made["result"]["taskId"];
    assert_eq!(show(&world, id)["status"], "working");
    for _ in 0..2 {
        let (status, ack) = task(&world, "tasks/cancel", json!({"taskId":id})).json();
        assert_eq!((status, &ack["result"]["resultType"]), (200, &json!("complete")));
        assert!(ack["result"].get("taskId").is_none());
        assert_eq!(show(&world, id)["status"], "cancelled");
    }
    world.run(reply.job);
    assert_eq!(show(&world, id)["status"], "cancelled");
}

#[test]
fn a_task_is_unknown_to_others_and_after_its_time() {
    let world = World::new();
    let made = call(&world, json!({"name":"job"}));
    let params = json!({"taskId":made["taskId"]});
    let (pairs, body) = described(1, "tasks/get", params.clone(), can());
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let other = world.post_text("boris", &pairs, &body.to_string());
    assert_eq!((other.status(), other.code()), (400, Some(-32602)));
    let unknown = task(&world, "tasks/get", json!({"taskId":"nope"}));
    assert_eq!(unknown.code(), Some(-32602));
    let mismatch = world.post(
        &[("version", "2026-07-28"), ("method", "tasks/get"), ("name", "other")],
        &described(1, "tasks/get", params.clone(), can()).1,
    );
    assert_eq!(mismatch.code(), Some(-32020));
    world.wait(TASK_TTL_MS - 1);
    world.tick();
    assert_eq!(task(&world, "tasks/get", params.clone()).status(), 200);
    world.wait(1);
    world.tick();
    assert_eq!(task(&world, "tasks/get", params).code(), Some(-32602));
}

#[test]
fn tasks_are_bounded_and_finished_ones_give_way() {
    let world = World::new();
    let first = call(&world, json!({"name":"job"}));
    for _ in 0..zscaler_mcp::limits::TASKS_MAX {
        assert_eq!(call(&world, json!({"name":"job_ask"}))["resultType"], "task");
    }
    let params = json!({"taskId":first["taskId"]});
    assert_eq!(task(&world, "tasks/get", params).code(), Some(-32602));
    let seen = world.stateless_as(1, "tools/call", json!({"name":"job"}), can());
    assert_eq!(seen.status(), 503);
}

#[test]
fn discovery_names_the_extension() {
    let world = World::new();
    let (_, answer) = world.stateless(1, "server/discover", json!({})).json();
    let capabilities = &answer["result"]["capabilities"];
    assert!(capabilities["extensions"]["io.modelcontextprotocol/tasks"].is_object());
    assert!(capabilities.get("tasks").is_none());
}
