//! Starting where something usual is not as usual: closed or broken standard streams, odd and huge
//! environments and arguments, no home, no working directory, few descriptors, many launches at once.

use crate::sandbox::{PROFILES, Run, Sandbox};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

const USAGE: &str = "error: no profile named\n\n\
    Usage: rdsconnect [FLAGS] PROFILE [-- CLIENT-ARGS...]\n       rdsconnect [FLAGS] VERB ...\n\n\
    For more information, try '--help'.\n";

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_config(PROFILES);
    // Nobody listens there, so that no test asks the real STS.
    sandbox.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    sandbox
}

/// The built binary, started by a shell that does something first.
fn after(sandbox: &Sandbox, first: &str, args: &[&str]) -> Command {
    let line = format!("{first}; exec \"$@\"");
    let program = [&["-c", &line, "sh", env!("CARGO_BIN_EXE_rdsconnect")], args].concat();
    sandbox.any_command("/bin/sh", &program)
}

/// The built binary with some of its standard streams closed.
fn closed(sandbox: &Sandbox, streams: &[i32], args: &[&str]) -> Run {
    let mut line = "exec".to_owned();
    for stream in streams {
        line += if *stream == 0 { " <&-" } else { "" };
        line += if *stream > 0 { [" >&-", " 2>&-"][usize::from(*stream == 2)] } else { "" };
    }
    sandbox.finish(after(sandbox, &line, args))
}

const STREAMS: [&[i32]; 5] = [&[0], &[1], &[2], &[0, 1], &[0, 1, 2]];

#[cfg(target_os = "linux")]
#[test]
fn a_closed_stream_is_the_null_device_for_the_client_and_what_it_is_handed_is_another_descriptor() {
    for streams in STREAMS {
        for (profile, client) in [("my", "mysql"), ("pg", "psql")] {
            for via in ["env", "fd"] {
                let sandbox = sandbox();
                let usual = sandbox.descriptors_of_the_tests();
                closed(&sandbox, streams, &[profile, "--token-via", via]).gives("", "", 0);
                let record = sandbox.record(client).unwrap();
                for stream in streams {
                    assert_eq!(record.standard[usize::try_from(*stream).unwrap()], "/dev/null", "{streams:?}");
                }
                // Above the standard three there are the certificates, the token, and nothing new.
                let read: Vec<_> = record.descriptors.values().flatten().collect();
                assert_eq!(read.len(), if via == "fd" { 2 } else { 1 }, "{streams:?} {:?}", record.descriptors);
                assert!(read.iter().any(|text| text.contains("BEGIN CERTIFICATE")), "{read:?}");
                let others: Vec<i32> =
                    record.descriptors.iter().filter(|(_, text)| text.is_none()).map(|(number, _)| *number).collect();
                assert_eq!(others, usual, "{streams:?}");
            }
        }
    }
}

#[test]
fn a_verb_writes_into_a_closed_stream_as_into_the_null_device() {
    let sandbox = sandbox();
    for streams in STREAMS {
        for verb in [&["list"][..], &["token", "pg"], &["show", "pg"], &["--dry-run", "my"], &["--help"]] {
            let run = closed(&sandbox, streams, verb);
            assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)), "{verb:?} {streams:?}");
            assert_eq!(run.stdout.is_empty(), streams.contains(&1), "{verb:?} {streams:?}");
        }
        for (args, said) in [
            (&["check", "pg"][..], "error: 1 of 1 profile failed the check\n"),
            (&["nosuch"], "error: no profile named `nosuch` in "),
            (&[], USAGE),
        ] {
            let run = closed(&sandbox, streams, args);
            assert_eq!(run.status, Some(125), "{args:?} {streams:?}");
            let wanted = if streams.contains(&2) { "" } else { said };
            assert!(run.stderr.starts_with(wanted) && run.stderr.is_empty() == wanted.is_empty(), "{}", run.stderr);
        }
    }
}

/// Every way to data on standard output.
const PRINTING: [&[&str]; 15] = [
    &["list"],
    &["list", "--json"],
    &["show", "pg"],
    &["token", "pg"],
    &["env", "pg"],
    &["check", "pg"],
    &["check", "--json"],
    &["--dry-run", "my"],
    &["aliases", "--shell", "sh"],
    &["ca", "list"],
    &["config", "path"],
    &["config", "schema"],
    &["generate", "completions", "bash"],
    &["--help"],
    &["--version"],
];

