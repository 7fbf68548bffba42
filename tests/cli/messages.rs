//! What is said when something is wrong, before a token is made.

use crate::sandbox::Sandbox;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const PROFILES: &str = r#"
[defaults]
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
[profiles.my]
engine = "mysql"
[profiles.pg]
engine = "postgres"
database = "app"
[profiles.nodb]
engine = "postgres"
[profiles.corp]
engine = "mysql"
host = "db.corp.example"
"#;

/// A sandbox without credentials: whatever is checked before the token fails first.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_config(PROFILES);
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    sandbox
}

#[test]
fn usage_errors_have_our_own_status() {
    let sandbox = sandbox();
    for args in [&[][..], &["connect"], &["--dry-run"]] {
        sandbox.run(args).fails(
            "error: no profile named\n\n\
             Usage: rdsconnect [FLAGS] PROFILE [-- CLIENT-ARGS...]\n       rdsconnect [FLAGS] VERB ...\n\n\
             For more information, try '--help'.\n",
        );
    }
    // All others are in the table of src/usage.rs.
    sandbox
        .run(&["my", "-e", "x"])
        .fails("error: unexpected argument `-e`\nhint: arguments for the client follow `--`\n");
    sandbox.run(&["my", "--port"]).fails("error: `--port` lacks its value\n");
    sandbox.run(&["tokne", "my"]).fails("error: unexpected argument `my`\nhint: did you mean the verb `token`?\n");
    let run = sandbox.run(&["config"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)));
    assert!(run.stderr.contains("Usage: rdsconnect config"), "{}", run.stderr);
    sandbox.run(&["my", "token", "pg"]).fails(
        "error: a verb follows the profile `my`\n\
         hint: write the verb first; arguments for the client follow `--`\n",
    );
    sandbox.run(&["--dry-run", "token", "pg"]).fails("error: `--dry-run` is for connecting\nhint: leave it out\n");
}

#[test]
fn verbs_about_no_profile_neither_take_nor_show_the_flags_that_override_one() {
    let sandbox = sandbox();
    let without =
        ["list", "config path", "config check", "config schema", "ca list", "aliases --shell=sh", "generate man m"];
    for line in without {
        let words: Vec<&str> = line.split(' ').collect();
        let verb = words[0];
        sandbox.run(&[&words[..], &["--user=bob"]].concat()).fails(&format!(
            "error: `rdsconnect {verb}` takes no flags that override a profile\n\
             hint: run `rdsconnect {verb} --help` to see what it takes\n"
        ));
        for help in [&words[..1], &words[..]] {
            let help = sandbox.run(&[help, &["--help"]].concat());
            assert!(help.stdout.contains("--config") && !help.stdout.contains("--user"), "{}", help.stdout);
        }
    }
    for verb in ["connect", "show", "exec", "token", "check", "env", "init"] {
        let help = sandbox.run(&[verb, "--help"]);
        assert!(help.stdout.contains("--user"), "{}", help.stdout);
    }
}

#[test]
fn a_name_without_a_profile_may_have_been_meant_otherwise() {
    let sandbox = sandbox();
    let known = "the profiles are `corp`, `my`, `nodb`, `pg`";
    let error =
        |name: &str| format!("error: no profile named `{name}` in `[dir]/home/.config/rdsconnect/config.toml`\n");
    for (name, hint) in [
        ("chekc", format!("did you mean the verb `check`? {known}")),
        ("help", format!("for help, run `rdsconnect --help`; {known}")),
        ("version", format!("for the version, run `rdsconnect --version`; {known}")),
        ("PG", "did you mean `pg`? ".to_owned() + known),
        (
            "mydb.abc123.us-west-2.rds.amazonaws.com",
            "begin an address with its engine, as in `postgres://USER@HOST/DATABASE`".to_owned(),
        ),
        ("nothing", known.to_owned()),
    ] {
        sandbox.run(&[name]).fails(&format!("{}hint: {hint}\n", error(name)));
    }
    // After a verb there is no other verb to be meant.
    sandbox.run(&["connect", "chekc"]).fails(&format!("{}hint: {known}\n", error("chekc")));
    fs::remove_file(sandbox.path("home/.config/rdsconnect/config.toml")).unwrap();
    let run = sandbox.run(&["help"]);
    assert!(run.stderr.contains("hint: for help, run `rdsconnect --help`"), "{}", run.stderr);
}

