//! Properties that hold for any value, by proptest: beyond what a corpus can list.

use crate::bodies::{address, conninfo, hosts};
use aws_credential_types::Credentials;
use proptest::collection::vec;
use proptest::prelude::*;
use rdsconnect::aws::token::sign;
use rdsconnect::client::psql;
use rdsconnect::config::file::parse;
use rdsconnect::config::settings::{Kind, Settings};
use rdsconnect::launch::quoted;
use rdsconnect::target::DbUser;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

/// Nothing is written beside the sources when a property fails: the message has the value.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Text of all of Unicode, with much of what quoting is about.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ '\"\\\\:=@/%,*$`~#&;|<>(){}!?\\[\\]-]{0,12}",
        "[a-z'\\\\ =]{0,12}",
        "(host|sslmode|postgres://|--|\\$\\(|`)?[a-zé名'\"\\\\ ]{0,8}",
    ]
}

/// The same without NUL, which no C string can hold.
fn c_text() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace('\0', ""))
}

/// A TOML string of any text, everything but letters and digits escaped.
fn toml_string(text: &str) -> String {
    let escaped = text.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else {
            write!(out, "\\U{:08X}", u32::from(c)).unwrap();
        }
        out
    });
    format!("\"{escaped}\"")
}

/// Percent-decoding, by hand.
fn decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    out
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn any_value_survives_a_conninfo(values in vec(c_text(), 1..4)) {
        let keys = ["dbname", "user", "sslrootcert"];
        let given: Vec<(&str, String)> = keys.into_iter().zip(values).collect();
        let found = conninfo::read(&psql::conninfo(&given)).expect("well formed");
        let given: Vec<(String, String)> = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        prop_assert_eq!(found, given);
    }

    #[test]
    fn any_user_and_database_survive_a_launch(user in c_text(), database in c_text(), ca in c_text()) {
        conninfo::run(format!("{user}\0{database}\0db.example\0\0{ca}").as_bytes());
        conninfo::run(format!("{user}\0{database}\0db.example\0[::1]:15432\0{ca}").as_bytes());
    }

    #[test]
    fn any_user_and_database_survive_an_address(user in text(), database in text()) {
        address::run(format!("{user}\n{database}").as_bytes());
    }

    #[test]
    fn any_text_is_a_host_or_is_refused(text in prop_oneof![
        text(),
        "[a-zA-Z0-9._:,@/\\[\\]-]{0,24}",
        "([a-z0-9-]{1,6}\\.){1,4}(us-west-2|us-gov-west-1|global|cn-north-1)\\.rds\\.amazonaws\\.com(\\.cn|\\.)?",
    ]) {
        hosts::run(text.as_bytes());
    }

    #[test]
    fn any_string_for_any_key_is_a_value_or_an_error_that_names_it(
        (key, kind) in proptest::sample::select(Settings::KEYS),
        table in proptest::sample::select(vec!["[defaults]", "[profiles.x]"]),
        text in prop_oneof![text(), "[a-z0-9.:-]{1,20}"],
    ) {
        let value = match kind {
            Kind::List => format!("[\"-q\", {}]", toml_string(&text)),
            Kind::Text | Kind::Choice(_) | Kind::Number | Kind::Flag => toml_string(&text),
        };
        match parse(&format!("# a comment\n{table}\n{key} = {value}\n"), Path::new("/c.toml")) {
            Ok(file) => {
                let settings = file.profiles.get("x").unwrap_or(&file.defaults);
                let as_given = [
                    settings.user.as_ref().map(|at| at.value.as_str()),
                    settings.database.as_ref().map(|at| at.value.as_str()),
                    settings.description.as_ref().map(|at| at.value.0.as_str()),
                    settings.client_args.as_ref().map(|at| at.value.0[1].as_str()),
                ];
                prop_assert!(as_given.into_iter().flatten().all(|found| found == text));
                prop_assert_ne!(settings, &Settings::default());
                prop_assert_ne!(kind, Kind::Number);
                prop_assert_ne!(kind, Kind::Flag);
            }
            Err(error) => {
                let error = error.to_string();
                prop_assert!(error.starts_with(&format!("`{key}` in `{table}` ")), "{}", error);
                prop_assert!(error.ends_with("`/c.toml` line 3"), "{}", error);
            }
        }
    }

    #[test]
    fn any_number_for_a_port_is_a_port_or_an_error_that_names_it(number in any::<i64>(), near in -2_i64..70_000) {
        for number in [number, near] {
            match parse(&format!("[profiles.x]\nport = {number}\n"), Path::new("/c.toml")) {
                Ok(file) => {
                    let port = file.profiles["x"].port.as_ref().unwrap().value.number();
                    prop_assert_eq!((i64::from(port), port > 0), (number, true));
                }
                Err(error) => {
                    prop_assert!(!(1..=65535).contains(&number));
                    prop_assert!(error.to_string().starts_with("`port` in `[profiles.x]` "), "{}", error);
                }
            }
        }
    }

    #[test]
    fn any_user_can_be_signed_for(user in text(), session in proptest::option::of("[ -~]{1,40}")) {
        let Ok(name) = user.parse::<DbUser>() else { return Ok(()) };
        let host = "Db.c1.us-west-2.rds.amazonaws.com".parse().unwrap();
        let target = conninfo::target(host, name, "app".parse().unwrap(), None);
        let credentials = Credentials::new("AKIDEXAMPLE", "a/secret+key", session.clone(), None, "test");
        let token = sign(&target, &credentials, UNIX_EPOCH + Duration::from_hours(500_000)).unwrap();
        let token = token.expose();
        prop_assert!(token.bytes().all(|b| b.is_ascii_graphic() && b != b'+'), "{}", token);
        let (place, query) = token.split_once("/?").unwrap();
        prop_assert_eq!(place, "Db.c1.us-west-2.rds.amazonaws.com:5432");
        let value = |name: &str| query.split('&').find_map(|p| p.strip_prefix(name)?.strip_prefix('=')).map(decoded);
        prop_assert_eq!(value("DBUser"), Some(user.into_bytes()));
        prop_assert_eq!(value("X-Amz-Security-Token"), session.map(String::into_bytes));
        prop_assert_eq!(value("X-Amz-Signature").map(|signature| signature.len()), Some(64));
    }
}

