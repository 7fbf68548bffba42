//! The options of the mysql shell: what value each takes; and which are refused, here and for its
//! sisters.
//!
//! Names and values as measured with Oracle 9.7 and MariaDB 10.11 and 11.8; options of older clients
//! (Oracle 5.7 to 8.4) by their manuals. An option that only one family has is read both ways.

use super::Why;

/// Whether an option takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arity {
    /// None.
    Flag,
    /// After `=` only.
    Optional,
    /// After `=`, or the next word.
    Required,
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Its full name, in the clients' own spelling.
    pub(super) name: &'static str,
    /// What value it takes in MariaDB's client, if that has it.
    pub(super) mariadb: Option<Arity>,
    /// What value it takes in Oracle's client, if that has it.
    pub(super) oracle: Option<Arity>,
    /// Why it may not pass; `None` if it may.
    pub(super) refused: Option<Why>,
}

/// Options that take the same value, by name.
#[derive(Debug)]
pub(super) struct Names {
    /// What value they take in MariaDB's program, if that has them.
    pub(super) mariadb: Option<Arity>,
    /// What value they take in Oracle's program, if that has them.
    pub(super) oracle: Option<Arity>,
    /// What they are called, with spaces between.
    pub(super) list: &'static str,
}

/// The options of one program.
#[derive(Debug)]
pub(super) struct Options {
    /// One by one.
    pub(super) rows: &'static [Known],
    /// Several at once.
    pub(super) names: &'static [Names],
    /// Letters that may pass and take no value, or take one in the same word alone.
    pub(super) flags: &'static [u8],
    /// Letters that may pass and take the rest of the word or the next word.
    pub(super) takes: &'static [u8],
}

/// The options of `mysql` and `mariadb`.
pub(super) const SHELL: Options =
    Options { rows: TABLE, names: &[], flags: b"?ABCEGHILNTUVXbcfijnoqrstvw", takes: b"eD" };

impl Options {
    /// All of them, those that are refused for every program included.
    pub(super) fn each(&self) -> impl Iterator<Item = Known> {
        let named = self.names.iter().flat_map(|these| {
            let known = |name| Known { name, mariadb: these.mariadb, oracle: these.oracle, refused: None };
            these.list.split_whitespace().map(known)
        });
        let refused = TABLE.iter().filter(|option| option.refused.is_some() && self.rows.is_empty());
        self.rows.iter().chain(refused).copied().chain(named)
    }

    /// Looks up a full name.
    pub(super) fn known(&self, name: &str) -> Option<Known> {
        self.each().find(|option| option.name == name)
    }

    /// Looks up a short option; case matters.
    pub(super) fn letter(&self, letter: u8) -> Letter {
        match letter {
            b'h' => Letter::Refused(Why::Host),
            b'P' => Letter::Refused(Why::Port),
            // `W` is a named pipe, in Oracle 5.7 to 8.4 on Windows.
            b'S' | b'W' => Letter::Refused(Why::Socket),
            b'u' => Letter::Refused(Why::User),
            b'p' => Letter::Refused(Why::Password),
            b'#' => Letter::Refused(Why::Trace),
            // Before 5.5: set any variable.
            b'O' => Letter::Refused(Why::Malformed),
            _ if self.takes.contains(&letter) => Letter::Takes,
            _ if self.flags.contains(&letter) => Letter::Flag,
            _ => Letter::Unknown,
        }
    }
}

/// What a short option does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// Nothing to do with a value.
    Flag,
    /// Takes the rest of the word, or the next word.
    Takes,
    /// May not pass.
    Refused(Why),
    /// No known client has it.
    Unknown,
}

const fn both(name: &'static str, arity: Arity) -> Known {
    Known { name, mariadb: Some(arity), oracle: Some(arity), refused: None }
}

const fn oracle(name: &'static str, arity: Arity) -> Known {
    Known { name, mariadb: None, oracle: Some(arity), refused: None }
}

const fn mariadb(name: &'static str, arity: Arity) -> Known {
    Known { name, mariadb: Some(arity), oracle: None, refused: None }
}

const fn no(name: &'static str, why: Why) -> Known {
    Known { name, mariadb: None, oracle: None, refused: Some(why) }
}

use Arity::{Flag, Optional, Required};

