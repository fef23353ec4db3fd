//! Zone: post-admission. The cloud as a backend: one request, with its repetitions and waits.
//!
//! Blocking sockets on worker threads. Every decision is asked of `backend::oneapi`; here are the
//! clocks, the sockets and the locks. Trusts the operator's addresses and authorities only. Never
//! logs a byte of a request or an answer, and starts nothing for a caller who has gone.

mod dial;
mod keyring;
mod names;
mod online;
mod pool;
pub mod provider;
mod trust;
mod wire;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;

pub use self::online::Probe;
pub use self::trust::{BadTrust, key, trust};

use self::dial::Dialer;
use self::keyring::Keyring;
use self::names::Names;
use self::pool::Pool;
use self::wire::{Bounds, Wire};
use crate::audit::{Level, Log, Record};
use crate::backend::oneapi::Trouble;
use crate::backend::oneapi::address::Base;
use crate::backend::oneapi::pace::{Paces, TooLate, service_of};
use crate::backend::oneapi::proxy::{Direct, Proxy};
use crate::backend::oneapi::request;
use crate::backend::oneapi::response::{Answer, Reader};
use crate::backend::oneapi::retry::{Decision, Tries};
use crate::backend::oneapi::token::{Client, Grant, grant};
use crate::backend::{ApiRequest, ApiResponse, Backend, Patience, Upstream};
use crate::base::{Millis, Secret};
use crate::limits::{
    ENTITLEMENT_MS, TOKEN_BODY_BYTES_MAX, UPSTREAM_BACKOFF_MS, UPSTREAM_BODY_BYTES_MAX,
    UPSTREAM_CALL_MS, UPSTREAM_CONNECT_MS, UPSTREAM_STALL_MS, UPSTREAM_WAIT_MS,
};
use crate::server::clock::{Clock, unix_seconds};
use crate::server::turns::Turns;

const TARGET: &str = "zscaler_mcp.cloud";
/// Longest time in which nobody asks whether the caller still waits.
const STEP_MS: u64 = 200;

/// How long things may take and how large an answer may be.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// Milliseconds to connect.
    pub connect_ms: u64,
    /// Milliseconds of silence.
    pub stall_ms: u64,
    /// Milliseconds for a request with its repetitions.
    pub call_ms: u64,
    /// Milliseconds before the first repetition when no time is named.
    pub backoff_ms: u64,
    /// Bytes of an answer.
    pub body_bytes: usize,
}

impl Default for Bound {
    fn default() -> Self {
        Self {
            connect_ms: UPSTREAM_CONNECT_MS,
            stall_ms: UPSTREAM_STALL_MS,
            call_ms: UPSTREAM_CALL_MS,
            backoff_ms: UPSTREAM_BACKOFF_MS,
            body_bytes: UPSTREAM_BODY_BYTES_MAX,
        }
    }
}

/// What the cloud is reached with.
pub struct Config {
    /// Where the services are.
    pub services: Base,
    /// Where tokens are given.
    pub tokens: Base,
    /// Who we are.
    pub client: Client,
    /// User-Agent value.
    pub agent: String,
    /// TLS; without it only addresses without TLS can be reached.
    pub tls: Option<Arc<ClientConfig>>,
    /// Proxy.
    pub proxy: Option<Proxy>,
    /// Hosts that are reached without it.
    pub direct: Direct,
    /// Bounds.
    pub bound: Bound,
}

/// The cloud.
pub struct OneApi {
    services: Base,
    tokens: Base,
    client: Client,
    agent: String,
    bound: Bound,
    dialer: Dialer,
    keyring: Keyring,
    pool: Pool,
    paces: Mutex<Paces>,
    turns: Arc<Turns>,
    clock: Clock,
    log: Arc<dyn Log>,
}

/// Nobody gives up while the time lasts.
struct Attended;

impl Patience for Attended {
    fn cancelled(&self) -> bool {
        false
    }
}

/// One request on its way.
struct Trip<'a> {
    request: &'a ApiRequest,
    service: &'static str,
    reads: bool,
    bounds: Bounds<'a>,
}

