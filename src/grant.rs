//! What has to be granted before a token lets a user in: the IAM policy's resource, and the SQL.
//! Pure; refusals are explained with it.

use crate::endpoint::{self, Kind};
use crate::target::{Engine, Target};

/// What stands for the part of a resource name that only AWS knows.
const RESOURCE: &str = "RESOURCE-ID";

/// The resource that a policy must allow `rds-db:connect` on (RDS User Guide, "Creating and using
/// an IAM policy for IAM database access"). The account is left open when it is not known.
#[must_use]
pub fn resource(target: &Target, account: Option<&str>) -> String {
    let partition = endpoint::parse(target.host.as_str()).map_or("aws", |endpoint| endpoint.partition.name);
    let account = account.unwrap_or("ACCOUNT");
    format!("arn:{partition}:rds-db:{}:{account}:dbuser:{RESOURCE}/{}", target.region, target.user)
}

/// Where the resource id is found.
#[must_use]
pub fn where_to_find(target: &Target) -> String {
    let name = target.host.as_str().split('.').next().unwrap_or_default();
    match endpoint::parse(target.host.as_str()).map(|endpoint| endpoint.kind) {
        Some(Kind::Proxy) => format!(
            "the `prx-...` at the end of DBProxyArn in `aws rds describe-db-proxies --db-proxy-name {name} --region {}`",
            target.region
        ),
        Some(Kind::Cluster | Kind::GlobalWriter | Kind::ShardGroup) => format!(
            "DbClusterResourceId in `aws rds describe-db-clusters --db-cluster-identifier {name} --region {}`",
            target.region
        ),
        Some(Kind::Instance) | None => format!(
            "DbiResourceId in `aws rds describe-db-instances --db-instance-identifier {name} --region {}` \
             (of an Aurora instance: the cluster's DbClusterResourceId)",
            target.region
        ),
    }
}

/// The SQL that lets a user in with tokens.
#[must_use]
pub fn sql(target: &Target) -> String {
    let user = target.user.as_str();
    match target.engine {
        Engine::Postgres => format!("GRANT rds_iam TO \"{}\";", user.replace('"', "\"\"")),
        Engine::MySql | Engine::MariaDb => {
            let user = user.replace('\\', "\\\\").replace('\'', "''");
            format!("CREATE USER '{user}'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;")
        }
    }
}
