//! A log that keeps its lines, and a clock that stands still beside it.

use std::sync::Mutex;

use zscaler_mcp::audit::{self, Log, Record};
use zscaler_mcp::base::Millis;
use zscaler_mcp::tools::Watch;

#[derive(Default)]
pub(crate) struct Lines(pub(crate) Mutex<Vec<String>>);

impl Log for Lines {
    fn write(&self, record: &Record) {
        self.0.lock().unwrap().push(audit::line(record, "now"));
    }
}

impl Watch for Lines {
    fn now(&self) -> Millis {
        Millis(7)
    }
}
