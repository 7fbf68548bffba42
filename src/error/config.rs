//! What can be wrong with the profile file.

use super::did_you_mean;
use super::include::IncludeError;
use super::place::Place;
use std::path::PathBuf;

/// Why the profile file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No home directory, so no place to look.
    #[error("no place to look for a profile file: neither `XDG_CONFIG_HOME` nor `HOME` is set")]
    NoPlace,
    /// No such file.
    #[error("no profile file at `{}`{}", .path.display(), named(*.named_by))]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// The flag or variable that named it; none for the usual place.
        named_by: Option<&'static str>,
    },
    /// There is one already, which is never written over.
    #[error("`{}` exists already", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("could not write the profile file `{}`", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is there and cannot be read.
    #[error("could not read the profile file `{}`", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is a directory, a pipe or a device.
    #[error("the profile file `{}` is not a regular file", .path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// It is larger than a profile file can be.
    #[error("the profile file `{}` is larger than {limit} MiB", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in MiB.
        limit: u64,
    },
    /// It is not UTF-8.
    #[error("the profile file is not UTF-8 text: {place}")]
    NotText {
        /// The first bad line.
        place: Place,
    },
    /// It is not TOML.
    #[error("the profile file is not valid TOML: {place}: {problem}")]
    Syntax {
        /// Where.
        place: Place,
        /// The parser's own message.
        problem: String,
    },
    /// A key that does not exist.
    #[error("unknown key `{key}` {}: {place}", within(.table))]
    UnknownKey {
        /// Where.
        place: Place,
        /// The table as it is written.
        table: String,
        /// The key.
        key: String,
        /// The nearest key that exists.
        near: Option<&'static str>,
    },
    /// A value of another type.
    #[error("`{key}` {} must be {wanted}, not {found}: {place}", within(.table))]
    WrongType {
        /// Where.
        place: Place,
        /// The table as it is written.
        table: String,
        /// The key.
        key: String,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A value that the key cannot have.
    #[error("`{key}` in `{table}` {problem}: {place}")]
    Malformed {
        /// Where.
        place: Place,
        /// The table as it is written.
        table: String,
        /// The key.
        key: String,
        /// Why, as a clause: "must not be empty".
        problem: String,
        /// The nearest value that is right.
        near: Option<&'static str>,
    },
    /// A profile's name that cannot be one.
    #[error("`{name}` is no name for a profile: {place}")]
    ProfileName {
        /// Where.
        place: Place,
        /// The name.
        name: String,
    },
    /// `client_args` that the gate refuses.
    #[error("`client_args` in `{table}`: {refusal}: {place}")]
    ClientArgs {
        /// Where.
        place: Place,
        /// The table as it is written.
        table: String,
        /// What the gate says.
        refusal: crate::error::refusal::Refusal,
    },
    /// An included file.
    #[error(transparent)]
    Include(Box<IncludeError>),
    /// A check found mistakes, which were told one by one.
    #[error("{count} {} found in `{}`", if *.count == 1 { "problem was" } else { "problems were" }, .path.display())]
    Problems {
        /// The file.
        path: PathBuf,
        /// How many.
        count: usize,
    },
    /// No profile of that name.
    #[error("no profile named `{name}` in `{}`", .path.display())]
    UnknownProfile {
        /// The name.
        name: String,
        /// The file.
        path: PathBuf,
        /// The nearest name.
        near: Option<String>,
        /// The first names that exist.
        known: Vec<String>,
        /// How many there are besides.
        more: usize,
    },
}

/// What the whole file is called where a table is named.
pub const TOP: &str = "the file";

fn within(table: &str) -> String {
    if table == TOP { "at the top of the file".to_owned() } else { format!("in `{table}`") }
}

/// What to do with a key that stands in the wrong place, or is not needed.
fn needless(key: &str) -> Option<String> {
    match key {
        "password" | "passwd" | "pass" | "token" => Some("leave it out: the token is the password".into()),
        // TOML takes it for a key of the table above it.
        "include" => Some("write it above the first table of the file".into()),
        "ssl" | "sslmode" | "ssl_mode" | "ssl-mode" => Some("leave it out: TLS is always verified".into()),
        _ => None,
    }
}

fn named(by: Option<&'static str>) -> String {
    by.map(|by| format!(", named by `{by}`")).unwrap_or_default()
}

impl From<IncludeError> for ConfigError {
    fn from(error: IncludeError) -> Self {
        Self::Include(Box::new(error))
    }
}

impl ConfigError {
    /// The place that it names.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::NotText { place }
            | Self::Syntax { place, .. }
            | Self::UnknownKey { place, .. }
            | Self::WrongType { place, .. }
            | Self::Malformed { place, .. }
            | Self::ProfileName { place, .. }
            | Self::ClientArgs { place, .. } => Some(place),
            Self::Include(e) => Some(e.place()),
            Self::NoPlace
            | Self::Missing { .. }
            | Self::Exists { .. }
            | Self::Unwritable { .. }
            | Self::Unreadable { .. }
            | Self::NotAFile { .. }
            | Self::TooLarge { .. }
            | Self::Problems { .. }
            | Self::UnknownProfile { .. } => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoPlace => Some("name the file with `--config FILE`".into()),
            Self::Missing { named_by: None, .. } => {
                Some("write one with `rdsconnect init`, or name another with `--config FILE`".into())
            }
            Self::Exists { .. } => Some("add to it in an editor, or name another with `--config FILE`".into()),
            Self::UnknownKey { table, near: None, .. } if table == TOP => {
                Some("begin a profile with `[profiles.NAME]`, and write its keys below that".into())
            }
            Self::UnknownKey { key, near: None, .. } => needless(key),
            Self::UnknownKey { near, .. } | Self::Malformed { near, .. } => did_you_mean(*near),
            Self::ProfileName { .. } => {
                Some("use letters, digits, `.`, `_` and `-`, and begin with a letter or a digit".into())
            }
            Self::ClientArgs { refusal, .. } => refusal.hint(),
            Self::Include(e) => e.hint(),
            // A host, or an address that lacks its beginning.
            Self::UnknownProfile { name, near: None, .. } if name.contains(['@', '/']) || name.contains(".rds.") => {
                Some("begin an address with its engine, as in `postgres://USER@HOST/DATABASE`".into())
            }
            Self::UnknownProfile { near, known, more, .. } => Some(instead(near.as_deref(), known, *more)),
            Self::Missing { named_by: Some(_), .. }
            | Self::Unwritable { .. }
            | Self::Unreadable { .. }
            | Self::NotAFile { .. }
            | Self::TooLarge { .. }
            | Self::NotText { .. }
            | Self::Problems { .. }
            | Self::Syntax { .. }
            | Self::WrongType { .. } => None,
        }
    }
}

/// Which profiles there are, the nearest first.
fn instead(near: Option<&str>, known: &[String], more: usize) -> String {
    let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    let all = match (known, more) {
        ([], _) => return "add `[profiles.NAME]` to the file".into(),
        // The nearest is the only one.
        ([_], 0) if near.is_some() => None,
        ([_], 0) => Some(format!("the only profile is {names}")),
        (_, 0) => Some(format!("the profiles are {names}")),
        (_, more) => Some(format!("the profiles are {names} and {more} more, which `rdsconnect list` shows")),
    };
    did_you_mean(near).into_iter().chain(all).collect::<Vec<_>>().join(" ")
}
