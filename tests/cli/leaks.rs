//! Marker secrets are looked for in everything that every verb writes, on success and on failure.

use crate::sandbox::{ACCESS_KEY, PROFILES, SECRET_KEY, SESSION_TOKEN, Sandbox};
use std::fs;
use std::path::Path;

/// What must be nowhere: the keys, the session token plain and percent-encoded, and the token by
/// its signature.
fn markers() -> Vec<String> {
    let encoded = SESSION_TOKEN.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D");
    [ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, &encoded, "X-Amz-Signature="].map(str::to_owned).to_vec()
}

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_config(PROFILES);
    sandbox
        .set("AWS_SESSION_TOKEN", SESSION_TOKEN)
        .set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
        .set("RUST_LOG", "trace")
        .set("RUST_BACKTRACE", "full");
    sandbox
}

fn files_below(path: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(path).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files_below(&entry.path(), found);
        } else if kind.is_file() {
            // Links lead to the client itself, which no run writes.
            found.push(entry.path());
        }
    }
}

#[test]
fn no_secret_is_in_any_stream_or_file() {
    let failing_client: &[&str] = &["my", "--client", "/nonexistent/mysql"];
    let runs: &[&[&str]] = &[
        &["my"],
        &["pg"],
        &["my", "-vv"],
        &["pg", "-vv"],
        &["my", "-vv", "--token-via", "fd"],
        &["pg", "-vv", "--token-via", "fd"],
        &["my", "--dry-run", "-vv"],
        &["pg", "--dry-run", "-vv"],
        &["connect", "pg", "-vv"],
        &["ca", "list"],
        &["aliases", "--shell", "bash"],
        &["generate", "completions", "bash"],
        &["generate", "man", "man"],
        &["check", "pg", "--connect-to", "127.0.0.1:1", "-vv"],
        &["check", "pg", "--connect-to", "127.0.0.1:1", "--json"],
        &["list", "--json"],
        &["config", "check", "-vv"],
        &[
            "init",
            "--config",
            "new.toml",
            "--engine=mysql",
            "--host=mydb.abc123.us-west-2.rds.amazonaws.com",
            "--user=x",
            "-vv",
        ],
        &["show", "my", "-vv"],
        &["env", "my", "-vv"],
        &["token", "nosuch", "-vv"],
        &["token", "my", "--region", "eu-west-1", "-vv"],
        failing_client,
        &["pg", "-vv", "--ca-bundle", "/nonexistent"],
        &["pg", "-vv", "--", "-h", "x"],
        &["--bogus"],
        &["--help"],
    ];
    for args in runs {
        let sandbox = sandbox();
        let run = sandbox.run(args);
        for marker in markers() {
            assert!(!run.stdout.contains(&marker) && !run.stderr.contains(&marker), "{args:?} {marker}: {run:?}");
        }
        for client in ["mysql", "psql"] {
            let Some(record) = sandbox.record(client) else { continue };
            for marker in markers() {
                assert!(!record.args.iter().any(|arg| arg.contains(&marker)), "{args:?} {marker}: {:?}", record.args);
            }
        }
        let mut files = Vec::new();
        files_below(&sandbox.path(""), &mut files);
        // The client's own record of its environment holds the token, and proves the search works.
        files.retain(|file| file.extension().is_none_or(|e| e != "record"));
        for file in files {
            let bytes = fs::read(&file).unwrap();
            for marker in markers() {
                let found = bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
                assert!(!found, "{args:?} {marker} in {}", file.display());
            }
        }
    }
}

#[test]
fn the_verbs_that_print_the_token_are_the_only_exceptions() {
    for args in [&["token", "my", "-vv"][..], &["token", "my", "--json", "-vv"], &["env", "pg", "-vv"]] {
        let run = sandbox().run(args);
        assert!(run.stdout.contains("X-Amz-Signature="), "{}", run.stdout);
        assert!(!run.stdout.contains(SECRET_KEY));
        for marker in markers() {
            assert!(!run.stderr.contains(&marker), "{}", run.stderr);
        }
    }
}
