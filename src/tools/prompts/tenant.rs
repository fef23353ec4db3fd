//! Zone: post-admission. Prompts about the whole tenant.

use crate::tools::prompts::{Argument, Part, Prompt, Takes};

pub(super) const ROWS: &[Prompt] = &[Prompt {
    name: "zscaler_prepare_audit_report",
    title: "Prepare an audit report",
    description: "Collects the evidence that auditors ask for: policies, exceptions, logging, \
                  open changes.",
    arguments: &[
        Argument::optional("focus", Takes::Text, "Focus")
            .doc("What the auditors ask about; everything when left out."),
        Argument::optional("detail", Takes::OneOf(&["full", "summary"]), "Detail")
            .doc("full or summary; summary when left out.")
            .preset("summary"),
    ],
    needs: &[
        "zia_get_activation_status",
        "zia_list_url_filtering_rules",
        "zia_list_cloud_firewall_rules",
    ],
    task: &[
        Part::new(
            "Prepare a report for auditors on how this tenant is configured. Level of detail: \
             {detail}.",
        ),
        Part::new("The auditors ask about {focus}; leave out what has nothing to do with it.")
            .given("focus"),
    ],
    steps: &[
        Part::new(
            "Call `zia_get_activation_status`. When changes wait, say at the top that the rules \
             below may not be in effect yet.",
        ),
        Part::new(
            "Call `zia_list_url_filtering_rules` and `zia_list_cloud_firewall_rules`. Count \
             rules by action and state; name those that allow everything to everybody, and what \
             the default rules do.",
        ),
        Part::with(
            &["zia_list_ssl_inspection_rules"],
            "Call `zia_list_ssl_inspection_rules`: what is not decrypted, and for whom?",
        ),
        Part::with(
            &["zia_get_atp_settings", "zia_get_malware_settings"],
            "Call `zia_get_atp_settings` and `zia_get_malware_settings`: which protections are \
             off?",
        ),
        Part::with(
            &["zia_get_atp_security_exceptions", "zia_list_auth_exempt_urls"],
            "Call `zia_get_atp_security_exceptions` and `zia_list_auth_exempt_urls`: every entry \
             is an exception that needs an owner.",
        ),
        Part::with(
            &["zia_list_web_dlp_rules"],
            "Call `zia_list_web_dlp_rules`: which data is protected, by which action, and what \
             is only watched?",
        ),
        Part::with(
            &["zpa_list_access_policy_rules"],
            "Call `zpa_list_access_policy_rules`, all pages: rules that allow without naming \
             both users and applications, and what happens when no rule fits.",
        ),
        Part::with(
            &["zpa_list_timeout_policy_rules"],
            "Call `zpa_list_timeout_policy_rules`: for whom is signing in again never asked?",
        ),
        Part::with(
            &["zpa_list_lss_configs"],
            "Call `zpa_list_lss_configs`: which logs leave the tenant, where do they go, and is \
             a stream off?",
        ),
        Part::with(
            &["zid_list_users", "zid_list_groups"],
            "Call `zid_list_users` and `zid_list_groups`: numbers, and accounts that are off.",
        ),
        Part::with(
            &["zins_get_threat_super_categories"],
            "Call `zins_get_threat_super_categories`: which threats were met in the last full \
             window that the service counts?",
        ),
        Part::with(
            &["zeasm_list_organizations", "zeasm_list_findings"],
            "Call `zeasm_list_organizations`, then `zeasm_list_findings` with `org_id`: open \
             findings on the outside of the organization, by severity.",
        ),
        Part::new(
            "Read the resource zscaler://posture, where your client can: it says how this server \
             itself is protected.",
        ),
        Part::new(
            "Report by area: what was looked at (tool, arguments, number of records), what is \
             right, findings by risk with the ids of the records, and what could not be looked \
             at. Leave names of persons out unless a finding needs them. Quote values as they \
             are; judge only by what the records show. Ask the user before you look further into \
             a finding.",
        ),
    ],
}];
