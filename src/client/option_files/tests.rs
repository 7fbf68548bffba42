//! Tables of what is carried over, from output as the real clients print it.

use super::Family::{MariaDb, Oracle};
use super::*;
use std::path::Path;

const DOUBT: &str = "settings that can be read in two ways";

fn printed(settings: &str) -> Vec<u8> {
    format!("/usr/bin/mysql would have been started with the following arguments:\n{settings} \n").into_bytes()
}

/// The lines of a file, in the place of the user's own.
fn file(content: &str) -> Lines {
    let home = Path::new("/home/u");
    let read = |path: &Path| (path == home.join(".my.cnf")).then(|| content.as_bytes().to_vec());
    Lines::collect(&places(Some(home), None), &read, &|_| Vec::new())
}

fn carried(settings: &str, content: Option<&str>, family: Family) -> (Vec<String>, Vec<&'static str>) {
    let carried = carry_over(&printed(settings), content.map(file).as_ref(), family);
    (carried.args.into_iter().map(|a| a.into_string().expect("plain")).collect(), carried.dropped)
}

/// What the client prints, the user's file, what is carried over, what is dropped, and why.
type Row<'a> = (&'a str, Option<&'a str>, &'a [&'a str], &'a [&'a str], &'a str);

fn holds(family: Family, rows: &[Row]) {
    for (settings, content, args, dropped, reason) in rows {
        let (got, lost) = carried(settings, *content, family);
        assert_eq!(got, *args, "{settings}: {reason}");
        assert_eq!(lost, *dropped, "{settings}: {reason}");
    }
}

#[test]
fn what_has_one_reading_is_carried_over() {
    holds(
        MariaDb,
        &[
            ("--prompt=\\u@\\h [\\d]> ", None, &["--prompt=\\u@\\h [\\d]> "], &[], "the last value ends with the list"),
            ("--pager=less -SFX", None, &["--pager=less -SFX"], &[], "spaces"),
            ("--pager", None, &["--pager"], &[], "no value"),
            ("--skip-pager", None, &["--skip-pager"], &[], "switched off"),
            (
                "--init-command=set names 'a' -- c",
                None,
                &["--init-command=set names 'a' -- c"],
                &[],
                "no name begins with a space",
            ),
            ("--prompt=a\"b'c#d", None, &["--prompt=a\"b'c#d"], &[], "quotes and `#` are the client's, already read"),
            ("--prompt=é> ", None, &["--prompt=é> "], &[], "any letters"),
            ("--prompt=", None, &["--prompt="], &[], "empty"),
            ("--auto-rehash --prompt=x", None, &["--auto-rehash", "--prompt=x"], &[], "a switch ends where it ends"),
            ("--safe-updates=1 --prompt=x", None, &["--safe-updates=1", "--prompt=x"], &[], "so does a truth value"),
            (
                "--connect_timeout=10 --Max_Allowed_Packet=1G --prompt=x",
                None,
                &["--connect-timeout=10", "--max-allowed-packet=1G", "--prompt=x"],
                &[],
                "so does a number; names in the client's own spelling",
            ),
            (
                "--default-character-set=utf8mb4 --pager=x",
                None,
                &["--default-character-set=utf8mb4", "--pager=x"],
                &[],
                "a word",
            ),
            (
                "--skip_column_names --disable-auto-rehash",
                None,
                &["--skip-column-names", "--skip-auto-rehash"],
                &[],
                "negated",
            ),
            (
                "--loose-skip-reconnect",
                None,
                &["--loose-skip-reconnect"],
                &[],
                "`loose-` stays, for a client without it",
            ),
            ("--enable-show-warnings", None, &["--show-warnings"], &[], "`enable-` says nothing more"),
            ("--progress-reports=0", None, &["--progress-reports=0"], &[], "MariaDB's own"),
            ("--port=3306 --prompt=x", None, &["--prompt=x"], &["a port"], "dropped, but its end is clear"),
        ],
    );
}

#[test]
fn what_has_two_readings_is_dropped_with_all_that_could_be_part_of_it() {
    holds(
        MariaDb,
        &[
            ("--prompt=a --pager=less", None, &[], &[DOUBT], "a prompt and a pager, or one prompt"),
            ("--prompt=a --skip-ssl> ", None, &[], &[DOUBT], "part of the prompt or not"),
            ("--pager=less --prompt=a --host=evil", None, &[], &[DOUBT], "where does the pager end"),
            ("--password=my secret --prompt=LEAK", None, &[], &["a password", DOUBT], "the prompt may be password"),
            ("--init-command=select 1 --safe-updates", None, &[], &[DOUBT], "part of the statement or not"),
            ("--auto-rehash --prompt=a --batch", None, &["--auto-rehash"], &[DOUBT], "what came before is clear"),
            (
                "--connect-timeout=5 --pager=x --connect-timeout=6",
                None,
                &[],
                &[DOUBT],
                "the earlier number may not count",
            ),
            ("--batch -- x", None, &[], &[DOUBT], "a switch with more behind it is none"),
            ("--pager=a --x y", None, &[], &[DOUBT], "no name holds a space, but files can be wrong"),
        ],
    );
}

#[test]
fn the_lines_of_the_files_settle_the_readings() {
    let two = Some("[mysql]\nprompt=a\npager=less\n");
    let one = Some("[mysql]\nprompt=a --pager=less\n");
    let either = Some("[mysql]\nprompt=a\npager=less\n[other]\nprompt=a --pager=less\n");
    let password = Some("[client]\npassword=\"x --prompt=LEAK\"\n[mysql]\npager=less -S\nauto-rehash\n");
    let all = "--password=x --prompt=LEAK --pager=less -S --auto-rehash";
    for family in [MariaDb, Oracle] {
        holds(
            family,
            &[
                ("--prompt=a --pager=less", two, &["--prompt=a", "--pager=less"], &[], "two settings"),
                ("--prompt=a --pager=less", one, &["--prompt=a --pager=less"], &[], "one setting"),
                ("--prompt=a --pager=less", either, &[], &[DOUBT], "the lines allow both"),
                ("--prompt=a --pager=less", Some("prompt=a\n"), &[], &[DOUBT], "a line is missing"),
                ("--prompt=a --pager=less", Some(""), &[], &[DOUBT], "all are missing"),
                (
                    "--pager=a --batch --pager=b",
                    Some("pager=a\nbatch\npager=b"),
                    &["--pager=a", "--batch", "--pager=b"],
                    &[],
                    "the later one counts",
                ),
                (
                    "--prompt=a\n --batch",
                    Some("prompt=a\\n\nbatch"),
                    &["--prompt=a\n", "--batch"],
                    &[],
                    "a line break in a value",
                ),
                (
                    "--prompt=a  --batch",
                    Some("prompt='a '\nbatch"),
                    &["--prompt=a ", "--batch"],
                    &[],
                    "a space at the end of a value",
                ),
                ("--x y=1 --batch", Some("x y = 1\nbatch"), &["--batch"], &[DOUBT], "what is no option is dropped"),
            ],
        );
    }
    holds(MariaDb, &[(all, password, &["--pager=less -S", "--auto-rehash"], &["a password"], "in clear")]);
    let masked = "--password=***** --pager=less -S --auto-rehash";
    holds(Oracle, &[(masked, password, &["--pager=less -S", "--auto-rehash"], &["a password"], "masked")]);
}

/// Each line as the clients print it: seen with Oracle 9.7 and MariaDB 10.11 and 11.8.
#[test]
fn lines_are_read_as_the_clients_read_them() {
    let rows = [
        ("  user = \"jane\" # c", "--user=jane"),
        ("password='my \"sec#ret\" --prompt=LEAK'", "--password=my \"sec#ret\" --prompt=LEAK"),
        ("empty=", "--empty="),
        ("empty=\"\"", "--empty="),
        ("one=\"", "--one=\""),
        ("two='x\"", "--two='x\""),
        ("esc=\"a\\sb\\tc\\\\d\\qe\\\"f\"   ", "--esc=a b\tc\\d\\qe\"f"),
        ("hash=\"a#b\"c # d", "--hash=\"a#b\"c"),
        ("hash2=a#b", "--hash2=a"),
        ("hash3=\"a\\\"#b\"", "--hash3=a\"#b"),
        ("sp = a   b   ", "--sp=a   b"),
        ("nl=\"a\\nb\\n\"", "--nl=a\nb\n"),
        ("tail=\"x \\s\"", "--tail=x  "),
        ("back=x\\", "--back=x\\"),
        ("uni=é ü", "--uni=é ü"),
        ("skip_column_names # c", "--skip_column_names"),
        ("limit = 5;x", "--limit=5;x"),
        ("quote='it''s'", "--quote=it''s"),
        ("a b = c", "--a b=c"),
        ("crlf=abc\r", "--crlf=abc"),
    ];
    for (line, printed) in rows {
        // A setting before and after it, to hold its ends.
        let list = format!("--first=--x {printed} --last= --y");
        let lines = file(&format!("# c\n; c\n\n[mysql]\nfirst=--x\n{line}\nlast=' --y'\n"));
        let cut = lines.cut(list.as_bytes(), MariaDb).unwrap_or_else(|| panic!("{line}: not cut"));
        assert_eq!(cut, ["first=--x".as_bytes(), &printed.as_bytes()[2..], b"last= --y"], "{line}");
    }
}

#[test]
fn a_line_stands_only_where_a_space_follows_it() {
    assert!(file("a=1\nc=2").cut(b"--a=1x--c=2", MariaDb).is_none());
    assert!(file("a=1\nc=2").cut(b"--a=1 --c=2", MariaDb).is_some());
}

#[test]
fn the_gate_lets_every_setting_pass() {
    for setting in settings::SETTINGS {
        let arg = OsString::from(format!("--{}=1", setting.name));
        assert_eq!(gate::check(Grammar::MySql, &[arg]), Ok(()), "{}", setting.name);
    }
}

#[test]
fn files_that_are_included_are_read() {
    let read = |path: &Path| {
        let content = match path.to_str()? {
            "/etc/my.cnf" => "[mysql]\nprompt=a\n!includedir /etc/my.cnf.d/\n!include /x/one\n",
            "/etc/my.cnf.d/b.cnf" => "pager=less\n!include /etc/my.cnf\n",
            "/etc/my.cnf.d/c.txt" => "prompt=a --pager=less\n",
            "/x/one" => "batch\n",
            _ => return None,
        };
        Some(content.as_bytes().to_vec())
    };
    let entries = |directory: &Path| ["b.cnf", "c.txt"].iter().map(|name| directory.join(name)).collect();
    let lines = Lines::collect(&places(None, None), &read, &entries);
    let list = printed("--prompt=a --pager=less --batch");
    let args = carry_over(&list, Some(&lines), MariaDb).args;
    assert_eq!(args, ["--prompt=a", "--pager=less", "--batch"]);
    assert_eq!(format!("{lines:?}"), "Lines(3)", "nothing that a file holds is shown");
}

#[test]
fn what_matters_is_named_by_kind_and_never_carried_over() {
    let content = Some("host=h\nuser=u\nssl_ca=/x\nsocket=/s\nbatch");
    for family in [MariaDb, Oracle] {
        holds(
            family,
            &[
                ("--host=h", None, &[], &["a host"], "a host"),
                ("--host=h --batch", content, &["--batch"], &["a host"], "a host, told by the file"),
                ("--user=u --socket=/s --batch", content, &["--batch"], &["a socket", "a user"], "told by the file"),
                ("--ssl_ca=/x --batch", content, &["--batch"], &["TLS settings"], "told by the file"),
                ("--skip-ssl --batch", None, &["--batch"], &["TLS settings"], "a switch"),
                ("--loose-ssl-fp=aa", None, &[], &["TLS settings"], "behind a prefix"),
                ("--ssl-mode=DISABLED --batch", None, &["--batch"], &["TLS settings"], "a word"),
                ("--protocol=socket", None, &[], &["a protocol"], "a protocol"),
                ("--password", None, &[], &["a password"], "asks for one"),
                ("--skip-password", None, &[], &["a password"], "blanks the token"),
                ("--pass=x", None, &[], &["a password"], "a prefix"),
                (
                    "--enable-cleartext-plugin --batch",
                    None,
                    &["--batch"],
                    &["authentication or plugin settings"],
                    "a login",
                ),
                ("--plugin-dir=/x", None, &[], &["authentication or plugin settings"], "code"),
                ("--tee=/x", None, &[], &[], "writes a file: dropped, nothing to do with the connection"),
                ("--execute=drop table t", None, &[], &[], "runs a statement"),
                ("--database=x", None, &[], &[], "the profile has one"),
                ("--local-infile --new-thing", None, &[], &[], "not on the list"),
                ("--skip-prompt", None, &[], &[], "nothing that a prompt can be"),
                ("--batch=1 --prompt=x", None, &[], &[DOUBT], "no client takes it"),
                ("--connect-timeout=1 x", None, &[], &[], "no number"),
                ("--connect-timeout=K", None, &[], &[], "no number"),
            ],
        );
    }
}

#[test]
fn a_masked_password_hides_nothing() {
    holds(
        Oracle,
        &[
            ("--password=***** --pager=less", None, &["--pager=less"], &["a password"], "Oracle masks the whole value"),
            ("--password1=***** --pager=less", None, &["--pager=less"], &["a password"], "the first factor too"),
            ("--password2=x --pager=less", None, &[], &["a password", DOUBT], "the second it prints"),
        ],
    );
    let clear: Row = ("--password=***** --pager=less", None, &[], &["a password", DOUBT], "stars in clear");
    holds(MariaDb, &[clear]);
}

#[test]
fn settings_of_one_family_go_to_that_family_alone() {
    let own = |settings: &str, family| carried(settings, None, family).0.len();
    for (setting, oracle, mariadb) in [
        ("--histignore=a:b", 1, 0),
        ("--syslog", 1, 0),
        ("--sandbox", 0, 1),
        ("--show-query-costs", 0, 1),
        ("--prompt=a", 1, 1),
    ] {
        assert_eq!((own(setting, Oracle), own(setting, MariaDb)), (oracle, mariadb), "{setting}");
    }
}

#[test]
fn output_that_is_no_list_carries_nothing_over() {
    for output in
        ["", "\n", "mysql: error\n", "--prompt=a \n", "x would have been started with the following arguments:\n\n"]
    {
        assert_eq!(carry_over(output.as_bytes(), None, MariaDb), Carried::default(), "{output:?}");
    }
}

/// A setting as a file holds it.
fn in_file(arg: &str) -> String {
    match arg[2..].split_once('=') {
        Some((name, value)) => format!("{name} = \"{value}\""),
        None => arg[2..].to_owned(),
    }
}

/// Random lists of settings, printed as the clients print them: every argument carried over is one
/// that was really set, and the gate lets all pass; with and without the lines of the files.
#[test]
fn nothing_is_misread() {
    const NAMES: [&str; 12] = [
        "prompt",
        "pager",
        "password",
        "host",
        "init-command",
        "batch",
        "show-warnings",
        "connect-timeout",
        "default-character-set",
        "unknown",
        "skip-ssl",
        "user",
    ];
    const PARTS: [&str; 12] = [
        "a",
        " ",
        "-",
        "--",
        " --",
        " --prompt=",
        " --pager=b",
        " --host=evil",
        " --batch",
        " --skip-ssl",
        "=",
        " -- ",
    ];
    let mut state: u64 = 0x1234_5678_9abc_def1;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let mut seen = 0;
    for _ in 0..15_000 {
        let mut set: Vec<(String, String)> = Vec::new();
        for _ in 0..=next(4) {
            let name = NAMES[next(NAMES.len())];
            let value = match name {
                "batch" | "show-warnings" | "skip-ssl" => String::new(),
                "connect-timeout" => "=10".to_owned(),
                "default-character-set" => "=utf8mb4".to_owned(),
                _ => (0..next(4)).fold("=".to_owned(), |value, _| value + PARTS[next(PARTS.len())]),
            };
            set.push((name.to_owned(), format!("--{name}{value}")));
        }
        let list: Vec<&str> = set.iter().map(|(_, arg)| arg.as_str()).collect();
        // With a line that nobody's group has, now and then.
        let mut content: Vec<String> = list.iter().map(|arg| in_file(arg)).collect();
        content.extend((next(3) == 0).then(|| in_file(list[0]) + PARTS[next(PARTS.len())]));
        let content = content.join("\n");
        for content in [None, Some(content.as_str())] {
            let (args, _) = carried(&list.join(" "), content, MariaDb);
            for arg in &args {
                assert!(list.contains(&arg.as_str()), "{arg:?} was never set: {list:?}");
            }
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            assert_eq!(gate::check(Grammar::MySql, &args), Ok(()));
            seen += args.len();
        }
    }
    assert!(seen > 3_000, "{seen} carried over: too few to mean anything");
}

#[test]
fn places_and_groups_are_read_off_the_help() {
    // As MariaDB 10.11 and 11.8 and Oracle's 9.7 say it, which has it far below.
    let search = |places: &str, groups: &str| {
        let help = format!(
            "mysql  Ver 9.7.4\n\nUsage: mysql [OPTIONS] [database]\n\nDefault options are read from the following \
             files in the given order:\n{places}\n{groups}\nThe following options\n"
        );
        Search::from_help(help.as_bytes())
    };
    let groups = "The following groups are read: mysql client";
    let found = search("/etc/my.cnf /x/my.cnf ~/.my.cnf ", groups).unwrap();
    assert_eq!(found.places, ["/etc/my.cnf", "/x/my.cnf", "~/.my.cnf"]);
    assert_eq!(found.groups, ["mysql", "client"]);
    assert_eq!(search("/etc/my.cnf /a b/my.cnf ~/.my.cnf ", groups), None, "cut in two");
    assert_eq!(search("", groups), None);
    assert_eq!(search("~/.my.cnf ", "The following"), None);
    for help in [&b"mysql  Ver 9.7.4\n"[..], b"", b"\xff"] {
        assert_eq!(Search::from_help(help), None);
    }
}

#[test]
fn whether_lines_hold_something_harmless_is_told_by_group_and_name() {
    let holds = |text: &str, family| {
        let lines = Lines::collect(&["x".into()], &|_| Some(text.as_bytes().to_vec()), &|_| Vec::new());
        lines.hold_harmless(&["mysql".into(), "client".into()], family)
    };
    for text in [
        "[mysql]\nloose_prompt = x",
        "[ client ]\nskip-auto-rehash",
        "[mysqld]\n[mysql]\nSKIP_AUTO_REHASH",
        "[mysqldump]\nprompt=x\n[mysql]\nprompt=x",
        // No client takes it; there is nothing to be won by being clever.
        "pager=\"less -S\"",
    ] {
        assert!(holds(text, Oracle) && holds(text, MariaDb), "{text}");
    }
    for text in [
        "",
        "[mysql]",
        "[mysqldump]\nprompt=x",
        "[mysql_x]\nprompt=x",
        "[client]\nsocket = /run/mysqld/mysqld.sock",
        "[client]\npassword=x",
        "[client]\n# prompt=x",
    ] {
        assert!(!holds(text, Oracle) && !holds(text, MariaDb), "{text}");
    }
}
