//! The built binary, with a cleared environment and the fake client: standard output, standard
//! error and status are compared exactly, and so is everything the client is given.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its sandbox up has failed")]
#![expect(clippy::disallowed_methods, reason = "the tests start the program that they test")]
#![allow(clippy::print_stderr, reason = "what was not run is said")]

mod aliases;
mod check;
mod completions;
mod config_file;
mod config_verb;
mod documents;
mod env;
mod hand_over;
mod identity;
mod include;
mod init;
mod leaks;
mod list;
mod manual;
mod marks;
mod messages;
mod mysql;
mod picker;
mod pictures;
mod programs;
mod psql;
mod published;
mod samples;
mod sandbox;
#[cfg(target_os = "linux")]
#[path = "../screenshots/mod.rs"]
mod screenshots;
mod show;
mod startup;
mod storage;
mod structure;
mod supply;
mod terminal;
mod texts;
mod token;
mod tools;
#[cfg(target_os = "linux")]
#[path = "../transcripts/mod.rs"]
mod transcripts;
#[cfg(target_os = "linux")]
mod what_is_shown;
