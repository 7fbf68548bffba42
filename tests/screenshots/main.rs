//! Cargo example `screenshots`: takes the README's pictures, of real runs against databases that run for the
//! occasion: `make screenshots`.
//!
//! `screenshots DIR`; the status is 1 when a picture could not be taken.

#![expect(clippy::disallowed_methods, reason = "a program of its own, which starts servers and terminals")]
#![expect(clippy::unwrap_used, reason = "the responder is the tests'")]

#[expect(dead_code, reason = "the tests need more of it")]
#[path = "../aws/responder.rs"]
mod responder;
#[expect(dead_code, reason = "the tests take pictures at other addresses")]
mod scene;
#[path = "mod.rs"]
mod screenshots;
#[path = "../standin/mod.rs"]
mod standin;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use screenshots::{pictures, stage::Home};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without stderr there is nobody left to tell.
            let _ = writeln!(io::stderr(), "screenshots: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let directory: PathBuf = env::args_os().nth(1).ok_or("usage: screenshots DIR")?.into();
    fs::create_dir_all(&directory).map_err(|error| format!("could not make `{}`: {error}", directory.display()))?;
    let scene = scene::Scene::set(Home::Jane, &program()?, pictures::PROFILES, scene::Prefix::PICTURES)?;
    for picture in [&pictures::SESSION, &pictures::PICKER, &pictures::CHECK] {
        let path = directory.join(picture.name).with_extension("svg");
        let svg = picture.take(&scene.stage)?;
        fs::write(&path, svg).map_err(|error| format!("could not write `{}`: {error}", path.display()))?;
        let _ = writeln!(io::stdout(), "{}", path.display());
    }
    Ok(())
}

/// The built binary, which lies one directory above the examples.
fn program() -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| format!("could not find this program: {error}"))?;
    let program = own.parent().and_then(Path::parent).map(|target| target.join("rdsconnect"));
    program.filter(|path| path.is_file()).ok_or_else(|| "`rdsconnect` is not built".to_owned())
}
