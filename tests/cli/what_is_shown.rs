//! What the README and the manual pages show below a command is what the command prints, with the README's
//! own profile file. Commands that reach a server are compared in `tests/real`.

use crate::sandbox::Sandbox;
use crate::transcripts::{self, Command};
use clap::Parser as _;
use rdsconnect::cli::Cli;
use rdsconnect::manual::EXAMPLES;
use std::collections::BTreeSet;

const README: &str = include_str!("../../README.md");

/// Every document, by the name of a page, with its blocks of commands.
fn documents() -> Vec<(&'static str, Vec<Command>)> {
    let readme = transcripts::of_markdown(README).into_iter().map(|block| ("README.md", block));
    readme.chain(EXAMPLES.iter().map(|(page, block)| (*page, transcripts::commands(block)))).collect()
}

/// A sandbox with the README's profile file, and clients as Debian has them.
fn sandbox() -> Sandbox {
    let profiles = README.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let mut sandbox = Sandbox::new();
    sandbox.config(profiles);
    sandbox.client("psql", "psql (PostgreSQL) 15.20\n");
    sandbox.client("mysql", "mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)\n");
    sandbox.for_shells();
    sandbox
}

/// A text of the sandbox as the documents have it: jane's home, and clients where Debian has them.
fn as_shown(text: &str) -> String {
    text.replace("[dir]/home", "/home/jane").replace("[dir]/bin/", "/usr/bin/")
}

#[test]
fn what_documents_show_is_what_is_printed() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (document, commands) in documents() {
        let local = || commands.iter().filter(|command| command.counts() && !command.reaches_a_server());
        if local().next().is_none() {
            continue;
        }
        let sandbox = sandbox();
        if commands.iter().any(|command| command.line.starts_with("rdsconnect init")) {
            // The first profile file is written where there is none.
            std::fs::remove_file(sandbox.path("home/.config/rdsconnect/config.toml")).unwrap();
        }
        let run = sandbox.script_on_terminal(120, &transcripts::script(local()));
        let shown: Vec<Command> = local()
            .map(|command| Command { line: command.line.clone(), shown: sandbox.neutral(&command.shown) })
            .collect();
        wrong.extend(transcripts::wrong(document, &shown, &as_shown(&run.stdout)));
        count += shown.len();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 20, "only {count} commands were found");
}

/// The words that rdsconnect gets, when a command line begins with it.
fn words(line: &str) -> Option<Vec<String>> {
    let words = shlex::split(line.split(" # ").next()?)?;
    let end = words.iter().position(|word| ["|", "&&", ";", ">"].contains(&word.as_str()) || word.starts_with('>'));
    (words.first()? == "rdsconnect").then(|| words[..end.unwrap_or(words.len())].to_vec())
}

#[test]
fn every_command_in_documents_is_one_that_there_is() {
    let mut count = 0;
    for (document, commands) in documents() {
        for line in commands.iter().filter_map(|command| words(command.line.trim_end_matches("; echo $?"))) {
            let parsed = Cli::try_parse_from(&line);
            assert!(parsed.is_ok(), "{document}: {line:?}: {}", parsed.unwrap_err());
            count += 1;
        }
    }
    assert!(count > 30, "only {count} commands were found");
}

/// The verbs that do something, as the words to type.
fn verbs(command: &clap::Command, words: &str, found: &mut BTreeSet<String>) {
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        let words = format!("{words} {}", verb.get_name());
        if verb.has_subcommands() {
            verbs(verb, &words, found);
        } else {
            found.insert(words);
        }
    }
}

#[test]
fn every_verb_shows_what_it_prints_in_the_readme_and_on_its_page() {
    let mut all = BTreeSet::new();
    verbs(&<Cli as clap::CommandFactory>::command(), "rdsconnect", &mut all);
    let documents = documents();
    for verb in all {
        let shows = |command: &Command| {
            let line = command.line.strip_prefix(&verb);
            line.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) && !command.shown.trim().is_empty()
        };
        let page = verb.replace(' ', "-");
        let of =
            |name: &str| documents.iter().filter(|(own, _)| *own == name).any(|(_, block)| block.iter().any(shows));
        assert!(of(&page), "{page} shows nothing of `{verb}`");
        // In the README, connecting is done without the verb, and a check is a picture.
        let elsewhere = ["rdsconnect connect", "rdsconnect check"].contains(&verb.as_str());
        assert!(of("README.md") != elsewhere, "the README shows nothing of `{verb}`");
    }
}

#[test]
fn the_comparison_of_documents_can_fail() {
    let command = |shown: &str| Command { line: String::new(), shown: shown.to_owned() };
    for (shown, printed) in [
        ("a\nb\n", "a\nb"),
        ("...\nb\n", "x\ny\nb\n"),
        ("...\n", ""),
        ("token=...&b=...\n", "token=12&b=\n"),
        ("psql (15.1)\n", "psql (16.2 (Debian))\n"),
        ("a \n", "a\n"),
    ] {
        assert_eq!(command(shown).compare(printed), Ok(()));
    }
    for (shown, printed) in [
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("a...b\n", "a\nb\n"),
        ("a...c\n", "ab\n"),
        ("...\nb\n", "b\nx\n"),
        ("a\n", " a\n"),
    ] {
        assert!(command(shown).compare(printed).is_err(), "{shown:?} fits {printed:?}");
    }
    let blocks = transcripts::of_markdown("x\n```\n$ a\n1\n2\n$ b\n```\n```toml\n$ c\n```\n```\nno command\n```\n");
    assert_eq!(blocks.len(), 1);
    assert_eq!(blocks[0][0], Command { line: "a".into(), shown: "1\n2\n".into() });
    assert_eq!((blocks[0].len(), blocks[0][1].counts()), (2, false));
    assert_eq!(transcripts::outputs("1\n\u{1e}\u{1e}"), ["1\n", ""]);
}
