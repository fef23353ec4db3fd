//! Zone: post-admission. Records of the demo tenant are made, replaced and removed here.
//!
//! Everything is checked before anything is stored, and what is stored is bounded in records and
//! bytes. Text stays as it was sent: cleaning it is the sanitizer's work.

use super::collections::{Collection, Ids, PROTECTED, kept};
use super::tenant::{Tenant, by_id};
use super::{Style, answers, relations};
use crate::json::{Json, Object, write};

/// Records that may be added to those inside the binary; enough for an afternoon of trying out.
pub(super) const CREATED_MAX: usize = 250;
/// Bytes of one record as JSON; with the bound on records it bounds the memory of the tenant.
pub(super) const RECORD_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a name, which every record that refers to it repeats.
pub(super) const NAME_BYTES_MAX: usize = 256;

/// Numbers that ids count on from; every id inside the binary is smaller.
const NUMBER_BEFORE: u64 = 9_000_000;
const TEXT_BEFORE: u64 = 216_196_257_339_000_000;
const CATEGORY_BEFORE: u64 = 14;

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such record.
    Unknown,
    /// The body is no object.
    NoObject,
    /// What has to be a list is none.
    NoList,
    /// The member that names the record is missing or blank.
    NoName(&'static str),
    /// The name is longer than [`NAME_BYTES_MAX`], or no text.
    LongName,
    /// Another record has this member with the same value.
    Duplicate(&'static str),
    /// This member refers to a record that is not there.
    Dangling(&'static str),
    /// A record of this collection refers to the one to be removed.
    InUse(&'static str),
    /// The service itself made the record.
    Protected,
    /// No such action on a list.
    Action,
    /// A setting takes values of another kind.
    Kind,
    /// The record is larger than [`RECORD_BYTES_MAX`].
    TooLarge,
    /// [`CREATED_MAX`] is reached.
    Full,
}

/// Secrets that the service takes and never tells.
const SECRETS: [&str; 4] = ["certBlob", "password", "preSharedKey", "privateKey"];

/// Returns the members of a body that say something: null stands for nothing.
pub(super) fn members(body: Option<&Json>) -> Result<Object, Refusal> {
    let sent = body.and_then(Json::as_object).ok_or(Refusal::NoObject)?;
    let said = sent.iter().filter(|(_, value)| !value.is_null());
    Ok(said.map(|(name, value)| (name.to_owned(), value.clone())).collect())
}

/// Returns an id that no record has had.
pub(super) fn fresh(tenant: &mut Tenant, ids: Ids) -> Json {
    tenant.created = tenant.created.saturating_add(1);
    match ids {
        Ids::Number => Json::from(NUMBER_BEFORE.saturating_add(tenant.created)),
        Ids::Text => Json::from(TEXT_BEFORE.saturating_add(tenant.created).to_string()),
        Ids::Category => {
            Json::from(format!("CUSTOM_{}", CATEGORY_BEFORE.saturating_add(tenant.created)))
        }
    }
}

/// Adds a record and returns it.
pub(super) fn create(
    tenant: &mut Tenant,
    collection: &Collection,
    sent: Object,
) -> Result<Json, Refusal> {
    let room = tenant.room.checked_sub(1).ok_or(Refusal::Full)?;
    named(collection, &sent)?;
    let id = fresh(tenant, collection.ids);
    let record = checked(tenant, collection, id, sent)?;
    tenant.room = room;
    store(tenant, collection, None, record)
}

/// Replaces the record whose id is the path segment `id` and returns the new one.
pub(super) fn replace(
    tenant: &mut Tenant,
    collection: &Collection,
    id: &str,
    mut sent: Object,
) -> Result<Json, Refusal> {
    let (index, old) = find(tenant, collection, id)?;
    if !collection.merges && old.get(collection.name).is_some_and(|name| !name.is_null()) {
        named(collection, &sent)?;
    }
    for (name, value) in old.as_object().into_iter().flat_map(Object::iter) {
        let kept = collection.merges || kept(collection.style).contains(&name);
        if kept && sent.get(name).is_none() {
            sent.set(name, value.clone());
        }
    }
    let id = old.get("id").cloned().unwrap_or_default();
    let record = checked(tenant, collection, id, sent)?;
    store(tenant, collection, Some(index), record)
}

/// Removes the record whose id is the path segment `id`.
pub(super) fn remove(
    tenant: &mut Tenant,
    collection: &Collection,
    id: &str,
) -> Result<(), Refusal> {
    let index = removable(tenant, collection, id)?;
    let records = tenant.records_mut(collection.style, collection.path).ok_or(Refusal::Unknown)?;
    records.remove(index);
    renumber(collection, records);
    tenant.room = tenant.room.saturating_add(1);
    relations::mirror(tenant, collection);
    Ok(())
}

/// Returns where the record is that may be removed, or why it may not.
pub(super) fn removable(
    tenant: &Tenant,
    collection: &Collection,
    id: &str,
) -> Result<usize, Refusal> {
    let (index, old) = find(tenant, collection, id)?;
    let is = |(member, value): &(&str, &str)| {
        old.get(member).is_some_and(|own| answers::text_of(own) == *value)
    };
    if PROTECTED.iter().any(is) {
        return Err(Refusal::Protected);
    }
    if let Some(holder) = relations::holder(tenant, collection, &answers::id_of(&old)) {
        return Err(Refusal::InUse(holder));
    }
    Ok(index)
}

fn find(tenant: &Tenant, collection: &Collection, id: &str) -> Result<(usize, Json), Refusal> {
    let records = tenant.records(collection.style, collection.path);
    let found = by_id(records, id).ok_or(Refusal::Unknown)?;
    let index = records.iter().position(|record| record.get("id") == found.get("id"));
    Ok((index.ok_or(Refusal::Unknown)?, found.clone()))
}

fn named(collection: &Collection, sent: &Object) -> Result<(), Refusal> {
    let name = sent.get(collection.name).and_then(Json::as_str).unwrap_or_default();
    if collection.name.is_empty() || !name.trim().is_empty() {
        return Ok(());
    }
    Err(Refusal::NoName(collection.name))
}

/// Returns the record as it will be stored, or why it cannot be.
fn checked(
    tenant: &mut Tenant,
    collection: &Collection,
    id: Json,
    mut sent: Object,
) -> Result<Json, Refusal> {
    let long = |name: &&str| {
        let value = sent.get(name);
        value.is_some_and(|name| name.as_str().is_none_or(|name| name.len() > NAME_BYTES_MAX))
    };
    if [collection.name, "name"].iter().any(long) {
        return Err(Refusal::LongName);
    }
    sent.remove("id");
    for secret in SECRETS {
        sent.remove(secret);
    }
    let mut record = Object::new();
    record.set("id", id);
    for (name, value) in sent {
        record.push(name, value);
    }
    unique(tenant, collection, &record)?;
    relations::complete(tenant, collection, &mut record)?;
    for (name, added) in collection.added {
        if record.get(name).is_none() {
            record.set(name, added.value());
        }
    }
    (collection.settle)(tenant, &mut record);
    let record = Json::Object(record);
    let bytes = write::to_text(&record).len();
    (bytes <= RECORD_BYTES_MAX).then_some(record).ok_or(Refusal::TooLarge)
}

/// Internet access and connectors take each name once.
fn unique(tenant: &Tenant, collection: &Collection, record: &Object) -> Result<(), Refusal> {
    let name = record.get(collection.name).and_then(Json::as_str);
    let (Style::Zia | Style::Ztw, Some(name)) = (collection.style, name) else { return Ok(()) };
    let same = |other: &Json| {
        let own = other.get(collection.name).and_then(Json::as_str);
        own.is_some_and(|own| own.eq_ignore_ascii_case(name)) && other.get("id") != record.get("id")
    };
    let taken = tenant.records(collection.style, collection.path).iter().any(same);
    if taken { Err(Refusal::Duplicate(collection.name)) } else { Ok(()) }
}

/// Puts the record where it belongs, in place of the one at `index`, and tells its relations.
fn store(
    tenant: &mut Tenant,
    collection: &Collection,
    index: Option<usize>,
    record: Json,
) -> Result<Json, Refusal> {
    let id = answers::id_of(&record);
    let records = tenant.records_mut(collection.style, collection.path).ok_or(Refusal::Unknown)?;
    if let Some(index) = index {
        records.remove(index);
    }
    let at = match index {
        Some(index) if collection.order.is_empty() => index,
        _ => place(collection, records, &record),
    };
    records.insert(at, record);
    renumber(collection, records);
    relations::follow(tenant, collection, &id);
    relations::mirror(tenant, collection);
    let stored = by_id(tenant.records(collection.style, collection.path), &id);
    stored.cloned().ok_or(Refusal::Unknown)
}

/// Returns the place among the others that the record asks for, else the last before the default
/// rules, which stay at the end.
fn place(collection: &Collection, others: &[Json], record: &Json) -> usize {
    let is_before = |other: &&Json| !is_default(other) && is_beside(collection, other, record);
    let places = others.iter().enumerate().filter(|(_, other)| is_before(other));
    let beside: Vec<usize> = places.map(|(at, _)| at).collect();
    if collection.order.is_empty() || is_default(record) {
        return others.len();
    }
    let wanted = number(record, collection).and_then(|wanted| wanted.checked_sub(1));
    let found = wanted.and_then(|wanted| beside.get(wanted));
    let last = beside.last().map_or(0, |last| last.saturating_add(1));
    found.copied().unwrap_or(last)
}

/// True when the two stand in one order.
fn is_beside(collection: &Collection, one: &Json, other: &Json) -> bool {
    collection.within.is_empty() || one.get(collection.within) == other.get(collection.within)
}

/// Counts the rules through. A default rule with a number outside the order keeps it.
fn renumber(collection: &Collection, records: &mut [Json]) {
    if collection.order.is_empty() {
        return;
    }
    let places = records.iter().enumerate().map(|(at, record)| {
        let until = records.iter().take(at.saturating_add(1));
        until.filter(|other| is_beside(collection, other, record)).count()
    });
    let places: Vec<usize> = places.collect();
    for (record, place) in records.iter_mut().zip(places) {
        if is_default(record) && number(record, collection).is_none() {
            continue;
        }
        let place = answers::count(place);
        let text = matches!(collection.ids, Ids::Text);
        let place = if text { answers::text_of(&place).into() } else { place };
        if let Json::Object(members) = record {
            members.set(collection.order, place);
        }
    }
}

fn number(record: &Json, collection: &Collection) -> Option<usize> {
    record.get(collection.order).and_then(|place| answers::text_of(place).parse().ok())
}

fn is_default(record: &Json) -> bool {
    record.get("defaultRule").and_then(Json::as_bool) == Some(true)
}
