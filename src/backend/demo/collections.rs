//! Zone: post-admission. The collections of the demo tenant that can be changed, as a table.
//!
//! A row says what a record needs, what the service adds to it and what an update leaves alone.

use super::tenant::Tenant;
use super::{Style, zdx, zia, zia_app_rules, zia_changes, zpa, zpa_apps};
use crate::json::{Json, Object};

/// The form of the ids that a service gives.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ids {
    Number,
    Text,
    Category,
}

/// A value that the service adds where none was sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Added {
    Flag(bool),
    Count(u64),
    Word(&'static str),
    List,
}

impl Added {
    pub(super) fn value(self) -> Json {
        match self {
            Self::Flag(flag) => flag.into(),
            Self::Count(count) => count.into(),
            Self::Word(word) => word.into(),
            Self::List => Json::Array(Vec::new()),
        }
    }
}

/// A collection that can be changed.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) style: Style,
    pub(super) path: &'static str,
    pub(super) ids: Ids,
    /// The member a record needs; unique in internet access. Empty when there is none.
    pub(super) name: &'static str,
    /// The member with the place in the order of rules. Empty when there is none.
    pub(super) order: &'static str,
    /// The member whose value tells one order from another. Empty when there is one order.
    pub(super) within: &'static str,
    /// True when an update leaves alone what it does not name.
    pub(super) merges: bool,
    pub(super) added: &'static [(&'static str, Added)],
    /// Brings a record into the form that the service stores, once it has its id.
    pub(super) settle: fn(&mut Tenant, &mut Object),
}

const RULE: &[(&str, Added)] = &[
    ("order", Added::Count(0)),
    ("rank", Added::Count(7)),
    ("state", Added::Word("ENABLED")),
    ("accessControl", Added::Word("READ_WRITE")),
    ("defaultRule", Added::Flag(false)),
    ("predefined", Added::Flag(false)),
];
const LOCATION: &[(&str, Added)] =
    &[("parentId", Added::Count(0)), ("childCount", Added::Count(0)), ("ipAddresses", Added::List)];
const CATEGORY: &[(&str, Added)] = &[
    ("superCategory", Added::Word("USER_DEFINED")),
    ("keywords", Added::List),
    ("urls", Added::List),
    ("dbCategorizedUrls", Added::List),
    ("customCategory", Added::Flag(true)),
    ("editable", Added::Flag(true)),
    ("type", Added::Word("URL_CATEGORY")),
];
const SERVICE: &[(&str, Added)] = &[
    ("srcTcpPorts", Added::List),
    ("destTcpPorts", Added::List),
    ("srcUdpPorts", Added::List),
    ("destUdpPorts", Added::List),
    ("type", Added::Word("CUSTOM")),
    ("isNameL10nTag", Added::Flag(false)),
];
const GROUP: &[(&str, Added)] = &[("isNonEditable", Added::Flag(false))];
const CONNECTOR_GROUP: &[(&str, Added)] =
    &[("creatorContext", Added::Word("EC")), ("isNonEditable", Added::Flag(false))];
const STATIC_IP: &[(&str, Added)] =
    &[("geoOverride", Added::Flag(false)), ("routableIP", Added::Flag(true))];
const TUNNEL: &[(&str, Added)] =
    &[("withinCountry", Added::Flag(false)), ("ipUnnumbered", Added::Flag(false))];
const SIGNATURE: &[(&str, Added)] =
    &[("enabled", Added::Flag(true)), ("deleted", Added::Flag(false))];
const OBJECT: &[(&str, Added)] =
    &[("enabled", Added::Flag(true)), ("configSpace", Added::Word("DEFAULT"))];
const CONNECTORS: &[(&str, Added)] =
    &[("enabled", Added::Flag(true)), ("connectorGroupType", Added::Word("APP"))];
const CERTIFICATE: &[(&str, Added)] = &[("description", Added::Word("")), ("san", Added::List)];
const KEY: &[(&str, Added)] = &[
    ("enabled", Added::Flag(true)),
    ("usageCount", Added::Word("0")),
    ("provisioningKey", Added::Word("3|broker.demo.test|DEMO-KEY-NEW-NOT-REAL")),
];
const PORTAL: &[(&str, Added)] = &[
    ("enabled", Added::Flag(true)),
    ("cName", Added::Word("new.portal.demo.test")),
    ("userNotificationEnabled", Added::Flag(false)),
];
const EDGES: &[(&str, Added)] = &[
    ("enabled", Added::Flag(true)),
    ("graceDistanceEnabled", Added::Flag(false)),
    ("trustedNetworks", Added::List),
];
const POLICY: &[(&str, Added)] = &[
    ("operator", Added::Word("AND")),
    ("ruleOrder", Added::Word("")),
    ("defaultRule", Added::Flag(false)),
    ("disabled", Added::Word("0")),
    ("readOnly", Added::Flag(false)),
    ("zscalerManaged", Added::Flag(false)),
    ("conditions", Added::List),
];

