//! Zone: post-admission. Rows of the toolset `zdx_reports`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, get, list};
use crate::tools::zdx::{DEPARTMENT_ID, GEO_ID, LOCATION_ID, OFFSET, SINCE, UNTIL_NOW};

const SET: &str = "zdx_reports";
const APPS: &str = "zdx_list_applications";

const APP_ID: Param = Param::path("app_id").doc("Id from zdx_list_applications, digits.");
const SEARCH: Param = Param::query("search", Kind::Text, "q").doc("Part of the name, any case.");

/// Arguments that choose a scope.
const SCOPE: &[Param] = &[LOCATION_ID, DEPARTMENT_ID, GEO_ID, SINCE];
/// The same for one application.
const APP_SCOPE: &[Param] = &[APP_ID, LOCATION_ID, DEPARTMENT_ID, GEO_ID, SINCE];

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zdx_get_application", SET, "/zdx/v1/apps/{app_id}")
        .title("Get an application score")
        .doc(
            "Returns the experience score of one application, where it is worst, and counts of its \
             users and devices by poor, okay and good.\nScores are 0 to 100: below 34 poor, from \
             66 good. Course: zdx_get_application_score_trend; cause: zdx_get_application_metric; \
             users: zdx_list_application_users. No score: nobody in the scope used it.",
        )
        .params(APP_SCOPE)
        .query(UNTIL_NOW)
        .plain_text()
        .see(APPS),
    list("zdx_get_application_metric", SET, "/zdx/v1/apps/{app_id}/metrics")
        .title("Get application metrics")
        .doc(
            "Returns measured series of one application: page fetch time (pft), DNS time and \
             availability, each with unit and datapoints.\nTells a slow name lookup from a slow or \
             absent application. Times are epoch seconds. Empty datapoints: nothing measured in \
             the scope.",
        )
        .params(&[
            APP_ID,
            Param::query("metric_name", Kind::Text, "metric_name")
                .even_empty()
                .choices(&["pft", "dns", "availability"])
                .doc("Only this series; all when left out."),
            LOCATION_ID,
            DEPARTMENT_ID,
            GEO_ID,
            SINCE,
        ])
        .query(UNTIL_NOW)
        .plain_text()
        .see(APPS),
    get("zdx_get_application_score_trend", SET, "/zdx/v1/apps/{app_id}/score")
        .title("Get a score trend")
        .doc(
            "Returns how the score of one application went over time, as datapoints of timestamp \
             and value.\nShows when trouble began; the times behind the score: \
             zdx_get_application_metric. Times are epoch seconds. Empty datapoints: nobody in the \
             scope used it.",
        )
        .params(APP_SCOPE)
        .query(UNTIL_NOW)
        .plain_text()
        .see(APPS),
    get("zdx_get_application_user", SET, "/zdx/v1/apps/{app_id}/users/{user_id}")
        .title("Get a user's score")
        .doc(
            "Returns the score that one user has for one application, with the user's devices, \
             locations and places.\n404: this user did not use it in the time looked at; widen \
             since.",
        )
        .params(&[
            Param::path("app_id").doc("Id from zdx_list_applications, digits."),
            Param::path("user_id").doc("Id from zdx_list_application_users, digits."),
            SINCE,
        ])
        .query(UNTIL_NOW)
        .plain_text()
        .see("zdx_list_application_users"),
    get("zdx_get_device", SET, "/zdx/v1/devices/{device_id}")
        .title("Get a monitored device")
        .doc(
            "Returns one monitored device: hardware, network adapters and software \
             versions.\nPhones report less than computers. Ids: zdx_list_devices; a udid of \
             zcc_list_devices does not fit. 404 can also mean that a filter or the hours of since \
             leave it out: drop filters, widen since.",
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
        .title("List application users")
        .doc(
            "Returns the users of one application, each with a score.\nThe first page is all there \
             is: narrow with score_bucket, department_id, location_id or geo_id; full counts: \
             zdx_get_application. Empty: nobody in the scope has such a score.",
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
             users and the country where it is worst.\nStart here when something is slow: below 34 \
             is poor, from 66 good. Empty: nothing used in the scope; widen since or drop a \
             filter.",
        )
        .params(SCOPE)
        .query(UNTIL_NOW),
    list("zdx_list_departments", SET, "/zdx/v1/administration/departments")
        .title("List experience departments")
        .doc(
            "Returns id and name of the departments that experience data is grouped by.\nFor \
             department_id of the other zdx tools. Empty: no name fits, or no device of one \
             reported in the time looked at.",
        )
        .params(&[SEARCH, SINCE])
        .query(UNTIL_NOW),
    list("zdx_list_devices", SET, "/zdx/v1/devices")
        .title("List monitored devices")
        .doc(
            "Returns the devices that report experience data: id, name with model, and \
             userid.\nFilters of different kinds must all fit. Enrolment and client versions: \
             zcc_list_devices. Empty: none reported in the time looked at; widen since.",
        )
        .params(&[
            Param::query("emails", Kind::Texts, "emails")
                .doc("Mail addresses of users, whole; any fits."),
            Param::query("user_ids", Kind::Texts, "userids")
                .doc("Ids of users, as userid shows them, in quotes; any fits."),
            Param::query("mac_address", Kind::Text, "mac_address")
                .even_empty()
                .doc("Of a network adapter, such as 00:00:5E:00:53:01."),
            Param::query("private_ipv4", Kind::Text, "private_ipv4")
                .even_empty()
                .doc("Internal address, whole."),
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
        .title("List experience locations")
        .doc(
            "Returns id and name of the locations that experience data is grouped by.\nFor \
             location_id of the other zdx tools; settings of a site: zia_list_locations. Empty: no \
             name fits, or no device at one reported in the time looked at.",
        )
        .params(&[SEARCH, SINCE])
        .query(UNTIL_NOW),
];
