//! Roles: chains of AWS profiles, the role of a database, web identities.

use crate::stage::{PROFILES, asked, failure, pairs, signer, stage, stage_with, sts};

const CHAIN: &str = "
[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = x
[profile middle]
role_arn = arn:aws:iam::123456789012:role/middle
source_profile = base
external_id = shared
[profile top]
role_arn = arn:aws:iam::123456789012:role/top
role_session_name = jane
duration_seconds = 1800
source_profile = middle
[profile self]
aws_access_key_id = AKIDSELF
aws_secret_access_key = x
role_arn = arn:aws:iam::123456789012:role/self
source_profile = self
[profile onself]
role_arn = arn:aws:iam::123456789012:role/onself
source_profile = self
";

#[test]
fn a_chain_is_assumed_link_by_link_and_then_comes_from_the_cache() {
    let (mut sandbox, sts) = (stage(CHAIN), sts());
    sandbox.set("AWS_ENDPOINT_URL_STS", &sts.url());
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "top"]), "ASIATOP");
    let requests = sts.take();
    let fields = |name: &str| requests.iter().map(|request| request.field(name)).collect::<Vec<_>>();
    let signers: Vec<_> = requests.iter().map(|request| request.signer().unwrap()).collect();
    assert_eq!(signers, ["AKIDBASE", "ASIAMIDDLE"]);
    assert_eq!(fields("ExternalId"), [Some("shared".to_owned()), None]);
    assert_eq!(fields("DurationSeconds"), [None, Some("1800".to_owned())]);
    assert_eq!(fields("RoleSessionName")[1].as_deref(), Some("jane"));
    assert!(fields("RoleSessionName")[0].as_deref().unwrap().starts_with("rdsconnect-"));
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "top"]), "ASIATOP");
    assert_eq!(asked(&sts), []);
}

#[test]
fn a_profile_may_be_its_own_source_and_keys_come_before_the_role_further_down() {
    let (mut sandbox, sts) = (stage(CHAIN), sts());
    sandbox.set("AWS_ENDPOINT_URL_STS", &sts.url());
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "self"]), "ASIASELF");
    assert_eq!(asked(&sts), pairs(&[("AKIDSELF", "self")]));
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "onself"]), "ASIAONSELF");
    assert_eq!(asked(&sts), pairs(&[("AKIDSELF", "onself")]));
}

#[test]
fn a_role_may_take_the_credentials_of_the_environment() {
    let (mut sandbox, sts) = (
        stage("[profile env]\nrole_arn = arn:aws:iam::123456789012:role/env\ncredential_source = Environment\n"),
        sts(),
    );
    sandbox.set("AWS_ENDPOINT_URL", &sts.url());
    sandbox.set("AWS_ACCESS_KEY_ID", "AKIDENV").set("AWS_SECRET_ACCESS_KEY", "x");
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "env"]), "ASIAENV");
    assert_eq!(asked(&sts), pairs(&[("AKIDENV", "env")]));
}

#[test]
fn a_database_may_have_a_role_of_its_own() {
    let profiles = format!(
        "{PROFILES}role_arn = \"arn:aws:iam::123456789012:role/orders\"\nexternal_id = \"x\"\n\
         role_session_name = \"jane\"\nduration_seconds = 900\n\
         [profiles.above]\naws_profile = \"middle\"\nrole_arn = \"arn:aws:iam::123456789012:role/above\"\n"
    );
    let (mut sandbox, sts) = (stage_with(&profiles, CHAIN), sts());
    sandbox.set("AWS_ENDPOINT_URL_STS", &sts.url());
    sandbox.set("AWS_ACCESS_KEY_ID", "AKIDENV").set("AWS_SECRET_ACCESS_KEY", "x");
    assert_eq!(signer(&sandbox, &["db"]), "ASIAORDERS");
    let request = sts.take().remove(0);
    let fields =
        ["RoleArn", "ExternalId", "RoleSessionName", "DurationSeconds"].map(|name| request.field(name).unwrap());
    assert_eq!(fields, ["arn:aws:iam::123456789012:role/orders", "x", "jane", "900"]);
    assert_eq!(request.signer().unwrap(), "AKIDENV");
    assert_eq!(signer(&sandbox, &["above"]), "ASIAABOVE");
    assert_eq!(asked(&sts), pairs(&[("AKIDBASE", "middle"), ("ASIAMIDDLE", "above")]));
}

