//! Finds the client and learns which options it understands. Starts it to ask, and its answers may
//! hold a password: they are never logged.

mod known;
mod mysql;
mod version;

use crate::client::option_files::Lines;
use crate::client::tool::Tool;
use crate::client::{Client, Dialect};
use crate::env::Env;
use crate::error::Error;
use crate::error::client::ClientError;
use crate::permissions::{self, Rule};
use crate::target::{Engine, OptionFiles, Program, Target};
use mysql::Answers;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub use version::version;

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
            // What may be carried over are settings of the shell.
            let with_option_files = target.option_files == OptionFiles::Harmless && tool == Tool::MySql;
            let Answers { dialect, defaults, lines } = mysql::ask(&program, target.tls, with_option_files, env)?;
            Ok(Found { client: Client { program, tool, dialect }, defaults, lines })
        }
    }
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
    fn an_empty_or_relative_path_entry_never_supplies_a_client() {
        assert_eq!(safe_path(Some(OsStr::new(":.:bin:/usr/bin::../x:/bin"))), "/usr/bin:/bin");
        assert_eq!(safe_path(None), "");
    }
}
