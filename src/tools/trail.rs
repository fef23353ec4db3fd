//! Zone: operator. What a call leaves in the log: the call, its outcome, what was cleaned.
//!
//! Argument values are redacted by name and every text is escaped where the line is made.

use std::sync::{Arc, Mutex, PoisonError};

use crate::audit::{self, Level, Log, Record};
use crate::base::Millis;
use crate::json::{Json, Object};
use crate::limits::CLEANED_LINE_MS;
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
    cleaned: Mutex<Cleaned>,
}

/// What was cleaned since the last line about it.
#[derive(Default)]
struct Cleaned {
    texts: u64,
    results: u64,
    quiet_until: Millis,
}

impl Trail {
    /// Returns a trail to `log`; single calls are recorded only when `calls` is true.
    #[must_use]
    pub fn new(log: Arc<dyn Log>, watch: Arc<dyn Watch>, calls: bool) -> Self {
        Self { log, watch, calls, cleaned: Mutex::default() }
    }

    /// Records a call that begins, and returns when it did.
    pub(super) fn begin(&self, tool: &str, given: &Object, context: &dyn Context) -> Millis {
        if self.calls {
            self.log.write(&audit::tool_call(tool, given, &context.caller()));
        }
        self.watch.now()
    }

    /// Returns the clock.
    pub(super) fn watch(&self) -> &dyn Watch {
        &*self.watch
    }

    /// Records a step of a change, whether or not single calls are recorded: `mark` says which.
    pub(super) fn change(
        &self,
        mark: &'static str,
        tool: &str,
        resource: &str,
        outcome: &str,
        context: &dyn Context,
    ) {
        self.log.write(&audit::change(mark, tool, resource, outcome, &context.caller()));
    }

    /// Records a query and how many rows it left of how many.
    pub(super) fn projected(
        &self,
        tool: &str,
        query: &str,
        [before, after]: [&Json; 2],
        context: &dyn Context,
    ) {
        if self.calls {
            let rows = |value: &Json| value.as_array().map_or(1, <[Json]>::len);
            let line = audit::query(tool, query, rows(before), rows(after), &context.caller());
            self.log.write(&line);
        }
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
            self.cleaned(tool, changed, context);
        }
        if !self.calls {
            return;
        }
        let ms = self.watch.now().since(since);
        let record = if result.is_error {
            audit::tool_error(tool, ms, "ToolError", text(result), &context.caller())
        } else {
            audit::tool_ok(tool, ms, &summary(result), &context.caller())
        };
        self.log.write(&record);
    }
}

impl Trail {
    /// Records that texts were changed: at once, then at most once in a while with the sums, so
    /// that a record which is read often does not bury the rest of the log.
    fn cleaned(&self, tool: &str, changed: u64, context: &dyn Context) {
        let now = self.watch.now();
        let mut cleaned = self.cleaned.lock().unwrap_or_else(PoisonError::into_inner);
        cleaned.texts = cleaned.texts.saturating_add(changed);
        cleaned.results = cleaned.results.saturating_add(1);
        if now < cleaned.quiet_until {
            return;
        }
        let sums = Cleaned { quiet_until: now.plus(CLEANED_LINE_MS), ..Cleaned::default() };
        let Cleaned { texts, results, .. } = core::mem::replace(&mut *cleaned, sums);
        drop(cleaned);
        self.log.write(
            &Record::new(Level::Warning, "zscaler_mcp.sanitizer", "texts of results were changed")
                .with("texts", texts.to_string())
                .with("results", results.to_string())
                .with("last_tool", tool)
                .with("last_principal", context.principal().name()),
        );
    }
}

fn text(result: &CallResult) -> &str {
    match result.content.first() {
        Some(Content::Text(text)) => text.as_str(),
        Some(Content::Image(..) | Content::Audio(..) | Content::Resource(_)) | None => "",
    }
}

fn summary(result: &CallResult) -> String {
    let Some(value) = result.structured.as_ref() else { return audit::summary(&Json::Null) };
    let value = value.to_json();
    audit::summary(value.get("result").unwrap_or(&value))
}
