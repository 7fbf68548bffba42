//! Connects to Amazon RDS with a fresh IAM authentication token, by becoming `mysql` or `psql`.
//!
//! A run is a straight line, and every step hands a finished value to the next:
//!
//! ```text
//! arguments -> profile -> Target -> Client -> Credentials -> Secret (token) -> Launch -> exec
//!   (cli)     (config)   (target)  (probe)      (aws)           (aws)        (client)  (exec)
//! ```
//!
//! Deciding is pure and returns values; doing is a handful of lines at the edge. The library is
//! the program's own: its interface follows the program and makes no promise.

pub mod addresses;
pub mod aliases;
pub mod app;
pub mod aws;
pub mod ca;
pub mod cache;
pub mod cli;
pub mod client;
pub mod cmd;
pub mod complete;
pub mod config;
pub mod endpoint;
pub mod env;
pub mod error;
pub mod exec;
pub mod grant;
pub mod handover;
pub mod launch;
pub mod manual;
pub mod permissions;
pub mod printable;
pub mod probe;
pub mod report;
pub mod secret;
pub mod shell;
pub mod signals;
pub mod table;
pub mod target;
pub mod trial;
pub mod usage;
