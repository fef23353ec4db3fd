//! Zone: post-admission. Prompts of cellular connectivity.

use crate::tools::prompts::{Argument, Part, Prompt, Takes};

const SINCE_DAYS: Argument = Argument::optional("since_days", Takes::Whole(1, 365), "Days")
    .doc("Days to look back, 1 to 365; 30 when left out.")
    .preset("30");

pub(super) const ROWS: &[Prompt] = &[
    Prompt {
        name: "zcell_audit_data_usage",
        title: "Audit cellular data usage",
        description: "Finds where and by which SIMs data is used, and what stands out.",
        arguments: &[
            SINCE_DAYS,
            Argument::optional("country", Takes::Text, "Country")
                .doc("Only this country, by name or code."),
        ],
        needs: &[
            "zcell_list_sim_usage_by_country",
            "zcell_list_sim_usage_by_day",
            "zcell_list_sim_usage_by_sim",
            "zcell_list_sims",
        ],
        task: &[
            Part::new(
                "Find out how much data the SIMs of this tenant used in the last {since_days} \
                 days, in which countries, and which SIMs stand out.",
            ),
            Part::new("The question is about this country: {country}.").given("country"),
        ],
        steps: &[
            Part::new(
                "Call `zcell_list_sim_usage_by_country` with `days` {since_days} and `limit` 20. \
                 Note each country's usage and its share of what is listed.",
            ),
            Part::new(
                "Find {country} among them; it may be written as a code there. When it is not \
                 listed, say so and ask the user before you go on.",
            )
            .given("country"),
            Part::new(
                "Call `zcell_list_sim_usage_by_day` with `days` {since_days}. Look for days far \
                 above the others and for a trend.",
            ),
            Part::new(
                "Call `zcell_list_sim_usage_by_sim` with `days` {since_days} and `limit` 100. \
                 Look for SIMs far above the rest.",
            ),
            Part::new(
                "Call `zcell_list_sims` with `location_country`, written as in the records, to \
                 tell which of these SIMs are in the country.",
            )
            .given("country"),
            Part::new(
                "Call `zcell_list_sims` with `iccid` for the five highest: do status, device and \
                 tags explain the usage?",
            )
            .left_out("country"),
            Part::with(
                &["zcell_list_anomaly_policies"],
                "Call `zcell_list_anomaly_policies` with `days` {since_days}: does a policy \
                 watch for such usage already?",
            ),
            Part::new(
                "Report one table each of countries, days and SIMs with numbers and units as the \
                 service gives them, then what deserves a closer look and why. The lists are cut \
                 at their limit, so do not call their sum the total. Ask the user which SIM to \
                 look into before you go further.",
            ),
        ],
    },
    Prompt {
        name: "zcell_investigate_sim",
        title: "Investigate a SIM",
        description: "Collects state, usage, network events and violations of one SIM.",
        arguments: &[
            Argument::required("iccid", Takes::Text, "ICCID").doc("The number of the SIM."),
            SINCE_DAYS,
        ],
        needs: &[
            "zcell_get_sim_details",
            "zcell_list_sim_usage_by_day",
            "zcell_list_network_events",
            "zcell_list_anomaly_policies",
            "zcell_list_iccid_violations",
        ],
        task: &[Part::new(
            "Find out what happened to the SIM {iccid} in the last {since_days} days.",
        )],
        steps: &[
            Part::new(
                "Call `zcell_get_sim_details` with `icc_id` {iccid}. Note status, network state, \
                 device and place. When there is no such SIM, stop and ask the user for the \
                 number.",
            ),
            Part::new(
                "Call `zcell_list_sim_usage_by_day` with `icc_id` {iccid} and `days` \
                 {since_days}. Note days without usage and days far above the others.",
            ),
            Part::new(
                "Call `zcell_list_network_events` with `days` {since_days} and keep the events \
                 of this SIM, by `filter_by` or by `query`. Look for refused registrations, \
                 changes of network or country, and a device that changed.",
            ),
            Part::new(
                "Call `zcell_list_anomaly_policies` with `days` {since_days}. For each policy \
                 that was violated call `zcell_list_iccid_violations` with `policy_id`, `iccid` \
                 {iccid} and `days` {since_days}.",
            ),
            Part::new(
                "Report a timeline of what is certain, the most likely cause with the records \
                 that show it, and what you could not find out. A SIM in a strange device or \
                 country is for the user to judge: say it first.",
            ),
        ],
    },
    Prompt {
        name: "zcell_review_anomaly_policies",
        title: "Review anomaly policies",
        description: "Judges which anomaly policies are noisy, silent or missing.",
        arguments: &[
            SINCE_DAYS,
            Argument::optional("policy_type", Takes::Text, "Type of policy")
                .doc("Only policies of this type, as the service calls it."),
        ],
        needs: &["zcell_list_anomaly_policies", "zcell_list_anomaly_policy_violations"],
        task: &[Part::new(
            "Review the anomaly policies for SIMs by what they reported in the last {since_days} \
             days.",
        )],
        steps: &[
            Part::new(
                "Call `zcell_list_anomaly_policies` with `days` {since_days} and `policy_type` \
                 {policy_type}, all pages. When none comes, list the types that there are \
                 without that argument and ask the user.",
            )
            .given("policy_type"),
            Part::new(
                "Call `zcell_list_anomaly_policies` with `days` {since_days}, all pages. Note \
                 type, threshold, scope, action and whether it is on.",
            )
            .left_out("policy_type"),
            Part::new(
                "For each policy that is on call `zcell_list_anomaly_policy_violations` with \
                 `policy_id` and `days` {since_days}. Count violations, and SIMs among them.",
            ),
            Part::with(
                &["zcell_list_anomaly_policy_logs"],
                "For policies that look wrong call `zcell_list_anomaly_policy_logs` with \
                 `policy_id`: who changed them, and when?",
            ),
            Part::new(
                "Report a table of policies with violations and SIMs, and sort them: fine, noisy \
                 (many violations from few SIMs), silent (none), off, covered by another one. \
                 Propose a threshold only with the numbers behind it.",
            ),
        ],
    },
];
