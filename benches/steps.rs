//! Times the steps of a launch that decide, one by one: reading the profile file, signing, building the launch.

#![allow(missing_docs, reason = "the macros of criterion make public functions")]

use aws_credential_types::Credentials;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rdsconnect::aws::token;
use rdsconnect::client::tool::Tool;
use rdsconnect::client::{self, Client, Dialect, Own, Parts};
use rdsconnect::config::file;
use rdsconnect::config::resolve::{self, Bases};
use rdsconnect::secret::Secret;
use rdsconnect::target::Target;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, SystemTime};

criterion_group!(steps, reading, signing, building);
criterion_main!(steps);

/// A profile file with so many profiles; the first is `db0`.
fn profiles(count: usize) -> String {
    let mut text = "[defaults]\nuser = \"jane\"\n".to_owned();
    for number in 0..count {
        let engine = ["postgres", "mysql"][number % 2];
        let _ = write!(
            text,
            "\n[profiles.db{number}]\nengine = \"{engine}\"\n\
             host = \"db{number}.abc123def456.us-west-2.rds.amazonaws.com\"\ndatabase = \"app\"\n"
        );
    }
    text
}

fn target(profile: &str) -> Target {
    let file = file::parse(&profiles(2), Path::new("profiles.toml")).expect("the profiles are right");
    let settings = file.profiles[profile].clone().or(&file.defaults);
    let bases = Bases { file: Path::new("/"), included: &[], working: Path::new("/"), home: None };
    resolve::resolve(profile, settings, &bases, |_| Ok(None)).expect("the profiles are complete")
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reading the profile file");
    for count in [10, 1_000, 10_000] {
        let text = profiles(count);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("{count} profiles"), |bencher| {
            bencher.iter_with_large_drop(|| file::parse(black_box(&text), Path::new("profiles.toml")));
        });
    }
    group.finish();
}

fn signing(criterion: &mut Criterion) {
    let target = target("db0");
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("t".repeat(800)), None, "bench");
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    criterion.bench_function("signing a token", |bencher| {
        bencher.iter(|| token::sign(black_box(&target), &credentials, now));
    });
}

fn building(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("building a launch");
    for (name, profile, tool, dialect) in [
        ("psql", "db0", Tool::Psql, Dialect::Psql),
        ("Oracle's mysql", "db1", Tool::MySql, Dialect::MySql),
        ("MariaDB's mysql", "db1", Tool::MySql, Dialect::MariaDb(11, 8)),
    ] {
        let (target, arguments) = (target(profile), ["-e".into(), "select 1".into()]);
        let client = Client { program: "/usr/bin/client".into(), tool, dialect };
        let parts = |token| Parts {
            target: &target,
            client: &client,
            ca: Path::new("/dev/fd/3"),
            addresses: &[],
            token,
            token_file: None,
            carried: Vec::new(),
            own: Own::default(),
            arguments: &arguments,
        };
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || parts(Secret::new("t".repeat(1500))),
                |parts| client::launch(black_box(parts)),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}
