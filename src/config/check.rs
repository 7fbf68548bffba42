//! Judges the whole profile file: everything that can be known without a network, and all of it,
//! not only what is wrong first.

use super::Config;
use super::problems::Problems;
use super::resolve::check_connectable;
use crate::ca;
use crate::env::Env;
use crate::error::Error;
use crate::error::place::Place;
use crate::target::{AwsProfile, Region};
use std::path::Path;
use std::time::SystemTime;

fn place(problem: &Error) -> Option<Place> {
    match problem {
        Error::Config(error) => error.place().cloned(),
        _ => None,
    }
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// The file.
    pub config: Config,
    /// Everything that is wrong, in the order of the file; nothing twice.
    pub problems: Vec<Error>,
}

/// Reads the file, makes a connection of every profile and looks at its certificates.
///
/// # Errors
/// What keeps the file from being read at all.
pub fn check(
    flag: Option<&Path>,
    env: &Env,
    aws_region: impl Fn(Option<&AwsProfile>) -> Result<Option<Region>, Error>,
) -> Result<Checked, Error> {
    let mut problems = Problems::All(Vec::new());
    let config = Config::read(flag, env, false, &mut problems)?;
    let Problems::All(mut found) = problems else { return Ok(Checked { config, problems: Vec::new() }) };
    // The parser hands tables out by name.
    found.sort_by_key(place);
    // A profile of which a part could not be read would only be said to lack that part.
    if found.is_empty() {
        for (name, settings) in config.profiles() {
            let judge = || -> Result<(), Error> {
                let target = config.decide(name, settings.clone(), &aws_region)?;
                check_connectable(&target)?;
                ca::load(&ca::choice(&target), SystemTime::now())?;
                Ok(())
            };
            if let Err(source) = judge() {
                found.push(Error::Profile { name: name.to_owned(), source: Box::new(source) });
            }
        }
    }
    let mut seen: Vec<String> = Vec::new();
    found.retain(|problem| {
        let text = format!("{problem}{:?}", problem.hint());
        let is_new = !seen.contains(&text);
        seen.push(text);
        is_new
    });
    Ok(Checked { config, problems: found })
}
