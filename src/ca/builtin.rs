//! The Amazon root certificates that are compiled in.
//!
//! Selecting a region reads comment lines only, no X.509: a test proves that every comment says
//! what its certificate says.

use super::{BuiltIn, Roots};
use crate::error::ca::CaError;

/// RDS roots of the commercial regions, sorted by region.
const RDS: &str = include_str!("roots/rds-root-certificates.pem");

/// The roots of Amazon Trust Services.
const TRUST_SERVICES: &str = include_str!("roots/amazon-trust-services-roots.pem");

/// One built-in root certificate, as its comment line describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The subject's common name.
    pub name: &'static str,
    /// The region it is for; none for Amazon Trust Services.
    pub region: Option<&'static str>,
    /// The last day of its validity, as `2061-05-19`.
    pub not_after: &'static str,
    /// The SHA-256 of the certificate's binary form, in lower-case hexadecimal digits.
    pub sha256: &'static str,
}

/// Lists every built-in root: those of RDS by region, then those of Amazon Trust Services.
pub fn builtin_list() -> impl Iterator<Item = Listed> {
    blocks(RDS).chain(blocks(TRUST_SERVICES)).map(|block| block.listed)
}

/// Selects the roots of one kind.
pub(super) fn select(which: &BuiltIn) -> Result<Roots, CaError> {
    let (pem, what) = match which {
        BuiltIn::Region(region) => {
            let pem = of_region(region)
                .ok_or_else(|| CaError::NotBuiltIn { region: region.clone(), url: bundle_url(region) })?;
            (pem, format!("{} built-in roots of {region}", blocks(pem).count()))
        }
        BuiltIn::AllRegions => (RDS, format!("{} built-in roots of all regions", blocks(RDS).count())),
        BuiltIn::Proxy => {
            let count = blocks(TRUST_SERVICES).count();
            (TRUST_SERVICES, format!("{count} built-in roots of Amazon Trust Services"))
        }
    };
    Ok(Roots::Bytes { pem: pem.as_bytes(), what })
}

/// The part of the file with the roots of a region, which lie side by side.
fn of_region(region: &str) -> Option<&'static str> {
    let mut of_region = blocks(RDS).filter(|block| block.listed.region == Some(region));
    let first = of_region.next()?;
    let end = of_region.last().unwrap_or(first).end;
    Some(&RDS[first.start..end])
}

/// Where Amazon publishes the bundle of a region; unknown for the partitions without internet.
///
/// The addresses are those of "Using SSL/TLS to encrypt a connection" in the RDS user guide and
/// its Chinese edition.
fn bundle_url(region: &str) -> Option<String> {
    let is_name = region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let (area, rest) = region.split_once('-')?;
    let store = if !is_name || rest.starts_with("iso") || area == "eusc" {
        return None;
    } else if region.starts_with("us-gov-") {
        "truststore.pki.us-gov-west-1.rds.amazonaws.com"
    } else if area == "cn" {
        "rds-truststore.s3.cn-north-1.amazonaws.com.cn"
    } else {
        "truststore.pki.rds.amazonaws.com"
    };
    Some(format!("https://{store}/{region}/{region}-bundle.pem"))
}

/// A comment line and the certificate after it.
#[derive(Clone, Copy)]
struct Block {
    listed: Listed,
    start: usize,
    end: usize,
}

/// Walks through one of our own files; its form is proved by tests.
fn blocks(pem: &'static str) -> impl Iterator<Item = Block> {
    const END: &str = "-----END CERTIFICATE-----\n";
    let mut start = 0;
    std::iter::from_fn(move || {
        let comment = pem[start..].strip_prefix("# ")?.lines().next()?;
        let end = start + pem[start..].find(END)? + END.len();
        let block = Block { listed: described(comment)?, start, end };
        start = end;
        Some(block)
    })
}

