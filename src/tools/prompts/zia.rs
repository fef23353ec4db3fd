//! Zone: post-admission. Prompts of internet access.

use crate::tools::prompts::{Argument, Part, Prompt, Takes};

pub(super) const ROWS: &[Prompt] = &[
    Prompt {
        name: "zia_audit_ssl_bypasses",
        title: "Audit SSL inspection bypasses",
        description: "Lists what is not decrypted, for whom and why, the riskiest first.",
        arguments: &[],
        needs: &["zia_list_ssl_inspection_rules", "zia_list_url_categories"],
        task: &[Part::new(
            "Find everything that SSL inspection lets through without decrypting it, and judge \
             each case.",
        )],
        steps: &[
            Part::new(
                "Call `zia_list_ssl_inspection_rules` and sort by order. Take the rules that are \
                 enabled and whose action is not to decrypt; list disabled ones separately. The \
                 first rule that fits decides, so a bypass behind a rule that decrypts the same \
                 traffic has no effect.",
            ),
            Part::new(
                "For each bypass note whom it is for (no user, group, department or location \
                 means everybody), what it is for (no category, application or destination means \
                 everything), whether other policies are skipped too, label, description, and \
                 who changed it last and when.",
            ),
            Part::new(
                "Call `zia_list_url_categories` with `custom_only` true and find the categories \
                 that these rules name. Look for whole top-level domains, wildcards, file \
                 sharing and hosting platforms on which anybody can publish, and for addresses.",
            ),
            Part::with(
                &["zia_url_lookup"],
                "Call `zia_url_lookup` with `urls` for the entries that you do not know. A \
                 security alert or a category such as newly registered is a finding.",
            ),
            Part::with(
                &["zia_list_cloud_app_ssl_policy"],
                "Call `zia_list_cloud_app_ssl_policy` to tell what the cloud applications in \
                 these rules are.",
            ),
            Part::with(
                &["zia_list_auth_exempt_urls"],
                "Call `zia_list_auth_exempt_urls`: a host that needs neither sign-in nor \
                 decryption is a finding of its own.",
            ),
            Part::with(
                &["zia_get_atp_security_exceptions"],
                "Call `zia_get_atp_security_exceptions`: hosts that are spared both decryption \
                 and threat checks come first in the report.",
            ),
            Part::new(
                "Report a table: rule, order, for whom, for what, reason as far as the \
                 description says it, last change, risk (high: everybody or everything, or hosts \
                 where anybody can publish; low: a few hosts that pin certificates). Say which \
                 reasons are missing; the owners know them, so ask instead of assuming.",
            ),
            Part::change(
                &["zia_update_ssl_inspection_rule", "zia_activate_configuration"],
                "Should the user decide to narrow a rule, `zia_update_ssl_inspection_rule` with \
                 `rule_id` does it. Nothing takes effect before `zia_activate_configuration`, \
                 which also activates what other administrators have staged: say so.",
            ),
        ],
    },
    Prompt {
        name: "zia_check_url_access",
        title: "Check who can reach a URL",
        description: "Tells who is allowed to open a URL, and which rule decides.",
        arguments: &[
            Argument::required("url", Takes::Text, "URL").doc("A URL or a host name."),
            Argument::optional("who", Takes::Text, "Who")
                .doc("A user, group, department or location; everybody when left out."),
        ],
        needs: &["zia_url_lookup", "zia_list_url_categories", "zia_list_url_filtering_rules"],
        task: &[
            Part::new("Find out who can reach {url} through this tenant, and which rules decide."),
            Part::new("The question is about {who}.").given("who"),
        ],
        steps: &[
            Part::new(
                "Call `zia_url_lookup` with `urls` holding {url} without its scheme. Note the \
                 categories and any security alert.",
            ),
            Part::new(
                "Call `zia_list_url_categories` with `contains_url` {url} and `custom_only` \
                 true: which of the tenant's own categories hold it? A rule can name either \
                 kind.",
            ),
            Part::with(
                &["get_zia_users"],
                "Call `get_zia_users` with `name` {who}. Note groups and department. When none \
                 or several fit, it may be a group or a location: ask the user unless a rule \
                 names it.",
            )
            .given("who"),
            Part::new(
                "Call `zia_list_url_filtering_rules`. Go through the enabled rules by order and \
                 keep those that name one of the categories or any. The first one that fits a \
                 person decides; a rule without users, groups, departments and locations fits \
                 everybody. Mind schedules, request methods and rules that only caution.",
            ),
            Part::with(
                &["zia_list_cloud_app_control_rules"],
                "When the host belongs to a cloud application, call \
                 `zia_list_cloud_app_control_rules` with the `rule_type` of its kind. Such a \
                 rule can allow or block before URL filtering is asked.",
            ),
            Part::with(
                &["zia_list_cloud_firewall_rules", "zia_list_cloud_firewall_dns_rules"],
                "Call `zia_list_cloud_firewall_rules` and `zia_list_cloud_firewall_dns_rules`: a \
                 name that is not resolved or a port that is dropped ends it before any page is \
                 asked for.",
            ),
            Part::with(
                &["zpa_list_application_segments"],
                "When the host is an internal one, call `zpa_list_application_segments` with \
                 `search`: private access may carry it, and then the rules above do not count.",
            ),
            Part::new(
                "Report the answer in one sentence, then the rule that decides with order and \
                 action, the rules that come close, and for whom the answer differs. Say what \
                 was not looked at, such as rules for which no tool is here. Do not call the URL \
                 safe because it is reachable.",
            ),
        ],
    },
    Prompt {
        name: "zia_review_unused_rules",
        title: "Review unused rules",
        description: "Finds rules that are off, can never fit or repeat others.",
        arguments: &[Argument::optional(
            "policy",
            Takes::OneOf(&["all", "dns", "firewall", "url"]),
            "Policy",
        )
        .doc("all, dns, firewall or url; all when left out.")
        .preset("all")],
        needs: &[
            "zia_list_url_filtering_rules",
            "zia_list_cloud_firewall_rules",
            "zia_list_cloud_firewall_dns_rules",
        ],
        task: &[Part::new(
            "Find rules of internet access that do nothing. Policies to look at: {policy}. The \
             records hold no counts of hits, so a rule counts as unused when its configuration \
             shows that it cannot decide anything.",
        )],
        steps: &[
            Part::new(
                "Read the lists: `zia_list_url_filtering_rules` for url, \
                 `zia_list_cloud_firewall_rules` for firewall, \
                 `zia_list_cloud_firewall_dns_rules` for dns. Sort each by order and set aside \
                 the predefined default rules.",
            ),
            Part::new(
                "Mark rules that are disabled, with the time of the last change as far as it is \
                 shown.",
            ),
            Part::new(
                "Mark rules that an earlier enabled rule covers in every criterion. A criterion \
                 that is empty fits everything. When you are not sure that one covers the other, \
                 mark it as a question, not as a finding.",
            ),
            Part::new(
                "Mark rules that repeat another one with the same action, and neighbours that \
                 could be one rule.",
            ),
            Part::with(
                &["zia_list_ip_destination_groups", "zia_list_ip_source_groups"],
                "For firewall rules compare the groups they name with \
                 `zia_list_ip_destination_groups` and `zia_list_ip_source_groups`: an empty or \
                 missing group changes what a rule fits.",
            ),
            Part::with(
                &["zia_list_time_intervals"],
                "Call `zia_list_time_intervals`: a rule bound to a time that is over does \
                 nothing.",
            ),
            Part::with(
                &["zia_list_rule_labels"],
                "Call `zia_list_rule_labels`: labels show owners and temporary rules.",
            ),
            Part::new(
                "Report a table: policy, order, rule, id, why it seems unused, how certain, \
                 owner if a label or description names one. Recommend to disable first and to \
                 delete weeks later.",
            ),
            Part::change(
                &[
                    "zia_update_url_filtering_rule",
                    "zia_update_cloud_firewall_rule",
                    "zia_activate_configuration",
                ],
                "Should the user choose rules to disable, `zia_update_url_filtering_rule` or \
                 `zia_update_cloud_firewall_rule` with `rule_id` and `enabled` false does it, \
                 one rule a call. Nothing takes effect before `zia_activate_configuration`, \
                 which also activates what other administrators have staged: say so.",
            ),
        ],
    },
];
