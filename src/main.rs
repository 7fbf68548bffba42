//! Hands over: parse, run, report.

use clap::Parser as _;
use rdsconnect::cli::Cli;
use rdsconnect::env::Env;
use rdsconnect::{app, complete, report};
use std::process::ExitCode;

fn main() -> ExitCode {
    let env = Env::from_process();
    if let Some(answered) = complete::answer(&env) {
        return answered;
    }
    match Cli::try_parse() {
        Err(message) => report::usage(&message),
        Ok(cli) => match app::run(cli, &env) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                // Nothing is left to do when standard error is closed.
                let _ = report::error(&error, &mut std::io::stderr());
                error.exit_code()
            }
        },
    }
}
