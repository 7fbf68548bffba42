//! What a client's words say of TLS and of the login, and what to do about it.

use super::Outcome;
use super::steps::{passed, skipped};
use crate::client::verdict::{self, Verdict};
use crate::endpoint::{self, Kind};
use crate::grant;
use crate::target::{Engine, Target, Tls};
use crate::trial::Said;

/// What keeps a connection from being made.
pub(super) const NETWORK: &str = "check the VPN or tunnel, the security group's inbound rule for this port, and that \
    the database is reachable from here";

/// The steps TLS and login, of what the client said.
pub(super) fn judge(target: &Target, said: &Said, account: Option<&str>) -> (Outcome, Outcome) {
    let mode = match target.tls {
        Tls::VerifyFull => "certificate and name verified",
        Tls::VerifyCa => "certificate verified, the name is not (`tls = \"verify-ca\"`)",
    };
    if said.succeeded {
        return (passed(mode.into()), passed(format!("logged in as `{}`", target.user)));
    }
    let verdict = verdict::read(&said.stderr);
    let failed =
        Outcome::Failed { detail: verdict::line(&said.stderr).to_owned(), hints: hints(target, verdict, account) };
    match verdict {
        Verdict::Certificate | Verdict::NoTls => (failed, skipped("the server was not verified, so nothing was sent")),
        Verdict::Unreachable | Verdict::UnknownHost | Verdict::BrokenOff | Verdict::NoCleartext | Verdict::Other => {
            (skipped("the client did not get there"), failed)
        }
        Verdict::TokenRefused
        | Verdict::NotForTokens
        | Verdict::NothingSent
        | Verdict::Database
        | Verdict::StartupOptions => (passed(mode.into()), failed),
    }
}

fn hints(target: &Target, verdict: Verdict, account: Option<&str>) -> Vec<String> {
    let policy = || {
        vec![
            format!("allow `rds-db:connect` on `{}`", grant::resource(target, account)),
            format!("RESOURCE-ID is {}", grant::where_to_find(target)),
        ]
    };
    let sql = || format!("run as an administrator: {}", grant::sql(target));
    let is_postgres = target.engine == Engine::Postgres;
    let mut hints = match verdict {
        Verdict::TokenRefused if is_postgres => policy(),
        // The mysql family says the same to a user that does not exist or has a password.
        Verdict::TokenRefused => policy().into_iter().chain([sql()]).collect(),
        Verdict::NotForTokens if is_postgres => vec![
            format!("the server asked `{}` for a password: the role lacks `rds_iam`, or does not exist", target.user),
            sql(),
        ],
        Verdict::NotForTokens => vec![
            format!(
                "the server asked `{}` for a password of another kind: the user has one, or does not exist",
                target.user
            ),
            sql(),
        ],
        Verdict::NothingSent => vec!["the user may not exist on this server, or has another plugin".into(), sql()],
        Verdict::Certificate => vec![
            "the server's certificate does not bear the endpoint's name, or chains to other roots: check `host`, \
             `connect_to` and `ca_bundle`"
                .into(),
        ],
        Verdict::NoTls => vec!["this is no RDS server with TLS; nothing was sent to it".into()],
        Verdict::NoCleartext => vec![
            "use another client, or install this one from its package, with its plugins: it cannot send a token".into(),
        ],
        Verdict::Database => vec![format!("check `database`, and what `{}` may use", target.user)],
        Verdict::StartupOptions => {
            vec!["RDS Proxy refuses options at start-up: leave `read_only` and PGOPTIONS out".into()]
        }
        Verdict::Unreachable => vec![NETWORK.into()],
        Verdict::UnknownHost => vec![
            "this machine resolves the name and the client does not: a client out of a container or a snap may have \
             a resolver of its own"
                .into(),
        ],
        Verdict::BrokenOff => vec![
            "what listens there is no such server, or closed the connection: check `port`, `connect_to`, and whether \
             the database is starting, stopped or out of connections"
                .into(),
        ],
        Verdict::Other => Vec::new(),
    };
    let is_proxy = endpoint::parse(target.host.as_str()).is_some_and(|endpoint| endpoint.kind == Kind::Proxy);
    let could_be_options = !matches!(verdict, Verdict::StartupOptions | Verdict::Certificate | Verdict::NoTls);
    if is_postgres && is_proxy && target.read_only && could_be_options {
        hints.push("RDS Proxy may refuse the start-up option of `read_only`: try without it".into());
    }
    hints
}
