//! Zone: operator. A fresh key for clients, and what a client needs to present it.
//!
//! The key is random, printed once and kept nowhere. Credentials of the tenant are never printed:
//! for mode zscaler the texts have holes that the client fills.

use serde_json::{Value, json};

use crate::base::{Exhausted, Random};
use crate::jose::base64url;
use crate::server::clock::SystemRandom;
use crate::settings::{Settings, Transport};
use crate::start::{complain, print};

/// Random bytes of a key: as many as its encoded form could not be guessed in.
const KEY_BYTES: usize = 32;

/// Returns a fresh key, in base64 with the alphabet of URLs, which needs no quoting anywhere.
///
/// # Errors
/// [`Exhausted`] when the system has no random bytes.
pub(super) fn fresh() -> Result<String, Exhausted> {
    let mut bytes = [0; KEY_BYTES];
    SystemRandom.fill(&mut bytes)?;
    Ok(base64url::encode(&bytes))
}

/// Prints a fresh key with what clients need for it, or with `basic` what they need in mode
/// zscaler; returns the exit code.
pub(super) fn generate(settings: &Settings, basic: bool) -> u8 {
    let (url, note) = url(settings);
    if basic {
        return print(&tenant(&url, &note), 0);
    }
    match fresh() {
        Ok(key) => print(&bearer(&url, &note, &key), 0),
        Err(Exhausted) => complain("--generate-auth-token: the system has no random bytes", 1),
    }
}

/// Returns the address that clients would use: the first listed host that is no pattern, else the
/// bind address; with what has to be set for it besides.
fn url(settings: &Settings) -> (String, String) {
    let scheme = if settings.has_tls() { "https" } else { "http" };
    let path = if settings.transport == Transport::Sse { "/sse" } else { "/mcp" };
    let listed = settings.allowed_hosts.iter().flatten();
    let port = settings.port;
    let (place, note) = match listed.into_iter().find(|host| !host.contains(['*', '?'])) {
        Some(host) if host.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']')) => {
            (host.clone(), String::new())
        }
        Some(host) => (format!("{host}:{port}"), String::new()),
        None if settings.is_wildcard() && !settings.disable_host_validation => {
            let place = format!("localhost:{port}");
            let note = format!(
                "The server answers only to hosts that it is told; for the address below set\n\n\
                 ZSCALER_MCP_ALLOWED_HOSTS={place}\n\n"
            );
            (place, note)
        }
        None => (settings.bind(), String::new()),
    };
    (format!("{scheme}://{place}{path}"), note)
}

fn bearer(url: &str, note: &str, key: &str) -> String {
    let field = format!("Authorization: Bearer {key}");
    let fields = json!({ "Authorization": format!("Bearer {key}") });
    let remote = remote(
        url,
        &["Authorization:${AUTHORIZATION}"],
        &json!({ "AUTHORIZATION": format!("Bearer {key}") }),
    );
    format!(
        "A fresh key for clients. It is shown once and kept nowhere.\n\n\
         On the server, in the environment or the env file (several keys: NAME=KEY,NAME=KEY):\n\n\
         ZSCALER_MCP_AUTH_API_KEY={key}\n\n{note}\
         Clients send one of these fields:\n\n\
         {field}\n\
         X-Api-Key: {key}\n\n{}",
        clients(url, &[field.as_str()], &fields, &remote)
    )
}

fn tenant(url: &str, note: &str) -> String {
    let fields = json!({
        "X-Zscaler-Client-ID": "CLIENT_ID",
        "X-Zscaler-Client-Secret": "CLIENT_SECRET",
    });
    let remote = remote(
        url,
        &["X-Zscaler-Client-ID:${CLIENT_ID}", "X-Zscaler-Client-Secret:${CLIENT_SECRET}"],
        &json!({ "CLIENT_ID": "CLIENT_ID", "CLIENT_SECRET": "CLIENT_SECRET" }),
    );
    let shell = ["X-Zscaler-Client-ID: CLIENT_ID", "X-Zscaler-Client-Secret: CLIENT_SECRET"];
    format!(
        "Mode zscaler: clients present an API client of the tenant. Its id and secret stand for\n\
         CLIENT_ID and CLIENT_SECRET below; this program does not print them.\n\n\
         On the server, in the environment or the env file:\n\n\
         ZSCALER_MCP_AUTH_MODE=zscaler\n\
         ZSCALER_MCP_AUTH_CLIENTS=CLIENT_ID\n\n{note}\
         Clients send these two fields, or the one below, with the base64 of\n\
         CLIENT_ID:CLIENT_SECRET:\n\n\
         X-Zscaler-Client-ID: CLIENT_ID\n\
         X-Zscaler-Client-Secret: CLIENT_SECRET\n\n\
         Authorization: Basic BASE64\n\n{}",
        clients(url, &shell, &fields, &remote)
    )
}

/// The entry of a client that speaks standard input and output, through `mcp-remote`. What is
/// secret goes through its environment, because some clients break arguments at blanks.
fn remote(url: &str, fields: &[&str], environment: &Value) -> Value {
    let mut args = vec!["-y", "mcp-remote", url];
    args.extend(fields.iter().flat_map(|field| ["--header", field]));
    json!({ "mcpServers": { "zscaler": { "command": "npx", "args": args, "env": environment } } })
}

fn clients(url: &str, lines: &[&str], fields: &Value, remote: &Value) -> String {
    let headers: Vec<String> = lines.iter().map(|line| format!("  -H '{line}' \\\n")).collect();
    let cursor = json!({ "mcpServers": { "zscaler": { "url": url, "headers": fields } } });
    let code =
        json!({ "servers": { "zscaler": { "type": "http", "url": url, "headers": fields } } });
    format!(
        "With curl:\n\n\
         curl -s {url} \\\n{}  \
         -H 'Content-Type: application/json' \\\n  \
         -H 'Accept: application/json, text/event-stream' \\\n  \
         -d '{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{{\
         \"protocolVersion\":\"2025-11-25\",\n       \
         \"capabilities\":{{}},\"clientInfo\":{{\"name\":\"curl\",\"version\":\"1\"}}}}}}'\n\n\
         Claude Desktop, through mcp-remote (claude_desktop_config.json):\n\n{remote:#}\n\n\
         Cursor (~/.cursor/mcp.json):\n\n{cursor:#}\n\n\
         VS Code (.vscode/mcp.json):\n\n{code:#}\n",
        headers.concat()
    )
}
