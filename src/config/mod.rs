//! The profile file: found, read, checked, and turned into a [`Target`]. Precedence is flags, then
//! address, then profile, then `[defaults]`.

pub mod address;
pub mod check;
pub mod create;
pub mod explain;
pub mod file;
mod include;
pub mod locate;
pub mod problems;
pub mod resolve;
pub mod schema;
pub mod settings;

use crate::client::gate;
use crate::client::tool::Tool;
use crate::env::Env;
use crate::error::Error;
use crate::error::config::ConfigError;
use crate::error::nearest;
use crate::error::place::Place;
use crate::permissions::{self, Rule};
use crate::target::{AwsProfile, Region, Target};
use file::Standing;
use locate::Location;
use problems::Problems;
use settings::{Origin, Settings};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// A profile file larger than this is a mistake; 10,000 profiles take about 2 MiB.
const LIMIT_MIB: u64 = 64;

/// How many names an unknown profile's hint lists.
const LISTED: usize = 10;

/// The profiles, and where they were read.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    directory: PathBuf,
    working: PathBuf,
    home: Option<PathBuf>,
    defaults: Settings,
    profiles: BTreeMap<String, Settings>,
    /// The included files, by their numbers.
    included: Vec<PathBuf>,
    /// Their directories.
    bases: Vec<PathBuf>,
}

impl Config {
    /// Reads and checks the profile file. With `optional`, no file in the usual place is an empty
    /// one.
    ///
    /// # Errors
    /// [`ConfigError`] for what is missing or wrong, a permission error for a file that others
    /// could have written.
    pub fn load(flag: Option<&Path>, env: &Env, optional: bool) -> Result<Self, Error> {
        Self::read(flag, env, optional, &mut Problems::First)
    }

    /// The same, with a say in what becomes of mistakes.
    fn read(flag: Option<&Path>, env: &Env, optional: bool, problems: &mut Problems) -> Result<Self, Error> {
        let location = match locate::locate(flag, env) {
            Err(ConfigError::NoPlace) if optional => Location { path: PathBuf::new(), named_by: None },
            other => other?,
        };
        let text = match bytes(&location.path) {
            Ok((bytes, _)) => file::decode(bytes, &location.path)?,
            Err(Error::Config(ConfigError::Missing { path, .. })) => {
                if location.named_by.is_some() || !optional {
                    return Err(ConfigError::Missing { path, named_by: location.named_by }.into());
                }
                String::new()
            }
            Err(error) => return Err(error),
        };
        let mut file = file::read(&text, &location.path, &Standing::Main, problems)?;
        let working = env.directory().cloned().unwrap_or_default();
        let directory = working.join(location.path.parent().unwrap_or(Path::new("")));
        let included = include::gather(&mut file, &location.path, &directory, env.home().as_deref(), problems)?;
        let config = Self {
            bases: included.iter().map(|path| path.parent().unwrap_or(Path::new("")).to_owned()).collect(),
            included,
            directory,
            path: location.path,
            working,
            home: env.home(),
            defaults: file.defaults,
            profiles: file.profiles,
        };
        for (name, profile) in &config.profiles {
            problems.note(config.check_client_args(name, profile))?;
        }
        Ok(config)
    }

    /// The connection that a profile or an address stands for.
    ///
    /// # Errors
    /// [`ConfigError::UnknownProfile`], and whatever keeps the settings from being a connection.
    pub fn target(
        &self,
        name: &str,
        flags: Settings,
        aws_region: impl FnOnce(Option<&AwsProfile>) -> Result<Option<Region>, Error>,
    ) -> Result<Target, Error> {
        let (name, settings) = self.settle(name, flags)?;
        self.decide(&name, settings, aws_region)
    }

    /// What a profile or an address says, with the flags above it and `[defaults]` below, and the
    /// name that it goes by.
    ///
    /// # Errors
    /// [`ConfigError::UnknownProfile`], and what is wrong with an address.
    pub fn settle(&self, name: &str, flags: Settings) -> Result<(String, Settings), Error> {
        let settings = if address::is_address(name) { address::parse(name)? } else { self.profile(name)?.clone() };
        let mut settings = settings.or(&self.defaults);
        // They are for the client that the profile has in mind.
        if flags.client.is_some() && tool(&flags.clone().or(&settings)) != tool(&settings) {
            settings.client_args = None;
        }
        let settings = flags.or(&settings);
        // For messages, an address goes by its host: it may hold more than should be repeated.
        let name = match &settings.host {
            Some(host) if address::is_address(name) => host.value.to_string(),
            _ => name.to_owned(),
        };
        Ok((name, settings))
    }

