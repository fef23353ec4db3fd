//! Zone: operator. `export` and `diff`: a tenant into a file, and what differs in two files.
//!
//! An export writes each finished call behind the others into `FILE.part`, readable by its owner
//! alone, and goes on from there when it is started again. The file itself appears whole or not at
//! all, and none that exists is written over.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::audit::{Log, Record};
use crate::auth::{Grant, Principal};
use crate::backend::Backend;
use crate::base::Random;
use crate::json::{Json, write as to};
use crate::limits::{EXPORT_PARENTS_MAX, EXPORT_PAUSE_MS, SNAPSHOT_BYTES_MAX};
use crate::mcp::registry::{Change, Context};
use crate::mcp::time::rfc3339;
use crate::sanitize::{CleanJson, CleanText, Scrubber};
use crate::server::clock::{SystemRandom, unix_seconds};
use crate::server::turns::Turns;
use crate::settings::{Problem, Settings, Severity};
use crate::snapshot::redact::Redactor;
use crate::snapshot::{Collection, LeftOut, Manifest, Tenancy, compare, form, read};
use crate::start::part::{Entry, Part};
use crate::start::parts;
use crate::start::{VERSION, complain, print};
use crate::tools::export::{self, Export, Target, Took};
use crate::tools::{DEMO_CUSTOMER, Selection, Tenant};

/// The key of stand-ins.
const KEY_BYTES: usize = 32;

/// Runs `export`; returns the exit code.
pub(super) fn export(settings: &Settings, redact: bool) -> u8 {
    let Some(file) = settings.files.first() else { return complain("export: name a file", 2) };
    match taken(settings, file, redact) {
        Ok(text) => print(&text, 0),
        Err(Trouble { text, code }) => complain(&text, code),
    }
}

/// Why there is no file.
struct Trouble {
    text: String,
    code: u8,
}

impl From<io::Error> for Trouble {
    fn from(fault: io::Error) -> Self {
        Self { text: format!("export: {fault}"), code: 1 }
    }
}

fn trouble(text: impl Into<String>, code: u8) -> Trouble {
    Trouble { text: text.into(), code }
}

fn taken(settings: &Settings, file: &Path, redact: bool) -> Result<String, Trouble> {
    if settings.snapshot.is_some() {
        return Err(trouble("export: reads the tenant, not a snapshot; leave --snapshot out", 2));
    }
    if file.exists() {
        let text = format!("export: {} exists and stays as it is; name another", file.display());
        return Err(trouble(text, 2));
    }
    let selection = parts::selection(settings).map_err(|bad| {
        let lines: Vec<String> = bad.iter().map(ToString::to_string).collect();
        trouble(lines.join("\n"), 2)
    })?;
    let mut notes = Vec::new();
    let source = parts::source(settings, &mut notes).map_err(|problems| told(&problems))?;
    let log: Arc<dyn Log> = Arc::new(Quiet);
    let (backend, _cloud) = source.open(&Arc::new(Turns::new(1)), &log);
    let tenant = tenancy(settings);
    let mut part = Part::open(&beside(file, "part"), &tenant)?;
    let (called, left_out) = walk(&*backend, &tenant, &selection, &mut part)?;
    let mut collections = part.collections(&called);
    let mut manifest = Manifest {
        program: VERSION.to_owned(),
        tenant,
        time: rfc3339(unix_seconds()),
        redacted: false,
        left_out,
    };
    if redact {
        let redactor = redactor()?;
        collections = redactor.collections(collections);
        manifest = redactor.manifest(manifest);
    }
    save(file, &form::write(&manifest, &collections))?;
    part.remove()?;
    let records: usize = collections.iter().map(|one| one.records.len()).sum();
    Ok(format!(
        "{}: {records} records in {} collections; {} call(s) brought nothing, the first line of \
         the file says why\n",
        file.display(),
        collections.len(),
        manifest.left_out.len()
    ))
}

fn told(problems: &[Problem]) -> Trouble {
    let lines: Vec<String> = problems.iter().map(|problem| format!("error: {problem}")).collect();
    let unreadable = problems.iter().any(|problem| problem.severity == Severity::Unreadable);
    trouble(lines.join("\n"), if unreadable { 2 } else { 1 })
}

