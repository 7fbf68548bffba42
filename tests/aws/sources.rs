//! Sources that are neither roles nor SSO: keys, processes, containers, EC2, `aws login`.

use crate::responder::{Answer, Responder};
use crate::stage::{SECRET, TOKEN, failure, in_seconds, signer, stage, sts};
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn half_a_key_pair_in_the_environment_is_an_error_as_in_the_aws_cli() {
    let mut sandbox = stage("[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = x\n");
    sandbox.set("AWS_ACCESS_KEY_ID", "AKIDENV");
    assert_eq!(
        failure(&sandbox),
        "error: `AWS_ACCESS_KEY_ID` is set, `AWS_SECRET_ACCESS_KEY` is not\n\
         hint: set both, or neither: `AWS_SECRET_ACCESS_KEY` is what is missing"
    );
    sandbox.unset("AWS_ACCESS_KEY_ID").set("AWS_SECRET_ACCESS_KEY", SECRET);
    assert_eq!(signer(&sandbox, &["db"]), "AKIDFILE");
    sandbox.set("AWS_ACCESS_KEY_ID", "AKIDENV").set("AWS_CREDENTIAL_EXPIRATION", &in_seconds(-1));
    assert!(failure(&sandbox).starts_with("error: the credentials from the environment have expired\n"));
}

#[test]
fn the_files_may_be_elsewhere_and_keys_in_them_may_expire() {
    let mut sandbox = stage("");
    let config = sandbox.write("elsewhere/config", "[profile a]\nregion = eu-west-1\n");
    let keys = sandbox.write("elsewhere/keys", "[a]\naws_access_key_id = AKIDA\naws_secret_access_key = x\n");
    sandbox.set("AWS_CONFIG_FILE", config.to_str().unwrap());
    sandbox.set("AWS_SHARED_CREDENTIALS_FILE", keys.to_str().unwrap());
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "a"]), "AKIDA");
    sandbox.set("AWS_PROFILE", "b");
    let error = failure(&sandbox);
    assert!(
        error.starts_with("error: no AWS profile named `b` in `[dir]/elsewhere/config` or `[dir]/elsewhere/keys`\n"),
        "{error}"
    );
    let over = format!(
        "[a]\naws_access_key_id = A\naws_secret_access_key = x\nx_security_token_expires = {}\n",
        in_seconds(-1)
    );
    sandbox.write("elsewhere/keys", &over);
    sandbox.set("AWS_PROFILE", "a");
    assert!(failure(&sandbox).starts_with("error: the credentials from AWS profile `a` have expired\n"));
}

