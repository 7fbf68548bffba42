//! Completions in the real shells: profile names are those of the moment, and a profile file that
//! is wrong or hostile completes nothing, says nothing and runs nothing.

use crate::programs;
use crate::sandbox::Sandbox;
use crate::terminal::Terminal;
use std::path::Path;

const PROFILES: &str = r#"
[defaults]
user = "jane"
[profiles.prod-mysql]
engine = "mysql"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
[profiles.prod-pg]
engine = "postgres"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
database = "app"
description = "it's: $(touch pwned) `touch pwned` \\\""
[profiles.staging]
engine = "postgres"
database = "app"
"#;

/// Names that the file may not have, because a shell would read more than a name in them.
const HOSTILE: &str = "[profiles.\"prod-$(touch pwned)\"]\nengine = \"mysql\"\n";

fn sandbox(config: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.config(config);
    sandbox.for_shells().set("TERM", "xterm");
    sandbox
}

/// What fish would offer for a line.
fn offered(sandbox: &Sandbox, fish: &Path, line: &str) -> String {
    let script = "rdsconnect generate completions fish | source; complete -C \"$argv[1]\"";
    let run = sandbox.finish(sandbox.any_command(fish, &["--no-config", "-c", script, line]));
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)), "{line}");
    run.stdout
}

#[test]
fn fish_completes_profiles_with_what_they_are() {
    let Some(fish) = programs::find("fish") else { return };
    let sandbox = sandbox(PROFILES);
    let both = "prod-mysql\tmysql mydb.abc123.us-west-2.rds.amazonaws.com\n\
                prod-pg\tit's: $(touch pwned) `touch pwned` \\\"\n";
    for line in ["rdsconnect pr", "rdsconnect connect pr", "rdsconnect token pr", "rdsconnect check staging pr"] {
        assert_eq!(offered(&sandbox, &fish, line), both, "{line}");
    }
    assert_eq!(offered(&sandbox, &fish, "rdsconnect stag"), "staging\n");
    assert_eq!(offered(&sandbox, &fish, "rdsconnect tok"), "token\tPrint a token\n");
    assert_eq!(offered(&sandbox, &fish, "rdsconnect staging --token-via "), "env\nfd\n");
    assert!(!sandbox.path("pwned").exists());

    // Behind `--` is what the client is told: neither profiles nor verbs.
    for (line, files) in [
        ("staging -- sta", ""),
        ("staging -- ", "bin/\nhome/\n"),
        ("staging -- -f ho", "home/\n"),
        ("exec staging -- con", ""),
    ] {
        assert_eq!(offered(&sandbox, &fish, &format!("rdsconnect {line}")), files, "{line}");
    }

    sandbox.write("other.toml", "[profiles.prize]\nengine = \"mysql\"\n");
    sandbox.write("b c.toml", "[profiles.prime]\nengine = \"mysql\"\n");
    assert_eq!(offered(&sandbox, &fish, "rdsconnect --config other.toml pr"), "prize\n");
    assert_eq!(offered(&sandbox, &fish, "rdsconnect token --config=other.toml pr"), "prize\n");
    assert_eq!(offered(&sandbox, &fish, "rdsconnect --config 'b c.toml' pr"), "prime\n");
    let mut sandbox = sandbox;
    sandbox.set("RDSCONNECT_CONFIG", "other.toml");
    assert_eq!(offered(&sandbox, &fish, "rdsconnect pr"), "prize\n");
}

#[test]
fn a_profile_file_that_is_missing_broken_or_hostile_completes_nothing_and_says_nothing() {
    let fish = programs::find("fish");
    for config in [Some("[profiles.prod"), Some(HOSTILE), Some("[profiles.prod]\nbogus = 1\n"), None] {
        let mut sandbox = Sandbox::new();
        config.map(|text| sandbox.config(text));
        sandbox.for_shells();
        if let Some(fish) = &fish {
            assert_eq!(offered(&sandbox, fish, "rdsconnect pr"), "", "{config:?}");
        }
        sandbox.set("_CLAP_COMPLETE_INDEX", "1");
        for shell in ["bash", "zsh", "fish", "powershell"] {
            sandbox.set("RDSCONNECT_COMPLETE", shell);
            sandbox.run(&["--", "rdsconnect", "pr"]).gives("", "", 0);
        }
        assert!(!sandbox.path("pwned").exists());
    }
}

