//! Zone: post-admission. The known name that somebody most likely meant.

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

/// Counts insertions, deletions and replacements (Wagner and Fischer, one row at a time).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.bytes().enumerate() {
        let mut diagonal = line;
        let mut before = line.saturating_add(1);
        for (cell, right) in row.iter_mut().skip(1).zip(other.bytes()) {
            let replaced = diagonal.saturating_add(usize::from(left != right));
            diagonal = *cell;
            *cell = replaced.min(before.saturating_add(1)).min(diagonal.saturating_add(1));
            before = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = line.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

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
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
