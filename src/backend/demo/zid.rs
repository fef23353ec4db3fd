//! Zone: post-admission. The demo's identity: people, groups and who is in which.

use super::{Shelf, Style, Tenant, answers, search};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, object};

const USERS: &str = "users";
const GROUPS: &str = "groups";
const PAGE_DEFAULT: usize = 100;
const PAGE_MAX: usize = 1_000;

/// Query members that look for a part of the record member of that name.
const PARTS: [(&str, &str); 4] = [
    ("loginName[like]", "loginName"),
    ("displayName[like]", "displayName"),
    ("primaryEmail[like]", "primaryEmail"),
    ("name[like]", "name"),
];

pub(super) const SHELVES: &[Shelf] = &[
    shelf(USERS, true, include_str!("data/zid_users.json")),
    shelf(GROUPS, true, include_str!("data/zid_groups.json")),
    shelf("members", false, include_str!("data/zid_members.json")),
];

const fn shelf(path: &'static str, served: bool, text: &'static str) -> Shelf {
    Shelf { style: Style::Zid, path, searched: &[], served, text }
}

/// Answers a request below `/ziam/admin/api/v1/`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    if request.method != ApiMethod::Get {
        return answers::read_only(Style::Zid);
    }
    let rows = |path| tenant.records(Style::Zid, path);
    let parts: Vec<&str> = rest.split('/').collect();
    match *parts.as_slice() {
        [kind @ (USERS | GROUPS)] => {
            let kept = rows(kind).iter().filter(|row| wanted(row, request));
            page(kind, &kept.collect::<Vec<_>>(), request)
        }
        [GROUPS, id, USERS] if super::by_id(rows(GROUPS), id).is_some() => {
            let inside = rows(USERS).iter().filter(|user| is_member(tenant, id, user));
            page(rest, &inside.collect::<Vec<_>>(), request)
        }
        [USERS, id, GROUPS] => match super::by_id(rows(USERS), id) {
            None => answers::not_found(Style::Zid),
            Some(user) => {
                let around = |group: &&Json| is_member(tenant, &answers::id_of(group), user);
                let around = rows(GROUPS).iter().filter(around);
                page(rest, &around.collect::<Vec<_>>(), request)
            }
        },
        [kind @ (USERS | GROUPS), id] => {
            let found = super::by_id(rows(kind), id);
            found.map_or_else(|| answers::not_found(Style::Zid), |row| answers::ok(row.clone()))
        }
        _ => answers::not_found(Style::Zid),
    }
}

fn is_member(tenant: &Tenant, group: &str, user: &Json) -> bool {
    let table = tenant.table(Style::Zid, "members");
    let row = table.iter().find(|row| row.get("group").and_then(Json::as_str) == Some(group));
    let users = row.and_then(|row| row.get("users")).and_then(Json::as_array).unwrap_or(&[]);
    users.iter().any(|id| Some(id) == user.get("id"))
}

fn wanted(row: &Json, request: &ApiRequest) -> bool {
    let parts = PARTS.iter().all(|(key, member)| {
        request.query_value(key).is_none_or(|text| search::contains(row, &[*member], text))
    });
    let domain = request.query_value("domainName").is_none_or(|domain| {
        let own = row.get("loginName").and_then(Json::as_str).and_then(|own| own.split_once('@'));
        own.is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain))
    });
    let provider = request.query_value("idpName").is_none_or(|name| {
        let own = row.get("idp").and_then(|idp| idp.get("name")).and_then(Json::as_str);
        own.is_some_and(|own| own.eq_ignore_ascii_case(name))
    });
    let by_hand = request.query_value("excludeDynamicGroups") == Some("true");
    let dynamic = row.get("isDynamicGroup").and_then(Json::as_bool) == Some(true);
    parts && domain && provider && !(by_hand && dynamic)
}

fn page(path: &str, kept: &[&Json], request: &ApiRequest) -> ApiResponse {
    let offset = answers::number(request, "offset").unwrap_or(0);
    let limit = answers::number(request, "limit").unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let records: Vec<Json> =
        kept.iter().skip(offset).take(limit).map(|row| (*row).clone()).collect();
    let next = offset.saturating_add(limit);
    let next_link = if next < kept.len() {
        format!("/{path}?offset={next}&limit={limit}").into()
    } else {
        Json::Null
    };
    answers::ok(object([
        ("results_total", answers::count(kept.len())),
        ("pageOffset", answers::count(offset)),
        ("pageSize", answers::count(limit)),
        ("next_link", next_link),
        ("records", records.into()),
    ]))
}