#[test]
fn file_names_that_a_shell_would_read_as_more_than_a_word_are_not_offered() {
    let mut sandbox = sandbox(PROFILES);
    for name in ["team.toml", "team$(touch pwned).toml", "team;touch pwned", "team a.toml", "team\n.toml"] {
        sandbox.write(name, "");
    }
    sandbox.set("_CLAP_COMPLETE_INDEX", "2").set("RDSCONNECT_COMPLETE", "bash");
    sandbox.run(&["--", "rdsconnect", "--config", "te"]).gives("team.toml", "", 0);
}

#[test]
fn the_variable_asks_only_when_it_names_a_shell() {
    let mut sandbox = sandbox(PROFILES);
    for off in ["", "0"] {
        sandbox.set("RDSCONNECT_COMPLETE", off);
        assert_eq!(sandbox.run(&["--version"]).stdout, concat!("rdsconnect ", env!("CARGO_PKG_VERSION"), "\n"));
    }
    sandbox.set("RDSCONNECT_COMPLETE", "csh");
    sandbox.run(&["--", "rdsconnect", "pr"]).gives("", "", 125);
}

/// Types in an interactive shell, which has read `setup`, and expects the line to become another.
fn types(sandbox: &Sandbox, shell: &[&str], setup: &str, lines: &[(&str, &str)]) {
    let Some(terminal) = Terminal::open(sandbox, shell) else { return };
    // In two parts, so that the typed line is not taken for its result.
    terminal.line(&format!("{setup}; PS1='> '; clear; echo re''ady"));
    terminal.until(|screen| screen == "ready\n>");
    for (typed, completed) in lines {
        terminal.text(typed);
        terminal.keys(&["Tab"]);
        terminal.until(|screen| screen.lines().last() == Some(&format!("> {completed}")));
        terminal.keys(&["C-u"]);
        terminal.until(|screen| screen.lines().last() == Some(">"));
    }
    assert!(!sandbox.path("pwned").exists());
}

const LINES: &[(&str, &str)] = &[
    ("rdsconnect prod-m", "rdsconnect prod-mysql"),
    ("rdsconnect connect st", "rdsconnect connect staging"),
    ("rdsconnect --config other.toml token pr", "rdsconnect --config other.toml token prize"),
    ("rdsconnect --config=other.toml pr", "rdsconnect --config=other.toml prize"),
    ("rdsconnect --config=oth", "rdsconnect --config=other.toml"),
    ("rdsconnect tok", "rdsconnect token"),
];

#[test]
fn bash_completes_profiles() {
    let Some(bash) = programs::find("bash") else { return };
    let sandbox = sandbox(PROFILES);
    sandbox.write("other.toml", "[profiles.prize]\nengine = \"mysql\"\n");
    let shell = [bash.to_str().unwrap(), "--norc", "--noprofile", "-i"];
    types(&sandbox, &shell, "source <(rdsconnect generate completions bash)", LINES);
}

#[test]
fn zsh_completes_profiles() {
    let Some(zsh) = programs::find("zsh") else { return };
    let sandbox = sandbox(PROFILES);
    sandbox.write("other.toml", "[profiles.prize]\nengine = \"mysql\"\n");
    let setup = "autoload -U compinit; compinit -u -D; source <(rdsconnect generate completions zsh)";
    types(&sandbox, &[zsh.to_str().unwrap(), "-f", "-i"], setup, LINES);
}

/// As packages install it: zsh reads the file when it is first asked, and has to complete then already.
#[test]
fn zsh_completes_by_a_file_on_its_path_at_the_first_attempt() {
    let Some(zsh) = programs::find("zsh") else { return };
    let sandbox = sandbox(PROFILES);
    sandbox.write("functions/_rdsconnect", &sandbox.run(&["generate", "completions", "zsh"]).stdout);
    let setup = "fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D";
    types(&sandbox, &[zsh.to_str().unwrap(), "-f", "-i"], setup, &LINES[..2]);
}
