//! Zone: post-admission. The file: a manifest on the first line, then a line for each record.
//!
//! The digest of a collection is the SHA-256 of its lines; that of the whole is the SHA-256 of the
//! manifest without it. Every byte of the file is under one of the two.

use core::fmt;

use aws_lc_rs::digest::{SHA256, digest};

use crate::base::encode::hex;
use crate::json::{Bounds, Json, object, write as to};
use crate::limits::{JSON_DEPTH_MAX, SNAPSHOT_COLLECTIONS_MAX, UPSTREAM_NODES_MAX};

const FORMAT: &str = "zscaler-mcp-snapshot";
const VERSION: i64 = 1;
/// The manifest ends with its digest.
const DIGEST: &str = ",\"digest\":\"";
const END: &str = "\"}";

/// Whose records they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tenancy {
    /// Name of the tenant at the sign-in address.
    pub name: String,
    /// Customer id of private access.
    pub customer: String,
    /// Customer id of cellular.
    pub cell_customer: String,
}

/// A part of the tenant that is not in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The tool that would have read it, with its arguments.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What the file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Version of the program that wrote it.
    pub program: String,
    /// Whose records they are.
    pub tenant: Tenancy,
    /// When, in UTC (RFC 3339).
    pub time: String,
    /// True when names and addresses are replaced.
    pub redacted: bool,
    /// What is not in it.
    pub left_out: Vec<LeftOut>,
}

/// Records that one request asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// The tool that read it, with its arguments; or the request itself.
    pub name: String,
    /// The tools that list it; none when a tool needs the answer only on its way.
    pub tools: Vec<String>,
    /// What requests for it have in common, see [`crate::snapshot::key()`].
    pub key: String,
    /// JSON pointer of the list in an answer; `None` when the whole answer is the only record.
    pub at: Option<String>,
    /// Member of an answer with the token of the next page; empty when pages have numbers.
    pub next: String,
    /// Number of the first page.
    pub first: i64,
    /// Records on a page when nobody asks for a number; 0 when the service was not seen to turn
    /// one.
    pub page: usize,
    /// The records as the service sent them.
    pub records: Vec<Json>,
}

impl Collection {
    /// True when it is the list that tool `name` returns.
    #[must_use]
    pub fn is_list_of(&self, name: &str) -> bool {
        self.at.is_some() && self.tools.iter().any(|tool| tool == name)
    }
}

/// Why a file is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadSnapshot {
    /// It does not begin with a manifest.
    NoManifest,
    /// It was written by another version of the form.
    Version,
    /// The manifest is not the one that was written.
    ManifestChanged,
    /// The lines of this collection are not those that were written.
    Changed(String),
    /// There is something behind the last collection.
    Trailing,
}

impl fmt::Display for BadSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoManifest => f.write_str("is no snapshot: its first line is no manifest"),
            Self::Version => write!(f, "has a form that this program does not read, not {VERSION}"),
            Self::ManifestChanged => f.write_str(
                "was changed after it was written: its manifest does not fit its own digest",
            ),
            Self::Changed(name) => write!(
                f,
                "was changed after it was written: the records of {name:?} do not fit their digest"
            ),
            Self::Trailing => f.write_str("goes on behind its last record"),
        }
    }
}

impl core::error::Error for BadSnapshot {}

/// Returns the lines of `collection`, each with its end.
#[must_use]
pub fn lines(collection: &Collection) -> Vec<u8> {
    let mut out = Vec::new();
    for record in &collection.records {
        let line =
            object([("collection", collection.name.as_str().into()), ("record", record.clone())]);
        to::compact(&line, &mut out);
        out.push(b'\n');
    }
    out
}

/// Returns the digest of `lines`.
#[must_use]
pub fn sum(lines: &[u8]) -> String {
    hex(digest(&SHA256, lines).as_ref())
}

