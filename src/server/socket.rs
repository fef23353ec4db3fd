//! Zone: operator. One socket, plain or TLS, as plaintext in and out without blocking.
//!
//! Readiness is remembered until the system says it would block, as `mio` asks for.

use std::io::{self, ErrorKind, IoSlice, Read, Write};

use mio::net::TcpStream;
use rustls::ServerConnection;

use crate::conn::Output;

/// What a read found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Got {
    /// So many plaintext bytes.
    Bytes(usize),
    /// Nothing now.
    Nothing,
    /// The peer sends nothing more.
    End,
    /// The connection is broken.
    Broken,
}

/// A socket with its readiness.
pub struct Socket {
    stream: TcpStream,
    tls: Option<Box<ServerConnection>>,
    readable: bool,
    writable: bool,
    hung_up: bool,
    /// Plaintext bytes whose TLS records have not all left yet.
    taken: usize,
    goodbye: bool,
    shut: bool,
    fault: Option<rustls::Error>,
}

impl Socket {
    /// Returns the socket around `stream`, with TLS when `tls` is given. Nothing is tried before
    /// the first readiness event, which follows the registration.
    #[must_use]
    pub fn new(stream: TcpStream, tls: Option<ServerConnection>) -> Self {
        Self {
            stream,
            tls: tls.map(Box::new),
            readable: false,
            writable: false,
            hung_up: false,
            taken: 0,
            goodbye: false,
            shut: false,
            fault: None,
        }
    }

    /// Returns what TLS found wrong with the peer, once.
    pub const fn take_fault(&mut self) -> Option<rustls::Error> {
        self.fault.take()
    }

    /// Returns the stream, to be registered.
    pub const fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// The system reported readiness, or that the peer sends nothing more.
    pub const fn ready(&mut self, readable: bool, writable: bool, hung_up: bool) {
        self.readable |= readable || hung_up;
        self.writable |= writable;
        self.hung_up |= hung_up;
    }

    /// Returns the verified certificate of the peer; `None` without one.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        let chain = self.tls.as_ref()?.peer_certificates()?;
        chain.first().map(AsRef::as_ref)
    }

    /// True until the TLS handshake is complete.
    #[must_use]
    pub fn is_handshaking(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.is_handshaking())
    }

    /// Reads plaintext into `buffer`.
    pub fn read(&mut self, buffer: &mut [u8]) -> Got {
        if self.tls.is_some() { self.read_tls(buffer) } else { self.read_plain(buffer) }
    }

    /// Writes from `output`; returns the plaintext bytes that left for the system. Over TLS none
    /// count before the last record around them has left, so that the same `output` has to be
    /// shown again until they do.
    ///
    /// # Errors
    /// The error of the system other than would-block.
    pub fn write(&mut self, output: &Output) -> io::Result<usize> {
        if self.tls.is_some() { self.write_tls(output) } else { self.write_plain(output) }
    }

    /// True when TLS records wait for the system.
    #[must_use]
    pub fn owes(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.wants_write())
    }

    /// True while the system takes bytes.
    #[must_use]
    pub const fn is_writable(&self) -> bool {
        self.writable
    }

    /// True while the system may have bytes.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        self.readable
    }

    /// Says goodbye: close_notify over TLS, then the write side is shut. To be called again when
    /// records are owed afterwards.
    pub fn shut(&mut self) {
        if self.shut {
            return;
        }
        if let Some(tls) = self.tls.as_mut().filter(|_| !self.goodbye) {
            tls.send_close_notify();
            self.goodbye = true;
        }
        if self.flush_tls().is_ok() && self.owes() {
            return;
        }
        self.shut = true;
        drop(self.stream.shutdown(std::net::Shutdown::Write));
    }

    fn read_plain(&mut self, buffer: &mut [u8]) -> Got {
        if !self.readable {
            return Got::Nothing;
        }
        loop {
            match self.stream.read(buffer) {
                Ok(0) => return Got::End,
                Ok(count) => {
                    // A short read means the kernel has no more, except for an end of input
                    // that was reported with the bytes; saves the call that would say so.
                    self.readable = self.hung_up || count == buffer.len();
                    return Got::Bytes(count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.readable = false;
                    return Got::Nothing;
                }
                Err(_broken) => return Got::Broken,
            }
        }
    }

    fn read_tls(&mut self, buffer: &mut [u8]) -> Got {
        let Some(tls) = self.tls.as_mut() else { return Got::Broken };
        loop {
            match tls.reader().read(buffer) {
                Ok(0) => return Got::End,
                Ok(count) => return Got::Bytes(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_unclean) => return Got::End,
            }
            if !self.readable {
                return Got::Nothing;
            }
            let mut source = Noting { stream: &mut self.stream, emptied: false };
            let read = tls.read_tls(&mut source);
            // As for plaintext: a short read saves the call that would say there is no more.
            self.readable = self.hung_up || !source.emptied;
            match read {
                Ok(0) => {
                    if let Err(fault) = tls.process_new_packets() {
                        self.fault = Some(fault);
                        return Got::Broken;
                    }
                    // The reader now tells a clean end from an abrupt one; both end the input.
                    return Got::End;
                }
                Ok(_count) => {
                    if let Err(fault) = tls.process_new_packets() {
                        self.fault = Some(fault);
                        // The alert that says why is worth one attempt.
                        drop(tls.write_tls(&mut self.stream));
                        return Got::Broken;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.readable = false;
                    return Got::Nothing;
                }
                Err(_broken) => return Got::Broken,
            }
        }
    }

    fn write_plain(&mut self, output: &Output) -> io::Result<usize> {
        let (slices, used) = output.slices::<8>();
        let slices = slices.get(..used).unwrap_or_default();
        if slices.is_empty() {
            return Ok(0);
        }
        self.attempt(|stream| stream.write_vectored(slices))
    }

    fn write_tls(&mut self, output: &Output) -> io::Result<usize> {
        self.flush_tls()?;
        if self.taken == 0 && !self.owes() {
            let (slices, used) = output.slices::<8>();
            let slices: &[IoSlice<'_>] = slices.get(..used).unwrap_or_default();
            if let Some(tls) = self.tls.as_mut().filter(|_| !slices.is_empty()) {
                self.taken = tls.writer().write_vectored(slices)?;
            }
            self.flush_tls()?;
        }
        Ok(if self.owes() { 0 } else { core::mem::take(&mut self.taken) })
    }

    /// Writes TLS records until none are left or the system takes no more.
    ///
    /// # Errors
    /// The error of the system other than would-block.
    pub fn flush_tls(&mut self) -> io::Result<()> {
        while self.writable && self.owes() {
            let Some(tls) = self.tls.as_mut() else { break };
            match tls.write_tls(&mut self.stream) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(_count) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.writable = false,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn attempt(
        &mut self,
        mut write: impl FnMut(&mut TcpStream) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            match write(&mut self.stream) {
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.writable = false;
                    return Ok(0);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// A stream that notes when a read did not fill its buffer.
struct Noting<'a> {
    stream: &'a mut TcpStream,
    emptied: bool,
}

impl Read for Noting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.emptied = count < buffer.len();
        Ok(count)
    }
}
