//! Zone: operator. The list of tools for people and for scripts.

use serde::Serialize;

use crate::tools::catalogue;
use crate::tools::row::{Row, Verb};
use crate::tools::selection::Selection;

#[derive(Serialize)]
struct Listing<'a> {
    version: &'a str,
    tools: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    service: &'static str,
    toolset: &'static str,
    verb: &'static str,
    description: &'static str,
}

/// Returns the list as text: services in order, one line a tool.
#[must_use]
pub fn text(version: &str, selection: &Selection) -> String {
    let rows = selection.rows();
    let services = services(rows);
    let (tools, count) = (rows.len(), services.len());
    let mut out =
        format!("Zscaler MCP Server v{version} - {tools} tool(s) across {count} service(s)\n");
    for service in services {
        let own: Vec<&Row> = rows.iter().copied().filter(|row| row.service() == service).collect();
        out.push_str(&format!("\n{service} ({}):\n", own.len()));
        for row in own {
            let tag = if row.verb == Verb::Read {
                String::new()
            } else {
                format!(" [{}]", row.verb.word())
            };
            out.push_str(&format!("  {}{tag} - {}\n", row.name, first_line(row)));
        }
    }
    out
}

/// Returns the list as JSON.
///
/// # Errors
/// What the writer says; plain texts give it no reason.
pub fn json(version: &str, selection: &Selection) -> Result<String, serde_json::Error> {
    let entry = |row: &&'static Row| Entry {
        name: row.name,
        service: row.service(),
        toolset: row.toolset,
        verb: row.verb.word(),
        description: first_line(row),
    };
    let tools = selection.rows().iter().map(entry).collect();
    serde_json::to_string_pretty(&Listing { version, tools })
}

fn services(rows: &[&'static Row]) -> Vec<&'static str> {
    let mut services: Vec<&'static str> = rows.iter().map(|row| row.service()).collect();
    services.sort_unstable();
    services.dedup();
    services
}

fn first_line(row: &Row) -> &'static str {
    row.doc.lines().next().unwrap_or("")
}

/// Returns the toolsets with the number of their tools, as a table for the README.
#[must_use]
pub fn markdown() -> String {
    let head = ["| toolset | tools that read | tools that change something |", "|---|---:|---:|"];
    let mut lines: Vec<String> = head.map(str::to_owned).into();
    let counts = |set: &str| {
        let is_here = |row: &&Row| set.is_empty() || row.toolset == set;
        let reads = catalogue::reads().filter(is_here).count();
        (reads, catalogue::changes().filter(is_here).count())
    };
    for set in catalogue::toolsets() {
        let (reads, changes) = counts(set);
        lines.push(format!("| `{set}` | {reads} | {changes} |"));
    }
    let (reads, changes) = counts("");
    lines.push(format!("| all | {reads} | {changes} |"));
    lines.join("\n")
}
