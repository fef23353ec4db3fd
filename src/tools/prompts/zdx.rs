//! Zone: post-admission. Prompts of digital experience.

use crate::tools::prompts::{Argument, Part, Prompt, Takes};

const SINCE_HOURS: Argument = Argument::optional("since_hours", Takes::Whole(1, 336), "Hours")
    .doc("Hours to look back, 1 to 336; 24 when left out.")
    .preset("24");

pub(super) const ROWS: &[Prompt] = &[
    Prompt {
        name: "zdx_investigate_alert",
        title: "Investigate an alert",
        description: "Finds out whom an experience alert touches, since when, and the likely \
                      cause.",
        arguments: &[
            Argument::optional("alert_id", Takes::Digits, "Alert")
                .doc("Id of the alert; the worst one that lasts when left out."),
            SINCE_HOURS,
        ],
        needs: &[
            "zdx_list_alerts",
            "zdx_get_alert",
            "zdx_list_alert_affected_devices",
            "zdx_list_historical_alerts",
        ],
        task: &[
            Part::new("Investigate the experience alert {alert_id}.").given("alert_id"),
            Part::new("Investigate the experience alert that matters most now.")
                .left_out("alert_id"),
        ],
        steps: &[
            Part::new(
                "Call `zdx_list_alerts` with `since` {since_hours}. Take the most severe one, \
                 and among equals the one with the most devices; name the others in one line \
                 each. When none lasts, say so and stop.",
            )
            .left_out("alert_id"),
            Part::new(
                "Call `zdx_get_alert` with `alert_id`. Note rule, severity, application, start, \
                 end, and counts by place, department and location.",
            ),
            Part::new(
                "Call `zdx_list_alert_affected_devices` with `alert_id` and `since` \
                 {since_hours}. What do the devices share: location, department, place, network?",
            ),
            Part::new(
                "Call `zdx_list_historical_alerts` with `since` 336. Did the same rule, \
                 application or place alert before, and how often?",
            ),
            Part::with(
                &["zdx_list_applications", "zdx_get_application_metric"],
                "When the alert is about an application, find its id by `zdx_list_applications` \
                 and call `zdx_get_application_metric` with `app_id` and `since` {since_hours}: \
                 is it the name look-up, the page or the availability, and since when?",
            ),
            Part::with(
                &["zpa_list_application_segments", "zpa_list_app_connectors"],
                "When the application is a private one, find its segment by \
                 `zpa_list_application_segments` with `search`, and look for connectors that are \
                 down or behind in `zpa_list_app_connectors`.",
            ),
            Part::with(
                &["zia_get_activation_status", "zia_list_url_filtering_rules"],
                "When users are refused rather than slow, compare times: which rules of \
                 `zia_list_url_filtering_rules` were changed shortly before the alert began? \
                 `zia_get_activation_status` tells whether changes still wait.",
            ),
            Part::new(
                "Report who is touched, since when, whether it lasts, the most likely cause with \
                 the records that show it, and what would prove it. When two causes fit equally, \
                 say so and ask the user what changed at that time.",
            ),
        ],
    },
    Prompt {
        name: "zdx_troubleshoot_user_experience",
        title: "Troubleshoot a user's experience",
        description: "Tells whether device, network, service or application makes it slow for \
                      one user.",
        arguments: &[
            Argument::required("user_or_device", Takes::Text, "User or device")
                .doc("Mail address, name, device name or internal address."),
            Argument::optional("application", Takes::Text, "Application")
                .doc("Name of the application; the worst ones when left out."),
            SINCE_HOURS,
        ],
        needs: &[
            "zdx_list_devices",
            "zdx_get_device",
            "zdx_list_applications",
            "zdx_get_application",
            "zdx_list_application_users",
            "zdx_get_application_user",
            "zdx_get_application_metric",
        ],
        task: &[
            Part::new(
                "Find out why work is slow for {user_or_device}, looking back {since_hours} \
                 hours.",
            ),
            Part::new("It is about this application: {application}.").given("application"),
        ],
        steps: &[
            Part::new(
                "Call `zdx_list_devices` with `since` {since_hours}, and `emails` for a mail \
                 address, `private_ipv4` for an internal address or `query` for a name. When \
                 none or several people fit, stop and ask the user which one.",
            ),
            Part::new(
                "Call `zdx_get_device` with `device_id` and `since` {since_hours}. Note memory, \
                 processor, adapter and software that are unusual.",
            ),
            Part::new(
                "Call `zdx_list_applications` with `since` {since_hours} and find {application}. \
                 When it is not there, name those that are and ask the user.",
            )
            .given("application"),
            Part::new(
                "Call `zdx_list_applications` with `since` {since_hours} and take the three with \
                 the lowest scores.",
            )
            .left_out("application"),
            Part::new(
                "For each of them call `zdx_list_application_users` with `app_id` to find the id \
                 of the user, then `zdx_get_application_user` with `app_id`, `user_id` and \
                 `since`, and `zdx_get_application` with `app_id`. A bad score of this user \
                 alone points to the device or its network, one of everybody to the application.",
            ),
            Part::new(
                "Call `zdx_get_application_metric` with `app_id` and `since` {since_hours}: name \
                 look-up, page fetch time or availability, and since when?",
            ),
            Part::with(
                &["zdx_list_alerts"],
                "Call `zdx_list_alerts` with `since` {since_hours}: is there an alert about the \
                 application, the place or the department?",
            ),
            Part::with(
                &["zdx_get_web_probes", "zdx_list_cloudpath_probes"],
                "Call `zdx_get_web_probes` and `zdx_list_cloudpath_probes` with `device_id`, \
                 `app_id` and `since` {since_hours}. Where on the path does the time go?",
            ),
            Part::with(
                &["zdx_list_device_deep_traces"],
                "Call `zdx_list_device_deep_traces` with `device_id`: a trace that was made \
                 already may answer the question.",
            ),
            Part::change(
                &["zdx_start_deeptrace", "zdx_get_web_probes", "zdx_list_cloudpath_probes"],
                "When all this leaves it open, propose a new trace by `zdx_start_deeptrace` with \
                 `device_id`, `app_id`, `web_probe_id`, `cloudpath_probe_id` and a \
                 `session_name`. It burdens the device for some minutes, so leave the decision \
                 to the user.",
            ),
            Part::new(
                "Report one sentence that names the cause: device, local network, way to the \
                 service, the service, or the application. Then the records that show it, what \
                 speaks against it, and what to do next.",
            ),
        ],
    },
];
