//! The documents say what the program does: every key and every flag is in them.

use crate::sandbox::Sandbox;
use rdsconnect::cli::Cli;
use rdsconnect::config::file;
use rdsconnect::config::settings::Settings;
use std::fs;
use std::path::Path;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn every_key_is_in_the_example_and_the_documents() {
    let (example, documents) = (read("config.example.toml"), read("docs/configuration.md"));
    for key in Settings::KEYS.iter().map(|(key, _)| key).chain(&["include"]) {
        assert!(
            example.lines().any(|line| line.trim_start_matches(['#', ' ']).starts_with(&format!("{key} ="))),
            "{key}"
        );
        assert!(documents.contains(&format!("`{key}`")), "{key}");
    }
}

#[test]
fn the_example_is_a_profile_file_whose_every_profile_connects() {
    let text = read("config.example.toml");
    let file = file::parse(&text, Path::new("config.example.toml")).unwrap();
    assert!(file.profiles.len() >= 2);
    let sandbox = Sandbox::with_config(&text);
    for name in file.profiles.keys() {
        let run = sandbox.run(&[name, "--dry-run"]);
        assert_eq!(run.status, Some(0), "{name}: {}", run.stderr);
    }
}

#[test]
fn every_flag_and_verb_is_in_the_readme() {
    let readme = read("README.md");
    let command = <Cli as clap::CommandFactory>::command();
    for long in flags(&command) {
        assert!(readme.contains(&format!("--{long}")), "--{long}");
    }
    for verb in command.get_subcommands() {
        assert!(readme.contains(&format!("rdsconnect {}", verb.get_name())), "{}", verb.get_name());
    }
}

/// What the README shows is what its own smallest profile file gives, on a terminal.
#[cfg(target_os = "linux")]
#[test]
fn what_the_readme_shows_of_the_profile_file_is_real() {
    let readme = read("README.md");
    let after = |opening: &str| readme.split(opening).nth(1).unwrap_or_else(|| panic!("{opening}"));
    let block = |opening: &str| after(opening).split("```").next().unwrap().to_owned();
    let sandbox = Sandbox::with_config(&block("```toml\n"));
    for args in [&["list"][..], &["show", "reports", "--user", "admin"]] {
        let shown = block(&format!("$ rdsconnect {}\n", args.join(" ")));
        sandbox.run_on_terminal(120, args, "").gives(&shown, "", 0);
    }
}

/// The flags of a command and of all its verbs.
fn flags(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let own = own.filter_map(|argument| argument.get_long().map(str::to_owned));
    own.chain(command.get_subcommands().flat_map(flags)).collect()
}
