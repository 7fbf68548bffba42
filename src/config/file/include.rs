//! The key `include`: which further files there are, and what each may decide.

use super::{Key, Reader, Value};
use crate::config::settings::Settings;
use crate::error::config::ConfigError;
use crate::error::include::IncludeError;
use crate::error::nearest;
use crate::error::place::Place;
use toml::de::DeValue;

/// One entry of `include`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// A path or a pattern, as it is written.
    pub path: String,
    /// The keys that the file may set besides those that every included file may.
    pub allow: Vec<&'static str>,
    /// Where it is written.
    pub place: Place,
}

const WANTED: &str = "a list of paths, or of tables with `path` and `allow`";

impl<'t> Reader<'t> {
    /// The entries of `include`.
    pub(super) fn includes(&self, key: &Key<'t>, value: Value<'t>) -> Result<Vec<Include>, ConfigError> {
        let DeValue::Array(entries) = value.into_inner() else {
            return Err(mistyped(self.place(key.span()), "include"));
        };
        entries.into_iter().map(|entry| self.include(entry)).collect()
    }

    fn include(&self, entry: Value<'t>) -> Result<Include, ConfigError> {
        let place = self.place(entry.span());
        match entry.into_inner() {
            DeValue::String(path) => Ok(Include { path: path.into_owned(), allow: Vec::new(), place }),
            DeValue::Table(table) => {
                let mut include = Include { path: String::new(), allow: Vec::new(), place };
                for (key, value) in table {
                    let place = self.place(key.span());
                    match (key.get_ref().as_ref(), value.into_inner()) {
                        ("path", DeValue::String(path)) => include.path = path.into_owned(),
                        ("allow", DeValue::Array(keys)) => {
                            for key in keys {
                                include.allow.push(self.granted(&key)?);
                            }
                        }
                        ("path" | "allow", _) => return Err(mistyped(place, "include")),
                        (other, _) => {
                            return Err(ConfigError::UnknownKey {
                                place,
                                table: "include".into(),
                                key: other.to_owned(),
                                near: nearest(other, ["path", "allow"]),
                            });
                        }
                    }
                }
                if include.path.is_empty() { Err(mistyped(include.place, "include")) } else { Ok(include) }
            }
            _ => Err(mistyped(place, "include")),
        }
    }

    /// A key that is granted.
    fn granted(&self, key: &Value<'t>) -> Result<&'static str, ConfigError> {
        let place = self.place(key.span());
        if !matches!(self.standing, super::Standing::Main) {
            return Err(IncludeError::GrantElsewhere { place }.into());
        }
        let Some(name) = key.get_ref().as_str() else { return Err(mistyped(place, "allow")) };
        let keys = || Settings::KEYS.iter().map(|(known, _)| *known);
        keys().find(|known| *known == name).ok_or_else(|| ConfigError::UnknownKey {
            place,
            table: "allow".into(),
            key: name.to_owned(),
            near: nearest(name, keys()),
        })
    }
}

fn mistyped(place: Place, key: &'static str) -> ConfigError {
    IncludeError::Mistyped { place, key, wanted: if key == "allow" { "a list of keys" } else { WANTED } }.into()
}
