//! The profile file: where it is found, and how each mistake in it is answered.

use crate::sandbox::Sandbox;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const GOOD: &str = r#"
[profiles.prod-billing]
engine = "mysql"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
"#;

#[test]
fn the_file_is_found_by_flag_variable_and_place() {
    let mut sandbox = Sandbox::with_config("");
    fs::remove_file(sandbox.path("home/.config/rdsconnect/config.toml")).unwrap();
    let file = sandbox.write("elsewhere/c.toml", GOOD);
    sandbox.run(&["prod-billing", "--config", "elsewhere/c.toml"]).gives("", "", 0);
    sandbox.set("RDSCONNECT_CONFIG", file.to_str().unwrap());
    sandbox.run(&["prod-billing"]).gives("", "", 0);
    sandbox.unset("RDSCONNECT_CONFIG");
    sandbox.write("xdg/rdsconnect/config.toml", GOOD);
    let xdg = sandbox.path("xdg");
    sandbox.set("XDG_CONFIG_HOME", xdg.to_str().unwrap());
    sandbox.run(&["prod-billing"]).gives("", "", 0);
    sandbox.unset("XDG_CONFIG_HOME");
    sandbox.run(&["prod-billing"]).fails(
        "error: no profile file at `[dir]/home/.config/rdsconnect/config.toml`\n\
         hint: write one with `rdsconnect init`, or name another with `--config FILE`\n",
    );
    sandbox
        .run(&["prod-billing", "--config", "nosuch.toml"])
        .fails("error: no profile file at `nosuch.toml`, named by `--config`\n");
    sandbox.unset("HOME");
    sandbox.run(&["prod-billing"]).fails(
        "error: no place to look for a profile file: neither `XDG_CONFIG_HOME` nor `HOME` is set\n\
         hint: name the file with `--config FILE`\n",
    );
}

#[test]
fn an_unknown_key_says_where_it_belongs() {
    let top = "begin a profile with `[profiles.NAME]`, and write its keys below that";
    for (table, key, hint) in [
        ("", "x = 1", top),
        ("", "user = \"jane\"", top),
        ("[profiles.x]", "username = \"j\"", "did you mean `user`?"),
        ("[profiles.x]", "prod = true", "did you mean `production`?"),
        ("[profiles.x]", "password = \"p\"", "leave it out: the token is the password"),
        ("[defaults]", "sslmode = \"disable\"", "leave it out: TLS is always verified"),
        ("[defaults]", "include = [\"a.toml\"]", "write it above the first table of the file"),
    ] {
        let place = if table.is_empty() { "at the top of the file".to_owned() } else { format!("in `{table}`") };
        let name = key.split(' ').next().unwrap();
        Sandbox::with_config(&format!("{table}\n{key}\n")).run(&["x"]).fails(&format!(
            "error: unknown key `{name}` {place}: `[dir]/home/.config/rdsconnect/config.toml` line 2\nhint: {hint}\n"
        ));
    }
}

