//! Zone: post-admission. From the conditions that a caller writes to those of a policy rule.
//!
//! Takes the objects that the reading tools return, or lists that begin with a kind. Trusts
//! nothing in them: what cannot be built is refused with its place. Never leaves an operand, a
//! value or an AND out, and never joins what was apart, as the rule would fit more than was asked.

use crate::json::{Json, Object, object};
use crate::tools::exceptions_zpa::{ENTRY_KINDS, VALUE_KINDS};
use crate::tools::failure::Failure;
use crate::tools::frame::Frame;
use crate::tools::names::camel;
use crate::tools::plan::Maker;

/// Writes the conditions of a rule.
pub(super) const CONDITIONS: Maker = Maker { name: "zpa_policy_conditions", make: conditions };

/// The same for isolation, which is for browsers: unless a client type is given, it is theirs.
pub(super) const ISOLATION_CONDITIONS: Maker =
    Maker { name: "zpa_policy_conditions", make: isolation_conditions };

/// Kinds that each stand in a condition of their own.
const SINGLE: [&str; 5] = ["CLIENT_TYPE", "CONSOLE", "LOCATION", "MACHINE_GRP", "USER_PORTAL"];
/// Kinds of one family may be joined by OR; all others stand apart.
const APPS: [&str; 2] = ["APP", "APP_GROUP"];
const CHROME: [&str; 2] = ["CHROME_ENTERPRISE", "CHROME_POSTURE_PROFILE"];
const IDENTITY: [&str; 3] = ["SAML", "SCIM", "SCIM_GROUP"];

/// Members that a stored condition or operand has besides what it says.
const BOOKKEEPING: [&str; 7] =
    ["creationTime", "id", "idpId", "idpName", "modifiedBy", "modifiedTime", "name"];

const KIND_BYTES_MAX: usize = 64;
const BROWSER: &str = "zpn_client_type_exporter";

const FORMS: &str = "conditions must be a list of objects such as {\"operator\": \"OR\", \
                     \"operands\": [{\"object_type\": \"APP\", \"values\": [\"id\"]}]} and \
                     {\"operator\": \"OR\", \"operands\": [{\"object_type\": \"SCIM_GROUP\", \
                     \"entry_values\": [{\"lhs\": \"id of the identity provider\", \"rhs\": \"id \
                     of the group\"}]}]}, or a list of lists such as [\"app\", [\"id\"]] and \
                     [\"scim_group\", [[\"lhs\", \"rhs\"]]]; [] stands for none";
const APPS_APART: &str = "APP and APP_GROUP stand more than once; name all of them in the operands \
                          of one condition with operator OR, as no application is two at once";
const BOTH: &str = "operands of one kind must all have values or all have entry_values";
const JOINED: &str = "the service joins these by OR only; for AND give a condition to each";
const KIND: &str = "object_type must be a kind such as APP or SCIM_GROUP";
const MEMBERS: &str = "has a member that a condition cannot have; a condition has operator and \
                       operands, an operand object_type and one of values, entry_values, or lhs \
                       with rhs";
const MIXED: &str = "is of a kind that OR cannot join with the one before; give each kind its own \
                     condition, all of which have to hold";
const NEGATED: &str = "is negated, which cannot be written here; change such a rule in the console";
const NEEDS_PAIRS: &str = "this kind needs entry_values, a list of {\"lhs\": ..., \"rhs\": ...}";
const NEEDS_VALUES: &str = "this kind needs values, a list of ids or words that are not empty";
const OPERANDS: &str = "operands must be a list of at least one object";
const OPERATOR: &str = "operator must be AND or OR";
const TWICE: &str = "names one member twice";
const WRAPPED: &str = "AND or OR must be followed by one list such as [\"scim_group\", [[\"lhs\", \
                       \"rhs\"]]] and nothing else";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Values(Vec<Json>),
    Pairs(Vec<(Json, Json)>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Operand {
    kind: String,
    told: Told,
}

/// Conditions have all to hold; of the operands of one, all or any.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    operator: Operator,
    operands: Vec<Operand>,
    /// True when AND is written as OR as long as there is only one value, which says the same.
    loose: bool,
}

/// In the order of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Chrome,
    Apps,
    Single,
    Other,
}

fn conditions(_: &Frame<'_>, given: &Json) -> Result<Json, Failure> {
    written(&read(given)?)
}

fn isolation_conditions(_: &Frame<'_>, given: &Json) -> Result<Json, Failure> {
    let mut read = read(given)?;
    if !read.iter().any(|condition| condition.kind() == "CLIENT_TYPE") {
        let told = Told::Values(vec![BROWSER.into()]);
        let operand = Operand { kind: "CLIENT_TYPE".to_owned(), told };
        read.push(Condition { operator: Operator::Or, operands: vec![operand], loose: false });
    }
    written(&read)
}

