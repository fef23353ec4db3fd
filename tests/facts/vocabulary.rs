//! From the facts to rows: what the vocabulary says of a tool, and which functions it needs.
//!
//! Every argument is local here and every member is written out, so that conditions, values and
//! steps are tried for all tools; the rows of the catalogue use the shorter forms.

use std::collections::BTreeSet;

use serde_json::Value as Fact;
use zscaler_mcp::backend::ApiMethod;
use zscaler_mcp::tools::param::{Form, Kind, Param, Preset};
use zscaler_mcp::tools::plan::{Bind, Cond, Find, Member, Plan, Refusal, Step, Test, Value};
use zscaler_mcp::tools::row::{Names, Row, Shape, Verb, get};

use crate::document;
use crate::expect::{each, text};

/// What came of a tool of the facts.
pub(crate) struct Told {
    /// The row; calls of it make the prescribed requests when no function is needed.
    pub(crate) row: &'static Row,
    /// The functions it needs, by name.
    pub(crate) functions: BTreeSet<String>,
}

struct Writer<'a> {
    maps: &'a Fact,
    functions: BTreeSet<String>,
}

/// Returns the row of `fact`.
pub(crate) fn row(fact: &Fact, maps: &Fact) -> Told {
    let mut writer = Writer { maps, functions: BTreeSet::new() };
    let mut plans = Vec::new();
    for variant in each(&fact["variants"]) {
        let when = writer.conditions(&variant["when"]);
        plans.push(Plan::when(when, writer.steps(&variant["calls"])));
    }
    if plans.is_empty() {
        let calls =
            if fact.get("calls").is_some() { &fact["calls"] } else { &fact["intended_calls"] };
        plans.push(Plan::otherwise(writer.steps(calls)));
    }
    let refuse = each(&fact["refuse_if"])
        .map(|list| Refusal::new(writer.conditions(list), "refused"))
        .collect::<Vec<_>>();
    let params = each(&fact["params"]).map(|param| self::param(param, &fact.to_string()));
    let mut row =
        get(leak(fact["name"].as_str().unwrap()), leak(fact["toolset"].as_str().unwrap()), "");
    row.params = params.collect::<Vec<_>>().leak();
    row.plans = plans.leak();
    row.refuse = refuse.leak();
    row.verb = match fact["action"].as_str().unwrap() {
        "read" => Verb::Read,
        "create" => Verb::Create,
        "update" => Verb::Update,
        _ => Verb::Delete,
    };
    row.queried = fact["supports_query"] == true;
    row.shape = match fact["rows_at"].as_str() {
        Some(at) if at.is_empty() || at.starts_with('/') => Shape::Records(leak(at)),
        Some(_) => Shape::RecordsOrOne("/content"),
        None => Shape::Record(""),
    };
    row.names = if fact["calls"][0].get("graphql").is_some() { Names::Wire } else { Names::Snake };
    Told { row: Box::leak(Box::new(row)), functions: writer.functions }
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn one(value: Value) -> &'static Value {
    Box::leak(Box::new(value))
}

/// True for a value that is looked for and has to be there.
fn fails_without(rule: &Fact) -> bool {
    rule["select"]["none_fails"] == true
}

fn param(fact: &Fact, whole: &str) -> Param {
    let name = leak(fact["name"].as_str().unwrap());
    let kind = match fact["type"].as_str().unwrap() {
        "string" => Kind::Text,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "array<string>" => Kind::Texts,
        "array<integer>" => Kind::Integers,
        "array<array<string>>" => Kind::TextLists,
        "array<object>" => Kind::Objects,
        "object" => Kind::Object,
        "any" => Kind::Any,
        other => panic!("{other}"),
    };
    let in_path = whole.contains(&format!("{{{name}}}"));
    let mut param = if in_path { Param::maybe_path(name) } else { Param::local(name, kind) };
    param.kind = kind;
    param.required = fact["required"] == true;
    param.filled = fact["empty_refused"] == true;
    param.min = fact["min"].as_i64();
    param.max = fact["max"].as_i64();
    param.preset = match &fact["default"] {
        Fact::Bool(value) => Some(Preset::Bool(*value)),
        Fact::Number(value) => Some(Preset::Integer(value.as_i64().unwrap())),
        Fact::String(text) => Some(Preset::Text(leak(text))),
        _ => None,
    };
    param
}