/// Reads `NAME  notAfter DATE  sha256 DIGITS`.
fn described(comment: &'static str) -> Option<Listed> {
    let mut fields = comment.split("  ");
    let name = fields.next()?;
    let not_after = fields.next()?.strip_prefix("notAfter ")?;
    let sha256 = fields.next()?.strip_prefix("sha256 ")?;
    let region = name.strip_prefix("Amazon RDS ").and_then(|rest| rest.split(' ').next());
    Some(Listed { name, region, not_after, sha256 })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::ca::bundle;

    fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(pem.as_bytes()).map(Result::unwrap).collect()
    }

    fn selected(which: &BuiltIn) -> (&'static str, String) {
        match select(which).unwrap() {
            Roots::Bytes { pem, what } => (std::str::from_utf8(pem).unwrap(), what),
            Roots::File(path) => panic!("{path:?}"),
        }
    }

    #[test]
    fn every_comment_says_what_its_certificate_says() {
        for pem in [RDS, TRUST_SERVICES] {
            let blocks: Vec<_> = blocks(pem).collect();
            assert_eq!(blocks.len(), pem.matches("-----BEGIN CERTIFICATE-----").count());
            assert_eq!(blocks.last().unwrap().end, pem.len());
            for block in blocks {
                let found = certificates(&pem[block.start..block.end]);
                let [der] = found.as_slice() else { panic!("{:?}", block.listed) };
                let digest = Sha256::digest(der).iter().fold(String::new(), |mut text, byte| {
                    write!(text, "{byte:02x}").unwrap();
                    text
                });
                assert_eq!(digest, block.listed.sha256, "{:?}", block.listed);
                let not_after = bundle::not_after(der).unwrap().unwrap();
                assert_eq!(bundle::day(not_after), block.listed.not_after, "{:?}", block.listed);
                // The whole name, not a part of a longer one: a UTF8String or PrintableString
                // with its length in front.
                let length = u8::try_from(block.listed.name.len()).unwrap();
                let stands = [12, 19].iter().any(|tag| {
                    let mut want = vec![*tag, length];
                    want.extend(block.listed.name.bytes());
                    der.windows(want.len()).any(|part| part == want)
                });
                assert!(stands, "{:?}", block.listed);
            }
        }
    }

    #[test]
    fn each_region_gets_its_own_three_roots_and_no_others() {
        let mut regions = BTreeMap::<_, Vec<_>>::new();
        for listed in blocks(RDS).map(|block| block.listed) {
            regions.entry(listed.region.unwrap()).or_default().push(listed.name);
        }
        assert_eq!(regions.len(), 30);
        for (region, names) in regions {
            let (pem, what) = selected(&BuiltIn::Region(region.into()));
            assert_eq!(what, format!("3 built-in roots of {region}"));
            assert_eq!(certificates(pem).len(), 3, "{region}");
            let found: Vec<_> = blocks(pem).map(|block| block.listed.name).collect();
            assert_eq!(found, names);
            let kinds = ["ECC384", "RSA2048", "RSA4096"];
            assert_eq!(found, kinds.map(|kind| format!("Amazon RDS {region} Root CA {kind} G1")));
        }
    }

    #[test]
    fn the_other_sets_are_whole() {
        let (pem, what) = selected(&BuiltIn::AllRegions);
        assert_eq!((certificates(pem).len(), what.as_str()), (90, "90 built-in roots of all regions"));
        let (pem, what) = selected(&BuiltIn::Proxy);
        assert_eq!(certificates(pem).len(), 5);
        assert_eq!(what, "5 built-in roots of Amazon Trust Services");
        assert_eq!(builtin_list().count(), 95);
        assert_eq!(builtin_list().filter(|listed| listed.region.is_none()).count(), 5);
    }

    #[test]
    fn a_region_that_is_not_built_in_tells_where_its_bundle_is() {
        let commercial = "https://truststore.pki.rds.amazonaws.com";
        let gov = "https://truststore.pki.us-gov-west-1.rds.amazonaws.com";
        let china = "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn";
        let rows = [
            ("ap-east-2", Some(commercial)),
            ("mx-central-1", Some(commercial)),
            ("us-gov-east-1", Some(gov)),
            ("us-gov-west-1", Some(gov)),
            ("cn-north-1", Some(china)),
            ("cn-northwest-1", Some(china)),
            ("us-iso-east-1", None),
            ("us-isob-east-1", None),
            ("us-isof-south-1", None),
            ("eu-isoe-west-1", None),
            ("eusc-de-east-1", None),
            ("us-west", Some(commercial)),
            ("us-west-2 Root", None),
            ("", None),
        ];
        for (region, store) in rows {
            let want = store.map(|store| format!("{store}/{region}/{region}-bundle.pem"));
            match select(&BuiltIn::Region(region.into())) {
                Err(CaError::NotBuiltIn { region: named, url }) => {
                    assert_eq!((named.as_str(), url), (region, want));
                }
                other => panic!("{region}: {other:?}"),
            }
        }
    }
}
