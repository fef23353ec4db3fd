//! Zone: post-admission. Rows of microsegmentation: agents, their groups, what admits them.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Member, Value};
use crate::tools::row::{Row, Shape};
use crate::tools::zms::{PAGE, PAGE_SIZE, SORT, SORT_DIR, ask};

const CONNECTION_COUNTS_DOCUMENT: (&str, &str) = (
    "AgentConnectionStatusStats",
    "query AgentConnectionStatusStats($customerId: ID!, $search: String) { \
       agentConnectionStatusStatistics(customerId: $customerId, search: $search) { \
         totalCount totalPercentage \
         agentStatuses { agentType connectionStatus count percentage } } }",
);

const TOTP_DOCUMENT: (&str, &str) = (
    "GetAgentGroupTotpSecrets",
    "query GetAgentGroupTotpSecrets($customerId: ID!, $eyezId: String!) { \
       agentGroupTotpSecrets(customerId: $customerId, eyezId: $eyezId) { \
         eyezId totpSecret totpQrCode totpGenerationTimestamp } }",
);

const VERSION_COUNTS_DOCUMENT: (&str, &str) = (
    "AgentVersionStats",
    "query AgentVersionStats($customerId: ID!, $search: String) { \
       agentVersionStatistics(customerId: $customerId, search: $search) { \
         totalCount totalPercentage \
         agentVersions { agentType version count percentage } } }",
);

const NONCE_DOCUMENT: (&str, &str) = (
    "GetNonce",
    "query GetNonce($customerId: ID!, $eyezId: String!) { \
       nonce(customerId: $customerId, eyezId: $eyezId) { \
         nonce { eyezId name key maxUsage usageCount agentGroupEyezId agentGroupName \
         agentGroupType product creationTime modifiedTime } } }",
);

const GROUPS_DOCUMENT: (&str, &str) = (
    "ListAgentGroups",
    "query ListAgentGroups($customerId: ID!, $page: Int, $pageSize: Int, $search: String, $sort: \
     String, $sortDir: SortDirection) { \
       agentGroups(customerId: $customerId, page: $page, pageSize: $pageSize, search: $search, \
       sort: $sort, sortDir: $sortDir) { \
         nodes { name eyezId agentGroupType cloudProvider adminStatus agentCount description \
         policyStatus upgradeStatus tamperProtectionStatus agentAutoUpgrade \
         agentDeletionTimeoutSeconds timezone upgradeDay upgradeTime versionProfileName } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const AGENTS_DOCUMENT: (&str, &str) = (
    "ListAgents",
    "query ListAgents($customerId: ID!, $page: Int, $pageSize: Int, $search: String, $sort: \
     String, $sortDir: SortDirection) { \
       agents(customerId: $customerId, page: $page, pageSize: $pageSize, search: $search, sort: \
       $sort, sortDir: $sortDir) { \
         nodes { name eyezId connectionStatus agentType hostOs currentSoftwareVersion \
         upgradeStatus description cloudProvider publicIp privateIps adminStatus agentGroupName \
         agentGroupType } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const NONCES_DOCUMENT: (&str, &str) = (
    "ListNonces",
    "query ListNonces($customerId: ID!, $page: Int, $pageSize: Int, $search: String, $sort: \
     String, $sortDir: SortDirection) { \
       nonces(customerId: $customerId, page: $page, pageSize: $pageSize, search: $search, sort: \
       $sort, sortDir: $sortDir) { \
         nodes { eyezId name key maxUsage usageCount agentGroupEyezId agentGroupName \
         agentGroupType product creationTime modifiedTime } \
         pageInfo { pageNumber pageSize totalCount totalPages } } }",
);

const SEARCH: Param =
    Param::body("search", Kind::Text, "search").even_empty().doc("Such as part of a name.");

/// The id of the record, which the result repeats.
const EYEZ_ID: Member = Member::new("eyez_id", Value::Argument("eyez_id", Form::Plain));
const DATA: Member = Member::new("data", Value::Result);

