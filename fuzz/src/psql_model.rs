//! What psql makes of its arguments: an own small `getopt_long`, from psql's table of options (15 and 18)
//! and the manual page of getopt, to hold against the argument gate.

const SHORT: &[u8] = b"aAbc:d:eEf:F:h:HlL:no:p:P:qR:sStT:U:v:VwWxXz?01";

/// Name, whether a value is required, and the letter that it stands for.
const LONG: &[(&str, bool, u8)] = &[
    ("echo-all", false, b'a'),
    ("no-align", false, b'A'),
    ("command", true, b'c'),
    ("dbname", true, b'd'),
    ("echo-queries", false, b'e'),
    ("echo-errors", false, b'b'),
    ("echo-hidden", false, b'E'),
    ("file", true, b'f'),
    ("field-separator", true, b'F'),
    ("field-separator-zero", false, b'z'),
    ("host", true, b'h'),
    ("html", false, b'H'),
    ("list", false, b'l'),
    ("log-file", true, b'L'),
    ("no-readline", false, b'n'),
    ("single-transaction", false, b'1'),
    ("output", true, b'o'),
    ("port", true, b'p'),
    ("pset", true, b'P'),
    ("quiet", false, b'q'),
    ("record-separator", true, b'R'),
    ("record-separator-zero", false, b'0'),
    ("single-step", false, b's'),
    ("single-line", false, b'S'),
    ("tuples-only", false, b't'),
    ("table-attr", true, b'T'),
    ("username", true, b'U'),
    ("set", true, b'v'),
    ("variable", true, b'v'),
    ("version", false, b'V'),
    ("no-password", false, b'w'),
    ("password", false, b'W'),
    ("expanded", false, b'x'),
    ("no-psqlrc", false, b'X'),
    ("help", false, b'?'),
    ("csv", false, b'C'),
];

/// The names of all long options.
pub fn names() -> impl Iterator<Item = &'static str> {
    LONG.iter().map(|(name, ..)| *name)
}

/// Whether psql, given these words after ours, would look at another database, host, port or user, ask for
/// a password, or ignore a name. It stops at the first error, before it connects.
pub fn moves(words: &[&[u8]]) -> bool {
    let mut names = false;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if *word == b"--" {
            return names || at < words.len();
        }
        if let Some(long) = word.strip_prefix(b"--") {
            let end = long.iter().position(|c| *c == b'=');
            let name = &long[..end.unwrap_or(long.len())];
            let exact = LONG.iter().find(|(full, ..)| full.as_bytes() == name);
            let fitting: Vec<_> = LONG.iter().filter(|(full, ..)| full.as_bytes().starts_with(name)).collect();
            // Several names of one option are no contradiction.
            let unique = fitting.first().filter(|first| fitting.iter().all(|o| (o.1, o.2) == (first.1, first.2)));
            let Some((_, required, letter)) = exact.or(unique.copied()) else { return false };
            if critical(*letter) {
                return true;
            }
            match (required, end) {
                (true, None) if at == words.len() => return false,
                (true, None) => at += 1,
                // `--help=commands` is the one optional value.
                (false, Some(_)) if *letter != b'?' => return false,
                _ => {}
            }
        } else if let Some(letters) = word.strip_prefix(b"-").filter(|letters| !letters.is_empty()) {
            for (place, letter) in letters.iter().enumerate() {
                let Some(known) = SHORT.iter().position(|c| c == letter && *c != b':') else { return false };
                if critical(*letter) {
                    return true;
                }
                if SHORT.get(known + 1) == Some(&b':') {
                    if place + 1 == letters.len() {
                        if at == words.len() {
                            return false;
                        }
                        at += 1;
                    }
                    break;
                }
            }
        } else {
            names = true;
        }
    }
    names
}

fn critical(letter: u8) -> bool {
    b"dhpUW".contains(&letter)
}
