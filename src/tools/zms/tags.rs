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
            "Returns one page of the tag keys in one namespace.\nTake the id of the namespace from \
             zms_list_tag_namespaces; the id of a key is the tag_id that zms_list_tag_values asks \
             for. A full page means that there may be more: ask for the next page. An empty list \
             means that no key fits.",
        )
        .params(&[
            Param::body("namespace_id", Kind::Id, "namespaceId")
                .required()
                .filled()
                .doc("Id of the namespace: id in zms_list_tag_namespaces."),
            PAGE_NUM,
            PAGE_SIZE,
            Param::body("key_name", Kind::Text, "filter.keyName")
                .form(Form::Contains)
                .doc("Part of the name of the key."),
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
    "Returns one page of the namespaces that tags live in, with their origin.\nStart here: the id \
     leads to zms_list_tag_keys, and the origin is needed again for zms_list_tag_values. A full \
     page means that there may be more: ask for the next page. An empty list means that no \
     namespace fits.",
)
.params(&[
    PAGE_NUM,
    PAGE_SIZE,
    NAME,
    Param::body("origin", Kind::Text, "filter.origin")
        .form(Form::Equals)
        .doc("CUSTOM, EXTERNAL, ML or UNKNOWN, in capitals."),
    SORT_ORDER,
])
.refuse(&[BAD_ORDER]);

pub(super) const VALUES: Row =
    ask("zms_list_tag_values", VALUES_DOCUMENT, Shape::Records("/data/tagValues/nodes"))
        .title("List tag values")
        .doc(
            "Returns one page of the values that one tag key can have.\nNeeds the id of the key \
             from zms_list_tag_keys and the origin of its namespace from zms_list_tag_namespaces. \
             A full page means that there may be more: ask for the next page. An empty list means \
             that no value fits, or that the origin is not that of the key.",
        )
        .params(&[
            Param::body("tag_id", Kind::Id, "tagId")
                .required()
                .filled()
                .doc("Id of the tag key: id in zms_list_tag_keys."),
            Param::body("namespace_origin", Kind::Text, "namespaceOrigin")
                .required()
                .even_empty()
                .doc("Origin of the namespace: CUSTOM, EXTERNAL, ML or UNKNOWN."),
            PAGE_NUM,
            PAGE_SIZE,
            NAME,
            SORT_ORDER,
        ])
        .refuse(&[BAD_ORDER])
        .see("zms_list_tag_keys");
