//! Every variable that the clients read, and what becomes of it: one table for each family, each
//! row with its reason. Checked by tests against the launches that the builders make.
//!
//! Not in the tables, and left as they are: variables of the loader and the C library
//! (`LD_PRELOAD`, `LOCPATH`, `RES_OPTIONS`), of OpenSSL (`OPENSSL_CONF`), and of the terminal. Who
//! can set those can run any program as the user.

/// A variable and its fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What becomes of it.
    pub decision: Decision,
    /// Why.
    pub reason: &'static str,
}

/// What becomes of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The client inherits it.
    Kept,
    /// The client inherits it when it is a whole number.
    KeptIfNumber,
    /// We set it, or remove it where there is nothing to set.
    Set,
    /// The client never sees it.
    Removed,
}

use Decision::{Kept, KeptIfNumber, Removed, Set};

const fn row(name: &'static str, decision: Decision, reason: &'static str) -> Variable {
    Variable { name, decision, reason }
}

/// libpq 18 (manual, section 34.15), psql 18 (manual, "Environment") and Debian's `pg_wrapper`.
pub const POSTGRES: &[Variable] = &[
    row("PGHOST", Set, "the default that `\\c` falls back to"),
    row("PGHOSTADDR", Set, "would lead the connection elsewhere"),
    row("PGPORT", Set, "the default that `\\c` falls back to"),
    row("PGDATABASE", Set, "the default that `\\c` falls back to; never a name that would be expanded"),
    row("PGUSER", Set, "the default that `\\c` falls back to"),
    row("PGPASSWORD", Set, "the token"),
    row("PGPASSFILE", Set, "the token, when a descriptor hands it over; else the user's"),
    row("PGSSLMODE", Set, "keeps `\\c CONNINFO` verified"),
    row("PGSSLROOTCERT", Set, "keeps `\\c CONNINFO` verified"),
    row("PGGSSENCMODE", Set, "with a Kerberos ticket, GSS encryption would replace TLS"),
    row("PGSSLCERT", Set, "a client certificate in ~/.postgresql, or one without its key, would end TLS"),
    row("PGSSLCRL", Set, "a revocation list in ~/.postgresql that lacks Amazon's would refuse every server"),
    row("PGSERVICE", Removed, "a service replaces host, address and password; conninfo cannot cancel it"),
    row("PGSERVICEFILE", Removed, "only of use with a service"),
    row("PGREQUIRESSL", Removed, "the old form of PGSSLMODE"),
    row("PGSSLNEGOTIATION", Removed, "`direct` fails with servers before 17"),
    row("PGSSLKEY", Removed, "belongs to PGSSLCERT"),
    row("PGSSLCERTMODE", Removed, "`require` fails: RDS asks for no client certificate"),
    row("PGSSLCRLDIR", Removed, "belongs to PGSSLCRL"),
    row("PGSSLCOMPRESSION", Removed, "compression weakens TLS (CRIME)"),
    row("PGSSLSNI", Removed, "RDS Proxy finds the certificate by SNI"),
    row("PGSSLMINPROTOCOLVERSION", Removed, "an old version weakens TLS"),
    row("PGSSLMAXPROTOCOLVERSION", Removed, "an old version fails"),
    row("PGREQUIREAUTH", Removed, "anything but `password` fails"),
    row("PGCHANNELBINDING", Removed, "`require` fails: a token is a clear password inside TLS"),
    row("PGREQUIREPEER", Removed, "for Unix sockets"),
    row("PGTARGETSESSIONATTRS", Removed, "would refuse the one server that was named"),
    row("PGLOADBALANCEHOSTS", Removed, "there is one server; a bad value fails"),
    row("PGMINPROTOCOLVERSION", Removed, "`3.2` fails with servers before 18"),
    row("PGMAXPROTOCOLVERSION", Removed, "a bad value fails"),
    row("PGOAUTHDEBUG", Removed, "`UNSAFE` prints secrets"),
    row("SSLKEYLOGFILE", Removed, "GnuTLS, and OpenSSL from 3.5, would write the keys of the session to it"),
    row("PGCLUSTER", Removed, "Debian's wrapper would choose another host and client"),
    row("PG_CLUSTER_CONF_ROOT", Removed, "Debian's wrapper would read another list of clusters"),
    row("PGCONNECT_TIMEOUT", KeptIfNumber, "the user's patience; a bad value fails"),
    row("PGOPTIONS", Kept, "session settings are the user's business"),
    row("PGAPPNAME", Kept, "a name for the session"),
    row("PGCLIENTENCODING", Kept, "how text is shown"),
    row("PGDATESTYLE", Kept, "how dates are shown"),
    row("PGTZ", Kept, "the session's time zone"),
    row("PGGEQO", Kept, "the session's planner"),
    row("PGKRBSRVNAME", Kept, "without effect, GSS encryption is off"),
    row("PGGSSLIB", Kept, "without effect, GSS encryption is off"),
    row("PGGSSDELEGATION", Kept, "without effect, GSS encryption is off"),
    row("PGSYSCONFDIR", Kept, "where psqlrc is; services are off"),
    row("PGLOCALEDIR", Kept, "the language of messages"),
    row("PSQLRC", Kept, "the user's own start-up file"),
    row("PSQL_HISTORY", Kept, "where the history is"),
    row("PSQL_EDITOR", Kept, "the user's editor"),
    row("PSQL_EDITOR_LINENUMBER_ARG", Kept, "the user's editor"),
    row("PSQL_PAGER", Kept, "the user's pager"),
    row("PSQL_WATCH_PAGER", Kept, "the user's pager"),
    row("PG_COLOR", Kept, "colours of messages"),
    row("PG_COLORS", Kept, "colours of messages"),
];

