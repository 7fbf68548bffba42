//! The marks of a profile, kept by the real clients: a refused INSERT, and the prompt on a terminal.

use std::process::Command;

use crate::desk::{Desk, Said, copies, python, said, word};
use crate::standin::{Edition, Engine, Options};

const TABLE: &str = "CREATE TABLE fleet (name VARCHAR(20))";
const INSERT: &str = "INSERT INTO fleet VALUES ('Aurora')";

fn boot(engine: Engine) -> Desk {
    let owned = |statements: &[&str]| statements.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    Desk::boot(Options {
        engines: vec![engine],
        editions: vec![Edition::Good],
        users: vec!["jane".into()],
        more_databases: Vec::new(),
        postgres_seed: owned(&[TABLE, "GRANT SELECT, INSERT ON fleet TO rds_iam"]),
        mariadb_seed: owned(&[TABLE]),
        ..Options::default()
    })
}

fn mark(desk: &Desk, engine: Engine, keys: &str) {
    desk.profiles(engine, &[Edition::Good], keys);
}

#[test]
fn psql_refuses_to_write_in_a_read_only_session() {
    let desk = boot(Engine::Postgres);
    for psql in copies("psql").iter().map(|path| word(path)) {
        let insert = ["good", "--client", &psql, "--", "-Xqc", INSERT];
        mark(&desk, Engine::Postgres, "");
        assert_eq!(desk.run(&insert).status, Some(0), "{psql}");
        mark(&desk, Engine::Postgres, "read_only = true");
        let Said { err, status, .. } = desk.run(&insert);
        assert_eq!((err.as_str(), status), ("ERROR:  cannot execute INSERT in a read-only transaction", Some(1)));
        let show = ["good", "--client", &psql, "--", "-XAtq", "-c", "SHOW work_mem", "-c", INSERT];
        let mut own = desk.rdsconnect(&show);
        let Said { out, status, .. } = said(&own.env("PGOPTIONS", "-c work_mem=9MB").output().expect("it starts"));
        assert_eq!((out.as_str(), status), ("9MB", Some(1)), "{psql}");
    }
}

#[test]
fn the_mysql_clients_refuse_to_write_in_a_read_only_session() {
    let desk = boot(Engine::Mariadb);
    for client in ["mariadb", "mysql"].into_iter().flat_map(copies).map(|path| word(&path)) {
        let insert = ["good", "--client", &client, "--", "-e", INSERT];
        mark(&desk, Engine::Mariadb, "");
        assert_eq!(desk.run(&insert).status, Some(0), "{client}");
        mark(&desk, Engine::Mariadb, "read_only = true");
        let Said { err, status, .. } = desk.run(&insert);
        assert!(err.contains("ERROR 1792 (25006)"), "{client}: {err}");
        assert_eq!(status, Some(1), "{client}");
        // The user's own first statement runs too, wherever it was, and lifts nothing.
        desk.write(".my.cnf", "[client]\ninit-command = \"SET @mine = 'file'\"\n");
        let ask = "SELECT @mine; ".to_owned() + INSERT;
        let Said { out, status, .. } = desk.run(&["good", "--client", &client, "--", "-NBe", &ask]);
        assert_eq!((out.as_str(), status), ("file", Some(1)), "{client}");
        let own = "--init-command=SET @mine = 'argument' -- a comment";
        let Said { out, status, .. } = desk.run(&["good", "--client", &client, "--", own, "-NBe", &ask]);
        assert_eq!((out.as_str(), status), ("argument", Some(1)), "{client}");
        std::fs::remove_file(desk.path(".my.cnf")).expect("it was written");
    }
}

/// What a terminal shows of a client that is told to leave at once.
fn prompt(desk: &Desk, client: &str, more: &str, leave: &str) -> Option<String> {
    // As util-linux has it; other systems' `script` takes other arguments.
    if !cfg!(target_os = "linux") {
        return None;
    }
    let mut terminal = Command::new("script");
    let line = format!("'{}' good --client '{client}' {more}", env!("CARGO_BIN_EXE_rdsconnect"));
    desk.furnish(terminal.args(["-qec", &line, "/dev/null"]));
    let input = desk.write("input", leave);
    let output = terminal.stdin(std::fs::File::open(input).expect("just written")).output().expect("`script` starts");
    Some(said(&output).out)
}

