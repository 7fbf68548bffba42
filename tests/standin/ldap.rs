//! As much of LDAP as `PostgreSQL`'s `ldap` method needs: answers simple binds, and nothing else.

use std::io::{self, Read, Write as _};
use std::net::TcpStream;

use super::Site;
use super::verifier::Shared;

/// What `PostgreSQL` puts around the user name to make a DN; the site follows the suffix.
pub(crate) const PREFIX: &str = "uid=";
/// See `PREFIX`.
pub(crate) const SUFFIX: &str = ",dc=";

const BIND: u8 = 0x60;
const BIND_RESPONSE: u8 = 0x61;
const SIMPLE: u8 = 0x80;
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const ENUMERATED: u8 = 0x0a;
const INVALID_CREDENTIALS: u8 = 49;
/// Longer than any password a server passes on.
const LONGEST: usize = 1 << 20;

/// Answers binds until the peer unbinds, leaves or says anything else.
pub(crate) fn serve(stream: &TcpStream, judge: &Shared) -> io::Result<()> {
    let mut peer = stream;
    loop {
        let (_, message) = element(&mut peer)?;
        let mut message = message.as_slice();
        let (_, id) = element(&mut message)?;
        let (BIND, operation) = element(&mut message)? else { return Ok(()) };
        let mut operation = operation.as_slice();
        let (_, _version) = element(&mut operation)?;
        let (_, name) = element(&mut operation)?;
        let (SIMPLE, password) = element(&mut operation)? else { return Ok(()) };
        let name = String::from_utf8_lossy(&name).into_owned();
        let password = String::from_utf8_lossy(&password).into_owned();
        let verdict = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.rsplit_once(SUFFIX))
            .and_then(|(user, site)| Some((user, Site::parse(site)?)))
            .map(|(user, site)| judge.judge(site, user, &password));
        let (code, text) = match verdict {
            Some(Ok(())) => (0, String::new()),
            Some(Err(reason)) => (INVALID_CREDENTIALS, reason.to_string()),
            None => (INVALID_CREDENTIALS, format!("`{name}` is no name of this stand-in")),
        };
        let result = [written(ENUMERATED, &[code]), written(OCTETS, b""), written(OCTETS, text.as_bytes())].concat();
        let answer = [written(INTEGER, &id), written(BIND_RESPONSE, &result)].concat();
        peer.write_all(&written(SEQUENCE, &answer))?;
    }
}

/// Reads one BER element: its tag and content.
fn element(from: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    from.read_exact(&mut head)?;
    let [tag, short] = head;
    let mut length = usize::from(short);
    if short & 0x80 != 0 {
        let mut long = vec![0; usize::from(short & 0x7f)];
        from.read_exact(&mut long)?;
        length = long.iter().fold(0_usize, |sum, &byte| sum.saturating_mul(256) + usize::from(byte));
    }
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok((tag, content))
}

/// Writes one BER element.
fn written(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("answers are short").to_be_bytes();
    // The four-byte form is legal for any length.
    [&[tag, 0x84], length.as_slice(), content].concat()
}
