//! What the commands need: servers, profile files of several sizes, AWS files, clients.

use crate::standin::{ACCESS_KEY, Edition, Engine, HOST, Options, REGION, SECRET_KEY, Standin};
use rdsconnect::ca::{self, BuiltIn, CaChoice, Roots};
use sha1::{Digest as _, Sha1};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

/// All roots that AWS publishes for RDS, as users download them.
const FULL_BUNDLE: &str = include_str!("../../src/ca/roots/rds-root-certificates.pem");

const AWS_CONFIG: &str = "\
[profile role]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = keys
[profile sso]
sso_session = work
sso_account_id = 123456789012
sso_role_name = reader
[sso-session work]
sso_start_url = https://example.awsapps.com/start
sso_region = us-west-2
[profile keys]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
";

/// What botocore hashes to name the entries of these two in its cache.
const CACHED: [&str; 2] = [
    r#"{"RoleArn": "arn:aws:iam::123456789012:role/reader"}"#,
    r#"{"accountId":"123456789012","roleName":"reader","sessionName":"work"}"#,
];

/// A client of the mysql family.
pub(crate) struct MySql {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
    /// What makes it verify certificate and name.
    pub(crate) tls: &'static [&'static str],
}

pub(crate) struct Stage {
    pub(crate) program: PathBuf,
    pub(crate) psql: PathBuf,
    pub(crate) mysql: Vec<MySql>,
    pub(crate) aws: Option<PathBuf>,
    pub(crate) standin: Standin,
    directory: TempDir,
}

