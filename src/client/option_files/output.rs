//! Takes the client's `--print-defaults` apart, deciding nothing.

/// What stands before the list in all three clients measured.
const HEADER: &[u8] = b" would have been started with the following arguments:\n";

/// The settings, each as an argument, with one space between; `None` if the output holds no list.
pub(super) fn list(output: &[u8]) -> Option<&[u8]> {
    let start = find(output, HEADER)? + HEADER.len();
    // Each argument is followed by one space.
    output[start..].strip_suffix(b" \n").filter(|list| list.starts_with(b"--"))
}

/// The list cut at every ` --`, without the dashes.
pub(super) fn segments(list: &[u8]) -> Vec<&[u8]> {
    let mut rest = list.strip_prefix(b"--").unwrap_or(list);
    let mut segments = Vec::new();
    while let Some(cut) = find(rest, b" --") {
        segments.push(&rest[..cut]);
        rest = &rest[cut + 3..];
    }
    segments.push(rest);
    segments
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// A setting, read as an option.
pub(super) struct Given<'a> {
    /// The name as the file has it.
    pub(super) spelled: String,
    /// The name without prefixes, in the client's own spelling.
    pub(super) name: String,
    /// The name had `loose-` before it.
    pub(super) loose: bool,
    /// The name had `skip-` or `disable-` before it.
    pub(super) negated: bool,
    /// What follows `=`.
    pub(super) value: Option<&'a [u8]>,
    /// Where the value begins.
    pub(super) value_at: usize,
}

/// Reads a setting without its dashes as an option; `None` if it cannot be one.
pub(super) fn given(setting: &[u8]) -> Option<Given<'_>> {
    let equals = setting.iter().position(|c| *c == b'=');
    let spelled = &setting[..equals.unwrap_or(setting.len())];
    let plain = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    if !spelled.first().is_some_and(u8::is_ascii_alphanumeric) || !spelled.iter().all(plain) {
        return None;
    }
    let spelled = String::from_utf8_lossy(spelled).into_owned();
    let full = spelled.to_ascii_lowercase().replace('_', "-");
    let (loose, name) = full.strip_prefix("loose-").map_or((false, &*full), |name| (true, name));
    let no = name.strip_prefix("skip-").or_else(|| name.strip_prefix("disable-"));
    let name = no.or_else(|| name.strip_prefix("enable-")).unwrap_or(name).to_owned();
    let value_at = equals.map_or(setting.len(), |at| at + 1);
    let value = equals.map(|_| &setting[value_at..]);
    Some(Given { spelled, name, loose, negated: no.is_some(), value, value_at })
}
