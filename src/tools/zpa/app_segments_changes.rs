//! Zone: post-admission. Rows of the toolset `zpa_app_segments` that change something.

use crate::backend::ApiMethod;
use crate::tools::exceptions_zpa_apps::{
    PRA_APPS, PRA_APPS_CHECKED, PRA_APPS_GIVEN, PRA_APPS_MERGED, longer,
};
use crate::tools::exceptions_zpa_segments::{
    ADVANCED, ADVANCED_BROWSER, ADVANCED_REMOTE, CHECKED, CHECKED_BROWSER, CHECKED_REMOTE,
    NEEDS_APPS, NEEDS_BROWSER_APPS, NO_PORTS,
};
use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Plan, Refusal, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_app_segments";
const SUBJECT: &str = "application segment";
const READ: &str = "zpa_get_application_segment";
const READ_BROWSER: &str = "zpa_get_application_segment_ba";
const READ_REMOTE: &str = "zpa_get_application_segment_pra";
const LISTED: &str = "zpa_list_application_segments";
const ALL: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/application";
const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/application/{segment_id}";
const BY_TYPE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/application/getAppsByType";

const SEGMENT_ID: Param = Param::path("segment_id").doc("Id of the segment, digits.");
const NEW_NAME: Param =
    Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet.");
const NEW_GROUP: Param = Param::body("segment_group_id", Kind::Id, "segmentGroupId")
    .required()
    .filled()
    .doc("Id of the segment group it joins, from zpa_list_segment_groups.");
const NAME: Param =
    Param::body("name", Kind::Text, "name").even_empty().doc("Name; not sent when left out.");
const GROUP: Param = Param::body("segment_group_id", Kind::Id, "segmentGroupId")
    .even_empty()
    .doc("Id of its segment group; not sent when left out.");
const DOMAINS: Param = Param::body("domain_names", Kind::Texts, "domainNames").even_empty().doc(
    "All domains and addresses, such as wiki.example.com or *.example.com; not sent when left out.",
);
const SERVER_GROUPS: Param = Param::body("server_group_ids", Kind::Texts, "serverGroups")
    .even_empty()
    .form(Form::Ids(false))
    .doc("Ids of all its server groups, from zpa_list_server_groups; not sent when left out.");
const NEW_TCP: Param =
    Param::body("tcp_port_ranges", Kind::Texts, "tcpPortRanges").even_empty().doc(
        "TCP ports, first and last of each range in turn: [\"443\", \"443\", \"8000\", \"8010\"].",
    );
const NEW_UDP: Param = Param::body("udp_port_ranges", Kind::Texts, "udpPortRanges")
    .even_empty()
    .doc("UDP ports, first and last of each range in turn: [\"53\", \"53\"].");
const TCP: Param = Param::body("tcp_port_ranges", Kind::Texts, "tcpPortRanges")
    .even_empty()
    .absent(Value::Texts(&[]))
    .doc(
        "All TCP ports, first and last of each range in turn: [\"443\", \"443\"]. None when left \
         out.",
    );
const UDP: Param = Param::body("udp_port_ranges", Kind::Texts, "udpPortRanges")
    .even_empty()
    .absent(Value::Texts(&[]))
    .doc(
        "All UDP ports, first and last of each range in turn: [\"53\", \"53\"]. None when left \
         out.",
    );
const DESCRIPTION: Param = Param::body("description", Kind::Text, "description")
    .even_empty()
    .doc("Remark for administrators; not sent when left out.");
const NEW_ENABLED: Param = Param::body("enabled", Kind::Boolean, "enabled")
    .even_empty()
    .preset(Preset::Bool(true))
    .doc("false makes it unreachable.");
const ENABLED: Param = Param::body("enabled", Kind::Boolean, "enabled")
    .even_empty()
    .doc("false makes it unreachable; not sent when left out.");
const MORE: Param = Param::local("advanced", Kind::Object).doc(
    "Other members, as zpa_get_application_segment shows them: {\"health_reporting\": \
     \"ON_ACCESS\"}.",
);
const MORE_BROWSER: Param = Param::local("advanced", Kind::Object)
    .doc("Other members, as zpa_get_application_segment_ba shows them, and common_apps_dto.");
const MORE_REMOTE: Param = Param::local("advanced", Kind::Object).doc(
    "Other members, as zpa_get_application_segment_pra shows: {\"health_reporting\": \
     \"ON_ACCESS\"}.",
);

