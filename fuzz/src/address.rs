//! Addresses such as `postgres://USER@HOST:PORT/DATABASE`: whatever a user may have typed into one, a
//! password is refused and no message repeats any of it.

use super::{rendered, steers};
use rdsconnect::config::address::{is_address, parse};
use rdsconnect::config::settings::Settings;
use rdsconnect::error::Error;
use std::fmt::Write as _;

/// Stands for a password; not a text that a message could hold by chance.
const MARK: &str = "hUnTeR2";

/// Runs the body.
///
/// # Panics
/// When a rule does not hold.
pub fn run(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    read(text);
    // A mark in any place: the first byte says where.
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let place = places[usize::from(*data.first().unwrap_or(&0)) % places.len()];
    let marked = format!("{}{MARK}{}", &text[..place], &text[place..]);
    read(&marked);
    if let Err(error) = parse(&marked) {
        let debug = format!("{error:?}");
        let shown = rendered(&Error::from(error));
        assert!(!debug.contains(MARK) && !shown.contains(MARK), "{shown}");
    }
    for address in [
        format!("postgres://jane:{MARK}@{text}"),
        format!("mysql://{text}:{MARK}@db.example/app"),
        format!("postgres://jane:{text}{MARK}@db.example/app"),
    ] {
        let error = parse(&address).expect_err("a password is refused");
        let debug = format!("{error:?}");
        let shown = rendered(&Error::from(error));
        assert!(!debug.contains(MARK) && !shown.contains(MARK), "{shown}");
    }
    encoded(text);
}

fn read(text: &str) {
    if !is_address(text) {
        assert!(!text.contains("://"));
    }
    match parse(text) {
        Err(error) => _ = rendered(&error.into()),
        Ok(settings) => {
            let [user, database, host] = parts(&settings);
            for part in [&user, &database, &host].into_iter().flatten() {
                assert!(!part.is_empty() && !part.chars().any(steers), "{part:?}");
            }
            assert!(host.is_none_or(|host| !host.contains([',', '/', '@', ':'])));
            assert!(settings.client_args.is_none() && settings.ca_bundle.is_none() && settings.tls.is_none());
        }
    }
}

/// Any user and database can be written in an address, and are read back as they were.
fn encoded(text: &str) {
    let (user, database) = text.split_once('\n').unwrap_or((text, "app"));
    let address = format!("postgres://{}@db.example:5433/{}", percent(user), percent(database));
    let plain = |text: &str| rdsconnect::target::plain(text).is_ok();
    if plain(user) && plain(database) {
        let settings = parse(&address).expect("every name can be written");
        let [found_user, found_database, host] = parts(&settings);
        assert_eq!(found_user.as_deref(), Some(user));
        assert_eq!(found_database.as_deref(), Some(database));
        assert_eq!((host.as_deref(), settings.port.map(|at| at.value.number())), (Some("db.example"), Some(5433)));
    } else if !user.is_empty() && !database.is_empty() {
        assert!(parse(&address).is_err(), "{address}");
    }
}

fn parts(settings: &Settings) -> [Option<String>; 3] {
    [
        settings.user.as_ref().map(|at| at.value.to_string()),
        settings.database.as_ref().map(|at| at.value.to_string()),
        settings.host.as_ref().map(|at| at.value.to_string()),
    ]
}

/// Percent-encodes everything but letters and digits.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02x}").expect("a string takes everything");
        }
        out
    })
}
