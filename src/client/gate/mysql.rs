//! Reads one argument as the clients of Oracle and MariaDB would, both at once.
//!
//! Measured with Oracle 9.7 and MariaDB 10.11 and 11.8. MariaDB takes any unique prefix, any case,
//! and a dotted name for what follows the dot (`--x.host` is `--host`). Both take `_` for `-` and the
//! prefixes below, in any number. Oracle 9.7 parses what is left after `--` a second time.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use super::mysql_options::{Arity, Known, Letter, Options, STEMS};
use super::{Reading, Refusal, Why};

/// Words that may stand before an option's name, more than one of them too.
const PREFIXES: [&str; 6] = ["skip-", "disable-", "enable-", "maximum-", "loose-", "autoset-"];

/// Reads a word that stands where an option may stand.
pub(super) fn read(options: &Options, word: &OsStr) -> Result<Reading, Refusal> {
    let bytes = word.as_encoded_bytes();
    match bytes {
        b"--" => Ok(Reading::End),
        [b'-', b'-', long @ ..] => read_long(options, long),
        [b'-', letters @ ..] if !letters.is_empty() => read_short(options, letters),
        _ => Ok(Reading::Operand),
    }
}

fn read_long(options: &Options, long: &[u8]) -> Result<Reading, Refusal> {
    let end = long.iter().position(|c| *c == b'=');
    let typed = &long[..end.unwrap_or(long.len())];
    let name = plain(typed).map_err(|good| Refusal::new(format!("--{good}"), Why::Malformed))?;
    let arity = judge(options, &name).map_err(|no| {
        let shown = name_as_typed(&typed[..no.shown]);
        Refusal::new(format!("--{shown}"), no.why)
    })?;
    Ok(match arity {
        _ if end.is_some() => Reading::Own,
        Some(Arity::Flag | Arity::Optional) => Reading::Own,
        Some(Arity::Required) => Reading::Takes,
        None => Reading::Either,
    })
}

/// The name in the clients' own spelling; or, for one that no client has, as much of it as is plain.
fn plain(typed: &[u8]) -> Result<String, String> {
    let good = typed.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_')).count();
    // A dot never gets here: MariaDB would take what follows it for the option's name.
    if good < typed.len() || typed.first().is_none_or(|c| !c.is_ascii_alphanumeric()) {
        return Err(name_as_typed(&typed[..good]));
    }
    Ok(name_as_typed(typed).to_ascii_lowercase().replace('_', "-"))
}

fn name_as_typed(plain: &[u8]) -> String {
    plain.iter().map(|c| char::from(*c)).collect()
}

/// A word that sets the statement at the start of the session.
pub(super) enum InitCommand {
    /// With its value.
    Joined(OsString),
    /// The next word is its value.
    Apart,
    /// In a spelling that only some clients take, or with a prefix.
    Odd,
}

/// Reads a word that stands where an option may stand as `--init-command`, if it could be that.
pub(super) fn init_command(word: &OsStr) -> Option<InitCommand> {
    let long = word.as_bytes().strip_prefix(b"--")?;
    let end = long.iter().position(|c| *c == b'=');
    let name = plain(&long[..end.unwrap_or(long.len())]).ok()?;
    let mut rest = name.as_str();
    while let Some(stripped) = PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        rest = stripped;
    }
    if rest.is_empty() || !"init-command".starts_with(rest) {
        return None;
    }
    Some(match end {
        _ if name != "init-command" => InitCommand::Odd,
        Some(end) => InitCommand::Joined(OsStr::from_bytes(&long[end + 1..]).to_owned()),
        None => InitCommand::Apart,
    })
}

/// Whether a word that stands where an option may stand chooses databases itself, abbreviated or
/// not: what follows, if anything, is then no database of ours and its tables.
pub(super) fn chooses_databases(options: &Options, word: &OsStr) -> bool {
    match word.as_bytes() {
        [b'-', b'-', long @ ..] => plain(long).is_ok_and(|name| {
            name.len() > 2 && ["databases", "all-databases"].iter().any(|full| full.starts_with(name.as_str()))
        }),
        [b'-', letters @ ..] => {
            let flags = letters.iter().take_while(|letter| !options.takes.contains(letter));
            flags.copied().any(|letter| options.flags.contains(&letter) && matches!(letter, b'A' | b'B'))
        }
        _ => false,
    }
}

/// Why a name is refused.
struct No {
    why: Why,
    /// How much of the name may be shown: what follows `password` could be one.
    shown: usize,
}

/// Judges an option's name; `None` for the arity when it is not known or not the same everywhere.
fn judge(options: &Options, name: &str) -> Result<Option<Arity>, No> {
    let mut rest = name;
    loop {
        let shown = name.len();
        if let Some(option) = options.known(rest) {
            return match option.refused {
                Some(why) => Err(No { why, shown }),
                None => Ok(arity(&option, rest == name)),
            };
        }
        if rest.is_empty() {
            return Err(No { why: Why::Malformed, shown });
        }
        for (stem, why) in STEMS {
            if rest.starts_with(stem) {
                let shown = match why {
                    Why::Password => name.len() - rest.len() + stem.len(),
                    _ => shown,
                };
                return Err(No { why: *why, shown });
            }
        }
        if let Some(why) = short_for(options, rest) {
            return Err(No { why, shown });
        }
        match PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
            Some(stripped) => rest = stripped,
            None => return Ok(None),
        }
    }
}

/// Why a beginning of names is refused: for what it is short for, if that is one thing only.
fn short_for(options: &Options, beginning: &str) -> Option<Why> {
    let stems = STEMS.iter().map(|(stem, why)| (*stem, Some(*why)));
    let options = options.each().map(|option| (option.name, option.refused));
    let mut fitting = options.chain(stems).filter(|(full, _)| full.starts_with(beginning)).map(|(_, why)| why);
    let first = fitting.next()?;
    let mut any = first.is_some();
    let mut same = true;
    for why in fitting {
        any |= why.is_some();
        same &= why == first;
    }
    if same { first } else { any.then_some(Why::Abbreviated) }
}

/// The arity on which both families agree. Behind a prefix such as `--skip-` a value that is
/// required comes from the prefix (or, with `--loose-`, from the next word): not relied upon.
fn arity(option: &Known, bare: bool) -> Option<Arity> {
    let agreed = match (option.mariadb, option.oracle) {
        (Some(one), Some(other)) if one == other => Some(one),
        // Neither a flag nor an optional value ever takes the next word.
        (Some(one), Some(other)) if one != Arity::Required && other != Arity::Required => Some(Arity::Flag),
        _ => None,
    };
    agreed.filter(|arity| bare || *arity != Arity::Required)
}

fn read_short(options: &Options, letters: &[u8]) -> Result<Reading, Refusal> {
    let mut unknown = false;
    for (at, letter) in letters.iter().enumerate() {
        let last = at + 1 == letters.len();
        match options.letter(*letter) {
            Letter::Refused(why) => {
                return Err(Refusal::new(format!("-{}", char::from(*letter)), why));
            }
            Letter::Flag => {}
            Letter::Takes if !last => return Ok(Reading::Own),
            Letter::Takes if unknown => return Ok(Reading::Either),
            Letter::Takes => return Ok(Reading::Takes),
            Letter::Unknown if last => return Ok(Reading::Either),
            // It may be a flag, then the letters after it count; or they are its value.
            Letter::Unknown => unknown = true,
        }
    }
    Ok(Reading::Own)
}