/// On an update the ports in both of their forms are written, empty when they are not given.
const UPDATED: &[Member] = &[
    MICROTENANT_MEMBER,
    Member::new("tcpPortRange", Value::Texts(&[])),
    Member::new("udpPortRange", Value::Texts(&[])),
];
const UPDATED_REMOTE: &[Member] = &[
    MICROTENANT_MEMBER,
    Member::new("tcpPortRange", Value::Texts(&[])),
    Member::new("udpPortRange", Value::Texts(&[])),
    Member::new("commonAppsDto", Value::Made(PRA_APPS_MERGED)),
];

const BROWSER_APPS: &[Member] = &[
    Member::new("applicationType", Value::Text("BROWSER_ACCESS")),
    Member::new("expandAll", Value::Text("false")),
];
const ALL_BROWSER_APPS: &[Member] = &[
    Member::new("applicationType", Value::Text("BROWSER_ACCESS")),
    Member::new("expandAll", Value::Text("false")),
    Member::new("pagesize", Value::Text("500")),
];
const REMOTE_APPS: &[Member] = &[
    Member::new("applicationType", Value::Text("SECURE_REMOTE_ACCESS")),
    Member::new("expandAll", Value::Text("false")),
];
const ALL_REMOTE_APPS: &[Member] = &[
    Member::new("applicationType", Value::Text("SECURE_REMOTE_ACCESS")),
    Member::new("expandAll", Value::Text("false")),
    Member::new("pagesize", Value::Text("500")),
];
const APPS: Step = Step::get(BY_TYPE);
const APPS_OF_MICROTENANT: Step = APPS.takes(Takes::Only(&["microtenant_id"]));

