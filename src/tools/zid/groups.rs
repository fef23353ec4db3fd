//! Zone: post-admission. Rows of the toolset `zid_groups`.

use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Bind, Plan, Step, Takes, Value};
use crate::tools::row::{Row, get, list};
use crate::tools::zid::{LIMIT, OFFSET, OFFSET_OF_BOTH, PAGE};

const SET: &str = "zid_groups";
const LISTED: &str = "zid_list_groups";
const GROUPS: &str = "/ziam/admin/api/v1/groups";
const USERS: &str = "/ziam/admin/api/v1/groups/{=first_id}/users";

const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, letters and digits.");
const NAME: Param = Param::query("name", Kind::Text, "name[like]").required().filled();

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zid_get_group", SET, "/ziam/admin/api/v1/groups/{group_id}")
        .title("Get a user group")
        .doc(
            "Returns one group of identity: name, description, source, identity provider and what \
             it entitles to.\nIds: zid_search_groups. Who is in it: zid_get_group_users.",
        )
        .params(&[GROUP_ID])
        .see(LISTED),
    list("zid_get_group_users", SET, "/ziam/admin/api/v1/groups/{group_id}/users")
        .title("List group users")
        .doc(
            "Returns the users in one group: names, mail addresses, department and status.\nstatus \
             is false for a disabled account. Empty: no members.",
        )
        .params(&[GROUP_ID, OFFSET, LIMIT])
        .rows_at("/records")
        .see(LISTED),
    list("zid_get_group_users_by_name", SET, "")
        .title("List users by group")
        .doc(
            "Returns the users of the first group whose name contains the text.\nThat may be \
             another group than you mean: where the name is not unique take the id from \
             zid_search_groups for zid_get_group_users, also for further pages. Empty: no members; \
             an unknown name is an error.",
        )
        .params(&[NAME.doc("Name, or a part that no other group name has."), OFFSET_OF_BOTH, LIMIT])
        .plans(&[Plan::otherwise(&[
            Step::get(GROUPS).takes(Takes::All),
            Step::get(USERS).takes(PAGE).binds(&[Bind {
                name: "first_id",
                value: Value::Answer(0, "/records/0/id"),
                missing: "no group name contains this text, or offset skips every hit: leave \
                          offset out; zid_list_groups returns the groups that exist",
            }]),
        ])])
        .rows_at("/records"),
    list(LISTED, SET, GROUPS)
        .title("List user groups")
        .doc(
            "Returns the groups of identity, with source and entitlements.\nis_dynamic_group is \
             true for those that a rule fills. Groups of internet access are others, with ids of \
             their own. Empty: no name fits.",
        )
        .params(&[
            Param::query("name", Kind::Text, "name[like]").doc("Part of the name."),
            Param::query("exclude_dynamic_groups", Kind::Boolean, "excludeDynamicGroups")
                .even_empty()
                .doc("true: without groups that a rule fills."),
            OFFSET,
            LIMIT,
        ])
        .rows_at("/records"),
    list("zid_search_groups", SET, GROUPS)
        .title("Search user groups")
        .doc(
            "Returns the groups of identity whose name contains the text.\nFor the id that \
             zid_get_group and zid_get_group_users need; all groups: zid_list_groups. Empty: no \
             name fits; try a shorter part.",
        )
        .params(&[NAME.doc("Part of the name."), OFFSET, LIMIT])
        .rows_at("/records"),
];
