//! What holds between any two steps, and what is left when everybody has gone: nothing.

use zscaler_mcp::base::Millis;
use zscaler_mcp::guard::{McpFields, Route, Verb};
use zscaler_mcp::limits::{
    BODY_BYTES_PER_SECOND_MIN, BODY_STALL_MS, DRAIN_BYTES_MAX, DRAIN_MS, HEAD_BYTES_MAX, HEAD_MS,
    IDLE_MS, OUTPUT_HIGH_WATER, PIPELINE_BYTES_MAX, READ_BYTES, SESSION_IDLE_MS, STREAM_BYTES_MAX,
    WRITE_BYTES_PER_SECOND_MIN, WRITE_STALL_MS,
};
use zscaler_mcp::mcp::{Answer, Incoming, Reply};

use crate::kit::engine::CALLS;
use crate::kit::shell::BODY_MAX;
use crate::server::{Peer, QUEUE_MAX, SESSIONS_MAX, Task, World};

/// More than any answer of these runs; one is begun below the mark and written as a whole.
const ANSWER_BYTES: usize = 128 * 1024;

impl World {
    /// Panics when a promise is broken.
    pub(crate) fn holds(&self) {
        assert!(self.queue.len() <= QUEUE_MAX);
        for peer in self.slots.iter().filter_map(|slot| slot.peer.as_ref()) {
            self.is_bounded(peer);
            self.has_a_deadline_of_the_table(peer);
            assert_eq!(peer.owes, matches!(peer.task, Task::Call { .. }), "an answer is forgotten");
        }
        let kept = self.streams.iter().filter_map(std::sync::Weak::upgrade);
        assert!(kept.clone().all(|stream| stream.kept_bytes() <= STREAM_BYTES_MAX));
    }

    fn is_bounded(&self, peer: &Peer) {
        let client = &self.clients[peer.client];
        assert!(peer.conn.room() <= READ_BYTES.max(HEAD_BYTES_MAX + 1));
        assert!(peer.conn.output().len() <= OUTPUT_HIGH_WATER + ANSWER_BYTES);
        let held = client.arrived.saturating_sub(peer.served_bytes);
        if peer.owes {
            assert!(held <= READ_BYTES + PIPELINE_BYTES_MAX, "{held} bytes behind a request");
        }
        let most = HEAD_BYTES_MAX + BODY_MAX + READ_BYTES + DRAIN_BYTES_MAX;
        assert!(held <= most, "{held} bytes are held");
    }

    /// The deadline counts from something that happened here, by a time of the table.
    fn has_a_deadline_of_the_table(&self, peer: &Peer) {
        let deadline = peer.conn.deadline();
        if deadline == Millis::NEVER {
            let works = !matches!(peer.task, Task::None);
            assert!(works && peer.conn.output().is_empty(), "nobody looks at it again");
            return;
        }
        let client = &self.clients[peer.client];
        let earned = |bytes: usize, rate: u64| u64::try_from(bytes).unwrap() * 1_000 / rate;
        let body = earned(client.arrived, BODY_BYTES_PER_SECOND_MIN);
        let written = earned(client.received.len(), WRITE_BYTES_PER_SECOND_MIN);
        let from_the_table = peer.times.iter().any(|time| {
            let Some(ms) = deadline.0.checked_sub(*time) else { return false };
            [IDLE_MS, HEAD_MS, DRAIN_MS].contains(&ms)
                || (BODY_STALL_MS..=BODY_STALL_MS + body).contains(&ms)
                || (WRITE_STALL_MS..=WRITE_STALL_MS + written).contains(&ms)
        });
        assert!(from_the_table, "{deadline:?} at {} of {:?}", self.now, peer.times);
    }

    /// Panics when a client was answered wrongly or something outlives everybody.
    pub(crate) fn nothing_is_left(&mut self) {
        for client in &self.clients {
            client.was_answered_well(self.cancels);
        }
        // Questions that nobody answered give their calls back first.
        for _ in 0..3 {
            self.advance(SESSION_IDLE_MS + 1);
            while !self.queue.is_empty() {
                self.work();
            }
        }
        assert!(self.exchanges.iter().all(|exchange| exchange.strong_count() == 0), "a call");
        assert!(self.streams.iter().all(|stream| stream.strong_count() == 0), "a stream");
        for session in core::mem::take(&mut self.sessions) {
            assert!(!self.knows(&session), "a session is left");
        }
        for _ in 0..=SESSIONS_MAX {
            assert!(self.opens(), "the places of ended sessions are not free");
        }
        let calls: Vec<_> = (0..=CALLS).map(|_| self.calls()).collect();
        let begun = calls.iter().filter(|reply| reply.job.is_some()).count();
        assert_eq!(begun, CALLS, "the places of ended calls are not free");
    }

    /// Begins a call that nobody runs.
    fn calls(&self) -> Reply {
        let body = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"noisy",
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientCapabilities":{}}}}"#;
        let one = |text: &str| zscaler_mcp::guard::FieldValue::One(text.as_bytes().into());
        let fields = McpFields {
            protocol_version: one("2026-07-28"),
            method: one("tools/call"),
            name: one("noisy"),
            ..McpFields::default()
        };
        self.send(&fields, body)
    }

    fn knows(&self, session: &str) -> bool {
        let body = br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
        let session_id = zscaler_mcp::guard::FieldValue::One(session.as_bytes().into());
        let fields = McpFields { session_id, ..McpFields::default() };
        matches!(self.ask(&fields, body), Answer::Json { status, .. } if status.0 == 200)
    }

    fn opens(&self) -> bool {
        let body = br#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":
            {"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{}}}"#;
        matches!(self.ask(&McpFields::default(), body), Answer::Json { session: Some(_), .. })
    }

    fn ask(&self, fields: &McpFields, body: &[u8]) -> Answer {
        self.send(fields, body).answer
    }

    fn send(&self, fields: &McpFields, body: &[u8]) -> Reply {
        let principal = zscaler_mcp::auth::Principal::anonymous();
        let incoming = Incoming {
            route: Route::Mcp,
            verb: Verb::Post,
            fields,
            session_query: None,
            principal: &principal,
            grant: &zscaler_mcp::auth::Grant::everything(),
            peer: std::net::Ipv4Addr::LOCALHOST.into(),
            body,
        };
        self.engine.http(&incoming, self.step_now())
    }
}
