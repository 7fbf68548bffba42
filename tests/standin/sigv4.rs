//! The stand-in's own reading of an RDS token: recomputes its signature and says why it is refused.
//!
//! Must not use the product or the crates the product signs with: it is the second opinion.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Longest life RDS grants a token, in seconds.
const LIFE: i64 = 900;
/// How far ahead of the server's clock a token may be dated, in seconds (`SigV4`'s usual tolerance).
const SKEW: i64 = 300;
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const KNOWN: [&str; 9] = [
    "Action",
    "DBUser",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// The secret half of an access key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) secret: String,
    /// Present for temporary credentials: the token must then carry exactly this one.
    pub(crate) session: Option<String>,
}

/// What a valid token has to match.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// Access key id to key.
    pub(crate) keys: BTreeMap<String, Key>,
    /// The region the token must be signed for; `None` accepts any.
    pub(crate) region: Option<String>,
    /// The `host:port` pairs the token may name; `None` accepts any.
    pub(crate) endpoints: Option<Vec<String>>,
}

/// Why a token was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Not `HOST:PORT/?QUERY`, or badly encoded; says which part.
    Malformed(&'static str),
    /// A parameter stands there twice.
    Duplicate(String),
    /// A parameter that no RDS token has.
    Unexpected(String),
    /// A parameter is absent.
    Missing(&'static str),
    /// A parameter with a fixed value has another one.
    Value(&'static str),
    /// The token is for this user instead.
    User(String),
    /// The token is for this `host:port` instead.
    Endpoint(String),
    /// The token is for this region instead.
    Region(String),
    /// No such access key.
    UnknownKey(String),
    /// The session token is absent, superfluous or another one.
    SessionToken,
    /// Dated too far in the future.
    NotYetValid,
    /// Older than its life.
    Expired,
    /// The signature does not come out.
    Signature,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(part) => write!(f, "malformed {part}"),
            Self::Duplicate(name) => write!(f, "`{name}` stands there twice"),
            Self::Unexpected(name) => write!(f, "`{name}` is no parameter of a token"),
            Self::Missing(name) => write!(f, "`{name}` is missing"),
            Self::Value(name) => write!(f, "`{name}` has a wrong value"),
            Self::User(user) => write!(f, "token is for user `{user}`"),
            Self::Endpoint(endpoint) => write!(f, "token is for `{endpoint}`"),
            Self::Region(region) => write!(f, "token is for region `{region}`"),
            Self::UnknownKey(id) => write!(f, "no access key `{id}`"),
            Self::SessionToken => f.write_str("wrong session token"),
            Self::NotYetValid => f.write_str("not yet valid"),
            Self::Expired => f.write_str("expired"),
            Self::Signature => f.write_str("signature does not match"),
        }
    }
}

/// Checks `token`, given by database user `user`, at `now` (seconds since 1970).
pub(crate) fn verify(token: &str, user: &str, policy: &Policy, now: i64) -> Result<(), Reason> {
    let (endpoint, query) = token.split_once("/?").ok_or(Reason::Malformed("address"))?;
    let (host, port) = endpoint.rsplit_once(':').ok_or(Reason::Malformed("address"))?;
    if host.is_empty() || port.parse::<u16>().is_err() {
        return Err(Reason::Malformed("address"));
    }
    let query = parse(query)?;
    let text = |name: &'static str| query.get(name).map(String::as_str).ok_or(Reason::Missing(name));
    let fixed = |name: &'static str, value: &str| {
        if text(name)? == value { Ok(()) } else { Err(Reason::Value(name)) }
    };

    fixed("Action", "connect")?;
    fixed("X-Amz-Algorithm", ALGORITHM)?;
    fixed("X-Amz-SignedHeaders", "host")?;
    if text("DBUser")? != user {
        return Err(Reason::User(text("DBUser")?.to_owned()));
    }
    if let Some(allowed) = &policy.endpoints
        && !allowed.iter().any(|one| one.eq_ignore_ascii_case(endpoint))
    {
        return Err(Reason::Endpoint(endpoint.to_owned()));
    }

    let date = text("X-Amz-Date")?;
    let dated = seconds(date).ok_or(Reason::Malformed("X-Amz-Date"))?;
    let credential: Vec<&str> = text("X-Amz-Credential")?.split('/').collect();
    let &[id, day, region, "rds-db", "aws4_request"] = credential.as_slice() else {
        return Err(Reason::Value("X-Amz-Credential"));
    };
    if !date.starts_with(&format!("{day}T")) {
        return Err(Reason::Value("X-Amz-Credential"));
    }
    if policy.region.as_deref().is_some_and(|expected| expected != region) {
        return Err(Reason::Region(region.to_owned()));
    }
    let key = policy.keys.get(id).ok_or_else(|| Reason::UnknownKey(id.to_owned()))?;
    if query.get("X-Amz-Security-Token") != key.session.as_ref() {
        return Err(Reason::SessionToken);
    }

    let life: i64 = text("X-Amz-Expires")?.parse().map_err(|_| Reason::Malformed("X-Amz-Expires"))?;
    if !(1..=LIFE).contains(&life) {
        return Err(Reason::Value("X-Amz-Expires"));
    }
    if dated > now + SKEW {
        return Err(Reason::NotYetValid);
    }
    if now > dated + life {
        return Err(Reason::Expired);
    }

    let given = text("X-Amz-Signature")?;
    let mut signed = query.clone();
    signed.remove("X-Amz-Signature");
    let scope = Scope { day, region, secret: &key.secret };
    if given == signature(endpoint, &signed, date, &scope) { Ok(()) } else { Err(Reason::Signature) }
}

