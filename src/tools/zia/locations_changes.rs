//! Zone: post-admission. Rows of the toolset `zia_locations` that change sites and tunnels.

use crate::backend::ApiMethod;
use crate::tools::exceptions_zia::NO_ADDRESS;
use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Find, Member, Plan, Refusal, Step, Takes, Test, Value};
use crate::tools::row::{Row, create, delete, update};

const SET: &str = "zia_locations";
const LOCATION: &str = "/zia/api/v1/locations/{location_id}";
const STATIC_IP: &str = "/zia/api/v1/staticIP/{static_ip_id}";
const CREDENTIAL: &str = "/zia/api/v1/vpnCredentials/{credential_id}";

const ADVANCED: &[Value] = &[Value::Argument("advanced", Form::CamelNames)];
const TWICE: &str = "advanced holds what is an argument of its own as well; give it once: name, \
                     country, tz, ip_addresses and description outside advanced";
/// Members of the free-form part would silently take the place of arguments.
const ONCE: [Refusal; 6] = [
    Refusal::new(&[Cond::HasMember("advanced", "name")], TWICE),
    Refusal::new(&[Cond::Given("country"), Cond::HasMember("advanced", "country")], TWICE),
    Refusal::new(&[Cond::Given("tz"), Cond::HasMember("advanced", "tz")], TWICE),
    Refusal::new(
        &[Cond::Given("ip_addresses"), Cond::HasMember("advanced", "ip_addresses")],
        TWICE,
    ),
    Refusal::new(&[Cond::Given("ip_addresses"), Cond::HasMember("advanced", "ipAddresses")], TWICE),
    Refusal::new(&[Cond::Given("description"), Cond::HasMember("advanced", "description")], TWICE),
];

const LOCATION_ID: Param = Param::path("location_id").doc("Id of the location, digits.");
const NAME: Param = Param::body("name", Kind::Text, "name").required().even_empty();
const COUNTRY: Param = Param::body("country", Kind::Text, "country")
    .even_empty()
    .doc("Country as the service names it, such as FRANCE or UNITED_STATES.");
const TZ: Param = Param::body("tz", Kind::Text, "tz")
    .even_empty()
    .doc("Time zone as the service names it, such as FRANCE_EUROPE_PARIS.");
const ADDRESSES: Param = Param::body("ip_addresses", Kind::Texts, "ipAddresses").even_empty();
const DESCRIPTION: Param =
    Param::body("description", Kind::Text, "description").even_empty().doc("For administrators.");
const MORE: Param = Param::local("advanced", Kind::Object).doc(
    "More, as zia_get_location shows: {\"vpn_credentials\": [{\"id\": 77001, \"type\": \
     \"UFQDN\"}]}. Sent as given.",
);

const TUNNEL_ID: Param = Param::path("tunnel_id").doc("Id of the tunnel, digits.");
const SOURCE: Param = Param::local("static_ip_address", Kind::Text)
    .required()
    .filled()
    .doc("Public address that the tunnel comes from, such as 198.51.100.24.");
const SOURCE_OF: Value = Value::Argument("static_ip_address", Form::Plain);
const NULL: Value = Value::Null;

const STATIC_IP_ID: Param =
    Param::path("static_ip_id").doc("Id of the record, digits; not the address itself.");
const COMMENT: Param =
    Param::body("comment", Kind::Text, "comment").even_empty().doc("For administrators.");
const GEO_OVERRIDE: Param = Param::body("geo_override", Kind::Boolean, "geoOverride")
    .even_empty()
    .doc("true takes latitude and longitude in place of what the service knows.");
const ROUTABLE: Param = Param::body("routable_ip", Kind::Boolean, "routableIP")
    .even_empty()
    .doc("Whether the address can be reached from the Internet.");
const LATITUDE: Param = Param::body("latitude", Kind::Number, "latitude")
    .even_empty()
    .doc("Degrees north, such as 45.76. Used with geo_override.");
const LONGITUDE: Param = Param::body("longitude", Kind::Number, "longitude")
    .even_empty()
    .doc("Degrees east, such as 4.84. Used with geo_override.");

const CREDENTIAL_ID: Param = Param::path("credential_id").doc("Id of the credential, digits.");
const KEY: Param = Param::body("pre_shared_key", Kind::Text, "preSharedKey").even_empty();
const COMMENTS: Param = Param::body("comments", Kind::Text, "comments").even_empty();

