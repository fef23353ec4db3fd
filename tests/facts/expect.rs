//! A second reading of the facts: the requests that they prescribe for some arguments.
//!
//! Shares no code with the product. Two differences are on purpose: truth values in a query are
//! lower case, and every value in a path is percent-encoded.

use serde_json::{Map, Value, json};

use crate::world::{Asked, CELL_CUSTOMER, CUSTOMER, Mood, answer};
use crate::{expect_zpa, expect_ztw};

/// What the facts prescribe.
#[derive(Debug, PartialEq)]
pub(crate) enum Expected {
    /// The call is refused before any request.
    Refused,
    /// These requests, and a result.
    Done(Vec<Asked>),
    /// These requests, then the call fails.
    Stopped(Vec<Asked>),
}

/// Why a value of a request is not there.
#[derive(Debug)]
pub(crate) enum Untold {
    /// It cannot be told from the facts alone.
    Facts,
    /// The call is refused.
    Refused,
}

pub(crate) struct Reading<'a> {
    pub(crate) fact: &'a Value,
    maps: &'a Value,
    given: &'a Map<String, Value>,
    now: u64,
    pub(crate) answers: Vec<Option<(u16, Value)>>,
}

pub(crate) type Told<T> = Result<T, Untold>;

/// Returns the requests of `fact` for `given`.
pub(crate) fn expected(
    fact: &Value,
    maps: &Value,
    given: &Map<String, Value>,
    mood: Mood,
    now: u64,
) -> Told<Expected> {
    let mut reading = Reading { fact, maps, given, now, answers: Vec::new() };
    for list in each(&fact["refuse_if"]) {
        if reading.all(list)? {
            return Ok(Expected::Refused);
        }
    }
    if expect_zpa::refuses(&reading)? {
        return Ok(Expected::Refused);
    }
    let mut calls = each(&fact["calls"]).chain(each(&fact["intended_calls"])).collect::<Vec<_>>();
    for variant in each(&fact["variants"]) {
        if reading.all(&variant["when"])? {
            calls = each(&variant["calls"]).collect();
            break;
        }
    }
    let mut asked = Vec::new();
    let tolerated: Vec<u64> =
        calls.iter().filter_map(|call| call["if_response_error"].as_u64()).collect();
    for (number, call) in calls.iter().enumerate() {
        if !reading.is_made(call)? {
            reading.answers.push(None);
            continue;
        }
        let request = match reading.request(call) {
            Ok(Some(request)) => request,
            Ok(None) | Err(Untold::Refused) => return Ok(Expected::Stopped(asked)),
            Err(Untold::Facts) => return Err(Untold::Facts),
        };
        let (status, body) = answer(&request, asked.len(), mood);
        asked.push(request);
        if status != 200 && !tolerated.contains(&(number as u64)) {
            return Ok(Expected::Stopped(asked));
        }
        reading.answers.push(Some((status, body)));
    }
    Ok(Expected::Done(asked))
}

