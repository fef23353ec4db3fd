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
        .title("Find a city")
        .doc(
            "Returns the cities, with ids and coordinates, that the service knows for a \
             place.\ngeo_by_coordinates needs latitude and longitude, geo_by_ip ip, \
             city_prefix_search prefix. An unknown address is an error 404. Sites of the tenant: \
             zia_list_locations. Empty: none fits.",
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
             destination.\nIds: zia_list_gre_tunnels.",
        )
        .params(&[Param::path("tunnel_id").doc("Id of the tunnel, digits.")])
        .see("zia_list_gre_tunnels"),
    get("zia_get_location", SET, "/zia/api/v1/locations/{location_id}")
        .title("Get a location")
        .doc(
            "Returns one location with its addresses, tunnels, bandwidth and inspection \
             settings.\nIds: zia_list_locations.",
        )
        .params(&[Param::path("location_id").doc("Id of the location, digits.")])
        .see("zia_list_locations"),
    get("zia_get_location_group", SET, "/zia/api/v1/locations/groups/{group_id}")
        .title("Get a location group")
        .doc(
            "Returns one location group with its members or, for a dynamic group, its \
             criteria.\nIds: zia_list_location_groups.",
        )
        .params(&[Param::path("group_id").doc("Id of the group, digits.")])
        .see("zia_list_location_groups"),
    get("zia_get_static_ip", SET, "/zia/api/v1/staticIP/{static_ip_id}")
        .title("Get a static IP")
        .doc(
            "Returns one static egress address with its place and comment.\nIds: \
             zia_list_static_ips.",
        )
        .params(&[
            Param::path("static_ip_id").doc("Id of the record, digits; not the address itself.")
        ])
        .see("zia_list_static_ips"),
    get("zia_get_vpn_credential", SET, "/zia/api/v1/vpnCredentials/{credential_id}")
        .title("Get a VPN credential")
        .doc(
            "Returns one VPN credential: its kind, name or address and the location that uses \
             it.\nNever the pre-shared key. Ids: zia_list_vpn_credentials.",
        )
        .params(&[Param::path("credential_id").doc("Id of the credential, digits.")])
        .see("zia_list_vpn_credentials"),
    list("zia_list_gre_ranges", SET, "/zia/api/v1/greTunnels/availableInternalIpRanges")
        .title("List free GRE ranges")
        .doc(
            "Returns internal address ranges that a new GRE tunnel could use, as startIPAddress \
             and endIPAddress.\nThose in use: zia_list_gre_tunnels. Empty: none fits or none is \
             free.",
        )
        .params(&[
            Param::query("internal_ip_range", Kind::Text, "internalIpRange")
                .doc("First address of a wanted range, such as 172.17.8.0."),
            Param::query("static_ip", Kind::Text, "staticIp")
                .doc("Static egress address that the tunnel would start from."),
            Param::query("limit", Kind::Integer, "limit").doc("How many ranges at most."),
        ])
        .wire_names(),
    list("zia_list_gre_tunnels", SET, "/zia/api/v1/greTunnels").title("List GRE tunnels").doc(
        "Returns the GRE tunnels of the tenant with source address, internal range and \
         destinations.\nOnly the first page comes. IPsec tunnels: zia_list_vpn_credentials. Empty: \
         none.",
    ),
    list("zia_list_location_groups", SET, "/zia/api/v1/locations/groups")
        .title("List location groups")
        .doc(
            "Returns the groups that locations are put into, with their members.\nsearch takes a \
             part of the name, name the whole. Only the first page comes: narrow with search. \
             Single sites: zia_list_locations. Empty: none fits.",
        )
        .params(&[
            SEARCH,
            Param::query("name", Kind::Text, "name").doc("Whole name of one group."),
        ]),
    list("zia_list_locations", SET, "/zia/api/v1/locations")
        .title("List locations")
        .doc(
            "Returns the sites of the tenant: name, country, addresses, tunnels and settings.\nA \
             parent_id other than 0 marks a part of another location. Only the first page comes: \
             narrow with search. Empty: none fits.",
        )
        .params(&[SEARCH]),
    list("zia_list_static_ips", SET, "/zia/api/v1/staticIP")
        .title("List static IPs")
        .doc(
            "Returns the egress addresses that the tenant has registered, with place and \
             comment.\nOnly the first page comes: narrow with search. Empty: none fits.",
        )
        .params(&[
            Param::query("search", Kind::Text, "search").doc("Part of an address or comment.")
        ]),
    list("zia_list_vpn_credentials", SET, "/zia/api/v1/vpnCredentials")
        .title("List VPN credentials")
        .doc(
            "Returns the credentials of IPsec tunnels with the location that uses each.\nNever the \
             pre-shared keys. Only the first page comes: narrow with search. Empty: none fits.",
        )
        .params(&[
            Param::query("search", Kind::Text, "search").doc("Part of a name, address or comment.")
        ]),
];
