//! The way of results over trees that the stream replaced, kept as the other opinion: a value is
//! renamed, cleaned and written in steps of their own.

use std::collections::BTreeMap;

use zscaler_mcp::json::{Json, Object, write};
use zscaler_mcp::sanitize::Scrubber;

/// A list as the member `result`, and its text.
pub(crate) fn finished(list: &Json, rename: Option<fn(&str) -> String>) -> (String, String) {
    let renamed = rename.map_or_else(|| list.clone(), |rename| renamed(list.clone(), rename));
    let clean = Scrubber::new(true).value(renamed).unwrap().into_json();
    let text = csv(&clean).unwrap_or_else(|| pretty(&clean, 0));
    (format!("{{\"result\":{}}}", write::to_text(&clean)), text)
}

fn renamed(value: Json, rename: fn(&str) -> String) -> Json {
    match value {
        Json::Array(items) => {
            items.into_iter().map(|i| renamed(i, rename)).collect::<Vec<_>>().into()
        }
        Json::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (rename(&name), renamed(value, rename)))
                .collect::<Object>()
                .into()
        }
        same @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) => same,
    }
}

fn pretty(value: &Json, level: usize) -> String {
    let line = |level: usize| format!("\n{}", "  ".repeat(level));
    match value {
        Json::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| line(level + 1) + &pretty(item, level + 1));
            format!("[{}{}]", items.collect::<Vec<_>>().join(","), line(level))
        }
        Json::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(name, item)| {
                let name = write::to_text(&name.into());
                format!("{}{name}: {}", line(level + 1), pretty(item, level + 1))
            });
            format!("{{{}{}}}", members.collect::<Vec<_>>().join(","), line(level))
        }
        Json::Null
        | Json::Bool(_)
        | Json::Number(_)
        | Json::String(_)
        | Json::Array(_)
        | Json::Object(_) => write::to_text(value),
    }
}

fn csv(value: &Json) -> Option<String> {
    let rows = value.as_array()?.iter().map(Json::as_object).collect::<Option<Vec<&Object>>>()?;
    let fences = |text: &str| text.contains("```") || text.contains("~~~");
    let fits = |(name, cell): (&str, &Json)| {
        let flat = match cell {
            Json::Array(items) => items.is_empty(),
            Json::Object(members) => members.is_empty(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
        };
        flat && !fences(name) && !cell.as_str().is_some_and(fences)
    };
    if rows.is_empty() || !rows.iter().all(|row| row.iter().all(fits)) {
        return None;
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| row.iter()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut out = String::new();
    line(&mut out, names.iter().map(|name| (*name).to_owned()).collect());
    for row in rows {
        let cells: BTreeMap<&str, &Json> = row.iter().collect();
        let text = |name: &&str| match cells.get(name) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => text.clone(),
            Some(other) => write::to_text(other),
        };
        line(&mut out, names.iter().map(text).collect());
    }
    out.truncate(out.trim_end_matches('\n').len());
    Some(out)
}

fn line(out: &mut String, fields: Vec<String>) {
    let alone = fields.len() == 1;
    let quoted = fields.into_iter().map(|field| {
        if field.contains([',', '"', '\n', '\r']) || (alone && field.is_empty()) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    });
    out.push_str(&quoted.collect::<Vec<_>>().join(","));
    out.push('\n');
}
