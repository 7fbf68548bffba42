//! Safety marks: the prompt of a production database, and sessions that start read-only. Pure.

use super::Dialect;
use super::gate::{self, Refusal};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

/// Makes every transaction of a mysql session read-only. A session is free to change its mind.
const READ_ONLY: &str = "SET SESSION TRANSACTION READ ONLY";

/// Makes of what stands before a mark a statement of its own, which a comment may end. mycli puts the
/// statements of its `~/.myclirc` there (2.30).
const AFTER_ANYTHING: &str = "DO 0\n;";

/// psql's own prompt, marked. It reads `~/.psqlrc` after this, so a prompt set there wins, and so
/// does one after `--` (15 and 18).
pub(super) fn psql_prompt(name: &str) -> OsString {
    // psql expands `%` alone; what stands in backquotes is run only after one.
    format!("--set=PROMPT1={}%/%R%x%# ", mark(name).replace('%', "%%")).into()
}

/// The client's own prompt, marked, for `MYSQL_PS1`: `--prompt` beats it (MariaDB 10.11 and 11.8,
/// Oracle 9.7).
pub(super) fn mysql_prompt(name: &str, dialect: Dialect) -> OsString {
    let own = match dialect {
        Dialect::MariaDb(..) => r"\N [\d]> ",
        Dialect::MySql | Dialect::Psql | Dialect::Mycli => "mysql> ",
    };
    (mark(name).replace('\\', r"\\") + own).into()
}

/// pgcli's own prompt, marked; a later `--prompt` beats it. The prompt of its file does not, because the
/// file always has one: pgcli writes it (4.7).
pub(super) fn pgcli_prompt(name: &str) -> OsString {
    // What a backslash begins cannot be escaped there.
    format!(r"--prompt={}\u@\h:\d> ", mark(name).replace('\\', "/")).into()
}

/// The same for mycli (2.30).
pub(super) fn mycli_prompt(name: &str) -> OsString {
    format!(r"--prompt={}\t \u@\h:\d> ", mark(name).replace('\\', r"\\")).into()
}

fn mark(name: &str) -> String {
    format!("[PRODUCTION {name}] ")
}

/// `PGOPTIONS` of a session that starts read-only: the user's, then ours, because the last counts.
/// Whatever in the user's could swallow ours makes the server refuse the session (15).
pub(super) fn pg_options(own: Option<OsString>) -> OsString {
    let mut options = own.unwrap_or_default();
    if !options.is_empty() {
        options.push(" ");
    }
    options.push("-c default_transaction_read_only=on");
    options
}

/// The arguments that start a mysql session read-only. The clients take the last `--init-command`
/// alone, so the user's is taken out and put behind ours, in one; all three run several statements.
/// Ours goes first, where no comment of the user's can hide it.
pub(super) fn read_only(carried: &mut Vec<OsString>, from_user: &mut Vec<OsString>) -> Result<Vec<OsString>, Refusal> {
    // With Oracle's client, `--init-command` undoes an `--init-command-add` before it.
    let (of_files, others): (Vec<_>, Vec<_>) = carried.drain(..).partition(|argument| {
        let name = argument.as_bytes().split(|c| *c == b'=').next().unwrap_or_default();
        let name = name.strip_prefix(b"--loose-").or_else(|| name.strip_prefix(b"--")).unwrap_or_default();
        name == b"init-command" || name == b"init-command-add"
    });
    *carried = others;
    let (statement, rest) = gate::take_init_command(from_user)?;
    *from_user = rest;
    let is_addition =
        |argument: &OsString| argument.as_bytes().split(|c| *c == b'=').next().is_some_and(|n| n.ends_with(b"-add"));
    let (additions, replaced): (Vec<_>, Vec<_>) = of_files.into_iter().partition(is_addition);
    let of_files = replaced.into_iter().next_back().map(value);
    let mut ours = OsString::from(format!("--init-command={READ_ONLY}"));
    if let Some(statement) = statement.or(of_files) {
        ours.push(";");
        ours.push(statement);
    }
    Ok(std::iter::once(ours).chain(additions).collect())
}

