//! Endpoints that variables or the AWS profile put in place of a service's own. Pure.

use crate::env::Env;
use crate::error::aws::AwsError;
use aws_config::profile::ProfileSet;
use aws_runtime::env_config::property::PropertiesKey;
use std::net::IpAddr;

/// Refuses an endpoint that would carry credentials in clear beyond this machine: plain http is for
/// loopback and link-local addresses, where containers and EC2 have their metadata.
pub(super) fn check(setting: &str, url: &str) -> Result<(), AwsError> {
    let allowed = match url.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => true,
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => is_near(host(rest)),
        _ => false,
    };
    if allowed {
        return Ok(());
    }
    Err(AwsError::Endpoint { setting: setting.to_owned(), url: without_secrets(url) })
}

/// The host of what follows `://`, without brackets, port, and user.
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((ip, _)) => ip,
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Whether a host is this machine, or a neighbour that only this machine can reach. No name server
/// is asked: a name proves nothing.
fn is_near(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => {
            // The metadata services of EC2 and of containers have unique local addresses in IPv6.
            ip.is_loopback() || ip.is_unicast_link_local() || ip.segments()[..2] == [0xfd00, 0xec2]
        }
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn without_secrets(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", host(rest)),
        None => "(not a URL)".to_owned(),
    }
}

/// The endpoint of a service by its two names (`SSO_OIDC`, `sso_oidc`), with the variables before the
/// profile, and the service's own before the general ones.
pub(super) fn of_service(
    variable: &str,
    key: &str,
    env: &Env,
    profiles: Option<&ProfileSet>,
) -> Result<Option<String>, AwsError> {
    let profile = |name: &str| profiles.and_then(|profiles| profiles.get(name)).map(str::to_owned);
    let from_env = |name: &str| env.var(name).and_then(|value| value.to_str()).map(str::to_owned);
    let is_true = |text: Option<String>| text.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    if is_true(from_env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) || is_true(profile("ignore_configured_endpoint_urls")) {
        return Ok(None);
    }
    let of_services = || {
        let section = profile("services")?;
        let key = PropertiesKey::builder()
            .section_key("services")
            .section_name(section)
            .property_name(key)
            .sub_property_name("endpoint_url")
            .build()
            .ok()?;
        profiles?.other_sections().get(&key).map(ToString::to_string)
    };
    let own = format!("AWS_ENDPOINT_URL_{variable}");
    let found = from_env(&own)
        .map(|url| (own, url))
        .or_else(|| from_env("AWS_ENDPOINT_URL").map(|url| ("AWS_ENDPOINT_URL".to_owned(), url)))
        .or_else(|| of_services().map(|url| ("endpoint_url".to_owned(), url)))
        .or_else(|| profile("endpoint_url").map(|url| ("endpoint_url".to_owned(), url)));
    match found {
        Some((setting, url)) => check(&setting, &url).map(|()| Some(url)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for good in [
            "https://sts.example",
            "http://127.0.0.1:5000",
            "http://localhost",
            "http://[::1]:80/x",
            "http://169.254.169.254/",
            "http://[fd00:ec2::254]",
            "HTTP://LOCALHOST:1",
        ] {
            assert!(check("X", good).is_ok(), "{good}");
        }
        for bad in [
            "http://sts.example",
            "http://10.0.0.1",
            "http://127.0.0.1@evil.example/",
            "http://localhost.evil.example",
            "http://evil.example\\@localhost",
            "http://evil.example#@localhost",
            "http://[fd00::1]",
            "ftp://localhost",
            "localhost:5000",
        ] {
            assert!(check("X", bad).is_err(), "{bad}");
        }
        let secret = check("X", "http://user:password@evil.example/path?token=t").unwrap_err().to_string();
        assert_eq!(secret, "`X` would send credentials unencrypted to another machine: `http://evil.example`");
    }

    #[test]
    fn variables_come_before_the_profile() {
        let of = |pairs: &[(&str, &str)]| of_service("SSO_OIDC", "sso_oidc", &Env::from_pairs(pairs), None).unwrap();
        let all = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        let own = ("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:2");
        assert_eq!(of(&[all]), Some(all.1.to_owned()));
        assert_eq!(of(&[all, own]), Some(own.1.to_owned()));
        assert_eq!(of(&[all, own, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]), None);
    }
}
