//! Zone: post-admission. How fast requests go to each service.
//!
//! A burst goes out at once, further requests are spaced out, and a service that asked to be left
//! alone is left alone by everybody. Time is an argument; a fixed number of services is known.

use std::collections::BTreeMap;

use crate::base::Millis;
use crate::limits::{UPSTREAM_BURST, UPSTREAM_SPACING_MS};

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
        let burst = UPSTREAM_SPACING_MS.saturating_mul(UPSTREAM_BURST.saturating_sub(1));
        let full_at = pace.full_at.max(now);
        let at = Millis(full_at.0.saturating_sub(burst)).max(now).max(pace.held_until);
        if at > latest {
            return Err(TooLate);
        }
        pace.full_at = full_at.plus(UPSTREAM_SPACING_MS);
        Ok(at)
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
    fn a_burst_goes_out_and_the_rest_is_spaced() {
        let mut paces = Paces::default();
        let mut take = |now| paces.take("zia", Millis(now), Millis::NEVER).unwrap().0;
        assert_eq!(
            [(); 12].map(|()| take(1_000)),
            [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_500, 2_000]
        );
        assert_eq!(take(60_000), 60_000);
        assert_eq!(paces.take("zpa", Millis(1_000), Millis(1_000)), Ok(Millis(1_000)));
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
