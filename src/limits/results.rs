//! Zone: pre-admission. What is said of each bound on results: their size, pages, snapshots.

use crate::limits;
use crate::limits::rows::{Limit, size};

#[rustfmt::skip]
pub(super) const ROWS: &[Limit] = &[
    Limit::new("RESULT_BYTES_MAX", size(limits::RESULT_BYTES_MAX), "bytes",
        "Further records are left out; the result says how many and how to narrow the call.",
        "More than a model reads; a thousand records of usual size fit."),
    Limit::new("PAGE_RECORDS", limits::PAGE_RECORDS.unsigned_abs(), "records",
        "The size of the pages that are asked for.",
        "The largest page of most services."),
    Limit::new("PAGES_READ_MAX", limits::PAGES_READ_MAX, "pages",
        "The call ends with what it has; the result says where to go on.",
        "Five thousand records in small pages."),
    Limit::new("PAGED_RECORDS_MAX", size(limits::PAGED_RECORDS_MAX), "records",
        "The call ends with what it has; the result says where to go on.",
        "All records of a large tenant in most lists, and little memory."),
    Limit::new("PAGED_BYTES_MAX", size(limits::PAGED_BYTES_MAX), "bytes",
        "The call ends with what it has; the result says where to go on.",
        "As much as one answer of the cloud."),
    Limit::new("SNAPSHOT_COLLECTIONS_MAX", size(limits::SNAPSHOT_COLLECTIONS_MAX), "collections",
        "The file is not served.",
        "Every list, and what belongs to each of a thousand records in fifty of them."),
    Limit::new("SNAPSHOT_BYTES_MAX", limits::SNAPSHOT_BYTES_MAX, "bytes",
        "The file is not read.",
        "A large tenant is some hundred megabytes; its records stay in memory."),
    Limit::new("EXPORT_PARENTS_MAX", size(limits::EXPORT_PARENTS_MAX), "records",
        "What belongs to further records is left out, and the manifest says so.",
        "Half an hour of requests for one list at the usual pace."),
    Limit::new("EXPORT_PAUSE_MS", limits::EXPORT_PAUSE_MS, "milliseconds",
        "The export waits so long before each call to the cloud.",
        "Leaves the rate limits of the tenant to those who work with it."),
];
