//! Finds the client and learns which options it understands. Starts it with `--version`, unless it
//! is known from an earlier launch, and side by side with `--print-defaults`, whose output may hold
//! a password and is never logged.

mod versions;

use crate::cache::Cache;
use crate::client::option_files::{self, Lines};
use crate::client::tool::Tool;
use crate::client::{Client, Dialect};
use crate::env::Env;
use crate::error::Error;
use crate::error::client::ClientError;
use crate::permissions::{self, Rule};
use crate::printable::printable;
use crate::target::{Engine, OptionFiles, Program, Target, Tls};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What was learnt. Without `Debug`: a password may be in it.
pub struct Found {
    /// The client.
    pub client: Client,
    /// The settings in the user's option files as `--print-defaults` gave them; a password may be
    /// among them.
    pub defaults: Vec<u8>,
    /// The lines of those files, by which the output is read.
    pub lines: Lines,
}

/// Finds the client of a target.
///
/// # Errors
/// [`ClientError`] when there is none or it cannot be started.
pub fn probe(target: &Target, tool: Tool, env: &Env) -> Result<Found, Error> {
    let program = find(target, env)?;
    let found = |program, dialect| Found {
        client: Client { program, tool, dialect },
        defaults: Vec::new(),
        lines: Lines::default(),
    };
    match tool {
        tool if tool.is_libpq() => Ok(found(program, Dialect::Psql)),
        Tool::Mycli => Ok(found(program, Dialect::Mycli)),
        _ => {
            let version = Version::of(&program, target.tls, env)?;
            let defaults = match target.option_files {
                // What may be carried over are settings of the shell.
                OptionFiles::Harmless if tool == Tool::MySql => Some(start(&program, &["--print-defaults"])?),
                OptionFiles::Harmless | OptionFiles::None => None,
            };
            let dialect = version.dialect(&program)?;
            let (defaults, lines) = match defaults {
                Some(child) => (finish(child, &program)?, lines(env)),
                None => (Vec::new(), Lines::default()),
            };
            Ok(Found { client: Client { program, tool, dialect }, defaults, lines })
        }
    }
}

/// Where the answer to `--version` comes from.
enum Version {
    /// An earlier launch.
    Known(Dialect),
    /// The program, which was started, and what to keep of its answer.
    Asked(Child, Option<(versions::Program, Cache)>),
}

impl Version {
    fn of(program: &Path, tls: Tls, env: &Env) -> Result<Self, ClientError> {
        let directory = match tls {
            Tls::VerifyFull => env.cache_directory(),
            Tls::VerifyCa => None,
        };
        let cache = directory.and_then(|directory| match Cache::open(&directory) {
            Ok(cache) => Some(cache),
            Err(error) => {
                tracing::info!(error = %printable(&error.to_string()), "versions of clients are not kept");
                None
            }
        });
        let seen = cache.and_then(|cache| Some((versions::Program::see(program)?, cache)));
        if let Some((seen, cache)) = &seen
            && let Some(dialect) = seen.recall(cache).and_then(|version| mysql_dialect(&version))
        {
            tracing::debug!("the client's version is known from an earlier launch");
            return Ok(Self::Known(dialect));
        }
        Ok(Self::Asked(start(program, &["--no-defaults", "--version"])?, seen))
    }

    fn dialect(self, program: &Path) -> Result<Dialect, ClientError> {
        let (child, seen) = match self {
            Self::Known(dialect) => return Ok(dialect),
            Self::Asked(child, seen) => (child, seen),
        };
        let version = finish(child, program)?;
        let version = String::from_utf8_lossy(&version);
        let dialect = mysql_dialect(&version).ok_or_else(|| ClientError::NotMySql { path: program.to_owned() })?;
        if let Some((seen, cache)) = seen {
            seen.remember(&version, &cache);
        }
        Ok(dialect)
    }
}

/// What stands in the option files that a client of the family may have read.
fn lines(env: &Env) -> Lines {
    let mysql_home = env.var("MYSQL_HOME").map(Path::new);
    let places = option_files::places(env.home().as_deref(), mysql_home);
    let entries = |directory: &Path| {
        let listed = fs::read_dir(directory).into_iter().flatten();
        listed.filter_map(|entry| Some(entry.ok()?.path())).collect()
    };
    Lines::collect(&places, &|path| fs::read(path).ok(), &entries)
}

/// The program, by path or on `PATH`.
fn find(target: &Target, env: &Env) -> Result<PathBuf, Error> {
    let (names, install): (Vec<&str>, _) = match (&target.client, target.engine) {
        (Some(Program::Path(path)), _) => return by_path(path),
        (Some(Program::Name(name)), _) => (vec![name], None),
        (None, engine @ (Engine::MySql | Engine::MariaDb)) => (engine.clients().to_vec(), Some(INSTALL_MYSQL)),
        (None, engine @ Engine::Postgres) => (engine.clients().to_vec(), Some(INSTALL_PSQL)),
    };
    let path = safe_path(env.var("PATH"));
    for name in &names {
        // `which` looks at the working directory for names with a slash alone, and a name has none.
        if let Ok(found) = which::which_in(name, Some(&path), "/") {
            return Ok(found);
        }
    }
    Err(ClientError::NotFound { names: names.into_iter().map(str::to_owned).collect(), install }.into())
}

