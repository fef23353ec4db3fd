//! Zone: post-admission. How fast requests go to each service.
//!
//! As they come, until a service says something else: one that asked to be left alone is left
//! alone by everybody, and one that found requests too fast gets a burst and then single ones for
//! a while. Time is an argument; a fixed number of services is known.

use std::collections::BTreeMap;

use crate::base::Millis;
use crate::limits::{UPSTREAM_BURST, UPSTREAM_PACED_MS, UPSTREAM_SPACING_MS};

/// First segments of paths, one a service.
const SERVICES: [&str; 10] =
    ["zia", "zpa", "zdx", "zcc", "ztw", "ziam", "easm", "zins", "zms", "zcell"];

/// Returns the name of the service that `path` belongs to.
#[must_use]
pub fn service_of(path: &str) -> &'static str {
    let first = path.split('/').nth(1).unwrap_or_default();
    SERVICES.into_iter().find(|name| *name == first).unwrap_or("other")
}

/// When requests may go to each service.
#[derive(Debug, Default)]
pub struct Paces {
    rows: BTreeMap<&'static str, Pace>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    /// When the burst would be whole again, had nothing more been sent.
    full_at: Millis,
    held_until: Millis,
    paced_until: Millis,
}

impl Paces {
    /// Takes the next place for a request to `service`; returns when it may go out. Nothing is
    /// taken when that is later than `latest`.
    ///
    /// # Errors
    /// [`TooLate`].
    pub fn take(
        &mut self,
        service: &'static str,
        now: Millis,
        latest: Millis,
    ) -> Result<Millis, TooLate> {
        let pace = self.row(service);
        let free_at = now.max(pace.held_until);
        let burst = UPSTREAM_SPACING_MS.saturating_mul(UPSTREAM_BURST.saturating_sub(1));
        let full_at = pace.full_at.max(free_at);
        let spaced = now < pace.paced_until;
        let at =
            if spaced { Millis(full_at.0.saturating_sub(burst)).max(free_at) } else { free_at };
        if at > latest {
            return Err(TooLate);
        }
        if spaced {
            pace.full_at = full_at.plus(UPSTREAM_SPACING_MS);
        }
        Ok(at)
    }

    /// Lets no request to `service`, which found them too fast, go out before `until`; then not
    /// all at once.
    pub fn slow(&mut self, service: &'static str, until: Millis) {
        self.hold(service, until);
        let pace = self.row(service);
        pace.paced_until = pace.paced_until.max(until.plus(UPSTREAM_PACED_MS));
    }

    /// Lets no request to `service` go out before `until`.
    pub fn hold(&mut self, service: &'static str, until: Millis) {
        let pace = self.row(service);
        pace.held_until = pace.held_until.max(until);
    }

    fn row(&mut self, service: &'static str) -> &mut Pace {
        self.rows.entry(service).or_default()
    }
}

/// A request could only go out later than its call can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLate;

#[cfg(test)]
mod tests {
    use super::{Paces, TooLate, service_of};
    use crate::base::Millis;

    #[test]
    fn requests_go_out_as_they_come_to_a_service_that_says_nothing() {
        let mut paces = Paces::default();
        for _ in 0..10_000 {
            assert_eq!(paces.take("zia", Millis(1_000), Millis(1_000)), Ok(Millis(1_000)));
        }
    }

    #[test]
    fn a_service_that_found_them_too_fast_gets_a_burst_and_then_single_ones() {
        let mut paces = Paces::default();
        paces.slow("zia", Millis(1_000));
        let mut take = |now| paces.take("zia", Millis(now), Millis::NEVER).unwrap().0;
        assert_eq!(
            [(); 12].map(|()| take(0)),
            [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_500, 2_000]
        );
        assert_eq!(take(30_000), 30_000);
        let after = [(); 30].map(|()| take(61_000));
        assert!(after.iter().all(|at| *at == 61_000), "for a minute only: {after:?}");
        assert_eq!(paces.take("zpa", Millis(0), Millis(0)), Ok(Millis(0)));
    }

    #[test]
    fn a_service_that_was_left_alone_is_left_alone_by_all() {
        let mut paces = Paces::default();
        paces.hold("zia", Millis(9_000));
        paces.hold("zia", Millis(5_000));
        assert_eq!(paces.take("zia", Millis(1), Millis(8_999)), Err(TooLate));
        assert_eq!(paces.take("zia", Millis(1), Millis(9_000)), Ok(Millis(9_000)));
        assert_eq!(paces.take("zpa", Millis(1), Millis(1)), Ok(Millis(1)));
    }

    #[test]
    fn a_path_belongs_to_one_service() {
        assert_eq!(service_of("/zia/api/v1/ruleLabels"), "zia");
        assert_eq!(service_of("/ziax/api"), "other");
        assert_eq!(service_of(""), "other");
    }
}
