//! `Error`: every way in which rdsconnect itself can fail, with its text, its hint and its status.
//!
//! Texts are lower case, state one fact and give no advice; the advice is `hint()`. No text holds
//! a secret. What comes from outside is escaped where it is printed, in `report`.

pub mod aws;
pub mod ca;
pub mod cache;
pub mod client;
pub mod config;
pub mod include;
pub mod permissions;
pub mod place;
pub mod refusal;
pub mod target;

use refusal::Refusal;
use std::path::PathBuf;
use std::process::ExitCode;

/// A failure of rdsconnect itself. Once the client runs, its own status counts.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line.
    #[error("{text}")]
    Usage {
        /// What is wrong with it.
        text: String,
        /// What to write instead.
        hint: Option<String>,
    },
    /// No profile named, and no terminal to pick one on. The usage follows.
    #[error("no profile named")]
    NoProfile,
    /// The picker was left; that needs no words.
    #[error("no profile picked")]
    Left,
    /// The picker's terminal.
    #[error("could not use the terminal")]
    Terminal(#[source] std::io::Error),
    /// The profile file.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// Who may write to the files that decide.
    #[error(transparent)]
    Permission(#[from] permissions::PermissionError),
    /// A profile that makes no connection, where several are judged.
    #[error("profile `{name}` makes no connection")]
    Profile {
        /// The profile.
        name: String,
        /// Why.
        source: Box<Error>,
    },
    /// The profile does not make a connection.
    #[error(transparent)]
    Target(#[from] target::TargetError),
    /// An argument for the client that would move or weaken the connection.
    #[error(transparent)]
    Argument(#[from] Refusal),
    /// The client program.
    #[error(transparent)]
    Client(#[from] client::ClientError),
    /// The root certificates.
    #[error(transparent)]
    Ca(#[from] ca::CaError),
    /// The AWS credentials.
    #[error(transparent)]
    Aws(#[from] aws::AwsError),
    /// A check that did not pass; what failed has been said.
    #[error("{failed} of {of} {} failed the check", if *.of == 1 { "profile" } else { "profiles" })]
    Checked {
        /// How many failed.
        failed: usize,
        /// How many were checked.
        of: usize,
    },
    /// A file that a verb was asked to write.
    #[error("could not write `{}`", path.display())]
    Write {
        /// The file, or the directory for it.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Our own output.
    #[error("could not write to standard output")]
    Output(#[source] std::io::Error),
}

impl Error {
    /// One imperative sentence that helps, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } => hint.clone(),
            Self::Config(e) => e.hint(),
            Self::Permission(e) => e.hint(),
            Self::Profile { source, .. } => source.hint(),
            Self::Target(e) => e.hint(),
            Self::Argument(e) => e.hint(),
            Self::Client(e) => e.hint(),
            Self::Ca(e) => e.hint(),
            Self::Aws(e) => e.hint(),
            Self::NoProfile
            | Self::Left
            | Self::Terminal(_)
            | Self::Checked { .. }
            | Self::Write { .. }
            | Self::Output(_) => None,
        }
    }

    /// The status as coreutils' `env` has it: 125 for a failure of our own, 126 for a client that
    /// was found but cannot start, 127 for one that was not found; 130 when the picker was left.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::Client(e) => e.status(),
            // What shells say of a program that Ctrl-C ended.
            Self::Left => 130,
            Self::Usage { .. }
            | Self::NoProfile
            | Self::Terminal(_)
            | Self::Config(_)
            | Self::Permission(_)
            | Self::Profile { .. }
            | Self::Target(_)
            | Self::Argument(_)
            | Self::Ca(_)
            | Self::Aws(_)
            | Self::Checked { .. }
            | Self::Write { .. }
            | Self::Output(_) => OWN_FAILURE,
        }
    }

    /// [`Error::status`] as the process's own.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        self.status().into()
    }
}

impl From<include::IncludeError> for Error {
    fn from(error: include::IncludeError) -> Self {
        Self::Config(error.into())
    }
}

/// Status of every failure of rdsconnect itself.
pub const OWN_FAILURE: u8 = 125;

/// The nearest of the known names, for "did you mean". Upper and lower case are alike, and what was only
/// begun is near.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let length = name.chars().count();
    let distance = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let begun = length >= BEGUN && candidate != name && candidate.starts_with(&name);
        let distance = if begun { 1 } else { strsim::damerau_levenshtein(&name, &candidate) };
        (distance <= 1 + candidate.chars().count().min(length) / 4).then_some(distance)
    };
    known
        .into_iter()
        .filter_map(|candidate| Some((distance(candidate)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// From so many characters on, the beginning of a name tells which is meant.
const BEGUN: usize = 3;

/// "did you mean `x`?", when there is something near.
#[must_use]
pub fn did_you_mean(near: Option<&str>) -> Option<String> {
    near.map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_name_is_near_by_its_letters_its_case_and_its_beginning() {
        let near = |name| nearest(name, ["orders", "port", "production", "reports"]);
        assert_eq!(near("odrers"), Some("orders"));
        assert_eq!(near("ORDERS"), Some("orders"));
        assert_eq!(near("prod"), Some("production"));
        assert_eq!(near("prot"), Some("port"));
        assert_eq!(near("rep"), Some("reports"));
        assert_eq!(near("re"), None);
        assert_eq!(near("customers"), None);
    }
}
