//! What the other clients are started with, as the profile's client and by `exec`.

use crate::sandbox::{HOST, Sandbox};

const PROFILES: &str = r#"
[defaults]
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
database = "app"
[profiles.pg]
engine = "postgres"
client_args = ["-X"]
[profiles.my]
engine = "mysql"
client_args = ["-N"]
[profiles.dump]
engine = "mysql"
client = "mysqldump"
client_args = ["--single-transaction", "-d"]
[profiles.tunnel]
engine = "mysql"
connect_to = "127.0.0.1:13306"
tls = "verify-ca"
[profiles.careful]
engine = "mysql"
read_only = true
"#;

const ORACLE: &str = "/x/mysqldump  Ver 9.7.4-2 for Linux on x86_64 ((Debian))\n";
const MARIADB: &str = "/x/mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_config(PROFILES);
    for name in ["pg_dump", "pg_restore", "pg_dumpall", "vacuumdb", "pgbench", "pgcli", "mycli", "anything"] {
        sandbox.client(name, "");
    }
    for name in ["mysqldump", "mysqladmin", "mysqlimport", "mysqlcheck", "mysqlshow"] {
        sandbox.client(name, ORACLE);
    }
    for name in ["mariadb-dump", "mariadb-admin", "mariadb-import", "mariadb-check", "mariadb-show"] {
        sandbox.client(name, MARIADB);
    }
    sandbox
}

fn conninfo(database: &str) -> String {
    format!(
        "host='{HOST}' port='5432' dbname='{database}' user='jane' sslmode='verify-full' sslrootcert='/dev/fd/N' gssencmode='disable'"
    )
}

#[track_caller]
fn gets(sandbox: &Sandbox, client: &str, run: &[&str], args: &[&str]) {
    sandbox.run(run).gives("", "", 0);
    assert_eq!(sandbox.record(client).unwrap().args, args, "{client}");
}

#[test]
fn each_tool_of_postgresql_takes_the_connection_in_its_own_way() {
    let sandbox = sandbox();
    let app = conninfo("app");
    for (client, ours) in [
        ("pg_dump", &["-d", &app, "-w"][..]),
        ("pg_restore", &["-d", &app, "-w"]),
        ("pg_dumpall", &["-d", &app, "-w", "--database=app"]),
        ("vacuumdb", &["-d", &app, "-w"]),
        ("pgbench", &[&app]),
        ("pgcli", &[&app, "-w"]),
    ] {
        let args = [ours, &["-c"]].concat();
        let value = if ["pgbench", "pgcli"].contains(&client) { &["-c", "1"][..] } else { &["-c"] };
        let expected = if value.len() > 1 { [ours, value].concat() } else { args };
        // `client_args` are for psql, which the profile has in mind.
        gets(&sandbox, client, &[&["pg", "--client", client, "--"], value].concat(), &expected);
        gets(&sandbox, client, &[&["exec", "pg", "--", client], value].concat(), &expected);
        let record = sandbox.record(client).unwrap();
        let variable = |name: &str| record.env.get(name).map(String::as_str);
        assert!(variable("PGPASSWORD").unwrap().contains("X-Amz-Signature="), "{client}");
        assert_eq!((variable("PGSSLMODE"), variable("PGHOST")), (Some("verify-full"), Some(HOST)), "{client}");
        let keyring = (client == "pgcli").then_some("keyring.backends.null.Keyring");
        assert_eq!(variable("PYTHON_KEYRING_BACKEND"), keyring, "{client}");
    }
    gets(&sandbox, "psql", &["exec", "pg", "--", "psql", "-q"], &["-d", &app, "-w", "-X", "-q"]);
}

#[test]
fn a_name_that_would_be_expanded_is_kept_from_pg_dumpall_and_from_variables() {
    let sandbox = sandbox();
    let evil = conninfo("host=evil");
    gets(&sandbox, "pg_dumpall", &["pg", "--client", "pg_dumpall", "--database", "host=evil"], &["-d", &evil, "-w"]);
    assert_eq!(sandbox.record("pg_dumpall").unwrap().env.get("PGDATABASE"), None);
    sandbox.run(&["exec", "pg", "--database", "host=evil", "--", "anything"]).fails(
        "error: client `[dir]/bin/anything` would not take the database `host=evil` for a name\n\
         hint: use a client that takes it, such as the engine's own shell\n",
    );
}

