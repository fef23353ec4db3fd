//! Zone: post-admission. Rows of microsegmentation: rules, and what rules are about.

use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Refusal, Value};
use crate::tools::row::{Row, Shape};
use crate::tools::zms::{CUSTOMER, DIRECTIONS, PAGE_NUM, PAGE_SIZE, ask};

const APP_CATALOG_DOCUMENT: (&str, &str) = (
    "ListAppCatalog",
    "query ListAppCatalog($customerId: ID!, $pageNum: Int, $pageSize: Int, $filter: \
     AppCatalogQueryFilter, $orderBy: AppCatalogQueryOrderBy) { \
       appCatalog(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize, filter: \
       $filter, orderBy: $orderBy) { \
         nodes { \
           id name category creationTime modifiedTime \
           details { \
             portAndProtocol { \
               protocol \
               portRanges { startPort endPort } } \
             processes } } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const APP_ZONES_DOCUMENT: (&str, &str) = (
    "ListAppZones",
    "query ListAppZones($customerId: ID!, $pageNum: Int, $pageSize: Int, $filter: AppZoneFilter, \
     $orderBy: AppZoneQueryOrderBy) { \
       appZones(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize, filter: \
       $filter, orderBy: $orderBy) { \
         nodes { id appZoneName description memberCount includeAllVpcs includeAllSubnets } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const DEFAULT_RULES_DOCUMENT: (&str, &str) = (
    "ListDefaultPolicyRules",
    "query ListDefaultPolicyRules($customerId: ID!, $pageNum: Int, $pageSize: Int) { \
       defaultPolicyRules(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize) { \
         nodes { id name action direction description scopeType modifiedTime } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const RULES_DOCUMENT: (&str, &str) = (
    "ListPolicyRules",
    "query ListPolicyRules($customerId: ID!, $pageNum: Int, $pageSize: Int, $fetchAll: Boolean, \
     $filter: PolicyRuleFilter) { \
       policyRules(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize, fetchAll: \
       $fetchAll, filter: $filter) { \
         nodes { \
           id name action priority description deleted sourceTargetType destinationTargetType \
           appZoneScopeTargetType creationTime modifiedTime lastHit \
           portAndProtocols { \
             protocol \
             portRanges { startPort endPort } } } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const SORTABLE: &[&str] = &["name", "category", "creation_time", "modified_time"];
const DIRECTION: Value = Value::Argument("sort_order", Form::Upper);

pub(super) const APP_CATALOG: Row = ask(
    "zms_list_app_catalog",
    APP_CATALOG_DOCUMENT,
    Shape::Records("/data/appCatalog/nodes"),
)
.title("List the application catalogue")
.doc(
    "Returns one page of the applications that the service knows, with ports and processes.\nUse \
     it to learn what a port or process may be; what is deployed is in zms_list_resources. Sorting \
     needs sort_by and sort_order together: one alone does nothing. A full page means that there \
     may be more: ask for the next page. An empty list means that nothing fits.",
)
.params(&[
    PAGE_NUM,
    PAGE_SIZE,
    Param::body("name", Kind::Text, "filter.name").form(Form::Contains).doc("Part of the name."),
    Param::body("category", Kind::Text, "filter.category")
        .form(Form::Contains)
        .doc("Part of the category."),
    Param::local("sort_by", Kind::Text)
        .doc("name, category, creation_time or modified_time; with sort_order."),
    Param::local("sort_order", Kind::Text).doc("ASC or DESC; with sort_by."),
])
.refuse(&[
    Refusal::new(
        &[
            Cond::Truthy("sort_by"),
            Cond::Truthy("sort_order"),
            Cond::UpperNotIn("sort_order", DIRECTIONS),
        ],
        "sort_order must be ASC or DESC",
    ),
    Refusal::new(
        &[Cond::Truthy("sort_by"), Cond::Truthy("sort_order"), Cond::NotIn("sort_by", SORTABLE)],
        "sort_by must be name, category, creation_time or modified_time",
    ),
])
.body(&[
    CUSTOMER,
    Member::new("orderBy.name", DIRECTION)
        .when(&[Cond::Equals("sort_by", "name"), Cond::Truthy("sort_order")]),
    Member::new("orderBy.category", DIRECTION)
        .when(&[Cond::Equals("sort_by", "category"), Cond::Truthy("sort_order")]),
    Member::new("orderBy.creationTime", DIRECTION)
        .when(&[Cond::Equals("sort_by", "creation_time"), Cond::Truthy("sort_order")]),
    Member::new("orderBy.modifiedTime", DIRECTION)
        .when(&[Cond::Equals("sort_by", "modified_time"), Cond::Truthy("sort_order")]),
])
.plain_text();

pub(super) const APP_ZONES: Row =
    ask("zms_list_app_zones", APP_ZONES_DOCUMENT, Shape::Records("/data/appZones/nodes"))
        .title("List app zones")
        .doc(
            "Returns one page of the app zones, the parts of the network that rules are scoped \
             to.\nmemberCount 0 means that no resource is in the zone. Which zones a resource is \
             in is shown by zms_list_resources. A full page means that there may be more: ask for \
             the next page. An empty list means that no name fits.",
        )
        .params(&[
            PAGE_NUM,
            PAGE_SIZE,
            Param::body("name", Kind::Text, "filter.appZoneName")
                .form(Form::Contains)
                .doc("Part of the name of the zone."),
            Param::body("sort_order", Kind::Text, "orderBy.appZoneName")
                .form(Form::Upper)
                .doc("ASC or DESC to sort by name; the service refuses other words."),
        ]);

pub(super) const DEFAULT_RULES: Row = ask(
    "zms_list_default_policy_rules",
    DEFAULT_RULES_DOCUMENT,
    Shape::Records("/data/defaultPolicyRules/nodes"),
)
.title("List default policy rules")
.doc(
    "Returns the rules that decide when no other rule fits, for each direction.\nThey come after \
     all rules of zms_list_policy_rules. An empty list means that the page lies behind the last \
     rule.",
)
.params(&[PAGE_NUM, PAGE_SIZE]);

pub(super) const RULES: Row =
    ask("zms_list_policy_rules", RULES_DOCUMENT, Shape::Records("/data/policyRules/nodes"))
        .title("List policy rules")
        .doc(
            "Returns one page of the segmentation rules: action, priority, targets, ports, last \
             hit.\nA lower priority number is applied first; SIM_BLOCK only records what BLOCK \
             would stop. A null lastHit means that the rule never applied. What decides when no \
             rule fits is in zms_list_default_policy_rules. A full page means that there may be \
             more: ask for the next, or set fetch_all. An empty list means that no rule fits.",
        )
        .params(&[
            PAGE_NUM,
            PAGE_SIZE,
            Param::body("fetch_all", Kind::Boolean, "fetchAll")
                .even_empty()
                .preset(Preset::Bool(false))
                .doc("True returns all rules at once, whatever the page."),
            Param::body("name", Kind::Text, "filter.name")
                .form(Form::Contains)
                .doc("Part of the name."),
            Param::body("action", Kind::Text, "filter.action")
                .form(Form::Equals)
                .doc("ALLOW, BLOCK or SIM_BLOCK, in capitals."),
        ]);
