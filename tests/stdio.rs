//! The built binary on standard input and output.
#![expect(clippy::disallowed_methods, reason = "a test is its own shell")]

mod common;

use std::io::Write;

use common::pipe::Process;
use common::{initialize, wait};
use serde_json::json;

#[test]
fn a_handshake_client_lists_and_calls_and_the_end_of_input_ends_it() {
    let mut process = Process::start();
    process.say(&initialize("2025-06-18"));
    assert_eq!(process.hear()["result"]["protocolVersion"], "2025-06-18");
    process.say(&json!({"jsonrpc":"2.0","method":"notifications/initialized"}));
    process.write("\r\n");
    process.say(&json!({"jsonrpc":"2.0","id":"l","method":"tools/list"}));
    assert_eq!(
        process.hear()["result"]["tools"].as_array().unwrap().len(),
        zscaler_mcp::tools::catalogue::reads().count()
    );
    process.say(&json!({"jsonrpc":"2.0","id":3,"method":"tools/call",
        "params":{"name":"zpa_list_server_groups"}}));
    let answer = process.hear();
    assert_eq!(answer["id"], 3);
    assert_ne!(answer["result"]["isError"], true);
    process.input = None;
    assert!(process.rest().is_empty());
    assert_eq!(wait(&mut process.child), Some(0));
}

#[test]
fn a_stateless_client_needs_no_handshake() {
    let mut process = Process::start();
    process.say(&json!({"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientCapabilities":{}}}}));
    assert_eq!(process.hear()["result"]["resultType"], "complete");
}

#[test]
fn a_line_that_is_no_message_is_answered_and_the_server_goes_on() {
    let mut process = Process::start();
    process.write("not json\n");
    let error = process.hear();
    assert_eq!(error["error"]["code"], -32700);
    assert!(error.get("id").is_none());
    process.say(&json!({"jsonrpc":"2.0","id":1,"method":"ping"}));
    assert_eq!(process.hear(), json!({"jsonrpc":"2.0","id":1,"result":{}}));
}

#[test]
fn a_line_over_the_bound_is_answered_and_does_not_grow_the_server() {
    let mut process = Process::start();
    let block = "x".repeat(1024 * 1024);
    for _ in 0..6 {
        process.write(&block);
    }
    process.write("\n");
    assert_eq!(process.hear()["error"]["code"], -32700);
    process.say(&json!({"jsonrpc":"2.0","id":1,"method":"ping"}));
    assert_eq!(process.hear()["id"], 1);
}

#[test]
fn more_answers_than_a_slow_reader_takes_are_not_lost() {
    let mut process = Process::start();
    process.say(&initialize("2025-11-25"));
    process.hear();
    let mut input = process.input.take().unwrap();
    let writer = std::thread::spawn(move || {
        for id in 0..600 {
            let call = json!({"jsonrpc":"2.0","id":id,"method":"tools/list"});
            input.write_all(format!("{call}\n").as_bytes()).unwrap();
        }
        input
    });
    let mut ids: Vec<u64> = (0..600).map(|_| process.hear()["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..600).collect::<Vec<u64>>());
    drop(writer.join().unwrap());
    assert_eq!(wait(&mut process.child), Some(0));
}

#[test]
fn sigterm_ends_it_with_code_zero() {
    let mut process = Process::start();
    process.say(&json!({"jsonrpc":"2.0","id":1,"method":"ping"}));
    process.hear();
    let id = process.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(wait(&mut process.child), Some(0));
}
