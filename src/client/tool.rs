//! `Tool`: the closed list of client programs that rdsconnect knows how to start. What each is given,
//! and which arguments it may get, hangs on it.

use crate::error::client::ClientError;
use crate::target::{Engine, Program};
use std::path::Path;

/// A client program. Its file name tells which; whose it is (Oracle's or MariaDB's) its name does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// PostgreSQL's shell.
    Psql,
    /// Dumps a database.
    PgDump,
    /// Restores a dump.
    PgRestore,
    /// Dumps all databases.
    PgDumpall,
    /// Cleans up and analyses.
    Vacuumdb,
    /// Measures.
    Pgbench,
    /// A shell with completion.
    Pgcli,
    /// Any other program, given libpq's variables and nothing else: by `exec` alone, and outside
    /// the promise, since its own arguments may override them.
    LibPq,
    /// The shell of the mysql family.
    MySql,
    /// Dumps databases.
    MySqlDump,
    /// Administers.
    MySqlAdmin,
    /// Loads files into tables.
    MySqlImport,
    /// Checks and repairs tables.
    MySqlCheck,
    /// Lists databases, tables and columns.
    MySqlShow,
    /// A shell with completion.
    Mycli,
}

use Tool::{
    LibPq, MySql, MySqlAdmin, MySqlCheck, MySqlDump, MySqlImport, MySqlShow, Mycli, PgDump, PgDumpall, PgRestore,
    Pgbench, Pgcli, Psql, Vacuumdb,
};

impl Tool {
    /// All of them, the engines' shells first.
    pub const ALL: [Self; 15] = [
        Psql,
        PgDump,
        PgRestore,
        PgDumpall,
        Vacuumdb,
        Pgbench,
        Pgcli,
        LibPq,
        MySql,
        MySqlDump,
        MySqlAdmin,
        MySqlImport,
        MySqlCheck,
        MySqlShow,
        Mycli,
    ];

    /// The names under which it is installed.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Psql => &["psql"],
            PgDump => &["pg_dump"],
            PgRestore => &["pg_restore"],
            PgDumpall => &["pg_dumpall"],
            Vacuumdb => &["vacuumdb"],
            Pgbench => &["pgbench"],
            Pgcli => &["pgcli"],
            LibPq => &[],
            MySql => &["mysql", "mariadb"],
            MySqlDump => &["mysqldump", "mariadb-dump"],
            MySqlAdmin => &["mysqladmin", "mariadb-admin"],
            MySqlImport => &["mysqlimport", "mariadb-import"],
            MySqlCheck => &["mysqlcheck", "mariadb-check"],
            MySqlShow => &["mysqlshow", "mariadb-show"],
            Mycli => &["mycli"],
        }
    }

    /// Whether it is for PostgreSQL; all others are for the mysql family.
    #[must_use]
    pub fn is_libpq(self) -> bool {
        matches!(self, Psql | PgDump | PgRestore | PgDumpall | Vacuumdb | Pgbench | Pgcli | LibPq)
    }

    /// Whether it belongs to an engine.
    #[must_use]
    pub fn is_for(self, engine: Engine) -> bool {
        match engine {
            Engine::Postgres => self.is_libpq(),
            Engine::MySql | Engine::MariaDb => !self.is_libpq(),
        }
    }

    /// The engine's own shell.
    #[must_use]
    pub fn shell(engine: Engine) -> Self {
        match engine {
            Engine::Postgres => Psql,
            Engine::MySql | Engine::MariaDb => MySql,
        }
    }

    /// The tool that a program's name stands for. A version may follow it: `psql-17`, `mysql8.4`.
    #[must_use]
    pub fn named(program: &str) -> Option<Self> {
        let file = Path::new(program).file_name()?.to_str()?;
        let known = |name: &str| Self::ALL.into_iter().find(|tool| tool.names().contains(&name));
        known(file).or_else(|| {
            let bare = file.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            known(bare.strip_suffix(['-', '@']).unwrap_or(bare))
                .filter(|_| file.ends_with(|c: char| c.is_ascii_digit()))
        })
    }

    /// The names of all tools of an engine.
    #[must_use]
    pub fn known(engine: Engine) -> Vec<&'static str> {
        let tools = Self::ALL.into_iter().filter(|tool| tool.is_for(engine));
        tools.flat_map(|tool| tool.names().iter().copied()).collect()
    }

    /// What a profile's `client` is, by its name. A name that says nothing is a wrapper's, or that of
    /// a build of one's own, and stands for the engine's shell; `None` for a program of another
    /// engine, and for one that is known and whose options are not.
    #[must_use]
    pub fn client(engine: Engine, program: &str) -> Option<Self> {
        match Self::named(program) {
            Some(tool) => Some(tool).filter(|tool| tool.is_for(engine)),
            None if is_another(program) => None,
            None => Some(Self::shell(engine)),
        }
    }

    /// The tool that a target's client is, when one is named, else the engine's shell.
    ///
    /// # Errors
    /// [`ClientError::Unknown`] where [`Tool::client`] has none.
    pub fn of(engine: Engine, program: Option<&Program>) -> Result<Self, ClientError> {
        let name = match program {
            None => return Ok(Self::shell(engine)),
            Some(Program::Name(name)) => name.clone(),
            Some(Program::Path(path)) => path.display().to_string(),
        };
        Self::client(engine, &name).ok_or_else(|| ClientError::Unknown {
            name,
            engine: engine.name(),
            known: Self::known(engine),
        })
    }
}

