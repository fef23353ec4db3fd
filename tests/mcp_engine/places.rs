//! How many calls one caller has open, and that each end of a call gives its place back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use zscaler_mcp::auth::Grant;
use zscaler_mcp::guard::{Refusal, Route, Verb};
use zscaler_mcp::json::Object;
use zscaler_mcp::limits::{CALL_MS, QUESTION_MS, TASK_TTL_MS};
use zscaler_mcp::mcp::registry::{
    CallResult, Context, Offers, Outcome, Registry, ServerInfo, ToolCard, Weight,
};
use zscaler_mcp::mcp::{EngineConfig, Reply};

use crate::world::{Seen, World, described, request};

const CONFIG: EngineConfig =
    EngineConfig { sse: false, sessions_max: 100, session_idle_ms: 60_000, calls_per_principal: 1 };
/// How a call ends that was begun in a session, if in any.
type End = fn(&World, &str, Reply);

const MCP: (Route, Verb) = (Route::Mcp, Verb::Post);

fn can() -> Value {
    json!({"elicitation": {}, "extensions": {"io.modelcontextprotocol/tasks": {}}})
}

/// Begins a call of `tool` by `who`: in `session`, or by itself.
fn begin(world: &World, who: &str, session: Option<&str>, tool: &str) -> Reply {
    let params = json!({"name": tool});
    if let Some(session) = session {
        let body = request(5, "tools/call", params).to_string();
        return world.raw(who, MCP, &[("session", session)], None, &body);
    }
    let (pairs, body) = described(5, "tools/call", params, can());
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    world.raw(who, MCP, &pairs, None, &body.to_string())
}

/// True when anna may begin a call; that call ends at once.
fn is_free(world: &World) -> bool {
    begin(world, "anna", None, "slow").job.is_some()
}

fn cancel(world: &World, session: &str) {
    let notice = json!({"jsonrpc": "2.0", "method": "notifications/cancelled",
        "params": {"requestId": 5}});
    assert_eq!(world.post(&[("session", session)], &notice).status(), 202);
}

fn exchange(reply: Reply) -> Arc<zscaler_mcp::mcp::Exchange> {
    let Seen::Pending(exchange) = World::look(reply.answer) else { panic!("not pending") };
    exchange
}

#[test]
fn calls_are_counted_over_sessions_and_revisions_and_for_each_caller_alone() {
    let world = World::of(EngineConfig { calls_per_principal: 2, ..CONFIG });
    let (one, two) = (world.open("2025-11-25", json!({})), world.open("2024-11-05", json!({})));
    let first = begin(&world, "anna", Some(&one), "slow");
    let second = begin(&world, "anna", None, "slow");
    assert!(first.job.is_some() && second.job.is_some());
    for session in [None, Some(two.as_str())] {
        for tool in ["slow", "echo", "job"] {
            let full = World::look(begin(&world, "anna", session, tool).answer);
            let row = Refusal::TooManyCalls.row();
            assert_eq!((full.status(), full.code()), (429, Some(row.code)), "{tool}");
            assert_eq!(full.json().1["error"]["message"], row.text, "{tool}");
        }
    }
    // Neither a list nor an unknown name takes a place; another caller has its own.
    assert_eq!(world.ask(&two, 6, "tools/list", json!({})).status(), 200);
    assert_eq!(World::look(begin(&world, "anna", None, "nope").answer).code(), Some(-32602));
    assert!(begin(&world, "boris", None, "slow").job.is_some());
    drop(second.job);
    assert!(is_free(&world));
    drop(first.job);
}

#[test]
fn a_light_call_needs_a_place_and_gives_it_back_at_once() {
    let world = World::of(CONFIG);
    for _ in 0..3 {
        assert_eq!(World::look(begin(&world, "anna", None, "echo").answer).status(), 200);
    }
    let held = begin(&world, "anna", None, "slow");
    assert_eq!(World::look(begin(&world, "anna", None, "echo").answer).status(), 429);
    drop(held);
}

#[test]
fn without_a_bound_a_caller_may_begin_as_many_as_there_is_room_for() {
    let world = World::of(EngineConfig { calls_per_principal: 0, ..CONFIG });
    let replies: Vec<Reply> = (0..100).map(|_| begin(&world, "anna", None, "slow")).collect();
    assert!(replies.iter().all(|reply| reply.job.is_some()));
}

#[test]
fn every_end_of_a_call_by_itself_gives_its_place_back() {
    let ends: [(&str, &str, End); 11] = [
        ("answered", "bad", |world, _, reply| world.run(reply.job)),
        ("asked, which forgets the call", "ask", |world, _, reply| world.run(reply.job)),
        ("a handler that knows nothing of it", "vanished", |world, _, reply| world.run(reply.job)),
        ("run again and again", "reconnect", |world, _, reply| world.run(reply.job)),
        ("refused by the queue", "slow", |_, _, reply| reply.job.unwrap().refuse()),
        ("forgotten by the queue", "slow", |_, _, reply| drop(reply.job)),
        ("a handler that panics", "explode", |world, _, reply| {
            let job = reply.job.unwrap();
            assert!(catch_unwind(AssertUnwindSafe(|| job.run(world.now()))).is_err());
        }),
        ("out of time in the queue", "slow", |world, _, reply| {
            world.wait(CALL_MS);
            world.tick();
            assert!(is_free(world));
            world.run(reply.job);
        }),
        ("its connection is gone", "slow", |world, _, Reply { answer, job }| {
            exchange(Reply { answer, job: None }).closed();
            world.run(job);
        }),
        ("a task that is cancelled", "job_ask", |world, _, reply| {
            let made = World::look(reply.answer).json().1;
            world.run(reply.job);
            assert!(!is_free(world), "a task that waits for its client is open");
            let params = json!({"taskId": made["result"]["taskId"]});
            assert_eq!(world.stateless_as(6, "tasks/cancel", params, can()).status(), 200);
        }),
        ("a task nobody looked at", "job_ask", |world, _, reply| {
            world.run(reply.job);
            world.wait(TASK_TTL_MS);
            world.tick();
        }),
    ];
    for (name, tool, end) in ends {
        let world = World::of(CONFIG);
        let reply = begin(&world, "anna", None, tool);
        assert!(reply.job.is_some(), "{name}");
        assert!(!is_free(&world), "{name}: not counted");
        end(&world, "", reply);
        assert!(is_free(&world), "{name}");
    }
}

