//! Zone: post-admission. Rows of the toolset `zpa_access_policies` that change something.

use crate::tools::exceptions_zpa::POLICY_CONDITIONS;
use crate::tools::exceptions_zpa_conditions::{CONDITIONS, ISOLATION_CONDITIONS};
use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Refusal, Step, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zpa::MICROTENANT_NOT_EMPTY;
use crate::tools::zpa::access_policies::{ONE, POLICY_SET, SET, policy_set};

const NEW: &str = "/zpa/mgmtconfig/v2/admin/customers/{customerId}/policySet/{=policy_set_id}/rule";
const WRITTEN: &str = "/zpa/mgmtconfig/v2/admin/customers/{customerId}/policySet/{=policy_set_id}/\
                       rule/{rule_id}";

const ACCESS: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/ACCESS_POLICY";
const INSPECTION: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/INSPECTION_POLICY";
const FORWARDING: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/CLIENT_FORWARDING_POLICY";
const ISOLATION: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/ISOLATION_POLICY";
const TIMEOUT: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/policySet/policyType/TIMEOUT_POLICY";

const RULE_ID: Param = Param::path("rule_id").doc("Id of the rule, digits.");
const NEW_NAME: Param =
    Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet.");
const NAME: Param = Param::body("name", Kind::Text, "name")
    .even_empty()
    .absent(Value::Null)
    .doc("Name; give the present one to keep it.");
/// The same for services that are not told an empty one.
const NAME_NOT_EMPTY: Param = Param::body("name", Kind::Text, "name")
    .absent(Value::Null)
    .doc("Name; give the present one to keep it.");
const DESCRIPTION: Param = Param::body("description", Kind::Text, "description")
    .even_empty()
    .absent(Value::Null)
    .doc("Remark for administrators; none when left out.");
const CUSTOM_MSG: Param = Param::body("custom_msg", Kind::Text, "customMsg")
    .even_empty()
    .absent(Value::Null)
    .doc("Message to the user; none when left out.");
const INSPECTION_PROFILE: Param =
    Param::body("zpn_inspection_profile_id", Kind::Id, "zpnInspectionProfileId")
        .even_empty()
        .absent(Value::Null)
        .doc("Id of the AppProtection profile; needed for INSPECT.");
const ISOLATION_PROFILE: Param =
    Param::body("zpn_isolation_profile_id", Kind::Id, "zpnIsolationProfileId")
        .even_empty()
        .absent(Value::Null)
        .doc("Id of the isolation profile; needed for ISOLATE.");
const CONNECTOR_GROUPS: Param =
    Param::body("app_connector_group_ids", Kind::Texts, "appConnectorGroups")
        .even_empty()
        .form(Form::Ids(false))
        .absent(Value::Texts(&[]))
        .doc("Ids of the connector groups the traffic has to take; any when left out.");
const SERVER_GROUPS: Param = Param::body("app_server_group_ids", Kind::Texts, "appServerGroups")
    .even_empty()
    .form(Form::Ids(false))
    .absent(Value::Texts(&[]))
    .doc("Ids of the server groups the traffic has to take; any when left out.");

const ONLY_ACTION: Param =
    Param::local("action_type", Kind::Text).doc("RE_AUTH, the only action; leave it out.");
const TIMEOUT_SECONDS: Param = Param::body("reauth_timeout", Kind::Id, "reauthTimeout")
    .even_empty()
    .doc("Seconds after which users sign in again, as text; -1 means never.");
const IDLE_SECONDS: Param = Param::body("reauth_idle_timeout", Kind::Id, "reauthIdleTimeout")
    .even_empty()
    .doc("Seconds without traffic after which users sign in again, as text; -1 means never.");

const HOW: &str = "[{\"operator\": \"OR\", \"operands\": [{\"object_type\": \"APP\", \"values\": \
                   [id]}]}]; all must hold, [] fits all.";
const CONDITIONS_NEEDED: Refusal = Refusal::new(
    &[Cond::Absent("conditions")],
    "conditions is needed: an update replaces the whole rule, and without conditions it would fit \
     everything. Give the present ones as the tool that reads the rule shows them, or [] if the \
     rule shall have none",
);

