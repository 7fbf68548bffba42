//! The certificates of the stand-in: an authority that clients know, one they do not, and what each signs.

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// A certificate authority and its certificate file.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    path: PathBuf,
}

/// A server's certificate and private key, as files in PEM.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Authority {
    /// Makes an authority called `name` and writes its certificate to `path`.
    pub(crate) fn create(name: &str, path: PathBuf) -> Result<Self, String> {
        let mut params = params(&[], name)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().map_err(told)?;
        let certificate = params.self_signed(&key).map_err(told)?;
        fs::write(&path, certificate.pem()).map_err(told)?;
        fs::set_permissions(&path, Permissions::from_mode(0o644)).map_err(told)?;
        Ok(Self { issuer: Issuer::new(params, key), path })
    }

    /// The authority's own certificate.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Issues a server certificate for all of `names`, written as `dir/server.pem` and `dir/server.key`.
    pub(crate) fn issue(&self, names: &[String], dir: &Path) -> Result<Identity, String> {
        let common = names.first().map_or("nameless", String::as_str);
        let mut params = params(names, common)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(told)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(told)?;
        let identity = Identity { certificate: dir.join("server.pem"), key: dir.join("server.key") };
        fs::write(&identity.certificate, certificate.pem()).map_err(told)?;
        // PostgreSQL refuses a key that others can read.
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&identity.key)
            .and_then(|mut file| file.write_all(key.serialize_pem().as_bytes()))
            .map_err(told)?;
        Ok(identity)
    }
}

fn params(names: &[String], common: &str) -> Result<CertificateParams, String> {
    let mut params = CertificateParams::new(names).map_err(told)?;
    // 64 characters is the longest common name; clients look at the alternative names only.
    let common: String = common.chars().take(64).collect();
    params.distinguished_name.push(DnType::CommonName, common);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    Ok(params)
}

fn told(error: impl std::fmt::Display) -> String {
    format!("could not make certificates: {error}")
}