/// The same for mycli, which carries nothing over.
pub(super) fn mycli_read_only(from_user: &mut Vec<OsString>) -> Result<OsString, Refusal> {
    let ours = read_only(&mut Vec::new(), from_user)?;
    let statements = ours.into_iter().next().map(value).unwrap_or_default();
    let mut after = OsString::from("--init-command=".to_owned() + AFTER_ANYTHING);
    after.push(statements);
    Ok(after)
}

/// What follows `=`.
fn value(argument: OsString) -> OsString {
    let mut bytes = argument.into_vec();
    let at = bytes.iter().position(|c| *c == b'=').map_or(bytes.len(), |at| at + 1);
    OsString::from_vec(bytes.split_off(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_prompts_are_names() {
        assert_eq!(psql_prompt("a%`touch /tmp/x`%/"), "--set=PROMPT1=[PRODUCTION a%%`touch /tmp/x`%%/] %/%R%x%# ");
        assert_eq!(mysql_prompt(r"a\d", Dialect::MySql), r"[PRODUCTION a\\d] mysql> ");
        assert_eq!(pgcli_prompt(r"a\x1b"), r"--prompt=[PRODUCTION a/x1b] \u@\h:\d> ");
        assert_eq!(mycli_prompt(r"a\d"), r"--prompt=[PRODUCTION a\\d] \t \u@\h:\d> ");
        assert_eq!(mysql_prompt("a", Dialect::MariaDb(10, 11)), r"[PRODUCTION a] \N [\d]> ");
    }

    #[test]
    fn the_users_options_stay_and_ours_count() {
        assert_eq!(pg_options(None), "-c default_transaction_read_only=on");
        assert_eq!(pg_options(Some("-c work_mem=8MB".into())), "-c work_mem=8MB -c default_transaction_read_only=on");
    }

    fn merged(carried: &[&str], from_user: &[&str]) -> Result<[Vec<OsString>; 3], String> {
        let list = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let (mut carried, mut from_user) = (list(carried), list(from_user));
        let ours = read_only(&mut carried, &mut from_user).map_err(|refusal| refusal.to_string())?;
        Ok([carried, ours, from_user])
    }

    type Row<'a> = (&'a [&'a str], &'a [&'a str], &'a [&'a str], String, &'a [&'a str]);

    #[test]
    fn the_users_statement_follows_ours_wherever_it_was() {
        const OURS: &str = "--init-command=SET SESSION TRANSACTION READ ONLY";
        let with = |statement: &str| format!("{OURS};{statement}");
        let rows: &[Row] = &[
            (&[], &[], &[], OURS.into(), &[]),
            (&["--quick", "--init-command=set @a=1"], &["-N"], &["--quick"], with("set @a=1"), &["-N"]),
            (&["--loose-init-command=set @a=1"], &[], &[], with("set @a=1"), &[]),
            (&["--init-command=set @a=1"], &["--init-command=set @b=1", "-N"], &[], with("set @b=1"), &["-N"]),
            (&[], &["-N", "--init_command", "set @b=1", "app"], &[], with("set @b=1"), &["-N", "app"]),
            (&[], &["--init-command=a", "--init-command=b"], &[], with("b"), &[]),
            (&[], &["-e", "--init-command=a"], &[], OURS.into(), &["-e", "--init-command=a"]),
            (&[], &["--init-command-add=a"], &[], OURS.into(), &["--init-command-add=a"]),
        ];
        for (carried, from_user, carried_after, ours, after) in rows {
            let list = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
            let expected = [list(carried_after), vec![OsString::from(ours)], list(after)];
            assert_eq!(merged(carried, from_user), Ok(expected), "{carried:?} {from_user:?}");
        }
        let [_, ours, _] = merged(&["--init-command-add=a"], &[]).expect("a list that passes");
        assert_eq!(ours, [OURS, "--init-command-add=a"]);
    }

    #[test]
    fn a_spelling_that_cannot_be_taken_out_is_refused() {
        for words in [
            &["--init-comm=a"][..],
            &["--in", "a"],
            &["--loose-init-command=a"],
            &["--skip-init-command"],
            &["--INIT-COM=a"],
            &["--unknown", "--init-command=a"],
        ] {
            let refusal = merged(&[], words).expect_err("refused");
            assert!(refusal.ends_with("would replace the statement that makes the session read-only"), "{refusal}");
        }
        assert!(merged(&[], &["--INIT_COMMAND=a"]).is_ok());
    }
}
