//! Zone: operator. One loop thread: a poll, a table of connections, a mailbox.
//!
//! What `mio` asks for is kept here: wake-ups may be spurious, readiness is used until the system
//! would block, hang-up flags are hints, one waker a poll that lives as long as it.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use rustls::ServerConnection;

use crate::audit::Level;
use crate::auth::At;
use crate::base::Millis;
use crate::conn::{Conn, Stamp};
use crate::limits::{READ_BYTES, STOP_MS};
use crate::mcp::Now;
use crate::server::clock::{DateField, SystemRandom};
use crate::server::drive::{AT_CAPACITY, Driver, Fate, owed_since};
use crate::server::mailbox::{Letter, Mailbox};
use crate::server::peer::Peer;
use crate::server::shared::Shared;
use crate::server::signals::Signals;
use crate::server::socket::Socket;

const WAKER: Token = Token(0);
const LISTENER: Token = Token(1);
const SIGNALS: Token = Token(2);
const FIRST: usize = 3;
const SWEEP_MS: u64 = 500;
const TICK_MS: u64 = 1_000;
/// Candidates that one look at every connection finds.
const CANDIDATES: usize = 64;

/// Most connections accepted before those that are open have their turn.
const ACCEPTS: usize = 256;

/// Why a connection is looked at.
#[derive(Clone, Copy)]
enum Act {
    /// The system or an answer has news.
    Drive,
    /// Time has passed.
    Sweep,
    /// The server stops.
    Stop,
}

#[derive(Default)]
struct Slot {
    generation: u64,
    peer: Option<Box<Peer>>,
}

/// What only the first loop has: the listener, the signals, the mailboxes of all.
pub(super) struct Front {
    pub(super) listener: Option<TcpListener>,
    pub(super) signals: Signals,
    pub(super) loops: Vec<Arc<Mailbox>>,
    pub(super) turn: usize,
    pub(super) next_tick: Millis,
    /// Other loops that have not ended.
    pub(super) running: usize,
    /// True when the listener may have more connections.
    pub(super) more: bool,
}

/// One loop.
pub(super) struct Loop {
    poll: Poll,
    mailbox: Arc<Mailbox>,
    shared: Arc<Shared>,
    front: Option<Front>,
    slots: Vec<Slot>,
    free: Vec<usize>,
    again: Vec<usize>,
    /// Connections that waited longest when last looked at, the longest at the end.
    waiting: Vec<(Millis, usize)>,
    count: usize,
    buffer: Vec<u8>,
    date: DateField,
    next_sweep: Millis,
    stop_at: Option<Millis>,
}

impl Loop {
    /// Returns the poll of a loop and its mailbox.
    pub(super) fn parts() -> io::Result<(Poll, Arc<Mailbox>)> {
        let poll = Poll::new()?;
        let waker = mio::Waker::new(poll.registry(), WAKER)?;
        Ok((poll, Arc::new(Mailbox::new(waker))))
    }

    pub(super) fn with(
        (poll, mailbox): (Poll, Arc<Mailbox>),
        shared: Arc<Shared>,
        mut front: Option<Front>,
    ) -> io::Result<Self> {
        if let Some(front) = front.as_mut() {
            if let Some(listener) = front.listener.as_mut() {
                poll.registry().register(listener, LISTENER, Interest::READABLE)?;
            }
            poll.registry().register(front.signals.source(), SIGNALS, Interest::READABLE)?;
        }
        Ok(Self {
            poll,
            mailbox,
            shared,
            front,
            slots: Vec::new(),
            free: Vec::new(),
            again: Vec::new(),
            waiting: Vec::new(),
            count: 0,
            buffer: vec![0; READ_BYTES],
            date: DateField::new(),
            next_sweep: Millis(0),
            stop_at: None,
        })
    }

    /// Runs until a stop was asked for and the last connection is gone.
    pub(super) fn run(mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(1024);
        loop {
            let timeout = self.timeout();
            match self.poll.poll(&mut events, timeout) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            for index in core::mem::take(&mut self.again) {
                if let Some(peer) = self.slots.get_mut(index).and_then(|slot| slot.peer.as_mut()) {
                    peer.queued = false;
                }
                self.drive(index, Act::Drive);
            }
            if self.front.as_ref().is_some_and(|front| front.more) {
                self.accept();
            }
            for event in &events {
                self.event(event);
            }
            for letter in self.mailbox.take() {
                self.letter(letter)?;
            }
            self.time();
            if self.is_done() {
                return Ok(());
            }
        }
    }