/// Makes a token, for tests of the stand-in itself and of what servers do with odd ones.
pub(crate) struct Request<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) user: &'a str,
    pub(crate) region: &'a str,
    pub(crate) access_key: &'a str,
    pub(crate) key: &'a Key,
}

impl Request<'_> {
    /// Signs the request as made at `now` (seconds since 1970).
    pub(crate) fn sign(&self, now: i64) -> String {
        let endpoint = format!("{}:{}", self.host, self.port);
        let date = stamp(now);
        let day = &date[..8];
        let scope = Scope { day, region: self.region, secret: &self.key.secret };
        let credential = format!("{}/{day}/{}/rds-db/aws4_request", self.access_key, self.region);
        // The order in which the AWS CLI writes them; the signature is over the sorted list.
        let mut pairs = vec![
            ("Action", "connect"),
            ("DBUser", self.user),
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &date),
            ("X-Amz-Expires", "900"),
            ("X-Amz-SignedHeaders", "host"),
        ];
        if let Some(session) = &self.key.session {
            pairs.push(("X-Amz-Security-Token", session));
        }
        let query = pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect();
        let signature = signature(&endpoint, &query, &date, &scope);
        pairs.push(("X-Amz-Signature", &signature));
        let written: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("{endpoint}/?{}", written.join("&"))
    }
}

struct Scope<'a> {
    day: &'a str,
    region: &'a str,
    secret: &'a str,
}

fn signature(endpoint: &str, query: &BTreeMap<String, String>, date: &str, scope: &Scope<'_>) -> String {
    let sorted: Vec<String> = query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    // botocore signs for https, where `:443` is left out of the Host header; the token keeps it.
    let host = endpoint.to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    let empty = hex(&Sha256::digest(b""));
    let request = format!("GET\n/\n{}\nhost:{host}\n\nhost\n{empty}", sorted.join("&"));
    let Scope { day, region, secret } = scope;
    let to_sign = format!(
        "{ALGORITHM}\n{date}\n{day}/{region}/rds-db/aws4_request\n{}",
        hex(&Sha256::digest(request.as_bytes()))
    );
    let key = [day, region, "rds-db", "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| mac(&key, part));
    hex(&mac(&key, &to_sign))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn parse(query: &str) -> Result<BTreeMap<String, String>, Reason> {
    let mut pairs = BTreeMap::new();
    let known: BTreeSet<&str> = KNOWN.into();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').ok_or(Reason::Malformed("query"))?;
        let name = decode(name).ok_or(Reason::Malformed("query"))?;
        let value = decode(value).ok_or(Reason::Malformed("query"))?;
        if !known.contains(name.as_str()) {
            return Err(Reason::Unexpected(name));
        }
        if pairs.insert(name.clone(), value).is_some() {
            return Err(Reason::Duplicate(name));
        }
    }
    Ok(pairs)
}

fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if unreserved(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Strict: whatever `encode` would have escaped must be escaped (so `+` and a bare space are errors).
fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else if unreserved(byte) {
            out.push(byte);
        } else {
            return None;
        }
    }
    String::from_utf8(out).ok()
}

/// Days from 1970-01-01 to the first day of `month` (1 to 12) of `year`, in the Gregorian calendar.
fn days_before(year: i64, month: i64) -> i64 {
    const CUMULATIVE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let index = usize::try_from(month - 1).expect("months are 1 to 12");
    (year - 1970) * 365 + leaps(year - 1) - leaps(1969) + CUMULATIVE[index] + i64::from(leap && month > 2)
}

/// Reads `20260102T030405Z` as seconds since 1970.
pub(crate) fn seconds(stamp: &str) -> Option<i64> {
    let shaped = stamp.len() == 16
        && stamp.bytes().enumerate().all(|(at, byte)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    if !shaped {
        return None;
    }
    let number = |from: usize, to: usize| stamp[from..to].parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60;
    valid.then(|| (days_before(year, month) + day - 1) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Writes seconds since 1970 as `20260102T030405Z`.
fn stamp(now: i64) -> String {
    let (days, rest) = (now.div_euclid(86_400), now.rem_euclid(86_400));
    let year = (1970..=9999).rev().find(|&year| days_before(year, 1) <= days).unwrap_or(1970);
    let month = (1..=12).rev().find(|&month| days_before(year, month) <= days).unwrap_or(1);
    let day = days - days_before(year, month) + 1;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}
