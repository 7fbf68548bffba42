//! The manual pages: one for each verb, every flag of `--help` in them, and nothing in them that
//! the reader of manual pages complains of.

use crate::programs;
use crate::sandbox::Sandbox;
use clap::CommandFactory as _;
use rdsconnect::cli::Cli;
use rdsconnect::manual::EXAMPLES;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

/// The pages as the program writes them: a file's name and its text, without the escaped hyphens.
fn pages(sandbox: &Sandbox) -> BTreeMap<String, String> {
    sandbox.run(&["generate", "man", "share/man"]).gives("", "", 0);
    fs::read_dir(sandbox.path("share/man"))
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text.replace("\\-", "-").replace("\\'", "'"))
        })
        .collect()
}

/// Every verb, the program itself first, as the words to type.
fn verbs() -> Vec<Vec<String>> {
    fn add(command: &clap::Command, words: &[String], verbs: &mut Vec<Vec<String>>) {
        verbs.push(words.to_vec());
        for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
            add(verb, &[words, &[verb.get_name().to_owned()]].concat(), verbs);
        }
    }
    let mut verbs = Vec::new();
    add(&Cli::command(), &[], &mut verbs);
    verbs
}

#[test]
fn every_verb_has_a_page_with_every_flag_of_its_help() {
    let sandbox = Sandbox::new();
    let pages = pages(&sandbox);
    let names: BTreeSet<String> = verbs().iter().map(|words| page_name(words)).collect();
    assert!(names.len() > 5);
    assert_eq!(pages.keys().cloned().collect::<BTreeSet<_>>(), names);
    for words in verbs() {
        let page = &pages[&page_name(&words)];
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = sandbox.run(&arguments).stdout;
        let flags: BTreeSet<&str> = help
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '`' | '[' | ']'))
            .filter(|word| word.len() > 1 && word.starts_with('-') && *word != "--")
            .collect();
        assert!(flags.contains("--help") && flags.contains("--config"), "{words:?}: {flags:?}");
        let (_, options) = page.split_once(".SH OPTIONS\n").unwrap_or_else(|| panic!("{words:?} has no options"));
        let options = options.split(".SH \"EXIT STATUS\"").next().unwrap().replace("\\fB", " ").replace("\\fR", " ");
        for flag in flags {
            let bare = flag.trim_end_matches(['.', ';', '\'']);
            assert!(options.split([' ', ',', '\n']).any(|word| word == bare), "{}: {bare}", page_name(&words));
        }
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "\"EXIT STATUS\"", "\"SEE ALSO\""] {
            assert!(page.contains(&format!(".SH {section}\n")), "{}: {section}", page_name(&words));
        }
    }
}

fn page_name(words: &[String]) -> String {
    let name: Vec<&str> = std::iter::once("rdsconnect").chain(words.iter().map(String::as_str)).collect();
    format!("{}.1", name.join("-"))
}

#[test]
fn every_page_of_a_verb_that_does_something_has_its_examples() {
    let sandbox = Sandbox::new();
    let verbs = verbs();
    for (name, page) in pages(&sandbox) {
        let is_group = |words: &Vec<String>| {
            !words.is_empty() && verbs.iter().any(|w| w.len() > words.len() && w.starts_with(words))
        };
        if verbs.iter().any(|words| page_name(words) == name && is_group(words)) {
            continue;
        }
        let (_, shown) = page.split_once(".SH EXAMPLES\n").unwrap_or_else(|| panic!("{name} has no example"));
        let (_, examples) = EXAMPLES.iter().find(|(own, _)| format!("{own}.1") == name).unwrap();
        for line in examples.lines() {
            // As the format has it at the beginning of a line, and quotes.
            let written = shown.replace("\\&", "").replace("\\*(Aq", "'").replace("\\\\", "\\");
            assert!(written.contains(&format!("{line}\n")), "{name}: {line}");
        }
    }
}

#[test]
fn what_the_page_says_of_variables_and_statuses_is_in_the_readme_too() {
    let page = &pages(&Sandbox::new())["rdsconnect.1"];
    let readme = include_str!("../../README.md");
    for heading in ["\"EXIT STATUS\"", "ENVIRONMENT"] {
        let (_, after) = page.split_once(&format!(".SH {heading}\n")).unwrap();
        let section = after.split(".SH ").next().unwrap();
        let terms: Vec<&str> = section.split(".TP\n").skip(1).map(|term| term.lines().next().unwrap()).collect();
        assert!(terms.len() >= 5, "{terms:?}");
        for term in terms.iter().flat_map(|term| term.split(", ")) {
            let bare = term.replace("\\fB", "").replace("\\fR", "").replace("\\*(Aq", "'");
            assert!(readme.contains(&format!("| {bare} |")) || readme.contains(&format!("`{bare}`")), "{bare}");
        }
    }
}

#[test]
fn groff_renders_every_page_without_a_warning() {
    let Some(groff) = programs::find("groff") else { return };
    let sandbox = Sandbox::new();
    let names: Vec<String> = pages(&sandbox).into_keys().collect();
    for name in names {
        let page = sandbox.path("share/man").join(&name);
        let rendered = Command::new(&groff).args(["-ww", "-man", "-Tascii", "-P-c"]).arg(page).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&rendered.stderr), "", "{name}");
        assert!(rendered.status.success());
        assert!(String::from_utf8_lossy(&rendered.stdout).contains("rdsconnect"), "{name}");
    }
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    sandbox
        .run(&["generate", "man", "file"])
        .fails("error: could not write `file`\n  caused by: File exists (os error 17)\n");
}
