//! Zone: post-admission. Which records of the demo tenant refer to which, as two tables.
//!
//! A reference has to name a record that exists, shows its name and keeps it from being removed.
//! Lists that the service shows on the other end are counted out again after every change.

use super::changes::Refusal;
use super::collections::Collection;
use super::tenant::Tenant;
use super::{Style, answers, zia, zia_app_rules, zpa};
use crate::json::{Json, Object, object};

/// Records of `from` name records of `to` in their `member`: by id, as objects or as plain values.
struct Reference {
    style: Style,
    from: &'static str,
    member: &'static str,
    to: &'static str,
    /// What an object repeats of the record it names; without any, the record need not exist.
    repeats: &'static [&'static str],
}

/// Records of `owner` list in `member` those of `of` that name them in `by`.
struct Mirror {
    owner: &'static str,
    member: &'static str,
    of: &'static str,
    by: &'static str,
}

const NAME: &[&str] = &["name"];
const URL_RULES: &str = "urlFilteringRules";
const FIREWALL: &str = "firewallFilteringRules";
const DNS: &str = "firewallDnsRules";
const IPS: &str = "firewallIpsRules";
const SERVER: &[&str] = &["name", "address", "description", "enabled"];
const NETWORK: &[&str] = &["name", "networkId", "domain", "zscalerCloud"];
const APPS: &str = zia_app_rules::RULES;
const SSL: &str = "sslInspectionRules";
const FILES: &str = "fileTypeRules";
const SANDBOX: &str = "sandboxRules";
const DLP: &str = "webDlpRules";
const VIP: &[&str] = &["virtualIp", "privateServiceEdge", "datacenter"];

const REFERENCES: &[Reference] = &[
    internet(URL_RULES, "labels", "ruleLabels"),
    internet(FIREWALL, "labels", "ruleLabels"),
    internet(DNS, "labels", "ruleLabels"),
    internet(IPS, "labels", "ruleLabels"),
    internet(URL_RULES, "locations", "locations"),
    internet(FIREWALL, "locations", "locations"),
    internet(DNS, "locations", "locations"),
    internet(IPS, "locations", "locations"),
    internet(APPS, "labels", "ruleLabels"),
    internet(SSL, "labels", "ruleLabels"),
    internet(FILES, "labels", "ruleLabels"),
    internet(SANDBOX, "labels", "ruleLabels"),
    internet(DLP, "labels", "ruleLabels"),
    internet(APPS, "locations", "locations"),
    internet(SSL, "locations", "locations"),
    internet(FILES, "locations", "locations"),
    internet(SANDBOX, "locations", "locations"),
    internet(DLP, "locations", "locations"),
    internet(DLP, "dlpEngines", "dlpEngines"),
    internet("locations", "vpnCredentials", "vpnCredentials"),
    internet(URL_RULES, "sourceIpGroups", "ipSourceGroups"),
    internet(FIREWALL, "srcIpGroups", "ipSourceGroups"),
    internet(DNS, "srcIpGroups", "ipSourceGroups"),
    internet(IPS, "srcIpGroups", "ipSourceGroups"),
    internet(FIREWALL, "destIpGroups", "ipDestinationGroups"),
    internet(DNS, "destIpGroups", "ipDestinationGroups"),
    internet(IPS, "destIpGroups", "ipDestinationGroups"),
    internet("networkServiceGroups", "services", "networkServices"),
    internet(FIREWALL, "nwServices", "networkServices"),
    internet(FIREWALL, "nwServiceGroups", "networkServiceGroups"),
    internet(FIREWALL, "nwApplicationGroups", "networkApplicationGroups"),
    internet(URL_RULES, "timeWindows", "timeIntervals"),
    internet(FIREWALL, "timeWindows", "timeIntervals"),
    internet(DNS, "timeWindows", "timeIntervals"),
    internet(IPS, "timeWindows", "timeIntervals"),
    Reference { repeats: &[], ..internet(URL_RULES, "urlCategories", zia::CATEGORIES) },
    Reference { repeats: &[], ..internet(SSL, "urlCategories", zia::CATEGORIES) },
    Reference { repeats: &[], ..internet(FILES, "urlCategories", zia::CATEGORIES) },
    Reference { repeats: &[], ..internet(SANDBOX, "urlCategories", zia::CATEGORIES) },
    Reference { repeats: VIP, ..internet("greTunnels", "primaryDestVip", zia::VIPS) },
    Reference { repeats: VIP, ..internet("greTunnels", "secondaryDestVip", zia::VIPS) },
    private(zpa::SEGMENTS, "segmentGroupId", "segmentGroup"),
    private(zpa::SEGMENTS, "serverGroups", "serverGroup"),
    private("serverGroup", "appConnectorGroups", "appConnectorGroup"),
    private("connector", "appConnectorGroupId", "appConnectorGroup"),
    private("rules/ACCESS_POLICY", "appServerGroups", "serverGroup"),
    private("rules/ACCESS_POLICY", "appConnectorGroups", "appConnectorGroup"),
    private("lssConfig", "connectorGroups", "appConnectorGroup"),
    Reference { repeats: SERVER, ..private("serverGroup", "servers", "server") },
    private(zpa::CONNECTOR_KEYS, "zcomponentId", "appConnectorGroup"),
    private(zpa::CONNECTOR_KEYS, "enrollmentCertId", "enrollmentCert"),
    private(zpa::EDGE_KEYS, "zcomponentId", "serviceEdgeGroup"),
    private(zpa::EDGE_KEYS, "enrollmentCertId", "enrollmentCert"),
    private("serviceEdge", "serviceEdgeGroupId", "serviceEdgeGroup"),
    Reference { repeats: NETWORK, ..private("serviceEdgeGroup", "trustedNetworks", "network") },
    private("praPortal", "certificateId", zpa::CERTIFICATES),
];

