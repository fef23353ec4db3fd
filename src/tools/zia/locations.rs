//! Zone: post-admission. Rows of the toolset `zia_locations`.

use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Cond, Plan, Refusal, Step, Takes};
use crate::tools::row::{Row, get, list};
use crate::tools::zia::SEARCH;

const SET: &str = "zia_locations";
const BY_COORDINATES: Cond = Cond::Equals("action", "geo_by_coordinates");
const BY_IP: Cond = Cond::Equals("action", "geo_by_ip");

pub(in crate::tools) const ROWS: &[Row] = &[
    list("zia_geo_search", SET, "/zia/api/v1/region/search")
        .title("Find a city or region")
        .doc(
            "Returns the cities, with ids and coordinates, that the service knows for a \
             place.\nChoose the action: geo_by_coordinates needs latitude and longitude, geo_by_ip \
             needs ip, city_prefix_search needs prefix. An empty list means that no city fits; an \
             address that the service does not know is an error 404. This is about places in \
             general; the sites of the tenant are in zia_list_locations.",
        )
        .params(&[
            Param::local("action", Kind::Text)
                .required()
                .choices(&["geo_by_coordinates", "geo_by_ip", "city_prefix_search"])
                .doc("What to search by."),
            Param::query("latitude", Kind::Number, "latitude")
                .even_empty()
                .doc("Degrees north, such as 45.76. For geo_by_coordinates."),
            Param::query("longitude", Kind::Number, "longitude")
                .even_empty()
                .doc("Degrees east, such as 4.84. For geo_by_coordinates."),
            Param::maybe_path("ip").doc("Public address. For geo_by_ip."),
            Param::query("prefix", Kind::Text, "prefix")
                .doc("First letters of a city, such as Ly. For city_prefix_search."),
        ])
        .refuse(&[
            Refusal::new(
                &[BY_COORDINATES, Cond::Absent("latitude")],
                "geo_by_coordinates needs latitude; add it and try again",
            ),
            Refusal::new(
                &[BY_COORDINATES, Cond::Absent("longitude")],
                "geo_by_coordinates needs longitude; add it and try again",
            ),
            Refusal::new(&[BY_IP, Cond::Falsy("ip")], "geo_by_ip needs ip; add it and try again"),
            Refusal::new(
                &[Cond::Equals("action", "city_prefix_search"), Cond::Falsy("prefix")],
                "city_prefix_search needs prefix; add it and try again",
            ),
        ])
        .plans(&[
            Plan::when(
                &[BY_COORDINATES],
                &[Step::get("/zia/api/v1/region/byGeoCoordinates")
                    .takes(Takes::Only(&["latitude", "longitude"]))],
            ),
            Plan::when(&[BY_IP], &[Step::get("/zia/api/v1/region/byIPAddress/{ip}")]),
            Plan::otherwise(&[
                Step::get("/zia/api/v1/region/search").takes(Takes::Only(&["prefix"]))
            ]),
        ]),
    get("zia_get_gre_tunnel", SET, "/zia/api/v1/greTunnels/{tunnel_id}")
        .title("Get a GRE tunnel")
        .doc(
            "Returns one GRE tunnel: source address, internal range, primary and secondary \
             destination.\nUse it when the id is known, else zia_list_gre_tunnels.",
        )
        .params(&[Param::path("tunnel_id").doc("Id of the tunnel, digits.")])
        .see("zia_list_gre_tunnels"),
    get("zia_get_location", SET, "/zia/api/v1/locations/{location_id}")
        .title("Get a location")
        .doc(
            "Returns one location with its addresses, tunnels, bandwidth and inspection settings.\n\
             Use it when the id is known, else zia_list_locations.",
        )
        .params(&[Param::path("location_id").doc("Id of the location, digits.")])
        .see("zia_list_locations"),
    get("zia_get_location_group", SET, "/zia/api/v1/locations/groups/{group_id}")
        .title("Get a location group")
        .doc(
            "Returns one location group with its members or, for a dynamic group, its criteria.\n\
             Use it when the id is known, else zia_list_location_groups.",
        )
        .params(&[Param::path("group_id").doc("Id of the group, digits.")])
        .see("zia_list_location_groups"),
    get("zia_get_static_ip", SET, "/zia/api/v1/staticIP/{static_ip_id}")
        .title("Get a static IP address")
        .doc(
            "Returns one static egress address with its place and comment.\n\
             Use it when the id is known, else zia_list_static_ips.",
        )
        .params(&[
            Param::path("static_ip_id").doc("Id of the record, digits; not the address itself.")
        ])
        .see("zia_list_static_ips"),
    get("zia_get_vpn_credential", SET, "/zia/api/v1/vpnCredentials/{credential_id}")
        .title("Get a VPN credential")
        .doc(
            "Returns one VPN credential: its kind, name or address and the location that uses it.\n\
             The pre-shared key is never part of it. Use zia_list_vpn_credentials to find the id.",
        )
        .params(&[Param::path("credential_id").doc("Id of the credential, digits.")])
        .see("zia_list_vpn_credentials"),
    list("zia_list_gre_ranges", SET, "/zia/api/v1/greTunnels/availableInternalIpRanges")
        .title("List free GRE ranges")
        .doc(
            "Returns internal address ranges that a new GRE tunnel could use, as startIPAddress \
             and endIPAddress.\nRanges in use are not in it; those are in zia_list_gre_tunnels. \
             An empty list means that nothing fits or nothing is free.",
        )
        .params(&[
            Param::query("internal_ip_range", Kind::Text, "internalIpRange")
                .doc("First address of a wanted range, such as 172.17.8.0."),
            Param::query("static_ip", Kind::Text, "staticIp")
                .doc("Static egress address that the tunnel would start from."),
            Param::query("limit", Kind::Integer, "limit")
                .doc("How many ranges at most; the service decides when it is left out."),
        ])
        .wire_names(),
    list("zia_list_gre_tunnels", SET, "/zia/api/v1/greTunnels").title("List GRE tunnels").doc(
        "Returns the GRE tunnels of the tenant with source address, internal range and \
         destinations.\nOnly the service's first page comes: a full or round count may not be all. \
         An empty list means that no GRE tunnel exists; IPsec tunnels are in \
         zia_list_vpn_credentials.",
    ),
    list("zia_list_location_groups", SET, "/zia/api/v1/locations/groups")
        .title("List location groups")
        .doc(
            "Returns the groups that locations are put into, with their members.\nUse search for a \
             part of the name, or name for the whole of it. Only the service's first page comes: a \
             full or round count may not be all, so narrow with search. An empty list means that \
             none fits. The single sites are in zia_list_locations.",
        )
        .params(&[
            SEARCH,
            Param::query("name", Kind::Text, "name").doc("The whole name of one group."),
        ]),
    list("zia_list_locations", SET, "/zia/api/v1/locations")
        .title("List locations")
        .doc(
            "Returns the sites of the tenant: name, country, addresses, tunnels and settings.\nA \
             parent_id other than 0 marks a part of another location. Only the service's first \
             page comes: a full or round count may not be all, so narrow with search. An empty \
             list means that no name fits the search.",
        )
        .params(&[SEARCH]),
    list("zia_list_static_ips", SET, "/zia/api/v1/staticIP")
        .title("List static IP addresses")
        .doc(
            "Returns the egress addresses that the tenant has registered, with place and \
             comment.\nOnly the service's first page comes: a full or round count may not be all, \
             so narrow with search. An empty list means that none is registered or none fits the \
             search.",
        )
        .params(&[Param::query("search", Kind::Text, "search")
            .doc("Part of an address or of a comment. Leave it out for all records.")]),
    list("zia_list_vpn_credentials", SET, "/zia/api/v1/vpnCredentials")
        .title("List VPN credentials")
        .doc(
            "Returns the credentials of IPsec tunnels with the location that uses \
             each.\nPre-shared keys are never part of them. Only the service's first page comes: a \
             full or round count may not be all, so narrow with search. An empty list means that \
             none fits.",
        )
        .params(&[Param::query("search", Kind::Text, "search")
            .doc("Part of a name, address or comment. Leave it out for all records.")]),
];