fn bad(place: &str, what: &str) -> Failure {
    Failure::Argument(format!("{place}: {what}"))
}

fn read(given: &Json) -> Result<Vec<Condition>, Failure> {
    let unreadable = || Failure::Argument(FORMS.to_owned());
    let items = if given.is_null() { Some(&[][..]) } else { given.as_array() };
    let items = items.ok_or_else(unreadable)?;
    let mut conditions = if items.iter().all(|item| item.as_object().is_some()) {
        of_objects(items)?
    } else if items.iter().all(|item| item.as_array().is_some()) {
        of_lists(items)?
    } else {
        return Err(unreadable());
    };
    conditions.sort_by_key(Condition::family);
    Ok(conditions)
}

/// Returns conditions that are written as the reading tools show them. Each stays one, except that
/// the kinds in one with AND are sent apart, which says the same.
fn of_objects(items: &[Json]) -> Result<Vec<Condition>, Failure> {
    let mut out = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("conditions[{index}]");
        let members = members(item, &place)?;
        let operator = operator(&members, &place)?;
        let mut own: Vec<Condition> = Vec::new();
        for (number, operand) in operands(&members, &place)?.iter().enumerate() {
            let place = format!("{place}.operands[{number}]");
            let operand = of_object(operand, &place)?;
            let home = match operator {
                Operator::Or => own.first_mut(),
                Operator::And => own.iter_mut().find(|other| other.kind() == operand.kind),
            };
            match home {
                None => own.push(Condition::of(operator, operand)),
                Some(home) => home.join(operand, &place)?,
            }
        }
        out.extend(own);
    }
    let apps = out.iter().filter(|condition| condition.family() == Family::Apps);
    if apps.count() > 1 { Err(bad("conditions", APPS_APART)) } else { Ok(out) }
}

/// Returns conditions that are written as lists. Those of one kind are one condition.
fn of_lists(items: &[Json]) -> Result<Vec<Condition>, Failure> {
    let mut out: Vec<Condition> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("conditions[{index}]");
        let (operator, list) = unwrapped(item.as_array().unwrap_or(&[]), &place)?;
        let operand = of_list(list, &place)?;
        let home = out.iter_mut().find(|own| match operand.family() {
            family @ (Family::Chrome | Family::Apps) => own.family() == family,
            Family::Single => false,
            Family::Other => own.operator == operator && own.kind() == operand.kind,
        });
        match home {
            None => {
                let loose = operand.kind == "PLATFORM";
                out.push(Condition { loose, ..Condition::of(operator, operand) });
            }
            Some(home) => {
                if operator == Operator::And {
                    home.operator = operator;
                }
                home.join(operand, &place)?;
            }
        }
    }
    Ok(out)
}

/// Returns the members of a condition or operand that say something, in lower camel case.
fn members(item: &Json, place: &str) -> Result<Object, Failure> {
    let mut out = Object::new();
    for (name, value) in item.as_object().into_iter().flat_map(Object::iter) {
        let name = camel(name);
        if value.is_null() || BOOKKEEPING.contains(&name.as_str()) {
            continue;
        }
        if out.get(&name).is_some() {
            return Err(bad(place, TWICE));
        }
        out.set(&name, value.clone());
    }
    Ok(out)
}

fn only(members: &Object, known: &[&str], place: &str) -> Result<(), Failure> {
    let strange = members.iter().any(|(name, _)| !known.contains(&name));
    if strange { Err(bad(place, MEMBERS)) } else { Ok(()) }
}

fn operator(condition: &Object, place: &str) -> Result<Operator, Failure> {
    only(condition, &["operator", "operands", "negated"], place)?;
    let is_plain = |negated: &Json| {
        negated.as_bool() == Some(false)
            || negated.as_str().is_some_and(|text| text.eq_ignore_ascii_case("false"))
    };
    if !condition.get("negated").is_none_or(is_plain) {
        return Err(bad(place, NEGATED));
    }
    match condition.get("operator") {
        None => Ok(Operator::Or),
        Some(text) => text.as_str().and_then(Operator::of).ok_or_else(|| bad(place, OPERATOR)),
    }
}

fn operands<'a>(condition: &'a Object, place: &str) -> Result<&'a [Json], Failure> {
    let list = condition.get("operands").and_then(Json::as_array).unwrap_or(&[]);
    let whole = !list.is_empty() && list.iter().all(|operand| operand.as_object().is_some());
    if whole { Ok(list) } else { Err(bad(place, OPERANDS)) }
}

