//! Zone: post-admission. Rows of the toolset `zcc_devices`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Plan, Refusal, Step, Value};
use crate::tools::row::{Row, get, list};
use crate::tools::zcc::{PAGE, PAGE_SIZE};

const SET: &str = "zcc_devices";
const LISTED: &str = "zcc_list_devices";
const PASSWORDS: &str = "/zcc/papi/public/v1/getOtp";

/// Operating systems and the numbers that the service knows them by.
const SYSTEMS: &[(&str, &str)] =
    &[("ios", "1"), ("android", "2"), ("windows", "3"), ("macos", "4"), ("linux", "5")];

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zcc_get_device_otp", SET, "")
        .title("Get device passwords")
        .doc(
            "Returns one-time passwords with which a person at one device can log out, leave or \
             uninstall the client or switch off a protection.\nThey are secrets: fetch them only \
             when the user asks for this device, pass on only the one needed, never keep or repeat \
             the others. Give udid (zcc_list_devices) or device_id.",
        )
        .params(&[
            Param::local("udid", Kind::Text).doc("udid of the device, whole."),
            Param::local("device_id", Kind::Text).doc("The udid too, for when udid is not given."),
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
            "Returns the devices that the client connector is enrolled on: user, host, system, \
             client version, policy, registration state and udid.\nTimes are epoch seconds as \
             text; type is the system (1 iOS, 2 Android, 3 Windows, 4 macOS, 5 Linux). How well a \
             device works: zdx_list_devices. Empty: none fits.",
        )
        .params(&[
            Param::query("username", Kind::Text, "username")
                .doc("Login name, whole, such as ana@example.com."),
            Param::query("os_type", Kind::Text, "osType")
                .form(Form::Mapped(SYSTEMS))
                .doc("ios, android, windows, macos or linux, any case."),
            PAGE,
            PAGE_SIZE.max(5_000),
        ]),
];
