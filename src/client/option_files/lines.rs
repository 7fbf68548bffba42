//! The lines of the mysql clients' option files, to tell where one setting ends and the next begins.
//!
//! They are evidence only: what is set, and in which order, the client says. So neither groups nor
//! the order of files matter here, and a line that is read wrongly merely proves nothing.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use super::Family;
use super::output::given;
use super::settings::find;

/// What Oracle's client prints instead of a password.
pub(super) const MASK: &[u8] = b"*****";

/// How deep files may include each other; the clients stop at ten, too.
const DEPTH: u32 = 10;

/// The settings that stand in option files, each as the client would print it, with the groups that
/// have it (an empty one where no group was named before it).
#[derive(Default)]
pub struct Lines(BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>);

impl fmt::Debug for Lines {
    /// Shows how many there are: a password may be among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lines({})", self.0.len())
    }
}

/// Where the clients look for option files: the places of all builds known, which is more than any
/// one client reads. `of_variables` are the directories that `MYSQL_HOME` and `MARIADB_HOME` name.
#[must_use]
pub fn places<'a>(home: Option<&Path>, of_variables: impl IntoIterator<Item = &'a Path>) -> Vec<PathBuf> {
    const DIRECTORIES: [&str; 7] = [
        "/etc",
        "/etc/mysql",
        "/usr/etc",
        "/usr/local/etc",
        "/usr/local/mysql/etc",
        "/opt/homebrew/etc",
        "/opt/local/etc",
    ];
    let directories = DIRECTORIES.iter().map(Path::new).chain(of_variables);
    let system = directories.map(|directory| directory.join("my.cnf"));
    system.chain(home.map(|home| home.join(".my.cnf"))).collect()
}

/// Where a client says in its `--help` that it looks for settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The files, of which `~` is the home directory.
    pub places: Vec<String>,
    /// The groups in them.
    pub groups: Vec<String>,
}

impl Search {
    /// Reads it off the help; nothing when that cannot be done.
    #[must_use]
    pub fn from_help(help: &[u8]) -> Option<Self> {
        let help = std::str::from_utf8(help).ok()?;
        let mut lines =
            help.lines().skip_while(|line| !line.starts_with("Default options are read from the following"));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let places = words(lines.nth(1)?);
        let groups = words(lines.next()?.strip_prefix("The following groups are read:")?);
        // A directory with a space in its name would be cut in two.
        let whole = |place: &String| (place.starts_with('/') && place.ends_with("/my.cnf")) || place == "~/.my.cnf";
        (!places.is_empty() && places.iter().all(whole) && !groups.is_empty()).then_some(Self { places, groups })
    }
}

impl Lines {
    /// Whether one of them, in one of these groups, sets what could be carried over.
    #[must_use]
    pub fn hold_harmless(&self, groups: &[String], family: Family) -> bool {
        // Case makes no difference to a client (all three measured).
        let is = |group: &[u8], read: &String| read.as_bytes().eq_ignore_ascii_case(group);
        let counts = |group: &Vec<u8>| group.is_empty() || groups.iter().any(|read| is(group, read));
        let harmless = |line: &[u8]| given(&line[2..]).is_some_and(|option| find(&option.name, family).is_some());
        self.0.iter().any(|(line, groups)| groups.iter().any(counts) && harmless(line))
    }

    /// Collects the lines of these files and of those that they include.
    ///
    /// `read` gives a file's content, `entries` the files of a directory; both nothing for what is
    /// not there.
    pub fn collect(
        places: &[PathBuf],
        read: &dyn Fn(&Path) -> Option<Vec<u8>>,
        entries: &dyn Fn(&Path) -> Vec<PathBuf>,
    ) -> Self {
        let mut lines = Self::default();
        for place in places {
            lines.add(place, read, entries, DEPTH);
        }
        lines
    }

    fn add(
        &mut self,
        file: &Path,
        read: &dyn Fn(&Path) -> Option<Vec<u8>>,
        entries: &dyn Fn(&Path) -> Vec<PathBuf>,
        depth: u32,
    ) {
        let Some(content) = read(file).filter(|_| depth > 0) else { return };
        let mut group: &[u8] = b"";
        for line in content.split(|c| *c == b'\n').map(<[u8]>::trim_ascii) {
            let directive = line.strip_prefix(b"!").map(<[u8]>::trim_ascii_start);
            if let Some(directory) = directive.and_then(|directive| directive.strip_prefix(b"includedir")) {
                for entry in entries(&path(directory)) {
                    if entry.extension().is_some_and(|e| e == "cnf") {
                        self.add(&entry, read, entries, depth - 1);
                    }
                }
            } else if let Some(included) = directive.and_then(|directive| directive.strip_prefix(b"include")) {
                self.add(&path(included), read, entries, depth - 1);
            } else if let Some(rest) = line.strip_prefix(b"[") {
                group = rest.split(|c| *c == b']').next().unwrap_or_default().trim_ascii();
            } else if !matches!(line.first(), None | Some(b'#' | b';' | b'!')) {
                self.0.entry(printed(line)).or_default().insert(group.to_owned());
            }
        }
    }

