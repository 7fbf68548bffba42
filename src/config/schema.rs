//! The JSON Schema of the profile file, for editors. Made from the one list of keys.

use super::settings::{Kind, Settings};
use serde_json::{Map, Value, json};

/// The schema. Draft 7, because editors of TOML know no later one.
#[must_use]
pub fn schema() -> Value {
    let settings: Map<String, Value> = Settings::KEYS
        .iter()
        .zip(Settings::DOCS)
        .map(|((key, kind), doc)| ((*key).to_owned(), property(key, *kind, doc.trim())))
        .collect();
    let keys: Vec<&str> = Settings::KEYS.iter().map(|(key, _)| *key).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Profile file of rdsconnect",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "include": {
                "description": "Further files with profiles: paths and patterns, relative to this file.",
                "type": "array",
                "items": { "anyOf": [
                    { "type": "string", "minLength": 1 },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["path"],
                        "properties": {
                            "path": { "type": "string", "minLength": 1 },
                            "allow": {
                                "description": "Keys that the file may set besides those that every file may.",
                                "type": "array",
                                "items": { "enum": keys },
                            },
                        },
                    },
                ] },
            },
            "defaults": {
                "description": "For every profile that does not set a key, and for addresses.",
                "$ref": "#/definitions/settings",
            },
            "profiles": {
                "description": "A table for each profile.",
                "type": "object",
                "propertyNames": { "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$" },
                "additionalProperties": { "$ref": "#/definitions/settings" },
            },
        },
        "definitions": {
            "settings": { "type": "object", "additionalProperties": false, "properties": settings },
        },
    })
}

fn property(key: &str, kind: Kind, doc: &str) -> Value {
    match kind {
        Kind::Text => json!({ "description": doc, "type": "string", "minLength": 1 }),
        Kind::Choice(names) => json!({ "description": doc, "type": "string", "enum": names }),
        Kind::Number if key == "port" => {
            json!({ "description": doc, "type": "integer", "minimum": 1, "maximum": u16::MAX })
        }
        Kind::Number => json!({ "description": doc, "type": "integer" }),
        Kind::Flag => json!({ "description": doc, "type": "boolean" }),
        Kind::List => json!({ "description": doc, "type": "array", "items": { "type": "string" } }),
    }
}
