//! What a client's refusal means, read off its words in the C locale. Pure.
//!
//! The texts are those of psql 15 to 18, MariaDB 10.11 and 11.8, and MySQL 9.7; see
//! `docs/clients.md`.

/// What went wrong, as far as the client's words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The server refused the token: the identity may not connect as this user, or the token is not
    /// for this server.
    TokenRefused,
    /// The server asked for a password and not for a token: the user is not set up for IAM.
    NotForTokens,
    /// No password reached the server.
    NothingSent,
    /// The client has no plugin for clear passwords.
    NoCleartext,
    /// Certificate or name of the server do not match.
    Certificate,
    /// The server offers no TLS.
    NoTls,
    /// Nothing listens there.
    Unreachable,
    /// The name has no address.
    UnknownHost,
    /// Something answered, and broke the connection off before the login.
    BrokenOff,
    /// The user may not use the database, or it does not exist.
    Database,
    /// RDS Proxy refuses options at start-up.
    StartupOptions,
    /// Something else; the client's own words must do.
    Other,
}

/// The first rule that fits decides, so the more telling texts come first.
const RULES: &[(&str, Verdict)] = &[
    ("PAM authentication failed", Verdict::TokenRefused),
    ("LDAP authentication failed", Verdict::TokenRefused),
    ("password authentication failed", Verdict::NotForTokens),
    // Told over TLS, the same words mean that this user may not use this database.
    ("no encryption", Verdict::NoTls),
    ("SSL off", Verdict::NoTls),
    ("no pg_hba.conf entry", Verdict::Database),
    ("no password supplied", Verdict::NothingSent),
    ("(using password: NO)", Verdict::NothingSent),
    ("(using password: YES)", Verdict::TokenRefused),
    ("ERROR 1044", Verdict::Database),
    ("ERROR 1049", Verdict::Database),
    ("does not support SSL", Verdict::NoTls),
    ("does not support it", Verdict::NoTls),
    ("server doesn't support it", Verdict::NoTls),
    ("mysql_clear_password", Verdict::NoCleartext),
    // Any other plugin is one that the server asked for: for a password, not for a token.
    ("ERROR 2059", Verdict::NotForTokens),
    ("could not be loaded", Verdict::NotForTokens),
    ("does not match host name", Verdict::Certificate),
    ("certificate verify failed", Verdict::Certificate),
    ("ERROR 2026", Verdict::Certificate),
    ("could not translate host name", Verdict::UnknownHost),
    ("ERROR 2005", Verdict::UnknownHost),
    ("ERROR 2002", Verdict::Unreachable),
    ("ERROR 2003", Verdict::Unreachable),
    ("Connection refused", Verdict::Unreachable),
    ("timeout expired", Verdict::Unreachable),
    ("timed out", Verdict::Unreachable),
    ("ERROR 2013", Verdict::BrokenOff),
    ("server closed the connection unexpectedly", Verdict::BrokenOff),
    ("unsupported startup parameter", Verdict::StartupOptions),
    ("currently doesn't support", Verdict::StartupOptions),
];

/// Reads a refusal.
#[must_use]
pub fn read(stderr: &str) -> Verdict {
    if before_tls(stderr) {
        return Verdict::BrokenOff;
    }
    if stderr.contains("FATAL:  database \"") {
        return Verdict::Database;
    }
    RULES.iter().find(|(text, _)| stderr.contains(text)).map_or(Verdict::Other, |(_, verdict)| *verdict)
}

/// Whether a mysql client repeats what it was told in clear, by whoever answered: then neither the
/// certificate nor the text proves anything. MariaDB's says so (10.11.19, 11.8); Oracle's (9.7) shows
/// such an error of the server's, a number below 2000, without its state. The client's own words come
/// first, and those of the server may hold anything.
fn before_tls(stderr: &str) -> bool {
    let Some(error) = stderr.lines().find_map(|line| line.strip_prefix("ERROR ")) else { return false };
    let (number, rest) = error.split_once(' ').unwrap_or_default();
    rest.starts_with("(HY000): Received error packet before completion of TLS handshake")
        || number.parse::<u32>().is_ok_and(|number| number < 2000) && rest.starts_with("(HY000)")
}

