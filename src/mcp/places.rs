//! Zone: post-admission. How many calls each caller has open, over all its sessions and revisions.
//!
//! A place is given back when its call has ended and no worker is busy with it any more, however
//! that came about: a caller that cancels in a loop gets no more workers than one that waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::auth::Principal;
use crate::guard::Refusal;
use crate::mcp::failure::Failure;
use crate::mcp::lock;

/// The open calls of every caller. A caller stands in it only while it has one.
#[derive(Debug)]
pub(super) struct Places {
    max: usize,
    open: Mutex<BTreeMap<Box<str>, usize>>,
}

/// One place, given back when it is dropped.
#[derive(Debug)]
struct Place {
    places: Arc<Places>,
    name: Box<str>,
}

/// The place of one call, if places are counted.
#[derive(Debug, Default)]
pub(super) struct Held(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    place: Option<Place>,
    /// True while a worker runs the call.
    running: bool,
}

impl Places {
    /// Returns places for `max` calls of each caller; 0 counts nothing.
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, open: Mutex::default() })
    }

    /// Takes a place for a call of `principal`.
    ///
    /// # Errors
    /// The failure to be answered when all of them are taken.
    pub(super) fn take(self: &Arc<Self>, principal: &Principal) -> Result<Held, Failure> {
        if self.max == 0 {
            return Ok(Held::default());
        }
        let name: Box<str> = principal.name().into();
        let mut open = lock(&self.open);
        let count = open.get(&name).copied().unwrap_or(0);
        if count >= self.max {
            return Err(Failure::refused(Refusal::TooManyCalls));
        }
        open.insert(name.clone(), count.saturating_add(1));
        drop(open);
        let place = Place { places: Arc::clone(self), name };
        Ok(Held(Mutex::new(Inner { place: Some(place), running: false })))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&self.places.open);
        match open.get_mut(&self.name) {
            Some(count) if *count > 1 => *count = count.saturating_sub(1),
            Some(_) | None => {
                open.remove(&self.name);
            }
        }
    }
}

impl Held {
    /// A run of the call begins.
    pub(super) fn enter(&self) {
        lock(&self.0).running = true;
    }

    /// The run is over, and with it the call when `concluded`.
    pub(super) fn leave(&self, concluded: bool) {
        let mut inner = lock(&self.0);
        inner.running = false;
        if concluded {
            drop(inner.place.take());
        }
    }

    /// The call has ended. Where a run was told to stop, [`Held::leave`] has the last word; else
    /// the place is free before the caller can know of the end.
    pub(super) fn end(&self, stopped: bool) {
        let mut inner = lock(&self.0);
        if !(inner.running && stopped) {
            drop(inner.place.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::auth::Principal;

    #[test]
    fn each_caller_has_its_own_places_and_leaves_nothing_behind() {
        let places = Places::new(2);
        let (anna, boris) = (Principal::named("anna"), Principal::named("boris"));
        let first = places.take(&anna).unwrap();
        let second = places.take(&anna).unwrap();
        assert!(places.take(&anna).is_err());
        let other = places.take(&boris).unwrap();
        first.end(false);
        first.end(false);
        drop(first);
        let third = places.take(&anna).unwrap();
        assert!(places.take(&anna).is_err(), "a place is given back once");
        drop((second, third, other));
        assert!(places.open.lock().unwrap().is_empty());
    }

    #[test]
    fn a_place_is_kept_while_a_worker_is_busy_with_a_call_that_was_stopped() {
        let places = Places::new(1);
        let anna = Principal::named("anna");
        for (name, run, stopped, at_once) in [
            ("answered by its run", true, false, true),
            ("stopped before a run", false, true, true),
            ("stopped in a run", true, true, false),
        ] {
            let held = places.take(&anna).unwrap();
            if run {
                held.enter();
            }
            held.end(stopped);
            assert_eq!(places.take(&anna).is_ok(), at_once, "{name}");
            held.leave(true);
            assert!(places.take(&anna).is_ok(), "{name}");
        }
        let held = places.take(&anna).unwrap();
        held.enter();
        held.leave(false);
        assert!(places.take(&anna).is_err(), "between two runs");
    }

    #[test]
    fn without_a_bound_nothing_is_counted() {
        let places = Places::new(0);
        let anna = Principal::named("anna");
        let held: Vec<_> = (0..100).map(|_| places.take(&anna).unwrap()).collect();
        assert!(places.open.lock().unwrap().is_empty() && held.len() == 100);
    }
}
