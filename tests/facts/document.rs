//! GraphQL documents from the facts, compared word by word.

use serde_json::Value;

use crate::expect::each;

/// Returns the document that `graph` describes.
pub(crate) fn of(graph: &Value) -> String {
    let variables = graph["variables"].as_object().unwrap();
    let declared: Vec<String> = variables
        .iter()
        .map(|(name, kind)| format!("${name}: {}", kind.as_str().unwrap()))
        .collect();
    let operation = graph["operation"].as_str().unwrap();
    let name = graph["name"].as_str().unwrap();
    let declared =
        if declared.is_empty() { String::new() } else { format!("({})", declared.join(", ")) };
    format!("{operation} {name}{declared} {}", selection(&graph["selection"]))
}

fn selection(fields: &Value) -> String {
    let fields: Vec<String> = each(fields).map(field).collect();
    format!("{{ {} }}", fields.join(" "))
}

fn field(field: &Value) -> String {
    if let Some(kind) = field["on"].as_str() {
        return format!("... on {kind} {}", selection(&field["fields"]));
    }
    let mut text = field["field"].as_str().unwrap().to_owned();
    if let Some(arguments) = field["args"].as_object().filter(|arguments| !arguments.is_empty()) {
        let shown = arguments.iter().map(|(name, value)| format!("{name}: {}", value_of(value)));
        text.push_str(&format!("({})", shown.collect::<Vec<_>>().join(", ")));
    }
    if each(&field["fields"]).next().is_some() {
        text.push(' ');
        text.push_str(&selection(&field["fields"]));
    }
    text
}

fn value_of(value: &Value) -> String {
    match (value["var"].as_str(), value["enum"].as_str(), value) {
        (Some(name), _, _) => format!("${name}"),
        (_, Some(word), _) => word.to_owned(),
        (_, _, Value::Array(items)) => {
            format!("[{}]", items.iter().map(value_of).collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}

/// Returns the words of a document; blanks and commas between them do not count, and neither does
/// the order of variables and arguments.
pub(crate) fn words(document: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in document.chars() {
        if letter.is_alphanumeric() || "_$!\"-.".contains(letter) {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            words.push(core::mem::take(&mut word));
        }
        if !letter.is_whitespace() && letter != ',' {
            words.push(letter.to_string());
        }
    }
    words
}

/// Returns the words of a document with the members of every parenthesis sorted.
pub(crate) fn canonical(document: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut words = words(document).into_iter().peekable();
    while let Some(word) = words.next() {
        let opens = word == "(";
        out.push(word);
        if !opens {
            continue;
        }
        let mut members: Vec<Vec<String>> = Vec::new();
        for word in words.by_ref() {
            if word == ")" {
                break;
            }
            if word == ":" {
                let name = members.last_mut().and_then(Vec::pop).unwrap_or_default();
                members.push(vec![name, word]);
            } else if let Some(member) = members.last_mut() {
                member.push(word);
            } else {
                members.push(vec![word]);
            }
        }
        members.retain(|member| !member.is_empty());
        members.sort();
        out.extend(members.into_iter().flatten());
        out.push(")".to_owned());
    }
    out
}
