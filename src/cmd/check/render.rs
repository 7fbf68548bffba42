//! Shows what a check found: lines for people, JSON for programs.

use super::{Checked, Outcome};
use crate::env::Env;
use crate::printable::printable;
use std::fmt::Write as _;
use std::io::IsTerminal as _;

/// Whether colours may be used: on a terminal, and never with `NO_COLOR` (no-color.org).
pub(super) fn colours(env: &Env) -> bool {
    std::io::stdout().is_terminal()
        && env.var("NO_COLOR").is_none()
        && env.var("TERM").is_none_or(|term| term != "dumb")
}

/// One block a profile, one line a step, hints below what failed.
pub(super) fn text(checked: &[Checked], colours: bool) -> String {
    let mut out = String::new();
    for profile in checked {
        let _ = writeln!(out, "{}", printable(&profile.profile));
        for step in &profile.steps {
            let (word, colour, detail, hints): (_, _, _, &[String]) = match &step.outcome {
                Outcome::Passed { detail } => ("passed", "32", detail, &[]),
                Outcome::Failed { detail, hints } => ("failed", "31", detail, hints),
                Outcome::Skipped { detail } => ("skipped", "33", detail, &[]),
            };
            let word = format!("{word:<7}");
            let word = if colours { format!("\x1b[{colour}m{word}\x1b[0m") } else { word };
            let _ = writeln!(out, "  {word}  {:<12}  {}", step.step, printable(detail));
            for hint in hints {
                let _ = writeln!(out, "           {:<12}  hint: {}", "", printable(hint));
            }
        }
    }
    out
}

/// A list of profiles, each with its steps; the shape is in `docs/troubleshooting.md`.
pub(super) fn json(checked: &[Checked]) -> String {
    serde_json::to_string_pretty(checked).expect("texts and lists have a JSON form") + "\n"
}
