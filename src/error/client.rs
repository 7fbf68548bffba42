//! Why the client cannot be started.

use super::OWN_FAILURE;
use std::path::PathBuf;

/// Why the client cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not on `PATH`, or nothing at the path named.
    #[error("client {} not found", .names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" or "))]
    NotFound {
        /// The names or the path that were tried.
        names: Vec<String>,
        /// How to install it.
        install: Option<&'static str>,
    },
    /// Not one of those that rdsconnect knows how to start for the engine.
    #[error("client `{name}` is not one that rdsconnect can use for {engine}")]
    Unknown {
        /// The program as it was named.
        name: String,
        /// The engine.
        engine: &'static str,
        /// All of them.
        known: Vec<&'static str>,
    },
    /// A program that `exec` could only give variables, which cannot carry TLS to it.
    #[error("`{name}` is not one that rdsconnect knows, and the mysql family has no variables for TLS")]
    NoVariables {
        /// The program as it was named.
        name: String,
        /// Those that are known.
        known: Vec<&'static str>,
    },
    /// A database's name that this program would take for something else.
    #[error("client `{}` would not take the database `{database}` for a name", .path.display())]
    Database {
        /// The program.
        path: PathBuf,
        /// The name.
        database: String,
    },
    /// A read-only session, which this program cannot start.
    #[error("client `{}` has no way to start a read-only session", .path.display())]
    NoReadOnly {
        /// The program.
        path: PathBuf,
    },
    /// It is there and cannot be started.
    #[error("client `{}` cannot be started", .path.display())]
    CannotStart {
        /// The program.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It answers `--version`, but not as a client of the family does.
    #[error("client `{}` is neither a MySQL nor a MariaDB client by its `--version`", .path.display())]
    NotMySql {
        /// The program.
        path: PathBuf,
    },
    /// A tunnel that this client cannot verify in any way.
    #[error("client `{}` ({version}) cannot verify a server through `{connect_to}`", .path.display())]
    NoVerifiedTunnel {
        /// The program.
        path: PathBuf,
        /// Family and version.
        version: String,
        /// Where the connection goes.
        connect_to: String,
    },
    /// A token longer than the client's option files may hold.
    #[error("the token has {length} characters, and client `{}` reads at most {limit} from a descriptor", .path.display())]
    TokenTooLong {
        /// The program.
        path: PathBuf,
        /// Length of the token.
        length: usize,
        /// What fits.
        limit: usize,
    },
    /// An argument that does not go with what the profile asks for.
    #[error(transparent)]
    Argument(#[from] crate::error::refusal::Refusal),
    /// The descriptor for the token could not be made.
    #[error("could not prepare the descriptor that hands over the token")]
    Descriptor(#[source] std::io::Error),
}

impl ClientError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { install, .. } => install.map(str::to_owned),
            Self::Unknown { known, engine, .. } => {
                let other = if *engine == "postgres" { ", or `rdsconnect exec` for any other program" } else { "" };
                Some(format!("use one of {}{other}", list(known)))
            }
            Self::NoVariables { known, .. } => Some(format!("use one of {}", list(known))),
            Self::Database { .. } => Some("use a client that takes it, such as the engine's own shell".into()),
            Self::NoReadOnly { .. } => Some("use a profile without `read_only`, or the engine's own shell".into()),
            Self::NotMySql { .. } => Some("set `client` to the `mysql` or `mariadb` program".into()),
            Self::NoVerifiedTunnel { .. } => Some(
                "use Oracle's `mysql`, or MariaDB's client from 11.4 with `connect_to` at 127.0.0.1 or ::1, \
                 or let the endpoint's name resolve to the tunnel"
                    .into(),
            ),
            Self::TokenTooLong { .. } => Some("set `token_via = \"env\"` or use `--token-via env`".into()),
            Self::Argument(refusal) => refusal.hint(),
            Self::CannotStart { .. } | Self::Descriptor(_) => None,
        }
    }

    /// 127 for a client that was not found, 126 for one that cannot start.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::NotFound { .. } => 127,
            Self::CannotStart { .. } => 126,
            Self::Unknown { .. }
            | Self::NoVariables { .. }
            | Self::Database { .. }
            | Self::NoReadOnly { .. }
            | Self::NotMySql { .. }
            | Self::NoVerifiedTunnel { .. }
            | Self::TokenTooLong { .. }
            | Self::Argument(_)
            | Self::Descriptor(_) => OWN_FAILURE,
        }
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
