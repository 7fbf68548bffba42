//! What clients said of themselves, kept in the user's cache directory, so that a launch need not ask
//! again: the version in the client's own words, and where it looks for option files.
//!
//! A wrong version weakens nothing where the name is verified: a client that is given the options of
//! another family refuses them. With `verify-ca` the version decides what is safe, so there it is
//! not taken from here. With a wrong place a harmless setting is missed.

use crate::cache::Cache;
use crate::client::option_files::Search;
use crate::printable::printable;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// The name of the files, before the hash of the program's path.
const NAME: &str = "client";

/// A line of text, and what is around it.
const LIMIT: u64 = 8192;

/// A program, as it was when it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Program {
    path: String,
    /// In bytes.
    size: u64,
    /// Seconds since 1970, and nanoseconds.
    modified: (i64, i64),
}

/// What a program said of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    /// Its answer to `--version`.
    pub(super) version: String,
    /// Where it looks for settings, when that could be read.
    pub(super) search: Option<Search>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    program: Program,
    #[serde(flatten)]
    said: Said,
}

impl Program {
    /// None for what says nothing of itself: a script stays the same when the client that it starts
    /// becomes another.
    pub(super) fn see(path: &Path) -> Option<Self> {
        let facts = fs::metadata(path).ok()?;
        let mut start = [0; 2];
        File::open(path).ok()?.read_exact(&mut start).ok()?;
        (start != *b"#!").then_some(())?;
        let modified = (facts.mtime(), facts.mtime_nsec());
        Some(Self { path: path.to_str()?.to_owned(), size: facts.size(), modified })
    }

    /// What it said when it was the same.
    pub(super) fn recall(&self, cache: &Cache) -> Option<Said> {
        let entry = cache.read(NAME, self.path.as_bytes(), LIMIT)?;
        let entry: Entry = serde_json::from_slice(&entry).ok()?;
        (entry.program == *self).then_some(entry.said)
    }

    /// Keeps what it said. That it cannot be kept is no reason not to connect.
    pub(super) fn remember(self, said: Said, cache: &Cache) {
        let key = Path::new(&self.path).as_os_str().as_bytes().to_owned();
        let entry = Entry { program: self, said };
        let text = serde_json::to_vec(&entry).expect("texts and numbers are always JSON");
        if let Err(error) = cache.write(NAME, &key, &text) {
            tracing::info!(error = %printable(&error.to_string()), "could not keep what the client said");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{FileTimes, OpenOptions, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::{Duration, SystemTime};

    /// Rewrites the program and gives it the time of one second after 1970 and so on.
    fn write(path: &Path, bytes: &[u8], second: u64) {
        fs::write(path, bytes).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        OpenOptions::new().write(true).open(path).unwrap().set_times(FileTimes::new().set_modified(time)).unwrap();
    }

    fn said(version: &str) -> Said {
        let search = Search { places: vec!["/etc/my.cnf".into()], groups: vec!["mysql".into()] };
        Said { version: version.into(), search: Some(search) }
    }

    #[test]
    fn only_the_same_program_is_recalled() {
        let base = tempfile::tempdir().unwrap();
        let cache = Cache::open(&base.path().join("cache")).unwrap();
        let path = base.path().join("mysql");
        write(&path, b"\x7fELF1", 7);
        let seen = || Program::see(&path).unwrap();
        assert_eq!(seen().recall(&cache), None);
        seen().remember(said("mysql Ver 9"), &cache);
        assert_eq!(seen().recall(&cache), Some(said("mysql Ver 9")));

        write(&path, b"\x7fELF1", 8);
        assert_eq!(seen().recall(&cache), None, "another time");
        write(&path, b"\x7fELF12", 7);
        assert_eq!(seen().recall(&cache), None, "another size");
        seen().remember(said("mysql Ver 10"), &cache);
        assert_eq!(seen().recall(&cache), Some(said("mysql Ver 10")));
        // Even under the name of the same file.
        let other = Program { path: "/usr/bin/other".into(), ..seen() };
        assert_eq!(other.recall(&cache), None);
    }

    #[test]
    fn a_script_is_asked_every_time() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("mysql");
        write(&path, b"#!/bin/sh\n", 7);
        assert_eq!(Program::see(&path), None);
        write(&path, b"", 7);
        assert_eq!(Program::see(&path), None);
    }

    #[test]
    fn what_others_could_have_written_or_is_damaged_is_not_recalled() {
        let base = tempfile::tempdir().unwrap();
        let directory = base.path().join("cache");
        let cache = Cache::open(&directory).unwrap();
        let path = base.path().join("mysql");
        write(&path, b"\x7fELF1", 7);
        let program = Program::see(&path).unwrap();
        program.clone().remember(said("mysql Ver 9"), &cache);
        let kept = fs::read_dir(&directory).unwrap().next().unwrap().unwrap().path();
        fs::set_permissions(&kept, Permissions::from_mode(0o644)).unwrap();
        assert_eq!(program.recall(&cache), None);
        fs::set_permissions(&kept, Permissions::from_mode(0o600)).unwrap();
        assert!(program.recall(&cache).is_some());
        fs::write(&kept, "{").unwrap();
        assert_eq!(program.recall(&cache), None);
    }
}
