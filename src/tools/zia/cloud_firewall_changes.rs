//! Zone: post-admission. Rows of the toolset `zia_cloud_firewall` that change rules and groups.

use crate::backend::ApiMethod;
use crate::tools::exceptions_zia::{CHECKED_SIGNATURE, SERVICE_PORTS, SIGNATURE};
use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Plan, Refusal, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zia::rules::{
    ADVANCED, changed_rule, changed_rule_params, new_rule, new_rule_params,
};

const SET: &str = "zia_cloud_firewall";
const DNS_RULES: &str = "/zia/api/v1/firewallDnsRules";
const DNS_RULE: &str = "/zia/api/v1/firewallDnsRules/{rule_id}";
const IPS_RULES: &str = "/zia/api/v1/firewallIpsRules";
const IPS_RULE: &str = "/zia/api/v1/firewallIpsRules/{rule_id}";
const RULES: &str = "/zia/api/v1/firewallFilteringRules";
const RULE: &str = "/zia/api/v1/firewallFilteringRules/{rule_id}";
const DESTINATION: &str = "/zia/api/v1/ipDestinationGroups/{group_id}";
const SOURCE: &str = "/zia/api/v1/ipSourceGroups/{group_id}";
const SIGNATURES: &str = "/zia/api/v1/ipsSignatureRules";
const ONE_SIGNATURE: &str = "/zia/api/v1/ipsSignatureRules/{rule_id}";
const APPS: &str = "/zia/api/v1/networkApplicationGroups/{group_id}";
const SERVICE: &str = "/zia/api/v1/networkServices/{service_id}";
const SERVICES: &str = "/zia/api/v1/networkServiceGroups/{group_id}";

const DNS_ACTION: &str = "ALLOW, BLOCK or a redirection such as REDIR_REQ or REDIR_RES.";
const DNS_MORE: &str = "More, as zia_get_cloud_firewall_dns_rule shows: {\"protocols\": \
                        [\"ANY_RULE\"], \"redirect_ip\": \"192.0.2.53\"}.";
const IPS_ACTION: &str = "ALLOW, BLOCK_DROP, BLOCK_RESET or BYPASS_IPS.";
const IPS_MORE: &str = "More, as zia_get_cloud_firewall_ips_rule shows: {\"threat_categories\": \
                        [{\"id\": 66}]}.";
const ACTION: &str = "ALLOW, BLOCK_DROP, BLOCK_RESET, BLOCK_ICMP or EVAL_NWAPP.";
const MORE: &str = "More, as zia_get_cloud_firewall_rule shows: {\"nw_services\": [\"774003\"], \
                    \"dest_addresses\": [\"203.0.113.9\"]}.";

const RULE_ID: Param = Param::path("rule_id").doc("Id of the rule, digits.");
const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, digits.");
const NAME: Param = Param::body("name", Kind::Text, "name").required().even_empty();
const NEW_NAME: Param = NAME.doc("Name; no other record of this kind may have it.");
const KEPT_NAME: Param = NAME.doc("Name; give the present one to keep it.");
/// An empty one is left out or sent, as each tool says.
const DESCRIPTION: Param =
    Param::body("description", Kind::Text, "description").doc("For administrators.");
const OR_NULL: Param = DESCRIPTION.even_empty().absent(Value::Null);
const SIGNATURE_ID: Param = Param::path("rule_id").doc("Id of the signature, digits.");
const SERVICE_ID: Param = Param::path("service_id").doc("Id of the service, digits.");

const TYPE: Param = Param::body("type", Kind::Text, "type")
    .required()
    .even_empty()
    .choices(&["DSTN_IP", "DSTN_FQDN", "DSTN_DOMAIN", "DSTN_OTHER"])
    .doc("What the group holds: addresses, host names, domains, or countries and categories.");
const TARGETS: Param = Param::body("addresses", Kind::Texts, "addresses")
    .even_empty()
    .absent(Value::Null)
    .doc("The whole list of addresses, networks, ranges, host names or domains, as type says.");
const COUNTRIES: Param = Param::body("countries", Kind::Texts, "countries")
    .even_empty()
    .absent(Value::Null)
    .doc("The whole list of countries, such as [\"COUNTRY_FR\"]. For DSTN_OTHER.");
const CATEGORIES: Param = Param::body("ip_categories", Kind::Texts, "ipCategories")
    .even_empty()
    .absent(Value::Null)
    .doc("The whole list of ids of URL categories, such as [\"CUSTOM_01\"]. For DSTN_OTHER.");