const MIRRORS: &[Mirror] = &[
    mirrored("segmentGroup", "applications", zpa::SEGMENTS, "segmentGroupId"),
    mirrored("serverGroup", "applications", zpa::SEGMENTS, "serverGroups"),
    mirrored("appConnectorGroup", "serverGroups", "serverGroup", "appConnectorGroups"),
    mirrored("appConnectorGroup", "connectors", "connector", "appConnectorGroupId"),
    mirrored("server", "appServerGroupIds", "serverGroup", "servers"),
    mirrored("serviceEdgeGroup", "serviceEdges", "serviceEdge", "serviceEdgeGroupId"),
];

const fn internet(from: &'static str, member: &'static str, to: &'static str) -> Reference {
    Reference { style: Style::Zia, from, member, to, repeats: NAME }
}

const fn private(from: &'static str, member: &'static str, to: &'static str) -> Reference {
    Reference { style: Style::Zpa, ..internet(from, member, to) }
}

const fn mirrored(
    owner: &'static str,
    member: &'static str,
    of: &'static str,
    by: &'static str,
) -> Mirror {
    Mirror { owner, member, of, by }
}

/// Repeats in `record` what it shows of the records it names.
pub(super) fn complete(
    tenant: &Tenant,
    collection: &Collection,
    record: &mut Object,
) -> Result<(), Refusal> {
    let leaving = |one: &&Reference| (one.style, one.from) == (collection.style, collection.path);
    for reference in REFERENCES.iter().filter(leaving).filter(|one| !one.repeats.is_empty()) {
        for id in record.get(reference.member).map_or_else(Vec::new, ids) {
            let target = reference.targets(tenant).iter().find(|one| answers::id_of(one) == id);
            let target = target.ok_or(Refusal::Dangling(reference.member))?;
            reference.repeat(target, record);
        }
    }
    Ok(())
}

/// Returns the collection of a record that names the record `id`.
pub(super) fn holder(tenant: &Tenant, collection: &Collection, id: &str) -> Option<&'static str> {
    let holds = |record: &Json, member| {
        record.get(member).is_some_and(|value| ids(value).iter().any(|own| own == id))
    };
    let found = arriving(collection).find(|one| {
        tenant.records(one.style, one.from).iter().any(|record| holds(record, one.member))
    });
    found.map(|reference| reference.from)
}

/// True when an application inside a segment uses the certificate `id`.
pub(super) fn is_certificate_of_an_application(tenant: &Tenant, id: &str) -> bool {
    let apps = zpa::records(tenant, zpa::SEGMENTS)
        .iter()
        .flat_map(|segment| ["clientlessApps", "inspectionApps"].map(|member| segment.get(member)));
    let mut apps = apps.flatten().filter_map(Json::as_array).flatten();
    apps.any(|app| app.get("certificateId").and_then(Json::as_str) == Some(id))
}

/// Repeats what others show of the record `id`, which may have another name now.
pub(super) fn follow(tenant: &mut Tenant, collection: &Collection, id: &str) {
    let records = tenant.records(collection.style, collection.path);
    let found = records.iter().find(|record| answers::id_of(record) == id).cloned();
    let Some(target) = found else { return };
    for reference in arriving(collection) {
        let holders = tenant.records_mut(reference.style, reference.from);
        for holder in holders.into_iter().flatten() {
            let named =
                holder.get(reference.member).is_some_and(|own| ids(own).contains(&id.into()));
            if let (true, Json::Object(members)) = (named, holder) {
                reference.repeat(&target, members);
            }
        }
    }
}