/// An executable script; the interpreter is named by path because PATH is the sandbox's own.
fn script(sandbox: &crate::sandbox::Sandbox, name: &str, text: &str) -> String {
    let path = sandbox.write(name, &format!("#!/bin/sh\n{text}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_credential_process_is_run_without_a_shell_and_nothing_it_writes_is_repeated() {
    let mut sandbox = stage("");
    let json = format!(
        "{{\"Version\": 1, \"AccessKeyId\": \"'\"$1$#\"'\", \"SecretAccessKey\": \"{SECRET}\", \"SessionToken\": \"{TOKEN}\"}}"
    );
    let good = script(&sandbox, "good", &format!("echo '{json}'; /bin/cat >&2"));
    sandbox.write("home/.aws/config", &format!("[default]\ncredential_process = \"{good}\" 'A$KID;x' y\n"));
    assert_eq!(signer(&sandbox, &["db"]), "A%24KID%3Bx2");
    // Keys in the credentials file come first, keys beside the process do not.
    let keys = "aws_access_key_id = AKIDFILE\naws_secret_access_key = x\n";
    sandbox.write("home/.aws/config", &format!("[default]\n{keys}credential_process = \"{good}\" P\n"));
    assert_eq!(signer(&sandbox, &["db"]), "P1");
    let file = sandbox.write("home/.aws/credentials", &format!("[default]\n{keys}"));
    assert_eq!(signer(&sandbox, &["db"]), "AKIDFILE");
    std::fs::remove_file(file).unwrap();
    let loud = format!("echo {SECRET}; echo {TOKEN} >&2; exit 3");
    for (text, problem) in [
        (loud.as_str(), "failed with status 3"),
        ("echo SECRETMARKERbPxRfiCYEXAMPLEKEY", "did not print JSON"),
        ("kill -9 $$", "was killed"),
    ] {
        let bad = script(&sandbox, "bad", text);
        sandbox.write("home/.aws/config", &format!("[default]\ncredential_process = {bad}\n"));
        assert_eq!(
            failure(&sandbox),
            format!(
                "error: `credential_process` of AWS profile `default` {problem}\nhint: run the command by itself to see what it says"
            )
        );
    }
    sandbox.write("home/.aws/config", "[default]\ncredential_process = /nonexistent/x\n");
    assert!(failure(&sandbox).contains("could not be started: No such file or directory"));
    let over = script(
        &sandbox,
        "over",
        &format!("echo '{}'", json.replace('}', &format!(", \"Expiration\": \"{}\"}}", in_seconds(-1)))),
    );
    sandbox.write("home/.aws/config", &format!("[default]\ncredential_process = {over}\n"));
    sandbox.set("AWS_PROFILE", "default");
    assert!(
        failure(&sandbox)
            .starts_with("error: the credentials from `credential_process` of AWS profile `default` have expired\n")
    );
}

fn keys_as_json(key: &str) -> String {
    format!(
        "{{\"Code\":\"Success\",\"AccessKeyId\":\"{key}\",\"SecretAccessKey\":\"{SECRET}\",\"Token\":\"{TOKEN}\",\"Expiration\":\"{}\"}}",
        in_seconds(3600)
    )
}

#[test]
fn a_container_gives_its_role_for_its_token() {
    let container = Responder::start(|_| Answer::ok(keys_as_json("ASIACONTAINER")));
    let mut sandbox =
        stage("[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = EcsContainer\n");
    sandbox.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/role?x=1", container.url()));
    sandbox.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc");
    // A proxy must not see it.
    sandbox.set("HTTP_PROXY", "http://127.0.0.1:1").set("ALL_PROXY", "http://127.0.0.1:1");
    assert_eq!(signer(&sandbox, &["db"]), "ASIACONTAINER");
    let request = container.take().remove(0);
    assert_eq!((request.path.as_str(), request.header("authorization")), ("/role?x=1", Some("Basic abc")));
    let file = sandbox.write("token", "Bearer file");
    sandbox.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap());
    assert_eq!(signer(&sandbox, &["db"]), "ASIACONTAINER");
    assert_eq!(container.take()[0].header("authorization"), Some("Bearer file"));
    let sts = sts();
    sandbox.unset("HTTP_PROXY").unset("ALL_PROXY").set("AWS_ENDPOINT_URL_STS", &sts.url());
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "p"]), "ASIAR");
    assert_eq!(sts.take()[0].signer().as_deref(), Some("ASIACONTAINER"));
    // It is asked, not passed over, when it is broken.
    let broken = Responder::start(|_| Answer::ok(TOKEN).status(500));
    sandbox.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &broken.url());
    let error = failure(&sandbox);
    assert!(
        error.starts_with("error: could not get AWS credentials from the container's role\n  caused by: "),
        "{error}"
    );
    assert_eq!(error.lines().count(), 2, "{error}");
}

/// EC2's metadata service, version 2 alone.
fn metadata() -> Responder {
    Responder::start(|request| match (request.method.as_str(), request.path.as_str()) {
        ("PUT", "/latest/api/token") => Answer::ok("IMDSTOKEN").with("x-aws-ec2-metadata-token-ttl-seconds", "21600"),
        _ if request.header("x-aws-ec2-metadata-token") != Some("IMDSTOKEN") => Answer::ok("").status(401),
        ("GET", path) if path.trim_end_matches('/').ends_with("/security-credentials") => Answer::ok("ec2-role"),
        ("GET", path) if path.ends_with("/security-credentials/ec2-role") => Answer::ok(keys_as_json("ASIAEC2")),
        _ => Answer::ok("").status(404),
    })
}

