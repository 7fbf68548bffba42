//! The argument gate against the real clients: whatever random list it lets through, run against a
//! bad server, sends nothing.

use std::ffi::OsString;

use rdsconnect::client::gate::{Grammar, check};

use crate::bench::{Cell, Trial, all_right};
use crate::clients;
use crate::hostile::filled;
use crate::standin::{Edition, Engine};

/// The same lists every time; another seed looks elsewhere.
const SEED: u64 = 20_261_122;
/// How many lists that pass are run with each client.
const LISTS: usize = 200;
/// Where they are run, in turn.
const BAD: [Edition; 3] = [Edition::NoTls, Edition::WrongName, Edition::UnknownCa];

/// Names of options, dangerous and harmless.
const MYSQL_NAMES: [&str; 62] = [
    "host",
    "port",
    "socket",
    "protocol",
    "user",
    "password",
    "password1",
    "pipe",
    "ssl",
    "ssl-mode",
    "ssl-ca",
    "ssl-capath",
    "ssl-verify-server-cert",
    "ssl-fp",
    "ssl-fplist",
    "ssl-session-data",
    "ssl-cipher",
    "tls-version",
    "tls-sni-servername",
    "default-auth",
    "plugin-dir",
    "enable-cleartext-plugin",
    "defaults-file",
    "no-defaults",
    "login-path",
    "dns-srv-name",
    "get-server-public-key",
    "secure-auth",
    "print-defaults",
    "set-variable",
    "database",
    "execute",
    "init-command",
    "prompt",
    "pager",
    "tee",
    "delimiter",
    "table",
    "vertical",
    "batch",
    "silent",
    "raw",
    "quick",
    "force",
    "comments",
    "column-names",
    "auto-rehash",
    "reconnect",
    "compress",
    "connect-timeout",
    "max-allowed-packet",
    "default-character-set",
    "local-infile",
    "show-warnings",
    "safe-updates",
    "select-limit",
    "server-arg",
    "bind-address",
    "binary-mode",
    "sigint-ignore",
    "verbose",
    "nonsense",
];
const PSQL_NAMES: [&str; 32] = [
    "dbname",
    "host",
    "port",
    "username",
    "password",
    "cluster",
    "no-password",
    "command",
    "file",
    "set",
    "variable",
    "pset",
    "output",
    "log-file",
    "field-separator",
    "record-separator",
    "table-attr",
    "echo-all",
    "echo-errors",
    "echo-hidden",
    "echo-queries",
    "expanded",
    "html",
    "csv",
    "no-align",
    "no-psqlrc",
    "no-readline",
    "quiet",
    "single-transaction",
    "tuples-only",
    "list",
    "nonsense",
];
/// What turns an option into another spelling of it, or into its opposite.
const PREFIXES: [&str; 8] = ["", "", "skip-", "disable-", "enable-", "loose-", "maximum-", "loose-skip-"];
/// Values, and words that could be one or not.
const MYSQL_VALUES: [&str; 20] = [
    "0",
    "1",
    "off",
    "DISABLED",
    "PREFERRED",
    "127.0.0.1",
    "{port}",
    "{socket}",
    "{ca}",
    "{fp}",
    "{session}",
    "{home}",
    "app",
    "joe",
    "select 1",
    "--skip-ssl",
    "--ssl-mode=DISABLED",
    "--skip-ssl-verify-server-cert",
    "-h",
    "",
];
const PSQL_VALUES: [&str; 17] = [
    "0",
    "127.0.0.1",
    "{port}",
    "app",
    "joe",
    "x=1",
    "select 1",
    "/dev/null",
    "dbname=app sslmode=disable",
    "sslmode=disable",
    "host=127.0.0.1 port={port} sslmode=disable",
    "postgres://jane@127.0.0.1:{port}/app?sslmode=disable",
    "--dbname=host=127.0.0.1 port={port}",
    "-dapp",
    "--cluster=15/main",
    "-h",
    "",
];

