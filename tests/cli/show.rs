//! `rdsconnect show`: every value and where it came from.

use crate::sandbox::Sandbox;
use rdsconnect::config::settings::Settings;

const PROFILES: &str = r#"
[defaults]
user = "jane"
aws_profile = "base"

[profiles.reports]
description = "Warehouse, nightly"
engine = "postgres"
host = "reports.cluster-abc123def456.eu-central-1.rds.amazonaws.com"
connect_to = "127.0.0.1:15432"
database = "warehouse"
ca_bundle = "ca.pem"
client = "~/bin/psql"
client_args = ["-X", "--set=A=b c"]
token_via = "fd"

[profiles.orders]
engine = "mysql"
host = "orders.abc123def456.us-west-2.rds.amazonaws.com"

[profiles.global]
engine = "mariadb"
host = "g.global-abc123.global.rds.amazonaws.com"
tls = "verify-full"
option_files = "none"

[profiles.proxy]
engine = "mysql"
host = "pool.proxy-abc123def456.us-west-2.rds.amazonaws.com"
ca_bundle = "system"
region = "us-west-2"
port = 3307
"#;

#[test]
fn each_value_says_where_it_came_from() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["show", "reports", "--user", "joe"]).gives(
        "engine\tpostgres\tprofile (line 8)\n\
         host\treports.cluster-abc123def456.eu-central-1.rds.amazonaws.com\tprofile (line 9)\n\
         port\t5432\tbuilt in\n\
         connect_to\t127.0.0.1:15432\tprofile (line 10)\n\
         user\tjoe\tflag --user\n\
         database\twarehouse\tprofile (line 11)\n\
         region\teu-central-1\thost name\n\
         aws_profile\tbase\tdefaults (line 4)\n\
         role_arn\t\tnot set\n\
         external_id\t\tnot set\n\
         role_session_name\t\tnot set\n\
         mfa_serial\t\tnot set\n\
         duration_seconds\t\tnot set\n\
         credential_cache\ttrue\tbuilt in\n\
         ca_bundle\t[dir]/home/.config/rdsconnect/ca.pem\tprofile (line 12)\n\
         tls\tverify-full\tbuilt in\n\
         client\t[dir]/home/bin/psql\tprofile (line 13)\n\
         client_args\t-X '--set=A=b c'\tprofile (line 14)\n\
         token_via\tfd\tprofile (line 15)\n\
         option_files\tharmless\tbuilt in\n\
         production\tfalse\tbuilt in\n\
         read_only\tfalse\tbuilt in\n\
         description\tWarehouse, nightly\tprofile (line 7)\n",
        "",
        0,
    );
}

#[test]
fn what_nobody_wrote_is_built_in_or_not_set() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["show", "orders", "--aws-profile=x", "--connect-to=127.0.0.1"]).gives(
        "engine\tmysql\tprofile (line 18)\n\
         host\torders.abc123def456.us-west-2.rds.amazonaws.com\tprofile (line 19)\n\
         port\t3306\tbuilt in\n\
         connect_to\t127.0.0.1\tflag --connect-to\n\
         user\tjane\tdefaults (line 3)\n\
         database\t\tnot set\n\
         region\tus-west-2\thost name\n\
         aws_profile\tx\tflag --aws-profile\n\
         role_arn\t\tnot set\n\
         external_id\t\tnot set\n\
         role_session_name\t\tnot set\n\
         mfa_serial\t\tnot set\n\
         duration_seconds\t\tnot set\n\
         credential_cache\ttrue\tbuilt in\n\
         ca_bundle\tbuilt-in roots of us-west-2\tbuilt in\n\
         tls\tverify-full\tbuilt in\n\
         client\tmysql, else mariadb\tbuilt in\n\
         client_args\t\tnot set\n\
         token_via\tenv\tbuilt in\n\
         option_files\tharmless\tbuilt in\n\
         production\tfalse\tbuilt in\n\
         read_only\tfalse\tbuilt in\n\
         description\t\tnot set\n",
        "",
        0,
    );
}

#[test]
fn the_region_of_a_global_writer_is_that_of_the_aws_settings() {
    let mut sandbox = Sandbox::with_config(&PROFILES.replace("aws_profile = \"base\"", ""));
    sandbox.set("AWS_REGION", "eu-west-1");
    let shown = sandbox.run(&["show", "global"]).stdout;
    for line in [
        "region\teu-west-1\tAWS profile or AWS_REGION\n",
        "ca_bundle\tbuilt-in roots of all regions\tbuilt in\n",
        "tls\tverify-full\tprofile (line 24)\n",
        "client\tmariadb, else mysql\tbuilt in\n",
        "option_files\tnone\tprofile (line 25)\n",
    ] {
        assert!(shown.contains(line), "{line}{shown}");
    }
    let shown = sandbox.run(&["show", "proxy"]).stdout;
    assert!(shown.contains("ca_bundle\tsystem\tprofile (line 30)\n"), "{shown}");
    assert!(shown.contains("region\tus-west-2\tprofile (line 31)\n"), "{shown}");
    assert!(shown.contains("port\t3307\tprofile (line 32)\n"), "{shown}");
}

#[test]
fn an_address_is_shown_too() {
    let run = Sandbox::with_config(PROFILES).run(&["show", "postgres://joe@h.c1.eu-west-1.rds.amazonaws.com/my%20db"]);
    for line in ["user\tjoe\taddress\n", "database\tmy db\taddress\n", "engine\tpostgres\taddress\n"] {
        assert!(run.stdout.contains(line), "{run:?}");
    }
    assert_eq!(run.stdout.lines().count(), Settings::KEYS.len());
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_columns() {
    let run = Sandbox::with_config(PROFILES).run_on_terminal(60, &["show", "orders"], "");
    assert_eq!(
        run.stdout.lines().take(4).collect::<Vec<_>>(),
        [
            "KEY                VALUE                   FROM",
            "engine             mysql                   profile (line 18)",
            // Whole, although it does not fit.
            "host               orders.abc123def456.us-west-2.rds.amazonaws.com  profile (line 19)",
            "port               3306                    built in",
        ]
    );
}

#[test]
fn what_makes_no_connection_is_refused_as_when_connecting() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["show", "ordres"]).fails(
        "error: no profile named `ordres` in `[dir]/home/.config/rdsconnect/config.toml`\n\
         hint: did you mean `orders`? the profiles are `global`, `orders`, `proxy`, `reports`\n",
    );
    sandbox.run(&["show", "orders", "--region", "eu-west-1"]).fails(
        "error: region `eu-west-1` contradicts the host name, which says `us-west-2`\n\
         hint: leave `region` and `--region` out: the host name carries it\n",
    );
}