const INSTALL_MYSQL: &str = "install it with `apt install mariadb-client` (Debian, Ubuntu), \
    `dnf install mariadb` (Fedora) or `brew install mysql-client` (macOS), or set `client`";
const INSTALL_PSQL: &str = "install it with `apt install postgresql-client` (Debian, Ubuntu), \
    `dnf install postgresql` (Fedora) or `brew install libpq` (macOS), or set `client`";

/// A client named by path: whoever can write it runs with the user's token, so it is refused when
/// everyone can.
fn by_path(path: &Path) -> Result<PathBuf, Error> {
    match permissions::inspect(path, Rule::Everyone) {
        Ok(()) if is_program(path) => Ok(path.to_owned()),
        Ok(()) => Err(cannot_start(path, io::ErrorKind::PermissionDenied.into()).into()),
        Err(e) if e.kind() == Some(io::ErrorKind::NotFound) => {
            Err(ClientError::NotFound { names: vec![path.display().to_string()], install: None }.into())
        }
        Err(e) => Err(e.into()),
    }
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// `PATH` without its empty and relative entries, which would take a client from whatever
/// directory the user stands in.
fn safe_path(path: Option<&OsStr>) -> OsString {
    let absolute = std::env::split_paths(path.unwrap_or_default()).filter(|entry| entry.is_absolute());
    std::env::join_paths(absolute).expect("entries split off a PATH hold no separator")
}

/// MariaDB's client says so in its `--version`. Oracle's, and Percona's, say `Ver` and a number;
/// its manuals already count in years, so the number says nothing.
fn mysql_dialect(version: &str) -> Option<Dialect> {
    if let Some((before, _)) = version.split_once("MariaDB") {
        let before = before.trim_end_matches('-');
        let number = before.rsplit(' ').next().unwrap_or_default();
        let mut parts = number.split('.').map(|part| part.parse().unwrap_or(0));
        return Some(Dialect::MariaDb(parts.next().unwrap_or(0), parts.next().unwrap_or(0)));
    }
    let is_mysql = version.split_once(" Ver ").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_mysql.then_some(Dialect::MySql)
}

#[expect(clippy::disallowed_methods, reason = "one of the three places that start a process")]
fn start(program: &Path, arguments: &[&str]) -> Result<Child, ClientError> {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|source| cannot_start(program, source))
}

fn finish(child: Child, program: &Path) -> Result<Vec<u8>, ClientError> {
    let output = child.wait_with_output().map_err(|source| cannot_start(program, source))?;
    Ok(output.stdout)
}

/// The failure to start a program, as its status has it.
#[must_use]
pub fn cannot_start(program: &Path, source: io::Error) -> ClientError {
    match source.kind() {
        io::ErrorKind::NotFound if !program.exists() => {
            ClientError::NotFound { names: vec![program.display().to_string()], install: None }
        }
        _ => ClientError::CannotStart { path: program.to_owned(), source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_told_apart_by_what_version_says() {
        let rows = [
            (
                "/usr/bin/mariadb  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64) using  EditLine wrapper",
                Some(Dialect::MariaDb(10, 11)),
            ),
            (
                "/x/mariadb from 11.8.9-MariaDB, client 15.2 for debian-linux-gnu (x86_64) using  EditLine wrapper",
                Some(Dialect::MariaDb(11, 8)),
            ),
            ("/x/mysql  Ver 9.7.4-2 for Linux on x86_64 ((Debian))", Some(Dialect::MySql)),
            ("mysql  Ver 26.10.0 for macos15 on arm64 (Homebrew)", Some(Dialect::MySql)),
            ("mysql  Ver 8.0.36-28 for Linux on x86_64 (Percona Server (GPL), Release 28)", Some(Dialect::MySql)),
            ("mysql  Ver 14.14 Distrib 5.7.44, for Linux (x86_64) using  EditLine wrapper", Some(Dialect::MySql)),
            ("psql (PostgreSQL) 15.20", None),
            // Of a version that cannot be read nothing is believed but the family.
            ("mysql from MariaDB", Some(Dialect::MariaDb(0, 0))),
            ("", None),
        ];
        for (version, dialect) in rows {
            assert_eq!(mysql_dialect(version), dialect, "{version}");
        }
    }

    #[test]
    fn an_empty_or_relative_path_entry_never_supplies_a_client() {
        assert_eq!(safe_path(Some(OsStr::new(":.:bin:/usr/bin::../x:/bin"))), "/usr/bin:/bin");
        assert_eq!(safe_path(None), "");
    }
}
