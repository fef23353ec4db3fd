//! Zone: post-admission. Rows of the toolset `ztw` that change groups of addresses.

use crate::tools::exceptions_ztw::COUNTRY_CODES;
use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Refusal, Value};
use crate::tools::row::{Row, create, delete};
use crate::tools::ztw::{
    DESTINATIONS, DESTINATIONS_LISTED, GROUPS, GROUPS_LISTED, SET, SOURCES, SOURCES_LISTED,
};

const DESTINATION: &str = "ip destination group";
const GROUP: &str = "ip group";
const SOURCE: &str = "ip source group";

const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, digits.");
const NAME: Param =
    Param::body("name", Kind::Text, "name").required().doc("Name; no other group may have it.");
const DESCRIPTION: Param = Param::body("description", Kind::Text, "description")
    .even_empty()
    .absent(Value::Null)
    .doc("For administrators.");
const ADDRESSES: Param = Param::body("ip_addresses", Kind::Texts, "ipAddresses")
    .required()
    .filled()
    .doc("Addresses, ranges or networks: 192.0.2.1-192.0.2.9, 192.0.2.0/24.");

/// The arguments of the two kinds of groups that hold addresses only.
const ADDRESS_GROUP: &[Param] = &[NAME.filled(), ADDRESSES, DESCRIPTION];

pub(in crate::tools) const ROWS: &[Row] = &[
    create("ztw_create_ip_destination_group", SET, DESTINATIONS)
        .title("Create a destination group")
        .doc(
            "Adds a group of destinations for traffic rules of connectors and returns it with its \
             id.\ntype says what it holds: addresses for DSTN_IP, DSTN_FQDN and DSTN_DOMAIN, \
             countries for DSTN_OTHER. An unknown country is refused before anything is sent. No \
             rule uses the group yet. It waits until the configuration is activated in the \
             connector portal; no tool here does that.",
        )
        .params(&[
            NAME.even_empty(),
            Param::body("type", Kind::Text, "type")
                .required()
                .even_empty()
                .choices(&["DSTN_IP", "DSTN_FQDN", "DSTN_DOMAIN", "DSTN_OTHER"])
                .doc("What the group holds."),
            DESCRIPTION,
            Param::body("addresses", Kind::Texts, "addresses")
                .even_empty()
                .absent(Value::Null)
                .doc("Addresses, networks or domains, as type says."),
            Param::body("countries", Kind::Texts, "countries")
                .form(Form::Made(COUNTRY_CODES))
                .absent(Value::Null)
                .doc("Two or three letters or English names. For DSTN_OTHER."),
        ])
        .refuse(&[Refusal::new(
            &[Cond::Truthy("countries"), Cond::Differs("type", "DSTN_OTHER")],
            "countries go with type DSTN_OTHER only; leave them out or change the type",
        )])
        .subject(DESTINATION, "", ""),
    create("ztw_create_ip_group", SET, GROUPS)
        .title("Create an IP group")
        .doc(
            "Adds an IP group of connectors and returns it with its id.\nNames must be unique: see \
             ztw_list_ip_groups first. It waits until the configuration is activated in the \
             connector portal; no tool here does that.",
        )
        .params(ADDRESS_GROUP)
        .subject(GROUP, "", ""),
    create("ztw_create_ip_source_group", SET, SOURCES)
        .title("Create a source group")
        .doc(
            "Adds a group of source addresses for traffic rules of connectors and returns it with \
             its id.\nNo rule uses it yet. Names must be unique: see ztw_list_ip_source_groups \
             first. It waits until the configuration is activated in the connector portal; no tool \
             here does that.",
        )
        .params(ADDRESS_GROUP)
        .subject(SOURCE, "", ""),
    delete("ztw_delete_ip_destination_group", SET, "/ztw/api/v1/ipDestinationGroups/{group_id}")
        .title("Delete a destination group")
        .doc(
            "Deletes one destination group of connectors, after the user has agreed.\nThe service \
         refuses it while a rule uses the group. It waits until the configuration is activated in \
         the connector portal; no tool here does that.",
        )
        .params(&[GROUP_ID])
        .see(DESTINATIONS_LISTED)
        .subject(DESTINATION, "group_id", ""),
    delete("ztw_delete_ip_group", SET, "/ztw/api/v1/ipGroups/{group_id}")
        .title("Delete an IP group")
        .doc(
            "Deletes one IP group of connectors, after the user has agreed.\nThe service refuses \
             it while something uses the group. It waits until the configuration is activated in \
             the connector portal; no tool here does that.",
        )
        .params(&[GROUP_ID])
        .see(GROUPS_LISTED)
        .subject(GROUP, "group_id", ""),
    delete("ztw_delete_ip_source_group", SET, "/ztw/api/v1/ipSourceGroups/{group_id}")
        .title("Delete a source group")
        .doc(
            "Deletes one source group of connectors, after the user has agreed.\nThe service \
             refuses it while a rule uses the group. It waits until the configuration is \
             activated in the connector portal; no tool here does that.",
        )
        .params(&[GROUP_ID])
        .see(SOURCES_LISTED)
        .subject(SOURCE, "group_id", ""),
];