/// MySQL 9.7 (manual, section 6.9), MariaDB 11.8 (its environment variables page) and what their
/// libraries read besides.
pub const MYSQL: &[Variable] = &[
    row("MYSQL_PWD", Set, "the token, unless a descriptor hands it over"),
    row("MYSQL_TEST_LOGIN_FILE", Set, "a password in ~/.mylogin.cnf would replace the token, whatever else is said"),
    row("LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", Set, "allows a token inside verified TLS; `0` would forbid it"),
    row("MYSQL_HOST", Removed, "would be the default host"),
    row("MARIADB_HOST", Removed, "would be the default host"),
    row("MYSQL_TCP_PORT", Removed, "would be the default port"),
    row("MYSQL_UNIX_PORT", Removed, "would be the default socket"),
    row("MARIADB_UNIX_PORT", Removed, "would be the default socket"),
    row("SSLKEYLOGFILE", Removed, "GnuTLS, and OpenSSL from 3.5, would write the keys of the session to it"),
    row("MYSQL_HOME", Removed, "a place of option files"),
    row("MARIADB_HOME", Removed, "a place of option files"),
    row("MYSQL_GROUP_SUFFIX", Removed, "would read further groups of option files"),
    row("MARIADB_GROUP_SUFFIX", Removed, "would read further groups of option files"),
    row("LIBMYSQL_PLUGIN_DIR", Removed, "would load plugins from elsewhere"),
    row("LIBMYSQL_PLUGINS", Removed, "would load further plugins"),
    row("MARIADB_PLUGIN_DIR", Removed, "the plugin that sends the token would not be found there"),
    row("MARIADB_TLS_DISABLE_PEER_VERIFICATION", Removed, "would turn the verification off"),
    row("MYSQL_DEBUG", Removed, "would write a trace with the password (debug builds)"),
    row("MYSQL_TEST_TRACE_DEBUG", Removed, "would write a trace of the protocol (debug builds)"),
    row("MYSQL_TEST_TRACE_CRASH", Removed, "would crash the client on purpose (debug builds)"),
    row("MYSQL_PS1", Kept, "the user's prompt"),
    row("MARIADB_PS1", Kept, "the user's prompt"),
    row("MYSQL_HISTFILE", Kept, "where the history is"),
    row("MARIADB_HISTFILE", Kept, "where the history is"),
    row("MYSQL_HISTIGNORE", Kept, "what the history leaves out"),
    row("PAGER", Kept, "the user's pager"),
    row("EDITOR", Kept, "the user's editor"),
    row("VISUAL", Kept, "the user's editor"),
    row("USER", Kept, "without effect, a user is always named"),
];