/// A small generator (xorshift64*), so that the lists do not change with a library.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).expect("31 bits") % limit
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// An option in some spelling, or a word.
    fn push_word(&mut self, list: &mut Vec<String>, engine: Engine) {
        let (names, values) = match engine {
            Engine::Postgres => (&PSQL_NAMES[..], &PSQL_VALUES[..]),
            Engine::Mariadb => (&MYSQL_NAMES[..], &MYSQL_VALUES[..]),
        };
        match self.below(10) {
            0 => list.push("--".to_owned()),
            1 => list.push(self.pick(values).to_owned()),
            2..=4 => list.push(self.cluster(values)),
            _ => {
                let mut name = self.pick(names).to_owned();
                if engine == Engine::Mariadb {
                    name.insert_str(0, self.pick(&PREFIXES));
                }
                self.respell(&mut name);
                match self.below(4) {
                    0 | 1 => list.push(format!("--{name}")),
                    2 => list.push(format!("--{name}={}", self.pick(values))),
                    _ => list.extend([format!("--{name}"), self.pick(values).to_owned()]),
                }
            }
        }
    }

    /// Some short options in one word, perhaps with a value at the end.
    fn cluster(&mut self, values: &[&str]) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvxyz01#?";
        let letters = (0..=self.below(3)).map(|_| char::from(LETTERS[self.below(LETTERS.len())]));
        let mut word: String = ['-'].into_iter().chain(letters.collect::<Vec<_>>()).collect();
        if self.one_in(4) {
            word.push_str(self.pick(values));
        }
        word
    }

    /// Shortens a name, or writes it as no manual does.
    fn respell(&mut self, name: &mut String) {
        if self.one_in(4) {
            name.truncate(1 + self.below(name.len()));
        }
        if self.one_in(4) {
            *name = name.replace('-', "_");
        }
        if self.one_in(8) {
            *name = name.to_uppercase();
        }
        if self.one_in(16) {
            name.insert_str(0, "x.");
        }
    }
}

/// Lists that the gate lets pass; each at least differs from the one before.
fn lists(engine: Engine, count: usize) -> Vec<Vec<String>> {
    let grammar = match engine {
        Engine::Postgres => Grammar::Psql,
        Engine::Mariadb => Grammar::MySql,
    };
    let mut random = Random(SEED);
    let mut lists: Vec<Vec<String>> = Vec::new();
    while lists.len() < count {
        let mut list = Vec::new();
        for _ in 0..=random.below(4) {
            random.push_word(&mut list, engine);
        }
        // The client would retry for ever, or end before it connects; neither tells anything.
        let idle = |word: &String| ["--wai", "--hel", "--ver", "-V", "-?", "-I"].iter().any(|no| word.starts_with(no));
        let words: Vec<OsString> = list.iter().map(OsString::from).collect();
        if !list.iter().any(idle) && check(grammar, &words).is_ok() && lists.last() != Some(&list) {
            lists.push(list);
        }
    }
    lists
}

fn nothing_is_sent(engine: Engine) {
    let lists = lists(engine, LISTS);
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let mut cells = Vec::new();
    for client in clients::of(engine) {
        for (number, list) in lists.iter().enumerate() {
            let (edition, asked) = (BAD[number % BAD.len()], &asked);
            cells.push(Cell::new(format!("{} {list:?} ({edition:?})", client.name), move || {
                let mut trial = Trial::new(client, edition);
                trial.file("f", &filled("{fp}\n", &trial));
                let words: Vec<String> = list.iter().map(|word| filled(word, &trial)).collect();
                trial.arguments(words);
                let outcome = trial.run();
                if outcome.refused_the_server().is_ok() {
                    asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
                outcome.sent_nothing()
            }));
        }
    }
    all_right(&cells);
    // Many lists are errors to one client or the other; the test means little if nearly all are.
    let asked = asked.load(std::sync::atomic::Ordering::Relaxed);
    assert!(asked * 5 > cells.len(), "only {asked} of {} lists made the client connect", cells.len());
}

#[test]
fn what_the_gate_lets_through_sends_nothing_to_a_bad_server_by_psql() {
    nothing_is_sent(Engine::Postgres);
}

#[test]
fn what_the_gate_lets_through_sends_nothing_to_a_bad_server_by_mysql() {
    nothing_is_sent(Engine::Mariadb);
}
