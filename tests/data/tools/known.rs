//! Randomness that is always the same.

use zscaler_mcp::base::{Exhausted, Random};

/// Randomness that a test can do without.
pub(crate) struct Known;

impl Random for Known {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        out.fill(7);
        Ok(())
    }
}
