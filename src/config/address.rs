//! Addresses given in place of a profile: `postgres://USER@HOST:PORT/DATABASE`. Pure. A password
//! in one is refused and never repeated.

use super::settings::{At, Origin, Settings};
use crate::error::target::TargetError;
use crate::target::{Engine, Invalid};
use percent_encoding::percent_decode_str;
use std::str::FromStr;

/// Whether a name is meant as an address.
#[must_use]
pub fn is_address(name: &str) -> bool {
    name.contains("://")
}

/// Reads an address.
///
/// # Errors
/// [`TargetError`] for a scheme that is no engine, for anything but user, host, port and database,
/// and for a part that is malformed.
pub fn parse(text: &str) -> Result<Settings, TargetError> {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let engine = Engine::from_str(&scheme.to_ascii_lowercase())
        .map_err(|problem| TargetError::AddressPart { part: "scheme", problem })?;
    // The order matters: a password may hold `?` or `#` that the user forgot to encode, and no
    // message below repeats any text of the address.
    let (before, has_fragment) = cut(rest, '#');
    let (before, has_query) = cut(before, '?');
    let (authority, database) = match before.split_once('/') {
        Some((authority, database)) => (authority, database),
        None => (before, ""),
    };
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority),
    };
    // An `@` behind the first `/` may be the end of a password that holds a `/`: of `jane:1/2@host/app`,
    // all but the host and port `jane:1` would be taken for a database.
    if user.is_some_and(|user| user.contains(':')) || database.contains('@') || before.matches('@').count() > 1 {
        return Err(has("a password", "leave it out: the token is the password; write `@` in a name as `%40`"));
    }
    if has_query {
        return Err(has("a query", "use flags such as `--ca-bundle`, or arguments after `--`"));
    }
    if has_fragment {
        return Err(has("a fragment", "write `#` in a name as `%23`"));
    }
    if place.contains(',') {
        return Err(has("several hosts", "name one; a token is signed for one endpoint"));
    }
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !host.starts_with('[') || host.ends_with(']') => (host, port),
        _ => (place, ""),
    };
    Ok(Settings {
        engine: Some(at(engine)),
        host: part("host", host)?,
        port: part("port", port)?,
        user: part("user", user.unwrap_or_default())?,
        database: part("database", database)?,
        ..Settings::default()
    })
}

fn cut(text: &str, mark: char) -> (&str, bool) {
    text.split_once(mark).map_or((text, false), |(before, _)| (before, true))
}

fn has(what: &'static str, instead: &'static str) -> TargetError {
    TargetError::AddressHas { what, instead }
}

fn at<T>(value: T) -> At<T> {
    At { value, origin: Origin::Address }
}

/// A part, percent-decoded; an absent part is left to the flags and `[defaults]`.
fn part<T: FromStr<Err = Invalid>>(name: &'static str, text: &str) -> Result<Option<At<T>>, TargetError> {
    if text.is_empty() {
        return Ok(None);
    }
    let decoded = percent_decode_str(text).decode_utf8().map_err(|_| TargetError::AddressEncoding { part: name })?;
    decoded.parse().map(at).map(Some).map_err(|problem| TargetError::AddressPart { part: name, problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> [Option<String>; 5] {
        let s = parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        [
            s.engine.map(|v| v.value.name().to_owned()),
            s.user.map(|v| v.value.to_string()),
            s.host.map(|v| v.value.to_string()),
            s.port.map(|v| v.value.to_string()),
            s.database.map(|v| v.value.to_string()),
        ]
    }

    fn some<const N: usize>(texts: [&str; N]) -> [Option<String>; N] {
        texts.map(|t| (!t.is_empty()).then(|| t.to_owned()))
    }

    #[test]
    fn parts_are_percent_decoded_and_may_be_absent() {
        assert_eq!(parts("postgres://jane@h.example:5432/app"), some(["postgres", "jane", "h.example", "5432", "app"]));
        assert_eq!(parts("postgresql://h.example"), some(["postgres", "", "h.example", "", ""]));
        assert_eq!(parts("MySQL://h.example/"), some(["mysql", "", "h.example", "", ""]));
        assert_eq!(
            parts("mysql://a%40b%3Ac@h.example/my%20db%2Fx"),
            some(["mysql", "a@b:c", "h.example", "", "my db/x"])
        );
        assert_eq!(parts("mysql://%E5%90%8D@h.example/a=b"), some(["mysql", "名", "h.example", "", "a=b"]));
    }

    #[test]
    fn what_an_address_may_not_have_is_refused_without_repeating_it() {
        for (text, what) in [
            ("postgres://jane:hunter2@h/app", "a password"),
            ("postgres://jane:@h/app", "a password"),
            ("postgres://jane:hun@ter2@h/app", "a password"),
            ("postgres://jane:hun/ter2@h/app@x", "a password"),
            ("postgres://jane:/hunter2@h/app", "a password"),
            ("postgres://jane:12/34@h/app", "a password"),
            ("postgres://h/app@x", "a password"),
            ("postgres://h/app?sslmode=disable", "a query"),
            ("postgres://h/app#x", "a fragment"),
            ("postgres://a,b/app", "several hosts"),
            ("postgres://a:1,b:2/app", "several hosts"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert_eq!(error, format!("an address must not have {what}"), "{text}");
        }
        for text in [
            "postgres://jane:hunter2/x@h",
            "postgres://h:hunter2",
            "redis://h",
            "postgres://%ff@h",
            "mysql://[::1]:3306/x",
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
