//! Commands that documents show, with what they print: read out of the text, and compared with a run.
//!
//! In what is shown, `...` stands for any text of a line, and a line `...` for any lines.

#![allow(dead_code, reason = "its users, the tests with and without servers, need different parts")]

use std::fmt::Write as _;

/// Stands between the outputs of commands that run in one shell.
const SEPARATOR: char = '\u{1e}';
/// Beginnings of lines whose rest depends on a client's version, another one on every machine.
const VERSIONS: [&str; 3] = ["psql (", "SSL connection (", "  passed   client "];

/// A command, and what is shown below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) line: String,
    pub(crate) shown: String,
}

/// The blocks of a Markdown text that hold commands.
pub(crate) fn of_markdown(text: &str) -> Vec<Vec<Command>> {
    // Every second part is a block; one of commands names no language.
    let blocks = text.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix('\n')).map(commands).filter(|block| !block.is_empty()).collect()
}

/// The commands of a block: each begins with `$ `, and what it prints follows.
pub(crate) fn commands(block: &str) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(line), _) => commands.push(Command { line: line.to_owned(), shown: String::new() }),
            (None, Some(command)) => command.shown += &(line.to_owned() + "\n"),
            (None, None) => {}
        }
    }
    commands
}

impl Command {
    /// Whether it is of use to run it: it shows something, or what follows needs it.
    pub(crate) fn counts(&self) -> bool {
        !self.shown.trim().is_empty() || self.prepares()
    }

    /// Whether it is a session, in which the document types as well.
    pub(crate) fn is_a_session(&self) -> bool {
        self.shown.contains("=> ")
    }

    /// Whether it makes variables for commands that follow.
    pub(crate) fn prepares(&self) -> bool {
        self.line.starts_with("eval ")
    }

    /// Whether it needs a server. What is refused never gets there.
    pub(crate) fn reaches_a_server(&self) -> bool {
        let mut words = self.line.split_whitespace();
        let verb = |word| ["check", "connect", "exec", "orders", "reports"].contains(&word);
        let connects = match words.next() {
            Some("rdsconnect") => words.next().is_some_and(verb),
            program => program.is_some_and(|program| ["psql", "pg_dump"].contains(&program)),
        };
        connects && !self.line.contains("--dry-run") && !self.shown.starts_with("error: ")
    }

    /// What is wrong with what is shown, given what is printed.
    pub(crate) fn compare(&self, printed: &str) -> Result<(), String> {
        let lines = |text: &str| text.trim_end().lines().map(steady).collect::<Vec<_>>();
        if fits(&lines(&self.shown), &lines(printed)) {
            return Ok(());
        }
        Err(format!("$ {}\n--- shown\n{}--- printed\n{printed}", self.line, self.shown))
    }
}

/// A line without spaces at its end and without versions.
pub(crate) fn steady(line: &str) -> String {
    match VERSIONS.iter().find(|start| line.starts_with(**start)) {
        Some(start) => format!("{start}(version)"),
        None => line.trim_end().to_owned(),
    }
}

fn fits(shown: &[String], printed: &[String]) -> bool {
    match shown {
        [] => printed.is_empty(),
        [line, rest @ ..] if line.trim() == "..." => (0..=printed.len()).any(|from| fits(rest, &printed[from..])),
        [line, rest @ ..] => printed.first().is_some_and(|first| fits_line(line, first)) && fits(rest, &printed[1..]),
    }
}

fn fits_line(shown: &str, printed: &str) -> bool {
    let Some((before, after)) = shown.split_once("...") else { return shown == printed };
    printed.strip_prefix(before).is_some_and(|rest| {
        rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| fits_line(after, &rest[at..]))
    })
}

/// Commands as a script for one shell, whose output `outputs` takes apart.
pub(crate) fn script<'a>(commands: impl IntoIterator<Item = &'a Command>) -> String {
    commands.into_iter().fold(String::new(), |mut script, command| {
        let _ = writeln!(script, "{}\nprintf '\\036'", command.line);
        script
    })
}

/// What each command of a script printed.
pub(crate) fn outputs(printed: &str) -> Vec<&str> {
    printed.split_terminator(SEPARATOR).collect()
}

/// Compares commands with what their script printed; gives all that differ.
pub(crate) fn wrong<'a>(
    document: &str,
    commands: impl IntoIterator<Item = &'a Command>,
    printed: &str,
) -> impl Iterator<Item = String> {
    let commands: Vec<_> = commands.into_iter().collect();
    let outputs = outputs(printed);
    assert_eq!(commands.len(), outputs.len(), "{document}: {commands:?} printed {printed}");
    let wrong = |(command, printed): (&Command, &str)| command.compare(printed).err();
    let wrong: Vec<String> = commands.into_iter().zip(outputs).filter_map(wrong).collect();
    wrong.into_iter().map(move |wrong| format!("{document} shows what is not printed\n{wrong}"))
}
