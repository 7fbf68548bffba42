//! What the README and the manual pages show of connecting is what the built binary prints, with the README's own
//! profile file and databases at its endpoints. Commands that reach no server are compared in `tests/cli`.

use std::path::Path;
use std::process::Command as Process;

use rdsconnect::manual::EXAMPLES;

use crate::scene::{Prefix, Scene};
use crate::screenshots::pty::{Terminal, text};
use crate::screenshots::stage::Home;
use crate::transcripts::{self, Command};

const README: &str = include_str!("../../README.md");

fn scene() -> Scene {
    let profiles = README.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a profile file");
    let program = Path::new(env!("CARGO_BIN_EXE_rdsconnect"));
    Scene::set(Home::Random, program, profiles, Prefix::of_this_run()).unwrap_or_else(|error| panic!("{error}"))
}

/// What commands print in one shell, in jane's home.
fn run(scene: &Scene, script: &str) -> String {
    let mut shell = Process::new("/bin/bash");
    shell.args(["-c", &format!("exec 2>&1\n{script}")]).env_clear().envs(scene.stage.variables());
    let output = shell.current_dir(scene.stage.home()).output().expect("there is a bash");
    let home = scene.stage.home().to_str().expect("below /tmp");
    String::from_utf8_lossy(&output.stdout).replace(home, "/home/jane")
}

/// Types what a session shows as typed, and gives what the screen shows in the end.
fn play(scene: &Scene, command: &Command) -> Result<String, String> {
    let terminal = Terminal::open(&scene.stage, 100, 60)?;
    let mut typed = command.line.clone();
    for line in command.shown.lines() {
        if let Some((prompt, next)) = line.split_once("=> ") {
            terminal.line(&typed, &format!("{prompt}=> "))?;
            next.clone_into(&mut typed);
        }
    }
    let last = command.shown.lines().last().unwrap_or_default().to_owned();
    terminal.keys(&format!("{typed}\r"))?;
    terminal.until("the end of the session", |screen| text(screen).contains(&format!("\n{last}\n")))?;
    let shown = text(&terminal.screen());
    // The prompts of the shell before and of the client after it are not the document's.
    let lines: Vec<&str> = shown.lines().skip(1).collect();
    let end = lines.iter().rposition(|line| *line == last).map_or(0, |at| at + 1);
    Ok(lines[..end].join("\n"))
}

#[test]
fn what_documents_show_of_connecting_is_what_is_printed() {
    let scene = scene();
    let readme = transcripts::of_markdown(README).into_iter().map(|block| ("README.md", block));
    let documents = readme.chain(EXAMPLES.iter().map(|(page, block)| (*page, transcripts::commands(block))));
    let (mut count, mut sessions, mut wrong) = (0, 0, Vec::new());
    for (document, commands) in documents {
        let reaching = |command: &&Command| command.counts() && command.reaches_a_server();
        if !commands.iter().any(|command| reaching(&command)) {
            continue;
        }
        for session in commands.iter().filter(|command| command.is_a_session()) {
            let printed = play(&scene, session).unwrap_or_else(|error| panic!("{document}: {error}"));
            wrong.extend(session.compare(&printed).err());
            sessions += 1;
        }
        let short = |command: &&Command| command.prepares() || reaching(command) && !command.is_a_session();
        let printed = run(&scene, &transcripts::script(commands.iter().filter(short)));
        wrong.extend(transcripts::wrong(document, commands.iter().filter(short), &printed));
        count += commands.iter().filter(short).count();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!((count, sessions) >= (7, 1), "only {count} commands and {sessions} sessions were found");
}
