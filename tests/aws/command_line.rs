//! Side by side with the real AWS CLI, against moto's STS: the same files, the same cache.

use crate::moto::{Moto, program};
use crate::responder::Responder;
use crate::sandbox::Sandbox;
use crate::stage::{asked, cached, refusal, signer, stage};
use std::fs;

const CONFIG: &str = "
[profile keys]
aws_access_key_id = AKIDKEYS
aws_secret_access_key = x
[profile first]
role_arn = arn:aws:iam::123456789012:role/first
source_profile = keys
[profile second]
role_arn = arn:aws:iam::123456789012:role/second
role_session_name = jane
external_id = \"quoted\"/é
duration_seconds = 3600
source_profile = first
";

fn staged(url: &str) -> Sandbox {
    let mut sandbox = stage(CONFIG);
    sandbox.set("AWS_ENDPOINT_URL", url).set("AWS_DEFAULT_REGION", "us-west-2").set("AWS_PROFILE", "second");
    sandbox
}

/// What `aws sts get-caller-identity` says; the interpreter is found by the script's first line.
fn identity(sandbox: &Sandbox) -> Option<String> {
    let aws = program("aws")?;
    let mut command = sandbox.command(&[]);
    let mut other = std::process::Command::new(aws);
    other.args(["sts", "get-caller-identity", "--query", "Arn", "--output", "text"]).env_clear();
    other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command = other;
    let run = sandbox.finish(command);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    Some(run.stdout.trim().to_owned())
}

#[test]
fn what_the_aws_cli_keeps_is_used_without_a_request() {
    let Some(moto) = Moto::start() else { return };
    let mut sandbox = staged(&moto.url());
    let Some(arn) = identity(&sandbox) else { return };
    assert_eq!(arn, "arn:aws:sts::123456789012:assumed-role/second/jane");
    let kept: Vec<_> = cached(&sandbox).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(!kept.is_empty());
    let nobody = Responder::start(|_| refusal(500, "InternalFailure", "nobody should ask"));
    sandbox.set("AWS_ENDPOINT_URL", &nobody.url());
    let key = signer(&sandbox, &["db"]);
    assert!(key.starts_with("ASIA") && kept.iter().any(|entry| entry.contains(&key)), "{key}");
    assert_eq!(nobody.take().len(), 0);
    // Nor was anything written under another name.
    assert_eq!(cached(&sandbox).len(), kept.len());
}

#[test]
fn what_is_kept_here_is_used_by_the_aws_cli_without_assuming_the_role_again() {
    let Some(moto) = Moto::start() else { return };
    let mut sandbox = staged(&moto.url());
    let key = signer(&sandbox, &["db"]);
    let names = cached(&sandbox);
    assert_eq!(names.len(), 2);
    let sts = Responder::start(|request| match request.field("Action").as_deref() {
        Some("GetCallerIdentity") => crate::responder::Answer::ok(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:from-cache</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        _ => refusal(403, "AccessDenied", "nobody should ask"),
    });
    sandbox.set("AWS_ENDPOINT_URL", &sts.url());
    let Some(arn) = identity(&sandbox) else { return };
    assert_eq!(arn, "arn:from-cache");
    let signers: Vec<String> = asked(&sts).into_iter().map(|(key, _)| key).collect();
    assert_eq!(signers, [key]);
    assert_eq!(cached(&sandbox), names);
}

#[test]
fn a_web_identity_is_assumed_at_moto() {
    let Some(moto) = Moto::start() else { return };
    let mut sandbox = staged(&moto.url());
    let token = sandbox.write("token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.");
    sandbox.unset("AWS_PROFILE").set("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_str().unwrap());
    sandbox.set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod");
    let key = signer(&sandbox, &["db"]);
    assert!(key.starts_with("ASIA"), "{key}");
    assert!(identity(&sandbox).is_none_or(|arn| arn.starts_with("arn:aws:sts::123456789012:assumed-role/pod/")));
}
