//! `Scene`: a stage with databases to connect to, which have the names and the ports of real endpoints.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::responder::{Answer, Responder};
use crate::screenshots::stage::{CONFIG, Home, Stage};
use crate::standin::{ACCESS_KEY, Edition, Engine, Options, SECRET_KEY, Site, Standin};

/// The endpoints, and which engine answers there.
const ENDPOINTS: [(&str, Engine); 3] = [
    ("billing.abc123def456.us-west-2.rds.amazonaws.com", Engine::Postgres),
    ("reports.abc123def456.us-west-2.rds.amazonaws.com", Engine::Postgres),
    ("orders.abc123def456.us-west-2.rds.amazonaws.com", Engine::Mariadb),
];

const MARIADB: [&str; 3] = [
    "USE shop",
    "CREATE TABLE orders (id INT PRIMARY KEY, total DECIMAL(8,2) NOT NULL)",
    "INSERT INTO orders VALUES (1, 19.90), (2, 5.00)",
];

const LEDGER: &str = "
CREATE TABLE invoices (id int PRIMARY KEY, customer text NOT NULL, total numeric(9,2) NOT NULL);
INSERT INTO invoices VALUES (1, 'Aurora Ltd', 1200.00), (2, 'Beacon GmbH', 860.50), (3, 'Cirrus Oy', 99.90);
GRANT SELECT ON invoices TO rds_iam;
";

const WAREHOUSE: &str = "
CREATE TABLE visits (day date PRIMARY KEY, visitors int NOT NULL);
INSERT INTO visits VALUES ('2026-01-01', 1203), ('2026-01-02', 1377);
GRANT SELECT ON visits TO rds_iam;
";

/// Who the credentials belong to.
const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
    <Arn>arn:aws:iam::111122223333:user/jane</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>\
    </GetCallerIdentityResult></GetCallerIdentityResponse>";

/// A part of the loopback network: the endpoints are at `PREFIX.1`, `PREFIX.2` and so on.
#[derive(Clone, Copy)]
pub(crate) struct Prefix([u8; 3]);

impl Prefix {
    /// That of the pictures.
    pub(crate) const PICTURES: Self = Self([127, 100, 20]);

    /// Another one than that of the pictures, and of other tests that run now. Its numbers are as long.
    pub(crate) fn of_this_run() -> Self {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let number = std::process::id().wrapping_add(RUNS.fetch_add(1, Ordering::Relaxed));
        let byte = |from: u32, count: u32, number: u32| u8::try_from(from + number % count).unwrap_or_default();
        Self([127, byte(101, 99, number), byte(21, 79, number / 99)])
    }

    /// The address of one endpoint.
    fn at(self, last: u8) -> Ipv4Addr {
        let Self([a, b, c]) = self;
        Ipv4Addr::new(a, b, c, last)
    }
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self([a, b, c]) = self;
        write!(f, "{a}.{b}.{c}.")
    }
}

pub(crate) struct Scene {
    pub(crate) stage: Stage,
    _standin: Standin,
}

impl Scene {
    /// Boots the databases and writes the profile file. The certificates are the stand-in's, so it gets a key
    /// `ca_bundle` that the readers of the README do not need.
    pub(crate) fn set(home: Home, program: &Path, profiles: &str, prefix: Prefix) -> Result<Self, String> {
        let owned = |names: &[&str]| names.iter().copied().map(str::to_owned).collect::<Vec<_>>();
        let standin = Standin::start(Options {
            editions: vec![Edition::Good],
            hosts: ENDPOINTS.iter().map(|(host, _)| (*host).to_owned()).collect(),
            users: owned(&["jane"]),
            more_databases: owned(&["ledger", "shop", "warehouse"]),
            mariadb_seed: owned(&MARIADB),
            ..Options::default()
        })?;
        fill(&standin, "ledger", LEDGER)?;
        fill(&standin, "warehouse", WAREHOUSE)?;

        let profiles = profiles.replacen("[defaults]\n", "[defaults]\nca_bundle = \"rds.pem\"\n", 1);
        let mut stage = Stage::set(home, program, &profiles)?;
        let told = |error| format!("could not prepare the scene: {error}");
        fs::copy(standin.ca(), stage.home().join(CONFIG).with_file_name("rds.pem")).map_err(told)?;
        let mut names = String::new();
        for (last, (host, engine)) in (1..).zip(ENDPOINTS) {
            let address = prefix.at(last);
            let _ = writeln!(names, "{address} {host}");
            let port = if engine == Engine::Postgres { 5432 } else { 3306 };
            standin.verifier().register(Site { engine, edition: Edition::Good }, port);
            lead(address.into(), port, standin.port(engine, Edition::Good))?;
        }
        let hosts = standin.dir().join("endpoints");
        fs::write(&hosts, names).map_err(told)?;
        for (name, value) in standin.name_env() {
            stage.variable(name, value);
        }
        let sts = Responder::start(|_| Answer::ok(IDENTITY).with("content-type", "text/xml"));
        stage.variable("NSS_WRAPPER_HOSTS", hosts);
        stage.variable("AWS_ENDPOINT_URL_STS", sts.url());
        stage.variable("AWS_ACCESS_KEY_ID", ACCESS_KEY);
        stage.variable("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
        Ok(Self { stage, _standin: standin })
    }
}

/// Runs statements as the administrator.
fn fill(standin: &Standin, database: &str, statements: &str) -> Result<(), String> {
    let server = standin.server(Engine::Postgres, Edition::Good);
    let output = Command::new("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-c", statements, "-h"])
        .arg(server.socket().parent().unwrap_or(Path::new("/")))
        .args(["-p", &server.port().to_string()])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("could not run psql: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("could not fill `{database}`: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Leads connections from the port of an endpoint to that of the server behind it.
fn lead(address: IpAddr, port: u16, to: u16) -> Result<(), String> {
    let listener = TcpListener::bind((address, port))
        .map_err(|error| format!("could not listen at {address}:{port}, as the pictures need: {error}"))?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, to)) else { continue };
            let (Ok(mut from_client), Ok(mut from_server)) = (client.try_clone(), server.try_clone()) else { continue };
            let (mut to_client, mut to_server) = (client, server);
            let _ = to_client.set_nodelay(true).and_then(|()| to_server.set_nodelay(true));
            thread::spawn(move || {
                let _ = io::copy(&mut from_client, &mut to_server);
                let _ = to_server.shutdown(Shutdown::Write);
            });
            thread::spawn(move || {
                let _ = io::copy(&mut from_server, &mut to_client);
                let _ = to_client.shutdown(Shutdown::Write);
            });
        }
    });
    Ok(())
}
