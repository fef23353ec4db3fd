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
    "Returns the applications that the service knows, with ports and processes.\nTells what a port \
     or process may be; what is deployed: zms_list_resources. sort_by and sort_order work together \
     only. Empty: none fits.",
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
            "Returns the app zones, the parts of the network that rules are scoped \
             to.\nmemberCount 0: no resource is in it. Zones of a resource: zms_list_resources. \
             Empty: none fits.",
        )
        .params(&[
            PAGE_NUM,
            PAGE_SIZE,
            Param::body("name", Kind::Text, "filter.appZoneName")
                .form(Form::Contains)
                .doc("Part of the name of the zone."),
            Param::body("sort_order", Kind::Text, "orderBy.appZoneName")
                .form(Form::Upper)
                .doc("ASC or DESC, by name; other words are refused."),
        ]);

pub(super) const DEFAULT_RULES: Row = ask(
    "zms_list_default_policy_rules",
    DEFAULT_RULES_DOCUMENT,
    Shape::Records("/data/defaultPolicyRules/nodes"),
)
.title("List default policy rules")
.doc(
    "Returns the rules that decide when no other rule fits, for each direction.\nThey come after \
     all of zms_list_policy_rules. Empty: the page is behind the last.",
)
.params(&[PAGE_NUM, PAGE_SIZE]);

pub(super) const RULES: Row =
    ask("zms_list_policy_rules", RULES_DOCUMENT, Shape::Records("/data/policyRules/nodes"))
        .title("List policy rules")
        .doc(
            "Returns the segmentation rules: action, priority, targets, ports, last hit.\nThe \
             lowest priority number comes first; SIM_BLOCK only records what BLOCK would stop. \
             Null lastHit: never applied. When none fits: zms_list_default_policy_rules. Empty: \
             none fits.",
        )
        .params(&[
            PAGE_NUM,
            PAGE_SIZE,
            Param::body("fetch_all", Kind::Boolean, "fetchAll")
                .even_empty()
                .preset(Preset::Bool(false))
                .doc("true: all rules at once, whatever the page."),
            Param::body("name", Kind::Text, "filter.name")
                .form(Form::Contains)
                .doc("Part of the name."),
            Param::body("action", Kind::Text, "filter.action")
                .form(Form::Equals)
                .doc("ALLOW, BLOCK or SIM_BLOCK."),
        ]);
