//! The built binary, with a cleared environment and the fake client: standard output, standard
//! error and status are compared exactly, and so is everything the client is given.

mod config_file;
mod documents;
mod hand_over;
mod identity;
mod leaks;
mod messages;
mod mysql;
mod psql;
mod sandbox;
