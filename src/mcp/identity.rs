//! Zone: post-admission. Who the server says it is, and what it says it can do.

use crate::json::{Json, Object, object, write};
use crate::mcp::registry::{Offers, ServerInfo};
use crate::mcp::revision::Revision;

/// Key of the tasks extension.
pub(super) const TASKS: &str = "io.modelcontextprotocol/tasks";

/// The server's own description, with the parts every answer carries already written.
#[derive(Debug)]
pub(super) struct Identity {
    info: ServerInfo,
    offers: Offers,
    /// `"io.modelcontextprotocol/serverInfo":{...}`
    stamp: Vec<u8>,
}

impl Identity {
    pub(super) fn new(info: ServerInfo, offers: Offers) -> Self {
        let mut stamp = b"\"io.modelcontextprotocol/serverInfo\":".to_vec();
        let short = object([
            ("name", Json::from(info.name.as_str())),
            ("version", Json::from(info.version.as_str())),
        ]);
        write::compact(&short, &mut stamp);
        Self { info, offers, stamp }
    }

    /// Returns what is offered.
    pub(super) const fn offers(&self) -> &Offers {
        &self.offers
    }

    /// Appends the end of a result object that already has members (CORE-1).
    pub(super) fn close(&self, out: &mut Vec<u8>, revision: Revision, kind: &str) {
        if revision.stateless() {
            out.push(b',');
            self.tail(out, kind, b"");
        }
        out.push(b'}');
    }

    /// Appends a result object without members of its own.
    pub(super) fn empty(&self, out: &mut Vec<u8>, revision: Revision) {
        out.push(b'{');
        if revision.stateless() {
            self.tail(out, "complete", b"");
        }
        out.push(b'}');
    }

    /// Appends `resultType` and `_meta`, the latter beginning with the members `meta`.
    pub(super) fn tail(&self, out: &mut Vec<u8>, kind: &str, meta: &[u8]) {
        out.extend_from_slice(b"\"resultType\":");
        write::string(kind, out);
        out.extend_from_slice(b",\"_meta\":{");
        out.extend_from_slice(meta);
        out.extend_from_slice(&self.stamp);
        out.push(b'}');
    }

    /// Appends the result of `initialize` (HSK-1).
    pub(super) fn initialize(&self, out: &mut Vec<u8>, revision: Revision) {
        let mut result = Object::new();
        result.set("protocolVersion", revision.text().into());
        result.set("capabilities", self.capabilities(revision));
        result.set("serverInfo", self.server_info(revision));
        if !self.info.instructions.is_empty() {
            result.set("instructions", self.info.instructions.as_str().into());
        }
        write::compact(&Json::Object(result), out);
    }

    /// Appends the result of `server/discover` (DISC-1). Only this revision is named (MH-9).
    pub(super) fn discover(&self, out: &mut Vec<u8>) {
        let revision = Revision::July2026;
        out.extend_from_slice(b"{\"supportedVersions\":");
        write::compact(&supported(), out);
        out.extend_from_slice(b",\"capabilities\":");
        write::compact(&self.capabilities(revision), out);
        if !self.info.instructions.is_empty() {
            out.extend_from_slice(b",\"instructions\":");
            write::string(&self.info.instructions, out);
        }
        // Nothing here depends on the caller, and nothing changes while the process lives.
        out.extend_from_slice(b",\"ttlMs\":300000,\"cacheScope\":\"public\"");
        out.extend_from_slice(b",\"resultType\":\"complete\",\"_meta\":{");
        out.extend_from_slice(b"\"io.modelcontextprotocol/serverInfo\":");
        write::compact(&self.server_info(revision), out);
        out.extend_from_slice(b"}}");
    }

    fn capabilities(&self, revision: Revision) -> Json {
        let mut all = Object::new();
        let plain = || Json::Object(Object::new());
        let listed = || {
            let mut inside = Object::new();
            if self.offers.list_changed {
                inside.set("listChanged", true.into());
            }
            inside
        };
        if self.offers.tools {
            all.set("tools", Json::Object(listed()));
        }
        if self.offers.prompts {
            all.set("prompts", Json::Object(listed()));
        }
        if self.offers.resources {
            let mut inside = listed();
            if self.offers.subscribe {
                inside.set("subscribe", true.into());
            }
            all.set("resources", Json::Object(inside));
        }
        if self.offers.completions && revision.has_annotations() {
            all.set("completions", plain());
        }
        if self.offers.logging {
            all.set("logging", plain());
        }
        if self.offers.tasks && revision.stateless() {
            all.set("extensions", object([(TASKS, plain())]));
        }
        Json::Object(all)
    }

    fn server_info(&self, revision: Revision) -> Json {
        let mut info = Object::new();
        let mut add = |name, text: &String| {
            if !text.is_empty() {
                info.set(name, text.as_str().into());
            }
        };
        add("name", &self.info.name);
        add("version", &self.info.version);
        if revision.has_titles() {
            add("title", &self.info.title);
        }
        if revision.has_url_elicitation() {
            add("description", &self.info.description);
            add("websiteUrl", &self.info.website);
        }
        Json::Object(info)
    }
}

/// Returns the revisions a request may name for itself (MH-9).
pub(super) fn supported() -> Json {
    Json::Array(vec![Revision::July2026.text().into()])
}
