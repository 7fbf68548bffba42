//! Bundles as people have them, built from our own roots.

use std::time::Duration;

use super::*;

const ROOTS: &str = include_str!("../roots/amazon-trust-services-roots.pem");
const YEAR: u64 = 31_556_952;

fn years(since_1970: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(since_1970 * YEAR)
}

fn at_2030(text: &str) -> Result<usize, Fault> {
    check(text.as_bytes(), years(60))
}

/// One certificate without its comment line.
fn one() -> String {
    let begin = ROOTS.find("-----BEGIN").unwrap();
    let end = ROOTS.find("-----END CERTIFICATE-----\n").unwrap() + END.len() + 1;
    ROOTS[begin..end].into()
}

fn damaged(line: usize) -> Result<usize, Fault> {
    Err(Fault::Damaged { line })
}

#[test]
fn text_around_the_blocks_does_not_matter() {
    assert_eq!(at_2030(ROOTS), Ok(5));
    assert_eq!(at_2030(&format!("Issuer: somebody\n\n{}\nthe end", one())), Ok(1));
    assert_eq!(at_2030(one().trim_end()), Ok(1));
    assert_eq!(check(&[b"\xff\xfe latin\xe9\n", one().as_bytes()].concat(), years(60)), Ok(1));
}

#[test]
fn line_ends_of_windows_do_not_matter() {
    assert_eq!(at_2030(&ROOTS.replace('\n', "\r\n")), Ok(5));
    assert_eq!(at_2030(&one().replace("-----\n", "----- \n")), Ok(1));
}

#[test]
fn nothing_but_white_space_is_empty() {
    for text in ["", "\n", " \r\n\t"] {
        assert_eq!(at_2030(text), Err(Fault::Empty), "{text:?}");
    }
}

#[test]
fn what_has_no_block_is_not_pem() {
    for text in ["hello", "BEGIN CERTIFICATE", "  -----BEGIN CERTIFICATE-----\n"] {
        assert_eq!(at_2030(text), Err(Fault::NotPem { is_der: false }), "{text:?}");
    }
    let der = CertificateDer::from_pem_slice(one().as_bytes()).unwrap();
    assert_eq!(check(&der, years(60)), Err(Fault::NotPem { is_der: true }));
}

#[test]
fn other_blocks_are_no_certificates_and_are_not_read() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n!!!!\n\
               -----END RSA PRIVATE KEY-----\n";
    assert_eq!(at_2030(key), Err(Fault::NoCertificate));
    assert_eq!(at_2030(&format!("{key}{}{key}", one())), Ok(1));
    let trusted = one().replace(" CERTIFICATE-", " TRUSTED CERTIFICATE-");
    assert_eq!(at_2030(&trusted), Err(Fault::NoCertificate));
}

fn without_line_3(text: &str) -> String {
    let kept = text.split_inclusive('\n').enumerate().filter(|(number, _)| *number != 3);
    kept.map(|(_, line)| line).collect()
}

#[test]
fn a_damaged_certificate_is_named_by_its_line() {
    let good = one();
    let comment = "# comment\n";
    let cases = [
        // a bad character, a line lost, the end lost, the end lost before another begins, all
        // but the first line lost
        (good.replacen("MII", "M!I", 1), 1),
        (without_line_3(&good), 1),
        (good.replace("-----END CERTIFICATE-----\n", ""), 1),
        (format!("-----BEGIN CERTIFICATE-----\n{good}"), 1),
        (format!("{comment}{}{good}", good.replace("-----END CERTIFICATE-----\n", "")), 2),
        (format!("{good}-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"), good.lines().count() + 1),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".into(), 1),
    ];
    for (text, line) in cases {
        assert_eq!(at_2030(&text), damaged(line), "{text}");
    }
}

#[test]
fn one_damaged_certificate_spoils_the_bundle_as_it_does_for_openssl() {
    let bad = one().replacen("MII", "M!I", 1);
    assert_eq!(at_2030(&format!("{ROOTS}{bad}")), damaged(ROOTS.lines().count() + 1));
}

