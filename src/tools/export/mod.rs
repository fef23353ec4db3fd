//! Zone: operator. Which tools an export calls, and what their answers become in a snapshot.
//!
//! Every list and every single record that needs no choice, then what belongs to each record of a
//! list. The requests are those of the rows; a recorder stands between them and the service.
//! Never calls a tool that changes something or hands out a secret.

mod plan;
mod recorder;

use std::collections::BTreeSet;

use crate::backend::{Backend, Upstream};
use crate::json::{Json, Object, write};
use crate::mcp::registry::Context;
use crate::snapshot::{Alias, Collection, without_secrets};
use crate::tools::arguments;
use crate::tools::call::Call;
use crate::tools::catalogue;
use crate::tools::failure::Failure;
use crate::tools::frame::Tenant;
use crate::tools::pages::ALL_PAGES;
use crate::tools::row::{Row, Shape, Verb};
use crate::tools::selection::Selection;
use plan::Want;
use recorder::Recorder;

pub use plan::Target;

/// What one call of an export brought.
#[derive(Debug)]
pub enum Took {
    /// These collections, the first of them what the tool lists.
    Read(Vec<Collection>),
    /// Nothing, for this reason, which will be the same next time.
    Nothing(String),
    /// Nothing this time.
    Later(String),
    /// Nothing, and no other call will do better: the credentials are refused, the service cannot
    /// be reached, or the operator has ended it.
    Stop(String),
}

/// An export under way.
pub struct Export<'a> {
    backend: &'a dyn Backend,
    tenant: &'a Tenant,
    context: &'a dyn Context,
}

impl<'a> Export<'a> {
    /// Returns an export of what `backend` serves.
    #[must_use]
    pub const fn new(
        backend: &'a dyn Backend,
        tenant: &'a Tenant,
        context: &'a dyn Context,
    ) -> Self {
        Self { backend, tenant, context }
    }

    /// Calls what `target` names.
    #[must_use]
    pub fn take(&self, target: &Target) -> Took {
        match self.collections(target) {
            Ok(collections) => Took::Read(collections),
            Err(Failure::Upstream(
                stop @ (Upstream::CredentialsRefused | Upstream::Unreachable | Upstream::Cancelled),
            )) => Took::Stop(stop.to_string()),
            Err(failure) => {
                let text = failure.text(target.row);
                let is_passing = matches!(failure, Failure::Upstream(_))
                    || failure.status().is_some_and(|status| status == 429 || status >= 500);
                if is_passing { Took::Later(text) } else { Took::Nothing(text) }
            }
        }
    }

    fn collections(&self, target: &Target) -> Result<Vec<Collection>, Failure> {
        let recorder = Recorder::new(self.backend);
        let mut given = target.arguments.clone();
        let paging = target.row.paging();
        if paging.is_some() {
            given.set(ALL_PAGES.name, true.into());
        } else if let Some((size, most)) = target.row.widest() {
            given.set(size, most.into());
        }
        loop {
            let arguments = arguments::check(target.row, &given).map_err(Failure::Argument)?;
            let place: (&dyn Backend, &Tenant) = (&recorder, self.tenant);
            let answer = Call::new(target.row, &arguments, place, self.context).answer()?;
            let (_shown, rest) = answer.into_value()?;
            let Some(next) = rest.next.filter(|_| paging.is_some()) else { break };
            given.set(next.member.trim_start_matches("next_"), next.value.as_str().into());
        }
        let first = target.row.first_page();
        let mut collections = recorder.collections(target.name(), target.row, first);
        for collection in &mut collections {
            let records = core::mem::take(&mut collection.records);
            collection.records = records.into_iter().map(without_secrets).collect();
        }
        Ok(collections)
    }
}

/// Returns the calls that need nothing to begin with, in the order of their names.
#[must_use]
pub fn targets(selection: &Selection) -> Vec<Target> {
    let rows = selection.rows().iter().copied();
    rows.flat_map(|row| match plan::want(row) {
        Want::Calls(calls) => calls,
        Want::Records(_) | Want::Never(_) => Vec::new(),
    })
    .collect()
}