#[test]
fn an_instance_gives_its_role_unless_that_is_switched_off() {
    let (metadata, sts) = (metadata(), sts());
    let mut sandbox =
        stage("[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Ec2InstanceMetadata\n");
    sandbox.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata.url());
    let error = failure(&sandbox);
    assert!(error.contains("EC2 metadata (switched off by AWS_EC2_METADATA_DISABLED)\n"), "{error}");
    assert_eq!(metadata.take().len(), 0);
    sandbox.unset("AWS_EC2_METADATA_DISABLED").set("AWS_ENDPOINT_URL_STS", &sts.url());
    assert_eq!(signer(&sandbox, &["db"]), "ASIAEC2");
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "p"]), "ASIAR");
    assert_eq!(sts.take()[0].signer().as_deref(), Some("ASIAEC2"));
}

#[test]
fn a_login_session_is_used_while_it_lasts() {
    let sandbox = stage("[profile console]\nlogin_session = arn:aws:iam::123456789012:user/jane\n");
    // The name is the SHA-256 of the session's ARN; the format is botocore's.
    let name = sha256("arn:aws:iam::123456789012:user/jane");
    let entry = |end: &str| {
        format!(
            "{{\"accessToken\": {{\"accessKeyId\": \"ASIALOGIN\", \"secretAccessKey\": \"{SECRET}\", \
             \"sessionToken\": \"{TOKEN}\", \"accountId\": \"123456789012\", \"expiresAt\": \"{end}\"}}, \
             \"tokenType\": \"aws_sigv4\", \"refreshToken\": \"{TOKEN}\", \"idToken\": \"x\", \
             \"clientId\": \"arn:aws:signin:::devtools/same-device\", \"dpopKey\": \"{KEY}\"}}"
        )
    };
    sandbox.write(&format!("home/.aws/login/cache/{name}.json"), &entry(&in_seconds(3600)));
    assert_eq!(signer(&sandbox, &["db", "--aws-profile", "console"]), "ASIALOGIN");
    let absent = "error: the login session of AWS profile `console` does not exist or has expired\n\
                  hint: run `aws login --profile console`\n";
    std::fs::remove_dir_all(sandbox.path("home/.aws/login")).unwrap();
    sandbox.run(&["token", "db", "--aws-profile", "console"]).fails(absent);
}

/// Made for this test.
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIEaiowqvyExH/wzsUuCe6YNKT9wTjBHfMq17ar/eEyQSoAoGCCqGSM49\\nAwEHoUQDQgAELhi1oexxvOZ6WJOCkLA8GunRDI1jrDHAgEaEOkBLgP7OTXkRhrKl\\nBe2+s+w8tRJ++4Yge1Q952nerThb1SSbqw==\\n-----END EC PRIVATE KEY-----\\n";

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn credentials_are_sent_in_clear_to_this_machine_alone() {
    let role = "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = q\n\
                [profile q]\naws_access_key_id = A\naws_secret_access_key = x\n";
    let refused = |setting: &str| {
        format!(
            "error: `{setting}` would send credentials unencrypted to another machine: `http://aws.example`\n\
             hint: use https, or a loopback address"
        )
    };
    let mut sandbox = stage(role);
    sandbox.set("AWS_PROFILE", "p").set("AWS_ENDPOINT_URL_STS", "http://aws.example/x");
    assert_eq!(failure(&sandbox), refused("AWS_ENDPOINT_URL_STS"));
    sandbox.unset("AWS_ENDPOINT_URL_STS");
    sandbox.write(
        "home/.aws/config",
        &format!("{role}[profile p]\nservices = s\n[services s]\nsts =\n  endpoint_url = http://aws.example\n"),
    );
    assert_eq!(failure(&sandbox), refused("endpoint_url"));
    let mut sandbox = stage("");
    sandbox.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://aws.example/x");
    assert_eq!(failure(&sandbox), refused("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
    let mut sandbox = stage("");
    sandbox.unset("AWS_EC2_METADATA_DISABLED").set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://aws.example");
    assert_eq!(failure(&sandbox), refused("AWS_EC2_METADATA_SERVICE_ENDPOINT"));
    let mut sandbox = stage("[default]\nec2_metadata_service_endpoint = http://aws.example\n");
    sandbox.unset("AWS_EC2_METADATA_DISABLED");
    assert_eq!(failure(&sandbox), refused("ec2_metadata_service_endpoint"));
}
