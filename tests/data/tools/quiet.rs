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
    pub(crate) logged: Mutex<Vec<String>>,
}

impl Quiet {
    pub(crate) fn new(gone: bool) -> Self {
        Self {
            principal: Principal::anonymous(),
            grant: Grant::everything(),
            gone,
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
        self.gone
    }
    fn log(&self, level: &'static str, data: CleanJson) {
        self.logged.lock().unwrap().push(format!("{level} {}", data.pretty().as_str()));
    }
    fn progress(&self, _: u64, _: Option<u64>, _: Option<CleanText>) {}
    fn changed(&self, _: Change) {}
    fn pause(&self, _: u64) {}
}
