//! Zone: post-admission. Rows of the toolset `zdx_alerts`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, get, list};
use crate::tools::zdx::{DEPARTMENT_ID, GEO_ID, LOCATION_ID, OFFSET, SINCE, UNTIL_NOW};

const SET: &str = "zdx_alerts";
const LISTED: &str = "zdx_list_alerts";

const FORTNIGHT: Param = SINCE.max(336);
const LIMIT: Param =
    Param::query("limit", Kind::Integer, "limit").even_empty().min(1).doc("Records on a page.");
const ALERT_ID: Param = Param::path("alert_id").doc("Id of the alert, digits.");

/// Arguments of both lists of alerts.
const LIST: &[Param] = &[LOCATION_ID, DEPARTMENT_ID, GEO_ID, FORTNIGHT, OFFSET, LIMIT];

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zdx_get_alert", SET, "/zdx/v1/alerts/{alert_id}")
        .title("Get an alert")
        .doc(
            "Returns one alert: rule, severity, state, the application it is about and how many \
             devices it touches by place, department and location.\nTimes are epoch seconds; \
             ended_on is 0 while it lasts. The devices: zdx_list_alert_affected_devices.",
        )
        .params(&[ALERT_ID])
        .see(LISTED),
    list("zdx_list_alert_affected_devices", SET, "/zdx/v1/alerts/{alert_id}/affected_devices")
        .title("List alert devices")
        .doc(
            "Returns the devices that an alert is about, with user name and mail address.\nA limit \
             above the counts of zdx_get_alert shows all at once. Hardware and network of one: \
             zdx_get_device. Empty: none fits the filters or the hours of since.",
        )
        .params(&[
            LOCATION_ID,
            DEPARTMENT_ID,
            GEO_ID,
            FORTNIGHT,
            OFFSET,
            LIMIT,
            ALERT_ID,
            Param::query("location_groups", Kind::Integers, "location_groups")
                .doc("Ids from zia_list_location_groups, numbers."),
        ])
        .query(UNTIL_NOW)
        .rows_at("/devices")
        .next("next_offset")
        .see(LISTED),
    list(LISTED, SET, "/zdx/v1/alerts/ongoing")
        .title("List ongoing alerts")
        .doc(
            "Returns the alerts that last right now: rule, severity, application and device counts \
             by place.\nEnded ones: zdx_list_historical_alerts. Empty: nothing in the chosen scope \
             breaks an alert rule.",
        )
        .params(LIST)
        .query(UNTIL_NOW)
        .rows_at("/alerts")
        .next("next_offset"),
    list("zdx_list_historical_alerts", SET, "/zdx/v1/alerts/historical")
        .title("List past alerts")
        .doc(
            "Returns the alerts that have ended, in the form of zdx_list_alerts.\nSet since, up to \
             336 hours: without it only the last 2 count. Empty: none ended in that time.",
        )
        .params(LIST)
        .query(UNTIL_NOW)
        .rows_at("/alerts")
        .next("next_offset"),
];
