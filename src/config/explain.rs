//! Where each value of a [`Target`] came from. Decides nothing: the target is the one that
//! `resolve` made of the same settings.

use super::settings::{At, Origin, Settings, Text};
use crate::ca::{self, BuiltIn, CaChoice};
use crate::endpoint;
use crate::launch::quoted;
use crate::target::{Engine, OptionFiles, Port, Program, Target, Tls, TokenVia};
use std::ffi::OsStr;

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody wrote it.
    Given(Origin),
    /// The host name carries it.
    HostName,
    /// The AWS profile, or the variable `AWS_REGION`.
    Aws,
    /// It is what rdsconnect does by itself.
    BuiltIn,
    /// There is no value, and none is needed.
    NotSet,
}

/// A key, the value that counts, and where that came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The key.
    pub key: &'static str,
    /// The value; empty when there is none.
    pub value: String,
    /// Where it came from.
    pub source: Source,
}

/// Every key with the value that counts, in the order of [`Settings::KEYS`].
#[must_use]
pub fn explain(settings: &Settings, target: &Target) -> Vec<Explained> {
    // Without `..`, so that a new key does not compile until it is explained.
    let Settings {
        engine,
        host,
        port,
        connect_to,
        user,
        database,
        region,
        aws_profile,
        role_arn,
        external_id,
        role_session_name,
        mfa_serial,
        duration_seconds,
        credential_cache,
        ca_bundle,
        tls,
        client,
        client_args,
        token_via,
        option_files,
        production,
        read_only,
        description,
    } = settings;
    let region_source = match endpoint::parse(target.host.as_str()).and_then(|endpoint| endpoint.region) {
        Some(_) => Source::HostName,
        None => Source::Aws,
    };
    vec![
        row("engine", &target.engine.name(), source(engine.as_ref(), Source::NotSet)),
        row("host", &target.host, source(host.as_ref(), Source::NotSet)),
        row("port", &target.port, source(port.as_ref(), Source::BuiltIn)),
        row("connect_to", &text(target.connect_to.as_ref()), source(connect_to.as_ref(), Source::NotSet)),
        row("user", &target.user, source(user.as_ref(), Source::NotSet)),
        row("database", &text(target.database.as_ref()), source(database.as_ref(), Source::NotSet)),
        row("region", &target.region, source(region.as_ref(), region_source)),
        row("aws_profile", &text(target.aws_profile.as_ref()), source(aws_profile.as_ref(), Source::NotSet)),
        given("role_arn", role_arn.as_ref()),
        given_text("external_id", external_id.as_ref()),
        given("role_session_name", role_session_name.as_ref()),
        given_text("mfa_serial", mfa_serial.as_ref()),
        given("duration_seconds", duration_seconds.as_ref()),
        row("credential_cache", &target.credential_cache, source(credential_cache.as_ref(), Source::BuiltIn)),
        row("ca_bundle", &roots(target), source(ca_bundle.as_ref(), Source::BuiltIn)),
        row("tls", &tls_name(target.tls), source(tls.as_ref(), Source::BuiltIn)),
        row("client", &client_name(target), source(client.as_ref(), Source::BuiltIn)),
        row("client_args", &words(&target.client_args), source(client_args.as_ref(), Source::NotSet)),
        row("token_via", &token_via_name(target.token_via), source(token_via.as_ref(), Source::BuiltIn)),
        row("option_files", &option_files_name(target.option_files), source(option_files.as_ref(), Source::BuiltIn)),
        row("production", &target.production, source(production.as_ref(), Source::BuiltIn)),
        row("read_only", &target.read_only, source(read_only.as_ref(), Source::BuiltIn)),
        given_text("description", description.as_ref()),
    ]
}

fn row(key: &'static str, value: &impl ToString, source: Source) -> Explained {
    Explained { key, value: value.to_string(), source }
}

/// A key that counts as it is written, or not at all.
fn given<T: ToString>(key: &'static str, at: Option<&At<T>>) -> Explained {
    row(key, &text(at.map(|at| &at.value)), source(at, Source::NotSet))
}

fn given_text(key: &'static str, at: Option<&At<Text>>) -> Explained {
    row(key, &text(at.map(|at| &at.value.0)), source(at, Source::NotSet))
}

