//! Zone: post-admission. The registry that the conformance suite of the protocol expects.

use aws_lc_rs::error::Unspecified;

use zscaler_mcp::auth::Grant;
use zscaler_mcp::json::Object;
use zscaler_mcp::mcp::registry::{
    CallResult, Context, Offers, Outcome, PromptCard, PromptResult, Registry, ResourceCard,
    ResourceText, ServerInfo, ToolCard, Weight,
};
use zscaler_mcp::sanitize::{CleanText, Scrubber};

use crate::call::{Call, Row, json};
use crate::seal::Seal;
use crate::{asking, content, plain, tasks};

/// Everything the suite calls by name.
pub(crate) struct Fixture {
    scrubber: Scrubber,
    seal: Seal,
}

impl Fixture {
    /// Returns the fixture with a fresh key.
    ///
    /// # Errors
    /// [`Unspecified`] when the system has no randomness to give.
    pub(crate) fn fresh() -> Result<Self, Unspecified> {
        Ok(Self { scrubber: Scrubber::new(true), seal: Seal::fresh()? })
    }

    fn around<'a>(
        &'a self,
        name: &'a str,
        arguments: &'a Object,
        context: &'a dyn Context,
    ) -> Call<'a> {
        Call { name, arguments, context, scrubber: &self.scrubber, seal: &self.seal }
    }
}

/// Returns every tool in the order of the list.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    plain::ROWS.iter().chain(asking::ROWS).chain(tasks::ROWS)
}

impl Registry for Fixture {
    fn server(&self) -> ServerInfo {
        ServerInfo {
            name: "zscaler-mcp-conformance".to_owned(),
            title: "Conformance fixture".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            description: "Fixed tools, prompts and resources for protocol tests.".to_owned(),
            website: String::new(),
            instructions: "Only for tests: nothing here reaches a tenant.".to_owned(),
        }
    }

    fn offers(&self) -> Offers {
        Offers {
            tools: true,
            prompts: true,
            resources: true,
            subscribe: true,
            completions: true,
            logging: true,
            list_changed: true,
            tasks: true,
        }
    }

    fn tools(&self) -> Vec<ToolCard> {
        let card = |row: &Row| ToolCard {
            name: row.name.to_owned(),
            title: None,
            description: row.description.to_owned(),
            input: json(row.schema),
            output: None,
            hints: None,
        };
        rows().map(card).collect()
    }

    fn prompts(&self) -> Vec<PromptCard> {
        content::prompts()
    }

    fn resources(&self) -> Vec<ResourceCard> {
        content::resources()
    }

    fn templates(&self) -> Vec<ResourceCard> {
        content::templates()
    }

    fn weight(&self, name: &str, _grant: &Grant) -> Option<Weight> {
        rows().find(|row| row.name == name).map(|row| row.weight)
    }

    fn call(&self, name: &str, arguments: &Object, context: &dyn Context) -> Outcome<CallResult> {
        let Some(row) = rows().find(|row| row.name == name) else { return Outcome::Unknown };
        (row.run)(&self.around(name, arguments, context))
    }

    fn prompt(
        &self,
        name: &str,
        arguments: &Object,
        context: &dyn Context,
    ) -> Outcome<PromptResult> {
        content::prompt(&self.around(name, arguments, context))
    }

    fn resource(&self, uri: &str, _context: &dyn Context) -> Outcome<Vec<ResourceText>> {
        content::read(&self.scrubber, uri)
    }

    fn complete(
        &self,
        reference: &str,
        argument: (&str, &str),
        _grant: &Grant,
    ) -> Outcome<Vec<CleanText>> {
        content::complete(reference, argument)
    }
}
