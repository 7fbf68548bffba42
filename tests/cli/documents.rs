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
fn every_flag_and_verb_is_in_a_table_of_the_readme() {
    let readme = read("README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| ")).collect();
    let mut command = <Cli as clap::CommandFactory>::command();
    command.build();
    for flag in own_flags(&command).chain(["--help".into(), "--version".into()]) {
        let row = rows.iter().any(|row| words(row.split(" | ").next().unwrap()).contains(&flag.as_str()));
        assert!(row, "no row for {flag}");
    }
    let mut count = 0;
    for verb in verbs(&command) {
        let name = verb.get_display_name().unwrap().replace('-', " ");
        let called = format!("`{}`", verb.get_name());
        let of_verb = |row: &str| row.contains(&name) || row.contains(&called);
        assert!(rows.iter().any(|row| of_verb(row)), "no row for {name}");
        for flag in own_flags(verb) {
            assert!(rows.iter().any(|row| of_verb(row) && words(row).contains(&flag.as_str())), "{flag} of {name}");
            count += 1;
        }
    }
    assert!(count > 8, "only {count} flags of verbs were found");
}

/// The words of a text, without the signs around them.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect()
}

/// The flags of a command that are not those of every verb.
fn own_flags(command: &clap::Command) -> impl Iterator<Item = String> {
    let above = !command.get_name().eq("rdsconnect");
    let own =
        command.get_arguments().filter(move |argument| !(argument.is_hide_set() || above && argument.is_global_set()));
    own.filter_map(|argument| Some(format!("--{}", argument.get_long().filter(|long| *long != "help")?)))
}

/// Every verb that does something.
fn verbs(command: &clap::Command) -> Vec<&clap::Command> {
    let below = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    below.flat_map(|verb| if verb.has_subcommands() { verbs(verb) } else { vec![verb] }).collect()
}
