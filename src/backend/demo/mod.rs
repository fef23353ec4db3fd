//! Zone: post-admission. The demo tenant: an invented company inside the binary.
//!
//! Answers the same requests as the cloud from embedded records: lists with search and pages,
//! single records, errors in each service's own form. Changes are kept in memory and end with the
//! process. Its records relate to each other and some carry injection attempts, so that the
//! sanitizer can be seen at work. Never leaves the process.

mod answers;
mod changes;
mod collections;
mod graph;
mod graph_counts;
mod graph_lists;
mod graph_reports;
mod graph_shadow;
mod graph_traffic;
mod relations;
mod special;
mod tenant;
mod zcc;
mod zcell;
mod zcell_sims;
mod zdx;
mod zdx_apps;
mod zeasm;
mod zdx_changes;
mod zdx_software;
mod zdx_traces;
mod zia;
mod zia_app_rules;
mod zia_changes;
mod zia_devices;
mod zia_filters;
mod zia_policy;
mod zia_settings;
mod zid;
mod zpa;
mod zpa_apps;
mod zpa_changes;
mod zpa_idp;
mod zpa_lss;
mod zpa_policies;
mod zpa_servers;
mod ztw;

use std::sync::{PoisonError, RwLock};

use crate::backend::search;
use crate::backend::{ApiMethod, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use crate::json::ReadError;
use tenant::{Tenant, by_id, in_microtenant};

/// The tenant, parsed once and changed by the requests that it answers.
#[derive(Debug)]
pub struct Demo {
    tenant: RwLock<Tenant>,
}

/// How a service words its lists and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Zia,
    Zpa,
    Zdx,
    Zcc,
    Zid,
    Graph,
    Zeasm,
    Zcell,
    Ztw,
}

/// Records and where they are served, below the address of their service.
#[derive(Debug)]
struct Shelf {
    style: Style,
    path: &'static str,
    /// Members a plain search looks at.
    searched: &'static [&'static str],
    /// False for what no path of the service serves: a table that an answer is computed from.
    served: bool,
    text: &'static str,
}

/// The records of every service.
const SHELVES: &[&[Shelf]] = &[
    zia::SHELVES,
    zpa::SHELVES,
    zdx::SHELVES,
    zcc::SHELVES,
    zid::SHELVES,
    graph::SHELVES,
    zeasm::SHELVES,
    zcell::SHELVES,
    ztw::SHELVES,
];

/// What answers the requests of one service, given the path below its address.
type Service = fn(&Tenant, &str, &ApiRequest) -> ApiResponse;

/// What carries out the changes of one service; `None` when the request is no change of it.
type Change = fn(&mut Tenant, &str, &ApiRequest) -> Option<ApiResponse>;

/// The services by the address their paths begin with, and what changes the records of some.
const SERVICES: &[(&str, Service, Option<Change>)] = &[
    ("zia/api/v1/", zia::answer, Some(zia_changes::answer)),
    ("zpa/", zpa::answer, Some(zpa_changes::answer)),
    ("zdx/v1/", zdx::answer, Some(zdx_changes::answer)),
    ("zcc/papi/public/v1/", zcc::answer, None),
    ("ziam/admin/api/v1/", zid::answer, None),
    ("zms/graphql", graph::answer, None),
    ("zins/graphql", graph::answer, None),
    ("easm/easm-ui/v1/", zeasm::answer, None),
    ("zcell/config/api/v1/", zcell::answer, None),
    ("ztw/api/v1/", ztw::answer, Some(ztw::change)),
];

impl Demo {
    /// Returns the tenant.
    ///
    /// # Errors
    /// [`ReadError`] when an embedded file is not JSON, which a test rules out.
    pub fn new() -> Result<Self, ReadError> {
        Ok(Self { tenant: RwLock::new(Tenant::new()?) })
    }

    /// Returns how many records the tenant has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tenant.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// True without records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn answer(&self, request: &ApiRequest) -> ApiResponse {
        let path = request.path.as_str().trim_start_matches('/');
        let found = SERVICES.iter().find_map(|(address, service, change)| {
            Some((path.strip_prefix(address)?, service, change))
        });
        let Some((rest, service, change)) = found else { return answers::not_found(Style::Zia) };
        let change = change.filter(|_| request.method != ApiMethod::Get);
        let changed = change.and_then(|change| {
            let mut tenant = self.tenant.write().unwrap_or_else(PoisonError::into_inner);
            change(&mut tenant, rest, request)
        });
        changed.unwrap_or_else(|| {
            let tenant = self.tenant.read().unwrap_or_else(PoisonError::into_inner);
            service(&tenant, rest, request)
        })
    }
}

impl Backend for Demo {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        if patience.cancelled() {
            return Err(Upstream::Cancelled);
        }
        Ok(self.answer(request))
    }

    fn is_local(&self) -> bool {
        true
    }

    fn describe(&self) -> String {
        format!("demo tenant inside the binary, {} invented records", self.len())
    }
}
