//! Zone: post-admission. Rows of the toolset `zia_users`.

use crate::tools::param::{Kind, Param, Preset};
use crate::tools::plan::{Cond, Keep, Member, Plan, Refusal, Step, Takes, Value};
use crate::tools::row::{Row, list};

const SET: &str = "zia_users";
/// Each lists the ids it takes, when it is called without one.
const DEPARTMENTS: &str = "get_zia_user_departments";
const GROUPS: &str = "get_zia_user_groups";
const USERS: &str = "get_zia_users";

const PAGE: Param = Param::query("page", Kind::Integer, "page").even_empty().doc("Page, from 1.");
const PAGE_SIZE: Param = Param::query("page_size", Kind::Integer, "pageSize")
    .even_empty()
    .doc("Records on a page, 1 to 1000.");
const SORT_ORDER: Param = Param::query("sort_order", Kind::Text, "sortOrder")
    .choices(&["asc", "desc", "rule_execution"])
    .even_empty()
    .doc("Direction of the sorting.");

const PAGE_SIZE_OUTSIDE: Cond = Cond::Outside("page_size", 1, 1_000);
const SAY_PAGE_SIZE: &str = "page_size must be from 1 to 1000; ask for the next page instead";

pub(in crate::tools) const ROWS: &[Row] = &[
    list(DEPARTMENTS, SET, "")
        .title("List departments")
        .doc(
            "Returns the departments that users belong to; with department_id a list of that one \
             record.\nPeople of a department: get_zia_users with dept. Empty: none fits.",
        )
        .params(&[
            Param::local("action", Kind::Text)
                .preset(Preset::Text("read"))
                .choices(&["read", "read_lite"])
                .doc("read_lite with department_id: id and name only; else the same."),
            Param::maybe_path("department_id")
                .doc("Id of one, digits. Of the others only action counts then."),
            Param::query("limit_search", Kind::Boolean, "limitSearch")
                .even_empty()
                .doc("true: search names only, not comments."),
            Param::query("search", Kind::Text, "search")
                .even_empty()
                .doc("Part of the name or comments, any case."),
            PAGE,
            PAGE_SIZE,
            Param::query("sort_by", Kind::Text, "sortBy")
                .choices(&["id", "name", "expiry", "status", "external_id", "rank"])
                .even_empty()
                .doc("Member to sort by."),
            SORT_ORDER,
        ])
        .refuse(&[Refusal::new(&[Cond::Falsy("department_id"), PAGE_SIZE_OUTSIDE], SAY_PAGE_SIZE)])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("department_id"), Cond::Equals("action", "read_lite")],
                &[Step::get("/zia/api/v1/departments/lite/{department_id}")],
            ),
            Plan::when(
                &[Cond::Truthy("department_id")],
                &[Step::get("/zia/api/v1/departments/{department_id}")],
            ),
            Plan::otherwise(&[Step::get("/zia/api/v1/departments").takes(Takes::All)]),
        ])
        .see(DEPARTMENTS),
    list(GROUPS, SET, "")
        .title("List user groups")
        .doc(
            "Returns the groups that users belong to; with group_id a list of that one \
             record.\nname looks through the first 1000 groups and makes every other filter \
             ignored; search asks the service. People of a group: get_zia_users with group. Empty: \
             none fits.",
        )
        .params(&[
            Param::maybe_path("group_id")
                .doc("Id of one, digits. All other arguments are ignored then."),
            Param::local("name", Kind::Text).doc("Part of the name, any case; not blank."),
            Param::query("search", Kind::Text, "search")
                .even_empty()
                .doc("Part of the name or comments, any case."),
            Param::query("defined_by", Kind::Text, "definedBy")
                .even_empty()
                .doc("Who or what defined the group."),
            PAGE,
            PAGE_SIZE,
            Param::query("sort_by", Kind::Text, "sortBy")
                .choices(&["id", "name", "expiry", "status", "external_id", "rank", "mod_time"])
                .even_empty()
                .doc("Member to sort by."),
            SORT_ORDER,
        ])
        .refuse(&[
            Refusal::new(
                &[Cond::Falsy("group_id"), Cond::Blank("name")],
                "name must hold a part of a name; leave it out for all groups",
            ),
            Refusal::new(
                &[Cond::Falsy("group_id"), Cond::Absent("name"), PAGE_SIZE_OUTSIDE],
                SAY_PAGE_SIZE,
            ),
        ])
        .plans(&[
            Plan::when(&[Cond::Truthy("group_id")], &[Step::get("/zia/api/v1/groups/{group_id}")]),
            Plan::when(
                &[Cond::Given("name")],
                &[Step::get("/zia/api/v1/groups")
                    .query(&[Member::new("pageSize", Value::Text("1000"))])],
            )
            .keep(&[Keep::containing("name", "name").trimmed()]),
            Plan::otherwise(&[Step::get("/zia/api/v1/groups").takes(Takes::All)]),
        ])
        .see(GROUPS),
    list(USERS, SET, "")
        .title("List users")
        .doc(
            "Returns the users with their groups and department; with user_id a list of that one \
             record.\nFilters must all fit; they take the beginning of a name, not its middle and \
             not an id. Empty: nobody fits.",
        )
        .params(&[
            Param::maybe_path("user_id")
                .doc("Id of one, digits. All other arguments are ignored then."),
            Param::query("name", Kind::Text, "name")
                .even_empty()
                .doc("Beginning of the name, any case."),
            Param::query("dept", Kind::Text, "dept")
                .even_empty()
                .doc("Beginning of a name of get_zia_user_departments."),
            Param::query("group", Kind::Text, "group")
                .even_empty()
                .doc("Beginning of a name of get_zia_user_groups."),
            PAGE,
            PAGE_SIZE,
        ])
        .refuse(&[Refusal::new(&[Cond::Falsy("user_id"), PAGE_SIZE_OUTSIDE], SAY_PAGE_SIZE)])
        .plans(&[
            Plan::when(&[Cond::Truthy("user_id")], &[Step::get("/zia/api/v1/users/{user_id}")]),
            Plan::otherwise(&[Step::get("/zia/api/v1/users").takes(Takes::All)]),
        ])
        .see(USERS),
];