/// Programs of both families that are no shell and are not on the list: what their options mean is
/// not known here.
const OTHERS: &[&str] = &[
    "mysqlslap",
    "mysqlbinlog",
    "mysqlsh",
    "mysqlpump",
    "mysql_upgrade",
    "mysql_config_editor",
    "mariadb-slap",
    "mariadb-binlog",
    "mariadb-upgrade",
    "pg_amcheck",
    "pg_basebackup",
    "pg_isready",
    "pg_receivewal",
    "pg_recvlogical",
    "clusterdb",
    "reindexdb",
    "createdb",
    "createuser",
    "dropdb",
    "dropuser",
    "usql",
];

fn is_another(program: &str) -> bool {
    Path::new(program).file_name().is_some_and(|file| OTHERS.iter().any(|other| file == *other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_its_file_name() {
        for (program, tool) in [
            ("psql", Some(Psql)),
            ("/usr/lib/postgresql/15/bin/psql", Some(Psql)),
            ("psql-17", Some(Psql)),
            ("psql15", Some(Psql)),
            ("bin/mysql@8.4", Some(MySql)),
            ("mariadb-11.8", Some(MySql)),
            ("mariadb-dump", Some(MySqlDump)),
            ("mysqldump", Some(MySqlDump)),
            ("pg_dumpall", Some(PgDumpall)),
            ("pg_dump-16", Some(PgDump)),
            // Programs that only begin like one.
            ("mysqlslap", None),
            ("mysqlsh", None),
            ("mysql_upgrade", None),
            ("mysql_config_editor", None),
            ("mariadb-slap", None),
            ("psqlodbc", None),
            ("psql-", None),
            ("psql.", None),
            ("-15", None),
            ("15", None),
            ("", None),
            ("..", None),
        ] {
            assert_eq!(Tool::named(program), tool, "{program}");
        }
        for tool in Tool::ALL {
            for name in tool.names() {
                assert_eq!(Tool::named(name), Some(tool));
            }
        }
    }

    #[test]
    fn a_tool_serves_one_engine() {
        let of = |engine, name: &str| Tool::of(engine, Some(&Program::Name(name.into())));
        assert_eq!(of(Engine::Postgres, "pg_dump").ok(), Some(PgDump));
        assert_eq!(of(Engine::MariaDb, "mycli").ok(), Some(Mycli));
        assert!(of(Engine::MySql, "psql").is_err());
        assert!(of(Engine::Postgres, "mysql").is_err());
        assert!(of(Engine::MySql, "mysqlslap").is_err());
        assert!(of(Engine::Postgres, "/usr/bin/pg_basebackup").is_err());
        assert_eq!(of(Engine::Postgres, "our-wrapper").ok(), Some(Psql));
        assert_eq!(of(Engine::MySql, "bin/our-wrapper.sh").ok(), Some(MySql));
        assert_eq!(Tool::of(Engine::MariaDb, None).ok(), Some(MySql));
    }
}
