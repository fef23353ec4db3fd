//! Zone: operator. The known name that a misspelt one most likely meant.

use crate::settings::table::PREFIX;

const NAME_BYTES_MAX: usize = 96;

/// Returns the one of `known` that is close to `name`, with its distance in changed characters.
pub(super) fn nearest<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, usize)> {
    if name.len() > NAME_BYTES_MAX {
        return None;
    }
    let own = name.strip_prefix(PREFIX).unwrap_or(name);
    let close = (own.len() / 3).clamp(2, 4);
    let distances = known.into_iter().map(|other| (other, distance(name, other)));
    distances.filter(|(_, far)| *far <= close).min_by_key(|(_, far)| *far)
}

/// Returns how many characters have to be added, removed or replaced.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, a) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(other.chars()) {
            let replaced = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distance_counts_changes() {
        for (one, other, expected) in
            [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("port", "prot", 2)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn only_a_close_name_is_suggested() {
        let known = ["ALLOWED_HOSTS", "ALLOWED_ORIGINS", "PORT"];
        assert_eq!(nearest("ALOWED_HOSTS", known), Some(("ALLOWED_HOSTS", 1)));
        assert_eq!(nearest("COLOUR", known), None);
    }
}
