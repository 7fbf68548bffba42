//! `Env`: one snapshot of the process environment, and the only reader of `std::env`.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// The environment as it was at start. An empty variable counts as absent.
#[derive(Debug, Clone, Default)]
pub struct Env {
    vars: BTreeMap<OsString, OsString>,
    directory: Option<PathBuf>,
}

impl Env {
    /// Takes the snapshot.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the process environment")]
    pub fn from_process() -> Self {
        Self { vars: std::env::vars_os().collect(), directory: std::env::current_dir().ok() }
    }

    /// An environment of the given variables alone, in the directory `/work`.
    #[must_use]
    pub fn from_pairs(vars: &[(&str, &str)]) -> Self {
        Self {
            vars: vars.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            directory: Some("/work".into()),
        }
    }

    /// A variable's value, unless it is absent or empty.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// The working directory, when it still exists.
    #[must_use]
    pub fn directory(&self) -> Option<&PathBuf> {
        self.directory.as_ref()
    }

    /// The home directory: `HOME`, when it is absolute.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        self.absolute("HOME")
    }

    /// Where a user's configuration lives: `XDG_CONFIG_HOME`, else `~/.config`; on macOS too, where
    /// command-line programs are looked for there.
    #[must_use]
    pub fn config_directory(&self) -> Option<PathBuf> {
        self.absolute("XDG_CONFIG_HOME").or_else(|| self.home().map(|home| home.join(".config")))
    }

    /// Where our own caches live: `rdsconnect` below `XDG_CACHE_HOME`, else below the platform's
    /// own place in the home directory.
    #[must_use]
    pub fn cache_directory(&self) -> Option<PathBuf> {
        let below_home = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        let caches = self.absolute("XDG_CACHE_HOME").or_else(|| self.home().map(|home| home.join(below_home)));
        caches.map(|caches| caches.join(env!("CARGO_PKG_NAME")))
    }

    fn absolute(&self, name: &str) -> Option<PathBuf> {
        self.var(name).map(PathBuf::from).filter(|path| path.is_absolute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_absent() {
        let env = Env::from_pairs(&[("HOME", ""), ("XDG_CACHE_HOME", "/c")]);
        assert_eq!(env.var("HOME"), None);
        assert_eq!(env.home(), None);
        assert_eq!(env.cache_directory(), Some("/c/rdsconnect".into()));
    }
}