    fn event(&mut self, event: &mio::event::Event) {
        match event.token() {
            WAKER => {}
            LISTENER => self.accept(),
            SIGNALS => self.signal(),
            Token(number) => {
                let index = number.saturating_sub(FIRST);
                let Some(peer) = self.slots.get_mut(index).and_then(|slot| slot.peer.as_mut())
                else {
                    return;
                };
                let hung_up = event.is_read_closed() || event.is_error();
                peer.socket.ready(event.is_readable(), event.is_writable(), hung_up);
                self.drive(index, Act::Drive);
            }
        }
    }

    fn letter(&mut self, letter: Letter) -> io::Result<()> {
        match letter {
            Letter::Socket(stream, address) => self.add(stream, address),
            Letter::News(index, generation) => {
                if self.slots.get(index).is_some_and(|slot| slot.generation == generation) {
                    self.drive(index, Act::Drive);
                }
            }
            Letter::Stop => self.stop(),
            Letter::Ended => {
                if let Some(front) = self.front.as_mut() {
                    front.running = front.running.saturating_sub(1);
                }
                // Its connections are gone and it would be handed more.
                if self.stop_at.is_none() {
                    return Err(io::Error::other("a loop ended although no stop was asked for"));
                }
            }
        }
        Ok(())
    }

    fn drive(&mut self, index: usize, act: Act) {
        let now = self.shared.clock.now();
        let (date, unix_seconds) = self.date.at(now);
        let Some(slot) = self.slots.get_mut(index) else { return };
        let Some(mut peer) = slot.peer.take() else { return };
        let mut driver = Driver {
            shared: &self.shared,
            mailbox: &self.mailbox,
            buffer: &mut self.buffer,
            stamp: Stamp { now, date: &date },
            unix_seconds,
            slot: index,
            generation: slot.generation,
        };
        let fate = match act {
            Act::Drive => driver.drive(&mut peer),
            Act::Sweep => driver.sweep(&mut peer),
            Act::Stop => driver.stop(&mut peer),
        };
        match fate {
            Fate::Close => self.close(index, peer),
            fate @ (Fate::Keep | Fate::Again) => {
                if fate == Fate::Again && !peer.queued {
                    peer.queued = true;
                    self.again.push(index);
                }
                if let Some(slot) = self.slots.get_mut(index) {
                    slot.peer = Some(peer);
                }
            }
        }
    }

    fn close(&mut self, index: usize, mut peer: Box<Peer>) {
        peer.part();
        drop(peer);
        self.count = self.count.saturating_sub(1);
        if let Some(slot) = self.slots.get_mut(index) {
            slot.generation = slot.generation.saturating_add(1);
            self.free.push(index);
        }
    }

    fn accept(&mut self) {
        for _ in 0..ACCEPTS {
            let Some(front) = self.front.as_mut() else { return };
            front.more = false;
            let Some(listener) = front.listener.as_ref() else { return };
            match listener.accept() {
                Ok((stream, address)) => self.hand_out(stream, address),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if is_of_one_peer(&error) => {}
                Err(_exhausted) => {
                    // No descriptor is left. Room is made here; the backlog keeps the rest until
                    // the sweep tries again.
                    self.shared.note(Level::Warning, "no file descriptor left for a connection");
                    self.evict();
                    return;
                }
            }
        }
        if let Some(front) = self.front.as_mut() {
            front.more = true;
        }
    }

    fn hand_out(&mut self, stream: TcpStream, address: std::net::SocketAddr) {
        let Some(front) = self.front.as_mut() else { return };
        let turn = front.turn;
        front.turn = turn.wrapping_add(1).checked_rem(front.loops.len()).unwrap_or(0);
        match front.loops.get(turn) {
            Some(other) if !Arc::ptr_eq(other, &self.mailbox) => {
                other.post(Letter::Socket(stream, address));
            }
            Some(_) | None => self.add(stream, address),
        }
    }

