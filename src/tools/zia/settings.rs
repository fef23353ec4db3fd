//! Zone: post-admission. What the settings of internet access have in common when they are changed.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Refusal, Value};

/// The members of a setting.
pub(super) const SETTINGS: Param = Param::local("settings", Kind::Object)
    .required()
    .doc("All members, as the reading tool shows them.");
/// The same, as the service names them.
pub(super) const MEMBERS: &[Value] = &[Value::Argument("settings", Form::CamelNames)];
/// The service would take an empty body for switching everything off.
pub(super) const NOTHING: &[Refusal] = &[Refusal::new(
    &[Cond::Falsy("settings")],
    "settings is empty; give all members as they should be",
)];