impl Stage {
    pub(crate) fn set(program: &Path) -> Result<Self, String> {
        let directory = tempfile::Builder::new().prefix("bench").tempdir().map_err(|error| error.to_string())?;
        let standin = Standin::start(Options {
            editions: vec![Edition::Good],
            users: vec!["jane".to_owned()],
            more_databases: Vec::new(),
            ..Options::default()
        })?;
        let psql = on_path("psql").ok_or("psql is not on PATH")?;
        let mut mysql = Vec::new();
        if let Some(path) = on_path("mariadb") {
            mysql.push(MySql { name: "MariaDB's client", path, tls: &["--ssl-verify-server-cert"] });
        }
        let oracle = beside_the_system().join("mysql/usr/bin/mysql");
        if oracle.is_file() {
            let tls = &["--ssl-mode=VERIFY_IDENTITY", "--enable-cleartext-plugin"];
            mysql.push(MySql { name: "Oracle's client", path: oracle, tls });
        }
        let aws = std::env::var_os("RDSCONNECT_TEST_VENV").map(|venv| Path::new(&venv).join("bin/aws"));
        let aws = aws.filter(|aws| aws.is_file());
        let stage = Self { program: program.to_owned(), psql, mysql, aws, standin, directory };
        stage.furnish().map_err(|error| format!("could not write what is needed: {error}"))?;
        Ok(stage)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The directory of what rdsconnect remembers.
    pub(crate) fn cache(&self) -> PathBuf {
        self.path("home/.cache/rdsconnect")
    }

    /// The profile file with so many profiles.
    pub(crate) fn profiles(&self, count: usize) -> String {
        self.path(&format!("profiles-{count}.toml")).display().to_string()
    }

    /// A user's environment with static keys, where `psql` is a program that does nothing.
    pub(crate) fn env(&self) -> BTreeMap<String, OsString> {
        let path = [self.path("bin"), PathBuf::from("/usr/bin"), PathBuf::from("/bin")];
        let path = std::env::join_paths(path).expect("no colon in the names of temporary directories");
        BTreeMap::from([
            ("HOME".into(), self.path("home").into()),
            ("PATH".into(), path),
            ("LANG".into(), "C.UTF-8".into()),
            ("TERM".into(), "xterm-256color".into()),
            ("AWS_ACCESS_KEY_ID".into(), ACCESS_KEY.into()),
            ("AWS_SECRET_ACCESS_KEY".into(), SECRET_KEY.into()),
        ])
    }

    /// The same, where the stand-in's host name leads to it; a library in every process sees to that.
    pub(crate) fn env_with_names(&self) -> BTreeMap<String, OsString> {
        let names = self.standin.name_env().into_iter().map(|(name, value)| (name, value.into()));
        self.env().into_iter().chain(names).collect()
    }

    /// The same, where an AWS profile is to be asked, and none of AWS's services can be.
    pub(crate) fn env_of_aws_profile(&self, profile: &str) -> BTreeMap<String, OsString> {
        let mut env = self.env();
        env.remove("AWS_ACCESS_KEY_ID");
        env.remove("AWS_SECRET_ACCESS_KEY");
        env.insert("AWS_PROFILE".into(), profile.into());
        env.insert("AWS_ENDPOINT_URL".into(), "http://127.0.0.1:1".into());
        env
    }

    fn furnish(&self) -> std::io::Result<()> {
        for directory in ["bin", "home/.aws/cli/cache"] {
            fs::create_dir_all(self.path(directory))?;
        }
        symlink("/bin/true", self.path("bin/psql"))?;
        for count in [10, 1_000, 10_000] {
            self.write(&format!("profiles-{count}.toml"), &self.profile_file(count))?;
        }
        self.write("home/.aws/config", AWS_CONFIG)?;
        let end = aws_smithy_types::DateTime::from(SystemTime::now() + std::time::Duration::from_hours(6));
        let end = end.fmt(aws_smithy_types::date_time::Format::DateTime).expect("a time of today can be written");
        for hashed in CACHED {
            let mut name = String::new();
            for byte in Sha1::digest(hashed) {
                let _ = write!(name, "{byte:02x}");
            }
            let entry = format!(
                "{{\"Credentials\": {{\"AccessKeyId\": \"ASIAEXAMPLE\", \"SecretAccessKey\": \"{SECRET_KEY}\", \
                 \"SessionToken\": \"{}\", \"Expiration\": \"{end}\"}}}}",
                "T".repeat(800)
            );
            self.write(&format!("home/.aws/cli/cache/{name}.json"), &entry)?;
        }
        let standins = fs::read_to_string(self.standin.ca())?;
        let roots = ca::load(&CaChoice::BuiltIn(BuiltIn::Region(REGION.into())), SystemTime::now());
        let Ok(Roots::Bytes { pem, .. }) = roots else { return Err(std::io::Error::other("no roots of the region")) };
        self.write("region.pem", &format!("{}{standins}", String::from_utf8_lossy(pem)))?;
        self.write("full.pem", &format!("{FULL_BUNDLE}{standins}"))?;
        if let Some(aws) = &self.aws {
            self.write("by-hand.sh", &by_hand(aws))?;
            fs::set_permissions(self.path("by-hand.sh"), fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> std::io::Result<()> {
        fs::write(self.path(name), text)?;
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600))
    }

    /// Four profiles that are used, and others up to the count.
    fn profile_file(&self, count: usize) -> String {
        let mut text = "[defaults]\nuser = \"jane\"\ndatabase = \"app\"\n\n".to_owned();
        for number in 4..count {
            let engine = ["postgres", "mysql"][number % 2];
            let _ = write!(
                text,
                "[profiles.team{}-service{number}]\nengine = \"{engine}\"\n\
                 host = \"service{number}.abc123def456.us-west-2.rds.amazonaws.com\"\ndatabase = \"service{number}\"\n\n",
                number % 40
            );
        }
        for (name, engine) in [("pg", "postgres"), ("my", "mysql")] {
            let _ = write!(text, "[profiles.{name}]\nengine = \"{engine}\"\nhost = \"{HOST}\"\n\n");
        }
        let bundle = self.path("region.pem");
        for (name, engine, stands) in [("pg-live", "postgres", Engine::Postgres), ("my-live", "mysql", Engine::Mariadb)]
        {
            let _ = write!(
                text,
                "[profiles.{name}]\nengine = \"{engine}\"\nhost = \"{}\"\nport = {}\nregion = \"{REGION}\"\nca_bundle = \"{}\"\n\n",
                self.standin.host(),
                self.standin.port(stands, Edition::Good),
                bundle.display()
            );
        }
        text
    }
}

/// What people write who have no rdsconnect.
fn by_hand(aws: &Path) -> String {
    format!(
        "#!/bin/sh\nPGPASSWORD=$('{}' rds generate-db-auth-token --hostname {HOST} --port 5432 --username jane --region {REGION})\n\
         export PGPASSWORD\n\
         exec psql \"host={HOST} port=5432 user=jane dbname=app sslmode=verify-full sslrootcert=$HOME/full.pem\"\n",
        aws.display()
    )
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(program)).find(|path| path.is_file())
}

fn beside_the_system() -> PathBuf {
    std::env::var_os("RDSCONNECT_TEST_CLIENTS").map(PathBuf::from).unwrap_or_default()
}
