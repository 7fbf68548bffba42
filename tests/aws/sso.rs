//! IAM Identity Center: sessions of both kinds, their renewal, and what is said when they are over.

use crate::responder::{Answer, Responder};
use crate::sandbox::Sandbox;
use crate::stage::{SECRET, TOKEN, cached, failure, in_seconds, signer, stage};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const CONFIG: &str = "
[profile named]
sso_session = dev
sso_account_id = 123456789012
sso_role_name = Reader
[sso-session dev]
sso_region = eu-west-1
sso_start_url = https://d-123.awsapps.com/start
[profile legacy]
sso_start_url = https://d-123.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Reader
";
/// Names of the tokens' files, by botocore (see `src/aws/keys.rs`).
const NAMED: &str = "home/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
const LEGACY: &str = "home/.aws/sso/cache/2b829a45f04c9828cb45b7d092d8e4aa30818393.json";

/// The token's file; with what a renewal takes.
fn session(sandbox: &Sandbox, file: &str, token: &str, seconds: i64) {
    sandbox.write(
        file,
        &format!(
            "{{\"startUrl\": \"https://d-123.awsapps.com/start\", \"region\": \"eu-west-1\", \"accessToken\": \"{token}\", \
             \"expiresAt\": \"{}\", \"clientId\": \"id\", \"clientSecret\": \"{SECRET}\", \"refreshToken\": \"{TOKEN}\", \
             \"registrationExpiresAt\": \"{}\", \"other\": \"kept\"}}",
            in_seconds(seconds),
            in_seconds(86400)
        ),
    );
}

/// SSO and its OIDC in one: the token GOOD is known, renewals give GOOD.
fn sso() -> Responder {
    Responder::start(|request| {
        let json = |answer: Answer| answer.with("content-type", "application/json");
        let exception =
            |status, name: &str| json(Answer::ok("{\"message\":\"m\"}").status(status).with("x-amzn-errortype", name));
        match (request.path.split('?').next().unwrap(), request.header("x-amz-sso_bearer_token")) {
            ("/token", _) => {
                json(Answer::ok("{\"accessToken\":\"GOOD\",\"expiresIn\":28800,\"refreshToken\":\"NEXT\"}"))
            }
            ("/federation/credentials", Some("GOOD")) => json(Answer::ok(format!(
                "{{\"roleCredentials\":{{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"{SECRET}\",\
                 \"sessionToken\":\"{TOKEN}\",\"expiration\":{}}}}}",
                (std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()) + 3_600_000
            ))),
            ("/federation/credentials", Some("ELSEWHERE")) => exception(403, "ForbiddenException"),
            ("/federation/credentials", _) => exception(401, "UnauthorizedException"),
            _ => Answer::ok("").status(404),
        }
    })
}

fn staged() -> (Sandbox, Responder) {
    let (mut sandbox, sso) = (stage(CONFIG), sso());
    sandbox.set("AWS_ENDPOINT_URL", &sso.url());
    (sandbox, sso)
}

#[test]
fn both_kinds_of_session_give_credentials_once_and_then_the_cache_does() {
    for (profile, file) in [("named", NAMED), ("legacy", LEGACY)] {
        let (sandbox, sso) = staged();
        session(&sandbox, file, "GOOD", 3600);
        assert_eq!(signer(&sandbox, &["db", "--aws-profile", profile]), "ASIASSO");
        let requests = sso.take();
        assert_eq!(requests.len(), 1, "{profile}");
        assert_eq!(requests[0].path, "/federation/credentials?role_name=Reader&account_id=123456789012");
        assert_eq!(signer(&sandbox, &["db", "--aws-profile", profile]), "ASIASSO");
        assert_eq!(sso.take().len(), 0, "{profile}");
        let entry = fs::read_to_string(&cached(&sandbox)[0]).unwrap();
        assert!(entry.contains("\"ProviderType\":\"sso\""), "{entry}");
    }
}

#[test]
fn a_session_that_soon_ends_is_renewed_and_written_back() {
    for seconds in [-60, 600] {
        let (sandbox, sso) = staged();
        session(&sandbox, NAMED, "OLD", seconds);
        assert_eq!(signer(&sandbox, &["db", "--aws-profile", "named"]), "ASIASSO");
        let requests = sso.take();
        assert_eq!(requests.len(), 2);
        assert!(requests[0].body.contains("\"grantType\":\"refresh_token\""), "{}", requests[0].body);
        let file = sandbox.path(NAMED);
        let entry: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!([&entry["accessToken"], &entry["refreshToken"], &entry["other"]], ["GOOD", "NEXT", "kept"]);
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_session_that_cannot_be_renewed_is_used_while_it_lasts() {
    let (mut sandbox, sso) = staged();
    session(&sandbox, NAMED, "GOOD", 600);
    let refusing = Responder::start(|_| Answer::ok("{\"error\":\"invalid_grant\"}").status(400));
    sandbox.set("AWS_ENDPOINT_URL_SSO_OIDC", &refusing.url());
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "named"]), "ASIASSO");
    assert_eq!((refusing.take().len(), sso.take().len()), (1, 1));
}

#[test]
fn a_session_that_is_absent_or_over_names_the_command() {
    let said = |state: &str| {
        format!("error: the SSO session of AWS profile `legacy` {state}\nhint: run `aws sso login --profile legacy`")
    };
    let (mut sandbox, sso) = staged();
    sandbox.set("AWS_PROFILE", "legacy");
    assert_eq!(failure(&sandbox), said("does not exist yet"));
    sandbox.write(LEGACY, "{ damaged");
    assert_eq!(failure(&sandbox), said("does not exist yet"));
    session(&sandbox, LEGACY, "GOOD", -1);
    assert_eq!(failure(&sandbox), said("has expired"));
    assert_eq!(sso.take().len(), 0);
    // Ended from the other side.
    session(&sandbox, LEGACY, "REVOKED", 3600);
    assert_eq!(failure(&sandbox), said("has expired"));
    session(&sandbox, LEGACY, "ELSEWHERE", 3600);
    assert_eq!(
        failure(&sandbox),
        "error: SSO gives no access to role `Reader` in account `123456789012`\n\
         hint: check `sso_role_name` and `sso_account_id` of AWS profile `legacy`"
    );
}

#[test]
fn a_profile_that_does_not_fit_its_session_is_named() {
    for (config, problem) in [
        ("sso_session = nosuch\n", "names the `sso_session` `nosuch`, which does not exist"),
        ("sso_session = dev\nsso_region = us-east-1\n", "contradicts its `sso_session` in `sso_region`"),
        ("sso_region = us-east-1\n", "has no `sso_start_url`"),
    ] {
        let mut sandbox = stage(&format!(
            "[sso-session dev]\nsso_region = eu-west-1\nsso_start_url = https://x\n\
             [profile p]\nsso_account_id = 1\nsso_role_name = r\n{config}"
        ));
        sandbox.set("AWS_PROFILE", "p");
        assert_eq!(failure(&sandbox), format!("error: AWS profile `p` {problem}"));
    }
}
