//! Short commands for the profiles, read by the real shells.

use crate::programs;
use crate::sandbox::Sandbox;
use rdsconnect::aliases::is_taken;
use rdsconnect::cli::Shell;
use rdsconnect::config::file::is_profile_name;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const PROFILES: &str = r#"
[profiles.prod-mysql]
engine = "mysql"
[profiles."eu.1_b"]
engine = "postgres"
[profiles.token]
engine = "mysql"
"#;

/// What a path may hold and a shell might read as more than a path.
const HOSTILE: &str = "it's \"my\" $(touch pwned) `touch pwned` \\ \\' ;&|<>*?!#~{}\u{2019}\n.toml";

#[test]
fn a_line_for_every_profile() {
    let sandbox = Sandbox::with_config(PROFILES);
    for shell in ["sh", "bash", "zsh"] {
        sandbox.run(&["aliases", "--shell", shell]).gives(
            "alias eu.1_b='rdsconnect connect eu.1_b'\n\
             alias prod-mysql='rdsconnect connect prod-mysql'\n\
             alias token='rdsconnect connect token'\n",
            "",
            0,
        );
    }
    sandbox.run(&["aliases", "--shell", "fish", "--prefix", "db-", "--config", "home/.config/rdsconnect/config.toml"])
        .gives(
            &["eu.1_b", "prod-mysql", "token"].map(|name| format!(
                "function db-{name} --wraps 'rdsconnect --config \\'[dir]/home/.config/rdsconnect/config.toml\\' connect {name}'; \
                 rdsconnect --config '[dir]/home/.config/rdsconnect/config.toml' connect {name} $argv; end\n"
            )).concat(),
            "",
            0,
        );
    let text = sandbox.run(&["aliases", "--shell", "powershell"]).stdout;
    assert!(text.contains("function prod-mysql { rdsconnect connect prod-mysql @args }\n"), "{text}");
}

#[test]
fn names_that_shells_use_are_left_out_unless_they_get_a_prefix() {
    let sandbox = Sandbox::with_config("[profiles.test]\nengine = \"mysql\"\n[profiles.rdsconnect]\n[profiles.prod]\n");
    sandbox.run(&["aliases", "--shell", "zsh"]).gives(
        "alias prod='rdsconnect connect prod'\n",
        "note: left out, because shells or these commands need the name: `rdsconnect`, `test`; try `--prefix`\n",
        0,
    );
    sandbox.run(&["aliases", "--shell", "zsh", "--prefix", "db-"]).gives(
        "alias db-prod='rdsconnect connect prod'\n\
         alias db-rdsconnect='rdsconnect connect rdsconnect'\n\
         alias db-test='rdsconnect connect test'\n",
        "",
        0,
    );
}

#[test]
fn a_prefix_is_part_of_a_name_and_nothing_else() {
    let sandbox = Sandbox::with_config(PROFILES);
    for prefix in ["x;touch pwned;", "$(touch pwned)", "a b", "-", "a\n", "a=b", "'"] {
        sandbox.run(&["aliases", "--shell", "bash", &format!("--prefix={prefix}")]).fails(
            "error: `--prefix` must begin with a letter or digit and hold only letters, digits, `.`, `_` and `-`\n\
             hint: name a prefix such as `db-`\n",
        );
    }
    let run = sandbox.run(&["aliases"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)));
}

/// Reads the aliases in a shell and uses one; the program is one that shows its arguments.
fn used_in(shell: &str, options: &[&str], script: &str) {
    let Some(program) = programs::find(shell) else { return };
    let mut sandbox = Sandbox::new();
    let file = sandbox.write(HOSTILE, PROFILES);
    let file = file.to_str().unwrap();
    let name = if shell == "dash" { "sh" } else { shell };
    let aliases = sandbox.command(&["aliases", "--shell", name, "--config", file]).output().unwrap();
    assert!(aliases.status.success() && aliases.stderr.is_empty(), "{aliases:?}");
    fs::write(sandbox.path("aliases"), aliases.stdout).unwrap();
    let shown = sandbox.write("bin/rdsconnect", "#!/bin/sh\nfor word; do printf '<%s>' \"$word\"; done\n");
    fs::set_permissions(shown, fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    sandbox.set("PATH", &path).set("LC_ALL", "C.UTF-8");
    let run = sandbox.finish(sandbox.any_command(program, &[options, &[script]].concat()));
    let used = |profile: &str| format!("<--config><[dir]/{HOSTILE}><connect><{profile}>");
    run.gives(&format!("{}<--><-e><select 'a b'>{}", used("prod-mysql"), used("eu.1_b")), "", 0);
    assert!(!sandbox.path("pwned").exists());
}

#[test]
fn bash_zsh_dash_and_fish_start_what_they_are_told() {
    let script = r#"
. ./aliases
eval "prod-mysql -- -e \"select 'a b'\""
eval eu.1_b"#;
    let bash = format!("shopt -s expand_aliases{script}");
    used_in("bash", &["--norc", "-c"], &bash);
    used_in("zsh", &["-f", "-c"], script);
    used_in("zsh", &["-f", "-o", "RC_QUOTES", "-c"], script);
    used_in("dash", &["-c"], script);
    used_in("fish", &["--no-config", "-c"], "source ./aliases; prod-mysql -- -e \"select 'a b'\"; eu.1_b");
}

#[test]
fn every_word_that_the_shells_use_is_known() {
    // Others have words of their own: these are the ones that were looked at.
    if !programs::is_debian_12() {
        return programs::not_run("the words of the shells of Debian 12");
    }
    let shells: [(&str, &[&str]); 3] = [
        ("bash", &["--norc", "-c", "compgen -k; compgen -b"]),
        ("zsh", &["-f", "-c", "zmodload zsh/parameter; print -l ${(k)builtins} ${(k)reswords}"]),
        ("fish", &["--no-config", "-c", "builtin --names"]),
    ];
    for (shell, arguments) in shells {
        let Some(program) = programs::find(shell) else { continue };
        let sandbox = Sandbox::new();
        let words = sandbox.finish(sandbox.any_command(program, arguments)).stdout;
        let unknown: Vec<_> =
            words.lines().filter(|word| is_profile_name(word) && !is_taken(Shell::Sh, word)).collect();
        assert!(words.lines().count() > 50, "{shell}: {words}");
        assert_eq!(unknown, Vec::<&str>::new(), "{shell}");
    }
}
