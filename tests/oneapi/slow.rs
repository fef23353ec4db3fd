//! Many calls that wait for the cloud at once, and what others notice of them.

use std::io::Write;
use std::sync::mpsc::sync_channel;

use serde_json::json;
use zscaler_mcp::limits::{QUEUE_MAX, WORKERS};

use crate::common::{ACCEPT, PATIENCE, Response, Server, request};
use crate::program::{HTTP, environment, pairs};
use crate::script::{Cloud, Step, labels};

fn start(cloud: &Cloud, more: &[(&str, &str)]) -> Server {
    let mut all = vec![("ZSCALER_CLIENT_SECRET", "s3cret-value")];
    all.extend_from_slice(more);
    Server::start(&HTTP, &pairs(&environment(cloud, &all)))
}

fn held() -> Step {
    let Step::Say(text) = labels() else { panic!("labels are said") };
    Step::Hold(text)
}

/// Sends a tool call on a connection of its own; returns how its answer is read.
fn begin(server: &Server) -> impl FnOnce() -> Response + Send + use<> {
    let message = json!({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{
        "name":"zia_list_rule_labels","arguments":{},"_meta":{
            "io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientCapabilities":{}}}});
    let mut fields = ACCEPT.to_vec();
    fields.push(("MCP-Protocol-Version", "2026-07-28"));
    fields.push(("Mcp-Method", "tools/call"));
    fields.push(("Mcp-Name", "zia_list_rule_labels"));
    let bytes = request("POST /mcp HTTP/1.1", &server.host(), &fields, &message.to_string());
    let mut stream = server.connect();
    stream.write_all(&bytes).unwrap();
    move || Response::read(&mut stream)
}

fn succeeded(answer: &Response) -> bool {
    let message = answer.message();
    answer.status == 200 && message["result"]["structuredContent"]["result"][0]["id"] == 7
}

#[test]
fn others_are_served_while_every_worker_waits_for_the_cloud() {
    let cloud = Cloud::plain((0..WORKERS).map(|_| held()));
    let server = start(&cloud, &[]);
    let calls: Vec<_> = (0..WORKERS).map(|_| begin(&server)).collect();
    cloud.wait_until_held(WORKERS);
    // Nothing is let go before these are answered.
    assert_eq!(server.send("GET /health HTTP/1.1", &[], "").status, 200);
    let list = server.stateless("tools/list", json!({})).message();
    assert!(list["result"]["tools"].as_array().is_some_and(|tools| !tools.is_empty()), "{list}");
    cloud.release();
    for answer in calls {
        let answer = answer();
        assert!(succeeded(&answer), "{answer:?}");
    }
    assert_eq!((cloud.tokens_asked(), cloud.connections()), (1, WORKERS + 1));
    cloud.then((0..WORKERS).map(|_| labels()));
    let calls: Vec<_> = (0..WORKERS).map(|_| begin(&server)).collect();
    assert!(calls.into_iter().all(|answer| succeeded(&answer())));
    assert_eq!(cloud.connections(), WORKERS + 1, "kept connections are used again");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn calls_beyond_workers_and_queue_are_refused_at_once() {
    const BEYOND: usize = 40;
    let cloud = Cloud::plain((0..=QUEUE_MAX).map(|_| held()));
    let server = start(&cloud, &[("ZSCALER_MCP_WORKERS", "1")]);
    let first = begin(&server);
    cloud.wait_until_held(1);
    let (sender, answers) = sync_channel(QUEUE_MAX + BEYOND);
    for answer in (0..QUEUE_MAX + BEYOND).map(|_| begin(&server)) {
        let sender = sender.clone();
        std::thread::spawn(move || sender.send(answer()));
    }
    let next = || answers.recv_timeout(PATIENCE).unwrap();
    for _ in 0..BEYOND {
        let refused = next();
        assert_eq!(refused.status, 503, "{refused:?}");
        assert!(refused.message()["error"]["message"].is_string(), "{refused:?}");
    }
    cloud.release();
    assert!(succeeded(&first()));
    assert!((0..QUEUE_MAX).all(|_| succeeded(&next())));
}

#[test]
fn a_stop_does_not_wait_for_calls_that_the_cloud_holds() {
    let cloud = Cloud::plain((0..8).map(|_| held()));
    let server = start(&cloud, &[]);
    let _calls: Vec<_> = (0..8).map(|_| begin(&server)).collect();
    cloud.wait_until_held(8);
    server.signal("TERM");
    // The second signal says that nobody wants to wait for answers.
    assert_eq!(server.terminate(), Some(0));
}
