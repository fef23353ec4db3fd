//! Zone: post-admission. Rows of microsegmentation: tags, from namespace to key to value.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::row::{Row, Shape};
use crate::tools::zms::{BAD_ORDER, PAGE_NUM, PAGE_SIZE, SORT_ORDER, ask};

const KEYS_DOCUMENT: (&str, &str) = (
    "ListTagKeys",
    "query ListTagKeys($customerId: ID!, $namespaceId: String!, $pageNum: Int, $pageSize: Int, \
     $filter: TagKeyFilter, $orderBy: TagKeyQueryOrderBy) { \
       tagKeys(customerId: $customerId, namespaceId: $namespaceId, pageNum: $pageNum, pageSize: \
       $pageSize, filter: $filter, orderBy: $orderBy) { \
         nodes { id name description } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const NAMESPACES_DOCUMENT: (&str, &str) = (
    "ListTagNamespaces",
    "query ListTagNamespaces($customerId: ID!, $pageNum: Int, $pageSize: Int, $filter: \
     NamespaceFilter, $orderBy: NamespaceQueryOrderBy) { \
       tagNamespaces(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize, filter: \
       $filter, orderBy: $orderBy) { \
         nodes { id name description origin } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const VALUES_DOCUMENT: (&str, &str) = (
    "ListTagValues",
    "query ListTagValues($customerId: ID!, $tagId: String!, $namespaceOrigin: NamespaceOrigin!, \
     $pageNum: Int, $pageSize: Int, $filter: TagValueFilter, $orderBy: TagValueQueryOrderBy) { \
       tagValues(customerId: $customerId, tagId: $tagId, namespaceOrigin: $namespaceOrigin, \
       pageNum: $pageNum, pageSize: $pageSize, filter: $filter, orderBy: $orderBy) { \
         nodes { id name } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const NAME: Param =
    Param::body("name", Kind::Text, "filter.name").form(Form::Contains).doc("Part of the name.");

pub(super) const KEYS: Row =
    ask("zms_list_tag_keys", KEYS_DOCUMENT, Shape::Records("/data/tagKeys/nodes"))
        .title("List tag keys")
        .doc(
            "Returns the tag keys in one namespace.\nThe id of a key is the tag_id of \
             zms_list_tag_values. Empty: none fits.",
        )
        .params(&[
            Param::body("namespace_id", Kind::Id, "namespaceId")
                .required()
                .filled()
                .doc("id of zms_list_tag_namespaces."),
            PAGE_NUM,
            PAGE_SIZE,
            Param::body("key_name", Kind::Text, "filter.keyName")
                .form(Form::Contains)
                .doc("Part of the name."),
            SORT_ORDER,
        ])
        .refuse(&[BAD_ORDER])
        .see("zms_list_tag_namespaces");

pub(super) const NAMESPACES: Row = ask(
    "zms_list_tag_namespaces",
    NAMESPACES_DOCUMENT,
    Shape::Records("/data/tagNamespaces/nodes"),
)
.title("List tag namespaces")
.doc(
    "Returns the namespaces that tags live in, with their origin.\nStart here: zms_list_tag_keys \
     needs the id, zms_list_tag_values the origin. Empty: none fits.",
)
.params(&[
    PAGE_NUM,
    PAGE_SIZE,
    NAME,
    Param::body("origin", Kind::Text, "filter.origin")
        .form(Form::Equals)
        .doc("CUSTOM, EXTERNAL, ML or UNKNOWN."),
    SORT_ORDER,
])
.refuse(&[BAD_ORDER]);

pub(super) const VALUES: Row =
    ask("zms_list_tag_values", VALUES_DOCUMENT, Shape::Records("/data/tagValues/nodes"))
        .title("List tag values")
        .doc(
            "Returns the values that one tag key can have.\nEmpty: none fits, or the origin is not \
             that of the key.",
        )
        .params(&[
            Param::body("tag_id", Kind::Id, "tagId")
                .required()
                .filled()
                .doc("id of zms_list_tag_keys."),
            Param::body("namespace_origin", Kind::Text, "namespaceOrigin")
                .required()
                .even_empty()
                .doc("origin of zms_list_tag_namespaces."),
            PAGE_NUM,
            PAGE_SIZE,
            NAME,
            SORT_ORDER,
        ])
        .refuse(&[BAD_ORDER])
        .see("zms_list_tag_keys");