#[test]
fn a_terminal_shows_the_mark_unless_the_user_has_a_prompt() {
    let desk = boot(Engine::Postgres);
    mark(&desk, Engine::Postgres, "production = true");
    for psql in copies("psql").iter().map(|path| word(path)) {
        let shown = |more| prompt(&desk, &psql, more, "\\q\n");
        let Some(marked) = shown("-- -n") else { return };
        assert!(marked.contains("[PRODUCTION good] app=>"), "{psql}: {marked}");
        let own = shown("-- -n -v 'PROMPT1=mine> '").expect("seen before");
        assert!(own.contains("mine>") && !own.contains("PRODUCTION"), "{psql}: {own}");
        desk.write(".psqlrc", "\\set PROMPT1 'of the file> '\n");
        let own = shown("-- -n").expect("seen before");
        assert!(own.contains("of the file>") && !own.contains("PRODUCTION"), "{psql}: {own}");
        std::fs::remove_file(desk.path(".psqlrc")).expect("it was written");
    }
    drop(desk);
    let desk = boot(Engine::Mariadb);
    mark(&desk, Engine::Mariadb, "production = true");
    for client in ["mariadb", "mysql"].into_iter().flat_map(copies).map(|path| word(&path)) {
        let shown = |more| prompt(&desk, &client, more, "exit\n").expect("seen before");
        assert!(shown("").contains("[PRODUCTION good]"), "{client}");
        let own = shown("-- '--prompt=mine> '");
        assert!(own.contains("mine>") && !own.contains("PRODUCTION"), "{client}: {own}");
        desk.write(".my.cnf", "[client]\nprompt=\"of the file> \"\n");
        let own = shown("");
        assert!(own.contains("of the file>") && !own.contains("PRODUCTION"), "{client}: {own}");
        std::fs::remove_file(desk.path(".my.cnf")).expect("it was written");
    }
}

#[test]
fn shells_with_completion_keep_the_marks_too() {
    for (engine, tool, leave, refusal) in [
        (Engine::Postgres, "pgcli", "\\q\n", "cannot execute INSERT in a read-only transaction"),
        (Engine::Mariadb, "mycli", "exit\n", "Cannot execute statement in a READ ONLY transaction"),
    ] {
        for program in python(tool).iter().map(|path| word(path)) {
            let desk = boot(engine);
            mark(&desk, engine, "production = true");
            let Some(marked) = prompt(&desk, &program, "", leave) else { return };
            assert!(marked.contains("[PRODUCTION good] "), "{program}: {marked}");
            let own = prompt(&desk, &program, "-- '--prompt=mine> '", leave).expect("seen before");
            assert!(own.contains("mine>") && !own.contains("[PRODUCTION"), "{program}: {own}");
            let option = if tool == "pgcli" { "-c" } else { "-e" };
            let insert = ["good", "--client", &program, "--", option, INSERT];
            mark(&desk, engine, "");
            let Said { out, err, .. } = desk.run(&insert);
            assert!(!out.contains(refusal) && !err.contains(refusal), "{program}: {out}{err}");
            mark(&desk, engine, "read_only = true");
            let Said { out, err, .. } = desk.run(&insert);
            assert!((out + &err).contains(refusal), "{program}: {err}");
            // mycli runs these before ours.
            for own in ["SET @mine = 1", "SET @mine = 1 -- a comment", "\"SET @mine = 1 # a comment\""] {
                desk.write(".myclirc", &format!("[main]\n[init-commands]\nmine = {own}\n"));
                let Said { out, err, .. } = desk.run(&insert);
                assert!((out + &err).contains(refusal), "{program}: {own}: {err}");
            }
        }
    }
}