#[test]
fn an_address_that_lacks_something_is_called_one() {
    let mut sandbox = Sandbox::with_config("");
    sandbox.set("HOME", "/nonexistent");
    let host = "mydb.abc123.us-west-2.rds.amazonaws.com";
    sandbox
        .run(&["mysql://jane@"])
        .fails("error: address `mysql://jane@` has no `host`\nhint: write it as in `postgres://USER@HOST/DATABASE`\n");
    sandbox.run(&[&format!("postgres://{host}/app")]).fails(&format!(
        "error: address `{host}` has no `user`\n\
         hint: write it before the host, as in `postgres://USER@HOST/DATABASE`, or use `--user`\n"
    ));
    sandbox.run(&[&format!("postgres://jane@{host}")]).fails(&format!(
        "error: address `{host}` names no database\n\
         hint: write it behind the host, as in `postgres://USER@HOST/DATABASE`, or use `--database` \
         (psql would try a database named like the user)\n"
    ));
}

#[test]
fn flags_are_checked_like_keys() {
    let sandbox = sandbox();
    for (flag, value, problem) in [
        ("--port", "x", "must be a port from 1 to 65535"),
        ("--user", "", "must not be empty"),
        ("--database", "a\nb", "must not contain control characters"),
        ("--region", "us-west-2a", "must be an AWS region such as `us-west-2`, not an availability zone"),
        ("--connect-to", "a:b", "must be `HOST`, `HOST:PORT` or `[IPV6]:PORT`"),
        ("--token-via", "argv", "must be `env` or `fd`"),
    ] {
        sandbox.run(&["my", &format!("{flag}={value}")]).fails(&format!("error: `{flag}` {problem}\n"));
    }
}

#[test]
fn a_client_that_is_not_there_or_cannot_start_has_its_own_status() {
    let sandbox = sandbox();
    fs::remove_file(sandbox.path("bin/psql")).unwrap();
    let run = sandbox.run(&["pg"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(127)));
    assert!(
        run.stderr.starts_with("error: client `psql` not found\nhint: install it with `apt install postgresql-client`")
    );
    let run = sandbox.run(&["pg", "--client", "psql-9"]);
    assert_eq!((run.stderr.as_str(), run.status), ("error: client `psql-9` not found\n", Some(127)));
    let run = sandbox.run(&["pg", "--client", "./nosuch/psql"]);
    assert_eq!((run.stderr.as_str(), run.status), ("error: client `[dir]/./nosuch/psql` not found\n", Some(127)));

    let program = sandbox.write("bin/mysql-0", "#!/nonexistent\n");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let run = sandbox.run(&["my", "--client", "mysql-0"]);
    assert_eq!(run.status, Some(126));
    assert!(
        run.stderr.starts_with("error: client `[dir]/bin/mysql-0` cannot be started\n  caused by: "),
        "{}",
        run.stderr
    );
    sandbox.client("mysql-5", "psql (PostgreSQL) 15.20\n");
    sandbox.run(&["my", "--client", "mysql-5"]).fails(
        "error: client `[dir]/bin/mysql-5` is neither a MySQL nor a MariaDB client by its `--version`\n\
         hint: set `client` to the `mysql` or `mariadb` program\n",
    );
}

#[test]
fn a_client_never_comes_from_an_empty_or_relative_path_entry() {
    let mut sandbox = sandbox();
    for path in ["", ":", "bin", ".:bin", "::bin"] {
        sandbox.set("PATH", path);
        sandbox.run(&["pg"]).status_and_error(127, "client `psql` not found");
    }
}

#[test]
fn a_client_that_everyone_can_write_is_refused() {
    let sandbox = sandbox();
    fs::remove_file(sandbox.path("bin/psql")).unwrap();
    let program = sandbox.write("bin/psql", "#!/bin/sh\n");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o777)).unwrap();
    let path = program.to_str().unwrap();
    sandbox
        .run(&["pg", "--client", path])
        .fails("error: `[dir]/bin/psql` can be written by everyone\nhint: run `chmod go-w [dir]/bin/psql`\n");
}

