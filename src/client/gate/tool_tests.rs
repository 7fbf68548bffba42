//! The gate's tables of every tool but the two shells: what passes, and what it is refused for.

use super::mysql_options::{Options, STEMS};
use super::{Grammar, Named, Rules, Why, check, named, rules};
use Grammar::{
    MySqlAdmin, MySqlCheck, MySqlDump, MySqlImport, MySqlShow, Mycli, PgDump, PgDumpall, PgRestore, Pgbench, Pgcli,
    Vacuumdb,
};
use std::ffi::OsString;

fn list(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn why(tool: Grammar, words: &[&str]) -> Option<Why> {
    check(tool, &list(words)).err().map(|refusal| refusal.why)
}

const SISTERS: [Grammar; 5] = [MySqlDump, MySqlAdmin, MySqlImport, MySqlCheck, MySqlShow];

#[test]
fn what_each_tool_is_for_passes() {
    let rows: &[(Grammar, &[&str])] = &[
        (PgDump, &["-Fc", "-f", "x.dump", "-t", "fleet", "-n", "public", "--schema-only", "-j4"]),
        (PgDump, &["--exclude-table-data=logs*", "--no-owner", "-xO", "-Z9", "--role=reader"]),
        // The letters of the connection as values.
        (PgDump, &["-f", "-h", "-t", "-d", "--file", "--host=evil"]),
        (PgRestore, &["-1", "-c", "--if-exists", "x.dump"]),
        (PgRestore, &["-l", "--", "-x.dump"]),
        (PgDumpall, &["-g", "--no-role-passwords", "-f", "all.sql"]),
        (Vacuumdb, &["-z", "-t", "fleet", "-j", "2", "--analyze-in-stages", "-a"]),
        (Pgbench, &["-i", "-s", "10"]),
        (Pgbench, &["-c4", "-j", "2", "-T", "60", "-M", "prepared", "--protocol=simple", "-D", "a=1", "-f", "x.sql"]),
        (Pgcli, &["-c", "select 1", "-t", "--less-chatty", "--prompt", "mine> ", "--list", "-y"]),
        (MySqlDump, &["-A"]),
        (MySqlDump, &["-B", "app", "other"]),
        (MySqlDump, &["-d", "fleet", "-w", "id > 1", "-r", "out.sql", "-T", "/tmp", "--single-transaction", "-eqQ"]),
        (MySqlDump, &["--where=-p", "--where", "--password", "--tables", "fleet", "--set-gtid-purged=OFF"]),
        (MySqlDump, &["--users", "--system=all", "--skip-opt", "--skip-disable-keys", "--column-statistics=0"]),
        (MySqlAdmin, &["status", "extended-status", "-r", "-i", "5", "-c", "2", "--wait=3", "-w3"]),
        (MySqlAdmin, &["--sleep", "-h", "processlist"]),
        (MySqlImport, &["-d", "-L", "--fields-terminated-by=,", "-c", "a,b", "fleet.txt", "--ignore-lines", "1"]),
        (MySqlCheck, &["-A", "-o", "--auto-repair", "--skip-database=logs"]),
        (MySqlCheck, &["-1acgmrsF", "fleet"]),
        (MySqlShow, &["fleet", "-k", "-i", "-t", "--count"]),
        (Mycli, &["-e", "select 1", "--csv", "-t", "-R", "mine> ", "--warn", "--no-warn", "-vv", "--charset=utf8mb4"]),
        (Mycli, &["-e", "--ssl-mode=off"]),
    ];
    for (tool, words) in rows {
        assert_eq!(check(*tool, &list(words)), Ok(()), "{tool:?} {words:?}");
    }
}

#[test]
fn what_moves_or_weakens_the_connection_is_refused_for_every_tool_of_postgresql() {
    for tool in [PgDump, PgRestore, PgDumpall, Vacuumdb, Pgbench, Pgcli] {
        for (words, expected) in [
            (&["-h", "evil"][..], Why::Host),
            (&["--host=evil"], Why::Host),
            (&["--hos", "evil"], Why::Host),
            (&["-p1"], Why::Port),
            (&["--port", "1"], Why::Port),
            (&["-U", "x"], Why::User),
            (&["--username=x"], Why::User),
            (&["-d", "app"], Why::Database),
            (&["--dbname=host=evil"], Why::Database),
        ] {
            assert_eq!(why(tool, words), Some(expected), "{tool:?} {words:?}");
            // Behind a flag and its value, and behind one that no version has.
            let behind = [&["-f", "x"][..], words].concat();
            assert!(why(tool, &behind).is_some(), "{tool:?} {behind:?}");
            let behind = [&["--future"][..], words].concat();
            assert!(why(tool, &behind).is_some(), "{tool:?} {behind:?}");
        }
        let name = if tool == PgRestore { None } else { Some(Why::Database) };
        for words in [&["other"][..], &["host=evil"], &["postgres://evil/"], &["--", "other"]] {
            assert_eq!(why(tool, words), name, "{tool:?} {words:?}");
        }
        if tool != Pgcli {
            assert_eq!(why(tool, &["--cluster=15/evil"]), Some(Why::Cluster), "{tool:?}");
        }
    }
    for (tool, words, expected) in [
        (PgDumpall, &["-l", "host=evil"][..], Why::Database),
        (PgDumpall, &["--database=host=evil"], Why::Database),
        (PgDumpall, &["--datab=x"], Why::Database),
        (Vacuumdb, &["--maintenance-db=host=evil"], Why::Database),
        (Vacuumdb, &["--main", "x"], Why::Database),
        (Pgcli, &["-D", "prod"], Why::Host),
        (Pgcli, &["--dsn=prod"], Why::Host),
        (Pgcli, &["-u", "x"], Why::User),
        (Pgcli, &["--ssh-tunnel=evil"], Why::Protocol),
        (Pgcli, &["-W"], Why::Password),
        (PgDump, &["-W"], Why::Password),
    ] {
        assert_eq!(why(tool, words), Some(expected), "{tool:?} {words:?}");
    }
}

#[test]
fn what_moves_or_weakens_mycli_is_refused() {
    for (words, expected) in [
        (&["-h", "evil"][..], Why::Host),
        (&["--hostname=evil"], Why::Host),
        (&["-d", "prod"], Why::Host),
        (&["--dsn=mysql://evil/"], Why::Host),
        (&["-P", "1"], Why::Port),
        (&["-S", "/x"], Why::Socket),
        (&["--socket=/x"], Why::Socket),
        (&["-u", "x"], Why::User),
        (&["--username=x"], Why::User),
        (&["-px"], Why::Password),
        (&["--pass"], Why::Password),
        (&["--password-file=/x"], Why::Password),
        (&["--vault-secret=x"], Why::Password),
        (&["--use-keyring=true"], Why::Password),
        (&["--ssl-mode=off"], Why::Tls),
        (&["--no-ssl"], Why::Tls),
        (&["--ssl-capath", "/x"], Why::Tls),
        (&["--tls-version=tlsv1"], Why::Tls),
        (&["--ssh-jump=evil"], Why::Protocol),
        (&["--kubectl-resource=x"], Why::Protocol),
        (&["--boundary-id=x"], Why::Protocol),
        (&["-g", "x"], Why::OptionFiles),
        (&["-D", "mysql://evil/"], Why::Database),
        (&["mysql://evil/"], Why::Database),
        (&["app"], Why::Database),
    ] {
        assert_eq!(why(Mycli, words), Some(expected), "{words:?}");
        let behind = [&["-t", "-e", "x"][..], words].concat();
        assert_eq!(why(Mycli, &behind), Some(expected), "{behind:?}");
    }
}

#[test]
fn the_tables_hold_whole_names() {
    for tool in Grammar::ALL {
        let names: Vec<&str> = match rules(tool) {
            Rules::MySql(options) => options.each().map(|option| option.name).collect(),
            Rules::Getopt(table) => table.plain.split_whitespace().chain(table.valued.split_whitespace()).collect(),
            Rules::None => Vec::new(),
        };
        for name in names {
            assert!(!name.starts_with('-') && !name.ends_with('-') && name.len() > 1, "{tool:?}: {name}");
        }
    }
}

fn options(tool: Grammar) -> &'static Options {
    match rules(tool) {
        Rules::MySql(options) => options,
        Rules::Getopt(_) | Rules::None => panic!("{tool:?} is none of the mysql family's own"),
    }
}

