//! Questions on the terminal: codes of MFA devices, and the offer to log in.

use crate::responder::{Answer, Responder};
use crate::sandbox::Sandbox;
use crate::stage::{PROFILES, TOKEN, cached, refusal, stage, stage_with, sts};
use crate::terminal::{TERM, detached, dialogue};
use std::os::unix::fs::PermissionsExt as _;

const DEVICE: &str = "arn:aws:iam::123456789012:mfa/jane";
const ROLE: &str = "
[profile p]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = q
mfa_serial = arn:aws:iam::123456789012:mfa/jane
[profile q]
aws_access_key_id = AKIDQ
aws_secret_access_key = x
";
const QUESTION: &str = "MFA code for arn:aws:iam::123456789012:mfa/jane: ";

fn staged(sts: &Responder) -> Sandbox {
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_PROFILE", "p").set("AWS_ENDPOINT_URL_STS", &sts.url());
    sandbox
}

#[test]
fn a_code_is_asked_for_on_the_terminal_unseen_and_once() {
    let sts = sts();
    let sandbox = staged(&sts);
    // A slip, corrected, is part of typing.
    let Some(shown) = dialogue(&sandbox, &["token", "db"], &[(QUESTION, "zz\u{15}13579x\u{7f}0\r")]) else { return };
    assert!(shown.contains("X-Amz-Credential=ASIAR%2F") && shown.ends_with("[status 0, echo True]\n"), "{shown}");
    assert!(!shown.contains("135790") && !shown.contains("zz"), "{shown}");
    let request = sts.take().remove(0);
    assert_eq!(
        [request.field("SerialNumber"), request.field("TokenCode")],
        [Some(DEVICE.into()), Some("135790".into())]
    );
    let run = sandbox.finish(detached(&sandbox, &["token", "db"]).unwrap());
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    assert_eq!((sts.take().len(), cached(&sandbox).len()), (0, 1));
}

#[test]
fn the_role_of_a_database_may_ask_for_a_code_too_and_standard_input_is_left_alone() {
    let sts = sts();
    let profiles =
        format!("{PROFILES}role_arn = \"arn:aws:iam::123456789012:role/orders\"\nmfa_serial = \"{DEVICE}\"\n");
    let mut sandbox = stage_with(&profiles, ROLE);
    sandbox.set("AWS_PROFILE", "q").set("AWS_ENDPOINT_URL_STS", &sts.url());
    let Some(shown) = dialogue(&sandbox, &["db", "--", "-e", "select 1"], &[(QUESTION, "654321\n")]) else { return };
    assert!(shown.ends_with("[status 0, echo True]\n"), "{shown}");
    assert_eq!(sts.take()[0].field("TokenCode").as_deref(), Some("654321"));
    assert!(sandbox.record("mysql").is_some());
}

#[test]
fn without_a_terminal_no_code_is_asked_for_and_the_way_out_is_named() {
    let sts = sts();
    let sandbox = staged(&sts);
    let Some(command) = detached(&sandbox, &["token", "db"]) else { return };
    sandbox.finish(command).fails(
        "error: role `arn:aws:iam::123456789012:role/r` needs a code of MFA device `arn:aws:iam::123456789012:mfa/jane`, \
         and there is no terminal to ask on\n\
         hint: run `aws sts get-caller-identity --profile p` in a terminal first; its credentials are used here too\n",
    );
    assert_eq!(sts.take().len(), 0);
}

#[test]
fn leaving_the_question_ends_it_with_the_terminal_as_it_was() {
    let sts = sts();
    let sandbox = staged(&sts);
    for key in ["\u{3}", "\u{4}", "\r"] {
        let Some(shown) = dialogue(&sandbox, &["token", "db"], &[(QUESTION, key)]) else { return };
        assert!(
            shown.contains("error: no code of MFA device `arn:aws:iam::123456789012:mfa/jane` was given\n"),
            "{shown}"
        );
        assert!(shown.ends_with("[status 125, echo True]\n"), "{shown}");
    }
    assert_eq!(sts.take().len(), 0);
}

#[test]
fn a_signal_at_the_question_restores_the_terminal_and_ends_the_program_by_it() {
    let sts = sts();
    let sandbox = staged(&sts);
    let Some(shown) = dialogue(&sandbox, &["token", "db"], &[(QUESTION, TERM)]) else { return };
    assert!(shown.contains(QUESTION) && shown.ends_with("[status -15, echo True]\n"), "{shown}");
}

#[test]
fn a_wrong_code_is_named() {
    let sts = Responder::start(|_| {
        refusal(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
    });
    let sandbox = staged(&sts);
    let Some(shown) = dialogue(&sandbox, &["token", "db"], &[(QUESTION, "000000\r")]) else { return };
    assert!(
        shown.contains(
            "error: role `arn:aws:iam::123456789012:role/r`: the code of MFA device \
             `arn:aws:iam::123456789012:mfa/jane` was refused\nhint: wait for the device's next code: each works once\n"
        ),
        "{shown}"
    );
}

const SSO: &str = "
[profile s]
sso_start_url = https://d-123.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Reader
";

#[test]
fn a_login_is_offered_on_a_terminal_and_the_work_goes_on_after_it() {
    let sso = Responder::start(|_| {
        Answer::ok(format!(
            "{{\"roleCredentials\":{{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"x\",\"sessionToken\":\"{TOKEN}\",\"expiration\":4102444800000}}}}"
        ))
    });
    let mut sandbox = stage(SSO);
    sandbox.set("AWS_PROFILE", "s").set("AWS_ENDPOINT_URL_SSO", &sso.url());
    // The AWS CLI, as far as it matters here: it makes the token's file, or fails.
    let aws = |text: &str| {
        let path = sandbox.write("bin/aws", &format!("#!/bin/sh\necho \"aws $*\"\n{text}\n"));
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
    };
    let question = "The SSO session of AWS profile `s` does not exist yet. Run `aws sso login --profile s` now? [Y/n] ";
    aws("exit 7");
    let Some(shown) = dialogue(&sandbox, &["token", "db"], &[(question, "n\r")]) else { return };
    assert!(!shown.contains("aws sso login --profile s\n") && shown.ends_with("[status 125, echo True]\n"), "{shown}");
    let shown = dialogue(&sandbox, &["token", "db"], &[(question, "\r")]).unwrap();
    assert!(shown.contains("\naws sso login --profile s\n"), "{shown}");
    assert!(shown.contains("hint: it ended with exit status: 7; run `aws sso login --profile s`\n"), "{shown}");
    let file = ".aws/sso/cache/2b829a45f04c9828cb45b7d092d8e4aa30818393.json";
    aws(&format!(
        "/bin/mkdir -p $HOME/.aws/sso/cache; echo '{{\"accessToken\": \"GOOD\", \"expiresAt\": \"2099-01-01T00:00:00Z\"}}' >$HOME/{file}"
    ));
    let shown = dialogue(&sandbox, &["token", "db"], &[(question, "y\r")]).unwrap();
    assert!(shown.contains("X-Amz-Credential=ASIASSO%2F") && shown.ends_with("[status 0, echo True]\n"), "{shown}");
}