    /// Cuts the client's list into these lines (without their dashes), if there is one way to do it.
    pub(super) fn cut<'a>(&self, list: &'a [u8], family: Family) -> Option<Vec<&'a [u8]>> {
        let masked = |line: &Vec<u8>| {
            let option = given(&line[2..])?;
            let shown = option.value.is_some() && masked(&option.name, family);
            shown.then(|| [&line[..2 + option.value_at], MASK].concat())
        };
        let lines: BTreeSet<Vec<u8>> = self.0.keys().map(|line| masked(line).unwrap_or_else(|| line.clone())).collect();
        // From each place, backwards: the one line that can stand there, if the rest can be cut too.
        let mut next: Vec<Cut> = vec![Cut::No; list.len() + 2];
        next[list.len() + 1] = Cut::End;
        for at in (0..list.len()).rev().filter(|at| list[*at..].starts_with(b"--")) {
            for line in &lines {
                let end = at + line.len();
                let stands = list[at..].starts_with(line) && list.get(end).is_none_or(|c| *c == b' ');
                next[at] = match (stands.then(|| next[end + 1]), next[at]) {
                    (None | Some(Cut::No), so_far) => so_far,
                    (Some(Cut::One(_) | Cut::End), Cut::No) => Cut::One(end),
                    (Some(_), _) => Cut::Many,
                };
            }
        }
        let mut settings = Vec::new();
        let mut at = 0;
        while let Cut::One(end) = next[at] {
            settings.push(&list[at + 2..end]);
            at = end + 1;
        }
        matches!(next[at], Cut::End).then_some(settings)
    }
}

/// In how many ways the list can be cut from one place on.
#[derive(Clone, Copy)]
enum Cut {
    No,
    /// In one way: the first setting ends here.
    One(usize),
    Many,
    /// The list is at its end.
    End,
}

/// Whether the client prints stars for the option's value.
pub(super) fn masked(name: &str, family: Family) -> bool {
    family == Family::Oracle && matches!(name, "password" | "password1")
}

fn path(rest: &[u8]) -> PathBuf {
    String::from_utf8_lossy(rest.trim_ascii()).into_owned().into()
}

/// A line as the client prints it: comment and quotes gone, escapes resolved.
fn printed(line: &[u8]) -> Vec<u8> {
    let line = without_comment(line).trim_ascii();
    let Some(equals) = line.iter().position(|c| *c == b'=') else { return [b"--", line].concat() };
    let mut value = line[equals + 1..].trim_ascii();
    if let [first @ (b'"' | b'\''), inner @ .., last] = value
        && first == last
    {
        value = inner;
    }
    let mut printed = [b"--", line[..equals].trim_ascii_end(), b"="].concat();
    let mut rest = value.iter().copied();
    while let Some(c) = rest.next() {
        let escaped = if c == b'\\' { rest.next() } else { None };
        match escaped {
            None => printed.push(c),
            Some(b'n') => printed.push(b'\n'),
            Some(b't') => printed.push(b'\t'),
            Some(b'r') => printed.push(b'\r'),
            Some(b'b') => printed.push(8),
            Some(b's') => printed.push(b' '),
            Some(same @ (b'"' | b'\'' | b'\\')) => printed.push(same),
            Some(other) => printed.extend_from_slice(&[b'\\', other]),
        }
    }
    printed
}

/// Cuts a line at the first `#` outside quotes.
fn without_comment(line: &[u8]) -> &[u8] {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in line.iter().enumerate() {
        if matches!(c, b'"' | b'\'') && !escaped {
            match quote {
                None => quote = Some(*c),
                Some(open) if open == *c => quote = None,
                Some(_) => {}
            }
        }
        if quote.is_none() && *c == b'#' {
            return &line[..at];
        }
        escaped = quote.is_some() && *c == b'\\' && !escaped;
    }
    line
}
