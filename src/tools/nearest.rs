//! Zone: post-admission. The known name that somebody most likely meant.

use crate::base::distance;

const NAME_BYTES_MAX: usize = 64;

/// Returns the candidate with the smallest edit distance to `name`, when it is small enough to
/// be a slip of the pen: at most a third of the letters.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > NAME_BYTES_MAX {
        return None;
    }
    let name = name.to_ascii_lowercase().replace('-', "_");
    candidates
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(steps, candidate)| steps.saturating_mul(3) <= candidate.len().max(3))
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["search", "page", "page_size", "zia_locations"];
        for (name, expected) in [
            ("serach", Some("search")),
            ("pageSize", Some("page_size")),
            ("page-size", Some("page_size")),
            ("pag", Some("page")),
            ("zia_location", Some("zia_locations")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, names.into_iter()), expected, "{name}");
        }
    }
}
