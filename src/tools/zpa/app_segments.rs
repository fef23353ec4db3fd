//! Zone: post-admission. Rows of the toolset `zpa_app_segments`.

use crate::tools::param::{Kind, Param, Preset};
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, PAGE_SIZE, PAGED, SEARCH};

const SET: &str = "zpa_app_segments";
const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/application/{segment_id}";
const ALL: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/application";
const LISTED: &str = "zpa_list_application_segments";

const SEGMENT_ID: Param = Param::path("segment_id").doc("Id of the segment, digits.");

pub(in crate::tools) const ROWS: &[Row] = &[
    list(
        "get_zpa_app_segments_by_type",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/application/getAppsByType",
    )
    .title("List applications by type")
    .doc(
        "Returns the single applications of one type that are inside segments: domain, port, \
         protocol and app_id, the id of the segment.\nUse it to find every browser-access, \
         inspected or privileged remote access application; whole segments are in \
         zpa_list_application_segments. There is no second page: raise page_size to 500 to see \
         more. An empty list means that none is of this type, or that search or microtenant_id \
         leave them all out.",
    )
    .params(&[
        Param::query("application_type", Kind::Text, "applicationType")
            .required()
            .choices(&["BROWSER_ACCESS", "INSPECT", "SECURE_REMOTE_ACCESS"])
            .doc("Which type."),
        Param::query("expand_all", Kind::Boolean, "expandAll")
            .even_empty()
            .preset(Preset::Bool(false))
            .doc("True adds the segment of each application as app_resource."),
        SEARCH,
        Param::query("microtenant_id", Kind::Id, "microtenantId")
            .doc("Id of a microtenant; leave it out for the default one."),
        PAGE_SIZE,
    ])
    .rows_at("/list"),
    get("zpa_get_application_segment", SET, ONE)
        .title("Get an application segment")
        .doc(
            "Returns one application segment: domains, ports, segment group and server groups.\n\
             Use it when the id is known, else zpa_list_application_segments.",
        )
        .params(&[SEGMENT_ID, MICROTENANT])
        .see(LISTED),
    get("zpa_get_application_segment_ba", SET, ONE)
        .title("Get a browser-access segment")
        .doc(
            "Returns one application segment, for its browser-access part in clientless_apps.\n\
             The record is the same as that of zpa_get_application_segment; without browser \
             access the member is absent.",
        )
        .params(&[SEGMENT_ID, MICROTENANT])
        .see(LISTED),
    get("zpa_get_application_segment_pra", SET, ONE)
        .title("Get a remote-access segment")
        .doc(
            "Returns one application segment, for its privileged remote access part in pra_apps.\n\
             The record is the same as that of zpa_get_application_segment; without remote access \
             the member is absent.",
        )
        .params(&[SEGMENT_ID, MICROTENANT])
        .see(LISTED),
    list("zpa_list_application_segments", SET, ALL)
        .title("List application segments")
        .doc(
            "Returns one page of the application segments: domains, ports, groups and state.\nA \
             full page means that there may be more: ask for the next page. An empty list means \
             that nothing fits.",
        )
        .params(PAGED)
        .rows_at("/list"),
    list("zpa_list_application_segments_ba", SET, ALL)
        .title("List segments for browser access")
        .doc(
            "Returns one page of all application segments, for their clientless_apps.\nSegments \
             without browser access are in it too; only the applications themselves are in \
             get_zpa_app_segments_by_type with BROWSER_ACCESS. A full page means that there may be \
             more: ask for the next page. An empty list means that no segment of any kind fits.",
        )
        .params(PAGED)
        .rows_at("/list"),
    list("zpa_list_application_segments_pra", SET, ALL)
        .title("List segments for remote access")
        .doc(
            "Returns one page of all application segments, for their pra_apps.\nSegments without \
             privileged remote access are in it too; only the applications themselves are in \
             get_zpa_app_segments_by_type with SECURE_REMOTE_ACCESS. A full page means that there \
             may be more: ask for the next page. An empty list means that no segment of any kind \
             fits.",
        )
        .params(PAGED)
        .rows_at("/list"),
];
