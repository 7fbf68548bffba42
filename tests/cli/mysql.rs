//! What the mysql family is started with.

use crate::sandbox::{HOST, Sandbox};

const PROFILE: &str = r#"
[profiles.my]
engine = "mysql"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
database = "app"
"#;

const HOSTILE: &[(&str, &str)] = &[
    ("MYSQL_PWD", "evil"),
    ("MYSQL_TEST_LOGIN_FILE", "/x"),
    ("LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", "0"),
    ("MYSQL_HOST", "evil.example"),
    ("MARIADB_HOST", "evil.example"),
    ("MYSQL_TCP_PORT", "1"),
    ("MYSQL_UNIX_PORT", "/x"),
    ("MARIADB_UNIX_PORT", "/x"),
    ("SSLKEYLOGFILE", "/x"),
    ("MYSQL_HOME", "/x"),
    ("MARIADB_HOME", "/x"),
    ("MYSQL_GROUP_SUFFIX", "_x"),
    ("MARIADB_GROUP_SUFFIX", "_x"),
    ("LIBMYSQL_PLUGIN_DIR", "/x"),
    ("LIBMYSQL_PLUGINS", "evil"),
    ("MARIADB_PLUGIN_DIR", "/x"),
    ("MARIADB_TLS_DISABLE_PEER_VERIFICATION", "1"),
    ("MYSQL_DEBUG", "d:t:o,/tmp/x"),
    ("MYSQL_TEST_TRACE_DEBUG", "1"),
    ("MYSQL_TEST_TRACE_CRASH", "1"),
];

fn ours(tls: &[&str]) -> Vec<String> {
    let mut args = vec![
        "--no-defaults".to_owned(),
        format!("--host={HOST}"),
        "--port=3306".into(),
        "--user=jane".into(),
        "--protocol=TCP".into(),
    ];
    args.extend(tls.iter().map(|arg| (*arg).to_owned()));
    args.push("--database=app".into());
    args
}

const ORACLE: &[&str] = &["--ssl-mode=VERIFY_IDENTITY", "--ssl-ca=/dev/fd/N", "--enable-cleartext-plugin"];
const MARIADB: &[&str] = &["--ssl", "--ssl-ca=/dev/fd/N", "--ssl-verify-server-cert"];

#[test]
fn each_family_gets_its_own_flags() {
    for (client, engine, tls) in
        [("mysql", "mysql", ORACLE), ("mariadb", "mariadb", MARIADB), ("mysql", "aurora-mysql", ORACLE)]
    {
        let sandbox = Sandbox::with_config(&PROFILE.replace("engine = \"mysql\"", &format!("engine = \"{engine}\"")));
        sandbox.run(&["my", "--", "-N", "-e", "select 1"]).gives("", "", 0);
        let mut args = ours(tls);
        args.extend(["-N", "-e", "select 1"].map(str::to_owned));
        assert_eq!(sandbox.record(client).unwrap().args, args, "{engine}");
    }
}

#[test]
fn the_family_is_what_the_program_says_and_not_its_name() {
    let sandbox = Sandbox::with_config(PROFILE);
    sandbox.write("bin/mysql.version", "mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)\n");
    sandbox.run(&["my"]).gives("", "", 0);
    assert_eq!(sandbox.record("mysql").unwrap().args, ours(MARIADB));
}

#[test]
fn without_the_preferred_client_the_other_is_taken() {
    for (engine, gone, taken) in [("mysql", "mysql", "mariadb"), ("mariadb", "mariadb", "mysql")] {
        let sandbox = Sandbox::with_config(&PROFILE.replace("engine = \"mysql\"", &format!("engine = \"{engine}\"")));
        std::fs::remove_file(sandbox.path("bin").join(gone)).unwrap();
        sandbox.run(&["my"]).gives("", "", 0);
        assert!(sandbox.record(taken).is_some(), "{engine}");
    }
}

#[test]
fn the_whole_environment_is_as_decided_whatever_was_inherited() {
    let mut sandbox = Sandbox::with_config(PROFILE);
    for (name, value) in HOSTILE {
        sandbox.set(name, value);
    }
    sandbox.set("MYSQL_PS1", "mine> ");
    sandbox.run(&["my"]).gives("", "", 0);
    let mut record = sandbox.record("mysql").unwrap();
    let token = record.env.remove("MYSQL_PWD").unwrap();
    assert!(token.starts_with("mydb.abc123.us-west-2.rds.amazonaws.com:3306/?Action=connect&DBUser=jane&"), "{token}");
    for (name, _) in HOSTILE {
        sandbox.unset(name);
    }
    let mut expected = sandbox.inherited();
    expected.insert("MYSQL_TEST_LOGIN_FILE".into(), "/dev/null".into());
    expected.insert("LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN".into(), "1".into());
    assert_eq!(record.env, expected);
}

