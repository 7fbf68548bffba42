//! `rdsconnect config`: path, check and schema.

use crate::sandbox::Sandbox;
use rdsconnect::config::settings::{Kind, Settings};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const GOOD: &str = r#"
[defaults]
user = "jane"
[profiles.orders]
engine = "mysql"
host = "orders.abc123.us-west-2.rds.amazonaws.com"
[profiles.reports]
engine = "postgres"
host = "reports.abc123.us-west-2.rds.amazonaws.com"
database = "warehouse"
"#;
const FILE: &str = "[dir]/home/.config/rdsconnect/config.toml";

#[test]
fn the_path_is_printed_whether_there_is_a_file_or_not() {
    let mut sandbox = Sandbox::with_config(GOOD);
    sandbox.run(&["config", "path"]).gives(&format!("{FILE}\n"), "", 0);
    fs::remove_file(sandbox.path("home/.config/rdsconnect/config.toml")).unwrap();
    sandbox.run(&["config", "path"]).gives(&format!("{FILE}\n"), "", 0);
    sandbox.run(&["config", "path", "--config", "x.toml"]).gives("x.toml\n", "", 0);
    sandbox.set("RDSCONNECT_CONFIG", "/nowhere/y.toml");
    sandbox.run(&["config", "path"]).gives("/nowhere/y.toml\n", "", 0);
}

#[test]
fn a_good_file_is_said_to_be_good() {
    let mut sandbox = Sandbox::with_config(GOOD);
    // Neither credentials nor clients are needed.
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY").set("PATH", "/nonexistent");
    sandbox.run(&["config", "check"]).gives(&format!("ok: 2 profiles in `{FILE}`\n"), "", 0);
    sandbox.config(GOOD.split("[profiles.reports]").next().unwrap());
    sandbox.run(&["config", "check"]).gives(&format!("ok: 1 profile in `{FILE}`\n"), "", 0);
    sandbox.config("");
    sandbox.run(&["config", "check"]).gives(&format!("ok: 0 profiles in `{FILE}`\n"), "", 0);
}

#[test]
fn every_mistake_in_the_text_is_told_at_once() {
    let sandbox = Sandbox::with_config(
        r#"
colour = "blue"
[defaults]
usr = "jane"
port = "5432"
[profiles."-x"]
engine = "mysql"
[profiles.orders]
engine = "mysqk"
hots = "h"
[profiles.flat]
engine = "mysql"
client_args = ["--ssl-mode=DISABLED"]
"#,
    );
    sandbox.run(&["config", "check"]).fails(&format!(
        "error: unknown key `colour` at the top of the file: `{FILE}` line 2
hint: begin a profile with `[profiles.NAME]`, and write its keys below that
error: unknown key `usr` in `[defaults]`: `{FILE}` line 4
hint: did you mean `user`?
error: `port` in `[defaults]` must be a number, not a string: `{FILE}` line 5
error: `-x` is no name for a profile: `{FILE}` line 6
hint: use letters, digits, `.`, `_` and `-`, and begin with a letter or a digit
error: `engine` in `[profiles.orders]` must be `mysql`, `postgres`, `mariadb`, `aurora-mysql`, `postgresql` or `aurora-postgresql`: `{FILE}` line 9
hint: did you mean `mysql`?
error: unknown key `hots` in `[profiles.orders]`: `{FILE}` line 10
hint: did you mean `host`?
error: `client_args` in `[profiles.flat]`: argument `--ssl-mode` would change how TLS is checked: `{FILE}` line 13
hint: use `--ca-bundle`, or `ca_bundle` in the profile, to trust other certificates
error: 7 problems were found in `{FILE}`
"
    ));
}

#[test]
fn every_profile_that_makes_no_connection_is_told() {
    let sandbox = Sandbox::with_config(
        r#"
[defaults]
user = "jane"
[profiles.good]
engine = "mysql"
host = "orders.abc123.us-west-2.rds.amazonaws.com"
[profiles.no-host]
engine = "mysql"
[profiles.no-database]
engine = "postgres"
host = "reports.abc123.us-west-2.rds.amazonaws.com"
[profiles.region]
engine = "mysql"
host = "orders.abc123.us-west-2.rds.amazonaws.com"
region = "eu-west-1"
[profiles.certificates]
engine = "mysql"
host = "orders.abc123.us-west-2.rds.amazonaws.com"
ca_bundle = "nosuch.pem"
"#,
    );
    sandbox.run(&["config", "check"]).fails(&format!(
        "error: profile `certificates` makes no connection
  caused by: CA bundle `[dir]/home/.config/rdsconnect/nosuch.pem` does not exist
hint: correct `ca_bundle`, or leave it out to use the built-in Amazon roots
error: profile `no-database` makes no connection
  caused by: profile `no-database` names no database
hint: set `database` in the profile or use `--database` (psql would try a database named like the user)
error: profile `no-host` makes no connection
  caused by: profile `no-host` has no `host`
hint: set `host` in the profile or in `[defaults]`
error: profile `region` makes no connection
  caused by: region `eu-west-1` contradicts the host name, which says `us-west-2`
hint: leave `region` and `--region` out: the host name carries it
error: 4 problems were found in `{FILE}`
"
    ));
}

#[test]
fn what_cannot_be_read_is_the_one_problem() {
    let sandbox = Sandbox::with_config("[profiles.x\n");
    let run = sandbox.run(&["config", "check"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)));
    assert!(run.stderr.starts_with(&format!("error: the profile file is not valid TOML: `{FILE}` line 1")), "{run:?}");
    let file = sandbox.config(GOOD);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o606)).unwrap();
    sandbox
        .run(&["config", "check"])
        .fails(&format!("error: `{FILE}` can be written by everyone\nhint: run `chmod go-w {FILE}`\n"));
    fs::remove_file(&file).unwrap();
    let run = sandbox.run(&["config", "check"]);
    assert!(run.stderr.starts_with(&format!("error: no profile file at `{FILE}`\n")), "{run:?}");
    sandbox.run(&["config", "check", "--user", "joe"]).fails(
        "error: `rdsconnect config` takes no flags that override a profile\n\
         hint: run `rdsconnect config --help` to see what it takes\n",
    );
}

#[test]
fn the_schema_has_every_key_and_its_values() {
    let run = Sandbox::new().run(&["config", "schema"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(schema["additionalProperties"], false);
    let settings = &schema["definitions"]["settings"];
    assert_eq!(settings["additionalProperties"], false);
    let properties = settings["properties"].as_object().unwrap();
    assert_eq!(properties.len(), Settings::KEYS.len());
    for (key, kind) in Settings::KEYS {
        let property = &properties[*key];
        assert!(property["description"].as_str().is_some_and(|text| text.ends_with('.')), "{property}");
        let wanted = match kind {
            Kind::Text | Kind::Choice(_) => "string",
            Kind::Number => "integer",
            Kind::List => "array",
            Kind::Flag => "boolean",
        };
        assert_eq!(property["type"], wanted, "{key}");
        if let Kind::Choice(names) = kind {
            assert_eq!(property["enum"], serde_json::json!(names), "{key}");
        }
    }
    assert_eq!(properties["port"]["maximum"], 65535);
    for part in ["defaults", "profiles"] {
        assert!(schema["properties"][part].is_object());
    }
}
