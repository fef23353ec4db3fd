//! A caller that waits patiently and keeps what it is told.

use std::sync::Mutex;

use zscaler_mcp::auth::{Grant, Principal};
use zscaler_mcp::json::Json;
use zscaler_mcp::mcp::registry::{Change, Context};
use zscaler_mcp::sanitize::{CleanJson, CleanText};

pub(crate) struct Quiet {
    principal: Principal,
    pub(crate) grant: Grant,
    pub(crate) gone: bool,
    /// Leaves after so many words of progress.
    pub(crate) stays: usize,
    pub(crate) progress: Mutex<Vec<u64>>,
    pub(crate) logged: Mutex<Vec<String>>,
}

impl Quiet {
    pub(crate) fn new(gone: bool) -> Self {
        Self {
            principal: Principal::anonymous(),
            grant: Grant::everything(),
            gone,
            stays: usize::MAX,
            progress: Mutex::default(),
            logged: Mutex::new(Vec::new()),
        }
    }
}

impl Context for Quiet {
    fn principal(&self) -> &Principal {
        &self.principal
    }
    fn grant(&self) -> &Grant {
        &self.grant
    }
    fn unix_seconds(&self) -> u64 {
        1_795_000_000
    }
    fn client_can(&self, _: &str) -> bool {
        false
    }
    fn answer(&self, _: &str) -> Option<&Json> {
        None
    }
    fn answered(&self) -> bool {
        false
    }
    fn state(&self) -> Option<&str> {
        None
    }
    fn resumed(&self) -> bool {
        false
    }
    fn stateless(&self) -> bool {
        false
    }
    fn cancelled(&self) -> bool {
        self.gone || self.progress.lock().unwrap().len() >= self.stays
    }
    fn log(&self, level: &'static str, data: CleanJson) {
        self.logged.lock().unwrap().push(format!("{level} {}", data.pretty().as_str()));
    }
    fn progress(&self, progress: u64, _: Option<u64>, _: Option<CleanText>) {
        self.progress.lock().unwrap().push(progress);
    }
    fn changed(&self, _: Change) {}
    fn pause(&self, _: u64) {}
}