#[test]
fn every_variable_of_the_table_is_tried() {
    use rdsconnect::client::variables::{Decision, MYSQL};
    for row in MYSQL {
        let tried = HOSTILE.iter().any(|(name, _)| *name == row.name);
        assert_eq!(tried, row.decision != Decision::Kept, "{}", row.name);
    }
}

#[test]
fn harmless_settings_are_carried_over_and_the_rest_is_named() {
    // MariaDB's client prints passwords in clear.
    let sandbox = Sandbox::with_config(&PROFILE.replace("engine = \"mysql\"", "engine = \"mariadb\""));
    let defaults = "/x/mariadb would have been started with the following arguments:\n\
        --prompt=mine> --password=hunter2 --host=evil.example --show-warnings \n";
    sandbox.write("bin/mariadb.defaults", defaults);
    sandbox.write("home/.my.cnf", "[client]\nprompt=mine>\npassword=hunter2\nhost=evil.example\nshow-warnings\n");
    let run = sandbox.run(&["my", "-v"]);
    assert_eq!(run.status, Some(0));
    assert!(run.stderr.contains("left out of the option files: a password"), "{}", run.stderr);
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    let args = sandbox.record("mariadb").unwrap().args;
    let position = |arg: &str| args.iter().position(|a| a == arg);
    assert_eq!(args[0], "--no-defaults");
    assert!(position("--show-warnings") < position("--protocol=TCP"), "{args:?}");
    assert!(position("--show-warnings").is_some(), "{args:?}");
    assert!(!args.iter().any(|arg| arg.contains("hunter2") || arg.contains("evil")), "{args:?}");
}

#[test]
fn option_files_none_carries_nothing_over() {
    let sandbox = Sandbox::with_config(&format!("{PROFILE}option_files = \"none\"\n"));
    sandbox.write(
        "bin/mysql.defaults",
        "/x/mysql would have been started with the following arguments:\n--show-warnings \n",
    );
    sandbox.run(&["my"]).gives("", "", 0);
    assert_eq!(sandbox.record("mysql").unwrap().args, ours(ORACLE));
}

