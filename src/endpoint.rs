//! What an RDS host name says: partition, region and kind of endpoint. Pure, and without DNS:
//! a name that only points at RDS proves nothing.

/// A partition of AWS: regions that share accounts, and a domain of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// Name as in ARNs.
    pub name: &'static str,
    /// Domain under which its endpoints live.
    pub domain: &'static str,
}

/// The partitions as botocore 1.43 lists them (`partitions.json`). GovCloud shares the
/// commercial domain and is told apart by its regions.
const PARTITIONS: [Partition; 7] = [
    Partition { name: "aws", domain: "amazonaws.com" },
    Partition { name: "aws-cn", domain: "amazonaws.com.cn" },
    Partition { name: "aws-iso", domain: "c2s.ic.gov" },
    Partition { name: "aws-iso-b", domain: "sc2s.sgov.gov" },
    Partition { name: "aws-iso-e", domain: "cloud.adc-e.uk" },
    Partition { name: "aws-iso-f", domain: "csp.hci.ic.gov" },
    Partition { name: "aws-eusc", domain: "amazonaws.eu" },
];
const GOVCLOUD: Partition = Partition { name: "aws-us-gov", domain: "amazonaws.com" };

/// What an endpoint leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One database instance.
    Instance,
    /// An Aurora or Multi-AZ cluster: writer, reader or custom endpoint.
    Cluster,
    /// RDS Proxy, whose certificates chain to the Amazon Trust Services roots.
    Proxy,
    /// An Aurora Limitless shard group.
    ShardGroup,
    /// The writer endpoint of an Aurora global database, which moves between regions.
    GlobalWriter,
}

/// An RDS endpoint, read off its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where the name belongs.
    pub partition: Partition,
    /// Region in lower case; none for a global writer endpoint.
    pub region: Option<String>,
    /// What the endpoint leads to.
    pub kind: Kind,
}

/// Reads a host name; `None` when it is no RDS endpoint. Upper and lower case are the same.
#[must_use]
pub fn parse(host: &str) -> Option<Endpoint> {
    let host = host.to_ascii_lowercase();
    let (rest, partition) =
        PARTITIONS.iter().find_map(|p| host.strip_suffix(p.domain)?.strip_suffix('.').map(|rest| (rest, *p)))?;
    let labels: Vec<&str> = rest.split('.').collect();
    if labels.iter().any(|label| label.is_empty()) {
        return None;
    }
    // `ID.HASH.REGION.rds.DOMAIN`; China, and the older names of the closed partitions, have
    // `ID.HASH.rds.REGION.DOMAIN`.
    let (names, region) = match labels.as_slice() {
        [names @ .., region, "rds"] | [names @ .., "rds", region] => (names, *region),
        _ => return None,
    };
    let [_, second, more @ ..] = names else { return None };
    if region == "global" {
        return (second.starts_with("global-") && more.is_empty()).then_some(Endpoint {
            partition,
            region: None,
            kind: Kind::GlobalWriter,
        });
    }
    if !is_region(region) {
        return None;
    }
    let kind = match (*second, more) {
        (label, []) if label.starts_with("proxy-") => Kind::Proxy,
        // A further endpoint of a proxy: `NAME.endpoint.proxy-HASH`.
        ("endpoint", [label]) if label.starts_with("proxy-") => Kind::Proxy,
        (label, []) if label.starts_with("cluster-") => Kind::Cluster,
        (label, []) if label.starts_with("shardgrp-") => Kind::ShardGroup,
        (_, []) => Kind::Instance,
        _ => return None,
    };
    let is_govcloud = partition.domain == GOVCLOUD.domain && region.starts_with("us-gov-");
    let partition = if is_govcloud { GOVCLOUD } else { partition };
    Some(Endpoint { partition, region: Some(region.to_owned()), kind })
}

