//! `Stage`: a sandbox without credentials, and responders that play AWS's services.

use crate::responder::{Answer, Request, Responder};
use crate::sandbox::{Run, Sandbox};
use std::fs;
use std::time::{Duration, SystemTime};

/// A database that needs nothing but credentials.
pub(crate) const PROFILES: &str = r#"
[defaults]
engine = "mysql"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
[profiles.db]
"#;

/// Secrets that the responders hand out, and that must be seen nowhere.
pub(crate) const SECRET: &str = "SECRETMARKERbPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "TOKENMARKERxyz";

/// What the AWS files of the sandbox hold, without credentials in the environment.
pub(crate) fn stage(aws_config: &str) -> Sandbox {
    stage_with(PROFILES, aws_config)
}

pub(crate) fn stage_with(profiles: &str, aws_config: &str) -> Sandbox {
    let mut sandbox = Sandbox::with_config(profiles);
    sandbox.write("home/.aws/config", aws_config);
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    sandbox
}

/// The access key that signed a token; nothing on standard error, and no secret on either.
#[track_caller]
pub(crate) fn signer(sandbox: &Sandbox, args: &[&str]) -> String {
    let run = sandbox.run(&[&["token"], args].concat());
    signer_of(&run)
}

#[track_caller]
pub(crate) fn signer_of(run: &Run) -> String {
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    assert!(!run.stdout.contains(SECRET), "{}", run.stdout);
    let credential = run.stdout.split("X-Amz-Credential=").nth(1).unwrap();
    credential.split("%2F").next().unwrap().to_owned()
}

/// The failure of `token db`; no secret in it.
#[track_caller]
pub(crate) fn failure(sandbox: &Sandbox) -> String {
    let run = sandbox.run(&["token", "db", "-vv"]);
    assert_eq!((run.stdout.as_str(), run.status), ("", Some(125)), "{}", run.stderr);
    for secret in [SECRET, TOKEN] {
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
    }
    let lines: Vec<&str> = run.stderr.lines().skip_while(|line| !line.starts_with("error: ")).collect();
    lines.join("\n")
}

/// A time as AWS writes it, so many seconds from now.
pub(crate) fn in_seconds(seconds: i64) -> String {
    let off = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 { SystemTime::now() - off } else { SystemTime::now() + off };
    let time = aws_smithy_types::DateTime::from_secs(aws_smithy_types::DateTime::from(time).secs());
    time.fmt(aws_smithy_types::date_time::Format::DateTime).unwrap()
}

/// An STS that assumes every role: the credentials of `…:role/NAME` have the access key `ASIANAME`.
pub(crate) fn sts() -> Responder {
    Responder::start(|request| assumed(request, 3600))
}

pub(crate) fn assumed(request: &Request, seconds: i64) -> Answer {
    let action = request.field("Action").unwrap_or_default();
    let role = request.field("RoleArn").unwrap_or_default();
    let name = role.rsplit('/').next().unwrap_or_default().to_uppercase();
    Answer::ok(format!(
        "<{action}Response><{action}Result><Credentials><AccessKeyId>ASIA{name}</AccessKeyId>\
         <SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>\
         <Expiration>{}</Expiration></Credentials><AssumedRoleUser>\
         <Arn>arn:aws:sts::123456789012:assumed-role/{name}/s</Arn><AssumedRoleId>AROA:s</AssumedRoleId>\
         </AssumedRoleUser></{action}Result></{action}Response>",
        in_seconds(seconds)
    ))
}

/// A refusal as STS writes it.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Answer {
    Answer::ok(format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>r</RequestId></ErrorResponse>"
    ))
    .status(status)
}

/// The roles asked for, each with the access key that asked.
pub(crate) fn asked(sts: &Responder) -> Vec<(String, String)> {
    let entry = |request: &Request| {
        let role = request.field("RoleArn").unwrap_or_else(|| request.path.clone());
        (request.signer().unwrap_or_default(), role.rsplit('/').next().unwrap_or_default().to_owned())
    };
    sts.take().iter().map(entry).collect()
}

/// The files of the AWS CLI's credential cache.
pub(crate) fn cached(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(sandbox.path("home/.aws/cli/cache")).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Pairs as the tests write them.
pub(crate) fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}
