//! The options of the mysql clients' sisters that may pass, by the `--help` of Oracle 9.7 and MariaDB
//! 10.11 and 11.8. What is refused is refused for all alike.

use super::mysql_options::Arity::{self, Flag, Optional, Required};
use super::mysql_options::{Names, Options};

const fn both(arity: Arity, list: &'static str) -> Names {
    Names { mariadb: Some(arity), oracle: Some(arity), list }
}

const fn mariadb(arity: Arity, list: &'static str) -> Names {
    Names { mariadb: Some(arity), oracle: None, list }
}

const fn oracle(arity: Arity, list: &'static str) -> Names {
    Names { mariadb: None, oracle: Some(arity), list }
}

/// mysqldump and mariadb-dump.
pub(super) const DUMP: Options = Options {
    rows: &[],
    names: &[
        both(
            Flag,
            "add-drop-database add-drop-table add-drop-trigger add-locks all-databases all-tablespaces \
            allow-keywords apply-slave-statements comments compact complete-insert compress create-options \
            databases debug-check debug-info delete-master-logs disable-keys dump-date events extended-insert \
            flush-logs flush-privileges force help hex-blob include-master-host-port insert-ignore \
            lock-all-tables lock-tables no-autocommit no-create-db no-create-info no-data no-set-names \
            no-tablespaces opt order-by-primary quick quote-names replace routines set-charset \
            single-transaction skip-comments skip-opt tables triggers tz-utc verbose version xml",
        ),
        both(Optional, "dump-slave master-data"),
        both(
            Required,
            "character-sets-dir compatible default-character-set fields-enclosed-by fields-escaped-by \
            fields-optionally-enclosed-by fields-terminated-by ignore-table lines-terminated-by log-error \
            max-allowed-packet net-buffer-length result-file tab where",
        ),
        mariadb(
            Flag,
            "copy-s3-tables delayed-insert dump-history galera-info gtid header log-queries no-data-med \
            order-by-size update-history",
        ),
        mariadb(Required, "as-of dir ignore-database ignore-table-data max-statement-time parallel system"),
        oracle(
            Flag,
            "add-drop-masking-policy add-drop-user apply-replica-statements column-statistics delete-source-logs \
            dump-replica ignore-views include-source-host-port masking-policies network-timeout \
            show-create-table-skip-secondary-engine skip-generated-invisible-primary-key source-data users",
        ),
        oracle(Optional, "output-as-version set-gtid-purged"),
        oracle(
            Required,
            "bind-address compression-algorithms exclude-user ignore-error include-user init-command \
            init-command-add mysqld-long-query-time zstd-compression-level",
        ),
    ],
    flags: b"?ABCEFHKMNQRVXYacdefilnqtvxy",
    takes: b"Trw",
};

/// mysqladmin and mariadb-admin. A command may be a name without an option.
pub(super) const ADMIN: Options = Options {
    rows: &[],
    names: &[
        both(Flag, "compress debug-check debug-info force help no-beep relative silent verbose version vertical"),
        both(Optional, "wait"),
        both(Required, "character-sets-dir connect-timeout count default-character-set shutdown-timeout sleep"),
        mariadb(Flag, "local wait-for-all-slaves"),
        oracle(Flag, "show-warnings"),
        oracle(Required, "bind-address compression-algorithms zstd-compression-level"),
    ],
    flags: b"?CEVbflrsvw",
    takes: b"ci",
};

/// mysqlimport and mariadb-import.
pub(super) const IMPORT: Options = Options {
    rows: &[],
    names: &[
        both(
            Flag,
            "compress debug-check debug-info delete force help ignore local lock-tables low-priority replace \
            silent verbose version",
        ),
        both(
            Required,
            "character-sets-dir columns default-character-set fields-enclosed-by fields-escaped-by \
            fields-optionally-enclosed-by fields-terminated-by ignore-lines lines-terminated-by use-threads",
        ),
        mariadb(Flag, "ignore-foreign-keys innodb-optimize-keys"),
        mariadb(Required, "database dir ignore-database ignore-table parallel table"),
        oracle(Required, "bind-address compression-algorithms zstd-compression-level"),
    ],
    flags: b"?CLVdfiklrsv",
    takes: b"c",
};

/// mysqlcheck and mariadb-check.
pub(super) const CHECK: Options = Options {
    rows: &[],
    names: &[
        both(
            Flag,
            "all-databases all-in-1 analyze auto-repair check check-only-changed check-upgrade compress databases \
            debug-check debug-info extended fast force help medium-check optimize quick repair silent tables \
            use-frm verbose version write-binlog",
        ),
        both(Required, "character-sets-dir default-character-set skip-database"),
        mariadb(Flag, "fix-db-names fix-table-names flush persistent process-tables skip-write-binlog"),
        mariadb(Optional, "process-views"),
        oracle(Required, "bind-address compression-algorithms zstd-compression-level"),
    ],
    flags: b"1?ABCFVZacefgmoqrsv",
    takes: b"",
};

/// mysqlshow and mariadb-show.
pub(super) const SHOW: Options = Options {
    rows: &[],
    names: &[
        both(Flag, "compress count debug-check debug-info help keys show-table-type status verbose version"),
        both(Required, "character-sets-dir default-character-set"),
        oracle(Required, "bind-address compression-algorithms zstd-compression-level"),
    ],
    flags: b"?CViktv",
    takes: b"c",
};