/// Returns the whole file.
#[must_use]
pub fn write(manifest: &Manifest, collections: &[Collection]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut heads = Vec::new();
    for collection in collections {
        let own = lines(collection);
        heads.push(head(collection, &sum(&own)));
        body.extend_from_slice(&own);
    }
    let first = first(manifest, heads);
    let mut out = Vec::with_capacity(body.len().saturating_add(first.len()));
    out.extend_from_slice(first.as_bytes());
    out.extend_from_slice(&body);
    out
}

/// Returns the first line, with its digest and its end.
fn first(manifest: &Manifest, heads: Vec<Json>) -> String {
    let text = to::to_text(&self::manifest(manifest, heads));
    let open = text.strip_suffix('}').unwrap_or(&text);
    format!("{open}{DIGEST}{}{END}\n", sum(open.as_bytes()))
}

fn manifest(manifest: &Manifest, heads: Vec<Json>) -> Json {
    let left_out = manifest.left_out.iter().map(|part| {
        object([("name", part.name.as_str().into()), ("reason", part.reason.as_str().into())])
    });
    object([
        ("format", FORMAT.into()),
        ("version", VERSION.into()),
        ("program", manifest.program.as_str().into()),
        (
            "tenant",
            object([
                ("name", manifest.tenant.name.as_str().into()),
                ("customer", manifest.tenant.customer.as_str().into()),
                ("cell_customer", manifest.tenant.cell_customer.as_str().into()),
            ]),
        ),
        ("time", manifest.time.as_str().into()),
        ("redacted", manifest.redacted.into()),
        ("collections", heads.into()),
        ("left_out", left_out.collect::<Vec<_>>().into()),
    ])
}

/// Returns what a manifest says of `collection`.
#[must_use]
pub fn head(collection: &Collection, digest: &str) -> Json {
    let at = collection.at.as_deref().map_or(Json::Null, Json::from);
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX).into();
    object([
        ("name", collection.name.as_str().into()),
        (
            "tools",
            collection.tools.iter().map(|tool| tool.as_str().into()).collect::<Vec<_>>().into(),
        ),
        ("key", collection.key.as_str().into()),
        ("at", at),
        ("next", collection.next.as_str().into()),
        ("first", collection.first.into()),
        ("page", count(collection.page)),
        ("records", count(collection.records.len())),
        ("sha256", digest.into()),
    ])
}

/// Returns what a manifest line says of a collection, the number of its records and its digest.
fn collection(head: &Json) -> Option<(Collection, usize, &str)> {
    let text = |name: &str| head.get(name).and_then(Json::as_str).map(str::to_owned);
    let records = usize::try_from(head.get("records")?.as_i64()?).ok()?;
    let tools = head.get("tools")?.as_array()?.iter().map(|tool| tool.as_str().map(str::to_owned));
    let collection = Collection {
        name: text("name")?,
        tools: tools.collect::<Option<_>>()?,
        key: text("key")?,
        at: text("at"),
        next: text("next")?,
        first: head.get("first")?.as_i64()?,
        page: usize::try_from(head.get("page")?.as_i64()?).ok()?,
        records: Vec::new(),
    };
    Some((collection, records, head.get("sha256")?.as_str()?))
}

