//! Zone: post-admission. What a handler sees of its call: the implementation of [`Context`].

use crate::audit;
use crate::auth::{Grant, Principal};
use crate::json::{Json, write};
use crate::mcp::call::Call;
use crate::mcp::client::Level;
use crate::mcp::envelope::notify;
use crate::mcp::registry::{Change, Context};
use crate::mcp::round::Round;
use crate::sanitize::{CleanJson, CleanText};

/// One run of one call.
pub(super) struct Running<'a> {
    /// The call.
    pub(super) call: &'a Call,
    /// What this run knows.
    pub(super) round: &'a Round,
    /// When it began, in seconds since 1970.
    pub(super) unix_seconds: u64,
}

impl Running<'_> {
    /// True when news would reach nobody, or would cost a slow reader its answer.
    fn is_muted(&self) -> bool {
        self.call.halt.is_stopped() || self.call.port.is_behind()
    }

    /// True when the caller wants messages of `level` (LOG-2, LOG-3).
    fn wants(&self, level: Level) -> bool {
        let caller = &self.call.caller;
        let mildest = if caller.revision.stateless() {
            caller.level
        } else {
            caller.session.as_ref().map(|session| session.level())
        };
        self.call.engine.identity().offers().logging
            && mildest.is_some_and(|mildest| level >= mildest)
    }
}

impl Context for Running<'_> {
    fn principal(&self) -> &Principal {
        &self.call.caller.principal
    }

    fn grant(&self) -> &Grant {
        &self.call.caller.grant
    }

    fn caller(&self) -> audit::Caller<'_> {
        let caller = &self.call.caller;
        // On standard input there is one session, which needs no name.
        let session = caller.session.as_ref().filter(|_| caller.peer.is_some());
        audit::Caller {
            principal: caller.principal.name(),
            peer: caller.peer,
            session: session.map(|session| session.mark),
        }
    }

    fn unix_seconds(&self) -> u64 {
        self.unix_seconds
    }

    fn client_can(&self, name: &str) -> bool {
        self.call.caller.client.can(name)
    }

    fn answer(&self, key: &str) -> Option<&Json> {
        self.round.answers.get(key)
    }

    fn answered(&self) -> bool {
        self.round.answered
    }

    fn state(&self) -> Option<&str> {
        self.round.state.as_deref()
    }

    fn resumed(&self) -> bool {
        self.round.resumed
    }

    fn stateless(&self) -> bool {
        self.call.caller.revision.stateless()
    }

    fn cancelled(&self) -> bool {
        self.call.halt.is_stopped()
    }

    fn log(&self, level: &'static str, data: CleanJson) {
        let wanted = Level::parse(level).is_some_and(|level| self.wants(level));
        if !wanted || self.is_muted() {
            return;
        }
        let mut out = Vec::with_capacity(128);
        notify(&mut out, "notifications/message");
        out.extend_from_slice(b"{\"level\":");
        write::string(level, &mut out);
        out.extend_from_slice(b",\"data\":");
        write::compact(data.as_json(), &mut out);
        out.extend_from_slice(b"}}");
        self.call.port.note(out);
    }

    fn progress(&self, progress: u64, total: Option<u64>, message: Option<CleanText>) {
        let Some(token) = &self.call.caller.progress else { return };
        if self.is_muted() || !self.call.rising.accept(progress) {
            return;
        }
        let mut out = Vec::with_capacity(160);
        notify(&mut out, "notifications/progress");
        out.extend_from_slice(b"{\"progressToken\":");
        out.extend_from_slice(token.text().as_bytes());
        out.extend_from_slice(b",\"progress\":");
        out.extend_from_slice(progress.to_string().as_bytes());
        if let Some(total) = total {
            out.extend_from_slice(b",\"total\":");
            out.extend_from_slice(total.to_string().as_bytes());
        }
        let knows_messages = self.call.caller.revision.has_annotations();
        if let Some(message) = message.filter(|_| knows_messages) {
            out.extend_from_slice(b",\"message\":");
            write::string(message.as_str(), &mut out);
        }
        out.extend_from_slice(b"}}");
        self.call.port.note(out);
    }

    fn changed(&self, change: Change) {
        self.call.engine.changed(&change);
    }

    fn pause(&self, ms: u64) {
        self.call.halt.wait(ms);
    }
}
