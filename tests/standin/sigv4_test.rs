//! The verifier against botocore's tokens, and against tokens with one thing wrong.

use std::collections::BTreeMap;

use super::sigv4::{Key, Policy, Reason, Request, seconds, verify};

const VECTORS: &str = include_str!("../fixtures/token_vectors.json");
const HOST: &str = "mydb.abc123def456.us-west-2.rds.amazonaws.com";
const NOW: i64 = 1_767_323_045; // 2026-01-02T03:04:05Z

fn key() -> Key {
    Key { secret: "secret".to_owned(), session: None }
}

fn policy() -> Policy {
    Policy {
        keys: BTreeMap::from([("AKID".to_owned(), key())]),
        region: Some("us-west-2".to_owned()),
        endpoints: Some(vec![format!("{HOST}:5432")]),
    }
}

fn token() -> String {
    let key = key();
    Request { host: HOST, port: 5432, user: "jane", region: "us-west-2", access_key: "AKID", key: &key }.sign(NOW)
}

#[test]
fn every_token_of_botocore_is_accepted_and_made_alike() {
    let vectors: serde_json::Value = serde_json::from_str(VECTORS).expect("vectors are JSON");
    let vectors = vectors.as_array().expect("vectors are a list");
    assert!(vectors.len() >= 30, "only {} vectors", vectors.len());
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().expect("a string").to_owned();
        let stamp: String = text("time").chars().filter(|c| !"-:".contains(*c)).take(15).collect();
        let now = seconds(&format!("{stamp}Z")).expect("a time");
        let key = Key { secret: text("secret_key"), session: vector["session_token"].as_str().map(str::to_owned) };
        let (host, user, region, access_key) = (text("host"), text("user"), text("region"), text("access_key"));
        let port = vector["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        let port = port.expect("a port");
        let expected = text("expected_token");
        let policy = Policy {
            keys: BTreeMap::from([(access_key.clone(), key.clone())]),
            region: Some(region.clone()),
            endpoints: Some(vec![format!("{host}:{port}")]),
        };
        assert_eq!(verify(&expected, &user, &policy, now), Ok(()), "{expected}");
        let made = Request { host: &host, port, user: &user, region: &region, access_key: &access_key, key: &key };
        assert_eq!(made.sign(now), expected);
    }
}

#[test]
fn a_token_lives_fifteen_minutes_and_may_be_five_ahead() {
    for (offset, expected) in
        [(900, Ok(())), (901, Err(Reason::Expired)), (-300, Ok(())), (-301, Err(Reason::NotYetValid))]
    {
        assert_eq!(verify(&token(), "jane", &policy(), NOW + offset), expected, "{offset}");
    }
}

#[test]
fn one_wrong_thing_is_named() {
    let token = token();
    let swap = |from: &str, to: &str| {
        let changed = token.replace(from, to);
        assert_ne!(changed, token, "`{from}` is not in the token");
        changed
    };
    let flipped = if token.ends_with('0') { "1" } else { "0" };
    let tampered = format!("{}{flipped}", &token[..token.len() - 1]);
    let cases = [
        (swap("DBUser=jane", "DBUser=root"), Reason::User("root".to_owned())),
        (swap("5432", "5433"), Reason::Endpoint(format!("{HOST}:5433"))),
        (swap("us-west-2%2F", "us-east-1%2F"), Reason::Region("us-east-1".to_owned())),
        (swap("AKID", "AKIX"), Reason::UnknownKey("AKIX".to_owned())),
        (swap("rds-db", "rds"), Reason::Value("X-Amz-Credential")),
        (swap("20260102%2F", "20260103%2F"), Reason::Value("X-Amz-Credential")),
        (swap("Action=connect", "Action=Connect"), Reason::Value("Action")),
        (swap("Expires=900", "Expires=901"), Reason::Value("X-Amz-Expires")),
        (swap("Expires=900", "Expires=899"), Reason::Signature),
        (swap("T030405Z", "T030406Z"), Reason::Signature),
        (swap("/?", "?"), Reason::Malformed("address")),
        (swap("DBUser=jane", "DBUser=ja+ne"), Reason::Malformed("query")),
        (swap("&DBUser=jane", ""), Reason::Missing("DBUser")),
        (format!("{token}&Action=connect"), Reason::Duplicate("Action".to_owned())),
        (format!("{token}&X=1"), Reason::Unexpected("X".to_owned())),
        (format!("{token}&X-Amz-Security-Token=s"), Reason::SessionToken),
        (tampered, Reason::Signature),
        ("hunter2".to_owned(), Reason::Malformed("address")),
    ];
    assert_eq!(verify(&token, "jane", &policy(), NOW), Ok(()));
    for (changed, reason) in cases {
        assert_eq!(verify(&changed, "jane", &policy(), NOW), Err(reason), "{changed}");
    }
}

#[test]
fn another_secret_gives_another_signature() {
    let mut policy = policy();
    policy.keys.insert("AKID".to_owned(), Key { secret: "other".to_owned(), session: None });
    assert_eq!(verify(&token(), "jane", &policy, NOW), Err(Reason::Signature));
}

#[test]
fn a_session_token_must_be_the_keys_own() {
    let mut policy = policy();
    let session = Key { session: Some("s/+=".to_owned()), ..key() };
    policy.keys.insert("AKID".to_owned(), session.clone());
    assert_eq!(verify(&token(), "jane", &policy, NOW), Err(Reason::SessionToken));
    let signed =
        Request { host: HOST, port: 5432, user: "jane", region: "us-west-2", access_key: "AKID", key: &session }
            .sign(NOW);
    assert_eq!(verify(&signed, "jane", &policy, NOW), Ok(()));
}

#[test]
fn times_are_read_by_the_calendar() {
    for (stamp, expected) in [
        ("19700101T000000Z", Some(0)),
        ("20260102T030405Z", Some(NOW)),
        ("20240229T235959Z", Some(1_709_251_199)),
        ("20240301T000000Z", Some(1_709_251_200)),
        ("20261301T000000Z", None),
        ("2026-01-02T03:04", None),
    ] {
        assert_eq!(seconds(stamp), expected, "{stamp}");
    }
}
