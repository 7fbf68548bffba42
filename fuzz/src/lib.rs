//! The bodies of the fuzz targets: each takes any bytes and panics when a rule does not hold.
//!
//! They know nothing of libFuzzer, so that `tests/corpus` runs the same bodies on the same corpus.

pub mod address;
pub mod conninfo;
pub mod gate;
pub mod hosts;
pub mod mysql_model;
pub mod option_files;
pub mod pem;
pub mod profile;
pub mod psql_model;

/// A body.
pub type Body = fn(&[u8]);

/// Every target's name and body.
pub const TARGETS: &[(&str, Body)] = &[
    ("address", address::run),
    ("conninfo", conninfo::run),
    ("gate", gate::run),
    ("hosts", hosts::run),
    ("option_files", option_files::run),
    ("pem", pem::run),
    ("profile", profile::run),
];

/// What `report` prints of a failure; nothing in it but its own line ends may steer a terminal.
fn rendered(error: &rdsconnect::error::Error) -> String {
    let mut out = Vec::new();
    rdsconnect::report::error(error, &mut out).expect("a vector takes everything");
    let text = String::from_utf8(out).expect("messages are text");
    assert!(text.starts_with("error: ") && text.ends_with('\n'), "{text:?}");
    assert!(!text.trim_end_matches('\n').contains("\n\n"), "an empty line in {text:?}");
    for line in text.lines() {
        assert!(!line.chars().any(steers), "{line:?}");
        let known = ["error: ", "  caused by: ", "hint: "].iter().any(|start| line.starts_with(start));
        assert!(known, "a line of its own: {line:?}");
    }
    text
}

/// Characters that a terminal acts upon, or that reorder or hide text: by Unicode's categories Cc, Zl and
/// Zp, and the list of bidirectional controls (UAX #9).
fn steers(c: char) -> bool {
    c.is_control()
        || ['\u{2028}', '\u{2029}', '\u{61c}', '\u{200e}', '\u{200f}'].contains(&c)
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}
