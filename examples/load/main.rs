//! Zone: operator. Measures a server: requests, latency, processor time, memory, handshakes.
//!
//! `cargo run --release --example load -- --server target/release/zscaler-mcp --tls --idle 1000`
//! starts that server with its demo tenant and measures it; `--url` measures any running one, so
//! that two can be compared in one run. With `--cloud` the calls wait for a scripted cloud. Driver and server share the machine: ratios mean more
//! than numbers.

mod client;
mod clock;
mod cloud;
mod idle;
mod measure;
mod options;
mod process;
mod report;
mod slow;

use std::io;
use std::net::ToSocketAddrs;
use std::path::Path;
use std::process::ExitCode;

use crate::client::Target;
use crate::cloud::Cloud;
use crate::options::{Options, USAGE};
use crate::process::{Scratch, Server};
use crate::report::Report;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program of its own reads its command line")]
    let words = std::env::args().skip(1);
    let options = match Options::read(words) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("load: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if options.help {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match run(&options) {
        Ok(report) if options.json => println!("{}", report.json()),
        Ok(report) => print!("{}", report.tables()),
        Err(error) => {
            eprintln!("load: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn run(options: &Options) -> io::Result<Report> {
    let mut report = Report::default();
    let start = || Cloud::start(options.cloud_port, options.delay, options.records);
    let cloud = options.cloud.then(start).transpose()?;
    if let Some(path) = &options.server {
        started(path, false, cloud.as_ref(), options, &mut report)?;
        if options.tls {
            started(path, true, cloud.as_ref(), options, &mut report)?;
        }
    }
    if let Some(url) = &options.url {
        measured(&running(url, options)?, cloud.as_ref(), options, &mut report)?;
    }
    Ok(report)
}

fn started(
    path: &Path,
    tls: bool,
    cloud: Option<&Cloud>,
    options: &Options,
    report: &mut Report,
) -> io::Result<()> {
    let scratch = Scratch::create()?;
    let server = Server::start(path, tls, cloud.map(|cloud| cloud.port), &scratch)?;
    report.starts.push((server.target.label.clone(), server.start));
    measured(&server.target, cloud, options, report)
}

fn measured(
    target: &Target,
    cloud: Option<&Cloud>,
    options: &Options,
    report: &mut Report,
) -> io::Result<()> {
    match cloud {
        None => report.cases.extend(measure::cases(target, options)?),
        Some(cloud) => {
            report.cases.extend(slow::rows(target, options)?);
            report.clouds.push(cloud.asked(&target.label));
        }
    }
    if options.idle > 0 {
        report.idle.push(idle::weigh(target, options.idle)?);
    }
    Ok(())
}

/// Returns the running server behind `url`.
fn running(url: &str, options: &Options) -> io::Result<Target> {
    let wrong = || io::Error::other(format!("{url}: not an http or https URL"));
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return Err(wrong()),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, digits)) if !digits.ends_with(']') => {
            (host, digits.parse().ok().ok_or_else(wrong)?)
        }
        Some(_) | None => (authority, port),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = (bare, port).to_socket_addrs()?.next().ok_or_else(wrong)?;
    let tls = match (scheme, &options.ca) {
        ("https", Some(file)) => {
            Some((process::trusting(process::certificate(file)?)?, process::name(bare)?))
        }
        ("https", None) => return Err(io::Error::other("an https URL needs --ca")),
        _ => None,
    };
    Ok(Target {
        label: if tls.is_some() { "peer tls" } else { "peer" }.to_owned(),
        address,
        authority: authority.to_owned(),
        path: format!("/{path}"),
        tls,
        headers: options.headers.clone(),
        pid: options.pid,
    })
}
