//! Zone: post-admission. The demo's GraphQL lists: filters, order and pages as variables say.

use core::cmp::Ordering;

use super::graph::{Fault, text, whole, word};
use super::{Style, Tenant, search};
use crate::json::{Json, Number, Object, object, write};

const PAGE_DEFAULT: usize = 20;
const PAGE_MAX: usize = 100;
/// Filters whose name is not that of the member they look at.
const ALIASES: [(&str, &str); 2] = [("keyName", "name"), ("resourceHostname", "_hostnames")];

/// One list: its records and the variables that choose among them.
pub(super) struct Listing {
    pub(super) table: &'static str,
    number: &'static str,
    searched: &'static [&'static str],
    parents: &'static [Parent],
    members: &'static [&'static str],
}

/// A record that the listed ones belong to: the variable with its id, the table it must be in
/// (none when it is no record), and the member that names it.
pub(super) struct Parent {
    pub(super) variable: &'static str,
    pub(super) table: &'static str,
    pub(super) member: &'static str,
}

impl Listing {
    /// A list with `page`, a plain search, and `sort` with `sortDir`.
    pub(super) const fn searched(table: &'static str, searched: &'static [&'static str]) -> Self {
        Self { table, number: "page", searched, parents: &[], members: &[] }
    }

    /// A list with `pageNum`, `filter` and `orderBy`.
    pub(super) const fn filtered(table: &'static str) -> Self {
        Self { table, number: "pageNum", searched: &[], parents: &[], members: &[] }
    }

    /// Keeps only what belongs to these records.
    pub(super) const fn below(mut self, parents: &'static [Parent]) -> Self {
        self.parents = parents;
        self
    }

    /// Shows only these members.
    pub(super) const fn only(mut self, members: &'static [&'static str]) -> Self {
        self.members = members;
        self
    }
}

/// Returns the record whose member `name` is the variable of that name.
pub(super) fn one(rows: &[Json], name: &'static str, given: &Object) -> Result<Json, Fault> {
    let wanted = text(given, name)?;
    let found = rows.iter().find(|row| row.get(name).and_then(Json::as_str) == Some(wanted));
    found.map(|row| shown(row, &[])).ok_or(Fault::NotFound)
}

/// Returns one page of `listing`.
pub(super) fn page(tenant: &Tenant, listing: &Listing, given: &Object) -> Result<Json, Fault> {
    let number = whole(given, listing.number, 1)?;
    let size = whole(given, "pageSize", PAGE_DEFAULT)?;
    if size > PAGE_MAX {
        return Err(Fault::Value("pageSize"));
    }
    let mut kept: Vec<&Json> = tenant.table(Style::Graph, listing.table).iter().collect();
    for parent in listing.parents {
        keep_children(tenant, parent, given, &mut kept)?;
    }
    keep_filtered(given, &mut kept)?;
    if let Some(wanted) = word(given, "search")? {
        kept.retain(|row| search::contains(row, listing.searched, wanted));
    }
    let is_true = |name| given.get(name).and_then(Json::as_bool) == Some(true);
    if !is_true("includeDeleted") {
        kept.retain(|row| row.get("deleted").and_then(Json::as_bool) != Some(true));
    }
    sort(given, &mut kept)?;
    let whole_list = is_true("fetchAll");
    let (number, size) = if whole_list { (1, kept.len().max(1)) } else { (number, size) };
    let before = (number - 1).saturating_mul(size);
    let nodes = kept.iter().skip(before).take(size).map(|row| shown(row, listing.members));
    Ok(object([
        ("nodes", Json::Array(nodes.collect())),
        ("pageInfo", page_info(number, size, kept.len())),
    ]))
}

/// Returns what a page says about its place.
pub(super) fn page_info(number: usize, size: usize, total: usize) -> Json {
    object([
        ("pageNumber", count(number)),
        ("pageSize", count(size)),
        ("totalCount", count(total)),
        ("totalPages", count(total.div_ceil(size))),
    ])
}

/// Returns a count as JSON.
pub(super) fn count(value: usize) -> Json {
    u64::try_from(value).map_or(Json::Null, Json::from)
}

