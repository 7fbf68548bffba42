//! Host names, addresses of `connect_to`, regions and ports.

use rdsconnect::endpoint::{is_region, parse};
use rdsconnect::target::{Address, Host, Port, Region};

/// The domains of AWS under which RDS has endpoints.
const DOMAINS: [&str; 7] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".amazonaws.eu",
];

/// Runs the body.
///
/// # Panics
/// When a rule does not hold.
pub fn run(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    endpoint(text);
    if let Ok(host) = text.parse::<Host>() {
        let name = host.as_str();
        assert!(is_name(name), "{name:?}");
        assert!(text == name || text.strip_suffix('.') == Some(name), "{text:?} became {name:?}");
        assert_eq!(name.parse::<Host>().as_ref(), Ok(&host), "not the same a second time");
        assert_eq!(name.parse::<Address>().map(|to| (to.host, to.port)), Ok((name.to_owned(), None)));
        endpoint(name);
    }
    if let Ok(address) = text.parse::<Address>() {
        assert!(address.ip().is_some() || is_name(&address.host), "{address:?}");
        let again: Address = address.to_string().parse().expect("what is shown can be read");
        assert_eq!((again.ip(), again.port), (address.ip(), address.port));
        assert!(again.ip().is_some() || again.host == address.host);
    }
    let region = text.parse::<Region>();
    assert_eq!(region.is_ok(), is_region(text));
    assert_eq!(region.is_ok(), has_region_shape(text), "{text:?}");
    if let Ok(port) = text.parse::<Port>() {
        assert_eq!(text.trim_start_matches('0'), port.number().to_string());
    }
}

fn endpoint(text: &str) {
    let found = parse(text);
    assert_eq!(found, parse(&text.to_ascii_uppercase()), "letter case counts");
    assert_eq!(parse(&format!("{text}.evil.example")), None);
    let Some(found) = found else { return };
    let lower = text.to_ascii_lowercase();
    assert!(DOMAINS.iter().any(|domain| lower.ends_with(domain)), "{text:?}");
    assert!(lower.ends_with(&format!(".{}", found.partition.domain)), "{text:?}");
    if let Some(region) = found.region {
        assert!(has_region_shape(&region), "{region:?}");
        assert!(lower.split('.').any(|label| label == region), "{text:?}");
        assert_eq!(
            region.starts_with("us-gov-") && lower.ends_with(".amazonaws.com"),
            found.partition.name == "aws-us-gov"
        );
    }
}

/// Letters, digits, `-`, `_` and single dots: nothing that libpq or mysql would take for a list of hosts, a
/// socket, a port or an option.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && !name.starts_with(['-', '.', '/', '@'])
        && !name.ends_with('.')
        && !name.contains("..")
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// Two words or more and a number of one or two digits, joined by `-`.
fn has_region_shape(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let words: Vec<&str> = words.split('-').collect();
    words.len() > 1
        && words.iter().all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()))
        && (1..=2).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit())
}
