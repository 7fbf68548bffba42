//! The client takes the process over, and gets the token the way that was asked for.

use crate::sandbox::{PROFILES, Sandbox};
use std::os::unix::process::ExitStatusExt as _;

#[test]
fn the_client_runs_under_the_pid_that_was_started_and_its_status_is_ours() {
    for (profile, client) in [("my", "mysql"), ("pg", "psql")] {
        let sandbox = Sandbox::with_config(PROFILES);
        sandbox.write(&format!("bin/{client}.status"), "3");
        let mut child = sandbox.command(&[profile]).spawn().unwrap();
        let pid = child.id();
        let status = child.wait().unwrap();
        assert_eq!((status.code(), status.signal()), (Some(3), None));
        assert_eq!(sandbox.record(client).unwrap().pid, pid);
    }
}

#[test]
fn through_the_environment_the_client_inherits_the_certificates_alone() {
    for (profile, client) in [("my", "mysql"), ("pg", "psql")] {
        let sandbox = Sandbox::with_config(PROFILES);
        sandbox.run(&[profile]).gives("", "", 0);
        let record = sandbox.record(client).unwrap();
        let read: Vec<_> = record.descriptors.values().flatten().collect();
        assert_eq!(read.len(), 1, "{:?}", record.descriptors);
        assert!(read[0].contains("BEGIN CERTIFICATE"), "{read:?}");
        let others: Vec<i32> = record.descriptors.iter().filter(|(_, text)| text.is_none()).map(|(n, _)| *n).collect();
        assert_eq!(others, sandbox.descriptors_of_the_tests());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn through_a_descriptor_the_token_is_in_neither_environment_nor_arguments() {
    for (profile, client, opening) in [
        ("my", "mysql", "[client]\npassword=\"mydb.abc123"),
        ("pg", "psql", "mydb.abc123.us-west-2.rds.amazonaws.com:5432:*:jane:mydb."),
    ] {
        let sandbox = Sandbox::with_config(PROFILES);
        sandbox.run(&[profile, "--token-via", "fd"]).gives("", "", 0);
        let record = sandbox.record(client).unwrap();
        let everything = format!("{:?}{:?}", record.args, record.env);
        assert!(!everything.contains("X-Amz-Signature"), "{everything}");
        assert!(!record.env.contains_key("MYSQL_PWD") && !record.env.contains_key("PGPASSWORD"));
        let holding: Vec<_> =
            record.descriptors.values().flatten().filter(|text| text.contains("X-Amz-Signature")).collect();
        assert_eq!(holding.len(), 1, "{:?}", record.descriptors);
        assert!(holding[0].starts_with(opening), "{}", holding[0]);
    }
}

#[test]
fn a_profile_named_like_a_verb_is_reached_by_connect() {
    let sandbox = Sandbox::with_config(&format!("{PROFILES}[profiles.token]\nengine = \"postgres\"\n"));
    sandbox.run(&["connect", "token"]).gives("", "", 0);
    assert!(sandbox.record("psql").is_some());
}

#[test]
fn flags_may_stand_before_or_after_the_name() {
    for args in [
        &["--user", "joe", "pg"][..],
        &["pg", "--user", "joe"],
        &["connect", "--user=joe", "pg"],
        &["--user", "joe", "connect", "pg"],
    ] {
        let sandbox = Sandbox::with_config(PROFILES);
        sandbox.run(args).gives("", "", 0);
        assert_eq!(sandbox.record("psql").unwrap().env["PGUSER"], "joe", "{args:?}");
    }
}

#[test]
fn an_address_takes_what_it_leaves_open_from_the_defaults() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["postgres://joe@other.c1.eu-west-1.rds.amazonaws.com/my%20db"]).gives("", "", 0);
    let env = sandbox.record("psql").unwrap().env;
    assert_eq!((env["PGUSER"].as_str(), env["PGDATABASE"].as_str()), ("joe", "my db"));
    sandbox.run(&["mysql://other.c1.eu-west-1.rds.amazonaws.com"]).gives("", "", 0);
    assert!(sandbox.record("mysql").unwrap().args.contains(&"--user=jane".to_owned()));
}

#[test]
fn an_address_needs_no_profile_file() {
    let sandbox = Sandbox::with_config("");
    std::fs::remove_file(sandbox.path("home/.config/rdsconnect/config.toml")).unwrap();
    sandbox.run(&["postgres://joe@other.c1.eu-west-1.rds.amazonaws.com/app"]).gives("", "", 0);
}