#[test]
fn a_bad_ca_bundle_is_named_before_anything_connects() {
    let sandbox = sandbox();
    sandbox.write("empty.pem", "");
    sandbox.write("text.pem", "hello\n");
    for (bundle, error) in [
        ("nosuch.pem", "error: CA bundle `[dir]/nosuch.pem` does not exist"),
        ("empty.pem", "error: CA bundle `[dir]/empty.pem` is empty"),
        ("text.pem", "error: CA bundle `[dir]/text.pem` is not a PEM file"),
        ("home", "error: CA bundle `[dir]/home` is a directory"),
    ] {
        let run = sandbox.run(&["pg", "--ca-bundle", bundle]);
        assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)), "{bundle}");
        assert!(run.stderr.starts_with(error), "{bundle}: {}", run.stderr);
    }
}

#[test]
fn a_region_without_built_in_roots_says_where_they_are_published() {
    let sandbox = sandbox();
    let run = sandbox.run(&["mysql://jane@db.c1.us-gov-west-1.rds.amazonaws.com"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)));
    assert!(run.stderr.contains("no built-in root certificates for the region `us-gov-west-1`"), "{}", run.stderr);
    assert!(run.stderr.contains("us-gov-west-1-bundle.pem") && run.stderr.contains("ca_bundle"), "{}", run.stderr);
}

#[test]
fn postgres_needs_a_database() {
    sandbox().run(&["nodb"]).fails(
        "error: profile `nodb` names no database\n\
         hint: set `database` in the profile or use `--database` (psql would try a database named like the user)\n",
    );
}

#[test]
fn a_name_that_is_no_endpoint_needs_a_region_and_gets_a_note() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["corp"]).fails(
        "error: no region to sign for: `db.corp.example` does not carry one\n\
         hint: set `region` in the profile or use `--region`; better, set `host` to the RDS endpoint and `connect_to` \
         to this name, because RDS refuses tokens for other names\n",
    );
    sandbox.run(&["corp", "--region", "us-west-2"]).gives(
        "",
        "note: `db.corp.example` is no RDS endpoint, and RDS refuses tokens made for other names: set `host` to the \
         endpoint and `connect_to` to this name\n",
        0,
    );
    sandbox
        .run(&["my", "--region", "eu-west-1"])
        .fails("error: region `eu-west-1` contradicts the host name, which says `us-west-2`\nhint: leave `region` and `--region` out: the host name carries it\n");
}

#[test]
fn arguments_that_move_or_weaken_the_connection_are_refused_before_a_token_is_made() {
    let sandbox = sandbox();
    for (profile, args, shown) in [
        ("pg", &["-h", "evil"][..], "argument `-h` would change the host"),
        ("pg", &["-d", "host=evil"], "argument `-d` would"),
        ("my", &["--skip-ssl"], "argument `--skip-ssl` would change how TLS is checked"),
        ("my", &["-phunter2"], "argument `-p"),
        ("my", &["--password=hunter2"], "argument `--password` would replace the token"),
    ] {
        let run = sandbox.run(&[&[profile, "--"], args].concat());
        assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)), "{args:?}");
        assert!(run.stderr.starts_with(&format!("error: {shown}")), "{args:?}: {}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn help_and_version_need_nothing() {
    let mut sandbox = Sandbox::with_config("broken [");
    sandbox.unset("HOME");
    for args in [&["--help"][..], &["-h"], &["--version"], &["token", "--help"]] {
        let run = sandbox.run(args);
        assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)), "{args:?}");
        assert!(!run.stdout.is_empty());
    }
    assert_eq!(sandbox.run(&["--version"]).stdout, concat!("rdsconnect ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn what_v_says_of_a_path_cannot_move_the_cursor_or_begin_a_line() {
    let mut sandbox = Sandbox::with_config(PROFILES);
    let odd = sandbox.path("a\u{1b}[31m\nINFO forged");
    fs::rename(sandbox.path("bin"), &odd).unwrap();
    sandbox.set("PATH", odd.to_str().unwrap());
    let run = sandbox.run(&["pg", "-vv"]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
    assert!(!run.stderr.lines().any(|line| line.starts_with("INFO forged")), "{}", run.stderr);
    assert!(run.stderr.contains("program=[dir]/a\\u{1b}[31m\\nINFO forged/psql"), "{}", run.stderr);
}
