//! The options of PostgreSQL's programs: of 15 and 18 by their `--help`.

use super::Why;
use super::getopt::Table;

/// What they call the connection.
const CONNECTION: &[(&str, Why)] = &[
    ("dbname", Why::Database),
    ("host", Why::Host),
    ("port", Why::Port),
    ("username", Why::User),
    ("password", Why::Password),
    ("cluster", Why::Cluster),
];

const LETTERS: &[(u8, Why)] =
    &[(b'd', Why::Database), (b'h', Why::Host), (b'p', Why::Port), (b'U', Why::User), (b'W', Why::Password)];

/// A program that takes no names without an option.
const fn libpq(plain: &'static str, valued: &'static str, flags: &'static [u8], takes: &'static [u8]) -> Table {
    Table {
        plain,
        valued,
        flags,
        takes,
        refused: CONNECTION,
        refused_letters: LETTERS,
        stems: &[],
        operands: false,
        wrapped: true,
    }
}

pub(super) const PSQL: Table = libpq(
    "csv echo-all echo-errors echo-hidden echo-queries expanded field-separator-zero help html list \
     no-align no-password no-psqlrc no-readline quiet record-separator-zero single-line single-step \
     single-transaction tuples-only version",
    "command field-separator file log-file output pset record-separator set table-attr variable",
    b"aAbeEHlnqsStVwxXz?01",
    b"cfFLoPRTv",
);

/// A name without an option would be a second database.
pub(super) const PG_DUMP: Table = libpq(
    "binary-upgrade blobs clean column-inserts create data-only disable-dollar-quoting disable-triggers \
     enable-row-security help if-exists inserts large-objects load-via-partition-root no-blobs \
     no-comments no-data no-large-objects no-owner no-password no-policies no-privileges no-publications \
     no-schema no-security-labels no-statistics no-subscriptions no-sync no-table-access-method \
     no-tablespaces no-toast-compression no-unlogged-table-data on-conflict-do-nothing \
     quote-all-identifiers schema-only sequence-data serializable-deferrable statistics statistics-only \
     strict-names use-set-session-authorization verbose version",
    "compress encoding exclude-extension exclude-schema exclude-table exclude-table-and-children \
     exclude-table-data exclude-table-data-and-children extension extra-float-digits file filter format \
     include-foreign-data jobs lock-wait-timeout restrict-key role rows-per-insert schema section \
     snapshot superuser sync-method table table-and-children",
    b"?BCOVabcsvwx",
    b"EFNSTZefjnt",
);

/// A name without an option is the archive.
pub(super) const PG_RESTORE: Table = Table {
    operands: true,
    ..libpq(
        "clean create data-only disable-triggers enable-row-security exit-on-error help if-exists list \
         no-comments no-data no-data-for-failed-tables no-owner no-password no-policies no-privileges \
         no-publications no-schema no-security-labels no-statistics no-subscriptions no-table-access-method \
         no-tablespaces schema-only single-transaction statistics statistics-only strict-names \
         use-set-session-authorization verbose version",
        "exclude-schema file filter format function index jobs restrict-key role schema section superuser \
         table transaction-size trigger use-list",
        b"1?COVacelsvwx",
        b"FILNPSTfjnt",
    )
};

/// `--database` is refused: what looks like a connection string in it is followed, in clear if it says
/// so (15 and 18).
pub(super) const PG_DUMPALL: Table = Table {
    refused: &[
        ("database", Why::Database),
        ("dbname", Why::Database),
        ("host", Why::Host),
        ("port", Why::Port),
        ("username", Why::User),
        ("password", Why::Password),
        ("cluster", Why::Cluster),
    ],
    refused_letters: &[
        (b'l', Why::Database),
        (b'd', Why::Database),
        (b'h', Why::Host),
        (b'p', Why::Port),
        (b'U', Why::User),
        (b'W', Why::Password),
    ],
    ..libpq(
        "binary-upgrade clean column-inserts data-only disable-dollar-quoting disable-triggers globals-only \
         help if-exists inserts load-via-partition-root no-comments no-data no-owner no-password no-policies \
         no-privileges no-publications no-role-passwords no-schema no-security-labels no-statistics \
         no-subscriptions no-sync no-table-access-method no-tablespaces no-toast-compression \
         no-unlogged-table-data on-conflict-do-nothing quote-all-identifiers roles-only schema-only \
         sequence-data statistics statistics-only tablespaces-only use-set-session-authorization verbose \
         version",
        "encoding exclude-database extra-float-digits file filter lock-wait-timeout restrict-key role \
         rows-per-insert superuser",
        b"?OVacgrstvwx",
        b"ESf",
    )
};

/// `--all` passes, and vacuumdb refuses it itself beside a database.
pub(super) const VACUUMDB: Table = Table {
    refused: &[
        ("maintenance-db", Why::Database),
        ("dbname", Why::Database),
        ("host", Why::Host),
        ("port", Why::Port),
        ("username", Why::User),
        ("password", Why::Password),
        ("cluster", Why::Cluster),
    ],
    ..libpq(
        "all analyze analyze-in-stages analyze-only disable-page-skipping echo force-index-cleanup freeze \
         full help missing-stats-only no-index-cleanup no-password no-process-main no-process-toast \
         no-truncate quiet skip-locked verbose version",
        "buffer-usage-limit exclude-schema jobs min-mxid-age min-xid-age parallel schema table",
        b"?FVZaefqvwz",
        b"NPjnt",
    )
};

/// `-d` is the database in newer ones, and a trace in 15.
pub(super) const PGBENCH: Table = libpq(
    "connect debug failures-detailed foreign-keys help initialize log no-vacuum progress-timestamp quiet \
     report-per-command select-only skip-some-updates unlogged-tables vacuum-all verbose-errors version",
    "aggregate-interval builtin client define file fillfactor index-tablespace init-steps jobs \
     latency-limit log-prefix max-tries partition-method partitions progress protocol random-seed rate \
     sampling-rate scale show-script tablespace time transactions",
    b"?CNSVilnqrv",
    b"DFILMPRTbcfjst",
);
