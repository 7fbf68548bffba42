//! The argument gate. One word a line; each list is judged by both grammars.

use super::mysql_model::{self, Client};
use super::psql_model;
use rdsconnect::client::gate::{Grammar, check};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

/// What is refused wherever it stands as an option.
const REFUSED: [(Grammar, &[&str]); 2] = [
    (
        Grammar::MySql,
        &[
            "-hevil",
            "--host=evil",
            "-P1",
            "--skip-ssl",
            "--ssl-mode=DISABLED",
            "-p",
            "--loose_pass=x",
            "--protocol=pipe",
        ],
    ),
    (Grammar::Psql, &["-hevil", "--host=evil", "-p1", "-dhost=evil", "--dbname=x", "-W", "-Uroot", "evil"]),
];

/// Runs the body.
///
/// # Panics
/// When a rule does not hold.
pub fn run(data: &[u8]) {
    let words: Vec<OsString> = data.split(|c| *c == b'\n').map(|word| OsString::from_vec(word.to_vec())).collect();
    for (grammar, refused) in REFUSED {
        match check(grammar, &words) {
            Ok(()) => accepted(grammar, &words, refused),
            Err(refusal) => {
                let text = refusal.to_string();
                assert!(!text.chars().any(char::is_control), "{text:?}");
                // What was refused stays so behind a harmless option that is complete.
                for harmless in harmless(grammar) {
                    assert!(check(grammar, &joined(&harmless, &words)).is_err(), "{harmless:?} opens the gate");
                }
            }
        }
        a_value_is_the_same_either_way(grammar, &words[0]);
    }
    hidden_values(&words);
}

fn accepted(grammar: Grammar, words: &[OsString], refused: &[&str]) {
    for bad in refused.iter().map(OsString::from) {
        assert!(
            check(grammar, &joined(std::slice::from_ref(&bad), words)).is_err(),
            "{} in front passes",
            bad.display()
        );
        // An option that nobody knows takes a value or not; both readings count.
        let taker = if grammar == Grammar::Psql { "-c" } else { "-e" };
        let either = ["--unheard-of", taker].map(OsString::from);
        let list = joined(&joined(&either, std::slice::from_ref(&bad)), words);
        assert!(check(grammar, &list).is_err(), "{} passes behind an unknown option", bad.display());
        // No list that passes ends with an option that lacks its value, and after `--` everything is
        // judged as an option too, by one of the clients at least (psql: a name).
        assert!(
            check(grammar, &joined(words, std::slice::from_ref(&bad))).is_err(),
            "{} at the end passes",
            bad.display()
        );
    }
    for harmless in harmless(grammar) {
        assert!(check(grammar, &joined(&harmless, words)).is_ok(), "{harmless:?} in front is refused");
    }
    // psql refuses whatever follows `--`.
    if grammar == Grammar::MySql || !words.iter().any(|word| word == "--") {
        for flag in ["-q", "--html"].map(OsString::from) {
            assert!(check(grammar, &joined(words, &[flag])).is_ok(), "a flag at the end is refused");
        }
    }
    let bytes: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    match grammar {
        Grammar::MySql => {
            for client in [Client::Oracle, Client::MariaDb] {
                assert!(!mysql_model::moves(client, &bytes), "{client:?} would follow {words:?}");
            }
        }
        // Of the tools only the two shells have a model.
        _ => assert!(!psql_model::moves(&bytes), "psql would follow {words:?}"),
    }
}

fn harmless(grammar: Grammar) -> Vec<Vec<OsString>> {
    let lists: &[&[&str]] = match grammar {
        Grammar::MySql => &[&["-N"], &["-e", "select 1"], &["--execute", "--host=evil"], &["--table", "-D", "app"]],
        _ => &[&["-q"], &["-c", "select 1"], &["--command", "--host=evil"], &["-At", "-v", "x=1"]],
    };
    lists.iter().map(|list| list.iter().map(OsString::from).collect()).collect()
}

/// `--name=value` and `--name value` are one thing, and so is a letter glued to its value.
fn a_value_is_the_same_either_way(grammar: Grammar, value: &OsString) {
    let (long, letter) = match grammar {
        Grammar::MySql => ("--execute", "-e"),
        _ => ("--command", "-c"),
    };
    // Debian's wrapper in front of psql looks at values too.
    let wrapped = grammar == Grammar::Psql && value.as_bytes().starts_with(b"--cluster");
    let glue = |option: &str| {
        let mut word = OsString::from(option);
        word.push(value);
        vec![word]
    };
    let apart = |option: &str| vec![OsString::from(option), value.clone()];
    for list in [apart(long), apart(letter), glue(&format!("{long}="))] {
        assert!(wrapped || check(grammar, &list).is_ok(), "{list:?}");
    }
    // Nothing to glue leaves the letter alone, and that swallows what follows.
    assert_eq!(check(grammar, &glue(letter)).is_ok(), !value.is_empty(), "{}", value.display());
}

/// A refusal never repeats a value: not what follows `=`, not what a letter is glued to.
fn hidden_values(words: &[OsString]) {
    const MARK: &str = "hUnTeR2";
    for (grammar, options) in [
        (Grammar::MySql, ["--password=", "--password", "-p", "--host=", "-h", "--loose-ssl-ca=", "--nothing-known.x="]),
        (Grammar::Psql, ["--password=", "--password", "-W", "--host=", "-h", "--dbname=", "postgres://jane:"]),
    ] {
        for option in options {
            let mut list = vec![OsString::from(format!("{option}{MARK}"))];
            if grammar == Grammar::Psql && option == "--password" {
                // No option of psql with that glued to it: refused for what follows.
                list.push("app".into());
            } else {
                list.extend_from_slice(words);
            }
            let refusal = check(grammar, &list).expect_err("it is refused in first place");
            let text = format!("{refusal} {} {refusal:?}", refusal.hint().unwrap_or_default());
            assert!(!text.to_ascii_lowercase().contains("hunter2"), "{text}");
        }
    }
}

fn joined(one: &[OsString], other: &[OsString]) -> Vec<OsString> {
    [one, other].concat()
}
