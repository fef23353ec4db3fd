//! Zone: post-admission. Rows of the toolset `zcc_devices`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Plan, Refusal, Step, Value};
use crate::tools::row::{Row, get, list};

const SET: &str = "zcc_devices";
const LISTED: &str = "zcc_list_devices";
const PASSWORDS: &str = "/zcc/papi/public/v1/getOtp";

/// Operating systems and the numbers that the service knows them by.
const SYSTEMS: &[(&str, &str)] =
    &[("ios", "1"), ("android", "2"), ("windows", "3"), ("macos", "4"), ("linux", "5")];

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zcc_get_device_otp", SET, "")
        .title("Get one-time passwords of a device")
        .doc(
            "Returns one-time passwords with which a person at one device can log out, leave or \
             uninstall the client or switch off a protection.\nThey are secrets: fetch them only \
             when the user asks for this device, pass on only the one that is needed and never \
             keep or repeat the others. Give udid or device_id; both take the udid of \
             zcc_list_devices, and udid wins.",
        )
        .params(&[
            Param::local("udid", Kind::Text).doc("The udid of the device, whole."),
            Param::local("device_id", Kind::Text)
                .doc("Another name for udid, used when udid is not given."),
        ])
        .refuse(&[Refusal::new(
            &[Cond::Falsy("udid"), Cond::Falsy("device_id")],
            "give the udid of the device; zcc_list_devices returns the udids that exist",
        )])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("udid")],
                &[Step::get(PASSWORDS)
                    .query(&[Member::new("udid", Value::Argument("udid", Form::Plain))])],
            ),
            Plan::otherwise(&[Step::get(PASSWORDS)
                .query(&[Member::new("udid", Value::Argument("device_id", Form::Plain))])]),
        ])
        .see(LISTED),
    list(LISTED, SET, "/zcc/papi/public/v1/getDevices")
        .title("List enrolled devices")
        .doc(
            "Returns one page of the devices that the client connector is enrolled on: user, \
             host, system, client version, policy, registration state and udid.\nTimes are epoch \
             seconds as text; type is the number of the system (1 iOS to 5 Linux). A full page \
             means that there may be more: ask for the next. An empty list means that nothing \
             fits. How well a device works is in zdx_list_devices.",
        )
        .params(&[
            Param::query("username", Kind::Text, "username")
                .doc("Login name of the user, whole, such as ana@example.com."),
            Param::query("os_type", Kind::Text, "osType")
                .form(Form::Mapped(SYSTEMS))
                .doc("Only this system, any case: ios, android, windows, macos or linux."),
            Param::query("page", Kind::Integer, "page")
                .even_empty()
                .min(1)
                .doc("Which page, counted from 1."),
            Param::query("page_size", Kind::Integer, "pageSize")
                .even_empty()
                .min(1)
                .max(5_000)
                .doc("Records on a page; the service takes 50 when it is left out."),
        ]),
];
