//! The profile file: TOML text to [`Settings`]. Pure; every refusal names file, line and key.

mod include;

pub use include::Include;

use super::problems::Problems;
use super::settings::{Kind, Origin, Settings};
use crate::error::config::{ConfigError, TOP};
use crate::error::include::IncludeError;
use crate::error::nearest;
use crate::error::place::Place;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// `include`.
    pub include: Vec<Include>,
    /// `[defaults]`.
    pub defaults: Settings,
    /// `[profiles.NAME]`.
    pub profiles: BTreeMap<String, Settings>,
}

/// Which file is read, and so what it may decide.
#[derive(Debug, Clone, Copy)]
pub enum Standing<'a> {
    /// The user's own.
    Main,
    /// One that another file includes.
    Included {
        /// Its number.
        number: u16,
        /// By which name the main file includes it, or could.
        named: &'a str,
        /// The main file.
        main: &'a Path,
        /// The keys that it may set besides [`Settings::SHARED`].
        granted: &'a [&'static str],
    },
}

/// Reads the text of a profile file; `path` is for messages alone.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse(text: &str, path: &Path) -> Result<File, ConfigError> {
    read(text, path, &Standing::Main, &mut Problems::First)
}

/// The same, with a say in what becomes of mistakes. Text that is no TOML ends the reading.
///
/// # Errors
/// A mistake that is not kept.
pub fn read(text: &str, path: &Path, standing: &Standing<'_>, problems: &mut Problems) -> Result<File, ConfigError> {
    let reader = Reader { path, standing, lines: line_starts(text) };
    let document = DeTable::parse(text).map_err(|e| reader.syntax(&e))?;
    let mut file = File::default();
    for (key, value) in document.into_inner() {
        let read = reader.part(&mut file, &key, value, problems);
        problems.note(read)?;
    }
    Ok(file)
}

/// The key that a name stands for in the files of other programs.
fn elsewhere(name: &str) -> Option<&'static str> {
    match name {
        "username" | "db_user" | "dbuser" => Some("user"),
        "db" | "dbname" | "db_name" => Some("database"),
        "hostname" | "endpoint" | "server" => Some("host"),
        "profile" => Some("aws_profile"),
        "role" => Some("role_arn"),
        "type" | "driver" => Some("engine"),
        _ => None,
    }
}

/// Whether a text can be the name of a profile.
#[must_use]
pub fn is_profile_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

fn line_starts(text: &str) -> Vec<usize> {
    text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1).collect()
}

struct Reader<'t> {
    path: &'t Path,
    standing: &'t Standing<'t>,
    lines: Vec<usize>,
}

