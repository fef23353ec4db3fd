//! Zone: operator. What every loop shares.

use core::net::IpAddr;
use std::sync::Arc;

use crate::audit::{Caller, Level, Log, Mark, Record};
use crate::auth::{Authorized, Denial, Principal};
use crate::base::bytes::trim_ows;
use crate::guard::{Policy, Refusal};
use crate::http::response::Status;
use crate::mcp::Engine;
use crate::server::clock::Clock;
use crate::server::desk::Desk;
use crate::server::pool::Pool;
use crate::server::tls::who::NameKind;

/// Configuration and services of the process.
pub(super) struct Shared {
    pub(super) policy: Policy,
    pub(super) desk: Arc<Desk>,
    pub(super) tls: Option<Arc<rustls::ServerConfig>>,
    pub(super) engine: Arc<Engine>,
    pub(super) pool: Arc<Pool>,
    pub(super) log: Arc<dyn Log>,
    pub(super) clock: Clock,
    pub(super) connections_max: usize,
    /// The name of a client's certificate that says who is calling.
    pub(super) certificate: Option<NameKind>,
}

/// Who waits for an answer, as log lines say it.
pub(super) struct Asker {
    principal: Principal,
    source: IpAddr,
    session: Option<Mark>,
}

impl Asker {
    /// Returns the one who sent the request of `authorized`.
    pub(super) fn of(authorized: &Authorized) -> Self {
        let admitted = authorized.admitted();
        let field = admitted.mcp().session_id.one().map(trim_ows);
        let session = field.or_else(|| admitted.session_query()).map(Mark::of);
        let principal = authorized.principal().clone();
        Self { principal, source: admitted.source(), session }
    }

    /// Returns the same in the session `id`, which the answer opens.
    pub(super) fn opening(self, id: Option<&str>) -> Self {
        let session = id.map(|id| Mark::of(id.as_bytes())).or(self.session);
        Self { session, ..self }
    }

    fn sign(&self, record: Record) -> Record {
        let Self { principal, source, session } = self;
        Caller { principal: principal.name(), peer: Some(*source), session: *session }.sign(record)
    }
}

impl Shared {
    /// Logs a refusal; `asker` is known when it came after admission.
    pub(super) fn refused(&self, refusal: Refusal, peer: IpAddr, asker: Option<&Asker>) {
        let row = refusal.row();
        let record = Record::new(Level::Info, "zscaler_mcp.guard", "request refused")
            .with("reason", row.log)
            .with("status", row.status.0.to_string());
        self.log.write(&signed(record, peer, asker));
    }

    /// Logs that a caller was not let in.
    pub(super) fn denied(&self, denial: &Denial, peer: IpAddr) {
        let row = denial.refusal.row();
        self.log.write(
            &Record::new(Level::Info, "zscaler_mcp.auth", "caller refused")
                .with("reason", row.log)
                .with("why", denial.why)
                .with("status", row.status.0.to_string())
                .with("peer", peer.to_string()),
        );
    }

    /// Logs why TLS was not spoken with a peer.
    pub(super) fn tls_refused(&self, fault: &rustls::Error, peer: IpAddr) {
        self.log.write(
            &Record::new(Level::Info, "zscaler_mcp.tls", "connection refused")
                .with("reason", fault.to_string())
                .with("peer", peer.to_string()),
        );
    }

    /// Logs the status of an answer: a refusal always, a success for whoever looks for a fault.
    pub(super) fn answered(&self, status: Status, peer: IpAddr, asker: Option<&Asker>) {
        let (level, event) = if status.0 >= 400 {
            (Level::Info, "request refused")
        } else {
            (Level::Debug, "request answered")
        };
        if !self.log.takes(level) {
            return;
        }
        let record =
            Record::new(level, "zscaler_mcp.mcp", event).with("status", status.0.to_string());
        self.log.write(&signed(record, peer, asker));
    }

    /// Logs a plain sentence.
    pub(super) fn note(&self, level: Level, text: &'static str) {
        self.log.write(&Record::new(level, "zscaler_mcp.server", text));
    }
}

/// Returns `record` with who it is about: the caller, or of one that is not known the address.
fn signed(record: Record, peer: IpAddr, asker: Option<&Asker>) -> Record {
    match asker {
        Some(asker) => asker.sign(record),
        None => record.with("peer", peer.to_string()),
    }
}