pub(crate) fn each(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

impl Reading<'_> {
    pub(crate) fn value(&self, name: &str) -> Value {
        match self.given.get(name) {
            Some(value) if !value.is_null() => value.clone(),
            _ => each(&self.fact["params"])
                .find(|param| param["name"] == name)
                .map_or(Value::Null, |param| param["default"].clone()),
        }
    }

    fn all(&self, list: &Value) -> Told<bool> {
        for condition in each(list) {
            if !self.holds(condition)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&self, condition: &Value) -> Told<bool> {
        let word = |n: usize| condition[n].as_str().unwrap_or_default();
        let value = self.value(word(1));
        let text = value.as_str().unwrap_or_default();
        Ok(match word(0) {
            "truthy" => truthy(&value),
            "falsy" => !truthy(&value),
            "given" => !value.is_null(),
            "not_given" => value.is_null(),
            "equals" => value == condition[2],
            "not_equals" => value != condition[2],
            "lower_equals" => text.to_lowercase() == word(2),
            "is_false" => value == false,
            "contains" => text.contains(word(2)),
            "has_key" => value.get(word(2)).is_some(),
            "not_in" => !each(&condition[2]).any(|choice| *choice == value),
            "upper_not_in" => !each(&condition[2]).any(|choice| *choice == text.to_uppercase()),
            "not_in_map" => self.maps[word(2)].get(text.to_lowercase()).is_none(),
            "outside" => value.as_i64().is_some_and(|n| {
                condition[2].as_i64().is_some_and(|least| n < least)
                    || condition[3].as_i64().is_some_and(|most| n > most)
            }),
            "blank" => value.as_str().is_some_and(|text| text.trim().is_empty()),
            "empty_list" => value == json!([]),
            "not_two_letters" => {
                let code = text.trim().to_uppercase();
                code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase())
            }
            "zins_window_invalid" => self.window().is_none(),
            "body_lacks_both" => crate::expect_zia::lacks_both(self.given),
            "conditions_unreadable" => {
                matches!(expect_zpa::conditions(&value, false), Err(Untold::Refused))
            }
            "not_ssh_private_key" => crate::expect_zpa_infra::is_no_ssh_key(text),
            "no_port_range" => expect_zpa::has_no_port(self),
            "unknown_country" => expect_ztw::words(&value).is_none(),
            _ => return Err(Untold::Facts),
        })
    }

    /// The window of analytics in epoch milliseconds; none when it is refused.
    fn window(&self) -> Option<(i64, i64)> {
        const DAY: i64 = 86_400_000;
        let now = i64::try_from(self.now).unwrap() * 1_000;
        let absolute = |name: &str| self.value(name).as_i64();
        let back = |name: &str| now - self.value(name).as_i64().unwrap_or(0) * DAY;
        let mut start = absolute("start_time").unwrap_or_else(|| back("start_days_ago"));
        let end = absolute("end_time").unwrap_or_else(|| back("end_days_ago"));
        if absolute("start_time").is_none() && absolute("end_time").is_none() {
            let days = (end - start) as f64 / DAY as f64;
            if (days - 7.0).abs() > 0.5 && (days - 14.0).abs() > 0.5 {
                start = end - if days < 10.5 { 7 } else { 14 } * DAY;
            }
        }
        (start < end && end < now && end <= now - DAY).then_some((start, end))
    }

    fn is_made(&self, call: &Value) -> Told<bool> {
        if let Some(is_made) = expect_zpa::asks_for_apps(self, call) {
            return Ok(is_made);
        }
        if let Some(n) = call["if_response_empty"].as_u64() {
            let answer = &self.answers[usize::try_from(n).unwrap()].as_ref().unwrap().1;
            let rows = answer.get("records").unwrap_or(answer);
            return Ok(each(rows).next().is_none());
        }
        if let Some(n) = call["if_response_error"].as_u64() {
            let answer = self.answers[usize::try_from(n).unwrap()].as_ref();
            return Ok(answer.is_some_and(|(status, _)| *status != 200));
        }
        self.all(&call["when"])
    }

    fn request(&self, call: &Value) -> Told<Option<Asked>> {
        let Some(path) = self.path(call)? else { return Ok(None) };
        let mut query = Vec::new();
        for (key, rule) in call["query"].as_object().into_iter().flatten() {
            match self.expression(rule)? {
                None | Some(Value::Null) => {}
                Some(Value::Array(items)) => {
                    query.extend(items.iter().map(|item| (key.clone(), text(item))));
                }
                Some(one) => query.push((key.clone(), text(&one))),
            }
        }
        query.sort();
        let method = call["method"].as_str().unwrap().to_owned();
        let body = self.body(call, &method)?;
        Ok(Some(Asked { method, path, query, body }))
    }

    fn body(&self, call: &Value, method: &str) -> Told<Option<Value>> {
        if call["body_rule"]["rule"] == "zpa_server_group_merge" {
            return expect_zpa::server_group(self).map(Some);
        }
        if call.get("body_rule").is_some() {
            return Err(Untold::Facts);
        }
        if let Some(whole) = call.get("body_whole") {
            return self.expression(whole);
        }
        if let Some(graph) = call.get("graphql") {
            let variables = self.members(&call["variables"])?;
            let name = &graph["operationName"];
            return Ok(Some(json!({
                "query": crate::document::of(graph), "variables": variables, "operationName": name
            })));
        }
        let mut members = self.members(&call["body"])?;
        for spread in each(&call["body_spread"]) {
            let rule = spread["rule"].as_str().unwrap();
            if rule == "zpa_segment_advanced" {
                expect_zpa::segment(self, &mut members)?;
                continue;
            }
            let given = self.value(spread["param"].as_str().unwrap());
            let over = if rule == "camel_keys" {
                camel(&given)
            } else {
                crate::expect_zia::spread(rule, self.fact, &given).ok_or(Untold::Facts)?
            };
            for (name, value) in over.as_object().into_iter().flatten() {
                members.insert(name.clone(), value.clone());
            }
        }
        Ok(["POST", "PUT"].contains(&method).then_some(Value::Object(members)))
    }

    fn members(&self, rules: &Value) -> Told<Map<String, Value>> {
        let mut members = Map::new();
        for (key, rule) in rules.as_object().into_iter().flatten() {
            if let Some(value) = self.expression(rule)? {
                members.insert(key.clone(), value);
            }
        }
        Ok(members)
    }

    fn path(&self, call: &Value) -> Told<Option<String>> {
        let mut path = String::new();
        for piece in call["path"].as_str().unwrap().split('/').skip(1) {
            let hole = piece.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let value = match hole {
                None => piece.to_owned(),
                Some("customerId") => CUSTOMER.to_owned(),
                Some("zcellCustomerId") => CELL_CUSTOMER.to_owned(),
                Some("nowEpochSeconds") => self.now.to_string(),
                Some("nowEpochSeconds-days*86400") => {
                    (self.now - self.value("days").as_u64().unwrap() * 86_400).to_string()
                }
                Some(hole) => match hole.strip_prefix('=') {
                    Some(name) => match self.expression(&call["bind"][name])? {
                        Some(value) if truthy(&value) => text(&value),
                        _ => return Ok(None),
                    },
                    None => self.argument_of(call, hole),
                },
            };
            path.push('/');
            path.push_str(&if hole.is_some() { encoded(&value) } else { value });
        }
        Ok(Some(path))
    }

    fn argument_of(&self, call: &Value, hole: &str) -> String {
        let (name, map) = hole.split_once(':').map_or((hole, None), |(n, map)| (n, Some(map)));
        let value = text(&self.value(name));
        match map {
            Some(map) => self.maps[map][value.to_lowercase()].as_str().unwrap().to_owned(),
            None if each(&call["trim"]).any(|trimmed| trimmed == name) => value.trim().to_owned(),
            None => value,
        }
    }

    /// The value of an expression; `None` when the member is left out.
    fn expression(&self, rule: &Value) -> Told<Option<Value>> {
        if let Some(value) = rule.get("const") {
            return Ok(Some(value.clone()));
        }
        if rule.get("env").is_some() {
            return Ok(Some(CUSTOMER.into()));
        }
        if rule.get("now").is_some() {
            let with = rule["send_with"].as_str();
            let sent = with.is_none_or(|name| !self.value(name).is_null());
            return Ok(sent.then(|| self.now.into()));
        }
        if let Some(members) = rule.get("object") {
            let members = self.members(members)?;
            let kept = rule["send"] != "if_any" || !members.is_empty();
            return Ok(kept.then_some(Value::Object(members)));
        }
        if rule.get("first_of").is_some() {
            for option in each(&rule["first_of"]) {
                if let Some(value) = self.expression(option)? {
                    return Ok(Some(value));
                }
            }
            return Ok(None);
        }
        if rule.get("from_response").is_some() || rule.get("select").is_some() {
            return self.answered(rule);
        }
        if let Some(name) = rule["rule"].as_str() {
            return self.ruled(name, rule);
        }
        self.parameter(rule)
    }

    fn answered(&self, rule: &Value) -> Told<Option<Value>> {
        let body = |n: &Value| {
            let answer = self.answers.get(usize::try_from(n.as_u64().unwrap()).unwrap());
            answer.and_then(Option::as_ref).map(|(_, body)| body)
        };
        if let Some(from) = rule.get("from_response") {
            let found = body(&from[0]).and_then(|b| b.pointer(from[1].as_str().unwrap()));
            return Ok(found.filter(|value| !value.is_null()).cloned());
        }
        let select = &rule["select"];
        let filter = &select["where"];
        let other = match &filter[2] {
            Value::String(text) => text.clone(),
            expression => text(&self.expression(expression)?.unwrap_or_default()),
        };
        let list = body(&select["call"]).and_then(|b| b.pointer(select["list"].as_str().unwrap()));
        let fits = |row: &&Value| {
            let own = row[filter[0].as_str().unwrap()].as_str().unwrap_or_default();
            match filter[1].as_str().unwrap() {
                "eq" => own == other,
                "ne" => own != other,
                "ieq" => own.to_lowercase() == other.to_lowercase(),
                _ => unreachable!(),
            }
        };
        let row = list.into_iter().flat_map(each).find(fits);
        if row.is_none() && select["none_fails"] == true {
            return Err(Untold::Refused);
        }
        Ok(row.and_then(|row| row.pointer(select["take"].as_str().unwrap())).cloned())
    }

    fn ruled(&self, name: &str, rule: &Value) -> Told<Option<Value>> {
        match name {
            "zins_window_start" => Ok(self.window().map(|(start, _)| start.into())),
            "zins_window_end" => Ok(self.window().map(|(_, end)| end.into())),
            "single_key_object" => {
                let needed = each(&rule["needs"]).all(|p| truthy(&self.value(p.as_str().unwrap())));
                if !needed {
                    return Ok(None);
                }
                let chosen = self.value(rule["key_param"].as_str().unwrap());
                let key = rule["keys"][chosen.as_str().unwrap()].as_str().unwrap();
                Ok(Some(json!({ key: self.expression(&rule["value"])? })))
            }
            "predefined_category_id" => Ok(self.predefined("id")),
            "predefined_category_configured_name" => Ok(self.predefined("configuredName")),
            "zpa_pra_apps_merge" => expect_zpa::pra_apps(self).map(Some),
            _ => Err(Untold::Facts),
        }
    }

    fn predefined(&self, member: &str) -> Option<Value> {
        let found = crate::expect_zia::predefined(&self.answers, self.value("name").as_str()?)?;
        found.get(member).cloned()
    }

    fn parameter(&self, rule: &Value) -> Told<Option<Value>> {
        let value = self.value(rule["param"].as_str().unwrap());
        if let Some(form) = rule["as"].as_str().filter(|form| form.contains("policy_conditions")) {
            return expect_zpa::conditions(&value, form.ends_with("_isolation")).map(Some);
        }
        let sent = match rule["send"].as_str() {
            Some("if_truthy" | "if_truthy_else" | "if_truthy_else_null") => truthy(&value),
            _ => !value.is_null(),
        };
        if sent {
            return self.transformed(&value, rule["as"].as_str()).map(Some);
        }
        match (rule["send"].as_str(), rule.get("when_absent")) {
            (_, Some(Value::Object(other))) => self.expression(&Value::Object(other.clone())),
            (_, Some(literal)) => Ok(Some(literal.clone())),
            (Some("if_truthy_else_null"), None) => Ok(Some(Value::Null)),
            // The window of analytics is computed even when the argument is not given.
            (Some("always"), None) => Ok(Some(Value::Null)),
            (_, None) => Ok(None),
        }
    }

    fn transformed(&self, value: &Value, form: Option<&str>) -> Told<Value> {
        let ago = |unit: u64| json!(self.now - value.as_u64().unwrap() * unit);
        Ok(match form {
            None | Some("lower_bool") => value.clone(),
            Some("str") => text(value).into(),
            Some("upper") => text(value).to_uppercase().into(),
            Some("iso2_upper") => text(value).trim().to_uppercase().into(),
            Some("state") => if *value == true { "ENABLED" } else { "DISABLED" }.into(),
            Some("ids") => each(value).map(|id| json!({ "id": id })).collect(),
            Some("ids_int") => each(value).map(|id| json!({ "id": digits(id) })).collect(),
            Some("camel_keys") => camel(value),
            Some("contains") => json!({ "contains": value }),
            Some("equals") => json!({ "equals": value }),
            Some("hours_ago_epoch") => ago(3_600),
            Some("days_ago_epoch") => ago(86_400),
            Some("zpa_search") => search(&text(value)).into(),
            Some("country_codes") => expect_ztw::words(value).ok_or(Untold::Refused)?,
            Some("zpa_pra_apps_default") => expect_zpa::typed(value, "SECURE_REMOTE_ACCESS"),
            Some(map) => match self.maps.get(map) {
                Some(map) => map[text(value).to_lowercase()].clone(),
                None => return Err(Untold::Facts),
            },
        })
    }
}

pub(crate) fn digits(id: &Value) -> Value {
    let number = id.as_str().filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
    number.and_then(|id| id.parse::<i64>().ok()).map_or_else(|| id.clone(), Into::into)
}

fn search(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return text.to_owned();
    }
    let bare = trimmed.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(trimmed);
    let known = ["EQ", "NE", "GT", "LT", "GE", "LE", "CONTAINS", "STARTSWITH", "ENDSWITH"];
    let upper = bare.to_uppercase();
    let given = known.iter().any(|word| upper.contains(&format!("+{word}+")));
    if given { bare.to_owned() } else { format!("name+EQ+{bare}") }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    value
        .bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// The samples use only names without exceptions.
pub(crate) fn camel(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(camel).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let mut words = name.split('_');
                let first = words.next().unwrap().to_owned();
                let rest = words.map(|word| word[..1].to_uppercase() + &word[1..]);
                (rest.fold(first, |name, word| name + &word), camel(value))
            })
            .collect(),
        other => other.clone(),
    }
}
