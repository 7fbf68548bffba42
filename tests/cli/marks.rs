//! The marks of a profile: what is said, what the client's prompt shows, and how a session is made
//! read-only.

use crate::sandbox::Sandbox;

const PROFILES: &str = r#"
[defaults]
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
database = "app"
[profiles.pg]
engine = "postgres"
production = true
[profiles.my]
engine = "mysql"
production = true
[profiles.maria]
engine = "mariadb"
production = true
[profiles.careful-pg]
engine = "postgres"
read_only = true
[profiles.careful-my]
engine = "mysql"
read_only = true
[profiles.pooled]
engine = "postgres"
host = "pool.proxy-abc123.us-west-2.rds.amazonaws.com"
[profiles.plain]
engine = "postgres"
production = false
read_only = false
"#;

fn args(sandbox: &Sandbox, client: &str) -> Vec<String> {
    sandbox.record(client).unwrap().args
}

fn variable(sandbox: &Sandbox, client: &str, name: &str) -> Option<String> {
    sandbox.record(client).unwrap().env.remove(name)
}

#[test]
fn production_is_said_and_marks_the_prompt() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["pg", "--", "-q"]).gives("", "note: `pg` is marked as production\n", 0);
    // Ours stands before the user's, so that a prompt of theirs wins.
    assert_eq!(args(&sandbox, "psql")[2..], ["-w", "--set=PROMPT1=[PRODUCTION pg] %/%R%x%# ", "-q"]);
    sandbox.run(&["my"]).gives("", "note: `my` is marked as production\n", 0);
    assert_eq!(variable(&sandbox, "mysql", "MYSQL_PS1").as_deref(), Some("[PRODUCTION my] mysql> "));
    sandbox.run(&["maria"]).gives("", "note: `maria` is marked as production\n", 0);
    assert_eq!(variable(&sandbox, "mariadb", "MYSQL_PS1").as_deref(), Some(r"[PRODUCTION maria] \N [\d]> "));
    sandbox.run(&["plain"]).gives("", "", 0);
    assert_eq!(args(&sandbox, "psql").len(), 3);
}

#[test]
fn a_prompt_of_the_users_own_wins() {
    let mut sandbox = Sandbox::with_config(PROFILES);
    sandbox.set("MYSQL_PS1", "mine> ");
    sandbox.run(&["my"]).gives("", "note: `my` is marked as production\n", 0);
    assert_eq!(variable(&sandbox, "mysql", "MYSQL_PS1").as_deref(), Some("mine> "));
    sandbox.set("MYSQL_PS1", "");
    sandbox.run(&["my"]).gives("", "note: `my` is marked as production\n", 0);
    assert_eq!(variable(&sandbox, "mysql", "MYSQL_PS1").as_deref(), Some("[PRODUCTION my] mysql> "));
}

#[test]
fn shells_with_completion_are_marked_and_other_programs_are_not() {
    let sandbox = Sandbox::with_config(PROFILES);
    for name in ["pgcli", "mycli", "pg_dump"] {
        sandbox.client(name, "");
    }
    sandbox.client("mysqldump", "/x/mysqldump  Ver 9.7.4-2 for Linux on x86_64 ((Debian))\n");
    let prompts = |program: &str| {
        let args = args(&sandbox, program);
        args.into_iter().filter(|word| word.contains("PRODUCTION") || word.contains("mine")).collect::<Vec<_>>()
    };
    for (profile, program, prompt) in [
        ("pg", "pgcli", r"--prompt=[PRODUCTION pg] \u@\h:\d> "),
        ("my", "mycli", r"--prompt=[PRODUCTION my] \t \u@\h:\d> "),
    ] {
        let note = format!("note: `{profile}` is marked as production\n");
        sandbox.run(&[profile, "--client", program]).gives("", &note, 0);
        assert_eq!(prompts(program), [prompt]);
        // Of two, both take the last.
        sandbox.run(&["exec", profile, "--", program, "--prompt=mine> "]).gives("", &note, 0);
        assert_eq!(prompts(program), [prompt, "--prompt=mine> "]);
    }
    sandbox.run(&["plain", "--client", "pgcli"]).gives("", "", 0);
    assert_eq!(prompts("pgcli"), Vec::<String>::new());
    for (profile, program) in [("pg", "pg_dump"), ("my", "mysqldump")] {
        sandbox.run(&[profile, "--client", program]).gives(
            "",
            &format!("note: `{profile}` is marked as production\n"),
            0,
        );
        assert_eq!(prompts(program), Vec::<String>::new());
    }
}