#[test]
fn a_tunnel_needs_the_exception_spelled_out_and_a_client_that_can_do_it() {
    let tunnel = "connect_to = \"127.0.0.1:13306\"\n";
    let sandbox = Sandbox::with_config(&format!("{PROFILE}{tunnel}"));
    sandbox.run(&["my"]).fails(
        "error: `connect_to` leads to `127.0.0.1:13306`, where a mysql client cannot check that the server is \
         `mydb.abc123.us-west-2.rds.amazonaws.com`\n\
         hint: let `mydb.abc123.us-west-2.rds.amazonaws.com` resolve to the tunnel (a line in /etc/hosts) and set \
         `connect_to = \"mydb.abc123.us-west-2.rds.amazonaws.com:PORT\"`, or set `tls = \"verify-ca\"`, which checks the \
         certificate but not the name\n",
    );
    let sandbox = Sandbox::with_config(&format!("{PROFILE}{tunnel}tls = \"verify-ca\"\n"));
    let note = "note: `tls = \"verify-ca\"`: the server's certificate is checked, its name is not; any server with a \
                certificate of these roots could answer for `mydb.abc123.us-west-2.rds.amazonaws.com`\n";
    sandbox.run(&["my"]).gives("", note, 0);
    let record = sandbox.record("mysql").unwrap();
    assert_eq!(record.args[1..3], ["--host=127.0.0.1", "--port=13306"]);
    assert!(record.args.contains(&"--ssl-mode=VERIFY_CA".to_owned()));
    assert!(record.env["MYSQL_PWD"].starts_with(&format!("{HOST}:3306/?")), "the token is for the endpoint");

    sandbox.write("bin/mysql.version", "mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)\n");
    let run = sandbox.run(&["my"]);
    assert_eq!(run.status, Some(125));
    assert!(
        run.stderr.contains(
            "error: client `[dir]/bin/mysql` (MariaDB 10.11) cannot verify a server through `127.0.0.1:13306`\n"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn a_client_is_asked_for_its_version_once() {
    let sandbox = Sandbox::with_config(PROFILE);
    sandbox.run(&["my"]).gives("", "", 0);
    // It would no longer pass for one of the family.
    sandbox.write("bin/mysql.version", "another program\n");
    sandbox.run(&["my"]).gives("", "", 0);
    assert_eq!(sandbox.record("mysql").unwrap().args, ours(ORACLE));
    std::fs::remove_dir_all(sandbox.path("home/.cache/rdsconnect")).unwrap();
    sandbox
        .run(&["my"])
        .status_and_error(125, "client `[dir]/bin/mysql` is neither a MySQL nor a MariaDB client by its `--version`");
}

#[test]
fn a_cache_directory_that_others_can_write_to_is_not_used() {
    let sandbox = Sandbox::with_config(PROFILE);
    sandbox.run(&["my"]).gives("", "", 0);
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(sandbox.path("home/.cache/rdsconnect"), open).unwrap();
    sandbox.write("bin/mysql.version", "mariadb from 11.8.9-MariaDB, client 15.2 for Linux (x86_64)\n");
    sandbox.run(&["my"]).gives("", "", 0);
    assert_eq!(sandbox.record("mysql").unwrap().args, ours(MARIADB));
}

#[test]
fn option_files_are_asked_for_only_when_they_could_hold_something_to_carry_over() {
    let sandbox = Sandbox::with_config(PROFILE);
    let list = |settings| format!("x would have been started with the following arguments:\n{settings} \n");
    let help = |places: &str| {
        format!(
            "Default options are read from the following files in the given order:\n{places}\nThe following groups are read: mine ours\n"
        )
    };
    let prompt = || {
        sandbox.run(&["my"]).gives("", "", 0);
        sandbox.record("mysql").unwrap().args.iter().any(|arg| arg == "--prompt=mine")
    };
    let forget = || std::fs::remove_dir_all(sandbox.path("home/.cache/rdsconnect")).unwrap();

    // An unknown client is always asked, as is one that does not say where it looks.
    sandbox.write("bin/mysql.defaults", &list("--prompt=mine"));
    assert!(prompt() && prompt());
    // One that looks elsewhere.
    forget();
    sandbox.write("bin/mysql.help", &help("/etc/my.cnf /elsewhere/my.cnf ~/.my.cnf "));
    assert!(prompt() && prompt());
    // One that looks only where there is nothing: it cannot have anything to say.
    forget();
    sandbox.write("bin/mysql.help", &help("~/.my.cnf "));
    assert!(prompt());
    assert!(!prompt(), "asked without need");
    sandbox.write("home/.my.cnf", "[ours]\npassword=x\n[mysql]\nprompt=mine\n");
    assert!(!prompt(), "asked without need");
    sandbox.write("home/.my.cnf", "[mine]\nprompt=mine\n");
    assert!(prompt());
}

/// A setting such as `safe-updates` must not be lost from the second launch on.
#[test]
fn option_files_are_asked_for_wherever_a_client_finds_a_setting() {
    let mut sandbox = Sandbox::with_config(PROFILE);
    let help = "Default options are read from the following files in the given order:\n~/.my.cnf \n\
                The following groups are read: mine ours\n";
    sandbox.write("bin/mysql.help", help);
    let list = "x would have been started with the following arguments:\n--safe-updates \n";
    sandbox.write("bin/mysql.defaults", list);
    let kept = |sandbox: &Sandbox| {
        sandbox.run(&["my"]).gives("", "", 0);
        sandbox.record("mysql").unwrap().args.iter().any(|arg| arg == "--safe-updates")
    };
    assert!(kept(&sandbox), "not known yet");
    assert!(!kept(&sandbox), "asked without need");
    let setting = "[mine]\nsafe-updates\n";
    sandbox.write("home/.my.cnf", &setting.replace("mine", "Mine"));
    assert!(kept(&sandbox), "groups are not sensitive to case");
    let more = sandbox.write("home/more.cnf", setting);
    sandbox.write("home/.my.cnf", &format!("! include {}\n", more.display()));
    assert!(kept(&sandbox), "blanks may follow `!`");
    sandbox.write("home/.my.cnf", "");
    std::fs::create_dir(sandbox.path("elsewhere")).unwrap();
    sandbox.write("elsewhere/my.cnf", setting);
    for name in ["MYSQL_HOME", "MARIADB_HOME"] {
        let elsewhere = sandbox.path("elsewhere").display().to_string();
        sandbox.set(name, &elsewhere);
        assert!(kept(&sandbox), "{name}");
        sandbox.unset(name);
    }
}