#[test]
fn every_refused_option_is_refused_for_every_sister_of_mysql() {
    for tool in SISTERS {
        let refused: Vec<_> = options(tool).each().filter(|option| option.refused.is_some()).map(|o| o.name).collect();
        assert!(refused.contains(&"host"));
        for name in refused.iter().copied().chain(STEMS.iter().map(|(stem, _)| stem.trim_end_matches('-'))) {
            for before in ["", "skip-", "loose-", "enable-"] {
                for spelled in [format!("--{before}{name}"), format!("--{before}{name}=x").to_uppercase()] {
                    assert!(why(tool, &[&spelled]).is_some(), "{tool:?} {spelled}");
                    assert!(why(tool, &["fleet", "-v", &spelled]).is_some(), "{tool:?} {spelled}");
                }
            }
        }
        for letter in ["-h", "-P", "-S", "-u", "-p", "-#", "-vh", "-fp"] {
            assert!(why(tool, &[letter, "x"]).is_some(), "{tool:?} {letter}");
        }
        // An option that only one family has could be the abbreviation of a refused one in the other.
        for option in options(tool).each().filter(|option| option.refused.is_none()) {
            let stems = STEMS.iter().map(|(stem, _)| *stem);
            for name in refused.iter().copied().chain(stems) {
                assert!(!name.starts_with(option.name), "{tool:?}: {} begins {name}", option.name);
            }
        }
    }
}

