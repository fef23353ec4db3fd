//! Zone: post-admission. The demo's devices, cloud applications and settings of internet access.

use super::changes::{self, Refusal};
use super::tenant::Tenant;
use super::{Style, answers};
use crate::backend::{ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

pub(super) const GROUPS: &str = "deviceGroups";
pub(super) const DEVICES: &str = "deviceGroups/devices";
pub(super) const APPLICATIONS: &str = "cloudApplications/lite";
pub(super) const SETTINGS: &str = "mobileAdvanceThreatSettings";

/// Groups and devices that are no device with a client.
const PSEUDO: &[&str] = &["CBI", "NO_ZCC"];
const STATES: &[&str] = &["SANCTIONED", "UN_SANCTIONED", "ANY"];
const APPLICATIONS_A_PAGE: usize = 200;

/// Answers a GET request for one of these places; `None` for any other.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> Option<ApiResponse> {
    Some(match rest {
        GROUPS => groups(tenant, request),
        DEVICES => devices(tenant, request),
        "deviceGroups/devices/lite" => {
            let names = tenant.records(Style::Zia, DEVICES).iter().map(named);
            answers::ok(Json::Array(names.collect()))
        }
        APPLICATIONS => applications(tenant, request),
        SETTINGS => {
            let settings = tenant.records(Style::Zia, SETTINGS).first();
            answers::ok(settings.cloned().unwrap_or_default())
        }
        _ => return None,
    })
}

fn named(record: &Json) -> Json {
    let of = |member| record.get(member).cloned().unwrap_or_default();
    object([("id", of("id")), ("name", of("name"))])
}

fn says(request: &ApiRequest, key: &str) -> bool {
    request.query_value(key) == Some("true")
}

fn is_pseudo(record: &Json, member: &str) -> bool {
    record.get(member).and_then(Json::as_str).is_some_and(|kind| PSEUDO.contains(&kind))
}

fn groups(tenant: &Tenant, request: &ApiRequest) -> ApiResponse {
    let all = tenant.records(Style::Zia, GROUPS).iter();
    let kept = all
        .filter(|group| says(request, "includePseudoGroups") || !is_pseudo(group, "groupType"))
        .map(|group| {
            if says(request, "includeDeviceInfo") { counted(tenant, group) } else { group.clone() }
        });
    answers::ok(Json::Array(kept.collect()))
}

/// Returns the group with the names of its devices, which are those of its system.
fn counted(tenant: &Tenant, group: &Json) -> Json {
    let of = |member| group.get(member);
    let devices = tenant.records(Style::Zia, DEVICES).iter().filter(|device| {
        device.get("osType") == of("osType") && device.get("deviceGroupType") == of("groupType")
    });
    let names: Vec<Json> = devices.filter_map(|device| device.get("name").cloned()).collect();
    let mut group = group.as_object().cloned().unwrap_or_default();
    group.set("deviceCount", answers::count(names.len()));
    group.set("deviceNames", names.into());
    group.into()
}

fn devices(tenant: &Tenant, request: &ApiRequest) -> ApiResponse {
    let owners = |device: &Json| {
        let owner = device.get("ownerUserId").map(answers::text_of);
        let mut wanted = request.query.iter().filter(|(key, _)| key == "userIds").peekable();
        wanted.peek().is_none() || wanted.any(|(_, id)| Some(id) == owner.as_ref())
    };
    let kept: Vec<&Json> = tenant
        .records(Style::Zia, DEVICES)
        .iter()
        .filter(|device| says(request, "includeAll") || !is_pseudo(device, "deviceGroupType"))
        .filter(|device| owners(device))
        .filter(|device| {
            let own = device.get("name").and_then(Json::as_str).unwrap_or("");
            request.query_value("name").is_none_or(|name| own.eq_ignore_ascii_case(name))
        })
        .collect();
    answers::zia_page(&kept, request)
}

fn applications(tenant: &Tenant, request: &ApiRequest) -> ApiResponse {
    let size = answers::number(request, "limit").unwrap_or(APPLICATIONS_A_PAGE).max(1);
    let page = answers::number(request, "pageNumber").unwrap_or(1).saturating_sub(1);
    let all = tenant.records(Style::Zia, APPLICATIONS).iter();
    let shown = all.skip(page.saturating_mul(size)).take(size).map(named);
    answers::ok(Json::Array(shown.collect()))
}

/// Sets verdict and tags of the applications that `sent` names, or of none when one is unknown.
pub(super) fn verdict(tenant: &mut Tenant, sent: &Object) -> Result<ApiResponse, Refusal> {
    let state = sent.get("sanctionedState").and_then(Json::as_str);
    let state = state.filter(|state| STATES.contains(state));
    let state = Json::from(state.ok_or(Refusal::NoName("sanctionedState"))?);
    let ids = sent.get("applicationIds").and_then(Json::as_array).ok_or(Refusal::NoList)?;
    let ids: Vec<String> = ids.iter().map(answers::text_of).collect();
    let tags = sent.get("customTags").and_then(Json::as_array);
    let tagged: Vec<String> = tags.unwrap_or(&[]).iter().map(answers::id_of).collect();
    known(tenant, APPLICATIONS, &ids).ok_or(Refusal::Dangling("applicationIds"))?;
    known(tenant, "customTags", &tagged).ok_or(Refusal::Dangling("customTags"))?;
    let stored = tenant.records(Style::Zia, "customTags").iter();
    let stored = stored.filter(|tag| tagged.contains(&answers::id_of(tag))).map(named);
    let stored = tags.map(|_| Json::Array(stored.collect()));
    for record in tenant.records_mut(Style::Zia, APPLICATIONS).into_iter().flatten() {
        let is_named = ids.contains(&answers::id_of(record));
        if let (true, Json::Object(members)) = (is_named, record) {
            members.set("sanctionedState", state.clone());
            if let Some(tags) = &stored {
                members.set("customTags", tags.clone());
            }
        }
    }
    Ok(answers::done(204, None))
}

fn known(tenant: &Tenant, path: &str, ids: &[String]) -> Option<()> {
    let records = tenant.records(Style::Zia, path);
    let is_known = |id: &String| records.iter().any(|record| answers::id_of(record) == *id);
    ids.iter().all(is_known).then_some(())
}

/// Replaces the flags: one that was not sent is off.
pub(super) fn settle(tenant: &mut Tenant, request: &ApiRequest) -> Result<ApiResponse, Refusal> {
    let sent = changes::members(request.body.as_ref())?;
    let stored = tenant.records_mut(Style::Zia, SETTINGS).and_then(|all| all.first_mut());
    let Some(Json::Object(flags)) = stored else { return Err(Refusal::Unknown) };
    let names: Vec<String> = flags.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let on = sent.get(&name).and_then(Json::as_bool) == Some(true);
        flags.set(&name, on.into());
    }
    Ok(answers::ok(Json::Object(flags.clone())))
}
