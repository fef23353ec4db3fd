//! Zone: post-admission. Rows of the toolset `zia_time_intervals` that change intervals.

use crate::backend::ApiMethod;
use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Cond, Plan, Refusal, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};

const SET: &str = "zia_time_intervals";
const KIND: &str = "time interval";
const READ: &str = "zia_get_time_interval";
const LIST: &str = "zia_list_time_intervals";
const ONE: &str = "/zia/api/v1/timeIntervals/{interval_id}";

const INTERVAL_ID: Param = Param::path("interval_id").doc("Id of the interval, digits.");
const NAME: Param = Param::body("name", Kind::Text, "name").even_empty();
const START: Param = Param::body("start_time", Kind::Integer, "startTime").even_empty();
const END: Param = Param::body("end_time", Kind::Integer, "endTime").even_empty();
const DAYS: Param = Param::body("days_of_week", Kind::Texts, "daysOfWeek").even_empty();

/// The whole record is sent; what was not given is taken from the one that was read.
const REPLACED: Step = Step::new(ApiMethod::Put, ONE).takes(Takes::All);

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zia_create_time_interval", SET, "/zia/api/v1/timeIntervals")
        .title("Create a time interval")
        .doc(
            "Adds a time of the week that rules can be limited to, and returns it with its id.\nNo \
             rule knows it yet: give the id among the time_windows of one. Names must be unique: \
             see zia_list_time_intervals first. Staged until zia_activate_configuration.",
        )
        .params(&[
            NAME.required().doc("Name; no other interval may have it."),
            START.required().doc("Minutes after midnight, such as 480 for 08:00."),
            END.required().doc("Minutes after midnight, such as 1080 for 18:00."),
            DAYS.required().doc("EVERYDAY, or SUN, MON, TUE, WED, THU, FRI, SAT."),
        ])
        .subject(KIND, "", ""),
    delete("zia_delete_time_interval", SET, ONE)
        .title("Delete a time interval")
        .doc(
            "Deletes one time interval, after the user has agreed.\nThe service refuses it while \
             rules are limited to it: take it out of their time_windows first. Staged until \
             zia_activate_configuration.",
        )
        .params(&[INTERVAL_ID])
        .see(LIST)
        .subject(KIND, "interval_id", READ),
    update("zia_update_time_interval", SET, "")
        .title("Change a time interval")
        .doc(
            "Changes name, days or hours of one time interval and returns it.\nWhat is left out \
             stays: the interval is read first. Days are replaced as a whole. Every rule limited \
             to it works at the new times. Staged until zia_activate_configuration.",
        )
        .params(&[
            INTERVAL_ID,
            NAME.absent(Value::Answer(0, "/name")).doc("Name; no other interval may have it."),
            START.absent(Value::Answer(0, "/startTime")).doc("Minutes after midnight."),
            END.absent(Value::Answer(0, "/endTime")).doc("Minutes after midnight."),
            DAYS.absent(Value::Answer(0, "/daysOfWeek"))
                .doc("All days as they should be: EVERYDAY, or SUN to SAT."),
        ])
        .refuse(&[Refusal::new(
            &[
                Cond::Absent("name"),
                Cond::Absent("start_time"),
                Cond::Absent("end_time"),
                Cond::Absent("days_of_week"),
            ],
            "nothing to change was given; give name, start_time, end_time or days_of_week",
        )])
        .plans(&[
            Plan::when(
                &[
                    Cond::Given("name"),
                    Cond::Given("start_time"),
                    Cond::Given("end_time"),
                    Cond::Given("days_of_week"),
                ],
                &[REPLACED],
            ),
            Plan::otherwise(&[Step::get(ONE), REPLACED]),
        ])
        .see(LIST)
        .subject(KIND, "interval_id", READ),
];
