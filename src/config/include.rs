//! Brings in the files that `include` names. Each is judged like the main file, and may decide no
//! more than the main file grants it.
//!
//! Where several files describe a profile, each key is taken from the first that has it: the main
//! file, then the others in the order in which they are named, each before those that it includes.

use super::file::{self, File, Include, Standing};
use super::problems::Problems;
use super::settings::Settings;
use crate::error::Error;
use crate::error::config::ConfigError;
use crate::error::include::IncludeError;
use crate::error::place::Place;
use crate::error::target::TargetError;
use glob::{MatchOptions, Pattern};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How many files may lie between a profile and the main file.
const DEPTH: usize = 8;
/// How many files there may be.
const NUMBER: usize = 1000;

/// What a pattern matches: as in a shell, neither `/` nor the dot of a hidden file.
const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Adds the profiles of all included files to those of the main file, and returns the files in the
/// order of their numbers.
///
/// # Errors
/// A mistake that is not kept.
pub(super) fn gather(
    main: &mut File,
    path: &Path,
    directory: &Path,
    home: Option<&Path>,
    problems: &mut Problems,
) -> Result<Vec<PathBuf>, Error> {
    let includes = std::mem::take(&mut main.include);
    if includes.is_empty() {
        return Ok(Vec::new());
    }
    let mut gathering = Gathering {
        main: path,
        home,
        grants: BTreeMap::new(),
        profiles: &mut main.profiles,
        files: Vec::new(),
        read: Vec::new(),
        problems,
    };
    gathering.grant(&includes, directory);
    let own = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    gathering.visit(&includes, directory, &mut vec![own])?;
    Ok(gathering.files)
}

/// What the main file grants a file.
#[derive(Default)]
struct Grant {
    /// By which name it includes it.
    named: String,
    keys: Vec<&'static str>,
}

struct Gathering<'a> {
    main: &'a Path,
    home: Option<&'a Path>,
    /// By the files' own paths, links followed.
    grants: BTreeMap<PathBuf, Grant>,
    profiles: &'a mut BTreeMap<String, Settings>,
    /// The files as they are named in messages.
    files: Vec<PathBuf>,
    /// The same by their own paths.
    read: Vec<PathBuf>,
    problems: &'a mut Problems,
}

impl Gathering<'_> {
    /// Notes what the main file grants, by path and not by the way on which a file is reached.
    fn grant(&mut self, includes: &[Include], directory: &Path) {
        for include in includes {
            // What is wrong with an entry is told when it is visited.
            for path in expand(include, directory, self.home).unwrap_or_default() {
                let Ok(own) = fs::canonicalize(&path) else { continue };
                let grant = self.grants.entry(own).or_default();
                grant.named.clone_from(&include.path);
                grant.keys.extend(&include.allow);
            }
        }
    }

    /// Reads what the entries name. `above` are the files on the way here, the main file first.
    fn visit(&mut self, includes: &[Include], directory: &Path, above: &mut Vec<PathBuf>) -> Result<(), Error> {
        for include in includes {
            let paths = expand(include, directory, self.home);
            for path in self.problems.note(paths)? {
                let done = self.file(include, path, above);
                self.problems.note(done)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, include: &Include, path: PathBuf, above: &mut Vec<PathBuf>) -> Result<(), Error> {
        let place = || include.place.clone();
        let (bytes, own) = super::bytes(&path).map_err(|error| match error {
            Error::Config(ConfigError::Missing { path, .. }) => IncludeError::Missing { place: place(), path }.into(),
            other => other,
        })?;
        if above.contains(&own) {
            return Err(IncludeError::Cycle { place: place(), path }.into());
        }
        if above.len() > DEPTH {
            return Err(IncludeError::Depth { place: place(), limit: DEPTH }.into());
        }
        if self.read.contains(&own) {
            return Ok(());
        }
        let number = u16::try_from(self.files.len()).ok().filter(|number| usize::from(*number) < NUMBER);
        let Some(number) = number else {
            return Err(IncludeError::Number { place: place(), limit: NUMBER }.into());
        };
        self.read.push(own.clone());
        self.files.push(path.clone());

        let text = file::decode(bytes, &path)?;
        let grant = self.grants.get(&own);
        let named = grant.map_or_else(|| path.display().to_string(), |grant| grant.named.clone());
        let standing = Standing::Included {
            number,
            named: &named,
            main: self.main,
            granted: grant.map_or(&[], |grant| grant.keys.as_slice()),
        };
        let found = file::read(&text, &path, &standing, self.problems)?;
        for (name, settings) in found.profiles {
            let known = self.profiles.remove(&name).unwrap_or_default();
            self.profiles.insert(name, known.or(&settings));
        }
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        above.push(own);
        let visited = self.visit(&found.include, &directory, above);
        above.pop();
        visited
    }
}

/// The files that an entry names, those of a pattern in the order of their names.
fn expand(include: &Include, directory: &Path, home: Option<&Path>) -> Result<Vec<PathBuf>, Error> {
    let text = include.path.as_str();
    let (base, rest) = match text.strip_prefix("~/") {
        Some(rest) => (home.ok_or(TargetError::NoHome { key: "include" })?, rest),
        None => (directory, text),
    };
    if !rest.contains(['*', '?', '[']) {
        return Ok(vec![base.join(rest)]);
    }
    let pattern = if Path::new(rest).is_absolute() {
        rest.to_owned()
    } else {
        format!("{}/{rest}", Pattern::escape(&base.to_string_lossy()))
    };
    let place = || -> Place { include.place.clone() };
    let found = glob::glob_with(&pattern, MATCHING).map_err(|error| IncludeError::Pattern {
        place: place(),
        pattern: text.to_owned(),
        problem: error.msg,
    })?;
    let readable = |path: glob::GlobResult| {
        path.map_err(|error| IncludeError::Unreadable { place: place(), source: error.into() }.into())
    };
    found.map(readable).collect()
}
