//! `rdsconnect check` where no server is: which steps there are, what is skipped, and the JSON.

use crate::programs;
use crate::sandbox::Sandbox;
use crate::terminal::Terminal;
use std::net::TcpListener;
use std::time::{Duration, Instant};

const PROFILES: &str = r#"
[defaults]
user = "jane"
database = "app"
[profiles.gone]
engine = "postgres"
host = "localhost"
region = "us-west-2"
port = 1
[profiles.bad]
engine = "mysql"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
region = "eu-west-1"
"#;

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_config(PROFILES);
    // Nobody listens there, so that no test asks the real STS.
    sandbox.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    sandbox
}

#[test]
fn every_step_is_said_and_what_depends_on_a_failed_one_is_skipped() {
    let run = sandbox().run(&["check", "gone"]);
    let steps: Vec<(&str, &str)> = run
        .stdout
        .lines()
        .filter(|line| !line.contains("hint: "))
        .skip(1)
        .map(|line| (line[2..11].trim(), line[11..24].trim()))
        .collect();
    assert_eq!(
        steps,
        [
            ("passed", "profile file"),
            ("passed", "profile"),
            ("failed", "region"),
            ("passed", "client"),
            ("passed", "CA"),
            ("passed", "credentials"),
            ("passed", "name"),
            ("failed", "TCP"),
            ("skipped", "TLS"),
            ("skipped", "login"),
        ],
        "{}",
        run.stdout
    );
    assert_eq!((run.stderr.as_str(), run.status), ("error: 1 of 1 profile failed the check\n", Some(125)));
}

#[test]
fn a_profile_that_makes_no_connection_stops_there() {
    sandbox().run(&["check", "bad"]).gives(
        "bad\n  \
         passed   profile file  [dir]/home/.config/rdsconnect/config.toml, 2 profiles\n  \
         failed   profile       region `eu-west-1` contradicts the host name, which says `us-west-2`\n                         \
         hint: leave `region` and `--region` out: the host name carries it\n",
        "error: 1 of 1 profile failed the check\n",
        125,
    );
}

#[test]
fn the_json_has_a_stable_shape_and_names_all_profiles_when_none_is_named() {
    let run = sandbox().run(&["check", "--json"]);
    assert_eq!((run.stderr.as_str(), run.status), ("error: 2 of 2 profiles failed the check\n", Some(125)));
    let checked: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(checked[0]["profile"], "bad");
    assert_eq!(checked[0]["passed"], false);
    assert_eq!(
        checked[0]["steps"][1],
        serde_json::json!({
            "step": "profile",
            "status": "failed",
            "detail": "region `eu-west-1` contradicts the host name, which says `us-west-2`",
            "hints": ["leave `region` and `--region` out: the host name carries it"],
        })
    );
    assert_eq!(checked[1]["steps"][8]["status"], "skipped");
}

/// A profile whose endpoint leads to a port of this machine, where connections are accepted and no more.
fn reached(engine: &str, more: &str) -> (Sandbox, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut sandbox = Sandbox::with_config(&format!(
        "[profiles.p]\nengine = \"{engine}\"\nhost = \"mydb.abc123.us-west-2.rds.amazonaws.com\"\nuser = \"jane\"\n\
         database = \"app\"\nconnect_to = \"127.0.0.1:{port}\"\n{more}"
    ));
    sandbox.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    (sandbox, listener)
}

/// What the steps TLS and login say, and the hints below them, when the client says something.
fn explained(sandbox: &Sandbox, client: &str, said: &str) -> (String, String, String) {
    sandbox.write(&format!("bin/{client}.stderr"), said);
    sandbox.write(&format!("bin/{client}.status"), "1");
    let run = sandbox.run(&["check", "p"]);
    assert_eq!((run.stderr.as_str(), run.status), ("error: 1 of 1 profile failed the check\n", Some(125)));
    let step = |name: &str| {
        let line = run.stdout.lines().find(|line| line.get(11..).is_some_and(|rest| rest.starts_with(name)));
        let line = line.unwrap_or_else(|| panic!("{name}: {}", run.stdout));
        format!("{} {}", line[2..11].trim(), line[24..].trim())
    };
    let hints = run.stdout.lines().filter_map(|line| line.trim().strip_prefix("hint: "));
    (step("TLS"), step("login"), hints.collect::<Vec<_>>().join("\n"))
}

