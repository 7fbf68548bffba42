//! Starting where files cannot be written, or the system's own are missing: full and read-only disks,
//! no `/proc`. Nothing may be half-written, and what was there stays.

use crate::programs;
use crate::sandbox::{PROFILES, Run, Sandbox};
use std::fs;
use std::path::PathBuf;

const INIT: &[&str] =
    &["init", "--engine", "mysql", "--host", "a.b.us-west-2.rds.amazonaws.com", "--user", "jane", "--config"];

/// Runs where no file can grow beyond so many blocks, which needs no privilege: like on a full disk, a
/// write fails half-way. Files in memory cannot grow either.
fn on_a_full_disk(sandbox: &Sandbox, blocks: usize, args: &[&str]) -> Run {
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let program = [&["-c", &line, "sh", env!("CARGO_BIN_EXE_rdsconnect")], args].concat();
    sandbox.finish(sandbox.any_command("/bin/sh", &program))
}

/// Runs in a mount namespace of its own, once a shell has mounted something. `None`, after saying so,
/// where the system lets nobody have one.
#[cfg(target_os = "linux")]
fn mounted(sandbox: &Sandbox, mount: &str, args: &[&str]) -> Option<Run> {
    let unshare = programs::find("unshare")?;
    let start = |line: &str, args: &[&str]| {
        let all = [&["-rm", "/bin/sh", "-c", line, "sh", env!("CARGO_BIN_EXE_rdsconnect")], args].concat();
        sandbox.finish(sandbox.any_command(&unshare, &all))
    };
    let tried = start(":", &[]);
    if tried.status != Some(0) {
        programs::not_run(&format!("nothing can be mounted here: {}", tried.stderr.trim()));
        return None;
    }
    let line = format!("before=$PATH; PATH=/usr/bin:/bin; {mount} || exit 99; PATH=$before; exec \"$@\"");
    let run = start(&line, args);
    assert_ne!(run.status, Some(99), "{}", run.stderr);
    Some(run)
}

fn names(directory: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect()
}

#[test]
fn a_profile_file_for_which_there_is_no_room_is_not_begun() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("home/config.toml");
    let run = on_a_full_disk(&sandbox, 0, &[INIT, &[path.to_str().unwrap()]].concat());
    run.fails(
        "error: could not write the profile file `[dir]/home/config.toml`\n  caused by: File too large (os error 27)\n",
    );
    assert_eq!(names(sandbox.path("home")), Vec::<String>::new());
}

#[test]
fn certificates_for_which_there_is_no_room_leave_the_old_file_and_nothing_else() {
    let sandbox = Sandbox::with_config(PROFILES);
    let unwritten = "error: could not write to the cache `[dir]/home/.cache/rdsconnect/roots-";
    let hint = "hint: let `XDG_CACHE_HOME` name a directory that only you can write to\n";
    let cache = || sandbox.path("home/.cache/rdsconnect");
    for blocks in [0, 1, 2] {
        let run = on_a_full_disk(&sandbox, blocks, &["env", "pg"]);
        assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)), "{}", run.stderr);
        assert!(run.stderr.starts_with(unwritten) && run.stderr.ends_with(hint), "{}", run.stderr);
        assert!(run.stderr.contains("\n  caused by: File too large (os error 27)\n"), "{}", run.stderr);
        assert_eq!(names(cache()), Vec::<String>::new(), "{blocks} blocks");
    }
    assert_eq!(sandbox.run(&["env", "pg"]).status, Some(0));
    let file = cache().join(&names(cache())[0]);
    let whole = fs::read(&file).unwrap();
    // One that has to be written anew is replaced in whole, or stays.
    fs::write(&file, "of another version\n").unwrap();
    assert_eq!(on_a_full_disk(&sandbox, 1, &["env", "pg"]).status, Some(125));
    assert_eq!(fs::read_to_string(&file).unwrap(), "of another version\n");
    assert_eq!(names(cache()).len(), 1);
    // One that is right already needs no room.
    fs::write(&file, whole).unwrap();
    assert_eq!(on_a_full_disk(&sandbox, 0, &["env", "pg"]).status, Some(0));
}

