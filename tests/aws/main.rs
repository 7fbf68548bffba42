//! Where credentials come from: the built binary against responders that count what they are asked,
//! against moto, and side by side with the real AWS CLI.

#![allow(clippy::disallowed_methods, reason = "starting programs is its job; the rule is for src")]
#![allow(clippy::unwrap_used, reason = "a test may panic, and these functions are all of a test")]

mod cache;
mod command_line;
mod messages;
mod mfa;
mod moto;
mod network;
mod responder;
mod roles;
#[allow(dead_code, reason = "its other user, the tests of the command line, needs more of it")]
#[path = "../cli/sandbox.rs"]
mod sandbox;
mod sources;
mod sso;
mod stage;
mod terminal;