const VERIFIED: &str = "passed certificate and name verified";
const CA_VERIFIED: &str = "passed certificate verified, the name is not (`tls = \"verify-ca\"`)";
const NOT_REACHED: &str = "skipped the client did not get there";

#[test]
fn every_refusal_of_a_mysql_client_is_explained() {
    let (sandbox, _listener) = reached("mysql", "tls = \"verify-ca\"\n");
    let grant = "allow `rds-db:connect` on `arn:aws:rds-db:us-west-2:ACCOUNT:dbuser:RESOURCE-ID/jane`\n\
         RESOURCE-ID is DbiResourceId in `aws rds describe-db-instances --db-instance-identifier mydb --region us-west-2` \
         (of an Aurora instance: the cluster's DbClusterResourceId)\n";
    let sql =
        "run as an administrator: CREATE USER 'jane'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;";
    let network = "check the VPN or tunnel, the security group's inbound rule for this port, and that the database is \
         reachable from here";
    for (said, tls, hints) in [
        (
            "ERROR 1045 (28000): Access denied for user 'jane'@'10.0.0.2' (using password: YES)",
            CA_VERIFIED,
            format!("{grant}{sql}"),
        ),
        (
            "ERROR 1045 (28000): Access denied for user 'jane'@'10.0.0.2' (using password: NO)",
            CA_VERIFIED,
            format!("the user may not exist on this server, or has another plugin\n{sql}"),
        ),
        (
            "ERROR 2059 (HY000): Authentication plugin 'mysql_native_password' cannot be loaded: x.so: no such file",
            CA_VERIFIED,
            format!(
                "the server asked `jane` for a password of another kind: the user has one, or does not exist\n{sql}"
            ),
        ),
        (
            "ERROR 2059 (HY000): Authentication plugin 'mysql_clear_password' cannot be loaded: plugin not enabled",
            NOT_REACHED,
            "use another client, or install this one from its package, with its plugins: it cannot send a token".into(),
        ),
        (
            "ERROR 2026 (HY000): TLS/SSL error: Hostname verification failed",
            "",
            "the server's certificate does not bear the endpoint's name, or chains to other roots: check `host`, \
             `connect_to` and `ca_bundle`"
                .into(),
        ),
        (
            "ERROR 2026 (HY000): SSL connection error: SSL is required but the server doesn't support it",
            "",
            "this is no RDS server with TLS; nothing was sent to it".into(),
        ),
        ("ERROR 2003 (HY000): Can't connect to MySQL server on 'H:1' (110)", NOT_REACHED, network.into()),
        (
            "ERROR 2005 (HY000): Unknown server host 'H' (-2)",
            NOT_REACHED,
            "this machine resolves the name and the client does not: a client out of a container or a snap may have a \
             resolver of its own"
                .into(),
        ),
        (
            "ERROR 2013 (HY000): Lost connection to server at 'handshake: reading initial communication packet'",
            NOT_REACHED,
            "what listens there is no such server, or closed the connection: check `port`, `connect_to`, and whether \
             the database is starting, stopped or out of connections"
                .into(),
        ),
        ("ERROR 1049 (42000): Unknown database 'app'", CA_VERIFIED, "check `database`, and what `jane` may use".into()),
        ("ERROR 9999: something new", NOT_REACHED, String::new()),
    ] {
        let failed = format!("failed {said}");
        let wanted = match tls {
            "" => (failed, "skipped the server was not verified, so nothing was sent".to_owned(), hints),
            tls => (tls.to_owned(), failed, hints),
        };
        assert_eq!(explained(&sandbox, "mysql", &format!("{said}\n")), wanted);
    }
}

