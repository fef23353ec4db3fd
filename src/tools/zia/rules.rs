//! Zone: post-admission. What the rules of internet access have in common when they are changed.
//!
//! All kinds of rules take the same arguments and differ in their actions and in what the
//! free-form part can hold.

use crate::tools::exceptions_zia_rules::{RULE_ADVANCED, SSL_RULE_ADVANCED, URL_RULE_ADVANCED};
use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Keep, Refusal, Value};
use crate::tools::row::{Row, create, update};

/// The free-form part of a rule.
pub(super) const ADVANCED: &[Value] = &[Value::Argument("advanced", Form::Made(RULE_ADVANCED))];
/// The same for rules about web pages.
pub(super) const URL_ADVANCED: &[Value] =
    &[Value::Argument("advanced", Form::Made(URL_RULE_ADVANCED))];

pub(super) const RULE_ID: Param = Param::path("rule_id").doc("Id of the rule, digits.");
/// Looked for here, as the service has no search for these records.
pub(super) const NAMED: Param =
    Param::local("search", Kind::Text).doc("Part of the name, any case.");
pub(super) const BY_NAME: &[Keep] = &[Keep::containing("search", "name")];

/// The same for SSL rules.
pub(super) const SSL_ADVANCED: &[Value] =
    &[Value::Argument("advanced", Form::Made(SSL_RULE_ADVANCED))];

const RANK: Refusal = Refusal::new(&[Cond::Outside("rank", 0, 7)], "rank must be from 0 to 7");
const ORDER: Refusal =
    Refusal::new(&[Cond::Outside("order", 1, i64::MAX)], "order must be 1 or more");
/// The service would take an empty body for a rule without anything.
const NOTHING: Refusal = Refusal::new(
    &[
        Cond::Absent("name"),
        Cond::Absent("action"),
        Cond::Absent("description"),
        Cond::Absent("enabled"),
        Cond::Absent("order"),
        Cond::Absent("rank"),
        Cond::Falsy("advanced"),
    ],
    "nothing to change was given; give the whole rule as it should be",
);

const NAME: Param = Param::body("name", Kind::Text, "name").even_empty();
const ACTION: Param = Param::body("action", Kind::Text, "action").even_empty();
const DESCRIPTION: Param = Param::body("description", Kind::Text, "description")
    .even_empty()
    .doc("For administrators; no effect on traffic.");
const ENABLED: Param =
    Param::body("enabled", Kind::Boolean, "state").form(Form::State).even_empty();
const ORDER_OF: Param = Param::body("order", Kind::Integer, "order").even_empty();
const RANK_OF: Param = Param::body("rank", Kind::Integer, "rank").even_empty();
const MORE: Param = Param::local("advanced", Kind::Object);

/// Returns a tool that adds a rule by POST to `path`, its free-form part as `more` says.
pub(super) const fn new_rule(
    name: &'static str,
    set: &'static str,
    path: &'static str,
    more: &'static [Value],
) -> Row {
    create(name, set, path).spread(more).refuse(&[RANK, ORDER])
}

/// Returns a tool that replaces the rule at `path`, its free-form part as `more` says.
pub(super) const fn changed_rule(
    name: &'static str,
    set: &'static str,
    path: &'static str,
    more: &'static [Value],
) -> Row {
    update(name, set, path).spread(more).refuse(&[RANK, ORDER, NOTHING])
}

/// Returns the arguments of a new rule: what is said of its action and of its free-form part.
pub(super) const fn new_rule_params(action: &'static str, more: &'static str) -> [Param; 7] {
    let [name, of_rule, description, enabled, order, rank, more] = free_rule_params(action, more);
    [name, of_rule.required(), description, enabled, order, rank, more]
}

/// The same where the service can do without a plain action.
pub(super) const fn free_rule_params(action: &'static str, more: &'static str) -> [Param; 7] {
    [
        NAME.required().doc("Name; no other rule of this kind may have it."),
        ACTION.doc(action),
        DESCRIPTION,
        ENABLED.preset(Preset::Bool(true)).doc("false keeps the rule without using it."),
        ORDER_OF
            .absent(Value::Integer(1))
            .doc("Place among the rules, from 1: before all others. 1 when left out."),
        RANK_OF
            .absent(Value::Integer(7))
            .doc("Rank of administrators who may change it, 0 (highest) to 7. 7 when left out."),
        MORE.doc(more),
    ]
}

/// Returns the arguments of a rule that replaces another.
pub(super) const fn changed_rule_params(action: &'static str, more: &'static str) -> [Param; 8] {
    [
        RULE_ID,
        NAME.doc("Name. Not kept when left out."),
        ACTION.doc(action),
        DESCRIPTION,
        ENABLED.doc("false keeps the rule without using it."),
        ORDER_OF.doc("Place among the rules, from 1. Give the present one to leave it there."),
        RANK_OF.doc("Rank of administrators who may change it, 0 (highest) to 7."),
        MORE.doc(more),
    ]
}
