//! What every error says: its text, causes, hint and status, as they stand in
//! `tests/fixtures/messages.txt`; and the rules of wording that hold for all of them.

use crate::samples;
use rdsconnect::error::Error;
use rdsconnect::report;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// As standard error shows it.
fn shown(error: &Error) -> String {
    let mut text = Vec::new();
    report::error(error, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn every_error_says_what_is_written_down() {
    let mut text = String::new();
    for (name, error) in samples::all() {
        let _ = write!(text, "# {name}, status {}\n{}\n", error.status(), shown(&error));
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/messages.txt");
    if fs::read_to_string(&kept).unwrap_or_default() != text {
        let found = Path::new(env!("CARGO_TARGET_TMPDIR")).join("messages.txt");
        fs::write(&found, text).unwrap();
        panic!(
            "see `diff -u {} {}`; when that is meant, copy the second over the first",
            kept.display(),
            found.display()
        );
    }
}

/// A clause: no capital but that of a name, no end of a sentence, one line.
#[track_caller]
fn is_a_clause(text: &str, where_from: &str) {
    let first = text.split([' ', ':']).next().unwrap();
    let is_name = first.chars().filter(char::is_ascii_uppercase).count() > 1;
    assert!(
        text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '`' || is_name),
        "{where_from}: {text}"
    );
    assert!(!text.ends_with(['.', '!', ':', ' ']), "{where_from}: {text}");
    assert!(!text.contains('\n') && !text.contains("  "), "{where_from}: {text}");
    assert_eq!(text.matches('`').count() % 2, 0, "{where_from}: {text}");
    // What `Debug` leaves behind.
    for trace in ["Some(", "None", "Err(", "\\\"", "{", "Error {"] {
        assert!(!text.contains(trace) || text.contains("{ path = "), "{where_from}: {text}");
    }
}

#[test]
fn texts_are_clauses_and_hints_advise_on_their_own() {
    // Advice belongs into the hint.
    let advice = ["please", "you should", "try ", "did you mean", "use `", "run `"];
    for (name, error) in samples::all() {
        let text = error.to_string();
        is_a_clause(&text, name);
        assert!(advice.iter().all(|words| !text.contains(words)), "{name}: {text}");
        if let Some(hint) = error.hint() {
            is_a_clause(&hint, name);
        }
        assert!((125..=130).contains(&error.status()), "{name}");
    }
}
