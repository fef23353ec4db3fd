//! Whether a path was made of a template, by a literal reading that shares no code with what fills
//! it.

/// Most bytes of a value, before it is encoded.
const VALUE_BYTES_MAX: usize = 512;

/// True when `path` is `template` with one value in the place of each `{hole}`.
pub fn fits(template: &str, path: &str) -> bool {
    let (wanted, given): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    wanted.len() == given.len()
        && wanted
            .iter()
            .zip(given)
            .all(|(want, have)| if want.starts_with('{') { is_value(have) } else { *want == have })
}

/// True for a value that stays in its segment however often a server decodes separators: encoded,
/// not empty, and without a dot segment.
fn is_value(segment: &str) -> bool {
    decoded(segment).is_some_and(|value| {
        !value.trim().is_empty()
            && value.len() <= VALUE_BYTES_MAX
            && !value.chars().any(char::is_control)
            && !value.split(['/', '\\']).any(|piece| [".", ".."].contains(&piece.trim()))
    })
}

/// Returns the value of a segment in which all but unreserved characters (RFC 3986 s2.3) is written
/// as two capital hexadecimal digits, and nothing else is.
fn decoded(segment: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let digit = |byte: u8| b"0123456789ABCDEF".iter().position(|own| *own == byte);
    let (mut bytes, mut value) = (segment.bytes(), Vec::new());
    while let Some(byte) = bytes.next() {
        if is_plain(byte) {
            value.push(byte);
            continue;
        }
        let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
        let escaped = u8::try_from(high * 16 + low).ok().filter(|escaped| !is_plain(*escaped));
        value.push(escaped.filter(|_| byte == b'%')?);
    }
    String::from_utf8(value).ok()
}
