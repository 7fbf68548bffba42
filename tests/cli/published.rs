//! What `cargo package` would publish: all that a build needs and its users read, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// What goes along besides `src` and the pages in `docs`.
const BESIDES: [&str; 10] = [
    // These three, and the next, cargo makes itself or always takes.
    ".cargo_vcs_info.json",
    "Cargo.lock",
    "Cargo.toml.orig",
    "Cargo.toml",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "config.example.toml",
    "tests/fixtures/token_vectors.json",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn published() -> BTreeSet<PathBuf> {
    let arguments = ["package", "--list", "--locked", "--offline", "--allow-dirty"];
    let run = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap().lines().map(PathBuf::from).collect()
}

/// Every file below a directory, as a path from the root of the project.
fn files(directory: &str) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![root().join(directory)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn the_published_crate_has_the_sources_the_pages_and_little_else() {
    let mut expected = files("src");
    expected.extend(
        files("docs").into_iter().filter(|path| path.extension().is_some_and(|end| end == "md" || end == "svg")),
    );
    expected.extend(BESIDES.map(PathBuf::from));
    let mut published = published();
    // Outside a checkout there is nothing for cargo to say of it.
    published.insert(BESIDES[0].into());
    assert_eq!(published, expected);
}

#[test]
fn every_file_that_the_sources_include_is_published() {
    let published = published();
    let mut count = 0;
    for source in files("src").iter().filter(|path| path.extension().is_some_and(|end| end == "rs")) {
        let text = fs::read_to_string(root().join(source)).unwrap();
        for included in text.split("include_str!(\"").skip(1).chain(text.split("include_bytes!(\"").skip(1)) {
            count += 1;
            let mut path = source.parent().unwrap().to_owned();
            for part in Path::new(included.split('"').next().unwrap()).components() {
                match part {
                    Component::ParentDir => assert!(path.pop(), "{}", source.display()),
                    part => path.push(part),
                }
            }
            assert!(published.contains(&path), "{} includes {}", source.display(), path.display());
        }
    }
    assert!(count > 3);
}
