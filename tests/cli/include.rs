//! `include`: team files, what they may decide, and how mistakes in them are answered.

use crate::sandbox::Sandbox;
use rdsconnect::config::settings::Settings;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const DIR: &str = "[dir]/home/.config/rdsconnect";
const HOST: &str = "host = \"db.abc123.us-west-2.rds.amazonaws.com\"\n";

/// A sandbox whose main file includes what is given, with these files beside it.
fn sandbox(include: &str, main: &str, files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::with_config(&format!("include = {include}\n{main}"));
    for (name, text) in files {
        sandbox.write(&format!("home/.config/rdsconnect/{name}"), text);
    }
    sandbox
}

/// A profile for mysql.
fn profile(name: &str, more: &str) -> String {
    format!("[profiles.{name}]\nengine = \"mysql\"\n{HOST}{more}")
}

/// `[profile, user]` of every profile.
fn users(sandbox: &Sandbox) -> Vec<[String; 2]> {
    let run = sandbox.run(&["list"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    run.stdout.lines().map(columns).map(|line| [line[0].clone(), line[4].clone()]).collect()
}

#[test]
fn the_main_file_wins_key_by_key_and_its_defaults_apply() {
    let sandbox = sandbox(
        "[\"team.toml\", \"more.toml\"]",
        "[defaults]\nuser = \"jane\"\ntoken_via = \"env\"\n[profiles.a]\ndatabase = \"mine\"\n",
        &[
            (
                "team.toml",
                "[profiles.a]\nengine = \"postgres\"\nhost = \"a.abc.us-west-2.rds.amazonaws.com\"\ndatabase = \"theirs\"\ndescription = \"Ours\"\n",
            ),
            (
                "more.toml",
                "[profiles.a]\nhost = \"other.abc.us-west-2.rds.amazonaws.com\"\nuser = \"reader\"\nport = 5433\n",
            ),
        ],
    );
    let run = sandbox.run(&["show", "a"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    for line in [
        format!("engine\tpostgres\tprofile ({DIR}/team.toml line 2)\n"),
        format!("host\ta.abc.us-west-2.rds.amazonaws.com\tprofile ({DIR}/team.toml line 3)\n"),
        format!("port\t5433\tprofile ({DIR}/more.toml line 4)\n"),
        format!("user\treader\tprofile ({DIR}/more.toml line 3)\n"),
        "database\tmine\tprofile (line 6)\n".to_owned(),
        "token_via\tenv\tdefaults (line 4)\n".to_owned(),
        format!("description\tOurs\tprofile ({DIR}/team.toml line 5)\n"),
    ] {
        assert!(run.stdout.contains(&line), "{line}{}", run.stdout);
    }
    sandbox.run(&["a"]).gives("", "", 0);
    assert_eq!(sandbox.record("psql").unwrap().env["PGDATABASE"], "mine");
    sandbox.run(&["config", "check"]).gives(
        &format!("ok: 1 profile in `{DIR}/config.toml` and 2 included files\n"),
        "",
        0,
    );
}

#[test]
fn a_mark_is_set_by_any_file_and_taken_back_by_the_main_file_alone() {
    const OFF: &str = "production = false\nread_only = false\n";
    const ON: &str = "production = true\nread_only = true\n";
    let (off, on, open) = (profile("a", OFF), profile("a", ON), profile("a", ""));
    let marks = |defaults: &str, main: &str, first: &str, second: &str| {
        let main = format!("[defaults]\nuser = \"jane\"\n{defaults}[profiles.a]\n{main}");
        let sandbox =
            sandbox("[\"first.toml\", \"second.toml\"]", &main, &[("first.toml", first), ("second.toml", second)]);
        let shown = sandbox.run(&["show", "a"]).stdout;
        let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
        let listed = sandbox.run(&["list"]).stdout;
        let both = listed.ends_with("\tproduction,read-only\n");
        assert_eq!(both, line("production\t").starts_with("production\ttrue"), "{shown}{listed}");
        assert_eq!(both, line("read_only\t").starts_with("read_only\ttrue"), "{shown}{listed}");
        line("production\t").rsplit('\t').next().unwrap().to_owned() + if both { " on" } else { " off" }
    };
    assert_eq!(marks(ON, "", &off, ""), "defaults (line 4) on");
    assert_eq!(marks(ON, "", &open, ""), "defaults (line 4) on");
    assert_eq!(marks(ON, OFF, &on, &on), "profile (line 7) off");
    assert_eq!(marks("", "", &on, &off), format!("profile ({DIR}/first.toml line 4) on"));
    assert_eq!(marks("", "", &off, &on), format!("profile ({DIR}/second.toml line 4) on"));
    assert_eq!(marks(OFF, "", &on, ""), format!("profile ({DIR}/first.toml line 4) on"));
    assert_eq!(marks(OFF, "", &off, ""), format!("profile ({DIR}/first.toml line 4) off"));
    // Every other key of a profile beats `[defaults]`, wherever the profile stands.
    let sandbox =
        sandbox("[\"t.toml\"]", "[defaults]\nuser = \"jane\"\n", &[("t.toml", &profile("a", "user = \"theirs\"\n"))]);
    assert_eq!(users(&sandbox), [["a", "theirs"]]);
}

#[test]
fn paths_are_relative_to_their_file_or_the_home_and_may_be_patterns() {
    let sandbox = sandbox(
        "[\"teams/*.toml\", \"~/shared.toml\", \"nothing/*.toml\"]",
        "",
        &[
            ("teams/b.toml", &profile("b", "user = \"from-b\"\n")),
            ("teams/a.toml", &("include = [\"deep/[x]*.toml\"]\n".to_owned() + &profile("a", "user = \"from-a\"\n"))),
            ("teams/deep/x1.toml", &(profile("x", "user = \"from-x\"\n") + "[profiles.a]\nuser = \"loses\"\n")),
            ("teams/.hidden.toml", &profile("hidden", "user = \"u\"\n")),
            ("teams/note.txt", "no TOML"),
        ],
    );
    sandbox.write("home/shared.toml", &profile("b", "user = \"loses\"\n"));
    let wanted = [["a", "from-a"], ["b", "from-b"], ["x", "from-x"]].map(|pair| pair.map(str::to_owned));
    assert_eq!(users(&sandbox), wanted);
}

#[test]
fn what_runs_programs_or_moves_trust_is_for_the_main_file_to_grant() {
    let keys = [
        ("client", "\"evil\""),
        ("client_args", "[\"-q\"]"),
        ("ca_bundle", "\"ca.pem\""),
        ("tls", "\"verify-full\""),
        ("connect_to", "\"127.0.0.1\""),
        ("aws_profile", "\"other\""),
        ("token_via", "\"env\""),
        ("option_files", "\"none\""),
        ("role_arn", "\"arn:aws:iam::123456789012:role/reader\""),
        ("external_id", "\"x\""),
        ("role_session_name", "\"jane\""),
        ("mfa_serial", "\"x\""),
        ("duration_seconds", "900"),
        ("credential_cache", "false"),
    ];
    let mut all: Vec<&str> = keys.iter().map(|(key, _)| *key).chain(Settings::SHARED.iter().copied()).collect();
    let mut known: Vec<&str> = Settings::KEYS.iter().map(|(key, _)| *key).collect();
    all.sort_unstable();
    known.sort_unstable();
    assert_eq!(all, known, "a new key is for every included file, or for the main file to grant");
    for (key, value) in keys {
        let team = profile("a", &format!("user = \"u\"\n{key} = {value}\n"));
        let refused = sandbox("[\"teams/*.toml\"]", "", &[("teams/ops.toml", &team)]);
        refused.run(&["list"]).fails(&format!(
            "error: `{key}` in `[profiles.a]` is not for an included file to decide: `{DIR}/teams/ops.toml` line 5\n\
             hint: if it may, write `{{ path = \"teams/*.toml\", allow = [\"{key}\"] }}` into `include` of `{DIR}/config.toml`\n"
        ));
        let granted = format!("[{{ path = \"teams/*.toml\", allow = [\"{key}\"] }}]");
        let granted = sandbox(&granted, "", &[("teams/ops.toml", &team)]);
        assert_eq!(users(&granted), [["a", "u"].map(str::to_owned)], "{key}");
        // A grant for one path is none for another, and two entries for a path add up.
        let elsewhere = "[\"teams/ops.toml\", { path = \"b.toml\", allow = [\"client\", \"client_args\", \"ca_bundle\", \"tls\", \"connect_to\", \"aws_profile\", \"token_via\", \"option_files\"] }]";
        let run = sandbox(elsewhere, "", &[("teams/ops.toml", &team), ("b.toml", "")]).run(&["list"]);
        assert_eq!(run.status, Some(125), "{key}");
        let both = format!("[\"teams/*.toml\", {{ path = \"teams/ops.toml\", allow = [\"{key}\"] }}]");
        assert_eq!(sandbox(&both, "", &[("teams/ops.toml", &team)]).run(&["list"]).status, Some(0), "{key}");
    }
}

#[test]
fn every_included_file_may_say_where_a_database_is_and_mark_it() {
    let team = profile(
        "a",
        "port = 1\nuser = \"u\"\ndatabase = \"d\"\nregion = \"us-west-2\"\nproduction = true\nread_only = true\ndescription = \"x\"\n",
    );
    let sandbox = sandbox("[\"team.toml\"]", "", &[("team.toml", &team)]);
    sandbox.run(&["config", "check"]).gives(
        &format!("ok: 1 profile in `{DIR}/config.toml` and 1 included file\n"),
        "",
        0,
    );
}

#[test]
fn what_belongs_to_a_role_needs_one_in_an_included_profile_too() {
    let team = profile("a", "user = \"u\"\nexternal_id = \"x\"\n");
    let granted = "[{ path = \"team.toml\", allow = [\"external_id\"] }]";
    let run = sandbox(granted, "", &[("team.toml", &team)]).run(&["show", "a"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)), "{run:?}");
}

#[test]
fn a_granted_path_is_relative_to_the_included_file() {
    let team = profile("a", "user = \"u\"\nca_bundle = \"ca.pem\"\nclient = \"bin/mysql\"\n");
    let sandbox = sandbox(
        "[{ path = \"teams/ops.toml\", allow = [\"ca_bundle\", \"client\"] }]",
        "",
        &[("teams/ops.toml", &team)],
    );
    let shown = sandbox.run(&["show", "a"]).stdout;
    for line in [
        format!("ca_bundle\t{DIR}/teams/ca.pem\tprofile ({DIR}/teams/ops.toml line 5)\n"),
        format!("client\t{DIR}/teams/bin/mysql\tprofile ({DIR}/teams/ops.toml line 6)\n"),
    ] {
        assert!(shown.contains(&line), "{shown}");
    }
}

#[test]
fn an_included_file_grants_nothing_and_has_no_defaults() {
    let inner = profile("a", "user = \"u\"\nclient = \"evil\"\n");
    let nested =
        sandbox("[\"outer.toml\"]", "", &[("outer.toml", "include = [\"inner.toml\"]\n"), ("inner.toml", &inner)]);
    nested.run(&["list"]).fails(&format!(
        "error: `client` in `[profiles.a]` is not for an included file to decide: `{DIR}/inner.toml` line 5\n\
         hint: if it may, write `{{ path = \"{DIR}/inner.toml\", allow = [\"client\"] }}` into `include` of `{DIR}/config.toml`\n"
    ));
    let outer = "include = [{ path = \"inner.toml\", allow = [\"client\"] }]\n";
    sandbox("[\"outer.toml\"]", "", &[("outer.toml", outer), ("inner.toml", &inner)]).run(&["list"]).fails(&format!(
        "error: an included file cannot grant keys to another: `{DIR}/outer.toml` line 1\n\
         hint: include that file in the main file too, and grant them there\n"
    ));
    // The hint works.
    let main = "[\"outer.toml\", { path = \"inner.toml\", allow = [\"client\"] }]";
    let granted = sandbox(main, "", &[("outer.toml", "include = [\"inner.toml\"]\n"), ("inner.toml", &inner)]);
    assert_eq!(granted.run(&["list"]).status, Some(0));
    sandbox("[\"team.toml\"]", "", &[("team.toml", "\n[defaults]\nuser = \"x\"\n")]).run(&["list"]).fails(&format!(
        "error: an included file has no `[defaults]`: `{DIR}/team.toml` line 2\n\
         hint: write the keys into its profiles, or `[defaults]` into the main file\n"
    ));
}

#[test]
fn an_included_file_is_judged_like_the_main_one() {
    let team = profile("a", "user = \"u\"\n");
    let sandbox = sandbox("[\"teams/team.toml\"]", "[profiles.b]\n", &[("teams/team.toml", &team)]);
    let file = sandbox.path("home/.config/rdsconnect/teams/team.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let path = format!("{DIR}/teams/team.toml");
    for args in [&["b"][..], &["list"], &["config", "check"]] {
        let run = sandbox.run(args);
        assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)));
        assert!(
            run.stderr
                .starts_with(&format!("error: `{path}` can be written by everyone\nhint: run `chmod go-w {path}`\n")),
            "{run:?}"
        );
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(file.parent().unwrap(), fs::Permissions::from_mode(0o777)).unwrap();
    sandbox
        .run(&["list"])
        .status_and_error(125, &format!("the directory `{DIR}/teams` of `{path}` can be written by everyone"));
}

#[test]
fn mistakes_name_the_included_file() {
    let place = format!("`{DIR}/team.toml` line");
    for (text, error) in [
        ("[profiles.a]\nhots = \"h\"\n", format!("unknown key `hots` in `[profiles.a]`: {place} 2")),
        ("x = 1\n", format!("unknown key `x` at the top of the file: {place} 1")),
        ("[profiles.a]\n\nport = 0\n", format!("`port` in `[profiles.a]` must be a port from 1 to 65535: {place} 3")),
        ("include = [\"gone.toml\"]\n", format!("there is no file `{DIR}/gone.toml` to include: {place} 1")),
        ("\ninclude = [\"config.toml\"]\n", format!("`include` leads back to `{DIR}/config.toml`: {place} 2")),
        ("\ninclude = [\"team.toml\"]\n", format!("`include` leads back to `{DIR}/team.toml`: {place} 2")),
        ("include = [\"*.toml\"]\n", format!("`include` leads back to `{DIR}/config.toml`: {place} 1")),
    ] {
        sandbox("[\"team.toml\"]", "", &[("team.toml", text)]).run(&["list"]).status_and_error(125, &error);
    }
    let bad = sandbox("[\"team.toml\"]", "", &[("team.toml", "[profiles.a\n")]).run(&["list"]);
    assert!(bad.stderr.starts_with(&format!("error: the profile file is not valid TOML: {place} 1")), "{bad:?}");
    let args = profile("a", "client_args = [\"--ssl-mode=DISABLED\"]\n");
    sandbox("[{ path = \"team.toml\", allow = [\"client_args\"] }]", "", &[("team.toml", &args)])
        .run(&["list"])
        .status_and_error(
            125,
            &format!(
                "`client_args` in `[profiles.a]`: argument `--ssl-mode` would change how TLS is checked: {place} 4"
            ),
        );
}

#[test]
fn mistakes_in_the_key_itself_are_named() {
    let place = format!("`{DIR}/config.toml` line");
    let list = "`include` must be a list of paths, or of tables with `path` and `allow`";
    for (include, error) in [
        ("\"team.toml\"", format!("{list}: {place} 1")),
        ("[1]", format!("{list}: {place} 1")),
        ("[\n \"team.toml\",\n { allow = [] },\n]", format!("{list}: {place} 3")),
        ("[{ path = 1 }]", format!("{list}: {place} 1")),
        ("[{ path = \"team.toml\", allow = \"client\" }]", format!("{list}: {place} 1")),
        ("[{ path = \"team.toml\", allow = [1] }]", format!("`allow` must be a list of keys: {place} 1")),
        ("[{ path = \"team.toml\", alow = [] }]", format!("unknown key `alow` in `include`: {place} 1")),
        ("[{ path = \"team.toml\", allow = [\"clint\"] }]", format!("unknown key `clint` in `allow`: {place} 1")),
        ("[\"nosuch.toml\"]", format!("there is no file `{DIR}/nosuch.toml` to include: {place} 1")),
        (
            "[\"a***\"]",
            format!("`a***` is no pattern for files, wildcards are either regular `*` or recursive `**`: {place} 1"),
        ),
        (
            "[\"../rdsconnect/config.toml\"]",
            format!("`include` leads back to `{DIR}/../rdsconnect/config.toml`: {place} 1"),
        ),
    ] {
        sandbox(include, "", &[("team.toml", "")]).run(&["list"]).status_and_error(125, &error);
    }
    let run = Sandbox::with_config("inclde = []\n").run(&["list"]);
    assert!(run.stderr.ends_with("hint: did you mean `include`?\n"), "{run:?}");
}

#[test]
fn it_goes_eight_files_deep_and_no_further() {
    let chain = |length: usize| {
        let mut files = Vec::new();
        for number in 1..=length {
            let mut text = String::new();
            if number < length {
                let _ = writeln!(text, "include = [\"{}.toml\"]", number + 1);
            }
            files.push((format!("{number}.toml"), text + &profile(&format!("p{number}"), "")));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        sandbox("[\"1.toml\"]", "", &files)
    };
    assert_eq!(users(&chain(8)).len(), 8);
    chain(9)
        .run(&["list"])
        .status_and_error(125, &format!("`include` goes more than 8 files deep: `{DIR}/8.toml` line 1"));
}

#[test]
fn a_check_tells_the_mistakes_of_all_files() {
    let sandbox = sandbox(
        "[\"a.toml\", \"gone.toml\", \"b.toml\"]",
        "[defaults]\nusr = 1\n",
        &[("a.toml", "[profiles.a]\nclient = \"x\"\nport = 0\n"), ("b.toml", "[defaults]\n")],
    );
    sandbox.run(&["config", "check"]).fails(&format!(
        "error: `client` in `[profiles.a]` is not for an included file to decide: `{DIR}/a.toml` line 2
hint: if it may, write `{{ path = \"a.toml\", allow = [\"client\"] }}` into `include` of `{DIR}/config.toml`
error: `port` in `[profiles.a]` must be a port from 1 to 65535: `{DIR}/a.toml` line 3
error: an included file has no `[defaults]`: `{DIR}/b.toml` line 1
hint: write the keys into its profiles, or `[defaults]` into the main file
error: there is no file `{DIR}/gone.toml` to include: `{DIR}/config.toml` line 1
error: unknown key `usr` in `[defaults]`: `{DIR}/config.toml` line 3
hint: did you mean `user`?
error: 5 problems were found in `{DIR}/config.toml`
"
    ));
}
