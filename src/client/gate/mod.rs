//! The argument gate: which arguments of the user's own may reach the client.
//!
//! They may do everything but move or weaken the connection. There is no way to turn the gate off.
//! It never runs a client and never needs to know which version will run: whatever any known client
//! would make of a list has to be harmless, and an option that is not known here passes only if the
//! list is harmless whether that option swallows the next word or not.

pub use crate::error::refusal::{Refusal, Why};
use getopt::Table;
use mysql_options::Options;
use std::ffi::{OsStr, OsString};

mod getopt;
mod libpq;
mod mysql;
mod mysql_options;
mod mysql_tools;
mod python;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tool_tests;

/// There is one grammar for each tool. That of the mysql family's is Oracle's and MariaDB's at once:
/// `client_args` are judged when the profile file is read, before anyone knows whose program will run.
pub use super::tool::Tool as Grammar;

/// Judges a list of arguments that will follow ours.
///
/// Give it the whole list in the order the client sees it (`client_args`, then what came after `--`):
/// an option at the end of the one would swallow the first word of the other.
///
/// # Errors
/// The first argument that could move or weaken the connection.
pub fn check(grammar: Grammar, args: &[OsString]) -> Result<(), Refusal> {
    match rules(grammar) {
        Rules::MySql(options) => mysql_places(options, args).map(drop),
        Rules::Getopt(table) => {
            getopt::check_wrapper(table, args)?;
            let operand = |word: &OsStr| getopt::operand(table, word);
            walk(args, |word| getopt::read(table, word), operand, operand).map(drop)
        }
        Rules::None => Ok(()),
    }
}

/// By what a program's arguments are judged.
enum Rules {
    MySql(&'static Options),
    Getopt(&'static Table),
    /// Nothing is known of them.
    None,
}

fn rules(grammar: Grammar) -> Rules {
    match grammar {
        Grammar::Psql => Rules::Getopt(&libpq::PSQL),
        Grammar::PgDump => Rules::Getopt(&libpq::PG_DUMP),
        Grammar::PgRestore => Rules::Getopt(&libpq::PG_RESTORE),
        Grammar::PgDumpall => Rules::Getopt(&libpq::PG_DUMPALL),
        Grammar::Vacuumdb => Rules::Getopt(&libpq::VACUUMDB),
        Grammar::Pgbench => Rules::Getopt(&libpq::PGBENCH),
        Grammar::Pgcli => Rules::Getopt(&python::PGCLI),
        Grammar::Mycli => Rules::Getopt(&python::MYCLI),
        Grammar::MySql => Rules::MySql(&mysql_options::SHELL),
        Grammar::MySqlDump => Rules::MySql(&mysql_tools::DUMP),
        Grammar::MySqlAdmin => Rules::MySql(&mysql_tools::ADMIN),
        Grammar::MySqlImport => Rules::MySql(&mysql_tools::IMPORT),
        Grammar::MySqlCheck => Rules::MySql(&mysql_tools::CHECK),
        Grammar::MySqlShow => Rules::MySql(&mysql_tools::SHOW),
        Grammar::LibPq => Rules::None,
    }
}

fn mysql_places(options: &Options, args: &[OsString]) -> Result<Vec<Place>, Refusal> {
    let read = |word: &OsStr| mysql::read(options, word);
    walk(args, read, |_| Ok(()), |word| read(word).map(drop))
}

/// What a list of arguments for a sister of the mysql shell names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// `--databases` or `--all-databases`.
    pub databases: bool,
    /// Any name without an option.
    pub operands: bool,
}

/// Looks for names in a list that passes.
///
/// # Errors
/// What [`check`] refuses.
pub fn named(grammar: Grammar, args: &[OsString]) -> Result<Named, Refusal> {
    let Rules::MySql(options) = rules(grammar) else { return Ok(Named::default()) };
    let places = mysql_places(options, args)?;
    let mut named = Named::default();
    let mut ended = false;
    for (word, place) in args.iter().zip(&places) {
        if ended {
            named.operands = true;
        } else if !matches!(place, Place::Unreached) {
            match mysql::read(options, word)? {
                Reading::Operand => named.operands = true,
                Reading::End => ended = true,
                _ => named.databases |= mysql::chooses_databases(options, word),
            }
        }
    }
    Ok(named)
}

/// Takes `--init-command` out of a list for the mysql clients: its last value, as the clients have
/// it, and what is left. With a read-only session there is another such statement to go first.
///
/// # Errors
/// What [`check`] refuses, and any way to write the option in which it could not be taken out.
pub fn take_init_command(args: &[OsString]) -> Result<(Option<OsString>, Vec<OsString>), Refusal> {
    let places = mysql_places(&mysql_options::SHELL, args)?;
    let (mut statement, mut rest) = (None, Vec::new());
    let mut words = args.iter().zip(&places);
    while let Some((word, place)) = words.next() {
        match (mysql::init_command(word), place) {
            (None, _) | (_, Place::Unreached) => rest.push(word.clone()),
            (Some(mysql::InitCommand::Joined(value)), Place::Sure) => statement = Some(value),
            (Some(mysql::InitCommand::Apart), Place::Sure) => statement = words.next().map(|(word, _)| word.clone()),
            (Some(_), _) => return Err(Refusal::new(shown(word), Why::ReadOnly)),
        }
    }
    Ok((statement, rest))
}

/// How a word in the place of an option is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// Complete in itself.
    Own,
    /// The next word is its value.
    Takes,
    /// Some client may take the next word as its value, another not.
    Either,
    /// Not an option.
    Operand,
    /// `--`: no options after this one.
    End,
}

