//! Zone: operator. The command line of the load driver.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// What is printed when it is asked for or the command line makes no sense.
pub(crate) const USAGE: &str = "\
usage: load [--cloud] [--server PATH [--tls]] [--url URL [--pid PID] [--ca FILE]] [options]
  --server PATH     start this server with its demo tenant and measure it
  --tls             measure it over TLS as well, with a certificate made for the run
  --url URL         measure a running server; with --server: compare the two
  --pid PID         its process, for processor time and memory
  --ca FILE         PEM file with the certificate an https URL is checked against
  --header LINE     header line for the running server, such as a credential (repeatable)
  --tool NAME       tool to call (default zia_list_rule_labels; with --cloud zia_list_locations)
  --args JSON       its arguments (default {})
  --case NAME       only this case: ping, refused, tools/list, tools/call, handshake
                    (repeatable)
  --connections N   connections kept busy (default 32)
  --threads N       threads that keep them busy (default: processors, at most connections; with
                    --cloud one for each connection)
  --seconds N       length of one case, after a tenth of it to warm up (default 5)
  --cloud           measure calls that wait for a cloud instead: a scripted one is started in this
                    process, the server is pointed at it, and every connection calls a list tool;
                    /health and tools/list are asked meanwhile from connections of their own
  --delay-ms N      time the cloud takes for a list (default 100)
  --records N       records of its list, 500 bytes each (default 50)
  --cloud-port N    its port, for a running server that was pointed at it (default: a free one)
  --idle N          then open N connections, leave them idle and weigh them
  --json            print one JSON object instead of tables";

/// The options, checked.
pub(crate) struct Options {
    pub(crate) server: Option<PathBuf>,
    pub(crate) tls: bool,
    pub(crate) url: Option<String>,
    pub(crate) pid: Option<u32>,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) headers: Vec<String>,
    pub(crate) tool: String,
    pub(crate) arguments: String,
    pub(crate) cases: Vec<String>,
    pub(crate) connections: usize,
    pub(crate) threads: usize,
    pub(crate) time: Duration,
    pub(crate) idle: usize,
    pub(crate) json: bool,
    pub(crate) help: bool,
    pub(crate) cloud: bool,
    pub(crate) cloud_port: u16,
    pub(crate) delay: Duration,
    pub(crate) records: usize,
}

impl Options {
    fn usual() -> Self {
        Self {
            server: None,
            tls: false,
            url: None,
            pid: None,
            ca: None,
            headers: Vec::new(),
            tool: String::new(),
            arguments: "{}".to_owned(),
            cases: Vec::new(),
            connections: 32,
            threads: 0,
            time: Duration::from_secs(5),
            idle: 0,
            json: false,
            help: false,
            cloud: false,
            cloud_port: 0,
            delay: Duration::from_millis(100),
            records: 50,
        }
    }

    /// Returns the options in `words`, or what is wrong with them.
    ///
    /// # Errors
    /// One line that names the option.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::usual();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--tls" => options.tls = true,
                "--json" => options.json = true,
                "--help" => options.help = true,
                "--cloud" => options.cloud = true,
                name => {
                    let value =
                        words.next().ok_or_else(|| format!("{name}: unknown, or without value"))?;
                    options.set(name, value)?;
                }
            }
        }
        if options.server.is_none() && options.url.is_none() && !options.help {
            return Err("--server or --url is needed".to_owned());
        }
        options.complete();
        Ok(options)
    }

    /// Fills in what depends on other options.
    fn complete(&mut self) {
        self.connections = self.connections.max(1);
        if self.threads == 0 {
            let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
            self.threads = if self.cloud { self.connections } else { processors };
        }
        self.threads = self.threads.clamp(1, self.connections);
        if self.tool.is_empty() {
            let usual = if self.cloud { "zia_list_locations" } else { "zia_list_rule_labels" };
            usual.clone_into(&mut self.tool);
        }
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        match name {
            "--server" => self.server = Some(value.into()),
            "--url" => self.url = Some(value),
            "--ca" => self.ca = Some(value.into()),
            "--header" if value.contains(['\r', '\n']) => {
                return Err("--header: one line is expected".to_owned());
            }
            "--header" => self.headers.push(value),
            "--tool" => self.tool = value,
            "--args" => self.arguments = value,
            "--case" => self.cases.push(value),
            "--pid" => self.pid = Some(number(name, &value)?),
            "--connections" => self.connections = number(name, &value)?,
            "--threads" => self.threads = number(name, &value)?,
            "--idle" => self.idle = number(name, &value)?,
            "--cloud-port" => self.cloud_port = number(name, &value)?,
            "--records" => self.records = number(name, &value)?,
            "--delay-ms" => self.delay = Duration::from_millis(number(name, &value)?),
            "--seconds" => self.time = Duration::from_secs(number(name, &value)?),
            _ => return Err(format!("{name}: no such option")),
        }
        Ok(())
    }

    /// True when case `name` was not left out.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.cases.is_empty() || self.cases.iter().any(|case| case == name)
    }
}

fn number<N: std::str::FromStr>(name: &str, value: &str) -> Result<N, String> {
    value.parse().ok().ok_or_else(|| format!("{name}: a whole number is expected"))
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn a_command_line_is_understood_or_refused() {
        for (name, line, good) in [
            ("a server", "--server x --tls --seconds 1 --connections 4", true),
            ("a running one", "--url http://127.0.0.1:1/mcp --pid 7 --tool t --args {}", true),
            ("a cloud", "--cloud --server x --delay-ms 0 --records 1 --cloud-port 9", true),
            ("a question", "--help", true),
            ("nothing to measure", "--tls", false),
            ("a missing value", "--server", false),
            ("an unknown option", "--server x --fast y", false),
            ("text for a number", "--server x --pid y", false),
        ] {
            let words = line.split(' ').map(str::to_owned);
            assert_eq!(Options::read(words).is_ok(), good, "{name}");
        }
    }
}