fn tenancy(settings: &Settings) -> Tenancy {
    let credentials = &settings.credentials;
    if settings.demo {
        let demo = || DEMO_CUSTOMER.to_owned();
        return Tenancy { name: demo(), customer: demo(), cell_customer: demo() };
    }
    Tenancy {
        name: credentials.vanity_domain.clone().unwrap_or_default(),
        customer: credentials.customer_id.clone().unwrap_or_default(),
        cell_customer: credentials.zcell_customer_id.clone().unwrap_or_default(),
    }
}

/// Makes every call that is not in `part` yet; returns the calls, and what is not in the file and
/// why.
fn walk(
    backend: &dyn Backend,
    whose: &Tenancy,
    selection: &Selection,
    part: &mut Part,
) -> Result<(BTreeSet<String>, Vec<LeftOut>), Trouble> {
    let id = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let tenant =
        Tenant { customer_id: id(&whose.customer), cell_customer_id: id(&whose.cell_customer) };
    let caller = Operator { principal: Principal::anonymous(), grant: Grant::everything() };
    let export = Export::new(backend, &tenant, &caller);
    let mut left_out: Vec<LeftOut> = export::left_out(selection)
        .into_iter()
        .map(|(name, reason)| LeftOut { name: name.to_owned(), reason: reason.to_owned() })
        .collect();
    let mut waiting = export::targets(selection);
    let mut known: BTreeSet<String> = waiting.iter().map(Target::name).collect();
    let mut at = 0_usize;
    while let Some(target) = waiting.get(at).cloned() {
        at = at.saturating_add(1);
        let name = target.name();
        let entry = match part.find(&name) {
            Some(entry) => entry.clone(),
            None => {
                let (entry, stays) = called(backend, &export, &target)?;
                if stays {
                    part.add(&name, &entry)?;
                }
                entry
            }
        };
        progress(at, waiting.len(), &name, &entry);
        match entry {
            Entry::Nothing(reason) => left_out.push(LeftOut { name, reason }),
            Entry::Read(collections) if !target.is_on_the_way => {
                let shortfall = export::shortfall(&collections);
                left_out.extend(shortfall.map(|reason| LeftOut { name: name.clone(), reason }));
                let empty = Vec::new();
                let own = collections.first().map_or(&empty, |own| &own.records);
                let parents = own.get(..EXPORT_PARENTS_MAX).unwrap_or(own);
                for next in export::following(selection, target.row, parents) {
                    if known.insert(next.name()) {
                        waiting.push(next);
                    }
                }
                if own.len() > parents.len() {
                    let count = own.len().saturating_sub(parents.len());
                    let reason = format!("what belongs to {count} more records was not read");
                    left_out.push(LeftOut { name, reason });
                }
            }
            Entry::Read(_) => {}
        }
    }
    Ok((known, left_out))
}

/// Makes one call, at a pace that leaves the cloud to others. Returns what it brought, and whether
/// that would be the same when the export goes on at another time.
fn called(
    backend: &dyn Backend,
    export: &Export<'_>,
    target: &Target,
) -> Result<(Entry, bool), Trouble> {
    if !backend.is_local() {
        std::thread::park_timeout(Duration::from_millis(EXPORT_PAUSE_MS));
    }
    match export.take(target) {
        Took::Read(collections) => {
            let skipped = usize::from(target.is_on_the_way);
            Ok((Entry::Read(collections.into_iter().skip(skipped).collect()), true))
        }
        Took::Nothing(reason) => Ok((Entry::Nothing(reason), true)),
        Took::Later(reason) => Ok((Entry::Nothing(reason), false)),
        Took::Stop(reason) => Err(trouble(
            format!(
                "export: {}: {reason}. What was read is kept; the same command goes on from there.",
                target.name()
            ),
            1,
        )),
    }
}

fn progress(at: usize, of: usize, name: &str, entry: &Entry) {
    let what = match entry {
        Entry::Read(collections) => {
            let count = collections.first().map_or(0, |own| own.records.len());
            format!("{count} record(s)")
        }
        Entry::Nothing(_) => "nothing".to_owned(),
    };
    let mut out = io::stderr().lock();
    if out.is_terminal() {
        // Who cannot be told goes without.
        drop(writeln!(out, "[{at}/{of}] {name}: {what}"));
    }
}

