//! Reads the PEM text of a CA bundle. Pure.
//!
//! A certificate is decoded only as far as its last day: whatever else may be odd about a root
//! that some system trusts is for the client to judge. Its base64, its lengths and the order of
//! its parts must be right, because OpenSSL drops a whole bundle over one such fault.

use std::time::{SystemTime, UNIX_EPOCH};

use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{DateTime, Decode, SliceReader, Tag, TagNumber, Tagged};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// Why a bundle is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It holds nothing but white space.
    Empty,
    /// It holds no PEM block.
    NotPem {
        /// Whether it looks like one certificate in binary form.
        is_der: bool,
    },
    /// It holds PEM blocks, but no certificate.
    NoCertificate,
    /// A certificate cannot be decoded.
    Damaged {
        /// The line where it begins, counted from 1.
        line: usize,
    },
    /// Every certificate has expired.
    Expired {
        /// The last day of the one that lasted longest.
        last: String,
    },
}

/// Checks a bundle and counts its certificates.
///
/// Text between the blocks, blocks of other kinds and expired certificates beside valid ones do
/// not matter.
///
/// # Errors
///
/// [`Fault`].
pub fn check(bytes: &[u8], now: SystemTime) -> Result<usize, Fault> {
    let mut count = 0;
    let mut valid = false;
    let mut last = None;
    for block in certificates(bytes) {
        let damaged = Fault::Damaged { line: block.line };
        let Ok(der) = CertificateDer::from_pem_slice(block.pem) else {
            return Err(damaged);
        };
        match not_after(&der) {
            Err(_) => return Err(damaged),
            // A date that cannot be read does not make a certificate expired.
            Ok(None) => valid = true,
            Ok(Some(end)) => {
                valid |= now <= end;
                last = last.max(Some(end));
            }
        }
        count += 1;
    }
    match last {
        Some(last) if !valid => Err(Fault::Expired { last: day(last) }),
        _ if count > 0 => Ok(count),
        _ => Err(without_certificate(bytes)),
    }
}

/// How many certificates a bundle holds, and the day on which the first of those still valid expires.
#[must_use]
pub fn outlook(bytes: &[u8], now: SystemTime) -> (usize, Option<String>) {
    let ends = certificates(bytes).map(|block| {
        let der = CertificateDer::from_pem_slice(block.pem).ok()?;
        not_after(&der).ok().flatten()
    });
    let (mut count, mut next) = (0, None);
    for end in ends {
        count += 1;
        next = match (next, end.filter(|end| now <= *end)) {
            (Some(known), Some(end)) => Some(std::cmp::min(known, end)),
            (known, end) => known.or(end),
        };
    }
    (count, next.map(day))
}

fn without_certificate(bytes: &[u8]) -> Fault {
    if bytes.trim_ascii().is_empty() {
        Fault::Empty
    } else if lines(bytes).any(|(_, line)| line.starts_with(b"-----BEGIN ")) {
        Fault::NoCertificate
    } else {
        Fault::NotPem { is_der: not_after(bytes).is_ok() }
    }
}

/// A block from its first line to its last; cut short where the last is missing.
struct Block<'a> {
    line: usize,
    pem: &'a [u8],
}

/// Finds the certificates; everything else, private keys included, is passed over unread.
fn certificates(bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut lines = lines(bytes).enumerate();
    std::iter::from_fn(move || {
        let (number, (start, _)) = lines.find(|(_, (_, line))| line.trim_ascii_end() == BEGIN)?;
        let end = lines
            .by_ref()
            .take_while(|(_, (_, line))| !line.starts_with(b"-----BEGIN "))
            .find(|(_, (_, line))| line.trim_ascii_end() == END)
            .map_or(start + BEGIN.len(), |(_, (at, line))| at + line.len());
        Some(Block { line: number + 1, pem: &bytes[start..end] })
    })
}

/// Lines with the position where each begins.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut position = 0;
    bytes.split_inclusive(|byte| *byte == b'\n').map(move |line| {
        let start = position;
        position += line.len();
        (start, line)
    })
}

/// Reads the end of a certificate's validity; none when it is written in no usual form.
///
/// # Errors
///
/// The certificate is damaged.
pub fn not_after(certificate: &[u8]) -> der::Result<Option<SystemTime>> {
    // Certificate ::= SEQUENCE { SEQUENCE { [0] version OPTIONAL, serialNumber, signature, issuer,
    // validity SEQUENCE { notBefore, notAfter }, ... }, signatureAlgorithm, signature }
    let whole = AnyRef::from_der(certificate)?;
    let mut parts = opened(whole)?;
    let mut signed = opened(AnyRef::decode(&mut parts)?)?;
    expect(&mut parts, Tag::Sequence)?;
    expect(&mut parts, Tag::BitString)?;

    let version = Tag::ContextSpecific { constructed: true, number: TagNumber::N0 };
    let first = AnyRef::decode(&mut signed)?;
    let serial = if first.tag() == version { AnyRef::decode(&mut signed)? } else { first };
    serial.tag().assert_eq(Tag::Integer)?;
    expect(&mut signed, Tag::Sequence)?;
    expect(&mut signed, Tag::Sequence)?;
    let mut validity = opened(AnyRef::decode(&mut signed)?)?;
    AnyRef::decode(&mut validity)?;
    let end = AnyRef::decode(&mut validity)?;
    expect(&mut signed, Tag::Sequence)?;
    expect(&mut signed, Tag::Sequence)?;

    let since_1970 = match end.tag() {
        Tag::UtcTime => end.decode_as::<UtcTime>().map(|time| time.to_unix_duration()).ok(),
        Tag::GeneralizedTime => end.decode_as::<GeneralizedTime>().map(|time| time.to_unix_duration()).ok(),
        _ => None,
    };
    Ok(since_1970.and_then(|duration| UNIX_EPOCH.checked_add(duration)))
}

fn opened(value: AnyRef<'_>) -> der::Result<SliceReader<'_>> {
    value.tag().assert_eq(Tag::Sequence)?;
    SliceReader::new(value.value())
}

fn expect(reader: &mut SliceReader<'_>, tag: Tag) -> der::Result<()> {
    AnyRef::decode(reader)?.tag().assert_eq(tag)?;
    Ok(())
}

/// Renders the day of a time in UTC, as `2061-05-19`.
pub(super) fn day(time: SystemTime) -> String {
    let since_1970 = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_unix_duration(since_1970).map_or_else(
        |_| "an unknown day".into(),
        |date| format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
    )
}

#[cfg(test)]
mod tests;
