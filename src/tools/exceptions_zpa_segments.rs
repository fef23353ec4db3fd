//! Zone: post-admission. The free-form part of an application segment.
//!
//! Every member that is given is sent or refused by name: one that stands among the arguments as
//! well, one that is named twice, and lists of ids or ports that cannot be read. Trusts nothing in
//! it; looks at all of it before any request.

use crate::json::{Json, Object, object};
use crate::tools::exceptions_zpa_apps::{BROWSER, checked, matched, merged, typed};
use crate::tools::failure::Failure;
use crate::tools::forms::{text_of, twice, written};
use crate::tools::frame::{Frame, is_nothing};
use crate::tools::id_lists::id_list_in_camel_case;
use crate::tools::names::camel;
use crate::tools::param::Form;
use crate::tools::plan::Maker;

const NAME: &str = "zpa_segment_advanced";

/// What `advanced` adds to the body of a segment.
pub(super) const ADVANCED: Maker = Maker { name: NAME, make: advanced };

/// The same for a segment with applications for browsers.
pub(super) const ADVANCED_BROWSER: Maker = Maker { name: NAME, make: advanced_browser };

/// The same for a segment with applications for privileged remote access.
pub(super) const ADVANCED_REMOTE: Maker = Maker { name: NAME, make: advanced_remote };

/// Never true; refuses an `advanced` that cannot be sent as it is meant.
pub(super) const CHECKED: Maker = Maker { name: NAME, make: check };

/// [`CHECKED`] for a segment with applications for browsers.
pub(super) const CHECKED_BROWSER: Maker = Maker { name: NAME, make: check_browser };

/// [`CHECKED`] for a segment with applications for privileged remote access.
pub(super) const CHECKED_REMOTE: Maker = Maker { name: NAME, make: check_remote };

/// True when no port is given, neither as an argument nor in `advanced`.
pub(super) const NO_PORTS: Maker = Maker { name: NAME, make: no_ports };

/// True when applications for browsers are given that have to be matched with the stored ones.
pub(super) const NEEDS_APPS: Maker = Maker { name: NAME, make: needs_apps };

/// [`NEEDS_APPS`] for a segment with applications for browsers.
pub(super) const NEEDS_BROWSER_APPS: Maker = Maker { name: NAME, make: needs_browser_apps };

/// Which tools the free-form part belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Plain,
    Browser,
    Remote,
}

/// Arguments, and their members in `advanced`. Whether one with a preset was given is not known,
/// so `enabled` is not here: in `advanced` it wins.
const ARGUMENTS: [(&str, &str); 11] = [
    ("name", "name"),
    ("description", "description"),
    ("segment_group_id", "segmentGroupId"),
    ("domain_names", "domainNames"),
    ("server_group_ids", "serverGroupIds"),
    ("tcp_port_ranges", "tcpPortRanges"),
    ("udp_port_ranges", "udpPortRanges"),
    ("clientless_app_ids", "clientlessAppIds"),
    ("common_apps_dto", "commonAppsDto"),
    ("server_group_ids", "serverGroups"),
    ("clientless_app_ids", "clientlessApps"),
];
const APPS: &str = "clientlessAppIds";
const DTO: &str = "commonAppsDto";
const PORTS: [(&str, &str, &str); 2] = [
    ("tcpPortRange", "tcpPortRanges", "tcp_port_ranges"),
    ("udpPortRange", "udpPortRanges", "udp_port_ranges"),
];

fn advanced(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    body(frame, Part::Plain, true).map(Json::from)
}

fn advanced_browser(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    body(frame, Part::Browser, true).map(Json::from)
}

fn advanced_remote(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    body(frame, Part::Remote, true).map(Json::from)
}

fn check(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    body(frame, Part::Plain, false).map(|_fits| false.into())
}

fn check_browser(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    body(frame, Part::Browser, false).map(|_fits| false.into())
}

fn check_remote(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    body(frame, Part::Remote, false).map(|_fits| false.into())
}

fn no_ports(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let has = |name: &str| frame.arguments().value(name).is_some_and(|given| !is_nothing(given));
    let is_ports = |(name, value): (&str, &Json)| {
        let name = camel(name);
        let known = PORTS.iter().any(|(one, other, _)| name == *one || name == *other);
        known && !is_nothing(value)
    };
    let given = PORTS.iter().any(|(_, _, argument)| has(argument));
    Ok((!given && !members(frame).any(is_ports)).into())
}

fn needs_apps(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    Ok(members(frame).any(|(name, _)| camel(name) == APPS).into())
}

fn needs_browser_apps(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let given = frame.arguments().value("clientless_app_ids").is_some_and(|apps| !is_nothing(apps));
    Ok((given || members(frame).any(|(name, _)| [APPS, DTO].contains(&&*camel(name)))).into())
}

fn members<'a>(frame: &Frame<'a>) -> impl Iterator<Item = (&'a str, &'a Json)> {
    let advanced = frame.arguments().value("advanced").and_then(Json::as_object);
    advanced.into_iter().flat_map(Object::iter)
}

fn bad(text: &str) -> Failure {
    Failure::Argument(format!("advanced {text}"))
}

