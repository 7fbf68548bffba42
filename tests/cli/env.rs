//! `rdsconnect env`: what each shell makes of it, and what it refuses.

use crate::psql::{HOSTILE, KEPT};
use crate::sandbox::{HOST, Run, Sandbox};
use rdsconnect::cli::Shell;
use rdsconnect::shell::assignment;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROFILES: &str = r#"
[defaults]
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
[profiles.pg]
engine = "postgres"
database = "app"
[profiles.odd]
engine = "postgres"
user = "it's $HOME `id` \\ \"x\" !!"
database = "a b;*'"
token_via = "fd"
[profiles.nodb]
engine = "postgres"
[profiles.my]
engine = "mysql"
[profiles.conninfo]
engine = "postgres"
database = "host=evil.example"
"#;

/// The shells of this machine. Debian 12 has them all once `make test` has run; elsewhere what is
/// missing is said.
fn shells(wanted: &[(&'static str, Shell)]) -> Vec<(PathBuf, Shell)> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let must_be_there = release.contains("ID=debian") && release.contains("VERSION_ID=\"12\"");
    let mut found = Vec::new();
    for (name, shell) in wanted {
        match ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(|at| Path::new(at).join(name)) {
            places if places.iter().any(|path| path.exists()) => {
                found.extend(places.into_iter().find(|path| path.exists()).map(|path| (path, *shell)));
            }
            _ if must_be_there => panic!("`{name}` is not installed: run `make setup`"),
            _ => eprintln!("not run: `{name}` is not installed"),
        }
    }
    found
}

const ALL: &[(&str, Shell)] =
    &[("sh", Shell::Sh), ("dash", Shell::Sh), ("bash", Shell::Bash), ("zsh", Shell::Zsh), ("fish", Shell::Fish)];

/// Runs a command in a shell that reads no start-up file.
fn in_shell(sandbox: &Sandbox, shell: &Path, command: &str) -> Run {
    let mut process = Command::new(shell);
    if shell.ends_with("zsh") {
        process.arg("-f");
    }
    let variables: BTreeMap<String, String> = sandbox.variables();
    process.args(["-c", command]).env_clear().envs(variables).current_dir(sandbox.path(""));
    process.env("SHELL", shell);
    sandbox.finish(process)
}

fn connecting(shell: Shell, profile: &str) -> String {
    let program = env!("CARGO_BIN_EXE_rdsconnect");
    match shell {
        Shell::Fish => format!("{program} env {profile} | source; ./bin/psql"),
        _ => format!("eval \"$({program} env {profile})\"; ./bin/psql"),
    }
}

/// What a program started afterwards must see, the token aside.
fn expected(sandbox: &Sandbox, user: &str, database: &str) -> BTreeMap<String, String> {
    let certificates = fs::read_dir(sandbox.path("home/.cache/rdsconnect")).unwrap().next().unwrap().unwrap().path();
    let certificates = sandbox.neutral(certificates.to_str().unwrap());
    [
        ("PGHOST", HOST),
        ("PGPORT", "5432"),
        ("PGDATABASE", database),
        ("PGUSER", user),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", &certificates),
        ("PGGSSENCMODE", "disable"),
        ("PGSSLCERT", "/nonexistent"),
        ("PGSSLCRL", "/nonexistent"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[test]
fn a_program_that_a_shell_starts_afterwards_sees_exactly_what_a_client_would() {
    for (shell, kind) in shells(ALL) {
        for (profile, user, database) in [("pg", "jane", "app"), ("odd", "it's $HOME `id` \\ \"x\" !!", "a b;*'")] {
            let mut sandbox = Sandbox::with_config(PROFILES);
            for (name, value) in HOSTILE.iter().chain(KEPT) {
                sandbox.set(name, value);
            }
            in_shell(&sandbox, &shell, &connecting(kind, profile)).gives("", "", 0);
            let mut seen = sandbox.record("psql").unwrap().env;
            let token = seen.remove("PGPASSWORD").unwrap();
            assert!(token.starts_with(&format!("{HOST}:5432/?Action=connect&DBUser=")), "{token}");
            let kept: Vec<&str> = KEPT.iter().map(|(name, _)| *name).collect();
            // Shells have variables of their own.
            seen.retain(|name, _| name.starts_with("PG") && !kept.contains(&name.as_str()));
            assert_eq!(seen, expected(&sandbox, user, database), "{}", shell.display());
        }
    }
}

#[test]
fn an_eval_without_quotes_works_as_well() {
    for (shell, _) in shells(&[("sh", Shell::Sh), ("bash", Shell::Bash)]) {
        let sandbox = Sandbox::with_config(PROFILES);
        let command = format!("eval $({} env pg); ./bin/psql", env!("CARGO_BIN_EXE_rdsconnect"));
        in_shell(&sandbox, &shell, &command).gives("", "", 0);
        assert_eq!(sandbox.record("psql").unwrap().env["PGDATABASE"], "app");
    }
}

#[test]
fn the_output_is_one_command_a_line() {
    let mut sandbox = Sandbox::with_config(PROFILES);
    sandbox.set("PGCONNECT_TIMEOUT", "10");
    let run = sandbox.run(&["env", "pg"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    let lines: Vec<&str> = run.stdout.lines().filter(|line| !line.contains("PGPASSWORD")).collect();
    let certificates = &expected(&sandbox, "", "")["PGSSLROOTCERT"];
    let wanted = format!(
        "unset PGCHANNELBINDING;
unset PGCLUSTER;
export PGDATABASE='app';
export PGGSSENCMODE='disable';
export PGHOST='{HOST}';
unset PGHOSTADDR;
unset PGLOADBALANCEHOSTS;
unset PGMAXPROTOCOLVERSION;
unset PGMINPROTOCOLVERSION;
unset PGOAUTHDEBUG;
export PGPORT='5432';
unset PGREQUIREAUTH;
unset PGREQUIREPEER;
unset PGREQUIRESSL;
unset PGSERVICE;
unset PGSERVICEFILE;
export PGSSLCERT='/nonexistent';
unset PGSSLCERTMODE;
unset PGSSLCOMPRESSION;
export PGSSLCRL='/nonexistent';
unset PGSSLCRLDIR;
unset PGSSLKEY;
unset PGSSLMAXPROTOCOLVERSION;
unset PGSSLMINPROTOCOLVERSION;
export PGSSLMODE='verify-full';
unset PGSSLNEGOTIATION;
export PGSSLROOTCERT='{certificates}';
unset PGSSLSNI;
unset PGTARGETSESSIONATTRS;
export PGUSER='jane';
unset PG_CLUSTER_CONF_ROOT;
unset SSLKEYLOGFILE;"
    );
    assert_eq!(lines, wanted.lines().collect::<Vec<_>>());
}

#[test]
fn the_shell_is_named_or_detected() {
    let mut sandbox = Sandbox::with_config(PROFILES);
    for (args, shell, port) in [
        (&["env", "pg", "--shell", "fish"][..], "/bin/bash", "set -gx PGPORT '5432';"),
        (&["env", "pg"], "/usr/bin/fish", "set -gx PGPORT '5432';"),
        (&["env", "pg", "--shell=sh"], "/usr/bin/fish", "export PGPORT='5432';"),
        (&["env", "pg", "--shell=powershell"], "/bin/sh", "$env:PGPORT = '5432';"),
        (&["env", "pg"], "", "export PGPORT='5432';"),
    ] {
        sandbox.set("SHELL", shell);
        let run = sandbox.run(args);
        assert!(run.stdout.lines().any(|line| line == port), "{args:?} {shell}: {}", run.stdout);
    }
    sandbox
        .run(&["env", "pg", "--shell", "csh"])
        .fails("error: `--shell` must be `sh`, `bash`, `zsh`, `fish` or `powershell`, not `csh`\n");
}

#[test]
fn the_certificates_are_in_a_file_that_stays() {
    let mut sandbox = Sandbox::with_config(PROFILES);
    let path = |run: &Run| {
        let line = run.stdout.lines().find(|line| line.contains("PGSSLROOTCERT")).unwrap_or_default();
        line.split('\'').nth(1).unwrap_or_default().to_owned()
    };
    let found = path(&sandbox.run(&["env", "pg"]));
    let file = found.replace("[dir]", sandbox.path("").to_str().unwrap().trim_end_matches('/'));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("Amazon RDS us-west-2") && text.contains("BEGIN CERTIFICATE"), "{text}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    fs::write(sandbox.path("ca.pem"), text).unwrap();
    assert_eq!(path(&sandbox.run(&["env", "pg", "--ca-bundle", "ca.pem"])), "[dir]/ca.pem");

    sandbox.unset("HOME");
    let config = sandbox.path("home/.config/rdsconnect/config.toml");
    sandbox.set("RDSCONNECT_CONFIG", config.to_str().unwrap());
    sandbox.run(&["env", "pg"]).fails(
        "error: no place to keep the root certificates: neither `XDG_CACHE_HOME` nor `HOME` is set\n\
         hint: set `HOME`, or `ca_bundle` to a file with root certificates\n",
    );
}

#[test]
fn a_tunnel_is_part_of_it() {
    let run = Sandbox::with_config(PROFILES).run(&["env", "pg", "--connect-to", "127.0.0.1:15432"]);
    for line in ["export PGHOSTADDR='127.0.0.1';\n", "export PGPORT='15432';\n", &format!("export PGHOST='{HOST}';\n")]
    {
        assert!(run.stdout.contains(line), "{line}{}", run.stdout);
    }
    assert!(run.stdout.contains(&format!("export PGPASSWORD='{HOST}:5432/?Action=connect")), "{}", run.stdout);
}

#[test]
fn what_variables_cannot_say_is_refused_before_a_token_is_made() {
    let mut sandbox = Sandbox::with_config(PROFILES);
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    sandbox.run(&["env", "my"]).fails(
        "error: `my` is for mysql, whose clients take no TLS settings from variables\n\
         hint: run `rdsconnect my`, or `rdsconnect exec my -- PROGRAM`: with the token in a variable alone, clients would \
         send it in clear\n",
    );
    sandbox.run(&["env", &format!("mariadb://jane@{HOST}")]).fails(&format!(
        "error: `{HOST}` is for mariadb, whose clients take no TLS settings from variables\n\
         hint: leave out `env`: with the token in a variable alone, clients would send it in clear\n"
    ));
    sandbox.run(&["env", "conninfo"]).fails(
        "error: programs would take the database name `host=evil.example` for a connection string\n\
         hint: connect without `env`: psql gets the name as a name\n",
    );
    let run = sandbox.run(&["env", "nodb"]);
    assert_eq!(run.stderr.lines().next(), Some("error: profile `nodb` names no database"));
    assert!(!sandbox.path("home/.cache").exists());
}

/// Texts that some shell might not take as they are, and many made of the characters that matter.
fn hostile_values() -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = [
        "", " ", "'", "''", "'''", "\\", "\\\\", "\\'", "'\\''", "\"", "$HOME", "$(id)", "`id`", "!!", "a!b", "~", "*",
        "?", "[a]", "{a,b}", "-n", "--", "#x", "a#b", "a\nb", "\n", "a\n\n", "\t", "\r\n", "a;b", "a&b|c", "<>", "(x)",
        "%s%n", "\\n", "\\x41", "é名前", "‘’", "\u{1b}[m", "=", "a=b", "^x", "@", "%self", "=ls",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    let alphabet = b"'\\\"$`! \n#~*{}();&|a";
    // Numbers that are the same in every run (Numerical Recipes' generator).
    let mut number: u32 = 5;
    let mut next = |below: usize| {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (number >> 8) as usize % below
    };
    for _ in 0..300 {
        let length = next(12);
        values.push((0..length).map(|_| alphabet[next(alphabet.len())]).collect());
    }
    values
}

#[test]
fn every_value_comes_back_from_every_shell_as_it_was() {
    let values = hostile_values();
    for (shell, kind) in shells(ALL) {
        let mut values = values.clone();
        values.push(b"\xff\xfe latin \xe9".to_vec());
        let mut script = Vec::new();
        for value in &values {
            script.extend(assignment(kind, "VALUE", OsStr::from_bytes(value)));
            script.extend(b"printf '%s\\0' \"$VALUE\";\n");
        }
        let sandbox = Sandbox::new();
        fs::write(sandbox.path("script"), script).unwrap();
        // With the option under which zsh takes two quotes for one.
        let options: &[&str] = if shell.ends_with("zsh") { &["-f", "-o", "rcquotes"] } else { &[] };
        let output = Command::new(&shell)
            .args(options)
            .arg(sandbox.path("script"))
            .env_clear()
            .env("HOME", sandbox.path("home"))
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", shell.display());
        let read: Vec<&[u8]> = output.stdout.split(|byte| *byte == 0).collect();
        assert_eq!(read.len(), values.len() + 1);
        for (value, read) in values.iter().zip(read) {
            assert_eq!(read.escape_ascii().to_string(), value.escape_ascii().to_string(), "{}", shell.display());
        }
    }
}

#[test]
fn fish_keeps_universal_variables_and_says_so() {
    for (shell, kind) in shells(&[("fish", Shell::Fish)]) {
        let sandbox = Sandbox::with_config(PROFILES);
        let command = format!("set -Ux PGSERVICE evil; {}; set -q PGSERVICE; and echo there", connecting(kind, "pg"));
        in_shell(&sandbox, &shell, &command).gives(
            "there\n",
            "warning: run `set -eU PGSERVICE`: programs still see this universal variable\n",
            0,
        );
    }
}