/// What takes the next word in the shell is a flag here, or the other way round: the word after it
/// is read as each program reads it.
#[test]
fn letters_mean_what_they_mean_in_each_program() {
    for (tool, words, expected) in [
        // `-e` is a statement in the shell, and long rows in a dump.
        (MySqlDump, &["-e", "-hevil"][..], Some(Why::Host)),
        (MySqlDump, &["-ehevil"], Some(Why::Host)),
        (MySqlDump, &["-w", "-hevil"], None),
        (MySqlDump, &["-r", "-pfile"], None),
        (MySqlDump, &["-T", "-pfile"], None),
        (MySqlDump, &["-A", "-hevil"], Some(Why::Host)),
        (MySqlDump, &["-D", "-hevil"], Some(Why::Unclear)),
        (MySqlAdmin, &["-i", "-hevil"], None),
        (MySqlAdmin, &["-c", "-hevil"], None),
        (MySqlAdmin, &["-w", "-hevil"], Some(Why::Host)),
        (MySqlImport, &["-c", "-hevil"], None),
        (MySqlImport, &["-d", "-hevil"], Some(Why::Host)),
        (MySqlCheck, &["-c", "-hevil"], Some(Why::Host)),
        (MySqlCheck, &["-e", "-hevil"], Some(Why::Host)),
        (MySqlShow, &["-c", "-hevil"], None),
        (MySqlShow, &["-k", "-hevil"], Some(Why::Host)),
        (PgDump, &["-b", "-hevil"], Some(Why::Host)),
        (PgDump, &["-S", "-hevil"], None),
        (PgRestore, &["-I", "-hevil"], None),
        (PgRestore, &["-l", "-hevil"], Some(Why::Host)),
        (Vacuumdb, &["-P", "-hevil"], None),
        (Vacuumdb, &["-f", "-hevil"], Some(Why::Host)),
        (Pgbench, &["-P", "-hevil"], None),
        (Pgbench, &["-C", "-hevil"], Some(Why::Host)),
    ] {
        assert_eq!(why(tool, words), expected, "{tool:?} {words:?}");
    }
}

#[test]
fn databases_and_names_of_the_users_are_seen() {
    let (none, databases, operands) =
        (Named::default(), Named { databases: true, operands: false }, Named { databases: false, operands: true });
    for (tool, words, expected) in [
        (MySqlDump, &[][..], none),
        (MySqlDump, &["-A"], databases),
        (MySqlDump, &["-vA"], databases),
        (MySqlDump, &["--all-databases"], databases),
        (MySqlDump, &["--ALL_datab"], databases),
        (MySqlDump, &["-B", "app"], Named { databases: true, operands: true }),
        (MySqlDump, &["--databases", "app"], Named { databases: true, operands: true }),
        (MySqlDump, &["fleet"], operands),
        (MySqlDump, &["-w", "A"], none),
        (MySqlDump, &["-w", "-A"], none),
        (MySqlDump, &["-wA"], none),
        (MySqlDump, &["--where=A", "--all-tablespaces", "-Y"], none),
        (MySqlDump, &["--", "-A"], operands),
        (MySqlCheck, &["-AB"], databases),
        (MySqlShow, &["fleet"], operands),
        (MySqlShow, &["-c", "dir"], none),
    ] {
        assert_eq!(named(tool, &list(words)), Ok(expected), "{tool:?} {words:?}");
    }
}
