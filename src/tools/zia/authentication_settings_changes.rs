//! Zone: post-admission. Rows of the toolset `zia_authentication_settings` that change the list.

use crate::backend::ApiMethod;
use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Member, Plan, Step, Takes, Value};
use crate::tools::row::{Row, create, delete};

const SET: &str = "zia_authentication_settings";
const KIND: &str = "sign-in exemptions";
const URLS: &str = "/zia/api/v1/authSettings/exemptedUrls";
/// What holds after a change; the change stands even when this cannot be read.
const AFTER: Step = Step::get(URLS).may_fail();

const SOME_URLS: Param = Param::body("exempt_urls", Kind::Texts, "urls").required().even_empty();

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zia_add_auth_exempt_urls", SET, "")
        .title("Add sign-in exemptions")
        .doc(
            "Adds URLs to those that users reach without signing in, and returns the whole \
             list.\nWhat is in it stays. Rules about users and groups no longer fit that traffic, \
             and logs do not name who it was. Staged until zia_activate_configuration.",
        )
        .params(&[SOME_URLS.doc("URLs or hosts without scheme; a leading dot takes all below.")])
        .plans(&[Plan::otherwise(&[
            Step::new(ApiMethod::Post, URLS)
                .takes(Takes::All)
                .query(&[Member::new("action", Value::Text("ADD_TO_LIST"))]),
            AFTER,
        ])])
        .subject(KIND, "exempt_urls", ""),
    delete("zia_delete_auth_exempt_urls", SET, "")
        .title("Remove sign-in exemptions")
        .doc(
            "Removes URLs from those that users reach without signing in, after the user has \
             agreed.\nThe rest of the list stays; programs that cannot sign in may stop working. \
             Spell them as zia_list_auth_exempt_urls does. Staged until \
             zia_activate_configuration.",
        )
        .params(&[SOME_URLS.doc("Entries as they stand in the list.")])
        .plans(&[Plan::otherwise(&[
            Step::new(ApiMethod::Post, URLS)
                .takes(Takes::All)
                .query(&[Member::new("action", Value::Text("REMOVE_FROM_LIST"))]),
            AFTER,
        ])])
        .subject(KIND, "exempt_urls", ""),
];
