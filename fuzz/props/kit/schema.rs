//! The published schemas of the protocol, with as much of JSON Schema as they use.

use serde_json::Value;

/// Returns the name that the schemas give to the result of `method`.
pub fn result_of(method: &str) -> Option<&'static str> {
    Some(match method {
        "initialize" => "InitializeResult",
        "server/discover" => "DiscoverResult",
        "tools/list" => "ListToolsResult",
        "tools/call" => "CallToolResult",
        "prompts/list" => "ListPromptsResult",
        "prompts/get" => "GetPromptResult",
        "resources/list" => "ListResourcesResult",
        "resources/templates/list" => "ListResourceTemplatesResult",
        "resources/read" => "ReadResourceResult",
        "completion/complete" => "CompleteResult",
        "subscriptions/listen" => "SubscriptionsListenResult",
        "ping" | "logging/setLevel" | "resources/subscribe" | "resources/unsubscribe" => {
            "EmptyResult"
        }
        _ => return None,
    })
}

/// One published schema.
pub struct Schema {
    root: Value,
}

impl Schema {
    /// Returns the schema of `revision`, the newest one for a revision that is not known.
    pub fn of(revision: &str) -> Self {
        let text = match revision {
            "2024-11-05" => include_str!("../../../tests/data/mcp/2024-11-05.json"),
            "2025-03-26" => include_str!("../../../tests/data/mcp/2025-03-26.json"),
            "2025-06-18" => include_str!("../../../tests/data/mcp/2025-06-18.json"),
            "2025-11-25" => include_str!("../../../tests/data/mcp/2025-11-25.json"),
            _ => include_str!("../../../tests/data/mcp/2026-07-28.json"),
        };
        Self { root: serde_json::from_str(text).unwrap() }
    }

    /// Returns the part called `name`.
    pub fn definition(&self, name: &str) -> &Value {
        let all = self.root.get("$defs").or_else(|| self.root.get("definitions")).unwrap();
        all.get(name).unwrap_or_else(|| panic!("no definition {name}"))
    }

    /// Panics when `value` is not a `name`.
    pub fn check(&self, name: &str, value: &Value) {
        if let Err(fault) = self.fits(self.definition(name), value) {
            panic!("not a {name}: {fault}: {value}");
        }
    }

    /// Returns why `value` does not fit `schema`.
    pub fn fits(&self, schema: &Value, value: &Value) -> Result<(), String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            return self.fits(self.definition(name), value).map_err(|f| format!("{name}: {f}"));
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.fits(part, value)?;
        }
        if let Some(parts) = schema["anyOf"].as_array() {
            let faults: Vec<String> =
                parts.iter().filter_map(|part| self.fits(part, value).err()).collect();
            if faults.len() == parts.len() {
                return Err(format!("none of [{}]", faults.join("; ")));
            }
        }
        if schema.get("const").is_some_and(|wanted| wanted != value) {
            return Err(format!("is not {}", schema["const"]));
        }
        if schema["enum"].as_array().is_some_and(|choices| !choices.contains(value)) {
            return Err("is no choice".to_owned());
        }
        of_type(&schema["type"], value)?;
        within(schema, value)?;
        self.members(schema, value)?;
        for item in value.as_array().into_iter().flatten() {
            if let Some(items) = schema.get("items") {
                self.fits(items, item)?;
            }
        }
        Ok(())
    }

    fn members(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let Some(members) = value.as_object() else { return Ok(()) };
        for name in schema["required"].as_array().into_iter().flatten() {
            if !members.contains_key(name.as_str().unwrap()) {
                return Err(format!("without {name}"));
            }
        }
        for (name, member) in members {
            let known = schema["properties"].get(name);
            let rule = known.or_else(|| schema.get("additionalProperties"));
            match rule {
                Some(Value::Bool(false)) => return Err(format!("with {name}")),
                Some(rule @ Value::Object(_)) => {
                    self.fits(rule, member).map_err(|fault| format!("{name}: {fault}"))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn within(schema: &Value, value: &Value) -> Result<(), String> {
    let count = value.as_array().map(|items| f64::from(u32::try_from(items.len()).unwrap()));
    for (name, size, most) in [
        ("minimum", value.as_f64(), false),
        ("maximum", value.as_f64(), true),
        ("maxItems", count, true),
    ] {
        let (Some(bound), Some(size)) = (schema[name].as_f64(), size) else { continue };
        if if most { size > bound } else { size < bound } {
            return Err(format!("beyond {name}"));
        }
    }
    Ok(())
}

fn of_type(wanted: &Value, value: &Value) -> Result<(), String> {
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "string" => value.is_string(),
        // An integer of any size is one (JSON Schema validation s6.1.1).
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("no type {other}"),
    };
    let fits = wanted.is_null()
        || wanted.as_array().map_or_else(|| is(wanted), |kinds| kinds.iter().any(is));
    if fits { Ok(()) } else { Err(format!("is no {wanted}")) }
}