fn source<T>(given: Option<&At<T>>, otherwise: Source) -> Source {
    given.map_or(otherwise, |at| Source::Given(at.origin))
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// The root certificates, as the user would write or describe them.
fn roots(target: &Target) -> String {
    match ca::choice(target) {
        CaChoice::BuiltIn(BuiltIn::Region(region)) => format!("built-in roots of {region}"),
        CaChoice::BuiltIn(BuiltIn::AllRegions) => "built-in roots of all regions".into(),
        CaChoice::BuiltIn(BuiltIn::Proxy) => "built-in roots of Amazon Trust Services".into(),
        CaChoice::System => "system".into(),
        CaChoice::File(path) => path.display().to_string(),
    }
}

fn client_name(target: &Target) -> String {
    match (&target.client, target.engine) {
        (Some(Program::Name(name)), _) => name.clone(),
        (Some(Program::Path(path)), _) => path.display().to_string(),
        (None, engine) => engine.clients().join(", else "),
    }
}

/// Arguments as a shell would take them.
fn words(arguments: &[String]) -> String {
    arguments.iter().map(|word| quoted(OsStr::new(word))).collect::<Vec<_>>().join(" ")
}

fn tls_name(tls: Tls) -> &'static str {
    match tls {
        Tls::VerifyFull => "verify-full",
        Tls::VerifyCa => "verify-ca",
    }
}

fn token_via_name(via: TokenVia) -> &'static str {
    match via {
        TokenVia::Env => "env",
        TokenVia::Fd => "fd",
    }
}

fn option_files_name(option_files: OptionFiles) -> &'static str {
    match option_files {
        OptionFiles::Harmless => "harmless",
        OptionFiles::None => "none",
    }
}

/// What is known of a profile without asking anybody, for a list: nothing has to be complete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The engine.
    pub engine: Option<&'static str>,
    /// The endpoint.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// The database user.
    pub user: Option<String>,
    /// The database.
    pub database: Option<String>,
    /// The region, as given or as the host name has it.
    pub region: Option<String>,
    /// The AWS profile.
    pub aws_profile: Option<String>,
    /// A word for the reader.
    pub description: Option<String>,
    /// Whether it is marked as production.
    pub production: bool,
    /// Whether sessions start read-only.
    pub read_only: bool,
}

/// The outline of what a profile and `[defaults]` say together.
#[must_use]
pub fn outline(settings: &Settings) -> Outline {
    fn given<T: ToString>(at: Option<&At<T>>) -> Option<String> {
        at.map(|at| at.value.to_string())
    }
    let engine = settings.engine.as_ref().map(|at| at.value);
    let of_host = || endpoint::parse(settings.host.as_ref()?.value.as_str())?.region;
    Outline {
        engine: engine.map(Engine::name),
        host: given(settings.host.as_ref()),
        port: settings.port.as_ref().map(|at| at.value).or(engine.map(Engine::default_port)).map(Port::number),
        user: given(settings.user.as_ref()),
        database: given(settings.database.as_ref()),
        region: given(settings.region.as_ref()).or_else(of_host),
        aws_profile: given(settings.aws_profile.as_ref()),
        description: settings.description.as_ref().map(|at| at.value.0.clone()),
        production: settings.production.as_ref().is_some_and(|at| at.value),
        read_only: settings.read_only.as_ref().is_some_and(|at| at.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{file, resolve};
    use std::path::Path;

    #[test]
    fn every_key_is_explained_in_order() {
        let text = "[profiles.x]\nengine = \"mysql\"\nhost = \"db.c1.us-west-2.rds.amazonaws.com\"\nuser = \"jane\"\n";
        let file = file::parse(text, Path::new("c.toml")).unwrap();
        let settings = file.profiles["x"].clone();
        let bases = resolve::Bases { file: Path::new("/"), included: &[], working: Path::new("/"), home: None };
        let target = resolve::resolve("x", settings.clone(), &bases, |_| Ok(None)).unwrap();
        let explained: Vec<&str> = explain(&settings, &target).iter().map(|row| row.key).collect();
        let keys: Vec<&str> = Settings::KEYS.iter().map(|(key, _)| *key).collect();
        assert_eq!(explained, keys);
    }
}