/// Returns what the file `bytes` holds. Only the bytes that [`write()`] makes of it are taken, so
/// that nothing stands in a file that is not shown.
///
/// # Errors
/// [`BadSnapshot`]; one changed byte is enough.
pub fn read(bytes: &[u8]) -> Result<(Manifest, Vec<Collection>), BadSnapshot> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let top = lines.next().ok_or(BadSnapshot::NoManifest)?;
    let value = sealed(top)?;
    let manifest = manifest_of(&value).ok_or(BadSnapshot::NoManifest)?;
    let heads = value.get("collections").and_then(Json::as_array).unwrap_or(&[]);
    let (mut collections, mut told) = (Vec::new(), Vec::new());
    for head in heads.iter().take(SNAPSHOT_COLLECTIONS_MAX) {
        let (mut collection, count, digest) =
            self::collection(head).ok_or(BadSnapshot::NoManifest)?;
        let changed = || BadSnapshot::Changed(collection.name.clone());
        let own: Vec<&[u8]> = lines.by_ref().take(count).collect();
        let whole = own.concat();
        if own.len() != count || sum(&whole) != digest {
            return Err(changed());
        }
        let records: Option<Vec<Json>> = own.iter().map(|line| record(line)).collect();
        collection.records = records.ok_or_else(changed)?;
        if self::lines(&collection) != whole {
            return Err(changed());
        }
        told.push(self::head(&collection, digest));
        collections.push(collection);
    }
    if lines.next().is_some() || heads.len() > SNAPSHOT_COLLECTIONS_MAX {
        return Err(BadSnapshot::Trailing);
    }
    if first(&manifest, told).as_bytes() != top {
        return Err(BadSnapshot::ManifestChanged);
    }
    Ok((manifest, collections))
}

/// Returns the value of the manifest when it fits its digest.
fn sealed(line: &[u8]) -> Result<Json, BadSnapshot> {
    let text = core::str::from_utf8(line).map_err(|_bytes| BadSnapshot::NoManifest)?;
    let whole = text.strip_suffix('\n').ok_or(BadSnapshot::NoManifest)?;
    let begins = format!("{{\"format\":\"{FORMAT}\",\"version\":");
    let rest = whole.strip_prefix(&begins).ok_or(BadSnapshot::NoManifest)?;
    if !rest.starts_with(&format!("{VERSION},")) {
        return Err(BadSnapshot::Version);
    }
    let inner = whole.strip_suffix(END).ok_or(BadSnapshot::ManifestChanged)?;
    let (open, told) = inner.rsplit_once(DIGEST).ok_or(BadSnapshot::ManifestChanged)?;
    if sum(open.as_bytes()) != told {
        return Err(BadSnapshot::ManifestChanged);
    }
    parsed(whole.as_bytes()).ok_or(BadSnapshot::ManifestChanged)
}

fn manifest_of(value: &Json) -> Option<Manifest> {
    let text = |value: &Json, name: &str| value.get(name).and_then(Json::as_str).map(str::to_owned);
    let tenant = value.get("tenant")?;
    let left_out = value
        .get("left_out")?
        .as_array()?
        .iter()
        .map(|part| Some(LeftOut { name: text(part, "name")?, reason: text(part, "reason")? }));
    Some(Manifest {
        program: text(value, "program")?,
        tenant: Tenancy {
            name: text(tenant, "name")?,
            customer: text(tenant, "customer")?,
            cell_customer: text(tenant, "cell_customer")?,
        },
        time: text(value, "time")?,
        redacted: value.get("redacted")?.as_bool()?,
        left_out: left_out.collect::<Option<_>>()?,
    })
}

fn record(line: &[u8]) -> Option<Json> {
    parsed(line)?.get("record").cloned()
}

fn parsed(text: &[u8]) -> Option<Json> {
    let bounds = Bounds { depth: JSON_DEPTH_MAX.saturating_add(2), nodes: UPSTREAM_NODES_MAX };
    crate::json::read(text, bounds).ok()
}

/// Returns a collection whose head is `head` and whose lines are `lines`, for a file that is not
/// finished; `None` when they do not fit.
#[must_use]
pub fn resumed(head: &Json, lines: &[&[u8]]) -> Option<Collection> {
    let (mut collection, count, told) = collection(head)?;
    if lines.len() != count || sum(&lines.concat()) != told {
        return None;
    }
    collection.records = lines.iter().map(|line| record(line)).collect::<Option<_>>()?;
    Some(collection)
}

/// Returns how many lines follow the head `head` of a collection.
#[must_use]
pub fn count_of(head: &Json) -> Option<usize> {
    collection(head).map(|(_, count, _)| count)
}
