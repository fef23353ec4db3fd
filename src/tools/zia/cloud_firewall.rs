//! Zone: post-admission. Rows of the toolset `zia_cloud_firewall`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Keep, Plan, Step, Takes};
use crate::tools::row::{Row, get, list};
use crate::tools::zia::SEARCH;

const SET: &str = "zia_cloud_firewall";

const RULE_ID: Param = Param::path("rule_id").doc("Id of the rule, digits.");
const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, digits.");
/// Looked for here, as the service has no search for these rules.
const NAMED: Param = Param::local("search", Kind::Text).doc("Part of the name, any case.");
const BY_NAME: &[Keep] = &[Keep::containing("search", "name")];
const DESCRIBED: Param =
    Param::query("search", Kind::Text, "search").doc("Part of the name or description, any case.");

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_cloud_firewall_dns_rule", SET, "/zia/api/v1/firewallDnsRules/{rule_id}")
        .title("Get a DNS rule")
        .doc(
            "Returns one DNS control rule: action, order, state, who and what it applies to, and \
             where look-ups are redirected.\nIds: zia_list_cloud_firewall_dns_rules. Rules about \
             connections: zia_get_cloud_firewall_rule.",
        )
        .params(&[RULE_ID])
        .see("zia_list_cloud_firewall_dns_rules"),
    get("zia_get_cloud_firewall_ips_rule", SET, "/zia/api/v1/firewallIpsRules/{rule_id}")
        .title("Get an IPS rule")
        .doc(
            "Returns one intrusion prevention rule: action, order, state, threat categories and \
             who and what it applies to.\nIds: zia_list_cloud_firewall_ips_rules. Text of a \
             signature: zia_get_ips_signature_rule.",
        )
        .params(&[RULE_ID])
        .see("zia_list_cloud_firewall_ips_rules"),
    get("zia_get_cloud_firewall_rule", SET, "/zia/api/v1/firewallFilteringRules/{rule_id}")
        .title("Get a firewall rule")
        .doc(
            "Returns one firewall filtering rule: action, order, state, sources, destinations, \
             services, applications and labels.\nIds: zia_list_cloud_firewall_rules. Groups come \
             as id and name; members are in the get tool of each kind.",
        )
        .params(&[RULE_ID])
        .see("zia_list_cloud_firewall_rules"),
    get("zia_get_ip_destination_group", SET, "/zia/api/v1/ipDestinationGroups/{group_id}")
        .title("Get a destination group")
        .doc(
            "Returns one destination group: its type and its addresses, names, countries or \
             categories.\nIds: zia_list_ip_destination_groups. type says which list is filled.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_ip_destination_groups"),
    get("zia_get_ip_source_group", SET, "/zia/api/v1/ipSourceGroups/{group_id}")
        .title("Get a source group")
        .doc(
            "Returns one source group with its addresses, networks and ranges.\nIds: \
             zia_list_ip_source_groups.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_ip_source_groups"),
    get("zia_get_ips_signature_rule", SET, "/zia/api/v1/ipsSignatureRules/{rule_id}")
        .title("Get an intrusion signature")
        .doc(
            "Returns one of the tenant's own intrusion signatures: its text, category, state and \
             how its validation went.\nIds: zia_list_ips_signature_rules. What happens on a match: \
             zia_list_cloud_firewall_ips_rules.",
        )
        .params(&[Param::path("rule_id").doc("Id of the signature, digits.")])
        .see("zia_list_ips_signature_rules"),
    get("zia_get_network_app", SET, "/zia/api/v1/networkApplications/{app_id}")
        .title("Get a network application")
        .doc(
            "Returns one network application that the service recognises: id, parent category, \
             description and whether it is outdated.\nIds: zia_list_network_apps.",
        )
        .params(&[Param::path("app_id").doc("A word such as SSH.")])
        .see("zia_list_network_apps"),
    get("zia_get_network_app_group", SET, "/zia/api/v1/networkApplicationGroups/{group_id}")
        .title("Get an application group")
        .doc(
            "Returns one group of network applications with the ids of its members.\nIds: \
             zia_list_network_app_groups.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_network_app_groups"),
    get("zia_get_network_service", SET, "/zia/api/v1/networkServices/{service_id}")
        .title("Get a network service")
        .doc(
            "Returns one network service with its source and destination ports.\nIds: \
             zia_list_network_services. A port entry without end is a single port.",
        )
        .params(&[Param::path("service_id").doc("Id of the service, digits.")])
        .see("zia_list_network_services"),
    get("zia_get_network_svc_group", SET, "/zia/api/v1/networkServiceGroups/{group_id}")
        .title("Get a service group")
        .doc(
            "Returns one group of network services with the services in it and their ports.\nIds: \
             zia_list_network_svc_groups.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_network_svc_groups"),
    list("zia_list_cloud_firewall_dns_rules", SET, "/zia/api/v1/firewallDnsRules")
        .title("List DNS rules")
        .doc(
            "Returns the rules that allow, block or redirect name look-ups.\nThe lowest order that \
             fits decides; the default rule has a negative order and comes last. Only the first \
             page comes, and search looks through it alone. Connections: \
             zia_list_cloud_firewall_rules. Empty: no name on it fits.",
        )
        .params(&[NAMED])
        .keep(BY_NAME),
    list("zia_list_cloud_firewall_ips_rules", SET, "/zia/api/v1/firewallIpsRules")
        .title("List IPS rules")
        .doc(
            "Returns the rules that say what happens to traffic with signs of an attack.\nThe \
             lowest order that fits decides; the default rule has a negative order and comes last. \
             Only the first page comes, and search looks through it alone. Own signatures: \
             zia_list_ips_signature_rules. Empty: no name on it fits.",
        )
        .params(&[NAMED])
        .keep(BY_NAME),
    list("zia_list_cloud_firewall_rules", SET, "/zia/api/v1/firewallFilteringRules")
        .title("List firewall rules")
        .doc(
            "Returns the firewall filtering rules: action, order, state, sources, destinations and \
             services.\nThe lowest order that fits decides; the default rule has a negative order \
             and comes last. Only the first page comes: narrow with search. Name look-ups: \
             zia_list_cloud_firewall_dns_rules; web pages: zia_list_url_filtering_rules. Empty: \
             none fits.",
        )
        .params(&[SEARCH]),
    list("zia_list_ip_destination_groups", SET, "/zia/api/v1/ipDestinationGroups")
        .title("List destination groups")
        .doc(
            "Returns the groups that rules use as destinations: addresses, host names, domains, \
             countries or categories.\ntype says which: DSTN_IP, DSTN_FQDN, DSTN_DOMAIN or \
             DSTN_OTHER. Only the first page comes: narrow with search. Sources: \
             zia_list_ip_source_groups. Empty: none fits.",
        )
        .params(&[DESCRIBED]),
    list("zia_list_ip_source_groups", SET, "/zia/api/v1/ipSourceGroups")
        .title("List source groups")
        .doc(
            "Returns the groups of addresses that rules use as sources.\nOnly the first page \
             comes: narrow with search. Destinations: zia_list_ip_destination_groups; whole sites: \
             zia_list_locations. Empty: none fits.",
        )
        .params(&[DESCRIBED]),
    list("zia_list_ips_signature_rules", SET, "/zia/api/v1/ipsSignatureRules")
        .title("List intrusion signatures")
        .doc(
            "Returns the intrusion signatures that the tenant wrote itself, with text, category \
             and state.\nOnly the first page comes: narrow with search. What happens on a match: \
             zia_list_cloud_firewall_ips_rules. Empty: none fits.",
        )
        .params(&[SEARCH]),
    list("zia_list_network_app_groups", SET, "/zia/api/v1/networkApplicationGroups")
        .title("List application groups")
        .doc(
            "Returns the groups of network applications that firewall rules use, with the ids of \
             their members.\nOnly the first page comes: narrow with search. Single ones: \
             zia_list_network_apps; groups of ports: zia_list_network_svc_groups. Empty: none \
             fits.",
        )
        .params(&[DESCRIBED]),
    list("zia_list_network_apps", SET, "/zia/api/v1/networkApplications")
        .title("List network applications")
        .doc(
            "Returns the applications that the firewall recognises by their traffic, whatever \
             their port; the full list is long.\nOnly the first page comes: narrow with search. \
             Descriptions are placeholders unless locale is given. Services by port: \
             zia_list_network_services. Empty: none fits.",
        )
        .params(&[
            Param::query("search", Kind::Text, "search")
                .doc("Part of the id or description, any case."),
            Param::query("locale", Kind::Text, "locale")
                .doc("Language of the descriptions, such as en-US or fr-FR."),
        ]),
    list("zia_list_network_services", SET, "")
        .title("List network services")
        .doc(
            "Returns the services that firewall rules know by protocol and port, predefined and \
             the tenant's own.\nOnly the first page comes, and name looks through it alone: narrow \
             with search (names and descriptions) or protocol. Groups: \
             zia_list_network_svc_groups. Empty: none fits.",
        )
        .params(&[
            Param::local("name", Kind::Text).doc("Part of the name, any case; replaces search."),
            DESCRIBED,
            Param::query("protocol", Kind::Text, "protocol")
                .form(Form::Upper)
                .doc("TCP, UDP, ICMP, GRE, ESP or OTHER, any case."),
        ])
        .plans(&[
            Plan::when(
                &[Cond::Given("name")],
                &[Step::get("/zia/api/v1/networkServices").takes(Takes::Only(&["protocol"]))],
            )
            .keep(&[Keep::containing("name", "name").trimmed()]),
            Plan::otherwise(&[Step::get("/zia/api/v1/networkServices").takes(Takes::All)]),
        ]),
    list("zia_list_network_svc_groups", SET, "/zia/api/v1/networkServiceGroups")
        .title("List service groups")
        .doc(
            "Returns the groups of network services that rules use, each with its services and \
             their ports.\nOnly the first page comes: narrow with search. Single ones: \
             zia_list_network_services. Empty: none fits.",
        )
        .params(&[DESCRIBED]),
];
