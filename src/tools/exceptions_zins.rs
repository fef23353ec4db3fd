//! Zone: post-admission. The function of analytics tools: the window of time.
//!
//! The service answers whole weeks that are over. Given in days, a window becomes one or two weeks
//! before its end; given in milliseconds, it stays as it is.

use crate::json::Json;
use crate::tools::failure::Failure;
use crate::tools::frame::Frame;
use crate::tools::plan::Maker;

const NAME: &str = "zins_window";
const DAY: i64 = 86_400_000;
const WEEK: i64 = 7 * DAY;
/// From here on a window in days becomes two weeks.
const TURN: i64 = 21 * DAY / 2;

/// The start of the window in epoch milliseconds.
pub(super) const WINDOW_START: Maker =
    Maker { name: NAME, make: |frame, _| Ok(window(frame).0.into()) };

/// The end of the window in epoch milliseconds.
pub(super) const WINDOW_END: Maker =
    Maker { name: NAME, make: |frame, _| Ok(window(frame).1.into()) };

/// True when the window does not start before it ends, or ends less than a day ago.
pub(super) const NO_WINDOW: Maker = Maker { name: NAME, make: no_window };

fn no_window(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let (start, end) = window(frame);
    Ok((start >= end || end > now(frame).saturating_sub(DAY)).into())
}

fn window(frame: &Frame<'_>) -> (i64, i64) {
    let given = |name| frame.arguments().value(name).and_then(Json::as_i64);
    let ago = |name| {
        let days = given(name).unwrap_or(0);
        now(frame).saturating_sub(days.saturating_mul(DAY))
    };
    match (given("start_time"), given("end_time")) {
        (None, None) => {
            let (start, end) = (ago("start_days_ago"), ago("end_days_ago"));
            let length = if end.saturating_sub(start) < TURN { WEEK } else { 2 * WEEK };
            (end.saturating_sub(length), end)
        }
        (start, end) => (
            start.unwrap_or_else(|| ago("start_days_ago")),
            end.unwrap_or_else(|| ago("end_days_ago")),
        ),
    }
}

fn now(frame: &Frame<'_>) -> i64 {
    i64::try_from(frame.now().saturating_mul(1_000)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{DAY, no_window, window};
    use crate::json::{Bounds, Json, read};
    use crate::tools::arguments;
    use crate::tools::catalogue;
    use crate::tools::frame::{Frame, Tenant};

    const NOW: i64 = 1_795_000_000_000;

    #[test]
    fn days_become_whole_weeks_and_what_is_no_window_is_told() {
        let row = catalogue::rows().find(|row| row.name == "zins_get_web_protocols").unwrap();
        for (given, start, end, wrong) in [
            ("{}", NOW - 9 * DAY, NOW - 2 * DAY, false),
            (r#"{"start_days_ago":12}"#, NOW - 9 * DAY, NOW - 2 * DAY, false),
            (r#"{"start_days_ago":13}"#, NOW - 16 * DAY, NOW - 2 * DAY, false),
            (r#"{"end_days_ago":1}"#, NOW - 8 * DAY, NOW - DAY, false),
            (r#"{"start_time":7}"#, 7, NOW - 2 * DAY, false),
            (r#"{"start_time":7,"end_time":7}"#, 7, 7, true),
            (r#"{"end_time":1794913600000}"#, NOW - 9 * DAY, NOW - DAY, false),
            (r#"{"end_time":1794913600001}"#, NOW - 9 * DAY, NOW - DAY + 1, true),
        ] {
            let value = read(given.as_bytes(), Bounds { depth: 2, nodes: 9 }).unwrap();
            let arguments = arguments::check(row, value.as_object().unwrap()).unwrap();
            let tenant = Tenant::default();
            let frame = Frame::new(&arguments, &tenant, 1_795_000_000);
            assert_eq!(window(&frame), (start, end), "{given}");
            assert_eq!(no_window(&frame, &Json::Null), Ok(wrong.into()), "{given}");
        }
    }
}
