//! Zone: post-admission. Rows of the toolset `zia_shadow_it` that change verdicts.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Refusal, Value};
use crate::tools::row::{Row, update};

const STATES: &[(&str, &str)] =
    &[("sanctioned", "SANCTIONED"), ("unsanctioned", "UN_SANCTIONED"), ("any", "ANY")];

pub(in crate::tools) const ROWS: &[Row] = &[update(
    "zia_bulk_update_shadow_it_apps",
    "zia_shadow_it",
    "/zia/api/v1/cloudApplications/bulkUpdate",
)
.title("Change application verdicts")
.doc(
    "Sets one verdict, and tags if wanted, for many cloud applications at once, after the user has \
     agreed.\nRules about sanctioned or unsanctioned applications then treat them otherwise: tell \
     the user which ones. Tags that are left out are not sent. What they were before is in \
     zins_get_shadow_it_apps; nothing restores it. Staged until zia_activate_configuration.",
)
.params(&[
    Param::body("sanction_state", Kind::Text, "sanctionedState")
        .form(Form::Mapped(STATES))
        .required()
        .filled()
        .doc("sanctioned, unsanctioned or any (no verdict)."),
    Param::body("application_ids", Kind::Texts, "applicationIds")
        .doc("Ids from zia_list_shadow_it_apps."),
    Param::body("custom_tag_ids", Kind::Texts, "customTags")
        .form(Form::Ids(false))
        .doc("Ids from zia_list_shadow_it_custom_tags."),
])
.refuse(&[Refusal::new(
    &[Cond::Falsy("application_ids"), Cond::Falsy("custom_tag_ids")],
    "no application was given; give application_ids, which zia_list_shadow_it_apps returns",
)])
.wrap(&[
    Member::new("success", Value::Bool(true)),
    Member::new("message", Value::Text("The applications were changed.")),
])
.see("zia_list_shadow_it_apps")
.subject("cloud application", "application_ids", "")
.asks("change")];