#[test]
fn where_the_cache_cannot_be_a_file_in_memory_does_and_env_says_so() {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.write("home/.cache", "no directory");
    sandbox.run(&["env", "pg"]).fails(
        "error: could not write to the cache `[dir]/home/.cache/rdsconnect`\n  \
         caused by: Not a directory (os error 20)\n\
         hint: let `XDG_CACHE_HOME` name a directory that only you can write to\n",
    );
    if cfg!(target_os = "linux") {
        sandbox.run(&["pg"]).gives("", "", 0);
        sandbox.run(&["my", "--token-via", "fd"]).gives("", "", 0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_launch_needs_no_place_to_write_and_what_does_names_it() {
    let sandbox = Sandbox::with_config(PROFILES);
    let read_only = "mount --bind home home && mount -o remount,bind,ro home";
    let Some(run) = mounted(&sandbox, read_only, &["pg", "--token-via", "fd"]) else { return };
    run.gives("", "", 0);
    mounted(&sandbox, read_only, &["my"]).unwrap().gives("", "", 0);
    mounted(&sandbox, read_only, &["env", "pg"]).unwrap().fails(
        "error: could not write to the cache `[dir]/home/.cache/rdsconnect`\n  \
         caused by: Read-only file system (os error 30)\n\
         hint: let `XDG_CACHE_HOME` name a directory that only you can write to\n",
    );
    let path = sandbox.path("home/new.toml");
    mounted(&sandbox, read_only, &[INIT, &[path.to_str().unwrap()]].concat()).unwrap().fails(
        "error: could not write the profile file `[dir]/home/new.toml`\n  caused by: Read-only file system (os error 30)\n",
    );
    // A cache that is full to the last byte.
    fs::create_dir(sandbox.path("home/.cache")).unwrap();
    let full = "mount -t tmpfs -o size=4k,mode=700 none home/.cache && head -c 4096 /dev/zero >home/.cache/fill";
    let run = mounted(&sandbox, full, &["env", "pg"]).unwrap();
    assert!(run.stderr.contains("\n  caused by: No space left on device (os error 28)\n"), "{}", run.stderr);
    assert_eq!(run.status, Some(125));
    mounted(&sandbox, full, &["pg"]).unwrap().gives("", "", 0);
}

#[cfg(target_os = "linux")]
#[test]
fn without_proc_the_certificates_go_into_a_file_and_a_token_into_a_variable_alone() {
    let sandbox = Sandbox::with_config(PROFILES);
    let hidden = "mount -t tmpfs none /proc";
    for (profile, client) in [("pg", "psql"), ("my", "mysql")] {
        let Some(run) = mounted(&sandbox, hidden, &[profile]) else { return };
        run.gives("", "", 0);
        let args = sandbox.record(client).unwrap().args.join("\n");
        assert!(args.contains("[dir]/home/.cache/rdsconnect/roots-") && !args.contains("/dev/fd"), "{args}");
        mounted(&sandbox, hidden, &[profile, "--token-via", "fd"]).unwrap().fails(
            "error: `token_via = \"fd\"` cannot work here: `/dev/fd` does not lead to descriptors, perhaps because \
             `/proc` is not mounted\nhint: set `token_via = \"env\"`\n",
        );
    }
    // Neither is there a place for that file.
    let both = "mount --bind home home && mount -o remount,bind,ro home && mount -t tmpfs none /proc";
    fs::remove_dir_all(sandbox.path("home/.cache")).unwrap();
    mounted(&sandbox, both, &["pg"])
        .unwrap()
        .status_and_error(125, "could not write to the cache `[dir]/home/.cache/rdsconnect`");
}
