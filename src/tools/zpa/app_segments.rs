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
         protocol and app_id, the id of the segment.\nWhole segments: \
         zpa_list_application_segments. The first page is all there is: raise page_size to 500. \
         Empty: none is of this type, or search or microtenant_id leave all out.",
    )
    .params(&[
        Param::query("application_type", Kind::Text, "applicationType")
            .required()
            .choices(&["BROWSER_ACCESS", "INSPECT", "SECURE_REMOTE_ACCESS"])
            .doc("Which type."),
        Param::query("expand_all", Kind::Boolean, "expandAll")
            .even_empty()
            .preset(Preset::Bool(false))
            .doc("true: the segment of each as app_resource."),
        SEARCH,
        Param::query("microtenant_id", Kind::Id, "microtenantId")
            .doc("Id of a microtenant; the default one when left out."),
        PAGE_SIZE,
    ])
    .rows_at("/list"),
    get("zpa_get_application_segment", SET, ONE)
        .title("Get an application segment")
        .doc(
            "Returns one application segment: domains, ports, segment group and server \
             groups.\nIds: zpa_list_application_segments.",
        )
        .params(&[SEGMENT_ID, MICROTENANT])
        .see(LISTED),
    get("zpa_get_application_segment_ba", SET, ONE)
        .title("Get a browser-access segment")
        .doc(
            "Returns one application segment, for its browser-access part in clientless_apps.\nThe \
             record is that of zpa_get_application_segment; without browser access the member is \
             absent.",
        )
        .params(&[SEGMENT_ID, MICROTENANT])
        .see(LISTED),
    get("zpa_get_application_segment_pra", SET, ONE)
        .title("Get a remote-access segment")
        .doc(
            "Returns one application segment, for its privileged remote access part in \
             pra_apps.\nThe record is that of zpa_get_application_segment; without remote access \
             the member is absent.",
        )
        .params(&[SEGMENT_ID, MICROTENANT])
        .see(LISTED),
    list("zpa_list_application_segments", SET, ALL)
        .title("List application segments")
        .doc(
            "Returns the application segments: domains, ports, groups and state.\nEmpty: none \
             fits.",
        )
        .params(PAGED)
        .rows_at("/list"),
    list("zpa_list_application_segments_ba", SET, ALL)
        .title("List browser-access segments")
        .doc(
            "Returns all application segments, for their clientless_apps.\nThose without browser \
             access too; the applications alone: get_zpa_app_segments_by_type with BROWSER_ACCESS. \
             Empty: no segment of any kind fits.",
        )
        .params(PAGED)
        .rows_at("/list"),
    list("zpa_list_application_segments_pra", SET, ALL)
        .title("List remote-access segments")
        .doc(
            "Returns all application segments, for their pra_apps.\nThose without privileged \
             remote access too; the applications alone: get_zpa_app_segments_by_type with \
             SECURE_REMOTE_ACCESS. Empty: no segment of any kind fits.",
        )
        .params(PAGED)
        .rows_at("/list"),
];
