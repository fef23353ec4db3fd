//! Zone: post-admission. One connection to the cloud, every read and write under a deadline.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, ClientConnection, Stream};

use crate::backend::Patience;
use crate::backend::oneapi::response::{Answer, Reader};
use crate::backend::oneapi::{Certificate, Trouble};
use crate::base::Millis;
use crate::server::clock::Clock;
use crate::server::cloud::STEP_MS;

/// Bytes taken at first: hundreds may wait for a first byte.
const FIRST_READ_BYTES: usize = 1024;
/// Bytes taken at once from then on; a TLS record holds as many.
const READ_BYTES: usize = 16 * 1024;

/// How long a request may take and who waits for it.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    pub(super) clock: Clock,
    pub(super) stall_ms: u64,
    pub(super) until: Millis,
    pub(super) patience: &'a dyn Patience,
}

/// A connection.
pub(super) struct Wire {
    socket: TcpStream,
    steps: Steps,
    tls: Option<Box<ClientConnection>>,
}

/// How long the system was last told to let an operation wait.
#[derive(Clone, Copy, Default)]
struct Steps {
    read: Duration,
    write: Duration,
}

/// There is no answer.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) trouble: Trouble,
    /// True when not one byte of an answer was seen.
    pub(super) unseen: bool,
}

/// A socket whose operations end in time.
struct Timed<'a> {
    socket: &'a TcpStream,
    steps: &'a mut Steps,
    bounds: &'a Bounds<'a>,
    /// Why an operation was given up, when it was not the system.
    given_up: Option<Trouble>,
}

impl Bounds<'_> {
    /// True bounds with an earlier end.
    pub(super) fn within(&self, ms: u64) -> Self {
        Self { until: self.clock.now().plus(ms).min(self.until), ..*self }
    }

    /// Returns why nothing more is to be begun.
    pub(super) fn check(&self) -> Result<(), Trouble> {
        if self.patience.cancelled() {
            return Err(Trouble::Cancelled);
        }
        if self.clock.now() >= self.until {
            return Err(Trouble::Deadline);
        }
        Ok(())
    }
}

impl Wire {
    pub(super) fn plain(socket: TcpStream) -> Self {
        Self { socket, steps: Steps::default(), tls: None }
    }

    /// Speaks TLS on the connection from now on.
    pub(super) fn secure(
        mut self,
        config: &Arc<ClientConfig>,
        host: &str,
        bounds: &Bounds<'_>,
    ) -> Result<Self, Trouble> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_bad| Trouble::Name)?;
        let mut tls =
            ClientConnection::new(Arc::clone(config), name).map_err(|_refused| Trouble::Tls)?;
        let mut timed = Timed::new(&self.socket, &mut self.steps, bounds);
        while tls.is_handshaking() {
            if let Err(fault) = tls.complete_io(&mut timed) {
                return Err(timed.given_up.unwrap_or_else(|| handshake_trouble(&fault)));
            }
        }
        Ok(Self { tls: Some(Box::new(tls)), ..self })
    }

    /// Sends `request` and reads one answer.
    pub(super) fn ask(
        &mut self,
        request: &[u8],
        mut reader: Reader,
        bounds: &Bounds<'_>,
    ) -> Result<Answer, Lost> {
        bounds.check().map_err(|trouble| Lost { trouble, unseen: true })?;
        let mut timed = Timed::new(&self.socket, &mut self.steps, bounds);
        let outcome = match &mut self.tls {
            None => talk(&mut timed, request, &mut reader),
            Some(tls) => talk(&mut Stream::new(&mut **tls, &mut timed), request, &mut reader),
        };
        let unseen = reader.is_untouched();
        let lost = |trouble| Lost { trouble, unseen };
        outcome.map_err(|trouble| lost(timed.given_up.unwrap_or(trouble)))?;
        reader.finish().ok_or_else(|| lost(Trouble::Closed))
    }

    /// True when the connection is closed, or holds bytes that nobody asked for: they could be
    /// taken for the next answer.
    pub(super) fn is_spoiled(&mut self) -> bool {
        let unread = |tls: &mut Box<ClientConnection>| {
            tls.process_new_packets().map_or(true, |state| state.plaintext_bytes_to_read() > 0)
        };
        if self.tls.as_mut().is_some_and(unread) {
            return true;
        }
        let looked = self.socket.set_nonblocking(true).and_then(|()| self.socket.peek(&mut [0]));
        let restored = self.socket.set_nonblocking(false);
        match looked {
            Ok(_) => true,
            Err(fault) => fault.kind() != ErrorKind::WouldBlock || restored.is_err(),
        }
    }
}

fn talk(
    stream: &mut (impl Read + Write),
    request: &[u8],
    reader: &mut Reader,
) -> Result<(), Trouble> {
    let sent = stream.write_all(request).and_then(|()| stream.flush());
    sent.map_err(|_fault| Trouble::Closed)?;
    let mut buffer = vec![0; FIRST_READ_BYTES];
    loop {
        // A TLS stream that ends without saying so is an error here and never a short body.
        let len = stream.read(&mut buffer).map_err(|_fault| Trouble::Closed)?;
        let Some(bytes) = buffer.get(..len).filter(|bytes| !bytes.is_empty()) else {
            return Ok(());
        };
        if reader.feed(bytes)? {
            return Ok(());
        }
        buffer.resize(READ_BYTES, 0);
    }
}

fn handshake_trouble(fault: &io::Error) -> Trouble {
    let inner = fault.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::InvalidCertificate(why)) = inner else {
        let closed = matches!(
            fault.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
        );
        return if closed { Trouble::Closed } else { Trouble::Tls };
    };
    let dates = matches!(
        why,
        CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. }
    );
    let name = matches!(
        why,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
    );
    // An authority of the same name with another key is as unknown as any other.
    let issuer = matches!(why, CertificateError::UnknownIssuer | CertificateError::BadSignature);
    Trouble::Certificate(if issuer {
        Certificate::Issuer
    } else if name {
        Certificate::Name
    } else if dates {
        Certificate::Dates
    } else {
        Certificate::Other
    })
}

impl<'a> Timed<'a> {
    fn new(socket: &'a TcpStream, steps: &'a mut Steps, bounds: &'a Bounds<'a>) -> Self {
        Self { socket, steps, bounds, given_up: None }
    }

    /// Repeats `operation` in steps until it does something or the time is over.
    fn run(
        &mut self,
        mut operation: impl FnMut(&mut &TcpStream, &mut Steps, Duration) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let clock = self.bounds.clock;
        let silent_at = clock.now().plus(self.bounds.stall_ms);
        loop {
            if let Err(trouble) = self.bounds.check() {
                return Err(self.give_up(trouble));
            }
            let now = clock.now();
            if now >= silent_at {
                return Err(self.give_up(Trouble::Silence));
            }
            let left = silent_at.min(self.bounds.until).since(now);
            let step = Duration::from_millis(left.clamp(1, STEP_MS));
            match operation(&mut &*self.socket, self.steps, step) {
                Err(fault) if is_pause(fault.kind()) => {}
                done => return done,
            }
        }
    }

    fn give_up(&mut self, trouble: Trouble) -> io::Error {
        self.given_up = Some(trouble);
        ErrorKind::TimedOut.into()
    }
}

fn is_pause(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

impl Read for Timed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.run(|socket, steps, step| {
            if steps.read != step {
                socket.set_read_timeout(Some(step))?;
                steps.read = step;
            }
            socket.read(out)
        })
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.run(|socket, steps, step| {
            if steps.write != step {
                socket.set_write_timeout(Some(step))?;
                steps.write = step;
            }
            socket.write(bytes)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
