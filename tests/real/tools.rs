//! Every tool beside the two shells, against the good server, where it does its work, and against the
//! bad ones, which must receive nothing.

use std::path::{Path, PathBuf};

use crate::clients::not_run;
use crate::desk::{Desk, Said, copies, name, python, word};
use crate::standin::{Edition, Engine, Options};

/// A tool: its arguments, and what it says or writes when it was let in.
struct Row {
    tool: &'static str,
    args: &'static [&'static str],
    says: &'static str,
}

const POSTGRES: [Row; 6] = [
    Row { tool: "pg_dump", args: &["-t", "fleet"], says: "CREATE TABLE public.fleet" },
    Row { tool: "pg_restore", args: &["--data-only", "fleet.dump"], says: "" },
    Row { tool: "pg_dumpall", args: &["--no-role-passwords", "-g"], says: "CREATE ROLE jane" },
    Row { tool: "vacuumdb", args: &["-t", "fleet", "-e"], says: "VACUUM" },
    Row { tool: "pgbench", args: &["-n", "-t", "1", "-f", "one.sql"], says: "actually processed: 1/1" },
    Row { tool: "psql", args: &["-Xqc", "select 1"], says: "1 row" },
];

const MARIADB: [Row; 10] = [
    Row { tool: "mysqldump", args: DUMP, says: "CREATE TABLE `fleet`" },
    Row { tool: "mariadb-dump", args: DUMP, says: "CREATE TABLE `fleet`" },
    Row { tool: "mysqladmin", args: &["status"], says: "Uptime: " },
    Row { tool: "mariadb-admin", args: &["status"], says: "Uptime: " },
    Row { tool: "mysqlimport", args: IMPORT, says: "Records: 1" },
    Row { tool: "mariadb-import", args: IMPORT, says: "Records: 1" },
    Row { tool: "mysqlcheck", args: &["fleet"], says: "OK" },
    Row { tool: "mariadb-check", args: &["fleet"], says: "OK" },
    Row { tool: "mysqlshow", args: &[], says: "Database: app" },
    Row { tool: "mariadb-show", args: &[], says: "Database: app" },
];

const DUMP: &[&str] = &["--no-tablespaces", "--skip-lock-tables", "--skip-triggers", "fleet"];
const IMPORT: &[&str] = &["--local", "--replace", "fleet.txt"];

fn boot(engine: Engine) -> Desk {
    let owned = |statements: &[&str]| statements.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let table = "CREATE TABLE fleet (name VARCHAR(20))";
    let desk = Desk::boot(Options {
        engines: vec![engine],
        users: vec!["jane".into()],
        more_databases: Vec::new(),
        postgres_seed: owned(&[table, "GRANT SELECT, INSERT ON fleet TO rds_iam"]),
        mariadb_seed: owned(&[table]),
        ..Options::default()
    });
    desk.profiles(engine, &Edition::ALL, "");
    desk.write("one.sql", "SELECT 1;\n");
    desk.write("fleet.txt", "Aurora\n");
    desk
}

/// Runs a tool against all four servers; how it gets the token makes no difference to the bad ones.
fn try_everywhere(desk: &Desk, engine: Engine, program: &Path, row: &Row) {
    let program = word(program);
    for edition in Edition::ALL {
        let ways = if edition == Edition::Good { &["env", "fd"][..] } else { &["env"] };
        for way in ways {
            let args = [&["exec", name(edition), "--token-via", way, "--", &program][..], row.args].concat();
            let Said { out, err, status } = desk.run(&args);
            let received = desk.received(engine, edition);
            let context = format!("{program} at {edition:?} by {way}: {status:?}\n{out}\n{err}");
            if edition == Edition::Good {
                assert_eq!(status, Some(0), "{context}");
                // psql and vacuumdb tell of it on the one, mysqlimport of MariaDB on the other.
                assert!(out.contains(row.says) || err.contains(row.says), "{context}");
                assert!(received > 0, "{context}");
            } else {
                assert!(status.is_some_and(|status| status != 0 && status < 125), "{context}");
                assert_eq!(received, 0, "{context}");
            }
        }
    }
}

#[test]
fn the_programs_of_postgresql_reach_the_good_server_and_no_other() {
    let desk = boot(Engine::Postgres);
    let archive = word(&desk.path("fleet.dump"));
    let Said { err, status, .. } = desk.run(&["exec", "good", "--", "pg_dump", "-Fc", "-t", "fleet", "-f", &archive]);
    assert_eq!(status, Some(0), "{err}");
    for row in POSTGRES {
        for program in at_hand(row.tool) {
            // An older server does not know what 17 and later set in a restore.
            if row.tool == "pg_restore" && !program.starts_with("/usr/bin") {
                continue;
            }
            try_everywhere(&desk, Engine::Postgres, &program, &row);
        }
    }
}

#[test]
fn the_sisters_of_mysql_reach_the_good_server_and_no_other() {
    let desk = boot(Engine::Mariadb);
    for row in MARIADB {
        for program in at_hand(row.tool) {
            try_everywhere(&desk, Engine::Mariadb, &program, &row);
        }
    }
}

