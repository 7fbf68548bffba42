//! What the program is made of keeps to `.deny.toml`: where crates come from, under which licences, and
//! in how many versions. `make deny` asks cargo-deny the same and more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn read(name: &str) -> toml::Table {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap().parse().unwrap()
}

/// The strings of a list, or of a key of its tables.
fn strings(list: &toml::Value, key: &str) -> Vec<String> {
    let text = |entry: &toml::Value| entry.get(key).unwrap_or(entry).as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(text).collect()
}

/// A crate that is compiled here, the tests' own included.
struct Crate {
    name: String,
    version: String,
    licence: String,
}

fn crates() -> Vec<Crate> {
    let arguments = ["tree", "--locked", "--offline", "--prefix=none", "--no-dedupe", "--format={p}|{l}"];
    let run = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let lines: BTreeSet<String> = String::from_utf8(run.stdout).unwrap().lines().map(str::to_owned).collect();
    assert!(lines.len() > 100);
    let crates = lines.iter().map(|line| {
        let (package, licence) = line.split_once('|').expect("a package and its licence");
        let mut words = package.split(' ');
        let (name, version) = (words.next().unwrap(), words.next().unwrap().trim_start_matches('v'));
        Crate { name: name.into(), version: version.into(), licence: licence.into() }
    });
    crates.collect()
}

#[test]
fn every_crate_comes_from_crates_io_with_a_checksum() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        for entry in read(lock)["package"].as_array().unwrap() {
            let name = entry["name"].as_str().unwrap();
            let Some(source) = entry.get("source") else {
                assert!(name.starts_with("rdsconnect"), "{lock}: `{name}` comes from a directory");
                continue;
            };
            assert_eq!(source.as_str(), Some(CRATES_IO), "{lock}: `{name}`");
            assert_eq!(entry["checksum"].as_str().map(str::len), Some(64), "{lock}: `{name}`");
        }
    }
}

#[test]
fn every_licence_is_one_that_is_allowed_and_every_allowed_one_is_needed() {
    let rules = read(".deny.toml");
    let allowed = strings(&rules["licenses"]["allow"], "");
    let crates = crates();
    for Crate { name, licence, .. } in &crates {
        assert!(permitted(licence, &allowed), "`{name}` is under {licence}");
    }
    for needed in &allowed {
        let fewer: Vec<String> = allowed.iter().filter(|licence| *licence != needed).cloned().collect();
        assert!(crates.iter().any(|found| !permitted(&found.licence, &fewer)), "{needed} is allowed, and not needed");
    }
}

#[test]
fn no_crate_comes_in_two_versions_but_those_that_are_listed() {
    let bans = &read(".deny.toml")["bans"];
    let listed = strings(&bans["skip"], "crate");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for found in crates() {
        versions.entry(found.name).or_default().insert(found.version);
    }
    let matches = |entry: &str, name: &str, version: &str| {
        let (listed, at) = entry.split_once('@').expect("a name and a version");
        listed == name && (version == at || version.starts_with(&format!("{at}.")))
    };
    for (name, versions) in &versions {
        let is_open = |version: &&String| !listed.iter().any(|entry| matches(entry, name, version));
        let open: Vec<&String> = versions.iter().filter(is_open).collect();
        assert!(open.len() <= 1, "`{name}` comes as {versions:?}");
    }
    for entry in &listed {
        let of_two = |(name, versions): (&String, &BTreeSet<String>)| {
            versions.len() > 1 && versions.iter().any(|version| matches(entry, name, version))
        };
        assert!(versions.iter().any(of_two), "`{entry}` is listed, and is not one of two");
    }
    for banned in strings(&bans["deny"], "crate") {
        assert!(!versions.contains_key(&banned), "`{banned}` may not come in");
    }
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let (mut section, mut without, mut count) = ("", 0, 0);
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        if line.starts_with('#') {
            without = 0;
        } else if section.ends_with("dependencies]") && line.contains(" = ") {
            // One comment may hold for two that belong together.
            (without, count) = (without + 1, count + 1);
            assert!(without <= 2, "nothing says what this is for: {line}");
        } else {
            without = 2;
        }
    }
    assert!(count > 30, "{count}");
}

/// Whether an SPDX expression leaves a choice that is allowed. The slash is the old way to write `OR`.
fn permitted(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (verdict, rest) = either(&words, allowed);
    assert_eq!(rest, &[] as &[&str], "cannot read the licence {expression}");
    verdict
}

fn either<'w>(words: &'w [&'w str], allowed: &[String]) -> (bool, &'w [&'w str]) {
    let (mut verdict, mut rest) = both(words, allowed);
    while let ["OR", more @ ..] = rest {
        let (other, left) = both(more, allowed);
        (verdict, rest) = (verdict | other, left);
    }
    (verdict, rest)
}

fn both<'w>(words: &'w [&'w str], allowed: &[String]) -> (bool, &'w [&'w str]) {
    let (mut verdict, mut rest) = one(words, allowed);
    while let ["AND", more @ ..] = rest {
        let (other, left) = one(more, allowed);
        (verdict, rest) = (verdict & other, left);
    }
    (verdict, rest)
}

fn one<'w>(words: &'w [&'w str], allowed: &[String]) -> (bool, &'w [&'w str]) {
    match words {
        ["(", inner @ ..] => {
            let (verdict, rest) = either(inner, allowed);
            (verdict, rest.strip_prefix(&[")"]).expect("a closing parenthesis"))
        }
        // An exception is a licence of its own to whoever allows one.
        [licence, "WITH", exception, rest @ ..] => (allowed.contains(&format!("{licence} WITH {exception}")), rest),
        [licence, rest @ ..] => (allowed.iter().any(|allowed| allowed == licence), rest),
        [] => panic!("half a licence"),
    }
}

#[test]
fn licences_are_read_as_written() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for (expression, verdict) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/ISC", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("MIT AND (GPL-3.0 OR LGPL-3.0)", false),
        ("MIT WITH LLVM-exception", false),
        ("GPL-3.0 OR MIT AND ISC", true),
        ("GPL-3.0 AND MIT OR ISC", true),
    ] {
        assert_eq!(permitted(expression, &allowed), verdict, "{expression}");
    }
}
