//! `rdsconnect init`: the first profile file.

use crate::sandbox::{HOST, Sandbox};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const FILE: &str = "[dir]/home/.config/rdsconnect/config.toml";

/// A sandbox with clients and without a profile file, or a directory for one.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_config("");
    fs::remove_dir_all(sandbox.path("home/.config")).unwrap();
    sandbox
}

fn written(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.path("home/.config/rdsconnect/config.toml")).unwrap()
}

#[test]
fn flags_alone_write_a_profile_that_connects() {
    let sandbox = sandbox();
    sandbox.write("certs/ca.pem", "");
    let flags = ["--engine=postgresql", &format!("--host={HOST}"), "--user=ja\"ne", "--database=app", "--port=5433"];
    let more = ["--aws-profile=dev", "--client=psql", "--connect-to=127.0.0.1:15432", "--token-via=env"];
    sandbox.run(&[&["init"][..], &flags, &more].concat()).gives(
        "",
        &format!("note: wrote `{FILE}`; connect with `rdsconnect mydb`\n"),
        0,
    );
    assert_eq!(
        written(&sandbox),
        format!(
            "[profiles.mydb]\nengine = \"postgres\"\nhost = \"{HOST}\"\nport = 5433\nconnect_to = \"127.0.0.1:15432\"\n\
             user = \"ja\\\"ne\"\ndatabase = \"app\"\naws_profile = \"dev\"\nclient = \"psql\"\ntoken_via = \"env\"\n"
        )
    );
    for (path, mode) in [("", 0o700), ("/rdsconnect", 0o700), ("/rdsconnect/config.toml", 0o600)] {
        let found = fs::metadata(sandbox.path(&format!("home/.config{path}"))).unwrap().permissions().mode();
        assert_eq!(found & 0o7777, mode, "{path}");
    }
    assert_eq!(fs::read_dir(sandbox.path("home/.config/rdsconnect")).unwrap().count(), 1);
    assert_eq!(sandbox.run(&["mydb", "--dry-run"]).status, Some(0));
}

#[test]
fn paths_become_absolute_and_a_name_may_be_chosen() {
    let sandbox = sandbox();
    let flags =
        ["--engine=mysql", &format!("--host={HOST}"), "--user=jane", "--ca-bundle=certs/ca.pem", "--name=token"];
    let args = [&["init", "--config", "my c.toml"][..], &flags].concat();
    // What could not be used is not written down.
    sandbox.run(&args).status_and_error(125, "CA bundle `[dir]/certs/ca.pem` does not exist");
    assert!(!sandbox.path("my c.toml").exists());
    sandbox.write("certs/ca.pem", include_str!("../../src/ca/roots/amazon-trust-services-roots.pem"));
    sandbox.run(&args).gives(
        "",
        "note: wrote `my c.toml`; connect with `rdsconnect connect token --config 'my c.toml'`\n",
        0,
    );
    assert_eq!(
        sandbox.neutral(&fs::read_to_string(sandbox.path("my c.toml")).unwrap()),
        format!(
            "[profiles.token]\nengine = \"mysql\"\nhost = \"{HOST}\"\nuser = \"jane\"\nca_bundle = \"[dir]/certs/ca.pem\"\n"
        )
    );
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let sandbox = Sandbox::with_config("# mine\n");
    let flags = ["--engine=mysql", &format!("--host={HOST}"), "--user=jane"];
    for args in [&["init"][..], &[&["init"][..], &flags].concat()] {
        sandbox.run(args).fails(&format!(
            "error: `{FILE}` exists already\nhint: add to it in an editor, or name another with `--config FILE`\n"
        ));
    }
    assert_eq!(written(&sandbox), "# mine\n");
}