#[test]
fn each_thread_of_an_import_verifies_the_server() {
    let desk = boot(Engine::Mariadb);
    for program in ["mysqlimport", "mariadb-import"].into_iter().flat_map(at_hand) {
        let path = word(&program);
        for edition in Edition::ALL {
            let import = ["exec", name(edition), "--", &path, "--local", "--replace", "--use-threads=2", "fleet.txt"];
            // Oracle's may end with 0 although every thread of it failed.
            let Said { out, err, .. } = desk.run(&import);
            let received = desk.received(Engine::Mariadb, edition);
            assert_eq!(received > 0, edition == Edition::Good, "{path} at {edition:?}: {out}\n{err}");
        }
    }
}

/// The copies of a tool; that there is none is said.
fn at_hand(tool: &str) -> Vec<PathBuf> {
    let found = copies(tool);
    if found.is_empty() {
        not_run(tool);
    }
    found
}

#[test]
fn pgcli_reaches_the_good_server_and_no_other() {
    let row = Row { tool: "pgcli", args: &["-t", "-c", "select 40 + 2"], says: "42" };
    for program in python(row.tool) {
        try_everywhere(&boot(Engine::Postgres), Engine::Postgres, &program, &row);
    }
}

#[test]
fn mycli_reaches_the_good_server_and_no_other() {
    let row = Row { tool: "mycli", args: &["-e", "select 40 + 2"], says: "42" };
    for program in python(row.tool) {
        try_everywhere(&boot(Engine::Mariadb), Engine::Mariadb, &program, &row);
    }
}

/// The worst that `~/.myclirc` can say of the connection. Authorities in a directory are found by the
/// hashes of their names.
#[test]
fn mycli_takes_nothing_of_the_connection_out_of_its_own_file() {
    for program in python("mycli") {
        let desk = boot(Engine::Mariadb);
        let trusted = desk.path("trusted");
        std::fs::create_dir(&trusted).expect("our own directory");
        let pem = std::fs::read(desk.other_ca()).expect("the stand-in has it");
        std::fs::write(trusted.join("other.pem"), pem).expect("our own file");
        let rehash = std::process::Command::new("openssl").arg("rehash").arg(&trusted).status();
        assert!(rehash.is_ok_and(|status| status.success()), "openssl sorts the authorities");
        let trusted = word(&trusted);
        let other = word(desk.other_ca());
        let lines = [
            "default_ssl_mode = off".to_owned(),
            format!("default_ssl_ca = {other}"),
            format!("default_ssl_capath = {trusted}"),
            format!("default_ssl_ca_path = {trusted}"),
            "default_ssl_verify_server_cert = False".to_owned(),
            "default_socket = /nonexistent".to_owned(),
        ];
        desk.write(".myclirc", &format!("[main]\n[connection]\n{}\n", lines.join("\n")));
        let row = Row { tool: "mycli", args: &["-e", "select 40 + 2"], says: "42" };
        try_everywhere(&desk, Engine::Mariadb, &program, &row);
    }
}

#[test]
fn exec_logs_any_libpq_program_in_and_only_at_the_good_server() {
    let desk = boot(Engine::Postgres);
    let row = Row { tool: "reindexdb", args: &["--table=fleet", "-e"], says: "" };
    for program in copies(row.tool) {
        for edition in Edition::ALL {
            let path = word(&program);
            let args = [&["exec", name(edition), "--", &path][..], row.args].concat();
            let Said { err, .. } = desk.run(&args);
            // `jane` does not own the table; that is said by a server that let her in.
            let let_in = err.contains("must be owner of table fleet");
            assert_eq!(let_in, edition == Edition::Good, "{err}");
            assert_eq!(desk.received(Engine::Postgres, edition) > 0, let_in, "{err}");
        }
    }
}

#[test]
fn a_database_named_like_a_connection_string_stays_a_name_for_every_tool() {
    let desk = Desk::boot(Options { engines: vec![Engine::Postgres], ..Options::default() });
    let clear = desk.port(Engine::Postgres, Edition::NoTls);
    desk.profiles(Engine::Postgres, &Edition::ALL, "");
    desk.write("one.sql", "SELECT 1;\n");
    let evil = format!("host=127.0.0.1 port={clear} user=jane dbname=app sslmode=disable");
    for (tool, args) in [
        ("psql", &["-Xqc", "select 1"][..]),
        ("pg_dump", &[]),
        ("pg_dumpall", &["-g", "--no-role-passwords"]),
        ("vacuumdb", &[]),
        ("pgbench", &["-n", "-t", "1", "-f", "one.sql"]),
    ] {
        for program in at_hand(tool) {
            let path = word(&program);
            let args = [&["exec", "good", "--database", &evil, "--", &path][..], args].concat();
            let Said { err, .. } = desk.run(&args);
            assert_eq!(desk.received(Engine::Postgres, Edition::NoTls), 0, "{}: {err}", program.display());
        }
    }
}
