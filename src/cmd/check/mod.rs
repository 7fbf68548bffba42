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
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};

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
    let progress = Progress { shown: std::io::stderr().is_terminal() && names.len() > 1, of: names.len() };
    progress.tell(0);
    let checked = side_by_side(&names, |name| steps::all(name, common, env), |done| progress.tell(done));
    progress.clear();
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

/// Checks the profiles, several at a time, and tells after each how many are done.
fn side_by_side(
    names: &[String],
    check: impl Fn(&str) -> Vec<Step> + Sync,
    mut tell: impl FnMut(usize),
) -> Vec<Checked> {
    let (next, (done, results)) = (AtomicUsize::new(0), mpsc::channel());
    let work = |done: Sender<(usize, Vec<Step>)>| {
        while let Some((at, name)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, names.get(at)?)))
        {
            // Whoever listens does so until all is done.
            let _ = done.send((at, check(name)));
        }
    };
    let mut checked: Vec<Vec<Step>> = vec![Vec::new(); names.len()];
    std::thread::scope(|scope| {
        let start = |_| {
            let (work, done) = (&work, done.clone());
            std::thread::Builder::new().spawn_scoped(scope, move || work(done)).is_ok()
        };
        // Where no further thread is to be had, this one does the work.
        if (0..names.len().min(AT_A_TIME)).filter(|number| start(*number)).count() == 0 {
            work(done.clone());
        }
        drop(done);
        for (count, (at, steps)) in results.iter().enumerate() {
            checked[at] = steps;
            tell(count + 1);
        }
    });
    let judge = |(name, steps): (&String, Vec<Step>)| {
        let passed = !steps.is_empty() && !steps.iter().any(|s| matches!(s.outcome, Outcome::Failed { .. }));
        Checked { profile: name.clone(), passed, steps }
    };
    names.iter().zip(checked).map(judge).collect()
}

/// A line on standard error that says how far the check has come, on a terminal alone.
struct Progress {
    shown: bool,
    of: usize,
}

impl Progress {
    fn tell(&self, done: usize) {
        self.write(&format!("\rchecked {done} of {} ...", self.of));
    }

    fn clear(&self) {
        self.write("\r\x1b[K");
    }

    /// That it cannot be shown is no reason to fail.
    fn write(&self, text: &str) {
        if self.shown {
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_names_and_each_is_told() {
        let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let step = |name: &str| match name {
            "7" => Outcome::Failed { detail: name.to_owned(), hints: Vec::new() },
            _ => Outcome::Passed { detail: name.to_owned() },
        };
        let mut told = Vec::new();
        let check = |name: &str| vec![Step { step: "one", outcome: step(name) }];
        let checked = side_by_side(&names, check, |done| told.push(done));
        assert_eq!(told, (1..=20).collect::<Vec<_>>());
        for (name, one) in names.iter().zip(&checked) {
            assert_eq!((&one.profile, one.passed), (name, name != "7"));
            assert_eq!(one.steps, [Step { step: "one", outcome: step(name) }]);
        }
        assert_eq!(side_by_side(&[], check, |_| panic!("nothing to tell")), []);
    }
}
