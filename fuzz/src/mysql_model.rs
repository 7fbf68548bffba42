//! What the clients of the mysql family make of their arguments: an own small `my_getopt`, from what their
//! `--help` lists (Oracle 9.7, MariaDB 10.11 and 11.8) and how they were seen to read it, to hold against
//! the argument gate.

/// Options without a value, in both families.
const FLAGS: &str = "auto-rehash no-auto-rehash auto-vertical-output batch binary-as-hex binary-mode \
    column-names skip-column-names column-type-info comments compress connect-expired-password debug-check \
    debug-info enable-cleartext-plugin force help html i-am-a-dummy ignore-spaces line-numbers \
    skip-line-numbers local-infile named-commands no-beep one-database quick raw reconnect safe-updates \
    show-warnings sigint-ignore silent table unbuffered verbose version vertical wait xml";
const FLAGS_ORACLE: &str = "commands get-server-public-key ssl-session-data-continue-on-failed-reuse syslog \
    system-command telemetry-client";
const FLAGS_MARIADB: &str = "abort-source-on-error print-query-on-error progress-reports sandbox secure-auth \
    show-query-costs ssl ssl-verify-server-cert";

/// Options that require one.
const REQUIRED: &str = "character-sets-dir connect-timeout database default-auth default-character-set \
    delimiter execute host init-command max-allowed-packet max-join-size net-buffer-length plugin-dir port \
    prompt protocol select-limit socket ssl-ca ssl-capath ssl-cert ssl-cipher ssl-crl ssl-crlpath ssl-key tee \
    tls-version user";
const REQUIRED_ORACLE: &str = "bind-address compression-algorithms dns-srv-name histignore init-command-add \
    load-data-local-dir network-namespace oci-config-file server-public-key-path ssl-fips-mode ssl-mode \
    ssl-session-data tls-ciphersuites tls-sni-servername zstd-compression-level register-factor";
const REQUIRED_MARIADB: &str = "quick-max-column-width server-arg ssl-fp ssl-fplist";

/// Options that may have one, after `=` alone.
const OPTIONAL: &str = "debug pager password";
const OPTIONAL_ORACLE: &str = "password1 password2 password3";

/// Those that move or weaken the connection.
const CRITICAL: [&str; 20] = [
    "host",
    "port",
    "socket",
    "protocol",
    "user",
    "password",
    "password1",
    "password2",
    "password3",
    "default-auth",
    "plugin-dir",
    "enable-cleartext-plugin",
    "get-server-public-key",
    "server-public-key-path",
    "dns-srv-name",
    "network-namespace",
    "oci-config-file",
    "register-factor",
    "telemetry-client",
    "debug",
];

/// In this order: what is stripped is not put back, and a later prefix is looked for in the rest.
const PREFIXES: [&str; 6] = ["skip-", "disable-", "enable-", "maximum-", "loose-", "autoset-"];

/// A client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// Names in full, in lower case; what is left over is read a second time.
    Oracle,
    /// Unique prefixes, any case, a dot.
    MariaDb,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arity {
    Flag,
    Required,
    Optional,
}

/// What a long option does.
enum Reading {
    /// Moves or weakens the connection.
    Moves,
    /// Takes the next word.
    Takes,
    /// Nothing to the next word.
    Own,
}

/// Whether the client, given these words after ours, would look at another host, port, user, password or
/// TLS setting. It stops at the first error, before it connects.
pub fn moves(client: Client, words: &[&[u8]]) -> bool {
    let mut left = Vec::new();
    match pass(client, words, &mut left) {
        Some(true) => true,
        Some(false) if client == Client::Oracle => pass(client, &left, &mut Vec::new()) == Some(true),
        Some(false) | None => false,
    }
}

/// The names of all long options.
pub fn names(client: Client) -> impl Iterator<Item = &'static str> {
    table(client).map(|(name, _)| name)
}

/// One reading; none when the client stops with an error.
fn pass<'a>(client: Client, words: &[&'a [u8]], left: &mut Vec<&'a [u8]>) -> Option<bool> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if *word == b"--" {
            left.extend(words);
            return Some(false);
        }
        if let Some(long) = word.strip_prefix(b"--") {
            match read_long(client, long)? {
                Reading::Moves => return Some(true),
                Reading::Takes => _ = words.next()?,
                Reading::Own => {}
            }
        } else if let Some(letters) = word.strip_prefix(b"-").filter(|letters| !letters.is_empty()) {
            for (at, letter) in letters.iter().enumerate() {
                match letter {
                    b'h' | b'P' | b'S' | b'u' | b'p' | b'#' => return Some(true),
                    b'D' | b'e' => {
                        if at + 1 == letters.len() {
                            words.next()?;
                        }
                        break;
                    }
                    b'j' if client == Client::MariaDb => return None,
                    _ if b"?IABcCTfHiLGboqrUstnvVwEXNj".contains(letter) => {}
                    _ => return None,
                }
            }
        } else {
            left.push(word);
        }
    }
    Some(false)
}

/// What a long option does; none when the client stops with an error.
fn read_long(client: Client, long: &[u8]) -> Option<Reading> {
    let equals = long.iter().position(|c| *c == b'=');
    let name = std::str::from_utf8(&long[..equals.unwrap_or(long.len())]).ok()?.replace('_', "-");
    let name = if client == Client::MariaDb { name.to_ascii_lowercase() } else { name };
    let mut rest = name.as_str();
    let mut has_value = equals.is_some();
    let mut loose = false;
    let mut found = find(client, rest);
    for prefix in PREFIXES {
        if found.is_some() {
            break;
        }
        if let Some(stripped) = rest.strip_prefix(prefix) {
            rest = stripped;
            loose |= prefix == "loose-";
            has_value |= ["skip-", "disable-", "enable-"].contains(&prefix);
            found = find(client, rest);
        }
    }
    let Some((name, arity)) = found else { return loose.then_some(Reading::Own) };
    let moves = CRITICAL.contains(&name) || name.starts_with("ssl") || name.starts_with("tls");
    Some(match arity {
        _ if moves => Reading::Moves,
        Arity::Required if !has_value => Reading::Takes,
        Arity::Required | Arity::Flag | Arity::Optional => Reading::Own,
    })
}

/// Every long option of a client.
fn table(client: Client) -> impl Iterator<Item = (&'static str, Arity)> {
    let own = match client {
        Client::Oracle => [FLAGS_ORACLE, REQUIRED_ORACLE, OPTIONAL_ORACLE],
        Client::MariaDb => [FLAGS_MARIADB, REQUIRED_MARIADB, ""],
    };
    let arities = [Arity::Flag, Arity::Required, Arity::Optional];
    let lists = [FLAGS, REQUIRED, OPTIONAL].into_iter().zip(arities).chain(own.into_iter().zip(arities));
    lists.flat_map(|(names, arity)| names.split_whitespace().map(move |name| (name, arity)))
}

/// The option of this name, or the one that it is short for.
fn find(client: Client, name: &str) -> Option<(&'static str, Arity)> {
    // MariaDB takes what follows a dot for the name.
    let name = if client == Client::MariaDb { name.rsplit('.').next().unwrap_or(name) } else { name };
    if let Some(exact) = table(client).find(|(full, _)| *full == name) {
        return Some(exact);
    }
    let is_short = client == Client::MariaDb && !name.is_empty();
    let mut fitting = table(client).filter(|(full, _)| is_short && full.starts_with(name));
    fitting.next().filter(|_| fitting.next().is_none())
}
