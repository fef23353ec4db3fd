//! Zone: post-admission. One record, read for a person who is to see what a change is about.
//!
//! Reads with the tool that the row names, gives up early, and finds nothing rather than fail: what
//! is done with the change does not depend on it.

use crate::backend::{ApiRequest, ApiResponse, Backend, Patience, Upstream};
use crate::base::Millis;
use crate::json::{Json, Object};
use crate::limits::ASKED_NAME_MS;
use crate::mcp::registry::Context;
use crate::tools::arguments::{self, Arguments};
use crate::tools::call::Call;
use crate::tools::catalogue;
use crate::tools::change::Subject;
use crate::tools::frame::Tenant;
use crate::tools::trail::{Trail, Watch};

/// Returns the record that `subject` is, read with those of `given` that its reading tool takes
/// too, members as the service names them; `None` when it cannot be had within
/// [`ASKED_NAME_MS`] of the clock of `trail`.
pub(super) fn record(
    subject: Option<Subject>,
    given: &Arguments,
    (backend, tenant): (&dyn Backend, &Tenant),
    context: &dyn Context,
    trail: Option<&Trail>,
) -> Option<Json> {
    let name = subject?.read;
    let row = catalogue::reads().find(|row| row.name == name)?;
    let mut object = Object::new();
    for param in row.params {
        if let Some(value) = given.value(param.name) {
            object.set(param.name, value.clone());
        }
    }
    let arguments = arguments::check(row, &object).ok()?;
    let watch = trail.map(Trail::watch);
    let until = watch.map(|watch| watch.now().plus(ASKED_NAME_MS));
    let brief = Brief { backend, watch, until };
    let call = Call::new(row, &arguments, (&brief, tenant), context);
    call.answer().and_then(|answer| answer.into_value()).ok().map(|(value, _)| value)
}

/// A backend that gives up early: nobody waits long for a name.
struct Brief<'a> {
    backend: &'a dyn Backend,
    watch: Option<&'a dyn Watch>,
    until: Option<Millis>,
}

struct Until<'a>(&'a Brief<'a>, &'a dyn Patience);

impl Patience for Until<'_> {
    fn cancelled(&self) -> bool {
        let late =
            self.0.watch.zip(self.0.until).is_some_and(|(watch, until)| watch.now() >= until);
        late || self.1.cancelled()
    }
}

impl Backend for Brief<'_> {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        self.backend.send(request, &Until(self, patience))
    }

    fn is_local(&self) -> bool {
        self.backend.is_local()
    }

    fn describe(&self) -> String {
        self.backend.describe()
    }
}
