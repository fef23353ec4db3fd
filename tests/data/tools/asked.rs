//! Reads what a tool says that asks a person.

/// The confirmation token in the text of an answer that asks for one.
pub(crate) fn token(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\"confirmation_token\": \"")?;
    rest.split('"').next()
}
