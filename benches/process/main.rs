//! `make bench`: times whole processes, the built program beside what it is compared with, and writes the
//! tables of `docs/performance.md`.
//!
//! `processes PROGRAM PAGE`, with the release build of rdsconnect. `ROUNDS` says how often each command runs; with `BUILD` a clean release build is timed, too.

#![allow(clippy::disallowed_methods, reason = "starting programs is its job; the rule is for src")]

mod goals;
mod machine;
mod measure;
mod page;
mod scenarios;
mod size;
mod stage;
#[path = "../../tests/standin/mod.rs"]
mod standin;
mod steps;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(program), Some(page), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return fail("usage: processes PROGRAM PAGE");
    };
    match run(&program, &page) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(text: &str) -> ExitCode {
    // Without stderr there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "bench: {text}");
    ExitCode::FAILURE
}

fn run(program: &Path, page: &Path) -> Result<(), String> {
    let program = std::fs::canonicalize(program).map_err(|error| format!("`{}`: {error}", program.display()))?;
    let rounds = match std::env::var("ROUNDS") {
        Ok(text) => text.parse().map_err(|_| format!("`ROUNDS={text}` is no number"))?,
        Err(_) => 100,
    };
    let stage = stage::Stage::set(&program)?;
    let mut tables = scenarios::all(&stage, rounds)?;
    let target = program.ancestors().nth(2).unwrap_or(Path::new("target"));
    tables.push(steps::steps(target));
    tables.push(size::size(&stage, std::env::var_os("BUILD").is_some())?);
    let text = page::tables(&machine::describe(&stage), &tables);
    write!(std::io::stdout(), "{text}").map_err(|error| error.to_string())?;
    page::replace(page, &text)
}
