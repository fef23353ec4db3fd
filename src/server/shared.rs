//! Zone: operator. What every loop shares.

use std::sync::Arc;

use crate::audit::{Level, Log, Record};
use crate::auth::Mode;
use crate::guard::{Policy, Refusal};
use crate::http::response::Status;
use crate::mcp::Engine;
use crate::server::clock::Clock;
use crate::server::pool::Pool;

/// Configuration and services of the process.
pub(super) struct Shared {
    pub(super) policy: Policy,
    pub(super) auth: Mode,
    pub(super) tls: Option<Arc<rustls::ServerConfig>>,
    pub(super) engine: Arc<Engine>,
    pub(super) pool: Arc<Pool>,
    pub(super) log: Arc<dyn Log>,
    pub(super) clock: Clock,
    pub(super) connections_max: usize,
}

impl Shared {
    /// Logs a refusal.
    pub(super) fn refused(&self, refusal: Refusal, peer: core::net::IpAddr) {
        self.log.write(
            &Record::new(Level::Info, "zscaler_mcp.guard", "request refused")
                .with("reason", refusal.row().log)
                .with("status", refusal.row().status.0.to_string())
                .with("peer", peer.to_string()),
        );
    }

    /// Logs why TLS was not spoken with a peer.
    pub(super) fn tls_refused(&self, fault: &rustls::Error, peer: core::net::IpAddr) {
        self.log.write(
            &Record::new(Level::Info, "zscaler_mcp.tls", "connection refused")
                .with("reason", fault.to_string())
                .with("peer", peer.to_string()),
        );
    }

    /// Logs the status of an answer: a refusal always, a success for whoever looks for a fault.
    pub(super) fn answered(&self, status: Status, peer: core::net::IpAddr) {
        let (level, event) = if status.0 >= 400 {
            (Level::Info, "request refused")
        } else {
            (Level::Debug, "request answered")
        };
        if !self.log.takes(level) {
            return;
        }
        self.log.write(
            &Record::new(level, "zscaler_mcp.mcp", event)
                .with("status", status.0.to_string())
                .with("peer", peer.to_string()),
        );
    }

    /// Logs a plain sentence.
    pub(super) fn note(&self, level: Level, text: &'static str) {
        self.log.write(&Record::new(level, "zscaler_mcp.server", text));
    }
}
