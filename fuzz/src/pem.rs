//! The reader of CA bundles, and of a certificate's last day.

use rdsconnect::ca::bundle::{Fault, check, not_after};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const GOOD: &str = include_str!("../corpus/pem/root");

/// Runs the body.
///
/// # Panics
/// When a rule does not hold.
pub fn run(data: &[u8]) {
    let _ = not_after(data);
    let now = at(2026);
    let found = check(data, now);
    let begins = data.split(|b| *b == b'\n').filter(|line| line.trim_ascii_end() == BEGIN).count();
    let lines = data.split(|b| *b == b'\n').count();
    match &found {
        Ok(count) => assert!((1..=begins).contains(count), "{count} of {begins}"),
        Err(Fault::Damaged { line }) => {
            let text = data.split(|b| *b == b'\n').nth(line - 1).expect("a line of the file");
            assert_eq!(text.trim_ascii_end(), BEGIN, "line {line} of {lines}");
        }
        Err(Fault::Expired { last }) => {
            assert!(begins > 0);
            assert!(last.len() == 10 || last == "an unknown day", "{last}");
        }
        Err(Fault::Empty) => assert!(data.trim_ascii().is_empty()),
        Err(Fault::NotPem { .. } | Fault::NoCertificate) => assert_eq!(begins, 0),
    }

    // Time makes no certificate valid again, and damage does not depend on it.
    let later = check(data, at(2300));
    let damaged = |found: &Result<usize, Fault>| matches!(found, Err(Fault::Damaged { .. }));
    assert!(found.is_ok() || later.is_err());
    assert_eq!(damaged(&found), damaged(&later));

    // Text in front moves the line, and a good certificate behind is one more.
    let moved = check(&[b"text\n" as &[u8], data].concat(), now);
    match (&found, &moved) {
        (Err(Fault::Damaged { line }), Err(Fault::Damaged { line: after })) => assert_eq!(line + 1, *after),
        // Bytes that were a certificate in binary form are none behind a line of text.
        (Err(Fault::Empty | Fault::NotPem { .. }), Err(Fault::NotPem { is_der: false })) => {}
        (before, after) => assert_eq!(before, after),
    }
    let more = check(&[data, b"\n", GOOD.as_bytes()].concat(), now);
    match &found {
        Ok(count) => assert_eq!(more, Ok(count + 1)),
        Err(Fault::Damaged { .. }) => assert_eq!(more, found),
        Err(Fault::Expired { .. }) => assert!(more.is_ok_and(|count| count > 1)),
        Err(Fault::Empty | Fault::NotPem { .. } | Fault::NoCertificate) => assert_eq!(more, Ok(1)),
    }
}

/// The first hours of a year, roughly.
fn at(year: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs((year - 1970) * 31_556_952)
}
