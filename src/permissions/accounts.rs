//! Who is in which group, from `/etc/passwd` and `/etc/group`.

use std::fs;

/// The users and groups of this machine, as far as `/etc/passwd` and `/etc/group` tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    users: Vec<(String, u32, u32)>,
    groups: Vec<(String, u32, Vec<String>)>,
}

impl Accounts {
    /// Parses the text of `passwd` and `group`; lines that do not fit are skipped.
    #[must_use]
    pub fn parse(passwd: &str, group: &str) -> Self {
        let user = |line: &str| {
            let mut fields = line.split(':');
            let name = fields.next()?.to_owned();
            Some((name, fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
        };
        let group_line = |line: &str| {
            let mut fields = line.split(':');
            let name = fields.next()?.to_owned();
            let gid = fields.nth(1)?.parse().ok()?;
            let members = fields.next().unwrap_or_default().split(',').map(str::trim);
            Some((name, gid, members.filter(|m| !m.is_empty()).map(str::to_owned).collect()))
        };
        Self {
            users: passwd.lines().filter_map(user).collect(),
            groups: group.lines().filter_map(group_line).collect(),
        }
    }

    /// Reads the two files of this machine; one that cannot be read counts as empty.
    #[must_use]
    pub fn read() -> Self {
        let text = |path: &str| {
            let bytes = fs::read(path).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Self::parse(&text("/etc/passwd"), &text("/etc/group"))
    }

    /// Tells whether the group has exactly one member, and that is the given user.
    ///
    /// Members are those whose primary group it is and those listed with it. A group or member
    /// that is not known here (LDAP, say) makes the answer no.
    #[must_use]
    pub fn is_private(&self, gid: u32, uid: u32) -> bool {
        let mut known = false;
        let mut members = 0;
        for (_, primary_of, _) in self.users.iter().filter(|user| user.2 == gid) {
            if *primary_of != uid {
                return false;
            }
            members += 1;
        }
        for (_, _, listed) in self.groups.iter().filter(|group| group.1 == gid) {
            known = true;
            for member in listed {
                let owner = self.users.iter().any(|(name, id, _)| name == member && *id == uid);
                if !owner {
                    return false;
                }
                members += 1;
            }
        }
        known && members > 0
    }

    /// The group's name, or its number when it has none.
    pub(super) fn group_name(&self, gid: u32) -> String {
        let found = self.groups.iter().find(|group| group.1 == gid);
        found.map_or_else(|| gid.to_string(), |group| group.0.clone())
    }
}