#[test]
fn every_end_of_a_call_in_a_session_gives_its_place_back() {
    let ends: [(&str, &str, End); 6] = [
        ("answered", "bad", |world, _, reply| world.run(reply.job)),
        ("cancelled", "slow", |world, session, reply| {
            cancel(world, session);
            assert!(is_free(world), "nobody runs it");
            world.run(reply.job);
        }),
        ("its session is deleted", "slow", |world, session, reply| {
            assert_eq!(world.verb("anna", Verb::Delete, &[("session", session)]).status(), 204);
            world.run(reply.job);
        }),
        ("its connection is gone, which ends nothing", "bad", |world, _, Reply { answer, job }| {
            exchange(Reply { answer, job: None }).closed();
            assert!(!is_free(world));
            world.run(job);
        }),
        ("a question nobody answers", "ask", |world, _, reply| {
            world.run(reply.job);
            assert!(!is_free(world), "a call that waits for its client is open");
            world.wait(QUESTION_MS);
            world.tick();
        }),
        ("the server stops", "slow", |world, _, reply| {
            world.engine.shut();
            drop(reply);
        }),
    ];
    for (name, tool, end) in ends {
        let world = World::of(CONFIG);
        let session = world.open("2025-11-25", json!({"elicitation": {}}));
        let reply = begin(&world, "anna", Some(&session), tool);
        assert!(!is_free(&world), "{name}: not counted");
        end(&world, &session, reply);
        assert!(is_free(&world), "{name}");
    }
}

#[test]
fn an_id_that_is_in_use_takes_no_place() {
    let world = World::of(EngineConfig { calls_per_principal: 2, ..CONFIG });
    let session = world.open("2025-03-26", json!({}));
    let first = begin(&world, "anna", Some(&session), "slow");
    let twice = request(7, "tools/call", json!({"name": "slow"}));
    let both = Value::from(vec![twice.clone(), twice]).to_string();
    let reply = world.raw("anna", MCP, &[("session", &session)], None, &both);
    assert!(!is_free(&world));
    drop(reply);
    assert!(is_free(&world));
    drop(first);
}

/// Its one tool says that it has begun, and ends when it may.
struct Gates {
    begun: SyncSender<()>,
    may_end: Mutex<Receiver<()>>,
}

impl Registry for Gates {
    fn server(&self) -> ServerInfo {
        ServerInfo {
            name: "gates".into(),
            title: String::new(),
            version: "1".into(),
            description: String::new(),
            website: String::new(),
            instructions: String::new(),
        }
    }
    fn offers(&self) -> Offers {
        Offers { tools: true, ..Offers::default() }
    }
    fn tools(&self) -> Vec<ToolCard> {
        Vec::new()
    }
    fn weight(&self, _: &str, _: &Grant) -> Option<Weight> {
        Some(Weight::Heavy)
    }
    fn call(&self, _: &str, _: &Object, _: &dyn Context) -> Outcome<CallResult> {
        self.begun.send(()).unwrap();
        self.may_end.lock().unwrap().recv().unwrap();
        Outcome::BadParams("over".to_owned())
    }
}

#[test]
fn a_call_that_was_cancelled_keeps_its_place_while_a_worker_is_busy_with_it() {
    let (begun, has_begun) = sync_channel(1);
    let (lets_go, may_end) = sync_channel(1);
    let gates = Arc::new(Gates { begun, may_end: Mutex::new(may_end) });
    for late in [false, true] {
        let world = World::serving(Arc::<Gates>::clone(&gates), CONFIG);
        let session = world.open("2025-11-25", json!({}));
        let job = begin(&world, "anna", Some(&session), "slow").job.unwrap();
        let engine = Arc::clone(&world.engine);
        let while_busy = std::thread::scope(|scope| {
            let worker = scope.spawn(move || {
                let random = crate::world::Counter::new();
                let now = zscaler_mcp::mcp::Now {
                    at: zscaler_mcp::base::Millis(1_000),
                    unix_seconds: 0,
                    random: &random,
                };
                assert!(job.run(now).is_none());
                drop(engine);
            });
            has_begun.recv().unwrap();
            if late {
                world.wait(CALL_MS);
                world.tick();
            } else {
                cancel(&world, &session);
            }
            let while_busy = is_free(&world);
            lets_go.send(()).unwrap();
            worker.join().unwrap();
            while_busy
        });
        assert!(!while_busy, "late: {late}");
        assert!(is_free(&world), "late: {late}");
    }
}
