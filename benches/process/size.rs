//! How large the program is, what it is made of, and how long it takes to build.

use crate::goals::Goal;
use crate::page::Table;
use crate::stage::Stage;
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The build is measured only when that is asked for: it takes minutes.
pub(crate) fn size(stage: &Stage, build: bool) -> Result<Table, String> {
    let bytes = fs::metadata(&stage.program).map_err(|error| error.to_string())?.len();
    let megabytes = f64::from(u32::try_from(bytes / 1_000).map_err(|error| error.to_string())?) / 1e3;
    let mut goals = vec![Goal::at_most("the program, stripped", 9.0, " MB", megabytes)];
    let mut rows = vec![
        vec!["the program, stripped".into(), format!("{megabytes:.2} MB")],
        vec!["crates that it depends on, those for its build included".into(), crates("normal,build")?.to_string()],
        vec!["crates that it depends on".into(), crates("normal")?.to_string()],
        vec!["of these, named in `Cargo.toml`".into(), crates_named()?.to_string()],
    ];
    if build {
        let seconds = clean_build()?;
        rows.push(vec!["a clean release build".into(), format!("{} min {:02} s", seconds / 60, seconds % 60)]);
        goals.push(Goal::at_most("a clean release build", 6.0, " min", f64::from(seconds) / 60.0));
    }
    Ok(Table { title: "Size", note: String::new(), columns: vec!["what", "how much"], rows, goals })
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::null());
    command
}

/// How many crates there are besides ours, by the kinds of edges that lead to them.
fn crates(edges: &str) -> Result<usize, String> {
    Ok(tree(&["--edges", edges])?.len() - 1)
}

fn crates_named() -> Result<usize, String> {
    Ok(tree(&["--edges", "normal", "--depth", "1"])?.len() - 1)
}

fn tree(arguments: &[&str]) -> Result<BTreeSet<String>, String> {
    let output = cargo().args(["tree", "--locked", "--prefix", "none", "--format", "{p}"]).args(arguments).output();
    let output = output.map_err(|error| format!("cargo tree: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", output.status));
    }
    // What was listed before has a mark.
    let name = |line: &str| line.trim_end_matches(" (*)").to_owned();
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(name).collect())
}

/// In seconds.
fn clean_build() -> Result<u32, String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let start = Instant::now();
    let status = cargo().args(["build", "--release", "--locked", "--target-dir"]).arg(directory.path()).status();
    let seconds = u32::try_from(start.elapsed().as_secs()).map_err(|error| error.to_string())?;
    match status {
        Ok(status) if status.success() => Ok(seconds),
        Ok(status) => Err(format!("cargo build: {status}")),
        Err(error) => Err(format!("cargo build: {error}")),
    }
}
