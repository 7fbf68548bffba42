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
    for argument in command.get_arguments().filter(|a| !a.is_hide_set()) {
        if let Some(long) = argument.get_long() {
            assert!(readme.contains(&format!("--{long}")), "--{long}");
        }
    }
    for verb in command.get_subcommands() {
        assert!(readme.contains(&format!("rdsconnect {}", verb.get_name())), "{}", verb.get_name());
    }
}
