//! Zone: operator. How each reading tool takes part in an export.

use crate::json::{Json, Object};
use crate::tools::export::named;
use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, Shape, Verb};

/// Tools whose answers let somebody in, or that do more than read what is there.
const NEVER: [(&str, &str); 9] = [
    ("zia_geo_search", "it answers one question"),
    ("zms_list_nonces", "its records let agents in"),
    ("zms_get_nonce", "its record lets agents in"),
    ("zms_generate_totp", "its record lets somebody in"),
    ("zcc_get_device_otp", "its record lets somebody in"),
    ("zcell_list_network_events", "events of a few days, no configuration"),
    ("zdx_get_analysis", "an analysis that somebody started"),
    ("zia_get_sandbox_quota", "a count of today"),
    ("zia_get_activation_status", "a state of the moment"),
];

/// Arguments that have to be chosen, with every choice that there is.
const CHOICES: [(&str, &str, &[&str]); 1] = [(
    "get_zpa_app_segments_by_type",
    "application_type",
    &["BROWSER_ACCESS", "SECURE_REMOTE_ACCESS", "INSPECT"],
)];

/// Tools that are called for each value of a member in the records of another: the tool, its
/// argument, the other, the member.
pub(super) const NAMED: [(&str, &str, &str, &str); 4] = [
    ("get_zpa_scim_attribute", "idp_name", "get_zpa_saml_attribute", "idpName"),
    ("get_zpa_scim_group", "idp_name", "get_zpa_saml_attribute", "idpName"),
    ("zia_list_cloud_app_control_actions", "rule_type", "zia_list_cloud_app_policy", "parent"),
    ("zia_list_cloud_app_control_rules", "rule_type", "zia_list_cloud_app_policy", "parent"),
];

/// One call of an export.
#[derive(Debug, Clone)]
pub struct Target {
    /// The tool.
    pub row: &'static Row,
    /// Its arguments.
    pub arguments: Object,
    /// True when only what comes before its answer is wanted.
    pub is_on_the_way: bool,
}

impl Target {
    /// Returns a call of `row`.
    pub(super) fn new<const N: usize>(row: &'static Row, arguments: [(&str, Json); N]) -> Self {
        let mut object = Object::new();
        for (name, value) in arguments {
            object.set(name, value);
        }
        Self { row, arguments: object, is_on_the_way: false }
    }

    /// Returns the call of which only the way is wanted.
    pub(super) fn on_the_way(self) -> Self {
        Self { is_on_the_way: true, ..self }
    }

    /// Returns its name in the file.
    #[must_use]
    pub fn name(&self) -> String {
        named(self.row, &self.arguments)
    }
}

/// How a tool takes part.
pub(super) enum Want {
    /// By these calls.
    Calls(Vec<Target>),
    /// By a call for each record of the list that it sees; the record's id is this argument.
    Records(&'static str),
    /// Not at all; the reason, empty for single records of lists and searches in them.
    Never(&'static str),
}

/// True for a tool that is called for each value of a member.
pub(super) fn is_named(row: &Row) -> bool {
    NAMED.iter().any(|(name, _, _, _)| *name == row.name)
}

/// Returns how `row` takes part.
pub(super) fn want(row: &'static Row) -> Want {
    if row.verb != Verb::Read {
        return Want::Never("");
    }
    if let Some((_, reason)) = NEVER.iter().find(|(name, _)| *name == row.name) {
        return Want::Never(reason);
    }
    if is_named(row) {
        return Want::Never("");
    }
    let required: Vec<&'static Param> =
        row.params.iter().filter(|param| param.required && param.preset.is_none()).collect();
    let is_list = row.is_list();
    match required.as_slice() {
        [] => Want::Calls(vec![Target::new(row, [])]),
        [one] => {
            let choices = choices(row, one);
            if !choices.is_empty() {
                let calls =
                    choices.iter().map(|choice| Target::new(row, [(one.name, (*choice).into())]));
                return Want::Calls(calls.collect());
            }
            match (is_list, one.kind == Kind::Id && !row.see.is_empty()) {
                (true, true) => Want::Records(one.name),
                (true, false) => Want::Never("it needs an argument"),
                (false, _) => Want::Never(""),
            }
        }
        _ if is_list => Want::Never("it needs several arguments"),
        _ => Want::Never(""),
    }
}

fn choices(row: &Row, param: &Param) -> &'static [&'static str] {
    let own = CHOICES.iter().find(|(tool, name, _)| *tool == row.name && *name == param.name);
    own.map_or(param.choices, |(_, _, choices)| choices)
}

/// Returns the argument for the id of a single record whose call needs an earlier answer.
pub(super) fn way_to_one(row: &'static Row) -> Option<&'static str> {
    let is_single = row.verb == Verb::Read && matches!(row.shape, Shape::Record(""));
    let mut required = row.params.iter().filter(|param| param.required);
    match (required.next(), required.next()) {
        (Some(one), None) if is_single && !row.before.is_empty() => Some(one.name),
        _ => None,
    }
}
