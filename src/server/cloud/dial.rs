//! Zone: post-admission. From an address to a connection: name, TCP, tunnel, TLS.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;

use crate::backend::oneapi::Trouble;
use crate::backend::oneapi::address::Base;
use crate::backend::oneapi::proxy::{Direct, Proxy};
use crate::backend::oneapi::response::Reader;
use crate::server::cloud::Bound;
use crate::server::cloud::names::Names;
use crate::server::cloud::wire::{Bounds, Wire};

/// Makes connections.
pub(super) struct Dialer {
    pub(super) tls: Option<Arc<ClientConfig>>,
    pub(super) proxy: Option<Proxy>,
    pub(super) direct: Direct,
    pub(super) agent: String,
    pub(super) bound: Bound,
    pub(super) names: Names,
}

impl Dialer {
    /// Returns a connection to `base` that is ready for a request.
    pub(super) fn dial(&self, base: &Base, bounds: &Bounds<'_>) -> Result<Wire, Trouble> {
        bounds.check()?;
        let own = bounds.within(self.bound.connect_ms);
        self.connect(base, &own).map_err(|trouble| {
            // The time for the call is told apart from the time for this step.
            let late = matches!(trouble, Trouble::Deadline | Trouble::Silence);
            if late && own.until < bounds.until { Trouble::ConnectTimeout } else { trouble }
        })
    }

    fn connect(&self, base: &Base, bounds: &Bounds<'_>) -> Result<Wire, Trouble> {
        if !base.is_https() {
            let addresses = self.names.addresses(base.host(), base.port(), bounds)?;
            if !addresses.iter().all(|address| address.ip().to_canonical().is_loopback()) {
                return Err(Trouble::NotLoopback);
            }
            return Ok(Wire::plain(reach(&addresses, bounds)?));
        }
        let tls = self.tls.as_ref().ok_or(Trouble::Tls)?;
        let wire = match self.proxy.as_ref().filter(|_| !self.direct.covers(base)) {
            None => {
                let addresses = self.names.addresses(base.host(), base.port(), bounds)?;
                Wire::plain(reach(&addresses, bounds)?)
            }
            Some(proxy) => self.tunnel(proxy, base, bounds)?,
        };
        wire.secure(tls, base.host(), bounds)
    }

    fn tunnel(&self, proxy: &Proxy, base: &Base, bounds: &Bounds<'_>) -> Result<Wire, Trouble> {
        let addresses = self.names.addresses(proxy.host(), proxy.port(), bounds)?;
        let socket = reach(&addresses, bounds)?;
        let mut wire = Wire::plain(socket);
        let request = proxy.tunnel(base, &self.agent);
        let asked = wire.ask(request.expose(), Reader::tunnel(), bounds);
        let answer = asked.map_err(|lost| lost.trouble)?;
        match answer.status {
            200..=299 => Ok(wire),
            status => Err(Trouble::Proxy(status)),
        }
    }
}

/// Returns a connection to the first address that accepts one; each gets its share of the time.
fn reach(addresses: &[SocketAddr], bounds: &Bounds<'_>) -> Result<TcpStream, Trouble> {
    let mut trouble = Trouble::Name;
    for (tried, address) in addresses.iter().enumerate() {
        bounds.check()?;
        let left = bounds.until.since(bounds.clock.now());
        let others = u64::try_from(addresses.len().saturating_sub(tried)).unwrap_or(1);
        let share = Duration::from_millis((left / others.max(1)).max(1));
        match TcpStream::connect_timeout(address, share) {
            Ok(socket) => {
                // Without it small requests wait for acknowledgements; with a failure they do.
                drop(socket.set_nodelay(true));
                return Ok(socket);
            }
            Err(fault) if fault.kind() == std::io::ErrorKind::TimedOut => {
                trouble = Trouble::ConnectTimeout;
            }
            Err(_refused) => trouble = Trouble::Connect,
        }
    }
    Err(trouble)
}
