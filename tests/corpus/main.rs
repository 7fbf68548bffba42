//! A short run of the fuzz targets without a fuzzer: every file of `fuzz/corpus`, and a few thousand
//! mutations of them that are the same every time. Beside it, properties that hold for any value.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its corpus has failed")]

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "in the package of the fuzz targets it is a library")]
mod bodies;
mod mutate;
mod properties;

use bodies::TARGETS;
use bodies::mysql_model::Client;
use mutate::Mutator;
use rdsconnect::client::gate::{Grammar, check};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Mutations of one target.
const MUTATIONS: u64 = 2000;

/// No target may take longer, however slow the machine; the rest of its mutations is left out.
const LIMIT: Duration = Duration::from_secs(6);

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The names of a directory's entries.
fn names(directory: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Says which input it was, when a body panics.
struct Input<'a> {
    target: &'a str,
    data: &'a [u8],
}

impl Drop for Input<'_> {
    #[expect(clippy::print_stderr, reason = "a panic says what failed, this with what")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input of `{}` was: \"{}\"", self.target, self.data.escape_ascii());
        }
    }
}

fn run(target: &str) {
    let (_, body) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    let directory = fuzz().join("corpus").join(target);
    let corpus: Vec<Vec<u8>> = names(&directory).iter().map(|name| fs::read(directory.join(name)).unwrap()).collect();
    assert!(corpus.len() >= 5, "{target} has hardly a corpus");
    for data in corpus.iter().map(Vec::as_slice).chain([b"" as &[u8]]) {
        let _input = Input { target, data };
        body(data);
    }
    let mut mutator = Mutator::new(&corpus);
    let start = Instant::now();
    for _ in 0..MUTATIONS {
        let data = mutator.mutate();
        let _input = Input { target, data: &data };
        body(&data);
        if start.elapsed() > LIMIT {
            break;
        }
    }
}

#[test]
fn addresses_of_any_kind_never_repeat_a_password() {
    run("address");
}

#[test]
fn conninfos_say_what_was_meant() {
    run("conninfo");
}

#[test]
fn the_gate_lets_nothing_through_that_moves_a_connection() {
    run("gate");
}

#[test]
fn hosts_are_names_and_regions_have_their_shape() {
    run("hosts");
}

#[test]
fn what_is_carried_over_from_option_files_is_what_they_say() {
    run("option_files");
}

#[test]
fn bundles_are_read_or_refused_at_a_line() {
    run("pem");
}

#[test]
fn profile_files_are_read_or_refused_at_a_line() {
    run("profile");
}

/// A model that finds nothing would make the gate's target a test that cannot fail.
#[test]
fn the_models_of_the_clients_know_what_moves_a_connection() {
    let words = |line: &'static str| line.split(' ').map(str::as_bytes).collect::<Vec<_>>();
    for (line, psql, oracle, mariadb) in [
        ("-N", false, false, false),
        ("--host=evil", true, true, true),
        ("--hos=evil", true, false, true),
        ("-Atqhevil", true, true, true),
        ("-Nhevil", false, true, true),
        ("-e --host=evil", true, false, false),
        ("-c --host=evil", false, true, true),
        ("--command -hevil", false, false, false),
        ("--comma -hevil", false, false, false),
        ("-q -c", false, false, false),
        ("-c x name", true, false, false),
        ("-c x -- name", true, false, false),
        ("-- --host=evil", true, true, false),
        ("--var x=1 -Uroot", true, false, false),
        ("--skip-loose-host=evil", false, true, true),
        ("--loose-nothing -pX", false, true, true),
        ("--nothing -pX", false, false, false),
        ("--x.host=evil", false, false, true),
        ("--SKIP_SSL", false, false, true),
        ("--connect_timeout 5 --ssl-mode=DISABLED", false, true, false),
        ("--skip-connect-timeout --ssl-ca=x", false, true, true),
        ("--loose-connect-timeout --ssl-ca=x", false, false, false),
        ("--pager --user=x", false, true, true),
        ("--prompt --user=x", false, false, false),
    ] {
        assert_eq!(bodies::psql_model::moves(&words(line)), psql, "psql {line}");
        for (client, moves) in [(Client::Oracle, oracle), (Client::MariaDb, mariadb)] {
            assert_eq!(bodies::mysql_model::moves(client, &words(line)), moves, "{client:?} {line}");
        }
    }
}

/// Every option that a model knows, in every spelling: what moves the connection is refused.
#[test]
fn no_option_that_moves_a_connection_in_a_model_passes_the_gate() {
    let mut refused = 0;
    let mut judge = |grammar: Grammar, moves: &dyn Fn(&[&[u8]]) -> bool, words: &[&str]| {
        let bytes: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        if moves(&bytes) {
            refused += 1;
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert!(check(grammar, &words).is_err(), "{words:?}");
        }
    };
    let mut spellings = |grammar: Grammar, moves: &dyn Fn(&[&[u8]]) -> bool, name: &str| {
        for end in (1..6.min(name.len())).chain([name.len()]) {
            for prefix in ["", "skip-", "disable_", "enable-", "loose-", "skip-loose-", "LOOSE_", "x."] {
                let word = format!("--{prefix}{}", &name[..end]);
                let value = format!("{word}=x");
                let upper = value.to_ascii_uppercase().replace('-', "_").replacen("__", "--", 1);
                for list in [&[&*word][..], &[&value], &[&upper], &[&word, "-e", "--host=x"], &[&word, "-c", "-hx"]] {
                    judge(grammar, moves, list);
                }
            }
        }
    };
    bodies::psql_model::names().for_each(|name| spellings(Grammar::Psql, &bodies::psql_model::moves, name));
    for client in [Client::Oracle, Client::MariaDb] {
        let moves = |words: &[&[u8]]| bodies::mysql_model::moves(client, words);
        bodies::mysql_model::names(client).for_each(|name| spellings(Grammar::MySql, &moves, name));
    }
    for letter in 1..=127_u8 {
        for word in [vec![b'-', letter], vec![b'-', letter, b'h'], vec![b'-', b't', letter, b'x']] {
            let word = String::from_utf8(word).expect("ASCII");
            for list in [&[&*word][..], &[&word, "-hx"], &[&word, "-e", "-hx"], &[&word, "-c", "-hx"]] {
                judge(Grammar::Psql, &bodies::psql_model::moves, list);
                for client in [Client::Oracle, Client::MariaDb] {
                    judge(Grammar::MySql, &|words| bodies::mysql_model::moves(client, words), list);
                }
            }
        }
    }
    assert!(refused > 1000, "{refused}");
}

#[test]
fn every_target_has_a_body_a_binary_a_corpus_and_words() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let stems = |directory: &str, end: &str| -> BTreeSet<String> {
        names(&fuzz().join(directory)).iter().map(|name| name.strip_suffix(end).unwrap_or(name).to_owned()).collect()
    };
    assert_eq!(names(&fuzz().join("corpus")), targets);
    assert_eq!(stems("fuzz_targets", ".rs"), targets);
    assert_eq!(stems("dictionaries", ".dict"), targets);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for target in &targets {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
        let code = fs::read_to_string(fuzz().join("fuzz_targets").join(format!("{target}.rs"))).unwrap();
        assert!(code.contains(&format!("rdsconnect_fuzz::{target}::run(data)")), "{target}");
    }
}
