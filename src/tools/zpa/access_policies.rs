//! Zone: post-admission. Rows of the toolset `zpa_access_policies`.

use crate::tools::exceptions_zpa::POLICY_CONDITIONS;
use crate::tools::param::{Form, Param};
use crate::tools::plan::{Bind, Cond, Member, Step, Value};
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE, SEARCH};

pub(super) const SET: &str = "zpa_access_policies";
pub(super) const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/\
                              {=policy_set_id}/rule/{rule_id}";

const PAGED: &[Param] = &[SEARCH, PAGE, PAGE_SIZE, MICROTENANT_NOT_EMPTY];
const RULE: &[Param] = &[Param::path("rule_id").doc("Id of the rule, digits."), MICROTENANT];

pub(super) const POLICY_SET: &[Bind] = &[Bind {
    name: "policy_set_id",
    value: Value::Answer(0, "/id"),
    missing: "the service names no policy of this type, so there is no rule of it either",
}];

/// The microtenant for the request before: left out when it is empty.
const MEMBERS: &[Member] =
    &[Member::new("microtenantId", Value::Argument("microtenant_id", Form::Plain))
        .when(&[Cond::Truthy("microtenant_id")])];

/// Returns the request for the policy that the rules of a type belong to.
pub(super) const fn policy_set(path: &'static str) -> Step {
    Step::get(path).query(MEMBERS)
}

/// Returns the tool for one rule of the policy that `before` asks for.
const fn rule(name: &'static str, before: &'static [Step]) -> Row {
    get(name, SET, ONE).before(before).binds(POLICY_SET).params(RULE).after(POLICY_CONDITIONS)
}

/// Returns the tool for the rules at `path`.
const fn rules(name: &'static str, path: &'static str) -> Row {
    list(name, SET, path).params(PAGED).rows_at("/list")
}

pub(in crate::tools) const ROWS: &[Row] = &[
    rule(
        "zpa_get_access_policy_rule",
        &[policy_set(
            "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/ACCESS_POLICY",
        )],
    )
    .title("Get an access rule")
    .doc(
        "Returns one access rule: action, message to the user and conditions.\nConditions are \
         grouped and all have to hold: each has an operator and operands with object_type and \
         values or entry_values (pairs of lhs and rhs). What cannot be grouped is in \
         conditions_not_grouped. Ids: zpa_list_access_policy_rules.",
    )
    .see("zpa_list_access_policy_rules"),
    rule(
        "zpa_get_app_protection_rule",
        &[policy_set(
            "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/\
             INSPECTION_POLICY",
        )],
    )
    .title("Get an inspection rule")
    .doc(
        "Returns one AppProtection rule: INSPECT with its zpn_inspection_profile_id, or \
         BYPASS_INSPECT, and grouped conditions.\nWhat a profile checks: \
         get_zpa_app_protection_profile. What cannot be grouped is in conditions_not_grouped. Ids: \
         zpa_list_app_protection_rules.",
    )
    .see("zpa_list_app_protection_rules"),
    rule(
        "zpa_get_forwarding_policy_rule",
        &[policy_set(
            "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/\
             CLIENT_FORWARDING_POLICY",
        )],
    )
    .title("Get a forwarding rule")
    .doc(
        "Returns one client forwarding rule: INTERCEPT, INTERCEPT_ACCESSIBLE or BYPASS, and \
         grouped conditions.\nBYPASS: the client goes straight to the application. What cannot be \
         grouped is in conditions_not_grouped. Ids: zpa_list_forwarding_policy_rules.",
    )
    .see("zpa_list_forwarding_policy_rules"),
    rule(
        "zpa_get_isolation_policy_rule",
        &[policy_set(
            "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/ISOLATION_POLICY",
        )],
    )
    .title("Get an isolation rule")
    .doc(
        "Returns one isolation rule: ISOLATE with its zpn_isolation_profile_id, or BYPASS_ISOLATE, \
         and grouped conditions.\nProfiles: get_zpa_isolation_profile. What cannot be grouped is \
         in conditions_not_grouped. Ids: zpa_list_isolation_policy_rules.",
    )
    .see("zpa_list_isolation_policy_rules"),
    rule(
        "zpa_get_timeout_policy_rule",
        &[policy_set(
            "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/TIMEOUT_POLICY",
        )],
    )
    .title("Get a timeout rule")
    .doc(
        "Returns one timeout rule: reauth_timeout, reauth_idle_timeout and grouped \
         conditions.\nBoth are seconds as text; -1 means never. What cannot be grouped is in \
         conditions_not_grouped. Ids: zpa_list_timeout_policy_rules.",
    )
    .see("zpa_list_timeout_policy_rules"),
    rules(
        "zpa_list_access_policy_rules",
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/rules/policyType/ACCESS_POLICY",
    )
    .title("List access rules")
    .doc(
        "Returns the access rules, which decide who reaches which application.\nThe first in \
         rule_order that fits decides; when none does, access is denied. Conditions come one \
         operand a value; zpa_get_access_policy_rule groups them. Empty: none fits.",
    ),
    rules(
        "zpa_list_app_protection_rules",
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/rules/policyType/\
         INSPECTION_POLICY",
    )
    .title("List inspection rules")
    .doc(
        "Returns the AppProtection rules: which traffic is inspected with which \
         profile.\nConditions come one operand a value; zpa_get_app_protection_rule groups them. \
         Empty: none fits.",
    ),
    rules(
        "zpa_list_forwarding_policy_rules",
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/rules/policyType/\
         CLIENT_FORWARDING_POLICY",
    )
    .title("List forwarding rules")
    .doc(
        "Returns the client forwarding rules: what clients send through private access and what \
         goes around it.\nConditions come one operand a value; zpa_get_forwarding_policy_rule \
         groups them. Empty: none fits.",
    ),
    rules(
        "zpa_list_isolation_policy_rules",
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/rules/policyType/\
         ISOLATION_POLICY",
    )
    .title("List isolation rules")
    .doc(
        "Returns the isolation rules: whose browser sessions run in an isolated browser, with \
         which profile.\nConditions come one operand a value; zpa_get_isolation_policy_rule groups \
         them. Empty: none fits.",
    ),
    rules(
        "zpa_list_timeout_policy_rules",
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/rules/policyType/TIMEOUT_POLICY",
    )
    .title("List timeout rules")
    .doc(
        "Returns the timeout rules: after how many seconds users have to sign in \
         again.\nConditions come one operand a value; zpa_get_timeout_policy_rule groups them. \
         Empty: none fits.",
    ),
];
