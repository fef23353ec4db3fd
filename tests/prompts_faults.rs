//! What a deliberate fault in prompts would let through: values that are clean by themselves and
//! become something else next to other text.

use zscaler_mcp::json::Object;
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::tools::prompts::{self, Prompt, Takes};

/// Returns arguments for `prompt` whose texts are all `text`, `None` when it takes no text.
fn given(prompt: &Prompt, text: &str) -> Option<Object> {
    let mut given = Object::new();
    for argument in prompt.arguments {
        let value = match argument.takes {
            Takes::Text => text.to_owned(),
            Takes::Digits => "7".to_owned(),
            Takes::Whole(least, _) => least.to_string(),
            Takes::OneOf(words) => words[0].to_owned(),
        };
        given.set(argument.name, value.into());
    }
    prompt.arguments.iter().any(|argument| argument.takes == Takes::Text).then_some(given)
}

#[test]
fn a_text_that_cleaning_would_change_as_a_whole_is_refused() {
    let scrubber = Scrubber::new(true);
    let mut refused = 0;
    for value in ["~~~", "~~~ x", "~~", "x ~~~"] {
        assert_eq!(scrubber.text(&format!("\"{value}\"")).as_str(), format!("\"{value}\""));
        for prompt in prompts::rows() {
            let Some(given) = given(prompt, value) else { continue };
            match prompt.fill(&given, &|_| true, &scrubber) {
                Ok(text) => assert_eq!(scrubber.text(text.as_str()), text, "{}", prompt.name),
                Err(fault) => {
                    let expected = "the arguments hold what cannot be shown next to other text";
                    assert_eq!(fault, expected, "{}", prompt.name);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 0, "no value meets the text around it any more");
}
