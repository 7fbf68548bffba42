//! Programs of the system that tests run: shells, terminals, what reads manual pages.
//!
//! On Debian 12, where `make setup` brings them, a missing one fails the run; elsewhere it is
//! reported as not run.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

/// Where a program is; `None`, after saying so, where it cannot be expected.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|directory| directory.join(name)).find(|program| program.is_file());
    if found.is_none() {
        assert!(!is_debian_12(), "no `{name}`: `make setup` brings it");
        not_run(&format!("no `{name}`"));
    }
    found
}

/// Says what could not be tested.
pub(crate) fn not_run(what: &str) {
    // Not by `eprintln!`, which the test harness keeps to itself while tests pass.
    let _ = writeln!(std::io::stderr(), "not run: {what}");
}

/// Whether everything has to be there.
pub(crate) fn is_debian_12() -> bool {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let has = |line: &str| text.lines().any(|found| found.replace('"', "") == line);
    has("ID=debian") && has("VERSION_ID=12")
}