const ADDRESSES: Param = Param::body("ip_addresses", Kind::Texts, "ipAddresses")
    .required()
    .even_empty()
    .doc("The whole list of addresses, networks and ranges, such as [\"192.0.2.0/24\"].");
const MEMBER_APPS: Param = Param::body("network_applications", Kind::Texts, "networkApplications")
    .required()
    .even_empty()
    .doc("The whole list of ids of zia_list_network_apps, such as [\"SSH\"].");
const MEMBER_SERVICES: Param = Param::body("service_ids", Kind::Texts, "services")
    .required()
    .even_empty()
    .form(Form::Ids(true))
    .doc("The whole list of ids of zia_list_network_services, such as [\"773990\"].");
const PORTS: Param = Param::local("ports", Kind::TextLists).filled().doc(
    "Entries [src or dest, tcp or udp, first port, last port if a range]: [[\"dest\", \"udp\", \
     \"6000\", \"6010\"]].",
);
const PORTS_OF: &[Value] = &[Value::Argument("ports", Form::Made(SERVICE_PORTS))];

/// Name and text of a signature go together; one that is not given is read.
const NAME_OF: Member = Member::new(
    "name",
    Value::First(&[Value::Argument("name", Form::Plain), Value::Answer(0, "/name")]),
)
.needed("the signature has no name; give one");
const TEXT_OF: Member = Member::new(
    "ruleText",
    Value::First(&[Value::Argument("rule_text", Form::Plain), Value::Answer(0, "/ruleText")]),
)
.needed("the signature has no text; give rule_text");
const CHANGED_SIGNATURE: Step =
    Step::new(ApiMethod::Put, ONE_SIGNATURE).takes(Takes::All).body(&[NAME_OF, TEXT_OF]);

