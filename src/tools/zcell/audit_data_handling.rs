//! Zone: post-admission. Rows of the toolset `zcell_audit_data_handling`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Member, Value};
use crate::tools::row::Row;
use crate::tools::zcell::{PAGE, SIZE, any_form, window};

const SET: &str = "zcell_audit_data_handling";

const fn filter(name: &'static str, key: &'static str, doc: &'static str) -> Param {
    Param::body(name, Kind::Text, key).even_empty().doc(doc)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    any_form(
        "zcell_list_audit_customers_search",
        SET,
        "/zcell/config/api/v1/audit/customers/{zcellCustomerId}/search",
    )
    .title("Search the audit log")
    .doc(
        "Returns who changed which object of cellular in the last days, with old_data and \
         new_data.\nWords for the filters: zcell_list_audit_metadata. Empty: no change fits.",
    )
    .by_post()
    .params(&[
        window(Param::body("days", Kind::Integer, "startDate")).even_empty().form(Form::DaysAgo),
        filter("operation_type", "operationType", "Create, Update, Delete or Export."),
        filter("object_type", "objectType", "Type of the object, such as Tag."),
        filter("object_name", "objectName", "Name of the object."),
        filter("object_id", "objectId", "Id of the object."),
        filter("visibility", "visibility", "Customer or Root."),
        filter("modified_by_user_id", "modifiedByUserId", "Id of who made the change."),
        PAGE,
        SIZE,
    ])
    .body(&[Member::new("endDate", Value::Now)]),
    any_form("zcell_list_audit_metadata", SET, "/zcell/config/api/v1/audit/metadata")
        .title("List audit words")
        .doc(
            "Returns the operations and object types that the audit log knows.\nFor operation_type \
             and object_type of zcell_list_audit_customers_search.",
        ),
];
