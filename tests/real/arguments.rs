//! Arguments after `--`: what would move or weaken the connection is refused before anything runs,
//! and what is harmless works and weakens nothing.

use std::ffi::OsString;

use crate::bench::{Cell, Trial, all_right};
use crate::clients;
use crate::hostile::filled;
use crate::standin::{Edition, Engine};

/// Refused for psql: every option of its that says where or how to connect, in every spelling.
const PSQL_REFUSED: [&str; 64] = [
    "-d app",
    "-dapp",
    "-d=app",
    "-dsslmode=disable",
    "-Adsslmode=disable",
    "-tAd app",
    "--dbname app",
    "--dbname=app",
    "--dbname=host=127.0.0.1\u{a0}port={port}\u{a0}sslmode=disable",
    "--dbname postgres://jane@127.0.0.1:{port}/app?sslmode=disable",
    "--dbna=app",
    "--db app",
    "--d=app",
    "--d app",
    "-d host=127.0.0.1\u{a0}port={port}\u{a0}sslmode=disable",
    "-h 127.0.0.1",
    "-h127.0.0.1",
    "-Ath127.0.0.1",
    "--host 127.0.0.1",
    "--host=127.0.0.1",
    "--ho=127.0.0.1",
    "--hos 127.0.0.1",
    "-p {port}",
    "-p{port}",
    "-qp{port}",
    "--port={port}",
    "--port {port}",
    "--por={port}",
    "--po={port}",
    "-U joe",
    "-Ujoe",
    "-xUjoe",
    "--username=joe",
    "--username joe",
    "--user=joe",
    "--u joe",
    "--us=joe",
    "-W",
    "-AW",
    "--password",
    "--passw",
    "--pa",
    "--cluster 15/main",
    "--cluster=15/main",
    "-c --cluster",
    "-c --cluster=15/main",
    "--clust=15/main",
    "app",
    "app jane",
    "host=127.0.0.1\u{a0}port={port}\u{a0}sslmode=disable",
    "postgresql://jane@127.0.0.1:{port}/app?sslmode=disable",
    "-- app",
    "-- -d",
    "-- --host=127.0.0.1",
    "-A app -t",
    "-c select\u{a0}1 app",
    "-c select\u{a0}1 -d app",
    "-f /dev/null -- app",
    "-c",
    "--command",
    "-v x=1 -h 127.0.0.1",
    "-K -d app",
    "--unknown -d app",
    "--p",
];

/// Refused for the mysql family, whichever of its clients will run.
const MYSQL_REFUSED: [&str; 122] = [
    "-h 127.0.0.1",
    "-h127.0.0.1",
    "-Nh127.0.0.1",
    "-BNph",
    "--host 127.0.0.1",
    "--host=127.0.0.1",
    "--hos=127.0.0.1",
    "--HOST=127.0.0.1",
    "--loose-host=127.0.0.1",
    "--loose_host=127.0.0.1",
    "--x.host=127.0.0.1",
    "--dns-srv-name=x.example",
    "--dns_srv_name x.example",
    "-P {port}",
    "-P{port}",
    "-tP{port}",
    "--port={port}",
    "--port {port}",
    "--por={port}",
    "--loose-port={port}",
    "--maximum-port={port}",
    "-S {socket}",
    "-S{socket}",
    "--socket={socket}",
    "--sock={socket}",
    "--protocol=socket",
    "--protocol socket",
    "--proto=pipe",
    "--pipe",
    "-W",
    "-u joe",
    "-ujoe",
    "-Nujoe",
    "--user=joe",
    "--user joe",
    "--use=joe",
    "-p",
    "-p{password}",
    "-Np{password}",
    "--password",
    "--password={password}",
    "--pass={password}",
    "--PASSWORD={password}",
    "--password1={password}",
    "--password2={password}",
    "--skip-password",
    "--skip_password",
    "--disable-password",
    "--loose-password={password}",
    "--loose-skip-password",
    "--ssl",
    "--ssl=0",
    "--ssl=1",
    "--SSL=0",
    "--skip-ssl",
    "--skip_ssl",
    "--disable-ssl",
    "--enable-ssl",
    "--loose-skip-ssl",
    "--loose_skip_ssl",
    "--skip-skip-ssl",
    "--ssl-mode=DISABLED",
    "--ssl-mode DISABLED",
    "--ssl_mode=PREFERRED",
    "--ssl-mode=VERIFY_CA",
    "--ssl-mo=DISABLED",
    "--loose-ssl-mode=DISABLED",
    "--skip-ssl-verify-server-cert",
    "--disable-ssl-verify-server-cert",
    "--skip_ssl_verify_server_cert",
    "--ssl-verify-server-cert=0",
    "--ssl-verify-server-cert=off",
    "--ssl-ver=0",
    "--ssl-ca={ca}",
    "--ssl-ca {ca}",
    "--ssl_ca={ca}",
    "--ssl-ca=",
    "--ssl-capath=/",
    "--ssl-cert={ca}",
    "--ssl-key={ca}",
    "--ssl-crl={ca}",
    "--ssl-cipher=NULL",
    "--ssl-fp={fp}",
    "--ssl_fp {fp}",
    "--ssl-fplist={home}/f",
    "--ssl-session-data={session}",
    "--ssl_session_data {session}",
    "--loose-ssl-session-data={session}",
    "--ssl-session-data-continue-on-failed-reuse",
    "--ssl-fips-mode=OFF",
    "--ssl-new-and-unknown=1",
    "--tls-version=TLSv1.2",
    "--tls-sni-servername=x",
    "--tls-ciphersuites=x",
    "--default-auth=mysql_native_password",
    "--default_auth mysql_clear_password",
    "--plugin-dir=/nonexistent",
    "--plugin_dir {home}",
    "--enable-cleartext-plugin",
    "--skip-enable-cleartext-plugin",
    "--cleartext-plugin=0",
    "--get-server-public-key",
    "--server-public-key-path={ca}",
    "--defaults-file={home}/.my.cnf",
    "--defaults-extra-file={home}/.my.cnf",
    "--defaults-group-suffix=_x",
    "--no-defaults",
    "--print-defaults",
    "--login-path=client",
    "--no-login-paths",
    "--debug=d:t:o,{home}/trace",
    "-#d:t:o,{home}/trace",
    "-- --skip-ssl",
    "-- --ssl-mode=DISABLED",
    "app --skip-ssl",
    "-e",
    "--execute",
    "-e select\u{a0}1 -h 127.0.0.1",
    "-K --skip-ssl",
    "--unknown --skip-ssl",
    "--prompt x --skip-ssl",
    "-D",
];

