//! Zone: operator. Reads the environment and the env file; the only input of `settings`.
//!
//! Trusts neither to be text. A file that was named must be readable; `.env` in the working
//! directory is read when it is there and never replaces what the environment says.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::limits::ENV_FILE_BYTES_MAX;
use crate::settings::args;
use crate::settings::kind::shown;
use crate::settings::problem::{BadValue, Problem};
use crate::settings::table::{Id, PREFIX, name, rows};
use crate::settings::{EnvFile, Settings, resolve};

const NEARBY: &str = ".env";

/// Returns the settings of this process. `args` is the command line without the program's name.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn load(args: impl IntoIterator<Item = OsString>) -> Settings {
    load_from(args, std::env::vars_os(), Path::new(NEARBY))
}

/// Returns the settings of a command line and an environment, with `nearby` as the env file that
/// is read when none is named.
#[must_use]
pub fn load_from(
    args: impl IntoIterator<Item = OsString>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    nearby: &Path,
) -> Settings {
    let mut bad = Vec::new();
    let args = texts(args, &mut bad);
    let environment = variables(environment, &mut bad);
    let mut notes = Vec::new();
    let file = env_file(&args, &environment, nearby, &mut notes).unwrap_or_else(|fault| {
        bad.push(fault);
        None
    });
    let mut settings = resolve(&args, &environment, file.as_ref());
    settings.bad_values.extend(bad);
    settings.notes.extend(notes);
    settings
}

fn texts(args: impl IntoIterator<Item = OsString>, bad: &mut Vec<BadValue>) -> Vec<String> {
    let mut out = Vec::new();
    for (index, arg) in args.into_iter().enumerate() {
        match arg.into_string() {
            Ok(text) => out.push(text),
            Err(_not_text) => {
                let place = index.saturating_add(1);
                bad.push(BadValue::told(format!("argument {place}"), "not valid UTF-8"));
            }
        }
    }
    out
}

fn variables(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    bad: &mut Vec<BadValue>,
) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (name, value) in environment {
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => {
                let _ = out.insert(name, value);
            }
            Err(_not_text) => {
                let ours = name.starts_with(PREFIX) || rows().any(|row| row.env == Some(&name));
                if ours {
                    bad.push(BadValue::told(name, "the value is not valid UTF-8"));
                }
            }
        }
    }
    out
}

/// Returns the env file to read, `None` when there is none.
fn env_file(
    args: &[String],
    environment: &BTreeMap<String, String>,
    nearby: &Path,
    notes: &mut Vec<Problem>,
) -> Result<Option<EnvFile>, BadValue> {
    let row_name = name(Id::DotenvPath);
    let flag = args::parse(args).values.remove(&Id::DotenvPath);
    let flag = flag.map(|raw| (raw.name, raw.text));
    let given = flag.or_else(|| environment.get(row_name).map(|text| (row_name, text.clone())));
    if let Some((setting, path)) = given.filter(|(_, path)| !path.trim().is_empty()) {
        return read(Path::new(path.trim()), setting).map(Some);
    }
    match std::fs::metadata(nearby) {
        Ok(found) if found.is_file() => {
            read(nearby, &format!("env file {}", shown(&nearby.to_string_lossy()))).map(Some)
        }
        Ok(_other) => {
            let setting = shown(&nearby.to_string_lossy());
            notes.push(Problem::warn(setting, "is no regular file; it is not read as env file"));
            Ok(None)
        }
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        Err(fault) => {
            let setting = format!("env file {}", shown(&nearby.to_string_lossy()));
            Err(BadValue::told(setting, format!("cannot be read: {}", fault.kind())))
        }
    }
}

fn read(path: &Path, setting: &str) -> Result<EnvFile, BadValue> {
    let path_text = path.to_string_lossy().into_owned();
    let told = |fault: String| BadValue::told(setting, format!("{} {fault}", shown(&path_text)));
    let unreadable = |fault: std::io::Error| told(format!("cannot be read: {}", fault.kind()));
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(told("is a directory, not an env file".to_owned()));
    }
    let bound = u64::try_from(ENV_FILE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let _ = file.take(bound.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > ENV_FILE_BYTES_MAX {
        return Err(told(format!("is larger than {ENV_FILE_BYTES_MAX} bytes")));
    }
    let shared = is_shared(&metadata);
    let text = String::from_utf8(bytes).map_err(|fault| {
        let valid = fault.as_bytes().iter().take(fault.utf8_error().valid_up_to());
        let line = valid.filter(|byte| **byte == b'\n').count().saturating_add(1);
        told(format!("is not valid UTF-8 on line {line}"))
    })?;
    Ok(EnvFile { path: path_text, text, shared })
}

/// True for a file that others than its owner may read or write.
#[cfg(unix)]
#[must_use]
pub fn is_shared(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o077 != 0
}

/// Nothing is known of others here.
#[cfg(not(unix))]
#[must_use]
pub fn is_shared(_metadata: &std::fs::Metadata) -> bool {
    false
}