#[test]
fn an_alias_in_the_environment_never_leads_pgcli_or_mycli_elsewhere() {
    let mut sandbox = sandbox();
    let hostile = ["DSN", "MYSQL_DSN", "MYSQL_USER", "MYSQL_UNIX_SOCKET", "PYTHON_KEYRING_BACKEND"];
    for name in hostile {
        sandbox.set(name, "evil");
    }
    sandbox.run(&["pg", "--client", "pgcli"]).gives("", "", 0);
    sandbox.run(&["my", "--client", "mycli"]).gives("", "", 0);
    assert_eq!(sandbox.record("pgcli").unwrap().env.get("DSN"), None);
    let env = sandbox.record("mycli").unwrap().env;
    for name in &hostile[1..4] {
        assert_eq!(env.get(*name), None, "{name}");
    }
    assert_eq!(env["PYTHON_KEYRING_BACKEND"], "keyring.backends.null.Keyring");
}

#[test]
fn each_sister_of_mysql_gets_the_flags_of_its_family_and_the_database_where_it_wants_it() {
    let sandbox = sandbox();
    let place = [format!("--host={HOST}"), "--port=3306".into(), "--user=jane".into(), "--protocol=TCP".into()];
    let oracle = ["--ssl-mode=VERIFY_IDENTITY", "--ssl-ca=/dev/fd/N", "--enable-cleartext-plugin"];
    let mariadb = ["--ssl", "--ssl-ca=/dev/fd/N", "--ssl-verify-server-cert"];
    for (client, tls, database) in [
        ("mysqldump", oracle, Some("app")),
        ("mysqladmin", oracle, None),
        ("mysqlimport", oracle, Some("app")),
        ("mysqlcheck", oracle, Some("app")),
        ("mysqlshow", oracle, Some("app")),
        ("mariadb-dump", mariadb, Some("app")),
        ("mariadb-admin", mariadb, None),
        ("mariadb-import", mariadb, Some("app")),
        ("mariadb-check", mariadb, Some("app")),
        ("mariadb-show", mariadb, Some("app")),
    ] {
        let mut expected = vec!["--no-defaults"];
        expected.extend(place.iter().map(String::as_str).chain(tls).chain(database));
        expected.push("fleet");
        gets(&sandbox, client, &["my", "--client", client, "--", "fleet"], &expected);
        gets(&sandbox, client, &["exec", "my", "--", client, "fleet"], &expected);
        let env = sandbox.record(client).unwrap().env;
        assert!(env["MYSQL_PWD"].contains("X-Amz-Signature="), "{client}");
        assert_eq!(env["LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN"], "1", "{client}");
    }
}

/// What follows the TLS flags of Oracle's.
fn tail(sandbox: &Sandbox, client: &str, run: &[&str]) -> Vec<String> {
    sandbox.run(run).gives("", "", 0);
    sandbox.record(client).unwrap().args.split_off(8)
}

#[test]
fn the_users_choice_of_databases_replaces_the_profiles() {
    let sandbox = sandbox();
    let dump = |more: &[&str]| tail(&sandbox, "mysqldump", &[&["exec", "my", "--", "mysqldump"], more].concat());
    assert_eq!(dump(&[]), ["app"]);
    assert_eq!(dump(&["-A"]), ["-A"]);
    assert_eq!(dump(&["--databases", "a", "b"]), ["--databases", "a", "b"]);
    assert_eq!(dump(&["-w", "-A"]), ["app", "-w", "-A"]);
    assert_eq!(tail(&sandbox, "mysqldump", &["dump", "--", "fleet"]), ["app", "--single-transaction", "-d", "fleet"]);
    let show = |more: &[&str]| tail(&sandbox, "mysqlshow", &[&["exec", "my", "--database=my_app"], more].concat());
    // Alone it would be a pattern.
    assert_eq!(show(&["--", "mysqlshow"]), ["my\\_app"]);
    assert_eq!(show(&["--", "mysqlshow", "fleet"]), ["my_app", "fleet"]);
    sandbox.run(&["exec", "my", "--database=--host=evil", "--", "mysqldump"]).fails(
        "error: client `[dir]/bin/mysqldump` would not take the database `--host=evil` for a name\n\
         hint: use a client that takes it, such as the engine's own shell\n",
    );
}

