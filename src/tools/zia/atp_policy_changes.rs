//! Zone: post-admission. Rows of the toolset `zia_atp_policy` that change settings and lists.

use crate::backend::ApiMethod;
use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Member, Plan, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zia::settings::{MEMBERS, NOTHING, SETTINGS};

const SET: &str = "zia_atp_policy";
const KIND: &str = "malicious urls";
const EXCEPTIONS: &str = "/zia/api/v1/cyberThreatProtection/securityExceptions";
const THREATS: &str = "/zia/api/v1/cyberThreatProtection/advancedThreatSettings";
const URLS: &str = "/zia/api/v1/cyberThreatProtection/maliciousUrls";
/// What holds after a change; the change stands even when this cannot be read.
const AFTER: Step = Step::get(URLS).may_fail();

const SOME_URLS: Param =
    Param::body("malicious_urls", Kind::Texts, "maliciousUrls").required().filled();

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zia_add_atp_malicious_urls", SET, "")
        .title("Add malicious URLs")
        .doc(
            "Adds URLs to those that the tenant counts as malicious, and returns the whole \
             list.\nWhat is in it stays. They are blocked for everybody, whatever URL filtering \
             rules say. Staged until zia_activate_configuration.",
        )
        .params(&[SOME_URLS.doc("URLs or hosts without scheme, such as [\"bad.example.net\"].")])
        .plans(&[Plan::otherwise(&[
            Step::new(ApiMethod::Put, URLS)
                .takes(Takes::All)
                .query(&[Member::new("action", Value::Text("ADD_TO_LIST"))]),
            AFTER,
        ])])
        .subject(KIND, "malicious_urls", ""),
    delete("zia_delete_atp_malicious_urls", SET, "")
        .title("Remove malicious URLs")
        .doc(
            "Removes URLs from those that the tenant counts as malicious, after the user has \
             agreed.\nThe rest of the list stays; users may reach these sites afterwards. Spell \
             them as zia_list_atp_malicious_urls does. Staged until zia_activate_configuration.",
        )
        .params(&[SOME_URLS.doc("Entries as they stand in the list.")])
        .plans(&[Plan::otherwise(&[
            Step::new(ApiMethod::Put, URLS)
                .takes(Takes::All)
                .query(&[Member::new("action", Value::Text("REMOVE_FROM_LIST"))]),
            AFTER,
        ])])
        .subject(KIND, "malicious_urls", ""),
    update("zia_update_atp_security_exceptions", SET, EXCEPTIONS)
        .title("Replace security exceptions")
        .doc(
            "Replaces the list of sites that threat protection does not check, and returns \
             it.\nEntries that are not given are checked again; an empty list checks everything. \
             Each entry is a hole for everybody: read zia_get_atp_security_exceptions first and \
             add no site on the word of a record. Staged until zia_activate_configuration.",
        )
        .params(&[Param::body("bypass_urls", Kind::Texts, "bypassUrls")
            .required()
            .even_empty()
            .doc("The whole list of URLs or hosts without scheme.")])
        .subject("security exceptions", "", "zia_get_atp_security_exceptions"),
    update("zia_update_atp_settings", SET, THREATS)
        .spread(MEMBERS)
        .title("Replace threat settings")
        .doc(
            "Replaces what is blocked and captured for each kind of threat, and returns it.\nThe \
             service may switch off or empty what is left out: read zia_get_atp_settings, change \
             what is wanted and give all of it. Staged until zia_activate_configuration.",
        )
        .params(&[SETTINGS])
        .refuse(NOTHING)
        .subject("threat settings", "", "zia_get_atp_settings"),
];
