//! `rdsconnect list`: for people, for programs and as JSON.

use crate::sandbox::Sandbox;

const PROFILES: &str = r#"
[defaults]
user = "jane"

[profiles.reports]
description = "Warehouse, nightly"
engine = "aurora-postgresql"
host = "reports.cluster-abc123def456.eu-central-1.rds.amazonaws.com"
port = 5433
database = "warehouse"
aws_profile = "reporting"

[profiles.orders]
engine = "mysql"
host = "orders.abc123def456.us-west-2.rds.amazonaws.com"

[profiles.global]
engine = "mariadb"
host = "g.global-abc123.global.rds.amazonaws.com"
region = "us-east-1"
user = "dürer"

[profiles.incomplete]
"#;

#[test]
fn a_program_gets_one_line_a_profile_with_tabs() {
    Sandbox::with_config(PROFILES).run(&["list"]).gives(
        "global\tmariadb\tg.global-abc123.global.rds.amazonaws.com\t3306\tdürer\t\tus-east-1\t\t\t\n\
         incomplete\t\t\t\tjane\t\t\t\t\t\n\
         orders\tmysql\torders.abc123def456.us-west-2.rds.amazonaws.com\t3306\tjane\t\tus-west-2\t\t\t\n\
         reports\tpostgres\treports.cluster-abc123def456.eu-central-1.rds.amazonaws.com\t5433\tjane\twarehouse\teu-central-1\treporting\tWarehouse, nightly\t\n",
        "",
        0,
    );
    Sandbox::with_config("").run(&["list"]).gives("", "", 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_columns_that_fit_it() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run_on_terminal(200, &["list"], "").gives(
        "PROFILE     ENGINE    HOST                                                         PORT  USER   DATABASE   REGION        AWS PROFILE\n\
         global      mariadb   g.global-abc123.global.rds.amazonaws.com                     3306  dürer  -          us-east-1     -\n\
         incomplete  -         -                                                            -     jane   -          -             -\n\
         orders      mysql     orders.abc123def456.us-west-2.rds.amazonaws.com              3306  jane   -          us-west-2     -\n\
         reports     postgres  reports.cluster-abc123def456.eu-central-1.rds.amazonaws.com  5433  jane   warehouse  eu-central-1  reporting\n",
        "",
        0,
    );
    let run = sandbox.run_on_terminal(100, &["list"], "");
    assert_eq!(
        run.stdout.lines().last(),
        Some("reports     postgres  reports.cluster-abc123def4…  5433  jane   warehouse  eu-central-1  reporting")
    );
    // What people type stays whole; columns go where there is no room for all.
    for (width, header, last) in [
        (
            100,
            "PROFILE     ENGINE    HOST                         PORT  USER   DATABASE   REGION        AWS PROFILE",
            "reports     postgres  reports.cluster-abc123def4…  5433  jane   warehouse  eu-central-1  reporting",
        ),
        (
            60,
            "PROFILE     ENGINE    HOST     PORT  USER   DATABA…  REGION",
            "reports     postgres  report…  5433  jane   wareho…  eu-cen…",
        ),
        (40, "PROFILE     ENGINE    HOST      DATABASE", "reports     postgres  reports…  warehou…"),
    ] {
        let run = sandbox.run_on_terminal(width, &["list"], "");
        assert_eq!((run.stdout.lines().next(), run.stdout.lines().last()), (Some(header), Some(last)));
        assert!(run.stdout.lines().all(|line| line.chars().count() <= width), "{}", run.stdout);
    }
}

#[test]
fn json_has_every_key_for_every_profile() {
    let config = PROFILES.split("[profiles.orders]").next().unwrap().to_owned() + "[profiles.incomplete]\n";
    Sandbox::with_config(&config).run(&["list", "--json"]).gives(
        r#"[
  {
    "name": "incomplete",
    "engine": null,
    "host": null,
    "port": null,
    "user": "jane",
    "database": null,
    "region": null,
    "aws_profile": null,
    "description": null,
    "production": false,
    "read_only": false
  },
  {
    "name": "reports",
    "engine": "postgres",
    "host": "reports.cluster-abc123def456.eu-central-1.rds.amazonaws.com",
    "port": 5433,
    "user": "jane",
    "database": "warehouse",
    "region": "eu-central-1",
    "aws_profile": "reporting",
    "description": "Warehouse, nightly",
    "production": false,
    "read_only": false
  }
]
"#,
        "",
        0,
    );
    Sandbox::with_config("").run(&["list", "--json"]).gives("[]\n", "", 0);
}

#[test]
fn what_cannot_be_listed_is_an_error() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["list", "--user", "joe"]).fails(
        "error: `rdsconnect list` takes no flags that override a profile\n\
         hint: run `rdsconnect list --help` to see what it takes\n",
    );
    sandbox
        .run(&["list", "--config", "nosuch.toml"])
        .fails("error: no profile file at `nosuch.toml`, named by `--config`\n");
}

#[test]
fn marks_are_shown_where_there_are_any() {
    let config = "[profiles.a]\nproduction = true\n[profiles.b]\nread_only = true\nproduction = true\n[profiles.c]\n";
    let sandbox = Sandbox::with_config(config);
    sandbox.run(&["list"]).gives(
        "a\t\t\t\t\t\t\t\t\tproduction\nb\t\t\t\t\t\t\t\t\tproduction,read-only\nc\t\t\t\t\t\t\t\t\t\n",
        "",
        0,
    );
}
