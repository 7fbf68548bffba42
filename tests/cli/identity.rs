//! Whose credentials sign.

use crate::sandbox::{ACCESS_KEY, SESSION_TOKEN, Sandbox};

const PROFILES: &str = r#"
[defaults]
engine = "mysql"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
[profiles.plain]
[profiles.named]
aws_profile = "other"
[profiles.global]
host = "g.global-c1.global.rds.amazonaws.com"
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_config(PROFILES);
    sandbox.write(
        "home/.aws/config",
        "[profile other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = x\nregion = eu-west-3\n\
         [default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = y\n",
    );
    sandbox
}

/// The access key that signed, and the region.
fn signed(sandbox: &Sandbox, args: &[&str]) -> (String, String) {
    let run = sandbox.run(&[&["token"], args].concat());
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    let credential = run.stdout.split("X-Amz-Credential=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let mut parts = credential.split("%2F");
    let key = parts.next().unwrap().to_owned();
    (key, parts.nth(1).unwrap().to_owned())
}

#[test]
fn a_named_profile_beats_the_environment_and_a_mere_variable_does_not() {
    let mut sandbox = sandbox();
    let key = |sandbox: &Sandbox, args: &[&str]| signed(sandbox, args).0;
    assert_eq!(key(&sandbox, &["plain"]), ACCESS_KEY);
    assert_eq!(key(&sandbox, &["named"]), "AKIDOTHER");
    assert_eq!(key(&sandbox, &["plain", "--aws-profile", "other"]), "AKIDOTHER");
    sandbox.set("AWS_PROFILE", "other");
    assert_eq!(key(&sandbox, &["plain"]), ACCESS_KEY);
    assert_eq!(key(&sandbox, &["named", "--aws-profile", "default"]), "AKIDDEFAULT");
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    assert_eq!(key(&sandbox, &["plain"]), "AKIDOTHER");
    sandbox.unset("AWS_PROFILE");
    assert_eq!(key(&sandbox, &["plain"]), "AKIDDEFAULT");
}

#[test]
fn an_aws_profile_that_does_not_exist_is_refused_and_no_other_identity_takes_its_place() {
    let mut sandbox = sandbox();
    sandbox.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x").set("AWS_EC2_METADATA_DISABLED", "false");
    let error = "error: no AWS profile named `othr` in `~/.aws/config` or `~/.aws/credentials`\n\
                 hint: did you mean `other`?\n";
    sandbox.run(&["token", "plain", "--aws-profile", "othr"]).fails(error);
    sandbox.run(&["token", "global", "--aws-profile", "othr"]).fails(error);
    sandbox.set("AWS_PROFILE", "othr");
    assert_eq!(signed(&sandbox, &["plain"]).0, ACCESS_KEY);
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    sandbox.run(&["token", "plain"]).fails(error);
}

#[test]
fn an_endpoint_without_a_region_takes_the_aws_profiles() {
    let mut sandbox = sandbox();
    assert_eq!(signed(&sandbox, &["global", "--aws-profile", "other"]).1, "eu-west-3");
    assert_eq!(signed(&sandbox, &["global", "--region", "us-east-2"]).1, "us-east-2");
    sandbox.run(&["token", "global"]).fails(
        "error: no region to sign for: `g.global-c1.global.rds.amazonaws.com` does not carry one\n\
         hint: set `region` in the profile to the writer's present region, or use `--region`\n",
    );
    sandbox.set("AWS_REGION", "ap-south-1");
    assert_eq!(signed(&sandbox, &["global"]).1, "ap-south-1");
    assert_eq!(signed(&sandbox, &["plain"]).1, "us-west-2");
}

#[test]
fn a_session_token_is_part_of_the_token() {
    let mut sandbox = sandbox();
    sandbox.set("AWS_SESSION_TOKEN", SESSION_TOKEN);
    let token = sandbox.run(&["token", "plain"]).stdout;
    assert!(token.contains("&X-Amz-Security-Token=SESSIONMARKER%2F%2B%3D&X-Amz-Signature="), "{token}");
}

#[test]
fn no_credentials_are_one_clear_line() {
    let mut sandbox = sandbox();
    std::fs::remove_file(sandbox.path("home/.aws/config")).unwrap();
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    sandbox.run(&["plain"]).fails(
        "error: no AWS credentials in the environment (AWS_ACCESS_KEY_ID is not set), \
         AWS profile `default` (does not exist), a web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set), \
         a container's role (AWS_CONTAINER_CREDENTIALS_... is not set), \
         EC2 metadata (switched off by AWS_EC2_METADATA_DISABLED)\n\
         hint: set `aws_profile` in the profile or use `--aws-profile`, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n",
    );
    assert_eq!(sandbox.record("mysql"), None);
}
