//! Zone: operator. SIGTERM and SIGINT as bytes on a socket pair, for polls and for threads.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level::pipe;

/// The signals that ask for a stop.
pub(super) struct Signals(mio::net::UnixStream);

impl Signals {
    /// Takes over SIGTERM and SIGINT.
    pub(super) fn new() -> io::Result<Self> {
        let receiver = pair()?;
        receiver.set_nonblocking(true)?;
        Ok(Self(mio::net::UnixStream::from_std(receiver)))
    }

    /// Returns what to register with a poll.
    pub(super) const fn source(&mut self) -> &mut mio::net::UnixStream {
        &mut self.0
    }

    /// True when a signal has arrived since the last call.
    pub(super) fn arrived(&mut self) -> bool {
        let mut bytes = [0_u8; 16];
        matches!(self.0.read(&mut bytes), Ok(count) if count > 0)
    }
}

/// Takes over SIGTERM and SIGINT and returns the end at which a byte arrives for each.
pub(super) fn pair() -> io::Result<UnixStream> {
    let (receiver, sender) = UnixStream::pair()?;
    pipe::register(SIGTERM, sender.try_clone()?)?;
    pipe::register(SIGINT, sender)?;
    Ok(receiver)
}
