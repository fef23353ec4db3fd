//! Zone: pre-admission. A point on the server's monotonic clock, in milliseconds.

/// Milliseconds since the server's own epoch; never wall-clock time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// A point later than every other.
    pub const NEVER: Self = Self(u64::MAX);

    /// Returns the point `ms` milliseconds later, or [`Millis::NEVER`] past the end.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Returns the milliseconds from `earlier` to `self`, zero when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
