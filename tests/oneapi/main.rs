//! The cloud client over real TLS on loopback, against answers that are a script.
#![expect(
    clippy::disallowed_methods,
    reason = "a test is its own shell: it has clocks and threads"
)]

#[path = "../common/mod.rs"]
mod common;
mod environment;
mod faults;
#[path = "../common/lines.rs"]
mod lines;
mod program;
#[path = "../data/tools/quiet.rs"]
mod quiet;
mod script;
mod slow;
mod stack;

use std::sync::Arc;
use std::time::{Duration, Instant};

use script::{Cloud, Step, json, labels, proxy, raw};
use zscaler_mcp::audit::Log;
use zscaler_mcp::backend::oneapi::address::Base;
use zscaler_mcp::backend::oneapi::proxy::{Direct, Proxy};
use zscaler_mcp::backend::oneapi::token::{Client, Proof};
use zscaler_mcp::backend::{
    ApiBody, ApiMethod, ApiPath, ApiRequest, ApiResponse, Backend, Patience, Upstream,
};
use zscaler_mcp::base::Secret;
use zscaler_mcp::json::object;
use zscaler_mcp::server::cloud::{Bound, Config, OneApi, trust};
use zscaler_mcp::server::turns::Turns;

use lines::Lines;

const SECRET: &str = "s3cret-value";
const LABELS: &str = "/zia/api/v1/ruleLabels";

struct Waits;

impl Patience for Waits {
    fn cancelled(&self) -> bool {
        false
    }
}

/// Leaves as soon as the cloud has been asked so often.
struct LeavesAfter<'a>(&'a Cloud, usize);

impl Patience for LeavesAfter<'_> {
    fn cancelled(&self) -> bool {
        self.0.seen().len() >= self.1
    }
}

struct Rig {
    cloud: Cloud,
    api: Arc<OneApi>,
    log: Arc<Lines>,
}

fn config(cloud: &Cloud) -> Config {
    Config {
        services: Base::parse(&cloud.base()).unwrap(),
        tokens: Base::parse(&format!("{}/oauth2/v1/token", cloud.base())).unwrap(),
        client: Client {
            id: "id-1".to_owned(),
            proof: Proof::Secret(Secret::new(SECRET.as_bytes().to_vec())),
        },
        agent: "zscaler-mcp/test".to_owned(),
        tls: Some(trust(Some(&cloud.authority())).unwrap()),
        proxy: None,
        direct: Direct::default(),
        bound: Bound {
            connect_ms: 5_000,
            stall_ms: 400,
            call_ms: 10_000,
            backoff_ms: 1,
            body_bytes: 1_000,
        },
    }
}

fn rig(steps: impl IntoIterator<Item = Step>) -> Rig {
    let cloud = Cloud::new(steps);
    let config = config(&cloud);
    with(cloud, config)
}

fn with(cloud: Cloud, config: Config) -> Rig {
    let log = Arc::new(Lines::default());
    let turns = Arc::new(Turns::new(1));
    let api = OneApi::new(config, turns, Arc::clone(&log) as Arc<dyn Log>);
    Rig { cloud, api: Arc::new(api), log }
}

fn request(method: ApiMethod) -> ApiRequest {
    let body = (method == ApiMethod::Post).then(|| object([("name", "x".into())]));
    ApiRequest { method, path: ApiPath::fill(LABELS, &[]).unwrap(), query: Vec::new(), body }
}

impl Rig {
    fn get(&self) -> Result<ApiResponse, Upstream> {
        self.api.send(&request(ApiMethod::Get), &Waits)
    }

    fn post(&self) -> Result<ApiResponse, Upstream> {
        self.api.send(&request(ApiMethod::Post), &Waits)
    }

    fn log(&self) -> String {
        self.log.0.lock().unwrap().join("\n")
    }
}

impl Drop for Rig {
    /// Whatever a test did, the log holds no secret.
    fn drop(&mut self) {
        let log = self.log();
        assert!(
            std::thread::panicking() || !log.contains(SECRET) && !log.contains("tok-"),
            "{log}"
        );
    }
}

fn status(answer: Result<ApiResponse, Upstream>) -> u16 {
    answer.unwrap().status
}

