//! Zone: operator. The file of an export that is under way.
//!
//! Each finished call is a line that says what follows, then the lines of its records. A call that
//! was cut off, or whose lines do not fit their digests, is dropped and made again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::json::{Bounds, Json, object, write as to};
use crate::limits::{JSON_DEPTH_MAX, UPSTREAM_NODES_MAX};
use crate::settings::load::is_shared;
use crate::snapshot::{self, Collection, Tenancy, form};
use crate::start::export::private;

/// What one call brought.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// These collections.
    Read(Vec<Collection>),
    /// Nothing, for this reason.
    Nothing(String),
}

/// What is read so far.
pub(super) struct Part {
    path: PathBuf,
    file: File,
    entries: BTreeMap<String, Entry>,
}

impl Part {
    /// Opens the file at `path`, or begins it for `tenant`.
    ///
    /// # Errors
    /// Those of the system, and one when the file belongs to another tenant.
    pub(super) fn open(path: &Path, tenant: &Tenancy) -> io::Result<Self> {
        let named =
            |fault: io::Error| io::Error::new(fault.kind(), format!("{}: {fault}", path.display()));
        let is_own = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata.is_file() && !is_shared(&metadata),
            Err(_unread) => true,
        };
        let refused = |what: &str| {
            io::Error::other(format!("{} {what}; remove it to begin anew", path.display()))
        };
        if !is_own {
            return Err(refused("is no file that only its owner may read"));
        }
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(fault) => return Err(named(fault)),
        };
        let begins = to::to_text(&object([
            ("export", tenant.name.as_str().into()),
            ("customer", tenant.customer.as_str().into()),
        ])) + "\n";
        let (entries, good) = match bytes.strip_prefix(begins.as_bytes()) {
            Some(rest) => {
                let (entries, good) = entries(rest);
                (entries, begins.len().saturating_add(good))
            }
            // Nothing, or cut off while it was begun.
            None if begins.as_bytes().starts_with(&bytes) => (BTreeMap::new(), 0),
            None => return Err(refused("was begun for another tenant")),
        };
        let file =
            private(OpenOptions::new().create(true).append(true)).open(path).map_err(named)?;
        file.set_len(u64::try_from(good).unwrap_or(u64::MAX))?;
        let mut part = Self { path: path.to_owned(), file, entries };
        if good == 0 {
            part.file.write_all(begins.as_bytes())?;
        }
        Ok(part)
    }

    /// Returns what the call `name` brought.
    pub(super) fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Keeps what the call `name` brought.
    ///
    /// # Errors
    /// Those of the system.
    pub(super) fn add(&mut self, name: &str, entry: &Entry) -> io::Result<()> {
        let mut out = Vec::new();
        let told = match entry {
            Entry::Read(collections) => {
                let mut heads = Vec::new();
                for collection in collections {
                    let lines = form::lines(collection);
                    heads.push(form::head(collection, &form::sum(&lines)));
                    out.extend_from_slice(&lines);
                }
                object([("call", name.into()), ("collections", heads.into())])
            }
            Entry::Nothing(reason) => {
                object([("call", name.into()), ("nothing", reason.as_str().into())])
            }
        };
        let mut whole = to::to_text(&told).into_bytes();
        whole.push(b'\n');
        whole.extend_from_slice(&out);
        self.file.write_all(&whole)?;
        let _ = self.entries.insert(name.to_owned(), entry.clone());
        Ok(())
    }

    /// Returns every collection of the calls `called` once, sorted by name. What an export with
    /// other filters left is not among them: it may be a part.
    pub(super) fn collections(&self, called: &BTreeSet<String>) -> Vec<Collection> {
        let own = self.entries.iter().filter(|(name, _)| called.contains(*name));
        let read = own.filter_map(|(_, entry)| match entry {
            Entry::Read(collections) => Some(collections),
            Entry::Nothing(_) => None,
        });
        snapshot::merged(read.flatten().cloned())
    }

    /// Removes the file; the export is done.
    ///
    /// # Errors
    /// Those of the system.
    pub(super) fn remove(self) -> io::Result<()> {
        drop(self.file);
        fs::remove_file(&self.path)
    }
}

/// Returns the calls in `bytes` that are whole, and how many bytes they are.
fn entries(bytes: &[u8]) -> (BTreeMap<String, Entry>, usize) {
    let mut out = BTreeMap::new();
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let mut good = 0_usize;
    let mut length = 0_usize;
    while let Some(line) = lines.next() {
        length = length.saturating_add(line.len());
        let Some((name, told)) = told(line) else { break };
        if let Some(reason) = told.get("nothing").and_then(Json::as_str) {
            let _ = out.insert(name, Entry::Nothing(reason.to_owned()));
            good = length;
            continue;
        }
        let heads = told.get("collections").and_then(Json::as_array).unwrap_or(&[]);
        let mut collections = Vec::new();
        for head in heads {
            let count = form::count_of(head).unwrap_or(0);
            let own: Vec<&[u8]> = lines.by_ref().take(count).collect();
            length = own.iter().fold(length, |sum, line| sum.saturating_add(line.len()));
            collections.extend(form::resumed(head, &own));
        }
        if collections.len() != heads.len() {
            break;
        }
        let _ = out.insert(name, Entry::Read(collections));
        good = length;
    }
    (out, good)
}

fn told(line: &[u8]) -> Option<(String, Json)> {
    let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: UPSTREAM_NODES_MAX };
    let told = crate::json::read(line.strip_suffix(b"\n")?, bounds).ok()?;
    Some((told.get("call")?.as_str()?.to_owned(), told))
}