/// The line of a refusal that says what happened: the last one that names an error, without the
/// program's name.
#[must_use]
pub fn line(stderr: &str) -> &str {
    let telling = |line: &&str| line.contains("ERROR ") || line.contains("failed:") || line.contains("error:");
    let line = stderr.lines().rev().find(telling).or_else(|| stderr.lines().find(|line| !line.trim().is_empty()));
    line.unwrap_or("no message").trim_start_matches("psql: error: ").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_every_client_are_read() {
        let rows = [
            (
                "psql: error: connection to server at \"H\" (127.0.0.1), port 1 failed: FATAL:  PAM authentication failed for user \"jane\"",
                Verdict::TokenRefused,
            ),
            ("… failed: FATAL:  password authentication failed for user \"joe\"", Verdict::NotForTokens),
            ("… failed: fe_sendauth: no password supplied", Verdict::NothingSent),
            ("… failed: server certificate for \"other\" does not match host name \"mydb\"", Verdict::Certificate),
            ("… failed: SSL error: certificate verify failed", Verdict::Certificate),
            ("… failed: server does not support SSL, but SSL was required", Verdict::NoTls),
            ("… failed: FATAL:  database \"nodb\" does not exist", Verdict::Database),
            (
                "… failed: FATAL:  no pg_hba.conf entry for host \"10.0.0.1\", user \"jane\", database \"rdsadmin\", SSL encryption",
                Verdict::Database,
            ),
            (
                "… failed: FATAL:  no pg_hba.conf entry for host \"10.0.0.1\", user \"jane\", database \"app\", no encryption",
                Verdict::NoTls,
            ),
            ("… failed: Connection refused\n\tIs the server running on that host", Verdict::Unreachable),
            ("psql: error: could not translate host name \"nosuch.invalid\" to address: Name", Verdict::UnknownHost),
            (
                "ERROR 1045 (28000): Access denied for user 'jane'@'localhost' (using password: YES)",
                Verdict::TokenRefused,
            ),
            (
                "ERROR 1045 (28000): Access denied for user 'jane'@'localhost' (using password: NO)",
                Verdict::NothingSent,
            ),
            ("ERROR 1044 (42000): Access denied for user 'jane'@'%' to database 'nodb'", Verdict::Database),
            ("ERROR 2026 (HY000): TLS/SSL error: Hostname verification failed", Verdict::Certificate),
            ("ERROR 2026 (HY000): TLS/SSL error: SSL is required, but the server does not support it", Verdict::NoTls),
            (
                "ERROR 2026 (HY000): SSL connection error: SSL is required but the server doesn't support it",
                Verdict::NoTls,
            ),
            (
                "ERROR 2026 (HY000): SSL connection error: error:0A000086:SSL routines::certificate verify failed",
                Verdict::Certificate,
            ),
            (
                "ERROR 2059 (HY000): Authentication plugin 'mysql_clear_password' cannot be loaded: plugin not enabled",
                Verdict::NoCleartext,
            ),
            (
                "ERROR 2059 (HY000): Authentication plugin 'mysql_native_password' cannot be loaded: /x.so: no such file",
                Verdict::NotForTokens,
            ),
            (
                "ERROR 1045 (28000): Plugin mysql_clear_password could not be loaded: not found: no such file",
                Verdict::NoCleartext,
            ),
            (
                "ERROR 1045 (28000): Plugin caching_sha2_password could not be loaded: not found: no such file",
                Verdict::NotForTokens,
            ),
            (
                "ERROR 2013 (HY000): Lost connection to server at 'handshake: reading initial communication packet', system error: 110",
                Verdict::BrokenOff,
            ),
            ("… failed: server closed the connection unexpectedly\n\tThis probably means", Verdict::BrokenOff),
            ("… failed: timeout expired", Verdict::Unreachable),
            ("… failed: FATAL:  unsupported startup parameter: options", Verdict::StartupOptions),
            (
                "… failed: FATAL:  Feature not supported: RDS Proxy currently doesn't support command-line options.",
                Verdict::StartupOptions,
            ),
            ("ERROR 2002 (HY000): Can't connect to server on 'H' (115)", Verdict::Unreachable),
            ("ERROR 2003 (HY000): Can't connect to MySQL server on 'H:1' (111)", Verdict::Unreachable),
            ("ERROR 2005 (HY000): Unknown server host 'H' (-2)", Verdict::UnknownHost),
            ("something else", Verdict::Other),
        ];
        for (text, verdict) in rows {
            assert_eq!(read(text), verdict, "{text}");
        }
    }

    #[test]
    fn what_was_said_in_clear_is_no_refusal_of_a_verified_server() {
        let refusal = "Access denied for user 'jane'@'localhost' (using password: YES)";
        for text in [
            format!("ERROR 1045 (HY000): #28000{refusal}\n"),
            format!("WARNING: x\nERROR 1045 (HY000): {refusal}\nERROR 1045 (28000): {refusal}\n"),
            format!(
                "ERROR 2002 (HY000): Received error packet before completion of TLS handshake. The authenticity of \
                 the following error cannot be verified: 1045 - {refusal}\nERROR 1045 (28000): {refusal}\n"
            ),
            "ERROR 1040 (HY000): Too many connections\n".into(),
        ] {
            assert_eq!(read(&text), Verdict::BrokenOff, "{text}");
        }
    }

    #[test]
    fn the_telling_line_is_found() {
        assert_eq!(line("WARNING: x\nERROR 1045 (28000): no\n"), "ERROR 1045 (28000): no");
        assert_eq!(
            line("psql: error: connection to server failed: FATAL:  no\n\tIs it?\n"),
            "connection to server failed: FATAL:  no"
        );
        assert_eq!(line(""), "no message");
    }
}
