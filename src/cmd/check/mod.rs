//! `rdsconnect check`: goes the way of a launch step by step, and says of each step whether it
//! passed, failed or was skipped, and why.

mod explain;
mod render;
mod steps;

use crate::cli::{Check, Common};
use crate::config::Config;
use crate::env::Env;
use crate::error::Error;
use serde::Serialize;
use std::io::{IsTerminal as _, Write as _};

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Outcome {
    /// It is as it should be.
    Passed {
        /// What was found.
        detail: String,
    },
    /// It is not.
    Failed {
        /// What is wrong.
        detail: String,
        /// What to do, one sentence an entry.
        hints: Vec<String>,
    },
    /// It could not be tried.
    Skipped {
        /// Why.
        detail: String,
    },
}

/// A step and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its name, stable for programs that read the JSON.
    pub step: &'static str,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A profile and its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The profile, or the address as it was given.
    pub profile: String,
    /// Whether no step failed.
    pub passed: bool,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// Checks the profiles named, or all, side by side.
///
/// # Errors
/// [`Error::Checked`] when a step failed, [`Error::Output`] when the result cannot be written.
pub fn run(check: &Check, common: &Common, env: &Env) -> Result<(), Error> {
    let names = if check.profiles.is_empty() {
        Config::load(common.config.as_deref(), env, false)?.names().map(str::to_owned).collect()
    } else {
        check.profiles.clone()
    };
    let progress = std::io::stderr().is_terminal() && names.len() > 1;
    let checked = side_by_side(&names, progress, |name| steps::all(name, common, env));
    let mut out = std::io::stdout();
    let text = if check.json { render::json(&checked) } else { render::text(&checked, render::colours(env)) };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)?;
    match checked.iter().filter(|profile| !profile.passed).count() {
        0 => Ok(()),
        failed => Err(Error::Checked { failed, of: checked.len() }),
    }
}

/// How many profiles are checked at a time.
const AT_A_TIME: usize = 8;

fn side_by_side(names: &[String], progress: bool, check: impl Fn(&str) -> Vec<Step> + Sync) -> Vec<Checked> {
    let mut checked = Vec::with_capacity(names.len());
    for some in names.chunks(AT_A_TIME) {
        if progress {
            let _ = write!(std::io::stderr(), "\rchecked {} of {} ...", checked.len(), names.len());
        }
        std::thread::scope(|scope| {
            let check = &check;
            let start = |name| std::thread::Builder::new().spawn_scoped(scope, move || check(name));
            let running: Vec<_> = some.iter().map(|name| (name, start(name))).collect();
            for (name, thread) in running {
                // Where no further thread is to be had, this one does the work.
                let steps = thread.map_or_else(|_| check(name), |thread| thread.join().unwrap_or_default());
                let passed = !steps.is_empty() && !steps.iter().any(|s| matches!(s.outcome, Outcome::Failed { .. }));
                checked.push(Checked { profile: name.clone(), passed, steps });
            }
        });
    }
    if progress {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    checked
}
