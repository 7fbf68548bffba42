//! `credential_process`: runs a program that prints credentials as JSON.
//!
//! Nothing that it writes is repeated anywhere: standard error may hold secrets as well.

use super::times;
use crate::error::aws::AwsError;
use aws_credential_types::Credentials;
use serde_json::Value;
use std::io::IsTerminal as _;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// A program that asks its user, in a browser perhaps, needs time.
const WITH_A_USER: Duration = Duration::from_mins(5);
const ALONE: Duration = Duration::from_secs(30);

/// Runs the command, split into words as the AWS CLI splits it; there is no shell.
pub(super) async fn credentials(command: &str, profile: &str) -> Result<Credentials, AwsError> {
    let failed = |problem: String| AwsError::Process { profile: profile.to_owned(), problem };
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| failed("cannot be split into words: a quote is not closed".into()))?;
    // What waits on standard input is meant for the client, unless it is the user.
    let input = std::io::stdin();
    let (stdin, patience) = if input.is_terminal() { (Stdio::inherit(), WITH_A_USER) } else { (Stdio::null(), ALONE) };
    // Takes standard error as well, which is thrown away.
    let running = Command::new(&words[0]).args(&words[1..]).stdin(stdin).kill_on_drop(true).output();
    let output = match tokio::time::timeout(patience, running).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(failed(format!("could not be started: {error}"))),
        Err(_) => return Err(failed(format!("did not end within {} seconds", patience.as_secs()))),
    };
    match output.status.code() {
        Some(0) => decode(&output.stdout).map_err(failed),
        Some(code) => Err(failed(format!("failed with status {code}"))),
        None => Err(failed("was killed".into())),
    }
}

/// What the program printed. Pure.
fn decode(output: &[u8]) -> Result<Credentials, String> {
    let value: Value = serde_json::from_slice(output).map_err(|_| "did not print JSON".to_owned())?;
    if value.get("Version").and_then(Value::as_i64) != Some(1) {
        return Err("did not print `\"Version\": 1`".into());
    }
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let needed = |name: &str| text(name).ok_or_else(|| format!("did not print `{name}`"));
    let end = match text("Expiration") {
        Some(end) => Some(times::parse(&end).ok_or("printed an `Expiration` that is no time")?),
        None => None,
    };
    Ok(Credentials::new(needed("AccessKeyId")?, needed("SecretAccessKey")?, text("SessionToken"), end, "process"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_without_repeating_it() {
        let error = |text: &str| decode(text.as_bytes()).unwrap_err();
        assert_eq!(error("s3cret"), "did not print JSON");
        assert_eq!(error("{\"Version\": 2}"), "did not print `\"Version\": 1`");
        assert_eq!(error("{\"Version\": 1, \"AccessKeyId\": \"A\"}"), "did not print `SecretAccessKey`");
        let odd = "{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"s3cret\", \"Expiration\": \"x\"}";
        assert_eq!(error(odd), "printed an `Expiration` that is no time");
        let good = odd.replace("\"x\"", "\"2099-01-02T03:04:05Z\"");
        assert_eq!(decode(good.as_bytes()).unwrap().access_key_id(), "A");
    }
}
