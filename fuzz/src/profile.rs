//! The profile file: bytes to settings, settings to a target.

use super::rendered;
use rdsconnect::config::file::{File, Standing, decode, is_profile_name, parse, read};
use rdsconnect::config::problems::Problems;
use rdsconnect::config::resolve::{Bases, check_connectable, resolve};
use rdsconnect::config::settings::{Origin, Settings};
use rdsconnect::error::Error;
use rdsconnect::target::{Host, Trust};
use std::path::Path;

const PATH: &str = "/etc/rds/config.toml";

/// Runs the body.
///
/// # Panics
/// When a rule does not hold.
pub fn run(data: &[u8]) {
    let path = Path::new(PATH);
    let lines = u32::try_from(data.split(|b| *b == b'\n').count()).expect("inputs are small");
    let text = match decode(data.to_vec(), path) {
        Ok(text) => text,
        Err(error) => return refused(&error.into(), lines),
    };
    match parse(&text, path) {
        Ok(file) => accepted(&file, lines),
        Err(error) => refused(&error.into(), lines),
    }
    every_mistake(&text, path);
    // Once more, behind a line that means nothing.
    let edited = format!("# a comment\n{text}");
    let line = |text: &str| parse(text, path).map_err(|error| place(&rendered(&error.into())));
    match (line(&text), line(&edited)) {
        (Ok(before), Ok(after)) => assert!(before.profiles.keys().eq(after.profiles.keys())),
        (Err(before), Err(after)) => assert_eq!(before + 1, after, "the line does not follow the text"),
        (before, after) => panic!("a comment makes a difference: {} {}", before.is_ok(), after.is_ok()),
    }
}

/// Keeping all mistakes finds one where reading to the first finds one; and an included file is judged too.
fn every_mistake(text: &str, path: &Path) {
    let mut kept = Problems::All(Vec::new());
    let all = read(text, path, &Standing::Main, &mut kept);
    let Problems::All(mistakes) = kept else { panic!("the mistakes are lost") };
    for mistake in &mistakes {
        rendered(mistake);
    }
    let found = all.is_err() || !mistakes.is_empty();
    assert_eq!(parse(text, path).is_err(), found, "{mistakes:?}");
    let included = Standing::Included { number: 0, named: "team", main: Path::new("/etc/rds/main.toml"), granted: &[] };
    if let Err(error) = read(text, path, &included, &mut Problems::First) {
        rendered(&error.into());
    }
}

fn refused(error: &Error, lines: u32) {
    let text = rendered(error);
    assert!(text.contains(PATH), "the file is not named: {text}");
    assert!((1..=lines).contains(&place(&text)), "line {} of {lines}: {text}", place(&text));
}

/// The line that a message names.
fn place(text: &str) -> u32 {
    let (_, after) = text.rsplit_once(&format!("`{PATH}` line ")).expect("a place is named");
    after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("a number")
}

fn accepted(file: &File, lines: u32) {
    settings(&file.defaults, lines);
    for (name, profile) in &file.profiles {
        assert!(is_profile_name(name), "{name:?}");
        assert!(name.is_ascii() && !name.starts_with('-') && !name.contains('/'), "{name:?}");
        settings(profile, lines);
        let bases = Bases { file: Path::new("/etc/rds"), included: &[], working: Path::new("/work"), home: None };
        let merged = Settings::default().or(profile).or(&file.defaults);
        match resolve(name, merged, &bases, |_| Ok(None)) {
            Err(error) => _ = rendered(&error),
            Ok(target) => {
                if let Trust::File(bundle) = &target.trust {
                    assert!(bundle.is_absolute(), "{}", bundle.display());
                }
                if let Err(error) = check_connectable(&target) {
                    rendered(&error.into());
                }
            }
        }
    }
}

fn settings(settings: &Settings, lines: u32) {
    let origins = [
        settings.engine.as_ref().map(|at| at.origin),
        settings.host.as_ref().map(|at| at.origin),
        settings.port.as_ref().map(|at| at.origin),
        settings.user.as_ref().map(|at| at.origin),
        settings.client_args.as_ref().map(|at| at.origin),
        settings.description.as_ref().map(|at| at.origin),
    ];
    for origin in origins.into_iter().flatten() {
        let (Origin::Profile(line) | Origin::Defaults(line)) = origin else { panic!("{origin:?} in a file") };
        assert!((1..=lines).contains(&line), "line {line} of {lines}");
    }
    if let Some(host) = &settings.host {
        assert_eq!(host.value.as_str().parse::<Host>().as_ref(), Ok(&host.value));
    }
    for text in [
        settings.user.as_ref().map(|at| at.value.as_str()),
        settings.database.as_ref().map(|at| at.value.as_str()),
        settings.aws_profile.as_ref().map(|at| at.value.as_str()),
        settings.ca_bundle.as_ref().map(|at| at.value.0.as_str()),
        settings.client.as_ref().map(|at| at.value.0.as_str()),
        settings.description.as_ref().map(|at| at.value.0.as_str()),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!text.is_empty() && !text.chars().any(super::steers), "{text:?}");
    }
}
