//! The settings that may be carried over from option files.

use super::Family;

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing.
    Nothing,
    /// Nothing, or a truth value.
    Switch,
    /// A number, with a size letter at most.
    Number,
    /// One word.
    Word,
    /// Anything.
    Text,
}

/// A setting that may be carried over.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// Its full name.
    pub(super) name: &'static str,
    /// What it takes.
    pub(super) takes: Takes,
    /// The one family that knows it; both if absent.
    only: Option<Family>,
}

impl Setting {
    /// Whether the setting can be given in this way.
    pub(super) fn accepts(&self, negated: bool, value: Option<&[u8]>) -> bool {
        match (self.takes, negated, value) {
            (Takes::Nothing, false, None) | (Takes::Switch, _, None) => true,
            (Takes::Switch, false, Some(value)) => is_truth(value),
            (Takes::Number, false, Some(value)) => is_number(value),
            (Takes::Word, false, Some(value)) => is_word(value),
            // The pager alone may be named without a value, or be switched off.
            (Takes::Text, _, None) => self.name == "pager",
            // An end in mid-string: C strings stop at NUL, and an argument cannot hold one.
            (Takes::Text, false, Some(value)) => !value.contains(&0),
            _ => false,
        }
    }
}

/// Looks a setting up by its full name.
pub(super) fn find(name: &str, family: Family) -> Option<&'static Setting> {
    SETTINGS.iter().find(|s| s.name == name && s.only.is_none_or(|only| only == family))
}

/// Whether a setting that is not carried over has a value that cannot reach into the next one.
pub(super) fn plain_anyway(name: &str, value: &[u8]) -> bool {
    match name {
        "port" => is_number(value),
        "ssl" | "ssl-verify-server-cert" | "cleartext-plugin" | "local-infile" | "get-server-public-key" => {
            is_truth(value)
        }
        "protocol" | "ssl-mode" | "ssl-fips-mode" => is_word(value),
        _ => false,
    }
}

fn is_truth(value: &[u8]) -> bool {
    ["0", "1", "on", "off", "true", "false"].iter().any(|v| value.eq_ignore_ascii_case(v.as_bytes()))
}

fn is_number(value: &[u8]) -> bool {
    let digits = match value {
        [digits @ .., last] if b"kKmMgGtTpPeE".contains(last) => digits,
        _ => value,
    };
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

fn is_word(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b','))
}

const fn both(name: &'static str, takes: Takes) -> Setting {
    Setting { name, takes, only: None }
}

const fn oracle(name: &'static str, takes: Takes) -> Setting {
    Setting { name, takes, only: Some(Family::Oracle) }
}

const fn mariadb(name: &'static str, takes: Takes) -> Setting {
    Setting { name, takes, only: Some(Family::MariaDb) }
}

use Takes::{Nothing, Number, Switch, Text, Word};

/// How the client looks and behaves, and what it asks of the server. Not here although the gate lets
/// them pass: what writes files (`tee`), runs statements (`execute`, `force`) or chooses a database.
pub(super) const SETTINGS: &[Setting] = &[
    both("auto-rehash", Switch),
    both("auto-vertical-output", Switch),
    both("batch", Nothing),
    both("binary-as-hex", Switch),
    both("binary-mode", Switch),
    both("column-names", Switch),
    both("column-type-info", Switch),
    both("comments", Switch),
    both("compress", Switch),
    both("connect-timeout", Number),
    both("default-character-set", Word),
    both("delimiter", Text),
    both("html", Switch),
    both("i-am-a-dummy", Switch),
    both("ignore-spaces", Switch),
    both("init-command", Text),
    both("line-numbers", Switch),
    both("max-allowed-packet", Number),
    both("max-join-size", Number),
    both("named-commands", Switch),
    both("net-buffer-length", Number),
    both("no-auto-rehash", Nothing),
    both("no-beep", Switch),
    both("pager", Text),
    both("prompt", Text),
    both("quick", Switch),
    both("raw", Switch),
    both("reconnect", Switch),
    both("safe-updates", Switch),
    both("select-limit", Number),
    both("show-warnings", Switch),
    both("sigint-ignore", Switch),
    both("silent", Nothing),
    both("table", Switch),
    both("unbuffered", Switch),
    both("verbose", Nothing),
    both("vertical", Switch),
    both("xml", Switch),
    oracle("commands", Switch),
    oracle("compression-algorithms", Word),
    oracle("histignore", Text),
    oracle("init-command-add", Text),
    // Statements go to the system's log, as the user asked.
    oracle("syslog", Nothing),
    oracle("system-command", Switch),
    oracle("zstd-compression-level", Number),
    mariadb("abort-source-on-error", Switch),
    mariadb("print-query-on-error", Switch),
    mariadb("progress-reports", Switch),
    mariadb("quick-max-column-width", Number),
    mariadb("sandbox", Switch),
    mariadb("show-query-costs", Switch),
];
