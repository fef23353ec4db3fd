//! Every fault of the cloud as the agent sees it: what the text says, and what it never says.

use std::sync::Arc;

use zscaler_mcp::audit::Log;
use zscaler_mcp::backend::oneapi::address::Base;
use zscaler_mcp::backend::oneapi::proxy::Proxy;
use zscaler_mcp::json::Object;
use zscaler_mcp::mcp::registry::{Content, Outcome, Registry};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::server::cloud::{Config, OneApi, trust};
use zscaler_mcp::server::turns::Turns;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

use crate::common::Server;
use crate::program::{HTTP, environment, pairs, private_key};
use crate::quiet::Quiet;
use crate::script::{Cloud, Step, json, labels, proxy, raw};
use crate::{CHUNKED, Lines, SECRET, config};

const TOOL: &str = "zia_list_rule_labels";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
/// What stands in every token of the scripted cloud.
const TOKEN: &str = "tok-";
const LATER: &[&str] = &["HTTP 429", "wait a minute"];
const AGAIN: &[&str] = &["could not be reached", "try again later"];
const BROKEN: &str = "try again later";
const UNREADABLE: &[&str] = &["cannot be read"];

/// Name, what the cloud does, and words of the last text; none when the call succeeds.
type Fault = (&'static str, Vec<Step>, &'static [&'static str]);

fn end(text: &str) -> Step {
    Step::SayAndEnd(format!("{OK}{text}"))
}

/// Faults that need no time; each uses all of its steps, in one call.
fn faults() -> Vec<Fault> {
    let limit = |fields: &'static str| vec![json(429, fields, r#"{"message":"slow down"}"#)];
    let away = |status| vec![json(status, "Retry-After: 3600\r\n", r#"{"message":"sorry"}"#)];
    vec![
        ("429, seconds", limit("Retry-After: 3600\r\n"), LATER),
        ("429, seconds with a unit", limit("retry-after: 3600 seconds\r\n"), LATER),
        ("429, date", limit("Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n"), LATER),
        ("429, reset", limit("x-ratelimit-reset: 3600\r\n"), LATER),
        ("429, reset at a time", limit("X-RateLimit-Reset: 4102444799\r\n"), LATER),
        ("429, standard reset", limit("RateLimit-Reset: 3600\r\n"), LATER),
        ("429, client connector", limit("X-Rate-Limit-Retry-After-Seconds: 3600\r\n"), LATER),
        ("500", away(500), &["HTTP 500", "sorry", BROKEN]),
        ("502", away(502), &["HTTP 502", BROKEN]),
        ("503", away(503), &["HTTP 503", BROKEN]),
        ("504", away(504), &["HTTP 504", BROKEN]),
        ("400", vec![json(400, "", r#"{"code":"BAD"}"#)], &["HTTP 400", "BAD", "argument"]),
        ("403", vec![json(403, "", "{}")], &["HTTP 403", "operator", "role"]),
        ("404", vec![json(404, "", "{}")], &["HTTP 404", "check"]),
        ("truncated", vec![end("Content-Length: 9\r\n\r\n[1]")], AGAIN),
        ("truncated chunks", vec![end("Transfer-Encoding: chunked\r\n\r\n9\r\n[1")], AGAIN),
        ("truncated head", vec![end("Content-Le")], AGAIN),
        ("oversized", vec![end("Content-Length: 99000000\r\n\r\n")], &["too large", "filter"]),
        ("not JSON", vec![json(200, "", "<html>tok-</html>")], UNREADABLE),
        ("not HTTP", vec![raw("SSH-2.0-x\r\n\r\n")], UNREADABLE),
        ("a page", vec![raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<p>x")], &["unexpected"]),
        ("byte by byte", vec![Step::Drip(CHUNKED.to_owned())], &[]),
        ("token ends meanwhile", vec![json(401, "", "{}"), labels()], &[]),
        ("reset of a kept connection", vec![Step::Reset, labels()], &[]),
        (
            "token refused twice",
            vec![json(401, "", "{}"), json(401, "", "{}")],
            &["HTTP 401", "credentials", "operator"],
        ),
    ]
}

/// Faults that would take the built binary long.
fn slow_faults() -> Vec<Fault> {
    let many = |status, count| (0..count).map(|_| json(status, "", "{}")).collect();
    vec![
        ("429, no time, again and again", many(429, 4), LATER),
        ("503, no time, again and again", many(503, 4), &["HTTP 503"]),
        ("503 once", vec![json(503, "", "{}"), labels()], &[]),
        ("429 once", vec![json(429, "Retry-After: 0\r\n", "{}"), labels()], &[]),
        ("silence", vec![Step::Silence], &["did not answer in time"]),
        (
            "silence inside an answer",
            vec![raw(&format!("{OK}Content-Length: 9\r\n\r\n["))],
            &["did not answer in time"],
        ),
    ]
}

/// True for a fault that begins on a connection that was used before.
fn needs_kept(name: &str) -> bool {
    name.contains("kept")
}

fn check(name: &str, is_error: bool, text: &str, words: &[&str]) {
    assert_eq!(is_error, !words.is_empty(), "{name}: {text}");
    for word in words {
        assert!(text.contains(word), "{name}: no {word:?} in {text}");
    }
    assert!(!is_error || text.starts_with(&format!("{TOOL} failed: ")), "{name}: {text}");
    is_silent(name, text, &[SECRET]);
}

fn is_silent(name: &str, text: &str, secrets: &[&str]) {
    for secret in secrets.iter().chain(&[TOKEN, "Bearer", "client_secret", "client_assertion"]) {
        assert!(!text.contains(secret), "{name}: {secret} in {text}");
    }
}

/// Calls the tool over `config`; returns whether it failed, its text, and the log.
fn call(config: Config, calls: usize) -> (bool, String, String) {
    let log = Arc::new(Lines::default());
    let api = OneApi::new(config, Arc::new(Turns::new(1)), Arc::clone(&log) as Arc<dyn Log>);
    let identity =
        ServerIdentity { version: String::new(), demo: false, ..ServerIdentity::default() };
    let scrubber = Arc::new(Scrubber::new(true));
    let product = Product::new(Arc::new(api), scrubber, Selection::everything(), identity);
    let mut last = (false, String::new());
    for _ in 0..calls {
        let outcome = product.call(TOOL, &Object::new(), &Quiet::new(false));
        let Outcome::Done(result) = outcome else { panic!("{outcome:?}") };
        let [Content::Text(text)] = result.content.as_slice() else { panic!("one text") };
        last = (result.is_error, text.as_str().to_owned());
    }
    let log = log.0.lock().unwrap().join("\n");
    (last.0, last.1, log)
}

#[test]
fn every_fault_is_told_in_useful_words_and_without_secrets() {
    for (name, mut steps, words) in faults().into_iter().chain(slow_faults()) {
        let kept = needs_kept(name);
        if kept {
            steps.insert(0, labels());
        }
        let count = steps.len();
        let cloud = Cloud::new(steps);
        let (is_error, text, log) = call(config(&cloud), if kept { 2 } else { 1 });
        check(name, is_error, &text, words);
        is_silent(name, &log, &[SECRET]);
        // A reset takes a step and asks nothing.
        assert_eq!(cloud.asked(), count - usize::from(kept), "{name}");
    }
}

#[test]
fn a_refusal_that_repeats_the_token_is_shown_without_its_text() {
    for status in [400, 401, 500] {
        // The token after a refused one is the third answer of the cloud.
        let steps = [1, 3].map(|number| {
            let told = format!(r#"{{"message":"Authorization: Bearer tok-{number} is odd"}}"#);
            json(status, "", &told)
        });
        let (is_error, text, _) = call(config(&Cloud::new(steps)), 1);
        check("echo", is_error, &text, &["HTTP"]);
    }
}

#[test]
fn a_way_to_the_cloud_that_is_closed_is_told_without_secrets() {
    let cloud = Cloud::new([labels()]);
    let stranger = Cloud::new([]);
    let with = |change: &dyn Fn(&mut Config)| {
        let mut config = config(&cloud);
        change(&mut config);
        config
    };
    let (gate, _) = proxy("HTTP/1.1 407 Who\r\n\r\n");
    let through = format!("http://me:{SECRET}@127.0.0.1:{gate}");
    let foreign = |config: &mut Config| {
        config.tls = Some(trust(Some(&stranger.authority())).unwrap());
    };
    let misnamed = |config: &mut Config| {
        let place = format!("https://127.0.0.1:{}", cloud.port);
        config.services = Base::parse(&place).unwrap();
    };
    let proxied = |config: &mut Config| config.proxy = Some(Proxy::parse(&through).unwrap());
    for (name, config, said) in [
        ("wrong authority", with(&foreign), "ZSCALER_MCP_CA_BUNDLE"),
        ("wrong name", with(&misnamed), "another name"),
        ("proxy refuses", with(&proxied), "407"),
    ] {
        let (is_error, text, log) = call(config, 1);
        check(name, is_error, &text, AGAIN);
        assert!(log.contains(said), "{name}: the operator is told {log}");
        is_silent(name, &log, &[SECRET]);
    }
    assert_eq!(cloud.asked(), 0);
}

/// Starts the binary with everything logged.
fn verbose(cloud: &Cloud, more: &[(&str, &str)]) -> Server {
    let mut all = vec![("ZSCALER_MCP_DEBUG", "true"), ("ZSCALER_MCP_LOG_TOOL_CALLS", "true")];
    all.extend_from_slice(more);
    Server::start(&HTTP, &pairs(&environment(cloud, &all)))
}

fn ask(server: &Server, name: &str, words: &[&str]) {
    let result = server.tool(TOOL, serde_json::json!({}));
    let text = result["content"][0]["text"].as_str().unwrap();
    check(name, result["isError"] == true, text, words);
}

/// Stops the server and returns everything it logged.
fn log(server: Server) -> String {
    let mut lines = server.head.clone();
    server.signal("TERM");
    while let Ok(line) = server.log.recv_timeout(crate::common::PATIENCE) {
        lines.push(line);
    }
    lines.join("\n")
}

#[test]
fn a_log_of_every_level_and_every_fault_holds_no_secret() {
    let key = private_key();
    let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    let mut texts = String::new();
    for credential in [("ZSCALER_CLIENT_SECRET", SECRET), ("ZSCALER_PRIVATE_KEY", &key)] {
        let cloud = Cloud::new([labels()]);
        let server = verbose(&cloud, &[credential]);
        ask(&server, "first", &[]);
        for (name, steps, words) in faults() {
            if needs_kept(name) {
                cloud.then([labels()]);
                ask(&server, name, &[]);
            }
            cloud.then(steps);
            ask(&server, name, words);
        }
        texts += &log(server);
        let refusing = Cloud::new([]).tokens([json(401, "", r#"{"message":"s3cret-value"}"#)]);
        let server = verbose(&refusing, &[credential]);
        ask(&server, "credentials", &["refused the credentials", "operator"]);
        texts += &log(server);
        let (gate, _) = proxy("HTTP/1.1 403 No\r\n\r\n");
        let through = format!("http://me:{SECRET}@127.0.0.1:{gate}");
        let server = verbose(&cloud, &[credential, ("HTTPS_PROXY", &through)]);
        ask(&server, "proxy", AGAIN);
        texts += &log(server);
        let stranger = Cloud::new([]);
        let other = stranger.authority();
        let bundle = ("ZSCALER_MCP_CA_BUNDLE", other.to_str().unwrap());
        let server = verbose(&cloud, &[credential, bundle]);
        ask(&server, "certificate", AGAIN);
        texts += &log(server);
    }
    assert!(texts.contains("DEBUG") && texts.contains("refused the tunnel"), "{texts}");
    let pieces: Vec<&str> =
        body.as_bytes().chunks(40).map(|c| str::from_utf8(c).unwrap()).collect();
    is_silent("log", &texts, &pieces);
    let basic = zscaler_mcp::base::encode::base64(format!("me:{SECRET}").as_bytes());
    is_silent("log", &texts, &[SECRET, "PRIVATE KEY-----", "Authorization", &basic]);
}