#[test]
fn without_a_terminal_the_missing_flags_are_named_and_nothing_is_written() {
    let sandbox = sandbox();
    let error = "error: there is no terminal to ask on, and not everything was said\n";
    for (args, missing) in [
        (&["init"][..], "`--engine`, `--host`, `--user`"),
        (&["init", "--engine=postgres", "--user=jane"], "`--host`, `--database`"),
        (&["init", "--engine=mysql", "--user=jane", "--host=db.corp.example"], "`--region`"),
        (&["init", "--engine=mysql", "--user=jane", "--host=g.global-c1.global.rds.amazonaws.com"], "`--region`"),
    ] {
        sandbox.run(args).fails(&format!("{error}hint: add {missing}\n"));
    }
    sandbox.run(&["init", "--engine=oracle"]).fails(
        "error: `--engine` must be `mysql`, `postgres`, `mariadb`, `aurora-mysql`, `postgresql` or `aurora-postgresql`\n",
    );
    let good = ["--engine=mysql", &format!("--host={HOST}"), "--user=jane"];
    sandbox.run(&[&["init", "--name=-x"][..], &good].concat()).status_and_error(
        125,
        "`--name` must be letters, digits, `.`, `_` and `-`, and begin with a letter or a digit",
    );
    sandbox.run(&[&["init", "--region=eu-west-1"][..], &good].concat()).fails(
        "error: region `eu-west-1` contradicts the host name, which says `us-west-2`\n\
         hint: leave `region` and `--region` out: the host name carries it\n",
    );
    assert!(!sandbox.path("home/.config").exists());
}

#[test]
fn a_directory_that_others_could_write_to_is_named() {
    let sandbox = sandbox();
    fs::create_dir(sandbox.path("open")).unwrap();
    fs::set_permissions(sandbox.path("open"), fs::Permissions::from_mode(0o777)).unwrap();
    let flags = ["--engine=mysql", &format!("--host={HOST}"), "--user=jane", "--config=open/c.toml"];
    sandbox
        .run(&[&["init"][..], &flags].concat())
        .status_and_error(125, "the directory `[dir]/open` of `[dir]/open/c.toml` can be written by everyone");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_asked_for_what_is_missing_until_the_answers_are_right() {
    let sandbox = sandbox();
    let answers = format!("{HOST}:3306\n{HOST}\noracle\npostgres\njane\n\napp\n\n-x\n\n");
    let run = sandbox.run_on_terminal(80, &["init"], &answers);
    run.gives(
        &format!(
            "This writes a first profile to `{FILE}`.\n\
             Host of the RDS endpoint:   must be a host name alone; the port has a key of its own, `port`\n\
             Host of the RDS endpoint: Engine (mysql, mariadb or postgres):   must be `mysql`, `postgres`, `mariadb`, \
             `aurora-mysql`, `postgresql` or `aurora-postgresql`\n\
             Engine (mysql, mariadb or postgres): Database user: Database:   must not be empty\n\
             Database: AWS profile (empty: credentials as the AWS CLI finds them): \
             Name of the profile [mydb]:   must be letters, digits, `.`, `_` and `-`, and begin with a letter or a digit\n\
             Name of the profile [mydb]: note: wrote `{FILE}`; connect with `rdsconnect mydb`\n"
        ),
        "",
        0,
    );
    assert_eq!(
        written(&sandbox),
        format!("[profiles.mydb]\nengine = \"postgres\"\nhost = \"{HOST}\"\nuser = \"jane\"\ndatabase = \"app\"\n")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn flags_are_not_asked_for_and_a_host_without_a_region_is() {
    let sandbox = sandbox();
    let answers = "eve\nshop\nus-west-2a\nus-west-2\ndev\neve.shop\n";
    let run = sandbox.run_on_terminal(80, &["init", "--engine=mysql", "--host=db.corp.example"], answers);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(
        written(&sandbox),
        "[profiles.\"eve.shop\"]\nengine = \"mysql\"\nhost = \"db.corp.example\"\nuser = \"eve\"\ndatabase = \"shop\"\n\
         region = \"us-west-2\"\naws_profile = \"dev\"\n"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_end_of_input_writes_nothing() {
    let sandbox = sandbox();
    let run = sandbox.run_on_terminal(80, &["init"], &format!("{HOST}\n\u{4}"));
    assert_eq!(run.status, Some(125));
    assert!(run.stdout.ends_with("error: no answer; nothing was written\n"), "{run:?}");
    assert!(!sandbox.path("home/.config").exists());
}
