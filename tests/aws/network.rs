//! Nothing hangs; CA bundles and proxies are honoured.

use crate::responder::{self, Responder};
use crate::sandbox::Sandbox;
use crate::stage::{assumed, failure, signer, stage};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROLE: &str = "
[profile p]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = q
[profile q]
aws_access_key_id = AKIDQ
aws_secret_access_key = x
";

#[test]
fn without_credentials_the_answer_comes_within_three_seconds() {
    let silent = Responder::silent();
    let mut sandbox = stage("");
    sandbox.unset("AWS_EC2_METADATA_DISABLED").set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &silent.url());
    let start = Instant::now();
    let error = failure(&sandbox);
    assert!(
        error.starts_with(
            "error: no AWS credentials in the environment (AWS_ACCESS_KEY_ID is not set), AWS profile `default`"
        ),
        "{error}"
    );
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(!silent.take().is_empty());
}

#[test]
fn a_service_that_does_not_answer_is_given_up() {
    let silent = Responder::silent();
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_PROFILE", "p").set("AWS_ENDPOINT_URL_STS", &silent.url());
    let start = Instant::now();
    assert_eq!(failure(&sandbox), "error: could not reach AWS STS\n  caused by: timed out");
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

/// STS behind TLS with a certificate for `localhost`; gives the PEM of its authority.
fn secure_sts() -> (Responder, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::new(authority, key);
    let own = rcgen::KeyPair::generate().unwrap();
    let certificate =
        rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], own.serialize_der().try_into().unwrap())
        .unwrap();
    let config = Arc::new(config);
    let responder = Responder::serve(move |stream, requests| {
        let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        let (Some(request), mut stream) = responder::read(rustls::StreamOwned::new(session, stream)) else { return };
        requests.lock().unwrap().push(request.clone());
        let _ = responder::write(&mut stream, &assumed(&request, 3600));
        stream.conn.send_close_notify();
        let _ = stream.flush();
    });
    (responder, pem)
}

fn staged(sts: &Responder) -> Sandbox {
    let mut sandbox = stage(ROLE);
    sandbox.set("AWS_PROFILE", "p").set("AWS_ENDPOINT_URL_STS", &format!("https://localhost:{}", sts.port()));
    sandbox
}

#[test]
fn a_ca_bundle_takes_the_place_of_the_systems_roots() {
    let (sts, pem) = secure_sts();
    let mut sandbox = staged(&sts);
    let error = failure(&sandbox);
    assert!(error.starts_with("error: could not reach AWS STS\n  caused by: invalid peer certificate"), "{error}");
    let bundle = sandbox.write("bundle.pem", &pem);
    let bundle = bundle.to_str().unwrap();
    sandbox.set("AWS_CA_BUNDLE", bundle);
    assert_eq!(signer(&sandbox, &["db"]), "ASIAR");
    sandbox.unset("AWS_CA_BUNDLE").write("home/.aws/config", &format!("{ROLE}[profile p]\nca_bundle = {bundle}\n"));
    std::fs::remove_dir_all(sandbox.path("home/.aws/cli")).unwrap();
    assert_eq!(signer(&sandbox, &["db"]), "ASIAR");
    assert_eq!(sts.take().len(), 2);
    std::fs::remove_dir_all(sandbox.path("home/.aws/cli")).unwrap();
    let damaged = pem.replacen("MII", "AAA", 1);
    for (text, why) in [("", "it holds no certificate"), (&damaged, "its certificate number 1 is damaged")] {
        sandbox.write("bundle.pem", text);
        assert_eq!(failure(&sandbox), format!("error: cannot use the CA bundle `[dir]/bundle.pem` for AWS: {why}"));
    }
    sandbox.set("AWS_CA_BUNDLE", "/nonexistent/x");
    assert!(failure(&sandbox).starts_with("error: cannot use the CA bundle `/nonexistent/x` for AWS: No such file"));
}

/// A proxy that leads every tunnel to one port.
fn proxy(to: u16) -> Responder {
    Responder::serve(move |mut client, requests| {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap_or(0) == 1 {
            head.push(byte[0]);
        }
        let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
        requests.lock().unwrap().push(responder::Request { path: line, ..responder::Request::default() });
        let mut server = TcpStream::connect(("127.0.0.1", to)).unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut client_too, mut server_too) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut client_too, &mut server_too));
        let _ = std::io::copy(&mut server, &mut client);
    })
}

#[test]
fn https_goes_through_the_proxy_unless_no_proxy_names_the_host() {
    let (sts, pem) = secure_sts();
    let proxy = proxy(sts.port());
    let mut sandbox = staged(&sts);
    let bundle = sandbox.write("bundle.pem", &pem);
    sandbox.set("AWS_CA_BUNDLE", bundle.to_str().unwrap()).set("HTTPS_PROXY", &proxy.url());
    assert_eq!(signer(&sandbox, &["db"]), "ASIAR");
    let lines: Vec<String> = proxy.take().into_iter().map(|request| request.path).collect();
    assert_eq!(lines, [format!("CONNECT localhost:{} HTTP/1.1", sts.port())]);
    std::fs::remove_dir_all(sandbox.path("home/.aws/cli")).unwrap();
    sandbox.set("NO_PROXY", "localhost");
    assert_eq!(signer(&sandbox, &["db"]), "ASIAR");
    assert_eq!(proxy.take().len(), 0);
}

#[test]
fn with_keys_in_the_environment_no_file_is_read_and_no_request_made() {
    let silent = Responder::silent();
    let mut sandbox = stage("this is no configuration [[[");
    sandbox.set("AWS_ENDPOINT_URL", &silent.url()).set("AWS_CA_BUNDLE", "/nonexistent");
    sandbox.set("AWS_ACCESS_KEY_ID", "AKIDENV").set("AWS_SECRET_ACCESS_KEY", "x");
    assert_eq!(signer(&sandbox, &["db"]), "AKIDENV");
    assert_eq!(silent.take().len(), 0);
}
