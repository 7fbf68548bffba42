//! The version of a client, for people: nothing is decided by it.

use super::{finish, start};
use crate::client::{Client, Dialect};

/// The number that a client gives as its version, as far as the family does not say it already. Starts
/// the client; none when it says nothing that looks like one.
#[must_use]
pub fn version(client: &Client) -> Option<String> {
    let arguments: &[&str] = match client.dialect {
        Dialect::MariaDb(..) => return None,
        Dialect::MySql => &["--no-defaults", "--version"],
        Dialect::Psql | Dialect::Mycli => &["--version"],
    };
    let said = finish(start(&client.program, arguments).ok()?, &client.program).ok()?;
    number(&String::from_utf8_lossy(&said)).map(str::to_owned)
}

/// The first word that begins with a digit; behind `Ver`, before which Oracle's client has its path.
fn number(said: &str) -> Option<&str> {
    let said = said.split_once(" Ver ").map_or(said, |(_, rest)| rest);
    said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_whatever_stands_around_it() {
        for (said, version) in [
            ("psql (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n", Some("15.20")),
            ("psql (PostgreSQL) 18beta1\n", Some("18beta1")),
            ("/opt/my 5.7/mysql  Ver 9.7.4-2 for Linux on x86_64 ((Debian))\n", Some("9.7.4-2")),
            ("mysql  Ver 8.0.36-28 for Linux on x86_64 (Percona Server (GPL), Release 28)", Some("8.0.36-28")),
            ("a wrapper without one\n", None),
            ("", None),
        ] {
            assert_eq!(number(said), version, "{said}");
        }
    }
}
