//! Zone: operator. The known name that a misspelt one most likely meant.

use crate::base::distance;
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

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_a_close_name_is_suggested() {
        let known = ["ALLOWED_HOSTS", "ALLOWED_ORIGINS", "PORT"];
        assert_eq!(nearest("ALOWED_HOSTS", known), Some(("ALLOWED_HOSTS", 1)));
        assert_eq!(nearest("COLOUR", known), None);
    }
}
