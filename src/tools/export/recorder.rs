//! Zone: operator. Stands between a tool and the service and keeps what it answered.

use std::sync::{Mutex, PoisonError};

use crate::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use crate::json::Json;
use crate::snapshot::{Collection, key};
use crate::tools::frame::pointed;
use crate::tools::row::{Row, Shape};

/// Keeps every answer that has records.
pub(super) struct Recorder<'a> {
    backend: &'a dyn Backend,
    seen: Mutex<Vec<(ApiRequest, Json)>>,
}

impl<'a> Recorder<'a> {
    pub(super) const fn new(backend: &'a dyn Backend) -> Self {
        Self { backend, seen: Mutex::new(Vec::new()) }
    }

    /// Returns what was answered: the collection that `row` lists first, under `name`, then what
    /// it needed on its way.
    pub(super) fn collections(self, name: String, row: &Row, first: i64) -> Vec<Collection> {
        let seen = self.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(last) = seen.last().map(|(request, _)| key(request)) else { return Vec::new() };
        let mut own = Collection {
            name,
            tools: vec![row.name.to_owned()],
            key: last.clone(),
            at: list_at(row, seen.last().map(|(_, body)| body)),
            next: row.next.to_owned(),
            first,
            page: 0,
            records: Vec::new(),
        };
        let mut others: Vec<Collection> = Vec::new();
        for (request, body) in seen {
            let key = key(&request);
            if key == last {
                match &own.at {
                    Some(at) => {
                        // By token, every page but the last has the size that the service chose.
                        if !own.records.is_empty() && own.page == 0 && !own.next.is_empty() {
                            own.page = own.records.len();
                        }
                        own.records.extend(listed(body, at));
                    }
                    None => own.records = vec![body],
                }
            } else if others.iter().all(|other| other.key != key) {
                let name = key.clone();
                let one = Collection { name, key, records: vec![body], ..Collection::default() };
                others.push(one);
            }
        }
        others.insert(0, own);
        others
    }
}

/// Returns where the list stands in the answers of `row`; `None` when it returns one record.
fn list_at(row: &Row, body: Option<&Json>) -> Option<String> {
    match row.shape {
        Shape::Records(at) => Some(at.to_owned()),
        Shape::RecordsOrOne(at) => {
            let is_list =
                body.is_some_and(|body| body.as_array().is_some() || pointed(body, at).is_some());
            is_list.then(|| at.to_owned())
        }
        Shape::Record(_) => None,
    }
}

/// Returns the records of `body`, which stand at `at` or are the whole of it.
fn listed(body: Json, at: &str) -> Vec<Json> {
    if let Json::Array(items) = body {
        return items;
    }
    match pointed(&body, at) {
        Some(Json::Array(items)) => items.clone(),
        Some(one @ Json::Object(_)) => vec![one.clone()],
        Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) | None => Vec::new(),
    }
}

impl Backend for Recorder<'_> {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let response = self.backend.send(request, patience)?;
        if !response.is_success() {
            return Ok(response);
        }
        let status = response.status;
        // Read once, here: the tool reads the value.
        let body = response.body.into_json().map_err(|_fault| Upstream::Unreadable)?;
        let Some(body) = body else { return Err(Upstream::Unreadable) };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((request.clone(), body.clone()));
        Ok(ApiResponse { status, body: ApiBody::Json(body) })
    }

    fn is_local(&self) -> bool {
        self.backend.is_local()
    }

    fn describe(&self) -> String {
        self.backend.describe()
    }
}