const NO_INSPECTION_PROFILE: Refusal = Refusal::new(
    &[Cond::LowerEquals("action_type", "inspect"), Cond::Falsy("zpn_inspection_profile_id")],
    "INSPECT needs zpn_inspection_profile_id; get_zpa_app_protection_profile returns the profiles",
);
const NO_ISOLATION_PROFILE: Refusal = Refusal::new(
    &[Cond::LowerEquals("action_type", "isolate"), Cond::Falsy("zpn_isolation_profile_id")],
    "ISOLATE needs zpn_isolation_profile_id; get_zpa_isolation_profile returns the profiles",
);
const OTHER_ACTION: Refusal = Refusal::new(
    &[Cond::Given("action_type"), Cond::UpperNotIn("action_type", &["RE_AUTH"])],
    "a timeout rule can only do RE_AUTH; leave action_type out",
);

const NO_MESSAGE: Member = Member::new("customMsg", Value::Null);
const LAST: Member = Member::new("ruleOrder", Value::Null);
const RE_AUTH: Member = Member::new("action", Value::Text("RE_AUTH"));

/// Returns the argument for the action, which `doc` lists.
const fn action(doc: &'static str) -> Param {
    Param::body("action_type", Kind::Text, "action").form(Form::Upper).doc(doc)
}

/// Returns the argument for the conditions, made by `form`.
const fn conditions(form: Form, absent: Value) -> Param {
    Param::body("conditions", Kind::Any, "conditions")
        .even_empty()
        .form(form)
        .absent(absent)
        .doc(HOW)
}

const ANY: Param = conditions(Form::Made(CONDITIONS), Value::Texts(&[]));
const BROWSERS: Param =
    conditions(Form::Made(ISOLATION_CONDITIONS), Value::Made(ISOLATION_CONDITIONS));

/// Returns the tool that adds a rule to the policy that `before` asks for.
const fn added(name: &'static str, before: &'static [Step]) -> Row {
    create(name, SET, NEW).before(before).binds(POLICY_SET).after(POLICY_CONDITIONS)
}

/// Returns the tool that deletes a rule of the policy that `before` asks for.
const fn deleted(name: &'static str, before: &'static [Step]) -> Row {
    delete(name, SET, ONE)
        .before(before)
        .binds(POLICY_SET)
        .params(&[RULE_ID, MICROTENANT_NOT_EMPTY])
}

