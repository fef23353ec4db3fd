//! Zone: post-admission. The functions of private access: conditions of rules, words of logs.
//!
//! They see wire records and return them; the engine renames and cleans. A condition that cannot
//! be grouped is shown as it is, so that no rule looks wider than it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::{Json, Object, object};
use crate::tools::failure::Failure;
use crate::tools::forms::text_of;
use crate::tools::frame::Frame;
use crate::tools::plan::Maker;

/// Kinds of operands that are told by one value.
pub(super) const VALUE_KINDS: [&str; 11] = [
    "APP",
    "APP_GROUP",
    "BRANCH_CONNECTOR_GROUP",
    "CHROME_POSTURE_PROFILE",
    "CLIENT_TYPE",
    "CONSOLE",
    "EDGE_CONNECTOR_GROUP",
    "LOCATION",
    "MACHINE_GRP",
    "PRIVILEGE_PORTAL",
    "USER_PORTAL",
];

/// Kinds of operands that are told by a pair of values.
pub(super) const ENTRY_KINDS: [&str; 9] = [
    "CHROME_ENTERPRISE",
    "COUNTRY_CODE",
    "PLATFORM",
    "POSTURE",
    "RISK_FACTOR_TYPE",
    "SAML",
    "SCIM",
    "SCIM_GROUP",
    "TRUSTED_NETWORK",
];

/// The kinds of logs that can be streamed: the name for people and that of the service, sorted.
pub(super) const LOG_TYPES: &[(&str, &str)] = &[
    ("app_connector_metrics", "zpn_ast_comprehensive_stats"),
    ("app_connector_status", "zpn_ast_auth_log"),
    ("audit_logs", "zpn_audit_log"),
    ("browser_access", "zpn_http_trans_log"),
    ("private_svc_edge_status", "zpn_sys_auth_log"),
    ("user_activity", "zpn_trans_log"),
    ("user_status", "zpn_auth_log"),
    ("web_inspection", "zpn_waf_http_exchanges_log"),
];

/// Shows the conditions of a rule with one operand for each kind.
pub(super) const POLICY_CONDITIONS: Maker =
    Maker { name: "policy_conditions_shown", make: policy_conditions };

/// Keeps the status codes of the log type that is asked for.
pub(super) const STATUS_CODES: Maker = Maker { name: "lss_status_codes", make: status_codes };

/// Shows the client types by their name for people.
pub(super) const CLIENT_TYPES: Maker = Maker { name: "lss_client_types", make: client_types };

/// The operands of one condition by kind.
#[derive(Default)]
struct Groups {
    values: BTreeMap<String, BTreeSet<String>>,
    entries: BTreeMap<String, Vec<(String, String)>>,
    /// True when there is an operand that belongs to neither.
    incomplete: bool,
}

fn policy_conditions(_: &Frame<'_>, rule: &Json) -> Result<Json, Failure> {
    let conditions = rule.get("conditions").and_then(Json::as_array);
    let (Some(conditions), Some(members)) = (conditions, rule.as_object()) else {
        return Ok(rule.clone());
    };
    let (mut grouped, mut others) = (Vec::new(), Vec::new());
    for condition in conditions {
        let groups = Groups::of(condition);
        if groups.incomplete {
            others.push(condition.clone());
        }
        grouped.extend(groups.shown(condition));
    }
    let mut members = members.clone();
    members.set("conditions", grouped.into());
    if !others.is_empty() {
        members.set("conditionsNotGrouped", others.into());
    }
    Ok(members.into())
}

impl Groups {
    fn of(condition: &Json) -> Self {
        let mut groups = Self::default();
        for operand in condition.get("operands").and_then(Json::as_array).unwrap_or(&[]) {
            groups.add(operand);
        }
        for entries in groups.entries.values_mut() {
            entries.sort_unstable();
        }
        groups
    }

    fn add(&mut self, operand: &Json) {
        let kind = operand.get("objectType").and_then(Json::as_str).unwrap_or_default();
        let list = |name| operand.get(name).and_then(Json::as_array).filter(|l| !l.is_empty());
        // What was written in the newer form may come back in it: grouped already.
        match (list("values"), list("entryValues")) {
            (Some(values), None) if VALUE_KINDS.contains(&kind) => {
                let values = values.iter().map(text_of);
                self.values.entry(kind.to_owned()).or_default().extend(values);
            }
            (None, Some(entries)) => entries.iter().for_each(|entry| self.side(kind, entry)),
            _ => self.side(kind, operand),
        }
    }

    /// Adds what the sides of `operand` say.
    fn side(&mut self, kind: &str, operand: &Json) {
        let side = |name| operand.get(name).filter(|side| !side.is_null()).map(text_of);
        match (side("lhs"), side("rhs")) {
            (_, Some(value)) if VALUE_KINDS.contains(&kind) => {
                self.values.entry(kind.to_owned()).or_default().insert(value);
            }
            (Some(left), Some(right)) if ENTRY_KINDS.contains(&kind) => {
                self.entries.entry(kind.to_owned()).or_default().push((left, right));
            }
            _ => self.incomplete = true,
        }
    }

