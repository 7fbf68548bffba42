//! What is compared with what, and how the figures are put.

use crate::goals::Goal;
use crate::measure::{Case, Times, compare, kilo_instructions, peak_memory};
use crate::page::Table;
use crate::stage::Stage;
use crate::standin::{Edition, Engine};
use std::path::Path;
use std::time::Duration;

/// What takes long runs less often.
const FEWER: usize = 5;

pub(crate) fn all(stage: &Stage, rounds: usize) -> Result<Vec<Table>, String> {
    Ok(vec![
        start(stage, rounds)?,
        start_of_mysql(stage, rounds)?,
        aws_cli(stage, (rounds / FEWER).max(3))?,
        session(stage, rounds)?,
        credentials(stage, rounds)?,
        profiles(stage, rounds)?,
        verbs(stage, rounds)?,
        memory(stage),
        counted(stage),
    ])
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

fn ratio(time: Times, base: Times) -> f64 {
    time.median.as_secs_f64() / base.median.as_secs_f64()
}

/// How much longer a command took, in milliseconds.
fn added(time: Times, base: Times) -> f64 {
    (time.median.as_secs_f64() - base.median.as_secs_f64()) * 1e3
}

fn times_of(time: Times, base: Times) -> String {
    let ratio = ratio(time, base);
    if ratio < 10.0 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}

/// Name, median, minimum, and how many times the median of the first.
fn beside_the_first(cases: &[Case], times: &[Times]) -> Vec<Vec<String>> {
    let row = |(case, time): (&Case, &Times)| {
        vec![case.name.clone(), milliseconds(time.median), milliseconds(time.min), times_of(*time, times[0])]
    };
    cases.iter().zip(times).map(row).collect()
}

const BESIDE: [&str; 4] = ["command", "median (ms)", "minimum (ms)", "times the first"];

fn start(stage: &Stage, rounds: usize) -> Result<Table, String> {
    let env = stage.env();
    let file = stage.profiles(10);
    let cases = [
        Case::new("`/bin/true`", Path::new("/bin/true"), &[], &env),
        Case::new("`rdsconnect pg`", &stage.program, &["--config", &file, "pg"], &env),
    ];
    let times = compare(&cases, rounds)?;
    Ok(Table {
        title: "Start to exec: psql",
        note: "Static credentials, 10 profiles, built-in roots; `true` stands in for psql, so this is all that \
               rdsconnect takes, process and loader included."
            .into(),
        columns: BESIDE.to_vec(),
        rows: beside_the_first(&cases, &times),
        goals: vec![Goal::at_most(
            "start to exec of psql, beside `/bin/true`",
            4.5,
            " times",
            ratio(times[1], times[0]),
        )],
    })
}

fn start_of_mysql(stage: &Stage, rounds: usize) -> Result<Table, String> {
    let file = stage.profiles(10);
    let (mut rows, mut goals) = (Vec::new(), Vec::new());
    for client in &stage.mysql {
        let env = stage.env();
        let path = client.path.display().to_string();
        let connect = ["--config", &file, "my", "--client", &path, "--", "--version"];
        let mut first = Case::new("first", &stage.program, &connect, &env);
        first.forget = Some(stage.cache());
        let cases = [
            Case::new("bare", &client.path, &["--version"], &env),
            Case::new("later", &stage.program, &connect, &env),
            first,
        ];
        let times = compare(&cases, rounds)?;
        let (later, first) = (added(times[1], times[0]), added(times[2], times[0]));
        rows.push(vec![
            client.name.to_owned(),
            milliseconds(times[0].median),
            milliseconds(times[1].median),
            format!("{later:.2}"),
            format!("{first:.2}"),
        ]);
        for (launch, took) in [("", later), (", the first time", first)] {
            goals.push(Goal::at_most(&format!("start to exec of {}{launch}", client.name), 12.0, " ms", took));
        }
    }
    Ok(Table {
        title: "Start to exec: mysql",
        note: "The client's own `--version` stands in for a session. What rdsconnect adds to it is its start to exec \
               with everything it asks the client; the first launch also learns the client's version."
            .into(),
        columns: vec!["client", "bare (ms)", "through rdsconnect (ms)", "added (ms)", "added by the first (ms)"],
        rows,
        goals,
    })
}

fn aws_cli(stage: &Stage, rounds: usize) -> Result<Table, String> {
    let env = stage.env();
    let file = stage.profiles(10);
    let host = stage.standin.host();
    let Some(aws) = &stage.aws else {
        return Ok(Table {
            title: "Beside the AWS CLI",
            note: "Not measured: no AWS CLI.".into(),
            columns: Vec::new(),
            rows: Vec::new(),
            goals: Vec::new(),
        });
    };
    let generate = ["rds", "generate-db-auth-token", "--hostname", host, "--port", "5432", "--username", "jane"];
    let cases = [
        Case::new("`rdsconnect token pg`", &stage.program, &["--config", &file, "token", "pg"], &env),
        Case::new("`aws rds generate-db-auth-token`", aws, &[&generate[..], &["--region", "us-west-2"]].concat(), &env),
        Case::new("`rdsconnect pg`", &stage.program, &["--config", &file, "pg"], &env),
        Case::new("a script with the AWS CLI and psql", &stage.path("by-hand.sh"), &[], &env),
    ];
    let times = compare(&cases, rounds)?;
    Ok(Table {
        title: "Beside the AWS CLI",
        note: "Static credentials; `true` stands in for psql.".into(),
        columns: BESIDE.to_vec(),
        rows: beside_the_first(&cases, &times),
        goals: vec![
            Goal::at_least(
                "a token of the AWS CLI, beside one of rdsconnect",
                150.0,
                " times",
                ratio(times[1], times[0]),
            ),
            Goal::at_least("a script with the AWS CLI, beside a launch", 150.0, " times", ratio(times[3], times[2])),
        ],
    })
}

fn session(stage: &Stage, rounds: usize) -> Result<Table, String> {
    let env = stage.env_with_names();
    let file = stage.profiles(10);
    let (full, host) = (stage.path("full.pem"), stage.standin.host());
    let (mut rows, mut goals) = (Vec::new(), Vec::new());
    let mut compared = |name: &str, bare: Case, ours: Case| {
        let times = compare(&[bare, ours], rounds)?;
        let (bare, ours) = (times[0], times[1]);
        rows.push(vec![name.to_owned(), milliseconds(bare.median), milliseconds(ours.median), times_of(ours, bare)]);
        goals.push(Goal::at_most(
            &format!("`select 1` of {name}, beside the bare client"),
            1.0,
            " times",
            ratio(ours, bare),
        ));
        Ok::<(), String>(())
    };

    let port = stage.standin.port(Engine::Postgres, Edition::Good);
    let conninfo =
        format!("host={host} port={port} user=jane dbname=app sslmode=verify-full sslrootcert={}", full.display());
    let psql = stage.psql.display().to_string();
    let token = stage.standin.token(Engine::Postgres, Edition::Good, "jane");
    compared(
        "psql",
        Case::new("psql", &stage.psql, &[&conninfo, "-XAtqc", "select 1"], &env).with("PGPASSWORD", token),
        Case::new(
            "rdsconnect psql",
            &stage.program,
            &["--config", &file, "pg-live", "--client", &psql, "--", "-XAtqc", "select 1"],
            &env,
        ),
    )?;
    for client in &stage.mysql {
        let port = stage.standin.port(Engine::Mariadb, Edition::Good).to_string();
        let token = stage.standin.token(Engine::Mariadb, Edition::Good, "jane");
        let ca = format!("--ssl-ca={}", full.display());
        let place = ["-h", host, "-P", &port, "-u", "jane", &ca];
        let bare = [&place[..], client.tls, &["app", "-NBe", "select 1"]].concat();
        let path = client.path.display().to_string();
        compared(
            client.name,
            Case::new(client.name, &client.path, &bare, &env).with("MYSQL_PWD", token),
            Case::new(
                "through rdsconnect",
                &stage.program,
                &["--config", &file, "my-live", "--client", &path, "--", "-NBe", "select 1"],
                &env,
            ),
        )?;
    }
    Ok(Table {
        title: "A whole session: `select 1`",
        note: "Verified TLS to the tests' stand-in for RDS. The bare client has the token already and gets the bundle \
               of all regions; rdsconnect makes a token and hands over the roots of the region. (The stand-in's own \
               root is added to both, so here a file carries them.)"
            .into(),
        columns: vec!["client", "bare (ms)", "through rdsconnect (ms)", "times the bare"],
        rows,
        goals,
    })
}

fn credentials(stage: &Stage, rounds: usize) -> Result<Table, String> {
    let file = stage.profiles(10);
    let case = |name, env| Case::new(name, &stage.program, &["--config", &file, "pg"], &env);
    let cases = [
        case("static keys in the environment", stage.env()),
        case("static keys in an AWS profile", stage.env_of_aws_profile("keys")),
        case("a role, in the AWS CLI's cache", stage.env_of_aws_profile("role")),
        case("SSO, in the AWS CLI's cache", stage.env_of_aws_profile("sso")),
    ];
    let times = compare(&cases, rounds)?;
    Ok(Table {
        title: "Credentials",
        note: "Start to exec of psql; no request is made.".into(),
        columns: BESIDE.to_vec(),
        rows: beside_the_first(&cases, &times),
        goals: Vec::new(),
    })
}

fn profiles(stage: &Stage, rounds: usize) -> Result<Table, String> {
    let env = stage.env();
    let case = |name, count| Case::new(name, &stage.program, &["--config", &stage.profiles(count), "pg"], &env);
    let cases = [case("10 profiles", 10), case("1,000", 1_000), case("10,000", 10_000)];
    let times = compare(&cases, rounds)?;
    let row = |(case, time): (&Case, &Times)| {
        vec![case.name.clone(), milliseconds(time.median), format!("{:.2}", added(*time, times[0]))]
    };
    Ok(Table {
        title: "The profile file",
        note: "Start to exec of psql.".into(),
        columns: vec!["profiles", "median (ms)", "more than with 10 (ms)"],
        rows: cases.iter().zip(&times).map(row).collect(),
        goals: vec![
            Goal::at_most("1,000 profiles add", 6.0, " ms", added(times[1], times[0])),
            Goal::at_most("10,000 profiles add", 70.0, " ms", added(times[2], times[0])),
        ],
    })
}

fn verbs(stage: &Stage, rounds: usize) -> Result<Table, String> {
    let env = stage.env();
    let list = |count| {
        Case::new(
            &format!("`list`, {count} profiles"),
            &stage.program,
            &["--config", &stage.profiles(count), "list"],
            &env,
        )
    };
    let complete = |count| {
        Case::new(
            &format!("completion of a name, {count} profiles"),
            &stage.program,
            &["--", "rdsconnect", "team"],
            &env,
        )
        .with("RDSCONNECT_COMPLETE", "bash")
        .with("RDSCONNECT_CONFIG", stage.profiles(count))
        .with("_CLAP_COMPLETE_INDEX", "1")
        .with("_CLAP_COMPLETE_COMP_TYPE", "9")
        .with("_CLAP_COMPLETE_SPACE", "true")
        .with("_CLAP_IFS", "\n")
    };
    let cases = [
        Case::new("`/bin/true`", Path::new("/bin/true"), &[], &env),
        Case::new("`--help`", &stage.program, &["--help"], &env),
        list(10),
        list(1_000),
        list(10_000),
        complete(10),
        complete(1_000),
        complete(10_000),
    ];
    let times = compare(&cases, rounds)?;
    let completion = times[7].median.as_secs_f64() * 1e3;
    Ok(Table {
        title: "Other verbs",
        note: String::new(),
        columns: BESIDE.to_vec(),
        rows: beside_the_first(&cases, &times),
        goals: vec![Goal::at_most("completion of a name among 10,000 profiles", 90.0, " ms", completion)],
    })
}

fn memory(stage: &Stage) -> Table {
    let env = stage.env();
    let case = |name, count| Case::new(name, &stage.program, &["--config", &stage.profiles(count), "pg"], &env);
    let cases = [
        Case::new("`/bin/true`", Path::new("/bin/true"), &[], &env),
        case("`rdsconnect pg`, 10 profiles", 10),
        case("1,000 profiles", 1_000),
        case("10,000 profiles", 10_000),
    ];
    let peaks: Vec<_> = cases.iter().map(|case| Some(f64::from(peak_memory(case)?) * 1024.0 / 1e6)).collect();
    let row = |(case, peak): (&Case, &Option<f64>)| {
        vec![case.name.clone(), peak.map_or("not measured".into(), |peak| format!("{peak:.1}"))]
    };
    Table {
        title: "Peak memory",
        note: "Resident, until `true` is there in place of psql (GNU time).".into(),
        columns: vec!["command", "MB"],
        rows: cases.iter().zip(&peaks).map(row).collect(),
        goals: peaks[1].iter().map(|peak| Goal::at_most("peak memory", 9.0, " MB", *peak)).collect(),
    }
}

fn counted(stage: &Stage) -> Table {
    let env = stage.env();
    let (small, large) = (stage.profiles(10), stage.profiles(1_000));
    let cases = [
        Case::new("`--version`", &stage.program, &["--version"], &env),
        Case::new("`pg --dry-run`", &stage.program, &["--config", &small, "pg", "--dry-run"], &env),
        Case::new("`token pg`", &stage.program, &["--config", &small, "token", "pg"], &env),
        Case::new("`pg --dry-run`, 1,000 profiles", &stage.program, &["--config", &large, "pg", "--dry-run"], &env),
        Case::new("`list`, 1,000 profiles", &stage.program, &["--config", &large, "list"], &env),
    ];
    let row = |case: &Case| {
        let count =
            kilo_instructions(case).map_or("not measured".into(), |count| format!("{:.2}", f64::from(count) / 1e3));
        vec![case.name.clone(), count]
    };
    Table {
        title: "Instructions",
        note: "Counted by callgrind, the loader's included: the same on a busy machine.".into(),
        columns: vec!["command", "millions"],
        rows: cases.iter().map(row).collect(),
        goals: Vec::new(),
    }
}
