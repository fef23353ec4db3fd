//! Zone: operator. The list of tools for people and for scripts.

use serde::Serialize;

use crate::tools::catalogue;
use crate::tools::resources;
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
    offered: bool,
    description: &'static str,
}

#[derive(Serialize)]
struct Toolsets<'a> {
    version: &'a str,
    toolsets: Vec<Toolset>,
}

#[derive(Serialize)]
struct Toolset {
    toolset: &'static str,
    service: &'static str,
    reads: usize,
    changes: usize,
}

/// Returns the tools of `known` as text, services in order, one line a tool; behind them how many
/// of them `offered` leaves out.
#[must_use]
pub fn text(version: &str, known: &Selection, offered: &Selection) -> String {
    let rows = known.rows();
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
    let held = tools.saturating_sub(offered.rows().len());
    if held > 0 {
        out.push_str(&format!(
            "\n{held} tool(s) that change something are not offered; --enable-write-tools and \
             --write-tools together offer them.\n"
        ));
    }
    out
}

/// Returns the tools of `known` as JSON, each with whether it is `offered`.
///
/// # Errors
/// What the writer says; plain texts give it no reason.
pub fn json(
    version: &str,
    known: &Selection,
    offered: &Selection,
) -> Result<String, serde_json::Error> {
    let entry = |row: &&'static Row| Entry {
        name: row.name,
        service: row.service(),
        toolset: row.toolset,
        verb: row.verb.word(),
        offered: offered.row(row.name).is_some(),
        description: first_line(row),
    };
    let tools = known.rows().iter().map(entry).collect();
    serde_json::to_string_pretty(&Listing { version, tools })
}

/// Returns the toolsets as text: services in order, one line a toolset with its number of tools.
#[must_use]
pub fn toolsets_text(version: &str, selection: &Selection) -> String {
    let (sets, services) = (toolsets(selection), services(selection.rows()));
    let mut out = format!(
        "Zscaler MCP Server v{version} - {} toolset(s) across {} service(s)\n",
        sets.len(),
        services.len()
    );
    for service in services {
        let own: Vec<&Toolset> = sets.iter().filter(|set| set.service == service).collect();
        out.push_str(&format!("\n{service} ({}):\n", own.len()));
        for Toolset { toolset, reads, changes, .. } in own {
            out.push_str(&format!("  {toolset} - {reads} that read, {changes} that change\n"));
        }
    }
    out
}

/// Returns the toolsets as JSON.
///
/// # Errors
/// What the writer says; plain texts give it no reason.
pub fn toolsets_json(version: &str, selection: &Selection) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&Toolsets { version, toolsets: toolsets(selection) })
}

/// Returns the toolsets of the selection, sorted.
fn toolsets(selection: &Selection) -> Vec<Toolset> {
    let mut sets: Vec<Toolset> = Vec::new();
    for id in resources::toolsets(selection.rows()) {
        let own: Vec<&Row> =
            selection.rows().iter().copied().filter(|row| row.toolset == id).collect();
        let reads = own.iter().filter(|row| row.verb == Verb::Read).count();
        let service = own.first().map_or(id, |row| row.service());
        sets.push(Toolset { toolset: id, service, reads, changes: own.len() - reads });
    }
    sets
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
