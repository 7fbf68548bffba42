//! What the figures were measured on, and with which programs.

use crate::stage::Stage;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A line for each thing that counts.
pub(crate) fn describe(stage: &Stage) -> Vec<(&'static str, String)> {
    let cpu = field("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let system = field("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| std::env::consts::OS.to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut lines = vec![
        ("Processor", format!("{cpu}, {cores} cores")),
        ("System", format!("{system}, kernel {}", kernel.trim())),
        ("Compiler", first_line(Path::new("rustc"), "--version")),
        ("rdsconnect", first_line(&stage.program, "--version")),
        ("psql", first_line(&stage.psql, "--version")),
    ];
    for client in &stage.mysql {
        // Without the path before it, which says nothing.
        let version = first_line(&client.path, "--version");
        let version = version.split_once("  ").map_or(version.as_str(), |(_, rest)| rest).to_owned();
        lines.push((client.name, version));
    }
    if let Some(aws) = &stage.aws {
        lines.push(("AWS CLI", first_line(aws, "--version")));
    }
    lines
}

fn field(file: &str, name: &str, separator: char) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(separator))?;
    Some(value.trim().trim_matches('"').to_owned())
}

fn first_line(program: &Path, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").to_owned()
}
