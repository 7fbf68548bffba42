//! The options of pgcli (4.7) and mycli (2.30), hidden ones included.

use super::Why;
use super::getopt::Table;

/// A name without an option would be a database, or beside ours a user.
pub(super) const PGCLI: Table = Table {
    plain: "auto-vertical-output help less-chatty list list-dsn no-password ping single-connection tuples-only \
            version yes",
    valued: "application-name command file init-command log-file pgclirc prompt prompt-dsn row-limit timeout warn",
    flags: b"wvtly",
    takes: b"cf",
    refused: &[
        ("dbname", Why::Database),
        ("dsn", Why::Host),
        ("host", Why::Host),
        ("port", Why::Port),
        ("user", Why::User),
        ("username", Why::User),
        ("password", Why::Password),
    ],
    refused_letters: &[
        (b'd', Why::Database),
        (b'D', Why::Host),
        (b'h', Why::Host),
        (b'p', Why::Port),
        (b'u', Why::User),
        (b'U', Why::User),
        (b'W', Why::Password),
    ],
    stems: &[("ssh", Why::Protocol)],
    operands: false,
    wrapped: false,
};

/// A database may be a whole address, so none passes.
pub(super) const MYCLI: Table = Table {
    plain: "auto-vertical-output checkup csv help list-dsn list-ssh-config no-show-warnings no-warn \
            noninteractive progress quiet resume show-warnings table unbuffered verbose version warn warn-batch",
    valued: "batch character-set charset checkpoint completions execute format init-command keepalive-ticks \
             local-infile logfile myclirc prompt throttle toolbar",
    flags: b"vqtV",
    takes: b"Rle",
    refused: &[
        ("database", Why::Database),
        ("dsn", Why::Host),
        ("host", Why::Host),
        ("hostname", Why::Host),
        ("port", Why::Port),
        ("socket", Why::Socket),
        ("user", Why::User),
        ("username", Why::User),
        ("login-path", Why::OptionFiles),
        ("use-keyring", Why::Password),
    ],
    refused_letters: &[
        (b'D', Why::Database),
        (b'd', Why::Host),
        (b'h', Why::Host),
        (b'P', Why::Port),
        (b'S', Why::Socket),
        (b'u', Why::User),
        (b'p', Why::Password),
        (b'g', Why::OptionFiles),
    ],
    stems: &[
        ("pass", Why::Password),
        ("vault", Why::Password),
        ("ssl", Why::Tls),
        ("no-ssl", Why::Tls),
        ("tls", Why::Tls),
        ("ssh", Why::Protocol),
        ("kubectl", Why::Protocol),
        ("boundary", Why::Protocol),
    ],
    operands: false,
    wrapped: false,
};