#[test]
fn what_belongs_to_a_role_is_checked_with_the_profile_file() {
    let error = |keys: &str| {
        let run = stage_with(&format!("{PROFILES}{keys}\n"), "").run(&["token", "db"]);
        run.stderr.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(error("external_id = \"x\""), "error: profile `db` has `external_id` but no `role_arn`");
    for bad in
        ["role_arn = \"orders\"", "duration_seconds = 899", "role_session_name = \"a b\"", "credential_cache = 1"]
    {
        assert!(error(bad).contains("line 7"), "{bad}: {}", error(bad));
    }
}

#[test]
fn profiles_that_contradict_themselves_are_named() {
    let arn = "role_arn = arn:aws:iam::123456789012:role/r";
    let keys = "aws_access_key_id = A\naws_secret_access_key = s";
    for (config, error) in [
        (format!("{arn}\n"), "has `role_arn` but neither `source_profile` nor `credential_source`"),
        (
            format!("{arn}\nsource_profile = p\ncredential_source = Environment\n"),
            "has both `source_profile` and `credential_source`",
        ),
        (format!("{arn}\nsource_profile = nosuch\n"), "names the `source_profile` `nosuch`, which does not exist"),
        (format!("{arn}\nsource_profile = p\n"), "is its own `source_profile`, and has no keys"),
        (
            format!("{arn}\ncredential_source = Sky\n"),
            "has the unknown `credential_source` `Sky` (Environment, EcsContainer or Ec2InstanceMetadata)",
        ),
        (
            format!("{arn}\nsource_profile = q\n[profile q]\n{arn}\nsource_profile = p\n"),
            "is its own `source_profile` by a detour",
        ),
        (
            format!("{arn}\nsource_profile = q\n{keys}\nduration_seconds = x\n"),
            "has a `duration_seconds` that is no number",
        ),
        ("web_identity_token_file = /t\n".into(), "has `web_identity_token_file` but no `role_arn`"),
    ] {
        let mut sandbox = stage(&format!("[profile p]\n{config}"));
        sandbox.set("AWS_PROFILE", "p");
        assert_eq!(failure(&sandbox), format!("error: AWS profile `p` {error}"), "{config}");
    }
    let mut sandbox = stage("[profile p]\naws_access_key_id = A\n");
    sandbox.set("AWS_PROFILE", "p");
    assert!(
        failure(&sandbox)
            .starts_with("error: `aws_access_key_id` is set in AWS profile `p`, `aws_secret_access_key` is not\n")
    );
}

#[test]
fn a_web_identity_is_taken_from_the_environment_or_a_profile_and_cached() {
    let (mut sandbox, sts) = (stage(""), sts());
    let file = sandbox.write("token.jwt", "WEBTOKEN");
    let file = file.to_str().unwrap();
    sandbox.write(
        "home/.aws/config",
        &format!("[profile web]\nrole_arn = arn:aws:iam::123456789012:role/web\nweb_identity_token_file = {file}\n"),
    );
    sandbox.set("AWS_ENDPOINT_URL_STS", &sts.url());
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "web"]), "ASIAWEB");
    let request = sts.take().remove(0);
    assert_eq!((request.field("WebIdentityToken").as_deref(), request.signer()), (Some("WEBTOKEN"), None));
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "web"]), "ASIAWEB");
    assert_eq!(asked(&sts), []);
    sandbox.set("AWS_WEB_IDENTITY_TOKEN_FILE", file).set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod");
    sandbox.set("AWS_ROLE_SESSION_NAME", "pod-1");
    assert_eq!(signer(&sandbox, &["db"]), "ASIAPOD");
    assert_eq!(sts.take()[0].field("RoleSessionName").as_deref(), Some("pod-1"));
    // A profile that is named beats the environment.
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "web"]), "ASIAWEB");
    sandbox.set("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token").set("AWS_ROLE_SESSION_NAME", "pod-2");
    assert!(failure(&sandbox).starts_with("error: could not read the web identity token `/nonexistent/token`\n"));
    sandbox.unset("AWS_ROLE_ARN");
    assert!(failure(&sandbox).starts_with("error: `AWS_WEB_IDENTITY_TOKEN_FILE` is set, `AWS_ROLE_ARN` is not\n"));
}