const NO_RANGE: &str = "the service has no free internal range for this address; no tunnel was \
                        made, and the address stays registered";
const NO_CENTRE: &str = "the service recommends no data centre for this address; no tunnel was \
                         made, and the address stays registered";
const NO_SECOND: &str = "the service recommends no second data centre in another city for this \
                         address; no tunnel was made, and the address stays registered";

/// Finds the address, registers it when it is new.
const FIND_SOURCE: Step =
    Step::get("/zia/api/v1/staticIP").query(&[Member::new("ipAddress", SOURCE_OF)]);
const REGISTER_SOURCE: Step = Step::new(ApiMethod::Post, "/zia/api/v1/staticIP")
    .body(&[
        Member::new("ipAddress", SOURCE_OF),
        Member::new("comment", Value::Argument("comment", Form::Plain)),
        Member::new("comment", NULL).when(&[Cond::Absent("comment")]),
    ])
    .when(&[Cond::NoRecords(0)]);
const RANGES: Step = Step::get("/zia/api/v1/greTunnels/availableInternalIpRanges")
    .query(&[Member::new("staticIp", SOURCE_OF)]);
const CENTRES: Step =
    Step::get("/zia/api/v1/vips/recommendedList").query(&[Member::new("sourceIp", SOURCE_OF)]);
const TUNNEL: Step = Step::new(ApiMethod::Post, "/zia/api/v1/greTunnels").takes(Takes::All);

/// The tunnel has the internal range that the caller gave, or none.
const WITH_GIVEN_RANGE: &[Step] = &[
    FIND_SOURCE,
    REGISTER_SOURCE,
    CENTRES,
    TUNNEL.body(&[
        Member::new("internalIpRange", NULL).when(&[Cond::Absent("internal_ip_range")]),
        Member::new("sourceIp", SOURCE_OF),
        first_centre(2),
        second_centre(2, &Value::Answer(2, "/0/city")),
    ]),
];

/// Returns the member with the first data centre that the answer to `step` recommends.
const fn first_centre(step: usize) -> Member {
    Member::new("primaryDestVip.id", Value::Answer(step, "/0/id")).needed(NO_CENTRE)
}