/// Whether a text has the shape of a region: `us-west-2`, `us-iso-east-1`, `eusc-de-east-1`.
#[must_use]
pub fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let Some(number) = parts.next_back() else { return false };
    let words: Vec<&str> = parts.collect();
    let is_word = |w: &&str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase());
    words.len() >= 2
        && words.iter().all(is_word)
        && !number.is_empty()
        && number.len() <= 2
        && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_and_kind() {
        let rows = [
            ("mydb.abc123def456.us-west-2.rds.amazonaws.com", "aws", Some("us-west-2"), Kind::Instance),
            ("MyDB.AbC123.US-West-2.RDS.amazonaws.com", "aws", Some("us-west-2"), Kind::Instance),
            ("proxy-db.abc123.us-west-2.rds.amazonaws.com", "aws", Some("us-west-2"), Kind::Instance),
            ("c.cluster-abc.eu-central-1.rds.amazonaws.com", "aws", Some("eu-central-1"), Kind::Cluster),
            ("c.cluster-ro-abc.eu-central-1.rds.amazonaws.com", "aws", Some("eu-central-1"), Kind::Cluster),
            ("c.cluster-custom-abc.il-central-1.rds.amazonaws.com", "aws", Some("il-central-1"), Kind::Cluster),
            ("p.proxy-abc.us-east-1.rds.amazonaws.com", "aws", Some("us-east-1"), Kind::Proxy),
            ("e.endpoint.proxy-abc.us-east-1.rds.amazonaws.com", "aws", Some("us-east-1"), Kind::Proxy),
            ("s.shardgrp-abc.us-east-1.rds.amazonaws.com", "aws", Some("us-east-1"), Kind::ShardGroup),
            ("g.global-abc.global.rds.amazonaws.com", "aws", None, Kind::GlobalWriter),
            ("db.c1.us-gov-west-1.rds.amazonaws.com", "aws-us-gov", Some("us-gov-west-1"), Kind::Instance),
            ("db.c1.rds.cn-north-1.amazonaws.com.cn", "aws-cn", Some("cn-north-1"), Kind::Instance),
            ("db.cluster-c1.rds.cn-northwest-1.amazonaws.com.cn", "aws-cn", Some("cn-northwest-1"), Kind::Cluster),
            ("db.c1.cn-north-1.rds.amazonaws.com.cn", "aws-cn", Some("cn-north-1"), Kind::Instance),
            ("db.c1.us-iso-east-1.rds.c2s.ic.gov", "aws-iso", Some("us-iso-east-1"), Kind::Instance),
            ("db.c1.us-isob-east-1.rds.sc2s.sgov.gov", "aws-iso-b", Some("us-isob-east-1"), Kind::Instance),
            ("db.c1.us-gov-west-1.rds.sc2s.sgov.gov", "aws-iso-b", Some("us-gov-west-1"), Kind::Instance),
            ("db.c1.eu-isoe-west-1.rds.cloud.adc-e.uk", "aws-iso-e", Some("eu-isoe-west-1"), Kind::Instance),
            ("db.c1.us-isof-south-1.rds.csp.hci.ic.gov", "aws-iso-f", Some("us-isof-south-1"), Kind::Instance),
            ("db.c1.eusc-de-east-1.rds.amazonaws.eu", "aws-eusc", Some("eusc-de-east-1"), Kind::Instance),
        ];
        for (host, partition, region, kind) in rows {
            let found = parse(host).unwrap_or_else(|| panic!("{host}"));
            assert_eq!(
                (found.partition.name, found.region.as_deref(), found.kind),
                (partition, region, kind),
                "{host}"
            );
        }
    }

    #[test]
    fn other_names_are_no_endpoints() {
        for host in [
            "localhost",
            "db.example.com",
            "rds.us-west-2.amazonaws.com",
            "us-west-2.rds.amazonaws.com",
            "db.us-west-2.rds.amazonaws.com",
            "db.c1.us-west-2.rds.amazonaws.com.evil.example",
            "db.c1.us-west-2.rdsxamazonaws.com",
            "db..us-west-2.rds.amazonaws.com",
            ".c1.us-west-2.rds.amazonaws.com",
            "db.c1.us-west.rds.amazonaws.com",
            "a.b.c.us-west-2.rds.amazonaws.com",
            "amazonaws.com",
            "",
            "db.c1.global.rds.amazonaws.com",
            "db.c1.us-west-2.redshift.amazonaws.com",
            "10.0.0.1",
        ] {
            assert_eq!(parse(host), None, "{host}");
        }
    }

    #[test]
    fn region_shape() {
        for good in ["us-west-2", "us-iso-east-1", "eusc-de-east-1", "ap-southeast-7"] {
            assert!(is_region(good), "{good}");
        }
        for bad in ["", "-", "us", "us-west", "us-west-2a", "US-WEST-2", "us--1", "us_west_2", "global", "us-west-222"]
        {
            assert!(!is_region(bad), "{bad}");
        }
    }
}
