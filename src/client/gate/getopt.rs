//! Reads one argument as GNU's `getopt_long` does, which PostgreSQL's programs use, and as Python's
//! `click` does, which pgcli and mycli use: `click` takes no abbreviations, so it is read more
//! strictly than it reads. Debian's wrapper in front of the former is thought of too.
//!
//! Unique prefixes, clustered letters, options after names. Where names without an option are
//! refused, it makes no difference whether the parser stops at them.

use std::ffi::{OsStr, OsString};

use super::{Reading, Refusal, Why, shown};

/// The options of one program, in every version known.
#[derive(Debug)]
pub(super) struct Table {
    /// Long options that may pass and take no required value, with spaces between.
    pub(super) plain: &'static str,
    /// Long options that may pass and take a value.
    pub(super) valued: &'static str,
    /// Letters that may pass and take no value.
    pub(super) flags: &'static [u8],
    /// Letters that may pass and take the rest of the word or the next word.
    pub(super) takes: &'static [u8],
    /// Long options that may not pass.
    pub(super) refused: &'static [(&'static str, Why)],
    /// Letters that may not.
    pub(super) refused_letters: &'static [(u8, Why)],
    /// Beginnings of long options that may not, known today or not.
    pub(super) stems: &'static [(&'static str, Why)],
    /// Whether names without an option may pass.
    pub(super) operands: bool,
    /// Whether it may be Debian's wrapper that reads them first.
    pub(super) wrapped: bool,
}

impl Table {
    /// Long options that may pass: the name, and whether a value is required.
    fn long(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let named = |names: &'static str, valued| names.split_whitespace().map(move |name| (name, valued));
        named(self.plain, false).chain(named(self.valued, true))
    }
}

/// Refuses what Debian's wrapper would act on: it looks at every word before the first `--`, the
/// values of other options included, and takes `--cluster` out of the list.
///
/// What else it looks for (`-h`, `-p`, `service=`) only matters to it without PGHOST, which a launch
/// always sets.
pub(super) fn check_wrapper(table: &Table, args: &[OsString]) -> Result<(), Refusal> {
    if !table.wrapped {
        return Ok(());
    }
    let cluster = |word: &&OsString| {
        let bytes = word.as_encoded_bytes();
        bytes == b"--cluster" || bytes.starts_with(b"--cluster=")
    };
    args.iter().find(cluster).map_or(Ok(()), |word| Err(Refusal::new(shown(word), Why::Cluster)))
}

/// Reads a word that stands where an option may stand.
pub(super) fn read(table: &Table, word: &OsStr) -> Result<Reading, Refusal> {
    match word.as_encoded_bytes() {
        b"--" => Ok(Reading::End),
        [b'-', b'-', long @ ..] => read_long(table, word, long),
        [b'-', letters @ ..] if !letters.is_empty() => read_short(table, letters),
        _ => Ok(Reading::Operand),
    }
}

/// Refuses a name without an option where it would be a database or a user: psql would ignore it
/// beside our connection string, and the statements would run in another database than the one typed.
pub(super) fn operand(table: &Table, word: &OsStr) -> Result<(), Refusal> {
    if table.operands {
        return Ok(());
    }
    // A connection string may hold a password, and a stray word may be one that lost its option.
    let text = word.to_str().unwrap_or_default();
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let shown = if !text.is_empty() && text.chars().all(name) { text } else { "..." };
    Err(Refusal::new(shown, Why::Database))
}

fn read_long(table: &Table, word: &OsStr, long: &[u8]) -> Result<Reading, Refusal> {
    let end = long.iter().position(|c| *c == b'=');
    let name = &long[..end.unwrap_or(long.len())];
    if let Some((_, why)) = table.stems.iter().find(|(stem, _)| name.starts_with(stem.as_bytes())) {
        return Err(Refusal::new(shown(word), *why));
    }
    let short_for = |full: &str| full.as_bytes().starts_with(name);
    let exact = table.long().find(|(full, _)| full.as_bytes() == name);
    let refused = table.refused.iter().find(|(full, _)| short_for(full));
    if let (None, Some((full, why))) = (exact, refused) {
        let others = table.long().map(|(full, _)| full).chain(table.refused.iter().map(|(full, _)| *full));
        let alone = full.len() == name.len() || others.filter(|full| short_for(full)).count() == 1;
        return Err(Refusal::new(shown(word), if alone { *why } else { Why::Abbreviated }));
    }
    if end.is_some() {
        return Ok(Reading::Own);
    }
    // A prefix that fits several options makes psql stop; all that it could fit must agree anyway.
    let mut fitting = table.long().filter(|(full, _)| exact.map_or(short_for(full), |(name, _)| name == *full));
    let Some((_, takes)) = fitting.next() else { return Ok(Reading::Either) };
    Ok(match (takes, fitting.all(|(_, other)| other == takes)) {
        (true, true) => Reading::Takes,
        (false, true) => Reading::Own,
        (_, false) => Reading::Either,
    })
}

fn read_short(table: &Table, letters: &[u8]) -> Result<Reading, Refusal> {
    let mut unknown = false;
    for (at, letter) in letters.iter().enumerate() {
        let last = at + 1 == letters.len();
        if let Some((_, why)) = table.refused_letters.iter().find(|(refused, _)| refused == letter) {
            return Err(Refusal::new(format!("-{}", char::from(*letter)), *why));
        }
        if table.takes.contains(letter) {
            return Ok(match (last, unknown) {
                (false, _) => Reading::Own,
                (true, true) => Reading::Either,
                (true, false) => Reading::Takes,
            });
        }
        if !table.flags.contains(letter) {
            if last {
                return Ok(Reading::Either);
            }
            // It may be a flag, then the letters after it count; or they are its value.
            unknown = true;
        }
    }
    Ok(Reading::Own)
}
