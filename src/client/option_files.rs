//! Carries over what is harmless in the mysql client's option files.
//!
//! The files themselves never take part in a launch (`--no-defaults`). What they set is learnt from
//! the client's own `--print-defaults`, which joins the settings by single spaces and quotes nothing:
//! ` --` may begin a setting or stand inside a value. Where the settings end is taken from the lines
//! of the files, if they allow one reading only; without them, a setting is carried over only where
//! nothing else is possible, and the rest is dropped. All of it may hold a password in clear, so
//! nothing here keeps, shows or logs a value that is not carried over.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::gate::{self, Grammar};

mod lines;
mod output;
mod settings;
#[cfg(test)]
mod tests;

pub use lines::{Lines, Search, places};
use output::{Given, given};
use settings::{Setting, Takes};

/// What is said of settings whose ends are in doubt.
const UNCLEAR: &str = "settings that can be read in two ways";

/// Whose option files they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Oracle's client: masks passwords in its output.
    Oracle,
    /// MariaDB's client: does not.
    MariaDb,
}

/// What to make of the user's option files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Arguments to put behind `--no-defaults` and ahead of ours. The gate lets each of them pass.
    pub args: Vec<OsString>,
    /// What was dropped and would have mattered, by kind ("a password"), sorted, each once.
    pub dropped: Vec<&'static str>,
}

/// Decides what to carry over: from the client's `--print-defaults`, and the lines of its option
/// files to read it by.
///
/// Output that is not the client's list (it failed, say) carries nothing over.
#[must_use]
pub fn carry_over(print_defaults: &[u8], lines: Option<&Lines>, family: Family) -> Carried {
    let Some(list) = output::list(print_defaults) else { return Carried::default() };
    let mut reader = Reader { family, kept: Vec::new(), dropped: BTreeSet::new() };
    match lines.and_then(|lines| lines.cut(list, family)) {
        Some(settings) => reader.read_sure(&settings),
        None => reader.read_unsure(&output::segments(list)),
    }
    let passes = |arg: &OsString| gate::check(Grammar::MySql, std::slice::from_ref(arg)).is_ok();
    let args: Vec<OsString> = reader.kept.into_iter().map(|(_, arg)| OsString::from_vec(arg)).filter(passes).collect();
    // Each is complete in itself, so what passes alone passes in company; were it not so, nothing goes.
    let args = if gate::check(Grammar::MySql, &args).is_ok() { args } else { Vec::new() };
    Carried { args, dropped: reader.dropped.into_iter().collect() }
}

struct Reader {
    family: Family,
    kept: Vec<(&'static str, Vec<u8>)>,
    dropped: BTreeSet<&'static str>,
}

impl Reader {
    /// Reads settings of which each is known to be one.
    fn read_sure(&mut self, settings: &[&[u8]]) {
        for setting in settings {
            match given(setting) {
                Some(option) => self.take(&option, option.value),
                None => self.note(setting),
            }
        }
    }

    /// Reads the list cut at every ` --`, of which some may stand inside a value. From the first
    /// setting whose end is not certain, all the rest could be its value.
    fn read_unsure(&mut self, segments: &[&[u8]]) {
        let mut at = 0;
        while at < segments.len() {
            let Some(option) = given(segments[at]) else { break };
            let Some(end) = self.only_end(segments, at, &option) else {
                self.note(segments[at]);
                break;
            };
            let value = segments[at..=end].join(b" --" as &[u8]).split_off(option.value_at);
            self.take(&option, option.value.map(|_| value.as_slice()));
            at = end + 1;
        }
        for segment in &segments[at..] {
            self.dropped.insert(UNCLEAR);
            // It may be the later setting, the one that counts.
            if let Some(setting) = given(segment).and_then(|option| settings::find(&option.name, self.family)) {
                self.kept.retain(|(name, _)| *name != setting.name);
            }
        }
    }

    /// The last segment of the setting that begins at `at`, when only one reading is possible.
    fn only_end(&self, segments: &[&[u8]], at: usize, option: &Given) -> Option<usize> {
        // A segment that is empty, or begins with a space, begins no setting: names are trimmed.
        let continues = |s: &&&[u8]| s.first().is_none_or(|c| *c == b' ');
        let end = at + segments[at + 1..].iter().take_while(continues).count();
        let ends_here = match option.value {
            None => true,
            // Oracle's client prints this for any password.
            Some(value) if lines::masked(&option.name, self.family) => value == lines::MASK,
            Some(value) => match settings::find(&option.name, self.family) {
                Some(setting) => setting.takes != Takes::Text && setting.accepts(option.negated, Some(value)),
                None => settings::plain_anyway(&option.name, value),
            },
        };
        if ends_here {
            return (end == at).then_some(at);
        }
        (end + 1 == segments.len()).then_some(end)
    }

    /// Carries a setting over, or drops it.
    fn take(&mut self, option: &Given, value: Option<&[u8]>) {
        let Some(setting) = settings::find(&option.name, self.family) else {
            return self.note(option.spelled.as_bytes());
        };
        if setting.accepts(option.negated, value) {
            self.kept.push((setting.name, argument(setting, option, value)));
        } else {
            // No client takes it so; an earlier one would not count either.
            self.kept.retain(|(name, _)| *name != setting.name);
        }
    }

    /// Notes what kind of thing is dropped, if it would have mattered to the connection.
    fn note(&mut self, setting: &[u8]) {
        let name = setting.split(|c| *c == b'=').next().unwrap_or_default();
        let spelled = OsString::from_vec([b"--", name, b"="].concat());
        if let Err(refusal) = gate::check(Grammar::MySql, &[spelled]) {
            self.dropped.insert(refusal.why.kind());
        }
    }
}

fn argument(setting: &Setting, option: &Given, value: Option<&[u8]>) -> Vec<u8> {
    let mut arg = b"--".to_vec();
    // An unknown option would end the launch; the user may have counted on that it does not.
    if option.loose {
        arg.extend_from_slice(b"loose-");
    }
    if option.negated {
        arg.extend_from_slice(b"skip-");
    }
    arg.extend_from_slice(setting.name.as_bytes());
    if let Some(value) = value {
        arg.push(b'=');
        arg.extend_from_slice(value);
    }
    arg
}
