//! Asks for the code of an MFA device.

use super::plan::Assume;
use super::terminal::Terminal;
use crate::error::aws::AwsError;

/// The code, as the user typed it on the terminal.
pub(super) fn code(role: &Assume, serial: &str, cached: bool) -> Result<String, AwsError> {
    let Some(mut terminal) = Terminal::open() else {
        return Err(AwsError::MfaNoTerminal {
            role: role.arn.clone(),
            serial: serial.to_owned(),
            cached,
            profile: role.profile.clone(),
        });
    };
    let answer = terminal.ask(&format!("MFA code for {serial}: ")).map_err(AwsError::Terminal)?;
    answer.filter(|code| !code.is_empty()).ok_or_else(|| AwsError::MfaCancelled { serial: serial.to_owned() })
}
