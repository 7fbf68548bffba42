//! Builds the launch of any libpq program by its environment alone, for `exec`.

use super::Parts;
use super::psql::{environment, hand_over, is_expanded};
use crate::error::client::ClientError;
use crate::launch::{Args, Launch};

/// The launch: what the program makes of the variables, and of its own arguments, is its business.
pub(super) fn launch(parts: Parts<'_>) -> Result<Launch, ClientError> {
    let Parts { target, client, ca, addresses, token, token_file, carried: _, own, arguments } = parts;
    if let Some(database) = target.database.as_ref().filter(|name| is_expanded(name.as_str())) {
        return Err(ClientError::Database { path: client.program.clone(), database: database.to_string() });
    }
    let mut env = environment(target, ca, addresses, own);
    let token_file = hand_over(&mut env, token, token_file, target);
    Ok(Launch {
        program: client.program.clone(),
        args: Args { from_user: arguments.to_vec(), ..Args::default() },
        env,
        token_file,
    })
}