/// Returns the request that writes a stored segment.
const fn put(body: &'static [Member], spread: &'static [Value]) -> Step {
    Step::new(ApiMethod::Put, ONE).takes(Takes::All).body(body).spread(spread)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zpa_create_application_segment", SET, ALL)
        .spread(&[Value::Made(ADVANCED)])
        .title("Create an application segment")
        .doc(
            "Adds an application segment, domains and ports that users can be let to, and returns \
             it.\nIt takes effect at once: access rules for its segment group apply to it. At \
             least one TCP or UDP port is needed. advanced takes health_reporting, bypass_type, \
             is_cname_enabled, double_encrypt, tcp_port_range [{\"from\": \"443\", \"to\": \
             \"443\"}], clientless_app_ids (objects) and others. Ids: zpa_list_segment_groups, \
             zpa_list_server_groups; without a server group it cannot be reached.",
        )
        .params(&[
            NEW_NAME,
            NEW_GROUP,
            DOMAINS,
            SERVER_GROUPS,
            NEW_TCP,
            NEW_UDP,
            DESCRIPTION,
            NEW_ENABLED,
            MICROTENANT_NOT_EMPTY,
            MORE,
        ])
        .refuse(&[
            Refusal::new(&[Cond::Made(CHECKED)], ""),
            Refusal::new(
                &[Cond::Made(NO_PORTS)],
                "a segment needs a port: give tcp_port_ranges or udp_port_ranges, such as \
                 [\"443\", \"443\"]",
            ),
        ])
        .body(&[MICROTENANT_MEMBER])
        .see("zpa_list_segment_groups")
        .subject(SUBJECT, "", ""),
    create("zpa_create_application_segment_ba", SET, ALL)
        .spread(&[Value::Made(ADVANCED_BROWSER)])
        .title("Create a browser-access segment")
        .doc(
            "Adds an application segment that can be opened in a browser without a client, and \
             returns it.\nIt takes effect at once: access rules for its segment group apply to it. \
             Its applications go in advanced: {\"common_apps_dto\": {\"apps_config\": \
             [{\"domain\": \"wiki.example.com\", \"application_protocol\": \"HTTPS\", \
             \"application_port\": \"443\", \"certificate_id\": \"..\"}]}}; clientless_apps of the \
             answer shows them. Ids: zpa_list_segment_groups, zpa_list_server_groups, \
             zpa_list_ba_certificates.",
        )
        .params(&[
            NEW_NAME,
            NEW_GROUP,
            DOMAINS,
            SERVER_GROUPS,
            NEW_TCP,
            NEW_UDP,
            Param::body("clientless_app_ids", Kind::Objects, "clientlessApps")
                .even_empty()
                .form(Form::CamelNames)
                .doc(
                    "The older form: objects as in apps_config, with name, not ids. This or \
                     common_apps_dto, not both.",
                ),
            DESCRIPTION,
            NEW_ENABLED,
            MICROTENANT_NOT_EMPTY,
            MORE_BROWSER,
        ])
        .refuse(&[Refusal::new(&[Cond::Made(CHECKED_BROWSER)], "")])
        .body(&[MICROTENANT_MEMBER, Member::new("commonAppsDto", Value::Null)])
        .see("zpa_list_segment_groups")
        .subject(SUBJECT, "", ""),
    create("zpa_create_application_segment_pra", SET, ALL)
        .spread(&[Value::Made(ADVANCED_REMOTE)])
        .title("Create a remote-access segment")
        .doc(
            "Adds an application segment for privileged remote access (SSH, RDP, VNC in the \
             browser) and returns it.\nIt takes effect at once: access rules for its segment group \
             apply to it. Its consoles stand in common_apps_dto: apps_config with name, domain, \
             application_protocol and application_port; app_types is SECURE_REMOTE_ACCESS unless \
             given. Ids: zpa_list_segment_groups, zpa_list_server_groups.",
        )
        .params(&[
            NEW_NAME,
            NEW_GROUP,
            DOMAINS,
            SERVER_GROUPS,
            NEW_TCP,
            NEW_UDP,
            Param::body("common_apps_dto", Kind::Object, "commonAppsDto")
                .even_empty()
                .form(Form::Made(PRA_APPS))
                .absent(Value::Null)
                .doc(
                    "{\"apps_config\": [{\"domain\": \"a.test\", \"application_protocol\": \
                     \"SSH\", \"application_port\": \"22\"}]}.",
                ),
            DESCRIPTION,
            NEW_ENABLED,
            MICROTENANT_NOT_EMPTY,
            MORE_REMOTE,
        ])
        .refuse(&[Refusal::new(&[Cond::Made(CHECKED_REMOTE)], "")])
        .body(&[MICROTENANT_MEMBER])
        .see("zpa_list_segment_groups")
        .subject(SUBJECT, "", ""),
    delete("zpa_delete_application_segment", SET, ONE)
        .title("Delete an application segment")
        .doc(
            "Deletes one application segment for good, after the user has agreed.\nIt takes effect \
             at once and cannot be undone: nobody reaches its domains any more, unless another \
             segment covers them. The service refuses a segment that a rule still names. Ids: \
             zpa_list_application_segments.",
        )
        .params(&[SEGMENT_ID, MICROTENANT_NOT_EMPTY])
        .see(LISTED)
        .subject(SUBJECT, "segment_id", READ),
    delete("zpa_delete_application_segment_ba", SET, ONE)
        .title("Delete a browser-access segment")
        .doc(
            "Deletes one application segment for good with its browser-access applications, after \
             the user has agreed.\nIt takes effect at once and cannot be undone. It deletes any \
             segment of that id, whatever is in it: see zpa_get_application_segment_ba first. Ids: \
             zpa_list_application_segments.",
        )
        .params(&[SEGMENT_ID, MICROTENANT_NOT_EMPTY])
        .see(LISTED)
        .subject(SUBJECT, "segment_id", READ_BROWSER),
    delete("zpa_delete_application_segment_pra", SET, ONE)
        .title("Delete a remote-access segment")
        .doc(
            "Deletes one application segment for good with its remote-access applications, after \
             the user has agreed.\nIt takes effect at once and cannot be undone. It deletes any \
             segment of that id, whatever is in it: see zpa_get_application_segment_pra first. \
             Ids: zpa_list_application_segments.",
        )
        .params(&[SEGMENT_ID, MICROTENANT_NOT_EMPTY])
        .see(LISTED)
        .subject(SUBJECT, "segment_id", READ_REMOTE),
    update("zpa_update_application_segment", SET, "")
        .title("Update an application segment")
        .doc(
            "Replaces the ports and the given members of one application segment.\nIt takes effect \
             at once. Ports that are left out are removed, TCP and UDP alike: read the segment \
             with zpa_get_application_segment and give all ports that should stay, and best every \
             other member too, as the service gets only what is given. A list replaces the stored \
             one. advanced takes tcp_port_range [{\"from\": \"443\", \"to\": \"443\"}], \
             clientless_app_ids (objects) and others. Ids: zpa_list_application_segments.",
        )
        .params(&[
            SEGMENT_ID,
            NAME,
            GROUP,
            DOMAINS,
            SERVER_GROUPS,
            TCP,
            UDP,
            DESCRIPTION,
            ENABLED,
            MICROTENANT_NOT_EMPTY,
            MORE,
        ])
        .refuse(&[Refusal::new(&[Cond::Made(CHECKED)], "")])
        .plans(&[Plan::otherwise(&[
            APPS.query(BROWSER_APPS).when(&[Cond::Made(NEEDS_APPS)]),
            longer(APPS, ALL_BROWSER_APPS),
            put(UPDATED, &[Value::Made(ADVANCED)]),
        ])])
        .see(LISTED)
        .subject(SUBJECT, "segment_id", READ),
    update("zpa_update_application_segment_ba", SET, "")
        .title("Update a browser-access segment")
        .doc(
            "Replaces the ports and the given members of one segment with browser access.\nIt \
             takes effect at once. Ports that are left out are removed: read the segment with \
             zpa_get_application_segment_ba and give all that should stay, and best every other \
             member too. With {\"common_apps_dto\": {\"apps_config\": [..]}} in advanced, \
             applications that it does not name are removed; those it names are found by their \
             domain. To add one, name it there with domain, application_protocol, application_port \
             and certificate_id.",
        )
        .params(&[
            SEGMENT_ID,
            NAME,
            GROUP,
            DOMAINS,
            SERVER_GROUPS,
            TCP,
            UDP,
            Param::local("clientless_app_ids", Kind::Objects)
                .doc("Objects with domain and what should change; each must be there already."),
            DESCRIPTION,
            ENABLED,
            MICROTENANT_NOT_EMPTY,
            MORE_BROWSER,
        ])
        .refuse(&[Refusal::new(&[Cond::Made(CHECKED_BROWSER)], "")])
        .plans(&[Plan::otherwise(&[
            APPS_OF_MICROTENANT.query(BROWSER_APPS).when(&[Cond::Made(NEEDS_BROWSER_APPS)]),
            longer(APPS_OF_MICROTENANT, ALL_BROWSER_APPS),
            put(UPDATED, &[Value::Made(ADVANCED_BROWSER)]),
        ])])
        .see(LISTED)
        .subject(SUBJECT, "segment_id", READ_BROWSER),
    update("zpa_update_application_segment_pra", SET, "")
        .title("Update a remote-access segment")
        .doc(
            "Replaces the ports and the given members of one segment with privileged remote \
             access.\nIt takes effect at once. Ports that are left out are removed: read the \
             segment with zpa_get_application_segment_pra and give all that should stay, and best \
             every other member too. With apps_config, applications that it does not name are \
             removed; those it names are found by their domain. Without it they stay.",
        )
        .params(&[
            SEGMENT_ID,
            NAME,
            GROUP,
            DOMAINS,
            SERVER_GROUPS,
            TCP,
            UDP,
            Param::local("common_apps_dto", Kind::Object).doc(
                "All: {\"apps_config\": [{\"domain\": \"a.test\", \"application_protocol\": \
                 \"SSH\", \"application_port\": \"22\"}]}.",
            ),
            DESCRIPTION,
            ENABLED,
            MICROTENANT_NOT_EMPTY,
            MORE_REMOTE,
        ])
        .refuse(&[
            Refusal::new(&[Cond::Made(CHECKED_REMOTE)], ""),
            Refusal::new(&[Cond::Made(PRA_APPS_CHECKED)], ""),
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("common_apps_dto")],
                &[
                    APPS_OF_MICROTENANT.query(REMOTE_APPS).when(&[Cond::Made(PRA_APPS_GIVEN)]),
                    longer(APPS_OF_MICROTENANT, ALL_REMOTE_APPS),
                    put(UPDATED_REMOTE, &[Value::Made(ADVANCED_REMOTE)]),
                ],
            ),
            Plan::otherwise(&[put(UPDATED, &[Value::Made(ADVANCED_REMOTE)])]),
        ])
        .see(LISTED)
        .subject(SUBJECT, "segment_id", READ_REMOTE),
];
