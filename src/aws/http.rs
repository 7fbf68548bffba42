//! The SDK's HTTP client, built on first use: loading the root certificates costs more than
//! everything else that a launch with static credentials does.

use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use std::sync::OnceLock;

/// A client that does not exist until a request is made.
#[derive(Debug, Default)]
pub(super) struct OnFirstUse(OnceLock<SharedHttpClient>);

impl HttpClient for OnFirstUse {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        self.0
            .get_or_init(|| {
                aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
            })
            .http_connector(settings, components)
    }
}