/// Returns the calls that each record of the tool `listed` leads to.
#[must_use]
pub fn following(selection: &Selection, listed: &Row, records: &[Json]) -> Vec<Target> {
    let mut out = Vec::new();
    for (tool, argument, other, member) in plan::NAMED {
        if other == listed.name
            && let Some(row) = selection.row(tool)
        {
            let names = records.iter().filter_map(|record| record.get(member)?.as_str());
            let names: BTreeSet<&str> = names.collect();
            out.extend(names.into_iter().map(|name| Target::new(row, [(argument, name.into())])));
        }
    }
    let rows = selection.rows().iter().copied().filter(|row| row.see == listed.name);
    for row in rows {
        match plan::want(row) {
            Want::Records(argument) => {
                let ids = records.iter().filter_map(crate::snapshot::identity);
                out.extend(ids.map(|id| Target::new(row, [(argument, id.into())])));
            }
            // What a single record is asked for with has to be in the file as well.
            Want::Never(_) | Want::Calls(_) => {
                if let Some(argument) = plan::way_to_one(row)
                    && let Some(id) = records.first().and_then(crate::snapshot::identity)
                {
                    out.push(Target::new(row, [(argument, id.into())]).on_the_way());
                }
            }
        }
    }
    out
}

/// Returns what is not in the file although `collections` are: further pages of an answer that is
/// no list.
#[must_use]
pub fn shortfall(collections: &[Collection]) -> Option<String> {
    let whole = collections.first().filter(|one| one.at.is_none())?.records.first()?;
    let members = whole.as_object()?.iter().map(|(_, inner)| inner);
    let pages = members.chain([whole]).find_map(|part| part.get("totalPages")?.as_i64())?;
    (pages > 1).then(|| format!("only the first of {pages} pages is in the file"))
}

/// Returns the tools that no export calls, with the reason.
#[must_use]
pub fn left_out(selection: &Selection) -> Vec<(&'static str, &'static str)> {
    let rows = selection.rows().iter();
    rows.filter_map(|row| match plan::want(row) {
        Want::Never(reason) if !reason.is_empty() => Some((row.name, reason)),
        Want::Never(_)
            if row.verb == Verb::Read && !is_in_its_list(row) && !plan::is_named(row) =>
        {
            Some((row.name, "it needs a call for each record"))
        }
        Want::Never(_) | Want::Calls(_) | Want::Records(_) => None,
    })
    .collect()
}

/// Services whose lists show less of a record than the record itself.
const SHORT_LISTS: [&str; 2] = ["zcell", "zdx"];

/// Returns where a snapshot finds the single records of its lists.
#[must_use]
pub fn aliases() -> Vec<Alias> {
    let rows = catalogue::reads().filter(|row| is_in_its_list(row));
    rows.map(|row| Alias { template: row.main.path, list: row.see }).collect()
}

/// True when `row` returns a record as the list that it sees has it.
fn is_in_its_list(row: &Row) -> bool {
    matches!(row.shape, Shape::Record(""))
        && !row.see.is_empty()
        && row.main.path.ends_with('}')
        && !SHORT_LISTS.contains(&row.service())
}

/// True when a snapshot can answer `row`, if `holds` says of which tools it has the answers: its
/// own, or those of a list that has its record.
#[must_use]
pub fn is_answered(row: &Row, holds: impl Fn(&str) -> bool) -> bool {
    holds(row.name) || (is_in_its_list(row) && holds(row.see))
}

/// Returns how a call is named in a snapshot: the tool and its arguments.
fn named(row: &Row, arguments: &Object) -> String {
    if arguments.iter().next().is_none() {
        return row.name.to_owned();
    }
    format!("{} {}", row.name, write::to_text(&arguments.clone().into()))
}

#[cfg(test)]
mod tests {
    use super::is_answered;
    use crate::tools::catalogue;

    #[test]
    fn a_tool_is_answered_by_its_own_answer_or_a_list_with_its_whole_record() {
        let cases = [
            ("its own answer", "zdx_list_devices", "zdx_list_devices", true),
            ("another list", "zia_list_rule_labels", "zia_list_locations", false),
            ("the same path for every request", "zms_list_agents", "zms_list_resources", false),
            ("the record of a list", "zia_get_rule_label", "zia_list_rule_labels", true),
            ("a list that shows less", "zdx_get_device", "zdx_list_devices", false),
            (
                "what belongs to a record",
                "zdx_get_application_score_trend",
                "zdx_list_applications",
                false,
            ),
            ("a secret of a record", "zcc_get_device_otp", "zcc_list_devices", false),
        ];
        for (name, tool, held, expected) in cases {
            let row = catalogue::reads().find(|row| row.name == tool).unwrap();
            assert!(catalogue::reads().any(|row| row.name == held), "{name}");
            assert_eq!(is_answered(row, |tool| tool == held), expected, "{name}");
        }
    }
}