#[test]
fn what_cannot_start_read_only_is_refused_before_it_starts() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.client("mysqldump", "/x/mysqldump  Ver 9.7.4-2 for Linux on x86_64 ((Debian))\n");
    sandbox.run(&["careful-my", "--client", "mysqldump"]).fails(
        "error: client `[dir]/bin/mysqldump` has no way to start a read-only session\n\
         hint: use a profile without `read_only`, or the engine's own shell\n",
    );
    assert!(sandbox.record("mysqldump").is_none());
    for name in ["pgcli", "pg_dump", "mycli"] {
        sandbox.client(name, "");
    }
    for program in ["pgcli", "pg_dump"] {
        sandbox.run(&["careful-pg", "--client", program]).gives("", "", 0);
        assert_eq!(variable(&sandbox, program, "PGOPTIONS").as_deref(), Some("-c default_transaction_read_only=on"));
    }
    sandbox.run(&["careful-my", "--client", "mycli"]).gives("", "", 0);
    assert!(args(&sandbox, "mycli").contains(&"--init-command=DO 0\n;SET SESSION TRANSACTION READ ONLY".to_owned()));
}

#[test]
fn a_read_only_session_keeps_the_users_options() {
    let mut sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["careful-pg"]).gives("", "", 0);
    assert_eq!(variable(&sandbox, "psql", "PGOPTIONS").as_deref(), Some("-c default_transaction_read_only=on"));
    sandbox.set("PGOPTIONS", "-c work_mem=8MB");
    sandbox.run(&["plain", "--read-only"]).gives("", "", 0);
    assert_eq!(
        variable(&sandbox, "psql", "PGOPTIONS").as_deref(),
        Some("-c work_mem=8MB -c default_transaction_read_only=on")
    );
    sandbox.run(&["plain"]).gives("", "", 0);
    assert_eq!(variable(&sandbox, "psql", "PGOPTIONS").as_deref(), Some("-c work_mem=8MB"));
}

#[test]
fn a_read_only_session_runs_the_users_first_statement_after_ours() {
    let ours = "--init-command=SET SESSION TRANSACTION READ ONLY";
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.run(&["careful-my", "--", "-N"]).gives("", "", 0);
    let last_two = |sandbox: &Sandbox| args(sandbox, "mysql").split_off(8);
    assert_eq!(last_two(&sandbox), ["--database=app", ours, "-N"]);
    sandbox.run(&["careful-my", "--", "--init-command", "set @a=1", "-N"]).gives("", "", 0);
    assert_eq!(last_two(&sandbox), ["--database=app", &format!("{ours};set @a=1"), "-N"]);
    sandbox.run(&["careful-my", "--", "--init-comm=set @a=1"]).fails(
        "error: argument `--init-comm` would replace the statement that makes the session read-only\n\
         hint: write it as `--init-command=STATEMENT`\n",
    );
    // Of the user's option files it is moved too.
    sandbox.write(
        "bin/mysql.defaults",
        "/x/mysql would have been started with the following arguments:\n--init-command=set @b=1 \n",
    );
    sandbox.write("home/.my.cnf", "[client]\ninit-command=set @b=1\n");
    sandbox.run(&["careful-my"]).gives("", "", 0);
    assert_eq!(last_two(&sandbox), ["--database=app", &format!("{ours};set @b=1")]);
}

#[test]
fn a_proxy_may_refuse_to_start_read_only() {
    let sandbox = Sandbox::with_config(PROFILES);
    let note = "note: RDS Proxy may refuse the start-up option that makes the session read-only\n";
    sandbox.run(&["pooled", "--read-only"]).gives("", note, 0);
    sandbox.run(&["pooled"]).gives("", "", 0);
}
