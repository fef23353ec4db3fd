//! Zone: post-admission. The new state of a server group: what is stored, under what is given.
//!
//! Trusts that the group was read just before. Sends back every member that it read except the
//! list of segments, which the service keeps by itself and which can be too long to send.

use crate::json::{Json, Object};
use crate::tools::failure::Failure;
use crate::tools::forms::written;
use crate::tools::frame::{Frame, is_nothing};
use crate::tools::param::Form;
use crate::tools::plan::{Maker, Value};

/// Lays the arguments over the stored group.
pub(super) const SERVER_GROUP: Maker = Maker { name: "zpa_server_group_merge", make: server_group };

/// Members that are sent even when the stored group lacks them.
const ALWAYS: [&str; 17] = [
    "id",
    "modifiedTime",
    "creationTime",
    "modifiedBy",
    "enabled",
    "name",
    "description",
    "ipAnchored",
    "configSpace",
    "weight",
    "extranetEnabled",
    "microtenantName",
    "extranetDTO",
    "readOnly",
    "restrictionType",
    "zscalerManaged",
    "appConnectorGroups",
];
const SEGMENTS: &str = "applications";
const SERVERS: &str = "servers";
const DISCOVERY: &str = "dynamicDiscovery";

/// Arguments and where they go, with true for a list of ids.
const GIVEN: [(&str, &str, bool); 7] = [
    ("name", "name", false),
    ("description", "description", false),
    ("enabled", "enabled", false),
    ("ip_anchored", "ipAnchored", false),
    ("dynamic_discovery", DISCOVERY, false),
    ("app_connector_group_ids", "appConnectorGroups", true),
    ("server_ids", SERVERS, true),
];

fn server_group(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let stored = frame.value(&Value::Answer(0, ""))?;
    let stored = stored.as_ref().and_then(Json::as_object).ok_or(Failure::Unexpected)?;
    let mut group: Object = stored.clone();
    group.remove(SEGMENTS);
    for name in ALWAYS {
        if group.get(name).is_none() {
            let absent = if name == "enabled" { Json::Bool(true) } else { Json::Null };
            group.set(name, absent);
        }
    }
    let discovers = match group.get(DISCOVERY) {
        Some(Json::Bool(own)) => *own,
        Some(Json::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => true,
    };
    group.set(DISCOVERY, discovers.into());
    servers(frame, &mut group)?;
    for (name, member, is_ids) in GIVEN {
        if let Some(given) = frame.arguments().value(name) {
            let form = if is_ids { Form::Ids(false) } else { Form::Plain };
            group.set(member, written(frame, name, form, given)?);
        }
    }
    if let Some(id) = frame.arguments().text("microtenant_id") {
        group.set("microtenantId", id.into());
    }
    Ok(group.into())
}

/// Leaves the stored servers only where the group still names its servers itself.
fn servers(frame: &Frame<'_>, group: &mut Object) -> Result<(), Failure> {
    let arguments = frame.arguments();
    match arguments.value("dynamic_discovery").and_then(Json::as_bool) {
        Some(true) => {
            group.remove(SERVERS);
            Ok(())
        }
        Some(false) if arguments.value("server_ids").is_none_or(is_nothing) => {
            let kept = arguments.value("server_ids").is_none() && group.get(SERVERS).is_some();
            if kept && !group.get(SERVERS).is_some_and(is_nothing) {
                return Ok(());
            }
            Err(Failure::Argument(
                "dynamic_discovery false needs server_ids, as the group has no servers of its own; \
                 zpa_get_server_group shows those that a group has"
                    .to_owned(),
            ))
        }
        Some(false) | None => Ok(()),
    }
}
