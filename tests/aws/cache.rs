//! The AWS CLI's credential cache: what is kept, what is replaced, and that nothing tears it.

use crate::responder::Responder;
use crate::sandbox::Sandbox;
use crate::stage::{PROFILES, asked, assumed, cached, in_seconds, signer, signer_of, stage, stage_with, sts};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

const ROLE: &str = "
[profile p]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = q
[profile q]
aws_access_key_id = AKIDQ
aws_secret_access_key = x
";
/// Named by botocore (see `src/aws/keys.rs`).
const ENTRY: &str = "home/.aws/cli/cache/b0b1ce16bb62e7ab13aa0f2f057f59d4d18ae346.json";

fn staged(sts: &Responder) -> Sandbox {
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_PROFILE", "p").set("AWS_ENDPOINT_URL_STS", &sts.url());
    sandbox
}

fn entry(key: &str, end: &str) -> String {
    format!(
        "{{\"Credentials\": {{\"AccessKeyId\": \"{key}\", \"SecretAccessKey\": \"s\", \"SessionToken\": \"t\", \"Expiration\": \"{end}\"}}}}"
    )
}

#[test]
fn what_is_kept_is_named_and_written_as_the_aws_cli_does_and_for_its_owner_alone() {
    let sts = sts();
    let sandbox = staged(&sts);
    assert_eq!(signer(&sandbox, &["db"]), "ASIAREADER");
    assert_eq!(cached(&sandbox), [sandbox.path(ENTRY)]);
    assert_eq!(fs::metadata(sandbox.path(ENTRY)).unwrap().permissions().mode() & 0o777, 0o600);
    let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(sandbox.path(ENTRY)).unwrap()).unwrap();
    let keys = &value["Credentials"];
    assert_eq!([&keys["AccessKeyId"], &keys["AccountId"]], ["ASIAREADER", "123456789012"]);
    assert!(keys["Expiration"].as_str().unwrap().ends_with("UTC"));
    assert_eq!(value["AssumedRoleUser"]["Arn"], "arn:aws:sts::123456789012:assumed-role/READER/s");
}

#[test]
fn entries_that_are_damaged_or_soon_over_are_replaced() {
    let sts = sts();
    let sandbox = staged(&sts);
    sandbox.write(ENTRY, &entry("ASIACACHED", &in_seconds(16 * 60)));
    assert_eq!(signer(&sandbox, &["db"]), "ASIACACHED");
    sandbox.write(ENTRY, &entry("ASIACACHED", &in_seconds(16 * 60).replace('Z', "+00:00")));
    assert_eq!(signer(&sandbox, &["db"]), "ASIACACHED");
    assert_eq!(asked(&sts), []);
    // What a request would need is not even looked at.
    let mut offline = staged(&sts);
    offline.write(ENTRY, &entry("ASIACACHED", &in_seconds(3600)));
    offline.set("AWS_CA_BUNDLE", "/nonexistent/x");
    assert_eq!(signer(&offline, &["db"]), "ASIACACHED");
    for bad in [
        entry("ASIACACHED", &in_seconds(14 * 60)),
        entry("ASIACACHED", &in_seconds(-60)),
        entry("ASIACACHED", "tomorrow"),
        "{\"Credentials\": {\"AccessKeyId\": \"ASI".to_owned(),
        "[]".to_owned(),
        String::new(),
    ] {
        sandbox.write(ENTRY, &bad);
        assert_eq!(signer(&sandbox, &["db"]), "ASIAREADER", "{bad}");
        assert_eq!(asked(&sts).len(), 1, "{bad}");
        assert!(fs::read_to_string(sandbox.path(ENTRY)).unwrap().contains("ASIAREADER"));
    }
}

#[test]
fn credential_cache_false_neither_reads_nor_writes() {
    let sts = sts();
    let mut sandbox = stage_with(&format!("{PROFILES}credential_cache = false\n"), ROLE);
    sandbox.set("AWS_PROFILE", "p").set("AWS_ENDPOINT_URL_STS", &sts.url());
    sandbox.write(ENTRY, &entry("ASIACACHED", &in_seconds(3600)));
    assert_eq!(signer(&sandbox, &["db"]), "ASIAREADER");
    assert_eq!(asked(&sts).len(), 1);
    assert!(fs::read_to_string(sandbox.path(ENTRY)).unwrap().contains("ASIACACHED"));
}

#[test]
fn a_cache_that_cannot_be_written_is_no_reason_to_fail() {
    let sts = sts();
    let sandbox = staged(&sts);
    // A file where the directory should be: not even root can write into it.
    sandbox.write("home/.aws/cli", "");
    assert_eq!(signer(&sandbox, &["db"]), "ASIAREADER");
    assert_eq!(asked(&sts).len(), 1);
}

#[test]
fn fifty_starts_at_once_and_kills_leave_a_whole_entry() {
    // Credentials that are renewed at every start, so that all of them write.
    let sts = Responder::start(|request| assumed(request, 60));
    let sandbox = staged(&sts);
    let start = |_| {
        let mut command = sandbox.command(&["token", "db"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for child in (0..50).map(start).collect::<Vec<_>>() {
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let run = crate::sandbox::Run {
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            status: output.status.code(),
        };
        assert_eq!(signer_of(&run), "ASIAREADER");
    }
    let whole = || serde_json::from_str::<serde_json::Value>(&fs::read_to_string(sandbox.path(ENTRY)).unwrap()).is_ok();
    assert!(whole());
    for round in 0..20 {
        let mut child = start(round);
        // Wherever it happens to be.
        std::thread::sleep(std::time::Duration::from_millis(round * 3));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(whole());
    }
}

#[test]
fn an_entry_for_which_there_is_no_room_leaves_the_old_one_and_the_token_is_made() {
    let sts = sts();
    let sandbox = staged(&sts);
    let old = entry("ASIACACHED", &in_seconds(60));
    sandbox.write(ENTRY, &old);
    // No file can grow, as on a full disk.
    let program =
        ["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_rdsconnect"), "token", "db", "-v"];
    let run = sandbox.finish(sandbox.any_command("/bin/sh", &program));
    assert!(run.stdout.contains("X-Amz-Credential=ASIAREADER%2F"), "{}", run.stdout);
    assert!(run.stderr.contains("could not write the AWS CLI's cache error=File too large"), "{}", run.stderr);
    assert_eq!(run.status, Some(0));
    assert_eq!(cached(&sandbox), [sandbox.path(ENTRY)]);
    assert_eq!(fs::read_to_string(sandbox.path(ENTRY)).unwrap(), old);
}

#[test]
fn a_home_that_does_not_exist_is_not_made_for_it() {
    let sts = sts();
    let mut sandbox = staged(&sts);
    let path = |name: &str| sandbox.path(name).to_str().unwrap().to_owned();
    let (config, gone, file) = (path("home/.config/rdsconnect/config.toml"), path("gone"), path("home/.aws/config"));
    sandbox.set("HOME", &gone).set("AWS_CONFIG_FILE", &file);
    assert_eq!(signer(&sandbox, &["db", "--config", &config]), "ASIAREADER");
    assert!(!sandbox.path("gone").exists());
}
