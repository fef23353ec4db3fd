//! What is written is one line of JSON that two readers read back equal; its indented form differs
//! in blanks outside strings only, and its tokens joined are the text.

use super::input::Input;
use super::kit::trees::{WIDE, strings, value};
use zscaler_mcp::json::{Tokens, read, text_of, write};

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let value = value(&mut Input::new(data), 6);
    let text = write::to_text(&value);
    let control = |c: char| c.is_ascii_control();
    assert!(!text.contains(control), "{text:?}");
    assert_eq!(read(text.as_bytes(), WIDE).as_ref(), Ok(&value), "{text:?}");
    let ours = !text.contains("1e999");
    assert!(!ours || serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text:?}");
    let pretty = write::pretty(&value);
    assert_eq!(write::indented(&text), pretty);
    assert_eq!(without_blanks(&pretty), text);
    assert!(pretty.lines().all(|line| (line.len() - line.trim_start().len()) % 2 == 0));
    assert_eq!(Tokens::of(&text).collect::<Vec<_>>().concat(), text);
    strings(&value, &mut |string| {
        let quoted = write::quoted(string);
        assert_eq!(text_of(&quoted).as_deref(), Some(string));
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), string);
        assert!(quoted[1..quoted.len() - 1].bytes().all(|byte| byte >= b' ' && byte != 0x7f));
    });
}

/// Returns JSON text without the blanks outside its strings.
fn without_blanks(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    text.chars()
        .filter(|c| {
            let blank = matches!(c, ' ' | '\n') && !inside;
            if !escaped && *c == '"' {
                inside = !inside;
            }
            escaped = inside && *c == '\\' && !escaped;
            !blank
        })
        .collect()
}
