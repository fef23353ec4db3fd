//! Zone: post-admission. Rows of the toolset `zdx_reports`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, get, list};
use crate::tools::zdx::{DEPARTMENT_ID, GEO_ID, LOCATION_ID, OFFSET, SINCE, UNTIL_NOW};

const SET: &str = "zdx_reports";
const APPS: &str = "zdx_list_applications";

const APP_ID: Param = Param::path("app_id").doc("Id of the application, digits.");
const SEARCH: Param = Param::query("search", Kind::Text, "q")
    .doc("Part of the name, any case. Leave it out for all records.");

/// Arguments that choose a scope.
const SCOPE: &[Param] = &[LOCATION_ID, DEPARTMENT_ID, GEO_ID, SINCE];
/// The same for one application.
const APP_SCOPE: &[Param] = &[APP_ID, LOCATION_ID, DEPARTMENT_ID, GEO_ID, SINCE];

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zdx_get_application", SET, "/zdx/v1/apps/{app_id}")
        .title("Get an application's score")
        .doc(
            "Returns the experience score of one application, where it is worst, and counts of \
             its users and devices by poor, okay and good.\nScores go from 0 to 100: poor is \
             below 34, good from 66. How it changed is in zdx_get_application_score_trend, why in \
             zdx_get_application_metric, for whom in zdx_list_application_users. No score means \
             that nobody in the chosen scope used it.",
        )
        .params(APP_SCOPE)
        .query(UNTIL_NOW)
        .plain_text()
        .see(APPS),
    list("zdx_get_application_metric", SET, "/zdx/v1/apps/{app_id}/metrics")
        .title("Get an application's metrics")
        .doc(
            "Returns measured series of one application: page fetch time (pft), DNS time and \
             availability, each with unit and datapoints.\nUse it to tell a slow name lookup from \
             a slow or absent application. Timestamps are epoch seconds. Without metric_name all \
             series come; empty datapoints mean that nothing was measured in the scope.",
        )
        .params(&[
            APP_ID,
            Param::query("metric_name", Kind::Text, "metric_name")
                .even_empty()
                .choices(&["pft", "dns", "availability"])
                .doc("Only this series: page fetch time, DNS time or availability."),
            LOCATION_ID,
            DEPARTMENT_ID,
            GEO_ID,
            SINCE,
        ])
        .query(UNTIL_NOW)
        .plain_text()
        .see(APPS),
    get("zdx_get_application_score_trend", SET, "/zdx/v1/apps/{app_id}/score")
        .title("Get an application's score trend")
        .doc(
            "Returns how the score of one application went over time, as datapoints of timestamp \
             and value.\nUse it to find when trouble began; the measured times behind the score \
             are in zdx_get_application_metric. Timestamps are epoch seconds. Empty datapoints \
             mean that nobody in the chosen scope used the application.",
        )
        .params(APP_SCOPE)
        .query(UNTIL_NOW)
        .plain_text()
        .see(APPS),
    get("zdx_get_application_user", SET, "/zdx/v1/apps/{app_id}/users/{user_id}")
        .title("Get a user's view of an application")
        .doc(
            "Returns the score that one user has for one application, with the user's devices, \
             locations and places.\nIds come from zdx_list_application_users of the same \
             application. A 404 means that the user did not use this application in the time \
             looked at: widen since.",
        )
        .params(&[
            Param::path("app_id").doc("Id of the application from zdx_list_applications, digits."),
            Param::path("user_id").doc("Id of the user from zdx_list_application_users, digits."),
            SINCE,
        ])
        .query(UNTIL_NOW)
        .plain_text()
        .see("zdx_list_application_users"),
    get("zdx_get_device", SET, "/zdx/v1/devices/{device_id}")
        .title("Get a monitored device")
        .doc(
            "Returns one monitored device: hardware, network adapters and software \
             versions.\nPhones report less than computers. The id is that of zdx_list_devices; the \
             udid of zcc_list_devices is another one and does not fit here. A 404 can also mean \
             that a filter or the hours of since leave the device out: drop the filters, widen \
             since.",
        )
        .params(&[
            Param::path("device_id").doc("Id of the device, digits."),
            LOCATION_ID,
            DEPARTMENT_ID,
            GEO_ID,
            SINCE,
        ])
        .query(UNTIL_NOW)
        .see("zdx_list_devices"),
    list("zdx_list_application_users", SET, "/zdx/v1/apps/{app_id}/users")
        .title("List users of an application")
        .doc(
            "Returns the first page of users of one application, each with a score.\nNo other page \
             can be had: narrow with score_bucket, department_id, location_id or geo_id to see the \
             users you are after; the full numbers are in zdx_get_application. An empty list means \
             that nobody in the scope has such a score.",
        )
        .params(&[
            APP_ID,
            Param::query("score_bucket", Kind::Text, "score_bucket")
                .even_empty()
                .choices(&["poor", "okay", "good"])
                .doc("Only users with scores of this third."),
            LOCATION_ID,
            DEPARTMENT_ID,
            GEO_ID,
            SINCE,
        ])
        .query(UNTIL_NOW)
        .rows_at("/users")
        .see(APPS),
    list(APPS, SET, "/zdx/v1/apps")
        .title("List monitored applications")
        .doc(
            "Returns the applications whose experience is measured, each with score, number of \
             users and the country where it is worst.\nStart here when something is slow: scores \
             below 34 are poor, from 66 good. An empty list means that nothing was used in the \
             chosen scope: widen since or drop a filter.",
        )
        .params(SCOPE)
        .query(UNTIL_NOW),
    list("zdx_list_departments", SET, "/zdx/v1/administration/departments")
        .title("List departments of experience data")
        .doc(
            "Returns id and name of the departments that experience data is grouped by.\nThe ids \
             are for department_id of the other zdx tools. An empty list means that no name fits \
             the search, or that no device of a department reported in the time looked at.",
        )
        .params(&[SEARCH, SINCE])
        .query(UNTIL_NOW),
    list("zdx_list_devices", SET, "/zdx/v1/devices")
        .title("List monitored devices")
        .doc(
            "Returns one page of devices that report experience data: id, name with model, and \
             userid.\nWhen more follow, the result holds next_offset: pass it as offset for the \
             next page, or narrow by person, address, location or department. Filters of different \
             kinds must all fit. An empty list means that none reported in the time looked at: \
             widen since. Enrolment and client versions are in zcc_list_devices.",
        )
        .params(&[
            Param::query("emails", Kind::Texts, "emails")
                .doc("Mail addresses of users, whole; any of them counts."),
            Param::query("user_ids", Kind::Texts, "userids")
                .doc("Ids of users, as userid shows them, in quotes; any of them counts."),
            Param::query("mac_address", Kind::Text, "mac_address")
                .even_empty()
                .doc("Hardware address of a network adapter, such as 00:00:5E:00:53:01."),
            Param::query("private_ipv4", Kind::Text, "private_ipv4")
                .even_empty()
                .doc("Internal IPv4 address of the device, whole."),
            LOCATION_ID,
            DEPARTMENT_ID,
            GEO_ID,
            SINCE,
            OFFSET,
        ])
        .query(UNTIL_NOW)
        .rows_at("/devices")
        .next("next_offset"),
    list("zdx_list_locations", SET, "/zdx/v1/administration/locations")
        .title("List locations of experience data")
        .doc(
            "Returns id and name of the locations that experience data is grouped by.\nThe ids \
             are for location_id of the other zdx tools; addresses and settings of a site are in \
             zia_list_locations. An empty list means that no name fits the search, or that no \
             device at a location reported in the time looked at.",
        )
        .params(&[SEARCH, SINCE])
        .query(UNTIL_NOW),
];
