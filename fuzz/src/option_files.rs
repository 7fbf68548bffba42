//! What is carried over from option files. The input is the lines of a file; one that begins with `~`
//! stands in the file without the `~` and is not the client's (another group), the others it prints.

use rdsconnect::client::gate::{Grammar, check};
use rdsconnect::client::option_files::{Carried, Family, Lines, carry_over};
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// A setting as somebody else reads it: negated, and the value.
type Meaning = (bool, Option<Vec<u8>>);

/// Names of which none may ever be carried over, in the clients' own spelling.
const NEVER: [&str; 12] =
    ["host", "port", "socket", "protocol", "user", "pass", "ssl", "tls", "plugin", "default-auth", "defaults", "login"];

/// Settings that may hold any text.
const FREE: [&str; 14] = [
    "prompt",
    "pager",
    "init-command",
    "init-command-add",
    "delimiter",
    "histignore",
    "user",
    "password",
    "password1",
    "host",
    "socket",
    "database",
    "tee",
    "ssl-ca",
];

/// Runs the body.
///
/// # Panics
/// When a rule does not hold.
pub fn run(data: &[u8]) {
    for family in [Family::Oracle, Family::MariaDb] {
        // Any output at all.
        passes(&carry_over(data, None, family));

        let (settings, content) = file(data);
        let output = printed(&settings, family);
        let lines = Lines::collect(&[PathBuf::from("my.cnf")], &|_: &Path| Some(content.clone()), &|_| Vec::new());
        let asked = lines.hold_harmless(&["client".to_owned()], family);
        for lines in [Some(&lines), None] {
            let carried = carry_over(&output, lines, family);
            passes(&carried);
            meant(&carried, &settings, family);
            // Else a client that is known would not have been asked.
            assert!(carried.args.is_empty() || asked, "{carried:?} ({family:?})");
        }
    }
}

/// Whatever is carried over gets through the gate and opens it for nothing.
fn passes(carried: &Carried) {
    assert_eq!(check(Grammar::MySql, &carried.args), Ok(()));
    for arg in &carried.args {
        assert_eq!(check(Grammar::MySql, std::slice::from_ref(arg)), Ok(()));
        let bytes = arg.as_bytes().strip_prefix(b"--").expect("an option");
        let name = bytes.split(|c| *c == b'=').next().unwrap_or_default();
        let name = String::from_utf8(name.to_vec()).expect("letters");
        let name = name.trim_start_matches("loose-").trim_start_matches("skip-");
        assert!(!NEVER.iter().any(|never| name.starts_with(never)), "{}", arg.display());
        assert!(!bytes.contains(&0), "{}", arg.display());
    }
    for bad in ["--host=evil", "-pX", "--skip-ssl"] {
        let list = [carried.args.as_slice(), &[bad.into()]].concat();
        assert!(check(Grammar::MySql, &list).is_err(), "{bad} passes behind {carried:?}");
    }
    assert!(carried.dropped.is_sorted());
}

/// Nothing is misread: the last of each setting that is carried over is the last of that name in the file.
fn meant(carried: &Carried, settings: &[&[u8]], family: Family) {
    let last =
        |settings: &mut dyn Iterator<Item = &[u8]>| settings.filter_map(meaning).collect::<BTreeMap<String, Meaning>>();
    let truth = last(&mut settings.iter().copied());
    let got = last(&mut carried.args.iter().map(|arg| &arg.as_bytes()[2..]));
    for (name, meaning) in got {
        assert_eq!(truth.get(&name), Some(&meaning), "`{name}` ({family:?}) of {carried:?}");
    }
}

/// A setting's name without prefixes, and what it says.
fn meaning(setting: &[u8]) -> Option<(String, Meaning)> {
    let mut halves = setting.splitn(2, |c| *c == b'=');
    let name = halves.next().unwrap_or_default().to_ascii_lowercase();
    let name = String::from_utf8(name).ok()?.replace('_', "-");
    let name = name.strip_prefix("loose-").unwrap_or(&name);
    let negated = name.starts_with("skip-") || name.starts_with("disable-");
    let name = ["skip-", "disable-", "enable-"].iter().find_map(|p| name.strip_prefix(p)).unwrap_or(name);
    Some((name.to_owned(), (negated, halves.next().map(<[u8]>::to_vec))))
}

/// The settings in the client's groups, and the whole file. Only lines that mean the same quoted and not,
/// so that what they say is beyond doubt.
fn file(data: &[u8]) -> (Vec<&[u8]>, Vec<u8>) {
    let plain = |line: &&[u8]| {
        !line.is_empty() && *line == line.trim_ascii() && !line.iter().any(|c| b"\"'\\#\r\x0b\x0c\0".contains(c)) && {
            let equals = line.iter().position(|c| *c == b'=');
            let (name, value) = line.split_at(equals.unwrap_or(line.len()));
            let value = value.strip_prefix(b"=").unwrap_or_default();
            // A name with a space is no option of any client; printed, it cannot be told from two.
            value == value.trim_ascii()
                && !name.is_empty()
                && !name.contains(&b' ')
                && (!has_dashes(value) || is_free(name))
        }
    };
    let mut settings = Vec::new();
    let mut content = b"[client]\n".to_vec();
    for line in data.split(|c| *c == b'\n') {
        let other = line.strip_prefix(b"~");
        let line = other.unwrap_or(line);
        if !plain(&line) || b";[!".contains(&line[0]) {
            continue;
        }
        if other.is_none() {
            settings.push(line);
        }
        content.extend_from_slice(line);
        content.push(b'\n');
    }
    (settings, content)
}

fn has_dashes(value: &[u8]) -> bool {
    value.windows(3).any(|three| three == b" --")
}

/// Whether a setting may hold any text. No client starts with ` --` in a number, a switch or a word, so
/// none is ever printed.
fn is_free(name: &[u8]) -> bool {
    meaning(name).is_some_and(|(name, (negated, _))| !negated && FREE.contains(&name.as_str()))
}

/// The client's `--print-defaults`.
fn printed(settings: &[&[u8]], family: Family) -> Vec<u8> {
    let mut out = b"mysql would have been started with the following arguments:\n".to_vec();
    for setting in settings {
        out.extend_from_slice(b"--");
        let masked = ["password=", "password1="].iter().find(|name| setting.starts_with(name.as_bytes()));
        match masked {
            Some(name) if family == Family::Oracle => out.extend_from_slice(format!("{name}*****").as_bytes()),
            _ => out.extend_from_slice(setting),
        }
        out.push(b' ');
    }
    out.push(b'\n');
    out
}