pub(in crate::tools) const ROWS: &[Row] = &[
    new_rule("zia_create_cloud_firewall_dns_rule", SET, DNS_RULES, ADVANCED)
        .title("Create a DNS rule")
        .doc(
            "Adds a rule that allows, blocks or redirects name look-ups, and returns it with its \
             id.\nWithout order it comes before all others, and a criterion that advanced does not \
             hold fits everything: give both, or it decides about every look-up. A redirection \
             needs its target in advanced (redirect_ip). In advanced, groups, users, locations and \
             labels are lists of ids from the list tools; null counts as left out. Staged until \
             zia_activate_configuration.",
        )
        .params(&new_rule_params(DNS_ACTION, DNS_MORE))
        .subject("dns control rule", "", ""),
    new_rule("zia_create_cloud_firewall_ips_rule", SET, IPS_RULES, ADVANCED)
        .title("Create an IPS rule")
        .doc(
            "Adds a rule about traffic with signs of an attack, and returns it with its \
             id.\nWithout order it comes before all others, and a criterion that advanced does not \
             hold fits everything: an ALLOW or BYPASS_IPS without criteria turns the protection \
             off. In advanced, groups, services, users, locations and labels are lists of ids from \
             the list tools; null counts as left out. Staged until zia_activate_configuration.",
        )
        .params(&new_rule_params(IPS_ACTION, IPS_MORE))
        .subject("intrusion prevention rule", "", ""),
    new_rule("zia_create_cloud_firewall_rule", SET, RULES, ADVANCED)
        .title("Create a firewall rule")
        .doc(
            "Adds a rule that allows or blocks connections, and returns it with its id.\nWithout \
             order it comes before all others, and a criterion that advanced does not hold fits \
             everything: give both, or it decides about all traffic. In advanced, groups, \
             services, users, locations and labels are lists of ids from the list tools; null \
             counts as left out. Web pages have rules of their own \
             (zia_create_url_filtering_rule). Staged until zia_activate_configuration.",
        )
        .params(&new_rule_params(ACTION, MORE))
        .subject("firewall rule", "", ""),
    create("zia_create_ip_destination_group", SET, "/zia/api/v1/ipDestinationGroups")
        .title("Create a destination group")
        .doc(
            "Adds a group of addresses, names, countries or categories that rules can use as \
             destination, and returns it with its id.\nNo rule knows it yet: give the id among the \
             dest_ip_groups of one. Names must be unique: see zia_list_ip_destination_groups \
             first. Staged until zia_activate_configuration.",
        )
        .params(&[NEW_NAME, TYPE, OR_NULL, TARGETS, COUNTRIES, CATEGORIES])
        .subject("destination group", "", ""),
    create("zia_create_ip_source_group", SET, "/zia/api/v1/ipSourceGroups")
        .title("Create a source group")
        .doc(
            "Adds a group of addresses that rules can use as source, and returns it with its \
             id.\nNo rule knows it yet: give the id among the src_ip_groups of one. Names must be \
             unique: see zia_list_ip_source_groups first. Staged until zia_activate_configuration.",
        )
        .params(&[NEW_NAME, ADDRESSES, OR_NULL])
        .subject("source group", "", ""),
    create("zia_create_ips_signature_rule", SET, SIGNATURES)
        .title("Create an intrusion signature")
        .doc(
            "Adds a signature of the tenant's own, and returns it with its id.\nThe service checks \
             the text first and says what is wrong with it; a text with a fault is not stored. \
             Indentation that all lines share is removed. What happens on a match is decided by \
             intrusion prevention rules (zia_create_cloud_firewall_ips_rule). Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            NEW_NAME,
            Param::local("rule_text", Kind::Text)
                .required()
                .doc("Signature in the language of Snort: alert tcp any any -> any 443 (...)."),
            DESCRIPTION.even_empty(),
        ])
        .before(&[Step::new(ApiMethod::Post, "/zia/api/v1/ipsSignatureRules/validateRuleText")
            .body(&[Member::new("ruleText", Value::Argument("rule_text", Form::Made(SIGNATURE)))])])
        .body(&[Member::new("ruleText", Value::Made(CHECKED_SIGNATURE))])
        .subject("intrusion signature", "", ""),
    create("zia_create_network_app_group", SET, "/zia/api/v1/networkApplicationGroups")
        .title("Create an application group")
        .doc(
            "Adds a group of network applications for firewall rules, and returns it with its \
             id.\nNo rule knows it yet: give the id among the nw_application_groups of one. Names \
             must be unique: see zia_list_network_app_groups first. Staged until \
             zia_activate_configuration.",
        )
        .params(&[NEW_NAME, MEMBER_APPS, OR_NULL])
        .subject("network application group", "", ""),
    create("zia_create_network_service", SET, "/zia/api/v1/networkServices")
        .spread(PORTS_OF)
        .title("Create a network service")
        .doc(
            "Adds a service of the tenant's own, known by protocol and port, and returns it with \
             its id.\nNo rule knows it yet: give the id among the nw_services of one. Names must \
             be unique and most services exist: see zia_list_network_services first. Staged until \
             zia_activate_configuration.",
        )
        .params(&[NEW_NAME, PORTS.required(), DESCRIPTION])
        .subject("network service", "", ""),
    create("zia_create_network_svc_group", SET, "/zia/api/v1/networkServiceGroups")
        .title("Create a service group")
        .doc(
            "Adds a group of network services for firewall rules, and returns it with its id.\nNo \
             rule knows it yet: give the id among the nw_service_groups of one. Names must be \
             unique: see zia_list_network_svc_groups first. Staged until \
             zia_activate_configuration.",
        )
        .params(&[NEW_NAME, MEMBER_SERVICES, OR_NULL])
        .subject("network service group", "", ""),
    delete("zia_delete_cloud_firewall_dns_rule", SET, DNS_RULE)
        .title("Delete a DNS rule")
        .doc(
            "Deletes one DNS control rule, after the user has agreed.\nThe rules after it then \
             decide about its look-ups. To rest a rule, update it with enabled false instead. \
             Staged until zia_activate_configuration.",
        )
        .params(&[RULE_ID])
        .see("zia_list_cloud_firewall_dns_rules")
        .subject("dns control rule", "rule_id", "zia_get_cloud_firewall_dns_rule"),
    delete("zia_delete_cloud_firewall_ips_rule", SET, IPS_RULE)
        .title("Delete an IPS rule")
        .doc(
            "Deletes one intrusion prevention rule, after the user has agreed.\nThe rules after it \
             then decide about its traffic. To rest a rule, update it with enabled false instead. \
             Staged until zia_activate_configuration.",
        )
        .params(&[RULE_ID])
        .see("zia_list_cloud_firewall_ips_rules")
        .subject("intrusion prevention rule", "rule_id", "zia_get_cloud_firewall_ips_rule"),
    delete("zia_delete_cloud_firewall_rule", SET, RULE)
        .title("Delete a firewall rule")
        .doc(
            "Deletes one firewall rule, after the user has agreed.\nThe rules after it then decide \
             about its connections. To rest a rule, update it with enabled false instead. Staged \
             until zia_activate_configuration.",
        )
        .params(&[RULE_ID])
        .see("zia_list_cloud_firewall_rules")
        .subject("firewall rule", "rule_id", "zia_get_cloud_firewall_rule"),
    delete("zia_delete_ip_destination_group", SET, DESTINATION)
        .title("Delete a destination group")
        .doc(
            "Deletes one destination group, after the user has agreed.\nThe service refuses it \
             while rules use the group. Staged until zia_activate_configuration.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_ip_destination_groups")
        .subject("destination group", "group_id", "zia_get_ip_destination_group"),
    delete("zia_delete_ip_source_group", SET, SOURCE)
        .title("Delete a source group")
        .doc(
            "Deletes one source group, after the user has agreed.\nThe service refuses it while \
             rules use the group. Staged until zia_activate_configuration.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_ip_source_groups")
        .subject("source group", "group_id", "zia_get_ip_source_group"),
    delete("zia_delete_ips_signature_rule", SET, ONE_SIGNATURE)
        .title("Delete an intrusion signature")
        .doc(
            "Deletes one of the tenant's own intrusion signatures, after the user has \
             agreed.\nWhat only it recognised passes unseen afterwards. Staged until \
             zia_activate_configuration.",
        )
        .params(&[SIGNATURE_ID])
        .see("zia_list_ips_signature_rules")
        .subject("intrusion signature", "rule_id", "zia_get_ips_signature_rule"),
    delete("zia_delete_network_app_group", SET, APPS)
        .title("Delete an application group")
        .doc(
            "Deletes one group of network applications, after the user has agreed.\nThe service \
             refuses it while rules use the group. Staged until zia_activate_configuration.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_network_app_groups")
        .subject("network application group", "group_id", "zia_get_network_app_group"),
    delete("zia_delete_network_service", SET, SERVICE)
        .title("Delete a network service")
        .doc(
            "Deletes one network service of the tenant's own, after the user has agreed.\nThe \
             service refuses it while rules or groups use it, and always for a predefined one. \
             Staged until zia_activate_configuration.",
        )
        .params(&[SERVICE_ID])
        .see("zia_list_network_services")
        .subject("network service", "service_id", "zia_get_network_service"),
    delete("zia_delete_network_svc_group", SET, SERVICES)
        .title("Delete a service group")
        .doc(
            "Deletes one group of network services, after the user has agreed.\nThe service \
             refuses it while rules use the group. Staged until zia_activate_configuration.",
        )
        .params(&[GROUP_ID])
        .see("zia_list_network_svc_groups")
        .subject("network service group", "group_id", "zia_get_network_svc_group"),
    changed_rule("zia_update_cloud_firewall_dns_rule", SET, DNS_RULE, ADVANCED)
        .title("Replace a DNS rule")
        .doc(
            "Replaces one DNS control rule by what is given and returns it.\nWhat is left out is \
             not kept, and a missing criterion fits everything. Read it with \
             zia_get_cloud_firewall_dns_rule and give all that should stay; in advanced, groups, \
             users, locations and labels are lists of ids, and null counts as left out. Staged \
             until zia_activate_configuration.",
        )
        .params(&changed_rule_params(DNS_ACTION, DNS_MORE))
        .see("zia_list_cloud_firewall_dns_rules")
        .subject("dns control rule", "rule_id", "zia_get_cloud_firewall_dns_rule"),
    changed_rule("zia_update_cloud_firewall_ips_rule", SET, IPS_RULE, ADVANCED)
        .title("Replace an IPS rule")
        .doc(
            "Replaces one intrusion prevention rule by what is given and returns it.\nWhat is left \
             out is not kept, and a missing criterion fits everything. Read it with \
             zia_get_cloud_firewall_ips_rule and give all that should stay; in advanced, groups, \
             services, users, locations and labels are lists of ids, and null counts as left out. \
             Staged until zia_activate_configuration.",
        )
        .params(&changed_rule_params(IPS_ACTION, IPS_MORE))
        .see("zia_list_cloud_firewall_ips_rules")
        .subject("intrusion prevention rule", "rule_id", "zia_get_cloud_firewall_ips_rule"),
    changed_rule("zia_update_cloud_firewall_rule", SET, RULE, ADVANCED)
        .title("Replace a firewall rule")
        .doc(
            "Replaces one firewall rule by what is given and returns it.\nWhat is left out is not \
             kept, and a missing criterion fits everything. Read it with \
             zia_get_cloud_firewall_rule and give all that should stay; in advanced, groups, \
             services, users, locations and labels are lists of ids, and null counts as left out. \
             Staged until zia_activate_configuration.",
        )
        .params(&changed_rule_params(ACTION, MORE))
        .see("zia_list_cloud_firewall_rules")
        .subject("firewall rule", "rule_id", "zia_get_cloud_firewall_rule"),
    update("zia_update_ip_destination_group", SET, DESTINATION)
        .title("Replace a destination group")
        .doc(
            "Replaces one destination group by what is given and returns it.\nEvery member is \
             sent: a list or description that is left out is sent as null and is empty afterwards. \
             Read the group with zia_get_ip_destination_group and give all that should stay; there \
             is no way to add single entries. Every rule that uses the group changes with it. \
             Staged until zia_activate_configuration.",
        )
        .params(&[KEPT_NAME, TYPE, OR_NULL, TARGETS, COUNTRIES, CATEGORIES, GROUP_ID])
        .see("zia_list_ip_destination_groups")
        .subject("destination group", "group_id", "zia_get_ip_destination_group"),
    update("zia_update_ip_source_group", SET, SOURCE)
        .title("Replace a source group")
        .doc(
            "Replaces one source group by what is given and returns it.\nA description that is \
             left out is sent as null and is empty afterwards. Read the group with \
             zia_get_ip_source_group and give all addresses that should stay; there is no way to \
             add single ones. Every rule that uses the group changes with it. Staged until \
             zia_activate_configuration.",
        )
        .params(&[GROUP_ID, KEPT_NAME, ADDRESSES, OR_NULL])
        .see("zia_list_ip_source_groups")
        .subject("source group", "group_id", "zia_get_ip_source_group"),
    update("zia_update_ips_signature_rule", SET, ONE_SIGNATURE)
        .title("Change an intrusion signature")
        .doc(
            "Replaces name, text or description of one of the tenant's own signatures and returns \
             it.\nName and text stay when they are left out: the signature is read first. A \
             description that is left out is not sent, and the service may not keep it. The text \
             is not checked before; a fault in it shows in zia_get_ips_signature_rule. Staged \
             until zia_activate_configuration.",
        )
        .params(&[
            SIGNATURE_ID,
            Param::local("name", Kind::Text).doc("Name. The present one when left out."),
            Param::local("rule_text", Kind::Text)
                .doc("Signature in the language of Snort. The present one when left out."),
            DESCRIPTION.even_empty(),
        ])
        .refuse(&[Refusal::new(
            &[Cond::Absent("name"), Cond::Absent("rule_text"), Cond::Absent("description")],
            "nothing to change was given; give name, rule_text or description",
        )])
        .plans(&[
            Plan::when(&[Cond::Given("name"), Cond::Given("rule_text")], &[CHANGED_SIGNATURE]),
            Plan::otherwise(&[Step::get(ONE_SIGNATURE), CHANGED_SIGNATURE]),
        ])
        .see("zia_list_ips_signature_rules")
        .subject("intrusion signature", "rule_id", "zia_get_ips_signature_rule"),
    update("zia_update_network_app_group", SET, APPS)
        .title("Replace an application group")
        .doc(
            "Replaces one group of network applications by what is given and returns it.\nA \
             description that is left out is sent as null and is empty afterwards. Read the group \
             with zia_get_network_app_group and give all members that should stay. Every rule that \
             uses the group changes with it. Staged until zia_activate_configuration.",
        )
        .params(&[GROUP_ID, KEPT_NAME, MEMBER_APPS, OR_NULL])
        .see("zia_list_network_app_groups")
        .subject("network application group", "group_id", "zia_get_network_app_group"),
    update("zia_update_network_service", SET, SERVICE)
        .spread(PORTS_OF)
        .title("Replace a network service")
        .doc(
            "Replaces one network service of the tenant's own by what is given and returns \
             it.\nThe service does not keep ports or a description that are left out: read it with \
             zia_get_network_service and give all that should stay. Every rule and group that uses \
             it changes with it. Staged until zia_activate_configuration.",
        )
        .params(&[SERVICE_ID, KEPT_NAME, PORTS, DESCRIPTION.even_empty()])
        .see("zia_list_network_services")
        .subject("network service", "service_id", "zia_get_network_service"),
    update("zia_update_network_svc_group", SET, SERVICES)
        .title("Replace a service group")
        .doc(
            "Replaces one group of network services by what is given and returns it.\nA \
             description that is left out is sent as null and is empty afterwards. Read the group \
             with zia_get_network_svc_group and give all members that should stay. Every rule that \
             uses the group changes with it. Staged until zia_activate_configuration.",
        )
        .params(&[GROUP_ID, KEPT_NAME, MEMBER_SERVICES, OR_NULL])
        .see("zia_list_network_svc_groups")
        .subject("network service group", "group_id", "zia_get_network_svc_group"),
];
