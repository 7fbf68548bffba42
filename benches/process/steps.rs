//! The times of the deciding steps, as criterion has left them (`benches/steps.rs`).

use crate::page::Table;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads them from criterion's directory; without it the table is empty.
pub(crate) fn steps(target: &Path) -> Table {
    let mut rows: Vec<Vec<String>> = results(&target.join("criterion")).iter().filter_map(|found| row(found)).collect();
    rows.sort();
    Table {
        title: "The steps by themselves",
        note: "Measured by criterion, within one process.".into(),
        columns: vec!["step", "median (µs)"],
        rows,
        goals: Vec::new(),
    }
}

/// Every directory `new`, which has the last measurement.
fn results(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let below = |path: PathBuf| if path.ends_with("new") { vec![path] } else { results(&path) };
    entries.filter(|path| path.is_dir()).flat_map(below).collect()
}

fn row(found: &Path) -> Option<Vec<String>> {
    let read = |name| serde_json::from_slice::<Value>(&fs::read(found.join(name)).ok()?).ok();
    let nanoseconds = read("estimates.json")?["median"]["point_estimate"].as_f64()?;
    let name = read("benchmark.json")?["full_id"].as_str()?.replace('/', ": ");
    Some(vec![name, format!("{:.1}", nanoseconds / 1e3)])
}