/// Returns the members that go over the body. Applications of a stored segment get their ids only
/// when they `are_known`, that is, when the service was asked for them.
fn body(frame: &Frame<'_>, part: Part, are_known: bool) -> Result<Object, Failure> {
    let mut out = Object::new();
    for (given, value) in members(frame) {
        let name = camel(given);
        apart(frame, part, &name, value)?;
        let (member, value) = match name.as_str() {
            APPS => ("clientlessApps", apps(frame, value, are_known)?),
            DTO if part == Part::Browser => (DTO, browser_apps(frame, value, are_known)?),
            other => match id_list_in_camel_case(other) {
                Some(member) => (member, ids(frame, value)?),
                None if PORTS.iter().any(|(one, _, _)| *one == other) => (other, ranges(value)?),
                None => (other, written(frame, "advanced", Form::CamelNames, value)?),
            },
        };
        if out.get(member).is_some() {
            return Err(twice("advanced", given));
        }
        out.set(member, value);
    }
    let is_new = frame.arguments().value("segment_id").is_none();
    if let (Part::Browser, false, Some(given)) =
        (part, is_new, frame.arguments().value("clientless_app_ids"))
    {
        out.set("clientlessApps", apps(frame, given, are_known)?);
    }
    for (range, ranges, argument) in PORTS {
        let flat = out.get(ranges).is_some() || frame.arguments().value(argument).is_some();
        if flat && out.get(range).is_some() {
            return Err(Failure::Argument(format!(
                "{argument} and its form with from and to are both given; use one of them"
            )));
        }
    }
    Ok(out)
}

/// Refuses a member that an argument says already, and the id of another segment.
fn apart(frame: &Frame<'_>, part: Part, name: &str, value: &Json) -> Result<(), Failure> {
    if name == "id" && frame.arguments().text("segment_id") != Some(&text_of(value)) {
        return Err(bad("holds an id that is not the one in segment_id"));
    }
    if name == "microtenantId" || (part == Part::Remote && name == DTO) {
        return Err(bad("cannot hold microtenant_id or, here, common_apps_dto; give it as an \
                        argument of its own"));
    }
    if part == Part::Remote && name == APPS {
        return Err(bad(
            "cannot hold clientless_app_ids here; the tools for browser access take it",
        ));
    }
    let twice = ARGUMENTS
        .iter()
        .find(|(argument, own)| *own == name && frame.arguments().value(argument).is_some());
    twice.map_or(Ok(()), |(argument, _)| {
        Err(bad(&format!("holds {argument}, which is an argument as well; give it once")))
    })
}

/// Returns ids as objects; objects that have an id stay.
fn ids(frame: &Frame<'_>, value: &Json) -> Result<Json, Failure> {
    let unreadable = || bad("holds a list of ids that is none, such as [\"1\", \"2\"]");
    let whole = |item: &Json| item.get("id").is_some();
    let one = |item: &Json| match item {
        Json::String(_) | Json::Number(_) => Ok(object([("id", item.clone())])),
        Json::Object(_) if whole(item) => written(frame, "advanced", Form::CamelNames, item),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Err(unreadable()),
    };
    match value {
        Json::Null => Ok(Json::Null),
        Json::Array(items) => items.iter().map(one).collect::<Result<Vec<_>, _>>().map(Json::from),
        Json::Object(_) if whole(value) => one(value),
        Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => Err(unreadable()),
    }
}

/// Returns ports as objects that have two members, from and to.
fn ranges(value: &Json) -> Result<Json, Failure> {
    let fits = |range: &Json| {
        let members = range.as_object().filter(|members| members.len() == 2);
        members.is_some_and(|members| members.get("from").is_some() && members.get("to").is_some())
    };
    let whole = value.as_array().is_some_and(|ranges| ranges.iter().all(fits));
    if whole {
        Ok(value.clone())
    } else {
        Err(bad("needs ports such as [{\"from\": \"443\", \"to\": \"443\"}] in tcp_port_range \
                 and udp_port_range"))
    }
}

fn apps(frame: &Frame<'_>, value: &Json, are_known: bool) -> Result<Json, Failure> {
    let is_new = frame.arguments().value("segment_id").is_none();
    let written = written(frame, "clientless_app_ids", Form::CamelNames, value)?;
    let fits = |app: &Json| {
        let domain = app.get("domain").and_then(Json::as_str);
        app.as_object().is_some() && (is_new || domain.is_some_and(|domain| !domain.is_empty()))
    };
    let Some(apps) = written.as_array().filter(|apps| apps.iter().all(fits)) else {
        return Err(Failure::Argument(
            "clientless_app_ids must be a list of objects that each have a domain, such as \
             [{\"domain\": \"wiki.example.com\", \"application_protocol\": \"HTTPS\", \
             \"application_port\": \"443\", \"certificate_id\": \"...\"}]"
                .to_owned(),
        ));
    };
    if is_new || !are_known {
        return Ok(written);
    }
    matched(frame, &apps.iter().filter_map(Json::as_object).cloned().collect::<Vec<_>>())
}

fn browser_apps(frame: &Frame<'_>, value: &Json, are_known: bool) -> Result<Json, Failure> {
    if value.is_null() {
        return Ok(Json::Null);
    }
    if frame.arguments().value("segment_id").is_none() {
        return typed(frame, value, BROWSER).map(Json::from);
    }
    if are_known {
        return merged(frame, value, BROWSER);
    }
    checked(frame, value, BROWSER).map(|()| Json::Null)
}