#[test]
fn a_list_is_fetched_with_one_token_over_one_connection() {
    let rig = rig([labels(), labels(), json(204, "", "")]);
    for _ in 0..2 {
        let answer = rig.get().unwrap();
        assert_eq!(answer.status, 200);
        assert!(matches!(answer.body, ApiBody::Encoded(_)));
    }
    assert_eq!(rig.get().unwrap().body, ApiBody::Empty);
    let seen = rig.cloud.seen();
    assert!(seen[0].starts_with("POST /oauth2/v1/token HTTP/1.1\r\n"), "{seen:?}");
    assert!(seen[0].contains("client_secret=s3cret-value") && seen[0].contains("client_id=id-1"));
    assert!(seen[1].starts_with("GET /zia/api/v1/ruleLabels HTTP/1.1\r\n"));
    assert!(seen[1].contains("\r\nAuthorization: Bearer tok-1\r\n"));
    assert!(seen[1].contains("\r\nUser-Agent: zscaler-mcp/test\r\n"));
    assert_eq!((seen.len(), rig.cloud.connections()), (4, 2), "one for the token, one for all");
}

#[test]
fn every_form_of_a_rate_limit_is_waited_for_and_repeated() {
    for fields in [
        "Retry-After: 0\r\n",
        "Retry-After: 0s\r\n",
        "retry-after: 0 seconds\r\n",
        "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
        "x-ratelimit-reset: 0\r\n",
        "X-RateLimit-Reset: 1000000000\r\n",
        "RateLimit-Reset: 0\r\n",
        "X-Rate-Limit-Retry-After-Seconds: 0\r\n",
        "Retry-After: soon\r\n",
        "",
    ] {
        let rig = rig([json(429, fields, "{}"), labels()]);
        assert_eq!(status(rig.get()), 200, "{fields}");
        assert_eq!(rig.cloud.asked(), 2, "{fields}");
        assert!(rig.log().contains("asks to wait"), "{}", rig.log());
    }
    let rig = rig([json(429, "Retry-After: 1\r\n", "{}"), labels()]);
    let began = Instant::now();
    assert_eq!(status(rig.get()), 200);
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_wait_that_is_too_long_or_too_many_waits_are_passed_on() {
    let long = rig([json(429, "Retry-After: 3600\r\n", r#"{"message":"slow down"}"#)]);
    assert_eq!(status(long.get()), 429);
    assert_eq!(long.cloud.asked(), 1);
    let many = rig((0..9).map(|_| json(503, "", "{}")));
    assert_eq!(status(many.get()), 503);
    assert_eq!(many.cloud.asked(), 4);
}

#[test]
fn errors_are_answers_and_only_some_are_repeated() {
    for (code, reads, asked) in
        [(500, 1, 1), (502, 1, 1), (503, 2, 1), (504, 2, 1), (404, 1, 1), (429, 2, 2)]
    {
        let script = || [json(code, "Retry-After: 0\r\n", r#"{"code":"X"}"#), labels()];
        let read = rig(script());
        assert_eq!(status(read.get()), if reads == 2 { 200 } else { code }, "GET {code}");
        assert_eq!(read.cloud.asked(), reads, "GET {code}");
        let write = rig(script());
        assert_eq!(status(write.post()), if asked == 2 { 200 } else { code }, "POST {code}");
        assert_eq!(write.cloud.asked(), asked, "POST {code}");
    }
}

#[test]
fn the_edit_lock_of_zia_is_waited_for() {
    let lock = || json(409, "", r#"{"code":"EDIT_LOCK_NOT_AVAILABLE"}"#);
    let rig = rig([lock(), labels(), json(409, "", r#"{"code":"DUPLICATE"}"#)]);
    assert_eq!(status(rig.post()), 200);
    assert_eq!(status(rig.post()), 409);
    assert_eq!(rig.cloud.asked(), 3);
}

#[test]
fn a_token_that_ends_is_replaced_once() {
    let rig = rig([json(401, "", "{}"), labels(), json(401, "", "{}"), json(401, "", "{}")]);
    assert_eq!(status(rig.post()), 200, "a refused change was not made");
    let seen = rig.cloud.seen();
    assert!(seen[1].contains("Bearer tok-1\r\n") && seen[3].contains("Bearer tok-3\r\n"));
    assert_eq!(status(rig.get()), 401, "the second refusal is passed on");
    assert_eq!(rig.cloud.tokens_asked(), 3);
}

#[test]
fn a_service_that_says_it_takes_no_more_is_left_alone_until_it_does() {
    let spent = |left: &str, reset: &str| {
        let fields = format!("RateLimit-Remaining: {left}\r\nRateLimit-Reset: {reset}\r\n");
        json(200, &fields, "[]")
    };
    // A call takes ten seconds at most, so what is not answered in them was waited for.
    for (name, first, expected) in [
        ("some are left", spent("1", "30"), Ok(200)),
        ("none are left for long", spent("0", "30"), Err(Upstream::Throttled)),
        ("none are left for longer than anybody waits", spent("0", "61"), Ok(200)),
        ("none are left, no time is named", json(200, "RateLimit-Remaining: 0\r\n", ""), Ok(200)),
    ] {
        let rig = rig([first, labels()]);
        assert_eq!(status(rig.get()), 200, "{name}");
        assert_eq!(rig.get().map(|answer| answer.status), expected, "{name}");
    }
    let rig = rig([spent("0", "1"), labels()]);
    assert_eq!(status(rig.get()), 200);
    let began = Instant::now();
    assert_eq!(status(rig.get()), 200);
    assert!(began.elapsed() >= Duration::from_millis(900));
}

#[test]
fn many_at_once_share_connections_and_a_token() {
    let rig = rig((0..256).map(|_| labels()));
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                for _ in 0..8 {
                    assert_eq!(status(rig.get()), 200);
                }
            });
        }
    });
    assert_eq!((rig.cloud.tokens_asked(), rig.cloud.asked()), (1, 256));
    assert!(rig.cloud.connections() <= 33, "{}", rig.cloud.connections());
}

#[test]
fn a_new_connection_goes_on_with_an_earlier_tls_session() {
    let closing = || json(200, "Connection: close\r\n", "[]");
    let rig = rig((0..4).map(|_| closing()));
    for _ in 0..4 {
        assert_eq!(status(rig.get()), 200);
    }
    assert_eq!((rig.cloud.connections(), rig.cloud.resumed()), (5, 4));
}

#[test]
fn one_token_serves_all_who_wait_for_it() {
    let rig = rig((0..8).map(|_| labels()));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(status(rig.get()), 200));
        }
    });
    assert_eq!((rig.cloud.tokens_asked(), rig.cloud.asked()), (1, 8));
}

#[test]
fn refused_credentials_are_named_and_not_tried_again_at_once() {
    for code in [400, 401, 403] {
        let body = format!(r#"{{"error":"invalid_client","echo":"{SECRET}"}}"#);
        let cloud = Cloud::new([]).tokens([json(code, "", &body)]);
        let config = config(&cloud);
        let rig = with(cloud, config);
        for _ in 0..3 {
            assert_eq!(rig.get(), Err(Upstream::CredentialsRefused), "{code}");
        }
        assert_eq!((rig.cloud.tokens_asked(), rig.cloud.asked()), (1, 0));
        assert!(rig.log().contains("ZSCALER_CLIENT_ID"), "{}", rig.log());
        assert!(!Upstream::CredentialsRefused.to_string().contains(SECRET));
    }
}

#[test]
fn the_token_address_may_be_busy_or_talk_nonsense() {
    for (name, steps, expected) in [
        ("busy once", vec![json(503, "Retry-After: 0\r\n", "{}")], Ok(200)),
        ("rate limit", vec![json(429, "Retry-After: 0\r\n", "{}")], Ok(200)),
        ("broken", vec![json(500, "", "{}")], Err(Upstream::Unreachable)),
        ("no token", vec![json(200, "", "{}")], Err(Upstream::Unreadable)),
        ("HTML", vec![json(200, "", "<html>")], Err(Upstream::Unreadable)),
        ("cut", vec![Step::SayAndCut("HTTP/1.1 200".to_owned())], Err(Upstream::Unreachable)),
    ] {
        let cloud = Cloud::new([labels()]).tokens(steps);
        let config = config(&cloud);
        let rig = with(cloud, config);
        assert_eq!(rig.get().map(|answer| answer.status), expected, "{name}");
    }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Transfer-Encoding: chunked\r\n\r\n4;x=y\r\n[{\"a\r\n5\r\n\":1}]\r\n0\r\nT: u\r\n\r\n";

#[test]
fn answers_that_cannot_be_trusted_are_no_answers() {
    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let cut = |text: &str| Step::SayAndCut(text.to_owned());
    let end = |text: &str| Step::SayAndEnd(text.to_owned());
    let large = format!("{OK}Transfer-Encoding: chunked\r\n\r\nfff\r\n");
    for (name, step, expected) in [
        ("chunked", raw(CHUNKED), Ok(200)),
        ("byte by byte", Step::Drip(CHUNKED.to_owned()), Ok(200)),
        ("until the end", end(&format!("{OK}\r\n[1]")), Ok(200)),
        ("end without a word", cut(&format!("{OK}\r\n[1]")), Err(Upstream::Unreachable)),
        ("cut off", end(&format!("{OK}Content-Length: 9\r\n\r\n[1]")), Err(Upstream::Unreachable)),
        (
            "cut chunks",
            end(&format!("{OK}Transfer-Encoding: chunked\r\n\r\n9\r\n[1")),
            Err(Upstream::Unreachable),
        ),
        ("no head", end(""), Err(Upstream::Unreachable)),
        ("too large", raw(&format!("{OK}Content-Length: 1001\r\n\r\n")), Err(Upstream::TooLarge)),
        ("too large chunk", raw(&large), Err(Upstream::TooLarge)),
        ("not HTTP", raw("SSH-2.0-x\r\n\r\n"), Err(Upstream::Unreadable)),
        (
            "two lengths",
            raw(&format!("{OK}Content-Length: 3\r\nContent-Length: 3\r\n\r\n[1]")),
            Err(Upstream::Unreadable),
        ),
        ("compressed", json(200, "Content-Encoding: gzip\r\n", "[1]"), Err(Upstream::Unreadable)),
        ("silence", Step::Silence, Err(Upstream::Timeout)),
    ] {
        let rig = rig([step]);
        assert_eq!(rig.get().map(|answer| answer.status), expected, "{name}");
        assert_eq!(rig.cloud.asked(), 1, "{name}");
        assert_eq!(rig.log().contains("no answer from the cloud"), expected.is_err(), "{name}");
    }
}

#[test]
fn what_is_said_to_be_json_is_delivered_as_it_was_sent() {
    for (name, body, is_json) in [
        ("JSON", "[{\"a\":1}]", true),
        ("not JSON", "<html>", false),
        ("twice the same member", r#"{"a":1,"a":2}"#, false),
    ] {
        let answer = rig([json(200, "", body)]).get().unwrap();
        assert_eq!(answer.body, ApiBody::Encoded(body.into()), "{name}");
        assert_eq!(answer.body.into_json().is_ok(), is_json, "{name}");
    }
}

#[test]
fn an_answer_that_never_ends_meets_the_deadline_of_the_call() {
    let cloud = Cloud::new([Step::Silence]);
    let mut config = config(&cloud);
    config.bound.call_ms = 600;
    config.bound.stall_ms = 60_000;
    let rig = with(cloud, config);
    let began = Instant::now();
    assert_eq!(rig.get(), Err(Upstream::Timeout));
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_kept_connection_that_died_costs_a_read_one_repetition_and_a_change_nothing() {
    let rig = rig([labels(), Step::SayAndCut(String::new()), labels(), labels()]);
    assert_eq!(status(rig.get()), 200);
    assert_eq!(status(rig.get()), 200, "repeated on a fresh connection");
    assert_eq!(rig.cloud.asked(), 3);
    assert_eq!(status(rig.post()), 200);
    assert_eq!(rig.cloud.connections(), 4, "a change has a connection of its own");
}

#[test]
fn a_kept_connection_that_is_reset_costs_a_read_one_repetition() {
    let rig = rig([labels(), Step::Reset, labels()]);
    assert_eq!(status(rig.get()), 200);
    assert_eq!(status(rig.get()), 200);
    assert_eq!(rig.cloud.connections(), 3);
}

#[test]
fn a_fresh_connection_that_dies_is_not_repeated() {
    for half in ["", "HTTP/1.1 200 OK\r\n"] {
        let rig = rig([Step::SayAndCut(half.to_owned()), labels()]);
        assert_eq!(rig.get(), Err(Upstream::Unreachable));
        assert_eq!(rig.cloud.asked(), 1);
    }
    let begun = rig([labels(), Step::SayAndCut("HTTP/1.1 2".to_owned()), labels()]);
    assert_eq!(status(begun.get()), 200);
    assert_eq!(begun.get(), Err(Upstream::Unreachable), "an answer had begun");
}

#[test]
fn nobody_is_reached_whose_certificate_is_not_trusted() {
    let (cloud, other) = (Cloud::new([labels()]), Cloud::new([]));
    let mut stranger = config(&cloud);
    stranger.tls = Some(trust(Some(&other.authority())).unwrap());
    let rig = with(cloud, stranger);
    assert_eq!(rig.get(), Err(Upstream::Unreachable));
    assert!(rig.log().contains("ZSCALER_MCP_CA_BUNDLE"), "{}", rig.log());
    assert!(rig.cloud.seen().is_empty());
    let cloud = Cloud::new([labels()]);
    let mut misnamed = config(&cloud);
    misnamed.tokens = Base::parse(&format!("https://127.0.0.1:{}/oauth2", cloud.port)).unwrap();
    let rig = with(cloud, misnamed);
    assert_eq!(rig.get(), Err(Upstream::Unreachable));
    assert!(rig.log().contains("another name"), "{}", rig.log());
    assert!(rig.cloud.seen().is_empty());
}

#[test]
fn nobody_there_is_told_at_once() {
    let cloud = Cloud::new([]);
    let mut config = config(&cloud);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    config.tokens = Base::parse(&format!("https://127.0.0.1:{port}/oauth2")).unwrap();
    let rig = with(cloud, config);
    assert_eq!(rig.get(), Err(Upstream::Unreachable));
    assert!(rig.log().contains("no connection"), "{}", rig.log());
}

#[test]
fn a_caller_who_has_gone_stops_the_call_at_the_next_request() {
    let rig = rig([json(429, "Retry-After: 8\r\n", "{}"), labels()]);
    let began = Instant::now();
    let gone = LeavesAfter(&rig.cloud, 2);
    assert_eq!(rig.api.send(&request(ApiMethod::Get), &gone), Err(Upstream::Cancelled));
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(rig.cloud.seen().len() <= 2);
    let rig = self::rig([labels()]);
    let gone = LeavesAfter(&rig.cloud, 0);
    assert_eq!(rig.api.send(&request(ApiMethod::Get), &gone), Err(Upstream::Cancelled));
    assert!(rig.cloud.seen().is_empty());
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_its_refusal_is_named() {
    let through = |answer: &'static str, user: &str, direct: &[String]| {
        let (port, seen) = proxy(answer);
        let cloud = Cloud::new([labels()]);
        let mut config = config(&cloud);
        config.proxy = Some(Proxy::parse(&format!("http://{user}127.0.0.1:{port}")).unwrap());
        config.direct = Direct::parse(direct);
        (with(cloud, config), seen)
    };
    let (rig, seen) = through("HTTP/1.1 200 Yes\r\n\r\n", "me:s3cret-value@", &[]);
    assert_eq!(status(rig.get()), 200);
    let heads = seen.lock().unwrap().clone();
    let place = format!("CONNECT localhost:{} HTTP/1.1\r\n", rig.cloud.port);
    assert_eq!(heads.len(), 2);
    assert!(heads.iter().all(|head| head.starts_with(&place)), "{heads:?}");
    assert!(heads[0].contains("\r\nProxy-Authorization: Basic bWU6czNjcmV0LXZhbHVl\r\n"));
    assert!(!heads.concat().contains("Bearer"));
    for (answer, said) in [
        ("HTTP/1.1 407 Who\r\nContent-Length: 3\r\n\r\nabc", "407"),
        ("HTTP/1.1 403 No\r\n\r\n", "403"),
        ("HTTP/1.1 200 Yes\r\n\r\nmore", "not readable HTTP"),
        ("what?\r\n\r\n", "not readable HTTP"),
    ] {
        let (rig, _) = through(answer, "", &[]);
        assert!(rig.get().is_err(), "{answer}");
        assert!(rig.log().contains(said), "{answer}: {}", rig.log());
        assert!(rig.cloud.seen().is_empty());
    }
    let (rig, seen) = through("HTTP/1.1 403 No\r\n\r\n", "", &["localhost".to_owned()]);
    assert_eq!(status(rig.get()), 200);
    assert!(seen.lock().unwrap().is_empty());
}
