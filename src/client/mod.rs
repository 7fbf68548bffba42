//! From a decided target to the launch of its client: the one match from a client program to its
//! builder. Pure: whatever a builder needs arrives as a value.

mod environment;
pub mod gate;
mod marks;
mod mycli;
pub mod mysql;
pub mod option_files;
pub mod psql;
pub mod tool;
pub mod variables;
pub mod verdict;

use crate::error::client::ClientError;
use crate::launch::{EnvChange, Launch};
use crate::secret::Secret;
use crate::target::Target;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use tool::Tool;

/// The program found, and the options it understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The program; absolute.
    pub program: PathBuf,
    /// Which program it is.
    pub tool: Tool,
    /// The options it understands.
    pub dialect: Dialect,
}

/// Which options a client understands. The program's name says nothing: on Debian `mysql` is
/// MariaDB's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// That of PostgreSQL's programs.
    Psql,
    /// Oracle's, and that of forks that keep its options (Percona).
    MySql,
    /// MariaDB's, with major and minor version.
    MariaDb(u32, u32),
    /// mycli's own.
    Mycli,
}

impl Dialect {
    /// The family whose option files the client reads, if it reads any.
    #[must_use]
    pub fn family(self) -> Option<option_files::Family> {
        match self {
            Self::Psql | Self::Mycli => None,
            Self::MySql => Some(option_files::Family::Oracle),
            Self::MariaDb(..) => Some(option_files::Family::MariaDb),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Psql => f.write_str("psql"),
            Self::MySql => f.write_str("Oracle's mysql"),
            Self::MariaDb(major, minor) => write!(f, "MariaDB {major}.{minor}"),
            Self::Mycli => f.write_str("mycli"),
        }
    }
}

/// Everything that a launch is built from.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The connection.
    pub target: &'a Target,
    /// The client.
    pub client: &'a Client,
    /// The file with the root certificates.
    pub ca: &'a Path,
    /// The IP addresses behind `connect_to`, when psql is to go there.
    pub addresses: &'a [String],
    /// The token.
    pub token: Secret,
    /// The descriptor that hands the token over, with `token_via = "fd"`.
    pub token_file: Option<&'a Path>,
    /// Harmless settings from the user's option files.
    pub carried: Vec<OsString>,
    /// What the user's environment has of what is added to, not replaced.
    pub own: Own,
    /// What the user wrote after `--`; it has passed the gate.
    pub arguments: &'a [OsString],
}

/// What stands in the user's environment of things to which a launch adds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// `PGOPTIONS`.
    pub pg_options: Option<OsString>,
    /// Whether there is a `MYSQL_PS1`.
    pub mysql_prompt: bool,
}

/// Builds the launch.
///
/// # Errors
/// [`ClientError`] when this client cannot do safely what the target asks for.
pub fn launch(parts: Parts<'_>) -> Result<Launch, ClientError> {
    match parts.client.tool {
        Tool::Psql
        | Tool::PgDump
        | Tool::PgRestore
        | Tool::PgDumpall
        | Tool::Vacuumdb
        | Tool::Pgbench
        | Tool::Pgcli => Ok(psql::launch(parts)),
        Tool::LibPq => environment::launch(parts),
        Tool::MySql | Tool::MySqlDump | Tool::MySqlAdmin | Tool::MySqlImport | Tool::MySqlCheck | Tool::MySqlShow => {
            mysql::launch(parts)
        }
        Tool::Mycli => mycli::launch(parts),
    }
}

/// The removals that a table of variables asks for; the builder's own settings come on top.
fn removals(table: &'static [variables::Variable]) -> BTreeMap<&'static str, EnvChange> {
    table
        .iter()
        .filter_map(|variable| match variable.decision {
            variables::Decision::Removed => Some((variable.name, EnvChange::Remove)),
            variables::Decision::KeptIfNumber => Some((variable.name, EnvChange::KeepNumber)),
            variables::Decision::Kept | variables::Decision::Set => None,
        })
        .collect()
}

/// What follows our arguments: `client_args`, then what the user wrote after `--`. The gate judges
/// them as one list, because an option at the end of the one would swallow the first word of the
/// other.
#[must_use]
pub fn from_user(target: &Target, arguments: &[OsString]) -> Vec<OsString> {
    target.client_args.iter().map(OsString::from).chain(arguments.iter().cloned()).collect()
}
