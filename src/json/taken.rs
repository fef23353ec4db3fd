//! Zone: post-admission. The member names that one object has already.

use std::collections::{BTreeMap, BTreeSet};

/// The names of one object, so that no two members become one.
#[derive(Debug, Default)]
pub struct Taken {
    names: BTreeSet<String>,
    /// The number after the last one given to a name.
    next: BTreeMap<String, u64>,
}

impl Taken {
    /// Takes `name`; false when it is taken already.
    pub fn take(&mut self, name: &str) -> bool {
        !self.names.contains(name) && self.names.insert(name.to_owned())
    }

    /// Takes the first free of `name` and `name` numbered from 2, and returns it.
    pub fn claim(&mut self, name: String) -> String {
        if self.take(&name) {
            return name;
        }
        let number = self.next.entry(name.clone()).or_insert(2);
        loop {
            let candidate = format!("{name}_{number}");
            *number = number.saturating_add(1);
            if self.names.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

impl<'a> FromIterator<&'a str> for Taken {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let names = names.into_iter().map(str::to_owned).collect();
        Self { names, next: BTreeMap::new() }
    }
}