fn keep_children(
    tenant: &Tenant,
    parent: &Parent,
    given: &Object,
    kept: &mut Vec<&Json>,
) -> Result<(), Fault> {
    let wanted = text(given, parent.variable)?;
    let has_id = |row: &Json| row.get("id").and_then(Json::as_str) == Some(wanted);
    if !parent.table.is_empty() && !tenant.table(Style::Graph, parent.table).iter().any(has_id) {
        return Err(Fault::NotFound);
    }
    kept.retain(|row| any(row.get(parent.member), |own| own == wanted));
    Ok(())
}

fn keep_filtered(given: &Object, kept: &mut Vec<&Json>) -> Result<(), Fault> {
    let bad = Fault::Value("filter");
    let Some(filter) = given.get("filter").filter(|filter| !filter.is_null()) else {
        return Ok(());
    };
    for (name, condition) in filter.as_object().ok_or(bad)?.iter() {
        let alias = ALIASES.iter().find(|(own, _)| *own == name);
        let member = alias.map_or(name, |(_, member)| *member);
        if !kept.is_empty() && !kept.iter().any(|row| row.get(member).is_some()) {
            return Err(bad);
        }
        let condition = condition.as_object().filter(|members| members.len() == 1).ok_or(bad)?;
        let (operator, value) = condition.iter().next().ok_or(bad)?;
        let wanted = value.as_str().ok_or(bad)?;
        let lower = wanted.to_lowercase();
        match operator {
            "contains" => {
                kept.retain(|row| any(row.get(member), |own| own.to_lowercase().contains(&lower)));
            }
            "equals" => kept.retain(|row| any(row.get(member), |own| own == wanted)),
            _ => return Err(bad),
        }
    }
    Ok(())
}

/// True when the text, or one text of the list, fits.
fn any(value: Option<&Json>, fits: impl Fn(&str) -> bool) -> bool {
    match value {
        Some(Json::String(own)) => fits(own),
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).any(fits),
        Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_)) | None => false,
    }
}

fn sort(given: &Object, kept: &mut [&Json]) -> Result<(), Fault> {
    for (member, direction, variable) in orders(given)? {
        if !kept.is_empty() && !kept.iter().any(|row| row.get(member).is_some()) {
            return Err(Fault::Value(variable));
        }
        match direction {
            "ASC" => kept.sort_by(|one, other| compare(one.get(member), other.get(member))),
            "DESC" => kept.sort_by(|one, other| compare(other.get(member), one.get(member))),
            _ => return Err(Fault::Value(variable)),
        }
    }
    Ok(())
}

/// Returns member, direction and the variable to blame, from either way of saying it.
fn orders(given: &Object) -> Result<Vec<(&str, &str, &'static str)>, Fault> {
    let mut found = Vec::new();
    if let Some(order) = given.get("orderBy").filter(|order| !order.is_null()) {
        let bad = Fault::Value("orderBy");
        for (member, direction) in order.as_object().ok_or(bad)?.iter() {
            found.push((member, direction.as_str().ok_or(bad)?, "orderBy"));
        }
    }
    let direction = word(given, "sortDir")?.unwrap_or("ASC");
    if !matches!(direction, "ASC" | "DESC") {
        return Err(Fault::Value("sortDir"));
    }
    if let Some(member) = word(given, "sort")?.filter(|member| !member.is_empty()) {
        found.push((member, direction, "sort"));
    }
    Ok(found)
}

fn compare(one: Option<&Json>, other: Option<&Json>) -> Ordering {
    let number = |value: Option<&Json>| value.and_then(Json::as_number).and_then(Number::as_f64);
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => key(one).cmp(&key(other)),
    }
}

fn key(value: Option<&Json>) -> String {
    let value = value.filter(|value| !value.is_null());
    value.map_or_else(String::new, |value| {
        value.as_str().map_or_else(|| write::to_text(value), str::to_lowercase)
    })
}

/// Returns `row` as the service shows it: these members, or all that are not the demo's own.
fn shown(row: &Json, members: &[&str]) -> Json {
    let own = row.as_object().into_iter().flat_map(Object::iter);
    let kept = own.filter(|(name, _)| {
        if members.is_empty() { !name.starts_with('_') } else { members.contains(name) }
    });
    Json::Object(kept.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}
