//! Zone: post-admission. Rows of the toolset `zpa_segment_groups` that change something.

use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_segment_groups";
const SUBJECT: &str = "segment group";
const READ: &str = "zpa_get_segment_group";
const LISTED: &str = "zpa_list_segment_groups";

const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, digits.");

pub(in crate::tools) const ROWS: &[Row] = &[
    create(
        "zpa_create_segment_group",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/segmentGroup",
    )
    .title("Create a segment group")
    .doc(
        "Adds an empty segment group and returns it with its id.\nIt takes effect at once. \
         Application segments join it by naming it as their segment_group_id, and access rules \
         refer to it as APP_GROUP. See zpa_list_segment_groups first: the name must be new.",
    )
    .params(&[
        Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
        Param::body("enabled", Kind::Boolean, "enabled")
            .even_empty()
            .preset(Preset::Bool(true))
            .doc("false makes the segments in it unreachable."),
        Param::body("description", Kind::Text, "description")
            .even_empty()
            .doc("Remark for administrators; none when left out."),
        MICROTENANT_NOT_EMPTY,
    ])
    .body(&[Member::new("microtenantId", Value::Argument("microtenant_id", Form::Plain))
        .when(&[Cond::Given("microtenant_id")])])
    .subject(SUBJECT, "", ""),
    delete(
        "zpa_delete_segment_group",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/segmentGroup/{group_id}",
    )
    .title("Delete a segment group")
    .doc(
        "Deletes one segment group for good, after the user has agreed.\nIt takes effect at once \
         and cannot be undone. The service refuses a group that still has segments or that a rule \
         names: move the segments with zpa_update_application_segment first. Ids: \
         zpa_list_segment_groups.",
    )
    .params(&[GROUP_ID, MICROTENANT_NOT_EMPTY])
    .see(LISTED)
    .subject(SUBJECT, "group_id", READ),
    update(
        "zpa_update_segment_group",
        SET,
        "/zpa/mgmtconfig/v2/admin/customers/{customerId}/segmentGroup/{group_id}",
    )
    .title("Update a segment group")
    .doc(
        "Replaces name, description and state of one segment group.\nIt takes effect at once. What \
         is left out is sent as null, which empties it: read the group with zpa_get_segment_group \
         and give all three. The segments in it stay; enabled false makes them unreachable.",
    )
    .params(&[
        GROUP_ID,
        Param::body("name", Kind::Text, "name")
            .even_empty()
            .absent(Value::Null)
            .doc("Name; give the present one to keep it."),
        Param::body("description", Kind::Text, "description")
            .even_empty()
            .absent(Value::Null)
            .doc("Remark for administrators; left out, it is emptied."),
        Param::body("enabled", Kind::Boolean, "enabled")
            .even_empty()
            .absent(Value::Null)
            .doc("false makes the segments in it unreachable; give the present state to keep it."),
        MICROTENANT_NOT_EMPTY,
    ])
    .body(&[MICROTENANT_MEMBER])
    .see(LISTED)
    .subject(SUBJECT, "group_id", READ),
];