    /// The connection that settled settings make.
    ///
    /// # Errors
    /// Whatever keeps the settings from being a connection.
    pub fn decide(
        &self,
        name: &str,
        settings: Settings,
        aws_region: impl FnOnce(Option<&AwsProfile>) -> Result<Option<Region>, Error>,
    ) -> Result<Target, Error> {
        self.check_client_args(name, &settings)?;
        let bases = resolve::Bases {
            file: &self.directory,
            included: &self.bases,
            working: &self.working,
            home: self.home.as_deref(),
        };
        resolve::resolve(name, settings, &bases, aws_region)
    }

    /// The profile file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The included files, in the order in which they were read.
    #[must_use]
    pub fn included(&self) -> &[PathBuf] {
        &self.included
    }

    /// An included file by its number.
    #[must_use]
    pub fn included_file(&self, number: u16) -> &Path {
        self.included.get(usize::from(number)).unwrap_or(&self.path)
    }

    /// Every profile, with what `[defaults]` adds to it, in the order of the names.
    pub fn profiles(&self) -> impl Iterator<Item = (&str, Settings)> {
        self.profiles.iter().map(|(name, profile)| (name.as_str(), profile.clone().or(&self.defaults)))
    }

    /// The names of the profiles, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// Where the profiles were read, and how many they are.
    #[must_use]
    pub fn describe(&self) -> String {
        match self.profiles.len() {
            1 => format!("{}, 1 profile", self.path.display()),
            count => format!("{}, {count} profiles", self.path.display()),
        }
    }

    fn profile(&self, name: &str) -> Result<&Settings, ConfigError> {
        self.profiles.get(name).ok_or_else(|| ConfigError::UnknownProfile {
            name: name.to_owned(),
            path: self.path.clone(),
            near: nearest(name, self.profiles.keys().map(String::as_str)).map(str::to_owned),
            known: self.profiles.keys().take(LISTED).cloned().collect(),
            more: self.profiles.len().saturating_sub(LISTED),
        })
    }

    /// `client_args` pass the same gate as arguments after `--`, as soon as the file is read.
    fn check_client_args(&self, name: &str, settings: &Settings) -> Result<(), ConfigError> {
        let Some(arguments) = settings.client_args.as_ref().or(self.defaults.client_args.as_ref()) else {
            return Ok(());
        };
        // Of a client that is not known nothing is known; it is refused when it is asked for.
        let Some(tool) = tool(&settings.clone().or(&self.defaults)) else { return Ok(()) };
        let words: Vec<OsString> = arguments.value.0.iter().map(OsString::from).collect();
        let profile = || format!("[profiles.{name}]");
        let (path, table, line) = match arguments.origin {
            Origin::Profile(line) => (self.path(), profile(), line),
            Origin::Included(number, line) => (self.included_file(number), profile(), line),
            Origin::Defaults(line) => (self.path(), "[defaults]".to_owned(), line),
            Origin::Flag | Origin::Address => (self.path(), String::new(), 0),
        };
        gate::check(tool, &words).map_err(|refusal| ConfigError::ClientArgs {
            place: Place { path: path.to_owned(), line },
            table,
            refusal,
        })
    }
}

/// The tool that settings ask for, as far as they tell.
fn tool(settings: &Settings) -> Option<Tool> {
    let engine = settings.engine.as_ref()?.value;
    match &settings.client {
        None => Some(Tool::shell(engine)),
        Some(client) => Tool::client(engine, &client.value.0),
    }
}

/// What is in a profile file, and the file's own path, links followed.
fn bytes(path: &Path) -> Result<(Vec<u8>, PathBuf), Error> {
    let unreadable = |source: io::Error| ConfigError::Unreadable { path: path.to_owned(), source };
    let opened = match permissions::open(path) {
        Ok(opened) if opened.metadata.is_file() => opened,
        Ok(_) => return Err(ConfigError::NotAFile { path: path.to_owned() }.into()),
        Err(e) if e.kind() == Some(io::ErrorKind::NotFound) => {
            return Err(ConfigError::Missing { path: path.to_owned(), named_by: None }.into());
        }
        Err(e) => return Err(e.into()),
    };
    opened.check(Rule::Owned)?;
    // As much as it has now, so that a large file is not copied while it is read.
    let mut bytes =
        Vec::with_capacity(usize::try_from(opened.metadata.len().min(LIMIT_MIB << 20) + 1).unwrap_or_default());
    opened.file.take((LIMIT_MIB << 20) + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LIMIT_MIB << 20 {
        return Err(ConfigError::TooLarge { path: path.to_owned(), limit: LIMIT_MIB }.into());
    }
    Ok((bytes, opened.path))
}