/// Counts out the lists that a change of `collection` may have made untrue.
pub(super) fn mirror(tenant: &mut Tenant, collection: &Collection) {
    let touched = |mirror: &&Mirror| [mirror.owner, mirror.of].contains(&collection.path);
    for mirror in MIRRORS.iter().filter(touched) {
        let listed: Vec<(Vec<String>, Json)> = tenant
            .records(Style::Zpa, mirror.of)
            .iter()
            .map(|record| (record.get(mirror.by).map_or_else(Vec::new, ids), entry(record)))
            .collect();
        for owner in tenant.records_mut(Style::Zpa, mirror.owner).into_iter().flatten() {
            let id = answers::id_of(owner);
            let own = listed.iter().filter(|(owners, _)| owners.contains(&id));
            let shown = own.map(|(_, entry)| {
                let id = entry.get("id").filter(|_| mirror.member.ends_with("Ids"));
                id.cloned().unwrap_or_else(|| shown(owner.get(mirror.member), entry))
            });
            let shown: Vec<Json> = shown.collect();
            if let Json::Object(members) = owner {
                members.set(mirror.member, shown.into());
            }
        }
    }
}

impl Reference {
    fn targets<'a>(&self, tenant: &'a Tenant) -> &'a [Json] {
        let served = tenant.records(self.style, self.to);
        if served.is_empty() { tenant.table(self.style, self.to) } else { served }
    }

    /// Writes into `record`, where it names `target`, what it repeats of it.
    fn repeat(&self, target: &Json, record: &mut Object) {
        let id = answers::id_of(target);
        let mut beside = false;
        match record.get_mut(self.member) {
            Some(Json::Array(items)) => {
                items.iter_mut().for_each(|item| self.repeat_in(target, &id, item));
            }
            Some(single @ Json::Object(_)) => self.repeat_in(target, &id, single),
            Some(Json::String(_) | Json::Number(_)) => beside = true,
            None | Some(Json::Null | Json::Bool(_)) => {}
        }
        if let (true, Some(stem), Some(name)) =
            (beside, self.member.strip_suffix("Id"), target.get("name"))
        {
            record.set(&format!("{stem}Name"), name.clone());
        }
    }

    fn repeat_in(&self, target: &Json, id: &str, item: &mut Json) {
        if answers::id_of(item) != id {
            return;
        }
        let Json::Object(members) = item else { return };
        for name in self.repeats {
            if let Some(value) = target.get(name) {
                members.set(name, value.clone());
            }
        }
    }
}

fn arriving(collection: &Collection) -> impl Iterator<Item = &'static Reference> {
    let end = (collection.style, collection.path);
    REFERENCES.iter().filter(move |one| (one.style, one.to) == end)
}

/// Returns the ids that a member names, as texts.
fn ids(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().flat_map(ids).collect(),
        Json::Object(members) => members.get("id").map(answers::text_of).into_iter().collect(),
        Json::String(_) | Json::Number(_) => vec![answers::text_of(value)],
        Json::Null | Json::Bool(_) => Vec::new(),
    }
}

fn entry(record: &Json) -> Json {
    let of = |member| record.get(member).cloned().unwrap_or_default();
    object([("id", of("id")), ("name", of("name"))])
}

/// Returns the older entry for the same record with the name of today, else `entry` itself.
fn shown(older: Option<&Json>, entry: &Json) -> Json {
    let older = older.and_then(Json::as_array).unwrap_or(&[]);
    let same = older.iter().find(|own| own.get("id") == entry.get("id"));
    let Some(Json::Object(members)) = same else { return entry.clone() };
    let mut members = members.clone();
    members.set("name", entry.get("name").cloned().unwrap_or_default());
    members.into()
}

#[cfg(test)]
mod tests {
    use super::{MIRRORS, REFERENCES, Style, Tenant, answers, ids};
    use crate::json::Json;
    use std::collections::BTreeSet;

    #[test]
    fn every_reference_of_the_embedded_records_names_a_record() {
        let tenant = Tenant::new().unwrap();
        for one in REFERENCES.iter().filter(|one| !one.repeats.is_empty()) {
            let known: BTreeSet<String> = one.targets(&tenant).iter().map(answers::id_of).collect();
            assert!(!known.is_empty(), "{}", one.to);
            for record in tenant.records(one.style, one.from) {
                let named = record.get(one.member).map_or_else(Vec::new, ids);
                assert!(named.iter().all(|id| known.contains(id)), "{} {}", one.from, one.member);
            }
        }
    }

    #[test]
    fn the_embedded_lists_agree_with_both_ends() {
        let tenant = Tenant::new().unwrap();
        for one in MIRRORS {
            for owner in tenant.records(Style::Zpa, one.owner) {
                let id = answers::id_of(owner);
                let names =
                    |record: &&Json| record.get(one.by).is_some_and(|by| ids(by).contains(&id));
                let true_ids: BTreeSet<String> = tenant
                    .records(Style::Zpa, one.of)
                    .iter()
                    .filter(names)
                    .map(answers::id_of)
                    .collect();
                let listed = owner.get(one.member).map_or_else(Vec::new, ids);
                assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), true_ids, "{id}");
            }
        }
    }
}
