//! What is said when AWS refuses: one line, what to do, no debug text, no secret.

use crate::responder::{Answer, Responder};
use crate::stage::{failure, refusal, stage, sts};

const ROLE: &str = "
[profile p]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = q
[profile q]
aws_access_key_id = AKIDQ
aws_secret_access_key = x
";

fn said(answer: impl Fn() -> Answer + Send + Sync + 'static) -> String {
    let sts = Responder::start(move |_| answer());
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_ENDPOINT_URL_STS", &sts.url()).set("AWS_PROFILE", "p").set("AWS_REGION", "eu-south-2");
    failure(&sandbox)
}

#[test]
fn refusals_of_sts_are_single_sentences() {
    let denied = "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: sts:AssumeRole on \
                  resource: arn:aws:iam::123456789012:role/r";
    assert_eq!(
        said(|| refusal(403, "AccessDenied", denied)),
        "error: `arn:aws:iam::123456789012:user/jane` may not assume role `arn:aws:iam::123456789012:role/r`\n\
         hint: let the role's trust policy name that identity, and that identity's own policy allow `sts:AssumeRole`; \
         a role that asks for MFA needs `mfa_serial`"
    );
    assert_eq!(
        said(|| refusal(403, "ExpiredToken", "The security token included in the request is expired")),
        "error: the credentials from AWS profile `q` have expired\n\
         hint: renew them where they came from, or unset them"
    );
    assert_eq!(
        said(|| refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.")),
        "error: AWS does not know the keys from AWS profile `q`\n\
         hint: check that the keys still exist, and that region `eu-south-2` is switched on in the account"
    );
    assert_eq!(
        said(|| refusal(403, "RegionDisabledException", "STS is not activated in this region")),
        "error: region `eu-south-2` is switched off in this AWS account\n\
         hint: enable `eu-south-2` in the account, or set another `region` for AWS (AWS_REGION)"
    );
    assert_eq!(
        said(|| refusal(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration")),
        "error: AWS STS refused: The requested DurationSeconds exceeds the MaxSessionDuration"
    );
}

#[test]
fn a_clock_that_is_off_is_named_whatever_the_answer_was() {
    let date = |seconds: i64| {
        let time = std::time::SystemTime::now();
        let off = std::time::Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { time - off } else { time + off };
        aws_smithy_types::DateTime::from(time).fmt(aws_smithy_types::date_time::Format::HttpDate).unwrap()
    };
    let text = |how: &str| format!("error: this machine's clock is {how} AWS's\nhint: set the system clock");
    let late = date(630);
    assert_eq!(said(move || refusal(403, "SignatureDoesNotMatch", "x").with("date", &late)), text("10 minutes behind"));
    let early = date(-630);
    assert_eq!(said(move || refusal(403, "AccessDenied", "x").with("date", &early)), text("10 minutes ahead of"));
    // Credentials that were given all the same would make a token that RDS refuses.
    let good = Responder::start({
        let late = date(630);
        move |request| crate::stage::assumed(request, 3600).with("date", &late)
    });
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_ENDPOINT_URL_STS", &good.url()).set("AWS_PROFILE", "p");
    assert_eq!(failure(&sandbox), text("10 minutes behind"));
    let near = date(240);
    let good = Responder::start(move |request| crate::stage::assumed(request, 3600).with("date", &near));
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_ENDPOINT_URL_STS", &good.url()).set("AWS_PROFILE", "p");
    assert_eq!(crate::stage::signer(&sandbox, &["db"]), "ASIAR");
}

#[test]
fn a_service_that_cannot_be_reached_is_named_with_the_reason() {
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_PROFILE", "p").set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    assert!(
        failure(&sandbox).starts_with("error: could not reach AWS STS\n  caused by: Connection refused"),
        "{}",
        failure(&sandbox)
    );
    let nonsense = Responder::start(|_| Answer::ok("<html>SECRETMARKERbPxRfiCYEXAMPLEKEY"));
    sandbox.set("AWS_ENDPOINT_URL_STS", &nonsense.url());
    let error = failure(&sandbox);
    assert!(error.starts_with("error: ") && error.lines().count() <= 2, "{error}");
    drop(sts());
}
