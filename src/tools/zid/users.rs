//! Zone: post-admission. Rows of the toolset `zid_users`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Bind, Cond, Member, Plan, Step, Value};
use crate::tools::row::{Row, get, list};
use crate::tools::zid::{LIMIT, OFFSET, OFFSET_OF_BOTH, PAGE};

const SET: &str = "zid_users";
const LISTED: &str = "zid_list_users";
const USERS: &str = "/ziam/admin/api/v1/users";
const GROUPS: &str = "/ziam/admin/api/v1/users/{=first_id}/groups";
const NOBODY: &str = "no user fits this text, or offset skips every hit: leave offset out; \
                      zid_search_users takes shorter parts";

const USER_ID: Param = Param::path("user_id").doc("Id of the user, letters and digits.");
const NAME: Param = Param::local("name", Kind::Text).required().filled();

const GIVEN: Value = Value::Argument("name", Form::Plain);
/// A text with an at sign is part of a mail address.
const IS_ADDRESS: &[Cond] = &[Cond::Contains("name", "@")];
const BY_ADDRESS: Step =
    Step::get(USERS).takes(PAGE).query(&[Member::new("primaryEmail[like]", GIVEN)]);
/// Other text is looked for in login names and, when none has it, in names.
const BY_LOGIN: Step = Step::get(USERS).takes(PAGE).query(&[Member::new("loginName[like]", GIVEN)]);
const BY_DISPLAY_NAME: Step = Step::get(USERS)
    .takes(PAGE)
    .query(&[Member::new("displayName[like]", GIVEN)])
    .when(&[Cond::NoRecords(0)]);

const FIRST: Value = Value::Answer(0, "/records/0/id");
const FIRST_OF_EITHER: Value = Value::First(&[FIRST, Value::Answer(1, "/records/0/id")]);

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zid_get_user", SET, "/ziam/admin/api/v1/users/{user_id}")
        .title("Get a user")
        .doc(
            "Returns one user of identity: names, mail addresses, department, identity provider, \
             source and status.\nstatus is false for a disabled account. Ids: zid_search_users. \
             Groups: zid_get_user_groups.",
        )
        .params(&[USER_ID])
        .see(LISTED),
    list("zid_get_user_groups", SET, "/ziam/admin/api/v1/users/{user_id}/groups")
        .title("List user's groups")
        .doc("Returns the groups that one user is in.\nEmpty: in none.")
        .params(&[USER_ID, OFFSET, LIMIT])
        .rows_at("/records")
        .see(LISTED),
    list("zid_get_user_groups_by_name", SET, "")
        .title("List groups by user")
        .doc(
            "Returns the groups of the first user who fits the text, looked for as in \
             zid_search_users.\nThat may be another person than you mean: give a whole login name \
             or address, or take the id from zid_search_users for zid_get_user_groups. Empty: in \
             no group; when nobody fits, that is an error.",
        )
        .params(&[
            NAME.doc("Login name, address (with its @) or name, whole or in part."),
            OFFSET_OF_BOTH,
            LIMIT,
        ])
        .plans(&[
            Plan::when(
                IS_ADDRESS,
                &[
                    BY_ADDRESS,
                    Step::get(GROUPS).takes(PAGE).binds(&[Bind {
                        name: "first_id",
                        value: FIRST,
                        missing: NOBODY,
                    }]),
                ],
            ),
            Plan::otherwise(&[
                BY_LOGIN,
                BY_DISPLAY_NAME,
                Step::get(GROUPS).takes(PAGE).binds(&[Bind {
                    name: "first_id",
                    value: FIRST_OF_EITHER,
                    missing: NOBODY,
                }]),
            ]),
        ])
        .rows_at("/records"),
    list(LISTED, SET, USERS)
        .title("List users")
        .doc(
            "Returns the users of identity, with department, identity provider and status.\nstatus \
             is false for a disabled account. Filters must all fit. One person: zid_search_users. \
             Empty: nobody fits.",
        )
        .params(&[
            Param::query("login_name", Kind::Text, "loginName[like]")
                .doc("Part of the login name."),
            Param::query("display_name", Kind::Text, "displayName[like]")
                .doc("Part of the shown name."),
            Param::query("primary_email", Kind::Text, "primaryEmail[like]")
                .doc("Part of the first mail address."),
            Param::query("domain_name", Kind::Text, "domainName")
                .doc("Domain of the login name, whole, such as example.com."),
            Param::query("idp_name", Kind::Text, "idpName")
                .doc("Name of the identity provider, whole."),
            OFFSET,
            LIMIT,
        ])
        .rows_at("/records"),
    list("zid_search_users", SET, "")
        .title("Search users")
        .doc(
            "Returns the users who fit one text.\nA text with @ is looked for in mail addresses; \
             any other in login names and, when none has it, in shown names. For the id that \
             zid_get_user and zid_get_user_groups need. Empty: nobody fits; try a shorter part.",
        )
        .params(&[
            NAME.doc("Login name, address (with its @) or name, whole or in part."),
            OFFSET,
            LIMIT,
        ])
        .plans(&[
            Plan::when(IS_ADDRESS, &[BY_ADDRESS]),
            Plan::otherwise(&[BY_LOGIN, BY_DISPLAY_NAME]),
        ])
        .rows_at("/records"),
];