#[test]
fn every_mistake_names_file_line_and_key() {
    let place = "`[dir]/home/.config/rdsconnect/config.toml` line";
    let profile = "[profiles.x]\nengine = \"mysql\"\nhost = \"h.example\"\nuser = \"u\"\n";
    for (text, line, error, hint) in [
        ("[profile.x]\n".into(), 1, "unknown key `profile` at the top of the file", "did you mean `profiles`?"),
        ("[profiles.x]\nhots = \"h\"\n".into(), 2, "unknown key `hots` in `[profiles.x]`", "did you mean `host`?"),
        ("[defaults]\nnothing-like-it = 1\n".into(), 2, "unknown key `nothing-like-it` in `[defaults]`", ""),
        ("[profiles.x]\nport = \"5432\"\n".into(), 2, "`port` in `[profiles.x]` must be a number, not a string", ""),
        (
            "[profiles.x]\nproduction = \"yes\"\n".into(),
            2,
            "`production` in `[profiles.x]` must be true or false, not a string",
            "",
        ),
        (
            "[profiles.x]\nread_only = 1\n".into(),
            2,
            "`read_only` in `[profiles.x]` must be true or false, not a number",
            "",
        ),
        ("[profiles.x]\n\n\nport = 0\n".into(), 4, "`port` in `[profiles.x]` must be a port from 1 to 65535", ""),
        ("[profiles.x]\nport = 70000\n".into(), 2, "`port` in `[profiles.x]` must be a port from 1 to 65535", ""),
        ("[profiles.x]\nhost = 5\n".into(), 2, "`host` in `[profiles.x]` must be a string, not a number", ""),
        ("[profiles.x]\nhost = \"\"\n".into(), 2, "`host` in `[profiles.x]` must not be empty", ""),
        (
            "[profiles.x]\nuser = \"a\\u001bb\"\n".into(),
            2,
            "`user` in `[profiles.x]` must not contain control characters",
            "",
        ),
        (
            "[profiles.x]\nhost = \"h:3306\"\n".into(),
            2,
            "`host` in `[profiles.x]` must be a host name alone; the port has a key of its own, `port`",
            "",
        ),
        (
            "[profiles.x]\nregion = \"us-west-2a\"\n".into(),
            2,
            "`region` in `[profiles.x]` must be an AWS region such as `us-west-2`, not an availability zone",
            "",
        ),
        (
            "[profiles.x]\nengine = \"postgress\"\n".into(),
            2,
            "`engine` in `[profiles.x]` must be `mysql`, `postgres`, `mariadb`, `aurora-mysql`, `postgresql` or `aurora-postgresql`",
            "did you mean `postgres`?",
        ),
        (
            "[profiles.x]\nclient_args = \"-q\"\n".into(),
            2,
            "`client_args` in `[profiles.x]` must be a list of strings, not a string",
            "",
        ),
        (
            "[profiles.x]\nclient_args = [1]\n".into(),
            2,
            "`client_args` in `[profiles.x]` must be a list of strings, not a list of other things",
            "",
        ),
        (
            format!("{profile}client_args = [\"-h\", \"evil\"]\n"),
            5,
            "`client_args` in `[profiles.x]`: argument `-h` would change the host",
            "set `host` in the profile (`connect_to` for a tunnel)",
        ),
        (
            format!("[defaults]\nclient_args = [\"--ssl-mode=DISABLED\"]\n{profile}"),
            2,
            "`client_args` in `[defaults]`: argument `--ssl-mode` would change how TLS is checked",
            "use `--ca-bundle`, or `ca_bundle` in the profile, to trust other certificates",
        ),
        (
            "[profiles.\"-x\"]\n".into(),
            1,
            "`-x` is no name for a profile",
            "use letters, digits, `.`, `_` and `-`, and begin with a letter or a digit",
        ),
        ("profiles = 1\n".into(), 1, "`profiles` at the top of the file must be a table, not a number", ""),
    ] {
        let sandbox = Sandbox::with_config(&text);
        let hint = if hint.is_empty() { String::new() } else { format!("hint: {hint}\n") };
        sandbox.run(&["x"]).fails(&format!("error: {error}: {place} {line}\n{hint}"));
    }
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_line_and_without_its_text() {
    let sandbox = Sandbox::with_config("[profiles.x]\npassword = hunter2 and more\n");
    let run = sandbox.run(&["x"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)));
    assert!(
        run.stderr.starts_with(
            "error: the profile file is not valid TOML: `[dir]/home/.config/rdsconnect/config.toml` line 2: "
        ),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    let sandbox = Sandbox::with_config("");
    fs::write(sandbox.path("home/.config/rdsconnect/config.toml"), b"# a\n# \xff\n").unwrap();
    sandbox
        .run(&["x"])
        .fails("error: the profile file is not UTF-8 text: `[dir]/home/.config/rdsconnect/config.toml` line 2\n");
}

#[test]
fn a_file_that_others_could_have_written_is_refused() {
    let sandbox = Sandbox::with_config(GOOD);
    let file = sandbox.path("home/.config/rdsconnect/config.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o606)).unwrap();
    let path = "[dir]/home/.config/rdsconnect/config.toml";
    sandbox
        .run(&["prod-billing"])
        .fails(&format!("error: `{path}` can be written by everyone\nhint: run `chmod go-w {path}`\n"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(file.parent().unwrap(), fs::Permissions::from_mode(0o777)).unwrap();
    sandbox.run(&["prod-billing"]).fails(&format!(
        "error: the directory `[dir]/home/.config/rdsconnect` of `{path}` can be written by everyone\n\
         hint: run `chmod go-w [dir]/home/.config/rdsconnect`, or move the file to a directory of your own\n"
    ));
    fs::set_permissions(file.parent().unwrap(), fs::Permissions::from_mode(0o1777)).unwrap();
    sandbox.run(&["prod-billing"]).gives("", "", 0);
}

#[test]
fn an_unknown_profile_suggests_the_nearest_and_lists_what_there_is() {
    let sandbox = Sandbox::with_config(GOOD);
    let error =
        |name: &str| format!("error: no profile named `{name}` in `[dir]/home/.config/rdsconnect/config.toml`\n");
    sandbox.run(&["prd-billing"]).fails(&(error("prd-billing") + "hint: did you mean `prod-billing`?\n"));
    sandbox.run(&["x"]).fails(&(error("x") + "hint: the only profile is `prod-billing`\n"));
    sandbox.run(&["a\u{1b}[m"]).fails(&(error("a\\u{1b}[m") + "hint: the only profile is `prod-billing`\n"));
    // Some, and many.
    let named = |count: usize, name: &str| {
        let profiles: Vec<_> = (1..=count).map(|number| format!("[profiles.p{number:02}]")).collect();
        let run = Sandbox::with_config(&profiles.join("\n")).run(&[name]);
        assert_eq!(run.status, Some(125));
        run.stderr.lines().nth(1).unwrap_or_default().to_owned()
    };
    let ten = "`p01`, `p02`, `p03`, `p04`, `p05`, `p06`, `p07`, `p08`, `p09`, `p10`";
    assert_eq!(named(0, "nosuch"), "hint: add `[profiles.NAME]` to the file");
    assert_eq!(named(2, "p0"), "hint: did you mean `p01`? the profiles are `p01`, `p02`");
    assert_eq!(named(10, "nosuch"), format!("hint: the profiles are {ten}"));
    let many = format!("the profiles are {ten} and 37 more, which `rdsconnect list` shows");
    assert_eq!(named(47, "nosuch"), format!("hint: {many}"));
    assert_eq!(named(47, "p477"), format!("hint: did you mean `p47`? {many}"));
}
