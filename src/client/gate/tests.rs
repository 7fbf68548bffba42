//! The gate's tables: each row a list of arguments, and why it passes or what it is refused for.

use super::Grammar::{MySql, Psql};
use super::mysql_options::{SHELL, STEMS, TABLE};
use super::*;

fn list(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn why(grammar: Grammar, words: &[&str]) -> Option<Why> {
    check(grammar, &list(words)).err().map(|refusal| refusal.why)
}

type Pass<'a> = (&'a [&'a str], &'a str);
type Stop<'a> = (&'a [&'a str], Why, &'a str);

fn all_pass(grammar: Grammar, rows: &[Pass]) {
    for (words, reason) in rows {
        assert_eq!(why(grammar, words), None, "{words:?}: {reason}");
    }
}

fn all_stop(grammar: Grammar, rows: &[Stop]) {
    for (words, expected, reason) in rows {
        assert_eq!(why(grammar, words), Some(*expected), "{words:?}: {reason}");
    }
}

#[test]
fn harmless_arguments_reach_mysql() {
    all_pass(
        MySql,
        &[
            (&[], "nothing"),
            (&["app"], "a database name"),
            (&["app", "-e", "select 1"], "a name, then an option"),
            (&["-D", "app"], "a database"),
            (&["-Dapp"], "glued"),
            (&["--database", "app"], "long"),
            (&["--database=app"], "long, joined"),
            (&["host=evil"], "a database of that name"),
            (&[""], "an empty name"),
            (&["-"], "a name"),
            (&["-e", "select 1"], "a statement"),
            (&["-e", "-hevil"], "the next word is the statement"),
            (&["-e", "--host=evil"], "the next word is the statement"),
            (&["--execute", "--ssl-mode=DISABLED"], "the next word is the statement"),
            (&["-ehost"], "the rest of the word is the statement"),
            (&["-Nehost"], "clustered: the rest is the statement"),
            (&["-Ne", "-p"], "clustered: the next word is the statement"),
            (&["--execute=--host=evil"], "a value"),
            (&["-N", "-B", "-t", "-E", "-v", "-vvv", "-f", "-A", "-r", "-s", "-ss", "-c"], "harmless letters"),
            (&["-NBte", "select 1"], "a cluster"),
            (&["-X", "-H", "-L", "-n", "-o", "-q", "-i", "-b", "-w", "-C", "-G", "-U", "-j", "-T"], "harmless letters"),
            (&["-?"], "help"),
            (&["--help"], "help"),
            (&["-V"], "version"),
            (&["--skip-column-names"], "its own name"),
            (&["--skip_column_names"], "underscores"),
            (&["--skip-auto-rehash", "--disable-pager", "--enable-named-commands"], "prefixes of harmless options"),
            (&["--loose-skip-reconnect"], "prefixes combine"),
            (&["--AUTO-REHASH"], "any case"),
            (&["--pager=less -SFX"], "a pager"),
            (&["--pager", "app"], "an optional value is never the next word"),
            (&["--prompt", "-h"], "the next word is the prompt"),
            (&["--init-command=set names utf8mb4"], "a statement"),
            (&["--init-command-add=select 1"], "a statement"),
            (&["--connect-timeout=5", "--max-allowed-packet=1G"], "limits"),
            (&["--compress", "--compression-algorithms=zstd", "--zstd-compression-level=3"], "compression"),
            (&["--local-infile=1", "--load-data-local-dir=/tmp"], "the server is verified"),
            (&["--connect-expired-password"], "lets the server ask for a new password"),
            (&["--bind-address=10.0.0.1"], "the local end"),
            (&["--bind-address", "10.0.0.1"], "harmless read either way"),
            (&["--debug-info", "--debug-check"], "counters at exit"),
            (&["--delimiter=//", "--tee=out.txt", "--system-command", "--syslog"], "the user's own business"),
            (&["--new-thing"], "not known, alone"),
            (&["--new-thing=5", "-e", "x"], "not known, joined"),
            (&["--new-thing", "5"], "not known: a value or a name"),
            (&["--new-thing", "-N"], "not known, harmless either way"),
            (&["--", "app"], "a name after the end of options"),
            (&["--"], "the end of options, ours came first"),
            (&["-Z5"], "an unknown letter"),
            (&["--loose-new-thing"], "not known"),
            (&["--exec", "select 1"], "a prefix of a harmless option, safe either way"),
        ],
    );
}

#[test]
fn what_moves_or_weakens_a_mysql_connection_is_refused() {
    use Why::*;
    all_stop(
        MySql,
        &[
            (&["-h", "evil"], Host, "a host"),
            (&["-hevil"], Host, "glued"),
            (&["--host=evil"], Host, "joined"),
            (&["--host", "evil"], Host, "next word"),
            (&["--hos=evil"], Host, "MariaDB takes prefixes"),
            (&["--ho", "evil"], Host, "MariaDB takes prefixes"),
            (&["--HOST=evil"], Host, "MariaDB takes any case"),
            (&["--loose-host=evil"], Host, "a prefix"),
            (&["--loose_host=evil"], Host, "a prefix with an underscore"),
            (&["--skip-loose-host", "evil"], Host, "seen: goes to evil in all three"),
            (&["--LOOSE-hos=evil"], Host, "everything at once"),
            (&["--maximum-host=evil"], Host, "a prefix"),
            (&["--autoset-host"], Host, "a prefix of MariaDB's"),
            (&["--enable_host"], Host, "seen: goes to localhost in MariaDB"),
            (&["--skip-host"], Host, "takes the host away"),
            (&["--x.host=evil"], Malformed, "seen: MariaDB takes it for --host"),
            (&["--loose-x.host=evil"], Malformed, "seen: the same"),
            (&["--dns-srv-name=evil"], Host, "another host"),
            (&["--dns_srv_name", "evil"], Host, "another host"),
        ],
    );
    all_stop(
        MySql,
        &[
            (&["-P", "1"], Port, "a port"),
            (&["-P1"], Port, "glued"),
            (&["--port=1"], Port, "joined"),
            (&["--por=1"], Port, "prefix"),
            (&["-S/x"], Socket, "a socket"),
            (&["--socket=/x"], Socket, "a socket"),
            (&["--sock", "/x"], Socket, "prefix"),
            (&["--pipe"], Socket, "Windows"),
            (&["-W"], Socket, "Windows"),
            (&["--shared-memory-base-name=x"], Socket, "Windows"),
            (&["--protocol=socket"], Protocol, "a protocol"),
            (&["--prot=socket"], Protocol, "prefix"),
            (&["--network-namespace=x"], Protocol, "another network"),
            (&["-u", "root"], User, "a user"),
            (&["-uroot"], User, "glued"),
            (&["--user=root"], User, "joined"),
            (&["-p"], Password, "asks"),
            (&["-psecret"], Password, "glued"),
            (&["-Nph"], Password, "in a cluster: `h` is the password"),
            (&["-Np"], Password, "in a cluster"),
            (&["--password=x"], Password, "joined"),
            (&["--pass=x"], Password, "prefix"),
            (&["--skip-password"], Password, "blanks the token"),
            (&["--disable_password"], Password, "blanks the token"),
            (&["--loose-skip-pass"], Password, "combined"),
            (&["--skip-loose-password1"], Password, "combined"),
            (&["--password1=x"], Password, "first factor"),
            (&["--password3"], Password, "third factor"),
        ],
    );
}

#[test]
fn what_weakens_a_mysql_login_is_refused() {
    use Why::*;
    all_stop(
        MySql,
        &[
            (&["--ssl"], Tls, "TLS"),
            (&["--ssl=0"], Tls, "off"),
            (&["--skip-ssl"], Tls, "off"),
            (&["--disable-ssl"], Tls, "off"),
            (&["--skip_ssl"], Tls, "off"),
            (&["--enable-ssl=0"], Tls, "off"),
            (&["--loose-skip-ssl"], Tls, "off"),
            (&["--skip-loose-ssl"], Tls, "off"),
            (&["--loose-loose-disable-ssl"], Tls, "off"),
            (&["--skip-enable-ssl"], Tls, "off"),
            (&["--SKIP-SSL"], Tls, "any case"),
            (&["--ss=0"], Tls, "prefix"),
            (&["--ssl-ver=0"], Tls, "prefix"),
            (&["--skip-ssl-verify-server-cert"], Tls, "no check of the name"),
            (&["--ssl-mode=DISABLED"], Tls, "off"),
            (&["--ssl_mode", "PREFERRED"], Tls, "off"),
            (&["--ssl-ca=x"], Tls, "other authorities"),
            (&["--ssl-fp=AA"], Tls, "seen: beats verification in 11.8"),
            (&["--ssl-fplist=x"], Tls, "seen: beats verification in 11.8"),
            (&["--ssl-session-data=x"], Tls, "seen: skips the name check in 9.7"),
            (&["--ssl-session-data-continue-on-failed-reuse"], Tls, "with it"),
            (&["--ssl-new-thing"], Tls, "whatever a later client makes of it"),
            (&["--tls-version=TLSv1"], Tls, "TLS"),
            (&["--tls-sni-servername=x"], Tls, "TLS"),
            (&["--tls-new-thing=x"], Tls, "TLS"),
            (&["--enable-cleartext-plugin"], Plugins, "our own affair"),
            (&["--skip-enable-cleartext-plugin"], Plugins, "our own affair"),
            (&["--enable-clear"], Plugins, "prefix"),
            (&["--default-auth=x"], Plugins, "another login"),
            (&["--plugin-dir=x"], Plugins, "code"),
            (&["--server-public-key-path=x"], Plugins, "another login"),
            (&["--get-server-public-key"], Plugins, "another login"),
            (&["--authentication-kerberos-client-mode=x"], Plugins, "another login"),
            (&["--plugin-authentication-webauthn-device=0"], Plugins, "another login"),
            (&["--oci-config-file=x"], Plugins, "another login"),
            (&["--fido-register-factor=2"], Plugins, "another login"),
            (&["--register-factor=2"], Plugins, "another login"),
            (&["--telemetry-client"], Plugins, "loads code"),
            (&["--skip-secure-auth"], Plugins, "old password hashes"),
            (&["--defaults-file=x"], OptionFiles, "files"),
            (&["--defaults-group-suffix=x"], OptionFiles, "files"),
            (&["--no-defaults"], OptionFiles, "not in first place"),
            (&["--print-defaults"], OptionFiles, "not in first place"),
            (&["--login-path=x"], OptionFiles, "files"),
            (&["--no-login-paths"], OptionFiles, "files"),
            (&["-#"], Trace, "a trace"),
            (&["-#d:t:o,x"], Trace, "a trace"),
            (&["--debug=d:t:o,x"], Trace, "a trace"),
            (&["--s"], Abbreviated, "short for several, some of them refused"),
            (&["--=x"], Malformed, "an empty name"),
            (&["--loose-=x"], Malformed, "an empty name"),
            (&["---host=x"], Malformed, "no name begins so"),
            (&["--ho st=x"], Malformed, "no name holds a space"),
            (&["--set-variable=host=x"], Malformed, "ancient"),
            (&["-Ohost=x"], Malformed, "ancient"),
        ],
    );
}

#[test]
fn position_decides_what_a_mysql_word_is() {
    use Why::*;
    all_stop(
        MySql,
        &[
            (&["-e", "x", "-hevil"], Host, "after the statement"),
            (&["app", "-hevil"], Host, "after the name"),
            (&["-ex", "-hevil"], Host, "the statement is glued, so the next word is an option"),
            (&["-e", "--", "-hevil"], Host, "`--` is the statement here"),
            (&["-e", "-e", "-hevil"], Host, "the second is the first one's statement"),
            (&["-N", "-hevil"], Host, "a flag takes nothing"),
            (&["--pager", "-hevil"], Host, "an optional value is not the next word"),
            (&["--skip-column-names", "-hevil"], Host, "a flag"),
            (&["-Uhevil"], Host, "a flag in a cluster"),
            (&["-teh", "-hevil"], Host, "`h` is the statement, then an option"),
            (&["--", "-hevil"], Host, "Oracle 9.7 parses what is left a second time"),
            (&["--", "-e", "-hevil"], Host, "the same"),
            (&["-e"], NoValue, "would swallow what follows"),
            (&["-N", "--execute"], NoValue, "would swallow what follows"),
            (&["-Ne"], NoValue, "would swallow what follows"),
            (&["--new-thing", "-hevil"], Unclear, "a value or a host"),
            (&["--new-thing", "-e", "-hevil"], Unclear, "`-e` may be the value"),
            (&["--loose-prompt", "-hevil"], Unclear, "a client without it does not take the value"),
            (&["--skip-prompt", "-hevil"], Unclear, "the prefix is its value"),
            (&["--histignore", "-hevil"], Unclear, "Oracle's alone"),
            (&["--exec", "-hevil"], Unclear, "a prefix in MariaDB, unknown to Oracle"),
            (&["-Zhevil"], Host, "an unknown letter may be a flag"),
            (&["-Ze", "-hevil"], Unclear, "the letter may take `e`"),
            (&["-Z", "-hevil"], Unclear, "the letter may take the word"),
            (&["--new-thing", "--", "-hevil"], Host, "the end of options or not"),
        ],
    );
}

#[test]
fn harmless_arguments_reach_psql() {
    all_pass(
        Psql,
        &[
            (&[], "nothing"),
            (&["-c", "select 1"], "a statement"),
            (&["-c", "-dhost=evil"], "the next word is the statement"),
            (&["-c-dhost=evil"], "glued"),
            (&["-Atc", "select 1"], "a cluster"),
            (&["-tAX", "-q"], "a cluster"),
            (
                &["-f", "x.sql", "-L", "log", "-o", "|cat", "-P", "pager=off", "-F", ",", "-R", ";", "-T", "border"],
                "values",
            ),
            (&["-v", "a=b", "--set=a=b", "--set", "a=b", "--variable", "a=b"], "variables"),
            (&["-v", "-d"], "the next word is the variable"),
            (&["-w", "--no-password"], "never asks, as ours"),
            (&["-l"], "a list"),
            (&["--list", "--csv", "--no-psqlrc", "--single-transaction", "-1", "-z0"], "flags"),
            (&["--help"], "help"),
            (&["--help=variables"], "help"),
            (&["-?", "-V", "--version"], "help"),
            (&["--comm", "select 1"], "a unique prefix"),
            (&["--field-separator", ","], "its own name, though a prefix of another"),
            (&["--echo"], "psql itself asks which"),
            (&["--new-thing=1"], "not known, joined"),
            (&["--new-thing", "-A"], "not known, harmless either way"),
            (&["--"], "the end of options"),
            (&["-c", "--clustered"], "the wrapper does not act on it"),
            (&["-c", "select 'service=x'"], "the wrapper sees it and PGHOST settles it"),
        ],
    );
}

#[test]
fn what_moves_or_weakens_a_psql_connection_is_refused() {
    use Why::*;
    all_stop(
        Psql,
        &[
            (&["-d", "app"], Database, "replaces our connection whole"),
            (&["-dapp"], Database, "glued"),
            (&["-Atd", "app"], Database, "in a cluster"),
            (&["-tAXdhost=evil"], Database, "in a cluster"),
            (&["--dbname=app"], Database, "joined"),
            (&["--dbname", "app"], Database, "next word"),
            (&["--db=app"], Database, "a unique prefix"),
            (&["--d=app"], Database, "a unique prefix"),
            (&["app"], Database, "psql ignores it beside ours"),
            (&["host=evil sslmode=disable"], Database, "a connection string"),
            (&["postgres://evil/"], Database, "a connection string"),
            (&["-A", "app", "jane"], Database, "name and user"),
            (&["--", "app"], Database, "a name after the end of options"),
            (&["--", "-A"], Database, "a name after the end of options"),
            (&["-"], Database, "a name"),
            (&[""], Database, "an empty name"),
            (&["-h", "evil"], Host, "ignored beside ours"),
            (&["--host=evil"], Host, "ignored beside ours"),
            (&["--ho=evil"], Host, "prefix"),
            (&["--h=evil"], Abbreviated, "prefix of several"),
            (&["-Ath", "evil"], Host, "in a cluster"),
            (&["-p", "1"], Port, "a port"),
            (&["--port=1"], Port, "a port"),
            (&["--po", "1"], Port, "prefix"),
            (&["-U", "joe"], User, "a user"),
            (&["--username=joe"], User, "a user"),
            (&["--u=joe"], User, "prefix"),
            (&["-W"], Password, "asks"),
            (&["--password"], Password, "asks"),
            (&["--pa"], Password, "prefix"),
            (&["--cluster", "15/main"], Cluster, "Debian's wrapper"),
            (&["--cluster=15/evil:5432"], Cluster, "Debian's wrapper"),
            (&["--cl=15/main"], Cluster, "no option of psql's"),
            (&["-c", "--cluster"], Cluster, "the wrapper looks at values too"),
            (&["-c", "--cluster=15/evil:1"], Cluster, "the wrapper looks at values too"),
            (&["-c"], NoValue, "would swallow what follows"),
            (&["-At", "-f"], NoValue, "would swallow what follows"),
            (&["-c", "x", "-d", "app"], Database, "after the statement"),
            (&["-cx", "-dapp"], Database, "the statement is glued"),
            (&["-c", "--", "-dapp"], Database, "`--` is the statement here"),
            (&["-c", "-c", "-dapp"], Database, "the second is the first one's statement"),
            (&["--help", "-dapp"], Database, "an optional value is not the next word"),
            (&["--new-thing", "-dapp"], Unclear, "a value or an option"),
            (&["--new-thing", "app"], Unclear, "a value or a name"),
            (&["--field", "-dapp"], Unclear, "short for two that differ"),
            (&["-kdapp"], Database, "an unknown letter may be a flag"),
            (&["-kc", "-dapp"], Unclear, "the letter may take `c`"),
        ],
    );
}

#[test]
fn refusals_show_the_option_and_never_its_value() {
    let rows: &[(Grammar, &[&str], &str)] = &[
        (MySql, &["-psecret"], "argument `-p` would replace the token"),
        (MySql, &["-Npsecret"], "argument `-p` would replace the token"),
        (MySql, &["--password=secret"], "argument `--password` would replace the token"),
        (MySql, &["--passwordsecret"], "argument `--password` would replace the token"),
        (MySql, &["--skip_SSL-mode=secret"], "argument `--skip_SSL-mode` would change how TLS is checked"),
        (MySql, &["--x.password=secret"], "argument `--x` is not an option of any known client"),
        (MySql, &["--a\u{1b}secret"], "argument `--a` is not an option of any known client"),
        (Psql, &["-hsecret"], "argument `-h` would change the host"),
        (Psql, &["--cluster=secret"], "argument `--cluster` would choose another server"),
        (Psql, &["postgres://u:secret@h/"], "argument `...` would replace the connection or be ignored"),
        (Psql, &["password=secret"], "argument `...` would replace the connection or be ignored"),
        (Psql, &["app"], "argument `app` would replace the connection or be ignored"),
        (
            MySql,
            &["--fancy", "-psecret"],
            "argument `--fancy` is not known, and the argument after it could be its value or an option of its own",
        ),
        (
            Psql,
            &["--passwordsecret", "app"],
            "argument `--password` is not known, and the argument after it could be its value or an option of its own",
        ),
        (MySql, &["-e"], "argument `-e` lacks its value"),
    ];
    for (grammar, words, text) in rows {
        let refusal = check(*grammar, &list(words)).expect_err("refused");
        assert_eq!(refusal.to_string(), *text, "{words:?}");
        assert!(!format!("{refusal:?}").contains("secret"), "{refusal:?}");
    }
}

#[test]
fn refusals_name_what_to_use_instead() {
    let instead = |grammar, words: &[&str]| check(grammar, &list(words)).expect_err("refused").instead;
    assert_eq!(instead(Psql, &["app"]), Some("use `--database`, or `database` in the profile"));
    assert_eq!(instead(Psql, &["-d", "app"]), Some("use `--database`, or `database` in the profile"));
    assert_eq!(instead(MySql, &["-u", "x"]), Some("use `--user`, or `user` in the profile"));
    assert_eq!(instead(MySql, &["--s"]), Some("write the option out in full"));
    assert_eq!(instead(Psql, &["--p"]), Some("write the option out in full"));
    assert_eq!(instead(Psql, &["--db=x"]), Some("use `--database`, or `database` in the profile"));
    assert_eq!(instead(MySql, &["--fancy", "-h"]), Some("join the option and its value with `=`"));
}

#[test]
fn no_option_that_passes_is_a_prefix_of_one_that_is_refused() {
    // An option that only one family has could be a prefix of a refused one in the other.
    for option in TABLE.iter().filter(|option| option.refused.is_none()) {
        let refused = TABLE.iter().filter(|o| o.refused.is_some()).map(|o| o.name);
        for name in refused.chain(STEMS.iter().map(|(stem, _)| *stem)) {
            assert!(!name.starts_with(option.name), "{} begins {name}", option.name);
        }
    }
}

#[test]
fn every_refused_option_is_refused_in_every_spelling() {
    let names = TABLE.iter().filter(|o| o.refused.is_some()).map(|o| o.name);
    for name in names.chain(STEMS.iter().map(|(stem, _)| stem.trim_end_matches('-'))) {
        for before in
            ["", "skip-", "disable-", "enable-", "loose-", "maximum-", "autoset-", "loose-skip-", "skip-loose-"]
        {
            for after in ["", "=x", "=0"] {
                let plain = format!("--{before}{name}{after}");
                for spelled in [plain.clone(), plain.to_uppercase(), format!("--{}", plain[2..].replace('-', "_"))] {
                    assert!(why(MySql, &[&spelled]).is_some(), "{spelled}");
                    assert!(why(MySql, &["-N", "app", &spelled]).is_some(), "{spelled}");
                    assert!(why(MySql, &["-e", "x", &spelled]).is_some(), "{spelled}");
                }
            }
        }
    }
}

#[test]
fn words_that_are_not_utf8_are_judged_by_their_options_alone() {
    use std::os::unix::ffi::OsStringExt;
    let raw = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    assert_eq!(check(MySql, &[raw(b"-e"), raw(b"select '\xff'")]), Ok(()));
    assert_eq!(check(MySql, &[raw(b"--execute=\xff")]), Ok(()));
    assert_eq!(check(MySql, &[raw(b"-h\xff")]).expect_err("refused").why, Why::Host);
    assert_eq!(check(MySql, &[raw(b"--ho\xff")]).expect_err("refused").why, Why::Malformed);
    assert_eq!(check(MySql, &[raw(b"-\xffh")]).expect_err("refused").why, Why::Host);
    assert_eq!(check(Psql, &[raw(b"-d\xff")]).expect_err("refused").why, Why::Database);
    assert_eq!(check(Psql, &[raw(b"\xff")]).expect_err("refused").argument, "...");
}

/// A list that passes must pass under each single reading of its unknown options: the walk over
/// places is held against a plain recursion over all readings.
#[test]
fn the_walk_loses_no_reading() {
    const WORDS: [&str; 14] =
        ["-e", "-ex", "-N", "-hx", "--new", "--new=1", "x", "--", "-Ze", "-Z", "--pager", "--prompt", "-d", "--help"];
    fn safe(grammar: Grammar, args: &[OsString], at: usize) -> bool {
        let Some(word) = args.get(at) else { return at == args.len() };
        let read = match grammar {
            MySql => mysql::read(&SHELL, word),
            _ => getopt::read(&libpq::PSQL, word),
        };
        match read {
            Err(_) => false,
            Ok(Reading::Own) => safe(grammar, args, at + 1),
            Ok(Reading::Takes) => safe(grammar, args, at + 2),
            Ok(Reading::Either) => safe(grammar, args, at + 1) && (at + 1 == args.len() || safe(grammar, args, at + 2)),
            Ok(Reading::Operand) => grammar == MySql && safe(grammar, args, at + 1),
            Ok(Reading::End) if grammar == MySql => args[at + 1..].iter().all(|w| mysql::read(&SHELL, w).is_ok()),
            Ok(Reading::End) => at + 1 == args.len(),
        }
    }
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let mut passed = 0;
    for _ in 0..40_000 {
        let length = next(6);
        let args: Vec<OsString> = (0..length).map(|_| OsString::from(WORDS[next(WORDS.len())])).collect();
        for grammar in [MySql, Psql] {
            let open = check(grammar, &args).is_ok();
            assert_eq!(open, safe(grammar, &args, 0), "{grammar:?} {args:?}");
            passed += usize::from(open);
        }
    }
    assert!(passed > 1_000, "{passed} lists passed: too few to mean anything");
}
