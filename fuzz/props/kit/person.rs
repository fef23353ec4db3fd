//! A caller behind whom a person answers, or who carries a token.

use zscaler_mcp::auth::{Grant, Principal};
use zscaler_mcp::json::Json;
use zscaler_mcp::mcp::registry::{Change, Context};
use zscaler_mcp::sanitize::{CleanJson, CleanText};

/// The caller, and what it brings along.
pub struct Person {
    principal: Principal,
    grant: Grant,
    forms: bool,
    stateless: bool,
    /// The answer to the question, and the state that came with it.
    pub brings: Option<(Json, String)>,
}

impl Person {
    /// Returns one who sees forms or none, in the newest revision or an older one.
    pub fn new(forms: bool, stateless: bool) -> Self {
        let (principal, grant) = (Principal::anonymous(), Grant::everything());
        Self { principal, grant, forms, stateless, brings: None }
    }
}

impl Context for Person {
    fn principal(&self) -> &Principal {
        &self.principal
    }
    fn grant(&self) -> &Grant {
        &self.grant
    }
    fn client_can(&self, name: &str) -> bool {
        self.forms && name.starts_with("elicitation")
    }
    fn unix_seconds(&self) -> u64 {
        1_795_000_000
    }
    fn answer(&self, _: &str) -> Option<&Json> {
        self.brings.as_ref().map(|(answer, _)| answer)
    }
    fn answered(&self) -> bool {
        self.brings.is_some()
    }
    fn state(&self) -> Option<&str> {
        self.brings.as_ref().map(|(_, state)| state.as_str())
    }
    fn resumed(&self) -> bool {
        false
    }
    fn stateless(&self) -> bool {
        self.stateless
    }
    fn cancelled(&self) -> bool {
        false
    }
    fn log(&self, _: &'static str, _: CleanJson) {}
    fn progress(&self, _: u64, _: Option<u64>, _: Option<CleanText>) {}
    fn changed(&self, _: Change) {}
    fn pause(&self, _: u64) {}
}
