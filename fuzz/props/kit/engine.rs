//! An engine over the tools of the catalogue and the demo tenant, and two tools that catalogue does
//! not have: one asks the client, one sends news. Every request to the tenant is looked at.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use zscaler_mcp::auth::Grant;
use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{ApiMethod, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::base::{Exhausted, Random};
use zscaler_mcp::json::{Bounds, Json, Object, read};
use zscaler_mcp::mcp::registry::{
    CallResult, Content, Context, Offers, Outcome, Question, Registry, ServerInfo, ToolCard, Weight,
};
use zscaler_mcp::mcp::{Engine, EngineConfig, Wake};
use zscaler_mcp::sanitize::{CleanText, Scrubber};
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

/// Paths to which a POST only reads.
const READING_POSTS: [&str; 3] = ["/zia/api/v1/urlLookup", "/zins/graphql", "/zms/graphql"];
/// Tools that are listed; more would only make each list longer.
const LISTED: usize = 3;
/// Calls of one caller at once; all callers here are one.
pub const CALLS: usize = 6;

/// The demo tenant, which panics when it is asked to change something.
struct Watched {
    demo: Demo,
    local: bool,
}

impl Backend for Watched {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let reads = match request.method {
            ApiMethod::Get => request.body.is_none(),
            ApiMethod::Post => READING_POSTS.contains(&request.path.as_str()),
            ApiMethod::Put | ApiMethod::Delete => false,
        };
        assert!(reads, "a change reached the tenant: {request:?}");
        self.demo.send(request, patience)
    }
    fn is_local(&self) -> bool {
        self.local
    }
    fn describe(&self) -> String {
        String::new()
    }
}

/// The product and two tools more.
struct Tools {
    product: Product,
    cards: Vec<ToolCard>,
}

impl Tools {
    fn new(local: bool) -> Self {
        let identity =
            ServerIdentity { version: "1".into(), demo: true, ..ServerIdentity::default() };
        let watched = Arc::new(Watched { demo: Demo::new().unwrap(), local });
        let scrubber = Arc::new(Scrubber::new(true));
        let product = Product::new(watched, scrubber, Selection::everything(), identity);
        let cards = product.tools().into_iter().take(LISTED).collect();
        Self { product, cards }
    }
}

fn said(text: &'static str) -> Outcome<CallResult> {
    let content = vec![Content::Text(CleanText::fixed(text))];
    Outcome::Done(CallResult { content, structured: None, is_error: false })
}

fn ask() -> Outcome<CallResult> {
    let form = r#"{"message":"Name?","requestedSchema":{"type":"object",
        "properties":{"name":{"type":"string","minLength":1}},"required":["name"]}}"#;
    let params = read(form.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap();
    let params = Scrubber::new(true).value(params).unwrap();
    let question = Question { key: "name".into(), method: "elicitation/create", params };
    Outcome::Ask { questions: vec![question], state: Some("half way".into()) }
}

impl Registry for Tools {
    fn server(&self) -> ServerInfo {
        self.product.server()
    }
    fn offers(&self) -> Offers {
        Offers { subscribe: true, list_changed: true, ..self.product.offers() }
    }
    fn tools(&self) -> Vec<ToolCard> {
        self.cards.clone()
    }
    fn weight(&self, name: &str, grant: &Grant) -> Option<Weight> {
        match name {
            "ask" | "noisy" => Some(Weight::Heavy),
            _ => self.product.weight(name, grant),
        }
    }
    fn call(&self, name: &str, arguments: &Object, context: &dyn Context) -> Outcome<CallResult> {
        match name {
            "ask" if context.answered() => said("thank you"),
            "ask" => ask(),
            "noisy" => {
                let words = Scrubber::new(true).value(Json::from("words")).unwrap();
                context.log("warning", words);
                context.progress(1, Some(2), None);
                said("done")
            }
            _ => self.product.call(name, arguments, context),
        }
    }
}

/// Returns an engine whose calls are answered at once when `local`, else on a worker.
pub fn engine(local: bool, sessions_max: usize) -> Arc<Engine> {
    static TOOLS: LazyLock<[Arc<Tools>; 2]> =
        LazyLock::new(|| [Arc::new(Tools::new(false)), Arc::new(Tools::new(true))]);
    let [heavy, light] = &*TOOLS;
    let tools = Arc::clone(if local { light } else { heavy });
    let config = EngineConfig {
        sse: false,
        sessions_max,
        session_idle_ms: 60_000,
        calls_per_principal: CALLS,
    };
    Engine::new(tools, config)
}

/// Bytes that never repeat, and are the same in every run.
pub struct Counter(AtomicU64);

impl Counter {
    /// Returns a source that begins anew.
    pub const fn new() -> Self {
        Self(AtomicU64::new(1))
    }
}

impl Random for Counter {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        for (slot, byte) in out.iter_mut().zip(n.to_le_bytes().into_iter().cycle()) {
            *slot = byte;
        }
        Ok(())
    }
}

/// A reader that looks for itself.
pub struct Deaf;

impl Wake for Deaf {
    fn wake(&self) {}
}