    /// Returns the condition with these operands; `None` without any.
    fn shown(self, condition: &Json) -> Option<Json> {
        let mut operands = Vec::new();
        for (kind, values) in self.values {
            let values: Vec<Json> = values.into_iter().map(Json::from).collect();
            operands.push(object([("objectType", kind.into()), ("values", values.into())]));
        }
        for (kind, entries) in self.entries {
            let pair = |(left, right): (String, String)| {
                object([("lhs", left.into()), ("rhs", right.into())])
            };
            let entries: Vec<Json> = entries.into_iter().map(pair).collect();
            operands.push(object([("objectType", kind.into()), ("entryValues", entries.into())]));
        }
        if operands.is_empty() {
            return None;
        }
        let operator = condition.get("operator").and_then(Json::as_str).unwrap_or("OR");
        let mut members = Object::new();
        members.set("operator", operator.to_uppercase().into());
        if condition.get("negated").map(text_of).is_some_and(|negated| negated == "true") {
            members.set("negated", true.into());
        }
        members.set("operands", operands.into());
        Some(members.into())
    }
}

/// The service sends the codes below the log type; an entry may name its log types itself too.
fn status_codes(frame: &Frame<'_>, codes: &Json) -> Result<Json, Failure> {
    let wanted = match frame.arguments().text("log_type").map(str::to_lowercase) {
        None => return Ok(codes.clone()),
        Some(all) if all == "all" => return Ok(codes.clone()),
        Some(wanted) => wanted,
    };
    let Some((_, wanted)) = LOG_TYPES.iter().find(|(name, _)| *name == wanted) else {
        let known: Vec<&str> = LOG_TYPES.iter().map(|(name, _)| *name).collect();
        let sentence = format!("log_type must be one of: {}", known.join(", "));
        return Err(Failure::Argument(sentence));
    };
    let of_the_type = |(name, entry): &(&str, &Json)| {
        let types = ["log_types", "logTypes"].iter().find_map(|member| entry.get(member));
        let mut types = types.and_then(Json::as_array).unwrap_or(&[]).iter();
        name == wanted || types.any(|own| own.as_str() == Some(*wanted))
    };
    let kept = codes.as_object().into_iter().flat_map(Object::iter).filter(of_the_type);
    Ok(kept.map(|(name, entry)| (name.to_owned(), entry.clone())).collect::<Object>().into())
}

fn client_types(_: &Frame<'_>, types: &Json) -> Result<Json, Failure> {
    let mut named = Object::new();
    for (id, name) in types.as_object().into_iter().flat_map(Object::iter) {
        named.set(&text_of(name).to_lowercase().replace(' ', "_"), id.into());
    }
    Ok(named.into())
}

#[cfg(test)]
mod tests {
    use super::{ENTRY_KINDS, Groups, LOG_TYPES, VALUE_KINDS};
    use crate::json::{Bounds, Json, read};

    fn value(text: &str) -> Json {
        read(text.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap()
    }

    fn grouped(condition: &str) -> (Option<Json>, bool) {
        let condition = value(condition);
        let groups = Groups::of(&condition);
        let incomplete = groups.incomplete;
        (groups.shown(&condition), incomplete)
    }

    #[test]
    fn operands_are_grouped_by_kind_values_first() {
        for (condition, expected, incomplete) in [
            (
                r#"{"operator":"and","operands":[{"objectType":"SCIM_GROUP","lhs":"2","rhs":"b"},
                {"objectType":"SCIM_GROUP","lhs":"1","rhs":"a"},{"objectType":"APP","lhs":"id",
                "rhs":9},{"objectType":"APP","lhs":"id","rhs":"10"},{"objectType":"APP","lhs":"id",
                "rhs":"9"}]}"#,
                Some(
                    r#"{"operator":"AND","operands":[{"objectType":"APP","values":["10","9"]},
                {"objectType":"SCIM_GROUP","entryValues":[{"lhs":"1","rhs":"a"},
                {"lhs":"2","rhs":"b"}]}]}"#,
                ),
                false,
            ),
            (
                r#"{"negated":true,"operands":[{"objectType":"PLATFORM","lhs":"ios","rhs":true},
                {"objectType":"PLATFORM","lhs":"ios","rhs":true},{"objectType":"NEW","rhs":"x"}]}"#,
                Some(
                    r#"{"operator":"OR","negated":true,"operands":[{"objectType":"PLATFORM",
                "entryValues":[{"lhs":"ios","rhs":"true"},{"lhs":"ios","rhs":"true"}]}]}"#,
                ),
                true,
            ),
            (
                r#"{"operator":"OR","operands":[{"objectType":"APP","values":["2","1"]},
                {"objectType":"SCIM_GROUP","entryValues":[{"lhs":"1","rhs":"a"}]}]}"#,
                Some(
                    r#"{"operator":"OR","operands":[{"objectType":"APP","values":["1","2"]},
                {"objectType":"SCIM_GROUP","entryValues":[{"lhs":"1","rhs":"a"}]}]}"#,
                ),
                false,
            ),
            (r#"{"operands":[{"objectType":"POSTURE","entryValues":[{"lhs":"x"}]}]}"#, None, true),
            (r#"{"operands":[{"objectType":"NEW","values":["x"]}]}"#, None, true),
            (r#"{"operands":[{"objectType":"POSTURE","lhs":"x","rhs":null}]}"#, None, true),
            (r#"{"operator":"OR","operands":[]}"#, None, false),
        ] {
            assert_eq!(grouped(condition), (expected.map(value), incomplete));
        }
    }

    #[test]
    fn the_tables_are_sorted_and_share_nothing() {
        assert!(VALUE_KINDS.is_sorted() && ENTRY_KINDS.is_sorted() && LOG_TYPES.is_sorted());
        assert!(VALUE_KINDS.iter().all(|kind| !ENTRY_KINDS.contains(kind)));
    }
}
