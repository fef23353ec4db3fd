//! Zone: post-admission. Shell patterns over tool names: `*`, `?`, `[abc]`, `[!a-z]`.
//!
//! The whole name must match and letters keep their case. At most one star is open at a time, so
//! the cost is bounded by the product of both lengths.

/// True when `name` as a whole fits `pattern`.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    let mut open: Option<(&str, &str)> = None;
    loop {
        if let Some(rest) = pattern.strip_prefix('*') {
            open = Some((rest, name));
            pattern = rest;
            continue;
        }
        if pattern.is_empty() && name.is_empty() {
            return true;
        }
        if let Some((pattern_rest, name_rest)) = step(pattern, name) {
            (pattern, name) = (pattern_rest, name_rest);
            continue;
        }
        let Some((after_star, from)) = open else { return false };
        let mut chars = from.chars();
        if chars.next().is_none() {
            return false;
        }
        open = Some((after_star, chars.as_str()));
        (pattern, name) = (after_star, chars.as_str());
    }
}

/// Takes one character of `name` and the piece of `pattern` that accepts it.
fn step<'a>(pattern: &'a str, name: &'a str) -> Option<(&'a str, &'a str)> {
    let mut chars = name.chars();
    let letter = chars.next()?;
    let mut piece = pattern.chars();
    let accepted = match piece.next()? {
        '?' => true,
        '[' => match set(piece.as_str()) {
            Some((members, rest)) => {
                return accepts(members, letter).then_some((rest, chars.as_str()));
            }
            None => letter == '[',
        },
        plain => plain == letter,
    };
    accepted.then_some((piece.as_str(), chars.as_str()))
}

/// Splits `text` behind an opening bracket into the members of the set and what follows it.
/// A closing bracket right at the start is a member.
fn set(text: &str) -> Option<(&str, &str)> {
    let skipped = text.strip_prefix('!').unwrap_or(text);
    let skipped = skipped.strip_prefix(']').unwrap_or(skipped);
    let start = text.len().saturating_sub(skipped.len());
    let end = start.saturating_add(skipped.find(']')?);
    let (members, rest) = text.split_at_checked(end)?;
    Some((members, rest.strip_prefix(']')?))
}

fn accepts(members: &str, letter: char) -> bool {
    let (members, wanted) = members.strip_prefix('!').map_or((members, true), |rest| (rest, false));
    let mut rest = members.chars();
    let mut found = false;
    while let Some(low) = rest.next() {
        let mut ahead = rest.clone();
        if ahead.next() == Some('-')
            && let Some(high) = ahead.next()
        {
            found |= (low..=high).contains(&letter);
            rest = ahead;
        } else {
            found |= low == letter;
        }
    }
    found == wanted
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_fit_as_the_shell_says() {
        for (pattern, name, expected) in [
            ("zia_list_locations", "zia_list_locations", true),
            ("zia_list", "zia_list_locations", false),
            ("zia_*", "zia_list_locations", true),
            ("*_locations", "zia_list_locations", true),
            ("*list*loc*", "zia_list_locations", true),
            ("ZIA_*", "zia_list_locations", false),
            ("z?a_*", "zpa_get_x", true),
            ("z[ip]a_*", "zpa_get_x", true),
            ("z[!i]a_*", "zia_get_x", false),
            ("z[a-o]a_*", "zpa_get_x", false),
            ("z[", "z[", true),
            ("[]]", "]", true),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("?", "", false),
            ("a*b*c", "a_b_b_c", true),
            ("a*b*c", "a_b_b_d", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
