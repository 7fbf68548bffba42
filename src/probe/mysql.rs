//! Asks a client of the mysql family what it is and what stands in the user's option files. Each
//! question costs a process, so they are asked side by side, and only when the answer is not known.

use super::known::{Program, Said};
use super::{finish, start};
use crate::cache::Cache;
use crate::client::Dialect;
use crate::client::option_files::{self, Lines, Search};
use crate::env::Env;
use crate::error::client::ClientError;
use crate::printable::printable;
use crate::target::Tls;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;

/// The answers. Without `Debug`: a password may be in them.
pub(super) struct Answers {
    pub(super) dialect: Dialect,
    /// The settings in the user's option files as `--print-defaults` gave them; empty when nothing
    /// in those files could be carried over.
    pub(super) defaults: Vec<u8>,
    /// The lines of those files, by which the output is read.
    pub(super) lines: Lines,
}

/// Asks; for the option files only with `with_option_files`.
pub(super) fn ask(program: &Path, tls: Tls, with_option_files: bool, env: &Env) -> Result<Answers, ClientError> {
    // Where the version decides what is safe, nothing but the client's own word counts.
    let cache = match tls {
        Tls::VerifyFull => cache(env),
        Tls::VerifyCa => None,
    };
    let seen = cache.and_then(|cache| Some((Program::see(program)?, cache)));
    let known = seen.as_ref().and_then(|(seen, cache)| {
        let said = seen.recall(cache)?;
        Some((dialect(&said.version)?, said.search))
    });
    let Some((dialect, search)) = known else { return ask_all(program, with_option_files, seen, env) };
    tracing::debug!("what the client says of itself is known from an earlier launch");
    let lines = if with_option_files { lines(env) } else { Lines::default() };
    let ask = with_option_files && matters(&lines, dialect, search.as_ref(), env);
    let defaults = if ask { finish(defaults(program)?, program)? } else { Vec::new() };
    Ok(Answers { dialect, defaults, lines })
}

/// Asks a client of which nothing is known. One whose answers are to be kept is asked for its help,
/// which begins with what `--version` says.
fn ask_all(
    program: &Path,
    with_option_files: bool,
    seen: Option<(Program, Cache)>,
    env: &Env,
) -> Result<Answers, ClientError> {
    let start_for = |question| start(program, &["--no-defaults", question]);
    let said = start_for(if seen.is_some() { "--help" } else { "--version" })?;
    let defaults = if with_option_files { Some(defaults(program)?) } else { None };
    let said = finish(said, program)?;
    let mut version = first_line(&said);
    if seen.is_some() && dialect(&version).is_none() {
        version = first_line(&finish(start_for("--version")?, program)?);
    }
    let dialect = dialect(&version).ok_or_else(|| ClientError::NotMySql { path: program.to_owned() })?;
    let (defaults, lines) = match defaults {
        Some(child) => (finish(child, program)?, lines(env)),
        None => (Vec::new(), Lines::default()),
    };
    if let Some((seen, cache)) = seen {
        seen.remember(Said { version, search: Search::from_help(&said) }, &cache);
    }
    Ok(Answers { dialect, defaults, lines })
}

fn first_line(said: &[u8]) -> String {
    String::from_utf8_lossy(said).lines().next().unwrap_or_default().to_owned()
}

fn cache(env: &Env) -> Option<Cache> {
    let opened = Cache::open(&env.cache_directory()?);
    let tell = |error| tracing::info!(error = %printable(&format!("{error}")), "what clients say is not kept");
    opened.map_err(tell).ok()
}

fn defaults(program: &Path) -> Result<Child, ClientError> {
    start(program, &["--print-defaults"])
}

/// Whether the client's own list of what the files set makes any difference. It does not when the
/// lines of all files where it looks are known and none of them could be carried over. `-v` also
/// says what is left out.
fn matters(lines: &Lines, dialect: Dialect, search: Option<&Search>, env: &Env) -> bool {
    let (Some(search), Some(family)) = (search, dialect.family()) else { return true };
    let (home, read) = (env.home(), places(env));
    let is_read = |place: &String| match place.strip_prefix("~/") {
        Some(below) => home.as_ref().is_some_and(|home| read.contains(&home.join(below))),
        None => read.contains(&PathBuf::from(place)),
    };
    // With it, there are more groups than the client named when it was asked.
    let more_groups = ["MYSQL_GROUP_SUFFIX", "MARIADB_GROUP_SUFFIX"].iter().any(|name| env.var(name).is_some());
    tracing::enabled!(tracing::Level::INFO)
        || more_groups
        || !search.places.iter().all(is_read)
        || lines.hold_harmless(&search.groups, family)
}

fn places(env: &Env) -> Vec<PathBuf> {
    let of_variables = ["MYSQL_HOME", "MARIADB_HOME"].into_iter().filter_map(|name| env.var(name));
    option_files::places(env.home().as_deref(), of_variables.map(Path::new))
}

/// What stands in the option files that a client of the family may have read.
fn lines(env: &Env) -> Lines {
    let entries = |directory: &Path| {
        let listed = fs::read_dir(directory).into_iter().flatten();
        listed.filter_map(|entry| Some(entry.ok()?.path())).collect()
    };
    Lines::collect(&places(env), &|path| fs::read(path).ok(), &entries)
}

/// MariaDB's client says so in its `--version`. Oracle's, and Percona's, say `Ver` and a number;
/// its manuals already count in years, so the number says nothing.
fn dialect(version: &str) -> Option<Dialect> {
    if let Some((before, _)) = version.split_once("MariaDB") {
        let before = before.trim_end_matches('-');
        let number = before.rsplit(' ').next().unwrap_or_default();
        let mut parts = number.split('.').map(|part| part.parse().unwrap_or(0));
        return Some(Dialect::MariaDb(parts.next().unwrap_or(0), parts.next().unwrap_or(0)));
    }
    let is_mysql = version.split_once(" Ver ").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_mysql.then_some(Dialect::MySql)
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
            assert_eq!(super::dialect(version), dialect, "{version}");
        }
    }
}