    fn add(&mut self, mut stream: TcpStream, address: std::net::SocketAddr) {
        if self.stop_at.is_some() || (self.count >= self.shared.connections_max && !self.evict()) {
            return;
        }
        let now = self.shared.clock.now();
        let tls = match &self.shared.tls {
            None => None,
            Some(config) => match ServerConnection::new(Arc::clone(config)) {
                Ok(tls) => Some(tls),
                Err(_refused) => return,
            },
        };
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            self.slots.len().saturating_sub(1)
        });
        let token = Token(index.saturating_add(FIRST));
        let interest = Interest::READABLE | Interest::WRITABLE;
        // Small answers leave at once; without it they may wait for the peer's acknowledgement.
        drop(stream.set_nodelay(true));
        if self.poll.registry().register(&mut stream, token, interest).is_err() {
            self.free.push(index);
            return;
        }
        let conn = Conn::new(address.ip(), self.front_of(), now);
        let socket = Socket::new(stream, tls);
        if let Some(slot) = self.slots.get_mut(index) {
            slot.peer = Some(Box::new(Peer::new(socket, conn, now)));
            self.count = self.count.saturating_add(1);
        }
    }

    /// Closes the connection that has waited longest without a complete request. Who waits moves
    /// only to later times, so a candidate that still waits since then is older than all others.
    fn evict(&mut self) -> bool {
        if self.waiting.is_empty() {
            self.look_around();
        }
        while let Some((since, index)) = self.waiting.pop() {
            let Some(slot) = self.slots.get_mut(index) else { continue };
            if slot.peer.as_deref().and_then(owed_since) != Some(since) {
                if self.waiting.is_empty() {
                    self.look_around();
                }
                continue;
            }
            if let Some(peer) = slot.peer.take() {
                self.shared.refused(AT_CAPACITY, peer.conn.peer(), peer.asker.as_ref());
                self.close(index, peer);
            }
            return true;
        }
        false
    }

    fn look_around(&mut self) {
        let slots = self.slots.iter().enumerate();
        let owed = |(index, slot): (usize, &Slot)| Some((owed_since(slot.peer.as_ref()?)?, index));
        self.waiting = slots.filter_map(owed).collect();
        if self.waiting.len() > CANDIDATES {
            self.waiting.select_nth_unstable(CANDIDATES);
            self.waiting.truncate(CANDIDATES);
        }
        self.waiting.sort_unstable_by(|one, other| other.cmp(one));
    }

    fn time(&mut self) {
        let now = self.shared.clock.now();
        if let Some(front) = self.front.as_mut().filter(|front| now >= front.next_tick) {
            front.next_tick = now.plus(TICK_MS);
            let (_, unix_seconds) = self.date.at(now);
            let step = Now { at: now, unix_seconds, random: &SystemRandom };
            for job in self.shared.engine.tick(step) {
                if let Err(job) = self.shared.pool.submit(job) {
                    job.refuse();
                }
            }
            self.shared.desk.tick(At { now, unix_seconds });
            if self.stop_at.is_some() {
                self.shared.engine.quiesce();
            }
            self.accept();
        }
        if now < self.next_sweep {
            return;
        }
        self.next_sweep = now.plus(SWEEP_MS);
        for index in 0..self.slots.len() {
            let peer = self.slots.get(index).and_then(|slot| slot.peer.as_ref());
            if peer.is_some_and(|peer| peer.is_due(now)) {
                self.drive(index, Act::Sweep);
            }
        }
    }

    fn timeout(&self) -> Option<Duration> {
        if !self.again.is_empty() || self.front.as_ref().is_some_and(|front| front.more) {
            return Some(Duration::ZERO);
        }
        let now = self.shared.clock.now();
        let sweep = (self.count > 0 || self.stop_at.is_some()).then(|| self.next_sweep.since(now));
        let tick = self.front.as_ref().map(|front| front.next_tick.since(now));
        let wait = sweep.into_iter().chain(tick).min()?;
        Some(Duration::from_millis(wait.saturating_add(1)))
    }

    fn signal(&mut self) {
        let Some(front) = self.front.as_mut() else { return };
        if !front.signals.arrived() {
            return;
        }
        for mailbox in &front.loops {
            mailbox.post(Letter::Stop);
        }
    }

    fn front_of(&self) -> crate::conn::Front {
        let shared = &self.shared;
        crate::conn::Front { tls: shared.tls.is_some(), cors: !shared.policy.origins.is_empty() }
    }

    fn stop(&mut self) {
        let now = self.shared.clock.now();
        if self.stop_at.is_some() {
            // Asked twice: nobody wants to wait.
            self.stop_at = Some(now);
            return;
        }
        self.stop_at = Some(now.plus(STOP_MS));
        if let Some(front) = self.front.as_mut() {
            front.listener = None;
            self.shared.note(Level::Info, "stopping: no new connections, finishing requests");
            self.shared.engine.quiesce();
        }
        for index in 0..self.slots.len() {
            self.drive(index, Act::Stop);
        }
    }

    fn is_done(&self) -> bool {
        // The first loop has the signals and the engine: it is the last to go.
        let alone = self.front.as_ref().is_none_or(|front| front.running == 0);
        self.stop_at.is_some_and(|at| (self.count == 0 && alone) || self.shared.clock.now() >= at)
    }
}

/// True for errors of `accept` that concern only the connection that was to be accepted.
fn is_of_one_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}
