//! Zone: post-admission. The demo's GraphQL counts: agents by state, what is protected.

use super::graph::{Fault, whole, word};
use super::graph_lists::{count, page_info};
use super::{Style, Tenant, search};
use crate::json::{Json, Number, Object, object};

/// Members that a search for agents looks at.
pub(super) const SEARCHED: &[&str] = &["name", "hostOs", "description", "agentGroupName"];

/// Returns the agents that fit `search`, counted by type and by another member, which the answer
/// may call differently.
pub(super) fn agents(
    tenant: &Tenant,
    given: &Object,
    list: &str,
    (shown, member): (&str, &str),
) -> Result<Json, Fault> {
    let wanted = word(given, "search")?.unwrap_or("");
    let agents = tenant.table(Style::Graph, "agents").iter();
    let kept: Vec<&Json> = agents.filter(|row| search::contains(row, SEARCHED, wanted)).collect();
    let mut tallies: Vec<(&Json, &Json, usize)> = Vec::new();
    for row in &kept {
        let (Some(kind), Some(value)) = (row.get("agentType"), row.get(member)) else { continue };
        match tallies.iter_mut().find(|(k, v, _)| (*k, *v) == (kind, value)) {
            Some((_, _, number)) => *number = number.saturating_add(1),
            None => tallies.push((kind, value, 1)),
        }
    }
    let rows = tallies.into_iter().map(|(kind, value, number)| {
        object([
            ("agentType", kind.clone()),
            (shown, value.clone()),
            ("count", count(number)),
            ("percentage", percentage(number, kept.len())),
        ])
    });
    Ok(object([
        ("totalCount", count(kept.len())),
        ("totalPercentage", percentage(kept.len(), kept.len())),
        (list, Json::Array(rows.collect())),
    ]))
}

/// Returns how many resources run an agent.
pub(super) fn resources(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    let all = tenant.table(Style::Graph, "resources").iter().filter(|row| is_there(row));
    let (guarded, bare): (Vec<&Json>, Vec<&Json>) = all.partition(|row| has_agent(row));
    let names = ["protectedResourcesCount", "unprotectedResourcesCount", "totalResources"];
    status(given, names, guarded.len(), bare.len())
}

/// Returns how many groups of resources have an agent on every member.
pub(super) fn groups(tenant: &Tenant, given: &Object) -> Result<Json, Fault> {
    let resources = tenant.table(Style::Graph, "resources");
    let is_guarded = |group: &&Json| {
        let id = group.get("id");
        let mut members = resources.iter().filter(|row| {
            let groups = row.get("_groups").and_then(Json::as_array).unwrap_or(&[]);
            is_there(row) && groups.iter().any(|own| Some(own) == id)
        });
        members.clone().next().is_some() && members.all(has_agent)
    };
    let all = tenant.table(Style::Graph, "resource_groups").iter();
    let (guarded, bare): (Vec<&Json>, Vec<&Json>) = all.partition(is_guarded);
    let names =
        ["protectedResourceGroupsCount", "unprotectedResourceGroupsCount", "totalResourceGroups"];
    status(given, names, guarded.len(), bare.len())
}

fn is_there(row: &Json) -> bool {
    row.get("deleted").and_then(Json::as_bool) != Some(true)
}

fn has_agent(row: &Json) -> bool {
    row.get("agentId").and_then(Json::as_str).is_some()
}

fn status(given: &Object, names: [&str; 3], guarded: usize, bare: usize) -> Result<Json, Fault> {
    let (number, size) = (whole(given, "pageNum", 1)?, whole(given, "pageSize", 20)?);
    let total = guarded.saturating_add(bare);
    let [of_guarded, of_bare, of_all] = names;
    let node = object([
        ("protectedPercentage", percentage(guarded, total)),
        (of_guarded, count(guarded)),
        (of_bare, count(bare)),
        (of_all, count(total)),
    ]);
    let nodes = if number == 1 { vec![node] } else { Vec::new() };
    Ok(object([("nodes", nodes.into()), ("pageInfo", page_info(number, size, 1))]))
}

fn percentage(part: usize, total: usize) -> Json {
    let (Ok(part), Ok(total)) = (u32::try_from(part), u32::try_from(total.max(1))) else {
        return Json::Null;
    };
    let share = f64::from(part) * 100.0 / f64::from(total);
    Number::from_f64((share * 100.0).round() / 100.0).map_or(Json::Null, Json::Number)
}