/// Returns what makes stand-ins for this one export.
fn redactor() -> Result<Redactor, Trouble> {
    let mut key = [0_u8; KEY_BYTES];
    SystemRandom.fill(&mut key).map_err(|_exhausted| trouble("export: no random bytes", 1))?;
    Ok(Redactor::new(&key))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Writes the whole file, or nothing.
fn save(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = beside(file, "new");
    // One that an export left when it was cut off; whoever else made one must not get this.
    match fs::remove_file(&new) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
        Ok(()) | Err(_) => {}
    }
    let mut out = private(OpenOptions::new().write(true).create_new(true)).open(&new)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    drop(out);
    // A link fails where the name is taken meanwhile; a rename would replace.
    match fs::hard_link(&new, file) {
        Ok(()) => fs::remove_file(&new),
        Err(fault) if file.exists() => Err(fault),
        // Some file systems have no links.
        Err(_unlinked) => fs::rename(&new, file),
    }
}

/// Makes new files readable by their owner alone.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let _ = options.mode(0o600);
    }
    options
}

/// Returns what a snapshot file holds.
///
/// # Errors
/// A sentence that names the file.
pub(super) fn load(path: &Path) -> Result<(Manifest, Vec<Collection>), String> {
    let fault = |text: String| format!("{}: {text}", path.display());
    let open = File::open(path).map_err(|error| fault(error.to_string()))?;
    let length = open.metadata().map_err(|error| fault(error.to_string()))?.len();
    if length > SNAPSHOT_BYTES_MAX {
        return Err(fault(format!("is larger than {SNAPSHOT_BYTES_MAX} bytes")));
    }
    let bytes = fs::read(path).map_err(|error| fault(error.to_string()))?;
    read(&bytes).map_err(|bad| fault(bad.to_string()))
}

/// Runs `diff`; returns 0 when nothing differs, 1 when something does, 2 when a file is no
/// snapshot.
pub(super) fn diff(settings: &Settings, json: bool) -> u8 {
    let [before, after] = settings.files.as_slice() else {
        return complain("diff: name two snapshots", 2);
    };
    let (before, after) = match (load(before), load(after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(text), _) | (_, Err(text)) => return complain(&format!("diff: {text}"), 2),
    };
    let sections = compare::compare(&before.1, &after.1);
    let code = u8::from(!sections.is_empty());
    if json {
        let document = compare::document(&before.0, &after.0, &sections);
        return print(&(to::pretty(&document) + "\n"), code);
    }
    // Records hold what others wrote; a terminal must not act on it.
    let scrubber = Scrubber::new(settings.sanitize);
    let text = compare::text(&before.0, &after.0, &sections);
    let lines = text.lines().map(|line| scrubber.text(line).as_str().to_owned() + "\n");
    print(&lines.collect::<String>(), code)
}

/// The operator at the terminal, as a tool sees it.
struct Operator {
    principal: Principal,
    grant: Grant,
}

impl Context for Operator {
    fn principal(&self) -> &Principal {
        &self.principal
    }
    fn grant(&self) -> &Grant {
        &self.grant
    }
    fn client_can(&self, _name: &str) -> bool {
        false
    }
    fn unix_seconds(&self) -> u64 {
        unix_seconds()
    }
    fn answer(&self, _key: &str) -> Option<&Json> {
        None
    }
    fn answered(&self) -> bool {
        false
    }
    fn state(&self) -> Option<&str> {
        None
    }
    fn resumed(&self) -> bool {
        false
    }
    fn stateless(&self) -> bool {
        false
    }
    fn cancelled(&self) -> bool {
        false
    }
    fn log(&self, _level: &'static str, _data: CleanJson) {}
    fn progress(&self, _progress: u64, _total: Option<u64>, _message: Option<CleanText>) {}
    fn changed(&self, _change: Change) {}
    fn pause(&self, ms: u64) {
        std::thread::park_timeout(Duration::from_millis(ms));
    }
}

/// What goes wrong on the way is in the manifest and needs no log.
struct Quiet;

impl Log for Quiet {
    fn write(&self, _record: &Record) {}
}