fn of_object(operand: &Json, place: &str) -> Result<Operand, Failure> {
    let members = members(operand, place)?;
    only(&members, &["objectType", "values", "entryValues", "lhs", "rhs"], place)?;
    let kind = kind(members.get("objectType"), place)?;
    let list = |name| members.get(name).filter(|value| !is_empty(value));
    let told = match (list("values"), list("entryValues"), members.get("lhs"), members.get("rhs")) {
        (Some(values), None, None, None) => Told::Values(all(values, scalar, NEEDS_VALUES, place)?),
        (None, Some(pairs), None, None) => Told::Pairs(all(pairs, pair, NEEDS_PAIRS, place)?),
        (None, None, Some(left), Some(right)) if VALUE_KINDS.contains(&kind.as_str()) => {
            // As the service stores them: the left side names what the right side is.
            let right = Some(right).filter(|_| left.as_str() == Some("id")).and_then(scalar);
            Told::Values(vec![right.ok_or_else(|| bad(place, NEEDS_VALUES))?])
        }
        (None, None, Some(left), Some(right)) => {
            let pair = scalar(left).zip(scalar(right));
            Told::Pairs(vec![pair.ok_or_else(|| bad(place, NEEDS_PAIRS))?])
        }
        _ if ENTRY_KINDS.contains(&kind.as_str()) => return Err(bad(place, NEEDS_PAIRS)),
        _ => return Err(bad(place, NEEDS_VALUES)),
    };
    Operand { kind, told }.checked(place)
}

fn unwrapped<'a>(list: &'a [Json], place: &str) -> Result<(Operator, &'a [Json]), Failure> {
    let Some(operator) = list.first().and_then(Json::as_str).and_then(Operator::of) else {
        return Ok((Operator::Or, list));
    };
    match list {
        [_, inner] => inner.as_array().map(|inner| (operator, inner)),
        _ => None,
    }
    .ok_or_else(|| bad(place, WRAPPED))
}

fn of_list(list: &[Json], place: &str) -> Result<Operand, Failure> {
    let kind = kind(list.first(), place)?;
    let is_pairs = ENTRY_KINDS.contains(&kind.as_str());
    let told = match list.get(1..).unwrap_or(&[]) {
        [left, right] if is_pairs && scalar(left).is_some() => {
            let pair = scalar(left).zip(scalar(right));
            Told::Pairs(vec![pair.ok_or_else(|| bad(place, NEEDS_PAIRS))?])
        }
        [pairs] if is_pairs => Told::Pairs(all(flat(pairs), pair, NEEDS_PAIRS, place)?),
        [values] => Told::Values(all(values, scalar, NEEDS_VALUES, place)?),
        values if !is_pairs => {
            Told::Values(all(&values.to_vec().into(), scalar, NEEDS_VALUES, place)?)
        }
        _ => return Err(bad(place, NEEDS_PAIRS)),
    };
    Operand { kind, told }.checked(place)
}

/// Returns the list of pairs inside a list that holds nothing else.
fn flat(pairs: &Json) -> &Json {
    match pairs.as_array() {
        Some([inner]) if pair(inner).is_none() && inner.as_array().is_some() => inner,
        _ => pairs,
    }
}

fn kind(given: Option<&Json>, place: &str) -> Result<String, Failure> {
    let kind = given.and_then(Json::as_str).unwrap_or_default().trim().to_ascii_uppercase();
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=KIND_BYTES_MAX).contains(&kind.len()) && kind.bytes().all(is_word) {
        Ok(kind)
    } else {
        Err(bad(place, KIND))
    }
}

/// Returns what `one` makes of each item; something else than a list is its only item.
fn all<T>(
    given: &Json,
    one: fn(&Json) -> Option<T>,
    needs: &str,
    place: &str,
) -> Result<Vec<T>, Failure> {
    let items = given.as_array().unwrap_or_else(|| core::slice::from_ref(given));
    let made = items.iter().map(one).collect::<Option<Vec<T>>>().filter(|made| !made.is_empty());
    made.ok_or_else(|| bad(place, needs))
}

fn scalar(value: &Json) -> Option<Json> {
    let says_something = match value {
        Json::String(text) => !text.trim().is_empty(),
        Json::Number(_) | Json::Bool(_) => true,
        Json::Null | Json::Array(_) | Json::Object(_) => false,
    };
    says_something.then(|| value.clone())
}

/// Returns the two sides of `[lhs, rhs]` or of an object that has both and nothing else.
fn pair(value: &Json) -> Option<(Json, Json)> {
    let (left, right) = match value.as_array() {
        Some([left, right]) => (left, right),
        Some(_) => return None,
        None => {
            let members = value.as_object().filter(|members| members.len() == 2)?;
            (members.get("lhs")?, members.get("rhs")?)
        }
    };
    scalar(left).zip(scalar(right))
}

