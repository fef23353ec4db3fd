//! Zone: post-admission. Rows of the toolset `zcell_network_events`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Bind, Value};
use crate::tools::row::Row;
use crate::tools::zcell::{PAGE_IN_BODY, SIZE_IN_BODY, any_form, window};

const SET: &str = "zcell_network_events";
const NO_TIME: &str = "days must be from 1 to 365";

pub(in crate::tools) const ROWS: &[Row] = &[any_form(
    "zcell_list_network_events",
    SET,
    "/zcell/config/api/v1/network-events/{zcellCustomerId}/search/startTime/{=since}/endTime/\
     {=now}",
)
.title("Search network events")
.doc(
    "Returns what SIMs did in mobile networks in the last days: sessions, cells, operators, \
     outcomes.\nNarrow with filter_by. Empty: none fits.",
)
.by_post()
.params(&[
    window(Param::local("days", Kind::Integer)),
    Param::body("filter_by", Kind::Objects, "filterBy")
        .even_empty()
        .form(Form::CamelNames)
        .doc("[{\"filterName\":\"country\",\"operator\":\"EQ\",\"values\":[\"FR\"]}]; NE, LIKE."),
    Param::body("sort_by", Kind::Object, "sortBy")
        .even_empty()
        .form(Form::CamelNames)
        .doc("Member and direction: {\"timestamp\":\"DESC\"}."),
    Param::body("exclude_apn_config", Kind::Boolean, "excludeApnConfig")
        .even_empty()
        .doc("true: without events of the APN configuration."),
    PAGE_IN_BODY,
    SIZE_IN_BODY,
])
.binds(&[
    Bind { name: "since", value: Value::Argument("days", Form::DaysAgo), missing: NO_TIME },
    Bind { name: "now", value: Value::Now, missing: NO_TIME },
])];