/// Returns the member with the first one after it in a city other than `city`.
const fn second_centre(step: usize, city: &'static Value) -> Member {
    let other = Find { step, list: "", member: "city", test: Test::Other, with: city, take: "/id" };
    Member::new("secondaryDestVip.id", Value::Found(other)).needed(NO_SECOND)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zia_create_gre_tunnel", SET, "")
        .title("Create a GRE tunnel")
        .doc(
            "Adds a GRE tunnel from a public address of the tenant to the two data centres that \
             the service recommends, in different cities, and returns it.\nAn address that is not \
             registered yet is registered as a static IP first, and stays so when the tunnel \
             cannot be made. Without ip_unnumbered the tunnel gets the given internal range, else \
             the first free one. The router has to be set up by hand. Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            SOURCE,
            Param::body("ip_unnumbered", Kind::Boolean, "ipUnnumbered")
                .even_empty()
                .absent(NULL)
                .doc("true for a tunnel without internal addresses."),
            Param::body("internal_ip_range", Kind::Text, "internalIpRange")
                .even_empty()
                .doc("First address of a range of zia_list_gre_ranges, such as 172.17.8.0."),
            Param::body("comment", Kind::Text, "comment")
                .even_empty()
                .absent(NULL)
                .doc("For administrators; the static IP gets it too when it is new."),
        ])
        .plans(&[
            Plan::when(&[Cond::Truthy("ip_unnumbered")], WITH_GIVEN_RANGE),
            Plan::when(&[Cond::Truthy("internal_ip_range")], WITH_GIVEN_RANGE),
            Plan::otherwise(&[
                FIND_SOURCE,
                REGISTER_SOURCE,
                RANGES,
                CENTRES,
                TUNNEL.body(&[
                    Member::new("internalIpRange", Value::Answer(2, "/0/startIPAddress"))
                        .needed(NO_RANGE),
                    Member::new("sourceIp", SOURCE_OF),
                    first_centre(3),
                    second_centre(3, &Value::Answer(3, "/0/city")),
                ]),
            ]),
        ])
        .subject("gre tunnel", "", ""),
    create("zia_create_location", SET, "/zia/api/v1/locations")
        .spread(ADVANCED)
        .title("Create a location")
        .doc(
            "Adds a site whose traffic comes from given addresses or tunnels, and returns it with \
             its id.\nIt needs ip_addresses or, in advanced, vpn_credentials. Addresses must be \
             registered first (zia_list_static_ips, zia_create_static_ip) and belong to no other \
             location. Authentication, firewall and inspection of the site are members of advanced \
             (auth_required, ofw_enabled and others); what is left out is mostly off. Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            NAME.doc("Name; no other location may have it."),
            COUNTRY,
            TZ,
            ADDRESSES.doc("Public addresses of the site, such as [\"198.51.100.24\"]."),
            DESCRIPTION,
            MORE,
        ])
        .refuse(&[
            Refusal::new(
                &[Cond::Made(NO_ADDRESS)],
                "a location needs ip_addresses or, in advanced, vpn_credentials; \
                 zia_list_static_ips and zia_list_vpn_credentials have those that exist",
            ),
            ONCE[0],
            ONCE[1],
            ONCE[2],
            ONCE[3],
            ONCE[4],
            ONCE[5],
        ])
        .subject("location", "", ""),
    create("zia_create_static_ip", SET, "/zia/api/v1/staticIP")
        .title("Register a static IP")
        .doc(
            "Registers one public egress address of the tenant and returns it with its \
             id.\nLocations and GRE tunnels can use it then. It must not be registered already \
             (zia_list_static_ips), here or by another tenant. Without geo_override the service \
             finds the place itself. Staged until zia_activate_configuration.",
        )
        .params(&[
            Param::body("ip_address", Kind::Text, "ipAddress")
                .required()
                .even_empty()
                .doc("Public address, such as 198.51.100.24."),
            COMMENT,
            GEO_OVERRIDE,
            ROUTABLE,
            LATITUDE,
            LONGITUDE,
        ])
        .subject("static ip address", "", ""),
    create("zia_create_vpn_credential", SET, "/zia/api/v1/vpnCredentials")
        .title("Create a VPN credential")
        .doc(
            "Adds a credential by which an IPsec tunnel signs in, and returns it with its id.\nIP \
             needs ip_address, which must be registered (zia_list_static_ips); UFQDN needs fqdn. \
             No tunnel uses it before it is among the vpn_credentials of a location. Take a key \
             that a person or a generator has made, not an invented one. Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            Param::body("credential_type", Kind::Text, "type")
                .required()
                .even_empty()
                .choices(&["IP", "UFQDN"])
                .doc("How the tunnel names itself. It cannot be changed later."),
            KEY.required().filled().doc("The secret that both ends share."),
            Param::body("ip_address", Kind::Text, "ipAddress")
                .even_empty()
                .doc("Registered public address. For IP."),
            Param::body("fqdn", Kind::Text, "fqdn")
                .even_empty()
                .doc("Name in the form of a mail address, such as lyon@example.com. For UFQDN."),
            COMMENTS.doc("For administrators."),
        ])
        .refuse(&[
            Refusal::new(
                &[Cond::Equals("credential_type", "IP"), Cond::Falsy("ip_address")],
                "IP needs ip_address; add it and try again",
            ),
            Refusal::new(
                &[Cond::Equals("credential_type", "UFQDN"), Cond::Falsy("fqdn")],
                "UFQDN needs fqdn; add it and try again",
            ),
        ])
        .subject("vpn credential", "", ""),
    delete("zia_delete_gre_tunnel", SET, STATIC_IP)
        .title("Delete a GRE tunnel")
        .doc(
            "Deletes one GRE tunnel and then the registration of its static IP address, after the \
             user has agreed.\nThe service refuses the address while a location or another tunnel \
             uses it; the tunnel is gone then all the same. zia_get_gre_tunnel shows the source \
             address, zia_list_static_ips its id. Staged until zia_activate_configuration.",
        )
        .params(&[
            TUNNEL_ID,
            STATIC_IP_ID.doc("Id of the static IP the tunnel comes from; not the address itself."),
        ])
        .before(&[Step::new(ApiMethod::Delete, "/zia/api/v1/greTunnels/{tunnel_id}")])
        .see("zia_list_gre_tunnels")
        .subject("gre tunnel", "tunnel_id", "zia_get_gre_tunnel"),
    delete("zia_delete_location", SET, LOCATION)
        .title("Delete a location")
        .doc(
            "Deletes one location, after the user has agreed.\nIts traffic is no longer known as \
             coming from this site, and rules about the site no longer fit it. Its addresses and \
             credentials stay registered. Staged until zia_activate_configuration.",
        )
        .params(&[LOCATION_ID])
        .see("zia_list_locations")
        .subject("location", "location_id", "zia_get_location"),
    delete("zia_delete_static_ip", SET, STATIC_IP)
        .title("Delete a static IP")
        .doc(
            "Deletes the registration of one static egress address, after the user has \
             agreed.\nThe service refuses it while a location, a GRE tunnel or a VPN credential \
             uses the address. Staged until zia_activate_configuration.",
        )
        .params(&[STATIC_IP_ID])
        .see("zia_list_static_ips")
        .subject("static ip address", "static_ip_id", "zia_get_static_ip"),
    delete("zia_delete_vpn_credential", SET, CREDENTIAL)
        .title("Delete a VPN credential")
        .doc(
            "Deletes one VPN credential, after the user has agreed.\nTunnels that sign in with it \
             end for good; its key cannot be read back. zia_get_vpn_credential shows the location \
             that uses it. Staged until zia_activate_configuration.",
        )
        .params(&[CREDENTIAL_ID])
        .see("zia_list_vpn_credentials")
        .subject("vpn credential", "credential_id", "zia_get_vpn_credential"),
    update("zia_update_location", SET, LOCATION)
        .spread(ADVANCED)
        .title("Replace a location")
        .doc(
            "Replaces one location by what is given and returns it.\nThe service does not keep \
             what is left out: addresses, tunnels and inspection that are missing are gone or off \
             afterwards. Read it with zia_get_location and give all that should stay, with the \
             change. Staged until zia_activate_configuration.",
        )
        .params(&[
            NAME.doc("Name; give the present one to keep it."),
            COUNTRY,
            TZ,
            ADDRESSES.doc("All public addresses of the site as they should be."),
            DESCRIPTION,
            MORE,
            LOCATION_ID,
        ])
        .refuse(&ONCE)
        .see("zia_list_locations")
        .subject("location", "location_id", "zia_get_location"),
    update("zia_update_static_ip", SET, STATIC_IP)
        .title("Change a static IP")
        .doc(
            "Replaces comment and place of one static egress address and returns it.\nThe address \
             itself stays; it is read first. The service does not keep anything else that is left \
             out: read the record with zia_get_static_ip and give all that should stay. Staged \
             until zia_activate_configuration.",
        )
        .params(&[STATIC_IP_ID, COMMENT, GEO_OVERRIDE, ROUTABLE, LATITUDE, LONGITUDE])
        .refuse(&[Refusal::new(
            &[
                Cond::Absent("comment"),
                Cond::Absent("geo_override"),
                Cond::Absent("routable_ip"),
                Cond::Absent("latitude"),
                Cond::Absent("longitude"),
            ],
            "nothing to change was given; give comment, place or routable_ip",
        )])
        .before(&[Step::get(STATIC_IP)])
        .body(&[Member::new("ipAddress", Value::Answer(0, "/ipAddress"))
            .needed("the record holds no address; nothing was changed")])
        .see("zia_list_static_ips")
        .subject("static ip address", "static_ip_id", "zia_get_static_ip"),
    update("zia_update_vpn_credential", SET, CREDENTIAL)
        .title("Change a VPN credential")
        .doc(
            "Replaces key and comment of one VPN credential and returns it.\nBoth are sent: one \
             that is left out is sent as null, so give the one that should stay as well; the key \
             cannot be read back. Kind, name and address cannot be changed. The credential is read \
             first to see that it exists. The tunnel ends until its other end has the new key. \
             Staged until zia_activate_configuration.",
        )
        .params(&[
            CREDENTIAL_ID,
            KEY.absent(NULL).doc("The secret that both ends share."),
            COMMENTS.absent(NULL).doc("For administrators."),
        ])
        .refuse(&[Refusal::new(
            &[Cond::Absent("pre_shared_key"), Cond::Absent("comments")],
            "nothing to change was given; give pre_shared_key, comments or both",
        )])
        .before(&[Step::get(CREDENTIAL)])
        .see("zia_list_vpn_credentials")
        .subject("vpn credential", "credential_id", "zia_get_vpn_credential"),
];