/// Allowed, although they look like what is not, or stand where that could stand.
const PSQL_ALLOWED: [&str; 30] = [
    "-A",
    "-tA",
    "--csv",
    "--no-align --tuples-only",
    "--tup",
    "-v x=1",
    "-vx=-d",
    "-v dbname=host=127.0.0.1",
    "--set=host=127.0.0.1",
    "--set port={port}",
    "--variable=x=1",
    "-P pager=off",
    "-Ppager=off",
    "--pset=null=-d",
    "-F -h",
    "-F--host=127.0.0.1",
    "--field-separator -U",
    "-R -p",
    "--record-separator=--dbname=app",
    "-o /dev/stdout",
    "-L /dev/null",
    "-e",
    "-E",
    "-1",
    "-z",
    "-w",
    "--no-password",
    "--no-psqlrc",
    "-T -W",
    "-n -q -X",
];

/// The same for the mysql family.
const MYSQL_ALLOWED: [&str; 32] = [
    "app",
    "-D app",
    "-Dapp",
    "--database=app",
    "--database app",
    "-t",
    "-NB",
    "-s -s",
    "-r",
    "--table",
    "--vertical",
    "-E",
    "--html",
    "--xml",
    "-v",
    "--show-warnings",
    "--safe-updates",
    "--i-am-a-dummy",
    "--prompt=--skip-ssl",
    "--prompt --host=127.0.0.1",
    "--init-command=set\u{a0}@a=1",
    "--init-command set\u{a0}@a='--skip-ssl'",
    "--delimiter=;",
    "--default-character-set=utf8mb4",
    "--connect-timeout=20",
    "--max-allowed-packet=16M",
    "--skip-auto-rehash",
    "-A",
    "-n",
    "--skip-reconnect",
    "--compress",
    "--loose-nonsense=1",
];

/// The words of a row; a no-break space stands for a space inside a word.
fn words(row: &str, trial: &Trial) -> Vec<OsString> {
    filled(row, trial).split(' ').map(|word| word.replace('\u{a0}', " ").into()).collect()
}

#[test]
fn what_would_move_or_weaken_the_connection_is_refused() {
    let mut cells = Vec::new();
    for client in clients::all() {
        let rows: &[&str] = match client.engine() {
            Engine::Postgres => &PSQL_REFUSED,
            Engine::Mariadb => &MYSQL_REFUSED,
        };
        for row in rows {
            for edition in [Edition::Good, Edition::WrongName] {
                cells.push(Cell::new(format!("{} {row} ({edition:?})", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    let refused = words(row, &trial);
                    // A row whose point is that its last word lacks a value has to come last.
                    if row.split(' ').count() == 1 && ["-c", "--command", "-e", "--execute", "-D"].contains(row) {
                        trial.arguments(refused);
                    } else {
                        trial.arguments_first(refused);
                    }
                    trial.run().refused_by_us()
                }));
            }
        }
    }
    all_right(&cells);
}

#[test]
fn what_is_harmless_works_and_weakens_nothing() {
    let mut cells = Vec::new();
    for client in clients::all() {
        let rows: &[&str] = match client.engine() {
            Engine::Postgres => &PSQL_ALLOWED,
            Engine::Mariadb => &MYSQL_ALLOWED,
        };
        for row in rows {
            for edition in Edition::ALL {
                cells.push(Cell::new(format!("{} {row} ({edition:?})", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    let allowed = words(row, &trial);
                    trial.arguments_first(allowed);
                    trial.run().right()
                }));
            }
        }
    }
    all_right(&cells);
}

/// `client_args` go the same way.
#[test]
fn client_args_are_refused_when_the_file_is_read() {
    let mut cells = Vec::new();
    for client in clients::all() {
        let (refused, fine) = match client.engine() {
            Engine::Postgres => ("-h127.0.0.1", "--no-psqlrc"),
            Engine::Mariadb => ("--skip-ssl", "--table"),
        };
        for edition in Edition::ALL {
            cells.push(Cell::new(format!("{} ({edition:?})", client.name), move || {
                let mut trial = Trial::new(client, edition);
                trial.list("client_args", &[refused]);
                trial.run().refused_by_us()?;
                trial.list("client_args", &[fine]);
                trial.run().right()
            }));
        }
        // The end of the one list and the beginning of the other are read together.
        let (end, beginning) = match client.engine() {
            Engine::Postgres => ("-c", "-d"),
            Engine::Mariadb => ("-e", "--skip-ssl"),
        };
        cells.push(Cell::new(format!("{} {end} {beginning}", client.name), move || {
            let mut trial = Trial::new(client, Edition::WrongName);
            trial.list("client_args", &[end]).arguments_first(["select 1", beginning]);
            trial.run().refused_by_us()
        }));
    }
    all_right(&cells);
}
