//! Reads one argument as psql would, and as Debian's wrapper in front of it would.
//!
//! psql 15 and 18 (same options), by GNU's `getopt_long`: unique prefixes, clustered letters, options
//! after names. Names without an option are refused in every place, so it makes no difference
//! whether the parser stops at them.

use std::ffi::{OsStr, OsString};

use super::{Reading, Refusal, Why, shown};

/// Long options that may pass: the name, and whether a value is required.
const LONG: &[(&str, bool)] = &[
    ("command", true),
    ("csv", false),
    ("echo-all", false),
    ("echo-errors", false),
    ("echo-hidden", false),
    ("echo-queries", false),
    ("expanded", false),
    ("field-separator", true),
    ("field-separator-zero", false),
    ("file", true),
    ("help", false),
    ("html", false),
    ("list", false),
    ("log-file", true),
    ("no-align", false),
    ("no-password", false),
    ("no-psqlrc", false),
    ("no-readline", false),
    ("output", true),
    ("pset", true),
    ("quiet", false),
    ("record-separator", true),
    ("record-separator-zero", false),
    ("set", true),
    ("single-line", false),
    ("single-step", false),
    ("single-transaction", false),
    ("table-attr", true),
    ("tuples-only", false),
    ("variable", true),
    ("version", false),
];

/// Long options that may not.
const REFUSED: &[(&str, Why)] = &[
    ("dbname", Why::Database),
    ("host", Why::Host),
    ("port", Why::Port),
    ("username", Why::User),
    ("password", Why::Password),
    ("cluster", Why::Cluster),
];

/// Refuses what Debian's wrapper would act on: it looks at every word before the first `--`, the
/// values of other options included, and takes `--cluster` out of the list.
///
/// What else it looks for (`-h`, `-p`, `service=`) only matters to it without PGHOST, which a launch
/// always sets.
pub(super) fn check_wrapper(args: &[OsString]) -> Result<(), Refusal> {
    let cluster = |word: &&OsString| {
        let bytes = word.as_encoded_bytes();
        bytes == b"--cluster" || bytes.starts_with(b"--cluster=")
    };
    args.iter().find(cluster).map_or(Ok(()), |word| Err(Refusal::new(shown(word), Why::Cluster)))
}

/// Reads a word that stands where an option may stand.
pub(super) fn read(word: &OsStr) -> Result<Reading, Refusal> {
    match word.as_encoded_bytes() {
        b"--" => Ok(Reading::End),
        [b'-', b'-', long @ ..] => read_long(word, long),
        [b'-', letters @ ..] if !letters.is_empty() => read_short(letters),
        _ => Ok(Reading::Operand),
    }
}

/// Refuses a name without an option: psql would ignore it beside our connection string, and the
/// statements would run in another database than the one typed.
pub(super) fn operand(word: &OsStr) -> Result<(), Refusal> {
    // A connection string may hold a password, and a stray word may be one that lost its option.
    let text = word.to_str().unwrap_or_default();
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let shown = if !text.is_empty() && text.chars().all(name) { text } else { "..." };
    Err(Refusal::new(shown, Why::Database))
}

fn read_long(word: &OsStr, long: &[u8]) -> Result<Reading, Refusal> {
    let end = long.iter().position(|c| *c == b'=');
    let name = &long[..end.unwrap_or(long.len())];
    let short_for = |full: &str| full.as_bytes().starts_with(name);
    let exact = LONG.iter().find(|(full, _)| full.as_bytes() == name);
    let refused = REFUSED.iter().find(|(full, _)| short_for(full));
    if let (None, Some((full, why))) = (exact, refused) {
        let others = LONG.iter().map(|(full, _)| full).chain(REFUSED.iter().map(|(full, _)| full));
        let alone = full.len() == name.len() || others.filter(|full| short_for(full)).count() == 1;
        return Err(Refusal::new(shown(word), if alone { *why } else { Why::Abbreviated }));
    }
    if end.is_some() {
        return Ok(Reading::Own);
    }
    // A prefix that fits several options makes psql stop; all that it could fit must agree anyway.
    let mut fitting = LONG.iter().filter(|(full, _)| exact.map_or(short_for(full), |(name, _)| name == full));
    let Some((_, takes)) = fitting.next() else { return Ok(Reading::Either) };
    Ok(match (takes, fitting.all(|(_, other)| other == takes)) {
        (true, true) => Reading::Takes,
        (false, true) => Reading::Own,
        (_, false) => Reading::Either,
    })
}

fn read_short(letters: &[u8]) -> Result<Reading, Refusal> {
    let mut unknown = false;
    for (at, letter) in letters.iter().enumerate() {
        let last = at + 1 == letters.len();
        let refused = match letter {
            b'd' => Some(Why::Database),
            b'h' => Some(Why::Host),
            b'p' => Some(Why::Port),
            b'U' => Some(Why::User),
            b'W' => Some(Why::Password),
            _ => None,
        };
        if let Some(why) = refused {
            return Err(Refusal::new(format!("-{}", char::from(*letter)), why));
        }
        match letter {
            b'c' | b'f' | b'F' | b'L' | b'o' | b'P' | b'R' | b'T' | b'v' => {
                return Ok(match (last, unknown) {
                    (false, _) => Reading::Own,
                    (true, true) => Reading::Either,
                    (true, false) => Reading::Takes,
                });
            }
            b'a' | b'A' | b'b' | b'e' | b'E' | b'H' | b'l' | b'n' | b'q' | b's' | b'S' | b't' | b'V' | b'w' | b'x'
            | b'X' | b'z' | b'?' | b'0' | b'1' => {}
            _ if last => return Ok(Reading::Either),
            // It may be a flag, then the letters after it count; or they are its value.
            _ => unknown = true,
        }
    }
    Ok(Reading::Own)
}