const COLLECTIONS: &[Collection] = &[
    internet("ruleLabels", "name", &[("referencedRuleCount", Added::Count(0))]),
    internet("locations", "name", LOCATION),
    internet("staticIP", "ipAddress", STATIC_IP),
    internet("greTunnels", "sourceIp", TUNNEL),
    internet("vpnCredentials", "", &[("disabled", Added::Flag(false))]),
    Collection {
        ids: Ids::Category,
        settle: zia_changes::count,
        ..internet(zia::CATEGORIES, "configuredName", CATEGORY)
    },
    internet_rules("urlFilteringRules"),
    internet_rules("firewallFilteringRules"),
    internet_rules("firewallDnsRules"),
    internet_rules("firewallIpsRules"),
    internet_rules("sslInspectionRules"),
    internet_rules("fileTypeRules"),
    internet_rules("sandboxRules"),
    internet_rules("webDlpRules"),
    Collection { within: zia_app_rules::CLASS, ..internet_rules(zia_app_rules::RULES) },
    internet("ipsSignatureRules", "name", SIGNATURE),
    internet("ipSourceGroups", "name", GROUP),
    internet("ipDestinationGroups", "name", GROUP),
    internet("networkServices", "name", SERVICE),
    internet("networkServiceGroups", "name", &[]),
    internet("networkApplicationGroups", "name", &[]),
    Collection { style: Style::Ztw, ..internet("ipDestinationGroups", "name", CONNECTOR_GROUP) },
    Collection { style: Style::Ztw, ..internet("ipGroups", "name", CONNECTOR_GROUP) },
    Collection { style: Style::Ztw, ..internet("ipSourceGroups", "name", CONNECTOR_GROUP) },
    internet("timeIntervals", "name", &[]),
    experience(zdx::ANALYSES, ""),
    experience(zdx::TRACES, "session_name"),
    private("segmentGroup", OBJECT),
    private("serverGroup", OBJECT),
    Collection { settle: zpa_apps::settle, ..private(zpa::SEGMENTS, OBJECT) },
    private("appConnectorGroup", CONNECTORS),
    Collection { merges: true, ..private("connector", &[]) },
    private("server", OBJECT),
    private(zpa::CERTIFICATES, CERTIFICATE),
    private(zpa::CONNECTOR_KEYS, KEY),
    private(zpa::EDGE_KEYS, KEY),
    private("credential", &[]),
    private("praPortal", PORTAL),
    private("serviceEdgeGroup", EDGES),
    Collection { merges: true, ..private("serviceEdge", &[]) },
    private_rules("rules/ACCESS_POLICY"),
    private_rules("rules/TIMEOUT_POLICY"),
    private_rules("rules/CLIENT_FORWARDING_POLICY"),
    private_rules("rules/ISOLATION_POLICY"),
    private_rules("rules/INSPECTION_POLICY"),
];

const fn internet(
    path: &'static str,
    name: &'static str,
    added: &'static [(&'static str, Added)],
) -> Collection {
    let (style, ids) = (Style::Zia, Ids::Number);
    Collection {
        style,
        path,
        ids,
        name,
        order: "",
        within: "",
        merges: false,
        added,
        settle: |_, _| (),
    }
}

const fn experience(path: &'static str, name: &'static str) -> Collection {
    Collection { style: Style::Zdx, ..internet(path, name, &[]) }
}

const fn internet_rules(path: &'static str) -> Collection {
    Collection { order: "order", ..internet(path, "name", RULE) }
}

const fn private(path: &'static str, added: &'static [(&'static str, Added)]) -> Collection {
    Collection { style: Style::Zpa, ids: Ids::Text, ..internet(path, "name", added) }
}

const fn private_rules(path: &'static str) -> Collection {
    Collection { order: "ruleOrder", ..private(path, POLICY) }
}

/// What an update that does not name it leaves as it is: facts about the record, and its place.
const KEPT_INTERNET: &[&str] = &[
    "accessControl",
    "category",
    "childCount",
    "city",
    "createdBy",
    "creatorContext",
    "customCategory",
    "defaultRule",
    "disabled",
    "dynamiclocationGroups",
    "editable",
    "enabled",
    "fqdn",
    "ipAddress",
    "isNonEditable",
    "lastModificationTime",
    "lastModifiedBy",
    "lastModifiedTime",
    "location",
    "managedBy",
    "order",
    "parentId",
    "predefined",
    "rank",
    "referencedRuleCount",
    "state",
    "staticLocationGroups",
    "superCategory",
    "type",
];
const KEPT_PRIVATE: &[&str] = &[
    "applications",
    "clientlessApps",
    "configSpace",
    "connectorGroupType",
    "connectors",
    "creationTime",
    "defaultRule",
    "disabled",
    "enabled",
    "inspectionApps",
    "lastCredentialResetTime",
    "microtenantId",
    "microtenantName",
    "modifiedBy",
    "modifiedTime",
    "praApps",
    "priority",
    "provisioningKey",
    "readOnly",
    "ruleOrder",
    "serviceEdges",
    "trustedNetworks",
    "usageCount",
    "zscalerManaged",
];

/// Members with these values mark what the service made for itself.
pub(super) const PROTECTED: &[(&str, &str)] = &[
    ("customCategory", "false"),
    ("defaultRule", "true"),
    ("isNonEditable", "true"),
    ("predefined", "true"),
    ("readOnly", "true"),
    ("type", "PREDEFINED"),
    ("type", "STANDARD"),
];

/// Returns the collection of `style` at `path`, when it can be changed.
pub(super) fn collection(style: Style, path: &str) -> Option<&'static Collection> {
    COLLECTIONS.iter().find(|one| (one.style, one.path) == (style, path))
}

/// Returns what an update of `style` keeps when it does not name it.
pub(super) const fn kept(style: Style) -> &'static [&'static str] {
    match style {
        Style::Zpa => KEPT_PRIVATE,
        Style::Zia
        | Style::Zdx
        | Style::Zcc
        | Style::Zid
        | Style::Graph
        | Style::Zeasm
        | Style::Zcell
        | Style::Ztw => KEPT_INTERNET,
    }
}
