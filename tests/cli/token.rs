//! `rdsconnect token`: for programs that read it, for people, and as JSON.

use crate::sandbox::{HOST, Sandbox};
use std::time::{Duration, SystemTime};

const PROFILE: &str = r#"
[profiles.pg]
engine = "postgres"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "ja\"ne"
connect_to = "127.0.0.1:15432"
"#;

#[test]
fn a_program_gets_the_token_and_not_one_character_more() {
    let run = Sandbox::with_config(PROFILE).run(&["token", "pg"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    assert!(run.stdout.starts_with(&format!("{HOST}:5432/?Action=connect&DBUser=ja%22ne&")), "{}", run.stdout);
    assert!(run.stdout.ends_with(|c: char| c.is_ascii_hexdigit()), "{:?}", run.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn a_newline_follows_on_a_terminal() {
    let run = Sandbox::with_config(PROFILE).run_on_terminal(80, &["token", "pg"], "");
    assert!(run.stdout.starts_with(HOST) && run.stdout.ends_with('\n'), "{:?}", run.stdout);
    assert_eq!((run.stdout.matches('\n').count(), run.status), (1, Some(0)));
}

#[test]
fn json_says_for_what_and_until_when() {
    let run = Sandbox::with_config(PROFILE).run(&["token", "pg", "--json"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    let read: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let (token, expires_at) = (read["token"].as_str().unwrap(), read["expires_at"].as_str().unwrap());
    let shape = format!(
        "{{\n  \"token\": \"{token}\",\n  \"host\": \"{HOST}\",\n  \"port\": 5432,\n  \"user\": \"ja\\\"ne\",\n  \"expires_at\": \"{expires_at}\"\n}}\n"
    );
    assert_eq!(run.stdout, shape);
    assert!(token.starts_with(&format!("{HOST}:5432/?Action=connect&DBUser=ja%22ne&")), "{token}");
    // The expiry is that of the signature, which says when it was made.
    let signed = token.split("X-Amz-Date=").nth(1).unwrap().split('&').next().unwrap();
    let time = |text: &str| {
        let parsed = aws_smithy_types::DateTime::from_str(text, aws_smithy_types::date_time::Format::DateTime);
        SystemTime::try_from(parsed.unwrap()).unwrap()
    };
    let (date, hours) = signed.split_once('T').unwrap();
    let signed =
        format!("{}-{}-{}T{}:{}:{}", &date[..4], &date[4..6], &date[6..], &hours[..2], &hours[2..4], &hours[4..]);
    assert_eq!(time(expires_at), time(&signed) + Duration::from_mins(15));
}