pub(super) const CONNECTION_COUNTS: Row = ask(
    "zms_get_agent_connection_status_statistics",
    CONNECTION_COUNTS_DOCUMENT,
    Shape::Record("/data/agentConnectionStatusStatistics"),
)
.title("Count agents by connection")
.doc(
    "Returns how many agents of each type are connected, disconnected or in another state.\nThe \
     agents: zms_list_agents. totalCount 0: none fits the search.",
)
.params(&[SEARCH])
.plain_text();

pub(super) const TOTP: Row = ask(
    "zms_get_agent_group_totp_secrets",
    TOTP_DOCUMENT,
    Shape::Record("/data/agentGroupTotpSecrets"),
)
.title("Get a TOTP secret")
.doc(
    "Returns the secret that one-time passwords of an agent group are made from.\ndata holds it as \
     text and QR code; null members: the group has none. It is a secret: ask only when a person \
     needs it, never repeat it.",
)
.params(&[Param::body("eyez_id", Kind::Id, "eyezId")
    .required()
    .filled()
    .doc("eyezId of zms_list_agent_groups.")])
.wrap(&[EYEZ_ID, DATA])
.see("zms_list_agent_groups")
.plain_text();

pub(super) const VERSION_COUNTS: Row = ask(
    "zms_get_agent_version_statistics",
    VERSION_COUNTS_DOCUMENT,
    Shape::Record("/data/agentVersionStatistics"),
)
.title("Count agents by version")
.doc(
    "Returns how many agents of each type run each software version.\nTo follow an upgrade; single \
     agents: zms_list_agents. totalCount 0: none fits the search.",
)
.params(&[SEARCH])
.plain_text();

pub(super) const NONCE: Row = ask("zms_get_nonce", NONCE_DOCUMENT, Shape::Record("/data/nonce"))
    .title("Get a provisioning key")
    .doc(
        "Returns one provisioning key of agents: its key, agent group, limit and use.\nThe record \
         is in data.nonce. The key admits new agents: never repeat it unless a person needs it.",
    )
    .params(&[Param::body("eyez_id", Kind::Id, "eyezId")
        .required()
        .filled()
        .doc("eyezId of zms_list_nonces.")])
    .wrap(&[EYEZ_ID, DATA])
    .see("zms_list_nonces")
    .plain_text();

pub(super) const GROUPS: Row =
    ask("zms_list_agent_groups", GROUPS_DOCUMENT, Shape::Records("/data/agentGroups/nodes"))
        .title("List agent groups")
        .doc(
            "Returns the groups that agents are managed in: type, policy state, upgrade plan and \
             number of agents.\nAgents of a group: zms_list_agents, by agentGroupName. Empty: none \
             fits.",
        )
        .params(&[PAGE, PAGE_SIZE, SEARCH, SORT, SORT_DIR]);

pub(super) const AGENTS: Row =
    ask("zms_list_agents", AGENTS_DOCUMENT, Shape::Records("/data/agents/nodes"))
        .title("List agents")
        .doc(
            "Returns the microsegmentation agents: host, connection, version, addresses and \
             group.\nCounts alone: zms_get_agent_connection_status_statistics, \
             zms_get_agent_version_statistics; hosts without an agent: zms_list_resources. Empty: \
             none fits.",
        )
        .params(&[PAGE, PAGE_SIZE, SEARCH, SORT, SORT_DIR]);

pub(super) const NONCES: Row =
    ask("zms_list_nonces", NONCES_DOCUMENT, Shape::Records("/data/nonces/nodes"))
        .title("List provisioning keys")
        .doc(
            "Returns the keys that new agents enrol with: agent group, limit and use.\nusageCount \
             equal to maxUsage: used up. The member key is a secret: leave it out with query where \
             nobody needs it. Empty: none fits.",
        )
        .params(&[PAGE, PAGE_SIZE, SEARCH, SORT, SORT_DIR]);
