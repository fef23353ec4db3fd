//! Zone: operator. What a call leaves in the log: the call, its outcome, what was cleaned.
//!
//! Argument values are redacted by name and every text is escaped where the line is made.

use std::sync::Arc;

use crate::audit::{self, Caller, Level, Log, Record};
use crate::base::Millis;
use crate::json::{Json, Object};
use crate::mcp::registry::{CallResult, Content, Context};

/// A monotonic clock.
pub trait Watch: Send + Sync {
    /// Returns the time.
    fn now(&self) -> Millis;
}

/// Where calls are recorded.
pub struct Trail {
    log: Arc<dyn Log>,
    watch: Arc<dyn Watch>,
    calls: bool,
}

impl Trail {
    /// Returns a trail to `log`; single calls are recorded only when `calls` is true.
    #[must_use]
    pub fn new(log: Arc<dyn Log>, watch: Arc<dyn Watch>, calls: bool) -> Self {
        Self { log, watch, calls }
    }

    /// Records a call that begins, and returns when it did.
    pub(super) fn begin(&self, tool: &str, given: &Object, context: &dyn Context) -> Millis {
        if self.calls {
            self.log.write(&audit::tool_call(tool, given, &caller(context)));
        }
        self.watch.now()
    }

    /// Records the outcome of the call that began at `since`, and how many texts were changed.
    pub(super) fn end(
        &self,
        tool: &str,
        since: Millis,
        result: &CallResult,
        changed: u64,
        context: &dyn Context,
    ) {
        if changed > 0 {
            self.log.write(
                &Record::new(Level::Warning, "zscaler_mcp.sanitizer", "texts of a result changed")
                    .with("tool", tool)
                    .with("texts", changed.to_string())
                    .with("principal", context.principal().name()),
            );
        }
        if !self.calls {
            return;
        }
        let ms = self.watch.now().since(since);
        let record = if result.is_error {
            audit::tool_error(tool, ms, "ToolError", text(result), &caller(context))
        } else {
            audit::tool_ok(tool, ms, &summary(result), &caller(context))
        };
        self.log.write(&record);
    }
}

fn caller<'a>(context: &'a dyn Context) -> Caller<'a> {
    Caller { principal: context.principal().name(), ..Caller::default() }
}

fn text(result: &CallResult) -> &str {
    match result.content.first() {
        Some(Content::Text(text)) => text.as_str(),
        Some(Content::Image(..) | Content::Audio(..) | Content::Resource(_)) | None => "",
    }
}

fn summary(result: &CallResult) -> String {
    let Some(value) = result.structured.as_ref() else { return audit::summary(&Json::Null) };
    let value = value.as_json();
    audit::summary(value.get("result").unwrap_or(value))
}