#[test]
fn a_bundle_is_expired_when_its_last_certificate_is() {
    // The five end between 2037-12-31 and 2040-05-26.
    assert_eq!(check(ROOTS.as_bytes(), years(69)), Ok(5));
    let last = "2040-05-26".to_owned();
    assert_eq!(check(ROOTS.as_bytes(), years(71)), Err(Fault::Expired { last }));
    let last = "2038-01-17".to_owned();
    assert_eq!(check(one().as_bytes(), years(69)), Err(Fault::Expired { last }));
}

#[test]
fn the_last_second_still_counts() {
    let der = CertificateDer::from_pem_slice(one().as_bytes()).unwrap();
    let end = not_after(&der).unwrap().unwrap();
    assert_eq!(check(one().as_bytes(), end), Ok(1));
    assert!(check(one().as_bytes(), end + Duration::from_secs(1)).is_err());
}

/// Wraps contents into a value with a tag; lengths up to 255.
fn wrapped(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = u8::try_from(contents.len()).unwrap();
    let mut value = if length < 128 { vec![tag, length] } else { vec![tag, 0x81, length] };
    value.extend(contents);
    value
}

/// A certificate of which only the outline is right.
fn outline(version: &[u8], serial: &[u8], not_after: &[u8]) -> Vec<u8> {
    let null = [0x30, 0];
    let dates = [b"\x17\x0d700101000000Z".as_slice(), not_after].concat();
    let signed = [version, serial, &null, &null, &wrapped(0x30, &dates), &null, &null].concat();
    wrapped(0x30, &[wrapped(0x30, &signed), null.to_vec(), vec![3, 1, 0]].concat())
}

#[test]
fn odd_roots_that_some_system_trusts_are_left_to_the_client() {
    let end_of_2049 = b"\x17\x0d491231235959Z";
    let serial = [2, 1, 1];
    let rows = [
        // version 1, a negative serial number, one of 25 bytes
        outline(b"", &serial, end_of_2049),
        outline(b"\xa0\x03\x02\x01\x02", &[2, 1, 0xff], end_of_2049),
        outline(b"\xa0\x03\x02\x01\x02", &wrapped(2, &[1; 25]), end_of_2049),
    ];
    for der in rows {
        assert_eq!(day(not_after(&der).unwrap().unwrap()), "2049-12-31");
    }
    // a time without seconds, a zone, the end of all days
    for odd in [b"\x17\x0b4912312359Z".as_slice(), b"\x17\x11491231235959+0100"] {
        assert_eq!(not_after(&outline(b"", &serial, odd)), Ok(None));
    }
    let for_ever = not_after(&outline(b"", &serial, b"\x18\x0f99991231235959Z")).unwrap();
    assert_eq!(day(for_ever.unwrap()), "9999-12-31");
}

#[test]
fn an_end_that_cannot_be_read_is_not_in_the_past() {
    // The outline above with `4912312359Z`, an end without seconds.
    let odd = "-----BEGIN CERTIFICATE-----\n\
        MDAwKQIBATAAMAAwHBcNNzAwMTAxMDAwMDAwWhcLNDkxMjMxMjM1OVowADAAMAADAQA=\n\
        -----END CERTIFICATE-----\n";
    let der = CertificateDer::from_pem_slice(odd.as_bytes()).unwrap();
    assert_eq!(*der, outline(b"", &[2, 1, 1], b"\x17\x0b4912312359Z"));
    assert_eq!(check(odd.as_bytes(), years(200)), Ok(1));
    assert_eq!(check(format!("{odd}{ROOTS}").as_bytes(), years(200)), Ok(6));
}

#[test]
fn parts_that_are_missing_or_left_over_are_damage() {
    let good = outline(b"", &[2, 1, 1], b"\x17\x0d491231235959Z");
    assert!(not_after(&good).is_ok());
    for length in 0..good.len() {
        assert!(not_after(&good[..length]).is_err(), "{length}");
    }
    assert!(not_after(&[good.as_slice(), &[0]].concat()).is_err());
    let signature_lost = wrapped(0x30, &good[2..good.len() - 3]);
    assert!(not_after(&signature_lost).is_err());
    assert!(not_after(&outline(b"", &[4, 1, 1], b"\x17\x0d491231235959Z")).is_err());
    assert!(not_after(&wrapped(0x30, &[wrapped(0x30, &[]), vec![3, 1, 0]].concat())).is_err());
}
