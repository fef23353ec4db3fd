//! Zone: post-admission. Rows of the toolset `zia_rule_labels` that change labels.

use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Cond, Refusal};
use crate::tools::row::{Row, create, delete, update};

const SET: &str = "zia_rule_labels";
const KIND: &str = "rule label";
const READ: &str = "zia_get_rule_label";
const LIST: &str = "zia_list_rule_labels";

const LABEL_ID: Param = Param::path("label_id").doc("Id of the label, digits.");
const NAME: Param = Param::body("name", Kind::Text, "name");
const DESCRIPTION: Param = Param::body("description", Kind::Text, "description");

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zia_create_rule_label", SET, "/zia/api/v1/ruleLabels")
        .title("Create a rule label")
        .doc(
            "Adds a label by which policy rules can be grouped, and returns it with its id.\nIt \
             changes no rule: to put it on one, give its id among the labels of that rule. Names \
             must be unique: see zia_list_rule_labels first. Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            NAME.required().even_empty().doc("Name; no other label may have it."),
            DESCRIPTION.doc("What the label is for."),
        ])
        .subject(KIND, "", ""),
    delete("zia_delete_rule_label", SET, "/zia/api/v1/ruleLabels/{label_id}")
        .title("Delete a rule label")
        .doc(
            "Deletes one rule label, after the user has agreed.\nThe service refuses it while \
             rules carry the label: referenced_rule_count in zia_get_rule_label is then more than \
             0. Staged until zia_activate_configuration.",
        )
        .params(&[LABEL_ID])
        .see(LIST)
        .subject(KIND, "label_id", READ),
    update("zia_update_rule_label", SET, "/zia/api/v1/ruleLabels/{label_id}")
        .title("Change a rule label")
        .doc(
            "Replaces name and description of one rule label and returns it.\nThe service puts \
             what is given in place of both: give the one that should stay as well, as \
             zia_get_rule_label shows it. Rules keep the label. Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            LABEL_ID,
            NAME.doc("Name; no other label may have it. An empty text counts as left out."),
            DESCRIPTION.even_empty().doc("What the label is for. An empty text removes it."),
        ])
        .refuse(&[Refusal::new(
            &[Cond::Falsy("name"), Cond::Absent("description")],
            "nothing to change was given; give name, description or both",
        )])
        .see(LIST)
        .subject(KIND, "label_id", READ),
];
