//! Zone: post-admission. Rows of analytics.
//!
//! Each tool sends one GraphQL operation over a window of time, given in days or in milliseconds.

pub(super) mod cyber_security;
pub(super) mod firewall;
pub(super) mod iot;
pub(super) mod saas;
pub(super) mod shadow_it;
pub(super) mod web_traffic;

use crate::tools::exceptions_zins::{NO_WINDOW, WINDOW_END, WINDOW_START};
use crate::tools::param::{Kind, Param, Preset};
use crate::tools::plan::{Cond, Refusal, Value};
use crate::tools::row::{Row, Shape, graph};

const START_DAYS_AGO: Param =
    Param::local("start_days_ago", Kind::Integer).preset(Preset::Integer(9)).min(1).doc(
        "Days back to the start; start_time wins. Not above end_days_ago: the week before the end.",
    );

/// The same in fewer words.
const WEEK_AGO: Param = START_DAYS_AGO.doc("Days back to the start; start_time wins.");

/// The same where the service looks at two weeks.
const FORTNIGHT_AGO: Param = WEEK_AGO.preset(Preset::Integer(16));

const END_DAYS_AGO: Param = Param::local("end_days_ago", Kind::Integer)
    .preset(Preset::Integer(2))
    .min(1)
    .doc("Days back to the end; end_time wins.");

const START_TIME: Param = Param::body("start_time", Kind::Integer, "startTime")
    .even_empty()
    .absent(Value::Made(WINDOW_START))
    .doc("Start in epoch milliseconds.");

const END_TIME: Param = Param::body("end_time", Kind::Integer, "endTime")
    .even_empty()
    .absent(Value::Made(WINDOW_END))
    .doc("End in epoch milliseconds, at least a day ago.");

const LIMIT: Param = Param::body("limit", Kind::Integer, "limit")
    .even_empty()
    .preset(Preset::Integer(50))
    .min(1)
    .max(1_000)
    .doc("How many entries at most.");

/// Arguments of a tool over a week.
const WEEK: &[Param] = &[WEEK_AGO, END_DAYS_AGO, START_TIME, END_TIME, LIMIT];

const BAD_WINDOW: Refusal = Refusal::new(
    &[Cond::Made(NO_WINDOW)],
    "the window must start before it ends and end at least one day ago: leave the four time \
     arguments out for the usual week, or give start_time and end_time in epoch milliseconds",
);

/// Returns a tool of `set` over a window, whose entries stand at `at` in the answer.
const fn ask(
    name: &'static str,
    set: &'static str,
    document: (&'static str, &'static str),
    at: &'static str,
) -> Row {
    graph(name, set, "/zins/graphql", document, Shape::Records(at)).refuse(&[BAD_WINDOW])
}