fn is_empty(value: &Json) -> bool {
    value.as_array().is_some_and(<[Json]>::is_empty)
        || value.as_object().is_some_and(Object::is_empty)
        || value.as_str().is_some_and(str::is_empty)
}

impl Operator {
    fn of(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "AND" => Some(Self::And),
            "OR" => Some(Self::Or),
            _ => None,
        }
    }
}

impl Operand {
    /// Returns it when values stand where its kind has values, and pairs where it has pairs.
    fn checked(self, place: &str) -> Result<Self, Failure> {
        match self.told {
            Told::Values(_) if self.is(&ENTRY_KINDS) => Err(bad(place, NEEDS_PAIRS)),
            Told::Pairs(_) if self.is(&VALUE_KINDS) => Err(bad(place, NEEDS_VALUES)),
            Told::Values(_) | Told::Pairs(_) => Ok(self),
        }
    }

    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind.as_str())
    }

    fn family(&self) -> Family {
        if self.is(&CHROME) {
            Family::Chrome
        } else if self.is(&APPS) {
            Family::Apps
        } else if self.is(&SINGLE) {
            Family::Single
        } else {
            Family::Other
        }
    }

    fn len(&self) -> usize {
        match &self.told {
            Told::Values(values) => values.len(),
            Told::Pairs(pairs) => pairs.len(),
        }
    }

    /// Returns it as operands of the request.
    fn written(&self) -> Vec<Json> {
        let with = |name, told| object([("objectType", self.kind.as_str().into()), (name, told)]);
        match &self.told {
            Told::Values(values) => vec![with("values", values.clone().into())],
            Told::Pairs(pairs) => {
                let entry = |(left, right): &(Json, Json)| {
                    object([("lhs", left.clone()), ("rhs", right.clone())])
                };
                let entries: Vec<Json> = pairs.iter().map(entry).collect();
                if self.is(&["CHROME_ENTERPRISE"]) {
                    entries.into_iter().map(|one| with("entryValues", vec![one].into())).collect()
                } else {
                    vec![with("entryValues", entries.into())]
                }
            }
        }
    }
}

impl Condition {
    fn of(operator: Operator, operand: Operand) -> Self {
        let loose = matches!(operand.told, Told::Values(_)) || operand.kind == "PLATFORM";
        Self { operator, operands: vec![operand], loose }
    }

    /// Adds `operand` to those it may be joined with.
    fn join(&mut self, operand: Operand, place: &str) -> Result<(), Failure> {
        let shared = [&APPS[..], &CHROME, &IDENTITY];
        let is_akin = |own: &Operand| {
            own.kind == operand.kind || shared.iter().any(|all| own.is(all) && operand.is(all))
        };
        if !self.operands.first().is_some_and(is_akin) {
            return Err(bad(place, MIXED));
        }
        let apart = matches!(operand.family(), Family::Chrome | Family::Apps);
        let same = self.operands.iter_mut().find(|own| own.kind == operand.kind && !apart);
        match (same.map(|own| &mut own.told), operand.told) {
            (Some(Told::Values(own)), Told::Values(more)) => own.extend(more),
            (Some(Told::Pairs(own)), Told::Pairs(more)) => own.extend(more),
            (Some(_), _) => return Err(bad(place, BOTH)),
            (None, told) => self.operands.push(Operand { kind: operand.kind, told }),
        }
        Ok(())
    }

    fn kind(&self) -> &str {
        self.operands.first().map_or("", |operand| operand.kind.as_str())
    }

    fn family(&self) -> Family {
        self.operands.first().map_or(Family::Other, Operand::family)
    }

    fn written(&self) -> Result<Json, Failure> {
        let joined = matches!(self.family(), Family::Chrome | Family::Apps);
        let is_one = self.operands.iter().map(Operand::len).sum::<usize>() < 2;
        let any = self.operator == Operator::Or || (is_one && (joined || self.loose));
        let operands: Vec<Json> = self.operands.iter().flat_map(Operand::written).collect();
        let mut members = Object::new();
        if !joined {
            members.set("operator", if any { "OR" } else { "AND" }.into());
        } else if !any {
            return Err(bad("conditions", JOINED));
        }
        members.set("operands", operands.into());
        Ok(members.into())
    }
}

fn written(conditions: &[Condition]) -> Result<Json, Failure> {
    let written: Result<Vec<Json>, Failure> = conditions.iter().map(Condition::written).collect();
    written.map(Json::from)
}
