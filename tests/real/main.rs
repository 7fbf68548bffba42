//! The real psql, mariadb and mysql, started by the built binary, against real servers that verify
//! the token.

#![allow(clippy::disallowed_methods, reason = "starting programs is its job; the rule is for src")]
#![allow(clippy::unwrap_used, reason = "a test may panic, and these functions are all of a test")]

#[path = "../aws/moto.rs"]
mod moto;
#[cfg(target_os = "linux")]
#[expect(dead_code, reason = "the tests of `aws` need more of it")]
#[path = "../aws/responder.rs"]
mod responder;
#[cfg(target_os = "linux")]
#[path = "../screenshots/scene.rs"]
mod scene;
#[cfg(target_os = "linux")]
#[path = "../screenshots/mod.rs"]
mod screenshots;
#[path = "../standin/mod.rs"]
mod standin;

mod arguments;
mod bench;
mod check;
mod clients;
mod desk;
mod env;
mod gate;
mod hostile;
mod kerberos;
mod marks;
mod option_files;
#[cfg(target_os = "linux")]
mod pictures;
mod roles;
mod sessions;
mod tools;
#[cfg(target_os = "linux")]
#[path = "../transcripts/mod.rs"]
mod transcripts;
mod variables;
mod versions;
#[cfg(target_os = "linux")]
mod what_is_shown;
