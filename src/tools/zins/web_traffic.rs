//! Zone: post-admission. Rows of the toolset `zins_web_traffic`.

use crate::tools::param::{Kind, Param, Preset};
use crate::tools::row::Row;
use crate::tools::zins::{END_DAYS_AGO, END_TIME, LIMIT, START_DAYS_AGO, START_TIME, ask};

const SET: &str = "zins_web_traffic";

const THREAT_CLASS: (&str, &str) = (
    "WebThreatClass",
    "query WebThreatClass($startTime: Long!, $endTime: Long!, $trafficUnit: WebTrafficUnits!, \
     $limit: Int, $filter_by: WebEntriesFilterBy, $order_by: [WebOrderBy]) { \
       WEB_TRAFFIC { \
         threat_class(start_time: $startTime, end_time: $endTime, traffic_unit: $trafficUnit) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total } } } }",
);

const SUPER_CATEGORIES: (&str, &str) = (
    "WebThreatSuperCategories",
    "query WebThreatSuperCategories($startTime: Long!, $endTime: Long!, $trafficUnit: \
     WebTrafficUnits!, $limit: Int, $filter_by: WebEntriesFilterBy, $order_by: [WebOrderBy]) { \
       WEB_TRAFFIC { \
         threat_super_categories(start_time: $startTime, end_time: $endTime, traffic_unit: \
         $trafficUnit) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total } } } }",
);

const PROTOCOLS: (&str, &str) = (
    "WebProtocols",
    "query WebProtocols($startTime: Long!, $endTime: Long!, $trafficUnit: WebTrafficUnits!, \
     $limit: Int, $filter_by: WebEntriesFilterBy, $order_by: [WebOrderBy]) { \
       WEB_TRAFFIC { \
         protocols(start_time: $startTime, end_time: $endTime, traffic_unit: $trafficUnit) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total } } } }",
);

const BY_LOCATION: (&str, &str) = (
    "WebTrafficByLocation",
    "query WebTrafficByLocation($startTime: Long!, $endTime: Long!, $trafficUnit: \
     WebTrafficUnits!, $includeTrend: Boolean, $trendInterval: TrendInterval, $limit: Int, \
     $filter_by: WebEntriesFilterBy, $order_by: [WebOrderBy]) { \
       WEB_TRAFFIC { \
         location(start_time: $startTime, end_time: $endTime, traffic_unit: $trafficUnit, \
         include_trend: $includeTrend, trend_interval: $trendInterval) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total \
             trend { trend_start_time trend_interval trend_values } } } } }",
);

const NO_GROUPING: (&str, &str) = (
    "WebTrafficNoGrouping",
    "query WebTrafficNoGrouping($startTime: Long!, $endTime: Long!, $trafficUnit: \
     WebTrafficUnits!, $dlpEngineFilter: DlpEngineFilter, $actionFilter: ActionStatus, \
     $includeTrend: Boolean, $trendInterval: TrendInterval, $limit: Int, $filter_by: \
     WebEntriesFilterBy, $order_by: [WebOrderBy]) { \
       WEB_TRAFFIC { \
         no_grouping(start_time: $startTime, end_time: $endTime, traffic_unit: $trafficUnit, \
         dlp_engine_filter: $dlpEngineFilter, action_filter: $actionFilter, include_trend: \
         $includeTrend, trend_interval: $trendInterval) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total \
             trend { trend_start_time trend_interval trend_values } } } } }",
);

const TRAFFIC_UNIT: Param = Param::body("traffic_unit", Kind::Text, "trafficUnit")
    .even_empty()
    .preset(Preset::Text("TRANSACTIONS"))
    .doc("TRANSACTIONS or BYTES.");

const INCLUDE_TREND: Param = Param::body("include_trend", Kind::Boolean, "includeTrend")
    .even_empty()
    .preset(Preset::Bool(false))
    .doc("true: the course over time in each entry, as trend.");

const TREND_INTERVAL: Param = Param::body("trend_interval", Kind::Text, "trendInterval")
    .doc("DAY or HOUR; with include_trend.");

/// Arguments of the tools without a trend.
const PLAIN: &[Param] = &[START_DAYS_AGO, END_DAYS_AGO, START_TIME, END_TIME, TRAFFIC_UNIT, LIMIT];

pub(in crate::tools) const ROWS: &[Row] = &[
    ask("zins_get_threat_class", SET, THREAT_CLASS, "/data/WEB_TRAFFIC/threat_class/entries")
        .title("Count threats by class")
        .doc(
            "Returns how much web traffic was stopped for each class of threat, such as viruses or \
             sandbox findings.\nBy category: zins_get_threat_super_categories. Days are taken as 7 \
             or 14. Empty: no threats or no data.",
        )
        .params(PLAIN),
    ask(
        "zins_get_threat_super_categories",
        SET,
        SUPER_CATEGORIES,
        "/data/WEB_TRAFFIC/threat_super_categories/entries",
    )
    .title("Count threats by category")
    .doc(
        "Returns how much web traffic fell into each main category of threat, such as \
         phishing.\nBy how it was found: zins_get_threat_class. Days are taken as 7 or 14. Empty: \
         no threats or no data.",
    )
    .params(PLAIN),
    ask("zins_get_web_protocols", SET, PROTOCOLS, "/data/WEB_TRAFFIC/protocols/entries")
        .title("Count traffic by protocol")
        .doc(
            "Returns how much web traffic each protocol carried, such as HTTPS or FTP.\nSum over \
             all: zins_get_web_traffic_no_grouping. Days are taken as 7 or 14. Empty: no traffic \
             or no data.",
        )
        .params(PLAIN),
    ask("zins_get_web_traffic_by_location", SET, BY_LOCATION, "/data/WEB_TRAFFIC/location/entries")
        .title("Count traffic by location")
        .doc(
            "Returns how much web traffic each location of the tenant caused.\nNames are those of \
             zia_list_locations, obfuscated if the tenant hides them. One sum, or by action: \
             zins_get_web_traffic_no_grouping. Days are taken as 7 or 14. Empty: no traffic or no \
             data.",
        )
        .params(&[
            START_DAYS_AGO,
            END_DAYS_AGO,
            START_TIME,
            END_TIME,
            TRAFFIC_UNIT,
            INCLUDE_TREND,
            TREND_INTERVAL,
            LIMIT,
        ])
        .plain_text(),
    ask(
        "zins_get_web_traffic_no_grouping",
        SET,
        NO_GROUPING,
        "/data/WEB_TRAFFIC/no_grouping/entries",
    )
    .title("Count all web traffic")
    .doc(
        "Returns how much web traffic there was in all, if wanted only what was allowed or \
         blocked.\nBy site: zins_get_web_traffic_by_location; by protocol: zins_get_web_protocols. \
         Days are taken as 7 or 14. Empty: no traffic that fits or no data.",
    )
    .params(&[
        START_DAYS_AGO,
        END_DAYS_AGO,
        START_TIME,
        END_TIME,
        TRAFFIC_UNIT,
        Param::body("dlp_engine_filter", Kind::Text, "dlpEngineFilter").doc(
            "DLP engine that matched: ANY, NONE, HIPAA, CYBER_BULLY_ENG, GLBA, PCI, \
             OFFENSIVE_LANGUAGE or EXTERNAL.",
        ),
        Param::body("action_filter", Kind::Text, "actionFilter")
            .doc("ALLOW or BLOCK; both when left out."),
        INCLUDE_TREND,
        TREND_INTERVAL,
        LIMIT,
    ])
    .plain_text(),
];