impl OneApi {
    /// Returns the cloud; nothing is sent before the first request. A caller that has one of
    /// `turns` does without it while it waits.
    #[must_use]
    pub fn new(config: Config, turns: Arc<Turns>, log: Arc<dyn Log>) -> Self {
        let Config { services, tokens, client, agent, tls, proxy, direct, bound } = config;
        let names = Names::system();
        let dialer = Dialer { tls, proxy, direct, agent: agent.clone(), bound, names };
        Self {
            services,
            tokens,
            client,
            agent,
            bound,
            dialer,
            keyring: Keyring::default(),
            pool: Pool::default(),
            paces: Mutex::default(),
            turns,
            clock: Clock::start(),
            log,
        }
    }

    /// Shows `look` the server's own access token, which may take `ENTITLEMENT_MS` to get.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn with_token<T>(&self, look: impl FnOnce(&Secret) -> T) -> Result<T, String> {
        let bounds = self.bounds(&Attended).within(ENTITLEMENT_MS);
        let token = self.token(&bounds).map_err(|trouble| trouble.to_string())?;
        Ok(look(&token))
    }

    /// Returns the answer to `request`, repeated as often as it makes sense.
    fn carry_out(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<Answer, Trouble> {
        let service = service_of(request.path.as_str());
        let reads = request::reads(request);
        let trip = Trip { request, service, reads, bounds: self.bounds(patience) };
        let mut tries = Tries::new(reads, self.bound.backoff_ms);
        loop {
            let token = self.token(&trip.bounds)?;
            self.wait_for_turn(&trip, &mut tries)?;
            let mut answer = self.ask(&trip, &token)?;
            hush(&mut answer, &token);
            let (status, lock) = (answer.status, answer.is_edit_lock());
            self.heed(&trip, &answer);
            match tries.decide(status, answer.when(), lock, unix_seconds()) {
                Decision::Deliver => return Ok(answer),
                Decision::Renew => self.keyring.forget(&token),
                Decision::Wait { ms, service } => {
                    if self.clock.now().plus(ms) >= trip.bounds.until {
                        return Ok(answer);
                    }
                    self.note_wait(&trip, status, ms);
                    if service {
                        let until = self.clock.now().plus(ms);
                        lock_of(&self.paces).slow(trip.service, until);
                    } else {
                        tries.spend(ms);
                        pause(&trip.bounds, self.clock.now().plus(ms))?;
                    }
                }
            }
        }
    }

    /// Returns the token to use now, a new one when the old one is about to end.
    fn token(&self, bounds: &Bounds<'_>) -> Result<Arc<Secret>, Trouble> {
        self.keyring.token(bounds, || self.fetch_token(bounds))
    }

    fn fetch_token(&self, bounds: &Bounds<'_>) -> Result<Grant, Trouble> {
        let mut tries = Tries::new(true, self.bound.backoff_ms);
        loop {
            let body = self.client.body(unix_seconds());
            let body = body.map_err(|_bad_key| Trouble::Signature)?;
            let bytes = request::token(&self.tokens, &body, &self.agent);
            let mut wire = self.dialer.dial(&self.tokens, bounds)?;
            let reader = Reader::new(TOKEN_BODY_BYTES_MAX);
            let asked = wire.ask(bytes.expose(), reader, bounds);
            let answer = asked.map_err(|lost| lost.trouble)?;
            let status = answer.status;
            if matches!(status, 200..=299) {
                let body = Secret::new(answer.body);
                return grant(body.expose()).ok_or(Trouble::TokenAnswer);
            }
            if matches!(status, 400 | 401 | 403) {
                return Err(Trouble::TokenRefused(status));
            }
            let decision = tries.decide(status, answer.when(), false, unix_seconds());
            let Decision::Wait { ms, .. } = decision else {
                return Err(Trouble::TokenStatus(status));
            };
            tries.spend(ms);
            pause(bounds, self.clock.now().plus(ms))?;
        }
    }

    /// Waits until the pace of the service allows a request.
    fn wait_for_turn(&self, trip: &Trip<'_>, tries: &mut Tries) -> Result<(), Trouble> {
        let now = self.clock.now();
        let latest = now.plus(tries.left_ms()).min(trip.bounds.until);
        let at = lock_of(&self.paces).take(trip.service, now, latest);
        let at = at.map_err(|TooLate| Trouble::Throttled)?;
        tries.spend(at.since(now));
        pause(&trip.bounds, at)
    }

    /// Lets nobody ask a service that has said it will refuse until a moment that is near.
    fn heed(&self, trip: &Trip<'_>, answer: &Answer) {
        let ms = answer.hint.filter(|_| answer.spent).map(|hint| hint.milliseconds(unix_seconds()));
        if let Some(ms) = ms.filter(|ms| *ms <= UPSTREAM_WAIT_MS) {
            lock_of(&self.paces).hold(trip.service, self.clock.now().plus(ms));
        }
    }

    /// Sends the request once; twice when a kept connection turned out to be dead.
    fn ask(&self, trip: &Trip<'_>, token: &Secret) -> Result<Answer, Trouble> {
        let bytes = request::service(&self.services, trip.request, token, &self.agent);
        // A change is never sent on a connection whose other end may already be gone.
        if trip.reads
            && let Some(wire) = self.pool.take(self.clock.now())
        {
            match self.exchange(wire, bytes.expose(), &trip.bounds) {
                Err(lost) if lost.unseen && lost.trouble == Trouble::Closed => {}
                done => return done.map_err(|lost| lost.trouble),
            }
        }
        let wire = self.dialer.dial(&self.services, &trip.bounds)?;
        self.exchange(wire, bytes.expose(), &trip.bounds).map_err(|lost| lost.trouble)
    }

    fn exchange(
        &self,
        mut wire: Wire,
        bytes: &[u8],
        bounds: &Bounds<'_>,
    ) -> Result<Answer, wire::Lost> {
        let answer = wire.ask(bytes, Reader::new(self.bound.body_bytes), bounds)?;
        if answer.keeps {
            self.pool.put(wire, self.clock.now());
        }
        Ok(answer)
    }

    fn bounds<'a>(&self, patience: &'a dyn Patience) -> Bounds<'a> {
        let until = self.clock.now().plus(self.bound.call_ms);
        Bounds { clock: self.clock, stall_ms: self.bound.stall_ms, until, patience }
    }

    fn note_wait(&self, trip: &Trip<'_>, status: u16, ms: u64) {
        self.log.write(
            &Record::new(Level::Info, TARGET, "the service asks to wait")
                .with("service", trip.service)
                .with("status", status.to_string())
                .with("ms", ms.to_string()),
        );
    }

    fn note_trouble(&self, service: &'static str, trouble: Trouble) {
        let level = if trouble == Trouble::Cancelled { Level::Debug } else { Level::Warning };
        self.log.write(
            &Record::new(level, TARGET, "no answer from the cloud")
                .with("service", service)
                .with("why", trouble.to_string()),
        );
    }
}

