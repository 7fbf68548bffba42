//! Runs commands side by side and says what they took.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command, with all of its environment.
#[derive(Clone)]
pub(crate) struct Case {
    /// For the reader.
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) env: BTreeMap<String, OsString>,
    /// A directory that is removed before each run, outside the time.
    pub(crate) forget: Option<PathBuf>,
}

impl Case {
    pub(crate) fn new(name: &str, program: &Path, arguments: &[&str], env: &BTreeMap<String, OsString>) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            arguments: arguments.iter().map(OsString::from).collect(),
            env: env.clone(),
            forget: None,
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear().envs(&self.env);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Runs it once, and says what went wrong.
    fn try_once(&self) -> Result<(), String> {
        let output = self.command().stdout(Stdio::piped()).stderr(Stdio::piped()).output();
        let output = output.map_err(|error| format!("{}: {error}", self.name))?;
        if output.status.success() {
            return Ok(());
        }
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Err(format!("{}: {}\n{}{}", self.name, output.status, text(&output.stdout), text(&output.stderr)))
    }

    fn time(&self) -> Result<Duration, String> {
        if let Some(directory) = &self.forget {
            // On the first run there is none.
            let _ = fs::remove_dir_all(directory);
        }
        let mut command = self.command();
        let start = Instant::now();
        let status = command.status().map_err(|error| format!("{}: {error}", self.name))?;
        let took = start.elapsed();
        if status.success() { Ok(took) } else { Err(format!("{}: {status}", self.name)) }
    }

    /// The same command, started by another program with its own arguments before.
    fn under(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).arg(&self.program).args(&self.arguments).env_clear().envs(&self.env);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

/// What the runs of one command took.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) min: Duration,
    pub(crate) median: Duration,
}

/// The commands of a comparison, in turns: whatever else the machine does, it does to all of them.
pub(crate) fn compare(cases: &[Case], rounds: usize) -> Result<Vec<Times>, String> {
    for case in cases {
        case.try_once()?;
    }
    let mut took = vec![Vec::with_capacity(rounds); cases.len()];
    for round in 0..rounds {
        // None of them always follows the same other.
        for turn in 0..cases.len() {
            let at = (turn + round) % cases.len();
            took[at].push(cases[at].time()?);
        }
    }
    Ok(took.into_iter().map(times).collect())
}

fn times(mut took: Vec<Duration>) -> Times {
    took.sort_unstable();
    Times { min: took[0], median: took[took.len() / 2] }
}

/// The most memory that a command had, in KiB, its client included; none without GNU time.
///
/// A process takes its record over `exec`, and one that is started with `vfork` that of its parent, so a
/// small program stands between.
pub(crate) fn peak_memory(case: &Case) -> Option<u32> {
    let output = case.under(Path::new("/usr/bin/time"), &["-f", "%M"]).stderr(Stdio::piped()).output().ok()?;
    String::from_utf8_lossy(&output.stderr).lines().last()?.trim().parse().ok()
}

/// The thousands of instructions that a command takes until it ends (not until it becomes another); none without valgrind.
pub(crate) fn kilo_instructions(case: &Case) -> Option<u32> {
    let arguments = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let output = case.under(Path::new("/usr/bin/valgrind"), &arguments).stderr(Stdio::piped()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let count: u64 = text.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())?;
    u32::try_from(count / 1000).ok()
}