proptest! {
    #![proptest_config(config(4))]

    /// Each case is two shells and a hundred words.
    #[test]
    fn any_word_is_read_back_by_real_shells(
        texts in vec(c_text(), 60),
        bytes in vec(vec(1_u8.., 0..12), 40),
    ) {
        let words: Vec<OsString> = texts.into_iter().map(OsString::from).chain(bytes.into_iter().map(OsString::from_vec)).collect();
        prop_assert_eq!(&read_by("bash", &words), &words);
        // `$'...'` is for bash, zsh and ksh; it is used for what would not print otherwise.
        let plain: Vec<OsString> = words.into_iter().filter(|word| !quoted(word).starts_with("$'")).collect();
        prop_assert!(plain.len() > 10, "hardly a word");
        prop_assert_eq!(&read_by("sh", &plain), &plain);
    }
}

/// The words as a shell sees them in a script that holds them quoted.
#[expect(clippy::disallowed_methods, reason = "the test asks real shells")]
fn read_by(shell: &str, words: &[OsString]) -> Vec<OsString> {
    let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    assert!(!quoted.iter().any(|word| word.contains(char::is_control)), "a word would steer the terminal");
    let script = format!("printf '%s\\0' {}", quoted.join(" "));
    let run = Command::new(shell).arg("-c").arg(&script).output().unwrap();
    assert!(run.status.success(), "{shell}: {} in {script}", String::from_utf8_lossy(&run.stderr));
    let read = run.stdout.strip_suffix(b"\0").unwrap();
    read.split(|b| *b == 0).map(|word| OsStr::from_bytes(word).to_owned()).collect()
}