type Key<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Reader<'t> {
    /// A part of the file by the key at its top.
    fn part(
        &self,
        file: &mut File,
        key: &Key<'t>,
        value: Value<'t>,
        problems: &mut Problems,
    ) -> Result<(), ConfigError> {
        match key.get_ref().as_ref() {
            "include" => file.include = self.includes(key, value)?,
            "defaults" if matches!(self.standing, Standing::Included { .. }) => {
                return Err(IncludeError::Defaults { place: self.place(key.span()) }.into());
            }
            "defaults" => file.defaults = self.settings(key, value, &"[defaults]", &Origin::Defaults, problems)?,
            "profiles" => {
                for (name, value) in self.table(key, value, &TOP)? {
                    let profile = self.profile(&name, value, problems);
                    if let Some(settings) = problems.note(profile.map(Some))? {
                        file.profiles.insert(name.into_inner().into_owned(), settings);
                    }
                }
            }
            other => {
                return Err(ConfigError::UnknownKey {
                    place: self.place(key.span()),
                    table: TOP.into(),
                    key: other.to_owned(),
                    near: nearest(other, ["include", "defaults", "profiles"]),
                });
            }
        }
        Ok(())
    }

    fn profile(&self, name: &Key<'t>, value: Value<'t>, problems: &mut Problems) -> Result<Settings, ConfigError> {
        if !is_profile_name(name.get_ref()) {
            return Err(ConfigError::ProfileName { place: self.place(name.span()), name: name.get_ref().to_string() });
        }
        let origin = |line| match self.standing {
            Standing::Main => Origin::Profile(line),
            Standing::Included { number, .. } => Origin::Included(*number, line),
        };
        self.settings(name, value, &format_args!("[profiles.{}]", name.get_ref()), &origin, problems)
    }

    fn settings(
        &self,
        key: &Key<'t>,
        value: Value<'t>,
        table: &dyn Display,
        origin: &dyn Fn(u32) -> Origin,
        problems: &mut Problems,
    ) -> Result<Settings, ConfigError> {
        let mut settings = Settings::default();
        for (key, value) in self.table(key, value, table)? {
            let read = self.setting(&mut settings, &key, value, table, origin);
            problems.note(read)?;
        }
        Ok(settings)
    }

    fn setting(
        &self,
        settings: &mut Settings,
        key: &Key<'t>,
        value: Value<'t>,
        table: &dyn Display,
        origin: &dyn Fn(u32) -> Origin,
    ) -> Result<(), ConfigError> {
        let name = key.get_ref().as_ref();
        let Some((known, kind)) = Settings::KEYS.iter().find(|(known, _)| *known == name) else {
            return Err(ConfigError::UnknownKey {
                place: self.place(key.span()),
                table: table.to_string(),
                key: name.to_owned(),
                near: elsewhere(name).or_else(|| nearest(name, Settings::KEYS.iter().map(|(known, _)| *known))),
            });
        };
        self.may_set(known, key, table)?;
        let (wanted, fits) = match kind {
            Kind::Text | Kind::Choice(_) => ("a string", value.get_ref().is_str()),
            Kind::Number => ("a number", value.get_ref().is_integer()),
            Kind::Flag => ("true or false", value.get_ref().is_bool()),
            Kind::List => (
                "a list of strings",
                value.get_ref().as_array().is_some_and(|list| list.iter().all(|item| item.get_ref().is_str())),
            ),
        };
        if !fits {
            return Err(self.wrong_type(key, value.get_ref(), table, wanted));
        }
        // One of a closed set is kept for the suggestion, which is looked for only when it is wrong.
        let choice = match (kind, value.get_ref()) {
            (Kind::Choice(names), DeValue::String(text)) => Some((*names, text.clone())),
            _ => None,
        };
        let origin = origin(self.line(&key.span()));
        settings.set(known, ValueDeserializer::from(value), origin).map_err(|e| ConfigError::Malformed {
            place: self.place(key.span()),
            table: table.to_string(),
            key: name.to_owned(),
            problem: e.message().to_owned(),
            near: choice.and_then(|(names, text)| nearest(&text, names.iter().copied())),
        })
    }

    /// Refuses a key that an included file may not set.
    fn may_set(&self, known: &'static str, key: &Key<'t>, table: &dyn Display) -> Result<(), ConfigError> {
        match self.standing {
            Standing::Included { named, main, granted, .. }
                if !Settings::SHARED.contains(&known) && !granted.contains(&known) =>
            {
                Err(IncludeError::NotGranted {
                    place: self.place(key.span()),
                    table: table.to_string(),
                    key: known.to_owned(),
                    named: (*named).to_owned(),
                    main: (*main).to_owned(),
                }
                .into())
            }
            Standing::Main | Standing::Included { .. } => Ok(()),
        }
    }

    fn table(&self, key: &Key<'t>, value: Value<'t>, table: &dyn Display) -> Result<DeTable<'t>, ConfigError> {
        match value.into_inner() {
            DeValue::Table(table) => Ok(table),
            other => Err(self.wrong_type(key, &other, table, "a table")),
        }
    }

    fn wrong_type(&self, key: &Key<'t>, found: &DeValue<'t>, table: &dyn Display, wanted: &'static str) -> ConfigError {
        let found = match found {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) if wanted == "a list of strings" => "a list of other things",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        ConfigError::WrongType {
            place: self.place(key.span()),
            table: table.to_string(),
            key: key.get_ref().to_string(),
            wanted,
            found,
        }
    }

    /// The parser's message without the text it quotes, which might be a secret in a wrong place.
    fn syntax(&self, error: &toml::de::Error) -> ConfigError {
        let problem = error.message().lines().next().unwrap_or_default().to_owned();
        ConfigError::Syntax { place: self.place(error.span().unwrap_or(0..0)), problem }
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place { path: self.path.to_owned(), line: self.line(&span) }
    }

    /// The line of a place, from 1.
    fn line(&self, span: &Range<usize>) -> u32 {
        number(self.lines.partition_point(|start| *start <= span.start) + 1)
    }
}

/// The number of a line; files are far smaller than what it can count.
fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// The text of the file's bytes.
///
/// # Errors
/// [`ConfigError::NotText`] with the first line that is not UTF-8.
pub fn decode(bytes: Vec<u8>, path: &Path) -> Result<String, ConfigError> {
    let text = String::from_utf8(bytes).map_err(|e| {
        let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = number(good.split(|b| *b == b'\n').count());
        ConfigError::NotText { place: Place { path: path.to_owned(), line } }
    })?;
    // A byte order mark is no part of TOML, but some editors write one.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
