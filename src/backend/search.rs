//! Zone: post-admission. The search languages of the services, as far as a tenant that stands in
//! for them needs.

use crate::json::{Json, write};
use core::cmp::Ordering;

/// True when one of `members` contains `text`, ignoring case.
#[must_use]
pub fn contains(record: &Json, members: &[&str], text: &str) -> bool {
    let text = text.to_lowercase();
    members.iter().any(|member| {
        let value = record.get(member).and_then(Json::as_str);
        value.is_some_and(|value| value.to_lowercase().contains(&text))
    })
}

/// True when `member` begins with `text`, ignoring case.
#[must_use]
pub fn begins(record: &Json, member: &str, text: &str) -> bool {
    let value = record.get(member).and_then(Json::as_str);
    value.is_some_and(|value| value.to_lowercase().starts_with(&text.to_lowercase()))
}

/// True when `record` fits a private-access expression `member+OPERATOR+value`.
#[must_use]
pub fn expression(record: &Json, text: &str) -> bool {
    let text = text.replace("%2B", "+");
    let mut parts = text.splitn(3, '+');
    let (Some(member), Some(operator), Some(value)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    match record.get(member) {
        None => false,
        Some(Json::Array(items)) => items.iter().any(|item| compare(item, operator, value)),
        Some(single) => compare(single, operator, value),
    }
}

fn compare(own: &Json, operator: &str, value: &str) -> bool {
    let own = own.as_str().map_or_else(|| write::to_text(own), str::to_lowercase);
    let value = value.to_lowercase();
    match operator.to_ascii_uppercase().as_str() {
        "EQ" => own == value,
        "NE" => own != value,
        "GT" => order(&own, &value).is_gt(),
        "LT" => order(&own, &value).is_lt(),
        "GE" => order(&own, &value).is_ge(),
        "LE" => order(&own, &value).is_le(),
        "CONTAINS" => own.contains(&value),
        "STARTSWITH" => own.starts_with(&value),
        "ENDSWITH" => own.ends_with(&value),
        _ => false,
    }
}

fn order(own: &str, value: &str) -> Ordering {
    match (own.parse::<i64>(), value.parse::<i64>()) {
        (Ok(own), Ok(value)) => own.cmp(&value),
        _ => own.cmp(value),
    }
}

#[cfg(test)]
mod tests {
    use super::expression;
    use crate::json::object;

    #[test]
    fn expressions_compare_as_named() {
        let record = object([
            ("name", "Finance apps".into()),
            ("creationTime", "1766000000".into()),
            ("domainNames", vec!["a.test".into(), "b.test".into()].into()),
        ]);
        for (text, expected) in [
            ("name+EQ+finance apps", true),
            ("name+EQ+finance", false),
            ("name+CONTAINS+apps", true),
            ("name%2BNE%2BLedger", true),
            ("creationTime+GT+99", true),
            ("creationTime+LT+99", false),
            ("domainNames+STARTSWITH+b.", true),
            ("owner+EQ+x", false),
            ("finance", false),
        ] {
            assert_eq!(expression(&record, text), expected, "{text}");
        }
    }
}
