//! Zone: post-admission. Rows of the toolset `zia_misc` that change settings.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Refusal, Value};
use crate::tools::row::{Row, update};

pub(in crate::tools) const ROWS: &[Row] = &[update(
    "zia_update_mobile_advanced_settings",
    "zia_misc",
    "/zia/api/v1/mobileAdvanceThreatSettings",
)
.spread(&[Value::Argument("settings", Form::CamelNames)])
.title("Replace mobile threat settings")
.doc(
    "Replaces the flags that say which behaviour of mobile apps is blocked, and returns \
     them.\nThe service may switch off what is left out: read \
     zia_get_mobile_advanced_settings and give all flags, with the change. A flag that becomes \
     false lets such apps through for everybody. Staged until zia_activate_configuration.",
)
.params(&[Param::local("settings", Kind::Object)
    .required()
    .doc("All flags, named as zia_get_mobile_advanced_settings shows them.")])
.refuse(&[Refusal::new(
    &[Cond::Falsy("settings")],
    "settings is empty; give all flags, as zia_get_mobile_advanced_settings shows them",
)])
.subject("mobile threat settings", "", "zia_get_mobile_advanced_settings")];
