//! The sources keep to the structure that `docs/architecture.md` describes: who may import whom, and
//! who may touch the outside world. Read as text, so simple rules only.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of a file.
const LINES: usize = 500;

/// What a module may import of ours, by the beginning of its path; a leaf has a short list.
const IMPORTS: [(&str, &[&str]); 8] = [
    ("cli", &[]),
    ("secret", &[]),
    ("printable", &[]),
    ("endpoint", &[]),
    ("target", &["printable", "endpoint"]),
    ("error", &["error", "target", "secret", "printable"]),
    ("launch", &["secret", "printable", "target"]),
    ("client", &["client", "launch", "target", "secret", "endpoint", "printable", "error"]),
];

/// Words of the code that belong to some places alone: the word, the places by the beginning of their
/// path, and why.
const PLACES: [(&str, &[&str], &str); 15] = [
    ("std::env::var", &["env"], "the environment is read once"),
    ("env::var(", &["env"], "the environment is read once"),
    ("env::var_os", &["env"], "the environment is read once"),
    ("env::vars", &["env"], "the environment is read once"),
    ("current_dir", &["env"], "the working directory is read once"),
    ("set_var", &[], "our own environment is never changed"),
    ("tokio::", &["aws"], "the SDK's runtime is its own affair"),
    ("aws_config::", &["aws"], "the SDK stays behind `aws`"),
    ("aws_sigv4::", &["aws"], "the SDK stays behind `aws`"),
    ("aws_credential_types::", &["aws"], "the SDK stays behind `aws`"),
    ("aws_smithy_", &["aws"], "the SDK stays behind `aws`"),
    ("Command::new", &["launch", "probe", "aws::process", "aws::login"], "programs are started in few places"),
    (".spawn()", &["probe", "trial"], "programs are started in few places"),
    ("CommandExt", &["exec"], "one place becomes the client"),
    ("io::stdout()", &["report", "cmd"], "verbs print data, `report` messages"),
];

struct Source {
    /// Path below `src`, without `.rs` and `/mod`, with `::`: `client::gate`.
    module: String,
    text: String,
    /// The text without comments and without the tests at its end.
    code: String,
}

impl Source {
    /// What it imports of ours, in full: `client::gate::check`, without what follows in braces.
    fn imports(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for start in ["crate::", "rdsconnect::"] {
            for (at, _) in self.code.match_indices(start) {
                let rest = &self.code[at + start.len()..];
                let paths: Vec<&str> = match rest.strip_prefix('{') {
                    Some(list) => list.split('}').next().unwrap().split(',').collect(),
                    None => vec![rest],
                };
                for path in paths {
                    let path = path.trim_start();
                    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
                    found.insert(path[..end].trim_end_matches(':').to_owned());
                }
            }
        }
        found
    }

    fn is_in(&self, place: &str) -> bool {
        begins(&self.module, place)
    }
}

/// Whether a path begins with another: `client::gate` with `client`, and not with `cli`.
fn begins(path: &str, with: &str) -> bool {
    path.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a directory of the project.
fn files(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(directory)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The program's own sources; files of tests are left out.
fn sources() -> Vec<Source> {
    let below = root().join("src");
    let mut sources = Vec::new();
    for path in files("src").into_iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let module = path.strip_prefix(&below).unwrap().with_extension("");
        let module = module.to_str().unwrap().replace('/', "::");
        let module = module.strip_suffix("::mod").unwrap_or(&module).to_owned();
        sources.push(Source { module, code: code.join("\n"), text });
    }
    assert!(sources.len() > 40);
    sources
}

#[test]
fn every_module_imports_only_what_it_may() {
    for source in sources() {
        for (module, allowed) in IMPORTS.iter().filter(|(module, _)| source.is_in(module)) {
            for import in source.imports() {
                let may = allowed.iter().any(|allowed| begins(&import, allowed));
                assert!(may, "`{}` imports `{import}`, and `{module}` may not", source.module);
            }
        }
        // A way round the names that are looked for above.
        assert!(!source.code.contains("super::super"), "`{}` looks too far up", source.module);
        assert!(source.module.contains("::") || !source.code.contains("use super"), "{}", source.module);
    }
}

#[test]
fn only_main_imports_app_and_only_app_the_verbs() {
    for source in sources().iter().filter(|source| !["main", "lib"].contains(&source.module.as_str())) {
        for import in source.imports() {
            assert!(!begins(&import, "app"), "`{}` imports `{import}`", source.module);
            let may = source.is_in("app") || source.is_in("cmd");
            assert!(may || !begins(&import, "cmd"), "`{}` imports `{import}`", source.module);
        }
    }
}

#[test]
fn deciding_touches_neither_processes_nor_files_nor_the_network() {
    for source in sources().iter().filter(|source| source.is_in("client") || source.is_in("launch")) {
        let code = if source.module == "launch" {
            source.code.replace("use std::process::Command;", "")
        } else {
            source.code.clone()
        };
        for word in ["std::process", "std::env", "std::fs", "std::net::Tcp", "std::io", "rustix"] {
            assert!(!code.contains(word), "`{}` names `{word}`", source.module);
        }
    }
}

#[test]
fn the_outside_world_is_touched_in_few_places() {
    for source in sources() {
        for (word, places, why) in PLACES {
            let may = places.iter().any(|place| source.is_in(place));
            assert!(may || !source.code.contains(word), "`{}` names `{word}`: {why}", source.module);
        }
    }
}

#[test]
fn every_file_says_its_job_and_is_short() {
    // A published package has no `fuzz`.
    for directory in ["src", "tests", "fuzz"].into_iter().filter(|directory| root().join(directory).exists()) {
        for path in files(directory) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//! "), "{} does not open with its job", path.display());
            let lines = text.lines().count();
            assert!(lines <= LINES, "{} has {lines} lines", path.display());
        }
    }
    for source in sources() {
        assert!(!source.text.contains("#[allow("), "`{}` allows what it could expect", source.module);
    }
}

#[test]
fn the_map_has_every_module() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let map = page.split("```").find(|block| block.trim_start().starts_with("src/")).expect("a map");
    let mut modules: BTreeSet<String> = BTreeSet::new();
    for source in sources() {
        modules.insert(source.module.split("::").next().unwrap().to_owned());
    }
    for module in &modules {
        let named = [format!("  {module}.rs "), format!("  {module}/ ")];
        assert!(map.lines().any(|line| named.iter().any(|name| line.starts_with(name.as_str()))), "{module}");
    }
    let mapped = map.lines().skip_while(|line| *line != "src/").skip(1).take_while(|line| line.starts_with(' '));
    for line in mapped.filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        assert!(root().join("src").join(name).exists(), "the map has `{name}`, which does not exist");
    }
}