/// Returns the tool that replaces a rule of the policy that `before` asks for.
const fn replaced(name: &'static str, before: &'static [Step]) -> Row {
    update(name, SET, WRITTEN).before(before).binds(POLICY_SET).after(POLICY_CONDITIONS)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    added("zpa_create_access_policy_rule", &[Step::get(ACCESS)])
        .title("Create an access rule")
        .doc(
            "Adds an access rule, which lets users to applications or keeps them away, and returns \
             it.\nIt takes effect at once, at the place that rule_order in the answer says; the \
             first rule that fits decides. Without conditions it fits everybody and everything, so \
             an ALLOW opens all. zpa_get_access_policy_rule shows conditions; SAML, SCIM, \
             SCIM_GROUP, POSTURE, TRUSTED_NETWORK, PLATFORM, COUNTRY_CODE, RISK_FACTOR_TYPE and \
             CHROME_ENTERPRISE take entry_values [{\"lhs\": .., \"rhs\": ..}], not values.",
        )
        .params(&[
            NEW_NAME,
            action("ALLOW, DENY or REQUIRE_APPROVAL.").required().filled(),
            DESCRIPTION,
            CONNECTOR_GROUPS,
            SERVER_GROUPS,
            ANY,
            MICROTENANT_NOT_EMPTY,
        ])
        .body(&[NO_MESSAGE, LAST])
        .subject("access rule", "", ""),
    added("zpa_create_app_protection_rule", &[Step::get(INSPECTION)])
        .title("Create an inspection rule")
        .doc(
            "Adds an AppProtection rule, which inspects traffic with a profile or spares it, and \
             returns it.\nIt takes effect at once, at the place that rule_order in the answer \
             says. Without conditions it fits all traffic. Profiles: \
             get_zpa_app_protection_profile. zpa_get_app_protection_rule shows conditions; SAML, \
             SCIM, SCIM_GROUP, POSTURE, TRUSTED_NETWORK, PLATFORM, COUNTRY_CODE, RISK_FACTOR_TYPE \
             and CHROME_ENTERPRISE take entry_values [{\"lhs\": .., \"rhs\": ..}], not values.",
        )
        .params(&[
            NEW_NAME,
            action("INSPECT or BYPASS_INSPECT.").required().filled(),
            INSPECTION_PROFILE,
            DESCRIPTION,
            ANY,
            MICROTENANT_NOT_EMPTY,
        ])
        .refuse(&[NO_INSPECTION_PROFILE])
        .body(&[LAST])
        .subject("inspection rule", "", ""),
    added("zpa_create_forwarding_policy_rule", &[Step::get(FORWARDING)])
        .title("Create a forwarding rule")
        .doc(
            "Adds a client forwarding rule, which says what clients send through private access, \
             and returns it.\nIt takes effect at once, at the place that rule_order in the answer \
             says. Without conditions it fits all applications, so a BYPASS sends everything \
             around. zpa_get_forwarding_policy_rule shows conditions; SAML, SCIM, SCIM_GROUP, \
             POSTURE, TRUSTED_NETWORK, PLATFORM, COUNTRY_CODE, RISK_FACTOR_TYPE and \
             CHROME_ENTERPRISE take entry_values [{\"lhs\": .., \"rhs\": ..}], not values.",
        )
        .params(&[
            NEW_NAME,
            action("INTERCEPT, INTERCEPT_ACCESSIBLE or BYPASS.").required().filled(),
            DESCRIPTION,
            ANY,
            MICROTENANT_NOT_EMPTY,
        ])
        .body(&[LAST])
        .subject("forwarding rule", "", ""),
    added("zpa_create_isolation_policy_rule", &[Step::get(ISOLATION)])
        .title("Create an isolation rule")
        .doc(
            "Adds an isolation rule, which runs browser sessions in an isolated browser, and \
             returns it.\nIt takes effect at once, at the place of rule_order. Without a \
             CLIENT_TYPE condition one for browsers is added; without others it fits all of them. \
             Profiles: get_zpa_isolation_profile. zpa_get_isolation_policy_rule shows conditions; \
             SAML, SCIM, SCIM_GROUP, POSTURE, TRUSTED_NETWORK, PLATFORM, COUNTRY_CODE, \
             RISK_FACTOR_TYPE and CHROME_ENTERPRISE take entry_values [{\"lhs\": .., \"rhs\": \
             ..}], not values.",
        )
        .params(&[
            NEW_NAME,
            action("ISOLATE or BYPASS_ISOLATE.").required().filled(),
            ISOLATION_PROFILE,
            DESCRIPTION,
            BROWSERS,
            MICROTENANT_NOT_EMPTY,
        ])
        .refuse(&[NO_ISOLATION_PROFILE])
        .body(&[LAST])
        .subject("isolation rule", "", ""),
    added("zpa_create_timeout_policy_rule", &[Step::get(TIMEOUT)])
        .title("Create a timeout rule")
        .doc(
            "Adds a timeout rule, after how many seconds users sign in again, and returns it.\nIt \
             takes effect at once, at the place of rule_order. Without conditions it fits \
             everybody. Left out, reauth_timeout is two days, reauth_idle_timeout ten minutes. \
             zpa_get_timeout_policy_rule shows conditions; SAML, SCIM, SCIM_GROUP, POSTURE, \
             TRUSTED_NETWORK, PLATFORM, COUNTRY_CODE, RISK_FACTOR_TYPE and CHROME_ENTERPRISE take \
             entry_values [{\"lhs\": .., \"rhs\": ..}], not values.",
        )
        .params(&[
            NEW_NAME,
            ONLY_ACTION.preset(Preset::Text("RE_AUTH")),
            DESCRIPTION,
            CUSTOM_MSG,
            TIMEOUT_SECONDS.preset(Preset::Text("172800")),
            IDLE_SECONDS.preset(Preset::Text("600")),
            ANY,
            MICROTENANT_NOT_EMPTY,
        ])
        .refuse(&[OTHER_ACTION])
        .body(&[RE_AUTH])
        .subject("timeout rule", "", ""),
    deleted("zpa_delete_access_policy_rule", &[policy_set(ACCESS)])
        .title("Delete an access rule")
        .doc(
            "Deletes one access rule for good, after the user has agreed.\nIt takes effect at once \
             and cannot be undone. Whom the rule let in is out at once unless another rule lets \
             them in; whom it kept out may get in. Ids: zpa_list_access_policy_rules.",
        )
        .see("zpa_list_access_policy_rules")
        .subject("access rule", "rule_id", "zpa_get_access_policy_rule"),
    deleted("zpa_delete_app_protection_rule", &[policy_set(INSPECTION)])
        .title("Delete an inspection rule")
        .doc(
            "Deletes one inspection rule for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone. The rules behind it decide whether its traffic is still \
             inspected. Ids: zpa_list_app_protection_rules.",
        )
        .see("zpa_list_app_protection_rules")
        .subject("inspection rule", "rule_id", "zpa_get_app_protection_rule"),
    deleted("zpa_delete_forwarding_policy_rule", &[policy_set(FORWARDING)])
        .title("Delete a forwarding rule")
        .doc(
            "Deletes one forwarding rule for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone. The rules behind it decide which way its traffic goes. \
             Ids: zpa_list_forwarding_policy_rules.",
        )
        .see("zpa_list_forwarding_policy_rules")
        .subject("forwarding rule", "rule_id", "zpa_get_forwarding_policy_rule"),
    deleted("zpa_delete_isolation_policy_rule", &[policy_set(ISOLATION)])
        .title("Delete an isolation rule")
        .doc(
            "Deletes one isolation rule for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone. Sessions that it isolated run unprotected unless another \
             rule isolates them. Ids: zpa_list_isolation_policy_rules.",
        )
        .see("zpa_list_isolation_policy_rules")
        .subject("isolation rule", "rule_id", "zpa_get_isolation_policy_rule"),
    deleted("zpa_delete_timeout_policy_rule", &[policy_set(TIMEOUT)])
        .title("Delete a timeout rule")
        .doc(
            "Deletes one timeout rule for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone. The rules behind it decide how long its users stay signed \
             in. Ids: zpa_list_timeout_policy_rules.",
        )
        .see("zpa_list_timeout_policy_rules")
        .subject("timeout rule", "rule_id", "zpa_get_timeout_policy_rule"),
    replaced("zpa_update_access_policy_rule", &[Step::get(ACCESS)])
        .title("Update an access rule")
        .doc(
            "Replaces one access rule; what is left out is emptied, and conditions are needed.\nIt \
             takes effect at once and can let people in or lock them out. Read the rule with \
             zpa_get_access_policy_rule and give all that should stay, conditions as shown there: \
             only those that are given remain. The message to the user is emptied. Groups that are \
             left out no longer limit the rule.",
        )
        .params(&[
            NAME_NOT_EMPTY,
            action("ALLOW, DENY or REQUIRE_APPROVAL.").even_empty().absent(Value::Text("")),
            DESCRIPTION,
            CONNECTOR_GROUPS,
            SERVER_GROUPS,
            ANY,
            MICROTENANT_NOT_EMPTY,
            RULE_ID,
        ])
        .refuse(&[CONDITIONS_NEEDED])
        .body(&[NO_MESSAGE, LAST])
        .see("zpa_list_access_policy_rules")
        .subject("access rule", "rule_id", "zpa_get_access_policy_rule"),
    replaced("zpa_update_app_protection_rule", &[Step::get(INSPECTION)])
        .title("Update an inspection rule")
        .doc(
            "Replaces one AppProtection rule; what is left out is emptied, and action_type and \
             conditions are needed.\nIt takes effect at once and can end the inspection of \
             traffic. Read the rule with zpa_get_app_protection_rule and give all that should \
             stay, conditions as shown there: only those that are given remain.",
        )
        .params(&[
            NAME,
            action("INSPECT or BYPASS_INSPECT.").even_empty(),
            INSPECTION_PROFILE,
            DESCRIPTION,
            ANY,
            MICROTENANT_NOT_EMPTY,
            RULE_ID,
        ])
        .refuse(&[
            CONDITIONS_NEEDED,
            Refusal::new(
                &[Cond::Falsy("action_type")],
                "action_type is needed: an update replaces the whole rule",
            ),
            NO_INSPECTION_PROFILE,
        ])
        .body(&[LAST])
        .see("zpa_list_app_protection_rules")
        .subject("inspection rule", "rule_id", "zpa_get_app_protection_rule"),
    replaced("zpa_update_forwarding_policy_rule", &[Step::get(FORWARDING)])
        .title("Update a forwarding rule")
        .doc(
            "Replaces one client forwarding rule; what is left out is emptied, and conditions are \
             needed.\nIt takes effect at once and can send traffic around private access. Read the \
             rule with zpa_get_forwarding_policy_rule and give all that should stay, conditions as \
             shown there: only those that are given remain.",
        )
        .params(&[
            NAME_NOT_EMPTY,
            action("INTERCEPT, INTERCEPT_ACCESSIBLE or BYPASS.")
                .even_empty()
                .absent(Value::Text("")),
            DESCRIPTION,
            ANY,
            MICROTENANT_NOT_EMPTY,
            RULE_ID,
        ])
        .refuse(&[CONDITIONS_NEEDED])
        .body(&[LAST])
        .see("zpa_list_forwarding_policy_rules")
        .subject("forwarding rule", "rule_id", "zpa_get_forwarding_policy_rule"),
    replaced("zpa_update_isolation_policy_rule", &[Step::get(ISOLATION)])
        .title("Update an isolation rule")
        .doc(
            "Replaces one isolation rule; what is left out is emptied, and conditions are \
             needed.\nIt takes effect at once and can end the isolation of sessions. Read the rule \
             with zpa_get_isolation_policy_rule and give all that should stay, conditions as shown \
             there: only those that are given remain, and one for browsers is added when no \
             CLIENT_TYPE is among them.",
        )
        .params(&[
            NAME,
            action("ISOLATE or BYPASS_ISOLATE.").absent(Value::Null),
            ISOLATION_PROFILE,
            DESCRIPTION,
            BROWSERS,
            MICROTENANT_NOT_EMPTY,
            RULE_ID,
        ])
        .refuse(&[CONDITIONS_NEEDED, NO_ISOLATION_PROFILE])
        .body(&[LAST])
        .see("zpa_list_isolation_policy_rules")
        .subject("isolation rule", "rule_id", "zpa_get_isolation_policy_rule"),
    replaced("zpa_update_timeout_policy_rule", &[Step::get(TIMEOUT)])
        .title("Update a timeout rule")
        .doc(
            "Replaces one timeout rule; what is left out is emptied, and conditions are \
             needed.\nIt takes effect at once. Read the rule with zpa_get_timeout_policy_rule and \
             give all that should stay, both times and conditions as shown there: only those that \
             are given remain.",
        )
        .params(&[
            NAME,
            ONLY_ACTION,
            DESCRIPTION,
            CUSTOM_MSG,
            TIMEOUT_SECONDS.absent(Value::Null),
            IDLE_SECONDS.absent(Value::Null),
            ANY,
            MICROTENANT_NOT_EMPTY,
            RULE_ID,
        ])
        .refuse(&[CONDITIONS_NEEDED, OTHER_ACTION])
        .body(&[RE_AUTH])
        .see("zpa_list_timeout_policy_rules")
        .subject("timeout rule", "rule_id", "zpa_get_timeout_policy_rule"),
];