#[test]
fn every_refusal_of_psql_is_explained() {
    let (sandbox, _listener) = reached("postgres", "");
    let at = "connection to server at \"H\" (127.0.0.1), port 1 failed: ";
    for (said, tls, hint) in [
        ("FATAL:  PAM authentication failed for user \"jane\"", VERIFIED, "allow `rds-db:connect` on `arn:aws:rds-db:"),
        (
            "FATAL:  password authentication failed for user \"jane\"",
            VERIFIED,
            "the server asked `jane` for a password: the role lacks `rds_iam`, or does not exist\n\
             run as an administrator: GRANT rds_iam TO \"jane\";",
        ),
        ("timeout expired", NOT_REACHED, "check the VPN or tunnel, "),
        ("FATAL:  database \"app\" does not exist", VERIFIED, "check `database`, and what `jane` may use"),
        (
            "FATAL:  unsupported startup parameter: options",
            VERIFIED,
            "RDS Proxy refuses options at start-up: leave `read_only`",
        ),
    ] {
        let (found_tls, login, hints) = explained(&sandbox, "psql", &format!("psql: error: {at}{said}\n"));
        assert_eq!((found_tls.as_str(), login), (tls, format!("failed {at}{said}")));
        assert!(hints.starts_with(hint), "{said}: {hints}");
        assert!(!hints.contains("RDS Proxy may refuse"), "{hints}");
    }
}

#[test]
fn a_read_only_session_through_a_proxy_may_be_what_is_refused() {
    let hint = "RDS Proxy may refuse the start-up option of `read_only`: try without it";
    let said = "psql: error: connection to server at \"H\" (127.0.0.1), port 1 failed: FATAL:  something of its own\n";
    let (mut sandbox, listener) = reached("postgres", "");
    let proxy = format!(
        "[profiles.p]\nengine = \"postgres\"\nhost = \"pool.proxy-abc123.us-west-2.rds.amazonaws.com\"\nuser = \"jane\"\n\
         database = \"app\"\nconnect_to = \"127.0.0.1:{}\"\n",
        listener.local_addr().unwrap().port()
    );
    sandbox.config(&proxy);
    assert_eq!(explained(&sandbox, "psql", said).2, "");
    sandbox.config(&(proxy.clone() + "read_only = true\n"));
    assert_eq!(explained(&sandbox, "psql", said).2, hint);
    let refused = said.replace("something of its own", "unsupported startup parameter: options");
    assert!(!explained(&sandbox, "psql", &refused).2.contains(hint));
    sandbox.set("PGCONNECT_TIMEOUT", "3");
    explained(&sandbox, "psql", said);
    assert_eq!(sandbox.record("psql").unwrap().env["PGCONNECT_TIMEOUT"], "3");
}

#[test]
fn the_client_is_named_with_its_family_and_its_version() {
    let (mut sandbox, _listener) = reached("postgres", "");
    let client = |sandbox: &Sandbox, flags: &[&str]| {
        let run = sandbox.run(&[&["check", "p"], flags].concat());
        let line = run.stdout.lines().find(|line| line.get(11..).is_some_and(|rest| rest.starts_with("client")));
        line.unwrap_or_else(|| panic!("{}", run.stdout))[24..].trim().to_owned()
    };
    assert_eq!(client(&sandbox, &[]), "[dir]/bin/psql, psql 15.20");
    // Nothing waits for ever for a server that accepts and says nothing, or for a value that is none.
    assert_eq!(sandbox.record("psql").unwrap().env["PGCONNECT_TIMEOUT"], "10");
    sandbox.set("PGCONNECT_TIMEOUT", "soon");
    assert_eq!(client(&sandbox, &[]), "[dir]/bin/psql, psql 15.20");
    assert_eq!(sandbox.record("psql").unwrap().env["PGCONNECT_TIMEOUT"], "10");
    sandbox.write("bin/psql.version", "says nothing\n");
    assert_eq!(client(&sandbox, &[]), "[dir]/bin/psql, psql");
    let (sandbox, _listener) = reached("mysql", "tls = \"verify-ca\"\n");
    assert_eq!(client(&sandbox, &[]), "[dir]/bin/mysql, Oracle's mysql 9.7.4-2");
    assert_eq!(client(&sandbox, &["--client", "mariadb"]), "[dir]/bin/mariadb, MariaDB 11.8");
}

