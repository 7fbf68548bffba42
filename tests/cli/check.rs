//! `rdsconnect check` where no server is: which steps there are, what is skipped, and the JSON.

use crate::sandbox::Sandbox;

const PROFILES: &str = r#"
[defaults]
user = "jane"
database = "app"
[profiles.gone]
engine = "postgres"
host = "localhost"
region = "us-west-2"
port = 1
[profiles.bad]
engine = "mysql"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
region = "eu-west-1"
"#;

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_config(PROFILES);
    // Nobody listens there, so that no test asks the real STS.
    sandbox.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    sandbox
}

#[test]
fn every_step_is_said_and_what_depends_on_a_failed_one_is_skipped() {
    let run = sandbox().run(&["check", "gone"]);
    let steps: Vec<(&str, &str)> = run
        .stdout
        .lines()
        .filter(|line| !line.contains("hint: "))
        .skip(1)
        .map(|line| (line[2..11].trim(), line[11..24].trim()))
        .collect();
    assert_eq!(
        steps,
        [
            ("passed", "profile file"),
            ("passed", "profile"),
            ("failed", "region"),
            ("passed", "client"),
            ("passed", "CA"),
            ("passed", "credentials"),
            ("passed", "name"),
            ("failed", "TCP"),
            ("skipped", "TLS"),
            ("skipped", "login"),
        ],
        "{}",
        run.stdout
    );
    assert_eq!((run.stderr.as_str(), run.status), ("error: 1 of 1 profile failed the check\n", Some(125)));
}

#[test]
fn a_profile_that_makes_no_connection_stops_there() {
    sandbox().run(&["check", "bad"]).gives(
        "bad\n  \
         passed   profile file  [dir]/home/.config/rdsconnect/config.toml, 2 profiles\n  \
         failed   profile       region `eu-west-1` contradicts the host name, which says `us-west-2`\n                         \
         hint: leave `region` out, the host name carries it\n",
        "error: 1 of 1 profile failed the check\n",
        125,
    );
}

#[test]
fn the_json_has_a_stable_shape_and_names_all_profiles_when_none_is_named() {
    let run = sandbox().run(&["check", "--json"]);
    assert_eq!((run.stderr.as_str(), run.status), ("error: 2 of 2 profiles failed the check\n", Some(125)));
    let checked: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(checked[0]["profile"], "bad");
    assert_eq!(checked[0]["passed"], false);
    assert_eq!(
        checked[0]["steps"][1],
        serde_json::json!({
            "step": "profile",
            "status": "failed",
            "detail": "region `eu-west-1` contradicts the host name, which says `us-west-2`",
            "hints": ["leave `region` out, the host name carries it"],
        })
    );
    assert_eq!(checked[1]["steps"][8]["status"], "skipped");
}
