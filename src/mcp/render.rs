//! Zone: post-admission. Results as their revision may see them (section 16), written in one pass.
//!
//! Takes clean values only. Every function appends the members of a result object after its
//! opening brace; the caller closes it.

use crate::json::{Json, write};
use crate::limits::COMPLETIONS_MAX;
use crate::mcp::registry::{CallResult, Content, PromptResult, ResourceText};
use crate::mcp::revision::Revision;
use crate::sanitize::CleanText;

/// Appends the result of `tools/call` (TOOL-5).
pub(super) fn tool(out: &mut Vec<u8>, result: &CallResult, revision: Revision) {
    out.extend_from_slice(b"{\"content\":[");
    for (index, block) in result.content.iter().enumerate() {
        comma(out, index);
        content(out, block, revision);
    }
    out.push(b']');
    if let Some(value) = &result.structured {
        // Objects only before 2026-07-28, nothing before 2025-06-18 (TOOL-8).
        if revision.stateless() || (revision.has_titles() && value.is_object()) {
            out.extend_from_slice(b",\"structuredContent\":");
            out.extend_from_slice(value.as_str().as_bytes());
        }
    }
    if result.is_error {
        out.extend_from_slice(b",\"isError\":true");
    }
}

/// Appends the result of a tool that failed with a sentence of this program.
pub(super) fn tool_error(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(b"{\"content\":[{\"type\":\"text\",\"text\":");
    write::string(text, out);
    out.extend_from_slice(b"}],\"isError\":true");
}

/// Appends the result of `prompts/get` (PR-2).
pub(super) fn prompt(out: &mut Vec<u8>, result: &PromptResult, revision: Revision) {
    out.extend_from_slice(b"{\"description\":");
    write::string(result.description.as_str(), out);
    out.extend_from_slice(b",\"messages\":[");
    for (index, (assistant, block)) in result.messages.iter().enumerate() {
        comma(out, index);
        let role: &[u8] =
            if *assistant { b"{\"role\":\"assistant\"" } else { b"{\"role\":\"user\"" };
        out.extend_from_slice(role);
        out.extend_from_slice(b",\"content\":");
        content(out, block, revision);
        out.push(b'}');
    }
    out.push(b']');
}

/// Appends the result of `resources/read` (RES-2), never to be cached by others (CACHE-1).
pub(super) fn contents(out: &mut Vec<u8>, contents: &[ResourceText], revision: Revision) {
    out.extend_from_slice(b"{\"contents\":[");
    for (index, part) in contents.iter().enumerate() {
        comma(out, index);
        resource(out, part);
    }
    out.push(b']');
    if revision.stateless() {
        out.extend_from_slice(b",\"ttlMs\":0,\"cacheScope\":\"private\"");
    }
}

/// Appends the result of `completion/complete` (COMP-1).
pub(super) fn completion(out: &mut Vec<u8>, values: &[CleanText]) {
    out.extend_from_slice(b"{\"completion\":{\"values\":[");
    for (index, value) in values.iter().take(COMPLETIONS_MAX).enumerate() {
        comma(out, index);
        write::string(value.as_str(), out);
    }
    out.extend_from_slice(b"],\"total\":");
    out.extend_from_slice(values.len().to_string().as_bytes());
    let more: &[u8] = if values.len() > COMPLETIONS_MAX { b"true}" } else { b"false}" };
    out.extend_from_slice(b",\"hasMore\":");
    out.extend_from_slice(more);
}

fn content(out: &mut Vec<u8>, block: &Content, revision: Revision) {
    match block {
        Content::Text(text) => {
            out.extend_from_slice(b"{\"type\":\"text\",\"text\":");
            text.write(out);
        }
        Content::Image(data, mime) => media(out, "image", data, mime),
        // Older clients refuse a whole message for a kind they do not know.
        Content::Audio(_, mime) if !revision.has_annotations() => {
            out.extend_from_slice(b"{\"type\":\"text\",\"text\":");
            write::string(&format!("[audio {}]", mime.as_str()), out);
        }
        Content::Audio(data, mime) => media(out, "audio", data, mime),
        Content::Resource(part) => {
            out.extend_from_slice(b"{\"type\":\"resource\",\"resource\":");
            resource(out, part);
        }
    }
    out.push(b'}');
}

fn media(out: &mut Vec<u8>, kind: &str, data: &CleanText, mime: &CleanText) {
    out.extend_from_slice(b"{\"type\":");
    write::string(kind, out);
    member(out, ",\"data\":", data);
    member(out, ",\"mimeType\":", mime);
}

fn resource(out: &mut Vec<u8>, part: &ResourceText) {
    member(out, "{\"uri\":", &part.uri);
    member(out, ",\"mimeType\":", &part.mime);
    member(out, if part.blob { ",\"blob\":" } else { ",\"text\":" }, &part.data);
    out.push(b'}');
}

fn member(out: &mut Vec<u8>, name: &str, value: &CleanText) {
    out.extend_from_slice(name.as_bytes());
    write::string(value.as_str(), out);
}

fn comma(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.push(b',');
    }
}

/// Appends member `name` of an object that already has one.
pub(super) fn more(out: &mut Vec<u8>, name: &str, value: &Json) {
    out.push(b',');
    write::string(name, out);
    out.push(b':');
    write::compact(value, out);
}