#[test]
fn data_that_cannot_be_written_is_an_error_and_no_panic() {
    let sandbox = sandbox();
    for args in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sandbox.command(args);
        // `output` would read from a pipe of its own.
        let child = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        drop(command);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let wanted = "error: could not write to standard output\n  caused by: Broken pipe (os error 32)\n";
        assert_eq!((said.as_ref(), output.status.code()), (wanted, Some(125)), "{args:?}");
        if cfg!(target_os = "linux") {
            let run = sandbox.finish(after(&sandbox, "exec >/dev/full", args));
            let wanted =
                "error: could not write to standard output\n  caused by: No space left on device (os error 28)\n";
            assert_eq!((run.stderr.as_str(), run.status), (wanted, Some(125)), "{args:?}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_message_that_cannot_be_written_changes_nothing_else() {
    let sandbox = sandbox();
    let into_full = |args: &[&str]| sandbox.finish(after(&sandbox, "exec 2>/dev/full", args));
    into_full(&["nosuch"]).gives("", "", 125);
    into_full(&[]).gives("", "", 125);
    into_full(&["--bogus"]).gives("", "", 125);
    into_full(&["pg", "-vv"]).gives("", "", 0);
    assert!(sandbox.record("psql").is_some());
}

#[test]
fn odd_and_huge_variables_reach_the_client_as_they_are() {
    let odd = OsStr::from_bytes(b"a\xff\xfe\x1b[31m\nb");
    let huge = "x".repeat(100_000);
    for (profile, client) in [("my", "mysql"), ("pg", "psql")] {
        let sandbox = sandbox();
        let mut command = sandbox.command(&[profile, "-v"]);
        command.env("ODD", odd).env("RDSCONNECT_ODD", odd).env("MYSQL_HOME", odd).env("TERM", odd).env("LC_ALL", odd);
        command.env(OsStr::from_bytes(b"N\xff\xfe"), "named");
        // A megabyte altogether.
        for number in 0..10 {
            command.env(format!("HUGE{number}"), &huge);
        }
        let run = sandbox.finish(command);
        assert_eq!((run.stdout.as_str(), run.status), ("", Some(0)), "{}", run.stderr);
        assert!(run.stderr.lines().all(|line| line.trim_start().starts_with("INFO ")), "{}", run.stderr);
        let env = sandbox.record(client).unwrap().env;
        assert_eq!(env["ODD"], "a\\xFF\\xFE\\u{1b}[31m\nb");
        assert_eq!(env["N\u{fffd}\u{fffd}"], "named");
        assert!((0..10).all(|number| env[&format!("HUGE{number}")] == huge));
    }
}

#[test]
fn directories_and_clients_need_no_name_in_utf_8() {
    let sandbox = sandbox();
    let odd = sandbox.path("").join(OsStr::from_bytes(b"b\xff"));
    symlink(sandbox.path("bin"), &odd).unwrap();
    let mut path = OsString::from("/nonexistent\u{1b}:");
    path.push(&odd);
    let mut command = sandbox.command(&["pg"]);
    command.env("PATH", path);
    sandbox.finish(command).gives("", "", 0);
    assert!(sandbox.record("psql").is_some());
    let home = sandbox.path("").join(OsStr::from_bytes(b"h\xff"));
    symlink(sandbox.path("home"), &home).unwrap();
    for (name, value) in [("HOME", home.clone()), ("RDSCONNECT_CONFIG", home.join(".config/rdsconnect/config.toml"))] {
        let mut command = sandbox.command(&["my"]);
        command.env(name, value);
        sandbox.finish(command).gives("", "", 0);
    }
    let mut command = sandbox.command(&["pg"]);
    command.arg(OsString::from_vec(b"--config=/nonexistent/\xff".to_vec()));
    sandbox.finish(command).status_and_error(125, "no profile file at `/nonexistent/\u{fffd}`, named by `--config`");
}

#[test]
fn a_key_that_is_not_text_is_named_before_it_signs() {
    for variable in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        let sandbox = sandbox();
        for verb in [&["token", "pg"][..], &["pg"]] {
            let mut command = sandbox.command(verb);
            command.env(variable, OsStr::from_bytes(b"KEY\xff"));
            sandbox.finish(command).fails(&format!(
                "error: `{variable}` is not UTF-8 text\nhint: set it again, with nothing but the key in it\n"
            ));
        }
        assert!(sandbox.record("psql").is_none());
    }
}

#[test]
fn without_a_search_path_only_a_client_named_by_path_is_found() {
    let mut sandbox = sandbox();
    sandbox.unset("PATH");
    sandbox.run(&["pg"]).status_and_error(127, "client `psql` not found");
    let path = sandbox.path("bin/psql");
    sandbox.run(&["pg", "--client", path.to_str().unwrap()]).gives("", "", 0);
}

#[test]
fn arguments_that_no_program_can_be_given_are_the_clients_failure_to_start() {
    // Linux takes 128 KiB in one argument, and every system less than this altogether.
    let long = "x".repeat(3 << 20);
    for (profile, engine, client) in [("my", "mysql", "mysql"), ("pg", "postgres", "psql")] {
        let config = format!("{PROFILES}[profiles.long]\nengine = \"{engine}\"\nclient_args = [\"-e{long}\"]\n");
        let config = if engine == "mysql" { config } else { config.replace("-ex", "-cx") };
        let sandbox = Sandbox::with_config(&config);
        sandbox.run(&["long"]).gives(
            "",
            &format!("error: client `[dir]/bin/{client}` cannot be started\n  caused by: Argument list too long (os error 7)\n"),
            126,
        );
        assert!(sandbox.record(client).is_none());
        sandbox.run(&[profile]).gives("", "", 0);
    }
}

#[test]
fn a_home_that_is_not_there_is_needed_for_files_alone_and_never_made() {
    let mut sandbox = sandbox();
    let config = sandbox.path("home/.config/rdsconnect/config.toml").to_str().unwrap().to_owned();
    let gone = sandbox.path("gone").to_str().unwrap().to_owned();
    for home in [None, Some("relative"), Some(""), Some(gone.as_str())] {
        match home {
            Some(home) => sandbox.set("HOME", home),
            None => sandbox.unset("HOME"),
        };
        let is_there = home == Some(gone.as_str());
        let place = "no place to look for a profile file: neither `XDG_CONFIG_HOME` nor `HOME` is set";
        let absent = "no profile file at `[dir]/gone/.config/rdsconnect/config.toml`";
        sandbox.run(&["pg"]).status_and_error(125, if is_there { absent } else { place });
        sandbox.run(&["--config", &config, "my"]).gives("", "", 0);
        // An address needs no file at all.
        sandbox.run(&["postgres://jane@mydb.abc123.us-west-2.rds.amazonaws.com/app"]).gives("", "", 0);
        let nowhere = "no place to keep the root certificates: neither `XDG_CACHE_HOME` nor `HOME` is set";
        let unwritten = "could not write to the cache `[dir]/gone/.cache/rdsconnect`";
        sandbox
            .run(&["--config", &config, "env", "pg"])
            .status_and_error(125, if is_there { unwritten } else { nowhere });
        assert!(!sandbox.path("gone").exists() && !sandbox.path("relative").exists());
    }
}

#[test]
fn a_working_directory_that_is_gone_is_needed_for_relative_paths_alone() {
    let mut sandbox = sandbox();
    let path = sandbox.path("bin").to_str().unwrap().to_owned();
    sandbox.set("KEPT", &path);
    let run = |args: &[&str]| {
        sandbox.finish(after(&sandbox, "PATH=/bin; mkdir gone; cd gone; rmdir ../gone; PATH=$KEPT", args))
    };
    run(&["my"]).gives("", "", 0);
    run(&["pg", "--token-via", "fd"]).gives("", "", 0);
    assert_eq!(run(&["list"]).status, Some(0));
    run(&["pg", "--config", "c.toml"]).status_and_error(125, "no profile file at `c.toml`, named by `--config`");
    run(&["pg", "--client", "./psql"]).status_and_error(127, "client `./psql` not found");
    run(&["pg", "--ca-bundle", "ca.pem"]).status_and_error(125, "could not read CA bundle `ca.pem`");
}

#[test]
fn with_few_descriptors_a_launch_goes_as_usual_or_says_what_is_lacking() {
    let sandbox = sandbox();
    let mut lacking = 0;
    for limit in 4..16 {
        for args in [&["pg"][..], &["my"], &["pg", "--token-via=fd"], &["my", "--token-via=fd"], &["token", "pg"]] {
            let run = sandbox.finish(after(&sandbox, &format!("ulimit -n {limit}"), args));
            // The fake client itself may lack one for a library or its record.
            let lacks = ["[dir]/bin/psql: error while loading", "the sandbox can be written"];
            let started = run.status == Some(0) || lacks.iter().any(|text| run.stderr.contains(text));
            if !started {
                lacking += 1;
                assert!(matches!(run.status, Some(125 | 126)), "{limit} {args:?}: {run:?}");
                assert!(run.stderr.starts_with("error: "), "{limit} {args:?}: {}", run.stderr);
                assert!(run.stderr.contains("Too many open files (os error 24)"), "{limit} {args:?}: {}", run.stderr);
            }
            assert!(started || limit < 12, "{limit} {args:?}: {}", run.stderr);
        }
    }
    assert!(lacking > 0, "no limit was small enough to matter");
}

#[test]
fn two_hundred_launches_at_once_all_succeed_alike_and_leave_nothing_behind() {
    let sandbox = sandbox();
    // `env` writes the certificates, and all of them want to be the first.
    let children: Vec<_> = (0..200)
        .map(|number| {
            let args: &[&str] = [&["env", "pg", "--shell", "sh"][..], &["my"]][number % 2];
            let mut command = sandbox.command(args);
            let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            (number, child)
        })
        .collect();
    let mut said = Vec::new();
    for (number, child) in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!((String::from_utf8_lossy(&output.stderr).as_ref(), output.status.code()), ("", Some(0)));
        if number % 2 == 0 {
            let text = String::from_utf8(output.stdout).unwrap();
            // The token's time may differ by a second.
            said.push(text.lines().filter(|line| !line.contains("PGPASSWORD")).collect::<Vec<_>>().join("\n"));
        }
    }
    said.dedup();
    assert_eq!((said.len(), said[0].contains("PGSSLROOTCERT=")), (1, true));
    let entries = fs::read_dir(sandbox.path("home/.cache/rdsconnect")).unwrap();
    let mut left: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    left.sort();
    // What the mysql client said of its version, and the certificates.
    let names: Vec<_> = left.iter().map(|path| path.extension().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["json", "pem"], "{left:?}");
    assert!(fs::read_to_string(&left[1]).unwrap().contains("BEGIN CERTIFICATE"));
}
