//! Roles that end in a login: moto hands out their keys, the servers know them, every client gets in.

use std::fs;

use crate::bench::{Cell, Trial, all_right, bench};
use crate::clients;
use crate::moto::Moto;
use crate::standin::Edition;
use crate::standin::sigv4::Key;

const AWS_CONFIG: &str = "
[profile keys]
aws_access_key_id = AKIDMOTO
aws_secret_access_key = x
[profile first]
role_arn = arn:aws:iam::123456789012:role/first
source_profile = keys
";

/// Runs with a role of the database on top of one of the AWS profile.
fn with_roles(trial: &mut Trial, moto: &Moto) {
    trial.file(".aws/config", AWS_CONFIG);
    trial.key("aws_profile", "first").key("role_arn", "arn:aws:iam::123456789012:role/orders");
    trial.env("AWS_ENDPOINT_URL_STS", moto.url());
}

#[test]
fn keys_that_moto_hands_out_log_in_with_every_client() {
    let Some(moto) = Moto::start() else { return };
    let mut cells = Vec::new();
    for client in clients::all() {
        let moto = &moto;
        cells.push(Cell::new(client.name.to_owned(), move || {
            let mut trial = Trial::new(client, Edition::Good);
            with_roles(&mut trial, moto);
            // A token, for which both roles are assumed; it stays here.
            let mut first = Trial::new(client, Edition::Good);
            with_roles(&mut first, moto);
            first.flag("token").arguments::<&str>([]).env("HOME", trial.home());
            let outcome = first.run();
            outcome.when(outcome.status == Some(0) && outcome.stderr.is_empty(), "a token")?;
            let id = outcome.stdout.split("X-Amz-Credential=").nth(1).and_then(|rest| rest.split("%2F").next());
            let id = id.unwrap_or_default().to_owned();
            // From now on the servers know the key.
            let entries = fs::read_dir(trial.home().join(".aws/cli/cache")).unwrap().flatten();
            let kept = entries.map(|entry| fs::read_to_string(entry.path()).unwrap()).find(|text| text.contains(&id));
            let kept: serde_json::Value = serde_json::from_str(&kept.unwrap()).unwrap();
            let text = |name: &str| kept["Credentials"][name].as_str().unwrap().to_owned();
            let key = Key { secret: text("SecretAccessKey"), session: Some(text("SessionToken")) };
            outcome.when(id.starts_with("ASIA"), "a key of a role")?;
            bench().standin.verifier().change(|rules| drop(rules.keys.insert(id.clone(), key)));
            trial.access_key = id;
            trial.run().logged_in()
        }));
    }
    all_right(&cells);
}
