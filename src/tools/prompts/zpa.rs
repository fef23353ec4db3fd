//! Zone: post-admission. Prompts of private access.

use crate::tools::prompts::{Argument, Part, Prompt, Takes};

pub(super) const ROWS: &[Prompt] = &[Prompt {
    name: "zpa_onboard_application",
    title: "Onboard a private application",
    description: "Plans how an application is published to its users, and what is there already.",
    arguments: &[
        Argument::required("application", Takes::Text, "Application")
            .doc("Name that the application is to have."),
        Argument::required("domains", Takes::Text, "Domains")
            .doc("Host names or addresses, with commas between them."),
        Argument::optional("ports", Takes::Text, "TCP ports")
            .doc("Ports and ranges, with commas between them; 443 when left out.")
            .preset("\"443\""),
        Argument::optional("users", Takes::Text, "Users")
            .doc("The group that is to reach it; asked for when left out."),
    ],
    needs: &[
        "zpa_list_application_segments",
        "zpa_list_segment_groups",
        "zpa_list_server_groups",
        "zpa_list_app_connector_groups",
        "zpa_list_app_connectors",
        "zpa_list_access_policy_rules",
    ],
    task: &[
        Part::new(
            "Prepare to publish the private application {application} at {domains}, TCP ports \
             {ports}.",
        ),
        Part::new("It is for these users: {users}.").given("users"),
    ],
    steps: &[
        Part::new(
            "Call `zpa_list_application_segments`, all pages, with `search` for each domain and \
             once for its parent domain. When a segment or a wildcard holds a domain with these \
             ports already, stop, show it and ask the user whether to widen that one instead.",
        ),
        Part::new(
            "Call `zpa_list_app_connector_groups` and `zpa_list_app_connectors`. Which group \
             stands where the application runs? It should have two connectors that are connected \
             and up to date; one is a finding. When the place is not clear from names and \
             locations, ask.",
        ),
        Part::new(
            "Call `zpa_list_server_groups`: does one use that connector group alone? Then it can \
             be used again.",
        ),
        Part::new(
            "Call `zpa_list_segment_groups`. Joining a group also joins its access rules: \
             everyone who reaches the group would reach the new application.",
        ),
        Part::new(
            "Call `zpa_list_access_policy_rules`. Which rules would apply, in their order, and \
             does one that denies come first? An allowing rule without conditions would open it \
             to everybody.",
        ),
        Part::with(
            &["get_zpa_scim_group"],
            "Call `get_zpa_scim_group` with `search` for {users}. When none or several fit, ask.",
        )
        .given("users"),
        Part::new("Ask the user which group is to reach it.").left_out("users"),
        Part::new(
            "Report a plan: what is used again with its id, what is new with every value, the \
             rule that lets the users in with its conditions and place, who else would get \
             access, and how to undo each step. Ask the user to decide before anything is made.",
        ),
        Part::change(
            &["zpa_create_segment_group"],
            "A new segment group, where none fits: `zpa_create_segment_group` with `name`.",
        ),
        Part::change(
            &["zpa_create_server_group"],
            "A new server group, where none fits: `zpa_create_server_group` with `name` and \
             `app_connector_group_ids`.",
        ),
        Part::change(
            &["zpa_create_application_segment"],
            "The segment: `zpa_create_application_segment` with `name`, `segment_group_id`, \
             `server_group_ids`, `domain_names` and `tcp_port_ranges`, in which a range is two \
             entries, its first and its last port.",
        ),
        Part::change(
            &["zpa_create_access_policy_rule"],
            "The rule, last of all: `zpa_create_access_policy_rule` with `name`, `action_type` \
             ALLOW and `conditions` that name both the segment and the users. Never leave \
             `conditions` out.",
        ),
        Part::change(
            &["zpa_create_application_segment", "zpa_get_application_segment"],
            "Changes of private access take effect at once. Read the segment back by \
             `zpa_get_application_segment` with `segment_id` and list the ids of all that was \
             made.",
        ),
    ],
}];
