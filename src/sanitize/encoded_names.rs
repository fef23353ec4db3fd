//! Zone: post-admission. The member names of one answer, renamed, cleaned and written once.
//!
//! The records of a list have the same few names, mostly in the same order: each name remembers
//! which one followed it, so that the next record is a comparison a name and no search.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::json::write;
use crate::limits::NAMES_KEPT_MAX;
use std::collections::BTreeMap;

/// A name that was met before.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// As it came.
    pub(super) wire: String,
    /// As it is written.
    pub(super) name: String,
    /// The written name with quotes and colon.
    pub(super) encoded: String,
    /// True when cleaning changed it.
    pub(super) changed: bool,
    /// True when another name is written the same way.
    meets: bool,
    /// The name that followed in the same object, and the first one inside its value.
    next: usize,
    inner: usize,
}

/// The names met so far.
#[derive(Debug)]
pub(super) struct Names {
    /// The first stands for the place before all names.
    known: Vec<Known>,
    by_wire: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
    /// The last name, for each object around this place and for this one.
    outer: Vec<usize>,
    last: usize,
    /// True before the first name of an object.
    fresh: bool,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            known: vec![Known::default()],
            by_wire: BTreeMap::new(),
            by_name: BTreeMap::new(),
            outer: Vec::new(),
            last: 0,
            fresh: false,
        }
    }
}

impl Known {
    /// Returns `name` with quotes and colon.
    pub(super) fn encode(name: &str) -> String {
        let mut encoded = write::quoted(name);
        encoded.push(':');
        encoded
    }
}

impl Names {
    /// Goes into an object.
    pub(super) fn enter(&mut self) {
        self.outer.push(self.last);
        self.fresh = true;
    }

    /// Leaves an object.
    pub(super) fn leave(&mut self) {
        self.last = self.outer.pop().unwrap_or_default();
        self.fresh = false;
    }

    /// Returns the place of `wire`, which `make` gives a name when it is new; `None` when no more
    /// names are remembered.
    pub(super) fn find(
        &mut self,
        wire: &str,
        make: impl FnOnce() -> (String, bool),
    ) -> Option<usize> {
        let before = self.known.get(self.last)?;
        let guess = if self.fresh { before.inner } else { before.next };
        let hit = self.known.get(guess).is_some_and(|known| guess > 0 && known.wire == wire);
        let found = if hit { guess } else { self.search(wire, make)? };
        if let Some(before) = self.known.get_mut(self.last).filter(|_| !hit) {
            let slot = if self.fresh { &mut before.inner } else { &mut before.next };
            *slot = found;
        }
        self.last = found;
        self.fresh = false;
        Some(found)
    }

    /// Returns what is known about the name at `id`.
    pub(super) fn get(&self, id: usize) -> Option<&Known> {
        self.known.get(id)
    }

    /// Returns what is known about the name at `id` when no other is written the same way.
    pub(super) fn plain(&self, id: usize) -> Option<&Known> {
        self.known.get(id).filter(|known| !known.meets)
    }

    fn search(&mut self, wire: &str, make: impl FnOnce() -> (String, bool)) -> Option<usize> {
        if let Some(found) = self.by_wire.get(wire) {
            return Some(*found);
        }
        let id = self.known.len();
        if id > NAMES_KEPT_MAX {
            return None;
        }
        let (name, changed) = make();
        let other = self.by_name.get(&name).and_then(|other| self.known.get_mut(*other));
        let meets = other.is_some();
        if let Some(other) = other {
            other.meets = true;
        }
        self.by_name.insert(name.clone(), id);
        self.by_wire.insert(wire.to_owned(), id);
        let encoded = Known::encode(&name);
        let wire = wire.to_owned();
        self.known.push(Known { wire, name, encoded, changed, meets, ..Known::default() });
        Some(id)
    }
}
