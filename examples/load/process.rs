//! Zone: operator. The server under measurement as a process: started, weighed, stopped.
//!
//! Numbers come from `/proc`, so processor time and memory are known on Linux only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};

use crate::client::{Connection, Target};
use crate::clock;

/// Processor time is told in ticks of this length (USER_HZ is 100 on Linux).
const TICK: Duration = Duration::from_millis(10);
/// Longest a server may take to answer for the first time.
const START_MAX: Duration = Duration::from_secs(30);

/// A directory of this run, removed with everything in it.
pub(crate) struct Scratch(PathBuf);

/// A server this program started; stopped when dropped.
pub(crate) struct Server {
    child: Child,
    /// From the start of the process to its first answer.
    pub(crate) start: Duration,
    pub(crate) target: Target,
}

/// What a process has used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) processor: Duration,
    pub(crate) resident_kib: u64,
    /// Most since it began.
    pub(crate) peak_kib: u64,
}

impl Scratch {
    /// Returns a new directory that only this user can read.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn create() -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let path = std::env::temp_dir().join(format!("zscaler-mcp-load-{}", std::process::id()));
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    fn write(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        file.write_all(text.as_bytes())?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("load: {} stays behind: {error}", self.0.display());
        }
    }
}

impl Server {
    /// Starts the server at `path` on a free port, with its demo tenant or the scripted cloud on
    /// port `cloud`, and waits for its first answer.
    ///
    /// # Errors
    /// What the system says, or the end of the server's log when it did not start.
    pub(crate) fn start(
        path: &Path,
        tls: bool,
        cloud: Option<u16>,
        scratch: &Scratch,
    ) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = scratch.0.join("server.log");
        let out = File::create(&log)?;
        let mut command = Command::new(fs::canonicalize(path)?);
        // No variable and no env file of this user reaches the server.
        command.env_clear().current_dir(&scratch.0);
        command.args(["--transport", "streamable-http", "--host", "127.0.0.1"]);
        match cloud {
            None => drop(command.arg("--demo")),
            Some(port) => point(&mut command, port),
        }
        command.args(["--port", &port.to_string()]);
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let mut trust = None;
        if tls {
            let names = vec!["127.0.0.1".to_owned()];
            let made = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
            let certificate = scratch.write("cert.pem", &made.cert.pem())?;
            let key = scratch.write("key.pem", &made.signing_key.serialize_pem())?;
            command.env("ZSCALER_MCP_TLS_CERTFILE", certificate);
            command.env("ZSCALER_MCP_TLS_KEYFILE", key);
            trust = Some((trusting(made.cert.der().clone())?, name("127.0.0.1")?));
        }
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let began = clock::now();
        let child = command.spawn()?;
        let target = Target {
            label: if tls { "tls" } else { "plain" }.to_owned(),
            address,
            authority: address.to_string(),
            path: "/mcp".to_owned(),
            tls: trust,
            headers: Vec::new(),
            pid: Some(child.id()),
        };
        let mut server = Self { child, start: Duration::ZERO, target };
        while !server.answers()? {
            if began.elapsed() > START_MAX || server.child.try_wait()?.is_some() {
                let text = fs::read_to_string(&log).unwrap_or_default();
                let tail: Vec<_> = text.lines().rev().take(20).collect();
                let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
                return Err(io::Error::other(format!("the server did not start:\n{tail}")));
            }
            clock::breathe();
        }
        server.start = began.elapsed();
        Ok(server)
    }

    fn answers(&self) -> io::Result<bool> {
        let asked = Connection::open(&self.target)
            .and_then(|mut connection| connection.exchange(&self.target.get("/health")));
        match asked {
            Ok(reply) if reply.status == 200 => Ok(true),
            Ok(reply) => Err(io::Error::other(format!("/health answers {}", reply.status))),
            Err(_not_yet) => Ok(false),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("load: the server could not be stopped: {error}");
        }
    }
}

/// Points a server at the scripted cloud on `port`.
fn point(command: &mut Command, port: u16) {
    let base = format!("http://127.0.0.1:{port}");
    command.env("ZSCALER_MCP_TOKEN_URL", format!("{base}/oauth2/v1/token"));
    command.env("ZSCALER_MCP_API_BASE_URL", base);
    command.env("ZSCALER_CLIENT_ID", "load").env("ZSCALER_CLIENT_SECRET", "load");
    // Loopback only, and nobody else is there for the time of the run.
    command.env("ZSCALER_MCP_AUTH_ENABLED", "false");
}

/// Returns what process `pid` has used since it began.
pub(crate) fn usage(pid: u32) -> Option<Usage> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let kib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some(Usage {
        processor: processor(&stat)?,
        resident_kib: kib("VmRSS:")?,
        peak_kib: kib("VmHWM:")?,
    })
}

/// Returns user and system time. The name of the program, in parentheses, may hold anything.
fn processor(stat: &str) -> Option<Duration> {
    let (_, behind) = stat.rsplit_once(')')?;
    let mut fields = behind.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK.saturating_mul(user.saturating_add(system)))
}

/// Returns a client configuration that trusts `certificate` and resumes nothing.
///
/// # Errors
/// What TLS says.
pub(crate) fn trusting(certificate: CertificateDer<'static>) -> io::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).map_err(io::Error::other)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// Returns the certificate in the PEM file at `path`.
///
/// # Errors
/// What the system says, or that it is no certificate.
pub(crate) fn certificate(path: &Path) -> io::Result<CertificateDer<'static>> {
    CertificateDer::from_pem_file(path).map_err(io::Error::other)
}

/// Returns `host` as the name a certificate is checked against.
///
/// # Errors
/// When it is neither a name nor an address.
pub(crate) fn name(host: &str) -> io::Result<ServerName<'static>> {
    ServerName::try_from(host.to_owned()).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::{processor, usage};
    use std::time::Duration;

    #[test]
    fn processor_time_is_read_behind_the_name() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 25 5 0 0";
        assert_eq!(processor(stat), Some(Duration::from_millis(300)));
        assert_eq!(processor("7 (a) S 1 2"), None);
    }

    #[test]
    fn this_process_has_used_memory() {
        assert!(usage(std::process::id()).unwrap().resident_kib > 0);
    }
}
