//! Times as AWS and its tools write them. Pure.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use std::time::SystemTime;

/// `2026-01-02T03:04:05` with `Z`, an offset, or botocore's `UTC` behind it.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.strip_suffix("UTC").map_or_else(|| text.to_owned(), |text| format!("{text}Z"));
    DateTime::from_str(&text, Format::DateTimeWithOffset).ok()?.try_into().ok()
}

/// `2026-01-02T03:04:05Z`, whole seconds.
pub(super) fn text(time: SystemTime) -> String {
    let seconds = DateTime::from_secs(DateTime::from(time).secs());
    seconds.fmt(Format::DateTime).expect("the year has four digits")
}

/// The `Date` of an HTTP response.
pub(super) fn of_header(text: &str) -> Option<SystemTime> {
    DateTime::from_str(text, Format::HttpDate).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn every_form_is_read() {
        let time = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
        for form in ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05UTC", "2026-01-02T04:04:05+01:00"] {
            assert_eq!(parse(form), Some(time), "{form}");
        }
        assert_eq!(parse("soon"), None);
        assert_eq!(text(time + Duration::from_millis(7)), "2026-01-02T03:04:05Z");
        assert_eq!(of_header("Fri, 02 Jan 2026 03:04:05 GMT"), Some(time));
    }
}
