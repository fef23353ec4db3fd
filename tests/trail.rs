//! Who asked, in the log lines of the built server about its answers.

mod common;

use std::io::Write;
use std::time::Duration;

use common::{ACCEPT, PATIENCE, Response, Server, initialize, request};
use serde_json::json;
use zscaler_mcp::audit::Mark;

/// Returns the lines up to the one that holds `end`.
fn lines(server: &Server, end: &str) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let line = server.log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{lines:#?}"));
        let last = line.contains(end);
        lines.push(line);
        if last {
            return lines;
        }
    }
}

/// Returns the line that holds `end`.
fn next(server: &Server, end: &str) -> String {
    lines(server, end).pop().unwrap()
}

fn post(server: &Server, fields: &[(&str, &str)], body: &str) -> Vec<u8> {
    let all = [&ACCEPT[..], fields].concat();
    request("POST /mcp HTTP/1.1", &server.host(), &all, body)
}

#[test]
fn lines_about_answers_name_the_caller_from_admission_on_and_only_then() {
    let env =
        [("ZSCALER_MCP_TRUSTED_PROXIES", "127.0.0.1"), ("ZSCALER_MCP_LOG_TOOL_CALLS", "true")];
    let server = Server::demo(&["--debug"], &env);
    let mut wire = server.connect();
    let mut say = |fields: &[(&str, &str)], body: &str| {
        wire.write_all(&post(&server, fields, body)).unwrap();
        Response::read(&mut wire)
    };
    let opened = say(&[], &initialize("2025-11-25").to_string());
    let session = opened.field("mcp-session-id").unwrap();
    let mark = Mark::of(session.as_bytes()).to_string();
    let who = format!("principal=anonymous peer=127.0.0.1 session={mark}");
    let line = next(&server, "request answered");
    assert!(line.ends_with(&format!("status=200 {who}")), "{line}");

    let call = json!({"jsonrpc":"2.0","id":1,"method":"tools/call",
        "params":{"name":"zia_list_rule_labels","arguments":{}}});
    let fields = [("Mcp-Session-Id", session.as_str()), ("X-Forwarded-For", "203.0.113.9")];
    assert_eq!(say(&fields, &call.to_string()).status, 200);
    let said = lines(&server, "request answered");
    let who = format!(" principal=anonymous peer=203.0.113.9 session={mark}");
    for event in ["[TOOL CALL]", "[TOOL OK]", "request answered"] {
        let line = said.iter().find(|line| line.contains(event));
        assert!(line.is_some_and(|line| line.ends_with(&who)), "{event}: {said:#?}");
    }
    assert!(said.iter().all(|line| !line.contains(&session)), "{said:#?}");

    let ping = r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#;
    assert_eq!(say(&[("Mcp-Session-Id", "guess")], ping).status, 404);
    let line = next(&server, "status=404");
    let guess = Mark::of(b"guess");
    assert!(
        line.ends_with(&format!(" principal=anonymous peer=127.0.0.1 session={guess}")),
        "{line}"
    );

    // An answer without a line of its own leaves nobody behind for the line of the next request.
    let notice = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(say(&fields, notice).status, 202);
    wire.write_all(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").unwrap();
    assert_eq!(Response::read(&mut wire).status, 421);
    let line = next(&server, "status=421");
    assert!(line.ends_with("status=421 peer=127.0.0.1"), "{line}");
}

#[test]
fn a_fault_in_a_body_is_told_with_the_caller_that_sent_it() {
    let server = Server::demo(&[], &[]);
    let mut wire = server.dial();
    let head = request(
        "POST /mcp HTTP/1.1",
        &server.host(),
        &[ACCEPT[0], ACCEPT[1], ("Transfer-Encoding", "chunked")],
        "",
    );
    wire.write_all(&[&head[..], b"zz\r\n"].concat()).unwrap();
    wire.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert_eq!(Response::read(&mut wire).status, 400);
    let line = next(&server, "reason=chunk");
    assert!(line.ends_with("status=400 principal=anonymous peer=127.0.0.1"), "{line}");
}
