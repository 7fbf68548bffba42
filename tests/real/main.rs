//! The real psql, mariadb and mysql, started by the built binary, against real servers that verify
//! the token.

#[path = "../standin/mod.rs"]
mod standin;
