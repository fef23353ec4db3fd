//! The bill of materials of the release binary, as CycloneDX 1.5.
//!
//! It has neither a serial number nor a time, so that the same lock file gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::lock::Locked;
use crate::record::{Entry, Record, Role};
use crate::tree::Id;

pub(crate) fn render(
    locked: &BTreeMap<Id, Locked>,
    record: &Record,
    edges: &BTreeMap<Id, BTreeSet<Id>>,
) -> String {
    let components: Vec<Value> =
        record.packages.iter().map(|entry| component(entry, &locked[&entry.id()])).collect();
    let dependencies: Vec<Value> = edges
        .iter()
        .map(|(id, on)| {
            json!({ "ref": reference(id), "dependsOn": on.iter().map(reference).collect::<Vec<_>>() })
        })
        .collect();
    let program =
        Id { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() };
    let bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "lifecycles": [{ "phase": "pre-build" }],
            "component": {
                "type": "application",
                "bom-ref": reference(&program),
                "name": program.name,
                "version": program.version,
                "description": env!("CARGO_PKG_DESCRIPTION"),
                "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
            },
        },
        "components": components,
        "dependencies": dependencies,
    });
    let mut text = serde_json::to_string_pretty(&bill).unwrap();
    text.push('\n');
    text
}

fn reference(id: &Id) -> String {
    // A plus sign of a version has to be escaped in a package URL.
    format!("pkg:cargo/{}@{}", id.name, id.version.replace('+', "%2B"))
}

fn component(entry: &Entry, locked: &Locked) -> Value {
    let id = entry.id();
    let (scope, role) = match entry.role() {
        Role::Linked => ("required", "linked into the binary"),
        Role::Macro => ("excluded", "runs inside the compiler"),
        Role::Build => ("excluded", "runs in a build script"),
    };
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(&id),
        "name": id.name,
        "version": id.version,
        "scope": scope,
        "hashes": [{ "alg": "SHA-256", "content": locked.checksum }],
        "licenses": [{ "expression": entry.text("licence") }],
        "purl": reference(&id),
        "externalReferences": [{ "type": "vcs", "url": entry.text("repository") }],
        "properties": [{ "name": "zscaler-mcp:role", "value": role }],
    });
    if let Some((name, version)) = entry.bundled() {
        component["components"] = json!([{
            "type": "library",
            "bom-ref": format!("{}#{name}", reference(&id)),
            "name": name,
            "version": version,
            "scope": scope,
            "description": "Source of a library in C and assembly, inside the package.",
        }]);
    }
    component
}