/// Brings the loopback interface up, and listens for names without ever answering.
#[cfg(target_os = "linux")]
const SILENT_NAME_SERVER: &str = "
    use Socket;
    socket(my $link, PF_INET, SOCK_DGRAM, 0) or die;
    my $up = pack('a16 s x22', 'lo', 1);
    ioctl($link, 0x8914, $up) or die;
    $^F = 100;
    socket(my $server, PF_INET, SOCK_DGRAM, 0) or die;
    bind($server, sockaddr_in(53, inet_aton('127.0.0.1'))) or die;
    exec @ARGV;
";

#[cfg(target_os = "linux")]
#[test]
fn a_name_server_that_never_answers_is_not_waited_for() {
    let (Some(unshare), Some(perl)) = (programs::find("unshare"), programs::find("perl")) else { return };
    let host = "mydb.abc123.us-west-2.rds.amazonaws.com";
    let mut sandbox = Sandbox::with_config(&PROFILES.replace("localhost", host));
    sandbox.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    // The resolver's own patience is two minutes here.
    sandbox.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:4\n");
    sandbox.write("nsswitch.conf", "hosts: files dns\n");
    let mount = "PATH=/usr/bin:/bin; mount --bind resolv.conf /etc/resolv.conf && mount --bind nsswitch.conf /etc/nsswitch.conf \
         || exit 99; exec \"$@\"";
    let within = |args: &[&str]| {
        let all = [&["-rmn", "/bin/sh", "-c", mount, "sh"], args].concat();
        sandbox.finish(sandbox.any_command(&unshare, &all))
    };
    let tried = within(&["/bin/sh", "-c", ":"]);
    if tried.status != Some(0) {
        return programs::not_run(&format!("no network of one's own can be had here: {}", tried.stderr.trim()));
    }
    let started = Instant::now();
    let program = [perl.to_str().unwrap(), "-e", SILENT_NAME_SERVER, env!("CARGO_BIN_EXE_rdsconnect"), "check", "gone"];
    let run = within(&program);
    let line = run.stdout.lines().find(|line| line.get(11..).is_some_and(|rest| rest.starts_with("name ")));
    let wanted = format!("  failed   name          could not resolve `{host}`: no answer within 5 seconds");
    assert_eq!(line, Some(wanted.as_str()), "{} {}", run.stdout, run.stderr);
    assert_eq!(run.status, Some(125));
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
}

#[test]
fn on_a_terminal_it_is_said_how_far_the_check_has_come() {
    let mut sandbox = sandbox();
    sandbox.for_shells().set("TERM", "xterm").set("PS1", "$ ");
    sandbox.config(&format!("{PROFILES}[profiles.slow]\nengine = \"postgres\"\nhost = \"localhost\"\nregion = \"us-west-2\"\nport = 1\naws_profile = \"slow\"\n"));
    // Its credentials come when the test lets them.
    let go = sandbox.path("go");
    let process = format!("sh -c \"until test -e {}; do sleep 0.05; done; exit 1\"", go.display());
    sandbox.write("home/.aws/config", &format!("[profile slow]\ncredential_process = {process}\n"));
    let shell = programs::find("sh").unwrap();
    let Some(terminal) = Terminal::open(&sandbox, &[shell.to_str().unwrap(), "-i"]) else { return };
    terminal.until(|screen| screen == "$");
    let out = sandbox.path("out");
    terminal.line(&format!("rdsconnect check bad slow >{}; echo sta''tus $?", out.display()));
    terminal.until_shown("checked 1 of 2 ...");
    std::fs::write(go, "").unwrap();
    let screen = terminal.until_shown("status 125");
    assert!(!screen.contains("checked"), "{screen}");
    let out = std::fs::read_to_string(out).unwrap();
    let profiles: Vec<_> = out.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(profiles, ["bad", "slow"]);
}
