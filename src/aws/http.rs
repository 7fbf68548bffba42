//! The SDK's HTTP client, built on first use: loading the root certificates costs more than
//! everything else that a launch with static credentials does.

use super::times;
use crate::error::aws::AwsError;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// AWS refuses signatures that are further off.
const TOLERANCE: u64 = 5 * 60;

/// How far our clock is ahead of the answers' `Date`, in seconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Refuses a clock that would make every token worthless.
    pub(super) fn check(&self) -> Result<(), AwsError> {
        match self.0.load(Ordering::Relaxed) {
            seconds if seconds.unsigned_abs() > TOLERANCE => Err(AwsError::ClockOff { seconds }),
            _ => Ok(()),
        }
    }

    fn compare(&self, date: Option<&str>) {
        let Some(theirs) = date.and_then(times::of_header) else { return };
        let off = match SystemTime::now().duration_since(theirs) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap_or(i64::MAX),
            Err(behind) => -i64::try_from(behind.duration().as_secs()).unwrap_or(i64::MAX),
        };
        self.0.store(off, Ordering::Relaxed);
    }
}

/// A client that does not exist until a request is made.
#[derive(Debug, Clone)]
pub(super) struct OnFirstUse {
    client: Arc<OnceLock<SharedHttpClient>>,
    way: Way,
}

/// How requests leave this machine.
#[derive(Debug, Clone)]
enum Way {
    /// To AWS: through the proxy that the environment names, and with a watch on the clock.
    Out { bundle: Option<Vec<u8>>, clock: Clock },
    /// To a neighbour of this machine, which no proxy could reach and none should see.
    Near,
}

impl OnFirstUse {
    /// For AWS's services, with the CA bundle in place of the system's roots.
    pub(super) fn out(bundle: Option<&Path>, clock: Clock) -> Result<Self, AwsError> {
        Ok(Self { client: Arc::default(), way: Way::Out { bundle: bundle.map(read).transpose()?, clock } })
    }

    /// For the metadata of containers and of EC2.
    pub(super) fn near() -> Self {
        Self { client: Arc::default(), way: Way::Near }
    }
}

impl HttpClient for OnFirstUse {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.get_or_init(|| self.way.client()).http_connector(settings, components);
        match &self.way {
            Way::Out { clock, .. } => SharedHttpConnector::new(Watched { connector, clock: clock.clone() }),
            Way::Near => connector,
        }
    }
}

impl Way {
    fn client(&self) -> SharedHttpClient {
        tracing::debug!("the HTTP client is built");
        let (bundle, proxy) = match self {
            Self::Out { bundle, .. } => (bundle.as_ref(), ProxyConfig::from_env()),
            Self::Near => (None, ProxyConfig::disabled()),
        };
        let roots = match bundle {
            Some(pem) => TrustStore::empty().with_pem_certificate(pem.clone()),
            None => TrustStore::default(),
        };
        let tls = TlsContext::builder().with_trust_store(roots).build().expect("a context without more has no fault");
        Builder::new().build_with_connector_fn(move |settings, components| {
            let mut builder = Connector::builder().proxy_config(proxy.clone());
            builder.set_connector_settings(settings.cloned());
            builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
            builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls.clone()).build()
        })
    }
}

/// A connector whose answers are compared with our clock.
#[derive(Debug)]
struct Watched {
    connector: SharedHttpConnector,
    clock: Clock,
}

impl HttpConnector for Watched {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answer, clock) = (self.connector.call(request), self.clock.clone());
        HttpConnectorFuture::new(async move {
            let response = answer.await?;
            clock.compare(response.headers().get("date"));
            Ok(response)
        })
    }
}

/// Reads a CA bundle and tries every certificate, because the TLS library would end the program
/// over a bad one.
fn read(path: &Path) -> Result<Vec<u8>, AwsError> {
    let unusable = |why: String| AwsError::CaBundle { path: PathBuf::from(path), why };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        count += 1;
        let fault = || unusable(format!("its certificate number {count} is damaged"));
        let certificate = certificate.map_err(|_| fault())?;
        webpki::anchor_from_trusted_cert(&certificate).map_err(|_| fault())?;
    }
    if count == 0 { Err(unusable("it holds no certificate".into())) } else { Ok(pem) }
}
