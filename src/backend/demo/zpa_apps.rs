//! Zone: post-admission. The applications inside the demo's segments, in the form they are stored.

use super::changes::fresh;
use super::collections::Ids;
use super::tenant::Tenant;
use crate::json::{Json, Object};

/// The types of applications by the word a request uses and the member a segment keeps them in.
pub(super) const TYPES: &[(&str, &str)] = &[
    ("BROWSER_ACCESS", "clientlessApps"),
    ("INSPECT", "inspectionApps"),
    ("SECURE_REMOTE_ACCESS", "praApps"),
];

/// What a request describes applications in; the service keeps one list for each type instead.
const DESCRIBED: &str = "commonAppsDto";

/// Gives every application its id and the id of its segment.
pub(super) fn settle(tenant: &mut Tenant, segment: &mut Object) {
    let described = segment.remove(DESCRIBED).unwrap_or_default();
    let id = segment.get("id").cloned().unwrap_or_default();
    for (kind, member) in TYPES {
        let own = list(segment.get(member)).to_vec();
        let apps = list(described.get("appsConfig")).iter();
        let apps: Vec<&Json> = apps.filter(|app| is(app, kind)).collect();
        let gone = list(described.get("deletedPraApps"));
        let apps = if apps.is_empty() { own.iter().collect() } else { apps };
        let apps = apps.into_iter().filter_map(Json::as_object);
        let apps = apps.map(|app| settled(tenant, app, &id, &own));
        let apps: Vec<Json> =
            apps.filter(|app| !app.get("id").is_some_and(|id| gone.contains(id))).collect();
        if !(apps.is_empty() && own.is_empty()) {
            segment.set(member, apps.into());
        }
    }
}

fn settled(tenant: &mut Tenant, app: &Object, segment: &Json, own: &[Json]) -> Json {
    let older = own.iter().find(|older| older.get("domain") == app.get("domain"));
    let id = app.get("id").or_else(|| older?.get("id")).cloned();
    let mut settled = Object::new();
    settled.set("id", id.unwrap_or_else(|| fresh(tenant, Ids::Text)));
    settled.set("appId", segment.clone());
    let said = |name: &str| !matches!(name, "id" | "appId" | "appTypes" | "praAppId");
    for (name, value) in app.iter().filter(|(name, value)| said(name) && !value.is_null()) {
        settled.set(name, value.clone());
    }
    settled.into()
}

fn is(app: &Json, kind: &str) -> bool {
    list(app.get("appTypes")).iter().any(|own| own.as_str() == Some(kind))
}

fn list(value: Option<&Json>) -> &[Json] {
    value.and_then(Json::as_array).unwrap_or(&[])
}