#[test]
fn mycli_is_told_in_its_own_words() {
    let sandbox = sandbox();
    let host = format!("--host={HOST}");
    let ours = |token: &[&'static str]| {
        let head = [
            "--port=3306",
            "--user=jane",
            "--ssl-mode=on",
            "--ssl-ca=/dev/fd/N",
            "--ssl-capath=/",
            "--ssl-verify-server-cert",
        ];
        [&[host.as_str()][..], &head, &["--database=app"], token, &["-t"]].concat()
    };
    gets(&sandbox, "mycli", &["my", "--client", "mycli", "--", "-t"], &ours(&[]));
    let record = sandbox.record("mycli").unwrap();
    assert!(record.env["MYSQL_PWD"].contains("X-Amz-Signature="));
    assert_eq!(record.env["MYSQL_TEST_LOGIN_FILE"], "/nonexistent");
    let by_descriptor = ["my", "--client", "mycli", "--token-via", "fd", "--", "-t"];
    gets(&sandbox, "mycli", &by_descriptor, &ours(&["--password-file=/dev/fd/N"]));
    let record = sandbox.record("mycli").unwrap();
    assert_eq!(record.env.get("MYSQL_PWD"), None);
    let texts: Vec<String> = record.descriptors.into_values().flatten().collect();
    assert!(texts.iter().any(|text| text.contains("X-Amz-Signature=") && text.ends_with('\n')), "{texts:?}");
    sandbox
        .run(&["my", "--client", "mycli", "--database", "mysql://evil/"])
        .status_and_error(125, "client `[dir]/bin/mycli` would not take the database `mysql://evil/` for a name");
    let run = sandbox.run(&["exec", "tunnel", "--", "mycli"]);
    assert!(run.stderr.contains("(mycli) cannot verify a server through `127.0.0.1:13306`\n"), "{}", run.stderr);
    sandbox.run(&["exec", "careful", "--", "mycli", "--init-command=set @a=1"]).gives("", "", 0);
    let statement = "--init-command=DO 0\n;SET SESSION TRANSACTION READ ONLY;set @a=1".to_owned();
    assert!(sandbox.record("mycli").unwrap().args.contains(&statement));
}

#[test]
fn the_gate_is_the_tools_own() {
    let sandbox = sandbox();
    // `-d` is a database for psql, and leaves rows out for mysqldump.
    gets_refused(
        &sandbox,
        &["exec", "pg", "--", "pg_dump", "-d", "x"],
        "argument `-d` would replace the connection or be ignored",
    );
    assert_eq!(tail(&sandbox, "mysqldump", &["exec", "my", "--", "mysqldump", "-d"]), ["app", "-d"]);
    gets_refused(&sandbox, &["exec", "my", "--", "mysqldump", "-e", "-hevil"], "argument `-h` would change the host");
    gets_refused(
        &sandbox,
        &["my", "--client", "mycli", "--", "--ssh-jump=x"],
        "argument `--ssh-jump` would change the protocol or the network",
    );
    sandbox.config(&PROFILES.replace("\"--single-transaction\", \"-d\"", "\"-e\", \"-hevil\""));
    gets_refused(
        &sandbox,
        &["dump"],
        "`client_args` in `[profiles.dump]`: argument `-h` would change the host: `[dir]/home/.config/rdsconnect/config.toml` line 15",
    );
}

#[track_caller]
fn gets_refused(sandbox: &Sandbox, run: &[&str], error: &str) {
    sandbox.run(run).status_and_error(125, error);
}

#[test]
fn a_name_that_says_nothing_stands_for_the_engines_shell() {
    let sandbox = sandbox();
    sandbox.client("our-psql", "");
    sandbox.run(&["pg", "--client", "our-psql", "--", "-c", "x"]).gives("", "", 0);
    assert_eq!(sandbox.record("our-psql").unwrap().args[0], "-d");
    gets_refused(&sandbox, &["pg", "--client", "our-psql", "--", "-h", "x"], "argument `-h` would change the host");
    sandbox.client("our-mysql", ORACLE);
    sandbox.run(&["my", "--client", "our-mysql"]).gives("", "", 0);
    assert!(sandbox.record("our-mysql").unwrap().args.contains(&"--ssl-mode=VERIFY_IDENTITY".to_owned()));
    sandbox.client("our-other", "something else\n");
    let error = "client `[dir]/bin/our-other` is neither a MySQL nor a MariaDB client by its `--version`";
    gets_refused(&sandbox, &["my", "--client", "our-other"], error);
}

