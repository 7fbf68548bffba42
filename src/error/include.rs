//! What can be wrong with the files that the profile file includes.

use super::place::Place;
use std::path::PathBuf;

/// Why an included file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IncludeError {
    /// A value of another type.
    #[error("`{key}` must be {wanted}: {place}")]
    Mistyped {
        /// Where.
        place: Place,
        /// `include` or `allow`.
        key: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// No such file.
    #[error("there is no file `{}` to include: {place}", .path.display())]
    Missing {
        /// Where it is named.
        place: Place,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A pattern that is none.
    #[error("`{pattern}` is no pattern for files, {problem}: {place}")]
    Pattern {
        /// Where.
        place: Place,
        /// The pattern as it is written.
        pattern: String,
        /// Why.
        problem: &'static str,
    },
    /// A directory that a pattern leads to cannot be read.
    #[error("could not look for files to include: {place}")]
    Unreadable {
        /// Where the pattern is written.
        place: Place,
        /// Why.
        source: std::io::Error,
    },
    /// A file that includes itself, perhaps through others.
    #[error("`include` leads back to `{}`: {place}", .path.display())]
    Cycle {
        /// Where.
        place: Place,
        /// The file.
        path: PathBuf,
    },
    /// Files that include files that include files.
    #[error("`include` goes more than {limit} files deep: {place}")]
    Depth {
        /// Where.
        place: Place,
        /// How deep it may go.
        limit: usize,
    },
    /// More files than anybody means.
    #[error("`include` leads to more than {limit} files: {place}")]
    Number {
        /// Where.
        place: Place,
        /// How many there may be.
        limit: usize,
    },
    /// A key that the main file did not grant.
    #[error("`{key}` in `{table}` is not for an included file to decide: {place}")]
    NotGranted {
        /// Where.
        place: Place,
        /// The table as it is written.
        table: String,
        /// The key.
        key: String,
        /// By which name the main file includes the file, or could.
        named: String,
        /// The main file.
        main: PathBuf,
    },
    /// A grant in a file that was itself included.
    #[error("an included file cannot grant keys to another: {place}")]
    GrantElsewhere {
        /// Where.
        place: Place,
    },
    /// `[defaults]` in an included file.
    #[error("an included file has no `[defaults]`: {place}")]
    Defaults {
        /// Where.
        place: Place,
    },
}

impl IncludeError {
    /// The place that it names.
    #[must_use]
    pub fn place(&self) -> &Place {
        match self {
            Self::Mistyped { place, .. }
            | Self::Missing { place, .. }
            | Self::Pattern { place, .. }
            | Self::Unreadable { place, .. }
            | Self::Cycle { place, .. }
            | Self::Depth { place, .. }
            | Self::Number { place, .. }
            | Self::NotGranted { place, .. }
            | Self::GrantElsewhere { place }
            | Self::Defaults { place } => place,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotGranted { key, named, main, .. } => Some(format!(
                "if it may, write `{{ path = \"{named}\", allow = [\"{key}\"] }}` into `include` of `{}`",
                main.display()
            )),
            Self::GrantElsewhere { .. } => Some("include that file in the main file too, and grant them there".into()),
            Self::Defaults { .. } => {
                Some("write the keys into its profiles, or `[defaults]` into the main file".into())
            }
            Self::Mistyped { .. }
            | Self::Missing { .. }
            | Self::Pattern { .. }
            | Self::Unreadable { .. }
            | Self::Cycle { .. }
            | Self::Depth { .. }
            | Self::Number { .. } => None,
        }
    }
}
