//! The way in for a caller nobody asks for a credential.

use zscaler_mcp::auth::{At, Authorized, Gate, Verdict};
use zscaler_mcp::base::Millis;
use zscaler_mcp::guard::Admitted;

/// Returns the proof for `admitted` where authentication is off.
pub fn let_in(admitted: Admitted) -> Authorized {
    let at = At { now: Millis(0), unix_seconds: 0 };
    match Gate::open().judge(admitted, None, at) {
        Verdict::Accepted(authorized) => authorized,
        other @ (Verdict::Refused(_) | Verdict::Undecided(..)) => {
            panic!("nobody is asked, and yet: {other:?}")
        }
    }
}
