//! Zone: post-admission. Rows of the toolset `zins_cyber_security`.

use crate::tools::param::{Kind, Param, Preset};
use crate::tools::plan::{Member, Value};
use crate::tools::row::Row;
use crate::tools::zins::{END_DAYS_AGO, END_TIME, FORTNIGHT_AGO, LIMIT, START_TIME, ask};

const SET: &str = "zins_cyber_security";
const AT: &str = "/data/CYBER_SECURITY/incidents/entries";

const INCIDENTS: (&str, &str) = (
    "CyberSecurityIncidents",
    "query CyberSecurityIncidents($startTime: Long!, $endTime: Long!, $categorizeBy: \
     [IncidentsGroupBy!]!, $limit: Int) { \
       CYBER_SECURITY { \
         incidents(categorize_by: $categorizeBy, start_time: $startTime, end_time: $endTime) { \
           obfuscated \
           entries(limit: $limit) { \
             name total \
             entries(limit: $limit) { name total } } } } }",
);

const BY_LOCATION: (&str, &str) = (
    "CyberSecurityByLocation",
    "query CyberSecurityByLocation($startTime: Long!, $endTime: Long!, $categorizeBy: \
     IncidentsWithIdGroupBy!, $limit: Int) { \
       CYBER_SECURITY { \
         cyber_security_location(categorize_by: $categorizeBy, start_time: $startTime, end_time: \
         $endTime) { \
           obfuscated \
           entries(limit: $limit) { id name total } } } }",
);

/// Arguments of the tools that group in one way only.
const PLAIN: &[Param] = &[FORTNIGHT_AGO, END_DAYS_AGO, START_TIME, END_TIME, LIMIT];

pub(in crate::tools) const ROWS: &[Row] = &[
    ask("zins_get_cyber_incidents", SET, INCIDENTS, AT)
        .title("Count incidents")
        .doc(
            "Returns numbers of security incidents by group, by threat category when nothing is \
             said.\nBy day: zins_get_cyber_incidents_daily. Days are taken as 7 or 14. Empty: no \
             incident or no data.",
        )
        .params(&[
            FORTNIGHT_AGO,
            END_DAYS_AGO,
            START_TIME,
            END_TIME,
            Param::body("categorize_by", Kind::Texts, "categorizeBy")
                .absent(Value::Texts(&["THREAT_CATEGORY_ID"]))
                .doc("THREAT_CATEGORY_ID, APP_ID, TIME; a second one splits each."),
            LIMIT,
        ])
        .plain_text(),
    ask(
        "zins_get_cyber_incidents_by_location",
        SET,
        BY_LOCATION,
        "/data/CYBER_SECURITY/cyber_security_location/entries",
    )
    .title("Count incidents by location")
    .doc(
        "Returns numbers of security incidents by location, with the ids of \
         zia_list_locations.\nDays are taken as 7 or 14. Empty: no incident or no data.",
    )
    .params(&[
        FORTNIGHT_AGO,
        END_DAYS_AGO,
        START_TIME,
        END_TIME,
        Param::body("categorize_by", Kind::Text, "categorizeBy")
            .even_empty()
            .preset(Preset::Text("LOCATION_ID"))
            .doc("Another group, such as DEPARTMENT_ID."),
        LIMIT,
    ]),
    ask("zins_get_cyber_incidents_by_threat_and_app", SET, INCIDENTS, AT)
        .title("Count incidents by application")
        .doc(
            "Returns numbers of security incidents by threat category, inside each by \
             application.\nDays are taken as 7 or 14. Empty: no incident or no data.",
        )
        .params(PLAIN)
        .body(&[Member::new("categorizeBy", Value::Texts(&["THREAT_CATEGORY_ID", "APP_ID"]))])
        .plain_text(),
    ask("zins_get_cyber_incidents_daily", SET, INCIDENTS, AT)
        .title("Count incidents by day")
        .doc(
            "Returns numbers of security incidents by day, to see when they rose.\nWhat they were: \
             zins_get_cyber_incidents. Days are taken as 7 or 14. Empty: no incident or no data.",
        )
        .params(PLAIN)
        .body(&[Member::new("categorizeBy", Value::Texts(&["TIME"]))])
        .plain_text(),
];