#[test]
fn a_client_of_the_families_that_is_no_shell_and_not_known_is_refused() {
    let sandbox = sandbox();
    sandbox.client("mysqlslap", ORACLE);
    sandbox.run(&["my", "--client", "mysqlslap"]).fails(
        "error: client `mysqlslap` is not one that rdsconnect can use for mysql\n\
         hint: use one of `mysql`, `mariadb`, `mysqldump`, `mariadb-dump`, `mysqladmin`, `mariadb-admin`, \
         `mysqlimport`, `mariadb-import`, `mysqlcheck`, `mariadb-check`, `mysqlshow`, `mariadb-show`, `mycli`\n",
    );
    sandbox.run(&["pg", "--client", "pg_basebackup"]).fails(
        "error: client `pg_basebackup` is not one that rdsconnect can use for postgres\n\
         hint: use one of `psql`, `pg_dump`, `pg_restore`, `pg_dumpall`, `vacuumdb`, `pgbench`, `pgcli`, or \
         `rdsconnect exec` for any other program\n",
    );
    gets_refused(
        &sandbox,
        &["pg", "--client", "mysqldump"],
        "client `mysqldump` is not one that rdsconnect can use for postgres",
    );
    gets_refused(&sandbox, &["exec", "my", "--", "psql"], "client `psql` is not one that rdsconnect can use for mysql");
    sandbox.run(&["careful", "--client", "mysqldump"]).fails(
        "error: client `[dir]/bin/mysqldump` has no way to start a read-only session\n\
         hint: use a profile without `read_only`, or the engine's own shell\n",
    );
    assert_eq!(sandbox.record("mysqlslap"), None);
}

#[test]
fn exec_gives_any_other_program_the_environment_for_postgres_alone() {
    let mut sandbox = sandbox();
    sandbox.set("PGSERVICE", "evil").set("PGHOSTADDR", "192.0.2.1").set("PGGSSENCMODE", "require");
    gets(&sandbox, "anything", &["exec", "pg", "--", "anything", "-h", "-d x", "--"], &["-h", "-d x", "--"]);
    let mut env = sandbox.record("anything").unwrap().env;
    assert!(env.remove("PGPASSWORD").unwrap().starts_with(&format!("{HOST}:5432/?")));
    sandbox.unset("PGSERVICE").unset("PGHOSTADDR").unset("PGGSSENCMODE");
    let mut expected = sandbox.inherited();
    for (name, value) in [
        ("PGHOST", HOST),
        ("PGPORT", "5432"),
        ("PGDATABASE", "app"),
        ("PGUSER", "jane"),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", "/dev/fd/N"),
        ("PGGSSENCMODE", "disable"),
        ("PGSSLCERT", "/nonexistent"),
        ("PGSSLCRL", "/nonexistent"),
    ] {
        expected.insert(name.into(), value.into());
    }
    assert_eq!(env, expected);
    sandbox.run(&["exec", "pg", "--read-only", "--", "anything"]).gives("", "", 0);
    assert_eq!(sandbox.record("anything").unwrap().env["PGOPTIONS"], "-c default_transaction_read_only=on");
    sandbox.write("bin/anything.status", "7");
    sandbox.run(&["exec", "pg", "--", "anything"]).gives("", "", 7);

    let run = sandbox.run(&["exec", "my", "--", "./anything"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)));
    assert!(
        run.stderr.starts_with(
            "error: `./anything` is not one that rdsconnect knows, and the mysql family has no variables for TLS\n\
             hint: use one of `mysql`, `mariadb`, "
        ),
        "{}",
        run.stderr
    );
    sandbox.run(&["exec", "pg", "--", "nosuch"]).status_and_error(127, "client `nosuch` not found");
}

#[test]
fn exec_says_what_is_missing() {
    let sandbox = sandbox();
    sandbox.run(&["exec", "pg"]).fails("error: no program named\nhint: write it after `--`\n");
    sandbox
        .run(&["exec", "pg", "--client", "psql", "--", "psql"])
        .fails("error: `--client` is for connecting\nhint: name the program after `--`\n");
    let run = sandbox.run(&["exec", "pg", "--dry-run", "--", "pg_dump", "-s"]);
    assert_eq!(run.status, Some(0));
    assert!(run.stdout.contains("[dir]/bin/pg_dump") && run.stdout.contains("'[token]'"), "{}", run.stdout);
    let before = sandbox.run(&["--dry-run", "exec", "pg", "--", "pg_dump", "-s"]);
    assert_eq!(before.stdout, run.stdout);
    assert_eq!(sandbox.record("pg_dump"), None);
}