impl Writer<'_> {
    fn needs(&mut self, function: &str) {
        self.functions.insert(function.to_owned());
    }

    fn conditions(&mut self, list: &Fact) -> &'static [Cond] {
        let mut out = Vec::new();
        for fact in each(list) {
            let name = leak(fact[1].as_str().unwrap_or_default());
            let word = || leak(fact[2].as_str().unwrap());
            let words =
                || each(&fact[2]).map(|word| leak(word.as_str().unwrap())).collect::<Vec<_>>();
            out.push(match fact[0].as_str().unwrap() {
                "truthy" => Cond::Truthy(name),
                "falsy" => Cond::Falsy(name),
                "given" => Cond::Given(name),
                "not_given" => Cond::Absent(name),
                "equals" => Cond::Equals(name, word()),
                "not_equals" => Cond::Differs(name, word()),
                "lower_equals" => Cond::LowerEquals(name, word()),
                "is_false" => Cond::IsFalse(name),
                "contains" => Cond::Contains(name, word()),
                "has_key" => Cond::HasMember(name, word()),
                "not_in" => Cond::NotIn(name, words().leak()),
                "upper_not_in" => Cond::UpperNotIn(name, words().leak()),
                "blank" => Cond::Blank(name),
                "empty_list" => Cond::EmptyList(name),
                "outside" => Cond::Outside(
                    name,
                    fact[2].as_i64().unwrap_or(i64::MIN),
                    fact[3].as_i64().unwrap_or(i64::MAX),
                ),
                // Their forms refuse by themselves.
                "not_in_map" | "not_two_letters" => return &[Cond::EmptyList("")],
                other => {
                    self.needs(match other {
                        "conditions_unreadable" => "zpa_policy_conditions",
                        "not_ssh_private_key" => "pra_credential_kind",
                        "body_lacks_both" => "location_needs_address",
                        "no_port_range" => "zpa_segment_advanced",
                        "unknown_country" => "country_codes",
                        "zins_window_invalid" => "zins_window",
                        other => other,
                    });
                    return &[Cond::EmptyList("")];
                }
            });
        }
        out.leak()
    }

    fn steps(&mut self, calls: &Fact) -> &'static [Step] {
        let tolerated: Vec<u64> =
            each(calls).filter_map(|call| call["if_response_error"].as_u64()).collect();
        let mut steps = Vec::new();
        for (number, call) in each(calls).enumerate() {
            let mut step = self.step(call);
            step.may_fail = tolerated.contains(&(number as u64));
            steps.push(step);
        }
        steps.leak()
    }

    fn step(&mut self, call: &Fact) -> Step {
        let method = match call["method"].as_str().unwrap() {
            "GET" => ApiMethod::Get,
            "POST" => ApiMethod::Post,
            "PUT" => ApiMethod::Put,
            _ => ApiMethod::Delete,
        };
        let mut binds = Vec::new();
        let path = self.path(call, &mut binds);
        let mut step = Step::new(method, path);
        step.query = self.members("", &call["query"]).leak();
        step.body = self.members("", &call["body"]).leak();
        if let Some(graph) = call.get("graphql") {
            let name = leak(graph["operationName"].as_str().unwrap());
            step = step.document(name, leak(&document::of(graph)));
            step.body = self.members("", &call["variables"]).leak();
        }
        if let Some(whole) = call.get("body_whole") {
            step.whole = self.value(whole);
        }
        if let Some(rule) = call["body_rule"]["rule"].as_str() {
            self.needs(rule);
        }
        let mut spread = Vec::new();
        for object in each(&call["body_spread"]) {
            match object["rule"].as_str().unwrap() {
                "camel_keys" => spread.push(Value::Argument(
                    leak(object["param"].as_str().unwrap()),
                    Form::CamelNames,
                )),
                other => self.needs(other),
            }
        }
        step.spread = spread.leak();
        let mut when = self.conditions(&call["when"]).to_vec();
        let answered = |name: &str| call[name].as_u64().map(|n| usize::try_from(n).unwrap());
        when.extend(answered("if_response_empty").map(Cond::NoRecords));
        when.extend(answered("if_response_error").map(Cond::Failed));
        step.when = when.leak();
        for (name, value) in call["bind"].as_object().into_iter().flatten() {
            let value = self.value(value);
            binds.push(Bind { name: leak(name), value, missing: "nothing was found" });
        }
        step.binds = binds.leak();
        step
    }

    fn path(&self, call: &Fact, binds: &mut Vec<Bind>) -> &'static str {
        let mut bind = |name: &str, value| {
            binds.push(Bind { name: leak(name), value, missing: "nothing was found" });
            format!("{{={name}}}")
        };
        let mut pieces = Vec::new();
        for piece in call["path"].as_str().unwrap().split('/') {
            let hole = piece.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let trimmed = each(&call["trim"]).any(|name| Some(name.as_str().unwrap()) == hole);
            pieces.push(match hole {
                Some("nowEpochSeconds") => bind("now", Value::Now),
                Some("nowEpochSeconds-days*86400") => {
                    bind("since", Value::Argument("days", Form::DaysAgo))
                }
                Some(hole) if trimmed => bind(hole, Value::Argument(leak(hole), Form::Trimmed)),
                Some(hole) => match hole.split_once(':') {
                    Some((name, map)) => {
                        bind(map, Value::Argument(leak(name), table(self.maps, map)))
                    }
                    None => piece.to_owned(),
                },
                None => piece.to_owned(),
            });
        }
        leak(&pieces.join("/"))
    }

    fn members(&mut self, above: &str, rules: &Fact) -> Vec<Member> {
        let mut out = Vec::new();
        for (key, rule) in rules.as_object().into_iter().flatten() {
            let key = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            self.member(leak(&key), rule, &mut out);
        }
        out
    }

    fn member(&mut self, key: &'static str, rule: &Fact, out: &mut Vec<Member>) {
        if let Some(inner) = rule.get("object") {
            out.extend(self.members(key, inner));
            return;
        }
        if rule["rule"] == "single_key_object" {
            self.chosen(key, rule, out);
            return;
        }
        let Some(name) = rule["param"].as_str().map(leak) else {
            let value = self.value(rule);
            let when = rule["send_with"].as_str().map(|name| Cond::Given(leak(name)));
            let member = Member::new(key, value).when(when.into_iter().collect::<Vec<_>>().leak());
            out.push(if fails_without(rule) { member.needed("none") } else { member });
            return;
        };
        let filled = rule["send"].as_str().is_some_and(|send| send.starts_with("if_truthy"));
        let sent = if filled { Cond::Truthy(name) } else { Cond::Given(name) };
        let unsent = if filled { Cond::Falsy(name) } else { Cond::Absent(name) };
        let form = self.form(rule);
        out.push(Member::new(key, Value::Argument(name, form)).when(vec![sent].leak()));
        let otherwise = match (rule["send"].as_str(), rule.get("when_absent")) {
            (_, Some(absent @ Fact::Object(_))) => self.value(absent),
            (_, Some(literal)) => constant(literal),
            (Some("always" | "if_truthy_else_null"), None) => Value::Null,
            (_, None) => return,
        };
        let member = Member::new(key, otherwise).when(vec![unsent].leak());
        let is_needed = rule.get("when_absent").is_some_and(fails_without);
        out.push(if is_needed { member.needed("none") } else { member });
    }

    /// An object of one member whose name an argument chooses: a member for each choice.
    fn chosen(&mut self, key: &str, rule: &Fact, out: &mut Vec<Member>) {
        let value = self.value(&rule["value"]);
        let by = leak(rule["key_param"].as_str().unwrap());
        for (choice, wire) in rule["keys"].as_object().unwrap() {
            let mut when: Vec<Cond> = each(&rule["needs"])
                .map(|name| Cond::Truthy(leak(name.as_str().unwrap())))
                .collect();
            when.push(Cond::Equals(by, leak(choice)));
            let key = leak(&format!("{key}.{}", wire.as_str().unwrap()));
            out.push(Member::new(key, value).when(when.leak()));
        }
    }

    fn value(&mut self, rule: &Fact) -> Value {
        if let Some(literal) = rule.get("const") {
            return constant(literal);
        }
        if rule.get("env").is_some() {
            return Value::Customer;
        }
        if rule.get("now").is_some() {
            return Value::Now;
        }
        if rule.get("first_of").is_some() {
            let values = each(&rule["first_of"]).map(|option| self.value(option));
            return Value::First(values.collect::<Vec<_>>().leak());
        }
        if let Some(from) = rule.get("from_response") {
            let step = usize::try_from(from[0].as_u64().unwrap()).unwrap();
            return Value::Answer(step, leak(from[1].as_str().unwrap()));
        }
        if let Some(select) = rule.get("select") {
            return self.find(select);
        }
        if let Some(name) = rule["rule"].as_str() {
            self.needs(match name {
                "zins_window_start" | "zins_window_end" => "zins_window",
                "zpa_pra_apps_merge" => "zpa_pra_apps",
                name if name.starts_with("predefined_category") => "predefined_category",
                name => name,
            });
            return Value::Nothing;
        }
        let form = self.form(rule);
        Value::Argument(leak(rule["param"].as_str().unwrap()), form)
    }

    fn find(&mut self, select: &Fact) -> Value {
        let filter = &select["where"];
        let with = match &filter[2] {
            Fact::String(text) => Value::Text(leak(text)),
            expression => self.value(expression),
        };
        Value::Found(Find {
            step: usize::try_from(select["call"].as_u64().unwrap()).unwrap(),
            list: leak(select["list"].as_str().unwrap()),
            member: leak(filter[0].as_str().unwrap()),
            test: match filter[1].as_str().unwrap() {
                "eq" => Test::Same,
                "ne" => Test::Other,
                _ => Test::SameName,
            },
            with: one(with),
            take: leak(select["take"].as_str().unwrap()),
        })
    }

    fn form(&mut self, rule: &Fact) -> Form {
        match rule["as"].as_str() {
            None | Some("lower_bool") => Form::Plain,
            Some("str") => Form::Text,
            Some("upper") => Form::Upper,
            Some("state") => Form::State,
            Some("ids") => Form::Ids(false),
            Some("ids_int") => Form::Ids(true),
            Some("camel_keys") => Form::CamelNames,
            Some("contains") => Form::Contains,
            Some("equals") => Form::Equals,
            Some("iso2_upper") => Form::Country,
            Some("hours_ago_epoch") => Form::HoursAgo,
            Some("days_ago_epoch") => Form::DaysAgo,
            Some("zpa_search") => Form::Expression,
            Some(other) if self.maps.get(other).is_some() => table(self.maps, other),
            Some("zpa_policy_conditions_isolation") => {
                self.needs("zpa_policy_conditions");
                Form::Plain
            }
            Some("zpa_pra_apps_default") => {
                self.needs("zpa_pra_apps");
                Form::Plain
            }
            Some(other) => {
                self.needs(other);
                Form::Plain
            }
        }
    }
}

fn table(maps: &Fact, name: &str) -> Form {
    let rows = maps[name].as_object().unwrap().iter();
    Form::Mapped(rows.map(|(from, to)| (leak(from), leak(&text(to)))).collect::<Vec<_>>().leak())
}

fn constant(literal: &Fact) -> Value {
    match literal {
        Fact::Null => Value::Null,
        Fact::Bool(value) => Value::Bool(*value),
        Fact::Number(value) => Value::Integer(value.as_i64().unwrap()),
        Fact::String(text) => Value::Text(leak(text)),
        Fact::Array(items) => {
            Value::Texts(items.iter().map(|item| leak(&text(item))).collect::<Vec<_>>().leak())
        }
        Fact::Object(_) => panic!("{literal}"),
    }
}