impl Backend for OneApi {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let answer = self.turns.aside(|| self.carry_out(request, patience));
        answer.map(Answer::read).map_err(|trouble| {
            self.note_trouble(service_of(request.path.as_str()), trouble);
            trouble.upstream()
        })
    }

    fn is_local(&self) -> bool {
        false
    }

    fn describe(&self) -> String {
        format!("the cloud at {}", self.services)
    }
}

/// Empties a refusal that repeats the token: its text is shown to the caller.
fn hush(answer: &mut Answer, token: &Secret) {
    let token = token.expose();
    let repeats = |body: &[u8]| body.windows(token.len().max(1)).any(|window| window == token);
    if !matches!(answer.status, 200..=299) && repeats(&answer.body) {
        answer.body.clear();
    }
}

/// Waits until `at`, in steps after which the caller is asked whether it still waits.
fn pause(bounds: &Bounds<'_>, at: Millis) -> Result<(), Trouble> {
    let (quiet, bell) = (Mutex::new(()), Condvar::new());
    let mut guard = lock_of(&quiet);
    loop {
        bounds.check()?;
        let now = bounds.clock.now();
        if now >= at {
            return Ok(());
        }
        let step = Duration::from_millis(at.since(now).min(STEP_MS));
        guard = bell.wait_timeout(guard, step).unwrap_or_else(PoisonError::into_inner).0;
    }
}

fn lock_of<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