/// Follows every way in which the list can be read.
///
/// What a word means depends only on whether it stands in an option's place, so it is enough to
/// know for each place whether some reading gets there: no reading is lost, and the time is linear.
fn walk(
    args: &[OsString],
    read: impl Fn(&OsStr) -> Result<Reading, Refusal>,
    operand: impl Fn(&OsStr) -> Result<(), Refusal>,
    after_end: impl Fn(&OsStr) -> Result<(), Refusal>,
) -> Result<Vec<Place>, Refusal> {
    let mut places = vec![Place::Unreached; args.len() + 2];
    places[0] = Place::Sure;
    let mut ended = false;
    for (here, word) in args.iter().enumerate() {
        if ended {
            after_end(word)?;
        }
        let doubt = match places[here] {
            Place::Unreached => continue,
            Place::Sure => None,
            Place::After(option) => Some(option),
        };
        let explain = |refusal| match doubt {
            Some(option) => Refusal::new(shown(&args[option]), Why::Unclear),
            None => refusal,
        };
        let place = doubt.map_or(Place::Sure, Place::After);
        match read(word).map_err(explain)? {
            Reading::Own => places[here + 1].reach(place),
            Reading::Takes if here + 1 == args.len() => {
                return Err(explain(Refusal::new(shown(word), Why::NoValue)));
            }
            Reading::Takes => places[here + 2].reach(place),
            Reading::Either => {
                places[here + 1].reach(Place::After(doubt.unwrap_or(here)));
                places[here + 2].reach(Place::After(doubt.unwrap_or(here)));
            }
            Reading::Operand => {
                operand(word).map_err(explain)?;
                places[here + 1].reach(place);
            }
            Reading::End => ended = true,
        }
    }
    Ok(places)
}

/// Whether a word can stand in an option's place.
#[derive(Clone, Copy)]
enum Place {
    /// No: it is always some option's value.
    Unreached,
    /// Yes, in every client.
    Sure,
    /// Yes, if the unknown option at this position takes its value one way and not the other.
    After(usize),
}

impl Place {
    fn reach(&mut self, by: Self) {
        if !matches!(self, Self::Sure) {
            *self = by;
        }
    }
}

const PASSWORD: &str = "password";

/// An option as it may be shown: without its value, and without anything but plain letters.
fn shown(word: &OsStr) -> String {
    let bytes = word.as_encoded_bytes();
    if let Some(long) = bytes.strip_prefix(b"--") {
        let name = long.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
        let mut name: String = name.map(|c| char::from(*c)).collect();
        // What follows could be one, with the `=` forgotten.
        if let Some(at) = name.to_ascii_lowercase().find(PASSWORD) {
            name.truncate(at + PASSWORD.len());
        }
        return format!("--{name}");
    }
    let letter = bytes.get(1).filter(|c| c.is_ascii_graphic());
    format!("-{}", letter.map_or('?', |c| char::from(*c)))
}
