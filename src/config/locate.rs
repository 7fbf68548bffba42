//! Which file holds the profiles. Pure: it looks at names and variables, never at the disk.

use crate::env::Env;
use crate::error::config::ConfigError;
use std::path::{Path, PathBuf};

/// Where the profile file is, and what named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file; absolute, or relative to the working directory when the user wrote it so.
    pub path: PathBuf,
    /// The flag or variable that named it; none for the usual place.
    pub named_by: Option<&'static str>,
}

/// The file named by `--config`, else by `RDSCONNECT_CONFIG`, else
/// `$XDG_CONFIG_HOME/rdsconnect/config.toml`, else `~/.config/rdsconnect/config.toml`.
///
/// # Errors
/// [`ConfigError::NoPlace`] when nothing names a file and there is no home directory.
pub fn locate(flag: Option<&Path>, env: &Env) -> Result<Location, ConfigError> {
    if let Some(path) = flag {
        return Ok(Location { path: path.to_owned(), named_by: Some("--config") });
    }
    if let Some(path) = env.var("RDSCONNECT_CONFIG") {
        return Ok(Location { path: path.into(), named_by: Some("RDSCONNECT_CONFIG") });
    }
    let directory = env.config_directory().ok_or(ConfigError::NoPlace)?;
    Ok(Location { path: directory.join("rdsconnect").join("config.toml"), named_by: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located(flag: Option<&str>, vars: &[(&str, &str)]) -> Option<(PathBuf, Option<&'static str>)> {
        locate(flag.map(Path::new), &Env::from_pairs(vars)).ok().map(|l| (l.path, l.named_by))
    }

    #[test]
    fn flag_then_variable_then_xdg_then_home() {
        let all = [("RDSCONNECT_CONFIG", "/v.toml"), ("XDG_CONFIG_HOME", "/xdg"), ("HOME", "/home/jane")];
        assert_eq!(located(Some("f.toml"), &all), Some(("f.toml".into(), Some("--config"))));
        assert_eq!(located(None, &all), Some(("/v.toml".into(), Some("RDSCONNECT_CONFIG"))));
        assert_eq!(located(None, &all[1..]), Some(("/xdg/rdsconnect/config.toml".into(), None)));
        assert_eq!(located(None, &all[2..]), Some(("/home/jane/.config/rdsconnect/config.toml".into(), None)));
        assert_eq!(located(None, &[]), None);
    }

    #[test]
    fn an_empty_variable_counts_as_absent_and_a_relative_xdg_directory_is_ignored() {
        let vars = [("RDSCONNECT_CONFIG", ""), ("XDG_CONFIG_HOME", "relative"), ("HOME", "/home/jane")];
        assert_eq!(located(None, &vars), Some(("/home/jane/.config/rdsconnect/config.toml".into(), None)));
    }
}
