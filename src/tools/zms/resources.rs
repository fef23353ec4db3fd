//! Zone: post-admission. Rows of microsegmentation: resources, their groups, how far they are
//! protected.

use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Member, Value};
use crate::tools::row::{Row, Shape};
use crate::tools::zms::{BAD_ORDER, PAGE_NUM, PAGE_SIZE, SORT_ORDER, ask};

const METADATA_DOCUMENT: (&str, &str) = (
    "GetMetadata",
    "query GetMetadata($customerId: String!) { \
       metadata(customerId: $customerId) }",
);

const GROUP_MEMBERS_DOCUMENT: (&str, &str) = (
    "GetResourceGroupMembers",
    "query GetResourceGroupMembers($customerId: ID!, $id: String!, $pageNum: Int, $pageSize: \
     Int) { \
       resourceGroupMembers(customerId: $customerId, id: $id, pageNum: $pageNum, pageSize: \
       $pageSize) { \
         nodes { id name resourceType status cloudProvider cloudRegion resourceHostname \
         platformOs } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const GROUP_PROTECTION_DOCUMENT: (&str, &str) = (
    "ResourceGroupProtectionStatus",
    "query ResourceGroupProtectionStatus($customerId: ID!, $pageNum: Int, $pageSize: Int) { \
       resourceGroupProtectionStatus(customerId: $customerId, pageNum: $pageNum, pageSize: \
       $pageSize) { \
         nodes { protectedPercentage protectedResourceGroupsCount unprotectedResourceGroupsCount \
         totalResourceGroups } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const PROTECTION_DOCUMENT: (&str, &str) = (
    "ResourceProtectionStatus",
    "query ResourceProtectionStatus($customerId: ID!, $pageNum: Int, $pageSize: Int) { \
       resourceProtectionStatus(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize) \
       { \
         nodes { protectedPercentage protectedResourcesCount unprotectedResourcesCount \
         totalResources } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const GROUPS_DOCUMENT: (&str, &str) = (
    "ListResourceGroups",
    "query ListResourceGroups($customerId: ID!, $pageNum: Int, $pageSize: Int, $filter: \
     ResourceGroupsFilter) { \
       resourceGroups(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize, filter: \
       $filter) { \
         nodes { \
           ... on ManagedResourceGroup { id name description type origin resourceMemberCount \
           modifiedTime } \
           ... on UnmanagedResourceGroup { id name description type origin resourceMemberCount \
           modifiedTime cidrs fqdns } } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const RESOURCES_DOCUMENT: (&str, &str) = (
    "ListResources",
    "query ListResources($customerId: ID!, $pageNum: Int, $pageSize: Int, $includeDeleted: \
     Boolean, $filter: ResourceQueryFilter, $orderBy: ResourceQueryOrderBy) { \
       resources(customerId: $customerId, pageNum: $pageNum, pageSize: $pageSize, \
       includeDeleted: $includeDeleted, filter: $filter, orderBy: $orderBy) { \
         nodes { id name resourceType status cloudProvider cloudRegion resourceHostname \
         platformOs platformOsDistro platformOsVersion localIps deleted modifiedTime agentId \
         appZoneIds appZoneNames appZoneMappingState } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const DATA: &[Member] = &[Member::new("data", Value::Result)];
const NAME: Param =
    Param::body("name", Kind::Text, "filter.name").form(Form::Contains).doc("Part of the name.");

pub(super) const METADATA: Row =
    ask("zms_get_metadata", METADATA_DOCUMENT, Shape::Record("/data/metadata"))
        .title("Get event metadata")
        .doc(
            "Returns what the service says about its event records, in data.\nThe members are the \
             service's own and may change. Counts of resources: \
             zms_get_resource_protection_status. Empty: nothing said.",
        )
        .wrap(DATA)
        .plain_text();

pub(super) const GROUP_MEMBERS: Row = ask(
    "zms_get_resource_group_members",
    GROUP_MEMBERS_DOCUMENT,
    Shape::Records("/data/resourceGroupMembers/nodes"),
)
.title("List group members")
.doc(
    "Returns the resources that are in one group.\nMore about one: zms_list_resources. Empty: no \
     members, as groups of networks and names never have.",
)
.params(&[
    Param::body("group_id", Kind::Id, "id")
        .required()
        .filled()
        .doc("id of zms_list_resource_groups."),
    PAGE_NUM,
    PAGE_SIZE,
])
.see("zms_list_resource_groups");

pub(super) const GROUP_PROTECTION: Row = ask(
    "zms_get_resource_group_protection_status",
    GROUP_PROTECTION_DOCUMENT,
    Shape::Record("/data/resourceGroupProtectionStatus"),
)
.title("Count protected resource groups")
.doc(
    "Returns how many resource groups are protected, and which share of all, in data.nodes.\nThe \
     groups: zms_list_resource_groups; single resources: zms_get_resource_protection_status. Empty \
     nodes: the page is behind the last.",
)
.params(&[PAGE_NUM, PAGE_SIZE])
.wrap(DATA)
.plain_text();

pub(super) const PROTECTION: Row = ask(
    "zms_get_resource_protection_status",
    PROTECTION_DOCUMENT,
    Shape::Record("/data/resourceProtectionStatus"),
)
.title("Count protected resources")
.doc(
    "Returns how many resources are protected, and which share of all, in data.nodes.\nThose \
     without an agentId in zms_list_resources run no agent. Groups: \
     zms_get_resource_group_protection_status. Empty nodes: the page is behind the last.",
)
.params(&[PAGE_NUM, PAGE_SIZE])
.wrap(DATA)
.plain_text();

pub(super) const GROUPS: Row = ask(
    "zms_list_resource_groups",
    GROUPS_DOCUMENT,
    Shape::Records("/data/resourceGroups/nodes"),
)
.title("List resource groups")
.doc(
    "Returns the groups that rules have as source or destination.\nMANAGED ones hold resources \
     (zms_get_resource_group_members), UNMANAGED ones networks and names, in cidrs and fqdns. \
     Empty: none fits.",
)
.params(&[
    PAGE_NUM,
    PAGE_SIZE,
    NAME,
    Param::body("resource_hostname", Kind::Text, "filter.resourceHostname")
        .form(Form::Contains)
        .doc("Part of a member's host name."),
]);

pub(super) const RESOURCES: Row =
    ask("zms_list_resources", RESOURCES_DOCUMENT, Shape::Records("/data/resources/nodes"))
        .title("List resources")
        .doc(
            "Returns the machines that the service knows: host, system, cloud, app zones.\nNull \
             agentId: no agent runs there. status, resource_type and cloud_provider are spelled as \
             in the records; name, cloud_region and platform_os may be parts. Empty: none fits.",
        )
        .params(&[
            PAGE_NUM,
            PAGE_SIZE,
            Param::body("include_deleted", Kind::Boolean, "includeDeleted")
                .even_empty()
                .preset(Preset::Bool(false))
                .doc("true: also resources that no longer exist."),
            NAME,
            Param::body("status", Kind::Text, "filter.status")
                .form(Form::Equals)
                .doc("ACTIVE, INACTIVE or DELETED; the last needs include_deleted."),
            Param::body("resource_type", Kind::Text, "filter.resourceType")
                .form(Form::Equals)
                .doc("Such as VM, K8S_NODE or K8S_WORKLOAD."),
            Param::body("cloud_provider", Kind::Text, "filter.cloudProvider")
                .form(Form::Equals)
                .doc("AWS, AZURE, GCP or ON_PREMISES."),
            Param::body("cloud_region", Kind::Text, "filter.cloudRegion")
                .form(Form::Contains)
                .doc("Part of the region, such as eu-west."),
            Param::body("platform_os", Kind::Text, "filter.platformOs")
                .form(Form::Contains)
                .doc("Part of the operating system, such as Linux."),
            SORT_ORDER,
        ])
        .refuse(&[BAD_ORDER]);