/// Every option known by name.
pub(super) const TABLE: &[Known] = &[
    // What the client prints, and when it stops.
    both("auto-rehash", Flag),
    both("auto-vertical-output", Flag),
    both("batch", Flag),
    both("binary-as-hex", Flag),
    both("binary-mode", Flag),
    both("column-names", Flag),
    both("column-type-info", Flag),
    both("comments", Flag),
    both("default-character-set", Required),
    both("delimiter", Required),
    both("force", Flag),
    both("help", Flag),
    both("html", Flag),
    both("i-am-a-dummy", Flag),
    both("ignore-spaces", Flag),
    both("line-numbers", Flag),
    both("max-join-size", Required),
    both("named-commands", Flag),
    both("no-auto-rehash", Flag),
    both("no-beep", Flag),
    both("one-database", Flag),
    both("pager", Optional),
    both("prompt", Required),
    both("quick", Flag),
    both("raw", Flag),
    both("safe-updates", Flag),
    both("select-limit", Required),
    both("show-warnings", Flag),
    both("sigint-ignore", Flag),
    both("silent", Flag),
    both("skip-column-names", Flag),
    both("skip-line-numbers", Flag),
    both("table", Flag),
    both("tee", Required),
    both("unbuffered", Flag),
    both("verbose", Flag),
    both("version", Flag),
    both("vertical", Flag),
    both("xml", Flag),
    oracle("commands", Flag),
    oracle("histignore", Required),
    oracle("syslog", Flag),
    // Lets `\!` run programs, as MariaDB's client does without asking: the user's own business.
    oracle("system-command", Flag),
    mariadb("abort-source-on-error", Flag),
    mariadb("print-query-on-error", Flag),
    mariadb("progress-reports", Flag),
    mariadb("quick-max-column-width", Required),
    mariadb("sandbox", Flag),
    mariadb("show-query-costs", Flag),
    // For a server inside the program, which these programs have not.
    mariadb("server-arg", Required),
    // What is asked of the server, over the connection as it is.
    both("database", Required),
    both("execute", Required),
    both("init-command", Required),
    oracle("init-command-add", Required),
    // The server is verified, so whom the file goes to is settled.
    both("local-infile", Flag),
    oracle("load-data-local-dir", Required),
    // The connection's comfort: none says where it goes or how it is checked.
    both("character-sets-dir", Required),
    both("compress", Flag),
    both("connect-expired-password", Flag),
    both("connect-timeout", Required),
    both("max-allowed-packet", Required),
    both("net-buffer-length", Required),
    both("reconnect", Flag),
    both("wait", Flag),
    // The local end only; the peer is chosen and checked as before.
    oracle("bind-address", Required),
    oracle("compression-algorithms", Required),
    oracle("zstd-compression-level", Required),
    // Counters at exit. `--debug` itself can write the token to a file.
    both("debug-check", Flag),
    both("debug-info", Flag),
    // Refused. Whether they take a value does not matter.
    no("host", Why::Host),
    no("dns-srv-name", Why::Host),
    no("port", Why::Port),
    no("socket", Why::Socket),
    no("pipe", Why::Socket),
    no("protocol", Why::Protocol),
    no("user", Why::User),
    no("secure-auth", Why::Plugins),
    no("register-factor", Why::Plugins),
    no("print-defaults", Why::OptionFiles),
    no("no-defaults", Why::OptionFiles),
    // Before 5.5: sets any variable.
    no("set-variable", Why::Malformed),
];

/// Beginnings of names that are refused whatever follows, known today or not.
pub(super) const STEMS: &[(&str, Why)] = &[
    ("ssl", Why::Tls),
    ("tls", Why::Tls),
    ("password", Why::Password),
    ("server-public-key", Why::Plugins),
    ("get-server-public-key", Why::Plugins),
    ("default-auth", Why::Plugins),
    ("enable-cleartext", Why::Plugins),
    ("cleartext", Why::Plugins),
    ("plugin", Why::Plugins),
    ("authentication", Why::Plugins),
    ("oci-", Why::Plugins),
    ("openid", Why::Plugins),
    ("webauthn", Why::Plugins),
    ("fido", Why::Plugins),
    ("kerberos", Why::Plugins),
    ("ldap", Why::Plugins),
    ("telemetry", Why::Plugins),
    ("otel", Why::Plugins),
    ("shared-memory", Why::Socket),
    ("network-namespace", Why::Protocol),
    ("defaults-", Why::OptionFiles),
    ("login-path", Why::OptionFiles),
    ("no-login-path", Why::OptionFiles),
    ("debug", Why::Trace),
];
